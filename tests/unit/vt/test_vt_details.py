# ruff: noqa: RUF001 - what the bytes print
"""Details in which terminals differ, as xterm has them: margins and saved cursors, wraps, charsets, strings."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal, TerminalSettings
from perilune.vt.events import Notification, TitleChanged


def screen(data: str | bytes, cols: int = 10, rows: int = 4) -> Terminal:
    terminal = Terminal(cols, rows)
    terminal.feed(data.encode() if isinstance(data, str) else data)
    assert terminal.failure is None
    return terminal


def reply(data: str, settings: TerminalSettings | None = None) -> bytes:
    terminal = Terminal(10, 4, settings=settings)
    terminal.feed(data.encode())
    return terminal.take_output()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("\x1b[?1006h\x1b[?1005l", 1006),
        ("\x1b[?1006h\x1b[?1015l", 1006),
        ("\x1b[?1006h\x1b[?1006l", 0),
        ("\x1b[?1006h\x1b[?1016h\x1b[?1006l", 1016),
        ("\x1b[?1005h\x1b[?1006h", 1006),
    ],
)
def test_a_mouse_encoding_is_reset_by_its_own_number(data: str, encoding: int) -> None:
    made = screen(data)
    assert made.modes.mouse_encoding == encoding
    assert {mode for mode in (1005, 1006, 1015, 1016) if mode in made.modes} == (
        {encoding} if encoding else set()
    )


@pytest.mark.parametrize("move", ["\x1b[S", "\x1b[T", "\x1b[2S"])
def test_scrolling_keeps_a_deferred_wrap(move: str) -> None:
    made = screen(f"\x1b[4;1H0123456789{move}x")
    assert made.text()[3].startswith("x")


@pytest.mark.parametrize(
    "move",
    ["\r", "\b", "\n", "\x1bM", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[10G", "\x1b[K", "\x1b[1K", "\x1b[J",
     "\x1b[X", "\x1b[@", "\x1b[P", "\x1b[L", "\x1b[M", "\x1b[2;10H", "\x1b[Z", "\x1b[E", "\x1b[F", "\x1b[2d"],
)  # fmt: skip
def test_what_ends_a_deferred_wrap(move: str) -> None:
    made = screen(f"\x1b[2;1H0123456789{move}")
    assert not made.cursor.pending_wrap


@pytest.mark.parametrize(
    "move", ["\x1b[m", "\x1b[3g", "\x1bH", "\x1b[?25l", "\x07", "\x1b[4h", "\x1b7", "\x1b[!p", "\x1b]0;x\x07"]
)
def test_what_does_not(move: str) -> None:
    assert screen(f"0123456789{move}").cursor.pending_wrap


def test_a_restored_cursor_stays_within_newer_margins() -> None:
    made = screen("\x1b[?6h\x1b[4;4H\x1b7\x1b[1;2r\x1b8")
    assert (made.cursor.row, made.cursor.col) == (1, 3)


def test_a_soft_reset_takes_back_key_modifiers_and_the_cursor_s_shape() -> None:
    made = screen("\x1b[>4;2m\x1b[4 q\x1b[!p")
    assert (made.modes.modify_other_keys, made.cursor.style) == (0, 0)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b(K[\\]{|}~@", "ÄÖÜäöüß§"),
        ("\x1b(R#@{}", "£àéè"),
        ("\x1b(Z[\\]", "¡Ñ¿"),
        ("\x1b(=_#", "èù"),
        ("\x1b(%6[\\]", "ÃÇÕ"),
        ("\x1b)<\x0eA\x0fA", "ÁA"),
        ("\x1b(%5WwA", "ŒœÁ"),
        ("\x1b-A\x0eA\x0fA", "ÁA"),
        ("\x1b.F\x1bNa\x1bna\x1b(B\x0fa", "ααa"),
        ("\x1b)>\x0eab~\x0f~", "αβ↓~"),
        ("\x1b)0\x0eq\x1b(B\x0fq", "─q"),
        ("\x1b*0\x1bNqq", "─q"),
        ("\x1b+A\x1bO##", "£#"),
        ("\x1b(Kä[", "äÄ"),
        ("\x1b(?[", "["),
        ("\x1b(0_", ""),
    ],
)
def test_character_sets(data: str, expected: str) -> None:
    assert screen(data).text()[0] == expected


def test_character_sets_are_saved_and_reported() -> None:
    made = screen("\x1b-A\x1b*%6\x1b7\x1bc\x1b[1$w")
    assert made.take_output().endswith(b"@;BBBB\x1b\\")
    report = reply("\x1b-A\x1b*%6\x1b[1$w")
    assert report.endswith(b";B;BA%6B\x1b\\")
    again = screen(report.replace(b"1$u", b"1$t", 1) + b"\x0eA\x1bn[")
    assert again.text()[0] == "ÁÃ"


@pytest.mark.parametrize("kind", ["]0;", "P", "_", "X", "^"])
def test_a_string_ends_with_the_utf8_form_of_st(kind: str) -> None:
    assert screen(f"\x1b{kind}abc\x9cdef").text()[0] == "def"


def test_the_utf8_form_of_st_is_no_part_of_the_string() -> None:
    for pieces in (["\x1b]2;é–\x9c"], ["\x1b]2;é–", "\x9c"]):
        made = Terminal(10, 2)
        for piece in pieces:
            data = piece.encode()
            for at in range(len(data)):
                made.feed(data[at : at + 1])
        assert made.take_events() == [TitleChanged("é–")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b]4;1;#102030\x07\x1b[#P\x1b]4;1;#fff\x07\x1b[#Q\x1b]4;1;?\x07", b"\x1b]4;1;rgb:1010/2020/3030\x07"),
        ("\x1b]11;#102030\x07\x1b[3#P\x1b]111\x07\x1b[3#Q\x1b]11;?\x07", b"\x1b]11;rgb:1010/2020/3030\x07"),
        ("\x1b[#P\x1b[#P\x1b[#R\x1b[#Q\x1b[#R", b"\x1b[?2;2#Q\x1b[?1;2#Q"),
        ("\x1b[#Q\x1b[11#P\x1b[#R", b"\x1b[?0;0#Q"),
        ("\x1b[#P\x1bc\x1b[#R", b"\x1b[?0;0#Q"),
    ],
)  # fmt: skip
def test_colours_are_pushed_and_popped(data: str, expected: bytes) -> None:
    assert reply(data) == expected


def test_the_stack_of_colours_is_bounded() -> None:
    assert reply("\x1b[#P" * 20 + "\x1b[#R") == b"\x1b[?10;10#Q"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b[14t", b"\x1b[4;64;80t"),
        ("\x1b[15t", b"\x1b[5;64;80t"),
        ("\x1b[16t", b"\x1b[6;16;8t"),
        ("\x1b[18t", b"\x1b[8;4;10t"),
        ("\x1b[19t", b"\x1b[9;4;10t"),
        ("\x1b[11t", b"\x1b[1t"),
        ("\x1b[13t", b"\x1b[3;0;0t"),
        ("\x1b[20t\x1b[21t", b""),
        ("\x1b[?8$p\x1b[?8l\x1b[?8$p", b"\x1b[?8;1$y\x1b[?8;2$y"),
        ("\x1b[?80$p\x1b[?80h\x1b[?80$p", b"\x1b[?80;2$y\x1b[?80;1$y"),
        ("\x1b[?1070l\x1b[?1070$p", b"\x1b[?1070;3$y"),
        ("\x1b[?8452h\x1b[?8452$p\x1bc\x1b[?8452$p", b"\x1b[?8452;1$y\x1b[?8452;2$y"),
        ("\x1b[?9001$p", b"\x1b[?9001;0$y"),
        ('\x1b["v', b'\x1b[4;10;1;1;1"w'),
        ("\x1b[&u", b"\x1bP0!u%5\x1b\\"),
        ("\x1b['|", b"\x1b[0&w"),
        ("\x1b[22t\x1b[#S", b"\x1b[1;16#S"),
    ],
)
def test_reports(data: str, expected: bytes) -> None:
    assert reply(data) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"kcuu1", b"\x1bOA"),
        (b"ku", b"\x1bOA"),
        (b"kf1", b"\x1bOP"),
        (b"kf5", b"\x1b[15~"),
        (b"kf13", b"\x1b[1;2P"),
        (b"kf20", b"\x1b[19;2~"),
        (b"kf25", b"\x1b[1;5P"),
        (b"kLFT5", b"\x1b[1;5D"),
        (b"kDC", b"\x1b[3;2~"),
        (b"indn", b"\x1b[%p1%dS"),
        (b"colors", b"256"),
    ],
)
def test_capabilities_by_name(name: bytes, value: bytes) -> None:
    assert reply(f"\x1bP+q{name.hex()}\x1b\\") == f"\x1bP1+r{name.hex()}={value.hex().upper()}\x1b\\".encode()


def test_wezterm_s_colours_with_alpha() -> None:
    made = screen("\x1b[38:6::1:2:3:128mx")
    assert made.cell(0, 0).fg == (1, 2, 3)


SIXEL = '\x1bPq"1;1;16;20#1;2;100;0;0#1!16~-!16~-!16~-!16~\x1b\\'  # 16 x 24 pixels: 2 x 2 cells of 8 x 16


@pytest.mark.parametrize(
    ("modes", "cursor", "rows"),
    [
        ("", (3, 4), [2, 3]),
        ("\x1b[?8452h", (3, 6), [2, 3]),
        ("\x1b[?80h", (3, 4), [0, 1]),
    ],
)
def test_sixel_modes(modes: str, cursor: tuple[int, int], rows: list[int]) -> None:
    made = screen(modes + "\x1b[4;5H" + SIXEL)
    assert (made.cursor.row, made.cursor.col) == cursor
    assert [strip.row - made.stable_top for strip in made.images()] == rows


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b]99;;Hello\x1b\\", [Notification("Hello", "")]),
        ("\x1b]99;i=1:d=0;Title\x1b\\\x1b]99;i=1:p=body;Text\x1b\\", [Notification("Title", "Text")]),
        ("\x1b]99;i=1:d=0;Ti\x1b\\\x1b]99;i=1:d=1;tle\x1b\\", [Notification("Title", "")]),
        ("\x1b]99;e=1;SGVsbG8=\x1b\\", [Notification("Hello", "")]),
        ("\x1b]99;i=1:p=close;\x1b\\", []),
        ("\x1b]99;i=1:d=0;Title\x1b\\\x1b]99;i=2;Other\x1b\\", [Notification("Other", "")]),
        ("\x1b]99\x1b\\\x1b]99;\x1b\\\x1b]99;e=1;*\x1b\\", []),
    ],
)
def test_notifications_in_pieces(data: str, expected: list[Notification]) -> None:
    assert screen(data).take_events() == expected


def test_unfinished_notifications_are_bounded() -> None:
    made = screen("".join(f"\x1b]99;i={number}:d=0;{'x' * 1000}\x1b\\" for number in range(500)))
    assert made.take_events() == []
    assert made.dropped


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("\x1b[1;3r\x1b[9e", (3, 0)),
        ("\x1b[1;3r\x1b[9B", (2, 0)),
        ("\x1b[1;3r\x1b[?6h\x1b[9e", (2, 0)),
        ("\x1b[?69h\x1b[2;5s\x1b[9a", (0, 9)),
        ("\x1b[?69h\x1b[2;5s\x1b[?6h\x1b[9a", (0, 4)),
        ("\x1b[?69h\x1b[2;5s\x1b[9C", (0, 4)),
        ("\x1b[2;3H\x1b[a\x1b[e", (2, 3)),
    ],
)
def test_relative_positions_are_bounded_by_margins_in_origin_mode_only(
    data: str, place: tuple[int, int]
) -> None:
    made = screen(data)
    assert (made.cursor.row, made.cursor.col) == place


def test_a_wide_character_without_room_prints_nothing_where_lines_do_not_wrap() -> None:
    made = screen("\x1b[?7l12345678語漢x")
    assert made.text()[0] == "12345678 x"
    made = screen("\x1b[?7l123456789漢x")
    assert made.text()[0] == "123456789x"


VERSION = "\x1b]1337;UnicodeVersion="


@pytest.mark.parametrize(
    ("data", "col"),
    [
        ("☺\ufe0f", 2),
        (f"{VERSION}9\x07☺\ufe0f", 1),
        (f"{VERSION}9\x07{VERSION}14\x07☺\ufe0f", 2),
        (f"{VERSION}push\x07{VERSION}9\x07{VERSION}pop\x07☺\ufe0f", 2),
        (f"{VERSION}push a\x07{VERSION}9\x07{VERSION}push b\x07{VERSION}pop a\x07☺\ufe0f", 2),
        (f"{VERSION}9\x07\x1bc☺\ufe0f", 2),
        (f"{VERSION}pop\x07{VERSION}x\x07☺\ufe0f", 2),
    ],
)
def test_programs_choose_the_version_of_unicode(data: str, col: int) -> None:
    assert screen(data).cursor.col == col


def test_other_settings_leave_a_chosen_version_alone() -> None:
    terminal = Terminal(10, 2)
    terminal.feed(f"{VERSION}9\x07".encode())
    terminal.settings = TerminalSettings(title_limit=5)
    assert terminal.unicode_version == 9
    terminal.settings = TerminalSettings(unicode_version=14)
    assert terminal.unicode_version == 14


def test_a_chosen_version_comes_back_to_the_configured_one() -> None:
    terminal = Terminal(10, 2, settings=TerminalSettings(unicode_version=9))
    terminal.feed("\x1b]1337;UnicodeVersion=push\x07\x1b]1337;UnicodeVersion=14\x07☺\ufe0f\r".encode())
    assert terminal.cell(0, 0).width == 2
    terminal.feed("\x1b]1337;UnicodeVersion=pop\x07\x1b[2K☺\ufe0f".encode())
    assert terminal.cell(0, 0).width == 1


def test_iterm2_s_reports_and_scrollback() -> None:
    made = screen("1\r\n2\r\n3\r\n4\r\n5\x1b]1337;ClearScrollback\x07\x1b]1337;ReportCellSize\x07")
    assert made.scrollback_rows == 0
    assert made.take_output() == b"\x1b]1337;ReportCellSize=16.0;8.0\x07"


@pytest.mark.parametrize(
    ("data", "rows", "place"),
    [
        ("ab\x1bDX", ["aX", "", "", ""], (0, 2)),
        ('\x1bY"#x', ["", "", "   x", ""], (2, 4)),
        ("\x1bYzzx", ["", "", "", "         x"], (3, 9)),
        ("\x1bB\x1bCx\x1bA\x1bAy", ["  y", " x", "", ""], (0, 3)),
        ("abc\x1bH\x1bIx", ["x", "abc", "", ""], (0, 1)),
        ("abc\r\ndef\x1bH\x1bCx\x1bJ", ["ax", "", "", ""], (0, 2)),
        ("abc\x1bH\x1bK\x1bFq\x1bGq", ["─q", "", "", ""], (0, 2)),
        ("\x1b[1;1Hx", ["1;1Hx", "", "", ""], (0, 5)),
        ("\x1b<\x1b[2;2Hx", ["", " x", "", ""], (1, 2)),
        ("\x1bY\x18ab", ["ab", "", "", ""], (0, 2)),
    ],
)
def test_a_vt52(data: str, rows: list[str], place: tuple[int, int]) -> None:
    for pieces in ([data], list(data)):
        made = screen("\x1b[?2l")
        for piece in pieces:
            made.feed(piece.encode())
        assert made.text() == rows
        assert (made.cursor.row, made.cursor.col) == place


def test_a_vt52_says_so_and_stops_at_a_reset() -> None:
    assert reply("\x1b[?2$p\x1b[?2l\x1bZ\x1b<\x1b[5n") == b"\x1b[?2;1$y\x1b/Z\x1b[0n"
    made = screen("\x1b[?2l")
    assert made.modes.vt52
    made.reset()
    assert not made.modes.vt52
