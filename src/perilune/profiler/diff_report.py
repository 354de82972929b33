"""A comparison as people and programs read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from perilune.profiler.comparison import Comparison, Line
from perilune.profiler.document import Cell, Document, Tone
from perilune.profiler.expectations import Outcome

__all__ = ["DiffReport", "outcome_table", "value"]

SCHEMA = "perilune-profile-diff/1"
_LEAST = 0.1  # percent of the whole: smaller symbols are only counted
_TONES: dict[str, Tone] = {"achieved": "good", "partly": "warn", "missed": "bad", "new cost": "warn"}
_STATES = {
    "grew": "more",
    "shrank": "less",
    "new": "new",
    "vanished": "gone",
    "noise": "noise",
    "same": "same",
}


@dataclass(slots=True)
class DiffReport:
    """A comparison, what came of expectations, and what is over the limit.

    Attributes:
        comparison: it.
        outcomes: None if nothing was expected.
        limit: percent of --fail-over; None if not given.
        over: the lines over it.
        title: of the expectations.
    """

    comparison: Comparison
    outcomes: list[Outcome] | None = None
    limit: float | None = None
    over: Sequence[Line] = ()
    title: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing differs at all."""
        return all(line.status == "same" for line in self.comparison.lines)

    def as_dict(self) -> dict[str, Any]:
        """The comparison as JSON has it."""
        comparison = self.comparison
        return {
            "schema": SCHEMA,
            "before": [capture.name for capture in comparison.before],
            "after": [capture.name for capture in comparison.after],
            "per": comparison.per,
            "rules": comparison.before[0].shares.rules.name,
            "lines": [
                {
                    "kind": line.item.kind, "name": line.item.name, "measure": line.item.measure,
                    "unit": line.unit, **asdict(line.verdict), "relative": line.relative,
                    "p_adjusted": line.p, "status": line.status,
                }
                for line in comparison.lines
                if line.status != "same"
            ],
            "unchanged": sum(line.status == "same" for line in comparison.lines),
            "expectations": None if self.outcomes is None else [
                {
                    "what": o.what, "result": o.result, "reason": o.reason, "unit": o.unit,
                    "target": o.target,
                    **asdict(o.verdict),
                }
                for o in self.outcomes
            ],
            "fail_over": self.limit,
            "over": [line.item._asdict() for line in self.over],
        }  # fmt: skip

    def document(self) -> Document:
        """The comparison as people read it."""
        comparison = self.comparison
        names = [
            " + ".join(capture.name for capture in side) for side in (comparison.before, comparison.after)
        ]
        document = Document(f"Comparison: {names[0]} → {names[1]}")
        document.heading("Status")
        document.text(self._status())
        document.heading("Key finding")
        document.text(self._finding(), "strong")
        if self.empty:
            return document
        if self.outcomes is not None:
            document.heading(f"Expected against actual{': ' + self.title if self.title else ''}")
            outcome_table(document, self.outcomes)
        for title, kind, measure in (
            ("Totals", "total", "self"), ("Groups", "group", "inclusive"),
            ("Components", "component", "inclusive"),
        ):  # fmt: skip
            lines = [line for line in comparison.of(kind, measure) if line.status != "same"]
            if lines:
                document.heading(title)
                self._table(document, lines, kind)
        self._own(document)
        for title, kind in (("Callbacks", "callback"), ("Frames", "frames")):
            lines = [line for line in comparison.lines if line.item.kind == kind and line.status != "same"]
            if lines:
                document.heading(title)
                self._table(document, lines, kind)
        symbols = [line for line in comparison.of("symbol", "self") if line.changed]
        document.heading("Symbols")
        if symbols:
            self._table(document, symbols[:25], "symbol")
            if len(symbols) > 25:
                document.text(f"{len(symbols) - 25} more changed.")
        else:
            document.text("No symbol's own time changed by more than noise.")
        self._come_and_gone(document)
        return document

    def _own(self, document: Document) -> None:
        own = [line for line in self.comparison.of("component", "self") if line.changed]
        if own:
            document.heading("Components, self", 3)
            self._table(document, own, "component-self")

    def _status(self) -> str:
        comparison = self.comparison
        counts = [len(side) for side in (comparison.before, comparison.after)]
        samples = [sum(c.shares.all.samples for c in side) for side in (comparison.before, comparison.after)]
        how = "intervals from the repeats (Welch's t)" if max(counts) > 1 else (
            "one capture a side: intervals from the number of samples only, so that what differs between runs"
            " is not in them; give repeats"
        )  # fmt: skip
        shift = (
            " What stays as it is gets a larger share when the rest shrinks."
            if comparison.per == "sample"
            else ""
        )
        return (
            f"{counts[0]} against {counts[1]} captures, {samples[0]} against {samples[1]} samples,"
            f" per {comparison.per}; {how}.{shift}"
        )

    def _finding(self) -> str:
        if self.empty:
            return "No difference."
        comparison = self.comparison
        told = [
            line for line in comparison.lines
            if line.changed and line.item.kind in {"group", "component"} and line.item.measure == "inclusive"
        ]  # fmt: skip
        parts = []
        if self.outcomes is not None:
            tally = [
                sum(o.result == r for o in self.outcomes)
                for r in ("achieved", "partly", "missed", "new cost")
            ]
            parts.append(f"Of what was promised: {tally[0]} achieved, {tally[1]} partly, {tally[2]} missed;"
                         f" new costs: {tally[3]}.")  # fmt: skip
        parts += [_moved(line.item.name, line) for line in told[:3]]
        if not told:
            symbols = [line for line in comparison.of("symbol", "self") if line.changed]
            if symbols:
                line = symbols[0]
                parts.append(_moved(f"`{line.item.name}`", line))
            else:
                parts.append("No difference beyond noise.")
        if self.limit is not None:
            parts.append(
                f"{len(self.over)} items grew by more than {self.limit:g} %: "
                + ", ".join(line.item.name for line in self.over[:5]) + "."
                if self.over
                else f"Nothing grew by more than {self.limit:g} %."
            )  # fmt: skip
        return " ".join(parts)

    def _table(self, document: Document, lines: Sequence[Line], name: str) -> None:
        document.table(
            ("Item", ">Before", ">After", ">Change", ">±", ">Relative", "Unit", "Verdict"),
            [
                (
                    Cell(_label(line), code=line.item.kind == "symbol"), value(line.verdict.before),
                    value(line.verdict.after), f"{line.verdict.change:+.3g}", f"{line.verdict.half:.2g}",
                    "" if line.relative is None else f"{100 * line.relative:+.0f} %", line.unit, _state(line),
                )
                for line in lines
            ],
            name,
        )  # fmt: skip

    def _come_and_gone(self, document: Document) -> None:
        for title, status, zero in (("New", "new", "before"), ("Vanished", "vanished", "after")):
            lines = self.comparison.of("symbol", "self")
            items = [line for line in self.comparison.of("symbol", "inclusive") if line.status == status]
            rare = [
                line for line in lines
                if line.status == "noise" and getattr(line.verdict, zero) == 0
            ]  # fmt: skip
            if not items and not rare:
                continue
            document.heading(title, 3)
            large = [line for line in items if self.comparison.weight(line) >= _LEAST]
            document.bullets(
                [
                    f"`{line.item.name}`: {value(max(line.verdict.before, line.verdict.after))} {line.unit},"
                    " inclusive"
                    for line in large[:15]
                ]
            )
            more = len(items) - len(large[:15])
            rest = [f"{more} smaller"] if more else []
            rest += [f"{len(rare)} with too few samples to tell"] if rare else []
            document.text(", ".join(rest) + "." if rest else "")


def outcome_table(document: Document, outcomes: Sequence[Outcome]) -> None:
    """Add the table of expected against actual."""
    document.table(
        ("What", ">Before", ">Expected", ">Actual", ">±", "Unit", "Verdict", "Why"),
        [
            (
                o.what, value(o.verdict.before), "" if o.target is None else value(o.target),
                value(o.verdict.after), f"{o.verdict.after_half:.2g}", o.unit,
                Cell(o.result, _TONES[o.result]), o.reason,
            )
            for o in outcomes
        ],
        "expectations",
    )  # fmt: skip


def value(number: float) -> str:
    """A measured number, three digits."""
    return "0" if number == 0 else f"{number:.3g}" if abs(number) < 1000 else f"{number:.0f}"


def _moved(name: str, line: Line) -> str:
    return f"{name}: {value(line.verdict.before)} → {value(line.verdict.after)} {line.unit}."


def _label(line: Line) -> str:
    if line.item.kind == "callback":
        return f"{line.item.name}, {line.item.measure.replace('_', ' ')}"
    return line.item.measure.replace("_", " ") if line.item.kind == "frames" else line.item.name


def _state(line: Line) -> Cell:
    tone: Tone = "quiet" if not line.changed else "bad" if line.worse else "good"
    return Cell(_STATES[line.status], tone)
