"""A process on a pty, seen from the master's side.

Reads and writes no data: that is the pane's reader and its write queue. Owned by the mux thread.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable

from perilune.base.geometry import Size
from perilune.base.log import get_logger
from perilune.base.loop import EventLoop
from perilune.pty.exit_status import ExitStatus

__all__ = ["PtyProcess", "pack_size"]

_log = get_logger("pty")


def pack_size(size: Size) -> bytes:
    """`struct winsize`, each number within its 16 bits."""
    fields = (size.rows, size.cols, size.pixel_width, size.pixel_height)
    return struct.pack("HHHH", *(min(max(field, 0), 0xFFFF) for field in fields))


class PtyProcess:
    """A child process, leader of its session, whose controlling terminal is the slave of `fd`.

    Attributes:
        pid: its process id; ours to reap, so it cannot be reused before `poll` has returned the status.
        fd: the master, non-blocking; -1 after `close`.
        tty_name: the slave's device, "" where it has no name here.
        command: what was run.
    """

    def __init__(self, pid: int, fd: int, tty_name: str, command: tuple[str, ...]) -> None:
        self.pid = pid
        self.fd = fd
        self.tty_name = tty_name
        self.command = command
        self._status: ExitStatus | None = None
        self._last_foreground: int | None = None
        self._pidfd = _open_pidfd(pid)
        self._reaping = threading.Lock()
        self._waiter: threading.Thread | None = None
        self._watching: EventLoop | None = None

    @property
    def exit_status(self) -> ExitStatus | None:
        """How it ended, as far as `poll` has learnt."""
        return self._status

    def poll(self) -> ExitStatus | None:
        """How it ended, or None while it runs; reaps it. Never blocks."""
        if self._status is None:
            # A waiter thread that holds the lock is inside waitpid: the process still runs.
            if not self._reaping.acquire(blocking=False):
                return None
            try:
                self._reap(os.WNOHANG)
            finally:
                self._reaping.release()
        return self._status

    def wait(self, timeout: float) -> ExitStatus | None:
        """Block until it ended, at most `timeout` seconds. A running loop uses `on_exit` instead."""
        deadline = time.monotonic() + timeout
        pause = 0.001
        while self.poll() is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            if self._pidfd >= 0:
                poller = select.poll()
                poller.register(self._pidfd, select.POLLIN)
                poller.poll(left * 1000)
            else:
                time.sleep(min(pause, left))
                pause = min(pause * 2, 0.05)
        return self._status

    def on_exit(self, loop: EventLoop, callback: Callable[[], None]) -> None:
        """Call `callback` once on the loop's thread when the process has ended; `poll` then has the status.

        A pidfd where the system has them (no signal handler, nothing to share with other users of SIGCHLD),
        else a thread in waitpid(2).
        """
        if self._pidfd >= 0:
            self._watching = loop

            def ended() -> None:
                if self.poll() is not None:
                    self._unwatch()
                    callback()

            loop.add_reader(self._pidfd, ended)
            return

        def wait() -> None:
            with self._reaping:
                self._reap(0)
            loop.call_soon_threadsafe(callback)

        self._waiter = threading.Thread(target=wait, name=f"wait {self.pid}", daemon=True)
        self._waiter.start()

    def _reap(self, options: int) -> None:
        if self._status is not None:
            return
        try:
            pid, status = os.waitpid(self.pid, options)
        except ChildProcessError:
            # SIGCHLD is ignored in this process, so the kernel reaped it and forgot how it ended.
            self._status = ExitStatus(None)
            return
        if pid:
            self._status = ExitStatus.from_wait(status)

    def resize(self, size: Size) -> None:
        """Tell the terminal its size; the foreground group gets SIGWINCH if it differs."""
        if self.fd >= 0:
            with contextlib.suppress(OSError):
                fcntl.ioctl(self.fd, termios.TIOCSWINSZ, pack_size(size))

    def foreground_pid(self) -> int | None:
        """The leader of the terminal's foreground process group."""
        if self.fd < 0:
            return None
        try:
            group = os.tcgetpgrp(self.fd)
        except OSError:
            return None
        return group if group > 0 else None

    def has_output(self) -> bool:
        """Whether bytes wait to be read, without reading any; False at the end of the stream."""
        if self.fd < 0:
            return False
        poller = select.poll()
        poller.register(self.fd, select.POLLIN)
        return any(events & select.POLLIN for _, events in poller.poll(0))

    def is_hung_up(self) -> bool:
        """Whether no process has the slave open just now (one of the session may open it again)."""
        if self.fd < 0:
            return True
        poller = select.poll()
        poller.register(self.fd, select.POLLIN)
        return any(events & select.POLLHUP for _, events in poller.poll(0))

    def signal_session(self, number: int) -> None:
        """Send a signal to the process's own group and to the terminal's foreground group."""
        groups = set()
        if self._status is None:
            groups.add(self.pid)
        foreground = self.foreground_pid() or self._last_foreground
        self._last_foreground = foreground
        # A group of another session is not this pane's to signal.
        if foreground is not None and self._in_session(foreground):
            groups.add(foreground)
        for group in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)

    def hang_up(self) -> None:
        """What a closed terminal means: SIGHUP, and SIGCONT so that a stopped program hears it."""
        self.signal_session(signal.SIGHUP)
        self.signal_session(signal.SIGCONT)

    def is_session_left(self) -> bool:
        """Whether the foreground group that `hang_up` last signalled still exists, the leader aside."""
        group = self._last_foreground
        if group is None or group == self.pid or not self._in_session(group):
            return False
        try:
            os.killpg(group, 0)
        except OSError:
            return False
        return True

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal, SIGKILL unless told otherwise."""
        self.signal_session(number)

    def _in_session(self, group: int) -> bool:
        try:
            return os.getsid(group) == self.pid
        except OSError:
            return group == self.pid

    def close(self) -> None:
        """Close the master; the kernel hangs the session up. Nobody may be reading it any more."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
        if self._status is not None:
            self._unwatch()

    def _unwatch(self) -> None:
        if self._pidfd >= 0:
            if self._watching is not None:
                self._watching.remove(self._pidfd)
                self._watching = None
            os.close(self._pidfd)
            self._pidfd = -1

    def release(self) -> None:
        """Give everything back, whether it ended or not; for one that even SIGKILL does not end."""
        self.close()
        self._unwatch()


def _open_pidfd(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):  # not Linux; too old; forbidden
        return -1
