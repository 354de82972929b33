from __future__ import annotations

import pytest

from perilune.base.input import KeyEvent, Modifiers, MouseButton
from perilune.config.assignment import parse_assignment
from perilune.config.default_bindings import (
    FALLBACK_TABLE,
    default_key_bindings,
    default_key_tables,
    default_mouse_bindings,
    fallback_leader_table,
)
from perilune.config.input_map import InputMap
from perilune.config.mouse import MouseTrigger
from perilune.config.options import Config
from perilune.config.options.own import FALLBACK_LEADER

SHIFT, ALT, CTRL, SUPER = Modifiers.SHIFT, Modifiers.ALT, Modifiers.CTRL, Modifiers.SUPER


def made(values: dict[str, object], *, fallback: bool = False) -> InputMap:
    config, problems = Config.from_mapping(values)
    assert not problems
    return InputMap(config, with_fallback_leader=fallback)


# One row per line of WezTerm's page of default keys: event and assignment.
DOCUMENTED = [
    (KeyEvent("c", SUPER), {"CopyTo": "Clipboard"}),
    (KeyEvent("v", CTRL | SHIFT), {"PasteFrom": "Clipboard"}),
    (KeyEvent("Copy"), {"CopyTo": "Clipboard"}),
    (KeyEvent("Insert", CTRL), {"CopyTo": "PrimarySelection"}),
    (KeyEvent("Insert", SHIFT), {"PasteFrom": "PrimarySelection"}),
    (KeyEvent("m", SUPER), "Hide"),
    (KeyEvent("n", CTRL | SHIFT), "SpawnWindow"),
    (KeyEvent("Enter", ALT), "ToggleFullScreen"),
    (KeyEvent("-", CTRL), "DecreaseFontSize"),
    (KeyEvent("=", CTRL), "IncreaseFontSize"),
    (KeyEvent("0", SUPER), "ResetFontSize"),
    (KeyEvent("t", CTRL | SHIFT), {"SpawnTab": "CurrentPaneDomain"}),
    (KeyEvent("t", SUPER | SHIFT), {"SpawnTab": "DefaultDomain"}),
    (KeyEvent("w", CTRL | SHIFT), {"CloseCurrentTab": {"confirm": True}}),
    (KeyEvent("1", SUPER), {"ActivateTab": 0}),
    (KeyEvent("8", CTRL | SHIFT, shifted_key="*"), {"ActivateTab": 7}),
    (KeyEvent("9", SUPER), {"ActivateTab": -1}),
    (KeyEvent("[", SUPER | SHIFT, shifted_key="{"), {"ActivateTabRelative": -1}),
    (KeyEvent("Tab", CTRL | SHIFT), {"ActivateTabRelative": -1}),
    (KeyEvent("PageDown", CTRL), {"ActivateTabRelative": 1}),
    (KeyEvent("PageUp", CTRL | SHIFT), {"MoveTabRelative": -1}),
    (KeyEvent("PageUp", SHIFT), {"ScrollByPage": -1}),
    (KeyEvent("r", CTRL | SHIFT), "ReloadConfiguration"),
    (KeyEvent("k", CTRL | SHIFT), {"ClearScrollback": "ScrollbackOnly"}),
    (KeyEvent("l", CTRL | SHIFT), "ShowDebugOverlay"),
    (KeyEvent("p", CTRL | SHIFT), "ActivateCommandPalette"),
    (KeyEvent("u", CTRL | SHIFT), "CharSelect"),
    (KeyEvent("f", SUPER), "Search"),
    (KeyEvent("x", CTRL | SHIFT), "ActivateCopyMode"),
    (KeyEvent(" ", CTRL | SHIFT), "QuickSelect"),
    (KeyEvent("'", CTRL | SHIFT | ALT, shifted_key='"'), "SplitVertical"),
    (KeyEvent("5", CTRL | SHIFT | ALT, shifted_key="%"), "SplitHorizontal"),
    (KeyEvent("LeftArrow", CTRL | SHIFT | ALT), {"AdjustPaneSize": ["Left", 1]}),
    (KeyEvent("DownArrow", CTRL | SHIFT), {"ActivatePaneDirection": "Down"}),
    (KeyEvent("z", CTRL | SHIFT), "TogglePaneZoomState"),
]


@pytest.mark.parametrize(("event", "action"), DOCUMENTED, ids=lambda value: str(value)[:60])
def test_documented_defaults(event, action):
    assert made({}).lookup(event) == parse_assignment(action)


@pytest.mark.parametrize("mods", [CTRL, ALT, Modifiers.NONE])
@pytest.mark.parametrize("key", "abcdefghijklmnopqrstuvwxyz")
def test_no_default_takes_a_plain_or_control_letter(key, mods):
    assert made({}).lookup(KeyEvent(key, mods)) is None


@pytest.mark.parametrize(
    ("table", "event", "action"),
    [
        ("copy_mode", KeyEvent("h"), {"CopyMode": "MoveLeft"}),
        ("copy_mode", KeyEvent("v", SHIFT, text="V"), {"CopyMode": {"SetSelectionMode": "Line"}}),
        ("copy_mode", KeyEvent("V", text="V"), {"CopyMode": {"SetSelectionMode": "Line"}}),
        ("copy_mode", KeyEvent("4", SHIFT, text="$"), {"CopyMode": "MoveToEndOfLineContent"}),
        ("copy_mode", KeyEvent("Tab", SHIFT), {"CopyMode": "MoveBackwardWord"}),
        ("copy_mode", KeyEvent("Escape"), {"Multiple": ["ScrollToBottom", {"CopyMode": "Close"}]}),
        ("copy_mode", KeyEvent("t"), {"CopyMode": {"JumpForward": {"prev_char": True}}}),
        ("search_mode", KeyEvent("r", CTRL), {"CopyMode": "CycleMatchType"}),
        ("search_mode", KeyEvent("Enter"), {"CopyMode": "PriorMatch"}),
    ],
)
def test_default_key_tables(table, event, action):
    assert made({}).lookup_table(table, event) == parse_assignment(action)


def test_all_default_actions_are_known_assignments():
    bindings = [*default_key_bindings(), *fallback_leader_table(FALLBACK_LEADER)]
    bindings += [binding for table in default_key_tables().values() for binding in table]
    for action in [binding.action for binding in bindings] + [m.action for m in default_mouse_bindings()]:
        assert parse_assignment({"Multiple": [action]}).args == (action,)


def test_the_configs_own_binding_wins_however_it_is_written():
    event = KeyEvent("1", CTRL | SHIFT, shifted_key="!")
    assert made({"keys": [{"key": "!", "mods": "CTRL|SHIFT", "action": "Nop"}]}).lookup(event).name == "Nop"


def test_a_default_can_be_disabled():
    values: dict[str, object] = {
        "keys": [{"key": "C", "mods": "CTRL", "action": "DisableDefaultAssignment"}],
        "mouse_bindings": [
            {"event": {"Down": {"streak": 1, "button": "Middle"}}, "action": "DisableDefaultAssignment"}
        ],
    }
    found = made(values)
    assert found.lookup(KeyEvent("c", CTRL | SHIFT)) is None
    assert found.lookup(KeyEvent("c", SUPER)) is not None
    trigger = MouseTrigger("Down", 1, MouseButton.MIDDLE)
    assert found.lookup_mouse(trigger, Modifiers.NONE, mouse_reporting=False, alt_screen=False) is None


def test_all_defaults_can_be_disabled():
    found = made({"disable_default_key_bindings": True, "disable_default_mouse_bindings": True})
    assert not len(found.defaults)
    assert not found.mouse
    assert "copy_mode" in found.tables


def test_a_key_table_of_the_config_replaces_the_default_one():
    found = made({"key_tables": {"copy_mode": [{"key": "h", "action": "Nop"}]}})
    assert found.lookup_table("copy_mode", KeyEvent("h")).name == "Nop"
    assert found.lookup_table("copy_mode", KeyEvent("j")) is None
    assert found.lookup_table("search_mode", KeyEvent("Enter")) is not None
    assert found.lookup_table("missing", KeyEvent("j")) is None


def test_the_leader():
    found = made(
        {"leader": {"key": "A", "mods": "CTRL"}, "keys": [{"key": "x", "mods": "LEADER", "action": "Nop"}]}
    )
    assert found.is_leader(KeyEvent("a", CTRL | SHIFT))
    assert not found.is_leader(KeyEvent("a", CTRL))
    assert found.lookup(KeyEvent("x")) is None
    assert found.lookup(KeyEvent("x", Modifiers.LEADER)).name == "Nop"
    assert not made({}).is_leader(KeyEvent("a", CTRL))


FALLBACK_EVENT = KeyEvent("t", CTRL)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (KeyEvent("c"), "SpawnTab"),
        (KeyEvent("n"), "ActivateTabRelative"),
        (KeyEvent("p"), "ActivateTabRelative"),
        (KeyEvent("3"), "ActivateTab"),
        (KeyEvent("%", text="%"), "SplitHorizontal"),
        (KeyEvent("'", SHIFT, text='"'), "SplitVertical"),
        (KeyEvent("LeftArrow"), "ActivatePaneDirection"),
        (KeyEvent("z"), "TogglePaneZoomState"),
        (KeyEvent("x"), "CloseCurrentPane"),
        (KeyEvent("&", text="&"), "CloseCurrentTab"),
        (KeyEvent("PageUp"), "ScrollByPage"),
        (KeyEvent("g"), "ScrollToTop"),
        (KeyEvent("g", SHIFT, text="G"), "ScrollToBottom"),
        (KeyEvent("y"), "CopyTo"),
        (KeyEvent("]"), "PasteFrom"),
        (KeyEvent(":", text=":"), "ActivateCommandPalette"),
        (KeyEvent("r"), "ReloadConfiguration"),
        (KeyEvent("q"), "QuitApplication"),
        (FALLBACK_EVENT, "SendKey"),
    ],
)
def test_the_fallback_leader_reaches_everyday_actions(event, name):
    found = made({"disable_default_key_bindings": True}, fallback=True)
    leader = found.lookup(FALLBACK_EVENT)
    assert leader is not None
    assert (leader.name, leader.args.name, leader.args.one_shot) == ("ActivateKeyTable", FALLBACK_TABLE, True)
    action = found.lookup_table(FALLBACK_TABLE, event)
    assert action is not None
    assert action.name == name


def test_the_fallback_leader_is_offered_only_where_it_is_wanted():
    assert made({}).lookup(FALLBACK_EVENT) is None
    assert made({"tui_fallback_leader": False}, fallback=True).lookup(FALLBACK_EVENT) is None
    own = made({"keys": [{"key": "t", "mods": "CTRL", "action": "Nop"}]}, fallback=True)
    assert own.lookup(FALLBACK_EVENT).name == "Nop"
    moved = made({"tui_fallback_leader": {"key": "b", "mods": "CTRL"}}, fallback=True)
    assert moved.lookup(KeyEvent("b", CTRL)).name == "ActivateKeyTable"
    assert moved.lookup_table(FALLBACK_TABLE, KeyEvent("b", CTRL)).name == "SendKey"


def test_mouse_assignments():
    def lookup(found, trigger, mods=Modifiers.NONE, *, reporting=False, alt=False):
        return found.lookup_mouse(trigger, mods, mouse_reporting=reporting, alt_screen=alt)

    left, wheel = MouseTrigger("Down", 1, MouseButton.LEFT), MouseTrigger("Down", 1, MouseButton.WHEEL_UP)
    found = made({"mouse_bindings": [
        {"event": {"Down": {"streak": 1, "button": {"WheelUp": 1}}}, "alt_screen": True, "action": "Nop"},
        {"event": {"Down": {"streak": 1, "button": "Left"}}, "mouse_reporting": True, "action": "Hide"},
        {"event": {"Down": {"streak": 1, "button": "Left"}}, "mods": "ALT", "action": "Nop"},
        {"event": {"Down": {"streak": 1, "button": "Left"}}, "mods": "ALT", "action": "Show"},
    ]})  # fmt: skip
    assert lookup(found, left).args == "Cell"
    assert lookup(found, left, SHIFT).name == "ExtendSelectionToMouseCursor"
    assert lookup(found, left, reporting=True).name == "Hide"
    assert lookup(found, left, ALT).name == "Show"
    assert lookup(found, wheel).name == "ScrollByCurrentEventWheelDelta"
    assert lookup(found, wheel, alt=True).name == "Nop"
    assert lookup(found, left, CTRL) is None
