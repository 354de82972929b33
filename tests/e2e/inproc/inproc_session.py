"""The whole program in one process: a fake front end, fake programs, a clock moved by hand, real Lua."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from perilune.app.application import Application
from perilune.app.assemble import StartOptions, build_application
from perilune.app.window_view import WindowView
from perilune.base.clock import ManualClock
from perilune.base.loop import EventLoop
from perilune.mux.pane import Pane
from perilune.testing.fake_front_end import FakeFrontEnd, FakeScreen, FakeWindows
from perilune.testing.fake_program import FakeDomain, FakeProgram

DEADLINE = 30.0


class Session:
    """One running program."""

    def __init__(
        self,
        home: Path,
        config: str | None = None,
        *,
        cols: int = 60,
        rows: int = 12,
        keyboard: str = "kitty",
        greeting: str = "$ ",
        command: tuple[str, ...] = (),
        waits_for_config: bool = True,
        desktop: FakeWindows | None = None,
    ) -> None:
        self._waits_for_config = waits_for_config and config is not None
        self.config_file = home / "perilune.lua"
        if config is not None:
            self.config_file.write_text(config, encoding="utf-8")
        self.clock = ManualClock()
        self.loop = EventLoop(self.clock)
        self._screen = FakeFrontEnd(cols, rows, keyboard)
        self._desktop = desktop
        self.domain = FakeDomain(greeting=greeting)
        options = StartOptions(
            command=command,
            config_file=self.config_file if config is not None else None,
            skip_config=config is None,
            env={"HOME": str(home)},
            home=home,
        )
        self.app: Application = build_application(
            desktop or self._screen, self.loop, options, domains=[self.domain]
        )

    def start(self) -> None:
        self.app.start()
        deadline = time.monotonic() + DEADLINE
        while self._waits_for_config and not self.app.config.is_loaded:
            # The program's patience with a slow configuration is of the clock's time, which stands still here.
            assert time.monotonic() < deadline, "never: the configuration"
            self.turn(0.0)
        self.until(lambda: self.screen.frames and self.domain.spawned, "the first frame")

    def close(self) -> None:
        self.app.shutdown()
        self.domain.close()
        self.loop.close()

    # Time.

    def turn(self, seconds: float = 0.02) -> None:
        """One turn of the loop, after which the clock has moved on."""
        if self._desktop is not None:
            self._desktop.deliver()
        self.loop.run_once(0.005)
        assert not self.app.failure_message, self.app.failure_message
        self.clock.advance(seconds)

    def until(self, condition: Callable[[], Any], what: str = "") -> None:
        """Turn until the condition holds."""
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline, f"never: {what or condition}\n{self.screen.text}"
            self.turn()

    def until_text(self, text: str) -> None:
        self.until(lambda: text in self.screen.text, f"{text!r} on the screen")

    def settle(self) -> None:
        """Turn until a while passes in which nothing is drawn."""
        quiet, frames = 0, self.screen.frames
        while quiet < 8:
            self.turn()
            quiet = quiet + 1 if self.screen.frames == frames else 0
            frames = self.screen.frames

    # What there is.

    @property
    def screen(self) -> FakeScreen:
        """The one screen, or the native window that has the focus."""
        desktop = self._desktop
        if desktop is None:
            return self._screen
        return self._screen if desktop.focused is None else desktop.windows[desktop.focused]

    @property
    def host(self) -> FakeFrontEnd:
        """The one screen with the services of its desktop."""
        return self._screen

    @property
    def view(self) -> WindowView:
        view = self.app.services.views.shown
        assert view is not None
        return view

    @property
    def pane(self) -> Pane:
        pane = self.view.pane
        assert pane is not None
        return pane

    @property
    def program(self) -> FakeProgram:
        """The program of the active pane."""
        return self.domain.program(self.pane.id)

    @property
    def bar(self) -> str:
        frame = self.screen.frame
        assert frame is not None
        return self.screen.rows[frame.bar_row] if frame.bar_row >= 0 else ""

    @property
    def tab_count(self) -> int:
        return len(self.view.window.tabs)

    def print(self, text: str) -> None:
        """Let the active pane's program print, and wait until it is on the screen's terminal."""
        before = self.pane.terminal.seqno
        self.program.print(text)
        terminal = self.pane.terminal
        self.until(lambda: terminal.seqno != before, "output in the terminal")
        self.settle()

    def set_modes(self, text: str) -> None:
        """Let the active pane's program set modes, and wait until they are in force."""
        terminal = self.pane.terminal
        before = terminal.modes
        self.program.print(text)
        self.until(lambda: terminal.modes != before, "the modes")

    def received(self, data: bytes) -> None:
        """Wait until the active pane's program was sent exactly this since the last `forget`."""
        program = self.program
        self.until(
            lambda: len(program.read()) >= len(data), f"the program gets {data!r}, has {program.received!r}"
        )
        assert program.received == data

    def probe(self, name: str) -> int:
        return self.app.probes[name]

    def cell(self, row: int, col: int) -> tuple[int, int, int, int]:
        """The four words of a cell of the last frame."""
        frame = self.screen.frame
        assert frame is not None
        start = (row * frame.buffer.cols + col) * 4
        words = frame.buffer.words[start : start + 4]
        return (words[0], words[1], words[2], words[3])
