"""Assignments that send input to the program, run handlers, or change key tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.keys.key_tables import KeyTableEntry
from perilune.base.input import KeyEvent, Modifiers
from perilune.base.log import get_logger
from perilune.config.arguments import ActivateKeyTable

if TYPE_CHECKING:
    from perilune.config.assignment import KeyAssignment
    from perilune.config.keys import KeyChord

__all__ = ["HANDLERS"]

_log = get_logger("app.assignments")


def _send_key(context: ActionContext, chord: KeyChord) -> None:
    view = context.pane_view
    if view is None or view.pane.is_dead:
        return
    plain = not chord.mods & ~Modifiers.SHIFT
    shifted = chord.key.upper() if chord.mods & Modifiers.SHIFT else chord.key
    text = shifted if plain and len(chord.key) == 1 else ""
    context.services.pane_input.send_key(view, KeyEvent(chord.key, chord.mods, text=text))


def _send_string(context: ActionContext, text: str) -> None:
    if context.pane is not None and not context.pane.is_dead:
        context.pane.write(text.encode("utf-8", "surrogateescape"))


def _emit_event(context: ActionContext, name: str) -> None:
    pane_id = None if context.pane is None else context.pane.id
    context.services.events.emit(name, context.view.window_id, pane_id)


def _multiple(context: ActionContext, assignments: tuple[KeyAssignment, ...]) -> None:
    for assignment in assignments:
        context.perform(assignment)


def _activate_key_table(context: ActionContext, arguments: ActivateKeyTable) -> None:
    entry = KeyTableEntry(
        arguments.name,
        one_shot=arguments.one_shot,
        timeout_ms=arguments.timeout_milliseconds,
        until_unknown=arguments.until_unknown,
        prevent_fallback=arguments.prevent_fallback,
    )
    context.view.key_tables.activate(entry, replace_current=arguments.replace_current)


def _nothing(context: ActionContext, _: object) -> None:
    del context


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "SendKey": _send_key,
        "SendString": _send_string,
        "EmitEvent": _emit_event,
        "Multiple": _multiple,
        "Nop": _nothing,
        "DisableDefaultAssignment": _nothing,
        "ActivateKeyTable": _activate_key_table,
        "PopKeyTable": lambda context, _: context.view.key_tables.pop(),
        "ClearKeyTableStack": lambda context, _: context.view.key_tables.clear(),
    }
)
