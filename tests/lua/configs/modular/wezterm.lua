local wezterm = require 'wezterm'
local config = wezterm.config_builder and wezterm.config_builder() or {}

for _, name in ipairs { 'ui', 'keys.main', 'ui.status' } do
  local ok, part = pcall(require, name)
  assert(ok, part)
  part.apply_to_config(config)
end

local has_local, machine = pcall(require, 'machine_that_is_not_there')
if has_local then machine(config) end

return config
