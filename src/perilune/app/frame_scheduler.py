"""Decides when a frame is made: at the end of a loop turn, at most `max_fps` a second, never for nothing.

Pty output, input and resizes that arrive between two frames become one frame. With nothing to show it arms no
timer, so an idle program sleeps. Knows neither what a frame holds nor who draws it. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable

from perilune.base.loop import EventLoop, Timer

__all__ = ["FrameScheduler"]


class FrameScheduler:
    """Calls `make_frame` for requests.

    Args:
        loop: whose `before_sleep` calls `on_before_sleep` (wired by the application).
        make_frame: composes and presents.
        is_ready: whether the front end takes a frame now; when not, its `on_ready` calls `request`.
        max_fps: frames a second at most.
    """

    def __init__(
        self, loop: EventLoop, make_frame: Callable[[], None], is_ready: Callable[[], bool], max_fps: int = 60
    ) -> None:
        self._loop = loop
        self._make_frame = make_frame
        self._is_ready = is_ready
        self._interval = 1.0 / max(max_fps, 1)
        self._wanted = False
        self._next_due = float("-inf")
        self._timer: Timer | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether a frame has been asked for and not been made."""
        return self._wanted

    def set_max_fps(self, max_fps: int) -> None:
        """Change the rate; from the next frame on."""
        self._interval = 1.0 / max(max_fps, 1)

    def request(self) -> None:
        """Something that is seen has changed."""
        self._wanted = True

    def on_before_sleep(self) -> None:
        """End of a loop turn: make the frame if it is wanted and due, else see that the loop wakes for it."""
        if not self._wanted or not self._is_ready():
            return
        now = self._loop.clock.monotonic()
        if now >= self._next_due:
            self._wanted = False
            self._next_due = now + self._interval
            self._make_frame()
            if not self._wanted:
                return
        if self._timer is None or not self._timer.is_armed:
            self._timer = self._loop.call_later(self._next_due - now, _nothing)


def _nothing() -> None:
    """The timer only wakes the loop; its turn ends in `on_before_sleep`."""
