"""What title callbacks read: every kind of dependency, by a callback that has it and one that lacks it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from lua_fakes import LuaDriver, make_tab

from perilune.base.clock import ManualClock
from perilune.lua.information import TitleScope, read_path
from perilune.lua.values import EmitResult, Title, TitleBatch, TitleRequest
from perilune.memo import same_value

AP = ("tab", "active_pane")


def paths(title: Title) -> list[tuple[object, ...]]:
    assert title.error is None, title.error
    return [path for path, _ in title.reads]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return 'x'", []),
        ("return tab.tab_title", [("tab", "tab_title")]),
        ("return tab.active_pane.title .. tab.tab_title .. tab.active_pane.title",
         [AP, (*AP, "title"), ("tab", "tab_title")]),
        ("return tab.tab_title, tab.tab_index", [("tab", "tab_title"), ("tab", "tab_index")]),
        ("if tab.tab_title == '' then return tab.active_pane.title end return 'x' .. tab.tab_id",
         [("tab", "tab_title"), AP, (*AP, "title")]),
        ("return tostring(tab.no_such_field)", [("tab", "no_such_field")]),
        ("return tab.active_pane.user_vars.branch or 'none'",
         [AP, (*AP, "user_vars"), (*AP, "user_vars", "branch")]),
        ("return tab.panes[1].title", [("tab", "panes"), ("tab", "panes", 1), ("tab", "panes", 1, "title")]),
        ("return #tabs .. ''", [("tabs", "#")]),
        ("return tabs[3] and 'more' or 'few'", [("tabs", 3)]),
        ("return tabs[2.0].tab_title .. 'x'", [("tabs", 2), ("tabs", 2, "tab_title")]),
        ("local s = '' for i, t in ipairs(tabs) do s = s .. t.tab_index end return s",
         [("tabs", 1), ("tabs", 1, "tab_index"), ("tabs", 2), ("tabs", 2, "tab_index"), ("tabs", 3)]),
        ("local s = '' for i, t in pairs(tabs) do s = s .. t.tab_index end return s",
         [("tabs", "#"), ("tabs", 1), ("tabs", 1, "tab_index"), ("tabs", 2), ("tabs", 2, "tab_index")]),
        ("for k, v in pairs(tab.active_pane.user_vars) do return k .. v end",
         [AP, (*AP, "user_vars"), (*AP, "user_vars", "*")]),
        ("return next(tab.active_pane.user_vars) and 'some' or 'none'",
         [AP, (*AP, "user_vars"), (*AP, "user_vars", "*")]),
        ("return rawget(tab, 'tab_title')", [("tab", "tab_title")]),
        ("return rawlen(tabs) .. ''", [("tabs", "#")]),
        ("return select('#', table.unpack(tabs)) .. ''", [("tabs", "#"), ("tabs", 1), ("tabs", 2)]),
        ("return panes[1].title", [("panes", 1), ("panes", 1, "title")]),
        ("return config.tab_max_width .. ''", [("config",)]),
        ("return #config.keys .. config.colors.tab_bar.background .. tostring(config.nothing)", [("config",)]),
        ("tab.tab_title = 'mine' return tab.tab_title", []),
        ("tab.active_pane.title = 'mine' return tab.active_pane.title", [AP]),
        ("table.insert(tabs, 'x') return #tabs .. ''", [("tabs", "#")]),
        ("return max_width .. tostring(hover)", []),
        ("local u = tab.active_pane.current_working_dir return u.file_path .. type(u)",
         [AP, (*AP, "current_working_dir")]),
        ("return type(tab) .. type(tab.active_pane.user_vars) .. type(tab.active_pane.progress)",
         [AP, (*AP, "user_vars"), (*AP, "progress")]),
        ("wezterm.log_info(tab.tab_title) return 'x'", [("tab", "tab_title")]),
        ("return wezterm.json_encode(tab.active_pane.user_vars)",
         [AP, (*AP, "user_vars"), (*AP, "user_vars", "*")]),
        ("return os.getenv('HOME')", [("host", "env", "HOME")]),
        ("return wezterm.mux.get_active_workspace()", [("host", "wezterm.mux.get_active_workspace")]),
        ("return wezterm.mux.get_pane(1):get_title()",
         [("host", "wezterm.mux.get_pane", 1), ("host", "pane.get_title", 1)]),
        ("return wezterm.mux.get_pane(tab.active_pane.pane_id):get_user_vars().role",
         [AP, (*AP, "pane_id"), ("host", "wezterm.mux.get_pane", 0), ("host", "pane.get_user_vars", 0)]),
        ("return tostring(wezterm.GLOBAL.theme)", [("host", "GLOBAL", "theme")]),
        ("return tostring(#wezterm.battery_info())", [("host", "wezterm.battery_info")]),
        ("return os.date('%H:%M')", [("clock", "os.date", "%H:%M")]),
        ("return os.time() .. ''", [("clock", "os.time")]),
        ("return os.date('%H', 0) .. os.time({year = 2024, month = 1, day = 1})", []),
        ("return wezterm.strftime('%M')", [("clock", "wezterm.strftime", "%M")]),
        ("return wezterm.time.now():format('%M')", [("clock", "time.format", "%M")]),
    ],
)  # fmt: skip
def test_what_is_read_is_told_in_order_and_once(
    lua: LuaDriver, body: str, expected: list[tuple[object, ...]]
) -> None:
    title = lua.title(
        body, before="config.colors = { tab_bar = { background = '#123456' } }; config.keys = {}"
    )
    assert paths(title) == expected
    assert title.kind == "pure"
    assert title.reasons == ()


def test_values_are_those_of_the_snapshot(lua: LuaDriver) -> None:
    tabs = [
        make_tab(0, "zsh", active=True, user_vars={"a": "1", "*": "2"}, progress=("Percentage", 40)),
        make_tab(1, progress=("Indeterminate", 0)),
    ]
    title = lua.title(
        "local p = tab.active_pane\n"
        "local s = { p.title, p.width, p.user_vars.a, p.user_vars.b or '-', p.progress.Percentage,\n"
        "  tabs[2].active_pane.progress, p.tty_name, tostring(p.current_working_dir), tostring(tabs[9]) }\n"
        "for k, v in pairs(p.user_vars) do table.insert(s, k .. v) end\n"
        "return table.concat(s, ' ')",
        tabs,
    )
    assert title.text == "zsh 80 1 - 40 Indeterminate /dev/pts/1 file://box/tmp/x nil *2 a1"
    scope = TitleScope(tabs[0], tabs, tabs[0].panes)
    reads = dict(title.reads)
    assert reads[AP] is True
    assert reads[(*AP, "width")] == 80
    assert reads[(*AP, "user_vars", "b")] is None
    assert reads[(*AP, "user_vars", "*")] == (("*", "2"), ("a", "1"))
    assert reads[(*AP, "progress", "Percentage")] == 40
    assert reads["tabs", 2, "active_pane", "progress"] == "Indeterminate"
    assert reads[(*AP, "current_working_dir")] == "file://box/tmp/x"
    assert reads["tabs", 9] is None
    assert all(same_value(read_path(path, scope), value) for path, value in title.reads)


@pytest.mark.parametrize(
    ("parameters", "body", "uses_hover", "uses_max_width"),
    [
        ("tab", "return tab.tab_title", False, False),
        ("tab, tabs, panes, config, hover, max_width", "return tab.tab_title", False, False),
        ("tab, tabs, panes, config, hover", "return hover and 'h' or 'x'", True, False),
        ("tab, tabs, panes, config, hover, max_width", "return wezterm.truncate_right('abc', max_width)", False, True),
        ("...", "return 'x'", False, False),
        ("...", "return tostring(select(5, ...))", True, True),
        ("tab, tabs, panes, config, hover, w", "local f = function() return w end return f() .. ''", False, True),
    ],
)  # fmt: skip
def test_hover_and_width_count_only_if_they_may_be_read(
    lua: LuaDriver, parameters: str, body: str, uses_hover: bool, uses_max_width: bool
) -> None:
    lua.run(f"wezterm.on('format-tab-title', function({parameters}) {body} end)")
    (title,) = lua.titles([make_tab(0)])
    assert (title.uses_hover, title.uses_max_width) == (uses_hover, uses_max_width)
    traits = lua.host.title_traits("format-tab-title")
    assert (traits.uses_hover, traits.uses_max_width) == (uses_hover, uses_max_width)


@pytest.mark.parametrize(
    ("before", "body", "kind", "reason"),
    [
        ("", "return math.floor(1.5) .. ''", "pure", ""),
        ("", "return math.random(1, 1) .. ''", "opaque", "calls math.random"),
        ("", "return (wezterm.glob('/nowhere/*')[1] or 'none')", "opaque", "calls wezterm.glob"),
        ("", "local f = io.open('/dev/null') f:close() return 'x'", "opaque", "calls io.open"),
        ("", "return #io.popen('true'):read('a') .. ''", "opaque", "calls io.popen"),
        ("", "return os.clock() > 0 and 'x' or 'y'", "opaque", "finer than a second"),
        (
            "",
            "return wezterm.time.now() < wezterm.time.now() and 'x' or 'y'",
            "opaque",
            "finer than a second",
        ),
        ("local n = 0", "n = n + 1 return n .. ''", "stateful", "writes"),
        ("local seen = {}", "seen[tab.tab_id] = true return 'x'", "stateful", "writes"),
        ("", "counter = (counter or 0) + 1 return 'x'", "stateful", "assigns"),
        ("", "wezterm.GLOBAL.x = 1 return 'x'", "stateful", "GLOBAL"),
        ("", "wezterm.log_warn('hello') print('x') return 'x'", "pure", ""),
        ("local function f(t) t.x = 1 return t end", "return f({}).x .. ''", "pure", ""),
        ("", "if tab.tab_title == 'never' then return math.random() .. '' end return 'x'", "pure", ""),
    ],
)
def test_what_cannot_be_kept_says_why(lua: LuaDriver, before: str, body: str, kind: str, reason: str) -> None:
    title = lua.title(body, before=before)
    assert title.error is None
    assert title.kind == kind
    assert reason in " ".join(title.reasons)
    assert bool(title.reasons) == bool(reason)
    if reason and kind == "opaque":
        assert all(entry.startswith("config:6: ") for entry in title.reasons)


def test_the_traits_are_known_without_a_run(lua: LuaDriver) -> None:
    lua.run("local n = 0\nwezterm.on('format-tab-title', function(tab)\n n = n + 1\n return n .. '' end)")
    traits = lua.host.title_traits("format-tab-title")
    assert traits.kind == "stateful"
    assert any("config:6" in reason for reason in traits.reasons), traits.reasons


# Mutable state.


@pytest.mark.parametrize(
    ("before", "body", "sees"),
    [
        ("", "return tab.tab_title", False),
        ("local prefix = '> '", "return prefix .. tab.tab_title", False),
        ("local function trim(s) return (s:gsub(' ', '')) end", "return trim(tab.tab_title)", False),
        ("local mode = 'a'\nfunction toggle() mode = 'b' end", "return mode", True),
        ("local marks = {}", "return marks[tab.tab_id] and 'm' or 'x'", True),
        ("", "return shared or 'x'", True),
    ],
)  # fmt: skip
def test_the_epoch_is_read_by_those_who_see_mutable_state(
    lua: LuaDriver, before: str, body: str, sees: bool
) -> None:
    extra = "wezterm.on('x', function() shared = 1 end)"
    title = lua.title(body, before=before + "\n" + extra)
    assert (("epoch",) in paths(title)) == sees


def test_only_handlers_that_may_write_bump_the_epoch(lua: LuaDriver) -> None:
    lua.run(
        "local n, cache = 0, {}\n"
        "wezterm.on('draws', function(window) window:set_right_status(wezterm.strftime('%H:%M')) end)\n"
        "wezterm.on('counts', function() n = n + 1 end)\n"
        "wezterm.on('stores', function(window, pane) cache[pane:pane_id()] = true end)\n"
        "wezterm.on('sleeps', function() wezterm.sleep_ms(0) n = n + 1 end)\n"
        "wezterm.on('local', function() local t = {} for i = 1, 3 do t[i] = i end return #t end)\n"
        "wezterm.on('format-tab-title', function() return n .. '' end)"
    )
    results: dict[str, tuple[EmitResult, bool]] = {}
    for event in ("draws", "counts", "stores", "sleeps", "local", "unknown"):
        before = lua.host.epoch
        results[event] = (lua.emit(event), lua.host.epoch > before)
    assert {event: result.may_write for event, (result, _) in results.items()} == {
        "draws": False, "counts": True, "stores": True, "sleeps": True, "local": False, "unknown": False,
    }  # fmt: skip
    assert {event: bumped for event, (_, bumped) in results.items()} == {
        event: result.may_write for event, (result, _) in results.items()
    }
    tabs = [make_tab(0)]
    first = lua.titles(tabs)[0]
    assert first.reads[0] == (("epoch",), lua.host.epoch)
    lua.emit("counts")
    second = lua.titles(tabs)[0]
    assert (first.text, second.text) == ("2", "3")
    assert second.reads != first.reads


def test_a_verdict_falls_when_what_it_rests_on_is_replaced(lua: LuaDriver) -> None:
    lua.run(
        "helper = function() return 1 end\nlocal n = 0\n"
        "wezterm.on('status', function() helper() end)\n"
        "wezterm.on('swap', function() helper = function() n = n + 1 end end)"
    )
    assert lua.emit("status").may_write is False
    assert lua.emit("swap").may_write is True
    assert lua.emit("status").may_write is True


# Host and clock.


def test_host_reads_can_be_asked_again(lua: LuaDriver) -> None:
    body = (
        "return table.concat({ wezterm.mux.get_tab(0):get_title(), os.getenv('PERILUNE_TEST') or '-',\n"
        "  tostring(wezterm.GLOBAL.a), tostring(wezterm.GLOBAL.t and wezterm.GLOBAL.t.b), #(wezterm.GLOBAL.l or {}) },"
        " ' ')"
    )
    title = lua.title(body, before="wezterm.GLOBAL = { a = 1, t = { b = 'x' }, l = { 1, 2 } }")
    assert title.text == " - 1 x 2"
    assert [lua.host.host_value(path) for path, _ in title.reads] == [value for _, value in title.reads]
    lua.program.set_tab_title(0, "other")
    lua.emit("nothing")
    changed = {path for path, value in title.reads if lua.host.host_value(path) != value}
    assert changed == {("host", "tab.get_title", 0)}
    os.environ["PERILUNE_TEST"] = "set"
    try:
        assert lua.host.host_value(("host", "env", "PERILUNE_TEST")) == "set"
    finally:
        del os.environ["PERILUNE_TEST"]


def test_what_global_holds_is_followed_to_the_field(lua: LuaDriver) -> None:
    lua.run(
        "wezterm.GLOBAL = { t = { b = 'x', c = 1 }, l = { 1, 2 } }\n"
        "wezterm.on('write', function(_, _, key, value) wezterm.GLOBAL.t[key] = value end)\n"
        "wezterm.on('format-tab-title', function()\n"
        "  local s = wezterm.GLOBAL.t.b .. #wezterm.GLOBAL.l\n"
        "  for k, v in pairs(wezterm.GLOBAL.l) do s = s .. k .. v end\n"
        "  return s .. wezterm.json_encode(wezterm.GLOBAL.l) end)"
    )
    (title,) = lua.titles([make_tab(0)])
    assert title.text == "x21122[1,2]"
    assert [path for path in paths(title) if path[0] == "host"][:4] == [
        ("host", "GLOBAL", "t"), ("host", "GLOBAL", "t", "b"), ("host", "GLOBAL", "l"), ("host", "GLOBAL", "l", "#"),
    ]  # fmt: skip
    reads = [(path, value) for path, value in title.reads if path[0] == "host"]
    assert [lua.host.host_value(path) for path, _ in reads] == [value for _, value in reads]
    from perilune.lua.values import PaneRef, WindowRef

    lua.emit("write", WindowRef(0), PaneRef(1), "c", 2)
    assert [lua.host.host_value(path) for path, _ in reads] == [value for _, value in reads]
    lua.emit("write", WindowRef(0), PaneRef(1), "b", "y")
    changed = [path for path, value in reads if lua.host.host_value(path) != value]
    assert changed == [("host", "GLOBAL", "t", "b")]


@pytest.fixture
def clocked() -> Iterator[tuple[LuaDriver, ManualClock]]:
    clock = ManualClock(1_700_000_000.25)  # 20 seconds into a minute
    driver = LuaDriver(clock)
    yield driver, clock
    driver.close()


@pytest.mark.parametrize(
    ("body", "wait"),
    [
        ("return 'x'", None),
        ("return os.date('!%H:%M')", 40),
        ("return os.date('!%H:%M:%S')", 1),
        ("return os.date()", 1),
        ("return os.time() .. ''", 1),
        ("return wezterm.strftime('%a %d')", 100),
        ("return wezterm.strftime_utc('%R')", 40),
        ("return os.date('%a') .. os.date('%M')", 40),
        ("return wezterm.time.now():format('%H')", 100),
        ("return os.date('*t').min .. ''", 1),
    ],
)
def test_a_clock_is_due_when_its_format_can_change(
    clocked: tuple[LuaDriver, ManualClock], body: str, wait: int | None
) -> None:
    lua, clock = clocked
    title = lua.title(body)
    expected = None if wait is None else 1_700_000_000 + wait
    assert title.clock_due == expected
    for path, value in title.reads:
        assert lua.host.host_value(path) == value, path
    if wait is not None:
        clock.advance(wait)
        again = lua.titles([make_tab(0)])[0]
        values = {path: lua.host.host_value(path) for path, _ in title.reads}
        assert values == dict(again.reads)


# Deltas and harm.


def test_only_what_changed_crosses(lua: LuaDriver) -> None:
    lua.run("wezterm.on('format-tab-title', function(tab, tabs) return tab.tab_title .. #tabs end)")
    tabs = [make_tab(number, active=number == 0) for number in range(50)]
    sizes: list[int] = []
    calls = lua.host._calls
    assert calls is not None
    lua.titles(tabs)
    runtime = calls._state.runtime
    inner = runtime.direct

    def direct(entry: str, arguments: bytes, budget: int, label: str) -> object:
        if entry == "titles":
            sizes.append(len(arguments))
        return inner(entry, arguments, budget, label)

    runtime.direct = direct  # type: ignore[assignment, method-assign]
    lua.titles(tabs)
    lua.titles([replace(tab) for tab in tabs])  # equal, though other objects
    tabs[7] = replace(tabs[7], tab_title="new")
    titles = lua.titles(tabs)
    assert titles[7].text == "new50"
    assert sizes[0] == sizes[1]
    assert 100 < sizes[2] - sizes[0] < 600
    lua.titles(tabs[:3])
    lua.titles(tabs)
    assert [title.text for title in lua.titles(tabs)] == [f"{tab.tab_title}50" for tab in tabs]


def test_a_callback_may_do_to_its_arguments_what_it_likes(lua: LuaDriver) -> None:
    lua.run(
        "wezterm.on('format-tab-title', function(tab, tabs, panes, config)\n"
        "  local before = tab.tab_title .. #tabs .. tab.active_pane.title .. config.tab_max_width .. (tab.mine or '')\n"
        "  tab.tab_title = 'changed'; tab.mine = 1; tab.active_pane.title = nil; tab.active_pane = nil\n"
        "  table.remove(tabs, 1); tabs[2] = nil; rawset(tab, 'tab_index', 99)\n"
        "  config.tab_max_width = 1; config.keys = {}; panes[1] = nil\n"
        "  for k in pairs(tab) do tab[k] = nil end\n"
        "  assert(next(tab) == nil and tab.tab_title == nil and #config.keys == 0 and #panes == 0)\n"
        "  return before end)"
    )
    tabs = [make_tab(0, active=True), make_tab(1, "vim")]
    for _ in range(3):
        assert [title.text for title in lua.titles(tabs)] == ["2zsh16", "2vim16"]
    assert [title.text for title in lua.titles(tabs, fresh=True)] == ["2zsh16", "2vim16"]


def test_a_mirror_that_was_kept_shows_what_it_showed(lua: LuaDriver) -> None:
    lua.run(
        "local kept\nwezterm.on('format-tab-title', function(tab, tabs)\n"
        "  local text = kept and (kept.tab_title .. #kept.panes) or 'first'\n"
        "  kept = tab return text end)"
    )
    tabs = [replace(make_tab(0), tab_title="a")]
    assert lua.titles(tabs)[0].text == "first"
    tabs = [replace(make_tab(0), tab_title="b")]
    assert lua.titles(tabs)[0].text == "a1"
    assert lua.titles(tabs)[0].text == "b1"


def test_made_up_names_do_not_fill_the_memory(lua: LuaDriver) -> None:
    body = "for i = 1, 30000 do local _ = tab.active_pane.user_vars['v' .. i] end return tab.tab_title"
    title = lua.title(body, [make_tab(0, user_vars={"v29999": "x"})])
    found = paths(title)
    assert len(found) < 20100
    assert (*AP, "user_vars", "*") in found
    assert ("tab", "tab_title") in found


def test_one_budget_a_title_and_the_others_are_fine(lua: LuaDriver) -> None:
    lua.run(
        "config.title_instruction_limit = 100000\n"
        "wezterm.on('format-tab-title', function(tab)\n"
        "  if tab.tab_index == 1 then while true do pcall(function() while true do end end) end end\n"
        "  if tab.tab_index == 2 then error('mine') end\n"
        "  return 'fine' end)"
    )
    titles = lua.titles([make_tab(number) for number in range(4)])
    assert [title.text for title in titles] == ["fine", None, None, "fine"]
    assert [title.error_kind for title in titles] == [None, "budget", "error", None]
    assert titles[1].reads == ((("tab", "tab_index"), 1),)
    assert titles[2].error is not None
    assert "config:7: mine" in titles[2].error
    assert "\n" not in titles[1].error + titles[2].error  # type: ignore[operator]


def test_window_titles_are_tracked_alike(lua: LuaDriver) -> None:
    lua.run(
        "wezterm.on('format-window-title', function(tab, pane, tabs, panes, config)\n"
        "  return pane.title .. #tabs .. tab.tab_index .. panes[1].title .. config.tab_max_width end)"
    )
    tabs = (make_tab(0, "a"), make_tab(1, "b", active=True))
    batch = TitleBatch(0, tabs, tabs[1].panes, config_generation=7)
    title: Title = lua.wait(lambda done: lua.host.format_window_title(batch, done))
    assert title.text == "b21b16"
    assert title.kind == "pure"
    assert title.reads == (
        (("pane", "title"), "b"), (("tabs", "#"), 2), (("tab", "tab_index"), 1), (("panes", 1), True),
        (("panes", 1, "title"), "b"), (("config",), 7),
    )  # fmt: skip
    fresh: Title = lua.wait(lambda done: lua.host.format_window_title(replace(batch, fresh=True), done))
    assert (fresh.text, fresh.reads) == ("b21b16", ())


def test_a_tab_that_is_not_there_is_no_crash(lua: LuaDriver) -> None:
    lua.run("wezterm.on('format-tab-title', function(tab) return tab.tab_title end)")
    batch = TitleBatch(0, (), (), (TitleRequest(0, False, 5),))
    titles: tuple[Title, ...] = lua.wait(lambda done: lua.host.format_titles(batch, done))
    assert len(titles) == 1
    assert titles[0].error is not None


def test_a_window_that_is_gone_is_forgotten_and_may_come_again(lua: LuaDriver) -> None:
    lua.run("wezterm.on('format-tab-title', function(tab, tabs) return tab.tab_title .. #tabs end)")
    tabs = [make_tab(0), make_tab(1)]
    assert lua.titles(tabs)[0].text == "2"
    lua.host.forget_window(0)
    assert lua.titles(tabs)[1].text == "2"
    assert lua.titles(tabs[:1])[0].text == "1"
