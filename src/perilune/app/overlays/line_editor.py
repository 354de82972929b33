"""A line of text being edited, with the keys that readline's emacs mode has. Draws nothing. Mux thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableSequence
from types import MappingProxyType

from perilune.base.input import KeyEvent, KeyKind, Modifiers
from perilune.cells.width import cluster_width, graphemes, text_width

__all__ = ["LineEditor"]

_LONGEST = 64 * 1024
_MOST_HISTORY = 500


class LineEditor:
    """The text and its cursor.

    Args:
        text: what it begins with; the cursor is behind it.
        history: earlier lines, oldest first; `remember` adds to it.

    Attributes:
        text: what is there.
        cursor: the character that the cursor is on.
    """

    def __init__(self, text: str = "", history: MutableSequence[str] | None = None) -> None:
        self.text = text
        self.cursor = len(text)
        self._history = history if history is not None else []
        self._at = len(self._history)
        self._draft = ""
        self._killed = ""
        self._was_kill = False

    def set(self, text: str) -> None:
        """Replace it all."""
        self.text, self.cursor = text, len(text)

    def remember(self) -> None:
        """Keep the line in the history, unless it is empty or the same as the last one; begin a new one."""
        line = self.text
        if line.strip() and (not self._history or self._history[-1] != line):
            self._history.append(line)
            del self._history[:-_MOST_HISTORY]
        self._at = len(self._history)
        self.set("")

    def insert(self, text: str) -> None:
        """Type or paste; control characters become blanks."""
        clean = "".join(char if char.isprintable() else " " for char in text)
        clean = clean[: max(_LONGEST - len(self.text), 0)]
        self.text = self.text[: self.cursor] + clean + self.text[self.cursor :]
        self.cursor += len(clean)
        self._was_kill = False

    def on_key(self, event: KeyEvent) -> bool:
        """Edit; False for a key that means nothing here."""
        if event.kind is KeyKind.RELEASE:
            return False
        mods = event.mods & (Modifiers.CTRL | Modifiers.ALT | Modifiers.SUPER)
        if event.mods & Modifiers.META:
            mods |= Modifiers.ALT
        key = event.key.lower() if len(event.key) == 1 and mods else event.key
        # CTRL|SHIFT with a letter is a key assignment by default (CTRL|SHIFT-w closes the tab).
        is_chord = bool(mods and event.mods & Modifiers.SHIFT and len(key) == 1)
        command = None if is_chord else _KEYS.get((mods, key))
        if command is not None:
            was_kill, self._was_kill = self._was_kill, False
            self._joins = was_kill
            command(self)
            return True
        if event.text and not mods:
            if event.text.isprintable():
                self.insert(event.text)
            return True
        return False

    # What is seen.

    def shown(self, width: int) -> tuple[str, int]:
        """The part around the cursor that fits into `width` cells, and the cursor's column in it."""
        width = max(width, 1)
        before = text_width(self.text[: self.cursor])
        if before < width and text_width(self.text) < width:
            return self.text, before
        # Scrolled by half the width at a time, so that the text stands still while one types.
        step = max(width // 2, 1)
        skip = 0 if before < width else (before - width) // step * step + step
        left, col = "", 0
        for cluster in graphemes(self.text):
            cells = cluster_width(cluster)
            if col >= skip and col + cells <= skip + width:
                left += cluster if left or col == skip else " " * (col - skip) + cluster
            col += cells
        return left, before - skip

    # Moving.

    def _left(self, at: int) -> int:
        start = 0
        for cluster in graphemes(self.text[:at]):
            last, start = start, start + len(cluster)
        return last if at else 0

    def _right(self, at: int) -> int:
        return at + len(next(iter(graphemes(self.text[at:])), ""))

    def _word_left(self) -> int:
        at = self.cursor
        while at and not self.text[at - 1].isalnum():
            at -= 1
        while at and self.text[at - 1].isalnum():
            at -= 1
        return at

    def _word_right(self) -> int:
        at, end = self.cursor, len(self.text)
        while at < end and not self.text[at].isalnum():
            at += 1
        while at < end and self.text[at].isalnum():
            at += 1
        return at

    def _blank_left(self) -> int:
        at = self.cursor
        while at and self.text[at - 1].isspace():
            at -= 1
        while at and not self.text[at - 1].isspace():
            at -= 1
        return at

    def _go(self, at: int) -> None:
        self.cursor = at

    # Taking out.

    def _cut(self, start: int, end: int) -> str:
        cut = self.text[start:end]
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start
        return cut

    def _kill(self, start: int, end: int) -> None:
        backwards = start < self.cursor
        cut = self._cut(start, end)
        if not self._joins:
            self._killed = cut
        else:
            self._killed = cut + self._killed if backwards else self._killed + cut
        self._was_kill = True

    def _transpose(self) -> None:
        at = min(self.cursor, len(self.text) - 1) if len(self.text) > 1 else 0
        if at > 0:
            text = self.text
            self.text = text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
            self.cursor = at + 1

    # History.

    def _recall(self, step: int) -> None:
        target = self._at + step
        if not 0 <= target <= len(self._history):
            return
        if self._at == len(self._history):
            self._draft = self.text
        self._at = target
        self.set(self._draft if target == len(self._history) else self._history[target])

    _joins = False


_C, _A, _S = Modifiers.CTRL, Modifiers.ALT, Modifiers.SUPER
_N = Modifiers.NONE
_Command = Callable[[LineEditor], None]

# ruff: noqa: SLF001 - the table is the class's own
_HOME: _Command = lambda e: e._go(0)  # noqa: E731
_END: _Command = lambda e: e._go(len(e.text))  # noqa: E731
_LEFT: _Command = lambda e: e._go(e._left(e.cursor))  # noqa: E731
_RIGHT: _Command = lambda e: e._go(e._right(e.cursor))  # noqa: E731
_WORD_LEFT: _Command = lambda e: e._go(e._word_left())  # noqa: E731
_WORD_RIGHT: _Command = lambda e: e._go(e._word_right())  # noqa: E731
_UP: _Command = lambda e: e._recall(-1)  # noqa: E731
_DOWN: _Command = lambda e: e._recall(1)  # noqa: E731


def _backspace(editor: LineEditor) -> None:
    editor._cut(editor._left(editor.cursor), editor.cursor)


def _delete(editor: LineEditor) -> None:
    editor._cut(editor.cursor, editor._right(editor.cursor))


def _kill_word_left(editor: LineEditor) -> None:
    editor._kill(editor._word_left(), editor.cursor)


_KEYS: Mapping[tuple[Modifiers, str], _Command] = MappingProxyType(
    {
        (_C, "a"): _HOME,
        (_N, "Home"): _HOME,
        (_C, "e"): _END,
        (_N, "End"): _END,
        (_C, "b"): _LEFT,
        (_N, "LeftArrow"): _LEFT,
        (_C, "f"): _RIGHT,
        (_N, "RightArrow"): _RIGHT,
        (_A, "b"): _WORD_LEFT,
        (_C, "LeftArrow"): _WORD_LEFT,
        (_A, "LeftArrow"): _WORD_LEFT,
        (_A, "f"): _WORD_RIGHT,
        (_C, "RightArrow"): _WORD_RIGHT,
        (_A, "RightArrow"): _WORD_RIGHT,
        (_C, "p"): _UP,
        (_N, "UpArrow"): _UP,
        (_C, "n"): _DOWN,
        (_N, "DownArrow"): _DOWN,
        (_N, "Backspace"): _backspace,
        (_C, "h"): _backspace,
        (_N, "Delete"): _delete,
        (_C, "d"): _delete,
        (_C, "w"): lambda e: e._kill(e._blank_left(), e.cursor),
        (_A, "Backspace"): _kill_word_left,
        (_C, "Backspace"): _kill_word_left,
        (_A, "d"): lambda e: e._kill(e.cursor, e._word_right()),
        (_C, "Delete"): lambda e: e._kill(e.cursor, e._word_right()),
        (_C, "k"): lambda e: e._kill(e.cursor, len(e.text)),
        (_C, "u"): lambda e: e._kill(0, e.cursor),
        (_S, "Backspace"): lambda e: e._kill(0, e.cursor),
        (_C, "y"): lambda e: e.insert(e._killed),
        (_C, "t"): LineEditor._transpose,
    }
)
