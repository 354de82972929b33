"""Reads what `string.dump` writes: the binary chunk of Lua 5.4, as a tree of prototypes.

It does not check that the instructions make sense; the analyses turn what they trip over into
`BytecodeError`. Pure, any thread.
"""

from __future__ import annotations

import struct
import sys
from array import array
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["BytecodeError", "Constant", "Prototype", "UpvalueDescriptor", "parse"]

Constant = bytes | int | float | bool | None

_SIGNATURE = b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n\x04\x08\x08"
_CHECK_INTEGER = 0x5678
_CHECK_NUMBER = 370.5
_MAX_DEPTH = 200  # Lua's own bound of nested functions
_MAX_SIZE = 1 << 31
_ABSOLUTE_LINE = 0x80  # -128 as a byte: this instruction's line stands in the other table

_NIL, _FALSE, _TRUE, _INTEGER, _FLOAT, _SHORT, _LONG = 0, 1, 17, 3, 19, 4, 20


class BytecodeError(ValueError):
    """The bytes are no Lua 5.4 function."""


@dataclass(frozen=True, slots=True)
class UpvalueDescriptor:
    """Where a closure takes an upvalue from when it is made.

    Attributes:
        in_stack: from a register of the enclosing function, else from one of its upvalues.
        index: which register or upvalue.
        kind: 0 for a plain local, 1 const, 2 to-be-closed, 3 a compile-time constant.
        name: as in the source; "" in a stripped function.
    """

    in_stack: bool
    index: int
    kind: int
    name: str


@dataclass(slots=True, eq=False)
class Prototype:
    """One function's code, and in `nested` those of the functions written inside it.

    Attributes:
        source: the chunk's name, "@file" or the text itself.
        parameters: how many are declared, "..." not counted.
        code: instruction words.
        local_names: names of locals in the order of their declaration, parameters first.
    """

    source: str
    line_defined: int
    last_line: int
    parameters: int
    is_vararg: bool
    stack_size: int
    code: array[int]
    constants: list[Constant]
    upvalues: tuple[UpvalueDescriptor, ...]
    nested: list[Prototype]
    local_names: tuple[str, ...] = ()
    line_steps: bytes = b""
    absolute_lines: dict[int, int] = field(default_factory=dict)

    def line(self, pc: int) -> int:
        """The source line of an instruction; where the function begins if it was stripped."""
        if pc >= len(self.line_steps):
            return self.line_defined
        line, start = self.line_defined, 0
        for at, known in self.absolute_lines.items():
            if start <= at <= pc:
                line, start = known, at + 1
        for step in self.line_steps[start : pc + 1]:
            line += step - 256 if step > 127 else step
        return line

    @property
    def file(self) -> str:
        """The chunk's name for people: the last part of a path, or "[string]"."""
        if self.source.startswith(("@", "=")):
            return self.source[1:].rpartition("/")[2]
        return "[string]"


class _Reader:
    __slots__ = ("data", "position", "swap")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.swap = False

    def take(self, count: int) -> bytes:
        start = self.position
        stop = start + count
        if stop > len(self.data):
            raise BytecodeError(f"truncated at byte {start}: {count} more bytes expected")
        self.position = stop
        return self.data[start:stop]

    def byte(self) -> int:
        try:
            value = self.data[self.position]
        except IndexError:
            raise BytecodeError(f"truncated at byte {self.position}") from None
        self.position += 1
        return value

    def size(self) -> int:
        """Seven bits a byte, the most significant first, the last with its top bit set."""
        data, position, value = self.data, self.position, 0
        try:
            while True:
                byte = data[position]
                position += 1
                value = value << 7 | byte & 0x7F
                if byte & 0x80:
                    break
                if value >= _MAX_SIZE:
                    raise BytecodeError(f"a size too large at byte {self.position}")
        except IndexError:
            raise BytecodeError(f"truncated at byte {position}") from None
        if value >= _MAX_SIZE:
            raise BytecodeError(f"a size too large at byte {self.position}")
        self.position = position
        return value

    def string(self) -> bytes | None:
        size = self.size()
        return self.take(size - 1) if size else None

    def name(self) -> str:
        text = self.string()
        return "" if text is None else text.decode("utf-8", "surrogateescape")


def parse(code: bytes) -> Prototype:
    """The function that `string.dump` wrote.

    Raises:
        BytecodeError: the bytes are something else, of another Lua, or cut short.
    """
    reader = _Reader(code)
    if reader.take(len(_SIGNATURE)) != _SIGNATURE:
        raise BytecodeError("not a function dumped by Lua 5.4 with 64-bit integers and floats")
    integer, number = reader.take(8), reader.take(8)
    if struct.unpack("<q", integer)[0] == _CHECK_INTEGER:
        order = "little"
    elif struct.unpack(">q", integer)[0] == _CHECK_INTEGER:
        order = "big"
    else:
        raise BytecodeError("integers of an unknown format")
    if struct.unpack("<d" if order == "little" else ">d", number)[0] != _CHECK_NUMBER:
        raise BytecodeError("floats of an unknown format")
    reader.swap = order != sys.byteorder
    upvalues = reader.byte()
    prototype = _function(reader, "", 0)
    if len(prototype.upvalues) != upvalues:
        raise BytecodeError("the number of upvalues is not the one announced")
    if reader.position != len(code):
        raise BytecodeError(f"{len(code) - reader.position} bytes too many")
    return prototype


def _function(reader: _Reader, outer_source: str, depth: int) -> Prototype:
    if depth > _MAX_DEPTH:
        raise BytecodeError("functions nested too deeply")
    source = reader.name() or outer_source
    line_defined, last_line = reader.size(), reader.size()
    parameters, is_vararg, stack_size = reader.byte(), reader.byte(), reader.byte()
    words = array("I")
    words.frombytes(reader.take(reader.size() * 4))
    if reader.swap:
        words.byteswap()
    constants = [_constant(reader) for _ in range(reader.size())]
    count = reader.size()
    raw = reader.take(count * 3)
    nested = [_function(reader, source, depth + 1) for _ in range(reader.size())]
    line_steps = reader.take(reader.size())
    absolute = {reader.size(): reader.size() for _ in range(reader.size())}
    local_names = []
    for _ in range(reader.size()):
        local_names.append(reader.name())
        reader.size()
        reader.size()
    names = [reader.name() for _ in range(reader.size())]
    if names and len(names) != count:
        raise BytecodeError("the number of upvalue names is wrong")
    if not words:
        raise BytecodeError("a function without code")
    if parameters > stack_size:
        raise BytecodeError("more parameters than registers")
    upvalues = tuple(
        UpvalueDescriptor(bool(raw[3 * i]), raw[3 * i + 1], raw[3 * i + 2], names[i] if names else "")
        for i in range(count)
    )
    return Prototype(
        source, line_defined, last_line, parameters, bool(is_vararg), stack_size, words, constants,
        upvalues, nested, tuple(local_names), line_steps, absolute,
    )  # fmt: skip


def _constant(reader: _Reader) -> Constant:
    tag = reader.byte()
    if tag in (_SHORT, _LONG):
        text = reader.string()
        if text is None:
            raise BytecodeError("a string constant without text")
        return text
    if tag == _INTEGER:
        return int.from_bytes(reader.take(8), _order(reader), signed=True)
    if tag == _FLOAT:
        value: float = struct.unpack("<d" if _order(reader) == "little" else ">d", reader.take(8))[0]
        return value
    if tag == _NIL:
        return None
    if tag in (_FALSE, _TRUE):
        return tag == _TRUE
    raise BytecodeError(f"a constant of unknown type {tag}")


def _order(reader: _Reader) -> Literal["little", "big"]:
    little = (sys.byteorder == "little") != reader.swap
    return "little" if little else "big"
