"""Titles made the naive way: every call on freshly built plain tables, waited for, nothing remembered.

What tracked titles are compared with: in `verify`, in tests, in benchmarks. The program itself never draws
with it. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from perilune.app.lua_mailbox import LuaMailbox
from perilune.app.title_sources import TitleInputs
from perilune.app.title_window import TAB_TITLE_EVENT
from perilune.base.probes import Probes
from perilune.cells.sgr_text import SgrText
from perilune.lua.values import Title, TitleBatch, TitleRequest

if TYPE_CHECKING:
    from perilune.mux.snapshot import TabInformation

__all__ = ["EveryFrameTitles", "FreshHost", "FreshTitles"]

_LONG = 60.0


class FreshHost(Protocol):
    """The part of `LuaHost` that is needed here."""

    def has_handler(self, event: str) -> bool:
        """Whether the config registered a handler."""
        ...

    def format_titles(self, batch: TitleBatch, on_done: Callable[[tuple[Title, ...]], None]) -> None:
        """Evaluate on the Lua thread."""
        ...


class FreshTitles:
    """Evaluates, and waits.

    Args:
        host: evaluates.
        mailbox: where its answers arrive.
        probes: counts under the names given.
        prefix: of the counters' names.
    """

    def __init__(self, host: FreshHost, mailbox: LuaMailbox, probes: Probes, prefix: str = "") -> None:
        self._host = host
        self._mailbox = mailbox
        self._probes = probes
        self._batches = f"{prefix}title_batches"
        self._titles = f"{prefix}titles_evaluated"
        self._lua_ns = f"{prefix}title_lua_ns"

    @property
    def asks_lua(self) -> bool:
        """Whether the config makes titles of tabs."""
        return self._host.has_handler(TAB_TITLE_EVENT)

    def ask(self, window_id: int, given: TitleInputs, requests: Sequence[TitleRequest]) -> tuple[Title, ...]:
        """The titles, in one crossing; as long as it takes.

        Not in the running program: a callback may ask the thread that waits here.
        """
        answers: list[tuple[Title, ...]] = []
        self.ask_later(window_id, given, requests, answers.append)
        while not self._mailbox.wait(lambda: bool(answers), _LONG):
            pass
        return answers[0]

    def ask_later(
        self,
        window_id: int,
        given: TitleInputs,
        requests: Sequence[TitleRequest],
        on_done: Callable[[tuple[Title, ...]], None],
    ) -> None:
        """Likewise, without waiting."""
        self._probes.add(self._batches)
        self._probes.add(self._titles, len(requests))
        batch = TitleBatch(
            window_id, given.tabs, given.panes, tuple(requests), given.config_generation, fresh=True
        )

        def answered(titles: tuple[Title, ...]) -> None:
            self._probes.add(self._lua_ns, round(sum(title.microseconds for title in titles) * 1000))
            on_done(titles)

        self._host.format_titles(batch, answered)


class EveryFrameTitles:
    """A title source as WezTerm has it: one call, and one crossing, whenever the layout asks."""

    def __init__(self, fresh: FreshTitles, window_id: int, given: TitleInputs) -> None:
        self._fresh = fresh
        self._window_id = window_id
        self._given = given
        self._positions = {tab.tab_id: position for position, tab in enumerate(given.tabs)}

    def title(self, tab: TabInformation, hover: bool, max_width: int) -> SgrText | None:
        """The title; None for the built-in one."""
        if not self._fresh.asks_lua:
            return None
        request = TitleRequest(self._positions[tab.tab_id], hover, max_width)
        (title,) = self._fresh.ask(self._window_id, self._given, [request])
        return None if title.text is None else SgrText(title.text)
