"""Configs as users bring them, through `perilune start`."""

from __future__ import annotations

import pytest

from perilune.base.input import Modifiers

TITLES = """
local wezterm = require 'wezterm'
local config = wezterm.config_builder()
config.tab_max_width = 30
config.colors = { tab_bar = { background = '#101010',
  active_tab = { bg_color = '#2030a0', fg_color = '#ffffff' },
  inactive_tab = { bg_color = '#202020', fg_color = '#808080' } } }
wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)
  return { { Attribute = { Intensity = 'Bold' } }, { Text = ' <' .. tab.tab_index .. '/' .. #tabs .. '> ' } }
end)
wezterm.on('update-status', function(window, pane)
  window:set_right_status(wezterm.format { { Foreground = { Color = '#ff0000' } }, { Text = 'right ' .. pane:pane_id() } })
  window:set_left_status('left|')
end)
return config
"""


def test_a_title_callback_and_a_status_draw_the_bar(start):
    session = start(lua=TITLES)
    session.wait_text("<0/1>")
    session.wait_for(
        lambda: session.rows[0].startswith("left|") and session.rows[0].endswith("right 0"), "both statuses"
    )
    row, col = session.find("<0/1>")
    cell = session.terminal.cell(row, col)
    assert cell.bg == (0x20, 0x30, 0xA0)
    assert cell.bold
    assert session.terminal.cell(row, session.rows[0].index("right")).fg == (255, 0, 0)
    session.key("t", Modifiers.CTRL | Modifiers.SHIFT)
    session.wait_text("<1/2>")
    session.wait_text("<0/2>")


LIVE = """
require('wezterm').on('format-tab-title', function(tab)
  local pane = tab.active_pane
  return '<' .. pane.current_working_dir.file_path .. '|' .. pane.foreground_process_name:match('[^/]+$') .. '>'
end)
return { default_prog = { '/bin/cat' }, tab_max_width = 200 }
"""


def test_program_and_directory_are_there_at_the_first_title(start, home):
    session = start(lua=LIVE, wait=None, cols=200)
    session.wait_for(lambda: f"<{home}|cat>" in session.rows[0], "the title")
    assert "failed" not in (home / "perilune.log").read_text(encoding="utf-8")


def test_reload_on_save(start, home):
    session = start(lua=TITLES)
    session.wait_text("<0/1>")
    (home / ".wezterm.lua").write_text(TITLES.replace("' <'", "' new<'"))
    session.wait_text("new<0/1>")


def test_an_error_is_shown_with_its_line_and_the_shell_runs(start, home):
    session = start(lua="local x = nil\nlocal y = x.field\nreturn {}\n", wait=None)
    session.wait_text(".wezterm.lua:2")
    session.key("Escape")
    session.wait_gone(".wezterm.lua:2")
    session.send("echo ru''ns\r")
    session.wait_text("runs")
    (home / ".wezterm.lua").write_text(TITLES)
    session.wait_text("<0/1>")


def test_a_syntax_error_on_reload_keeps_the_last_good_config(start, home):
    session = start(lua=TITLES)
    session.wait_text("<0/1>")
    (home / ".wezterm.lua").write_text("return {{{")
    session.wait_text(".wezterm.lua:1")
    assert "<0/1>" in session.rows[0]


def test_a_failing_title_callback_falls_back_to_the_built_in_title(start):
    session = start(
        lua="""
        local wezterm = require 'wezterm'
        wezterm.on('format-tab-title', function(tab) return tab.nothing.here end)
        return {}"""
    )
    session.wait_text(" 1: ")


def test_an_endless_callback_does_not_hold_the_screen(start):
    session = start(
        lua="""
        local wezterm = require 'wezterm'
        wezterm.on('format-tab-title', function(tab) while true do end end)
        return {}"""
    )
    session.wait_text(" 1: ")
    session.send("echo go''es on\r")
    session.wait_text("goes on")


def test_keys_leader_key_tables_and_callbacks(start):
    session = start(
        lua="""
        local wezterm = require 'wezterm'
        local act = wezterm.action
        local config = wezterm.config_builder()
        config.leader = { key = 'a', mods = 'CTRL', timeout_milliseconds = 5000 }
        config.keys = {
          { key = 's', mods = 'LEADER', action = act.SendString 'sent by leader' },
          { key = 'r', mods = 'LEADER', action = act.ActivateKeyTable { name = 'mine', one_shot = false } },
          { key = 'k', mods = 'ALT', action = wezterm.action_callback(function(window, pane)
              pane:send_text('from callback ' .. window:active_workspace())
              window:perform_action(act.SpawnTab 'CurrentPaneDomain', pane)
            end) },
        }
        config.key_tables = { mine = {
          { key = 'x', action = act.SendString '[x]' },
          { key = 'Escape', action = 'PopKeyTable' },
        } }
        return config"""
    )
    session.key("a", Modifiers.CTRL)
    session.send("s")
    session.wait_text("sent by leader")
    session.key("a", Modifiers.CTRL)
    session.send("r")
    session.send("xx")
    session.wait_text("[x][x]")
    session.key("Escape")
    session.send("xx")
    session.wait_text("[x][x]xx")
    session.key("k", Modifiers.ALT)
    session.wait_text(" 2: ")
    session.click(0, 1)
    session.wait_text("from callback default")


@pytest.mark.parametrize(
    "place",
    ["option", "environment", "xdg", "dot-perilune", "wezterm-environment", "dot-wezterm", "xdg-wezterm"],
)
def test_where_a_config_is_found(start, home, place):
    text = "return { tab_bar_at_bottom = true }"
    arguments: list[str] = []
    env: dict[str, str] = {}
    path = {
        "option": home / "some.lua",
        "environment": home / "some.lua",
        "xdg": home / ".config/perilune/perilune.lua",
        "dot-perilune": home / ".perilune.lua",
        "wezterm-environment": home / "some.lua",
        "dot-wezterm": home / ".wezterm.lua",
        "xdg-wezterm": home / ".config/wezterm/wezterm.lua",
    }[place]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if place == "option":
        arguments = ["--config-file", str(path)]
    elif place == "environment":
        env["PERILUNE_CONFIG_FILE"] = str(path)
    elif place == "wezterm-environment":
        env["WEZTERM_CONFIG_FILE"] = str(path)
    session = start(*arguments, **env)
    session.wait_for(lambda: session.rows[-1].startswith(" 1: "), "the bar at the bottom")


def test_overrides_before_and_after_the_command(start):
    session = start(
        "--config",
        "tab_bar_at_bottom=true",
        "start",
        "--config",
        "show_new_tab_button_in_tab_bar=false",
        lua="return {}",
    )
    session.wait_for(lambda: session.rows[-1].startswith(" 1: "), "the bar at the bottom")
    assert " + " not in session.rows[-1]


def test_skipping_the_config(start):
    session = start("-n", lua="return { enable_tab_bar = false }")
    session.wait_text(" 1: ")


def test_configured_colours_apply(start):
    session = start(
        lua="return { colors = { background = '#123456', foreground = '#abcdef', ansi = {"
        "'#000001','#010000','#020000','#030000','#040000','#050000','#060000','#070000'} } }"
    )
    session.send("printf '\\033[31mre''d\\033[0m plain\\n'\r")
    session.wait_text("red plain")
    row, col = session.find("red plain")
    assert session.terminal.cell(row, col).fg == (1, 0, 0)
    assert session.terminal.cell(row, col + 4).fg == (0xAB, 0xCD, 0xEF)
    assert session.terminal.cell(row, col + 4).bg == (0x12, 0x34, 0x56)
