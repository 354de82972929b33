"""What a terminal cannot do itself leaves it as one of these, in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Bell",
    "ClipboardQuery",
    "ClipboardSet",
    "CurrentDirectory",
    "IconTitleChanged",
    "Notification",
    "ProgressChanged",
    "SizeChanged",
    "TerminalEvent",
    "TitleChanged",
    "UserVarChanged",
]


@dataclass(frozen=True, slots=True)
class Bell:
    """BEL; one for all that rang within a slice of input."""


@dataclass(frozen=True, slots=True)
class TitleChanged:
    """OSC 0 or 2."""

    title: str


@dataclass(frozen=True, slots=True)
class IconTitleChanged:
    """OSC 0 or 1: what WezTerm calls the icon title."""

    title: str


@dataclass(frozen=True, slots=True)
class CurrentDirectory:
    """OSC 7 or OSC 1337 CurrentDir; `uri` as sent."""

    uri: str


@dataclass(frozen=True, slots=True)
class UserVarChanged:
    """OSC 1337 SetUserVar, decoded."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ProgressChanged:
    """OSC 9;4. `state` is "None", "Percentage", "Error" or "Indeterminate"; `percent` 0-100."""

    state: str
    percent: int = 0


@dataclass(frozen=True, slots=True)
class SizeChanged:
    """A program changed the size, which only `allow_size_changes` lets it do."""

    cols: int
    rows: int


@dataclass(frozen=True, slots=True)
class ClipboardSet:
    """OSC 52 with data. `selection` as sent ("c", "p", "" ...); empty `data` clears."""

    selection: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ClipboardQuery:
    """OSC 52 with "?": never answered with the clipboard; kept for the log."""

    selection: str


@dataclass(frozen=True, slots=True)
class Notification:
    """OSC 9 or OSC 777 notify."""

    title: str
    body: str


TerminalEvent = (
    Bell
    | TitleChanged
    | IconTitleChanged
    | CurrentDirectory
    | UserVarChanged
    | ProgressChanged
    | SizeChanged
    | ClipboardSet
    | ClipboardQuery
    | Notification
)
