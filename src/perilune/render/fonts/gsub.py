"""Which glyphs of a face can begin a substitution: all others are "plain" and need no shaping.

A lookup changes nothing unless the glyph it stands on is in the coverage of one of its subtables, so glyphs
in no coverage of any lookup that shaping applies by itself may be drawn straight from the character map.
`ccmp` does not count: it composes letters and their marks, and those share a cell and are shaped anyway.
Reads the GSUB table; a table that is damaged counts as one in which nothing is plain. Pure.
"""

from __future__ import annotations

import struct
from collections.abc import Collection

__all__ = ["OPTIONAL_FEATURES", "substituted_glyphs"]

OPTIONAL_FEATURES = (
    "aalt", "afrc", "c2pc", "c2sc", "case", "cpsp", "dlig", "dnom", "expt", "falt", "frac", "fwid", "hist",
    "hkna", "hlig", "hojo", "hwid", "ital", "jp04", "jp78", "jp83", "jp90", "lnum", "mgrk", "nalt", "nlck",
    "numr", "onum", "ordn", "ornm", "pcap", "pnum", "pwid", "qwid", "rand", "ruby", "salt", "sinf", "smcp",
    "smpl", "subs", "sups", "swsh", "titl", "tnam", "tnum", "trad", "twid", "unic", "vert", "vrt2", "zero",
)  # fmt: skip
"""Features that shaping leaves off unless asked; further ss01-ss20 and cv01-cv99."""


def _is_optional(tag: str) -> bool:
    return tag in OPTIONAL_FEATURES or (tag[:2] in {"ss", "cv"} and tag[2:].isdigit())


def substituted_glyphs(
    table: bytes, asked: Collection[str] = (), off: Collection[str] = ()
) -> set[int] | None:
    """Glyphs at which some lookup may act.

    Args:
        table: the face's GSUB; empty: it has none.
        asked: tags of optional features that are switched on.
        off: tags of features that are switched off.

    Returns:
        Glyph numbers; None where the table cannot be read.
    """
    if not table:
        return set()
    try:
        return _read(table, asked, off)
    except (struct.error, IndexError):
        return None


def _u16(table: bytes, at: int) -> int:
    found: int = struct.unpack_from(">H", table, at)[0]
    return found


def _u32(table: bytes, at: int) -> int:
    found: int = struct.unpack_from(">I", table, at)[0]
    return found


def _read(table: bytes, asked: Collection[str], off: Collection[str]) -> set[int]:
    features, lookups = _u16(table, 6), _u16(table, 8)
    used: set[int] = set()
    for number in range(_u16(table, features)):
        record = features + 2 + 6 * number
        tag = table[record : record + 4].decode("latin-1")
        if tag == "ccmp" or tag in off or (_is_optional(tag) and tag not in asked):
            continue
        feature = features + _u16(table, record + 4)
        count = _u16(table, feature + 2)
        used.update(struct.unpack_from(f">{count}H", table, feature + 4))
    glyphs: set[int] = set()
    for number in used:
        lookup = lookups + _u16(table, lookups + 2 + 2 * number)
        kind = _u16(table, lookup)
        for item in range(_u16(table, lookup + 4)):
            subtable = lookup + _u16(table, lookup + 6 + 2 * item)
            real = kind
            if kind == 7:  # extension
                real, subtable = _u16(table, subtable + 2), subtable + _u32(table, subtable + 4)
            glyphs |= _coverage(table, subtable + _coverage_offset(table, real, subtable))
    return glyphs


def _coverage_offset(table: bytes, kind: int, subtable: int) -> int:
    form = _u16(table, subtable)
    if kind == 5 and form == 3:
        return _u16(table, subtable + 6)
    if kind == 6 and form == 3:
        backtrack = _u16(table, subtable + 2)
        return _u16(table, subtable + 4 + 2 * backtrack + 2)
    return _u16(table, subtable + 2)


def _coverage(table: bytes, at: int) -> set[int]:
    form, count = _u16(table, at), _u16(table, at + 2)
    if form == 1:
        return set(struct.unpack_from(f">{count}H", table, at + 4))
    found: set[int] = set()
    for number in range(count):
        first, last = struct.unpack_from(">HH", table, at + 4 + 6 * number)
        found.update(range(first, last + 1))
    return found
