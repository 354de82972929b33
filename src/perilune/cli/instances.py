"""Finds the user's running instances and asks them things, by their control sockets.

A socket that nobody listens to any more is removed. Folders that others could enter are not looked into.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perilune.app.control_folder import LONGEST_PATH, control_folders
from perilune.app.control_socket import PROTOCOL

__all__ = ["Instance", "InstanceError", "choose", "running_instances"]

_PATIENCE = 10.0
_GONE = {errno.ECONNREFUSED, errno.ENOENT}


class InstanceError(Exception):
    """There is none to ask, or it does not do what it is asked; the message is one sentence."""


@dataclass(slots=True)
class Instance:
    """A connection to a running instance. Close it."""

    pid: int
    connection: socket.socket
    received: bytes = b""

    def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        """Ask, and wait for the answer.

        Raises:
            InstanceError: it is gone, or does not do it.
        """
        request = {"perilune": PROTOCOL, "do": do, **fields}
        try:
            self.connection.sendall(json.dumps(request).encode() + b"\n")
            while b"\n" not in self.received:
                data = self.connection.recv(65536)
                if not data:
                    raise InstanceError(f"instance {self.pid} has ended")
                self.received += data
        except TimeoutError:
            raise InstanceError(f"instance {self.pid} does not answer") from None
        except OSError as error:
            raise InstanceError(f"instance {self.pid} has ended ({error.strerror})") from None
        line, _, self.received = self.received.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        if not answer.get("ok"):
            raise InstanceError(f"instance {self.pid}: {answer.get('error', 'it does not say why not')}")
        return answer

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


def running_instances(env: Mapping[str, str]) -> list[Instance]:
    """Connections to all instances of the user, by process id."""
    found: dict[int, Instance] = {}
    if not hasattr(socket, "AF_UNIX"):
        return []
    for folder in control_folders(env):
        if not _is_private(folder):
            continue
        for path in folder.glob("*.sock"):
            if not path.stem.isdecimal() or len(os.fsencode(path)) > LONGEST_PATH:
                continue
            connection = _connect(path)
            if connection is not None:
                pid = int(path.stem)
                if pid in found:
                    connection.close()
                else:
                    found[pid] = Instance(pid, connection)
    return [found[pid] for pid in sorted(found)]


def choose(env: Mapping[str, str], pid: int | None) -> Instance:
    """The instance of that process id, or the only one.

    Raises:
        InstanceError: there is none, or several and none was named; the message lists them.
    """
    instances = running_instances(env)
    chosen = [one for one in instances if pid is None or one.pid == pid]
    if len(chosen) == 1:
        for other in instances:
            if other is not chosen[0]:
                other.close()
        return chosen[0]
    try:
        if not instances:
            raise InstanceError("no instance of yours is running (or it has no control socket)")
        listed = "".join(f"\n  {_describe(one)}" for one in instances)
        if pid is not None:
            raise InstanceError(f"no instance of yours has the process id {pid}; running:{listed}")
        raise InstanceError(f"several instances are running; choose one with --pid:{listed}")
    finally:
        for one in instances:
            one.close()


def _describe(instance: Instance) -> str:
    try:
        status = instance.ask("status")
    except InstanceError:
        return f"{instance.pid:>7}  does not answer"
    recording = status.get("recording")
    return f"{instance.pid:>7}  {status.get('program', '')}" + (
        f", recording {recording}" if recording else ""
    )


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.getuid()
        and not stat.S_IMODE(found.st_mode) & 0o077
    )


def _connect(path: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_PATIENCE)
    try:
        connection.connect(str(path))
    except OSError as error:
        connection.close()
        if error.errno in _GONE:
            with contextlib.suppress(OSError):
                path.unlink()
        return None
    return connection
