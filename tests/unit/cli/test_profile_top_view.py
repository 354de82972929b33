"""The page of `profile top` at any size, and in any order."""

from __future__ import annotations

import re
from typing import Any

import pytest

from perilune.cells.width import text_width
from perilune.cli.profile_top_view import SORTS, page
from perilune.profiler.model import CallbackRun, FrameRecord
from perilune.profiler.recording.live import LiveFigures


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    live = LiveFigures(budget_us=1000.0)
    for number in range(50):
        us = 1500.0 if number % 10 == 0 else 200.0
        live.frame(FrameRecord(number, number / 10, us, (("events", 0.0, us),), us > 1000, ("waiting",)))
    for name, us, count in (
        ("format-tab-title", 50.0, 4),
        ("日本語のコールバック", 900.0, 1),
        ("b", 1.0, 30),
    ):
        for number in range(count):
            live.run(CallbackRun(name, "tab 1", number / 10, cause="tab.title", old="'a'", new="'b'", us=us))
        live.lookups(name, 4.0, count * 9, count)
    live.count("lua.memory", "bytes", 1.0, 2e6, cumulative=False)
    return live.snapshot(5.0)


@pytest.mark.parametrize("cols", [1, 20, 34, 71, 72, 200])
@pytest.mark.parametrize("rows", [1, 3, 10, 40])
def test_nothing_is_wider_or_higher_than_the_screen(figures, cols, rows):
    for colour in (False, True):
        lines = page(figures, cols, rows, title="perilune 1", colour=colour)
        assert len(lines) <= rows
        for line in lines:
            assert text_width(re.sub("\x1b\\[[0-9]*m", "", line)) <= cols


def test_everything_is_told(figures):
    text = "\n".join(page(figures, 140, 40, title="perilune 1", colour=False))
    for told in (
        "p50 200", "p99 1500", "over budget (1000 us): 5 of 50; waiting 5", "events", "format-tab-title", "90.0%",
        "tab 1: tab.title: 'a' -> 'b'", "Lua holds 2.0 MB", "q:quit",
    ):  # fmt: skip
        assert told in text


@pytest.mark.parametrize(
    ("sort", "first"), [("calls", "b"), ("us", "日本語"), ("us_per_call", "日本語"), ("callback", "b")]
)
def test_callbacks_are_sorted(figures, sort, first):
    assert sort in SORTS.values()
    lines = page(figures, 140, 40, sort, colour=False)
    head = next(number for number, line in enumerate(lines) if line.startswith("callback"))
    assert lines[head + 1].startswith(first)


def test_nothing_has_happened():
    text = "\n".join(page(LiveFigures().snapshot(0.0), 80, 24, colour=False))
    assert "no frames" in text
    assert "no callback has run" in text
