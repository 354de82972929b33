local wezterm = require 'wezterm'
local M = {}

local defaults = { mark = '*', width = 24 }

local function merged(given)
  local result = {}
  for name, value in pairs(defaults) do result[name] = value end
  for name, value in pairs(given or {}) do result[name] = value end
  return result
end

function M.apply_to_config(config, given)
  local options = merged(given)
  config.use_fancy_tab_bar = false
  config.tab_max_width = options.width
  config.show_new_tab_button_in_tab_bar = false
  wezterm.on('format-tab-title', function(tab)
    return (tab.is_active and options.mark or ' ') .. tab.active_pane.title .. ' '
  end)
end

return M
