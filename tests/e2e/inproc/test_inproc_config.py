from __future__ import annotations

import os
import time

from inproc_session import Session


def test_an_error_in_the_config_is_shown_with_its_place_and_the_program_runs(start):
    session = start("local config = {}\nconfig.x = nil + 1\nreturn config\n", cols=150)
    session.until_text("Configuration error")
    assert "perilune.lua:2" in session.screen.text
    assert session.domain.spawned
    session.screen.key("Escape")
    session.until(lambda: "Configuration error" not in session.screen.text)
    session.screen.type("x")
    session.received(b"x")


def test_a_syntax_error_likewise(start):
    session = start("return {\n", cols=150)
    session.until_text("Configuration error")
    assert "perilune.lua" in session.screen.text


def test_typing_dismisses_the_panel_and_is_not_lost(start):
    session = start("error('no')")
    session.until_text("Configuration error")
    session.screen.type("ls")
    session.received(b"ls")
    session.until(lambda: "Configuration error" not in session.screen.text)


def test_an_option_of_the_wrong_type_is_named_and_the_rest_holds(start):
    session = start("return { tab_max_width = 'wide', tab_bar_at_bottom = true }")
    session.until_text("tab_max_width")
    assert "1:" in session.screen.rows[-1]


def test_saving_reloads(start):
    session = start("return {}")
    session.settle()
    session.config_file.write_text("return { tab_bar_at_bottom = true }", encoding="utf-8")
    session.until(lambda: "1:" in session.screen.rows[-1], "the bar at the bottom")


def test_an_editor_that_replaces_the_file_reloads(start):
    session = start("return {}")
    session.settle()
    new = session.config_file.with_name("perilune.lua.new")
    new.write_text("return { tab_bar_at_bottom = true }", encoding="utf-8")
    new.replace(session.config_file)
    session.until(lambda: "1:" in session.screen.rows[-1], "the bar at the bottom")
    new.write_text("return { tab_bar_at_bottom = false }", encoding="utf-8")
    new.replace(session.config_file)
    session.until(lambda: "1:" in session.screen.rows[0], "the bar at the top")


def test_a_module_that_the_config_requires_is_watched(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    module = home / "look.lua"
    module.write_text("return { tab_bar_at_bottom = false }", encoding="utf-8")
    session = Session(home, "return require 'look'")
    try:
        session.start()
        session.settle()
        module.write_text("return { tab_bar_at_bottom = true }", encoding="utf-8")
        session.until(lambda: "1:" in session.screen.rows[-1], "the bar at the bottom")
    finally:
        session.close()


def test_a_failing_reload_keeps_the_last_good_config_and_a_good_one_clears_the_panel(start):
    session = start("return { tab_bar_at_bottom = true }")
    session.until(lambda: "1:" in session.screen.rows[-1])
    session.config_file.write_text("return { tab_bar_at_bottom = ", encoding="utf-8")
    session.until_text("Configuration error")
    assert "1:" in session.screen.rows[-1]
    session.config_file.write_text("return { tab_bar_at_bottom = false }", encoding="utf-8")
    session.until(lambda: "Configuration error" not in session.screen.text)
    session.until(lambda: "1:" in session.screen.rows[0])


def test_reload_by_key_when_watching_is_off(start):
    session = start("return { automatically_reload_config = false }")
    session.settle()
    session.config_file.write_text("return { tab_bar_at_bottom = true }", encoding="utf-8")
    session.screen.key("R", "CTRL|SHIFT")
    session.until(lambda: "1:" in session.screen.rows[-1])


def test_events_of_reloads_and_overrides(start):
    session = start("""
      local wezterm = require 'wezterm'
      local count = 0
      wezterm.on('window-config-reloaded', function(window, pane)
        count = count + 1
        window:set_right_status('reloads ' .. count)
      end)
      wezterm.on('override', function(window, pane)
        window:set_config_overrides { tab_bar_at_bottom = true }
      end)
      return { keys = { { key = 'o', mods = 'ALT', action = wezterm.action.EmitEvent 'override' } } }
    """)
    session.until_text("reloads 1")
    session.screen.key("o", "ALT")
    session.until(lambda: "1:" in session.screen.rows[-1])
    session.until_text("reloads 2")
    session.settle()
    # The same overrides again are no change: handlers set them at every event.
    session.screen.key("o", "ALT")
    session.settle()
    assert "reloads 2" in session.screen.text


def test_gui_startup_may_open_the_first_windows(start):
    session = start("""
      local wezterm = require 'wezterm'
      wezterm.on('gui-startup', function(cmd)
        local tab, pane, window = wezterm.mux.spawn_window { args = { 'first' } }
        pane:split { args = { 'second' } }
        window:spawn_tab { args = { 'third' } }
      end)
      return {}
    """)
    session.until(lambda: len(session.domain.spawned) == 3)
    session.until(lambda: "2: " in session.bar)
    assert [item.command for item in session.domain.spawned] == [("first",), ("second",), ("third",)]
    assert len(list(session.app.services.views)) == 1


def test_palette_and_cursor_reach_the_front_end(start):
    session = start("""return {
      colors = { background = '#102030', cursor_bg = 'red' }, default_cursor_style = 'BlinkingBar' }""")
    session.until(lambda: session.screen.cursor is not None)
    assert session.screen.palette.background == (16, 32, 48)
    assert (session.screen.cursor.shape, session.screen.cursor.blinking) == ("bar", True)
    session.print("\x1b[2 q")
    session.until(lambda: session.screen.cursor.shape == "block")


def test_without_a_config_no_lua_is_started(start):
    session = start()
    session.settle()
    assert not session.app.services.events.has_handler("update-status")
    import threading

    assert not [thread for thread in threading.enumerate() if thread.name == "lua"]


def test_problems_of_options_are_shown_once_and_cost_no_key(start):
    bad = "return { tab_max_width = 'wide', tab_bar_at_bottom = %s }"
    session = start(bad % "true")
    session.until_text("Configuration problems")
    session.screen.key("Enter")
    session.received(b"\r")
    session.until(lambda: "Configuration problems" not in session.screen.text)
    session.config_file.write_text(bad % "false", encoding="utf-8")
    session.until(lambda: "1:" in session.screen.rows[0])
    assert "Configuration problems" not in session.screen.text


def test_what_is_only_doubtful_is_left_to_the_log(start):
    session = start(
        "return { color_scheme = 'No Such Scheme', no_such_option = 1, tab_bar_at_bottom = true }"
    )
    session.until(lambda: "1:" in session.screen.rows[-1])
    assert "Configuration" not in session.screen.text


def slow(tmp_path, rest):
    """A configuration that goes on loading until a file is there."""
    gate = tmp_path / "gate"
    return (
        gate,
        f"""
      local file
      repeat
        file = io.open('{gate}', 'r')
      until file
      file:close()
      {rest}
    """,
    )


def begin(tmp_path, text):
    """A session whose configuration does not load yet."""
    home = tmp_path / "home"
    home.mkdir()
    return Session(home, text, cols=120)


def test_the_first_program_waits_a_while_for_a_slow_config(tmp_path):
    gate, text = slow(tmp_path, "return { tab_bar_at_bottom = true, default_prog = { 'other' } }")
    session = begin(tmp_path, text)
    try:
        session.app.start()
        session.until_text("Loading the configuration")
        session.screen.type("early")
        session.screen.paste(" paste")
        session.screen.resize(100, 9)
        session.settle()
        assert session.screen.frame.buffer.cols == 100
        assert "Loading" in session.screen.rows[4]
        assert not session.domain.spawned
        gate.touch()
        while not session.domain.spawned:
            session.turn(0.0)  # the clock stands still, so that patience does not end
        assert [item.command for item in session.domain.spawned] == [("other",)]
        session.until(lambda: "1:" in session.screen.rows[-1], "the configuration is applied")
        assert "Loading" not in session.screen.text
        session.received(b"early paste")
    finally:
        session.close()


def test_a_slow_config_opens_the_first_windows_itself(tmp_path):
    gate, text = slow(
        tmp_path,
        "require('wezterm').on('gui-startup', function() require('wezterm').mux.spawn_window { args = {'mine'} } end)"
        "return {}",
    )
    session = begin(tmp_path, text)
    try:
        session.app.start()
        session.until_text("Loading the configuration")
        gate.touch()
        while not session.domain.spawned:
            session.turn(0.0)
        session.until_text("$")
        assert [item.command for item in session.domain.spawned] == [("mine",)]
    finally:
        session.close()


def test_what_is_saved_while_a_slow_config_loads_is_loaded_after_it(tmp_path):
    gate, text = slow(tmp_path, "return { tab_bar_at_bottom = false }")
    session = begin(tmp_path, text)
    try:
        session.app.start()
        session.until_text("Loading the configuration")
        session.config_file.write_text("return { tab_bar_at_bottom = true }", encoding="utf-8")
        os.utime(session.config_file, (time.time() + 5, time.time() + 5))
        gate.touch()
        session.until(lambda: session.screen.frame.bar_row == 11, "what was saved is in force")
        assert session.app.config._loads == 2
    finally:
        session.close()


def test_a_very_slow_config_does_not_hold_the_program_up(start, tmp_path):
    gate, text = slow(tmp_path, "return { tab_bar_at_bottom = true, default_prog = { 'other' } }")
    session = start(text, waits_for_config=False, cols=120)
    session.until_text("still loading")
    assert not session.app.config.is_loaded
    assert "1:" in session.screen.rows[0]
    assert session.domain.spawned[0].command != ("other",)
    session.screen.type("x")
    session.received(b"x")
    gate.touch()
    session.until(lambda: "1:" in session.screen.rows[-1], "the configuration is applied")
    assert "still loading" not in session.screen.text
    assert len(session.domain.spawned) == 1


def test_the_notice_of_a_slow_config_goes_when_it_is_loaded(start, tmp_path):
    gate, text = slow(tmp_path, "return {}")
    session = start(text, waits_for_config=False, cols=120)
    session.until_text("still loading")
    gate.touch()
    session.until(lambda: "still loading" not in session.screen.text)


def test_a_slow_config_that_fails_is_shown_to_fail(start, tmp_path):
    gate, text = slow(tmp_path, "error('after all')")
    session = start(text, waits_for_config=False, cols=120)
    session.until_text("still loading")
    gate.touch()
    session.until_text("after all")
    assert "still loading" not in session.screen.text


def test_what_is_in_force_after_an_error_is_said(start):
    session = start("error('no')", cols=120)
    session.until_text("The defaults are in force")
    assert "last good" not in session.screen.text
    session.config_file.write_text("return {}", encoding="utf-8")
    session.until(lambda: "Configuration error" not in session.screen.text)
    session.config_file.write_text("error('again')", encoding="utf-8")
    session.until_text("The last good configuration is in force")
