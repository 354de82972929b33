-- Key assignments as values: wezterm.action.X, wezterm.action.X(arg), wezterm.action{X=arg}.
local sys = ...
local raise, call, where, writers = sys.raise, sys.call, sys.where, sys.writers
local getmeta = sys.getmeta
local type, next, setmetatable, tostring = sys.rawtype, next, setmetatable, tostring

-- What a config sees is what WezTerm's has: the name for one that takes no argument, {Name = argument} for one that
-- was given its argument, and something to be called in between. Two metatables tell the latter two apart.
local Assignment, Open = { __name = "KeyAssignment" }, { __name = "KeyAssignment" }
local unknown = setmetatable({}, { __mode = "k" }) -- those that no version known here has: they do nothing
local make

local function described(value) return "KeyAssignment(" .. tostring((next(value))) .. ")" end
for _, meta in next, { Assignment, Open } do
  meta.__metatable = { __name = "KeyAssignment" } -- a table: configs copy values together with what they find here
  meta.__tostring = described
  -- act.SpawnTab "X", act.SplitVertical{...}; calling one without an argument leaves it as it is.
  meta.__call = function(value, ...)
    if unknown[value] or (...) == nil then return value end
    return make((next(value)), (...))
  end
end
writers[Assignment] = function(value)
  local plain = {}
  for name, args in next, value do plain[name] = args end
  return plain
end
writers[Open] = function(value)
  if unknown[value] then return "Nop" end
  return (next(value))
end

function make(name, args)
  if sys.holds_placeholder(args) then return "Nop" end
  local value = setmetatable({ [name] = args }, Assignment)
  local problem = call("sys.check_assignment", value)
  if problem then raise("wezterm.action." .. name .. ": " .. problem, 3) end
  return value
end

local known = {} -- name -> whether it takes an argument
local function by_name(name)
  if known[name] == nil then
    local near
    near, known[name] = call("sys.unknown_assignment", name)
    if near then -- a newer WezTerm's, or a fork's: the rest of the config is still good
      call("sys.warn", where(2) .. "wezterm.action: there is no assignment " .. tostring(name) .. near
        .. "; the key does nothing")
      local found = setmetatable({ [name] = {} }, Open)
      unknown[found] = true
      return found
    end
  end
  if not known[name] then return name end
  return setmetatable({ [name] = {} }, Open)
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
    if meta == Assignment or meta == Open then return value end
    local name, args = next(value)
    if type(name) ~= "string" or next(value, name) ~= nil then
      raise("wezterm.action: expected a table with exactly one name, such as {SpawnTab = 'CurrentPaneDomain'}", 2)
    end
    local found = by_name(name)
    return unknown[found] and found or make(name, args)
  end,
  __newindex = function() raise("wezterm.action cannot be changed", 2) end,
})

function sys.action_callback(...)
  local body = ...
  body = sys.callable(body)
  if not body then raise("wezterm.action_callback: expected a function, got " .. sys.kind((...))) end
  return make("EmitEvent", sys.callback_event(body))
end
