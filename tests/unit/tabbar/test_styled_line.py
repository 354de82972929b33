from __future__ import annotations

from perilune.cells.buffer import CellBuffer
from perilune.cells.line import EMPTY_LINE, CellStyle, Line
from perilune.cells.packing import BOLD, ITALIC, Extra
from perilune.cells.tables import CellTables

STYLE = CellStyle(1, 2, BOLD)


def test_a_halved_wide_cluster_becomes_a_blank_of_its_style():
    line = Line.from_text("漢字", STYLE)
    assert line.slice(1, 3).cells() == Line.from_text("  ", STYLE).cells()
    assert line.left(3).text == "漢 "
    assert line.right(3).text == " 字"
    assert line.slice(1, 2).text == " "


def test_slices_are_clipped_and_the_whole_is_itself():
    line = Line.from_text("abc")
    assert line.slice(-5, 9) is line
    assert line.left(3) is line
    assert line.right(5) is line
    assert line.slice(2, 2) is EMPTY_LINE
    assert line.right(0).width == line.left(-1).width == line.right(-1).width == 0


def test_lines_are_equal_when_they_look_the_same():
    assert Line.from_text("ab", STYLE) == Line.from_text("a", STYLE) + Line.from_text("b", STYLE)
    assert Line.from_text("ab", STYLE) != Line.from_text("ab")
    assert Line.from_text("ab", STYLE) != "ab"
    assert len({Line.from_text("ab"), Line.from_text("ab"), Line.from_text("ac")}) == 2
    assert Line.join([Line.from_text("a"), EMPTY_LINE, Line.from_text("漢")]).width == 3


def test_drawing_writes_text_style_and_extras():
    tables = CellTables()
    buffer = CellBuffer(8, 2, tables)
    link = CellStyle(3, 4, ITALIC, Extra("http://h/", "", 5))
    line = Line.from_text("a漢", STYLE) + Line.from_text("e\u0301", link)
    assert line.draw(buffer, 1, 2) == 6
    assert buffer.row_text(1) == "  a漢e\u0301"
    assert buffer.cell_extra(1, 5) == Extra("http://h/", "", 5)
    assert buffer.cell_extra(1, 2) == Extra()
    start = (8 + 2) * 4
    assert list(buffer.words[start + 1 : start + 4]) == [1, 2, BOLD]


def test_drawing_marks_only_its_row():
    buffer = CellBuffer(4, 3, CellTables())
    buffer.touched[:] = b"\0\0\0"
    Line.from_text("ab").draw(buffer, 1, 0)
    assert buffer.touched == bytearray(b"\0\1\0")


def test_drawing_is_clipped_on_both_sides():
    buffer = CellBuffer(4, 1, CellTables())
    line = Line.from_text("漢字漢字")
    assert line.draw(buffer, 0, -1) == 4
    assert [buffer.cell_text(0, col) for col in range(4)] == [" ", "字", "", " "]
    assert line.draw(buffer, 0, 1, 3) == 4
    assert [buffer.cell_text(0, col) for col in range(4)] == [" ", "漢", "", " "]
    assert line.draw(buffer, 0, 9) == 9
    assert line.draw(buffer, 5, 0) == 0
    assert line.draw(buffer, 0, -20) == -20


def test_drawing_over_half_a_wide_cluster_leaves_no_half():
    buffer = CellBuffer(6, 1, CellTables())
    Line.from_text("漢字漢").draw(buffer, 0, 0)
    Line.from_text("ab").draw(buffer, 0, 1)
    assert [buffer.cell_text(0, col) for col in range(6)] == [" ", "a", "b", " ", "漢", ""]


def test_what_is_kept_for_drawing_follows_the_tables():
    line = Line.from_text("e\u0301")
    first, second = CellTables(), CellTables()
    second.cluster_id("another cluster")
    for tables in (first, second, first):
        buffer = CellBuffer(1, 1, tables)
        line.draw(buffer, 0, 0)
        assert buffer.cell_text(0, 0) == "e\u0301"
    first.reset()
    first.cluster_id("something else")
    buffer = CellBuffer(1, 1, first)
    line.draw(buffer, 0, 0)
    assert buffer.cell_text(0, 0) == "e\u0301"
