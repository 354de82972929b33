"""The mux on fakes: who is where, who is told, and what an end means."""

from __future__ import annotations

from contextlib import suppress

import pytest

from perilune.base.geometry import Rect, Size
from perilune.mux import MuxError, MuxSettings, SplitSize, snapshot_tabs
from perilune.mux.notifications import (
    Alert,
    Empty,
    PaneExited,
    PaneFocused,
    PaneOutput,
    PaneRemoved,
    TabActivated,
    TabResized,
    TabTitleChanged,
    UnseenOutputChanged,
    WindowRemoved,
)
from perilune.pty.exit_status import ExitStatus
from perilune.pty.process_info import ProcessInfo
from perilune.vt.events import (
    Bell,
    CurrentDirectory,
    IconTitleChanged,
    ProgressChanged,
    TitleChanged,
    UserVarChanged,
)
from unit.mux.mux_fakes import FakeDomain, Rig, fake_mux


def first_pane(rig: Rig, size: Size = Size(80, 24)):  # noqa: B008 - a frozen value
    """A window with one tab with one pane."""
    window = rig.mux.create_window(size=size)
    tab = rig.mux.spawn_tab(window)
    pane = tab.active_pane
    assert pane is not None
    return window, tab, pane


def rects(tab) -> list[tuple[int, ...]]:
    return [tuple(item.rect) for item in tab.positioned_panes()]


class TestSplits:
    def test_both_sides_learn_their_size(self):
        with fake_mux() as rig:
            _, tab, pane = first_pane(rig, Size(81, 24, 810, 480))
            other = rig.mux.split_pane(pane, "Right")
            assert rects(tab) == [(0, 0, 40, 24), (41, 0, 40, 24)]
            assert pane.size == other.size == Size(40, 24, 400, 480)
            assert (pane.terminal.cols, pane.terminal.rows) == (40, 24)
            settings = pane.terminal.settings
            assert (settings.cell_width_px, settings.cell_height_px) == (10, 20)
            assert rig.domain.processes[0].sizes[-1] == Size(40, 24, 400, 480)
            assert tab.active_pane is other

    def test_a_new_pane_starts_in_its_final_size(self):
        """A program that asks at once must not be told of a size that lasts a moment."""
        with fake_mux() as rig:
            _, tab, pane = first_pane(rig)
            for direction in ("Right", "Left", "Up", "Down"):
                for size in (SplitSize(), SplitSize(percent=13), SplitSize(cells=5), SplitSize(cells=500)):
                    for top_level in (False, True):
                        try:
                            new = rig.mux.split_pane(pane, direction, size, top_level=top_level)
                        except MuxError:
                            continue
                        assert rig.domain.processes[-1].sizes == [new.size]
                        assert new.terminal.sizes == [(new.size.cols, new.size.rows)]
                        rig.mux.close_pane(new)
            assert tab.panes() == [pane]

    @pytest.mark.parametrize(
        ("direction", "size", "rect"),
        [
            ("Right", SplitSize(percent=25), (61, 0, 19, 24)),
            ("Left", SplitSize(cells=10), (0, 0, 10, 24)),
            ("Down", SplitSize(cells=1), (0, 23, 80, 1)),
            ("Up", SplitSize(percent=99), (0, 0, 80, 22)),
        ],
    )
    def test_directions_and_sizes(self, direction, size, rect):
        with fake_mux() as rig:
            _, tab, pane = first_pane(rig)
            new = rig.mux.split_pane(pane, direction, size)
            assert next(tuple(item.rect) for item in tab.positioned_panes() if item.pane is new) == rect

    def test_a_top_level_split_takes_from_the_whole_tab(self):
        with fake_mux() as rig:
            _, tab, pane = first_pane(rig)
            rig.mux.split_pane(pane, "Right")
            bottom = rig.mux.split_pane(pane, "Down", SplitSize(cells=4), top_level=True)
            assert tuple(tab.positioned_panes()[-1].rect) == (0, 20, 80, 4)
            assert tab.positioned_panes()[-1].pane is bottom

    def test_no_room_is_said_and_nothing_is_spawned(self):
        with fake_mux() as rig:
            _, tab, pane = first_pane(rig, Size(2, 24))
            with pytest.raises(MuxError, match="no room"):
                rig.mux.split_pane(pane, "Right")
            assert tab.panes() == [pane]
            assert len(rig.domain.requests) == 1
            rig.mux.split_pane(pane, "Down")

    def test_splitting_ends_a_zoom(self):
        with fake_mux() as rig:
            _, tab, pane = first_pane(rig)
            rig.mux.split_pane(pane)
            rig.mux.toggle_zoom(tab)
            rig.mux.split_pane(pane, "Down")
            assert tab.zoomed_pane is None
            assert len(tab.positioned_panes()) == 3

    def test_a_line_is_dragged(self):
        with fake_mux() as rig:
            _, tab, pane = first_pane(rig)
            rig.mux.split_pane(pane)
            line = tab.splits()[0]
            assert (line.axis, line.rect) == ("Horizontal", Rect(40, 0, 1, 24))
            assert tab.split_at(3, 40) == line
            assert tab.resize_split(line.index, -7)
            assert rects(tab)[0] == (0, 0, 33, 24)
            assert not tab.resize_split(9, 1)

    def test_adjusting_moves_the_nearest_line_of_the_axis(self):
        with fake_mux() as rig:
            _, tab, left = first_pane(rig)
            right = rig.mux.split_pane(left)
            below = rig.mux.split_pane(right, "Down")
            assert rig.mux.adjust_pane_size(below, "Left", 3)
            assert rects(tab)[0] == (0, 0, 37, 24)
            assert rig.mux.adjust_pane_size(below, "Up", 2)
            assert tuple(tab.positioned_panes()[1].rect)[3] == 10
            assert not rig.mux.adjust_pane_size(left, "Up", 1)

    def test_a_moved_pane_keeps_its_program(self):
        with fake_mux() as rig:
            window, tab, pane = first_pane(rig)
            other_tab = rig.mux.spawn_tab(window)
            wanderer = other_tab.active_pane
            rig.mux.split_pane(pane, "Down", move=wanderer)
            assert tab.panes() == [pane, wanderer]
            assert window.tabs == [tab]
            assert len(rig.domain.requests) == 2
            assert not rig.of(PaneRemoved)
            with pytest.raises(MuxError):
                rig.mux.split_pane(pane, move=pane)


class TestFocus:
    def grid(self, rig: Rig):
        """a | b over c, made so that c was active last and b before."""
        _, tab, a = first_pane(rig)
        b = rig.mux.split_pane(a, "Right")
        c = rig.mux.split_pane(b, "Down")
        return tab, a, b, c

    def test_the_most_recent_neighbour_wins(self):
        with fake_mux() as rig:
            tab, a, b, c = self.grid(rig)
            for last in (b, c, b):
                rig.mux.activate_pane(last)
                rig.mux.activate_pane(a)
                assert tab.pane_in_direction("Right") is last

    def test_edges(self):
        with fake_mux() as rig:
            tab, a, b, c = self.grid(rig)
            assert [tab.pane_in_direction(way, a) for way in ("Left", "Up", "Down")] == [None] * 3
            assert tab.pane_in_direction("Down", b) is c
            assert tab.pane_in_direction("Up", c) is b
            assert tab.pane_in_direction("Left", c) is a
            assert [tab.pane_in_direction(way, c) for way in ("Next", "Prev")] == [a, b]

    def test_a_zoom_gives_way_or_holds(self):
        with fake_mux() as rig:
            tab, a, _, c = self.grid(rig)
            rig.mux.toggle_zoom(tab)
            assert rects(tab) == [(0, 0, 80, 24)]
            assert tab.splits() == []
            assert c.size == Size(80, 24)
            assert rig.mux.activate_pane_direction(tab, "Left")
            assert tab.active_pane is a
            assert tab.zoomed_pane is None
            assert c.size == Size(39, 11)
            rig.mux.update_settings(MuxSettings(unzoom_on_switch_pane=False))
            rig.mux.toggle_zoom(tab)
            assert not rig.mux.activate_pane_direction(tab, "Right")
            assert tab.active_pane is tab.zoomed_pane is a

    def test_the_pane_before_the_closed_one_gets_the_focus(self):
        with fake_mux() as rig:
            tab, a, b, c = self.grid(rig)
            rig.mux.close_pane(c)
            assert tab.active_pane is b
            rig.mux.activate_pane(a)
            rig.mux.close_pane(a)
            assert tab.active_pane is b
            assert rects(tab) == [(0, 0, 80, 24)]

    def test_focus_is_told_to_programs_that_ask(self):
        with fake_mux() as rig:
            window, tab, a = first_pane(rig)
            b = rig.mux.split_pane(a)
            a.terminal.modes.focus_events = True
            rig.mux.set_focused_window(window)
            assert rig.mux.focused_pane is b
            rig.mux.activate_pane(a)
            rig.mux.set_focused_window(None)
            assert rig.domain.processes[0].peer.recv(100) == b"\x1b[I\x1b[O"
            assert PaneFocused(a.id) in rig.told
            assert tab.active_pane is a

    def test_rotation_keeps_the_focus_in_its_place(self):
        with fake_mux() as rig:
            tab, a, b, c = self.grid(rig)
            rig.mux.activate_pane(a)
            rig.mux.rotate_panes(tab, clockwise=True)
            assert tab.panes() == [c, a, b]
            assert tab.active_pane is c
            rig.mux.rotate_panes(tab, clockwise=False)
            assert tab.panes() == [a, b, c]

    def test_swapping(self):
        with fake_mux() as rig:
            tab, a, b, c = self.grid(rig)
            rig.mux.activate_pane(a)
            assert rig.mux.swap_panes(a, c)
            assert tab.panes() == [c, b, a]
            assert tab.active_pane is c
            assert c.size == Size(40, 24)
            rig.mux.swap_panes(c, a, keep_focus=True)
            assert tab.active_pane is c


class TestSizes:
    def test_a_storm_of_steps_reflows_hidden_tabs_once(self):
        with fake_mux() as rig:
            window, shown, _ = first_pane(rig)
            hidden = rig.mux.spawn_tab(window, activate=False)
            for cols in range(79, 40, -1):
                rig.mux.resize_window(window, Size(cols, 24))
            assert shown.active_pane.terminal.cols == 41
            assert hidden.active_pane.terminal.sizes == [(80, 24)]
            rig.run_until(lambda: hidden.size.cols == 41)
            assert hidden.active_pane.terminal.sizes == [(80, 24), (41, 24)]

    def test_showing_a_tab_brings_it_to_size(self):
        with fake_mux() as rig:
            window, _, _ = first_pane(rig)
            hidden = rig.mux.spawn_tab(window, activate=False)
            rig.mux.resize_window(window, Size(50, 10))
            rig.mux.activate_tab(hidden)
            assert hidden.active_pane.size == Size(50, 10)

    def test_a_tab_shown_because_another_closed_is_brought_to_size(self):
        with fake_mux() as rig:
            window, hidden, _ = first_pane(rig)
            shown = rig.mux.spawn_tab(window)
            rig.mux.resize_window(window, Size(50, 10))
            rig.mux.close_tab(shown)
            assert hidden.active_pane.size == Size(50, 10)

    def test_sizes_without_cells_are_one_cell(self):
        with fake_mux() as rig:
            window, tab, pane = first_pane(rig)
            rig.mux.split_pane(pane)
            rig.mux.resize_window(window, Size(0, 0))
            assert rects(tab) == [(0, 0, 1, 1)]
            assert tab.positioned_panes()[0].pane is tab.active_pane
            assert len(tab.panes_with_info()) == 2
            rig.mux.activate_pane(pane)
            assert tab.positioned_panes()[0].pane is pane
            rig.mux.resize_window(window, Size(80, 24))
            assert rects(tab) == [(0, 0, 40, 24), (41, 0, 39, 24)]


class TestTabs:
    @pytest.mark.parametrize(
        ("to_last", "shown", "closed", "expected"),
        [
            (False, "ABCD", "A", "A"),  # D is shown; closing another changes nothing
            (False, "ABCDB", "B", "C"),
            (False, "ABCD", "D", "C"),
            (True, "ABCDB", "B", "D"),
            (True, "ABDCA", "A", "C"),  # upstream shows D: it uses the index from before the removal
            (True, "ABCDA", "A", "D"),
            (True, "ABCD", "B", "D"),
        ],
    )
    def test_which_tab_is_shown_after_one_closed(self, to_last, shown, closed, expected):
        with fake_mux(MuxSettings(switch_to_last_active_tab_when_closing_tab=to_last)) as rig:
            window = rig.mux.create_window()
            tabs = {name: rig.mux.spawn_tab(window) for name in "ABCD"}
            for name in shown:
                rig.mux.activate_tab(tabs[name])
            rig.mux.close_tab(tabs[closed])
            names = {tab.id: name for name, tab in tabs.items()}
            if expected == closed:
                expected = shown[-1]
            assert names[window.active_tab.id] == expected

    def test_last_active_tab(self):
        with fake_mux() as rig:
            window, first, _ = first_pane(rig)
            assert window.last_active_tab is None
            second = rig.mux.spawn_tab(window)
            third = rig.mux.spawn_tab(window, activate=False)
            assert window.last_active_tab is first
            rig.mux.activate_tab(third)
            assert window.last_active_tab is second

    def test_moving(self):
        with fake_mux() as rig:
            window = rig.mux.create_window()
            a, b, c = (rig.mux.spawn_tab(window) for _ in range(3))
            rig.mux.move_tab(c, 0)
            assert window.tabs == [c, a, b]
            rig.mux.move_tab(c, 99)
            assert window.tabs == [a, b, c]
            assert window.active_tab is c

    def test_the_last_tab_takes_the_window_with_it(self):
        with fake_mux() as rig:
            window, tab, pane = first_pane(rig)
            rig.mux.close_tab(tab)
            assert rig.mux.windows == {}
            assert rig.told[-1] == PaneRemoved(pane.id)
            assert rig.of(Empty) == [Empty()]
            assert rig.of(WindowRemoved) == [WindowRemoved(window.id)]
            assert rig.mux.get_pane(pane.id) is rig.mux.get_tab(tab.id) is None

    def test_a_window_closes_with_everything(self):
        with fake_mux() as rig:
            window, _, pane = first_pane(rig)
            rig.mux.split_pane(pane)
            rig.mux.spawn_tab(window)
            rig.mux.close_window(window)
            assert not list(rig.mux.panes())
            rig.run_until(lambda: rig.mux.leaving == 0)
            assert [process.signals for process in rig.domain.processes] == [["HUP"]] * 3
            assert [process.fd for process in rig.domain.processes] == [-1] * 3

    def test_a_pane_moves_to_a_tab_and_a_window_of_its_own(self):
        with fake_mux() as rig:
            window, tab, pane = first_pane(rig)
            other = rig.mux.split_pane(pane)
            new_tab = rig.mux.move_pane_to_new_tab(other)
            assert window.tabs == [tab, new_tab]
            assert window.active_tab is new_tab
            assert rects(tab) == [(0, 0, 80, 24)]
            assert rig.mux.move_pane_to_new_tab(other) is new_tab
            lone, elsewhere = rig.mux.move_pane_to_new_window(other, "w")
            assert elsewhere.workspace == "w"
            assert elsewhere.tabs == [lone]
            assert window.tabs == [tab]
            assert rig.mux.workspace_names() == ["default", "w"]
            rig.mux.rename_workspace("w", "v")
            assert rig.mux.workspace_names() == ["default", "v"]
            assert not rig.of(PaneRemoved)

    def test_titles_are_told_once(self):
        with fake_mux() as rig:
            _, tab, _ = first_pane(rig)
            rig.mux.set_tab_title(tab, "x")
            rig.mux.set_tab_title(tab, "x")
            assert rig.of(TabTitleChanged) == [TabTitleChanged(tab.id)]


class TestOutput:
    def test_output_is_told_once_until_it_is_taken(self):
        with fake_mux() as rig:
            _, _, pane = first_pane(rig)
            rig.domain.processes[0].peer.send(b"hello")
            rig.run_until(lambda: rig.of(PaneOutput))
            assert bytes(pane.terminal.data) == b"hello"
            assert rig.of(PaneOutput) == [PaneOutput(pane.id)]

    def test_unseen_output(self):
        with fake_mux() as rig:
            window, tab, a = first_pane(rig)
            b = rig.mux.split_pane(a)
            rig.mux.set_focused_window(window)
            for process in rig.domain.processes:
                process.peer.send(b"x")
            rig.run_until(lambda: len(rig.of(PaneOutput)) == 2)
            assert (a.has_unseen_output, b.has_unseen_output) == (True, False)
            assert rig.of(UnseenOutputChanged) == [UnseenOutputChanged(a.id)]
            rig.mux.activate_pane(a)
            assert not a.has_unseen_output
            assert tab.active_pane is a

    def test_events_change_what_a_pane_is(self):
        with fake_mux() as rig:
            window, _, pane = first_pane(rig)
            events = [
                TitleChanged("window title"),
                UserVarChanged("k", "v"),
                ProgressChanged("Percentage", 40),
                CurrentDirectory("file://here/tmp"),
                Bell(),
            ]
            pane.terminal.planned[b"!"] = (events, b"reply")
            rig.domain.processes[0].peer.send(b"!")
            rig.run_until(lambda: len(rig.of(Alert)) == len(events))
            assert rig.of(Alert) == [Alert(pane.id, event) for event in events]
            assert rig.domain.processes[0].peer.recv(100) == b"reply"
            (info,) = snapshot_tabs(window, live=True)
            assert info.active_pane.title == "window title"
            assert info.active_pane.user_vars == {"k": "v"}
            assert info.active_pane.progress == ("Percentage", 40)
            assert info.active_pane.live.current_working_dir == "file://here/tmp"
            assert pane.local_cwd() == "/tmp"
            before = snapshot_tabs(window)
            assert before == snapshot_tabs(window)
            pane.terminal.planned[b"!"] = ([IconTitleChanged("icon"), UserVarChanged("k", "w")], b"")
            rig.domain.processes[0].peer.send(b"!")
            rig.run_until(lambda: pane.title == "icon")
            assert before[0].active_pane.user_vars == {"k": "v"}  # a picture stays as it was taken
            assert before != snapshot_tabs(window)

    def test_a_flood_of_queries_holds_the_reader_back(self):
        """Events wait in bounded number while the mux thread is busy, and none is lost."""
        with fake_mux() as rig:
            _, _, pane = first_pane(rig)
            pane.terminal.planned[b"!"] = ([Bell()], b"")
            peer = rig.domain.processes[0].peer
            peer.setblocking(False)
            sent = 0
            for _ in range(2000):
                try:
                    sent += peer.send(b"!" * 1000)
                except BlockingIOError:
                    break
            peer.setblocking(True)
            rig.run_until(lambda: len(rig.of(Alert)) == sent)

    def test_a_directory_elsewhere_is_not_inherited(self):
        with fake_mux() as rig:
            window, _, pane = first_pane(rig)
            for uri, path in (
                ("file://other.example/tmp", None),
                ("file:///tmp", "/tmp"),
                ("file://localhost/tmp", "/tmp"),
                ("file://here.lan/tmp", "/tmp"),
                ("file:///no/such/dir", None),
                ("file:///%2Ftmp", "/tmp"),
                ("http://here/tmp", None),
                ("file://[bad/tmp", None),
            ):
                pane._on_events([CurrentDirectory(uri)], b"")
                assert pane.local_cwd() in {path, None if path is None else "/" + path}, uri
            pane._on_events([CurrentDirectory("file:///usr")], b"")
            rig.mux.spawn_tab(window)
            assert rig.domain.requests[-1]["cwd"] == "/usr"
            rig.mux.split_pane(pane, cwd="~/x")
            assert rig.domain.requests[-1]["cwd"].endswith("/x")
            assert not rig.domain.requests[-1]["cwd"].startswith("~")

    def test_resizing_tells_what_the_terminal_answers(self):
        with fake_mux() as rig:
            window, _, pane = first_pane(rig)
            pane.terminal.output += b"in-band"
            rig.mux.resize_window(window, Size(50, 20))
            assert rig.domain.processes[0].peer.recv(100) == b"in-band"

    def test_a_failing_subscriber_keeps_nobody_from_hearing(self):
        with fake_mux() as rig:
            heard = []

            def fail(_):
                raise ValueError

            rig.mux.subscribe(fail)
            stop = rig.mux.subscribe(heard.append)
            window = rig.mux.create_window()
            assert heard
            stop()
            heard.clear()
            window.title = "x"
            assert not heard

    def test_the_generation_counts_all_but_output(self):
        with fake_mux() as rig:
            window, tab, pane = first_pane(rig)
            rig.mux.set_focused_window(window)
            before = rig.mux.generation
            rig.domain.processes[0].peer.send(b"x")
            rig.run_until(lambda: rig.of(PaneOutput))
            assert rig.mux.generation == before
            tab.title = "x"
            assert rig.mux.generation == before + 1
            assert pane.title == ""


class TestEnds:
    @pytest.mark.parametrize(
        ("behavior", "code", "closes"),
        [
            ("Close", 0, True),
            ("Close", 1, True),
            ("CloseOnCleanExit", 0, True),
            ("CloseOnCleanExit", 130, True),
            ("CloseOnCleanExit", 1, False),
            ("CloseOnCleanExit", None, False),
            ("Hold", 0, False),
        ],
    )
    def test_exit_behavior(self, behavior, code, closes):
        with fake_mux(MuxSettings(exit_behavior=behavior, clean_exit_codes=(130,))) as rig:
            _, _, pane = first_pane(rig)
            rig.domain.processes[0].peer.send(b"last words")
            rig.domain.processes[0].exit(code)
            rig.run_until(lambda: rig.of(PaneExited))
            assert rig.of(PaneExited) == [PaneExited(pane.id, ExitStatus(code))]
            assert bytes(pane.terminal.data).startswith(b"last words")
            assert (rig.mux.get_pane(pane.id) is None) == closes
            assert bool(rig.of(Empty)) == closes
            assert pane.is_dead
            if not closes:
                assert not pane.write(b"x")
                assert rig.domain.processes[0].fd == -1
                rig.mux.close_pane(pane)
                assert rig.of(Empty)
            rig.run_until(lambda: rig.mux.leaving == 0)

    @pytest.mark.parametrize(
        ("messaging", "code", "parts"),
        [
            ("Verbose", 1, ["vi x", "'local'", "Exited with code 1", "exit_behavior"]),
            ("Brief", 1, ["vi x", "Exited with code 1"]),
            ("Terse", 1, ["[Exited with code 1]"]),
            ("Terse", 0, ["[done]"]),
            ("None", 1, []),
        ],
    )
    def test_messages(self, messaging, code, parts):
        with fake_mux(MuxSettings(exit_behavior="Hold", exit_behavior_messaging=messaging)) as rig:
            window = rig.mux.create_window()
            pane = rig.mux.spawn_tab(window, ["vi", "x"]).active_pane
            pane.terminal.modes.alt_screen = True
            rig.domain.processes[0].exit(code)
            rig.run_until(lambda: rig.of(PaneExited))
            shown = bytes(pane.terminal.data).decode()
            assert all(part in shown for part in parts)
            assert bool(shown) == bool(parts)
            assert ("\x1b[?1049l" in shown) == bool(parts)
            assert ("exit_behavior" in shown) == (messaging == "Verbose")

    @pytest.mark.parametrize(
        ("command", "root", "child", "asks"),
        [
            (("/bin/sh",), ("sh", "/usr/bin/dash", ("/bin/sh",)), None, False),
            (("x",), ("ls", "/usr/bin/busybox", ("-sh",)), None, False),
            (None, ("oksh", "/usr/bin/oksh", ("-oksh",)), None, False),
            (None, ("oksh", "/usr/bin/oksh", ("-oksh",)), ("vim", "/usr/bin/vim", ("vim",)), True),
            (None, ("oksh", "/usr/bin/oksh", ("-oksh",)), ("sh", "/usr/bin/dash", ("sh",)), True),
            (None, ("vim", "/usr/bin/vim", ("vim",)), None, True),
            (("vim",), ("vim", "/usr/bin/vim", ("vim",)), None, True),
            (("/bin/sh",), ("sh", "/usr/bin/dash", ("/bin/sh",)), ("vim", "/usr/bin/vim", ("vim",)), True),
        ],
    )
    def test_what_is_harmless_to_close(self, monkeypatch, command, root, child, asks):
        def tree(pid):
            def info(pid, described, children=()):
                name, executable, argv = described
                return ProcessInfo(pid, 1, name, executable, "/", "Sleep", argv, children)

            return info(pid, root, () if child is None else (info(pid + 1, child),))

        monkeypatch.setattr("perilune.mux.pane.process_tree", tree)
        with fake_mux() as rig:
            window = rig.mux.create_window()
            tab = rig.mux.spawn_tab(window, command)
            rig.domain.processes[0].command = command or ("/usr/bin/oksh",)
            assert rig.mux.can_close_tab_without_prompting(tab) is not asks

    def test_a_background_program_does_not_hold_the_pane(self):
        """It keeps the terminal open after the shell's end, so the stream does not end."""
        with fake_mux(MuxSettings(exit_behavior="Hold")) as rig:
            _, _, pane = first_pane(rig)
            rig.domain.processes[0].peer.send(b"before the end")
            rig.domain.processes[0].exit(0, keep_open=True)
            rig.run_until(lambda: pane.is_dead)
            assert bytes(pane.terminal.data).startswith(b"before the end")

    def test_a_program_that_cannot_start_says_so_in_its_pane(self):
        domain = FakeDomain(failure=OSError("Unable to spawn x: No such file or directory"))
        with fake_mux(domain=domain) as rig:
            window, tab, pane = first_pane(rig)
            assert b"Unable to spawn x: No such file" in bytes(pane.terminal.data)
            assert pane.is_dead
            assert pane.exit_status is pane.pid is pane.tty_name is None
            assert not pane.write(b"x")
            assert pane.current_working_dir() is None
            assert rig.mux.can_close_window_without_prompting(window)
            domain.failure = None
            rig.mux.split_pane(pane)
            rig.mux.close_pane(pane)
            assert len(tab.panes()) == 1

    def test_what_is_opened_beside_one_that_cannot_start_goes_where_it_would_have(self):
        domain = FakeDomain(failure=OSError("no such program"))
        with fake_mux(domain=domain) as rig:
            window = rig.mux.create_window()
            pane = rig.mux.spawn_tab(window, ("x",), cwd="/tmp").active_pane
            assert pane.current_working_dir() == "file://here/tmp"
            domain.failure = None
            rig.mux.split_pane(pane)
            assert domain.requests[-1]["cwd"] == "/tmp"

    def test_an_unknown_domain_is_an_error(self):
        with fake_mux() as rig:
            window = rig.mux.create_window()
            with pytest.raises(MuxError, match="'ssh:x'"):
                rig.mux.spawn_tab(window, domain="ssh:x")
            assert window.tabs == []

    def test_who_ignores_the_hangup_is_killed_in_the_end(self):
        with fake_mux() as rig:
            _, _, pane = first_pane(rig)
            rig.domain.processes[0].obeys_hangup = False
            rig.mux.close_pane(pane)
            rig.run_until(lambda: rig.mux.leaving == 0)
            assert rig.domain.processes[0].signals == ["HUP", "KILL"]

    def test_shutdown_kills_too_and_is_harmless_twice(self):
        with fake_mux() as rig:
            first_pane(rig)
            rig.domain.processes[0].obeys_hangup = False
            rig.mux.shutdown(0.1)
            rig.mux.shutdown(0.1)
            assert rig.domain.processes[0].signals == ["HUP", "KILL"]
            assert rig.domain.processes[0].fd == -1

    def test_a_subscriber_may_close_the_pane_that_just_ended(self):
        with fake_mux(MuxSettings(exit_behavior="Hold")) as rig:
            _, _, pane = first_pane(rig)
            rig.mux.subscribe(lambda item: rig.mux.close_pane(pane) if isinstance(item, PaneExited) else None)
            rig.domain.processes[0].exit(0)
            rig.run_until(lambda: rig.of(Empty))
            rig.run_until(lambda: rig.mux.leaving == 0)

    def test_writes_wait_in_order_while_the_program_does_not_read(self):
        with fake_mux() as rig:
            _, _, pane = first_pane(rig)
            pieces = [bytes([number]) * 300_000 for number in range(10)]
            for piece in pieces:
                assert pane.write(piece)
            assert pane.unsent > 0
            peer = rig.domain.processes[0].peer
            peer.setblocking(False)
            received = bytearray()

            def all_there() -> bool:
                with suppress(BlockingIOError):
                    received.extend(peer.recv(1 << 20))
                return len(received) == 3_000_000

            rig.run_until(all_there)
            assert bytes(received) == b"".join(pieces)
            assert pane.unsent == 0

    def test_what_waits_is_bounded(self):
        with fake_mux() as rig:
            _, _, pane = first_pane(rig)
            pane._writer.limit = 4 << 20
            assert pane.write(b"x" * (4 << 20))
            assert not pane.write(b"y" * (4 << 20))
            assert pane.unsent < 4 << 20
            rig.mux.close_pane(pane)
            rig.run_until(lambda: rig.mux.leaving == 0)

    def test_notifications_name_what_can_still_be_found(self):
        """Whoever hears of an added or shown thing looks it up at once."""
        with fake_mux() as rig:
            missing = []

            def look(item) -> None:
                if isinstance(item, TabActivated | TabResized) and rig.mux.get_tab(item.tab_id) is None:
                    missing.append(item)
                if isinstance(item, Alert | PaneOutput) and rig.mux.get_pane(item.pane_id) is None:
                    missing.append(item)

            rig.mux.subscribe(look)
            window, tab, pane = first_pane(rig)
            rig.mux.split_pane(pane)
            second = rig.mux.spawn_tab(window)
            rig.mux.close_tab(second)
            rig.mux.move_pane_to_new_window(pane)
            rig.mux.close_tab(tab)
            assert missing == []
