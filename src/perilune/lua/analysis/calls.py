"""What a call of a function that is not the config's does to the analysis.

Most are settled by their kind in `library`. The rules here are for those that call what they are given, store
into a table, or hand a table's content on. Pure, any thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.lua.analysis.abstract import (
    EMPTY,
    HOST,
    SCALAR,
    STRING,
    TOP,
    Atom,
    Value,
    iterator,
    join,
)
from perilune.lua.analysis.frame import Arguments
from perilune.lua.analysis.library import FILE_METHODS, HOST_METHODS, HostKind, host_kind
from perilune.lua.analysis.references import ELEMENT, MODULE, PLUGIN, Immutable, Reference, Unknown

if TYPE_CHECKING:
    from perilune.lua.analysis.interpreter import Interpreter

__all__ = ["host_call"]

_TEXT = join(SCALAR, STRING)
_COROUTINE: Value = frozenset({Atom("coroutine")})

_CATEGORY = {
    HostKind.READ: ("host_reads", "reads host state through {}"),
    HostKind.CLOCK: ("clock", "reads the clock through {}"),
    HostKind.OPAQUE: ("opaque", "calls {}"),
    HostKind.WRITE: ("host_writes", "calls {}"),
    HostKind.CALLS: ("state_writes", "calls {}, which runs code that cannot be seen from here"),
    HostKind.LOG: ("logs", "logs through {}"),
}

Rule = Callable[["Interpreter", "Arguments"], Value]


def host_call(run: Interpreter, name: str, arguments: Arguments) -> Value:
    """Carry a call out; a method's name begins with ":".

    Returns:
        What may come back.
    """
    rule = _RULES.get(name)
    if rule is not None:
        return rule(run, arguments)
    kind = _method_kind(name[1:]) if name.startswith(":") else host_kind(name)
    if kind is None:
        run.note("state_writes", f"calls {name.removeprefix(':')}, of which nothing is known")
        return TOP
    if kind in _CATEGORY:
        category, text = _CATEGORY[kind]
        run.note(category, text.format(name.removeprefix(":")))
    returned = _RETURNS.get(name)
    if kind is HostKind.LOG or name in _DEEP:
        run.touch(TOP)
    for argument in arguments.values:  # a conversion to text may run __tostring
        run.touch(argument)
    if arguments.rest is not None:
        run.touch(arguments.rest)
    if returned is not None:
        return returned
    head = name.partition(".")[0]
    if head in ("string", "math", "utf8"):
        return _TEXT
    return TOP if kind is HostKind.CALLS else HOST


def _method_kind(name: str) -> HostKind | None:
    if name == "log":
        return HostKind.LOG
    return HOST_METHODS.get(name) or FILE_METHODS.get(name)


# They look at all that a table holds, and may run __tostring or __pairs of anything there.
_DEEP = frozenset({"wezterm.to_string", "wezterm.json_encode", "wezterm.format", "wezterm.serde.json_encode"})

_RETURNS: dict[str, Value] = {
    **dict.fromkeys(("io.lines", ":lines"), iterator(STRING)),
    **dict.fromkeys(("tostring", "type", "table.concat", "debug.traceback", "math.type"), _TEXT),
    **dict.fromkeys(("tonumber", "rawequal", "rawlen", "print", "warn"), SCALAR),
    "error": EMPTY,
    **dict.fromkeys(("os.time", "os.clock", "os.difftime", "collectgarbage"), SCALAR),
    **dict.fromkeys(("os.getenv", "wezterm.format", "wezterm.strftime", "wezterm.to_string"), _TEXT),
}


def _protected(run: Interpreter, arguments: Arguments) -> Value:
    return join(_TEXT, run.call(arguments.at(0), arguments.after(1)))


def _protected_handled(run: Interpreter, arguments: Arguments) -> Value:
    handled = run.call(arguments.at(1), Arguments((TOP,)))
    return join(join(_TEXT, handled), run.call(arguments.at(0), arguments.after(2)))


def _pass_on(_run: Interpreter, arguments: Arguments) -> Value:
    return join(SCALAR, arguments.all)


def _pairs(run: Interpreter, arguments: Arguments) -> Value:
    # The function, the table and the control variable come as one value; only the first is called.
    # A metatable's __pairs may give any function.
    return TOP if run.touch(arguments.at(0)) else iterator(arguments.at(0))


def _ipairs(run: Interpreter, arguments: Arguments) -> Value:
    run.touch(arguments.at(0))
    return iterator(arguments.at(0), numbered=True)


def _next(run: Interpreter, arguments: Arguments) -> Value:
    return join(run.keys(arguments.at(0)), run.elements(arguments.at(0)))


def _matches(run: Interpreter, arguments: Arguments) -> Value:
    run.touch(arguments.all)
    return iterator(STRING)


def _substitute(run: Interpreter, arguments: Arguments) -> Value:
    run.touch(arguments.all)
    replacement = frozenset(atom for atom in arguments.at(2) if run.is_function(atom))
    run.call(replacement, Arguments((_TEXT,), _TEXT))
    return _TEXT


def _set_metatable(run: Interpreter, arguments: Arguments) -> Value:
    run.set_metatable(arguments.at(0), arguments.at(1))
    return arguments.at(0)


def _metatable(run: Interpreter, arguments: Arguments) -> Value:
    if arguments.at(0) <= SCALAR:
        return SCALAR
    run.read_unknown()
    return TOP


def _raw_set(run: Interpreter, arguments: Arguments) -> Value:
    run.store(arguments.at(0), ELEMENT, arguments.at(2), arguments.at(1))
    return arguments.at(0)


def _raw_get(run: Interpreter, arguments: Arguments) -> Value:
    return run.index(arguments.at(0), ELEMENT, arguments.at(1))


def _insert(run: Interpreter, arguments: Arguments) -> Value:
    run.store(arguments.at(0), ELEMENT, arguments.after(1).all)
    return SCALAR


def _remove(run: Interpreter, arguments: Arguments) -> Value:
    run.store(arguments.at(0), ELEMENT, SCALAR)
    return join(SCALAR, run.index(arguments.at(0), ELEMENT))


def _sort(run: Interpreter, arguments: Arguments) -> Value:
    table = arguments.at(0)
    elements = run.elements(table)
    run.store(table, ELEMENT, elements)
    run.touch(elements)
    compare = arguments.at(1) - SCALAR
    run.call(compare, Arguments((elements, elements)))
    return SCALAR


def _move(run: Interpreter, arguments: Arguments) -> Value:
    target = arguments.at(4)
    if target <= SCALAR or arguments.rest is not None:
        target = join(target, arguments.at(0))
    run.store(target, ELEMENT, run.elements(arguments.at(0)))
    return target


def _pack(run: Interpreter, arguments: Arguments) -> Value:
    table = run.new_table()
    run.store(table, ELEMENT, arguments.all)
    return table


def _unpack(run: Interpreter, arguments: Arguments) -> Value:
    return join(SCALAR, run.elements(arguments.at(0)))


def _require(run: Interpreter, arguments: Arguments) -> Value:
    return _module(run, MODULE, "require", arguments)


def _plugin(run: Interpreter, arguments: Arguments) -> Value:
    return _module(run, PLUGIN, "wezterm.plugin.require", arguments)


def _module(run: Interpreter, root: int, function: str, arguments: Arguments) -> Value:
    name = run.constant_argument()
    if name is None:
        run.touch(arguments.all)
        run.note("state_writes", f"calls {function} of a computed name")
        return TOP
    reference = Reference(None, root, name)
    target = run.target(reference)
    if isinstance(target, Immutable):  # nil: not loaded yet
        run.note("state_writes", f"loads '{name}'")
        return TOP
    if isinstance(target, Unknown):
        run.note("state_writes", f"may load '{name}'")
        return TOP
    return run.load(reference)


def _time(run: Interpreter, arguments: Arguments) -> Value:
    if any(atom.kind in ("scalar", "anything", "host", "place") for atom in arguments.at(0)):  # nil is "now"
        run.note("clock", "reads the clock through os.time")
    return SCALAR


def _coroutine(run: Interpreter, arguments: Arguments) -> Value:
    run.call(arguments.at(0), Arguments((), TOP))
    return _COROUTINE


def _resume(run: Interpreter, arguments: Arguments) -> Value:
    if not arguments.at(0) <= _COROUTINE:
        run.note("state_writes", "resumes a coroutine that outlives the call")
    return TOP


def _yield(run: Interpreter, _arguments: Arguments) -> Value:
    run.note("state_writes", "yields: other code may run before it goes on")
    return TOP


_RULES: dict[str, Rule] = {
    "pcall": _protected,
    "xpcall": _protected_handled,
    "assert": _pass_on,
    "select": _pass_on,
    "pairs": _pairs,
    "ipairs": _ipairs,
    "next": _next,
    "string.gmatch": _matches,
    "string.gsub": _substitute,
    "setmetatable": _set_metatable,
    "getmetatable": _metatable,
    "rawset": _raw_set,
    "rawget": _raw_get,
    "table.insert": _insert,
    "table.remove": _remove,
    "table.sort": _sort,
    "table.move": _move,
    "table.pack": _pack,
    "table.unpack": _unpack,
    "unpack": _unpack,
    "require": _require,
    "wezterm.plugin.require": _plugin,
    "os.time": _time,
    "coroutine.create": _coroutine,
    "coroutine.wrap": _coroutine,
    "coroutine.resume": _resume,
    "coroutine.close": _resume,
    "coroutine.yield": _yield,
}
