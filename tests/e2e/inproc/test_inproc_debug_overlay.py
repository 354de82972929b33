"""ShowDebugOverlay: why did it run, and Lua typed by the user."""

from __future__ import annotations

import pytest

LUA = """
local wezterm = require 'wezterm'
wezterm.on('format-tab-title', function(tab) return ' <' .. tab.active_pane.title .. '> ' end)
return {}
"""


def open_overlay(start, lua=LUA):
    session = start(lua, cols=80, rows=20)
    session.screen.key("L", "CTRL|SHIFT")
    session.until_text("type Lua and press Enter")
    return session


def test_the_overlay_says_why_a_title_ran_and_goes_with_escape(start):
    session = start(LUA)
    session.until_text("<")
    session.screen.key("L", "CTRL|SHIFT")
    session.until_text("Why callbacks ran")
    assert any("format-tab-title" in row for row in session.screen.rows)
    session.screen.key("Home")
    session.until_text("Log")
    session.screen.key("Escape")
    session.until(lambda: not any("type Lua" in row for row in session.screen.rows))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("1 + 41", "42"),
        ("'a' .. 'b', true, nil", '"ab"    true    nil'),
        ("{ x = 1, 'y' }", '1: "y",'),
        ("pane:pane_id() + 100", "100"),
        ("window:active_workspace()", "default"),
        ("wezterm.shell_join_args { 'a b' }", r'"\"a b\""'),
        ("error 'my own'", "my own"),
        ("nothing.there", "attempt to index a nil value"),
        ("1 +* 2", "unexpected symbol"),
        ("select('#', wezterm.sleep_ms(1))", "0"),
    ],
)
def test_what_is_typed_is_run_and_its_values_shown(start, typed, answer):
    session = open_overlay(start)
    session.screen.type(typed + "\n")
    session.until(lambda: any(answer in row and typed not in row for row in session.screen.rows), answer)


def test_statements_stay_in_force_and_may_have_several_lines(start):
    session = open_overlay(start)
    session.screen.type("function double(x)\n")
    session.until_text(">> ")
    session.screen.type("return 2 * x\n")
    session.screen.type("end\n")
    session.until(
        lambda: session.screen.rows[-2].strip("│ ").startswith("> ") or "> " in session.screen.rows[-2]
    )
    session.screen.type("double(21)\n")
    session.until(lambda: any(row.strip("│ ") == "42" for row in session.screen.rows))
    # The history has it, and the next time too.
    session.screen.key("Escape")
    session.settle()
    session.screen.key("L", "CTRL|SHIFT")
    session.until_text("type Lua")
    session.screen.key("UpArrow")
    session.until_text("> double(21)")


def test_what_is_typed_can_act_on_the_window(start):
    session = open_overlay(start)
    session.screen.type("window:set_right_status('from the prompt')\n")
    session.until(lambda: "from the prompt" in session.bar)


def test_the_prompt_works_without_a_configuration(start):
    session = start(cols=80)
    session.screen.key("L", "CTRL|SHIFT")
    session.screen.type("6 * 7\n")
    session.until(lambda: any(row.strip("│ ") == "42" for row in session.screen.rows))


def test_pasted_lines_are_one_statement(start):
    session = start(cols=80)
    session.screen.key("L", "CTRL|SHIFT")
    session.screen.paste("(function()\n  local x = 20\r\n  return x + 3\nend)()")
    session.screen.key("Enter")
    session.until(lambda: any(row.strip("│ ") == "23" for row in session.screen.rows))


@pytest.mark.parametrize("size", [(1, 1), (4, 3), (3, 9), (200, 50)])
def test_the_overlay_fits_anywhere(start, size):
    session = open_overlay(start)
    session.screen.type("'漢字漢字漢字'\n")
    session.screen.resize(*size)
    session.settle()
    session.screen.type("x")
    session.screen.key("PageUp")
    session.screen.wheel(0, 0)
    session.settle()
