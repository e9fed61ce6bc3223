#!/bin/sh
# Checks the declarations, runs the tests, and installs the packages in an empty directory, as an
# application would.
set -eu
. ../need.sh
need node 'apt-get install nodejs npm'
need npm 'apt-get install nodejs npm'
[ -d node_modules ] || {
    [ "${CI-}" = true ] || need_because 'the npm packages are missing' 'cd bindings/node && npm ci'
    npm ci --silent --no-fund --no-audit
}

node node_modules/typescript/bin/tsc -p test/tsconfig.json

# The program of docs/languages.md, with a simulator of its own, in real time.
user=$LUMA_BUILD_DIR/user
build_packages
mkdir "$user"
echo '{"private": true}' >"$user/package.json"
npm --prefix "$user" install --silent --no-fund --no-audit --prefer-offline \
    "$packages"/luma-automation-[0-9]*.tgz "$packages"/luma-automation-"$(platform_of npm)"-*.tgz
sed -n '/^## Node.js$/,/^## /{/^```js$/,/^```$/{/^```/!p}}' ../../docs/languages.md >"$user/first.mjs"
env -u LUMA_LIBRARY LUMA_SIMULATOR_OPTIONS= sh ../../simulator/with-simulator.sh \
    node "$user/first.mjs" >"$user/printed" 2>&1 || { cat "$user/printed" && exit 1; }
grep -q '^COMPLETED$' "$user/printed"

node --expose-gc test/conformance.js
