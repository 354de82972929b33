"""The arguments that key assignments take, as frozen values to dispatch on.

Those that hold an assignment of their own (`QuickSelectArgs`, `PromptInputLine`, `InputSelector`) are beside
`KeyAssignment`, in `assignment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from perilune.config.forms import (
    BOOLEAN,
    PATH,
    STRING,
    STRING_MAP,
    STRINGS,
    TABLE,
    Form,
    as_list,
    as_table,
    choice,
    integer,
    optional,
)
from perilune.config.problems import Place
from perilune.config.record import Record, form_of, option

__all__ = [
    "COPY_DESTINATION",
    "DOMAIN",
    "PATTERN",
    "SELECTION_MODE",
    "SPAWN_COMMAND",
    "ActivateKeyTable",
    "AdjustPaneSize",
    "CharSelect",
    "CloseConfirm",
    "CopyTextTo",
    "Domain",
    "Jump",
    "Launcher",
    "PaneSelect",
    "Pattern",
    "SpawnCommand",
    "SplitPane",
    "SplitSize",
    "SwitchToWorkspace",
]


class Domain(NamedTuple):
    """Which domain something is spawned in; `value` is the name or id where one is meant."""

    kind: Literal["CurrentPaneDomain", "DefaultDomain", "DomainName", "DomainId"]
    value: str | int = ""


class Pattern(NamedTuple):
    """What to search for."""

    kind: Literal["CaseSensitiveString", "CaseInSensitiveString", "Regex", "CurrentSelectionOrEmptyString"]
    text: str = ""


class SplitSize(NamedTuple):
    """The size of a new split."""

    unit: Literal["Percent", "Cells"]
    amount: int


class AdjustPaneSize(NamedTuple):
    """Move a pane's border; `direction` is Left, Right, Up, Down."""

    direction: str
    amount: int


def _variant(value: object) -> tuple[object, object] | None:
    """A table of one field as name and value."""
    table = as_table(value)
    if table is None or len(table) != 1:
        return None
    return next(iter(table.items()))


def _domain(value: object, at: Place, expected: str) -> Domain:
    if value == "CurrentPaneDomain":
        return Domain("CurrentPaneDomain")
    if value == "DefaultDomain":
        return Domain("DefaultDomain")
    match _variant(value):
        case ("DomainName", name):
            return Domain("DomainName", STRING.read(name, at.field("DomainName")))
        case ("DomainId", number):
            return Domain("DomainId", integer(0).read(number, at.field("DomainId")))
        case _:
            raise at.wrong(expected, value)


def _pattern(value: object, at: Place, expected: str) -> Pattern:
    if value == "CurrentSelectionOrEmptyString":
        return Pattern("CurrentSelectionOrEmptyString")
    match _variant(value):
        case (("CaseSensitiveString" | "CaseInSensitiveString" | "Regex") as kind, text):
            return Pattern(kind, STRING.read(text, at.field(kind)))
        case _:
            raise at.wrong(expected, value)


def _split_size(value: object, at: Place, expected: str) -> SplitSize:
    match _variant(value):
        case ("Percent", amount):
            return SplitSize("Percent", integer(0, 100).read(amount, at.field("Percent")))
        case ("Cells", amount):
            return SplitSize("Cells", integer(0).read(amount, at.field("Cells")))
        case _:
            raise at.wrong(expected, value)


DIRECTION = choice("Left", "Right", "Up", "Down")
ANY_DIRECTION = choice("Left", "Right", "Up", "Down", "Next", "Prev")
COPY_DESTINATION = choice("Clipboard", "PrimarySelection", "ClipboardAndPrimarySelection")
PASTE_SOURCE = choice("Clipboard", "PrimarySelection")
SELECTION_MODE = choice("Cell", "Word", "Line", "SemanticZone", "Block")
DOMAIN: Form[Domain] = Form(
    "'CurrentPaneDomain', 'DefaultDomain', {DomainName='name'} or {DomainId=number}", _domain
)
PATTERN: Form[Pattern] = Form(
    "{CaseSensitiveString='...'}, {CaseInSensitiveString='...'}, {Regex='...'} "
    "or 'CurrentSelectionOrEmptyString'",
    _pattern,
)


def _adjust(value: object, at: Place, expected: str) -> AdjustPaneSize:
    items = as_list(value)
    if items is None or len(items) != 2:
        raise at.wrong(expected, value)
    return AdjustPaneSize(DIRECTION.read(items[0], at.item(1)), integer(0).read(items[1], at.item(2)))


ADJUST: Form[AdjustPaneSize] = Form("a direction and a number of cells, {'Left', 5}", _adjust)


class SpawnCommand(Record):
    """What to run, and where."""

    label: str | None = option(optional(STRING), default=None, doc="Name in the launcher.")
    args: tuple[str, ...] | None = option(optional(STRINGS), default=None, doc="Program and arguments.")
    cwd: str | None = option(optional(PATH), default=None, doc="Directory.")
    set_environment_variables: Mapping[str, str] = option(
        STRING_MAP, default=MappingProxyType({}), doc="Additional environment."
    )
    domain: Domain = option(DOMAIN, default=Domain("CurrentPaneDomain"), doc="Domain.")
    position: Mapping[str, object] | None = option(optional(TABLE), default=None, doc="Window's place.")


SPAWN_COMMAND = form_of(SpawnCommand, "a table such as {args={'top'}}")


class SplitPane(Record):
    """Split a pane."""

    direction: str = option(DIRECTION, doc="Where the new pane goes.")
    size: SplitSize = option(
        Form("{Percent=50} or {Cells=10}", _split_size), default=SplitSize("Percent", 50), doc="Its size."
    )
    command: SpawnCommand = option(SPAWN_COMMAND, default=SpawnCommand(), doc="What runs in it.")
    top_level: bool = option(BOOLEAN, default=False, doc="Split the whole tab, not the pane.")


class CloseConfirm(Record):
    """Close something."""

    confirm: bool = option(BOOLEAN, default=True, doc="Ask first.")


class CopyTextTo(Record):
    """Copy a given text."""

    text: str = option(STRING, doc="The text.")
    destination: str = option(COPY_DESTINATION, doc="Clipboard or selection.")


class ActivateKeyTable(Record):
    """Push a key table."""

    name: str = option(STRING, doc="The table.")
    timeout_milliseconds: int | None = option(optional(integer(0)), default=None, doc="Pop it after.")
    replace_current: bool = option(BOOLEAN, default=False, doc="Pop the current table first.")
    one_shot: bool = option(BOOLEAN, default=True, doc="Pop it after one key.")
    until_unknown: bool = option(BOOLEAN, default=False, doc="Pop it at the first key it has not.")
    prevent_fallback: bool = option(BOOLEAN, default=False, doc="Swallow keys it has not.")


_LAUNCHER_FLAGS = (
    "FUZZY",
    "TABS",
    "LAUNCH_MENU_ITEMS",
    "DOMAINS",
    "KEY_ASSIGNMENTS",
    "WORKSPACES",
    "COMMANDS",
)


def _flags(value: object, at: Place, expected: str) -> frozenset[str]:
    if not isinstance(value, str):
        raise at.wrong(expected, value)
    found = [part.strip() for part in value.split("|")]
    form = choice(*_LAUNCHER_FLAGS)
    return frozenset(form.read(name, at) for name in found)


class Launcher(Record):
    """What the launcher shows."""

    flags: frozenset[str] = option(
        Form("flags such as 'FUZZY|TABS'", _flags),
        doc="What it lists, and FUZZY.",
    )
    title: str | None = option(optional(STRING), default=None, doc="Title.")
    help_text: str | None = option(optional(STRING), default=None, doc="Help line.")
    fuzzy_help_text: str | None = option(optional(STRING), default=None, doc="Help line when matching.")
    alphabet: str | None = option(optional(STRING), default=None, doc="Labels.")


class PaneSelect(Record):
    """Pick a pane by a label."""

    alphabet: str = option(STRING, default="", doc="Labels; quick_select_alphabet where empty.")
    mode: str = option(
        choice("Activate", "SwapWithActive", "SwapWithActiveKeepFocus", "MoveToNewTab", "MoveToNewWindow"),
        default="Activate",
        doc="What happens to it.",
    )
    show_pane_ids: bool = option(BOOLEAN, default=False, doc="Show ids beside the labels.")


_CHARACTER_GROUPS = """
RecentlyUsed SmileysAndEmotion PeopleAndBody AnimalsAndNature FoodAndDrink TravelAndPlaces Activities
Objects Symbols Flags NerdFonts UnicodeNames ShortCodes
"""


class CharSelect(Record):
    """Pick a character."""

    group: str | None = option(
        optional(choice(*_CHARACTER_GROUPS.split())),
        default=None,
        doc="The group shown first.",
    )
    copy_on_select: bool = option(BOOLEAN, default=True, doc="Copy it too.")
    copy_to: str = option(COPY_DESTINATION, default="ClipboardAndPrimarySelection", doc="Where to.")


class SwitchToWorkspace(Record):
    """Go to a workspace, making it where needed."""

    name: str | None = option(optional(STRING), default=None, doc="Its name; a random one where unset.")
    spawn: SpawnCommand | None = option(optional(SPAWN_COMMAND), default=None, doc="What a new one runs.")


class Jump(Record):
    """Jump to a character in copy mode."""

    prev_char: bool = option(BOOLEAN, default=False, doc="Stop before it.")
