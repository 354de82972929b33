"""Whole configs in the styles that people write, and how files are found, read and complained about."""

from __future__ import annotations

from pathlib import Path

import pytest
from lua_fakes import LuaDriver, make_tab

SINGLE = """
-- everything in one file
local wezterm = require("wezterm")
local act = wezterm.action
local is_mac = wezterm.target_triple:find("darwin") ~= nil
local function basename(s) return (string.gsub(s, "(.*[/\\\\])(.*)", "%2")) end
wezterm.on("format-tab-title", function(tab, _, _, _, hover, max_width)
  local title = tab.tab_title
  if not title or #title == 0 then title = basename(tab.active_pane.foreground_process_name) end
  local bg = tab.is_active and "#3c3836" or (hover and "#504945" or "#282828")
  return {
    { Background = { Color = bg } }, { Attribute = { Intensity = tab.is_active and "Bold" or "Normal" } },
    { Text = " " .. tab.tab_index + 1 .. ": " .. wezterm.truncate_right(title, max_width - 4) .. " " },
  }
end)
return {
  font = wezterm.font_with_fallback({ "JetBrains Mono", { family = "Symbols Nerd Font Mono", scale = 0.9 } }),
  font_size = is_mac and 14 or 11.5,
  color_scheme = nil,
  colors = { foreground = "#ebdbb2", background = "#282828", tab_bar = { background = "#1d2021",
    active_tab = { bg_color = "#3c3836", fg_color = "#fbf1c7", intensity = "Bold" } } },
  leader = { key = "a", mods = "CTRL", timeout_milliseconds = 1000 },
  keys = {
    { key = "|", mods = "LEADER|SHIFT", action = act.SplitHorizontal({ domain = "CurrentPaneDomain" }) },
    { key = "-", mods = "LEADER", action = act({ SplitVertical = { domain = "CurrentPaneDomain" } }) },
    { key = "z", mods = "LEADER", action = "TogglePaneZoomState" },
    { key = "q", mods = "LEADER", action = act.CloseCurrentPane({ confirm = true }) },
    { key = "r", mods = "LEADER", action = act.ActivateKeyTable({ name = "resize", one_shot = false }) },
    { key = "e", mods = "LEADER", action = act.Multiple({ act.SendKey({ key = "Escape" }), act.CopyTo("Clipboard") }) },
    { key = "p", mods = "LEADER", action = act.PromptInputLine({ description = "name",
      action = wezterm.action_callback(function(window, _, line) if line then window:active_tab():set_title(line) end end) }) },
  },
  key_tables = { resize = { { key = "h", action = act.AdjustPaneSize({ "Left", 5 }) }, { key = "Escape", action = "PopKeyTable" } } },
  mouse_bindings = { { event = { Up = { streak = 1, button = "Left" } }, mods = "CTRL", action = act.OpenLinkAtMouseCursor } },
  window_padding = { left = "1cell", right = 4, top = "2%", bottom = 0 },
  hyperlink_rules = wezterm.default_hyperlink_rules(),
  hide_tab_bar_if_only_one_tab = true,
}
"""

BUILDER = """
local wezterm = require 'wezterm'
local config = {}
if wezterm.config_builder then config = wezterm.config_builder() end
config:set_strict_mode(true)
config.font = wezterm.font('Fira Code', { weight = 450, italic = false })
config.tab_max_width = 32
config.keys = {}
for i = 1, 9 do
  table.insert(config.keys, { key = tostring(i), mods = 'ALT', action = wezterm.action.ActivateTab(i - 1) })
end
config.colors = { cursor_bg = wezterm.color.parse('#ff8000'):lighten(0.2) }
return config
"""

METATABLES = """
local wezterm = require 'wezterm'
local Config = {}
Config.__index = Config
function Config:init() return setmetatable({ options = {} }, self) end
function Config:append(new) for k, v in pairs(new) do
  if self.options[k] ~= nil then wezterm.log_warn('duplicate', { old = self.options[k], new = v }) goto continue end
  self.options[k] = v ::continue:: end return self end
local base = setmetatable(wezterm.config_builder(), { __index = { mark = 1 } })
base.font_size = 10
return Config:init():append({ font_size = base.font_size, scrollback_lines = 5000 }):append({ font_size = 3 }).options
"""

EVENTS = """
local wezterm = require 'wezterm'
wezterm.GLOBAL.seen = wezterm.GLOBAL.seen or {}
wezterm.on('gui-startup', function(cmd) local tab, pane, window = wezterm.mux.spawn_window(cmd or {}) window:gui_window():maximize() end)
wezterm.on('update-status', function(window, pane)
  local cells = {}
  local cwd = pane:get_current_working_dir()
  if cwd then
    local path = type(cwd) == 'userdata' and cwd.file_path or cwd:sub(8)
    table.insert(cells, path)
  end
  table.insert(cells, wezterm.strftime('%a %b %-d %H:%M'))
  for _, b in ipairs(wezterm.battery_info()) do table.insert(cells, string.format('%.0f%%', b.state_of_charge * 100)) end
  if window:leader_is_active() then table.insert(cells, 'LEADER') end
  local text = {}
  for i, cell in ipairs(cells) do
    table.insert(text, { Foreground = { AnsiColor = 'Green' } })
    table.insert(text, { Text = ' ' .. cell .. ' ' .. wezterm.nerdfonts.pl_right_hard_divider })
    text[#text + 1] = 'ResetAttributes'
  end
  window:set_right_status(wezterm.format(text))
end)
wezterm.on('user-var-changed', function(window, pane, name, value)
  local overrides = window:get_config_overrides() or {}
  if name == 'ZEN_MODE' then overrides.font_size = tonumber(value) end
  window:set_config_overrides(overrides)
end)
wezterm.on('bell', function(window, pane) wezterm.GLOBAL.seen[tostring(pane:pane_id())] = true end)
wezterm.on('toggle-opacity', function(window) window:set_config_overrides { window_background_opacity = 0.5 } end)
wezterm.on('open-uri', function(window, pane, uri) if uri:find('^mailto:') then return false end end)
return { keys = { { key = 'B', mods = 'CTRL', action = wezterm.action.EmitEvent 'toggle-opacity' } }, status_update_interval = 500 }
"""

PLUGINS = """
local wezterm = require 'wezterm'
local config = wezterm.config_builder()
local tabline = wezterm.plugin.require 'https://github.com/nobody/tabline.wez'
tabline.setup { options = { theme = 'x' }, sections = { tab_active = { 'index', { 'process', padding = 1 } } } }
tabline.apply_to_config(config)
local smart = wezterm.plugin.require('https://github.com/nobody/smart-splits.nvim')
smart.apply_to_config(config, { direction_keys = { 'h' } })
local theme = tabline.get_theme()
return config
"""


@pytest.mark.parametrize("source", [SINGLE, BUILDER, METATABLES, EVENTS, PLUGINS, SINGLE.replace("\n", "\r\n"),
                                    "\ufeff" + BUILDER, "#!/usr/bin/env lua\n" + BUILDER])  # fmt: skip
def test_user_style_configs_load(lua: LuaDriver, tmp_path: Path, source: str) -> None:
    path = tmp_path / "wezterm.lua"
    path.write_bytes(source.encode())
    result = lua.load_file(path)
    assert result.error is None, result.error
    assert not [
        problem for problem in result.problems if "a placeholder stands for it" not in problem.message
    ]
    assert path in result.watch_files


def test_the_single_file_draws_titles(lua: LuaDriver) -> None:
    lua.load(SINGLE)
    (title,) = lua.titles([make_tab(0, active=True)])
    assert title.text == "\x1b[48;2;60;56;54m\x1b[22;1m 1: zsh "


def test_the_event_config_draws_its_status(lua: LuaDriver) -> None:
    assert lua.load(EVENTS).error is None
    result = lua.emit("update-status")
    assert result.error is None
    status = next(call[3] for call in lua.program.calls if call[0] == "set_status")
    assert "\ue0b2" in status
    lua.emit("bell")
    assert lua.wait(lambda done: lua.host.evaluate("require('wezterm').GLOBAL.seen['1']", done)) == (
        True,
        None,
    )


def test_metatables_keep_the_first_value(lua: LuaDriver) -> None:
    assert lua.load(METATABLES).raw == {"font_size": 10, "scrollback_lines": 5000}


def test_modular_configs(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "extra").mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "wezterm.lua").write_text(
        "local wezterm = require 'wezterm'\n"
        "package.path = wezterm.config_dir .. '/extra/?.lua;' .. package.path\n"
        "local config = wezterm.config_builder()\n"
        "require('config').apply(config)\nrequire('config.keys')(config)\n"
        "config.font_size = require 'size'\nrequire 'theme'\n"
        "config.initial_cols = dofile(wezterm.config_dir .. '/cols.lua')\n"
        "wezterm.add_to_config_reload_watch_list(wezterm.config_dir .. '/watched.txt')\n"
        "assert(require 'config' == require 'config')\nassert(package.loaded.config)\nreturn config\n"
    )
    (tmp_path / "config/init.lua").write_text(
        "local M, path = {}, ...\nfunction M.apply(c) c.tab_max_width = 20 end return M"
    )
    (tmp_path / "config/keys.lua").write_text(
        "local wezterm = require 'wezterm'\nlocal ok, out = wezterm.run_child_process {'echo', 'x'}\n"
        "return function(c) c.keys = {{key = out:sub(1, 1), action = wezterm.action.Nop}} end"
    )
    (tmp_path / "extra/size.lua").write_text("return 17")
    (tmp_path / "cols.lua").write_text("return 99")
    (tmp_path / "shared/theme.lua").write_text("-- returns nothing")
    lua = LuaDriver(directories=[tmp_path / "shared"])
    try:
        result = lua.load_file(tmp_path / "wezterm.lua")
        assert result.error is None, result.error
        assert result.raw == {
            "tab_max_width": 20, "keys": [{"key": "x", "action": "Nop"}], "font_size": 17, "initial_cols": 99,
        }  # fmt: skip
        names = {path.relative_to(tmp_path).as_posix() for path in result.watch_files}
        assert names == {
            "wezterm.lua", "config/init.lua", "config/keys.lua", "extra/size.lua", "cols.lua", "shared/theme.lua",
            "watched.txt",
        }  # fmt: skip
    finally:
        lua.close()


def test_a_local_plugin_is_loaded(lua: LuaDriver, tmp_path: Path) -> None:
    (tmp_path / "plugin/sub").mkdir(parents=True)
    (tmp_path / "plugin/init.lua").write_text("return {name = require('sub').name}")
    (tmp_path / "plugin/sub/init.lua").write_text("return {name = 'yes'}")
    assert lua.value(f"wezterm.plugin.require('file://{tmp_path}').name") == "yes"


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("local x =\nreturn {}", "wezterm.lua:2: "),
        ("\n\nerror('mine')", "wezterm.lua:3: mine"),
        ("\nlocal t = nil\nreturn t.x", "wezterm.lua:3: attempt to index"),
        ("local w = require 'wezterm'\nw.font(5)", "wezterm.lua:2: wezterm.font"),
        ("error {code = 1}", "an error that is a table"),
        ("require 'broken'", "broken.lua:1:"),
        ("local c = require 'wezterm'.config_builder()\nc:set_strict_mode(true)\nc.fnt_size = 3\nreturn c",
         "wezterm.lua:3: unknown option 'fnt_size', did you mean 'font_size'?"),
        ("local c = require 'wezterm'.config_builder()\nc:set_strict_mode(true)\nc.font_size = {}\nreturn c",
         "wezterm.lua:3: font_size: expected"),
        ("local t = {} t.t = t return {keys = t}", "keys.t: the table contains itself"),
        ("return {keys = io.tmpfile()}", "keys: a userdata cannot be used here"),
        ("return {keys = {[{}] = 1}}", "a table cannot be a key"),
    ],
)  # fmt: skip
def test_errors_name_file_and_line(lua: LuaDriver, tmp_path: Path, source: str, where: str) -> None:
    (tmp_path / "broken.lua").write_text("return {{")
    path = tmp_path / "wezterm.lua"
    path.write_text(source)
    result = lua.load_file(path)
    assert result.config is None
    assert where in (result.error or "")
    assert path in result.watch_files


def test_problems_name_the_line_of_the_option(lua: LuaDriver) -> None:
    result = lua.load(
        "local wezterm = require 'wezterm'\nlocal c = wezterm.config_builder()\nc.font_size = 'big'\nc.tab_max_widht = 3\nreturn c"
    )
    assert result.config is not None
    messages = sorted(problem.message for problem in result.problems)
    assert messages[0].startswith("config:3: font_size: expected")
    assert messages[1].startswith("config:4: unknown option 'tab_max_widht', did you mean 'tab_max_width'?")


def test_a_missing_file_is_an_error(lua: LuaDriver, tmp_path: Path) -> None:
    assert "cannot open" in (lua.load_file(tmp_path / "none.lua").error or "")


def test_no_file_gives_defaults(lua: LuaDriver) -> None:
    result = lua.wait(lambda done: lua.host.load(None, (), done))
    assert result.error is None
    assert result.raw == {}


def test_overrides_are_expressions(lua: LuaDriver, tmp_path: Path) -> None:
    path = tmp_path / "w.lua"
    path.write_text("return {font_size = 1}")
    result = lua.load_file(path, [("font_size", "10 + 4"), ("term", "xterm"), ("enable_tab_bar", "false")])
    assert result.raw == {"font_size": 14, "term": "xterm", "enable_tab_bar": False}
    result = lua.load_file(path, [("font_size", "1 +")])
    assert result.config is None
    assert "--config font_size:1:" in (result.error or "")


def test_config_can_look_at_itself(lua: LuaDriver, tmp_path: Path) -> None:
    path = tmp_path / "w.lua"
    path.write_text("local w = require 'wezterm'\nreturn {term = w.config_file .. '|' .. w.config_dir}")
    assert lua.load_file(path).raw["term"] == f"{path}|{tmp_path}"


def test_what_only_forks_have_does_not_cost_the_config(lua: LuaDriver, tmp_path: Path) -> None:
    path = tmp_path / "wezterm.lua"
    path.write_text(
        "local wezterm = require 'wezterm'\nlocal act = wezterm.action\n"
        "local plugin = setmetatable({}, { __call = function() ran = true end })\n"
        "return { font = wezterm.font_with_fallback { { family = nil }, 'Hack', { family = 'Fira' } }, keys = {\n"
        "  { key = 'a', action = act.BalancePanes },\n"
        "  { key = 'b', action = act.SpawnCommandInNewFloatingPane { args = { 'x' } } },\n"
        "  { key = 'c', action = act { SpwanTab = 'CurrentPaneDomain' } },\n"
        "  { key = 'd', action = wezterm.action_callback(plugin) },\n"
        "} }"
    )
    result = lua.load_file(path)
    assert result.error is None
    keys = result.raw["keys"]
    assert isinstance(keys, list)
    told = "\n".join(problem.message for problem in result.problems)
    assert [key["action"] for key in keys] == ["Nop", "Nop", "Nop", {"EmitEvent": "user-defined-1"}]
    font = result.raw["font"]
    assert isinstance(font, dict)
    assert [(item["family"], item["is_fallback"]) for item in font["font"]] == [
        ("Hack", False),
        ("Fira", True),
    ]
    assert "wezterm.lua:5: wezterm.action: there is no assignment BalancePanes" in told
    assert "wezterm.lua:6: wezterm.action: there is no assignment SpawnCommandInNewFloatingPane" in told
    assert "did you mean 'SpawnTab'" in told
    assert "wezterm.lua:4: wezterm.font_with_fallback: the table at 1 has no family" in told
    lua.emit("user-defined-1")
    assert lua.wait(lambda done: lua.host.evaluate("ran", done)) == (True, None)


def test_a_key_for_a_plugin_that_is_missing_does_nothing(lua: LuaDriver, tmp_path: Path) -> None:
    path = tmp_path / "wezterm.lua"
    path.write_text(
        "local plugin = require('wezterm').plugin.require 'https://github.com/nobody/switcher'\n"
        "return { keys = { { key = 'a', action = plugin.switch() } }, colors = plugin.colors(),\n"
        "  key_tables = { t = { { key = 'b', action = plugin.go } }, u = plugin }, mouse_bindings = plugin }"
    )
    result = lua.load_file(path)
    assert result.error is None
    assert [problem.severity for problem in result.problems] == ["warning"]
    assert result.raw["keys"] == [{"key": "a", "action": "Nop"}]
    assert result.raw["key_tables"] == {"t": [{"key": "b", "action": "Nop"}]}


def test_what_a_missing_plugin_was_to_give_makes_no_errors(lua: LuaDriver, tmp_path: Path) -> None:
    path = tmp_path / "wezterm.lua"
    path.write_text(
        "local wezterm = require 'wezterm'\n"
        "local p = wezterm.plugin.require 'https://github.com/nobody/tabline.wez'\n"
        "local config = wezterm.config_builder()\n"
        "p.apply_to_config(config, {})\n"
        "config.window_padding.bottom = p.size * 2 + 1\n"
        "config.keys = config.keys or {}\n"
        "table.insert(config.keys, { key = 'a', action = wezterm.action.ActivateTab(p.n) })\n"
        "table.insert(config.keys, { key = p.key, action = 'Nop' })\n"
        "config.colors = { background = '#101010', tab_bar = { background = p.bg, inactive_tab = { bg_color = p.a } } }\n"
        "config.window_background_gradient = { colors = { p.x, p.y } }\n"
        "config.launch_menu = { p.entry, { args = { p.program } }, { args = { 'top' } } }\n"
        "config.background = { { source = { File = p.picture } } }\n"
        "config.term = require('tabline.config').term\n"
        "for _ in ipairs(p.list) do error 'no items' end\n"
        "for _ in pairs(p.list) do error 'no items' end\n"
        "config.initial_cols = p.n > 3 and 10 or 20\n"
        "return config\n"
    )
    result = lua.load_file(path)
    assert result.error is None
    assert [problem.severity for problem in result.problems] == ["warning", "warning"]
    assert "tabline.config of the plugin https://github.com/nobody/tabline.wez" in result.problems[1].message
    assert result.config is not None
    assert [str(binding.action.name) for binding in result.config.keys] == ["Nop"]
    assert result.config.initial_cols == 20
    assert result.config.palette.background == (16, 16, 16)
    assert [entry.args for entry in result.config.launch_menu] == [("top",)]


def test_a_module_that_no_missing_plugin_is_named_after_is_an_error(lua: LuaDriver, tmp_path: Path) -> None:
    path = tmp_path / "wezterm.lua"
    path.write_text(
        "require('wezterm').plugin.require 'https://github.com/nobody/tabline.wez'\nreturn require 'colours'"
    )
    error = lua.load_file(path).error
    assert error is not None
    assert "module 'colours' not found" in error


def test_a_metatable_on_the_config_is_not_asked_for_options(lua: LuaDriver) -> None:
    result = lua.run(
        "config.tab_max_width = 9\nsetmetatable(config, { __index = function(_, name) error(name) end })"
    )
    assert (result.error, result.raw["tab_max_width"]) == (None, 9)


def test_assignments_can_be_copied_deeply_with_their_metatables(lua: LuaDriver) -> None:
    result = lua.run(
        "local function clone(value)\n"
        "  if type(value) ~= 'table' then return value end\n"
        "  local copy = {}\n"
        "  for k, v in pairs(value) do copy[k] = clone(v) end\n"
        "  local meta = getmetatable(value)\n"
        "  if meta then setmetatable(copy, meta) end\n"
        "  return copy\n"
        "end\n"
        "config.keys = clone { { key = 'a', action = wezterm.action.ActivateTab(2) } }"
    )
    assert result.error is None
    assert result.raw["keys"] == [{"key": "a", "action": {"ActivateTab": 2}}]


def test_built_in_schemes_are_a_table_that_is_filled_when_asked(lua: LuaDriver) -> None:
    schemes = "local schemes = wezterm.color.get_builtin_schemes() "
    assert lua.value(f"(function() {schemes} return schemes.nord.background end)()") == "#2e3440"
    assert lua.value(f"(function() {schemes} return schemes.none end)()") is None
    changed = "schemes.nord.background = 'red' local n = 0 for name in pairs(schemes) do n = n + 1 end "
    answer = lua.value(f"(function() {schemes} {changed} return {{ n, schemes.nord.background }} end)()")
    assert answer[0] > 1000
    assert answer[1] == "red"
