-- Handles (window, mux window, tab, pane, domain) and the value objects Url, Color and Time. A handle holds an
-- id; its methods are the Python functions registered under "pane.x", "tab.x" and so on.
local sys = ...
local raise, call, writers, userdata, handles = sys.raise, sys.call, sys.writers, sys.userdata, sys.handles
local setmetatable, rawget, rawset, type, tostring, getmeta =
  setmetatable, rawget, rawset, sys.rawtype, tostring, sys.getmeta
local string_lib = {}
for name, body in pairs(string) do string_lib[name] = body end

local wire_format = string_lib.format
local methods_of, meta_of = {}, {}

-- What `to_string` writes as `tostring` does, though it crosses the border as something else.
local plain_text = {}
sys.plain_text = plain_text

local pid = call("wezterm.procinfo.pid")
local function class(kind, letter, name, text)
  local methods = {}
  local meta = {
    __name = name,
    __index = methods,
    __newindex = function() raise("a " .. name .. " cannot be changed", 2) end,
    __tostring = function(self) return text .. self.id .. ", pid:" .. pid .. ")" end,
    __metatable = name,
  }
  meta.__eq = function(a, b)
    return getmeta(a) == meta and getmeta(b) == meta and rawget(a, "id") == rawget(b, "id")
  end
  userdata[meta], plain_text[meta] = true, true
  local form = "o" .. letter .. "%d;"
  writers[meta] = function(self) return nil, wire_format(form, self.id) end
  handles[letter] = function(id) return setmetatable({ id = id }, meta) end
  methods_of[kind], meta_of[kind] = methods, meta
end

class("window", "w", "Window", "GuiWin(mux_window_id:")
class("mux_window", "m", "MuxWindow", "MuxWindow(mux_window_id:")
class("tab", "t", "MuxTab", "MuxTab(tab_id:")
class("pane", "p", "Pane", "MuxPane(pane_id:")
class("domain", "d", "MuxDomain", "MuxDomain(pane_id:")

-- A method: checks its self, for `pane.get_title()` is a common slip.
local function method(kind, short, full, suspends, amounts_to)
  local meta = meta_of[kind]
  local name = kind .. ":" .. short
  local body = sys.observed(full, amounts_to)
  methods_of[kind][short] = function(self, ...)
    if type(self) ~= "table" or getmeta(self) ~= meta then
      raise(name .. " must be called with a colon on a " .. meta.__name .. ", got " .. sys.kind(self))
    end
    if suspends then return sys.suspend(full, self, ...) end
    return body(self, ...)
  end
end

-- Url: answers as a table with fields and, since older configs treat a directory as text, as a string.
local Url = { __name = "Url", __metatable = "Url" }
local function url_fields(self)
  local fields = rawget(self, 2)
  if not fields then
    fields = call("sys.url_fields", self[1])
    rawset(self, 2, fields)
  end
  return fields
end
Url.__index = function(self, key)
  local value = url_fields(self)[key]
  if value ~= nil then return value end
  local text = string_lib[key]
  if text then
    return function(subject, ...) return text(tostring(subject), ...) end
  end
  return nil
end
Url.__tostring = function(self) return self[1] end
Url.__concat = function(a, b) return tostring(a) .. tostring(b) end
Url.__len = function(self) return #self[1] end
Url.__eq = function(a, b) return tostring(a) == tostring(b) end
Url.__newindex = function() raise("a Url cannot be changed", 2) end
userdata[Url], plain_text[Url] = true, true
writers[Url] = function(self) return nil, "u" .. #self[1] .. ":" .. self[1] end
local function make_url(text) return setmetatable({ text }, Url) end
sys.set_url_maker(make_url)
sys.make_url = make_url

-- Color: red, green, blue, alpha from 0 to 1.
local Color = { __name = "Color", __metatable = "Color" }
local color_methods = {}
Color.__index = color_methods
Color.__tostring = function(self) return call("color.to_string", self.rgba) end
Color.__concat = function(a, b) return tostring(a) .. tostring(b) end
Color.__eq = function(a, b) return tostring(a) == tostring(b) end
userdata[Color], plain_text[Color] = true, true
writers[Color] = function(self) return tostring(self) end
local function make_color(rgba) return setmetatable({ rgba = rgba }, Color) end
local function color_arg(value)
  if type(value) == "table" and getmeta(value) == Color then return value.rgba end
  return value
end
sys.make_color = make_color
function sys.is_color(value) return type(value) == "table" and getmeta(value) == Color end

local function color_method(short, full)
  local many = short == "triad" or short == "square"
  local plain = {
    hsla = true, laba = true, linear_rgba = true, srgba_u8 = true, srgb_u8 = true, contrast_ratio = true, delta_e = true,
  }
  color_methods[short] = function(self, other)
    if type(self) ~= "table" or getmeta(self) ~= Color then
      raise("color:" .. short .. " must be called with a colon on a Color, got " .. sys.kind(self))
    end
    if plain[short] then return call(full, self.rgba, color_arg(other)) end
    local first, second, third = call(full, self.rgba, other)
    if many then
      return make_color(first), make_color(second), third and make_color(third) or nil
    end
    return make_color(first)
  end
end

function sys.colors(list)
  for i = 1, #list do list[i] = make_color(list[i]) end
  return list
end

-- Time: seconds since the epoch.
local Time = { __name = "Time", __metatable = "Time" }
local time_methods = {}
Time.__index = time_methods
-- A time that `now` gave is read by what is done with it: formatted to minutes it changes once a minute. One that
-- was stored, as the configuration was loaded or in another run, is a value like others.
local function is_current(self) return self.run and self.run == sys.run_number() end
local function seconds_of(self)
  if is_current(self) then sys.note_fine_clock("wezterm.time.now") end
  return self.seconds
end
Time.__tostring = function(self) return call("sys.time_text", seconds_of(self)) end
Time.__eq = function(a, b) return seconds_of(a) == seconds_of(b) end
Time.__lt = function(a, b) return seconds_of(a) < seconds_of(b) end
Time.__le = function(a, b) return seconds_of(a) <= seconds_of(b) end
Time.__sub = function(a, b) return seconds_of(a) - seconds_of(b) end
userdata[Time], plain_text[Time] = true, true
writers[Time] = seconds_of
function sys.make_time(seconds, is_now)
  return setmetatable({ seconds = seconds, run = is_now and sys.run_number() }, Time)
end
local function time_method(short, full)
  time_methods[short] = function(self, ...)
    if type(self) ~= "table" or getmeta(self) ~= Time then
      raise("Time:" .. short .. " must be called with a colon on a Time, got " .. sys.kind(self))
    end
    if is_current(self) then
      local pattern, text = ..., call(full, self.seconds, ...)
      sys.note_clock(full, pattern, text)
      return text
    end
    return call(full, self.seconds, ...)
  end
end
function time_methods.sun_times(self, latitude, longitude)
  local times = call("sys.sun_times", seconds_of(self), latitude, longitude)
  for _, name in ipairs({ "rise", "set" }) do
    if times[name] then times[name] = sys.make_time(times[name]) end
  end
  return times
end

-- GLOBAL: tables in Python's hands that outlive a Lua state; a proxy holds a node's number.
local Global = { __name = "GLOBAL", __metatable = "GLOBAL" }
userdata[Global] = true
local function from_global(trail, kind, value)
  if kind == "node" then return setmetatable({ node = value, trail = trail }, Global) end
  return value
end
local get_node = function(self) return rawget(self, "node") end
-- What was read of it as a whole ("*", "#"), or of one field.
local function note_part(self, key, kind, value)
  local trail = rawget(self, "trail") or sys.global_trail()
  sys.note_global(trail, key, kind, value)
  return sys.path_below(trail, key)
end
Global.__index = function(self, key)
  if type(key) ~= "string" and type(key) ~= "number" then return nil end
  local kind, value = call("sys.global_get", get_node(self), key)
  return from_global(note_part(self, key, kind, value), kind, value)
end
Global.__newindex = function(self, key, value)
  if type(key) ~= "string" and type(key) ~= "number" then
    raise("wezterm.GLOBAL: a " .. type(key) .. " cannot be a key", 2)
  end
  local kind = type(value)
  if kind == "function" or kind == "thread" or kind == "userdata" then
    raise("wezterm.GLOBAL." .. key .. ": expected a string, number, boolean or table, got a " .. kind, 2)
  end
  sys.note_write("wezterm.GLOBAL." .. key .. " = ...", 2)
  call("sys.global_set", get_node(self), key, value)
end
Global.__len = function(self)
  local length = call("sys.global_length", get_node(self))
  note_part(self, "#", "value", length)
  return length
end
Global.__pairs = function(self)
  local keys, at = call("sys.global_keys", get_node(self)), 0
  note_part(self, "*", "value", table.concat(keys, "\n"))
  return function()
    at = at + 1
    local key = keys[at]
    if key == nil then return nil end
    return key, self[key]
  end, self, nil
end
Global.__eq = function(a, b) return get_node(a) == get_node(b) end
writers[Global] = function(self)
  local copy = call("sys.global_copy", get_node(self))
  if sys.is_tracking() then note_part(self, "**", "value", copy) end
  return copy
end
sys.global = setmetatable({ node = 0 }, Global)

-- Everything registered in Python: "wezterm.a.b" becomes a field, "pane.x" a method.
local wezterm = {}
sys.wezterm = wezterm
local installers = { color = color_method, time = time_method }
sys.kinds = call("sys.function_kinds")
for _, entry in ipairs(call("sys.functions")) do
  local full, suspends = entry.name, entry.suspends
  local amounts_to = sys.kinds[full]
  local head, rest = full:match("^([%w_]+)%.(.+)$")
  if meta_of[head] then
    method(head, rest, full, suspends, amounts_to)
  elseif installers[head] then
    installers[head](rest, full)
  elseif head == "wezterm" then
    local into, path = wezterm, {}
    for part in rest:gmatch("[^.]+") do path[#path + 1] = part end
    for i = 1, #path - 1 do
      into[path[i]] = into[path[i]] or {}
      into = into[path[i]]
    end
    if suspends then
      into[path[#path]] = function(...) return sys.suspend(full, ...) end
    else
      into[path[#path]] = sys.observed(full, amounts_to)
    end
  end
end

-- window:effective_config(): 250 options, of which a handler reads one or two at each status. They stay here as
-- they came, and a table is made of one when it is read.
local whole = methods_of.window.effective_config
local encoded, number = nil, 0
local remaining = setmetatable({}, { __mode = "k" }) -- what was returned -> the options that it has not yet
local Config = {}
Config.__index = function(self, key)
  local left = remaining[self]
  local data = left and left[key]
  if not data then return nil end
  left[key] = nil
  local value = sys.decoded(data)
  rawset(self, key, value)
  return value
end
Config.__newindex = function(self, key, value)
  local left = remaining[self]
  if left and key ~= nil then left[key] = nil end
  rawset(self, key, value)
end
local function complete(self)
  local left = remaining[self]
  if left then
    remaining[self] = nil
    for key, data in next, left do rawset(self, key, (sys.decoded(data))) end
  end
  return self
end
Config.__pairs = function(self) return next, complete(self), nil end
writers[Config] = function(self)
  local plain = {}
  for key, value in next, complete(self) do plain[key] = value end
  return plain
end
methods_of.window.effective_config = function(self)
  if sys.is_tracking() or type(self) ~= "table" or getmeta(self) ~= meta_of.window then return whole(self) end
  local found, fresh = call("sys.effective_config", self, number)
  if fresh then encoded, number = fresh, found end
  local left = {}
  for key, data in next, encoded do left[key] = data end
  local config = setmetatable({}, Config)
  remaining[config] = left
  return config
end
