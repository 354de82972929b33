"""Whatever changes from frame to frame, a bar that is kept equals one that is laid out from nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from perilune.cells.sgr_text import SgrText
from perilune.tabbar import BarInputs, BarOptions, BuiltinTitles, layout_bar, layout_column
from perilune.tabbar.incremental import BarLayout
from property.tabbar_bars import COLORS, TEXTS, Pane, Tab, bars


def whole(inputs):
    return layout_column(inputs) if inputs.options.is_vertical else layout_bar(inputs)


@dataclass
class Titles:
    """Titles that say what they are asked, or not, and may be wider when they are pointed at."""

    texts: list[str | None]
    reads_hover: bool = False
    reads_width: bool = False

    def title(self, tab, hover, max_width):
        text = self.texts[tab.tab_index % len(self.texts)]
        if text is None:
            return None
        if self.reads_hover and hover:
            text = text[::-1] + ("!" if len(text) % 2 else "")
        return SgrText(f"{text}{max_width % 7}" if self.reads_width else text)


TITLES = st.builds(Titles, st.lists(st.none() | TEXTS, min_size=1, max_size=4), st.booleans(), st.booleans())


@settings(max_examples=150, stateful_step_count=25, deadline=None)
class KeptBar(RuleBasedStateMachine):
    """A window's life, as its bar sees it."""

    @initialize(inputs=bars(with_beyond=True), titles=TITLES)
    def begin(self, inputs, titles):
        self.kept = BarLayout()
        self.inputs = replace(inputs, titles=titles)
        self.mark = 0

    def frame(self):
        found = self.kept.lay_out(self.inputs, self.mark)
        assert found == whole(self.inputs)
        before = self.kept.full_layouts
        assert self.kept.lay_out(replace(self.inputs), self.mark) is found
        assert self.kept.full_layouts == before, "the same again costs nothing"

    @rule(cols=st.integers(1, 200))
    def resized(self, cols):
        self.inputs = replace(self.inputs, cols=cols)
        self.frame()

    @rule(delta=st.integers(-2, 2))
    def resized_a_little(self, delta):
        self.inputs = replace(self.inputs, cols=max(self.inputs.cols + delta, 1))
        self.frame()

    @rule(col=st.none() | st.integers(0, 100), row=st.none() | st.integers(0, 20))
    def pointed_at(self, col, row):
        self.inputs = replace(self.inputs, hover_col=col, hover_row=row)
        self.frame()

    @rule(texts=st.lists(st.none() | TEXTS, min_size=1, max_size=4))
    def titled(self, texts):
        self.inputs = replace(self.inputs, titles=replace(self.inputs.titles, texts=texts))
        self.mark += 1
        self.frame()

    @rule(index=st.integers(0, 40))
    def activated(self, index):
        tabs = [replace(tab, is_active=tab.tab_index == index) for tab in self.inputs.tabs]
        self.inputs = replace(self.inputs, tabs=tabs)
        self.mark += 1
        self.frame()

    @rule(left=TEXTS, right=TEXTS)
    def status(self, left, right):
        self.inputs = replace(self.inputs, left_status=SgrText(left), right_status=SgrText(right))
        self.frame()

    @rule(frame=st.integers(0, 20))
    def spun(self, frame):
        self.inputs = replace(self.inputs, spinner_frame=frame)
        self.frame()

    @rule(scroll=st.integers(0, 40), follows=st.booleans())
    def scrolled(self, scroll, follows):
        self.inputs = replace(self.inputs, scroll=scroll, follows_active=follows)
        self.frame()

    @rule(inputs=bars(with_beyond=True))
    def configured(self, inputs):
        self.inputs = replace(self.inputs, options=inputs.options, rows=inputs.rows)
        self.frame()


TestKeptBar = KeptBar.TestCase


class Counting(Titles):
    def title(self, tab, hover, max_width):
        self.asked.append((tab.tab_index, hover, max_width))
        return super().title(tab, hover, max_width)

    asked: list


def counting(count, cols=200):
    titles = Counting([" one ", " two ", " three "])
    titles.asked = []
    tabs = [Tab(index, index == 0, Pane("")) for index in range(count)]
    inputs = BarInputs(cols, tabs, titles, BarOptions(), COLORS, right_status=SgrText("12:34"))
    return titles, inputs


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 30), st.lists(st.integers(0, 400), min_size=1, max_size=20))
def test_resizing_asks_for_no_title_while_all_tabs_fit(count, widths):
    titles, inputs = counting(count, 1000)
    kept = BarLayout()
    kept.lay_out(inputs, 1)
    titles.asked.clear()
    for width in widths:
        kept.lay_out(replace(inputs, cols=600 + width), 1)
    assert titles.asked == []
    assert kept.full_layouts == 1


def test_the_pointer_asks_once_for_each_tab_that_it_comes_to():
    titles, inputs = counting(5)
    kept = BarLayout()
    kept.lay_out(inputs, 1)
    titles.asked.clear()
    for col in [*range(60), *range(60, 0, -1)]:
        kept.lay_out(replace(inputs, hover_col=col), 1)
    assert titles.asked == [(1, True, 5), (2, True, 7), (3, True, 5), (4, True, 5)]
    assert kept.full_layouts == 1


def test_a_bar_that_looks_the_same_is_the_same_object():
    _, inputs = counting(3)
    kept = BarLayout()
    first = kept.lay_out(inputs, 1)
    assert kept.lay_out(inputs, 2) is first
    assert kept.lay_out(replace(inputs, hover_col=1), 2) is first, "the active tab does not change"
    assert kept.lay_out(replace(inputs, hover_col=6), 2) is not first
    assert kept.lay_out(inputs, 2) == first


def test_without_a_promise_every_title_is_asked_for():
    titles, inputs = counting(2)
    kept = BarLayout()
    kept.lay_out(inputs)
    titles.texts = [" another "]
    assert " another " in kept.lay_out(inputs).text


def test_a_bar_without_tabs_or_titles():
    inputs = BarInputs(1, [], BuiltinTitles(), BarOptions(), COLORS)
    kept = BarLayout()
    for cols in (1, 2, 80, 1):
        assert kept.lay_out(replace(inputs, cols=cols), 1) == whole(replace(inputs, cols=cols))
