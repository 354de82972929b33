"""LuaHost: the Lua thread, the configuration's life, and the way of events and titles into Lua and back.

Decides when Lua runs, not what it may see: the API is in `api/`, the guard in `runtime`. All methods may be
called from any thread; every `on_done` is called through `post`, which hands it to the mux thread.
Over 500 lines, because this is the one face of the package: each method is short, and the work is elsewhere.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from perilune.base.clock import Clock
from perilune.base.log import get_logger
from perilune.config.assignment import field_value
from perilune.config.options import Config
from perilune.config.problems import Problem
from perilune.config.record import Record
from perilune.config.resolved import RESOLVED_PALETTE, resolved_palette
from perilune.lua.api.program import Program
from perilune.lua.convert import ConversionError
from perilune.lua.crossings import CrossingObserver
from perilune.lua.functions import ApiError
from perilune.lua.host_api import HostApi
from perilune.lua.host_reads import HostReads
from perilune.lua.reentrancy import Reentrancy
from perilune.lua.runtime import LuaCallError
from perilune.lua.state import Budgets, LuaState
from perilune.lua.titles import TitleCalls
from perilune.lua.traits import StateTraits
from perilune.lua.values import (
    EmitResult,
    HandlerTraits,
    LoadResult,
    PaneRef,
    ReadPath,
    Title,
    TitleBatch,
    TitleTraits,
    WindowRef,
)
from perilune.lua.work import Sleep, Work, WorkQueue

__all__ = ["LuaHost", "effective_mapping"]

_log = get_logger("lua")

_NO_TRAITS = TitleTraits(uses_hover=True, uses_max_width=True, kind="opaque", reasons=())

_Load = tuple[Path | None, tuple[str, list[object]], Sequence[tuple[str, str]], Callable[[LoadResult], None]]


class LuaHost:
    """Owns the Lua thread.

    Args:
        api: the program, for Lua's objects.
        post: hands a call to the mux thread (`loop.call_soon_threadsafe`).
        clock: what os.time and timers go by; after moving one by hand call `wake`.
        budgets: limits on what callbacks cost.
        config_directories: where `require` looks after the config file's own folder.
        screen: see `Program.screen`.
        fetch_plugins: whether git may be asked for plugins that are not in the cache.

    Attributes:
        on_wrote: called through `post` when Lua code ran, be it a timer's, that may have written what titles
            see.
    """

    def __init__(
        self,
        api: HostApi,
        post: Callable[[Callable[[], None]], None],
        clock: Clock,
        budgets: Budgets | None = None,
        config_directories: Sequence[Path] | None = None,
        screen: Callable[[str, Sequence[object]], tuple[object, ...] | None] | None = None,
        *,
        fetch_plugins: bool = False,
    ) -> None:
        self.on_wrote: Callable[[], None] | None = None
        self._post = post
        self._budgets = budgets or Budgets()
        self._clock = clock
        self._queue = WorkQueue(clock)
        self._program = Program(api, clock, self._call_after)
        self._program.screen = screen
        self._program.plugins.may_fetch = fetch_plugins
        self._directories = tuple(
            config_directories if config_directories is not None else self._program.config_directories()
        )
        self._state: LuaState | None = None
        self._events: frozenset[str] = frozenset()
        self._gates = Reentrancy()
        self._logged: set[str] = set()
        self._epoch = 0
        self._traits: StateTraits | None = None
        self._title_traits: dict[str, TitleTraits] = {}
        self._calls: TitleCalls | None = None
        self._host_reads: HostReads | None = None
        self._title_budget = self._budgets.title
        self._observer: CrossingObserver | None = None
        self._stopping = False
        self._is_loading = False
        self._loads: deque[_Load] = deque()
        self._thread = threading.Thread(target=self._run, name="lua", daemon=True)

    # The thread.

    def start(self) -> None:
        """Start the Lua thread."""
        self._thread.start()

    def close(self, timeout: float = 2.0) -> None:
        """End the thread; a callback in the middle of a C function is left behind."""
        self._stopping = True
        self._queue.put(lambda: None, urgent=True)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def wake(self) -> None:
        """Look at the clock again."""
        self._queue.wake()

    def when_done(self, on_done: Callable[[], None]) -> None:
        """Call back when all that was asked before has been dealt with, timers that are due included."""
        self._queue.put(lambda: self._post(on_done))

    def observe(self, observer: CrossingObserver | None) -> None:
        """Tell someone of every entry into Lua, in this state and in later ones; None: nobody."""

        def call() -> None:
            self._observer = observer
            if self._state is not None:
                self._state.runtime.observe(observer)

        self._queue.put(call, urgent=True)

    def _run(self) -> None:
        while not self._stopping:
            call = self._queue.take()
            if self._stopping:
                break
            try:
                call()
            except Exception:  # noqa: BLE001 - the thread goes on
                _log.exception("a call on the Lua thread failed")

    def _defer(
        self, request: Sleep | Work, on_answer: Callable[[tuple[object, ...] | ApiError], None]
    ) -> None:
        if isinstance(request, Sleep):
            self._queue.put_later(request.seconds, lambda: on_answer(()))
            return
        run = request.run

        def carry_out() -> None:
            answer: tuple[object, ...] | ApiError
            try:
                answer = run()
            except ApiError as error:
                answer = error
            except Exception as error:  # noqa: BLE001 - the task must go on whatever happened
                _log.exception("work for a Lua task failed")
                answer = ApiError(str(error))
            self._queue.put(lambda: on_answer(answer))

        threading.Thread(target=carry_out, name="lua-work", daemon=True).start()

    def _call_after(self, state: object, seconds: float, number: int) -> None:
        if not isinstance(state, LuaState):
            return
        screen = self._program.screen
        if screen is not None and screen("wezterm.time.call_after", [seconds]) is not None:
            return

        def fire() -> None:
            if state.is_retired:
                return
            traits = self._traits if state is self._state else None
            state.start(
                "timer",
                [number],
                "a call_after callback",
                self._log_failure("wezterm.time.call_after"),
                may_write=traits is None or traits.timer_may_write(number),
            )
            self._tell_wrote()  # it may have set GLOBAL

        self._queue.put_later(seconds, fire)

    def _log_failure(self, what: str) -> Callable[[list[object] | None, str | None], None]:
        def on_done(_values: list[object] | None, error: str | None) -> None:
            if error is not None:
                _log.error("%s: %s", what, error)

        return on_done

    # Loading.

    def load(
        self,
        path: Path | None,
        overrides: Sequence[tuple[str, str]],
        on_done: Callable[[LoadResult], None],
    ) -> None:
        """Load a config file (None: no file, the defaults) and lay `overrides` over it.

        It becomes the configuration in force, with a Lua state of its own, only if it loads without an error.

        Args:
            path: the file.
            overrides: names and Lua expressions, from `--config name=value`.
            on_done: called with what it came to.
        """
        given: list[object] = ["return {}", "no config"] if path is None else [str(path)]
        entry = ("load_string" if path is None else "load_file", given)
        self._queue.put(lambda: self._load(path, entry, overrides, on_done))

    def load_string(
        self,
        source: str,
        on_done: Callable[[LoadResult], None],
        name: str = "config",
        path: Path | None = None,
    ) -> None:
        """Load source text as if it were a config file, which `path` may name."""
        self._queue.put(lambda: self._load(path, ("load_string", [source, name]), (), on_done))

    def _load(
        self,
        path: Path | None,
        entry: tuple[str, list[object]],
        overrides: Sequence[tuple[str, str]],
        on_done: Callable[[LoadResult], None],
    ) -> None:
        if self._is_loading:  # one that waits for a child; the later one must not be overtaken
            self._loads.append((path, entry, overrides, on_done))
            return
        directories = ([path.parent] if path is not None else []) + list(self._directories)
        try:
            state = LuaState(self._program, path, directories, self._budgets, self._defer)
        except (LuaCallError, ConversionError) as error:
            result = LoadResult(None, str(error), (), (), frozenset(), {})
            self._post(lambda: on_done(result))
            return
        if path is not None:
            state.watch(str(path))
        if self._observer is not None:
            state.runtime.observe(self._observer)

        def finish(values: list[object] | None, error: str | None) -> None:
            result = self._loaded(state, values, error, overrides)
            if result.config is not None:
                self._swap(state, result.config)
            else:
                state.retire()
            self._is_loading = False
            self._post(lambda: on_done(result))
            if self._loads:
                self._load(*self._loads.popleft())

        self._is_loading = True
        state.start(entry[0], entry[1], "loading the config", finish)

    def _loaded(
        self,
        state: LuaState,
        values: list[object] | None,
        error: str | None,
        overrides: Sequence[tuple[str, str]],
    ) -> LoadResult:
        raw: dict[str, object] = {}
        if values is not None:
            raw = _as_options(values[0])
            lines = values[1] if isinstance(values[1], dict) else {}
            for name, expression in overrides:
                answer, error = state.direct("evaluate", [expression, f"--config {name}"], f"--config {name}")
                if answer is None:
                    break
                raw[name] = answer[0]
                lines.pop(name, None)
        files = tuple(state.files)
        if error is not None:
            findings = tuple(_with_full_path(problem, files) for problem in state.findings)
            return LoadResult(None, error, findings, files, frozenset(), raw)
        config, found = Config.from_mapping(raw)
        problems = (
            *(_with_full_path(problem, files) for problem in state.findings),
            *(_with_place(problem, lines.get(problem.option), files) for problem in found),
        )
        return LoadResult(config, None, problems, files, frozenset(state.events), raw)

    def _swap(self, state: LuaState, config: Config) -> None:
        old, self._state = self._state, state
        state.runtime.observe(self._observer)  # it may be another than when the load began
        if old is not None:
            old.retire()
        self._events = frozenset(state.events)
        state.is_loaded = True
        state.on_event_registered = self._note_event
        state.on_wrote = self._note_write
        self._logged.clear()
        self._epoch += 1
        self._send_config(-1, config)
        self._traits = StateTraits(state, lambda: self._epoch)
        self._host_reads = HostReads(state.functions, self._program.stored, self._clock)
        self._calls = TitleCalls(state, self._clock, self._host_reads, self._traits_of, self._report)
        if "title_instruction_limit" in config.written:
            self._title_budget = config.title_instruction_limit
        else:
            self._title_budget = self._budgets.title
        self._title_traits = {}
        for event in ("format-tab-title", "format-window-title"):
            if event in self._events:
                self._traits_of(event)

    def _traits_of(self, event: str) -> tuple[TitleTraits, bool]:
        if self._traits is None:
            return _NO_TRAITS, True
        traits, sees_state = self._traits.title(event)
        self._title_traits[event] = traits
        return traits, sees_state

    def _note_write(self) -> None:
        self._epoch += 1
        self._tell_wrote()

    def _tell_wrote(self) -> None:
        if self.on_wrote is not None:
            self._post(self.on_wrote)

    def _note_event(self, state: LuaState) -> None:
        if state is self._state:
            self._events = frozenset(state.events)

    def set_window_config(self, window_id: int, config: Config | None) -> None:
        """The `config` argument of title callbacks for a window with overrides; None: that of the load."""
        self._queue.put(lambda: self._send_config(window_id, config), urgent=True)

    def forget_window(self, window_id: int) -> None:
        """A window is gone: drop what Lua holds of it."""

        def call() -> None:
            if self._calls is not None:
                self._calls.forget_window(window_id)

        self._queue.put(call)

    def _send_config(self, window_id: int, config: Config | None) -> None:
        if self._state is None:
            return
        try:
            value = None if config is None else effective_mapping(config)
            _, error = self._state.direct("set_config", [window_id, value], "the effective config")
        except ConversionError as failure:
            error = str(failure)
        if error is not None:
            _log.error("the effective config cannot be shown to Lua: %s", error)

    # Events.

    def has_handler(self, event: str) -> bool:
        """Whether the configuration in force has a handler for the event."""
        return event in self._events

    def emit(
        self,
        event: str,
        args: Sequence[object],
        on_done: Callable[[EmitResult], None] | None = None,
    ) -> None:
        """Call every handler of an event, in order; a literal false stops.

        Args:
            event: its name; "user-defined-N" for an action_callback.
            args: `WindowRef`, `PaneRef`, text, numbers, tables, None.
            on_done: called when the handlers have ended.
        """
        if event not in self._events and self._state is not None:
            if on_done is not None:
                self._finish(on_done, EmitResult(True, may_write=False))
            return
        self._queue.put(lambda: self._emit(event, args, on_done))

    def emit_status(self, window_id: int, pane_id: int) -> None:
        """update-right-status, then update-status."""
        for event in ("update-right-status", "update-status"):
            if event in self._events:
                self.emit(event, [WindowRef(window_id), PaneRef(pane_id)])

    def _finish(self, on_done: Callable[[EmitResult], None] | None, result: EmitResult) -> None:
        if on_done is not None:
            self._post(lambda: on_done(result))

    def _emit(self, event: str, args: Sequence[object], on_done: Callable[[EmitResult], None] | None) -> None:
        state = self._state
        if state is None or event not in state.events:
            self._finish(on_done, EmitResult(True, may_write=False))
            return
        key = self._gates.key(event, args)
        if key is None:
            self._run_handlers(state, event, args, on_done, None)
            return

        def run() -> None:
            self._run_handlers(state, event, args, on_done, key)

        pane = args[1]
        verdict = self._gates.admit(key, pane, run)
        if verdict == "run":
            run()
        elif verdict != "queued":
            if verdict == "dropped for another pane":
                _log.warning("%s for %s was dropped: its handler is still busy", event, pane)
            self._finish(on_done, EmitResult(True, dropped=True, may_write=False))

    def _run_handlers(
        self,
        state: LuaState,
        event: str,
        args: Sequence[object],
        on_done: Callable[[EmitResult], None] | None,
        key: tuple[int, str] | None,
    ) -> None:
        def ended(values: list[object] | None, error: str | None) -> None:
            if error is not None:
                _log.error("a handler of %s failed: %s", event, error)
                result = EmitResult(False, error, may_write=may_write)
            else:
                result = EmitResult(bool(values and values[0]), may_write=may_write)
            self._finish(on_done, result)
            following = None if key is None else self._gates.leave(key)
            if following is not None:
                self._queue.put(following)

        may_write = self._traits is None or self._traits.may_write(event)
        try:
            state.start("emit", [event, *args], f"a handler of {event}", ended, may_write=may_write)
        except ConversionError as error:
            ended(None, str(error))

    def call_first(
        self, event: str, args: Sequence[object], on_done: Callable[[object, str | None], None]
    ) -> None:
        """Call the first handler, which must not wait, for its value: (value or None, error or None).

        For augment-command-palette and mux-is-process-stateful.
        """

        def call() -> None:
            value: object = None
            error: str | None = None
            if self._state is not None:
                self._epoch += 1
                values, error = self._state.direct("call_first", [event, *args], f"a handler of {event}")
                value = values[0] if values else None
                if error is not None:
                    _log.error("a handler of %s failed: %s", event, error)
            self._post(lambda: on_done(value, error))

        self._queue.put(call)

    def evaluate(self, expression: str, on_done: Callable[[object, str | None], None]) -> None:
        """The value of a Lua expression in the state in force, or None and the error."""

        def ended(values: list[object] | None, error: str | None) -> None:
            self._post(lambda: on_done(values[0] if values else None, error))

        def call() -> None:
            if self._state is None:
                ended(None, "no config is loaded")
            else:
                self._state.start("evaluate", [expression, "expression"], "an expression", ended)

        self._queue.put(call)

    def handler_traits(self, event: str, on_done: Callable[[tuple[HandlerTraits, ...]], None]) -> None:
        """What each handler of an event may do, told from its bytecode without running it."""

        def call() -> None:
            traits = () if self._traits is None else self._traits.handlers(event)
            self._post(lambda: on_done(traits))

        self._queue.put(call)

    def repl(
        self, source: str, window_id: int, pane_id: int | None, on_done: Callable[[str, str], None]
    ) -> None:
        """Run what was typed at the debug overlay's prompt, under an event handler's budget.

        `on_done` gets "done" and the values as text, "error" and the message, or "more" where the text is the
        beginning of something.
        """

        def ended(values: list[object] | None, error: str | None) -> None:
            kind, text = ("error", error or "") if values is None else (str(values[0]), str(values[1]))
            self._post(lambda: on_done(kind, text))

        def call() -> None:
            pane = None if pane_id is None else PaneRef(pane_id)
            if self._state is None:
                ended(None, "no config is loaded")
                return
            try:
                self._state.start("repl", [source, WindowRef(window_id), pane], "what was typed", ended)
            except ConversionError as error:
                ended(None, str(error))

        self._queue.put(call)

    # Titles.

    @property
    def epoch(self) -> int:
        """Grows when Lua code ran that may have written state which title callbacks can see. Any thread."""
        return self._epoch

    def title_traits(self, event: str) -> TitleTraits:
        """What the callback of "format-tab-title" or "format-window-title" may do. Any thread."""
        return self._title_traits.get(event, _NO_TRAITS)

    def host_value(self, path: ReadPath) -> object:
        """What a path that begins with "host" or "clock" reads now, to be compared with what a title read.

        Any thread on which `HostApi` may be called.
        """
        reads = self._host_reads
        if reads is None:
            raise KeyError(path)
        return reads.value(path)

    def format_titles(self, batch: TitleBatch, on_done: Callable[[tuple[Title, ...]], None]) -> None:
        """format-tab-title for every request of the batch, in one crossing; first handler only."""
        if not self.has_handler("format-tab-title"):
            titles = tuple(Title(None) for _ in batch.requests)
            self._post(lambda: on_done(titles))
            return

        def call() -> None:
            calls = self._calls
            result = (
                tuple(Title(None) for _ in batch.requests)
                if calls is None
                else calls.tab_titles(batch, self._title_budget, self._epoch)
            )
            self._post(lambda: on_done(result))

        self._queue.put(call, urgent=True)

    def format_window_title(self, batch: TitleBatch, on_done: Callable[[Title], None]) -> None:
        """format-window-title for the batch's active tab."""
        if not self.has_handler("format-window-title"):
            self._post(lambda: on_done(Title(None)))
            return

        def call() -> None:
            calls = self._calls
            result = (
                Title(None) if calls is None else calls.window_title(batch, self._title_budget, self._epoch)
            )
            self._post(lambda: on_done(result))

        self._queue.put(call, urgent=True)

    def _report(self, event: str, message: str, trace: str) -> None:
        if message not in self._logged:
            self._logged.add(message)
            detail = message + (trace and f"\n{trace}")
            _log.error("%s failed, the last good title or the built-in one is used: %s", event, detail)


def _as_options(value: object) -> dict[str, object]:
    if isinstance(value, Mapping):
        return {str(name): item for name, item in value.items()}
    if isinstance(value, list):
        return {str(number): item for number, item in enumerate(value, 1)}
    return {}


def _with_full_path(problem: Problem, files: Sequence[Path]) -> Problem:
    from perilune.config.locate import full_path, split_place  # noqa: PLC0415 - as below

    file, line, text = split_place(problem.message)
    if not file:
        return problem
    message = f"{full_path(file, files)}:{line}: {text}"
    return Problem(problem.severity, message, problem.option, problem.suggestion)


def _with_place(problem: Problem, place: object, files: Sequence[Path]) -> Problem:
    if not isinstance(place, str) or not place:
        place = ""
    from perilune.config.locate import locate  # noqa: PLC0415 - for configs with something wrong only

    place = locate(problem, place, files)
    return Problem(problem.severity, place + problem.message, problem.option, problem.suggestion)


_defaults: dict[str, object] = {}
_RECORDS = frozenset(
    name for name, declared in Config.declared.items() if isinstance(declared.default, Record)
)


def effective_mapping(config: Config) -> dict[str, object]:
    """Every option in the form that Lua sees: as it was written, else the default."""
    if not _defaults:
        declared = Config.declared
        for name, value in Config().items():
            _defaults[name] = field_value(declared[name], value, is_whole=True)
    effective = {**_defaults, **config.written, RESOLVED_PALETTE: resolved_palette(config.palette)}
    for name in _RECORDS & config.written.keys():  # a field that was not written has its default
        written, default = config.written[name], _defaults[name]
        if isinstance(written, Mapping) and isinstance(default, Mapping):
            effective[name] = {**default, **written}
    for name, written in config.written.items():  # 15 and 15.0 look different in Lua
        if type(written) is int and isinstance(_defaults.get(name), float):
            effective[name] = float(written)
    return effective
