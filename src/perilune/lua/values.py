"""The values that cross between Lua and the rest of the program. Plain, frozen; any thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.config.problems import Problem
    from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = [
    "DomainRef",
    "EmitResult",
    "LoadResult",
    "MuxWindowRef",
    "PaneRef",
    "TabRef",
    "Title",
    "TitleBatch",
    "TitleRequest",
    "UrlText",
    "WindowRef",
]


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
    """

    proceed: bool
    error: str | None = None
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class TitleRequest:
    """One call of format-tab-title: which tab (position in `TitleBatch.tabs`), `hover`, `max_width`."""

    tab: int
    hover: bool
    max_width: int


@dataclass(frozen=True, slots=True)
class TitleBatch:
    """All titles wanted of a window; `panes` are those of its active tab."""

    window_id: int
    tabs: Sequence[TabInformation]
    panes: Sequence[PaneInformation]
    requests: Sequence[TitleRequest] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """`text` with SGR sequences; None: the built-in title (also when `error` says what failed)."""

    text: str | None
    error: str | None = None
