"""Tracked titles show what calling every time would show, and a callback runs only for what it has not seen.

Callbacks are generated as trees, written out in Lua for the harness, and evaluated here in Python as the
second opinion: which text, and which values are read in which order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perilune.testing.tab_bar_harness import TabBarHarness

TAB = ("tab_index", "is_active", "tab_title", "tab_id", "window_title")
PANE = (
    "title",
    "has_unseen_output",
    "is_zoomed",
    "pane_id",
    "foreground_process_name",
    "domain_name",
    "width",
)
TITLES = ("zsh", "vim", "a title that is long", "漢字", "")


class Reads(dict):
    """Values read, in order; each path once."""

    def note(self, path: tuple, value: Any) -> Any:
        self.setdefault(path, value)
        return value


def lua_string(value: Any) -> str:
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def field(tab: Any, path: tuple, reads: Reads, root: tuple) -> Any:
    """A field of a tab, as a mirror would tell of it."""
    owner = tab
    for depth, name in enumerate(path):
        if name == "active_pane":
            owner = owner.active_pane
        elif name == "user_vars":
            key = path[depth + 1]
            return reads.note((*root, *path), owner.user_vars.get(key))
        elif name in {"foreground_process_name", "domain_name"}:
            return reads.note((*root, *path), getattr(owner.live, name))
        else:
            return reads.note((*root, *path), getattr(owner, name))
    raise AssertionError(path)


# Trees. Each is (Lua expression, Python function of (environment) -> text); `condition` gives a truth value.

Node = tuple[str, Callable[[dict], Any]]


def constant(text: str) -> Node:
    return f"'{text}'", lambda _env: text


def own(path: tuple) -> Node:
    return (
        f"tostring(tab.{'.'.join(path)})",
        lambda env: lua_string(field(env["tab"], path, env["reads"], ("tab",))),
    )


def other(index: int, path: tuple) -> Node:
    def value(env: dict) -> str:
        tabs, reads = env["tabs"], env["reads"]
        if not 1 <= index <= len(tabs):
            reads.note(("tabs", index), None)
            return "-"
        reads.note(("tabs", index), True)
        return lua_string(field(tabs[index - 1], path, reads, ("tabs", index)))

    return f"(tabs[{index}] and tostring(tabs[{index}].{'.'.join(path)}) or '-')", value


def count() -> Node:
    return "tostring(#tabs)", lambda env: str(env["reads"].note(("tabs", "#"), len(env["tabs"])))


def panes_count() -> Node:
    return "tostring(#tab.panes)", lambda env: str(
        env["reads"].note(("tab", "panes", "#"), len(env["tab"].panes))
    )


def loop() -> Node:
    def value(env: dict) -> str:
        found = ""
        for number, tab in enumerate(env["tabs"], 1):
            env["reads"].note(("tabs", number), True)
            if field(tab, ("is_active",), env["reads"], ("tabs", number)):
                found += str(number)
        env["reads"].note(("tabs", len(env["tabs"]) + 1), None)
        return found

    return "active_tabs(tabs)", value


def pick(condition: Node, one: Node, two: Node) -> Node:
    return (
        f"({condition[0]} == 'true' and {one[0]} or {two[0]})",
        lambda env: one[1](env) if condition[1](env) == "true" else two[1](env),
    )


def joined(one: Node, two: Node) -> Node:
    return f"({one[0]} .. {two[0]})", lambda env: one[1](env) + two[1](env)


def hovered() -> Node:
    return "tostring(hover)", lambda env: lua_string(env["hover"])


def width() -> Node:
    return "tostring(max_width)", lambda env: str(env["max_width"])


own_paths = st.one_of(
    st.sampled_from([(name,) for name in TAB]),
    st.sampled_from([("active_pane", name) for name in PANE]),
    st.sampled_from([("active_pane", "user_vars", "branch"), ("active_pane", "user_vars", "none")]),
)
leaves = st.one_of(
    st.sampled_from([" ", "x", "ab", "\U0001f680", ": "]).map(constant),
    own_paths.map(own),
    st.builds(other, st.integers(1, 4), own_paths),
    st.builds(count),
    st.builds(panes_count),
    st.builds(loop),
    st.builds(hovered),
    st.builds(width),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(st.builds(pick, inner, inner, inner), st.builds(joined, inner, inner)),
    max_leaves=8,
)


def source(tree: Node) -> str:
    # Strings of a `pick` are never false or nil, so `and`/`or` is a choice.
    return f"""
local wezterm = require 'wezterm'
local function active_tabs(tabs)
  local found = ''
  for i, tab in ipairs(tabs) do
    if tab.is_active then found = found .. tostring(i) end
  end
  return found
end
wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)
  return {tree[0]}
end)
wezterm.on('update-status', function(window)
  window:set_right_status(wezterm.strftime('%H:%M:%S'))
end)
return {{}}
"""


fields = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(TITLES),
        "tab_title": st.sampled_from(("", "mine")),
        "has_unseen_output": st.booleans(),
        "is_zoomed": st.booleans(),
        "user_vars": st.sampled_from(({}, {"branch": "main"}, {"branch": "next", "x": "y"})),
        "foreground_process_name": st.sampled_from(("", "/bin/zsh")),
    },
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 3), fields),
        st.tuples(st.just("activate"), st.integers(0, 3), st.none()),
        st.tuples(st.just("move"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("add"), st.integers(0, 3), fields),
        st.tuples(st.just("close"), st.integers(0, 3), st.none()),
        st.tuples(st.just("hover"), st.none() | st.integers(0, 70), st.none()),
        st.tuples(st.just("cols"), st.integers(1, 90), st.none()),
        st.tuples(st.just("status"), st.just(0), st.none()),
        st.tuples(st.just("tick"), st.sampled_from((1, 60)), st.none()),
        st.tuples(st.just("reload"), st.just(0), st.none()),
    ),
    min_size=1,
    max_size=20,
)


def apply(bar: TabBarHarness, action: str, subject: Any, value: Any) -> None:
    tabs = len(bar.tabs)
    match action:
        case "set":
            bar.set(subject % tabs, **value)
        case "activate":
            bar.activate(subject % tabs)
        case "move":
            bar.move(subject % tabs, value % tabs)
        case "add" if tabs < 5:
            bar.add_tab(value)
        case "close" if tabs > 1:
            bar.close_tab(subject % tabs)
        case "status":
            bar.emit("update-status")
        case "tick":
            bar.tick(subject)
        case "reload":
            bar.reload()


def expected(tree: Node, bar: TabBarHarness, subject: int, hover: bool, max_width: int) -> tuple[str, tuple]:
    tabs = bar.tabs
    reads = Reads()
    tab = next(tab for tab in tabs if tab.tab_id == subject)
    env = {"tab": tab, "tabs": tabs, "hover": hover, "max_width": max_width, "reads": reads}
    text = tree[1](env)
    return text, tuple(reads.items())


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(trees, steps)
@pytest.mark.slow
def test_tracked_is_every_frame_and_runs_only_for_what_is_new(tree, history):
    lua = source(tree)
    start = [{"title": "zsh", "active": True}, {"title": "vim"}, {"title": "htop", "has_unseen_output": True}]
    with (
        TabBarHarness(lua=lua, cols=60, tabs=start, config_directories=[]) as tracked,
        TabBarHarness(lua=lua, cols=60, tabs=start, config_directories=[], mode="every-frame") as naive,
    ):
        tracked.verify = True
        seen: set = set()
        cols, hover_col = 60, None
        for action, subject, value in [("cols", 60, None), *history]:
            if action == "cols":
                cols = subject
            elif action == "hover":
                hover_col = subject
            else:
                apply(tracked, action, subject, value)
                apply(naive, action, subject, value)
            if action == "reload":
                seen.clear()
            before = tracked.ledger[-1].number if tracked.ledger else 0
            frame = tracked.frame(hover_col, cols)
            assert frame == naive.frame(hover_col, cols)
            for run in tracked.stats.runs:
                if run.number <= before:
                    continue
                # Only if: these values had not been read before, whoever was asked.
                _, reads = expected(tree, tracked, run.subject, bool(run.hover), run.max_width or 0)
                key = (run.subject, run.hover, run.max_width, reads)
                assert key not in seen, f"{run} although {reads} was seen"
                seen.add(key)
            # If: a frame more asks for nothing, and so does Lua.
            calls = tracked.stats.lua_calls
            assert tracked.frame(hover_col, cols) == frame
            assert tracked.stats.lua_calls == calls


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(trees, steps)
@pytest.mark.slow
def test_there_and_back_again_is_no_run(tree, history):
    with TabBarHarness(
        lua=source(tree), cols=60, tabs=[{"title": "zsh"}, {"title": "vim"}], config_directories=[]
    ) as bar:
        for action, subject, value in history:
            index = subject % 2 if action == "set" else 0
            pane = bar.tabs[index].active_pane
            changed = (
                {
                    name: value[name]
                    for name in ("title", "has_unseen_output", "is_zoomed")
                    if value and name in value
                }
                if action == "set"
                else {}
            )
            old = {name: getattr(pane, name) for name in changed}
            bar.frame()
            bar.set(index, **changed)
            there = bar.frame()
            calls = bar.stats.lua_calls
            for fields_then in (old, changed):
                bar.set(index, **fields_then)
                frame = bar.frame()
            assert frame == there
            assert bar.stats.lua_calls == calls
