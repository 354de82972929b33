"""ShowDebugOverlay: the ledger, the log and a prompt for Lua, over the window; ShowFrameTimes beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.overlays.debug_overlay import DebugOverlay
from perilune.app.overlays.frame_times import FrameTimesOverlay
from perilune.base.log import recent_lines

__all__ = ["HANDLERS"]

_RUNS = 200
_LOG_LINES = 200
_REFRESH_SECONDS = 0.5


def _show_debug_overlay(context: ActionContext, _arguments: object) -> None:
    services, view = context.services, context.view

    def read() -> list[str]:
        runs = services.ledger_text(_RUNS).splitlines()
        return [
            "Log",
            *recent_lines(_LOG_LINES),
            "",
            "Why callbacks ran",
            *(runs or ["no callback has run"]),
        ]

    def evaluate(source: str, on_done: Callable[[str, str], None]) -> None:
        pane = view.pane
        services.repl(source, view.window_id, None if pane is None else pane.id, on_done)

    overlay = DebugOverlay(
        read,
        evaluate,
        services.memory.repl_history,
        lambda: services.overlays.remove_from_window(view, overlay),
        services.request_frame,
    )
    services.overlays.show_on_window(view, overlay)


def _show_frame_times(context: ActionContext, _arguments: object) -> None:
    """Show them, or take them away again."""
    services, view = context.services, context.view
    if isinstance(view.overlay, FrameTimesOverlay):
        services.overlays.remove_from_window(view)
        return

    def again() -> None:
        if view.overlay is overlay:
            overlay.refresh()
            services.request_frame()
            services.loop.call_later(_REFRESH_SECONDS, again)

    overlay = FrameTimesOverlay(services.front_end.frame_times)
    services.overlays.show_on_window(view, overlay)
    services.loop.call_later(_REFRESH_SECONDS, again)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {"ShowDebugOverlay": _show_debug_overlay, "ShowFrameTimes": _show_frame_times}
)
