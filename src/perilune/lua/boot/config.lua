-- wezterm.config_builder(): a table that knows where each option was set, for the file and line of what is wrong
-- with it; in strict mode it complains at once.
-- The values lie in the table itself, because configs iterate it and put metatables of their own on it.
local sys = ...
local raise, call, where = sys.raise, sys.call, sys.where
local rawset, setmetatable, type, tostring = rawset, setmetatable, type, tostring

local lines = setmetatable({}, { __mode = "k" }) -- config -> option -> "file:line: "
local strict = setmetatable({}, { __mode = "k" })

local metas = setmetatable({}, { __mode = "k" })

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
  local meta = { __index = methods, __newindex = new_index }
  metas[meta] = true
  return setmetatable(config, meta)
end

local TABLES <const> = {
  "background", "colors", "hyperlink_rules", "inactive_pane_hsb", "key_tables", "keys", "launch_menu", "mouse_bindings",
  "set_environment_variables", "ssh_domains", "tab_bar_style", "unix_domains", "visual_bell", "window_frame",
  "window_padding",
}

-- A plugin that is not there would have set options: those that are tables, and are read now, are there and empty.
function sys.expect_options(config)
  local meta = sys.getmeta(config)
  local expected = {}
  for _, name in next, TABLES do expected[name] = true end
  meta.__index = function(self, name)
    if expected[name] then
      local found = {}
      rawset(self, name, found)
      return found
    end
    return methods[name]
  end
end

-- The metatable that `config_builder` gave a table, nil if it has another.
function sys.config_meta(config)
  local meta = sys.getmeta(config)
  return metas[meta] and meta or nil
end

function sys.option_lines(config)
  return lines[config] or {}
end
