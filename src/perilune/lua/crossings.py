"""What a profiler may learn of a Lua state: every entry into it, and where it is. Nobody asks by default."""

from __future__ import annotations

from typing import NamedTuple, Protocol

__all__ = ["Crossing", "CrossingObserver"]


class Crossing(NamedTuple):
    """One entry into Lua.

    Attributes:
        entry: what was called: "titles", "emit", "load_file"; "resume" for a task that goes on.
        label: what for, in words: "a handler of update-status".
        begin_ns: nanoseconds of `time.perf_counter_ns`.
        end_ns: likewise.
        memory_before: bytes held, garbage included.
        memory_after: likewise; less than before where garbage was collected.
        collections: whole collections of this state since it was first observed.
        failed: whether it ended with an error.
    """

    entry: str
    label: str
    begin_ns: int
    end_ns: int
    memory_before: int
    memory_after: int
    collections: int
    failed: bool


class CrossingObserver(Protocol):
    """Who wants to know. Called on the Lua thread.

    Attributes:
        sample_seconds: take Lua's stack once in so much processor time; 0: never.
    """

    sample_seconds: float

    def crossed(self, crossing: Crossing) -> None:
        """Lua was entered and has come back."""
        ...

    def sampled(self, stacks: str) -> None:
        """Lua's stacks since the last time, as `boot/meter.lua` writes them."""
        ...
