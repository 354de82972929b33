local wezterm = require "wezterm"
local config = {}
config.font_size = 11
config.term = [[xterm-256color]]
config.keys = {
  { key="n", mods="CMD", action=wezterm.action{SpawnTab="CurrentPaneDomain"} },
  { key="w", mods="CMD", action={CloseCurrentTab={confirm=false}} },
}
config.font_sise = 3 -- misspelt
return config
