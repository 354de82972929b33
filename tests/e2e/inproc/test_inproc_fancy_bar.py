"""A fancy bar in the running program: what the window is given to draw, and what the mouse does on it."""

from __future__ import annotations

import pytest
from inproc_session import Session

from perilune.app.front_end import BarTarget
from perilune.base.input import MouseButton, MouseEvent, MouseKind
from perilune.cells.packing import COLOR_RGB
from perilune.tabbar import FancyContent
from perilune.testing.fake_front_end import FakeWindows


class FancyWindows(FakeWindows):
    draws_fancy_bar = True


@pytest.fixture
def start(tmp_path):
    sessions = []

    def make(lines="", tabs=1):
        home = tmp_path / f"home{len(sessions)}"
        home.mkdir()
        config = f"local wezterm = require 'wezterm'\nlocal config = {{}}\n{lines}\nreturn config"
        session = Session(home, config, desktop=FancyWindows())
        sessions.append(session)
        session.app.start()
        session.until(lambda: session.app.config.is_loaded, "the configuration")
        session.until(lambda: session.screen.frames, "the first frame")
        for number in range(2, tabs + 1):
            session.screen.key("T", "CTRL|SHIFT")
            session.until(lambda number=number: session.tab_count == number)
        session.settle()
        return session

    yield make
    for session in sessions:
        session.close()


def content(session) -> FancyContent:
    found = session.screen.frame.fancy
    assert isinstance(found, FancyContent)
    return found


def mouse(session, target, button=MouseButton.LEFT, kind=MouseKind.PRESS, col=0):
    session.app.on_bar_mouse(MouseEvent(-1, col, button, kind), target, session.view.window_id)


def on(kind, index=None, **more):
    return BarTarget((kind, index), **more)


def titles(session):
    return [tab.title for tab in session.view.window.tabs]


def test_the_bar_takes_no_cells(start):
    session = start("config.initial_rows = 9")
    assert session.screen.request.rows == 9
    assert session.screen.request.has_fancy_bar
    assert session.pane.terminal.rows == 9
    frame = session.screen.frame
    assert (frame.bar, frame.bar_row) == (None, -1)
    assert [tab.line.text[:2] for tab in content(session).tabs] == ["1:"]


def test_at_a_side_or_without_the_option_it_is_of_cells(start):
    for line in ("config.use_fancy_tab_bar = false", "config.tab_bar_position = 'Left'"):
        session = start(line)
        assert not session.screen.request.has_fancy_bar
        assert session.screen.frame.fancy is None
        assert session.screen.frame.bar is not None


def test_a_hidden_bar_comes_with_the_second_tab(start):
    session = start("config.hide_tab_bar_if_only_one_tab = true")
    assert session.screen.frame.fancy is None
    assert not session.screen.request.has_fancy_bar
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: session.screen.frame.fancy is not None)
    assert len(content(session).tabs) == 2


def test_frames_with_nothing_new_lay_out_nothing_and_carry_the_same_value(start):
    session = start(
        "wezterm.on('format-tab-title', function(tab) return tab.tab_index .. ' of mine' end)", tabs=2
    )
    before, layouts = content(session), session.probe("bar_layouts")
    for number in range(5):
        session.print(f"line {number}\r\n")
        session.until_text(f"line {number}")
        assert session.screen.frame.fancy is before
    assert session.probe("bar_layouts") == layouts
    session.screen.resize(50, 10, 400, 160)
    session.settle()
    assert session.screen.frame.fancy is before


def test_colours_are_those_of_the_windows_frame(start):
    session = start("""
    config.window_frame = { active_titlebar_bg = '#010203', inactive_titlebar_bg = '#040506' }
    config.colors = { tab_bar = { active_tab = { bg_color = '#aa0000', fg_color = '#00aa00' },
      inactive_tab_edge = '#777777' } }""")
    colors = content(session).colors
    assert colors.background == COLOR_RGB | 0x010203
    assert colors.active_tab[:2] == (COLOR_RGB | 0x00AA00, COLOR_RGB | 0xAA0000)
    assert colors.edge == COLOR_RGB | 0x777777
    session.screen.focus(False)
    session.until(lambda: content(session).colors.background == COLOR_RGB | 0x040506)


def test_clicks_activate_close_and_open(start):
    session = start(tabs=3)
    mouse(session, on("tab", 0))
    assert session.view.window.active_index == 0
    mouse(session, on("new_tab"))
    session.until(lambda: session.tab_count == 4)
    kept = session.view.window.tabs[2]
    mouse(session, on("close_tab", 1))
    session.until(lambda: session.tab_count == 3)
    assert session.view.window.tabs[1] is kept
    mouse(session, on("tab", 0), MouseButton.MIDDLE)
    session.until(lambda: session.tab_count == 2)
    mouse(session, on("tab", 1), MouseButton.WHEEL_UP)
    assert session.view.window.active_index == 0


def test_where_the_bar_is_empty_it_moves_the_window_and_maximises_it(start):
    session = start()
    window = session.screen
    mouse(session, BarTarget())
    assert window.commands[-1] == ("start_drag",)
    mouse(session, BarTarget())
    assert window.commands[-1] == ("maximize",)
    mouse(session, on("window_maximize"), col=7)
    assert window.commands[-1] == ("maximize",)
    mouse(session, on("window_hide"), col=9)
    assert window.commands[-1] == ("hide",)


def test_the_part_under_the_pointer_is_told_until_the_pointer_leaves(start):
    session = start(
        "wezterm.on('format-tab-title', function(tab, _, _, _, hover) return hover and 'over' or 'plain' end)",
        tabs=2,
    )
    mouse(session, on("tab", 0), MouseButton.NONE, MouseKind.MOVE)
    session.until(lambda: [tab.line.text for tab in content(session).tabs] == ["over", "plain"])
    assert content(session).hovered == ("tab", 0)
    mouse(session, None, MouseButton.NONE, MouseKind.MOVE)
    session.until(lambda: [tab.line.text for tab in content(session).tabs] == ["plain", "plain"])
    mouse(session, on("new_tab"), MouseButton.NONE, MouseKind.MOVE)
    session.until(lambda: content(session).hovered == ("new_tab", None))
    session.app.on_mouse_leave(session.view.window_id)
    session.until(lambda: content(session).hovered is None)


def test_a_tab_is_dragged_only_where_that_is_configured(start):
    for line, wanted in (("", "abc"), ("config.drag_tabs = true", "bca")):
        session = start(line, tabs=3)
        for tab, name in zip(session.view.window.tabs, "abc", strict=True):
            tab.title = name
        mouse(session, on("tab", 0, place=0))
        mouse(session, on("tab", 1, place=1), kind=MouseKind.MOVE)
        mouse(session, on("tab", 2, place=2), kind=MouseKind.RELEASE)
        assert "".join(titles(session)) == wanted
        mouse(session, on("tab", 0, place=0), MouseButton.NONE, MouseKind.MOVE)
        assert "".join(titles(session)) == wanted, "the button is up"


def test_a_link_of_a_status_emits_its_event(start):
    session = start("""
    wezterm.on('go', function(_, pane, button) pane:inject_output('went ' .. button) end)
    wezterm.on('update-status', function(window)
      window:set_right_status('\\x1b]8;;perilune:go\\x1b\\\\press\\x1b]8;;\\x1b\\\\')
    end)""")
    session.until(lambda: content(session).right.text == "press")
    mouse(session, on("right_status", uri=content(session).right_links[0].uri), MouseButton.RIGHT)
    session.until_text("went Right")


def test_a_title_that_is_cut_is_shown_whole_beside_the_bar(start):
    session = start("config.tab_tooltips = true\nconfig.tab_tooltip_delay_ms = 1", tabs=2)
    session.view.window.tabs[0].title = "what it is about"
    mouse(session, on("tab", 0, is_cut=True, col=3), MouseButton.NONE, MouseKind.MOVE)
    session.until(lambda: "what it is about" in session.screen.rows[0])
    mouse(session, on("tab", 1), MouseButton.NONE, MouseKind.MOVE)
    session.until(lambda: "what it is about" not in session.screen.rows[0])


def test_a_question_takes_the_mouse_from_the_bar(start):
    session = start(tabs=2)
    session.program.is_busy = True
    mouse(session, on("close_tab", 1))
    session.until(lambda: session.view.overlay is not None)
    mouse(session, on("tab", 0))
    assert session.view.window.active_index == 1
    session.screen.key("n")
    session.until(lambda: session.view.overlay is None)
    mouse(session, on("tab", 0))
    assert session.view.window.active_index == 0


def test_an_override_changes_its_kind_there_and_back(start):
    session = start(
        """
    wezterm.on('kind', function(window)
      local overrides = window:get_config_overrides() or {}
      overrides.use_fancy_tab_bar = overrides.use_fancy_tab_bar == false
      window:set_config_overrides(overrides)
    end)
    config.keys = {{ key = 'b', mods = 'ALT', action = wezterm.action.EmitEvent 'kind' }}""",
        tabs=2,
    )
    rows = session.screen.frame.buffer.rows
    session.screen.key("b", "ALT")
    session.until(lambda: session.screen.frame.bar is not None, "a bar of cells")
    assert session.screen.frame.fancy is None
    session.settle()
    assert session.pane.terminal.rows == rows - 1
    session.screen.key("b", "ALT")
    session.until(lambda: session.screen.frame.fancy is not None, "a bar in pixels")
    assert session.screen.frame.bar is None
    session.settle()
    assert session.pane.terminal.rows == rows
    assert len(content(session).tabs) == 2
