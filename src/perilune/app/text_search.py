"""Finds text in a pane: lines as they were written, wrapped rows joined, and where they match. Mux thread.

What is looked for is the caller's: plain text or a pattern. A search is bounded in time; the newest rows are
searched first, so that what a bound leaves out is the oldest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from perilune.config.patterns import SECONDS, compile_pattern
from perilune.vt.selection import Point

if TYPE_CHECKING:
    import regex

    from perilune.vt import Terminal

__all__ = ["Finder", "Found", "patterns_finder", "search", "text_finder"]

Finder = Callable[[str], Sequence[tuple[int, int]]]
"""Gives the stretches of a line that match, as start and end, in reading order."""
_PATIENCE = 1.0  # seconds for one search of everything


class Found(NamedTuple):
    """A match: its first and its last cell, and its text."""

    start: Point
    end: Point
    text: str

    def pieces(self, cols: int) -> list[tuple[int, int, int]]:
        """(row, first column, column behind the last) in each row."""
        return [
            (
                row,
                self.start.col if row == self.start.row else 0,
                self.end.col + 1 if row == self.end.row else cols,
            )
            for row in range(self.start.row, self.end.row + 1)
        ]


def search(
    terminal: Terminal, first: int, end: int, find: Finder, known: dict[tuple[int, str], list[Found]]
) -> list[Found]:
    """All matches in stable rows from `first` up to `end`, in reading order.

    Args:
        terminal: where.
        first: the first row.
        end: the row behind the last.
        find: what to look for.
        known: what the same search found in lines before, which saves looking again while a program goes on
            writing; holds this search's lines afterwards. To be emptied when rows got other numbers.

    Raises:
        TimeoutError: a pattern took too long on one line.
    """
    found: list[Found] = []
    seen: dict[tuple[int, str], list[Found]] = {}
    deadline = time.monotonic() + _PATIENCE
    for number, (row, text) in enumerate(reversed(terminal.logical_lines(first, end))):
        in_line = known.get((row, text))
        if in_line is None:
            in_line = _found_in(terminal, row, text, find(text))
        seen[row, text] = in_line
        found += reversed(in_line)
        if number % 256 == 255 and time.monotonic() > deadline:
            break
    found.reverse()
    known.clear()
    known.update(seen)
    return found


def _found_in(terminal: Terminal, row: int, text: str, spans: Sequence[tuple[int, int]]) -> list[Found]:
    if not spans:
        return []
    places = _places(terminal, row, text)
    return [
        Found(places[start], _last_cell(terminal, places[stop - 1]), text[start:stop])
        for start, stop in spans
        if start < stop <= len(places)
    ]


def _places(terminal: Terminal, row: int, text: str) -> list[Point]:
    """The cell of each character of a line that begins in a row."""
    places: list[Point] = []
    while len(places) < len(text):
        cells = terminal.row_clusters(row)
        if not cells:
            break
        last = len(cells) - 1
        for col, cluster in enumerate(cells):
            if col == last and cluster == " " and text[len(places) : len(places) + 1] not in {" ", ""}:
                break  # the wide character that did not fit here begins the next row
            places += [Point(row, col)] * len(cluster)
        row += 1
    return places


def _last_cell(terminal: Terminal, place: Point) -> Point:
    """The right half of a wide character, else the cell itself."""
    cells = terminal.row_clusters(place.row)
    is_wide = place.col + 1 < len(cells) and not cells[place.col + 1]
    return Point(place.row, place.col + 1) if is_wide else place


def text_finder(text: str, *, ignore_case: bool) -> Finder:
    """Finds plain text.

    >>> text_finder("b", ignore_case=True)("abcABC")
    [(1, 2), (4, 5)]
    """
    wanted = text.lower() if ignore_case else text

    def find(line: str) -> list[tuple[int, int]]:
        inside = line.lower() if ignore_case else line
        if len(inside) != len(
            line
        ):  # a character whose lower case is two: rare enough to be exact about case
            inside = line
        spans: list[tuple[int, int]] = []
        at = inside.find(wanted)
        while wanted and at >= 0:
            spans.append((at, at + len(wanted)))
            at = inside.find(wanted, at + len(wanted))
        return spans

    return find


def patterns_finder(patterns: Sequence[str], on_slow: Callable[[str], None] | None = None) -> Finder:
    r"""Finds what any of the patterns matches; where several begin at one place, the first of them.

    Of a pattern with groups the last group that took part is meant, as in WezTerm.

    Args:
        patterns: in Rust's syntax.
        on_slow: told of a pattern that took too long, which is not looked for any more; None: TimeoutError.

    Raises:
        PatternError: one of them cannot be read.

    >>> patterns_finder([r"a/(\w+)", r"\d+"])("see a/b12 34")
    [(6, 9), (10, 12)]
    """
    compiled: list[regex.Pattern[str] | None] = [compile_pattern(pattern) for pattern in patterns]

    def following(number: int, line: str, at: int) -> regex.Match[str] | None:
        pattern = compiled[number]
        if pattern is None or at > len(line):  # a search from behind the end would begin at the end
            return None
        try:
            return pattern.search(line, at, timeout=SECONDS)
        except TimeoutError:
            if on_slow is None:
                raise
            compiled[number] = None
            on_slow(patterns[number])
            return None

    def find(line: str) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        matches = [following(number, line, 0) for number in range(len(compiled))]
        at = 0
        while True:
            best: regex.Match[str] | None = None
            for number, match in enumerate(matches):
                again = match
                if again is not None and again.start() < at:
                    again = matches[number] = following(number, line, at)
                if again is not None and (best is None or again.start() < best.start()):
                    best = again
            if best is None:
                return spans
            at = max(best.end(), best.start() + 1)
            span = _meant(best)
            if span[0] < span[1]:
                spans.append(span)

    return find


def _meant(match: regex.Match[str]) -> tuple[int, int]:
    for number in range(match.re.groups, 0, -1):
        if match.start(number) >= 0:
            return match.span(number)
    return match.span()
