"""Random title callbacks over random tabs: tracked gives what fresh plain tables give, and the reads suffice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lua_fakes import LuaDriver, make_tab

from perilune.lua.information import TitleScope, path_reader, read_path
from perilune.lua.values import ReadPath, Title
from perilune.memo import same_value
from perilune.mux.pane import LiveFields
from perilune.mux.snapshot import PaneInformation, TabInformation

AP: ReadPath = ("tab", "active_pane")


@pytest.fixture(scope="module")
def driver() -> Iterator[LuaDriver]:
    driver = LuaDriver()
    yield driver
    driver.close()


# Tabs.

names = st.sampled_from(["", "zsh", "vim", "a b", "ü\udce9", "1", "*", "#"])
numbers = st.integers(0, 3)


@st.composite
def panes(draw: st.DrawFn, index: int) -> PaneInformation:
    live = st.builds(
        LiveFields, names, st.none() | st.just("file://h/tmp/x%20y"), st.none() | names, st.just("local")
    )
    return PaneInformation(
        pane_id=draw(numbers), pane_index=index, is_active=draw(st.booleans()), is_zoomed=draw(st.booleans()),
        has_unseen_output=draw(st.booleans()), left=0, top=0, width=draw(numbers), height=24, pixel_width=0,
        pixel_height=0, title=draw(names), user_vars=draw(st.dictionaries(names, names, max_size=3)),
        progress=draw(
            st.sampled_from([("None", 0), ("Indeterminate", 0), ("Percentage", 1), ("Percentage", 2), ("Error", 1)])
        ),
        live=draw(st.none() | live),
    )  # fmt: skip


@st.composite
def tabs(draw: st.DrawFn, index: int) -> TabInformation:
    below = tuple(draw(panes(number)) for number in range(draw(st.integers(0, 3))))
    active = draw(st.sampled_from([None, *below])) if below else draw(st.none() | panes(9))
    return TabInformation(
        index + 10, index, draw(st.booleans()), active, below, make_tab(0).window_id, draw(names), draw(names)
    )


@st.composite
def windows(draw: st.DrawFn) -> tuple[TabInformation, ...]:
    return tuple(draw(tabs(index)) for index in range(draw(st.integers(1, 4))))


# Callbacks: statements that put text into `out`.


@dataclass(frozen=True)
class Fragment:
    """Lua statements; `simple` ones read exactly `reads`, in that order."""

    lua: str
    reads: tuple[ReadPath, ...] | None = None


def emit(expression: str) -> str:
    return f"put({expression})"


TAB_FIELDS = ["tab_id", "tab_index", "is_active", "window_id", "window_title", "tab_title", "nothing"]
PANE_FIELDS = [
    "pane_id", "pane_index", "is_active", "is_zoomed", "has_unseen_output", "left", "width", "title",
    "foreground_process_name", "domain_name", "tty_name", "nothing",
]  # fmt: skip

tab_field = st.sampled_from(TAB_FIELDS).map(lambda name: Fragment(emit(f"tab.{name}"), (("tab", name),)))
count = st.sampled_from(
    [("tabs", ("tabs", "#")), ("panes", ("panes", "#"))]
).map(lambda item: Fragment(emit(f"#{item[0]}"), (item[1],)))  # fmt: skip
presence = st.tuples(st.sampled_from(["tabs", "panes"]), st.integers(0, 5)).map(
    lambda item: Fragment(emit(f"{item[0]}[{item[1]}] ~= nil"), ((item[0], item[1]),))
)
config = st.sampled_from(["tab_max_width", "nothing", "colors.tab_bar", "keys[1]"]).map(
    lambda name: Fragment(emit(f"config.{name} == nil"), (("config",),))
)
written = st.sampled_from(["tab_title", "new", "active_pane"]).map(
    lambda name: Fragment(f"tab.{name} = 'w' {emit(f'tab.{name}')}", ())
)
simple = st.one_of(tab_field, count, presence, config)

below_pane = [
    *(f"{{}}.{name}" for name in PANE_FIELDS),
    "{}.user_vars.zsh", "{}.user_vars['*']", "{}.user_vars['#']", "#{}.user_vars", "next({}.user_vars)",
    "tostring({}.current_working_dir)", "{}.current_working_dir and {}.current_working_dir.file_path",
    "type({}.progress) == 'table' and {}.progress.Percentage or 'n'", "type({}.progress)",
    "wezterm.json_encode({}.user_vars)", "keys({})", "items({}.user_vars)", "rawget({}, 'title')",
]  # fmt: skip
pane_places = [
    "tab.active_pane",
    "tab.panes[1]",
    "tabs[2] and tabs[2].active_pane",
    "panes[1]",
    "tabs[1].panes[2]",
]
of_pane = st.tuples(st.sampled_from(pane_places), st.sampled_from(below_pane)).map(
    lambda item: Fragment(f"do local p = {item[0]} if p then {emit(item[1].replace('{}', 'p'))} end end")
)
loops = st.sampled_from(
    [
        "for i, t in ipairs(tabs) do put(i .. t.tab_title) end",
        "for i, t in pairs(tabs) do put(i .. t.tab_id) if t.is_active then break end end",
        "for i = 1, #tabs do put(#tabs[i].panes) end",
        "for i, p in ipairs(tab.panes) do put(p.title) end",
        "for k, v in next, tab.panes do put(k .. v.title) end",
        "table.sort(tabs, function(a, b) return a.tab_title < b.tab_title end) put(tabs[1].tab_title)",
        "put(select('#', table.unpack(tabs)))",
        "local l = {} for _, p in ipairs(panes) do table.insert(l, p.title) end put(table.concat(l, ','))",
        "table.insert(tabs, { tab_title = 'new' }) put(tabs[#tabs].tab_title)",
        "table.remove(tabs, 1) put(#tabs)",
        "local n = 0 for k in pairs(tab) do n = n + 1 end put(n)",
        "tabs[1] = nil put(tabs[1] == nil and #panes)",
        "local c = setmetatable(tab, { __call = function() return 'c' end }) put(c()) put(tab.tab_title)",
        "for k, v in pairs(config) do put(k) break end",
        "put(wezterm.json_encode(tab.panes))",
        "put(wezterm.to_string(panes))",
        "put(pcall(function() return tab.nothing.at_all end))",
        "put(tostring(getmetatable(tab)))",
        "put(rawequal(tabs[1], tabs[1])) put(tab == tabs[tab.tab_index + 1])",
        "local first = next(tabs) put(first)",
        "tab.panes[1] = tab.panes[2] put(#tab.panes)",
    ]
).map(Fragment)
state = st.sampled_from(["put(helper(tab.tab_title))", "put(icons[tab.tab_title] or 'no')"]).map(Fragment)
leaf = st.one_of(simple, written, of_pane, loops, state)


def branch(inner: st.SearchStrategy[Fragment]) -> st.SearchStrategy[Fragment]:
    condition = st.sampled_from(
        ["tab.is_active", "#tabs > 2", "tab.active_pane and tab.active_pane.is_zoomed", "panes[1]", "hover"]
    )
    return st.tuples(condition, inner, inner).map(
        lambda item: Fragment(f"if {item[0]} then {item[1].lua} else {item[2].lua} end")
    )


fragments = st.recursive(leaf, branch, max_leaves=4)
bodies = st.lists(fragments, min_size=1, max_size=5).map(
    lambda items: "\n  ".join(item.lua for item in items)
)

PRELUDE = """
local icons = { zsh = '$', vim = 'v' }
local function helper(text) return (text:gsub('%s', '_')) end
local function show(...)
  local parts = table.pack(...)
  for i = 1, parts.n do
    local kind = type(parts[i])
    parts[i] = (kind == 'table' or kind == 'userdata') and kind or tostring(parts[i])
  end
  return table.concat(parts, '/', 1, parts.n)
end
local function keys(t) local l = {} for k in pairs(t) do l[#l + 1] = k end return table.concat(l, ' ') end
local function items(t) local l = {} for k, v in pairs(t) do l[#l + 1] = k .. v end return table.concat(l, ' ') end
config.colors = { tab_bar = { background = '#123456' } }
"""


def load(driver: LuaDriver, body: str) -> None:
    result = driver.run(
        PRELUDE + "wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)\n"
        f"  local out = {{}}\n  local function put(...) out[#out + 1] = show(...) end\n  {body}\n"
        "  return table.concat(out, '|') end)"
    )
    assert result.error is None, result.error


def outcome(title: Title) -> tuple[object, ...]:
    return title.text, title.error, title.error_kind


def scope_of(window: tuple[TabInformation, ...], index: int) -> TitleScope:
    return TitleScope(window[index], window, next((tab.panes for tab in window if tab.is_active), ()))


SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SETTINGS
@given(body=bodies, history=st.lists(windows(), min_size=1, max_size=4), hover=st.booleans())
def test_tracked_gives_what_fresh_tables_give(
    driver: LuaDriver, body: str, history: list[tuple[TabInformation, ...]], hover: bool
) -> None:
    load(driver, body)
    for window in history:
        tracked = driver.titles(window, hover)
        fresh = driver.titles(window, hover, fresh=True)
        assert [outcome(title) for title in tracked] == [outcome(title) for title in fresh]
        for index, title in enumerate(tracked):
            paths = [path for path, _ in title.reads]
            assert len(paths) == len(set(paths))
            assert all(
                same_value(value, read_path(path, scope_of(window, index)))
                for path, value in title.reads
                if path_reader(path) is not None
            )


@SETTINGS
@given(body=bodies, window=windows(), other=windows(), seed=st.integers(0, 1 << 30), hover=st.booleans())
def test_where_nothing_read_has_changed_the_outcome_is_the_same(
    driver: LuaDriver,
    body: str,
    window: tuple[TabInformation, ...],
    other: tuple[TabInformation, ...],
    seed: int,
    hover: bool,
) -> None:
    load(driver, body)
    tracked = driver.titles(window, hover)
    for changed in (other, *(mixed(window, other, random.Random(seed + number)) for number in range(4))):
        fresh = driver.titles(changed, hover, fresh=True)
        for index, title in enumerate(tracked[: len(changed)]):
            scope = scope_of(changed, index)
            holds = all(
                same_value(value, read_path(path, scope))
                for path, value in title.reads
                if path_reader(path) is not None
            )
            if holds:
                assert outcome(fresh[index]) == outcome(title), (title.reads, changed)


def mixed(
    one: tuple[TabInformation, ...], other: tuple[TabInformation, ...], pick: random.Random
) -> tuple[TabInformation, ...]:
    """The first window with a few things of the second."""

    def mix(old: Any, new: Any, fields: list[str]) -> Any:
        chosen = [name for name in fields if pick.random() < 0.15]
        return replace(old, **{name: getattr(new, name) for name in chosen})

    result = []
    for number, before in enumerate(one):
        donor = other[number % len(other)]
        tab = mix(before, donor, ["is_active", "window_title", "tab_title", "tab_id", "panes", "active_pane"])
        below = tuple(
            mix(
                pane,
                pick.choice(donor.panes),
                ["title", "user_vars", "width", "progress", "live", "is_zoomed"],
            )
            if donor.panes
            else pane
            for pane in tab.panes
        )
        active = tab.active_pane
        if active is not None and donor.active_pane is not None:
            active = mix(active, donor.active_pane, ["title", "user_vars", "progress", "live"])
        result.append(replace(tab, panes=below, active_pane=active))
    if pick.random() < 0.2:
        result = result[: max(1, len(result) - 1)]
    elif pick.random() < 0.2:
        result.append(other[0])
    return tuple(result)


@SETTINGS
@given(chosen=st.lists(simple, min_size=1, max_size=6), window=windows())
def test_the_reads_are_those_that_were_made(
    driver: LuaDriver, chosen: list[Fragment], window: tuple[TabInformation, ...]
) -> None:
    load(driver, "\n  ".join(fragment.lua for fragment in chosen))
    expected = list(dict.fromkeys(path for fragment in chosen for path in fragment.reads or ()))
    for title in driver.titles(window):
        assert title.error is None
        assert [path for path, _ in title.reads if path != ("epoch",)] == expected
        assert title.kind == "pure"
