"""What the effect analysis knows of a value: a set of atoms, each something that the value may be.

The empty set is "no value gets here", so far. Sets only grow; one that grows past `_MOST`, or that holds
`ANYTHING`, is `TOP`. There are finitely many atoms (sites, functions, places of bounded depth), so growing
ends. Pure, any thread.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

from perilune.lua.analysis.references import Reference

__all__ = [
    "ANYTHING",
    "EMPTY",
    "GLOBAL",
    "HOST",
    "ITERATORS",
    "SCALAR",
    "STRING",
    "TOP",
    "Atom",
    "Value",
    "closure",
    "fresh",
    "host_method",
    "iterator",
    "join",
    "place",
]

_MOST = 12


class Atom(NamedTuple):
    """One thing that a value may be.

    Attributes:
        kind: "scalar": nil, a boolean or number. "string". "host": made by the host, and nobody else's: an
            argument of the callback, what is reached from it, what a host function returned. "global": a part
            of wezterm.GLOBAL. "fresh": a table made during this call, by the instruction `data`. "closure": a
            function made during this call, by its identity. "place": what stands at the Reference `data`.
            "method": a method of a host object, by name. "iterator", "numbered": a function that gives keys
            and values of what the atom `data` stands for, as pairs and ipairs. "coroutine": made during this
            call. "anything".
    """

    kind: str
    data: Any = None


Value = frozenset[Atom]

ITERATORS = frozenset({"iterator", "numbered"})

ANYTHING = Atom("anything")
EMPTY: Value = frozenset()
TOP: Value = frozenset({ANYTHING})
SCALAR: Value = frozenset({Atom("scalar")})
STRING: Value = frozenset({Atom("string")})
HOST: Value = frozenset({Atom("host")})
GLOBAL: Value = frozenset({Atom("global")})


def fresh(site: Hashable) -> Value:
    """A table made at an instruction."""
    return frozenset({Atom("fresh", site)})


def closure(identity: Hashable) -> Value:
    """A function made during the call."""
    return frozenset({Atom("closure", identity)})


def place(reference: Reference) -> Value:
    """What stands at a place, whatever it is now."""
    return frozenset({Atom("place", reference)})


def host_method(name: str) -> Value:
    """A method of a host object."""
    return frozenset({Atom("method", name)})


def iterator(value: Value, *, numbered: bool = False) -> Value:
    """A function that gives keys and values of a value's elements; `numbered`: the keys are numbers."""
    kind = "numbered" if numbered else "iterator"
    return frozenset(Atom(kind, atom) for atom in value if atom.kind not in ITERATORS)


def join(first: Value, second: Value) -> Value:
    """Either of two."""
    if first is second or second <= first:
        return first
    if not first:
        return second
    both = first | second
    if len(both) > _MOST or ANYTHING in both:
        return TOP
    return both
