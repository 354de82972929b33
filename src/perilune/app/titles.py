"""When Lua is asked for titles: all that is stale in one batch, and never longer than a frame may wait.

A frame looks titles up (`title_window`). What is stale is evaluated on the Lua thread; the frame waits at
most `title_wait_ms` and goes on with the last values, and a late answer asks for another frame. Nobody looks,
nobody evaluates: a hidden bar costs nothing. Without a handler Lua is never asked. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from perilune.app.ledger import LedgerRow
from perilune.app.lua_mailbox import LuaMailbox
from perilune.app.title_sources import TitleInputs
from perilune.app.title_timers import Alarm
from perilune.app.title_window import TAB_TITLE_EVENT, WINDOW_TITLE_EVENT, WindowTitles
from perilune.base.loop import EventLoop
from perilune.base.probes import Probes
from perilune.lua.values import Title, TitleBatch, TitleRequest, TitleTraits

if TYPE_CHECKING:
    from perilune.lua.values import ReadPath
    from perilune.memo import Request
    from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = ["TAB_TITLE_EVENT", "WINDOW_TITLE_EVENT", "TitleHost", "TitleService", "WindowTitles"]

_LONG = 60.0
_SLACK = 0.001  # the wall clock and the loop's differ by less


class TitleHost(Protocol):
    """The part of `LuaHost` that titles need."""

    @property
    def epoch(self) -> int:
        """Grows when Lua code ran that may have written state which title callbacks can see."""
        ...

    def has_handler(self, event: str) -> bool:
        """Whether the config registered a handler."""
        ...

    def title_traits(self, event: str) -> TitleTraits:
        """What the callback may do, by its bytecode."""
        ...

    def host_value(self, path: ReadPath) -> object:
        """What a path that begins with "host" or "clock" reads now; KeyError if nobody can tell."""
        ...

    def format_titles(self, batch: TitleBatch, on_done: Callable[[tuple[Title, ...]], None]) -> None:
        """Evaluate on the Lua thread."""
        ...

    def format_window_title(self, batch: TitleBatch, on_done: Callable[[Title], None]) -> None:
        """Evaluate on the Lua thread."""
        ...


class TitleService:
    """Titles of all windows.

    Args:
        host: evaluates them.
        mailbox: where the host's answers arrive.
        loop: timers.
        probes: counts batches and titles evaluated.
        on_late: called with a window's id when its bar may look different and nobody else announces it.
        on_live_read: called when a callback has read of another pane what must be polled.

    Attributes:
        wait_seconds: how long a frame waits for Lua; None: until it has answered.
        version: grows when titles may differ for a reason that no snapshot shows.
        on_due: called with a window's id when time made titles stale: has those that are to be seen made
            beside the frames, so that none waits for them. False if it cannot.
    """

    def __init__(
        self,
        host: TitleHost,
        mailbox: LuaMailbox,
        loop: EventLoop,
        probes: Probes,
        on_late: Callable[[int], None],
        on_live_read: Callable[[], None] | None = None,
    ) -> None:
        self._host = host
        self._mailbox = mailbox
        self._loop = loop
        self._probes = probes
        self._on_late = on_late
        self._on_live_read = on_live_read
        self._windows: dict[int, WindowTitles] = {}
        self._polled: frozenset[int] = frozenset()
        self._config_generations = 0
        self._tick = 0
        self._host_mark = 0
        self._lookups: dict[str, list[int]] | None = None
        self._tick_alarm = Alarm(loop, self._ticked)
        self._clock_alarm = Alarm(loop, self.check_clock)
        self._retry_alarm = Alarm(loop, self._retry)
        self.version = 0
        self.wait_seconds: float | None = 0.002
        self.on_due: Callable[[int], bool] | None = None

    # What happens elsewhere.

    def forget_window(self, window_id: int) -> None:
        """The window is gone."""
        self._windows.pop(window_id, None)

    @property
    def memo_counts(self) -> tuple[int, int]:
        """Look-ups of titles that were answered without a run, and those that took one, of all windows."""
        engines = [titles.engine for titles in self._windows.values()]
        return sum(engine.hits for engine in engines), sum(engine.misses for engine in engines)

    def lua_ran(self) -> None:
        """Other Lua code ran, or the mux changed: what host functions answer may be different."""
        self._host_mark += 1
        self.version += 1

    def reloaded(self) -> None:
        """Another Lua state answers from now on: nothing that the old one said holds."""
        self.lua_ran()
        for titles in self._windows.values():
            titles.discard()
        self._polled = frozenset()

    def _ticked(self) -> None:
        self._tick += 1
        self._tell_windows(tuple(self._windows))

    def check_clock(self) -> None:
        """See what the clock says to those who read it. By itself this happens when it may have changed."""
        now = self._loop.clock.time()
        self._tell_windows([key for key, titles in self._windows.items() if titles.check_clock(now)])

    def _retry(self) -> None:
        now = self._loop.clock.time()
        self._tell_windows([key for key, titles in self._windows.items() if titles.check_retries(now)])

    def _tell_windows(self, window_ids: Sequence[int]) -> None:
        if window_ids:
            self.version += 1
        for window_id in window_ids:
            if self.on_due is None or not self.on_due(window_id):
                self._on_late(window_id)

    # What others ask.

    @property
    def epoch(self) -> int:
        """The host's."""
        return self._host.epoch

    @property
    def asks_lua(self) -> bool:
        """Whether the config makes titles of tabs."""
        return self._host.has_handler(TAB_TITLE_EVENT)

    @property
    def polled_panes(self) -> frozenset[int]:
        """The panes of which some callback reads fields that nobody announces changes of."""
        return self._polled

    @property
    def reads_host(self) -> bool:
        """Whether some callback asked the host for anything but the time."""
        return any(titles.sources.paths("host") for titles in self._windows.values())

    def traits(self, event: str) -> TitleTraits | None:
        """What a callback may do; None if the config has none."""
        return self._host.title_traits(event) if self._host.has_handler(event) else None

    def windows(self) -> Sequence[WindowTitles]:
        """All windows that were ever drawn."""
        return tuple(self._windows.values())

    def ledger(self, limit: int | None = None) -> list[LedgerRow]:
        """The last runs of all windows, oldest first in each."""
        rows = [row for titles in self._windows.values() for row in titles.rows()]
        return rows if limit is None else rows[-limit:] if limit > 0 else []

    # Being measured.

    @property
    def run_count(self) -> int:
        """How many runs the ledgers of all windows have seen."""
        return sum(titles.engine.ledger.total for titles in self._windows.values())

    def rows_after(self, seen: dict[int, int]) -> list[LedgerRow]:
        """The runs since the last call with the same `seen`: for each window the last run's number."""
        rows: list[LedgerRow] = []
        for window_id, titles in self._windows.items():
            total = titles.engine.ledger.total
            if total != seen.get(window_id, 0):
                rows += titles.rows(seen.get(window_id, 0))
                seen[window_id] = total
        return rows

    def count_lookups(self, *, on: bool) -> None:
        """Count the look-ups of each callback from now on, or no longer."""
        self._lookups = {} if on else None
        for titles in self._windows.values():
            titles.engine.lookups = self._lookups

    def take_lookups(self) -> dict[str, tuple[int, int]]:
        """For each callback the look-ups that were answered, and that were not, since the last call."""
        if not self._lookups:
            return {}
        taken = {name: (hits, misses) for name, (hits, misses) in self._lookups.items()}
        self._lookups.clear()
        return taken

    # A frame.

    def begin(
        self,
        window_id: int,
        tabs: tuple[TabInformation, ...],
        panes: tuple[PaneInformation, ...],
        config: object,
    ) -> WindowTitles:
        """The titles of a window for what it shows now."""
        titles = self._windows.get(window_id)
        if titles is None:
            titles = self._windows[window_id] = WindowTitles(window_id, self._host.host_value)
            titles.engine.lookups = self._lookups
            titles.set_tick(self._tick)
        titles.asks_lua = self.asks_lua
        titles.traits = self._host.title_traits(TAB_TITLE_EVENT)
        if titles.config is not config:
            self._config_generations += 1
            titles.config = config
            titles.config_generation = self._config_generations
        had = titles.inputs
        titles.update(TitleInputs(tabs, panes, titles.config_generation, self._host.epoch))
        if titles.host_mark != self._host_mark or had.tabs is not tabs:
            titles.host_mark = self._host_mark
            titles.sources.refresh_host(("host",))
        titles.set_tick(self._tick)
        titles.needs_tick = False
        if titles.next_clock_change() is not None:
            titles.check_clock(self._loop.clock.time())
        return titles

    def finish(self, titles: WindowTitles, tick_seconds: float) -> None:
        """All titles of the frame were looked up."""
        titles.engine.end_pass()
        if titles.needs_tick and tick_seconds > 0:
            self._tick_alarm.within(tick_seconds)
        clock_change, retry = titles.next_clock_change(), titles.next_retry()
        if clock_change is not None:
            self._clock_alarm.within(clock_change - self._loop.clock.time() + _SLACK)
        if retry is not None:
            self._retry_alarm.within(retry - self._loop.clock.time())

    def evaluate(self, titles: WindowTitles, seconds: float | None) -> None:
        """Send what is stale to Lua and wait for it a moment (None: as long as it takes).

        One batch a window is under way at a time: while Lua is busy, nothing piles up.
        """
        if titles.in_flight:
            titles.unsent = True
            if seconds is None:
                self._wait(titles, None)
            return
        wanted, window = titles.take()
        if window is not None:
            self._ask_window_title(titles, window)
        if not wanted:
            if seconds is None and window is not None:
                self._wait(titles, None)
            return
        given, tick = titles.inputs, self._tick
        titles.in_flight = True
        titles.is_late = False

        def answered(answers: tuple[Title, ...]) -> None:
            titles.in_flight = False
            now = self._loop.clock.time()
            titles.sources.set_epoch(self._host.epoch)
            self._probes.add("title_lua_ns", round(sum(title.microseconds for title in answers) * 1000))
            is_writer = any(title.kind == "stateful" for title in answers)
            differs = titles.sources.note_run(is_window=False, is_writer=is_writer)
            for (request, _), title in zip(wanted, answers, strict=True):
                differs |= titles.commit(request, title, given, tick, now)
            asked_again = titles.unsent or given is not titles.inputs
            titles.unsent = False
            self._check_polled()
            if titles.is_late and (differs or asked_again):
                self._on_late(titles.window_id)

        requests = tuple(request for _, request in wanted)
        self._probes.add("title_batches")
        self._probes.add("titles_evaluated", len(requests))
        self._host.format_titles(_batch(titles, given, requests), answered)
        self._wait(titles, seconds)
        titles.is_late = titles.in_flight

    def _wait(self, titles: WindowTitles, seconds: float | None) -> None:
        if seconds is not None:
            self._mailbox.wait(lambda: not titles.in_flight, seconds)
            return
        while titles.in_flight or titles.window_in_flight:
            self._mailbox.wait(lambda: not (titles.in_flight or titles.window_in_flight), _LONG)

    def _check_polled(self) -> None:
        found: set[int] = set()
        for titles in self._windows.values():
            found |= titles.sources.live_panes()
        more = not found <= self._polled
        self._polled = frozenset(found)
        if more and self._on_live_read is not None:
            self._on_live_read()

    # The window's title.

    def window_title(self, titles: WindowTitles, default: str) -> str:
        """The native window's title; asked of Lua where it has a handler, which a frame never waits for."""
        if not self._host.has_handler(WINDOW_TITLE_EVENT):
            return default
        outcome = titles.window_title()
        if titles.engine.has_stale:
            self.evaluate(titles, None if self.wait_seconds is None else 0.0)
            outcome = titles.window_title()
        if outcome is None or outcome.text is None:
            return default
        return outcome.text.text

    def _ask_window_title(self, titles: WindowTitles, request: Request) -> None:
        given, tick = titles.inputs, self._tick
        titles.window_in_flight = True

        def answered(title: Title) -> None:
            titles.window_in_flight = False
            wrote = titles.sources.note_run(is_window=True, is_writer=title.kind == "stateful")
            if titles.commit(request, title, given, tick, self._loop.clock.time()) or wrote:
                self._on_late(titles.window_id)

        self._probes.add("title_batches")
        self._probes.add("window_titles_evaluated")
        self._host.format_window_title(_batch(titles, given, ()), answered)


def _batch(titles: WindowTitles, given: TitleInputs, requests: tuple[TitleRequest, ...]) -> TitleBatch:
    return TitleBatch(titles.window_id, given.tabs, given.panes, requests, given.config_generation)
