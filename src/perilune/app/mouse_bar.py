"""What the mouse does on the tab bar: activate, close, list, new tab, wheel (tab-bar.md section 2).

Mux thread.
"""

from __future__ import annotations

from perilune.app.actions import Actions
from perilune.app.services import Services
from perilune.app.tab_bar import TabBar
from perilune.app.window_view import WindowView
from perilune.base.input import MouseButton, MouseEvent, MouseKind
from perilune.config.arguments import Domain
from perilune.config.assignment import KeyAssignment, to_value
from perilune.tabbar import BarItem

__all__ = ["BarMouse"]

_BUTTON_NAMES = {MouseButton.LEFT: "Left", MouseButton.MIDDLE: "Middle", MouseButton.RIGHT: "Right"}
_NEW_TAB = {
    MouseButton.LEFT: KeyAssignment("SpawnTab", Domain("CurrentPaneDomain")),
    MouseButton.RIGHT: KeyAssignment("ShowLauncher"),
}


class BarMouse:
    """Handles mouse events on the bar.

    Args:
        services: the mux, closing, events.
        actions: carries out what a click means.
        bar: knows which part a column belongs to.
    """

    def __init__(self, services: Services, actions: Actions, bar: TabBar) -> None:
        self._services = services
        self._actions = actions
        self._bar = bar

    def on_mouse(self, view: WindowView, event: MouseEvent, col: int) -> None:
        """A press on the bar; moves and releases mean nothing here."""
        if event.kind is not MouseKind.PRESS:
            return
        if event.button in {MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN}:
            if view.config.mouse_wheel_scrolls_tabs:
                step = -1 if event.button is MouseButton.WHEEL_UP else 1
                self._actions.perform(view, KeyAssignment("ActivateTabRelative", step))
            return
        item = self._bar.item_at(view, col)
        if item is None:
            return
        if item.kind == "tab":
            self._tab(view, event, item)
        elif item.kind == "new_tab":
            self._new_tab(view, event.button)

    def _tab(self, view: WindowView, event: MouseEvent, item: BarItem) -> None:
        index = item.tab_index
        if index is None or not 0 <= index < len(view.window.tabs):
            return
        tab = view.window.tabs[index]
        if event.button is MouseButton.LEFT:
            self._services.mux.activate_tab(tab)
        elif event.button is MouseButton.MIDDLE:
            self._services.closing.close_tab(view, tab, confirm=True)
        elif event.button is MouseButton.RIGHT:
            self._actions.perform(view, KeyAssignment("ShowTabNavigator"))

    def _new_tab(self, view: WindowView, button: MouseButton) -> None:
        name = _BUTTON_NAMES.get(button)
        if name is None:
            return
        default = _NEW_TAB.get(button)
        pane = view.pane

        def proceed(wanted: bool) -> None:
            if wanted and default is not None:
                self._actions.perform(view, default)

        written = None if default is None else to_value(default)
        pane_id = None if pane is None else pane.id
        self._services.events.emit(
            "new-tab-button-click", view.window_id, pane_id, name, written, on_done=proceed
        )
