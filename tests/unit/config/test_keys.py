from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.base.input import KeyEvent, Modifiers
from perilune.config.assignment import KeyAssignment, to_value
from perilune.config.keys import (
    KeyBinding,
    KeyChord,
    KeyMap,
    chords_of,
    format_mods,
    parse_chord,
    parse_key,
    parse_mods,
)
from perilune.config.problems import ConfigError

NONE, SHIFT, ALT, CTRL = Modifiers.NONE, Modifiers.SHIFT, Modifiers.ALT, Modifiers.CTRL
SUPER, LEADER = Modifiers.SUPER, Modifiers.LEADER
HIT, OTHER = KeyAssignment("Nop"), KeyAssignment("ShowLauncher")


@pytest.mark.parametrize(
    ("text", "mods"),
    [
        ("", NONE),
        ("NONE", NONE),
        ("CTRL", CTRL),
        ("CTRL|SHIFT", CTRL | SHIFT),
        ("CTRL | SHIFT", CTRL | SHIFT),
        ("OPT", ALT),
        ("META", ALT),
        ("CMD|WIN", SUPER),
        ("LEADER|NONE", LEADER),
    ],
)
def test_modifiers(text, mods):
    assert parse_mods(text) == mods
    assert parse_mods(format_mods(mods)) == mods


@pytest.mark.parametrize("text", ["ctrl", "CTRL+SHIFT", "CONTROL", "CTRL|X"])
def test_what_is_no_modifier_is_refused(text):
    with pytest.raises(ConfigError, match="unknown modifier"):
        parse_mods(text)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("a", "a"), ("é", "é"), ("Enter", "Enter"), ("Return", "Enter"), ("\r", "Enter"), ("\t", "Tab"),
        ("Escape", "Escape"), ("\x1b", "Escape"), ("Space", " "), (" ", " "), ("F1", "F1"), ("F24", "F24"),
        ("F", "f"), ("Numpad5", "Numpad5"), ("Applications", "Menu"), ("LeftArrow", "LeftArrow"), ("|", "|"),
        (":", ":"), ("mapped:b", "b"), ("mapped::", ":"), ("VolumeMute", "VolumeMute"), ("ß", "ß"),
    ],
)  # fmt: skip
def test_mapped_key_names(name, key):
    chord = parse_key(name)
    assert (chord.key, chord.kind in {"either", "mapped"}) == (key, True)


@pytest.mark.parametrize(
    ("name", "key"),
    [("phys:A", "a"), ("phys:a", "a"), ("phys:K1", "1"), ("phys:1", "1"), ("phys:Space", " "), ("Grave", "`"),
     ("LeftBracket", "["), ("phys:Return", "Enter"), ("phys:Keypad3", "Numpad3"), ("phys:Tab", "Tab")],
)  # fmt: skip
def test_physical_key_names(name, key):
    assert parse_key(name) == KeyChord(key, NONE, "physical")


def test_raw_codes():
    assert parse_key("raw:0123") == KeyChord("123", NONE, "raw")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Ecape", "unknown key 'Ecape', did you mean 'Escape'?"),
        ("phys:é", "unknown physical key 'é'"),
        ("raw:x", "'raw:x': expected a number after 'raw:'"),
        ("", "unknown key ''"),
        ("Enter ", "unknown key 'Enter ', did you mean 'Enter'?"),
    ],
)
def test_what_is_no_key_is_refused(name, message):
    with pytest.raises(ConfigError) as caught:
        parse_key(name)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("key", "mods"), [("c", "CTRL|SHIFT"), ("C", "CTRL|SHIFT"), ("C", "CTRL"), ("C", "SHIFT | CTRL")]
)
def test_shift_and_an_upper_case_letter_are_one(key, mods):
    chord = parse_chord(key, mods)
    assert chord == KeyChord("c", CTRL | SHIFT)
    assert KeyMap([KeyBinding(chord, HIT)]).lookup(KeyEvent("c", CTRL | SHIFT)) == HIT
    assert KeyMap([KeyBinding(chord, HIT)]).lookup(KeyEvent("c", CTRL)) is None


def bound(key: str, mods: str = "", preference: str = "Mapped") -> KeyMap:
    return KeyMap([KeyBinding(parse_chord(key, mods), HIT)], preference)


@pytest.mark.parametrize(
    ("key", "mods", "event"),
    [
        ("A", "", KeyEvent("a", SHIFT, text="A")),
        ("A", "", KeyEvent("A", text="A")),
        ("É", "", KeyEvent("é", SHIFT, text="É")),
        ("%", "CTRL|SHIFT|ALT", KeyEvent("5", CTRL | SHIFT | ALT, shifted_key="%")),
        ("|", "LEADER", KeyEvent("\\", SHIFT | LEADER, text="|")),
        ("|", "LEADER|SHIFT", KeyEvent("\\", SHIFT | LEADER, text="|")),
        ("|", "LEADER|SHIFT", KeyEvent("|", LEADER, text="|")),
        ("|", "LEADER", KeyEvent("|", LEADER, text="|")),
        ("5", "CTRL|SHIFT", KeyEvent("5", CTRL | SHIFT, shifted_key="%")),
        ("Enter", "ALT", KeyEvent("Enter", ALT | Modifiers.NUM_LOCK)),
        ("x", "META", KeyEvent("x", Modifiers.META)),
        ("phys:Q", "CTRL", KeyEvent("a", CTRL, base_layout_key="q")),
        ("phys:Q", "CTRL", KeyEvent("q", CTRL)),
        ("Space", "LEADER", KeyEvent(" ", LEADER, text=" ")),
        ("Space", "", KeyEvent(" ", text=" ")),
    ],
)
def test_a_binding_is_found(key, mods, event):
    assert bound(key, mods).lookup(event) == HIT


@pytest.mark.parametrize(
    ("key", "mods", "event"),
    [
        ("a", "", KeyEvent("a", SHIFT, text="A")),
        ("a", "", KeyEvent("a", CTRL)),
        ("a", "CTRL", KeyEvent("a", CTRL | Modifiers.HYPER)),
        ("a", "CTRL", KeyEvent("a", CTRL | LEADER)),
        ("Tab", "", KeyEvent("Tab", SHIFT)),
        ("5", "", KeyEvent("5", SHIFT, text="%")),
        ("phys:Q", "", KeyEvent("q", base_layout_key="a")),
        ("raw:38", "", KeyEvent("a")),
    ],
)
def test_a_binding_is_not_found(key, mods, event):
    assert bound(key, mods).lookup(event) is None


def test_the_preference_decides_what_no_prefix_means():
    event = KeyEvent("a", CTRL, base_layout_key="q")
    assert bound("a", "CTRL", "Mapped").lookup(event) == HIT
    assert bound("a", "CTRL", "Physical").lookup(event) is None
    assert bound("q", "CTRL", "Physical").lookup(event) == HIT
    assert bound("mapped:a", "CTRL", "Physical").lookup(event) == HIT


def test_the_later_of_two_bindings_holds():
    table = KeyMap([KeyBinding(parse_chord("a"), OTHER), KeyBinding(parse_chord("a"), HIT)])
    assert table.lookup(KeyEvent("a")) == HIT
    assert len(table) == 1


names = st.sampled_from(
    ["a", "Z", "5", "%", "Enter", "F5", "Space", "phys:A", "raw:9", "mapped:é", "Grave", "É"]
)
held = st.lists(st.sampled_from(["CTRL", "SHIFT", "ALT", "SUPER", "LEADER"]), unique=True).map("|".join)


@given(names, held)
def test_a_chord_survives_being_written(key, mods):
    chord = parse_chord(key, mods)
    value = to_value(chord)
    assert isinstance(value, dict)
    again = parse_chord(value["key"], value["mods"])
    assert again.resolved("Mapped") == chord.resolved("Mapped")


@given(st.text(max_size=6))
def test_any_text_is_a_key_or_an_error(text):
    try:
        said = parse_key(text).key
    except ConfigError as error:
        said = error.message
    assert said


@given(st.characters(), st.integers(0, 511).map(Modifiers), st.text(max_size=2))
def test_any_event_can_be_looked_up(key, mods, text):
    assert list(chords_of(KeyEvent(key, mods, text=text)))
