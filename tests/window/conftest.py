"""Fixtures of the window tests: one display for all, a home for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from window.x_display import Window, XDisplay, need_window_programs


@pytest.fixture(scope="session")
def x_display() -> Iterator[XDisplay]:
    """A display of this test process."""
    need_window_programs()
    display = XDisplay()
    yield display
    display.close()


@pytest.fixture
def open_window(x_display: XDisplay, tmp_path: Path) -> Iterator[object]:
    """A function that starts perilune in a window; all are ended afterwards."""
    with ExitStack() as stack:
        count = iter(range(100))

        def begin(*arguments: str, lua: str = "", files: dict[str, str] | None = None, **env: str) -> Window:
            home = tmp_path / f"home{next(count)}"
            home.mkdir()
            for name, text in (files or {}).items():
                (home / name).write_text(text, encoding="utf-8")
            (home / ".profile").write_text("PS1='$ '\n")
            return stack.enter_context(Window(x_display, home, *arguments, lua=lua, env=env))

        yield begin
