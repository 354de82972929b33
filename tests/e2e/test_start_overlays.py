"""Each overlay in the real program on a pty: keys typed by a user, the screen as a terminal shows it."""

from __future__ import annotations

import pytest

from perilune.base.input import Modifiers, MouseButton

CTRL, SHIFT = Modifiers.CTRL, Modifiers.SHIFT
LUA = r"""
local wezterm = require 'wezterm'
local act = wezterm.action
local function key(name, action) return { key = name, action = action } end
local send = wezterm.action_callback(function(window, pane, ...)
  local parts = { ... }
  for i = 1, select('#', ...) do parts[i] = tostring(parts[i]) end
  pane:send_text('echo got-' .. table.concat(parts, '-') .. '\r')
end)
return {
  keys = {
    key('F1', act.QuickSelect), key('F2', act.ActivateCopyMode), key('F3', act.Search { CaseSensitiveString = 'Needle' }),
    key('F4', act.ShowTabNavigator), key('F5', act.ShowLauncherArgs { flags = 'FUZZY|TABS|COMMANDS' }),
    key('F6', act.ActivateCommandPalette), key('F7', act.ShowDebugOverlay), key('F8', act.PaneSelect),
    key('F9', act.CharSelect),
    key('F10', act.InputSelector { title = 'Pick', action = send,
      choices = { { label = 'first', id = '1' }, { label = wezterm.format { { Foreground = { AnsiColor = 'Red' } }, { Text = 'second' } }, id = '2' } } }),
    key('F11', act.PromptInputLine { description = 'Say it', action = send }),
    key('F12', act.CloseCurrentTab { confirm = true }),
  },
}
"""


def test_quick_select_copy_mode_and_search(start):
    session = start(lua=LUA)
    session.send("clear; echo https://example.org/abc; echo Needle needle\r")
    session.wait_text("Needle needle")
    session.key("F1")
    session.wait_text("type a label to copy")
    row, col = session.find("ttps://example.org/abc")  # the label stands on the first letter
    label = session.rows[row][col - 1]
    session.key(label)
    session.wait_gone("type a label")
    session.wait_for(lambda: b"\x1b]52;" in session.raw, "the clipboard to be set")
    session.key("F1")
    session.wait_text("type a label")
    session.key(label, SHIFT)
    session.wait_for(
        lambda: sum("https://example.org/abc" in text for text in session.rows) == 2, "the pasted link"
    )
    session.key("u", CTRL)
    session.key("F3")
    session.wait_text("Search: Needle  (1/1 matches, case-sensitive)")
    session.key("r", CTRL)
    session.wait_text("2/2 matches, ignore case")
    session.key("Escape")
    session.wait_gone("Search:")
    session.key("F2")
    session.wait_text("Copy mode")
    for key in "k0vey":
        session.key(key)
    session.wait_gone("Copy mode")


def labelled(session):
    """The labels of panes that are to be seen."""
    parts = [part.strip() for row in session.rows[1:] for part in row.split("│")]
    return [part for part in parts if len(part) == 1 and part.isalpha()]


def test_lists_by_keys_and_mouse(start):
    session = start(lua=LUA)
    session.key("F5")
    session.wait_text("Fuzzy matching: ")
    session.send("new tab")
    session.wait_for(lambda: session.terminal.cursor.col > 20, "the filter")
    session.key("Enter")
    session.wait_text(" 2: ")
    session.key("F4")
    session.wait_text("1. ")
    row, col = session.find("1. ")
    session.click(row, col + 4)
    session.wait_gone("1. ")
    session.key("F6")
    session.wait_text("Commands")
    session.send("split hor")
    session.key("Enter")
    session.wait_text("│")
    session.key("F8")
    session.wait_for(lambda: labelled(session) == ["a", "s"], "the labels of panes")
    session.key("a")
    session.wait_for(lambda: labelled(session) == [], "the labels to go")
    session.send("echo le''ft\r")
    session.wait_for(lambda: any(row.startswith("left") for row in session.rows), "the left pane's echo")
    session.send("cat\rzz\r")
    session.wait_for(lambda: sum(row.startswith("zz") for row in session.rows) == 2, "cat to run")
    session.key("F12")
    session.wait_text("[y] yes")
    session.key("n")
    session.wait_gone("[y] yes")


def test_callbacks_of_lists_and_prompts(start):
    session = start(lua=LUA)
    session.key("F10")
    session.wait_text("2. second")
    session.key("2")
    session.wait_for(lambda: any(row.startswith("got-2-") for row in session.rows), "the chosen id")
    session.key("F11")
    session.wait_text("Say it")
    session.send("漢字 and more")
    session.key("w", CTRL)
    session.key("Enter")
    session.wait_for(lambda: any(row.startswith("got-漢字 and") for row in session.rows), "the line")
    session.key("F9")
    session.wait_text("Smileys and emotion")
    session.send("snowman without")
    session.wait_text("Snowman Without Snow")
    session.key("Enter")
    session.wait_gone("Snowman Without")
    session.wait_text("⛄")


def test_lua_is_typed_over_the_log(start):
    session = start(lua=LUA)
    session.key("F7")
    session.wait_text("type Lua and press Enter")
    session.send("pane:get_dimensions().cols * 2\r")
    session.wait_for(lambda: any(row.strip("│ ") == "160" for row in session.rows), "the answer")
    session.send("while true do end\r")
    session.wait_text("used up its budget", timeout=90)
    session.send("'still ' .. 'here'\r")
    session.wait_text("still here", timeout=60)
    session.mouse(5, 5, MouseButton.WHEEL_UP)
    session.key("Escape")
    session.wait_gone("type Lua")


@pytest.mark.parametrize(("key", "escapes"), [("F6", 1), ("F7", 2)])
def test_overlays_survive_a_terminal_of_one_cell(start, key, escapes):
    session = start(lua=LUA)
    session.key(key)
    session.resize(1, 1)
    session.key("a")
    session.resize(80, 24)
    for _ in range(escapes):  # the first one clears the Lua prompt's line
        session.key("Escape")
    session.send("echo al''ive\r")
    session.wait_text("alive")
