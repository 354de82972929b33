"""The host's clipboard: through the terminal by OSC 52, and through the desktop's tools where we run on it.

Tools run on a thread of their own, detached from the terminal; the mux thread never waits for them.
"""

from __future__ import annotations

import base64
import binascii
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue

from perilune.base.loop import EventLoop, Timer
from perilune.tui.desktop import find_tool, is_local, run_tool

__all__ = ["HostClipboard", "copy_command", "paste_command"]

# Hosts drop what is longer, some at 100 kB; a tool has no such limit.
_MAX_OSC_52 = 8 << 20
_TIMEOUT = 1.0
_COPY_TIMEOUT = 5.0
_KINDS = {"Clipboard": "c", "PrimarySelection": "p", "ClipboardAndPrimarySelection": "cp"}


def copy_command(env: Mapping[str, str], kind: str) -> list[str] | None:
    """The tool that copies its standard input into the clipboard ("c") or the primary selection ("p")."""
    return _command(env, kind, copy=True)


def paste_command(env: Mapping[str, str], kind: str) -> list[str] | None:
    """The tool that prints the clipboard ("c") or the primary selection ("p")."""
    return _command(env, kind, copy=False)


def _command(env: Mapping[str, str], kind: str, *, copy: bool) -> list[str] | None:
    if not is_local(env):
        return None
    primary = kind == "p"
    candidates: list[Sequence[str]] = []
    if env.get("WAYLAND_DISPLAY"):
        tool = ["wl-copy"] if copy else ["wl-paste", "--no-newline"]
        candidates.append([*tool, *(["--primary"] if primary else [])])
    if env.get("DISPLAY"):
        selection = "primary" if primary else "clipboard"
        candidates.append(["xclip", "-in" if copy else "-out", "-selection", selection])
        candidates.append(["xsel", "--input" if copy else "--output", f"--{selection}"])
    if sys.platform == "darwin" and not primary:
        candidates.append(["pbcopy" if copy else "pbpaste"])
    for candidate in candidates:
        found = find_tool(env, candidate[0])
        if found is not None:
            return [found, *candidate[1:]]
    return None


class HostClipboard:
    """Copies and pastes.

    Args:
        loop: where answers are delivered.
        env: which tools there are, and whether they are the user's.
        write: sends bytes to the host.
        has_osc_52: whether the host takes OSC 52 at all.
    """

    def __init__(
        self, loop: EventLoop, env: Mapping[str, str], write: Callable[[bytes], None], *, has_osc_52: bool
    ) -> None:
        self._loop = loop
        self._env = dict(env)
        self._write = write
        self._has_osc_52 = has_osc_52
        self._copies: SimpleQueue[tuple[list[str], bytes]] = SimpleQueue()
        self._worker: threading.Thread | None = None
        self._lock = threading.Lock()
        self._own: dict[str, str] = {}
        self._waiting: dict[str, list[tuple[Callable[[str], None], Timer]]] = {}

    def set(self, text: str, selection: str) -> None:
        """Copy."""
        data = text.encode("utf-8", "replace")
        for kind in _KINDS.get(selection, "c"):
            self._own[kind] = text
            if self._has_osc_52 and len(data) <= _MAX_OSC_52:
                self._write(b"\x1b]52;%s;%s\x1b\\" % (kind.encode(), base64.b64encode(data)))
            command = copy_command(self._env, kind)
            if command is not None:
                self._copy(command, data)

    def request(self, selection: str, on_text: Callable[[str], None]) -> None:
        """Paste: `on_text` is called once, on the loop, within about a second.

        Where nothing answers, it gets what was last copied here, or "".
        """
        kind = _KINDS.get(selection, "c")[0]
        command = paste_command(self._env, kind)
        if command is not None:
            self._paste(command, on_text)
        elif self._has_osc_52:
            self._ask_host(kind, on_text)
        else:
            self._loop.call_soon(lambda: on_text(self._own.get(kind, "")))

    def on_reply(self, text: str) -> None:
        """The host's OSC 52: `52;kind;base64`. What was not asked for is dropped."""
        _, _, rest = text.partition(";")
        kind, _, encoded = rest.partition(";")
        waiting = self._waiting.pop(kind[:1] or "c", None)
        if waiting is None:
            return
        try:
            found = base64.b64decode(encoded, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            found = ""
        for on_text, timer in waiting:
            timer.cancel()
            on_text(found)

    def _ask_host(self, kind: str, on_text: Callable[[str], None]) -> None:
        def give_up() -> None:
            waiting = self._waiting.get(kind, [])
            self._waiting[kind] = [entry for entry in waiting if entry[1] is not timer]
            if not self._waiting[kind]:
                del self._waiting[kind]
            on_text(self._own.get(kind, ""))

        timer = self._loop.call_later(_TIMEOUT, give_up)
        self._waiting.setdefault(kind, []).append((on_text, timer))
        self._write(b"\x1b]52;%s;?\x1b\\" % kind.encode())

    # Tools.

    def _copy(self, command: list[str], data: bytes) -> None:
        self._copies.put((command, data))
        with self._lock:
            if self._worker is None:
                self._worker = threading.Thread(target=self._run_copies, name="clipboard", daemon=True)
                self._worker.start()

    def _run_copies(self) -> None:
        """One after another, so that the last copy wins."""
        while True:
            try:
                command, data = self._copies.get_nowait()
            except Empty:
                with self._lock:
                    if self._copies.empty():
                        self._worker = None
                        return
                continue
            run_tool(command, data, self._env, _COPY_TIMEOUT)

    def _paste(self, command: list[str], on_text: Callable[[str], None]) -> None:
        def read() -> None:
            text = run_tool(command, None, self._env, _TIMEOUT).decode("utf-8", "replace")
            self._loop.call_soon_threadsafe(lambda: on_text(text))

        threading.Thread(target=read, name="clipboard", daemon=True).start()
