"""Follows a Lua function's bytecode with abstract values, through all that it calls, to find its effects.

Each function is walked over its control flow graph, with one `Value` a register; what flows between functions
goes through `facts`, which only grow:

- what reaches a parameter, from all call sites together; what a function returns;
- what a captured variable of this call may hold ("cell");
- what a table made in this call may hold, by field ("site").

A function whose facts have grown is walked again, until nothing grows. What is written down in a walk stays
true in later ones, so effects are collected on the way.

A table made in this call may be written to freely: before anybody else could see it, it would have to be
stored somewhere that outlives the call, and that is reported itself.

One analysis, one thread, no state between analyses.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from perilune.lua.analysis.abstract import (
    EMPTY,
    GLOBAL,
    HOST,
    ITERATORS,
    SCALAR,
    STRING,
    TOP,
    Atom,
    Value,
    fresh,
    host_method,
    join,
    place,
)
from perilune.lua.analysis.dump import BytecodeError, Prototype
from perilune.lua.analysis.effects import Effects, Read, Reason, is_host
from perilune.lua.analysis.frame import Arguments, Frame, FunctionState
from perilune.lua.analysis.library import FILE_METHODS, HOST_METHODS, METAMETHODS, STRING_METHODS, host_kind
from perilune.lua.analysis.opcodes import Op, successors
from perilune.lua.analysis.references import (
    ELEMENT,
    GLOBALS,
    Field,
    HostObject,
    Immutable,
    LuaFunction,
    LuaTable,
    Reference,
    Target,
    Unknown,
    World,
)

__all__ = ["Interpreter"]

_MOST_INHERITED = 60
_DEEPEST = 8  # fields in a path; `node = node.next` in a loop would go on for ever
_ALL, _INDEX, _DYNAMIC, _KEYS = 0, 1, 2, 3  # classes of fields of a fresh table, beside their names
_GLOBALS = Reference(None, GLOBALS, "_G")


HostCall = Callable[["Interpreter", str, Arguments], Value]


class Interpreter:
    """One analysis.

    Args:
        world: answers what stands at a place.
        parse: the prototype of dumped bytes (the caller keeps them).
        host_call: the rules of the functions that are not the config's.
        budget: instructions to walk before giving up.
    """

    def __init__(
        self, world: World, parse: Callable[[bytes], Prototype], host_call: HostCall, budget: int
    ) -> None:
        self.world = world
        self._parse = parse
        self._host_call = host_call
        self._budget = budget
        self._facts: dict[Hashable, Value] = {}
        self._readers: dict[Hashable, set[Hashable]] = {}
        self._functions: dict[Hashable, FunctionState] = {}
        self._entered: set[Hashable] = set()  # called, that is; a function that is only made is not walked
        self._queue: dict[Hashable, None] = {}
        self._targets: dict[Reference, Target] = {}
        self._reads: dict[tuple[Reference, int, str], Read] = {}
        self._reasons: dict[str, dict[Reason, None]] = {}
        self._metamethods_seen = False
        self._metamethods: tuple[Hashable, ...] = ()
        self._function: FunctionState  # the one being walked, and where
        self._pc = 0
        self._frame: Frame
        self._inheriting: dict[Hashable, Value] = {}  # what `__index` gives, during one look-up
        self._storing: set[Hashable] = set()  # tables that one assignment has gone through

    def run(self, function: LuaFunction, arguments: Value) -> Effects:
        """The effects of a call with such arguments."""
        identity = self._enter_lua(function)
        self._entered.add(identity)
        self._queue[identity] = None
        count = self._functions[identity].prototype.parameters
        for index in range(count):
            self.grow(("parameter", identity, index), arguments)
        self.grow(("rest", identity), arguments)
        while self._queue:
            current = next(iter(self._queue))
            del self._queue[current]
            self._function, self._pc = self._functions[current], 0
            self._walk(self._function)
            if self._budget < 0:
                self.note("state_writes", "is too large to be followed")
                break
        return Effects(
            **{name: tuple(self._reasons.get(name, ())) for name in _CATEGORIES},
            reads=tuple(self._reads.values()),
            resolved=tuple(self._targets.items()),
        )

    # Facts

    def fact(self, key: Hashable) -> Value:
        """What is known so far; the function being walked is walked again when it grows."""
        self._readers.setdefault(key, set()).add(self._function.identity)
        return self._facts.get(key, EMPTY)

    def grow(self, key: Hashable, value: Value) -> None:
        """Something more is known."""
        old = self._facts.get(key, EMPTY)
        new = join(old, value)
        if new != old:
            self._facts[key] = new
            for reader in self._readers.get(key, ()):
                self._queue[reader] = None

    def note(self, category: str, text: str) -> None:
        """Write down an effect of the instruction being walked."""
        function = self._function
        reason = Reason(text, function.line(self._pc), function.prototype.file)
        self._reasons.setdefault(category, {})[reason] = None

    # Places

    def target(self, reference: Reference) -> Target:
        """What stands at a place, asked once."""
        target = self._targets.get(reference)
        if target is None:
            target = self.world.resolve(reference)
            self._targets[reference] = target
        if isinstance(target, Unknown) and reference.fields:
            parent = self.target(reference.parent)
            key = reference.fields[-1]
            if isinstance(parent, HostObject):
                name = f"{parent.name}.{key}" if isinstance(key, str) else f"{parent.name}[]"
                return HostObject(name, target.constant)
        return target

    def load(self, reference: Reference) -> Value:
        """Read a place."""
        target = self.target(reference)
        if reference.fields or not reference.is_global:
            self._note_read(reference, target)
        if isinstance(target, Immutable):
            return join(SCALAR, STRING) if target.is_string else SCALAR
        if is_host(target, "wezterm.GLOBAL"):
            self.note("host_reads", "reads wezterm.GLOBAL")
            return GLOBAL
        return place(reference)

    def read_unknown(self) -> None:
        """The instruction being walked gets at something that outlives the call, and is not followed."""
        self._note_read(_GLOBALS, Unknown())

    def _note_read(self, reference: Reference, target: Target) -> None:
        line, file = self._function.line(self._pc), self._function.prototype.file
        self._reads.setdefault((reference, line, file), Read(reference, target, line, file))

    def touch(self, value: Value) -> bool:
        """An operation on a value that may run metamethods; whether there are any."""
        own = foreign = False
        for atom in value:
            if atom.kind == "place":
                target = self.target(atom.data)
                if isinstance(target, Unknown) or (isinstance(target, LuaTable) and target.has_metatable):
                    foreign = True
            elif atom.kind == "anything":
                foreign = True
            elif atom.kind == "fresh" and self.fact(("meta", atom.data)):
                own = True  # its functions were run when the metatable was set
        if not foreign:
            return own
        if not self._metamethods_seen:
            self._metamethods_seen = True
            self._metamethods = tuple(self._enter_lua(function) for function in self.world.metamethods())
        for identity in self._metamethods:
            self._enter(identity, Arguments((), TOP))
        return own or bool(self._metamethods)

    # Tables

    def index(self, table: Value, key: Field, keys: Value = SCALAR) -> Value:
        """`table[key]`; where the key is `ELEMENT`, `keys` is what it may be."""
        self.touch(table)
        result = EMPTY
        for atom in table:
            if atom.kind == "place":
                result = join(result, self._step(atom.data, key))
            elif atom.kind == "fresh":
                result = join(result, self._fresh_field(atom.data, key, keys))
            elif atom.kind == "string":
                if isinstance(key, str):
                    result = join(result, self.load(_GLOBALS.field("string").field(key)))
                else:
                    result = join(result, SCALAR)
            elif atom.kind == "host":
                result = join(result, HOST)
            elif atom.kind == "global":
                self.note("host_reads", "reads wezterm.GLOBAL")
                result = join(result, GLOBAL)
            elif atom.kind == "anything":
                result = TOP
            else:
                result = join(result, SCALAR)
        return result

    def _step(self, reference: Reference, key: Field) -> Value:
        if len(reference.fields) >= _DEEPEST:
            return TOP
        return self.load(reference.field(key))

    def _fresh_field(self, site: Hashable, key: Field, keys: Value) -> Value:
        if key is ELEMENT and not keys <= SCALAR:
            result = self.fact(("site", site, _ALL))
        else:
            name = _INDEX if key is ELEMENT or isinstance(key, int) else key
            result = join(self.fact(("site", site, name)), self.fact(("site", site, _DYNAMIC)))
        metatables = self.fact(("meta", site))
        if metatables:
            result = join(result, self._inherited(site, metatables, key, keys))
        return join(result, SCALAR)

    def _inherited(self, site: Hashable, metatables: Value, key: Field, keys: Value) -> Value:
        """What `__index` gives. Tables that inherit from one another in a circle give anything."""
        question = (site, key, keys)
        if question in self._inheriting:
            return self._inheriting[question]
        if len(self._inheriting) > _MOST_INHERITED:
            return TOP
        outermost = not self._inheriting
        self._inheriting[question] = TOP  # while it is being answered
        result = EMPTY
        for atom in self.index(metatables, "__index"):
            one: Value = frozenset({atom})
            result = join(result, TOP if self.is_function(atom) else self.index(one, key, keys))
        self._inheriting[question] = result
        if outermost:
            self._inheriting.clear()
        return result

    def is_function(self, atom: Atom) -> bool:
        """Whether an atom may be a function."""
        if atom.kind == "place":
            target = self.target(atom.data)
            if isinstance(target, HostObject):
                return host_kind(target.name) is not None
            return isinstance(target, LuaFunction | Unknown)
        return atom.kind in ("closure", "anything", "method", *ITERATORS)

    def elements(self, table: Value) -> Value:
        """Any element of a table."""
        return self.index(table, ELEMENT, TOP)

    def keys(self, table: Value) -> Value:
        """Any key of a table."""
        result = join(SCALAR, STRING)
        for atom in table:
            if atom.kind == "fresh":
                result = join(result, self.fact(("site", atom.data, _KEYS)))
            elif atom.kind in ("place", "anything"):  # ELEMENT stands for keys, too
                result = join(result, self.elements(frozenset({atom})))
        return result

    def iterate(self, function: Value, arguments: Arguments) -> tuple[Value, Value]:
        """One step of a generic `for`: the first variable, and the others."""
        first = others = EMPTY
        for atom in function:
            if atom.kind in ITERATORS:
                table: Value = frozenset({atom.data})
                if table == STRING:  # the texts that a pattern, or a file's lines, give
                    first, others = join(join(first, STRING), SCALAR), join(join(others, STRING), SCALAR)
                    continue
                first = join(first, SCALAR if atom.kind == "numbered" else self.keys(table))
                others = join(others, join(SCALAR, self.elements(table)))
            elif atom.kind == "place" and self.target(atom.data) == HostObject("next"):
                first = join(first, self.keys(arguments.at(0)))
                others = join(others, join(SCALAR, self.elements(arguments.at(0))))
            else:
                value = self._call_atom(atom, arguments)
                first, others = join(first, value), join(others, value)
        return first, others

    def store(self, table: Value, key: Field, value: Value, keys: Value = SCALAR) -> None:
        """`table[key] = value`."""
        self.touch(table)
        for atom in table:
            kind = atom.kind
            if kind == "fresh":
                self._store_fresh(atom.data, key, value, keys)
            elif kind == "place":
                self._store_place(atom.data, key)
            elif kind == "host":
                self.note("argument_writes", f"writes {_field_text(key)} of a table from the host")
            elif kind == "global":
                self.note("host_writes", "writes wezterm.GLOBAL")
            elif kind == "anything":
                self.note("state_writes", f"writes {_field_text(key)} of a table of unknown origin")

    def _store_fresh(self, site: Hashable, key: Field, value: Value, keys: Value) -> None:
        if key is not ELEMENT:
            name = _INDEX if isinstance(key, int) else key
        elif keys <= SCALAR:
            name = _INDEX
        else:
            name = _DYNAMIC
        self.grow(("site", site, name), value)
        self.grow(("site", site, _ALL), value)
        strange = frozenset(atom for atom in keys if atom.kind not in ("scalar", "string"))
        if key is ELEMENT and strange:
            self.grow(("site", site, _KEYS), strange)
        metatables = self.fact(("meta", site))
        if metatables and site not in self._storing:
            outermost = not self._storing
            self._storing.add(site)
            self.store(self.index(metatables, "__newindex"), key, value, keys)
            if outermost:
                self._storing.clear()

    def _store_place(self, reference: Reference, key: Field) -> None:
        target = self.target(reference)
        if isinstance(target, HostObject):
            if is_host(target, "wezterm.GLOBAL") or (target.name == "wezterm" and key == "GLOBAL"):
                self.note("host_writes", "writes wezterm.GLOBAL")
                return
            if "." not in target.name and target.name in _HANDLES:
                self.note("argument_writes", f"writes {_field_text(key)} of a {target.name} object")
                return
        path = reference.field(key) if len(reference.fields) < _DEEPEST else reference
        if path.is_global and len(path.fields) == 1 and isinstance(key, str):
            self.note("state_writes", f"assigns global '{key}'")
        else:
            self.note("state_writes", f"writes {path}")

    def new_table(self) -> Value:
        """A table made by the instruction being walked."""
        return fresh((self._function.identity, self._pc))

    def set_metatable(self, table: Value, metatable: Value) -> None:
        """`setmetatable(table, metatable)`. Its functions count as run from now on, with anything."""
        for atom in table:
            if atom.kind == "fresh":
                self.grow(("meta", atom.data), metatable)
            elif atom.kind in ("place", "anything"):
                where = str(atom.data) if atom.kind == "place" else "a table of unknown origin"
                self.note("state_writes", f"sets the metatable of {where}")
        for atom in metatable:
            if atom.kind == "anything":
                self.note("state_writes", "sets a metatable of unknown origin")
            elif atom.kind == "fresh":
                found = self.fact(("site", atom.data, _ALL))
                self.call(frozenset(one for one in found if self.is_function(one)), Arguments((table,), TOP))
            elif atom.kind == "place":
                for name in METAMETHODS:
                    reference: Reference = atom.data.field(name)
                    if isinstance(self.target(reference), LuaFunction):
                        self._call_place(reference, Arguments((table,), TOP))

    # Calls

    def constant_argument(self) -> str | None:
        """The text that the call being walked passes, if it stands there as such: f "x", or pcall(f, "x")."""
        code, pc = self._function.prototype.code, self._pc
        word, before = code[pc], code[pc - 1]
        first, count = word >> 7 & 0xFF, (word >> 16 & 0xFF) - 1
        if pc in self._function.joins or before & 0x7F != Op.LOADK or before >> 7 & 0xFF != first + count:
            return None
        if count == 2:
            protected = {self.target(atom.data) for atom in self._frame.get(first) if atom.kind == "place"}
            if protected != {HostObject("pcall")}:
                return None
        elif count != 1:
            return None
        text = self._function.prototype.constants[before >> 15]
        return text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else None

    def call(self, function: Value, arguments: Arguments) -> Value:
        """Call what a value may be; the join of all that comes back."""
        result = EMPTY
        for atom in function:
            result = join(result, self._call_atom(atom, arguments))
        return result

    def _call_atom(self, atom: Atom, arguments: Arguments) -> Value:
        kind = atom.kind
        if kind == "closure":
            return self._enter(atom.data, arguments)
        if kind == "place":
            return self._call_place(atom.data, arguments)
        if kind == "method":
            return self._host_call(self, f":{atom.data}", arguments)
        if kind in ITERATORS:
            return join(*self.iterate(frozenset({atom}), arguments))
        if kind in ("scalar", "string"):
            return EMPTY  # an error
        if kind == "coroutine":  # from coroutine.wrap; its body was followed when it was made
            return TOP
        if kind == "fresh":
            # What __call may be was run when the metatable was set.
            return TOP if self.fact(("meta", atom.data)) else EMPTY
        origin = {"host": "a value from the host", "global": "a value from GLOBAL"}.get(
            kind, "an unknown function"
        )
        self.note("state_writes", f"calls {origin}")
        return TOP

    def _call_place(self, reference: Reference, arguments: Arguments) -> Value:
        target = self.target(reference)
        if isinstance(target, LuaFunction):
            return self._enter(self._enter_lua(target), arguments)
        if isinstance(target, HostObject):
            return self._host_call(self, target.name, arguments)
        if isinstance(target, Immutable):
            return EMPTY
        if isinstance(target, LuaTable):
            return TOP if self.touch(place(reference)) else EMPTY
        self.note("state_writes", f"calls unknown function '{reference}'")
        return TOP

    def method(self, value: Value, name: str | None) -> Value:
        """The function that `value:name()` calls."""
        if name is None:
            return self.index(value, ELEMENT, TOP)
        result = EMPTY
        for atom in value:
            one: Value = frozenset({atom})
            kind = atom.kind
            if kind == "place":
                target = self.target(atom.data)
                if isinstance(target, HostObject) and host_kind(f"{target.name}.{name}") is None:
                    result = join(result, self._method_by_name(target.name, name))
                    continue
                result = join(result, self.index(one, name))
            elif kind in ("host", "global"):
                result = join(result, self._method_by_name(kind, name))
            elif kind == "anything":
                self.touch(one)
                if self.world.defines_method(name):
                    self.note(
                        "state_writes",
                        f"calls method '{name}' of an unknown object, which the config defines",
                    )
                    result = join(result, host_method(name))
                else:
                    result = join(result, self._method_by_name("anything", name))
            else:
                result = join(result, self.index(one, name))
        return result

    def _method_by_name(self, owner: str, name: str) -> Value:
        if owner in ("io.stdout", "io.stderr"):
            return host_method("log")
        result = EMPTY
        if name in HOST_METHODS or name in FILE_METHODS:
            result = host_method(name)
        if name in STRING_METHODS:
            result = join(result, self.load(_GLOBALS.field("string").field(name)))
        if result:
            return result
        self.note("state_writes", f"calls unknown method '{name}'")
        return EMPTY

    def _enter(self, identity: Hashable, arguments: Arguments) -> Value:
        """Let a call's arguments flow into a function; what it returns so far."""
        function = self._functions[identity]
        if identity not in self._entered:
            self._entered.add(identity)
            self._queue[identity] = None
        count = function.prototype.parameters
        for index in range(count):
            self.grow(("parameter", identity, index), arguments.at(index))
        if function.prototype.is_vararg:
            self.grow(("rest", identity), join(SCALAR, arguments.after(count).all))
        return self.fact(("return", identity))

    def _enter_lua(self, function: LuaFunction) -> Hashable:
        identity = ("lua", function.key)
        if identity not in self._functions:
            self._functions[identity] = FunctionState(
                identity, self._parse(function.code), None, function.key
            )
        return identity

    def made(self, parent: FunctionState, index: int) -> Hashable:
        """A nested function was made; its identity. Being made is no call."""
        identity = ("closure", parent.identity, index)
        if identity not in self._functions:
            self._functions[identity] = FunctionState(identity, parent.prototype.nested[index], parent)
        return identity

    # Upvalues

    def upvalue(self, function: FunctionState, index: int) -> Value:
        """What an upvalue may hold."""
        key = self.variable(function, index)
        return self.load(key) if isinstance(key, Reference) else self.fact(key)

    def variable(self, function: FunctionState, index: int) -> Hashable:
        """The place, or the key of the cell, that an upvalue is."""
        while function.parent is not None:
            descriptor = function.prototype.upvalues[index]
            if descriptor.in_stack:
                return ("cell", function.parent.identity, descriptor.index)
            function, index = function.parent, descriptor.index
        return Reference(function.key, index, function.prototype.upvalues[index].name)

    # Instructions

    def _walk(self, function: FunctionState) -> None:
        """Walk all paths through a function, as long as a register learns something."""
        prototype = function.prototype
        parameters = prototype.parameters
        registers = [EMPTY] * (prototype.stack_size + 3)
        for index in range(parameters):
            registers[index] = self.fact(("parameter", function.identity, index))
        states: dict[int, tuple[list[Value], int]] = {}
        work: list[tuple[int, list[Value], int]] = [(0, registers, 0)]
        code, joins = prototype.code, function.joins
        try:
            while work:
                pc, registers, captured = work.pop()
                self._frame = frame = Frame(self, function, registers, captured)
                while True:
                    if pc in joins:
                        known = states.get(pc)
                        if known is not None:
                            merged = [join(a, b) for a, b in zip(known[0], frame.registers, strict=True)]
                            if merged == known[0] and known[1] | frame.captured == known[1]:
                                break
                            frame.registers = merged
                            frame.captured |= known[1]
                        states[pc] = (list(frame.registers), frame.captured)
                    self._pc = pc
                    self._budget -= 1
                    word = code[pc]
                    frame.step(word, pc)
                    after = successors(word, pc)
                    if not after or self._budget < 0:
                        break
                    work += [(other, list(frame.registers), frame.captured) for other in after[1:]]
                    pc = after[0]
        except (IndexError, ValueError) as error:
            raise BytecodeError(f"instructions that make no sense: {error}") from error


_CATEGORIES = ("state_writes", "host_writes", "opaque", "clock", "host_reads", "logs", "argument_writes")
_HANDLES = frozenset(["window", "pane", "tab", "mux_window", "domain", "color", "time", "url", "file"])


def _field_text(key: Field) -> str:
    if key is ELEMENT:
        return "an element"
    return f"field '{key}'" if isinstance(key, str) else f"element {key}"
