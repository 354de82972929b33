"""Sizes that no screen has are refused in one sentence, compiled or not."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal


@pytest.mark.parametrize("size", [(65536, 65536), (46341, 92682), (20000, 20000), (1, 1 << 40)])
def test_more_cells_than_any_screen_are_refused(size):
    with pytest.raises(ValueError, match="at most 16000000 cells"):
        Terminal(*size)
    terminal = Terminal(80, 24)
    with pytest.raises(ValueError, match="at most 16000000 cells"):
        terminal.resize(*size)
    terminal.feed("你好\r\nabc\t\x1b[2J\x1b[10;10Hé".encode())
    assert terminal.text()[9].strip() == "é"


@pytest.mark.parametrize("size", [(16000, 2), (2, 16000)])
def test_long_and_thin_screens_work(size):
    terminal = Terminal(*size, scrollback=5)
    terminal.feed("ab漢\x1b[999999;999999Hz".encode())
    assert (terminal.cursor.row, terminal.cursor.col) == (size[1] - 1, size[0] - 1)
