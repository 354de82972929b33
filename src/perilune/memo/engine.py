"""The engine: sources, memos, and the passes over them. The package's own text explains it.

Owned by one thread; answers from others are brought in by that thread. No clock but around a run.
"""
# ruff: noqa: SLF001 - nodes and engine are one mechanism in several classes

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from time import perf_counter_ns
from typing import Any, NamedTuple, TypeVar

from perilune.memo.ledger import Change, Ledger, MemoKey
from perilune.memo.nodes import DeferredMemo, Entry, Memo, Node, Source

__all__ = ["Answer", "MemoEngine", "Request", "SeenVersion"]

T = TypeVar("T")


class SeenVersion(NamedTuple):
    """In an answer's reads, instead of a value: the version that the source had."""

    version: int


class Request(NamedTuple):
    """A stale memo, to be made anew.

    `cause` is None if there was no result before. `ticket` comes back with the answer, so that one to a memo
    that was discarded meanwhile is not taken for one to its namesake.
    """

    key: MemoKey
    cause: Change | None
    ticket: int


class Answer(NamedTuple):
    """What came of a request; see `MemoEngine.commit`."""

    key: MemoKey
    reads: Mapping[Hashable, object]
    output: object
    microseconds: float = 0.0
    ticket: int | None = None


class MemoEngine:
    """Sources and memos that belong together.

    Args:
        capacity: how many entries are kept in all; beyond it, memos go that the last passes did not use.
        entries_per_memo: how many entries each memo keeps.
        ledger_size: how many runs the ledger holds.
        clock: nanoseconds, for the cost of a run.

    Attributes:
        revision: grows with every change. Equal to what it was at the last frame: nothing needs looking at.
        generation: counts passes.
        entries: how many entries are kept.
        hits: look-ups that were answered without a run; those of memos by memos count too.
        misses: look-ups that took a run, or found no value for today.
        ledger: the runs.
        lookups: for each callback how many look-ups of deferred memos were answered, and how many not, while
            somebody wants to know; None: nobody does.
    """

    def __init__(
        self,
        capacity: int = 8192,
        entries_per_memo: int = 64,
        ledger_size: int = 1024,
        clock: Callable[[], int] = perf_counter_ns,
    ) -> None:
        if capacity < 1 or entries_per_memo < 1:
            raise ValueError("an engine keeps at least one entry, and one of each memo")
        self.capacity = capacity
        self.entries_per_memo = entries_per_memo
        self.clock = clock
        self.revision = 0
        self.generation = 0
        self.entries = 0
        self.hits = 0
        self.misses = 0
        self.lookups: dict[str, list[int]] | None = None
        self.ledger = Ledger(ledger_size)
        self._sources: dict[Hashable, Source[Any]] = {}
        self._memos: dict[MemoKey, Memo[Any] | DeferredMemo[Any]] = {}
        self._stack: list[dict[Node, None]] = []
        self._tickets = 0
        self._stale: dict[DeferredMemo[Any], None] = {}

    # Sources

    def source(self, key: Hashable, initial: T) -> Source[T]:
        """The source of that key; made with the initial value if there is none yet."""
        found = self._sources.get(key)
        if found is None:
            found = self._sources[key] = Source(self, key, initial)
        return found

    def set(self, key: Hashable, value: object) -> bool:
        """Give the source of that key a value, making it if need be; whether that differs from before."""
        found = self._sources.get(key)
        if found is None:
            self._forbid_in_run("set a source")
            self._sources[key] = Source(self, key, value)
            return True
        found._is_adopted = False  # somebody looks after it
        return found.set(value)

    def remove_source(self, key: Hashable) -> None:
        """Forget a source: what it told of is gone. No entry that read it fits any more."""
        found = self._sources.pop(key, None)
        if found is not None:
            found._lose()
            if found.readers:
                self.revision += 1

    # Memos

    def memo(self, key: MemoKey, compute: Callable[[], T]) -> Memo[T]:
        """The memo of that key, made if there is none yet; `compute` must not differ from call to call.

        Do not hold it for longer than a pass: it may be evicted when it was not used.
        """
        found = self._memos.get(key)
        if found is None:
            found = self._memos[key] = Memo(self, key, compute)
        elif not isinstance(found, Memo):
            raise TypeError(f"{key} is a deferred memo")
        return found

    def deferred(self, key: MemoKey, default: T) -> DeferredMemo[T]:
        """The deferred memo of that key, made if there is none yet; its value is `default` before any answer.

        Do not hold it for longer than a pass: it may be evicted when it was not used.
        """
        found = self._memos.get(key)
        if found is None:
            found = self._memos[key] = DeferredMemo(self, key, default)
        elif not isinstance(found, DeferredMemo):
            raise TypeError(f"{key} is a memo that computes itself")
        return found

    @property
    def has_stale(self) -> bool:
        """Whether `take_stale` would give anything."""
        return bool(self._stale)

    def take_stale(self) -> tuple[Request, ...]:
        """The deferred memos that were looked up and found stale, as one batch.

        Each is given out once, until it is committed or abandoned.
        """
        batch: list[Request] = []
        for memo in self._stale:
            self._tickets += 1
            memo._ticket = self._tickets
            memo._is_in_flight = True
            batch.append(Request(memo.key, memo._cause, memo._ticket))
        self._stale.clear()
        return tuple(batch)

    def commit(
        self,
        key: MemoKey,
        reads: Mapping[Hashable, object],
        output: object,
        microseconds: float = 0.0,
        ticket: int | None = None,
    ) -> bool:
        """Bring an answer in.

        Args:
            key: the memo; nothing happens if it has been discarded meanwhile.
            reads: what was read to make it, in the order of reading: for each source its key and the value
                seen, or a `SeenVersion`. A source that the engine has not heard of takes the value seen.
            output: the result. A `Failure` is a result too.
            microseconds: what it took, for the ledger.
            ticket: of the request that this answers; None if nobody asked.

        Returns:
            Whether the value that stands differs from the one before.
        """
        self._forbid_in_run("commit an answer")
        memo = self._memos.get(key)
        if memo is None:
            return False
        if not isinstance(memo, DeferredMemo):
            raise TypeError(f"{key} is a memo that computes itself")
        if ticket is not None and ticket != memo._ticket:
            return False
        return memo._commit(self._entry(reads, output), output, len(reads), microseconds)

    def abandon(self, key: MemoKey) -> None:
        """Give up a request that will not be answered; the memo is asked for again when it is looked up."""
        memo = self._memos.get(key)
        if isinstance(memo, DeferredMemo) and memo._is_in_flight:
            memo._abandon()

    def evaluate(self, run: Callable[[Sequence[Request]], Iterable[Answer]]) -> int:
        """Have all stale memos made by `run`, as one batch, here and now; how many there were.

        What it does not answer, because it raises or otherwise, is abandoned.
        """
        batch = self.take_stale()
        if batch:
            try:
                for answer in run(batch):
                    self.commit(*answer)
            finally:
                for request in batch:
                    self.abandon(request.key)
        return len(batch)

    def _entry(self, reads: Mapping[Hashable, object], output: object) -> Entry | None:
        nodes: list[Node] = []
        values: list[object] = []
        for key, seen in reads.items():
            node = self._sources.get(key)
            if isinstance(seen, SeenVersion):
                if node is None or node.version != seen.version:
                    return None  # which value that was, nobody knows any more
                values.append(node.value)
            else:
                values.append(seen)
                if node is None:
                    node = self.source(key, seen)
                    node._is_adopted = True
            nodes.append(node)
        return Entry(nodes, values, output)

    # What is no longer needed

    def discard(self, is_unneeded: Callable[[MemoKey], bool]) -> None:
        """Forget memos, because their subject is gone or their callback was replaced."""
        for key in [key for key in self._memos if is_unneeded(key)]:
            self._discard(key)

    def end_pass(self) -> None:
        """Tell that everything that is to be seen has been looked up, and make room if there is too little.

        Eviction is by passes: what was used longest ago goes first, what this one used stays. So this is not
        to be called for a frame that looked nothing up because the revision was unchanged.
        """
        passed = self.generation
        self.generation += 1
        if self.entries <= self.capacity:
            return
        unused = [memo for memo in self._memos.values() if memo._used < passed]
        unused.sort(key=lambda memo: memo._used)
        for memo in unused:
            if self.entries <= self.capacity * 3 // 4:
                return
            if not memo.readers and not (isinstance(memo, DeferredMemo) and memo._is_in_flight):
                self._discard(memo.key)

    def _discard(self, key: MemoKey) -> None:
        memo = self._memos.pop(key)
        memo._discard()
        if memo.readers:
            self.revision += 1

    def _forbid_in_run(self, what: str) -> None:
        if self._stack:
            raise RuntimeError(
                f"a memo must not {what} while it runs: what it makes would depend on the order of runs"
            )
