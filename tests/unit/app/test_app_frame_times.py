"""The overlay of frame times: lines in a corner, and everything else goes on below it."""

from __future__ import annotations

from perilune.app.overlays.frame_times import FrameTimesOverlay
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, MouseEvent
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables


def test_lines_are_in_the_upper_right_corner_and_refreshed():
    answers = iter([["10 frames", "draw 1.00"], ["11 frames"]])
    overlay = FrameTimesOverlay(lambda: next(answers))
    buffer = CellBuffer(30, 5, CellTables())
    overlay.draw(buffer, Rect(0, 0, 30, 5))
    assert [row.rstrip() for row in buffer.text()[:2]] == [" " * 20 + "10 frames", " " * 20 + "draw 1.00"]
    version = overlay.version
    overlay.refresh()
    assert overlay.version != version


def test_it_takes_no_key_and_no_click():
    overlay = FrameTimesOverlay(lambda: None)
    assert not overlay.on_key(KeyEvent("a", text="a"))
    assert not overlay.on_mouse(MouseEvent(0, 0), Rect(0, 0, 9, 9))
    assert not overlay.on_paste("text")
    assert not overlay.is_modal


def test_it_fits_into_a_small_window():
    overlay = FrameTimesOverlay(lambda: ["a long line of times", "another", "third"])
    buffer = CellBuffer(8, 2, CellTables())
    overlay.draw(buffer, Rect(0, 0, 8, 2))
    assert buffer.text()[0].startswith(" a long")
