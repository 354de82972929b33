"""What an overlay is: it takes keys and mouse events and draws itself over its pane.

An overlay never runs assignments itself: it calls the callbacks that it was made with. Mux thread.
"""

from __future__ import annotations

from typing import Protocol

from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, MouseEvent
from perilune.cells.buffer import CellBuffer
from perilune.render.frame import FrameCursor

__all__ = ["Overlay"]


class Overlay(Protocol):
    """Something above a pane (or above the whole window, where it has no pane).

    Attributes:
        name: what it is, for the log and for tests ("confirm", "error panel", "selector", "copy mode" ...).
        is_modal: whether the assignments of the normal key map are off while it is there.
        version: raised by the overlay whenever it would draw differently.
        key_table: the key table that is asked first while it has the keyboard, or "".
    """

    name: str
    is_modal: bool
    version: int

    @property
    def key_table(self) -> str:
        """The key table that is asked first."""
        ...

    def on_key(self, event: KeyEvent) -> bool:
        """A key; True when it was used. What a modal overlay does not use is dropped."""
        ...

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """A mouse event in cells of the frame, with the rectangle it was drawn into; True when used."""
        ...

    def on_paste(self, text: str) -> bool:
        """Pasted text; True when it was used."""
        ...

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """Draw into `rect` of the frame; returns where the cursor is, None for hidden."""
        ...

    def on_removed(self) -> None:
        """It is gone, whoever took it away; called once."""
        ...
