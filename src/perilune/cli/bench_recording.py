"""Measure what recording costs: the same frames with and without, in turns.

The whole program with five tabs, a title callback and a status handler, resized at every frame while the
mouse sweeps over the bar, in front of a screen that draws nothing (so that what is recorded weighs more than
in life). Blocks of frames are drawn with and without a recording in turns; what is compared is the processor
time of a frame, of all threads, at the lower quartile of the blocks, since other programs on the machine can
only add to it. Required: less than 3 % for a recording, while nobody samples stacks. What sampling costs is
told.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.app.application import Application
    from perilune.base.clock import ManualClock
    from perilune.testing.fake_front_end import FakeFrontEnd

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "what recording a profile costs"
_MOST_PERCENT = 3.0
_BLOCK = 120
_TABS = 5
_CONFIG = """
local wezterm = require 'wezterm'
local config = wezterm.config_builder()
wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)
  return { { Text = ' ' .. tab.tab_index + 1 .. ': ' .. tab.active_pane.title .. (hover and '*' or ' ') } }
end)
wezterm.on('update-status', function(window) window:set_right_status(wezterm.strftime('%H:%M:%S')) end)
return config
"""
_WAYS: tuple[tuple[str, tuple[str, ...] | None], ...] = (
    ("nothing", None),
    ("recording", ()),
    ("with Lua's stacks", ("lua",)),
    ("with both stacks", ("lua", "python")),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--blocks", type=int, default=30, metavar="N", help=f"blocks of {_BLOCK} frames each way (default 30)"
    )
    parser.add_argument("--json", action="store_true", help="print one object")


def run(arguments: argparse.Namespace) -> int:
    """Measure.

    Returns:
        The exit status: 0; 1 if recording costs too much; 2 for bad arguments.
    """
    if arguments.blocks < 1:
        print("perilune: --blocks is at least 1", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        times, size = _measure(Path(folder), arguments.blocks)
    base = _quartile(times["nothing"])
    ways = {name: _quartile(times[name]) for name, _ in _WAYS}
    percents = {name: 100 * (us / base - 1) for name, us in ways.items()}
    is_met = percents["recording"] < _MOST_PERCENT
    if arguments.json:
        document = {"us": ways, "percent": percents, "bytes_per_frame": size, "is_met": is_met}
        print(json.dumps(document, indent=1))
    else:
        print(f"processor time of a frame, {arguments.blocks} blocks of {_BLOCK} frames each way")
        for name, us in ways.items():
            print(f"  {name:<20} {us:>8.1f} us  {percents[name]:>+6.2f} %")
        print(f"a frame takes {size:.0f} bytes in the file")
        print(f"  {'met' if is_met else 'NOT MET':<8} less than {_MOST_PERCENT:g} % for a recording")
    return 0 if is_met else 1


def _measure(folder: Path, blocks: int) -> tuple[dict[str, list[float]], float]:
    """Microseconds a frame of each block, by way; and how many bytes a frame takes."""
    from perilune.app.assemble import StartOptions, build_application  # noqa: PLC0415 - what is measured
    from perilune.app.profiling import RecordRequest  # noqa: PLC0415
    from perilune.base.clock import ManualClock  # noqa: PLC0415
    from perilune.base.loop import EventLoop  # noqa: PLC0415
    from perilune.testing.fake_front_end import FakeFrontEnd  # noqa: PLC0415
    from perilune.testing.fake_program import FakeDomain  # noqa: PLC0415

    config = folder / "perilune.lua"
    config.write_text(_CONFIG)
    clock = ManualClock()
    loop = EventLoop(clock)
    screen = FakeFrontEnd(120, 40, "kitty")
    domain = FakeDomain(greeting="$ ")
    options = StartOptions(config_file=config, env={"HOME": str(folder)}, home=folder)
    application = build_application(screen, loop, options, domains=[domain])
    times: dict[str, list[float]] = {name: [] for name, _ in _WAYS}
    path = folder / "recording.pprofile"
    frames = size = 0
    try:
        application.start()
        while not (application.config.is_loaded and screen.frames):
            _turn(application, clock)
        for _ in range(_TABS - 1):
            screen.key("T", "CTRL|SHIFT")
            _turn(application, clock)
        _block(application, screen, clock, 4 * _BLOCK)
        profiling = application.services.profiling
        for _ in range(blocks):
            for name, sample in _WAYS:
                if sample is not None:
                    profiling.start(RecordRequest(path, sample=sample))
                times[name].append(_block(application, screen, clock, _BLOCK))
                if sample is not None:
                    summary = profiling.stop()
                    if not sample:
                        frames += summary.frames
                        size += path.stat().st_size
    finally:
        application.shutdown()
        domain.close()
        loop.close()
    return times, size / max(frames, 1)


def _turn(application: Application, clock: ManualClock) -> None:
    application.loop.run_once(0.001)
    clock.advance(1 / 60)


def _block(application: Application, screen: FakeFrontEnd, clock: ManualClock, count: int) -> float:
    """Draw frames; the microseconds of processor time that one took."""
    loop, step = application.loop, 1 / 60
    gc.collect()
    before = screen.frames
    started = time.process_time_ns()
    for number in range(count):
        screen.resize(80 + number % 40, 40)
        screen.mouse(0, number * 3 % 80)
        loop.run_once(0.0)
        clock.advance(step)
    taken = time.process_time_ns() - started
    return taken / 1000 / max(screen.frames - before, 1)


def _quartile(values: list[float]) -> float:
    return sorted(values)[len(values) // 4]
