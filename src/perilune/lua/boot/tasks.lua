-- Tasks and events: handlers run as coroutines, so that one which sleeps or waits for a child holds up nobody.
local sys = ...
local raise, call, enter, slice = sys.raise, sys.call, sys.enter, sys.slice
local co_create, co_resume, co_status, co_yield = sys.create, sys.co_resume, sys.co_status, sys.co_yield
local isyieldable = sys.isyieldable
local encode, encode_with, decoded, WAIT = sys.encode, sys.encode_with, sys.decoded, sys.WAIT
local pack, unpack, select, type, tostring, pcall, error =
  table.pack, table.unpack, select, sys.rawtype, tostring, sys.raw_pcall, error

local tasks = {} -- id -> coroutine that waits
local next_id = 0
local mode = "idle" -- "task", "sync" or "idle"

local function answered(ok, ...)
  if ok then return ... end
  raise((...), 3)
end

-- Ask Python for something that takes time. In a task this lets others run meanwhile.
local function suspend(kind, ...)
  if mode == "sync" then raise("attempt to yield from outside a coroutine", 3) end
  if mode == "task" and isyieldable() then
    return answered(decoded((co_yield(WAIT, kind, encode(select("#", ...), ...)))))
  end
  return answered(call("sys.block", kind, ...)) -- inside table.sort, string.gsub and the like, or in a finalizer
end
sys.suspend = suspend

-- For what blocks in WezTerm (os.execute, io.popen): waits where waiting is possible, else blocks.
function sys.wait_or_block(kind, ...)
  if mode == "task" and isyieldable() then return suspend(kind, ...) end
  return answered(call("sys.block", kind, ...))
end

-- One slice of a task. The answer is a status and a string, so that it crosses the border as it is.
local function settle(id, co, ok, first, second, third)
  if not ok then
    local message, trace = sys.placed_in(co, sys.describe_error(first)), sys.clean_traceback(sys.traceback(co))
    return "error", message, trace
  end
  if co_status(co) == "suspended" then
    if first == WAIT then
      tasks[id] = co
      return "wait", second, third, id
    end
    return "error", "attempt to yield from outside a coroutine", ""
  end
  return "done", first
end

local function drive(id, co, ...)
  mode = "task"
  return settle(id, co, co_resume(co, ...))
end

local function run_slice(limit, label, id, co, ...)
  local ok, status, first, second, third = enter(limit, label, drive, id, co, ...)
  mode = "idle"
  if not ok then return "error", status, first end
  return status, first, second, third
end

local entries = {}
sys.entries = entries

-- Called from Python: begin `name` with wire arguments; go on with a task that waited.
function sys.start(limit, label, name, arguments)
  next_id = next_id + 1
  local id = next_id
  local body = entries[name]
  local ok, co = pcall(co_create, function(...) return body(...) end)
  if not ok then return "error", tostring(co), "" end
  return run_slice(limit, label, id, co, decoded(arguments))
end

function sys.continue(limit, label, id, answer)
  local co = tasks[id]
  tasks[id] = nil
  if not co then return "error", "no such task", "" end
  return run_slice(limit, label, id, co, answer)
end

function sys.drop(id)
  local co = tasks[id]
  tasks[id] = nil
  if co then coroutine.close(co) end
end

-- Called from Python: a synchronous entry, which may not wait.
function sys.direct(limit, label, name, arguments)
  mode = "sync"
  local ok, first, trace = enter(limit, label, entries[name], decoded(arguments))
  mode = "idle"
  if ok then return "done", first end
  return "error", first, trace
end

-- Events.
local handlers = {}
sys.handlers = handlers
local callbacks = 0

-- A function, or what can be called like one (what stands for a plugin that is not there, for instance).
function sys.callable(value)
  if type(value) == "function" then return value end
  local meta = type(value) == "table" and sys.getmeta(value)
  if type(meta) == "table" and rawget(meta, "__call") ~= nil then
    return function(...) return value(...) end
  end
  return nil
end

local function on(name, given)
  local handler = sys.callable(given)
  if type(name) ~= "string" then raise("wezterm.on: expected the event's name, got " .. sys.kind(name), 3) end
  if not handler then
    raise("wezterm.on: expected a function for '" .. name .. "', got " .. sys.kind(given), 3)
  end
  local list = handlers[name]
  if not list then
    list = {}
    handlers[name] = list
    call("sys.event_registered", name)
  end
  list[#list + 1] = handler
end

function sys.kind(value)
  return value == nil and "nil" or "a " .. sys.G_type(value)
end
sys.G_type = type

local function emit(name, ...)
  local list = handlers[name]
  if not list then return true end
  for i = 1, #list do
    if list[i](...) == false then return false end
  end
  return true
end
sys.on, sys.emit = on, emit

-- The name of an event that calls `body`; the assignment for it is {EmitEvent = name}.
local by_body = setmetatable({}, { __mode = "k" })
function sys.callback_event(body)
  local known = by_body[body]
  if known then return known end
  callbacks = callbacks + 1
  local name = "user-defined-" .. callbacks
  by_body[body] = name
  on(name, body)
  return name
end

local function as_assignment(body)
  return { EmitEvent = sys.callback_event(body) }
end
sys.as_assignment = as_assignment

function entries.emit(name, ...)
  return encode(1, emit(name, ...))
end

function entries.call_first(name, ...)
  local list = handlers[name]
  if not list then return encode(1, nil) end
  return encode_with(as_assignment, 1, list[1](...))
end

-- wezterm.time.call_after: the function waits here, its number in Python.
local timers, timer_count = {}, 0
sys.timers = timers
function sys.call_after(seconds, body)
  if type(seconds) ~= "number" then
    raise("wezterm.time.call_after: expected a number of seconds, got " .. sys.kind(seconds))
  end
  if type(body) ~= "function" then
    raise("wezterm.time.call_after: expected a function, got " .. sys.kind(body))
  end
  timer_count = timer_count + 1
  timers[timer_count] = body
  call("sys.call_after", seconds, timer_count)
end

function entries.timer(number)
  local body = timers[number]
  timers[number] = nil
  if body then body() end
  return encode(0)
end

-- Loading. The value that a config returns, with its functions turned into events.
local function run_config(chunk, name)
  local value = chunk()
  local kind = sys.G_type(value)
  if kind ~= "table" then
    error(name .. ": the config must return a table of options, got " .. sys.kind(value)
      .. ": does it end with `return config`?", 0)
  end
  sys.settle_placeholders(value)
  sys.base_config = value
  return encode_with(as_assignment, 2, value, sys.option_lines(value))
end

function entries.load_file(path)
  local chunk, reason = sys.load_file(path, _G)
  if not chunk then error(reason, 0) end
  return run_config(chunk, path)
end

function entries.load_string(source, name)
  local chunk, reason = sys.noted_chunk(load(sys.normalise(source), "=" .. name, "t", _G))
  if not chunk then error(reason, 0) end
  return run_config(chunk, name)
end

-- One expression, as `--config name=value` writes it; a bare word that means nothing is itself.
function entries.evaluate(expression, name)
  local chunk, reason = load("return " .. expression, "=" .. name, "t", _G)
  if not chunk then error(reason, 0) end
  local value = chunk()
  if value == nil and expression ~= "nil" and string.find(expression, "^%s*[%w_][%w_ .-]*%s*$") then
    value = string.match(expression, "^%s*(.-)%s*$")
  end
  return encode_with(as_assignment, 1, value)
end

-- A pattern matched by C and by the matcher in Lua: for the tests that compare the two.
function entries.compare_matchers(subject, pattern, replacement, init)
  local slow = sys.slow_patterns
  local function outcome(body, ...) return pack(pcall(body, ...)) end
  local function all(iterator)
    local found = {}
    for one, two in iterator do found[#found + 1] = { one, two or false } end
    return found
  end
  return encode(8,
    outcome(string.find, subject, pattern, init), outcome(slow.find, subject, pattern, init, true),
    outcome(string.match, subject, pattern, init), outcome(slow.find, subject, pattern, init, false),
    outcome(function() return all(string.gmatch(subject, pattern)) end),
    outcome(function() return all(slow.gmatch(subject, pattern)) end),
    outcome(string.gsub, subject, pattern, replacement), outcome(slow.gsub, subject, pattern, replacement))
end

-- What goes in comes out: for the tests of the border.
function entries.echo(...)
  return encode(select("#", ...), ...)
end
