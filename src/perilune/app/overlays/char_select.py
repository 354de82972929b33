"""CharSelect: browse characters by group, or search them all by name or code. Mux thread."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from perilune.app.overlays.characters import GROUPS, Character, all_characters, characters_of
from perilune.app.overlays.keys import leaves, list_step, read_key
from perilune.app.overlays.line_editor import LineEditor
from perilune.app.overlays.matching import FuzzyIndex
from perilune.app.overlays.panel import draw_panel, panel_rect
from perilune.app.overlays.styled import highlighted
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.cells.line import CellStyle, Line
from perilune.cells.packing import REVERSE
from perilune.render.frame import FrameCursor

__all__ = ["CharSelectOverlay"]

_WIDTH, _ROWS = 64, 20
_NAME_COL = 4


def _codes(text: str) -> str:
    return " ".join(f"U+{ord(char):04X}" for char in text)


def _label(character: Character) -> str:
    return f"{character.name}  {_codes(character.text)}"


@functools.cache
def _index() -> FuzzyIndex:
    return FuzzyIndex([_label(character) for character in all_characters()])


class CharSelectOverlay:
    """Shows a group, or what a search finds among all, until one is chosen or it is left.

    Args:
        recent: what was chosen before, the likeliest first.
        group: shown first; None: the recent ones if there are any, else smileys.
        colors: packed foreground and background.
        on_close: takes the overlay away.
        on_choose: called after that, with the character.
    """

    name = "char select"
    is_modal = True
    key_table = ""

    def __init__(
        self,
        recent: Sequence[Character],
        group: str | None,
        colors: tuple[int, int],
        on_close: Callable[[], None],
        on_choose: Callable[[str], None],
    ) -> None:
        self.version = 0
        self._recent = tuple(recent)
        self.group = group or ("RecentlyUsed" if recent else "SmileysAndEmotion")
        self._colors = colors
        self._close: Callable[[], None] | None = on_close
        self._on_choose = on_choose
        self._filter = LineEditor()
        self._shown: list[tuple[Character, tuple[int, ...]]] = []
        self._selected = self._first = 0
        self._list = Rect(0, 0, 0, 0)
        self._refilter()

    @property
    def shown(self) -> list[Character]:
        """What is to choose from now."""
        return [character for character, _ in self._shown]

    def _refilter(self) -> None:
        pattern = self._filter.text.strip()
        if pattern:
            everything = all_characters()
            hits = _index().rank(pattern.removeprefix("U+"))
            self._shown = [(everything[hit.number], hit.positions) for hit in hits]
        else:
            group = self._recent if self.group == "RecentlyUsed" else characters_of(self.group)
            self._shown = [(character, ()) for character in group]
        self._selected = self._first = 0
        self.version += 1

    def on_key(self, event: KeyEvent) -> bool:
        """Typing searches; CTRL-r goes to the next group, with SHIFT to the one before."""
        if event.kind is KeyKind.RELEASE:
            return True
        self.version += 1
        key, control = read_key(event)
        step = list_step(key, control, max(self._list.height, 1))
        if leaves(key, control):
            self._leave()
        elif key in {"Enter", "NumpadEnter"}:
            self._choose(self._selected)
        elif control and key == "r":
            is_back = bool(event.mods & Modifiers.SHIFT) or event.key.isupper()
            names = list(GROUPS)
            self.group = names[(names.index(self.group) + (-1 if is_back else 1)) % len(names)]
            self._filter.set("")
            self._refilter()
        elif step:
            self._move(step)
        else:
            before = self._filter.text
            if control and key == "u":
                self._filter.set("")
            else:
                self._filter.on_key(event)
            if self._filter.text != before:
                self._refilter()
        return True

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """A click chooses, the wheel moves."""
        del rect
        if event.kind is MouseKind.PRESS:
            if event.button in {MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN}:
                self._move(-1 if event.button is MouseButton.WHEEL_UP else 1)
            elif event.button is MouseButton.LEFT and self._list.holds(event.row, event.col):
                self._choose(self._first + event.row - self._list.top)
        return True

    def on_paste(self, text: str) -> bool:
        """Pasted text is searched for."""
        self._filter.insert(text)
        self._refilter()
        return True

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """A box: the filter, then characters with their names."""
        fg, bg = self._colors
        box = panel_rect(rect, _WIDTH, _ROWS)
        title = (
            "All characters" if self._filter.text.strip() else f"{GROUPS[self.group]} (CTRL-r: next group)"
        )
        draw_panel(buffer, box, [], title=title, fg=fg, bg=bg)
        has_frame = box.width >= 4 and box.height >= 3
        inner = Rect(box.left + 2, box.top + 1, box.width - 4, box.height - 2) if has_frame else box
        prompt = "> "[: max(inner.width - 1, 0)]
        buffer.put_text(inner.top, inner.left, prompt, fg, bg, 0, inner.width)
        text, col = self._filter.shown(inner.width - len(prompt))
        buffer.put_text(inner.top, inner.left + len(prompt), text, fg, bg, 0, inner.width - len(prompt))
        room = max(inner.height - 1, 0)
        if self._selected < self._first:
            self._first = self._selected
        elif self._selected >= self._first + room:
            self._first = max(self._selected - room + 1, 0)
        shown = self._shown[self._first : self._first + room]
        style = CellStyle(fg, bg)
        for offset, (character, positions) in enumerate(shown):
            row = inner.top + 1 + offset
            flip = REVERSE if self._first + offset == self._selected else 0
            if flip:
                buffer.fill(row, inner.left, inner.width, 1, 0, fg, bg, flip)
            buffer.put_text(row, inner.left, character.text, fg, bg, flip, min(_NAME_COL - 1, inner.width))
            label = highlighted(Line.from_text(_label(character), style), positions, flip)
            label.draw(buffer, row, inner.left + _NAME_COL, max(inner.width - _NAME_COL, 0))
        if not shown and room:
            buffer.put_text(inner.top + 1, inner.left, "nothing found", fg, bg, 0, inner.width)
        self._list = Rect(box.left, inner.top + 1, box.width, len(shown))
        return FrameCursor(inner.top, min(inner.left + len(prompt) + col, inner.right - 1), "bar")

    def on_removed(self) -> None:
        """Nothing waits for it."""
        self._close = None

    def _move(self, by: int) -> None:
        if self._shown:
            self._selected = min(max(self._selected + by, 0), len(self._shown) - 1)
            self.version += 1

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._shown):
            character = self._shown[number][0]
            self._leave()
            self._on_choose(character.text)

    def _leave(self) -> None:
        callback, self._close = self._close, None
        if callback is not None:
            callback()
