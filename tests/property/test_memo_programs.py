"""Random dependency programs and histories: right results, and no run too many or too few.

The oracle knows nothing of versions: it evaluates a program from scratch and notes the trace of its reads.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.memo import MemoEngine, MemoKey, Request

SOURCES = 4
MEMOS = 5


@dataclass(frozen=True)
class Read:
    """Read an input; continue with a program that depends on its value (or end)."""

    input: str  # "s0" ... or "m0" ...
    when_odd: Read | Give
    when_even: Read | Give


@dataclass(frozen=True)
class Give:
    """The output: the values read so far, summed, modulo something, plus something. 0: an error."""

    modulus: int
    plus: int


def programs(level: int):
    """A program of the memo `level`, which reads memos below it only."""
    inputs = [f"s{index}" for index in range(SOURCES)] + [f"m{index}" for index in range(level)]
    give = st.builds(Give, st.integers(0, 3), st.integers(0, 2))
    return st.recursive(
        give, lambda inner: st.builds(Read, st.sampled_from(inputs), inner, inner), max_leaves=6
    )


class BoomError(Exception):
    pass


def interpret(program, read):
    total = 0
    while isinstance(program, Read):
        value = read(program.input)
        total += value
        program = program.when_odd if value % 2 else program.when_even
    if program.modulus == 0:
        raise BoomError(program.plus)
    return total % program.modulus + program.plus


class Oracle:
    """Evaluates from scratch, and tells which memos must run: those whose trace was not seen before."""

    def __init__(self, memos) -> None:
        self.memos = memos
        self.sources = dict.fromkeys((f"s{index}" for index in range(SOURCES)), 0)
        self.seen: dict[str, set] = {name: set() for name in memos}

    def evaluate(self, name: str, runs: set):
        """Value of an input, or the error as ("error", args)."""
        if name in self.sources:
            return self.sources[name]
        trace = []

        def read(inner):
            value = self.evaluate(inner, runs)
            trace.append((inner, value))
            if isinstance(value, tuple):
                raise BoomError(*value[1])
            return value

        try:
            result = interpret(self.memos[name], read)
        except BoomError as error:
            result = ("error", error.args)
        if tuple(trace) not in self.seen[name]:
            self.seen[name].add(tuple(trace))
            runs.add(name)
        return result


HISTORIES = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, SOURCES - 1), st.integers(0, 3)),
        st.tuples(st.just("get"), st.integers(0, MEMOS - 1), st.just(0)),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(st.tuples(*(programs(level) for level in range(MEMOS))), HISTORIES)
def test_a_memo_runs_if_and_only_if_no_kept_entry_fits_and_gives_what_recomputing_gives(texts, history):
    memos = {f"m{index}": program for index, program in enumerate(texts)}
    engine = MemoEngine(entries_per_memo=10_000, capacity=1_000_000)
    oracle = Oracle(memos)
    sources = {name: engine.source(name, 0) for name in oracle.sources}
    ran: list[str] = []

    def node(name: str):
        def compute() -> int:
            ran.append(name)
            return interpret(memos[name], lambda inner: (sources.get(inner) or node(inner)).get())

        return engine.memo(MemoKey("program", name), compute)

    for action, index, value in history:
        if action == "set":
            name = f"s{index}"
            assert sources[name].set(value) == (oracle.sources[name] != value)
            oracle.sources[name] = value
            continue
        name = f"m{index}"
        must_run: set[str] = set()
        expected = oracle.evaluate(name, must_run)
        ran.clear()
        try:
            actual = node(name).get()
        except BoomError as error:
            actual = ("error", error.args)
        assert actual == expected
        assert sorted(ran) == sorted(must_run)
        ran.clear()
        before = engine.ledger.total
        with contextlib.suppress(BoomError):
            node(name).get()
        assert not ran
        assert engine.ledger.total == before


@settings(deadline=None)
@given(
    st.tuples(*(programs(level) for level in range(MEMOS))), HISTORIES, st.integers(1, 3), st.integers(1, 8)
)
def test_eviction_changes_no_result(texts, history, entries_per_memo, capacity):
    memos = {f"m{index}": program for index, program in enumerate(texts)}
    engine = MemoEngine(entries_per_memo=entries_per_memo, capacity=capacity)
    oracle = Oracle(memos)
    sources = {name: engine.source(name, 0) for name in oracle.sources}

    def node(name: str):
        return engine.memo(
            MemoKey("program", name),
            lambda: interpret(memos[name], lambda inner: (sources.get(inner) or node(inner)).get()),
        )

    for action, index, value in history:
        if action == "set":
            sources[f"s{index}"].set(value)
            oracle.sources[f"s{index}"] = value
        else:
            expected = oracle.evaluate(f"m{index}", set())
            try:
                actual = node(f"m{index}").get()
            except BoomError as error:
                actual = ("error", error.args)
            assert actual == expected
        engine.end_pass()
    kept = sum(len(memo._entries) for memo in engine._memos.values())
    assert engine.entries == kept
    for name, source in sources.items():
        readers = [
            memo for memo in engine._memos.values() for entry in memo._entries if source in entry.nodes
        ]
        assert source.readers == len(readers), name


def reading_programs():
    """Programs over two sources of two values: small, so that histories come back to where they were."""
    give = st.builds(Give, st.sampled_from((0, 1, 3, 3)), st.just(0))
    inputs = st.sampled_from(("s0", "s1"))
    second = st.one_of(give, st.builds(Read, inputs, give, give))
    return st.builds(Read, inputs, second, second)


DEFERRED_HISTORIES = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 1), st.integers(0, 1)),
        st.tuples(st.just("get"), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("ask"), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("take"), st.just(0), st.just(0)),
        st.tuples(st.just("answer"), st.just(0), st.just(0)),
        st.tuples(st.just("answer"), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("abandon"), st.integers(0, 1), st.just(0)),
    ),
    min_size=15,
    max_size=60,
)


@settings(deadline=None, max_examples=300)
@given(st.tuples(reading_programs(), reading_programs()), DEFERRED_HISTORIES)
def test_answers_that_arrive_late_never_stand_for_todays_inputs(texts, history):
    """The other side sees the inputs as of when a batch was taken; answers come in any order, or never."""
    engine = MemoEngine(entries_per_memo=10_000, capacity=1_000_000)
    values = dict.fromkeys((f"s{index}" for index in range(SOURCES)), 0)
    for name, value in values.items():
        engine.set(name, value)
    keys = [MemoKey("program", index) for index in range(2)]
    known: list[dict] = [{}, {}]  # trace -> output, of answers that were committed
    in_flight: list[tuple[Request, dict]] = []

    def run(index: int, seen: dict) -> tuple[dict, object]:
        reads: dict[str, int] = {}

        def read(name: str) -> int:
            reads[name] = seen[name]
            return seen[name]

        try:
            return reads, interpret(texts[index], read)
        except BoomError as error:
            return reads, ("error", error.args)

    wanted: set[MemoKey] = set()

    def check(index: int) -> None:
        memo = engine.deferred(keys[index], default="nothing yet")
        value = memo.get()
        reads, expected = run(index, values)
        fits = tuple(reads.items()) in known[index]
        assert memo.is_fresh == fits
        if fits:
            wanted.discard(keys[index])
        elif keys[index] not in {request.key for request, _ in in_flight}:
            wanted.add(keys[index])
        if fits:
            assert value == expected
        elif not known[index]:
            assert value == "nothing yet"
        else:
            assert value in known[index].values()

    for action, index, value in history:
        if action == "set":
            values[f"s{index}"] = value
            engine.set(f"s{index}", value)
        elif action == "get":
            check(index)
        elif action in {"ask", "take"}:
            if action == "ask":
                check(index)
            batch = engine.take_stale()
            assert not {request.key for request in batch} & {request.key for request, _ in in_flight}
            assert {request.key for request in batch} == wanted
            wanted.clear()
            in_flight += [(request, dict(values)) for request in batch]
            assert not engine.has_stale
        elif index < len(in_flight):
            request, seen = in_flight.pop(index)
            if action == "abandon":
                engine.abandon(request.key)
                continue
            reads, output = run(request.key.subject, seen)
            revision = engine.revision
            differs = engine.commit(request.key, reads, output, ticket=request.ticket)
            fresh = engine._memos[request.key].is_fresh
            assert engine.revision > revision or (fresh and not differs), "nobody would look again"
            known[request.key.subject][tuple(reads.items())] = output
            check(request.key.subject)

    # Once everything is answered, everything is fresh, and nobody is asked again.
    for request, _ in in_flight:
        engine.abandon(request.key)
    for _ in range(2):
        for index in range(2):
            engine.deferred(keys[index], default="nothing yet").get()
        for request in engine.take_stale():
            reads, output = run(request.key.subject, values)
            engine.commit(request.key, reads, output, ticket=request.ticket)
            known[request.key.subject][tuple(reads.items())] = output
    for index in range(2):
        check(index)
    assert not engine.has_stale
