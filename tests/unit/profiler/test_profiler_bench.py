"""The import's benchmark runs, and what it makes is what it reads."""

from __future__ import annotations

import json
import subprocess
import sys

from profile_samples import read_perf


def test_the_made_up_text_is_read_whole() -> None:
    command = [
        sys.executable,
        "-m",
        "perilune",
        "bench",
        "profile",
        "--write",
        "--mb",
        "0.5",
        "--stacks",
        "300",
    ]
    text = subprocess.run(command, capture_output=True, check=True).stdout
    profile, reading = read_perf(text)
    assert sum(profile.samples(event) for event in range(2)) == text.count(b" cycles:u: ") + text.count(
        b" page-faults:u: "
    )
    assert len(profile.threads) > 7
    assert any(frame.inlined for frame in profile.frames)
    assert any(frame.kernel for frame in profile.frames)
    assert not reading.left_out


def test_it_measures() -> None:
    command = [sys.executable, "-m", "perilune", "bench", "profile", "--mb", "1", "--stacks", "300", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(
        done.stdout
    )  # whether it is fast enough depends on the machine, and so does the status
    assert found["samples"] > 0
    assert found["mb"] >= 1
    assert found["peak_mb"] > 0
