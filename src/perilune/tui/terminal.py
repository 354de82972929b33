"""The host terminal as a device: its tty modes, its screen, the signals that come with it.

Takes the terminal, gives it back exactly as it was, on every way out, and in between carries bytes. It parses
no input and draws nothing. Mux thread; signal handlers do nothing but post to the loop.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType, TracebackType
from typing import Any

from perilune.base.geometry import Size
from perilune.base.log import get_logger
from perilune.base.loop import EventLoop
from perilune.tui.capabilities import TERMINFO_QUERIES, HostCapabilities
from perilune.tui.output import HostOutput

__all__ = ["HostTerminal", "NotATerminalError"]

_log = get_logger("tui")

# Restoring must not hang on a host that has stopped reading, nor on one that does not answer.
_RESTORE_PATIENCE = 0.5
_FENCE_PATIENCE_LEAST = 0.25
_FENCE_PATIENCE_MOST = 2.0
_FENCE_ROUND_TRIPS = 4  # how many of the round trip measured at the start an answer may take at the end
_FENCE_ANSWER = re.compile(rb"\x1b\[\?[0-9;]*c")
_READ_SIZE = 65536
_ENDING = {"SIGTERM": "terminate", "SIGINT": "interrupt", "SIGQUIT": "abort", "SIGHUP": "hangup"}

# Kitty keyboard flags: disambiguate, event types, alternate keys, all keys as escape codes, text. Panes that
# ask for any of them can then have it.
_KITTY_FLAGS = 31

# A host that tells a greater size is wrong, and a screen of 65535 x 65535 cells would take all memory.
_MOST_COLS, _MOST_ROWS = 2000, 1000
_UNFIT_TERMS = {"", "dumb", "unknown"}


class NotATerminalError(OSError):
    """Input or output is no terminal, or one that cannot be drawn in."""


class HostTerminal:
    """Drives the terminal behind two descriptors.

    The descriptors themselves keep their flags: the tty is opened anew for non-blocking use, because
    O_NONBLOCK on a descriptor that a shell also holds would outlive us in the shell.

    Attributes:
        output: where to write.
        on_input: called with what the host sent.
        on_close: called with "hangup", "terminate", "interrupt" or "abort".
        on_resize: called when the size may have changed; steps that come together are one.
        on_resume: called when the terminal has been taken again after a stop.
        is_active: the terminal is ours: raw, on the alternate screen.
        erase: the byte of the Backspace key.
    """

    def __init__(
        self,
        loop: EventLoop,
        input_fd: int,
        output_fd: int,
        env: Mapping[str, str],
        capabilities: HostCapabilities,
    ) -> None:
        self.on_input: Callable[[bytes], None] | None = None
        self.on_close: Callable[[str], None] | None = None
        self.on_resize: Callable[[], None] | None = None
        self.on_resume: Callable[[], None] | None = None
        self.is_active = False
        self.erase = 0x7F
        self.capabilities = capabilities
        self.awaits_fence = False
        self.answers = False
        self.extra_restore: dict[str, bytes] = {}
        """What undoes what was done to the host besides the usual, by a name for each."""
        self._asked_at = 0.0  # when the fence that is awaited was sent
        self._round_trip = 0.0
        self._loop = loop
        self._input_fd = input_fd
        self._output_fd = output_fd
        self._env = env
        self._read_fd = -1
        self._write_fd = -1
        self._saved_flags: dict[int, int] = {}
        self._saved_modes: list[Any] | None = None
        self._previous_handlers: dict[int, Any] = {}
        self._previous_excepthook: Callable[..., Any] | None = None
        self._pid = os.getpid()
        self._resize_posted = False
        self._ending_posted = False
        self._stopped_by_us = False
        self._started = False
        self.output = HostOutput(loop, -1)

    # Life.

    def check(self) -> None:
        """Touch nothing, only look whether `start` can.

        Raises:
            NotATerminalError: there is no terminal, or by its TERM one that cannot be drawn in.
        """
        for fd, name in ((self._input_fd, "input"), (self._output_fd, "output")):
            if not os.isatty(fd):
                raise NotATerminalError(f"the standard {name} is not a terminal")
        term = self._env.get("TERM", "")
        if term.lower() in _UNFIT_TERMS:
            told = f"TERM={term} says" if term else "TERM is not set, which says"
            raise NotATerminalError(f"{told} that this terminal cannot be drawn in")

    def start(self) -> None:
        """Take the terminal.

        Raises:
            NotATerminalError: as `check` does.
        """
        self.check()
        self._read_fd = self._open_again(self._input_fd, os.O_RDONLY)
        self._write_fd = self._open_again(self._output_fd, os.O_WRONLY)
        drained = self.output.on_drained
        self.output = HostOutput(self._loop, self._write_fd)
        self.output.on_drained = drained
        self._pid = os.getpid()
        self._started = True
        atexit.register(self.stop)
        self._previous_excepthook = sys.excepthook
        sys.excepthook = self._excepthook
        self._install_signals()
        try:
            self._enter()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Give the terminal back; harmless when that has happened, and in a forked child."""
        if not self._started or os.getpid() != self._pid:
            return
        self._started = False
        try:
            self._leave()
        finally:
            self._restore_signals()
            atexit.unregister(self.stop)
            if sys.excepthook == self._excepthook and self._previous_excepthook is not None:
                sys.excepthook = self._previous_excepthook
            self._loop.remove(self._read_fd)
            for fd, flags in self._saved_flags.items():
                with contextlib.suppress(OSError):
                    fcntl.fcntl(fd, fcntl.F_SETFL, flags)
            self._saved_flags.clear()
            for fd in (self._read_fd, self._write_fd):
                with contextlib.suppress(OSError):
                    os.close(fd)
            self._read_fd = self._write_fd = -1

    def suspend(self, *, whole_job: bool = True) -> None:
        """Give the terminal back, stop as SIGTSTP does, and take it again when continued.

        Args:
            whole_job: stop all processes of the job, as Ctrl-Z does.
        """
        if not self.is_active or threading.current_thread() is not threading.main_thread():
            return
        self._leave()
        self._stopped_by_us = True
        try:
            if whole_job:
                signal.signal(signal.SIGTSTP, signal.SIG_IGN)
                os.kill(0, signal.SIGTSTP)
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            # To this thread, so that it is here, and not some instructions later, that the process stops.
            signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
        finally:
            signal.signal(signal.SIGTSTP, self._on_signal)
        self._come_back()

    def size(self) -> Size:
        """The present size; 80 x 24, or LINES and COLUMNS, where the tty does not know."""
        rows = cols = width = height = 0
        with contextlib.suppress(OSError):
            packed = fcntl.ioctl(self._output_fd, termios.TIOCGWINSZ, bytes(8))
            rows, cols, width, height = struct.unpack("HHHH", packed)
        cols = cols or self._env_number("COLUMNS", 80)
        rows = rows or self._env_number("LINES", 24)
        if cols > _MOST_COLS:  # the cells keep their size in pixels
            cols, width = _MOST_COLS, width * _MOST_COLS // cols
        if rows > _MOST_ROWS:
            rows, height = _MOST_ROWS, height * _MOST_ROWS // rows
        return Size(cols, rows, width, height)

    def _env_number(self, name: str, default: int) -> int:
        text = self._env.get(name, "")
        return int(text) if text.isdecimal() and 0 < int(text) < 10000 else default

    def _open_again(self, fd: int, access: int) -> int:
        """A non-blocking descriptor of our own for the same terminal."""
        try:
            again = os.open(os.ttyname(fd), access | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError:
            again = -1
        if again >= 0:
            if os.fstat(again).st_rdev == os.fstat(fd).st_rdev:
                return again
            os.close(again)
        # No path leads to the terminal (another mount namespace): share its description, and give the flag
        # back at the end.
        again = os.dup(fd)
        self._saved_flags[fd] = fcntl.fcntl(fd, fcntl.F_GETFL)
        os.set_blocking(again, False)
        return again

    # Taking and giving back.

    def _enter(self) -> None:
        modes = termios.tcgetattr(self._input_fd)
        self._saved_modes = modes
        erase = modes[6][termios.VERASE]
        self.erase = erase[0] if isinstance(erase, bytes) and erase in {b"\x08", b"\x7f"} else 0x7F
        raw = [*modes[:6], list(modes[6])]
        raw[0] &= ~(
            termios.BRKINT | termios.ICRNL | termios.IGNCR | termios.INLCR | termios.INPCK | termios.ISTRIP
            | termios.IXON | termios.PARMRK
        )  # fmt: skip
        raw[1] &= ~termios.OPOST
        raw[2] = raw[2] & ~(termios.CSIZE | termios.PARENB) | termios.CS8
        raw[3] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.IEXTEN | termios.ISIG)
        raw[6][termios.VMIN] = 1
        raw[6][termios.VTIME] = 0
        # At once: waiting for output to drain could wait for ever on a host that does not read.
        termios.tcsetattr(self._input_fd, termios.TCSANOW, raw)
        self.is_active = True
        self._loop.add_reader(self._read_fd, self._on_readable)
        self.output.write(self._take_bytes())

    def _leave(self) -> None:
        if not self.is_active:
            return
        self.is_active = False
        self._loop.remove(self._read_fd)
        cut = self.output.discard()
        restore = (b"\x18" if cut else b"") + self._give_back_bytes()
        fence = self.answers and not self.output.is_lost
        if fence:
            restore += b"\x1b[c"
        clean = self.output.write_now(restore, _RESTORE_PATIENCE) and self._wait_for_fences(fence=fence)
        self.awaits_fence = False
        if self._saved_modes is not None and self._is_foreground():
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._input_fd, termios.TCSANOW, self._saved_modes)
            if not clean:  # late answers and mouse reports must not become the shell's input
                with contextlib.suppress(termios.error):
                    termios.tcflush(self._input_fd, termios.TCIFLUSH)

    def _is_foreground(self) -> bool:
        """Whether the tty's modes are ours to set; from the background that would stop us, or hurt others."""
        try:
            return os.tcgetpgrp(self._input_fd) == os.getpgrp()
        except OSError:
            return True  # not our controlling terminal: no job control, no harm

    def _wait_for_fences(self, *, fence: bool) -> bool:
        """Swallow what comes until nothing of ours is under way, typed keys among it.

        Args:
            fence: a question has just been sent.

        Returns:
            Whether the host has answered all that it was asked.
        """
        if self.awaits_fence:
            # A host that has not answered for so long since the start will not do so now.
            last = self._asked_at + _FENCE_PATIENCE_MOST
            if not self._swallow_answers(1 + fence, last):
                return False
            if fence:
                return True
            # It does answer: what it sent before it got the modes back may still be on the way.
            self.on_fence()
            if not self.output.write_now(b"\x1b[c", _RESTORE_PATIENCE):
                return False
        elif not fence:
            return False
        patience = max(_FENCE_ROUND_TRIPS * self._round_trip, _FENCE_PATIENCE_LEAST)
        # A host that took longer than the most before is known to answer in the end.
        most = max(_FENCE_PATIENCE_MOST, 2 * self._round_trip)
        return self._swallow_answers(1, time.monotonic() + min(patience, most))

    def _swallow_answers(self, number: int, deadline: float) -> bool:
        """Read and drop up to the host's DA1 answer of that number; whether it came in time."""
        seen = b""
        poll = select.poll()
        poll.register(self._read_fd, select.POLLIN)
        while (left := deadline - time.monotonic()) > 0:
            if not poll.poll(left * 1000):
                return False
            try:
                data = os.read(self._read_fd, _READ_SIZE)
            except BlockingIOError:
                continue
            except OSError:
                return False
            if not data:
                return False
            *answers, seen = _FENCE_ANSWER.split(seen + data)
            number -= len(answers)
            if number <= 0:
                return True
            seen = seen[-256:]  # the start of an answer, at most
        return False

    def _take_bytes(self) -> bytes:
        """Screen, modes, questions. What a host prints of a question goes with the first frame's clear."""
        capabilities = self.capabilities
        parts = []
        if capabilities.titles:
            parts.append(b"\x1b[22;0t")
        parts.append(b"\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[m")
        if not capabilities.control_strings:
            return b"".join(parts)
        parts.append(
            b"\x1b[>%du\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?2004h" % _KITTY_FLAGS
        )
        parts.append(b"\x1b[?u\x1b[?2026$p\x1b]10;?\x1b\\\x1b]11;?\x1b\\")
        if capabilities.device_strings:
            parts.append(b"\x1b[>q")
            parts.extend(b"\x1bP+q%s\x1b\\" % name.encode().hex().encode() for name in TERMINFO_QUERIES)
        if (
            capabilities.unicode
        ):  # how wide is an East Asian ambiguous character? Not in row 1: that looks like F3
            parts.append(b"\x1b[2;1H\xe2\x94\x80\x1b[6n\x1b[2;1H\x1b[K")
        parts.append(b"\x1b[c")
        self.awaits_fence = True
        self._asked_at = time.monotonic()
        return b"".join(parts)

    def _give_back_bytes(self) -> bytes:
        capabilities = self.capabilities
        parts = []
        if capabilities.synchronized:
            parts.append(b"\x1b[?2026l")
        if capabilities.hyperlinks:
            parts.append(b"\x1b]8;;\x1b\\")
        parts.extend(self.extra_restore.values())
        self.extra_restore.clear()
        if capabilities.control_strings:
            parts.append(b"\x1b[?2004l\x1b[?1004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[<u")
        parts.append(b"\x1b[m\x1b[?7h\x1b[?25h\x1b[?1049l")
        if capabilities.titles:
            parts.append(b"\x1b[23;0t")
        return b"".join(parts)

    # Input.

    def on_fence(self) -> None:
        """The answer behind all others has come."""
        self.awaits_fence = False
        self.answers = True
        self._round_trip = time.monotonic() - self._asked_at

    def _on_readable(self) -> None:
        try:
            data = os.read(self._read_fd, _READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.output.is_lost = True
            self._loop.remove(self._read_fd)
            self._end("hangup")
            return
        if self.on_input is not None:
            self.on_input(data)

    def _end(self, reason: str) -> None:
        if self.on_close is not None:
            self.on_close(reason)

    # Signals.

    def _install_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # Python delivers signals to the main thread only
        for name in (*_ENDING, "SIGWINCH", "SIGTSTP", "SIGCONT"):
            number = getattr(signal, name)
            self._previous_handlers[number] = signal.signal(number, self._on_signal)

    def _restore_signals(self) -> None:
        for number, handler in self._previous_handlers.items():
            with contextlib.suppress(ValueError, OSError, TypeError):
                signal.signal(number, handler)
        self._previous_handlers.clear()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGWINCH:
            if not self._resize_posted:
                self._resize_posted = True
                self._loop.call_soon_threadsafe(self._resized)
        elif number == signal.SIGTSTP:
            self._loop.call_soon_threadsafe(lambda: self.suspend(whole_job=False))
        elif number == signal.SIGCONT:
            self._loop.call_soon_threadsafe(self._continued)
        elif not self._started:
            pass  # the terminal is being given back, which takes no longer than the patience with the host
        elif self._ending_posted and number == signal.SIGTERM:
            # Asked twice, and the loop has not come round: leave from here.
            self.stop()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        else:
            self._ending_posted = True
            reason = _ENDING[signal.Signals(number).name]
            self._loop.call_soon_threadsafe(lambda: self._end(reason))

    def _resized(self) -> None:
        self._resize_posted = False
        if self.is_active and self.on_resize is not None:
            self.on_resize()

    def _continued(self) -> None:
        """SIGCONT: after a stop of ours all is done; after SIGSTOP the shell has changed the tty under us."""
        if self._stopped_by_us:
            self._stopped_by_us = False
            return
        if not self.is_active or not self._started or self.output.is_lost:
            return
        saved = self._saved_modes
        self.is_active = False
        self._come_back()
        self._saved_modes = saved

    def _come_back(self) -> None:
        if not self._started:
            return
        try:
            self._enter()
        except (termios.error, OSError) as error:
            _log.info("the terminal is gone after the stop: %s", error)
            self._end("hangup")
            return
        if self.on_resume is not None:
            self.on_resume()

    def _excepthook(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        """Give the terminal back before a traceback is printed, so that it can be read."""
        previous = self._previous_excepthook or sys.__excepthook__
        self.stop()
        previous(kind, error, traceback)
