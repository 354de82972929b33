"""Mouse events and focus changes to bytes, in the encoding that the program asked for.

Pure functions; the event's row and column are the pane's own. Specification: xterm's ctlseqs, "Mouse
Tracking". Any thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perilune.base.input import Modifiers, MouseButton, MouseEvent, MouseKind

if TYPE_CHECKING:
    from perilune.vt.modes import TerminalModes

__all__ = ["encode_focus", "encode_mouse"]

_CODES = {
    MouseButton.LEFT: 0,
    MouseButton.MIDDLE: 1,
    MouseButton.RIGHT: 2,
    MouseButton.NONE: 3,
    MouseButton.WHEEL_UP: 64,
    MouseButton.WHEEL_DOWN: 65,
    MouseButton.WHEEL_LEFT: 66,
    MouseButton.WHEEL_RIGHT: 67,
    MouseButton.BACK: 128,
    MouseButton.FORWARD: 129,
}


def encode_mouse(event: MouseEvent, modes: TerminalModes) -> bytes:
    r"""What a program is sent for a mouse event; b"" if it did not ask for such events.

    >>> from perilune.vt.modes import TerminalModes
    >>> press = MouseEvent(4, 9, MouseButton.LEFT, MouseKind.PRESS)
    >>> encode_mouse(press, TerminalModes(mouse_tracking=1000, mouse_encoding=1006))
    b'\x1b[<0;10;5M'
    """
    tracking = modes.mouse_tracking
    if not tracking or event.row < 0 or event.col < 0:
        return b""
    code = _CODES[event.button]
    is_wheel = 64 <= code < 128
    if event.kind is MouseKind.MOVE:
        if tracking < 1002 or (tracking == 1002 and event.button is MouseButton.NONE):
            return b""
        code += 32
    elif event.button is MouseButton.NONE or (
        event.kind is MouseKind.RELEASE and (tracking == 9 or is_wheel)
    ):
        return b""
    if tracking == 9:
        if code > 2:
            return b""
    else:
        code += 4 if event.mods & Modifiers.SHIFT else 0
        code += 8 if event.mods & (Modifiers.ALT | Modifiers.META) else 0
        code += 16 if event.mods & Modifiers.CTRL else 0
    return _encoded(event, code, modes.mouse_encoding)


def _encoded(event: MouseEvent, code: int, encoding: int) -> bytes:
    is_release = event.kind is MouseKind.RELEASE
    col, row = event.col + 1, event.row + 1
    if encoding == 1016 and event.x_px >= 0 and event.y_px >= 0:
        return f"\x1b[<{code};{event.x_px + 1};{event.y_px + 1}{'m' if is_release else 'M'}".encode()
    if encoding in (1006, 1016):
        # Where the front end knows no pixels, 1016 counts cells: better than silence.
        return f"\x1b[<{code};{col};{row}{'m' if is_release else 'M'}".encode()
    if is_release:
        # The older encodings cannot say which button was released.
        code = code & ~0xC3 | 3
    if encoding == 1015:
        return f"\x1b[{code + 32};{col};{row}M".encode()
    if encoding == 1005:
        if col > 2015 or row > 2015:
            return b""
        return b"\x1b[M" + "".join(map(chr, (code + 32, col + 32, row + 32))).encode()
    if col > 223 or row > 223 or code + 32 > 255:
        return b""
    return b"\x1b[M" + bytes((code + 32, col + 32, row + 32))


def encode_focus(focused: bool, modes: TerminalModes) -> bytes:
    """What a program is sent when its pane gains or loses the focus."""
    if not modes.focus_events:
        return b""
    return b"\x1b[I" if focused else b"\x1b[O"
