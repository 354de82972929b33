from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.app.inactive_panes import InactiveLook
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import BOLD, DIM, pack_color
from perilune.cells.tables import CellTables
from perilune.config.options import Config


def config(**values):
    made, problems = Config().with_overrides(values)
    assert not problems
    return made


def look(host=(None, None), **values):
    return InactiveLook(config(**values), *host)


def test_known_colours_are_changed_as_configured():
    made = look(inactive_pane_hsb={"hue": 1.0, "saturation": 0.5, "brightness": 0.5})
    # (200, 0, 0) is hue 0, saturation 1, value 200: half of both.
    assert made(pack_color((200, 0, 0)), pack_color((0, 0, 0))) == (
        pack_color((100, 50, 50)),
        pack_color((0, 0, 0)),
        0,
    )
    # 226 of the cube is (255, 255, 0), wherever it is drawn.
    assert made(pack_color(226), 0)[0] == pack_color((128, 128, 64))


def test_what_only_the_host_knows_is_made_faint():
    made = look()
    assert made(0, 0) == (0, 0, DIM)
    assert made(pack_color(3), pack_color(4)) == (pack_color(3), pack_color(4), DIM)
    assert look(inactive_pane_hsb={"saturation": 0.5, "brightness": 1.0})(0, 0) == (0, 0, 0)


def test_what_the_host_has_told_is_known():
    made = look(host=((250, 250, 250), (0, 0, 0)), inactive_pane_hsb={"saturation": 1.0, "brightness": 0.8})
    # A black background stays the default one, so that a translucent host stays that.
    assert made(0, 0) == (pack_color((200, 200, 200)), 0, 0)


def test_a_palette_is_known():
    made = look(
        colors={"foreground": "#ffffff", "ansi": ["#0a0a0a"] * 8}, inactive_pane_hsb={"brightness": 0.5}
    )
    assert made(0, pack_color(1))[:2] == (pack_color((128, 128, 128)), pack_color((5, 5, 5)))


def test_factors_of_one_change_nothing():
    assert look(inactive_pane_hsb={"hue": 1.0, "saturation": 1.0, "brightness": 1.0}).changes_nothing
    assert not look().changes_nothing


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20), st.data())
def test_a_stretch_is_recoloured_cell_by_cell(cells, data):
    buffer = CellBuffer(len(cells), 2, CellTables())
    for col, (fg, bg) in enumerate(cells):
        buffer.put_text(1, col, "x", fg=pack_color(fg), bg=pack_color(bg), attr=BOLD)
    buffer.touched[:] = bytes(2)
    start = data.draw(st.integers(-2, len(cells)))
    width = data.draw(st.integers(0, len(cells) + 2))
    asked = []

    def change(fg, bg):
        asked.append((fg, bg))
        return bg + 100, fg + 200, DIM

    buffer.recolor(1, start, width, change)
    for col, (fg, bg) in enumerate(cells):
        words = buffer.words[(len(cells) + col) * 4 :][:4].tolist()
        if start <= col < start + width:
            assert words[1:] == [pack_color(bg) + 100, pack_color(fg) + 200, BOLD | DIM]
        else:
            assert words[1:] == [pack_color(fg), pack_color(bg), BOLD]
    assert bytes(buffer.touched) == b"\0\1"
    assert all(one != other for one, other in pairwise(asked))


@pytest.mark.parametrize("row", [-1, 2])
def test_rows_outside_are_left_alone(row):
    CellBuffer(3, 2, CellTables()).recolor(row, 0, 3, lambda _fg, _bg: (1, 1, 1))
