# cython: language_level=3
# mypy: ignore-errors
# ruff: noqa: PLR1714 - chains of == become C switches
"""Rectangular areas: copy, fill, erase, change attributes, checksum (VT420 and later).

Coordinates come from 1 and count from the margins in origin mode; an area is clipped to the screen, one whose
corners are the wrong way round does nothing, and none of this moves the cursor or looks at margins otherwise.
A wide character that an area's edge cuts is blanked. Types are in rectangles.pxd; the same file runs
uncompiled. Runs under the terminal's lock.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.perilune.vt.screen import Screen
else:
    from perilune.vt.screen import Screen

__all__ = ["Rectangles"]

_WIDE = cython.declare(cython.uint, 0x00400000)
_SPACER = cython.declare(cython.uint, 0x00800000)
_CLUSTER = cython.declare(cython.uint, 0x00200000)
_TEXT_MASK = cython.declare(cython.uint, 0x001FFFFF)
_UNDERLINE = cython.declare(cython.uint, 0x0038)
_CONTINUES = cython.declare(cython.uchar, 3)


class Rectangles(Screen):
    """A screen with rectangular operations."""

    @cython.wraparound(False)
    def given(
        self, params: cython.int[::1], count: cython.int, number: cython.int, default: cython.int
    ) -> cython.int:
        """A parameter, where 0 and nothing mean `default`."""
        if number >= count or params[number] <= 0:
            return default
        return params[number]

    def find_rectangle(self, params: cython.int[::1], count: cython.int, first: cython.int) -> cython.bint:
        """Read top, left, bottom, right from parameter `first` on; whether they make a rectangle."""
        top: cython.int = self.top if self.origin else 0
        left: cython.int = self.left if self.origin else 0
        bottom: cython.int = self.bottom if self.origin else self.rows - 1
        right: cython.int = self.right if self.origin else self.cols - 1
        self.rect_top = top + self.given(params, count, first, 1) - 1
        self.rect_left = left + self.given(params, count, first + 1, 1) - 1
        self.rect_bottom = min(bottom, top + self.given(params, count, first + 2, self.rows) - 1)
        self.rect_right = min(right, left + self.given(params, count, first + 3, self.cols) - 1)
        return self.rect_top <= self.rect_bottom and self.rect_left <= self.rect_right

    @cython.wraparound(False)
    def touch_row(self, row: cython.int) -> cython.void:
        """Note that the area has changed in a row."""
        slot: cython.int = self.vis[row]
        if self.rect_right >= self.cols - 1:
            self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
        self.line_seq[slot] = self.stamp

    @cython.wraparound(False)
    def copy_rectangle(self, params: cython.int[::1], count: cython.int) -> cython.void:
        """DECCRA; there is one page, so page numbers are ignored."""
        row: cython.int
        step: cython.int
        slot: cython.int
        at: cython.int
        if not self.find_rectangle(params, count, 0):
            return
        top: cython.int = self.given(params, count, 5, 1) - 1 + (self.top if self.origin else 0)
        left: cython.int = self.given(params, count, 6, 1) - 1 + (self.left if self.origin else 0)
        bottom: cython.int = self.bottom if self.origin else self.rows - 1
        right: cython.int = self.right if self.origin else self.cols - 1
        height: cython.int = min(self.rect_bottom - self.rect_top, bottom - top) + 1
        width: cython.int = min(self.rect_right - self.rect_left, right - left) + 1
        if height <= 0 or width <= 0:
            return
        for step in range(height):
            row = step if top <= self.rect_top else height - 1 - step
            slot = self.vis[top + row]
            self.split_wide(slot, left)
            self.split_wide(slot, left + width)
            self.copy_span(top + row, left, self.rect_top + row, self.rect_left, width)
            at = slot * self.stride + left * 4
            if self.cells[at] & _SPACER:
                self.cells[at] = 0
            at += (width - 1) * 4
            if self.cells[at] & _WIDE:
                self.cells[at] = 0
            if left + width >= self.cols:
                self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF

    @cython.wraparound(False)
    def fill_rectangle(self, params: cython.int[::1], count: cython.int) -> cython.void:
        """DECFRA: with a character of ASCII or Latin-1 in the rendition in force."""
        char: cython.int = self.given(params, count, 0, 0)
        row: cython.int
        slot: cython.int
        if not (32 <= char <= 126 or 160 <= char <= 255) or not self.find_rectangle(params, count, 1):
            return
        for row in range(self.rect_top, self.rect_bottom + 1):
            slot = self.vis[row]
            self.split_wide(slot, self.rect_left)
            self.split_wide(slot, self.rect_right + 1)
            self.fill(
                slot,
                self.rect_left,
                self.rect_right + 1,
                cython.cast(cython.uint, char),
                self.fg,
                self.bg,
                self.attr,
            )
            self.touch_row(row)

    def erase_rectangle(
        self, params: cython.int[::1], count: cython.int, selective: cython.bint
    ) -> cython.void:
        """DECERA, and DECSERA, which leaves alone what DECSCA protects, not what SPA does, as in xterm."""
        row: cython.int
        if not self.find_rectangle(params, count, 0):
            return
        for row in range(self.rect_top, self.rect_bottom + 1):
            if selective and self.protected_by != 2:
                self.erase_unprotected(row, self.rect_left, self.rect_right + 1, self.bg)
            else:
                self.erase(row, self.rect_left, self.rect_right + 1, self.bg)
            self.touch_row(row)

    @cython.wraparound(False)
    def change_attributes(
        self, params: cython.int[::1], count: cython.int, reverse: cython.bint
    ) -> cython.void:
        """DECCARA and DECRARA: bold, underline, blink, reverse and their ends.

        As DECSACE says, in a rectangle or in the stream of cells from its first corner to its last.
        """
        clear: cython.uint = 0
        put: cython.uint = 0
        number: cython.int
        code: cython.int
        bits: cython.uint
        row: cython.int
        if not self.find_rectangle(params, count, 0) and (
            self.rectangle_extent or self.rect_top >= self.rect_bottom
        ):
            return
        for number in range(4, max(count, 5)):
            code = self.given(params, count, number, 0)
            if code == 0:
                bits = 0x01FB if reverse else 0x0FFB
                clear |= bits
                put = 0x0149 if reverse else 0
                continue
            bits = 0
            if code == 1 or code == 22:
                bits = 0x0003 if code == 22 else 0x0001
            elif code == 4 or code == 24:
                bits = _UNDERLINE if code == 24 else 0x0008
            elif code == 5 or code == 25:
                bits = 0x00C0 if code == 25 else 0x0040
            elif code == 7 or code == 27:
                bits = 0x0100
            if code >= 20:
                clear |= bits
                put = put & ~bits
            else:
                put |= bits
                clear |= _UNDERLINE if code == 4 else bits
        for row in range(self.rect_top, self.rect_bottom + 1):
            if self.rectangle_extent:
                self.change_span(row, self.rect_left, self.rect_right, clear, put, reverse)
            else:
                self.change_span(
                    row,
                    self.rect_left if row == self.rect_top else 0,
                    self.rect_right if row == self.rect_bottom else self.cols - 1,
                    clear,
                    put,
                    reverse,
                )

    @cython.wraparound(False)
    def change_span(
        self,
        row: cython.int,
        start: cython.int,
        end: cython.int,
        clear: cython.uint,
        put: cython.uint,
        reverse: cython.bint,
    ) -> cython.void:
        """Change the attributes of cells `start` to `end`, inclusive; cells never written change, too."""
        slot: cython.int = self.vis[row]
        col: cython.int
        at: cython.int
        attr: cython.uint
        for col in range(start, end + 1):
            at = slot * self.stride + col * 4
            attr = self.cells[at + 3]
            if reverse:
                # Any underline counts as one that is on.
                if put & 0x0008 and attr & _UNDERLINE:
                    attr = (attr & ~_UNDERLINE) ^ (put & ~0x0008)
                else:
                    attr ^= put
            else:
                attr = (attr & ~clear) | put
            self.cells[at + 3] = attr
        self.used[slot] = max(self.used[slot], end + 1)
        self.line_seq[slot] = self.stamp

    @cython.wraparound(False)
    def checksum(self) -> cython.uint:
        """DECRQCRA over the found rectangle: 16 bits, negated as on a VT420; see XTCHECKSUM for the flags."""
        total: cython.uint = 0
        blanks: cython.uint = 0
        row: cython.int
        col: cython.int
        at: cython.int
        word: cython.uint
        attr: cython.uint
        value: cython.uint
        for row in range(self.rect_top, self.rect_bottom + 1):
            for col in range(self.rect_left, self.rect_right + 1):
                at = self.vis[row] * self.stride + col * 4
                word = self.cells[at]
                if word & _SPACER:
                    continue
                if word & _CLUSTER:
                    # The base alone.
                    while word & _CLUSTER:
                        word = self.clusters.parents[word & _TEXT_MASK]
                value = word & _TEXT_MASK
                attr = self.cells[at + 3]
                if value == 0:
                    if self.checksum_flags & 8:
                        continue
                    value = 32
                if not self.checksum_flags & 16:
                    value &= 0x7F if self.checksum_flags & 32 else 0xFF
                if not self.checksum_flags & 2:
                    value += 0x04 if attr & 0x1000 else 0
                    value += 0x08 if attr & 0x0200 else 0
                    value += 0x10 if attr & _UNDERLINE else 0
                    value += 0x20 if attr & 0x0100 else 0
                    value += 0x40 if attr & 0x00C0 else 0
                    value += 0x80 if attr & 0x0001 else 0
                # Blanks count when something follows them in the row, or nothing stands before them.
                if value == 32 and col > self.rect_left and not self.checksum_flags & 4:
                    blanks += 32
                    continue
                total += value + blanks
                blanks = 0
            blanks = 0
        if not self.checksum_flags & 1:
            total = 0 - total
        return total & 0xFFFF
