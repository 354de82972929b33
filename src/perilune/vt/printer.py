# cython: language_level=3
# mypy: ignore-errors
# ruff: noqa: PLR1714 - chains of == become C switches
"""Printing: text into cells, one grapheme cluster a cell however its code points were split over writes.

Clusters by UAX #29, widths as in cells/width.py; a variation selector or mark may widen or narrow what stands
there already. Two small sets of control functions that nothing else shares live here as well. Types are in
printer.pxd; the same file runs uncompiled. Runs under the terminal's lock.
"""

from __future__ import annotations

from unicodedata import normalize as _normalize

import cython

from perilune.cells import width as _width
from perilune.vt import charsets as _charsets

if cython.compiled:
    from cython.cimports.perilune.vt.rectangles import Rectangles
else:
    from perilune.vt.rectangles import Rectangles

__all__ = ["Printer"]

_WIDE = cython.declare(cython.uint, 0x00400000)
_SPACER = cython.declare(cython.uint, 0x00800000)
_CLUSTER = cython.declare(cython.uint, 0x00200000)
_WORD_MASK = cython.declare(cython.uint, 0x003FFFFF)
_GAP = cython.declare(cython.uchar, 2)
_CONTINUES = cython.declare(cython.uchar, 3)
_VS16_BASE = cython.declare(cython.uint, _width.WIDENED_BY_VS16)
_VS15_BASE = cython.declare(cython.uint, _width.NARROWED_BY_VS15)
_AMBIGUOUS = cython.declare(cython.uint, _width.AMBIGUOUS)
_WIDENS = cython.declare(cython.uint, _width.WIDENS_BASE)
_BOUNDARY = cython.declare(cython.uint, _width.BOUNDARY)

# What the bytes of each character set print.
_MAPS = cython.declare(cython.uint[::1], _charsets.MAPS)
_KITTY_DEPTH = cython.declare(cython.int, 16)
_MAP_SIZE = cython.declare(cython.int, _charsets.SIZE)


class Printer(Rectangles):
    """A screen that text goes to."""

    @cython.wraparound(False)
    def properties(self, code: cython.uint) -> cython.uint:
        """The property word of a code point; see cells/width.py."""
        return self.property_blocks[(self.property_index[code >> 8] << 8) | (code & 0xFF)]

    @cython.wraparound(False)
    def print_ascii(
        self, data: cython.const[cython.uchar][::1], start: cython.int, end: cython.int
    ) -> cython.void:
        """Print bytes 0x20-0x7E while `plain_text` holds."""
        limit: cython.int
        count: cython.int
        slot: cython.int
        at: cython.int
        position: cython.int
        cell: cython.p_uint
        byte: cython.pointer(cython.const[cython.uchar])
        fg: cython.uint = self.fg
        bg: cython.uint = self.bg
        attr: cython.uint = self.attr
        # Behind a prepending mark the first character joins it.
        if self.cluster_state != self.ascii_state and self.cluster_state:
            self.print_code(data[start])
            start += 1
        while start < end:
            if self.pending:
                self.wrap()
            limit = self.right + 1 if self.col <= self.right else self.cols
            count = end - start
            count = min(count, limit - self.col)
            if self.insert_mode:
                # Left of the left margin nothing is inserted; within, it is.
                if self.col < self.left:
                    count = min(count, self.left - self.col)
                self.insert_chars(count)
            slot = self.vis[self.row]
            if self.col < self.used[slot]:
                self.split_wide(slot, self.col)
                self.split_wide(slot, self.col + count)
            at = slot * self.stride + self.col * 4
            if cython.compiled:
                # By pointers: the compiler cannot know that cells do not overlap the fields of `self`.
                cell = cython.address(self.cells[at])
                byte = cython.address(data[start])
                for position in range(count):
                    cell[0] = byte[position]
                    cell[1] = fg
                    cell[2] = bg
                    cell[3] = attr
                    cell += 4
            else:
                for position in range(start, start + count):
                    self.cells[at] = data[position]
                    self.cells[at + 1] = fg
                    self.cells[at + 2] = bg
                    self.cells[at + 3] = attr
                    at += 4
            start += count
            self.col += count
            self.used[slot] = max(self.used[slot], self.col)
            self.line_seq[slot] = self.stamp
            self.last_row = self.row
            self.last_col = self.col - 1
            if self.col >= limit:
                if limit >= self.cols:
                    self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
                self.col = limit - 1
                self.pending = self.autowrap
        self.last_code = data[end - 1]
        self.last_properties = self.properties(self.last_code)
        self.cluster_state = self.ascii_state

    @cython.wraparound(False)
    def print_code(self, code: cython.uint) -> cython.void:
        """Print one code point, joined to the cell before it where UAX #29 says so."""
        properties: cython.uint = self.properties(code)
        state: cython.uint = self.transitions[(self.cluster_state << 5) | (properties & 31)]
        width: cython.uint = (properties >> 5) & 3
        if not state & _BOUNDARY:
            self.join(code, properties)
            self.cluster_state = state & 0x7F
            self.last_properties = properties
            return
        if width == 0:
            if (
                self.cluster_state == 0
                and not self.transitions[(self.ascii_state << 5) | (properties & 31)] & _BOUNDARY
            ):
                self.attach(code)
            return
        limit: cython.int
        slot: cython.int
        at: cython.int
        if self.ambiguous_is_wide and properties & _AMBIGUOUS:
            width = 2
        if self.pending:
            self.wrap()
        limit = self.right + 1 if self.col <= self.right else self.cols
        if width == 2 and self.col + 2 > limit:
            if limit - (self.left if self.col >= self.left else 0) < 2:
                code = 32
                width = 1
            elif self.autowrap:
                slot = self.vis[self.row]
                self.split_wide(slot, self.col)
                self.fill(slot, self.col, limit, 0, 0, self.bg, 0)
                self.line_seq[slot] = self.stamp
                # Before the wrap, which may take the row to the scrollback.
                if limit == self.cols:
                    self.flags[slot] = self.flags[slot] | _GAP
                self.wrap()
                limit = self.right + 1 if self.col <= self.right else self.cols
            else:
                # No room and no next line: most terminals, xterm among them, print nothing.
                self.cluster_state = 0
                return
        if self.insert_mode:
            self.insert_chars(width)
        slot = self.vis[self.row]
        if self.col < self.used[slot]:
            self.split_wide(slot, self.col)
            self.split_wide(slot, self.col + cython.cast(cython.int, width))
        at = slot * self.stride + self.col * 4
        self.cells[at] = code
        self.cells[at + 1] = self.fg
        self.cells[at + 2] = self.bg
        self.cells[at + 3] = self.attr
        self.last_row = self.row
        self.last_col = self.col
        if width == 2:
            self.cells[at] = code | _WIDE
            self.cells[at + 4] = _SPACER
            self.cells[at + 5] = self.fg
            self.cells[at + 6] = self.bg
            self.cells[at + 7] = self.attr
            self.col += 2
        else:
            self.col += 1
        self.used[slot] = max(self.used[slot], self.col)
        self.line_seq[slot] = self.stamp
        if self.col >= limit:
            if limit >= self.cols:
                self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
            self.col = limit - 1
            self.pending = self.autowrap
        self.cluster_state = state & 0x7F
        self.last_properties = properties
        self.last_code = code

    @cython.wraparound(False)
    def join(self, code: cython.uint, properties: cython.uint) -> cython.void:
        """Append a code point to the cluster printed last, which may change its width."""
        slot: cython.int = self.vis[self.last_row]
        at: cython.int = slot * self.stride + self.last_col * 4
        word: cython.uint = self.cells[at] & _WORD_MASK
        if word == 0:
            word = 32
        word = self.appended(word, code)
        if word == 0:
            self.dropped += 1
            return
        wide: cython.bint = self.cells[at] & _WIDE
        self.cells[at] = word | (_WIDE if wide else 0)
        self.line_seq[slot] = self.stamp
        if code in (0xFE0E, 0xFE0F) and not self.variation_selectors:
            return
        if code == 0xFE0E:
            if wide and self.last_properties & _VS15_BASE:
                self.cells[at] = word
                self.cells[at + 4] = 0
                if self.pending:
                    self.pending = False
                else:
                    self.col -= 1
        elif not wide and (
            ((properties >> 5) & 3 or properties & _WIDENS)
            if code != 0xFE0F
            else self.last_properties & _VS16_BASE
        ):
            self.widen(slot)

    def appended(self, word: cython.uint, code: cython.uint) -> cython.uint:
        """The text word with a code point behind it, composed where that was asked for; 0: no room."""
        composed: cython.uint = 0
        if self.composes and not word & _CLUSTER:
            composed = self.composition(word, code)
        if composed == 0:
            composed = self.clusters.append(word, code)
        return composed

    def composition(self, base: cython.uint, mark: cython.uint) -> cython.uint:
        """The code point that two make by NFC; 0: none. A method of its own, since it takes the GIL."""
        with cython.gil:
            text = _normalize("NFC", chr(base) + chr(mark))
            return ord(text) if len(text) == 1 else 0

    def print_normalized(self, code: cython.uint) -> cython.void:
        """Print what NFC makes of one code point: another, or several. Takes the GIL."""
        with cython.gil:
            for char in _normalize("NFC", chr(code)):
                self.print_code(ord(char))

    @cython.wraparound(False)
    def widen(self, slot: cython.int) -> cython.void:
        """Give the cluster printed last a second cell, on the next line if this one has no room."""
        limit: cython.int = self.right + 1 if self.last_col <= self.right else self.cols
        at: cython.int = slot * self.stride + self.last_col * 4
        word: cython.uint = self.cells[at]
        fg: cython.uint = self.cells[at + 1]
        bg: cython.uint = self.cells[at + 2]
        attr: cython.uint = self.cells[at + 3]
        if self.last_col + 2 > limit:
            if not self.pending or limit - (self.left if self.last_col >= self.left else 0) < 2:
                return
            self.fill(slot, self.last_col, self.last_col + 1, 0, 0, bg, 0)
            if limit == self.cols:
                self.flags[slot] = self.flags[slot] | _GAP
            self.wrap()
            slot = self.vis[self.row]
            self.last_row = self.row
            self.last_col = self.col
            at = slot * self.stride + self.col * 4
            if self.insert_mode:
                self.insert_chars(2)
            self.split_wide(slot, self.col)
            self.col += 1
        elif self.insert_mode:
            self.insert_chars(1)
        self.split_wide(slot, self.last_col + 2)
        self.cells[at] = word | _WIDE
        self.cells[at + 4] = _SPACER
        self.cells[at + 1] = self.cells[at + 5] = fg
        self.cells[at + 2] = self.cells[at + 6] = bg
        self.cells[at + 3] = self.cells[at + 7] = attr
        self.line_seq[slot] = self.stamp
        self.col = self.last_col + 2
        self.used[slot] = max(self.used[slot], self.col)
        limit = self.right + 1 if self.last_col <= self.right else self.cols
        if self.col >= limit:
            if limit >= self.cols:
                self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
            self.col = limit - 1
            self.pending = self.autowrap

    @cython.wraparound(False)
    def attach(self, code: cython.uint) -> cython.void:
        """A combining mark after a control function: it joins the cell left of the cursor, as in xterm."""
        col: cython.int = self.col if self.pending else self.col - 1
        slot: cython.int = self.vis[self.row]
        if col < 0:
            return
        at: cython.int = slot * self.stride + col * 4
        if self.cells[at] & _SPACER and col > 0:
            at -= 4
        if self.cells[at] & _WORD_MASK == 0 or self.cells[at] & _SPACER:
            return
        word: cython.uint = self.appended(self.cells[at] & _WORD_MASK, code)
        if word == 0:
            self.dropped += 1
            return
        self.cells[at] = word | (self.cells[at] & _WIDE)
        self.line_seq[slot] = self.stamp

    @cython.wraparound(False)
    def repeat(self, count: cython.int) -> cython.void:
        """REP: print the last code point again."""
        if not self.last_code:
            return
        count = min(count, self.rows * self.cols)
        self.cluster_state = 0
        while count > 0:
            self.print_code(self.last_code)
            count -= 1

    @cython.wraparound(False)
    def translate(self, code: cython.uint) -> cython.uint:
        """The code point of a byte 0x20-0x7E in the charset in use."""
        charset: cython.int = self.charsets[self.single_shift or self.locking_shift]
        if self.single_shift:
            self.single_shift = 0
            self.update_charset()
        return _MAPS[charset * _MAP_SIZE + cython.cast(cython.int, code) - 0x20] or code

    # -- small sets of control functions of their own --

    @cython.wraparound(False)
    def vt52_control(self, byte: cython.int) -> cython.void:
        """ESC and one byte while DECANM is reset, but for ESC Y and ESC Z."""
        if byte == 0x41:
            self.move_rows(-1)
        elif byte == 0x42:
            self.move_rows(1)
        elif byte == 0x43:
            self.move_cols(1)
        elif byte == 0x44:
            self.backspace(1)
        elif byte == 0x46 or byte == 0x47:
            self.charsets[0] = 48 if byte == 0x46 else 66
            self.update_charset()
        elif byte == 0x48:
            self.move_to(0, 0)
        elif byte == 0x49:
            self.reverse_index()
        elif byte == 0x4A:
            self.erase_display(0, False)
        elif byte == 0x4B:
            self.erase_line(0, False)
        elif byte == 0x3D or byte == 0x3E:
            self.private_modes[66] = byte == 0x3D
        elif byte == 0x3C:
            self.vt52 = False

    @cython.wraparound(False)
    def kitty_keys(self, prefix: cython.int, number: cython.int, how: cython.int) -> cython.void:
        """Kitty keyboard flags: `CSI = flags ; how u` sets, `CSI > flags u` pushes, `CSI < n u` pops."""
        screen: cython.int = 1 if self.on_alternate else 0
        base: cython.int = screen * _KITTY_DEPTH
        top: cython.int = base + self.kitty_depth[screen]
        value: cython.int = number & 31
        at: cython.int
        if prefix == 0x3D:
            if how == 1:
                self.kitty_stack[top] = value
            elif how == 2:
                self.kitty_stack[top] = self.kitty_stack[top] | value
            elif how == 3:
                self.kitty_stack[top] = self.kitty_stack[top] & ~value & 31
        elif prefix == 0x3E:
            if self.kitty_depth[screen] + 1 >= _KITTY_DEPTH:
                # A full stack loses its oldest entry, as the protocol asks.
                for at in range(base + 1, base + _KITTY_DEPTH - 1):
                    self.kitty_stack[at] = self.kitty_stack[at + 1]
            else:
                self.kitty_depth[screen] += 1
                top += 1
            self.kitty_stack[top] = value
        elif prefix == 0x3C:
            number = max(number, 1)
            self.kitty_depth[screen] -= min(self.kitty_depth[screen], number)
            if number > top - base:
                self.kitty_stack[base] = 0
