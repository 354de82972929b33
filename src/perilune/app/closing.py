"""Closes panes, tabs, windows and the program, asking first where a program would be ended. Mux thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.app.overlay_control import OverlayControl
from perilune.app.overlays.confirm import ConfirmOverlay
from perilune.app.window_view import WindowView

if TYPE_CHECKING:
    from perilune.mux.mux import Mux
    from perilune.mux.pane import Pane
    from perilune.mux.tab import Tab

__all__ = ["Closing"]


class Closing:
    """Closes things.

    Args:
        mux: what holds them.
        overlays: shows the question.
        quit_program: ends the program.
    """

    def __init__(self, mux: Mux, overlays: OverlayControl, quit_program: Callable[[], None]) -> None:
        self._mux = mux
        self._overlays = overlays
        self._quit = quit_program

    def close_pane(self, view: WindowView, pane: Pane, *, confirm: bool) -> None:
        """Close a pane; asks if `confirm` and a program runs in it."""
        if not confirm or self._mux.can_close_without_prompting(pane):
            self._mux.close_pane(pane)
            return
        pane_view = view.view_of(pane)
        overlay = ConfirmOverlay(
            "A program is running in this pane. Really close it?", lambda yes: answered(yes=yes)
        )

        def answered(*, yes: bool) -> None:
            self._overlays.remove_from_pane(view, pane_view, overlay)
            if yes:
                self._mux.close_pane(pane)

        self._overlays.show_on_pane(view, pane_view, overlay)

    def close_tab(self, view: WindowView, tab: Tab, *, confirm: bool) -> None:
        """Close a tab; asks if `confirm` and a program runs in one of its panes."""
        if not confirm or self._mux.can_close_tab_without_prompting(tab):
            self._mux.close_tab(tab)
            return
        self._ask(
            view, "A program is running in this tab. Really close it?", lambda: self._mux.close_tab(tab)
        )

    def close_window(self, view: WindowView) -> None:
        """Close a window with all its tabs, asking as configured."""
        if self._mux.can_close_window_without_prompting(view.window):
            self._mux.close_window(view.window)
            return
        self._ask(
            view,
            "Programs are running in this window. Really close it?",
            lambda: self._mux.close_window(view.window),
        )

    def quit(self, view: WindowView | None) -> None:
        """End the program, asking as configured for any window."""
        windows = list(self._mux.windows.values())
        if view is None or all(self._mux.can_close_window_without_prompting(window) for window in windows):
            self._quit()
            return
        self._ask(view, "Programs are running. Really quit?", self._quit)

    def _ask(self, view: WindowView, question: str, close: Callable[[], None]) -> None:
        def answered(yes: bool) -> None:
            self._overlays.remove_from_window(view, overlay)
            if yes:
                close()

        overlay = ConfirmOverlay(question, answered)
        self._overlays.show_on_window(view, overlay)
