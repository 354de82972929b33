"""CSI: movement, editing, margins, scrolling, rendition."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal

FULL = "".join(f"\x1b[{row + 1}H{char * 6}" for row, char in enumerate("abcde"))


def screen(data: str, cols: int = 6, rows: int = 5) -> Terminal:
    terminal = Terminal(cols, rows, scrollback=20)
    terminal.feed(data.encode())
    return terminal


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b[3;4H", (2, 3)),
        ("\x1b[3;4f", (2, 3)),
        ("\x1b[99;99H", (4, 5)),
        ("\x1b[0;0H", (0, 0)),
        ("\x1b[;3H", (0, 2)),
        ("\x1b[3;3H\x1b[A", (1, 2)),
        ("\x1b[3;3H\x1b[9A", (0, 2)),
        ("\x1b[3;3H\x1b[2B", (4, 2)),
        ("\x1b[3;3H\x1b[C", (2, 3)),
        ("\x1b[3;3H\x1b[2D", (2, 0)),
        ("\x1b[3;3H\x1b[E", (3, 0)),
        ("\x1b[3;3H\x1b[F", (1, 0)),
        ("\x1b[3;3H\x1b[5G", (2, 4)),
        ("\x1b[3;3H\x1b[5`", (2, 4)),
        ("\x1b[3;3H\x1b[2a", (2, 4)),
        ("\x1b[3;3H\x1b[5d", (4, 2)),
        ("\x1b[3;3H\x1b[e", (3, 2)),
        ("\x1b[2;4r\x1b[3;3H\x1b[9A", (1, 2)),
        ("\x1b[2;4r\x1b[3;3H\x1b[9B", (3, 2)),
        ("\x1b[2;4r\x1b[5;3H\x1b[9B", (4, 2)),
        ("\x1b[2;4r\x1b[?6h\x1b[1;1H", (1, 0)),
        ("\x1b[2;4r\x1b[?6h\x1b[9;9H", (3, 5)),
        ("\x1b[3;3H\x1b[2;4r", (0, 0)),
        ("\x1b[3;3H\x1b[4;2r", (2, 2)),
        ("\x1b[3;3H\x1b[s\x1b[H\x1b[u", (2, 2)),
        ("\x1b[?69h\x1b[2;4s\x1b[3;3H\x1b[9C", (2, 3)),
        ("\x1b[?69h\x1b[2;4s\x1b[3;3H\x1b[9D", (2, 1)),
        ("\x1b[?69h\x1b[2;4s\x1b[3;3H\r", (2, 1)),
    ],
)
def test_movement(data: str, expected: tuple[int, int]) -> None:
    cursor = screen(data).cursor
    assert (cursor.row, cursor.col) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b[2;3H\x1b[K", ["aaaaaa", "bb", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[2;3H\x1b[1K", ["aaaaaa", "   bbb", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[2;3H\x1b[2K", ["aaaaaa", "", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[2;3H\x1b[J", ["aaaaaa", "bb", "", "", ""]),
        ("\x1b[4;3H\x1b[1J", ["", "", "", "   ddd", "eeeeee"]),
        ("\x1b[2;3H\x1b[2J", ["", "", "", "", ""]),
        ("\x1b[2;3H\x1b[2X", ["aaaaaa", "bb  bb", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[2;3Hxy\x1b[2D\x1b[2P", ["aaaaaa", "bbbb", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[2;3H\x1b[2@", ["aaaaaa", "bb  bb", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[2H\x1b[L", ["aaaaaa", "", "bbbbbb", "cccccc", "dddddd"]),
        ("\x1b[2H\x1b[9L", ["aaaaaa", "", "", "", ""]),
        ("\x1b[2H\x1b[2M", ["aaaaaa", "dddddd", "eeeeee", "", ""]),
        ("\x1b[2;4r\x1b[2H\x1b[L", ["aaaaaa", "", "bbbbbb", "cccccc", "eeeeee"]),
        ("\x1b[2;4r\x1b[H\x1b[L", ["aaaaaa", "bbbbbb", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[2;4r\x1b[2H\x1b[M", ["aaaaaa", "cccccc", "dddddd", "", "eeeeee"]),
        ("\x1b[2;4r\x1b[S", ["aaaaaa", "cccccc", "dddddd", "", "eeeeee"]),
        ("\x1b[2;4r\x1b[T", ["aaaaaa", "", "bbbbbb", "cccccc", "eeeeee"]),
        ("\x1b[2;4r\x1b[4H\n", ["aaaaaa", "cccccc", "dddddd", "", "eeeeee"]),
        ("\x1b[2;4r\x1b[5H\n", ["aaaaaa", "bbbbbb", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[2S", ["cccccc", "dddddd", "eeeeee", "", ""]),
        ("\x1b[?69h\x1b[2;4s\x1b[S", ["abbbaa", "bcccbb", "cdddcc", "deeedd", "e   ee"]),
        ("\x1b[?69h\x1b[2;4s\x1b[T", ["a   aa", "baaabb", "cbbbcc", "dcccdd", "edddee"]),
        ("\x1b[?69h\x1b[2;4s\x1b[2;3H\x1b[@", ["aaaaaa", "bb bbb", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[?69h\x1b[2;4s\x1b[2;3H\x1b[P", ["aaaaaa", "bbb bb", "cccccc", "dddddd", "eeeeee"]),
        ("\x1b[?69h\x1b[2;4s\x1b[2;3H\x1b[L", ["aaaaaa", "b   bb", "cbbbcc", "dcccdd", "edddee"]),
        ("\x1b[?69h\x1b[2;4s\x1b[2;2Hwxyz", ["aaaaaa", "bwxybb", "czcccc", "dddddd", "eeeeee"]),
        ("\x1b[1;3H\x1b['}", ["aa aaa", "bb bbb", "cc ccc", "dd ddd", "ee eee"]),
        ("\x1b[1;3H\x1b[2'~", ["aaaa", "bbbb", "cccc", "dddd", "eeee"]),
        ("\x1b[ @", ["aaaaa", "bbbbb", "ccccc", "ddddd", "eeeee"]),
        ("\x1b[ A", [" aaaaa", " bbbbb", " ccccc", " ddddd", " eeeee"]),
    ],
)
def test_editing(data: str, expected: list[str]) -> None:
    assert screen(FULL + data).text() == expected


def test_what_leaves_the_top_row_is_kept_unless_lines_were_deleted() -> None:
    assert screen(FULL + "\x1b[2S").scrollback_text() == ["aaaaaa", "bbbbbb"]
    assert screen(FULL + "\x1b[H\x1b[2M").scrollback_text() == []
    assert screen(FULL + "\x1b[2;5r\x1b[2S").scrollback_text() == []
    assert screen(FULL + "\x1b[1;4r\x1b[S").scrollback_text() == ["aaaaaa"]
    assert screen(FULL + "\x1b[?1049h" + "\r\n" * 9).scrollback_text() == []


def test_erasing_the_scrollback() -> None:
    terminal = screen(FULL + "\x1b[2S\x1b[3J")
    assert terminal.scrollback_text() == []
    assert terminal.text()[0] == "cccccc"
    assert (terminal.first_stable, terminal.stable_top) == (2, 2)
    terminal.feed(b"\x1b[S\x1b[S")
    assert terminal.scrollback_text() == ["cccccc", "dddddd"]


def test_erasing_fills_with_the_background() -> None:
    terminal = screen("\x1b[44m\x1b[2J\x1b[m\x1b[H\x1b[41m\x1b[K")
    assert terminal.cell(0, 5).bg == 1
    assert terminal.cell(4, 5).bg == 4
    terminal.feed(b"\x1b[m\x1b[42m\x1b[5H\n")
    assert terminal.cell(4, 0).bg == 2


def test_protected_cells_survive_selective_erasure() -> None:
    terminal = screen('ab\x1b[1"qcd\x1b["qef\x1b[?2K')
    assert terminal.text()[0] == "  cd"
    terminal.feed(b"\x1b[2K")
    assert terminal.text()[0] == ""


@pytest.mark.parametrize(
    ("sgr", "attribute", "value"),
    [
        ("1", "bold", True),
        ("2", "dim", True),
        ("3", "italic", True),
        ("4", "underline", 1),
        ("4:0", "underline", 0),
        ("4:3", "underline", 3),
        ("4:5", "underline", 5),
        ("21", "underline", 2),
        ("5", "blink", True),
        ("6", "blink", True),
        ("7", "reverse", True),
        ("8", "invisible", True),
        ("9", "strikethrough", True),
        ("53", "overline", True),
        ("1;22", "bold", False),
        ("2;22", "dim", False),
        ("3;23", "italic", False),
        ("4:3;24", "underline", 0),
        ("5;25", "blink", False),
        ("7;27", "reverse", False),
        ("8;28", "invisible", False),
        ("9;29", "strikethrough", False),
        ("53;55", "overline", False),
        ("31", "fg", 1),
        ("97", "fg", 15),
        ("31;39", "fg", None),
        ("42", "bg", 2),
        ("103", "bg", 11),
        ("42;49", "bg", None),
        ("38;5;200", "fg", 200),
        ("38:5:200", "fg", 200),
        ("48;2;1;2;3", "bg", (1, 2, 3)),
        ("38:2:1:2:3", "fg", (1, 2, 3)),
        ("38:2::1:2:3", "fg", (1, 2, 3)),
        ("58:2::1:2:3", "underline_color", (1, 2, 3)),
        ("58;5;9", "underline_color", 9),
        ("58;5;9;59", "underline_color", None),
        ("38;5;256", "fg", None),
        ("38;2;256;0;0", "fg", None),
        ("38;2;1;2", "fg", None),
        ("38;5;1;4", "underline", 1),
        ("31;", "fg", None),
        ("4:3;31", "fg", 1),
        ("38:5:1:9;4", "underline", 1),
        ("38:7;4", "underline", 1),
        ("1;31;0", "bold", False),
    ],
)
def test_rendition(sgr: str, attribute: str, value: object) -> None:
    assert getattr(screen(f"\x1b[{sgr}mx").cell(0, 0), attribute) == value


def test_a_reset_of_the_rendition_keeps_the_link() -> None:
    terminal = screen("\x1b]8;;http://a\x1b\\\x1b[1;58;5;3mx\x1b[my\x1b]8;;\x1b\\z")
    assert [terminal.cell(0, col).hyperlink for col in range(3)] == ["http://a", "http://a", None]
    assert terminal.cell(0, 1).underline_color is None


def test_too_many_parameters_are_dropped_and_counted() -> None:
    terminal = screen("\x1b[" + "1;" * 5000 + "mx")
    assert terminal.text()[0] == "x"
    assert terminal.dropped == 1
    assert screen("\x1b[99999999999999999999Cx").text()[0] == "     x"


def test_reverse_wrap() -> None:
    assert screen("\x1b[?45habcdefgh\x1b[5Dx").text()[:2] == ["abcxef", "gh"]
    assert screen("abcdefgh\x1b[5Dx").text()[:2] == ["abcdef", "xh"]
