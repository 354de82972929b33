"""Random byte streams that look like what programs send, and the state of a terminal as one comparable value."""

from __future__ import annotations

import random

from perilune.vt import Terminal

TEXTS = [
    "a", "hello", " ", "x" * 30, "漢字", "é", "e\u0301", "👩\u200d🚀", "🇩🇪", "☺\ufe0f", "⌚\ufe0e", "\u200d", "\u0301",
    "कि", "क्ष", "각", "\u1100\u1161", "\u0600a", "\u200b", "\xad", "🏻", "\ufffd", "1\ufe0f\u20e3", "ﷺ",
]  # fmt: skip
FINALS = "@ABCDEFGHIJKLMPSTXZ`abcdefghijklmnpqrstuwx^"
PRIVATE = [
    1,
    3,
    5,
    6,
    7,
    9,
    12,
    25,
    40,
    45,
    47,
    66,
    69,
    1000,
    1002,
    1006,
    1045,
    1047,
    1048,
    1049,
    2004,
    2026,
    2027,
]
STRINGS = [
    "8;;http://x", "8;id=1;http://y", "8;;", "0;title", "2;\u00e9", "4;1;?", "4;1;rgb:1/2/3", "10;?", "104", "52;c;aGk=",
    "133;A", "133;B", "133;C", "133;D;1", "1337;SetUserVar=a=aGk=", "9;4;1;50", "9;text", "777;notify;a;b", "7;file:///",
    "", ";", "8", "133", "999;x", "l\x00x",
]  # fmt: skip


def piece(rng: random.Random) -> bytes:
    """One control function or some text."""
    kind = rng.randrange(14)
    if kind < 4:
        return rng.choice(TEXTS).encode()
    if kind == 4:
        return rng.choice(
            [b"\n", b"\r", b"\r\n", b"\b", b"\t", b"\x0b", b"\x0e", b"\x0f", b"\x07", b"\x00", b"\x7f"]
        )
    if kind < 9:
        params = rng.choice(
            ["", ";", "0", "1", "2", "3", "5", "9", "99", "2;4", "3;1", ";3", "1;2;3", "70000"]
        )
        middle = rng.choice([""] * 12 + [" ", "!", '"', "$", "'", "*"])
        return (
            f"\x1b[{rng.choice([''] * 9 + ['?', '>', '<', '='])}{params}{middle}{rng.choice(FINALS)}".encode()
        )
    if kind == 9:
        colors = [
            "38;5;9",
            "48;2;1;2;3",
            "38:2::9:8:7",
            "58:5:3",
            "4:3",
            "0",
            "1;3;9",
            "7",
            "21",
            "59",
            "100",
            "38;5",
        ]
        return f"\x1b[{rng.choice(colors)}m".encode()
    if kind == 10:
        return f"\x1b[?{rng.choice(PRIVATE)}{rng.choice('hlsr')}".encode()
    if kind == 11:
        return f"\x1b]{rng.choice(STRINGS)}{rng.choice([chr(7), chr(27) + chr(92)])}".encode()
    if kind == 12:
        return rng.choice(
            [b"\x1bD", b"\x1bM", b"\x1bE", b"\x1b7", b"\x1b8", b"\x1bH", b"\x1b(0", b"\x1b(B", b"\x1bN", b"\x1b#8",
             b"\x1b6", b"\x1b9", b"\x1bc", b"\x1bP$qm\x1b\\", b"\x1bP+q544e\x1b\\", b"\x1b_x\x1b\\", b"\x1bV", b"\x1bW"]
        )  # fmt: skip
    return bytes(rng.randrange(256) for _ in range(rng.randrange(1, 6)))


def stream(seed: int, pieces: int) -> bytes:
    """A reproducible stream."""
    rng = random.Random(seed)
    return b"".join(piece(rng) for _ in range(pieces))


def state(terminal: Terminal) -> list[object]:
    """Everything that a viewer or a program can see."""
    cells = [
        [
            terminal.cells_of_row(row)
            for row in range(terminal.first_stable, terminal.stable_top + terminal.rows)
        ],
        [
            terminal.row_wrapped(row)
            for row in range(terminal.first_stable, terminal.stable_top + terminal.rows)
        ],
    ]
    return [
        cells,
        terminal.cursor,
        terminal.modes,
        terminal.title,
        terminal.icon_title,
        terminal.first_stable,
        terminal.stable_top,
        terminal.take_output(),
        [event for event in terminal.take_events() if type(event).__name__ != "Bell"],
        terminal.dropped,
    ]


def check_grid(terminal: Terminal) -> None:
    """What holds whatever was fed."""
    assert terminal.failure is None
    cursor = terminal.cursor
    assert 0 <= cursor.row < terminal.rows, cursor
    assert 0 <= cursor.col < terminal.cols, cursor
    for stable in range(terminal.first_stable, terminal.stable_top + terminal.rows):
        widths = [cell.width for cell in terminal.cells_of_row(stable)]
        assert len(widths) == terminal.cols
        for col, width in enumerate(widths):
            if width == 2:
                assert col + 1 < len(widths), (stable, widths)
                assert widths[col + 1] == 0, (stable, widths)
            if width == 0:
                assert col, (stable, widths)
                assert widths[col - 1] == 2, (stable, widths)
