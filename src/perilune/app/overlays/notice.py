"""A line that tells the user something and goes with the next key, which it does not use. Mux thread.

How long it stays without a key is its maker's business.
"""

from __future__ import annotations

from collections.abc import Callable

from perilune.app.overlays.panel import clip_text
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import REVERSE
from perilune.cells.width import text_width
from perilune.render.frame import FrameCursor

__all__ = ["NoticeOverlay"]


class NoticeOverlay:
    """Shows one line in the middle of the window.

    Args:
        text: the line.
        on_dismiss: takes the overlay away.
        on_gone: called when it is away, whoever did that.
    """

    name = "notice"
    is_modal = False
    key_table = ""

    def __init__(self, text: str, on_dismiss: Callable[[], None], on_gone: Callable[[], None]) -> None:
        self.version = 0
        self.text = text
        self._on_dismiss: Callable[[], None] | None = on_dismiss
        self._on_gone = on_gone

    def on_key(self, event: KeyEvent) -> bool:
        """Any key dismisses it and goes on."""
        if event.kind is not KeyKind.RELEASE:
            self._dismiss()
        return False

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """A click dismisses it and goes on."""
        del rect
        if event.kind is MouseKind.PRESS:
            self._dismiss()
        return False

    def on_paste(self, text: str) -> bool:
        """Pasted text is for the pane."""
        del text
        self._dismiss()
        return False

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """One row, as wide as the text."""
        text = clip_text(f" {self.text} ", rect.width)
        width = text_width(text)
        col = rect.left + (rect.width - width) // 2
        row = rect.top + rect.height // 2
        buffer.fill(row, col, width, 1, 0, 0, 0, REVERSE)
        buffer.put_text(row, col, text, 0, 0, REVERSE, width)
        return None

    def on_removed(self) -> None:
        """Its time is of no interest any more."""
        self._on_dismiss = None
        self._on_gone()

    def _dismiss(self) -> None:
        callback, self._on_dismiss = self._on_dismiss, None
        if callback is not None:
            callback()
