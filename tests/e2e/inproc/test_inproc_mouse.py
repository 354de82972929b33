from __future__ import annotations

import pytest

from perilune.base.input import Modifiers, MouseButton, MouseKind
from perilune.cells.packing import ATTR, REVERSE


def three_tabs(start, config=None, **options):
    session = start(config, **options)
    for number in (2, 3):
        session.screen.key("T", "CTRL|SHIFT")
        session.until(lambda number=number: f"{number}: " in session.bar)
    return session


def column_of(session, text):
    return session.bar.index(text)


def test_a_click_activates_a_tab_and_the_wheel_goes_on(start):
    session = three_tabs(start)
    session.screen.click(0, column_of(session, "1:"))
    assert session.view.window.active_index == 0
    session.screen.wheel(0, 0, up=True)
    assert session.view.window.active_index == 2
    session.screen.wheel(0, 0, up=False)
    assert session.view.window.active_index == 0


def test_a_middle_click_closes_a_tab(start):
    session = three_tabs(start)
    session.screen.click(0, column_of(session, "2:"), MouseButton.MIDDLE)
    session.until(lambda: session.tab_count == 2)


def test_a_right_click_lists_the_tabs(start):
    session = three_tabs(start)
    session.screen.click(0, column_of(session, "2:"), MouseButton.RIGHT)
    session.until_text("Tabs")
    session.screen.type("1")
    assert session.view.window.active_index == 0
    session.until(lambda: "Tabs" not in session.screen.text)


def test_the_plus_button_opens_a_tab_unless_a_handler_says_no(start):
    session = start()
    session.settle()
    session.screen.click(0, column_of(session, "+"))
    assert session.tab_count == 2
    denied = start("""
      local wezterm = require 'wezterm'
      wezterm.on('new-tab-button-click', function(window, pane, button, action)
        window:set_right_status(button .. ' ' .. type(action))
        return false
      end)
      return {}
    """)
    denied.settle()
    denied.screen.click(0, column_of(denied, "+"))
    denied.until_text("Left")
    assert denied.tab_count == 1


def test_hover_changes_the_tab_under_the_pointer(start):
    session = three_tabs(start)
    col = column_of(session, "1:")
    session.settle()
    before = session.cell(0, col)
    session.screen.mouse(0, col)
    session.until(lambda: session.cell(0, col) != before)
    session.screen.mouse(5, 5)
    session.until(lambda: session.cell(0, col) == before)


def test_dragging_selects_and_copies(start):
    session = start()
    session.print("\r\nhello world\r\nsecond line")
    session.screen.drag((2, 6), (3, 5))
    assert session.screen.clipboards["ClipboardAndPrimarySelection"] == "world\nsecond"
    session.until(lambda: session.cell(2, 6)[ATTR] & REVERSE)
    assert session.cell(3, 5)[ATTR] & REVERSE
    assert not session.cell(3, 6)[ATTR] & REVERSE
    session.screen.click(5, 5)
    session.until(lambda: not session.cell(2, 6)[ATTR] & REVERSE)


def test_a_click_alone_selects_and_copies_nothing(start):
    session = start()
    session.print("\r\nhello")
    session.screen.click(2, 2)
    assert session.screen.clipboards == {}


def test_double_and_triple_clicks_select_word_and_line(start):
    session = start()
    session.print("\r\nhello wide-world")
    for _ in range(2):
        session.screen.click(2, 8)
    assert session.screen.clipboards["ClipboardAndPrimarySelection"] == "wide-world"
    session.screen.click(2, 8)
    assert session.screen.clipboards["ClipboardAndPrimarySelection"] == "hello wide-world"


def test_slow_clicks_are_single_ones(start):
    session = start()
    session.print("\r\nhello")
    session.screen.click(2, 2)
    session.clock.advance(0.6)
    session.screen.click(2, 2)
    assert session.screen.clipboards == {}


def test_alt_selects_a_block(start):
    session = start()
    session.print("\r\nabcdef\r\nghijkl")
    session.screen.drag((2, 1), (3, 2), mods=Modifiers.ALT)
    assert session.screen.clipboards["ClipboardAndPrimarySelection"] == "bc\nhi"


def test_shift_click_extends(start):
    session = start()
    session.print("\r\nabcdefgh")
    session.screen.drag((2, 1), (2, 2))
    session.screen.click(2, 5, mods=Modifiers.SHIFT)
    assert session.screen.clipboards["ClipboardAndPrimarySelection"] == "bcdef"


def test_shift_keeps_the_mouse_from_the_program(start):
    session = start()
    session.print("\r\nhello")
    session.set_modes("\x1b[?1002h\x1b[?1006h")
    session.program.forget()
    session.screen.drag((2, 0), (2, 4), mods=Modifiers.SHIFT)
    assert session.screen.clipboards["ClipboardAndPrimarySelection"] == "hello"
    assert session.program.read() == b""


def test_a_selection_goes_when_its_rows_are_renumbered(start):
    session = start()
    session.print("\r\nhello")
    session.screen.drag((2, 0), (2, 4))
    assert session.view.view_of(session.pane).selection is not None
    session.screen.resize(50, 12)
    session.settle()
    assert session.view.view_of(session.pane).selection is None


def test_the_wheel_scrolls_back_and_forth_and_typing_returns(start):
    session = start()
    session.print("\r\n".join(f"line {number}" for number in range(60)))
    assert "line 59" in session.screen.text
    session.screen.wheel(5, 5)
    session.until(lambda: "line 59" not in session.screen.text)
    assert session.screen.cursor is None
    session.screen.wheel(5, 5, up=False)
    session.until_text("line 59")
    session.screen.wheel(5, 5)
    session.screen.wheel(5, 5)
    session.screen.type("x")
    session.until_text("line 59")


def test_the_wheel_sends_arrows_on_the_alternate_screen(start):
    session = start()
    session.print("\x1b[?1049hfull screen")
    session.program.forget()
    session.screen.wheel(5, 5)
    session.received(b"\x1b[A" * 3)


def test_a_drag_past_the_top_scrolls(start):
    session = start()
    session.print("\r\n".join(f"line {number}" for number in range(60)))
    session.screen.mouse(3, 3, MouseButton.LEFT, MouseKind.PRESS)
    session.screen.mouse(0, 0, MouseButton.LEFT, MouseKind.MOVE)
    session.screen.mouse(0, 0, MouseButton.LEFT, MouseKind.RELEASE)
    assert "line 48" in session.screen.clipboards["ClipboardAndPrimarySelection"]


def test_mouse_bindings_of_the_config_come_first(start):
    session = start("""
      local act = require('wezterm').action
      return { mouse_bindings = {
        { event = { Down = { streak = 1, button = 'Right' } }, mods = 'NONE', action = act.SendString 'right' },
        { event = { Up = { streak = 1, button = 'Left' } }, mods = 'NONE', action = act.SendString 'up' },
      } }
    """)
    session.settle()
    session.program.forget()
    session.screen.click(3, 3, MouseButton.RIGHT)
    session.screen.click(3, 3)
    session.received(b"rightup")


def test_a_middle_click_pastes_what_was_copied_here(start):
    session = start()
    session.print("\r\nhello")
    session.screen.drag((2, 0), (2, 4))
    session.program.forget()
    session.screen.click(4, 4, MouseButton.MIDDLE)
    session.received(b"hello")


def test_a_link_is_not_opened_by_a_drag_but_asked_for_by_a_click(start):
    session = start("""
      local wezterm = require 'wezterm'
      wezterm.on('open-uri', function(window, pane, uri)
        window:set_right_status(uri)
        return false
      end)
      return {}
    """)
    session.print("\r\n\x1b]8;;https://example.org/\x1b\\link\x1b]8;;\x1b\\")
    session.screen.click(2, 1)
    session.until_text("https://example.org/")


def test_a_selection_goes_when_its_text_is_written_over_and_stays_when_it_scrolls(start):
    session = start()
    session.print("\r\nhello\r\nother")
    session.screen.drag((2, 0), (2, 4))
    pane_view = session.view.view_of(session.pane)
    session.print("\r\nmore" * 30)
    assert pane_view.selected_text() == "hello"
    session.print("\x1b[1;1Hpaper")
    session.screen.drag((1, 0), (1, 4))
    assert pane_view.selected_text() == "paper"
    session.print("\x1b[1;1Hstone")
    assert pane_view.selection is None


def test_a_click_on_text_that_looks_like_a_link_opens_it(start):
    session = start("""
      local wezterm = require 'wezterm'
      wezterm.on('open-uri', function(window, pane, uri)
        window:set_right_status('open ' .. uri)
        return false
      end)
      local rules = wezterm.default_hyperlink_rules()
      table.insert(rules, { regex = [[#(\\d+)]], format = 'issue:$1' })
      return { hyperlink_rules = rules }
    """)
    session.settle()
    session.print("\r\nsee #42 ")
    row = next(number for number, text in enumerate(session.screen.rows) if "#42" in text)
    session.screen.click(row, session.screen.rows[row].index("#42") + 1)
    session.until_text("open issue:42")


def scrolled_session(start, lines="config.tab_bar_at_bottom = true"):
    session = start(f"local config = {{}}\n{lines}\nreturn config")
    session.print("".join(f"line{n}\r\n" for n in range(60)))
    return session


class TestADragThatRestsPastTheEdge:
    def hold(self, session, rows):
        """Press in the middle, go through these rows, and rest in the last."""
        session.screen.mouse(5, 3, MouseButton.LEFT, MouseKind.PRESS)
        for row in rows:
            session.screen.mouse(row, 3, MouseButton.LEFT, MouseKind.MOVE)

    @pytest.mark.parametrize(("bar", "row"), [("true", 0), ("false", 0)])
    def test_it_goes_on_scrolling_up_to_the_first_line(self, start, bar, row):
        session = scrolled_session(start, f"config.tab_bar_at_bottom = {bar}")
        self.hold(session, [row])
        session.until_text("line0")
        session.settle()
        session.screen.mouse(row, 3, MouseButton.LEFT, MouseKind.RELEASE)
        selected = session.screen.clipboards["ClipboardAndPrimarySelection"]
        assert "line1\n" in selected
        assert "line50" in selected
        session.settle()
        assert session.app._mouse._scrolling is None

    def test_it_scrolls_down_again_to_what_is_being_written(self, start):
        session = scrolled_session(start)
        view = session.view.view_of(session.pane)
        view.scroll_to(view.pane.terminal.first_stable)
        # The bar is the last row, so the pane's last but one is the screen's.
        self.hold(session, [session.screen.size.rows - 1])
        session.until(lambda: view.top is None, "the end of the output")

    def test_it_stops_where_the_button_or_the_edge_is_left(self, start):
        session = scrolled_session(start)
        view = session.view.view_of(session.pane)
        for end in (MouseKind.MOVE, MouseKind.RELEASE):
            self.hold(session, [0])
            session.screen.mouse(4, 3, MouseButton.LEFT, end)
            top = view.top
            assert top is not None
            session.settle()
            assert view.top == top
            session.screen.mouse(4, 3, MouseButton.LEFT, MouseKind.RELEASE)

    def test_a_selection_within_the_first_row_does_not_scroll(self, start):
        session = scrolled_session(start)
        before = session.screen.rows
        session.screen.mouse(0, 1, MouseButton.LEFT, MouseKind.PRESS)
        session.screen.mouse(0, 4, MouseButton.LEFT, MouseKind.MOVE)
        session.settle()
        assert session.screen.rows == before

    def test_a_pane_that_goes_ends_it(self, start):
        session = scrolled_session(start)
        session.screen.key("%", "CTRL|SHIFT|ALT")
        session.until(lambda: len(session.view.tab.panes()) == 2)
        session.settle()
        session.print("".join(f"more{n}\r\n" for n in range(60)))
        self.hold(session, [])
        session.screen.mouse(5, 40, MouseButton.LEFT, MouseKind.PRESS)
        session.screen.mouse(0, 40, MouseButton.LEFT, MouseKind.MOVE)
        session.program.exit()
        session.until(lambda: len(session.view.tab.panes()) == 1)
        session.settle()
