"""The ledger: which memo ran, why, what it cost, and whether that changed anything.

A bounded ring; the answer to "why did it run". Written by the engine, on its thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

__all__ = ["Change", "Ledger", "MemoKey", "Run"]


class MemoKey(NamedTuple):
    """Names a memo. A tuple, because it is made and hashed at every look-up.

    Attributes:
        callback: what runs, such as "format-tab-title".
        subject: what it runs for, such as a tab's id.
        variant: plain values that it is given and reads, such as (hover, max_width). Each has its own memo.
    """

    callback: str
    subject: Hashable = None
    variant: Hashable = ()


@dataclass(frozen=True, slots=True)
class Change:
    """An input that is not what it was."""

    input: Hashable
    old: object
    new: object

    def __str__(self) -> str:
        return f"{self.input}: {self.old!r} -> {self.new!r}"


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        number: counts runs from 1, those that the ring has lost included.
        key: the memo.
        cause: the first input, in the order of reading, that differs from what the result before was made of;
            None if there was none.
        microseconds: what it took.
        reads: how many inputs it read.
        changed: whether its output differed from the one that stood before.
        failed: whether it raised.
    """

    number: int
    key: MemoKey
    cause: Change | None
    microseconds: float
    reads: int
    changed: bool
    failed: bool = False

    def __str__(self) -> str:
        variant = f" {self.key.variant!r}" if self.key.variant != () else ""
        outcome = "failed" if self.failed else "changed" if self.changed else "same output"
        return (
            f"{self.number} {self.key.callback} {self.key.subject!r}{variant}: "
            f"{self.cause or 'first run'}, {self.microseconds:.0f} us, {self.reads} reads, {outcome}"
        )


class Ledger:
    """The last `size` runs, oldest first.

    Attributes:
        total: all runs there have been.
    """

    def __init__(self, size: int) -> None:
        self.total = 0
        self._runs: deque[Run] = deque(maxlen=size)

    def record(
        self,
        key: MemoKey,
        cause: Change | None,
        microseconds: float,
        *,
        reads: int,
        changed: bool,
        failed: bool,
    ) -> None:
        """Enter one run."""
        self.total += 1
        self._runs.append(Run(self.total, key, cause, microseconds, reads, changed, failed))

    def why(self, callback: str, subject: Hashable) -> list[Run]:
        """The runs of one callback for one subject."""
        return [run for run in self._runs if run.key.callback == callback and run.key.subject == subject]

    def after(self, number: int) -> list[Run]:
        """The runs after the one of that number, oldest first, as far as they are kept."""
        runs = self._runs
        return list(islice(runs, max(len(runs) - (self.total - number), 0), None))

    def clear(self) -> None:
        """Forget the runs, and count on."""
        self._runs.clear()

    def __iter__(self) -> Iterator[Run]:
        return iter(tuple(self._runs))

    def __len__(self) -> int:
        return len(self._runs)
