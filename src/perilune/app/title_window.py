"""The titles of one window: the memos, what they read, and what to draw while an answer is under way.

Only looks up and takes in; `titles` decides when to ask. Mux thread.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from perilune.app.ledger import PURE, LedgerRow, RunKind, ledger_row
from perilune.app.title_sources import WINDOW_SUBJECT, TitleInputs, TitleSources
from perilune.app.title_timers import Backoff
from perilune.cells.sgr_text import EMPTY_TEXT, SgrText
from perilune.lua.clock_reads import next_change
from perilune.lua.values import Title, TitleRequest, TitleTraits
from perilune.memo import MemoEngine, MemoKey, Request

if TYPE_CHECKING:
    from perilune.lua.values import ReadPath
    from perilune.mux.snapshot import TabInformation

__all__ = ["BUILT_IN", "TAB_TITLE_EVENT", "WINDOW_TITLE_EVENT", "Outcome", "Variant", "WindowTitles"]

TAB_TITLE_EVENT = "format-tab-title"
WINDOW_TITLE_EVENT = "format-window-title"
TITLE_EVENTS = frozenset({TAB_TITLE_EVENT, WINDOW_TITLE_EVENT})

_LEDGER_SIZE = 1024
_TICK = ("tick",)
# How often one title is made for one frame, at most: again if an answer was overtaken. What writes may make
# stale what it has read itself, and is not asked twice.
_MOST_RUNS = 2
_OUT_OF_MEMORY = re.compile(r"(?:^|: )not enough memory(?:$|:)")
# What a callback that was stopped surely depends on, if its reads were lost with it.
_LIKELY_READS: tuple[ReadPath, ...] = (("tab", "active_pane", "title"), ("tab", "tab_title"))
# What differs all the time is no reason to try a callback again at once: that is what the back-off is for.
_RESTLESS = frozenset({"clock", "epoch"})


class Variant(NamedTuple):
    """The plain arguments of a call as far as the callback uses them; None where it does not."""

    hover: bool | None
    max_width: int | None


_NO_VARIANT = Variant(None, None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a callback made.

    Attributes:
        text: the title; None: the built-in one.
        is_pure: whether it holds until something that was read changes; else until the next tick.
        is_over_budget: it was stopped; the bar marks the tab.
    """

    text: SgrText | None
    is_pure: bool = True
    is_over_budget: bool = False


BUILT_IN = Outcome(None)


@dataclass(slots=True)
class _Retry:
    """A callback that was stopped, for one subject: how often, and when it is tried again."""

    number: int
    due: float | None
    backoff: Backoff


class WindowTitles:
    """The titles of one window.

    Args:
        window_id: which window.
        host_value: what paths that begin with "host" or "clock" read now.

    Attributes:
        engine: the memos.
        sources: what they read.
        asks_lua: whether the config makes titles of tabs.
        traits: what its callback may do.
        needs_tick: whether something that was looked up holds only until the next tick.
        in_flight: whether a batch is with Lua; `window_in_flight`: whether the window's title is.
        unsent: whether something was stale meanwhile.
        is_late: whether the frame has gone on without the batch.
        may_ask: whether the last look at what is stale found anything that may still be asked for in this
            frame.
    """

    def __init__(self, window_id: int, host_value: Callable[[ReadPath], object]) -> None:
        self.window_id = window_id
        self.engine = MemoEngine(ledger_size=_LEDGER_SIZE)
        self.sources = TitleSources(self.engine, host_value)
        self.asks_lua = False
        self.traits = TitleTraits(uses_hover=True, uses_max_width=True, kind="opaque", reasons=())
        self.needs_tick = False
        self.in_flight = False
        self.window_in_flight = False
        self.unsent = False
        self.is_late = False
        self.config: object = None
        self.config_generation = 0
        self.host_mark = -1
        self._tick = 0
        self._clock_due: dict[ReadPath, float] = {}
        self._retries: dict[Hashable, _Retry] = {}
        self._kinds: deque[tuple[int, RunKind]] = deque(maxlen=_LEDGER_SIZE)
        self._last: dict[Hashable, Outcome] = {}
        self._positions: dict[Hashable, int] = {}
        self._status_changes = 0
        self._runs: dict[MemoKey, int] = {}
        self.may_ask = True

    @property
    def mark(self) -> int:
        """Differs from before if a title of a tab may."""
        return self.engine.revision - self._status_changes

    @property
    def inputs(self) -> TitleInputs:
        """What the callbacks are given now."""
        return self.sources.inputs

    # What changed.

    def update(self, inputs: TitleInputs) -> None:
        """The window shows something else now."""
        before = self.inputs
        self.sources.update(inputs)
        if before.tabs is inputs.tabs:
            return
        self._positions = {tab.tab_id: position for position, tab in enumerate(inputs.tabs)}
        gone = {tab.tab_id for tab in before.tabs}.difference(self._positions)
        if gone:
            self.engine.discard(lambda key: key.callback == TAB_TITLE_EVENT and key.subject in gone)
            for tab_id in gone:
                self._last.pop(tab_id, None)
                self._retries.pop(tab_id, None)

    def set_tick(self, tick: int) -> None:
        """Count a tick: what is not pure is stale."""
        if tick != self._tick:
            self._tick = tick
            self.engine.set(_TICK, tick)

    def discard(self) -> None:
        """Another Lua state answers from now on."""
        self.engine.discard(lambda key: key.callback in TITLE_EVENTS)
        self.sources.clear()
        self._clock_due.clear()
        self._retries.clear()

    def check_clock(self, now: float) -> bool:
        """Bring what was read of the clock up to date; whether anything was due."""
        if not any(due <= now for due in self._clock_due.values()):
            return False
        self.sources.refresh_host(("clock",))
        alive = self.sources.paths("clock")
        self._clock_due = {
            path: due if (due := self._clock_due.get(path, now)) > now else _next_change(path, now)
            for path in alive
        }
        return True

    def next_clock_change(self) -> float | None:
        """The earliest moment at which something that was read of the clock may differ."""
        return min(self._clock_due.values(), default=None)

    def check_retries(self, now: float) -> bool:
        """Let callbacks be tried again that were stopped; whether one is due."""
        found = False
        for subject, retry in self._retries.items():
            if retry.due is not None and retry.due <= now:
                retry.due = None
                retry.number += 1
                self.engine.set(("retry", subject), retry.number)
                found = True
        return found

    def next_retry(self) -> float | None:
        """When the next callback that was stopped is due."""
        return min((retry.due for retry in self._retries.values() if retry.due is not None), default=None)

    # Looking up.

    def variant(self, hover: bool, max_width: int) -> Variant:
        """What of the plain arguments tells calls apart."""
        traits = self.traits
        if traits.uses_hover:
            return Variant(hover, max_width if traits.uses_max_width else None)
        return Variant(None, max_width) if traits.uses_max_width else _NO_VARIANT

    def title(self, tab: TabInformation, hover: bool, max_width: int) -> Outcome:
        """The title to draw now: today's or, noting that it is stale, the last one."""
        if not self.asks_lua:
            return BUILT_IN
        tab_id = tab.tab_id
        memo = self.engine.deferred(
            MemoKey(TAB_TITLE_EVENT, tab_id, self.variant(hover, max_width)), default=BUILT_IN
        )
        outcome = memo.get()
        if not memo.has_output:  # never asked with these arguments: what the tab was called otherwise
            return self._last.get(tab_id, BUILT_IN)
        if not outcome.is_pure:
            self.needs_tick = True
        if not outcome.is_over_budget:
            self._last[tab_id] = outcome
        return outcome

    def last_good(self, tab: TabInformation) -> SgrText | None:
        """The last title of a tab whose callback is over its budget; None: the built-in one."""
        return self._last.get(tab.tab_id, BUILT_IN).text

    def window_title(self) -> Outcome | None:
        """What `format-window-title` made of the window; None if it has never answered."""
        memo = self.engine.deferred(MemoKey(WINDOW_TITLE_EVENT, WINDOW_SUBJECT), default=BUILT_IN)
        outcome = memo.get()
        if not memo.has_output:
            return None
        if not outcome.is_pure:
            self.needs_tick = True
        return outcome

    def status(self, side: str, text: str) -> SgrText:
        """A status, parsed once for every text."""
        if not text:
            return EMPTY_TEXT
        engine = self.engine
        before, looked_up = engine.revision, (engine.hits, engine.misses)
        key = ("status", side)
        engine.set(key, text)
        source = engine.source(key, text)
        parsed = engine.memo(MemoKey("status", side), lambda: SgrText(source.get())).get()
        self._status_changes += engine.revision - before
        engine.hits, engine.misses = looked_up  # they count titles
        return parsed

    # Requests and answers.

    def begin_frame(self) -> None:
        """Another frame: all that is stale may be asked for again."""
        self._runs.clear()

    def take(self) -> tuple[list[tuple[Request, TitleRequest]], Request | None]:
        """What is stale: calls for tabs, and the window's title."""
        tabs: list[tuple[Request, TitleRequest]] = []
        window: Request | None = None
        most = 1 if self.traits.kind == "stateful" else _MOST_RUNS
        for request in self.engine.take_stale():
            runs = self._runs.get(request.key, 0)
            if runs >= most:
                self.engine.abandon(request.key)
                continue
            self._runs[request.key] = runs + 1
            if request.key.callback == WINDOW_TITLE_EVENT:
                window = request
                continue
            position = self._positions.get(request.key.subject)
            variant = request.key.variant
            if position is None or not isinstance(variant, Variant):
                self.engine.abandon(request.key)
                continue
            tabs.append((request, TitleRequest(position, bool(variant.hover), variant.max_width or 0)))
        self.may_ask = bool(tabs) or window is not None
        return tabs, window

    def commit(self, request: Request, title: Title, given: TitleInputs, tick: int, now: float) -> bool:
        """Take an answer in; whether the value that stands differs.

        Args:
            request: what was asked.
            title: the answer.
            given: what the callback was given.
            tick: the tick at which it was asked.
            now: seconds since the epoch.
        """
        subject = request.key.subject
        is_pure = title.kind == "pure"
        if is_stopped(title):
            reads = self._stopped_reads(subject, title, given)
            key = self._stopped(subject, now)
            reads[key] = self._retries[subject].number
            outcome = Outcome(None, is_over_budget=True)
        else:
            reads = self.sources.reads(subject, title.reads, given, is_writer=title.kind == "stateful")
            if not is_pure:
                self.engine.source(_TICK, self._tick)
                reads[_TICK] = tick
            for path, _ in title.reads:
                if path[0] == "clock":
                    due = title.clock_due
                    self._clock_due[path] = due if due is not None else _next_change(path, now)
            retry = self._retries.get(subject)
            if retry is not None:
                retry.backoff.succeeded()
            outcome = Outcome(None if title.text is None else SgrText(title.text), is_pure)
        runs = self.engine.ledger.total
        differs = self.engine.commit(request.key, reads, outcome, title.microseconds, request.ticket)
        conversion = title.conversion_microseconds
        if self.engine.ledger.total != runs and (
            title.kind != "pure" or title.error is not None or conversion is not None
        ):
            self._kinds.append((runs + 1, RunKind(title.kind, title.reasons, title.error, conversion)))
        return differs

    def _stopped_reads(self, subject: Hashable, title: Title, given: TitleInputs) -> dict[Hashable, object]:
        """What a callback had read when it was stopped: with other values it is tried at once."""
        reads = [read for read in title.reads if read[0][0] not in _RESTLESS]
        if not title.reads and subject != WINDOW_SUBJECT:
            reads = [(path, None) for path in _LIKELY_READS]
        return self.sources.reads(subject, reads, given, is_writer=title.kind == "stateful")

    def _stopped(self, subject: Hashable, now: float) -> Hashable:
        """Note that a callback was stopped; the source whose change lets it be tried again."""
        key = ("retry", subject)
        retry = self._retries.get(subject)
        if retry is None:
            retry = self._retries[subject] = _Retry(0, None, Backoff())
        if retry.due is None:
            retry.due = now + retry.backoff.failed()
        self.engine.source(key, retry.number)
        return key

    def rows(self, after: int = 0) -> list[LedgerRow]:
        """The ledger, oldest first; only the runs after the one of that number."""
        kinds = dict(self._kinds)
        return [
            ledger_row(run, self.window_id, kinds.get(run.number, PURE))
            for run in self.engine.ledger.after(after)
        ]


def is_stopped(title: Title) -> bool:
    """Whether the callback used up its instructions or its memory."""
    return title.error_kind == "budget" or (
        title.error is not None and _OUT_OF_MEMORY.search(title.error) is not None
    )


def _next_change(path: ReadPath, now: float) -> float:
    return next_change(path[2] if len(path) > 2 else None, now)
