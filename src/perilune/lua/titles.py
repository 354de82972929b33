"""Title callbacks of one Lua state: what crosses for a batch, and what they read as paths with values.

What Lua's store holds of each window is remembered here, so that only tabs and panes that changed cross. The
answer tells reads by numbers, one string for each call; equal strings mean equal reads, so the paths of each
are put together once. Their values come from the snapshot (see `information`), which is what the store was
made from; only what was read of the host and the clock crosses with its value. Lua thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from perilune.base.clock import Clock
from perilune.lua.clock_reads import next_change
from perilune.lua.convert import ConversionError, decode_all
from perilune.lua.host_reads import HostReads
from perilune.lua.information import Reader, TitleScope, pane_wire, path_reader, tab_wire
from perilune.lua.state import LuaState, error_text
from perilune.lua.values import ReadPath, Title, TitleBatch, TitleKind, TitleTraits
from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = ["TitleCalls"]

_MOST_READ_SETS = 4096
_NOTHING: tuple[tuple[Any, ...], ...] = ((), (), ())


@dataclass(slots=True)
class _Sent:
    """What Lua's store holds of a window."""

    tabs: dict[int, TabInformation]
    order: tuple[int, ...]
    panes: Sequence[PaneInformation]


class _ReadSet:
    """The paths of one string of numbers, and how their values are read."""

    __slots__ = ("clocks", "parts")

    def __init__(self, paths: Sequence[ReadPath]) -> None:
        self.parts: list[tuple[ReadPath, Reader | None]] = [(path, path_reader(path)) for path in paths]
        self.clocks = [path for path in paths if path[0] == "clock"]

    def due(self, now: float) -> float | None:
        """When a clock that was read can change."""
        if not self.clocks:
            return None
        return min(next_change(path[2] if len(path) > 2 else None, now) for path in self.clocks)


class TitleCalls:
    """Evaluates title callbacks in one Lua state.

    Args:
        state: the state.
        clock: what clock reads are due by.
        host_reads: learns the calls that were made of the host.
        traits: what is known of an event's callback.
        report: logs a message of an event that failed.
    """

    def __init__(
        self,
        state: LuaState,
        clock: Clock,
        host_reads: HostReads,
        traits: Callable[[str], tuple[TitleTraits, bool]],
        report: Callable[[str, str, str], None],
    ) -> None:
        self._state = state
        self._clock = clock
        self._host_reads = host_reads
        self._traits = traits
        self._report = report
        self._sent: dict[int, _Sent] = {}
        self._paths: dict[int, ReadPath] = {}
        self._read_sets: dict[str, _ReadSet] = {}

    def tab_titles(self, batch: TitleBatch, budget: int, epoch: int) -> tuple[Title, ...]:
        """format-tab-title for every request."""
        event = "format-tab-title"
        if any(not 0 <= request.tab < len(batch.tabs) for request in batch.requests):
            return self._failed(event, "there is no such tab", len(batch.requests))
        scopes = [TitleScope(batch.tabs[request.tab], batch.tabs, batch.panes) for request in batch.requests]
        requests = b"l%d;%b" % (
            3 * len(batch.requests),
            b"".join(
                [
                    b"i%d;%bi%d;" % (request.tab + 1, b"t" if request.hover else b"f", request.max_width)
                    for request in batch.requests
                ]
            ),
        )
        if batch.fresh:
            return self._fresh(event, "fresh_titles", batch, requests, budget, scopes)
        return self._tracked(event, "titles", batch, requests, budget, epoch, scopes)

    def window_title(self, batch: TitleBatch, budget: int, epoch: int) -> Title:
        """format-window-title for the active tab."""
        event = "format-window-title"
        place, active = next(
            ((number, tab) for number, tab in enumerate(batch.tabs, 1) if tab.is_active), (0, None)
        )
        scopes = [TitleScope(active, batch.tabs, batch.panes)]
        position = b"i%d;" % place
        if batch.fresh:
            return self._fresh(event, "fresh_window_title", batch, position, budget, scopes)[0]
        return self._tracked(event, "window_title", batch, position, budget, epoch, scopes)[0]

    def forget_window(self, window_id: int) -> None:
        """Drop the store of a window that is gone."""
        self._sent.pop(window_id, None)
        self._state.direct("forget_window", [window_id], "a window's end")

    # What crosses.

    def _tracked(
        self,
        event: str,
        entry: str,
        batch: TitleBatch,
        requests: bytes,
        budget: int,
        epoch: int,
        scopes: Sequence[TitleScope],
    ) -> tuple[Title, ...]:
        traits, sees_state = self._traits(event)
        try:
            update = self._update(batch)
        except ConversionError as error:
            self._sent.pop(batch.window_id, None)
            return self._failed(event, str(error), len(scopes))
        head = b"7;i%d;%bi%d;" % (budget, b"t" if sees_state else b"f", batch.window_id)
        now = self._clock.time()
        outcome = self._state.runtime.direct(entry, head + update + requests, budget, event)
        if outcome.status != "done":
            self._sent.pop(batch.window_id, None)  # what of it arrived is not known
            return self._failed(event, error_text(outcome), len(scopes))
        results = decode_all(outcome.data)
        if results[0]:
            self._learn(results[0])
        return tuple(
            [
                self._title(event, results[4 * number + 1 : 4 * number + 5], scope, batch, epoch, now, traits)
                for number, scope in enumerate(scopes)
            ]
        )

    def _update(self, batch: TitleBatch) -> bytes:
        """What the store lacks: tabs that differ, the order if it does, the panes if they do."""
        sent = self._sent.get(batch.window_id)
        if sent is None:
            sent = self._sent[batch.window_id] = _Sent({}, (), ())
            is_new = True
        else:
            is_new = False
        changed: list[bytes] = []
        known = sent.tabs
        for tab in batch.tabs:
            before = known.get(tab.tab_id)
            if before is not tab:
                if before != tab:
                    changed.append(tab_wire(tab))
                known[tab.tab_id] = tab
        order = b"z"
        ids = tuple([tab.tab_id for tab in batch.tabs])
        if is_new or ids != sent.order:
            order = b"l%d;%b" % (len(ids), b"".join([b"i%d;" % number for number in ids]))
            sent.order = ids
            sent.tabs = {tab.tab_id: tab for tab in batch.tabs}
        panes = b"z"
        if is_new or (batch.panes is not sent.panes and list(batch.panes) != list(sent.panes)):
            panes = b"l%d;%b" % (len(batch.panes), b"".join([pane_wire(pane) for pane in batch.panes]))
        sent.panes = batch.panes
        return b"l%d;%b%b%b" % (len(changed), b"".join(changed), order, panes)

    def _fresh(
        self,
        event: str,
        entry: str,
        batch: TitleBatch,
        requests: bytes,
        budget: int,
        scopes: Sequence[TitleScope],
    ) -> tuple[Title, ...]:
        data = b"2;l%d;%bl%d;%b" % (
            len(batch.tabs),
            b"".join([tab_wire(tab) for tab in batch.tabs]),
            len(batch.panes),
            b"".join([pane_wire(pane) for pane in batch.panes]),
        )
        arguments = b"4;i%d;i%d;s%d:%b%b" % (budget, batch.window_id, len(data), data, requests)
        traits, _ = self._traits(event)
        now = self._clock.time()
        outcome = self._state.runtime.direct(entry, arguments, budget, event)
        if outcome.status != "done":
            return self._failed(event, error_text(outcome), len(scopes))
        results = decode_all(outcome.data)
        return tuple(
            self._title(event, results[4 * number + 1 : 4 * number + 5], scope, batch, 0, now, traits)
            for number, scope in enumerate(scopes)
        )

    # What came back.

    def _learn(self, new_paths: Sequence[Any]) -> None:
        for at in range(0, len(new_paths), 3):
            number, parent, key = new_paths[at : at + 3]
            self._paths[number] = (*self._paths.get(parent, ()), key)

    def _read_set(self, numbers: str) -> _ReadSet:
        found = self._read_sets.get(numbers)
        if found is None:
            if len(self._read_sets) >= _MOST_READ_SETS:
                self._read_sets.clear()
            paths = [self._paths[int(number)] for number in numbers.split(",")] if numbers else []
            found = _ReadSet([self._host_reads.readable(path) for path in paths])
            self._read_sets[numbers] = found
        return found

    def _title(
        self,
        event: str,
        result: Sequence[Any],
        scope: TitleScope,
        batch: TitleBatch,
        epoch: int,
        now: float,
        traits: TitleTraits,
    ) -> Title:
        answer, numbers, extra, ticks = result
        values, opaque, writes = extra or _NOTHING
        try:
            read_set = self._read_set(numbers)
        except KeyError:  # the answer in which they were explained was lost when memory ran out
            return self._failed(event, "what the callback read is not known", 1)[0]
        reads: list[tuple[ReadPath, object]] = []
        following = 0
        for path, read in read_set.parts:
            if read is not None:
                reads.append((path, read(scope)))
            elif path[0] == "config":
                reads.append((path, batch.config_generation))
            elif path[0] == "epoch":
                reads.append((path, epoch))
            else:
                reads.append((path, self._host_reads.answer(values[following])))
                following += 1
        kind: TitleKind = "pure"
        reasons: tuple[str, ...] = ()
        if traits.kind == "stateful" or writes:
            kind = "stateful"
            reasons = tuple(dict.fromkeys([*traits.reasons, *writes, *opaque]))
        elif opaque:
            kind = "opaque"
            reasons = tuple(opaque)
        text, error, error_kind = self._answer(event, answer)
        taken, conversion = ticks if isinstance(ticks, list) else (ticks, None)
        return Title(
            text,
            error,
            tuple(reads),
            traits.uses_hover,
            traits.uses_max_width,
            kind,
            reasons,
            read_set.due(now),
            taken / 1000,
            error_kind,
            None if conversion is None else conversion / 1000,
        )

    def _answer(
        self, event: str, answer: object
    ) -> tuple[str | None, str | None, Literal["error", "budget"] | None]:
        if isinstance(answer, str):
            return answer, None, None
        if not isinstance(answer, list):
            return None, None, None
        message, trace = str(answer[0]), str(answer[1])
        self._report(event, message, trace)
        return None, message, "budget" if answer[2] else "error"

    def _failed(self, event: str, message: str, count: int) -> tuple[Title, ...]:
        first, _, trace = message.partition("\n")
        self._report(event, first, trace)
        title = Title(None, first, kind="opaque", reasons=("the call failed",), error_kind="error")
        return (title,) * count
