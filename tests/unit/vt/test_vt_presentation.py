"""Reports of the state of the presentation and their way back, pushed renditions, and what goes with them."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal, TerminalSettings
from perilune.vt.settings import ColorTable

COLORS = ColorTable(((1, 2, 3),) * 256, (255, 255, 255), (0, 0, 0), (9, 9, 9))
SETTINGS = TerminalSettings(colors=COLORS, cell_width_px=8, cell_height_px=16)


def answer(data: bytes) -> bytes:
    terminal = Terminal(80, 24, settings=SETTINGS)
    terminal.feed(data)
    assert terminal.failure is None
    return terminal.take_output()


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        (b"\x1b[1$w", b"\x1bP1$u1;1;1;@;@;@;0;2;@;BBBB\x1b\\"),
        # Bold, underlined, reverse; protected; origin mode; DEC graphics in G1, shifted to.
        (
            b'\x1b[1;4;7m\x1b[1"q\x1b[3;9r\x1b[?6h\x1b[2;5H\x1b)0\x0e\x1b[1$w',
            b"\x1bP1$u2;5;1;K;A;A;1;2;@;B0BB\x1b\\",
        ),
        (b"\x1b[80Gx\x1b[1$w", b"\x1bP1$u1;80;1;@;@;H;0;2;@;BBBB\x1b\\"),
        (b"\x1b[3g\x1b[4G\x1bH\x1b[70G\x1bH\x1b[2$w", b"\x1bP2$u4/70\x1b\\"),
        (b"\x1b[3$w", b""),
    ],
)
def test_what_is_reported(data: bytes, reply: bytes) -> None:
    assert answer(data) == reply


@pytest.mark.parametrize(
    "state", [b'\x1b[1;5;7m\x1b[1"q\x1b[5;9H\x1b)0\x0e', b"\x1b[80Gx", b"\x1b[3g\x1b[9G\x1bH"]
)
def test_what_is_reported_can_be_restored(state: bytes) -> None:
    terminal = Terminal(80, 24)
    terminal.feed(state + b"\x1b[1$w\x1b[2$w")
    reports = terminal.take_output()
    other = Terminal(80, 24)
    other.feed(reports.replace(b"$u", b"$t") + b"\x1b[1$w\x1b[2$w")
    assert other.take_output() == reports


@pytest.mark.parametrize("report", [b"", b"1;1;1;@;@", b"1;1;1;@@;@;@;0;2;@;BBBB", b"x;1;1;@;@;@;0;2;@;BBBB"])
def test_a_malformed_report_restores_nothing(report: bytes) -> None:
    terminal = Terminal(20, 5)
    terminal.feed(b"\x1b[3;4H\x1bP1$t" + report + b"\x1b\\")
    assert (terminal.cursor.row, terminal.cursor.col) == (2, 3)
    assert terminal.failure is None


def test_renditions_are_pushed_whole_or_in_part() -> None:
    ask = b"\x1bP$qm\x1b\\"
    assert answer(b"\x1b[1;31;4m\x1b[#{\x1b[m\x1b[#}" + ask) == b"\x1bP1$r0;1;4;31m\x1b\\"
    assert answer(b"\x1b[1;31m\x1b[30#p\x1b[m\x1b[3;44m\x1b[#q" + ask) == b"\x1bP1$r0;3;31;44m\x1b\\"
    assert answer(b"\x1b[#}\x1b[3m\x1b[#}" + ask) == b"\x1bP1$r0;3m\x1b\\"
    terminal = Terminal(10, 2)
    terminal.feed(b"\x1b[#{" * 12)
    assert terminal.dropped == 2


def test_sixel_limits_are_reported() -> None:
    assert answer(b"\x1b[?1;1;0S\x1b[?2;1;0S") == b"\x1b[?1;0;1024S\x1b[?2;0;640;384S"
    assert answer(b"\x1b[?3;1;0S\x1b[?1;9;0S") == b"\x1b[?3;1;0S\x1b[?1;2;0S"


def test_in_band_resize_reports_when_it_is_switched_on_and_when_a_cell_changes_its_size() -> None:
    terminal = Terminal(80, 24, settings=SETTINGS)
    terminal.feed(b"\x1b[?2048h")
    assert terminal.take_output() == b"\x1b[48;24;80;384;640t"
    terminal.settings = TerminalSettings(colors=COLORS, cell_width_px=10, cell_height_px=20)
    assert terminal.take_output() == b"\x1b[48;24;80;480;800t"
    terminal.resize(10, 4)
    assert terminal.take_output() == b"\x1b[48;4;10;80;100t"
    terminal.feed(b"\x1b[?2048l")
    terminal.resize(11, 4)
    assert terminal.take_output() == b""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"red", b"ffff/0000/0000"),
        (b"Green", b"0000/ffff/0000"),
        (b"Light Sea Green", b"2020/b2b2/aaaa"),
        (b"rgbi:1/0/1.0", b"ffff/0000/ffff"),
        (b"no such colour", b"0101/0202/0303"),
        (b"rgbi:./2/1", b"0101/0202/0303"),
        (b"none", b"0101/0202/0303"),
    ],
)
def test_colours_by_name_and_by_intensity(name: bytes, value: bytes) -> None:
    assert answer(b"\x1b]4;5;" + name + b"\x1b\\\x1b]4;5;?\x1b\\") == b"\x1b]4;5;rgb:" + value + b"\x1b\\"
