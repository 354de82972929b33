from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from inproc_session import Session


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Session]]:
    """Starts sessions; all are ended."""
    sessions: list[Session] = []

    def make(config: str | None = None, **options: Any) -> Session:
        home = tmp_path / f"home{len(sessions)}"
        home.mkdir()
        session = Session(home, config, **options)
        sessions.append(session)
        session.start()
        return session

    yield make
    for session in sessions:
        session.close()
