"""Key and mouse events as front ends deliver them: neutral between a window and a host terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntFlag

__all__ = ["KeyEvent", "KeyKind", "Modifiers", "MouseButton", "MouseEvent", "MouseKind"]


class Modifiers(IntFlag):
    """Modifier keys, by WezTerm's names. LEADER is not a key: it is on while the leader is active."""

    NONE = 0
    SHIFT = 1
    ALT = 2
    CTRL = 4
    SUPER = 8
    HYPER = 16
    META = 32
    CAPS_LOCK = 64
    NUM_LOCK = 128
    LEADER = 256


class KeyKind(Enum):
    """What happened to the key."""

    PRESS = 1
    REPEAT = 2
    RELEASE = 3


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """One key event.

    Attributes:
        key: a single character as the layout gives it without SHIFT's or CTRL's effect (`"a"`, `"1"`, `"é"`),
            or a named key as WezTerm names it: `Enter Escape Tab Backspace Delete Insert Home End PageUp
            PageDown UpArrow DownArrow LeftArrow RightArrow F1..F35 Numpad0..Numpad9 Decimal Divide Multiply
            Subtract Add NumpadEnter CapsLock ScrollLock NumLock PrintScreen Pause Menu`, media and lone
            modifier keys (`LeftShift` ...). Space is `" "`.
        mods: modifiers held.
        kind: press, repeat or release.
        text: what the key types ("" when it types nothing): `"A"` for SHIFT-a.
        shifted_key: the character with SHIFT, where known ("" otherwise).
        base_layout_key: the character of the same physical key on a US layout, where known.
    """

    key: str
    mods: Modifiers = Modifiers.NONE
    kind: KeyKind = KeyKind.PRESS
    text: str = ""
    shifted_key: str = ""
    base_layout_key: str = ""


class MouseButton(Enum):
    """Mouse buttons; the wheel's directions are buttons, as in xterm."""

    NONE = 0
    LEFT = 1
    MIDDLE = 2
    RIGHT = 3
    WHEEL_UP = 4
    WHEEL_DOWN = 5
    WHEEL_LEFT = 6
    WHEEL_RIGHT = 7
    BACK = 8
    FORWARD = 9


class MouseKind(Enum):
    """What the mouse did."""

    PRESS = 1
    RELEASE = 2
    MOVE = 3


@dataclass(frozen=True, slots=True)
class MouseEvent:
    """One mouse event, in cells of the front end's whole grid, from 0.

    Attributes:
        row: cell row.
        col: cell column.
        button: the button pressed or released; for MOVE the one held, or NONE.
        kind: press, release or move.
        mods: modifiers held.
        x_px: pixel position where the front end knows it, else -1.
        y_px: likewise.
        clicks: 1, 2, 3 for single, double, triple press; filled in by `app` where a front end does not know.
    """

    row: int
    col: int
    button: MouseButton = MouseButton.NONE
    kind: MouseKind = MouseKind.MOVE
    mods: Modifiers = Modifiers.NONE
    x_px: int = -1
    y_px: int = -1
    clicks: int = 0
