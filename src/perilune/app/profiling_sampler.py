"""Samples the stacks of all Python threads, while somebody asks for it: a thread of its own, else none.

The interpreter's own facility (`sys._current_frames`), so nothing has to be installed and no rights are
needed. Threads that wait are left out: by what they are in and, where the system tells (Linux), by whether
they had the processor since the last look. Files are told without where they are installed: no folder of the
user is in it.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import CodeType, FrameType

from perilune.profiler.model import Frame
from perilune.profiler.recording.stacks import Stack

__all__ = ["StackSampler", "enters_lua"]

_MOST_FRAMES = 100
# How long another thread may keep the interpreter when the sampler wants it: with the usual 5 ms most samples
# would be taken where threads give it up by themselves, which is not where they spend their time.
_SWITCH_SECONDS = 0.0001
_WAITING = {
    ("selectors.py", "select"), ("threading.py", "wait"), ("threading.py", "join"), ("queue.py", "get"),
    ("perilune/gui/loop.py", "run"), ("socket.py", "accept"),
}  # fmt: skip
_Row = tuple[tuple[CodeType, int], ...]


def enters_lua(frame: Frame) -> bool:
    """Whether Lua runs where a stack ends in that frame."""
    return frame.file == "perilune/lua/runtime.py" and frame.symbol.endswith("._enter")


class StackSampler:
    """Takes samples between `start` and `stop`.

    Args:
        rate: samples a second. Not one that divides 60 or 100: what runs by a clock would be seen never or
            always.
    """

    def __init__(self, rate: float = 99.0) -> None:
        self.rate = rate
        self._interval = 0.0
        self._rows: dict[tuple[str, _Row], int] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="profile-sampler", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._interval = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._thread.start()

    def stop(self) -> None:
        """End; what was sampled can still be taken."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._thread.join()
        sys.setswitchinterval(self._interval)

    def take(self) -> dict[tuple[str, Stack], int]:
        """What was sampled since the last call: for each thread and stack how often."""
        with self._lock:
            rows, self._rows = self._rows, {}
        return {
            (thread, tuple(_frame(code, line) for code, line in reversed(row))): count
            for (thread, row), count in rows.items()
        }

    def _run(self) -> None:
        own = threading.get_ident()
        busy = _Busy(0.05 * 1e9 / self.rate)
        while not self._ended.wait(1 / self.rate):
            threads = {thread.ident: thread for thread in threading.enumerate()}
            for ident, frame in sys._current_frames().items():  # noqa: SLF001 - what it is there for
                thread = threads.get(ident)
                if ident == own or not busy.was(thread) or _waits(frame):
                    continue
                key = ("thread" if thread is None else thread.name, _row(frame))
                with self._lock:
                    self._rows[key] = self._rows.get(key, 0) + 1


class _Busy:
    """Knows by the system's account which threads had the processor since it was last asked."""

    def __init__(self, least_ns: float) -> None:
        self._least = least_ns
        self._last: dict[int, int] = {}

    def was(self, thread: threading.Thread | None) -> bool:
        """Whether the thread was busy; True where nobody can tell."""
        native = None if thread is None else thread.native_id
        if native is None:
            return True
        try:
            used = int(Path(f"/proc/self/task/{native}/schedstat").read_bytes().partition(b" ")[0])
        except (OSError, ValueError):
            return True
        before, self._last[native] = self._last.get(native, used), used
        return used - before >= self._least


def _waits(frame: FrameType) -> bool:
    return (_file(frame.f_code.co_filename), frame.f_code.co_name) in _WAITING


def _row(innermost: FrameType) -> _Row:
    row: list[tuple[CodeType, int]] = []
    frame: FrameType | None = innermost
    while frame is not None and len(row) < _MOST_FRAMES:
        row.append((frame.f_code, frame.f_lineno or 0))
        frame = frame.f_back
    return tuple(row)


def _frame(code: CodeType, line: int) -> Frame:
    return Frame(code.co_qualname, "python", _file(code.co_filename), line)


def _file(path: str) -> str:
    """The file without where it is installed.

    >>> _file("/home/me/perilune/src/perilune/app/mouse.py"), _file("/usr/lib/python3.11/json/decoder.py")
    ('perilune/app/mouse.py', 'json/decoder.py')
    """
    path = path.replace("\\", "/")
    for mark in ("/perilune/", "/site-packages/", "/dist-packages/"):
        _, found, rest = path.rpartition(mark)
        if found:
            return f"perilune/{rest}" if mark == "/perilune/" else rest
    _, found, rest = path.partition("/lib/python3")
    if found:
        return rest.partition("/")[2]
    return path.rpartition("/")[2]
