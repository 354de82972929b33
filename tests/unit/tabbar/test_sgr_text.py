from __future__ import annotations

import pytest

from perilune.cells.line import CellStyle, Line
from perilune.cells.packing import (
    BLINK_RAPID,
    BLINK_SLOW,
    BOLD,
    COLOR_INDEXED,
    COLOR_RGB,
    DIM,
    INVISIBLE,
    ITALIC,
    OVERLINE,
    REVERSE,
    STRIKETHROUGH,
    UNDERLINE_SHIFT,
    Extra,
)
from perilune.cells.sgr_text import SgrText, parse_sgr_text

BASE = CellStyle(COLOR_INDEXED | 7, COLOR_INDEXED | 4, ITALIC | BOLD)


def style_after(sgr: str, base: CellStyle = BASE) -> CellStyle:
    [cluster] = parse_sgr_text(f"\x1b[{sgr}mx", base).clusters
    return cluster.style


@pytest.mark.parametrize(
    ("sgr", "attr"),
    [
        ("", 0),
        ("0", 0),
        ("1", BOLD),
        ("2", DIM),
        ("1;2", DIM),
        ("2;1", BOLD),
        ("1;22", 0),
        ("3", ITALIC),
        ("3;23", 0),
        ("4", 1 << UNDERLINE_SHIFT),
        ("4:0", 0),
        ("4:3", 3 << UNDERLINE_SHIFT),
        ("4:9", 0),
        ("4:3;21", 2 << UNDERLINE_SHIFT),
        ("4:5;24", 0),
        ("5", BLINK_SLOW),
        ("5;6", BLINK_RAPID),
        ("6;25", 0),
        ("7;8;9;53", REVERSE | INVISIBLE | STRIKETHROUGH | OVERLINE),
        ("7;8;9;53;27;28;29;55", 0),
        ("0003", ITALIC),
        ("99999999999999999999", 0),
        ("3:1", 0),
        ("1;38;5;3;3", BOLD | ITALIC),
        ("38;5", 0),
    ],
)
def test_renditions(sgr, attr):
    assert style_after(sgr, CellStyle()).attr == attr


@pytest.mark.parametrize(
    ("sgr", "fg", "bg"),
    [
        ("31", COLOR_INDEXED | 1, 0),
        ("97", COLOR_INDEXED | 15, 0),
        ("42", 0, COLOR_INDEXED | 2),
        ("100", 0, COLOR_INDEXED | 8),
        ("38;5;208", COLOR_INDEXED | 208, 0),
        ("38:5:208", COLOR_INDEXED | 208, 0),
        ("38;5;300", 0, 0),
        ("48;2;1;2;3", 0, COLOR_RGB | 0x010203),
        ("38:2:1:2:3", COLOR_RGB | 0x010203, 0),
        ("38:2::1:2:3", COLOR_RGB | 0x010203, 0),
        ("38:2:7:1:2:3:0", COLOR_RGB | 0x010203, 0),
        ("38;2;1;2;3;48;5;1", COLOR_RGB | 0x010203, COLOR_INDEXED | 1),
        ("38;2;256;0;0", 0, 0),
        ("38;7;1", 0, 0),
        ("38:2", 0, 0),
    ],
)
def test_colours(sgr, fg, bg):
    assert style_after(sgr, CellStyle())[:2] == (fg, bg)


class TestBase:
    def test_reset_and_default_colours_return_to_it(self):
        assert style_after("31;42;4;0") == BASE
        assert style_after("31;42;39;49") == BASE

    def test_its_attributes_can_be_undone(self):
        assert style_after("23").attr == BOLD
        assert style_after("22").attr == ITALIC

    def test_underline_colour_returns_to_it(self):
        base = CellStyle(extra=Extra(underline_color=3))
        assert style_after("58;5;1", base).extra.underline_color == 1
        assert style_after("58;5;1;59", base) == base
        assert style_after("58:2::1:2:3;0", base) == base


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\r\ntwo", "one"),
        ("one\x1b[3\n1mtwo", "one"),
        ("a\tb\x00c\x7fd\x85e", "abcde"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x1b]0;title\x1b\\b", "ab"),
        ("a\x1b]0;title", "a"),
        ("a\x1b]0;title\x18b", "ab"),
        ("a\x1b]0;ti\x1b[1mtle", "atle"),
        ("a\x1bPq#0\x1b\\b", "ab"),
        ("a\x1b_apc\x1b\\b\x1b^pm\x1b\\c\x1bXsos\x1b\\d", "abcd"),
        ("a\x1b[2Jb\x1b[?25hc\x1b[>4;1md", "abcd"),
        ("a\x1b[1", "a"),
        ("a\x1b[1\x1b[31mb", "ab"),
        ("a\x1b[1\x18b", "ab"),
        ("a\x1b(Bb\x1b7c\x1bcd", "abcd"),
        ("a\x1b", "a"),
        ("a\x9b1mb\x9d0;t\x9cc\x90q\x9cd", "abcd"),
        ("\u0301a\u200b", "a"),
        ("\ud800a", "\ufffda"),
        ("x\n", "x"),
        ("", ""),
    ],
)
def test_what_is_no_text_is_dropped(text, shown):
    assert parse_sgr_text(text, CellStyle()).text == shown


def test_wide_clusters_take_two_cells_and_the_style_of_their_place():
    line = parse_sgr_text("a漢\x1b[31m👩\u200d🚀e\u0301", CellStyle())
    assert [(cell.text, cell.width) for cell in line.cells()] == [
        ("a", 1), ("漢", 2), ("", 0), ("👩\u200d🚀", 2), ("", 0), ("e\u0301", 1),
    ]  # fmt: skip
    assert [cell.fg for cell in line.cells()] == [0, 0, 0, *[COLOR_INDEXED | 1] * 3]


class TestHyperlinks:
    def test_a_link_lasts_until_it_is_closed(self):
        line = parse_sgr_text("a\x1b]8;id=x:y=1;http://h/;b\x1b\\b\x1b[0mc\x1b]8;;\x07d", CellStyle())
        links = [(cell.text, cell.extra.hyperlink, cell.extra.link_id) for cell in line.cells()]
        assert links == [
            ("a", None, ""),
            ("b", "http://h/;b", "x"),
            ("c", "http://h/;b", "x"),
            ("d", None, ""),
        ]

    def test_one_that_is_cut_off_links_nothing(self):
        line = parse_sgr_text("a\x1b]8;;http://h/", CellStyle())
        assert line == Line.from_text("a")


class TestSgrText:
    def test_its_cells_are_made_once_for_each_style_and_cut(self):
        text = SgrText("\x1b[1m漢字")
        whole, cut = text.line(BASE), text.line(BASE, 3)
        assert (text.width, whole.width, cut.text) == (4, 4, "漢 ")
        assert text.line(BASE) is whole
        assert text.line(BASE, 3) is cut
        assert text.line(BASE, 9) is whole
        assert text.line(BASE, -1).width == 0

    def test_what_it_keeps_is_bounded(self):
        text = SgrText("abc")
        for color in range(1000):
            assert text.line(CellStyle(color), 2).cells()[1].fg == color
        assert len(text._lines) <= 26

    def test_equal_texts_are_equal(self):
        assert SgrText("a") == SgrText("a")
        assert SgrText("a") != SgrText("b")
        assert len({SgrText("a"), SgrText("a")}) == 1
