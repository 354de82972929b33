"""The debug overlay: the log, why callbacks ran (the ledger), and a prompt for Lua. Mux thread.

What is typed runs on the Lua thread; the overlay never waits for it. Log and ledger are as they stood when
something was typed last; CTRL-l takes them anew.
"""

from __future__ import annotations

from collections.abc import Callable, MutableSequence

from perilune.app.overlays.keys import leaves, read_key
from perilune.app.overlays.line_editor import LineEditor
from perilune.app.overlays.panel import draw_panel, wrap_text
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.render.frame import FrameCursor

__all__ = ["DebugOverlay", "Evaluate"]

Evaluate = Callable[[str, Callable[[str, str], None]], None]
"""Runs Lua: the source, and what is called with "done", "more" or "error" and a text."""
_HINT = "type Lua and press Enter; Esc leaves; page keys and the wheel scroll"
_MOST_LINES = 2000
_LONGEST_ANSWER = 20_000


class DebugOverlay:
    """A page of text over the window with a prompt below it; it begins at its end.

    Args:
        read: gives the lines about the program; called when the overlay opens and as things are typed.
        evaluate: runs what was typed.
        history: lines typed before; what is typed is added.
        on_close: it wants to go.
        on_change: an answer came: there is something to draw.
    """

    name = "debug overlay"
    is_modal = True
    key_table = ""

    def __init__(
        self,
        read: Callable[[], list[str]],
        evaluate: Evaluate,
        history: MutableSequence[str],
        on_close: Callable[[], None],
        on_change: Callable[[], None],
    ) -> None:
        self.version = 0
        self._read = read
        self._evaluate = evaluate
        self._on_close: Callable[[], None] | None = on_close
        self._on_change = on_change
        self._editor = LineEditor("", history)
        self._beginning = ""  # lines of a statement that is not complete
        self._waiting: list[str] | None = None  # lines that wait for an answer; None while nothing runs
        self._about = read()
        self._answers: list[str] = []
        self._wrapped: tuple[int, list[str]] | None = None
        self._room = 1
        self._back = 0  # lines above the end

    @property
    def lines(self) -> list[str]:
        """Everything above the prompt."""
        return [*self._about, *self._answers]

    # Input.

    def on_key(self, event: KeyEvent) -> bool:
        """Enter runs the line; Escape and CTRL-c clear it and then leave; the rest edits or scrolls."""
        if event.kind is KeyKind.RELEASE:
            return False
        self.version += 1
        key, control = read_key(event)
        if leaves(key, control):
            if self._editor.text or self._beginning:
                self._editor.set("")
                self._beginning = ""
            else:
                self._close()
        elif control and key == "d" and not self._editor.text:
            self._close()
        elif key in {"Enter", "NumpadEnter"}:
            self._enter()
        elif control and key == "l":
            self._refresh()
        elif key in {"PageUp", "PageDown"}:
            self._scroll(-self._room if key == "PageUp" else self._room)
        elif key in {"Home", "End"} and (not self._editor.text or control):
            self._scroll(-_MOST_LINES * 100 if key == "Home" else _MOST_LINES * 100)
        else:
            self._editor.on_key(event)
        return True

    def _enter(self) -> None:
        line = self._editor.text
        self._editor.remember()
        if self._waiting is not None:
            self._waiting.append(line)
        elif line.strip() or self._beginning:
            self._run(line)
        else:
            self._refresh()

    def _run(self, line: str) -> None:
        self._add(f"{'>>' if self._beginning else '>'} {line}")
        source = f"{self._beginning}\n{line}" if self._beginning else line
        self._beginning = ""
        self._waiting = []

        def answered(kind: str, text: str) -> None:
            if self._on_close is None:
                return  # the overlay is gone
            waiting, self._waiting = self._waiting or [], None
            if kind == "more" and line.strip():
                self._beginning = source
            else:
                for part in text[:_LONGEST_ANSWER].splitlines():
                    self._add(part)
            self._about = self._read()
            self._wrapped = None
            self.version += 1
            self._on_change()
            if waiting:
                self._run(waiting[0])
                if self._waiting is not None:
                    self._waiting += waiting[1:]

        self._evaluate(source, answered)

    def _add(self, line: str) -> None:
        self._answers.append(line)
        del self._answers[:-_MOST_LINES]
        self._wrapped = None
        self._back = 0

    def _refresh(self) -> None:
        self._about = self._read()
        self._wrapped = None
        self._back = 0

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """The wheel scrolls."""
        del rect
        if event.kind is MouseKind.PRESS and event.button in {MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN}:
            self._scroll(3 if event.button is MouseButton.WHEEL_DOWN else -3)
            self.version += 1
        return True

    def on_paste(self, text: str) -> bool:
        """Pasted lines are typed as one: a function of many lines is one statement."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._editor.insert(" ".join(part.strip() for part in lines))
        self.version += 1
        return True

    # Drawing.

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """The whole rectangle: text, the hint, the prompt in the last line."""
        has_frame = rect.width >= 4 and rect.height >= 3
        inner = Rect(rect.left + 2, rect.top + 1, rect.width - 4, rect.height - 2) if has_frame else rect
        has_hint = inner.height >= 4
        self._room = max(inner.height - (2 if has_hint else 1), 0)
        lines = self._wrapped_to(inner.width)
        self._back = max(min(self._back, len(lines) - self._room), 0)
        end = len(lines) - self._back
        shown = lines[max(end - self._room, 0) : end] if self._room else []
        shown += [""] * (self._room - len(shown))
        if has_hint:
            shown.append(_HINT)
        draw_panel(buffer, rect, shown, title="Debug")
        row = inner.bottom - 1
        prompt = (">> " if self._beginning else "> ")[: max(inner.width - 1, 0)]
        buffer.fill(row, inner.left, inner.width, 1)
        buffer.put_text(row, inner.left, prompt, 0, 0, 0, inner.width)
        text, col = self._editor.shown(inner.width - len(prompt))
        buffer.put_text(row, inner.left + len(prompt), text, 0, 0, 0, inner.width - len(prompt))
        return FrameCursor(row, min(inner.left + len(prompt) + col, inner.right - 1), "bar")

    def _wrapped_to(self, width: int) -> list[str]:
        """The program's lines as they are, which are cut, and the answers wrapped, which are to be read."""
        if self._wrapped is None or self._wrapped[0] != width:
            answers = [part for line in self._answers for part in wrap_text(line, width)]
            self._wrapped = (width, [*self._about, *([""] if answers else []), *answers])
        return self._wrapped[1]

    def on_removed(self) -> None:
        """Nothing waits for it."""
        self._on_close = None

    def _scroll(self, lines: int) -> None:
        self._back = max(self._back - lines, 0)

    def _close(self) -> None:
        callback, self._on_close = self._on_close, None
        if callback is not None:
            callback()
