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

LONGEST_PATH = 100
"""Bytes that the path of a socket may have everywhere."""


class UnsafeFolderError(OSError):
    """The folder is not the user's alone; the message says so."""


def control_folders(env: Mapping[str, str]) -> list[Path]:
    """The folders to use, the best first; the next where the first one's path is too long for a socket.

    >>> [path.name for path in control_folders({"XDG_RUNTIME_DIR": "/run/user/7"})][0]
    'perilune'
    """
    folders = []
    runtime = env.get("XDG_RUNTIME_DIR", "")
    if runtime.startswith("/"):
        folders.append(Path(runtime) / "perilune")
    if hasattr(os, "getuid"):
        temporary = env.get("TMPDIR", "")
        base = Path(temporary) if temporary.startswith("/") else Path("/tmp")  # noqa: S108 - checked below
        folders.append(base / f"perilune-{os.getuid()}")
    return folders


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
