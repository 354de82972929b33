-- The config of the README's picture: an ordinary WezTerm config.
local wezterm = require 'wezterm'
local config = wezterm.config_builder()

config.color_scheme = 'Catppuccin Mocha'
config.tab_max_width = 28
config.colors = {
  tab_bar = {
    background = '#11111b',
    active_tab = { bg_color = '#cba6f7', fg_color = '#11111b' },
    inactive_tab = { bg_color = '#1e1e2e', fg_color = '#a6adc8' },
    inactive_tab_hover = { bg_color = '#313244', fg_color = '#cdd6f4' },
    new_tab = { bg_color = '#11111b', fg_color = '#a6adc8' },
  },
}
config.use_fancy_tab_bar = false
config.font_locator = 'ConfigDirsOnly' -- the same picture on every machine

-- tools/screenshot.py gives the panes' programs.
wezterm.on('gui-startup', function(cmd)
  local tab, pane, window = wezterm.mux.spawn_window(cmd or {})
  local right = pane:split { direction = 'Right', size = 0.5, args = { 'sh', os.getenv 'PICTURE_LOG' } }
  right:split { direction = 'Bottom', size = 0.5, args = { 'sh', os.getenv 'PICTURE_BOXES' } }
  for _, title in ipairs { 'build', 'notes' } do
    window:spawn_tab { args = { 'sh', '-c', "printf '\\033]2;" .. title .. "\\007'; exec sleep 60" } }
  end
  tab:activate()
  pane:activate()
end)

wezterm.on('format-tab-title', function(tab)
  local mark = tab.is_active and '●' or '○'
  return ' ' .. mark .. ' ' .. (tab.tab_index + 1) .. ' ' .. tab.active_pane.title .. ' '
end)

wezterm.on('update-status', function(window, pane)
  window:set_right_status(wezterm.format {
    { Foreground = { Color = '#89b4fa' } },
    { Text = window:active_workspace() .. ' ' },
    { Foreground = { Color = '#f9e2af' } },
    { Text = 'pane ' .. pane:pane_id() .. ' ' },
  })
end)

return config
