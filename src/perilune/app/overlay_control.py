"""Puts overlays up and takes them away: one per pane and one per window; a new one replaces the old.

Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable

from perilune.app.overlays.overlay import Overlay
from perilune.app.pane_view import PaneView
from perilune.app.window_view import WindowView

__all__ = ["OverlayControl"]


class OverlayControl:
    """Changes `overlay` of windows and panes.

    Args:
        on_change: called with the window after each change.

    Attributes:
        recent_commands: what was chosen in the command palette, the last one last.
    """

    def __init__(self, on_change: Callable[[WindowView], None]) -> None:
        self._on_change = on_change
        self.recent_commands: dict[str, None] = {}

    def show_on_window(self, view: WindowView, overlay: Overlay) -> None:
        """Lay it above the whole window."""
        self.remove_from_window(view)
        view.overlay = overlay
        self._on_change(view)

    def remove_from_window(self, view: WindowView, only: Overlay | None = None) -> None:
        """Take the window's overlay away; with `only`, if it is that one."""
        overlay = view.overlay
        if overlay is None or (only is not None and overlay is not only):
            return
        view.overlay = None
        overlay.on_removed()
        self._on_change(view)

    def show_on_pane(self, view: WindowView, pane_view: PaneView, overlay: Overlay) -> None:
        """Lay it above one pane."""
        self.remove_from_pane(view, pane_view)
        pane_view.overlay = overlay
        self._on_change(view)

    def remove_from_pane(self, view: WindowView, pane_view: PaneView, only: Overlay | None = None) -> None:
        """Take the pane's overlay away; with `only`, if it is that one."""
        overlay = pane_view.overlay
        if overlay is None or (only is not None and overlay is not only):
            return
        pane_view.overlay = None
        overlay.on_removed()
        self._on_change(view)

    @staticmethod
    def active(view: WindowView) -> Overlay | None:
        """The overlay that has the keyboard."""
        if view.overlay is not None:
            return view.overlay
        pane = view.pane
        pane_view = None if pane is None else view.existing_view(pane.id)
        return None if pane_view is None else pane_view.overlay
