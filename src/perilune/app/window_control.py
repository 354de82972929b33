"""Which window is shown, how large windows are, and which pane has the focus. Mux thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.app.window_view import WindowView, WindowViews
from perilune.base.geometry import Size

if TYPE_CHECKING:
    from perilune.mux.mux import Mux

__all__ = ["WindowControl"]


class WindowControl:
    """Shows windows.

    Args:
        mux: the windows.
        views: what is known of them.
        request_frame: asks for a frame.
        on_shown: called with the window that is shown from now on.
    """

    def __init__(
        self,
        mux: Mux,
        views: WindowViews,
        request_frame: Callable[[], None],
        on_shown: Callable[[WindowView], None],
    ) -> None:
        self._mux = mux
        self._views = views
        self._request_frame = request_frame
        self._on_shown = on_shown
        self.size = Size(80, 24)
        """The drawable size, in cells."""
        self.is_focused = True

    @property
    def shown(self) -> WindowView | None:
        """The window that is shown."""
        return self._views.shown

    def resize(self, size: Size) -> None:
        """The drawable size changed."""
        self.size = Size(max(size.cols, 1), max(size.rows, 1), *size[2:])
        self.fit_all()

    def fit_all(self) -> None:
        """Give every window's tabs the size that is left for panes."""
        for view in self._views:
            self.fit(view)

    def fit(self, view: WindowView) -> None:
        """Give one window's tabs the size that is left for panes: the bar may have come or gone."""
        self._mux.resize_window(view.window, view.pane_size(self.size))
        view.invalidate_layout()
        self._request_frame()

    def show(self, view: WindowView) -> None:
        """Show a window, with its workspace."""
        if self._views.shown is view:
            return
        self._views.shown = view
        self.fit(view)
        self.sync_focus()
        self._on_shown(view)

    def set_focused(self, focused: bool) -> None:
        """The front end got or lost the focus."""
        self.is_focused = focused
        self.sync_focus()

    def sync_focus(self) -> None:
        """Tell the mux which window the keys reach."""
        shown = self._views.shown
        self._mux.set_focused_window(shown.window if shown is not None and self.is_focused else None)
        for view in self._views:
            is_focused = view is shown and self.is_focused
            if view.is_focused != is_focused:
                view.is_focused = is_focused
                if view.config.tab_bar_uses_window_frame:
                    view.bar_mark += 1
                    self._request_frame()

    @property
    def workspace(self) -> str:
        """The workspace shown."""
        view = self._views.shown
        return self._mux.settings.default_workspace if view is None else view.window.workspace

    def windows_of(self, workspace: str) -> list[WindowView]:
        """The windows of a workspace, oldest first."""
        return [view for view in self._views if view.window.workspace == workspace]
