from __future__ import annotations

import math

import pytest

from perilune.memo import (
    Answer,
    Change,
    CycleError,
    Failure,
    MemoEngine,
    MemoKey,
    SeenVersion,
    same_value,
)

KEY = MemoKey("callback", 7)


def ticking():
    """A clock of which each look costs a microsecond."""
    now = 0

    def clock() -> int:
        nonlocal now
        now += 1000
        return now

    return clock


class TestSources:
    def test_setting_the_same_value_is_no_change(self):
        engine = MemoEngine()
        source = engine.source("title", "zsh")
        before = engine.revision, source.version
        assert not source.set("zsh")
        assert (engine.revision, source.version) == before

    def test_a_source_is_the_same_one_for_all_who_name_it(self):
        engine = MemoEngine()
        assert engine.source("title", "zsh") is engine.source("title", "other")
        assert engine.source("title", "other").value == "zsh"

    def test_set_makes_a_source_that_nobody_asked_for_yet(self):
        engine = MemoEngine()
        assert engine.set("title", "zsh")
        assert engine.source("title", "").value == "zsh"

    def test_a_running_memo_must_not_set_a_source(self):
        engine = MemoEngine()
        source = engine.source("count", 0)
        memo = engine.memo(KEY, lambda: source.set(source.get() + 1))
        with pytest.raises(RuntimeError, match="must not set a source"):
            memo.get()

    def test_what_reads_a_removed_source_runs_again(self):
        engine = MemoEngine()
        engine.set("other", 5)
        sources = {"other": engine.source("other", 5)}
        memo = engine.memo(KEY, lambda: sum(source.get() for source in sources.values()))
        assert memo.get() == 5
        held = sources.pop("other")
        engine.remove_source("other")
        assert memo.get() == 0
        [_, run] = engine.ledger
        assert str(run.cause) == "other: 5 -> gone"
        with pytest.raises(LookupError, match="removed"):
            held.set(6)
        with pytest.raises(LookupError, match="removed"):
            held.get()

    def test_is_read_follows_the_kept_entries(self):
        engine = MemoEngine(entries_per_memo=1)
        which, left, right = engine.source("which", True), engine.source("l", 1), engine.source("r", 2)
        memo = engine.memo(KEY, lambda: left.get() if which.get() else right.get())
        memo.get()
        assert (left.is_read, right.is_read) == (True, False)
        which.set(False)
        memo.get()
        assert (left.is_read, right.is_read) == (False, True)
        engine.discard(lambda _: True)
        assert not right.is_read


class TestMemos:
    def test_a_look_up_without_any_change_compares_nothing_but_the_revision(self):
        class Touchy:
            __hash__ = None

            def __eq__(self, other: object) -> bool:
                raise AssertionError("compared")

        engine = MemoEngine()
        source = engine.source("touchy", Touchy())
        memo = engine.memo(KEY, source.get)
        memo.get()
        assert memo.get() is source.value
        assert (engine.hits, engine.misses) == (1, 1)

    def test_an_equal_output_cuts_off_what_is_behind_it_and_stays_the_same_object(self):
        engine = MemoEngine()
        title = engine.source("title", "zsh")
        initials = engine.memo(MemoKey("initials"), lambda: [title.get()[0]])
        line = engine.memo(MemoKey("line"), lambda: "".join(initials.get()))
        line.get()
        first = initials.get()
        title.set("zoxide")
        assert line.get() == "z"
        assert initials.get() is first
        assert [run.key.callback for run in engine.ledger] == ["initials", "line", "initials"]
        assert not list(engine.ledger)[-1].changed

    def test_inputs_behind_a_changed_one_are_not_brought_up_to_date(self):
        engine = MemoEngine()
        detailed, count = engine.source("detailed", True), engine.source("count", 1)
        detail = engine.memo(MemoKey("detail"), lambda: count.get() * 2)
        memo = engine.memo(KEY, lambda: detail.get() if detailed.get() else 0)
        memo.get()
        detailed.set(False)
        count.set(2)
        assert memo.get() == 0
        assert len(engine.ledger.why("detail", None)) == 1

    def test_nothing_runs_that_nobody_asks_for(self):
        engine = MemoEngine()
        source = engine.source("title", "zsh")
        engine.memo(KEY, source.get)
        engine.deferred(MemoKey("remote"), default=None)
        source.set("vim")
        engine.end_pass()
        assert engine.ledger.total == 0
        assert engine.take_stale() == ()

    def test_an_error_is_kept_like_any_result(self):
        engine = MemoEngine()
        divisor = engine.source("divisor", 0)
        memo = engine.memo(KEY, lambda: 6 // divisor.get())
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                memo.get()
        divisor.set(2)
        assert memo.get() == 3
        divisor.set(0)
        with pytest.raises(ZeroDivisionError):
            memo.get()
        assert [run.failed for run in engine.ledger] == [True, False]

    def test_a_memo_that_needs_itself_is_an_error_and_not_kept(self):
        engine = MemoEngine()
        is_cyclic = engine.source("cyclic", True)
        one = engine.memo(MemoKey("one"), lambda: two.get() if is_cyclic.get() else 1)
        two = engine.memo(MemoKey("two"), lambda: one.get() + 1)
        with pytest.raises(CycleError, match="one"):
            one.get()
        is_cyclic.set(False)
        assert two.get() == 2

    def test_an_interrupt_leaves_the_engine_usable(self):
        engine = MemoEngine()
        answers = iter([KeyboardInterrupt(), 5])

        def compute():
            answer = next(answers)
            if isinstance(answer, BaseException):
                raise answer
            return answer

        memo = engine.memo(KEY, compute)
        with pytest.raises(KeyboardInterrupt):
            memo.get()
        assert memo.get() == 5
        assert engine.source("free", 0).set(1), "no run is thought to be going on"

    def test_one_key_is_one_kind_of_memo(self):
        engine = MemoEngine()
        engine.memo(KEY, int)
        engine.deferred(MemoKey("remote"), default=0)
        with pytest.raises(TypeError):
            engine.deferred(KEY, default=0)
        with pytest.raises(TypeError):
            engine.memo(MemoKey("remote"), int)
        with pytest.raises(TypeError):
            engine.commit(KEY, {}, 0)


class TestDeferred:
    def test_a_batch_names_each_stale_memo_once_with_its_cause(self):
        engine = MemoEngine()
        engine.set("title", "zsh")
        keys = [MemoKey("title", tab) for tab in range(3)]
        for key in keys * 2:
            engine.deferred(key, default="").get()
        batch = engine.take_stale()
        assert [(request.key, request.cause) for request in batch] == [(key, None) for key in keys]
        for request in batch:
            engine.commit(request.key, {"title": "zsh"}, f"tab {request.key.subject}", ticket=request.ticket)
        engine.set("title", "vim")
        for key in keys:
            assert engine.deferred(key, default="").get().startswith("tab")
        assert {request.cause for request in engine.take_stale()} == {Change("title", "zsh", "vim")}

    def test_evaluate_runs_one_batch_and_abandons_what_it_does_not_answer(self):
        engine = MemoEngine()
        keys = [MemoKey("title", tab) for tab in range(3)]
        for key in keys:
            engine.deferred(key, default=0).get()
        batches = []

        def run(batch):
            batches.append(len(batch))
            return [Answer(batch[0].key, {}, 1, 12.0, batch[0].ticket)]

        assert engine.evaluate(run) == 3
        assert engine.evaluate(run) == 0
        assert [engine.deferred(key, default=0).get() for key in keys] == [1, 0, 0]
        assert engine.evaluate(run) == 2
        assert batches == [3, 2]

    def test_a_runner_that_raises_leaves_everything_to_be_asked_again(self):
        engine = MemoEngine()
        engine.deferred(KEY, default=0).get()

        def run(_batch):
            raise OSError("gone")

        with pytest.raises(OSError, match="gone"):
            engine.evaluate(run)
        engine.deferred(KEY, default=0).get()
        assert [request.key for request in engine.take_stale()] == [KEY]

    def test_an_overtaken_answer_stands_until_a_better_one_and_is_kept_for_its_own_inputs(self):
        engine = MemoEngine()
        engine.set("title", "a")
        engine.deferred(KEY, default="").get()
        [request] = engine.take_stale()
        engine.set("title", "b")
        engine.commit(request.key, {"title": "a"}, "A", ticket=request.ticket)
        memo = engine.deferred(KEY, default="")
        assert (memo.get(), memo.is_fresh) == ("A", False)
        engine.set("title", "a")
        assert (memo.get(), memo.is_fresh) == ("A", True)
        assert engine.take_stale() == (), "what holds again is not asked for any more"

    def test_an_overtaken_answer_makes_everybody_look_again_even_if_it_changes_nothing(self):
        engine = MemoEngine()
        engine.set("title", "a")
        memo = engine.deferred(KEY, default="")
        memo.get()
        engine.evaluate(lambda batch: [Answer(each.key, {"title": "a"}, "same") for each in batch])
        engine.set("title", "b")
        memo.get()
        engine.take_stale()
        engine.set("title", "c")
        revision = engine.revision
        assert not engine.commit(KEY, {"title": "b"}, "same")
        assert engine.revision > revision
        memo.get()
        assert engine.has_stale

    def test_an_answer_to_a_memo_that_was_replaced_is_not_taken(self):
        engine = MemoEngine()
        engine.deferred(KEY, default="").get()
        [old] = engine.take_stale()
        engine.discard(lambda key: key == KEY)
        engine.commit(old.key, {}, "of the old callback", ticket=old.ticket)
        engine.deferred(KEY, default="").get()
        [new] = engine.take_stale()
        assert not engine.commit(old.key, {}, "of the old callback", ticket=old.ticket)
        assert engine.deferred(KEY, default="").get() == ""
        assert engine.commit(new.key, {}, "of the new one", ticket=new.ticket)

    def test_a_version_seen_holds_only_while_the_source_has_it(self):
        engine = MemoEngine()
        title = engine.source("title", "a")
        memo = engine.deferred(KEY, default="")
        engine.commit(KEY, {"title": SeenVersion(title.version)}, "A")
        assert (memo.get(), memo.is_fresh) == ("A", True)
        seen = title.version
        title.set("b")
        engine.commit(KEY, {"title": SeenVersion(seen)}, "B?")
        assert (memo.get(), memo.is_fresh) == ("B?", False)

    def test_a_memo_that_reads_a_deferred_one_follows_its_answers(self):
        engine = MemoEngine()
        engine.set("title", "a")
        bar = engine.memo(MemoKey("bar"), lambda: f"[{engine.deferred(KEY, default='').get()}]")
        assert bar.get() == "[]"
        engine.evaluate(lambda batch: [Answer(each.key, {"title": "a"}, "A") for each in batch])
        assert bar.get() == "[A]"
        runs = engine.ledger.total
        engine.set("title", "b")
        assert bar.get() == "[A]"
        assert engine.has_stale
        assert engine.ledger.total == runs, "the last value stands, so the bar need not run"

    def test_a_source_first_heard_of_in_an_answer_goes_with_its_last_reader(self):
        engine = MemoEngine()
        engine.commit(KEY, {}, "ignored: no such memo")
        engine.deferred(KEY, default="")
        engine.commit(KEY, {"cwd": "/"}, "root")
        assert engine.source("cwd", "").value == "/"
        engine.discard(lambda _: True)
        assert engine.source("cwd", "new").value == "new"

    def test_failures_are_results(self):
        engine = MemoEngine()
        memo = engine.deferred(KEY, default="")
        engine.commit(KEY, {}, Failure(ValueError("bad")))
        assert memo.is_fresh
        assert not engine.commit(KEY, {}, Failure(ValueError("bad")))
        assert engine.commit(KEY, {}, Failure(ValueError("worse")))


class TestEviction:
    def test_what_the_last_pass_used_stays_even_beyond_capacity(self):
        engine = MemoEngine(capacity=4)
        for number in range(10):
            engine.memo(MemoKey("m", number), lambda number=number: number).get()
        engine.end_pass()
        assert engine.entries == 10
        for number in range(5):
            engine.memo(MemoKey("m", number), int).get()
        engine.end_pass()
        assert engine.entries == 5
        runs = engine.ledger.total
        assert [engine.memo(MemoKey("m", number), int).get() for number in range(5)] == [0, 1, 2, 3, 4]
        assert engine.ledger.total == runs

    def test_nothing_goes_while_there_is_room(self):
        engine = MemoEngine(capacity=100)
        engine.memo(KEY, int).get()
        for _ in range(1000):
            engine.end_pass()
        engine.memo(KEY, int).get()
        assert engine.ledger.total == 1

    def test_a_memo_that_a_kept_entry_read_stays(self):
        engine = MemoEngine(capacity=1)
        inner = engine.memo(MemoKey("inner"), lambda: 1)
        outer = engine.memo(MemoKey("outer"), lambda: inner.get() + 1)
        outer.get()
        for _ in range(5):
            engine.end_pass()
            assert outer.get() == 2
        assert engine.ledger.total == 2

    def test_a_memo_held_over_its_eviction_says_so(self):
        engine = MemoEngine(capacity=1)
        held = engine.memo(MemoKey("m", 0), int)
        held.get()
        engine.end_pass()
        for number in range(1, 3):
            engine.memo(MemoKey("m", number), int).get()
        engine.end_pass()
        with pytest.raises(LookupError, match="ask the engine for it anew"):
            held.get()


class TestLedger:
    def test_it_says_which_input_changed_from_what_to_what_and_what_it_cost(self):
        engine = MemoEngine(clock=ticking())
        hover, title = engine.source("hover", False), engine.source("tab.3.title", "zsh")
        memo = engine.memo(
            MemoKey("format-tab-title", 3), lambda: title.get().upper() if hover.get() else title.get()
        )
        memo.get()
        title.set("vim")
        memo.get()
        first, second = engine.ledger.why("format-tab-title", 3)
        assert (first.cause, first.microseconds, first.reads, first.changed) == (None, 1.0, 2, True)
        assert second.cause == Change("tab.3.title", "zsh", "vim")
        assert str(second) == "2 format-tab-title 3: tab.3.title: 'zsh' -> 'vim', 1 us, 2 reads, changed"
        assert engine.ledger.why("format-tab-title", 4) == []

    def test_it_is_bounded_and_counts_on(self):
        engine = MemoEngine(ledger_size=3)
        source = engine.source("n", 0)
        memo = engine.memo(KEY, source.get)
        for number in range(10):
            source.set(number)
            memo.get()
        assert [run.number for run in engine.ledger] == [8, 9, 10]
        engine.ledger.clear()
        assert (len(engine.ledger), engine.ledger.total) == (0, 10)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (1, 1, True),
        (1, 1.0, False),
        (1, True, False),
        ((1, "a"), (True, "a"), False),
        ([1], [1], True),
        ([1], [1, 2], False),
        (math.nan, float("nan"), True),
        (0.0, -0.0, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ({1: "x"}, {True: "x"}, False),
        ({"a": 1}, {"b": 1}, False),
        (None, False, False),
        ("a", b"a", False),
    ],
)
def test_same_value_is_what_a_script_could_not_tell_apart(one, other, is_same):
    assert same_value(one, other) is is_same
    assert same_value(other, one) is is_same
