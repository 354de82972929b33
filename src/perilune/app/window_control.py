"""Which windows are to be seen, how large they are, and which pane has the focus. Mux thread.

Where the front end has a single screen, one window is shown on it and the others wait. Where it has native
windows, those of the active workspace are open, and those of the others hidden, or not opened yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.app.front_end import THE_SHOWN, FrontEnd, WindowPlace, WindowRequest
from perilune.app.window_view import WindowView, WindowViews
from perilune.base.geometry import Size
from perilune.base.loop import EventLoop, Timer
from perilune.mux.window import Window

if TYPE_CHECKING:
    from perilune.mux.mux import Mux

__all__ = ["WindowControl"]

_LATEST_RESIZE = 0.1  # seconds; a window that is not drawn does not hold its new size back from programs


class WindowControl:
    """Shows windows.

    Args:
        loop: for sizes of windows that are not drawn.
        mux: the windows.
        views: what is known of them.
        front_end: opens native windows, if it has them.
        request_frame: asks for a frame of a window.
        on_shown: called with the window that is shown from now on.
        on_resized: called with a window that a user can see when it has another size.
    """

    def __init__(
        self,
        loop: EventLoop,
        mux: Mux,
        views: WindowViews,
        front_end: FrontEnd,
        request_frame: Callable[[int], None],
        on_shown: Callable[[WindowView], None],
        on_resized: Callable[[WindowView], None],
    ) -> None:
        self._loop = loop
        self._mux = mux
        self._views = views
        self._front_end = front_end
        self._request_frame = request_frame
        self._on_shown = on_shown
        self._on_resized = on_resized
        self._sizes: dict[int, Size] = {}
        self._timer: Timer | None = None
        self._request: tuple[int | None, int | None, WindowPlace | None] = (None, None, None)
        self._focused_id: int | None = None
        self._reconcile_posted = False
        self.size = Size(80, 24)
        """The drawable size of the one screen; with native windows, of one that is not open yet."""
        self.is_focused = not front_end.has_windows
        """Whether keys reach any window."""

    @property
    def shown(self) -> WindowView | None:
        """The window that is shown, or that has or had the focus."""
        return self._views.shown

    # Sizes.

    def resize(self, size: Size, view: WindowView | None = None) -> None:
        """The drawable size changed, of the screen or of a native window.

        It is in force with the next frame: steps in between are dropped, the last one never.
        """
        size = Size(max(size.cols, 1), max(size.rows, 1), *size[2:])
        if view is None:
            changed = size != self.size
            self.size = size
            for each in self._views:
                self._sizes[each.window_id] = size
        else:
            changed = size != self._sizes.get(view.window_id, view.size)
            self._sizes[view.window_id] = size
        if changed:
            for window_id in self._sizes or (THE_SHOWN,):
                self._request_frame(window_id)
            if self._timer is None or not self._timer.is_armed:
                self._timer = self._loop.call_later(_LATEST_RESIZE, self.apply_sizes)

    def apply_sizes(self) -> None:
        """Bring all windows to the last sizes that were reported."""
        for view in self._views:
            self.apply_size(view)

    def apply_size(self, view: WindowView) -> None:
        """Bring a window to the last size that was reported. Before each of its frames."""
        size = self._sizes.pop(view.window_id, None)
        if size is not None and size != view.size:
            view.size = size
            self.fit(view)
            if self._views.is_visible(view):
                self._on_resized(view)

    def fit_all(self) -> None:
        """Give every window's tabs the size that is left for panes."""
        for view in self._views:
            self.fit(view)

    def fit(self, view: WindowView) -> None:
        """Give one window's tabs the size that is left for panes: the bar may have come or gone."""
        self._mux.resize_window(view.window, view.pane_size(view.size))
        view.invalidate_layout()
        self._request_frame(view.window_id)

    # Coming and going.

    def create(
        self,
        workspace: str | None = None,
        *,
        cols: int | None = None,
        rows: int | None = None,
        place: WindowPlace | None = None,
    ) -> Window:
        """A new window without tabs: of so many cells for panes, if there is a choice."""
        self._request = (cols, rows, place)
        try:
            return self._mux.create_window(workspace, self.size)
        finally:
            self._request = (None, None, None)

    def created(self, view: WindowView) -> None:
        """The mux has a new window: give it its size, and open its native window."""
        view.size = self.size
        if self._front_end.has_windows:
            if view.window.workspace == self.workspace:
                self._open(view)
        else:
            view.is_focused = view is self._views.shown and self.is_focused
        self._mux.resize_window(view.window, view.pane_size(view.size))

    def _open(self, view: WindowView) -> None:
        cols, rows, place = self._request
        config = view.config
        cols = config.initial_cols if cols is None else cols
        rows = config.initial_rows if rows is None else rows
        # What the bar takes, of a window large enough for all that is asked.
        bar = view.bar_geometry(Size(2 * cols + 2 * config.tab_bar_width, rows + 1))
        if bar is not None and bar.position in {"Left", "Right"}:
            cols += bar.rect.width
        elif bar is not None:
            rows += bar.rect.height
        size = self._front_end.open_window(
            view.window_id, config, WindowRequest(cols, rows, place, view.has_fancy_bar)
        )
        view.size = Size(max(size.cols, 1), max(size.rows, 1), *size[2:])
        view.is_open, view.is_hidden, view.is_focused = True, False, False
        self._request_frame(view.window_id)

    def removed(self, view: WindowView) -> None:
        """The mux window is gone; so is the native one. Another workspace is shown if this was its last."""
        self._sizes.pop(view.window_id, None)
        if self._focused_id == view.window_id:
            self._focused_id = None
            self.is_focused = False
        if self._front_end.has_windows:
            self._reconcile()  # first what comes, then what goes: the desktop sees no program without windows
            if view.is_open:
                self._front_end.close_window(view.window_id)

    # Showing.

    def show(self, view: WindowView) -> None:
        """Show a window, with its workspace, and give it the keyboard."""
        if self._front_end.has_windows:
            is_other = self._views.shown is not view
            self._views.shown = view
            self._reconcile()
            self._front_end.control_window(view.window_id, "focus")
            self.sync_focus()
            if is_other:
                self._on_shown(view)
            return
        if self._views.shown is view:
            return
        self._views.shown = view
        self.apply_size(view)
        self.fit(view)
        self.sync_focus()
        self._on_shown(view)

    def workspace_changed(self) -> None:
        """A window is in another workspace now, or its workspace has another name."""
        if self._front_end.has_windows and not self._reconcile_posted:
            # Later: renaming moves one window after the other.
            self._reconcile_posted = True
            self._loop.call_soon(self._reconcile)

    def _reconcile(self) -> None:
        """Open and show the native windows of the active workspace, hide the others."""
        self._reconcile_posted = False
        active = self.workspace
        views = list(self._views)
        for view in views:
            if view.window.workspace == active:
                if not view.is_open:
                    self._open(view)
                    self.fit(view)
                elif view.is_hidden:
                    view.is_hidden = False
                    self._front_end.show_window(view.window_id, True)
                    self._request_frame(view.window_id)
        for view in views:
            if view.window.workspace != active and view.is_open and not view.is_hidden:
                view.is_hidden = True
                self._front_end.show_window(view.window_id, False)

    # The focus.

    def set_focused(self, focused: bool, view: WindowView | None = None) -> list[WindowView]:
        """The screen, or a native window, got or lost the focus.

        Returns:
            The windows that keys reach from now on and did not before, or the other way round.
        """
        if view is None:
            self.is_focused = focused
        elif focused:
            self._focused_id = view.window_id
            self.is_focused = True
            if self._views.shown is not view:
                self._views.shown = view
                changed = self.sync_focus()
                self._on_shown(view)
                return changed
        elif self._focused_id == view.window_id:
            self._focused_id = None
            self.is_focused = False
        return self.sync_focus()

    def sync_focus(self) -> list[WindowView]:
        """Tell the mux which window the keys reach; the windows for which that is new."""
        shown = self._views.shown
        self._mux.set_focused_window(shown.window if shown is not None and self.is_focused else None)
        changed = []
        for view in self._views:
            is_focused = view is shown and self.is_focused
            if view.is_focused != is_focused:
                view.is_focused = is_focused
                changed.append(view)
                if view.config.tab_bar_uses_window_frame or view.has_fancy_bar:
                    view.bar_mark += 1
                if view.config.tab_bar_uses_window_frame or self._front_end.has_windows:
                    self._request_frame(view.window_id)
        return changed

    @property
    def workspace(self) -> str:
        """The workspace shown."""
        view = self._views.shown
        return self._mux.settings.default_workspace if view is None else view.window.workspace

    def windows_of(self, workspace: str) -> list[WindowView]:
        """The windows of a workspace, oldest first."""
        return [view for view in self._views if view.window.workspace == workspace]
