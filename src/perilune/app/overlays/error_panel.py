"""The panel that shows what is wrong with the configuration. Mux thread.

It is not modal for long: any of Escape, Enter or q dismisses it, and so does a load without errors. One that
only tells of options with wrong values goes with the first key, which the pane gets all the same.
"""

from __future__ import annotations

from collections.abc import Callable

from perilune.app.overlays.panel import draw_panel, panel_rect, wrap_text
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.render.frame import FrameCursor

__all__ = ["ErrorPanel"]


class ErrorPanel:
    """Shows a message until it is dismissed."""

    name = "error panel"
    is_modal = False
    key_table = ""

    def __init__(
        self, title: str, message: str, hint: str, on_dismiss: Callable[[], None], *, uses_keys: bool = True
    ) -> None:
        self.version = 0
        self.title = title
        self.message = message
        self.hint = hint
        self._on_dismiss: Callable[[], None] | None = on_dismiss
        self._uses_keys = uses_keys
        self._box = Rect(0, 0, 0, 0)
        self._first = 0
        self._overflow = 0

    def on_key(self, event: KeyEvent) -> bool:
        """Escape, Enter and q dismiss; arrows and page keys scroll a long message; the rest is swallowed.

        A shell that does not see what is typed would be worse than one key lost: only the keys named here and
        releases are used, everything else dismisses the panel and goes on to the pane.
        """
        if event.kind is KeyKind.RELEASE:
            return False
        if not self._uses_keys:
            self._dismiss()
            return False
        if self._overflow and event.key in {"DownArrow", "PageDown"}:
            self._first = min(self._first + 1, self._overflow)
            self.version += 1
            return True
        if self._overflow and event.key in {"UpArrow", "PageUp"}:
            self._first = max(self._first - 1, 0)
            self.version += 1
            return True
        used = event.key in {"Escape", "Enter", "q"}
        if used or event.text:
            self._dismiss()
        return used

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """A click on the panel dismisses it; the rest of the window works as ever."""
        del rect
        if not self._box.holds(event.row, event.col):
            return False
        if event.kind is MouseKind.PRESS and event.button is MouseButton.LEFT:
            self._dismiss()
        return True

    def on_paste(self, text: str) -> bool:
        """Pasted text is for the pane."""
        del text
        return False

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """A box in the middle, as wide as the message wants."""
        width = min(
            max(len(line) for line in [self.title, self.hint, *self.message.splitlines()]) + 4, rect.width
        )
        lines = wrap_text(self.message, width - 4)
        self._box = panel_rect(rect, width, len(lines) + 4)
        room = max(self._box.height - 3, 1)
        self._overflow = max(len(lines) - room, 0)
        self._first = min(self._first, self._overflow)
        shown = lines[self._first : self._first + room]
        if self._box.height > len(shown) + 3:
            shown.append("")
        draw_panel(buffer, self._box, [*shown, self.hint], title=self.title)
        return None

    def on_removed(self) -> None:
        """Nothing waits for it."""
        self._on_dismiss = None

    def _dismiss(self) -> None:
        callback, self._on_dismiss = self._on_dismiss, None
        if callback is not None:
            callback()
