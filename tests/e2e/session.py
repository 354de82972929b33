"""Drives a real program on a real pty, with a Terminal of ours as the screen that its user looks at."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from perilune.base.input import KeyEvent, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.vt import Terminal
from perilune.vt.key_encoder import encode_key
from perilune.vt.mouse_encoder import encode_mouse
from perilune.vt.settings import TerminalSettings

PERILUNE = (sys.executable, "-m", "perilune")
ROOT = Path(__file__).parents[2]


class Session:
    """A program on a pty. Use as a context manager: it is killed and reaped at the end."""

    def __init__(
        self,
        command: Sequence[str],
        cols: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        kitty: bool = True,
        mute: bool = False,
    ) -> None:
        self.terminal = Terminal(
            cols, rows, scrollback=1000, settings=TerminalSettings(enable_kitty_keyboard=kitty)
        )
        self.mute = mute
        self.raw = bytearray()
        self.master, self.slave = pty.openpty()
        self._set_size(cols, rows)
        self.tty_before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            list(command),
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # Looking.

    def pump(self, seconds: float = 0.05) -> bool:
        """Feed what the program wrote into the terminal; False when the pty is at its end."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        if not data:
            return False
        self.raw += data
        self.terminal.feed(data)
        answer = self.terminal.take_output()
        if answer and not self.mute:
            self.send(answer)
        return True

    def wait_for(self, condition: Callable[[], object], what: str = "", timeout: float = 90.0) -> None:
        """Pump until the condition holds."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what or condition}:\n{self.screen()}")
            self.pump()

    def wait_text(self, text: str, timeout: float = 90.0) -> None:
        """Pump until some row holds the text."""
        self.wait_for(lambda: any(text in row for row in self.rows), f"{text!r} on the screen", timeout)

    def wait_gone(self, text: str, timeout: float = 90.0) -> None:
        """Pump until no row holds the text."""
        self.wait_for(lambda: not any(text in row for row in self.rows), f"{text!r} to go", timeout)

    def wait_exit(self, timeout: float = 90.0) -> int:
        """Pump until the program has ended; its exit status."""
        self.wait_for(lambda: self.process.poll() is not None, "the program to end", timeout)
        while select.select([self.master], [], [], 0)[0]:
            if not self.pump(0):
                break
        assert self.process.returncode is not None
        return self.process.returncode

    @property
    def rows(self) -> list[str]:
        return self.terminal.text()

    def screen(self) -> str:
        return "\n".join(f"|{row}" for row in self.rows)

    def find(self, text: str) -> tuple[int, int]:
        """Row and column of the first place of a text."""
        for number, row in enumerate(self.rows):
            if text in row:
                return number, row.index(text)
        raise AssertionError(f"{text!r} is not on the screen:\n{self.screen()}")

    # Doing.

    def send(self, data: bytes | str) -> None:
        data = data.encode() if isinstance(data, str) else data
        while data:
            written = os.write(self.master, data[:1024])
            data = data[written:]
            if data:
                self.pump(0)

    def key(self, key: str, mods: Modifiers = Modifiers.NONE) -> None:
        """Press a key as this terminal would encode it for the program."""
        text = key if len(key) == 1 and not mods & (Modifiers.CTRL | Modifiers.ALT | Modifiers.SUPER) else ""
        if mods & Modifiers.SHIFT and text:
            text = text.upper()
        self.send(encode_key(KeyEvent(key, mods, text=text), self.terminal.modes))

    def mouse(
        self,
        row: int,
        col: int,
        button: MouseButton = MouseButton.LEFT,
        kind: MouseKind = MouseKind.PRESS,
        mods: Modifiers = Modifiers.NONE,
    ) -> None:
        self.send(encode_mouse(MouseEvent(row, col, button, kind, mods), self.terminal.modes))

    def click(self, row: int, col: int, button: MouseButton = MouseButton.LEFT) -> None:
        self.mouse(row, col, button)
        self.mouse(row, col, button, MouseKind.RELEASE)

    def resize(self, cols: int, rows: int) -> None:
        self.terminal.resize(cols, rows)
        self._set_size(cols, rows)

    def _set_size(self, cols: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def tty_now(self) -> list[object]:
        return termios.tcgetattr(self.slave)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGHUP)
            self.process.send_signal(signal.SIGCONT)
            deadline = time.monotonic() + 5
            while self.process.poll() is None and time.monotonic() < deadline:
                if not self.pump(0.05):
                    time.sleep(0.01)
            if self.process.poll() is None:
                self.process.kill()
        self.process.wait()
        for fd in (self.master, self.slave):
            if fd >= 0:
                os.close(fd)
        self.master = self.slave = -1


def plain_env(home: Path, **more: str) -> dict[str, str]:
    """An environment in which shells and programs look the same everywhere."""
    return {
        "HOME": str(home),
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "SHELL": "/bin/sh",
        "PS1": "$ ",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "XDG_CONFIG_HOME": str(home / ".config"),
        **more,
    }
