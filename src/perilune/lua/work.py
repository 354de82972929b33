"""What a waiting task waits for, and the thread-safe queue with timers that the Lua thread lives on."""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from queue import Empty, SimpleQueue

from perilune.base.clock import Clock

__all__ = ["BLOCKED_SECONDS", "Sleep", "Work", "WorkQueue", "block_on"]


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait so many seconds; the answer is nothing."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Work:
    """Wait for `run`, which is called on a thread of its own; its tuple is the answer.

    It may raise ApiError, which becomes the script's error.
    """

    run: Callable[[], tuple[object, ...]]


BLOCKED_SECONDS = 10.0
"""How long a script may hold up all others, where it cannot wait by itself."""


def block_on(request: Sleep | Work, seconds: float = BLOCKED_SECONDS) -> tuple[object, ...] | None:
    """Carry a request out here and now, where a task cannot wait; None if it is not done in time.

    What is not done goes on by itself; nobody looks at its answer any more.
    """
    if isinstance(request, Sleep):
        time.sleep(min(request.seconds, seconds))
        return ()
    answers: SimpleQueue[tuple[object, ...] | BaseException] = SimpleQueue()

    def carry_out() -> None:
        try:
            answers.put(request.run())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            answers.put(error)

    threading.Thread(target=carry_out, name="lua-work", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        return None
    if isinstance(answer, BaseException):
        raise answer
    return answer


class WorkQueue:
    """Calls and timers for one thread, due by a clock that tests may move by hand (then `wake`)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._condition = threading.Condition()
        self._urgent: deque[Callable[[], None]] = deque()
        self._calls: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._woken = False

    def put(self, call: Callable[[], None], *, urgent: bool = False) -> None:
        """Add a call; urgent ones (titles, which a frame waits for) go first. Any thread."""
        with self._condition:
            (self._urgent if urgent else self._calls).append(call)
            self._condition.notify()

    def put_later(self, seconds: float, call: Callable[[], None]) -> None:
        """Add a call for later. Any thread."""
        with self._condition:
            heapq.heappush(
                self._timers, (self._clock.monotonic() + max(seconds, 0.0), next(self._order), call)
            )
            self._condition.notify()

    def wake(self) -> None:
        """Look at the clock again: it was moved."""
        with self._condition:
            self._woken = True
            self._condition.notify()

    def take(self) -> Callable[[], None]:
        """The next call; waits for it. Timers that are due stand before calls that were put after them."""
        with self._condition:
            while True:
                if self._urgent:
                    return self._urgent.popleft()
                wait = None
                if self._timers:
                    wait = self._timers[0][0] - self._clock.monotonic()
                    if wait <= 0:
                        return heapq.heappop(self._timers)[2]
                if self._calls:
                    return self._calls.popleft()
                if not self._woken:
                    self._condition.wait(wait)
                self._woken = False
