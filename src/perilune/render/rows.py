# cython: language_level=3
# mypy: disable-error-code="import-untyped, untyped-decorator"
"""From cells to instances, row by row, straight from the words of the frame's buffer.

Resolves colours, looks up pictures, and writes quads into the regions of the rows. Asks the fonts only for
characters and words that nobody has asked for before. Compiled by Cython; runs the same as plain Python.
Window thread. Knows neither GL nor what is inside fonts.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import cython

from perilune.cells import packing
from perilune.render import scene
from perilune.render.fonts import glyph_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perilune.cells.buffer import CellBuffer
    from perilune.cells.tables import CellTables
    from perilune.render.colors import ColorTables
    from perilune.render.fonts.font_set import FontSet

__all__ = ["INSTANCE_WORDS", "TABLE_WORDS", "RowBuilder", "shift_hsb"]

INSTANCE_WORDS = 6
"""32-bit words of an instance; see `scene.INSTANCE`."""
TABLE_WORDS = 257
"""A table of colours: 256 indexed ones and the default."""

_TEXT_MASK = cython.declare(cython.uint, packing.TEXT_MASK)
_CLUSTER = cython.declare(cython.uint, packing.CLUSTER)
_WIDE = cython.declare(cython.uint, packing.WIDE)
_SPACER = cython.declare(cython.uint, packing.SPACER)
_RGB = cython.declare(cython.uint, packing.COLOR_RGB)
_INDEXED = cython.declare(cython.uint, packing.COLOR_INDEXED)
_EXTRA_SHIFT = cython.declare(cython.uint, packing.EXTRA_SHIFT)
_UNDERLINE = cython.declare(cython.uint, packing.UNDERLINE_MASK)
_UNDERLINE_SHIFT = cython.declare(cython.uint, packing.UNDERLINE_SHIFT)
_REVERSE = cython.declare(cython.uint, packing.REVERSE)
_BOLD = cython.declare(cython.uint, packing.BOLD)
_DIM = cython.declare(cython.uint, packing.DIM)
_INVISIBLE = cython.declare(cython.uint, packing.INVISIBLE)
_STRIKE = cython.declare(cython.uint, packing.STRIKETHROUGH)
_OVERLINE = cython.declare(cython.uint, packing.OVERLINE)
_SLOW = cython.declare(cython.uint, packing.BLINK_SLOW)
_RAPID = cython.declare(cython.uint, packing.BLINK_RAPID)
_RENDITION = cython.declare(cython.uint, packing.RENDITION_MASK)
_BLINK_SLOW = cython.declare(cython.uint, scene.BLINK_SLOW)
_BLINK_RAPID = cython.declare(cython.uint, scene.BLINK_RAPID)
_MASK = cython.declare(cython.uint, scene.MASK)
_N = cython.declare(cython.int, INSTANCE_WORDS)
_ENTRY = cython.declare(cython.int, glyph_table.ENTRY_WORDS)
_DIRECT = cython.declare(cython.uint, glyph_table.DIRECT_CODES)
_UNKNOWN = cython.declare(cython.int, glyph_table.UNKNOWN)
_NOT_PLAIN = cython.declare(cython.int, glyph_table.NOT_PLAIN)
_FAR_WIDE = cython.declare(cython.longlong, glyph_table.FAR_WIDE)
_FAR_STYLE = cython.declare(cython.int, glyph_table.FAR_STYLE_SHIFT)
_TABLE = cython.declare(cython.int, TABLE_WORDS)
_DEFAULT = cython.declare(cython.int, TABLE_WORDS - 1)

_MAX_COLS = 8192
_MAX_EXTRAS = 1 << 16
_MAX_BACKGROUNDS = 128
_OPAQUE = cython.declare(cython.uint, 0xFF000000)


@cython.ccall
def shift_hsb(
    rgba: cython.uint, hue: cython.double, saturation: cython.double, brightness: cython.double
) -> cython.uint:
    """A colour whose hue, saturation and brightness are multiplied; r in the low byte, alpha kept."""
    red: cython.double = (rgba & 0xFF) / 255.0
    green: cython.double = (rgba >> 8 & 0xFF) / 255.0
    blue: cython.double = (rgba >> 16 & 0xFF) / 255.0
    high: cython.double = red
    low: cython.double = red
    high = max(high, green)
    high = max(high, blue)
    low = min(low, green)
    low = min(low, blue)
    span: cython.double = high - low
    angle: cython.double = 0.0
    if span > 0:
        if high == red:
            angle = (green - blue) / span
            if angle < 0:
                angle += 6.0
        elif high == green:
            angle = (blue - red) / span + 2.0
        else:
            angle = (red - green) / span + 4.0
    s: cython.double = span / high if high > 0 else 0.0
    v: cython.double = high * brightness
    angle = angle * hue
    s = s * saturation
    if s > 1:
        s = 1.0
    if v > 1:
        v = 1.0
    while angle >= 6.0:
        angle -= 6.0
    while angle < 0.0:
        angle += 6.0
    sector: cython.int = int(angle)
    part: cython.double = angle - sector
    p: cython.double = v * (1 - s)
    q: cython.double = v * (1 - s * part)
    t: cython.double = v * (1 - s * (1 - part))
    if sector == 0:
        red, green, blue = v, t, p
    elif sector == 1:
        red, green, blue = q, v, p
    elif sector == 2:
        red, green, blue = p, v, t
    elif sector == 3:
        red, green, blue = p, q, v
    elif sector == 4:
        red, green, blue = t, p, v
    else:
        red, green, blue = v, p, q
    r: cython.uint = int(red * 255 + 0.5)
    g: cython.uint = int(green * 255 + 0.5)
    b: cython.uint = int(blue * 255 + 0.5)
    return r | g << 8 | b << 16 | (rgba & 0xFF000000)


@cython.cfunc
@cython.inline
def _mixed(fg: cython.uint, bg: cython.uint) -> cython.uint:
    """Dim text: three fifths of its colour over what lies behind it."""
    red: cython.uint = ((fg & 0xFF) * 3 + (bg & 0xFF) * 2) // 5
    green: cython.uint = ((fg >> 8 & 0xFF) * 3 + (bg >> 8 & 0xFF) * 2) // 5
    blue: cython.uint = ((fg >> 16 & 0xFF) * 3 + (bg >> 16 & 0xFF) * 2) // 5
    return red | green << 8 | blue << 16 | (fg & 0xFF000000)


@cython.cfunc
@cython.inline
def _swapped(word: cython.uint) -> cython.uint:
    """0xRRGGBB as an opaque colour with r in the low byte."""
    return (word >> 16 & 0xFF) | (word & 0xFF00) | (word & 0xFF) << 16 | 0xFF000000


@cython.cclass
class RowBuilder:
    """Writes rows' instances; see `build`."""

    _fonts: Any
    _styles: cython.uchar[::1]
    _inks: cython.uint[::1]
    _has_inks: cython.bint
    _direct: cython.int[::1]
    _entries: cython.int[::1]
    _far: dict[int, int]
    _memo: dict[bytes, Any]
    _cluster_memo: dict[bytes, Any]
    _width: cython.int
    _height: cython.int
    _underline_top: cython.int
    _underline_size: cython.int
    _strike_top: cython.int
    _strike_size: cython.int
    # Colours: text and cells, then both of inactive panes.
    _tables: cython.uint[::1]
    _brightens: cython.bint
    _thins_bright: cython.bint
    _shifts_text: cython.bint
    _shifts_inactive: cython.bint
    _clear: cython.uint
    _alpha: cython.uint
    _text_hsb: tuple[float, float, float]
    _inactive_hsb: tuple[float, float, float]
    # Extras of the buffer's tables.
    _extra_colors: cython.uint[::1]
    _hovered: cython.uchar[::1]
    _hover: object
    _extras_known: cython.int
    _tables_generation: cython.int
    _cells: Any
    # The buffer and regions of the build that runs.
    _words: cython.uint[::1]
    _zones: cython.uchar[::1]
    _zone_words: cython.uint[::1]
    _reaching: dict[int, tuple[array[int], array[int]]]
    _above: list[int]
    _below: list[int]
    _out: cython.uint[::1]
    _fg: cython.uint[::1]
    _bg: cython.uint[::1]
    _key: Any
    _key_words: cython.uint[::1]
    _cols: cython.int
    _left: cython.int
    _has_blink: cython.bint
    _is_rough: cython.bint

    def __init__(self, fonts: FontSet, colors: ColorTables) -> None:
        self._fg = array("I", bytes(4 * _MAX_COLS))
        self._bg = array("I", bytes(4 * _MAX_COLS))
        self._key = array("I", bytes(4 * (_MAX_COLS + 1)))
        self._key_words = self._key
        self._extra_colors = array("I", bytes(4 * _MAX_EXTRAS))
        self._hovered = bytearray(_MAX_EXTRAS)
        self._zone_words = array("I", bytes(4 * _MAX_BACKGROUNDS))
        self._reaching = {}
        self._above = []
        self._below = []
        self._hover = None
        self._extras_known = 0
        self._tables_generation = -1
        self._has_blink = False
        self._is_rough = False
        self.use_fonts(fonts)
        self.use_colors(colors)

    def use_fonts(self, fonts: FontSet) -> None:
        """Other fonts, or the same whose pictures were all forgotten."""
        metrics = fonts.metrics
        self._fonts = fonts
        self._styles = fonts.style_of
        self._inks = fonts.ink_of
        self._has_inks = any(fonts.ink_of)
        self._direct = fonts.table.direct
        self._entries = fonts.table.entries
        self._far = fonts.table.far
        self._memo = fonts.table.words
        self._cluster_memo = {}
        self._width = metrics.width
        self._height = metrics.height
        self._underline_top = metrics.underline_top
        self._underline_size = metrics.underline_thickness
        self._strike_top = metrics.strike_top
        self._strike_size = metrics.strike_thickness

    def use_colors(self, colors: ColorTables) -> None:
        """Another palette."""
        self._tables = colors.words
        self._brightens = colors.brightens
        self._thins_bright = colors.thins_bright
        self._clear = colors.clear
        self._alpha = colors.cell_alpha << 24
        self._text_hsb = colors.text_hsb
        self._inactive_hsb = colors.inactive_hsb
        self._shifts_text = colors.text_hsb != (1.0, 1.0, 1.0)
        self._shifts_inactive = colors.inactive_hsb != (1.0, 1.0, 1.0)

    @property
    def reaching(self) -> dict[int, tuple[array[int], array[int]]]:
        """Of the rows as last built that reach into the rows above and below: those instances' words."""
        return self._reaching

    def use_backgrounds(self, words: Sequence[int]) -> None:
        """The colour words of panes' own default backgrounds, which count from 1."""
        for number, word in enumerate(words[: _MAX_BACKGROUNDS - 1], 1):
            self._zone_words[number] = word

    def read_tables(self, tables: CellTables, hover: tuple[str, str] | None) -> None:
        """Learn the extras that cells may refer to, and which of them the pointer is on."""
        extras = tables.extras
        first: cython.int = self._extras_known
        if tables.generation != self._tables_generation or self._cells is not tables:
            self._tables_generation = tables.generation
            self._cells = tables
            self._cluster_memo = {}
            first = 0
        if hover != self._hover:
            self._hover = hover
            first = 0
        number: cython.int
        for number in range(first, min(len(extras), _MAX_EXTRAS)):
            extra = extras[number]
            self._extra_colors[number] = packing.pack_color(extra.underline_color)
            self._hovered[number] = hover is not None and (extra.hyperlink, extra.link_id) == hover
        self._extras_known = len(extras)

    def build(
        self,
        buffer: CellBuffer,
        rows: Sequence[int],
        tops: Sequence[int],
        left: int,
        zones: Any,
        backgrounds: Any,
        background_counts: Any,
        glyphs: Any,
        glyph_counts: Any,
        cursor_row: int,
        cursor_col: int,
        bar_row: int,
        width: int,
        blinks: bytearray,
    ) -> None:
        """Write rows.

        Args:
            buffer: the cells.
            rows: which.
            tops: of the bands of all rows, px.
            left: of the first cell, px.
            zones: a byte a cell, row by row: bit 0 in an inactive pane, above it the number of a background.
            backgrounds: the regions as 32-bit words, rows x capacity.
            background_counts: where it is put how many there are.
            glyphs: likewise.
            glyph_counts: likewise.
            cursor_row: of the cell at which ligatures break; -1: none.
            cursor_col: likewise.
            bar_row: a row whose background goes on to the window's edges; -1: none.
            width: of the window, px.
            blinks: where it is put whether a row has blinking text.
        """
        count_b: cython.uint[::1] = background_counts
        count_g: cython.uint[::1] = glyph_counts
        row: cython.int
        self._words = buffer.words
        self._zones = zones
        self._cols = min(buffer.cols, _MAX_COLS)
        self._left = left
        for row in rows:
            self._out = backgrounds[row]
            count_b[row] = self._build_backgrounds(row, tops[row], row == bar_row, width)
            self._out = glyphs[row]
            self._has_blink = False
            self._above, self._below = [], []
            count_g[row] = self._build_glyphs(row, tops[row], cursor_col if row == cursor_row else -1)
            blinks[row] = self._has_blink
            if self._above or self._below:
                self._reaching[row] = (array("I", self._above), array("I", self._below))
            elif self._reaching:
                self._reaching.pop(row, None)
        self._words = self._out = self._fg[:0]
        self._zones = self._hovered[:0]

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _text_color(self, word: cython.uint, attr: cython.uint, zone: cython.int) -> cython.uint:
        at: cython.uint
        found: cython.uint
        if word == 0 and self._has_inks:  # the colour of a font that a rule chose
            word = self._inks[self._styles[attr & _RENDITION]]
        if word & _RGB:
            found = _swapped(word)
            if self._shifts_text:
                hsb = self._text_hsb
                found = shift_hsb(found, hsb[0], hsb[1], hsb[2])
            if zone & 1 and self._shifts_inactive:
                hsb = self._inactive_hsb
                found = shift_hsb(found, hsb[0], hsb[1], hsb[2])
            return found
        at = _DEFAULT if word == 0 else word & 0xFF
        if at < 8 and attr & _BOLD and self._brightens:
            at += 8
        return self._tables[at + (2 * _TABLE if zone & 1 else 0)]

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _cell_color(self, word: cython.uint, zone: cython.int) -> cython.uint:
        found: cython.uint
        if word & _RGB:
            found = _swapped(word)
            if zone & 1 and self._shifts_inactive:
                hsb = self._inactive_hsb
                found = shift_hsb(found, hsb[0], hsb[1], hsb[2])
            return found
        return self._tables[(_DEFAULT if word == 0 else word & 0xFF) + (3 * _TABLE if zone & 1 else _TABLE)]

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _build_backgrounds(
        self,
        row: cython.int,
        top: cython.int,
        is_bar: cython.bint,
        width: cython.int,
    ) -> cython.int:
        """Both colours of every cell into the scratch arrays; spans of one background into the region."""
        count: cython.int = 0
        capacity: cython.int = len(self._out) // _N
        cols: cython.int = self._cols
        col: cython.int
        index: cython.int = row * cols * 4
        zone_at: cython.int = row * cols
        start: cython.int = 0
        fg_word: cython.uint
        bg_word: cython.uint
        attr: cython.uint
        fg: cython.uint = 0
        bg: cython.uint = 0
        span: cython.uint = 0
        zone: cython.int
        at: cython.int
        x0: cython.int
        x1: cython.int
        last_fg: cython.uint = 0
        last_bg: cython.uint = 0
        last_attr: cython.uint = 0xFFFFFFFF
        last_zone: cython.int = -1
        for col in range(cols + 1):
            if col < cols:
                fg_word = self._words[index + 1]
                bg_word = self._words[index + 2]
                attr = self._words[index + 3] & _RENDITION
                zone = self._zones[zone_at + col]
                index += 4
                if fg_word != last_fg or bg_word != last_bg or attr != last_attr or zone != last_zone:
                    last_fg = fg_word
                    last_bg = bg_word
                    last_attr = attr
                    last_zone = zone
                    if attr & _REVERSE:
                        bg = (self._text_color(fg_word, attr, zone) & 0x00FFFFFF) | self._alpha
                        fg = self._cell_color(bg_word, zone) | _OPAQUE
                    else:
                        fg = self._text_color(fg_word, attr, zone) | _OPAQUE
                        bg = self._cell_color(bg_word, zone)
                        # Without a colour of its own, what lies behind all cells shows.
                        bg = (bg & 0x00FFFFFF) | self._alpha if bg_word else 0
                        if zone > 1 and bg_word == self._zone_words[zone >> 1]:
                            bg = 0
                    if attr & _DIM:
                        if not bg and zone > 1:
                            fg = _mixed(fg, self._cell_color(self._zone_words[zone >> 1], zone))
                        else:
                            fg = _mixed(fg, bg or self._clear)
                self._fg[col] = fg
                self._bg[col] = bg
            else:
                bg = ~span
            if col == 0:
                span = bg
            elif bg != span:
                if span & _OPAQUE and count < capacity:
                    x0 = self._left + start * self._width
                    x1 = self._left + col * self._width
                    if is_bar and start == 0:
                        x0 = 0
                    if is_bar and col == cols:
                        x1 = width
                    at = count * _N
                    self._out[at] = (x0 & 0xFFFF) | (top & 0xFFFF) << 16
                    self._out[at + 1] = ((x1 - x0) & 0xFFFF) | (self._height & 0xFFFF) << 16
                    self._out[at + 2] = 0
                    self._out[at + 3] = 0
                    self._out[at + 4] = span
                    self._out[at + 5] = start & 0xFFFF
                    count += 1
                start = col
                span = bg
        return count

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _put(
        self,
        count: cython.int,
        entry: cython.int,
        x: cython.int,
        y: cython.int,
        rgba: cython.uint,
        attr: cython.uint,
        col: cython.int,
    ) -> cython.int:
        """One picture; the new number of instances."""
        at: cython.int = count * _N
        e: cython.int = entry * _ENTRY
        flags: cython.uint
        flags = self._entries[e + 7]
        if attr & (_SLOW | _RAPID):
            flags |= _BLINK_SLOW if attr & _SLOW else _BLINK_RAPID
        if self._entries[e + 9] or self._entries[e + 10]:
            self._reach(entry, x, y, rgba, flags)
        if at + _N > len(self._out) or self._entries[e + 2] == 0:
            return count
        x += self._entries[e]
        y += self._entries[e + 1]
        self._out[at] = (x & 0xFFFF) | (y & 0xFFFF) << 16
        self._out[at + 1] = self._entries[e + 2] | self._entries[e + 3] << 16
        self._out[at + 2] = self._entries[e + 4] | self._entries[e + 5] << 16
        self._out[at + 3] = self._entries[e + 6] | flags << 16
        self._out[at + 4] = rgba
        self._out[at + 5] = col
        return count + 1

    def _reach(self, entry: int, x: int, y: int, rgba: int, flags: int) -> None:
        """Keep what of a picture reaches into the rows above and below."""
        for offset, words in ((9, self._above), (10, self._below)):
            part = self._entries[entry * _ENTRY + offset] * _ENTRY
            if part:
                e = self._entries[part : part + 7]
                place = (x + e[0] & 0xFFFF) | (y + e[1] & 0xFFFF) << 16
                # Of no cell of that row.
                words.extend((place, e[2] | e[3] << 16, e[4] | e[5] << 16, e[6] | flags << 16, rgba, 0xFFFF))

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _bar(
        self,
        count: cython.int,
        x: cython.int,
        y: cython.int,
        width: cython.int,
        height: cython.int,
        rgba: cython.uint,
        attr: cython.uint,
        col: cython.int,
    ) -> cython.int:
        """One filled rectangle; the new number of instances."""
        at: cython.int = count * _N
        flags: cython.uint = 0
        if at + _N > len(self._out):
            return count
        if attr & (_SLOW | _RAPID):
            flags = _BLINK_SLOW if attr & _SLOW else _BLINK_RAPID
        self._out[at] = (x & 0xFFFF) | (y & 0xFFFF) << 16
        self._out[at + 1] = width | height << 16
        self._out[at + 2] = 0
        self._out[at + 3] = flags << 16
        self._out[at + 4] = rgba
        self._out[at + 5] = col
        return count + 1

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _build_glyphs(self, row: cython.int, top: cython.int, cursor_col: cython.int) -> cython.int:
        cols: cython.int = self._cols
        first: cython.int = row * cols * 4
        count: cython.int = 0
        seen: cython.uint = 0
        col: cython.int
        end: cython.int
        word: cython.uint
        code: cython.uint
        attr: cython.uint
        style: cython.int
        entry: cython.int
        is_plain: cython.bint
        any_extra: cython.bint = False
        for col in range(cols):
            attr = self._words[first + col * 4 + 3]
            seen |= attr
            if attr >> _EXTRA_SHIFT and self._hovered[attr >> _EXTRA_SHIFT]:
                any_extra = True
        if seen & (_UNDERLINE | _OVERLINE) or any_extra:
            count = self._underlines(row, top, count)
        col = 0
        while col < cols:
            word = self._words[first + col * 4]
            code = word & _TEXT_MASK
            attr = self._words[first + col * 4 + 3]
            if (not word & _CLUSTER and code in {0, 32}) or word & _SPACER or attr & _INVISIBLE:
                col += 1
                continue
            # A word: cells of one style without a blank between; broken at the cursor, for its ligatures.
            style = self._style(self._words[first + col * 4 + 1], attr)
            end = col
            is_plain = True
            while end < cols:
                word = self._words[first + end * 4]
                if word & _SPACER:
                    end += 1
                    continue
                if end > col and cursor_col in {end, col}:
                    break
                attr = self._words[first + end * 4 + 3]
                if attr & _INVISIBLE or self._style(self._words[first + end * 4 + 1], attr) != style:
                    break
                code = word & _TEXT_MASK
                if word & _CLUSTER:
                    is_plain = False
                elif code in {0, 32}:
                    break
                elif is_plain and self._lookup(style, code, word & _WIDE) == _NOT_PLAIN:
                    is_plain = False
                end += 1
            if is_plain:
                while col < end:
                    word = self._words[first + col * 4]
                    if not word & _SPACER:
                        entry = self._lookup(style, word & _TEXT_MASK, word & _WIDE)
                        attr = self._words[first + col * 4 + 3]
                        count = self._place(count, entry, first, col, top, attr)
                    col += 1
            else:
                count = self._place_word(count, style, first, col, end, top)
            col = end
        if seen & (_SLOW | _RAPID):
            self._has_blink = True
        if seen & _STRIKE:
            count = self._strikes(row, top, count)
        return count

    @cython.cfunc
    @cython.inline
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _style(self, fg_word: cython.uint, attr: cython.uint) -> cython.int:
        """Which faces draw a cell."""
        if self._thins_bright and attr & _BOLD and fg_word & _INDEXED and fg_word & 0xFF < 8:
            attr &= ~_BOLD
        return self._styles[attr & _RENDITION]

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _place(
        self,
        count: cython.int,
        entry: cython.int,
        first: cython.int,
        col: cython.int,
        top: cython.int,
        attr: cython.uint,
    ) -> cython.int:
        other: cython.int
        next_word: cython.uint
        if entry <= 0:
            return count
        other = self._entries[entry * _ENTRY + 8]
        if other:  # a symbol wider than its cell: larger where there is room
            next_word = self._words[first + col * 4 + 4] if col + 1 < self._cols else 1
            if not next_word & _CLUSTER and (next_word & _TEXT_MASK == 0 or next_word & _TEXT_MASK == 32):
                entry = other
        return self._put(count, entry, self._left + col * self._width, top, self._fg[col], attr, col)

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _lookup(self, style: cython.int, code: cython.uint, wide: cython.uint) -> cython.int:
        """The entry of a character, or `_NOT_PLAIN`."""
        found: cython.int
        key: cython.longlong
        if code < _DIRECT and not wide:
            found = self._direct[style * _DIRECT + code]
            if found == _UNKNOWN:
                found = self._fonts.resolve(style, code, is_wide=False)
            return found
        key = style
        key = key << _FAR_STYLE | code
        if wide:
            key |= _FAR_WIDE
        answer = self._far.get(key)
        if answer is None:
            answer = self._fonts.resolve(style, code, is_wide=wide != 0)
        found = answer
        return found

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _place_word(
        self,
        count: cython.int,
        style: cython.int,
        first: cython.int,
        col: cython.int,
        end: cython.int,
        top: cython.int,
    ) -> cython.int:
        """A word that is shaped as a whole, once."""
        length: cython.int = end - col
        at: cython.int
        cell: cython.int
        word: cython.uint
        clusters: cython.uint = 0
        self._key_words[0] = style
        for at in range(length):
            word = self._words[first + (col + at) * 4]
            self._key_words[at + 1] = word
            clusters |= word
        memo: dict[bytes, Any] = self._cluster_memo if clusters & _CLUSTER else self._memo
        key = bytes(self._key[: length + 1])
        pairs = memo.get(key)
        if pairs is None:
            self._is_rough = False
            pairs = self._shape(style, first, col, end)
            if self._is_rough:
                pass  # until the next update
            elif clusters & _CLUSTER:
                if len(memo) > 10000:
                    memo.clear()
                memo[key] = pairs
            else:
                self._fonts.table.remember(key, pairs)
        view: cython.int[::1] = pairs
        for at in range(0, len(view), 2):
            cell = col + view[at]
            count = self._place(count, view[at + 1], first, cell, top, self._words[first + cell * 4 + 3])
        return count

    def _shape(self, style: int, first: int, col: int, end: int) -> object:
        texts: list[str] = []
        widths: list[int] = []
        clusters = self._cells.clusters
        for at in range(col, end):
            word = self._words[first + at * 4]
            if word & _SPACER:
                texts.append("")
                widths.append(0)
                continue
            if word & _CLUSTER:
                texts.append(clusters[word & _TEXT_MASK])
            else:
                texts.append(chr(word & _TEXT_MASK))
            widths.append(2 if word & _WIDE else 1)
        found = self._fonts.shape(style, texts, widths)
        if found is None:
            self._is_rough = True
            found = self._fonts.rough(style, texts)
        return found

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _underlines(self, row: cython.int, top: cython.int, count: cython.int) -> cython.int:
        """Underlines and overlines, which lie below the text."""
        first: cython.int = row * self._cols * 4
        col: cython.int
        attr: cython.uint
        kind: cython.uint
        rgba: cython.uint
        extra: cython.uint
        color: cython.uint
        x: cython.int = self._left
        y: cython.int = top + self._underline_top
        size: cython.int = self._underline_size
        for col in range(self._cols):
            attr = self._words[first + col * 4 + 3]
            kind = (attr & _UNDERLINE) >> _UNDERLINE_SHIFT
            extra = attr >> _EXTRA_SHIFT
            if extra and not kind and self._hovered[extra]:
                kind = 1
            if kind and not attr & _INVISIBLE:
                rgba = self._fg[col]
                if extra and self._extra_colors[extra]:
                    color = self._extra_colors[extra]
                    rgba = self._text_color(color, 0, self._zones[row * self._cols + col]) | _OPAQUE
                if kind == 2:
                    count = self._bar(count, x, y, self._width, size, rgba, attr, col)
                    if self._underline_top + 3 * size <= self._height:
                        count = self._bar(count, x, y + 2 * size, self._width, size, rgba, attr, col)
                    else:
                        count = self._bar(count, x, y - 2 * size, self._width, size, rgba, attr, col)
                elif 3 <= kind <= 5:
                    count = self._put(count, self._fonts.underline(kind), x, top, rgba, attr, col)
                else:
                    count = self._bar(count, x, y, self._width, size, rgba, attr, col)
            if attr & _OVERLINE and not attr & _INVISIBLE:
                count = self._bar(count, x, top, self._width, size, self._fg[col], attr, col)
            x += self._width
        return count

    @cython.cfunc
    @cython.boundscheck(False)
    @cython.wraparound(False)
    def _strikes(self, row: cython.int, top: cython.int, count: cython.int) -> cython.int:
        """Lines through text, above it."""
        first: cython.int = row * self._cols * 4
        col: cython.int
        attr: cython.uint
        for col in range(self._cols):
            attr = self._words[first + col * 4 + 3]
            if attr & _STRIKE and not attr & _INVISIBLE:
                count = self._bar(
                    count, self._left + col * self._width, top + self._strike_top, self._width,
                    self._strike_size, self._fg[col], attr, col,
                )  # fmt: skip
        return count
