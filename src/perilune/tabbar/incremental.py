"""Bars laid out again and again, at the cost of what changed: what a frame asks for.

A frame whose inputs are those of the last one costs one compare. A new width or another hovered tab changes
the last line where that is enough: every tab keeps the width that it takes by itself, so only the gap before
the right status differs, and two tabs their style. Everything else is laid out anew, of titles whose cells
are kept by `SgrText`. Whatever the way, the bar equals the one that `layout_bar` or `layout_column` makes.

Holds the last bar; owned by whoever draws one window. Knows nothing of why titles change: it is told by a
`mark` when they may have.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable
from typing import Generic, TypeVar

from perilune.cells.line import CellStyle, Line
from perilune.tabbar.bar_line import (
    BarInputs,
    BarItem,
    BarLine,
    without_event_links,
)
from perilune.tabbar.column import layout_column
from perilune.tabbar.fancy import AnyBar, fancy_content
from perilune.tabbar.layout import LineLayout
from perilune.tabbar.painter import Painter
from perilune.tabbar.title import TabView, shows_spinner

__all__ = ["BarLayout"]

_MAX_GAPS = 512  # as many widths as a window goes through while it is dragged across a screen

TabT = TypeVar("TabT", bound=TabView)
_GapLine = Callable[[int, CellStyle], Line]


class BarLayout(Generic[TabT]):
    """The bar of one window, kept from frame to frame."""

    def __init__(self) -> None:
        self._inputs: BarInputs[TabT] | None = None
        self._mark: object = None
        self._bar: AnyBar | None = None
        self._base: _Base[TabT] | None = None
        self._gaps: dict[tuple[int, CellStyle], Line] = {}
        self.full_layouts = 0
        """How often a bar was laid out as a whole."""

    def lay_out(self, inputs: BarInputs[TabT], mark: object = None) -> AnyBar:
        """The bar for these inputs; the same object as the last time if it looks the same.

        Args:
            inputs: what it depends on.
            mark: whoever gives two equal marks in a row promises that `tabs` are equal and that every title
                is what it was; None promises nothing. It is compared, so it should be cheap to compare.
        """
        last, last_bar = self._inputs, self._bar
        bar: AnyBar | None = None
        if (
            last is not None
            and last_bar is not None
            and mark is not None
            and mark == self._mark
            and last.options is inputs.options
            and last.colors is inputs.colors
            and last.left_status == inputs.left_status
            and last.right_status == inputs.right_status
        ):
            if _is_same(last, inputs, last_bar):
                return last_bar
            base = self._base
            if base is not None and base.least_cols <= inputs.cols <= base.most_cols:
                bar = base.changed(inputs, self._gap)
        if bar is None:
            bar = self._full(inputs)
        self._inputs, self._mark = inputs, mark
        if last_bar is not None and last_bar == bar:
            bar = last_bar
        self._bar = bar
        return bar

    def _full(self, inputs: BarInputs[TabT]) -> AnyBar:
        self.full_layouts += 1
        self._base = None
        if inputs.options.fancy:
            return fancy_content(inputs)
        if inputs.options.is_vertical:
            return layout_column(inputs)
        layout = LineLayout(inputs)
        bar = layout.bar()
        self._base = _Base.of(layout, bar)
        return bar

    def _gap(self, cells: int, style: CellStyle) -> Line:
        """Background; kept, for a blank line is dear to make."""
        found = self._gaps.get((cells, style))
        if found is None:
            if len(self._gaps) >= _MAX_GAPS:
                self._gaps.clear()
            found = self._gaps[cells, style] = Line.blank(cells, style)
        return found


def _is_same(last: BarInputs[TabT], inputs: BarInputs[TabT], bar: AnyBar) -> bool:
    """Whether the bar is what these inputs make too; all others have been compared."""
    if (
        last.cols != inputs.cols
        or last.hover_col != inputs.hover_col
        or last.hover_row != inputs.hover_row
        or last.rows != inputs.rows
        or last.hovered != inputs.hovered
        or (bar.is_animated and last.spinner_frame != inputs.spinner_frame)
    ):
        return False
    # A bar in which all tabs fit does not scroll, whatever it is told.
    return not bar.scroll_end or (
        last.scroll == inputs.scroll and last.follows_active == inputs.follows_active
    )


class _Base(Generic[TabT]):
    """A line in which each tab has the width that it takes by itself, taken apart.

    Attributes:
        least_cols: the fewest columns of which that is true; `most_cols` likewise.
    """

    __slots__ = (
        "bar", "button_at", "button_lines", "button_x", "end", "hovered", "index", "is_over_button", "items",
        "least_cols", "left_links", "lines", "most", "most_cols", "parts", "positions", "rooms",
        "starts", "status",
    )  # fmt: skip

    def __init__(self, layout: LineLayout[TabT], bar: BarLine, rooms: list[int]) -> None:
        drawn = layout.drawn or []
        inputs, options = layout.inputs, layout.options
        self.bar = bar
        self.rooms = rooms
        self.index = layout.hovered
        self.is_over_button = False
        self.items = bar.items[:-1]
        self.end = bar.items[-1].x
        left = without_event_links(inputs.left_status.line(layout.status_style))
        self.left_links = left[1]
        self.status = without_event_links(inputs.right_status.line(layout.status_style))
        self.parts = [left[0]] if left[0].width else []
        self.starts: list[int] = []
        self.positions: list[int] = []
        x = left[0].width
        for cells in drawn:
            self.starts.append(x)
            self.positions.append(len(self.parts))
            self.parts += cells.parts
            x += cells.width
        self.button_x = x
        self.button_at = -1
        self.button_lines: tuple[Line, Line] | None = None
        if options.show_new_tab_button_in_tab_bar:
            self.button_lines = layout.new_tab(False), layout.new_tab(True)
            self.is_over_button = (
                layout.mouse is not None and 0 <= layout.mouse - x < self.button_lines[1].width
            )
            line = self.button_lines[self.is_over_button]
            if line.width:
                self.button_at = len(self.parts)
                self.parts.append(line)
        # Each tab's cells by themselves and when it is pointed at, as far as they were asked for.
        self.lines: list[Line | None] = [cells.parts[0] if cells.parts else None for cells in drawn]
        self.hovered: dict[int, Line] = {}
        if self.index >= 0:
            line_or_none = self.lines[self.index]
            if line_or_none is not None:
                self.hovered[self.index] = line_or_none
            self.lines[self.index] = None
        self.most = layout.width_max
        self.least_cols, self.most_cols = self._range(layout)

    @staticmethod
    def _range(layout: LineLayout[TabT]) -> tuple[int, int]:
        """From what columns to what columns tabs may be as wide as they are: `room.width_max` undone."""
        count, most, wanted = len(layout.measured), layout.width_max, sum(layout.measured)
        set_aside = count - 1 + layout.options.style.new_tab.width
        if not count or most >= layout.options.tab_max_width:
            available = min(wanted, most * count)
            return (available + set_aside if available > 0 else 0), sys.maxsize
        return (
            most * count + set_aside if most else 0,
            min(most * count + count, wanted) - 1 + set_aside,
        )

    @classmethod
    def of(cls, layout: LineLayout[TabT], bar: BarLine) -> _Base[TabT] | None:
        """The line taken apart, None where it is not of that kind."""
        options = layout.options
        if layout.drawn is None or options.integrated_buttons or options.close_buttons != "Never":
            return None
        rooms = [min(width, layout.width_max) for width in layout.measured]
        for cells, room in zip(layout.drawn, rooms, strict=True):
            if cells.width != room or len(cells.parts) > 1:
                return None
        if any(shows_spinner(tab) for tab in layout.inputs.tabs):
            return None  # it is laid out ten times a second anyway
        return cls(layout, bar, rooms)

    def changed(self, inputs: BarInputs[TabT], gap_line: _GapLine) -> BarLine | None:
        """The line for other columns or another pointer; None where it must be laid out."""
        hover, button_lines = inputs.hover_col, self.button_lines
        index, is_over_button = -1, False
        if hover is not None and self.starts and self.starts[0] <= hover < self.button_x:
            index = bisect_right(self.starts, hover) - 1
            if inputs.tabs[index].is_active:
                index = -1
        elif hover is not None and button_lines is not None:
            is_over_button = 0 <= hover - self.button_x < button_lines[1].width
        cols = inputs.cols
        if index == self.index and is_over_button == self.is_over_button and cols == self.bar.cols:
            return self.bar
        if is_over_button != self.is_over_button:
            if button_lines is None or button_lines[0].width != button_lines[1].width:
                return None
            if self.button_at >= 0:
                self.parts[self.button_at] = button_lines[is_over_button]
            self.is_over_button = is_over_button
        if index != self.index and not self._restyle(index, inputs):
            return None
        end = self.end
        space = cols - end if cols > end else 0
        status, links = self.status
        if status.width > space:
            status, links = without_event_links(
                inputs.right_status.line(CellStyle(inputs.colors.foreground, inputs.colors.background)).right(
                    space
                )
            )
        gap = space - status.width
        parts = tuple(self.parts)
        if gap:
            parts = (*parts, gap_line(gap, CellStyle(0, inputs.colors.background)))
        if status.width:
            parts = (*parts, status)
        if links:
            links = tuple([link._replace(x=link.x + end + gap) for link in links])
        items = (*self.items, BarItem("right_status", end, space))
        self.bar = BarLine(cols, parts, items, False, self.left_links + links)
        return self.bar

    def _restyle(self, index: int, inputs: BarInputs[TabT]) -> bool:
        """Draw another tab as pointed at (-1: none); False where that would move the others."""
        before = self.index
        plain: Line | None = None
        if before >= 0 and self.rooms[before]:
            plain = self.lines[before]
            if plain is None:
                plain = self.lines[before] = self._line(before, inputs, hover=False)
                if plain is None:
                    return False
        if index >= 0:
            line = self.hovered.get(index)
            if line is None:
                line = self._line(index, inputs, hover=True)
                if line is None:
                    return False
                self.hovered[index] = line
            self.parts[self.positions[index]] = line
        if plain is not None:
            self.parts[self.positions[before]] = plain
        self.index = index
        return True

    def _line(self, index: int, inputs: BarInputs[TabT], *, hover: bool) -> Line | None:
        """The cells of a tab; None if they are of another width than in the line."""
        room, most = self.rooms[index], self.most
        max_width = most if inputs.options.title_max_width == "available" else room
        cells = Painter(inputs).tab(inputs.tabs[index], most, max_width, hover=hover)
        return cells.parts[0] if cells.width == room and len(cells.parts) == 1 else None
