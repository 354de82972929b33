# cython: language_level=3
"""The terminal: its lock, its public face, the read loop, and the copy that a frame takes.

One thread feeds it, in slices (`feed` or `read_loop`); any thread reads. Every public method takes the terminal's
own lock, which is waited for without the GIL; between slices the feeding thread lets waiting readers go first, so
a frame waits for one slice at most. Names with a trailing `_unlocked`, and everything `requests` calls, run with
the lock held.

What a terminal does not do: it opens no file, spawns nothing, holds no configuration, decides no colour. Compiled
by Cython; the same file runs uncompiled, with an `os.read` loop in place of the compiled one.
"""

from __future__ import annotations

import os
import select
import time

import cython

from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import Extra, unpack_color
from perilune.vt import events as _events
from perilune.vt import requests as _requests
from perilune.vt.cell import Cell, Cursor
from perilune.vt.grid import WRAPPED, _array
from perilune.vt.modes import TerminalModes
from perilune.vt.screen import KNOWN_MODES
from perilune.vt.settings import TerminalSettings

if cython.compiled:
    from cython.cimports.libc.errno import EAGAIN, EINTR, errno
    from cython.cimports.perilune.vt.parser import Parser
    from cython.cimports.perilune.vt.system import POLLIN, POLLOUT, poll, pollfd
    from cython.cimports.posix.unistd import read, usleep, write
else:
    from perilune.vt.parser import Parser

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

_MAX_EVENTS = 4096
_MAX_OUTPUT = 1 << 20

# What `_pump` returns.
_NEEDS_PYTHON = cython.declare(cython.int, 0)
_HAS_EVENTS = cython.declare(cython.int, 1)
_ENDED = cython.declare(cython.int, 2)
_STOPPED = cython.declare(cython.int, 3)

Rgb = tuple[int, int, int]


@cython.cclass
class Terminal(Parser):
    """A terminal of `cols` x `rows` cells with a scrollback.

    Args:
        cols: width, at least 1.
        rows: height, at least 1.
        scrollback: physical rows kept above the screen; None: as `settings` says.
        settings: what the terminal is told about its surroundings.
    """

    lock: cython.pymutex
    waiters: cython.int
    notified: cython.bint
    stopping: cython.bint
    events_waiting: cython.bint
    buffer: cython.uchar[::1]
    buffer_at: cython.int
    buffer_end: cython.int
    stop_read: cython.int
    stop_write: cython.int
    shown_row: cython.int
    shown_col: cython.int
    shown_cursor: cython.int
    cursor_seq: cython.ulonglong
    palette: cython.uint[::1]
    has_palette: cython.bint
    dynamic: cython.uint[::1]
    map_clusters: cython.uint[::1]
    map_extras: cython.uint[::1]
    map_generation: cython.int
    map_tables: object
    settings = cython.declare(object, visibility="readonly")
    title = cython.declare(str, visibility="readonly")
    icon_title = cython.declare(str, visibility="readonly")
    title_stack = cython.declare(list, visibility="readonly")
    last_exit_status = cython.declare(object, visibility="public")
    event_list: list
    output: bytearray

    def __init__(
        self, cols: int, rows: int, scrollback: int | None = None, settings: TerminalSettings | None = None
    ) -> None:
        if cols < 1 or rows < 1:
            raise ValueError(f"a terminal has at least one row and one column, not {cols} x {rows}")
        own = settings if settings is not None else TerminalSettings()
        lines = own.scrollback_lines if scrollback is None else scrollback
        if not cython.compiled:
            self.lock = cython.pymutex()
        self.stop_read = self.stop_write = -1
        self.waiters = 0
        self.notified = self.stopping = self.events_waiting = False
        self.settings = own
        self.title = self.icon_title = ""
        self.title_stack = []
        self.last_exit_status = None
        self.event_list = []
        self.output = bytearray()
        self.buffer = _array("B", 65536)
        self.buffer_at = self.buffer_end = 0
        self.palette = _array("I", 256)
        self.has_palette = False
        self.dynamic = _array("I", 3)
        self.map_tables = None
        self.map_generation = -1
        self.map_clusters = _array("I", 1)
        self.map_extras = _array("I", 1)
        self.cursor_seq = 0
        self.shown_row = self.shown_col = self.shown_cursor = 0
        Parser.__init__(self, cols, rows, lines, own.string_limit)

    def __del__(self) -> None:
        self._close_stop_pipe()

    # -- lock --

    @cython.cfunc
    def _enter(self) -> cython.void:
        # Written with the GIL held; the feeding thread reads it between slices.
        self.waiters += 1
        self.lock.acquire()
        self.waiters -= 1

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
        changed: cython.bint = self.dirty_high >= 0 or self.all_seq == self.stamp
        row: cython.int
        shown: cython.int = self.private_modes[25] | (self.private_modes[12] << 1) | (self.cursor_style << 2)
        self.flush_marks()
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
        """Carry out what the parser stopped at; a bug there must not lose the rest of the input."""
        request = self.request
        self.request = 0
        _requests.answer(self, request)

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
        if self.stop_read < 0:
            self.stop_read, self.stop_write = os.pipe()
            os.set_blocking(self.stop_read, False)
            os.set_blocking(self.stop_write, False)
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
        fds: pollfd[2]
        wake: pollfd
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
                return _STOPPED
            if not fds[0].revents:
                continue
            got = read(fd, cython.address(self.buffer[0]), 65536)
            if got > 0:
                self.buffer_at = 0
                self.buffer_end = cython.cast(cython.int, got)
            elif got == 0:
                return _ENDED
            elif errno != EINTR and errno != EAGAIN:
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
                    return 3
                data = os.read(fd, 65536)
            except BlockingIOError:
                continue
            except OSError:
                return 2
            if not data:
                return 2
            self.buffer[: len(data)] = data
            self.buffer_at = 0
            self.buffer_end = len(data)

    def stop_reading(self) -> None:
        """Make `read_loop` return "stopped", now or when it is next called. Any thread."""
        self.stopping = True
        if self.stop_write >= 0:
            _wake(self.stop_write)

    def _close_stop_pipe(self) -> None:
        read_end, write_end = self.stop_read, self.stop_write
        self.stop_read = self.stop_write = -1
        if read_end >= 0:
            os.close(read_end)
            os.close(write_end)

    def take_notified(self) -> bool:
        """Whether `read_loop` has written to its wake_fd since the last call; it may write again from now on."""
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

    # -- what requests call, with the lock held --

    def emit(self, event: _events.TerminalEvent) -> None:
        """Queue an event; a queue that nobody drains is bounded."""
        if len(self.event_list) >= _MAX_EVENTS:
            self.dropped += 1
        elif not (isinstance(event, _events.Bell) and self.event_list and self.event_list[-1] == event):
            self.event_list.append(event)

    def reply(self, data: bytes) -> None:
        """Queue bytes for the program; bounded likewise."""
        if len(self.output) + len(data) > _MAX_OUTPUT:
            self.dropped += 1
        else:
            self.output += data

    def count_dropped(self) -> None:
        """Note that something was over a limit."""
        self.dropped += 1

    def request_string(self) -> bytes:
        """The OSC, DCS or APC string."""
        return bytes(self.string[: self.string_length])

    def request_final(self) -> str:
        """The final byte."""
        return chr(self.final)

    def request_function(self) -> tuple[str, str, str]:
        """Prefix, intermediates and final byte of a CSI or DCS."""
        prefix = chr(self.prefix) if self.prefix else ""
        intermediates = ""
        value = self.intermediate
        while value:
            intermediates = chr(value & 0xFF) + intermediates
            value >>= 8
        return prefix, intermediates, chr(self.final)

    def request_params(self) -> list[int]:
        """Parameters; -1 for one left out."""
        return [self.params[number] for number in range(self.param_count)]

    def reported_position(self) -> tuple[int, int]:
        """The cursor as CPR reports it: from 1, relative in origin mode."""
        if self.origin:
            return self.row - self.top + 1, self.col - self.left + 1
        return self.row + 1, self.col + 1

    def mode_state(self, mode: int, *, private: bool) -> int:
        """DECRQM's answer: 0 unknown, 1 set, 2 reset, 3 permanently set, 4 permanently reset."""
        if not private:
            return (1 if self.ansi_modes[mode] else 2) if mode in (2, 4, 12, 20) else 0
        if mode == 2027:
            return 3
        return (1 if self.private_modes[mode] else 2) if mode in KNOWN_MODES else 0

    def kitty_flags(self) -> int:
        """The kitty keyboard flags in force."""
        if not self.settings.enable_kitty_keyboard:
            return 0
        screen = 1 if self.on_alternate else 0
        return self.kitty_stack[screen * 16 + self.kitty_depth[screen]]

    def margins(self) -> tuple[int, int, int, int]:
        """Left, right, top, bottom, inclusive."""
        return self.left, self.right, self.top, self.bottom

    def is_protecting(self) -> bool:
        """Whether DECSCA protects what is printed."""
        return bool(self.attr & 0x1000)

    def rendition(self) -> bytes:
        """The rendition in force as SGR parameters, for DECRQSS."""
        parts = ["0"]
        attr = self.attr
        for bit, code in ((1, "1"), (2, "2"), (4, "3")):
            if attr & bit:
                parts.append(code)
        underline = attr >> 3 & 7
        if underline:
            parts.append("4" if underline == 1 else f"4:{underline}")
        for bit, code in ((0x40, "5"), (0x80, "6"), (0x100, "7"), (0x200, "8"), (0x400, "9"), (0x800, "53")):
            if attr & bit:
                parts.append(code)
        for base, word in ((30, self.fg), (40, self.bg), (50, self.underline_color)):
            color = unpack_color(word)
            if isinstance(color, tuple):
                parts.append(f"{base + 8}:2::{color[0]}:{color[1]}:{color[2]}")
            elif color is not None and base < 50 and color < 8:
                parts.append(str(base + color))
            elif color is not None and base < 50 and color < 16:
                parts.append(str(base + 52 + color))
            elif color is not None:
                parts.append(f"{base + 8}:5:{color}")
        return ";".join(parts).encode()

    def set_title(self, title: str) -> None:
        """OSC 2."""
        self.title = title
        self.emit(_events.TitleChanged(title))

    def set_icon_title(self, title: str) -> None:
        """OSC 1."""
        self.icon_title = title
        self.emit(_events.IconTitleChanged(title))

    def palette_override(self, index: int) -> Rgb | None:
        """What OSC 4 set."""
        color = unpack_color(self.palette[index])
        return color if isinstance(color, tuple) else None

    def set_palette_override(self, index: int, color: Rgb | None) -> None:
        """OSC 4 and 104."""
        self.palette[index] = 0 if color is None else 0x02000000 | color[0] << 16 | color[1] << 8 | color[2]
        self.has_palette = any(self.palette)
        self.all_seq = self.stamp

    def clear_palette_overrides(self) -> None:
        """OSC 104 without parameters."""
        self.palette = _array("I", 256)
        self.has_palette = False
        self.all_seq = self.stamp

    def dynamic_color(self, number: int) -> Rgb | None:
        """What OSC 10, 11 or 12 set."""
        color = unpack_color(self.dynamic[number - 10])
        return color if isinstance(color, tuple) else None

    def set_dynamic_color(self, number: int, color: Rgb | None) -> None:
        """OSC 10 to 12 and 110 to 112."""
        self.dynamic[number - 10] = 0 if color is None else 0x02000000 | color[0] << 16 | color[1] << 8 | color[2]
        self.all_seq = self.stamp

    def reset_unlocked(self) -> None:
        """RIS: everything but the scrollback, the title and what was counted."""
        self.reset_screen()
        self.reset_parser()
        self.clear_palette_overrides()
        self.dynamic = _array("I", 3)
        self.title_stack.clear()

    # -- reading --

    @property
    def seqno(self) -> int:
        """The number of the last change of anything that shows, the cursor included."""
        return self.seq

    @property
    def cursor_seqno(self) -> int:
        """The number of the last change of the cursor."""
        return self.cursor_seq

    def changed_rows(self, since: int) -> list[int]:
        """Visible rows that have changed after `since`."""
        self._enter()
        rows = []
        limit: cython.ulonglong = max(since, 0)
        row: cython.int
        for row in range(self.rows):
            if since < 0 or self._row_number(row) > limit:
                rows.append(row)
        self.lock.release()
        return rows

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.wraparound(False)
    def _row_number(self, row: cython.int) -> cython.ulonglong:
        number: cython.ulonglong = self.all_seq
        if self.row_seq[row] > number:
            number = self.row_seq[row]
        if self.line_seq[self.vis[row]] > number:
            number = self.line_seq[self.vis[row]]
        return number

    @property
    def cursor(self) -> Cursor:
        """The cursor."""
        self._enter()
        cursor = Cursor(
            self.row,
            self.col,
            bool(self.private_modes[25]),
            self.cursor_style,
            bool(self.pending),
            bool(self.private_modes[12]),
        )
        self.lock.release()
        return cursor

    @property
    def cursor_color(self) -> Rgb | None:
        """What OSC 12 set."""
        return self.dynamic_color(12)

    @property
    def foreground_override(self) -> Rgb | None:
        """What OSC 10 set."""
        return self.dynamic_color(10)

    @property
    def background_override(self) -> Rgb | None:
        """What OSC 11 set."""
        return self.dynamic_color(11)

    @property
    def modes(self) -> TerminalModes:
        """The modes as they are now."""
        self._enter()
        modes = TerminalModes(
            self.mouse_tracking,
            self.mouse_encoding,
            self.kitty_flags(),
            self.modify_other_keys,
            frozenset([mode for mode in KNOWN_MODES if self.private_modes[mode]]),
            frozenset([mode for mode in (2, 4, 12, 20) if self.ansi_modes[mode]]),
        )
        self.lock.release()
        return modes

    @property
    def is_synchronized(self) -> bool:
        """A synchronised update (mode 2026) is open: a frame keeps the old picture."""
        return bool(self.private_modes[2026])

    def end_synchronized(self) -> None:
        """Close a synchronised update that stays open for too long."""
        self._enter()
        self.private_modes[2026] = 0
        self.lock.release()

    @property
    def is_alternate(self) -> bool:
        """The alternate screen is shown."""
        return bool(self.on_alternate)

    @cython.cfunc
    def _word_text(self, word: cython.uint) -> str:
        if word & _SPACER:
            return ""
        if word & _CLUSTER:
            return self.clusters.text(word & _TEXT_MASK)
        word &= _TEXT_MASK
        return chr(word) if word else " "

    @cython.cfunc
    @cython.wraparound(False)
    def _slot_text(self, slot: cython.int, start: cython.int, end: cython.int) -> str:
        parts = []
        col: cython.int
        word: cython.uint
        stop: cython.int = min(end, self.used[slot])
        for col in range(start, stop):
            word = self.cells[slot * self.stride + col * 4]
            if word < 0x200000:
                parts.append(chr(word) if word else " ")
            else:
                parts.append(self._word_text(word))
        return "".join(parts)

    def text(self) -> list[str]:
        """The visible rows, right-trimmed."""
        self._enter()
        rows = [self._slot_text(self.vis[row], 0, self.cols).rstrip(" ") for row in range(self.rows)]
        self.lock.release()
        return rows

    def scrollback_text(self) -> list[str]:
        """The physical rows above the screen, oldest first, right-trimmed."""
        self._enter()
        rows = [
            self._slot_text(self.slot_of_line(line), 0, self.cols).rstrip(" ") for line in range(self.history_count)
        ]
        self.lock.release()
        return rows

    @cython.cfunc
    def _extra(self, number: cython.int) -> object:
        """The extra with a number of this terminal's."""
        if number == 0:
            return Extra()
        link, color = self.extras.pair(number)
        if not link:
            return Extra(None, "", unpack_color(color))
        parameters, _, uri = self.links.raw(link).partition(b";")
        link_id = ""
        for part in parameters.split(b":"):
            if part.startswith(b"id="):
                link_id = part[3:].decode("utf-8", "replace")
        return Extra(uri.decode("utf-8", "replace"), link_id or f"#{link}", unpack_color(color))

    @cython.cfunc
    def _cell_of(self, slot: cython.int, col: cython.int) -> object:
        at: cython.int = slot * self.stride + col * 4
        attr: cython.uint = self.cells[at + 3]
        return Cell.from_words(
            self._word_text(self.cells[at]),
            self.cells[at],
            self.cells[at + 1],
            self.cells[at + 2],
            attr,
            self._extra(attr >> 16),
        )

    def cell(self, row: int, col: int) -> Cell:
        """One visible cell."""
        if not (0 <= row < self.rows and 0 <= col < self.cols):
            raise IndexError(f"no cell ({row}, {col}) in {self.cols} x {self.rows}")
        self._enter()
        try:
            return self._cell_of(self.vis[row], col)
        finally:
            self.lock.release()

    # -- stable rows --

    @property
    def scrollback_rows(self) -> int:
        """Physical rows kept above the screen."""
        return self.history_count

    @property
    def first_stable(self) -> int:
        """The stable number of the oldest row kept. Numbers never change while rows scroll, only by a resize."""
        return self.evicted

    @property
    def stable_top(self) -> int:
        """The stable number of visible row 0."""
        return self.evicted + self.history_count

    @property
    def resize_count(self) -> int:
        """How often a resize has given rows new stable numbers."""
        return self.reflows

    @cython.cfunc
    def _stable_slot(self, stable: object) -> cython.int:
        """The slot of a stable row, -1 if it is not kept."""
        line = stable - self.evicted
        if not 0 <= line < self.history_count + self.rows:
            return -1
        return self.slot_of_line(line)

    def row_text(self, stable: int) -> str:
        """A row's text, right-trimmed; "" for one that is not kept."""
        self._enter()
        slot: cython.int = self._stable_slot(stable)
        text = "" if slot < 0 else self._slot_text(slot, 0, self.cols).rstrip(" ")
        self.lock.release()
        return text

    def row_wrapped(self, stable: int) -> bool:
        """Whether the row continues on the next one."""
        self._enter()
        slot: cython.int = self._stable_slot(stable)
        wrapped = slot >= 0 and bool(self.flags[slot] & WRAPPED)
        self.lock.release()
        return wrapped

    def row_has_prompt(self, stable: int) -> bool:
        """Whether a prompt starts in the row (OSC 133 A)."""
        self._enter()
        slot: cython.int = self._stable_slot(stable)
        marked = slot >= 0 and bool(self.flags[slot] & 4)
        self.lock.release()
        return marked

    def cells_of_row(self, stable: int) -> list[Cell]:
        """A row's cells, all `cols` of them; [] for one that is not kept."""
        self._enter()
        try:
            slot: cython.int = self._stable_slot(stable)
            return [] if slot < 0 else [self._cell_of(slot, col) for col in range(self.cols)]
        finally:
            self.lock.release()

    # -- size and reset --

    def resize(self, cols: int, rows: int) -> None:
        """Change the size. Wrapped lines of the primary screen and its scrollback reflow."""
        if cols < 1 or rows < 1:
            raise ValueError(f"a terminal has at least one row and one column, not {cols} x {rows}")
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
            settings = self.settings
            height, width = rows * settings.cell_height_px, cols * settings.cell_width_px
            self.reply(b"\x1b[48;%d;%d;%d;%dt" % (rows, cols, height, width))
            self.events_waiting = True

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

    def update_settings(self, settings: TerminalSettings) -> None:
        """Take new settings; the scrollback's size stays as it was made."""
        self._enter()
        self.settings = settings
        self.string_limit = settings.string_limit
        self.lock.release()

    # -- frames --

    @cython.wraparound(False)
    def render_rows(
        self,
        dest: CellBuffer,
        dest_row: int,
        dest_col: int,
        rows: int,
        cols: int,
        top: int | None = None,
        since: int = -1,
    ) -> int:
        """Copy what shows into a frame.

        Args:
            dest: the frame's cells; rows that are written are marked in `touched`.
            dest_row: where in it.
            dest_col: likewise.
            rows: size of the place; what the terminal does not fill is blank.
            cols: likewise; a wide character that the edge cuts is blank.
            top: the stable number of the first row to show; None: the screen.
            since: copy only rows changed after this number; -1: all. With another `top`, `dest` or tables than
                last time, pass -1.

        Returns:
            The change number that this picture has.
        """
        rows = min(rows, dest.rows - dest_row)
        cols = min(cols, dest.cols - dest_col)
        if rows <= 0 or cols <= 0 or dest_row < 0 or dest_col < 0:
            return since
        out: cython.uint[::1] = dest.words
        touched: cython.uchar[::1] = dest.touched
        pitch: cython.int = dest.cols * 4
        height: cython.int = rows
        width: cython.int = cols
        target_row: cython.int = dest_row
        target_col: cython.int = dest_col
        everything: cython.bint = since < 0
        limit: cython.ulonglong = 0 if everything else since
        tables = dest.tables
        row: cython.int
        col: cython.int
        at: cython.int
        to: cython.int
        slot: cython.int
        end: cython.int
        word: cython.uint
        color: cython.uint
        attr: cython.uint
        number: cython.ulonglong
        reverse: cython.uint
        fg: cython.uint
        bg: cython.uint
        line: cython.longlong = 0
        result: cython.ulonglong
        self._enter()
        try:
            if self.map_tables is not tables or self.map_generation != tables.generation:
                self.map_tables = tables
                self.map_generation = tables.generation
                self.map_clusters = _array("I", self.clusters.capacity)
                self.map_extras = _array("I", self.extras.capacity)
                everything = True
            if len(self.map_clusters) < self.clusters.count:
                self.map_clusters = self._longer(self.map_clusters, self.clusters.capacity)
            if len(self.map_extras) < self.extras.count:
                self.map_extras = self._longer(self.map_extras, self.extras.capacity)
            reverse = _REVERSE if self.private_modes[5] else 0
            fg = self.dynamic[0]
            bg = self.dynamic[1]
            for row in range(height):
                line = row if top is None else top - self.evicted + row - self.history_count
                if -self.history_count <= line < 0:
                    slot = self.slot_of_line(cython.cast(cython.int, line + self.history_count))
                    number = max(self.line_seq[slot], self.all_seq)
                elif 0 <= line < self.rows:
                    slot = self.vis[line]
                    # Seen from a fixed viewport a row that scrolls away is still the same row.
                    number = (
                        self._row_number(cython.cast(cython.int, line))
                        if top is None
                        else max(self.line_seq[slot], self.all_seq)
                    )
                else:
                    slot = -1
                    number = self.all_seq
                if not everything and number <= limit:
                    continue
                touched[target_row + row] = 1
                to = (target_row + row) * pitch + target_col * 4
                end = 0 if slot < 0 else min(width, self.cols)
                at = slot * self.stride
                for col in range(end):
                    word = self.cells[at]
                    attr = self.cells[at + 3]
                    if word & _CLUSTER:
                        word = self._mapped_cluster(word, tables)
                    out[to] = word
                    color = self.cells[at + 1]
                    if color == 0:
                        color = fg
                    elif color & _INDEXED and self.has_palette and self.palette[color & 0xFF]:
                        color = self.palette[color & 0xFF]
                    out[to + 1] = color
                    color = self.cells[at + 2]
                    if color == 0:
                        color = bg
                    elif color & _INDEXED and self.has_palette and self.palette[color & 0xFF]:
                        color = self.palette[color & 0xFF]
                    out[to + 2] = color
                    if attr:
                        if attr >> 16:
                            attr = (attr & _RENDITION) | (self._mapped_extra(attr >> 16, tables) << 16)
                        else:
                            attr &= _RENDITION
                    out[to + 3] = attr ^ reverse
                    at += 4
                    to += 4
                if 0 < end < self.cols and end == width and out[to - 4] & _WIDE:
                    out[to - 4] = 0
                for col in range(end, width):
                    out[to] = 0
                    out[to + 1] = fg if slot >= 0 else 0
                    out[to + 2] = bg
                    out[to + 3] = reverse if slot >= 0 else 0
                    to += 4
            result = self.seq
        finally:
            self.lock.release()
        return result

    @cython.cfunc
    def _longer(self, old: cython.uint[::1], length: cython.int) -> object:
        new = _array("I", length)
        new[: len(old)] = old
        return new

    @cython.cfunc
    def _mapped_cluster(self, word: cython.uint, tables: object) -> cython.uint:
        """A cluster's text word with the number that the frame's tables give it."""
        number: cython.uint = word & _TEXT_MASK
        mapped: cython.uint = self.map_clusters[number]
        if mapped == 0:
            text = self.clusters.text(number)
            mapped = tables.cluster_id(text)
            if mapped == 0:
                # Full: the base alone, and another try in the next frame.
                return ord(text[0]) | (word & _WIDE)
            self.map_clusters[number] = mapped
        return mapped | _CLUSTER | (word & _WIDE)

    @cython.cfunc
    def _mapped_extra(self, number: cython.uint, tables: object) -> cython.uint:
        """An extra's number in the frame's tables."""
        mapped: cython.uint = self.map_extras[number]
        if mapped == 0:
            mapped = tables.extra_id(self._extra(number))
            self.map_extras[number] = mapped
        return mapped


def _wake(fd: int) -> None:
    """One byte, if there is room and somebody to read it."""
    try:
        if select.select([], [fd], [], 0)[1]:
            os.write(fd, b"\0")
    except (OSError, ValueError):
        # A reader that has gone is no longer to be told.
        return
