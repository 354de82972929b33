"""ShowDebugOverlay: the ledger, the log and a prompt for Lua, over the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.overlays.debug_overlay import DebugOverlay
from perilune.base.log import recent_lines

__all__ = ["HANDLERS"]

_RUNS = 200
_LOG_LINES = 200


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


HANDLERS: Mapping[str, Handler] = MappingProxyType({"ShowDebugOverlay": _show_debug_overlay})
