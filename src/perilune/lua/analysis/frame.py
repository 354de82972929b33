"""One path through a function: the registers, and what each instruction does to them.

Owned by the `interpreter`; see there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from perilune.lua.analysis.abstract import EMPTY, GLOBAL, HOST, SCALAR, STRING, TOP, Value, closure, join
from perilune.lua.analysis.dump import BytecodeError, Prototype
from perilune.lua.analysis.opcodes import Op, successors
from perilune.lua.analysis.references import ELEMENT, Reference

if TYPE_CHECKING:
    from perilune.lua.analysis.interpreter import Interpreter

__all__ = ["Arguments", "Frame", "FunctionState"]


class Arguments(NamedTuple):
    """What a call passes: the values in order, and for an open call the join of all further ones."""

    values: tuple[Value, ...]
    rest: Value | None = None

    def at(self, index: int) -> Value:
        """An argument; a missing one is nil."""
        if index < len(self.values):
            return self.values[index]
        return SCALAR if self.rest is None else join(SCALAR, self.rest)

    def after(self, index: int) -> Arguments:
        """All but the first ones."""
        return Arguments(self.values[index:], self.rest)

    @property
    def all(self) -> Value:
        """The join of all."""
        value = self.rest or EMPTY
        for one in self.values:
            value = join(value, one)
        return value


class FunctionState:
    """A function that the analysis has come to.

    Attributes:
        joins: the instructions that control can come to from elsewhere than the one before.
    """

    __slots__ = ("_lines", "identity", "joins", "key", "parent", "prototype")

    def __init__(
        self, identity: Hashable, prototype: Prototype, parent: FunctionState | None, key: Hashable = None
    ) -> None:
        self.identity = identity
        self.key = key  # the World's, for a function that was there before the call
        self.prototype = prototype
        self.parent = parent  # the function of this call that made it; None: it was there before
        self._lines: dict[int, int] = {}
        joins: set[int] = set()
        for pc, word in enumerate(prototype.code):
            after = successors(word, pc)
            if len(after) > 1 or after != (pc + 1,):
                joins.update(after)
        self.joins = frozenset(joins)

    def line(self, pc: int) -> int:
        """The source line of an instruction."""
        if pc not in self._lines:
            self._lines[pc] = self.prototype.line(pc)
        return self._lines[pc]


class Frame:
    """The registers on the path being walked."""

    __slots__ = ("captured", "function", "open", "registers", "run")

    def __init__(
        self, run: Interpreter, function: FunctionState, registers: list[Value], captured: int
    ) -> None:
        self.run = run
        self.function = function
        self.registers = registers
        self.captured = captured  # bits of registers that closures share
        self.open: tuple[int, Value] = (0, EMPTY)  # what the last open call or `...` left, and where

    def get(self, register: int) -> Value:
        """What a register may hold."""
        value = self.registers[register]
        if self.captured >> register & 1:
            return join(value, self.run.fact(("cell", self.function.identity, register)))
        return value

    def set(self, register: int, value: Value) -> None:
        """Set a register, and the variable that closures see in it."""
        self.registers[register] = value
        if self.captured >> register & 1:
            self.run.grow(("cell", self.function.identity, register), value)

    def constant(self, index: int) -> Value:
        """What is known of a constant."""
        return STRING if isinstance(self.function.prototype.constants[index], bytes) else SCALAR

    def name(self, index: int) -> str:
        """A constant that is a field's name."""
        key = self.function.prototype.constants[index]
        if not isinstance(key, bytes):
            raise BytecodeError("a field name that is no string")
        return key.decode("utf-8", "surrogateescape")

    def passed(self, first: int, count: int | None) -> Arguments:
        """The values of `count` registers; None: up to and with what the last call left open."""
        if count is not None:
            return Arguments(tuple(self.get(first + i) for i in range(count)))
        start, rest = self.open
        return Arguments(tuple(self.get(i) for i in range(first, start)), rest)

    def receive(self, first: int, count: int | None, value: Value) -> None:
        """Results of a call."""
        if count is None:
            self.open = (first, value)
            return
        for i in range(count):
            self.set(first + i, value)

    def step(self, word: int, pc: int) -> None:
        """Carry one instruction out."""
        op = word & 0x7F
        a, b, c, k = word >> 7 & 0xFF, word >> 16 & 0xFF, word >> 24, word & 0x8000
        run = self.run
        if op == Op.MOVE:
            self.set(a, self.get(b))
        elif op == Op.GETTABUP:
            self.set(a, run.index(run.upvalue(self.function, b), self.name(c)))
        elif op == Op.GETFIELD:
            self.set(a, run.index(self.get(b), self.name(c)))
        elif op == Op.GETUPVAL:
            value = run.upvalue(self.function, b)
            if any(atom.kind == "place" and atom.data.is_global and not atom.data.fields for atom in value):
                run.read_unknown()  # _ENV as a value: all globals
            self.set(a, value)
        elif op == Op.LOADK:
            self.set(a, self.constant(word >> 15))
        elif op == Op.CALL:
            value = run.call(self.get(a), self.passed(a + 1, b - 1 if b else None))
            self.receive(a, c - 1 if c else None, value)
        elif op == Op.SELF:
            subject = self.get(b)
            method = run.method(subject, self.name(c) if k else None)
            self.set(a + 1, subject)
            self.set(a, method)
        elif op in (Op.LOADI, Op.LOADF, Op.LOADFALSE, Op.LFALSESKIP, Op.LOADTRUE):
            self.set(a, SCALAR)
        elif op == Op.LOADNIL:
            for register in range(a, a + b + 1):
                self.set(register, SCALAR)
        elif op == Op.LOADKX:
            self.set(a, self.constant(self.function.prototype.code[pc + 1] >> 7))
        elif op in _WRITES:
            self._write(op, a, b, c, k)
        elif op == Op.GETTABLE:
            self.set(a, run.index(self.get(b), ELEMENT, self.get(c)))
        elif op == Op.GETI:
            self.set(a, run.index(self.get(b), c))
        elif op == Op.NEWTABLE:
            self.set(a, run.new_table())
        elif Op.ADDI <= op <= Op.SHLI:
            self.set(a, self._computed((self.get(b),), SCALAR))
        elif Op.ADD <= op <= Op.SHR:
            self.set(a, self._computed((self.get(b), self.get(c)), SCALAR))
        elif op in (Op.UNM, Op.BNOT, Op.LEN):
            self.set(a, self._computed((self.get(b),), SCALAR))
        elif op == Op.NOT:
            self.set(a, SCALAR)
        elif op == Op.CONCAT:
            self.set(a, self._computed([self.get(a + i) for i in range(b)], STRING))
        elif op in (Op.EQ, Op.LT, Op.LE):
            run.touch(self.get(a))
            run.touch(self.get(b))
        elif Op.LTI <= op <= Op.GEI:
            run.touch(self.get(a))
        elif op == Op.TESTSET:
            # Sets A only where it does not skip; the join keeps what was there.
            self.set(a, join(self.get(a), self.get(b)))
        elif op == Op.CLOSURE:
            self._close_over(a, word >> 15)
        elif op in _RETURNS:
            self._return(op, a, b)
        elif op == Op.CLOSE:
            self.captured &= (1 << a) - 1
        elif op in (Op.TBC, Op.TFORPREP):
            # Closing runs __close, which only a metatable of the config's can have.
            run.touch(self.get(a if op == Op.TBC else a + 3))
        elif op == Op.FORPREP:
            for register in range(a, a + 4):
                self.set(register, SCALAR)
        elif op == Op.TFORCALL:
            first, others = run.iterate(self.get(a), self.passed(a + 1, 2))
            for i in range(c):
                self.set(a + 4 + i, others if i else first)
        elif op == Op.TFORLOOP:
            self.set(a + 2, join(self.get(a + 2), self.get(a + 4)))
        elif op == Op.VARARG:
            self.receive(a, c - 1 if c else None, run.fact(("rest", self.function.identity)))
        elif op > Op.EXTRAARG:
            raise BytecodeError(f"no opcode {op}")

    def _computed(self, operands: Iterable[Value], plain: Value) -> Value:
        result = plain
        for value in operands:
            if self.run.touch(value):
                return TOP
            if value >= HOST or value >= GLOBAL:
                result = join(result, HOST)
        return result

    def _write(self, op: int, a: int, b: int, c: int, k: int) -> None:
        run = self.run
        if op == Op.SETUPVAL:
            key = run.variable(self.function, b)
            if isinstance(key, Reference):
                run.note("state_writes", f"writes upvalue '{key}'")
            else:
                run.grow(key, self.get(a))
            return
        if op == Op.SETLIST:
            passed = self.passed(a + 1, b or None)
            run.store(self.get(a), ELEMENT, passed.all)
            return
        value = self.constant(c) if k else self.get(c)
        if op == Op.SETTABUP:
            run.store(run.upvalue(self.function, a), self.name(b), value)
        elif op == Op.SETFIELD:
            run.store(self.get(a), self.name(b), value)
        elif op == Op.SETI:
            run.store(self.get(a), b, value)
        else:
            run.store(self.get(a), ELEMENT, value, self.get(b))

    def _close_over(self, a: int, index: int) -> None:
        nested = self.function.prototype.nested[index]
        owner = self.function.identity
        identity = self.run.made(self.function, index)
        run = self.run
        for upvalue in nested.upvalues:
            if upvalue.in_stack:
                register = upvalue.index
                if register != a:  # a function that refers to itself; the register is about to be set
                    run.grow(("cell", owner, register), self.registers[register])
                self.captured |= 1 << register
        self.set(a, closure(identity))

    def _return(self, op: int, a: int, b: int) -> None:
        run = self.run
        if op == Op.RETURN1:
            value = self.get(a)
        elif op == Op.RETURN0:
            value = SCALAR
        elif op == Op.TAILCALL:
            value = run.call(self.get(a), self.passed(a + 1, b - 1 if b else None))
        else:
            passed = self.passed(a, b - 1 if b else None)
            value = passed.all if b != 1 else SCALAR
            if b == 0 or b > 2:
                value = join(value, SCALAR)
        run.grow(("return", self.function.identity), value)


_WRITES = frozenset({Op.SETUPVAL, Op.SETTABUP, Op.SETTABLE, Op.SETI, Op.SETFIELD, Op.SETLIST})
_RETURNS = frozenset({Op.RETURN, Op.RETURN0, Op.RETURN1, Op.TAILCALL})
