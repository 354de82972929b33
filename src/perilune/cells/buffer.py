# cython: language_level=3
# mypy: disable-error-code="import-untyped, untyped-decorator"
"""A grid of packed cells: what a frame is composed into, and what the front ends compare and draw.

Compiled by Cython; runs the same as plain Python. Owned by one thread, the one that composes the frame.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

import cython

from perilune.cells.packing import CLUSTER, EXTRA_SHIFT, SPACER, TEXT_MASK, WIDE, WORDS_PER_CELL, Extra
from perilune.cells.tables import CellTables
from perilune.cells.width import cluster_width, graphemes

__all__ = ["CellBuffer", "Look"]

Look = Callable[[int, int], tuple[int, int, int]]
"""From foreground and background words to those in their place, and the rendition bits to set."""


class CellBuffer:
    """`rows` x `cols` cells of four 32-bit words (see `packing`), row-major, in one `array('I')`.

    Attributes:
        words: `rows * cols * 4` words. Writers mark rows in `touched`.
        touched: one byte a row, 1 where something was written since the viewer cleared it.
        tables: the clusters and extras that cell numbers refer to.
    """

    __slots__ = ("cols", "rows", "tables", "touched", "words")

    def __init__(self, cols: int, rows: int, tables: CellTables) -> None:
        if cols < 1 or rows < 1:
            raise ValueError(f"a cell buffer has at least one row and one column, not {cols} x {rows}")
        self.cols = cols
        self.rows = rows
        self.tables = tables
        self.words = array("I", bytes(4 * WORDS_PER_CELL * cols * rows))
        self.touched = bytearray(b"\x01" * rows)

    def fill(
        self,
        row: int,
        col: int,
        width: int,
        height: int,
        word0: int = 0,
        fg: int = 0,
        bg: int = 0,
        attr: int = 0,
    ) -> None:
        """Set a rectangle, clipped to the buffer, to one cell."""
        top, bottom = max(row, 0), min(row + height, self.rows)
        left, right = max(col, 0), min(col + width, self.cols)
        if top >= bottom or left >= right:
            return
        run = array("I", (word0, fg, bg, attr)) * (right - left)
        for line in range(top, bottom):
            self._split_wide(line, left)
            self._split_wide(line, right)
            start = (line * self.cols + left) * WORDS_PER_CELL
            self.words[start : start + len(run)] = run
            self.touched[line] = 1

    def put_text(
        self, row: int, col: int, text: str, fg: int = 0, bg: int = 0, attr: int = 0, limit: int | None = None
    ) -> int:
        """Write `text` from (`row`, `col`) on, clipped to `limit` columns and the buffer.

        Control characters become blanks. A wide cluster that would be halved by an edge becomes a blank.

        Returns:
            The column after the last cell written.
        """
        right = self.cols if limit is None else min(self.cols, col + limit)
        if not 0 <= row < self.rows:
            return col
        for cluster in graphemes(text):
            width = cluster_width(cluster)
            if width == 0:
                continue
            if col >= right:
                break
            if col + width > right or col < 0:
                cluster, width = " ", 1  # noqa: PLW2901 - half of a wide cluster shows as a blank
                if col < 0:
                    col += 1
                    continue
            self.put_cluster(row, col, cluster, width, fg, bg, attr)
            col += width
        return col

    def put_cluster(self, row: int, col: int, cluster: str, width: int, fg: int, bg: int, attr: int) -> None:
        """Write one grapheme cluster of `width` 1 or 2; the caller has checked that it fits."""
        if len(cluster) == 1:
            code = ord(cluster)
            word = code if code >= 32 and not 127 <= code < 160 else 32
        else:
            number = self.tables.cluster_id(cluster)
            word = CLUSTER | number if number else ord(cluster[0])
        self._split_wide(row, col)
        self._split_wide(row, col + width)
        start = (row * self.cols + col) * WORDS_PER_CELL
        words = self.words
        words[start] = word | (WIDE if width == 2 else 0)
        words[start + 1] = fg
        words[start + 2] = bg
        words[start + 3] = attr
        if width == 2:
            words[start + 4] = SPACER
            words[start + 5] = fg
            words[start + 6] = bg
            words[start + 7] = attr
        self.touched[row] = 1

    def restyle(
        self,
        row: int,
        col: int,
        width: int,
        fg: int = -1,
        bg: int = -1,
        set_attr: int = 0,
        clear_attr: int = 0,
        flip_attr: int = 0,
    ) -> None:
        """Change colours (-1: keep) and attribute bits of a stretch of one row, clipped to the buffer."""
        if not 0 <= row < self.rows:
            return
        index: cython.int
        words = self.words
        for column in range(max(col, 0), min(col + width, self.cols)):
            index = (row * self.cols + column) * WORDS_PER_CELL
            if fg >= 0:
                words[index + 1] = fg
            if bg >= 0:
                words[index + 2] = bg
            words[index + 3] = ((words[index + 3] | set_attr) & ~clear_attr & 0xFFFFFFFF) ^ flip_attr
        self.touched[row] = 1

    def recolor(self, row: int, col: int, width: int, look: Look) -> None:
        """Give a stretch of one row other colours, asked once for each run of equal ones."""
        if not 0 <= row < self.rows:
            return
        index: cython.int
        column: cython.int
        words: cython.uint[::1] = self.words
        old_fg: cython.uint = 0
        old_bg: cython.uint = 0
        fg: cython.uint = 0
        bg: cython.uint = 0
        attr: cython.uint = 0
        first: cython.bint = True
        for column in range(max(col, 0), min(col + width, self.cols)):
            index = (row * self.cols + column) * WORDS_PER_CELL
            if first or words[index + 1] != old_fg or words[index + 2] != old_bg:
                old_fg, old_bg = words[index + 1], words[index + 2]
                fg, bg, attr = look(old_fg, old_bg)
                first = False
            words[index + 1] = fg
            words[index + 2] = bg
            words[index + 3] |= attr
        self.touched[row] = 1

    def _split_wide(self, row: int, col: int) -> None:
        """Blank a wide character that straddles the border left of `col`."""
        if 0 < col < self.cols:
            index = (row * self.cols + col) * WORDS_PER_CELL
            if self.words[index] & SPACER:
                self.words[index] = 0
                self.words[index - WORDS_PER_CELL] = 0

    def cell_text(self, row: int, col: int) -> str:
        """The text of one cell: ' ' for a blank, '' for the right half of a wide character."""
        word = self.words[(row * self.cols + col) * WORDS_PER_CELL]
        if word & SPACER:
            return ""
        if word & CLUSTER:
            return self.tables.clusters[word & TEXT_MASK]
        return chr(word & TEXT_MASK) if word & TEXT_MASK else " "

    def cell_extra(self, row: int, col: int) -> Extra:
        """Hyperlink and underline colour of one cell."""
        return self.tables.extras[self.words[(row * self.cols + col) * WORDS_PER_CELL + 3] >> EXTRA_SHIFT]

    def row_text(self, row: int) -> str:
        """The row's text, right-trimmed."""
        return "".join(self.cell_text(row, col) for col in range(self.cols)).rstrip(" ")

    def text(self) -> list[str]:
        """Every row's text, right-trimmed."""
        return [self.row_text(row) for row in range(self.rows)]
