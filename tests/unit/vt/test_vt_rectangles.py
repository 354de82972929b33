"""Rectangular areas: copy, fill, erase, attributes, checksums; protected cells."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal

FULL = "\x1b[Habcdef\x1b[2Hghijkl\x1b[3Hmnopqr\x1b[4Hstuvwx"


def screen(data: str, cols: int = 6, rows: int = 4) -> Terminal:
    terminal = Terminal(cols, rows, scrollback=20)
    terminal.feed(data.encode())
    return terminal


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b[1;1;2;2;1;3;3$v", ["abcdef", "ghijkl", "mnabqr", "stghwx"]),
        # Overlapping, both ways.
        ("\x1b[1;1;3;3;1;2;2$v", ["abcdef", "gabckl", "mghiqr", "smnowx"]),
        ("\x1b[2;2;4;4;1;1;1$v", ["hijdef", "nopjkl", "tuvpqr", "stuvwx"]),
        # Clipped at the edges.
        ("\x1b[1;1;4;6;1;4;6$v", ["abcdef", "ghijkl", "mnopqr", "stuvwa"]),
        ("\x1b[1;1;99;99;1;2;2$v", ["abcdef", "gabcde", "mghijk", "smnopq"]),
        # Corners the wrong way round, and a target off the screen.
        ("\x1b[3;3;2;2;1;1;1$v", ["abcdef", "ghijkl", "mnopqr", "stuvwx"]),
        ("\x1b[1;1;2;2;1;9;9$v", ["abcdef", "ghijkl", "mnopqr", "stuvwx"]),
        ("\x1b[2;3r\x1b[?6h\x1b[1;1;1;2;1;2;1$v", ["abcdef", "ghijkl", "ghopqr", "stuvwx"]),
        ("\x1b[42;2;2;3;3$x", ["abcdef", "g**jkl", "m**pqr", "stuvwx"]),
        ("\x1b[233;1;1;1;1$x", ["ébcdef", "ghijkl", "mnopqr", "stuvwx"]),
        ("\x1b[7;2;2;3;3$x", ["abcdef", "ghijkl", "mnopqr", "stuvwx"]),
        ("\x1b[42$x", ["******"] * 4),
        ("\x1b[2;2;3;3$z", ["abcdef", "g  jkl", "m  pqr", "stuvwx"]),
        ("\x1b[1;5$z", ["abcd", "ghij", "mnop", "stuv"]),
        ('\x1b[2H\x1b[1"qGH\x1b[0"q\x1b[2;1;2;3${', ["abcdef", "GH jkl", "mnopqr", "stuvwx"]),
        # SPA is not what DECSERA looks at, and what every other erasure looks at.
        ("\x1b[2H\x1bVGH\x1bW\x1b[2;1;2;3${", ["abcdef", "   jkl", "mnopqr", "stuvwx"]),
        ("\x1b[2H\x1bVGH\x1bW\x1b[2J", ["", "GH", "", ""]),
        ("\x1b[2H\x1bVGH\x1bW\x1b[2H\x1b[5X", ["abcdef", "GH   l", "mnopqr", "stuvwx"]),
        ('\x1b[2H\x1b[1"qGH\x1b[2J', ["", "", "", ""]),
        ("\x1b[2H\x1bVGH\x1b[!p\x1b[2J", ["", "", "", ""]),
    ],
)
def test_areas(data: str, expected: list[str]) -> None:
    terminal = screen(FULL + data)
    assert terminal.text() == expected


def test_the_cursor_stays() -> None:
    for data in (
        "\x1b[1;1;2;2;1;3;3$v",
        "\x1b[42;1;1;2;2$x",
        "\x1b[1;1;2;2$z",
        "\x1b[1;1;2;2${",
        "\x1b[1;1;2;2;7$t",
    ):
        cursor = screen(FULL + "\x1b[3;4H" + data).cursor
        assert (cursor.row, cursor.col) == (2, 3)


def test_an_edge_through_a_wide_character_blanks_both_halves() -> None:
    assert screen("漢字漢\x1b[42;1;2;1;3$x").text()[0] == " ** 漢"
    # The source is cut: half a character is no character.
    assert screen("漢字漢\x1b[1;2;1;3;1;2;1$v").text()[:2] == ["漢字漢", ""]
    # The target is cut.
    assert screen("漢字漢\x1b[2Hab\x1b[2;1;2;2;1;1;2$v").text()[0] == " ab 漢"


@pytest.mark.parametrize(
    ("data", "bold"),
    [
        ("\x1b[2*x\x1b[1;2;2;3;1$r", {(0, 1), (0, 2), (1, 1), (1, 2)}),
        ("\x1b[*x\x1b[1;5;2;2;1$r", {(0, 4), (0, 5), (1, 0), (1, 1)}),
        ("\x1b[2*x\x1b[1;2;1;3;1$t", {(0, 1), (0, 2)}),
        ("\x1b[2*x\x1b[1;2;1;3;1;22$r", set()),
    ],
)
def test_attributes(data: str, bold: set[tuple[int, int]]) -> None:
    terminal = screen(FULL + data)
    assert {(row, col) for row in range(4) for col in range(6) if terminal.cell(row, col).bold} == bold
    assert terminal.text() == screen(FULL).text()


def test_reversing_attributes_twice_changes_nothing() -> None:
    terminal = screen("\x1b[1;4;5mab\x1b[mcd")
    before = terminal.cells_of_row(0)
    terminal.feed(b"\x1b[2*x\x1b[1;1;1;4;0$t")
    assert [cell.bold for cell in terminal.cells_of_row(0)][:4] == [False, False, True, True]
    terminal.feed(b"\x1b[1;1;1;4;0$t")
    assert terminal.cells_of_row(0) == before


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b[1;1;1;1;1;1*y", -ord("a")),
        ("\x1b[1;1;1;1;1;6*y", -sum(b"abcdef")),
        ("\x1b[1#y\x1b[1;1;1;1;1;6*y", sum(b"abcdef")),
        ("\x1b[1m\x1b[HA\x1b[1;1;1;1;1;1*y", -(ord("A") + 0x80)),
        ("\x1b[1m\x1b[HA\x1b[2#y\x1b[1;1;1;1;1;1*y", -ord("A")),
        # Blanks: the first cell of a row counts, those at its end do not.
        ("\x1b[2J\x1b[1;1;1;1;1;6*y", -32),
        ("\x1b[2J\x1b[4#y\x1b[1;1;1;1;1;6*y", -6 * 32),
        ("\x1b[2J\x1b[8#y\x1b[1;1;1;1;1;6*y", 0),
        ("\x1b[1;1;9;9;1;1*y", 0),
    ],
)
def test_checksums(data: str, expected: int) -> None:
    terminal = screen(FULL + data)
    assert terminal.take_output() == b"\x1bP1!~%04X\x1b\\" % (expected & 0xFFFF)


def test_any_parameters_are_taken() -> None:
    for final in ("$v", "$x", "$z", "${", "$r", "$t", "*y"):
        for params in (
            "",
            ";;;",
            "65535;65535;65535;65535;65535;65535;65535",
            "1;1;65535;65535;1;65535;65535",
        ):
            for cols, rows in ((1, 1), (2, 1), (6, 4)):
                terminal = screen(f"漢\x1b[{params}{final}", cols, rows)
                assert terminal.failure is None
