"""What assignments do, in words, and those that the command palette offers.

Only data and text: nothing is carried out here. Any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from perilune.config.arguments import AdjustPaneSize, CloseConfirm, Domain, PaneSelect, Pattern, SpawnCommand
from perilune.config.assignment import ASSIGNMENTS, KeyAssignment

__all__ = ["PALETTE", "describe", "is_describable"]

_A = KeyAssignment
_HERE = Domain("CurrentPaneDomain")
_ESCAPE = re.compile(r"\x1b\[[0-9;:]*m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_PANE_SELECT = {
    "Activate": "Pick a Pane to Activate",
    "SwapWithActive": "Swap with a Pane",
    "SwapWithActiveKeepFocus": "Swap with a Pane, Keeping the Focus",
    "MoveToNewTab": "Move a Pane to a New Tab",
    "MoveToNewWindow": "Move a Pane to a New Window",
}

_PLAIN: Mapping[str, str] = MappingProxyType(
    {
        "ActivateCommandPalette": "Command Palette",
        "ActivateCopyMode": "Copy Mode",
        "ActivateLastTab": "Activate the Last Active Tab",
        "CharSelect": "Emoji and Characters",
        "ClearKeyTableStack": "Leave All Key Tables",
        "ClearSelection": "Clear the Selection",
        "DecreaseFontSize": "Decrease Font Size",
        "Hide": "Hide the Window",
        "HideApplication": "Hide the Application",
        "IncreaseFontSize": "Increase Font Size",
        "OpenLinkAtMouseCursor": "Open the Link at the Mouse",
        "PopKeyTable": "Leave the Key Table",
        "QuickSelect": "Quick Select",
        "QuickSelectArgs": "Quick Select",
        "QuitApplication": "Quit",
        "ReloadConfiguration": "Reload Configuration",
        "ResetFontAndWindowSize": "Reset Font and Window Size",
        "ResetFontSize": "Reset Font Size",
        "ResetTerminal": "Reset the Terminal",
        "ScrollToBottom": "Scroll to the Bottom",
        "ScrollToTop": "Scroll to the Top",
        "Search": "Search",
        "Show": "Show the Window",
        "ShowDebugOverlay": "Debug Overlay",
        "ShowFrameTimes": "Show Frame Times",
        "ShowLauncher": "Launcher",
        "ShowTabNavigator": "Tab Navigator",
        "SpawnWindow": "New Window",
        "ToggleAlwaysOnBottom": "Toggle Always on Bottom",
        "ToggleAlwaysOnTop": "Toggle Always on Top",
        "ToggleFullScreen": "Toggle Full Screen",
        "TogglePaneZoomState": "Toggle Pane Zoom",
        "ToggleProfileRecording": "Start or Stop Recording a Profile",
    }
)


def _program(command: SpawnCommand) -> str:
    return command.label or " ".join(command.args or ())


def _with(words: str, command: SpawnCommand) -> str:
    program = _program(command)
    return f"{words}: {program}" if program else words


def _counted(count: float, thing: str) -> str:
    amount = f"{abs(count):g}"
    return f"{amount} {thing}" if amount == "1" else f"{amount} {thing}s"


def _relative(thing: str, count: int, rest: str = "") -> str:
    way = "Next" if count > 0 else "Previous"
    steps = "" if abs(count) == 1 else f" ({abs(count)} Further)"
    return f"Activate the {way} {thing}{steps}{rest}"


def _moved(count: int) -> str:
    return f"Move Tab {'Right' if count > 0 else 'Left'}" + ("" if abs(count) == 1 else f" by {abs(count)}")


def _tab(index: int) -> str:
    if index < 0:
        return "Activate the Last Tab" if index == -1 else f"Activate Tab {-index} from the End"
    return f"Activate Tab {index + 1}"


def _spawned(domain: Domain) -> str:
    if domain.kind == "CurrentPaneDomain":
        return "New Tab"
    return (
        "New Tab (Default Domain)" if domain.kind == "DefaultDomain" else f"New Tab (Domain {domain.value})"
    )


def _asked(description: str) -> str:
    plain = " ".join(_ESCAPE.sub("", description).split())
    return f"Ask: {plain}" if plain else "Ask for a Line of Text"


_ARGUED: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "ActivateKeyTable": lambda table: f"Activate the Key Table {table.name}",
        "ActivatePaneByIndex": lambda index: f"Activate Pane {index + 1}",
        "ActivatePaneDirection": lambda way: (
            f"Activate the {way} Pane" if way in {"Next", "Prev"} else f"Activate Pane {way}"
        ),
        "ActivateTab": _tab,
        "ActivateTabRelative": lambda count: _relative("Tab", count),
        "ActivateTabRelativeNoWrap": lambda count: _relative("Tab", count, " (No Wrapping)"),
        "ActivateWindow": lambda index: f"Activate Window {index + 1}",
        "ActivateWindowRelative": lambda count: _relative("Window", count),
        "ActivateWindowRelativeNoWrap": lambda count: _relative("Window", count, " (No Wrapping)"),
        "AdjustPaneSize": lambda size: f"Resize Pane {size.direction} by {_counted(size.amount, 'Cell')}",
        "AttachDomain": lambda name: f"Attach the Domain {name}",
        "ClearScrollback": lambda what: (
            "Clear the Scrollback and the Viewport"
            if what == "ScrollbackAndViewport"
            else "Clear the Scrollback"
        ),
        "CloseCurrentPane": lambda _: "Close Current Pane",
        "CloseCurrentTab": lambda _: "Close Current Tab",
        "CopyTo": lambda place: {
            "Clipboard": "Copy to Clipboard",
            "PrimarySelection": "Copy to Primary Selection",
        }.get(place, "Copy to Clipboard and Primary Selection"),
        "DetachDomain": lambda domain: (
            "Detach the Pane's Domain" if domain == _HERE else f"Detach the Domain {domain.value}".strip()
        ),
        "EmitEvent": lambda name: f"Emit the Event {name}",
        "InputSelector": lambda chooser: (
            f"Choose: {chooser.title}" if chooser.title else "Choose from a List"
        ),
        "MoveTab": lambda index: f"Move Tab to Position {index + 1}",
        "MoveTabRelative": _moved,
        "OpenUri": lambda uri: f"Open {uri}",
        "PaneSelect": lambda select: _PANE_SELECT[select.mode],
        "PasteFrom": lambda place: (
            "Paste from Primary Selection" if place == "PrimarySelection" else "Paste from Clipboard"
        ),
        "PromptInputLine": lambda prompt: _asked(prompt.description),
        "RotatePanes": lambda way: (
            "Rotate Panes Clockwise" if way == "Clockwise" else "Rotate Panes Counterclockwise"
        ),
        "ScrollByLine": lambda count: f"Scroll {'Down' if count > 0 else 'Up'} {_counted(count, 'Line')}",
        "ScrollByPage": lambda count: f"Scroll {'Down' if count > 0 else 'Up'} {_counted(count, 'Page')}",
        "ScrollToPrompt": lambda count: f"Scroll {'Down' if count > 0 else 'Up'} {_counted(count, 'Prompt')}",
        "SendKey": lambda chord: f"Send the Key {chord}",
        "SendString": lambda text: f"Send the Text {text!r}",
        "SetPaneZoomState": lambda zoomed: "Zoom the Pane" if zoomed else "End the Pane's Zoom",
        "SetWindowLevel": lambda level: {
            "AlwaysOnTop": "Window Always on Top",
            "AlwaysOnBottom": "Window Always on Bottom",
        }.get(level, "Window at the Normal Level"),
        "ShowLauncherArgs": lambda launcher: (
            launcher.title
            or "Launcher: " + ", ".join(sorted(flag.replace("_", " ").title() for flag in launcher.flags))
        ),
        "SpawnCommandInNewTab": lambda command: _with("New Tab", command),
        "SpawnCommandInNewWindow": lambda command: _with("New Window", command),
        "SpawnTab": _spawned,
        "SplitHorizontal": lambda command: _with("Split Horizontally (Left/Right)", command),
        "SplitPane": lambda split: _with(f"Split Pane {split.direction}", split.command),
        "SplitVertical": lambda command: _with("Split Vertically (Top/Bottom)", command),
        "SwitchToWorkspace": lambda to: f"Switch to Workspace {to.name}" if to.name else "New Workspace",
        "SwitchWorkspaceRelative": lambda count: _relative("Workspace", count),
        "Multiple": lambda several: ", then ".join(map(describe, several)),
    }
)


def describe(assignment: KeyAssignment) -> str:
    """What it does.

    >>> describe(KeyAssignment("ActivateTab", 0)), describe(KeyAssignment("ShowDebugOverlay"))
    ('Activate Tab 1', 'Debug Overlay')
    """
    argued = _ARGUED.get(assignment.name)
    if argued is not None and assignment.args is not None:
        return argued(assignment.args)
    return _PLAIN.get(assignment.name) or str(assignment)


def is_describable(assignment: KeyAssignment) -> bool:
    """Whether it is of use in a list: not what does nothing, needs the mouse, or has no name but a number."""
    if assignment.name == "Multiple":
        return bool(assignment.args) and all(map(is_describable, assignment.args))
    if assignment.name == "EmitEvent":
        return not str(assignment.args).startswith("user-defined-")
    return assignment.name in _PLAIN or (assignment.name in _ARGUED and assignment.args is not None)


PALETTE: tuple[KeyAssignment, ...] = (
    _A("SpawnTab", _HERE),
    _A("SplitHorizontal", SpawnCommand()),
    _A("SplitVertical", SpawnCommand()),
    _A("TogglePaneZoomState"),
    _A("CloseCurrentPane", CloseConfirm(confirm=True)),
    _A("CloseCurrentTab", CloseConfirm(confirm=True)),
    _A("SpawnWindow"),
    _A("ActivateTabRelative", 1),
    _A("ActivateTabRelative", -1),
    _A("ActivateLastTab"),
    _A("MoveTabRelative", 1),
    _A("MoveTabRelative", -1),
    *(_A("ActivateTab", index) for index in (*range(8), -1)),
    *(_A("ActivatePaneDirection", way) for way in ("Left", "Right", "Up", "Down")),
    *(_A("AdjustPaneSize", AdjustPaneSize(way, 1)) for way in ("Left", "Right", "Up", "Down")),
    *(_A("PaneSelect", PaneSelect(mode=mode)) for mode in _PANE_SELECT),
    _A("RotatePanes", "Clockwise"),
    _A("RotatePanes", "CounterClockwise"),
    _A("ActivateCopyMode"),
    _A("Search", Pattern("CurrentSelectionOrEmptyString")),
    _A("QuickSelect"),
    _A("CharSelect", ASSIGNMENTS["CharSelect"].default),
    _A("CopyTo", "Clipboard"),
    _A("CopyTo", "PrimarySelection"),
    _A("PasteFrom", "Clipboard"),
    _A("PasteFrom", "PrimarySelection"),
    _A("ClearSelection"),
    _A("ScrollByPage", -1.0),
    _A("ScrollByPage", 1.0),
    _A("ScrollToTop"),
    _A("ScrollToBottom"),
    _A("ScrollToPrompt", -1),
    _A("ScrollToPrompt", 1),
    _A("ClearScrollback", "ScrollbackOnly"),
    _A("ClearScrollback", "ScrollbackAndViewport"),
    _A("ShowTabNavigator"),
    _A("ShowLauncher"),
    _A("SwitchToWorkspace", ASSIGNMENTS["SwitchToWorkspace"].default),
    _A("SwitchWorkspaceRelative", 1),
    _A("SwitchWorkspaceRelative", -1),
    _A("ReloadConfiguration"),
    _A("ShowDebugOverlay"),
    _A("ShowFrameTimes"),
    _A("ToggleProfileRecording"),
    _A("ResetTerminal"),
    _A("IncreaseFontSize"),
    _A("DecreaseFontSize"),
    _A("ResetFontSize"),
    _A("ResetFontAndWindowSize"),
    _A("ToggleFullScreen"),
    _A("ToggleAlwaysOnTop"),
    _A("ToggleAlwaysOnBottom"),
    _A("Hide"),
    _A("DetachDomain", _HERE),
    _A("QuitApplication"),
)
"""What the palette offers without a config, the everyday ones first."""
