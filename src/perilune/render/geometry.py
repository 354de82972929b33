"""From a window's pixels to cells and back: padding, alignment, scroll bar, and room for a bar in pixels.

Pure functions of numbers; the window and the mouse both ask here, so that they agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perilune.base.geometry import Size
from perilune.render.scene import PixelRect

if TYPE_CHECKING:
    from perilune.config.dimension import Dimension
    from perilune.config.options import Config
    from perilune.render.fonts.metrics import CellMetrics

__all__ = ["Geometry", "lay_out", "window_pixels"]

_SCROLL_BAR_CELLS = 1.0  # wide where the padding on the right leaves no room for it


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where things are in a window, px from its top left corner.

    Attributes:
        width: of the window.
        height: likewise.
        cols: cells of a row, 1 at least.
        rows: rows of cells, those of the tab bar among them where it is made of cells; 1 at least.
        left: of the first cell.
        top: of the first row of cells that is not the tab bar.
        cell_width: of a cell.
        cell_height: likewise.
        bar_rows: rows of cells at the top (positive) or bottom (negative) that lie flush with the window's
            edge, outside of the padding: the retro tab bar.
        scroll_bar: the track of the scroll bar; None: there is none.
        fancy_bar: room for a tab bar in pixels; None: there is none.
        border_top: of the window's own border; rows of a bar lie within it. `border_bottom` likewise.
    """

    width: int
    height: int
    cols: int
    rows: int
    left: int
    top: int
    cell_width: int
    cell_height: int
    bar_rows: int = 0
    scroll_bar: PixelRect | None = None
    fancy_bar: PixelRect | None = None
    border_top: int = 0
    border_bottom: int = 0

    def row_top(self, row: int) -> int:
        """The first pixel row of a row of cells."""
        if self.bar_rows > 0:
            if row < self.bar_rows:
                above = self.fancy_bar.height if self.fancy_bar is not None else 0
                return self.border_top + above + row * self.cell_height
            row -= self.bar_rows
        elif self.bar_rows < 0 and row >= self.rows + self.bar_rows:
            return self.height - self.border_bottom - (self.rows - row) * self.cell_height
        return self.top + row * self.cell_height

    def row_tops(self) -> list[int]:
        """`row_top` of every row."""
        return [self.row_top(row) for row in range(self.rows)]

    def cell_at(self, x: float, y: float) -> tuple[int, int, int, int]:
        """The cell at a point, or the nearest one.

        Returns:
            row, column, and how far the point lies from the cell's left and top edge, px; both clamped to the
            cell.
        """
        col = min(max(math.floor((x - self.left) / self.cell_width), 0), self.cols - 1)
        row = 0
        for number in range(self.rows):
            if y >= self.row_top(number):
                row = number
        inside_x = min(max(math.floor(x - self.left - col * self.cell_width), 0), self.cell_width - 1)
        inside_y = min(max(math.floor(y - self.row_top(row)), 0), self.cell_height - 1)
        return row, col, inside_x, inside_y

    def cell_rect(self, row: int, col: int) -> PixelRect:
        """Where a cell is."""
        return PixelRect(
            self.left + col * self.cell_width, self.row_top(row), self.cell_width, self.cell_height
        )

    def size(self, dpi: float) -> Size:
        """As terminals are told; the pixels are those of the cells."""
        return Size(
            self.cols, self.rows, self.cols * self.cell_width, self.rows * self.cell_height, round(dpi)
        )


@dataclass(frozen=True, slots=True)
class _Room:
    left: int
    right: int
    top: int
    bottom: int


def _pixels(option: Dimension, cell: int, whole: int, dpi: float) -> int:
    found = option.pixels(cell=cell, whole=whole, dpi=dpi)
    return min(max(round(found), 0), 1 << 14) if math.isfinite(found) else 0


def _border(width: int, height: int, metrics: CellMetrics, config: Config, dpi: float) -> _Room:
    frame = config.window_frame
    return _Room(
        _pixels(frame.border_left_width, metrics.width, width, dpi),
        _pixels(frame.border_right_width, metrics.width, width, dpi),
        _pixels(frame.border_top_height, metrics.height, height, dpi),
        _pixels(frame.border_bottom_height, metrics.height, height, dpi),
    )


def _room(width: int, height: int, metrics: CellMetrics, config: Config, dpi: float) -> _Room:
    padding = config.window_padding
    border = _border(width, height, metrics, config, dpi)

    def across(option: Dimension) -> int:
        return _pixels(option, metrics.width, width, dpi)

    def down(option: Dimension) -> int:
        return _pixels(option, metrics.height, height, dpi)

    right = across(padding.right)
    if config.enable_scroll_bar and right == 0:
        right = round(_SCROLL_BAR_CELLS * metrics.width)
    return _Room(
        across(padding.left) + border.left,
        right + border.right,
        down(padding.top) + border.top,
        down(padding.bottom) + border.bottom,
    )


def lay_out(
    width: int,
    height: int,
    metrics: CellMetrics,
    config: Config,
    *,
    dpi: float,
    fancy_bar_height: int = 0,
    bar_at_bottom: bool = False,
    bar_rows: int = 0,
) -> Geometry:
    """What fits into a window.

    Args:
        width: of its content, px.
        height: likewise.
        metrics: of a cell.
        config: padding, alignment, scroll bar.
        dpi: for lengths in points.
        fancy_bar_height: px that a tab bar drawn in pixels takes; 0: none.
        bar_at_bottom: where that bar, or the one of cells, lies.
        bar_rows: rows of cells of a horizontal tab bar made of cells; they lie outside of the padding.
    """
    width, height = max(width, 1), max(height, 1)
    room = _room(width, height, metrics, config, dpi)
    cell_w, cell_h = metrics.width, metrics.height
    bars = fancy_bar_height + bar_rows * cell_h
    inner_width = max(width - room.left - room.right, 0)
    inner_height = max(height - bars - room.top - room.bottom, 0)
    cols = max(inner_width // cell_w, 1)
    pane_rows = max(inner_height // cell_h, 1)
    spare_x, spare_y = max(inner_width - cols * cell_w, 0), max(inner_height - pane_rows * cell_h, 0)
    alignment = config.window_content_alignment
    left = room.left + {"Left": 0, "Center": spare_x // 2, "Right": spare_x}[alignment.horizontal]
    top = room.top + {"Top": 0, "Center": spare_y // 2, "Bottom": spare_y}[alignment.vertical]
    # A window smaller than its padding shows its first cells rather than nothing.
    left, top = min(left, max(width - cell_w, 0)), min(top, max(height - bars - cell_h, 0))
    if not bar_at_bottom:
        top += bars
    fancy = None
    border = _border(width, height, metrics, config, dpi)
    if fancy_bar_height:
        upper = height - border.bottom - fancy_bar_height if bar_at_bottom else border.top
        across = max(width - border.left - border.right, 1)
        fancy = PixelRect(min(border.left, width - 1), max(upper, 0), across, fancy_bar_height)
    scroll_bar = None
    if config.enable_scroll_bar:
        track = max(min(room.right, width), 1)
        upper = 0 if bar_at_bottom else bars
        scroll_bar = PixelRect(width - track, upper, track, max(height - bars, 1))
    return Geometry(
        width, height, cols, pane_rows + bar_rows, left, top, cell_w, cell_h,
        -bar_rows if bar_at_bottom else bar_rows, scroll_bar, fancy, border.top,
        border.bottom,
    )  # fmt: skip


def window_pixels(
    cols: int,
    rows: int,
    metrics: CellMetrics,
    config: Config,
    *,
    dpi: float,
    fancy_bar_height: int = 0,
) -> tuple[int, int]:
    """The size of a window's content that holds so many cells, those of a bar made of cells among the rows.

    Padding in percent of the window is solved for: `lay_out` of the answer gives these cells.
    """

    def solve(cells_px: int, pads: Callable[[int], int]) -> int:
        # Padding that grows with the window; each step comes closer, and half the window is the most.
        whole = cells_px + pads(cells_px)
        for _ in range(64):
            wanted = cells_px + min(pads(whole), 4 * cells_px + 1000)
            if wanted == whole:
                break
            whole = wanted
        return whole

    def pads_x(whole: int) -> int:
        room = _room(whole, 1, metrics, config, dpi)
        return room.left + room.right

    def pads_y(whole: int) -> int:
        room = _room(1, whole, metrics, config, dpi)
        return room.top + room.bottom

    return (
        solve(cols * metrics.width, pads_x),
        solve(rows * metrics.height + fancy_bar_height, pads_y),
    )
