"""The default key and mouse assignments: WezTerm's, and the table of the tui's fallback leader.

Only data, as `KeyBinding` and `MouseBinding` values. `input_map` lays the config's own over them.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from perilune.base.input import Modifiers, MouseButton
from perilune.config.arguments import (
    ActivateKeyTable,
    AdjustPaneSize,
    CharSelect,
    CloseConfirm,
    Domain,
    Jump,
    Pattern,
    SpawnCommand,
)
from perilune.config.assignment import KeyAssignment
from perilune.config.keys import KeyBinding, KeyChord, LeaderKey, parse_chord
from perilune.config.mouse import MouseBinding, MouseTrigger

__all__ = [
    "FALLBACK_TABLE",
    "default_key_bindings",
    "default_key_tables",
    "default_mouse_bindings",
    "fallback_leader_binding",
    "fallback_leader_table",
]

FALLBACK_TABLE = "fallback_leader"
"""Name of the key table that the fallback leader activates."""

_A = KeyAssignment
_Written = tuple[str, str, KeyAssignment]
_HERE = Domain("CurrentPaneDomain")
_ASK = CloseConfirm(confirm=True)
_BOTH = "ClipboardAndPrimarySelection"

# Symbols of a US keyboard with SHIFT; WezTerm registers the shifted variants too.
_SHIFTED = dict(zip("1234567890-=[]\\;',./`", '!@#$%^&*()_+{}|:"<>?~', strict=True))

_KEYS: tuple[_Written, ...] = (
    ("SUPER", "r", _A("ReloadConfiguration")),
    ("SUPER", "t", _A("SpawnTab", _HERE)),
    ("SUPER|SHIFT", "t", _A("SpawnTab", Domain("DefaultDomain"))),
    ("SUPER", "n", _A("SpawnWindow")),
    ("CTRL|ALT|SHIFT", "'", _A("SplitVertical", SpawnCommand(domain=_HERE))),
    ("CTRL|ALT|SHIFT", "5", _A("SplitHorizontal", SpawnCommand(domain=_HERE))),
    ("SUPER", "w", _A("CloseCurrentTab", _ASK)),
    ("SHIFT", "Insert", _A("PasteFrom", "PrimarySelection")),
    ("CTRL", "Insert", _A("CopyTo", "PrimarySelection")),
    ("SUPER", "c", _A("CopyTo", "Clipboard")),
    ("", "Copy", _A("CopyTo", "Clipboard")),
    ("SUPER", "v", _A("PasteFrom", "Clipboard")),
    ("", "Paste", _A("PasteFrom", "Clipboard")),
    ("SUPER", "k", _A("ClearScrollback", "ScrollbackOnly")),
    ("CTRL|SHIFT", "Space", _A("QuickSelect")),
    ("CTRL|SHIFT", "u", _A("CharSelect", CharSelect())),
    ("CTRL|SHIFT", "x", _A("ActivateCopyMode")),
    ("CTRL|SHIFT", "p", _A("ActivateCommandPalette")),
    ("SUPER", "-", _A("DecreaseFontSize")),
    ("CTRL", "-", _A("DecreaseFontSize")),
    ("SUPER", "=", _A("IncreaseFontSize")),
    ("CTRL", "=", _A("IncreaseFontSize")),
    ("SUPER", "0", _A("ResetFontSize")),
    ("CTRL", "0", _A("ResetFontSize")),
    ("SHIFT", "PageUp", _A("ScrollByPage", -1.0)),
    ("SHIFT", "PageDown", _A("ScrollByPage", 1.0)),
    ("ALT", "Enter", _A("ToggleFullScreen")),
    ("SUPER", "m", _A("Hide")),
    ("SUPER", "f", _A("Search", Pattern("CurrentSelectionOrEmptyString"))),
    *(("SUPER", str(number), _A("ActivateTab", number - 1)) for number in range(1, 9)),
    ("SUPER", "9", _A("ActivateTab", -1)),
    ("SUPER|SHIFT", "[", _A("ActivateTabRelative", -1)),
    ("CTRL|SHIFT", "Tab", _A("ActivateTabRelative", -1)),
    ("CTRL", "PageUp", _A("ActivateTabRelative", -1)),
    ("SUPER|SHIFT", "]", _A("ActivateTabRelative", 1)),
    ("CTRL", "Tab", _A("ActivateTabRelative", 1)),
    ("CTRL", "PageDown", _A("ActivateTabRelative", 1)),
    ("CTRL|SHIFT", "PageUp", _A("MoveTabRelative", -1)),
    ("CTRL|SHIFT", "PageDown", _A("MoveTabRelative", 1)),
    *(
        ("CTRL|ALT|SHIFT", f"{direction}Arrow", _A("AdjustPaneSize", AdjustPaneSize(direction, 1)))
        for direction in ("Left", "Right", "Up", "Down")
    ),
    *(
        ("CTRL|SHIFT", f"{direction}Arrow", _A("ActivatePaneDirection", direction))
        for direction in ("Left", "Right", "Up", "Down")
    ),
    ("CTRL|SHIFT", "z", _A("TogglePaneZoomState")),
    ("CTRL|SHIFT", "l", _A("ShowDebugOverlay")),
)


def _copy(name: str, argument: object = None) -> KeyAssignment:
    return _A("CopyMode", _A(name, argument))


_LEAVE = _A("Multiple", (_A("ScrollToBottom"), _copy("Close")))

_COPY_MODE: tuple[_Written, ...] = (
    ("CTRL", "c", _LEAVE),
    ("CTRL", "g", _LEAVE),
    ("", "q", _LEAVE),
    ("", "Escape", _LEAVE),
    ("", "h", _copy("MoveLeft")),
    ("", "LeftArrow", _copy("MoveLeft")),
    ("", "j", _copy("MoveDown")),
    ("", "DownArrow", _copy("MoveDown")),
    ("", "k", _copy("MoveUp")),
    ("", "UpArrow", _copy("MoveUp")),
    ("", "l", _copy("MoveRight")),
    ("", "RightArrow", _copy("MoveRight")),
    ("ALT", "RightArrow", _copy("MoveForwardWord")),
    ("ALT", "f", _copy("MoveForwardWord")),
    ("", "Tab", _copy("MoveForwardWord")),
    ("", "w", _copy("MoveForwardWord")),
    ("", "e", _copy("MoveForwardWordEnd")),
    ("ALT", "LeftArrow", _copy("MoveBackwardWord")),
    ("ALT", "b", _copy("MoveBackwardWord")),
    ("SHIFT", "Tab", _copy("MoveBackwardWord")),
    ("", "b", _copy("MoveBackwardWord")),
    ("", "0", _copy("MoveToStartOfLine")),
    ("", "Home", _copy("MoveToStartOfLine")),
    ("", "Enter", _copy("MoveToStartOfNextLine")),
    ("", "$", _copy("MoveToEndOfLineContent")),
    ("SHIFT", "$", _copy("MoveToEndOfLineContent")),
    ("", "End", _copy("MoveToEndOfLineContent")),
    ("ALT", "m", _copy("MoveToStartOfLineContent")),
    ("", "^", _copy("MoveToStartOfLineContent")),
    ("SHIFT", "^", _copy("MoveToStartOfLineContent")),
    ("", "Space", _copy("SetSelectionMode", "Cell")),
    ("", "v", _copy("SetSelectionMode", "Cell")),
    ("", "V", _copy("SetSelectionMode", "Line")),
    ("CTRL", "v", _copy("SetSelectionMode", "Block")),
    ("", "G", _copy("MoveToScrollbackBottom")),
    ("", "g", _copy("MoveToScrollbackTop")),
    ("", "H", _copy("MoveToViewportTop")),
    ("", "M", _copy("MoveToViewportMiddle")),
    ("", "L", _copy("MoveToViewportBottom")),
    ("", "PageUp", _copy("PageUp")),
    ("", "PageDown", _copy("PageDown")),
    ("CTRL", "b", _copy("PageUp")),
    ("CTRL", "f", _copy("PageDown")),
    ("CTRL", "u", _copy("MoveByPage", -0.5)),
    ("CTRL", "d", _copy("MoveByPage", 0.5)),
    ("", "o", _copy("MoveToSelectionOtherEnd")),
    ("", "O", _copy("MoveToSelectionOtherEndHoriz")),
    ("", "y", _A("Multiple", (_A("CopyTo", _BOTH), _LEAVE))),
    ("", ";", _copy("JumpAgain")),
    ("", ",", _copy("JumpReverse")),
    ("", "F", _copy("JumpBackward", Jump(prev_char=False))),
    ("", "T", _copy("JumpBackward", Jump(prev_char=True))),
    ("", "f", _copy("JumpForward", Jump(prev_char=False))),
    ("", "t", _copy("JumpForward", Jump(prev_char=True))),
)

_SEARCH_MODE: tuple[_Written, ...] = (
    ("", "Escape", _copy("Close")),
    ("", "UpArrow", _copy("PriorMatch")),
    ("", "Enter", _copy("PriorMatch")),
    ("CTRL", "p", _copy("PriorMatch")),
    ("", "PageUp", _copy("PriorMatchPage")),
    ("", "PageDown", _copy("NextMatchPage")),
    ("CTRL", "n", _copy("NextMatch")),
    ("", "DownArrow", _copy("NextMatch")),
    ("CTRL", "r", _copy("CycleMatchType")),
    ("CTRL", "u", _copy("ClearPattern")),
)

# Keys as tmux, vim and less have them, so that hands know them.
_FALLBACK: tuple[_Written, ...] = (
    ("", "c", _A("SpawnTab", _HERE)),
    ("", "t", _A("SpawnTab", _HERE)),
    ("", "n", _A("ActivateTabRelative", 1)),
    ("", "p", _A("ActivateTabRelative", -1)),
    ("", "Tab", _A("ActivateLastTab")),
    *(("", str(number), _A("ActivateTab", number - 1)) for number in range(1, 9)),
    ("", "9", _A("ActivateTab", -1)),
    ("", "<", _A("MoveTabRelative", -1)),
    ("", ">", _A("MoveTabRelative", 1)),
    ("", "w", _A("ShowTabNavigator")),
    ("", "%", _A("SplitHorizontal", SpawnCommand(domain=_HERE))),
    ("", "|", _A("SplitHorizontal", SpawnCommand(domain=_HERE))),
    ("", '"', _A("SplitVertical", SpawnCommand(domain=_HERE))),
    ("", "-", _A("SplitVertical", SpawnCommand(domain=_HERE))),
    *(
        ("", key, _A("ActivatePaneDirection", direction))
        for direction, letter in (("Left", "h"), ("Down", "j"), ("Up", "k"), ("Right", "l"))
        for key in (f"{direction}Arrow", letter)
    ),
    *(
        (mods, key, _A("AdjustPaneSize", AdjustPaneSize(direction, 5)))
        for direction, letter in (("Left", "H"), ("Down", "J"), ("Up", "K"), ("Right", "L"))
        for mods, key in (("SHIFT", f"{direction}Arrow"), ("", letter))
    ),
    ("", "o", _A("ActivatePaneDirection", "Next")),
    ("", "z", _A("TogglePaneZoomState")),
    ("", "x", _A("CloseCurrentPane", _ASK)),
    ("", "X", _A("CloseCurrentTab", _ASK)),
    ("", "&", _A("CloseCurrentTab", _ASK)),
    ("", "PageUp", _A("ScrollByPage", -1.0)),
    ("", "PageDown", _A("ScrollByPage", 1.0)),
    ("", "Home", _A("ScrollToTop")),
    ("", "End", _A("ScrollToBottom")),
    ("", "g", _A("ScrollToTop")),
    ("", "G", _A("ScrollToBottom")),
    ("", "[", _A("ActivateCopyMode")),
    ("", "/", _A("Search", Pattern("CurrentSelectionOrEmptyString"))),
    ("", "Space", _A("QuickSelect")),
    ("", "y", _A("CopyTo", _BOTH)),
    ("", "]", _A("PasteFrom", "Clipboard")),
    ("", "v", _A("PasteFrom", "Clipboard")),
    ("", ":", _A("ActivateCommandPalette")),
    ("", "r", _A("ReloadConfiguration")),
    ("", "q", _A("QuitApplication")),
    ("", "Escape", _A("PopKeyTable")),
)

_Event = tuple[Modifiers, Literal["Down", "Up", "Drag"], int, MouseButton, KeyAssignment]
_NONE, _SHIFT, _ALT = Modifiers.NONE, Modifiers.SHIFT, Modifiers.ALT
_LEFT = MouseButton.LEFT
_MOUSE: tuple[_Event, ...] = (
    (_NONE, "Down", 3, _LEFT, _A("SelectTextAtMouseCursor", "Line")),
    (_NONE, "Down", 2, _LEFT, _A("SelectTextAtMouseCursor", "Word")),
    (_NONE, "Down", 1, _LEFT, _A("SelectTextAtMouseCursor", "Cell")),
    (_ALT, "Down", 1, _LEFT, _A("SelectTextAtMouseCursor", "Block")),
    (_SHIFT, "Down", 1, _LEFT, _A("ExtendSelectionToMouseCursor", "Cell")),
    (_SHIFT, "Up", 1, _LEFT, _A("CompleteSelectionOrOpenLinkAtMouseCursor", _BOTH)),
    (_NONE, "Up", 1, _LEFT, _A("CompleteSelectionOrOpenLinkAtMouseCursor", _BOTH)),
    (_ALT, "Up", 1, _LEFT, _A("CompleteSelection", _BOTH)),
    (_ALT | _SHIFT, "Down", 1, _LEFT, _A("ExtendSelectionToMouseCursor", "Block")),
    (_ALT | _SHIFT, "Up", 1, _LEFT, _A("CompleteSelectionOrOpenLinkAtMouseCursor", "PrimarySelection")),
    (_NONE, "Up", 2, _LEFT, _A("CompleteSelection", _BOTH)),
    (_NONE, "Up", 3, _LEFT, _A("CompleteSelection", _BOTH)),
    (_NONE, "Drag", 1, _LEFT, _A("ExtendSelectionToMouseCursor", "Cell")),
    (_ALT, "Drag", 1, _LEFT, _A("ExtendSelectionToMouseCursor", "Block")),
    (_NONE, "Drag", 2, _LEFT, _A("ExtendSelectionToMouseCursor", "Word")),
    (_NONE, "Drag", 3, _LEFT, _A("ExtendSelectionToMouseCursor", "Line")),
    (_NONE, "Down", 1, MouseButton.MIDDLE, _A("PasteFrom", "PrimarySelection")),
    (Modifiers.SUPER, "Drag", 1, _LEFT, _A("StartWindowDrag")),
    (Modifiers.CTRL | _SHIFT, "Drag", 1, _LEFT, _A("StartWindowDrag")),
)


def _bindings(written: tuple[_Written, ...]) -> tuple[KeyBinding, ...]:
    return tuple(KeyBinding(parse_chord(key, mods), action) for mods, key, action in written)


def _variants(mods: str, key: str) -> list[KeyChord]:
    """A chord and those that WezTerm adds to it.

    SUPER belongs to the window manager in many desktops, so CTRL|SHIFT stands beside it; and a shifted symbol
    is registered with and without SHIFT.
    """
    found = [parse_chord(key, mods)]
    symbol = _SHIFTED.get(key)
    if mods == "SUPER":
        found.append(parse_chord(key, "CTRL|SHIFT"))
        if symbol:
            found += [parse_chord(symbol, "CTRL|SHIFT"), parse_chord(symbol, "CTRL")]
    elif symbol and "SHIFT" in mods:
        plain = parse_chord(symbol, mods)
        found += [plain, plain._replace(mods=plain.mods & ~Modifiers.SHIFT)]
    return found


@cache
def default_key_bindings() -> tuple[KeyBinding, ...]:
    """WezTerm's default key assignments."""
    found: dict[KeyChord, KeyAssignment] = {}
    for mods, key, action in _KEYS:
        for chord in _variants(mods, key):
            found.setdefault(chord, action)
    return tuple(KeyBinding(chord, action) for chord, action in found.items())


@cache
def default_key_tables() -> dict[str, tuple[KeyBinding, ...]]:
    """WezTerm's default key tables, `copy_mode` and `search_mode`."""
    return {"copy_mode": _bindings(_COPY_MODE), "search_mode": _bindings(_SEARCH_MODE)}


@cache
def default_mouse_bindings() -> tuple[MouseBinding, ...]:
    """WezTerm's default mouse assignments."""
    wheel = tuple(
        MouseBinding(
            event=MouseTrigger("Down", 1, button),
            action=_A("ScrollByCurrentEventWheelDelta"),
            alt_screen=False,
        )
        for button in (MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN)
    )
    return wheel + tuple(
        MouseBinding(event=MouseTrigger(kind, streak, button), mods=mods, action=action)
        for mods, kind, streak, button, action in _MOUSE
    )


def fallback_leader_binding(leader: LeaderKey) -> KeyBinding:
    """What makes a chord the fallback leader: it activates the table for one key."""
    arguments = ActivateKeyTable(
        name=FALLBACK_TABLE, one_shot=True, timeout_milliseconds=leader.timeout_milliseconds
    )
    return KeyBinding(leader.chord, _A("ActivateKeyTable", arguments))


def fallback_leader_table(leader: LeaderKey) -> tuple[KeyBinding, ...]:
    """The everyday actions behind the fallback leader; pressed twice, the leader is sent to the program."""
    return (*_bindings(_FALLBACK), KeyBinding(leader.chord, _A("SendKey", leader.chord)))
