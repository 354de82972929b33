"""The control socket, whose modules are not imported before the first frame is on the screen. Mux thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.app.control_socket import ControlSocket
    from perilune.app.profiling import Profiling
    from perilune.base.loop import EventLoop

__all__ = ["LazyControl"]


class LazyControl:
    """Opens the socket when it is told to, and closes it.

    Args:
        loop: watches it.
        profiling: what can be asked for.
        folders: where it goes; none: nothing is opened.
    """

    def __init__(self, loop: EventLoop, profiling: Profiling, folders: Sequence[Path]) -> None:
        self._loop = loop
        self._profiling = profiling
        self._folders = list(folders)
        self._socket: ControlSocket | None = None

    def open(self) -> None:
        """Open it."""
        if not self._folders:
            return
        from perilune.app.control_socket import ControlSocket  # noqa: PLC0415 - what this class is for
        from perilune.app.profiling_control import ProfilingControl  # noqa: PLC0415

        self._socket = ControlSocket(self._loop, ProfilingControl(self._profiling))
        self._socket.open(self._folders)

    def close(self) -> None:
        """Close it."""
        if self._socket is not None:
            self._socket.close()
