from __future__ import annotations

TITLES = """
local wezterm = require 'wezterm'
wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)
  return '[' .. tab.tab_index .. (hover and '!' or '') .. tab.active_pane.title .. ']'
end)
return {}
"""


def lua_calls(session):
    return session.probe("titles_evaluated")


def test_titles_come_from_lua(start):
    session = start(TITLES)
    session.until_text("[0")
    session.program.print("\x1b]2;hello\x07")
    session.until_text("[0hello]")


def test_a_steady_state_makes_no_lua_call_however_many_frames(start):
    session = start(TITLES)
    session.until_text("[0")
    session.settle()
    calls, frames = lua_calls(session), session.screen.frames
    for number in range(10):
        session.print(f"\r\nline {number}")
    assert session.screen.frames >= frames + 10
    assert lua_calls(session) == calls


def test_hover_is_told_and_a_second_visit_is_answered_from_memory(start):
    session = start(TITLES)
    session.screen.key("T", "CTRL|SHIFT")
    session.until_text("[1")
    session.settle()
    session.screen.mouse(0, 1)
    session.until_text("[0!")
    session.screen.mouse(4, 4)
    session.until(lambda: "[0!" not in session.screen.text)
    session.settle()
    calls = lua_calls(session)
    session.screen.mouse(0, 1)
    session.until_text("[0!")
    assert lua_calls(session) == calls


def test_a_resize_asks_only_for_new_widths(start):
    session = start(TITLES)
    session.until_text("[0")
    session.settle()
    calls = lua_calls(session)
    for cols in (59, 58, 57, 58, 59, 60):
        session.screen.resize(cols, 12)
        session.settle()
    # The panes' sizes are among what a callback is given; the memo engine will know that it does not read them.
    assert lua_calls(session) - calls <= 6 * 2


def test_a_failing_callback_leaves_the_built_in_title(start):
    session = start("""
      require('wezterm').on('format-tab-title', function() error('broken') end)
      return {}
    """)
    session.until_text(" 1: ")
    session.settle()
    assert "Configuration error" not in session.screen.text


def test_a_slow_callback_holds_no_frame_up(start):
    session = start("""
      local wezterm = require 'wezterm'
      wezterm.on('format-tab-title', function(tab)
        local until_ = os.clock() + 0.05
        while os.clock() < until_ do end
        return 'slow ' .. tab.active_pane.title
      end)
      return {}
    """)
    # The first frames have the built-in title; Lua's arrives later, by itself.
    session.until_text("$")
    session.until_text("slow")
    session.settle()
    frames = session.screen.frames
    session.print("\x1b]2;new\x07text")
    session.until_text("text")
    assert session.screen.frames > frames
    session.until_text("slow new")


def test_a_handler_that_ran_lets_titles_be_asked_again(start):
    session = start("""
      local wezterm = require 'wezterm'
      local mood = 'calm'
      wezterm.on('format-tab-title', function() return mood end)
      wezterm.on('excite', function() mood = 'excited' end)
      return { keys = { { key = 'e', mods = 'ALT', action = wezterm.action.EmitEvent 'excite' } } }
    """)
    session.until_text("calm")
    session.screen.key("e", "ALT")
    session.until_text("excited")


def test_the_window_title(start):
    session = start("""
      require('wezterm').on('format-window-title', function(tab, pane, tabs) return #tabs .. ' tabs' end)
      return {}
    """)
    session.until(lambda: session.screen.title == "1 tabs")
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: session.screen.title == "2 tabs")


def test_styled_titles_have_their_colours(start):
    session = start("""
      local wezterm = require 'wezterm'
      wezterm.on('format-tab-title', function()
        return { { Background = { Color = '#010203' } }, { Text = 'XY' } }
      end)
      return {}
    """)
    session.until_text("XY")
    assert session.cell(0, session.bar.index("XY"))[2] & 0xFFFFFF == 0x010203


def test_a_reload_brings_other_titles(start):
    session = start(TITLES)
    session.until_text("[0")
    session.config_file.write_text("return {}", encoding="utf-8")
    session.until(lambda: session.bar.startswith(" 1: "))


def test_a_timer_of_the_config_changes_a_title_by_itself(start):
    session = start("""
      local wezterm = require 'wezterm'
      local mood = 'calm'
      wezterm.on('format-tab-title', function() return mood end)
      wezterm.time.call_after(1, function() mood = 'woken' end)
      return {}
    """)
    session.until_text("calm")
    session.until_text("woken")


def test_a_clock_in_a_title_goes_on_by_itself(start):
    session = start("""
      local wezterm = require 'wezterm'
      wezterm.on('format-tab-title', function() return 'at ' .. os.time() .. '.' end)
      return {}
    """)
    session.until_text("at 17")
    first = session.bar
    session.until(lambda: session.bar != first, "another second")


def test_a_title_that_asks_the_mux_follows_other_windows(start):
    session = start("""
      local wezterm = require 'wezterm'
      wezterm.on('format-tab-title', function() return #wezterm.mux.all_windows() .. ' windows' end)
      return { keys = { { key = 'n', mods = 'ALT', action = wezterm.action.EmitEvent 'nothing' } } }
    """)
    session.until_text("1 windows")
    mux = session.app.services.mux
    mux.spawn_tab(mux.create_window(None, session.view.pane_size(session.app.services.windows.size)), None)
    session.until_text("2 windows")
