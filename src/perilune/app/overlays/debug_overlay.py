"""The debug overlay: why callbacks ran (the ledger), and the last lines of the log. Mux thread.

Text only, as it stood when it was drawn last; `r` takes it anew. The prompt for Lua that WezTerm has here is
not there yet.
"""

from __future__ import annotations

from collections.abc import Callable

from perilune.app.overlays.panel import draw_panel
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.render.frame import FrameCursor

__all__ = ["DebugOverlay"]

_STEPS = {"DownArrow": 1, "j": 1, "UpArrow": -1, "k": -1}


class DebugOverlay:
    """A page of text over the window, scrolled by keys and wheel; it begins at its end.

    Args:
        read: gives the lines; called when the overlay opens and at `r`.
        on_close: it wants to go.
    """

    name = "debug overlay"
    is_modal = True
    key_table = ""

    def __init__(self, read: Callable[[], list[str]], on_close: Callable[[], None]) -> None:
        self.version = 0
        self._read = read
        self._on_close: Callable[[], None] | None = on_close
        self._lines = read()
        self._room = 1
        self._first = len(self._lines)

    def on_key(self, event: KeyEvent) -> bool:
        """Escape and q close; arrows, j, k, page keys, Home and End scroll; r reads anew."""
        if event.kind is KeyKind.RELEASE:
            return False
        key = event.key
        if key in {"Escape", "q"}:
            self._close()
        elif key == "r":
            self._lines = self._read()
            self._scroll(len(self._lines))
        elif key in _STEPS:
            self._scroll(_STEPS[key])
        elif key in {"PageUp", "PageDown"}:
            self._scroll(self._room if key == "PageDown" else -self._room)
        elif key in {"Home", "End"}:
            self._scroll(len(self._lines) if key == "End" else -len(self._lines))
        return True

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """The wheel scrolls."""
        del rect
        if event.kind is MouseKind.PRESS and event.button in {MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN}:
            self._scroll(3 if event.button is MouseButton.WHEEL_DOWN else -3)
        return True

    def on_paste(self, text: str) -> bool:
        """Nothing can be typed here."""
        del text
        return True

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """The whole rectangle, the hint in the last line."""
        self._room = max(rect.height - 3, 1)
        self._first = max(min(self._first, len(self._lines) - self._room), 0)
        shown = self._lines[self._first : self._first + self._room]
        shown += [""] * (self._room - len(shown))
        draw_panel(
            buffer, rect, [*shown, "Esc closes, r reads anew, arrows and page keys scroll"], title="Debug"
        )
        return None

    def on_removed(self) -> None:
        """Nothing waits for it."""
        self._on_close = None

    def _scroll(self, lines: int) -> None:
        self._first = max(min(self._first + lines, len(self._lines) - self._room), 0)
        self.version += 1

    def _close(self) -> None:
        callback, self._on_close = self._on_close, None
        if callback is not None:
            callback()
