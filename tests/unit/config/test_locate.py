"""Problems of plain tables find their line in the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from perilune.config.locate import full_path, locate, split_place
from perilune.config.problems import Problem

SOURCE = """-- font_sise = 1, "font_sise = 2"
local other = { keys = 3 }
return {
  font_sise = 12,
  ["line_hight"] = 2,
  keys = {
    { key = 'a', action = act.SplitPane { direction = 'Right' } },
    -- { key = 'commented' },
    { key = 'b',
      mods = 'CTLR', action = f(function() if x then return { 1, 2 } end end) },
    { key = 'c',
      action = act.SplitPane {
        direction = 'Rigth' } },
  },
  colors = { tab_bar = { active_tab = {
    bg_color = 'nope' } } },
}
"""


@pytest.mark.parametrize(
    ("message", "option", "line"),
    [
        ("unknown option 'font_sise', did you mean 'font_size'?", "font_sise", 4),
        ("unknown option 'line_hight'", "line_hight", 5),
        ("keys[2].mods: unknown modifier 'CTLR'", "keys", 10),
        ("keys[3].action.SplitPane.direction: expected one of Left", "keys", 13),
        ("keys[9].mods: expected a string", "keys", 6),
        ("colors.tab_bar.active_tab.bg_color: 'nope' is not a colour", "colors", 16),
    ],
)
def test_a_plain_table_shows_its_line(tmp_path: Path, message: str, option: str, line: int) -> None:
    path = tmp_path / "c.lua"
    path.write_text(SOURCE)
    assert locate(Problem("error", message, option), "", [path]) == f"{path}:{line}: "


def test_a_noted_line_is_narrowed_within_its_constructor(tmp_path: Path) -> None:
    path = tmp_path / "c.lua"
    path.write_text("c.keys = {\n  { key = 'a',\n    mods = 'X' },\n}\nc.keys[1] = nil\n")
    problem = Problem("error", "keys[1].mods: unknown modifier 'X'", "keys")
    assert locate(problem, f"{path}:4: ", [path]) == f"{path}:3: "


def test_what_the_text_does_not_show_stays_as_it_was_noted(tmp_path: Path) -> None:
    path = tmp_path / "c.lua"
    path.write_text("c.other = 1\nfor k, v in pairs(t) do c[k] = v end\n")
    problem = Problem("error", "keys[1].mods: expected a string", "keys")
    assert locate(problem, f"{path}:2: ", [path]) == f"{path}:2: "
    assert locate(problem, "", [path, tmp_path / "gone.lua"]) == ""


def test_other_files_are_searched_after_the_main_one(tmp_path: Path) -> None:
    main, module = tmp_path / "wezterm.lua", tmp_path / "looks.lua"
    main.write_text("return require 'looks'\n")
    module.write_bytes(b"return {\r\n  font_sise = 1,\r\n}\r\n")
    problem = Problem("warning", "unknown option 'font_sise'", "font_sise")
    assert locate(problem, "", [main, module]) == f"{module}:2: "


def test_short_paths_of_lua_are_told_in_full() -> None:
    files = [Path("/a/b/wezterm.lua"), Path("/a/very/long/way/to/tabs.lua")]
    assert full_path("...long/way/to/tabs.lua", files) == "/a/very/long/way/to/tabs.lua"
    assert full_path("nowhere.lua", files) == "nowhere.lua"


def test_windows_free_places_are_split() -> None:
    assert split_place("/a/b c.lua:3: x: 4: y") == ("/a/b c.lua", 3, "x: 4: y")
    assert split_place("no place: at all") == ("", 0, "no place: at all")
