"""Mouse events, focus changes and pastes to bytes."""

from __future__ import annotations

import pytest

from perilune.base.input import Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.vt.modes import TerminalModes
from perilune.vt.mouse_encoder import encode_focus, encode_mouse
from perilune.vt.paste import encode_paste

PRESS, RELEASE, MOVE = MouseKind.PRESS, MouseKind.RELEASE, MouseKind.MOVE
LEFT, RIGHT, NONE, UP = MouseButton.LEFT, MouseButton.RIGHT, MouseButton.NONE, MouseButton.WHEEL_UP


def encode(
    tracking: int,
    encoding: int,
    kind: MouseKind,
    button: MouseButton,
    mods: Modifiers = Modifiers.NONE,
    **at: int,
) -> bytes:
    event = MouseEvent(
        at.get("row", 1), at.get("col", 2), button, kind, mods, at.get("x", -1), at.get("y", -1)
    )
    return encode_mouse(event, TerminalModes(mouse_tracking=tracking, mouse_encoding=encoding))


@pytest.mark.parametrize(
    ("tracking", "kind", "button", "expected"),
    [
        (0, PRESS, LEFT, b""),
        (9, PRESS, LEFT, b"\x1b[<0;3;2M"),
        (9, RELEASE, LEFT, b""),
        (9, PRESS, UP, b""),
        (1000, PRESS, RIGHT, b"\x1b[<2;3;2M"),
        (1000, RELEASE, RIGHT, b"\x1b[<2;3;2m"),
        (1000, MOVE, LEFT, b""),
        (1000, PRESS, UP, b"\x1b[<64;3;2M"),
        (1000, RELEASE, UP, b""),
        (1000, PRESS, MouseButton.BACK, b"\x1b[<128;3;2M"),
        (1000, PRESS, NONE, b""),
        (1002, MOVE, LEFT, b"\x1b[<32;3;2M"),
        (1002, MOVE, NONE, b""),
        (1003, MOVE, NONE, b"\x1b[<35;3;2M"),
    ],
)
def test_tracking_modes(tracking: int, kind: MouseKind, button: MouseButton, expected: bytes) -> None:
    assert encode(tracking, 1006, kind, button) == expected


@pytest.mark.parametrize(
    ("encoding", "kind", "at", "expected"),
    [
        (0, PRESS, {}, b"\x1b[M #\x22"),
        (0, RELEASE, {}, b"\x1b[M##\x22"),
        (0, PRESS, {"col": 222}, b"\x1b[M \xff\x22"),
        (0, PRESS, {"col": 223}, b""),
        (1005, PRESS, {"col": 300}, b"\x1b[M \xc5\x8d\x22"),
        (1005, PRESS, {"col": 3000}, b""),
        (1015, PRESS, {}, b"\x1b[32;3;2M"),
        (1015, RELEASE, {}, b"\x1b[35;3;2M"),
        (1016, PRESS, {"x": 100, "y": 50}, b"\x1b[<0;101;51M"),
        (1016, PRESS, {}, b"\x1b[<0;3;2M"),
        (1006, PRESS, {"row": -1}, b""),
    ],
)
def test_encodings(encoding: int, kind: MouseKind, at: dict[str, int], expected: bytes) -> None:
    assert encode(1000, encoding, kind, LEFT, **at) == expected


def test_modifiers() -> None:
    mods = Modifiers.SHIFT | Modifiers.ALT | Modifiers.CTRL
    assert encode(1000, 1006, PRESS, LEFT, mods) == b"\x1b[<28;3;2M"
    assert encode(1000, 0, RELEASE, LEFT, Modifiers.CTRL) == b"\x1b[M3#\x22"
    assert encode(9, 1006, PRESS, LEFT, mods) == b"\x1b[<0;3;2M"


def test_focus() -> None:
    asked = TerminalModes(private=frozenset({1004}))
    assert encode_focus(True, asked) == b"\x1b[I"
    assert encode_focus(False, asked) == b"\x1b[O"
    assert encode_focus(True, TerminalModes()) == b""


@pytest.mark.parametrize(
    ("text", "plain", "bracketed"),
    [
        ("a b", b"a b", b"a b"),
        ("a\nb\r\nc\rd", b"a\rb\rc\rd", b"a\nb\r\nc\rd"),
        ("a\tb", b"a\tb", b"a\tb"),
        ("a\x1b[201~b", b"ab", b"ab"),
        ("a\x1b[20\x1b[201~1~b", b"a[201~b", b"a[201~b"),
        ("a\x9b201~b", b"ab", b"ab"),
        ("\x1b[31mred\x03\x7f\x85", b"[31mred", b"[31mred"),
        ("é\ud800", b"\xc3\xa9?", b"\xc3\xa9?"),
        ("", b"", b""),
    ],
)
def test_pastes(text: str, plain: bytes, bracketed: bytes) -> None:
    assert encode_paste(text, TerminalModes()) == plain
    result = encode_paste(text, TerminalModes(private=frozenset({2004})))
    assert result == b"\x1b[200~" + bracketed + b"\x1b[201~"
