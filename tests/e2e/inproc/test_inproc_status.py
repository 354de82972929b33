from __future__ import annotations

STATUS = """
local wezterm = require 'wezterm'
local count = 0
wezterm.on('update-status', function(window, pane)
  count = count + 1
  window:set_left_status('L' .. count .. ' ')
  window:set_right_status('pane ' .. pane:pane_id() .. ' ' .. tostring(window:active_key_table()))
end)
return { status_update_interval = 1000, leader = { key = 'a', mods = 'CTRL' }, keys = {
  { key = 'k', mods = 'ALT', action = wezterm.action.ActivateKeyTable { name = 'copy_mode', one_shot = false } } } }
"""


def test_left_and_right_status_are_shown(start):
    session = start(STATUS)
    session.until_text("pane 0 nil")
    assert session.bar.startswith("L")
    assert session.bar.endswith("pane 0 nil")


def test_the_timer_goes_on(start):
    session = start(STATUS)
    session.until_text("L1 ")
    session.until_text("L4 ")


def test_a_tab_switch_and_a_key_table_are_told_at_once(start):
    session = start(STATUS)
    session.until_text("pane 0")
    session.screen.key("T", "CTRL|SHIFT")
    session.until_text("pane 1")
    session.screen.key("k", "ALT")
    session.until_text("copy_mode")


def test_a_storm_of_resizes_is_one_emission_an_interval_and_one_after(start):
    session = start(STATUS)
    session.until_text("pane 0")
    session.settle()
    before = session.probe("status_emissions")
    began = session.clock.monotonic()
    for number in range(60):
        session.screen.resize(40 + number % 20, 12)
        session.turn(0.01)
    session.clock.advance(1.0)
    session.settle()
    intervals = (session.clock.monotonic() - began) / 1.0
    # The timer's own emissions among them.
    assert 1 <= session.probe("status_emissions") - before <= 2 * intervals + 2


def test_an_unchanged_status_draws_nothing(start):
    session = start("""
      require('wezterm').on('update-status', function(window) window:set_right_status('same') end)
      return {}
    """)
    session.until_text("same")
    session.settle()
    frames = session.probe("bars_drawn")
    emissions = session.probe("status_emissions")
    session.until(lambda: session.probe("status_emissions") >= emissions + 3)
    session.settle()
    assert session.probe("bars_drawn") == frames


def test_a_failing_handler_breaks_nothing(start):
    session = start("""
      require('wezterm').on('update-status', function(window) error('no') end)
      return {}
    """)
    session.settle()
    session.screen.type("x")
    session.received(b"x")


def test_user_vars_and_bells_reach_handlers(start):
    session = start("""
      local wezterm = require 'wezterm'
      wezterm.on('user-var-changed', function(window, pane, name, value)
        window:set_left_status(name .. '=' .. value .. ' ')
      end)
      wezterm.on('bell', function(window, pane) window:set_right_status('ding') end)
      return {}
    """)
    session.settle()
    session.program.print("\x1b]1337;SetUserVar=mood=aGFwcHk=\x07")
    session.until_text("mood=happy")
    session.program.print("\x07")
    session.until_text("ding")
    assert session.screen.bells == 1
