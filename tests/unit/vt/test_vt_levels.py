"""What depends on a level, a permission or 8-bit controls; colours beyond the palette."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal, TerminalSettings
from perilune.vt import events as ev
from perilune.vt.settings import ColorTable

COLORS = ColorTable(tuple((index, 0, 0) for index in range(256)), (200, 200, 200), (1, 2, 3), (9, 8, 7))
SETTINGS = TerminalSettings(colors=COLORS, cell_width_px=8, cell_height_px=16)
PERMITTED = TerminalSettings(allow_size_changes=True, enable_title_reporting=True)


def reply(data: bytes, settings: TerminalSettings = SETTINGS) -> bytes:
    terminal = Terminal(20, 4, settings=settings)
    terminal.feed(data)
    return terminal.take_output()


def test_eight_bit_controls_are_read_and_sent_only_when_asked_for() -> None:
    assert Terminal(20, 4).text() == [""] * 4
    terminal = Terminal(20, 4)
    terminal.feed(b"\x9b3;4H\x9bc")
    assert terminal.text()[0].startswith("\ufffd3;4H")
    terminal.feed(b"\x1bc\x1b G\x9b3;4H\x9b6n\x90$qm\x9c\x9d2;t\x9c")
    assert terminal.take_output() == b"\x9b3;4R\x901$r0m\x9c"
    assert terminal.title == "t"
    # Text stays UTF-8 meanwhile, whatever its bytes.
    terminal.feed("\x1b[H\u201c\u4e1c".encode())
    assert terminal.text()[0] == "\u201c\u4e1c"
    terminal.feed(b"\x1b F\x9b6n\x1b[6n")
    assert terminal.take_output().startswith(b"\x1b[")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'\x1b[62;1"p\x1b[4$p', b""),
        (b'\x1b[63;1"p\x1b[4$p', b"\x1b[4;2$y"),
        (b'\x1b[63;1"p\x1b[?69h\x1b[?69$p', b"\x1b[?69;2$y"),
        (b'\x1b[64;1"p\x1b[?69h\x1b[?69$p', b"\x1b[?69;1$y"),
        (b'\x1b[64;1"p\x1bP$q"p\x1b\\', b'\x1bP1$r64;1"p\x1b\\'),
        (b'\x1b[64"p\x1bP$q"p\x1b\\', b'\x901$r64;0"p\x9c'),
        (b'\x1b[99"p\x1bP$q"p\x1b\\', b'\x1bP1$r65;1"p\x1b\\'),
        (b"\x1b[2*x\x1bP$q*x\x1b\\", b"\x1bP1$r2*x\x1b\\"),
        (b"\x1b[?60$p\x1b[18$p", b"\x1b[?60;4$y\x1b[18;4$y"),
    ],
)
def test_levels(data: bytes, expected: bytes) -> None:
    assert reply(data) == expected


def test_titles_are_reported_only_where_that_is_allowed() -> None:
    data = b"\x1b]0;ab\x07\x1b[20t\x1b[21t"
    assert reply(data) == b""
    assert reply(data, PERMITTED) == b"\x1b]Lab\x1b\\\x1b]lab\x1b\\"
    assert reply(b"\x1b[>0;1t\x1b]2;6162\x07\x1b[21t", PERMITTED) == b"\x1b]l6162\x1b\\"
    assert reply(b"\x1b[>0t\x1b]2;6162\x07\x1b]2;no hex\x07\x1b[21t", PERMITTED) == b"\x1b]lab\x1b\\"


def test_the_title_stack_holds_both_titles() -> None:
    terminal = Terminal(20, 4)
    terminal.feed(b"\x1b]1;icon\x07\x1b]2;window\x07\x1b[22;0t\x1b]0;x\x07\x1b[23;2t")
    assert (terminal.icon_title, terminal.title) == ("x", "window")
    terminal.feed(b"\x1b[23;0t")
    assert (terminal.icon_title, terminal.title) == ("x", "window")


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"\x1b[8;10;30t", (30, 10)),
        (b"\x1b[8;10t", (20, 10)),
        (b"\x1b[8;0;0t", (20, 4)),
        (b"\x1b[8;65535;65535t", (1000, 1000)),
        (b"\x1b[30t", (20, 30)),
        (b"\x1b[?40h\x1b[?3h", (132, 4)),
        (b"\x1b[?40h\x1b[?3h\x1b[?3l", (80, 4)),
        (b"\x1b[?40h\x1b[?3h\x1bc", (80, 4)),
        (b"\x1b[?3h", (20, 4)),
        (b"\x1b[132$|\x1b[7*|", (132, 7)),
    ],
)
def test_sizes_change_only_where_that_is_allowed(data: bytes, size: tuple[int, int]) -> None:
    terminal = Terminal(20, 4, settings=PERMITTED)
    terminal.feed(b"text" + data)
    assert (terminal.cols, terminal.rows) == size
    changes = [event for event in terminal.take_events() if isinstance(event, ev.SizeChanged)]
    assert changes[-1:] == ([] if size == (20, 4) else [ev.SizeChanged(*size)])
    fixed = Terminal(20, 4)
    fixed.feed(data)
    assert (fixed.cols, fixed.rows) == (20, 4)
    assert fixed.take_events() == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1b]5;1;?\x1b\\", b"\x1b]5;1;rgb:c8c8/c8c8/c8c8\x1b\\"),
        (b"\x1b]5;1;#102030\x07\x1b]4;257;?\x1b\\", b"\x1b]4;257;rgb:1010/2020/3030\x1b\\"),
        (b"\x1b]5;1;#102030\x07\x1b]105;1\x07\x1b]5;1;?\x1b\\", b"\x1b]5;1;rgb:c8c8/c8c8/c8c8\x1b\\"),
        (b"\x1b]4;261;?\x1b\\", b""),
        (b"\x1b]17;#102030\x07\x1b]17;?\x1b\\", b"\x1b]17;rgb:1010/2020/3030\x1b\\"),
        (b"\x1b]17;#102030\x07\x1b]117\x07\x1b]17;?\x1b\\", b"\x1b]17;rgb:c8c8/c8c8/c8c8\x1b\\"),
        (b"\x1b]19;?;?\x1b\\", b"\x1b]19;rgb:0101/0202/0303\x1b\\"),
        (
            b"\x1b]21;foreground=?;7=?;evil text=?\x1b\\",
            b"\x1b]21;foreground=rgb:c8/c8/c8;7=rgb:07/00/00\x1b\\",
        ),
        (b"\x1b]21;background=#102030;3=#ffffff\x07\x1b]21;background=?;3=?\x1b\\",
         b"\x1b]21;background=rgb:10/20/30;3=rgb:ff/ff/ff\x1b\\"),
        (b"\x1b]21;3=#ffffff\x07\x1b]21;3=\x07\x1b]21;3=?\x1b\\", b"\x1b]21;3=rgb:03/00/00\x1b\\"),
    ],
)  # fmt: skip
def test_colours(data: bytes, expected: bytes) -> None:
    assert reply(data) == expected


def test_a_tab_behind_a_full_row_wraps_with_more_fix() -> None:
    for mode, column in ((b"h", 8), (b"l", 19)):
        terminal = Terminal(20, 4)
        terminal.feed(b"\x1b[?41" + mode + b"x" * 20 + b"\t")
        assert terminal.cursor.col == column
