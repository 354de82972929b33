local act = require('wezterm').action
local M = {}

local directions = { h = 'Left', j = 'Down', k = 'Up', l = 'Right' }

function M.apply_to_config(config)
  config.keys = config.keys or {}
  for key, direction in pairs(directions) do
    table.insert(config.keys, { key = key, mods = 'ALT', action = act.ActivatePaneDirection(direction) })
  end
  for i = 1, 9 do
    config.keys[#config.keys + 1] = { key = tostring(i), mods = 'ALT', action = act.ActivateTab(i - 1) }
  end
end

return M
