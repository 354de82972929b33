local wezterm = require 'wezterm'
local config = wezterm.config_builder()
config:set_strict_mode(true)

config.initial_cols, config.initial_rows = 120, 28
config.audible_bell = 'Disabled'
config.visual_bell = { fade_in_duration_ms = 75, fade_out_duration_ms = 75, target = 'CursorColor' }
config.window_close_confirmation = 'NeverPrompt'
config.hyperlink_rules = wezterm.default_hyperlink_rules()
table.insert(config.hyperlink_rules, { regex = [[\b[A-Z]+-(\d+)\b]], format = 'https://tracker.example/$0' })

local strict = pcall(function() config.no_such_option = 1 end)
config.set_environment_variables = { STRICT = strict and 'no' or 'yes' }

config.exec_domains = { wezterm.exec_domain('jail', function(cmd) return cmd end, 'a jail') }
config.launch_menu = {
  { label = 'Top', args = { 'top' } },
  { args = { 'bash', '-l' }, cwd = '/tmp', set_environment_variables = { X = '1' } },
}
return config
