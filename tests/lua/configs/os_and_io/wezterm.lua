local wezterm = require 'wezterm'
local config = {}

local function exists(path)
  local file = io.open(path, 'r')
  if file == nil then return false end
  file:close()
  return true
end

local function lines_of(path)
  local found = {}
  for line in io.lines(path) do
    if not line:find '^%s*#' then found[#found + 1] = line end
  end
  return found
end

local home = os.getenv 'HOME' or wezterm.home_dir
local here = wezterm.config_dir
config.default_cwd = home .. '/'
config.scrollback_lines = exists(here .. '/lines.txt') and tonumber(lines_of(here .. '/lines.txt')[1]) or 1
config.set_environment_variables = {
  SAID = io.popen('echo said'):read('*l'),
  RAN = tostring(os.execute('true')),
  CHILD = select(2, wezterm.run_child_process { 'printf', '%s', 'child' }),
  FILES = tostring(#wezterm.glob(here .. '/*.txt')),
  YEAR = tostring(os.date('*t').year > 2000),
}
if wezterm.target_triple:find 'windows' then config.default_prog = { 'pwsh.exe' } end

local extra = dofile(here .. '/extra.lua')
for name, value in pairs(extra) do config[name] = value end

package.path = here .. '/lib/?.lua;' .. package.path
config.tab_max_width = require('widths').tab
return config
