from __future__ import annotations

import pytest

from perilune.cells.line import CellStyle
from perilune.cells.packing import BOLD, COLOR_INDEXED, COLOR_RGB, ITALIC, UNDERLINE_SHIFT
from perilune.cells.sgr_text import parse_sgr_text
from perilune.tabbar import FormatItemError, render_format_items

HOVER = CellStyle(COLOR_RGB | 0x909090, COLOR_RGB | 0x1F1F1F, ITALIC)


def cells(*items: object):
    return parse_sgr_text(render_format_items([*items, {"Text": "x"}]), HOVER).cells()


def test_text_alone_emits_nothing_but_itself():
    assert render_format_items([{"Text": "a"}, {"Text": 3}, {"Text": 1.5}]) == "a31.5"
    assert render_format_items([]) == ""
    assert render_format_items(["ResetAttributes"]) == "\x1b[0m"


def test_it_ends_with_default_attributes_if_it_left_them():
    assert render_format_items([{"Attribute": {"Intensity": "Bold"}}, {"Text": "a"}]) == "\x1b[1ma\x1b[0m"
    assert (
        render_format_items([{"Foreground": "Default"}, "ResetAttributes", {"Text": "a"}])
        == "\x1b[39m\x1b[0ma"
    )


def test_italics_of_the_style_can_be_undone():
    assert cells()[0].attr == ITALIC
    assert cells({"Attribute": {"Italic": False}})[0].attr == 0
    assert cells({"Attribute": {"Italic": False}}, "ResetAttributes")[0].attr == ITALIC


@pytest.mark.parametrize(
    ("item", "fg", "bg"),
    [
        ({"Foreground": {"AnsiColor": "Maroon"}}, COLOR_INDEXED | 1, HOVER.bg),
        ({"Foreground": {"AnsiColor": "White"}}, COLOR_INDEXED | 15, HOVER.bg),
        ({"Background": {"AnsiColor": "Grey"}}, HOVER.fg, COLOR_INDEXED | 8),
        ({"Background": {"AnsiColor": "Black"}}, HOVER.fg, COLOR_INDEXED | 0),
        ({"Background": {"Color": "#0a0B0c"}}, HOVER.fg, COLOR_RGB | 0x0A0B0C),
        ({"Foreground": {"Color": "no colour at all"}}, COLOR_RGB | 0xFFFFFF, HOVER.bg),
        ({"Foreground": "Default"}, HOVER.fg, HOVER.bg),
    ],
)
def test_colours(item, fg, bg):
    [cell] = cells(item)
    assert (cell.fg, cell.bg) == (fg, bg)


@pytest.mark.parametrize(
    ("attribute", "attr"),
    [
        ({"Intensity": "Bold"}, ITALIC | BOLD),
        ({"Underline": "Dashed"}, ITALIC | 5 << UNDERLINE_SHIFT),
        ({"Underline": "Double"}, ITALIC | 2 << UNDERLINE_SHIFT),
        ({"Underline": "None"}, ITALIC),
    ],
)
def test_attributes(attribute, attr):
    assert cells({"Attribute": attribute})[0].attr == attr


def test_hyperlinks_end_with_the_text():
    text = render_format_items([{"Attribute": {"Hyperlink": "http://h/\x1b\\\x07"}}, {"Text": "a"}])
    cell, after = parse_sgr_text(text + "b", CellStyle()).cells()
    assert cell.extra.hyperlink == "http://h/\\"
    assert after.extra.hyperlink is None


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("Reset", "item 2: expected Text"),
        ({}, "item 2: expected Text"),
        ({"Text": "a", "Foreground": "Default"}, "item 2: expected Text"),
        ({1: 2}, "item 2: expected Text"),
        ({"Text": True}, "item 2: Text is a string, not True"),
        ({"Txt": "a"}, "item 2: 'Txt' is none of Text"),
        ({"Foreground": "Red"}, "item 2: expected a colour"),
        ({"Foreground": {"AnsiColor": "Pink"}}, "AnsiColor is one of Black, Maroon"),
        ({"Foreground": {"AnsiColor": 1}}, "AnsiColor is one of Black, Maroon"),
        ({"Foreground": {"Colour": "red"}}, "'Colour' is no kind of colour"),
        ({"Attribute": "Bold"}, "item 2: expected an attribute"),
        ({"Attribute": {"Intensity": "Heavy"}}, "Intensity is one of Normal, Bold, Half, not 'Heavy'"),
        ({"Attribute": {"Intensity": ["Bold"]}}, "Intensity is one of"),
        ({"Attribute": {"Italic": 1}}, "Italic is true or false, not 1"),
        ({"Attribute": {"Slanted": True}}, "there is no attribute 'Slanted'; there are Intensity"),
        ({"Attribute": {"Hyperlink": 1}}, "Hyperlink is a string"),
    ],
)
def test_a_wrong_item_is_named(item, message):
    with pytest.raises(FormatItemError) as error:
        render_format_items([{"Text": "a"}, item])
    assert message in str(error.value)
