from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import BOLD, COLOR_RGB, REVERSE, UNDERLINE_SHIFT
from perilune.cells.tables import CellTables
from perilune.render.frame import FrameCursor
from perilune.render.svg import CELL_WIDTH_PX, MARGIN_PX, svg_of

SVG = "{http://www.w3.org/2000/svg}"


def test_runs_keep_their_columns_and_styles():
    buffer = CellBuffer(20, 2, CellTables())
    buffer.put_text(0, 0, "plain")
    buffer.put_text(0, 6, "red", fg=COLOR_RGB | 0xFF0000, attr=BOLD)
    buffer.put_text(1, 3, "lined", attr=3 << UNDERLINE_SHIFT)
    root = ET.fromstring(svg_of(buffer, FrameCursor(1, 8, "bar")))
    texts = {element.text: element for element in root.iter(f"{SVG}text")}
    assert float(texts["plain"].get("x")) == MARGIN_PX
    red = texts["red"]
    assert float(red.get("x")) == pytest.approx(MARGIN_PX + 6 * CELL_WIDTH_PX)
    assert red.get("fill") == "#ff0000"
    assert red.get("font-weight") == "bold"
    assert "wavy" in texts["lined"].get("style")
    assert [rect for rect in root.iter(f"{SVG}rect") if rect.get("width") == "2"]


def test_reverse_swaps_ink_and_paper():
    buffer = CellBuffer(3, 1, CellTables())
    buffer.put_text(0, 0, "abc", attr=REVERSE)
    root = ET.fromstring(svg_of(buffer, foreground=(1, 1, 1), background=(2, 2, 2)))
    (text,) = root.iter(f"{SVG}text")
    assert text.get("fill") == "#020202"
    assert [rect.get("fill") for rect in root.iter(f"{SVG}rect")] == ["#020202", "#010101"]


@given(st.text(max_size=40), st.integers(1, 30))
def test_any_text_makes_a_document(text, cols):
    buffer = CellBuffer(cols, 1, CellTables())
    buffer.put_text(0, 0, text)
    ET.fromstring(svg_of(buffer, label=text.encode("ascii", "ignore").decode()))
