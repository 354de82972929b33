local wezterm = require 'wezterm'
local act = wezterm.action

wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)
  local title = tab.tab_title
  if title == nil or #title == 0 then title = tab.active_pane.title end
  return {
    { Attribute = { Intensity = tab.is_active and 'Bold' or 'Normal' } },
    { Text = string.format(' %d %s ', tab.tab_index + 1, wezterm.truncate_right(title, max_width - 4)) },
  }
end)

return {
  color_scheme = 'Catppuccin Mocha',
  font = wezterm.font_with_fallback { 'JetBrains Mono', { family = 'Noto Color Emoji', scale = 0.9 } },
  font_size = 13.5,
  line_height = 1.1,
  default_cursor_style = 'BlinkingBar',
  hide_tab_bar_if_only_one_tab = false,
  tab_bar_at_bottom = true,
  use_fancy_tab_bar = false,
  window_decorations = 'RESIZE',
  window_padding = { left = '1cell', right = '1cell', top = '0.5cell', bottom = 0 },
  inactive_pane_hsb = { saturation = 0.8, brightness = 0.7 },
  scrollback_lines = 10000,
  leader = { key = 'a', mods = 'CTRL', timeout_milliseconds = 1500 },
  keys = {
    { key = '|', mods = 'LEADER|SHIFT', action = act.SplitHorizontal { domain = 'CurrentPaneDomain' } },
    { key = '-', mods = 'LEADER', action = act.SplitVertical { domain = 'CurrentPaneDomain' } },
    { key = 'a', mods = 'LEADER|CTRL', action = act.SendKey { key = 'a', mods = 'CTRL' } },
    { key = 'LeftArrow', mods = 'CTRL | SHIFT', action = act.ActivatePaneDirection 'Left' },
    { key = 'Enter', mods = 'ALT', action = 'DisableDefaultAssignment' },
    { key = 'r', mods = 'LEADER', action = act.ActivateKeyTable { name = 'resize', one_shot = false } },
    { key = 'E', mods = 'CTRL', action = act.PromptInputLine {
      description = 'New name',
      action = wezterm.action_callback(function(window, pane, line)
        if line then window:active_tab():set_title(line) end
      end),
    } },
  },
  key_tables = {
    resize = {
      { key = 'h', action = act.AdjustPaneSize { 'Left', 1 } },
      { key = 'Escape', action = 'PopKeyTable' },
    },
  },
  mouse_bindings = {
    { event = { Up = { streak = 1, button = 'Left' } }, mods = 'CTRL', action = act.OpenLinkAtMouseCursor },
    { event = { Down = { streak = 1, button = { WheelUp = 1 } } }, mods = 'NONE', action = act.ScrollByLine(-3) },
  },
}
