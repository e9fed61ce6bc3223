#!/bin/sh
# Tests the PHP package, as it is unpacked by Composer; a web page with the preloaded package; and
# the program in docs/languages.md.
set -eu
. ../need.sh
install='apt-get install php-cli curl'
need php "$install"
need curl "$install"
php -r 'exit(extension_loaded("FFI") && extension_loaded("Zend OPcache") ? 0 : 1);' ||
    need_because 'the PHP extensions ffi and opcache are not installed' "$install"

php tests/run.php '^(01|02|20|25)'

# With the library inside the package.
export LUMA_PHP_PACKAGE="$LUMA_BUILD_DIR/vendor/libluma/luma-automation"
mkdir -p "$LUMA_PHP_PACKAGE"
build_packages
tar -C "$LUMA_PHP_PACKAGE" -xf "$packages"/luma-automation-php-*.tar
unset LUMA_LIBRARY
find "$LUMA_PHP_PACKAGE" -name '*.php' -exec php -l {} \; >"$LUMA_BUILD_DIR/lint"

# Composer's autoload.php, for the program.
cp tests/autoload.php "$LUMA_BUILD_DIR/vendor/autoload.php"
sed -n '/^```php$/,/^```$/p' ../../docs/languages.md | sed '/^```/d' >"$LUMA_BUILD_DIR/program.php"
php "$LUMA_BUILD_DIR/program.php" >"$LUMA_BUILD_DIR/out" &
pid=$!
# Nothing else advances the time.
while ! grep -q Completed "$LUMA_BUILD_DIR/out" && kill -0 $pid 2>/dev/null; do
    curl -s -X POST "$LUMA_URL/simulator/time?advanceMs=1000" >/dev/null
    sleep 0.1
done
wait $pid

# PHP's web server, with the restriction of FFI that PHP has by default. With opcache.preload_user,
# which root needs, ffi.preload loads the library.
LD_LIBRARY_PATH=$LUMA_PHP_PACKAGE/native/linux-$(uname -m)
export LD_LIBRARY_PATH
port=$(php -r '$s = stream_socket_server("tcp://127.0.0.1:0"); echo explode(":", stream_socket_get_name($s, false))[1];')
php -d ffi.enable=preload -d opcache.enable=1 -d opcache.preload="$LUMA_PHP_PACKAGE/src/preload.php" \
    -d opcache.preload_user="$(id -un)" -d ffi.preload="$LUMA_PHP_PACKAGE/src/Native/luma.h" \
    -S "127.0.0.1:$port" tests/web.php >"$LUMA_BUILD_DIR/web.log" 2>&1 &
web=$!
trap 'kill $web' EXIT
page=$(curl -s --max-time 5 --retry 5 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/") || :
[ "$page" = 'Accepted Success' ] || { echo "the web page: $page" && cat "$LUMA_BUILD_DIR/web.log" && exit 1; }
unset LD_LIBRARY_PATH

php tests/run.php
