"""A pane: a terminal, the program that runs in it, and what a user sees of both.

Everything here happens on the mux thread; the pane's reader thread touches the terminal only (see `reader`).
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from perilune.base.clock import Clock
from perilune.base.geometry import Size
from perilune.base.ids import PaneId
from perilune.base.log import get_logger
from perilune.base.loop import EventLoop, Timer
from perilune.mux.domain import PaneProcess
from perilune.mux.notifications import (
    Alert,
    LiveFieldsChanged,
    MuxNotification,
    PaneOutput,
    UnseenOutputChanged,
)
from perilune.mux.reader import PaneReader
from perilune.mux.write_queue import WriteQueue
from perilune.pty.exit_status import ExitStatus
from perilune.pty.process_info import ProcessInfo, process_cwd, process_executable, process_tree
from perilune.vt.events import (
    CurrentDirectory,
    IconTitleChanged,
    ProgressChanged,
    TitleChanged,
    UserVarChanged,
)

if TYPE_CHECKING:
    from perilune.vt import Terminal
    from perilune.vt.events import TerminalEvent
    from perilune.vt.settings import TerminalSettings

__all__ = ["LiveFields", "Pane"]

_log = get_logger("mux")
LIVE_TTL = 0.3  # seconds, as WezTerm's cache
_DRAIN_STEP = 0.05
_DRAIN_MOST = 2.0
_KILL_AFTER = 2.0
_REOPEN_CHECK = 0.5


@dataclass(frozen=True, slots=True)
class LiveFields:
    """What only the system knows and what changes without an event.

    Attributes:
        foreground_process_name: path of the executable, "" if unknown.
        current_working_dir: a file URI, or None.
        tty_name: None where there is none.
        domain_name: where the program runs.
    """

    foreground_process_name: str = ""
    current_working_dir: str | None = None
    tty_name: str | None = None
    domain_name: str = ""


class Pane:
    """One terminal and its program.

    Attributes:
        id: never reused.
        terminal: its grid; see perilune.vt.
        domain_name: where the program runs.
        command: what was asked for; None is the login shell.
        user_vars: OSC 1337 SetUserVar; replaced as a whole when one changes, never written in place.
        progress: OSC 9;4.
        has_unseen_output: output came since the pane last had the focus.
        is_dead: the program has ended and all its output is on the screen (or it never started).
        exit_status: how it ended.
        size: of the terminal, as last laid out.
    """

    def __init__(
        self,
        pane_id: PaneId,
        terminal: Terminal,
        process: PaneProcess | None,
        *,
        loop: EventLoop,
        domain_name: str,
        command: Sequence[str] | None,
        size: Size,
        hostname: str,
        cwd: str | None = None,
        notify: Callable[[MuxNotification], None],
        on_finished: Callable[[Pane], None],
        on_released: Callable[[Pane], None],
    ) -> None:
        self.id = pane_id
        self.terminal = terminal
        self.process = process
        self.domain_name = domain_name
        self.command = tuple(command) if command is not None else None
        self.size = size
        self.user_vars: Mapping[str, str] = {}
        self.progress = ProgressChanged("None")
        self.has_unseen_output = False
        self.is_focused = False
        self.is_dead = process is None
        self._loop = loop
        self._clock: Clock = loop.clock
        self._hostname = hostname
        self._wanted_cwd = cwd
        self._notify = notify
        self._on_finished = on_finished
        self._on_released = on_released
        self._title = ""
        self._icon_title = ""
        self._cwd_uri: str | None = None
        self._live = LiveFields(tty_name=self.tty_name, domain_name=domain_name)
        self._live_at = float("-inf")
        self._live_timer: Timer | None = None
        self._kill_timer: Timer | None = None
        self._drain_timer: Timer | None = None
        self._drained_for = 0.0
        self._closing = False
        self._released = False
        self._writer: WriteQueue | None = None
        self._reader: PaneReader | None = None
        self._tell_cell_size()

    # What it is.

    @property
    def title(self) -> str:
        """The icon title if set, else the window title, else the name of the foreground program (cached)."""
        title = self._icon_title or self._title
        if title and title != "wezterm":
            return title
        return Path(self._live.foreground_process_name).name or self._command_name()

    @property
    def is_title_from_process(self) -> bool:
        """Whether `title` is the foreground program's name, which changes without an event."""
        return (self._icon_title or self._title) in {"", "wezterm"}

    @property
    def exit_status(self) -> ExitStatus | None:
        """How the program ended; None while it runs and when it never did."""
        return None if self.process is None else self.process.exit_status

    @property
    def pid(self) -> int | None:
        """The program's process id, while it has one."""
        return None if self.process is None else self.process.pid

    @property
    def tty_name(self) -> str | None:
        """The terminal device."""
        return (self.process.tty_name or None) if self.process is not None else None

    @property
    def unsent(self) -> int:
        """Bytes written that the program has not taken yet."""
        return self._writer.size if self._writer is not None else 0

    def _command_name(self) -> str:
        command = self.command or (self.process.command if self.process is not None else ())
        return Path(command[0]).name if command else ""

    def command_line(self) -> str:
        """The command as one would type it; "" for the login shell."""
        return shlex.join(self.command) if self.command else ""

    # What the system knows of it.

    def live_fields(self, max_age: float = LIVE_TTL) -> LiveFields:
        """Foreground program and directory, asked of the system if older than `max_age` seconds.

        A few system calls: not for the frame path, which takes `cached_live_fields`.
        """
        now = self._clock.monotonic()
        if now - self._live_at >= max_age:
            self._live_at = now
            self._refresh_live()
        return self._live

    @property
    def cached_live_fields(self) -> LiveFields:
        """The last answer of `live_fields`, however old."""
        return self._live

    def foreground_process_name(self) -> str:
        """Path of the foreground program's executable, asked now; "" if unknown."""
        return self.live_fields(0.0).foreground_process_name

    def foreground_process_info(self) -> ProcessInfo | None:
        """The foreground program with all that it started, asked now."""
        pid = self._foreground_pid()
        return process_tree(pid) if pid is not None else None

    def current_working_dir(self) -> str | None:
        """The current directory as a file URI, asked now; what the shell told with OSC 7 wins."""
        return self.live_fields(0.0).current_working_dir

    def local_cwd(self) -> str | None:
        """The current directory as a path of this machine that exists now: what a new pane inherits."""
        for path in (self._osc_path(), self._process_path()):
            if path is not None and Path(path).is_dir():
                return path
        return None

    def _foreground_pid(self) -> int | None:
        if self.process is None or self.is_dead:
            return None
        pid = self.process.foreground_pid()
        return pid if pid is not None else (self.process.pid if self.process.exit_status is None else None)

    def _process_path(self) -> str | None:
        if self.process is None:
            return self._wanted_cwd  # it could not be started; what is opened beside it goes there anyway
        pid = self._foreground_pid()
        if pid is None:
            return None
        path = process_cwd(pid)
        if path is None and self.process is not None and pid != self.process.pid:
            path = process_cwd(self.process.pid)  # another user's program, such as sudo
        return path

    def _osc_path(self) -> str | None:
        """OSC 7's directory if it lies on this machine."""
        if self._cwd_uri is None:
            return None
        try:
            parts = urlsplit(self._cwd_uri)
            host = (parts.hostname or "").lower()
        except ValueError:
            return None
        if parts.scheme not in {"file", "kitty-shell-cwd"} or not parts.path.startswith("/"):
            return None
        ours = self._hostname.lower()
        if host not in {"", "localhost", ours, ours.partition(".")[0]} and host.partition(".")[0] != ours:
            return None
        return unquote(parts.path, errors="surrogateescape") if parts.scheme == "file" else parts.path

    def _refresh_live(self) -> None:
        pid = self._foreground_pid()
        name = (process_executable(pid) or "") if pid is not None else ""
        cwd = self._cwd_uri
        if cwd is None:
            path = self._process_path()
            cwd = None if path is None else f"file://{self._hostname}{quote(os.fsencode(path))}"
        fresh = LiveFields(name, cwd, self.tty_name, self.domain_name)
        if fresh != self._live:
            self._live = fresh
            self._notify(LiveFieldsChanged(self.id))

    def refresh_live_soon(self) -> None:
        """Ask the system once, LIVE_TTL from now: a program named by the title starts after its echo."""
        if self._live_timer is None and not self.is_dead:
            self._live_timer = self._loop.call_later(LIVE_TTL, self._on_live_timer)

    def _on_live_timer(self) -> None:
        self._live_timer = None
        if not self._closing:
            self.live_fields(0.0)

    def program_tree(self) -> ProcessInfo | None:
        """The pane's program with all that it started, asked now; None when it has ended or nobody knows."""
        process = self.process
        if process is None or self.is_dead or process.poll() is not None:
            return None
        return process_tree(process.pid)

    def has_stateful_process(self, harmless: Collection[str]) -> bool:
        """Whether closing would end something other than programs named `harmless`.

        As WezTerm: everything that the pane's program started counts, in the background too. A program goes
        by several names (`/bin/sh` is dash or busybox); one of them is enough. A login shell that has started
        nothing is idle, whatever its name. Where the system has no process table to ask, a foreground program
        other than the pane's own counts.
        """
        process = self.process
        if process is None or self.is_dead or process.poll() is not None:
            return False
        tree = process_tree(process.pid)
        if tree is None:
            return process.foreground_pid() != process.pid
        running = [info for info in tree.walk() if info.status != "Zombie"]
        if self.command is None and running == [tree] and process.command:
            return Path(process.command[0]).name not in _names(tree) and _names(tree).isdisjoint(harmless)
        return any(_names(info).isdisjoint(harmless) for info in running)

    # What happens to it.

    def start(self) -> None:
        """Begin to read the program's output. Called once, by the mux."""
        process = self.process
        if process is None:
            return
        self._writer = WriteQueue(self._loop, process.fd)
        self._start_reader(process)
        process.on_exit(self._loop, self._on_exit)

    def _start_reader(self, process: PaneProcess) -> None:
        self._reader = PaneReader(
            self._loop,
            self.terminal,
            process.fd,
            name=f"pane {self.id}",
            on_events=self._on_events,
            on_end=self._on_reader_end,
        )
        self._reader.start()

    def write(self, data: bytes) -> bool:
        """Send bytes to the program, in order and without blocking; False when they were refused."""
        if self._writer is None or self._closing:
            return False
        return self._writer.write(data)

    def flush_output(self) -> None:
        """Send what the terminal has to tell the program, after a change not of the program's doing."""
        output = self.terminal.take_output()
        if output and self._writer is not None:
            self._writer.write(output, reply=True)

    def show(self, data: bytes) -> None:
        """Put bytes on the pane's screen as though the program had written them (`inject_output`)."""
        self.terminal.feed(data)
        self._on_events(self.terminal.take_events(), self.terminal.take_output())
        self.on_output()
        self._notify(PaneOutput(self.id))

    def resize(self, size: Size) -> None:
        """Make grid and pty `size`; nothing if they are."""
        if size == self.size or size.cols < 1 or size.rows < 1:
            return
        changed = (size.cols, size.rows) != (self.size.cols, self.size.rows)
        self.size = size
        self._tell_cell_size()
        if changed:
            self.terminal.resize(size.cols, size.rows)
        if self.process is not None and not self._closing:
            self.process.resize(size)
        self.flush_output()

    def apply_settings(self, settings: TerminalSettings) -> None:
        """Take what the configuration says; the size of a cell stays the front end's."""
        now = self.terminal.settings
        self.terminal.settings = replace(
            settings, cell_width_px=now.cell_width_px, cell_height_px=now.cell_height_px
        )

    def _tell_cell_size(self) -> None:
        """Let the terminal know how large a cell is, for programs that ask, and for images."""
        size = self.size
        cell = size.pixel_width // max(size.cols, 1), size.pixel_height // max(size.rows, 1)
        if not all(cell):
            return  # nobody knows
        now = self.terminal.settings
        if (now.cell_width_px, now.cell_height_px) != cell:
            self.terminal.settings = replace(now, cell_width_px=cell[0], cell_height_px=cell[1])

    def set_focused(self, focused: bool) -> None:
        """The user's keys reach this pane, or no longer do."""
        if focused == self.is_focused:
            return
        self.is_focused = focused
        if focused and self.has_unseen_output:
            self.has_unseen_output = False
            self._notify(UnseenOutputChanged(self.id))
        if self.terminal.modes.focus_events and self._writer is not None:
            self._writer.write(b"\x1b[I" if focused else b"\x1b[O", reply=True)

    def on_output(self) -> None:
        """The grid changed. Called by the mux, once for all changes since the last call."""
        if not self.is_focused and not self.has_unseen_output and not self._closing:
            self.has_unseen_output = True
            self._notify(UnseenOutputChanged(self.id))
        if self.is_title_from_process:
            self.refresh_live_soon()

    def _on_events(self, events: Sequence[TerminalEvent], output: bytes) -> None:
        if output and self._writer is not None:
            self._writer.write(output, reply=True)
        for event in events:
            match event:
                case TitleChanged(title):
                    self._title = title
                case IconTitleChanged(title):
                    self._icon_title = title
                case CurrentDirectory(uri):
                    self._cwd_uri = uri or None
                    self.live_fields(0.0)
                case UserVarChanged(name, value):
                    self.user_vars = {**self.user_vars, name: value}
                case ProgressChanged():
                    self.progress = event
                case _:
                    pass
            self._notify(Alert(self.id, event))

    # Its end.

    def _on_exit(self) -> None:
        """The program ended. Output may be on the way still, and what it started may hold the tty."""
        if self._closing:
            self._check_released()
        elif self._reader is None:
            self._finish()
        else:
            self._drained_for = 0.0
            self._drain_timer = self._loop.call_later(_DRAIN_STEP, self._drain)

    def _drain(self) -> None:
        # The stream ends when the last process that has the slave closes it. One that lives on in the
        # background must not keep the pane open; what it still writes is read for a while, then no more.
        self._drain_timer = None
        if self._reader is None or self._closing or self.process is None:
            return
        self._drained_for += _DRAIN_STEP
        if self.process.has_output() and self._drained_for < _DRAIN_MOST:
            self._drain_timer = self._loop.call_later(_DRAIN_STEP, self._drain)
        else:
            self._reader.stop()

    def _on_reader_end(self, at_end: bool) -> None:
        self._reader = None
        process = self.process
        if self._closing or process is None:
            self._check_released()
        elif process.poll() is not None:
            self._finish()
        elif at_end:
            # Nobody has the tty open, but the program lives: it may open /dev/tty again. Looked at now and
            # then, only while that odd state lasts; its exit is noticed in any case.
            self._loop.call_later(_REOPEN_CHECK, self._reopen)

    def _reopen(self) -> None:
        process = self.process
        if self._closing or self.is_dead or self._reader is not None or process is None:
            return
        if process.exit_status is not None:
            return
        if process.is_hung_up() and not process.has_output():
            self._loop.call_later(_REOPEN_CHECK, self._reopen)
        else:
            self._start_reader(process)

    def _finish(self) -> None:
        if self.is_dead:
            return
        self.is_dead = True
        self._cancel_timers()
        if self._writer is not None:
            self._writer.close()
        if self.process is not None:
            self.process.close()
        self._on_finished(self)

    def begin_close(self) -> None:
        """Hang the program up, end the reader; SIGKILL follows for what is still there after 2 s.

        `on_released` is called when nothing is left: no thread, no descriptor, no process.
        """
        if self._closing:
            return
        self._closing = True
        self._cancel_timers()
        if self._writer is not None:
            self._writer.close()
        if self.process is not None and self.process.poll() is None:
            self.process.hang_up()
            self._kill_timer = self._loop.call_later(_KILL_AFTER, self._on_kill_timer)
        if self._reader is not None:
            self._reader.stop()
        # Not at once: the caller is in the middle of taking the pane out of its tab.
        self._loop.call_soon(self._check_released)

    def kill(self) -> None:
        """End the program at once (SIGKILL); closing a pane asks politely first."""
        if self.process is not None and self.process.poll() is None:
            _log.info("pane %d: its program is killed", self.id)
            self.process.kill()

    def _on_kill_timer(self) -> None:
        self._kill_timer = None
        self.kill()
        self._hang_up_rest()

    def _hang_up_rest(self) -> None:
        # A shell forks, and its child may lose a SIGHUP between fork and exec, in the handler that it
        # inherited (seen with bash). It hears the second one. A program that ignores SIGHUP may stay.
        if self.process is not None and self.process.is_session_left():
            self.process.hang_up()

    def _check_released(self) -> None:
        if self._released or self._reader is not None:
            return
        process = self.process
        if process is not None:
            ended = process.poll() is not None
            process.close()  # no reader any more: the kernel may hang up what is left of the session
            if not ended:
                return
        self._released = True
        self.is_dead = True
        if process is None or not process.is_session_left():
            self._cancel_timers()
        self._on_released(self)

    def _cancel_timers(self) -> None:
        for timer in (self._live_timer, self._kill_timer, self._drain_timer):
            if timer is not None:
                timer.cancel()
        self._live_timer = self._kill_timer = self._drain_timer = None

    # The end of the program as a whole, when the loop runs no more.

    def shut_down_reader(self, timeout: float) -> bool:
        """Wait for the reader thread; whether it ended. After `begin_close`, without a running loop."""
        reader = self._reader
        if reader is not None and not reader.join(timeout):
            return False
        self._reader = None
        if self.process is not None:
            self.process.close()
        return True

    def shut_down_process(self, timeout: float, *, force: bool) -> bool:
        """Wait for the program, killing it first if `force`; whether it is reaped."""
        process = self.process
        if process is None:
            return True
        if force and process.poll() is None:
            process.kill()
        ended = process.wait(max(timeout, 0.0)) is not None
        self._hang_up_rest()
        if ended or force:
            process.release()
        return ended


def _names(info: ProcessInfo) -> set[str]:
    """What a program is called: by its file, by the kernel, and by whoever started it."""
    names = (info.executable, info.name, *info.argv[:1])
    return {Path(name).name.removeprefix("-") for name in names}
