"""How this program shows one pane: its viewport, selection and overlay. Mux thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perilune.app.link_hover import HoveredLink
from perilune.app.overlays.overlay import Overlay
from perilune.app.row_mark import RowMark
from perilune.vt.selection import Point, Selection, SelectionMode

if TYPE_CHECKING:
    from perilune.mux.pane import Pane

__all__ = ["PaneView"]


class PaneView:
    """The viewer's state of a pane.

    Attributes:
        pane: the pane.
        selection: what is selected, None for nothing; `selection_mark` counts its changes.
        overlay: what lies above it.
        hovered: the link that the pointer is on.
    """

    def __init__(self, pane: Pane) -> None:
        self.pane = pane
        self.selection: Selection | None = None
        self.selection_mark = 0
        self.overlay: Overlay | None = None
        self.hovered: HoveredLink | None = None
        # What the selected rows of the screen said then: once they say something else, nothing is selected.
        self._selected_rows: dict[int, str] = {}
        self._selected_at = 0
        self._top: int | None = None
        self._mark: RowMark | None = None  # what is at the top, for a resize that renumbers rows
        self._reflows = pane.terminal.resize_count
        self._alternate = pane.terminal.is_alternate
        # Where a press put a selection of one cell that is not one yet: it takes a drag to make it one.
        self._pressed: Selection | None = None

    def drop_stale(self) -> None:
        """Forget rows that a resize renumbered, another screen hides, or a program wrote over.

        Called before each drawing.
        """
        terminal = self.pane.terminal
        if self.hovered is not None and self.hovered.seqno != terminal.seqno:
            self.hovered = None  # it may be another text by now; the pointer finds it anew when it moves
        state = (terminal.resize_count, terminal.is_alternate)
        if state != (self._reflows, self._alternate):
            is_same_screen = terminal.is_alternate == self._alternate
            self._reflows, self._alternate = state
            mark, self._top, self._mark = self._mark, None, None
            if mark is not None and is_same_screen:
                self.scroll_to(mark.find(terminal))
            self._pressed = None
            if self.selection is not None:
                self.select(None)
        elif self.selection is not None and terminal.seqno != self._selected_at:
            self._selected_at = terminal.seqno
            top = terminal.stable_top  # rows above it are history, which nothing writes
            if any(
                row >= top and terminal.row_text(row) != text for row, text in self._selected_rows.items()
            ):
                self.select(None)
        shown = self.top
        if shown is None:
            self._mark = None
        elif self._mark is None or not self._mark.is_current(terminal, shown):
            self._mark = RowMark(terminal, shown)

    # The viewport.

    @property
    def top(self) -> int | None:
        """The stable row at the top of the viewport; None while it follows the output."""
        if self._top is None:
            return None
        terminal = self.pane.terminal
        if self._top >= terminal.stable_top:
            self._top = None
            return None
        return max(self._top, int(terminal.first_stable))

    def scroll_to(self, stable_row: int | None) -> bool:
        """Put a stable row at the top, clipped to what there is; None follows the output. True: it moved."""
        before = self.top
        terminal = self.pane.terminal
        if stable_row is None or stable_row >= terminal.stable_top or terminal.is_alternate:
            self._top = None
        else:
            self._top = max(stable_row, terminal.first_stable)
        return self.top != before

    def scroll_by(self, rows: int) -> bool:
        """Scroll by rows, down for positive; True if it moved."""
        current = self.top
        return self.scroll_to((self.pane.terminal.stable_top if current is None else current) + rows)

    @property
    def shown_top(self) -> int:
        """The stable row at the top of what is shown."""
        top = self.top
        return self.pane.terminal.stable_top if top is None else top

    # The selection.

    def select(self, selection: Selection | None) -> None:
        """Set or clear the selection."""
        self.selection = selection
        self.selection_mark += 1
        self._selected_rows.clear()
        if selection is not None:
            terminal = self.pane.terminal
            self._selected_at = terminal.seqno
            last = terminal.stable_top + terminal.rows
            for row in range(max(selection.start.row, terminal.stable_top), min(selection.end.row + 1, last)):
                self._selected_rows[row] = terminal.row_text(row)

    def select_at(self, mode: SelectionMode, point: Point, boundary: str, *, is_press: bool = False) -> None:
        """Select the unit at a point. A press of the mouse selects no single cell: a click is none."""
        begun = Selection.begin(self.pane.terminal, mode, point.row, point.col, boundary)
        self._pressed = begun
        is_cell = mode in {SelectionMode.CELL, SelectionMode.BLOCK}
        self.select(None if is_press and is_cell else begun)

    def extend_to(self, mode: SelectionMode, point: Point, boundary: str) -> None:
        """Extend the selection (or the press that may become one) to a point, or begin one."""
        base = self.selection if self.selection is not None else self._pressed
        if base is None:
            self.select_at(mode, point, boundary)
            return
        if self.selection is None and base.anchor == point:
            return  # the pointer has not left the cell that it was pressed in
        if base.mode is not mode:
            base = Selection.begin(self.pane.terminal, mode, base.anchor.row, base.anchor.col, boundary)
        self.select(base.extend(self.pane.terminal, point.row, point.col))

    def selected_text(self) -> str:
        """What is selected; "" for nothing."""
        return "" if self.selection is None else self.selection.text(self.pane.terminal)
