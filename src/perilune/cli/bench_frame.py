"""Measure what frames cost, stage by stage, and what a window costs to open and to keep.

A frame of 200 x 60 is drawn as the window draws it, without a display: all of it, one row, scrolling.
`python` is what Python and our compiled code need of the mux thread: composing cells, shaping, sending, and
issuing the drawing calls; `raster` is what OpenGL spends inside of those calls and until it has drawn, which
without a GPU is its software rasteriser. Required: 2 ms of `python` at the median for a whole frame, 0.3 ms
for a row.

The storm resizes a real window for ten seconds, with five tabs, a title callback in Lua, and the mouse
sweeping over the bar; it needs a display, or Xvfb. Required: no frame over 16.7 ms for another reason than
rasterising, no final size lost, no call of Lua in frames in which nothing changed. The exit status is 1 when
something is missed. Other terminals are measured the same way where they are installed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from perilune.render.scene import Scene
    from perilune.vt import Terminal

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "what a frame costs in the window, by stage; storms of resizes; start-up and memory"

COLS, ROWS = 200, 60
STAGES = ("layout", "shaping", "upload", "draw", "raster")
_REQUIRED = {"full": 2.0, "row": 0.3}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bench frame`."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--frames", type=int, default=200, metavar="N", help="frames of each kind")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S", help="of the storm; 0: none")
    parser.add_argument("--no-window", action="store_true", help="only what needs no display")
    parser.add_argument("--no-peers", action="store_true", help="do not measure other terminals")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A requirement and what was measured; lower is better."""

    name: str
    required: float
    measured: float

    @property
    def is_met(self) -> bool:
        """Whether it holds."""
        return self.measured <= self.required


def median(values: list[float]) -> float:
    """The middle value.

    >>> median([3.0, 1.0, 2.0])
    2.0
    """
    return sorted(values)[len(values) // 2] if values else 0.0


class SceneBench:
    """Draws frames of one pane by the window's code, headless.

    Attributes:
        device: what draws, "software" for numpy.
    """

    def __init__(self) -> None:
        from perilune.cells.buffer import CellBuffer  # noqa: PLC0415 - what is measured
        from perilune.cells.tables import CellTables  # noqa: PLC0415
        from perilune.config.options import Config  # noqa: PLC0415
        from perilune.gui.gl_headless import HeadlessGl, NoGlError  # noqa: PLC0415
        from perilune.render.fonts.catalog import FontCatalog  # noqa: PLC0415
        from perilune.render.fonts.font_set import FontSet  # noqa: PLC0415
        from perilune.render.geometry import lay_out, window_pixels  # noqa: PLC0415
        from perilune.render.scene_builder import SceneBuilder, SceneLive  # noqa: PLC0415
        from perilune.render.software import SoftwareRenderer  # noqa: PLC0415
        from perilune.vt import Terminal  # noqa: PLC0415

        config = Config()
        self.terminal: Terminal = Terminal(COLS, ROWS, scrollback=1000)
        self._buffer = CellBuffer(COLS, ROWS, CellTables())
        fonts = FontSet(config, FontCatalog(), 96.0)
        size = window_pixels(COLS, ROWS, fonts.metrics, config, dpi=96.0)
        self._live = SceneLive(geometry=lay_out(*size, fonts.metrics, config, dpi=96.0))
        self._builder = SceneBuilder(config, config.palette, fonts)
        self._number = 0
        self._seqno = -1
        self._gl: HeadlessGl | None = None
        self._software = SoftwareRenderer()
        try:
            self._gl = HeadlessGl()
            self.device = self._gl.device
        except NoGlError:
            self.device = "software"

    def frame(self) -> dict[str, float]:
        """Draw what has changed in the terminal; milliseconds of this thread by stage, and of the whole."""
        from perilune.render.frame import Frame, FrameCursor  # noqa: PLC0415

        clock = time.thread_time  # what other programs take of a busy machine is no cost of ours
        marks = [clock()]
        buffer = self._buffer
        self._seqno = self.terminal.render_rows(buffer, 0, 0, ROWS, COLS, since=self._seqno)
        self._number += 1
        cursor = self.terminal.cursor
        frame = Frame(self._number, buffer, FrameCursor(cursor.row, min(cursor.col, COLS - 1)), "bench")
        marks.append(clock())
        scene = self._builder.update(frame, self._live)
        marks.append(clock())
        raster = self._draw(scene, marks, clock)
        times = [after - before for before, after in pairwise(marks)]
        found = dict(zip(STAGES, times, strict=True))
        found["draw"] -= raster
        found["raster"] += raster
        return {name: seconds * 1000 for name, seconds in found.items()}

    def _draw(self, scene: Scene, marks: list[float], clock: Callable[[], float]) -> float:
        if self._gl is None:
            marks += [clock(), clock()]
            self._software.draw(scene)
            marks.append(clock())
            return 0.0
        renderer = self._gl.renderer
        renderer.upload(scene)
        marks.append(clock())
        before = renderer.raster_seconds
        renderer.draw(scene)
        marks.append(clock())
        start = time.perf_counter()  # the rasteriser has threads of its own
        renderer.finish()
        marks.append(marks[-1] + time.perf_counter() - start)
        return renderer.raster_seconds - before

    def close(self) -> None:
        """Give the context back."""
        if self._gl is not None:
            self._gl.close()


def _line(number: int) -> bytes:
    words = (
        "static int parse(const char *line, size_t length)", "return a != b ? x : y -> next;",
        "The quick brown fox jumps over the lazy dog", "drwxr-xr-x  2 user group 4096 Nov 23",
    )  # fmt: skip
    color = 31 + number % 7
    text = f"{number:5d} {words[number % 4]} {words[(number // 4) % 4]} {words[(number // 16) % 4]}"
    return (
        f"\x1b[{color}m{text[:60]}\x1b[1m{text[60:120]}\x1b[0;4{number % 8}m{text[120:180]}\x1b[0m".encode()
    )


def kinds(bench: SceneBench) -> dict[str, Callable[[int], None]]:
    """What is done before a frame of each kind."""
    terminal = bench.terminal

    def full(number: int) -> None:
        lines = b"".join(b"\x1b[%d;1H" % (row + 1) + _line(number * 7 + row) for row in range(ROWS))
        terminal.feed(lines)

    def row(number: int) -> None:
        terminal.feed(b"\x1b[30;1H" + _line(number))

    def scroll(number: int) -> None:
        terminal.feed(b"\x1b[60;1H\r\n" + _line(number))

    def idle(_number: int) -> None:
        """Nothing changes."""

    return {"full": full, "row": row, "scroll": scroll, "unchanged": idle}


def frame_costs(frames: int) -> dict[str, Any]:
    """Medians by kind of frame and stage, in milliseconds."""
    bench = SceneBench()
    try:
        result: dict[str, Any] = {"device": bench.device}
        for name, prepare in kinds(bench).items():
            samples: list[dict[str, float]] = []
            for number in range(frames + 20):
                prepare(number)
                found = bench.frame()
                if number >= 20:  # the first ones make glyphs and shape runs that are kept
                    samples.append(found)
            stages = {stage: median([sample[stage] for sample in samples]) for stage in STAGES}
            stages["python"] = median(
                [sum(sample[stage] for stage in STAGES if stage != "raster") for sample in samples]
            )
            result[name] = {stage: round(value, 4) for stage, value in stages.items()}
        return result
    finally:
        bench.close()


def run(arguments: argparse.Namespace) -> int:
    """Measure and print.

    Returns:
        The exit status: 0; 1 when a requirement is missed.
    """
    frames = max(arguments.frames, 1)
    costs = frame_costs(frames)
    verdicts = [
        Verdict(f"{name}_python_ms", limit, costs[name]["python"]) for name, limit in _REQUIRED.items()
    ]
    result: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors", "device": costs.pop("device"),
        "cells": f"{COLS}x{ROWS}", "frame_ms": costs,
    }  # fmt: skip
    if not arguments.no_window:
        from perilune.cli import bench_frame_window  # noqa: PLC0415 - it opens windows

        window = bench_frame_window.measure(arguments.seconds, with_peers=not arguments.no_peers)
        result |= window
        storm = window.get("storm")
        if isinstance(storm, dict) and "problem" not in storm:
            verdicts += [
                Verdict("storm_frames_over_budget_not_by_raster", 0, storm["over_budget_not_by_raster"]),
                Verdict("storm_lost_final_sizes", 0, storm["lost_final_sizes"]),
                Verdict("steady_lua_calls", 0, storm["steady_lua_calls"]),
            ]
    result["verdicts"] = [
        {"name": each.name, "required": each.required, "measured": each.measured, "met": each.is_met}
        for each in verdicts
    ]
    missed = [each.name for each in verdicts if not each.is_met]
    result["missed"] = missed
    if arguments.json:
        print(json.dumps(result, indent=1))
    else:
        _print(result, verdicts)
    return 1 if missed else 0


def _print(result: dict[str, Any], verdicts: list[Verdict]) -> None:
    print(f"{result['cells']} on {result['machine']}, drawn by {result['device']}; ms at the median")
    columns = (*STAGES, "python")
    print(f"{'':12}" + "".join(f"{name:>9}" for name in columns))
    for kind, stages in result["frame_ms"].items():
        print(f"{kind:12}" + "".join(f"{stages[name]:9.3f}" for name in columns))
    storm = result.get("storm")
    if isinstance(storm, dict) and "problem" in storm:
        print(f"\nstorm of resizes: {storm['problem']}")
    elif isinstance(storm, dict):
        print(f"\nstorm of {storm['seconds']:g} s, drawn by {storm['device']}: {storm['frames']} frames")
        print(f"{'stage':12}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}{'late':>7}")
        for stage in storm["stages"]:
            numbers = "".join(f"{stage[name]:9.3f}" for name in ("p50", "p95", "p99", "max"))
            print(f"{stage['name']:12}{numbers}{stage['over']:7d}")
        print(f"sizes sent to the ptys in {storm['steps']} steps: {sorted(storm['pty_sizes'].values())}")
        print(
            f"Lua title calls: {storm['lua_calls']},"
            f" in {storm['steady_frames']} steady frames: {storm['steady_lua_calls']}"
        )
    first = result.get("first_frame")
    if first is not None:
        parts = ", ".join(f"{name} {value}" for name, value in first.items())
        print(f"\nfirst frame of a window: {parts}")
    for terminal in result.get("terminals", []):
        parts = ", ".join(f"{name} {value}" for name, value in terminal.items() if name != "name")
        print(f"{terminal['name']}: {parts}")
    if "window" in result:
        print(result["window"])
    print()
    for each in verdicts:
        state = "ok" if each.is_met else "MISSED"
        print(f"{each.name}: {each.measured:g} of {each.required:g} allowed: {state}", file=sys.stdout)
