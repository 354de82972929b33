"""PaneSelect: a label over each pane of the tab; typing one picks the pane. Mux thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from perilune.app.overlays.labels import labels_for
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import BOLD
from perilune.render.frame import FrameCursor

if TYPE_CHECKING:
    from perilune.mux.pane import Pane

__all__ = ["PaneSelectOverlay"]


class PaneSelectOverlay:
    """Shows the labels until a pane is picked or it is left.

    Args:
        panes: gives the panes that are seen, with their rectangles in a window's area; asked at each drawing,
            so that a resize moves the labels.
        alphabet: letters of the labels.
        show_ids: with the panes' ids.
        colors: packed foreground and background of the labels.
        on_close: takes the overlay away.
        on_pick: called with the pane, after that.
    """

    name = "pane select"
    is_modal = True
    key_table = ""

    def __init__(
        self,
        panes: Callable[[Rect], Sequence[tuple[Pane, Rect]]],
        alphabet: str,
        show_ids: bool,
        colors: tuple[int, int],
        on_close: Callable[[], None],
        on_pick: Callable[[Pane], None],
    ) -> None:
        self.version = 0
        self._panes = panes
        self._alphabet = alphabet
        self._show_ids = show_ids
        self._colors = colors
        self._close: Callable[[], None] | None = on_close
        self._on_pick = on_pick
        self._typed = ""
        self._placed: list[tuple[str, Pane, Rect]] = []

    @property
    def labels(self) -> dict[str, int]:
        """The labels as drawn last, with the ids of their panes."""
        return {label: pane.id for label, pane, _ in self._placed}

    def on_key(self, event: KeyEvent) -> bool:
        """A letter of a label; Escape and CTRL-g leave; Backspace and CTRL-u take letters back."""
        if event.kind is KeyKind.RELEASE:
            return True
        self.version += 1
        control = bool(event.mods & Modifiers.CTRL)
        if event.key == "Escape" or (control and event.key in {"g", "c"}):
            self._leave()
        elif event.key == "Backspace":
            self._typed = self._typed[:-1]
        elif control and event.key == "u":
            self._typed = ""
        elif event.text and not event.mods & (Modifiers.CTRL | Modifiers.ALT | Modifiers.SUPER):
            self._type(event.text.lower())
        return True

    def _type(self, text: str) -> None:
        typed = self._typed + text
        for label, pane, _ in self._placed:
            if label and label == typed:
                self._pick(pane)
                return
        self._typed = typed if any(label.startswith(typed) for label, _, _ in self._placed) else ""

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """A click picks the pane under the pointer."""
        del rect
        if event.kind is MouseKind.PRESS and event.button is MouseButton.LEFT:
            for _, pane, place in self._placed:
                if place.holds(event.row, event.col):
                    self._pick(pane)
                    break
        return True

    def on_paste(self, text: str) -> bool:
        """Pasted text picks nothing, and does not go elsewhere either."""
        del text
        return True

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """Each label in the middle of its pane."""
        panes = self._panes(rect)
        labels = labels_for(self._alphabet, len(panes))
        self._placed = [(label, pane, place) for label, (pane, place) in zip(labels, panes, strict=True)]
        fg, bg = self._colors
        for label, pane, place in self._placed:
            caption = f"{label}: {pane.id}" if self._show_ids else label
            # A frame of blanks around it, as far as the pane is that large.
            width = min(len(caption) + 4, place.width)
            height = min(3, place.height)
            left = place.left + (place.width - width) // 2
            top = place.top + (place.height - height) // 2
            buffer.fill(top, left, width, height, 0, fg, bg)
            text = caption[:width]
            col = left + (width - len(text)) // 2
            buffer.put_text(top + height // 2, col, text, fg, bg, BOLD, width)
        return None

    def on_removed(self) -> None:
        """Nothing waits for it."""
        self._close = None

    def _pick(self, pane: Pane) -> None:
        self._leave()
        self._on_pick(pane)

    def _leave(self) -> None:
        callback, self._close = self._close, None
        if callback is not None:
            callback()
