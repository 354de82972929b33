# cython: language_level=3
# mypy: disable-error-code="import-untyped, untyped-decorator"
"""From what the host terminal shows to what it shall show, in few bytes.

`DiffWriter` keeps a normalised copy of the cells that the host has, and writes cursor motion, SGR and text
for those that differ, straight from the cell arrays into a `bytearray`. It does no I/O and knows no terminal
modes; it expects the driver to have switched autowrap and output processing off, so that the last column and
the last row are cells like any other and CR LF only moves.

Compiled by Cython; runs the same as plain Python. Mux thread. Longer than most files because the loop over
the cells and all it calls must be in one compiled module.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import cython

from perilune.base.color import Rgb
from perilune.cells import packing
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.cells.width import (
    AMBIGUOUS,
    PROPERTY_BLOCKS,
    PROPERTY_INDEX,
    WIDENED_BY_VS16,
    WIDTH_SHIFT,
)
from perilune.tui.capabilities import HostCapabilities
from perilune.tui.color_depth import ascii_fallback, contrasting, nearest
from perilune.tui.hyperlink import link_parameters

__all__ = ["DiffWriter"]

_index = cython.declare(cython.ushort[::1], PROPERTY_INDEX)
_blocks = cython.declare(cython.ushort[::1], PROPERTY_BLOCKS)

_TEXT_MASK = cython.declare(cython.uint, packing.TEXT_MASK)
_CLUSTER = cython.declare(cython.uint, packing.CLUSTER)
_WIDE = cython.declare(cython.uint, packing.WIDE)
_SPACER = cython.declare(cython.uint, packing.SPACER)
_INDEXED = cython.declare(cython.uint, packing.COLOR_INDEXED)
_RGB = cython.declare(cython.uint, packing.COLOR_RGB)
_EXTRA_SHIFT = cython.declare(cython.uint, packing.EXTRA_SHIFT)
_EXTRA_MASK = cython.declare(cython.uint, 0xFFFF0000)
_VISIBLE = cython.declare(cython.uint, packing.RENDITION_MASK | 0xFFFF0000)
_UNDERLINE = cython.declare(cython.uint, packing.UNDERLINE_MASK)
_UNDERLINE_SHIFT = cython.declare(cython.uint, packing.UNDERLINE_SHIFT)
# What is to be seen on a cell without a character.
_DECORATION = cython.declare(
    cython.uint, packing.UNDERLINE_MASK | packing.REVERSE | packing.STRIKETHROUGH | packing.OVERLINE
)
_BLANK = cython.declare(cython.uint, 32)

# A rewritten gap costs no more than moving over it up to this many cells.
_MAX_GAP = cython.declare(cython.int, 4)
# Erasing costs two sequences (ECH and the motion after it); fewer blanks are cheaper written.
_MIN_ERASE = cython.declare(cython.int, 8)
_MIN_REPEAT_SAVING = cython.declare(cython.int, 7)

# Bits and the SGR parameter that sets them; underlines, which have styles, apart.
_SWITCH_ON = (
    (packing.BOLD, b"1;"), (packing.DIM, b"2;"), (packing.ITALIC, b"3;"), (packing.BLINK_SLOW, b"5;"),
    (packing.BLINK_RAPID, b"6;"), (packing.REVERSE, b"7;"), (packing.INVISIBLE, b"8;"),
    (packing.STRIKETHROUGH, b"9;"), (packing.OVERLINE, b"53;"),
)  # fmt: skip
_SWITCH_OFF = (
    (packing.BOLD | packing.DIM, b"22;"), (packing.ITALIC, b"23;"),
    (packing.BLINK_SLOW | packing.BLINK_RAPID, b"25;"), (packing.REVERSE, b"27;"),
    (packing.INVISIBLE, b"28;"), (packing.STRIKETHROUGH, b"29;"), (packing.OVERLINE, b"55;"),
)  # fmt: skip
_UNDERLINES = (b"24;", b"4;", b"4:2;", b"4:3;", b"4:4;", b"4:5;", b"4;", b"4;")


@cython.cfunc
@cython.inline
def _put_number(out: bytearray, number: cython.uint) -> None:
    """Decimal digits; never more than five in practice, any number in principle."""
    if number < 10:
        out.append(48 + number)
    elif number < 100:
        out.append(48 + number // 10)
        out.append(48 + number % 10)
    elif number < 1000:
        out.append(48 + number // 100)
        out.append(48 + number // 10 % 10)
        out.append(48 + number % 10)
    else:
        out += b"%d" % number


@cython.cfunc
@cython.inline
def _put_csi(out: bytearray, number: cython.uint, final: cython.int) -> None:
    """`CSI number final`, the number left out where it is 1, which all these controls default to."""
    out.append(27)
    out.append(91)
    if number != 1:
        _put_number(out, number)
    out.append(final)


@cython.cfunc
@cython.inline
def _digits(number: cython.int) -> cython.int:
    return 1 if number < 10 else 2 if number < 100 else 3 if number < 1000 else 5


@cython.cfunc
@cython.inline
def _utf8_length(code: cython.uint) -> cython.int:
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


@cython.cfunc
@cython.inline
def _put_code_point(out: bytearray, code: cython.uint) -> None:
    """UTF-8. Nothing that the host could take for a control gets through."""
    if code < 0x80:
        out.append(code if code >= 32 and code != 127 else 32)
    elif code < 0x800:
        if code < 0xA0:
            out.append(32)
            return
        out.append(0xC0 | code >> 6)
        out.append(0x80 | code & 0x3F)
    elif code < 0x10000:
        if 0xD800 <= code < 0xE000:
            code = 0xFFFD
        out.append(0xE0 | code >> 12)
        out.append(0x80 | code >> 6 & 0x3F)
        out.append(0x80 | code & 0x3F)
    elif code < 0x110000:
        out.append(0xF0 | code >> 18)
        out.append(0x80 | code >> 12 & 0x3F)
        out.append(0x80 | code >> 6 & 0x3F)
        out.append(0x80 | code & 0x3F)
    else:
        out.append(32)


@cython.cfunc
@cython.boundscheck(False)
@cython.wraparound(False)
def _width(code: cython.uint) -> cython.uint:
    if code > 0x10FFFF:
        return 1
    return (_blocks[(_index[code >> 8] << 8) | (code & 0xFF)] >> WIDTH_SHIFT) & 3


@cython.cfunc
@cython.boundscheck(False)
@cython.wraparound(False)
def _is_uncertain(code: cython.uint, narrow_ambiguous: cython.bint) -> cython.bint:
    """Whether hosts disagree about the width of a code point, so that the cursor may be elsewhere after it.

    ASCII and what is wide in every East Asian font are certain; pictographs, private use (icon fonts),
    whatever lies beyond the BMP and zero-width characters are not.
    """
    properties: cython.uint
    width: cython.uint
    if code < 0x7F:
        return False
    if code > 0x10FFFF or code == 0xAD or 0xE000 <= code <= 0xF8FF:
        return True
    properties = _blocks[(_index[code >> 8] << 8) | (code & 0xFF)]
    width = (properties >> WIDTH_SHIFT) & 3
    if width == 0 or properties & WIDENED_BY_VS16:
        return True
    if code >= 0x10000:
        return not 0x20000 <= code < 0x40000
    if width == 2:
        return not (code >= 0x2E80 or 0x1100 <= code <= 0x115F)
    return bool(properties & AMBIGUOUS) and not narrow_ambiguous


@cython.cfunc
@cython.boundscheck(False)
@cython.wraparound(False)
def _normalize(
    source: cython.uint[::1],
    start: cython.Py_ssize_t,
    count: cython.Py_ssize_t,
    row: cython.uint[::1],
    cols: cython.Py_ssize_t,
) -> None:
    """Copy a row so that cells that look alike are equal, and halves of wide characters come in pairs."""
    x: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    o: cython.Py_ssize_t
    word: cython.uint
    attr: cython.uint
    while x < count:
        i = start + 4 * x
        o = 4 * x
        word = source[i]
        attr = source[i + 3] & _VISIBLE
        if word & _WIDE and x + 1 < count and source[i + 4] & _SPACER:
            row[o] = word
            row[o + 4] = _SPACER
            row[o + 1] = row[o + 5] = source[i + 1]
            row[o + 2] = row[o + 6] = source[i + 2]
            row[o + 3] = row[o + 7] = attr
            x += 2
            continue
        if word & (_WIDE | _SPACER) or not word & (_TEXT_MASK | _CLUSTER):
            word = _BLANK
        row[o] = word
        row[o + 2] = source[i + 2]
        if word == _BLANK and not attr & (_DECORATION | _EXTRA_MASK):
            row[o + 1] = 0
            row[o + 3] = 0
        else:
            row[o + 1] = source[i + 1]
            row[o + 3] = attr
        x += 1
    for x in range(count, cols):
        o = 4 * x
        row[o] = _BLANK
        row[o + 1] = row[o + 2] = row[o + 3] = 0


@cython.cfunc
@cython.inline
@cython.boundscheck(False)
@cython.wraparound(False)
def _same(
    left: cython.uint[::1], i: cython.Py_ssize_t, right: cython.uint[::1], j: cython.Py_ssize_t
) -> cython.bint:
    return (
        left[i] == right[j]
        and left[i + 1] == right[j + 1]
        and left[i + 2] == right[j + 2]
        and left[i + 3] == right[j + 3]
    )


def _blank_cells(count: int) -> array[int]:
    return array("I", (_BLANK, 0, 0, 0)) * count


@cython.cclass
class DiffWriter:
    """Writes what changes a host's screen from the last buffer drawn to the next.

    The host's cursor, rendition and link are tracked across calls; `invalidate` says that they, and the
    screen, are unknown.
    """

    _cols: cython.int
    _rows: cython.int
    _row: cython.int  # the host's cursor; -1 where unknown
    _col: cython.int
    _valid: cython.bint
    _style_known: cython.bint
    # Style as the cells have it, to leave quickly when nothing changes, ...
    _cell_fg: cython.uint
    _cell_bg: cython.uint
    _cell_attr: cython.uint
    # ... and as the host has it.
    _fg: cython.uint
    _bg: cython.uint
    _attr: cython.uint
    _underline_color: cython.uint
    # Capabilities, unpacked.
    _colors: cython.int
    _identity: cython.bint
    _unicode: cython.bint
    _narrow_ambiguous: cython.bint
    _erase: cython.bint
    _bce: cython.bint
    _repeat: cython.bint
    _styled_underline: cython.bint
    _colored_underline: cython.bint
    _hyperlinks: cython.bint
    _supported: cython.uint
    _previous: cython.uint[::1]
    _scratch: cython.uint[::1]
    _tables: CellTables | None
    _generation: int
    _link: bytes
    _default_fg: int
    _default_bg: int
    _configured: dict[int, int]
    _mapped: dict[int, int]
    _alternative: bytearray
    _look: tuple[object, ...]

    def __init__(self, capabilities: HostCapabilities, cols: int, rows: int) -> None:
        self._default_fg = 0
        self._default_bg = 0
        self._configured = {}
        self._mapped = {}
        self._tables = None
        self._generation = 0
        self._link = b""
        self._alternative = bytearray()
        self._look = ()
        self.resize(cols, rows)
        self.set_capabilities(capabilities)

    @property
    def is_valid(self) -> bool:
        """Whether the host's screen is known, so that a frame costs only what changed."""
        return bool(self._valid)

    def resize(self, cols: int, rows: int) -> None:
        """The host has this many cells now; what it shows is unknown. Buffers are clipped or padded to it."""
        self._cols = max(cols, 1)
        self._rows = max(rows, 1)
        self._previous = _blank_cells(self._cols * self._rows)
        self._scratch = _blank_cells(self._cols)
        self.invalidate()

    def set_capabilities(self, capabilities: HostCapabilities) -> bool:
        """What the host can do; whether what it shows changes with that, so that all is to be drawn again."""
        before = self._look
        self._colors = capabilities.colors
        self._unicode = capabilities.unicode
        self._narrow_ambiguous = capabilities.narrow_ambiguous
        self._erase = capabilities.erase_chars
        self._bce = capabilities.back_color_erase
        self._repeat = capabilities.repeat
        self._styled_underline = capabilities.styled_underline
        self._colored_underline = capabilities.underline_color
        self._hyperlinks = capabilities.hyperlinks
        self._supported = packing.RENDITION_MASK
        if not capabilities.strikethrough:
            self._supported = self._supported & ~packing.STRIKETHROUGH
        if not capabilities.overline:
            self._supported = self._supported & ~packing.OVERLINE
        self._look = (
            capabilities.colors, capabilities.unicode, capabilities.back_color_erase,
            capabilities.styled_underline, capabilities.underline_color, capabilities.hyperlinks,
            capabilities.strikethrough, capabilities.overline,
        )  # fmt: skip
        if self._look == before:
            return False
        self._forget_colors()
        return True

    def set_colors(self, foreground: Rgb | None, background: Rgb | None, indexed: Mapping[int, Rgb]) -> None:
        """Configured colours, sent as such; the others stay the host's own. Draws everything again."""
        self._default_fg = packing.pack_color(foreground)
        self._default_bg = packing.pack_color(background)
        self._configured = {number: packing.pack_color(rgb) for number, rgb in indexed.items()}
        self._forget_colors()

    def invalidate(self) -> None:
        """The host's screen, cursor and rendition are unknown: the next `draw` clears and writes it all."""
        self._valid = False
        self._style_known = False
        self._row = -1
        self._col = -1

    def _forget_colors(self) -> None:
        self._identity = (
            self._colors > 256 and not self._default_fg and not self._default_bg and not self._configured
        )
        self._mapped = {}
        self.invalidate()

    # Drawing.

    def draw(self, buffer: CellBuffer, out: bytearray, owed: bytearray | None = None) -> bool:
        """Append what makes the host show `buffer`; the caller clears `buffer.touched`.

        Args:
            buffer: the cells; only rows marked in its `touched` are looked at.
            out: where the bytes go.
            owed: one byte a row, set for rows of frames that were never drawn; drawn as if touched.

        Returns:
            Whether anything was written.
        """
        words: cython.uint[::1] = buffer.words
        touched: bytearray = buffer.touched
        tables = buffer.tables
        y: cython.int
        rows: cython.int = min(self._rows, buffer.rows)
        count: cython.Py_ssize_t = min(self._cols, buffer.cols)
        stride: cython.Py_ssize_t = 4 * buffer.cols
        before = len(out)
        everything: cython.bint
        if tables is not self._tables or tables.generation != self._generation:
            self._valid = False
            self._tables = tables
            self._generation = tables.generation
        everything = not self._valid
        if everything:
            self._clear(out)
        for y in range(rows):
            if everything or touched[y] or (owed is not None and y < len(owed) and owed[y]):
                _normalize(words, y * stride, count, self._scratch, self._cols)
                self._draw_row(out, y)
        if everything:  # rows that the buffer lacks
            for y in range(rows, self._rows):
                _normalize(words, 0, 0, self._scratch, self._cols)
                self._draw_row(out, y)
        if self._link:
            self._put_link(out, b"")
            self._style_known = False
        return len(out) > before

    def place_cursor(self, out: bytearray, row: int, col: int) -> None:
        """Append the motion to a cell, clipped to the screen."""
        self._move(out, min(max(row, 0), self._rows - 1), min(max(col, 0), self._cols - 1))

    @cython.cfunc
    def _clear(self, out: bytearray) -> None:
        """Bring host and memory to the same empty screen."""
        i: cython.Py_ssize_t
        if self._hyperlinks:
            out += b"\x1b]8;;\x1b\\"
        self._link = b""
        out += b"\x1b[m"
        self._fg = self._bg = self._attr = self._underline_color = 0
        self._cell_fg = self._cell_bg = self._cell_attr = 0
        self._style_known = True
        if self._default_fg or self._default_bg:
            self._cell_fg = self._cell_bg = 0xFFFFFFFF  # no cell is drawn in the host's own defaults
        if self._default_bg and self._bce:
            self._set_style(out, 0, 0, 0)
        out += b"\x1b[H\x1b[2J"
        self._row = self._col = 0
        self._previous = _blank_cells(self._cols * self._rows)
        if self._default_bg and not self._bce:
            for i in range(4 * self._cols * self._rows):
                self._previous[i] = 0xFFFFFFFF
        self._valid = True

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _draw_row(self, out: bytearray, y: cython.int) -> None:
        """Write the differences of the normalised row in `_scratch`, and remember it."""
        row: cython.uint[::1] = self._scratch
        previous: cython.uint[::1] = self._previous
        cols: cython.int = self._cols
        base: cython.Py_ssize_t = 4 * cols * y
        x: cython.int = 0
        end: cython.int = cols
        tail: cython.int = cols
        run: cython.int
        i: cython.Py_ssize_t
        word: cython.uint
        background: cython.uint
        while x < cols and _same(row, 4 * x, previous, base + 4 * x):
            x += 1
        if x == cols:
            return
        while _same(row, 4 * (end - 1), previous, base + 4 * (end - 1)):
            end -= 1
        if row[4 * x] & _SPACER:
            x -= 1
        if end < cols and row[4 * end] & _SPACER:
            end += 1
        background = row[4 * cols - 2]
        while tail > 0 and self._is_plain_blank(row, tail - 1) and row[4 * tail - 2] == background:
            tail -= 1
        while x < end:
            if x >= tail and end - x > 3 and self._can_erase(background):
                self._move(out, y, x)
                self._set_background(out, background)
                out += b"\x1b[K"
                break
            if _same(row, 4 * x, previous, base + 4 * x):
                run = x + 1
                while run < end and _same(row, 4 * run, previous, base + 4 * run):
                    run += 1
                if run == end or not self._is_cheap_gap(row, y, x, run):
                    x = run
                    continue
            i = 4 * x
            word = row[i]
            run = x + 1
            while run < end and _same(row, i, row, 4 * run):
                run += 1
            run -= x
            self._move(out, y, x)
            if self._is_plain_blank(row, x):
                self._set_background(out, row[i + 2])
                if run >= _MIN_ERASE and self._erase and self._can_erase(row[i + 2]):
                    _put_csi(out, run, 88)  # ECH
                    x += run
                    continue
                self._put_run(out, _BLANK, run)
                x += run
                continue
            self._set_style(out, row[i + 1], row[i + 2], row[i + 3])
            if word & (_WIDE | _CLUSTER):
                self._put_complex(out, word)
                x += 2 if word & _WIDE else 1
            elif word < 0x7F or (self._unicode and not _is_uncertain(word, self._narrow_ambiguous)):
                self._put_run(out, word, run)
                x += run
            else:
                self._put_complex(out, word)
                x += 1
        for i in range(4 * cols):
            previous[base + i] = row[i]

    @cython.cfunc
    @cython.inline
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _is_plain_blank(self, row: cython.uint[::1], x: cython.int) -> cython.bint:
        return row[4 * x] == _BLANK and row[4 * x + 3] == 0

    @cython.cfunc
    @cython.inline
    def _can_erase(self, background: cython.uint) -> cython.bint:
        """Whether erased cells get the colour that is wanted."""
        return self._bce or self._map(background, False) == 0

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _is_cheap_gap(
        self, row: cython.uint[::1], y: cython.int, x: cython.int, end: cython.int
    ) -> cython.bint:
        """Whether unchanged cells are cheaper written again than moved over."""
        if end - x > _MAX_GAP or self._row != y or self._col != x or not self._style_known:
            return False
        for x in range(x, end):  # noqa: B020, PLR1704 - a C loop over the remaining cells
            if row[4 * x] >= 0x7F or row[4 * x + 2] != self._cell_bg:
                return False
            if self._is_plain_blank(row, x):
                if self._attr & _DECORATION or self._link:
                    return False
            elif row[4 * x + 1] != self._cell_fg or row[4 * x + 3] != self._cell_attr:
                return False
        return True

    @cython.cfunc
    def _put_run(self, out: bytearray, code: cython.uint, run: cython.int) -> None:
        """Write a code point of certain width 1 `run` times."""
        length: cython.int = _utf8_length(code)
        count: cython.int
        if self._repeat and (run - 1) * length >= _MIN_REPEAT_SAVING:
            _put_code_point(out, code)
            _put_csi(out, run - 1, 98)  # REP
        else:
            for count in range(run):  # noqa: B007
                _put_code_point(out, code)
        self._advance(run)

    @cython.cfunc
    @cython.inline
    def _advance(self, width: cython.int) -> None:
        self._col += width
        if (
            self._col >= self._cols
        ):  # the cursor rests on the last column, or wants to wrap: say nothing of it
            self._col = -1

    @cython.cfunc
    def _put_complex(self, out: bytearray, word: cython.uint) -> None:
        """Write a wide character, a cluster, or a character that hosts measure differently."""
        width: cython.int = 2 if word & _WIDE else 1
        code: cython.uint = word & _TEXT_MASK
        text: str
        if word & _CLUSTER:
            clusters = self._tables.clusters if self._tables is not None else []
            text = clusters[code] if 0 < code < len(clusters) else " "
        else:
            text = chr(code) if code <= 0x10FFFF else " "
        if not self._unicode and not text.isascii():
            out += ascii_fallback(text, width)
            self._advance(width)
            return
        if not word & _CLUSTER and not _is_uncertain(code, self._narrow_ambiguous) and _width(code) == width:
            _put_code_point(out, code)
            self._advance(width)
            return
        if width == 2 and self._erase:
            out += b"\x1b[2X"  # so that the right half is blank on a host that sees one cell
        if not text.isprintable():
            text = "".join([char for char in text if not (char < " " or "\x7f" <= char < "\xa0")]) or " "
        if _width(ord(text[0])) == 0:
            out.append(32)  # a lone mark would join the cell before it
        out += text.encode("utf-8", "replace")
        self._col = -1

    # Motion.

    @cython.cfunc
    def _move(self, out: bytearray, y: cython.int, x: cython.int) -> None:
        """The shortest motion to a cell; `_row` or `_col` is -1 where the host's cursor is not known."""
        count: cython.int
        if y == self._row:
            if x == self._col:
                return
            if x == 0:
                out.append(13)
            elif self._col >= 0 and self._col - x in {1, 2, 3}:
                for count in range(self._col - x):  # noqa: B007
                    out.append(8)
            elif 0 <= self._col < x and _digits(x - self._col) <= _digits(x + 1):
                _put_csi(out, x - self._col, 67)  # CUF
            else:
                _put_csi(out, x + 1, 71)  # CHA
        elif x == 0 and 0 <= self._row < y <= self._row + 3:
            out.append(13)
            for count in range(y - self._row):  # noqa: B007
                out.append(10)
        elif x == self._col and self._row >= 0:
            _put_csi(out, y + 1, 100)  # VPA
        elif x == 0:
            _put_csi(out, y + 1, 72)  # CUP
        else:
            out.append(27)
            out.append(91)
            _put_number(out, y + 1)
            out.append(59)
            _put_number(out, x + 1)
            out.append(72)
        self._row = y
        self._col = x

    # Rendition.

    @cython.cfunc
    def _map(self, word: cython.uint, foreground: cython.bint) -> cython.uint:
        """The colour word that the host gets: configured, then degraded to what it has."""
        if self._identity:
            return word
        key = word or (-1 if foreground else -2)
        found = self._mapped.get(key)
        if found is None:
            found = word
            if not word:
                found = self._default_fg if foreground else self._default_bg
            elif word & _INDEXED:
                found = self._configured.get(word & 0xFF, word)
            found = nearest(found, self._colors)
            if len(self._mapped) > 100_000:
                self._mapped.clear()
            self._mapped[key] = found
        return found

    @cython.cfunc
    def _set_background(self, out: bytearray, background: cython.uint) -> None:
        """Make the rendition good for blanks of a colour: what does not show on blanks may stay."""
        same: cython.bint = self._style_known and background == self._cell_bg
        if same and not self._link and not self._attr & _DECORATION:
            return
        self._set_style(out, 0, background, 0)

    @cython.cfunc
    def _set_style(self, out: bytearray, fg: cython.uint, bg: cython.uint, attr: cython.uint) -> None:
        """Bring the host's rendition and link to those of a cell."""
        host_fg: cython.uint
        host_bg: cython.uint
        host_attr: cython.uint
        underline_color: cython.uint = 0
        underline: cython.uint
        start: cython.Py_ssize_t
        if self._style_known and fg == self._cell_fg and bg == self._cell_bg and attr == self._cell_attr:
            return
        host_fg = self._map(fg, True)
        host_bg = self._map(bg, False)
        if host_fg == host_bg and host_fg and fg != bg and self._colors <= 16:
            host_fg = contrasting(host_bg, self._colors)
        host_attr = attr & self._supported
        underline = host_attr & _UNDERLINE
        if underline and not self._styled_underline:
            host_attr = (host_attr & ~_UNDERLINE) | (1 << _UNDERLINE_SHIFT)
        if (attr | self._cell_attr) & _EXTRA_MASK or self._link or not self._style_known:
            underline_color = self._apply_extra(out, attr >> _EXTRA_SHIFT)
            if not underline:
                underline_color = 0
        self._cell_fg = fg
        self._cell_bg = bg
        self._cell_attr = attr
        if not self._style_known:
            out += b"\x1b[m"
            self._fg = self._bg = self._attr = self._underline_color = 0
            self._style_known = True
        if (
            host_fg == self._fg
            and host_bg == self._bg
            and host_attr == self._attr
            and underline_color == self._underline_color
        ):
            return
        if not (host_fg or host_bg or host_attr or underline_color):
            out += b"\x1b[m"
        else:
            start = len(out)
            out += b"\x1b["
            self._put_parameters(out, host_fg, host_bg, host_attr, underline_color)
            out[len(out) - 1] = 109  # the last separator becomes the final byte
            if self._attr & ~host_attr or (self._attr ^ host_attr) & _UNDERLINE:
                # Something is switched off: starting from nothing may be shorter.
                del self._alternative[:]
                self._alternative += b"\x1b[;"
                self._fg = self._bg = self._attr = self._underline_color = 0
                self._put_parameters(self._alternative, host_fg, host_bg, host_attr, underline_color)
                self._alternative[-1] = 109
                if len(self._alternative) < len(out) - start:
                    del out[start:]
                    out += self._alternative
        self._fg = host_fg
        self._bg = host_bg
        self._attr = host_attr
        self._underline_color = underline_color

    @cython.cfunc
    def _put_parameters(
        self,
        out: bytearray,
        fg: cython.uint,
        bg: cython.uint,
        attr: cython.uint,
        underline_color: cython.uint,
    ) -> None:
        """SGR parameters from the host's present rendition to another, each followed by a semicolon."""
        off: cython.uint = self._attr & ~attr & ~_UNDERLINE
        on: cython.uint = attr & ~self._attr & ~_UNDERLINE
        if off:
            for bits, code in _SWITCH_OFF:
                if off & bits:
                    out += code
                    on |= attr & bits  # of two that are switched off together, one may stay
        if on:
            for bits, code in _SWITCH_ON:
                if on & bits:
                    out += code
        if (attr ^ self._attr) & _UNDERLINE:
            out += _UNDERLINES[(attr & _UNDERLINE) >> _UNDERLINE_SHIFT]
        if fg != self._fg:
            self._put_color(out, fg, 30)
        if bg != self._bg:
            self._put_color(out, bg, 40)
        if underline_color != self._underline_color:
            self._put_underline_color(out, underline_color)

    @cython.cfunc
    def _put_color(self, out: bytearray, color: cython.uint, base: cython.uint) -> None:
        """A foreground (`base` 30) or background (40)."""
        if color == 0:
            _put_number(out, base + 9)
        elif color & _RGB:
            _put_number(out, base + 8)
            out += b";2;"
            _put_number(out, color >> 16 & 0xFF)
            out.append(59)
            _put_number(out, color >> 8 & 0xFF)
            out.append(59)
            _put_number(out, color & 0xFF)
        else:
            color &= 0xFF
            if color < 8:
                _put_number(out, base + color)
            elif color < 16:
                _put_number(out, base + 52 + color)
            else:
                _put_number(out, base + 8)
                out += b";5;"
                _put_number(out, color)
        out.append(59)

    @cython.cfunc
    def _put_underline_color(self, out: bytearray, color: cython.uint) -> None:
        if color == 0:
            out += b"59;"
        elif color & _RGB:
            out += b"58:2::%d:%d:%d;" % (color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF)
        else:
            out += b"58:5:%d;" % (color & 0xFF)

    # Links.

    @cython.cfunc
    def _apply_extra(self, out: bytearray, number: cython.uint) -> cython.uint:
        """Open or close the link of a cell; the host's word for its underline colour."""
        extras = self._tables.extras if self._tables is not None else []
        link = b""
        color: cython.uint = 0
        if 0 < number < len(extras):
            extra = extras[number]
            if extra.hyperlink and self._hyperlinks:
                link = link_parameters(extra.hyperlink, extra.link_id)
            if extra.underline_color is not None and self._colored_underline:
                color = self._map(packing.pack_color(extra.underline_color), True)
        if link != self._link:
            self._put_link(out, link)
        return color

    @cython.cfunc
    def _put_link(self, out: bytearray, link: bytes) -> None:
        out += b"\x1b]8;"
        out += link or b";"
        out += b"\x1b\\"
        self._link = link
