"""What goes wrong between a command and its first instruction."""

from __future__ import annotations

import os

__all__ = ["SpawnError"]


class SpawnError(OSError):
    """A command could not be started; `str` is a sentence for the user."""

    def __init__(self, number: int, program: str) -> None:
        super().__init__(number, os.strerror(number), program)
        self.program = program

    def __str__(self) -> str:
        return f"Unable to spawn {self.program}: {self.strerror}"
