"""Where programs run. A domain starts them; everything else about panes is the same for all domains."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from perilune.base.geometry import Size
from perilune.base.ids import PaneId
from perilune.base.loop import EventLoop
from perilune.pty.exit_status import ExitStatus

__all__ = ["Domain", "LocalDomain", "PaneProcess"]


class PaneProcess(Protocol):
    """What a pane asks of its program. `perilune.pty.PtyProcess` is the real one."""

    pid: int
    fd: int
    """Readable and writable, non-blocking; -1 once closed."""
    tty_name: str
    command: tuple[str, ...]
    """What was run: the shell's path for the login shell."""

    @property
    def exit_status(self) -> ExitStatus | None:
        """How it ended, once `poll` has seen it."""
        ...

    def poll(self) -> ExitStatus | None:
        """How it ended, or None; never blocks."""
        ...

    def wait(self, timeout: float) -> ExitStatus | None:
        """Block for the end, at most `timeout` seconds."""
        ...

    def on_exit(self, loop: EventLoop, callback: Callable[[], None]) -> None:
        """Call once on the loop's thread after the end."""
        ...

    def resize(self, size: Size) -> None:
        """Tell it the size."""
        ...

    def foreground_pid(self) -> int | None:
        """The leader of the foreground process group."""
        ...

    def has_output(self) -> bool:
        """Whether bytes wait to be read."""
        ...

    def is_hung_up(self) -> bool:
        """Whether no program holds the other end just now."""
        ...

    def hang_up(self) -> None:
        """Tell it that its terminal goes away."""
        ...

    def is_session_left(self) -> bool:
        """Whether a foreground program outlived the leader of its session and the hang-up."""
        ...

    def kill(self) -> None:
        """End it now."""
        ...

    def close(self) -> None:
        """Close `fd`."""
        ...

    def release(self) -> None:
        """Close everything, ended or not."""
        ...


class Domain(Protocol):
    """A place where programs run."""

    @property
    def name(self) -> str:
        """As configs call it: "local"."""
        ...

    def spawn(
        self,
        pane_id: PaneId,
        *,
        command: Sequence[str] | None,
        cwd: str | None,
        env: Mapping[str, str],
        term: str,
        size: Size,
    ) -> PaneProcess:
        """Start a program.

        Args:
            pane_id: told to the program.
            command: None is the user's login shell.
            cwd: None is the home directory.
            env: what to add to the domain's own environment.
            term: the configured terminal name.
            size: of the terminal.

        Raises:
            OSError: it cannot be started; `str` is a sentence for the user.
        """
        ...


class LocalDomain:
    """Programs on this machine, on ptys.

    Args:
        version: of Perilune, told to programs as TERM_PROGRAM_VERSION.
        environment: what programs inherit; None: our own, read at each spawn.
    """

    def __init__(
        self, version: str, name: str = "local", environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self._version = version
        self._environment = environment

    def spawn(
        self,
        pane_id: PaneId,
        *,
        command: Sequence[str] | None,
        cwd: str | None,
        env: Mapping[str, str],
        term: str,
        size: Size,
    ) -> PaneProcess:
        """Start a program on a new pty."""
        from perilune import pty  # noqa: PLC0415 - `ctypes` and `termios` are not needed by whoever has fakes

        inherited = os.environ if self._environment is None else self._environment
        environment = pty.child_environment(
            inherited, pane_id=pane_id, version=self._version, term=term, extra=env
        )
        return pty.spawn(command, cwd or environment.get("HOME"), environment, size)
