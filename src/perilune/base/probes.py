"""Counters of what happens per frame and beside it. Always there; adding one costs an integer addition."""

from __future__ import annotations

__all__ = ["Probes"]


class Probes:
    """Named counters.

    Hot code keeps the `Probes` object and calls `add`; readers take `snapshot`. Written by the thread that
    owns the counted thing; an addition lost to a race would be visible only in statistics.
    """

    __slots__ = ("counts",)

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def add(self, name: str, amount: int = 1) -> None:
        """Count `amount` more of `name`."""
        counts = self.counts
        counts[name] = counts.get(name, 0) + amount

    def __getitem__(self, name: str) -> int:
        return self.counts.get(name, 0)

    def snapshot(self) -> dict[str, int]:
        """A copy of all counters."""
        return dict(self.counts)
