"""The event loop of the mux thread: file descriptors, timers, and calls from other threads.

Deliberately small and on the standard library's `selectors`: asyncio's import alone took 45 ms of the 150 ms
that a first frame may take. Sleeps without a time-out unless a timer is armed, so idle means no wake-ups.
"""

from __future__ import annotations

import heapq
import os
import selectors
import threading
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from perilune.base.clock import Clock, SystemClock
from perilune.base.log import get_logger

__all__ = ["CallTimeoutError", "EventLoop", "Timer"]

T = TypeVar("T")
_log = get_logger("loop")


class CallTimeoutError(TimeoutError):
    """The loop's thread did not carry out a call in time."""


class Timer:
    """A call that is due later; `cancel` it at any time."""

    __slots__ = ("callback", "due")

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Do not call; harmless when it was called already."""
        self.callback = None

    @property
    def is_armed(self) -> bool:
        """Whether the call is still to come."""
        return self.callback is not None


class EventLoop:
    """Runs callbacks on the thread that calls `run`.

    Only `call_soon_threadsafe`, `call_sync`, `stop` and `wake_fd` may be used from other threads. An
    exception of a callback is logged and the loop goes on, unless `on_error` is set.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock if clock is not None else SystemClock()
        self.on_error: Callable[[BaseException], None] | None = None
        self.on_wake: Callable[[], None] | None = None
        """Called after bytes came through `wake_fd` that were not this loop's own calls."""
        self.on_awake: Callable[[], None] | None = None
        """Called whenever the loop has slept, before anything else: for those who measure turns."""
        self.before_sleep: Callable[[], None] | None = None
        """Called once per turn, after all callbacks: the place where a frame is made."""
        self._selector = selectors.DefaultSelector()
        self._ready: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()
        self._running = False
        self._stopping = False
        self._thread: int | None = None
        read_fd, write_fd = os.pipe()
        os.set_blocking(read_fd, False)
        os.set_blocking(write_fd, False)
        self._wake_read, self._wake_write = read_fd, write_fd
        self._selector.register(read_fd, selectors.EVENT_READ, self._drain_wake)

    @property
    def wake_fd(self) -> int:
        """A non-blocking descriptor: one byte written to it wakes the loop and calls `on_wake`.

        Compiled readers and the signal module write to it without holding the GIL.
        """
        return self._wake_write

    # Descriptors.

    def add_reader(self, fd: int, callback: Callable[[], None]) -> None:
        """Call `callback` whenever `fd` is readable."""
        self._change(fd, selectors.EVENT_READ, callback)

    def add_writer(self, fd: int, callback: Callable[[], None]) -> None:
        """Call `callback` whenever `fd` is writable.

        A descriptor has either a reader or a writer here; `dup` it to have both.
        """
        self._change(fd, selectors.EVENT_WRITE, callback)

    def remove(self, fd: int) -> None:
        """Stop watching `fd`; harmless when it is not watched. Call before closing it."""
        try:
            self._selector.unregister(fd)
        except (KeyError, ValueError):
            return

    def _change(self, fd: int, events: int, callback: Callable[[], None]) -> None:
        if fd in self._selector.get_map():
            self._selector.modify(fd, events, callback)
        else:
            self._selector.register(fd, events, callback)

    # Calls.

    @property
    def waiting_calls(self) -> int:
        """How many calls are to be made in the next turn."""
        return len(self._ready)

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Call once in the next turn. From the loop's own thread."""
        self._ready.append(callback)

    def call_soon_threadsafe(self, callback: Callable[[], None]) -> None:
        """Call once in the next turn. From any thread; after the loop has ended it is dropped."""
        self._ready.append(callback)
        self._wake(b"c")

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call once after `seconds`."""
        timer = Timer(self.clock.monotonic() + max(seconds, 0.0), callback)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        return timer

    def call_sync(self, function: Callable[[], T], timeout: float = 5.0) -> T:
        """Call on the loop's thread and wait for the answer.

        Args:
            function: what to call; its exception is raised here.
            timeout: seconds to wait at most.

        Returns:
            What `function` returned.

        Raises:
            CallTimeoutError: the loop is not running or too busy.
        """
        if threading.get_ident() == self._thread:
            return function()
        done = threading.Event()
        box: list[T] = []
        failure: list[BaseException] = []

        def carry_out() -> None:
            try:
                box.append(function())
            except BaseException as error:  # noqa: BLE001 - handed to the caller whole
                failure.append(error)
            done.set()

        self.call_soon_threadsafe(carry_out)
        if not done.wait(timeout):
            raise CallTimeoutError(f"the mux thread did not answer within {timeout:g} s")
        if failure:
            raise failure[0]
        return box[0]

    # Running.

    def run(self) -> None:
        """Run until `stop`."""
        self._thread = threading.get_ident()
        self._running = True
        try:
            while not self._stopping:
                self.run_once(None)
        finally:
            self._running = False
            self._stopping = False
            self._thread = None

    def run_once(self, timeout: float | None) -> None:
        """One turn: sleep until something is due (at most `timeout` seconds), then do it all."""
        if self._thread is None:
            self._thread = threading.get_ident()
        self._call_descriptors(self._sleep_time(timeout))
        self._turn()

    def _call_descriptors(self, timeout: float | None) -> None:
        events = self._selector.select(timeout)
        if self.on_awake is not None:
            self.on_awake()
        for key, _ in events:
            self.guard(key.data)

    def _turn(self) -> None:
        """What is ready, what is due, and `before_sleep`: all of a turn but the sleep and the descriptors."""
        self._call_due()
        if self.before_sleep is not None:
            self.guard(self.before_sleep)

    def _call_due(self) -> None:
        for _ in range(len(self._ready)):
            self.guard(self._ready.popleft())
        now = self.clock.monotonic()
        while self._timers and self._timers[0][0] <= now:
            timer = heapq.heappop(self._timers)[2]
            callback, timer.callback = timer.callback, None
            if callback is not None:
                self.guard(callback)

    def stop(self) -> None:
        """End `run` after the present turn. From any thread or a signal handler."""
        self._stopping = True
        self._wake(b"s")

    def close(self) -> None:
        """Give the descriptors back."""
        self._selector.close()
        for fd in (self._wake_read, self._wake_write):
            if fd >= 0:
                os.close(fd)
        self._wake_read = self._wake_write = -1

    def _sleep_time(self, timeout: float | None) -> float | None:
        if self._ready or self._stopping:
            return 0.0
        while self._timers and not self._timers[0][2].is_armed:
            heapq.heappop(self._timers)
        if not self._timers:
            return timeout
        wait = max(self._timers[0][0] - self.clock.monotonic(), 0.0)
        return wait if timeout is None else min(wait, timeout)

    def _wake(self, byte: bytes) -> None:
        try:
            os.write(self._wake_write, byte)
        except (BlockingIOError, OSError):  # full: the loop wakes anyway; closed: it has ended
            return

    def _drain_wake(self) -> None:
        foreign = False
        while True:
            try:
                data = os.read(self._wake_read, 4096)
            except BlockingIOError:
                break
            foreign = foreign or any(byte not in b"cs" for byte in data)
            if len(data) < 4096:
                break
        if foreign and self.on_wake is not None:
            self.on_wake()

    def guard(self, callback: Callable[[], None]) -> None:
        """Call now; a failure is treated as that of a callback: logged, or handed to `on_error`."""
        try:
            callback()
        except Exception as error:  # noqa: BLE001 - one bad callback must not end the program
            if self.on_error is None:
                _log.exception("a callback of the event loop failed")
            else:
                self.on_error(error)
