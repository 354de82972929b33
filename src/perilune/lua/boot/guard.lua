-- The guard: an instruction budget that neither pcall nor coroutines escape, and the captured library
-- functions that the other boot files use, because user code may replace the public ones.
--
-- How it holds: a count hook on every coroutine adds up what was executed. Past the budget it raises, and sets
-- itself to fire at every instruction, so that whatever catches the first error meets the next one at once.
-- Hooks do not run inside finalizers (hence no __gc), nor in a message handler that a hook's own error called
-- (hence the wrapped xpcall), nor where the C stack is all but used up, since a hook is a call. So whatever
-- catches errors (pcall, xpcall, resume, close, load) is charged for each call and passes exhaustion on: a loop
-- that escapes the hook has to catch, and a loop that catches pays.
local sys = ...
local error, select, type, tostring, pcall, xpcall = error, select, type, tostring, pcall, xpcall
local sethook, getinfo, traceback = debug.sethook, debug.getinfo, debug.traceback
local co_create, co_resume, co_status = coroutine.create, coroutine.resume, coroutine.status
local co_yield, co_running, isyieldable, co_close =
  coroutine.yield, coroutine.running, coroutine.isyieldable, coroutine.close
local pack, unpack, concat = table.pack, table.unpack, table.concat
local rawget, getmetatable, setmetatable = rawget, debug.getmetatable, setmetatable
local find, sub, format, gmatch = string.find, string.sub, string.format, string.gmatch
local huge, clock = math.huge, os.clock

local STEP <const> = 1000 -- instructions between two looks at the budget
local CATCH <const> = 20 -- what a call that catches errors is charged with
local ERROR <const> = 500 -- what a caught error is charged with: unwinding a deep stack takes 30 us
local CREATION <const> = 300 -- what making a coroutine is charged with: its own hook starts counting anew

-- Instructions that work on texts of many megabytes take long and are few: processor time counts, too, at a rate
-- ten times below the usual one, and where they are met the next look comes soon.
local RATE <const> = 20000000
local SLOW_STEP <const> = 20
local SLOW <const> = 0.02 -- seconds for a step, which takes some microseconds otherwise

local used, budget, exhausted, what = 0, huge, false, "Lua"
local looked = 0 -- processor time at the last look
local wary = false -- whether there is a text of many megabytes, so that looks stay frequent
local fine = setmetatable({}, { __mode = "k" }) -- coroutines whose hook fires at every instruction
local sample, step -- a profiler's function and its own number of instructions, while it samples stacks
local stepped = setmetatable({}, { __mode = "k" }) -- coroutines whose hook counts by that number
local exempt = {} -- functions of this file that clean up after an exhausted callback

local INTERNAL <const> = "=[perilune]"

-- "file:line: " of the nearest caller that is not ours.
local function where(level)
  for depth = level or 2, 60 do
    local info = getinfo(depth, "Sl")
    if not info then break end
    if info.what ~= "C" and info.source ~= INTERNAL and info.currentline > 0 then
      return info.short_src .. ":" .. info.currentline .. ": "
    end
  end
  return ""
end

local function raise(message, level)
  error(where((level or 2) + 1) .. message, 0)
end

local function exhausted_message(level)
  return where(level + 1)
    .. format("%s used up its budget of %d million instructions", what, budget // 1000000)
end

local hook

-- (Re)starts the count of a coroutine.
local function arm(co, own)
  stepped[co] = own or step
  sethook(co, hook, "", own or step or STEP)
end

function hook()
  local current = co_running()
  if not exhausted then
    if fine[current] then
      fine[current] = nil
      arm(current)
      return
    end
    local now = clock()
    if sample then sample(now - looked) end
    local took = now - looked
    local worth, passed = took * RATE, stepped[current] or STEP
    looked = now
    used = used + (worth > passed and worth or passed)
    if took > SLOW then
      if passed ~= SLOW_STEP then arm(current, SLOW_STEP) end
    elseif not wary and passed ~= (step or STEP) and (passed ~= SLOW_STEP or took * 10 < SLOW) then
      arm(current)
    end
    if used <= budget then return end
    exhausted = true
  end
  if not fine[current] then
    fine[current] = true
    sethook(hook, "", 1)
  end
  local info = getinfo(2, "f")
  if info and exempt[info.func] then return end
  error(exhausted_message(3), 0)
end

-- Something big was made: what is done with it may take long.
function sys.grow_wary()
  wary = true
  arm(co_running(), SLOW_STEP)
end

local function charge(amount)
  used = used + amount
  if used > budget then
    exhausted = true
    error(exhausted_message(3), 0)
  end
end

-- Coroutines: each gets the hook, and a wait that one of ours asks for (sleep_ms inside a coroutine of the
-- user's) travels up to the scheduler instead of to the user's resume.
local WAIT <const> = {}

local function create(body)
  charge(CREATION)
  local co = co_create(body)
  arm(co)
  return co
end

local function pass_waits(co, ok, first, ...)
  while ok and first == WAIT do
    return pass_waits(co, co_resume(co, co_yield(WAIT, ...)))
  end
  return ok, first, ...
end

-- What C complains about has the place of its caller: of the config's, where that is a function of ours.
local function placed(reason, level)
  if type(reason) ~= "string" then return reason end
  local _, stop = find(reason, "^%[perilune%]:%d+: ")
  return stop and where(level + 1) .. sub(reason, stop + 1) or reason
end

-- The same of a coroutine that died of it.
local function placed_in(co, reason)
  local _, stop = find(reason, "^%[perilune%]:%d+: ")
  if not stop then return reason end
  local place = ""
  for depth = 0, 60 do
    local info = getinfo(co, depth, "Sl")
    if not info then break end
    if info.what ~= "C" and info.source ~= INTERNAL and info.currentline > 0 then
      place = info.short_src .. ":" .. info.currentline .. ": "
      break
    end
  end
  return place .. sub(reason, stop + 1)
end

-- After something that caught an error: exhaustion is not for catching.
-- Running out of memory costs a full collection each time, and hooks fail at the end of the C stack: both take
-- long in very few instructions.
local function caught(ok, reason, ...)
  if not ok then
    local is_dear = reason == "not enough memory" or reason == "C stack overflow"
    used = used + (is_dear and budget // 50 or ERROR)
    reason = placed(reason, 3)
  end
  if exhausted or used > budget then
    exhausted = true
    error(exhausted_message(3), 0)
  end
  return ok, reason, ...
end
exempt[caught] = true

local function resume(co, ...)
  charge(CATCH)
  return caught(pass_waits(co, co_resume(co, ...)))
end

local function close(co)
  charge(CATCH)
  return caught(co_close(co))
end

local function guarded_pcall(body, ...)
  charge(CATCH)
  return caught(pcall(body, ...))
end

local function unwrap(co, ok, ...)
  if ok then return ... end
  if co_status(co) ~= "dead" then co_close(co) end
  local reason = ...
  if type(reason) == "string" and not find(reason, "^[^\n]-:%d+: ") then reason = where(3) .. reason end
  error(reason, 0)
end

local function wrap(body)
  local co = create(body)
  return function(...)
    charge(CATCH)
    return unwrap(co, pass_waits(co, co_resume(co, ...)))
  end
end

local function guarded_xpcall(body, handler, ...)
  charge(CATCH)
  if type(handler) ~= "function" then return caught(xpcall(body, handler, ...)) end
  return caught(xpcall(body, function(reason)
    if exhausted then return reason end
    return handler(reason)
  end, ...))
end

local function describe_error(reason)
  if type(reason) == "string" then return reason end
  local meta = getmetatable(reason)
  if type(meta) == "table" and rawget(meta, "__tostring") then
    local ok, text = pcall(tostring, reason)
    if ok and type(text) == "string" then return text end
  end
  if type(reason) == "nil" then return "error(nil)" end
  return "an error that is a " .. type(reason) .. ": " .. (type(reason) == "table" and "table" or tostring(reason))
end

-- Frames of ours say nothing to a user.
local function clean_traceback(text)
  local kept = {}
  for line in gmatch(text, "[^\n]+") do
    if not find(line, "[perilune]", 1, true) and not find(line, "[C]: in ?", 1, true) then
      kept[#kept + 1] = line
    end
  end
  if #kept == 1 then return "" end -- nothing but the heading
  return concat(kept, "\n")
end

local function on_error(reason)
  local text = placed(describe_error(reason), 2)
  return { text, clean_traceback(traceback("", 2)) }
end

-- Runs `body` under a fresh budget: true and its results, or false, the message and the traceback.
local function enter(limit, label, body, ...)
  used, budget, exhausted, what, looked, wary = 0, limit, false, label, clock(), false
  arm((co_running()))
  local results = pack(xpcall(body, on_error, ...))
  exhausted, budget = false, huge
  if results[1] then return unpack(results, 1, results.n) end
  local reason = results[2]
  if type(reason) ~= "table" then return false, describe_error(reason), "" end -- out of memory
  return false, reason[1], reason[2]
end

-- A new slice for one callback inside an `enter` of many.
local function slice(limit, label)
  used, budget, exhausted, what, looked, wary = 0, limit, false, label, clock(), false
end

for _, body in pairs({ enter, slice, on_error, describe_error, clean_traceback, where, placed }) do
  exempt[body] = true
end
sys.exempt = function(body)
  exempt[body] = true
  return body
end

-- A profiler's: called at each look with the processor time since the last one; nil: none any more.
function sys.sample_with(body, instructions)
  sample, step = body, instructions
end

sys.WAIT = WAIT
sys.where, sys.raise, sys.enter, sys.slice = where, raise, enter, slice
sys.describe_error, sys.on_error, sys.clean_traceback = describe_error, on_error, clean_traceback
sys.create, sys.resume, sys.wrap, sys.close = create, resume, wrap, close
sys.raw_pcall, sys.raw_xpcall = pcall, xpcall
sys.pcall, sys.xpcall, sys.charge, sys.caught = guarded_pcall, guarded_xpcall, charge, caught
sys.placed_in = placed_in
sys.traceback, sys.getinfo, sys.isyieldable = traceback, getinfo, isyieldable
sys.co_resume, sys.co_yield, sys.co_status = co_resume, co_yield, co_status
sys.getmeta, sys.getupvalue = debug.getmetatable, debug.getupvalue
sys.rawtype = type
sys.INTERNAL = INTERNAL
sys.is_exhausted = sys.exempt(function() return exhausted end)
