"""What the analysis says of random functions, against what real Lua does with them.

The analysis may be too careful, never too bold: a parameter that is not read changes nothing, a function without
state writes leaves globals and upvalues as they were, state that is not read has no bearing on the result.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perilune.lua.analysis import parameters_read, parse
from unit.lua_analysis.lua_world import LuaWorld

pytestmark = pytest.mark.slow

HARNESS = b"""
local function show(value, seen)
  local kind = type(value)
  if kind == "function" or kind == "thread" then return kind end
  if kind ~= "table" then return kind .. ":" .. tostring(value) end
  if seen[value] then return "#" .. seen[value] end
  seen.n = seen.n + 1
  seen[value] = seen.n
  local parts = {}
  for k, v in next, value do
    parts[#parts + 1] = { type(k) == "table" and "t" or tostring(k), k, v }
  end
  table.sort(parts, function(x, y) return x[1] < y[1] end)
  local out = {}
  for i, part in ipairs(parts) do out[i] = part[1] .. "=" .. show(part[3], seen) end
  local meta = getmetatable(value)
  return "{" .. table.concat(out, ",") .. (meta and show(meta, seen) or "") .. "}"
end
return function(f, steps, ...)
  local co = coroutine.create(function(...) return table.pack(pcall(f, ...)) end)
  debug.sethook(co, function() error("too long", 0) end, "", steps)
  local ok, results = coroutine.resume(co, ...)
  if not ok then results = { false, tostring(results) } end
  if type(results[2]) == "string" and results[1] == false then
    results[2] = results[2]:gsub("%(.*%)", ""):gsub("0x%x+", "")
  end
  return show(results, { n = 0 })
end, function(value) return show(value, { n = 0 }) end
"""

PARAMETERS = ("a", "b", "c", "d")
LOCALS = ("x", "y", "z")
STATE = ("n", "s", "M", "L")
GLOBALS = ("g", "T")
DEAD = ("c", "d")  # parameters that are only copied and overwritten
RESERVED = (*STATE, *GLOBALS)


@st.composite
def expressions(draw: st.DrawFn, names: tuple[str, ...], depth: int = 2) -> str:
    kind = draw(st.integers(0, 20 if depth else 3))
    if kind <= 2:
        return draw(st.sampled_from(names))
    if kind <= 3:
        return draw(st.sampled_from(("1", "2.5", "'k'", "nil", "true", "false", "{}")))
    one = expressions(names, depth - 1)
    if kind <= 5:
        return f"({draw(one)} {draw(st.sampled_from(('and', 'or', '==', '~=')))} {draw(one)})"
    if kind == 6:
        return f"(num({draw(one)}) + num({draw(one)}))"
    if kind == 7:
        return f"(text({draw(one)}) .. text({draw(one)}))"
    if kind == 8:
        return f"not {draw(one)}"
    if kind == 9:
        return f"{{ {draw(one)}, f = {draw(one)}, [text({draw(one)})] = {draw(one)} }}"
    if kind == 10:
        return f"tab({draw(one)}).f"
    if kind == 11:
        return f"tab({draw(one)})[1]"
    if kind == 12:
        return f"tab({draw(one)})[key({draw(one)})]"
    if kind == 13:
        return f"(function(p, q) {draw(blocks((*names, 'p', 'q'), depth - 1))} return p end)({draw(one)}, {draw(one)})"
    if kind == 14:
        return f"id({draw(one)})"
    if kind == 15:
        return f"select(2, pcall(id, {draw(one)}))"
    if kind == 16:
        return f"select(-1, {draw(one)}, {draw(one)})"
    if kind == 17:
        return f"setmetatable({{ {draw(one)} }}, {{ __index = tab({draw(one)}) }})"
    if kind == 18:
        return f"text({draw(one)}):upper()"
    if kind == 19:
        return f"pair({draw(one)}, {draw(one)})"
    return f"twice(function(p) {draw(blocks((*names, 'p'), depth - 1))} return {draw(one)} end)"


@st.composite
def statements(draw: st.DrawFn, names: tuple[str, ...], depth: int) -> str:
    kind = draw(st.integers(0, 21 if depth else 7))
    one = expressions(names, max(depth, 1))
    # Written to are mostly variables of the call, so that a write of state comes by an alias, if at all.
    own = tuple(name for name in names if name not in RESERVED)
    name = draw(st.sampled_from(names if draw(st.integers(0, 25)) == 0 else own))
    local = draw(st.sampled_from(LOCALS))
    if kind <= 1:
        return f"local {local} = {draw(one)}"
    if kind <= 3:
        return f"{name} = {draw(one)}"
    if kind == 4:
        return f"{local} = {draw(st.sampled_from(names + DEAD))}"
    if kind == 5:
        return f"if type({name}) == 'table' then {name}[key({draw(one)})] = {draw(one)} end"
    if kind == 6:
        return f"if type({name}) == 'table' then {name}.f = {draw(one)} end"
    if kind == 7:
        return f"local t = {{}} t.f = {draw(one)} t[1] = {draw(one)} {local} = t"
    inner = blocks(names, depth - 1)
    if kind == 8:
        return f"if {draw(one)} then {draw(inner)} else {draw(inner)} end"
    if kind == 9:
        return f"for i = 1, 2 do {draw(blocks((*names, 'i'), depth - 1))} end"
    if kind == 10:
        return f"for k, v in pairs(tab({draw(one)})) do {draw(blocks((*names, 'v'), depth - 1))} break end"
    if kind == 11:
        return f"for k, v in ipairs(tab({draw(one)})) do {draw(blocks((*names, 'k', 'v'), depth - 1))} end"
    if kind == 12:
        return f"local function h(p, ...) {draw(blocks((*names, 'p'), depth - 1))} return p, ... end h({draw(one)}, {draw(one)})"
    if kind == 13:
        return f"local h = function() {draw(inner)} return {draw(one)} end {draw(inner)} {local} = h()"
    if kind == 14:
        return f"do {draw(inner)} end"
    if kind == 15:
        return (
            f"do local again = 0 ::top{depth}:: {draw(inner)} again = again + 1 "
            f"if again < 3 then goto top{depth} end end"
        )
    if kind == 16:
        return f"if {draw(one)} then return {draw(one)} end"
    if kind == 17:
        return f"if type({name}) == 'table' then table.insert({name}, {draw(one)}) end"
    if kind == 20:
        return f"for i = 1, limit({draw(one)}) do {draw(inner)} end"
    if kind == 21:
        return f"{draw(st.sampled_from(DEAD))} = {draw(one)}"
    if kind == 18:
        return f"repeat local r = {draw(one)} {draw(inner)} until true or r"
    return f"{name}, {local} = {draw(one)}, {draw(one)}"


@st.composite
def blocks(draw: st.DrawFn, names: tuple[str, ...], depth: int) -> str:
    count = draw(st.integers(0, 3))
    return "\n".join(draw(statements(names, depth)) for _ in range(count))


PRELUDE = """
local n, s, M, L = 1, "s", { f = { 1 }, k = "v" }, { { 1 }, { f = 2 } }
g, T = 1, { f = {} }
local function num(v) return type(v) == 'number' and v or 0 end
local function limit(v) return v and 1 or 0 end
local function text(v) return type(v) == 'string' and v or 't' end
local function tab(v) if type(v) == 'table' then return v end return {} end
local function key(v) return type(v) ~= 'table' and type(v) ~= 'function' and v or 1 end
local function id(v) return v end
local function pair(u, v) return { u, v } end
local function twice(f) f(1) return f(2) end
"""
LOCAL = "local x, y, z\n"
# What a snapshot is taken of. The generated function sees the same variables.
SNAPSHOT = "snapshot = function() return { n, s, M, L, g, T } end\n"
SETTERS = """
change = {
  n = function() n = 77 end, s = function() s = "changed" end,
  M = function() M.f = { 5, f = 6 } M.k = nil M[1] = 3 end, L = function() L[1][1] = 8 L[3] = { 4 } end,
  g = function() g = 99 end, T = function() T.f = 5 T[1] = {} end,
}
"""
VALUES = st.sampled_from(("1", "2", "'k'", "'q'", "nil", "true", "false", "{ 1, f = 2 }", "{ f = { 3 } }"))


def world() -> tuple[LuaWorld, Any, Any]:
    made = LuaWorld()
    call, show = made.lua.execute(HARNESS)
    return made, call, show


SETTINGS = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SETTINGS
@given(st.data())
def test_a_parameter_that_is_not_read_changes_nothing(data: st.DataObject) -> None:
    names = data.draw(
        st.sampled_from([(*PARAMETERS[:2], *LOCALS), LOCALS, ("a", *LOCALS), (*PARAMETERS, *LOCALS)])
    )
    body = data.draw(blocks(names, 3))
    last = data.draw(expressions(names, 2))
    source = f"{PRELUDE} return function(a, b, c, d) {LOCAL} {body}\n return {last} end"
    lua, call, _ = world()
    function = lua.run(source)
    read = parameters_read(parse(lua.function(function).code), given=4)
    if len(read) == 4:
        return
    first = [data.draw(VALUES) for _ in PARAMETERS]
    second = [one if index in read else data.draw(VALUES) for index, one in enumerate(first)]
    results = []
    for values in (first, second):  # in one state, where pairs() gives one order
        again = lua.run(source)
        results.append(call(again, 20000, *lua.run(f"return {', '.join(values)}")))
    assert results[0] == results[1], (source, read, first, second)


@SETTINGS
@given(st.data())
def test_a_function_without_state_writes_leaves_all_as_it_was(data: st.DataObject) -> None:
    names = (
        *PARAMETERS[:2],
        *LOCALS,
        *LOCALS,
        *data.draw(st.sampled_from([STATE, GLOBALS, (*STATE, *GLOBALS)])),
    )
    body = data.draw(blocks(names, 3))
    source = f"{PRELUDE}{SNAPSHOT} return function(a, b, c, d) {LOCAL} {body}\n return x end"
    lua, call, show = world()
    function = lua.run(source)
    effects = lua.analyzer.effects(lua.function(function), lua)
    snapshot = lua.lua.globals()[b"snapshot"]
    before = show(snapshot())
    arguments = lua.run("return { 1, f = { 2 } }, 'k', {}, 3")
    call(function, 20000, *arguments)
    if not effects.may_write_lua_state:
        assert show(snapshot()) == before, source


@SETTINGS
@given(st.data())
def test_state_that_is_not_read_has_no_bearing(data: st.DataObject) -> None:
    names = (*PARAMETERS[:2], *LOCALS, *STATE, *GLOBALS)
    body = data.draw(blocks(names, 2))
    source = f"{PRELUDE}{SETTERS} return function(a, b, c, d) {LOCAL} {body}\n return x, y end"
    lua, call, _ = world()
    effects = lua.analyzer.effects(lua.function(lua.run(source)), lua)
    if effects.may_write_lua_state:
        return
    read = {
        read.reference.fields[0] if read.reference.is_global else read.reference.name
        for read in effects.reads
    }
    unread = [name for name in (*STATE, *GLOBALS) if name not in read]
    results = []
    for changing in (False, True):
        function = lua.run(source)
        if changing:
            lua.run("; ".join(f"change.{name}()" for name in unread))
        results.append(call(function, 20000, *lua.run("return { 1, f = { 2 } }, 'k', {}, 3")))
    assert results[0] == results[1], (source, unread)


# Two small languages in which nothing fails, so that long detours of one value come to pass.

CHAIN = ("x", "y", "z")


@st.composite
def detours(draw: st.DrawFn, depth: int, tables: bool) -> str:
    """Statements that hand values around between x, y, z; a value that another could stand for is in <>."""
    out = []
    for _ in range(draw(st.integers(1, 4))):
        v = draw(st.sampled_from(CHAIN))
        w, w2 = (f"<{draw(st.sampled_from(CHAIN))}>" for _ in range(2))
        inner = detours(depth - 1, tables)
        plain = [
            f"{v} = {w}",
            f"{v} = id({w})",
            f"{v} = select(2, pcall(id, {w}))",
            f"do local u = {w} local get = function() return u end u = {w2} {v} = get() end",
            f"do local set = function(q) {v} = q end set({w}) end",
            f"do local function h(...) local _, q = ... return 1, q end _, {v} = h({w}, {w2}) end",
            f"{v}, {draw(st.sampled_from(CHAIN))} = {w}, {w2}",
            f"{v} = (function() return {w} end)()",
        ]
        if tables:
            plain += [
                f"{v} = {{ {w}, f = {w2} }}",
                f"{v} = {w}.f or {v}",
                f"{v} = {w}[1] or {v}",
                f"{v}.f = {w}",
                f"{v}[1] = {w}",
                f"table.insert({v}, {w})",
                f"{v}[#{v} + 1] = {w}",
                f"{v} = setmetatable({{}}, {{ __index = {w} }})",
                f"{v} = setmetatable({{}}, {{ __newindex = {w} }})",
                f"{v} = select(2, next({w})) or {v}",
                f"{v} = table.unpack({w}) or {v}",
                f"{v}.mark = 1",
                f"{v}.mark = 1",
            ]
        else:
            plain += [
                f"{v} = {v} and {w}",
                f"{v} = {w} or {w2}",
                f"{v} = not {w}",
                f"{w[1:-1]} = {w2}",
                f"{w[1:-1]} = 5",
            ]
        kind = draw(st.integers(0, 3 if depth else 1))
        if kind <= 1:
            out.append(draw(st.sampled_from(plain)))
        elif kind == 2:
            out.append(
                draw(
                    st.sampled_from(
                        [
                            "if COND then A else B end",
                            "if COND then A end",
                            "for i = 1, 2 do A end",
                            "for i = 2, COUNT do A end",
                            "do local late = function() A end B late() end",
                            "do local n = 0 ::LABEL:: A n = n + 1 if n < 2 then goto LABEL end end",
                            "repeat local u = W local keep = function() return u end A V = keep() until true",
                        ]
                    )
                )
                .replace("COND", f"#{w} > 1" if tables else w)
                .replace("COUNT", f"#{w}" if tables else f"({w} and 2 or 1)")
                .replace("LABEL", f"again{depth}")
                .replace("W", w)
                .replace("V", v)
                .replace("A", draw(inner))
                .replace("B", draw(inner))
            )
        elif tables:
            out.append(f"for _, e in ipairs({w}) do {v} = e {draw(inner)} end")
    return " ".join(out)


def placed(data: st.DataObject, body: str, sources: tuple[str, ...]) -> str:
    """The statements, with one value or two being a source: what comes of it took the detour, or came to nothing."""
    parts = re.split(r"<(\w+)>", body)  # every second one is a name
    for _ in range(data.draw(st.integers(1, 2))):
        if len(parts) > 1:
            index = data.draw(st.integers(0, len(parts) // 2 - 1)) * 2 + 1
            parts[index] = data.draw(st.sampled_from(sources))
    return "".join(parts)


@settings(parent=SETTINGS, max_examples=250)
@given(st.data())
def test_no_detour_hides_a_write(data: st.DataObject) -> None:
    sources = data.draw(st.sampled_from([("M",), ("L",), ("T",), ("M", "T")]))
    body = placed(data, data.draw(detours(3, tables=True)), sources)
    start = "local x, y, z = {}, {}, {} local _\n"
    source = f"{DETOURS}{SNAPSHOT} return function() {start} {body}\n x.mark = 1 end"
    lua, call, show = world()
    function = lua.run(source)
    effects = lua.analyzer.effects(lua.function(function), lua)
    snapshot = lua.lua.globals()[b"snapshot"]
    before = show(snapshot())
    call(function, 20000)
    if not effects.may_write_lua_state:
        assert show(snapshot()) == before, source


@settings(parent=SETTINGS, max_examples=250)
@given(st.data())
def test_no_detour_hides_a_read(data: st.DataObject) -> None:
    sources = data.draw(st.sampled_from([("a",), ("a", "b"), ("b", "c", "d")]))
    body = placed(data, data.draw(detours(3, tables=False)), sources)
    source = f"{DETOURS} return function(a, b, c, d) local x, y, z = 1, 2, 3 local _\n {body}\n return x end"
    lua, call, _ = world()
    read = parameters_read(parse(lua.function(lua.run(source)).code), given=4)
    first = [10, 20, 30, 40]
    for other in (True, False, 99):
        second = [one if index in read else other for index, one in enumerate(first)]
        results = [call(lua.run(source), 20000, *values) for values in (first, second)]
        assert results[0] == results[1], (source, read)


DETOURS = """
local n, s, M, L = 1, "s", { f = {}, {} }, { { f = {} }, {} }
g, T = 1, { f = {} }
local function id(v) return v end
"""
