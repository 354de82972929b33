"""Our own terminal as the host: after a draw it shows what the buffer holds, whatever was there before."""

from __future__ import annotations

# ruff: noqa: RUF001 - full-width letters are meant
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import (
    BLINK_SLOW,
    BOLD,
    COLOR_INDEXED,
    COLOR_RGB,
    DIM,
    EXTRA_SHIFT,
    INVISIBLE,
    ITALIC,
    OVERLINE,
    PROTECTED,
    REVERSE,
    STRIKETHROUGH,
    UNDERLINE_MASK,
    UNDERLINE_SHIFT,
    ZONE_PROMPT,
    Extra,
    unpack_color,
)
from perilune.cells.tables import CellTables
from perilune.tui.capabilities import HostCapabilities
from perilune.tui.color_depth import nearest
from perilune.tui.diff import DiffWriter
from perilune.vt import Terminal

COLS, ROWS = 12, 4
FULL = HostCapabilities(
    colors=1 << 24, narrow_ambiguous=True, repeat=True, styled_underline=True, underline_color=True
)
HOSTS = {
    "all": FULL,
    "no repeat": replace(FULL, repeat=False),
    "unsure widths": replace(FULL, narrow_ambiguous=False),
    "no erasing": replace(FULL, erase_chars=False, back_color_erase=False),
    "no bce": replace(FULL, back_color_erase=False),
}
EXTRAS = [
    Extra(hyperlink="https://example.org/a;b"),
    Extra(hyperlink="https://example.org/", link_id="x:1"),
    Extra(underline_color=(1, 2, 3)),
    Extra(hyperlink="file:///tmp/ä", underline_color=9),
]
CLUSTERS = ["a", "b", "Z", " ", "", "─", "é", "±", "\ue0b0", "漢", "字", "ｗ", "🚀", "👩\u200d🚀", "e\u0301",
            "❤\ufe0f", "🇩🇪", "☺", "\x1b", "\x9b"]  # fmt: skip
WIDE = {"漢", "字", "ｗ", "🚀", "👩\u200d🚀", "❤\ufe0f", "🇩🇪"}

colors = st.sampled_from(
    [0, 0, 0, *(COLOR_INDEXED | index for index in (1, 9, 15, 16, 200, 255)), COLOR_RGB, COLOR_RGB | 0xFF8001]
)
attributes = st.sampled_from(
    [0, 0, 0, BOLD, DIM, BOLD | DIM, ITALIC, REVERSE, BLINK_SLOW, INVISIBLE, STRIKETHROUGH, OVERLINE | BOLD,
     1 << UNDERLINE_SHIFT, 3 << UNDERLINE_SHIFT, 5 << UNDERLINE_SHIFT | REVERSE, PROTECTED, ZONE_PROMPT,
     1 << EXTRA_SHIFT, 2 << EXTRA_SHIFT, 3 << EXTRA_SHIFT | 3 << UNDERLINE_SHIFT, 4 << EXTRA_SHIFT | 8]
)  # fmt: skip
styles = st.tuples(colors, colors, attributes)
# A stretch of equal cells, so that erasing and repeating have something to do.
puts = st.tuples(
    st.integers(0, ROWS - 1),
    st.integers(0, COLS - 1),
    st.sampled_from(CLUSTERS),
    st.integers(1, COLS),
    styles,
)
pictures = st.lists(puts, max_size=14)


def new_tables():
    tables = CellTables()
    for extra in EXTRAS:
        tables.extra_id(extra)
    return tables


def paint(buffer, picture):
    for row, col, cluster, count, (fg, bg, attr) in picture:
        if not cluster:
            buffer.fill(row, col, count, 1, 0, fg, bg, attr)
            continue
        width = 2 if cluster in WIDE else 1
        for at in range(col, min(col + count * width, buffer.cols - width + 1), width):
            buffer.put_cluster(row, at, cluster, width, fg, bg, attr)


def looks(text, width, fg, bg, attr, extra, *, depth=1 << 24):
    """What a viewer can tell of a cell."""
    underline = (attr & UNDERLINE_MASK) >> UNDERLINE_SHIFT
    blank = text in {"", " "} and width == 1
    shows_fg = not blank or attr & (REVERSE | UNDERLINE_MASK | STRIKETHROUGH | OVERLINE) or extra.hyperlink
    marks = attr & (REVERSE | STRIKETHROUGH | OVERLINE)
    if shows_fg:
        marks |= attr & (BOLD | DIM | ITALIC | BLINK_SLOW | INVISIBLE)
    return (
        " " if blank else text,
        width,
        unpack_color(nearest(fg, depth)) if shows_fg else None,
        unpack_color(nearest(bg, depth)),
        marks,
        underline,
        extra.hyperlink,
    )


def expected_cell(buffer, row, col, depth):
    index = 4 * (row * buffer.cols + col)
    word, fg, bg, attr = buffer.words[index : index + 4]
    text = buffer.cell_text(row, col)
    width = 0 if text == "" else 2 if word & 0x400000 else 1
    extra = buffer.cell_extra(row, col)
    if extra.hyperlink:
        extra = extra._replace(hyperlink=extra.hyperlink.replace("ä", "%C3%A4"))
    return looks(text, width, fg, bg, attr, extra, depth=depth)


def host_cell(host, row, col):
    cell = host.cell(row, col)
    attr = cell.underline << UNDERLINE_SHIFT
    for name, bit in (
        ("bold", BOLD), ("dim", DIM), ("italic", ITALIC), ("blink", BLINK_SLOW), ("reverse", REVERSE),
        ("invisible", INVISIBLE), ("strikethrough", STRIKETHROUGH), ("overline", OVERLINE),
    ):  # fmt: skip
        if getattr(cell, name):
            attr |= bit
    found = looks(cell.text, cell.width, 0, 0, attr, Extra(hyperlink=cell.hyperlink))
    fg = cell.fg if found[2] is not None or _shows_fg(cell, attr) else None
    return (found[0], found[1], fg, cell.bg, *found[4:])


def _shows_fg(cell, attr):
    blank = cell.text in {"", " "} and cell.width == 1
    return not blank or attr & (REVERSE | UNDERLINE_MASK | STRIKETHROUGH | OVERLINE) or cell.hyperlink


def new_host():
    host = Terminal(COLS, ROWS, scrollback=10)
    host.feed(b"\x1b[?7l")
    return host


def check(host, buffer, depth=1 << 24):
    for row in range(ROWS):
        found = [host_cell(host, row, col) for col in range(COLS)]
        wanted = [expected_cell(buffer, row, col, depth) for col in range(COLS)]
        # The right half of a wide cell has no look of its own.
        for cells in (found, wanted):
            for col in range(1, COLS):
                if cells[col][1] == 0:
                    cells[col] = ("", 0)
        assert found == wanted, f"row {row}"
    assert host.scrollback_text() == []


def draw(writer, host, buffer):
    out = bytearray()
    writer.draw(buffer, out)
    buffer.touched[:] = bytes(ROWS)
    host.feed(bytes(out))
    return out


@pytest.mark.parametrize("name", HOSTS)
@settings(max_examples=60, deadline=None)
@given(history=st.lists(pictures, min_size=1, max_size=5))
def test_the_host_shows_each_frame(name, history):
    host = new_host()
    host.feed(b"garbage\x1b[31mall over\r\n" * 3 + b"\x1b[?7l")
    host = new_host() if host.scrollback_text() else host
    buffer = CellBuffer(COLS, ROWS, new_tables())
    writer = DiffWriter(HOSTS[name], COLS, ROWS)
    for picture in history:
        paint(buffer, picture)
        draw(writer, host, buffer)
        check(host, buffer)
    assert draw(writer, host, buffer) == b""
    writer.invalidate()
    draw(writer, host, buffer)
    check(host, buffer)


@settings(max_examples=60, deadline=None)
@given(first=pictures, second=pictures)
def test_a_frame_from_another_buffer_draws_what_differs(first, second):
    host = new_host()
    tables = new_tables()
    writer = DiffWriter(FULL, COLS, ROWS)
    for picture in (first, second):
        buffer = CellBuffer(COLS, ROWS, tables)
        paint(buffer, picture)
        draw(writer, host, buffer)
        check(host, buffer)


@pytest.mark.parametrize("depth", [0, 8, 16, 256])
@settings(max_examples=40, deadline=None)
@given(history=st.lists(pictures, min_size=1, max_size=3))
def test_colours_degrade_to_what_the_host_has(depth, history):
    host = new_host()
    buffer = CellBuffer(COLS, ROWS, new_tables())
    writer = DiffWriter(replace(FULL, colors=depth), COLS, ROWS)
    for picture in history:
        paint(buffer, picture)
        draw(writer, host, buffer)
    for row in range(ROWS):
        for col in range(COLS):
            cell = host.cell(row, col)
            for color in (cell.fg, cell.bg):
                assert color is None or (isinstance(color, int) and color < depth)
            wanted = expected_cell(buffer, row, col, depth)
            found = host_cell(host, row, col)
            assert found[:2] == wanted[:2]
            if wanted[1]:
                assert found[3:] == wanted[3:]
                index = 4 * (row * COLS + col)
                fg, bg = buffer.words[index + 1 : index + 3]
                if depth > 16 or nearest(fg, depth) != nearest(bg, depth) or fg == bg or not fg:
                    assert found[2] == wanted[2]
                elif found[2] is not None:
                    assert found[2] != found[3], "text on its own colour"


@settings(max_examples=60, deadline=None)
@given(history=st.lists(pictures, min_size=1, max_size=3), bce=st.booleans())
def test_configured_colours_replace_the_hosts(history, bce):
    host = new_host()
    buffer = CellBuffer(COLS, ROWS, new_tables())
    writer = DiffWriter(replace(FULL, back_color_erase=bce), COLS, ROWS)
    writer.set_colors((9, 8, 7), (1, 2, 3), {9: (200, 100, 50)})
    replaced = {None: (1, 2, 3), 9: (200, 100, 50)}
    for picture in history:
        paint(buffer, picture)
        draw(writer, host, buffer)
        for row in range(ROWS):
            for col in range(COLS):
                wanted = expected_cell(buffer, row, col, 1 << 24)
                cell = host.cell(row, col)
                if wanted[1]:
                    assert cell.text.strip() == wanted[0].strip()
                    assert cell.bg == replaced.get(wanted[3], wanted[3])
                    if wanted[0] != " ":
                        index = 4 * (row * COLS + col)
                        fg = unpack_color(buffer.words[index + 1])
                        assert cell.fg == ((9, 8, 7) if fg is None else replaced.get(fg, fg))


@settings(max_examples=60, deadline=None)
@given(pictures, st.integers(1, COLS + 3), st.integers(1, ROWS + 3), pictures)
def test_a_buffer_of_another_size_is_clipped_or_padded(first, cols, rows, second):
    host = new_host()
    tables = new_tables()
    writer = DiffWriter(FULL, COLS, ROWS)
    whole = CellBuffer(COLS, ROWS, tables)
    paint(whole, first)
    draw(writer, host, whole)
    other = CellBuffer(cols, rows, tables)
    paint(other, [put for put in second if put[0] < rows and put[1] < cols])
    writer.invalidate()
    out = bytearray()
    writer.draw(other, out)
    host.feed(bytes(out))
    for row in range(ROWS):
        for col in range(COLS):
            cell = host.cell(row, col)
            inside = row < rows and col < cols
            halved = inside and other.cell_text(row, col) in WIDE and col + 1 == min(cols, COLS)
            wanted = other.cell_text(row, col) if inside and not halved else " "
            if wanted in {"\x1b", "\x9b"}:
                wanted = " "
            assert cell.text.strip() == wanted.strip()


@given(st.integers(0, ROWS - 1), st.integers(0, COLS - 1), pictures)
def test_the_cursor_is_where_it_is_placed(row, col, picture):
    host = new_host()
    buffer = CellBuffer(COLS, ROWS, new_tables())
    paint(buffer, picture)
    writer = DiffWriter(FULL, COLS, ROWS)
    out = bytearray()
    writer.draw(buffer, out)
    writer.place_cursor(out, row, col)
    host.feed(bytes(out))
    assert (host.cursor.row, host.cursor.col) == (row, col)
