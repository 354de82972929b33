"""The selection: what grows, what is highlighted, what text comes out."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal
from perilune.vt.selection import Selection, SelectionMode


def screen(data: str, cols: int = 10, rows: int = 5) -> Terminal:
    terminal = Terminal(cols, rows, scrollback=50)
    terminal.feed(data.encode())
    return terminal


def select(terminal: Terminal, mode: SelectionMode, *points: tuple[int, int]) -> Selection:
    selection = Selection.begin(terminal, mode, *points[0])
    for point in points[1:]:
        selection = selection.extend(terminal, *point)
    return selection


def text(data: str, mode: SelectionMode, *points: tuple[int, int]) -> str:
    terminal = screen(data)
    return select(terminal, mode, *points).text(terminal)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(0, 1), (0, 3)], "bcd"),
        ([(0, 3), (0, 1)], "bcd"),
        ([(0, 4), (1, 1)], "ef\nxy"),
        ([(0, 8), (1, 0)], "\nx"),
        ([(1, 0), (1, 9)], "xyz"),
        ([(0, 2), (9, 9)], "cdef\nxyz\n\n\n"),
    ],
)
def test_cells(points: list[tuple[int, int]], expected: str) -> None:
    assert text("abcdef\r\nxyz", SelectionMode.CELL, *points) == expected


def test_wrapped_lines_are_joined() -> None:
    assert text("abcdefghijklmno\r\nx", SelectionMode.CELL, (0, 8), (2, 0)) == "ijklmno\nx"


def test_half_a_wide_character_selects_all_of_it() -> None:
    terminal = screen("a漢b")
    for point in ((0, 1), (0, 2)):
        selection = select(terminal, SelectionMode.CELL, point)
        assert selection.text(terminal) == "漢"
        assert selection.ranges(0, 5, 10) == [(0, 1, 3)]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(0, 5)], "two"),
        ([(0, 3)], " "),
        ([(0, 5), (0, 9)], "two three"),
        ([(0, 9), (0, 5)], "two three"),
        ([(1, 1)], "three"),
        ([(1, 5)], "漢字"),
    ],
)
def test_words(points: list[tuple[int, int]], expected: str) -> None:
    assert text("one two three 漢字(x)", SelectionMode.WORD, *points) == expected.strip()


def test_word_boundaries_are_the_users() -> None:
    terminal = screen("a-b c")
    assert Selection.begin(terminal, SelectionMode.WORD, 0, 0, "-").text(terminal) == "a"
    assert Selection.begin(terminal, SelectionMode.WORD, 0, 2, "-").text(terminal) == "b c"


def test_lines_are_logical() -> None:
    data = "first\r\nabcdefghijklmno\r\nlast"
    assert text(data, SelectionMode.LINE, (2, 1)) == "abcdefghijklmno"
    assert text(data, SelectionMode.LINE, (2, 1), (0, 3)) == "first\nabcdefghijklmno"


def test_blocks() -> None:
    data = "abcdef\r\nxy\r\nABCDEF"
    assert text(data, SelectionMode.BLOCK, (0, 1), (2, 3)) == "bcd\ny\nBCD"
    assert text(data, SelectionMode.BLOCK, (2, 3), (0, 1)) == "bcd\ny\nBCD"
    terminal = screen(data)
    selection = select(terminal, SelectionMode.BLOCK, (2, 3), (0, 1))
    assert selection.ranges(0, 2, 10) == [(0, 1, 4), (1, 1, 4)]
    assert selection.contains(1, 3)
    assert not selection.contains(1, 4)


def test_ranges_follow_the_text_into_the_scrollback() -> None:
    terminal = screen("abc\r\ndef")
    selection = select(terminal, SelectionMode.CELL, (0, 1), (1, 1))
    assert selection.ranges(0, 5, 10) == [(0, 1, 10), (1, 0, 2)]
    terminal.feed(b"\r\n" * 20)
    assert selection.text(terminal) == "bc\nde"
    assert selection.ranges(terminal.stable_top, terminal.stable_top + 5, 10) == []
    assert selection.contains(0, 9)


def test_semantic_zones() -> None:
    data = (
        "\x1b]133;A\x07$ \x1b]133;B\x07ls\r\n\x1b]133;C\x07one\r\n\r\ntwo\r\n\x1b]133;A\x07$ \x1b]133;B\x07"
    )
    assert text(data, SelectionMode.SEMANTIC_ZONE, (1, 1)) == "one\n\ntwo"
    assert text(data, SelectionMode.SEMANTIC_ZONE, (3, 1)) == "one\n\ntwo"
    assert text(data, SelectionMode.SEMANTIC_ZONE, (0, 2)) == "ls"
    assert text(data, SelectionMode.SEMANTIC_ZONE, (0, 0)) == "$"
    assert text(data, SelectionMode.SEMANTIC_ZONE, (2, 0)) == ""


def test_a_selection_of_rows_that_are_gone_is_empty() -> None:
    terminal = Terminal(10, 2, scrollback=2)
    terminal.feed(b"abc")
    selection = select(terminal, SelectionMode.CELL, (0, 0), (0, 2))
    terminal.feed(b"\r\n" * 30)
    assert selection.text(terminal) == ""
