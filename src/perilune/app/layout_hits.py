"""What a cell of the frame belongs to: tab bar, a pane, a split line. Mux thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perilune.app.window_view import WindowView
from perilune.base.geometry import Rect, Size

if TYPE_CHECKING:
    from perilune.mux.pane import Pane
    from perilune.mux.tree import SplitLine

__all__ = ["BarHit", "PaneHit", "SplitHit", "hit_test", "pane_frame_rect"]


@dataclass(frozen=True, slots=True)
class BarHit:
    """The tab bar at one of its cells."""

    col: int
    row: int = 0


@dataclass(frozen=True, slots=True)
class PaneHit:
    """A pane at one of its cells."""

    pane: Pane
    rect: Rect
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class SplitHit:
    """A line between panes."""

    line: SplitLine


def hit_test(view: WindowView, size: Size, row: int, col: int) -> BarHit | PaneHit | SplitHit | None:
    """What is drawn at a cell of the frame."""
    bar = view.bar_geometry(size)
    if bar is not None and bar.rect.holds(row, col):
        return BarHit(col - bar.rect.left, row - bar.rect.top)
    area = view.pane_area(size)
    panes, splits = view.placed()
    inner_row, inner_col = row - area.top, col - area.left
    for line in splits:
        if line.rect.holds(inner_row, inner_col):
            return SplitHit(line)
    for place in panes:
        if place.rect.holds(inner_row, inner_col):
            rect = place.rect
            frame = Rect(rect.left + area.left, rect.top + area.top, rect.width, rect.height)
            return PaneHit(place.pane, frame, inner_row - rect.top, inner_col - rect.left)
    return None


def pane_frame_rect(view: WindowView, size: Size, pane: Pane) -> Rect | None:
    """Where a pane is in the frame, None when it is not shown."""
    area = view.pane_area(size)
    for place in view.placed()[0]:
        if place.pane is pane:
            rect = place.rect
            return Rect(rect.left + area.left, rect.top + area.top, rect.width, rect.height)
    return None
