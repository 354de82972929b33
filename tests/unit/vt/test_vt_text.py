"""Printing: plain, wide, combining, wrapping, malformed UTF-8."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal, TerminalSettings


def screen(data: str | bytes, cols: int = 10, rows: int = 4, scrollback: int = 10) -> Terminal:
    terminal = Terminal(cols, rows, scrollback=scrollback)
    terminal.feed(data.encode() if isinstance(data, str) else data)
    return terminal


def test_a_line_wraps_when_the_next_character_comes() -> None:
    terminal = screen("0123456789")
    assert terminal.text() == ["0123456789", "", "", ""]
    assert (terminal.cursor.row, terminal.cursor.col, terminal.cursor.pending_wrap) == (0, 9, True)
    terminal.feed(b"a")
    assert terminal.text()[:2] == ["0123456789", "a"]
    assert terminal.row_wrapped(terminal.stable_top)
    assert not terminal.row_wrapped(terminal.stable_top + 1)


def test_a_pending_wrap_is_cancelled_by_cursor_movement() -> None:
    assert screen("0123456789\rX").text()[0] == "X123456789"
    assert screen("0123456789\bX").text()[0] == "01234567X9"


def test_without_autowrap_the_last_column_is_overwritten() -> None:
    assert screen("\x1b[?7l0123456789abc").text()[:2] == ["012345678c", ""]


def test_a_wide_character_takes_two_cells() -> None:
    terminal = screen("a漢b")
    assert [(terminal.cell(0, col).text, terminal.cell(0, col).width) for col in range(4)] == [
        ("a", 1), ("漢", 2), ("", 0), ("b", 1),
    ]  # fmt: skip


def test_a_wide_character_does_not_fit_at_the_margin() -> None:
    terminal = screen("123456789漢")
    assert terminal.text()[:2] == ["123456789", "漢"]
    assert terminal.cell(0, 9).text == " "
    terminal = screen("\x1b[?7l123456789漢")
    assert terminal.text()[:2] == ["123456789", ""]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("漢\x1b[1;2Hx", " x"),
        ("漢\x1b[1;1Hx", "x"),
        ("漢字\x1b[1;2H語", " 語"),
        ("a漢b\x1b[1;3H\x1b[P", "a b"),
        ("a漢b\x1b[1;2H\x1b[X", "a  b"),
        ("漢漢\x1b[1;2H\x1b[@", "   漢"),
    ],
)
def test_half_of_a_wide_character_is_never_left(data: str, expected: str) -> None:
    assert screen(data).text()[0] == expected


@pytest.mark.parametrize(
    ("text", "cluster", "width"),
    [
        ("e\u0301", "e\u0301", 1),
        ("👩\u200d🚀", "👩\u200d🚀", 2),
        ("🇩🇪", "🇩🇪", 2),
        ("☺\ufe0f", "☺\ufe0f", 2),
        ("⌚\ufe0e", "⌚\ufe0e", 1),
        ("\u1112\u1161\u11ab", "\u1112\u1161\u11ab", 2),
        ("👍🏽", "👍🏽", 2),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3", 2),
        ("क\u093f", "क\u093f", 2),
    ],
)
def test_a_cluster_is_one_cell(text: str, cluster: str, width: int) -> None:
    terminal = screen(text + "|")
    assert (terminal.cell(0, 0).text, terminal.cell(0, 0).width) == (cluster, width)
    assert terminal.cell(0, width).text == "|"


def test_a_cluster_that_widens_in_the_last_column_moves_to_the_next_line() -> None:
    terminal = screen("123456789☺\ufe0f!")
    assert terminal.text()[:2] == ["123456789", "☺\ufe0f!"]


def test_a_mark_joins_its_base_across_a_rendition_change() -> None:
    assert screen("e\x1b[1m\u0301").cell(0, 0).text == "e\u0301"


def test_a_mark_with_nothing_before_it_is_dropped() -> None:
    terminal = screen("\u0301a")
    assert terminal.text()[0] == "a"


def test_a_cluster_does_not_grow_without_bound() -> None:
    terminal = screen("a" + "\u0301" * 1000 + "b")
    assert len(terminal.cell(0, 0).text) <= 32
    assert terminal.cell(0, 1).text == "b"
    assert terminal.dropped


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xff", "\ufffd"),
        (b"\xc3(", "\ufffd("),
        (b"\xe2\x82(", "\ufffd("),
        (b"\xf0\x9f\x92(", "\ufffd("),
        (b"\xc0\xaf", "\ufffd\ufffd"),
        (b"\xe0\x80\x80", "\ufffd\ufffd\ufffd"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        (b"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"),
        (b"\xf8\x88", "\ufffd\ufffd"),
        (b"\xe2\x82\xac", "€"),
        (b"\xe2\x1b[1mx", "\ufffdx"),
    ],
)
def test_malformed_utf8_becomes_one_replacement_for_each_maximal_part(data: bytes, expected: str) -> None:
    whole = screen(data)
    assert whole.text()[0] == expected
    split = Terminal(10, 4)
    for byte in data:
        split.feed(bytes([byte]))
    assert split.text() == whole.text()
    # The decoder of the standard library agrees, apart from what is a control sequence.
    if b"\x1b" not in data:
        assert data.decode("utf-8", "replace") == expected


def test_insert_mode_shifts_the_rest_of_the_line() -> None:
    assert screen("abcdef\x1b[1;3H\x1b[4hXY\x1b[4l!").text()[0] == "abXY!def"


def test_repeat() -> None:
    assert screen("ab\x1b[3b").text()[0] == "abbbb"
    assert screen("漢\x1b[2b").text()[0] == "漢漢漢"
    assert screen("\x1b[5b").text()[0] == ""


def test_dec_graphics() -> None:
    assert screen("\x1b(0lqk\x1b(Bq\x1b)0\x0ex\x0fx").text()[0] == "┌─┐q│x"
    assert screen("\x1b*0a\x1bNqq").text()[0] == "a─q"


def test_one_cell_takes_anything() -> None:
    terminal = screen("a漢e\u0301\r\n\x1b[2J\x1b[5;5H☺\ufe0fx", cols=1, rows=1)
    assert terminal.text() == ["x"]
    assert (terminal.cursor.row, terminal.cursor.col) == (0, 0)


def test_an_older_unicode_version_leaves_variation_selectors_without_width() -> None:
    for version, widths in ((9, (1, 2)), (14, (2, 1)), (0, (2, 1))):
        terminal = Terminal(10, 1, settings=TerminalSettings(unicode_version=version))
        terminal.feed("☺\ufe0f\r\n⌚\ufe0e".encode())
        assert terminal.text() == ["⌚\ufe0e"]
        assert terminal.cell(0, 0).width == widths[1]
        assert terminal.cells_of_row(0)[0].width == widths[0]


def test_ambiguous_width() -> None:
    terminal = Terminal(10, 1)
    terminal.feed("±".encode())
    assert terminal.cell(0, 0).width == 1
    terminal.settings = TerminalSettings(ambiguous_is_wide=True)
    terminal.feed("\r±x".encode())
    assert terminal.cell(0, 0).width == 2
    assert terminal.text() == ["±x"]


def test_output_is_composed_only_where_that_is_asked_for() -> None:
    text = "e\u0301 q\u0301 \u1100\u1161\u11a8 \u212b \u0958".encode()
    plain, composed = Terminal(20, 1), Terminal(20, 1, settings=TerminalSettings(normalize_to_nfc=True))
    for terminal in (plain, composed):
        for byte in text:
            terminal.feed(bytes([byte]))
    assert plain.text() == [text.decode()]
    assert composed.text() == ["\u00e9 q\u0301 \uac01 \u00c5 \u0915\u093c"]
    assert [cell.width for cell in composed.cells_of_row(0)] == [cell.width for cell in plain.cells_of_row(0)]
