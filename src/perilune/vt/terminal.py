# cython: language_level=3
# mypy: ignore-errors
# ruff: noqa: PLR1714 - chains of == become C switches
"""The terminal: its lock, its public face, the read loop, and the copy that a frame takes.

One thread feeds it, in slices (`feed` or `read_loop`); any thread reads. Every public method takes the
terminal's own lock, which is waited for without the GIL; between slices the feeding thread lets waiting
readers go first, so a frame waits for one slice at most. Names with a trailing `_unlocked`, and everything
that `requests` calls, run with the lock held.

What a terminal does not do: it opens no file but pictures (`kitty_media`), spawns nothing, holds no
configuration, decides no colour.
Compiled by Cython; the same file runs uncompiled, with an `os.read` loop in place of the compiled one.
"""

from __future__ import annotations

import os
import select
import time

import cython

from perilune.vt import events as _events
from perilune.vt import requests as _requests
from perilune.vt.grid import _array
from perilune.vt.settings import TerminalSettings

if cython.compiled:
    from cython.cimports.libc.errno import EAGAIN, EINTR, errno
    from cython.cimports.perilune.vt.system import POLLIN, POLLOUT, poll, pollfd
    from cython.cimports.perilune.vt.view import View
    from cython.cimports.posix.unistd import read, usleep, write
else:
    from perilune.vt.view import View

__all__ = ["Terminal"]

_SLICE = cython.declare(cython.int, 65536)
_CLUSTER = cython.declare(cython.uint, 0x00200000)
_WIDE = cython.declare(cython.uint, 0x00400000)
_SPACER = cython.declare(cython.uint, 0x00800000)
_TEXT_MASK = cython.declare(cython.uint, 0x001FFFFF)
_INDEXED = cython.declare(cython.uint, 0x01000000)
_RGB = cython.declare(cython.uint, 0x02000000)
_RENDITION = cython.declare(cython.uint, 0x0FFF)
_REVERSE = cython.declare(cython.uint, 0x0100)

_ZONES = ("output", "prompt", "input", "output")

# What `_pump` returns.
_NEEDS_PYTHON = cython.declare(cython.int, 0)
_HAS_EVENTS = cython.declare(cython.int, 1)
_ENDED = cython.declare(cython.int, 2)
_STOPPED = cython.declare(cython.int, 3)

MAX_CELLS = 16_000_000  # 4000 x 4000; a program or a host that says more is wrong

Rgb = tuple[int, int, int]


def _check_size(cols: int, rows: int) -> None:
    """Refuse what no screen has; the cells of both screens are then addressed by C integers.

    Raises:
        ValueError: the size is none.
    """
    if cols < 1 or rows < 1:
        raise ValueError(f"a terminal has at least one row and one column, not {cols} x {rows}")
    if cols * rows > MAX_CELLS:
        raise ValueError(f"a terminal has at most {MAX_CELLS} cells, not {cols} x {rows}")


@cython.cclass
class Terminal(View):
    """A terminal of `cols` x `rows` cells with a scrollback.

    Args:
        cols: width, at least 1.
        rows: height, at least 1.
        scrollback: physical rows kept above the screen; None: as `settings` says.
        settings: what the terminal is told about its surroundings.
    """

    notified: cython.bint
    stopping: cython.bint
    events_waiting: cython.bint
    buffer: cython.uchar[::1]
    buffer_at: cython.int
    buffer_end: cython.int
    bytes_total: cython.longlong
    has_stop_pipe: cython.bint
    stop_read: cython.int
    stop_write: cython.int
    shown_row: cython.int
    shown_col: cython.int
    shown_cursor: cython.int

    def __init__(
        self, cols: int, rows: int, scrollback: int | None = None, settings: TerminalSettings | None = None
    ) -> None:
        _check_size(cols, rows)
        own = settings if settings is not None else TerminalSettings()
        lines = own.scrollback_lines if scrollback is None else scrollback
        self.has_stop_pipe = False
        self.stop_read = self.stop_write = -1
        self.notified = self.stopping = self.events_waiting = False
        self.bytes_total = 0
        self.buffer = _array("B", 65536)
        self.buffer_at = self.buffer_end = 0
        self.shown_row = self.shown_col = self.shown_cursor = 0
        View.__init__(self, cols, rows, lines, own)
        # The blank screen is the first change, so that a viewer from here on is told of none.
        self.flush_marks()
        self.seq = self.stamp

    def __del__(self) -> None:
        # Also after an __init__ that failed or never ran: compiled, the fields are then all zero.
        if cython.compiled or hasattr(self, "has_stop_pipe"):
            self._close_stop_pipe()

    # -- feeding --

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _begin_slice(self) -> cython.void:
        self.stamp = self.seq + 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.wraparound(False)
    def _end_slice(self) -> cython.bint:
        """Close the change numbers of a slice; whether anything that shows has changed."""
        changed: cython.bint = self.dirty_high >= 0 or self.all_seq == self.stamp or self.sync_closed
        row: cython.int
        shown: cython.int = self.private_modes[25] | (self.private_modes[12] << 1) | (self.cursor_style << 2)
        self.flush_marks()
        self.sync_closed = False
        row = 0
        while not changed and row < self.rows:
            changed = self.line_seq[self.vis[row]] == self.stamp
            row += 1
        if self.row != self.shown_row or self.col != self.shown_col or shown != self.shown_cursor:
            self.shown_row = self.row
            self.shown_col = self.col
            self.shown_cursor = shown
            self.cursor_seq = self.stamp
            changed = True
        if changed:
            self.seq = self.stamp
        return changed

    def feed(self, data: bytes) -> None:
        """Carry out what a program wrote. Any bytes, in any pieces."""
        if not data:
            return
        view: cython.const[cython.uchar][::1] = data
        at: cython.int = 0
        end: cython.int
        # One slice holds at most 64 KiB, so that readers get their turn in a long feed.
        base: cython.Py_ssize_t = 0
        total: cython.Py_ssize_t = len(data)
        while base < total:
            if total > _SLICE:
                view = data[base : base + _SLICE]
            end = len(view)
            at = 0
            self._enter()
            try:
                self._begin_slice()
                while at < end:
                    with cython.nogil:
                        at = self.parse(view, at, end)
                    if self.request:
                        self._answer()
                self._end_slice()
                self._collect_bells()
            finally:
                self.lock.release()
            base += end

    @cython.cfunc
    def _answer(self) -> cython.void:
        """Carry out what the parser stopped at. A bug there costs one control function, not the pane."""
        request = self.request
        self.request = 0
        try:
            _requests.answer(self, request)
        except Exception as error:  # noqa: BLE001 - kept for the log and for tests, which look at it
            self.failure = error
            self.dropped += 1

    @cython.cfunc
    def _collect_bells(self) -> cython.void:
        if self.bells:
            self.bells = 0
            self.emit(_events.Bell())

    def read_loop(self, fd: int, wake_fd: int) -> str:
        """Read from `fd` and carry out, without the GIL, until something needs the caller.

        When something that shows has changed and nobody was told since `take_notified`, one byte goes to
        `wake_fd` (never blocking).

        Returns:
            "events": events or output are waiting: take them and call again. "eof": the other side is gone.
            "stopped": `stop_reading` was called.
        """
        self._open_stop_pipe()
        status: cython.int
        number: cython.int = fd
        wake: cython.int = wake_fd
        while True:
            if cython.compiled:
                with cython.nogil:
                    status = self._pump(number, wake)
            else:
                status = self._pump_uncompiled(fd, wake_fd)
            if status == _NEEDS_PYTHON:
                self._enter()
                try:
                    self._begin_slice()
                    if self.request:
                        self._answer()
                    self._collect_bells()
                    changed = self._end_slice()
                    tell = changed and not self.notified
                    self.notified = self.notified or changed
                    self.events_waiting = len(self.event_list) > 0 or len(self.output) > 0
                finally:
                    self.lock.release()
                if tell:
                    _wake(wake_fd)
                if self.events_waiting:
                    return "events"
            elif status == _HAS_EVENTS:
                return "events"
            elif status == _ENDED:
                self._close_stop_pipe()
                return "eof"
            else:
                self._close_stop_pipe()
                return "stopped"

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.wraparound(False)
    def _pump(self, fd: cython.int, wake_fd: cython.int) -> cython.int:
        if not cython.compiled:
            return _STOPPED
        got: cython.Py_ssize_t
        rounds: cython.int
        tell: cython.bint
        attention: cython.bint
        fds = cython.declare(pollfd[2])
        wake = cython.declare(pollfd)
        while True:
            if self.stopping:
                return _STOPPED
            if self.buffer_at < self.buffer_end:
                tell = False
                with self.lock:
                    self._begin_slice()
                    self.buffer_at = self.parse(self.buffer, self.buffer_at, self.buffer_end)
                    if self._end_slice() and not self.notified:
                        self.notified = True
                        tell = True
                    attention = self.request != 0 or self.bells != 0
                if tell:
                    wake.fd = wake_fd
                    wake.events = POLLOUT
                    wake.revents = 0
                    if poll(cython.address(wake), 1, 0) > 0:
                        write(wake_fd, b"\0", 1)
                if attention:
                    return _NEEDS_PYTHON
                # Let whoever waits for the lock have it: a mutex alone would give it back to this thread.
                rounds = 0
                while self.waiters > 0 and rounds < 200:
                    usleep(20)
                    rounds += 1
                continue
            if self.events_waiting:
                return _HAS_EVENTS
            fds[0].fd = fd
            fds[0].events = POLLIN
            fds[0].revents = 0
            fds[1].fd = self.stop_read
            fds[1].events = POLLIN
            fds[1].revents = 0
            if poll(cython.address(fds[0]), 2, -1) < 0:
                if errno == EINTR:
                    continue
                return _ENDED
            if fds[1].revents:
                # Somebody stops the loop or has something for the program: the fields say which.
                got = read(self.stop_read, cython.address(self.buffer[0]), 64)
                continue
            if not fds[0].revents:
                continue
            got = read(fd, cython.address(self.buffer[0]), 65536)
            if got > 0:
                self.bytes_total += got
                self.buffer_at = 0
                self.buffer_end = cython.cast(cython.int, got)
            elif got == 0 or (errno != EINTR and errno != EAGAIN):
                return _ENDED

    def _pump_uncompiled(self, fd: int, wake_fd: int) -> int:
        """The same contract as `_pump`, in Python."""
        while True:
            if self.stopping:
                return 3
            if self.buffer_at < self.buffer_end:
                tell = False
                with self.lock:
                    self._begin_slice()
                    self.buffer_at = self.parse(self.buffer, self.buffer_at, self.buffer_end)
                    if self._end_slice() and not self.notified:
                        self.notified = tell = True
                    attention = self.request != 0 or self.bells != 0
                if tell:
                    _wake(wake_fd)
                if attention:
                    return 0
                if self.waiters > 0:
                    time.sleep(0)
                continue
            if self.events_waiting:
                return 1
            try:
                readable, _, _ = select.select([fd, self.stop_read], [], [])
                if self.stop_read in readable:
                    os.read(self.stop_read, 64)
                    continue
                data = os.read(fd, 65536)
            except BlockingIOError:
                continue
            except OSError:
                return 2
            if not data:
                return 2
            self.bytes_total += len(data)
            self.buffer[: len(data)] = data
            self.buffer_at = 0
            self.buffer_end = len(data)

    @property
    def bytes_read(self) -> int:
        """How many bytes `read_loop` has read so far."""
        return self.bytes_total

    def stop_reading(self) -> None:
        """Make `read_loop` return "stopped", now or when it is next called. Any thread."""
        self.stopping = True
        # Under the lock, so that the pipe is not closed in between and its number given to another file.
        self._enter()
        try:
            self._nudge()
        finally:
            self.lock.release()

    @cython.cfunc
    def _nudge(self) -> cython.void:
        """Make `read_loop` look at its fields, with the lock held."""
        if self.has_stop_pipe:
            try:
                os.write(self.stop_write, b"\0")
            except BlockingIOError:
                return  # A full pipe wakes the loop as well.

    def _open_stop_pipe(self) -> None:
        self._enter()
        try:
            if not self.has_stop_pipe:
                self.stop_read, self.stop_write = os.pipe()
                self.has_stop_pipe = True
                os.set_blocking(self.stop_read, False)
                os.set_blocking(self.stop_write, False)
        finally:
            self.lock.release()

    def _close_stop_pipe(self) -> None:
        self._enter()
        try:
            if self.has_stop_pipe:
                self.has_stop_pipe = False
                os.close(self.stop_read)
                os.close(self.stop_write)
        finally:
            self.lock.release()

    def take_notified(self) -> bool:
        """Whether `read_loop` has written to its wake_fd since the last call; from now on it may again."""
        self._enter()
        was = self.notified
        self.notified = False
        self.lock.release()
        return was

    def take_output(self) -> bytes:
        """Replies that are to be written to the program."""
        self._enter()
        data = bytes(self.output)
        self.output.clear()
        self.events_waiting = len(self.event_list) > 0
        self.lock.release()
        return data

    def take_events(self) -> list[_events.TerminalEvent]:
        """What happened since the last call, in order."""
        self._enter()
        taken = self.event_list
        self.event_list = []
        self.events_waiting = len(self.output) > 0
        self.lock.release()
        return taken

    # -- size and reset --

    def resize(self, cols: int, rows: int) -> None:
        """Change the size. Wrapped lines of the primary screen and its scrollback reflow."""
        _check_size(cols, rows)
        if cols == self.cols and rows == self.rows:
            return
        self._enter()
        try:
            self._begin_slice()
            self._resize(cols, rows)
            self._end_slice()
        finally:
            self.lock.release()

    @cython.cfunc
    def _resize(self, cols: cython.int, rows: cython.int) -> cython.void:
        old_cols: cython.int = self.cols
        # A pending wrap is a cursor behind the last column while text moves.
        live = [self.row, self.col + (1 if self.pending else 0)]
        saved = [[self.saved[at + 1], self.saved[at + 2] + self.saved[at + 3]] for at in (0, 16)]
        limit = self.rows - 1
        for position in saved:
            position[0] = min(position[0], limit)
        if self.on_alternate:
            # The primary screen's cursor is what 1049 saved, or where the shared cursor would be.
            primary = [saved[0] if self.saved[0] else list(live)]
            secondary = [live, saved[1]]
        else:
            primary = [live, saved[0]]
            secondary = [saved[1]]
        self.has_finished = False
        self.resize_grid(cols, rows, primary, secondary)
        tabs = self.tabs
        self.tabs = _array("B", cols)
        self.tabs[: min(cols, old_cols)] = tabs[: min(cols, old_cols)]
        self.default_tabs(min(old_cols, cols))
        self.row = live[0]
        self.pending = live[1] >= cols and self.autowrap
        self.col = min(live[1], cols - 1)
        for number, at in enumerate((0, 16)):
            self.saved[at + 1] = saved[number][0]
            self.saved[at + 3] = 1 if saved[number][1] >= cols else 0
            self.saved[at + 2] = min(saved[number][1], cols - 1)
        self.cluster_state = 0
        self.all_seq = self.stamp
        if self.private_modes[2048]:
            self.report_size()
            self.events_waiting = True
            self._nudge()

    def report_size(self) -> None:
        """Mode 2048's report, with the lock held."""
        settings = self.own_settings
        height, width = self.rows * settings.cell_height_px, self.cols * settings.cell_width_px
        self.reply(b"\x1b[48;%d;%d;%d;%dt" % (self.rows, self.cols, height, width))

    def change_size(self, cols: int, rows: int) -> None:
        """A program's wish for another size, with the lock held; `requests` asks whether that is allowed."""
        if cols != self.cols or rows != self.rows:
            self._resize(cols, rows)
            self.emit(_events.SizeChanged(cols, rows))

    def reset(self) -> None:
        """RIS, as from the user: the parser as well, and the kept output and events stay."""
        self._enter()
        try:
            self._begin_slice()
            self.reset_unlocked()
            self._end_slice()
        finally:
            self.lock.release()

    def clear_scrollback(self) -> None:
        """Forget the rows above the screen."""
        self._enter()
        self._begin_slice()
        self.clear_history()
        self.all_seq = self.stamp
        self._end_slice()
        self.lock.release()

    @property
    def settings(self) -> TerminalSettings:
        """What the terminal is told; may be replaced, and the scrollback's size stays as it was made."""
        return self.own_settings

    @settings.setter
    def settings(self, settings: TerminalSettings) -> None:
        self._enter()
        try:
            before = self.own_settings.colors
            cell = self.own_settings.cell_width_px, self.own_settings.cell_height_px
            self.apply_settings(settings)
            colors = settings.colors
            if (
                self.private_modes[2031]
                and colors is not None
                and (before is None or before.is_dark != colors.is_dark)
            ):
                # The program asked to be told; whoever reads the pty takes it from here.
                self.reply(b"\x1b[?997;%dn" % (1 if colors.is_dark else 2))
                self.events_waiting = True
            if self.private_modes[2048] and cell != (settings.cell_width_px, settings.cell_height_px):
                self.report_size()
                self.events_waiting = True
            if self.events_waiting:
                self._nudge()
        finally:
            self.lock.release()


def _wake(fd: int) -> None:
    """One byte, if there is room and somebody to read it."""
    try:
        if select.select([], [fd], [], 0)[1]:
            os.write(fd, b"\0")
    except (OSError, ValueError):
        # A reader that has gone is no longer to be told.
        return
