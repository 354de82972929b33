"""Geometric shapes that titles and prompts are fond of, for machines where no font has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perilune.render.custom_glyphs.shapes import covered, polygon

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["draw_geometric"]

# Share of the room that the shape takes, whether it is filled, and its kind.
_SHAPES: dict[int, tuple[float, bool, str]] = {
    0x25A0: (0.8, True, "square"), 0x25A1: (0.8, False, "square"), 0x25AA: (0.5, True, "square"),
    0x25AB: (0.5, False, "square"), 0x25FB: (0.8, False, "square"), 0x25FC: (0.8, True, "square"),
    0x25FD: (0.7, False, "square"), 0x25FE: (0.7, True, "square"),
    0x25B2: (0.9, True, "up"), 0x25B3: (0.9, False, "up"), 0x25B4: (0.6, True, "up"),
    0x25B5: (0.6, False, "up"),
    0x25B6: (0.9, True, "right"), 0x25B7: (0.9, False, "right"), 0x25B8: (0.6, True, "right"),
    0x25B9: (0.6, False, "right"), 0x25BC: (0.9, True, "down"), 0x25BD: (0.9, False, "down"),
    0x25BE: (0.6, True, "down"), 0x25BF: (0.6, False, "down"), 0x25C0: (0.9, True, "left"),
    0x25C1: (0.9, False, "left"), 0x25C2: (0.6, True, "left"), 0x25C3: (0.6, False, "left"),
    0x25C6: (0.95, True, "diamond"), 0x25C7: (0.95, False, "diamond"),
    0x25CB: (0.9, False, "circle"), 0x25CF: (0.9, True, "circle"), 0x25E6: (0.5, False, "circle"),
    0x25EF: (1.0, False, "circle"), 0x26AB: (0.9, True, "circle"), 0x26AA: (0.9, False, "circle"),
    0x2B24: (1.0, True, "circle"),
}  # fmt: skip


def draw_geometric(code: int, width: int, height: int, thickness: int) -> NDArray[np.uint8] | None:
    """Draw one of them into a cell; None for what is not known."""
    if code not in _SHAPES:
        return None
    share, is_filled, kind = _SHAPES[code]
    room = min(width, height) * share
    outer = _shape(kind, width, height, room / 2)
    inner_radius = room / 2 - thickness * (1.0 if kind in {"circle", "square"} else 1.7)
    if is_filled or inner_radius <= 0.5:
        return outer
    inner = _shape(kind, width, height, inner_radius)
    return (outer.astype(np.int16) - np.minimum(inner, outer)).astype(np.uint8)


def _shape(kind: str, width: int, height: int, radius: float) -> NDArray[np.uint8]:
    x, y = width / 2, height / 2
    if kind == "circle":
        return covered(width, height, lambda px, py: (px - x) ** 2 + (py - y) ** 2 <= radius * radius)
    corners = {
        "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
        "diamond": ((0, -1), (1, 0), (0, 1), (-1, 0)),
        "up": ((0, -0.87), (1, 0.87), (-1, 0.87)),
        "down": ((-1, -0.87), (1, -0.87), (0, 0.87)),
        "right": ((-0.87, -1), (0.87, 0), (-0.87, 1)),
        "left": ((0.87, -1), (0.87, 1), (-0.87, 0)),
    }[kind]
    return polygon(width, height, [(x + dx * radius, y + dy * radius) for dx, dy in corners])
