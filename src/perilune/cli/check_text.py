"""The report of `perilune check` as people read it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.testing.callback_trials import CallbackReport
    from perilune.testing.config_check import CheckReport, Finding

__all__ = ["format_report"]

_CODES = {"red": "31", "yellow": "33", "green": "32", "bold": "1", "dim": "2", "cyan": "36"}
_MOST_REASONS = 6
_WIDTH = 100


class _Ink:
    def __init__(self, *, color: bool) -> None:
        self._color = color

    def __call__(self, style: str, text: str) -> str:
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self._color else text


def format_report(report: CheckReport, *, color: bool) -> str:
    """The whole report, with a newline at its end."""
    return "\n".join(_lines(report, _Ink(color=color))) + "\n"


def _lines(report: CheckReport, ink: _Ink) -> Iterator[str]:
    yield ink("bold", report.file or "no configuration file: the defaults")
    count = len(report.files)
    yield ink("dim", f"loaded in {report.load_ms:.0f} ms, {count} file{'' if count == 1 else 's'}")
    yield from _findings("Errors", "error", report.errors, report, ink("red", "error"), ink)
    yield from _findings("Warnings", "warning", report.warnings, report, ink("yellow", "warning"), ink)
    yield from _states(
        "Options for a native window only",
        (item for item in report.options if item["state"] == "window only"),
        ink,
    )
    yield from _states(
        "Key assignments for a native window only",
        (item for item in report.actions if item["state"] == "window only"),
        ink,
    )
    yield from _states("Key assignments that are not there yet", (
        item for item in report.actions if item["state"] == "missing"
    ), ink)  # fmt: skip
    if report.events:
        yield ""
        yield ink("bold", "Events with handlers")
        yield from _wrapped([f"{item['name']}{' (own)' if item['custom'] else ''}" for item in report.events])
    if report.callbacks:
        yield ""
        yield ink("bold", "Callbacks")
        for callback in report.callbacks:
            yield from _callback(callback, report, ink)
    yield ""
    verdict = ink("green", "ok") if report.ok else ink("red", "not ok")
    yield f"{verdict}: {_counted(len(report.errors), 'error')}, {_counted(len(report.warnings), 'warning')}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _place(file: str, line: int | None, report: CheckReport) -> str:
    folder = Path(report.file).parent
    path = Path(file)
    shown = str(path.relative_to(folder)) if report.file and path.is_relative_to(folder) else file
    return f"{shown}:{line}" if line else shown


def _findings(
    title: str, _kind: str, findings: Iterable[Finding], report: CheckReport, mark: str, ink: _Ink
) -> Iterator[str]:
    found = list(findings)
    if not found:
        return
    yield ""
    yield ink("bold", title)
    for finding in found:
        place = _place(finding.file, finding.line, report)
        first, *rest = finding.message.splitlines() or [""]
        yield f"  {ink('cyan', place) + ': ' if place else ''}{mark}: {first}"
        yield from (f"    {line}" for line in rest)


def _states(title: str, items: Iterable[dict[str, object]], ink: _Ink) -> Iterator[str]:
    names = [str(item["name"]) for item in items]
    if names:
        yield ""
        yield ink("bold", title)
        yield from _wrapped(names)


def _wrapped(names: Iterable[str]) -> Iterator[str]:
    line = " "
    for name in names:
        if len(line) + len(name) + 2 > _WIDTH:
            yield line.rstrip()
            line = " "
        line += f" {name},"
    yield line.rstrip(", ")


def _callback(callback: CallbackReport, report: CheckReport, ink: _Ink) -> Iterator[str]:
    place = _place(callback.file, callback.line, report) if callback.file else ""
    style = {"pure": "green", "opaque": "yellow", "stateful": "yellow"}[callback.kind]
    more = f", {callback.handlers} handlers" if callback.handlers > 1 else ""
    yield f"  {ink('bold', callback.event)}  {ink('cyan', place)}  {ink(style, callback.kind)}{more}"
    if callback.microseconds:
        costs = ", ".join(f"{value:.1f} on {size}" for size, value in callback.microseconds.items())
        growth = f"; {callback.growth} in the tabs" if callback.growth else ""
        yield f"    us a call: {costs} tabs{growth}"
    elif callback.why_not:
        yield ink("dim", f"    not run: {callback.why_not}")
    if callback.reads:
        yield from (f"  {line}" for line in _wrapped([f"reads {callback.reads[0]}", *callback.reads[1:]]))
    if callback.blocking:
        yield f"    {ink('yellow', 'held up by')} {', '.join(callback.blocking)}"
    if callback.does:
        yield f"    does {', '.join(callback.does)}"
    for reason in callback.reasons[:_MOST_REASONS]:
        yield ink("dim", f"    {callback.kind}: {reason}")
    if len(callback.reasons) > _MOST_REASONS:
        yield ink("dim", f"    and {len(callback.reasons) - _MOST_REASONS} more reasons")
    if callback.error:
        yield f"    {ink('yellow', 'raised')}: {callback.error}"
