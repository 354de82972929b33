"""C0 controls, C1 controls and escape sequences."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal, TerminalSettings
from perilune.vt.events import Bell


def screen(data: bytes, cols: int = 10, rows: int = 4) -> Terminal:
    terminal = Terminal(cols, rows, scrollback=10)
    terminal.feed(data)
    return terminal


def position(data: bytes) -> tuple[int, int]:
    cursor = screen(data).cursor
    return cursor.row, cursor.col


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"abc\b", (0, 2)),
        (b"\b", (0, 0)),
        (b"a\t", (0, 8)),
        (b"\t\t\t", (0, 9)),
        (b"ab\n", (1, 2)),
        (b"ab\x0b", (1, 2)),
        (b"ab\x0c", (1, 2)),
        (b"ab\r", (0, 0)),
        (b"\x1b[20hab\n", (1, 0)),
        (b"ab\x1bD", (1, 2)),
        (b"ab\x1bE", (1, 0)),
        (b"\x1b[3;3H\x1bM", (1, 2)),
        ("ab\x85".encode(), (1, 0)),
        ("\x9b3;4H".encode(), (2, 3)),
        (b"a\x00b\x7fc", (0, 3)),
    ],
)
def test_movement(data: bytes, expected: tuple[int, int]) -> None:
    assert position(data) == expected


def test_a_line_feed_at_the_bottom_scrolls_into_the_scrollback() -> None:
    terminal = screen(b"1\r\n2\r\n3\r\n4\r\n5")
    assert terminal.text() == ["2", "3", "4", "5"]
    assert terminal.scrollback_text() == ["1"]
    assert (terminal.first_stable, terminal.stable_top) == (0, 1)


def test_reverse_index_at_the_top_scrolls_down() -> None:
    terminal = screen(b"1\r\n2\r\n3\r\n4\x1b[H\x1bM")
    assert terminal.text() == ["", "1", "2", "3"]
    assert terminal.scrollback_text() == []


def test_the_scrollback_is_bounded_and_rows_keep_their_numbers() -> None:
    terminal = Terminal(10, 2, scrollback=3)
    terminal.feed(b"".join(b"%d\r\n" % number for number in range(10)))
    assert terminal.scrollback_text() == ["6", "7", "8"]
    assert (terminal.first_stable, terminal.stable_top) == (6, 9)
    assert terminal.row_text(7) == "7"
    assert terminal.row_text(2) == ""


def test_no_scrollback() -> None:
    terminal = Terminal(10, 2, scrollback=0)
    terminal.feed(b"1\r\n2\r\n3")
    assert (terminal.text(), terminal.scrollback_text(), terminal.stable_top) == (["2", "3"], [], 1)


def test_one_bell_event_a_slice() -> None:
    terminal = screen(b"\a\a\a")
    assert terminal.take_events() == [Bell()]
    terminal.feed(b"\a")
    assert terminal.take_events() == [Bell()]


def test_tab_stops() -> None:
    assert position(b"\x1b[1;4H\x1bH\r\t") == (0, 3)
    assert position(b"\x1b[3g\t") == (0, 9)
    assert position(b"\x1b[1;9H\x1b[g\r\t") == (0, 9)
    assert position(b"\x1b[1;10H\x1b[Z") == (0, 8)
    assert position(b"\x1b[3g\x1b[?5W\t") == (0, 8)
    assert position(b"\x1b[2I") == (0, 9)


def test_save_and_restore() -> None:
    terminal = screen(b"\x1b[2;3H\x1b[1;31m\x1b(0\x1b7\x1b[H\x1b[m\x1b(B\x1b8q")
    cell = terminal.cell(1, 2)
    assert (cell.text, cell.bold, cell.fg) == ("─", True, 1)
    assert position(b"\x1b[2;3H\x1b8") == (0, 0)


def test_alignment_pattern() -> None:
    assert screen(b"\x1b[2;3r\x1b#8").text() == ["E" * 10] * 4


def test_a_sequence_is_interrupted_by_another() -> None:
    assert screen(b"\x1b[3\x1b[2Cx").text()[0] == "  x"
    assert screen(b"\x1b[3\x18x").text()[0] == "x"
    assert screen(b"\x1b[3;\nCx").text()[1] == "   x"
    assert screen(b"\x1b]2;ti\x1b[2Cx").title == ""
    assert screen(b"\x1b]2;ti\x1b[2Cx").text()[0] == "  x"


def test_strings_that_mean_nothing_print_nothing() -> None:
    assert (
        screen(b"\x1bXhello\x1b\\\x1b^hello\x1b\\\x1b_Gi=1;AAAA\x1b\\\x1bPq#0;2;0~\x1b\\x").text()[0] == "x"
    )


def test_full_reset() -> None:
    terminal = screen(b"1\r\n2\r\n3\r\n4\r\n5\x1b[?1049h\x1b[?1h\x1b[2;3r\x1b[1mx\x1bc")
    assert terminal.text() == ["", "", "", ""]
    assert terminal.scrollback_text() == ["1"]
    assert terminal.modes == Terminal(1, 1).modes
    terminal.feed(b"a")
    assert not terminal.cell(0, 0).bold
    assert (terminal.cursor.row, terminal.cursor.col) == (0, 1)


def test_answerback_only_when_configured() -> None:
    assert screen(b"\x05").take_output() == b""
    terminal = Terminal(2, 2, settings=TerminalSettings(enq_answerback="hi"))
    terminal.feed(b"\x05")
    assert terminal.take_output() == b"hi"
