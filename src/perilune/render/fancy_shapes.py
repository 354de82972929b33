"""The shapes that a tab bar in pixels is made of: rectangles with round corners, icons, lines of text.

Collects instances in their order; knows nothing of tabs. Masks lie in the atlas of the window's fonts and are
made once for each size. Window thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from perilune.render.scene import INSTANCE, MASK, SOLID
from perilune.render.title_text import TextRun, TitleText

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.render.atlas import Atlas, Slot

__all__ = ["Icon", "Rgba", "ShapePen"]

Rgba = tuple[int, int, int, int]
"""Straight red, green, blue, alpha, 0-255."""

Icon = Literal["close", "plus", "minimize", "maximize", "restore"]

_Row = tuple[int, int, int, int, int, int, int, int, Rgba, int, int]

# Strokes in a square from 0 to 1.
_STROKES: dict[Icon, tuple[tuple[float, float, float, float], ...]] = {
    "close": ((0.0, 0.0, 1.0, 1.0), (0.0, 1.0, 1.0, 0.0)),
    "plus": ((0.5, 0.0, 0.5, 1.0), (0.0, 0.5, 1.0, 0.5)),
    "minimize": ((0.0, 0.5, 1.0, 0.5),),
    "maximize": ((0.0, 0.0, 1.0, 0.0), (1.0, 0.0, 1.0, 1.0), (1.0, 1.0, 0.0, 1.0), (0.0, 1.0, 0.0, 0.0)),
    "restore": (
        (0.0, 0.25, 0.75, 0.25), (0.75, 0.25, 0.75, 1.0), (0.75, 1.0, 0.0, 1.0), (0.0, 1.0, 0.0, 0.25),
        (0.25, 0.25, 0.25, 0.0), (0.25, 0.0, 1.0, 0.0), (1.0, 0.0, 1.0, 0.75), (1.0, 0.75, 0.75, 0.75),
    ),
}  # fmt: skip


class ShapePen:
    """Draws into a list that `take` empties.

    Args:
        atlas: where masks go.
        text: draws titles.
    """

    def __init__(self, atlas: Atlas, text: TitleText) -> None:
        self._atlas = atlas
        self._text = text
        self._slots: dict[tuple[object, ...], Slot] = {}
        self._generation = atlas.generation
        self._rows: list[_Row] = []
        self._parts: list[NDArray[np.void]] = []

    def take(self) -> NDArray[np.void]:
        """All instances since the last time."""
        self._flush()
        parts, self._parts = self._parts, []
        if not parts:
            return np.zeros(0, INSTANCE)
        # Joined as bytes: numpy copies records field by field.
        joined: NDArray[np.uint8] = np.concatenate([part.view(np.uint8) for part in parts])
        return joined.view(INSTANCE)

    def fill(self, x: int, y: int, width: int, height: int, rgba: Rgba) -> None:
        """A rectangle; nothing where it is empty."""
        if width > 0 and height > 0:
            self._rows.append((x, y, width, height, 0, 0, 0, SOLID, rgba, 0, 0))

    def rounded(
        self,
        x: int,
        y: int,
        width: int,
        height: int,
        rgba: Rgba,
        radius: int,
        corners: Literal["all", "top", "bottom"] = "all",
    ) -> None:
        """A rectangle, some of whose corners are round."""
        most = min(width // 2, height // 2 if corners == "all" else height)
        radius = min(radius, most)
        if radius < 1:
            self.fill(x, y, width, height, rgba)
            return
        above = radius if corners in {"all", "top"} else 0
        below = radius if corners in {"all", "bottom"} else 0
        self.fill(x, y + above, width, height - above - below, rgba)
        slot = self._slot("disc", radius)
        right, bottom = x + width - radius, y + height - radius
        if above:
            self.fill(x + radius, y, width - 2 * radius, radius, rgba)
            self._mask(x, y, slot, rgba, (0, 0, radius, radius))
            self._mask(right, y, slot, rgba, (radius, 0, radius, radius))
        if below:
            self.fill(x + radius, bottom, width - 2 * radius, radius, rgba)
            self._mask(x, bottom, slot, rgba, (0, radius, radius, radius))
            self._mask(right, bottom, slot, rgba, (radius, radius, radius, radius))

    def icon(self, icon: Icon, x: int, y: int, side: int, thickness: float, rgba: Rgba) -> None:
        """An icon in a square."""
        if side > 0:
            slot = self._slot(icon, side, thickness)
            self._mask(x, y, slot, rgba, (0, 0, side, side))

    def text(self, runs: Sequence[TextRun], x: float, baseline: int, clip: tuple[int, int]) -> None:
        """A line of text, cut off at both ends of `clip`."""
        self._flush()
        drawn = self._text.draw(list(runs), x, baseline, clip)
        if len(drawn):
            self._parts.append(drawn)

    def _flush(self) -> None:
        if self._rows:
            self._parts.append(np.array(self._rows, INSTANCE))
            self._rows = []

    def _mask(self, x: int, y: int, slot: Slot, rgba: Rgba, part: tuple[int, int, int, int]) -> None:
        u, v, width, height = part
        self._rows.append((x, y, width, height, slot.u + u, slot.v + v, slot.page, MASK, rgba, 0, 0))

    def _slot(self, shape: Icon | Literal["disc"], size: int, thickness: float = 0.0) -> Slot:
        if self._generation != self._atlas.generation:
            self._generation = self._atlas.generation
            self._slots.clear()
        key = (shape, size, thickness)
        found = self._slots.get(key)
        if found is None:
            cover = _disc(size) if shape == "disc" else _strokes(_STROKES[shape], size, thickness)
            found = self._slots[key] = self._atlas.add(np.rint(cover * 255).astype(np.uint8))
        return found


def _disc(radius: int) -> NDArray[np.float64]:
    """Coverage of a whole disc."""
    across = np.arange(2 * radius) + 0.5 - radius
    away: NDArray[np.float64] = np.hypot(across[np.newaxis, :], across[:, np.newaxis])
    return np.clip(radius - away + 0.5, 0, 1)


def _strokes(
    strokes: Sequence[tuple[float, float, float, float]], side: int, thickness: float
) -> NDArray[np.float64]:
    """Coverage of straight strokes with square corners, from one edge of the square to the other."""
    inset = thickness / 2
    reach = max(side - thickness, 0.0)
    cover = np.zeros((side, side))
    down, across = np.mgrid[0:side, 0:side] + 0.5
    for x0, y0, x1, y1 in strokes:
        left, top, right, bottom = (inset + reach * value for value in (x0, y0, x1, y1))
        dx, dy = right - left, bottom - top
        length = dx * dx + dy * dy
        along = np.clip(((across - left) * dx + (down - top) * dy) / max(length, 1e-6), 0, 1)
        away_x, away_y = np.abs(across - left - along * dx), np.abs(down - top - along * dy)
        # Ends of lines along an axis are square, those of others round.
        distance = np.maximum(away_x, away_y) if not dx or not dy else np.hypot(away_x, away_y)
        cover = np.maximum(cover, np.clip(thickness / 2 - distance + 0.5, 0, 1))
    return cover
