"""A list to choose from: tab navigator, launcher, command palette. Typing narrows it down. Mux thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from perilune.app.overlays.panel import draw_panel, panel_rect
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.cells.width import text_width
from perilune.render.frame import FrameCursor

__all__ = ["Choice", "SelectorOverlay", "fuzzy_match"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list and what choosing it does."""

    label: str
    choose: Callable[[], None]


def fuzzy_match(pattern: str, text: str) -> bool:
    """Whether the characters of `pattern` occur in `text` in their order, letter case aside.

    >>> fuzzy_match("spt", "Split the pane"), fuzzy_match("tps", "Split the pane")
    (True, False)
    """
    rest = iter(text.casefold())
    return all(char in rest for char in pattern.casefold() if char != " ")


class SelectorOverlay:
    """Arrows move, Enter chooses, Escape leaves; digits choose at once while nothing has been typed."""

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
    ) -> None:
        self.name = name
        self.version = 0
        self.title = title
        self.filter = ""
        self._all = list(choices)
        self._shown = self._all
        self._selected = min(max(selected, 0), max(len(choices) - 1, 0))
        self._first = 0
        self._close: Callable[[], None] | None = on_close
        self._list = Rect(0, 0, 0, 0)

    @property
    def labels(self) -> list[str]:
        """The labels that pass the filter."""
        return [choice.label for choice in self._shown]

    def on_key(self, event: KeyEvent) -> bool:
        """One key of the list."""
        if event.kind is KeyKind.RELEASE:
            return True
        key, control = event.key, bool(event.mods & Modifiers.CTRL)
        page = max(self._list.height - 1, 1)
        if key == "Escape" or (control and key in {"c", "g"}):
            self._leave()
        elif key == "Enter":
            self._choose(self._selected)
        elif key == "UpArrow" or (control and key in {"p", "k"}):
            self._move(-1)
        elif key == "DownArrow" or (control and key in {"n", "j"}):
            self._move(1)
        elif key == "PageUp":
            self._move(-page)
        elif key == "PageDown":
            self._move(page)
        elif key == "Backspace":
            self._set_filter(self.filter[:-1])
        elif control and key == "u":
            self._set_filter("")
        elif not self.filter and key.isascii() and key.isdigit() and key != "0" and not event.mods:
            self._choose(int(key) - 1)
        elif event.text and event.text.isprintable():
            self._set_filter(self.filter + event.text)
        return True

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """A click chooses, the wheel moves."""
        del rect
        if event.kind is MouseKind.PRESS:
            if event.button is MouseButton.WHEEL_UP:
                self._move(-1)
            elif event.button is MouseButton.WHEEL_DOWN:
                self._move(1)
            elif event.button is MouseButton.LEFT and self._list.holds(event.row, event.col):
                self._choose(self._first + event.row - self._list.top)
        return True

    def on_paste(self, text: str) -> bool:
        """Pasted text narrows the list down."""
        self._set_filter(self.filter + "".join(char for char in text if char.isprintable()))
        return True

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """A box with the filter on its first line."""
        widest = max([text_width(choice.label) for choice in self._all] + [text_width(self.title), 20])
        box = panel_rect(rect, widest + 4 + 4, len(self._all) + 3)
        has_frame = box.width >= 4 and box.height >= 3
        room = max((box.height - 2 if has_frame else box.height) - 1, 0)
        if self._selected < self._first:
            self._first = self._selected
        elif self._selected >= self._first + room:
            self._first = max(self._selected - room + 1, 0)
        lines = [
            (f"{number + 1}. " if number < 9 and not self.filter else "   ") + choice.label
            for number, choice in enumerate(self._shown)
        ][self._first : self._first + room]
        prompt = f"> {self.filter}"
        draw_panel(buffer, box, [prompt, *lines], title=self.title, selected=1 + self._selected - self._first)
        top, left = (box.top + 1, box.left + 2) if has_frame else (box.top, box.left)
        self._list = Rect(left, top + 1, max(box.width - (4 if has_frame else 0), 0), len(lines))
        col = min(left + text_width(prompt), box.right - (2 if has_frame else 1))
        return FrameCursor(top, max(col, box.left), "bar")

    def on_removed(self) -> None:
        """Nothing waits for it."""
        self._close = None

    def _move(self, by: int) -> None:
        if self._shown:
            last = len(self._shown) - 1
            target = self._selected + by
            if abs(by) == 1:
                target %= last + 1
            self._selected = min(max(target, 0), last)
            self.version += 1

    def _set_filter(self, text: str) -> None:
        self.filter = text
        self._shown = [choice for choice in self._all if fuzzy_match(text, choice.label)]
        self._selected = self._first = 0
        self.version += 1

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._shown):
            choice = self._shown[number]
            self._leave()
            choice.choose()

    def _leave(self) -> None:
        callback, self._close = self._close, None
        if callback is not None:
            callback()
