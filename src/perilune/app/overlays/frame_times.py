"""How long the stages of frames take, in a corner of the window; keys and the mouse go on below it.

It is drawn with the frames that it counts, and while it is there whole windows are composed. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from perilune.app.overlays.panel import clip_text
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, MouseEvent
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import REVERSE
from perilune.cells.width import text_width
from perilune.render.frame import FrameCursor

__all__ = ["FrameTimesOverlay"]

_NOT_COUNTED = ("frame times are counted in a window only",)


class FrameTimesOverlay:
    """Shows lines in the upper right corner.

    Args:
        read: the lines; None where nothing is counted.
    """

    name = "frame_times"
    is_modal = False
    key_table = ""

    def __init__(self, read: Callable[[], Sequence[str] | None]) -> None:
        self.version = 0
        self._read = read
        self._lines: Sequence[str] = ()
        self.refresh()

    def refresh(self) -> None:
        """Read the times again."""
        self._lines = self._read() or _NOT_COUNTED
        self.version += 1

    def on_key(self, event: KeyEvent) -> bool:
        """Keys are for the pane."""
        del event
        return False

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """So is the mouse."""
        del event, rect
        return False

    def on_paste(self, text: str) -> bool:
        """So is what is pasted."""
        del text
        return False

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """As many lines as fit."""
        width = min(max(text_width(line) for line in self._lines) + 2, rect.width)
        left = rect.right - width
        for number, line in enumerate(self._lines[: rect.height]):
            row = rect.top + number
            buffer.fill(row, left, width, 1, 0, 0, 0, REVERSE)
            buffer.put_text(row, left, clip_text(f" {line}", width), 0, 0, REVERSE, width)
        return None

    def on_removed(self) -> None:
        """Nothing is kept."""
