"""Decides when frames are made: at the end of a loop turn, at most `max_fps` a second, never for nothing.

Pty output, input and resizes that arrive between two frames of a window become one frame. With nothing to
show it arms no timer, so an idle program sleeps. Knows neither what a frame holds nor who draws it.

Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from perilune.base.loop import EventLoop, Timer

__all__ = ["EVERY_WINDOW", "FrameScheduler"]

EVERY_WINDOW = -1
"""In place of a window's id."""


class FrameScheduler:
    """Calls `make_frame` for requests.

    Args:
        loop: whose `before_sleep` calls `on_before_sleep` (wired by the application).
        make_frame: composes and presents a frame of a window.
        is_ready: whether the front end takes a frame of a window now; when it does again, its `on_ready`
            calls `wake`.
        max_fps: frames of a window a second at most.
        windows: the windows that are to be seen; None: there is one screen, and whoever asks means it.
    """

    def __init__(
        self,
        loop: EventLoop,
        make_frame: Callable[[int], None],
        is_ready: Callable[[int], bool],
        max_fps: int = 60,
        windows: Callable[[], Iterable[int]] | None = None,
    ) -> None:
        self._loop = loop
        self._make_frame = make_frame
        self._is_ready = is_ready
        self._interval = 1.0 / max(max_fps, 1)
        self._windows = windows
        self._wanted: set[int] = set()
        self._next_due: dict[int, float] = {}
        self._timer: Timer | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether a frame has been asked for and not been made."""
        return bool(self._wanted)

    def set_max_fps(self, max_fps: int) -> None:
        """Change the rate; from the next frame on."""
        self._interval = 1.0 / max(max_fps, 1)

    def request(self, window_id: int = EVERY_WINDOW) -> None:
        """Something that is seen has changed."""
        self._wanted.add(window_id)

    def wake(self) -> None:
        """The front end takes frames again: those that were asked for are made at the end of a turn."""
        if self._wanted:
            self._loop.call_soon(_nothing)

    def forget_window(self, window_id: int) -> None:
        """The window is gone."""
        self._wanted.discard(window_id)
        self._next_due.pop(window_id, None)

    def on_before_sleep(self) -> None:
        """End of a loop turn: make frames that are wanted and due, else see that the loop wakes for them."""
        if not self._wanted:
            return
        now = self._loop.clock.monotonic()
        wanted, self._wanted = self._targets(), set()
        for window_id in wanted:
            if not self._is_ready(window_id):
                self._wanted.add(window_id)
            elif now >= self._next_due.get(window_id, now):
                self._next_due[window_id] = now + self._interval
                self._make_frame(window_id)
            else:
                self._wanted.add(window_id)
        self._arm(now)

    def _targets(self) -> Iterable[int]:
        """What was asked for, window by window."""
        if self._windows is None:
            return (EVERY_WINDOW,)
        visible = tuple(self._windows())
        if EVERY_WINDOW in self._wanted:
            return visible
        return [window_id for window_id in visible if window_id in self._wanted]

    def _arm(self, now: float) -> None:
        """Wake for the next frame that only time holds back; the front end wakes us for the others."""
        waiting = self._targets() if self._wanted else ()
        due = min(
            (self._next_due.get(window_id, now) for window_id in waiting if self._is_ready(window_id)),
            default=None,
        )
        if due is None:
            return
        if self._timer is not None and self._timer.is_armed and self._timer.due <= due:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(due - now, _nothing)


def _nothing() -> None:
    """The timer only wakes the loop; its turn ends in `on_before_sleep`."""
