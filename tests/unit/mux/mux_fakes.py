"""Terminals and programs without a parser and without processes, and a loop that tests drive by hand."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from perilune.base.geometry import Size
from perilune.base.ids import IdSource, PaneId
from perilune.base.loop import EventLoop
from perilune.mux import Mux, MuxSettings
from perilune.pty.exit_status import ExitStatus
from perilune.vt.settings import TerminalSettings


def run_until(loop: EventLoop, condition: Callable[[], Any], seconds: float = 90.0) -> None:
    """Turn the loop until `condition` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition never held"
        loop.run_once(0.05)


class FakeTerminal:
    """Keeps what it is fed; a line `event:...` of input comes out as the event queued under that name."""

    def __init__(self, size: Size) -> None:
        self.cols, self.rows = size.cols, size.rows
        self.sizes = [(size.cols, size.rows)]
        self.settings = TerminalSettings()
        self.data = bytearray()
        self.modes = SimpleNamespace(focus_events=False, alt_screen=False)
        self.events: list[Any] = []
        self.output = bytearray()
        self.planned: dict[bytes, tuple[list[Any], bytes]] = {}
        self._lock = threading.Lock()
        self._notified = False
        self._stop_read, self._stop_write = os.pipe()

    def feed(self, data: bytes) -> None:
        with self._lock:
            self.data += data
            self._notified = True
            for marker, (events, output) in self.planned.items():
                for _ in range(data.count(marker)):
                    self.events += events
                    self.output += output

    def take_events(self) -> list[Any]:
        with self._lock:
            taken, self.events = self.events, []
        return taken

    def take_output(self) -> bytes:
        with self._lock:
            taken, self.output = bytes(self.output), bytearray()
        return taken

    def take_notified(self) -> bool:
        with self._lock:
            was, self._notified = self._notified, False
        return was

    def resize(self, cols: int, rows: int) -> None:
        self.cols, self.rows = cols, rows
        self.sizes.append((cols, rows))

    def stop_reading(self) -> None:
        os.write(self._stop_write, b"x")

    def read_loop(self, fd: int, wake_fd: int) -> str:
        while True:
            ready, _, _ = select.select([fd, self._stop_read], [], [])
            if self._stop_read in ready:
                return "stopped"
            try:
                data = os.read(fd, 65536)
            except OSError:
                return "eof"
            if not data:
                return "eof"
            self.feed(data)
            with suppress(OSError):
                os.write(wake_fd, b"w")
            if self.events or self.output:
                return "events"

    def close(self) -> None:
        os.close(self._stop_read)
        os.close(self._stop_write)


class FakeProcess:
    """A program played by the test through `peer`."""

    def __init__(self, pid: int, size: Size) -> None:
        ours, self.peer = socket.socketpair()
        ours.setblocking(False)
        self.fd = ours.detach()
        self.pid = pid
        self.tty_name = f"/dev/pts/{pid}"
        self.command: tuple[str, ...] = ()
        self.sizes = [size]
        self.signals: list[str] = []
        self.exit_status: ExitStatus | None = None
        self.obeys_hangup = True
        self._on_exit: tuple[EventLoop, Callable[[], None]] | None = None

    def exit(self, code: int | None = 0, *, keep_open: bool = False) -> None:
        if self.exit_status is None:
            self.exit_status = ExitStatus(code)
            if not keep_open:
                self.peer.close()
            if self._on_exit is not None:
                loop, callback = self._on_exit
                loop.call_soon(callback)

    def poll(self) -> ExitStatus | None:
        return self.exit_status

    def wait(self, timeout: float) -> ExitStatus | None:  # noqa: ARG002
        return self.exit_status

    def on_exit(self, loop: EventLoop, callback: Callable[[], None]) -> None:
        self._on_exit = (loop, callback)

    def resize(self, size: Size) -> None:
        self.sizes.append(size)

    def foreground_pid(self) -> int | None:
        return None

    def has_output(self) -> bool:
        return bool(select.select([self.fd], [], [], 0)[0])

    def is_hung_up(self) -> bool:
        return self.peer.fileno() < 0

    def hang_up(self) -> None:
        self.signals.append("HUP")
        if self.obeys_hangup:
            self.exit(None)

    def is_session_left(self) -> bool:
        return False

    def kill(self) -> None:
        self.signals.append("KILL")
        self.exit(None)

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def release(self) -> None:
        self.close()


@dataclass
class FakeDomain:
    """Starts FakeProcesses and remembers what was asked for."""

    name: str = "local"
    requests: list[dict[str, Any]] = field(default_factory=list)
    processes: list[FakeProcess] = field(default_factory=list)
    failure: OSError | None = None

    def spawn(
        self,
        pane_id: PaneId,
        *,
        command: Sequence[str] | None,
        cwd: str | None,
        env: Mapping[str, str],
        term: str,  # noqa: ARG002
        size: Size,
    ) -> FakeProcess:
        self.requests.append(
            {"pane_id": pane_id, "command": command, "cwd": cwd, "env": dict(env), "size": size}
        )
        if self.failure is not None:
            raise self.failure
        process = FakeProcess(4_000_000 + pane_id, size)
        self.processes.append(process)
        return process


@dataclass
class Rig:
    """A mux on fakes."""

    loop: EventLoop
    mux: Mux
    domain: FakeDomain
    told: list[Any]

    def run_until(self, condition: Callable[[], Any]) -> None:
        run_until(self.loop, condition)

    def of(self, kind: type) -> list[Any]:
        return [item for item in self.told if isinstance(item, kind)]


@contextmanager
def fake_mux(settings: MuxSettings | None = None, domain: FakeDomain | None = None) -> Iterator[Rig]:
    """A mux whose panes are fakes; everything is given back at the end."""
    loop = EventLoop()
    place = domain if domain is not None else FakeDomain()
    terminals: list[FakeTerminal] = []

    def make(size: Size, _settings: MuxSettings) -> Any:
        terminals.append(FakeTerminal(size))
        return terminals[-1]

    mux = Mux(loop, IdSource(), [place], settings, make_terminal=make, hostname="here")
    told: list[Any] = []
    mux.subscribe(told.append)
    try:
        yield Rig(loop, mux, place, told)
    finally:
        mux.shutdown(5.0)
        for process in place.processes:
            process.peer.close()
        for terminal in terminals:
            terminal.close()
        loop.close()
