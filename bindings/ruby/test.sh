#!/bin/sh
# Runs the tests of the Ruby gem, and the program in docs/languages.md, from a gem that was
# installed into a clean GEM_HOME; some of them also from the source.
set -eu
. ../need.sh
install='apt-get install ruby ruby-ffi ruby-minitest'
need ruby "$install"
need gem "$install"
need curl 'apt-get install curl'
ruby -r ffi -r minitest -e '' 2>/dev/null || need_because 'the gems ffi and minitest are not installed' "$install"

ruby -w -I lib test/conformance_test.rb 'test_(01|02|20|25)'

# With the library inside the gem.
build_packages
export GEM_HOME="$LUMA_BUILD_DIR/gems"
gem install --local --no-document --quiet --silent \
    "$packages"/luma_automation-*-"$(platform_of gem)".gem
unset LUMA_LIBRARY
sed -n '/^```ruby$/,/^```$/p' ../../docs/languages.md | sed '/^```/d' >"$LUMA_BUILD_DIR/program.rb"
ruby -w "$LUMA_BUILD_DIR/program.rb" >"$LUMA_BUILD_DIR/out" &
pid=$!
# Nothing else advances the time.
while ! grep -q completed "$LUMA_BUILD_DIR/out" && kill -0 $pid 2>/dev/null; do
    curl -s -X POST "$LUMA_URL/simulator/time?advanceMs=1000" >/dev/null
    sleep 0.1
done
wait $pid
ruby -w test/conformance_test.rb
