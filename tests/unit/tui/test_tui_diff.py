"""How few bytes a change costs, and what must never be sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import BOLD, CLUSTER, COLOR_INDEXED, COLOR_RGB, EXTRA_SHIFT, WIDE, Extra
from perilune.cells.tables import CellTables
from perilune.tui.capabilities import HostCapabilities
from perilune.tui.diff import DiffWriter

HOST = HostCapabilities(
    colors=1 << 24, narrow_ambiguous=True, repeat=True, styled_underline=True, underline_color=True
)


class Drawn:
    """A buffer and its writer, with the first, full draw done."""

    def __init__(self, cols=40, rows=5, host=HOST):
        self.tables = CellTables()
        self.buffer = CellBuffer(cols, rows, self.tables)
        self.writer = DiffWriter(host, cols, rows)
        self.first = self.draw()

    def draw(self):
        out = bytearray()
        self.writer.draw(self.buffer, out)
        self.buffer.touched[:] = bytes(self.buffer.rows)
        return bytes(out)


def test_an_empty_screen_is_cleared_and_no_more():
    assert Drawn().first == b"\x1b]8;;\x1b\\\x1b[m\x1b[H\x1b[2J"


def test_nothing_changed_costs_nothing():
    drawn = Drawn()
    drawn.buffer.put_text(1, 1, "abc")
    assert drawn.draw()
    drawn.buffer.put_text(1, 1, "abc")
    assert drawn.draw() == b""


def test_a_row_that_is_not_marked_is_not_looked_at():
    drawn = Drawn()
    drawn.buffer.put_text(1, 1, "abc")
    drawn.buffer.touched[1] = 0
    assert drawn.draw() == b""
    out = bytearray()
    drawn.writer.draw(drawn.buffer, out, bytearray(b"\0\1"))
    assert out == b"\x1b[2;2Habc"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "abc", b"abc"),
        ("abc", "abd", b"\x1b[2Cd"),
        ("abcdefghijklmnopqrst", "Xbcdefghijklmnopqrst", b"X"),
        ("a.......b", "x.......y", b"x\x1b[7Cy"),  # over a long gap
        ("a..b", "x..y", b"x..y"),  # a short gap is written again
        ("abcdef" * 5, "abc", b"\x1b[3C\x1b[K"),
        ("", "=" * 40, b"=\x1b[39b"),
        ("x" * 30 + "y", " " * 30 + "y", b"\x1b[30X"),
    ],
)
def test_one_row_is_written_shortly(before, after, expected):
    drawn = Drawn()
    drawn.buffer.put_text(0, 0, before.ljust(40))
    drawn.draw()
    out = bytearray()
    drawn.writer.place_cursor(out, 0, 0)
    drawn.buffer.put_text(0, 0, after.ljust(40))
    assert drawn.draw() == expected


def test_motion_takes_the_shortest_way():
    drawn = Drawn(cols=120, rows=50)

    def move(row, col):
        out = bytearray()
        drawn.writer.place_cursor(out, row, col)
        return bytes(out)

    assert move(0, 0) == b""
    assert move(0, 9) == b"\x1b[9C"
    assert move(0, 8) == b"\b"
    assert move(0, 0) == b"\r"
    assert move(1, 0) == b"\r\n"
    assert move(20, 0) == b"\x1b[21d"
    assert move(20, 50) == b"\x1b[50C"
    assert move(30, 50) == b"\x1b[31d"
    assert move(30, 8) == b"\x1b[9G"
    assert move(40, 60) == b"\x1b[41;61H"
    assert move(0, 0) == b"\x1b[H"


def test_after_an_unsure_width_the_cursor_is_addressed_anew():
    for text in ("👩\u200d🚀", "e\u0301", "❤\ufe0f", "🚀", "\ue0b0", "🇩🇪", "𝒳"):  # noqa: RUF001
        drawn = Drawn()
        end = drawn.buffer.put_text(0, 0, text)
        drawn.buffer.put_text(0, end, "x")
        assert drawn.draw().endswith(b"\x1b[%dGx" % (end + 1)), text


def test_an_ambiguous_width_is_unsure_until_the_host_has_said():
    for narrow, expected in ((True, "─x".encode()), (False, "─\x1b[2Gx".encode())):
        drawn = Drawn(host=replace(HOST, narrow_ambiguous=narrow))
        drawn.buffer.put_text(0, 0, "─x")
        assert drawn.draw() == expected


def test_the_rendition_changes_by_the_shorter_way():
    drawn = Drawn()
    put = drawn.buffer.put_text
    put(0, 0, "a", COLOR_INDEXED | 1, 0, BOLD)
    put(0, 1, "b", COLOR_INDEXED | 1)
    put(0, 2, "c")
    put(0, 3, "d", COLOR_INDEXED | 9, COLOR_INDEXED | 100)
    put(0, 4, "e", COLOR_RGB | 0x010203, COLOR_INDEXED | 100)
    assert drawn.draw() == b"\x1b[1;31ma\x1b[22mb\x1b[mc\x1b[91;48;5;100md\x1b[38;2;1;2;3me"


def test_what_does_not_show_on_blanks_does_not_change_for_them():
    drawn = Drawn()
    drawn.buffer.put_text(0, 0, "ab", COLOR_INDEXED | 1)
    drawn.buffer.put_text(0, 3, "cd", COLOR_INDEXED | 1)
    assert drawn.draw() == b"\x1b[31mab cd"


def test_the_last_cell_of_the_screen_leaves_the_cursor_unknown():
    drawn = Drawn()
    drawn.buffer.put_text(4, 39, "x")
    assert drawn.draw() == b"\x1b[5;40Hx"
    drawn.buffer.put_text(4, 39, "y")
    assert drawn.draw() == b"\x1b[40Gy"


@pytest.mark.parametrize("code", [0x1B, 0x07, 0x7F, 0x9B, 0x0A, 0xD800, 0x110000, 0x1FFFFF])
def test_no_control_reaches_the_host(code):
    drawn = Drawn()
    drawn.buffer.words[0] = code
    drawn.buffer.touched[0] = 1
    assert drawn.draw().decode("utf-8").isprintable()


def test_a_cluster_with_controls_is_cleaned():
    drawn = Drawn()
    number = drawn.tables.cluster_id("a\x1b]0;x\x07\x9b")
    drawn.buffer.words[0] = CLUSTER | number
    drawn.buffer.touched[0] = 1
    assert drawn.draw() == b"a]0;x"


@pytest.mark.parametrize("uri", ["http://a/\x1b\\evil", "http://a/\x07", "http://a/\x9c", "http://ä/\n"])
def test_a_link_cannot_end_its_own_string(uri):
    drawn = Drawn()
    number = drawn.tables.extra_id(Extra(hyperlink=uri, link_id="a;b:\x1bc"))
    drawn.buffer.put_text(0, 0, "x", 0, 0, number << EXTRA_SHIFT)
    opened, _, rest = drawn.draw().partition(b"\x1b\\")
    assert opened.startswith(b"\x1b]8;id=abc;http://")
    assert opened[1:].decode("ascii").isprintable()
    assert rest == b"x\x1b]8;;\x1b\\"


def test_halves_of_wide_characters_without_their_other_half_are_blank():
    drawn = Drawn()
    drawn.buffer.words[0] = 0x6F22 | WIDE
    drawn.buffer.words[4] = ord("a")
    drawn.buffer.words[4 * 39] = 0x6F22 | WIDE
    drawn.buffer.touched[0] = 1
    assert drawn.draw() == b"\x1b[Ca"


def test_a_host_without_utf_8_gets_ascii_of_the_same_width():
    drawn = Drawn(host=replace(HOST, unicode=False))
    drawn.buffer.put_text(0, 0, "─│┌é漢→x")
    assert drawn.draw() == b"-|+e??>x"


def test_new_tables_mean_a_full_draw():
    drawn = Drawn()
    drawn.buffer.put_text(0, 0, "👩\u200d🚀")
    drawn.draw()
    drawn.tables.reset()
    drawn.buffer.put_text(0, 0, "🇩🇪")
    assert b"\x1b[2J" in drawn.draw()


def test_capabilities_that_change_nothing_seen_redraw_nothing():
    drawn = Drawn()
    assert not drawn.writer.set_capabilities(replace(HOST, synchronized=True, kitty_flags=31))
    assert drawn.writer.is_valid
    assert drawn.writer.set_capabilities(replace(HOST, colors=256))
    assert not drawn.writer.is_valid


@pytest.mark.parametrize("word", [CLUSTER, CLUSTER | 99, CLUSTER | WIDE, CLUSTER | 0x1FFFFF])
def test_a_cluster_that_does_not_exist_is_blank(word):
    drawn = Drawn()
    drawn.buffer.words[0] = word
    drawn.buffer.words[4] = 0x00800000 if word & WIDE else 0
    drawn.buffer.touched[0] = 1
    assert drawn.draw() in {b" ", b"\x1b[2X "}


def test_an_extra_that_does_not_exist_is_none():
    drawn = Drawn()
    drawn.buffer.put_text(0, 0, "x", 0, 0, 500 << EXTRA_SHIFT)
    assert drawn.draw() == b"x"
