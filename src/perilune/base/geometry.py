"""Sizes and rectangles, in cells unless the name says pixels."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Rect", "Size"]


class Size(NamedTuple):
    """A terminal size, as TIOCGWINSZ gives it; pixels and dpi are 0 where unknown."""

    cols: int
    rows: int
    pixel_width: int = 0
    pixel_height: int = 0
    dpi: int = 0


class Rect(NamedTuple):
    """A rectangle of cells; `left`, `top` from 0."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column past the rectangle."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row past the rectangle."""
        return self.top + self.height

    def holds(self, row: int, col: int) -> bool:
        """Whether the cell lies inside.

        >>> Rect(2, 1, 3, 1).holds(1, 4), Rect(2, 1, 3, 1).holds(1, 5)
        (True, False)
        """
        return self.left <= col < self.left + self.width and self.top <= row < self.top + self.height
