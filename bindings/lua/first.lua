local ffi = require("ffi")
local luma = require("luma_native")
ffi.cdef(luma.cdef)
local path = os.getenv("LUMA_LIBRARY")
assert(not path or path:find("^/") or path:find("^%a:[/\\]"), "LUMA_LIBRARY must be a full path")
local C = ffi.load(path or (jit.os == "Windows" and "luma.dll" or "libluma.so.0"))
local is = luma.constants
local out, result = ffi.new("luma_client *[1]"), ffi.new("luma_result *[1]")

-- Returns the last result, which Lua frees, or fails with what it says.
local function check(ok)
  local last = ffi.gc(result[0], C.luma_result_free)
  if not ok then
    -- By luma_result_outcome: NOT_SENT: nothing was sent. REJECTED: nothing runs. UNKNOWN: check first.
    local name = C.luma_status_name(C.luma_result_status(last))
    error(ffi.string(name) .. ": " .. ffi.string(C.luma_result_message(last)), 0)
  end
  return last
end

local function main()
  if C.luma_client_new_from_environment(out, result) ~= is.LUMA_OK then check(false) end
  local client = ffi.gc(out[0], C.luma_client_free)
  local status = C.luma_trigger_workflow_json(client,
    '{"workflowIdentifier":"unlock_account","variables":{"userName":"jdoe"}}', result)
  local trigger = check(status == is.LUMA_OK)

  local wait_out = ffi.new("luma_wait *[1]")
  assert(C.luma_wait_new(client, C.luma_result_trigger_id(trigger), 60000, wait_out) == is.LUMA_OK)
  local wait = ffi.gc(wait_out[0], C.luma_wait_free)
  repeat
    status = C.luma_wait_poll(wait, result)
    local poll = check(status == is.LUMA_OK or status == is.LUMA_ERROR_WAIT_OPEN)
    print(ffi.string(C.luma_result_run_status_text(poll)))
    local next_poll = tonumber(C.luma_wait_next_poll_ms(wait))
    if next_poll > 0 then os.execute("sleep " .. next_poll / 1000) end -- or the event loop's timer
  until next_poll < 0
end

local ok, problem = pcall(main)
if not ok then
  io.stderr:write(problem, "\n")
  os.exit(1)
end
