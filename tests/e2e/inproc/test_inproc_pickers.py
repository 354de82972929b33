"""Overlays that let the user pick or type something, in the whole program: what is shown, and what comes of it."""

from __future__ import annotations

import pytest

LUA = r"""
local wezterm = require 'wezterm'
local act = wezterm.action
local function told(...)
  local parts = { ... }
  for i = 1, select('#', ...) do parts[i] = tostring(parts[i]) end
  return '<' .. table.concat(parts, '|') .. '>'
end
local function tell(window, pane, ...)
  window:set_right_status(told(...))
end
local pick = wezterm.action_callback(tell)
local function key(name, action) return { key = name, action = action } end
return {
  quick_select_patterns = { 'item-\\p{Lu}+' },
  keys = {
    key('F1', act.QuickSelect),
    key('F2', act.QuickSelectArgs { patterns = { '\\bword\\d' }, alphabet = 'xy', label = 'look at', scope_lines = 0,
      skip_action_on_paste = true,
      action = wezterm.action_callback(function(window, pane)
        tell(window, pane, window:get_selection_text_for_pane(pane))
      end) }),
    key('F3', act.PaneSelect),
    key('F4', act.PaneSelect { mode = 'SwapWithActive', alphabet = '12', show_pane_ids = true }),
    key('F5', act.PaneSelect { mode = 'SwapWithActiveKeepFocus' }),
    key('F6', act.PaneSelect { mode = 'MoveToNewTab' }),
    key('F7', act.PaneSelect { mode = 'MoveToNewWindow' }),
    key('F8', act.CharSelect),
    key('F9', act.CharSelect { copy_on_select = false, group = 'FoodAndDrink' }),
    key('F10', act.InputSelector { title = 'Fruit', action = pick, choices = {
      { label = 'apple' }, { label = wezterm.format { { Attribute = { Intensity = 'Bold' } }, { Text = 'banana' } }, id = 'b' },
      { label = 'cherry', id = 'c' } } }),
    key('F11', act.InputSelector { title = 'Fuzzy', action = pick, fuzzy = true, fuzzy_description = 'find: ', choices = {
      { label = 'work/alpha', id = '1' }, { label = 'work/beta', id = '2' } } }),
    key('F12', act.PromptInputLine { description = wezterm.format { { Text = 'New name' } }, prompt = 'name: ',
      initial_value = 'old', action = pick }),
  },
}
"""
BOTH = "ClipboardAndPrimarySelection"


@pytest.fixture
def session(start):
    session = start(LUA, cols=70, rows=14)
    session.settle()
    return session


def overlay(session):
    return session.view.overlay or session.view.view_of(session.pane).overlay


def test_quick_select_copies_what_its_label_stands_on(session):
    session.print("see https://example.org/x and deadbeefcafe\r\n10.0.0.1 item-ABC\r\n")
    session.program.forget()
    session.screen.key("F1")
    session.until_text("type a label to copy")
    found = overlay(session)
    assert [match.text for match in found.matches] == [
        "https://example.org/x",
        "deadbeefcafe",
        "10.0.0.1",
        "item-ABC",
    ]
    assert found.labels == ["f", "d", "s", "a"]  # the lowest is the handiest
    session.screen.type("d")
    assert session.screen.clipboards[BOTH] == "deadbeefcafe"
    session.settle()
    assert overlay(session) is None
    assert session.program.read() == b""


def test_quick_select_pastes_with_an_upper_case_label(session):
    session.print("item-ABC\r\n")
    session.program.forget()
    session.screen.key("F1")
    session.screen.type("A")
    assert session.screen.clipboards[BOTH] == "item-ABC"
    session.received(b"item-ABC")


def test_quick_select_runs_its_action_on_the_selection(session):
    session.print("word1 word2\r\n")
    session.screen.key("F2")
    session.until_text("type a label to look at")
    session.screen.type("y")
    session.until_text("<word1>")
    assert BOTH not in session.screen.clipboards
    session.program.forget()
    session.screen.key("F2")
    session.screen.type("X")
    session.received(b"word2")
    session.settle()
    assert "<word2>" not in session.screen.text  # skip_action_on_paste


def test_quick_select_joins_wrapped_rows_and_knows_wide_characters(session):
    long = "https://example.org/" + "a" * 80
    session.print(f"漢字 {long} 漢\r\n")
    session.screen.key("F1")
    match = next(match for match in overlay(session).matches if match.text == long)
    assert match.start.col == len("$ 漢字 ") + 2
    assert match.end.row == match.start.row + 1
    session.screen.key("Escape")
    session.settle()
    assert overlay(session) is None


def test_quick_select_is_taken_by_a_click(session):
    session.print("\r\n12345\r\n")
    session.screen.key("F1")
    session.until_text("type a label")
    row = next(number for number, text in enumerate(session.screen.rows) if text.endswith("2345"))
    session.screen.click(row, 3)
    assert session.screen.clipboards[BOTH] == "12345"


def two_panes(session):
    session.screen.key("%", "CTRL|ALT|SHIFT")
    session.until(lambda: len(session.view.tab.panes()) == 2)
    session.settle()
    return session.view.tab.panes()


def test_pane_select_activates_by_label_or_click(session):
    left, right = two_panes(session)
    assert session.pane is right
    session.screen.key("F3")
    session.until(lambda: getattr(overlay(session), "labels", None))
    labels = {pane: label for label, pane in overlay(session).labels.items()}
    session.screen.type(labels[left.id])
    session.until(lambda: session.pane is left)
    session.screen.key("F3")
    session.until(lambda: getattr(overlay(session), "labels", None))
    session.screen.click(5, 60)
    session.until(lambda: session.pane is right)
    session.screen.key("F3")
    session.screen.key("g", "CTRL")
    session.settle()
    assert session.view.overlay is None


def test_pane_select_swaps(session):
    left, right = two_panes(session)
    session.screen.key("F4")
    session.until_text("1: 0")
    session.screen.type("1")
    session.until(lambda: session.view.tab.panes() == [right, left])
    assert session.pane is left  # the chosen one got the focus
    session.screen.key("F5")
    session.until(lambda: getattr(overlay(session), "labels", None))
    labels = {pane: label for label, pane in overlay(session).labels.items()}
    session.screen.type(labels[right.id])
    session.until(lambda: session.view.tab.panes() == [left, right])
    assert session.pane is left


@pytest.mark.parametrize("key", ["F6", "F7"])
def test_pane_select_moves_a_pane_away(session, key):
    left, right = two_panes(session)
    session.screen.key(key)
    session.until(lambda: getattr(overlay(session), "labels", None))
    labels = {pane: label for label, pane in overlay(session).labels.items()}
    session.screen.type(labels[left.id])
    session.until(lambda: session.pane is left)
    if key == "F6":
        session.until(lambda: session.tab_count == 2)
    else:
        session.until(lambda: len(session.app.services.views) == 2)
    assert right in [
        pane for view in session.app.services.views for tab in view.window.tabs for pane in tab.panes()
    ]


def test_characters_are_found_by_name_and_remembered(session):
    session.program.forget()
    session.screen.key("F8")
    session.until_text("Smileys and emotion")
    session.screen.type("snowman wit")
    session.until_text("Snowman Without Snow")
    session.screen.key("Enter")
    assert session.screen.clipboards[BOTH] == "⛄"
    session.received("⛄".encode())
    session.screen.key("F8")
    session.until_text("Recently used")
    session.until_text("Snowman Without Snow")
    session.screen.type("1f600")
    session.until_text("Grinning Face")
    session.screen.key("Escape")


def test_characters_by_group_without_copying(session):
    session.program.forget()
    session.screen.key("F9")
    session.until_text("Food and drink")
    session.screen.key("r", "CTRL")
    session.until_text("Travel and places")
    session.screen.key("R", "CTRL")
    session.until_text("Food and drink")
    session.screen.key("Enter")
    session.received("🍇".encode())
    assert not session.screen.clipboards


def test_an_input_selector_gives_id_and_label(session):
    session.screen.key("F10")
    session.until_text("3. cherry")
    session.screen.type("3")
    session.until_text("<c|cherry>")
    session.screen.key("F10")
    session.until_text("2. banana")
    session.screen.key("DownArrow")
    session.screen.key("Enter")
    session.until(lambda: "<b|" in session.bar)
    assert "banana" in session.bar


def test_a_left_input_selector_gives_nil(session):
    session.screen.key("F10")
    session.until_text("3. cherry")
    session.screen.key("Escape")
    session.until_text("<nil|nil>")
    session.screen.key("F10")
    session.until_text("1. apple")
    session.screen.type("/cry")
    session.until(lambda: overlay(session).labels == ["cherry"])
    session.screen.key("Enter")
    session.until_text("<c|cherry>")
    session.screen.key("F10")
    session.until_text("1. apple")
    session.screen.type("1")
    session.until_text("<nil|apple>")


def test_an_input_selector_that_begins_fuzzy(session):
    session.screen.key("F11")
    session.until_text("find: ")
    session.screen.type("wb")
    session.until(lambda: "alpha" not in session.screen.text)
    session.screen.key("Enter")
    session.until_text("<2|work/beta>")


def test_a_click_chooses(session):
    session.screen.key("F10")
    session.until_text("3. cherry")
    row = next(number for number, text in enumerate(session.screen.rows) if "2. banana" in text)
    session.screen.click(row, session.screen.rows[row].index("banana"))
    session.until(lambda: "<b|" in session.bar)


def test_a_prompt_gives_the_line(session):
    session.screen.key("F12")
    session.until_text("name: old")
    assert "New name" in session.screen.text
    session.screen.key("a", "CTRL")
    session.screen.type("x")
    session.screen.key("e", "CTRL")
    session.screen.paste("漢字\n")
    session.screen.key("w", "CTRL")
    session.screen.key("y", "CTRL")
    session.screen.key("Enter")
    session.until_text("<xold漢字>")
    session.screen.key("F12")
    session.until_text("name: old")
    session.screen.key("UpArrow")
    session.until_text("name: xold漢字")
    session.screen.key("u", "CTRL")
    session.screen.key("Enter")
    session.until_text("<>")
    session.screen.key("F12")
    session.screen.key("Escape")
    session.until_text("<nil>")


@pytest.mark.parametrize("key", ["F1", "F3", "F8", "F10", "F11", "F12"])
def test_pickers_live_through_any_size(session, key):
    session.screen.key(key)
    session.settle()
    for cols, rows in ((1, 1), (3, 2), (9, 4), (120, 40), (1, 30), (30, 1)):
        session.screen.resize(cols, rows)
        session.settle()
        session.screen.type("ab")
        session.screen.key("Backspace")
        session.screen.key("DownArrow")
        session.screen.mouse(0, 0)
        session.settle()
        if overlay(session) is None:
            session.screen.key(key)
            session.settle()


def test_domains_say_what_can_be_done(start):
    session = start(
        """
      local act = require('wezterm').action
      return {
        ssh_domains = { { name = 'far', remote_address = 'example.org' } },
        keys = {
          { key = 'F1', action = act.AttachDomain 'local' },
          { key = 'F2', action = act.AttachDomain 'far' },
          { key = 'F3', action = act.AttachDomain 'nowhere' },
          { key = 'F4', action = act.DetachDomain 'CurrentPaneDomain' },
        },
      }
    """,
        cols=100,
    )
    for key, said in (
        ("F1", "is attached already"),
        ("F2", "ssh domains are not there yet"),
        ("F3", "there is no domain nowhere"),
        ("F4", "cannot be detached"),
    ):
        session.screen.key(key)
        session.until_text(said)
        session.screen.key("F20")  # a key takes the notice away
        session.until(lambda said=said: said not in session.screen.text)


def words(session, text, at=0):
    """The four words of the first cell of a text on the screen."""
    row = next(number for number, line in enumerate(session.screen.rows) if text in line)
    return session.cell(row, session.screen.rows[row].index(text) + at)


def test_lists_have_the_colours_and_rows_that_are_configured(start):
    session = start(
        """
      local act = require('wezterm').action
      return {
        command_palette_fg_color = '#010203', command_palette_bg_color = '#040506', command_palette_rows = 3,
        char_select_fg_color = '#070809', char_select_bg_color = '#0a0b0c',
        pane_select_fg_color = '#111213', pane_select_bg_color = '#141516',
        quick_select_alphabet = 'zy', disable_default_quick_select_patterns = true,
        quick_select_patterns = { 'tok[a-z]+' },
        colors = {
          quick_select_label_fg = { Color = '#212223' }, quick_select_label_bg = { AnsiColor = 'Red' },
          quick_select_match_fg = { Color = '#242526' }, quick_select_match_bg = 'Default',
          launcher_label_fg = { Color = '#313233' }, input_selector_label_bg = { Color = '#343536' },
          copy_mode_active_highlight_bg = { Color = '#414243' },
          copy_mode_inactive_highlight_bg = { Color = '#444546' },
        },
        keys = { { key = 'F1', action = act.QuickSelect }, { key = 'F2', action = act.PaneSelect },
                 { key = 'F3', action = act.CharSelect { group = 'Symbols' } },
                 { key = 'F4', action = act.ShowTabNavigator },
                 { key = 'F5', action = act.Search { Regex = 'tok.' } },
                 { key = 'F6', action = act.InputSelector { choices = { { label = 'one' } },
                   action = act.SendString 'chosen' } } },
      }
    """,
        greeting="",
    )
    session.settle()
    rgb = 0x02000000
    session.screen.key("P", "CTRL|SHIFT")
    session.until_text("Commands")
    assert words(session, "New Tab")[1:3] == (rgb | 0x010203, rgb | 0x040506)
    assert sum(row.strip().startswith("│") for row in session.screen.rows) == 4
    session.screen.key("Escape")
    session.screen.key("F3")
    session.until_text("Symbols")
    assert words(session, "Symbols")[1:3] == (rgb | 0x070809, rgb | 0x0A0B0C)
    session.screen.key("Escape")
    session.screen.key("F2")
    session.until(lambda: getattr(overlay(session), "labels", None))
    session.settle()
    assert words(session, "z")[1:3] == (rgb | 0x111213, rgb | 0x141516)
    session.screen.key("Escape")
    session.print("token 123456 toks")
    session.screen.key("F1")
    session.until_text("type a label")
    assert [match.text for match in overlay(session).matches] == ["token", "toks"]
    assert words(session, "yoken")[1:3] == (rgb | 0x212223, 0x01000009)
    assert words(session, "yoken", 1)[1:3] == (rgb | 0x242526, 0)
    session.screen.key("Escape")
    session.screen.key("F4")
    session.until_text("1. ")
    assert words(session, "1. ")[1] == rgb | 0x313233
    session.screen.key("Escape")
    session.screen.key("F5")
    session.until_text("2/2 matches, regex")
    assert words(session, "toks")[2] == rgb | 0x414243
    assert words(session, "token")[2] == rgb | 0x444546
    session.screen.key("Escape")
    session.screen.key("F6")
    session.until_text("1. one")
    assert words(session, "1. one")[2] == rgb | 0x343536
    session.program.forget()
    session.screen.key("Enter")
    session.received(b"chosen")


def test_entries_that_a_config_adds_to_the_palette_have_icons(start):
    session = start(
        """
      local wezterm = require 'wezterm'
      wezterm.on('augment-command-palette', function()
        return { { brief = 'Rename tab', icon = 'md_rename_box', action = wezterm.action.SendString 'renamed' } }
      end)
      return {}
    """
    )
    session.settle()
    session.screen.key("P", "CTRL|SHIFT")
    session.until_text("\U000f0455 Rename tab")
    session.program.forget()
    session.screen.type("ren tab\n")
    session.received(b"renamed")


def test_callbacks_open_pickers_with_callbacks_of_their_own(start):
    session = start(
        """
      local wezterm = require 'wezterm'
      local act = wezterm.action
      return { keys = { { key = 'F1', action = wezterm.action_callback(function(window, pane)
        local choices = {}
        for i = 1, 3 do choices[i] = { label = 'place ' .. i, id = tostring(i) } end
        window:perform_action(act.InputSelector {
          title = 'Where', choices = choices, fuzzy = true,
          action = wezterm.action_callback(function(inner_window, inner_pane, id, label)
            if not id then return end
            inner_window:perform_action(act.PromptInputLine {
              description = 'Name for ' .. label,
              action = wezterm.action_callback(function(last_window, _, line)
                last_window:perform_action(act.SwitchToWorkspace { name = line .. '-' .. id }, inner_pane)
              end),
            }, inner_pane)
          end),
        }, pane)
      end) } } }
    """
    )
    for typed, workspace in (("2", "home-2"), ("pl 3", "home-3")):
        session.screen.key("F1")
        session.until_text("Where")
        session.screen.type(typed)
        session.screen.key("Enter")
        session.until_text("Name for place")
        session.screen.type("home\n")
        session.until(lambda workspace=workspace: session.view.window.workspace == workspace)
        session.settle()


@pytest.mark.parametrize(("typed", "chosen"), [("left", 0), ("Escape", 1)])
def test_pane_select_shows_all_panes_of_a_zoomed_tab(session, typed, chosen):
    panes = two_panes(session)
    session.screen.key("Z", "CTRL|SHIFT")
    session.until(lambda: session.view.tab.zoomed_pane is panes[1])
    session.screen.key("F3")
    session.until(lambda: len(getattr(overlay(session), "labels", None) or ()) == 2)
    if typed == "left":
        labels = {pane: label for label, pane in overlay(session).labels.items()}
        session.screen.type(labels[panes[0].id])
    else:
        session.screen.key("Escape")
    session.until(lambda: session.view.tab.zoomed_pane is panes[chosen])
