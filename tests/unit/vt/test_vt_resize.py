"""Resizing: reflow, the cursor, the scrollback, the alternate screen."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal, TerminalSettings


def screen(data: str, cols: int = 10, rows: int = 4, scrollback: int = 50) -> Terminal:
    terminal = Terminal(cols, rows, scrollback=scrollback)
    terminal.feed(data.encode())
    return terminal


def everything(terminal: Terminal) -> list[str]:
    return terminal.scrollback_text() + terminal.text()


def place(terminal: Terminal) -> tuple[int, int]:
    return terminal.cursor.row, terminal.cursor.col


def test_a_long_line_is_cut_and_joined_again() -> None:
    terminal = screen("abcdefgh\r\nxy")
    terminal.resize(4, 4)
    assert terminal.text() == ["abcd", "efgh", "xy", ""]
    assert place(terminal) == (2, 2)
    terminal.resize(3, 4)
    assert terminal.text() == ["abc", "def", "gh", "xy"]
    terminal.resize(20, 4)
    assert terminal.text() == ["abcdefgh", "xy", "", ""]
    assert place(terminal) == (1, 2)


def test_lines_that_were_ended_are_not_joined() -> None:
    terminal = screen("abcdefghij\r\nxy", cols=10)
    terminal.resize(20, 4)
    assert terminal.text()[:2] == ["abcdefghij", "xy"]


def test_wrapped_output_is_joined() -> None:
    terminal = screen("abcdefghijklm\r\nxy", cols=10)
    terminal.resize(20, 4)
    assert terminal.text()[:2] == ["abcdefghijklm", "xy"]
    assert place(terminal) == (1, 2)


def test_the_cursor_stays_on_its_character() -> None:
    terminal = screen("abcdefgh\x1b[1;6H")
    for cols in (3, 1, 7, 2, 10):
        terminal.resize(cols, 9)
        row, col = place(terminal)
        assert terminal.cell(row, col).text == "f"


def test_a_full_line_keeps_its_pending_wrap() -> None:
    terminal = screen("abcdefghij")
    terminal.resize(5, 4)
    assert (place(terminal), terminal.cursor.pending_wrap) == ((1, 4), True)
    terminal.feed(b"k")
    assert terminal.text()[:3] == ["abcde", "fghij", "k"]
    terminal.resize(11, 4)
    assert terminal.text()[0] == "abcdefghijk"


def test_wide_characters_are_not_halved() -> None:
    terminal = screen("漢字漢字", cols=8)
    terminal.resize(5, 4)
    assert terminal.text()[:2] == ["漢字", "漢字"]
    terminal.resize(3, 4)
    assert terminal.text() == ["漢", "字", "漢", "字"]
    terminal.resize(8, 4)
    assert terminal.text()[0] == "漢字漢字"


def test_a_wide_character_wrapped_by_printing_leaves_no_gap() -> None:
    terminal = screen("abcd漢字", cols=5)
    assert terminal.text()[:2] == ["abcd", "漢字"]
    terminal.resize(10, 4)
    assert terminal.text()[0] == "abcd漢字"


def test_shrinking_the_height_moves_lines_to_the_scrollback_and_back() -> None:
    terminal = screen("1\r\n2\r\n3\r\n4")
    terminal.resize(10, 2)
    assert (terminal.scrollback_text(), terminal.text()) == (["1", "2"], ["3", "4"])
    assert place(terminal) == (1, 1)
    terminal.resize(10, 4)
    assert (terminal.scrollback_text(), terminal.text()) == ([], ["1", "2", "3", "4"])


def test_shrinking_drops_blank_rows_first() -> None:
    terminal = screen("1\r\n2")
    terminal.resize(10, 2)
    assert (terminal.scrollback_text(), terminal.text()) == ([], ["1", "2"])
    terminal.resize(10, 5)
    assert terminal.text() == ["1", "2", "", "", ""]


def test_a_cleared_screen_does_not_pull_the_scrollback_back() -> None:
    terminal = screen("\r\n".join(map(str, range(20))) + "\x1b[H\x1b[2J$ ")
    terminal.resize(7, 4)
    assert terminal.text() == ["$", "", "", ""]
    assert place(terminal) == (0, 2)


def test_the_cursor_stays_in_view_when_text_is_below_it() -> None:
    terminal = screen("1\r\n2\r\n3\r\n4\x1b[1;2H")
    terminal.resize(10, 2)
    assert place(terminal) == (0, 1)
    assert terminal.text()[0] == "1"


def test_the_scrollback_reflows_and_stays_bounded() -> None:
    terminal = screen("".join(f"{number:08d}\r\n" for number in range(10)), cols=8, rows=2, scrollback=5)
    terminal.resize(4, 2)
    assert len(terminal.scrollback_text()) == 5
    assert "".join(everything(terminal)).endswith("00000009")
    assert terminal.first_stable + 5 == terminal.stable_top


def test_the_alternate_screen_is_cropped_and_the_primary_one_reflows_behind_it() -> None:
    terminal = screen("abcdefgh\x1b[?1049h\x1b[2J\x1b[HABCDEFGH\r\nX")
    terminal.resize(4, 4)
    assert terminal.text()[:2] == ["ABCD", "X"]
    assert place(terminal) == (1, 1)
    terminal.feed(b"\x1b[?1049l")
    assert terminal.text()[:2] == ["abcd", "efgh"]
    assert (place(terminal), terminal.cursor.pending_wrap) == ((1, 3), True)


def test_the_alternate_screen_keeps_its_cursor_row() -> None:
    terminal = screen("\x1b[?1049h1\r\n2\r\n3\r\n4")
    terminal.resize(10, 2)
    assert terminal.text() == ["3", "4"]


def test_colours_and_links_move_along() -> None:
    terminal = screen("\x1b[31mabcd\x1b]8;;http://x\x1b\\efgh")
    terminal.resize(4, 4)
    assert (terminal.cell(1, 0).fg, terminal.cell(1, 0).hyperlink) == (1, "http://x")


def test_margins_and_tab_stops() -> None:
    terminal = screen("\x1b[2;3r\x1b[3g\x1b[1;3H\x1bH")
    terminal.resize(20, 6)
    terminal.feed(b"\x1b[H\t")
    assert place(terminal) == (0, 2)
    terminal.feed(b"\t")
    assert place(terminal) == (0, 16)
    terminal.feed(b"\x1b[6;1H\n\x1b[1;1Hx")
    assert terminal.text()[0] == "x"


def test_prompt_marks_move_along() -> None:
    terminal = screen("abcdefgh\r\n\x1b]133;A\x07$ ")
    terminal.resize(4, 4)
    assert [terminal.row_text(row) for row in terminal.prompt_rows()] == ["$"]


def test_in_band_resize_reports() -> None:
    terminal = Terminal(10, 4, settings=TerminalSettings(cell_width_px=8, cell_height_px=16))
    terminal.feed(b"\x1b[?2048h")
    terminal.take_output()
    terminal.resize(20, 5)
    assert terminal.take_output() == b"\x1b[48;5;20;80;160t"


@pytest.mark.parametrize("size", [(0, 1), (1, 0), (-1, 5)])
def test_no_size_below_one(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least one row"):
        Terminal(2, 2).resize(*size)
    with pytest.raises(ValueError, match="at least one row"):
        Terminal(*size)


def test_a_resize_changes_every_row() -> None:
    terminal = screen("abc")
    before = terminal.seqno
    terminal.resize(10, 5)
    assert terminal.changed_rows(before) == [0, 1, 2, 3, 4]
    assert terminal.resize_count == 1
