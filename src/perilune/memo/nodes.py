"""What the engine is made of: sources, memos, and the entries that memos keep.

The engine makes them; its callers read, set and look up. Nodes and engine are one mechanism in several
classes and use each other's private parts. Owned by the engine's thread.
"""
# ruff: noqa: SLF001

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from perilune.memo.ledger import Change, MemoKey
from perilune.memo.values import GONE, Failure, same_value

if TYPE_CHECKING:
    from perilune.memo.engine import MemoEngine

__all__ = ["CycleError", "DeferredMemo", "Entry", "Memo", "Node", "Source"]

T = TypeVar("T")

_NEVER = -1  # no revision, and no version


class CycleError(RuntimeError):
    """A memo that needs its own result."""


class Node:
    """What can be read: a value, whose version grows whenever it changes.

    Attributes:
        key: its name, in the ledger too.
        version: the same version means the same value; not the other way round.
        readers: how many kept entries read it.
    """

    __slots__ = ("_content", "_engine", "_is_gone", "key", "readers", "version")

    key: Hashable

    def __init__(self, engine: MemoEngine, key: Hashable, content: object) -> None:
        self._engine = engine
        self._content = content
        self._is_gone = False
        self.key = key
        self.version = 0
        self.readers = 0

    def _refresh(self) -> None:
        """Bring the value up to date with the engine's revision."""

    def _replace(self, content: object) -> bool:
        """Take a new value, unless it is the same; whether it differed."""
        if same_value(self._content, content):
            return False
        self._content = content
        self.version += 1
        return True

    def _noted(self) -> None:
        """Tell the memo that is running, if any, that it reads this."""
        stack = self._engine._stack
        if stack:
            stack[-1][self] = None

    def _lose(self) -> None:
        """Become what no entry fits any more."""
        self._is_gone = True
        self._content = GONE
        self.version += 1


class Source(Node, Generic[T]):
    """An input. Made by `MemoEngine.source`."""

    __slots__ = ("_is_adopted",)

    def __init__(self, engine: MemoEngine, key: Hashable, value: T) -> None:
        super().__init__(engine, key, value)
        self._is_adopted = False

    @property
    def value(self) -> T:
        """The value, unnoticed by the memo that is running."""
        return cast("T", self._content)

    @property
    def is_read(self) -> bool:
        """Whether any kept entry has read it: what nothing reads need not be polled."""
        return self.readers > 0

    def get(self) -> T:
        """The value; the memo that is running now depends on it."""
        self._require_alive()
        self._noted()
        return cast("T", self._content)

    def _require_alive(self) -> None:
        if self._is_gone:
            raise LookupError(f"source {self.key!r} was removed")

    def set(self, value: T) -> bool:
        """Give it a value; whether that differs from the one it had."""
        self._engine._forbid_in_run("set a source")
        self._require_alive()
        if not self._replace(value):
            return False
        self._engine.revision += 1
        return True


class Entry:
    """One run that was kept: the nodes read, in order, as they were, and what came out."""

    __slots__ = ("nodes", "output", "values", "versions")

    def __init__(self, nodes: Sequence[Node], values: Sequence[object], output: object) -> None:
        self.nodes = nodes
        self.values = values
        # A version that no node has: they are compared by value once.
        self.versions = [_NEVER] * len(nodes)
        self.output = output
        for node in nodes:
            node.readers += 1

    def mismatch(self) -> Change | None:
        """The first input that is not what was read; None if all are."""
        versions = self.versions
        for index, node in enumerate(self.nodes):
            node._refresh()
            if node.version != versions[index]:
                if not same_value(node._content, self.values[index]):
                    return Change(node.key, self.values[index], node._content)
                versions[index] = node.version
        return None


class Kept(Node):
    """What both kinds of memos are: a node whose value comes from kept entries, the last used first."""

    __slots__ = ("_checked", "_entries", "_has_output", "_used")

    key: MemoKey

    def __init__(self, engine: MemoEngine, key: MemoKey, content: object) -> None:
        super().__init__(engine, key, content)
        self._entries: list[Entry] = []
        self._checked = _NEVER
        self._used = engine.generation
        self._has_output = False

    def _find(self) -> tuple[Entry | None, Change | None]:
        """The entry that fits today, put in front; else how the first of them does not."""
        cause: Change | None = None
        for position, entry in enumerate(self._entries):
            change = entry.mismatch()
            if change is None:
                if position:
                    self._entries.insert(0, self._entries.pop(position))
                return entry, None
            cause = cause or change
        return None, cause

    def _keep(self, entry: Entry) -> None:
        engine = self._engine
        self._entries.insert(0, entry)
        engine.entries += 1
        while len(self._entries) > engine.entries_per_memo:
            self._release(self._entries.pop())

    def _stand(self, output: object) -> bool:
        """Make an output the value; whether it differs from the one before."""
        differs = self._replace(output)
        if not self._has_output:
            self._has_output = True
            if not differs:  # the very first output happens to be the default
                self.version += 1
            return True
        return differs

    def _release(self, entry: Entry) -> None:
        self._engine.entries -= 1
        for node in entry.nodes:
            node.readers -= 1
            if not node.readers and isinstance(node, Source) and node._is_adopted:
                self._engine.remove_source(node.key)

    def _discard(self) -> None:
        while self._entries:
            self._release(self._entries.pop())
        self._lose()

    def _require_alive(self) -> None:
        if self._is_gone:
            raise LookupError(f"memo {self.key} was evicted or discarded: ask the engine for it anew")


class Memo(Kept, Generic[T]):
    """A result that is made when asked for. Made by `MemoEngine.memo`."""

    __slots__ = ("_compute", "_is_running")

    def __init__(self, engine: MemoEngine, key: MemoKey, compute: Callable[[], T]) -> None:
        super().__init__(engine, key, None)
        self._compute = compute
        self._is_running = False

    def get(self) -> T:
        """The result for today's inputs.

        Raises:
            CycleError: it needs itself.
            Exception: what the computation raised for these inputs; it is not run again to raise it.
        """
        engine = self._engine
        if self._checked == engine.revision and not self._is_gone:
            engine.hits += 1
        else:
            self._require_alive()
            self._refresh()
        self._used = engine.generation
        if engine._stack:
            self._noted()
        content = self._content
        if isinstance(content, Failure):
            raise content.error.with_traceback(None)
        return cast("T", content)

    def _refresh(self) -> None:
        engine = self._engine
        if self._checked == engine.revision or self._is_gone:
            return
        if self._is_running:
            raise CycleError(f"{self.key} needs its own result")
        self._is_running = True
        try:
            entry, cause = self._find()
            if entry is None:
                engine.misses += 1
                self._run(cause)
            else:
                engine.hits += 1
                self._stand(entry.output)
        finally:
            self._is_running = False
        self._used = engine.generation
        self._checked = engine.revision

    def _run(self, cause: Change | None) -> None:
        engine = self._engine
        reads: dict[Node, None] = {}
        depth = len(engine._stack)
        engine._stack.append(reads)
        started = engine.clock()
        output: object
        try:
            output = self._compute()
        except CycleError:
            raise
        except Exception as error:  # noqa: BLE001 - an error is an outcome like others, and is kept
            output = Failure(error)
        finally:
            del engine._stack[depth:]
        microseconds = (engine.clock() - started) / 1000
        changed = self._stand(output)
        # An equal output keeps the object that was there, for those who compare by identity.
        self._keep(Entry(tuple(reads), [node._content for node in reads], self._content))
        engine.ledger.record(
            self.key,
            cause,
            microseconds,
            reads=len(reads),
            changed=changed,
            failed=isinstance(output, Failure),
        )


class DeferredMemo(Kept, Generic[T]):
    """A result that someone else makes. Made by `MemoEngine.deferred`.

    Attributes:
        is_fresh: whether the value that stands is the one for the inputs as of the last look-up.
    """

    __slots__ = ("_cause", "_is_in_flight", "_ticket", "is_fresh")

    def __init__(self, engine: MemoEngine, key: MemoKey, default: T) -> None:
        super().__init__(engine, key, default)
        self.is_fresh = False
        self._is_in_flight = False
        self._cause: Change | None = None
        self._ticket = 0

    @property
    def has_output(self) -> bool:
        """Whether the value is one that was made, not the default."""
        return self._has_output

    def get(self) -> T:
        """The value that stands: the one for today's inputs or, noting that it is stale, the last one."""
        engine = self._engine
        if self._checked != engine.revision or self._is_gone:
            self._require_alive()
            self._refresh()
        self._used = engine.generation
        if self.is_fresh:
            engine.hits += 1
        else:
            engine.misses += 1
        if engine.lookups is not None:
            engine.lookups.setdefault(self.key.callback, [0, 0])[not self.is_fresh] += 1
        if engine._stack:
            self._noted()
        return cast("T", self._content)

    def _refresh(self) -> None:
        engine = self._engine
        if self._checked == engine.revision or self._is_gone:
            return
        self._checked = engine.revision
        self._used = engine.generation
        entry, cause = self._find()
        if entry is not None:
            self._stand(entry.output)
            self.is_fresh = True
            engine._stale.pop(self, None)
            return
        self.is_fresh = False
        self._cause = cause
        if not self._is_in_flight:
            engine._stale[self] = None

    def _commit(self, entry: Entry | None, output: object, reads: int, microseconds: float) -> bool:
        engine = self._engine
        self._is_in_flight = False
        changed = not self._has_output or not same_value(self._content, output)
        engine.ledger.record(
            self.key,
            self._cause,
            microseconds,
            reads=reads,
            changed=changed,
            failed=isinstance(output, Failure),
        )
        if entry is not None:
            self._keep(entry)
        fitting, _ = self._find()
        # If nothing fits today, an answer that was overtaken still is nearer to it than what stood before.
        differs = self._stand(output if fitting is None else fitting.output)
        self.is_fresh = fitting is not None
        if self.is_fresh:
            engine._stale.pop(self, None)
        if differs or not self.is_fresh:
            # Who compares revisions only must look again: at the new value, or to ask once more.
            engine.revision += 1
        self._checked = engine.revision if self.is_fresh else _NEVER
        return differs

    def _abandon(self) -> None:
        self._is_in_flight = False
        self._checked = _NEVER
        self._engine.revision += 1

    def _discard(self) -> None:
        self._engine._stale.pop(self, None)
        super()._discard()
