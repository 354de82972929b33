"""Closes panes, tabs, windows and the program, asking first where a program would be ended. Mux thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from perilune.app.overlay_control import OverlayControl
from perilune.app.overlays.confirm import ConfirmOverlay
from perilune.app.process_question import ProcessQuestion
from perilune.app.window_view import WindowView

if TYPE_CHECKING:
    from perilune.mux.mux import Mux
    from perilune.mux.pane import Pane
    from perilune.mux.tab import Tab
    from perilune.mux.window import Window

__all__ = ["Closing"]


class Closing:
    """Closes things.

    Args:
        mux: what holds them.
        overlays: shows the question.
        question: whether a user is to be asked.
        quit_program: ends the program.
    """

    def __init__(
        self,
        mux: Mux,
        overlays: OverlayControl,
        question: ProcessQuestion,
        quit_program: Callable[[], None],
    ) -> None:
        self._question = question
        self._mux = mux
        self._overlays = overlays
        self._quit = quit_program

    def close_pane(self, view: WindowView, pane: Pane, *, confirm: bool) -> None:
        """Close a pane; asks if `confirm` and a program runs in it."""
        if not confirm:
            self._mux.close_pane(pane)
            return

        def known(is_stateful: bool) -> None:
            if is_stateful:
                self._ask_about_pane(view, pane)
            else:
                self._mux.close_pane(pane)

        self._question.ask([pane], known)

    def _ask_about_pane(self, view: WindowView, pane: Pane) -> None:
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
        question = "A program is running in this tab. Really close it?"
        self._close_after(view, tab.panes() if confirm else [], question, lambda: self._mux.close_tab(tab))

    def close_window(self, view: WindowView) -> None:
        """Close a window with all its tabs, asking as configured."""
        question = "Programs are running in this window. Really close it?"
        panes = self._asked_about([view.window])
        self._close_after(view, panes, question, lambda: self._mux.close_window(view.window))

    def quit(self, view: WindowView | None) -> None:
        """End the program, asking as configured for any window."""
        if view is None:
            self._quit()
            return
        panes = self._asked_about(list(self._mux.windows.values()))
        self._close_after(view, panes, "Programs are running. Really quit?", self._quit)

    def _asked_about(self, windows: Sequence[Window]) -> list[Pane]:
        """The panes of windows, as far as `window_close_confirmation` has anybody ask about them."""
        if self._mux.settings.window_close_confirmation == "NeverPrompt":
            return []
        return [pane for window in windows for tab in window.tabs for pane in tab.panes()]

    def _close_after(
        self, view: WindowView, panes: Sequence[Pane], question: str, close: Callable[[], None]
    ) -> None:
        """Close, after a question if something is running in one of these panes."""

        def known(is_stateful: bool) -> None:
            if is_stateful:
                self._ask(view, question, close)
            else:
                close()

        self._question.ask(panes, known)

    def _ask(self, view: WindowView, question: str, close: Callable[[], None]) -> None:
        def answered(yes: bool) -> None:
            self._overlays.remove_from_window(view, overlay)
            if yes:
                close()

        overlay = ConfirmOverlay(question, answered)
        self._overlays.show_on_window(view, overlay)
