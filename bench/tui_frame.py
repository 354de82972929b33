"""What a frame costs the diff writer: a full redraw of 200 x 60, and one changed row.

Run: .venv/bin/python bench/tui_frame.py [--json] [--uncompiled]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.cells.buffer import CellBuffer
    from perilune.tui.diff import DiffWriter

COLS, ROWS = 200, 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--uncompiled", action="store_true", help="run the .py, not the compiled module")
    arguments = parser.parse_args()
    if arguments.uncompiled:
        os.environ["PERILUNE_UNCOMPILED"] = "1"
    results = measure(repeats=3 if arguments.uncompiled else 60)
    if arguments.json:
        print(json.dumps(results))
        return
    for name, value in results.items():
        print(f"{name:32} {value}")


def measure(repeats: int) -> dict[str, float]:
    # After PERILUNE_UNCOMPILED is set.
    from perilune.cells.buffer import CellBuffer  # noqa: PLC0415
    from perilune.cells.packing import BOLD, COLOR_INDEXED, COLOR_RGB  # noqa: PLC0415
    from perilune.cells.tables import CellTables  # noqa: PLC0415
    from perilune.tui.capabilities import HostCapabilities  # noqa: PLC0415
    from perilune.tui.diff import DiffWriter  # noqa: PLC0415

    rng = random.Random(7)
    tables = CellTables()

    def text_row(buffer: CellBuffer, row: int) -> None:
        """Like a coloured listing: words, each in its own colour, and a blank rest."""
        col = 0
        while col < COLS - 30:
            word = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789_./", k=rng.randint(2, 12)))
            fg = rng.choice((0, 0, COLOR_INDEXED | rng.randrange(16), COLOR_RGB | rng.randrange(1 << 24)))
            col = buffer.put_text(row, col, word + " ", fg, 0, rng.choice((0, 0, BOLD)))

    def dense_row(buffer: CellBuffer, row: int) -> None:
        """The worst: every cell another colour."""
        for col in range(COLS):
            fg, bg = (COLOR_RGB | rng.randrange(1 << 24) for _ in range(2))
            buffer.put_cluster(row, col, chr(rng.randrange(33, 126)), 1, fg, bg, 0)

    def wide_row(buffer: CellBuffer, row: int) -> None:
        for col in range(0, COLS, 2):
            buffer.put_cluster(row, col, chr(rng.randrange(0x4E00, 0x9FA0)), 2, 0, 0, 0)

    results: dict[str, float] = {}
    for name, fill in (("text", text_row), ("dense colour", dense_row), ("wide", wide_row)):
        for depth, colors in (("", 1 << 24), (" in 256 colours", 256)):
            if depth and name == "wide":
                continue
            buffer = CellBuffer(COLS, ROWS, tables)
            for row in range(ROWS):
                fill(buffer, row)
            writer = DiffWriter(HostCapabilities(colors=colors), COLS, ROWS)
            full, size = time_draws(writer, buffer, repeats, prepare=writer.invalidate)
            results[f"full redraw {name}{depth} ms"] = full
            results[f"full redraw {name}{depth} kB"] = round(size / 1000, 1)
            if not depth:
                one, size = time_draws(writer, buffer, repeats, prepare=lambda f=fill, b=buffer: f(b, 30))
                results[f"one row {name} ms"] = one
                results[f"one row {name} bytes"] = size
    return results


def time_draws(
    writer: DiffWriter, buffer: CellBuffer, repeats: int, prepare: Callable[[], None]
) -> tuple[float, int]:
    """Median milliseconds and bytes of a draw, `prepare` not counted."""
    times = []
    size = 0
    buffer.touched[:] = bytes(len(buffer.touched))
    for _ in range(repeats):
        prepare()
        out = bytearray()
        start = time.perf_counter()
        writer.draw(buffer, out)
        times.append(time.perf_counter() - start)
        buffer.touched[:] = bytes(len(buffer.touched))
        size = len(out)
    return round(statistics.median(times) * 1000, 4), size


if __name__ == "__main__":
    sys.exit(main())
