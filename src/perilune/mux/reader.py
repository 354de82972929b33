"""The reader thread of a pane: bytes from the pty into the terminal, events to the mux thread.

The loop of read(2) and parsing is the terminal's own (compiled, without the GIL). This thread only carries
what the terminal cannot do itself across to the mux thread, and waits when that one falls behind, so that a
program which floods titles or queries cannot fill the memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from perilune.base.log import get_logger
from perilune.base.loop import EventLoop

if TYPE_CHECKING:
    from perilune.vt import Terminal
    from perilune.vt.events import TerminalEvent

__all__ = ["PaneReader"]

_log = get_logger("mux")
_MOST_EVENTS = 512
_MOST_OUTPUT = 1 << 16


class PaneReader:
    """Runs `Terminal.read_loop` on a thread of its own until the end of the stream or `stop`.

    Args:
        loop: of the mux thread.
        terminal: written by this thread only, while it runs.
        fd: the pty's master; closed by the owner after `join`.
        on_events: on the mux thread: events in order and bytes to send to the program.
        on_end: on the mux thread, last of all: True at the end of the stream, False when stopped.
    """

    def __init__(
        self,
        loop: EventLoop,
        terminal: Terminal,
        fd: int,
        *,
        name: str,
        on_events: Callable[[Sequence[TerminalEvent], bytes], None],
        on_end: Callable[[bool], None],
    ) -> None:
        self._loop = loop
        self._terminal = terminal
        self._fd = fd
        self._on_events = on_events
        self._on_end = on_end
        self._pending_events: list[TerminalEvent] = []
        self._pending_output: list[bytes] = []
        self._posted = False
        self._stopping = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"reader {name}", daemon=True)

    def start(self) -> None:
        """Begin reading."""
        self._thread.start()

    def stop(self) -> None:
        """Tell the thread to end soon. Any thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._terminal.stop_reading()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the thread; whether it has ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        at_end = True
        try:
            while True:
                reason = self._terminal.read_loop(self._fd, self._loop.wake_fd)
                self._hand_over()
                if reason == "eof":
                    break
                # Not `self._stopping`: the terminal is asked once more, because it has a pipe to close.
                if reason == "stopped":
                    at_end = False
                    break
        except Exception:  # noqa: BLE001 - logged whole; the pane ends as at the end of the stream
            _log.exception("the reader of a pane failed")
        self._loop.call_soon_threadsafe(lambda: self._finish(at_end))

    def _hand_over(self) -> None:
        """Queue what the terminal has for the mux thread; wait while too much is queued."""
        events = self._terminal.take_events()
        output = self._terminal.take_output()
        if not events and not output:
            return
        with self._changed:
            self._pending_events.extend(events)
            if output:
                self._pending_output.append(output)
            if not self._posted:
                self._posted = True
                self._loop.call_soon_threadsafe(self._deliver)
            while not self._stopping and self._is_full():
                self._changed.wait()

    def _is_full(self) -> bool:
        return len(self._pending_events) > _MOST_EVENTS or sum(map(len, self._pending_output)) > _MOST_OUTPUT

    def _deliver(self) -> None:
        with self._changed:
            events, self._pending_events = self._pending_events, []
            output, self._pending_output = b"".join(self._pending_output), []
            self._posted = False
            self._changed.notify_all()
        if events or output:
            self._on_events(events, output)

    def _finish(self, at_end: bool) -> None:
        self._deliver()
        self._thread.join()
        self._on_end(at_end)
