"""What a function may write, read and call: a table of snippets with verdict and reasons."""

from __future__ import annotations

import pytest

from perilune.lua.analysis import Analyzer, Effects, Purity, Reference, classify
from unit.lua_analysis.lua_world import LuaWorld

# name: (chunk that returns the function, verdict, texts of the reasons)
STATEFUL: dict[str, tuple[str, list[str]]] = {
    "an upvalue": ("local n = 0 return function() n = n + 1 end", ["writes upvalue 'n' at line 1 of wezterm.lua"]),
    "an upvalue set to nil": ("local n = 0 return function() n = nil end", ["writes upvalue 'n'"]),
    "a global": ("return function() count = 1 end", ["assigns global 'count'"]),
    "a global through _G": ("return function() _G.count = 1 end", ["writes _G.count"]),
    "a global through _ENV": ("return function() _ENV.count = 1 end", ["assigns global 'count'"]),
    "a computed global": ("return function(k) _G[k] = 1 end", ["writes _G[...]"]),
    "a field of an upvalue": ("local M = {} return function() M.x = 1 end", ["writes M.x"]),
    "a computed field": ("local M = {} return function(t) M[t.id] = 1 end", ["writes M[...]"]),
    "an index": ("local M = {} return function() M[1] = 1 end", ["writes M[1]"]),
    "a deep field": ("local M = { a = { b = {} } } return function() M.a.b.c = 1 end", ["writes M.a.b.c"]),
    "an alias": ("local M = {} return function() local t = M t.x = 1 end", ["writes M.x"]),
    "an alias on one way": ("local M = {} return function(a) local t = {} if a then t = M end t.x = 1 end", ["writes M.x"]),
    "an alias in a loop": ("local M = {} return function() local t = {} for i = 1, 2 do t.x = 1 t = M end end", ["writes M.x"]),
    "an alias by or": ("local M return function() local t = M or {} t.x = 1 M = t end", ["writes upvalue 'M'"]),
    "an alias through a table": ("local M = {} return function() local t = { M } t[1].x = 1 end", ["writes M.x"]),
    "an alias through a field": ("local M = {} return function() local t = { m = M } t.m.x = 1 end", ["writes M.x"]),
    "an alias through a closure": (
        "local M = {} return function() local t = {} local f = function() t.x = 1 end t = M f() end", ["writes M.x"]),
    "an alias set in a closure": (
        "local M = {} return function() local t = {} local f = function() t = M end f() t.x = 1 end", ["writes M.x"]),
    "an alias set behind a block that closes another variable": (
        ("local M = {} return function() local t = {} local f = function() t.x = 1 end "
        "do local u = {} local g = function() return u end g() end t = M f() end"), ["writes M.x"]),
    "an alias returned": ("local M = {} local function get() return M end return function() get().x = 1 end", ["writes M.x"]),
    "an alias returned second": (
        "local M = {} local function get() return 1, M end return function() local _, m = get() m.x = 1 end",
        ["writes M.x"]),
    "an alias through varargs": (
        "local M = {} local function f(...) local a, b = ... b.x = 1 end return function() f(1, M) end", ["writes M.x"]),
    "an alias through select": (
        "local M = {} return function() local t = select(2, 1, M) t.x = 1 end", ["writes M.x"]),
    "an alias through pcall": (
        "local M = {} return function() local ok, m = pcall(function() return M end) m.x = 1 end", ["writes M.x"]),
    "an alias through unpack": ("local M = {} return function() local m = table.unpack({ M }) m.x = 1 end", ["writes M.x"]),
    "an alias through insert": (
        "local M = {} return function() local t = {} table.insert(t, M) t[1].x = 1 end", ["writes M.x"]),
    "an alias through ipairs": (
        "local M = {} return function() for _, m in ipairs({ M }) do m.x = 1 end end", ["writes M.x"]),
    "an alias as a key": (
        "local M = {} return function() for m in pairs({ [M] = 1 }) do m.x = 1 end end", ["writes M.x"]),
    "an alias by next": ("local M = {} return function() local _, m = next({ M }) m.x = 1 end", ["writes M.x"]),
    "an alias in a metatable": (
        "local M = {} return function() local t = setmetatable({}, { __index = { m = M } }) t.m.x = 1 end",
        ["writes M.x"]),
    "through __newindex": (
        "local M = {} return function() local t = setmetatable({}, { __newindex = M }) t.x = 1 end", ["writes M.x"]),
    "in an __index function": (
        "local n = 0 return function() local t = setmetatable({}, { __index = function() n = n + 1 end }) return t.x end",
        ["writes upvalue 'n'"]),
    "in a metamethod of a shared table": (
        "local n = 0 local t = setmetatable({}, { __index = function() n = n + 1 end }) return function() return t.x end",
        ["writes upvalue 'n'"]),
    "in __concat of something unknown": (
        ("local n = 0 setmetatable({}, { __concat = function() n = n + 1 end }) "
        "local t = {} setmetatable(t, { __index = function() end }) return function() return t.x .. 'a' end"),
        ["writes upvalue 'n'"]),
    "table.insert": ("local M = {} return function() table.insert(M, 1) end", ["writes M[...]"]),
    "table.remove": ("local M = {} return function() table.remove(M) end", ["writes M[...]"]),
    "table.sort": ("local M = {} return function() table.sort(M) end", ["writes M[...]"]),
    "table.move": ("local M = {} return function(t) table.move(t, 1, 2, 1, M) end", ["writes M[...]"]),
    "rawset": ("local M = {} return function() rawset(M, 'x', 1) end", ["writes M[...]"]),
    "setmetatable": ("local M = {} return function() setmetatable(M, {}) end", ["sets the metatable of M"]),
    "an element of a list": ("local L = { {}, {} } return function() for _, e in ipairs(L) do e.x = 1 end end", ["writes L[...].x"]),
    "a helper": ("local n = 0 local function bump() n = n + 1 end return function() bump() end", ["writes upvalue 'n'"]),
    "a helper, tail called": ("local n = 0 local function bump() n = n + 1 end return function() return bump() end", ["writes upvalue 'n'"]),
    "a global helper": ("local n = 0 function bump() n = n + 1 end return function() bump() end", ["writes upvalue 'n'"]),
    "a helper in a module table": (
        "local n = 0 local M = {} function M.bump() n = n + 1 end return function() M.bump() end", ["writes upvalue 'n'"]),
    "a method of a module table": (
        "local M = { n = 0 } function M:bump() self.n = self.n + 1 end return function() M:bump() end", ["writes M.n"]),
    "a method by inheritance": (
        ("local C = {} C.__index = C function C:bump() self.n = 1 end local o = setmetatable({}, C) "
        "return function() o:bump() end"), ["writes o.n"]),
    "a helper's helper": (
        "local n = 0 local function a() n = 1 end local function b() a() end return function() pcall(b) end",
        ["writes upvalue 'n'"]),
    "a closure of the call": ("local n = 0 return function() local f = function() n = 1 end f() end", ["writes upvalue 'n'"]),
    "a closure two deep": (
        "local n = 0 return function() (function() (function() n = 1 end)() end)() end", ["writes upvalue 'n'"]),
    "a comparison": (
        "local n = 0 return function(t) table.sort({ 1, 2 }, function(a, b) n = n + 1 return a < b end) end",
        ["writes upvalue 'n'"]),
    "a replacement": ("local n = 0 return function(t) return (t.title:gsub('.', function() n = n + 1 end)) end", ["writes upvalue 'n'"]),
    "a coroutine": (
        "local n = 0 return function() local c = coroutine.wrap(function() n = 1 end) c() end", ["writes upvalue 'n'"]),
    "an iterator": (
        "local n = 0 local function each() return function() n = n + 1 end end return function() for x in each() do end end",
        ["writes upvalue 'n'"]),
    "a recursive helper": (
        "local M = {} local function walk(t, d) if d > 0 then t.x = 1 walk(M, d - 1) end end return function() walk({}, 2) end",
        ["writes M.x"]),
    "a function given to a helper": (
        "local n = 0 local function twice(f) f() f() end return function() twice(function() n = n + 1 end) end",
        ["writes upvalue 'n'"]),
    "a function kept in a table of the call": (
        "local n = 0 return function() local t = { f = function() n = 1 end } t.f() end", ["writes upvalue 'n'"]),
    "a counter made beforehand": (
        ("local function make() local n = 0 return function() n = n + 1 return n end end local next_id = make() "
        "return function() return next_id() end"), ["writes upvalue 'n'"]),
    "an unknown function": ("return function() return math['flo' .. 'or'](1) end", ["calls"]),
    "a dispatch table": ("local D = { a = function() end, b = function() end } return function(t) D[t.x]() end", ["calls unknown function 'D[...]'"]),
    "an unknown method": ("return function(t) t:frobnicate() end", ["calls unknown method 'frobnicate'"]),
    "load": ("return function() return load('x = 1')() end", ["calls load"]),
    "emit": ("local wezterm = require 'wezterm' return function() wezterm.emit('x') end", ["calls wezterm.emit"]),
    "a status": ("return function(window) window:set_right_status('x') end", ["calls set_right_status"]),
    "an action": ("local wezterm = require 'wezterm' return function(w, p) w:perform_action(wezterm.action.X, p) end", ["calls perform_action"]),
    "a child process": ("local w = require 'wezterm' return function() w.background_child_process { 'x' } end", ["calls wezterm.background_child_process"]),
    "a file removed": ("return function() os.remove('/nonexistent') end", ["calls os.remove"]),
    "a file written": ("return function() local f = io.open('x', 'w') f:write('y') f:close() end", ["calls write", "calls io.open"]),
    "the seed": ("return function() math.randomseed(1) end", ["calls math.randomseed"]),
    "a module not yet loaded": ("return function() return require 'other' end", ["loads 'other'"]),
    "a computed require": ("return function(t) return require(t.name) end", ["calls require of a computed name"]),
    "GLOBAL": ("local w = require 'wezterm' return function() w.GLOBAL.x = 1 end", ["writes wezterm.GLOBAL"]),
    "GLOBAL, whole": ("local w = require 'wezterm' return function() w.GLOBAL = {} end", ["writes wezterm.GLOBAL"]),
    "GLOBAL, deep": ("local w = require 'wezterm' return function() local g = w.GLOBAL.a g.b.c = 1 end", ["writes wezterm.GLOBAL"]),
    "the wezterm module": ("local w = require 'wezterm' return function() w.mine = 1 end", ["writes w.mine"]),
    "a library": ("return function() string.mine = 1 end", ["writes string.mine"]),
    "a linked list": ("local L = {} return function() local n = L while n do n.seen = 1 n = n.next end end", ["writes L.seen"]),
    "goto": ("local n = 0 return function(a) goto on ::back:: n = 1 do return end ::on:: if a then goto back end end", ["writes upvalue 'n'"]),
    "behind a vararg call": ("local n = 0 local function f(...) n = select('#', ...) end return function(...) f(...) end", ["writes upvalue 'n'"]),
    "in a to-be-closed value": (
        "local n = 0 return function() local x <close> = setmetatable({}, { __close = function() n = 1 end }) end",
        ["writes upvalue 'n'"]),
}  # fmt: skip

PURE: dict[str, str] = {
    "nothing": "return function() end",
    "locals": "return function(t) local a, b = 1, 2 a = a + b return a end",
    "a fresh table": "return function(t) local r = {} r.x = 1 r[1] = 2 r[t.id] = 3 return r end",
    "a fresh table in a fresh table": "return function() local r = { a = {} } r.a.b = {} r.a.b.c = 1 return r end",
    "rows": "return function() local r = {} for i = 1, 3 do r[i] = {} r[i].x = i end return r end",
    "inserts": "return function(t) local r = {} table.insert(r, { Text = t.title }) table.insert(r, 1, {}) return r end",
    "rows inserted and changed": (
        "return function() local r = {} table.insert(r, {}) for _, x in ipairs(r) do x.y = 1 end return r end"),
    "sorted": "return function(t) local r = { 3, 1 } table.sort(r, function(a, b) return a > b end) return r[1] end",
    "sorted rows": "return function() local r = { {} } table.sort(r, function(a, b) return a.n < b.n end) r[1].x = 1 end",
    "a helper that fills": (
        "local function put(l, x) l[#l + 1] = { Text = x } end return function(t) local r = {} put(r, t.title) return r end"),
    "a helper that makes": (
        "local function new() return { n = 0 } end return function() local o = new() o.n = o.n + 1 return o.n end"),
    "an object made in the call": (
        "local C = {} C.__index = C function C.new() return setmetatable({}, C) end function C:add(x) self[#self + 1] = x end "
        "return function(t) local o = C.new() o:add(1) o:add(t.title) return o end"),
    "a counter of the call": (
        "return function() local n = 0 local function up() n = n + 1 return n end up() up() return n end"),
    "a counter of the call, two deep": (
        "return function() local n = 0 local f = function() return function() n = n + 1 end end f()() return n end"),
    "a counter made in the call": (
        "local function make() local n = 0 return function() n = n + 1 return n end end return function() return make()() end"),
    "a memo of the call": (
        "return function(ts) local seen = {} for _, t in ipairs(ts) do seen[t.id] = (seen[t.id] or 0) + 1 end return seen end"),
    "strings": "return function(t) return ('x'):rep(3) .. t.title:upper():sub(1, 3) .. string.format('%d', #t.title) end",
    "gsub with a function": "return function(t) return (t.title:gsub('%w+', function(w) return w:upper() end)) end",
    "gsub with a table": "local M = { a = 'b' } return function(t) return (t.title:gsub('%w', M)) end",
    "gmatch": "return function(t) local r = {} for w in t.title:gmatch('%w+') do r[#r + 1] = w:lower() end return table.concat(r) end",
    "math": "return function(t) return math.max(1, math.floor(2.5)) + math.pi end",
    "utf8": "return function(t) return utf8.len(t.title), utf8.char(0x41) end",
    "select and varargs": "return function(...) return select('#', ...), (select(2, ...)) end",
    "pcall of a pure function": "return function(t) local ok, r = pcall(function(x) return x.a.b end, t) return ok and r end",
    "xpcall with a traceback": "return function(t) return xpcall(tostring, debug.traceback, t) end",
    "error": "return function(t) if not t then error('no') end assert(t, 'no') end",
    "a pure helper": "local function base(s) return s:match('[^/]+$') end return function(t) return base(t.path) end",
    "recursion": "local function f(n) return n <= 1 and 1 or n * f(n - 1) end return function() return f(5) end",
    "mutual recursion": (
        "local odd local function even(n) if n == 0 then return true end return odd(n - 1) end "
        "odd = function(n) if n == 0 then return false end return even(n - 1) end return function() return even(4) end"),
    "a shared table read": "local M = { a = { b = 'x' } } return function(t) return M.a.b .. (M[t.id] or '') end",
    "shared strings": "local names = { 'a', 'b' } return function() for _, n in ipairs(names) do n:upper() end end",
    "a shared table copied": (
        "local M = { a = 1 } return function() local r = {} for k, v in pairs(M) do r[k] = v end r.b = 1 return r end"),
    "a loaded module": "return function(t) return require('util').trim(t.title) end",
    "a loaded module under pcall": "return function(t) local ok, u = pcall(require, 'util') return u.trim(t.title) end",
    "host functions": (
        "local wezterm = require 'wezterm' return function(t) return wezterm.truncate_right(wezterm.format({ { Text = t.title } }), 3) end"),
    "a colour": "local wezterm = require 'wezterm' return function() return wezterm.color.parse('red'):lighten(0.1) end",
    "an action made": "local act = require('wezterm').action return function() return act.SpawnTab 'X' end",
    "a function made, not called": "local n = 0 return function() return { f = function() n = n + 1 end } end",
    "a callback handed over": "local n = 0 local w = require 'wezterm' return function() return w.action_callback(function() n = 1 end) end",
    "logging": "local wezterm = require 'wezterm' return function(t) wezterm.log_info(t) print(t) end",
    "an argument changed": "return function(t) t.title = 'x' t.user_vars.a = 1 table.sort(t.panes) end",
    "overrides": "return function(window) local o = window:get_config_overrides() or {} o.x = 1 return o end",
    "a method of a pane": "return function(t) return t.pane:get_title():gsub('x', 'y') end",
    "_ENV shadowed": "return function() local _ENV = {} x = 1 return x end",
    "a coroutine of the call": "return function() local c = coroutine.wrap(function() return 1 end) return c() end",
    "a metatable of the call": (
        "return function() local t = setmetatable({}, { __index = function(_, k) return k end }) return t.x end"),
    "a default by metatable": "local D = { a = 1 } return function() return setmetatable({}, { __index = D }).a end",
    "nil called": "return function() return missing() end",
    "goto continue": "return function(ts) local n = 0 for _, t in ipairs(ts) do if t.x then goto c end n = n + 1 ::c:: end return n end",
    "a numeric loop backwards": "return function() local r = {} for i = 3, 1, -1 do r[#r + 1] = i end return r end",
    "a clock": "return function() return os.date('%H:%M') end",
    "host state": "return function() return os.getenv('HOME') end",
    "a time given": "return function() return os.date('%H', os.time({ year = 2020, month = 1, day = 1 })) end",
    "table.pack": "return function(...) local t = table.pack(...) t.n = nil t[1] = 2 return t end",
    "table.move to a fresh table": "local M = { 1 } return function() return table.move(M, 1, 1, 1, {}) end",
    "a big constructor": "return function() local t = {" + "'x'," * 120 + "} t[121] = 1 return t end",
}  # fmt: skip

OPAQUE = {
    "popen": ("return function() local p = io.popen('date') local s = p:read('a') p:close() return s end", "calls io.popen"),
    "a random number": ("return function() return math.random(3) end", "calls math.random"),
    "a child's output": ("local w = require 'wezterm' return function() return w.run_child_process { 'x' } end", "calls wezterm.run_child_process"),
    "a file read": ("return function() for l in io.lines('/dev/null') do return l:upper() end end", "calls io.lines"),
    "a file's lines": ("return function() local f = io.open('x') for l in f:lines() do return l end end", "calls lines"),
    "glob": ("local w = require 'wezterm' return function() return #w.glob('*') end", "calls wezterm.glob"),
    "in a helper": ("local function icon() return math.random() end return function() return icon() end", "calls math.random"),
    "memory": ("return function() return collectgarbage('count') end", "calls collectgarbage"),
}  # fmt: skip


def world() -> LuaWorld:
    made = LuaWorld()
    made.module("util", "local M = {} function M.trim(s) return (s:gsub('^%s+', '')) end return M")
    return made


@pytest.mark.parametrize(("source", "reasons"), STATEFUL.values(), ids=STATEFUL.keys())
def test_stateful(source: str, reasons: list[str]) -> None:
    purity, texts = world().verdict(source)
    assert purity == "stateful", texts
    for reason in reasons:
        assert any(text.startswith(reason) for text in texts), texts


@pytest.mark.parametrize("source", PURE.values(), ids=PURE.keys())
def test_pure(source: str) -> None:
    assert world().verdict(source) == ("pure", [])


@pytest.mark.parametrize(("source", "reason"), OPAQUE.values(), ids=OPAQUE.keys())
def test_opaque(source: str, reason: str) -> None:
    purity, texts = world().verdict(source)
    assert purity == "opaque", texts
    assert any(text.startswith(reason) for text in texts), texts


def effects(source: str) -> Effects:
    return world().effects(source)


def test_the_handler_that_draws_a_clock_writes_no_lua_state() -> None:
    found = effects("""
        local wezterm = require 'wezterm'
        return function(window, pane)
          local cells = {}
          table.insert(cells, { Text = wezterm.strftime '%H:%M ' .. pane:get_title() })
          window:set_right_status(wezterm.format(cells))
        end""")
    assert not found.may_write_lua_state
    assert classify(found)[0] is Purity.STATEFUL
    assert [r.text for r in found.clock] == ["reads the clock through wezterm.strftime"]
    assert [r.text for r in found.host_reads] == ["reads host state through get_title"]
    assert not found.reads_mutable_state or {str(r.reference) for r in found.mutable_reads} == {"table"}


def test_an_assignment_to_global_is_a_write_of_the_host_and_reading_it_a_read() -> None:
    found = effects("local w = require 'wezterm' return function() w.GLOBAL.n = (w.GLOBAL.n or 0) + 1 end")
    assert not found.state_writes
    assert [r.text for r in found.host_writes] == ["writes wezterm.GLOBAL"]
    assert [r.text for r in found.host_reads] == ["reads wezterm.GLOBAL"]


def test_changes_of_arguments_are_told() -> None:
    found = effects("return function(tab) tab.title = 'x' end")
    assert [r.text for r in found.argument_writes] == ["writes field 'title' of a table from the host"]


def test_logging_is_told() -> None:
    assert [r.text for r in effects("return function() print 'x' end").logs] == ["logs through print"]


def mutable(source: str) -> set[str]:
    found = effects(source)
    return {str(read.reference) for read in found.mutable_reads}


def test_a_string_nobody_assigns_is_constant() -> None:
    assert mutable("local prefix = '>' return function(t) return prefix .. t.title end") == set()


def test_a_string_somebody_assigns_is_mutable() -> None:
    source = "local prefix = '>' on_key = function() prefix = '<' end return function(t) return prefix .. t.title end"
    assert mutable(source) == {"prefix"}


def test_a_helper_that_nobody_assigns_is_constant() -> None:
    assert mutable("local function f(x) return x end return function(t) return f(t.title) end") == set()


def test_a_table_is_read_by_path() -> None:
    source = "local M = { a = { b = 1 } } return function(t) return M.a.b + (M.list or {})[t.id] end"
    assert mutable(source) == {"M", "M.a", "M.a.b", "M.list"}


def test_elements_are_read() -> None:
    assert mutable("local icons = { x = 'y' } return function(t) return icons[t.name] end") == {
        "icons",
        "icons[...]",
    }


def test_reads_of_a_callee_count() -> None:
    source = "local M = { n = 1 } local function f() return M.n end return function() return f() end"
    assert mutable(source) == {"M", "M.n"}


def test_a_verdict_is_looked_at_anew_when_a_helper_is_replaced() -> None:
    lua = world()
    handler = lua.run("""
        M = { draw = function() return 1 end }
        local n = 0
        replace = function() M.draw = function() n = n + 1 end end
        return function() return M.draw() end""")
    first = lua.analyzer.effects(lua.function(handler), lua)
    assert classify(first)[0] is Purity.PURE
    assert lua.analyzer.effects(lua.function(handler), lua) is first
    lua.run("replace()")
    assert not first.holds(lua)
    second = lua.analyzer.effects(lua.function(handler), lua)
    assert [r.text for r in second.state_writes] == ["writes upvalue 'n'"]


def test_a_verdict_is_looked_at_anew_when_a_module_was_loaded() -> None:
    lua = world()
    handler = lua.function(lua.run("return function() return require('late').f() end"))
    assert lua.analyzer.effects(handler, lua).may_write_lua_state
    lua.module("late", "return { f = function() return 1 end }")
    assert not lua.analyzer.effects(handler, lua).may_write_lua_state


def test_a_reason_in_another_file_names_it() -> None:
    lua = world()
    lua.module("state", "local n = 0\nreturn { bump = function()\n n = n + 1 end }")
    _, texts = lua.verdict("local state = require 'state' return function() state.bump() end")
    assert texts == ["writes upvalue 'n' at line 3 of state.lua"]


def test_one_code_with_different_upvalues_is_told_apart() -> None:
    lua = world()
    pair = lua.run("""
        local n = 0
        local function make(f) return function() return f() end end
        return { make(function() n = n + 1 end), make(function() return 1 end) }""")
    first, second = lua.function(pair[1]), lua.function(pair[2])
    assert first.code == second.code
    assert lua.analyzer.effects(first, lua).may_write_lua_state
    assert not lua.analyzer.effects(second, lua).may_write_lua_state


def test_arguments_that_are_not_the_hosts_are_unknown() -> None:
    lua = world()
    handler = lua.function(lua.run("return function(t) t.x = 1 end"))
    assert not lua.analyzer.effects(handler, lua).may_write_lua_state
    assert lua.analyzer.effects(handler, lua, from_host=False).may_write_lua_state


def test_a_known_method_name_that_the_config_defines_is_not_trusted() -> None:
    lua = world()
    source = "local L = {} return function() getmetatable(L).x:upper() end"
    assert not lua.effects(source).may_write_lua_state
    lua.run("local C = {} function C:upper() self.n = 1 end")
    assert lua.effects(source).may_write_lua_state


def test_too_large_is_said() -> None:
    lua = world()

    handler = lua.function(lua.run("return function(x) " + "x = x + 1 " * 300 + " end"))
    [reason] = Analyzer(budget=100).effects(handler, lua).state_writes
    assert reason.text == "is too large to be followed"


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        (Reference(1, 0, "icons", ("bash",)), "icons.bash"),
        (Reference(1, 0, "icons", (None, "a b", 3)), "icons[...]['a b'][3]"),
        (Reference(1, 0, "_ENV", ("string", "format")), "string.format"),
        (Reference(1, 0, "_ENV", ()), "_G"),
        (Reference(1, 2, "", ("x",)), "upvalue 3.x"),
        (Reference(None, -2, "util", ("trim",)), "require 'util'.trim"),
    ],
)
def test_places_are_written_as_in_lua(reference: Reference, text: str) -> None:
    assert str(reference) == text
