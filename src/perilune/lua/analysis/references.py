"""What a function refers to outside itself, and what the caller of the analysis says stands there.

The analysis sees bytecode; the values of upvalues and globals are the running state's. It asks by
`Reference`, and a `World`, which belongs to the caller, answers with a `Target`. Pure, any thread.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

__all__ = [
    "ELEMENT",
    "GLOBALS",
    "MODULE",
    "PLUGIN",
    "Field",
    "HostObject",
    "Immutable",
    "LuaFunction",
    "LuaTable",
    "Reference",
    "Target",
    "Unknown",
    "World",
]

ELEMENT: Final = None
"""Stands in a path for a key that is not known: any element of the table, any key of it too."""

GLOBALS: Final = -1
MODULE: Final = -2
PLUGIN: Final = -3
"""In place of an upvalue's index: where a path begins that begins at no upvalue."""

Field = str | int | None


class Reference(NamedTuple):
    """A place: an upvalue, a global or a loaded module, and a path of fields from there.

    Attributes:
        function: whose upvalue it is, by the key that the World gave its `LuaFunction`; None for the others.
        upvalue: the upvalue's index from 0, `GLOBALS`, `MODULE` or `PLUGIN`.
        name: the upvalue's name ("_ENV" is how a function reaches its globals), the module's or plugin's.
        fields: keys in turn; `ELEMENT` for one that is not known.
    """

    function: Hashable
    upvalue: int
    name: str
    fields: tuple[Field, ...] = ()

    def field(self, key: Field) -> Reference:
        """The place one step further."""
        return Reference(self.function, self.upvalue, self.name, (*self.fields, key))

    @property
    def parent(self) -> Reference:
        """The table that the last field is in."""
        return Reference(self.function, self.upvalue, self.name, self.fields[:-1])

    @property
    def is_global(self) -> bool:
        """Whether the path begins at the globals."""
        return self.upvalue == GLOBALS or self.name == "_ENV"

    def __str__(self) -> str:
        if self.upvalue in (MODULE, PLUGIN):
            text = f"require '{self.name}'"
        elif self.is_global:
            text = ""
        else:
            text = self.name or f"upvalue {self.upvalue + 1}"
        for key in self.fields:
            if key is None:
                text += "[...]"
            elif isinstance(key, int):
                text += f"[{key}]"
            elif not key.isidentifier():
                text += f"[{key!r}]"
            else:
                text += f".{key}" if text else key
        return text or "_G"


@dataclass(frozen=True, slots=True)
class LuaFunction:
    """A function written in Lua.

    Attributes:
        key: tells this closure from others, also from those of the same code with other upvalues.
        code: what `string.dump` gives for it.
        constant: the place that was asked about can never hold another value.
    """

    key: Hashable
    code: bytes
    constant: bool = False


@dataclass(frozen=True, slots=True)
class HostObject:
    """A function, library or object that is not the config's, such as "string.format" or "wezterm.GLOBAL".

    Attributes:
        name: as in `library`. A handle has the name of its class: "window", "pane", "tab", "mux_window",
            "domain", "color", "time", "url", "file".
        constant: as above.
    """

    name: str
    constant: bool = True


@dataclass(frozen=True, slots=True)
class Immutable:
    """A string, number, boolean or nil; asked about `ELEMENT`: all elements and keys are such.

    Attributes:
        is_string: it is, or may be, a string.
        constant: as above.
    """

    is_string: bool = False
    constant: bool = False


@dataclass(frozen=True, slots=True)
class LuaTable:
    """A table of the config's; asked about `ELEMENT`: all elements are such, or immutable.

    Attributes:
        key: tells it from other tables; anything equal for "the same as last time" will do.
        has_metatable: it, or an element, has a metatable with functions of the config's.
        constant: the place can never hold another value. It says nothing about the table's content.
    """

    key: Hashable = None
    has_metatable: bool = False
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known."""

    constant: bool = False


Target = LuaFunction | HostObject | Immutable | LuaTable | Unknown


class World(Protocol):
    """The caller's view of the running state. Answers hold for now; `Effects.holds` asks them again."""

    def resolve(self, reference: Reference) -> Target:
        """What stands at a place.

        Fields are looked up raw, then through `__index` while that is a table; where it is a function, the
        answer is `Unknown`. A missing field is `Immutable()` (nil). A host library's fields need no answer of
        their own: for `Unknown` below a `HostObject`, the analysis puts the names together.
        """
        ...

    def metamethods(self) -> Iterable[LuaFunction]:
        """All functions that the config has put into metatables. Any operation on a table may run them."""
        ...

    def defines_method(self, name: str) -> bool:
        """Whether the config has functions under this field name (see `assignments`).

        Asked when `value:name()` is called on a value of unknown origin and `name` is a known method's.
        """
        ...
