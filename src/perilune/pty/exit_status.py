"""How a process ended."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["ExitStatus"]


@dataclass(frozen=True, slots=True)
class ExitStatus:
    """The end of a process.

    Attributes:
        code: the exit code; None when a signal ended it or nobody knows.
        signal: the signal that ended it, or None.
    """

    code: int | None
    signal: int | None = None

    @classmethod
    def from_wait(cls, status: int) -> ExitStatus:
        """From the status word of waitpid(2).

        >>> ExitStatus.from_wait(0x0300), ExitStatus.from_wait(9)
        (ExitStatus(code=3, signal=None), ExitStatus(code=None, signal=9))
        """
        code = os.waitstatus_to_exitcode(status)
        return cls(code) if code >= 0 else cls(None, -code)

    def is_clean(self, clean_codes: Collection[int] = ()) -> bool:
        """Whether this counts as a good end: 0, or a code that the user calls clean."""
        return self.code is not None and (self.code == 0 or self.code in clean_codes)

    def describe(self) -> str:
        """In words.

        >>> ExitStatus(1).describe(), ExitStatus(None, 15).describe()
        ('Exited with code 1', 'Terminated by SIGTERM')
        """
        if self.signal is not None:
            try:
                return f"Terminated by {signal.Signals(self.signal).name}"
            except ValueError:
                return f"Terminated by signal {self.signal}"
        if self.code is None:
            return "Ended, with a status that is not known"
        return f"Exited with code {self.code}"
