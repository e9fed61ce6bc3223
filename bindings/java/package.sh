#!/bin/sh
# package.sh DIRECTORY [LIBRARY]: builds the jar with Maven. It contains the native libraries.
. "$(dirname "$0")/../packaging.sh"
cp -R pom.xml src "$work"
mkdir -p "$work/natives/META-INF"
cp "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$work/natives/META-INF"
natives jar >"$work/natives.list"
while read -r platform name native licences; do
    mkdir "$work/natives/$platform"
    cp "$native" "$work/natives/$platform/$name"
    cp "$licences" "$work/natives/$platform/THIRD-PARTY-LICENSES"
done <"$work/natives.list"

cd "$work"
# Debian's packages of the plug-ins, if they are installed, instead of the network.
debian=/usr/share/maven-repo settings=
[ ! -d $debian/org/apache/maven/plugins/maven-jar-plugin/3.3.0 ] || {
    settings="--settings $work/settings.xml"
    echo "<settings><mirrors><mirror><id>debian</id><mirrorOf>*</mirrorOf><url>file://$debian</url></mirror></mirrors></settings>" >settings.xml
}
# shellcheck disable=SC2086 # the settings are two words
log mvn --batch-mode --quiet $settings "-Dmaven.repo.local=$work/../maven" -Dmaven.test.skip=true \
    "-Dproject.build.outputTimestamp=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" package
cp "target/luma-$version.jar" "$out"
cp pom.xml "$out/luma-$version.pom"
