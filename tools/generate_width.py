"""Writes src/perilune/cells/_width_data.py from the tables of the `wcwidth` package.

Run it after raising the wcwidth pin: `python tools/generate_width.py`. A test compares what is committed with
the installed package, code point by code point.
"""

from __future__ import annotations

import base64
import sys
import zlib
from array import array
from collections.abc import Iterable
from pathlib import Path

from wcwidth import table_grapheme as breaks
from wcwidth.table_ambiguous import AMBIGUOUS_EASTASIAN
from wcwidth.table_mc import CATEGORY_MC
from wcwidth.table_vs15 import VS15_WIDE_TO_NARROW
from wcwidth.table_vs16 import VS16_NARROW_TO_WIDE
from wcwidth.table_wide import WIDE_EASTASIAN
from wcwidth.table_zero import ZERO_WIDTH

TARGET = Path(__file__).parent.parent / "src/perilune/cells/_width_data.py"
CODE_POINTS = 0x110000
BLOCK = 256

# Bits of a property word; `cells/width.py` names the same ones.
WIDTH_SHIFT = 5
WIDENED_BY_VS16 = 0x80
NARROWED_BY_VS15 = 0x100
AMBIGUOUS = 0x200
WIDENS_BASE = 0x400

Ranges = Iterable[tuple[int, int]]
OTHER, CR, LF, CONTROL, EXTEND, RI, PREPEND, SPACING, L, V, T, LV, LVT, ZWJ = range(14)


def newest(tables: dict[str, Ranges]) -> Ranges:
    """The last table of a dictionary by Unicode version."""
    return tables[list(tables)[-1]]


def break_properties() -> list[tuple[int, bool, int]]:
    """For every code point: break class, Extended_Pictographic, Indic conjunct break (1 C, 2 L, 3 E)."""
    gcb = bytearray(CODE_POINTS)
    # In the reverse order of precedence.
    for value, ranges in (
        (LVT, breaks.GRAPHEME_LVT),
        (LV, breaks.GRAPHEME_LV),
        (T, breaks.GRAPHEME_T),
        (V, breaks.GRAPHEME_V),
        (L, breaks.GRAPHEME_L),
        (SPACING, breaks.GRAPHEME_SPACINGMARK),
        (PREPEND, breaks.GRAPHEME_PREPEND),
        (RI, breaks.GRAPHEME_REGIONAL_INDICATOR),
        (EXTEND, breaks.GRAPHEME_EXTEND),
        (CONTROL, breaks.GRAPHEME_CONTROL),
        (ZWJ, [(0x200D, 0x200D)]),
        (LF, [(10, 10)]),
        (CR, [(13, 13)]),
    ):
        for first, last in ranges:
            gcb[first : last + 1] = bytes([value]) * (last + 1 - first)
    pictographic = bytearray(CODE_POINTS)
    for first, last in breaks.EXTENDED_PICTOGRAPHIC:
        pictographic[first : last + 1] = b"\x01" * (last + 1 - first)
    conjunct = bytearray(CODE_POINTS)
    for value, ranges in ((3, breaks.INCB_EXTEND), (2, breaks.INCB_LINKER), (1, breaks.INCB_CONSONANT)):
        for first, last in ranges:
            conjunct[first : last + 1] = bytes([value]) * (last + 1 - first)
    return [(gcb[code], bool(pictographic[code]), conjunct[code]) for code in range(CODE_POINTS)]


# What the break rules of UAX #29 look back at: class of the last code point, odd number of regional
# indicators, 1 in "pictograph extend*" or 2 behind its ZWJ, "linker extend*".
State = tuple[int, bool, int, bool]


def step(state: State | None, kind: tuple[int, bool, int]) -> tuple[State, bool]:
    """The state after one more code point, and whether there is a boundary before it."""
    gcb, pictographic, conjunct = kind
    if state is None:
        boundary, odd, pict, linked = True, False, 0, False
    else:
        _, odd, pict, linked = state
        boundary = not joins(state, kind)
    now_odd = gcb == RI and (boundary or not odd)
    joined = 2 if pict == 1 and gcb == ZWJ else 0
    now_pict = 1 if pictographic or (pict == 1 and gcb == EXTEND) else joined
    now_linked = conjunct == 2 or (linked and conjunct == 3)
    return (gcb, now_odd, now_pict, now_linked), boundary


def joins(state: State, kind: tuple[int, bool, int]) -> bool:
    """UAX #29 rules GB3 to GB13 in order."""
    before, odd, pict, linked = state
    gcb, pictographic, conjunct = kind
    if before == CR and gcb == LF:
        return True
    if before in (CONTROL, CR, LF) or gcb in (CONTROL, CR, LF):
        return False
    return (
        (before == L and gcb in (L, V, LV, LVT))
        or (before in (LV, V) and gcb in (V, T))
        or (before in (LVT, T) and gcb == T)
        or gcb in (EXTEND, ZWJ, SPACING)
        or before == PREPEND
        or (linked and conjunct == 1)
        or (pict == 2 and pictographic)
        or (before == RI and gcb == RI and odd)
    )


def main() -> None:
    """Generate and write."""
    kinds = break_properties()
    classes = {kind: number for number, kind in enumerate(sorted(set(kinds)))}
    if len(classes) > 1 << WIDTH_SHIFT:
        sys.exit(f"{len(classes)} classes do not fit in {WIDTH_SHIFT} bits")
    words = array("H", [classes[kind] | 1 << WIDTH_SHIFT for kind in kinds])
    for width, ranges in ((2, newest(WIDE_EASTASIAN)), (0, newest(ZERO_WIDTH)), (0, [(0, 31), (127, 159)])):
        for first, last in ranges:
            for code in range(first, last + 1):
                words[code] = words[code] & ~(3 << WIDTH_SHIFT) | width << WIDTH_SHIFT
    for bit, ranges in (
        (WIDENED_BY_VS16, newest(VS16_NARROW_TO_WIDE)),
        (NARROWED_BY_VS15, newest(VS15_WIDE_TO_NARROW)),
        (AMBIGUOUS, newest(AMBIGUOUS_EASTASIAN)),
        (WIDENS_BASE, newest(CATEGORY_MC)),
    ):
        for first, last in ranges:
            for code in range(first, last + 1):
                words[code] |= bit

    states: dict[State | None, int] = {None: 0}
    pending: list[State | None] = [None]
    table = bytearray()
    for state in pending:  # grows while it is walked
        for kind in classes:
            after, boundary = step(state, kind)
            if after not in states:
                states[after] = len(states)
                pending.append(after)
            table.append(states[after] | boundary << 7)
        table += bytes((1 << WIDTH_SHIFT) - len(classes))
    if len(states) > 128:
        sys.exit(f"{len(states)} states do not fit in seven bits")

    blocks: dict[bytes, int] = {}
    index = array("H")
    for first in range(0, CODE_POINTS, BLOCK):
        index.append(blocks.setdefault(words[first : first + BLOCK].tobytes(), len(blocks)))
    if sys.byteorder != "little":
        index.byteswap()
        sys.exit("run this on a little-endian machine")
    parts = {"INDEX": index.tobytes(), "BLOCKS": b"".join(blocks), "TRANSITIONS": bytes(table)}
    lines = [
        '"""Generated by tools/generate_width.py from the tables of the `wcwidth` package; do not edit.',
        "",
        "Each value is base64 of zlib of little-endian data; `perilune.cells.width` explains them.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        f"__all__ = {[*sorted(parts)]}".replace("'", '"'),
    ]
    for name, data in parts.items():
        lines += ["", f"{name} = ("]
        text = base64.b64encode(zlib.compress(data, 9)).decode()
        lines += [f'    "{text[at : at + 100]}"' for at in range(0, len(text), 100)]
        lines.append(")")
    TARGET.write_text("\n".join(lines) + "\n")
    print(
        f"{len(classes)} classes, {len(states)} states, {len(blocks)} blocks, {TARGET.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
