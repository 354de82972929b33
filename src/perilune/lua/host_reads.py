"""Reads of the host: calls of API functions, environment variables, GLOBAL; as paths, and asked again.

In Lua such a read is a function's name and its arguments in wire form. Here it is
("host", name, argument...), with the ids of handles for the handles:
("host", "wezterm.mux.get_active_workspace"), ("host", "pane.get_user_vars", 3), ("host", "env", "HOME"),
("host", "GLOBAL", "theme", "name"); and ("clock", "os.date", "%H:%M"). Values are plain: tables are tuples.
Filled on the Lua thread; `value` may be called on any thread on which HostApi may be.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from perilune.base.clock import Clock
from perilune.lua.api.stored import Stored
from perilune.lua.clock_reads import clock_value
from perilune.lua.convert import decode
from perilune.lua.functions import FunctionTable
from perilune.lua.values import DomainRef, MuxWindowRef, PaneRef, ReadPath, TabRef, WindowRef

__all__ = ["HostReads", "plain_value"]

_HANDLES = (WindowRef, MuxWindowRef, TabRef, PaneRef, DomainRef)


def plain_value(value: object) -> object:
    """A value from Lua that can be compared and kept: lists and tables as tuples, handles as their text.

    >>> plain_value({"b": [1, 2], "a": None})
    (('a', None), ('b', (1, 2)))
    """
    if isinstance(value, Mapping):
        items = [(key, plain_value(item)) for key, item in value.items()]
        return tuple(sorted(items, key=lambda item: (type(item[0]).__name__, item[0])))
    if isinstance(value, list | tuple):
        return tuple(plain_value(item) for item in value)
    if isinstance(value, _HANDLES):
        return f"{type(value).__name__.removesuffix('Ref')}({value.id})"
    return value


class HostReads:
    """The reads that callbacks made of the host.

    Args:
        functions: the API.
        stored: GLOBAL.
        clock: the time.
    """

    def __init__(self, functions: FunctionTable, stored: Stored, clock: Clock) -> None:
        self._functions = functions
        self._stored = stored
        self._clock = clock
        self._calls: dict[ReadPath, tuple[bytes, bytes]] = {}

    def readable(self, path: ReadPath) -> ReadPath:
        """The path as it is told outside, from the one that Lua uses."""
        if path[0] not in {"host", "clock"} or len(path) < 3:
            return path
        root, name, data, *below = path
        if name == "GLOBAL":
            return (root, name, *below)
        code = str(data).encode("utf-8", "surrogateescape")
        arguments = [plain_value(item) if isinstance(item, dict | list) else item for item in decode(code)]
        while arguments and arguments[-1] is None:
            arguments.pop()
        shown = (root, name, *(item.id if isinstance(item, _HANDLES) else item for item in arguments))
        self._calls[shown] = (str(name).encode(), code)
        return shown

    @staticmethod
    def answer(data: str) -> object:
        """The value of an answer in wire form."""
        values: list[Any] = decode(data.encode("utf-8", "surrogateescape"))
        return plain_value(values[0] if len(values) == 1 else values)

    def value(self, path: ReadPath) -> object:
        """What the path reads now.

        Raises:
            KeyError: nothing has read it yet.
        """
        root, name, *rest = path
        if root == "clock":
            return clock_value(str(name), rest[0] if rest else None, self._clock.time())
        if root != "host":
            raise KeyError(path)
        if name == "GLOBAL":
            return self._stored.read(rest)
        if name == "env":
            return os.environ.get(str(rest[0]))
        function, arguments = self._calls[path]
        ok, data = self._functions.dispatch(function, arguments)
        values: list[Any] = decode(data) if ok else [False, data.decode("utf-8", "surrogateescape")]
        return plain_value(values[0] if len(values) == 1 else values)
