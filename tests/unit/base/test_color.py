from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.base.color import default_palette, parse_color


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#fff", (255, 255, 255)),
        ("#1234", (0x11, 0x22, 0x33)),
        ("#102030", (16, 32, 48)),
        ("#10203040", (16, 32, 48)),
        ("#ffff00000000", (255, 0, 0)),
        ("rgb:f/0/8", (255, 0, 136)),
        ("rgb:ffff/0000/8080", (255, 0, 128)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
        ("rgba(100%, 0%, 0%, 0.5)", (255, 0, 0)),
        ("rgba:0 255 0 50%", (0, 255, 0)),
        ("hsl(120, 100%, 50%)", (0, 255, 0)),
        ("hsl:0 0 100", (255, 255, 255)),
        ("Navy", (0, 0, 128)),
        ("light goldenrod yellow", (250, 250, 210)),
    ],
)
def test_notations(text, expected):
    assert parse_color(text) == expected


@pytest.mark.parametrize("text", ["", "#12", "#ggg", "rgb:1/2", "rgb(1,2)", "hsl(a,b,c)", "notacolour"])
def test_what_is_no_colour_is_named(text):
    with pytest.raises(ValueError, match="is not a colour"):
        parse_color(text)


@given(st.text(max_size=30))
def test_anything_is_a_colour_or_a_value_error(text):
    try:
        color = parse_color(text)
    except ValueError:
        return
    assert all(0 <= channel <= 255 for channel in color)


def test_palette_has_the_cube_and_the_greys():
    palette = default_palette()
    assert len(palette) == 256
    assert palette[16] == (0, 0, 0)
    assert palette[196] == (255, 0, 0)
    assert palette[231] == (255, 255, 255)
    assert palette[232] == (8, 8, 8)
    assert palette[255] == (238, 238, 238)
