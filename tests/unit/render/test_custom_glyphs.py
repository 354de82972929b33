"""Glyphs that we draw: they meet their neighbours at every cell size."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.render.custom_glyphs import draw_glyph, is_custom
from perilune.render.custom_glyphs.box_drawing import arms_of
from perilune.render.custom_glyphs.legacy import octant_patterns

SIZES = st.tuples(st.integers(4, 40), st.integers(6, 70), st.integers(1, 4))
STRAIGHT = [
    code
    for code in range(0x2500, 0x2580)
    if not {"DASH", "DIAGONAL", "ARC"} & set(unicodedata.name(chr(code)).split())
]


def edges(pixels):
    return {"l": pixels[:, 0], "r": pixels[:, -1], "u": pixels[0], "d": pixels[-1]}


@settings(deadline=None)
@given(st.tuples(st.integers(12, 40), st.integers(16, 70), st.integers(1, 2)), st.sampled_from(STRAIGHT))
def test_an_arm_reaches_its_edge_as_the_same_arm_of_another_character_does(size, code):
    pixels = draw_glyph(code, *size)
    arms = arms_of(unicodedata.name(chr(code)).removeprefix("BOX DRAWINGS "))
    whole = {1: ("─", "│"), 2: ("━", "┃"), 3: ("═", "║")}
    for side, line in edges(pixels).items():
        if side in arms:
            reference = draw_glyph(ord(whole[arms[side]][side in "ud"]), *size)
            assert np.array_equal(line, edges(reference)[side])
        else:
            assert not line.any()


@settings(max_examples=5, deadline=None)
@given(SIZES)
def test_every_arm_is_joined_to_the_others(size):
    for code in STRAIGHT:
        pixels = draw_glyph(code, *size) > 0
        name = unicodedata.name(chr(code))
        if "DOUBLE" in name:
            continue  # two lines that may well not touch
        seen = np.zeros_like(pixels)
        seen.flat[int(np.argmax(pixels))] = True
        while True:  # flood from one pixel
            grown = seen.copy()
            grown[1:] |= seen[:-1]
            grown[:-1] |= seen[1:]
            grown[:, 1:] |= seen[:, :-1]
            grown[:, :-1] |= seen[:, 1:]
            grown &= pixels
            if np.array_equal(grown, seen):
                break
            seen = grown
        assert np.array_equal(seen, pixels), name


@settings(max_examples=30, deadline=None)
@given(SIZES)
def test_blocks_that_complement_each_other_fill_the_cell_once(size):
    def drawn(text):
        return draw_glyph(ord(text), *size).astype(int)

    for one, other in ("▀▄", "▌▐", "▘▟", "▝▙", "▖▜", "▗▛", "▚▞"):
        assert (drawn(one) + drawn(other) == 255).all()
    assert (drawn("█") == 255).all()
    quarters = sum(drawn(text) for text in "▘▝▖▗")
    assert (quarters == 255).all()


@settings(max_examples=20, deadline=None)
@given(SIZES)
def test_sextants_and_octants_are_made_of_their_parts(size):
    parts = [draw_glyph(code, *size) for code in (0x1FB00, 0x1FB01, 0x1FB03, 0x1FB07, 0x1FB0F, 0x1FB1E)]
    assert (sum(part.astype(int) for part in parts) == 255).all()
    assert len(octant_patterns()) == 230
    first = octant_patterns().index(0b100)
    second = octant_patterns().index(0b1000)
    both = octant_patterns().index(0b1100) if 0b1100 in octant_patterns() else None
    if both is not None:
        joined = draw_glyph(0x1CD00 + first, *size) | draw_glyph(0x1CD00 + second, *size)
        assert np.array_equal(joined, draw_glyph(0x1CD00 + both, *size))


@settings(max_examples=20, deadline=None)
@given(SIZES)
def test_braille_has_its_dots(size):
    whole = draw_glyph(0x28FF, *size)
    each = [draw_glyph(0x2800 + (1 << bit), *size) for bit in range(8)]
    assert np.array_equal(np.maximum.reduce(each), whole)
    assert all(one.any() for one in each)
    assert not draw_glyph(0x2800, *size).any()


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (9, 20), (31, 45)])
def test_every_character_is_drawn_at_every_size(size):
    missing = []
    for code in [
        *range(0x2500, 0x2900),
        *range(0xE0B0, 0xE0D5),
        *range(0x1CD00, 0x1CF00),
        *range(0x1FB00, 0x1FBF0),
    ]:
        pixels = draw_glyph(code, *size, 1)
        if pixels is None:
            missing += [code] * is_custom(code)
        else:
            assert pixels.shape == (size[1], size[0])
            assert pixels.dtype == np.uint8
    assert missing == [0x1FB93]  # not assigned


def test_without_smoothing_every_pixel_is_all_or_nothing():
    for code in (0x2571, 0x256D, 0xE0B0, 0x1FB3C):
        assert set(np.unique(draw_glyph(code, 11, 23, 2, smooth=False))) <= {0, 255}
    assert set(np.unique(draw_glyph(0x2592, 11, 23, 2, smooth=False))) == {128}
