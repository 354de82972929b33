"""Record the field report's scenario with Perilune itself, and write docs/assessment.md from it.

    .venv/bin/python tools/record_story.py tests/golden/profiler/story docs/assessment.md

Five tabs with a title callback, the window resized at every frame while the mouse sweeps over the bar: once
with callbacks at every frame on fresh tables, once with memos, as the program does it. Each is recorded by
Perilune's own recorder (stacks of Python and Lua sampled) and by `perf`, three times. The document is what
`perilune profile assess` makes of the two folders. Needs perf; EXPECT.toml and NOTES.md in the folders are
written by hand, before.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from record_profiles import neutral

WAYS = ("every-frame", "memos")
REPEATS = 3
ROOT = Path(__file__).parents[1]
FRAMES = {"every-frame": 400, "memos": 1600}
RATES = {"every-frame": "99", "memos": "499"}  # of perf; the weight of a sample is the time it stands for
TABS = 5
CONFIG = """
local wezterm = require 'wezterm'
local config = wezterm.config_builder()
local function text_of(tab)
  local title = tab.tab_title ~= '' and tab.tab_title or tab.active_pane.title
  return ' ' .. tab.tab_index + 1 .. ': ' .. title .. ' '
end
wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)
  return {
    { Background = { Color = hover and '#303030' or '#101010' } },
    { Foreground = { Color = tab.is_active and '#ffffff' or '#808080' } },
    { Text = wezterm.truncate_right(text_of(tab), max_width) },
  }
end)
return config
"""
INTRODUCTION = """# Perilune in the field report's scenario

Five tabs, a title callback that reads hover and width, the window resized at every frame, the mouse sweeping
over the bar, a front end that draws nothing; once with callbacks called at every frame on fresh tables, as
terminals do it, once with memos, as Perilune does it. What was expected was written down before. Everything
below this paragraph was written by `perilune profile assess`, of captures in `tests/golden/profiler/story`;
`tools/record_story.py` records them anew and writes this file.

Perilune's recorder samples threads that had the processor, with the names of Python's and Lua's functions;
what writes the recording is seen, too. `perf` sees the functions of C, those of the compiled bridge without
their names.
"""


def main() -> None:
    """Record, or be the program that is recorded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("document", type=Path, nargs="?")
    parser.add_argument("--play", choices=WAYS)
    parser.add_argument("--own", type=Path)
    parser.add_argument("--only-write", action="store_true")
    arguments = parser.parse_args()
    if arguments.play is not None:
        play(arguments.play, arguments.own)
        return
    if not arguments.only_write:
        if shutil.which("perf") is None:
            sys.exit("perf is not installed")
        for place, way in enumerate(WAYS, 1):
            for number in range(1, REPEATS + 1):
                record(arguments.target, f"{place:02}-{way}", way, number)
    if arguments.document is not None:
        write(arguments.target, arguments.document)


def record(target: Path, phase: str, way: str, number: int) -> None:
    """Record one way once with each recorder."""
    own = target / "recorder" / phase / f"run-{number}.pprofile"
    own.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, str(target), "--play", way]
    subprocess.run([*command, "--own", str(own)], check=True, input=b"go\n", stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            program.stdout.readline()
            perf = subprocess.Popen(
                [
                    "perf",
                    "record",
                    "-q",
                    "-e",
                    "cpu-clock",
                    "-F",
                    RATES[way],
                    "-g",
                    "-o",
                    str(data),
                    "-p",
                    str(program.pid),
                ]
            )
            time.sleep(1.0)  # perf does not say when it has begun
            program.stdin.write(b"go\n")
            program.stdin.flush()
            program.stdout.readline()
            perf.send_signal(signal.SIGINT)
            perf.wait()
            program.stdin.close()
        text = subprocess.run(
            ["perf", "script", "-i", str(data)], check=True, capture_output=True, text=True
        ).stdout
    path = target / "perf" / phase / f"run-{number}.perf.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        text = neutral(text.replace(f"{ROOT}/src/", "/usr/lib/python3/"), Path(folder))
        file.write(text.replace("python3.11", "python3").encode())


def play(way: str, own: Path | None) -> None:
    """Be the program: say when it is ready, draw the frames when told so, say when it is done."""
    # ruff: noqa: PLC0415 - the recorded program alone needs these
    from perilune.app.assemble import StartOptions, build_application
    from perilune.app.profiling import RecordRequest
    from perilune.app.title_fresh import EveryFrameTitles, FreshTitles
    from perilune.base.clock import ManualClock
    from perilune.base.loop import EventLoop
    from perilune.render.frame import Frame
    from perilune.testing.fake_front_end import FakeFrontEnd
    from perilune.testing.fake_program import FakeDomain

    class Blank(FakeFrontEnd):
        """Draws nothing."""

        def present(self, frame: Frame) -> None:
            self.frames += 1
            self.frame = frame
            for row in range(frame.buffer.rows):
                frame.buffer.touched[row] = 0

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        config = home / "config" / "perilune.lua"
        config.parent.mkdir()
        config.write_text(CONFIG)
        clock = ManualClock()
        loop = EventLoop(clock)
        screen = Blank(120, 40, "kitty")
        domain = FakeDomain(greeting="$ ")
        options = StartOptions(config_file=config, env={"HOME": folder}, home=home)
        application = build_application(screen, loop, options, domains=[domain])
        application.start()
        while not (application.config.is_loaded and screen.frames):
            loop.run_once(0.001)
            clock.advance(1 / 60)
        for _ in range(TABS - 1):
            screen.key("T", "CTRL|SHIFT")
            loop.run_once(0.001)
            clock.advance(1 / 60)
        if way == "every-frame":
            bar = application._frames._bar  # noqa: SLF001 - the program itself never draws so
            titles = bar._titles  # noqa: SLF001
            fresh = FreshTitles(titles._host, titles._mailbox, application.probes)  # noqa: SLF001
            bar._source = lambda window_id, given: EveryFrameTitles(fresh, window_id, given)  # noqa: SLF001
        _frames(screen, loop, clock, 60)
        print("ready", flush=True)
        sys.stdin.readline()
        profiling = application.services.profiling
        if own is not None:
            profiling.start(RecordRequest(own, sample=("lua", "python")))
        _frames(screen, loop, clock, FRAMES[way])
        if own is not None:
            profiling.stop()
        print("done", flush=True)
        sys.stdin.readline()
        application.shutdown()
        domain.close()
        loop.close()


def _frames(screen: object, loop: object, clock: object, count: int) -> None:
    for number in range(count):
        screen.resize(80 + number % 40, 40)
        screen.mouse(0, number * 3 % 80)
        loop.run_once(0.0)
        clock.advance(1 / 60)


def write(target: Path, document: Path) -> None:
    """Write the document."""
    parts = [INTRODUCTION]
    for name, heading in (("recorder", "By Perilune's recorder"), ("perf", "By perf")):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "perilune",
                "profile",
                "assess",
                str(target / name),
                "--per",
                "frame",
                "--rules",
                "perilune",
                "--markdown",
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        lines = [f"#{line}" if line.startswith("#") else line for line in done.stdout.splitlines()]
        parts.append(f"## {heading}\n\n" + "\n".join(lines).rstrip() + "\n")
    document.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
