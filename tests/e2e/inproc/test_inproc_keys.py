from __future__ import annotations

import pytest
from inproc_session import Session

from perilune.base.input import KeyEvent, KeyKind, Modifiers

CONFIG = """
local wezterm = require 'wezterm'
local act = wezterm.action
return {
  leader = { key = 'a', mods = 'CTRL', timeout_milliseconds = 1000 },
  keys = {
    { key = '|', mods = 'LEADER|SHIFT', action = act.SplitHorizontal {} },
    { key = 'a', mods = 'LEADER|CTRL', action = act.SendKey { key = 'a', mods = 'CTRL' } },
    { key = 's', mods = 'LEADER', action = act.ActivateKeyTable { name = 'move', one_shot = false } },
    { key = 'o', mods = 'LEADER', action = act.ActivateKeyTable { name = 'once' } },
    { key = 'u', mods = 'LEADER', action = act.ActivateKeyTable { name = 'move', one_shot = false, until_unknown = true } },
    { key = 'f', mods = 'LEADER', action = act.ActivateKeyTable { name = 'move', one_shot = false, prevent_fallback = true } },
    { key = 'i', mods = 'LEADER', action = act.ActivateKeyTable { name = 'move', one_shot = false, timeout_milliseconds = 500 } },
    { key = 'h', mods = 'CTRL|SHIFT', action = act.SendString 'hello' },
    { key = 'T', mods = 'CTRL|SHIFT', action = act.DisableDefaultAssignment },
    { key = 'm', mods = 'ALT', action = act.Multiple { act.SendString 'x', act.SendString 'y' } },
  },
  key_tables = {
    move = {
      { key = 'l', action = act.SendString '<right>' },
      { key = 'Escape', action = 'PopKeyTable' },
    },
    once = { { key = 'l', action = act.SendString '<once>' } },
  },
}
"""


def ready(start, **options):
    session = start(CONFIG, **options)
    session.settle()
    session.program.forget()
    return session


def test_own_keys_disabled_defaults_and_several_actions(start):
    session = ready(start)
    session.screen.key("h", "CTRL|SHIFT")
    session.screen.key("m", "ALT")
    session.received(b"helloxy")
    session.screen.key("t", "CTRL|SHIFT")
    assert session.tab_count == 1


def test_the_leader_waits_for_one_key(start):
    session = ready(start)
    session.screen.key("a", "CTRL")
    assert session.view.leader.is_active
    session.screen.key("a", "CTRL")
    session.received(b"\x01")
    assert not session.view.leader.is_active
    session.screen.key("a", "CTRL")
    session.screen.handler.on_key(KeyEvent("\\", Modifiers.SHIFT, text="|", shifted_key="|"))
    session.until(lambda: "│" in session.screen.text)


def test_a_key_after_the_leader_that_means_nothing_is_lost(start):
    session = ready(start)
    session.screen.key("a", "CTRL")
    session.screen.type("zq")
    session.received(b"q")


def test_the_leader_times_out(start):
    session = ready(start)
    session.screen.key("a", "CTRL")
    session.clock.advance(1.1)
    session.until(lambda: not session.view.leader.is_active)
    session.screen.type("q")
    session.received(b"q")


def test_a_modifier_alone_does_not_end_the_leader(start):
    session = ready(start)
    session.screen.key("a", "CTRL")
    session.screen.key("LeftShift", "SHIFT")
    assert session.view.leader.is_active


def test_a_lasting_key_table_until_popped(start):
    session = ready(start)
    session.screen.key("a", "CTRL")
    session.screen.type("sll")
    session.screen.type("k")  # not in the table: falls through
    session.screen.type("l")
    session.screen.key("Escape")
    assert session.view.key_tables.active_name is None
    session.screen.type("l")
    session.received(b"<right><right>k<right>l")


def test_a_one_shot_table_is_gone_after_one_key(start):
    session = ready(start)
    session.screen.key("a", "CTRL")
    session.screen.type("oll")
    session.screen.key("a", "CTRL")
    session.screen.type("okl")
    session.received(b"<once>lkl")


def test_until_unknown_pops_at_the_first_strange_key(start):
    session = ready(start)
    session.screen.key("a", "CTRL")
    session.screen.type("ulkl")
    session.received(b"<right>kl")


def test_prevent_fallback_swallows_what_the_table_has_not(start):
    session = ready(start)
    session.screen.key("a", "CTRL")
    session.screen.type("fklq")
    session.screen.key("Escape")
    session.screen.type("q")
    session.received(b"<right>q")


def test_a_table_with_a_time_out_starts_anew_with_each_of_its_keys(start):
    session = ready(start)
    session.screen.key("a", "CTRL")
    session.screen.type("i")
    session.clock.advance(0.4)
    session.screen.type("l")
    session.clock.advance(0.4)
    session.turn(0)
    session.screen.type("l")
    session.clock.advance(0.6)
    session.until(lambda: session.view.key_tables.active_name is None)
    session.screen.type("l")
    session.received(b"<right><right>l")


def test_the_fallback_leader_only_where_the_host_swallows_chords(start):
    session = start(keyboard="legacy")
    session.settle()
    session.program.forget()
    session.screen.key("t", "CTRL")
    session.screen.type("c")
    assert session.tab_count == 2
    session.screen.key("t", "CTRL")
    session.screen.key("p")
    assert session.view.window.active_index == 0
    session.screen.key("t", "CTRL")
    session.screen.key("%")
    assert len(session.view.tab.panes()) == 2
    session.program.forget()
    session.screen.key("t", "CTRL")
    session.screen.key("t", "CTRL")
    session.screen.key("t", "CTRL")
    session.screen.key("b")  # a slip: swallowed
    session.screen.type("x")
    session.received(b"\x14x")


def test_no_fallback_leader_where_every_chord_arrives(start):
    session = start(keyboard="kitty")
    session.settle()
    session.program.forget()
    session.screen.key("t", "CTRL")
    session.screen.type("c")
    session.received(b"\x14c")


def test_releases_reach_only_programs_that_asked_for_them(start):
    session = start("return { enable_kitty_keyboard = true }")
    session.settle()
    session.program.forget()
    session.screen.key("a", kind=KeyKind.RELEASE)
    session.screen.key("b")
    session.received(b"b")
    session.set_modes("\x1b[>3u")
    session.program.forget()
    session.screen.key("Escape", kind=KeyKind.RELEASE)
    session.received(b"\x1b[27;1:3u")


def test_keys_typed_before_the_first_pane_are_kept(tmp_path):
    home = tmp_path / "early"
    home.mkdir()
    session = Session(home, "return {}")
    try:
        session.app.start()
        session.screen.type("ls\n")
        session.until(lambda: session.domain.spawned)
        session.until(lambda: session.program.read() == b"ls\r")
    finally:
        session.close()


def test_a_held_pane_stays_until_it_is_closed_by_an_assignment(start):
    session = start('return { exit_behavior = "Hold" }')
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: session.tab_count == 2)
    session.program.exit(3)
    session.until(lambda: session.pane.is_dead)
    session.until_text("exit")
    session.screen.type("aq")
    for key in ("Enter", "Escape"):
        session.screen.key(key)
    session.screen.key("c", "CTRL")
    session.screen.key("d", "CTRL")
    session.settle()
    assert session.tab_count == 2
    session.screen.key("W", "CTRL|SHIFT")
    session.until(lambda: session.tab_count == 1)


def test_a_held_pane_closes_by_the_fallback_leader(start):
    session = start('return { exit_behavior = "Hold" }', keyboard="legacy")
    session.screen.key("t", "CTRL")
    session.screen.key("c")
    session.until(lambda: session.tab_count == 2)
    session.program.exit(3)
    session.until(lambda: session.pane.is_dead)
    session.screen.key("t", "CTRL")
    session.screen.key("x")
    session.until(lambda: session.tab_count == 1)


def test_paste_is_bracketed_and_cannot_end_early(start):
    session = start()
    session.set_modes("\x1b[?2004h")
    session.program.forget()
    session.screen.paste("a\x1b[201~b")
    session.received(b"\x1b[200~ab\x1b[201~")


def test_pasting_from_the_clipboard(start):
    session = start()
    session.settle()
    session.program.forget()
    session.screen.host_clipboard = "text"
    session.screen.key("V", "CTRL|SHIFT")
    session.received(b"text")


def test_line_ends_of_a_paste_become_what_is_configured(start):
    for written, sent in (
        ("'LineFeed'", b"a\nb"),
        ("'CarriageReturnAndLineFeed'", b"a\r\nb"),
        ("'None'", b"a\r\nb"),
    ):
        session = start("return { canonicalize_pasted_newlines = " + written + " }")
        session.settle()
        session.program.forget()
        session.screen.paste("a\r\nb")
        session.received(sent)


def test_commands_that_a_config_adds_to_the_palette_come_first(start):
    session = start("""
      local wezterm = require 'wezterm'
      wezterm.on('augment-command-palette', function(window, pane)
        return {
          { brief = 'no action' },
          { brief = 'Say it', doc = 'says it', icon = 'md_rename_box',
            action = wezterm.action_callback(function(window, pane) window:set_right_status('said') end) },
        }
      end)
      return {}
    """)
    session.settle()
    session.screen.key("P", "CTRL|SHIFT")
    session.until_text("Say it   says it")
    assert "no action" not in session.screen.text
    session.screen.key("Enter")
    session.until_text("said")
    assert "Say it" not in session.screen.text


def test_the_palette_opens_though_its_handler_fails(start):
    session = start("require('wezterm').on('augment-command-palette', function() error('no') end) return {}")
    session.settle()
    session.screen.key("P", "CTRL|SHIFT")
    session.until_text("Commands")


DEFAULTS_WITHOUT_EFFECT = [
    ("=", "CTRL", "IncreaseFontSize"),
    ("Enter", "ALT", "ToggleFullScreen"),
]


@pytest.mark.parametrize(("key", "mods", "name"), DEFAULTS_WITHOUT_EFFECT)
def test_a_default_that_cannot_act_leaves_its_key_to_the_program(start, key, mods, name):
    session = start("return {}")
    session.settle()
    session.set_modes("\x1b[?2004h\x1b[>1u")
    session.program.forget()
    session.screen.key(key, mods)
    session.until(session.program.read, "the key")
    assert name not in session.screen.text


@pytest.mark.parametrize("name", ["IncreaseFontSize", "ToggleFullScreen"])
def test_an_assignment_of_the_user_that_cannot_act_says_so(start, name):
    session = start(
        f"return {{ keys = {{ {{ key = 'j', mods = 'ALT', action = require('wezterm').action.{name} }} }} }}",
        cols=100,
    )
    session.settle()
    session.program.forget()
    session.screen.key("j", "ALT")
    session.until_text(name)
    assert session.program.read() == b""
    session.screen.type("x")
    session.received(b"x")
    session.until(lambda: name not in session.screen.text)
    session.screen.key("j", "ALT")
    session.until_text(name)
    session.until(lambda: name not in session.screen.text, "it goes by itself")


def test_a_default_that_the_user_assigns_again_says_so(start):
    session = start(
        """
      return { keys = { { key = 'Enter', mods = 'ALT', action = require('wezterm').action.ToggleFullScreen } } }
    """,
        cols=100,
    )
    session.settle()
    session.program.forget()
    session.screen.key("Enter", "ALT")
    session.until_text("ToggleFullScreen")
    assert session.program.read() == b""
