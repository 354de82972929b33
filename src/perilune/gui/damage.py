"""Which strips of a window must be drawn again. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.render.scene import Scene

__all__ = ["merge_strips", "strips_of"]


def strips_of(scene: Scene, *, everything: bool, at_most: int) -> list[tuple[int, int]]:
    """The strips of a scene's damage, as pixel rows from and to, from the top down."""
    if everything:
        return [(0, scene.height)] if scene.height > 0 else []
    height = scene.cell_height
    strips = [(scene.row_top(row), scene.row_top(row) + height) for row in scene.changed_rows]
    strips += [(rect.y, rect.y + rect.height) for rect in scene.damage if rect.width > 0]
    return merge_strips(strips, scene.height, at_most)


def merge_strips(strips: Iterable[tuple[int, int]], height: int, at_most: int) -> list[tuple[int, int]]:
    """Strips clipped to the window, joined where they touch, and further until there are few enough.

    >>> merge_strips([(10, 20), (0, 5), (20, 30), (90, 120)], 100, 2)
    [(0, 30), (90, 100)]
    """
    merged: list[tuple[int, int]] = []
    for top, bottom in sorted((max(top, 0), min(bottom, height)) for top, bottom in strips):
        if top >= bottom:
            continue
        if merged and top <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], bottom))
        else:
            merged.append((top, bottom))
    while len(merged) > max(at_most, 1):
        gaps = [merged[index + 1][0] - merged[index][1] for index in range(len(merged) - 1)]
        index = gaps.index(min(gaps))
        merged[index : index + 2] = [(merged[index][0], merged[index + 1][1])]
    return merged
