"""What the host sends, table by table, and what the program gets."""

from __future__ import annotations

import pytest

from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.config.default_bindings import default_key_bindings
from perilune.tui import input_parser
from perilune.tui.input_parser import Focus, InputParser, Paste, Reply
from perilune.vt.key_encoder import encode_key
from perilune.vt.modes import TerminalModes

SHIFT, ALT, CTRL, SUPER = Modifiers.SHIFT, Modifiers.ALT, Modifiers.CTRL, Modifiers.SUPER
NONE = Modifiers.NONE


def parse(data: bytes, *, kitty: bool = False, erase: int = 0x7F, flush: bool = False):
    parser = InputParser(erase=erase)
    parser.kitty = kitty
    events = parser.feed(data)
    return events + parser.flush() if flush else events


def key(name, mods=NONE, text=None, **more):
    if text is None:
        text = name if len(name) == 1 and not mods else ""
    return KeyEvent(name, mods, text=text, **more)


LEGACY = [
    (b"a", key("a")),
    (b"A", key("a", SHIFT, "A", shifted_key="A")),
    (b"!", key("!")),
    (b" ", key(" ")),
    ("é".encode(), key("é")),
    ("É".encode(), key("É")),
    ("🚀".encode(), key("🚀")),
    (b"\x01", key("a", CTRL)),
    (b"\x1a", key("z", CTRL)),
    (b"\x00", key(" ", CTRL)),
    (b"\x1c", key("\\", CTRL)),
    (b"\x1f", key("/", CTRL)),  # not CTRL+_ and CTRL+^: those are bound to something by default
    (b"\x1e", key("6", CTRL)),
    (b"\x0a", key("j", CTRL)),
    (b"\t", key("Tab")),
    (b"\r", key("Enter")),
    (b"\x7f", key("Backspace")),
    (b"\x08", key("h", CTRL)),
    (b"\x1ba", key("a", ALT)),
    (b"\x1bA", key("a", ALT | SHIFT, shifted_key="A")),
    (b"\x1b!", key("!", ALT)),
    (b"\x1b\x01", key("a", ALT | CTRL)),
    (b"\x1b\r", key("Enter", ALT)),
    (b"\x1b\x7f", key("Backspace", ALT)),
    ("\x1bé".encode(), key("é", ALT)),
    (b"\x1bPx", [key("p", ALT | SHIFT, shifted_key="P"), key("x")]),
    (b"\x1b]x", [key("]", ALT), key("x")]),
    (b"\x1b_", key("_", ALT)),
]

SEQUENCES = [
    (b"\x1b[A", key("UpArrow")),
    (b"\x1bOB", key("DownArrow")),
    (b"\x1b[1;5C", key("RightArrow", CTRL)),
    (b"\x1b[1;2D", key("LeftArrow", SHIFT)),
    (b"\x1b[1;3:2A", KeyEvent("UpArrow", ALT, KeyKind.REPEAT)),
    (b"\x1b[1;1:3A", KeyEvent("UpArrow", NONE, KeyKind.RELEASE)),
    (b"\x1b[H", key("Home")),
    (b"\x1b[F", key("End")),
    (b"\x1bOP", key("F1")),
    (b"\x1b[1;6P", key("F1", CTRL | SHIFT)),
    (b"\x1b[1;2R", key("F3", SHIFT)),
    (b"\x1b[13~", key("F3")),
    (b"\x1b[13;5~", key("F3", CTRL)),
    (b"\x1b[24~", key("F12")),
    (b"\x1b[5~", key("PageUp")),
    (b"\x1b[6;3~", key("PageDown", ALT)),
    (b"\x1b[3~", key("Delete")),
    (b"\x1b[Z", key("Tab", SHIFT)),
    (b"\x1b[1;6Z", key("Tab", SHIFT | CTRL)),
    (b"\x1b[[A", key("F1")),
    (b"\x1b\x1b[A", key("UpArrow", ALT)),
    (b"\x1b\x1bOA", key("UpArrow", ALT)),
    (b"\x1b[5^", key("PageUp", CTRL)),
    (b"\x1b[a", key("UpArrow", SHIFT)),
    (b"\x1bOa", key("UpArrow", CTRL)),
    (b"\x1bO5P", key("F1", CTRL)),
    (b"\x1bO1;5P", key("F1", CTRL)),
    (b"\x1bOM", key("NumpadEnter")),
    (b"\x1bOp", key("Numpad0", text="0")),
    (b"\x1bOk", key("Add", text="+")),
    # modifyOtherKeys: what arrives is the shifted character.
    (b"\x1b[27;5;105~", key("i", CTRL)),
    (b"\x1b[27;6;65~", key("a", CTRL | SHIFT, shifted_key="A")),
    (b"\x1b[27;2;65~", key("a", SHIFT, "A", shifted_key="A")),
    (b"\x1b[27;6;33~", key("!", CTRL)),
    (b"\x1b[27;5;13~", key("Enter", CTRL)),
    (b"\x1b[27;2;9~", key("Tab", SHIFT)),
    (b"\x1b[27;3;127~", key("Backspace", ALT)),
    (b"\x1b[27;5;32~", key(" ", CTRL)),
    (b"\x1b[105;5u", key("i", CTRL)),
]

KITTY = [
    (b"\x1b[97u", key("a")),
    (b"\x1b[97:65;2;65u", key("a", SHIFT, "A", shifted_key="A")),
    (b"\x1b[97;2u", key("a", SHIFT, "A", shifted_key="A")),
    (b"\x1b[97;5u", key("a", CTRL)),
    (b"\x1b[97;5:3u", KeyEvent("a", CTRL, KeyKind.RELEASE)),
    (b"\x1b[97;1:2;97u", KeyEvent("a", NONE, KeyKind.REPEAT, "a")),
    (b"\x1b[97;1:3u", KeyEvent("a", NONE, KeyKind.RELEASE)),
    (b"\x1b[49:33;2;33u", key("1", SHIFT, "!", shifted_key="!")),
    (b"\x1b[49:33;6u", key("1", CTRL | SHIFT, shifted_key="!")),
    (b"\x1b[1089::99;5u", key("с", CTRL, base_layout_key="c")),  # noqa: RUF001 - Cyrillic, on the c key
    (b"\x1b[27u", key("Escape")),
    (b"\x1b[13;2u", key("Enter", SHIFT)),
    (b"\x1b[9;6u", key("Tab", CTRL | SHIFT)),
    (b"\x1b[127;5u", key("Backspace", CTRL)),
    (b"\x1b[32;5u", key(" ", CTRL)),
    (b"\x1b[97;65u", key("a", Modifiers.CAPS_LOCK, "A")),
    (b"\x1b[97;66u", key("a", SHIFT | Modifiers.CAPS_LOCK, "a", shifted_key="A")),
    (b"\x1b[57363u", key("Menu")),
    (b"\x1b[57376u", key("F13")),
    (b"\x1b[57398u", key("F35")),
    (b"\x1b[57399;129u", key("Numpad0", Modifiers.NUM_LOCK, "0")),
    (b"\x1b[57409u", key("Decimal", text=".")),
    (b"\x1b[57414u", key("NumpadEnter")),
    (b"\x1b[57419u", key("UpArrow")),
    (b"\x1b[57441;2u", key("LeftShift", SHIFT)),
    (b"\x1b[57448;5:3u", KeyEvent("RightControl", CTRL, KeyKind.RELEASE)),
    (b"\x1b[57440u", key("VolumeMute")),
    (b"\x1b[97;9u", key("a", SUPER)),
    (b"\x1b[0;;28450:23383u", [key("漢"), key("字")]),
    (b"\x1b[3;5~", key("Delete", CTRL)),
]

MOUSE = [
    (b"\x1b[<0;1;1M", MouseEvent(0, 0, MouseButton.LEFT, MouseKind.PRESS)),
    (b"\x1b[<2;300;100m", MouseEvent(99, 299, MouseButton.RIGHT, MouseKind.RELEASE)),
    (b"\x1b[<20;5;6M", MouseEvent(5, 4, MouseButton.LEFT, MouseKind.PRESS, SHIFT | CTRL)),
    (b"\x1b[<35;5;6M", MouseEvent(5, 4, MouseButton.NONE, MouseKind.MOVE)),
    (b"\x1b[<32;5;6M", MouseEvent(5, 4, MouseButton.LEFT, MouseKind.MOVE)),
    (b"\x1b[<64;5;6M", MouseEvent(5, 4, MouseButton.WHEEL_UP, MouseKind.PRESS)),
    (b"\x1b[<73;5;6M", MouseEvent(5, 4, MouseButton.WHEEL_DOWN, MouseKind.PRESS, ALT)),
    (b"\x1b[<66;5;6M", MouseEvent(5, 4, MouseButton.WHEEL_LEFT, MouseKind.PRESS)),
    (b"\x1b[<128;5;6M", MouseEvent(5, 4, MouseButton.BACK, MouseKind.PRESS)),
    (b"\x1b[<64;5;6m", []),
    (b"\x1b[M !!", MouseEvent(0, 0, MouseButton.LEFT, MouseKind.PRESS)),
    (b"\x1b[M#!!", MouseEvent(0, 0, MouseButton.NONE, MouseKind.RELEASE)),
]

REPLIES = [
    (b"\x1b[?62;4c", Reply("csi", "?c", (62, 4))),
    (b"\x1b[>1;2;3c", Reply("csi", ">c", (1, 2, 3))),
    (b"\x1b[?2026;2$y", Reply("csi", "?$y", (2026, 2))),
    (b"\x1b[?31u", Reply("csi", "?u", (31,))),
    (b"\x1b[2;2R", Reply("csi", "R", (2, 2))),
    (b"\x1b[4;600;800t", Reply("csi", "t", (4, 600, 800))),
    (b"\x1b[0n", Reply("csi", "n", (0,))),
    (b"\x1b]10;rgb:ffff/0/8080\x1b\\", Reply("osc", "10;rgb:ffff/0/8080")),
    (b"\x1b]11;rgb:0/0/0\x07", Reply("osc", "11;rgb:0/0/0")),
    (b"\x1bP1+r524742=38\x1b\\", Reply("dcs", "1+r524742=38")),
    (b"\x1bP>|kitty(0.35.2)\x1b\\", Reply("dcs", ">|kitty(0.35.2)")),
]


@pytest.mark.parametrize(
    ("data", "expected"), LEGACY + SEQUENCES + MOUSE + REPLIES, ids=lambda value: repr(value)[:40]
)
def test_sequence(data, expected):
    assert parse(data) == (expected if isinstance(expected, list) else [expected])


@pytest.mark.parametrize(("data", "expected"), KITTY, ids=lambda value: repr(value)[:40])
def test_kitty_sequence(data, expected):
    assert parse(data, kitty=True) == (expected if isinstance(expected, list) else [expected])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1b", [key("Escape")]),
        (b"\x1b[", [key("[", ALT)]),
        (b"\x1bO", [key("o", ALT | SHIFT, shifted_key="O")]),
        (b"\x1b\x1b", [key("Escape", ALT)]),
        (b"\x1b]", [key("]", ALT)]),
        (b"\x1b[1;5", []),
        (b"\x1b]10;rgb:", []),
        (b"\x1b\xe2", [key("Escape")]),
    ],
)
def test_silence_decides_what_is_unfinished(data, expected):
    parser = InputParser()
    assert parser.feed(data) == []
    assert parser.is_pending
    assert parser.flush() == expected
    assert not parser.is_pending
    assert parser.feed(b"a") == [key("a")]


def test_only_keys_that_hands_may_have_typed_make_the_silence_short():
    parser = InputParser()
    parser.feed(b"\x1b")
    assert parser.is_escape_pending
    parser.feed(b"[1;")
    assert parser.is_pending
    assert not parser.is_escape_pending


def test_backspace_is_what_the_tty_says():
    assert parse(b"\x08", erase=8) == [key("Backspace")]
    assert parse(b"\x7f", erase=8) == [key("Backspace", CTRL)]


def test_malformed_bytes_are_dropped_and_what_follows_is_read():
    assert parse(b"\xff\xfe\xc0\x80a") == [key("a")]
    assert parse(b"\xe2\x28\x1b[A") == [key("("), key("UpArrow")]
    assert parse(b"\xed\xa0\x80b") == [key("b")]  # a surrogate
    assert parse(b"\x1b[12\x1b[A") == [key("UpArrow")]
    assert parse(b"\x1b]10;rgb\x1b[A") == [key("UpArrow")]
    assert parse(b"\x1b]10;rgb\x18c") == [key("c")]


def test_an_unknown_sequence_types_nothing():
    assert parse(b"\x1b[1;2;3w\x1b[99~\x1b[?1;2;3z") == [Reply("csi", "?z", (1, 2, 3))]


def test_paste_is_one_text_with_plain_line_ends():
    assert parse(b"\x1b[200~a\r\nb\rc\nd\x1b[A \xe6\xbc\xa2\x1b[201~x") == [
        Paste("a\nb\nc\nd\x1b[A 漢"),
        key("x"),
    ]


def test_paste_holds_no_timer_and_survives_flush():
    parser = InputParser()
    assert parser.feed(b"\x1b[200~ab\x1b[20") == []
    assert not parser.is_pending
    assert parser.flush() == []
    assert parser.feed(b"1~") == [Paste("ab")]


def test_a_paste_without_text_is_none():
    assert parse(b"\x1b[200~\x1b[201~") == []


def test_a_long_paste_comes_in_parts_and_whole(monkeypatch):
    monkeypatch.setattr(input_parser, "PASTE_CHUNK", 10)
    text = "".join(chr(0x61 + index % 26) for index in range(47))
    parser = InputParser()
    events = parser.feed(b"\x1b[200~" + text[:33].encode())
    assert len(events) == 3  # not kept until the end
    events += parser.feed(text[33:].encode() + b"\x1b[201~")
    assert "".join(event.text for event in events) == text
    assert max(len(event.text) for event in events) == 10


def test_an_overlong_reply_is_dropped_to_its_end(monkeypatch):
    monkeypatch.setattr(input_parser, "MAX_STRING", 20)
    for step in (1, 7, 1000):
        parser = InputParser()
        data = b"\x1b]52;c;" + b"A" * 100 + b"\x1b\\x"
        events = [
            event for start in range(0, len(data), step) for event in parser.feed(data[start : start + step])
        ]
        assert events == [key("x")]


def test_focus():
    assert parse(b"\x1b[I\x1b[O") == [Focus(True), Focus(False)]


@pytest.mark.parametrize("text", ["é", "漢", "🙂"])
def test_no_silence_decides_an_unfinished_character(text):
    parser = InputParser()
    data = text.encode()
    events = []
    for index in range(len(data)):
        events += parser.feed(data[index : index + 1])
        assert not parser.is_pending
        events += parser.flush()
    assert events == [KeyEvent(text, text=text)]


def test_escape_before_an_unfinished_character_loses_neither():
    parser = InputParser()
    assert parser.feed(b"\x1b\xc3") == []
    assert parser.is_pending
    assert parser.flush() == [KeyEvent("Escape")]
    assert parser.feed(b"\xa9") == [KeyEvent("é", text="é")]


@pytest.mark.parametrize("code", [0, *range(0x1C, 0x20)])
def test_control_characters_are_no_default_chord_and_encode_back(code):
    (event,) = parse(bytes([code]))
    assert encode_key(event, TerminalModes()) == bytes([code])
    bound = {(binding.chord.key, binding.chord.mods) for binding in default_key_bindings()}
    assert (event.key, event.mods) not in bound
