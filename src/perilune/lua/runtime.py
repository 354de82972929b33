"""One Lua 5.4 state under guard. The only file that imports lupa.

What holds a config back from hanging or crashing the program, or from reaching Python's internals:

- Only byte strings, numbers, booleans and nil cross the border. One Python function is known to the boot
  files, it never raises, and no config sees it (there is no `debug` to look into upvalues); should one get
  out nevertheless, the attribute filter refuses every attribute.
- `boot/guard.lua` counts instructions, over coroutines and pcall; there is no `__gc`, since hooks are off
  in finalizers. A single call of a C function cannot be interrupted, so `boot/patterns.lua` lets C do only
  what it surely does in a fraction of a second: patterns that could run away on a subject of that length go
  through a matcher in Lua, whose instructions count; what loops over a number of elements is charged for
  them first; and a string of more than 128 MiB is not repeated together.
- The memory cap counts garbage too. Lua jumps when an allocation fails; over Python's frames that would
  leave the GIL locked (seen: the process hangs). So a margin larger than anything that crosses is kept
  free: `call` collects before it enters, `wire.lua` before it leaves.

Used by one thread at a time, the Lua thread.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from time import perf_counter_ns
from typing import NamedTuple, NoReturn

import lupa.lua54

from perilune.lua.crossings import Crossing, CrossingObserver

__all__ = ["LuaCallError", "Outcome", "Runtime"]

_BOOT = (
    "guard", "meter", "wire", "patterns", "sandbox", "mirror", "observe", "tasks", "action", "config",
    "objects", "format", "titles", "wezterm", "world", "repl",
)  # fmt: skip
_MARGIN = 24 << 20
_TAKE_NS = 200_000_000
_SOURCES: dict[str, bytes] = {}

PythonFunction = Callable[[bytes, bytes], tuple[bool, bytes]]


class LuaCallError(Exception):
    """Lua could not be called: out of memory, or a defect of the boot files."""


class Outcome(NamedTuple):
    """How a call ended.

    Attributes:
        status: "done", "error" or "wait".
        data: the answer's bytes; the error's message; what the task waits for.
        extra: the traceback; the request's arguments.
        task: the number to go on with.
    """

    status: str
    data: bytes
    extra: bytes
    task: int


def _refuse(_object: object, _name: object, _is_setting: bool) -> NoReturn:
    raise AttributeError("Python objects have no attributes in Lua")


def _source(name: str) -> bytes:
    if name not in _SOURCES:
        _SOURCES[name] = files("perilune.lua").joinpath("boot", f"{name}.lua").read_bytes()
    return _SOURCES[name]


class Runtime:
    """A Lua state with the boot files loaded.

    Args:
        python: what Lua's `sys.call(name, ...)` ends in: takes a name and arguments in wire form, answers
            (True, results in wire form) or (False, message). It must not raise and must not call back.
        package_path: the first value of `package.path`.
        now: seconds since the epoch, for os.time and os.date.
        memory: bytes that the state may hold.
    """

    def __init__(
        self, python: PythonFunction, package_path: str, now: Callable[[], int], memory: int = 512 << 20
    ) -> None:
        self._lua = lupa.lua54.LuaRuntime(
            encoding=None,
            unpack_returned_tuples=True,
            register_eval=False,
            register_builtins=False,
            attribute_filter=_refuse,
            max_memory=memory,
        )
        self._memory = memory
        boot = self._lua.execute(
            b"""
            local python, now, ticks, package_path, soft = ...
            local sys = { python = python, now = now, ticks = ticks, package_path = package_path }
            sys.soft_memory_kib = soft
            local load = load
            return function(name, source)
              return assert(load(source, "=[perilune]", "t"))(sys)
            end, function(name) return sys[name] end
            """,
            python,
            now,
            perf_counter_ns,
            package_path.encode("utf-8", "surrogateescape"),
            (memory - _MARGIN) / 1024,
        )
        run, look_up = boot
        for name in _BOOT:
            try:
                run(name.encode(), _source(name))
            except lupa.lua54.LuaError as error:
                raise LuaCallError(f"boot/{name}.lua: {error}") from error
        self._start = look_up(b"start")
        self._continue = look_up(b"continue")
        self._direct = look_up(b"direct")
        self._drop = look_up(b"drop")
        self._meter = look_up(b"meter")
        self._collections = look_up(b"collections")
        self._take_stacks = look_up(b"take_stacks")
        self._observer: CrossingObserver | None = None
        self._next_take = 0

    def close(self) -> None:
        """Let the Lua state go: it holds Python objects that the collector cannot see through."""
        del self._start, self._continue, self._direct, self._drop, self._lua
        del self._meter, self._collections, self._take_stacks

    @property
    def memory_used(self) -> int:
        """Bytes held, garbage included."""
        return int(self._lua.get_memory_used())

    def start(self, entry: str, arguments: bytes, budget: int, label: str) -> Outcome:
        """Begin a task: entry points are the functions of `sys.entries`."""
        return self._call(self._start, budget, label.encode("utf-8", "replace"), entry.encode(), arguments)

    def resume(self, task: int, answer: bytes, budget: int, label: str) -> Outcome:
        """Go on with a task that waited."""
        return self._call(self._continue, budget, label.encode("utf-8", "replace"), task, answer)

    def direct(self, entry: str, arguments: bytes, budget: int, label: str) -> Outcome:
        """Call an entry that must not wait."""
        return self._call(self._direct, budget, label.encode("utf-8", "replace"), entry.encode(), arguments)

    def drop(self, task: int) -> None:
        """Forget a task that waits."""
        self._drop(task)

    def observe(self, observer: CrossingObserver | None) -> None:
        """Tell someone of every entry from now on; None: nobody."""
        before, self._observer = self._observer, observer
        if before is not None and before.sample_seconds:
            before.sampled(self._stacks())
        self._meter(observer is not None, 0.0 if observer is None else observer.sample_seconds)

    def _stacks(self) -> str:
        return str(self._take_stacks().decode("utf-8", "replace"))

    def _call(self, function: Callable[..., object], *args: object) -> Outcome:
        if self._observer is not None:
            return self._observed(self._observer, function, *args)
        return self._enter(function, *args)

    def _observed(
        self, observer: CrossingObserver, function: Callable[..., object], *args: object
    ) -> Outcome:
        before = self.memory_used
        begin = perf_counter_ns()
        outcome = self._enter(function, *args)
        end = perf_counter_ns()
        _budget, label, entry = args[:3]
        observer.crossed(
            Crossing(
                entry.decode() if isinstance(entry, bytes) else "resume",
                label.decode("utf-8", "replace") if isinstance(label, bytes) else "",
                begin, end, before, self.memory_used, self._collections(), outcome.status == "error",
            )
        )  # fmt: skip
        if observer.sample_seconds and end > self._next_take:
            self._next_take = end + _TAKE_NS
            observer.sampled(self._stacks())
        return outcome

    def _enter(self, function: Callable[..., object], *args: object) -> Outcome:
        if self.memory_used > self._memory - _MARGIN:
            self._lua.gccollect()
            if self.memory_used > self._memory - _MARGIN:
                return Outcome("error", b"not enough memory: the config's tables fill its share", b"", 0)
        try:
            answer = function(*args)
        except lupa.lua54.LuaMemoryError:
            self._lua.gccollect()
            return Outcome("error", b"not enough memory", b"", 0)
        except lupa.lua54.LuaError as error:
            return Outcome("error", str(error).encode("utf-8", "surrogateescape"), b"", 0)
        values = answer if isinstance(answer, tuple) else (answer,)
        status, data, extra, task = (*values, None, None, None)[:4]
        return Outcome(bytes(status).decode(), data or b"", extra or b"", task or 0)
