"""A folder of phases as one document: what each promised and brought, what is left, where the time is now.

Phases are sub-folders in the order of their names (`01-baseline`, `02-cache-tables`): captures (several are
repeats), and if there are any `EXPECT.toml`, `NOTES.md`, `PHASE.toml` (title, frames, bytes, seconds). Each
is compared with the one before it that has captures. `RULES.toml` beside them names components for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perilune.profiler.comparison import Comparison, compare_captures
from perilune.profiler.diff_report import DiffReport, outcome_table, value
from perilune.profiler.document import Block, Cell, Document, Heading
from perilune.profiler.errors import CaptureError, RulesError
from perilune.profiler.expectations import Outcome, judge, load_expectations
from perilune.profiler.measures import Capture
from perilune.profiler.model import Profile
from perilune.profiler.report import Report, make_report, percent
from perilune.profiler.rules import RuleSet, choose, load
from perilune.profiler.toml_places import parse

__all__ = ["Assessment", "Phase", "assess"]

SCHEMA = "perilune-profile-assessment/1"
_NO_CAPTURES = {".toml", ".md", ".html", ".svg", ".png"}
_SETTINGS: dict[str, Any] = {
    "title": str,
    "frames": (int, float),
    "bytes": (int, float),
    "seconds": (int, float),
}


@dataclass(slots=True)
class Phase:
    """One phase.

    Attributes:
        name: of its folder.
        title: for people.
        captures: its repeats.
        notes: the text of NOTES.md.
        comparison: with the phase before; None for the first, and where nothing can be compared.
        outcomes: of what was expected; None if nothing was stated.
        promise: the title of EXPECT.toml.
        report: on the first of the captures.
    """

    name: str
    title: str
    captures: list[Capture]
    notes: str = ""
    comparison: Comparison | None = None
    outcomes: list[Outcome] | None = None
    promise: str = ""
    report: Report | None = None


@dataclass(slots=True)
class Assessment:
    """All phases, in order."""

    title: str
    phases: list[Phase] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The assessment as JSON has it."""
        return {
            "schema": SCHEMA,
            "title": self.title,
            "phases": [
                {
                    "name": phase.name, "title": phase.title, "notes": phase.notes,
                    "captures": [capture.name for capture in phase.captures],
                    "comparison": None if phase.comparison is None else DiffReport(
                        phase.comparison, phase.outcomes, title=phase.promise
                    ).as_dict(),
                    "report": None if phase.report is None else phase.report.as_dict(),
                }
                for phase in self.phases
            ],
        }  # fmt: skip

    def document(self) -> Document:
        """The assessment as people read it."""
        document = Document(self.title)
        document.heading("Status")
        counted = sum(len(phase.captures) for phase in self.phases)
        document.text(
            f"{len(self.phases)} phases: {', '.join(phase.title for phase in self.phases)}; {counted}"
            f" captures, rules: {self.phases[-1].captures[0].shares.rules.name}."
        )
        document.heading("Key finding")
        document.text(self._finding(), "strong")
        self._course(document)
        for phase in self.phases:
            self._phase(document, phase)
        self._left(document)
        return document

    def _finding(self) -> str:
        judged = [o for phase in self.phases for o in phase.outcomes or () if o.expectation is not None]
        costs = [o for phase in self.phases for o in phase.outcomes or () if o.expectation is None]
        parts = []
        if judged:
            tally = [sum(o.result == result for o in judged) for result in ("achieved", "partly", "missed")]
            parts.append(
                f"Of what was promised: {tally[0]} achieved, {tally[1]} partly, {tally[2]} missed; new costs:"
                f" {len(costs)}."
            )
        last = self.phases[-1].report
        if last is not None:
            parts.append(f"Now: {last.key_finding}")
        return " ".join(parts)

    def _course(self, document: Document) -> None:
        """Groups and components over the phases."""
        names: dict[str, list[float]] = {}
        for kind in ("groups", "components"):
            for phase in self.phases:
                tables = [getattr(capture.shares, kind) for capture in phase.captures]
                for name in dict.fromkeys(name for table in tables for name in table):
                    label = f"Total {name}" if kind == "groups" else name
                    names.setdefault(label, [])
        rows = []
        for label in names:
            shares = [self._mean(phase, label) for phase in self.phases]
            if max(shares) >= 0.1:
                rows.append((label, shares))
        document.heading("Components over the phases")
        document.table(
            ("Component (inclusive)", *(f">{phase.name}" for phase in self.phases)),
            [(label, *(percent(share) for share in shares)) for label, shares in rows],
            "course",
        )
        callbacks = list(
            dict.fromkeys(
                line.name
                for phase in self.phases
                if phase.report is not None
                for line in phase.report.callbacks
                if line.calls is not None
            )
        )
        document.table(
            ("Callback (calls per frame)", *(f">{phase.name}" for phase in self.phases)),
            [
                (Cell(name, code=True), *(self._calls(phase, name) for phase in self.phases))
                for name in callbacks
            ],
            "calls",
        )  # fmt: skip

    @staticmethod
    def _mean(phase: Phase, label: str) -> float:
        group = label.startswith("Total ")
        found = []
        for capture in phase.captures:
            table = capture.shares.groups if group else capture.shares.components
            share = table.get(label.removeprefix("Total ") if group else label)
            found.append(0.0 if share is None else 100 * capture.shares.share(share.total))
        return sum(found) / len(found)

    @staticmethod
    def _calls(phase: Phase, name: str) -> str:
        lines = [] if phase.report is None else [line for line in phase.report.callbacks if line.name == name]
        if not lines or lines[0].calls_per_frame is None:
            return ""
        return value(lines[0].calls_per_frame)

    def _phase(self, document: Document, phase: Phase) -> None:
        document.heading(f"Phase {phase.title}")
        for paragraph in re.split(r"\n\s*\n", phase.notes.strip()):
            _note(document, paragraph)
        report = phase.report
        if report is not None:
            said = (
                f"{report.samples} samples of {report.event} in {phase.captures[0].name}"
                if report.event
                else ""
            )
            more = f", {len(phase.captures) - 1} repeats" if len(phase.captures) > 1 else ""
            document.text(f"{said}{more}." if said else "")
        if phase.comparison is None:
            if report is not None:
                document.text(report.key_finding, "strong")
                self._evidence(document, report)
            return
        if phase.outcomes is not None:
            document.heading(f"Promised and brought{': ' + phase.promise if phase.promise else ''}", 3)
            outcome_table(document, phase.outcomes)
        diff = DiffReport(phase.comparison, phase.outcomes).document()
        titles = {"Totals", "Groups", "Components", "Callbacks", "Frames", "Symbols"}
        keep = False
        for block in diff.blocks:
            if isinstance(block, Heading):
                keep = block.text in titles
                if keep:
                    document.heading(f"{block.text}: what changed", 3)
            elif keep:
                document.blocks.append(block)
        if report is not None:
            self._evidence(document, report)

    @staticmethod
    def _evidence(document: Document, report: Report) -> None:
        for block in _sections(report.document(), {"Callbacks", "Cost split", "Evidence", "Frames"}):
            document.blocks.append(Heading(block.text, 3) if isinstance(block, Heading) else block)

    def _left(self, document: Document) -> None:
        last = self.phases[-1]
        open_lines = [
            (phase, o) for phase in self.phases for o in phase.outcomes or ()
            if o.result in {"partly", "missed", "new cost"}
        ]  # fmt: skip
        document.heading("What is left")
        document.bullets(
            [
                f"{o.what} ({phase.title}): {o.result}, {o.reason}; {value(o.verdict.after)} {o.unit}"
                + (f" against {value(o.target)} expected" if o.target is not None else "")
                for phase, o in open_lines
            ]
        )
        if not open_lines:
            document.text("Nothing that was promised is open.")
        if last.report is not None:
            document.heading("Where the time is now")
            for block in _sections(last.report.document(), {"Components", "What dominates", "Hints"}):
                document.blocks.append(Heading(block.text, 3) if isinstance(block, Heading) else block)


def _note(document: Document, paragraph: str) -> None:
    """A paragraph of NOTES.md: a heading, a list, or text."""
    lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
    if lines and lines[0].startswith("#"):
        title = lines.pop(0).lstrip("#").strip()
        document.heading(title, 3)
    if not lines:
        return
    if all(re.match(r"[-*] ", line) for line in lines):
        document.bullets([line[2:] for line in lines])
    else:
        document.text(" ".join(lines))


def _sections(document: Document, titles: set[str]) -> list[Block]:
    found: list[Block] = []
    keep = False
    for block in document.blocks:
        if isinstance(block, Heading):
            keep = block.text in titles
        if keep:
            found.append(block)
    return found


def assess(
    folder: Path,
    load_profile: Callable[[Path], Profile],
    *,
    rules: RuleSet | None = None,
    event: str | None = None,
    per: str | None = None,
) -> Assessment:
    """Assess a folder.

    Args:
        folder: it.
        load_profile: reads a capture.
        rules: for all captures; None: RULES.toml, or what fits the first capture.
        event: to look at; None: the main one of the first capture.
        per: what to normalise by; None: what all captures know.

    Raises:
        CaptureError: a capture cannot be read, or there is none.
        RulesError: a TOML file does not say what it must.
        OSError: a file cannot be read.
    """
    folders = sorted((p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")), key=_order)
    if not folders:
        raise RulesError(f"{folder.name}: no phases: a folder for each, such as 01-baseline")
    if rules is None and (folder / "RULES.toml").is_file():
        rules = load(folder / "RULES.toml")
    assessment = Assessment(_title(folder))
    before: Phase | None = None
    for place in folders:
        settings = _settings(place / "PHASE.toml")
        notes = place / "NOTES.md"
        phase = Phase(
            place.name, str(settings.get("title") or _words(place.name)), [],
            notes.read_text(encoding="utf-8") if notes.is_file() else "",
        )  # fmt: skip
        for path in _captures(place):
            try:
                profile = load_profile(path)
            except CaptureError as error:
                raise CaptureError(f"{place.name}/{path.name}", error.place, error.problem) from None
            meta = profile.meta
            meta.frames = int(settings.get("frames") or meta.frames)
            meta.bytes = int(settings.get("bytes") or meta.bytes)
            meta.duration = float(settings.get("seconds") or meta.duration)
            index = profile.main_event() if event is None else profile.find_event(event)
            if index is None and event is not None and profile.events:
                raise CaptureError(f"{place.name}/{path.name}", "", f"no event {event!r}")
            if event is None and index is not None:
                event = profile.events[index].name
            if rules is None:
                rules = choose(profile, -1 if index is None else index)
            phase.captures.append(Capture.of(profile, index, rules, f"{place.name}/{path.name}"))
        if not phase.captures:
            raise CaptureError(place.name, "", "a phase without a capture")
        expect = place / "EXPECT.toml"
        if before is not None:
            expectations = (
                load_expectations(expect, f"{place.name}/EXPECT.toml") if expect.is_file() else None
            )
            stated = None if expectations is None else expectations.per
            phase.comparison = compare_captures(before.captures, phase.captures, per or stated)
            if expectations is not None:
                phase.outcomes = judge(phase.comparison, expectations)
                phase.promise = expectations.title
        elif expect.is_file():
            raise RulesError(
                f"{place.name}/EXPECT.toml: the first phase has nothing before it to be compared with"
            )
        phase.report = make_report(phase.captures[0], top=10)
        assessment.phases.append(phase)
        before = phase
    return assessment


def _order(path: Path) -> list[Any]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path.name)]


def _words(name: str) -> str:
    match = re.fullmatch(r"(\d+)[-_. ]+(.+)", name)
    return f"{int(match[1])}: {match[2].replace('-', ' ').replace('_', ' ')}" if match else name


def _title(folder: Path) -> str:
    settings = _settings(folder / "ASSESSMENT.toml")
    return str(settings.get("title") or f"Assessment: {folder.resolve().name}")


def _settings(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    where = f"{path.parent.name}/{path.name}"
    try:
        settings, text = parse(path.read_bytes(), where)
    except ValueError as error:
        raise RulesError(str(error)) from None
    for name, setting in settings.items():
        line = next((n for n, row in enumerate(text.split("\n"), 1) if row.lstrip().startswith(name)), 1)
        if name not in _SETTINGS:
            raise RulesError(f"{where}:{line}: {name!r} is not known; there are {', '.join(_SETTINGS)}")
        if not isinstance(setting, _SETTINGS[name]) or isinstance(setting, bool):
            raise RulesError(f"{where}:{line}: {name} = {setting!r}")
    return settings


def _captures(place: Path) -> list[Path]:
    return sorted(
        (p for p in place.iterdir() if p.is_file() and p.suffix not in _NO_CAPTURES and p.name[0] != "."),
        key=_order,
    )
