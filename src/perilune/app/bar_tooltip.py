"""Shows a tab's whole title after the pointer has rested on it, if it was cut. Mux thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from perilune.app.bar_options import colors_of_bar
from perilune.app.window_view import WindowView
from perilune.base.loop import EventLoop, Timer
from perilune.tabbar import AnyBar, BarItem, FancyContent
from perilune.tabbar.tooltip import fancy_tooltip, lay_out_tooltip

__all__ = ["BarTooltips", "LaidOutBars"]


class LaidOutBars(Protocol):
    """The part of `TabBar` that tooltips need."""

    def line(self, view: WindowView) -> AnyBar | None:
        """The bar as it is drawn."""
        ...


class BarTooltips:
    """Puts tooltips up and takes them down.

    Args:
        loop: for the delay.
        bars: what is drawn.
        request_frame: a tooltip came or went.
    """

    def __init__(
        self,
        loop: EventLoop,
        bars: LaidOutBars,
        request_frame: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._bars = bars
        self._request_frame = request_frame
        self._timer: Timer | None = None
        self._pointed: tuple[int, int] | None = None

    def pointed_at(self, view: WindowView, item: BarItem | None, *, is_cut: bool = True) -> None:
        """The pointer is on this part of the bar now, None where it is not on the bar.

        Of a fancy bar `x` is a column of the cells beside it, and `is_cut` tells whether the title is.
        """
        index = None if item is None else item.tab_index
        pointed = None
        if index is not None and is_cut and view.config.tab_tooltips and index < len(view.window.tabs):
            pointed = view.window_id, view.window.tabs[index].id
        if pointed == self._pointed:
            return
        self.hide(view)
        self._pointed = pointed
        if pointed is not None:
            delay = view.config.tab_tooltip_delay_ms / 1000
            col = 0 if item is None else item.x
            self._timer = self._loop.call_later(delay, lambda: self._show(view, pointed[1], col))

    def hide(self, view: WindowView) -> None:
        """Take the tooltip down; it comes back when the pointer comes to another tab."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if view.tooltip is not None:
            view.tooltip = None
            self._request_frame()

    def _show(self, view: WindowView, tab_id: int, col: int) -> None:
        self._timer = None
        size = view.size
        geometry, bar = view.bar_geometry(size), self._bars.line(view)
        tab = next((tab for tab in view.window.tabs if tab.id == tab_id), None)
        if bar is None or tab is None:
            return
        pane = tab.active_pane
        title = tab.title or ("" if pane is None else pane.title)
        if isinstance(bar, FancyContent):
            row = size.rows - 1 if bar.options.placed_at == "Bottom" else 0
            view.tooltip = fancy_tooltip(title, bar.colors, row, col, size.cols)
            self._request_frame()
            return
        index = view.window.tabs.index(tab)
        item = next((item for item in bar.items if item.tab_index == index), None)
        if item is None or geometry is None:
            return
        view.tooltip = lay_out_tooltip(
            bar,
            item,
            title,
            colors_of_bar(view.config),
            geometry.position,
            (geometry.rect.top, geometry.rect.left),
            (size.cols, size.rows),
        )
        if view.tooltip is not None:
            self._request_frame()
