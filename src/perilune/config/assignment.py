"""Key assignments: every action that a key or mouse button can have, with the shape of its argument.

Reads the three written forms as they arrive from Lua: `"Name"`, `{Name = argument}`, and a `KeyAssignment`
handed through. What an assignment does is `app`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from perilune.base.input import Modifiers
from perilune.config.arguments import (
    ADJUST,
    ANY_DIRECTION,
    COPY_DESTINATION,
    DOMAIN,
    PASTE_SOURCE,
    PATTERN,
    SELECTION_MODE,
    SPAWN_COMMAND,
    ActivateKeyTable,
    AdjustPaneSize,
    CharSelect,
    CloseConfirm,
    CopyTextTo,
    Domain,
    Jump,
    Launcher,
    PaneSelect,
    Pattern,
    SpawnCommand,
    SplitPane,
    SplitSize,
    SwitchToWorkspace,
)
from perilune.config.dimension import Dimension
from perilune.config.forms import (
    BOOLEAN,
    NUMBER,
    STRING,
    Form,
    as_table,
    choice,
    integer,
    list_of,
    optional,
)
from perilune.config.keys import CHORD, KeyChord, format_mods
from perilune.config.patterns import PATTERNS
from perilune.config.problems import ConfigError, Place, describe, nearest, suggestion
from perilune.config.record import Option, Record, form_of, option
from perilune.config.resolved import color_text

__all__ = [
    "ACTION",
    "ASSIGNMENTS",
    "COPY_MODE_ASSIGNMENTS",
    "InputSelector",
    "InputSelectorChoice",
    "KeyAssignment",
    "PromptInputLine",
    "QuickSelect",
    "Shape",
    "field_value",
    "parse_assignment",
    "to_value",
]


@dataclass(frozen=True, slots=True)
class KeyAssignment:
    """An action with its argument.

    Attributes:
        name: WezTerm's name of it, a key of `ASSIGNMENTS` (or of `COPY_MODE_ASSIGNMENTS` inside `CopyMode`).
        args: the argument, in the type that the table says: None, a number, a string, a record, a tuple of
            assignments (`Multiple`), an assignment (`CopyMode`).
    """

    name: str
    args: Any = None

    def __str__(self) -> str:
        return self.name if self.args is None else f"{self.name}({_lua(to_value(self.args))})"


class Shape(NamedTuple):
    """What argument an assignment takes.

    Attributes:
        form: how it is read; None where there is none.
        default: used where the argument is left out; `REQUIRED` where it must not be.
        replaced_by: the assignment that a removed name stands for.
    """

    form: Form[Any] | None = None
    default: object = None
    replaced_by: KeyAssignment | None = None

    @property
    def is_required(self) -> bool:
        """Whether the argument must be given."""
        return self.default is _REQUIRED


_REQUIRED = object()


def _read_action(value: object, at: Place, _expected: str) -> KeyAssignment:
    return parse_assignment(value, at)


ACTION: Form[KeyAssignment] = Form("a key assignment", _read_action)


class QuickSelect(Record):
    """Arguments of QuickSelectArgs."""

    alphabet: str = option(STRING, default="", doc="Labels; quick_select_alphabet where empty.")
    patterns: tuple[str, ...] = option(
        PATTERNS, default=(), doc="Regexes; quick_select_patterns where empty."
    )
    action: KeyAssignment | None = option(optional(ACTION), default=None, doc="Done instead of copying.")
    skip_action_on_paste: bool = option(BOOLEAN, default=False, doc="Not when pasted.")
    label: str = option(STRING, default="", doc="Shown instead of 'copy'.")
    scope_lines: int | None = option(optional(integer(0)), default=None, doc="Rows around the viewport.")


class PromptInputLine(Record):
    """Ask for a line of text."""

    action: KeyAssignment = option(ACTION, doc="Called with the line.")
    description: str = option(STRING, default="", doc="Shown above; may hold escape sequences.")
    prompt: str = option(STRING, default="> ", doc="Before the line.")
    initial_value: str | None = option(optional(STRING), default=None, doc="What the line begins with.")


class InputSelectorChoice(Record):
    """One entry of an InputSelector."""

    label: str = option(STRING, doc="Shown; may hold escape sequences.")
    id: str | None = option(optional(STRING), default=None, doc="Given to the action.")


class InputSelector(Record):
    """Let the user pick from a list."""

    action: KeyAssignment = option(ACTION, doc="Called with id and label.")
    choices: tuple[InputSelectorChoice, ...] = option(
        list_of(form_of(InputSelectorChoice)), default=(), doc="The entries."
    )
    title: str = option(STRING, default="", doc="Title.")
    fuzzy: bool = option(BOOLEAN, default=False, doc="Begin with matching.")
    alphabet: str = option(STRING, default="1234567890abcdefghilmnopqrstuvwxyz", doc="Labels.")
    description: str = option(
        STRING,
        default="Select an item and press Enter = accept,  Esc = cancel,  / = filter",
        doc="Help line.",
    )
    fuzzy_description: str = option(STRING, default="Fuzzy matching: ", doc="Help line when matching.")


def _copy_mode(value: object, at: Place, _expected: str) -> KeyAssignment:
    return _parse(value, at, COPY_MODE_ASSIGNMENTS, "copy mode assignment")


_NONE = Shape()
_INT = Shape(integer(), _REQUIRED)
_INDEX = Shape(integer(0), _REQUIRED)
_TEXT = Shape(STRING, _REQUIRED)
_SPAWN = Shape(SPAWN_COMMAND, SpawnCommand())
_CONFIRM = Shape(form_of(CloseConfirm, "{confirm=true} or {confirm=false}"), CloseConfirm())

ASSIGNMENTS: Mapping[str, Shape] = MappingProxyType(
    {
        "ActivateCommandPalette": _NONE,
        "ActivateCopyMode": _NONE,
        "ActivateKeyTable": Shape(form_of(ActivateKeyTable), _REQUIRED),
        "ActivateLastTab": _NONE,
        "ActivatePaneByIndex": _INDEX,
        "ActivatePaneDirection": Shape(ANY_DIRECTION, _REQUIRED),
        "ActivateTab": _INT,
        "ActivateTabRelative": _INT,
        "ActivateTabRelativeNoWrap": _INT,
        "ActivateWindow": _INDEX,
        "ActivateWindowRelative": _INT,
        "ActivateWindowRelativeNoWrap": _INT,
        "AdjustPaneSize": Shape(ADJUST, _REQUIRED),
        "AttachDomain": _TEXT,
        "CharSelect": Shape(form_of(CharSelect), CharSelect()),
        "ClearKeyTableStack": _NONE,
        "ClearScrollback": Shape(choice("ScrollbackOnly", "ScrollbackAndViewport"), "ScrollbackOnly"),
        "ClearSelection": _NONE,
        "CloseCurrentPane": _CONFIRM,
        "CloseCurrentTab": _CONFIRM,
        "CompleteSelection": Shape(COPY_DESTINATION, "ClipboardAndPrimarySelection"),
        "CompleteSelectionOrOpenLinkAtMouseCursor": Shape(COPY_DESTINATION, "ClipboardAndPrimarySelection"),
        "Copy": Shape(replaced_by=KeyAssignment("CopyTo", "ClipboardAndPrimarySelection")),
        "CopyMode": Shape(Form("a copy mode assignment", _copy_mode), _REQUIRED),
        "CopyTextTo": Shape(form_of(CopyTextTo), _REQUIRED),
        "CopyTo": Shape(COPY_DESTINATION, "ClipboardAndPrimarySelection"),
        "DecreaseFontSize": _NONE,
        "DetachDomain": Shape(DOMAIN, Domain("CurrentPaneDomain")),
        "DisableDefaultAssignment": _NONE,
        "EmitEvent": _TEXT,
        "ExtendSelectionToMouseCursor": Shape(SELECTION_MODE, "Cell"),
        "Hide": _NONE,
        "HideApplication": _NONE,
        "IncreaseFontSize": _NONE,
        "InputSelector": Shape(form_of(InputSelector), _REQUIRED),
        "MoveTab": _INDEX,
        "MoveTabRelative": _INT,
        "Multiple": Shape(list_of(ACTION, strict=True), _REQUIRED),
        "Nop": _NONE,
        "OpenLinkAtMouseCursor": _NONE,
        "OpenUri": _TEXT,
        "PaneSelect": Shape(form_of(PaneSelect), PaneSelect()),
        "Paste": Shape(replaced_by=KeyAssignment("PasteFrom", "Clipboard")),
        "PasteFrom": Shape(PASTE_SOURCE, "Clipboard"),
        "PastePrimarySelection": Shape(replaced_by=KeyAssignment("PasteFrom", "PrimarySelection")),
        "PopKeyTable": _NONE,
        "PromptInputLine": Shape(form_of(PromptInputLine), _REQUIRED),
        "QuickSelect": _NONE,
        "QuickSelectArgs": Shape(form_of(QuickSelect), QuickSelect()),
        "QuitApplication": _NONE,
        "ReloadConfiguration": _NONE,
        "ResetFontAndWindowSize": _NONE,
        "ResetFontSize": _NONE,
        "ResetTerminal": _NONE,
        "RotatePanes": Shape(choice("Clockwise", "CounterClockwise"), _REQUIRED),
        "ScrollByCurrentEventWheelDelta": _NONE,
        "ScrollByLine": _INT,
        "ScrollByPage": Shape(NUMBER, _REQUIRED),
        "ScrollToBottom": _NONE,
        "ScrollToPrompt": _INT,
        "ScrollToTop": _NONE,
        "Search": Shape(PATTERN, Pattern("CurrentSelectionOrEmptyString")),
        "SelectTextAtMouseCursor": Shape(SELECTION_MODE, "Cell"),
        "SendKey": Shape(CHORD, _REQUIRED),
        "SendString": _TEXT,
        "SetPaneZoomState": Shape(BOOLEAN, _REQUIRED),
        "SetWindowLevel": Shape(choice("AlwaysOnBottom", "Normal", "AlwaysOnTop"), "Normal"),
        "Show": _NONE,
        "ShowDebugOverlay": _NONE,
        "ShowFrameTimes": _NONE,  # ours
        "ShowLauncher": _NONE,
        "ShowLauncherArgs": Shape(form_of(Launcher), _REQUIRED),
        "ShowTabNavigator": _NONE,
        "SpawnCommandInNewTab": _SPAWN,
        "SpawnCommandInNewWindow": _SPAWN,
        "SpawnTab": Shape(DOMAIN, Domain("CurrentPaneDomain")),
        "SpawnWindow": _NONE,
        "SplitHorizontal": _SPAWN,
        "SplitPane": Shape(form_of(SplitPane), _REQUIRED),
        "SplitVertical": _SPAWN,
        "StartWindowDrag": _NONE,
        "SwitchToWorkspace": Shape(form_of(SwitchToWorkspace), SwitchToWorkspace()),
        "SwitchWorkspaceRelative": _INT,
        "ToggleAlwaysOnBottom": _NONE,
        "ToggleAlwaysOnTop": _NONE,
        "ToggleFullScreen": _NONE,
        "TogglePaneZoomState": _NONE,
        "ToggleProfileRecording": _NONE,  # ours
    }
)
"""Every assignment by name."""

_PLAIN_COPY_MODE = """
MoveToViewportBottom MoveToViewportTop MoveToViewportMiddle MoveToScrollbackTop MoveToScrollbackBottom
ClearSelectionMode MoveToStartOfLineContent MoveToEndOfLineContent MoveToStartOfLine
MoveToStartOfNextLine MoveToSelectionOtherEnd MoveToSelectionOtherEndHoriz MoveBackwardWord
MoveForwardWord MoveForwardWordEnd MoveRight MoveLeft MoveUp MoveDown PageUp PageDown Close PriorMatch
NextMatch PriorMatchPage NextMatchPage CycleMatchType ClearPattern EditPattern AcceptPattern
MoveBackwardSemanticZone MoveForwardSemanticZone JumpAgain JumpReverse
"""
_ZONE = Shape(choice("Output", "Input", "Prompt"), _REQUIRED)

COPY_MODE_ASSIGNMENTS: Mapping[str, Shape] = MappingProxyType(
    dict.fromkeys(
        _PLAIN_COPY_MODE.split(),
        _NONE,
    )
    | {
        "SetSelectionMode": Shape(optional(SELECTION_MODE), None),
        "MoveByPage": Shape(NUMBER, _REQUIRED),
        "MoveBackwardZoneOfType": _ZONE,
        "MoveForwardZoneOfType": _ZONE,
        # The documentation's names for the two.
        "MoveBackwardSemanticZoneOfType": _ZONE,
        "MoveForwardSemanticZoneOfType": _ZONE,
        "JumpForward": Shape(form_of(Jump), Jump()),
        "JumpBackward": Shape(form_of(Jump), Jump()),
    }
)
"""What `CopyMode` takes, by name."""

_CANONICAL = {
    "MoveBackwardSemanticZoneOfType": "MoveBackwardZoneOfType",
    "MoveForwardSemanticZoneOfType": "MoveForwardZoneOfType",
}
_MAX_DEPTH = 32
_UNIT_SUFFIXES = {"points": "pt", "pixels": "px", "percent": "%", "cells": "cell"}


def parse_assignment(value: object, at: Place | None = None) -> KeyAssignment:
    """Read an assignment in any of its written forms.

    Args:
        value: `"Name"`, `{"Name": argument}`, or a `KeyAssignment`.
        at: where it stands; collects warnings about unknown fields.

    Raises:
        ConfigError: no such assignment, or a wrong argument; the message is one sentence.

    >>> parse_assignment({"ActivateTab": 2.0})
    KeyAssignment(name='ActivateTab', args=2)
    """
    return _parse(value, at or Place("action"), ASSIGNMENTS, "key assignment")


def _parse(value: object, at: Place, table: Mapping[str, Shape], what: str) -> KeyAssignment:
    if isinstance(value, KeyAssignment):
        return value
    if at.path.count(".") > _MAX_DEPTH:
        raise ConfigError(f"{at.path[:60]}...: key assignments are nested too deeply")
    if isinstance(value, str):
        shape = _shape(value, at, table, what)
        if shape.is_required:
            expected = shape.form.expected if shape.form is not None else ""
            raise ConfigError(f"{at.path}: {value} needs an argument: {expected}")
        return shape.replaced_by or KeyAssignment(value, shape.default)
    fields = as_table(value)
    if fields is None or len(fields) != 1:
        extra = f" with {len(fields)} fields" if fields is not None else ""
        raise ConfigError(
            f"{at.path}: expected a {what}: a name or a table of one name and its argument, "
            f"got {describe(value)}{extra}"
        )
    ((name, argument),) = fields.items()
    if not isinstance(name, str):
        raise ConfigError(f"{at.path}: expected a {what}'s name, got {describe(name)}")
    shape = _shape(name, at, table, what)
    place = at.field(name)
    if shape.form is None:
        if argument is not None and not (as_table(argument) is not None and not argument):
            raise ConfigError(f"{place.path}: {name} takes no argument, got {describe(argument)}")
        return shape.replaced_by or KeyAssignment(name)
    if argument is None:
        return _parse(name, at, table, what)
    return KeyAssignment(_CANONICAL.get(name, name), shape.form.read(argument, place))


def _shape(name: str, at: Place, table: Mapping[str, Shape], what: str) -> Shape:
    shape = table.get(name)
    if shape is None:
        near = nearest(name, table)
        raise ConfigError(f"{at.path}: there is no {what} {name[:60]!r}{suggestion(near)}", near)
    return shape


def field_value(declared: Option, value: object, *, is_whole: bool = False) -> object:
    """The value of an option or field as `to_value` has it; colours as text, where the form takes them."""
    if isinstance(value, tuple) and "colour" in declared.form.expected:
        if len(value) == 3 and all(type(item) is int for item in value):
            return color_text(value)
        return [field_value(declared, item) for item in value]
    return to_value(value, is_whole=is_whole)


def to_value(value: object, *, is_whole: bool = False) -> object:
    """A typed value as the plain one that a config would hold: what `parse_assignment` reads back.

    Args:
        value: the value.
        is_whole: fields of records that were not given are told too, with their defaults.
    """
    match value:
        case KeyAssignment():
            return value.name if value.args is None else {value.name: to_value(value.args)}
        case KeyChord():
            return {"key": value.written_key, "mods": format_mods(value.mods) or "NONE"}
        case Domain("DomainName" | "DomainId"):
            return {value.kind: value.value}
        case Domain() | Pattern("CurrentSelectionOrEmptyString"):
            return value[0]
        case Pattern():
            return {value.kind: value.text}
        case SplitSize():
            return {value.unit: value.amount}
        case Dimension():
            return f"{value.value:g}{_UNIT_SUFFIXES[value.unit]}"
        case AdjustPaneSize():
            return [value.direction, value.amount]
        case Record():
            given = ((name, item) for name, item in value.items() if is_whole or name in value.__dict__)
            return {
                name: field_value(value.declared[name], item, is_whole=is_whole)
                for name, item in given
                if item is not None
            }
        case Modifiers():
            return format_mods(value) or "NONE"
        case frozenset():
            return "|".join(sorted(value))
        case tuple():
            return [to_value(item, is_whole=is_whole) for item in value]
        case Mapping():
            return {name: to_value(item) for name, item in value.items()}
        case _:
            return value


def _lua(value: object) -> str:
    match value:
        case None:
            return "nil"
        case bool():
            return str(value).lower()
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        case list():
            return "{" + ", ".join(map(_lua, value)) + "}"
        case dict():
            return "{" + ", ".join(f"{name}={_lua(item)}" for name, item in value.items()) + "}"
        case _:
            return str(value)
