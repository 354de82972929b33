"""A list to choose from: tab navigator, launcher, command palette, InputSelector. Mux thread.

Two ways to choose, as in WezTerm: by short labels, or by typing what is matched fuzzily; `/` goes from the
first to the second, Backspace on an empty filter back. What choosing does is the choices' business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from perilune.app.overlays.keys import leaves, list_step, read_key
from perilune.app.overlays.labels import labels_for
from perilune.app.overlays.line_editor import LineEditor
from perilune.app.overlays.matching import FuzzyIndex, Match
from perilune.app.overlays.panel import clip_text, draw_panel, panel_rect
from perilune.app.overlays.styled import highlighted, styled_line
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.cells.line import CellStyle, Line
from perilune.cells.packing import REVERSE
from perilune.render.frame import FrameCursor

__all__ = ["ALPHABET", "DESCRIPTION", "FUZZY_DESCRIPTION", "Choice", "SelectorLook", "SelectorOverlay"]

ALPHABET = "1234567890abcdefghilmnopqrstuvwxyz"
DESCRIPTION = "Select an item and press Enter = accept,  Esc = cancel,  / = filter"
FUZZY_DESCRIPTION = "Fuzzy matching: "
_MOST_MEASURED = 2000  # labels that decide how wide the list is


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list and what choosing it does. The label may hold escapes that style it."""

    label: str
    choose: Callable[[], None]


@dataclass(frozen=True, slots=True)
class SelectorLook:
    """How a list asks and what it looks like.

    Attributes:
        alphabet: letters of the labels; "" for none.
        description: the line above while labels are typed.
        fuzzy_description: what stands before the filter.
        rows: how many choices are shown at most; None: as many as there is room for.
        fg: packed colour of the text; `bg` likewise.
        label: packed colours of the labels, foreground and background; None: as the text.
    """

    alphabet: str = ALPHABET
    description: str = DESCRIPTION
    fuzzy_description: str = FUZZY_DESCRIPTION
    rows: int | None = None
    fg: int = 0
    bg: int = 0
    label: tuple[int, int] | None = None


class SelectorOverlay:
    """Shows the list until one is chosen or it is left.

    Args:
        title: on the frame.
        choices: the lines.
        on_close: takes the overlay away; called before what choosing does.
        selected: the line that is selected first.
        name: of the overlay.
        fuzzy: begin with typing a filter, and never ask for labels.
        look: how it looks.
        on_cancel: called when it goes without a choice.
    """

    is_modal = True
    key_table = ""

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        on_close: Callable[[], None],
        *,
        selected: int = 0,
        name: str = "selector",
        fuzzy: bool = False,
        look: SelectorLook | None = None,
        on_cancel: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self.version = 0
        self.title = title
        self.look = look or SelectorLook()
        self.is_fuzzy = self._began_fuzzy = fuzzy
        self._filter = LineEditor()
        self._style = CellStyle(self.look.fg, self.look.bg)
        self._choices = list(choices)
        self._index: FuzzyIndex | None = None
        self._shown: list[Match] = [Match(number, 0, ()) for number in range(len(self._choices))]
        self._labels = labels_for(self.look.alphabet, len(self._choices), lower_case=False)
        self._typed = ""
        self._selected = min(max(selected, 0), max(len(self._choices) - 1, 0))
        self._first = 0
        self._close: Callable[[], None] | None = on_close
        self._cancel = on_cancel
        self._list = Rect(0, 0, 0, 0)
        self._width: int | None = None

    @property
    def filter(self) -> str:
        """What was typed to narrow the list down."""
        return self._filter.text

    @property
    def labels(self) -> list[str]:
        """The choices that pass the filter, as text."""
        return [self._line(match.number).text for match in self._shown]

    @property
    def selected_label(self) -> str:
        """The selected one."""
        return self.labels[self._selected] if self._shown else ""

    # Input.

    def on_key(self, event: KeyEvent) -> bool:
        """One key of the list."""
        if event.kind is KeyKind.RELEASE:
            return True
        self.version += 1
        key, control = read_key(event)
        step = list_step(key, control, max(self._list.height, 1))
        if leaves(key, control):
            self._leave()
        elif key in {"Enter", "NumpadEnter"}:
            self._choose(self._selected)
        elif step:
            self._move(step)
        elif self.is_fuzzy:
            self._edit(event)
        else:
            self._on_label_key(event)
        return True

    def _edit(self, event: KeyEvent) -> None:
        before = self._filter.text
        if event.key == "Backspace" and not before and not self._began_fuzzy:
            self.is_fuzzy = False
            return
        self._filter.on_key(event)
        if self._filter.text != before:
            self._refilter()

    def _on_label_key(self, event: KeyEvent) -> None:
        text = "" if event.mods & (Modifiers.CTRL | Modifiers.ALT | Modifiers.SUPER) else event.text
        if event.key == "Backspace":
            self._typed = self._typed[:-1]
        elif event.key in {"Home", "End"}:
            self._move(-len(self._shown) if event.key == "Home" else len(self._shown))
        elif text == "/":
            self.is_fuzzy, self._typed = True, ""
        elif text in {"j", "k"} and text not in self.look.alphabet:
            self._move(1 if text == "j" else -1)
        elif text:
            typed = self._typed + text
            if typed in self._labels:
                self._choose(self._labels.index(typed))
            else:
                self._typed = typed if any(label.startswith(typed) for label in self._labels) else ""

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """A click chooses, the pointer selects, the wheel moves."""
        del rect
        row = self._first + event.row - self._list.top
        inside = self._list.holds(event.row, event.col) and row < len(self._shown)
        if event.kind is MouseKind.PRESS:
            if event.button in {MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN}:
                self._move(-1 if event.button is MouseButton.WHEEL_UP else 1, wraps=False)
            elif event.button is MouseButton.LEFT and inside:
                self._choose(row)
        elif inside and event.kind is MouseKind.MOVE and row != self._selected:
            self._selected = row
            self.version += 1
        return True

    def on_paste(self, text: str) -> bool:
        """Pasted text narrows the list down."""
        self.is_fuzzy = True
        self._filter.insert(text)
        self._refilter()
        return True

    # Drawing.

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """A box with the description or the filter on its first line."""
        look = self.look
        room = len(self._choices) if look.rows is None else min(look.rows, len(self._choices))
        box = panel_rect(rect, self._wanted_width(), max(room, 1) + 3)
        draw_panel(buffer, box, [], title=self.title, fg=look.fg, bg=look.bg)
        has_frame = box.width >= 4 and box.height >= 3
        inner = Rect(box.left + 2, box.top + 1, box.width - 4, box.height - 2) if has_frame else box
        cursor = self._draw_head(buffer, inner)
        room = max(inner.height - 1, 0)
        self._first = max(min(self._first, len(self._shown) - room), 0)
        if self._selected < self._first:
            self._first = self._selected
        elif self._selected >= self._first + room:
            self._first = max(self._selected - room + 1, 0)
        shown = self._shown[self._first : self._first + room]
        for offset, match in enumerate(shown):
            is_selected = self._first + offset == self._selected
            self._draw_choice(buffer, inner, inner.top + 1 + offset, match, is_selected=is_selected)
        self._list = Rect(box.left, inner.top + 1, box.width, len(shown))
        return cursor

    def _draw_head(self, buffer: CellBuffer, inner: Rect) -> FrameCursor | None:
        look = self.look
        if not self.is_fuzzy:
            text = look.description + (f"   {self._typed}" if self._typed else "")
            styled_line(text, self._style).draw(buffer, inner.top, inner.left, inner.width)
            return None
        prompt = styled_line(look.fuzzy_description, self._style).left(max(inner.width - 8, 0))
        prompt.draw(buffer, inner.top, inner.left)
        left = inner.left + prompt.width
        text, col = self._filter.shown(inner.width - prompt.width)
        buffer.put_text(inner.top, left, text, look.fg, look.bg, 0, max(inner.right - left, 0))
        return FrameCursor(inner.top, max(min(left + col, inner.right - 1), inner.left), "bar")

    def _draw_choice(
        self, buffer: CellBuffer, inner: Rect, row: int, match: Match, *, is_selected: bool
    ) -> None:
        look = self.look
        flip = REVERSE if is_selected else 0
        prefix = ""
        if not self.is_fuzzy and self._labels and self._labels[0]:
            wide = len(self._labels[-1]) or 2
            label = self._labels[match.number]
            prefix = f"{label:>{wide}}. " if label else " " * (wide + 2)
        if is_selected:
            buffer.fill(row, inner.left, inner.width, 1, 0, look.fg, look.bg, flip)
        fg, bg = look.label or (look.fg, look.bg)
        buffer.put_text(row, inner.left, prefix, fg, bg, flip, inner.width)
        line = highlighted(self._line(match.number), match.positions, flip)
        line.draw(buffer, row, inner.left + len(prefix), max(inner.width - len(prefix), 0))

    def _wanted_width(self) -> int:
        if self._width is None:
            lines = [self._line(number) for number in range(min(len(self._choices), _MOST_MEASURED))]
            head = styled_line(self.look.description, self._style).width
            widest = max([line.width + 4 for line in lines] + [len(clip_text(self.title, 60)) + 2, head, 24])
            self._width = widest + 4
        return self._width

    def on_removed(self) -> None:
        """Gone without a choice, unless one was made."""
        self._close = None
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel()

    # Choosing.

    def _line(self, number: int) -> Line:
        return styled_line(self._choices[number].label, self._style)

    def _move(self, by: int, *, wraps: bool = True) -> None:
        if self._shown:
            last = len(self._shown) - 1
            target = self._selected + by
            if abs(by) == 1 and wraps:
                target %= last + 1
            self._selected = min(max(target, 0), last)
            self.version += 1

    def _refilter(self) -> None:
        if self._index is None:
            self._index = FuzzyIndex([self._line(number).text for number in range(len(self._choices))])
        self._shown = self._index.rank(self._filter.text)
        self._selected = self._first = 0
        self.version += 1

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            choice = self._choices[self._shown[row].number]
            self._cancel = None
            self._leave()
            choice.choose()

    def _leave(self) -> None:
        callback, self._close = self._close, None
        if callback is not None:
            callback()
