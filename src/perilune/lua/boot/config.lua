-- wezterm.config_builder(): a table that knows where each option was set, for the file and line of what is wrong
-- with it; in strict mode it complains at once.
-- The values lie in the table itself, because configs iterate it and put metatables of their own on it.
local sys = ...
local raise, call, where = sys.raise, sys.call, sys.where
local rawset, setmetatable, type, tostring, next = rawset, setmetatable, type, tostring, next

local lines = setmetatable({}, { __mode = "k" }) -- config -> option -> "file:line: "
local strict = setmetatable({}, { __mode = "k" })

local methods = {}
function methods.set_strict_mode(config, on)
  strict[config] = on ~= false
end

local function new_index(config, name, value)
  if lines[config] == nil then lines[config] = {} end
  local place = where(2)
  lines[config][name] = place
  if strict[config] then
    local problem = call("sys.check_option", tostring(name), value)
    if problem then raise(problem, 2) end
  end
  rawset(config, name, value)
end

function sys.config_builder()
  local config = {}
  lines[config] = {}
  return setmetatable(config, { __index = methods, __newindex = new_index })
end

function sys.option_lines(config)
  return lines[config] or {}
end

-- A table that reads through to another at any depth and keeps writes to itself: what handlers get as
-- `config`, so that a handler that changes it harms nobody.
local view
local function view_of(base)
  local views = {}
  return setmetatable({}, {
    __index = function(own, key)
      local value = base[key]
      if type(value) ~= "table" then return value end
      local found = views[value]
      if not found then
        found = view(value)
        views[value] = found
      end
      return found
    end,
    __len = function() return #base end,
    __pairs = function(own)
      return function(_, key)
        local following, value = next(base, key)
        if following ~= nil then return following, own[following] end
        return nil, value
      end, own, nil
    end,
  })
end
view = view_of
sys.view = view
