"""Random histories of a whole mux, beside a plain model of who is where."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from perilune.base.geometry import Size
from perilune.mux import MuxError, MuxSettings, SplitSize, snapshot_tabs
from perilune.mux.notifications import (
    Empty,
    PaneAdded,
    PaneRemoved,
    TabAdded,
    TabRemoved,
    WindowCreated,
    WindowRemoved,
)
from property.test_mux_splits_tile import COLS, ROWS, check_tiling
from unit.mux.mux_fakes import FakeDomain, fake_mux

DIRECTIONS = st.sampled_from(["Left", "Right", "Up", "Down"])
SIZES = st.builds(Size, COLS, ROWS)


class MuxHistory(RuleBasedStateMachine):
    """Windows hold tabs hold panes; every pane is a dead one, which spares a thousand threads."""

    def __init__(self) -> None:
        super().__init__()
        self.context = fake_mux(domain=FakeDomain(failure=OSError("no program")))
        self.rig = self.context.__enter__()
        self.mux = self.rig.mux

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)

    def pick(self, data):
        """A random pane with its tab and window."""
        pane = data.draw(st.sampled_from(list(self.mux.panes())))
        return pane, self.mux.tab_of_pane(pane), self.mux.window_of_pane(pane)

    @initialize(size=st.builds(Size, st.integers(5, 60), st.integers(5, 30)))
    def begin(self, size: Size) -> None:
        pane = self.mux.spawn_tab(self.mux.create_window(size=size)).active_pane
        self.mux.split_pane(pane)
        self.mux.split_pane(pane, "Down")

    @precondition(lambda self: len(self.mux.windows) < 3)
    @rule(size=SIZES)
    def open_window(self, size: Size) -> None:
        self.mux.spawn_tab(self.mux.create_window(size=size))

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data(), activate=st.booleans())
    def open_tab(self, data, activate: bool) -> None:
        window = data.draw(st.sampled_from(list(self.mux.windows.values())))
        if len(window.tabs) < 4:
            before = window.active_tab
            tab = self.mux.spawn_tab(window, activate=activate)
            assert window.tabs[-1] is tab
            assert window.active_tab is (tab if activate else before)

    @precondition(lambda self: self.mux.windows)
    @rule(
        data=st.data(),
        direction=DIRECTIONS,
        size=st.builds(SplitSize, st.integers(1, 99), st.none() | st.integers(1, 40)),
        top_level=st.booleans(),
    )
    def split(self, data, direction, size, top_level) -> None:
        pane, tab, _ = self.pick(data)
        before = tab.panes()
        try:
            new = self.mux.split_pane(pane, direction, size, top_level=top_level)
        except MuxError:
            assert tab.panes() == before
            return
        assert [item for item in tab.panes() if item is not new] == before
        assert tab.active_pane is new
        assert new.terminal.sizes == [(new.size.cols, new.size.rows)]

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data(), direction=DIRECTIONS)
    def move_into_a_split(self, data, direction) -> None:
        pane, tab, _ = self.pick(data)
        wanderer, _, _ = self.pick(data)
        try:
            self.mux.split_pane(pane, direction, move=wanderer)
        except MuxError:
            return
        assert tab.active_pane is wanderer

    @precondition(lambda self: len(list(self.mux.panes())) > 2)
    @rule(data=st.data())
    def close(self, data) -> None:
        pane, _, _ = self.pick(data)
        self.mux.close_pane(pane)
        assert self.mux.get_pane(pane.id) is None

    @precondition(lambda self: len(list(self.mux.panes())) > 4)
    @rule(data=st.data(), to_last=st.booleans())
    def close_tab(self, data, to_last: bool) -> None:
        self.mux.update_settings(MuxSettings(switch_to_last_active_tab_when_closing_tab=to_last))
        _, tab, window = self.pick(data)
        last, shown, index = window.last_active_tab, window.active_tab, window.tabs.index(tab)
        self.mux.close_tab(tab)
        if not window.tabs:
            return
        if shown is not tab:
            assert window.active_tab is shown
        elif to_last:
            assert window.active_tab is last
        else:
            assert window.active_index == min(index, len(window.tabs) - 1)

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data())
    def zoom(self, data) -> None:
        _, tab, _ = self.pick(data)
        now = self.mux.toggle_zoom(tab)
        assert (tab.zoomed_pane is tab.active_pane) == now

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data(), direction=st.sampled_from(["Left", "Right", "Up", "Down", "Next", "Prev"]))
    def go(self, data, direction) -> None:
        _, tab, _ = self.pick(data)
        target = tab.pane_in_direction(direction)
        assert self.mux.activate_pane_direction(tab, direction) == (target is not None)
        if target is not None:
            assert tab.active_pane is target

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data(), direction=DIRECTIONS, amount=st.integers(0, 30))
    def adjust(self, data, direction, amount) -> None:
        pane, tab, _ = self.pick(data)
        order, splits = tab.panes(), len(tab.splits())
        self.mux.adjust_pane_size(pane, direction, amount)
        assert tab.panes() == order
        assert tab.zoomed_pane or len(tab.splits()) >= min(splits, 1)

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data(), clockwise=st.booleans())
    def rotate(self, data, clockwise) -> None:
        _, tab, _ = self.pick(data)
        index = tab.panes().index(tab.active_pane)
        self.mux.rotate_panes(tab, clockwise=clockwise)
        assert tab.panes().index(tab.active_pane) == index

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data(), keep=st.booleans())
    def swap(self, data, keep) -> None:
        one, tab, _ = self.pick(data)
        self.mux.swap_panes(one, data.draw(st.sampled_from(tab.panes())), keep_focus=keep)

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data(), new_window=st.booleans())
    def move_out(self, data, new_window) -> None:
        pane, _, window = self.pick(data)
        if new_window:
            tab, window = self.mux.move_pane_to_new_window(pane)
        else:
            tab = self.mux.move_pane_to_new_tab(pane)
        assert tab.panes() == [pane]
        assert window.active_tab is tab

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data(), size=SIZES)
    def resize(self, data, size) -> None:
        _, _, window = self.pick(data)
        shown = window.active_tab
        before = [item.rect for item in shown.positioned_panes()]
        old = shown.size
        self.mux.resize_window(window, size)
        self.mux.resize_window(window, old)
        assert [item.rect for item in shown.positioned_panes()] == before
        self.mux.resize_window(window, size)

    @precondition(lambda self: self.mux.windows)
    @rule(data=st.data(), index=st.integers(-1, 5), focus=st.booleans())
    def show(self, data, index, focus) -> None:
        _, tab, window = self.pick(data)
        self.mux.activate_tab(tab)
        self.mux.move_tab(tab, index)
        assert window.active_tab is tab
        self.mux.set_focused_window(window if focus else None)

    @rule()
    def flush(self) -> None:
        self.mux.resize_hidden_tabs()

    @invariant()
    def every_shown_tab_tiles(self) -> None:
        for window in self.mux.windows.values():
            assert window.tabs
            assert window.active_tab in window.tabs
            assert window.active_tab.size == window.size
            for tab in window.tabs:
                assert tab.active_pane in tab.panes()
                shown = tab.positioned_panes()
                check_tiling([item.rect for item in (*shown, *tab.splits())], tab.size.cols, tab.size.rows)
                assert [item.pane for item in shown if item.is_active] == [tab.active_pane]
                for item in shown:
                    assert item.pane.size[:2] == (item.rect.width, item.rect.height)
                    assert (item.pane.terminal.cols, item.pane.terminal.rows) == item.pane.size[:2]
            assert [info.tab_id for info in snapshot_tabs(window)] == [tab.id for tab in window.tabs]

    @invariant()
    def every_pane_is_in_one_place(self) -> None:
        placed = [pane for window in self.mux.windows.values() for tab in window.tabs for pane in tab.panes()]
        assert len(placed) == len(set(placed))
        assert set(placed) == set(self.mux.panes())

    @invariant()
    def what_was_told_adds_up(self) -> None:
        """Whoever kept books from the notifications alone knows what there is."""
        told = self.rig.told
        for added, removed, name, there in (
            (PaneAdded, PaneRemoved, "pane_id", [pane.id for pane in self.mux.panes()]),
            (TabAdded, TabRemoved, "tab_id", [tab.id for w in self.mux.windows.values() for tab in w.tabs]),
            (WindowCreated, WindowRemoved, "window_id", list(self.mux.windows)),
        ):
            books: list[int] = []
            for item in told:
                if isinstance(item, added):
                    assert getattr(item, name) not in books
                    books.append(getattr(item, name))
                elif isinstance(item, removed):
                    books.remove(getattr(item, name))
            assert sorted(books) == sorted(there)
        if not self.mux.windows and told:
            assert Empty() in told

    @invariant()
    def the_focus_is_on_one_pane_at_most(self) -> None:
        focused = [pane for pane in self.mux.panes() if pane.is_focused]
        expected = self.mux.focused_pane
        assert focused == ([] if expected is None else [expected])


MuxHistory.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestMuxHistory = MuxHistory.TestCase
