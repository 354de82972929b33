"""Copy mode's moves, one by one, over text with wide characters, wrapped rows and zones."""

from __future__ import annotations

import pytest

A, B, C = "\x1b]133;A\x1b\\", "\x1b]133;B\x1b\\", "\x1b]133;C\x1b\\"
BOTH = "ClipboardAndPrimarySelection"
KEYS = """
local act = require('wezterm').action
local function key(name, action) return { key = name, action = act.CopyMode(action) } end
local keys = require('wezterm').gui.default_key_tables().copy_mode
for _, item in ipairs {
  key('F1', 'MoveBackwardSemanticZone'), key('F2', 'MoveForwardSemanticZone'),
  key('F3', { MoveBackwardZoneOfType = 'Input' }), key('F4', { MoveForwardZoneOfType = 'Output' }),
  key('F5', { SetSelectionMode = 'SemanticZone' }), key('F6', { SetSelectionMode = 'Word' }),
  key('F7', 'ClearSelectionMode'), key('F8', 'EditPattern'), key('F9', 'CycleMatchType'),
  key('F10', 'NextMatch'), key('F11', 'MoveToSelectionOtherEnd'), key('F12', { MoveByPage = -1 }),
} do keys[#keys + 1] = item end
local search = require('wezterm').gui.default_key_tables().search_mode
search[#search + 1] = { key = 'Enter', mods = 'SHIFT', action = act.CopyMode 'AcceptPattern' }
return { key_tables = { copy_mode = keys, search_mode = search } }
"""


@pytest.fixture
def copying(start):
    """Starts copy mode over a text; gives the session, and the overlay."""

    def begin(text, **options):
        session = start(KEYS, greeting="", **options)
        session.settle()
        session.print(text)
        session.screen.key("X", "CTRL|SHIFT")
        return session, session.view.view_of(session.pane).overlay

    return begin


def at(_session, overlay):
    """Where the cursor is, as row of the screen's history and column."""
    return overlay.row, overlay.col


def test_wide_characters_are_one_step(copying):
    session, overlay = copying("a漢字b")
    session.screen.key("0")
    places = []
    for _ in range(4):
        places.append(overlay.col)
        session.screen.key("l")
    assert places == [0, 1, 3, 5]
    session.screen.type("0f字")
    assert overlay.col == 3
    session.screen.type("vly")
    assert session.screen.clipboards[BOTH] == "字b"


def test_words_lines_and_ends(copying):
    session, overlay = copying("  one two(three)\r\nfour 漢字 five")
    session.screen.type("gg0")
    session.screen.key("m", "ALT")
    assert at(session, overlay) == (0, 2)
    columns = []
    for _ in range(4):
        session.screen.key("w")
        columns.append(at(session, overlay))
    assert columns == [(0, 6), (0, 10), (1, 0), (1, 5)]
    session.screen.key("b")
    assert at(session, overlay) == (1, 0)
    session.screen.type("e")
    assert at(session, overlay) == (1, 3)
    session.screen.type("$")
    assert at(session, overlay) == (1, 13)
    session.screen.type("0")
    session.screen.key("b")
    assert at(session, overlay) == (0, 10)
    session.screen.key("Enter")
    assert at(session, overlay) == (1, 0)
    session.screen.type("k^")
    assert at(session, overlay) == (0, 2)


def test_a_mode_set_again_ends_the_selection(copying):
    session, _ = copying("alpha beta")
    session.screen.type("0vl")
    assert session.view.view_of(session.pane).selected_text() == "al"
    session.screen.type("v")
    assert session.view.view_of(session.pane).selected_text() == ""
    session.screen.key("F6")
    session.screen.type("w")
    assert session.view.view_of(session.pane).selected_text() == "alpha beta"
    session.screen.key("F7")
    assert session.view.view_of(session.pane).selection is None


def test_other_ends_of_a_rectangle(copying):
    session, overlay = copying("abcd\r\nefgh\r\nijkl")
    session.screen.type("gg0l")
    session.screen.key("v", "CTRL")
    session.screen.type("jl")
    text = session.view.view_of(session.pane).selected_text
    assert text() == "bc\nfg"
    session.screen.type("O")
    assert (overlay.col, text()) == (1, "bc\nfg")
    session.screen.type("h")
    assert text() == "abc\nefg"
    session.screen.type("o")
    assert at(session, overlay) == (0, 2)
    session.screen.type("y")
    assert session.screen.clipboards[BOTH] == "abc\nefg"


def test_zones(copying):
    block = f"{A}$ {B}ls -l{C}\r\nout 1\r\nout 2\r\n"
    session, overlay = copying(block + block + f"{A}$ {B}")
    session.screen.type("G0")
    session.screen.key("F1")
    assert at(session, overlay) == (6, 0)  # the last prompt
    places = []
    for _ in range(4):
        session.screen.key("F1")
        places.append(at(session, overlay))
    assert places == [(4, 0), (3, 2), (3, 0), (1, 0)]
    session.screen.key("F4")
    assert at(session, overlay) == (4, 0)
    session.screen.key("F3")
    session.screen.key("F3")
    assert at(session, overlay) == (0, 2)
    session.screen.key("F2")
    session.screen.key("F5")
    assert session.view.view_of(session.pane).selected_text() == "out 1\nout 2"


def test_jumps_repeat_and_turn(copying):
    session, overlay = copying("a-b-c-d-e")
    columns = []
    for typed in ("0t-", ";", ";", ","):
        session.screen.type(typed)
        columns.append(overlay.col)
    assert columns == [0, 2, 4, 2]
    session.screen.type("$F-")
    assert overlay.col == 7
    session.screen.type("T-")
    assert overlay.col == 6
    session.screen.type("Fz")
    assert overlay.col == 6


def test_searching_edits_the_pattern_and_goes_on_in_copy_mode(copying):
    session, overlay = copying("one two\r\nTwo three\r\ntwo")
    session.screen.type("/twx")
    session.screen.key("Backspace")
    session.screen.type("o")
    session.until_text("2/2 matches, case-sensitive")
    session.screen.key("r", "CTRL")
    session.until_text("3/3 matches, ignore case")
    session.screen.key("Enter", "SHIFT")
    session.until_text("Copy mode")
    assert at(session, overlay) == (2, 0)
    session.screen.key("F10")
    assert at(session, overlay) == (0, 4)
    session.screen.key("F9")
    session.screen.key("F9")
    session.screen.key("F8")
    session.screen.key("F8")
    session.until_text("case-sensitive")
    session.until_text("2/2 matches")


def test_a_search_crosses_wrapped_rows_and_reads_rusts_patterns(copying):
    session, overlay = copying("x" * 55 + "needle-in-hay\r\n漢字 needle", cols=60)
    session.screen.type("/needle")
    session.until_text("2/2 matches")
    session.screen.key("u", "CTRL")
    session.screen.key("r", "CTRL")
    session.screen.key("r", "CTRL")
    session.screen.paste(r"\p{Han}+ (n\w+)")
    session.until_text("1/1 matches, regex")
    assert overlay.col == 5
    session.screen.key("u", "CTRL")
    session.screen.type("(")
    session.until_text("no regex")


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (5, 3), (80, 30)])
def test_copy_mode_lives_through_any_size(copying, size):
    session, _ = copying("\r\n".join(f"row {number} 漢字" for number in range(40)))
    session.screen.type("vgg")
    session.screen.resize(*size)
    session.settle()
    session.screen.type("GkkLHMw")
    session.screen.type("/ro")
    session.screen.resize(70, 9)
    session.settle()
    session.until_text("Search: ro")
    assert session.screen.cursor is not None


def test_a_resize_leaves_the_cursor_and_the_viewport_at_their_text(copying):
    session, overlay = copying("\r\n".join(f"{number} " + "words " * 9 for number in range(40)), cols=60)
    session.screen.type("k" * 30)
    session.screen.resize(61, 10)
    session.settle()
    assert session.pane.terminal.row_text(overlay.row).startswith("9 words")
    session.screen.resize(30, 10)
    session.settle()
    assert session.pane.terminal.row_text(overlay.row).startswith("9 words")
    assert any("9 words" in row for row in session.screen.rows)
    session.screen.type("q")
    session.until(lambda: session.view.view_of(session.pane).top is None)
    view = session.view.view_of(session.pane)
    session.screen.key("PageUp", "SHIFT")
    session.screen.key("PageUp", "SHIFT")
    session.settle()
    top = view.top
    assert top is not None
    begin = next(row for row in map(session.pane.terminal.row_text, range(top, top + 9)) if row[0].isdigit())
    session.screen.resize(25, 10)
    session.settle()
    assert any(row.startswith(begin[:20]) for row in session.screen.rows)


def test_while_searching_the_everyday_chords_still_act(copying):
    session, overlay = copying("one two")
    session.screen.type("/one")
    session.until_text("1/1 matches")
    session.screen.key("K", "CTRL|SHIFT")
    assert overlay.pattern == "one"
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: session.tab_count == 2)
