"""The harness, and with it the titles of the program: each kind of dependency, and what else issue texts promise."""

from __future__ import annotations

import gc
import logging
import threading
import weakref

import pytest

from perilune.testing import BarConfigError, CallbackDifferenceError, TabBarHarness

TABS = [{"title": "zsh", "active": True}, {"title": "vim"}, {"title": "htop"}]


def lua(body: str, more: str = "", setup: str = "") -> str:
    return (
        f"local wezterm = require 'wezterm'\nlocal config = {{}}\n{setup}\n"
        "wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)\n"
        f"{body}\nend)\n{more}\nreturn config\n"
    )


@pytest.fixture(autouse=True)
def propagate(monkeypatch):
    # Whoever ran the command line in this process switched it off.
    monkeypatch.setattr(logging.getLogger("perilune"), "propagate", True)


@pytest.fixture
def make():
    made = []

    def make(body: str = "return tab.active_pane.title", more: str = "", setup: str = "", **arguments):
        arguments.setdefault("tabs", TABS)
        arguments.setdefault("config_directories", [])
        bar = TabBarHarness(lua=lua(body, more, setup), **arguments)
        made.append(bar)
        return bar

    yield make
    for bar in made:
        bar.close()


def calls_in(bar, act=lambda: None, **frame):
    before = bar.stats.lua_calls
    act()
    bar.frame(**frame)
    return bar.stats.lua_calls - before


# The frame.


@pytest.mark.parametrize(
    ("cols", "tabs", "status", "text"),
    [
        (40, ["zsh", "vim"], "R12:34", " 1: zsh  2: vim  +                R12:34"),
        (20, ["zsh", "vim", "a-very-long-title-here"], "R12:34", " 1: z 2: v 3: a + 34"),
        (30, ["a-very-long-title-here"], "R12:34", " 1: a-very-long- +      R12:34"),
        (12, ["zsh"] * 4, "R12:34", "     + 12:34"),
    ],
)
@pytest.mark.parametrize("mode", ["tracked", "every-frame"])
def test_the_worked_examples(cols, tabs, status, text, mode):
    fields = [{"title": title} for title in tabs]
    with TabBarHarness(cols=cols, tabs=fields, right_status=status, mode=mode) as bar:
        assert bar.frame().text == text


def test_cells_items_and_attributes_are_plain_values(make):
    bar = make(
        "return { { Attribute = { Italic = true } }, { Foreground = { AnsiColor = 'Red' } }, { Text = '漢' } }"
    )
    frame = bar.frame()
    assert len(frame.cells) == 80
    assert "".join(cell.text for cell in frame.cells) == frame.text
    first = frame.cells[0]
    assert (first.text, first.fg, first.bg, first.attributes.italic) == ("漢", 9, "#000000", True)
    assert frame.cells[1].text == ""
    assert frame.cells[0].attributes == bar.frame().cells[0].attributes
    assert frame.items[:2] == [("tab", 0, 2, 0), ("tab", 2, 2, 1)]
    text, fg, bg, attributes = frame.cells[-1]
    assert (text, fg, bg) == (" ", None, "#333333")
    assert attributes == frame.cells[-2].attributes


def test_a_hidden_bar_is_empty_and_asks_nothing(make):
    bar = make(setup="config.hide_tab_bar_if_only_one_tab = true", tabs=[{"title": "zsh"}])
    assert (bar.frame().text, bar.frame().cells, bar.frame().items) == ("", [], [])
    assert bar.stats.lua_calls == 0
    bar.tick(10)
    bar.set(0, title="vim")
    assert calls_in(bar) == 0
    bar.add_tab(title="two")
    assert "vim" in bar.frame().text


def test_fancy_bars_are_cells_too(make):
    plain = make(setup="config.use_fancy_tab_bar = false").frame()
    assert make(setup="config.use_fancy_tab_bar = true").frame() == plain


# 1: fields of the arguments.


READS = [
    ("tab.active_pane.title", {"title": "x"}),
    ("tab.tab_title", {"tab_title": "x"}),
    ("tostring(tab.active_pane.is_zoomed)", {"is_zoomed": True}),
    ("tostring(tab.active_pane.has_unseen_output)", {"has_unseen_output": True}),
    ("tab.active_pane.foreground_process_name", {"foreground_process_name": "/bin/x"}),
    ("tostring(tab.active_pane.current_working_dir)", {"current_working_dir": "/tmp"}),
    ("tostring(tab.active_pane.tty_name)", {"tty_name": "/dev/pts/1"}),
    ("tab.active_pane.domain_name", {"domain_name": "ssh"}),
    ("tostring(tab.active_pane.user_vars.a)", {"user_vars": {"a": "1"}}),
    ("tostring(type(tab.active_pane.progress))", {"progress": {"Percentage": 5}}),
    ("tostring(tab.active_pane.width)", {"width": 7}),
    ("tostring(#tab.panes)", {"panes": [{"title": "a"}, {"title": "b"}]}),
    ("tab.window_title", {"window_title": "w"}),
]


@pytest.mark.parametrize(("expression", "change"), READS, ids=[read for read, _ in READS])
def test_a_field_that_is_read_and_changes_is_one_run(make, expression, change):
    bar = make(f"return '<' .. {expression} .. '>'")
    bar.verify = True
    bar.frame()
    text = bar.frame().text
    assert calls_in(bar, lambda: bar.set(1, **change)) == 1
    assert bar.frame().text != text
    [run] = [run for run in bar.stats.runs if run.input]
    assert run.subject == 1
    assert run.changed


@pytest.mark.parametrize("change", [change for _, change in READS], ids=[read for read, _ in READS])
def test_a_field_that_is_not_read_is_no_run(make, change):
    bar = make("return 'constant'")
    bar.frame()
    assert calls_in(bar, lambda: bar.set(1, **change)) == 0


@pytest.mark.parametrize(
    ("body", "runs"),
    [
        ("return tabs[2] and tabs[2].active_pane.title or '-'", 3),
        ("return tostring(#tabs) .. tab.active_pane.title", 1),
        ("local s = '' for _, t in ipairs(tabs) do s = s .. t.active_pane.title end return s", 3),
        ("local s = '' for _, t in pairs(tabs) do s = s .. t.active_pane.title end return s", 3),
        ("local _, t = next(tabs, 1) return t.active_pane.title", 3),
        ("return table.unpack({ tabs[2].active_pane.title })", 3),
        ("return panes[1].title", 0),
    ],
)
def test_other_tabs(make, body, runs):
    bar = make(body)
    bar.verify = True
    bar.frame()
    assert calls_in(bar, lambda: bar.set(1, title="other")) == runs
    assert bar.frame() == make(body, tabs=[TABS[0], {"title": "other"}, TABS[2]], mode="every-frame").frame()


def test_each_branch_has_its_own_reads(make):
    bar = make("if tab.is_active then return tab.active_pane.title end return 'inactive'")
    bar.frame()
    assert calls_in(bar, lambda: bar.set(1, title="unread")) == 0
    assert calls_in(bar, lambda: bar.set(0, title="read")) == 1
    assert calls_in(bar, lambda: bar.activate(1)) == 2
    assert calls_in(bar, lambda: bar.activate(0)) == 0


def test_a_tab_that_moves_keeps_its_title_unless_its_place_is_read(make):
    bar = make()
    bar.frame()
    assert calls_in(bar, lambda: bar.move(0, 2)) == 0
    assert bar.frame().text.startswith("vimhtopzsh")
    bar = make("return tab.tab_index .. tab.active_pane.title")
    bar.frame()
    assert calls_in(bar, lambda: bar.move(0, 2)) == 3


def test_another_pane_with_the_same_title_is_no_run(make):
    bar = make(tabs=[{"panes": [{"title": "same", "active": True}, {"title": "same"}]}, {"title": "x"}])
    bar.frame()
    assert (
        calls_in(bar, lambda: bar.set(0, panes=[{"title": "same"}, {"title": "same", "active": True}])) == 0
    )


def test_config_keys_are_one_generation(make):
    bar = make(
        "return 'w' .. config.tab_max_width",
        more="wezterm.on('widen', function(window) window:set_config_overrides({ tab_max_width = 30 }) end)",
    )
    assert "w16" in bar.frame().text
    bar.emit("widen")
    assert "w30" in bar.frame().text


def test_handlers_may_change_what_they_are_given(make):
    bar = make(
        "tab.active_pane.title = tab.active_pane.title .. '!' table.insert(tabs, 'x') return tab.active_pane.title"
    )
    bar.verify = True
    assert bar.frame().text.startswith("zsh!vim!htop!")
    bar.set(0, title="fish")
    assert bar.frame().text.startswith("fish!vim!htop!")


# 2: hover and max_width.


def test_hover_and_width_matter_only_to_who_reads_them(make):
    bar = make()
    bar.frame()
    for col in range(80):
        assert calls_in(bar, hover_col=col, cols=80 - col // 2) == 0
    bar = make("return tab.active_pane.title .. (hover and '!' or '')")
    bar.frame()
    assert "vim!" in bar.frame(hover_col=4).text
    assert calls_in(bar, hover_col=5) == 0
    assert calls_in(bar, hover_col=None) == 0
    assert calls_in(bar, hover_col=4) == 0


def test_first_frame_asks_in_one_crossing_or_in_two(make):
    bar = make()
    bar.frame()
    assert (bar.stats.lua_calls, bar.stats.crossings) == (3, 1)
    bar = make("return ('x'):rep(max_width - tab.tab_index)")
    bar.frame()
    assert (bar.stats.lua_calls, bar.stats.crossings) == (5, 2)  # tab 0 measures what it may take


# 3: the host and the clock.


def test_a_clock_runs_when_its_text_changes(make):
    bar = make("return wezterm.strftime('%H:%M')", start_time=1_700_000_040.0)
    bar.frame()
    first = bar.frame().text
    assert calls_in(bar, lambda: bar.tick(59)) == 0
    assert calls_in(bar, lambda: bar.tick(1)) == 3
    assert bar.frame().text != first


@pytest.mark.parametrize("expression", ["tostring(os.time())", "os.date('%S')", "wezterm.strftime('%S')"])
def test_clocks_follow_the_manual_clock(make, expression):
    bar = make(f"return {expression}")
    bar.verify = True
    seen = set()
    for _ in range(5):
        seen.add(bar.frame().text)
        bar.tick(1)
    assert len(seen) == 5


def test_a_clock_that_comes_round_is_answered_from_memory(make):
    bar = make("return os.date('%S')", tabs=[{"title": "x"}])
    for _ in range(5):
        bar.frame()
        bar.tick(15)
    assert bar.stats.lua_calls == 4
    # The timer is armed although nothing had run when it went off.
    assert calls_in(bar, lambda: bar.tick(1)) == 1


def test_global_is_a_versioned_read(make):
    bar = make(
        "return tostring(wezterm.GLOBAL.mood)",
        more="wezterm.on('mood', function(w, p, mood) wezterm.GLOBAL.mood = mood end)",
    )
    bar.frame()
    bar.emit("mood", "calm")
    assert "calm" in bar.frame().text
    assert calls_in(bar, lambda: bar.emit("mood", "calm")) == 0


def test_the_mux_is_a_versioned_read(make):
    bar = make("return tostring(#wezterm.mux.get_window(tab.window_id):tabs())")
    assert bar.frame().text.startswith("333 ")
    assert calls_in(bar, lambda: bar.set(0, title="x")) == 0
    bar.add_tab(title="four")
    assert bar.frame().text.startswith("4444 ")


# 4: mutable Lua state.


COUNTER = "wezterm.on('count', function() count = count + 1 end)"


def test_state_that_another_handler_writes(make):
    bar = make("return 'n' .. count", more=COUNTER, setup="count = 0")
    assert "n0" in bar.frame().text
    bar.emit("count")
    assert "n1" in bar.frame().text
    assert calls_in(bar) == 0


def test_a_status_handler_that_draws_a_clock_costs_no_title(make):
    bar = make(
        "return icons[tab.tab_index + 1] .. tab.active_pane.title",
        setup="icons = { 'a', 'b', 'c' }",
        more="wezterm.on('update-status', function(w) w:set_right_status(wezterm.strftime('%H:%M:%S')) end)",
    )
    bar.frame()
    texts = set()
    for _ in range(5):
        assert calls_in(bar, lambda: bar.tick(1)) == 0
        texts.add(bar.frame().text[-8:])
    assert len(texts) == 5


def test_an_equal_result_after_the_epoch_is_not_a_change(make):
    bar = make("return 'n' .. (count > 100 and 'many' or 'few')", more=COUNTER, setup="count = 0")
    bar.frame()
    assert calls_in(bar, lambda: bar.emit("count")) == 3
    assert not any(run.changed for run in bar.stats.runs if run.input)


# 5: opaque and stateful callbacks.


def test_opaque_ones_run_at_the_tick(make, tmp_path):
    path = tmp_path / "word"
    path.write_text("one")
    bar = make(f"local f = io.open('{path}') local s = f:read('a') f:close() return s")
    assert bar.frame().text.startswith("oneoneone")
    path.write_text("two")
    assert calls_in(bar) == 0
    assert calls_in(bar, lambda: bar.tick(1)) == 3
    assert bar.frame().text.startswith("twotwotwo")
    assert {run.kind for run in bar.stats.runs} == {"opaque"}
    assert any("io.open" in reason for run in bar.stats.runs for reason in run.reasons)


def test_stateful_ones_run_once_per_tab_and_tick(make):
    bar = make("at = at + 1 return 'n' .. at", setup="at = 0")
    bar.frame()
    for col in range(40):
        assert calls_in(bar, hover_col=col, cols=80 - col) == 0
    assert calls_in(bar, lambda: bar.tick(1)) == 3
    assert calls_in(bar, lambda: bar.set(0, title="unread")) == 0


def test_logging_makes_a_callback_neither(make):
    bar = make("wezterm.log_info('hello') print('x') return tab.active_pane.title")
    bar.frame()
    assert calls_in(bar, lambda: bar.tick(5)) == 0


# Errors and budgets.


def test_errors_are_kept_and_logged_once(make, caplog):
    bar = make("error('broken')")
    with caplog.at_level(logging.ERROR, "perilune"):
        assert bar.frame().text.startswith(" 1: zsh  2: vim  3: htop ")
        for number in range(5):
            bar.frame(cols=60 + number)
        assert bar.stats.lua_calls == 3
        bar.set(0, title="changed")
        bar.frame()
    assert len([record for record in caplog.records if "broken" in record.getMessage()]) == 1
    assert all(run.failed and "broken" in run.error for run in bar.stats.runs)


def test_over_budget_keeps_the_last_title_marks_the_tab_and_is_tried_again(make):
    bar = make(
        "if tab.active_pane.title == 'hang' then while true do end end return '[' .. tab.active_pane.title .. ']'",
        setup="config.title_instruction_limit = 100000",
    )
    assert bar.frame().text.startswith("[zsh][vim]")
    bar.set(0, title="hang")
    assert bar.frame().text.startswith("![zsh][vim]")
    assert calls_in(bar, lambda: bar.set(0, title="hang", has_unseen_output=True)) == 0
    assert calls_in(bar, lambda: bar.tick(1.5)) == 1
    assert calls_in(bar, lambda: bar.tick(1.5)) == 0, "the second wait is twice as long"
    assert calls_in(bar, lambda: bar.tick(1.5)) == 1
    bar.set(0, title="well")
    bar.tick(10)
    assert bar.frame().text.startswith("[well][vim]")


# The harness itself.


def test_it_is_every_frame_when_told(make):
    bar = make(mode="every-frame")
    bar.frame()
    bar.frame()
    assert bar.stats.lua_calls == 12
    assert bar.stats.crossings == 12


def test_an_unchanged_bar_counts_as_hits(make):
    bar = make()
    bar.frame()
    hits, misses = bar.stats.memo_hits, bar.stats.memo_misses
    bar.frame()
    assert bar.stats.memo_hits > hits
    assert bar.stats.memo_misses == misses


def test_tabs_come_and_go(make):
    bar = make("return tab.is_active and '*' or tab.active_pane.title")
    bar.add_tab({"title": "new", "active": True})
    assert bar.frame().text.startswith("zshvimhtop*")
    bar.close_tab(3)
    assert bar.frame().text.startswith("zshvim*")
    bar.activate(0)
    bar.move(0, 1)
    assert bar.frame().text.startswith("vim*htop")
    bar.close_tab(1)
    assert bar.frame().text.startswith("vim* ")


def test_fields_that_do_not_exist_are_refused(make):
    bar = make()
    with pytest.raises(TypeError, match="titel"):
        bar.set(0, titel="x")
    with pytest.raises(TypeError, match="nonsense"):
        make(tabs=[{"panes": [{"nonsense": 1}]}])
    with pytest.raises(ValueError, match="activate"):
        bar.set(0, active=False)


def test_every_field_can_be_set(make):
    pane = {
        "pane_id": 7, "pane_index": 3, "is_zoomed": True, "has_unseen_output": True, "left": 1, "top": 2, "width": 3,
        "height": 4, "pixel_width": 5, "pixel_height": 6, "title": "t", "user_vars": {"k": "v"},
        "progress": {"Error": 3}, "foreground_process_name": "/p", "current_working_dir": "/d d",
        "tty_name": "/t", "domain_name": "dom",
    }  # fmt: skip
    tab = {
        "tab_id": 9,
        "tab_index": 4,
        "is_active": True,
        "window_id": 5,
        "window_title": "wt",
        "tab_title": "tt",
    }
    bar = make(
        "local p = tab.active_pane return table.concat({ tab.tab_id, tab.tab_index, tostring(tab.is_active),"
        " tab.window_id, tab.window_title, tab.tab_title, p.pane_id, p.pane_index, tostring(p.is_zoomed),"
        " tostring(p.has_unseen_output), p.left, p.top, p.width, p.height, p.pixel_width, p.pixel_height, p.title,"
        " p.user_vars.k, p.progress.Error, p.foreground_process_name, p.current_working_dir.file_path, p.tty_name,"
        " p.domain_name }, ' ')",
        setup="config.tab_max_width = 200",
        tabs=[{**tab, **pane}],
        cols=200,
    )
    expected = "9 4 true 5 wt tt 7 3 true true 1 2 3 4 5 6 t v 3 /p /d d /t dom"
    assert bar.frame().text.startswith(expected)


def test_reload_takes_the_file_as_it_is_now(tmp_path):
    path = tmp_path / "wezterm.lua"
    path.write_text(lua("return 'one' .. tab.active_pane.title"))
    with TabBarHarness(config=path, tabs=TABS, config_directories=[]) as bar:
        assert bar.frame().text.startswith("onezsh")
        path.write_text(lua("return 'two' .. tab.active_pane.title"))
        assert bar.frame().text.startswith("onezsh")
        bar.reload()
        assert bar.frame().text.startswith("twozsh")
        path.write_text("return {")
        with pytest.raises(BarConfigError, match=r"wezterm\.lua"):
            bar.reload()
        assert bar.frame().text.startswith("twozsh")


def test_a_broken_config_is_an_error():
    with pytest.raises(BarConfigError, match="oh no"):
        TabBarHarness(lua="error('oh no')", config_directories=[])


def test_statuses_and_events(make):
    bar = make(
        more="""
        wezterm.on('update-status', function(window, pane)
          window:set_left_status('<' .. pane:pane_id() .. '>')
          window:set_right_status('right')
        end)
        wezterm.on('stop', function() return false end)
        """,
        right_status="old",
    )
    assert bar.frame().text.endswith("old")
    assert bar.emit("update-status") is True
    assert bar.emit("stop") is False
    assert bar.emit("nobody listens") is True
    text = bar.frame().text
    assert text.startswith("<0>zsh")
    assert text.endswith("right")


def test_handlers_that_sleep_go_on_when_time_passes(make):
    bar = make(more="wezterm.on('later', function(w) wezterm.sleep_ms(2000) w:set_right_status('done') end)")
    bar.emit("later")
    assert not bar.frame().text.endswith("done")
    bar.tick(2)
    assert bar.frame().text.endswith("done")


def test_timers_of_the_config_fire(make):
    bar = make(
        "return 'n' .. count",
        setup="count = 0 wezterm.time.call_after(5, function() count = 1 end)",
    )
    assert "n0" in bar.frame().text
    bar.tick(4)
    assert "n0" in bar.frame().text
    bar.tick(2)
    assert "n1" in bar.frame().text


def test_the_window_title_is_a_memo_too(make):
    bar = make(
        more="wezterm.on('format-window-title', function(tab, pane, tabs) return pane.title .. #tabs end)"
    )
    bar.frame()
    assert bar.window_title == "zsh3"
    bar.activate(1)
    bar.frame()
    assert bar.window_title == "vim3"
    runs = len(bar.ledger)
    bar.set(2, title="unread")
    bar.frame()
    assert [row.callback for row in bar.ledger[runs:]] == ["format-tab-title"]


def test_verify_finds_a_title_that_is_not_what_it_should_be(make):
    bar = make()
    bar.verify = True
    bar.frame()
    # A defect made by hand: the memo is told that the title did not change.
    bar._tabs[0].panes[0].fields["title"] = "unnoticed"
    bar._tabs[0].made = None
    [titles] = bar.titles.windows()
    object.__setattr__(titles.inputs.tabs[0].active_pane, "title", "unnoticed")
    with pytest.raises(CallbackDifferenceError, match=r"tab 0.*'zsh'.*'unnoticed'.*run 1"):
        bar.frame()


def test_lua_can_read_the_ledger(make):
    bar = make(
        more="""wezterm.on('why', function(window)
          local rows = wezterm.perilune.ledger(2)
          window:set_right_status(#rows .. ' ' .. rows[2].callback .. ' ' .. rows[2].cause)
        end)"""
    )
    bar.frame()
    bar.set(1, title="less")
    bar.frame()
    bar.emit("why")
    assert bar.frame().text.endswith("2 format-tab-title tab.active_pane.title: 'vim' -> 'less'")


def test_plugins_that_are_not_there_are_placeholders(make, caplog):
    with caplog.at_level(logging.WARNING, "perilune"):
        bar = make(
            setup="local p = wezterm.plugin.require('https://example.org/x/y') p.apply_to_config(config, {})"
        )
    assert bar.frame().text.startswith("zsh")
    assert any("example.org" in record.getMessage() for record in caplog.records)


def test_nobody_needs_to_close_it():
    bar = TabBarHarness(lua=lua("at = (at or 0) + 1 return 'x' .. at"), tabs=TABS, config_directories=[])
    bar.frame()
    bar.emit("nothing")
    gone = weakref.ref(bar)
    thread = bar._host._thread
    del bar
    gc.collect()
    assert gone() is None
    thread.join(10)
    assert thread not in threading.enumerate()


def test_a_bar_at_the_side(make):
    bar = make(setup="config.tab_bar_position = 'Left' config.tab_bar_width = 12", rows=6)
    rows = bar.frame().text.split("\n")
    assert len(rows) == 6
    assert [len(row) for row in rows] == [12] * 6
    assert "vim" in bar.frame().text


def test_what_one_kind_of_title_writes_the_other_sees_at_once(make):
    bar = make(
        "return 't' .. (seen or 0)",
        more="wezterm.on('format-window-title', function(tab, pane, tabs) seen = #tabs return 'w' end)",
    )
    bar.frame()
    assert bar.window_title == "w"
    assert bar.frame().text.startswith("t3")
    bar.add_tab(title="more")
    bar.frame()
    assert bar.window_title == "w"
    assert bar.frame().text.startswith("t4")


def test_titles_that_write_what_each_other_reads_do_not_call_each_other_for_ever(make):
    bar = make(
        "tabs_ran = (tabs_ran or 0) + 1 return 't' .. (windows_ran or 0)",
        more="wezterm.on('format-window-title', function()\n"
        "windows_ran = (windows_ran or 0) + 1 return 'w' .. (tabs_ran or 0) end)",
    )
    for _ in range(3):
        bar.frame()
        assert bar.window_title.startswith("w")
    calls = bar.stats.lua_calls
    for _ in range(20):
        bar.frame()
        assert bar.window_title.startswith("w")
    assert bar.stats.lua_calls == calls
