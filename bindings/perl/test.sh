#!/bin/sh
# Installs the distributions into empty directories, and tests them there.
set -eu
. ../need.sh
need perl 'apt-get install perl'
need make 'apt-get install make'
need curl 'apt-get install curl'
if ! perl -MFFI::Platypus=2.00 -e 1 2>/dev/null; then
    [ "${CI-}" = true ] || need_because 'FFI::Platypus 2 is not installed' 'apt-get install libffi-platypus-perl'
    sh ../../packaging/packages.sh libffi-platypus-perl
fi

source=$PWD work=$LUMA_BUILD_DIR
version=$(perl -MExtUtils::MakeMaker -e 'print MM->parse_version("lib/Luma/Automation.pm")')
build_packages
install_distribution() { # distribution, directory
    mkdir -p "$2"
    tar -xzf "$1" -C "$2" --strip-components=2
    (cd "$2" && perl Makefile.PL "INSTALL_BASE=$2/root" && make && make test TEST_FILES=t/load.t && make install)
}
# One that uses the installed library, and one that contains it.
for platform in "" -"$(platform_of perl)"; do
    install_distribution "$packages/Luma-Automation-$version$platform.tar.gz" "$work/dist$platform"
done
cp -R t "$work/t"
cd "$work"
export PERL5LIB="$work/dist$platform/root/lib/perl5"
test -e "$PERL5LIB/Luma/Automation/libluma.so.0"
for module in Luma::Automation Luma::Automation::Result Luma::Automation::Error; do
    podchecker "$PERL5LIB/$(echo "$module" | sed 's|::|/|g').pm"
done

# The program in docs/languages.md. Nothing else advances the time.
sed -n '/^```perl$/,/^```$/p' "$source/../../docs/languages.md" | sed '/^```/d' >program.pl
env -u LUMA_LIBRARY perl program.pl >out &
pid=$!
while ! grep -q COMPLETED out && kill -0 $pid 2>/dev/null; do
    curl -s -X POST "$LUMA_URL/simulator/time?advanceMs=1000" >/dev/null
    sleep 0.1
done
wait $pid
grep -q COMPLETED out

export PERL5LIB="$work/dist/root/lib/perl5"
perl t/conformance.t >result 2>&1 || failed=1
grep -v '^ *ok \|^ *# Subtest\|^ *1\.\.' result || :
echo "$(grep -c '^ok ' result || :) passed, $(grep -c '^not ok \|^# Looks like your test exited' result || :) failed"
[ -z "${failed-}" ]
