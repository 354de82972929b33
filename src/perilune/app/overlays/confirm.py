"""The question before something is closed: y closes, n or Escape does not. Mux thread."""

from __future__ import annotations

from collections.abc import Callable

from perilune.app.overlays.panel import draw_panel, panel_rect, wrap_text
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.render.frame import FrameCursor

__all__ = ["ConfirmOverlay"]

_CHOICES = "[y] yes   [n] no"


class ConfirmOverlay:
    """Asks one question and calls `on_answer` once; being removed without an answer means no."""

    name = "confirm"
    is_modal = True
    key_table = ""

    def __init__(self, question: str, on_answer: Callable[[bool], None]) -> None:
        self.version = 0
        self.question = question
        self._on_answer: Callable[[bool], None] | None = on_answer
        self._yes = Rect(0, 0, 0, 0)
        self._no = Rect(0, 0, 0, 0)

    def on_key(self, event: KeyEvent) -> bool:
        """`y` and Enter mean yes; `n`, `q`, Escape and CTRL-c mean no."""
        if event.kind is KeyKind.RELEASE:
            return True
        if event.key in {"y", "Y", "Enter"}:
            self._answer(True)
        elif event.key in {"n", "N", "q", "Escape", "c"}:
            self._answer(False)
        return True

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """A click on one of the answers."""
        del rect
        if event.kind is MouseKind.PRESS and event.button is MouseButton.LEFT:
            if self._yes.holds(event.row, event.col):
                self._answer(True)
            elif self._no.holds(event.row, event.col):
                self._answer(False)
        return True

    def on_paste(self, text: str) -> bool:
        """Pasted text answers nothing, and does not go elsewhere either."""
        del text
        return True

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """A box in the middle of the pane."""
        lines = wrap_text(self.question, min(rect.width - 4, 60))
        width = min(max(len(_CHOICES), *(len(line) for line in lines)) + 4, rect.width)
        box = panel_rect(rect, width, len(lines) + 4)
        # Where there is no room for everything, the answers stay visible: they are what the user needs.
        room = max(box.height - 2 if box.height >= 3 else box.height, 1)
        shown = [*lines[: max(room - 1, 0)]]
        if room > len(shown) + 1:
            shown.append("")
        shown.append(_CHOICES)
        draw_panel(buffer, box, shown)
        has_frame = box.width >= 4 and box.height >= 3
        row = box.top + (1 if has_frame else 0) + len(shown) - 1
        left = box.left + (2 if has_frame else 0)
        self._yes = Rect(left, row, 7, 1)
        self._no = Rect(left + 10, row, 6, 1)
        return None

    def on_removed(self) -> None:
        """Taken away unanswered: no."""
        self._answer(False)

    def _answer(self, answer: bool) -> None:
        callback, self._on_answer = self._on_answer, None
        if callback is not None:
            callback(answer)
