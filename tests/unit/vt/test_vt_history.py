"""The packed scrollback: what goes in comes out, at any width, in little memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.vt import Terminal

ROWS = 3


def fed(data: bytes, cols: int = 10, scrollback: int = 100) -> Terminal:
    terminal = Terminal(cols, ROWS, scrollback=scrollback)
    terminal.feed(data)
    return terminal


def test_cells_come_back_with_everything_they_had() -> None:
    line = (
        '\x1b[1;31mab\x1b[48;2;1;2;3m漢\x1b[m e\u0301\x1b]8;;http://x\x1b\\L\x1b]8;;\x1b\\\x1b[1"qP\x1b[0"q'
    )
    terminal = fed((line + "\r\n").encode())
    before = terminal.cells_of_row(terminal.stable_top)
    terminal.feed(b"\r\n" * (ROWS + 2))
    assert terminal.first_stable < terminal.stable_top
    assert terminal.cells_of_row(terminal.first_stable) == before


def test_a_background_reaches_as_far_as_it_did() -> None:
    terminal = fed(b"ab\x1b[44m\x1b[K\x1b[m\r\n" + b"\r\n" * ROWS)
    assert [cell.bg for cell in terminal.cells_of_row(0)] == [None] * 2 + [4] * 8


@given(
    lines=st.lists(st.text(st.sampled_from("ab 漢é"), max_size=40), min_size=1, max_size=12),
    widths=st.lists(st.integers(2, 45), max_size=5),
)
def test_lines_survive_any_widths(lines: list[str], widths: list[int]) -> None:
    terminal = Terminal(12, ROWS, scrollback=1000)
    terminal.feed("\r\n".join([*lines, ""]).encode())
    expected = [line.rstrip(" ") for line in lines]
    for width in [12, *widths]:
        terminal.resize(width, ROWS)
        seen = [text for _, text in terminal.logical_lines()]
        while seen and not seen[-1]:
            seen.pop()
        while expected and not expected[-1]:
            expected.pop()
        assert seen == expected
        # Rows and numbers agree with each other.
        rows = range(terminal.first_stable, terminal.stable_top + terminal.rows)
        assert len(terminal.scrollback_text()) == terminal.scrollback_rows
        assert [terminal.row_text(row) for row in rows] == terminal.scrollback_text() + terminal.text()


def test_the_oldest_rows_go_even_from_the_middle_of_a_line() -> None:
    terminal = fed(b"0123456789" * 8 + b"\r\n" * ROWS, scrollback=4)
    assert terminal.scrollback_rows == 4
    assert terminal.first_stable == 4
    assert terminal.row_text(4) == "0123456789"
    # Narrower, they make twice the rows, and only the newest are kept.
    terminal.resize(5, ROWS)
    assert terminal.scrollback_rows == 4
    terminal.resize(20, ROWS)
    assert "".join(terminal.scrollback_text()).endswith("0123456789")


def test_wide_characters_survive_one_column_or_go_whole() -> None:
    for scrollback in (3, 4, 100):
        terminal = Terminal(8, 2, scrollback=scrollback)
        terminal.feed("漢字漢字漢字漢字漢字".encode())
        terminal.resize(1, 2)
        terminal.resize(9, 2)
        for row in range(terminal.first_stable, terminal.stable_top + 2):
            widths = [cell.width for cell in terminal.cells_of_row(row)]
            assert widths.count(2) == widths.count(0)
            assert widths[0] != 0


def test_a_very_long_line_is_kept_in_pieces_that_read_as_one() -> None:
    terminal = fed(b"x" * 20000, scrollback=5000)
    [(first, text)] = terminal.logical_lines()
    assert (first, len(text)) == (0, 20000)
    for width in (7, 33):
        terminal.resize(width, ROWS)
        assert "".join(text for _, text in terminal.logical_lines()).replace(" ", "") == "x" * 20000


def test_ed_3_forgets_it_and_numbers_go_on() -> None:
    terminal = fed(b"a\r\n" * 20)
    top = terminal.stable_top
    terminal.feed(b"\x1b[3J")
    assert (terminal.scrollback_rows, terminal.first_stable, terminal.stable_top) == (0, top, top)
    terminal.feed(b"b\r\n" * 5)
    assert terminal.row_text(top).startswith("a")
    assert terminal.scrollback_rows == 5


def test_prompts_are_found_at_any_width() -> None:
    terminal = fed(
        b"".join(b"\x1b]133;A\x07$ \x1b]133;C\x07out put of it %d\r\n" % number for number in range(9))
    )
    for width in (10, 4, 30):
        terminal.resize(width, ROWS)
        prompts = terminal.prompt_rows()
        assert len(prompts) == 9
        assert all(terminal.row_text(row).startswith("$") for row in prompts)
        assert [row for row in range(terminal.stable_top + ROWS) if terminal.row_has_prompt(row)] == prompts


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        (b"x" * 80 + b"\r\n", 160),
        (b"y\r\n", 80),
        # A colour for each cell: no more than it takes to keep them.
        (b"".join(b"\x1b[48;2;%d;2;3mx" % col for col in range(80)) + b"\x1b[m\r\n", 80 * 18 + 60),
    ],
    ids=["ASCII", "short", "dense"],
)
def test_bytes_per_line_are_bounded(line: bytes, limit: int) -> None:
    terminal = Terminal(80, 24, scrollback=2000)
    empty = terminal.memory_used()
    terminal.feed(line * 10000)
    assert terminal.scrollback_rows == 2000
    # The arena may have half its room free.
    assert (terminal.memory_used() - empty) / 2000 < 2 * limit


def test_a_resize_unpacks_what_shows_and_no_more() -> None:
    terminal = fed(b"0123456789ab\r\n" * 90, scrollback=100)
    used = terminal.memory_used()
    for width in (11, 30, 10):
        terminal.resize(width, ROWS)
    assert terminal.memory_used() <= used + 4096


@pytest.mark.parametrize("line", [b"y\r\n", b"x" * 79 + b"\r\n", b"\x1b[31mred\x1b[m and not\r\n"])
def test_a_full_scrollback_needs_no_more_room(line: bytes) -> None:
    # Room is made under the GIL, for which a flooding pane would wait beside a busy Python thread.
    terminal = Terminal(80, 24, scrollback=500)
    terminal.feed(line * 3000)
    used = terminal.memory_used()
    for _ in range(10):
        terminal.feed(line * 700)
        assert terminal.memory_used() == used
