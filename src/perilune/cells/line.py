"""Lines of styled cells as values: titles, statuses, the tab bar.

A line never changes, so it can be kept, compared and drawn again; slicing and joining make new ones. Every
column is accounted for: a wide cluster that a slice halves leaves a blank, and never shifts what follows.
Not for the terminal's grid, which is `vt`'s. No state but caches; owned by whoever made it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import CLUSTER, EXTRA_SHIFT, SPACER, WIDE, WORDS_PER_CELL, Extra
from perilune.cells.tables import CellTables
from perilune.cells.width import cluster_width, graphemes

__all__ = ["DEFAULT_STYLE", "EMPTY_LINE", "Cell", "CellStyle", "Cluster", "Line"]

NO_EXTRA = Extra()


class CellStyle(NamedTuple):
    """How a cell looks: the colour words and rendition bits of `packing`, and what few cells have."""

    fg: int = 0
    bg: int = 0
    attr: int = 0
    extra: Extra = NO_EXTRA


DEFAULT_STYLE = CellStyle()


class Cluster(NamedTuple):
    """One grapheme cluster of `width` 1 or 2; a blank is a space."""

    text: str
    width: int
    style: CellStyle = DEFAULT_STYLE


class Cell(NamedTuple):
    """One column of a line; the right half of a wide cluster has `text` '' and `width` 0."""

    text: str
    width: int
    fg: int
    bg: int
    attr: int
    extra: Extra


class Line:
    """A row of clusters, `width` cells in all. Equal when it looks the same."""

    __slots__ = ("_hash", "_packed", "clusters", "width")

    clusters: tuple[Cluster, ...]
    width: int

    def __init__(self, clusters: Iterable[Cluster] = ()) -> None:
        self.clusters = tuple(clusters)
        self.width = sum([cluster.width for cluster in self.clusters])
        self._hash: int | None = None
        self._packed: tuple[CellTables, int, array[int]] | None = None

    @classmethod
    def blank(cls, cells: int, style: CellStyle = DEFAULT_STYLE) -> Line:
        """`cells` blanks; none if `cells` is not positive."""
        return cls((Cluster(" ", 1, style),) * cells)

    @classmethod
    def from_text(cls, text: str, style: CellStyle = DEFAULT_STYLE) -> Line:
        r"""Text of one style. What takes no cell (controls, marks without a base) is dropped.

        >>> Line.from_text("a\n漢").width
        3
        """
        return cls(styled_clusters(text, style))

    @classmethod
    def join(cls, lines: Iterable[Line]) -> Line:
        """All of them, one after the other."""
        return cls([cluster for line in lines for cluster in line.clusters])

    @property
    def text(self) -> str:
        """What it reads."""
        return "".join([cluster.text for cluster in self.clusters])

    def cells(self) -> list[Cell]:
        """One entry a column."""
        found: list[Cell] = []
        for text, width, style in self.clusters:
            found.append(Cell(text, width, *style))
            if width == 2:
                found.append(Cell("", 0, *style))
        return found

    def slice(self, start: int, stop: int) -> Line:
        """The cells `start` to `stop`, counted from 0 and clipped; never wider than `stop - start`.

        >>> Line.from_text("a漢b").slice(2, 4).text
        ' b'
        """
        start, stop = max(start, 0), min(stop, self.width)
        if start == 0 and stop == self.width:
            return self
        if start >= stop:
            return EMPTY_LINE
        if self.width == len(self.clusters):
            return Line(self.clusters[start:stop])
        kept: list[Cluster] = []
        column = 0
        for cluster in self.clusters:
            end = column + cluster.width
            if column >= start and end <= stop:
                kept.append(cluster)
            elif column < stop and end > start:
                kept.append(Cluster(" ", 1, cluster.style))
            column = end
            if column >= stop:
                break
        return Line(kept)

    def left(self, cells: int) -> Line:
        """The first `cells` cells, or all."""
        return self if cells >= self.width else self.slice(0, cells)

    def right(self, cells: int) -> Line:
        """The last `cells` cells, or all: what stays when cells are dropped from the left."""
        return self if cells >= self.width else self.slice(self.width - max(cells, 0), self.width)

    def packed(self, tables: CellTables) -> array[int]:
        """The line as words of `packing`, with numbers of `tables`; kept for next time, not to be changed."""
        packed = self._packed
        if packed is not None and packed[0] is tables and packed[1] == tables.generation:
            return packed[2]
        words = array("I")
        style: CellStyle | None = None
        fg = bg = attr = 0
        for cluster in self.clusters:
            if cluster.style is not style:
                style = cluster.style
                fg, bg = style.fg, style.bg
                attr = style.attr
                if style.extra != NO_EXTRA:
                    attr |= tables.extra_id(style.extra) << EXTRA_SHIFT
            word = self._word(cluster.text, tables)
            if cluster.width == 2:
                words.extend((word | WIDE, fg, bg, attr, SPACER, fg, bg, attr))
            else:
                words.extend((word, fg, bg, attr))
        self._packed = (tables, tables.generation, words)
        return words

    @staticmethod
    def _word(text: str, tables: CellTables) -> int:
        if len(text) == 1:
            return ord(text)
        number = tables.cluster_id(text)
        return CLUSTER | number if number else ord(text[0])

    def draw(self, buffer: CellBuffer, row: int, col: int, cells: int | None = None) -> int:
        """Write the line at (`row`, `col`), at most `cells` of it, clipped to the buffer.

        Returns:
            The column after the last cell written; `col` if the row is not in the buffer.
        """
        stop = self.width if cells is None else min(cells, self.width)
        shown = self.slice(max(-col, 0), min(stop, buffer.cols - col))
        if not 0 <= row < buffer.rows or not shown.width:
            return col
        col = max(col, 0)
        # Filling first mends wide characters that the edges cut, and marks the row.
        buffer.fill(row, col, shown.width, 1)
        start = (row * buffer.cols + col) * WORDS_PER_CELL
        buffer.words[start : start + shown.width * WORDS_PER_CELL] = shown.packed(buffer.tables)
        return col + shown.width

    def __add__(self, other: Line) -> Line:
        return Line(self.clusters + other.clusters)

    def __len__(self) -> int:
        return self.width

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Line):
            return NotImplemented
        return self.width == other.width and self.clusters == other.clusters

    def __hash__(self) -> int:
        # Of the text alone: lines that differ in style only are few, and comparing tells them apart.
        if self._hash is None:
            self._hash = hash(self.text)
        return self._hash

    def __repr__(self) -> str:
        return f"Line({self.text!r}, width={self.width})"


def styled_clusters(text: str, style: CellStyle) -> list[Cluster]:
    """The clusters of `text` that take cells, in one style."""
    if text.isascii():
        return [Cluster(char, 1, style) for char in text if " " <= char <= "~"]
    found: list[Cluster] = []
    for cluster in graphemes(text):
        width = cluster_width(cluster)
        if width:
            # A lone surrogate is half of nothing; it could not be written to any screen.
            shown = cluster if not _has_surrogate(cluster) else "\N{REPLACEMENT CHARACTER}"
            found.append(Cluster(shown, width if shown is cluster else 1, style))
        elif _has_surrogate(cluster):
            found.append(Cluster("\N{REPLACEMENT CHARACTER}", 1, style))
    return found


def _has_surrogate(cluster: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in cluster)


EMPTY_LINE = Line()
"""Nothing, 0 cells wide."""
