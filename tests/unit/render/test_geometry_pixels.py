"""Cells in a window's pixels: always one at least, always inside, and the way back."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.config.options import Config
from perilune.render.fonts.metrics import CellMetrics
from perilune.render.geometry import lay_out, window_pixels


def metrics(width=10, height=22):
    return CellMetrics(width, height, 17, 19, 1, 11, 1, 1, 11.0, 16.0, 96.0)


LENGTHS = st.one_of(
    st.integers(0, 400),
    st.floats(0, 3, allow_nan=False).map(lambda value: f"{value:.3f}cell"),
    st.integers(0, 40).map(lambda value: f"{value}%"),
    st.integers(0, 90).map(lambda value: f"{value}pt"),
    st.integers(0, 300).map(lambda value: f"{value}px"),
)


@st.composite
def configs(draw):
    table = {
        "window_padding": {side: draw(LENGTHS) for side in ("left", "right", "top", "bottom")},
        "enable_scroll_bar": draw(st.booleans()),
        "window_content_alignment": {
            "horizontal": draw(st.sampled_from(["Left", "Center", "Right"])),
            "vertical": draw(st.sampled_from(["Top", "Center", "Bottom"])),
        },
    }
    config, problems = Config.from_mapping(table)
    assert problems == []
    return config


CELLS = st.builds(metrics, st.integers(1, 60), st.integers(1, 90))


@settings(deadline=None)
@given(
    configs(),
    CELLS,
    st.integers(1, 3000),
    st.integers(1, 3000),
    st.integers(0, 2),
    st.booleans(),
    st.integers(0, 60),
)
def test_whatever_the_window_there_are_cells_and_the_first_lies_inside(
    config, cell, width, height, bar_rows, at_bottom, fancy
):
    found = lay_out(
        width,
        height,
        cell,
        config,
        dpi=96,
        bar_rows=bar_rows,
        bar_at_bottom=at_bottom,
        fancy_bar_height=fancy,
    )
    assert found.cols >= 1
    assert found.rows >= 1 + bar_rows
    assert found.left >= 0
    assert found.left + min(cell.width, width) <= max(width, cell.width)
    right = found.left + found.cols * cell.width
    assert right <= width or found.cols == 1
    # No row lies over another, and they go down.
    tops = found.row_tops()
    if height >= (bar_rows + 1) * cell.height + fancy:
        assert all(second - first >= cell.height for first, second in pairwise(tops))
        assert tops[-1] + cell.height <= height


@settings(deadline=None)
@given(configs(), CELLS, st.integers(1, 300), st.integers(1, 100), st.integers(0, 1), st.booleans())
def test_a_window_made_for_so_many_cells_has_them(config, cell, cols, rows, bar_rows, at_bottom):
    width, height = window_pixels(cols, rows + bar_rows, cell, config, dpi=96)
    found = lay_out(width, height, cell, config, dpi=96, bar_rows=bar_rows, bar_at_bottom=at_bottom)
    assert abs(found.cols - cols) <= 2  # a percentage may end between two cells
    assert abs(found.rows - rows - bar_rows) <= 2
    padding = config.window_padding
    if all(side.unit != "percent" for side in (padding.left, padding.right, padding.top, padding.bottom)):
        assert (found.cols, found.rows) == (cols, rows + bar_rows)


@settings(deadline=None)
@given(
    configs(),
    CELLS,
    st.integers(50, 2000),
    st.integers(200, 2000),
    st.integers(0, 1),
    st.booleans(),
    st.data(),
)
def test_a_cell_is_found_where_it_is_drawn(config, cell, width, height, bar_rows, at_bottom, data):
    found = lay_out(width, height, cell, config, dpi=96, bar_rows=bar_rows, bar_at_bottom=at_bottom)
    row = data.draw(st.integers(0, found.rows - 1))
    col = data.draw(st.integers(0, found.cols - 1))
    rect = found.cell_rect(row, col)
    tops = found.row_tops()
    if tops != sorted(set(tops)) or any(b - a < cell.height for a, b in pairwise(tops)):
        return  # too small for the rows to lie beside each other
    assert found.cell_at(rect.x, rect.y) == (row, col, 0, 0)
    last = found.cell_at(rect.x + rect.width - 1, rect.y + rect.height - 1)
    assert last == (row, col, cell.width - 1, cell.height - 1)


def test_points_outside_belong_to_the_nearest_cell():
    found = lay_out(120, 100, metrics(), Config(), dpi=96)
    assert found.cell_at(-50, -50)[:2] == (0, 0)
    assert found.cell_at(5000, 5000)[:2] == (found.rows - 1, found.cols - 1)


def test_bars_lie_within_the_windows_border():
    frame = {
        "border_top_height": 3,
        "border_bottom_height": 5,
        "border_left_width": 7,
        "border_right_width": 9,
    }
    config, _ = Config.from_mapping({"window_frame": frame, "window_padding": {"top": 0, "bottom": 0}})
    above = lay_out(300, 200, metrics(), config, dpi=96, bar_rows=1)
    assert above.row_tops()[:2] == [3, 3 + above.cell_height]
    below = lay_out(300, 200, metrics(), config, dpi=96, bar_rows=1, bar_at_bottom=True)
    assert below.row_tops()[-1] == 200 - 5 - below.cell_height
    fancy = lay_out(300, 200, metrics(), config, dpi=96, fancy_bar_height=30)
    assert fancy.fancy_bar == (7, 3, 284, 30)
    assert fancy.row_top(0) == 33
    fancy = lay_out(300, 200, metrics(), config, dpi=96, fancy_bar_height=30, bar_at_bottom=True)
    assert fancy.fancy_bar == (7, 165, 284, 30)


def test_a_bar_of_cells_lies_flush_with_the_edge():
    config, _ = Config.from_mapping(
        {"window_padding": {"top": "20px", "bottom": "10px"}, "use_fancy_tab_bar": False}
    )
    above = lay_out(300, 200, metrics(), config, dpi=96, bar_rows=1)
    assert above.row_tops()[:2] == [0, 42]
    below = lay_out(300, 200, metrics(), config, dpi=96, bar_rows=1, bar_at_bottom=True)
    assert below.row_top(0) == 20
    assert below.row_top(below.rows - 1) == 200 - 22
