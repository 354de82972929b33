"""Find a row again after a resize that wrapped the lines anew and gave rows other numbers. Mux thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.vt import Terminal

__all__ = ["RowMark"]

_FURTHEST = 5000  # rows that are looked at; further away a row is found by its distance alone
_LONGEST = 100  # rows of a line that wraps


class RowMark:
    """A row, by the number of lines between it and the cursor's, and its place in its own line.

    Args:
        terminal: whose row it is.
        row: its stable number.
    """

    def __init__(self, terminal: Terminal, row: int) -> None:
        self._made_of = (row, terminal.seqno)
        start = row
        while row - start < _LONGEST and _continues(terminal, start):
            start -= 1
        self._cells = (row - start) * int(terminal.cols)
        self._rows = _end(terminal) - start
        # Below the cursor, and too far above it: only the distance.
        self._lines = -1
        if 0 <= self._rows <= _FURTHEST:
            self._lines = sum(not _continues(terminal, at) for at in range(start + 1, _end(terminal) + 1))

    def is_current(self, terminal: Terminal, row: int) -> bool:
        """Whether another one of that row would be the same."""
        return self._made_of == (row, terminal.seqno)

    def find(self, terminal: Terminal) -> int:
        """Its row now."""
        first, last = int(terminal.first_stable), int(terminal.stable_top) + int(terminal.rows) - 1
        found = _end(terminal) - self._rows
        if self._lines >= 0:
            found, lines = _end(terminal), self._lines
            while found > first and (lines > 0 or _continues(terminal, found)):
                lines -= not _continues(terminal, found)
                found -= 1
        return min(max(found, first) + self._cells // max(int(terminal.cols), 1), last)


def _end(terminal: Terminal) -> int:
    return int(terminal.stable_top) + int(terminal.cursor.row)


def _continues(terminal: Terminal, row: int) -> bool:
    """Whether a row goes on with the line of the one above."""
    return row > int(terminal.first_stable) and bool(terminal.row_wrapped(row - 1))
