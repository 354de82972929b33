"""Emits update-right-status and update-status: on a timer and when something happened. Mux thread.

Several reasons within one turn of the loop are one emission. A storm of resizes emits at most once per
`status_update_interval`, and once after the last step (tab-bar.md section 3; design.md section 3).
"""

from __future__ import annotations

from dataclasses import dataclass

from perilune.app.lua_events import LuaEvents
from perilune.app.window_view import WindowView, WindowViews
from perilune.base.loop import EventLoop, Timer
from perilune.base.probes import Probes

__all__ = ["STATUS_EVENTS", "StatusService"]

STATUS_EVENTS = ("update-right-status", "update-status")


@dataclass(slots=True)
class _State:
    """Of one window."""

    posted: bool = False
    timer: Timer | None = None
    storm_timer: Timer | None = None
    last: float = float("-inf")


class StatusService:
    """Decides when status handlers run.

    Args:
        loop: timers.
        events: carries the events.
        views: the windows.
        probes: counts emissions.
    """

    def __init__(self, loop: EventLoop, events: LuaEvents, views: WindowViews, probes: Probes) -> None:
        self._loop = loop
        self._events = events
        self._views = views
        self._probes = probes
        self._states: dict[int, _State] = {}

    def forget_window(self, window_id: int) -> None:
        """The window is gone."""
        state = self._states.pop(window_id, None)
        if state is not None:
            for timer in (state.timer, state.storm_timer):
                if timer is not None:
                    timer.cancel()

    def trigger(self, view: WindowView) -> None:
        """Something happened that a status may show: emit at the end of this turn."""
        if not self._has_handler():
            return
        state = self._states.setdefault(view.window_id, _State())
        if not state.posted:
            state.posted = True
            self._loop.call_soon(lambda: self._emit(view.window_id))

    def trigger_storm(self, view: WindowView) -> None:
        """Likewise for what comes in storms, such as the steps of a resize."""
        if not self._has_handler():
            return
        state = self._states.setdefault(view.window_id, _State())
        interval = view.config.status_update_interval / 1000
        left = state.last + interval - self._loop.clock.monotonic()
        if left <= 0:
            self.trigger(view)
        elif state.storm_timer is None or not state.storm_timer.is_armed:
            state.storm_timer = self._loop.call_later(left, lambda: self.trigger(view))

    def trigger_all(self) -> None:
        """For every window."""
        for view in self._views:
            self.trigger(view)

    def _has_handler(self) -> bool:
        return any(self._events.has_handler(event) for event in STATUS_EVENTS)

    def _emit(self, window_id: int) -> None:
        state = self._states.get(window_id)
        view = self._views.get(window_id)
        if state is None or view is None:
            return
        state.posted = False
        state.last = self._loop.clock.monotonic()
        self._arm(view, state)
        if not self._views.is_visible(view):
            return  # as in WezTerm, only a window that is shown has a status
        pane = view.pane
        if pane is None:
            return
        self._probes.add("status_emissions")
        for event in STATUS_EVENTS:
            self._events.emit(event, window_id, pane.id)

    def _arm(self, view: WindowView, state: _State) -> None:
        if state.timer is not None:
            state.timer.cancel()
            state.timer = None
        interval = view.config.status_update_interval / 1000
        if interval > 0 and self._has_handler():
            state.timer = self._loop.call_later(interval, lambda: self.trigger(view))
