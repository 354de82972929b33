"""What every reader is given: how strict to be, whom to tell of progress, where problems go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from perilune.profiler.errors import CaptureError

__all__ = ["Reading"]

_KEPT = 5


def _ignore(_count: int) -> None:
    pass


@dataclass(slots=True)
class Reading:
    """One run of a reader.

    Attributes:
        keep_going: whether to leave out what cannot be understood instead of stopping there.
        timed: whether samples keep their times, which costs memory for each of them.
        progress: called with the number of bytes read since the last call.
        name: of the file, for messages.
        problems: the first of those left out.
        left_out: how many pieces were left out.
    """

    keep_going: bool = False
    timed: bool = False
    progress: Callable[[int], None] = _ignore
    name: str = ""
    problems: list[str] = field(default_factory=list)
    left_out: int = 0

    def problem(self, place: str, text: str) -> None:
        """Something cannot be understood.

        Raises:
            CaptureError: unless it is to be left out.
        """
        error = CaptureError(self.name, place, text)
        if not self.keep_going:
            raise error
        self.left_out += 1
        if len(self.problems) < _KEPT:
            self.problems.append(f"{place}: {text}")

    def notes(self) -> list[str]:
        """What was left out, in words; nothing if nothing was."""
        if not self.left_out:
            return []
        more = (
            f", and {self.left_out - len(self.problems)} more" if self.left_out > len(self.problems) else ""
        )
        pieces = "1 piece was" if self.left_out == 1 else f"{self.left_out} pieces were"
        return [f"{pieces} left out: {'; '.join(self.problems)}{more}"]
