"""Titles whose callback writes what it reads, or is stopped; times and clocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from perilune.cli.main import main
from perilune.lua.clock_reads import next_change
from perilune.testing import TabBarHarness

TABS = [{"title": "a", "active": True}, {"title": "b"}]


def harness(body: str, load: str = "", tabs: object = TABS) -> TabBarHarness:
    source = (
        f"local wezterm = require 'wezterm'\n{load}\n"
        f"wezterm.on('format-tab-title', function(tab) {body} end)\n"
        "wezterm.on('write', function(_, _, value) wezterm.GLOBAL.k = value end)\nreturn {}"
    )
    return TabBarHarness(lua=source, cols=60, tabs=tabs)  # type: ignore[arg-type] # as given


def text(bar: TabBarHarness) -> str:
    return bar.frame().text.split(" +")[0]


def test_a_value_cached_in_global_is_not_a_loop() -> None:
    body = "local g = wezterm.GLOBAL if g.k == nil then g.k = 1 end return tab.active_pane.title .. g.k"
    with harness(body) as bar:
        assert text(bar) == "a1b1"
        assert text(bar) == "a1b1"
        assert bar.stats.lua_calls <= 4
        bar.tick(1.0)
        assert text(bar) == "a1b1"
        assert bar.stats.lua_calls <= 6


def test_a_counter_counts_one_call_a_tick_and_the_changes_of_others_show_at_once() -> None:
    body = "local g = wezterm.GLOBAL g.k = (g.k or 0) + 1 return tab.active_pane.title .. g.k"
    with harness(body) as bar:
        assert text(bar) == "a1b2"
        assert text(bar) == "a1b2"
        bar.tick(1.0)
        assert text(bar) == "a3b4"
        bar.set(0, title="x")
        assert text(bar) == "x5b4"
        assert text(bar) == "x5b4"
        bar.emit("write", 100)
        assert text(bar) == "x101b102"
        row = bar.ledger[-1]
        assert row.input == "host GLOBAL('k')"
        assert row.new == 100


def test_a_tab_that_only_reads_sees_what_another_one_wrote() -> None:
    body = "if tab.tab_index == 1 then wezterm.GLOBAL.k = tab.active_pane.title end return '<' .. (wezterm.GLOBAL.k or '') .. '>'"
    with harness(body) as bar:
        bar.frame()
        bar.set(1, title="new")
        bar.frame()
        bar.tick(1.0)
        assert text(bar) == "<new><new>"
        assert bar.stats.lua_calls < 10


LOOP = "while true do end"
HOG = "local t = {} for i = 1, 1e6 do t[i] = ('x'):rep(1000000) .. i end"


@pytest.mark.parametrize("stop", [LOOP, HOG])
def test_a_stopped_callback_is_tried_at_once_with_another_title(stop: str) -> None:
    with harness(
        f"local t = tab.active_pane.title if t == 'bad' then {stop} end return '<' .. t .. '>'"
    ) as bar:
        bar.set(1, title="c")
        assert text(bar) == "<a><c>"
        bar.set(1, title="bad")
        assert text(bar) == "<a>!<c>"
        calls = bar.stats.lua_calls
        assert text(bar) == "<a>!<c>"
        assert bar.stats.lua_calls == calls
        bar.set(1, title="ok")
        assert text(bar) == "<a><ok>"
        assert bar.stats.lua_calls == calls + 1


@pytest.mark.parametrize(
    ("pattern", "due"),
    [("%OS", 91.0), ("%EX", 91.0), ("%OM", 120.0), ("%Ey", 900.0), ("%-S", 91.0), ("%%OS", float("inf"))],
)
def test_modifiers_are_not_the_code(pattern: str, due: float) -> None:
    assert next_change(pattern, 90.0) == due


def test_a_stored_time_is_no_clock() -> None:
    with harness("return start:format('%S') .. ';'", "local start = wezterm.time.now()") as bar:
        before = text(bar)
        bar.tick(2.0)
        assert text(bar) == before
        assert bar.stats.lua_calls == 2
        assert {row.kind for row in bar.ledger} == {"pure"}


def test_a_time_of_now_is_a_clock() -> None:
    with harness("return wezterm.time.now():format('%S') .. ';'") as bar:
        before = text(bar)
        bar.tick(2.0)
        assert text(bar) != before


def test_a_field_called_like_a_parameter_can_be_set() -> None:
    with harness("return tab.tab_index .. ';'") as bar:
        bar.set(0, tab_index=7)
        assert text(bar) == "7;1;"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return tab.active_pane.title", "titles compared with ones made anew, none differed"),
        ("wezterm.GLOBAL.k = 1 return 'x'", "verified: nothing"),
    ],
)
def test_the_ledger_says_what_was_verified(
    body: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.lua"
    path.write_text(
        f"local wezterm = require 'wezterm'\nwezterm.on('format-tab-title', function(tab) {body} end)\nreturn {{}}"
    )
    assert main(["--config-file", str(path), "ledger", "--verify", "--tabs", "2"]) == 0
    assert said in capsys.readouterr().out
