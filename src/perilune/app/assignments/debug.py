"""ShowDebugOverlay: the ledger and the log, over the window."""

from __future__ import annotations

from collections.abc import Mapping
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

    overlay = DebugOverlay(read, lambda: services.overlays.remove_from_window(view, overlay))
    services.overlays.show_on_window(view, overlay)


HANDLERS: Mapping[str, Handler] = MappingProxyType({"ShowDebugOverlay": _show_debug_overlay})
