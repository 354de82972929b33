"""What titles read, as sources of a window's memo engine.

A callback reports paths (`tab.active_pane.title`, `tabs[2].is_active`, `#tabs`, ...), relative to what it was
given. Here a path becomes a source, made when something has read it and given up when nothing does any more,
and kept up to date from the window's snapshots: only tabs whose snapshot differs are looked at, so a frame
that changes one title touches the sources of one title.

Knows no Lua and no clock: answers of the host (GLOBAL, the mux, the time) are asked of whoever made this. Mux
thread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from perilune.lua.information import Reader, TitleScope, path_reader, read_path
from perilune.memo import MemoEngine, Source, same_value

if TYPE_CHECKING:
    from perilune.lua.values import ReadPath
    from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = [
    "LIVE_FIELDS",
    "WINDOW_SUBJECT",
    "Others",
    "TitleInputs",
    "TitleSources",
    "describe_key",
    "spell_path",
]

LIVE_FIELDS = frozenset({"foreground_process_name", "current_working_dir"})
"""Fields that nobody announces changes of."""

WINDOW_SUBJECT = "window"
"""The subject of a window's title."""


class TitleInputs:
    """What the callbacks of a window are given, `hover` and `max_width` aside."""

    __slots__ = ("_by_id", "active", "config_generation", "epoch", "panes", "tabs")

    def __init__(
        self,
        tabs: tuple[TabInformation, ...] = (),
        panes: tuple[PaneInformation, ...] = (),
        config_generation: int = 0,
        epoch: int = 0,
    ) -> None:
        self.tabs = tabs
        self.panes = panes
        self.config_generation = config_generation
        self.epoch = epoch
        self.active = next((tab for tab in tabs if tab.is_active), None)
        self._by_id: dict[Hashable, TabInformation] = {tab.tab_id: tab for tab in tabs}

    def scope(self, subject: Hashable) -> TitleScope:
        """What paths are about: for the title of a tab, or of the window, whose `tab` is the active one."""
        tab = self.active if subject == WINDOW_SUBJECT else self._by_id.get(subject)
        return TitleScope(tab, self.tabs, self.panes)


def spell_path(root: object, parts: Iterable[object], *, any_item: bool = False) -> str:
    """What was read, as Lua would write it; with `any_item`, whichever item of a list it was.

    >>> spell_path("tabs", [2, "title"]), spell_path("tabs", [2, "title"], any_item=True)
    ('tabs[2].title', 'tabs[*].title')
    """
    text = str(root)
    for part in parts:
        if part == "#":
            text = f"#{text}"
        elif part == "*":
            text = f"pairs({text})"
        elif isinstance(part, int):
            text += "[*]" if any_item else f"[{part}]"
        else:
            text += f".{part}"
    return text


def describe_key(key: Hashable) -> str:
    """A source's key as a user would write what was read: `tab.active_pane.title`, `tabs[2].is_active`.

    >>> describe_key(("tab", 7, "active_pane", "title")), describe_key(("tabs", 2, "is_active"))
    ('tab.active_pane.title', 'tabs[2].is_active')
    """
    if not isinstance(key, tuple) or not key:
        return str(key)
    root, *rest = key
    if root in {"tab", "pane"}:
        rest = rest[1:]  # whose tab it is, the row says
    elif root == "epoch":
        rest = []
    elif root in {"host", "others", "clock"} and rest:
        root = "host" if root == "others" else root
        return f"{root} {rest[0]}{rest[1:] if len(rest) > 1 else ''}".replace("[", "(").replace("]", ")")
    return spell_path(root, rest)


@dataclass(frozen=True, slots=True)
class Others:
    """What a callback that writes reads of the host: differs only when somebody else changed it.

    A callback that writes what it reads would make its own title stale, and those of the other tabs, with
    every run. `number` counts the changes by others; the value is for the ledger.
    """

    number: int
    value: object = field(compare=False)


class _Watched(NamedTuple):
    """A source with the path that it was made from; `subject` is the tab's id, or the window."""

    source: Source[object]
    subject: Hashable
    path: ReadPath
    read: Reader | None


class TitleSources:
    """The sources of one window.

    Args:
        engine: they belong to it.
        host_value: what a path that begins with "host" or "clock" reads now; KeyError if nobody can tell.
    """

    def __init__(self, engine: MemoEngine, host_value: Callable[[ReadPath], object]) -> None:
        self._engine = engine
        self._host_value = host_value
        self._groups: dict[Hashable, dict[Hashable, _Watched]] = {}
        self._untold = 0
        self._seen: dict[Hashable, Others] = {}
        self._written = [0, 0]  # by titles of tabs, by the window's: how often Lua state may have changed
        self._noticed = [0, 0]  # how much of the other's each had seen when it last ran
        self.inputs = TitleInputs()

    # Reads become sources.

    def reads(
        self,
        subject: Hashable,
        reads: Iterable[tuple[ReadPath, object]],
        then: TitleInputs,
        *,
        is_writer: bool = False,
    ) -> dict[Hashable, object]:
        """What an answer read, by source: for `MemoEngine.commit`.

        Args:
            subject: the tab's id; `WINDOW_SUBJECT` for a window's title.
            reads: paths with the values that were seen. For what was given with the batch, the batch tells.
            then: what was given.
            is_writer: whether the run may have changed what it read of the host; then what counts is
                what it left there, and only what others change makes it stale.
        """
        scope_then = then.scope(subject)
        scope = scope_then if then is self.inputs else self.inputs.scope(subject)
        found: dict[Hashable, object] = {}
        for path, seen in reads:
            key, group = self._key(subject, path)
            if is_writer and path[0] == "host":
                group, key = "others", ("others", *path[1:])
                left = self._left(key, path, seen)
                found[key] = left
                others = self._groups.setdefault(group, {})
                if key not in others:
                    others[key] = _Watched(self._engine.source(key, left), subject, path, None)
                continue
            read = path_reader(path)
            if path[0] == "epoch" and isinstance(seen, int):
                seen += self._written[subject != WINDOW_SUBJECT]  # noqa: PLW2901 - as _told has it
            found[key] = seen if read is None else read(scope_then)
            watched = self._groups.setdefault(group, {})
            if key not in watched:
                now = self._told(path, seen, subject) if read is None else read(scope)
                watched[key] = _Watched(self._engine.source(key, now), subject, path, read)
        return found

    @staticmethod
    def _key(subject: Hashable, path: ReadPath) -> tuple[Hashable, Hashable]:
        root = path[0]
        if root in {"tab", "pane"}:
            return (root, subject, *path[1:]), ("tab", subject)
        if root == "tabs":
            return path, ("tabs", path[1] if len(path) > 1 and isinstance(path[1], int) else "#")
        if root == "config":
            return ("config",), "config"
        if root == "epoch" and subject == WINDOW_SUBJECT:
            return ("epoch", WINDOW_SUBJECT), "epoch"
        return path, root

    def _told(self, path: ReadPath, seen: object, subject: Hashable) -> object:
        if path[0] == "config":
            return self.inputs.config_generation
        if path[0] != "epoch":
            return seen
        # Neither ever falls, so the sum is the same only if both are.
        return self.inputs.epoch + self._written[subject != WINDOW_SUBJECT]

    def _left(self, key: Hashable, path: ReadPath, seen: object) -> Others:
        """What is there after a run that writes."""
        try:
            value = self._host_value(path)
        except KeyError:
            value = seen
        known = self._seen.get(key)
        left = self._seen[key] = Others(0 if known is None else known.number, value)
        return left

    # Keeping up.

    def update(self, inputs: TitleInputs) -> None:
        """The window shows something else now."""
        old, self.inputs = self.inputs, inputs
        groups = self._groups
        if not groups:
            return
        if old.config_generation != inputs.config_generation:
            self._refresh("config")
        if old.epoch != inputs.epoch:
            self._refresh("epoch")
        if old.panes is not inputs.panes and old.panes != inputs.panes:
            self._refresh("panes")
        if old.tabs is inputs.tabs:
            return
        before = {tab.tab_id: tab for tab in old.tabs}
        for tab in inputs.tabs:
            was = before.pop(tab.tab_id, None)
            if was is not tab and was != tab:
                self._refresh(("tab", tab.tab_id))
        for tab_id in before:
            self.forget(tab_id)
        self._refresh(("tab", WINDOW_SUBJECT))
        for index in range(max(len(inputs.tabs), len(old.tabs))):
            was = old.tabs[index] if index < len(old.tabs) else None
            now = inputs.tabs[index] if index < len(inputs.tabs) else None
            if was is not now and was != now:
                self._refresh(("tabs", index + 1))
        if len(inputs.tabs) != len(old.tabs):
            self._refresh(("tabs", "#"))

    def _refresh(self, group: Hashable) -> None:
        watched = self._groups.get(group)
        if watched is None:
            return
        inputs = self.inputs
        scope, subject = inputs.scope(None), None
        for entry in self._alive(watched):
            if entry.read is None:
                entry.source.set(self._told(entry.path, None, entry.subject))
                continue
            if entry.subject != subject:
                scope, subject = inputs.scope(entry.subject), entry.subject
            entry.source.set(entry.read(scope))
        if not watched:
            del self._groups[group]

    def _alive(self, watched: dict[Hashable, _Watched]) -> Iterator[_Watched]:
        """Those that something still reads; the others are given up."""
        for key, entry in list(watched.items()):
            if entry.source.is_read:
                yield entry
            else:
                self._engine.remove_source(key)
                del watched[key]

    def refresh_host(self, roots: Collection[str] = ("host", "clock")) -> None:
        """Ask again for what is not in a snapshot; on the occasions when it may have changed."""
        for root in roots:
            watched = self._groups.get(root)
            if watched is None:
                continue
            for entry in self._alive(watched):
                try:
                    value = self._host_value(entry.path)
                except KeyError:  # no one can tell: it may have changed
                    self._untold += 1
                    value = ("untold", self._untold)
                entry.source.set(value)

        if "host" in roots:
            self._refresh_others(is_own=False)

    def note_run(self, *, is_window: bool, is_writer: bool) -> bool:
        """Titles of tabs, or the window's, ran: whether the other kind may see other Lua state now.

        A run that the other's writing may have been the cause of does not count as writing: else two that
        write what the other reads would call each other for ever. What it wrote is seen at the tick.
        """
        writer, other = int(is_window), int(not is_window)
        is_echo = self._noticed[writer] != self._written[other]
        self._noticed[writer] = self._written[other]
        if not is_writer:
            return False
        self._titles_ran()
        if is_echo:
            return False
        self._written[writer] += 1
        self._refresh("epoch")
        return True

    def _titles_ran(self) -> None:
        """Callbacks of titles ran that may have written: see what they left."""
        self._refresh_others(is_own=True)
        watched = self._groups.get("host")
        if watched is not None:
            for entry in self._alive(watched):
                with suppress(KeyError):
                    entry.source.set(self._host_value(entry.path))

    def _refresh_others(self, *, is_own: bool) -> None:
        watched = self._groups.get("others")
        if watched is None:
            return
        for key in [key for key, entry in watched.items() if not entry.source.is_read]:
            self._seen.pop(key, None)
        for entry in self._alive(watched):
            key = entry.source.key
            known = self._seen[key]
            try:
                value = self._host_value(entry.path)
            except KeyError:
                continue  # the tick lets it run again
            if not same_value(value, known.value):
                self._seen[key] = Others(known.number + (not is_own), value)
                entry.source.set(self._seen[key])

    def set_epoch(self, epoch: int) -> None:
        """Other Lua code ran in the middle of a frame."""
        if epoch != self.inputs.epoch:
            self.inputs.epoch = epoch
            self._refresh("epoch")

    def forget(self, tab_id: Hashable) -> None:
        """The tab is gone."""
        for key in self._groups.pop(("tab", tab_id), {}):
            self._engine.remove_source(key)

    def clear(self) -> None:
        """Nothing is read any more."""
        for watched in self._groups.values():
            for key in watched:
                self._engine.remove_source(key)
        self._groups.clear()
        self._seen.clear()

    # Questions.

    def paths(self, root: str) -> list[ReadPath]:
        """The paths with that beginning ("host", "clock") that something reads."""
        found = [entry.path for entry in self._alive(self._groups.get(root, {}))]
        if root == "host":
            found += [entry.path for entry in self._groups.get("others", {}).values() if entry.source.is_read]
        return found

    def live_panes(self) -> set[int]:
        """The panes of which some callback reads a field that nobody announces changes of."""
        found: set[int] = set()
        inputs = self.inputs
        for watched in self._groups.values():
            for entry in watched.values():
                path = entry.path
                if not entry.source.is_read or not LIVE_FIELDS.intersection(path[1:]):
                    continue
                at = next(place for place, part in enumerate(path) if part in LIVE_FIELDS)
                pane_id = read_path((*path[:at], "pane_id"), inputs.scope(entry.subject))
                if isinstance(pane_id, int):
                    found.add(pane_id)
        return found
