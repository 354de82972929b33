"""Titles of tabs and windows as the config's callbacks make them, kept until what they were given changes.

Evaluated on the Lua thread, all stale ones in one batch; a frame waits for at most `title_wait_ms` and goes
on with the last values, and a late answer asks for another frame. Without a handler Lua is never asked.

What a callback was given is compared whole (the snapshots, the configuration's generation, and an epoch that
other handlers raise); the memo engine narrows that down to what it read. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from perilune.app.lua_mailbox import LuaMailbox
from perilune.base.probes import Probes
from perilune.cells.sgr_text import SgrText
from perilune.lua.values import Title, TitleBatch, TitleRequest

if TYPE_CHECKING:
    from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = ["TAB_TITLE_EVENT", "WINDOW_TITLE_EVENT", "TitleHost", "TitleService", "WindowTitles"]

TAB_TITLE_EVENT = "format-tab-title"
WINDOW_TITLE_EVENT = "format-window-title"
_Key = tuple[int, bool, int]
_MAX_KEPT = 64  # per tab; a mouse over the bar while it is resized makes that many (hover, width) at most


class TitleHost(Protocol):
    """The part of `LuaHost` that titles need."""

    def has_handler(self, event: str) -> bool:
        """Whether the config registered a handler."""
        ...

    def format_titles(self, batch: TitleBatch, on_done: Callable[[tuple[Title, ...]], None]) -> None:
        """Evaluate on the Lua thread."""
        ...

    def format_window_title(self, batch: TitleBatch, on_done: Callable[[Title], None]) -> None:
        """Evaluate on the Lua thread."""
        ...


@dataclass(slots=True)
class _Kept:
    """A title and the generation of inputs that it was made from."""

    generation: int
    text: SgrText | None


@dataclass(slots=True)
class WindowTitles:
    """The titles of one window; what `TitleSource` the bar's layout asks.

    `generation` counts changes of anything that a callback is given beside hover and width.
    """

    window_id: int
    generation: int = 0
    inputs: object = None
    tabs: tuple[TabInformation, ...] = ()
    panes: tuple[PaneInformation, ...] = ()
    kept: dict[int, dict[tuple[bool, int], _Kept]] = field(default_factory=dict)
    last: dict[int, SgrText | None] = field(default_factory=dict)
    wanted: dict[_Key, int] = field(default_factory=dict)
    in_flight: bool = False
    late: bool = False
    unsent: bool = False
    asks_lua: bool = False
    window_title: str | None = None
    window_title_generation: int = -1
    window_title_in_flight: bool = False

    def title(self, tab: TabInformation, hover: bool, max_width: int) -> SgrText | None:
        """The title to draw now; what is stale is noted in `wanted`."""
        if not self.asks_lua:
            return None
        found = self.kept.setdefault(tab.tab_id, {}).get((hover, max_width))
        if found is not None and found.generation == self.generation:
            self.last[tab.tab_id] = found.text
            return found.text
        self.wanted[tab.tab_id, hover, max_width] = tab.tab_index
        if found is not None:
            return found.text
        return self.last.get(tab.tab_id)

    def store(self, generation: int, keys: Sequence[_Key], titles: Sequence[Title]) -> bool:
        """Keep answers; whether one differs from what was drawn in its place."""
        changed = False
        for (tab_id, hover, max_width), title in zip(keys, titles, strict=True):
            tab = self.kept.setdefault(tab_id, {})
            before = tab.pop((hover, max_width), None)
            text = None if title.text is None else SgrText(title.text)
            if before is not None and before.text == text:
                text = before.text  # its cells are parsed already
            else:
                changed = True
            tab[hover, max_width] = _Kept(generation, text)
            while len(tab) > _MAX_KEPT:
                del tab[next(iter(tab))]
        return changed


class TitleService:
    """Titles of all windows.

    Args:
        host: evaluates them.
        mailbox: where the host's answers arrive.
        probes: counts batches and titles evaluated.
        on_late: called with a window's id when an answer came after its frame.
    """

    def __init__(
        self, host: TitleHost, mailbox: LuaMailbox, probes: Probes, on_late: Callable[[int], None]
    ) -> None:
        self._host = host
        self._mailbox = mailbox
        self._probes = probes
        self._on_late = on_late
        self._windows: dict[int, WindowTitles] = {}
        self.epoch = 0
        """Raised when other Lua code ran, which may have changed what titles are made from."""
        self.wait_seconds = 0.002

    def forget_window(self, window_id: int) -> None:
        """The window is gone."""
        self._windows.pop(window_id, None)

    def lua_ran(self) -> None:
        """An event handler ran."""
        self.epoch += 1

    @property
    def asks_lua(self) -> bool:
        """Whether the config makes titles of tabs."""
        return self._host.has_handler(TAB_TITLE_EVENT)

    def begin(
        self,
        window_id: int,
        tabs: tuple[TabInformation, ...],
        panes: tuple[PaneInformation, ...],
        config_generation: object,
    ) -> WindowTitles:
        """The titles of a window for what it shows now."""
        titles = self._windows.get(window_id)
        if titles is None:
            titles = self._windows[window_id] = WindowTitles(window_id)
        asks = self.asks_lua
        inputs = (tabs, panes, config_generation, self.epoch, asks)
        if inputs != titles.inputs:
            titles.inputs = inputs
            titles.generation += 1
            titles.tabs, titles.panes = tabs, panes
            titles.asks_lua = asks
            here = {tab.tab_id for tab in tabs}
            for gone in [tab_id for tab_id in titles.kept if tab_id not in here]:
                del titles.kept[gone]
                titles.last.pop(gone, None)
        titles.wanted.clear()
        return titles

    def evaluate(self, titles: WindowTitles, seconds: float) -> bool:
        """Send what is wanted to Lua and wait for it a moment; True when something new is to be drawn.

        One batch a window is under way at a time: while Lua is busy, nothing piles up.
        """
        if not titles.wanted:
            return False
        if titles.in_flight:
            titles.unsent = True
            return False
        keys = tuple(titles.wanted)
        requests = tuple(TitleRequest(index, key[1], key[2]) for key, index in titles.wanted.items())
        generation = titles.generation
        titles.wanted.clear()
        titles.in_flight = True
        titles.late = False
        changed = False

        def answered(answers: tuple[Title, ...]) -> None:
            nonlocal changed
            titles.in_flight = False
            changed = titles.store(generation, keys, answers)
            asked_again = titles.unsent or generation != titles.generation
            titles.unsent = False
            if titles.late and (changed or asked_again):
                self._on_late(titles.window_id)

        self._probes.add("title_batches")
        self._probes.add("titles_evaluated", len(requests))
        self._host.format_titles(TitleBatch(titles.window_id, titles.tabs, titles.panes, requests), answered)
        self._mailbox.wait(lambda: not titles.in_flight, seconds)
        titles.late = titles.in_flight
        return changed

    def window_title(self, titles: WindowTitles, default: str) -> str:
        """The native window's title; asked of Lua where it has a handler, which a frame never waits for."""
        if not self._host.has_handler(WINDOW_TITLE_EVENT):
            return default
        if titles.window_title_generation != titles.generation and not titles.window_title_in_flight:
            generation = titles.generation
            titles.window_title_in_flight = True

            def answered(answer: Title) -> None:
                titles.window_title_in_flight = False
                titles.window_title_generation = generation
                if answer.text != titles.window_title or generation != titles.generation:
                    titles.window_title = answer.text
                    self._on_late(titles.window_id)

            self._probes.add("window_titles_evaluated")
            batch = TitleBatch(titles.window_id, titles.tabs, titles.panes, ())
            self._host.format_window_title(batch, answered)
        return default if titles.window_title is None else titles.window_title
