"""Signatures first; the implementation follows in the next commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.base.clock import Clock
    from perilune.config.options import Config, Problem
    from perilune.lua.host_api import HostApi
    from perilune.mux.snapshot import PaneInformation, TabInformation


@dataclass(frozen=True, slots=True)
class WindowRef:
    """Stands for a window among an event's arguments."""

    window_id: int


@dataclass(frozen=True, slots=True)
class PaneRef:
    """Stands for a pane among an event's arguments."""

    pane_id: int


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load came to; `config` is None exactly if `error` (with file:line) is not."""

    config: Config | None
    error: str | None
    problems: tuple[Problem, ...]
    watch_files: tuple[Path, ...]
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class EmitResult:
    """What an emission came to.

    Attributes:
        proceed: False if a handler returned a literal false, or failed (then the default action is skipped too).
        error: message with file:line of the handler that failed; it is logged already.
        dropped: not emitted, because one of the same name was running and another waiting for that window.
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
    requests: Sequence[TitleRequest]


@dataclass(frozen=True, slots=True)
class Title:
    """`text` with SGR sequences; None: use the built-in title (also when `error` says what failed)."""

    text: str | None
    error: str | None = None


class LuaHost:
    """Owns the Lua thread. All methods from any thread; every `on_done` is called through `post`."""

    def __init__(self, api: HostApi, post: Callable[[Callable[[], None]], None], clock: Clock) -> None: ...

    def start(self) -> None: ...
    def close(self) -> None: ...
    def load(
        self,
        path: Path | None,
        overrides: Sequence[tuple[str, str]],  # --config name=value, value a Lua expression
        on_done: Callable[[LoadResult], None],
    ) -> None: ...
    def load_string(self, source: str, name: str, on_done: Callable[[LoadResult], None]) -> None: ...
    def has_handler(self, event: str) -> bool: ...
    def emit(
        self, event: str, args: Sequence[object], on_done: Callable[[EmitResult], None] | None = None
    ) -> None: ...
    def emit_status(self, window_id: int, pane_id: int) -> None:
        """update-right-status, then update-status."""
    def call_first(
        self, event: str, args: Sequence[object], on_done: Callable[[object, str | None], None]
    ) -> None:
        """First handler only, synchronous in Lua; its value (augment-command-palette, mux-is-process-stateful)."""
    def set_window_config(self, window_id: int, config: Mapping[str, object] | None) -> None:
        """The `config` argument of title callbacks where a window has overrides; None: that of the load."""
    def format_titles(self, batch: TitleBatch, on_done: Callable[[tuple[Title, ...]], None]) -> None: ...
    def format_window_title(self, batch: TitleBatch, on_done: Callable[[Title], None]) -> None: ...
