"""`wezterm.GLOBAL`: tables that outlive a Lua state, as every reload makes a new one. Lua thread only.

Values are copied in; a table inside is read through a proxy in Lua that holds its node's number, so that
`wezterm.GLOBAL.a.b = 1` writes where it seems to. Each write counts the version up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import count
from weakref import WeakValueDictionary

from perilune.lua.functions import ApiError, lua_function

__all__ = ["Stored"]

Key = str | int | float | bool


class _Node:
    """A table; `items` keep Lua's order of writing."""

    __slots__ = ("__weakref__", "items", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.items: dict[Key, Value] = {}


Value = str | int | float | bool | _Node

_KEPT = 16
"""How many tables that were replaced last are kept: a config may still hold them."""


class Stored:
    """The store. Node 0 is GLOBAL itself."""

    def __init__(self) -> None:
        self.version = 0
        self._numbers = count()
        self._nodes: WeakValueDictionary[int, _Node] = WeakValueDictionary()
        self._replaced: deque[_Node] = deque(maxlen=_KEPT)
        self._root = self._new_node()

    def _new_node(self) -> _Node:
        node = _Node(next(self._numbers))
        self._nodes[node.number] = node
        return node

    def _node(self, number: int) -> _Node:
        node = self._nodes.get(number)
        if node is None:
            raise ApiError("wezterm.GLOBAL: this table was replaced and no longer exists")
        return node

    def _store(self, value: object) -> Value:
        if isinstance(value, str):
            return str(value)  # a Url's text, too
        if isinstance(value, int | float | bool):
            return value
        node = self._new_node()
        if isinstance(value, list):
            value = dict(enumerate(value, 1))
        if not isinstance(value, dict):
            raise ApiError("wezterm.GLOBAL holds strings, numbers, booleans and tables of them")
        for key, item in value.items():
            if item is not None:
                node.items[key] = self._store(item)
        return node

    @lua_function("sys.global_get")
    def get(self, number: int, key: object) -> tuple[object, ...]:
        """("node", number) for a table, else ("value", value)."""
        value = self._node(number).items.get(_key(key))
        return ("node", value.number) if isinstance(value, _Node) else ("value", value)

    @lua_function("sys.global_set")
    def set(self, number: int, key: object, value: object = None) -> None:
        """Write a copy; nil removes."""
        items = self._node(number).items
        self.version += 1
        before = items.get(_key(key))
        if isinstance(before, _Node):
            self._replaced.append(before)
        if value is None:
            items.pop(_key(key), None)
        else:
            items[_key(key)] = self._store(value)

    @lua_function("sys.global_assign")
    def assign(self, value: object) -> None:
        """`wezterm.GLOBAL = {...}`."""
        if value in ({}, [], None):
            value = {}
        if not isinstance(value, dict):
            raise ApiError("wezterm.GLOBAL can only be a table with names")
        node = self._store(value)
        if isinstance(node, _Node):
            self._replaced.extend(item for item in self._root.items.values() if isinstance(item, _Node))
            self._root.items = node.items
        self.version += 1

    @lua_function("sys.global_keys")
    def keys(self, number: int) -> list[object]:
        """All keys, in order."""
        return [*sorted(self._node(number).items, key=_order)]

    @lua_function("sys.global_length")
    def length(self, number: int) -> int:
        """Lua's `#`: how many of 1, 2, 3... are there; of a table with names, how many these are."""
        items = self._node(number).items
        if items and 1 not in items:
            return len(items)
        found = 0
        while found + 1 in items:
            found += 1
        return found

    def read(self, path: Sequence[object]) -> object:
        """What a path below GLOBAL reads; "#" is a length, "*" all keys, "**" a copy of all below."""
        value: Value | None = self._root
        for key in path:
            if not isinstance(value, _Node):
                return None
            if key == "#":
                return self.length(value.number)
            if key == "*":
                return "\n".join(str(item) for item in sorted(value.items, key=_order))
            if key == "**":
                return _lists(_plain(value))
            value = value.items.get(_key(key))
        return True if isinstance(value, _Node) else value

    @lua_function("sys.global_copy")
    def copy(self, number: int) -> object:
        """A plain copy, for GLOBAL's tables given to functions."""
        return _plain(self._node(number))


def _key(key: object) -> Key:
    if isinstance(key, float) and key.is_integer():
        return int(key)
    if isinstance(key, str | int | float):
        return key
    raise ApiError("wezterm.GLOBAL: keys are strings or numbers")


def _order(key: Key) -> tuple[bool, Key]:
    return isinstance(key, str), key


def _lists(value: object) -> object:
    if not isinstance(value, dict):
        return value
    items = {key: _lists(item) for key, item in value.items()}
    if set(items) == set(range(1, len(items) + 1)):
        return tuple(items[number] for number in range(1, len(items) + 1))
    return tuple(sorted(items.items(), key=lambda item: (type(item[0]).__name__, item[0])))


def _plain(value: Value) -> object:
    if not isinstance(value, _Node):
        return value
    return {key: _plain(item) for key, item in value.items.items()}
