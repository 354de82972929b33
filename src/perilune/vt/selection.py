"""What is selected in a terminal, in stable rows, so that it stays on its text while output scrolls.

A selection is a value: `extend` gives another one. It reads the terminal's text when it is made or extended
and when its text is asked for, never for drawing. A resize gives rows new numbers; the owner drops it then.
Mux thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from perilune.vt.terminal import Terminal

__all__ = ["DEFAULT_WORD_BOUNDARY", "Point", "Selection", "SelectionMode"]

DEFAULT_WORD_BOUNDARY = " \t\n{[}]()\"'`"
"""WezTerm's `selection_word_boundary`."""
_MOST_WRAPPED_ROWS = 2000


class SelectionMode(Enum):
    """What grows when the selection is extended, by WezTerm's names."""

    CELL = "Cell"
    WORD = "Word"
    LINE = "Line"
    BLOCK = "Block"
    SEMANTIC_ZONE = "SemanticZone"


class Point(NamedTuple):
    """A cell: stable row and column."""

    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Selection:
    """A stretch of text, or with BLOCK a rectangle; both ends belong to it.

    Attributes:
        mode: what grows.
        anchor: where it began.
        head: where it was extended to.
        start: its first cell, grown to the whole word, line or zone.
        end: its last cell, likewise.
        boundary: characters that end a word.
    """

    mode: SelectionMode
    anchor: Point
    head: Point
    start: Point
    end: Point
    boundary: str = DEFAULT_WORD_BOUNDARY

    @classmethod
    def begin(
        cls,
        terminal: Terminal,
        mode: SelectionMode,
        row: int,
        col: int,
        boundary: str = DEFAULT_WORD_BOUNDARY,
    ) -> Selection:
        """Select the cell, word, logical line or zone at a point."""
        point = Point(row, max(col, 0))
        start, end = _grown(terminal, mode, point, boundary)
        return cls(mode, point, point, start, end, boundary)

    def extend(self, terminal: Terminal, row: int, col: int) -> Selection:
        """The selection from the anchor to another point, both grown."""
        head = Point(row, max(col, 0))
        if self.mode is SelectionMode.BLOCK:
            rows, cols = sorted((self.anchor.row, row)), sorted((self.anchor.col, head.col))
            return replace(self, head=head, start=Point(rows[0], cols[0]), end=Point(rows[1], cols[1]))
        anchor_start, anchor_end = _grown(terminal, self.mode, self.anchor, self.boundary)
        head_start, head_end = _grown(terminal, self.mode, head, self.boundary)
        return replace(self, head=head, start=min(anchor_start, head_start), end=max(anchor_end, head_end))

    def contains(self, row: int, col: int) -> bool:
        """Whether a cell is selected."""
        if self.mode is SelectionMode.BLOCK:
            return self.start.row <= row <= self.end.row and self.start.col <= col <= self.end.col
        return self.start <= Point(row, col) <= self.end

    def ranges(self, first: int, stop: int, cols: int) -> list[tuple[int, int, int]]:
        """(stable row, first column, column behind the last) of the selection in rows `first` to `stop`."""
        found = []
        for row in range(max(first, self.start.row), min(stop, self.end.row + 1)):
            if self.mode is SelectionMode.BLOCK:
                left, right = self.start.col, self.end.col + 1
            else:
                left = self.start.col if row == self.start.row else 0
                right = self.end.col + 1 if row == self.end.row else cols
            left, right = min(left, cols), min(right, cols)
            if left < right:
                found.append((row, left, right))
        return found

    def text(self, terminal: Terminal) -> str:
        """The selected text: wrapped rows joined, trailing blanks of lines left out."""
        parts: list[str] = []
        line = ""
        first = max(self.start.row, terminal.first_stable)
        last = min(self.end.row, terminal.stable_top + terminal.rows - 1)
        for row in range(first, last + 1):
            cells = terminal.row_clusters(row)
            left, right = 0, len(cells)
            if self.mode is SelectionMode.BLOCK or row == self.start.row:
                left = self.start.col
            if self.mode is SelectionMode.BLOCK or row == self.end.row:
                right = self.end.col + 1
            if 0 < left < len(cells) and not cells[left]:
                left -= 1
            line += "".join(cells[left:right])
            joined = self.mode is not SelectionMode.BLOCK and row < last and terminal.row_wrapped(row)
            if not joined:
                parts.append(line.rstrip(" "))
                line = ""
        return "\n".join(parts)


def _grown(terminal: Terminal, mode: SelectionMode, point: Point, boundary: str) -> tuple[Point, Point]:
    """The first and last cell of the unit at a point."""
    if mode is SelectionMode.LINE:
        first, last = _logical_rows(terminal, point.row)
        return Point(first, 0), Point(last, terminal.cols - 1)
    if mode is SelectionMode.WORD:
        return _word(terminal, point, boundary)
    if mode is SelectionMode.SEMANTIC_ZONE:
        return _zone(terminal, point)
    cells = terminal.row_clusters(point.row)
    start = end = point
    if 0 < point.col < len(cells) and not cells[point.col]:
        start = Point(point.row, point.col - 1)
    if point.col + 1 < len(cells) and not cells[point.col + 1]:
        end = Point(point.row, point.col + 1)
    return start, end


def _logical_rows(terminal: Terminal, row: int) -> tuple[int, int]:
    """First and last physical row of the logical line that a row belongs to."""
    first = last = row
    while row - first < _MOST_WRAPPED_ROWS and terminal.row_wrapped(first - 1):
        first -= 1
    while last - row < _MOST_WRAPPED_ROWS and terminal.row_wrapped(last):
        last += 1
    return first, last


def _word(terminal: Terminal, point: Point, boundary: str) -> tuple[Point, Point]:
    """The word at a point, across wrapped rows; a boundary character is selected alone."""
    first, last = _logical_rows(terminal, point.row)
    cells: list[str] = []
    cols = terminal.cols
    for row in range(first, last + 1):
        clusters = terminal.row_clusters(row)
        cells += clusters + [" "] * (cols - len(clusters))
    at = (point.row - first) * cols + min(point.col, cols - 1)
    if at > 0 and not cells[at]:
        at -= 1
    start = end = at
    if cells[at] not in boundary:
        while start > 0 and (not cells[start - 1] or cells[start - 1] not in boundary):
            start -= 1
        while end + 1 < len(cells) and (not cells[end + 1] or cells[end + 1] not in boundary):
            end += 1
    elif end + 1 < len(cells) and not cells[end + 1]:
        end += 1
    return Point(first + start // cols, start % cols), Point(first + end // cols, end % cols)


def _zone(terminal: Terminal, point: Point) -> tuple[Point, Point]:
    """The prompt, input or output at a point (OSC 133); blank rows belong to what is around them."""
    zones = terminal.row_zones(point.row)
    if not zones:
        return point, point
    col = min(point.col, len(zones) - 1)
    kind = zones[col]
    return _zone_start(terminal, Point(point.row, col), kind), _zone_end(
        terminal, Point(point.row, col), kind
    )


def _zone_start(terminal: Terminal, start: Point, kind: str) -> Point:
    row, col = start
    zones = terminal.row_zones(row)
    while zones is not None:
        if zones:
            while col > 0 and zones[col - 1] == kind:
                col -= 1
            start = Point(row, col)
            if col > 0:
                break
        if kind == "prompt" and terminal.row_has_prompt(row):
            break
        row -= 1
        zones = terminal.row_zones(row)
        if zones:
            if zones[-1] != kind:
                break
            col = len(zones) - 1
    return start


def _zone_end(terminal: Terminal, end: Point, kind: str) -> Point:
    row, col = end
    zones = terminal.row_zones(row)
    while zones is not None:
        if zones:
            while col + 1 < len(zones) and zones[col + 1] == kind:
                col += 1
            end = Point(row, col)
            if col + 1 < len(zones):
                break
        row += 1
        zones = terminal.row_zones(row)
        if zones:
            if zones[0] != kind or (kind == "prompt" and terminal.row_has_prompt(row)):
                break
            col = 0
    return end
