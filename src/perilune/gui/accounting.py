"""Frame accounting: how long each stage of a frame took, always on.

A frame costs some twenty clock readings and list stores, a few microseconds; percentiles are worked out only
when somebody asks. The stages follow each other on the mux thread, but for `parse`, which pane readers do
beside it. Window thread.

    events     Qt's events: keys, mouse, resizes, descriptors, since the last frame
    parse      reading and parsing of programs' output: CPU time of the reader threads since the last frame
    callbacks  calls and timers of the loop since the last frame
    layout     the frame's cells: tab bar, panes, overlays
    shaping    rows to instances: shaping, glyphs, colours
    upload     instances and glyphs to the GPU
    draw       drawing calls; in a software rasteriser some of the work itself
    present    handing the picture to the window system
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BUDGET", "STAGES", "FrameAccounting", "StageReport", "process_age", "reader_cpu"]

STAGES = ("events", "parse", "callbacks", "layout", "shaping", "upload", "draw", "present")
BUDGET = 1 / 60
"""Seconds that a frame may take on the mux thread."""
KEPT = 1200
_BESIDE = STAGES.index("parse")
READER_THREADS = "reader "


def reader_cpu(threads: Iterable[threading.Thread] | None = None) -> float:
    """CPU seconds of the threads that read and parse programs' output; 0.0 where that cannot be asked."""
    clock_of = getattr(time, "pthread_getcpuclockid", None)
    if clock_of is None:
        return 0.0
    total = 0.0
    for thread in threading.enumerate() if threads is None else threads:
        if thread.name.startswith(READER_THREADS) and thread.ident is not None:
            try:
                total += time.clock_gettime(clock_of(thread.ident))
            except OSError:  # it has just ended
                continue
    return total


def process_age() -> float:
    """Seconds since this process began, to a hundredth; nan where the system does not tell."""
    try:
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - began
    except (OSError, ValueError, AttributeError):
        return math.nan


@dataclass(frozen=True, slots=True)
class StageReport:
    """One stage over the frames kept, in milliseconds; `over` counts late frames that it was most of."""

    name: str
    p50: float
    p95: float
    p99: float
    max: float
    over: int


class FrameAccounting:
    """Times of the last frames.

    Args:
        clock: seconds; a fake in tests.
        parse_clock: CPU seconds of the readers so far; None: not counted.

    Attributes:
        frames: how many were made.
        over_budget: how many of them took longer than BUDGET on the mux thread.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.perf_counter,
        parse_clock: Callable[[], float] | None = None,
    ) -> None:
        self.frames = 0
        self.over_budget = 0
        self._clock = clock
        self._parse_clock = parse_clock
        self._parse_mark = 0.0 if parse_clock is None else parse_clock()
        self._kept: list[tuple[float, ...]] = []
        self._causes = [0] * len(STAGES)
        self._next = 0
        self._mark = clock()
        self._events = 0.0
        self._callbacks = 0.0
        self._now = [0.0] * len(STAGES)
        self._in_turn = False

    # Told by the loop.

    def awake(self) -> None:
        """The loop has slept; Qt's events come next."""
        self._mark = self._clock()
        self._in_turn = True

    def begin_callbacks(self) -> None:
        """Qt's events are done."""
        now = self._clock()
        if self._in_turn:
            self._events += now - self._mark
        self._mark = now

    def begin_layout(self) -> None:
        """The loop's calls are done; a frame may be made."""
        now = self._clock()
        self._callbacks += now - self._mark
        self._mark = now

    def end_turn(self) -> None:
        """The loop goes to sleep, or takes more of Qt's events at once."""
        self._mark = self._clock()
        self._in_turn = True

    # Told by who draws.

    def begin_frame(self) -> None:
        """A frame's cells are there."""
        now = self._clock()
        self._now = [0.0] * len(STAGES)
        self._now[0], self._events = self._events, 0.0
        self._now[2], self._callbacks = self._callbacks, 0.0
        self._now[3] = now - self._mark
        if self._parse_clock is not None:
            read = self._parse_clock()
            self._now[1] = max(read - self._parse_mark, 0.0)
            self._parse_mark = read
        self._mark = now

    def stage(self, name: str) -> None:
        """What was done since the last call belongs to a stage."""
        now = self._clock()
        self._now[STAGES.index(name)] += now - self._mark
        self._mark = now

    def end_frame(self) -> None:
        """The frame is with the window system."""
        sample = tuple(self._now)
        self.frames += 1
        if sum(sample) - sample[_BESIDE] > BUDGET:
            self.over_budget += 1
            main = [0.0 if index == _BESIDE else seconds for index, seconds in enumerate(sample)]
            self._causes[main.index(max(main))] += 1
        if len(self._kept) < KEPT:
            self._kept.append(sample)
        else:
            self._kept[self._next] = sample
            self._next = (self._next + 1) % KEPT
        self._mark = self._clock()

    # Asked.

    def reset(self) -> None:
        """Begin to count anew."""
        self.frames = self.over_budget = self._next = 0
        self._kept.clear()
        self._causes = [0] * len(STAGES)

    def samples(self) -> list[tuple[float, ...]]:
        """The kept frames, oldest first: seconds by stage, in the order of STAGES."""
        return self._kept[self._next :] + self._kept[: self._next]

    def report(self) -> list[StageReport]:
        """Every stage, and as "total" the mux thread's time for a frame."""
        kept = self._kept
        columns = [(name, [sample[index] for sample in kept]) for index, name in enumerate(STAGES)]
        columns.append(("total", [sum(sample) - sample[_BESIDE] for sample in kept]))
        causes = [*self._causes, self.over_budget]
        return [
            StageReport(name, *percentiles(column), over)
            for (name, column), over in zip(columns, causes, strict=True)
        ]


def percentiles(column: list[float]) -> tuple[float, float, float, float]:
    """The median, 95th and 99th percentile and maximum, in milliseconds.

    >>> percentiles([0.001, 0.002, 0.003])
    (2.0, 3.0, 3.0, 3.0)
    """
    if not column:
        return (0.0, 0.0, 0.0, 0.0)
    ordered = sorted(column)
    last = len(ordered) - 1
    p50, p95, p99 = (ordered[min(int(share * len(ordered)), last)] * 1000 for share in (0.5, 0.95, 0.99))
    return (p50, p95, p99, ordered[-1] * 1000)
