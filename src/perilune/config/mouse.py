"""Mouse bindings as configs write them."""

from __future__ import annotations

from typing import Literal, NamedTuple

from perilune.base.input import Modifiers, MouseButton
from perilune.config.assignment import ACTION, KeyAssignment
from perilune.config.forms import BOOLEAN, Form, as_table, choice, integer
from perilune.config.keys import MODIFIERS
from perilune.config.problems import ConfigError, Place
from perilune.config.record import Record, option

__all__ = ["MouseBinding", "MouseTrigger"]

_BUTTONS = {
    "Left": MouseButton.LEFT,
    "Middle": MouseButton.MIDDLE,
    "Right": MouseButton.RIGHT,
    "WheelUp": MouseButton.WHEEL_UP,
    "WheelDown": MouseButton.WHEEL_DOWN,
    "WheelLeft": MouseButton.WHEEL_LEFT,
    "WheelRight": MouseButton.WHEEL_RIGHT,
}
_BUTTON_NAME = choice(*_BUTTONS)


class MouseTrigger(NamedTuple):
    """What the mouse does: a press, a release or a drag, and for the how-manieth click."""

    kind: Literal["Down", "Up", "Drag"]
    streak: int
    button: MouseButton


def _button(value: object, at: Place) -> MouseButton:
    table = as_table(value)
    if table is not None and len(table) == 1:
        ((name, amount),) = table.items()
        integer(0).read(amount, at.field(name))
        return _BUTTONS[_BUTTON_NAME.read(name, at)]
    return _BUTTONS[_BUTTON_NAME.read(value, at)]


def _trigger(value: object, at: Place, expected: str) -> MouseTrigger:
    table = as_table(value)
    if table is None or len(table) != 1:
        raise at.wrong(expected, value)
    ((kind, inner),) = table.items()
    at = at.field(kind)
    fields = as_table(inner)
    if kind not in {"Down", "Up", "Drag"} or fields is None:
        raise at.wrong(expected, inner)
    for name in ("streak", "button"):
        if fields.get(name) is None:
            raise ConfigError(f"{at.path}: the field {name!r} is missing")
    streak = integer(1).read(fields["streak"], at.field("streak"))
    return MouseTrigger(kind, streak, _button(fields["button"], at.field("button")))


def _alt_screen(value: object, at: Place, expected: str) -> bool | None:
    if value == "Any":
        return None
    if isinstance(value, bool):
        return value
    raise at.wrong(expected, value)


class MouseBinding(Record):
    """A mouse binding.

    One for `mouse_reporting` acts only while the program in the pane asks for the mouse.
    """

    event: MouseTrigger = option(
        Form("an event such as {Down={streak=1, button='Left'}}", _trigger), doc="What the mouse does."
    )
    action: KeyAssignment = option(ACTION, doc="What happens.")
    mods: Modifiers = option(MODIFIERS, default=Modifiers.NONE, doc="Modifiers held.")
    mouse_reporting: bool = option(BOOLEAN, default=False, doc="While the program has the mouse.")
    alt_screen: bool | None = option(
        Form("true, false or 'Any'", _alt_screen), default=None, doc="Only on (or off) the alternate screen."
    )
