"""What `perilune bench vt` feeds: the kinds of workload that vtebench has, made by our own code from a seed.

Each is a function of a random generator; the recorded session lies beside this file (a shell, ls, grep, git
diff, vim and less in 100 x 30 cells) and is recorded with `tests/golden/vt/record.py`. No state.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

__all__ = ["COLS", "ROWS", "SCROLLBACK", "WORKLOADS", "made"]

COLS, ROWS, SCROLLBACK = 80, 24, 3500


def plain_text(rng: random.Random) -> bytes:
    """Words in lines."""
    words = [bytes(rng.choices(b"abcdefghijklmnopqrstuvwxyz", k=rng.randrange(2, 11))) for _ in range(500)]
    lines = [b" ".join(rng.choices(words, k=rng.randrange(3, 13))) for _ in range(2000)]
    return b"\r\n".join(lines) + b"\r\n"


def log_text(rng: random.Random) -> bytes:
    """Log lines with a coloured level."""
    levels = [b"\x1b[32mINFO\x1b[0m", b"\x1b[33mWARN\x1b[0m", b"\x1b[1;31mERROR\x1b[0m"]
    line = b"2024-05-01T12:%02d:%02d.%03dZ %s [worker-%d] request %08x took %dms"
    return b"".join(
        line % (rng.randrange(60), rng.randrange(60), rng.randrange(1000), rng.choice(levels),
                rng.randrange(9), rng.getrandbits(32), rng.randrange(900)) + b"\r\n"
        for _ in range(2000)
    )  # fmt: skip


def dense_cells(rng: random.Random) -> bytes:
    """Each cell with colours and attributes of its own."""
    cell = b"\x1b[38;5;%d;48;5;%d;1;3;4m%c"
    return b"\x1b[H" + b"".join(
        cell % (rng.randrange(256), rng.randrange(256), rng.randrange(33, 127)) for _ in range(ROWS * COLS)
    )


def medium_cells(rng: random.Random) -> bytes:
    """A rendition for every twelve cells."""
    parts = [b"\x1b[H"]
    for _ in range(ROWS * COLS // 12):
        text = bytes(rng.choices(range(33, 127), k=12))
        parts.append(b"\x1b[%dm%s" % (rng.choice((0, 1, 31, 32, 33, 34, 44, 97)), text))
    return b"".join(parts)


def true_color(rng: random.Random) -> bytes:
    """Blanks in 24-bit colours."""
    cell = b"\x1b[48;2;%d;%d;%dm "
    return b"\x1b[H" + b"".join(
        cell % (rng.randrange(256), rng.randrange(256), rng.randrange(256)) for _ in range(ROWS * COLS)
    )


def unicode_text(rng: random.Random) -> bytes:
    """Letters, ideographs and box drawing."""
    chars = "äöüßéèñçžšабвгдежзελληνικά漢字仮名交じり文한국어→─│┌┐└┘█▓▒░✓✗"
    return "".join(rng.choices(chars, k=20000)).encode()


def clusters(rng: random.Random) -> bytes:
    """Emoji sequences, combining marks, Hangul."""
    pool = ["👩\u200d🚀", "🇩🇪", "e\u0301", "☺\ufe0f", "👍🏽", "क\u093f", "각", "a", " "]
    return "".join(rng.choices(pool, k=8000)).encode()


def cursor_motion(rng: random.Random) -> bytes:
    """A cursor address for each cell."""
    return b"".join(
        b"\x1b[%d;%dH%c" % (rng.randrange(1, ROWS + 1), rng.randrange(1, COLS + 1), rng.randrange(33, 127))
        for _ in range(10000)
    )


def _scrolling(top: int, bottom: int, line: bytes = b"y\r\n") -> Callable[[random.Random], bytes]:
    """Lines that scroll between two margins; 0 and 0: none."""

    def make(_rng: random.Random) -> bytes:
        margins = b"\x1b[%d;%dr\x1b[%dH" % (top, bottom, bottom) if top else b""
        return margins + line * (150_000 // len(line))

    return make


def synchronized(rng: random.Random) -> bytes:
    """Frames within synchronised updates."""
    return b"".join(b"\x1b[?2026h" + medium_cells(rng) + b"\x1b[?2026l" for _ in range(5))


def light_cells(rng: random.Random) -> bytes:
    """Screens of letters in one rendition."""
    return b"".join(b"\x1b[H" + bytes(rng.choices(range(33, 127), k=ROWS * COLS)) for _ in range(10))


def recorded_session(_rng: random.Random) -> bytes:
    """What real programs wrote."""
    return Path(__file__).with_name("bench_session.vt").read_bytes() + b"\x1b[m\x1b[?1049l\x1b[r"


WORKLOADS: dict[str, Callable[[random.Random], bytes]] = {
    "plain_text": plain_text,
    "log_text": log_text,
    "dense_cells": dense_cells,
    "medium_cells": medium_cells,
    "light_cells": light_cells,
    "true_color": true_color,
    "unicode_text": unicode_text,
    "clusters": clusters,
    "cursor_motion": cursor_motion,
    "synchronized": synchronized,
    "recorded_session": recorded_session,
    "scrolling": _scrolling(0, 0),
    "scrolling_full_lines": _scrolling(0, 0, b"x" * COLS + b"\r\n"),
    "scrolling_top_region": _scrolling(1, ROWS - 1),
    "scrolling_bottom_region": _scrolling(2, ROWS),
    "scrolling_top_small_region": _scrolling(1, ROWS // 2),
    "scrolling_bottom_small_region": _scrolling(ROWS // 2, ROWS),
    "scrolling_middle_region": _scrolling(2, ROWS - 1),
    "scrolling_fullscreen_region": _scrolling(1, ROWS),
}


def made(seed: int) -> dict[str, bytes]:
    """Every workload."""
    return {name: make(random.Random(seed)) for name, make in WORKLOADS.items()}  # noqa: S311 - no secret
