"""Assignments that are accepted but have no effect: a notice and a log line say so, never silence.

Keys that are theirs by default only are left to the program in the pane (see `keys.key_dispatch`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.overlays.notice import NoticeOverlay
from perilune.base.log import get_logger

__all__ = ["HANDLERS", "NOT_YET", "WINDOW_ONLY"]

_log = get_logger("app.assignments")
_NOTICE_SECONDS = 2.0

WINDOW_ONLY = (
    "DecreaseFontSize", "IncreaseFontSize", "ResetFontAndWindowSize", "ResetFontSize", "SetWindowLevel",
    "StartWindowDrag", "ToggleAlwaysOnBottom", "ToggleAlwaysOnTop", "ToggleFullScreen",
)  # fmt: skip
"""They change a native window, which a program inside a terminal has not."""

NOT_YET = (
    "AttachDomain", "CharSelect", "DetachDomain", "InputSelector", "PaneSelect", "PromptInputLine",
    "QuickSelect", "QuickSelectArgs",
)  # fmt: skip
"""They are planned."""


def _tell(context: ActionContext, text: str) -> None:
    """Show it for a while, unless the mouse asked (each step of a drag would) or another overlay is there."""
    view, overlays = context.view, context.services.overlays
    if context.pointed is not None or not (view.overlay is None or isinstance(view.overlay, NoticeOverlay)):
        return

    def remove() -> None:
        overlays.remove_from_window(view, notice)

    timer = context.services.loop.call_later(_NOTICE_SECONDS, remove)
    notice = NoticeOverlay(text, remove, timer.cancel)
    overlays.show_on_window(view, notice)


def _window_only(name: str) -> Handler:
    def handle(context: ActionContext, _arguments: object) -> None:
        text = f"{name} acts on a native window; inside a terminal it has no effect"
        _log.info("%s", text)
        _tell(context, text)

    return handle


def _not_yet(name: str) -> Handler:
    def handle(context: ActionContext, _arguments: object) -> None:
        text = f"{name} is not there yet"
        _log.warning("%s", text)
        _tell(context, text)

    return handle


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {name: _window_only(name) for name in WINDOW_ONLY} | {name: _not_yet(name) for name in NOT_YET}
)
