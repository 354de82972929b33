"""Events: order, false, errors, waiting handlers, re-entrancy; reload; titles."""

from __future__ import annotations

import gc
import logging
from pathlib import Path

import pytest
from lua_fakes import LuaDriver, make_tab

from perilune.base.clock import ManualClock
from perilune.config.options import Config
from perilune.lua.host import effective_mapping
from perilune.lua.state import LuaState
from perilune.lua.values import EmitResult, PaneRef, TitleBatch, WindowRef

FIRST = (WindowRef(0), PaneRef(1))


def evaluate(lua: LuaDriver, expression: str) -> object:
    value, error = lua.wait(lambda done: lua.host.evaluate(expression, done))
    assert error is None, error
    return value


def test_handlers_run_in_order_and_false_stops(lua: LuaDriver) -> None:
    lua.run(
        "seen = {}\n"
        "wezterm.on('x', function(w, p, a) table.insert(seen, '1' .. a) return nil end)\n"
        "wezterm.on('x', function(w, p, a) table.insert(seen, '2' .. a) return 0 end)\n"
        "wezterm.on('x', function(w, p, a) table.insert(seen, '3' .. a) return false end)\n"
        "wezterm.on('x', function(w, p, a) table.insert(seen, '4' .. a) end)\n"
    )
    assert lua.emit("x", *FIRST, "a") == EmitResult(False)
    assert evaluate(lua, "seen") == ["1a", "2a", "3a"]


def test_without_a_handler_the_default_goes_on(lua: LuaDriver) -> None:
    lua.run("")
    assert lua.emit("nobody") == EmitResult(True)
    assert not lua.host.has_handler("nobody")


def test_handlers_are_known_from_load_and_from_later(lua: LuaDriver) -> None:
    result = lua.run("wezterm.on('a', function() wezterm.on('b', function() end) end)")
    assert result.events == {"a"}
    assert lua.host.has_handler("a")
    assert not lua.host.has_handler("b")
    lua.emit("a")
    assert lua.host.has_handler("b")


def test_an_error_ends_the_event_and_names_the_line(lua: LuaDriver, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("perilune").propagate = True
    lua.run(
        "seen = 0\nwezterm.on('x', function() local t = nil; t.x = 1 end)\nwezterm.on('x', function() seen = 1 end)"
    )
    result = lua.emit("x")
    assert result.proceed is False
    assert "config:5: attempt to index a nil value" in (result.error or "")
    assert "config:5" in caplog.text
    assert evaluate(lua, "seen") == 0


def test_wezterm_emit_runs_the_handlers_inside_and_answers(lua: LuaDriver) -> None:
    lua.run(
        "wezterm.on('inner', function(v) got = v return false end)\n"
        "wezterm.on('outer', function() answer = wezterm.emit('inner', 7); other = wezterm.emit('none') end)"
    )
    lua.emit("outer")
    assert evaluate(lua, "{got, answer, other}") == [7, False, True]


def test_a_sleeping_handler_holds_up_nobody() -> None:
    clock = ManualClock()
    lua = LuaDriver(clock)
    try:
        lua.run(
            "wezterm.on('slow', function() steps = 'a'; wezterm.sleep_ms(1000); steps = steps .. 'c' end)\n"
            "wezterm.on('fast', function() steps = steps .. 'b' end)\n"
        )
        results: list[EmitResult] = []
        lua.host.emit("slow", FIRST, results.append)
        lua.emit("fast")
        assert evaluate(lua, "steps") == "ab"
        assert not results
        clock.advance(1)
        lua.host.wake()
        lua.pump(lambda: results)
        assert evaluate(lua, "steps") == "abc"
    finally:
        lua.close()


def test_a_child_process_is_waited_for_beside_other_work(lua: LuaDriver, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    lua.run(
        "wezterm.on('slow', function()\n"
        f"  ok, out, err = wezterm.run_child_process {{'sh', '-c', 'until [ -e {gate} ]; do sleep 0.01; done; echo o; echo e >&2'}}\n"
        "end)\nwezterm.on('fast', function() end)"
    )
    results: list[EmitResult] = []
    lua.host.emit("slow", FIRST, results.append)
    assert lua.emit("fast").proceed
    assert not results
    gate.touch()
    lua.pump(lambda: results)
    assert evaluate(lua, "{ok, out, err}") == [True, "o\n", "e\n"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("coroutine.wrap(function() wezterm.sleep_ms(1); x = 1 end)()", 1),
        ("local c = coroutine.wrap(function() wezterm.sleep_ms(1); coroutine.yield(5) end); x = c()", 5),
        ("pcall(function() wezterm.sleep_ms(1); x = 2 end)", 2),
        ("table.sort({2, 1}, function(a, b) wezterm.sleep_ms(1); x = 3; return a < b end)", 3),
        ("x = select(3, os.execute('exit 4'))", 4),
        ("local f = io.popen('printf \"a\\nb\\n\"') f:read() x = f:read('l') f:close()", "b"),
        ("local f = io.popen('exit 7') x = select(3, f:close())", 7),
        ("x = select(2, pcall(wezterm.run_child_process, {'/nowhere/at-all'}))", "No such file"),
        ("x = select(2, pcall(wezterm.run_child_process, 'ls'))", "expected a list"),
        ("x = #select(2, wezterm.run_child_process {'printf', 'a\\255b'})", 3),
    ],
)
def test_waiting_works_wherever_a_handler_does_it(body: str, expected: object) -> None:
    from perilune.base.clock import SystemClock

    lua = LuaDriver(SystemClock())
    try:
        lua.run(f"wezterm.on('x', function() {body} end)")
        assert lua.emit("x").error is None
        value = evaluate(lua, "x")
        if isinstance(expected, str):
            assert expected in str(value)
        else:
            assert value == expected
    finally:
        lua.close()


def test_waiting_in_a_title_callback_is_an_error(lua: LuaDriver) -> None:
    lua.run("wezterm.on('format-tab-title', function() wezterm.sleep_ms(1) return 'x' end)")
    (title,) = lua.titles([make_tab(0)])
    assert title.text is None
    assert "attempt to yield from outside a coroutine" in (title.error or "")


def test_one_runs_one_waits_the_rest_is_dropped() -> None:
    clock = ManualClock()
    lua = LuaDriver(clock)
    try:
        lua.run("n = 0\nwezterm.on('x', function() n = n + 1; wezterm.sleep_ms(10) end)\n"
                "wezterm.on('user-var-changed', function() n = n + 100; wezterm.sleep_ms(10) end)")  # fmt: skip
        results: list[EmitResult] = []
        for _ in range(5):
            lua.host.emit("x", FIRST, results.append)
        lua.host.emit("x", (WindowRef(1), PaneRef(9)), results.append)  # another window: its own gate
        lua.pump(lambda: len(results) == 3)
        assert all(result.dropped for result in results)
        assert evaluate(lua, "n") == 2
        clock.advance(1)
        lua.host.wake()
        lua.pump(lambda: len(results) == 5)
        assert evaluate(lua, "n") == 3
        clock.advance(1)
        lua.host.wake()
        lua.pump(lambda: len(results) == 6)
        for _ in range(3):
            lua.host.emit("user-var-changed", (*FIRST, "a", "b"), results.append)
        assert evaluate(lua, "n") == 303
    finally:
        lua.close()


def test_a_gate_opens_again_after_an_error(lua: LuaDriver) -> None:
    lua.run("wezterm.on('x', function() error 'no' end)")
    for _ in range(3):
        assert lua.emit("x").error


def test_status_events_come_in_their_order(lua: LuaDriver) -> None:
    lua.run(
        "s = ''\nwezterm.on('update-status', function(w, p) s = s .. 'b'; w:set_right_status(s) end)\n"
        "wezterm.on('update-right-status', function(w, p) s = s .. 'a' end)"
    )
    lua.host.emit_status(0, 1)
    assert evaluate(lua, "s") == "ab"
    assert ("set_status", 0, "right", "ab") in lua.program.calls


def test_call_after_runs_once_and_not_for_a_retired_config() -> None:
    clock = ManualClock()
    lua = LuaDriver(clock)
    try:
        body = "n = 0\nwezterm.time.call_after(5, function() n = n + 1 end)"
        lua.run(body)
        clock.advance(6)
        lua.host.wake()
        assert evaluate(lua, "n") == 1
        lua.run(body.replace("n + 1", "n + 1; wezterm.GLOBAL.old = true"))
        lua.run("n = 0")
        clock.advance(6)
        lua.host.wake()
        assert evaluate(lua, "require('wezterm').GLOBAL.old") is None
    finally:
        lua.close()


def test_call_first_answers_with_the_value_of_the_first_handler(lua: LuaDriver) -> None:
    lua.run(
        "wezterm.on('augment-command-palette', function(w, p) return {{brief = 'Do', "
        "action = wezterm.action_callback(function() end)}} end)\n"
        "wezterm.on('augment-command-palette', function(w, p) return {} end)"
    )
    answer = lua.wait(lambda done: lua.host.call_first("augment-command-palette", FIRST, done))
    assert answer == ([{"brief": "Do", "action": {"EmitEvent": "user-defined-1"}}], None)


def test_action_callbacks_are_events_with_arguments(lua: LuaDriver) -> None:
    result = lua.run(
        "config.keys = {{key = 'a', mods = 'CTRL', action = wezterm.action_callback(function(w, p, x) "
        "got = {w:window_id(), p:pane_id(), x} end)}}"
    )
    assert result.raw["keys"] == [{"key": "a", "mods": "CTRL", "action": {"EmitEvent": "user-defined-1"}}]
    lua.emit("user-defined-1", *FIRST, "extra")
    assert evaluate(lua, "got") == [0, 1, "extra"]


# Reload.


def test_a_failing_reload_keeps_the_last_good_state(lua: LuaDriver) -> None:
    lua.run("mark = 'first'\nwezterm.on('x', function() return false end)")
    for bad in ("return {", "error 'broken'", "return nil", "return 5", "local x = nil; x()"):
        result = lua.load(bad)
        assert result.config is None
        assert (result.error or "").startswith(("config:1:", "config: the config must return a table"))
    assert evaluate(lua, "mark") == "first"
    assert lua.emit("x") == EmitResult(False)
    assert lua.host.has_handler("x")


def test_a_reload_forgets_handlers_and_keeps_global(lua: LuaDriver) -> None:
    lua.run(
        "wezterm.on('x', function() end)\nwezterm.GLOBAL = {count = 1, list = {1, 2}, deep = {a = {b = 'c'}}}"
    )
    lua.run("wezterm.GLOBAL.count = wezterm.GLOBAL.count + 1\nwezterm.GLOBAL.deep.a.b = 'd'")
    assert not lua.host.has_handler("x")
    assert evaluate(
        lua,
        "(function() local g = require('wezterm').GLOBAL return {g.count, #g.list, g.deep.a.b, type(g.deep)} end)()",
    ) == [2, 2, "d", "userdata"]


def test_global_copies_and_refuses_functions(lua: LuaDriver) -> None:
    assert (
        lua.value(
            "(function() local t = {1} wezterm.GLOBAL.t = t; t[1] = 2 return wezterm.GLOBAL.t[1] end)()"
        )
        == 1
    )
    assert lua.value("(function() local k = {} for key, v in pairs(wezterm.GLOBAL) do k[#k + 1] = key .. v end return k end)()",
                     "wezterm.GLOBAL = {a = 1}") == ["a1"]  # fmt: skip
    assert (
        lua.value(
            "(function() wezterm.GLOBAL.l = {}; table.insert(wezterm.GLOBAL.l, 'x') return wezterm.GLOBAL.l[1] end)()"
        )
        == "x"
    )
    # A table that was taken out of GLOBAL is still a table.
    assert (
        lua.value(
            "(function() wezterm.GLOBAL.n = {} local n = wezterm.GLOBAL.n n.a = 'b' wezterm.GLOBAL.n = n return n.a end)()"
        )
        == "b"
    )
    assert lua.value("wezterm.GLOBAL.a", "wezterm.GLOBAL.a = 1\nwezterm.GLOBAL.a = nil") is None
    assert "function" in lua.error("(function() wezterm.GLOBAL.f = print end)()")


def test_a_handler_in_flight_keeps_the_old_state() -> None:
    clock = ManualClock()
    lua = LuaDriver(clock)
    try:
        lua.run("v = 'old'\nwezterm.on('x', function(w) wezterm.sleep_ms(5); w:set_left_status(v) end)")
        results: list[EmitResult] = []
        lua.host.emit("x", FIRST, results.append)
        lua.run("v = 'new'")
        clock.advance(1)
        lua.host.wake()
        lua.pump(lambda: results)
        assert ("set_status", 0, "left", "old") in lua.program.calls
    finally:
        lua.close()


def test_old_states_are_let_go() -> None:
    gc.collect()
    before = {id(item) for item in gc.get_objects() if isinstance(item, LuaState)}  # of other tests
    lua = LuaDriver()
    try:
        for source in ("return {}", "error 'x'", "return {}", "return {}"):
            lua.load(source)
        gc.collect()
        states = [item for item in gc.get_objects() if isinstance(item, LuaState) and id(item) not in before]
        assert [state.runtime for state in states] == [lua.host._state.runtime]
    finally:
        lua.close()


def test_loads_do_not_overtake_one_another(lua: LuaDriver, tmp_path: Path) -> None:
    results: list[str | None] = []
    gate = tmp_path / "gate"
    slow = f"require('wezterm').run_child_process {{'sh', '-c', 'until [ -e {gate} ]; do sleep 0.01; done'}} which = 'slow' return {{}}"
    lua.host.load_string(slow, lambda result: results.append(result.error))
    lua.host.load_string("which = 'fast' return {}", lambda result: results.append(result.error))
    gate.touch()
    lua.pump(lambda: len(results) == 2)
    assert results == [None, None]
    assert evaluate(lua, "which") == "fast"


# Titles.


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("'plain'", "plain"),
        ("''", ""),
        ("nil", None),
        ("12", "12"),
        ("{}", ""),
        ("{{Text = 'a'}, {Text = 5}}", "a5"),
        ("{{Foreground = {Color = '#ff8000'}}, {Text = 'a'}}", "\x1b[38;2;255;128;0ma"),
        ("{{Background = {Color = 'navy'}}, {Text = 'a'}}", "\x1b[48;2;0;0;128ma"),
        ("{{Background = {Color = 'no colour'}}, {Text = 'a'}}", "\x1b[48;2;255;255;255ma"),
        ("{{Foreground = {Color = wezterm.color.parse '#102030'}}, {Text = 'a'}}", "\x1b[38;2;16;32;48ma"),
        ("{{Foreground = {AnsiColor = 'Maroon'}}, {Background = {AnsiColor = 'White'}}}", "\x1b[31m\x1b[107m"),
        ("{{Foreground = 'Default'}, {Background = 'Default'}}", "\x1b[39m\x1b[49m"),
        ("{{Attribute = {Intensity = 'Bold'}}, {Attribute = {Italic = true}}, {Text = 'a'}, 'ResetAttributes'}",
         "\x1b[22;1m\x1b[3ma\x1b[0m"),
        ("{{Attribute = {Italic = false}}, {Attribute = {Underline = 'Curly'}}}", "\x1b[23m\x1b[4:3m"),
        ("wezterm.format {{Text = 'a'}}", "a"),
        ("wezterm.format {{Attribute = {Reverse = true}}, {Text = 'a'}}", "\x1b[7ma\x1b[0m"),
        ("setmetatable({}, {__tostring = function() return 'object' end})", "object"),
        ("'\\27[31mred'", "\x1b[31mred"),
    ],
)  # fmt: skip
def test_title_values(lua: LuaDriver, returned: str, expected: str | None) -> None:
    lua.run(f"wezterm.on('format-tab-title', function(tab) return {returned} end)")
    (title,) = lua.titles([make_tab(0)])
    assert title.error is None
    assert title.text == expected


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ("true", "expected"),
        ("print", "a function"),
        ("{5}", "FormatItem 1"),
        ("{{Txt = 'a'}}", "FormatItem 1"),
        ("{{Foreground = {AnsiColor = 'Pink'}}}", "Pink"),
        ("{{Attribute = {Bold = true}}}", "Bold"),
        ("{{Attribute = {Intensity = 'Strong'}}}", "Strong"),
        ("{'Reset'}", "Reset"),
        ("{{Text = {}}}", "Text"),
        ("tab.active_pane.nothing.more", "config:4"),
    ],
)
def test_bad_title_values_are_errors_with_the_built_in_title(
    lua: LuaDriver, returned: str, message: str
) -> None:
    lua.run(f"wezterm.on('format-tab-title', function(tab) return {returned} end)")
    (title,) = lua.titles([make_tab(0)])
    assert title.text is None
    assert message in (title.error or "") or "must be a string" in (title.error or "")


def test_title_errors_are_logged_once_for_each_message(
    lua: LuaDriver, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("perilune").propagate = True
    lua.run("wezterm.on('format-tab-title', function(tab) error('bad tab ' .. tab.tab_index % 2) end)")
    for _ in range(3):
        lua.titles([make_tab(number) for number in range(4)])
    assert sum("bad tab" in record.getMessage().split("\n")[0] for record in caplog.records) == 2


def test_titles_get_what_they_are_promised(lua: LuaDriver) -> None:
    lua.run(
        "config.tab_max_width = 33\nwezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)\n"
        "local p = tab.active_pane\n"
        "return table.concat({tab.tab_index, #tabs, #panes, config.tab_max_width, tostring(hover), max_width, p.title,\n"
        "p.foreground_process_name, p.current_working_dir.file_path, type(p.current_working_dir), p.user_vars.a,\n"
        "tostring(p.progress), config.font_size, tostring(config.use_fancy_tab_bar)}, ' ') end)\n"
        "wezterm.on('format-tab-title', function() error 'only the first one runs' end)"
    )
    titles = lua.titles(
        [make_tab(0), make_tab(1, "vim", active=True, user_vars={"a": "b"})], hover=True, max_width=9
    )
    assert titles[1].text == "1 2 1 33 true 9 vim /usr/bin/zsh /tmp/x userdata b None 12.0 true"


def test_progress_has_wezterms_form(lua: LuaDriver) -> None:
    lua.run(
        "wezterm.on('format-tab-title', function(tab) return tostring(tab.active_pane.progress.Percentage) end)"
    )
    assert lua.titles([make_tab(0, progress=("Percentage", 40))])[0].text == "40"


def test_a_title_that_changes_its_config_harms_nobody(lua: LuaDriver) -> None:
    lua.run(
        "config.colors = {tab_bar = {background = '#111111'}}\n"
        "wezterm.on('format-tab-title', function(tab, tabs, panes, config)\n"
        "  local before = config.colors.tab_bar.background .. tostring(config.mark)\n"
        "  config.mark = 1; config.colors.tab_bar.background = 'x' return before end)"
    )
    for _ in range(2):
        assert lua.titles([make_tab(0)])[0].text == "#111111nil"


def test_window_title_and_window_configs(lua: LuaDriver) -> None:
    lua.run(
        "wezterm.on('format-window-title', function(tab, pane, tabs, panes, config) "
        "return pane.title .. #tabs .. config.font_size end)"
    )
    batch = TitleBatch(0, [make_tab(0), make_tab(1, "vim", active=True)], [])
    assert lua.wait(lambda done: lua.host.format_window_title(batch, done)).text == "vim212.0"
    lua.host.set_window_config(0, Config.from_mapping({"font_size": 20})[0])
    assert lua.wait(lambda done: lua.host.format_window_title(batch, done)).text == "vim220.0"
    lua.host.set_window_config(0, None)
    assert lua.wait(lambda done: lua.host.format_window_title(batch, done)).text == "vim212.0"


def test_no_tab_has_no_title(lua: LuaDriver) -> None:
    lua.run(
        "wezterm.on('format-window-title', function(tab, pane) return tostring(tab) .. tostring(pane) end)"
    )
    assert lua.wait(lambda done: lua.host.format_window_title(TitleBatch(0, [], []), done)).text == "nilnil"


def test_the_effective_config_is_a_table_of_ones_own(lua: LuaDriver) -> None:
    config: dict[str, object] = {"font_size": 12.0, "colors": {"ansi": ["red"]}, "term": "x"}
    lua.program.effective_config = lambda _: config  # type: ignore[method-assign]
    lua.run(
        "wezterm.on('look', function(window)\n"
        "  local one, two = window:effective_config(), window:effective_config()\n"
        "  one.colors.ansi[1] = 'blue'; one.term = nil; one.added = 1; one.font_size = nil\n"
        "  local names = {}\n"
        "  for name in pairs(one) do names[#names + 1] = name end\n"
        "  table.sort(names)\n"
        "  seen = { names, one.term == nil, two.colors.ansi[1], two.term, two.nothing == nil, two.font_size,\n"
        "    wezterm.json_encode(window:effective_config()), #wezterm.to_string(one) > 20, rawequal(one, two), type(one) }\n"
        "end)"
    )
    assert lua.emit("look").error is None
    value, error = lua.wait(lambda done: lua.host.evaluate("seen", done))
    assert error is None
    assert value == [
        ["added", "colors"], True, "red", "x", True, 12.0,
        '{"colors":{"ansi":["red"]},"font_size":12.0,"term":"x"}', True, False, "table",
    ]  # fmt: skip
    config = {"font_size": 13.0}
    assert lua.emit("look").error is not None  # two.colors is gone: what it sees is the new one


def test_the_effective_config_has_numbers_as_the_options_have_them() -> None:
    config, _ = Config.from_mapping({"font_size": 15, "line_height": 1, "scrollback_lines": 10})
    shown = effective_mapping(config)
    assert [repr(shown[name]) for name in ("font_size", "line_height", "scrollback_lines")] == [
        "15.0",
        "1.0",
        "10",
    ]


def test_what_global_takes(lua: LuaDriver) -> None:
    lua.run(
        "local G = wezterm.GLOBAL\n"
        "G.url, G.map, G.list = wezterm.url.parse 'file:///x', { b = 1, a = { 1, 2 } }, { 'x', 'y' }\n"
        "table.insert(G.list, 'z'); G.map.a[1] = 5; G.list[2] = nil; G.list[2] = 'Y'\n"
        "names = {} for name in pairs(G.map) do names[#names + 1] = name end\n"
        "seen = { type(G.url), #G.map, #G.list, names, G.map.a[1], table.concat({ G.list[1], G.list[2] }) }\n"
        "why = select(2, pcall(function() G.f = print end))"
    )
    assert evaluate(lua, "seen") == ["string", 2, 3, ["a", "b"], 5, "xY"]
    assert "wezterm.GLOBAL.f: expected a string, number, boolean or table, got a function" in str(
        evaluate(lua, "why")
    )
