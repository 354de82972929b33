"""Options that many configs use, each seen to act in the frame, or in what the front end is told."""

from __future__ import annotations

from perilune.base.input import MouseButton
from perilune.cells.packing import unpack_color


def lua(**options: str) -> str:
    body = ", ".join(f"{name} = {value}" for name, value in options.items())
    return f"local wezterm = require 'wezterm'\nlocal act = wezterm.action\nreturn {{ {body} }}"


def test_disable_default_key_bindings_leaves_keys_to_the_program(start):
    session = start(
        lua(
            disable_default_key_bindings="true",
            keys="{ { key = 'n', mods = 'ALT', action = act.SpawnTab 'CurrentPaneDomain' } }",
        )
    )
    session.settle()
    session.program.forget()
    session.screen.key("t", "CTRL|SHIFT")
    session.screen.key("Tab", "CTRL")
    session.settle()
    assert session.tab_count == 1
    session.screen.key("n", "ALT")
    session.until(lambda: session.tab_count == 2, "the config's own key")


def test_audible_bell_decides_whether_the_host_rings(start):
    for value, rings in (("'SystemBeep'", True), ("'Disabled'", False)):
        session = start(lua(audible_bell=value))
        session.settle()
        session.print("\x07after")
        assert (session.host.bells > 0) is rings


def test_max_fps_bounds_the_frames(start):
    slow = start(lua(max_fps="2"))
    slow.settle()
    before, clock = slow.screen.frames, slow.clock.monotonic()
    for number in range(40):
        slow.program.print(f"{number}\r\n")
        slow.turn(0.02)
    passed = slow.clock.monotonic() - clock
    assert slow.screen.frames - before <= 2 * passed + 2


def test_launch_menu_is_in_the_launcher_and_runs(start):
    session = start(
        lua(
            launch_menu="{ { label = 'Greet', args = { 'greeter', 'x' } }, { args = { 'second' } } }",
            keys="{ { key = 'l', mods = 'ALT', action = act.ShowLauncherArgs { flags = 'LAUNCH_MENU_ITEMS' } } }",
        ),
        rows=20,
    )
    session.settle()
    session.screen.key("l", "ALT")
    session.until_text("Greet")
    assert "second" in session.screen.text
    session.screen.key("Enter")
    session.until(lambda: session.tab_count == 2, "the program of the menu")
    assert session.domain.spawned[-1].command == ("greeter", "x")


def test_command_palette_colours_are_the_overlay_s(start):
    session = start(
        lua(
            command_palette_bg_color="'#123456'",
            command_palette_fg_color="'#fedcba'",
            keys="{ { key = 'p', mods = 'ALT', action = act.ActivateCommandPalette } }",
        ),
        rows=20,
    )
    session.settle()
    session.screen.key("p", "ALT")
    session.until(lambda: session.view.overlay is not None, "the palette")
    session.settle()
    frame = session.screen.frame
    assert frame is not None
    cells = [session.cell(row, col) for row in range(frame.buffer.rows) for col in range(frame.buffer.cols)]
    assert (0x12, 0x34, 0x56) in {unpack_color(cell[2]) for cell in cells}
    assert (0xFE, 0xDC, 0xBA) in {unpack_color(cell[1]) for cell in cells}


def test_scrollback_lines_are_kept_and_no_more(start):
    session = start(lua(scrollback_lines="50"))
    session.settle()
    session.print("".join(f"line {number}\r\n" for number in range(500)))
    assert 40 <= session.pane.terminal.scrollback_rows <= 50


MOUSE = """
local wezterm = require 'wezterm'
local act = wezterm.action
wezterm.on('open-uri', function(window, pane, uri)
  window:set_right_status('open ' .. uri)
  return false
end)
return {
  disable_default_mouse_bindings = true,
  mouse_bindings = {
    { event = { Down = { streak = 1, button = 'Right' } }, action = act.OpenLinkAtMouseCursor },
    { event = { Down = { streak = 1, button = 'Left' } }, action = act.SelectTextAtMouseCursor 'Cell' },
    { event = { Drag = { streak = 1, button = 'Left' } }, action = act.ExtendSelectionToMouseCursor 'Word' },
    { event = { Up = { streak = 1, button = 'Left' } },
      action = act.CompleteSelectionOrOpenLinkAtMouseCursor 'PrimarySelection' },
  },
}
"""


def test_own_mouse_bindings_open_links_extend_and_complete_selections(start):
    session = start(MOUSE)
    session.print("\r\nfirst second third\r\n\x1b]8;;https://example.org/\x1b\\link\x1b]8;;\x1b\\")
    session.screen.click(3, 1, MouseButton.RIGHT)
    session.until_text("open https://example.org/")
    session.screen.drag((2, 0), (2, 8))
    assert session.screen.clipboards["PrimarySelection"] == "first second"


def test_completing_nothing_opens_the_link_instead(start):
    session = start(MOUSE)
    session.print("\r\nfirst\r\n\x1b]8;;https://example.org/x\x1b\\link\x1b]8;;\x1b\\")
    session.screen.click(3, 1)
    session.until_text("open https://example.org/x")
