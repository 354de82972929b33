"""The way to the host terminal: never blocks, never reorders, says when the host has taken everything.

Mux thread.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable

from perilune.base.loop import EventLoop

__all__ = ["HostOutput"]


class HostOutput:
    """Writes to a non-blocking descriptor; what the host does not take yet waits here.

    Attributes:
        on_drained: called when everything that waited has gone.
        is_lost: the host is gone; whatever is written is dropped.
    """

    def __init__(self, loop: EventLoop, fd: int) -> None:
        self.on_drained: Callable[[], None] | None = None
        self.is_lost = False
        self._loop = loop
        self._fd = fd
        self._backlog = bytearray()

    @property
    def is_drained(self) -> bool:
        """Whether nothing waits."""
        return not self._backlog

    def write(self, data: bytes | bytearray) -> None:
        """Write, or keep what the host does not take."""
        if self.is_lost or not data:
            return
        if self._backlog:
            self._backlog += data
            return
        written = self._write_some(data)
        if written < len(data) and not self.is_lost:
            self._backlog += memoryview(data)[written:]
            self._loop.add_writer(self._fd, self._on_writable)

    def discard(self) -> bool:
        """Drop what waits; whether there was any, so that the host may be inside a sequence."""
        waiting = bool(self._backlog)
        if waiting:
            self._backlog.clear()
            self._loop.remove(self._fd)
        return waiting

    def write_now(self, data: bytes, patience: float) -> bool:
        """Write outside the loop, waiting at most `patience` seconds for the host; whether all has gone."""
        deadline = time.monotonic() + patience
        position = 0
        while position < len(data) and not self.is_lost:
            position += self._write_some(memoryview(data)[position:])
            if position < len(data):
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                poll = select.poll()
                poll.register(self._fd, select.POLLOUT)
                poll.poll(left * 1000)
        return not self.is_lost

    def _write_some(self, data: bytes | bytearray | memoryview) -> int:
        """Write until the host takes no more; how much it took."""
        view = memoryview(data)
        position = 0
        try:
            while position < len(view):
                position += os.write(self._fd, view[position:])
        except BlockingIOError:
            pass
        except OSError:
            self.is_lost = True
        finally:
            view.release()
        return position

    def _on_writable(self) -> None:
        written = self._write_some(self._backlog)
        if self.is_lost:
            self._backlog.clear()
        else:
            del self._backlog[:written]
        if not self._backlog:
            self._loop.remove(self._fd)
            if self.on_drained is not None:
                self.on_drained()
