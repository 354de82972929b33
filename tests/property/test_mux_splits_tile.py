"""Whatever is done to a tab, its panes and lines cover it exactly."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from perilune.base.geometry import Rect
from perilune.base.ids import PaneId
from perilune.mux.tree import SplitTree

# Small sizes are where the corners are.
COLS = st.integers(1, 12) | st.integers(1, 40)
ROWS = st.integers(1, 9) | st.integers(1, 20)
AXES = st.sampled_from(["Horizontal", "Vertical"])
SHARES = st.tuples(st.integers(1, 50), st.integers(1, 50)).map(lambda pair: (pair[0], sum(pair)))


def check_tiling(rects: list[Rect], cols: int, rows: int) -> None:
    """Every cell of the tab lies in exactly one rectangle."""
    cells = [0] * (cols * rows)
    for rect in rects:
        assert rect.width >= 1
        assert rect.height >= 1
        assert min(rect.left, rect.top) >= 0
        assert rect.right <= cols
        assert rect.bottom <= rows
        for row in range(rect.top, rect.bottom):
            for col in range(rect.left, rect.right):
                cells[row * cols + col] += 1
    assert all(count == 1 for count in cells)


class TabHistory(RuleBasedStateMachine):
    """Random histories of a tree beside a plain list of who is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = SplitTree()
        self.members: set[int] = set()
        self.next_id = 0
        self.cols, self.rows = 80, 24
        self.keep = PaneId(0)

    def new(self) -> PaneId:
        pane = PaneId(self.next_id)
        self.next_id += 1
        self.members.add(pane)
        self.keep = pane
        return pane

    @initialize(cols=COLS, rows=ROWS)
    def begin(self, cols: int, rows: int) -> None:
        self.cols, self.rows = cols, rows
        self.tree = SplitTree(self.new())

    @precondition(lambda self: 0 < len(self.members) < 12)
    @rule(data=st.data(), axis=AXES, before=st.booleans(), share=SHARES, top=st.booleans())
    def split(self, data, axis, before, share, top) -> None:
        beside = None if top else data.draw(st.sampled_from(sorted(self.members)))
        others = self.tree.panes()
        self.tree = self.tree.insert(self.new(), beside, axis, before=before, share=share)
        assert [pane for pane in self.tree.panes() if pane in others] == others

    @precondition(lambda self: len(self.members) > 1)
    @rule(data=st.data())
    def close(self, data) -> None:
        pane = data.draw(st.sampled_from(sorted(self.members)))
        self.members.remove(pane)
        others = [other for other in self.tree.panes() if other != pane]
        self.tree = self.tree.remove(pane)
        assert self.tree.panes() == others
        if self.keep == pane:
            self.keep = self.tree.panes()[0]

    @rule(cols=COLS, rows=ROWS)
    def resize(self, cols: int, rows: int) -> None:
        before = self.tree.layout(self.cols, self.rows, self.keep)
        self.tree.layout(cols, rows, self.keep)
        assert self.tree.layout(self.cols, self.rows, self.keep) == before
        self.cols, self.rows = cols, rows

    @rule(data=st.data())
    def focus(self, data) -> None:
        self.keep = PaneId(data.draw(st.sampled_from(sorted(self.members))))

    @rule(data=st.data(), delta=st.integers(-30, 30))
    def drag(self, data, delta: int) -> None:
        lines = self.tree.layout(self.cols, self.rows, self.keep).splits
        if not lines:
            return
        line = data.draw(st.sampled_from(lines))
        self.tree = self.tree.move_line(line.index, delta, self.cols, self.rows, self.keep)
        moved = next(
            item
            for item in self.tree.layout(self.cols, self.rows, self.keep).splits
            if item.index == line.index
        )
        step = (
            moved.rect.left - line.rect.left if line.axis == "Horizontal" else moved.rect.top - line.rect.top
        )
        assert 0 <= (step if delta > 0 else -step) <= abs(delta)

    @rule(clockwise=st.booleans())
    def rotate(self, clockwise: bool) -> None:
        before = self.tree.panes()
        self.tree = self.tree.rotate(clockwise=clockwise)
        step = 1 if clockwise else -1
        assert [self.tree.panes()[(index + step) % len(before)] for index in range(len(before))] == before

    @precondition(lambda self: len(self.members) > 1)
    @rule(data=st.data())
    def swap(self, data) -> None:
        one, other = data.draw(st.permutations(sorted(self.members)))[:2]
        again = self.tree.swap(one, other)
        assert again.swap(one, other).panes() == self.tree.panes()
        self.tree = again

    @invariant()
    def tiles(self) -> None:
        if not self.members:
            return
        assert set(self.tree.panes()) == self.members
        layout = self.tree.layout(self.cols, self.rows, self.keep)
        check_tiling([item.rect for item in (*layout.panes, *layout.splits)], self.cols, self.rows)
        assert self.keep in {place.pane_id for place in layout.panes}
        order = self.tree.panes()
        assert all(order[place.index] == place.pane_id for place in layout.panes)
        wanted_cols, wanted_rows = self.tree.minimum()
        if self.cols >= wanted_cols and self.rows >= wanted_rows:
            assert len(layout.panes) == len(self.members)
            assert len(layout.splits) == len(self.members) - 1


TabHistory.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestTabHistory = TabHistory.TestCase


@dataclass
class Built:
    tree: SplitTree
    panes: list[int] = field(default_factory=list)


@st.composite
def trees(draw) -> Built:
    """A tree of up to eight panes."""
    tree, panes = SplitTree(PaneId(0)), [0]
    for number in range(1, draw(st.integers(1, 8))):
        beside = PaneId(draw(st.sampled_from(panes)))
        tree = tree.insert(PaneId(number), beside, draw(AXES), before=draw(st.booleans()), share=draw(SHARES))
        panes.append(number)
    return Built(tree, panes)


@settings(deadline=None)
@given(built=trees(), cols=st.integers(1, 60), rows=st.integers(1, 60))
def test_growing_never_shrinks_a_side(built: Built, cols: int, rows: int):
    """One more column widens no line and shrinks no pane that spans the whole tab's left edge."""
    small = {place.pane_id: place.rect for place in built.tree.layout(cols, rows, PaneId(0)).panes}
    large = {place.pane_id: place.rect for place in built.tree.layout(cols + 1, rows, PaneId(0)).panes}
    if len(small) == len(large) == len(built.panes) and cols >= built.tree.minimum()[0]:
        assert all(large[pane].width >= small[pane].width for pane in small)
