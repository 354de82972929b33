"""The parser of binary chunks, against what Lua itself says of the same function."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.lua.analysis import (
    Analyzer,
    BytecodeError,
    LuaFunction,
    Reference,
    Unknown,
    parameters_read,
    parse,
)
from perilune.lua.analysis.opcodes import Op, decode, successors
from unit.lua_analysis.lua_world import LuaWorld

SOURCE = """
local up, const <const> = 1, 7
return function(a, b, ...)
  local long = "%s"
  local t = { 1, 2.5, -3, 9223372036854775807, "s", true, false, nil, x = up, const }

  for i, v in ipairs(t) do
    up = up + (function(q) return q .. v .. long end)(i)
  end
  goto out
  ::out::
  return a or b, ...
end
""" % ("l" * 300)


@pytest.fixture(scope="module")
def world() -> LuaWorld:
    return LuaWorld()


@pytest.fixture(scope="module")
def code(world: LuaWorld) -> bytes:
    return world.function(world.run(SOURCE)).code


def test_a_function_with_everything(code: bytes) -> None:
    prototype = parse(code)
    assert (prototype.parameters, prototype.is_vararg) == (2, True)
    assert prototype.source == "@wezterm.lua"
    assert prototype.file == "wezterm.lua"
    assert prototype.local_names[:3] == ("a", "b", "long")
    assert {u.name for u in prototype.upvalues} == {"_ENV", "up"}
    assert b"l" * 300 in prototype.constants
    assert 2.5 in prototype.constants
    assert 2**63 - 1 in prototype.constants
    [inner] = prototype.nested
    assert inner.parameters == 1
    assert inner.source == "@wezterm.lua"
    assert [u.name for u in inner.upvalues] == ["v", "long"]
    assert [u.in_stack for u in inner.upvalues] == [True, True]


def test_lines_are_those_that_lua_gives(world: LuaWorld) -> None:
    far = "\n" * 400
    function = world.run(f"return function(a)\n local x = a\n{far} x = x + 1\n{far} return x .. 'y'\nend")
    active = world.lua.eval(
        b"function(f) local l = {} for k in pairs(debug.getinfo(f, 'L').activelines) do l[#l + 1] = k end return l end"
    )
    prototype = parse(world.function(function).code)
    lines = {prototype.line(pc) for pc in range(len(prototype.code))}
    assert lines == set(active(function).values())


def test_many_instructions_on_one_line_and_few_on_many(world: LuaWorld) -> None:
    body = "x=x+1 " * 300 + "\n" + "x=x+1\n" * 300
    prototype = parse(world.function(world.run(f"return function(x)\n{body}return x end")).code)
    adds = [prototype.line(pc) for pc, i in enumerate(decode(prototype)) if i.op is Op.ADDI]
    assert adds == [2] * 300 + list(range(3, 303))


def test_stripped(world: LuaWorld) -> None:
    function = world.run("local up = 1 return function(a, b) up = up + 1 return b end")
    code = world.lua.eval(b"function(f) return string.dump(f, true) end")(function)
    prototype = parse(code)
    assert prototype.upvalues[0].name == ""
    assert prototype.line(0) == prototype.line_defined
    assert parameters_read(prototype, 6) == {1}
    effects = world.analyzer.effects(LuaFunction(99999, code), Nothing())
    assert effects.state_writes[0].text == "writes upvalue 'upvalue 1'"


class Nothing:
    def resolve(self, reference: Reference) -> Unknown:  # noqa: ARG002 - a World's signature

        return Unknown()

    def metamethods(self) -> list[LuaFunction]:
        return []

    def defines_method(self, name: str) -> bool:  # noqa: ARG002
        return True


def test_decoding(world: LuaWorld) -> None:
    prototype = parse(world.code("function(a) for i = 1, 10 do a = a + i end return a, -1, 1.0, {} end"))
    listing = [(i.op.name, i.a, i.x) for i in decode(prototype)]
    names = [name for name, _, _ in listing]
    assert names[:3] == ["LOADI", "LOADI", "LOADI"]
    assert ("FORPREP", 1, 2) in listing
    assert ("FORLOOP", 1, 3) in listing
    assert [x for name, _, x in listing if name == "LOADI"][-1] == -1
    assert [x for name, _, x in listing if name == "LOADF"] == [1]
    assert names[names.index("NEWTABLE") + 1] == "EXTRAARG"


def test_every_jump_lands_inside(world: LuaWorld) -> None:
    prototype = parse(world.function(world.run(SOURCE)).code)
    for part in (prototype, *prototype.nested):
        for pc, word in enumerate(part.code):
            assert all(0 <= target < len(part.code) for target in successors(word, pc))


@pytest.mark.parametrize("data", [b"", b"\x1bLua", b"\x1bLuaS\x00", b"return 1", b"\x1bLua\x53" + b"\0" * 80])
def test_something_else(data: bytes) -> None:
    with pytest.raises(BytecodeError):
        parse(data)


def test_every_truncation_is_an_error(code: bytes) -> None:
    for length in range(len(code)):
        with pytest.raises(BytecodeError):
            parse(code[:length])
    with pytest.raises(BytecodeError, match="too many"):
        parse(code + b"\0")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_is_a_bytecode_error_or_none(data: st.DataObject) -> None:
    broken = bytearray(DAMAGED)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(31, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        prototype = parse(bytes(broken))
        parameters_read(prototype)
        Analyzer(budget=2000).effects(LuaFunction(1, bytes(broken)), Nothing())
    except BytecodeError:
        pass


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_behind_a_header(tail: bytes) -> None:
    try:
        prototype = parse(DAMAGED[:31] + tail)
        parameters_read(prototype)
    except BytecodeError:
        pass


_world = LuaWorld()
DAMAGED = _world.function(_world.run(SOURCE)).code
