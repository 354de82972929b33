"""What scripts read of a pane: rows, regions, zones, the selection; and of what the mouse did last."""

from __future__ import annotations

import json
import re

import pytest

from perilune.base.input import Modifiers, MouseButton, MouseKind
from perilune.vt.selection import Selection, SelectionMode

CONFIG = """
local wezterm = require 'wezterm'
return { hide_tab_bar_if_only_one_tab = false, keys = { { key = 'F5', action = wezterm.action_callback(
  function(window, pane)
    local top = pane:get_dimensions().physical_top
    local ok, answer = pcall(function() return %s end)
    window:set_right_status('<' .. wezterm.json_encode { answer } .. '>')
  end) } } }
"""


@pytest.fixture
def ask(start):
    def answer(expression, printed, select=None):
        session = start(CONFIG % expression, cols=160, greeting="")
        session.print(printed)
        if select is not None:
            terminal = session.pane.terminal
            chosen = Selection.begin(terminal, SelectionMode.CELL, *select[0]).extend(terminal, *select[1])
            session.view.view_of(session.pane).select(chosen)
        session.screen.key("F5")
        session.until(lambda: re.search("<.*>", session.bar), "the answer")
        return json.loads(re.search("<(.*)>", session.bar)[1])[0]

    return answer


WRAPPED = "x" * 160 + "yz\r\nend"


@pytest.mark.parametrize(
    ("expression", "printed", "expected"),
    [
        ("pane:get_lines_as_text()", "one  \r\ntwo", "one\ntwo"),
        ("pane:get_lines_as_text(3):gsub('x+', 'X')", WRAPPED, ""),
        ("pane:get_lines_as_text():gsub('x+', 'X')", WRAPPED, "X\nyz\nend"),
        ("pane:get_logical_lines_as_text():gsub('x+', 'X')", WRAPPED, "Xyz\nend"),
        # Both ends belong to a region.
        ("pane:get_text_from_region(1, top, 3, top)", "abcdef", "bcd"),
        ("pane:get_text_from_region(3, top, 1, top)", "abcdef", "bcd"),
        ("pane:get_text_from_region(4, top, 1, top + 1)", "abcdef\r\nghi", "ef\ngh"),
        ("pane:get_text_from_region(158, top, 1, top + 1)", WRAPPED, "xxyz"),
        (
            "pane:get_text_from_semantic_zone(pane:get_semantic_zones('Input')[1])",
            "\x1b]133;A\x07$ \x1b]133;B\x07make all\x1b]133;C\x07\r\nok",
            "make all",
        ),
        (
            "pane:get_semantic_zone_at(3, top).semantic_type",
            "\x1b]133;A\x07$ \x1b]133;B\x07make all\x1b]133;C\x07\r\nok",
            "Input",
        ),
        (
            "pane:get_lines_as_escapes():match('^(.-)\\r\\n')",
            "a\x1b[1;31mb\x1b[0mc",
            "a\x1b[0;1;38;5;1mb\x1b[0mc",
        ),
    ],
)
def test_text_of_a_pane(ask, expression, printed, expected):
    assert ask(expression, printed) == expected


def test_a_selection_with_its_styles(ask):
    printed = "ab\x1b[1mcd\x1b[0m\r\nefgh"
    assert ask("window:get_selection_escapes_for_pane(pane)", printed, ((0, 1), (1, 1))) == (
        "b\x1b[0;1mcd\x1b[0m\r\nef\r\n"
    )
    assert ask("window:get_selection_text_for_pane(pane)", printed, ((0, 1), (1, 1))) == "bcd\nef"
    assert ask("window:get_selection_escapes_for_pane(pane)", printed) == ""


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("wezterm.mux.get_domain('far'):attach()", "failed to attach domain far"),
        ("wezterm.mux.get_domain('far'):detach()", "failed to detach domain far"),
        ("wezterm.mux.get_domain():detach()", "failed to detach domain"),
    ],
)
def test_domains_that_cannot_be_attached_say_so(start, expression, message):
    session = start(
        CONFIG.replace("return {", "return { unix_domains = {{ name = 'far' }},", 1).replace(
            "{ answer }", "{ tostring(answer) }"
        )
        % expression,
        cols=160,
    )
    session.screen.key("F5")
    session.until_text(message)


def test_a_handler_is_told_what_the_mouse_did(start):
    session = start(
        """
      local wezterm = require 'wezterm'
      local tell = wezterm.action_callback(function(window)
        window:set_right_status((wezterm.json_encode(window:current_event())))
      end)
      wezterm.on('before', function(window) window:set_right_status(tostring(window:current_event())) end)
      return {
        keys = { { key = 'F5', action = wezterm.action.EmitEvent 'before' } },
        mouse_bindings = {
          { event = { Down = { streak = 1, button = { WheelUp = 1 } } }, mods = 'CTRL', action = tell },
          { event = { Up = { streak = 2, button = 'Left' } }, action = tell },
        },
      }
    """,
        cols=100,
    )
    session.screen.key("F5")
    session.until_text("nil")
    session.screen.mouse(5, 5, MouseButton.WHEEL_UP, MouseKind.PRESS, Modifiers.CTRL)
    session.until_text('{"Down":{"button":{"WheelUp":1},"streak":1}}')
    session.screen.click(5, 5)
    session.screen.click(5, 5)
    session.until_text('{"Up":{"button":"Left","streak":2}}')
