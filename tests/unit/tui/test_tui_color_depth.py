"""Colours on hosts that have few."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perilune.base.color import default_palette
from perilune.cells.packing import COLOR_INDEXED, COLOR_RGB, pack_color
from perilune.tui.color_depth import ascii_fallback, contrasting, nearest


def test_a_colour_of_the_cube_or_the_greys_is_found_exactly():
    palette = default_palette()
    for number in range(16, 256):
        found = nearest(pack_color(palette[number]), 256) & 0xFF
        assert found >= 16
        assert palette[found] == palette[number]


def test_plain_colours_of_16():
    expected = {
        0x000000: 0,
        0xFF0000: 9,
        0x00FF00: 10,
        0xFFFFFF: 15,
        0x7F7F7F: 8,
        0xCD0000: 1,
        0x0000EE: 4,
        0xFFFF00: 11,
    }
    for rgb, number in expected.items():
        assert nearest(COLOR_RGB | rgb, 16) == COLOR_INDEXED | number, hex(rgb)


@given(st.integers(0, 0xFFFFFF), st.sampled_from([0, 8, 16, 256, 1 << 24]))
def test_what_comes_out_exists_on_the_host(rgb, depth):
    found = nearest(COLOR_RGB | rgb, depth)
    if depth == 1 << 24:
        assert found == COLOR_RGB | rgb
    elif depth:
        assert found & COLOR_INDEXED
        assert found & 0xFF < depth
    else:
        assert found == 0


@given(st.integers(0, 255), st.sampled_from([0, 8, 16, 256, 1 << 24]))
def test_an_index_that_exists_is_kept(number, depth):
    found = nearest(COLOR_INDEXED | number, depth)
    assert found == COLOR_INDEXED | number or number >= depth


def test_contrast():
    assert contrasting(COLOR_INDEXED | 0, 16) == COLOR_INDEXED | 15
    assert contrasting(COLOR_INDEXED | 15, 16) == COLOR_INDEXED | 0
    assert contrasting(COLOR_INDEXED | 4, 8) == COLOR_INDEXED | 7


@given(st.text(min_size=1, max_size=4), st.integers(1, 2))
def test_a_fallback_is_ascii_of_the_width(text, width):
    found = ascii_fallback(text, width)
    assert len(found) == width
    assert found.decode("ascii").isprintable()
