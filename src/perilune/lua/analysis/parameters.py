"""Which parameters can a function's outcome depend on? Liveness of registers over the bytecode.

A parameter lies in the register of its number when the function starts. It is read if, on some path, an
instruction uses that register before another one sets it. An instruction that only carries a value on (MOVE,
NOT, making a closure) uses its operand only if what it sets is used in turn. What is passed to a call,
stored, compared or tested counts as read, whatever comes of it: this may say "read" of a parameter that
changes nothing, and never the other way round.

Captured variables are shared with closures, out of sight of the registers: making a closure uses what the
closure, or one inside it, reads; and what is carried into a register that any closure captures counts as
used.

Not seen, because a config has no such thing: another function that looks into the caller's locals through the
`debug` library. A function that itself names `debug` for more than `debug.traceback` reads everything.
Pure, any thread.
"""

from __future__ import annotations

from perilune.lua.analysis.dump import BytecodeError, Prototype
from perilune.lua.analysis.opcodes import Op, successors

__all__ = ["parameters_read"]

_MOST = 255

# What an instruction does with its registers: uses, sets.
_NONE, _SET_A, _USE_B, _USE_BC, _USE_A, _USE_AB, _USE_C, _USE_AC, _USE_ABC, _OTHER = range(10)
_SHAPE = bytearray([_OTHER]) * 128
for _op in (
    Op.LOADI, Op.LOADF, Op.LOADK, Op.LOADKX, Op.LOADFALSE, Op.LFALSESKIP, Op.LOADTRUE,
    Op.GETUPVAL, Op.GETTABUP, Op.NEWTABLE,
):  # fmt: skip
    _SHAPE[_op] = _SET_A
for _op in (
    Op.GETI, Op.GETFIELD, *range(Op.ADDI, Op.ADD), Op.UNM, Op.BNOT, Op.LEN,
):  # fmt: skip
    _SHAPE[_op] = _USE_B
for _op in (Op.GETTABLE, *range(Op.ADD, Op.MMBIN)):
    _SHAPE[_op] = _USE_BC
for _op in (
    Op.SETUPVAL, Op.TBC, Op.EQK, Op.EQI, Op.LTI, Op.LEI, Op.GTI, Op.GEI, Op.TEST, Op.RETURN1,
    Op.MMBINI, Op.MMBINK,
):  # fmt: skip
    _SHAPE[_op] = _USE_A
for _op in (Op.MMBIN, Op.EQ, Op.LT, Op.LE):
    _SHAPE[_op] = _USE_AB
_SHAPE[Op.SETTABUP] = _USE_C
_SHAPE[Op.SETI] = _SHAPE[Op.SETFIELD] = _USE_AC
_SHAPE[Op.SETTABLE] = _USE_ABC
for _op in (Op.CLOSE, Op.JMP, Op.RETURN0, Op.VARARGPREP, Op.EXTRAARG):
    _SHAPE[_op] = _NONE


def parameters_read(prototype: Prototype, given: int = _MOST) -> frozenset[int]:
    """The arguments that may matter, counted from 0: in `format-tab-title`, 4 is hover and 5 is max_width.

    Args:
        prototype: the function.
        given: with how many arguments it is called. Those beyond the declared ones are read by a function
            that uses `...`, and by no other.
    """
    declared = min(prototype.parameters, given)
    try:
        if _may_debug(prototype):
            return frozenset(range(given if prototype.is_vararg else declared))
        live = _live_at_start(prototype)
        rest = prototype.is_vararg and any(word & 0x7F == Op.VARARG for word in prototype.code)
    except (IndexError, RecursionError) as error:
        raise BytecodeError(f"instructions that make no sense: {error}") from error
    read = {index for index in range(declared) if live >> index & 1}
    if rest:
        read.update(range(prototype.parameters, given))
    return frozenset(read)


def _live_at_start(prototype: Prototype) -> int:
    code = prototype.code
    size = len(code)
    captured = 0
    for nested in prototype.nested:
        for upvalue in nested.upvalues:
            if upvalue.in_stack:
                captured |= 1 << upvalue.index
    rows: list[tuple[int, int, bool, tuple[int, ...]]] = []
    for pc, word in enumerate(code):
        uses, kills, carrying = _registers(word, prototype)
        rows.append((uses, kills, carrying and not kills & captured, successors(word, pc)))
    live = [0] * (size + 2)  # behind the end: code of the compiler's never goes there
    changed = True
    while changed:
        changed = False
        for pc in range(size - 1, -1, -1):
            uses, kills, carrying, after = rows[pc]
            out = 0
            for target in after:
                out |= live[target]
            now = out & ~kills
            if not carrying or out & kills:
                now |= uses
            if now != live[pc]:
                live[pc] = now
                changed = True
    return live[0]


def _registers(word: int, prototype: Prototype) -> tuple[int, int, bool]:
    """The registers that an instruction uses and sets, as bits, and whether it merely carries a value on."""
    op = word & 0x7F
    a = word >> 7 & 0xFF
    shape = _SHAPE[op]
    if op in (Op.MOVE, Op.NOT):
        return 1 << (word >> 16 & 0xFF), 1 << a, True
    if shape == _SET_A:
        return 0, 1 << a, False
    if shape == _USE_B:
        return 1 << (word >> 16 & 0xFF), 1 << a, False
    if shape == _USE_BC:
        return 1 << (word >> 16 & 0xFF) | 1 << (word >> 24), 1 << a, False
    if shape == _USE_A:
        return 1 << a, 0, False
    if shape == _USE_AB:
        return 1 << a | 1 << (word >> 16 & 0xFF), 0, False
    if shape == _NONE:
        return 0, 0, False
    value = 0 if word & 0x8000 else 1 << (word >> 24)  # C is a register or, with k, a constant
    if shape == _USE_C:
        return value, 0, False
    if shape == _USE_AC:
        return 1 << a | value, 0, False
    if shape == _USE_ABC:
        return 1 << a | 1 << (word >> 16 & 0xFF) | value, 0, False
    return _irregular(op, a, word, value, prototype)


def _span(first: int, count: int) -> int:
    return ((1 << count) - 1) << first if count > 0 else 0


def _irregular(op: int, a: int, word: int, value: int, prototype: Prototype) -> tuple[int, int, bool]:
    b, c = word >> 16 & 0xFF, word >> 24
    above = prototype.stack_size + 1  # enough for "all up to the top"
    if op == Op.CALL:
        uses = _span(a, b or above)
        return uses, _span(a, c - 1 if c else above), False
    if op == Op.TAILCALL:
        return _span(a, b or above), 0, False
    if op == Op.RETURN:
        return _span(a, b - 1 if b else above), 0, False
    if op == Op.SELF:
        return 1 << b | value, 3 << a, False
    if op == Op.LOADNIL:
        return 0, _span(a, b + 1), False
    if op == Op.CONCAT:
        return _span(a, b), 1 << a, False
    if op == Op.TESTSET:
        return 1 << b, 0, False  # sets A on one way only
    if op == Op.FORPREP:
        return _span(a, 3), 0, False  # A+3 is set only if the loop runs
    if op == Op.FORLOOP:
        return _span(a, 3), 0, False
    if op == Op.TFORPREP:
        return 1 << (a + 3), 0, False
    if op == Op.TFORCALL:
        return _span(a, 3), _span(a + 4, c), False
    if op == Op.TFORLOOP:
        return 1 << (a + 4), 0, False
    if op == Op.SETLIST:
        return _span(a, b + 1 if b else above), 0, False
    if op == Op.VARARG:
        return 0, _span(a, c - 1 if c else above), False
    if op == Op.CLOSURE:
        nested = prototype.nested[word >> 15]
        uses = 0
        for index, upvalue in enumerate(nested.upvalues):
            if upvalue.in_stack and _reads_upvalue(nested, index):
                uses |= 1 << upvalue.index
        return uses, 1 << a, True
    raise BytecodeError(f"no opcode {op}")


def _reads_upvalue(prototype: Prototype, index: int) -> bool:
    """Whether the function, or one nested in it, does more with an upvalue than assigning to it."""
    for word in prototype.code:
        op = word & 0x7F
        if op in (Op.GETUPVAL, Op.GETTABUP):
            if word >> 16 & 0xFF == index:
                return True
        elif op == Op.SETTABUP and word >> 7 & 0xFF == index:
            return True
    for nested in prototype.nested:
        for inner, upvalue in enumerate(nested.upvalues):
            if not upvalue.in_stack and upvalue.index == index and _reads_upvalue(nested, inner):
                return True
    return False


def _may_debug(prototype: Prototype) -> bool:
    """Whether the function names the `debug` library for more than `debug.traceback`."""
    constants = prototype.constants
    if b"getlocal" in constants or (b"debug" in constants and not _only_traceback(prototype)):
        return True
    return any(_may_debug(nested) for nested in prototype.nested)


def _only_traceback(prototype: Prototype) -> bool:
    code, constants = prototype.code, prototype.constants
    debug = constants.index(b"debug")
    for pc, word in enumerate(code):
        op = word & 0x7F
        if op == Op.LOADK and word >> 15 == debug:
            return False
        if op in (Op.GETTABUP, Op.GETFIELD, Op.SELF) and word >> 24 == debug:
            after = code[pc + 1] if pc + 1 < len(code) else 0
            if (
                op == Op.SELF
                or after & 0x7F != Op.GETFIELD
                or after >> 16 & 0xFF != word >> 7 & 0xFF
                or after >> 7 & 0xFF != word >> 7 & 0xFF
                or constants[after >> 24] != b"traceback"
            ):
                return False
    return True
