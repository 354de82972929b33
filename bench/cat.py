"""`cat` of a big file inside `perilune start`, against reading the same pty into nothing. Prints the ratio.

Both are timed by the shell that runs cat: from before it starts until it has written everything. The exit
status is 1 when the ratio is above what is required. Where the scheduler puts cat and its reader on one core
(docs/terminal.md) both figures are others, so look at the runs, too.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import random
import select
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

WORDS = tuple("moon orbit tide crater shadow apogee perigee lunar dust basalt window frame".split())  # noqa: SIM905 - one line


REQUIRED = 1.15


def make_file(path: Path, megabytes: int) -> None:
    """Log-like text, made from a seed."""
    chooser = random.Random(50)
    lines = [
        f"{number:06} {' '.join(chooser.choices(WORDS, k=chooser.randint(3, 14)))}\n"
        for number in range(20_000)
    ]
    block = "".join(lines).encode()
    with path.open("wb") as file:
        for _ in range(megabytes * 1_000_000 // len(block) + 1):
            file.write(block)


def timed(command: list[str], stamps: Path, env: dict[str, str]) -> float:
    """Run on a pty, throw the output away, and read the seconds that the script itself measured."""
    stamps.unlink(missing_ok=True)
    master, slave = pty.openpty()
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
    )
    os.close(slave)
    while True:
        if select.select([master], [], [], 0.1)[0]:
            try:
                if not os.read(master, 1 << 16):
                    break
            except OSError:
                break
        elif process.poll() is not None:
            break
    process.wait()
    os.close(master)
    before, after = (float(word) for word in stamps.read_text().split())
    return after - before


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    env = {**os.environ, "SHELL": "/bin/sh", "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as folder:
        data, stamps = Path(folder, "data"), Path(folder, "stamps")
        make_file(data, arguments.megabytes)
        stamp = f"date +%s.%N >>{stamps}"
        script = f"{stamp}; cat {data}; {stamp}"
        shell = ["/bin/sh", "-c", script]
        bare: list[float] = []
        inside: list[float] = []
        for _ in range(arguments.repeat):
            bare.append(timed(shell, stamps, env))
            inside.append(timed([sys.executable, "-m", "perilune", "-n", "start", "--", *shell], stamps, env))
    size = arguments.megabytes
    ratio = statistics.median(one / other for one, other in zip(inside, bare, strict=True))
    result = {
        "megabytes": size,
        "pty_into_nothing_s": statistics.median(bare),
        "inside_s": statistics.median(inside),
        "ratio": ratio,
        "required_ratio": REQUIRED,
        "met": ratio <= REQUIRED,
        "runs": [[round(one, 3), round(other, 3)] for one, other in zip(bare, inside, strict=True)],
    }
    if arguments.json:
        print(json.dumps(result))
        return 0 if ratio <= REQUIRED else 1
    for name, key in (("pty into nothing", "pty_into_nothing_s"), ("inside perilune ", "inside_s")):
        print(f"{name} {result[key]:6.2f} s  {size / result[key]:6.1f} MB/s")
    for number, (one, other) in enumerate(zip(bare, inside, strict=True), 1):
        print(f"run {number}: {one:.2f} s and {other:.2f} s")
    print(f"ratio            {ratio:6.2f}    required {REQUIRED} {'ok' if ratio <= REQUIRED else 'MISSED'}")
    return 0 if ratio <= REQUIRED else 1


if __name__ == "__main__":
    sys.exit(main())
