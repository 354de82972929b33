"""The stack of activated key tables of one window, and the leader. Timers live on the loop. Mux thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from perilune.base.loop import EventLoop, Timer

__all__ = ["KeyTableEntry", "KeyTableStack", "LeaderState"]


@dataclass(slots=True, eq=False)
class KeyTableEntry:
    """One activated key table, as ActivateKeyTable described it. Two activations are two, equal or not."""

    name: str
    one_shot: bool = True
    timeout_ms: int | None = None
    until_unknown: bool = False
    prevent_fallback: bool = False
    due: float = 0.0


class KeyTableStack:
    """Which key tables are active, the newest last.

    Args:
        loop: for time-outs.
        on_change: called after every change, so that status events and frames follow.
    """

    def __init__(self, loop: EventLoop, on_change: Callable[[], None]) -> None:
        self._loop = loop
        self._on_change = on_change
        self._entries: list[KeyTableEntry] = []
        self._timer: Timer | None = None

    @property
    def active_name(self) -> str | None:
        """The name of the newest table, None without one."""
        return self._entries[-1].name if self._entries else None

    def entries(self) -> tuple[KeyTableEntry, ...]:
        """Newest first: the order in which they are asked."""
        return tuple(reversed(self._entries))

    def activate(self, entry: KeyTableEntry, *, replace_current: bool = False) -> None:
        """Push a table; with `replace_current` the newest one goes first."""
        if replace_current and self._entries:
            self._entries.pop()
        self._start_time(entry)
        self._entries.append(entry)
        self._arm()
        self._on_change()

    def pop(self) -> None:
        """Take the newest away; nothing without one."""
        if self._entries:
            self._entries.pop()
            self._arm()
            self._on_change()

    def clear(self) -> None:
        """Take all away."""
        if self._entries:
            self._entries.clear()
            self._arm()
            self._on_change()

    def remove(self, entry: KeyTableEntry) -> None:
        """Take one away, wherever it stands."""
        if entry in self._entries:
            self._entries.remove(entry)
            self._arm()
            self._on_change()

    def matched(self, entry: KeyTableEntry) -> None:
        """One of its keys was pressed: its time starts anew."""
        if entry.timeout_ms is not None and entry in self._entries:
            self._start_time(entry)
            self._arm()

    def _start_time(self, entry: KeyTableEntry) -> None:
        if entry.timeout_ms is not None:
            entry.due = self._loop.clock.monotonic() + entry.timeout_ms / 1000

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        dues = [entry.due for entry in self._entries if entry.timeout_ms is not None]
        if dues:
            self._timer = self._loop.call_later(min(dues) - self._loop.clock.monotonic(), self._expire)

    def _expire(self) -> None:
        now = self._loop.clock.monotonic()
        kept = [entry for entry in self._entries if entry.timeout_ms is None or entry.due > now]
        changed = len(kept) != len(self._entries)
        self._entries = kept
        self._arm()
        if changed:
            self._on_change()


class LeaderState:
    """Whether the leader key was pressed and the next key is still awaited."""

    def __init__(self, loop: EventLoop, on_change: Callable[[], None]) -> None:
        self._loop = loop
        self._on_change = on_change
        self._timer: Timer | None = None
        self._active = False

    @property
    def is_active(self) -> bool:
        """True between the leader and the key after it, or its time-out."""
        return self._active

    def start(self, timeout_ms: int) -> None:
        """The leader key went down."""
        self.stop()
        self._active = True
        self._timer = self._loop.call_later(timeout_ms / 1000, self.stop)
        self._on_change()

    def stop(self) -> None:
        """The key after it came, or its time ran out."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._active:
            self._active = False
            self._on_change()
