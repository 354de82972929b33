"""Measure the throughput of the terminal core on made-up workloads, and what its scrollback and frames cost.

The workloads are of the kinds that vtebench has, made by our own code from a seed, and a recorded session.
`pty` is what this machine's pty delivers into nothing; `read_loop` is plain text through a pipe, read and
parsed, alone and beside a busy Python thread. Required of the compiled core: 100 MB/s or 1.5 times the pty
on each workload, 30 MB/s where one character a line scrolls; and that the read loop and a busy Python
thread each keep four fifths of their rates beside the other. The exit status is 1 when something is missed.
Peers (pyte, pyghostty), where they are installed, are fed the same, each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Self

from perilune.cli.bench_vt_workloads import COLS, ROWS, SCROLLBACK, WORKLOADS, made

__all__ = ["SUMMARY", "WORKLOADS", "add_arguments", "rate", "run"]

SUMMARY = "how fast the terminal core takes what programs write"

PEERS = ("pyte", "pyghostty")
_PEER_SECONDS = 60


def rate(data: bytes, megabytes: float, rounds: int = 3) -> float:
    """MB/s of feeding `data` again and again, the best of some rounds."""
    from perilune.vt import Terminal  # noqa: PLC0415 - only when this benchmark is asked for

    repeats = max(1, int(megabytes * 1e6 / len(data)))
    best = 0.0
    for _ in range(rounds):
        terminal = Terminal(COLS, ROWS, scrollback=SCROLLBACK)
        start = time.perf_counter()
        for _ in range(repeats):
            terminal.feed(data)
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
    terminal = Terminal(COLS, ROWS, scrollback=SCROLLBACK)
    start = time.perf_counter()
    while terminal.read_loop(read_fd, wake_write) != "eof":
        terminal.take_events()
        terminal.take_output()
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

    terminal = Terminal(200, 60)
    terminal.feed("some \x1b[31mcolourful\x1b[m text, 漢字 and e\u0301 ".encode() * 400)
    frame = CellBuffer(200, 60, CellTables())
    terminal.render_rows(frame, 0, 0, 60, 200)
    start = time.perf_counter()
    for _ in range(200):
        terminal.render_rows(frame, 0, 0, 60, 200)
    full = (time.perf_counter() - start) / 200 * 1e3
    seen = terminal.seqno
    start = time.perf_counter()
    for _ in range(200):
        terminal.feed(b"\x1b[5Hx")
        seen = terminal.render_rows(frame, 0, 0, 60, 200, since=seen)
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
        terminal = Terminal(COLS, ROWS, scrollback=SCROLLBACK)
        empty = terminal.memory_used()
        terminal.feed(line * (2 * SCROLLBACK))
        result[f"bytes_per_{name}_line"] = (terminal.memory_used() - empty) / terminal.scrollback_rows
    return result


def resize_cost() -> dict[str, float]:
    """Milliseconds of one step of a resize, with a full scrollback."""
    from perilune.vt import Terminal  # noqa: PLC0415 - only when this benchmark is asked for

    terminal = Terminal(200, 60, scrollback=SCROLLBACK)
    terminal.feed(
        b"".join(b"line %d " % number + b"word " * (number % 60) + b"\r\n" for number in range(5000))
    )
    start = time.perf_counter()
    for step in range(40):
        terminal.resize(199 - step % 2, 60)
    return {"resize_ms": (time.perf_counter() - start) / 40 * 1e3}


def peer_rates(name: str, seed: int) -> dict[str, float]:
    """MB/s of a peer on each workload, in a process of its own, which may crash; {}: not there."""
    command = [sys.executable, "-m", "perilune.cli.bench_vt_peers", name, str(seed)]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=_PEER_SECONDS, check=False)
        output = ended.stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout.decode() if isinstance(late.stdout, bytes) else ""
    rates: dict[str, float] = {}
    for line in output.splitlines():
        workload, _, value = line.partition(" ")
        if workload in WORKLOADS and value:
            rates[workload] = float(value)
    return rates


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--megabytes", type=float, default=20, help="of each workload")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-peers", action="store_true", help="leave the other terminals out")


@dataclass(frozen=True)
class Verdict:
    """One requirement: what was asked for, what was measured."""

    name: str
    unit: str
    required: float
    measured: float

    @property
    def is_met(self) -> bool:
        """Whether it is enough."""
        return self.measured >= self.required


def _required(name: str, pty: float) -> float:
    if name.startswith("scrolling") and name != "scrolling_full_lines":
        return 30.0
    return min(100.0, 1.5 * pty)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print.

    Returns:
        The exit status: 0; 1 when the compiled core is too slow somewhere.
    """
    from perilune.vt import terminal  # noqa: PLC0415 - only when this benchmark is asked for

    compiled = not terminal.__file__.endswith(".py")
    megabytes = arguments.megabytes if compiled else min(arguments.megabytes, 0.2)
    data = made(arguments.seed)
    rates = {name: rate(one, megabytes) for name, one in data.items()}
    # Long enough that a thread switch or two do not show.
    loop_megabytes = max(100.0, megabytes * 4) if compiled else megabytes
    alone = read_loop_rate(data["plain_text"], loop_megabytes)
    python_alone = python_rate(0.5)
    with _Spinner() as spinner:
        before, start = spinner.count, time.perf_counter()
        beside = read_loop_rate(data["plain_text"], loop_megabytes)
        kept = (spinner.count - before) / (time.perf_counter() - start) / python_alone
    pty = pty_rate(megabytes)
    verdicts = [Verdict(name, "MB/s", _required(name, pty), value) for name, value in rates.items()]
    verdicts += [
        Verdict("pane_beside_busy_python", "share", 0.8, beside / alone),
        Verdict("busy_python_beside_pane", "share", 0.8, kept),
    ]
    missed = [verdict.name for verdict in verdicts if compiled and not verdict.is_met]
    peers = {} if arguments.no_peers else {name: peer_rates(name, arguments.seed) for name in PEERS}
    result: dict[str, object] = {
        "compiled": compiled,
        "mb_per_s": {name: round(value, 1) for name, value in rates.items()},
        "peers_mb_per_s": peers,
        "pty_mb_per_s": round(pty, 1),
        "read_loop_mb_per_s": round(alone, 1),
        "read_loop_beside_busy_python_mb_per_s": round(beside, 1),
        "python_kept": round(kept, 2),
        **{
            name: round(value, 4)
            for name, value in (frame_costs() | resize_cost() | bytes_per_line()).items()
        },
        "verdicts": [
            {
                "name": verdict.name,
                "unit": verdict.unit,
                "required": round(verdict.required, 2),
                "measured": round(verdict.measured, 2),
                "met": verdict.is_met,
            }
            for verdict in verdicts
        ],
        "missed": missed,
    }
    if arguments.json:
        print(json.dumps(result, indent=1))
    else:
        _print(result, verdicts, peers, compiled=compiled)
    return 1 if missed else 0


def _print(
    result: dict[str, object], verdicts: list[Verdict], peers: dict[str, dict[str, float]], *, compiled: bool
) -> None:
    columns = [name for name in PEERS if peers.get(name)]
    print(f"{'':31}{'measured':>10}{'required':>10}{'':7}" + "".join(f"{name:>11}" for name in columns))
    for verdict in verdicts:
        word = "ok" if verdict.is_met else "MISSED" if compiled else "slower"
        line = f"{verdict.name:31}{verdict.measured:10.1f}{verdict.required:10.1f} {word:6}"
        if verdict.unit == "share":
            line = f"{verdict.name:31}{verdict.measured:10.0%}{verdict.required:10.0%} {word:6}"
        else:
            values = [peers[name].get(verdict.name) for name in columns]
            line += "".join("    crashed" if value is None else f"{value:11.1f}" for value in values)
        print(line.rstrip())
    for name, shown in result.items():
        if not isinstance(shown, dict | list):
            print(f"{name:41}{shown!s:>7}")
    missed = [verdict.name for verdict in verdicts if not verdict.is_met]
    if not compiled:
        print("This is the uncompiled core: the requirements are the compiled one's.")
    elif missed:
        print(f"{len(missed)} of {len(verdicts)} requirements missed: {', '.join(missed)}")
    else:
        print(f"All {len(verdicts)} requirements met.")
