"""PromptInputLine: asks for one line of text above the window. Mux thread."""

from __future__ import annotations

from collections.abc import Callable, MutableSequence

from perilune.app.overlays.keys import leaves, read_key
from perilune.app.overlays.line_editor import LineEditor
from perilune.app.overlays.panel import draw_panel, panel_rect
from perilune.app.overlays.styled import styled_line, styled_lines
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, MouseEvent
from perilune.cells.buffer import CellBuffer
from perilune.cells.line import CellStyle
from perilune.render.frame import FrameCursor

__all__ = ["PromptOverlay"]

_STYLE = CellStyle()


class PromptOverlay:
    """A description, and a line to edit; readline's keys, the lines of this session with the arrow keys.

    Args:
        description: above the line, may hold escapes.
        prompt: before it, likewise.
        initial: what the line begins with.
        history: earlier lines; what is entered is added.
        on_close: takes the overlay away.
        on_line: called once, with the line or None when it was left.
    """

    name = "prompt"
    is_modal = True
    key_table = ""

    def __init__(
        self,
        description: str,
        prompt: str,
        initial: str,
        history: MutableSequence[str],
        on_close: Callable[[], None],
        on_line: Callable[[str | None], None],
    ) -> None:
        self.version = 0
        self.description = description
        self.prompt = prompt
        self._editor = LineEditor(initial, history)
        self._close: Callable[[], None] | None = on_close
        self._on_line: Callable[[str | None], None] | None = on_line

    @property
    def text(self) -> str:
        """The line as it is now."""
        return self._editor.text

    def on_key(self, event: KeyEvent) -> bool:
        """Enter gives the line; Escape, CTRL-c, CTRL-g and CTRL-d on an empty line leave; the rest edits."""
        if event.kind is KeyKind.RELEASE:
            return True
        self.version += 1
        key, control = read_key(event)
        if key in {"Enter", "NumpadEnter"} or (control and key in {"j", "m"}):
            line = self._editor.text
            self._editor.remember()
            self._finish(line)
        elif leaves(key, control) or (control and key == "d" and not self._editor.text):
            self._finish(None)
        else:
            self._editor.on_key(event)
        return True

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """The mouse does nothing here, and nothing elsewhere either."""
        del event, rect
        return True

    def on_paste(self, text: str) -> bool:
        """Pasted text is typed; its line ends become blanks."""
        self._editor.insert(text.removesuffix("\n").removesuffix("\r"))
        self.version += 1
        return True

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """A box in the middle; where there is little room, the line itself stays visible."""
        lines = styled_lines(self.description, _STYLE) if self.description else []
        box = panel_rect(
            rect, max([60, *(line.width + 4 for line in lines)]), len(lines) + (4 if lines else 3)
        )
        draw_panel(buffer, box, [])
        has_frame = box.width >= 4 and box.height >= 3
        inner = Rect(box.left + 2, box.top + 1, box.width - 4, box.height - 2) if has_frame else box
        shown = lines[: max(inner.height - 1, 0)]
        for offset, line in enumerate(shown):
            line.draw(buffer, inner.top + offset, inner.left, inner.width)
        row = min(
            inner.top + len(shown) + (1 if inner.height > len(shown) + 1 and shown else 0), inner.bottom - 1
        )
        prompt = styled_line(self.prompt, _STYLE).left(max(inner.width - 8, 0))
        prompt.draw(buffer, row, inner.left)
        left = inner.left + prompt.width
        text, col = self._editor.shown(inner.width - prompt.width)
        buffer.put_text(row, left, text, 0, 0, 0, max(inner.right - left, 0))
        return FrameCursor(row, max(min(left + col, inner.right - 1), inner.left), "bar")

    def on_removed(self) -> None:
        """Taken away by somebody else: as if it was left."""
        self._close = None
        self._give(None)

    def _finish(self, line: str | None) -> None:
        give, self._on_line = self._on_line, None
        close, self._close = self._close, None
        if close is not None:
            close()
        if give is not None:
            give(line)

    def _give(self, line: str | None) -> None:
        callback, self._on_line = self._on_line, None
        if callback is not None:
            callback(line)
