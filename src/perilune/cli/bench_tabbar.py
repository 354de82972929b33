"""Measure what the tab bar costs while a window is resized and the mouse sweeps over it.

Five tabs, 60 frames a second, ten seconds: at each frame the window has another width and the pointer another
column. Title callbacks of several kinds, each alone and beside a status handler that draws a clock, in three
ways:

  every-frame  the callback is called for every title of every frame, on fresh tables
  keyed        titles are kept by tab, hover and width, until a handler may have written Lua state
  tracked      titles are kept until something that the callback read has changed

The time of a frame is what bringing the bar up to date takes, waiting for Lua included. `steady` are the
calls a frame when the same ten seconds are played a second time. Lua's own time is that of the calls alone,
without what building tables takes. The slow ways are stopped after two seconds, and not measured with more
than 100 tabs.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from perilune.app.title_fresh import FreshTitles
    from perilune.app.title_sources import TitleInputs
    from perilune.cells.sgr_text import SgrText
    from perilune.mux.snapshot import TabInformation
    from perilune.tabbar import TitleSource
    from perilune.testing.tab_bar_harness import TabBarHarness

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "what the tab bar costs while the window is resized and the mouse sweeps over it"

Way = Literal["every-frame", "keyed", "tracked"]
WAYS: tuple[Way, ...] = ("every-frame", "keyed", "tracked")
_FRAME_MICROSECONDS = 1e6 / 60
_FRAMES = 600
_TABS = 5
_GROWTH = (1, 5, 20, 100, 500)
_TITLES = ("zsh", "vim notes", "cargo test", "htop", "ssh build")
_MOST_SECONDS = 2.0  # spent on one measurement of the slow ways
_MOST_TABS = 100  # beyond it, one frame of a slow way takes half a minute

_HEAD = "local wezterm = require 'wezterm'\nlocal config = wezterm.config_builder()\n"
_ON_TITLE = "wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)\n"
_PLAIN = (
    _ON_TITLE
    + """  local pane = tab.active_pane
  local title = tab.tab_title ~= '' and tab.tab_title or pane.title
  return {
    { Foreground = { Color = tab.is_active and '#ffffff' or '#808080' } },
    { Text = ' ' .. tab.tab_index + 1 .. ': ' .. title .. ' ' },
  }
end)
"""
)
_BOTH = (
    _ON_TITLE
    + """  local text = ' ' .. tab.tab_index + 1 .. ': ' .. tab.active_pane.title .. ' '
  return {
    { Background = { Color = hover and '#303030' or '#101010' } },
    { Text = wezterm.truncate_right(text, max_width) },
  }
end)
"""
)
_OTHERS = (
    _ON_TITLE
    + """  local following = tabs[tab.tab_index + 2]
  local edge = following and following.is_active and '>' or '|'
  return ' ' .. tab.tab_index + 1 .. '/' .. #tabs .. ' ' .. tab.active_pane.title .. edge
end)
"""
)
_STATEFUL = (
    "local frames, at = { '|', '/', '-', '+' }, 0\n"
    + _ON_TITLE
    + """  at = at % #frames + 1
  return ' ' .. frames[at] .. ' ' .. tab.active_pane.title .. ' '
end)
"""
)
_LARGE = (
    """config.keys, config.color_schemes = {}, {}
for i = 1, 600 do
  config.keys[i] = {
    key = 'F' .. i % 24 + 1, mods = i % 2 == 0 and 'CTRL|ALT' or 'SUPER',
    action = wezterm.action.SendString('x' .. i),
  }
end
for i = 1, 1000 do
  local ansi = {}
  for j = 1, 8 do ansi[j] = string.format('#%02x%02x%02x', i % 256, j, 7) end
  config.color_schemes['scheme ' .. i] = { foreground = '#c0c0c0', background = '#000000', ansi = ansi,
    brights = ansi }
end
"""
    + _PLAIN
)
_CLOCK = """wezterm.on('update-status', function(window)
  window:set_right_status(wezterm.strftime('%H:%M:%S'))
end)
"""
_END = "return config\n"


@dataclass(frozen=True, slots=True)
class Callback:
    """A kind of title callback."""

    name: str
    source: str
    is_pure: bool = True


CALLBACKS = (
    Callback("ignores hover and width", _PLAIN),
    Callback("reads hover and width", _BOTH),
    Callback("reads other tabs", _OTHERS),
    Callback("stateful", _STATEFUL, is_pure=False),
    Callback("600 keys, 1000 schemes", _LARGE),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Attributes:
        steady: calls a frame when all of it was seen before; None where it was not measured.
        expected: the most calls that are right: one for each distinct input, and one for each tab and tick of
            a callback that is not pure. None but for tracked titles.
        lua_milliseconds: what the calls themselves took.
        frame_share: the mean frame's share of a sixtieth of a second.
    """

    callback: str
    beside_clock: bool
    way: Way
    tabs: int
    frames: int
    calls: int
    calls_per_frame: float
    crossings: int
    median_us: float
    p99_us: float
    frame_share: float
    lua_milliseconds: float
    steady: float | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must be so, and whether it is."""

    text: str
    is_met: bool
    found: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument(
        "--frames", type=int, default=_FRAMES, metavar="N", help=f"how many frames (default {_FRAMES})"
    )
    parser.add_argument("--no-growth", action="store_true", help="only the scenario with five tabs")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print.

    Returns:
        The exit status: 0; 1 when a requirement is not met; 2 for bad arguments.
    """
    frames: int = arguments.frames
    if frames < 1:
        print(f"perilune: --frames {frames}: at least one", file=sys.stderr)
        return 2
    rows: list[Row] = []
    is_shown = sys.stderr.isatty()
    total = len(CALLBACKS) * 2
    for number, (callback, beside_clock) in enumerate(_combinations(), 1):
        if is_shown:
            print(f"\r{number}/{total} {callback.name:<40}", end="", file=sys.stderr, flush=True)
        rows += [_measure(callback, beside_clock, way, _TABS, frames) for way in WAYS]
    growth: list[Row] = []
    for tabs in () if arguments.no_growth else _GROWTH:
        if is_shown:
            print(f"\r{tabs} tabs{'':<40}", end="", file=sys.stderr, flush=True)
        ways = WAYS if tabs <= _MOST_TABS else ("tracked",)
        growth += [_measure(CALLBACKS[0], False, way, tabs, frames) for way in ways]
    if is_shown:
        print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    requirements = list(_requirements(rows))
    if arguments.json:
        import json  # noqa: PLC0415 - only here

        document = {
            "scenario": [asdict(row) for row in rows],
            "growth": [asdict(row) for row in growth],
            "requirements": [asdict(requirement) for requirement in requirements],
        }
        print(json.dumps(document, indent=1))
    else:
        _print_table(f"{_TABS} tabs, {frames} frames of resizing and sweeping", rows)
        if growth:
            _print_table("Growth, callback that ignores hover and width", growth)
        print("\nRequired")
        for requirement in requirements:
            verdict = "met" if requirement.is_met else "NOT MET"
            print(f"  {verdict:<8} {requirement.text}: {requirement.found}")
    return 0 if all(requirement.is_met for requirement in requirements) else 1


def _combinations() -> Iterator[tuple[Callback, bool]]:
    for beside_clock in (False, True):
        for callback in CALLBACKS:
            yield callback, beside_clock


# Measuring.


class _Keyed:
    """Titles kept by tab, hover and width: what the field report's third phase had."""

    def __init__(self, fresh: FreshTitles) -> None:
        self._fresh = fresh
        self._kept: dict[tuple[object, ...], SgrText | None] = {}
        self._given: TitleInputs | None = None
        self._source: TitleSource[TabInformation] | None = None
        self._makes: Callable[[int, TitleInputs], TitleSource[TabInformation]]

    def __call__(self, window_id: int, given: TitleInputs) -> _Keyed:
        from perilune.app.title_fresh import EveryFrameTitles  # noqa: PLC0415 - imports Lua

        if self._given is None or given.epoch != self._given.epoch:
            self._kept.clear()
        self._given = given
        self._source = EveryFrameTitles(self._fresh, window_id, given)
        return self

    def title(self, tab: TabInformation, hover: bool, max_width: int) -> SgrText | None:
        key = (tab.tab_id, tab.is_active, tab.active_pane and tab.active_pane.title, hover, max_width)
        if key not in self._kept and self._source is not None:
            self._kept[key] = self._source.title(tab, hover, max_width)
        return self._kept[key]


def _harness(callback: Callback, beside_clock: bool, way: Way, tabs: int) -> TabBarHarness:
    from perilune.testing.tab_bar_harness import TabBarHarness  # noqa: PLC0415 - imports Lua

    source = _HEAD + callback.source + (_CLOCK if beside_clock else "") + _END
    fields: list[Mapping[str, Any]] = [
        {"title": _TITLES[number % len(_TITLES)], "active": number == 0} for number in range(tabs)
    ]
    if way == "keyed":
        return TabBarHarness(lua=source, tabs=fields, right_status="12:34", source=_Keyed)
    return TabBarHarness(
        lua=source, tabs=fields, right_status="12:34", mode="tracked" if way == "tracked" else "every-frame"
    )


def _steps(frames: int) -> Iterator[tuple[int, int | None]]:
    """Width and hovered column of each frame: the window grows and shrinks, the pointer comes and goes."""
    for frame in range(frames):
        cols = 80 + abs(frame % 160 - 80)
        pointer = frame * 3 % 200
        yield cols, pointer if pointer < cols else None


def _play(bar: TabBarHarness, frames: int, seconds: float) -> list[float]:
    """The microseconds that each frame took."""
    window, prepare, clock = bar.window, bar.bar.prepare, time.perf_counter_ns
    times: list[float] = []
    end = time.monotonic() + seconds
    for number, (cols, hover_col) in enumerate(_steps(frames)):
        if number and number % 6 == 0:
            bar.tick(0.1)
        window.hover_col = hover_col
        started = clock()
        prepare(window, cols)
        times.append((clock() - started) / 1000)
        if time.monotonic() > end:
            break
    return times


def _measure(callback: Callback, beside_clock: bool, way: Way, tabs: int, frames: int) -> Row:
    bar = _harness(callback, beside_clock, way, tabs)
    try:
        gc.collect()
        stats = bar.stats
        times = _play(bar, frames, _MOST_SECONDS)
        calls, crossings, lua_seconds = stats.lua_calls, stats.crossings, stats.lua_seconds
        steady = expected = None
        if way == "tracked":
            inputs = {(run.subject, run.hover, run.max_width) for run in stats.runs}
            ticks = 0 if callback.is_pure else len(times) // 60 + 1
            expected = len(inputs) + tabs * ticks
            again = _play(bar, frames, _MOST_SECONDS)
            steady = (stats.lua_calls - calls) / len(again)
        times.sort()
        return Row(
            callback=callback.name,
            beside_clock=beside_clock,
            way=way,
            tabs=tabs,
            frames=len(times),
            calls=calls,
            calls_per_frame=calls / len(times),
            crossings=crossings,
            median_us=times[len(times) // 2],
            p99_us=times[min(int(len(times) * 0.99), len(times) - 1)],
            frame_share=sum(times) / len(times) / _FRAME_MICROSECONDS,
            lua_milliseconds=lua_seconds * 1000,
            steady=steady,
            expected=expected,
        )
    finally:
        bar.close()


# What must be so.


def _requirements(rows: list[Row]) -> Iterator[Requirement]:
    tracked = [row for row in rows if row.way == "tracked"]
    names = {callback.name: callback for callback in CALLBACKS}
    pure = [row for row in tracked if names[row.callback].is_pure]
    worst = max(row.steady or 0.0 for row in pure)
    yield Requirement(
        "calls per frame in the steady state, every pure callback, with and without the status handler: 0",
        worst == 0,
        f"{worst:g}",
    )
    over = [row for row in pure if row.calls > (row.expected or 0)]
    yield Requirement("at most one call per distinct input, pure callbacks", not over, _calls(over or pure))
    others = [row for row in tracked if not names[row.callback].is_pure]
    over = [row for row in others if row.calls > (row.expected or 0)]
    yield Requirement(
        "at most one call per tab and tick beyond that, the others", not over, _calls(over or others)
    )
    median = max(row.median_us for row in tracked)
    yield Requirement("median frame under 10 us", median < 10, f"{median:.1f} us")
    p99 = max(row.p99_us for row in tracked)
    yield Requirement("99th percentile of frames under 200 us", p99 < 200, f"{p99:.0f} us")
    factors = [(_less_lua(row, rows), row) for row in pure]
    factor, row = min(factors, key=lambda item: item[0])
    yield Requirement(
        "at least 100 times less Lua time than every-frame, pure callbacks",
        factor >= 100,
        f"{factor:.0f} times, {row.callback}",
    )


def _calls(rows: list[Row]) -> str:
    row = max(rows, key=lambda row: row.calls - (row.expected or 0))
    return f"{row.calls} calls for {row.expected}, {row.callback}"


def _less_lua(row: Row, rows: list[Row]) -> float:
    baseline = next(
        other
        for other in rows
        if other.way == "every-frame"
        and (other.callback, other.beside_clock, other.tabs) == (row.callback, row.beside_clock, row.tabs)
    )
    per_frame = baseline.lua_milliseconds / baseline.frames
    own = row.lua_milliseconds / row.frames
    return per_frame / own if own else float("inf")


def _print_table(title: str, rows: list[Row]) -> None:
    print(f"\n{title}")
    print(
        f"  {'callback':<24} {'clock':<5} {'tabs':>4}  {'way':<12} {'calls':>7} {'per frame':>9} "
        f"{'steady':>6} {'crossings':>9} {'median us':>10} {'p99 us':>9} {'of 60 Hz':>8} {'Lua ms':>8}"
    )
    for row in rows:
        steady = "" if row.steady is None else f"{row.steady:g}"
        print(
            f"  {row.callback:<24} {'yes' if row.beside_clock else 'no':<5} {row.tabs:>4}  {row.way:<12} "
            f"{row.calls:>7} {row.calls_per_frame:>9.3f} {steady:>6} {row.crossings:>9} "
            f"{row.median_us:>10.1f} {row.p99_us:>9.1f} {row.frame_share:>8.2%} {row.lua_milliseconds:>8.2f}"
        )
