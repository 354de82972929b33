"""A terminal borrowed for a page of text that is refreshed: keys come at once, and all is given back.

Less than `HostTerminal` on purpose: no questions to the host, no mouse, no keyboard protocol. Works in
whatever understands the alternate screen. One thread, its own; not for use beside an event loop.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import termios
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import Any, Self

__all__ = ["PlainScreen", "is_usable"]

_ENTER = "\x1b[?1049h\x1b[?25l"
_LEAVE = "\x1b[?25h\x1b[?1049l"


def is_usable() -> bool:
    """Whether standard input and output are a terminal that can be drawn in."""
    return os.isatty(0) and os.isatty(1) and os.environ.get("TERM", "dumb") not in {"", "dumb", "unknown"}


class PlainScreen:
    """Use as a context manager. Signals that end the program raise SystemExit in `key`'s thread."""

    def __init__(self) -> None:
        self._modes: list[Any] = []
        self._handlers: dict[int, Any] = {}
        self._pipe = (-1, -1)

    def __enter__(self) -> Self:
        self._modes = termios.tcgetattr(0)
        self._pipe = os.pipe()
        for fd in self._pipe:
            os.set_blocking(fd, False)
        for number, handler in (
            (signal.SIGWINCH, self._wake),
            (signal.SIGTSTP, self._suspend),
            (signal.SIGTERM, self._end),
            (signal.SIGHUP, self._end),
        ):
            self._handlers[number] = signal.signal(number, handler)
        self._take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._give_back()
        for fd in self._pipe:
            os.close(fd)

    def _take(self) -> None:
        modes = [*self._modes[:6], list(self._modes[6])]
        modes[3] &= ~(termios.ECHO | termios.ICANON)
        modes[6][termios.VMIN] = 1
        modes[6][termios.VTIME] = 0
        termios.tcsetattr(0, termios.TCSADRAIN, modes)
        self._write(_ENTER)

    def _give_back(self) -> None:
        self._write(_LEAVE)
        with contextlib.suppress(termios.error):
            termios.tcsetattr(0, termios.TCSADRAIN, self._modes)

    @staticmethod
    def _write(text: str) -> None:
        # Not by sys.stdout: a signal's handler writes, too, maybe in the middle of another write.
        data = text.encode("utf-8", "replace")
        with contextlib.suppress(OSError):
            while data:
                data = data[os.write(1, data) :]

    def _wake(self, _number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(OSError):
            os.write(self._pipe[1], b"w")

    def _end(self, number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    def _suspend(self, _number: int, _frame: FrameType | None) -> None:
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTSTP})
        signal.signal(signal.SIGTSTP, self._suspend)
        self._take()
        self._wake(0, None)

    # Using it.

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        found = shutil.get_terminal_size((80, 24))
        return found.columns, found.lines

    def show(self, lines: Sequence[str]) -> None:
        """Draw the page; what does not fit is cut off, and so may escape sequences not be wider than it."""
        rows = self.size[1]
        shown = [f"{line}\x1b[0m\x1b[K" for line in lines[:rows]]
        self._write("\x1b[H" + "\r\n".join(shown) + ("\x1b[J" if len(shown) < rows else ""))

    def key(self, seconds: float) -> str:
        """Keys that came within so long; "" if none did, or the size is another; "q" at the input's end."""
        ready, _, _ = select.select([0, self._pipe[0]], [], [], max(seconds, 0.0))
        if self._pipe[0] in ready:
            os.read(self._pipe[0], 4096)
        if 0 not in ready:
            return ""
        try:
            data = os.read(0, 64)
        except OSError:
            data = b""
        return data.decode("utf-8", "replace") if data else "q"
