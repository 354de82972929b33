"""Keeps process names and directories fresh for titles, off the frame path. Mux thread.

They change without an event, so they are polled: only for panes of which some title callback reads them, a
moment after output and else once a second. A change comes back as the mux's `LiveFieldsChanged`. Where no
callback reads them, nothing is armed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from perilune.base.loop import EventLoop, Timer

__all__ = ["LiveFieldPoll"]

_INTERVAL = 1.0
_AFTER_OUTPUT = 0.3


class LivePane(Protocol):
    """A pane that can be asked."""

    def live_fields(self) -> object:
        """Ask the system; what changed is announced by the pane."""
        ...


class LiveFieldPoll:
    """Polls.

    Args:
        loop: timers.
        wanted: ids of the panes of which these fields are read.
        find: the pane of an id.
    """

    def __init__(
        self,
        loop: EventLoop,
        wanted: Callable[[], Collection[int]],
        find: Callable[[int], LivePane | None],
    ) -> None:
        self._loop = loop
        self._wanted = wanted
        self._find = find
        self._timer: Timer | None = None
        self._due = float("inf")

    def output_came(self) -> None:
        """A program wrote something: a command may have begun or ended."""
        self._arm(_AFTER_OUTPUT)

    def check(self) -> None:
        """Begin: something reads them that did not before."""
        self._arm(0.0)

    def _arm(self, seconds: float) -> None:
        if not self._wanted():
            return
        due = self._loop.clock.monotonic() + seconds
        if self._timer is not None and self._timer.is_armed:
            if self._due <= due:
                return
            self._timer.cancel()
        self._due = due
        self._timer = self._loop.call_later(seconds, self._poll)

    def _poll(self) -> None:
        for pane_id in self._wanted():
            pane = self._find(pane_id)
            if pane is not None:
                pane.live_fields()
        self._arm(_INTERVAL)
