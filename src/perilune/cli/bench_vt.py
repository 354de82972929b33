"""Measure the throughput of the terminal core on made-up workloads, and what its scrollback and frames cost.

The workloads are of the kinds that vtebench has, made by our own code from a seed. `pty` is what this
machine's pty delivers into nothing; `read_loop` is plain text through a pipe, read and parsed, alone and
beside a busy Python thread; `python_kept` is the share of its rate that the busy Python thread keeps. Each
workload must reach 100 MB/s or 1.5 times the pty, those that scroll one character a line 30 MB/s;
the read loop and the busy thread must keep four fifths of their rates beside each other. pyte, where it is
installed, is fed the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Self

__all__ = ["SUMMARY", "WORKLOADS", "add_arguments", "rate", "run"]

SUMMARY = "how fast the terminal core takes what programs write"

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


def scrolling(_rng: random.Random) -> bytes:
    """One character a line."""
    return b"y\r\n" * 50000


def scrolling_in_region(_rng: random.Random) -> bytes:
    """The same within margins."""
    return b"\x1b[2;%dr\x1b[%dH" % (ROWS - 1, ROWS - 1) + b"y\r\n" * 50000


def scrolling_full_lines(_rng: random.Random) -> bytes:
    """Full lines."""
    return (b"x" * COLS + b"\r\n") * 3000


def synchronized(rng: random.Random) -> bytes:
    """Frames within synchronised updates."""
    return b"".join(b"\x1b[?2026h" + medium_cells(rng) + b"\x1b[?2026l" for _ in range(5))


WORKLOADS: dict[str, Callable[[random.Random], bytes]] = {
    "plain_text": plain_text,
    "log_text": log_text,
    "dense_cells": dense_cells,
    "medium_cells": medium_cells,
    "true_color": true_color,
    "unicode_text": unicode_text,
    "clusters": clusters,
    "cursor_motion": cursor_motion,
    "scrolling": scrolling,
    "scrolling_in_region": scrolling_in_region,
    "scrolling_full_lines": scrolling_full_lines,
    "synchronized": synchronized,
}


def rate(data: bytes, megabytes: float, rounds: int = 3) -> float:
    """MB/s of feeding `data` again and again, the best of some rounds."""
    from perilune.vt import Terminal  # noqa: PLC0415 - only when this benchmark is asked for

    repeats = max(1, int(megabytes * 1e6 / len(data)))
    best = 0.0
    for _ in range(rounds):
        made = Terminal(COLS, ROWS, scrollback=SCROLLBACK)
        start = time.perf_counter()
        for _ in range(repeats):
            made.feed(data)
        best = max(best, repeats * len(data) / (time.perf_counter() - start) / 1e6)
    return best


def pty_rate(megabytes: float) -> float:
    """MB/s that a pty delivers into nothing."""
    master, slave = os.openpty()
    subprocess.run(["stty", "raw", "-echo"], stdin=slave, check=True)
    total = int(megabytes * 1e6)
    writer = threading.Thread(target=_write_all, args=(slave, b"x" * 65536, total), daemon=True)
    start = time.perf_counter()
    writer.start()
    seen = 0
    while seen < total:
        seen += len(os.read(master, 65536))
    elapsed = time.perf_counter() - start
    writer.join()
    os.close(slave)
    os.close(master)
    return seen / elapsed / 1e6


def _write_all(fd: int, block: bytes, total: int) -> None:
    while total > 0:
        total -= os.write(fd, block[:total])


class _Spinner:
    """A Python thread that does nothing but run, and counts how far it came."""

    def __init__(self) -> None:
        self.count = 0
        self._stop = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._stop:
            self.count += 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop = True
        self._thread.join()


def read_loop_rate(data: bytes, megabytes: float) -> float:
    """MB/s through a pipe and the read loop; a child process writes."""
    from perilune.vt import Terminal  # noqa: PLC0415 - only when this benchmark is asked for

    read_fd, write_fd = os.pipe()
    wake_read, wake_write = os.pipe()
    repeats = max(1, int(megabytes * 1e6 / len(data)))
    child = os.fork()
    if child == 0:
        os.close(read_fd)
        for _ in range(repeats):
            _write_all(write_fd, data, len(data))
        os._exit(0)
    os.close(write_fd)
    made = Terminal(COLS, ROWS, scrollback=SCROLLBACK)
    start = time.perf_counter()
    while made.read_loop(read_fd, wake_write) != "eof":
        made.take_events()
        made.take_output()
    elapsed = time.perf_counter() - start
    os.waitpid(child, 0)
    for fd in (read_fd, wake_read, wake_write):
        os.close(fd)
    return repeats * len(data) / elapsed / 1e6


def python_rate(seconds: float) -> float:
    """Steps a second of a busy Python thread with nothing beside it."""
    with _Spinner() as spinner:
        before = spinner.count
        time.sleep(seconds)
        return (spinner.count - before) / seconds


def frame_costs() -> dict[str, float]:
    """Milliseconds of copying 200 x 60 cells into a frame, all of them and one row."""
    from perilune.cells.buffer import CellBuffer  # noqa: PLC0415 - likewise
    from perilune.cells.tables import CellTables  # noqa: PLC0415 - likewise
    from perilune.vt import Terminal  # noqa: PLC0415 - likewise

    made = Terminal(200, 60)
    made.feed("some \x1b[31mcolourful\x1b[m text, 漢字 and e\u0301 ".encode() * 400)
    frame = CellBuffer(200, 60, CellTables())
    made.render_rows(frame, 0, 0, 60, 200)
    start = time.perf_counter()
    for _ in range(200):
        made.render_rows(frame, 0, 0, 60, 200)
    full = (time.perf_counter() - start) / 200 * 1e3
    seen = made.seqno
    start = time.perf_counter()
    for _ in range(200):
        made.feed(b"\x1b[5Hx")
        seen = made.render_rows(frame, 0, 0, 60, 200, since=seen)
    return {"full_frame_ms": full, "one_row_ms": (time.perf_counter() - start) / 200 * 1e3}


def bytes_per_line() -> dict[str, float]:
    """Memory for each scrollback line of 80 columns: plain text, one character, a colour for each cell."""
    from perilune.vt import Terminal  # noqa: PLC0415 - only when this benchmark is asked for

    lines = {
        "ascii": b"x" * COLS + b"\r\n",
        "short": b"y\r\n",
        "dense": b"".join(b"\x1b[48;2;%d;2;3mx" % col for col in range(COLS)) + b"\x1b[m\r\n",
    }
    result = {}
    for name, line in lines.items():
        made = Terminal(COLS, ROWS, scrollback=SCROLLBACK)
        empty = made.memory_used()
        made.feed(line * (2 * SCROLLBACK))
        result[f"bytes_per_{name}_line"] = (made.memory_used() - empty) / made.scrollback_rows
    return result


def resize_cost() -> dict[str, float]:
    """Milliseconds of one step of a resize, with a full scrollback."""
    from perilune.vt import Terminal  # noqa: PLC0415 - only when this benchmark is asked for

    made = Terminal(200, 60, scrollback=SCROLLBACK)
    made.feed(b"".join(b"line %d " % number + b"word " * (number % 60) + b"\r\n" for number in range(5000)))
    start = time.perf_counter()
    for step in range(40):
        made.resize(199 - step % 2, 60)
    return {"resize_ms": (time.perf_counter() - start) / 40 * 1e3}


def pyte_rates(seed: int) -> dict[str, float]:
    """MB/s of pyte on a little of each workload; {} where it is not installed."""
    try:
        import pyte  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - a peer that may be missing
    except ImportError:
        return {}
    rates = {}
    for name, make in WORKLOADS.items():
        data = make(random.Random(seed))[:100_000]  # noqa: S311 - a workload, no secret
        stream = pyte.ByteStream(pyte.Screen(COLS, ROWS))
        start = time.perf_counter()
        stream.feed(data)
        rates[name] = len(data) / (time.perf_counter() - start) / 1e6
    return rates


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--megabytes", type=float, default=20, help="of each workload")
    parser.add_argument("--seed", type=int, default=1)


def _required(name: str, pty: float) -> float:
    return 30.0 if name in ("scrolling", "scrolling_in_region") else min(100.0, 1.5 * pty)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print.

    Returns:
        The exit status: 0; 1 when the compiled core is too slow somewhere.
    """
    from perilune.vt import terminal  # noqa: PLC0415 - only when this benchmark is asked for

    compiled = not terminal.__file__.endswith(".py")
    megabytes = arguments.megabytes if compiled else min(arguments.megabytes, 0.2)
    made = {name: make(random.Random(arguments.seed)) for name, make in WORKLOADS.items()}  # noqa: S311 - no secret
    rates = {name: rate(data, megabytes) for name, data in made.items()}
    text = made["plain_text"]
    # Long enough that a thread switch or two do not show.
    loop_megabytes = max(100.0, megabytes * 4) if compiled else megabytes
    alone = read_loop_rate(text, loop_megabytes)
    python_alone = python_rate(0.5)
    with _Spinner() as spinner:
        before, start = spinner.count, time.perf_counter()
        beside = read_loop_rate(text, loop_megabytes)
        kept = (spinner.count - before) / (time.perf_counter() - start) / python_alone
    pty = pty_rate(megabytes)
    missed = [name for name, value in rates.items() if compiled and value < _required(name, pty)]
    if compiled and beside < 0.8 * alone:
        missed.append("read_loop_beside_busy_python")
    if compiled and kept < 0.8:
        missed.append("python_kept")
    result: dict[str, object] = {
        "compiled": compiled,
        "mb_per_s": {name: round(value, 1) for name, value in rates.items()},
        "pyte_mb_per_s": {name: round(value, 2) for name, value in pyte_rates(arguments.seed).items()},
        "pty_mb_per_s": round(pty, 1),
        "read_loop_mb_per_s": round(alone, 1),
        "read_loop_beside_busy_python_mb_per_s": round(beside, 1),
        "python_kept": round(kept, 2),
        **{
            name: round(value, 4)
            for name, value in (frame_costs() | resize_cost() | bytes_per_line()).items()
        },
        "missed": missed,
    }
    if arguments.json:
        print(json.dumps(result, indent=1))
        return 1 if missed else 0
    for name, value in rates.items():
        print(f"{name:24}{value:10.1f} MB/s{'  too slow' if name in missed else ''}")
    for name, shown in result.items():
        if name not in ("mb_per_s", "pyte_mb_per_s"):
            print(f"{name:40}{shown!s:>12}")
    return 1 if missed else 0
