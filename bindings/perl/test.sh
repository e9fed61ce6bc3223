#!/bin/sh
# Builds the distribution, installs it into an empty directory, and tests it there.
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
# What MANIFEST lists is what is packaged.
while read -r file; do
    mkdir -p "$work/dist/$(dirname "$file")"
    cp "$file" "$work/dist/$file"
done <MANIFEST
cd "$work/dist"
perl Makefile.PL "INSTALL_BASE=$work/root"
make
make test TEST_FILES=t/load.t
make install
export PERL5LIB="$work/root/lib/perl5"
cp -r t "$work/t"
cd "$work"
rm -rf dist
for module in Luma::Automation Luma::Automation::Result Luma::Automation::Error; do
    podchecker "$PERL5LIB/$(echo "$module" | sed 's|::|/|g').pm"
done

# The program in docs/languages.md. Nothing else advances the time.
sed -n '/^```perl$/,/^```$/p' "$source/../../docs/languages.md" | sed '/^```/d' >program.pl
perl program.pl >out &
pid=$!
while ! grep -q COMPLETED out && kill -0 $pid 2>/dev/null; do
    curl -s -X POST "$LUMA_URL/simulator/time?advanceMs=1000" >/dev/null
    sleep 0.1
done
wait $pid
grep -q COMPLETED out

perl t/conformance.t >result 2>&1 || failed=1
grep -v '^ *ok \|^ *# Subtest\|^ *1\.\.' result || :
echo "$(grep -c '^ok ' result || :) passed, $(grep -c '^not ok \|^# Looks like your test exited' result || :) failed"
[ -z "${failed-}" ]
