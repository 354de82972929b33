from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.base.input import Modifiers, MouseButton
from perilune.config.arguments import (
    ActivateKeyTable,
    AdjustPaneSize,
    CloseConfirm,
    Domain,
    Jump,
    Pattern,
    SpawnCommand,
    SplitPane,
    SplitSize,
)
from perilune.config.assignment import (
    ASSIGNMENTS,
    COPY_MODE_ASSIGNMENTS,
    KeyAssignment,
    parse_assignment,
    to_value,
)
from perilune.config.keys import KeyChord
from perilune.config.mouse import MouseBinding, MouseTrigger
from perilune.config.problems import ConfigError, Place

A = KeyAssignment

WRITTEN = [
    ("Nop", A("Nop")),
    ({"Nop": None}, A("Nop")),
    ({"Nop": {}}, A("Nop")),
    ({"Nop": []}, A("Nop")),
    (A("Nop"), A("Nop")),
    ("SplitVertical", A("SplitVertical", SpawnCommand())),
    ({"SplitVertical": {}}, A("SplitVertical", SpawnCommand())),
    ({"SplitHorizontal": {"domain": "CurrentPaneDomain"}}, A("SplitHorizontal", SpawnCommand())),
    (
        {"SplitVertical": {"args": ["top"], "cwd": "/"}},
        A("SplitVertical", SpawnCommand(args=("top",), cwd="/")),
    ),
    ({"SpawnTab": "DefaultDomain"}, A("SpawnTab", Domain("DefaultDomain"))),
    ({"SpawnTab": {"DomainName": "x"}}, A("SpawnTab", Domain("DomainName", "x"))),
    ({"SpawnTab": {"DomainId": 3}}, A("SpawnTab", Domain("DomainId", 3))),
    ("SpawnTab", A("SpawnTab", Domain("CurrentPaneDomain"))),
    ({"ActivateTab": -1}, A("ActivateTab", -1)),
    ({"ActivateTab": 2.0}, A("ActivateTab", 2)),
    ({"ScrollByPage": -0.5}, A("ScrollByPage", -0.5)),
    ({"AdjustPaneSize": ["Left", 5]}, A("AdjustPaneSize", AdjustPaneSize("Left", 5))),
    ({"AdjustPaneSize": {1: "Up", 2: 1}}, A("AdjustPaneSize", AdjustPaneSize("Up", 1))),
    ({"ActivatePaneDirection": "Next"}, A("ActivatePaneDirection", "Next")),
    ({"CloseCurrentPane": {"confirm": False}}, A("CloseCurrentPane", CloseConfirm(confirm=False))),
    ({"CopyTo": "Clipboard"}, A("CopyTo", "Clipboard")),
    ("Copy", A("CopyTo", "ClipboardAndPrimarySelection")),
    ("Paste", A("PasteFrom", "Clipboard")),
    ("PastePrimarySelection", A("PasteFrom", "PrimarySelection")),
    ({"Search": {"Regex": "x+"}}, A("Search", Pattern("Regex", "x+"))),
    ({"Search": "CurrentSelectionOrEmptyString"}, A("Search", Pattern("CurrentSelectionOrEmptyString"))),
    (
        {"SendKey": {"key": "B", "mods": "CTRL"}},
        A("SendKey", KeyChord("b", Modifiers.CTRL | Modifiers.SHIFT)),
    ),
    (
        {"ActivateKeyTable": {"name": "resize", "one_shot": False, "timeout_milliseconds": 500}},
        A("ActivateKeyTable", ActivateKeyTable(name="resize", one_shot=False, timeout_milliseconds=500)),
    ),
    (
        {
            "SplitPane": {
                "direction": "Up",
                "size": {"Cells": 3},
                "command": {"args": ["a"]},
                "top_level": True,
            }
        },
        A(
            "SplitPane",
            SplitPane(
                direction="Up", size=SplitSize("Cells", 3), command=SpawnCommand(args=("a",)), top_level=True
            ),
        ),
    ),
    ({"SplitPane": {"direction": "Left"}}, A("SplitPane", SplitPane(direction="Left"))),
    (
        {"Multiple": ["Nop", {"CopyMode": "Close"}, {"Multiple": []}]},
        A("Multiple", (A("Nop"), A("CopyMode", A("Close")), A("Multiple", ()))),
    ),
    ({"CopyMode": {"SetSelectionMode": "Block"}}, A("CopyMode", A("SetSelectionMode", "Block"))),
    ({"CopyMode": {"MoveByPage": 0.5}}, A("CopyMode", A("MoveByPage", 0.5))),
    (
        {"CopyMode": {"JumpForward": {"prev_char": True}}},
        A("CopyMode", A("JumpForward", Jump(prev_char=True))),
    ),
    (
        {"CopyMode": {"MoveForwardSemanticZoneOfType": "Output"}},
        A("CopyMode", A("MoveForwardZoneOfType", "Output")),
    ),
    ({"EmitEvent": "user-defined-1"}, A("EmitEvent", "user-defined-1")),
]


@pytest.mark.parametrize(("value", "expected"), WRITTEN, ids=str)
def test_written_forms(value, expected):
    place = Place("action")
    assert parse_assignment(value, place) == expected
    assert not place.problems


@pytest.mark.parametrize(("value", "expected"), WRITTEN, ids=str)
def test_what_is_written_back_reads_the_same(value, expected):
    assert parse_assignment(to_value(parse_assignment(value))) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("ActivateTb", "action: there is no key assignment 'ActivateTb', did you mean 'ActivateTab'?"),
        ("activatetab", "action: there is no key assignment 'activatetab', did you mean 'ActivateTab'?"),
        ("ActivateTab", "action: ActivateTab needs an argument: a whole number"),
        ({"ActivateTab": "1"}, "action.ActivateTab: expected a whole number, got the string '1'"),
        ({"ActivateTab": None}, "action: ActivateTab needs an argument: a whole number"),
        ({"Nop": 1}, "action.Nop: Nop takes no argument, got the number 1"),
        ({"SplitPane": {}}, "action.SplitPane: the field 'direction' is missing"),
        (
            {"SplitPane": {"direction": "Rigth"}},
            (
                "action.SplitPane.direction: expected one of Left, Right, Up, Down, got the string 'Rigth', "
                "did you mean 'Right'?"
            ),
        ),
        (
            {"CopyMode": "MoveLeftt"},
            ("action.CopyMode: there is no copy mode assignment 'MoveLeftt', did you mean 'MoveLeft'?"),
        ),
        (
            {"Multiple": ["Nop", "Nup"]},
            "action.Multiple[2]: there is no key assignment 'Nup', did you mean 'Nop'?",
        ),
        (
            {"AdjustPaneSize": ["Left"]},
            ("action.AdjustPaneSize: expected a direction and a number of cells, {'Left', 5}, got a list"),
        ),
        ({"SendKey": {"key": "Foo"}}, "action.SendKey.key: unknown key 'Foo'"),
        (
            {"CloseCurrentTab": True},
            ("action.CloseCurrentTab: expected {confirm=true} or {confirm=false}, got the boolean true"),
        ),
        (
            3,
            (
                "action: expected a key assignment: a name or a table of one name and its argument, "
                "got the number 3"
            ),
        ),
        (
            {},
            (
                "action: expected a key assignment: a name or a table of one name and its argument, "
                "got a table with 0 fields"
            ),
        ),
        (
            {"Nop": None, "Hide": None},
            (
                "action: expected a key assignment: a name or a table of one name and "
                "its argument, got a table with 2 fields"
            ),
        ),
    ],
)
def test_errors_say_what_is_wrong(value, message):
    with pytest.raises(ConfigError) as caught:
        parse_assignment(value)
    assert caught.value.message == message


def test_an_unknown_field_is_a_warning():
    place = Place("keys[1].action", option="keys")
    parse_assignment({"SplitHorizontal": {"args": ["x"], "cwdd": "/"}}, place)
    (problem,) = place.problems
    assert (problem.severity, problem.option) == ("warning", "keys")
    assert problem.message == "keys[1].action.SplitHorizontal: unknown field 'cwdd', did you mean 'cwd'?"


def test_deep_nesting_is_an_error_not_a_crash():
    value: object = "Nop"
    for _ in range(5000):
        value = {"Multiple": [value]}
    with pytest.raises(ConfigError, match="nested too deeply"):
        parse_assignment(value)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_assignment_takes_what_it_says(name):
    shape = ASSIGNMENTS[name]
    if shape.is_required:
        with pytest.raises(ConfigError, match="needs an argument"):
            parse_assignment(name)
    else:
        found = parse_assignment(name)
        assert parse_assignment(to_value(found)) == found
    if shape.form is None:
        with pytest.raises(ConfigError, match="takes no argument"):
            parse_assignment({name: "x"})
    else:
        with pytest.raises(ConfigError):
            parse_assignment({name: object()})


def test_copy_mode_has_all_of_its_names():
    assert len(COPY_MODE_ASSIGNMENTS) == 42
    assert {"MoveLeft", "PageDown", "JumpReverse", "SetSelectionMode"} <= set(COPY_MODE_ASSIGNMENTS)


def test_the_table_is_sorted():
    source = Path(parse_assignment.__code__.co_filename).read_text(encoding="utf-8")
    names = re.findall(
        r'^        "(\w+)": ', source.split("ASSIGNMENTS: Mapping")[1].split("_ZONE")[0], re.MULTILINE
    )
    assert names == sorted(names)
    assert len(names) == len(ASSIGNMENTS)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
names = st.sampled_from([*ASSIGNMENTS, *COPY_MODE_ASSIGNMENTS, "key", "direction", "args", "action", "label"])
trees = st.recursive(
    scalars | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=2),
    max_leaves=10,
)


@given(trees | st.dictionaries(names, trees, min_size=1, max_size=1))
@settings(max_examples=500, deadline=None)
def test_anything_is_an_assignment_or_an_error(value):
    try:
        said = str(parse_assignment(value))
    except ConfigError as error:
        said = error.message
    assert "\n" not in said or "\n" in str(value)
    assert said


@pytest.mark.parametrize(
    ("value", "trigger"),
    [
        ({"Down": {"streak": 1, "button": "Left"}}, MouseTrigger("Down", 1, MouseButton.LEFT)),
        ({"Up": {"streak": 3, "button": "Middle"}}, MouseTrigger("Up", 3, MouseButton.MIDDLE)),
        ({"Drag": {"streak": 2.0, "button": "Right"}}, MouseTrigger("Drag", 2, MouseButton.RIGHT)),
        ({"Down": {"streak": 1, "button": {"WheelUp": 1}}}, MouseTrigger("Down", 1, MouseButton.WHEEL_UP)),
    ],
)
def test_mouse_events(value, trigger):
    binding = MouseBinding.read({"event": value, "mods": "CTRL", "action": "Nop"}, Place("mouse_bindings[1]"))
    assert binding == MouseBinding(event=trigger, mods=Modifiers.CTRL, action=A("Nop"))


@pytest.mark.parametrize(
    "value",
    ["Down", {}, {"Down": {}}, {"Down": {"streak": 1}}, {"Press": {"streak": 1, "button": "Left"}},
     {"Down": {"streak": 0, "button": "Left"}}, {"Down": {"streak": 1, "button": "Lefft"}}, {3: {}}],
)  # fmt: skip
def test_bad_mouse_events_are_refused(value):
    with pytest.raises(ConfigError, match=r"mouse_bindings\[1\]\.event"):
        MouseBinding.read({"event": value, "action": "Nop"}, Place("mouse_bindings[1]"))
