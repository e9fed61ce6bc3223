#!/bin/sh
# jar.sh [DIRECTORY]: builds the jar in a directory, by default dist/java, with each library that
# `make dist` has built.
# jar.sh DIRECTORY LIBRARY: builds it with a given library, for this machine, and installs it in the
# Maven repository DIRECTORY/repository.
set -eu
umask 022
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "${1:-$root/dist/java}"
out=$(cd "${1:-$root/dist/java}" && pwd)
work=$out/build natives=$out/build/natives
cd "$root"
. packaging/date.sh
rm -rf "$work"
mkdir -p "$natives/META-INF"
cp -R bindings/java/pom.xml bindings/java/src "$work"
cp LICENSE-MIT LICENSE-APACHE "$natives/META-INF"

count=0
native() { # JNA's name of the platform, library, its name in the jar, its licences
    [ -f "$2" ] || return 0
    mkdir "$natives/$1"
    cp "$2" "$natives/$1/$3"
    cp "$4" "$natives/$1/THIRD-PARTY-LICENSES"
    count=$((count + 1))
}
goal=package repository=$target/maven
if [ $# -eq 2 ]; then
    native "linux-$(uname -m | sed 's/x86_64/x86-64/')" "$2" libluma.so /dev/null
    goal=install repository=$out/repository
else
    for machine in x86_64 aarch64; do
        built=$target/portable/$machine
        native "linux-$(echo $machine | sed 's/x86_64/x86-64/')" "$built/libluma.so" libluma.so "$built/THIRD-PARTY-LICENSES"
    done
    for machine in 64:x86-64 32:x86; do
        built=$root/dist/win${machine%:*}
        native "win32-${machine#*:}" "$built/luma.dll" luma.dll "$built/THIRD-PARTY-LICENSES.txt"
    done
fi
[ $count -gt 0 ] || {
    echo 'jar.sh: there is no portable library; build one: sh packaging/portable.sh x86_64' >&2
    exit 1
}

cd "$work"
# Debian's packages of the plug-ins, if they are installed, instead of the network.
debian=/usr/share/maven-repo
settings=
[ ! -d $debian/org/apache/maven/plugins/maven-jar-plugin/3.3.0 ] || {
    settings="--settings $work/settings.xml"
    echo "<settings><mirrors><mirror><id>debian</id><mirrorOf>*</mirrorOf><url>file://$debian</url></mirror></mirrors></settings>" >settings.xml
}
# shellcheck disable=SC2086 # the settings are two words
mvn --batch-mode --quiet $settings "-Dmaven.repo.local=$repository" -Dmaven.test.skip=true \
    "-Dproject.build.outputTimestamp=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" "$goal" \
    >log 2>&1 || { cat log >&2 && exit 1; }
cp target/luma-*.jar "$out"
ls -l "$out"/luma-*.jar
