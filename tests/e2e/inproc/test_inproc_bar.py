"""The bar beyond WezTerm's, in the running program."""

from __future__ import annotations

from itertools import pairwise

import pytest

from perilune.base.input import MouseButton, MouseKind
from perilune.cells.packing import BG, FG


def config(*lines):
    return "\n".join(["local wezterm = require 'wezterm'", "local config = {}", *lines, "return config"])


def with_tabs(start, count, *lines, **options):
    session = start(config(*lines), **options)
    for number in range(2, count + 1):
        session.screen.key("T", "CTRL|SHIFT")
        session.until(lambda number=number: session.tab_count == number)
    session.settle()
    return session


def titles(session):
    return [tab.title for tab in session.view.window.tabs]


def name_tabs(session):
    """Give tabs names that stay with them."""
    for index, tab in enumerate(session.view.window.tabs):
        tab.title = "abcdefgh"[index]
    session.settle()


class TestBarAtASide:
    @pytest.mark.parametrize(("side", "left"), [("Left", 0), ("Right", 48)])
    def test_panes_have_the_other_columns_and_rows_are_tabs(self, start, side, left):
        session = with_tabs(start, 2, f"config.tab_bar_position = '{side}'", "config.tab_bar_width = 12")
        column = [row[left : left + 12].rstrip() for row in (text.ljust(60) for text in session.screen.rows)]
        assert column[0].startswith(" 1:")
        assert column[1].startswith(" 2:")
        assert column[2] == " +"
        assert not any(column[3:])
        assert (session.pane.terminal.cols, session.pane.terminal.rows) == (48, 12)
        assert session.screen.frame.bar_row == -1
        pane = [text.ljust(60)[12:] if left == 0 else text.ljust(60)[:48] for text in session.screen.rows]
        assert pane[0].startswith("$")
        session.screen.click(0, left + 3)
        assert session.view.window.active_index == 0
        session.screen.click(2, left + 3)
        session.until(lambda: session.tab_count == 3)

    def test_the_tab_under_the_pointer_changes(self, start):
        session = with_tabs(start, 3, "config.tab_bar_position = 'Left'")
        before = session.cell(1, 2)
        session.screen.mouse(1, 2)
        session.until(lambda: session.cell(1, 2) != before)
        session.screen.mouse(0, 2)
        session.until(lambda: session.cell(1, 2) == before)

    def test_a_program_gets_its_own_columns(self, start):
        session = with_tabs(start, 1, "config.tab_bar_position = 'Left'", "config.tab_bar_width = 10")
        session.set_modes("\x1b[?1000h\x1b[?1006h")
        session.program.forget()
        session.screen.click(3, 12)
        session.received(b"\x1b[<0;3;4M\x1b[<0;3;4m")

    def test_it_goes_with_the_window_and_leaves_the_panes_half(self, start):
        session = with_tabs(start, 2, "config.tab_bar_position = 'Right'", "config.tab_bar_width = 30")
        session.screen.resize(20, 5)
        session.settle()
        assert session.pane.terminal.cols == 10
        session.screen.resize(1, 5)
        session.settle()
        assert session.pane.terminal.cols == 1
        session.screen.resize(60, 12)
        session.settle()
        assert session.pane.terminal.cols == 30

    def test_an_override_moves_it(self, start):
        session = with_tabs(
            start,
            2,
            "wezterm.on('toggle', function(window)"
            " window:set_config_overrides({tab_bar_position = 'Left', tab_bar_width = 8}) end)",
            "config.keys = {{key = 'b', mods = 'ALT', action = wezterm.action.EmitEvent 'toggle'}}",
        )
        assert session.bar
        session.screen.key("b", "ALT")
        session.until(lambda: session.pane.terminal.cols == 52)
        session.settle()
        assert session.screen.rows[0].startswith(" 1:")
        assert session.screen.rows[1].startswith(" 2:")

    def test_splits_are_beside_it(self, start):
        session = with_tabs(start, 1, "config.tab_bar_position = 'Left'", "config.tab_bar_width = 10")
        session.screen.key('"', "CTRL|SHIFT|ALT")
        session.until(lambda: len(session.view.tab.panes()) == 2)
        session.settle()
        first = session.screen.rows
        assert any("─" in row for row in first)
        assert all("─" not in row[:10] for row in first)


class TestScrolling:
    LINES = ("config.scroll_tabs = true",)

    def test_the_active_tab_is_to_be_seen_and_buttons_scroll(self, start):
        session = with_tabs(start, 12, *self.LINES)
        assert "12:" in session.bar
        assert " 1:" not in session.bar
        assert session.bar.startswith(" < ")
        session.screen.click(0, 1)
        session.settle()
        assert "12:" not in session.bar
        assert " > " in session.bar
        for _ in range(12):
            session.screen.click(0, 1)
            session.settle()
        assert session.bar.startswith("    1:")
        assert session.view.window.active_index == 11, "scrolling changes no tab"
        session.screen.key("Tab", "CTRL|SHIFT")
        session.until(lambda: "11:" in session.bar)

    def test_the_wheel_scrolls_over_a_button_or_if_it_changes_no_tabs(self, start):
        session = with_tabs(start, 12, *self.LINES)
        before = session.bar
        session.screen.wheel(0, 1)
        session.settle()
        assert session.bar != before
        assert session.view.window.active_index == 11
        session.screen.wheel(0, 20)
        assert session.view.window.active_index == 10
        other = with_tabs(start, 12, *self.LINES, "config.mouse_wheel_scrolls_tabs = false")
        before = other.bar
        other.screen.wheel(0, 20)
        other.settle()
        assert other.bar != before
        assert other.view.window.active_index == 11


class TestDragging:
    def drag(self, session, start, *ways):
        session.screen.mouse(*start, MouseButton.LEFT, MouseKind.PRESS)
        for way in ways:
            session.screen.mouse(*way, MouseButton.LEFT, MouseKind.MOVE)
            session.settle()
        session.screen.mouse(*ways[-1], MouseButton.LEFT, MouseKind.RELEASE)

    def test_a_tab_goes_where_it_is_dragged(self, start):
        session = with_tabs(start, 4, "config.drag_tabs = true")
        name_tabs(session)
        assert titles(session) == ["a", "b", "c", "d"]
        self.drag(session, (0, 1), (0, 8), (0, 13))
        assert titles(session) == ["b", "c", "a", "d"]
        assert session.view.window.active_index == 2
        # However far the pointer leaves the bar, and past its end it stays at the end.
        self.drag(session, (0, 13), (5, 2))
        assert titles(session) == ["a", "b", "c", "d"]
        session.screen.mouse(0, 16)
        assert titles(session) == ["a", "b", "c", "d"], "the button is up"

    def test_it_does_not_waver_between_tabs_of_unlike_widths(self, start):
        session = with_tabs(start, 2, "config.drag_tabs = true")
        first, second = session.view.window.tabs
        first.title, second.title = "x", "a-long-title"
        session.settle()
        seen = []
        session.screen.mouse(0, 1, MouseButton.LEFT, MouseKind.PRESS)
        for col in range(1, 22):
            session.screen.mouse(0, col, MouseButton.LEFT, MouseKind.MOVE)
            session.settle()
            seen.append(titles(session)[0])
        session.screen.mouse(0, 21, MouseButton.LEFT, MouseKind.RELEASE)
        assert sum(one != other for one, other in pairwise(seen)) == 1
        assert titles(session) == ["a-long-title", "x"]

    def test_in_a_column(self, start):
        session = with_tabs(start, 3, "config.drag_tabs = true", "config.tab_bar_position = 'Left'")
        name_tabs(session)
        self.drag(session, (0, 1), (1, 1), (2, 30))
        assert titles(session) == ["b", "c", "a"]

    def test_not_unless_configured(self, start):
        session = with_tabs(start, 3)
        name_tabs(session)
        self.drag(session, (0, 1), (0, 8))
        assert titles(session) == ["a", "b", "c"]

    def test_a_tab_that_closes_meanwhile_is_let_go(self, start):
        session = with_tabs(start, 3, "config.drag_tabs = true")
        name_tabs(session)
        session.screen.mouse(0, 1, MouseButton.LEFT, MouseKind.PRESS)
        session.app.services.mux.close_tab(session.view.window.tabs[0])
        session.settle()
        session.screen.mouse(0, 8, MouseButton.LEFT, MouseKind.MOVE)
        session.settle()
        assert titles(session) == ["b", "c"]


class TestTooltips:
    LINES = ("config.tab_tooltips = true", "config.tab_tooltip_delay_ms = 500")

    def test_a_cut_title_is_shown_whole_after_a_while(self, start):
        session = with_tabs(start, 2, *self.LINES)
        session.view.window.tabs[0].title = "a title that is longer than its tab"
        session.print("hello")
        session.settle()
        below = session.screen.rows[1]
        assert "hello" in below
        session.screen.mouse(0, 3)
        session.until(lambda: "a title that is longer than its tab" in session.screen.rows[1])
        session.print(" world")
        assert "a title that is longer than its tab" in session.screen.rows[1], "output does not wipe it"
        session.screen.mouse(6, 3)
        session.until(lambda: "hello world" in session.screen.rows[1])
        assert "longer" not in session.screen.rows[1]

    def test_not_for_a_title_that_is_to_be_seen(self, start):
        session = with_tabs(start, 2, *self.LINES)
        session.view.window.tabs[0].title = "short"
        session.settle()
        session.screen.mouse(0, 3)
        for _ in range(60):
            session.turn()
        assert session.view.tooltip is None

    def test_beside_a_column_and_gone_with_a_press(self, start):
        session = with_tabs(start, 2, *self.LINES, "config.tab_bar_position = 'Right'")
        session.view.window.tabs[1].title = "a title that is longer than its tab"
        session.settle()
        session.screen.mouse(1, 50)
        session.until(lambda: "a title that is longer than its tab" in session.screen.rows[1])
        session.screen.click(1, 50)
        session.until(lambda: "a title that is longer than its tab" not in session.screen.rows[1])

    def test_gone_with_a_resize(self, start):
        session = with_tabs(start, 2, *self.LINES)
        session.view.window.tabs[0].title = "a title that is longer than its tab"
        session.settle()
        session.screen.mouse(0, 3)
        session.until(lambda: session.view.tooltip is not None)
        session.screen.resize(50, 10)
        session.settle()
        assert "longer than its tab" not in session.screen.rows[1]


class TestStatusLinks:
    def test_a_click_on_a_link_emits_its_event(self, start):
        session = start(
            config(
                "wezterm.on('update-status', function(window)",
                "  window:set_left_status('\\x1b]8;;perilune:menu\\x1b\\\\[menu]\\x1b]8;;\\x1b\\\\ rest') end)",
                "wezterm.on('menu', function(window, pane, button)",
                "  window:set_right_status('chose ' .. button .. ' in ' .. pane:pane_id()) end)",
            )
        )
        session.until(lambda: session.bar.startswith("[menu] rest"))
        assert session.screen.frame.buffer.cell_extra(0, 1).hyperlink is None
        session.screen.click(0, 8)
        session.settle()
        assert "chose" not in session.bar
        session.screen.click(0, 1, MouseButton.RIGHT)
        session.until(lambda: f"chose Right in {session.pane.id}" in session.bar)

    def test_other_links_are_opened_as_links_are(self, start):
        session = start(
            config(
                "wezterm.on('update-status', function(window)",
                "  window:set_left_status('\\x1b]8;;https://example.org/\\x1b\\\\site\\x1b]8;;\\x1b\\\\') end)",
                "wezterm.on('open-uri', function(window, pane, uri)",
                "  window:set_right_status('opens ' .. uri) return false end)",
            )
        )
        session.until(lambda: session.bar.startswith("site"))
        assert session.screen.frame.buffer.cell_extra(0, 1).hyperlink == "https://example.org/"
        session.screen.click(0, 1)
        session.until(lambda: "opens https://example.org/" in session.bar)


class TestCloseButtons:
    def test_a_click_closes_that_tab_alone(self, start):
        session = with_tabs(start, 3, "config.tab_close_buttons = 'Always'")
        name_tabs(session)
        assert session.bar.startswith(" 1: a x  2: b x  3: c x ")
        session.screen.click(0, session.bar.index("b x") + 2)
        session.until(lambda: session.tab_count == 2)
        assert titles(session) == ["a", "c"]

    def test_wezterms_option_forbids_them(self, start):
        session = with_tabs(
            start, 2, "config.tab_close_buttons = 'Always'", "config.show_close_tab_button_in_tabs = false"
        )
        assert "x" not in session.bar.replace("x:", "")


def test_window_frame_colours_follow_the_focus(start):
    session = with_tabs(
        start,
        1,
        "config.tab_bar_uses_window_frame = true",
        "config.window_frame = {active_titlebar_bg = '#102030', inactive_titlebar_bg = '#405060',"
        " active_titlebar_fg = '#ffffff'}",
    )
    assert session.cell(0, 50)[BG] & 0xFFFFFF == 0x102030
    session.screen.focus(False)
    session.until(lambda: session.cell(0, 50)[BG] & 0xFFFFFF == 0x405060)
    session.screen.focus(True)
    session.until(lambda: session.cell(0, 50)[BG] & 0xFFFFFF == 0x102030)
    session.app.services.views.shown.right_status = "st"
    session.app.services.request_frame()
    session.until(lambda: session.bar.endswith("st"))
    assert session.cell(0, 59)[FG] & 0xFFFFFF == 0xFFFFFF


def test_marks(start):
    session = with_tabs(
        start, 2, "config.tab_zoom_mark = 'Z '", "config.tab_unseen_output_mark = '* '", "config.keys = {"
        "{key = 'z', mods = 'ALT', action = wezterm.action.TogglePaneZoomState},"
        "{key = 's', mods = 'ALT', action = wezterm.action.SplitPane {direction = 'Down'}}}"
    )  # fmt: skip
    session.screen.key("s", "ALT")
    session.until(lambda: len(session.view.tab.panes()) == 2)
    session.screen.key("z", "ALT")
    session.until(lambda: " 2: Z " in session.bar)
    background = session.view.window.tabs[0].panes()[0]
    session.domain.program(background.id).print("news")
    session.until(lambda: " 1: * " in session.bar)
