"""Writes a recording as it goes: what was flushed is in the file and readable, whatever happens then.

Keeps what has come since the last flush, nothing older. Used by one thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import BinaryIO

from perilune.profiler.file_format import BlockWriter
from perilune.profiler.model import (
    ROOT,
    CallbackRun,
    CallbackTotals,
    Counter,
    Event,
    Frame,
    FrameRecord,
    Meta,
    StackTree,
    Thread,
)
from perilune.profiler.recording.stacks import Sampled

__all__ = ["RecordingWriter"]

_COUNTER_SECONDS = 5.0  # each is a block of its own, which costs more than what is in it


class RecordingWriter:
    """One recording.

    Args:
        file: where to; `flush` and `close` flush it, nobody closes it here.
        meta: what is known beforehand. `frames`, `bytes`, `duration` and `notes` are kept up to date.

    Attributes:
        meta: as it will be written next.
        runs: how many runs there have been.
    """

    def __init__(self, file: BinaryIO, meta: Meta) -> None:
        self.meta = meta
        self.runs = 0
        self._file = file
        self._out = BlockWriter(file, level=1)
        self._frames: list[FrameRecord] = []
        self._runs: list[CallbackRun] = []
        self._totals: dict[str, CallbackTotals] = {}
        self._touched: set[str] = set()
        self._counters: dict[str, Counter] = {}
        self._values: dict[str, float] = {}
        self._unsaid: dict[str, float] = {}
        self._counters_due = 0.0
        self._is_closing = False
        self._samples: list[Sampled] = []
        self._strings: dict[str, int] = {}
        self._stack_frames: dict[Frame, int] = {}
        self._tree = StackTree()
        self._events: dict[str, int] = {}
        self._threads: dict[Thread, int] = {}
        self._out.meta(meta, timed=False)

    # Taking in.

    def frame(self, record: FrameRecord) -> None:
        """A frame was drawn."""
        self.meta.frames += 1
        self._frames.append(record)

    def run(self, run: CallbackRun) -> None:
        """A callback ran."""
        self.runs += 1
        self._runs.append(run)
        totals = self._callback(run.callback)
        totals.runs += 1
        totals.us += run.us

    def lookups(self, callback: str, time: float, hits: int, misses: int) -> None:
        """So many more look-ups were answered by a memo, or not."""
        del time  # a recording has totals only
        totals = self._callback(callback)
        totals.hits += hits
        totals.misses += misses

    def _callback(self, name: str) -> CallbackTotals:
        self._touched.add(name)
        found = self._totals.get(name)
        if found is None:
            found = self._totals[name] = CallbackTotals(name)
        return found

    def count(self, name: str, unit: str, time: float, value: float, *, cumulative: bool) -> None:
        """A counter was read; a value like the one before is kept back until it is the last."""
        found = self._counters.get(name)
        if found is None:
            found = self._counters[name] = Counter(name, unit, cumulative)
        elif self._values[name] == value:
            self._unsaid[name] = time
            return
        self._unsaid.pop(name, None)
        self._values[name] = value
        found.add(time, value)

    def samples(self, rows: Iterable[Sampled]) -> None:
        """Stacks were sampled."""
        self._samples += rows

    # Writing.

    def flush(self, duration: float) -> None:
        """Write what has come, and what the whole has come to.

        Raises:
            OSError: it cannot be written; what came since the last flush is lost.
        """
        self.meta.duration = duration
        out = self._out
        frames, self._frames = self._frames, []
        runs, self._runs = self._runs, []
        out.frame_records(frames)
        out.runs(runs)
        if self._touched:
            out.block(b"CALL", [asdict(self._totals[name]) for name in sorted(self._touched)])
            self._touched.clear()
        if duration >= self._counters_due or self._is_closing:
            self._counters_due = duration + _COUNTER_SECONDS
            self._write_counters()
        self._write_samples()
        out.meta(self.meta, timed=False)
        self._file.flush()

    def _write_counters(self) -> None:
        out = self._out
        for counter in self._counters.values():
            if not counter.times:
                continue
            out.block(
                b"CNTR",
                {"name": counter.name, "unit": counter.unit, "cumulative": counter.cumulative,
                 "times": [round(time, 6) for time in counter.times], "values": list(counter.values)},
            )  # fmt: skip
            del counter.times[:], counter.values[:]

    def close(self, duration: float) -> None:
        """Write what is left, and the end.

        Raises:
            OSError: as `flush`.
        """
        for name, time in self._unsaid.items():
            self._counters[name].add(time, self._values[name])
        self._unsaid.clear()
        self._is_closing = True
        self.flush(duration)
        self._out.done()
        self._file.flush()

    def _write_samples(self) -> None:
        samples, self._samples = self._samples, []
        if not samples:
            return
        events: list[list[object]] = []
        threads: list[list[object]] = []
        strings: list[str] = []
        frames: list[list[int]] = []
        known = len(self._tree)
        rows: dict[tuple[int, int, int], list[float]] = {}
        for sample in samples:
            event = self._events.get(sample.event.name)
            if event is None:
                event = self._events[sample.event.name] = len(self._events)
                events.append(list(Event(*sample.event)))
            thread = self._threads.get(sample.thread)
            if thread is None:
                thread = self._threads[sample.thread] = len(self._threads)
                threads.append(list(sample.thread))
            node = ROOT
            for frame in sample.stack:
                node = self._tree.child(node, self._frame(frame, strings, frames))
            row = rows.setdefault((event, thread, node), [0, 0.0])
            row[0] += sample.samples
            row[1] += sample.weight
        out = self._out
        for kind, table in ((b"EVNT", events), (b"THRD", threads), (b"STRS", strings), (b"FRMS", frames)):
            if table:
                out.block(kind, table)
        tree = self._tree
        if len(tree) > known:
            out.block(b"STKS", {"parents": list(tree.parents[known:]), "frames": list(tree.frames[known:])})
        out.block(
            b"SMPL",
            {
                "event": [key[0] for key in rows],
                "thread": [key[1] for key in rows],
                "stack": [key[2] for key in rows],
                "count": [row[0] for row in rows.values()],
                "weight": [row[1] for row in rows.values()],
            },
        )

    def _frame(self, frame: Frame, strings: list[str], frames: list[list[int]]) -> int:
        found = self._stack_frames.get(frame)
        if found is not None:
            return found
        ids = []
        for text in (frame.symbol, frame.module, frame.file):
            index = self._strings.get(text)
            if index is None:
                index = self._strings[text] = len(self._strings)
                strings.append(text)
            ids.append(index)
        frames.append([*ids, frame.line, int(frame.inlined) | int(frame.kernel) << 1])
        found = self._stack_frames[frame] = len(self._stack_frames)
        return found
