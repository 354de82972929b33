"""Numbers that name things. Given out once, never reused, so that a stale handle cannot hit a newcomer."""

from __future__ import annotations

from itertools import count
from typing import NewType

__all__ = ["IdSource", "PaneId", "TabId", "WindowId"]

WindowId = NewType("WindowId", int)
TabId = NewType("TabId", int)
PaneId = NewType("PaneId", int)


class IdSource:
    """Gives out window, tab and pane ids from 0 up, each kind on its own."""

    def __init__(self) -> None:
        self._windows = count()
        self._tabs = count()
        self._panes = count()

    def next_window(self) -> WindowId:
        """A new window id."""
        return WindowId(next(self._windows))

    def next_tab(self) -> TabId:
        """A new tab id."""
        return TabId(next(self._tabs))

    def next_pane(self) -> PaneId:
        """A new pane id."""
        return PaneId(next(self._panes))
