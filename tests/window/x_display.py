"""A display of our own (Xvfb), and the real program in a window on it, driven by xdotool as a user would."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import pytest
from PIL import Image, ImageGrab

from e2e.session import plain_env

TIMEOUT = 60.0
PERILUNE = (sys.executable, "-m", "perilune")


def need_window_programs() -> None:
    """Skip, by name, where the machine lacks what these tests need."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    try:
        import PySide6.QtGui  # noqa: F401
    except ImportError as error:
        pytest.skip(f"Qt cannot be loaded: {error}")


def wait_for(condition: Callable[[], object], what: str, timeout: float = TIMEOUT) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


class XDisplay:
    """An X server without a screen; ends with `close`."""

    def __init__(self, width: int = 1200, height: int = 900) -> None:
        read_fd, write_fd = os.pipe()
        self.process = subprocess.Popen(
            [
                "Xvfb", "-displayfd", str(write_fd), "-screen", "0", f"{width}x{height}x24",
                "-nolisten", "tcp", "-noreset",
            ],
            pass_fds=(write_fd,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(write_fd)
        with os.fdopen(read_fd, "rb") as pipe:
            number = pipe.readline().strip()
        if not number:
            self.process.wait()
            pytest.skip("Xvfb does not start here")
        self.name = f":{number.decode()}"

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()

    def xdotool(self, *words: object) -> str:
        done = subprocess.run(
            ["xdotool", *map(str, words)],
            env={"DISPLAY": self.name, "PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT, check=False,
        )  # fmt: skip
        return done.stdout

    def picture(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.name)


class Window:
    """Perilune in a window. Use as a context manager: it is ended and reaped."""

    def __init__(
        self,
        display: XDisplay,
        home: Path,
        *arguments: str,
        lua: str = "",
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.display = display
        self.home = home
        self.log = home / "perilune.log"
        (home / ".wezterm.lua").write_text(lua or "return {}", encoding="utf-8")
        self.output = (home / "output").open("wb")
        self.process = subprocess.Popen(
            [*PERILUNE, "--log-file", str(self.log), "start", "--front-end", "window", *arguments],
            env=plain_env(home, DISPLAY=display.name, QT_IM_MODULE="compose", **(env or {})),
            cwd=home, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output, start_new_session=True,
        )  # fmt: skip
        self.id = ""
        try:
            self._await_window()
        except BaseException:
            self.close()
            raise

    def _await_window(self) -> None:
        def found() -> bool:
            assert self.process.poll() is None, f"it ended:\n{self.said()}"
            words = self.display.xdotool("search", "--onlyvisible", "--pid", self.process.pid).split()
            self.id = words[0] if words else ""
            return bool(self.id)

        wait_for(found, "the window")
        wait_for(lambda: len(self.picture().getcolors(1 << 24) or []) > 1, "the first picture")
        self.focus()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End it, and reap it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(TIMEOUT)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        self.output.close()

    def said(self) -> str:
        """What it wrote to its standard error and its log, for failures."""
        text = (self.home / "output").read_text(errors="replace")
        return text + (self.log.read_text(errors="replace") if self.log.exists() else "")

    # Looking.

    def geometry(self) -> tuple[int, int, int, int]:
        """Left, top, width, height."""
        text = self.display.xdotool("getwindowgeometry", "--shell", self.id)
        values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        return int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"])

    def picture(self) -> Image.Image:
        """What the window shows."""
        left, top, width, height = self.geometry()
        return self.display.picture().crop((left, top, left + width, top + height)).convert("RGB")

    def wait_picture(self, check: Callable[[Image.Image], object], what: str) -> Image.Image:
        """Wait until the window's picture is as it should be."""
        kept: list[Image.Image] = []

        def holds() -> bool:
            assert self.process.poll() is None, f"it ended:\n{self.said()}"
            kept[:] = [self.picture()]
            return bool(check(kept[0]))

        try:
            wait_for(holds, what)
        except AssertionError:
            kept[0].save(self.home / "last.png")
            raise
        return kept[0]

    def wait_file(self, name: str, check: Callable[[str], object], what: str) -> str:
        """Wait until a file in the home folder has what it should have."""
        path = self.home / name

        def text() -> str:
            return path.read_text(errors="replace") if path.exists() else ""

        wait_for(lambda: check(text()), f"{what}; {name} has {text()!r}; {self.said()}")
        return text()

    # Doing.

    def focus(self) -> None:
        self.display.xdotool("windowfocus", "--sync", self.id)

    def type(self, text: str) -> None:
        self.display.xdotool("type", "--delay", 8, "--", text)

    def key(self, *chords: str) -> None:
        self.display.xdotool("key", *chords)

    def resize(self, width: int, height: int) -> None:
        self.display.xdotool("windowsize", self.id, width, height)

    def move_to(self, x: float, y: float) -> None:
        self.display.xdotool("mousemove", "--window", self.id, int(x), int(y))

    def click(self, x: float, y: float, button: int = 1) -> None:
        self.move_to(x, y)
        self.display.xdotool("click", button)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.move_to(*start)
        self.display.xdotool("mousedown", 1)
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.move_to(*middle)
        self.move_to(*end)
        self.display.xdotool("mouseup", 1)
