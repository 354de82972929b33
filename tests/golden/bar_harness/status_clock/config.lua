-- A status handler that draws a clock and counts in a module's table; titles that look at neighbours.
local wezterm = require 'wezterm'
local ticks = { seen = 0 }
wezterm.on('update-status', function(window, pane)
  ticks.seen = ticks.seen + 1
  window:set_left_status(wezterm.format { { Attribute = { Italic = true } }, { Text = ' ' .. pane:get_title() .. ' ' } })
  window:set_right_status(wezterm.strftime_utc '%H:%M:%S ')
end)
wezterm.on('format-tab-title', function(tab, tabs)
  local following = tabs[tab.tab_index + 2]
  local unseen = false
  for _, pane in ipairs(tab.panes) do unseen = unseen or pane.has_unseen_output end
  return {
    { Text = ' ' .. tab.tab_index + 1 .. (unseen and '*' or ' ') .. tab.active_pane.title },
    'ResetAttributes',
    { Text = following and (following.is_active and '>' or '|') or '' },
  }
end)
return { tab_max_width = 20, status_update_interval = 500 }
