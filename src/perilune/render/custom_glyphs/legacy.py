"""Symbols for Legacy Computing: sextants, wedges, eighths, half shades, diagonals, and octants.

What can be read from the characters' names is read from them.
"""

from __future__ import annotations

import functools
import itertools
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from perilune.render.custom_glyphs.blocks import SHADES
from perilune.render.custom_glyphs.shapes import blank, covered, half_plane, polygon, rectangle, stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["draw_legacy", "octant_patterns"]

_ACROSS = {"LEFT": 0.0, "CENTRE": 0.5, "RIGHT": 1.0}
_DOWN = {"UPPER": 0.0, "UPPER MIDDLE": 1 / 3, "MIDDLE": 0.5, "LOWER MIDDLE": 2 / 3, "LOWER": 1.0}
_SHADE_NAMES = {"LIGHT": SHADES[0], "MEDIUM": SHADES[1], "DARK": SHADES[2]}
# Upper parts U+1FB82 to U+1FB86, right parts U+1FB87 to U+1FB8B, in eighths.
_PARTS = (2, 3, 5, 6, 7)
# Octants that are no octant characters: (code, pattern).
_QUARTERS = {0x1FBE6: 0x14, 0x1FBE7: 0x28, 0x1CEA8: 0x40, 0x1CEAB: 0x80, 0x1CEA3: 0x02, 0x1CEA0: 0x01}


@functools.cache
def octant_patterns() -> tuple[int, ...]:
    """The cells (bit 0: upper left, row by row) of U+1CD00 to U+1CDE5: those that had no character before."""
    known = {0x03, 0xC0, 0x3F, 0xFC, *_QUARTERS.values()}
    for bits in range(16):  # quadrants, each two rows high
        known.add(sum(0x05 << (4 * (at // 2) + at % 2) for at in range(4) if bits >> at & 1))
    return tuple(pattern for pattern in range(256) if pattern not in known)


def draw_legacy(code: int, width: int, height: int, light: int) -> NDArray[np.uint8] | None:
    """Draw one of them; None for what is not known."""
    if 0x1CD00 <= code <= 0x1CDE5:
        return _grid(octant_patterns()[code - 0x1CD00], 4, width, height)
    if code in _QUARTERS:
        return _grid(_QUARTERS[code], 4, width, height)
    if code <= 0x1FB3B:
        pattern = code - 0x1FB00 + 1
        pattern += (pattern >= 0x15) + (pattern + (pattern >= 0x15) >= 0x2A)  # halves stand elsewhere
        return _grid(pattern, 3, width, height)
    name = unicodedata.name(chr(code), "")
    if not name:
        return None
    if " BLOCK DIAGONAL " in name:
        return _wedge(name, width, height)
    if "TRIANGULAR" in name:
        return _triangles(name, width, height)
    if 0x1FB70 <= code <= 0x1FB8B:
        return _eighths(code, width, height)
    if 0x1FB8C <= code <= 0x1FB94:
        return _half_shades(name, width, height)
    if 0x1FBA0 <= code <= 0x1FBAE:
        return _diagonals(name, width, height, light)
    return _fills(code, width, height, light)


def _edges(extent: int, parts: int) -> list[int]:
    return [round(extent * number / parts) for number in range(parts + 1)]


def _grid(pattern: int, rows: int, width: int, height: int) -> NDArray[np.uint8]:
    cell = blank(width, height)
    xs, ys = _edges(width, 2), _edges(height, rows)
    for row, col in itertools.product(range(rows), range(2)):
        if pattern >> (row * 2 + col) & 1:
            rectangle(cell, xs[col], ys[row], xs[col + 1], ys[row + 1])
    return cell


def _point(words: str, width: int, height: int) -> tuple[float, float]:
    down, _, across = words.rpartition(" ")
    return _ACROSS[across] * width, _DOWN[down] * height


def _wedge(name: str, width: int, height: int) -> NDArray[np.uint8]:
    corner_name, _, line = name.partition(" BLOCK DIAGONAL ")
    first, _, second = line.partition(" TO ")
    corner = _point(corner_name, width, height)
    start, end = _point(first, width, height), _point(second, width, height)
    return covered(width, height, lambda x, y: half_plane(x, y, start, end, corner))


def _triangles(name: str, width: int, height: int) -> NDArray[np.uint8]:
    middle = (width / 2, height / 2)
    corners = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
    sides = {"UPPER": 0, "RIGHT": 1, "LOWER": 2, "LEFT": 3}
    cell = blank(width, height)
    for word, at in sides.items():
        if word in name.split(" TRIANGULAR ", maxsplit=1)[0].split():
            piece = polygon(width, height, [corners[at], corners[(at + 1) % 4], middle])
            cell = np.minimum(cell.astype(np.uint16) + piece, 255).astype(np.uint8)
    if "MEDIUM SHADE" in name:
        cell = (cell.astype(np.uint16) * SHADES[1] // 255).astype(np.uint8)
    return cell


def _eighths(code: int, width: int, height: int) -> NDArray[np.uint8]:
    cell = blank(width, height)
    xs, ys = _edges(width, 8), _edges(height, 8)

    def column(number: int) -> None:
        rectangle(cell, xs[number - 1], 0, max(xs[number], xs[number - 1] + 1), height)

    def row(number: int) -> None:
        rectangle(cell, 0, ys[number - 1], width, max(ys[number], ys[number - 1] + 1))

    if code <= 0x1FB75:
        column(code - 0x1FB70 + 2)
    elif code <= 0x1FB7B:
        row(code - 0x1FB76 + 2)
    elif code <= 0x1FB7F:
        column(1 if code in {0x1FB7C, 0x1FB7D} else 8)
        row(8 if code in {0x1FB7C, 0x1FB7F} else 1)
    elif code <= 0x1FB81:
        for number in (1, 8) if code == 0x1FB80 else (1, 3, 5, 8):
            row(number)
    elif code <= 0x1FB86:
        rectangle(cell, 0, 0, width, ys[_PARTS[code - 0x1FB82]])
    else:
        rectangle(cell, width - xs[_PARTS[code - 0x1FB87]], 0, width, height)
    return cell


def _half_shades(name: str, width: int, height: int) -> NDArray[np.uint8]:
    cell = blank(width, height)
    words = name.split()
    shade = next((_SHADE_NAMES[word] for word in words if word in _SHADE_NAMES), SHADES[1])
    x, y = round(width / 2), height - round(height / 2)
    halves = {
        "LEFT": (0, 0, x, height), "RIGHT": (x, 0, width, height),
        "UPPER": (0, 0, width, y), "LOWER": (0, y, width, height),
    }  # fmt: skip
    if name.startswith("INVERSE"):
        cell[...] = shade
        return cell
    # "UPPER HALF MEDIUM SHADE AND LOWER HALF BLOCK" and the like: a half each.
    for part in name.split(" AND "):
        side = part.split()[0]
        if side in halves:
            rectangle(cell, *halves[side], 255 if part.endswith("BLOCK") else shade)
    return cell


def _diagonals(name: str, width: int, height: int, light: int) -> NDArray[np.uint8]:
    path = name.partition(" DIAGONAL ")[2]
    if path == "DIAMOND":
        path = "UPPER CENTRE TO MIDDLE LEFT TO LOWER CENTRE AND UPPER CENTRE TO MIDDLE RIGHT TO LOWER CENTRE"
    cell = blank(width, height)
    for line in path.split(" AND "):
        points = [_point(words, width, height) for words in line.split(" TO ")]
        cell = np.maximum(cell, stroke(width, height, points, light * 1.1))
    return cell


def _fills(code: int, width: int, height: int, light: int) -> NDArray[np.uint8] | None:
    cell = blank(width, height)
    if code in {0x1FB95, 0x1FB96}:
        xs, ys = _edges(width, 4), _edges(height, 4)
        for row, col in itertools.product(range(4), range(4)):
            if (row + col) % 2 == code - 0x1FB95:
                rectangle(cell, xs[col], ys[row], xs[col + 1], ys[row + 1])
        return cell
    if code == 0x1FB97:
        ys = _edges(height, 4)
        rectangle(cell, 0, ys[1], width, ys[2])
        rectangle(cell, 0, ys[3], width, height)
        return cell
    if code in {0x1FB98, 0x1FB99}:
        step = max(3 * light, 4)
        count = max(1, round(height / step))
        pitch = height / count
        for number in range(-2 * count, 2 * count):
            ends = [(0.0, number * pitch), (float(width), number * pitch + count * pitch)]
            if code == 0x1FB99:
                ends = [(0.0, number * pitch + count * pitch), (float(width), number * pitch)]
            cell = np.maximum(cell, stroke(width, height, ends, light))
        return cell
    return None
