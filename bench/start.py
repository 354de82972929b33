"""Time to the first frame of `perilune start`, against a bare Python start; ratios, --json for programs.

The first frame counts when its bar has reached the host; the prompt when a shell has said something.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import select
import statistics
import subprocess
import sys
import time


def until(marks: list[bytes], command: list[str], env: dict[str, str]) -> list[float]:
    """Seconds from the start of `command` on a pty until each mark was seen in its output."""
    master, slave = pty.openpty()
    os.set_blocking(master, False)
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
    )
    os.close(slave)
    seen = b""
    times: list[float] = []
    try:
        while len(times) < len(marks) and time.perf_counter() - started < 20:
            if select.select([master], [], [], 0.5)[0]:
                try:
                    seen += os.read(master, 65536)
                except OSError:
                    break
                while len(times) < len(marks) and marks[len(times)] in seen:
                    times.append(time.perf_counter() - started)
    finally:
        process.kill()
        process.wait()
        os.close(master)
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    env = {**os.environ, "TERM": "xterm-256color"}
    shell = ["/bin/sh", "-c", "echo PROMPT-$((1)); sleep 9"]
    perilune = [sys.executable, "-m", "perilune", "-n", "start", "--", *shell]
    rows: dict[str, list[float]] = {"python": [], "first frame": [], "prompt": []}
    for _ in range(arguments.repeat):
        rows["python"] += until([b"up"], [sys.executable, "-c", "print('up')"], env)
        frame, prompt = until([b"1: ", b"PROMPT-1"], perilune, env)
        rows["first frame"].append(frame)
        rows["prompt"].append(prompt)
    median = {name: statistics.median(values) * 1000 for name, values in rows.items()}
    result = {
        "median_ms": median,
        "first_frame_over_python": median["first frame"] / median["python"],
        "first_frame_over_budget_of_150_ms": median["first frame"] / 150,
    }
    if arguments.json:
        print(json.dumps(result))
        return
    for name, value in median.items():
        print(f"{name:12} {value:7.1f} ms   {value / median['python']:5.2f} x bare Python")
    print(f"of the budget of 150 ms: {result['first_frame_over_budget_of_150_ms']:.2f}")


if __name__ == "__main__":
    main()
