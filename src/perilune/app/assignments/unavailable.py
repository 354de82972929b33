"""Assignments that are accepted but have no effect: a log line says so, never silence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.base.log import get_logger

__all__ = ["HANDLERS", "NOT_YET", "WINDOW_ONLY"]

_log = get_logger("app.assignments")

WINDOW_ONLY = (
    "DecreaseFontSize", "IncreaseFontSize", "ResetFontAndWindowSize", "ResetFontSize", "SetWindowLevel",
    "StartWindowDrag", "ToggleAlwaysOnBottom", "ToggleAlwaysOnTop", "ToggleFullScreen",
)  # fmt: skip
"""They change a native window, which a program inside a terminal has not."""

NOT_YET = (
    "AttachDomain", "CharSelect", "DetachDomain", "InputSelector", "PaneSelect", "PromptInputLine",
    "QuickSelect", "QuickSelectArgs", "ShowDebugOverlay",
)  # fmt: skip
"""They are planned."""


def _window_only(name: str) -> Handler:
    def handle(_context: ActionContext, _arguments: object) -> None:
        _log.info("%s acts on a native window; inside a terminal it has no effect", name)

    return handle


def _not_yet(name: str) -> Handler:
    def handle(_context: ActionContext, _arguments: object) -> None:
        _log.warning("%s is not there yet", name)

    return handle


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {name: _window_only(name) for name in WINDOW_ONLY} | {name: _not_yet(name) for name in NOT_YET}
)
