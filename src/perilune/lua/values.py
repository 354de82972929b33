"""The values that cross between Lua and the rest of the program. Plain, frozen; any thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.config.problems import Problem
    from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = [
    "DomainRef",
    "EmitResult",
    "HandlerTraits",
    "LoadResult",
    "MuxWindowRef",
    "PaneRef",
    "ReadPath",
    "TabRef",
    "Title",
    "TitleBatch",
    "TitleKind",
    "TitleRequest",
    "TitleTraits",
    "UrlText",
    "WindowRef",
]


ReadPath = tuple[object, ...]
"""What a callback read, relative to what it was given; see `Title.reads`."""

TitleKind = Literal["pure", "opaque", "stateful"]


@dataclass(frozen=True, slots=True)
class WindowRef:
    """Stands for a gui window (`window` in handlers)."""

    id: int


@dataclass(frozen=True, slots=True)
class MuxWindowRef:
    """Stands for a mux window."""

    id: int


@dataclass(frozen=True, slots=True)
class TabRef:
    """Stands for a tab."""

    id: int


@dataclass(frozen=True, slots=True)
class PaneRef:
    """Stands for a pane."""

    id: int


@dataclass(frozen=True, slots=True)
class DomainRef:
    """Stands for a domain."""

    id: int


class UrlText(str):
    """A URL, which is a Url object in Lua."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load came to.

    Attributes:
        config: the configuration; None exactly if `error` is not.
        error: what failed, with file:line, for the user; the state that was in force before stays.
        problems: findings about options; their messages begin with file:line where that is known.
        watch_files: every file that the load read or was told to watch.
        events: names with a handler.
        raw: the options as the file gave them, in Lua's forms.
    """

    config: Config | None
    error: str | None
    problems: tuple[Problem, ...]
    watch_files: tuple[Path, ...]
    events: frozenset[str]
    raw: dict[str, object]


@dataclass(frozen=True, slots=True)
class EmitResult:
    """What an emission came to.

    Attributes:
        proceed: False if a handler returned a literal false, or failed (the default action is skipped too).
        error: message with file:line of the handler that failed; it has been logged.
        dropped: not emitted: one of that name was running and another waiting for the window.
        may_write: whether the handlers that ran may have written Lua state that outlives them. Then
            `LuaHost.epoch` has grown.
    """

    proceed: bool
    error: str | None = None
    dropped: bool = False
    may_write: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class TitleRequest:
    """One call of format-tab-title: which tab (position in `TitleBatch.tabs`), `hover`, `max_width`."""

    tab: int
    hover: bool
    max_width: int


@dataclass(frozen=True, slots=True)
class TitleBatch:
    """All titles wanted of a window.

    Attributes:
        window_id: which window.
        tabs: its tabs, from left to right.
        panes: those of its active tab.
        requests: the calls wanted.
        config_generation: comes back as the value of a read of `config`; it belongs to the caller.
        fresh: give every call plain tables that were made for it alone, and track nothing: the reference that
            tracked calls are compared with.
    """

    window_id: int
    tabs: Sequence[TabInformation]
    panes: Sequence[PaneInformation]
    requests: Sequence[TitleRequest] = ()
    config_generation: int = 0
    fresh: bool = False


class TitleTraits(NamedTuple):
    """What the bytecode of a title callback tells without running it.

    Attributes:
        uses_hover: it may read `hover`.
        uses_max_width: it may read `max_width`.
        kind: "pure"; "opaque": it may ask for what has no version (files, processes, random numbers);
            "stateful": calling it may change something that outlives the call.
        reasons: why it is no better than that, each with file and line.
    """

    uses_hover: bool
    uses_max_width: bool
    kind: TitleKind
    reasons: tuple[str, ...]


class HandlerTraits(NamedTuple):
    """What the bytecode of an event's handler tells without running it.

    Attributes:
        file: the path of the file that it is in; "" where that is not known.
        line: where it begins there; 0 where that is not known.
        kind: as in `TitleTraits`.
        reasons: likewise.
        reads: of the host and of mutable Lua variables, each with file and line.
    """

    file: str
    line: int
    kind: TitleKind
    reasons: tuple[str, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """What one title callback came to.

    Attributes:
        text: with SGR sequences; None: the built-in title (also when `error` says what failed).
        error: one line with file and line.
        reads: what was read, with the value seen, each path once, in the order of reading. Paths begin with
            "tab", "tabs", "panes" (and "pane" for window titles), "config", "host", "clock" or "epoch"; "#"
            stands for the length of a list, "*" for the set of keys of a table. Empty for a fresh call.
        uses_hover: the outcome may depend on the request's `hover`.
        uses_max_width: likewise.
        kind: of this run: see `TitleTraits`. A run is opaque only if it made an opaque call.
        reasons: why it is no better.
        clock_due: the moment, in seconds since the epoch, at which what was read of the clock may change.
        microseconds: what the call took.
        error_kind: "budget" if it used up its instructions, else "error"; None without an error.
        conversion_microseconds: how much of that reading the result took; None if nobody measures it.
    """

    text: str | None
    error: str | None = None
    reads: tuple[tuple[ReadPath, object], ...] = ()
    uses_hover: bool = True
    uses_max_width: bool = True
    kind: TitleKind = "opaque"
    reasons: tuple[str, ...] = ()
    clock_due: float | None = None
    microseconds: float = field(default=0.0, compare=False)
    error_kind: Literal["error", "budget"] | None = None
    conversion_microseconds: float | None = field(default=None, compare=False)
