"""The socket by which the user's other programs reach a running instance: lines of JSON, one answer to each.

Private to the user: the folder is closed to others, the socket's mode is 0600, and who connects is asked for
its user id. On the event loop, no thread. What requests mean is decided by who handles them.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from perilune.app.control_folder import LONGEST_PATH, private_folder, socket_path
from perilune.base.log import get_logger
from perilune.base.loop import EventLoop

__all__ = ["PROTOCOL", "Client", "ControlSocket", "Handler"]

PROTOCOL = 1
"""The version of requests and answers."""

_log = get_logger("app.control")
_MOST_CLIENTS = 16
_LONGEST_LINE = 64 * 1024
_MOST_UNSENT = 4 << 20


class Client:
    """One connection. `on_gone` is called once when it has ended."""

    def __init__(self, connection: socket.socket) -> None:
        self.on_gone: Callable[[], None] | None = None
        self.connection = connection
        self.received = bytearray()
        self.unsent = bytearray()


Handler = Callable[[dict[str, Any], Client], dict[str, Any]]
"""Gets a request, gives the answer's fields; a ValueError or OSError becomes an answer that says so."""


class ControlSocket:
    """Listens while it is open.

    Args:
        loop: watches the descriptors.
        handler: answers.
    """

    def __init__(self, loop: EventLoop, handler: Handler) -> None:
        self.path: Path | None = None
        self._loop = loop
        self._handler = handler
        self._listener: socket.socket | None = None
        self._clients: dict[int, Client] = {}

    def open(self, folders: list[Path]) -> None:
        """Listen in the first folder that will do; what is wrong with it goes to the log.

        Where there is none, the program runs without.
        """
        if not hasattr(socket, "AF_UNIX"):
            return
        for folder in folders:
            path = socket_path(folder, os.getpid())
            if len(os.fsencode(path)) > LONGEST_PATH:
                continue
            try:
                private_folder(folder)
                self._listen(path)
            except OSError as error:
                _log.warning("no control socket in %s: %s", folder, error)
                continue
            return

    def _listen(self, path: Path) -> None:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()  # of a process of that number that was killed
            listener.bind(str(path))
            path.chmod(0o600)  # until here the folder alone keeps others out
            listener.listen(_MOST_CLIENTS)
            listener.setblocking(False)
        except OSError:
            listener.close()
            raise
        self.path, self._listener = path, listener
        self._loop.add_reader(listener.fileno(), self._accept)

    def close(self) -> None:
        """No longer listen; connections are ended."""
        for client in tuple(self._clients.values()):
            self._drop(client)
        listener, self._listener = self._listener, None
        if listener is not None:
            self._loop.remove(listener.fileno())
            listener.close()
        path, self.path = self.path, None
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink()

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if len(self._clients) >= _MOST_CLIENTS or not _is_same_user(connection):
            connection.close()
            return
        connection.setblocking(False)
        client = Client(connection)
        self._clients[connection.fileno()] = client
        self._loop.add_reader(connection.fileno(), lambda: self._receive(client))

    def _receive(self, client: Client) -> None:
        try:
            data = client.connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        client.received += data
        if not data or len(client.received) > _LONGEST_LINE:
            self._drop(client)
            return
        while b"\n" in client.received and client.connection.fileno() >= 0:
            line, _, rest = bytes(client.received).partition(b"\n")
            client.received[:] = rest
            client.unsent += self._answer(line, client)
        if client.connection.fileno() >= 0:
            self._send(client)

    def _answer(self, line: bytes, client: Client) -> bytes:
        import json  # noqa: PLC0415 - not before somebody connects

        answer: dict[str, Any] = {"perilune": PROTOCOL, "ok": True}
        try:
            request = json.loads(line)
            if not isinstance(request, dict) or request.get("perilune") != PROTOCOL:
                error = f"a request is an object, and its 'perilune' is {PROTOCOL}, the protocol's version"
                return json.dumps(answer | {"ok": False, "error": error}).encode() + b"\n"
            answer |= self._handler(request, client)
        except (ValueError, OSError, RecursionError) as error:
            answer |= {"ok": False, "error": str(error)}
        except Exception as error:  # noqa: BLE001 - the program goes on, and so does the one that asked
            _log.exception("a request by the control socket failed")
            answer |= {"ok": False, "error": f"internal error: {type(error).__name__}"}
        return json.dumps(answer, separators=(",", ":")).encode() + b"\n"

    def _send(self, client: Client) -> None:
        fd = client.connection.fileno()
        try:
            sent = client.connection.send(client.unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._drop(client)
            return
        del client.unsent[:sent]
        if len(client.unsent) > _MOST_UNSENT:
            self._drop(client)
        elif client.unsent:  # nothing is read from who does not read
            self._loop.add_writer(fd, lambda: self._send(client))
        else:
            self._loop.add_reader(fd, lambda: self._receive(client))

    def _drop(self, client: Client) -> None:
        fd = client.connection.fileno()
        if fd < 0:
            return
        self._loop.remove(fd)
        self._clients.pop(fd, None)
        client.connection.close()
        gone, client.on_gone = client.on_gone, None
        if gone is not None:
            gone()


def _is_same_user(connection: socket.socket) -> bool:
    """Whether the other end is the user's, as far as the system tells; the folder is closed in any case."""
    try:
        if hasattr(socket, "SO_PEERCRED"):
            found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            return bool(struct.unpack("3i", found)[1] == os.getuid())
        if sys.platform == "darwin":
            found = connection.getsockopt(0, 1, 76)  # LOCAL_PEERCRED: struct xucred
            return bool(struct.unpack_from("2I", found)[1] == os.getuid())
    except (OSError, struct.error):
        return False
    return True
