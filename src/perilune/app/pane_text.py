"""A pane's text as scripts ask for it: rows, logical lines, regions, zones, with or without escapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from perilune.lua.host_api import SemanticZone

if TYPE_CHECKING:
    from perilune.cells.packing import Color
    from perilune.vt import Terminal
    from perilune.vt.cell import Cell
    from perilune.vt.selection import Selection

__all__ = ["pane_lines", "region_text", "selected_escapes", "semantic_zones"]


def pane_lines(terminal: Terminal, lines: int | None, *, logical: bool, escapes: bool) -> str:
    """The last `lines` rows, counted from the bottom of the screen; None: the screen.

    Text ends with its last line that is not blank; with escapes every row is there, ended by CR LF.
    """
    bottom = terminal.stable_top + terminal.rows
    first = max(bottom - (terminal.rows if lines is None else max(lines, 0)), terminal.first_stable)
    if escapes:
        return "".join(_escaped(terminal.cells_of_row(row)) + "\r\n" for row in range(first, bottom))
    rows: list[str] = []
    joined = False
    for row in range(first, bottom):
        text = terminal.row_text(row)
        if joined and rows:
            rows[-1] += text
        else:
            rows.append(text)
        joined = logical and terminal.row_wrapped(row)
    return "\n".join(rows).rstrip()


def selected_escapes(terminal: Terminal, selection: Selection) -> str:
    """What is selected with its styles, every row ended by CR LF."""
    bottom = terminal.stable_top + terminal.rows
    return "".join(
        _escaped(terminal.cells_of_row(row)[left:right]) + "\r\n"
        for row, left, right in selection.ranges(terminal.first_stable, bottom, terminal.cols)
    )


def region_text(terminal: Terminal, start_x: int, start_y: int, end_x: int, end_y: int) -> str:
    """Text in reading order from one cell to another, both of them included."""
    if start_y == end_y:
        start_x, end_x = sorted((start_x, end_x))
    lines: list[str] = []
    bottom = terminal.stable_top + terminal.rows
    joined = False
    for row in range(max(start_y, terminal.first_stable), min(end_y + 1, bottom)):
        cells = terminal.cells_of_row(row)
        left = max(start_x, 0) if row == start_y else 0
        right = end_x + 1 if row == end_y else len(cells)
        text = "".join(cell.text for cell in cells[left : max(right, 0)])
        wrapped = row != end_y and terminal.row_wrapped(row)
        if not wrapped:
            text = text.rstrip(" ")
        if joined and lines:
            lines[-1] += text
        else:
            lines.append(text)
        joined = wrapped
    return "\n".join(lines)


def semantic_zones(terminal: Terminal) -> Sequence[SemanticZone]:
    """Stretches of cells that OSC 133 marked alike, blanks at the ends of rows left out."""
    zones: list[SemanticZone] = []
    kind, start, end = "", (0, 0), (0, 0)
    for row in range(terminal.first_stable, terminal.stable_top + terminal.rows):
        cells = terminal.cells_of_row(row)
        last = max((col for col, cell in enumerate(cells) if cell.text.strip()), default=-1)
        for col, cell in enumerate(cells[: last + 1]):
            if cell.zone != kind:
                if kind:
                    zones.append(SemanticZone(kind.capitalize(), start[1], start[0], end[1], end[0]))
                kind, start = cell.zone, (row, col)
            end = (row, col)
    if kind:
        zones.append(SemanticZone(kind.capitalize(), start[1], start[0], end[1], end[0]))
    return zones


def _color(color: Color, base: int) -> list[str]:
    if color is None:
        return []
    if isinstance(color, int):
        return [f"{base + 8};5;{color}"]
    return [f"{base + 8};2;{color[0]};{color[1]};{color[2]}"]


def _rendition(cell: Cell) -> str:
    flags = (
        (cell.bold, "1"), (cell.dim, "2"), (cell.italic, "3"), (cell.blink, "5"), (cell.reverse, "7"),
        (cell.invisible, "8"), (cell.strikethrough, "9"), (cell.overline, "53"),
    )  # fmt: skip
    codes = [code for is_set, code in flags if is_set]
    if cell.underline:
        codes.append("4" if cell.underline == 1 else f"4:{cell.underline}")
    return ";".join([*codes, *_color(cell.fg, 30), *_color(cell.bg, 40)])


def _escaped(cells: Sequence[Cell]) -> str:
    last = max((col for col, cell in enumerate(cells) if cell.text.strip() or _rendition(cell)), default=-1)
    parts: list[str] = []
    current = ""
    for cell in cells[: last + 1]:
        wanted = _rendition(cell)
        if wanted != current:
            parts.append(f"\x1b[0;{wanted}m" if wanted else "\x1b[0m")
            current = wanted
        parts.append(cell.text)
    if current:
        parts.append("\x1b[0m")
    return "".join(parts)
