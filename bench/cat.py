"""`cat` of a big file inside `perilune start`, against reading the same pty into nothing. Prints the ratio.

Both are timed by the shell that runs cat: from before it starts until it has written everything.
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


def main() -> None:
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
    result = {
        "megabytes": size,
        "pty_into_nothing_s": statistics.median(bare),
        "inside_s": statistics.median(inside),
        "ratio": statistics.median(one / other for one, other in zip(inside, bare, strict=True)),
    }
    if arguments.json:
        print(json.dumps(result))
        return
    for name, key in (("pty into nothing", "pty_into_nothing_s"), ("inside perilune ", "inside_s")):
        print(f"{name} {result[key]:6.2f} s  {size / result[key]:6.1f} MB/s")
    print(f"ratio            {result['ratio']:6.2f}")


if __name__ == "__main__":
    main()
