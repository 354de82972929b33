"""Where the kitty graphics protocol's data come from besides the escape sequence: files and shared memory.

What may be read is what kitty reads: regular files, none below /proc, /sys and /dev (but /dev/shm), found by
their full paths, no more than a limit of bytes. A temporary file goes when it has been read, and only one
that lies where temporary files lie and says in its path what it is for; a shared memory object goes always.
Nothing of what was read ever comes back to the program. No state; under the terminal's lock.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import stat
import tempfile
from pathlib import Path

__all__ = ["MediumError", "read_medium"]

_MARK = "tty-graphics-protocol"
_MAX_NAME = 4096
_FORBIDDEN = ("/proc", "/sys", "/dev")


class MediumError(Exception):
    """There is nothing to read there, or nobody may; an answer of the protocol."""


def read_medium(medium: str, name: bytes, offset: int, size: int, limit: int) -> bytes:
    """The bytes of a file (`f`), a temporary file (`t`) or a shared memory object (`s`).

    Args:
        medium: the protocol's `t`.
        name: the path, or the name of the object.
        offset: where to start.
        size: how many bytes; 0: all that are there.
        limit: how many bytes at most.

    Raises:
        MediumError: with the protocol's code and a fixed text.
    """
    try:
        text = os.fsdecode(name)
    except UnicodeDecodeError:
        raise MediumError("EINVAL:name") from None
    if not text or len(text) > _MAX_NAME or "\0" in text:
        raise MediumError("EINVAL:name")
    if medium == "s":
        return _shared_memory(text, offset, size, limit)
    if medium not in ("f", "t"):
        raise MediumError("EINVAL:medium")
    if not Path(text).is_absolute():
        raise MediumError("EINVAL:path")
    try:
        # A named pipe without a writer must not hold the pane up.
        number = os.open(text, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        raise MediumError("EBADF:file") from None
    try:
        _check(text, number)
        return _read(number, offset, size, limit)
    finally:
        os.close(number)
        if medium == "t" and _is_disposable(text):
            with contextlib.suppress(OSError):
                Path(text).unlink()


def _check(path: str, number: int) -> None:
    """Refuse what is no regular file, or lies where files are interfaces."""
    real = os.path.realpath(path)
    try:
        opened, found = os.fstat(number), Path(real).stat()
    except OSError:
        raise MediumError("EBADF:file") from None
    inside = any(real == place or real.startswith(f"{place}/") for place in _FORBIDDEN)
    if (inside and not real.startswith("/dev/shm/")) or not os.path.samestat(opened, found):  # noqa: S108
        raise MediumError("EPERM:file")
    if not stat.S_ISREG(opened.st_mode):
        raise MediumError("EPERM:file")


def _is_disposable(path: str) -> bool:
    if _MARK not in path:
        return False
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(os.path.realpath(place)) for place in _temporary_folders())


def _temporary_folders() -> list[str]:
    return ["/tmp", "/dev/shm", tempfile.gettempdir()]  # noqa: S108 - where others write


def _read(number: int, offset: int, size: int, limit: int) -> bytes:
    length = os.fstat(number).st_size - max(offset, 0)
    if size > 0:
        length = min(length, size)
    if length <= 0:
        raise MediumError("ENODATA:too little data")
    if length > limit:
        raise MediumError("EFBIG:too much data")
    parts = []
    at = max(offset, 0)
    try:
        os.lseek(number, at, os.SEEK_SET)
        while length > 0:
            part = os.read(number, length)
            if not part:
                break
            parts.append(part)
            length -= len(part)
    except OSError:
        raise MediumError("EBADF:file") from None
    return b"".join(parts)


def _shared_memory(name: str, offset: int, size: int, limit: int) -> bytes:
    try:
        # What multiprocessing.shared_memory is made of, without its process that watches over the names.
        posix = importlib.import_module("_posixshmem")  # not on every system
    except ImportError:
        raise MediumError("ENOTSUP:shared memory") from None
    if "/" in name.removeprefix("/") or name.strip("/") in ("", ".", ".."):
        raise MediumError("EINVAL:name")
    name = f"/{name.removeprefix('/')}"
    try:
        number = posix.shm_open(name, os.O_RDONLY, mode=0o600)
    except (OSError, ValueError):
        raise MediumError("EBADF:shared memory") from None
    try:
        return _read(number, offset, size, limit)
    finally:
        os.close(number)
        with contextlib.suppress(OSError):
            posix.shm_unlink(name)
