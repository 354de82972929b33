"""What a capture says: components with share and verdict, callbacks, cost split, evidence, hints.

`Report` is the value; `as_dict` is its JSON, `document` what people read.
"""

from __future__ import annotations

import math
from collections import Counter as Tally
from dataclasses import asdict, dataclass, field
from typing import Any

from perilune.profiler.callback_report import CallbackLine, callback_lines
from perilune.profiler.document import Cell, Document, Tone
from perilune.profiler.frame_report import FrameReport, frame_report
from perilune.profiler.measures import Capture
from perilune.profiler.model import ROOT
from perilune.profiler.noise import share_error
from perilune.profiler.rules import COSTS, UNMATCHED
from perilune.profiler.shares import NO_STACK, Share, Shares

__all__ = ["ComponentLine", "Report", "SymbolLine", "make_report", "percent"]

SCHEMA = "perilune-profile-report/1"
_TOP = 15
_UNNAMED = 20.0  # percent: with more the rules know little of the program
_PATH = 0.5  # the hottest path is followed while it keeps half


@dataclass(slots=True)
class ComponentLine:
    """A component or a group: shares in percent, half of the 95 % interval of the second, a verdict."""

    name: str
    group: str
    own: float
    total: float
    error: float
    samples: int
    verdict: str
    tone: Tone
    budget: float | None = None


@dataclass(slots=True)
class SymbolLine:
    """A symbol: shares in percent, its component, who calls it mostly and in what share."""

    name: str
    module: str
    component: str
    own: float
    total: float
    caller: str = ""
    caller_share: float = 0.0


@dataclass(slots=True)
class Report:
    """All that is said of a capture. Shares are in percent of the event's weight."""

    name: str
    event: str
    unit: str
    samples: int
    weight: float
    meta: dict[str, Any]
    rules: str
    other_events: list[dict[str, Any]]
    components: list[ComponentLine]
    groups: list[ComponentLine]
    unmatched: float
    unmatched_stacks: float
    unmatched_symbols: list[SymbolLine]
    symbols: list[SymbolLine]
    callbacks: list[CallbackLine]
    costs: dict[str, float]
    hottest: list[str]
    hottest_share: float
    frames: FrameReport | None
    counters: list[dict[str, Any]]
    dead_patterns: list[tuple[str, str, str]]
    patterns: int
    key_finding: str = ""
    hints: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        found = asdict(self)
        for line in (*found["components"], *found["groups"]):
            del line["tone"]
        return {"schema": SCHEMA, **found}

    def document(self) -> Document:
        """The report as people read it."""
        return _document(self)


def percent(value: float) -> str:
    """A share: two digits, and never "0.00 %" for what is there.

    >>> percent(6.321), percent(0.0), percent(0.0012), percent(99.7)
    ('6.32 %', '0 %', '<0.01 %', '99.7 %')
    """
    if value == 0:
        return "0 %"
    if value < 0.005:
        return "<0.01 %"
    return f"{value:.1f} %" if value >= 10 else f"{value:.2f} %"


def make_report(capture: Capture, *, top: int = _TOP) -> Report:
    """Report on a capture.

    Args:
        capture: it.
        top: how many symbols to name.
    """
    shares, profile = capture.shares, capture.profile
    known = 0 <= shares.event < len(profile.events)
    event = profile.events[shares.event] if known else None
    owners = _components_of_symbols(shares)
    symbols = sorted(
        shares.symbols.values(), key=lambda share: (-share.own.weight, -share.total.weight, share.name)
    )
    path, path_share = _hottest(shares)
    report = Report(
        name=capture.name,
        event=event.name if event is not None else "",
        unit=event.unit if event is not None else "",
        samples=shares.all.samples,
        weight=shares.all.weight,
        meta=asdict(profile.meta),
        rules=shares.rules.name,
        other_events=[
            {"name": other.name, "unit": other.unit, "samples": profile.samples(index)}
            for index, other in enumerate(profile.events)
            if index != shares.event
        ],
        components=_component_lines(shares),
        groups=[_component_line(shares, share) for share in shares.groups.values() if share.total.samples],
        unmatched=100 * shares.share(shares.components[UNMATCHED].own),
        unmatched_stacks=100 * shares.unmatched_stacks / shares.all.weight if shares.all.weight else 0.0,
        unmatched_symbols=[_symbol_line(shares, share, owners) for share in shares.unmatched_symbols()[:5]],
        symbols=_with_callers(shares, [_symbol_line(shares, share, owners) for share in symbols[:top]]),
        callbacks=callback_lines(capture),
        costs={
            cost: 100 * weight / shares.all.weight
            for cost, weight in shares.costs.items()
            if shares.all.weight
        },
        hottest=path,
        hottest_share=100 * path_share,
        frames=frame_report(profile),
        counters=[_counter(counter) for counter in profile.counters.values() if len(counter.values)],
        dead_patterns=shares.rules.dead(),
        patterns=len(shares.rules.patterns()),
    )
    report.key_finding = _key_finding(report)
    report.hints = _hints(report)
    return report


def _counter(counter: Any) -> dict[str, Any]:
    values = counter.values
    span = counter.times[-1] - counter.times[0]
    grown = values[-1] - values[0]
    return {
        "name": counter.name, "unit": counter.unit, "cumulative": counter.cumulative,
        "last": values[-1], "largest": max(values), "mean": math.fsum(values) / len(values),
        "per_second": grown / span if counter.cumulative and span > 0 else None,
    }  # fmt: skip


def _component_lines(shares: Shares) -> list[ComponentLine]:
    seen = [share for share in shares.components.values() if share.total.samples or share.own.samples]
    lines = [_component_line(shares, share) for share in seen]
    lines.sort(key=lambda line: (line.name == UNMATCHED, -line.own, -line.total, line.name))
    largest = max((line for line in lines if line.name != UNMATCHED), key=lambda line: line.own, default=None)
    if largest is not None and largest.own >= 10 and largest.budget is None:
        largest.verdict, largest.tone = "dominates", "bad"
    return lines


def _component_line(shares: Shares, share: Share) -> ComponentLine:
    own, total = 100 * shares.share(share.own), 100 * shares.share(share.total)
    every = shares.all
    error = 196 * share_error(share.total.weight, share.total.squares, every.weight, every.squares)
    verdict, tone = _verdict(share, own, total, error)
    return ComponentLine(
        share.name, share.group, own, total, error, share.total.samples, verdict, tone, share.budget
    )


def _verdict(share: Share, own: float, total: float, error: float) -> tuple[str, Tone]:
    if share.name == UNMATCHED:
        return ("no rule names it", "warn" if total >= 20 else "quiet") if total else ("none", "good")
    if share.budget is not None:
        budget = percent(share.budget)
        if total - error > share.budget:
            return f"over its budget of {budget}", "bad"
        if total + error > share.budget:
            return f"at its budget of {budget}, within noise", "warn"
        return f"within its budget of {budget}", "good"
    if total >= 50 and own < total / 10:
        return "calls the others", "quiet"
    if total >= 10:
        return "high", "warn"
    if total >= 3:
        return "notable", "plain"
    return ("low", "plain") if total >= 0.1 else ("negligible", "quiet")


def _components_of_symbols(shares: Shares) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for index, frame in enumerate(shares.profile.frames):
        found.setdefault((frame.symbol, frame.module.rpartition("/")[2]), shares.component_of(index))
    return found


def _symbol_line(shares: Shares, share: Share, owners: dict[tuple[str, str], str]) -> SymbolLine:
    return SymbolLine(
        share.name, share.module, owners.get((share.name, share.module), UNMATCHED),
        100 * shares.share(share.own), 100 * shares.share(share.total),
    )  # fmt: skip


def _with_callers(shares: Shares, lines: list[SymbolLine]) -> list[SymbolLine]:
    """Fill in who calls each symbol mostly, by the samples that were taken in the symbol itself."""
    profile, tree = shares.profile, shares.profile.tree
    wanted = {(line.name, line.module): line for line in lines if line.own}
    keys = [(frame.symbol, frame.module.rpartition("/")[2]) for frame in profile.frames]
    callers: dict[tuple[str, str], dict[str, float]] = {key: {} for key in wanted}
    for node, weight in enumerate(profile.self_weights(shares.event)):
        key = keys[tree.frames[node]]
        if not weight or key not in wanted:
            continue
        at = tree.parents[node]
        while at != ROOT and keys[tree.frames[at]] == key:  # through its own recursion
            at = tree.parents[at]
        name = "" if at == ROOT else keys[tree.frames[at]][0]
        callers[key][name] = callers[key].get(name, 0.0) + weight
    for key, line in wanted.items():
        most = max(callers[key], key=lambda name: (callers[key][name], name), default="")
        if most:
            line.caller, line.caller_share = most, 100 * callers[key][most] / shares.all.weight
    return lines


def _hottest(shares: Shares) -> tuple[list[str], float]:
    """The stack to which most of the time goes, as far as it holds together."""
    profile, tree = shares.profile, shares.profile.tree
    if not shares.all.weight:
        return [], 0.0
    totals = profile.total_weights(shares.event)
    children: dict[int, list[int]] = {}
    for node, parent in enumerate(tree.parents):
        children.setdefault(parent, []).append(node)
    path: list[str] = []
    at, weight = -1, shares.all.weight
    while at in children:
        best = max(children[at], key=lambda node: totals[node])
        if totals[best] < _PATH * weight or totals[best] < 0.05 * shares.all.weight:
            break
        at, weight = best, totals[best]
        path.append(profile.frames[tree.frames[at]].symbol)
    return path, weight / shares.all.weight if path else 0.0


def _key_finding(report: Report) -> str:
    parts = []
    over = [
        line
        for line in (*report.groups, *report.components)
        if line.tone == "bad" and line.budget is not None
    ]
    named = [line for line in report.components if line.name != UNMATCHED]
    if over:
        worst = max(over, key=lambda line: line.total)
        parts.append(f"{worst.name} takes {percent(worst.total)}, {worst.verdict}.")
    if named and named[0].own > 0:
        top = max(named, key=lambda line: line.own)
        members = [s for s in report.symbols if s.component == top.name and s.own > 0]
        inside = f", first of all `{members[0].name}` ({percent(members[0].own)})" if members else ""
        if report.unmatched > max(_UNNAMED, top.own):
            # The rules know little of this program: saying that the largest of the rest dominates misleads.
            unnamed = f"No rule names {percent(report.unmatched)} of the time"
            if report.unmatched_symbols:
                unnamed += f", first of all {_named(report.unmatched_symbols[0])}"
            parts.append(f"{unnamed}.")
            parts.append(f"Of the rest most is {top.name}: {percent(top.own)} self{inside}.")
        else:
            parts.append(f"What dominates is {top.name}: {percent(top.own)} self{inside}.")
    elif report.symbols:
        weightiest = report.symbols[0]
        parts.append(f"What dominates is `{_label(weightiest)}`: {percent(weightiest.own)} self.")
        if report.unmatched > _UNNAMED:
            parts.append(f"No rule names {percent(report.unmatched)} of the time.")
    busiest = max(
        (line for line in report.callbacks if line.calls), key=lambda line: line.calls or 0, default=None
    )
    if busiest is not None:
        rate = []
        if busiest.calls_per_frame is not None:
            rate.append(f"{busiest.calls_per_frame:.3g} times a frame")
        if busiest.calls_per_second is not None:
            rate.append(f"{busiest.calls_per_second:.3g} times a second")
        same = (
            f"; {percent(busiest.unchanged)} of the runs changed nothing"
            if busiest.unchanged is not None
            else ""
        )
        parts.append(f"{busiest.name} ran {' , '.join(rate).replace(' , ', ', ')}{same}.")
    if report.frames is not None:
        frames = report.frames
        if frames.over:
            reason, count = frames.causes[0] if frames.causes else ("", 0)
            cause = f", mostly because of {reason}" if reason and count * 2 > frames.over else ""
            parts.append(f"{frames.over} of {frames.count} frames were over budget{cause}.")
        else:
            parts.append(f"None of {frames.count} frames was over budget.")
    if not parts:
        parts.append("There are no samples.")
    return " ".join(parts)


def _named(line: SymbolLine) -> str:
    return f"`{_label(line)}` ({percent(line.own)})"


def _label(line: SymbolLine) -> str:
    """The symbol; with its module where it has no name."""
    module = line.module.rpartition("/")[2]
    return f"{line.name} ({module})" if line.name == "[unknown]" and module else line.name


def _hints(report: Report) -> list[str]:
    hints = []
    samples = report.samples
    if samples and samples < 1000:
        hints.append(f"Only {samples} samples: shares are rough (see ±). Record longer or at a higher rate.")
    unknown = sum(line.own for line in report.symbols if line.name == "[unknown]")
    if unknown > 10:
        hints.append(
            f"{percent(unknown)} has no symbol: install debug symbols, or record with --call-graph dwarf."
        )
    holes = next((line for line in report.symbols if line.name == "[unknown]" and line.total > 30), None)
    if holes is not None and unknown <= 10:
        hints.append(
            f"Callers are unknown in {percent(holes.total)} of the stacks, so inclusive shares are too small:"
            " what was captured has no frame pointers; record with --call-graph dwarf."
        )
    bare = next((line for line in report.symbols if line.name == NO_STACK), None)
    if bare is not None and bare.own > 1:
        hints.append(f"{percent(bare.own)} of the samples have no stack: record with -g.")
    if report.meta["lost"]:
        hints.append(f"The recorder lost {report.meta['lost']} samples; shares may be off.")
    if report.unmatched > 20:
        first = _label(report.unmatched_symbols[0]) if report.unmatched_symbols else ""
        hints.append(f"{percent(report.unmatched)} is unmatched, first `{first}`: name it with --rules FILE.")
    if report.other_events:
        names = ", ".join(f"{other['name']} ({other['samples']})" for other in report.other_events)
        hints.append(f"Other events were sampled and are not added up: {names}. See them with --event.")
    costs = report.costs
    building = costs.get("conversion", 0.0) + costs.get("strings", 0.0)
    if building > 1 and building > costs.get("execution", 0.0):
        hints.append(
            f"Converting values and making strings ({percent(building)}) costs more than running the"
            f" callbacks ({percent(costs.get('execution', 0.0))}): caching their input does not help, caching"
            " the result does."
        )
    if costs.get("collection", 0.0) > 1:
        hints.append(
            f"Collecting garbage takes {percent(costs['collection'])}: fewer values made, fewer collected."
        )
    clock = next((line for line in report.components if line.name == "Clock"), None)
    if clock is not None and clock.total > 0.5:
        reader = next((s for s in report.symbols if s.component == "Clock" and s.caller), None)
        who = f", mostly for `{reader.caller}` ({percent(reader.caller_share)})" if reader is not None else ""
        hints.append(f"Reading the clock takes {percent(clock.total)}{who}: is every stamp used?")
    for line in report.callbacks:
        if line.calls_per_frame is not None and line.calls_per_frame >= 1:
            hints.append(f"{line.name} runs {line.calls_per_frame:.3g} times in every frame.")
        if line.unchanged is not None and line.unchanged >= 50 and line.calls:
            hints.append(f"{line.name}: {percent(line.unchanged)} of its runs gave what stood before.")
        if line.causes and line.calls and line.causes[0][1] > line.calls / 2 and line.causes[0][0]:
            hints.append(
                f"{line.name} runs mostly because of `{line.causes[0][0]}` ({line.causes[0][1]} times)."
            )
        if line.hit_rate is not None and line.hit_rate < 50:
            hints.append(f"{line.name}: only {percent(line.hit_rate)} of look-ups are answered by the memo.")
    return hints


def _document(report: Report) -> Document:
    document = Document(f"Profile: {report.name}")
    meta = report.meta
    document.heading("Status")
    facts = [f"{report.samples} samples of {report.event} ({report.unit})" if report.event else "no samples"]
    facts += [f"{meta['duration']:.3g} s"] if meta["duration"] else []
    facts += [f"{meta['frames']} frames"] if meta["frames"] else []
    facts += [f"{meta['bytes']} bytes"] if meta["bytes"] else []
    facts += [f"read from {meta['kind']}"] if meta["kind"] else []
    facts += [f"of {meta['command']}"] if meta["command"] else []
    facts.append(f"rules: {report.rules}")
    document.text(", ".join(facts) + ".")
    document.bullets(meta["notes"])
    document.heading("Key finding")
    document.text(report.key_finding, "strong")
    if report.components:
        document.heading("Components")
        largest = max(line.own for line in report.components) or 1.0
        document.table(
            ("Component", ">Self", "", ">Inclusive", ">±", "Verdict"),
            [
                (line.name, percent(line.own), Cell("", bar=line.own / largest), percent(line.total),
                 f"{line.error:.2f}", Cell(line.verdict, line.tone))
                for line in report.components
            ],
            "components",
        )  # fmt: skip
        document.text(
            "Self: by the innermost frame; sums to the whole. Inclusive: with what it calls. ±: half of the"
            " 95 % interval that sampling gives the inclusive share.", "quiet",
        )  # fmt: skip
        document.table(
            ("Total of", ">Self", ">Inclusive", ">±", "Verdict"),
            [
                (line.name, percent(line.own), percent(line.total), f"{line.error:.2f}",
                 Cell(line.verdict, line.tone))
                for line in report.groups
            ],
            "groups",
        )  # fmt: skip
        text = f"Unmatched: {percent(report.unmatched)} of the time"
        if report.unmatched_symbols:
            text += ": " + ", ".join(f"`{_label(s)}` {percent(s.own)}" for s in report.unmatched_symbols)
        if report.unmatched_stacks:
            text += f"; for {percent(report.unmatched_stacks)} no rule names any frame of the stack"
        document.text(text + ".")
    _callbacks(document, report)
    if report.symbols:
        document.heading("Evidence")
        document.table(
            ("Symbol", ">Self", ">Inclusive", "Component", "Mostly called by"),
            [
                (Cell(_label(line), code=True), percent(line.own), percent(line.total), line.component,
                 Cell(line.caller, code=True))
                for line in report.symbols
            ],
            "symbols",
        )  # fmt: skip
    if report.hottest:
        document.heading("What dominates")
        shown = (
            report.hottest if len(report.hottest) <= 12 else [*report.hottest[:4], "…", *report.hottest[-7:]]
        )
        path = " → ".join(f"`{name}`" for name in shown)
        document.text(f"{percent(report.hottest_share)} of the time is spent in or below: {path}")
    if report.frames is not None:
        report.frames.write(document)
    if report.counters:
        document.heading("Counters")
        document.table(
            ("Counter", ">Last", ">Largest", ">Per second", "Unit"),
            [
                (c["name"], f"{c['last']:.6g}", f"{c['largest']:.6g}",
                 "" if c["per_second"] is None else f"{c['per_second']:.4g}", c["unit"])
                for c in report.counters
            ],
            "counters",
        )  # fmt: skip
    document.heading("Hints")
    document.bullets(report.hints or ["Nothing stands out."])
    if report.dead_patterns:
        document.heading("Rules")
        tally = Tally(why for _, _, why in report.dead_patterns)
        said = ", ".join(f"{count}: {why}" for why, count in tally.most_common())
        document.text(f"{len(report.dead_patterns)} of {report.patterns} patterns decided nothing ({said}).")
    return document


def _callbacks(document: Document, report: Report) -> None:
    if report.callbacks:
        document.heading("Callbacks")
        recorded = [line for line in report.callbacks if line.calls is not None]
        document.table(
            ("Callback", ">Calls", ">Per frame", ">Per second", ">µs/call", ">Total µs", ">Hit rate",
             ">Unchanged", "Mostly because of"),
            [
                (Cell(line.name, code=True), str(line.calls), _number(line.calls_per_frame),
                 _number(line.calls_per_second), _number(line.us_per_call), _number(line.us),
                 _share(line.hit_rate), _share(line.unchanged),
                 f"{line.causes[0][0] or 'first run'} ({line.causes[0][1]})" if line.causes else "")
                for line in recorded
            ],
            "callbacks",
        )  # fmt: skip
        sampled = [line for line in report.callbacks if line.sampled is not None]
        document.table(
            ("Callback, as sampled", ">Inclusive"),
            [(Cell(line.name, code=True), percent(line.sampled or 0.0)) for line in sampled],
            "callbacks-sampled",
        )  # fmt: skip
    split = [line for line in report.callbacks if line.split]
    if split or any(report.costs.values()):
        document.heading("Cost split", 3)
        names = {"execution": "Execution", "conversion": "Result conversion", "strings": "Strings",
                 "collection": "Collection", "other": "Other"}  # fmt: skip
        document.table(
            ("Callback", *(f">{name}" for name in names.values()), "Of"),
            [
                (Cell(line.name, code=True), *(_share(line.split.get(cost)) for cost in names), line.split_of)
                for line in split
            ],
            "costs",
        )
        if any(report.costs.values()):
            said = ", ".join(f"{names[cost].lower()} {percent(report.costs[cost])}" for cost in COSTS)
            document.text(f"Of the whole capture: {said}.")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def _share(value: float | None) -> str:
    return "" if value is None else percent(value)
