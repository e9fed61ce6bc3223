#!/bin/sh
# Runs the example with a gateway and without one, finds every function, and compares the constants.
set -eu
. ../need.sh
need luajit 'apt-get install luajit'

passed=0 failed=0
check() {
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $*"; fi
}
work=$LUMA_BUILD_DIR
export LUMA_SIMULATOR_OPTIONS=

sh ../../simulator/with-simulator.sh luajit first.lua >"$work/out" || :
check grep -qx COMPLETED "$work/out"
LUMA_URL=http://127.0.0.1:1 luajit first.lua 2>"$work/out" && failed=$((failed + 1))
check grep -q '^LUMA_ERROR_CONNECT: ' "$work/out"
sed -n '/^```lua$/,/^```$/p' ../../docs/languages.md | sed '/^```/d' >"$work/documented.lua"
check diff "$work/documented.lua" first.lua
cat >"$work/every.lua" <<'END'
local ffi, luma = require("ffi"), require("luma_native")
ffi.cdef(luma.cdef)
local C, count = ffi.load(os.getenv("LUMA_LIBRARY")), 0
for name in luma.cdef:gmatch("(luma_[%w_]+)%([^*]") do
  assert(C[name], name)
  count = count + 1
end
assert(count > 100, count)
for name, value in pairs(luma.constants) do
  if name:find("^LUMA_ERROR_") then assert(ffi.string(C.luma_status_name(value)) == name, name) end
end
-- 64-bit integers, text that is not ASCII, and any order of freeing.
local out = ffi.new("luma_trigger_request *[1]")
assert(C.luma_trigger_request_new("unlock_account", out) == 0)
local request = ffi.gc(out[0], C.luma_trigger_request_free)
assert(C.luma_trigger_request_set_initiator(request, 9007199254740993LL, -7) == 0)
assert(C.luma_trigger_request_set_variable(request, "userName", "Jürgen 日本") == 0)
local clients, results = ffi.new("luma_client *[1]"), ffi.new("luma_result *[1]")
for _ = 1, 100 do
  assert(C.luma_client_new(os.getenv("LUMA_URL"), os.getenv("LUMA_TOKEN"), clients) == 0)
  local client = ffi.gc(clients[0], C.luma_client_free)
  assert(C.luma_trigger_workflow(client, request, results) == 0)
  local result = ffi.gc(results[0], C.luma_result_free)
  client = nil
  collectgarbage()
  assert(#ffi.string(C.luma_result_trigger_id(result)) == 36)
end
END
check luajit "$work/every.lua"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
