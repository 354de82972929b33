"""Frozen pictures of tabs and panes: what title callbacks, the bar and memos see. Equal when all fields are.

The fields are WezTerm's (see docs of TabInformation and PaneInformation). Fields that only the system knows
come from a pane's cache and are never asked for here: a snapshot is made on the frame path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perilune.base.ids import PaneId, TabId, WindowId
from perilune.mux.pane import LiveFields
from perilune.mux.tab import PositionedPane, Tab
from perilune.mux.window import Window

__all__ = [
    "LiveFields",
    "PaneInformation",
    "TabInformation",
    "snapshot_pane",
    "snapshot_tab",
    "snapshot_tabs",
]


@dataclass(frozen=True, slots=True)
class PaneInformation:
    """A pane as a title callback sees it.

    Attributes:
        progress: state and percentage: "None", "Percentage", "Error" or "Indeterminate".
        live: foreground process, directory, tty, domain, from the cache; None if left out.
    """

    pane_id: PaneId
    pane_index: int
    is_active: bool
    is_zoomed: bool
    has_unseen_output: bool
    left: int
    top: int
    width: int
    height: int
    pixel_width: int
    pixel_height: int
    title: str
    user_vars: Mapping[str, str]
    progress: tuple[str, int]
    live: LiveFields | None = None


@dataclass(frozen=True, slots=True)
class TabInformation:
    """A tab as a title callback sees it. `panes` is the zoomed pane alone while one is zoomed."""

    tab_id: TabId
    tab_index: int
    is_active: bool
    active_pane: PaneInformation | None
    panes: tuple[PaneInformation, ...]
    window_id: WindowId
    window_title: str
    tab_title: str


def snapshot_pane(item: PositionedPane, *, live: bool = False) -> PaneInformation:
    """The picture of one pane; `live` adds the cached live fields."""
    pane = item.pane
    left, top, width, height = item.rect
    return PaneInformation(
        pane_id=pane.id,
        pane_index=item.index,
        is_active=item.is_active,
        is_zoomed=item.is_zoomed,
        has_unseen_output=pane.has_unseen_output,
        left=left,
        top=top,
        width=width,
        height=height,
        pixel_width=pane.size.pixel_width,
        pixel_height=pane.size.pixel_height,
        title=pane.title,
        user_vars=pane.user_vars,
        progress=(pane.progress.state, pane.progress.percent),
        live=pane.cached_live_fields if live else None,
    )


def snapshot_tab(
    tab: Tab, window: Window, index: int, *, is_active: bool, live: bool = False
) -> TabInformation:
    """The picture of one tab."""
    panes = tuple(snapshot_pane(item, live=live) for item in tab.positioned_panes())
    return TabInformation(
        tab_id=tab.id,
        tab_index=index,
        is_active=is_active,
        active_pane=next((pane for pane in panes if pane.is_active), None),
        panes=panes,
        window_id=window.id,
        window_title=window.title,
        tab_title=tab.title,
    )


def snapshot_tabs(window: Window, *, live: bool = False) -> tuple[TabInformation, ...]:
    """All tabs of a window, in order."""
    active = window.active_tab
    return tuple(
        snapshot_tab(tab, window, index, is_active=tab is active, live=live)
        for index, tab in enumerate(window.tabs)
    )
