"""Programs played by a test: a domain whose panes have the other end of a socket in place of a process."""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from perilune.base.geometry import Size
from perilune.base.ids import PaneId
from perilune.base.loop import EventLoop
from perilune.pty.exit_status import ExitStatus

__all__ = ["FakeDomain", "FakeProgram", "SpawnedProgram"]

_FIRST_PID = 2**22 + 1  # past the largest pid that Linux gives out, so that nothing real is looked up


class FakeProgram:
    """Implements `mux.domain.PaneProcess`; the test writes what the program prints and reads what it is sent.

    Attributes:
        command: what runs.
        sizes: every size that it was told, the first included.
        is_busy: whether a child of it has the foreground, so that closing it would end something.
        received: all that it was sent so far; see `read`.
    """

    def __init__(self, pid: int, size: Size, command: Sequence[str] = ("/bin/sh",)) -> None:
        self.command = tuple(command)
        ours, self._peer = socket.socketpair()
        ours.setblocking(False)
        self._peer.setblocking(False)
        self.fd = ours.detach()
        self.pid = pid
        self.tty_name = f"/dev/pts/{pid}"
        self.sizes = [size]
        self.is_busy = False
        self.received = b""
        self.was_hung_up = False
        self.exit_status: ExitStatus | None = None
        self._on_exit: tuple[EventLoop, Callable[[], None]] | None = None

    # What the test does.

    def print(self, text: str | bytes) -> None:
        """Write to the terminal."""
        data = text.encode() if isinstance(text, str) else text
        self._peer.setblocking(True)
        try:
            self._peer.sendall(data)
        finally:
            self._peer.setblocking(False)

    def read(self) -> bytes:
        """All that it was sent so far."""
        with suppress(BlockingIOError, OSError):
            while data := self._peer.recv(65536):
                self.received += data
        return self.received

    def forget(self) -> None:
        """Begin `received` anew."""
        self.read()
        self.received = b""

    def exit(self, code: int | None = 0) -> None:
        """End."""
        if self.exit_status is None:
            self.exit_status = ExitStatus(code)
            self._peer.close()
            if self._on_exit is not None:
                loop, callback = self._on_exit
                loop.call_soon(callback)

    # What a pane asks of it.

    def poll(self) -> ExitStatus | None:
        """How it ended."""
        return self.exit_status

    def wait(self, timeout: float) -> ExitStatus | None:
        """How it ended; never blocks."""
        del timeout
        return self.exit_status

    def on_exit(self, loop: EventLoop, callback: Callable[[], None]) -> None:
        """Remember whom to tell."""
        self._on_exit = (loop, callback)

    def resize(self, size: Size) -> None:
        """Remember the size."""
        self.sizes.append(size)

    def foreground_pid(self) -> int | None:
        """Its own pid, or another while it is busy."""
        return self.pid + 1 if self.is_busy else self.pid

    def has_output(self) -> bool:
        """Whether bytes wait to be read."""
        return self.fd >= 0 and bool(select.select([self.fd], [], [], 0)[0])

    def is_hung_up(self) -> bool:
        """Whether it has ended."""
        return self._peer.fileno() < 0

    def is_session_left(self) -> bool:
        """Nothing that it started lives on."""
        return False

    def hang_up(self) -> None:
        """End, as programs do."""
        self.was_hung_up = True
        self.exit(None)

    def kill(self) -> None:
        """End."""
        self.exit(None)

    def close(self) -> None:
        """Close the pane's end."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def release(self) -> None:
        """Close both ends."""
        self.close()
        self._peer.close()


@dataclass(frozen=True, slots=True)
class SpawnedProgram:
    """What was asked for, and the program that came of it."""

    pane_id: int
    command: tuple[str, ...] | None
    cwd: str | None
    env: Mapping[str, str]
    size: Size
    program: FakeProgram


@dataclass
class FakeDomain:
    """Implements `mux.domain.Domain`.

    Attributes:
        name: its name.
        spawned: everything that was started, oldest first.
        greeting: printed by every program as it starts.
    """

    name: str = "local"
    spawned: list[SpawnedProgram] = field(default_factory=list)
    greeting: str = ""

    def spawn(
        self,
        pane_id: PaneId,
        *,
        command: Sequence[str] | None,
        cwd: str | None,
        env: Mapping[str, str],
        term: str,
        size: Size,
    ) -> FakeProgram:
        """Start a program."""
        del term
        asked = tuple(command) if command is not None else None
        program = FakeProgram(_FIRST_PID + 2 * len(self.spawned), size, asked or ("/bin/sh",))
        self.spawned.append(SpawnedProgram(pane_id, asked, cwd, dict(env), size, program))
        if self.greeting:
            program.print(self.greeting)
        return program

    def program(self, pane_id: int) -> FakeProgram:
        """The program of a pane."""
        return next(item.program for item in self.spawned if item.pane_id == pane_id)

    def close(self) -> None:
        """Give every descriptor back."""
        for item in self.spawned:
            item.program.release()
