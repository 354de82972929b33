"""Synchronised updates: a finished picture reaches a frame though the next update has begun."""

from __future__ import annotations

from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.vt import Terminal

OPEN, CLOSE = b"\x1b[?2026h", b"\x1b[?2026l"


class Viewer:
    """Draws as a frame does."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.buffer = CellBuffer(terminal.cols, terminal.rows, CellTables())
        self.since = -1
        self.finished = 0

    def frame(self) -> bool:
        """Whether anything was drawn."""
        finished = 0
        if self.terminal.is_synchronized:
            finished = self.terminal.finished_update()
            if finished in (0, self.finished):
                return False
        self.finished = finished
        terminal = self.terminal
        self.since = terminal.render_rows(self.buffer, 0, 0, terminal.rows, terminal.cols, since=self.since)
        return True

    @property
    def text(self) -> list[str]:
        return [row.rstrip() for row in self.buffer.text()]


def test_a_program_that_opens_the_next_update_at_once_is_seen() -> None:
    terminal = Terminal(10, 2)
    viewer = Viewer(terminal)
    assert viewer.frame()
    terminal.feed(OPEN + b"one")
    assert not viewer.frame()
    terminal.feed(b"\x1b[2;3H" + CLOSE + OPEN + b"\x1b[1;1Htwo")
    assert viewer.frame()
    assert viewer.text == ["one", ""]
    assert (terminal.frame_cursor.row, terminal.frame_cursor.col) == (1, 2)
    assert terminal.cursor.col == 3
    assert not viewer.frame()
    terminal.feed(CLOSE + OPEN + b"\x1b[1;1Hthree")
    assert viewer.frame()
    assert viewer.text == ["two", ""]
    terminal.feed(CLOSE)
    assert viewer.frame()
    assert viewer.text == ["three", ""]
    assert terminal.frame_cursor == terminal.cursor


def test_the_change_makes_itself_known() -> None:
    terminal = Terminal(10, 2)
    viewer = Viewer(terminal)
    viewer.frame()
    terminal.feed(OPEN + b"one")
    viewer.frame()
    before = terminal.seqno
    terminal.feed(CLOSE + OPEN)
    assert terminal.seqno > before


def test_what_was_kept_is_never_shown_after_something_newer() -> None:
    terminal = Terminal(10, 2)
    viewer = Viewer(terminal)
    viewer.frame()
    terminal.feed(OPEN + b"one")
    viewer.frame()
    terminal.feed(CLOSE + OPEN + b"\rtwo" + CLOSE)
    assert viewer.frame()
    assert viewer.text[0] == "two"
    terminal.feed(OPEN + b"\rthree")
    assert not viewer.frame()
    assert viewer.text[0] == "two"


def test_nothing_is_copied_unless_a_frame_waits() -> None:
    terminal = Terminal(10, 2)
    terminal.feed(OPEN + b"one" + CLOSE + OPEN)
    assert terminal.finished_update() == 0
    terminal.feed(CLOSE + OPEN)
    assert terminal.finished_update() == 1


def test_all_rows_of_the_slice_come_with_the_next_picture() -> None:
    """One slice of input has one change number, before and after what was kept."""
    terminal = Terminal(10, 3)
    viewer = Viewer(terminal)
    viewer.frame()
    terminal.feed(OPEN)
    viewer.frame()
    terminal.feed(b"a\r\nb\r\nc" + CLOSE + OPEN + b"\x1b[1;1HA\r\nB")
    assert viewer.frame()
    assert viewer.text == ["a", "b", "c"]
    terminal.feed(CLOSE)
    assert viewer.frame()
    assert viewer.text == ["A", "B", "c"]


def test_a_resize_drops_what_was_kept() -> None:
    terminal = Terminal(10, 2)
    terminal.feed(OPEN + b"one")
    terminal.finished_update()
    terminal.feed(CLOSE + OPEN)
    terminal.resize(5, 4)
    assert terminal.finished_update() == 0
    viewer = Viewer(terminal)
    viewer.since = -1
    terminal.feed(b"\rtwo" + CLOSE + OPEN + b"\rthree")
    assert viewer.frame()
    assert viewer.text[0] == "two"


def test_an_update_that_is_ended_from_outside_shows_what_there_is() -> None:
    terminal = Terminal(10, 2)
    viewer = Viewer(terminal)
    viewer.frame()
    terminal.feed(OPEN + b"one")
    viewer.frame()
    terminal.feed(CLOSE + OPEN + b"\rtwo")
    terminal.end_synchronized()
    assert viewer.frame()
    assert viewer.text[0] == "two"
