"""Tables of the keys that host terminals send, named as WezTerm names them."""

from __future__ import annotations

__all__ = ["CONTROL_KEYS", "CSI_LETTER_KEYS", "KITTY_KEYS", "LINUX_CONSOLE_KEYS", "SS3_KEYS", "TILDE_KEYS"]

CSI_LETTER_KEYS = {
    "A": "UpArrow", "B": "DownArrow", "C": "RightArrow", "D": "LeftArrow", "E": "Numpad5", "F": "End",
    "H": "Home", "P": "F1", "Q": "F2", "R": "F3", "S": "F4",
}  # fmt: skip

SS3_KEYS = {
    **CSI_LETTER_KEYS,
    "M": "NumpadEnter", "X": "NumpadEquals", "I": "Tab", " ": " ", "j": "Multiply", "k": "Add",
    "l": "Separator", "m": "Subtract", "n": "Decimal", "o": "Divide",
    "p": "Numpad0", "q": "Numpad1", "r": "Numpad2", "s": "Numpad3",
    "t": "Numpad4", "u": "Numpad5", "v": "Numpad6", "w": "Numpad7", "x": "Numpad8", "y": "Numpad9",
}  # fmt: skip

TILDE_KEYS = {
    1: "Home", 2: "Insert", 3: "Delete", 4: "End", 5: "PageUp", 6: "PageDown", 7: "Home", 8: "End",
    11: "F1", 12: "F2", 13: "F3", 14: "F4", 15: "F5", 17: "F6", 18: "F7", 19: "F8", 20: "F9", 21: "F10",
    23: "F11", 24: "F12", 25: "F13", 26: "F14", 28: "F15", 29: "Menu",
    31: "F17", 32: "F18", 33: "F19", 34: "F20",
    57427: "Numpad5",
}  # fmt: skip

LINUX_CONSOLE_KEYS = {"A": "F1", "B": "F2", "C": "F3", "D": "F4", "E": "F5"}

CONTROL_KEYS = {9: "Tab", 13: "Enter", 27: "Escape", 127: "Backspace"}

_KITTY_NAMES = (
    (57358, "CapsLock ScrollLock NumLock PrintScreen Pause Menu"),
    (57376, " ".join(f"F{number}" for number in range(13, 36))),
    (57399, " ".join(f"Numpad{number}" for number in range(10))),
    (57409, "Decimal Divide Multiply Subtract Add NumpadEnter NumpadEquals Separator"),
    (57417, "LeftArrow RightArrow UpArrow DownArrow PageUp PageDown Home End Insert Delete Numpad5"),
    (57428, "MediaPlay MediaPause MediaPlayPause MediaReverse MediaStop MediaFastForward MediaRewind"),
    (57435, "MediaNextTrack MediaPrevTrack MediaRecord VolumeDown VolumeUp VolumeMute"),
    (57441, "LeftShift LeftControl LeftAlt LeftSuper LeftHyper LeftMeta"),
    (57447, "RightShift RightControl RightAlt RightSuper RightHyper RightMeta"),
    (57453, "IsoLevel3Shift IsoLevel5Shift"),
)

KITTY_KEYS = {
    **CONTROL_KEYS,
    8: "Backspace",
    **{start + offset: name for start, names in _KITTY_NAMES for offset, name in enumerate(names.split())},
}
"""Key numbers of `CSI u` that stand for no character."""
