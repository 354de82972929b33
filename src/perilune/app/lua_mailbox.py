"""Answers of the Lua thread on their way to the mux thread, which may wait a moment for them.

A frame posts its stale titles and waits for at most 2 ms; the loop's own queue cannot be waited for from
within a callback, so answers lie here, and the loop empties the box when nobody waited.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from perilune.base.loop import EventLoop

__all__ = ["LuaMailbox"]


class LuaMailbox:
    """The `post` of `LuaHost`: callable from any thread; the calls happen on the mux thread, in order."""

    def __init__(self, loop: EventLoop) -> None:
        self._loop = loop
        self._calls: deque[Callable[[], None]] = deque()
        self._arrived = threading.Event()
        self._is_waited_for = False

    def __call__(self, call: Callable[[], None]) -> None:
        """Have `call` happen on the mux thread."""
        self._calls.append(call)
        self._arrived.set()
        if (
            not self._is_waited_for
        ):  # who waits empties the box: waking the loop as well would cost a frame time
            self._loop.call_soon_threadsafe(self.empty)

    def empty(self) -> None:
        """Do all that lies here. Mux thread."""
        self._arrived.clear()
        while self._calls:
            self._calls.popleft()()

    def wait(self, is_done: Callable[[], bool], seconds: float) -> bool:
        """Do what arrives until `is_done`, at most `seconds`. Mux thread.

        Real time whatever the program's clock: this bounds how long a thread is held up.
        """
        end = time.monotonic() + seconds
        self._is_waited_for = True
        try:
            while not is_done():
                left = end - time.monotonic()
                if left <= 0 or not self._arrived.wait(left):
                    return is_done()
                self.empty()
            return True
        finally:
            self._is_waited_for = False
            if self._calls:  # arrived after the last look, when nobody was told
                self._loop.call_soon_threadsafe(self.empty)
