"""Two sides, each of one capture or of repeats, line by line: what changed, and what is only noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perilune.profiler.measures import Capture, Item, best_per, measured, unit_of
from perilune.profiler.noise import LEVEL, Measured, Verdict, adjust, compare

__all__ = ["Comparison", "Line", "compare_captures"]

_GATED = {
    "total": "self",
    "group": "inclusive",
    "component": "",
    "symbol": "self",
    "callback": "",
    "frames": "",
}
_HIGHER_IS_BETTER = {"hit_rate"}
_NEUTRAL = {"unchanged"}


@dataclass(slots=True)
class Line:
    """One item on both sides.

    Attributes:
        item: what.
        unit: of its values.
        verdict: the comparison.
        p: how probable the difference is without a change, for this many lines.
        status: "same", "noise", "grew", "shrank", "new", "vanished".
    """

    item: Item
    unit: str
    verdict: Verdict
    p: float
    status: str

    @property
    def changed(self) -> bool:
        """Whether it changed, and not by noise."""
        return self.status in {"grew", "shrank", "new", "vanished"}

    @property
    def worse(self) -> bool:
        """Whether it changed for the worse."""
        if self.item.measure in _NEUTRAL:
            return False
        return self.changed and (self.verdict.change > 0) != (self.item.measure in _HIGHER_IS_BETTER)

    @property
    def relative(self) -> float | None:
        """The change in relation to before; None if there was nothing before."""
        return self.verdict.change / self.verdict.before if self.verdict.before else None


@dataclass(slots=True)
class Comparison:
    """Two sides compared.

    Attributes:
        before: its captures.
        after: its captures.
        per: what was normalised by.
        lines: all items; the largest changes first.
        values: the measured values of each capture, before then after.
    """

    before: list[Capture]
    after: list[Capture]
    per: str
    lines: list[Line]
    values: list[dict[Item, Measured]]

    def line(self, item: Item) -> Line | None:
        """The line of an item."""
        return next((line for line in self.lines if line.item == item), None)

    def of(self, kind: str, measure: str) -> list[Line]:
        """The lines of a kind."""
        return [line for line in self.lines if line.item.kind == kind and line.item.measure == measure]

    def over(self, percent: float, least: float) -> list[Line]:
        """The lines that grew by more than `percent` of what they were.

        Args:
            percent: 5 for 5 %.
            least: the share of the whole, in percent, that an item must have on one side to be looked at.
        """
        found = []
        for line in self.lines:
            measure = _GATED[line.item.kind]
            if (measure and line.item.measure != measure) or not line.worse:
                continue
            if line.item.kind in {"group", "component", "symbol"} and self.weight(line) < least:
                continue
            relative = line.relative
            if relative is None or abs(relative) * 100 > percent:
                found.append(line)
        return found

    def weight(self, line: Line) -> float:
        """An item's larger share of the whole, in percent; 100 for what is no share."""
        if line.item.kind not in {"group", "component", "symbol"}:
            return 100.0
        if self.per == "sample":
            return max(line.verdict.before, line.verdict.after)
        total = self.line(Item("total", "all samples", "self"))
        if total is None:
            return 100.0
        sides = ((line.verdict.before, total.verdict.before), (line.verdict.after, total.verdict.after))
        return max(100 * part / whole if whole else 0.0 for part, whole in sides)


def compare_captures(
    before: Sequence[Capture], after: Sequence[Capture], per: str | None = None
) -> Comparison:
    """Compare two sides.

    Raises:
        CaptureError: a capture does not know what it is to be normalised by.
    """
    per = best_per([*before, *after]) if per is None else per
    values = measured([*before, *after], per)
    split = len(before)
    items = list(values[0]) if values else []
    verdicts = {
        item: compare([v[item] for v in values[:split]], [v[item] for v in values[split:]]) for item in items
    }
    # Each kind and measure is one family of lines that are looked at together. Items with too few samples to
    # tell anything are no part of it: they could only hide the others.
    corrected: dict[Item, float] = {}
    for family in {(item.kind, item.measure) for item in items}:
        members = [i for i in items if (i.kind, i.measure) == family and _tellable(i, values)]
        corrected |= zip(members, adjust([verdicts[i].p for i in members]), strict=True)
    lines = [
        Line(item, unit_of(item, before[0], per), verdict, corrected.get(item, 1.0),
             _status(verdict, corrected.get(item, 1.0)))
        for item, verdict in verdicts.items()
    ]  # fmt: skip
    lines.sort(key=lambda line: (-abs(line.verdict.change), line.item))
    return Comparison(list(before), list(after), per, lines, values)


def _tellable(item: Item, values: Sequence[dict[Item, Measured]]) -> bool:
    return item.kind in {"callback", "frames"} or sum(value[item].samples for value in values) >= 5


def _status(verdict: Verdict, p: float) -> str:
    if verdict.change == 0:
        return "same"
    if p > LEVEL:
        return "noise"
    if verdict.before == 0:
        return "new"
    if verdict.after == 0:
        return "vanished"
    return "grew" if verdict.change > 0 else "shrank"
