"""The ledger as people read it: which callback ran, for which tab, why, what it cost, what came of it.

One table for the command line, for Lua (`wezterm.perilune.ledger()`) and for the debug overlay; the runs
themselves are kept by each window's memo engine. Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from perilune.app.title_sources import WINDOW_SUBJECT, Others, describe_key
from perilune.memo import MemoKey, Run

__all__ = ["LedgerRow", "RunKind", "format_ledger", "ledger_row"]

_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class RunKind:
    """What is known of a run beside what the engine records.

    Attributes:
        kind: "pure", "opaque" or "stateful".
        reasons: why it is not pure.
        error: what failed.
        conversion: the microseconds of it that reading the result took; None if nobody measured that.
    """

    kind: str = "pure"
    reasons: tuple[str, ...] = ()
    error: str | None = None
    conversion: float | None = None


PURE = RunKind()


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One run.

    Attributes:
        number: counts the runs of its window from 1.
        window_id: which window.
        callback: the event, "format-tab-title"; "status" for the parsing of a status.
        subject: the tab's id; "window"; "left" or "right" for a status.
        hover: the argument that it was called with; None if the callback does not use it.
        max_width: likewise.
        input: what changed, as a user would write it: "tab.active_pane.title"; "" if there was no run before.
        old: its value before.
        new: its value since.
        microseconds: what it took.
        reads: how many inputs it read.
        changed: whether its output differs from what stood before.
        failed: whether it raised, or was stopped.
        kind: "pure", "opaque" or "stateful".
        reasons: why it is not pure.
        error: what failed, with file and line.
        conversion: the microseconds that reading the result took; None if nobody measured that.
    """

    number: int
    window_id: int
    callback: str
    subject: Hashable
    hover: bool | None
    max_width: int | None
    input: str
    old: object
    new: object
    microseconds: float
    reads: int
    changed: bool
    failed: bool
    kind: str = "pure"
    reasons: tuple[str, ...] = ()
    error: str | None = None
    conversion: float | None = None

    @property
    def cause(self) -> str:
        """Why it ran, in words."""
        if not self.input:
            return "first run"
        if self.input == "tick":
            return f"status tick, since it is {self.kind}"
        return f"{self.input}: {_short(self.old)} -> {_short(self.new)}"

    @property
    def outcome(self) -> str:
        """What came of it, in words."""
        return "failed" if self.failed else "changed" if self.changed else "same"

    def as_dict(self) -> dict[str, object]:
        """For JSON and for Lua."""
        return {
            "number": self.number,
            "window_id": self.window_id,
            "callback": self.callback,
            "subject": self.subject,
            "hover": self.hover,
            "max_width": self.max_width,
            "cause": self.cause,
            "input": self.input,
            "old": _plain(self.old),
            "new": _plain(self.new),
            "microseconds": round(self.microseconds, 1),
            "reads": self.reads,
            "changed": self.changed,
            "failed": self.failed,
            "kind": self.kind,
            "reasons": list(self.reasons),
            "error": self.error,
        }

    def __str__(self) -> str:
        arguments = []
        if self.hover is not None:
            arguments.append(f"hover={str(self.hover).lower()}")
        if self.max_width is not None:
            arguments.append(f"max_width={self.max_width}")
        subject = f"tab {self.subject}" if isinstance(self.subject, int) else str(self.subject)
        return (
            f"{self.number} {self.callback} {' '.join([subject, *arguments])}: {self.cause}; "
            f"{self.microseconds:.0f} us, {self.reads} reads, {self.outcome}"
        )


def _value(value: object) -> object:
    return value.value if isinstance(value, Others) else value


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)


def _short(value: object) -> str:
    text = "nil" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."


def _plain_arguments(key: MemoKey) -> tuple[bool | None, int | None]:
    variant = key.variant
    if isinstance(variant, tuple) and len(variant) == 2:
        hover, max_width = variant
        return hover, max_width
    return None, None


def ledger_row(run: Run, window_id: int, kind: RunKind = PURE) -> LedgerRow:
    """A run of a window's engine, for people."""
    hover, max_width = _plain_arguments(run.key)
    cause = run.cause
    return LedgerRow(
        number=run.number,
        window_id=window_id,
        callback=run.key.callback,
        subject="window" if run.key.subject == WINDOW_SUBJECT else run.key.subject,
        hover=hover,
        max_width=max_width,
        input="" if cause is None else describe_key(cause.input),
        old=None if cause is None else _value(cause.old),
        new=None if cause is None else _value(cause.new),
        microseconds=run.microseconds,
        reads=run.reads,
        changed=run.changed,
        failed=run.failed or kind.error is not None,
        kind=kind.kind,
        reasons=kind.reasons,
        error=kind.error,
        conversion=kind.conversion,
    )


def format_ledger(rows: Iterable[LedgerRow]) -> str:
    """A table: one line a run, and under it, once, why a callback is not pure or what failed."""
    lines = [f"{'run':>5}  {'callback':<20} {'subject':<10} {'us':>7}  {'reads':>5}  {'output':<8} cause"]
    told: set[tuple[str, ...]] = set()
    for row in rows:
        subject = f"tab {row.subject}" if isinstance(row.subject, int) else str(row.subject)
        arguments = " ".join(
            part
            for part in (
                "hover" if row.hover else "",
                "" if row.max_width is None else f"width {row.max_width}",
            )
            if part
        )
        lines.append(
            f"{row.number:>5}  {row.callback:<20} {subject:<10} {row.microseconds:>7.0f}  {row.reads:>5}  "
            f"{row.outcome:<8} {row.cause}{arguments and f' ({arguments})'}"
        )
        for notes in (row.reasons, (row.error,) if row.error else ()):
            if notes and (row.callback, *notes) not in told:
                told.add((row.callback, *notes))
                heading = row.kind if notes is row.reasons else "error"
                lines += [f"{'':>7}{heading}: {note}" for note in notes]
    return "\n".join(lines)
