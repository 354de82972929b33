local wezterm = require 'wezterm'
local config = wezterm.config_builder()

wezterm.GLOBAL = { seen = { count = 0 } }

-- Follows the system, and lets a key change it for one window.
local function scheme_for(appearance)
  return appearance:find 'Dark' and 'Dracula' or 'Builtin Solarized Light'
end
config.color_schemes = { Mine = wezterm.get_builtin_color_schemes()['Dracula'] }
config.color_schemes.Mine.background = '#000001'
config.color_scheme = wezterm.gui and scheme_for(wezterm.gui.get_appearance()) == 'Dracula' and 'Mine' or 'Dracula'

wezterm.on('toggle-opacity', function(window)
  local overrides = window:get_config_overrides() or {}
  overrides.window_background_opacity = overrides.window_background_opacity and nil or 0.5
  window:set_config_overrides(overrides)
end)

wezterm.on('update-status', function(window, pane)
  wezterm.GLOBAL.seen.count = wezterm.GLOBAL.seen.count + 1
  local cwd = pane:get_current_working_dir()
  local name = cwd and (type(cwd) == 'userdata' and cwd.file_path or cwd) or '?'
  window:set_right_status(string.gsub(name, '(.*/)(.*)', '%2') .. wezterm.GLOBAL.seen.count)
  window:set_left_status(wezterm.nerdfonts.md_folder and '' or '!')
end)

config.keys = {
  { key = 'B', mods = 'CTRL', action = wezterm.action.EmitEvent 'toggle-opacity' },
  { key = 'X', mods = 'CTRL', action = wezterm.action_callback(function(window, pane)
    window:perform_action(wezterm.action.SendString('x'), pane)
  end) },
}
config.window_background_gradient = { colors = { '#000', '#111' }, orientation = 'Vertical' }
return config
