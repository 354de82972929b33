# ruff: noqa: RUF001 - other alphabets are what is tested
"""Qt's key events to ours, by tables: layouts, locks, keypad, lone modifiers, AltGr, dead keys, composing Alt."""

from __future__ import annotations

import pytest

from perilune.base.input import KeyEvent, KeyKind, Modifiers

pytest.importorskip("PySide6.QtCore", reason="Qt cannot be loaded", exc_type=ImportError)

from PySide6.QtCore import Qt

from perilune.config.keys import parse_chord
from perilune.config.options import Config
from perilune.gui.keyboard import KeyTranslator, NativeKey, typed_events
from perilune.gui.physical_keys import evdev_code, us_character
from perilune.vt.key_encoder import encode_key
from perilune.vt.modes import TerminalModes

K = Qt.Key
M = Qt.KeyboardModifier
SHIFT, CTRL, ALT, SUPER = M.ShiftModifier, M.ControlModifier, M.AltModifier, M.MetaModifier
NO = M.NoModifier

# evdev's code plus 8, as X11 and Wayland have it.
SCAN = {char: code + 8 for code in range(1, 60) if (char := us_character(code))}
GERMAN = {"7": ("7", "/"), "[": ("ü", "Ü"), "y": ("z", "Z"), "-": ("ß", "?"), "q": ("q", "Q")}


class Layout:
    def __init__(self, table):
        self.table = table

    def characters(self, scan_code, native_modifiers):
        del native_modifiers
        place = us_character(scan_code - 8)
        return self.table.get(place)


def key(qt_key, text="", mods=NO, *, at="", kind=KeyKind.PRESS, scan=0, native=0, virtual=0):
    return NativeKey(qt_key.value, text, mods.value, kind, scan or SCAN.get(at, 0), native, virtual)


def one(translator, native):
    (event,) = translator.translate(native)
    return event


@pytest.mark.parametrize(
    ("native", "expected"),
    [
        (key(K.Key_A, "a", at="a"), KeyEvent("a", text="a", shifted_key="A", base_layout_key="a")),
        (
            key(K.Key_A, "A", SHIFT, at="a"),
            KeyEvent("a", Modifiers.SHIFT, text="A", shifted_key="A", base_layout_key="a"),
        ),
        (
            key(K.Key_A, "A", at="a", native=2),
            KeyEvent("a", Modifiers.CAPS_LOCK, text="A", shifted_key="A", base_layout_key="a"),
        ),
        (
            key(K.Key_C, "\x03", CTRL, at="c"),
            KeyEvent("c", Modifiers.CTRL, shifted_key="C", base_layout_key="c"),
        ),
        (
            key(K.Key_Percent, "%", SHIFT, at="5"),
            KeyEvent("5", Modifiers.SHIFT, text="%", shifted_key="%", base_layout_key="5"),
        ),
        (
            key(K.Key_Percent, "", SHIFT | CTRL, at="5"),
            KeyEvent("5", Modifiers.SHIFT | Modifiers.CTRL, shifted_key="%", base_layout_key="5"),
        ),
        (
            key(K.Key_X, "x", ALT, at="x"),
            KeyEvent("x", Modifiers.ALT, shifted_key="X", base_layout_key="x"),
        ),
        (
            key(K.Key_X, "x", SUPER, at="x"),
            KeyEvent("x", Modifiers.SUPER, shifted_key="X", base_layout_key="x"),
        ),
        (key(K.Key_Space, " ", at=" "), KeyEvent(" ", text=" ", base_layout_key=" ")),
        (key(K.Key_Return, "\r", scan=36), KeyEvent("Enter")),
        (key(K.Key_Enter, "\r", M.KeypadModifier, scan=104), KeyEvent("NumpadEnter")),
        (key(K.Key_Backtab, "", SHIFT, scan=23), KeyEvent("Tab", Modifiers.SHIFT)),
        (key(K.Key_F5, scan=71), KeyEvent("F5")),
        (key(K.Key_F35, scan=0), KeyEvent("F35")),
        (
            key(K.Key_5, "5", M.KeypadModifier, scan=84, native=0x10),
            KeyEvent("Numpad5", Modifiers.NUM_LOCK, text="5"),
        ),
        (key(K.Key_Home, "", M.KeypadModifier, scan=79), KeyEvent("Home")),
        (key(K.Key_Plus, "+", M.KeypadModifier, scan=86), KeyEvent("Add", text="+")),
        (key(K.Key_Up, "", M.KeypadModifier, scan=111), KeyEvent("UpArrow")),
        (key(K.Key_Shift, "", NO, scan=50), KeyEvent("LeftShift", Modifiers.SHIFT)),
        (key(K.Key_Control, "", NO, scan=105), KeyEvent("RightControl", Modifiers.CTRL)),
        (key(K.Key_Meta, "", NO, scan=133), KeyEvent("LeftSuper", Modifiers.SUPER)),
        (key(K.Key_AltGr, "", NO, scan=108), KeyEvent("AltGr")),
        (key(K.Key_MediaTogglePlayPause, scan=172), KeyEvent("MediaPlayPause")),
        (key(K.Key_Menu, scan=135), KeyEvent("Menu")),
        # Cyrillic: the mapped key is the layout's, the physical one is known by its place.
        (
            key(Qt.Key(0x421), "с", at="c"),
            KeyEvent("с", text="с", shifted_key="С", base_layout_key="c"),
        ),
    ],
    ids=lambda value: repr(value) if isinstance(value, KeyEvent) else "",
)
def test_single_keys(native, expected):
    assert one(KeyTranslator(platform="linux"), native) == expected


def test_the_layout_tells_what_a_shifted_symbol_is_without_shift():
    translator = KeyTranslator(Layout(GERMAN), "linux")
    event = one(translator, key(K.Key_Slash, "/", SHIFT, at="7"))
    assert (event.key, event.text, event.shifted_key, event.base_layout_key) == ("7", "/", "/", "7")
    # So the kitty protocol's number is that of the key, not of the symbol.
    modes = TerminalModes(kitty_keyboard=1)
    assert encode_key(one(translator, key(K.Key_Slash, "", SHIFT | CTRL, at="7")), modes) == b"\x1b[55;6u"


def test_physical_and_mapped_bindings_on_another_layout():
    translator = KeyTranslator(Layout(GERMAN), "linux")
    event = one(translator, key(K.Key_Z, "\x1a", CTRL, at="y"))
    from perilune.config.keys import chords_of

    chords = list(chords_of(event))
    assert parse_chord("phys:Y", "CTRL") in chords
    assert parse_chord("mapped:z", "CTRL") in chords
    assert parse_chord("mapped:y", "CTRL") not in chords


def test_without_a_layout_it_learns_what_a_key_types_without_shift():
    translator = KeyTranslator(platform="linux")
    assert one(translator, key(K.Key_Slash, "/", SHIFT, at="7")).key == "/"
    one(translator, key(K.Key_7, "7", at="7"))
    assert one(translator, key(K.Key_Slash, "/", SHIFT, at="7")).key == "7"


def test_cyrillic_with_ctrl_sends_the_control_character_of_the_place():
    layout = Layout({"c": ("с", "С")})
    event = one(KeyTranslator(layout, "linux"), key(K.Key_C, "\x03", CTRL, at="c"))
    assert (event.key, event.base_layout_key) == ("с", "c")
    assert encode_key(event, TerminalModes()) == b"\x03"


def test_altgr_types_its_character_and_is_no_alt():
    translator = KeyTranslator(Layout(GERMAN), "linux")
    event = one(translator, key(K.Key_At, "@", M.GroupSwitchModifier, at="q", native=0x80))
    assert (event.key, event.text, event.mods) == ("@", "@", Modifiers.NONE)
    assert encode_key(event, TerminalModes()) == b"@"


def test_altgr_of_windows_is_not_ctrl_and_alt():
    event = one(KeyTranslator(platform="win32"), key(K.Key_At, "@", CTRL | ALT, scan=0x10, native=0x40))
    assert (event.text, event.mods) == ("@", Modifiers.NONE)
    left = one(KeyTranslator(platform="win32"), key(K.Key_Q, "", CTRL | ALT, scan=0x10, native=0x4))
    assert left.mods == Modifiers.CTRL | Modifiers.ALT


@pytest.mark.parametrize(
    ("config", "side", "expected"),
    [
        (Config(), 0x20, ("a", Modifiers.ALT, "")),
        (Config(), 0x40, ("å", Modifiers.NONE, "å")),
        (Config(send_composed_key_when_left_alt_is_pressed=True), 0x20, ("å", Modifiers.NONE, "å")),
        (Config(send_composed_key_when_right_alt_is_pressed=False), 0x40, ("a", Modifiers.ALT, "")),
    ],
)
def test_alt_that_composes_on_macos(config, side, expected):
    translator = KeyTranslator(Layout({"a": ("a", "A")}), "darwin")
    translator.configure(config)
    # Its layout is asked by scan code, its places come from the virtual key: 0 is "a".
    native = key(Qt.Key(0xC5), "å", ALT, at="a", native=side, virtual=0)
    event = one(translator, native)
    assert (event.key, event.mods, event.text) == expected
    assert event.base_layout_key == "a"


def test_releases_name_the_key_that_went_down():
    translator = KeyTranslator(platform="linux")
    one(translator, key(K.Key_Percent, "%", SHIFT, at="5"))
    # SHIFT came up first.
    event = one(translator, key(K.Key_5, "5", NO, at="5", kind=KeyKind.RELEASE))
    assert event == KeyEvent("5", Modifiers.NONE, KeyKind.RELEASE, "", "%", "5")


def test_repeats_are_told():
    event = one(KeyTranslator(platform="linux"), key(K.Key_A, "a", at="a", kind=KeyKind.REPEAT))
    assert event.kind is KeyKind.REPEAT
    assert event.text == "a"


def test_lone_modifiers_carry_the_state_after_the_event():
    translator = KeyTranslator(platform="linux")
    assert one(translator, key(K.Key_Shift, scan=50)).mods is Modifiers.SHIFT
    assert one(translator, key(K.Key_Shift, "", SHIFT, scan=62)).key == "RightShift"
    up = one(translator, key(K.Key_Shift, "", SHIFT, scan=62, kind=KeyKind.RELEASE))
    assert up.mods is Modifiers.SHIFT  # the left one is still down
    up = one(translator, key(K.Key_Shift, "", SHIFT, scan=50, kind=KeyKind.RELEASE))
    assert up.mods is Modifiers.NONE


def test_dead_keys_compose():
    translator = KeyTranslator(platform="linux")
    assert translator.translate(key(K.Key_Dead_Acute, "", at="=")) == []
    assert translator.pending == "´"
    # SHIFT on the way to the letter leaves it pending.
    assert one(translator, key(K.Key_Shift, scan=50)).key == "LeftShift"
    (event,) = translator.translate(key(K.Key_E, "E", SHIFT, at="e"))
    assert event.text == "É"
    assert translator.pending == ""


@pytest.mark.parametrize(
    ("then", "typed"),
    [
        (key(K.Key_Space, " ", at=" "), "^"),
        (key(K.Key_X, "x", at="x"), "^x"),
        (key(K.Key_Dead_Circumflex, "", at="`"), "^"),
        (key(K.Key_Dead_Acute, "", at="="), "^´"),
        (key(K.Key_Escape, "\x1b", scan=9), ""),
    ],
)
def test_dead_keys_that_compose_nothing(then, typed):
    translator = KeyTranslator(platform="linux")
    translator.translate(key(K.Key_Dead_Circumflex, "", at="`"))
    assert "".join(event.text for event in translator.translate(then)) == typed
    assert translator.pending == ""


def test_dead_keys_switched_off_type_themselves():
    translator = KeyTranslator(platform="linux")
    translator.configure(Config(use_dead_keys=False))
    assert one(translator, key(K.Key_Dead_Circumflex, "", at="`")).text == "^"


def test_an_arrow_after_a_dead_key_types_the_accent_first():
    translator = KeyTranslator(platform="linux")
    translator.translate(key(K.Key_Dead_Acute, "", at="="))
    events = translator.translate(key(K.Key_Left, scan=113))
    assert [event.text or event.key for event in events] == ["´", "LeftArrow"]


def test_swapped_backspace_and_delete():
    translator = KeyTranslator(platform="linux")
    translator.configure(Config(swap_backspace_and_delete=True))
    assert one(translator, key(K.Key_Backspace, "\x08", scan=22)).key == "Delete"


def test_a_key_without_meaning_is_no_event():
    assert KeyTranslator(platform="linux").translate(key(K.Key_unknown)) == []


def test_typed_events_say_the_text():
    events = typed_events("aÉ你\n")
    assert [event.text or event.key for event in events] == ["a", "É", "你", "Enter"]
    assert b"".join(encode_key(event, TerminalModes()) for event in events) == "aÉ你\r".encode()


@pytest.mark.parametrize(
    ("platform", "scan", "virtual", "char"),
    [("linux", 24, 0x71, "q"), ("win32", 0x10, 0x51, "q"), ("darwin", 0, 12, "q"), ("linux", 0, 0, "")],
)
def test_places_by_platform(platform, scan, virtual, char):
    assert us_character(evdev_code(scan, virtual, platform)) == char
