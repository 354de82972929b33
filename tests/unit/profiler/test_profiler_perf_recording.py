"""Programs are recorded with the perf of this machine, and what it says is what they do."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from profile_samples import read_perf, rows_of

from perilune.profiler.importers import Reading, read_capture
from perilune.profiler.measures import Capture
from perilune.profiler.rules import choose

C_PROGRAM = r"""
#include <time.h>
static volatile unsigned long sink;
__attribute__((noinline)) static void work(int n) { for (int i = 0; i < n; i++) sink += i * i; }
__attribute__((noinline)) static void caller(int n) { work(n); sink++; }
int main(void) {
  /* As long as it takes to be sampled some dozen times, on a machine of any speed. */
  clock_t end = clock() + CLOCKS_PER_SEC / 2;
  while (clock() < end) caller(2000000);
  return 0;
}
"""


@functools.cache
def why_not() -> str:
    """Why perf cannot be used here; "" if it can."""
    if shutil.which("perf") is None:
        return "perf is not installed"
    done = subprocess.run(
        ["perf", "record", "-q", "-e", "cpu-clock", "-o", "/dev/null", "true"], capture_output=True, text=True
    )
    return "" if done.returncode == 0 else f"perf cannot record here: {done.stderr.strip()[-200:]}"


def record(tmp_path: Path, options: list[str], command: list[str]) -> str:
    if why_not():
        pytest.skip(why_not())
    data = tmp_path / "data"
    done = subprocess.run(
        ["perf", "record", "-q", "-e", "cpu-clock", *options, "-o", str(data), *command],
        cwd=tmp_path,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    shown = subprocess.run(["perf", "script", "-i", str(data)], capture_output=True, text=True, check=True)
    return shown.stdout


@pytest.fixture
def program(tmp_path: Path) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    (tmp_path / "p.c").write_text(C_PROGRAM)
    command = [
        compiler,
        "-g",
        "-O1",
        "-fno-omit-frame-pointer",
        "-fno-optimize-sibling-calls",
        "p.c",
        "-o",
        "prog",
    ]
    subprocess.run(command, cwd=tmp_path, check=True)
    return tmp_path / "prog"


def test_a_c_program_with_frame_pointers(program: Path, tmp_path: Path) -> None:
    text = record(tmp_path, ["-F", "99", "-g"], [str(program)])
    profile, _ = read_perf(text)
    assert sum(count for count, _ in rows_of(profile).values()) == text.count(" cpu-clock:")
    working = [row for row in rows_of(profile) if any(frame.symbol == "work" for frame in row[2])]
    assert working
    for event, thread, stack in working:
        names = [frame.symbol for frame in stack]
        assert (event, thread.name) == ("cpu-clock", "prog") or event.startswith("cpu-clock")
        assert names.index("main") < names.index("work")
        assert next(frame for frame in stack if frame.symbol == "work").module == str(program)


def test_a_c_program_by_dwarf(program: Path, tmp_path: Path) -> None:
    text = record(tmp_path, ["-F", "49", "--call-graph", "dwarf,8192"], [str(program)])
    profile, _ = read_perf(text)
    capture = Capture.of(profile, profile.main_event(), choose(profile, 0))
    assert capture.shares.share(capture.shares.symbols["work", "prog"].total) > 0.5


def test_cpython(tmp_path: Path) -> None:
    code = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: sum(i * i for i in range(2000))"
    text = record(tmp_path, ["-F", "99", "-g"], [sys.executable, "-c", code])
    path = tmp_path / "python.perf"
    path.write_text(text)
    profile = read_capture(path, Reading())
    assert profile.meta.kind == "perf"
    event = profile.main_event()
    assert event is not None
    capture = Capture.of(profile, event, choose(profile, event))
    own = sum(share.own.weight for share in capture.shares.components.values())
    assert own == pytest.approx(capture.shares.all.weight)
    # An interpreter without symbols is not known as CPython; what is recorded is read all the same.
    if any(frame.symbol.startswith("_PyEval") for frame in profile.frames):
        assert capture.shares.rules.name == "CPython"
