"""QuickSelect: labels on what looks worth copying; typing a label takes it. Mux thread.

Looks through the viewport and some rows around it (`scope_lines`). Equal texts share a label, the lowest
ones get the handiest. What taking does is the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from perilune.app.overlays.keys import leaves, read_key
from perilune.app.overlays.labels import labels_for
from perilune.app.overlays.panel import clip_text
from perilune.app.pane_view import PaneView
from perilune.app.text_search import Finder, Found, search
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import BOLD, COLOR_INDEXED, REVERSE
from perilune.render.frame import FrameCursor
from perilune.vt.selection import Selection, SelectionMode

__all__ = ["DEFAULT_PATTERNS", "QuickSelectLook", "QuickSelectOverlay"]

DEFAULT_PATTERNS = (
    # The target of a Markdown link.
    r"\[[^]]*\]\(([^)]+)\)",
    # A URL, or what git takes for one.
    r"(?:https?://|git@|git://|ssh://|ftp://|file://)\S+",
    # The file names of a diff.
    r"--- a/(\S+)",
    r"\+\+\+ b/(\S+)",
    # The digest of a container image.
    r"sha256:([0-9a-f]{64})",
    # A path.
    r"(?:[.\w\-@~]+)?(?:/+[.\w\-@]+)+",
    # A colour.
    r"#[0-9a-fA-F]{6}",
    # A UUID.
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    # An IPFS address.
    r"Qm[0-9a-zA-Z]{44}",
    # A hash of git.
    r"[0-9a-f]{7,40}",
    # Addresses of the Internet.
    r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}",
    r"[A-f0-9:]+:+[A-f0-9:]+[%\w\d]+",
    # An address in memory.
    r"0x[0-9a-fA-F]+",
    # A number of some length.
    r"[0-9]{4,}",
)
"""What is looked for unless a config says otherwise: the same things as in WezTerm."""


@dataclass(frozen=True, slots=True)
class QuickSelectLook:
    """Packed colours, foreground and background, of labels and of what they stand on."""

    label: tuple[int, int] = (COLOR_INDEXED | 11, COLOR_INDEXED | 0)
    match: tuple[int, int] = (COLOR_INDEXED | 0, COLOR_INDEXED | 3)


class QuickSelectOverlay:
    """Shows the matches of one pane until one is taken or it is left.

    Args:
        view: the pane.
        find: finds what is worth it in a line.
        alphabet: letters of the labels.
        scope: rows above and below the viewport that are looked through.
        label: what taking does, in one word, for the line at the bottom.
        look: colours.
        on_close: takes the overlay away.
        on_take: called after that, with the text, which is selected then, and whether it is to be pasted.
    """

    name = "quick select"
    is_modal = True
    key_table = ""

    def __init__(
        self,
        view: PaneView,
        find: Finder,
        alphabet: str,
        scope: int,
        label: str,
        look: QuickSelectLook,
        on_close: Callable[[], None],
        on_take: Callable[[str, bool], None],
    ) -> None:
        self.version = 0
        self.view = view
        self._find = find
        self._alphabet = alphabet
        self._scope = scope
        self._label = label
        self._look = look
        self._close: Callable[[], None] | None = on_close
        self._on_take = on_take
        self._typed = ""
        self._state: tuple[int, int] = (-1, -1)
        self._known: dict[tuple[int, str], list[Found]] = {}
        self.matches: list[Found] = []
        self.labels: list[str] = []
        """One for each of the matches."""
        self._active = -1
        self._update()

    def _update(self) -> None:
        """Look again when there is other text; labels may change then, so what was typed is forgotten."""
        terminal = self.view.pane.terminal
        state = (terminal.seqno, terminal.resize_count)
        if state == self._state:
            return
        if state[1] != self._state[1]:
            self._known.clear()
        self._state = state
        top = self.view.shown_top
        scope = max(self._scope, terminal.rows)
        matches = search(
            terminal,
            max(top - scope, terminal.first_stable),
            min(top + terminal.rows + scope, terminal.stable_top + terminal.rows),
            self._find,
            self._known,
        )
        if matches != self.matches:
            self.matches = matches
            self._typed = ""
            self._active = -1
            texts = list(dict.fromkeys(match.text for match in reversed(matches)))
            by_text = dict(zip(texts, labels_for(self._alphabet, len(texts)), strict=True))
            self.labels = [by_text[match.text] for match in matches]

    # Input.

    def on_key(self, event: KeyEvent) -> bool:
        """A letter of a label, in upper case to paste too; Escape leaves; arrows and pages go to matches."""
        if event.kind is KeyKind.RELEASE:
            return True
        self.version += 1
        key, control = read_key(event)
        if leaves(key, control):
            self._leave()
        elif key == "Backspace":
            self._typed = self._typed[:-1]
        elif control and key == "u":
            self._typed = ""
        elif key in {"UpArrow", "Enter"} or (control and key == "p"):
            self._go(-1)
        elif key == "DownArrow" or (control and key == "n"):
            self._go(1)
        elif key in {"PageUp", "PageDown"}:
            self._go_page(-1 if key == "PageUp" else 1)
        elif event.text and not event.mods & (Modifiers.CTRL | Modifiers.ALT | Modifiers.SUPER):
            self._type(event.text)
        return True

    def _type(self, text: str) -> None:
        typed = self._typed + text
        wanted = typed.lower()
        if wanted in self.labels:
            # Any upper-case letter asks for pasting: of two letters people press SHIFT for one or both.
            self._take(self.matches[len(self.labels) - 1 - self.labels[::-1].index(wanted)], typed != wanted)
        elif any(label.startswith(wanted) for label in self.labels):
            self._typed = typed

    def _go(self, step: int) -> None:
        if self.matches:
            first = len(self.matches) - 1 if step < 0 else 0
            self._active = first if self._active < 0 else (self._active + step) % len(self.matches)
            self._show(self.matches[self._active].start.row)

    def _go_page(self, step: int) -> None:
        top, rows = self.view.shown_top, self.view.pane.terminal.rows
        if step < 0:
            found = [number for number, match in enumerate(self.matches) if match.start.row < top]
        else:
            found = [number for number, match in enumerate(self.matches) if match.start.row >= top + rows][
                ::-1
            ]
        if found:
            self._active = found[-1]
            self._show(self.matches[self._active].start.row)

    def _show(self, row: int) -> None:
        top, rows = self.view.shown_top, self.view.pane.terminal.rows
        if not top <= row < top + max(rows - 1, 1):
            self.view.scroll_to(row - rows // 2)

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """A click takes the match under the pointer; the wheel scrolls."""
        if event.kind is MouseKind.PRESS:
            if event.button in {MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN}:
                self.view.scroll_by(-3 if event.button is MouseButton.WHEEL_UP else 3)
                self.version += 1
            elif event.button is MouseButton.LEFT:
                row, col = event.row - rect.top + self.view.shown_top, event.col - rect.left
                for match in self.matches:
                    if match.start <= (row, col) <= match.end:
                        self._take(match, pastes=False)
                        break
        return True

    def on_paste(self, text: str) -> bool:
        """Pasted text takes nothing, and does not go elsewhere either."""
        del text
        return True

    def _take(self, match: Found, pastes: bool) -> None:
        terminal = self.view.pane.terminal
        chosen = Selection.begin(terminal, SelectionMode.CELL, *match.start)
        self.view.select(chosen.extend(terminal, *match.end))
        self._leave()
        self._on_take(match.text, pastes)

    # Drawing.

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """The matches, their labels on them, and the line at the bottom."""
        self._update()
        top = self.view.shown_top
        typed = self._typed.lower()
        for number, (match, label) in enumerate(zip(self.matches, self.labels, strict=True)):
            if match.end.row < top or match.start.row >= top + rect.height:
                continue
            fg, bg = self._look.match
            for row, left, right in match.pieces(rect.width):
                if top <= row < top + rect.height:
                    width = min(right, rect.width) - left
                    flip = REVERSE if number == self._active else 0
                    at = rect.top + row - top, rect.left + left
                    buffer.restyle(*at, width, fg, bg, clear_attr=REVERSE if not flip else 0, flip_attr=flip)
            row, col = match.start
            if label and label.startswith(typed) and row >= top and col < rect.width:
                fg, bg = self._look.label
                at = rect.top + row - top, rect.left + col
                buffer.put_text(*at, label, fg, bg, BOLD, rect.width - col)
        hint = (
            f"Select: {self._typed}  (type a label to {self._label}, upper case pastes too, Esc leaves)"
            if self.matches
            else "Nothing to select here  (Esc leaves)"
        )
        line = clip_text(hint, rect.width)
        buffer.fill(rect.bottom - 1, rect.left, rect.width, 1, 0, 0, 0, REVERSE)
        buffer.put_text(rect.bottom - 1, rect.left, line, 0, 0, REVERSE, rect.width)
        col = min(len(f"Select: {self._typed}"), rect.width - 1)
        return FrameCursor(rect.bottom - 1, rect.left + col, "bar")

    def on_removed(self) -> None:
        """Nothing waits for it."""
        self._close = None

    def _leave(self) -> None:
        callback, self._close = self._close, None
        if callback is not None:
            callback()
