"""Real processes on real ptys, always reaped."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from perilune.base.geometry import Size
from perilune.pty import PtyProcess, spawn

SIZE = Size(80, 24)
Spawn = Callable[..., PtyProcess]


def read_until(process: PtyProcess, enough: Callable[[bytes], bool], seconds: float = 90.0) -> bytes:
    """What the program writes until `enough` holds of it or the stream ends."""
    data = b""
    deadline = time.monotonic() + seconds
    while not enough(data):
        left = deadline - time.monotonic()
        assert left > 0, data
        if not select.select([process.fd], [], [], left)[0]:
            continue
        try:
            piece = os.read(process.fd, 65536)
        except OSError:
            break
        if not piece:
            break
        data += piece
    return data


@pytest.fixture
def start() -> Iterator[Spawn]:
    """Spawns like `perilune.pty.spawn` with a plain environment, and cleans up."""
    processes: list[PtyProcess] = []

    def run(
        command: Sequence[str] | None,
        cwd: str | None = None,
        env: Mapping[str, str] | None = None,
        size: Size = SIZE,
    ) -> PtyProcess:
        base = {"PATH": os.environ["PATH"], "HOME": "/", "TERM": "xterm"}
        process = spawn(command, cwd, {**base, **(env or {})}, size)
        processes.append(process)
        return process

    yield run
    for process in processes:
        if process.poll() is None:
            process.kill(signal.SIGKILL)
            assert process.wait(20.0) is not None
        process.release()
