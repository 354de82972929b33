"""Where running instances can be reached: a folder of the user's own, with a socket for each process.

`$XDG_RUNTIME_DIR/perilune`, or else a folder in the system's temporary one. It is used only if it belongs to
the user and nobody else may enter it, so who can connect is decided by the system. No socket is opened here.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

__all__ = ["LONGEST_PATH", "UnsafeFolderError", "control_folders", "private_folder", "socket_path"]

_LARGEST_PID = 10**9
LONGEST_PATH = 100
"""Bytes that the path of a socket may have everywhere."""


class UnsafeFolderError(OSError):
    """The folder is not the user's alone; the message says so."""


def control_folders(env: Mapping[str, str]) -> list[Path]:
    """The folder to use, by the environment alone; none where there are no such sockets.

    >>> control_folders({"XDG_RUNTIME_DIR": "/run/user/7"})
    [PosixPath('/run/user/7/perilune')]
    """
    runtime = env.get("XDG_RUNTIME_DIR", "")
    if runtime.startswith("/"):
        folder = Path(runtime) / "perilune"
        if len(os.fsencode(socket_path(folder, _LARGEST_PID))) <= LONGEST_PATH:
            return [folder]
    if not hasattr(os, "getuid"):
        return []
    temporary = env.get("TMPDIR", "")
    base = Path(temporary) if temporary.startswith("/") else Path("/tmp")  # noqa: S108 - checked below
    return [base / f"perilune-{os.getuid()}"]


def socket_path(folder: Path, pid: int) -> Path:
    """The socket of a process."""
    return folder / f"{pid}.sock"


def private_folder(folder: Path) -> None:
    """Make the folder if need be, and see that it is the user's alone.

    Raises:
        UnsafeFolderError: it is another's, or others may enter it.
        OSError: it cannot be made.
    """
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise UnsafeFolderError(f"{folder} is not a folder of yours")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise UnsafeFolderError(f"{folder} can be entered by others: chmod 700 it, or remove it")
