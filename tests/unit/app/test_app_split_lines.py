from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perilune.app.split_lines import draw_split_lines, split_glyphs
from perilune.base.geometry import Rect
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables


def drawn(lines, cols=7, rows=5, top=0, clip=None):
    buffer = CellBuffer(cols, rows, CellTables())
    draw_split_lines(buffer, lines, top, clip or Rect(0, 0, cols, rows), 0)
    return buffer.text()


def test_lines_that_meet_join():
    vertical = (True, Rect(3, 0, 1, 5))
    left, right = (False, Rect(0, 2, 3, 1)), (False, Rect(4, 2, 3, 1))
    assert drawn([vertical, left])[2] == "───┤"
    assert drawn([vertical, right])[2] == "   ├───"
    assert drawn([vertical, left, right])[2] == "───┼───"
    assert drawn([(False, Rect(0, 2, 7, 1)), (True, Rect(3, 0, 1, 2))])[2] == "───┴───"
    assert drawn([(False, Rect(0, 2, 7, 1)), (True, Rect(3, 3, 1, 2))])[2] == "───┬───"


def test_lines_side_by_side_do_not_join():
    assert drawn([(True, Rect(2, 0, 1, 5)), (True, Rect(3, 0, 1, 5))])[1] == "  ││"


def test_rows_count_from_the_top_and_the_clip_holds():
    assert drawn([(True, Rect(1, 0, 1, 5))], top=1, clip=Rect(0, 1, 7, 2)) == ["", " │", " │", "", ""]


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)), max_size=6)
)
def test_any_lines_have_glyphs(lines):
    rects = [
        (vertical, Rect(left, top, 1, length) if vertical else Rect(left, top, length, 1))
        for vertical, left, top, length in lines
    ]
    glyphs = split_glyphs(rects)
    assert set(glyphs.values()) <= set("│─├┤┬┴┼")
