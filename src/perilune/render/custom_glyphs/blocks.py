"""Block elements (U+2580 to U+259F) and braille (U+2800 to U+28FF)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perilune.render.custom_glyphs.shapes import blank, covered, rectangle

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SHADES", "draw_block"]

SHADES = (64, 128, 191)
"""Coverage of the light, medium and dark shade."""

# Quadrants of U+2596 to U+259F: upper left 1, upper right 2, lower left 4, lower right 8.
_QUADRANTS = (4, 8, 1, 13, 9, 7, 11, 2, 6, 14)


def draw_block(code: int, width: int, height: int) -> NDArray[np.uint8]:
    """Draw one of them."""
    if code >= 0x2800:
        return _braille(code - 0x2800, width, height)
    cell = blank(width, height)
    if code == 0x2580:
        rectangle(cell, 0, 0, width, height - round(height / 2))
    elif code <= 0x2588:
        rectangle(cell, 0, height - round(height * (code - 0x2580) / 8), width, height)
    elif code <= 0x258F:
        rectangle(cell, 0, 0, round(width * (0x2590 - code) / 8), height)
    elif code == 0x2590:
        rectangle(cell, round(width / 2), 0, width, height)
    elif code <= 0x2593:
        cell[...] = SHADES[code - 0x2591]
    elif code == 0x2594:
        rectangle(cell, 0, 0, width, round(height / 8))
    elif code == 0x2595:
        rectangle(cell, width - round(width / 8), 0, width, height)
    else:
        bits = _QUADRANTS[code - 0x2596]
        middle_x, middle_y = round(width / 2), height - round(height / 2)
        for bit, (left, top, right, bottom) in enumerate(
            (
                (0, 0, middle_x, middle_y),
                (middle_x, 0, width, middle_y),
                (0, middle_y, middle_x, height),
                (middle_x, middle_y, width, height),
            )
        ):
            if bits >> bit & 1:
                rectangle(cell, left, top, right, bottom)
    return cell


# Bit of each dot: rows of the left column, then of the right one.
_DOTS = ((0, 1, 2, 6), (3, 4, 5, 7))


def _braille(bits: int, width: int, height: int) -> NDArray[np.uint8]:
    cell = blank(width, height)
    size = max(1, min(width / 4, height / 8) * 1.15)
    centers = [
        ((2 * col + 1) * width / 4, (2 * row + 1) * height / 8)
        for col in range(2)
        for row in range(4)
        if bits >> _DOTS[col][row] & 1
    ]
    if size < 3:
        side = max(1, round(size))
        for x, y in centers:
            left, top = round(x - side / 2), round(y - side / 2)
            rectangle(cell, left, top, left + side, top + side)
        return cell
    if not centers:
        return cell

    def inside(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        found = (x < 0) & (y < 0)
        for cx, cy in centers:
            found |= (x - cx) ** 2 + (y - cy) ** 2 <= size * size / 4
        return found

    return covered(width, height, inside)
