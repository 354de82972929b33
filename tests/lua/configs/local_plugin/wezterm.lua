local wezterm = require 'wezterm'
local config = wezterm.config_builder()

local sleek = wezterm.plugin.require('file://' .. wezterm.config_dir .. '/plugins/sleek.wezterm')
sleek.apply_to_config(config, { mark = '>' })

return config
