#!/bin/sh
# Compiles the Java client, runs its tests, checks its documentation, and uses its jar as an
# application would: from a Maven repository, with the library inside the jar.
set -eu
. ../need.sh
jna=/usr/share/java/jna.jar plugins=/usr/share/maven-repo/org/apache/maven/plugins
packages='default-jdk-headless libjna-java maven libmaven-compiler-plugin-java'
packages="$packages libmaven-install-plugin-java libmaven-jar-plugin-java"
packages="$packages libmaven-resources-plugin-java libsurefire-java"
installed() {
    command -v javac && command -v mvn && [ -f $jna ] && [ -d $plugins/maven-jar-plugin ] &&
        [ -d $plugins/maven-surefire-plugin ]
} >/dev/null
# shellcheck disable=SC2086 # several packages
installed || [ "${CI-}" != true ] || sh ../../packaging/packages.sh $packages
installed || need_because 'a JDK, Maven or JNA is not installed' "apt-get install $packages"

classes=$LUMA_BUILD_DIR/classes
javac --release 11 -Xlint:all -Werror -cp $jna -d "$classes" src/main/java/org/libluma/*.java \
    src/test/java/org/libluma/*.java
javadoc -quiet --release 11 -Xdoclint:all -Werror -cp $jna -d "$LUMA_BUILD_DIR/javadoc" \
    src/main/java/org/libluma/*.java

# The program of docs/languages.md.
sh jar.sh "$LUMA_BUILD_DIR" "$LUMA_LIBRARY" >/dev/null
repository=$LUMA_BUILD_DIR/repository user=$LUMA_BUILD_DIR/user
mkdir "$user"
sed -n '/^## Java$/,/^## /{/^```java$/,/^```$/{/^```/!p}}' ../../docs/languages.md >"$user/First.java"
path=$(find "$repository/org/libluma" "$repository/net/java/dev/jna" -name '*.jar' | paste -sd : -)
javac --release 11 -Xlint:all -Werror -cp "$path" -d "$user" "$user/First.java"
# With a simulator of its own, in real time.
env -u LUMA_LIBRARY LUMA_SIMULATOR_OPTIONS= sh ../../simulator/with-simulator.sh \
    java -cp "$path:$user" First >"$user/printed" 2>&1 || { cat "$user/printed" && exit 1; }
grep -q '^COMPLETED$' "$user/printed"

# A fixed heap, for the test of memory.
java -Xms64m -Xmx64m -XX:+AlwaysPreTouch -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -cp "$classes:$jna" org.libluma.Conformance
