"""What the running program tells a recording and those who watch: frames, runs, counters, entries into Lua.

Attached to the program while somebody wants it, gone otherwise. At a frame it only notes what was handed to
it; the rest is done now and then, between frames. Mux thread, except where a method says otherwise.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from perilune.app.ledger import LedgerRow
from perilune.base.frame_trace import FrameTiming
from perilune.lua.crossings import Crossing
from perilune.profiler.model import CallbackRun, FrameRecord

__all__ = ["Collector", "Sink", "TitleRuns"]

_COUNTERS_NS = 100_000_000
_LONGEST = 60
_MOST_CAUSES = 4
_LEVELS = frozenset({"queue.unsent", "queue.calls", "lua.memory"})
_UNITS = {
    "pty.bytes": "bytes", "queue.unsent": "bytes", "lua.memory": "bytes", "lua.allocations": "bytes",
    "lua.us": "us", "title_lua_ns": "ns",
}  # fmt: skip
_HANDLER = "a handler of "
_SLOW_STAGES = {
    "events": "input, programs and timers",
    "callbacks": "waiting for callbacks",
    "compose": "making cells",
    "present": "the front end",
}
_FRESH = frozenset({"fresh_titles", "fresh_window_title"})
_RUNS_OF_LUA = _FRESH | {"emit", "timer", "call_first", "repl", "resume", "load_file", "load_string"}
"""Entries that run code of the user's and that no ledger tells of."""


_CAUSES = {"resume": "went on", "load_file": "load", "load_string": "load", "timer": "time"}


class Sink(Protocol):
    """A recording, or figures to be looked at."""

    def frame(self, record: FrameRecord) -> None:
        """A frame was drawn."""
        ...

    def run(self, run: CallbackRun) -> None:
        """A callback ran."""
        ...

    def lookups(self, callback: str, time: float, hits: int, misses: int) -> None:
        """So many more look-ups were answered by a memo, or not."""
        ...

    def count(self, name: str, unit: str, time: float, value: float, *, cumulative: bool) -> None:
        """A counter was read."""
        ...


class TitleRuns(Protocol):
    """The part of `TitleService` that tells of runs."""

    @property
    def run_count(self) -> int:
        """How many runs there have been."""
        ...

    def rows_after(self, seen: dict[int, int]) -> list[LedgerRow]:
        """The runs since the last call with the same `seen`."""
        ...

    def take_lookups(self) -> dict[str, tuple[int, int]]:
        """Look-ups answered and not, since the last call."""
        ...


@dataclass(slots=True)
class _Attached:
    sink: Sink
    begin_ns: int
    frames: int = 0


@dataclass(slots=True)
class _Noted:
    """A run, as it was found; `frame` is the place of its frame among those not told of yet, or -1."""

    at_ns: int
    frame: int
    row: LedgerRow | Crossing


class Collector:
    """Notes what happens, and hands it to sinks at `drain`.

    Args:
        titles: tells of runs.
        counters: reads all counters.
        budget_us: what a frame may take.
        sample_seconds: how often Lua's stack is asked for, in seconds of processor time; 0: never.
        clock: nanoseconds; a fake in tests.

    Attributes:
        lua_stacks: what Lua's sampler has told and nobody has taken yet.
    """

    def __init__(
        self,
        titles: TitleRuns,
        counters: Callable[[], Mapping[str, int]],
        budget_us: float,
        sample_seconds: float = 0.0,
        clock: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self.sample_seconds = sample_seconds
        self.lua_stacks: deque[str] = deque()
        self._titles = titles
        self._counters = counters
        self._budget_us = budget_us
        self._clock = clock
        self._sinks: list[_Attached] = []
        self._timings: list[FrameTiming] = []
        self._noted: list[_Noted] = []
        self._readings: list[tuple[int, dict[str, float]]] = []
        self._crossings: deque[Crossing] = deque()
        self._seen: dict[int, int] = {}
        titles.rows_after(self._seen)  # what ran before is not told of
        titles.take_lookups()
        self._run_count = titles.run_count
        self._due = 0
        self._raw: dict[str, int] = {}
        self._grown: dict[str, float] = {}
        self._collections = -1

    # Told by the program.

    def on_frame(self, timing: FrameTiming) -> None:
        """A frame was presented."""
        self._timings.append(timing)
        if self._titles.run_count != self._run_count:
            self._note_runs(timing.begin_ns, len(self._timings) - 1)
        if timing.end_ns >= self._due:
            self._read_counters(timing.end_ns)

    def crossed(self, crossing: Crossing) -> None:
        """Lua was entered and has come back. Lua thread."""
        self._crossings.append(crossing)

    def sampled(self, stacks: str) -> None:
        """Lua's stacks. Lua thread."""
        self.lua_stacks.append(stacks)

    def _note_runs(self, at_ns: int, frame: int) -> None:
        self._run_count = self._titles.run_count
        self._noted += [_Noted(at_ns, frame, row) for row in self._titles.rows_after(self._seen)]

    def _read_counters(self, now: int) -> None:
        self._due = now + _COUNTERS_NS
        self._take_crossings()
        grown = self._grown
        reading: dict[str, float] = {}
        for name, value in self._counters().items():
            if name in _LEVELS:
                reading[name] = value
                continue
            # Where a pane is gone its part is, too: only what was added counts.
            grown[name] = grown.get(name, 0.0) + max(value - self._raw.get(name, value), 0)
            self._raw[name] = value
            reading[name] = grown[name]
        for name in ("lua.entries", "lua.us", "lua.allocations", "lua.collections", "lua.memory"):
            if name in grown:
                reading[name] = grown[name]
        self._readings.append((now, reading))

    def _take_crossings(self) -> None:
        grown = self._grown
        while self._crossings:  # only this thread takes away
            crossing = self._crossings.popleft()
            self._add(grown, crossing)
            if crossing.entry in _RUNS_OF_LUA:
                self._noted.append(_Noted(crossing.begin_ns, -1, crossing))

    def _add(self, grown: dict[str, float], crossing: Crossing) -> None:
        for name, value in (
            ("lua.entries", 1.0),
            ("lua.us", (crossing.end_ns - crossing.begin_ns) / 1000),
            ("lua.allocations", max(crossing.memory_after - crossing.memory_before, 0)),
            # Another state counts from 0 again; what it was before somebody asked is nobody's.
            (
                "lua.collections",
                max(crossing.collections - self._collections, 0) if self._collections >= 0 else 0,
            ),
        ):
            grown[name] = grown.get(name, 0.0) + value
        grown["lua.memory"] = crossing.memory_after
        self._collections = crossing.collections

    # Telling.

    def attach(self, sink: Sink) -> None:
        """Tell a sink from now on; its time begins now."""
        self.drain()
        self._sinks.append(_Attached(sink, self._clock()))
        self._read_counters(self._clock())

    def detach(self, sink: Sink) -> None:
        """No longer."""
        self.drain()
        self._sinks = [attached for attached in self._sinks if attached.sink is not sink]

    @property
    def is_used(self) -> bool:
        """Whether anyone is told."""
        return bool(self._sinks)

    def seconds(self, sink: Sink) -> float:
        """How long a sink has been told."""
        begin = next(attached.begin_ns for attached in self._sinks if attached.sink is sink)
        return (self._clock() - begin) / 1e9

    def bytes_of(self) -> int:
        """How many bytes programs have written since this was made."""
        return round(self._grown.get("pty.bytes", 0))

    def drain(self) -> None:
        """Hand on what was noted."""
        now = self._clock()
        if self._titles.run_count != self._run_count:
            self._note_runs(now, -1)
        if self._sinks:
            self._read_counters(now)
        timings, self._timings = self._timings, []
        noted, self._noted = self._noted, []
        readings, self._readings = self._readings, []
        lookups = self._titles.take_lookups()
        for attached in self._sinks:
            self._tell(attached, timings, noted)
            sink = attached.sink
            for name, (hits, misses) in lookups.items():
                sink.lookups(name, (now - attached.begin_ns) / 1e9, hits, misses)
            for at, reading in readings:
                for name, value in reading.items():
                    sink.count(
                        name, _UNITS.get(name, "count"), max(at - attached.begin_ns, 0) / 1e9, value,
                        cumulative=name not in _LEVELS,
                    )  # fmt: skip

    def _tell(self, attached: _Attached, timings: Sequence[FrameTiming], noted: Sequence[_Noted]) -> None:
        of_frame: dict[int, list[LedgerRow]] = {}
        for found in noted:
            if isinstance(found.row, LedgerRow):
                of_frame.setdefault(found.frame, []).append(found.row)
        sink, begin = attached.sink, attached.begin_ns
        for place, timing in enumerate(timings):
            sink.frame(self._record(timing, begin, attached.frames + place + 1, of_frame.get(place, ())))
        for found in noted:
            number = attached.frames + found.frame + 1 if found.frame >= 0 else 0
            seconds = max(found.at_ns - begin, 0) / 1e9
            row = found.row
            sink.run(
                _run_of_row(row, seconds, number)
                if isinstance(row, LedgerRow)
                else _run_of_crossing(row, seconds)
            )
        attached.frames += len(timings)

    def _record(
        self, timing: FrameTiming, begin_ns: int, number: int, rows: Sequence[LedgerRow]
    ) -> FrameRecord:
        begin = timing.begin_ns
        us = (timing.end_ns - begin) / 1000
        is_over = us > self._budget_us
        causes = []
        if is_over:
            slowest = max(timing.stages, key=lambda stage: stage[2] - stage[1])
            causes.append(_SLOW_STAGES.get(slowest[0], slowest[0]))
        causes += dict.fromkeys(f"{row.callback}: {row.input or 'first run'}" for row in rows)
        if timing.is_full:
            causes.append("whole picture")
        return FrameRecord(
            number,
            max(begin - begin_ns, 0) / 1e9,
            us,
            tuple((name, (at - begin) / 1000, (end - at) / 1000) for name, at, end in timing.stages),
            is_over,
            tuple(causes[:_MOST_CAUSES]),
        )


def _short(value: object) -> str:
    text = "nil" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _run_of_row(row: LedgerRow, seconds: float, frame: int) -> CallbackRun:
    conversion = row.conversion
    return CallbackRun(
        callback=row.callback,
        subject=f"tab {row.subject}" if isinstance(row.subject, int) else str(row.subject),
        time=seconds,
        frame=frame,
        cause=row.input,
        old=_short(row.old) if row.input else "",
        new=_short(row.new) if row.input else "",
        us=row.microseconds,
        execution_us=None if conversion is None else max(row.microseconds - conversion, 0.0),
        conversion_us=conversion,
        changed=row.changed,
        failed=row.failed,
        kind=row.kind,
    )


def _run_of_crossing(crossing: Crossing, seconds: float) -> CallbackRun:
    label = crossing.label
    return CallbackRun(
        callback=label.removeprefix(_HANDLER),
        time=seconds,
        cause=_CAUSES.get(crossing.entry, "asked anew" if crossing.entry in _FRESH else "event"),
        us=(crossing.end_ns - crossing.begin_ns) / 1000,
        failed=crossing.failed,
    )
