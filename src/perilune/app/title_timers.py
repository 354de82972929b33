"""When titles must be asked about again although nothing was announced: the clock, the tick, the back-off.

One timer each, at the earliest moment at which something that was read can change; none while nothing needs
it. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable

from perilune.base.loop import EventLoop, Timer

__all__ = ["Alarm", "Backoff"]

_FIRST_RETRY = 1.0
_LAST_RETRY = 60.0


class Alarm:
    """A timer for the earliest of several moments.

    Args:
        loop: its timers are used.
        on_due: called when the moment has come; the alarm is off then.
    """

    def __init__(self, loop: EventLoop, on_due: Callable[[], None]) -> None:
        self._loop = loop
        self._on_due = on_due
        self._timer: Timer | None = None

    def within(self, seconds: float) -> None:
        """Be due no later than that from now."""
        due = self._loop.clock.monotonic() + max(seconds, 0.0)
        timer = self._timer
        if timer is not None and timer.is_armed:
            if timer.due <= due:
                return
            timer.cancel()
        self._timer = self._loop.call_later(seconds, self._on_due)

    def cancel(self) -> None:
        """Be off."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Backoff:
    """How long to wait before the next attempt: twice as long each time, until one succeeds."""

    def __init__(self) -> None:
        self._delay = _FIRST_RETRY

    def failed(self) -> float:
        """Seconds until the next attempt."""
        delay, self._delay = self._delay, min(self._delay * 2, _LAST_RETRY)
        return delay

    def succeeded(self) -> None:
        """Begin anew the next time."""
        self._delay = _FIRST_RETRY
