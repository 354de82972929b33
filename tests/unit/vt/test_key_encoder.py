"""Keys to bytes: tables for the legacy encodings, modifyOtherKeys and the kitty protocol."""

from __future__ import annotations

import pytest

from perilune.base.input import KeyEvent, KeyKind, Modifiers
from perilune.vt.key_encoder import encode_key
from perilune.vt.modes import TerminalModes

S, A, C, D = Modifiers.SHIFT, Modifiers.ALT, Modifiers.CTRL, Modifiers.SUPER
NONE = Modifiers.NONE
RELEASE, REPEAT = KeyKind.RELEASE, KeyKind.REPEAT


def modes(*private: int, kitty: int = 0, other: int = 0, newline: bool = False) -> TerminalModes:
    ansi = frozenset({20} if newline else ())
    return TerminalModes(kitty_keyboard=kitty, modify_other_keys=other, private=frozenset(private), ansi=ansi)


@pytest.mark.parametrize(
    ("key", "mods", "expected"),
    [
        ("a", NONE, b"a"),
        ("a", S, b"A"),
        ("é", NONE, "é".encode()),
        ("a", C, b"\x01"),
        ("a", C | S, b"\x01"),
        ("a", A, b"\x1ba"),
        ("a", A | S, b"\x1bA"),
        ("a", C | A, b"\x1b\x01"),
        (" ", C, b"\x00"),
        ("2", C, b"\x00"),
        ("[", C, b"\x1b"),
        ("\\", C, b"\x1c"),
        ("]", C, b"\x1d"),
        ("6", C, b"\x1e"),
        ("/", C, b"\x1f"),
        ("8", C, b"\x7f"),
        ("1", C, b"1"),
        ("a", D, b""),
        ("UpArrow", NONE, b"\x1b[A"),
        ("UpArrow", S, b"\x1b[1;2A"),
        ("LeftArrow", C, b"\x1b[1;5D"),
        ("RightArrow", C | S | A, b"\x1b[1;8C"),
        ("Home", NONE, b"\x1b[H"),
        ("End", A, b"\x1b[1;3F"),
        ("Insert", NONE, b"\x1b[2~"),
        ("Delete", C, b"\x1b[3;5~"),
        ("PageUp", NONE, b"\x1b[5~"),
        ("PageDown", S, b"\x1b[6;2~"),
        ("F1", NONE, b"\x1bOP"),
        ("F4", S, b"\x1b[1;2S"),
        ("F5", NONE, b"\x1b[15~"),
        ("F12", C, b"\x1b[24;5~"),
        ("F13", NONE, b"\x1b[25~"),
        ("Enter", NONE, b"\r"),
        ("Enter", A, b"\x1b\r"),
        ("Tab", NONE, b"\t"),
        ("Tab", S, b"\x1b[Z"),
        ("Backspace", NONE, b"\x7f"),
        ("Backspace", C, b"\x08"),
        ("Backspace", A, b"\x1b\x7f"),
        ("Escape", NONE, b"\x1b"),
        ("Escape", A, b"\x1b\x1b"),
        ("Numpad5", NONE, b"5"),
        ("NumpadEnter", NONE, b"\r"),
        ("Divide", NONE, b"/"),
        ("LeftShift", NONE, b""),
        ("CapsLock", NONE, b""),
        ("VolumeUp", NONE, b""),
        ("a", Modifiers.CAPS_LOCK, b"a"),
        ("a", Modifiers.LEADER, b"a"),
    ],
)
def test_legacy(key: str, mods: Modifiers, expected: bytes) -> None:
    assert encode_key(KeyEvent(key, mods), modes()) == expected
    assert encode_key(KeyEvent(key, mods, REPEAT), modes()) == expected
    assert encode_key(KeyEvent(key, mods, RELEASE), modes()) == b""


@pytest.mark.parametrize(
    ("key", "mods", "state", "expected"),
    [
        ("UpArrow", NONE, modes(1), b"\x1bOA"),
        ("UpArrow", S, modes(1), b"\x1b[1;2A"),
        ("Numpad5", NONE, modes(66), b"\x1bOu"),
        ("Numpad5", Modifiers.NUM_LOCK, modes(66), b"5"),
        ("NumpadEnter", NONE, modes(66), b"\x1bOM"),
        ("Backspace", NONE, modes(67), b"\x08"),
        ("Backspace", C, modes(67), b"\x7f"),
        ("Enter", NONE, modes(newline=True), b"\r\n"),
    ],
)
def test_legacy_modes(key: str, mods: Modifiers, state: TerminalModes, expected: bytes) -> None:
    assert encode_key(KeyEvent(key, mods), state) == expected


def test_text_that_the_layout_gives_wins() -> None:
    assert encode_key(KeyEvent("1", S, text="!"), modes()) == b"!"
    assert encode_key(KeyEvent("1", S, shifted_key="!"), modes()) == b"!"
    assert encode_key(KeyEvent("c", C, text="\x03"), modes()) == b"\x03"
    assert encode_key(KeyEvent("с", C, base_layout_key="c"), modes()) == b"\x03"  # noqa: RUF001 - Cyrillic


@pytest.mark.parametrize(
    ("level", "key", "mods", "expected"),
    [
        (1, "a", C, b"\x01"),
        (1, "1", C, b"\x1b[27;5;49~"),
        (1, "a", A, b"\x1ba"),
        (1, "Enter", C, b"\x1b[27;5;13~"),
        (1, "Tab", S, b"\x1b[Z"),
        (1, "Backspace", C, b"\x08"),
        (2, "a", C, b"\x1b[27;5;97~"),
        (2, "a", A, b"\x1b[27;3;97~"),
        (2, "a", S, b"A"),
        (2, "Enter", S, b"\x1b[27;2;13~"),
        (2, "Escape", A, b"\x1b[27;3;27~"),
        (2, "UpArrow", C, b"\x1b[1;5A"),
        (2, " ", S, b"\x1b[27;2;32~"),
        (1, " ", S, b" "),
    ],
)
def test_modify_other_keys(level: int, key: str, mods: Modifiers, expected: bytes) -> None:
    assert encode_key(KeyEvent(key, mods), modes(other=level)) == expected


@pytest.mark.parametrize(
    ("flags", "event", "expected"),
    [
        # Disambiguate.
        (1, KeyEvent("a"), b"a"),
        (1, KeyEvent("a", S), b"A"),
        (1, KeyEvent("a", C), b"\x1b[97;5u"),
        (1, KeyEvent("a", C | S), b"\x1b[97;6u"),
        (1, KeyEvent("a", A), b"\x1b[97;3u"),
        (1, KeyEvent("a", D), b"\x1b[97;9u"),
        (1, KeyEvent("Escape"), b"\x1b[27u"),
        (1, KeyEvent("Enter"), b"\r"),
        (1, KeyEvent("Enter", S), b"\x1b[13;2u"),
        (1, KeyEvent("Tab", S), b"\x1b[9;2u"),
        (1, KeyEvent("Backspace"), b"\x7f"),
        (1, KeyEvent("Backspace", C), b"\x1b[127;5u"),
        (1, KeyEvent("UpArrow"), b"\x1b[A"),
        (1, KeyEvent("UpArrow", C), b"\x1b[1;5A"),
        (1, KeyEvent("F1"), b"\x1b[P"),
        (1, KeyEvent("F3"), b"\x1b[13~"),
        (1, KeyEvent("F3", S), b"\x1b[13;2~"),
        (1, KeyEvent("F13"), b"\x1b[57376u"),
        (1, KeyEvent("Numpad5"), b"\x1b[57404u"),
        (1, KeyEvent("Numpad5", text="5"), b"5"),
        (1, KeyEvent("Numpad5", Modifiers.NUM_LOCK), b"5"),
        (1, KeyEvent("Numpad5", C, text="5"), b"\x1b[57404;5u"),
        (8, KeyEvent("Numpad5", text="5"), b"\x1b[57404u"),
        (1, KeyEvent("NumpadEnter"), b"\x1b[57414u"),
        (1, KeyEvent("Delete"), b"\x1b[3~"),
        (1, KeyEvent("Menu"), b"\x1b[57363u"),
        (1, KeyEvent("VolumeUp"), b"\x1b[57439u"),
        (1, KeyEvent("LeftShift"), b""),
        (1, KeyEvent("a", kind=RELEASE), b""),
        (1, KeyEvent("a", C | Modifiers.CAPS_LOCK), b"\x1b[97;5u"),
        (1, KeyEvent("UpArrow", Modifiers.NUM_LOCK), b"\x1b[1;129A"),
        # Event types.
        (3, KeyEvent("a", C, REPEAT), b"\x1b[97;5:2u"),
        (3, KeyEvent("a", C, RELEASE), b"\x1b[97;5:3u"),
        (3, KeyEvent("a", kind=RELEASE), b"\x1b[97;1:3u"),
        (3, KeyEvent("a", kind=REPEAT), b"a"),
        (3, KeyEvent("a", S, RELEASE, text="A"), b"\x1b[97;2:3u"),
        (2, KeyEvent("a", C, RELEASE), b"\x1b[97;5:3u"),
        (3, KeyEvent("Enter", kind=RELEASE), b""),
        (3, KeyEvent("UpArrow", kind=RELEASE), b"\x1b[1;1:3A"),
        (3, KeyEvent("Delete", kind=REPEAT), b"\x1b[3;1:2~"),
        # Event types without disambiguation: legacy for text keys.
        (2, KeyEvent("a", C), b"\x01"),
        (2, KeyEvent("Escape"), b"\x1b"),
        (2, KeyEvent("UpArrow", kind=RELEASE), b"\x1b[1;1:3A"),
        # Alternate keys.
        (5, KeyEvent("a", C | S, shifted_key="A"), b"\x1b[97:65;6u"),
        (5, KeyEvent("с", C, base_layout_key="c"), b"\x1b[1089::99;5u"),  # noqa: RUF001 - Cyrillic
        # Everything as escape codes, with text.
        (8, KeyEvent("a"), b"\x1b[97u"),
        (8, KeyEvent("Enter"), b"\x1b[13u"),
        (8, KeyEvent("LeftShift", S), b"\x1b[57441;2u"),
        (8, KeyEvent("CapsLock"), b"\x1b[57358u"),
        (10, KeyEvent("Enter", kind=RELEASE), b"\x1b[13;1:3u"),
        (24, KeyEvent("a", S, text="A"), b"\x1b[97;2;65u"),
        (24, KeyEvent("a"), b"\x1b[97;;97u"),
        (24, KeyEvent("a", C), b"\x1b[97;5u"),
        (24, KeyEvent("Escape"), b"\x1b[27u"),
        (31, KeyEvent("a", S, text="A", shifted_key="A"), b"\x1b[97:65;2;65u"),
        (31, KeyEvent("a", S, RELEASE, text="A", shifted_key="A"), b"\x1b[97:65;2:3u"),
    ],
)
def test_kitty(flags: int, event: KeyEvent, expected: bytes) -> None:
    assert encode_key(event, modes(kitty=flags)) == expected


@pytest.mark.parametrize(
    ("key", "mods", "expected"),
    [
        ("i", Modifiers.CTRL, b"\x1b[105;5u"),
        ("m", Modifiers.CTRL | Modifiers.SHIFT, b"\x1b[77;6u"),
        ("[", Modifiers.CTRL, b"\x1b[91;5u"),
        ("a", Modifiers.CTRL, b"\x01"),
        (";", Modifiers.CTRL, b"\x1b[59;5u"),
        ("i", Modifiers.ALT, b"\x1bi"),
        ("Enter", Modifiers.SHIFT, b"\x1b[13;2u"),
        ("Tab", Modifiers.CTRL, b"\x1b[9;5u"),
        ("Tab", Modifiers.SHIFT, b"\x1b[Z"),
        ("Backspace", Modifiers.ALT, b"\x1b[127;3u"),
        ("Escape", Modifiers.NONE, b"\x1b"),
    ],
)
def test_csi_u_tells_keys_apart(key: str, mods: Modifiers, expected: bytes) -> None:
    assert encode_key(KeyEvent(key, mods), TerminalModes(csi_u=True)) == expected


@pytest.mark.parametrize(
    ("key", "private", "expected"),
    [("UpArrow", (1,), b"\x1bA"), ("F1", (), b"\x1bP"), ("Numpad5", (66,), b"\x1b?u"), ("Numpad5", (), b"5")],
)
def test_keys_of_a_vt52(key: str, private: tuple[int, ...], expected: bytes) -> None:
    assert encode_key(KeyEvent(key), TerminalModes(vt52=True, private=frozenset(private))) == expected
