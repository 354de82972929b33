"""The frame: one value that every front end draws.

Composed by `app` on the mux thread; read by the front end in the same turn. It holds cells, not objects of
the mux: what it shows cannot change under the one who draws it.
"""

from __future__ import annotations

from dataclasses import dataclass

from perilune.cells.buffer import CellBuffer

__all__ = ["Frame", "FrameCursor"]


@dataclass(frozen=True, slots=True)
class FrameCursor:
    """Where the cursor is drawn, in cells of the frame. `shape` is "block", "underline" or "bar"."""

    row: int
    col: int
    shape: str = "block"
    blinking: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What is to be seen now.

    Attributes:
        number: counts frames of this window from 1.
        buffer: all cells: panes, split lines, overlays, tab bar. Rows that may differ from the last frame are
            marked in `buffer.touched`; the front end clears the marks when it has drawn them.
        cursor: None when hidden.
        title: the native window's title.
        bar_row: the row of the tab bar, or -1.
    """

    number: int
    buffer: CellBuffer
    cursor: FrameCursor | None
    title: str
    bar_row: int = -1
