"""The interning tables: equal things get one number, growth keeps numbers, limits hold."""

from __future__ import annotations

from perilune.cells import packing
from perilune.vt import Terminal
from perilune.vt.grid import MARK_PROMPT, WRAPPED


def clusters(count: int) -> str:
    """Different clusters of two code points."""
    return "".join(chr(0x4E00 + number) + chr(0x300 + number % 64) for number in range(count))


def test_numbers_survive_growth() -> None:
    terminal = Terminal(40, 30, scrollback=100)
    text = clusters(500)
    terminal.feed(text.encode())
    assert "".join(terminal.scrollback_text() + terminal.text()) == text
    before = terminal.clusters.count
    terminal.feed(b"\x1b[H" + text.encode())
    assert terminal.clusters.count == before


def test_links_and_extras_survive_growth() -> None:
    terminal = Terminal(40, 30, scrollback=100)
    for number in range(500):
        terminal.feed(b"\x1b]8;;http://host/%d\x1b\\\x1b[58;5;%dmx" % (number, number % 256))
    row, col = 4, 7
    number = row * 40 + col
    cell = terminal.cell(row, col)
    assert (cell.hyperlink, cell.underline_color) == (f"http://host/{number}", number % 256)
    before = terminal.extras.count
    terminal.feed(b"\x1b]8;;http://host/3\x1b\\\x1b[58;5;3mx")
    # The old colour with the new link, and then the new pair, which is known.
    assert terminal.extras.count <= before + 1


def test_the_cluster_table_is_bounded() -> None:
    terminal = Terminal(80, 2, scrollback=0)
    marks = [chr(0x300 + number) for number in range(100)]
    for base in range(0x4E00, 0x4E00 + 1400):
        terminal.feed("".join(chr(base) + mark for mark in marks).encode())
    assert terminal.dropped
    assert terminal.clusters.count <= 1 << 17
    terminal.feed(b"\r\nstill here")
    assert terminal.text()[1] == "still here"


def test_the_cores_constants_are_the_packings() -> None:
    terminal = Terminal(4, 1)
    terminal.feed("\x1b[1;2;3;4:2;5;6;7;8;9;53m漢e\u0301".encode())
    row = terminal.cells_of_row(0)
    assert row[0].width == 2
    assert row[2].text == "e\u0301"
    wanted = ["bold", "dim", "italic", "blink", "reverse", "invisible", "strikethrough", "overline"]
    assert all(getattr(row[0], name) for name in wanted)
    assert row[0].underline == 2
    assert (WRAPPED, MARK_PROMPT) == (1, 4)
    assert packing.RENDITION_MASK == 0x0FFF
