"""The link under the pointer: where it leads, and which cells show it. Reads a terminal, changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perilune.app.implicit_links import implicit_link_cells, rows_of_line

if TYPE_CHECKING:
    from perilune.config.options.terminal import HyperlinkRule
    from perilune.vt import Terminal

__all__ = ["HoveredLink", "hovered_link"]


@dataclass(frozen=True, slots=True)
class HoveredLink:
    """A link, and the cells that it is drawn in.

    Attributes:
        uri: where it leads.
        spans: stable row, first column and the one after the last, row by row.
        is_explicit: a program marked it (OSC 8).
        seqno: the terminal's change number when it was found: it holds for that picture only.
    """

    uri: str
    spans: tuple[tuple[int, int, int], ...]
    is_explicit: bool
    seqno: int


def hovered_link(
    terminal: Terminal, row: int, col: int, rules: Sequence[HyperlinkRule]
) -> HoveredLink | None:
    """The link at a cell of a stable row."""
    seqno = terminal.seqno
    cells = terminal.cells_of_row(row)
    uri = cells[col].hyperlink if 0 <= col < len(cells) else None
    if uri is not None:
        places = [
            (number, column)
            for number in rows_of_line(terminal, row)
            for column, cell in enumerate(terminal.cells_of_row(number))
            if cell.hyperlink == uri
        ]
        return HoveredLink(uri, _spans(places), is_explicit=True, seqno=seqno)
    found = implicit_link_cells(terminal, row, col, rules)
    if found is None:
        return None
    uri, places = found
    return HoveredLink(uri, _spans(places), is_explicit=False, seqno=seqno)


def _spans(places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int, int], ...]:
    """Cells, in their order, as stretches of rows."""
    spans: list[tuple[int, int, int]] = []
    for row, col in places:
        if spans and spans[-1][0] == row and spans[-1][2] == col:
            spans[-1] = (row, spans[-1][1], col + 1)
        else:
            spans.append((row, col, col + 1))
    return tuple(spans)
