"""What an optimisation was to do, stated before it was made (EXPECT.toml), against what it did.

An expectation names an item and a value that it is to reach. It is achieved if the value was reached, or lies
within the interval of what was measured; partly, if it moved there by more than noise; else missed. What grew
without having been expected to is a new cost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from perilune.profiler.comparison import Comparison, Line
from perilune.profiler.errors import RulesError
from perilune.profiler.measures import FRAME_MEASURES, Capture, Item, amount, measured, unit_of
from perilune.profiler.noise import LEVEL, Measured, Verdict, compare
from perilune.profiler.rules import UNMATCHED, Component, Matcher, Pattern, RuleSet
from perilune.profiler.shares import Shares
from perilune.profiler.toml_places import entry_line, parse

__all__ = ["Expectation", "Expectations", "Outcome", "judge", "load_expectations", "new_costs"]

_KINDS = ("component", "group", "symbol", "callback", "frames", "total")
_CALLBACK = ("calls_per_frame", "calls_per_second", "us_per_call", "hit_rate", "unchanged")
_LEAST = 0.3  # percent of the whole: what is less is no new cost


@dataclass(frozen=True, slots=True)
class Expectation:
    """One line of EXPECT.toml.

    Attributes:
        what: in words.
        kind: one of "component", "group", "symbol", "callback", "frames", "total".
        name: which; a pattern for symbols.
        measure: "inclusive" or "self", or what is counted.
        per: what it is normalised by; None: what the comparison is.
        goal: "to" a value, "change" by percent of what was before, or by "points".
        value: of the goal.
        why: what the author thought.
        place: the file and the line.
    """

    what: str
    kind: str
    name: str
    measure: str
    per: str | None
    goal: str
    value: float
    why: str = ""
    place: str = ""

    def target(self, before: float) -> float:
        """The value to reach."""
        if self.goal == "to":
            return self.value
        return before * (1 + self.value / 100) if self.goal == "change" else before + self.value


@dataclass(frozen=True, slots=True)
class Expectations:
    """A file of them."""

    title: str
    lines: tuple[Expectation, ...]
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """An expectation and what came of it.

    Attributes:
        expectation: what was stated; None for a new cost.
        what: in words.
        unit: of the values.
        verdict: before and after.
        target: the value to reach; None for a new cost.
        result: "achieved", "partly", "missed", "new cost".
        reason: why it is called that.
    """

    expectation: Expectation | None
    what: str
    unit: str
    verdict: Verdict
    target: float | None
    result: str
    reason: str


def load_expectations(path: Path, source: str = "") -> Expectations:
    """Read EXPECT.toml; `source` is what messages call it, if not its name.

    Raises:
        RulesError: it does not say what it must.
        OSError: it cannot be read.
    """
    source = source or path.name
    try:
        document, text = parse(path.read_bytes(), source)
    except ValueError as error:
        raise RulesError(str(error)) from None
    for key in document:
        if key not in {"title", "expect", "per"}:
            line = next((n for n, row in enumerate(text.split("\n"), 1) if key in row), 1)
            raise RulesError(f"{source}:{line}: {key!r} is not known; there are title, per, [[expect]]")
    entries = document.get("expect")
    if not isinstance(entries, list) or not entries:
        raise RulesError(f"{source}: no [[expect]]")
    per = document.get("per")
    lines = []
    for number, entry in enumerate(entries, 1):
        try:
            expectation = _expectation(entry, per)
        except RulesError as error:
            line = entry_line(text, "expect", number, str(error))
            raise RulesError(f"{source}:{line}: expectation {number}: {error}") from None
        place = f"{source}:{entry_line(text, 'expect', number)}"
        lines.append(replace(expectation, place=place))
    return Expectations(str(document.get("title", "")), tuple(lines), per if isinstance(per, str) else None)


def _expectation(entry: Mapping[str, Any], per: object) -> Expectation:
    if not isinstance(entry, dict):
        raise RulesError("it is no table")
    goals = [goal for goal in ("to", "change", "points") if goal in entry]
    kinds = [kind for kind in _KINDS if kind in entry]
    unknown = set(entry) - {"what", "measure", "per", "why", "to", "change", "points", *_KINDS}
    if unknown:
        raise RulesError(f"{min(unknown)!r} is not known")
    if len(kinds) != 1:
        raise RulesError(f"give one of {', '.join(_KINDS)}")
    if len(goals) != 1:
        raise RulesError('give one of to = VALUE, change = "-50%", points = -5')
    kind, goal = kinds[0], goals[0]
    name = entry[kind]
    if kind in {"frames", "total"}:
        name = "frame time" if kind == "frames" else "all samples"
    elif not isinstance(name, str) or not name:
        raise RulesError(f"{kind} is a name")
    allowed = (
        _CALLBACK if kind == "callback" else FRAME_MEASURES if kind == "frames" else ("inclusive", "self")
    )
    measure = entry.get("measure", "self" if kind == "total" else allowed[0])
    if measure not in allowed:
        raise RulesError(f"measure is one of {', '.join(allowed)}, not {measure!r}")
    per = entry.get("per", per)
    if per is not None and not (isinstance(per, str) and per in {"frame", "byte", "second", "sample"}):
        raise RulesError(f"per is frame, byte, second or sample, not {per!r}")
    value, percent = _number(entry[goal], goal)
    if percent and goal in {"to", "points"} and per is None:
        per = "sample"
    return Expectation(
        str(entry.get("what", name)), kind, name, measure, per, goal, value, str(entry.get("why", ""))
    )


def _number(value: object, goal: str) -> tuple[float, bool]:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value), False
    match = (
        re.fullmatch(r"\s*([-+]?\d+(?:\.\d+)?)\s*(%|us|points?)?\s*", value)
        if isinstance(value, str)
        else None
    )
    if match is None:
        raise RulesError(f"{goal} is a number, not {value!r}")
    return float(match[1]), match[2] == "%"


def judge(comparison: Comparison, expectations: Expectations) -> list[Outcome]:
    """What came of each expectation, and the new costs.

    Raises:
        RulesError: an expectation names what there is not.
        CaptureError: a capture does not know what it is to be normalised by.
    """
    outcomes = []
    for expectation in expectations.lines:
        per = expectation.per or comparison.per
        try:
            sides = [
                [_value(expectation, capture, per) for capture in side]
                for side in (comparison.before, comparison.after)
            ]
        except RulesError as error:
            raise RulesError(f"{expectation.place}: {error}" if expectation.place else str(error)) from None
        verdict = compare(sides[0], sides[1])
        target = expectation.target(verdict.before)
        item = Item(expectation.kind, expectation.name, expectation.measure)
        result, reason = _result(verdict, target)
        unit = unit_of(item, comparison.before[0], per)
        outcomes.append(Outcome(expectation, expectation.what, unit, verdict, target, result, reason))
    return [*outcomes, *new_costs(comparison, expectations.lines)]


def _result(verdict: Verdict, target: float) -> tuple[str, str]:
    downwards = target < verdict.before or (target == verdict.before and verdict.change <= 0)
    sign = 1 if downwards else -1
    told = verdict.p <= LEVEL
    if sign * verdict.after <= sign * target:
        return (
            "achieved",
            "reached" if told or verdict.change == 0 else "reached, though within noise of before",
        )
    if sign * verdict.after - verdict.after_half <= sign * target and told:
        return "achieved", "as near as can be told"
    if not told:
        return "missed", "no change beyond noise"
    if sign * verdict.change > 0:
        return "missed", "it went the other way"
    way = verdict.change / (target - verdict.before)
    return "partly", f"{100 * way:.0f} % of the way"


def _value(expectation: Expectation, capture: Capture, per: str) -> Measured:
    kind, name = expectation.kind, expectation.name
    shares = capture.shares
    if kind == "symbol":
        one = Component(name, "", "", None, False, Matcher([[Pattern(name, "symbol")]]))
        found = Shares(capture.profile, shares.event, RuleSet(name, "", [one])).components[name]
        if not capture.size(per):
            measured([capture], per)  # says what is missing
        return amount(found.own if expectation.measure == "self" else found.total, capture, per)
    if kind == "component" and name not in shares.components:
        raise RulesError(f"no component {name!r} in the rules {shares.rules.name!r}")
    if kind == "group" and name not in shares.groups:
        raise RulesError(f"no group {name!r} in the rules {shares.rules.name!r}")
    found_values = measured([capture], per)[0]
    item = Item(kind, name, expectation.measure)
    if item in found_values:
        return found_values[item]
    if kind in {"callback", "frames"} and not capture.profile.frame_records and not capture.profile.runs:
        raise RulesError(f"{capture.name} holds no {'callbacks' if kind == 'callback' else 'frames'}")
    exposure = max(capture.size(per), 1.0)
    return Measured(0.0, 0.0, 0.0, exposure)


def new_costs(comparison: Comparison, expected: Sequence[Expectation]) -> list[Outcome]:
    """Components and symbols that grew by more than noise though nobody said that they would.

    Where shares are compared, whatever is expected to shrink lets the shares of all else grow; so it is with
    seconds, if the program is as busy as before. A growth that this explains is no new cost.
    """
    factor = _shift(comparison, expected)
    named = {(e.kind, e.name) for e in expected}
    owners: dict[str, str] = {}
    for capture in (*comparison.before, *comparison.after):
        for index, frame in enumerate(capture.profile.frames):
            owners.setdefault(frame.symbol, capture.shares.component_of(index))
    told: set[str] = set()
    patterns = [Pattern(e.name, "symbol") for e in expected if e.kind == "symbol"]
    found: list[Outcome] = []
    for line in (*comparison.of("component", "inclusive"), *comparison.of("symbol", "self")):
        item = line.item
        if not line.worse or comparison.weight(line) < _LEAST or (item.kind, item.name) in named:
            continue
        symbol = item.name.rpartition(" (")[0] or item.name
        if item.kind == "symbol" and owners.get(symbol) in told:
            continue  # its component says it
        if item.kind == "symbol" and any(p.fits_text(symbol) for p in patterns):
            continue
        if factor != 1 and not _beyond(comparison, line, factor):
            continue
        told |= {item.name} if item.kind == "component" and item.name != UNMATCHED else set()
        reason = "was not there before" if line.status == "new" else "grew beyond noise"
        what = f"{item.name}" if item.kind == "component" else f"{item.name}, self"
        found.append(Outcome(None, what, line.unit, line.verdict, None, "new cost", reason))
    return found


def _shift(comparison: Comparison, expected: Sequence[Expectation]) -> float:
    """By how much shares grow because what was expected to shrink did."""
    total = comparison.line(Item("total", "all samples", "self"))
    if comparison.per in {"frame", "byte"} or (total is not None and total.status == "shrank"):
        return 1.0  # what was saved was saved, and not spent on doing the rest more often
    rest = []
    for side in (comparison.before, comparison.after):
        kept = 0.0
        for capture in side:
            shares = capture.shares
            meant = {e.name for e in expected if e.kind == "component"}
            groups = {e.name for e in expected if e.kind == "group"}
            meant |= {c.name for c in shares.rules.components if c.group and c.group in groups}
            inside = sum(
                shares.share(shares.components[name].own) for name in meant if name in shares.components
            )
            for pattern in (Pattern(e.name, "symbol") for e in expected if e.kind == "symbol"):
                inside += sum(
                    shares.share(share.own)
                    for share in shares.symbols.values()
                    if pattern.fits_text(share.name)
                )
            kept += max(0.0, 1 - inside)
        rest.append(kept / len(side))
    return max(1.0, rest[1] / rest[0]) if rest[0] > 0 else 1.0


def _beyond(comparison: Comparison, line: Line, factor: float) -> bool:
    split = len(comparison.before)
    values = [value[line.item] for value in comparison.values]
    scaled = [
        Measured(m.value * factor, m.error * factor, m.samples, m.exposure, m.bounded) for m in values[:split]
    ]
    verdict = compare(scaled, values[split:])
    return verdict.change > 0 and verdict.p <= LEVEL
