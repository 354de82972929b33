"""Titles that read Lua state are asked again when a handler has changed it, however either is written."""

from __future__ import annotations

import pytest

from perilune.testing import TabBarHarness

TABS = [{"title": "zsh", "active": True}, {"title": "vim"}]

# What stands before; what the handler of 'change' does; what the title is.
STATE = {
    "length of a table": ("local t = {}", "table.insert(t, 1)", "'' .. #t"),
    "rawlen": ("local t = {}", "t[#t + 1] = 1", "'' .. rawlen(t)"),
    "table.concat": ("local t = { 'a' }", "table.insert(t, 'b')", "table.concat(t, '-')"),
    "json_encode": ("local t = {}", "t.x = 1", "wezterm.json_encode(t)"),
    "json_encode of a nested table": ("local t = {}", "t.x = 1", "wezterm.json_encode({ t })"),
    "to_string": ("local t = {}", "t.x = 1", "wezterm.to_string(t)"),
    "gsub with a table": ("local t = { a = 'b' }", "t.a = 'c'", "(('a'):gsub('%w', t))"),
    "returned items": ("local t = { { Text = 'a' } }", "t[1].Text = 'b'", "t"),
    "items in returned items": ("local t = { Text = 'a' }", "t.Text = 'b'", "{ t, { Text = '!' } }"),
    "getmetatable": ("local m = {} local t = setmetatable({}, m)", "m.x = 'y'", "getmetatable(t).x or 'none'"),
    "next": ("local t = {}", "t.x = 1", "tostring(next(t))"),
    "passed on": ("local t = {} local function f(x) return #x end", "t[#t + 1] = 1", "'' .. f(t)"),
    "global table": ("t = {}", "table.insert(t, 1)", "'' .. #t"),
    "global text": ("t = 'a'", "t = 'b'", "t"),
    "global that was nil": ("", "t = 'b'", "t or 'a'"),
    "field chain": ("local t = { a = { b = {} } }", "table.insert(t.a.b, 1)", "'' .. #t.a.b"),
    "upvalue": ("local n = 1", "n = n + 1", "'' .. n"),
    "helper that changes": (
        "local f = function() return 'a' end", "f = function() return 'b' end", "f()",
    ),
    "method of strings": (
        "function string.mark(s) return s .. '1' end", "string.mark = function(s) return s .. '2' end",
        "('x'):mark()",
    ),
    "rawset": ("local t = {}", "rawset(t, 'x', 1)", "'' .. (t.x or 0)"),
    "rawset of a library": ("string.n = 'a'", "rawset(string, 'n', 'b')", "string.n"),
    "setmetatable": ("local t = {}", "setmetatable(t, { __index = { x = 1 } })", "'' .. (t.x or 0)"),
    "setmetatable with functions": (
        "local t = {}", "setmetatable(t, { __index = function() return 1 end })", "'' .. (t.x or 0)",
    ),
    "load": ("t = 'a'", "load('t = \"b\"')()", "t"),
    "load over a library": ("string.n = 'a'", "load('string.n = \"b\"')()", "string.n"),
    "_ENV as a value": ("t = 'a'", "local e = _ENV e.t = 'b'", "t"),
    "_ENV as a parameter": ("t = 'a' local function put(_ENV) t = 'b' end", "put(_G)", "t"),
    "_ENV read as a value": ("t = 'a'", "t = 'b'", "(function(e) return e.t end)(_ENV)"),
    "_ENV of its own": (
        "local e = { t = 'a' } local get do local _ENV = e get = function() return t end end", "e.t = 'b'",
        "get()",
    ),
    "_G": ("t = 'a'", "_G['t'] = 'b'", "_G.t"),
    "wrapped coroutine": (
        ("local get local step = coroutine.wrap(function() local n = 0 get = function() return n end"
        " while true do n = n + 1 coroutine.yield() end end) step()"),
        "step()", "'' .. get()",
    ),
    "resumed coroutine": (
        "local n = 0 local co = coroutine.create(function() while true do n = n + 1 coroutine.yield() end end)",
        "coroutine.resume(co)", "'' .. n",
    ),
    "coroutine in a loop": (
        "local n = 0 local co = coroutine.wrap(function() while true do n = n + 1 coroutine.yield(n) end end)",
        "for x in co do if x > 2 then break end end", "'' .. n",
    ),
    "field of a library": ("string.foo = 'a'", "string.foo = 'b'", "string.foo"),
    "function of a library": ("", "string.upper = string.lower", "string.upper('aB')"),
    "function of a library as a method": ("", "string.upper = string.lower", "('aB'):upper()"),
    "nerdfonts": (
        "wezterm.nerdfonts.mine = 'a'", "wezterm.nerdfonts.mine = 'b'", "wezterm.nerdfonts.mine",
    ),
    "tables that write through": (
        "local t = {} local p = setmetatable({}, { __newindex = function(_, k, v) t[k] = v end })", "p.x = 1",
        "tostring(t.x)",
    ),
    "a handler's emission": (
        "local n = 0 wezterm.on('two', function() n = n + 1 end)", "wezterm.emit('two')", "'' .. n",
    ),
    "__close": (
        "local n = 0", "do local x <close> = setmetatable({}, { __close = function() n = n + 1 end }) end",
        "'' .. n",
    ),
    "aliased in a fresh table": ("local t = {}", "local h = { t } h[1][1] = 1", "'' .. #t"),
    "nerdfonts by a computed name": (
        "wezterm.nerdfonts.mine = 'a' local k = 'mine'", "wezterm.nerdfonts[k] = 'b'", "wezterm.nerdfonts.mine",
    ),
}  # fmt: skip


def script(before: str, change: str, title: str) -> str:
    return (
        f"local wezterm = require 'wezterm'\n{before}\n"
        f"wezterm.on('change', function(window, pane) {change} end)\n"
        f"wezterm.on('format-tab-title', function(tab) return {title} end)\nreturn {{}}\n"
    )


def texts(lua: str, mode: str, directory: str | None = None) -> list[str]:
    directories = [] if directory is None else [directory]
    with TabBarHarness(lua=lua, tabs=TABS, mode=mode, config_directories=directories) as bar:
        found = [bar.frame().text]
        for _ in range(2):
            bar.emit("change")
            found.append(bar.frame().text)
        return found


@pytest.mark.parametrize("name", STATE)
def test_a_change_of_lua_state_shows(name):
    lua = script(*STATE[name])
    right = texts(lua, "every-frame")
    assert right[0] != right[-1], "the example changes nothing"
    assert texts(lua, "tracked") == right


@pytest.mark.parametrize("how", ["require 'late'", "dofile('{}/late.lua')", "loadfile('{}/late.lua')()"])
def test_code_that_a_handler_loads_shows(how, tmp_path):
    (tmp_path / "late.lua").write_text("t = 'b'\nreturn {}\n")
    lua = script(f"t = 'a' package.path = '{tmp_path}/?.lua;' .. package.path", how.format(tmp_path), "t")
    right = texts(lua, "every-frame")
    assert right[0] != right[-1], "the example changes nothing"
    assert texts(lua, "tracked") == right


def test_the_bell():
    lua = (
        "local wezterm = require 'wezterm'\nlocal alerts = {}\n"
        "wezterm.on('bell', function(w, p) table.insert(alerts, p:pane_id()) end)\n"
        "wezterm.on('format-tab-title', function(tab) local n = #alerts\n"
        "return (n > 0 and '[' .. n .. '] ' or '') .. tab.active_pane.title end)\nreturn {}\n"
    )
    with TabBarHarness(lua=lua, tabs=TABS, config_directories=[]) as bar:
        assert "[1]" not in bar.frame().text
        bar.emit("bell")
        assert "[1] zsh" in bar.frame().text
        bar.frame()
        before = bar.stats.lua_calls
        bar.frame()
        assert bar.stats.lua_calls == before
