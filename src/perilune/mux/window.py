"""A window: tabs in a row, one of them shown. Mux thread only; the native window is the front end's."""

from __future__ import annotations

from collections.abc import Callable

from perilune.base.geometry import Size
from perilune.base.ids import TabId, WindowId
from perilune.mux.notifications import (
    MuxNotification,
    TabActivated,
    TabAdded,
    TabRemoved,
    WindowInvalidated,
    WindowTitleChanged,
    WorkspaceChanged,
)
from perilune.mux.tab import Tab

__all__ = ["Window"]


class Window:
    """A window of the mux.

    Attributes:
        id: never reused.
        size: of the area for panes; a new tab gets it.
        tabs: in the order of the bar; read only.
    """

    def __init__(
        self,
        window_id: WindowId,
        workspace: str,
        size: Size,
        notify: Callable[[MuxNotification], None],
        on_active: Callable[[], None],
    ) -> None:
        self.id = window_id
        self.size = size
        self.tabs: list[Tab] = []
        self._workspace = workspace
        self._title = ""
        self._history: list[TabId] = []  # the most recently active last; the active tab is the last
        self._notify = notify
        self._on_active = on_active

    @property
    def title(self) -> str:
        """The title that the user gave; "" for none."""
        return self._title

    @title.setter
    def title(self, title: str) -> None:
        if title != self._title:
            self._title = title
            self._notify(WindowTitleChanged(self.id))

    @property
    def workspace(self) -> str:
        """The workspace that the window belongs to."""
        return self._workspace

    @workspace.setter
    def workspace(self, name: str) -> None:
        if name != self._workspace:
            self._workspace = name
            self._notify(WorkspaceChanged(self.id))

    @property
    def active_tab(self) -> Tab | None:
        """The tab that is shown."""
        return self._by_id(self._history[-1]) if self._history else None

    @property
    def active_index(self) -> int:
        """The shown tab's index, -1 without tabs."""
        tab = self.active_tab
        return -1 if tab is None else self.tabs.index(tab)

    @property
    def last_active_tab(self) -> Tab | None:
        """The tab that was shown before (`ActivateLastTab`)."""
        return self._by_id(self._history[-2]) if len(self._history) > 1 else None

    def _by_id(self, tab_id: TabId) -> Tab:
        return next(tab for tab in self.tabs if tab.id == tab_id)

    def add(self, tab: Tab, index: int | None = None, *, activate: bool = True) -> None:
        """Put a tab in: at the end, or before the one at `index`. The first tab is always shown."""
        self.tabs.insert(len(self.tabs) if index is None else index, tab)
        show = activate or not self._history
        # A tab that was never shown is the oldest of all.
        self._history.insert(len(self._history) if show else 0, tab.id)
        self._notify(TabAdded(tab.id, self.id))
        if show:
            self._on_active()
            self._notify(TabActivated(tab.id, self.id))
        self._notify(WindowInvalidated(self.id))

    def remove(self, tab: Tab, *, to_last_active: bool) -> None:
        """Take a tab out.

        Args:
            tab: of this window.
            to_last_active: True shows the tab shown before this one, on whichever side it is (upstream
                may hit the wrong one there); False the right neighbour, or the new last tab.
        """
        was_active = self.active_tab is tab
        index = self.tabs.index(tab)
        self.tabs.pop(index)
        self._history.remove(tab.id)
        if was_active and self.tabs:
            if not to_last_active:
                self._promote(self.tabs[min(index, len(self.tabs) - 1)])
            shown = self._history[-1]
            self._on_active()
            self._notify(TabActivated(shown, self.id))
        self._notify(TabRemoved(tab.id, self.id))
        self._notify(WindowInvalidated(self.id))

    def activate(self, tab: Tab) -> None:
        """Show a tab."""
        if self.active_tab is tab or tab not in self.tabs:
            return
        self._promote(tab)
        tab.resize(self.size)
        self._on_active()
        self._notify(TabActivated(tab.id, self.id))
        self._notify(WindowInvalidated(self.id))

    def move(self, tab: Tab, index: int) -> None:
        """Move a tab to an index, clipped to what there is."""
        before = self.tabs.index(tab)
        index = min(max(index, 0), len(self.tabs) - 1)
        if index != before:
            self.tabs.insert(index, self.tabs.pop(before))
            self._notify(WindowInvalidated(self.id))

    def _promote(self, tab: Tab) -> None:
        self._history.remove(tab.id)
        self._history.append(tab.id)
