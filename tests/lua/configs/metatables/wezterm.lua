local wezterm = require 'wezterm'

---@class Config
local Config = {}
Config.__index = Config

function Config:new()
  return setmetatable({ options = {} }, self)
end

function Config:append(values)
  for name, value in pairs(values) do
    if self.options[name] ~= nil then wezterm.log_warn('set twice: ' .. name) end
    self.options[name] = value
  end
  return self
end

-- A list that knows how to add keys, with the values in place.
local Keys = setmetatable({}, { __call = function(self, list) return setmetatable(list, { __index = self }) end })
function Keys:bind(mods, key, action)
  self[#self + 1] = { mods = mods, key = key, action = action }
  return self
end

local builder = setmetatable(wezterm.config_builder(), {
  __newindex = function(t, k, v) rawset(t, k, v) end,
})
builder.scrollback_lines = 7777

return Config:new()
  :append({ keys = Keys({}):bind('ALT', 't', wezterm.action.SpawnTab 'DefaultDomain'):bind('ALT', 'q', 'QuitApplication') })
  :append({ scrollback_lines = builder.scrollback_lines, enable_scroll_bar = true }).options
