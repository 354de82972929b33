"""Callbacks of a configuration tried on 1, 20 and 100 synthetic tabs: what they read, cost, wait for and do.

Titles are asked for as a frame asks; handlers of what happens by itself (status, reload, resize, focus, bell,
user variables) are emitted, and the command palette's is called. Not run, only read from their bytecode:
what begins a session (`gui-startup` and its like), what a click or key of the user's sets off, and the
config's own events, since what these do is meant to be done. Whatever a handler asks of the program is
recorded and not carried out, and no child that it would start is started. The caller's thread.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from perilune.app.title_sources import spell_path
from perilune.base.geometry import Size
from perilune.config.options import Config
from perilune.lua.functions import ApiError
from perilune.lua.host_api import Spawned, StaleHandleError, TabState, WindowState
from perilune.lua.values import PaneRef, TitleBatch, TitleRequest, WindowRef
from perilune.testing.bar_program import BarProgram, BarWindow
from perilune.testing.bar_tabs import BarTabs

if TYPE_CHECKING:
    from perilune.lua.host import LuaHost
    from perilune.lua.values import EmitResult, HandlerTraits, ReadPath, Title

__all__ = ["CallbackReport", "CheckProgram", "Trials", "describe_started", "synthetic_tabs"]

SIZES = (1, 20, 100)
_REPEATS = 5
_MOST_WAITS = 200  # of one call: a handler that waits in a loop would never end
_COLS = 120

_TITLES = ("format-tab-title", "format-window-title")
_EMITTED: Mapping[str, tuple[object, ...]] = {
    "update-right-status": (),
    "update-status": (),
    "window-config-reloaded": (),
    "window-resized": (),
    "window-focus-changed": (),
    "bell": (),
    "user-var-changed": ("perilune_check", "1"),
}
_CALLED = ("augment-command-palette",)
_WHY_NOT = {
    "gui-startup": "it runs when a session begins",
    "gui-attached": "it runs when a session begins",
    "mux-startup": "it runs when a session begins",
    "new-tab-button-click": "it runs when the user clicks",
    "open-uri": "it runs when the user opens a link",
    "mux-is-process-stateful": "it is asked when something is closed",
}

_NETWORK = frozenset({
    "aria2c", "curl", "dig", "ftp", "gh", "nc", "ncat", "nslookup", "ping", "rsync", "scp", "sftp", "ssh",
    "telnet", "wget",
})  # fmt: skip
_GIT_NETWORK = frozenset({"clone", "fetch", "ls-remote", "pull", "push", "submodule"})
_BLOCKING = re.compile(
    r"\b(io\.popen|os\.execute|wezterm\.run_child_process|wezterm\.sleep_ms|wezterm\.glob|wezterm\.read_dir"
    r"|io\.open|io\.lines|wezterm\.enumerate_ssh_hosts|wezterm\.color\.extract_colors_from_image"
    r"|wezterm\.procinfo\.\w+|get_foreground_process_info)\b"
)
_WAITS = {
    "sys.popen": "io.popen",
    "sys.execute": "os.execute",
    "wezterm.run_child_process": "wezterm.run_child_process",
    "wezterm.sleep_ms": "wezterm.sleep_ms",
    "wezterm.background_child_process": "wezterm.background_child_process",
    "wezterm.time.call_after": "wezterm.time.call_after",
    "wezterm.plugin.update_all": "wezterm.plugin.update_all",
}
_HOST_READS = {
    "window": "window",
    "tab": "tab",
    "pane": "pane",
    "window_ids": "wezterm.mux.all_windows",
    "domains": "wezterm.mux.all_domains",
    "workspace_names": "wezterm.mux.get_workspace_names",
    "active_workspace": "window:active_workspace",
    "foreground_process_name": "pane:get_foreground_process_name",
    "foreground_process_info": "pane:get_foreground_process_info",
    "current_working_dir": "pane:get_current_working_dir",
    "pane_text": "pane:get_lines_as_text",
    "semantic_zones": "pane:get_semantic_zones",
    "selection_text": "window:get_selection_text_for_pane",
    "effective_config": "window:effective_config",
    "config_overrides": "window:get_config_overrides",
    "screens": "wezterm.gui.screens",
    "appearance": "window:get_appearance",
}


def describe_started(name: str, values: Sequence[object]) -> str:
    """A child's command, or how long was to be waited, as a reader wants to see it."""
    if not values:
        return ""
    value = values[0]
    if name == "wezterm.sleep_ms":
        return f"{value} ms"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _uses_network(command: str) -> bool:
    # Programs are named at the beginning of a part of the command line, here or in one that a shell is given.
    for part in re.split(r"[|;&\n`(]|\b(?:sudo|env|exec|then|do|-c)\s", command):
        words = part.split()
        program = words[0].strip("'\"").rpartition("/")[2] if words else ""
        if program in _NETWORK or (program == "git" and _GIT_NETWORK & set(words)):
            return True
    return False


class CheckProgram(BarProgram):
    """A program that is made up, and records what a config asks of it.

    While a config loads there are no windows; in a trial there is one.

    Attributes:
        started: what was asked for while loading and not done: a function, and what it was to do.
        waits: what a trial would have waited for: a function, and what it was given.
        reads: what a trial asked for.
        waits_left: how often the call that is under way may wait.
        running: the child that is being waited for; "" for none.
        is_loading: whether the config is still loading.
    """

    def __init__(self, *, allow_network: bool = False) -> None:
        super().__init__(_window(0, 1, Config()), lambda: None, lambda: None)
        self.allow_network = allow_network
        self.started: list[tuple[str, str]] = []
        self.waits: list[tuple[str, str]] = []
        self.reads: dict[str, None] = {}
        self.running = ""
        self.is_loading = True
        self.waits_left = 0

    def begin(self, window: BarWindow) -> None:
        """Begin a trial in a window."""
        self.is_loading = False
        self._window = window
        self.waits.clear()
        self.reads.clear()
        self.actions.clear()

    def screen(self, name: str, values: Sequence[object]) -> tuple[object, ...] | None:
        """What is answered in place of waiting or starting something; see `Program.screen`."""
        shown = _WAITS.get(name)
        if shown is None:
            return None
        what = describe_started(name, values)
        if name == "wezterm.plugin.update_all":
            if self.allow_network and self.is_loading:
                return None
            (self.started if self.is_loading else self.waits).append((shown, what))
            return ()
        if name == "wezterm.time.call_after":
            if not self.is_loading:
                self.actions.append((shown,))
            return ()
        if self.is_loading:
            if name == "wezterm.sleep_ms":
                return ()
            if name != "wezterm.background_child_process" and (self.allow_network or not _uses_network(what)):
                self.running = f"{shown} {what}"
                return None
            self.started.append((shown, what))
        else:
            if len(self.waits) < _MOST_WAITS:
                self.waits.append((shown, what))
            self.waits_left -= 1
            if self.waits_left < 0:
                raise ApiError(f"{shown}: it waits again and again")
        match name:
            case "sys.popen":
                return "", True, "exit", 0
            case "sys.execute":
                return None, "exit", 1
            case "wezterm.run_child_process":
                return False, "", "perilune check starts no programs for handlers"
            case _:
                return ()

    # Reading.

    def window_ids(self) -> Sequence[int]:
        """None while loading."""
        return () if self.is_loading else super().window_ids()

    def window(self, window_id: int) -> WindowState:
        """The window of the trial."""
        if self.is_loading:
            raise StaleHandleError(f"there is no window {window_id} while a configuration loads")
        return super().window(window_id)

    def __getattribute__(self, name: str) -> object:
        shown = _HOST_READS.get(name)
        if shown is not None:
            object.__getattribute__(self, "reads")[shown] = None
        return object.__getattribute__(self, name)

    # Acting: recorded.

    def _spawned(self, *what: object) -> Spawned:
        if self.is_loading:
            self.started.append(("wezterm.mux.spawn_window", ""))
        self.actions.append(what)
        state = BarProgram.window(self, self._window.window_id)
        return Spawned(state.window_id, state.active_tab_id or 0, state.active_pane_id or 0)

    def set_status(self, window_id: int, side: str, text: str) -> None:
        """Recorded, and shown."""
        self.actions.append((f"set_{side}_status", window_id))
        super().set_status(window_id, side, text)

    def set_config_overrides(self, window_id: int, overrides: Mapping[str, object]) -> None:
        """Recorded, and laid over."""
        self.actions.append(("set_config_overrides", window_id))
        super().set_config_overrides(window_id, overrides)

    def spawn_window(self, request: object) -> Spawned:
        """Recorded."""
        return self._spawned("spawn_window", request)

    def spawn_tab(self, window_id: int, request: object) -> Spawned:
        """Recorded."""
        return self._spawned("spawn_tab", window_id, request)

    def split_pane(self, pane_id: int, request: object) -> Spawned:
        """Recorded."""
        return self._spawned("split", pane_id, request)

    def move_pane_to_new_tab(self, pane_id: int) -> Spawned:
        """Recorded."""
        return self._spawned("move_to_new_tab", pane_id)

    def move_pane_to_new_window(self, pane_id: int, workspace: str | None) -> Spawned:
        """Recorded."""
        return self._spawned("move_to_new_window", pane_id, workspace)

    def tab(self, tab_id: int) -> TabState:
        """One tab; its size is the window's."""
        return super().tab(tab_id)


_PROGRAMS = ("/bin/zsh", "/usr/bin/nvim", "/usr/bin/git", "/usr/bin/python3", "/usr/bin/ssh", "")
_NAMES = ("zsh", "nvim README.md", "git log", "python3", "user@host: ~/src", "")


def synthetic_tabs(window_id: int, count: int) -> BarTabs:
    """Tabs that differ in what callbacks look at."""
    tabs = BarTabs(window_id, _COLS)
    for number in range(count):
        kind = number % len(_NAMES)
        fields: dict[str, object] = {
            "title": _NAMES[kind],
            "tab_title": "notes" if number % 7 == 3 else "",
            "active": number == count // 2,
            "foreground_process_name": _PROGRAMS[kind],
            "current_working_dir": f"/home/user/src/project{number}" if number % 5 != 4 else None,
            "has_unseen_output": number % 4 == 1,
            "user_vars": {"PROG": _NAMES[kind]} if number % 3 == 0 else {},
            "progress": {"Percentage": number % 100} if number % 6 == 2 else "None",
            "domain_name": "local",
            "tty_name": f"/dev/pts/{number}",
        }
        if number % 10 == 9:
            active = fields.pop("active")
            own = {name: fields[name] for name in ("tab_title",)}
            pane = {name: value for name, value in fields.items() if name not in own}
            fields = {
                **own,
                "active": active,
                "panes": [{**pane, "active": True}, {"title": "zsh", "left": 61}],
            }
        tabs.add(fields)
    return tabs


def _window(window_id: int, count: int, config: Config) -> BarWindow:
    return BarWindow(window_id, synthetic_tabs(window_id, count), config, _COLS, Size(_COLS, 40).rows)


@dataclass(slots=True)
class CallbackReport:
    """One event's callback.

    Attributes:
        event: its name; `user-defined-N` for a function given to a key.
        handlers: how many functions are registered.
        file: where the first of them is; "" where that is not known.
        line: likewise; 0.
        kind: "pure", "opaque" or "stateful".
        reasons: why it is not pure.
        reads: what it reads, in the order of reading.
        blocking: what holds it up: a call, and where it stands or what it was given.
        does: what it asked the program to do, which was recorded.
        was_run: whether it was run.
        why_not: why it was not.
        microseconds: of one call, by the number of tabs.
        reads_per_call: how many inputs a call read, likewise.
        growth: how a call's cost grows with the tabs: "constant", "linear", "more than linear".
        error: what it raised, with its place.
        is_stuck: it did not end.
    """

    event: str
    handlers: int = 1
    file: str = ""
    line: int = 0
    kind: str = "pure"
    reasons: tuple[str, ...] = ()
    reads: list[str] = field(default_factory=list)
    blocking: list[str] = field(default_factory=list)
    does: list[str] = field(default_factory=list)
    was_run: bool = False
    why_not: str = ""
    microseconds: dict[int, float] = field(default_factory=dict)
    reads_per_call: dict[int, float] = field(default_factory=dict)
    growth: str = ""
    error: str = ""
    is_stuck: bool = False

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "event": self.event,
            "file": self.file,
            "line": self.line or None,
            "handlers": self.handlers,
            "kind": self.kind,
            "reasons": list(self.reasons),
            "reads": self.reads,
            "blocking": self.blocking,
            "does": self.does,
            "run": self.was_run,
            "not_run_because": self.why_not or None,
            "us_per_call": {str(size): round(value, 2) for size, value in self.microseconds.items()},
            "reads_per_call": {str(size): round(value, 1) for size, value in self.reads_per_call.items()},
            "growth": self.growth or None,
            "error": self.error or None,
        }


class Trials:
    """Tries callbacks.

    Args:
        host: Lua, with the configuration loaded.
        program: what Lua sees; its window is replaced.
        config: the configuration.
        wait: waits until something is so, for some seconds at most; False if it is not.
        timeout: seconds for one trial.
    """

    sizes = SIZES

    def __init__(
        self,
        host: LuaHost,
        program: CheckProgram,
        config: Config,
        wait: Callable[[Callable[[], bool], float], bool],
        timeout: float,
    ) -> None:
        self._host = host
        self._program = program
        self._config = config
        self._wait = wait
        self._timeout = timeout

    def run(self, event: str, on_size: Callable[[int], None]) -> CallbackReport:
        """Try one event's callback at each size."""
        report = CallbackReport(event)
        found: list[tuple[HandlerTraits, ...]] = []
        self._host.handler_traits(event, found.append)
        if not self._wait(lambda: bool(found), self._timeout):
            report.is_stuck = True
            return report
        self._describe(report, found[0])
        if event not in _TITLES and event not in _EMITTED and event not in _CALLED:
            report.why_not = _WHY_NOT.get(event, "the config or the user sets it off")
            return report
        report.was_run = True
        for number, size in enumerate(SIZES):
            window = _window(number + 1, size, self._config)
            self._program.begin(window)
            self._try(report, window, size)
            on_size(number + 1)
            if report.error or report.is_stuck:
                break
        _finish(report)
        return report

    def _describe(self, report: CallbackReport, traits: Sequence[HandlerTraits]) -> None:
        """What the bytecode tells."""
        if not traits:
            return
        report.handlers = len(traits)
        used = traits[:1] if report.event in (*_TITLES, *_CALLED) else traits
        report.file, report.line = used[0].file, used[0].line
        order = ("pure", "opaque", "stateful")
        report.kind = max((item.kind for item in used), key=order.index)
        report.reasons = tuple(dict.fromkeys(reason for item in used for reason in item.reasons))
        if report.event not in _TITLES:
            # "a.lua:3: reads host state through get_title" -> "get_title"
            names = (read.rpartition(" ")[2] for item in used for read in item.reads)
            report.reads = list(dict.fromkeys(names))
        for reason in report.reasons:
            named = _BLOCKING.search(reason)
            if named is not None:
                place = reason.partition(": ")[0]
                report.blocking.append(f"{named[1]} ({place})")

    def _try(self, report: CallbackReport, window: BarWindow, size: int) -> None:
        if report.event == "format-tab-title":
            self._try_titles(report, window, size)
        elif report.event == "format-window-title":
            self._try_window_title(report, window, size)
        else:
            self._try_handler(report, window, size)
        for name, what in self._program.waits:
            if not any(known.startswith(name) for known in report.blocking):
                report.blocking.append(f"{name} ({what})")
        for action in self._program.actions:
            if str(action[0]) not in report.does:
                report.does.append(str(action[0]))

    # Titles.

    def _try_titles(self, report: CallbackReport, window: BarWindow, size: int) -> None:
        tabs = window.tabs.snapshot()
        width = self._config.tab_max_width
        requests = tuple(TitleRequest(tab, False, width) for tab in range(len(tabs)))
        self._batches(report, self._batch(window, requests), self._host.format_titles, size)

    def _try_window_title(self, report: CallbackReport, window: BarWindow, size: int) -> None:
        def ask(batch: TitleBatch, on_done: Callable[[tuple[Title, ...]], None]) -> None:
            self._host.format_window_title(batch, lambda title: on_done((title,)))

        self._batches(report, self._batch(window, ()), ask, size)

    def _batch(self, window: BarWindow, requests: Sequence[TitleRequest]) -> TitleBatch:
        tabs = window.tabs.snapshot()
        active = next(tab for tab in tabs if tab.is_active)
        return TitleBatch(window.window_id, tabs, active.panes, requests)

    def _batches(
        self,
        report: CallbackReport,
        batch: TitleBatch,
        ask: Callable[[TitleBatch, Callable[[tuple[Title, ...]], None]], None],
        size: int,
    ) -> None:
        costs: list[float] = []
        counts: list[int] = []
        for repeat in range(_REPEATS):
            answers: list[tuple[Title, ...]] = []
            self._program.waits_left = _MOST_WAITS * size
            ask(batch, answers.append)
            if not self._wait(lambda answers=answers: bool(answers), self._timeout):  # type: ignore[misc]
                report.is_stuck = True
                return
            for title in answers[0]:
                if repeat:  # the first fills caches
                    costs.append(title.microseconds)
                counts.append(len(title.reads))
                self._note_title(report, title)
            if report.error:
                return
        report.microseconds[size] = median(costs)
        report.reads_per_call[size] = sum(counts) / len(counts)

    def _note_title(self, report: CallbackReport, title: Title) -> None:
        if title.error and not report.error:
            report.error = _failed(report.event, title.error, self._program)
        for path, _ in title.reads:
            shown = _describe_read(path)
            if shown and shown not in report.reads:
                report.reads.append(shown)
        for is_used, name in ((title.uses_hover, "hover"), (title.uses_max_width, "max_width")):
            if is_used and name not in report.reads and report.event == "format-tab-title":
                report.reads.append(name)
        order = ("pure", "opaque", "stateful")
        if order.index(title.kind) > order.index(report.kind):
            report.kind, report.reasons = title.kind, title.reasons

    # Handlers.

    def _try_handler(self, report: CallbackReport, window: BarWindow, size: int) -> None:
        pane = window.tabs.active
        shown = pane.pane if pane is not None else None
        window_ref, pane_ref = WindowRef(window.window_id), PaneRef(0 if shown is None else shown.pane_id)
        arguments = [window_ref, pane_ref, *_EMITTED.get(report.event, ())]
        costs: list[float] = []
        for repeat in range(_REPEATS):
            start = time.perf_counter()
            error = self._call(report, arguments)
            taken = (time.perf_counter() - start) * 1e6
            if report.is_stuck:
                return
            if error:
                report.error = _failed(report.event, error, self._program)
                return
            if repeat:
                costs.append(taken)
        report.microseconds[size] = max(median(costs) - self._overhead(), 0.0)
        for name in self._program.reads:
            if name not in {"window", "tab", "pane"} and not any(
                name.split(":")[-1] in read for read in report.reads
            ):
                report.reads.append(name)

    def _call(self, report: CallbackReport, arguments: Sequence[object]) -> str | None:
        """One call; what it raised."""
        results: list[str | None] = []
        self._program.waits_left = _MOST_WAITS
        if report.event in _CALLED:
            self._host.call_first(report.event, arguments, lambda _value, error: results.append(error))
        else:

            def emitted(result: EmitResult) -> None:
                results.append(result.error)

            self._host.emit(report.event, arguments, emitted)
        if not self._wait(lambda: bool(results), self._timeout):
            report.is_stuck = True
            return None
        return results[0]

    def _overhead(self) -> float:
        """Microseconds of going to the Lua thread and back."""
        costs: list[float] = []
        for _ in range(_REPEATS):
            done: list[bool] = []
            start = time.perf_counter()
            self._host.when_done(lambda done=done: done.append(True))  # type: ignore[misc]
            self._wait(lambda done=done: bool(done), self._timeout)  # type: ignore[misc]
            costs.append((time.perf_counter() - start) * 1e6)
        return median(costs)


def _failed(event: str, error: str, program: CheckProgram) -> str:
    """The error with its event, after the place that it begins with."""
    match = re.match(r"([^\n]+?:\d+: )(.*)", error, re.DOTALL)
    place, text = (match[1], match[2]) if match is not None else ("", error)
    text = text.partition("\nstack traceback:")[0].rstrip()
    note = ""
    if any(name != "wezterm.sleep_ms" for name, _ in program.waits):
        note = " (this check starts no programs for handlers, which may be why)"
    return f"{place}{event} raised on synthetic tabs: {text}{note}"


def _describe_read(path: ReadPath) -> str:
    """What was read, whichever tab or pane of a list it was: `tab.active_pane.title`, `tabs[*].is_active`."""
    root, *rest = path
    if root == "epoch":
        return "mutable Lua state"
    if root == "clock":
        return f"clock {rest[1]}" if len(rest) > 1 and rest[1] is not None else "clock"
    if root == "host":
        return f"{rest[0]}" if rest else "host"
    return spell_path(root, rest, any_item=True)


def _finish(report: CallbackReport) -> None:
    """Tell how the cost grows: by the number of reads, which is exact, and by time where it is plain."""
    few, many = SIZES[1], SIZES[2]
    if many not in report.microseconds:
        return
    by_time = report.microseconds[many] / max(report.microseconds[few], 1.0)
    by_reads = report.reads_per_call.get(many, 1) / max(report.reads_per_call.get(few, 1), 1)
    plain = by_time if report.microseconds[many] > 20.0 else 1.0
    ratio = max(by_reads, plain if plain > 2.5 else 1.0)
    if ratio < 1.5:
        report.growth = "constant"
    else:
        report.growth = "linear" if ratio <= 2.5 * many / few else "more than linear"
