"""What stands for a picture where a front end draws cells only.

Blank cells under a picture show a shade: the text around it keeps its place, and one sees that something is
there. Knows no protocol. Mux thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

from perilune.base.geometry import Rect
from perilune.cells.packing import WORDS_PER_CELL
from perilune.vt.placeholders import PLACEHOLDER

if TYPE_CHECKING:
    from perilune.cells.buffer import CellBuffer
    from perilune.vt.images import ImageStrip

__all__ = ["SHADE", "draw_image_placeholders"]

SHADE = "\u2591"


def draw_image_placeholders(
    buffer: CellBuffer, strips: Iterable[ImageStrip], rect: Rect, first: int, color: int
) -> None:
    """Draw over the pane's cells.

    Args:
        buffer: the frame's cells; the pane has been drawn.
        strips: the images of the pane's rows.
        rect: the pane's place in the buffer.
        first: the stable number of the pane's first row.
        color: of the shade, packed.
    """
    for strip in strips:
        row = rect.top + strip.row - first
        if not rect.top <= row < rect.bottom:
            continue
        left = rect.left + strip.col
        for col in range(left, min(left + max(1, ceil(strip.width)), rect.right)):
            text = buffer.cell_text(row, col)
            if text == " " or text.startswith(PLACEHOLDER):
                bg = buffer.words[(row * buffer.cols + col) * WORDS_PER_CELL + 2]
                buffer.put_cluster(row, col, SHADE, 1, color, bg, 0)
