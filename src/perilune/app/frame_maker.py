"""Makes frames of windows and hands them to the front end. Mux thread."""

from __future__ import annotations

from collections.abc import Callable

from perilune.app.compose import Composer
from perilune.app.frame_tracer import FrameTracer
from perilune.app.front_end import THE_SHOWN, FrontEnd
from perilune.app.pane_view import PaneView
from perilune.app.tab_bar import BarPlace, TabBar
from perilune.app.waiting_frame import waiting_frame
from perilune.app.window_control import WindowControl
from perilune.app.window_view import WindowView, WindowViews
from perilune.base.color import Rgb
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
    """Takes a window's new size, brings its bar up to date (the one place that may wait), composes, presents.

    Args:
        windows: which window is shown.
        views: the windows.
        bar: the tab bars.
        make_composer: makes what composes the cells of a window, or of the one screen.
        front_end: draws.
    """

    def __init__(
        self,
        windows: WindowControl,
        views: WindowViews,
        bar: TabBar[WindowView],
        make_composer: Callable[[], Composer],
        front_end: FrontEnd,
    ) -> None:
        self._windows = windows
        self._views = views
        self._bar = bar
        self._make_composer = make_composer
        self._front_end = front_end
        self._composers: dict[int, Composer] = {}
        self._host_colors: tuple[Rgb | None, Rgb | None] = (None, None)
        self.waiting_text = ""
        """What the one screen says while there is no window; "": nothing is drawn."""
        self.tracer: FrameTracer | None = None
        """Times the stages, if somebody records them."""

    def make_frame(self, window_id: int) -> bool:
        """Make and present a frame of a native window, or of the one that is shown; whether there is one."""
        front_end = self._front_end
        view = self._views.get(window_id) if front_end.has_windows else self._views.shown
        if view is None and self.waiting_text and not front_end.has_windows:
            front_end.present(waiting_frame(self._windows.size, self.waiting_text))
            return True
        if view is None or view.tab is None or not self._views.is_visible(view):
            return False
        tracer = self.tracer
        if tracer is not None:
            tracer.begin_frame()
        self._windows.apply_size(view)
        size = view.size
        geometry = view.bar_geometry(size)
        if view.has_fancy_bar:
            # Its size is the front end's affair: no width makes another content.
            self._bar.prepare(view, 0, BarPlace(is_focused=view.is_focused, hovered=view.bar_hover))
        elif geometry is None:
            self._bar.prepare(view, size.cols)
        else:
            rect = geometry.rect
            place = BarPlace(rect.height, view.hover_row, view.bar_scroll, view.is_focused)
            self._bar.prepare(view, rect.width, place)
        key = window_id if front_end.has_windows else THE_SHOWN
        composer = self._composers.get(key)
        if composer is None:
            composer = self._composers[key] = self._make_composer()
            composer.set_host_colors(*self._host_colors)
        if tracer is not None:
            tracer.stage("callbacks")
        frame = composer.compose(view, size, self._bar.window_title(view))
        if tracer is None:
            front_end.present(frame)
            return True
        tracer.stage("compose")
        rows = sum(frame.buffer.touched)  # before the front end clears the marks
        front_end.present(frame)
        tracer.stage("present")
        tracer.end_frame(frame, rows, is_full=composer.is_full)
        return True

    def set_host_colors(self, foreground: Rgb | None, background: Rgb | None) -> None:
        """What the host terminal draws default colours with."""
        self._host_colors = foreground, background
        for composer in self._composers.values():
            composer.set_host_colors(foreground, background)

    def forget_pane(self, pane_id: int) -> None:
        """The pane is gone."""
        for composer in self._composers.values():
            composer.forget_pane(pane_id)

    def forget_window(self, window_id: int) -> None:
        """The window is gone."""
        self._composers.pop(window_id, None)
