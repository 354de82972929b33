-- What a title callback asks of the world beside its arguments: noted as paths with the answer (`host` and `clock`
-- paths; what versions they have is Python's business), or, where an answer has no version, as the reason why
-- the run is opaque; where the world is changed, as the reason why it is stateful.
local sys = ...
local call_path, path_below, note, is_tracking, where, call, raw_call =
  sys.call_path, sys.path_below, sys.note, sys.is_tracking, sys.where, sys.call, sys.raw_call
local rawtype, getmeta, pairs, ipairs, select = sys.rawtype, sys.getmeta, pairs, ipairs, select
local find, sub = string.find, string.sub
local encode = sys.encode

local MOST_REASONS <const> = 8

local values, value_count = {}, 0
local opaque, writes = {}, {}

local function add_reason(list, text, level)
  if #list < MOST_REASONS then
    local reason = where(level + 1) .. text
    for i = 1, #list do
      if list[i] == reason then return end
    end
    list[#list + 1] = reason
  end
end

local function note_opaque(what, level)
  if is_tracking() then add_reason(opaque, "calls " .. what, (level or 2) + 1) end
end
local function note_write(what, level)
  if is_tracking() then add_reason(writes, "calls " .. what, (level or 2) + 1) end
end
sys.note_opaque, sys.note_write = note_opaque, note_write

-- `node` was read; the wire form of its value goes with it.
local function note_value(node, value)
  if note(node) then
    value_count = value_count + 1
    values[value_count] = value
  end
end

local function note_answer(kind, name, data, ok, answer)
  local node = call_path(kind, name, data)
  if node then
    note_value(node, ok and answer or encode(2, false, answer))
  else
    add_reason(opaque, "calls " .. name .. " with arguments that keep changing", 4)
  end
end

-- A function of Python's, by what calling it amounts to: "read", "clock", "opaque", "write", or "pure".
function sys.observed(name, kind)
  if kind == "read" or kind == "clock" then
    local root = kind == "read" and "host" or "clock"
    return function(...)
      if not is_tracking() then return call(name, ...) end
      local data, ok, answer = raw_call(name, ...)
      note_answer(root, name, data, ok, answer)
      if ok then return sys.decoded(answer) end
      sys.raise(answer)
    end
  end
  if kind == "opaque" then
    return function(...)
      note_opaque(name, 2)
      return call(name, ...)
    end
  end
  if kind == "write" then
    return function(...)
      note_write(name, 2)
      return call(name, ...)
    end
  end
  return function(...) return call(name, ...) end
end

-- GLOBAL: a table's place is the path to it; its value is read where it is read in Python.
function sys.note_global(trail, key, kind, value)
  if not is_tracking() then return end
  local node = path_below(trail, key)
  if not node then
    note_opaque("wezterm.GLOBAL with names that keep changing", 3)
    return nil
  end
  note_value(node, kind == "node" and encode(1, true) or encode(1, value))
end
function sys.global_trail() return sys.call_path("host", "GLOBAL", "") end
sys.path_below = path_below

-- The clock.
local G = _G
local function note_clock(name, pattern, value)
  local node = call_path("clock", name, encode(1, pattern))
  if node then
    note_value(node, encode(1, value))
  else
    note_opaque(name .. " with formats that keep changing", 3)
  end
end
sys.note_clock = note_clock
function sys.note_fine_clock(name)
  if is_tracking() then add_reason(opaque, "reads a clock finer than a second through " .. name, 3) end
end

local os_time, os_date, os_clock, now = G.os.time, G.os.date, G.os.clock, sys.now
function G.os.time(at)
  if at ~= nil then return os_time(at) end
  local value = os_time()
  if is_tracking() then note_clock("os.time", nil, value) end
  return value
end
function G.os.date(pattern, at)
  if at ~= nil or not is_tracking() then return os_date(pattern, at) end
  if pattern == nil then pattern = "%c" end
  local moment = now()
  local value = os_date(pattern, moment)
  note_clock("os.date", pattern, rawtype(value) == "table" and moment or value)
  return value
end
function G.os.clock()
  sys.note_fine_clock("os.clock")
  return os_clock()
end

local getenv = G.os.getenv
function G.os.getenv(name)
  local value = getenv(name)
  if is_tracking() and rawtype(name) == "string" then
    local node = call_path("host", "env", encode(1, name))
    if node then note_value(node, encode(1, value)) else note_opaque("os.getenv", 2) end
  end
  return value
end

-- The rest of the standard library.
local function watch(library, prefix, names, noter)
  for _, name in ipairs(names) do
    local body = library[name]
    if body then
      local full = prefix .. name
      library[name] = function(...)
        if is_tracking() then noter(full, 2) end
        return body(...)
      end
    end
  end
end
watch(G.math, "math.", { "random" }, note_opaque)
watch(G.math, "math.", { "randomseed" }, note_write)
watch(G.os, "os.", { "remove", "rename", "tmpname", "execute" }, note_write)
watch(G.io, "io.", { "popen", "lines", "read", "input" }, note_opaque)
watch(G.io, "io.", { "tmpfile", "output", "close" }, note_write)
watch(G.package, "package.", { "searchpath" }, note_opaque)
watch(G, "", { "loadfile", "dofile", "collectgarbage" }, note_opaque)

local open = G.io.open
function G.io.open(path, mode)
  if is_tracking() then
    if mode == nil or rawtype(mode) == "string" and find(mode, "^r") and not find(mode, "+", 1, true) then
      note_opaque("io.open", 2)
    else
      note_write("io.open", 2)
    end
  end
  return open(path, mode)
end
local files = getmeta(G.io.stdin).__index
watch(files, "file:", { "read", "lines", "seek" }, note_opaque)
watch(files, "file:", { "write", "flush", "setvbuf" }, note_write)

-- A run's values, and why it is opaque or stateful; then a new run begins.
local run_number = 0
function sys.run_number() return is_tracking() and run_number end
function sys.begin_observing()
  run_number = run_number + 1
  if value_count > 0 then values, value_count = {}, 0 end
  if opaque[1] ~= nil then opaque = {} end
  if writes[1] ~= nil then writes = {} end
end
function sys.observed_in_run(taken) return values, opaque, writes, taken end
