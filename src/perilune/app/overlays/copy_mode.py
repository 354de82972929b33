"""Copy mode: a cursor of its own over the screen and the scrollback, to select with the keyboard. Mux thread.

Its keys are the `copy_mode` key table; what the table does not have is swallowed. The pane's rows go on
showing under it: it draws nothing but its cursor, a sign in the last row and, while searching, the matches
and the pattern's line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from perilune.app.overlays.panel import clip_text
from perilune.app.pane_view import PaneView
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseEvent
from perilune.base.log import get_logger
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import COLOR_INDEXED, REVERSE
from perilune.cells.width import text_width
from perilune.config.arguments import Jump, Pattern
from perilune.config.assignment import KeyAssignment
from perilune.render.frame import FrameCursor
from perilune.vt.selection import Point, SelectionMode

__all__ = ["ACTIONS", "CopyModeOverlay", "find_matches"]

_log = get_logger("app.copy_mode")
_MATCH_TYPES = ("CaseSensitiveString", "CaseInSensitiveString", "Regex")
_SIGN = " Copy mode "
_BOTTOM_UP_LIMIT = 100_000  # rows searched


def find_matches(rows: Mapping[int, str], pattern: str, kind: str) -> list[tuple[int, int, int]]:
    """All matches as (row, first column, column behind the last), in reading order, columns being characters.

    An invalid regular expression matches nothing.

    >>> find_matches({7: "abcABC"}, "b", "CaseInSensitiveString")
    [(7, 1, 2), (7, 4, 5)]
    """
    if not pattern:
        return []
    flags = re.IGNORECASE if kind == "CaseInSensitiveString" else 0
    try:
        compiled = re.compile(pattern if kind == "Regex" else re.escape(pattern), flags)
    except re.error:
        return []
    return [
        (row, match.start(), match.end())
        for row, text in rows.items()
        for match in compiled.finditer(text)
        if match.end() > match.start()
    ]


class CopyModeOverlay:
    """Copy mode of one pane, or search when it began with a pattern.

    Args:
        view: the pane.
        boundary: characters that end a word.
        close: takes the overlay away.
        pattern: what to search for; None begins in copy mode.
    """

    name = "copy mode"
    is_modal = False

    def __init__(
        self, view: PaneView, boundary: str, close: Callable[[], None], pattern: Pattern | None = None
    ) -> None:
        self.version = 0
        self.view = view
        self._boundary = boundary
        self._close: Callable[[], None] | None = close
        terminal = view.pane.terminal
        cursor = terminal.cursor
        self.row = terminal.stable_top + cursor.row
        self.col = cursor.col
        self._mode: SelectionMode | None = None
        self._jump: tuple[str, bool, bool] | None = None  # character, forward, stop before it
        self._awaits_jump: tuple[bool, bool] | None = None
        self.pattern = ""
        self.match_type = "CaseInSensitiveString"
        self.is_searching = pattern is not None
        self.matches: list[tuple[int, int, int]] = []
        self._match = -1
        self._matched_at = -1
        if pattern is not None:
            self._begin_search(pattern)

    @property
    def key_table(self) -> str:
        """The key table in force."""
        if self._awaits_jump is not None:
            return ""
        return "search_mode" if self.is_searching else "copy_mode"

    # Input.

    def on_key(self, event: KeyEvent) -> bool:
        """A key that the key table does not have: text of the pattern, or the character to jump to."""
        if event.kind is KeyKind.RELEASE:
            return True
        text = "" if event.mods & (Modifiers.CTRL | Modifiers.ALT | Modifiers.SUPER) else event.text
        if self._awaits_jump is not None:
            forward, before = self._awaits_jump
            self._awaits_jump = None
            if text:
                self._jump = (text, forward, before)
                self._do_jump(text, forward=forward, before=before)
            return True
        if not self.is_searching:
            if text == "/":
                self.is_searching = True
                self._set_pattern("")
            return bool(text) or event.key in {"Backspace", "Delete"}
        if event.key == "Backspace":
            self._set_pattern(self.pattern[:-1])
            return True
        if text and text.isprintable():
            self._set_pattern(self.pattern + text)
            return True
        return False

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """The mouse selects and scrolls as ever."""
        del event, rect
        return False

    def on_paste(self, text: str) -> bool:
        """While searching, pasted text is the pattern's; else it goes nowhere."""
        if self.is_searching:
            self._set_pattern(self.pattern + "".join(char for char in text if char.isprintable()))
        return True

    def perform(self, assignment: KeyAssignment) -> None:
        """One `CopyMode` assignment."""
        action = ACTIONS.get(assignment.name)
        if action is None:
            _log.warning("CopyMode %s is not there yet", assignment.name)
            return
        action(self, assignment.args)
        self.version += 1

    # Drawing.

    def draw(self, buffer: CellBuffer, rect: Rect) -> FrameCursor | None:
        """Matches, the pattern's line, the cursor."""
        top = self.view.shown_top
        if self.pattern:
            self._update_matches()
            for number, (row, left, right) in enumerate(self.matches):
                if top <= row < top + rect.height:
                    bg = COLOR_INDEXED | (11 if number == self._match else 3)
                    width = min(right, rect.width) - left
                    if width > 0:
                        buffer.restyle(rect.top + row - top, rect.left + left, width, COLOR_INDEXED, bg)
        if self.is_searching:
            count = f"{self._match + 1 if self.matches else 0}/{len(self.matches)}"
            kind = {"CaseSensitiveString": "case-sensitive", "Regex": "regex"}.get(
                self.match_type, "ignore case"
            )
            line = clip_text(f"Search: {self.pattern}  ({count} matches, {kind})", rect.width)
            buffer.fill(rect.bottom - 1, rect.left, rect.width, 1, 0, 0, 0, REVERSE)
            buffer.put_text(rect.bottom - 1, rect.left, line, 0, 0, REVERSE, rect.width)
            col = rect.left + min(text_width("Search: " + self.pattern), rect.width - 1)
            return FrameCursor(rect.bottom - 1, col, "bar")
        sign = clip_text(_SIGN, rect.width)
        width = text_width(sign)
        buffer.put_text(rect.bottom - 1, rect.right - width, sign, 0, 0, REVERSE, width)
        if not top <= self.row < top + rect.height:
            return None
        return FrameCursor(rect.top + self.row - top, rect.left + min(self.col, rect.width - 1))

    def on_removed(self) -> None:
        """The selection stays: it may be about to be copied, and a click clears it."""
        self._close = None

    # Moving.

    @property
    def _first(self) -> int:
        return int(self.view.pane.terminal.first_stable)

    @property
    def _last(self) -> int:
        terminal = self.view.pane.terminal
        return int(terminal.stable_top + terminal.rows - 1)

    @property
    def _page(self) -> int:
        return int(self.view.pane.terminal.rows)

    def _text(self, row: int) -> str:
        return str(self.view.pane.terminal.row_text(row))

    def move_to(self, row: int, col: int) -> None:
        """Put the cursor somewhere, scroll it into view, and extend the selection."""
        terminal = self.view.pane.terminal
        self.row = min(max(row, self._first), self._last)
        self.col = min(max(col, 0), terminal.cols - 1)
        top = self.view.shown_top
        if self.row < top:
            self.view.scroll_to(self.row)
        elif self.row >= top + terminal.rows:
            self.view.scroll_to(self.row - terminal.rows + 1)
        if self._mode is not None:
            self.view.extend_to(self._mode, Point(self.row, self.col), self._boundary)

    def _move(self, rows: int, cols: int) -> None:
        self.move_to(self.row + rows, self.col + cols)

    def _move_page(self, pages: float) -> None:
        rows = int(self._page * pages) or (1 if pages > 0 else -1)
        top = self.view.shown_top
        self.view.scroll_to(max(top + rows, self._first))
        self.move_to(self.row + rows, self.col)

    def _viewport(self, share: float) -> None:
        self.move_to(self.view.shown_top + int((self._page - 1) * share), self.col)

    def _content_start(self) -> None:
        text = self._text(self.row)
        self.move_to(self.row, len(text) - len(text.lstrip(" ")))

    def _content_end(self) -> None:
        self.move_to(self.row, max(text_width(self._text(self.row)) - 1, 0))

    def _is_word(self, text: str, col: int) -> bool:
        return col < len(text) and text[col] not in self._boundary

    def _forward_word(self, *, to_end: bool) -> None:
        row, col = self.row, self.col
        text = self._text(row)
        if to_end:
            col += 1
        else:
            while self._is_word(text, col):
                col += 1
        while True:
            while col < len(text) and not self._is_word(text, col):
                col += 1
            if col < len(text):
                break
            if row >= self._last:
                self.move_to(row, max(len(text) - 1, 0))
                return
            row, col = row + 1, 0
            text = self._text(row)
        if to_end:
            while self._is_word(text, col + 1):
                col += 1
        self.move_to(row, col)

    def _backward_word(self) -> None:
        row, col = self.row, self.col - 1
        text = self._text(row)
        while True:
            while col >= 0 and not self._is_word(text, col):
                col -= 1
            if col >= 0:
                break
            if row <= self._first:
                self.move_to(row, 0)
                return
            row -= 1
            text = self._text(row)
            col = len(text) - 1
        while col > 0 and self._is_word(text, col - 1):
            col -= 1
        self.move_to(row, col)

    def _await_jump(self, arguments: Jump, *, forward: bool) -> None:
        self._awaits_jump = (forward, arguments.prev_char)

    def _do_jump(self, char: str, *, forward: bool, before: bool) -> None:
        text = self._text(self.row)
        skip = 2 if before else 1  # one that stops before the character would else find it again
        if forward:
            found = text.find(char, self.col + skip)
            target = found - 1 if before else found
        else:
            found = text.rfind(char, 0, max(self.col - skip + 1, 0))
            target = found + 1 if before else found
        if found >= 0:
            self.move_to(self.row, target)
            self.version += 1

    def _jump_again(self, *, reverse: bool) -> None:
        if self._jump is not None:
            char, forward, before = self._jump
            self._do_jump(char, forward=forward is not reverse, before=before)

    # Selecting.

    def _set_mode(self, mode: str | None) -> None:
        self._mode = None if mode is None else SelectionMode(mode)
        if self._mode is None:
            self.view.select(None)
        elif self.view.selection is None:
            self.view.select_at(self._mode, Point(self.row, self.col), self._boundary)
        else:
            self.view.extend_to(self._mode, Point(self.row, self.col), self._boundary)

    def _other_end(self, *, only_column: bool) -> None:
        selection = self.view.selection
        if selection is None or self._mode is None:
            return
        anchor, head = selection.anchor, selection.head
        if only_column:
            anchor, head = Point(anchor.row, head.col), Point(head.row, anchor.col)
        else:
            anchor, head = head, anchor
        self.view.select_at(self._mode, anchor, self._boundary)
        self.move_to(*head)

    def _leave(self) -> None:
        callback, self._close = self._close, None
        if callback is not None:
            callback()

    # Searching.

    def _begin_search(self, pattern: Pattern) -> None:
        self.is_searching = True
        if pattern.kind == "CurrentSelectionOrEmptyString":
            selected = self.view.selected_text()
            self.pattern = "" if "\n" in selected else selected
        else:
            self.match_type, self.pattern = pattern.kind, pattern.text
        self._set_pattern(self.pattern)

    def _set_pattern(self, pattern: str) -> None:
        self.pattern = pattern
        self._matched_at = -1
        self._update_matches()
        self._match = len(self.matches) - 1
        self._show_match()
        self.version += 1

    def _update_matches(self) -> None:
        terminal = self.view.pane.terminal
        if self._matched_at == terminal.seqno:
            return
        self._matched_at = terminal.seqno
        current = self.matches[self._match] if 0 <= self._match < len(self.matches) else None
        first = max(self._first, self._last - _BOTTOM_UP_LIMIT)
        rows = {row: _columns(terminal.row_clusters(row)) for row in range(first, self._last + 1)}
        self.matches = find_matches(rows, self.pattern, self.match_type)
        if current is not None:
            # Output moves nothing: rows keep their numbers, so the same match is found again.
            self._match = self.matches.index(current) if current in self.matches else len(self.matches) - 1

    def _show_match(self) -> None:
        if not 0 <= self._match < len(self.matches):
            return
        row, col, _ = self.matches[self._match]
        self.row, self.col = row, col
        top = self.view.shown_top
        if not top <= row < top + self._page - 1:  # the last row holds the pattern
            self.view.scroll_to(max(row - self._page // 2, self._first))

    def _next_match(self, step: int) -> None:
        if self.matches:
            self._match = (self._match + step) % len(self.matches)
            self._show_match()

    def _match_page(self, step: int) -> None:
        """The first match on another page than what is shown."""
        top = self.view.shown_top
        numbers = range(len(self.matches))
        if step < 0:
            found = [number for number in numbers if self.matches[number][0] < top]
            target = found[-1] if found else None
        else:
            found = [number for number in numbers if self.matches[number][0] >= top + self._page]
            target = found[0] if found else None
        if target is not None:
            self._match = target
            self._show_match()

    def _cycle_match_type(self) -> None:
        index = _MATCH_TYPES.index(self.match_type)
        self.match_type = _MATCH_TYPES[(index + 1) % len(_MATCH_TYPES)]
        self._set_pattern(self.pattern)

    def _edit_pattern(self) -> None:
        self.is_searching = True

    def _accept_pattern(self) -> None:
        self.is_searching = False


def _columns(clusters: list[str]) -> str:
    """A row as one character a column, so that a match's place in it is its place on the screen."""
    return "".join(cluster[:1] or "\N{ZERO WIDTH SPACE}" for cluster in clusters)


_Action = Callable[[CopyModeOverlay, object], None]


def _plain(function: Callable[[CopyModeOverlay], None]) -> _Action:
    return lambda overlay, _arguments: function(overlay)


ACTIONS: Mapping[str, Callable[..., None]] = MappingProxyType(
    {
        "MoveLeft": _plain(lambda o: o._move(0, -1)),  # noqa: SLF001 - this file's own
        "MoveRight": _plain(lambda o: o._move(0, 1)),  # noqa: SLF001
        "MoveUp": _plain(lambda o: o._move(-1, 0)),  # noqa: SLF001
        "MoveDown": _plain(lambda o: o._move(1, 0)),  # noqa: SLF001
        "PageUp": _plain(lambda o: o._move_page(-1)),  # noqa: SLF001
        "PageDown": _plain(lambda o: o._move_page(1)),  # noqa: SLF001
        "MoveByPage": lambda o, pages: o._move_page(pages),  # noqa: SLF001
        "MoveToStartOfLine": _plain(lambda o: o.move_to(o.row, 0)),
        "MoveToStartOfNextLine": _plain(lambda o: o.move_to(o.row + 1, 0)),
        "MoveToStartOfLineContent": _plain(CopyModeOverlay._content_start),  # noqa: SLF001
        "MoveToEndOfLineContent": _plain(CopyModeOverlay._content_end),  # noqa: SLF001
        "MoveForwardWord": _plain(lambda o: o._forward_word(to_end=False)),  # noqa: SLF001
        "MoveForwardWordEnd": _plain(lambda o: o._forward_word(to_end=True)),  # noqa: SLF001
        "MoveBackwardWord": _plain(CopyModeOverlay._backward_word),  # noqa: SLF001
        "MoveToScrollbackTop": _plain(lambda o: o.move_to(o._first, o.col)),  # noqa: SLF001
        "MoveToScrollbackBottom": _plain(lambda o: o.move_to(o._last, o.col)),  # noqa: SLF001
        "MoveToViewportTop": _plain(lambda o: o._viewport(0)),  # noqa: SLF001
        "MoveToViewportMiddle": _plain(lambda o: o._viewport(0.5)),  # noqa: SLF001
        "MoveToViewportBottom": _plain(lambda o: o._viewport(1)),  # noqa: SLF001
        "SetSelectionMode": lambda o, mode: o._set_mode(mode),  # noqa: SLF001
        "ClearSelectionMode": _plain(lambda o: o._set_mode(None)),  # noqa: SLF001
        "MoveToSelectionOtherEnd": _plain(lambda o: o._other_end(only_column=False)),  # noqa: SLF001
        "MoveToSelectionOtherEndHoriz": _plain(lambda o: o._other_end(only_column=True)),  # noqa: SLF001
        "JumpForward": lambda o, jump: o._await_jump(jump, forward=True),  # noqa: SLF001
        "JumpBackward": lambda o, jump: o._await_jump(jump, forward=False),  # noqa: SLF001
        "JumpAgain": _plain(lambda o: o._jump_again(reverse=False)),  # noqa: SLF001
        "JumpReverse": _plain(lambda o: o._jump_again(reverse=True)),  # noqa: SLF001
        "PriorMatch": _plain(lambda o: o._next_match(-1)),  # noqa: SLF001
        "NextMatch": _plain(lambda o: o._next_match(1)),  # noqa: SLF001
        "PriorMatchPage": _plain(lambda o: o._match_page(-1)),  # noqa: SLF001
        "NextMatchPage": _plain(lambda o: o._match_page(1)),  # noqa: SLF001
        "CycleMatchType": _plain(CopyModeOverlay._cycle_match_type),  # noqa: SLF001
        "ClearPattern": _plain(lambda o: o._set_pattern("")),  # noqa: SLF001
        "EditPattern": _plain(CopyModeOverlay._edit_pattern),  # noqa: SLF001
        "AcceptPattern": _plain(CopyModeOverlay._accept_pattern),  # noqa: SLF001
        "Close": _plain(CopyModeOverlay._leave),  # noqa: SLF001
    }
)
