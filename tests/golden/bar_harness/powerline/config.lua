-- Rounded segments, one colour for the active tab, another when pointed at; the process decides the icon.
local wezterm = require 'wezterm'
local config = wezterm.config_builder()
local icons = { vim = 'V', zsh = 'Z', cargo = 'C' }
local left, right = utf8.char(0xe0b6), utf8.char(0xe0b4)

local function process(pane)
  return pane.foreground_process_name:match('([^/]+)$') or ''
end

wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)
  local colour = tab.is_active and '#a6e3a1' or hover and '#f9e2af' or '#313244'
  local icon = icons[process(tab.active_pane)] or '?'
  local title = wezterm.truncate_right(icon .. ' ' .. tab.active_pane.title, max_width - 2)
  return {
    { Background = { Color = '#181825' } }, { Foreground = { Color = colour } }, { Text = left },
    { Background = { Color = colour } }, { Foreground = { AnsiColor = 'Black' } },
    { Attribute = { Intensity = tab.is_active and 'Bold' or 'Normal' } }, { Text = title },
    { Attribute = { Intensity = 'Normal' } },
    { Background = { Color = '#181825' } }, { Foreground = { Color = colour } }, { Text = right },
  }
end)
config.colors = { tab_bar = { background = '#181825' } }
return config
