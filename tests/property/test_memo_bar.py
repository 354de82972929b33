"""A bar whose titles come from memos shows what calling every time would show, without the calls."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.cells.sgr_text import SgrText
from perilune.memo import Answer, MemoEngine, MemoKey
from perilune.tabbar import BarColors, BarInputs, BarOptions, layout_bar

FIELDS = ("title", "is_active", "unseen")


@dataclass(frozen=True)
class Tab:
    tab_index: int
    is_active: bool
    title: str
    unseen: bool
    tab_title: str = ""
    active_pane: None = None
    panes: tuple = ()


@dataclass(frozen=True)
class Callback:
    """What a title callback may look at."""

    reads_hover: bool
    reads_width: bool
    reads_next: bool
    branches: bool

    def run(self, index, hover, max_width, read, count) -> str:
        text = f" {index} "
        if not self.branches or read(index, "unseen"):
            text += read(index, "title")
        if self.reads_next and index + 1 < count:
            text += ">" if read(index + 1, "is_active") else "|"
        if self.reads_hover and hover:
            text += "!"
        return text[:max_width] if self.reads_width else text


class EveryFrame:
    def __init__(self, callback, tabs):
        self.callback, self.tabs = callback, tabs

    def title(self, tab, hover, max_width):
        def read(index, name):
            return getattr(self.tabs[index], name)

        return SgrText(self.callback.run(tab.tab_index, hover, max_width, read, len(self.tabs)))


class Memoised:
    """As the program does it: look up, take the batch, answer it, until all is fresh."""

    def __init__(self, callback, count):
        self.callback, self.count = callback, count
        self.engine = MemoEngine(entries_per_memo=1000, capacity=100_000)

    def update(self, tabs):
        for tab in tabs:
            for name in FIELDS:
                self.engine.set((tab.tab_index, name), getattr(tab, name))

    def title(self, tab, hover, max_width):
        variant = (
            hover if self.callback.reads_hover else None,
            max_width if self.callback.reads_width else None,
        )
        return self.engine.deferred(MemoKey("title", tab.tab_index, variant), default=SgrText("")).get()

    def answer(self, batch):
        for request in batch:
            reads = {}

            def read(index, name, reads=reads):
                return reads.setdefault((index, name), self.engine.source((index, name), None).value)

            hover, max_width = request.key.variant
            text = self.callback.run(request.key.subject, hover, max_width, read, self.count)
            yield Answer(request.key, reads, SgrText(text), ticket=request.ticket)

    def lay_out(self, inputs):
        bar = layout_bar(inputs)
        while self.engine.evaluate(self.answer):
            bar = layout_bar(inputs)
        self.engine.end_pass()
        return bar


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("title"), st.integers(0, 3), st.sampled_from(["zsh", "vim", "a long title", "漢字"])
        ),
        st.tuples(st.just("unseen"), st.integers(0, 3), st.booleans()),
        st.tuples(st.just("activate"), st.integers(0, 3), st.none()),
        st.tuples(st.just("hover"), st.none() | st.integers(0, 60), st.none()),
        st.tuples(st.just("cols"), st.integers(1, 70), st.none()),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(st.builds(Callback, *[st.booleans()] * 4), st.integers(1, 4), STEPS)
def test_memoised_titles_make_the_same_bar_and_run_only_for_what_they_read(callback, count, steps):
    tabs = [Tab(index, index == 0, "zsh", False) for index in range(count)]
    memoised = Memoised(callback, count)
    hover, cols = None, 60
    seen = set()
    for action, subject, value in [("start", None, None), *steps]:
        if action == "hover":
            hover = subject
        elif action == "cols":
            cols = subject
        elif action == "activate":
            tabs = [replace(tab, is_active=tab.tab_index == subject % count) for tab in tabs]
        elif action in {"title", "unseen"}:
            tabs[subject % count] = replace(tabs[subject % count], **{action: value})
        memoised.update(tabs)
        inputs = BarInputs(cols, tabs, memoised, BarOptions(), BarColors(), hover_col=hover)
        before = memoised.engine.ledger.total
        found = memoised.lay_out(inputs)
        assert found == layout_bar(replace(inputs, titles=EveryFrame(callback, tabs)))
        runs = list(memoised.engine.ledger)[-(memoised.engine.ledger.total - before) or 10_000 :]
        if action in {"hover", "cols"} and not (callback.reads_hover or callback.reads_width):
            assert runs == [], "neither is read, so neither may cause a run"
        state = (tuple(tabs), hover, cols)
        if state in seen:
            assert runs == [], "there and back again is no run"
        seen.add(state)
        for run in runs:
            assert run.cause is None or run.cause.input[1] in FIELDS
        # And when nothing happens, nothing is done.
        hits, total = memoised.engine.hits, memoised.engine.ledger.total
        assert memoised.lay_out(inputs) == found
        assert memoised.engine.ledger.total == total
        assert memoised.engine.hits > hits
