"""The running program behind a front end with native windows: each mux window has its own."""

from __future__ import annotations

import json

import pytest
from inproc_session import Session

from perilune.base.input import MouseButton, MouseKind
from perilune.lua.host_api import ScreenInfo
from perilune.testing.fake_front_end import FakeWindows

EVENTS = """
local wezterm = require 'wezterm'
wezterm.GLOBAL.seen = {}
local function note(name)
  wezterm.on(name, function(window, pane)
    local seen = wezterm.GLOBAL.seen
    table.insert(seen, name .. ' ' .. window:window_id() .. ' ' .. tostring(window:is_focused()))
    wezterm.GLOBAL.seen = seen
    pane:inject_output('')
  end)
end
"""


@pytest.fixture
def start(tmp_path):
    sessions = []

    def make(lines="", *, desktop=None, **options):
        home = tmp_path / f"home{len(sessions)}"
        home.mkdir()
        desktop = desktop if desktop is not None else FakeWindows()
        config = f"local wezterm = require 'wezterm'\nlocal config = {{}}\n{lines}\nreturn config"
        session = Session(home, config, desktop=desktop, **options)
        session.desktop = desktop
        sessions.append(session)
        session.app.start()
        session.until(lambda: session.app.config.is_loaded, "the configuration")
        session.until(lambda: session.screen.frames, "the first frame")
        return session

    yield make
    for session in sessions:
        session.close()


def second_window(session):
    first = session.view
    session.screen.key("N", "CTRL|SHIFT")
    session.until(lambda: session.view is not first and session.screen.frames, "a second window")
    session.settle()
    return first, session.view


def window_of(session, view):
    return session.desktop.windows[view.window_id]


class TestOpening:
    def test_no_window_opens_before_the_configuration_is_there(self, start):
        session = start("config.initial_cols = 91\nconfig.initial_rows = 17")
        window = session.screen
        assert list(session.desktop.windows) == [session.view.window_id]
        # The tab bar's row is one more than what the configuration says of the terminal.
        assert (window.request.cols, window.request.rows) == (91, 18)
        size = session.program.sizes[0]
        assert (size.cols, size.rows, size.pixel_width, size.pixel_height) == (91, 17, 91 * 8, 17 * 16)
        assert window.config.initial_cols == 91
        assert window.frame.window_id == session.view.window_id

    def test_columns_of_a_bar_at_the_side_are_added(self, start):
        session = start(
            "config.tab_bar_position = 'Left'\nconfig.tab_bar_width = 10\nconfig.initial_cols = 50"
        )
        assert (session.screen.request.cols, session.screen.request.rows) == (60, 24)
        assert session.program.sizes[0][:2] == (50, 24)

    def test_a_hidden_bar_takes_nothing(self, start):
        session = start("config.hide_tab_bar_if_only_one_tab = true")
        assert session.screen.request.rows == 24
        assert session.program.sizes[0].rows == 24
        session.screen.key("T", "CTRL|SHIFT")
        session.until(lambda: session.tab_count == 2)
        session.settle()
        assert session.view.window.tabs[0].size.rows == 23

    def test_the_first_frame_has_the_size_that_the_desktop_gave(self, start):
        session = start("config.initial_cols = 300", desktop=FakeWindows(cols=70, rows=20))
        assert session.screen.frame.buffer.cols == 70
        assert session.program.sizes[0][:2] == (70, 19)

    def test_scripts_choose_size_and_place(self, start):
        session = start("""
        wezterm.on('gui-startup', function()
          wezterm.mux.spawn_window { width = 40, height = 9, position = { x = 5, y = 6, origin = 'MainScreen' } }
        end)""")
        request = session.screen.request
        assert (request.cols, request.rows) == (40, 10)
        assert (request.place.x, request.place.y, request.place.origin) == (5, 6, "MainScreen")
        assert len(session.desktop.windows) == 1

    def test_an_assignment_chooses_the_place(self, start):
        session = start("""
        config.keys = {{key = 'n', mods = 'ALT', action = wezterm.action.SpawnCommandInNewWindow {
          position = {x = 1, y = 2, origin = {Named = 'DP-1'}}}}}""")
        session.screen.key("n", "ALT")
        session.until(lambda: len(session.desktop.windows) == 2)
        place = session.desktop.windows[session.view.window_id].request.place
        assert (place.x, place.y, place.origin) == (1, 2, "DP-1")


class TestSeveral:
    def test_each_has_its_size_frames_and_input(self, start):
        session = start()
        first, second = second_window(session)
        one, two = window_of(session, first), window_of(session, second)
        two.resize(50, 10, 400, 160)
        session.settle()
        assert two.frame.buffer.cols == 50
        assert one.frame.buffer.cols == 80
        assert session.domain.program(second.pane.id).sizes[-1][:4] == (50, 9, 400, 144)
        assert session.domain.program(first.pane.id).sizes[-1][:2] == (80, 24)
        before = one.frames
        session.domain.program(second.pane.id).print("only here")
        session.until(lambda: "only here" in two.text)
        assert one.frames == before
        assert "only here" not in one.text

    def test_a_pane_that_prints_draws_its_window_although_another_has_the_focus(self, start):
        session = start()
        first, second = second_window(session)
        one, two = window_of(session, first), window_of(session, second)
        before = two.frames
        session.domain.program(first.pane.id).print("behind")
        session.until(lambda: "behind" in one.text)
        assert two.frames == before

    def test_keys_pastes_and_the_mouse_act_on_their_own_window(self, start):
        session = start()
        first, second = second_window(session)
        one, two = window_of(session, first), window_of(session, second)
        programs = session.domain.program(first.pane.id), session.domain.program(second.pane.id)
        one.paste("to one")
        two.type("two")
        session.until(lambda: programs[0].read() and programs[1].read())
        assert (programs[0].received, programs[1].received) == (b"to one", b"two")
        one.key("T", "CTRL|SHIFT")
        session.until(lambda: len(first.window.tabs) == 2)
        assert len(second.window.tabs) == 1
        session.settle()
        assert first.window.active_index == 1
        one.click(0, 1)
        assert first.window.active_index == 0
        two.click(0, 1)
        session.settle()
        two.wheel(0, 1, up=False)
        assert first.window.active_index == 0

    def test_the_pointer_of_one_leaves_the_other_alone(self, start):
        session = start()
        first, second = second_window(session)
        one, two = window_of(session, first), window_of(session, second)
        one.mouse(0, 1)
        two.mouse(0, 2)
        assert (first.hover_col, second.hover_col) == (1, 2)
        one.handler.on_mouse_leave(first.window_id)
        assert (first.hover_col, second.hover_col) == (None, 2)

    def test_a_press_whose_release_got_lost_holds_nothing_in_another(self, start):
        session = start()
        first, second = second_window(session)
        one, two = window_of(session, first), window_of(session, second)
        session.domain.program(second.pane.id).print("words to select")
        session.until(lambda: "select" in two.text)
        one.mouse(3, 3, MouseButton.LEFT, MouseKind.PRESS)
        two.mouse(1, 5, MouseButton.LEFT, MouseKind.MOVE)
        two.drag((1, 0), (1, 4))
        session.settle()
        assert second.view_of(second.pane).selected_text()

    def test_titles_and_overlays_are_their_own(self, start):
        session = start()
        first, second = second_window(session)
        session.domain.program(first.pane.id).print("\x1b]2;title one\x07")
        session.domain.program(second.pane.id).print("\x1b]2;title two\x07")
        session.until(lambda: window_of(session, first).title == "title one")
        session.until(lambda: window_of(session, second).title == "title two")
        window_of(session, first).key("F", "CTRL|SHIFT")
        session.settle()
        assert first.view_of(first.pane).overlay is not None
        assert second.view_of(second.pane).overlay is None

    def test_overrides_configure_one(self, start):
        session = start("""
        wezterm.on('big', function(window) window:set_config_overrides {font_size = 31} end)
        config.keys = {{key = 'b', mods = 'ALT', action = wezterm.action.EmitEvent 'big'}}""")
        first, second = second_window(session)
        window_of(session, first).key("b", "ALT")
        session.until(lambda: window_of(session, first).config.font_size == 31)
        assert window_of(session, second).config.font_size != 31

    def test_a_storm_of_sizes_gives_programs_the_last_and_one_a_frame(self, start):
        session = start()
        window, program = session.screen, session.program
        before, frames = len(program.sizes), window.frames
        for step in range(200):
            window.resize(40 + step % 30, 20, (40 + step % 30) * 8, 320)
            if step % 10 == 0:
                session.turn(0.005)
        session.settle()
        assert program.sizes[-1].cols == 40 + 199 % 30
        assert len(program.sizes) - before <= window.frames - frames

    def test_a_window_that_takes_no_frames_does_not_hold_its_size_back(self, start):
        session = start()
        window = session.screen
        window.takes_frames = False
        window.resize(44, 11)
        session.until(lambda: session.program.sizes[-1].cols == 44)


class TestFocus:
    def test_it_follows_what_the_desktop_says(self, start):
        session = start(EVENTS + "note('window-focus-changed')")
        first, second = second_window(session)
        assert (first.is_focused, second.is_focused) == (False, True)
        assert not window_of(session, first).frame.is_focused
        window_of(session, first).focus(True)
        window_of(session, second).focus(False)
        session.settle()
        assert (first.is_focused, second.is_focused) == (True, False)
        assert session.app.services.mux.focused_pane is first.pane
        assert window_of(session, first).frame.is_focused
        window_of(session, first).focus(False)
        session.settle()
        assert session.app.services.mux.focused_pane is None
        assert not first.is_focused

    def test_programs_are_told(self, start):
        session = start()
        first, second = second_window(session)
        program = session.domain.program(first.pane.id)
        program.print("\x1b[?1004h")
        session.until(lambda: first.pane.terminal.modes.focus_events)
        window_of(session, second).focus(False)
        window_of(session, first).focus(True)
        window_of(session, first).focus(False)
        session.until(lambda: program.read() == b"\x1b[I\x1b[O")

    def test_a_key_tells_it_where_the_desktop_does_not(self, start):
        session = start()
        first, second = second_window(session)
        window_of(session, first).type("a")
        assert first.is_focused
        assert not second.is_focused
        assert session.view is first

    def test_other_windows_are_activated_natively(self, start):
        session = start("""
        config.keys = {{key = 'w', mods = 'ALT', action = wezterm.action.ActivateWindowRelative(1)}}""")
        first, second = second_window(session)
        session.screen.key("w", "ALT")
        session.settle()
        assert ("focus",) in window_of(session, first).commands
        assert session.view is first
        assert first.is_focused
        assert not window_of(session, second).frame.is_focused

    def test_scripts_see_it(self, start):
        session = start("""
        wezterm.on('ask', function(window, pane)
          local d = window:get_dimensions()
          pane:send_text(wezterm.json_encode {window:is_focused(), d.pixel_width, d.pixel_height, d.dpi,
            #wezterm.gui.gui_windows(), wezterm.gui.get_appearance(), wezterm.gui.screens().active.name})
        end)
        config.keys = {{key = 'a', mods = 'ALT', action = wezterm.action.EmitEvent 'ask'}}""")
        session.desktop.appearance = "LightHighContrast"
        session.desktop.screen_list = (ScreenInfo("DP-2", 0, 0, 3840, 2160),)
        second_window(session)
        session.screen.key("a", "ALT")
        session.until(session.program.read)
        session.settle()
        assert json.loads(session.program.read()) == [True, 640, 400, 96, 2, "LightHighContrast", "DP-2"]


class TestClosing:
    def test_the_user_closes_one_and_then_the_last(self, start):
        session = start("config.window_close_confirmation = 'NeverPrompt'")
        first, second = second_window(session)
        ended = []
        session.app.quit = lambda status=0: ended.append(status)
        session.desktop.handler.on_close("close", second.window_id)
        session.settle()
        assert session.desktop.closed == [second.window_id]
        assert session.view is first
        assert first.is_focused
        assert not ended
        session.desktop.handler.on_close("close", first.window_id)
        session.settle()
        assert session.desktop.windows == {}
        assert ended == [0]

    def test_a_running_program_is_asked_for_in_its_own_window(self, start):
        session = start()
        first, second = second_window(session)
        session.domain.program(first.pane.id).is_busy = True
        session.desktop.handler.on_close("close", first.window_id)
        session.until(lambda: "Really close" in window_of(session, first).text)
        assert "Really" not in window_of(session, second).text
        window_of(session, first).key("n")
        session.settle()
        assert session.desktop.closed == []
        session.desktop.handler.on_close("close", first.window_id)
        window_of(session, first).key("y")
        session.settle()
        assert session.desktop.closed == [first.window_id]

    def test_the_last_program_of_one_closes_it(self, start):
        session = start()
        first, second = second_window(session)
        session.domain.program(first.pane.id).exit()
        session.until(lambda: session.desktop.closed == [first.window_id])
        session.domain.program(second.pane.id).print("still here")
        session.until_text("still here")

    def test_quitting_asks_once_for_all(self, start):
        session = start()
        _first, second = second_window(session)
        for spawned in session.domain.spawned:
            spawned.program.is_busy = True
        ended = []
        session.app.services.closing._quit = lambda: ended.append(True)
        session.desktop.handler.on_close("quit")
        session.until(lambda: "Really quit" in window_of(session, second).text)
        session.screen.key("y")
        assert ended == [True]


class TestMovingAndWorkspaces:
    CONFIG = """
    wezterm.on('out', function(window, pane) pane:move_to_new_window() end)
    config.keys = {
      {key = 'o', mods = 'ALT', action = wezterm.action.EmitEvent 'out'},
      {key = 'w', mods = 'ALT', action = wezterm.action.SwitchToWorkspace {name = 'other'}},
      {key = 'v', mods = 'ALT', action = wezterm.action.SwitchToWorkspace {name = 'default'}},
    }"""

    def test_a_pane_moves_to_a_window_of_its_own(self, start):
        session = start(self.CONFIG)
        first = session.view
        session.screen.key("%", "CTRL|SHIFT|ALT")
        session.until(lambda: len(first.tab.panes()) == 2)
        moved = first.pane
        session.print("moving\r\n" + "\r\n" * 60)
        pane_view = first.view_of(moved)
        pane_view.scroll_to(0)
        session.screen.key("o", "ALT")
        session.until(lambda: len(session.desktop.windows) == 2)
        session.settle()
        assert session.view.pane is moved
        # It comes with all that is known of it, such as how far it is scrolled back.
        assert session.view.view_of(moved) is pane_view
        assert first.existing_view(moved.id) is None
        assert session.screen.frame.window_id != first.window_id
        assert (moved.terminal.cols, moved.terminal.rows) == (80, 24)

    def test_windows_of_other_workspaces_are_hidden_and_come_back(self, start):
        session = start(self.CONFIG)
        first, second = second_window(session)
        ids = [first.window_id, second.window_id]
        session.desktop.log.clear()
        session.screen.key("w", "ALT")
        session.until(lambda: len(session.desktop.windows) == 3 and session.screen.frames)
        third = session.view
        assert third.window.workspace == "other"
        assert not window_of(session, first).is_visible
        assert not window_of(session, second).is_visible
        # What comes is there before what goes: at no time has the program no window.
        assert session.desktop.log[0] == f"open {third.window_id}"
        frames = [window_of(session, view).frames for view in (first, second)]
        session.domain.program(first.pane.id).print("unseen")
        session.settle()
        assert [window_of(session, view).frames for view in (first, second)] == frames
        session.screen.key("v", "ALT")
        session.settle()
        assert sorted(w.window_id for w in session.desktop.windows.values() if w.is_visible) == ids
        assert "unseen" in window_of(session, first).text
        assert session.view is first

    def test_the_last_of_a_workspace_brings_another_one_back(self, start):
        session = start(self.CONFIG)
        first = session.view
        session.screen.key("w", "ALT")
        session.until(lambda: len(session.desktop.windows) == 2 and session.view is not first)
        session.settle()
        session.program.exit()
        session.until(lambda: len(session.desktop.windows) == 1)
        assert window_of(session, first).is_visible
        assert session.view is first

    def test_a_window_of_a_workspace_that_is_not_shown_opens_with_it(self, start):
        session = start("""
        wezterm.on('gui-startup', function()
          wezterm.mux.spawn_window {}
          wezterm.mux.spawn_window {workspace = 'later'}
        end)
        config.keys = {{key = 'w', mods = 'ALT', action = wezterm.action.SwitchToWorkspace {name = 'later'}}}""")
        session.until(lambda: len(session.domain.spawned) == 2)
        session.settle()
        assert len(session.desktop.windows) == 1
        session.screen.key("w", "ALT")
        session.until(lambda: len(session.desktop.windows) == 2)
        assert session.view.window.workspace == "later"
        session.until(lambda: session.screen.frames)

    def test_renaming_a_workspace_hides_nothing(self, start):
        session = start("""
        wezterm.on('rename', function() wezterm.mux.rename_workspace('default', 'new') end)
        config.keys = {{key = 'r', mods = 'ALT', action = wezterm.action.EmitEvent 'rename'}}""")
        second_window(session)
        session.screen.key("r", "ALT")
        session.until(lambda: session.app.services.windows.workspace == "new")
        session.settle()
        assert all(window.is_visible for window in session.desktop.windows.values())


class TestNativeThings:
    @pytest.mark.parametrize(
        ("assignment", "command"),
        [
            ("'ToggleFullScreen'", ("toggle_fullscreen",)),
            ("'IncreaseFontSize'", ("increase_font_size",)),
            ("'ResetFontSize'", ("reset_font_size",)),
            ("{SetWindowLevel = 'AlwaysOnTop'}", ("set_level", "AlwaysOnTop")),
            ("'Hide'", ("hide",)),
            ("'HideApplication'", ("hide_application",)),
        ],
    )
    def test_assignments_reach_the_window(self, start, assignment, command):
        session = start(f"config.keys = {{{{key = 'x', mods = 'ALT', action = {assignment}}}}}")
        session.screen.key("x", "ALT")
        assert session.screen.commands[-1] == command

    def test_default_keys_of_the_window_work(self, start):
        session = start()
        session.screen.key("+", "CTRL")
        session.screen.key("Enter", "ALT")
        assert [command[0] for command in session.screen.commands] == [
            "increase_font_size",
            "toggle_fullscreen",
        ]

    def test_scripts_reach_the_window(self, start):
        session = start("""
        wezterm.on('go', function(window)
          window:maximize() window:set_inner_size(300, 200) window:set_position(7, 8) window:restore()
          window:toggle_fullscreen()
        end)
        config.keys = {{key = 'x', mods = 'ALT', action = wezterm.action.EmitEvent 'go'}}""")
        session.screen.key("x", "ALT")
        session.until(lambda: len(session.screen.commands) == 5)
        assert session.screen.commands == [
            ("maximize",),
            ("set_inner_size", 300, 200),
            ("set_position", 7, 8),
            ("restore",),
            ("toggle_fullscreen",),
        ]

    def test_the_pointer_says_what_a_press_would_do(self, start):
        session = start()
        session.screen.key("%", "CTRL|SHIFT|ALT")
        session.until(lambda: len(session.view.tab.panes()) == 2)
        session.settle()
        line = session.view.tab.splits()[0].rect.left
        shapes = []
        for place in ((0, 1), (5, 1), (5, line)):
            session.screen.mouse(*place)
            shapes.append(session.screen.pointer)
        assert shapes == ["default", "text", "col-resize"]

    def test_a_bell_flashes_its_pane(self, start):
        session = start()
        session.program.print("\a")
        session.until(lambda: session.screen.flashes == [session.pane.id])
        assert session.desktop.bells == 1

    @pytest.mark.parametrize(
        ("style", "expected"),
        [
            ("None", "/tmp/a b /tmp/it's "),
            ("SpacesOnly", "/tmp/a\\ b /tmp/it's "),
            ("Posix", "'/tmp/a b' '/tmp/it'\"'\"'s' "),
            ("Windows", '"/tmp/a b" /tmp/it\'s '),
            ("WindowsAlwaysQuoted", '"/tmp/a b" "/tmp/it\'s" '),
        ],
    )
    def test_dropped_files_are_quoted(self, start, style, expected):
        session = start(f"config.quote_dropped_files = '{style}'")
        session.program.forget()
        session.desktop.handler.on_drop_files(["/tmp/a b", "/tmp/it's"], session.view.window_id)
        session.received(expected.encode())

    def test_programs_learn_sizes_and_places_in_pixels(self, start):
        session = start()
        session.program.forget()
        session.program.print("\x1b[14t\x1b[16t")
        session.received(b"\x1b[4;384;640t\x1b[6;16;8t")
        session.screen.resize(80, 25, 80 * 10, 25 * 20)
        session.settle()
        session.program.forget()
        session.program.print("\x1b[16t")
        session.received(b"\x1b[6;20;10t")

    def test_a_reload_keeps_the_size_of_cells(self, start):
        session = start()
        session.app.services.reload_config()
        session.until(lambda: session.app.config._loads == 2)
        session.settle()
        session.program.forget()
        session.program.print("\x1b[16t")
        session.received(b"\x1b[6;16;8t")

    def test_a_dark_desktop_loads_the_configuration_again(self, start):
        session = start("config.font_size = wezterm.gui.get_appearance() == 'Dark' and 20 or 10")
        assert session.screen.config.font_size == 20  # nobody says: as the background
        session.desktop.appearance = "Light"
        session.desktop.handler.on_appearance()
        session.until(lambda: session.screen.config.font_size == 10)

    def test_what_is_being_composed_is_told(self, start):
        session = start("""
        wezterm.on('ask', function(window, pane) pane:send_text(window:composition_status() or '-') end)
        config.keys = {{key = 'a', mods = 'ALT', action = wezterm.action.EmitEvent 'ask'}}""")
        session.program.forget()
        session.desktop.handler.on_composition("にほ", session.view.window_id)
        session.screen.key("a", "ALT")
        session.received("にほ".encode())

    def test_frames_say_where_panes_and_the_parts_of_the_bar_are(self, start):
        session = start()
        session.screen.key("%", "CTRL|SHIFT|ALT")
        session.until(lambda: len(session.view.tab.panes()) == 2)
        session.program.print("x\r\n" * 100)
        session.settle()
        frame = session.screen.frame
        left, right = frame.panes
        assert [left.is_active, right.is_active] == [False, True]
        assert left.rect.top == 1
        assert right.end - right.first == 101
        assert right.top == right.end - right.rect.height
        session.screen.wheel(5, right.rect.left)
        session.settle()
        assert session.screen.frame.panes[1].top < right.top
        bar = session.screen.frame.bar
        assert bar.position == "Top"
        assert [item.kind for item in bar.items] == ["tab", "new_tab", "right_status"]
        session.screen.mouse(0, 1)
        session.settle()
        assert session.screen.frame.bar.hovered == (0, 1)

    def test_frames_carry_the_images_of_their_rows(self, start):
        session = start()
        session.print("\x1b_Ga=T,f=32,s=1,v=1,c=2,r=2;AAAA/w==\x1b\\")
        strips = session.screen.frame.panes[0].images
        assert len(strips) == 2
        assert {strip.image.width for strip in strips} == {1}
        session.print("\x1b[2J\x1b_Ga=d\x1b\\")
        session.until(lambda: session.screen.frame.panes[0].images == ())

    def test_the_empty_bar_is_the_title_bar_of_the_window(self, start):
        session = start()
        session.screen.click(0, 60)
        assert session.screen.commands == [("start_drag",)]
        session.screen.click(0, 60)
        assert session.screen.commands[-1] == ("maximize",)
        session.screen.click(0, 60, MouseButton.RIGHT)
        assert len(session.screen.commands) == 2

    def test_title_buttons_hide_maximize_and_close(self, start):
        session = start(
            "config.window_decorations = 'INTEGRATED_BUTTONS|RESIZE'\nconfig.window_close_confirmation = 'NeverPrompt'"
        )
        session.settle()
        items = {item.kind: item for item in session.screen.frame.bar.items}
        for kind in ("window_hide", "window_maximize"):
            session.screen.click(0, items[kind].col)
        assert session.screen.commands == [("hide",), ("maximize",)]
        session.app.quit = lambda: None
        session.screen.click(0, items["window_close"].col)
        session.settle()
        assert session.desktop.windows == {}

    def test_frames_say_that_the_leader_waits(self, start):
        session = start("config.leader = {key = 'a', mods = 'CTRL', timeout_milliseconds = 1000}")
        session.screen.key("a", "CTRL")
        session.settle()
        # Its time is up by now, by the clock that each turn moves on.
        seen = []
        session.screen.on_frame = lambda frame: seen.append(frame.is_leader_active)
        session.until(lambda: not session.view.leader.is_active)
        session.screen.key("a", "CTRL")
        session.until(lambda: True in seen)
        session.until(lambda: seen[-1] is False)

    @pytest.mark.parametrize(
        ("handling", "shown"),
        [
            ("AlwaysShow", ["active", "beside", "behind", "elsewhere"]),
            ("NeverShow", []),
            ("SuppressFromFocusedPane", ["beside", "behind", "elsewhere"]),
            ("SuppressFromFocusedTab", ["behind", "elsewhere"]),
            ("SuppressFromFocusedWindow", ["elsewhere"]),
        ],
    )
    def test_messages_of_programs_are_shown_as_configured(self, start, handling, shown):
        session = start(f"config.notification_handling = '{handling}'")
        panes = {"elsewhere": session.pane}
        _first, second = second_window(session)
        panes["behind"] = session.pane
        session.screen.key("T", "CTRL|SHIFT")
        session.until(lambda: len(second.window.tabs) == 2)
        panes["beside"] = session.pane
        session.screen.key("%", "CTRL|SHIFT|ALT")
        session.until(lambda: len(second.tab.panes()) == 2)
        panes["active"] = session.pane
        session.settle()
        for name in ("active", "beside", "behind", "elsewhere"):
            session.domain.program(panes[name].id).print(f"\x1b]9;{name}\x07\x1b]2;told {name}\x07")
            session.until(lambda name=name: panes[name].title == f"told {name}")
        assert [body for _title, body in session.desktop.notifications] == shown
