"""The picture of a program that has no window yet, because its configuration is still loading. Pure."""

from __future__ import annotations

from perilune.base.geometry import Size
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import DIM
from perilune.cells.tables import CellTables
from perilune.cells.width import text_width
from perilune.render.frame import Frame

__all__ = ["waiting_frame"]


def waiting_frame(size: Size, text: str) -> Frame:
    """An empty screen with a line of text in its middle."""
    cols, rows = max(size.cols, 1), max(size.rows, 1)
    buffer = CellBuffer(cols, rows, CellTables())
    buffer.put_text((rows - 1) // 2, max((cols - text_width(text)) // 2, 0), text, attr=DIM)
    return Frame(0, buffer, None, text)
