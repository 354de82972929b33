"""At most one emission of an event running and one waiting, for each window. Lua thread only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from perilune.lua.values import PaneRef, WindowRef

__all__ = ["Reentrancy"]

_UNBOUNDED = frozenset({"user-var-changed", "open-uri", "new-tab-button-click"})
Key = tuple[int, str]


class Reentrancy:
    """Who runs and who waits, by window and event."""

    def __init__(self) -> None:
        self._running: dict[Key, object] = {}
        self._waiting: dict[Key, tuple[object, Callable[[], None]]] = {}

    def key(self, event: str, args: Sequence[object]) -> Key | None:
        """The gate of an emission; None where the rule does not hold."""
        if event in _UNBOUNDED or len(args) < 2:
            return None
        window, pane = args[0], args[1]
        if not isinstance(window, WindowRef) or not isinstance(pane, PaneRef):
            return None
        return window.id, event

    def admit(self, key: Key, pane: object, run: Callable[[], None]) -> str:
        """Answer "run" (the caller runs it), "queued", "dropped", or "dropped for another pane"."""
        if key not in self._running:
            self._running[key] = pane
            return "run"
        if key not in self._waiting:
            self._waiting[key] = (pane, run)
            return "queued"
        return "dropped" if self._waiting[key][0] == pane else "dropped for another pane"

    def leave(self, key: Key) -> Callable[[], None] | None:
        """One has ended; what to run next."""
        following = self._waiting.pop(key, None)
        if following is None:
            self._running.pop(key, None)
            return None
        self._running[key] = following[0]
        return following[1]
