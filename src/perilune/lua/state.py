"""One load of a configuration: a Lua state, the files it read, handlers, and tasks. Lua thread only."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.base.log import get_logger
from perilune.config.problems import Problem
from perilune.lua.api import register_api
from perilune.lua.convert import ConversionError, decode, encode
from perilune.lua.functions import ApiError, FunctionTable
from perilune.lua.runtime import Outcome, Runtime
from perilune.lua.work import Sleep, Work

if TYPE_CHECKING:
    from perilune.lua.api.program import Program

__all__ = ["Budgets", "LuaState", "TaskDone"]

_log = get_logger("lua")

TaskDone = Callable[[list[object] | None, str | None], None]
"""Called with the answer's values, or None and the error."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """What a callback may cost before it is stopped.

    Attributes:
        load: instructions while a config loads.
        event: instructions of an event handler or key callback between two waits.
        title: instructions for one title. 10 million take about 50 ms.
        memory: bytes of one Lua state.
    """

    load: int = 1_000_000_000
    event: int = 200_000_000
    title: int = 10_000_000
    memory: int = 512 << 20


@dataclass(frozen=True, slots=True)
class _Task:
    budget: int
    label: str
    on_done: TaskDone
    may_write: bool


class LuaState:
    """A Lua state with the API, and the tasks that run in it.

    Args:
        program: what the API functions work with.
        path: the config file; None for no file.
        directories: the folders where `require` looks.
        budgets: limits.
        now: seconds since the epoch.
        defer: calls later on the Lua thread, after a sleep or some work: (request, on_answer).
    """

    def __init__(
        self,
        program: Program,
        path: Path | None,
        directories: Sequence[Path],
        budgets: Budgets,
        defer: Callable[[Sleep | Work, Callable[[tuple[object, ...] | ApiError], None]], None],
    ) -> None:
        self.path = path
        self.events: set[str] = set()
        self.findings: list[Problem] = []
        self.files: dict[Path, None] = {}
        self.is_retired = False
        self.is_closed = False
        self._waiting = 0
        self.is_loaded = False
        self.on_wrote: Callable[[], None] | None = None
        self.on_event_registered: Callable[[LuaState], None] | None = None
        self._budgets = budgets
        self._program = program
        self._defer = defer
        self.functions = self._functions = FunctionTable()
        register_api(self._functions, program, self)
        patterns = [f"{directory}/{form}" for directory in directories for form in ("?.lua", "?/init.lua")]
        patterns += [f"{directory}/?/plugin/init.lua" for directory in program.plugins.directories]
        now = program.clock.time
        self.runtime = Runtime(
            self._functions.dispatch, ";".join(patterns), lambda: int(now()), budgets.memory
        )

    @property
    def function_names(self) -> list[str]:
        """Every registered function, for the test that compares documentation and code."""
        return list(self._functions.names)

    def watch(self, path: str) -> None:
        """Note a file whose change calls for a reload."""
        self.files[Path(os.path.abspath(path))] = None  # noqa: PTH100 - a link is watched itself

    def warn(self, text: str) -> None:
        """Something is wrong with the config: a finding of the load, or a line for the log later on."""
        if self.is_loaded:
            _log.warning("%s", text)
        elif all(text != found.message for found in self.findings):
            self.findings.append(Problem("warning", text, ""))

    def retire(self) -> None:
        """Another state is in force: tasks under way may end, timers are off, then the state goes."""
        self.is_retired = True
        self._close_when_idle()

    def _close_when_idle(self) -> None:
        if self.is_retired and not self._waiting and not self.is_closed:
            self.is_closed = True
            self.runtime.close()

    def note_event(self, name: str) -> None:
        """An event got its first handler."""
        self.events.add(name)
        if self.on_event_registered is not None:
            self.on_event_registered(self)

    # Tasks.

    def start(
        self,
        entry: str,
        values: Sequence[object],
        label: str,
        on_done: TaskDone,
        *,
        may_write: bool = True,
    ) -> None:
        """Run an entry as a task; `on_done` is called when it has ended, now or later.

        `may_write`: it may write Lua state that outlives it; after each slice `on_wrote` is called.
        """
        budget = self._budgets.load if entry.startswith("load") else self._budgets.event
        task = _Task(budget, label, on_done, may_write)
        self._settle(self.runtime.start(entry, encode(*values), budget, label), task)

    def _settle(self, outcome: Outcome, task: _Task) -> None:
        on_done = task.on_done
        if task.may_write and self.on_wrote is not None:
            self.on_wrote()
        if outcome.status == "done":
            on_done(decode(outcome.data), None)
        elif outcome.status == "error":
            on_done(None, error_text(outcome))
        else:
            number = outcome.task
            self._waiting += 1

            def go_on(answer: tuple[object, ...] | ApiError) -> None:
                self._waiting -= 1
                try:
                    data = (
                        encode(False, str(answer)) if isinstance(answer, ApiError) else encode(True, *answer)
                    )
                except ConversionError as error:
                    data = encode(False, str(error))
                self._settle(self.runtime.resume(number, data, task.budget, task.label), task)
                self._close_when_idle()

            try:
                request = self.request(outcome.data.decode(), decode(outcome.extra))
            except ApiError as error:
                go_on(error)
            else:
                self._defer(request, go_on)

    def request(self, name: str, values: Sequence[object]) -> Sleep | Work:
        """What a suspending function asks for.

        Raises:
            ApiError: wrong arguments.
        """
        screen = self._program.screen
        if screen is not None:
            answer = screen(name, values)
            if answer is not None:
                return Work(lambda: answer)
        request = self._functions.call(name, values)
        if not isinstance(request, Sleep | Work):
            raise ApiError(f"{name} cannot wait")
        return request

    def direct(
        self, entry: str, values: Sequence[object], label: str
    ) -> tuple[list[object] | None, str | None]:
        """Run an entry that must not wait: its values, or None and the error."""
        outcome = self.runtime.direct(entry, encode(*values), self._budgets.event, label)
        if outcome.status == "done":
            return decode(outcome.data), None
        return None, error_text(outcome)


def error_text(outcome: Outcome) -> str:
    """Message and traceback."""
    text = outcome.data.decode("utf-8", "replace")
    trace = outcome.extra.decode("utf-8", "replace")
    return f"{text}\n{trace}" if trace else text
