"""Which parameters matter: a table of functions, each with what a careful reader would say."""

from __future__ import annotations

import pytest

from perilune.lua.analysis import parameters_read, parse
from unit.lua_analysis.lua_world import LuaWorld

READ = {
    "in a branch": ("function(a, b) if b then return 1 end return 2 end", {1}),
    "in a branch of a branch": ("function(a, b, c) if a then if b then return c end end end", {0, 1, 2}),
    "returned": ("function(a, b) return a end", {0}),
    "the second returned": ("function(a, b) return b end", {1}),
    "all returned": ("function(a, b) return a, b end", {0, 1}),
    "none": ("function(a, b) return 'x' end", set()),
    "none declared": ("function() return 'x' end", set()),
    "passed to a helper": ("function(a, b) return helper(b) end", {1}),
    "passed to a method": ("function(a, b) return a:m(b) end", {0, 1}),
    "the object of a method": ("function(a, b) return b:m() end", {1}),
    "passed as the last of several": ("function(a, b) return helper(1, 2, b) end", {1}),
    "passed beside a call": ("function(a, b) return helper(b, other()) end", {1}),
    "called": ("function(a, b) return b() end", {1}),
    "formatted": ("function(a, b) return string.format('%s', b) end", {1}),
    "concatenated": ("function(a, b) return 'x' .. b .. 'y' end", {1}),
    "compared with a parameter": ("function(a, b) return a == b end", {0, 1}),
    "compared with a constant": ("function(a, b) return b == 'x' end", {1}),
    "compared with a small number": ("function(a, b) return b > 3 end", {1}),
    "compared with a small number, turned": ("function(a, b) return 3 >= b end", {1}),
    "less than a parameter": ("function(a, b) return a < b end", {0, 1}),
    "compared with nil": ("function(a, b) return b ~= nil end", {1}),
    "negated": ("function(a, b) return not b end", {1}),
    "negated for nothing": ("function(a, b) local n = not b return 1 end", set()),
    "and": ("function(a, b) return a and b end", {0, 1}),
    "or": ("function(a, b) return a or b end", {0, 1}),
    "and or": ("function(a, b) return a and 'x' or b end", {0, 1}),
    "arithmetic": ("function(a, b) return b - 2 end", {1}),
    "arithmetic whose result is dropped": ("function(a, b) local x = b + 1 return 1 end", {1}),
    "bits": ("function(a, b) return b << 2, 1 << a end", {0, 1}),
    "unary minus": ("function(a, b) return -b end", {1}),
    "length": ("function(a, b) return #b end", {1}),
    "a field": ("function(a, b) return b.x end", {1}),
    "an element": ("function(a, b) return b[1] end", {1}),
    "as a key": ("function(a, b) return a[b] end", {0, 1}),
    "as a key of a global": ("function(a, b) return icons[b] end", {1}),
    "stored into": ("function(a, b) b.x = 1 end", {1}),
    "stored": ("function(a, b) a.x = b end", {0, 1}),
    "stored at a key": ("function(a, b) a[b] = 1 end", {0, 1}),
    "stored at an index": ("function(a, b) a[1] = b end", {0, 1}),
    "assigned to a global": ("function(a, b) g = b end", {1}),
    "assigned to an upvalue": ("(function() local u return function(a, b) u = b end end)()", {1}),
    "in a table constructor's list": ("function(a, b) return { 1, b, 2 } end", {1}),
    "in a table constructor's fields": ("function(a, b) return { x = b } end", {1}),
    "in a table constructor at the end": ("function(a, b) return { 1, helper(b) } end", {1}),
    "copied and not used": ("function(a, b) local c = b return a end", {0}),
    "copied twice and not used": ("function(a, b) local c = b local d = c return a end", {0}),
    "copied and used": ("function(a, b) local c = b return c end", {1}),
    "copied twice and used": ("function(a, b) local c = b local d = c return d end", {1}),
    "copied, then the copy overwritten": ("function(a, b) local c = b c = a return c end", {0}),
    "shadowed": ("function(a, b) local b = 1 return b end", set()),
    "shadowed in a block, read behind it": ("function(a, b) do local b = 1 g(b) end return b end", {1}),
    "overwritten first": ("function(a, b) b = 1 return b end", set()),
    "overwritten in both branches": ("function(a, b) if a then b = 1 else b = 2 end return b end", {0}),
    "overwritten in one branch": ("function(a, b) if a then b = 1 end return b end", {0, 1}),
    "overwritten with itself": ("function(a, b) b = b return 1 end", set()),
    "given a default": ("function(a, b) b = b or 3 return 1 end", {1}),
    "exchanged": ("function(a, b) a, b = b, a return a end", {1}),
    "exchanged, the other": ("function(a, b) a, b = b, a return b end", {0}),
    "set by multiple results": ("function(a, b) a, b = f() return a, b end", set()),
    "set to nil with others": ("function(a, b, c) a, b = nil return b, c end", {2}),
    "captured": ("function(a, b) return function() return b end end", {1}),
    "captured twice over": ("function(a, b) return function() return function() return b end end end", {1}),
    "captured and only assigned": ("function(a, b) return function() b = 1 end end", set()),
    "captured, assigned and read": ("function(a, b) return function() b = 1 return b end end", {1}),
    "captured as a table written to": ("function(a, b) return function() b.x = 1 end end", {1}),
    "captured by a function that nobody uses": ("function(a, b) local f = function() return b end return 1 end", set()),
    "captured by a function called": ("function(a, b) local function f() return b end return f() end", {1}),
    "carried into a captured variable": (
        "function(a, b) local x local f = function() return x end x = b return f() end", {1}),
    "carried into a captured variable in a loop": (
        "function(a, b) local x local f = function() return x end for i = 1, 2 do f() x = b end end", {1}),
    "overwritten, then captured": ("function(a, b) b = 1 return function() return b end end", set()),
    "captured by one and assigned by another": (
        "function(a, b) local s = function() b = 1 end local g = function() return b end s() return g() end", {1}),
    "a parameter of the nested function": ("function(a, b) return function(b) return b end end", set()),
    "numeric loop limit": ("function(a, b) for i = 1, b do f() end end", {1}),
    "numeric loop start": ("function(a, b) for i = b, 3 do f() end end", {1}),
    "numeric loop step": ("function(a, b) for i = 1, 3, b do end end", {1}),
    "loop variable of the same name": ("function(a, b) for b = 1, 3 do f(b) end end", set()),
    "iterated": ("function(a, b) for k, v in pairs(b) do f(k) end end", {1}),
    "the iterator": ("function(a, b) for k in b do end end", {1}),
    "in a loop, from the round before": ("function(a, b) local x for i = 1, 2 do f(x) x = b end end", {1}),
    "set in a numeric loop that may not run": ("function(a, b) for i = 1, a do b = i end return b end", {0, 1}),
    "set in a generic loop that may not run": ("function(a, b) for k in pairs(a) do b = k end return b end", {0, 1}),
    "set in a while loop that may not run": ("function(a, b) while a do b = 1 a = f() end return b end", {0, 1}),
    "in a loop, set before use": ("function(a, b) for i = 1, 2 do b = i f(b) end end", set()),
    "in a loop, set after use": ("function(a, b) for i = 1, 2 do f(b) b = i end end", {1}),
    "while": ("function(a, b) while b do b = f() end end", {1}),
    "repeat": ("function(a, b) repeat local x = f() until x == b end", {1}),
    "repeat sets first": ("function(a, b) repeat b = f() until b end", set()),
    "goto around the read": ("function(a, b) goto done do return b end ::done:: return a end", {0}),
    "goto back to a read": ("function(a, b) ::top:: f(b) b = 1 if a then goto top end end", {0, 1}),
    "goto back behind a write": ("function(a, b) b = 1 ::top:: f(b) if a then goto top end end", {0}),
    "behind a return": ("function(a, b) do return a end return b end", {0}),
    "varargs not used": ("function(a, ...) return a end", {0}),
    "varargs passed on": ("function(a, ...) return f(...) end", {1, 2, 3, 4, 5}),
    "varargs counted": ("function(...) return select('#', ...) end", {0, 1, 2, 3, 4, 5}),
    "varargs unpacked into locals": ("function(...) local a, b = ... return a end", {0, 1, 2, 3, 4, 5}),
    "varargs packed": ("function(a, ...) local t = { ... } return #t end", {1, 2, 3, 4, 5}),
    "debug.getlocal": ("function(a, b) return debug.getlocal(1, 2) end", {0, 1}),
    "debug by another way": ("function(a, b) local d = _G['debug'] return d end", {0, 1}),
    "debug required": ("function(a, b) return require 'debug' end", {0, 1}),
    "debug.traceback": ("function(a, b) return xpcall(f, debug.traceback, a) end", {0}),
    "to be closed": ("function(a, b) local x <close> = b return 1 end", {1}),
    "const": ("function(a, b) local x <const> = b return x end", {1}),
    "const not used": ("function(a, b) local x <const> = b return 1 end", set()),
    "many constants": (
        "function(a, b) local t = {" + ",".join(f"'k{i}'" for i in range(300)) + "} return t, a end", {0}),
    "a constant too far for the instruction": (
        "function(a, b) local t = {" + ",".join(f"'k{i}'" for i in range(300)) + "} return b == 'far' end", {1}),
    "tail call": ("function(a, b) return f(a) end", {0}),
    "tail call of a method": ("function(a, b) return b:f(a) end", {0, 1}),
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> LuaWorld:
    return LuaWorld()


@pytest.mark.parametrize(("source", "expected"), READ.values(), ids=READ.keys())
def test_reads(world: LuaWorld, source: str, expected: set[int]) -> None:
    assert parameters_read(parse(world.code(source)), given=6) == expected


HEADER = "function(tab, tabs, panes, config, hover, max_width)"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if hover then return 'h' end return tab.tab_title", {0, 4}),
        ("return wezterm.truncate_right(tab.active_pane.title, max_width - 2)", {0, 5}),
        ("local w = math.min(max_width, 20) local h = hover return ('x'):rep(w)", {5}),
        ("return { { Text = tab.active_pane.title } }", {0}),
        ("return (tab.is_active and 'a') or (hover and 'h') or 'n'", {0, 4}),
        ("local function colour() return hover and 'a' or 'b' end return colour()", {4}),
        ("for i, p in ipairs(panes) do if p.is_active then return p.title end end", {2}),
        ("return style(tab, { hover = hover, width = max_width })", {0, 4, 5}),
    ],
)
def test_title_callbacks(world: LuaWorld, body: str, expected: set[int]) -> None:
    assert parameters_read(parse(world.code(f"{HEADER} {body} end")), given=6) == expected


def test_what_is_not_declared_is_not_read(world: LuaWorld) -> None:
    assert parameters_read(parse(world.code("function(tab) return hover end"))) == set()


def test_no_more_than_given(world: LuaWorld) -> None:
    assert parameters_read(parse(world.code("function(a, b, ...) return a, b, ... end")), given=1) == {0}


def test_kept_by_bytes(world: LuaWorld) -> None:
    code = world.code("function(a, b) return b end")
    assert world.analyzer.parameters_read(code, 6) is world.analyzer.parameters_read(bytes(code), 6)
