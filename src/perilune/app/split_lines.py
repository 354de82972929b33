"""Draws the lines between panes: box-drawing cells that join where lines meet.

Knows rectangles, not panes. Mux thread.
"""

from __future__ import annotations

from collections.abc import Iterable

from perilune.base.geometry import Rect
from perilune.cells.buffer import CellBuffer

__all__ = ["draw_split_lines", "split_glyphs"]

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_VERTICAL = _UP | _DOWN
_HORIZONTAL = _LEFT | _RIGHT
_GLYPHS = {
    _VERTICAL: "│",
    _HORIZONTAL: "─",
    _VERTICAL | _RIGHT: "├",
    _VERTICAL | _LEFT: "┤",
    _HORIZONTAL | _DOWN: "┬",
    _HORIZONTAL | _UP: "┴",
    _VERTICAL | _HORIZONTAL: "┼",
}


def split_glyphs(lines: Iterable[tuple[bool, Rect]]) -> dict[tuple[int, int], str]:
    """The glyph of every cell that lines cover.

    Args:
        lines: (is_vertical, rectangle) each; lines of one split tree never share a cell.

    Returns:
        (row, col) -> box-drawing character.

    >>> glyphs = split_glyphs([(True, Rect(2, 0, 1, 3)), (False, Rect(3, 1, 4, 1))])
    >>> glyphs[1, 2], glyphs[0, 2], glyphs[1, 3]
    ('├', '│', '─')
    """
    base: dict[tuple[int, int], int] = {}
    for is_vertical, rect in lines:
        for row in range(rect.top, rect.bottom):
            for col in range(rect.left, rect.right):
                base[row, col] = _VERTICAL if is_vertical else _HORIZONTAL
    glyphs: dict[tuple[int, int], str] = {}
    for (row, col), kind in base.items():
        if kind == _VERTICAL:
            joined = kind
            joined |= _LEFT if base.get((row, col - 1)) == _HORIZONTAL else 0
            joined |= _RIGHT if base.get((row, col + 1)) == _HORIZONTAL else 0
        else:
            joined = kind
            joined |= _UP if base.get((row - 1, col)) == _VERTICAL else 0
            joined |= _DOWN if base.get((row + 1, col)) == _VERTICAL else 0
        glyphs[row, col] = _GLYPHS[joined]
    return glyphs


def draw_split_lines(
    buffer: CellBuffer, lines: Iterable[tuple[bool, Rect]], top: int, clip: Rect, fg: int, bg: int = 0
) -> None:
    """Draw lines whose rectangles count from row `top` of the buffer, but for what is outside `clip`."""
    for (row, col), glyph in split_glyphs(lines).items():
        if clip.holds(row + top, col):
            buffer.put_cluster(row + top, col, glyph, 1, fg, bg, 0)
