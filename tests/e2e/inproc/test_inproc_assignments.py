"""Key assignments, performed one by one in the whole program, and what comes of them."""

from __future__ import annotations

import pytest

from perilune.app.actions import Actions
from perilune.base.input import Modifiers, MouseButton
from perilune.config.assignment import parse_assignment

BOTH = "ClipboardAndPrimarySelection"


class Performer:
    """A session, and a way to carry assignments out in it."""

    def __init__(self, session):
        self.session = session
        self.actions = Actions(session.app.services)

    def __call__(self, name, argument=None):
        written = name if argument is None else {name: argument}
        self.actions.perform(self.session.view, parse_assignment(written))
        self.session.settle()

    @property
    def panes(self):
        return [pane.id for pane in self.session.view.tab.panes()]

    @property
    def active(self):
        return self.session.pane.id

    @property
    def tabs(self):
        return [tab.id for tab in self.session.view.window.tabs]

    @property
    def tab(self):
        return self.session.view.window.active_index


@pytest.fixture
def do(start):
    session = start(greeting="")
    session.settle()
    return Performer(session)


def rects(do):
    return {place.pane.id: tuple(place.rect) for place in do.session.view.placed()[0]}


def test_splits_in_all_directions_with_sizes_and_commands(do):
    do("SplitHorizontal", {"args": ["right"], "cwd": "/tmp", "set_environment_variables": {"A": "1"}})
    spawned = do.session.domain.spawned[-1]
    assert (spawned.command, spawned.cwd, spawned.env["A"]) == (("right",), "/tmp", "1")
    assert do.panes == [0, 1]
    do("SplitVertical")
    assert do.panes == [0, 1, 2]
    do(
        "SplitPane",
        {"direction": "Left", "size": {"Cells": 5}, "top_level": True, "command": {"args": ["side"]}},
    )
    assert do.session.domain.spawned[-1].command == ("side",)
    assert rects(do)[3][:3] == (0, 0, 5)
    assert rects(do)[3][3] == do.session.view.tab.size.rows
    do("SplitPane", {"direction": "Up", "size": {"Percent": 30}})
    assert rects(do)[4][1] == 0
    assert rects(do)[4][3] < rects(do)[3][3]


def test_panes_are_activated_by_direction_and_index(do):
    do("SplitHorizontal")
    do("SplitVertical")
    do("ActivatePaneDirection", "Left")
    assert do.active == 0
    do("ActivatePaneDirection", "Right")
    assert do.active == 2
    do("ActivatePaneDirection", "Up")
    assert do.active == 1
    do("ActivatePaneDirection", "Next")
    assert do.active == 2
    do("ActivatePaneDirection", "Next")
    assert do.active == 0
    do("ActivatePaneDirection", "Prev")
    assert do.active == 2
    do("ActivatePaneByIndex", 1)
    assert do.active == 1
    do("ActivatePaneByIndex", 9)
    assert do.active == 1


def test_panes_rotate_zoom_and_change_their_size(do):
    do("SplitHorizontal")
    do("SplitHorizontal")
    do("RotatePanes", "Clockwise")
    assert do.panes == [2, 0, 1]
    do("RotatePanes", "CounterClockwise")
    assert do.panes == [0, 1, 2]
    do("ActivatePaneByIndex", 0)
    width = rects(do)[0][2]
    do("AdjustPaneSize", ["Right", 3])
    assert rects(do)[0][2] == width + 3
    do("AdjustPaneSize", ["Left", 4])
    assert rects(do)[0][2] == width - 1
    do("TogglePaneZoomState")
    assert do.session.view.tab.zoomed_pane.id == 0
    do("SetPaneZoomState", True)
    assert do.session.view.tab.zoomed_pane.id == 0
    do("SetPaneZoomState", False)
    assert do.session.view.tab.zoomed_pane is None
    do("CloseCurrentPane", {"confirm": False})
    assert do.panes == [1, 2]


def test_tabs_are_opened_moved_and_activated(do):
    for name in ("one", "two", "three"):
        do("SpawnCommandInNewTab", {"args": [name], "domain": "DefaultDomain", "label": name})
    do("SpawnTab", "CurrentPaneDomain")
    assert [item.command for item in do.session.domain.spawned[1:]] == [("one",), ("two",), ("three",), None]
    do("ActivateTab", 0)
    assert do.tab == 0
    do("ActivateTab", -1)
    assert do.tab == 4
    do("ActivateTab", 9)
    assert do.tab == 4
    do("ActivateTabRelative", 1)
    assert do.tab == 0
    do("ActivateTabRelativeNoWrap", -1)
    assert do.tab == 0
    do("ActivateTabRelativeNoWrap", 2)
    assert do.tab == 2
    do("ActivateLastTab")
    assert do.tab == 0
    tab = do.session.view.tab
    do("MoveTab", 2)
    assert do.session.view.window.tabs[2] is tab
    do("MoveTabRelative", -1)
    assert do.session.view.window.tabs[1] is tab
    do("MoveTabRelative", -9)
    assert do.session.view.window.tabs[0] is tab
    do("MoveTabRelative", 99)
    assert do.session.view.window.tabs[4] is tab
    do("CloseCurrentTab", {"confirm": False})
    assert tab not in do.session.view.window.tabs


def test_windows_and_workspaces(do):
    do("SpawnWindow")
    do("SpawnCommandInNewWindow", {"args": ["third"]})
    assert do.session.domain.spawned[-1].command == ("third",)
    first = do.session.view.window_id - 2
    do("ActivateWindow", 0)
    assert do.session.view.window_id == first
    do("ActivateWindowRelative", -1)
    assert do.session.view.window_id == first + 2
    do("ActivateWindowRelativeNoWrap", 1)
    assert do.session.view.window_id == first + 2
    do("SwitchToWorkspace", {"name": "work", "spawn": {"args": ["worker"]}})
    assert do.session.view.window.workspace == "work"
    assert do.session.domain.spawned[-1].command == ("worker",)
    do("SwitchToWorkspace", {"name": "alpha"})
    assert do.session.view.window.workspace == "alpha"
    do("SwitchWorkspaceRelative", -1)
    assert do.session.view.window.workspace == "work"  # alpha, default, work: around the end
    do("SwitchWorkspaceRelative", 2)
    assert do.session.view.window.workspace == "default"
    do("SwitchToWorkspace")
    assert do.session.view.window.workspace not in {"alpha", "default", "work"}


def test_keys_and_strings_go_to_the_program(do):
    do.session.program.forget()
    do(
        "Multiple",
        [
            {"SendString": "a\x1bb"},
            {"SendKey": {"key": "c", "mods": "CTRL"}},
            "Nop",
            {"SendKey": {"key": "Enter"}},
        ],
    )
    do.session.received(b"a\x1bb\x03\r")
    do.session.program.forget()
    do("SendKey", {"key": "b", "mods": "ALT"})
    do("SendKey", {"key": "A"})
    do.session.received(b"\x1bbA")


def test_copying_and_pasting(do):
    session = do.session
    do("CopyTextTo", {"text": "given", "destination": "PrimarySelection"})
    assert session.screen.clipboards == {"PrimarySelection": "given"}
    session.program.forget()
    do("PasteFrom", "PrimarySelection")
    session.received(b"given")
    session.print("\r\nsome words here")
    session.screen.drag((2, 5), (2, 9))
    session.settle()
    do("CopyTo", "Clipboard")
    assert session.screen.clipboards["Clipboard"] == "words"
    do("ClearSelection")
    assert session.view.view_of(session.pane).selection is None
    session.screen.clipboards.clear()
    do("CopyTo", "Clipboard")
    assert session.screen.clipboards == {}
    session.program.forget()
    do("PasteFrom", "Clipboard")
    session.received(b"words")
    for old, destination in (
        ("Copy", "CopyTo"),
        ("Paste", "PasteFrom"),
        ("PastePrimarySelection", "PasteFrom"),
    ):
        assert parse_assignment(old).name == destination


def with_lines(do, count=60):
    do.session.print("\r\n".join(f"line {number}" for number in range(count)))
    return do.session


def top(do):
    return do.session.screen.rows[1].strip()


def test_scrolling(do):
    session = with_lines(do)
    bottom = top(do)
    do("ScrollByLine", -1)
    assert top(do) == f"line {int(bottom.split()[1]) - 1}"
    do("ScrollToTop")
    assert top(do) == "line 0"
    do("ScrollByPage", 0.5)
    assert top(do) == f"line {session.pane.terminal.rows // 2}"
    do("ScrollByPage", -1)
    assert top(do) == "line 0"
    do("ScrollToBottom")
    assert top(do) == bottom


def test_scrolling_to_prompts(do):
    mark = "\x1b]133;A\x1b\\$ "
    do.session.print("".join(f"{mark}cmd {number}\r\n" + "out\r\n" * 20 for number in range(3)) + mark)
    do("ScrollToPrompt", -1)
    assert top(do) == "$ cmd 2"
    do("ScrollToPrompt", -2)
    assert top(do) == "$ cmd 0"
    do("ScrollToPrompt", -1)
    assert top(do) == "$ cmd 0"
    do("ScrollToPrompt", 1)
    assert top(do) == "$ cmd 1"


@pytest.mark.parametrize("what", ["ScrollbackOnly", "ScrollbackAndViewport"])
def test_the_scrollback_is_cleared(do, what):
    session = with_lines(do)
    do("ClearScrollback", what)
    assert session.pane.terminal.scrollback_rows == 0
    shown = [row for row in session.screen.rows[1:] if row]
    assert shown[-1] == "line 59"
    assert len(shown) == (1 if what == "ScrollbackAndViewport" else session.pane.terminal.rows)
    session.print("!")
    assert "line 59!" in session.screen.text


def test_a_terminal_is_reset(do):
    do.session.print("\x1b[?1049h\x1b[?2004h\x1b[31mtext")
    do("ResetTerminal")
    assert not do.session.pane.terminal.is_alternate
    assert not do.session.pane.terminal.modes.bracketed_paste
    assert "text" not in do.session.screen.text


def test_the_wheel_scrolls_by_its_assignment(do):
    session = with_lines(do)
    before = int(top(do).split()[1])
    session.screen.wheel(5, 5, up=True)
    session.settle()
    assert int(top(do).split()[1]) < before
    do("ScrollByCurrentEventWheelDelta")  # no wheel, no effect
    session.screen.wheel(5, 5, up=False)
    session.settle()
    assert int(top(do).split()[1]) == before


def test_lists(do):
    session = do.session
    do("SpawnCommandInNewTab", {"args": ["other"]})
    do("ShowTabNavigator")
    session.until_text("2. ")
    assert session.view.overlay.selected_label.endswith("(1 pane)")
    session.screen.type("1")
    session.until(lambda: do.tab == 0)
    do(
        "ShowLauncherArgs",
        {"flags": "FUZZY|TABS", "title": "Go", "fuzzy_help_text": "which? ", "alphabet": "xy"},
    )
    session.until_text("which? ")
    assert "Go" in session.screen.text
    assert len(session.view.overlay.labels) == 2
    session.screen.key("DownArrow")
    session.screen.key("Enter")
    session.until(lambda: do.tab == 1)
    do("ShowLauncherArgs", {"flags": "WORKSPACES|COMMANDS", "help_text": "help!", "alphabet": "xy"})
    session.until_text("help!")
    assert "Split Horizontal" in session.screen.text
    session.screen.key("Escape")
    do("ShowLauncherArgs", {"flags": "DOMAINS", "alphabet": "xy"})
    session.until_text("x. New tab in domain local")
    session.screen.type("x")
    session.until(lambda: len(do.tabs) == 3)
    do("ShowLauncherArgs", {"flags": "FUZZY"})
    assert session.view.overlay.labels == []
    session.screen.key("Escape")
    do("ShowLauncher")
    session.until_text("Launcher")
    session.screen.key("c", "CTRL")
    do("ActivateCommandPalette")
    first = session.view.overlay.selected_label
    session.screen.type("split hor")
    session.until(
        lambda: session.view.overlay.selected_label.startswith("Split Horizontally (Left/Right)   ")
    )
    session.screen.key("Enter")
    session.until(lambda: len(do.panes) == 2)
    session.settle()
    # What was used last comes first; what acts on a native window only is not offered here.
    do("ActivateCommandPalette")
    assert (first.startswith("Split"), session.view.overlay.selected_label[:5]) == (False, "Split")
    session.screen.type("full screen")
    session.until(lambda: "Full Screen" not in session.screen.text)
    assert not (session.view.overlay.selected_label or "").startswith("Toggle Full Screen")
    session.screen.key("Escape")


def test_quitting_and_reloading_and_what_does_nothing(do):
    do("Nop")
    do("DisableDefaultAssignment")
    do("ReloadConfiguration")
    do("Show")
    do("Hide")
    do("HideApplication")
    assert do.session.screen.suspended == 2
    ended = []
    do.session.app.services.loop.stop = lambda: ended.append(True)
    do("QuitApplication")
    assert ended or "program" in do.session.screen.text


ZONES = "\x1b]133;A\x1b\\$ \x1b]133;B\x1b\\ls\x1b]133;C\x1b\\\r\nout 1\r\nout 2\r\n\x1b]133;A\x1b\\$ "
BINDINGS = """
local act = require('wezterm').action
local function on(kind, streak, button, mods, action, more)
  local item = { event = { [kind] = { streak = streak, button = button } }, mods = mods, action = action }
  for key, value in pairs(more or {}) do item[key] = value end
  return item
end
return { mouse_bindings = {
  on('Down', 3, 'Left', 'NONE', act.SelectTextAtMouseCursor 'SemanticZone'),
  on('Down', 1, 'Right', 'NONE', act.SendString 'down'), on('Up', 1, 'Right', 'NONE', act.SendString 'up'),
  on('Drag', 1, 'Right', 'NONE', act.SendString 'drag'),
  on('Down', 4, 'Right', 'NONE', act.SendString 'four'),
  on('Down', 1, { WheelUp = 1 }, 'CTRL', act.SendString 'wheel up'),
  on('Down', 1, 'WheelDown', 'CTRL', act.SendString 'wheel down'),
  on('Down', 1, 'Middle', 'NONE', act.SendString 'reporting', { mouse_reporting = true }),
  on('Down', 1, 'Left', 'CTRL', act.SendString 'alt', { alt_screen = true }),
  on('Down', 1, 'Left', 'CTRL', act.SendString 'main', { alt_screen = false }),
  on('Up', 1, 'Left', 'CTRL', act.CompleteSelection 'PrimarySelection'),
}, bypass_mouse_reporting_modifiers = 'ALT' }
"""


def test_mouse_bindings_of_every_form(start):
    session = start(BINDINGS, greeting="")
    session.settle()
    session.program.forget()
    right, ctrl = MouseButton.RIGHT, Modifiers.CTRL
    session.screen.drag((3, 3), (3, 4), right)
    session.received(b"downdragup")
    session.program.forget()
    session.clock.advance(10)
    for _ in range(4):
        session.screen.click(5, 5, right)
    session.received(b"downupfour")  # nothing is bound to the second and third
    session.program.forget()
    for button in (MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN):
        session.screen.click(5, 5, button, ctrl)
    session.received(b"wheel upwheel down")
    session.program.forget()
    session.screen.click(5, 5, MouseButton.LEFT, ctrl)
    session.received(b"main")
    session.set_modes("\x1b[?1049h")
    session.clock.advance(10)
    session.program.forget()
    session.screen.click(5, 5, MouseButton.LEFT, ctrl)
    session.received(b"alt")
    session.set_modes("\x1b[?1000h\x1b[?1006h")
    session.clock.advance(10)
    session.program.forget()
    session.screen.click(5, 5, MouseButton.MIDDLE)
    session.until(lambda: b"reporting" in session.program.read())


def test_the_mouse_selects_a_zone_and_a_bypass_modifier_keeps_it_from_the_program(start):
    session = start(BINDINGS, greeting="")
    session.settle()
    session.print(ZONES)
    for _ in range(3):
        session.screen.click(2, 2)
    session.settle()
    assert session.view.view_of(session.pane).selected_text() == "out 1\nout 2"
    session.set_modes("\x1b[?1002h\x1b[?1006h")
    session.program.forget()
    session.clock.advance(10)
    session.screen.drag((1, 0), (1, 3), mods=Modifiers.ALT)
    session.settle()
    assert session.program.read() == b""
    session.screen.click(2, 2)
    session.until(lambda: session.program.read().startswith(b"\x1b[<0;3;2M"))


KEYS = """
local act = require('wezterm').action
return {
  key_map_preference = PREFERENCE,
  leader = { key = 'a', mods = 'CTRL', timeout_milliseconds = 400 },
  keys = {
    { key = 'x', mods = 'LEADER', action = act.SendString 'leader-x' },
    { key = 'a', mods = 'LEADER|CTRL', action = act.SendKey { key = 'a', mods = 'CTRL' } },
    { key = 'phys:Q', mods = 'ALT', action = act.SendString 'physical' },
    { key = 'mapped:w', mods = 'ALT', action = act.SendString 'mapped' },
    { key = 'e', mods = 'ALT', action = act.SendString 'either' },
  },
}
"""


@pytest.mark.parametrize("preference", ["Mapped", "Physical"])
def test_keys_by_place_or_by_letter(start, preference):
    from perilune.base.input import KeyEvent

    session = start(KEYS.replace("PREFERENCE", f"'{preference}'"), greeting="")
    session.settle()
    session.program.forget()

    def press(key, place):
        session.screen.handler.on_key(KeyEvent(key, Modifiers.ALT, base_layout_key=place))

    press("a", "q")  # as on a French keyboard
    session.received(b"physical")
    session.program.forget()
    press("w", "z")
    session.received(b"mapped")
    session.program.forget()
    press("e", "d")
    session.received(b"either" if preference == "Mapped" else b"\x1be")
    session.program.forget()
    press("d", "e")
    session.received(b"\x1bd" if preference == "Mapped" else b"either")
    session.program.forget()
    session.screen.key("a", "CTRL")
    session.screen.type("x")
    session.received(b"leader-x")
    session.program.forget()
    session.screen.key("a", "CTRL")
    session.screen.key("a", "CTRL")
    session.received(b"\x01")


def test_opening_a_uri_asks_the_handlers(start):
    session = start(
        """
      local wezterm = require 'wezterm'
      wezterm.on('open-uri', function(window, pane, uri)
        window:set_right_status('asked for ' .. uri)
        return false
      end)
      return { keys = { { key = 'F1', action = wezterm.action.OpenUri 'https://example.org/' },
                        { key = 'F2', action = wezterm.action.EmitEvent 'mine' } } }
    """,
        cols=90,
    )
    session.screen.key("F1")
    session.until(lambda: "asked for https://example.org/" in session.bar)
