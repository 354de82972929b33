"""Box drawing, U+2500 to U+257F, from the characters' names: which arms there are and how heavy each is."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from perilune.render.custom_glyphs.shapes import blank, covered, rectangle, stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["arms_of", "draw_box"]

_WEIGHTS = {"LIGHT": 1, "SINGLE": 1, "HEAVY": 2, "DOUBLE": 3}
_ARMS = {"UP": "u", "DOWN": "d", "LEFT": "l", "RIGHT": "r", "VERTICAL": "ud", "HORIZONTAL": "lr"}
_DASHES = {"DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
_LIGHT, _HEAVY, _DOUBLE = 1, 2, 3


def arms_of(name: str) -> dict[str, int]:
    """The arms of a box drawing character, from the part of its name that tells them.

    >>> arms_of("LIGHT DOWN AND RIGHT"), arms_of("LEFT LIGHT AND RIGHT VERTICAL HEAVY")
    ({'d': 1, 'r': 1}, {'l': 1, 'r': 2, 'u': 2, 'd': 2})
    """
    words = [word for word in name.split() if word != "AND"]
    arms: dict[str, int] = {}
    if words[0] in _WEIGHTS:  # each weight is followed by its arms
        weight = 0
        for word in words:
            weight = _WEIGHTS.get(word, weight)
            for arm in _ARMS.get(word, ""):
                arms[arm] = weight
        return arms
    waiting = ""
    for word in words:  # each weight follows its arms
        if word in _WEIGHTS:
            for arm in waiting:
                arms[arm] = _WEIGHTS[word]
            waiting = ""
        else:
            waiting += _ARMS.get(word, "")
    return arms


def draw_box(code: int, width: int, height: int, light: int) -> NDArray[np.uint8]:
    """Draw one of them; `light` is the thickness of light lines."""
    name = unicodedata.name(chr(code)).removeprefix("BOX DRAWINGS ")
    if "DIAGONAL" in name:
        return _diagonal(name, width, height, light)
    if "ARC" in name:
        return _arc(name.replace("ARC ", ""), width, height, light)
    if "DASH" in name:
        return _dashes(name, width, height, light)
    return _lines(arms_of(name), width, height, light)


def _heavy(light: int) -> int:
    # Of the same parity, so that both kinds have one middle.
    return light + 2 if light < 3 else light * 2 + (light % 2)


def _span(extent: int, thickness: int) -> tuple[int, int]:
    """Where a line of a thickness lies in the middle of the cell."""
    start = (extent - thickness) // 2
    return start, start + thickness


def _lines(arms: dict[str, int], width: int, height: int, light: int) -> NDArray[np.uint8]:
    cell = blank(width, height)
    heavy = _heavy(light)
    _draw_axis(cell, arms, "l", "r", "u", "d", width, height, light, heavy)
    turned = cell.T  # the same code draws the vertical arms in a cell that lies on its side
    _draw_axis(turned, arms, "u", "d", "l", "r", height, width, light, heavy)
    return cell


def _draw_axis(
    cell: NDArray[np.uint8],
    arms: dict[str, int],
    before: str,
    after: str,
    above: str,
    below: str,
    length: int,
    across: int,
    light: int,
    heavy: int,
) -> None:
    """Draw the two arms that run along the first axis; `above` and `below` are those that cross it."""
    sizes = {_LIGHT: light, _HEAVY: heavy}
    kinds = (arms.get(above, 0), arms.get(below, 0))
    crossing = [kind for kind in kinds if kind in sizes]
    # The place that crossing lines take along this axis.
    thick = max((sizes[kind] for kind in crossing), default=0)
    single = _span(length, thick) if thick else None
    double = _span(length, 3 * light) if _DOUBLE in kinds else None
    for arm, is_after in ((before, False), (after, True)):
        kind = arms.get(arm, 0)
        if not kind:
            continue
        if kind in sizes:
            lines = [_span(across, sizes[kind])]
        else:
            top, bottom = _span(across, 3 * light)
            lines = [(top, top + light), (bottom - light, bottom)]
        for number, (low, high) in enumerate(lines):
            inner = _joint(kind, number, kinds, single, double, light, length, is_after=is_after)
            has_other = arms.get(after if arm == before else before, 0) == kind
            if has_other and single is None and double is None:
                inner = length / 2
            start, end = (inner, length) if is_after else (0, inner)
            rectangle(cell, start, low, end, high)


def _joint(
    kind: int,
    number: int,
    kinds: tuple[int, int],
    single: tuple[int, int] | None,
    double: tuple[int, int] | None,
    light: int,
    length: int,
    *,
    is_after: bool,
) -> float:
    """Where an arm begins (or ends) near the middle: it covers the corner that it shares, and no more."""
    if double is not None:
        near, far = (double[1] - light, double[0]) if is_after else (double[0] + light, double[1])
        if kind == _DOUBLE:
            # The line on a crossing arm's side stops at its nearer line; the other goes to the far one.
            return near if kinds[number] == _DOUBLE else far
        return near if kinds == (_DOUBLE, _DOUBLE) else far
    if single is not None:
        return single[0] if is_after else single[1]
    return length // 2


def _dashes(name: str, width: int, height: int, light: int) -> NDArray[np.uint8]:
    cell = blank(width, height)
    words = name.split()
    count = _DASHES[words[1]]
    thickness = light if words[0] == "LIGHT" else _heavy(light)
    vertical = words[-1] == "VERTICAL"
    length, across = (height, width) if vertical else (width, height)
    low, high = _span(across, thickness)
    gap = max(1, min(light, length // (2 * count)), round(length / count / 4))
    for number in range(count):
        start, end = round(number * length / count), round((number + 1) * length / count)
        first, last = start + gap // 2, max(end - (gap - gap // 2), start + gap // 2 + 1)
        if vertical:
            rectangle(cell, low, first, high, last)
        else:
            rectangle(cell, first, low, last, high)
    return cell


def _arc(name: str, width: int, height: int, light: int) -> NDArray[np.uint8]:
    arms = arms_of(name)
    cx, cy = _span(width, light)[0] + light / 2, _span(height, light)[0] + light / 2
    right, down = "r" in arms, "d" in arms
    radius = min(width - cx if right else cx, height - cy if down else cy)
    sx, sy = (1 if right else -1), (1 if down else -1)
    half = light / 2

    def inside(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        # Measured from the joint, towards the arms.
        u, v = (x - cx) * sx, (y - cy) * sy
        bend = (u <= radius) & (v <= radius)
        ring = np.abs(np.hypot(u - radius, v - radius) - radius) <= half
        straight = ((np.abs(v) <= half) & (u >= radius)) | ((np.abs(u) <= half) & (v >= radius))
        found: NDArray[np.bool_] = (bend & ring) | straight
        return found

    return covered(width, height, inside)


def _diagonal(name: str, width: int, height: int, light: int) -> NDArray[np.uint8]:
    rising = [(-width, 2 * height), (2 * width, -height)]
    falling = [(-width, -height), (2 * width, 2 * height)]
    thickness = light * 1.1
    if "CROSS" in name:
        return np.maximum(stroke(width, height, rising, thickness), stroke(width, height, falling, thickness))
    return stroke(width, height, rising if "UPPER RIGHT" in name else falling, thickness)
