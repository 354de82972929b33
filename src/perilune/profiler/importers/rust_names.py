"""Reads the names that rustc gave symbols before its v0 scheme, which perf may print as they are.

`perf` that was built without a demangler prints `_ZN4mlua5table5Table7raw_set17h0123456789abcdefE`, one that
knows C++ only `_$LT$T$u20$as$u20$U$GT$::call::h0123456789abcdef`. Names of C++ are left as they are.
"""

from __future__ import annotations

import re

__all__ = ["demangle_rust"]

_HASH = re.compile(r"h[0-9a-f]{16}")
_ESCAPE = re.compile(r"\$(SP|BP|RF|LT|GT|LP|RP|C|u[0-9a-f]{1,6})\$")
_NAMED = {"SP": "@", "BP": "*", "RF": "&", "LT": "<", "GT": ">", "LP": "(", "RP": ")", "C": ","}
_LARGEST = 0x10FFFF


def demangle_rust(symbol: str) -> str:
    """A symbol as it was written, without the hash; any other symbol as it is.

    >>> demangle_rust("_ZN4mlua5table5Table7raw_set17h0123456789abcdefE")
    'mlua::table::Table::raw_set'
    >>> demangle_rust("_$LT$T$GT$::call"), demangle_rust("_ZN3foo3barEv")
    ('<T>::call', '_ZN3foo3barEv')
    """
    if symbol.startswith("_ZN"):
        parts = _parts(symbol)
        if parts is None:
            return symbol
        return "::".join(_written(part) for part in parts)
    if _ESCAPE.search(symbol) is None:
        return symbol
    return "::".join(_written(part) for part in symbol.split("::"))


def _parts(symbol: str) -> list[str] | None:
    """The parts of the path; None if it is not rustc's, whose last part is a hash."""
    at, parts = 3, []
    while at < len(symbol) and symbol[at].isdigit():
        end = at
        while end < len(symbol) and symbol[end].isdigit() and end - at < 5:
            end += 1
        size = int(symbol[at:end])
        parts.append(symbol[end : end + size])
        at = end + size
    if symbol[at : at + 1] != "E" or len(parts) < 2 or _HASH.fullmatch(parts[-1]) is None:
        return None
    return parts[:-1]


def _written(part: str) -> str:
    if part.startswith("_$"):
        part = part[1:]
    part = _ESCAPE.sub(_character, part)
    return part.replace("..", "::")


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name in _NAMED:
        return _NAMED[name]
    code = int(name[1:], 16)
    return chr(code) if 0x20 <= code <= _LARGEST else match[0]  # no control characters
