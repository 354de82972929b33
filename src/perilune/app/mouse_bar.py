"""What the mouse does on the tab bar: activate, close, list, new tab, wheel, drag, links, tooltips.

What WezTerm has is as in it (tab-bar.md section 2). Mux thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perilune.app.actions import Actions
from perilune.app.bar_tooltip import BarTooltips
from perilune.app.front_end import BarTarget
from perilune.app.layout_hits import BarHit
from perilune.app.services import Services
from perilune.app.tab_bar import TabBar
from perilune.app.window_view import WindowView
from perilune.base.input import MouseButton, MouseEvent, MouseKind
from perilune.config.arguments import Domain
from perilune.config.assignment import KeyAssignment, to_value
from perilune.tabbar import (
    AnyBar,
    BarColumn,
    BarItem,
    BarLine,
    BarLink,
    FancyContent,
    PointedPart,
    event_of_link,
)

if TYPE_CHECKING:
    from perilune.mux.tab import Tab

__all__ = ["BarMouse"]

_BUTTON_NAMES = {MouseButton.LEFT: "Left", MouseButton.MIDDLE: "Middle", MouseButton.RIGHT: "Right"}
_NEW_TAB = {
    MouseButton.LEFT: KeyAssignment("SpawnTab", Domain("CurrentPaneDomain")),
    MouseButton.RIGHT: KeyAssignment("ShowLauncher"),
}
_WHEEL_STEPS = {
    MouseButton.WHEEL_UP: -1,
    MouseButton.WHEEL_DOWN: 1,
    MouseButton.WHEEL_LEFT: -1,
    MouseButton.WHEEL_RIGHT: 1,
}
_STATUSES = {"left_status", "right_status"}
_VERTICAL_WHEEL = {MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN}


@dataclass(slots=True)
class _Drag:
    """A tab that the left button holds. `waits_for` is the bar that showed it where it was."""

    window_id: int
    tab: Tab
    waits_for: object = None


class BarMouse:
    """Handles mouse events on the bar.

    Args:
        services: the mux, closing, events.
        actions: carries out what a click means.
        bar: knows which part a cell belongs to.
    """

    def __init__(self, services: Services, actions: Actions, bar: TabBar[WindowView]) -> None:
        self._services = services
        self._actions = actions
        self._bar = bar
        self._tooltips = BarTooltips(services.loop, bar, services.request_frame)
        self._drag: _Drag | None = None

    def on_mouse(self, view: WindowView, event: MouseEvent, col: int, row: int = 0) -> None:
        """A press on the bar, at one of its cells; moves and releases mean nothing here."""
        if event.kind is not MouseKind.PRESS:
            return
        self._tooltips.hide(view)
        item = self._bar.item_at(view, col, row)
        if event.button in _WHEEL_STEPS:
            self._wheel(view, event.button, item)
            return
        self._press(view, event, item, self._bar.link_at(view, col, row))

    def _press(self, view: WindowView, event: MouseEvent, item: BarItem | None, link: BarLink | None) -> None:
        if link is not None:
            self._link(view, event.button, link)
        elif item is None or item.kind in _STATUSES:
            self._title_bar(view, event)
        elif item.tab_index is not None:
            self._tab(view, event, item, item.tab_index)
        elif item.kind == "new_tab":
            self._new_tab(view, event.button)
        elif event.button is MouseButton.LEFT:
            self._button(view, item)

    def on_fancy(self, view: WindowView, event: MouseEvent, target: BarTarget) -> None:
        """A press on a fancy bar; moves and releases mean nothing here."""
        if event.kind is not MouseKind.PRESS:
            return
        self._tooltips.hide(view)
        item = None if target.part is None else BarItem(target.part[0], 0, 0, target.part[1])
        if event.button in _WHEEL_STEPS:
            self._wheel(view, event.button, item)
        else:
            self._press(view, event, item, BarLink(target.uri, 0, 0) if target.uri else None)

    def pointed_at_fancy(self, view: WindowView, part: PointedPart | None, target: BarTarget | None) -> None:
        """The pointer is on this part of a fancy bar now, None where it is elsewhere."""
        if part is None or target is None or part[1] is None:
            self._tooltips.pointed_at(view, None)
        else:
            self._tooltips.pointed_at(view, BarItem(part[0], target.col, 0, part[1]), is_cut=target.is_cut)

    def pointed_at(self, view: WindowView, hit: BarHit | None) -> None:
        """The pointer is on this cell of the bar now, None where it is elsewhere."""
        item = None if hit is None else self._bar.item_at(view, hit.col, hit.row)
        self._tooltips.pointed_at(view, item)

    # Tabs.

    def _tab(self, view: WindowView, event: MouseEvent, item: BarItem, index: int) -> None:
        if not 0 <= index < len(view.window.tabs):
            return
        tab = view.window.tabs[index]
        if event.button is MouseButton.LEFT and item.kind == "close_tab":
            self._services.closing.close_tab(view, tab, confirm=True)
        elif event.button is MouseButton.LEFT:
            self._services.mux.activate_tab(tab)
            if view.config.drag_tabs:
                self._drag = _Drag(view.window_id, tab)
        elif event.button is MouseButton.MIDDLE:
            self._services.closing.close_tab(view, tab, confirm=True)
        elif event.button is MouseButton.RIGHT:
            self._actions.perform(view, KeyAssignment("ShowTabNavigator"))

    def captures(self, view: WindowView, event: MouseEvent, target: BarTarget | None = None) -> bool:
        """Whether an event belongs to a tab that is being dragged, wherever the pointer is.

        Args:
            view: the window.
            event: what happened.
            target: where the front end sees the pointer on a fancy bar.
        """
        drag = self._drag
        if drag is None:
            return False
        is_over = event.kind is MouseKind.PRESS or (
            event.kind is MouseKind.MOVE and event.button is not MouseButton.LEFT
        )
        if is_over or drag.window_id != view.window_id or drag.tab not in view.window.tabs:
            self._drag = None  # the release was lost, or the tab was
            return False
        if event.kind is MouseKind.RELEASE:
            self._drag = None
        if event.kind is not MouseKind.RELEASE or target is not None:
            self._drag_to(view, drag, event, target)
        return True

    def _drag_to(self, view: WindowView, drag: _Drag, event: MouseEvent, pointed: BarTarget | None) -> None:
        geometry, bar = view.bar_geometry(view.size), self._bar.line(view)
        index = view.window.tabs.index(drag.tab)
        if isinstance(bar, FancyContent):
            # It may be of the bar before the last move; the place is right all the same.
            is_active = view.window.active_tab is drag.tab
            target = pointed.place if pointed is not None and is_active else None
        elif geometry is None or bar is None or bar is drag.waits_for:
            return  # hit regions are those from before the last move
        else:
            rect = geometry.rect
            col = min(max(event.col - rect.left, 0), rect.width - 1)
            row = min(max(event.row - rect.top, 0), rect.height - 1)
            target = _place_at(bar, index, col, row)
        if target is not None and target != index and target < len(view.window.tabs):
            drag.waits_for = bar
            self._services.mux.move_tab(drag.tab, target)
            self._services.request_frame()

    # Scrolling.

    def _wheel(self, view: WindowView, button: MouseButton, item: BarItem | None) -> None:
        bar = self._bar.line(view)
        step = _WHEEL_STEPS[button]
        changes_tabs = view.config.mouse_wheel_scrolls_tabs and button in _VERTICAL_WHEEL
        is_on_button = item is not None and item.kind in {"scroll_back", "scroll_forward"}
        if bar is not None and bar.scroll_end and (is_on_button or not changes_tabs):
            self._scroll(view, bar, step)
        elif changes_tabs:
            self._actions.perform(view, KeyAssignment("ActivateTabRelative", step))

    def _scroll(self, view: WindowView, bar: AnyBar, step: int) -> None:
        active = view.tab
        if active is not None:
            first = min(max(bar.scroll + step, 0), bar.scroll_end)
            view.bar_scroll = (active.id, first)
            self._services.request_frame()

    # Buttons and links.

    def _button(self, view: WindowView, item: BarItem) -> None:
        bar = self._bar.line(view)
        if item.kind in {"scroll_back", "scroll_forward"} and bar is not None:
            page = max(sum(1 for each in bar.items if each.kind == "tab") - 1, 1)
            self._scroll(view, bar, -page if item.kind == "scroll_back" else page)
        elif item.kind == "window_close":
            self._services.closing.close_window(view)
        elif item.kind == "window_hide":
            self._actions.perform(view, KeyAssignment("Hide"))
        elif item.kind == "window_maximize":
            self._toggle_maximized(view)

    def _title_bar(self, view: WindowView, event: MouseEvent) -> None:
        """Where the bar is empty, it is the title bar of a native window."""
        if event.button is not MouseButton.LEFT:
            return
        if event.clicks == 2:
            self._toggle_maximized(view)
        else:
            self._services.front_end.control_window(view.window_id, "start_drag")

    def _toggle_maximized(self, view: WindowView) -> None:
        front_end = self._services.front_end
        is_maximized = front_end.native_window(view.window_id).is_maximized
        front_end.control_window(view.window_id, "restore" if is_maximized else "maximize")

    def _link(self, view: WindowView, button: MouseButton, link: BarLink) -> None:
        name = _BUTTON_NAMES.get(button)
        event = event_of_link(link.uri)
        if event and name is not None:
            pane_id = None if view.pane is None else view.pane.id
            self._services.events.emit(event, view.window_id, pane_id, name)
        elif not event and button is MouseButton.LEFT:
            self._services.open_uri(link.uri)

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


def _place_at(bar: BarLine | BarColumn, index: int, col: int, row: int) -> int | None:
    """Where a dragged tab belongs when the pointer is at this cell of the bar; None: where it is.

    In a row it changes places with a wider tab only when the pointer is where it will be then: else the two
    would change back at the next move.
    """
    tabs: dict[int, tuple[int, int, int]] = {}
    for item in bar.items:
        if item.tab_index is not None:
            x, width, y = tabs.get(item.tab_index, (item.x, 0, item.y))
            tabs[item.tab_index] = x, width + item.width, y
    if isinstance(bar, BarColumn):
        return next((number for number, (_, _, y) in tabs.items() if y == row), None)
    own_width = tabs[index][1] if index in tabs else 0
    for number, (x, width, _) in tabs.items():
        if not x <= col < x + width:
            continue
        if number > index:
            return number if col >= x + width - own_width else None
        return number if col < x + max(own_width, 1) else None
    return None
