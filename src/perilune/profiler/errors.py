"""What can be wrong with a capture, a rule set or an expectation: always with the place where."""

from __future__ import annotations

__all__ = ["CaptureError", "RulesError"]


class CaptureError(Exception):
    """A capture that cannot be read, or not to its end.

    Attributes:
        source: the file.
        place: "line 12", "byte 4096", "" for the whole.
        problem: what is wrong there.
    """

    def __init__(self, source: str, place: str, problem: str) -> None:
        super().__init__(f"{source}: {place}: {problem}" if place else f"{source}: {problem}")
        self.source = source
        self.place = place
        self.problem = problem


class RulesError(Exception):
    """A file of rules or of expectations that does not say what it must."""
