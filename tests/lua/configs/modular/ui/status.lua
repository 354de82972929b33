local wezterm = require 'wezterm'
local M = {}
function M.apply_to_config(config)
  config.status_update_interval = 2000
  wezterm.on('update-right-status', function(window, pane)
    local parts = {}
    table.insert(parts, window:active_workspace())
    parts[#parts + 1] = tostring(#window:mux_window():tabs())
    window:set_right_status(wezterm.format { { Text = table.concat(parts, ':') .. ' ' } })
  end)
end
return M
