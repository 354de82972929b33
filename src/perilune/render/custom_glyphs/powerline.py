"""Powerline separators: U+E0B0 to U+E0BF, and the two trapezoids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perilune.render.custom_glyphs.shapes import covered, polygon, rectangle, stroke

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["draw_powerline"]


def draw_powerline(code: int, width: int, height: int, light: int) -> NDArray[np.uint8] | None:
    """Draw one of them."""
    middle = height / 2
    left_top, right_top = (0.0, 0.0), (float(width), 0.0)
    left_bottom, right_bottom = (0.0, float(height)), (float(width), float(height))
    filled = {
        0xE0B0: (left_top, (width, middle), left_bottom),
        0xE0B2: (right_top, (0, middle), right_bottom),
        0xE0B8: (left_top, right_bottom, left_bottom),
        0xE0BA: (right_top, right_bottom, left_bottom),
        0xE0BC: (left_top, right_top, left_bottom),
        0xE0BE: (left_top, right_top, right_bottom),
    }
    if code in filled:
        return polygon(width, height, filled[code])
    thickness = light * 1.1
    inset = light / 2
    lines = {
        0xE0B1: [left_top, (width - inset, middle), left_bottom],
        0xE0B3: [right_top, (inset, middle), right_bottom],
        0xE0B9: [left_top, right_bottom],
        0xE0BF: [left_top, right_bottom],
        0xE0BB: [left_bottom, right_top],
        0xE0BD: [left_bottom, right_top],
    }
    if code in lines:
        return stroke(width, height, lines[code], thickness)
    if 0xE0B4 <= code <= 0xE0B7:
        return _half_ellipse(width, height, is_left=code >= 0xE0B6, line=light if code & 1 else 0)
    return _trapezoids(width, height, light, is_left=code == 0xE0D4)


def _half_ellipse(width: int, height: int, *, is_left: bool, line: int) -> NDArray[np.uint8]:
    middle = height / 2

    def inside(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        u = (width - x) if is_left else x
        outer = (u / width) ** 2 + ((y - middle) / middle) ** 2 <= 1
        if not line:
            return outer
        inner = (u / max(width - line, 1)) ** 2 + ((y - middle) / max(middle - line, 1)) ** 2 <= 1
        found: NDArray[np.bool_] = outer & ~inner
        return found

    return covered(width, height, inside)


def _trapezoids(width: int, height: int, light: int, *, is_left: bool) -> NDArray[np.uint8]:
    """Two halves with a slit between them, each cut at a slant."""
    slant = width / 2
    above, below = height / 2 - light / 2, height / 2 + light / 2
    upper: list[tuple[float, float]] = [(0, 0), (width, 0), (slant, above), (0, above)]
    lower: list[tuple[float, float]] = [(0, below), (slant, below), (width, height), (0, height)]
    cell = polygon(width, height, upper)
    cell |= polygon(width, height, lower)
    rectangle(cell, 0, 0, 1, above)
    rectangle(cell, 0, below, 1, height)
    return cell[:, ::-1].copy() if is_left else cell
