"""The last seconds of a running program in numbers, for those who watch. Pure; used by one thread.

Rings bounded by time and by number, so that watching for days takes no more memory than for a minute.
"""

from __future__ import annotations

import math
from collections import Counter as Tally
from collections import deque
from typing import Any

from perilune.profiler.model import CallbackRun, FrameRecord

__all__ = ["LiveFigures"]

_MOST_FRAMES = 8192
_MOST_RUNS = 16384
_MOST_READINGS = 1024


class LiveFigures:
    """Rings of frames, runs, look-ups and counters.

    Args:
        seconds: how far back the figures go.
        budget_us: what a frame may take.
    """

    def __init__(self, seconds: float = 10.0, budget_us: float = 1e6 / 60) -> None:
        self.seconds = seconds
        self.budget_us = budget_us
        self._begin: float | None = None
        self._frames: deque[FrameRecord] = deque(maxlen=_MOST_FRAMES)
        self._runs: deque[CallbackRun] = deque(maxlen=_MOST_RUNS)
        self._lookups: dict[str, deque[tuple[float, int, int]]] = {}
        self._counters: dict[str, deque[tuple[float, float]]] = {}
        self._kinds: dict[str, tuple[str, bool]] = {}
        self._last: dict[str, CallbackRun] = {}
        self._calls: Tally[str] = Tally()

    # Taking in.

    def frame(self, record: FrameRecord) -> None:
        """A frame was drawn."""
        self._frames.append(record)

    def run(self, run: CallbackRun) -> None:
        """A callback ran."""
        self._runs.append(run)
        self._last[run.callback] = run
        self._calls[run.callback] += 1

    def lookups(self, callback: str, time: float, hits: int, misses: int) -> None:
        """So many more look-ups were answered by a memo, or not."""
        self._lookups.setdefault(callback, deque(maxlen=_MOST_READINGS)).append((time, hits, misses))

    def count(self, name: str, unit: str, time: float, value: float, *, cumulative: bool) -> None:
        """A counter was read."""
        self._kinds[name] = unit, cumulative
        self._counters.setdefault(name, deque(maxlen=_MOST_READINGS)).append((time, value))

    # Telling.

    def snapshot(self, now: float) -> dict[str, Any]:
        """The figures of the last seconds, as plain values: see docs/profiling.md."""
        if self._begin is None:
            self._begin = now
        self._forget(now - self.seconds)
        seconds = self._span(now)
        return {
            "seconds": round(seconds, 3),
            "frames": self._frame_figures(seconds),
            "stages": self._stage_figures(),
            "callbacks": self._callback_figures(seconds),
            "counters": self._counter_figures(),
        }

    def _span(self, now: float) -> float:
        """How much of the time that is looked back on was watched."""
        firsts = [ring[0] for ring in ([r.start for r in self._frames], [r.time for r in self._runs]) if ring]
        begin = min([self._begin if self._begin is not None else now, *firsts])
        return min(max(now - begin, 1e-3), self.seconds)

    def _forget(self, before: float) -> None:
        while self._frames and self._frames[0].start < before:
            self._frames.popleft()
        while self._runs and self._runs[0].time < before:
            self._runs.popleft()
        for lookups in self._lookups.values():
            while lookups and lookups[0][0] < before:
                lookups.popleft()
        for readings in self._counters.values():
            while len(readings) > 1 and readings[1][0] <= before:  # the last before it says where it began
                readings.popleft()

    def _frame_figures(self, seconds: float) -> dict[str, Any]:
        times = sorted(record.us for record in self._frames)
        figures: dict[str, Any] = {
            "count": len(times),
            "per_second": round(len(times) / seconds, 2),
            "budget_us": round(self.budget_us, 1),
            "over_budget": sum(record.over_budget for record in self._frames),
        }
        for percent in (50, 95, 99):
            place = math.ceil(percent / 100 * len(times)) - 1
            figures[f"p{percent}_us"] = round(times[place], 1) if times else None
        figures["max_us"] = round(times[-1], 1) if times else None
        causes = Tally(record.causes[0] for record in self._frames if record.over_budget and record.causes)
        figures["causes"] = [[cause, count] for cause, count in causes.most_common(5)]
        return figures

    def _stage_figures(self) -> list[dict[str, Any]]:
        stages: dict[str, list[float]] = {}
        for record in self._frames:
            for name, _, us in record.stages:
                stages.setdefault(name, []).append(us)
        whole = math.fsum(math.fsum(values) for values in stages.values()) or 1.0
        return [
            {
                "name": name,
                "mean_us": round(math.fsum(values) / len(values), 1),
                "max_us": round(max(values), 1),
                "share": round(100 * math.fsum(values) / whole, 1),
            }
            for name, values in stages.items()
        ]

    def _callback_figures(self, seconds: float) -> list[dict[str, Any]]:
        runs: dict[str, list[CallbackRun]] = {
            name: [] for name in (*self._last, *(name for name, ring in self._lookups.items() if ring))
        }
        for run in self._runs:
            runs.setdefault(run.callback, []).append(run)
        found = [self._callback(name, of_one, seconds) for name, of_one in runs.items()]
        return sorted(found, key=lambda one: (-one["us"], one["callback"]))

    def _callback(self, name: str, runs: list[CallbackRun], seconds: float) -> dict[str, Any]:
        us = math.fsum(run.us for run in runs)
        lookups = self._lookups.get(name, ())
        hits, misses = sum(row[1] for row in lookups), sum(row[2] for row in lookups)
        last = self._last.get(name)
        return {
            "callback": name,
            "calls": len(runs),
            "calls_since_start": self._calls[name],
            "calls_per_second": round(len(runs) / seconds, 2),
            "us": round(us, 1),
            "us_per_call": round(us / len(runs), 1) if runs else None,
            "hit_rate": round(100 * hits / (hits + misses), 1) if hits + misses else None,
            "unchanged": round(100 * sum(not run.changed for run in runs) / len(runs), 1) if runs else None,
            "failed": sum(run.failed for run in runs),
            "subject": "" if last is None else last.subject,
            "cause": "" if last is None else last.cause or "first run",
            "old": "" if last is None else last.old,
            "new": "" if last is None else last.new,
        }

    def _counter_figures(self) -> dict[str, Any]:
        figures: dict[str, Any] = {}
        for name, readings in self._counters.items():
            unit, cumulative = self._kinds[name]
            (first_time, first), (last_time, last) = readings[0], readings[-1]
            figures[name] = {"unit": unit, "value": last}
            if cumulative:
                span = last_time - first_time
                figures[name]["per_second"] = round((last - first) / span, 2) if span > 0 else 0.0
            else:
                figures[name]["most"] = max(value for _, value in readings)
        return figures
