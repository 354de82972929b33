"""Values to bytes and back: the one format in which anything crosses the border to Lua.

`boot/wire.lua` is the other half and documents the format. Serialising in Lua and parsing here is one
crossing whatever the size; walking a Lua table from Python would be one for each item. The only file of the
package in which `Any` is a type. Strings are bytes in Lua: they become text by UTF-8 with surrogateescape,
both ways, so any bytes come back as they went. Pure functions, any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from perilune.lua.values import DomainRef, MuxWindowRef, PaneRef, TabRef, UrlText, WindowRef

__all__ = ["ConversionError", "decode", "decode_all", "encode", "lua_kind"]

MAX_DEPTH = 100
MAX_BYTES = 8 << 20
"""What one crossing into Lua may carry. The runtime keeps that much memory free for it."""

_HANDLES: dict[int, Callable[[int], Any]] = {
    ord("w"): WindowRef,
    ord("m"): MuxWindowRef,
    ord("t"): TabRef,
    ord("p"): PaneRef,
    ord("d"): DomainRef,
}
_LETTERS: dict[type, bytes] = {
    WindowRef: b"ow",
    MuxWindowRef: b"om",
    TabRef: b"ot",
    PaneRef: b"op",
    DomainRef: b"od",
}


class ConversionError(Exception):
    """A value that has no form on the other side."""


def encode(*values: object) -> bytes:
    r"""Several values as Lua reads them.

    Raises:
        ConversionError: a value of a type that Lua has no form for, or too much of it.

    >>> encode(1, "é", [True, None])
    b'3;i1;s2:\xc3\xa9l2;tz'
    """
    out: list[bytes] = [b"%d;" % len(values)]
    for value in values:
        _write(value, out, 0)
    data = b"".join(out)
    if len(data) > MAX_BYTES:
        raise ConversionError(f"more than {MAX_BYTES >> 20} MiB in one value")
    return data


def _write(value: Any, out: list[bytes], depth: int) -> None:
    if value is None:
        out.append(b"z")
    elif value is True:
        out.append(b"t")
    elif value is False:
        out.append(b"f")
    elif isinstance(value, str):
        data = value.encode("utf-8", "surrogateescape")
        out.append((b"u%d:" if isinstance(value, UrlText) else b"s%d:") % len(data))
        out.append(data)
    elif isinstance(value, bytes):
        out.append(b"s%d:" % len(value))
        out.append(value)
    elif isinstance(value, int):
        if not -(1 << 63) <= value < 1 << 63:
            raise ConversionError(f"{value} does not fit into Lua's 64-bit integers")
        out.append(b"i%d;" % value)
    elif isinstance(value, float):
        out.append(b"d%s;" % repr(value).encode())
    elif depth > MAX_DEPTH:
        raise ConversionError(f"nested deeper than {MAX_DEPTH} tables")
    elif isinstance(value, Mapping):
        items = [(key, item) for key, item in value.items() if item is not None]
        out.append(b"m%d;" % len(items))
        for key, item in items:
            _write(key, out, depth + 1)
            _write(item, out, depth + 1)
    elif isinstance(value, Sequence | set | frozenset):
        out.append(b"l%d;" % len(value))
        for item in value:
            _write(item, out, depth + 1)
    elif (letter := _LETTERS.get(type(value))) is not None:
        out.append(letter + b"%d;" % value.id)
    else:
        raise ConversionError(f"a {type(value).__name__} has no form in Lua")


def decode(data: bytes) -> list[Any]:
    """The values of what `wire.lua` wrote.

    A table with exactly the keys 1..n is a list, every other one a dict, an empty one an empty dict.

    >>> decode(b"2;l2;i1;s1:am1;s1:kd0.5;")
    [[1, 'a'], {'k': 0.5}]
    """
    stop = data.index(b";")
    at = stop + 1
    values: list[Any] = []
    for _ in range(int(data[:stop])):
        value, at = _read(data, at)
        values.append(value)
    return values


def decode_all(data: bytes) -> list[Any]:
    """The values up to the end of the data, however many there were announced."""
    at = data.index(b";") + 1
    values: list[Any] = []
    end = len(data)
    while at < end:
        value, at = _read(data, at)
        values.append(value)
    return values


def _read(data: bytes, at: int) -> tuple[Any, int]:
    tag = data[at]
    if tag == 0x73 or tag == 0x75:  # s, u  # noqa: PLR1714 - two comparisons are faster
        colon = data.index(b":", at)
        stop = colon + 1 + int(data[at + 1 : colon])
        text = data[colon + 1 : stop].decode("utf-8", "surrogateescape")
        return (text if tag == 0x73 else UrlText(text)), stop
    if tag == 0x69:  # i
        stop = data.index(b";", at)
        return int(data[at + 1 : stop]), stop + 1
    if tag == 0x6D:  # m
        stop = data.index(b";", at)
        count = int(data[at + 1 : stop])
        at = stop + 1
        table: dict[Any, Any] = {}
        for _ in range(count):
            key, at = _read(data, at)
            table[key], at = _read(data, at)
        return table, at
    if tag == 0x6C:  # l
        stop = data.index(b";", at)
        count = int(data[at + 1 : stop])
        at = stop + 1
        items: list[Any] = []
        for _ in range(count):
            item, at = _read(data, at)
            items.append(item)
        return items, at
    if tag == 0x74:
        return True, at + 1
    if tag == 0x66:
        return False, at + 1
    if tag == 0x7A:
        return None, at + 1
    stop = data.index(b";", at)
    if tag == 0x64:  # d
        return float(data[at + 1 : stop]), stop + 1
    return _HANDLES[data[at + 1]](int(data[at + 2 : stop])), stop + 1


def lua_kind(value: object) -> str:
    """What Lua users call the type of a value that came from Lua.

    >>> lua_kind(None), lua_kind(3), lua_kind("x"), lua_kind({}), lua_kind(PaneRef(1))
    ('nil', 'a number', 'a string', 'a table', 'a Pane')
    """
    match value:
        case None:
            return "nil"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case UrlText():
            return "a Url"
        case str():
            return "a string"
        case list() | dict():
            return "a table"
        case WindowRef():
            return "a Window"
        case MuxWindowRef():
            return "a MuxWindow"
        case TabRef():
            return "a MuxTab"
        case PaneRef():
            return "a Pane"
        case _:
            return "a MuxDomain"
