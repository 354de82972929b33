"""The state of one mux window as this program shows it, and the windows there are.

Holds state and answers questions about it; carries out nothing. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from perilune.app.bar_options import is_at_bottom, is_fancy
from perilune.app.keys.key_tables import KeyTableStack, LeaderState
from perilune.app.overlays.overlay import Overlay
from perilune.app.pane_view import PaneView
from perilune.base.geometry import Rect, Size
from perilune.base.loop import EventLoop
from perilune.tabbar.bar_line import PointedPart
from perilune.tabbar.options import BarPosition
from perilune.tabbar.tooltip import Tooltip

if TYPE_CHECKING:
    from perilune.config.mouse import MouseTrigger
    from perilune.config.options import Config
    from perilune.mux.pane import Pane
    from perilune.mux.tab import PositionedPane, Tab
    from perilune.mux.tree import SplitLine
    from perilune.mux.window import Window

__all__ = ["BarGeometry", "WindowView", "WindowViews"]


class BarGeometry(NamedTuple):
    """Where the tab bar is: the side of the window, and its cells."""

    position: BarPosition
    rect: Rect


class WindowView:
    """What is known of a window beside what the mux knows.

    Attributes:
        window: the mux window.
        config: the configuration in force in it: the global one with `overrides` laid over.
        overrides: what `set_config_overrides` set, None when nothing was.
        size: the drawable size, in cells, the tab bar's included.
        is_open: a native window was opened for it; never where the front end has a single screen.
        is_hidden: that one is hidden, because another workspace is active.
        composing: what an input method is composing.
        pointer: the shape of the pointer over the native window.
        left_status: text with SGR sequences; `right_status` likewise.
        overlay: lies above the whole window (error panel, lists), panes' overlays aside.
        hover_col: column of the tab bar that the pointer is on, None while it is elsewhere.
        hover_row: likewise the row.
        bar_scroll: the tab that was active when the user scrolled the bar, and the first one to be shown;
            None while the bar follows the active tab.
        bar_hover: the part of a fancy bar that the pointer is on.
        draws_fancy: the front end draws bars in pixels.
        tooltip: what is shown beside the bar.
        is_focused: whether keys reach the window.
        key_tables: activated key tables.
        leader: the leader.
        held_modifiers: as of the last key event, "NONE" or names joined by bars.
        current_event: what the mouse did last in a pane.
        layout_mark: counts changes of what is where; the composer draws all anew when it differs.
        bar_mark: counts changes of what the tab bar may show.
    """

    def __init__(
        self, window: Window, config: Config, loop: EventLoop, on_keys_changed: Callable[[], None]
    ) -> None:
        self.window = window
        self.config = config
        self.overrides: Mapping[str, object] | None = None
        self.size = Size(80, 24)
        self.is_open = False
        self.is_hidden = False
        self.composing: str | None = None
        self.pointer = "text"
        self.left_status = ""
        self.right_status = ""
        self.overlay: Overlay | None = None
        self.hover_col: int | None = None
        self.hover_row: int | None = None
        self.bar_scroll: tuple[int, int] | None = None
        self.bar_hover: PointedPart | None = None
        self.draws_fancy = False
        self.tooltip: Tooltip | None = None
        self.is_focused = True
        self.key_tables = KeyTableStack(loop, on_keys_changed)
        self.leader = LeaderState(loop, on_keys_changed)
        self.held_modifiers = "NONE"
        self.current_event: MouseTrigger | None = None
        self.layout_mark = 0
        self.bar_mark = 0
        self._pane_views: dict[int, PaneView] = {}
        self._placed: tuple[tuple[PositionedPane, ...], tuple[SplitLine, ...]] | None = None
        self._placed_mark = -1

    @property
    def window_id(self) -> int:
        """The mux window's id."""
        return self.window.id

    @property
    def tab(self) -> Tab | None:
        """The active tab."""
        return self.window.active_tab

    @property
    def pane(self) -> Pane | None:
        """The active pane of the active tab."""
        tab = self.window.active_tab
        return None if tab is None else tab.active_pane

    def view_of(self, pane: Pane) -> PaneView:
        """The view of one of its panes; made at the first call."""
        view = self._pane_views.get(pane.id)
        if view is None:
            view = self._pane_views[pane.id] = PaneView(pane)
        return view

    def existing_view(self, pane_id: int) -> PaneView | None:
        """The view of a pane, if there is one."""
        return self._pane_views.get(pane_id)

    def forget_pane(self, pane_id: int) -> None:
        """The pane is gone; its overlay goes with it."""
        view = self._pane_views.pop(pane_id, None)
        if view is not None and view.overlay is not None:
            overlay, view.overlay = view.overlay, None
            overlay.on_removed()

    def adopt_view(self, pane_id: int, other: WindowView) -> None:
        """A pane moved here from another window, with all that is known of it."""
        view = other._pane_views.pop(pane_id, None)
        if view is not None:
            self._pane_views[pane_id] = view

    def placed(self) -> tuple[tuple[PositionedPane, ...], tuple[SplitLine, ...]]:
        """Panes and split lines of the active tab, asked of the mux once per `layout_mark`."""
        if self._placed is None or self._placed_mark != self.layout_mark:
            tab = self.window.active_tab
            self._placed = ((), ()) if tab is None else (tuple(tab.positioned_panes()), tuple(tab.splits()))
            self._placed_mark = self.layout_mark
        return self._placed

    def invalidate_layout(self) -> None:
        """Something is elsewhere now."""
        self.tooltip = None
        self.layout_mark += 1
        self.bar_mark += 1

    @property
    def bar_is_visible(self) -> bool:
        """Whether the configuration shows the tab bar for the tabs there are."""
        config = self.config
        if not config.enable_tab_bar:
            return False
        return len(self.window.tabs) > 1 or not config.hide_tab_bar_if_only_one_tab

    @property
    def has_fancy_bar(self) -> bool:
        """Whether the bar to be seen is one in pixels, which takes no cells."""
        return self.draws_fancy and self.bar_is_visible and is_fancy(self.config)

    def bar_geometry(self, size: Size) -> BarGeometry | None:
        """Where the cells of the tab bar are in a frame of `size`; panes keep a row and half the columns."""
        if not self.bar_is_visible or self.has_fancy_bar:
            return None
        position = self.config.tab_bar_position
        if position in {"Left", "Right"}:
            width = min(self.config.tab_bar_width, size.cols // 2)
            if width < 1:
                return None
            left = 0 if position == "Left" else size.cols - width
            return BarGeometry(cast("BarPosition", position), Rect(left, 0, width, size.rows))
        if size.rows < 2:
            return None
        below = is_at_bottom(self.config)
        top = size.rows - 1 if below else 0
        return BarGeometry("Bottom" if below else "Top", Rect(0, top, size.cols, 1))

    def bar_row(self, size: Size) -> int:
        """The row of the tab bar in a frame of `size`, -1 without one or where it is at a side."""
        bar = self.bar_geometry(size)
        return -1 if bar is None or bar.position in {"Left", "Right"} else bar.rect.top

    def pane_area(self, size: Size) -> Rect:
        """Where panes are in a frame of `size`."""
        bar = self.bar_geometry(size)
        if bar is None:
            return Rect(0, 0, size.cols, size.rows)
        if bar.position in {"Left", "Right"}:
            width = bar.rect.width
            return Rect(width if bar.position == "Left" else 0, 0, size.cols - width, size.rows)
        return Rect(0, 1 if bar.position == "Top" else 0, size.cols, size.rows - 1)

    def pane_size(self, size: Size) -> Size:
        """The size that the mux gives the window's tabs."""
        area = self.pane_area(size)
        pixel_width = size.pixel_width * area.width // size.cols if size.cols else 0
        pixel_height = size.pixel_height * area.height // size.rows if size.rows else 0
        return Size(area.width, area.height, pixel_width, pixel_height, size.dpi)


class WindowViews:
    """All windows, and the one that is shown or has the focus.

    Args:
        several: several can be seen at a time, each in a native window.
    """

    def __init__(self, *, several: bool = False) -> None:
        self._views: dict[int, WindowView] = {}
        self._several = several
        self.shown: WindowView | None = None
        """The one window of a single screen; among several, the one that has or had the focus."""

    def add(self, view: WindowView) -> None:
        """A window exists; the first is shown."""
        self._views[view.window_id] = view
        if self.shown is None:
            self.shown = view

    def remove(self, window_id: int) -> WindowView | None:
        """A window is gone; another is shown if it was the one."""
        view = self._views.pop(window_id, None)
        if view is not None and self.shown is view:
            same = [other for other in self if other.window.workspace == view.window.workspace]
            self.shown = next(iter([*same, *self]), None)
        return view

    def get(self, window_id: int) -> WindowView | None:
        """The view of a window, None when it is gone."""
        return self._views.get(window_id)

    def is_visible(self, view: WindowView) -> bool:
        """Whether a user can see the window."""
        return view.is_open and not view.is_hidden if self._several else view is self.shown

    def visible(self) -> list[WindowView]:
        """The windows that a user can see."""
        return [view for view in self._views.values() if self.is_visible(view)]

    def of_pane(self, pane_id: int) -> WindowView | None:
        """The window that holds a pane."""
        for view in self._views.values():
            for tab in view.window.tabs:
                if any(pane.id == pane_id for pane in tab.panes()):
                    return view
        return None

    def __iter__(self) -> Iterator[WindowView]:
        return iter(tuple(self._views.values()))

    def __len__(self) -> int:
        return len(self._views)
