"""Keys to bytes: xterm's encodings with modifyOtherKeys, and the kitty keyboard protocol.

Pure functions of the event and the terminal's modes; what to do with a key that encodes to nothing is the
caller's business. Specifications: xterm's ctlseqs ("PC-Style Function Keys", modifyOtherKeys) and kitty's
keyboard protocol page. Any thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perilune.base.input import KeyEvent, KeyKind, Modifiers

if TYPE_CHECKING:
    from perilune.vt.modes import TerminalModes

__all__ = ["encode_key"]

DISAMBIGUATE, EVENT_TYPES, ALTERNATE_KEYS, ALL_AS_ESCAPES, ASSOCIATED_TEXT = 1, 2, 4, 8, 16

# CSI 1 ; modifiers <letter>; with DECCKM and no modifiers SS3 <letter>.
_CURSOR = {
    "UpArrow": "A",
    "DownArrow": "B",
    "RightArrow": "C",
    "LeftArrow": "D",
    "Home": "H",
    "End": "F",
}
# SS3 <letter>, and CSI 1 ; modifiers <letter>.
_FUNCTION_LETTERS = {"F1": "P", "F2": "Q", "F3": "R", "F4": "S"}
# CSI number ; modifiers ~
_TILDE = {
    "Insert": 2,
    "Delete": 3,
    "PageUp": 5,
    "PageDown": 6,
    "F5": 15,
    "F6": 17,
    "F7": 18,
    "F8": 19,
    "F9": 20,
    "F10": 21,
    "F11": 23,
    "F12": 24,
    "Menu": 29,
}
_LEGACY_TILDE = {
    **_TILDE,
    "F13": 25,
    "F14": 26,
    "F15": 28,
    "F16": 29,
    "F17": 31,
    "F18": 32,
    "F19": 33,
    "F20": 34,
}
_KEYPAD_TEXT = {
    **{f"Numpad{digit}": str(digit) for digit in range(10)},
    "Decimal": ".",
    "Divide": "/",
    "Multiply": "*",
    "Subtract": "-",
    "Add": "+",
    "Separator": ",",
    "NumpadEqual": "=",
}
_KEYPAD_APPLICATION = {
    **{f"Numpad{digit}": chr(ord("p") + digit) for digit in range(10)},
    "Decimal": "n",
    "Divide": "o",
    "Multiply": "j",
    "Subtract": "m",
    "Add": "k",
    "Separator": "l",
    "NumpadEqual": "X",
    "NumpadEnter": "M",
}
_C0 = {"Enter": 13, "Tab": 9, "Backspace": 127, "Escape": 27}
_MODIFIER_KEYS = {
    "LeftShift": 57441,
    "LeftControl": 57442,
    "LeftCtrl": 57442,
    "LeftAlt": 57443,
    "LeftWindows": 57444,
    "LeftSuper": 57444,
    "LeftHyper": 57445,
    "LeftMeta": 57446,
    "RightShift": 57447,
    "RightControl": 57448,
    "RightCtrl": 57448,
    "RightAlt": 57449,
    "RightWindows": 57450,
    "RightSuper": 57450,
    "RightHyper": 57451,
    "RightMeta": 57452,
    "Shift": 57441,
    "Control": 57442,
    "Alt": 57443,
    "Super": 57444,
    "Hyper": 57445,
    "Meta": 57446,
    "AltGr": 57453,
}
_LOCK_KEYS = {"CapsLock": 57358, "ScrollLock": 57359, "NumLock": 57360}
_KITTY_NUMBERS = {
    **_C0,
    **_LOCK_KEYS,
    **_MODIFIER_KEYS,
    "PrintScreen": 57361,
    "Pause": 57362,
    "Menu": 57363,
    **{f"F{number}": 57376 + number - 13 for number in range(13, 36)},
    **{f"Numpad{digit}": 57399 + digit for digit in range(10)},
    "Decimal": 57409,
    "Divide": 57410,
    "Multiply": 57411,
    "Subtract": 57412,
    "Add": 57413,
    "NumpadEnter": 57414,
    "NumpadEqual": 57415,
    "Separator": 57416,
    "MediaPlayPause": 57430,
    "MediaStop": 57432,
    "MediaNextTrack": 57435,
    "MediaPrevTrack": 57436,
    "VolumeDown": 57438,
    "VolumeUp": 57439,
    "VolumeMute": 57440,
}
# Characters whose CTRL combination is another control character than `code & 0x1F` of a letter.
_CONTROL = {
    " ": 0x00,
    "@": 0x00,
    "2": 0x00,
    "[": 0x1B,
    "3": 0x1B,
    "\\": 0x1C,
    "4": 0x1C,
    "]": 0x1D,
    "5": 0x1D,
    "^": 0x1E,
    "~": 0x1E,
    "6": 0x1E,
    "_": 0x1F,
    "/": 0x1F,
    "7": 0x1F,
    "?": 0x7F,
    "8": 0x7F,
}
# With CTRL they are Tab, Enter, Escape and NUL.
_AMBIGUOUS = frozenset("iImM[{@")
_LOCKS = Modifiers.CAPS_LOCK | Modifiers.NUM_LOCK
_NO_TEXT = Modifiers.SUPER | Modifiers.HYPER | Modifiers.META


def encode_key(event: KeyEvent, modes: TerminalModes) -> bytes:
    r"""What a program is sent for a key; b"" for nothing.

    >>> from perilune.vt.modes import TerminalModes
    >>> encode_key(KeyEvent("c", Modifiers.CTRL), TerminalModes())
    b'\x03'
    >>> encode_key(KeyEvent("UpArrow", Modifiers.SHIFT), TerminalModes())
    b'\x1b[1;2A'
    >>> encode_key(KeyEvent("c", Modifiers.CTRL), TerminalModes(kitty_keyboard=1))
    b'\x1b[99;5u'
    """
    event_mods = event.mods & ~Modifiers.LEADER
    if modes.kitty_keyboard:
        return _kitty(event, event_mods, modes)
    if event.kind is KeyKind.RELEASE:
        return b""
    return _legacy(event, event_mods & ~_LOCKS, modes, num_lock=bool(event_mods & Modifiers.NUM_LOCK))


def _typed(event: KeyEvent, mods: Modifiers) -> str:
    """The text that a character key types, CTRL and ALT apart."""
    if len(event.text) == 1 and (event.text < " " or event.text == "\x7f"):
        pass
    elif event.text:
        return event.text
    if event.key in _KEYPAD_TEXT:
        return _KEYPAD_TEXT[event.key]
    if len(event.key) != 1 and event.key.isascii():
        return ""
    if mods & Modifiers.SHIFT:
        return event.shifted_key or event.key.upper()
    return event.key


# -- legacy --


def _parameter(mods: Modifiers) -> int:
    """Xterm's modifier parameter: 1 and bits for SHIFT, ALT, CTRL, and META or SUPER."""
    value = int(mods) & 7
    return 1 + value + (8 if mods & _NO_TEXT else 0)


def _legacy(event: KeyEvent, mods: Modifiers, modes: TerminalModes, *, num_lock: bool) -> bytes:
    key = event.key
    parameter = _parameter(mods)
    if modes.vt52:
        if key in _CURSOR or key in _FUNCTION_LETTERS:
            return f"\x1b{_CURSOR.get(key) or _FUNCTION_LETTERS[key]}".encode()
        if key in _KEYPAD_APPLICATION and modes.application_keypad and not num_lock:
            return f"\x1b?{_KEYPAD_APPLICATION[key]}".encode()
    if key in _CURSOR:
        if parameter > 1:
            return f"\x1b[1;{parameter}{_CURSOR[key]}".encode()
        return f"\x1b{'O' if modes.application_cursor_keys else '['}{_CURSOR[key]}".encode()
    if key in _FUNCTION_LETTERS:
        if parameter > 1:
            return f"\x1b[1;{parameter}{_FUNCTION_LETTERS[key]}".encode()
        return f"\x1bO{_FUNCTION_LETTERS[key]}".encode()
    if key in _LEGACY_TILDE:
        suffix = f";{parameter}" if parameter > 1 else ""
        return f"\x1b[{_LEGACY_TILDE[key]}{suffix}~".encode()
    if key in _KEYPAD_APPLICATION and modes.application_keypad and not num_lock:
        if parameter > 1:
            return f"\x1b[1;{parameter}{_KEYPAD_APPLICATION[key]}".encode()
        return f"\x1bO{_KEYPAD_APPLICATION[key]}".encode()
    if key == "NumpadEnter":
        key = "Enter"
    if key in _C0:
        return _legacy_control_key(key, mods, modes)
    text = _typed(event, mods)
    if not text or mods & _NO_TEXT:
        return b""
    if _is_other_key(event, mods, modes):
        return f"\x1b[27;{parameter};{ord(text[0])}~".encode()
    if modes.csi_u and mods & Modifiers.CTRL and (text in _AMBIGUOUS or _control_code(event, text) < 0):
        return f"\x1b[{ord(text[0])};{parameter}u".encode()
    escape = b"\x1b" if mods & Modifiers.ALT else b""
    if mods & Modifiers.CTRL:
        control = _control_code(event, text)
        if control >= 0:
            return escape + bytes([control])
    return escape + text.encode()


def _control_code(event: KeyEvent, text: str) -> int:
    """The control character of a character key with CTRL, -1 if it has none."""
    # The layout's own character first; a layout without Latin letters falls back to the physical key.
    for char in (text, event.key, event.base_layout_key):
        if len(char) == 1:
            if char in _CONTROL:
                return _CONTROL[char]
            if "a" <= char.lower() <= "z":
                return ord(char.lower()) & 0x1F
    return -1


def _is_other_key(event: KeyEvent, mods: Modifiers, modes: TerminalModes) -> bool:
    """Whether modifyOtherKeys asks for CSI 27 ; modifiers ; code ~ for a character key."""
    if modes.modify_other_keys == 2 and event.key == " " and mods & Modifiers.SHIFT:
        return True
    if not modes.modify_other_keys or not mods & (Modifiers.CTRL | Modifiers.ALT):
        return False
    if modes.modify_other_keys == 2:
        return True
    # Level 1 leaves alone what has an encoding of old: CTRL with a letter, and ALT.
    return bool(mods & Modifiers.CTRL) and _control_code(event, _typed(event, mods)) < 0


def _legacy_control_key(key: str, mods: Modifiers, modes: TerminalModes) -> bytes:
    """Enter, Tab, Backspace, Escape."""
    if modes.modify_other_keys and mods and not (key == "Tab" and mods == Modifiers.SHIFT):
        # Level 1 keeps ALT and Backspace as they were of old.
        old = modes.modify_other_keys == 1 and (key in ("Backspace", "Escape") or mods == Modifiers.ALT)
        if not old:
            return f"\x1b[27;{_parameter(mods)};{_C0[key]}~".encode()
    if modes.csi_u and mods and not (key == "Tab" and mods == Modifiers.SHIFT):
        return f"\x1b[{_C0[key]};{_parameter(mods)}u".encode()
    escape = b"\x1b" if mods & Modifiers.ALT else b""
    if key == "Tab" and mods & Modifiers.SHIFT:
        return escape + b"\x1b[Z"
    if key == "Backspace":
        backspace = bool(mods & Modifiers.CTRL) != modes.backarrow_sends_backspace
        return escape + (b"\x08" if backspace else b"\x7f")
    if key == "Enter" and modes.newline:
        return escape + b"\r\n"
    return escape + bytes([_C0[key]])


# -- kitty --


def _kitty(event: KeyEvent, mods: Modifiers, modes: TerminalModes) -> bytes:
    flags = modes.kitty_keyboard
    key = event.key
    if event.kind is KeyKind.RELEASE and not flags & EVENT_TYPES:
        return b""
    if (key in _MODIFIER_KEYS or key in _LOCK_KEYS) and not flags & ALL_AS_ESCAPES:
        return b""
    if key in _CURSOR:
        return _kitty_sequence(event, mods, flags, "1", _CURSOR[key])
    if key in ("F1", "F2", "F4"):
        return _kitty_sequence(event, mods, flags, "1", _FUNCTION_LETTERS[key])
    if key == "F3":
        # CSI R would read as a cursor position report.
        return _kitty_sequence(event, mods, flags, "13", "~")
    if key in _TILDE and key != "Menu":
        return _kitty_sequence(event, mods, flags, str(_TILDE[key]), "~")
    real = mods & ~_LOCKS
    if key in ("Enter", "Tab", "Backspace") and not flags & ALL_AS_ESCAPES:
        if event.kind is KeyKind.RELEASE:
            return b""
        if not real or not flags & DISAMBIGUATE:
            return _legacy_control_key(key, real, modes)
    if key in _KITTY_NUMBERS:
        text = _typed(event, mods)
        if (
            key in _KEYPAD_TEXT
            and (event.text or mods & Modifiers.NUM_LOCK)
            and not (flags & ALL_AS_ESCAPES or real & ~Modifiers.SHIFT or event.kind is KeyKind.RELEASE)
        ):
            # Only keypad keys without text are told apart.
            return text.encode()
        if (
            not flags & (DISAMBIGUATE | ALL_AS_ESCAPES)
            and event.kind is not KeyKind.RELEASE
            and (key in _C0 or text or key == "NumpadEnter")
        ):
            return _legacy(event, real, modes, num_lock=bool(mods & Modifiers.NUM_LOCK))
        return _kitty_sequence(event, mods, flags, str(_KITTY_NUMBERS[key]), "u")
    if len(key) != 1:
        return b"" if key.isascii() else event.text.encode()
    if not flags & ALL_AS_ESCAPES:
        text = _typed(event, mods)
        # A release has no text: it is told of whatever the key typed.
        if event.kind is not KeyKind.RELEASE:
            if not real & ~Modifiers.SHIFT and text:
                return text.encode()
            if not flags & DISAMBIGUATE:
                return _legacy(event, real, modes, num_lock=False)
        # A lock is no part of a combination with a character key.
        mods = real
    return _kitty_sequence(event, mods, flags, str(ord(key)), "u")


def _kitty_sequence(event: KeyEvent, mods: Modifiers, flags: int, number: str, final: str) -> bytes:
    """`CSI number:shifted:base ; modifiers:event ; text final`, with what is default left out at the end."""
    if flags & ALTERNATE_KEYS and final == "u" and len(event.key) == 1:
        shifted = event.shifted_key or (event.key.upper() if len(event.key.upper()) == 1 else "")
        alternate = (
            str(ord(shifted)) if mods & Modifiers.SHIFT and len(shifted) == 1 and shifted != event.key else ""
        )
        base = event.base_layout_key
        if len(base) == 1 and base != event.key:
            alternate += f":{ord(base)}"
        if alternate:
            number += f":{alternate}"
    parameter = str(1 + (int(mods) & 0xFF))
    kind = f":{event.kind.value}" if flags & EVENT_TYPES and event.kind is not KeyKind.PRESS else ""
    text = ""
    if (
        flags & ASSOCIATED_TEXT
        and flags & ALL_AS_ESCAPES
        and final == "u"
        and event.kind is not KeyKind.RELEASE
    ):
        typed = "" if mods & ~(_LOCKS | Modifiers.SHIFT) else _typed(event, mods)
        text = ":".join(str(ord(char)) for char in typed if char >= " " and not "\x7f" <= char < "\xa0")
    if text:
        parts = f"{number};{parameter + kind if parameter + kind != '1' else ''};{text}"
    elif parameter + kind != "1":
        parts = f"{number};{parameter}{kind}"
    else:
        parts = "" if number == "1" else number
    return f"\x1b[{parts}{final}".encode()
