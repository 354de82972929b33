"""Users' callbacks, as recorded (calls, causes, cost by part) and as sampled (time under them, by part)."""

from __future__ import annotations

import math
from collections import Counter as Tally
from dataclasses import dataclass, field

from perilune.profiler.measures import Capture
from perilune.profiler.model import CallbackRun, Profile
from perilune.profiler.rules import COSTS

__all__ = ["CallbackLine", "callback_lines"]


@dataclass(slots=True)
class CallbackLine:
    """One callback. What is not known is None.

    Attributes:
        name: its name.
        calls: how often it ran.
        calls_per_frame: on average.
        calls_per_second: on average.
        us: what its runs took in all.
        us_per_call: on average.
        hit_rate: percent of the look-ups that its memo answered.
        unchanged: percent of the runs that gave what stood before.
        failed: how many runs failed.
        causes: (input, runs), the commonest first; "" for a first run.
        subjects: (what it ran for, runs), the commonest first.
        example: a change that made it run, in words.
        split: percent of its cost by part; "other" is no part that is known.
        split_of: what the split is of, "recorded time" or "samples".
        sampled: percent of the samples taken in or under it.
        kinds: "pure", "opaque", "stateful", as far as said.
    """

    name: str
    calls: int | None = None
    calls_per_frame: float | None = None
    calls_per_second: float | None = None
    us: float | None = None
    us_per_call: float | None = None
    hit_rate: float | None = None
    unchanged: float | None = None
    failed: int = 0
    causes: list[tuple[str, int]] = field(default_factory=list)
    subjects: list[tuple[str, int]] = field(default_factory=list)
    example: str = ""
    split: dict[str, float] = field(default_factory=dict)
    split_of: str = ""
    sampled: float | None = None
    kinds: list[str] = field(default_factory=list)


def callback_lines(capture: Capture) -> list[CallbackLine]:
    """The callbacks of a capture, the costliest first."""
    profile, shares = capture.profile, capture.shares
    lines: dict[str, CallbackLine] = {}
    by_name: dict[str, list[CallbackRun]] = {name: [] for name in profile.callbacks}
    for run in profile.runs:
        by_name.setdefault(run.callback, []).append(run)
    for name, runs in by_name.items():
        lines[name] = _recorded(name, runs, profile)
    for name, found in shares.callbacks.items():
        line = lines.setdefault(name, CallbackLine(name))
        line.sampled = 100 * shares.share(found.total)
        if not line.split and found.total.weight:
            line.split = {
                cost: 100 * found.costs[cost] / found.total.weight
                for cost in (*COSTS, "other")
                if cost in found.costs
            }
            line.split_of = "samples"
    return sorted(lines.values(), key=lambda line: (-(line.us or 0.0), -(line.sampled or 0.0), line.name))


def _recorded(name: str, runs: list[CallbackRun], profile: Profile) -> CallbackLine:
    line = CallbackLine(name)
    totals = profile.callbacks.get(name)
    line.calls = max(len(runs), totals.runs if totals is not None else 0)
    if profile.meta.frames:
        line.calls_per_frame = line.calls / profile.meta.frames
    if profile.meta.duration > 0:
        line.calls_per_second = line.calls / profile.meta.duration
    line.us = max(math.fsum(run.us for run in runs), totals.us if totals is not None else 0.0)
    if line.calls:
        line.us_per_call = line.us / line.calls
    if totals is not None and totals.hits + totals.misses:
        line.hit_rate = 100 * totals.hits / (totals.hits + totals.misses)
    if runs:
        line.unchanged = 100 * sum(not run.changed for run in runs) / len(runs)
        line.failed = sum(run.failed for run in runs)
        line.causes = Tally(run.cause for run in runs).most_common(5)
        line.subjects = Tally(run.subject for run in runs).most_common(5)
        line.kinds = sorted({run.kind for run in runs if run.kind})
        caused = next((run for run in runs if run.cause), None)
        if caused is not None:
            line.example = f"{caused.cause}: {caused.old} -> {caused.new}"
        line.split = _split(runs)
        line.split_of = "recorded time" if line.split else ""
    return line


def _split(runs: list[CallbackRun]) -> dict[str, float]:
    """Percent by part, over the runs in which any part was measured."""
    parts = dict.fromkeys(COSTS, 0.0)
    measured = set()
    whole = 0.0
    for run in runs:
        values = (run.execution_us, run.conversion_us, run.strings_us, run.collection_us)
        if all(value is None for value in values):
            continue
        whole += run.us
        for cost, value in zip(COSTS, values, strict=True):
            if value is not None:
                measured.add(cost)
                parts[cost] += value
    if whole <= 0:
        return {}
    split = {cost: 100 * parts[cost] / whole for cost in COSTS if cost in measured}
    rest = 100 - sum(split.values())
    if rest > 0.05:
        split["other"] = rest
    return split
