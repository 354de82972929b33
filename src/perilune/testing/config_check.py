"""What a configuration amounts to, found out without a display: the engine of `perilune check`.

Loads it in a Lua state of its own behind a program that is made up (`CheckProgram`), reads its options and
assignments, and has its callbacks tried (`callback_trials`). What a config would start or open is recorded
and not done; only children that the file itself runs while it loads are run, because the config is made of
their answers. Knows neither the command line nor how a report is shown. The caller's thread, which waits.
"""

from __future__ import annotations

import queue
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.app.actions import HANDLERS
from perilune.app.assignments import unavailable
from perilune.base.clock import ManualClock
from perilune.base.input import Modifiers
from perilune.config.assignment import KeyAssignment
from perilune.config.default_bindings import default_key_tables
from perilune.config.discovery import ConfigSource
from perilune.config.locate import full_path, locate, split_place
from perilune.config.options import Config
from perilune.config.problems import Problem, nearest, suggestion
from perilune.config.record import Record
from perilune.lua.host import LuaHost
from perilune.testing.callback_trials import CallbackReport, CheckProgram, Trials

if TYPE_CHECKING:
    from perilune.lua.values import LoadResult

__all__ = ["EVENTS", "CheckReport", "Finding", "check_config"]

NOT_YET: frozenset[str] = frozenset(getattr(unavailable, "NOT_YET", ()))
WINDOW_ONLY: frozenset[str] = frozenset(unavailable.WINDOW_ONLY)

EVENTS = (
    "augment-command-palette", "bell", "format-tab-title", "format-window-title", "gui-attached",
    "gui-startup", "mux-is-process-stateful", "mux-startup", "new-tab-button-click", "open-uri",
    "update-right-status", "update-status", "user-var-changed", "window-config-reloaded",
    "window-focus-changed", "window-resized",
)  # fmt: skip
"""Those that the program itself emits; all others are the config's own."""


_LOADING = re.compile(r"(error loading module '[^\n]*') from file '[^\n]*':\s+([^\n]+:\d+: .*)", re.DOTALL)
_CALLER = re.compile(r"^\s+([^\n]+?:\d+): in ", re.MULTILINE)

_ALREADY_SO: Mapping[str, object] = {
    "check_for_updates": False,
    "show_update_window": False,
    "use_fancy_tab_bar": False,
}
"""Values of options that nothing reads, because the program is that way anyhow."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to be told, with its place; "" and None where there is none."""

    message: str
    file: str = ""
    line: int | None = None

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {"message": self.message, "file": self.file, "line": self.line}


@dataclass(slots=True)
class CheckReport:
    """What was found.

    Attributes:
        file: the configuration file; "" without one.
        errors: why it does not load, and values of the wrong kind.
        warnings: what loads, and yet is not what its author meant, or has no effect here.
        options: those that are set: name, state ("works", "tui only", "window only", "accepted"), place.
        actions: assignments that keys and the mouse have: name, state ("works", "window only", "missing"),
            how often.
        events: those with handlers, and how many.
        callbacks: the trials.
        files: what was read.
        load_ms: how long loading took.
        is_stuck: Lua did not come back; the process must be ended without waiting for it.
    """

    file: str = ""
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    options: list[dict[str, object]] = field(default_factory=list)
    actions: list[dict[str, object]] = field(default_factory=list)
    events: list[dict[str, object]] = field(default_factory=list)
    callbacks: list[CallbackReport] = field(default_factory=list)
    files: tuple[str, ...] = ()
    load_ms: float = 0.0
    is_stuck: bool = False

    @property
    def ok(self) -> bool:
        """No errors."""
        return not self.errors

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "ok": self.ok,
            "file": self.file,
            "errors": [finding.as_dict() for finding in self.errors],
            "warnings": [finding.as_dict() for finding in self.warnings],
            "callbacks": [callback.as_dict() for callback in self.callbacks],
            "options": self.options,
            "actions": self.actions,
            "events": self.events,
            "files": list(self.files),
            "load_ms": round(self.load_ms, 1),
        }


def check_config(
    source: ConfigSource | None,
    overrides: Sequence[tuple[str, str]] = (),
    *,
    allow_network: bool = False,
    timeout: float = 30.0,
    on_progress: Callable[[str, int, int], None] = lambda _what, _done, _all: None,
) -> CheckReport:
    """Check a configuration.

    Args:
        source: the file; None: none, the defaults.
        overrides: names and Lua expressions laid over it.
        allow_network: plugins may be fetched, and programs run that use the network.
        timeout: seconds that loading may take, and each callback.
        on_progress: told what is being tried, how many trials are done, and how many there are.
    """
    check = _Check(source, allow_network=allow_network, timeout=timeout)
    try:
        check.load(overrides)
        check.try_callbacks(on_progress)
    finally:
        check.close()
    return check.report


class _Check:
    def __init__(self, source: ConfigSource | None, *, allow_network: bool, timeout: float) -> None:
        self.report = CheckReport("" if source is None else str(source.path))
        self._source = source
        self._timeout = timeout
        self._posted: queue.Queue[Callable[[], None]] = queue.Queue()
        self._program = CheckProgram(allow_network=allow_network)
        clock = ManualClock(time.time())
        self._host = LuaHost(
            self._program, self._posted.put, clock, screen=self._program.screen, fetch_plugins=allow_network
        )
        self._files: tuple[Path, ...] = () if source is None else (source.path,)
        self._result: LoadResult | None = None

    def close(self) -> None:
        self._host.close(timeout=0.5 if self.report.is_stuck else 5.0)

    def _wait(self, is_done: Callable[[], bool], seconds: float) -> bool:
        """Carry out what the Lua thread posts until something is done; False if it takes too long."""
        deadline = time.monotonic() + seconds
        while not is_done():
            try:
                self._posted.get(timeout=max(deadline - time.monotonic(), 0.0))()
            except queue.Empty:
                return False
        return True

    # Loading.

    def load(self, overrides: Sequence[tuple[str, str]]) -> None:
        """Load it, and note what is to be said of its options and assignments."""
        results: list[LoadResult] = []
        self._host.start()
        start = time.monotonic()
        self._host.load(None if self._source is None else self._source.path, overrides, results.append)
        if not self._wait(lambda: bool(results), self._timeout):
            self.report.is_stuck = True
            text = f"it had not loaded after {self._timeout:g} seconds"
            if self._program.running:
                text += f": it waits for {self._program.running}"
            self.report.errors.append(Finding(text, self.report.file))
            return
        self.report.load_ms = (time.monotonic() - start) * 1000
        (result,) = results
        self._files = result.watch_files or self._files
        self.report.files = tuple(map(str, self._files))
        if result.error is not None:
            self._add(self.report.errors, result.error)
        for problem in result.problems:
            into = self.report.errors if problem.severity == "error" else self.report.warnings
            self._add(into, problem.message)
        for name, what in self._program.started:
            self._warn_started(name, what)
        if result.config is None:
            return
        self._result = result
        self._note_options(result.config)
        self._note_assignments(result.config)
        self._note_events(result)

    def _add(self, into: list[Finding], text: str, otherwise: tuple[str, int] = ("", 0)) -> None:
        """A message that may begin with its place and end with a traceback.

        Args:
            into: where it is noted.
            text: the message.
            otherwise: the place where neither of the two names one, if that is known.
        """
        message, _, traceback = text.partition("\nstack traceback:")
        message = message.rstrip()
        # What is wrong with a module's text stands after the module's name, on a line of its own.
        loading = _LOADING.match(message)
        before, told = (f"{loading[1]}: ", loading[2]) if loading else ("", message)
        file, line, rest = split_place(told)
        if file.startswith("--config") or not file:
            places = (split_place(place[1] + ": ") for place in _CALLER.finditer(traceback))
            known = set(map(str, self._files))
            callers = ((full_path(shown, self._files), number) for shown, number, _ in places)
            # An error that is no text, or was raised without a place: the innermost line of the config's.
            found = (caller for caller in callers if caller[0] in known)
            file, line = ("", 0) if file else next(found, otherwise)
            before, rest = "", message
        finding = Finding(before + rest, full_path(file, self._files) or self.report.file, line or None)
        if finding not in into:
            into.append(finding)

    def _warn(self, message: str, option: str) -> None:
        place = locate(Problem("warning", message, option), "", self._files)
        file, line, _ = split_place(place + "x") if place else ("", 0, "")
        self.report.warnings.append(Finding(message, file or self.report.file, line or None))

    def _warn_started(self, name: str, what: str) -> None:
        self.report.warnings.append(
            Finding(f"not done by this check: {name} {what}".rstrip(), self.report.file)
        )

    # Options.

    def _note_options(self, config: Config) -> None:
        for name in config.written:
            declared = config.declared[name]
            state = "accepted"
            if declared.used:
                state = {"tui": "tui only", "window": "window only", "both": "works"}[declared.applies]
            place = locate(Problem("warning", name, name), "", self._files)
            file, line, _ = split_place(place + "x") if place else ("", 0, "")
            self.report.options.append(
                {"name": name, "state": state, "file": file or self.report.file, "line": line or None}
            )
            value = getattr(config, name)
            if _is_for_another_system(declared.doc):
                continue
            if not declared.used and value != declared.default and _ALREADY_SO.get(name, ...) != value:
                where = " (it is for a native window)" if declared.applies == "window" else ""
                message = f"the option {name!r} is accepted and not honoured yet{where}"
                self.report.warnings.append(Finding(message, file or self.report.file, line or None))

    # Assignments.

    def _note_assignments(self, config: Config) -> None:
        counts: dict[str, int] = {}
        tables = {*config.key_tables, *default_key_tables()}
        emitted: set[str] = set()
        for option, path, assignment in _assignments(config):
            name = assignment.name
            counts[name] = counts.get(name, 0) + 1
            if name in NOT_YET or name not in HANDLERS:
                self._warn(f"{path}: {name} is not there yet; it does nothing", option)
            if name == "ActivateKeyTable" and assignment.args.name not in tables:
                table = assignment.args.name
                near = suggestion(nearest(table, tables))
                self._warn(f"{path}: there is no key table {table!r}{near}", option)
            if name == "EmitEvent":
                emitted.add(assignment.args)
        for name, count in sorted(counts.items()):
            state = "works"
            if name in WINDOW_ONLY:
                state = "window only"
            elif name in NOT_YET or name not in HANDLERS:
                state = "missing"
            self.report.actions.append({"name": name, "state": state, "count": count})
        if config.leader is None:
            for number, binding in enumerate(config.keys, 1):
                if binding.chord.mods & Modifiers.LEADER:
                    self._warn(f"keys[{number}]: LEADER is never held, for no leader is configured", "keys")
                    break
        self._emitted = emitted

    def _note_events(self, result: LoadResult) -> None:
        known = {*EVENTS, *self._emitted}
        for event in sorted(result.events):
            is_own = event not in EVENTS
            if event.startswith("user-defined-"):
                continue
            self.report.events.append({"name": event, "custom": is_own})
            near = nearest(event, EVENTS)
            if is_own and event not in known and near and _is_slip(event, near):
                quoted = Problem("warning", f"{event}: '{event}'", event)
                file, line, _ = split_place(locate(quoted, "", self._files) + "x")
                message = f"nothing emits the event {event!r}, did you mean {near!r}?"
                self.report.warnings.append(Finding(message, file or self.report.file, line or None))

    # Callbacks.

    def try_callbacks(self, on_progress: Callable[[str, int, int], None]) -> None:
        """Try every callback on synthetic tabs."""
        if self._result is None or self._result.config is None:
            return
        # Titles first: should a handler never end, nothing can be tried after it.
        events = sorted(self._result.events, key=lambda event: (not event.startswith("format-"), event))
        trials = Trials(self._host, self._program, self._result.config, self._wait, self._timeout)
        total = len(events) * len(trials.sizes)
        for number, event in enumerate(events):

            def tell(done: int, event: str = event, number: int = number) -> None:
                on_progress(event, number * len(trials.sizes) + done, total)

            tell(0)
            report = trials.run(event, tell)
            self.report.callbacks.append(report)
            if report.error:
                self._add(self.report.warnings, report.error, (report.file, report.line))
            if report.is_stuck:
                self.report.is_stuck = True
                place = Finding(
                    f"{event}: it had not ended after {self._timeout:g} seconds",
                    report.file,
                    report.line or None,
                )
                self.report.warnings.append(place)
                reason = f"{event} did not end"
                rest = [CallbackReport(other, why_not=reason) for other in events[number + 1 :]]
                self.report.callbacks += rest
                break
        on_progress("", total, total)


def _is_for_another_system(doc: str) -> bool:
    """Whether an option acts on another system than this one, by what is said of it."""
    systems = {"(macOS)": "darwin", "(Windows)": "win32"}
    return any(name in doc and sys.platform != system for name, system in systems.items())


def _is_slip(event: str, near: str) -> bool:
    """Whether two names are so much alike that one is most likely the other, misspelt."""
    import difflib  # noqa: PLC0415 - for events of the config's own only

    return difflib.SequenceMatcher(None, event, near).ratio() > 0.85


def _assignments(config: Config) -> Iterator[tuple[str, str, KeyAssignment]]:
    """Every assignment of keys and the mouse: option, path, assignment; those inside others too."""
    for number, binding in enumerate(config.keys, 1):
        yield from _inner("keys", f"keys[{number}].action", binding.action)
    for name, bindings in config.key_tables.items():
        for number, binding in enumerate(bindings, 1):
            yield from _inner("key_tables", f"key_tables.{name}[{number}].action", binding.action)
    for number, mouse in enumerate(config.mouse_bindings, 1):
        yield from _inner("mouse_bindings", f"mouse_bindings[{number}].action", mouse.action)


def _inner(option: str, path: str, value: object) -> Iterator[tuple[str, str, KeyAssignment]]:
    if isinstance(value, KeyAssignment):
        yield option, path, value
        if value.name != "CopyMode":  # whose argument is of another table
            yield from _inner(option, f"{path}.{value.name}", value.args)
    elif isinstance(value, Record):
        for name, item in value.items():
            yield from _inner(option, f"{path}.{name}", item)
    elif isinstance(value, tuple):
        for number, item in enumerate(value, 1):
            yield from _inner(option, f"{path}[{number}]", item)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _inner(option, f"{path}.{name}", item)
