-- Key assignments as values: wezterm.action.X, wezterm.action.X(arg), wezterm.action{X=arg}.
local sys = ...
local raise, call, where, writers, userdata = sys.raise, sys.call, sys.where, sys.writers, sys.userdata
local getmeta = sys.getmeta
local type, next, setmetatable, rawget, rawequal, select, tostring =
  type, next, setmetatable, rawget, rawequal, select, tostring

local Assignment = { __name = "KeyAssignment" }
local make

writers[Assignment] = function(value)
  if value.has_args then return { [value.name] = value.args } end
  return value.name
end
userdata[Assignment] = true
Assignment.__metatable = "KeyAssignment"
Assignment.__tostring = function(value) return "KeyAssignment(" .. value.name .. ")" end

-- act.SpawnTab "X", act.SplitVertical{...}; calling one without an argument leaves it as it is.
Assignment.__call = function(value, ...)
  if value.is_unknown then return value end
  if select("#", ...) == 0 or (...) == nil then return value end
  return make(value.name, true, (...))
end

function make(name, has_args, args)
  local value = setmetatable({ name = name, has_args = has_args, args = args }, Assignment)
  if has_args then
    local problem = call("sys.check_assignment", value)
    if problem then raise("wezterm.action." .. name .. ": " .. problem, 3) end
  end
  return value
end

local known = {}
local function by_name(name)
  local found = known[name]
  if found then return found end
  local near = call("sys.unknown_assignment", name)
  if near then -- a newer WezTerm's, or a fork's: the rest of the config is still good
    call("sys.warn", where(2) .. "wezterm.action: there is no assignment " .. tostring(name) .. near
      .. "; the key does nothing")
    found = make("Nop", false)
    found.is_unknown = true
    return found
  end
  found = make(name, false)
  known[name] = found
  return found
end

sys.action = setmetatable({}, {
  __index = function(_, name)
    if type(name) ~= "string" then return nil end
    return by_name(name)
  end,
  __call = function(_, value)
    if type(value) == "string" then return by_name(value) end
    if type(value) ~= "table" then
      raise("wezterm.action: expected {Name = argument} or a name, got " .. sys.kind(value), 2)
    end
    local meta = getmeta(value)
    if meta == Assignment then return value end
    local name, args = next(value)
    if type(name) ~= "string" or next(value, name) ~= nil then
      raise("wezterm.action: expected a table with exactly one name, such as {SpawnTab = 'CurrentPaneDomain'}", 2)
    end
    local found = by_name(name)
    return found.is_unknown and found or make(name, true, args)
  end,
  __newindex = function() raise("wezterm.action cannot be changed", 2) end,
})

function sys.action_callback(...)
  local body = ...
  body = sys.callable(body)
  if not body then raise("wezterm.action_callback: expected a function, got " .. sys.kind((...))) end
  return make("EmitEvent", true, sys.callback_event(body))
end
