"""Copy mode: a cursor of its own over the screen and the scrollback, to select with the keyboard. Mux thread.

Its keys are the `copy_mode` key table; what the table does not have is swallowed. The pane's rows go on
showing under it: it draws nothing but its cursor, a sign in the last row and, while searching, the matches
and the pattern's line. Over 500 lines, because its actions are many; each is a few lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from perilune.app.overlays.line_editor import LineEditor
from perilune.app.overlays.panel import clip_text
from perilune.app.pane_view import PaneView
from perilune.app.row_mark import RowMark
from perilune.app.text_search import Finder, Found, patterns_finder, search, text_finder
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseEvent
from perilune.base.log import get_logger
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import COLOR_INDEXED, REVERSE
from perilune.cells.width import text_width
from perilune.config.arguments import Jump, Pattern
from perilune.config.assignment import KeyAssignment
from perilune.config.patterns import PatternError
from perilune.render.frame import FrameCursor
from perilune.vt.selection import Point, Selection, SelectionMode

__all__ = ["ACTIONS", "CopyModeLook", "CopyModeOverlay"]

_log = get_logger("app.copy_mode")
_MATCH_TYPES = ("CaseSensitiveString", "CaseInSensitiveString", "Regex")
_KINDS = {"CaseSensitiveString": "case-sensitive", "CaseInSensitiveString": "ignore case", "Regex": "regex"}
_SIGN = " Copy mode "
_BOTTOM_UP_LIMIT = 100_000  # rows searched


@dataclass(frozen=True, slots=True)
class CopyModeLook:
    """Packed colours, foreground and background, of the match that the cursor is on and of the others."""

    active: tuple[int, int] = (COLOR_INDEXED, COLOR_INDEXED | 11)
    inactive: tuple[int, int] = (COLOR_INDEXED, COLOR_INDEXED | 3)


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
        self,
        view: PaneView,
        boundary: str,
        close: Callable[[], None],
        pattern: Pattern | None = None,
        look: CopyModeLook | None = None,
    ) -> None:
        self.version = 0
        self.view = view
        self._boundary = boundary
        self._close: Callable[[], None] | None = close
        self._look = look or CopyModeLook()
        terminal = view.pane.terminal
        cursor = terminal.cursor
        self.row = terminal.stable_top + cursor.row
        self.col = cursor.col
        self._resizes = terminal.resize_count
        self._mark = RowMark(terminal, self.row)
        self._mode: SelectionMode | None = None
        self._anchor = Point(self.row, self.col)
        self._jump: tuple[str, bool, bool] | None = None  # character, forward, stop before it
        self._awaits_jump: tuple[bool, bool] | None = None
        self._editor = LineEditor()
        self.match_type = "CaseSensitiveString"
        self.is_searching = pattern is not None
        self.matches: list[Found] = []
        self.problem = ""
        """Why nothing can be found: a pattern that is not one, or takes too long."""
        self._match = -1
        self._matched_at: tuple[int, int] = (-1, -1)
        self._known: dict[tuple[int, str], list[Found]] = {}
        if pattern is not None:
            self._begin_search(pattern)

    @property
    def pattern(self) -> str:
        """What is searched for."""
        return self._editor.text

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
        old = self.pattern
        used = self._editor.on_key(event)
        if self.pattern != old:
            self._search()
        self.version += 1
        return used

    def on_mouse(self, event: MouseEvent, rect: Rect) -> bool:
        """The mouse selects and scrolls as ever."""
        del event, rect
        return False

    def on_paste(self, text: str) -> bool:
        """While searching, pasted text is the pattern's; else it goes nowhere."""
        if self.is_searching:
            self._editor.insert(text.removesuffix("\n").removesuffix("\r"))
            self._search()
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
        self._follow_resize()
        if self.pattern:
            self._update_matches()
            self._draw_matches(buffer, rect)
        if self.is_searching:
            return self._draw_search_line(buffer, rect)
        sign = clip_text(_SIGN, rect.width)
        width = text_width(sign)
        buffer.put_text(rect.bottom - 1, rect.right - width, sign, 0, 0, REVERSE, width)
        top = self.view.shown_top
        if not top <= self.row < top + rect.height:
            return None
        return FrameCursor(rect.top + self.row - top, rect.left + min(self.col, rect.width - 1))

    def _draw_matches(self, buffer: CellBuffer, rect: Rect) -> None:
        top = self.view.shown_top
        for number, match in enumerate(self.matches):
            if match.end.row < top or match.start.row >= top + rect.height:
                continue
            fg, bg = self._look.active if number == self._match else self._look.inactive
            for row, left, right in match.pieces(rect.width):
                width = min(right, rect.width) - left
                if width > 0 and top <= row < top + rect.height:
                    at = rect.top + row - top, rect.left + left
                    buffer.restyle(*at, width, fg, bg, clear_attr=REVERSE)

    def _draw_search_line(self, buffer: CellBuffer, rect: Rect) -> FrameCursor:
        row = rect.bottom - 1
        count = f"{self._match + 1 if self.matches else 0}/{len(self.matches)}"
        about = f"  ({self.problem or f'{count} matches, {_KINDS[self.match_type]}'})"
        label = "Search: " if rect.width > 12 else "/"[: rect.width - 1]
        room = max(rect.width - len(label), 1)
        # The pattern is what the user looks at: the rest gets what it leaves.
        text, col = self._editor.shown(max(room - text_width(about), min(room, 12)))
        buffer.fill(row, rect.left, rect.width, 1, 0, 0, 0, REVERSE)
        line = clip_text(f"{label}{text}{about}", rect.width)
        buffer.put_text(row, rect.left, line, 0, 0, REVERSE, rect.width)
        return FrameCursor(row, rect.left + min(len(label) + col, rect.width - 1), "bar")

    def _follow_resize(self) -> None:
        """Rows have other numbers after a resize: the cursor stays on its text, nothing is selected."""
        terminal = self.view.pane.terminal
        if terminal.resize_count != self._resizes:
            self._resizes = terminal.resize_count
            self._mode = None
            self.row = min(max(self._mark.find(terminal), self._first), self._last)
            self.col = min(self.col, terminal.cols - 1)
        if not self._mark.is_current(terminal, self.row):
            self._mark = RowMark(terminal, self.row)

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
        """A row as one character a column; the right half of a wide character repeats it."""
        found: list[str] = []
        for cluster in self.view.pane.terminal.row_clusters(row):
            found.append(cluster[:1] if cluster else found[-1] if found else " ")
        return "".join(found).rstrip(" ")

    def move_to(self, row: int, col: int) -> None:
        """Put the cursor somewhere, scroll it into view, and extend the selection."""
        terminal = self.view.pane.terminal
        self.row = min(max(row, self._first), self._last)
        self.col = min(max(col, 0), terminal.cols - 1)
        cells = terminal.row_clusters(self.row)
        if 0 < self.col < len(cells) and not cells[self.col]:
            self.col -= 1  # a wide character is one place
        top = self.view.shown_top
        if self.row < top:
            self.view.scroll_to(self.row)
        elif self.row >= top + terminal.rows:
            self.view.scroll_to(self.row - terminal.rows + 1)
        self._mark = RowMark(terminal, self.row)
        self._select()

    def _move(self, rows: int, cols: int) -> None:
        if cols > 0:
            cells = self.view.pane.terminal.row_clusters(self.row)
            if self.col + 1 < len(cells) and not cells[self.col + 1]:
                cols += 1
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
        self.move_to(self.row, max(len(self._text(self.row)) - 1, 0))

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
            col = min(col, len(text) - 1)
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

    # Zones of OSC 133.

    def _zone_starts(self, row: int) -> list[tuple[int, str]]:
        """(column, kind) of the zones that begin in a row, from the left."""
        terminal = self.view.pane.terminal
        zones = terminal.row_zones(row) or []
        before = ""
        above = row - 1
        while zones and above >= self._first:  # blank rows belong to what is around them
            kinds = terminal.row_zones(above)
            if kinds is None or kinds:
                before = kinds[-1] if kinds else ""
                break
            above -= 1
        found: list[tuple[int, str]] = []
        for col, kind in enumerate(zones):
            is_new_prompt = kind == "prompt" and not col and terminal.row_has_prompt(row)
            if kind != before or is_new_prompt:
                found.append((col, kind))
            before = kind
        return found

    def _move_zone(self, step: int, kind: str | None = None) -> None:
        """To the next or the last beginning of a zone, of a certain kind where one is wanted."""
        here = (self.row, self.col)
        wanted = None if kind is None else kind.lower()
        rows = range(self.row, self._last + 1) if step > 0 else range(self.row, self._first - 1, -1)
        for row in rows:
            starts = [col for col, its in self._zone_starts(row) if wanted is None or its == wanted]
            if step > 0:
                target = next((col for col in starts if (row, col) > here), None)
            else:
                target = next((col for col in reversed(starts) if (row, col) < here), None)
            if target is not None:
                self.move_to(row, target)
                return

    # Jumping.

    def _await_jump(self, arguments: Jump, *, forward: bool) -> None:
        self._awaits_jump = (forward, arguments.prev_char)

    def _do_jump(self, char: str, *, forward: bool, before: bool, again: bool = False) -> None:
        cells = self.view.pane.terminal.row_clusters(self.row)
        places = [col for col, cluster in enumerate(cells) if cluster == char]
        # Stopping before the character, a repeated jump would else find the same one again.
        here = self.col + ((1 if forward else -1) if before and again else 0)
        if forward:
            found = next((col for col in places if col > here), None)
        else:
            found = next((col for col in reversed(places) if col < here), None)
        if found is not None:
            if before:
                found += -1 if forward else 1
            self.move_to(self.row, found)
            self.version += 1

    def _jump_again(self, *, reverse: bool) -> None:
        if self._jump is not None:
            char, forward, before = self._jump
            self._do_jump(char, forward=forward is not reverse, before=before, again=True)

    # Selecting.

    def _set_mode(self, mode: str | None) -> None:
        """Begin to select, go on in another way, or stop when it is the same way."""
        wanted = None if mode is None else SelectionMode(mode)
        if wanted is None or wanted is self._mode:
            self._mode = None
            self.view.select(None)
            return
        if self._mode is None:
            self._anchor = Point(self.row, self.col)
        self._mode = wanted
        self._select()

    def _select(self) -> None:
        """What lies between anchor and cursor, if anything is being selected."""
        if self._mode is not None:
            terminal = self.view.pane.terminal
            begun = Selection.begin(terminal, self._mode, *self._anchor, self._boundary)
            self.view.select(begun.extend(terminal, self.row, self.col))

    def _other_end(self, *, only_column: bool) -> None:
        if self._mode is None:
            return
        anchor, head = self._anchor, Point(self.row, self.col)
        if only_column:
            self._anchor = Point(anchor.row, head.col)
            self.move_to(head.row, anchor.col)
        else:
            self._anchor = head
            self.move_to(*anchor)

    def _leave(self) -> None:
        callback, self._close = self._close, None
        if callback is not None:
            callback()

    # Searching.

    def _begin_search(self, pattern: Pattern) -> None:
        self.is_searching = True
        text = pattern.text
        if pattern.kind == "CurrentSelectionOrEmptyString":
            text = self.view.selected_text().partition("\n")[0]
            self.match_type = "CaseSensitiveString"
        else:
            self.match_type = pattern.kind
        self._set_pattern(text)

    def _set_pattern(self, pattern: str) -> None:
        self._editor.set(pattern)
        self._search()

    def _search(self) -> None:
        """The pattern is another one: find it, and go to the last match."""
        self.matches = []
        self._matched_at = (-1, -1)
        self._known.clear()
        self._update_matches()
        self._match = len(self.matches) - 1
        self._show_match()
        self.version += 1

    def _finder(self) -> Finder | None:
        self.problem = ""
        if not self.pattern:
            return None
        if self.match_type != "Regex":
            return text_finder(self.pattern, ignore_case=self.match_type == "CaseInSensitiveString")
        try:
            return patterns_finder([self.pattern])
        except PatternError as error:
            self.problem = f"no regex: {error}"
            return None

    def _update_matches(self) -> None:
        terminal = self.view.pane.terminal
        state = (terminal.seqno, terminal.resize_count)
        if self._matched_at == state:
            return
        has_other_rows = state[1] != self._matched_at[1]
        if has_other_rows:
            self._known.clear()
        self._matched_at = state
        current = self.matches[self._match] if 0 <= self._match < len(self.matches) else None
        find = self._finder()
        self.matches = []
        if find is not None:
            try:
                first = max(self._first, self._last - _BOTTOM_UP_LIMIT)
                self.matches = search(terminal, first, self._last + 1, find, self._known)
            except TimeoutError:
                self.problem = "the regex takes too long"
        if current is not None and has_other_rows:
            self._match = min(self._match, len(self.matches) - 1)
        elif current is not None:
            # Output moves nothing: rows keep their numbers, so the same match is found again.
            self._match = self.matches.index(current) if current in self.matches else len(self.matches) - 1

    def _show_match(self) -> None:
        if not 0 <= self._match < len(self.matches):
            return
        row, col = self.matches[self._match].start
        self.row, self.col = row, col
        top = self.view.shown_top
        if not top <= row < top + max(self._page - 1, 1):  # the last row holds the pattern
            self.view.scroll_to(max(row - self._page // 2, self._first))
        self._select()

    def _next_match(self, step: int) -> None:
        if self.matches:
            self._match = (self._match + step) % len(self.matches)
            self._show_match()

    def _match_page(self, step: int) -> None:
        """The first match on another page than what is shown."""
        top = self.view.shown_top
        numbers = range(len(self.matches))
        if step < 0:
            found = [number for number in numbers if self.matches[number].start.row < top]
            target = found[-1] if found else None
        else:
            found = [number for number in numbers if self.matches[number].start.row >= top + self._page]
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
        "MoveBackwardSemanticZone": _plain(lambda o: o._move_zone(-1)),  # noqa: SLF001
        "MoveForwardSemanticZone": _plain(lambda o: o._move_zone(1)),  # noqa: SLF001
        "MoveBackwardZoneOfType": lambda o, kind: o._move_zone(-1, kind),  # noqa: SLF001
        "MoveForwardZoneOfType": lambda o, kind: o._move_zone(1, kind),  # noqa: SLF001
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
