"""Sends events to the config's handlers. An event without a handler never reaches the Lua thread.

That per window at most one handler of a name runs and one waits is the host's rule (tab-bar.md section 3),
not kept here. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from perilune.lua.values import EmitResult, PaneRef, WindowRef

__all__ = ["EventHost", "LuaEvents"]


class EventHost(Protocol):
    """The part of `LuaHost` that events need."""

    def has_handler(self, event: str) -> bool:
        """Whether the config registered a handler."""
        ...

    def emit(
        self, event: str, args: Sequence[object], on_done: Callable[[EmitResult], None] | None = None
    ) -> None:
        """Run the handlers on the Lua thread; `on_done` is called on the mux thread."""
        ...

    def call_first(
        self, event: str, args: Sequence[object], on_done: Callable[[object, str | None], None]
    ) -> None:
        """Run the first handler for its value: (value or None, error or None), on the mux thread."""
        ...


class LuaEvents:
    """The one way from the program to event handlers.

    Args:
        host: runs them.
        on_ran: called on the mux thread after handlers ran: titles that may see Lua state ask again then.
    """

    def __init__(self, host: EventHost, on_ran: Callable[[], None]) -> None:
        self._host = host
        self._on_ran = on_ran

    def has_handler(self, event: str) -> bool:
        """Whether an event would reach anyone."""
        return self._host.has_handler(event)

    def emit(
        self,
        event: str,
        window_id: int,
        pane_id: int | None,
        *more: object,
        on_done: Callable[[bool], None] | None = None,
    ) -> None:
        """Emit an event of a window and a pane.

        Args:
            event: its name.
            window_id: the window.
            pane_id: the pane; without one the event is not emitted, as in WezTerm, and `on_done` gets True.
            more: further arguments.
            on_done: gets whether the default action is to follow.
        """
        if pane_id is None or not self._host.has_handler(event):
            if on_done is not None:
                on_done(True)
            return
        self._emit(event, (WindowRef(window_id), PaneRef(pane_id), *more), on_done)

    def ask(
        self, event: str, window_id: int, pane_id: int | None, on_answer: Callable[[object], None]
    ) -> None:
        """What the first handler of an event answers; None without one, or when it fails, which is logged."""
        if pane_id is None or not self._host.has_handler(event):
            on_answer(None)
            return

        self.ask_with(event, (WindowRef(window_id), PaneRef(pane_id)), on_answer)

    def ask_with(self, event: str, args: Sequence[object], on_answer: Callable[[object], None]) -> None:
        """Likewise for an event that has a handler, with arguments of its own."""

        def answered(value: object, error: str | None) -> None:
            self._on_ran()
            on_answer(None if error is not None else value)

        self._host.call_first(event, args, answered)

    def emit_global(self, event: str, *args: object, on_done: Callable[[bool], None] | None = None) -> None:
        """Emit an event that belongs to no window (gui-startup, mux-startup)."""
        if self._host.has_handler(event):
            self._emit(event, args, on_done)
        elif on_done is not None:
            on_done(True)

    def _emit(self, event: str, args: Sequence[object], on_done: Callable[[bool], None] | None) -> None:
        def finished(result: EmitResult) -> None:
            if not result.dropped:
                self._on_ran()
            if on_done is not None:
                on_done(result.proceed)

        self._host.emit(event, args, finished)
