"""Fixtures of the end-to-end tests: a home of their own, and `perilune start` on a pty."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from e2e.session import PERILUNE, Session, plain_env


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home folder."""
    path = tmp_path / "home"
    path.mkdir()
    # /etc/profile may set another prompt, for root at least.
    (path / ".profile").write_text("PS1='$ '\n")
    return path


@pytest.fixture
def start(home: Path) -> Iterator[object]:
    """A function that starts perilune on a pty and returns the Session; all are closed at the end."""
    with ExitStack() as stack:

        def begin(
            *arguments: str,
            lua: str | None = None,
            wait: str | None = "$",
            cols: int = 80,
            rows: int = 24,
            kitty: bool = True,
            mute: bool = False,
            cwd: Path | None = None,
            **env: str,
        ) -> Session:
            if lua is not None:
                (home / ".wezterm.lua").write_text(lua, encoding="utf-8")
            session = Session(
                [*PERILUNE, "--log-file", str(home / "perilune.log"), *arguments],
                cols=cols, rows=rows, kitty=kitty, mute=mute, cwd=cwd or home, env=plain_env(home, **env),
            )  # fmt: skip
            stack.enter_context(session)
            if wait is not None:
                session.wait_text(wait)
            return session

        yield begin


@pytest.fixture
def need():
    """Skip, by name, a test whose program this machine lacks."""

    def check(program: str) -> str:
        found = shutil.which(program)
        if found is None:
            pytest.skip(f"{program} is not installed")
        return found

    return check
