"""Bytes on their way to a program: in order, without blocking, as fast as it takes them.

A pty takes a few KiB at a time, and none while its program does not read; a paste of 10 MB waits here and
goes out in pieces as the descriptor becomes writable. Owned by the mux thread.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable

from perilune.base.log import get_logger
from perilune.base.loop import EventLoop

__all__ = ["WriteQueue"]

_log = get_logger("mux")
_PIECE = 1 << 16
_PER_TURN = 1 << 18


class WriteQueue:
    """The queue in front of a non-blocking descriptor.

    Attributes:
        limit: bytes that may wait; more is refused, as a program that does not read has a bound too.
        reply_limit: likewise for answers of the terminal itself. A program that asks and never reads
            loses answers beyond this. The reader is not stopped instead: while it waited for the program to
            read, the program could be waiting for it to take output.
    """

    limit = 64 << 20
    reply_limit = 1 << 20

    def __init__(self, loop: EventLoop, fd: int) -> None:
        self._loop = loop
        self._fd = fd
        self._watch_fd = -1
        self._waiting: deque[memoryview] = deque()
        self._size = 0
        self._complained = False
        self.on_drained: Callable[[], None] | None = None

    @property
    def size(self) -> int:
        """Bytes that wait."""
        return self._size

    def write(self, data: bytes, *, reply: bool = False) -> bool:
        """Send or queue `data`, all of it or none.

        Returns:
            False when it was refused: too much waits, or the descriptor is closed.
        """
        if self._fd < 0:
            return False
        if not data:
            return True
        if self._size + len(data) > (self.reply_limit if reply else self.limit):
            if not self._complained:
                self._complained = True
                _log.warning("a program does not read its input: %d bytes wait, more are dropped", self._size)
            return False
        self._waiting.append(memoryview(data))
        self._size += len(data)
        if self._watch_fd < 0:
            self._send()
        return True

    def _send(self) -> None:
        budget = _PER_TURN
        while self._waiting and budget > 0:
            head = self._waiting[0]
            try:
                sent = os.write(self._fd, head[:_PIECE])
            except BlockingIOError:
                break
            except InterruptedError:
                continue
            except OSError:  # the program is gone
                self._waiting.clear()
                self._size = 0
                break
            budget -= sent
            self._size -= sent
            if sent == len(head):
                self._waiting.popleft()
            else:
                self._waiting[0] = head[sent:]
        if self._waiting:
            self._watch()
        else:
            self._unwatch()
            self._complained = False
            if self.on_drained is not None:
                self.on_drained()

    def _watch(self) -> None:
        if self._watch_fd < 0:
            # A selector has one entry a descriptor, and the reader thread may one day want the other.
            self._watch_fd = os.dup(self._fd)
            self._loop.add_writer(self._watch_fd, self._send)

    def _unwatch(self) -> None:
        if self._watch_fd >= 0:
            self._loop.remove(self._watch_fd)
            os.close(self._watch_fd)
            self._watch_fd = -1

    def close(self) -> None:
        """Drop what waits; the descriptor itself is the caller's."""
        self._unwatch()
        self._waiting.clear()
        self._size = 0
        self._fd = -1
