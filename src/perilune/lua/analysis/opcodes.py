"""The instruction set of Lua 5.4: the opcodes by name, and the fields of an instruction word.

A word is 32 bits; from the lowest: 7 of opcode, 8 of A, 1 of k, 8 of B, 8 of C. Other formats join fields: Bx
is k, B and C (17 bits, sBx when signed), Ax and sJ are everything above the opcode (25 bits). Signed fields
are stored with an offset.

The analyses take the fields out of the words themselves, for speed; `decode` is for reading and for tests.
Pure, any thread.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from perilune.lua.analysis.dump import BytecodeError, Prototype

__all__ = ["JUMP_OFFSET", "SBX_OFFSET", "SMALL_OFFSET", "Format", "Instruction", "Op", "decode", "successors"]

SBX_OFFSET = (1 << 16) - 1
JUMP_OFFSET = (1 << 24) - 1
SMALL_OFFSET = 127  # of a signed B or C


class Op(IntEnum):
    """Opcodes, in the order of the format."""

    MOVE = 0
    LOADI = 1
    LOADF = 2
    LOADK = 3
    LOADKX = 4
    LOADFALSE = 5
    LFALSESKIP = 6
    LOADTRUE = 7
    LOADNIL = 8
    GETUPVAL = 9
    SETUPVAL = 10
    GETTABUP = 11
    GETTABLE = 12
    GETI = 13
    GETFIELD = 14
    SETTABUP = 15
    SETTABLE = 16
    SETI = 17
    SETFIELD = 18
    NEWTABLE = 19
    SELF = 20
    ADDI = 21
    ADDK = 22
    SUBK = 23
    MULK = 24
    MODK = 25
    POWK = 26
    DIVK = 27
    IDIVK = 28
    BANDK = 29
    BORK = 30
    BXORK = 31
    SHRI = 32
    SHLI = 33
    ADD = 34
    SUB = 35
    MUL = 36
    MOD = 37
    POW = 38
    DIV = 39
    IDIV = 40
    BAND = 41
    BOR = 42
    BXOR = 43
    SHL = 44
    SHR = 45
    MMBIN = 46
    MMBINI = 47
    MMBINK = 48
    UNM = 49
    BNOT = 50
    NOT = 51
    LEN = 52
    CONCAT = 53
    CLOSE = 54
    TBC = 55
    JMP = 56
    EQ = 57
    LT = 58
    LE = 59
    EQK = 60
    EQI = 61
    LTI = 62
    LEI = 63
    GTI = 64
    GEI = 65
    TEST = 66
    TESTSET = 67
    CALL = 68
    TAILCALL = 69
    RETURN = 70
    RETURN0 = 71
    RETURN1 = 72
    FORLOOP = 73
    FORPREP = 74
    TFORPREP = 75
    TFORCALL = 76
    TFORLOOP = 77
    SETLIST = 78
    CLOSURE = 79
    VARARG = 80
    VARARGPREP = 81
    EXTRAARG = 82


class Format(IntEnum):
    """How the operands lie in the word."""

    ABC = 0
    ABX = 1
    ASBX = 2
    AX = 3
    SJ = 4


_FORMATS = {
    Op.LOADI: Format.ASBX, Op.LOADF: Format.ASBX, Op.LOADK: Format.ABX, Op.LOADKX: Format.ABX,
    Op.JMP: Format.SJ, Op.FORLOOP: Format.ABX, Op.FORPREP: Format.ABX, Op.TFORPREP: Format.ABX,
    Op.TFORLOOP: Format.ABX, Op.CLOSURE: Format.ABX, Op.EXTRAARG: Format.AX,
}  # fmt: skip


class Instruction(NamedTuple):
    """A decoded word. `x` is Bx, sBx, Ax or sJ with its sign; 0 in the ABC format. B and C are unsigned."""

    op: Op
    a: int
    b: int
    c: int
    k: bool
    x: int


def decode(prototype: Prototype) -> list[Instruction]:
    """All instructions of a function, not of those nested in it."""
    result = []
    for pc, word in enumerate(prototype.code):
        if word & 0x7F > Op.EXTRAARG:
            raise BytecodeError(f"no opcode {word & 0x7F}, at instruction {pc}")
        op = Op(word & 0x7F)
        kind = _FORMATS.get(op, Format.ABC)
        a = word >> 7 & 0xFF
        if kind is Format.ABC:
            result.append(Instruction(op, a, word >> 16 & 0xFF, word >> 24, bool(word & 0x8000), 0))
        elif kind is Format.ABX:
            result.append(Instruction(op, a, 0, 0, False, word >> 15))
        elif kind is Format.ASBX:
            result.append(Instruction(op, a, 0, 0, False, (word >> 15) - SBX_OFFSET))
        elif kind is Format.AX:
            result.append(Instruction(op, 0, 0, 0, False, word >> 7))
        else:
            result.append(Instruction(op, 0, 0, 0, False, (word >> 7) - JUMP_OFFSET))
    return result


_SKIPPING = frozenset({Op.LFALSESKIP, Op.LOADKX, Op.NEWTABLE, *range(Op.ADDI, Op.MMBIN)})
_LEAVING = frozenset({Op.TAILCALL, Op.RETURN, Op.RETURN0, Op.RETURN1})


def successors(word: int, pc: int) -> tuple[int, ...]:
    """Where control can go from an instruction.

    An arithmetic instruction and the MMBIN behind it, which calls the metamethod, count as one: both read the
    same registers, and set the same one. LOADKX and NEWTABLE take their EXTRAARG along likewise.
    """
    op = word & 0x7F
    if op in _SKIPPING:
        return (pc + 2,)
    if op < Op.JMP or op == Op.CALL:
        return (pc + 1,)
    if op == Op.JMP:
        return (pc + 1 + (word >> 7) - JUMP_OFFSET,)
    if op <= Op.TESTSET:
        return (pc + 1, pc + 2)
    if op in _LEAVING:
        return ()
    if op in (Op.FORLOOP, Op.TFORLOOP):
        return (pc + 1, pc + 1 - (word >> 15))
    if op == Op.FORPREP:
        return (pc + 1, pc + 2 + (word >> 15))
    if op == Op.TFORPREP:
        return (pc + 1 + (word >> 15),)
    if op == Op.SETLIST and word & 0x8000:
        return (pc + 2,)
    return (pc + 1,)
