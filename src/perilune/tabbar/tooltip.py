"""The tooltip that shows a tab's whole title beside the bar. Pure."""

from __future__ import annotations

from typing import NamedTuple

from perilune.cells.line import CellStyle, Line
from perilune.cells.sgr_text import parse_sgr_text
from perilune.tabbar.bar_line import BarColumn, BarItem, BarLine
from perilune.tabbar.options import BarColors, BarPosition

__all__ = ["Tooltip", "fancy_tooltip", "lay_out_tooltip"]


class Tooltip(NamedTuple):
    """A line of cells at a place of the window."""

    row: int
    col: int
    line: Line


def lay_out_tooltip(
    bar: BarLine | BarColumn,
    item: BarItem,
    title: str,
    colors: BarColors,
    position: BarPosition,
    place: tuple[int, int],
    size: tuple[int, int],
) -> Tooltip | None:
    """The tooltip of a tab; None where its title is to be seen whole, or there is no room.

    Args:
        bar: as it is drawn.
        item: the tab's hit region.
        title: the whole title.
        colors: the bar's.
        position: the side that the bar is at.
        place: row and column of the bar in the window.
        size: columns and rows of the window.
    """
    title = parse_sgr_text(title, CellStyle()).text.strip()
    line = bar.line if isinstance(bar, BarLine) else bar.lines[item.y]
    width = sum(each.width for each in bar.items if each.tab_index == item.tab_index)
    if not title or title in line.slice(item.x, item.x + width).text:
        return None
    cols, rows = size
    top, left = place
    if position in {"Top", "Bottom"}:
        row = top + 1 if position == "Top" else top - 1
        room, start = cols, 0
    else:
        row = top + item.y
        start = left + bar.cols if position == "Left" else 0
        room = cols - start if position == "Left" else left
    if not 0 <= row < rows or room < 1:
        return None
    text = Line.from_text(f" {title} ", colors.inactive_tab_hover)
    if text.width > room:
        text = text.left(room - 1) + Line.from_text("…", colors.inactive_tab_hover)
    if position == "Right":
        col = left - text.width
    elif position == "Left":
        col = start
    else:
        col = max(min(left + item.x, cols - text.width), 0)
    return Tooltip(row, col, text)


def fancy_tooltip(title: str, colors: BarColors, row: int, col: int, cols: int) -> Tooltip | None:
    """The tooltip of a tab of a fancy bar, which cuts it.

    Args:
        title: the whole title.
        colors: the bar's.
        row: of the cells that are beside the bar.
        col: where the tab begins, in cells.
        cols: of the window.
    """
    title = parse_sgr_text(title, CellStyle()).text.strip()
    if not title or cols < 1:
        return None
    text = Line.from_text(f" {title} ", colors.inactive_tab_hover)
    if text.width > cols:
        text = text.left(cols - 1) + Line.from_text("…", colors.inactive_tab_hover)
    return Tooltip(row, max(min(col, cols - text.width), 0), text)
