"""Turns calls with a beginning and an end into samples: time between two changes goes to the stack then."""

from __future__ import annotations

from perilune.profiler.model import ROOT, Profile

__all__ = ["Timeline"]


class Timeline:
    """One thread's calls, in the order of time.

    Args:
        profile: where the samples go.
        event: which they are of.
        thread: whose they are.
        scale: seconds in a unit of time, for the samples' times.
        factor: how many of the event's units are in a unit of time.
    """

    def __init__(self, profile: Profile, event: int, thread: int, scale: float, factor: float = 1.0) -> None:
        self._factor = factor
        self._profile = profile
        self._event = event
        self._thread = thread
        self._scale = scale
        self._stack: list[int] = []
        self._frames: list[int] = []
        self._since: float | None = None

    @property
    def depth(self) -> int:
        """How many calls are open."""
        return len(self._stack)

    @property
    def innermost(self) -> int | None:
        """The frame of the call that began last and is open."""
        return self._frames[-1] if self._frames else None

    def _advance(self, at: float) -> None:
        if self._since is not None and at > self._since and self._stack:
            self._profile.add(
                self._event,
                self._thread,
                self._stack[-1],
                weight=(at - self._since) * self._factor,
                time=self._since * self._scale,
            )
        self._since = at if self._since is None else max(at, self._since)

    def begin(self, frame: int, at: float) -> None:
        """A call of a frame begins."""
        self._advance(at)
        self._frames.append(frame)
        self._stack.append(self._profile.tree.child(self._stack[-1] if self._stack else ROOT, frame))

    def end(self, at: float) -> None:
        """The innermost call ends."""
        self._advance(at)
        self._stack.pop()
        self._frames.pop()

    def close(self, at: float | None = None) -> None:
        """All open calls end, at the last moment seen if none is given."""
        if at is not None:
            self._advance(at)
        self._stack.clear()
        self._frames.clear()
