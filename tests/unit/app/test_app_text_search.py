"""Finding text in a pane: wrapped rows, wide characters, patterns that run away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.app import text_search
from perilune.app.text_search import patterns_finder, search, text_finder
from perilune.vt import Terminal

RUNAWAY = "(a|aa)+$b"
LINE = "a" * 60


def everything(terminal, find, known=None):
    first, end = terminal.first_stable, terminal.stable_top + terminal.rows
    return search(terminal, first, end, find, {} if known is None else known)


def test_matches_know_their_cells_across_wrapped_rows():
    terminal = Terminal(10, 4, scrollback=10)
    terminal.feed("ab漢字cd123456\r\nxx12".encode())
    (number, other) = everything(terminal, patterns_finder([r"\d+"]))
    assert (number.start, number.end, number.text) == ((0, 8), (1, 3), "123456")
    assert number.pieces(10) == [(0, 8, 10), (1, 0, 4)]
    assert other.start == (2, 2)
    (wide,) = everything(terminal, text_finder("字", ignore_case=True))
    assert (wide.start, wide.end) == ((0, 4), (0, 5))


def test_a_wide_character_that_did_not_fit_is_found_where_it_is():
    terminal = Terminal(5, 4, scrollback=10)
    terminal.feed("abcd漢字x".encode())  # the fifth column stays free
    (found,) = everything(terminal, text_finder("d漢字x", ignore_case=False))
    assert (found.start, found.end) == ((0, 3), (1, 4))


def test_an_empty_line_and_an_empty_pattern_find_nothing():
    terminal = Terminal(5, 4, scrollback=10)
    assert everything(terminal, text_finder("", ignore_case=True)) == []
    assert everything(terminal, patterns_finder(["x*", ""])) == []
    assert everything(terminal, patterns_finder([])) == []


def test_lines_that_stay_are_not_searched_again():
    terminal = Terminal(20, 4, scrollback=10)
    terminal.feed(b"one 1\r\ntwo 2\r\n")
    looked_at = []

    def find(line):
        looked_at.append(line)
        return text_finder("o", ignore_case=True)(line)

    known = {}
    before = everything(terminal, find, known)
    looked_at.clear()
    terminal.feed(b"zoo 3")
    after = everything(terminal, find, known)
    assert looked_at == ["zoo 3"]
    assert after[: len(before)] == before
    assert len(after) == len(before) + 2


def test_a_pattern_that_runs_away_is_stopped(monkeypatch):
    # Long enough that a machine busy with something else does not stop the pattern that is fine.
    monkeypatch.setattr(text_search, "SECONDS", 0.3)
    with pytest.raises(TimeoutError):
        patterns_finder([RUNAWAY])(LINE)
    slow = []
    find = patterns_finder([RUNAWAY, "a{60}"], slow.append)
    assert find(LINE) == [(0, 60)]
    assert find(LINE) == [(0, 60)]
    assert slow == [RUNAWAY]


@given(
    st.lists(st.sampled_from(["", "x*", "a+", "b|", "(a)(b)?", r"\b", "(?=a)", "c$", "ab"]), max_size=4),
    st.text("abcx ", max_size=20),
)
def test_matches_are_in_order_and_never_empty(patterns, line):
    end = 0
    for start, stop in patterns_finder(patterns)(line):
        assert end <= start < stop <= len(line)
        end = stop
