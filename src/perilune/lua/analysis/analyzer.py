"""The way in: analyses of dumped functions, each done once.

One thread at a time; one analyser for each Lua state.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from perilune.lua.analysis.abstract import HOST, TOP
from perilune.lua.analysis.calls import host_call
from perilune.lua.analysis.dump import Prototype, parse
from perilune.lua.analysis.effects import Effects
from perilune.lua.analysis.interpreter import Interpreter
from perilune.lua.analysis.opcodes import Op
from perilune.lua.analysis.parameters import parameters_read
from perilune.lua.analysis.references import LuaFunction, World

__all__ = ["Analyzer", "Assignments", "assignments", "mentions", "mentions_globals_as_value"]

_KEPT = 4096
_BUDGET = (
    60_000  # instructions walked for one verdict; a large callback with its callees takes some thousands
)


class Analyzer:
    """Keeps what was found out, by the functions' bytes.

    Args:
        budget: instructions to walk for one verdict on effects, before "is too large to be followed".
    """

    def __init__(self, budget: int = _BUDGET) -> None:
        self._budget = budget
        self._prototypes: dict[bytes, Prototype] = {}
        self._parameters: dict[tuple[bytes, int], frozenset[int]] = {}
        self._effects: dict[tuple[Hashable, bytes, bool], Effects] = {}

    def prototype(self, code: bytes) -> Prototype:
        """The parsed function.

        Raises:
            BytecodeError: it is none.
        """
        found = self._prototypes.get(code)
        if found is None:
            if len(self._prototypes) >= _KEPT:
                self._prototypes.clear()
            found = self._prototypes[code] = parse(code)
        return found

    def parameters_read(self, code: bytes, given: int = 255) -> frozenset[int]:
        """As `parameters.parameters_read`."""
        key = (code, given)
        found = self._parameters.get(key)
        if found is None:
            if len(self._parameters) >= _KEPT:
                self._parameters.clear()
            found = self._parameters[key] = parameters_read(self.prototype(code), given)
        return found

    def effects(self, function: LuaFunction, world: World, *, from_host: bool = True) -> Effects:
        """What a call may do.

        The last verdict on this function is given again as long as all places that it rests on resolve as
        they did.

        Args:
            function: the callback or handler.
            world: answers what stands in upvalues and globals.
            from_host: the arguments are the host's own tables and handles, as an event handler's are; not so
                for an event that the config emits itself, with tables of its own.

        Raises:
            BytecodeError: the bytes, of this function or one that it calls, are no function.
        """
        key = (function.key, function.code, from_host)
        found = self._effects.get(key)
        if found is None or not found.holds(world):
            if len(self._effects) >= _KEPT:
                self._effects.clear()
            run = Interpreter(world, self.prototype, host_call, self._budget)
            found = self._effects[key] = run.run(function, HOST if from_host else TOP)
        return found


@dataclass(frozen=True, slots=True)
class Assignments:
    """What a chunk's functions assign to, by name, wherever and whenever.

    For a World: a captured local whose name is in none of a config's chunks' `upvalues` keeps the value that
    it had when its function returned, and is constant from then on; a name that is in no chunk's `fields`,
    while none has `computed`, is no method of the config's.

    Attributes:
        upvalues: names of variables that an inner function assigns to ("" if a name was stripped).
        globals: names of globals.
        fields: constant names of fields, table constructors' too.
        computed: a field of a computed name is assigned somewhere.
    """

    upvalues: frozenset[str]
    globals: frozenset[str]
    fields: frozenset[str]
    computed: bool


def assignments(prototype: Prototype, *, outermost: bool = True) -> Assignments:
    """What a function, and those in it, assign to.

    Args:
        prototype: a chunk, or any function.
        outermost: count the function itself; False leaves what a chunk does once, while it is loaded.
    """
    upvalues: set[str] = set()
    global_names: set[str] = set()
    fields: set[str] = set()
    computed = False
    pending = [prototype] if outermost else list(prototype.nested)
    while pending:
        current = pending.pop()
        pending += current.nested
        constants = current.constants
        for word in current.code:
            op = word & 0x7F
            if op == Op.SETUPVAL:
                upvalues.add(current.upvalues[word >> 16 & 0xFF].name)
            elif op in (Op.SETTABUP, Op.SETFIELD):
                key = constants[word >> 16 & 0xFF]
                name = key.decode("utf-8", "surrogateescape") if isinstance(key, bytes) else ""
                if op == Op.SETTABUP and current.upvalues[word >> 7 & 0xFF].name == "_ENV":
                    global_names.add(name)
                else:
                    fields.add(name)
            elif op == Op.SETTABLE:
                computed = True
    return Assignments(frozenset(upvalues), frozenset(global_names), frozenset(fields), computed)


def mentions(prototype: Prototype) -> frozenset[object]:
    """All constants of a function and those in it: names of globals and fields among them."""
    found: set[object] = set()
    pending = [prototype]
    while pending:
        current = pending.pop()
        pending += current.nested
        found.update(current.constants)
    return frozenset(found)


def mentions_globals_as_value(chunk: Prototype) -> bool:
    """Whether a chunk's functions hand the table of globals on, or have other tables in its place."""
    pending = [(chunk, True)]
    while pending:
        current, outermost = pending.pop()
        pending += [(nested, False) for nested in current.nested]
        here = {index for index, upvalue in enumerate(current.upvalues) if upvalue.name == "_ENV"}
        if not outermost and any(current.upvalues[index].in_stack for index in here):
            return True
        for word in current.code:
            op = word & 0x7F
            if op == Op.GETUPVAL and word >> 16 & 0xFF in here:
                return True
            if op == Op.SETUPVAL and word >> 16 & 0xFF in here:
                return True
    return False
