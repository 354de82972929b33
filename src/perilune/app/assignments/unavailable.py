"""Assignments that have no effect here, or not yet: a notice and a log line say so, never silence.

Keys that are theirs by default only are left to the program in the pane (see `keys.key_dispatch`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.assignments.notices import tell
from perilune.app.front_end import WindowCommand
from perilune.base.log import get_logger

__all__ = ["HANDLERS", "NOT_YET", "WINDOW_ONLY"]

_log = get_logger("app.assignments")

WINDOW_ONLY: Mapping[str, WindowCommand] = MappingProxyType(
    {
        "DecreaseFontSize": "decrease_font_size",
        "IncreaseFontSize": "increase_font_size",
        "ResetFontAndWindowSize": "reset_font_and_window_size",
        "ResetFontSize": "reset_font_size",
        "SetWindowLevel": "set_level",
        "StartWindowDrag": "start_drag",
        "ToggleAlwaysOnBottom": "toggle_always_on_bottom",
        "ToggleAlwaysOnTop": "toggle_always_on_top",
        "ToggleFullScreen": "toggle_fullscreen",
    }
)
"""They change a native window, which a program inside a terminal has not: the front end carries them out."""

NOT_YET: tuple[str, ...] = ()
"""They are planned. None at present."""


def _window_only(name: str, command: WindowCommand) -> Handler:
    def handle(context: ActionContext, argument: object) -> None:
        arguments = () if argument is None else (argument,)
        if context.services.front_end.control_window(context.view.window_id, command, *arguments):
            return
        text = f"{name} acts on a native window; inside a terminal it has no effect"
        _log.info("%s", text)
        tell(context, text)

    return handle


def _not_yet(name: str) -> Handler:
    def handle(context: ActionContext, _arguments: object) -> None:
        text = f"{name} is not there yet"
        _log.warning("%s", text)
        tell(context, text)

    return handle


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {name: _window_only(name, command) for name, command in WINDOW_ONLY.items()}
    | {name: _not_yet(name) for name in NOT_YET}
)
