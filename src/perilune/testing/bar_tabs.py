"""Tabs that exist only as fields: what a `TabBarHarness` shows. Pure bookkeeping; no program runs in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from perilune.base.ids import PaneId, TabId, WindowId
from perilune.mux.pane import LiveFields
from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = ["BarTabs", "SyntheticPane", "SyntheticTab"]

PANE_FIELDS = frozenset({
    "pane_id", "pane_index", "is_zoomed", "has_unseen_output", "left", "top", "width", "height",
    "pixel_width", "pixel_height", "title", "user_vars", "progress", "foreground_process_name",
    "current_working_dir", "tty_name", "domain_name",
})  # fmt: skip
TAB_FIELDS = frozenset({"tab_id", "tab_index", "window_id", "window_title", "tab_title"})
_ACTIVE = ("active", "is_active")
_ROWS = 24


def _url(directory: object) -> str | None:
    """A directory as the URL that a pane tells: URLs stay, paths become file URLs."""
    if directory is None or directory == "":
        return None
    text = str(directory)
    return text if urlsplit(text).scheme else f"file://{quote(text)}"


def _progress(progress: object) -> tuple[str, int]:
    """Progress in any of its forms: "None", "Indeterminate", {"Percentage": 5}, ("Error", 5)."""
    if progress is None:
        return ("None", 0)
    if isinstance(progress, str):
        return (progress, 0)
    if isinstance(progress, Mapping) and len(progress) == 1:
        ((state, percent),) = progress.items()
        return (str(state), int(percent))
    if isinstance(progress, Sequence) and len(progress) == 2:
        return (str(progress[0]), int(progress[1]))
    raise ValueError(f"progress is 'None', 'Indeterminate' or {{'Percentage': 5}}, not {progress!r}")


class SyntheticPane:
    """A pane: the fields that were set; the others have defaults."""

    def __init__(self, pane_id: int, fields: Mapping[str, Any]) -> None:
        self.fields: dict[str, Any] = {"pane_id": pane_id}
        self.set(fields)

    def set(self, fields: Mapping[str, Any]) -> None:
        """Set fields."""
        for name in fields:
            if name not in PANE_FIELDS:
                raise TypeError(f"a pane has no field {name!r}; it has {', '.join(sorted(PANE_FIELDS))}")
        self.fields.update(fields)

    @property
    def pane_id(self) -> int:
        """Its id."""
        return int(self.fields["pane_id"])

    def information(self, index: int, cols: int, *, is_active: bool) -> PaneInformation:
        """As title callbacks see it."""
        get = self.fields.get
        return PaneInformation(
            pane_id=PaneId(self.pane_id),
            pane_index=get("pane_index", index),
            is_active=is_active,
            is_zoomed=bool(get("is_zoomed", False)),
            has_unseen_output=bool(get("has_unseen_output", False)),
            left=get("left", 0),
            top=get("top", 0),
            width=get("width", cols),
            height=get("height", _ROWS),
            pixel_width=get("pixel_width", 0),
            pixel_height=get("pixel_height", 0),
            title=str(get("title", "")),
            user_vars=dict(get("user_vars") or {}),
            progress=_progress(get("progress")),
            live=LiveFields(
                foreground_process_name=get("foreground_process_name") or "",
                current_working_dir=_url(get("current_working_dir")),
                tty_name=get("tty_name"),
                domain_name=get("domain_name", "local") or "",
            ),
        )


class SyntheticTab:
    """A tab: the fields that were set, and its panes."""

    def __init__(self, tab_id: int) -> None:
        self.fields: dict[str, Any] = {"tab_id": tab_id}
        self.panes: list[SyntheticPane] = []
        self.active_pane = 0
        self.made: tuple[object, TabInformation] | None = None

    @property
    def tab_id(self) -> int:
        """Its id."""
        return int(self.fields["tab_id"])

    @property
    def pane(self) -> SyntheticPane | None:
        """Its active pane."""
        return self.panes[self.active_pane] if self.panes else None


class BarTabs:
    """The tabs of one window, one of them active; each change is a new snapshot of the tabs that it touches.

    Args:
        window_id: of the window.
        cols: how wide panes are that say nothing else.

    Attributes:
        mark: counts changes.
    """

    def __init__(self, window_id: int, cols: int) -> None:
        self._window_id = window_id
        self._cols = cols
        self._tabs: list[SyntheticTab] = []
        self._next_tab = 0
        self._next_pane = 0
        self._history: list[int] = []
        self.mark = 0

    # What there is.

    def __len__(self) -> int:
        return len(self._tabs)

    def __getitem__(self, index: int) -> SyntheticTab:
        return self._tabs[index]

    def __iter__(self) -> Iterator[SyntheticTab]:
        return iter(self._tabs)

    @property
    def active(self) -> SyntheticTab | None:
        """The active tab."""
        ids = {tab.tab_id: tab for tab in self._tabs}
        return ids[self._history[-1]] if self._history else None

    def snapshot(self) -> tuple[TabInformation, ...]:
        """As title callbacks see them; the same objects as before where nothing changed."""
        active = self.active
        return tuple(self._information(tab, index, tab is active) for index, tab in enumerate(self._tabs))

    def _information(self, tab: SyntheticTab, index: int, is_active: bool) -> TabInformation:
        key = (index, is_active)
        if tab.made is not None and tab.made[0] == key:
            return tab.made[1]
        panes = tuple(
            pane.information(number, self._cols, is_active=number == tab.active_pane)
            for number, pane in enumerate(tab.panes)
        )
        shown = next((pane for pane in panes if pane.is_active), None)
        if shown is not None and shown.is_zoomed:
            panes = (shown,)
        get = tab.fields.get
        made = TabInformation(
            tab_id=TabId(tab.tab_id),
            tab_index=get("tab_index", index),
            is_active=is_active,
            active_pane=shown,
            panes=panes,
            window_id=WindowId(get("window_id", self._window_id)),
            window_title=str(get("window_title", "")),
            tab_title=str(get("tab_title", "")),
        )
        tab.made = (key, made)
        return made

    # Changes.

    def add(self, fields: Mapping[str, Any], index: int | None = None) -> SyntheticTab:
        """A new tab; active if its fields say so, or if it is the first."""
        tab = SyntheticTab(self._next_tab)
        self._set_fields(tab, {"title": "", **fields} if not fields.get("panes") else fields)
        self._next_tab = max(self._next_tab, tab.tab_id) + 1
        if any(other.tab_id == tab.tab_id for other in self._tabs):
            raise ValueError(f"there is a tab {tab.tab_id} already")
        self._tabs.insert(len(self._tabs) if index is None else index, tab)
        if not self._history or any(fields.get(name) for name in _ACTIVE):
            self._history.append(tab.tab_id)
        self.mark += 1
        return tab

    def set(self, index: int, fields: Mapping[str, Any]) -> None:
        """Set fields of a tab, and of its active pane."""
        tab = self._tabs[index]
        for name in _ACTIVE:
            if name in fields and bool(fields[name]) != (tab is self.active):
                if not fields[name]:
                    raise ValueError("one tab is always active: activate another instead")
                self.activate(index)
        self._set_fields(tab, fields)
        tab.made = None
        self.mark += 1

    def _set_fields(self, tab: SyntheticTab, fields: Mapping[str, Any]) -> None:
        old_id = tab.tab_id
        panes = fields.get("panes")
        if panes is not None:
            self._set_panes(tab, panes)
        elif not tab.panes:
            tab.panes = [self._pane({})]
        for name, value in fields.items():
            if name in TAB_FIELDS:
                tab.fields[name] = value
            elif name in PANE_FIELDS:
                pane = tab.pane
                if pane is None:
                    if name == "title" and value == "":
                        continue
                    raise ValueError(f"{name!r} is a pane's, and the tab has none")
                pane.set({name: value})
            elif name not in {"panes", *_ACTIVE}:
                known = ", ".join(sorted({*TAB_FIELDS, *PANE_FIELDS, "active", "panes"}))
                raise TypeError(f"a tab has no field {name!r}; it has {known}")
        if tab.tab_id != old_id:
            self._history = [tab.tab_id if item == old_id else item for item in self._history]

    def _set_panes(self, tab: SyntheticTab, panes: Sequence[Mapping[str, Any]]) -> None:
        old = tab.panes
        tab.panes = []
        tab.active_pane = 0
        for number, fields in enumerate(panes):
            given = {name: value for name, value in fields.items() if name not in _ACTIVE}
            if "pane_id" not in given and number < len(old):
                given["pane_id"] = old[number].pane_id
            tab.panes.append(self._pane(given))
            if any(fields.get(name) for name in _ACTIVE):
                tab.active_pane = number

    def _pane(self, fields: Mapping[str, Any]) -> SyntheticPane:
        pane = SyntheticPane(self._next_pane, fields)
        self._next_pane = max(self._next_pane, pane.pane_id) + 1
        return pane

    def activate(self, index: int) -> None:
        """Make a tab the active one."""
        tab_id = self._tabs[index].tab_id
        if tab_id in self._history:
            self._history.remove(tab_id)
        self._history.append(tab_id)
        self.mark += 1

    def move(self, index: int, to: int) -> None:
        """Move a tab to another place."""
        tab = self._tabs.pop(index)
        self._tabs.insert(to, tab)
        self.mark += 1

    def close(self, index: int, *, to_last_active: bool = False) -> None:
        """Close a tab. The active one's place goes to its right neighbour, or to the tab active before."""
        tab = self._tabs[index]
        was_active = tab is self.active
        del self._tabs[index]
        if tab.tab_id in self._history:
            self._history.remove(tab.tab_id)
        if was_active and self._tabs and not (to_last_active and self._history):
            self.activate(min(index, len(self._tabs) - 1))
        self.mark += 1
