#!/usr/bin/env lua
local wezterm <const> = require 'wezterm'
local WIDTH <const> = 7 // 2 << 2 | 1
local config = wezterm.config_builder()

local function parts(text)
  local found = {}
  for word in text:gmatch '%S+' do
    if word == 'skip' then goto continue end
    found[#found + 1] = word:upper():sub(1, 1) .. word:lower():sub(2)
    ::continue::
  end
  return table.unpack(found)
end

do
  local closed <close> = setmetatable({}, { __close = function() config.tab_max_width = WIDTH end })
end

local first, second = parts 'left skip RIGHT'
config.integrated_title_button_alignment = second
config.keys = {
  { key = 'PageUp', mods = 'SHIFT', action = wezterm.action.ScrollByPage(-1 / 2) },
  { key = 'phys:Grave', mods = 'CTRL', action = wezterm.action.ActivatePaneDirection(first) },
  { key = utf8.char(0xe9), mods = '', action = wezterm.action.SendString('\u{e9}\x1b[A\z
      tail') },
}
config.font_size = math.tointeger(12.0)
config.line_height = #{ select(2, 'a', 'b', 'c') } * 0.5
config.enable_tab_bar = not (nil == false) and select('#', nil, nil) == 2
return config
