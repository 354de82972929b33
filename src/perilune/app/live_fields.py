"""Keeps process names and directories fresh for titles, off the frame path. Mux thread.

They change without an event, so they are polled: only while the config makes titles, only for panes of the
window that is shown, a moment after output and else once a second. A change comes back as the mux's
`LiveFieldsChanged`. Without a title handler nothing is armed.
"""

from __future__ import annotations

from perilune.app.lua_events import LuaEvents
from perilune.app.titles import TAB_TITLE_EVENT
from perilune.app.window_view import WindowViews
from perilune.base.loop import EventLoop, Timer

__all__ = ["LiveFieldPoll"]

_INTERVAL = 1.0
_AFTER_OUTPUT = 0.3


class LiveFieldPoll:
    """Polls.

    Args:
        loop: timers.
        views: which panes.
        events: whether there is a handler.
    """

    def __init__(self, loop: EventLoop, views: WindowViews, events: LuaEvents) -> None:
        self._loop = loop
        self._views = views
        self._events = events
        self._timer: Timer | None = None
        self._due = float("inf")

    def output_came(self) -> None:
        """A program wrote something: a command may have begun or ended."""
        self._arm(_AFTER_OUTPUT)

    def check(self) -> None:
        """Begin if the configuration has a title handler now."""
        self._arm(_INTERVAL)

    def _arm(self, seconds: float) -> None:
        if not self._events.has_handler(TAB_TITLE_EVENT):
            return
        due = self._loop.clock.monotonic() + seconds
        if self._timer is not None and self._timer.is_armed:
            if self._due <= due:
                return
            self._timer.cancel()
        self._due = due
        self._timer = self._loop.call_later(seconds, self._poll)

    def _poll(self) -> None:
        shown = self._views.shown
        if shown is not None:
            for tab in shown.window.tabs:
                for pane in tab.panes():
                    pane.live_fields()
        self._arm(_INTERVAL)
