"""Qt's key events as `base.input.KeyEvent`: mapped and physical keys, text, dead keys, Alt that composes.

Pure but for the layout that it is given; it knows no window and sends nothing. The input method's own dead
keys and preedit come from `ime`. Names of keys are WezTerm's. Mux thread.
"""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, Qt

from perilune.base.input import KeyEvent, KeyKind, Modifiers
from perilune.gui.physical_keys import US_SHIFTED, evdev_code, us_character

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from perilune.config.options import Config

__all__ = ["KeyTranslator", "KeyboardLayout", "NativeKey", "native_key", "typed_events"]

_K = Qt.Key
_NAMES: dict[int, str] = {
    key.value: name
    for key, name in {
        _K.Key_Return: "Enter", _K.Key_Enter: "NumpadEnter", _K.Key_Escape: "Escape", _K.Key_Tab: "Tab",
        _K.Key_Backtab: "Tab", _K.Key_Backspace: "Backspace", _K.Key_Delete: "Delete",
        _K.Key_Insert: "Insert", _K.Key_Home: "Home", _K.Key_End: "End", _K.Key_PageUp: "PageUp",
        _K.Key_PageDown: "PageDown", _K.Key_Up: "UpArrow", _K.Key_Down: "DownArrow",
        _K.Key_Left: "LeftArrow", _K.Key_Right: "RightArrow", _K.Key_CapsLock: "CapsLock",
        _K.Key_ScrollLock: "ScrollLock", _K.Key_NumLock: "NumLock", _K.Key_Print: "PrintScreen",
        _K.Key_SysReq: "PrintScreen", _K.Key_Pause: "Pause", _K.Key_Menu: "Menu", _K.Key_Clear: "Clear",
        _K.Key_Help: "Help", _K.Key_Select: "Select", _K.Key_Execute: "Execute", _K.Key_Sleep: "Sleep",
        _K.Key_Copy: "Copy", _K.Key_Cut: "Cut", _K.Key_Paste: "Paste", _K.Key_Cancel: "Cancel",
        _K.Key_Back: "BrowserBack", _K.Key_Forward: "BrowserForward", _K.Key_Refresh: "BrowserRefresh",
        _K.Key_Stop: "BrowserStop", _K.Key_Search: "BrowserSearch", _K.Key_Favorites: "BrowserFavorites",
        _K.Key_HomePage: "BrowserHome", _K.Key_VolumeMute: "VolumeMute", _K.Key_VolumeDown: "VolumeDown",
        _K.Key_VolumeUp: "VolumeUp", _K.Key_MediaNext: "MediaNextTrack",
        _K.Key_MediaPrevious: "MediaPrevTrack", _K.Key_MediaStop: "MediaStop",
        _K.Key_MediaPlay: "MediaPlayPause", _K.Key_MediaTogglePlayPause: "MediaPlayPause",
        _K.Key_MediaPause: "MediaPlayPause", _K.Key_AltGr: "AltGr", _K.Key_Mode_switch: "AltGr",
        _K.Key_Super_L: "LeftSuper", _K.Key_Super_R: "RightSuper", _K.Key_Hyper_L: "LeftHyper",
        _K.Key_Hyper_R: "RightHyper",
    }.items()
} | {_K.Key_F1.value + number: f"F{number + 1}" for number in range(35)}  # fmt: skip

# Lone modifiers: the name without its side, and the bit.
_SIDED = {
    _K.Key_Shift.value: ("Shift", Modifiers.SHIFT),
    _K.Key_Control.value: ("Control", Modifiers.CTRL),
    _K.Key_Alt.value: ("Alt", Modifiers.ALT),
    _K.Key_Meta.value: ("Super", Modifiers.SUPER),
}
_RIGHT_EVDEV = {54, 97, 100, 126}
_BIT_OF_NAME = {
    **{f"{side}{name}": bit for name, bit in _SIDED.values() for side in ("Left", "Right")},
    "LeftHyper": Modifiers.HYPER,
    "RightHyper": Modifiers.HYPER,
}
_KEYPAD = {
    **{str(digit): f"Numpad{digit}" for digit in range(10)},
    ".": "Decimal", ",": "Separator", "/": "Divide", "*": "Multiply", "-": "Subtract", "+": "Add",
    "=": "NumpadEqual",
}  # fmt: skip
# Dead keys: what they add to the next character, and what they type alone.
_DEAD: dict[int, tuple[str, str]] = {
    key.value: pair
    for key, pair in {
        _K.Key_Dead_Grave: ("\u0300", "`"), _K.Key_Dead_Acute: ("\u0301", "\u00b4"),
        _K.Key_Dead_Circumflex: ("\u0302", "^"), _K.Key_Dead_Tilde: ("\u0303", "~"),
        _K.Key_Dead_Macron: ("\u0304", "\u00af"), _K.Key_Dead_Breve: ("\u0306", "\u02d8"),
        _K.Key_Dead_Abovedot: ("\u0307", "\u02d9"), _K.Key_Dead_Diaeresis: ("\u0308", "\u00a8"),
        _K.Key_Dead_Abovering: ("\u030a", "\u02da"), _K.Key_Dead_Doubleacute: ("\u030b", "\u02dd"),
        _K.Key_Dead_Caron: ("\u030c", "\u02c7"), _K.Key_Dead_Cedilla: ("\u0327", "\u00b8"),
        _K.Key_Dead_Ogonek: ("\u0328", "\u02db"), _K.Key_Dead_Iota: ("\u0345", "\u037a"),
        _K.Key_Dead_Belowdot: ("\u0323", "."), _K.Key_Dead_Hook: ("\u0309", "?"),
        _K.Key_Dead_Horn: ("\u031b", "+"), _K.Key_Dead_Stroke: ("\u0335", "/"),
        _K.Key_Dead_Abovecomma: ("\u0313", ","), _K.Key_Dead_Abovereversedcomma: ("\u0314", "`"),
        _K.Key_Dead_Doublegrave: ("\u030f", "`"), _K.Key_Dead_Belowring: ("\u0325", "o"),
        _K.Key_Dead_Belowmacron: ("\u0331", "_"), _K.Key_Dead_Belowcircumflex: ("\u032d", "^"),
        _K.Key_Dead_Belowtilde: ("\u0330", "~"), _K.Key_Dead_Belowbreve: ("\u032e", "\u02d8"),
        _K.Key_Dead_Belowdiaeresis: ("\u0324", "\u00a8"), _K.Key_Dead_Invertedbreve: ("\u0311", "\u02d8"),
        _K.Key_Dead_Belowcomma: ("\u0326", ","), _K.Key_Dead_Currency: ("", "\u00a4"),
    }.items()
}  # fmt: skip
_SHIFT = Qt.KeyboardModifier.ShiftModifier.value
_CONTROL = Qt.KeyboardModifier.ControlModifier.value
_ALT = Qt.KeyboardModifier.AltModifier.value
_META = Qt.KeyboardModifier.MetaModifier.value
_ON_KEYPAD = Qt.KeyboardModifier.KeypadModifier.value
_GROUP_SWITCH = Qt.KeyboardModifier.GroupSwitchModifier.value
_NO_TEXT = Modifiers.CTRL | Modifiers.ALT | Modifiers.SUPER | Modifiers.HYPER | Modifiers.META
_XKB_MOD5 = 0x80
# Bits of QKeyEvent.nativeModifiers that are caps lock and num lock.
_LOCK_BITS = {"win32": (0x100, 0x200), "darwin": (1 << 16, 0)}
_XKB_LOCK_BITS = (0x02, 0x10)
_WINDOWS_RIGHT_ALT = 0x40
_MAC_ALT_BITS = (0x20, 0x40)


@dataclass(frozen=True, slots=True)
class NativeKey:
    """What Qt tells of a key.

    Attributes:
        qt_key: Qt.Key, 0 where unknown.
        text: what Qt says that it types.
        modifiers: Qt.KeyboardModifier bits.
        kind: press, repeat or release.
        scan_code: the native scan code (on X11 and Wayland evdev's plus 8).
        native_modifiers: as the system has them.
        virtual_key: the native virtual key: a keysym, a VK_ code, a kVK_ code.
    """

    qt_key: int
    text: str = ""
    modifiers: int = 0
    kind: KeyKind = KeyKind.PRESS
    scan_code: int = 0
    native_modifiers: int = 0
    virtual_key: int = 0


def native_key(event: QKeyEvent) -> NativeKey | None:
    """The event's facts; None for the releases that the system makes up between repeats."""
    if event.type() == QEvent.Type.KeyRelease:
        if event.isAutoRepeat():
            return None
        kind = KeyKind.RELEASE
    else:
        kind = KeyKind.REPEAT if event.isAutoRepeat() else KeyKind.PRESS
    return NativeKey(
        int(event.key()),
        event.text(),
        event.modifiers().value,
        kind,
        event.nativeScanCode(),
        event.nativeModifiers(),
        event.nativeVirtualKey(),
    )


class KeyboardLayout(Protocol):
    """Knows what keys type on the present layout."""

    def characters(self, scan_code: int, native_modifiers: int) -> tuple[str, str] | None:
        """What the key types alone and with SHIFT, "" each for nothing; None where that is not known."""
        ...

    def invalidate(self) -> None:
        """The keyboard or its layout may be another now."""
        ...


class KeyTranslator:
    """Translates one window's keys.

    Args:
        layout: of the keyboard; None: learnt from what is typed.
        platform: `sys.platform`.

    Attributes:
        pending: what a dead key waits with, to be shown; "" when there is none.
    """

    def __init__(self, layout: KeyboardLayout | None = None, platform: str = sys.platform) -> None:
        self.pending = ""
        self._layout = layout
        self._platform = platform
        self._learnt: dict[int, str] = {}
        self._held: set[str] = set()
        self._down: dict[int, KeyEvent] = {}
        self._combining = ""
        self._use_dead_keys = True
        self._composes = (False, True)
        self._swaps_delete = False
        self._ctrl_alt_is_altgr = False

    def configure(self, config: Config) -> None:
        """Take the options."""
        self._use_dead_keys = config.use_dead_keys
        self._composes = (
            config.send_composed_key_when_left_alt_is_pressed,
            config.send_composed_key_when_right_alt_is_pressed,
        )
        self._swaps_delete = config.swap_backspace_and_delete
        self._ctrl_alt_is_altgr = config.treat_left_ctrlalt_as_altgr

    def forget(self) -> None:
        """The focus is gone: what is held or half typed will not be heard of again."""
        self._held.clear()
        self._down.clear()
        self._combining = self.pending = ""

    def translate(self, native: NativeKey) -> list[KeyEvent]:
        """The events of one of Qt's: mostly one, none for a dead key that waits, several after one."""
        if native.kind is KeyKind.RELEASE:
            return self._release(native)
        if native.qt_key in _DEAD and self._use_dead_keys and not self._mods(native) & _NO_TEXT:
            return self._dead(native)
        event = self._event(native)
        if event is None:
            return []
        if native.scan_code:
            self._down[native.scan_code] = event
        if self._combining and event.key not in _BIT_OF_NAME and event.key != "AltGr":
            return self._after_dead(event)
        return [event]

    def _release(self, native: NativeKey) -> list[KeyEvent]:
        pressed = self._down.pop(native.scan_code, None)
        event = self._event(native)
        if pressed is not None:
            # The key that went down comes up, whatever the modifiers have made of it meanwhile.
            mods = self._mods(native) if event is None else event.mods
            return [
                KeyEvent(pressed.key, mods, KeyKind.RELEASE, "", pressed.shifted_key, pressed.base_layout_key)
            ]
        if event is None or native.qt_key in _DEAD:
            return []
        return [event]

    # Dead keys, where no input method composes.

    def _dead(self, native: NativeKey) -> list[KeyEvent]:
        combining, alone = _DEAD[native.qt_key]
        if native.kind is KeyKind.REPEAT:
            return []
        if not self._combining:
            self._combining, self.pending = combining or alone, alone
            return []
        before, self._combining, self.pending = self.pending, "", ""
        # Twice the same types it once; two different ones both.
        return typed_events(alone if before == alone else before + alone)

    def _after_dead(self, event: KeyEvent) -> list[KeyEvent]:
        combining, alone = self._combining, self.pending
        self._combining = self.pending = ""
        if event.text == " ":
            return typed_events(alone)
        if not event.text:
            # As on most systems, Escape and Backspace only take the dead key back.
            return [] if event.key in {"Escape", "Backspace"} else [*typed_events(alone), event]
        composed = unicodedata.normalize("NFC", event.text + combining)
        return typed_events(composed if len(composed) == len(event.text) else alone + event.text)

    # One event.

    def _event(self, native: NativeKey) -> KeyEvent | None:
        mods = self._mods(native)
        code = evdev_code(native.scan_code, native.virtual_key, self._platform)
        name = self._name(native, code)
        if name is not None:
            if name in _BIT_OF_NAME or name == "AltGr":
                mods = self._lone_modifier(name, mods, native.kind)
            if self._swaps_delete:
                name = {"Backspace": "Delete", "Delete": "Backspace"}.get(name, name)
            is_keypad = name in _KEYPAD.values()
            text = native.text if is_keypad and native.text.isprintable() and not mods & _NO_TEXT else ""
            return KeyEvent(name, mods, native.kind, "" if native.kind is KeyKind.RELEASE else text)
        return self._character(native, mods, code)

    def _name(self, native: NativeKey, code: int) -> str | None:
        key = native.qt_key
        if native.modifiers & _ON_KEYPAD and 0x20 <= key < 0x7F and chr(key) in _KEYPAD:
            return _KEYPAD[chr(key)]
        if key in _SIDED:
            return f"{'Right' if code in _RIGHT_EVDEV else 'Left'}{_SIDED[key][0]}"
        return _NAMES.get(key)

    def _lone_modifier(self, name: str, mods: Modifiers, kind: KeyKind) -> Modifiers:
        """Modifiers as they are after the event, as kitty's protocol wants them."""
        bit = _BIT_OF_NAME.get(name, Modifiers.NONE)
        if kind is KeyKind.RELEASE:
            self._held.discard(name)
            held = any(_BIT_OF_NAME.get(other) == bit for other in self._held)
            return mods | bit if held else mods & ~bit
        self._held.add(name)
        return mods | bit

    def _mods(self, native: NativeKey) -> Modifiers:
        bits = native.modifiers
        mods = Modifiers.NONE
        for qt_bit, bit in (
            (_SHIFT, Modifiers.SHIFT), (_CONTROL, Modifiers.CTRL), (_ALT, Modifiers.ALT),
            (_META, Modifiers.SUPER),
        ):  # fmt: skip
            if bits & qt_bit:
                mods |= bit
        caps, num = _LOCK_BITS.get(self._platform, _XKB_LOCK_BITS)
        if native.native_modifiers & caps:
            mods |= Modifiers.CAPS_LOCK
        if native.native_modifiers & num:
            mods |= Modifiers.NUM_LOCK
        if self._platform == "win32" and mods & Modifiers.CTRL and mods & Modifiers.ALT:
            is_altgr = bool(native.native_modifiers & _WINDOWS_RIGHT_ALT) or self._ctrl_alt_is_altgr
            if is_altgr and _is_text(native.text):
                mods &= ~(Modifiers.CTRL | Modifiers.ALT)
        return mods

    def _character(self, native: NativeKey, mods: Modifiers, code: int) -> KeyEvent | None:
        physical = us_character(code)
        text = native.text if _is_text(native.text) else ""
        qt_char = _qt_character(native.qt_key)
        if native.qt_key in _DEAD:
            qt_char = text = _DEAD[native.qt_key][1]
        shift = bool(mods & Modifiers.SHIFT)
        layout = None
        if self._layout is not None:
            layout = self._layout.characters(native.scan_code, native.native_modifiers)
        is_level_3 = bool(native.modifiers & _GROUP_SWITCH) or (
            self._platform not in _LOCK_BITS and bool(native.native_modifiers & _XKB_MOD5)
        )
        if is_level_3 and (text or qt_char):
            plain, shifted = (text or qt_char), ""
        elif layout is not None and layout[0]:
            plain, shifted = layout
        else:
            plain, shifted = self._learn(native.scan_code, physical, qt_char, text, mods)
        if not plain:
            return None
        if mods & Modifiers.ALT and text and text.lower() not in {plain.lower(), shifted.lower()}:
            mods, text, plain, shifted = self._composed_by_alt(native, mods, text, plain, shifted)
        lower = plain.lower()
        # Longer text is one key to the program, which takes it whole.
        key = text if len(text) > 1 else lower if len(lower) == 1 else plain
        if mods & _NO_TEXT or native.kind is KeyKind.RELEASE:
            typed = ""
        else:
            typed = text or (shifted if shift and shifted else plain)
        if key == shifted:
            shifted = ""
        return KeyEvent(key, mods, native.kind, typed, shifted, physical)

    def _learn(
        self, scan_code: int, physical: str, qt_char: str, text: str, mods: Modifiers
    ) -> tuple[str, str]:
        """What a key types without and with SHIFT, as far as can be told from what has been typed."""
        seen = text if len(text) == 1 and not mods & _NO_TEXT else qt_char
        seen = seen or text
        if not seen:
            return physical, US_SHIFTED.get(physical, "")
        if seen.lower() != seen.upper():
            return seen.lower(), seen.upper() if len(seen.upper()) == 1 else ""
        if not mods & Modifiers.SHIFT:
            self._learnt[scan_code] = seen
            return seen, ""
        base = self._learnt.get(scan_code)
        if base is None:
            base = physical if US_SHIFTED.get(physical) == seen else seen
        return base, seen

    def _composed_by_alt(
        self, native: NativeKey, mods: Modifiers, text: str, plain: str, shifted: str
    ) -> tuple[Modifiers, str, str, str]:
        """Alt has made another character of the key: take the character, or the key with ALT."""
        left, right = _MAC_ALT_BITS
        if self._platform == "darwin" and native.native_modifiers & (left | right):
            is_right = bool(native.native_modifiers & right)
        else:
            is_right = "RightAlt" in self._held
        if self._composes[1 if is_right else 0]:
            return mods & ~Modifiers.ALT, text, text, ""
        return mods, "", plain, shifted


def _is_text(text: str) -> bool:
    return bool(text) and text >= " " and text != "\x7f" and not "\x7f" <= text[0] < "\xa0"


def _qt_character(key: int) -> str:
    """The character of a Qt.Key that has one: Qt's are upper case."""
    return chr(key) if 0x20 <= key < 0x0100_0000 and key < 0x11_0000 else ""


def typed_events(text: str) -> list[KeyEvent]:
    """Key events that type a text: what an input method commits."""
    events = []
    for char in text:
        lower = char.lower()
        if char in "\r\n":
            events.append(KeyEvent("Enter"))
        elif len(lower) == 1 and lower != char:
            events.append(KeyEvent(lower, Modifiers.SHIFT, text=char, shifted_key=char))
        else:
            events.append(KeyEvent(char, text=char))
    return events
