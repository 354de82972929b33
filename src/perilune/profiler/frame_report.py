"""The frames that Perilune drew: percentiles, stages, those over budget and why."""

from __future__ import annotations

import math
from collections import Counter as Tally
from dataclasses import dataclass

from perilune.profiler.document import Document
from perilune.profiler.model import Profile

__all__ = ["FrameReport", "frame_report"]


@dataclass(slots=True)
class FrameReport:
    """Frames in numbers.

    Attributes:
        count: how many.
        budget_us: what one may take, 0 if not said.
        percentiles: (percent, us).
        largest_us: the slowest.
        over: how many took longer.
        causes: (cause, frames over budget for it), the commonest first.
        stages: (stage, mean us over all frames, largest us, percent of all frame time).
        slowest: (number, us, causes) of the slowest five.
    """

    count: int
    budget_us: float
    percentiles: list[tuple[int, float]]
    largest_us: float
    over: int
    causes: list[tuple[str, int]]
    stages: list[tuple[str, float, float, float]]
    slowest: list[tuple[int, float, list[str]]]

    def write(self, document: Document) -> None:
        """Add the section."""
        document.heading("Frames")
        said = ", ".join(f"p{p} {us:.0f} µs" for p, us in self.percentiles)
        budget = f"; {self.over} over the budget of {self.budget_us:.0f} µs" if self.budget_us else (
            f"; {self.over} over budget" if self.over else ""
        )  # fmt: skip
        document.text(f"{self.count} frames: {said}, largest {self.largest_us:.0f} µs{budget}.")
        document.table(
            ("Stage", ">Mean µs", ">Largest µs", ">Of frame time"),
            [(name, f"{mean:.1f}", f"{most:.0f}", f"{part:.1f} %") for name, mean, most, part in self.stages],
            "stages",
        )
        document.table(
            ("Over budget because of", ">Frames"),
            [(cause or "not known", str(n)) for cause, n in self.causes],
            "causes",
        )  # fmt: skip
        document.table(
            ("Slowest frame", ">µs", "Causes"),
            [(str(number), f"{us:.0f}", ", ".join(causes)) for number, us, causes in self.slowest],
            "slowest",
        )


def frame_report(profile: Profile) -> FrameReport | None:
    """The frames of a profile; None if it has none."""
    records = profile.frame_records
    if not records:
        return None
    times = sorted(record.us for record in records)
    stages: dict[str, list[float]] = {}
    for record in records:
        for name, _, us in record.stages:
            stages.setdefault(name, []).append(us)
    whole = math.fsum(times) or 1.0
    over = [record for record in records if record.over_budget]
    slowest = sorted(records, key=lambda record: -record.us)[:5]
    return FrameReport(
        count=len(records),
        budget_us=profile.meta.frame_budget_us,
        percentiles=[(p, times[round(p / 100 * (len(times) - 1))]) for p in (50, 90, 95, 99)],
        largest_us=times[-1],
        over=len(over),
        causes=Tally(record.causes[0] if record.causes else "" for record in over).most_common(),
        stages=[
            (name, math.fsum(values) / len(records), max(values), 100 * math.fsum(values) / whole)
            for name, values in sorted(stages.items(), key=lambda item: -math.fsum(item[1]))
        ],
        slowest=[(record.number, record.us, list(record.causes)) for record in slowest],
    )
