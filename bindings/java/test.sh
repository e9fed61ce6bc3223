#!/bin/sh
# Compiles the Java client, runs its tests, checks its documentation, and uses its jar as an
# application would: with nothing else but JNA, and with the library inside the jar.
set -eu
. ../need.sh
jna=/usr/share/java/jna.jar plugins=/usr/share/maven-repo/org/apache/maven/plugins
tools=$(cat debian-packages)
installed() {
    command -v javac && command -v mvn && [ -f $jna ] && [ -d $plugins/maven-jar-plugin ] &&
        [ -d $plugins/maven-surefire-plugin ]
} >/dev/null
# shellcheck disable=SC2086 # several packages
installed || [ "${CI-}" != true ] || sh ../../packaging/packages.sh $tools
installed || need_because 'a JDK, Maven or JNA is not installed' "apt-get install $tools"

classes=$LUMA_BUILD_DIR/classes
javac --release 11 -Xlint:all -Werror -cp $jna -d "$classes" src/main/java/org/libluma/*.java \
    src/test/java/org/libluma/*.java
javadoc -quiet --release 11 -Xdoclint:all -Werror -cp $jna -d "$LUMA_BUILD_DIR/javadoc" \
    src/main/java/org/libluma/*.java

# The program of docs/languages.md.
build_packages
user=$LUMA_BUILD_DIR/user
mkdir "$user"
sed -n '/^## Java$/,/^## /{/^```java$/,/^```$/{/^```/!p}}' ../../docs/languages.md >"$user/First.java"
path=$(echo "$packages"/luma-*.jar):$jna
javac --release 11 -Xlint:all -Werror -cp "$path" -d "$user" "$user/First.java"
# With a simulator of its own, in real time.
env -u LUMA_LIBRARY LUMA_SIMULATOR_OPTIONS= sh ../../simulator/with-simulator.sh \
    java -cp "$path:$user" First >"$user/printed" 2>&1 || { cat "$user/printed" && exit 1; }
grep -q '^COMPLETED$' "$user/printed"

# A fixed heap, for the test of memory.
java -Xms64m -Xmx64m -XX:+AlwaysPreTouch -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -cp "$classes:$jna" org.libluma.Conformance
