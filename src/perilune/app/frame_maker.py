"""Makes one frame of the window that is shown and hands it to the front end. Mux thread."""

from __future__ import annotations

from perilune.app.compose import Composer
from perilune.app.front_end import FrontEnd
from perilune.app.pane_view import PaneView
from perilune.app.tab_bar import BarPlace, TabBar
from perilune.app.window_control import WindowControl
from perilune.app.window_view import WindowView
from perilune.base.loop import EventLoop, Timer

__all__ = ["FrameMaker", "SynchronizedWaits"]

_SYNCHRONIZED_SECONDS = 0.150


class SynchronizedWaits:
    """Ends synchronised updates (mode 2026) that stay open: a program that died must not freeze its pane."""

    def __init__(self, loop: EventLoop) -> None:
        self._loop = loop
        self._timers: dict[int, Timer] = {}
        self.request_frame = _nothing

    def holding(self, view: PaneView) -> None:
        """A visible pane holds its picture back."""
        pane_id = view.pane.id
        if pane_id not in self._timers:
            self._timers[pane_id] = self._loop.call_later(_SYNCHRONIZED_SECONDS, lambda: self._expired(view))

    def released(self, pane_id: int) -> None:
        """The pane has been drawn, or is gone."""
        timer = self._timers.pop(pane_id, None)
        if timer is not None:
            timer.cancel()

    def _expired(self, view: PaneView) -> None:
        self._timers.pop(view.pane.id, None)
        if view.pane.terminal.is_synchronized:
            view.pane.terminal.end_synchronized()
        # Also when it ended meanwhile: the end alone changes no cell, so nobody else asks for the picture.
        self.request_frame()


def _nothing() -> None:
    """Until the scheduler is there."""


class FrameMaker:
    """One frame: bring the bar up to date (the one place that may wait, 2 ms), compose, present.

    Args:
        windows: which window is shown, and how large.
        bar: the tab bars.
        composer: the cells.
        front_end: draws.
    """

    def __init__(
        self, windows: WindowControl, bar: TabBar[WindowView], composer: Composer, front_end: FrontEnd
    ) -> None:
        self._windows = windows
        self._bar = bar
        self._composer = composer
        self._front_end = front_end

    def make_frame(self) -> None:
        """Make and present a frame; nothing while there is no window."""
        view = self._windows.shown
        if view is None or view.tab is None:
            return
        size = self._windows.size
        geometry = view.bar_geometry(size)
        if geometry is None:
            self._bar.prepare(view, size.cols)
        else:
            rect = geometry.rect
            place = BarPlace(rect.height, view.hover_row, view.bar_scroll, view.is_focused)
            self._bar.prepare(view, rect.width, place)
        frame = self._composer.compose(view, size, self._bar.window_title(view))
        self._front_end.present(frame)
