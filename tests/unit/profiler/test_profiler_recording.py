"""What is recorded is what is read; the live figures; Lua's and Python's samples as one."""

from __future__ import annotations

import io
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.profiler.errors import CaptureError
from perilune.profiler.file_format import read_profile
from perilune.profiler.model import CallbackRun, Event, Frame, FrameRecord, Meta, Profile, Thread
from perilune.profiler.recording.live import LiveFigures
from perilune.profiler.recording.stacks import Sampled, lua_samples, merge, parse_lua_stacks
from perilune.profiler.recording.writer import RecordingWriter

TEXT = st.text(max_size=12)
SECONDS = st.integers(0, 10**7).map(lambda n: n / 1000)
US = st.integers(0, 10**7).map(lambda n: n / 100)
FRAMES = st.builds(
    FrameRecord,
    number=st.integers(1, 1000),
    start=SECONDS,
    us=US,
    stages=st.lists(st.tuples(TEXT, US, US), max_size=4).map(tuple),
    over_budget=st.booleans(),
    causes=st.lists(TEXT, max_size=3).map(tuple),
)
RUNS = st.builds(
    CallbackRun,
    callback=st.sampled_from(["format-tab-title", "update-status"]),
    subject=TEXT,
    time=SECONDS,
    frame=st.integers(0, 1000),
    cause=TEXT,
    old=TEXT,
    new=TEXT,
    us=US,
    execution_us=st.none() | US,
    conversion_us=st.none() | US,
    changed=st.booleans(),
    failed=st.booleans(),
    kind=TEXT,
)
STACK_FRAME = st.builds(
    Frame,
    symbol=st.sampled_from("abc"),
    module=st.sampled_from(["lua", "python"]),
    file=st.sampled_from(["x.lua", "y.py"]),
    line=st.integers(0, 3),
)
SAMPLES = st.builds(
    Sampled,
    event=st.sampled_from([Event("wall", "us"), Event("lua", "us")]),
    thread=st.sampled_from([Thread("mux"), Thread("lua")]),
    stack=st.lists(STACK_FRAME, max_size=4).map(tuple),
    samples=st.integers(1, 9),
    weight=st.integers(1, 1000).map(float),
)
BATCHES = st.lists(
    st.tuples(st.lists(FRAMES, max_size=3), st.lists(RUNS, max_size=3), st.lists(SAMPLES, max_size=4)),
    max_size=4,
)


def read(data: bytes, folder: Path, *, keep_going: bool = False) -> Profile:
    path = folder / "r.pprofile"
    path.write_bytes(data)
    return read_profile(path, keep_going=keep_going)


def sample_rows(profile: Profile) -> dict[tuple[object, ...], tuple[int, float]]:
    return {
        (
            profile.events[row.event],
            profile.threads[row.thread],
            tuple(profile.frames[frame] for frame in profile.tree.path(row.stack)),
        ): (row.samples, row.weight)
        for row in profile.rows()
    }


@settings(max_examples=60, deadline=None)
@given(batches=BATCHES)
def test_what_is_recorded_is_what_is_read(batches, tmp_path_factory):
    file = io.BytesIO()
    writer = RecordingWriter(file, Meta(kind="perilune", frame_budget_us=16667.0))
    frames: list[FrameRecord] = []
    runs: list[CallbackRun] = []
    expected: dict[tuple[object, ...], tuple[int, float]] = {}
    for number, (some_frames, some_runs, some_samples) in enumerate(batches):
        for frame in some_frames:
            writer.frame(frame)
        for run in some_runs:
            writer.run(run)
        writer.samples(some_samples)
        writer.lookups("format-tab-title", 0.0, 3, 1)
        writer.count("pty.bytes", "bytes", float(number), 7.0 * number, cumulative=True)
        frames += some_frames
        runs += some_runs
        for one in some_samples:
            key = (one.event, one.thread, one.stack)
            count, weight = expected.get(key, (0, 0.0))
            expected[key] = count + one.samples, weight + one.weight
        writer.flush(float(number))
    writer.close(9.0)
    profile = read(file.getvalue(), tmp_path_factory.mktemp("recording"))
    assert profile.frame_records == frames
    assert profile.runs == runs
    assert sample_rows(profile) == expected
    assert profile.meta.frames == len(frames)
    assert profile.meta.duration == 9.0
    if batches:
        totals = profile.callbacks["format-tab-title"]
        assert (totals.hits, totals.misses) == (3 * len(batches), len(batches))
        assert list(profile.counters["pty.bytes"].values) == [7.0 * n for n in range(len(batches))]
    for name in {run.callback for run in runs}:
        own = [run for run in runs if run.callback == name]
        assert profile.callbacks[name].runs == len(own)
        assert math.isclose(profile.callbacks[name].us, math.fsum(run.us for run in own), abs_tol=1e-6)


def test_a_cut_recording_is_good_up_to_its_last_flush(tmp_path):
    file = io.BytesIO()
    writer = RecordingWriter(file, Meta(kind="perilune"))
    writer.frame(FrameRecord(1, 0.0, 5.0))
    writer.flush(1.0)
    flushed = len(file.getvalue())
    writer.frame(FrameRecord(2, 0.5, 5.0))
    writer.flush(2.0)
    whole = file.getvalue()
    for end in range(flushed, len(whole)):
        found = read(whole[:end], tmp_path, keep_going=True)
        assert found.frame_records[0] == FrameRecord(1, 0.0, 5.0)
        with pytest.raises(CaptureError):
            read(whole[:end], tmp_path)
    assert [r.number for r in read(whole, tmp_path, keep_going=True).frame_records] == [1, 2]


def test_a_counter_that_stands_is_written_at_its_ends_only(tmp_path):
    file = io.BytesIO()
    writer = RecordingWriter(file, Meta())
    for second in range(10):
        writer.count("queue.unsent", "bytes", float(second), 5.0, cumulative=False)
        writer.flush(float(second))
    writer.close(10.0)
    counter = read(file.getvalue(), tmp_path).counters["queue.unsent"]
    assert list(counter.times) == [0.0, 9.0]
    assert list(counter.values) == [5.0, 5.0]


# Live figures.


def run_at(
    time: float, us: float, *, changed: bool = True, callback: str = "format-tab-title"
) -> CallbackRun:
    return CallbackRun(
        callback, "tab 1", time, cause="tab.title", old="'a'", new="'b'", us=us, changed=changed
    )


def test_figures_of_the_last_seconds():
    live = LiveFigures(seconds=10.0, budget_us=1000.0)
    assert live.snapshot(0.0)["frames"]["p50_us"] is None
    for number in range(100):
        us = 2000.0 if number == 99 else 100.0
        stages = (("events", 0.0, us / 4), ("compose", us / 4, us * 3 / 4))
        live.frame(FrameRecord(number, number / 10, us, stages, us > 1000, ("input",)))
    for number in range(4):
        live.run(run_at(9.0 + number / 10, 50.0, changed=number == 0))
    live.lookups("format-tab-title", 9.5, 95, 5)
    live.count("pty.bytes", "bytes", 0.0, 0.0, cumulative=True)
    live.count("pty.bytes", "bytes", 10.0, 500.0, cumulative=True)
    figures = live.snapshot(10.0)
    frames = figures["frames"]
    assert (frames["count"], frames["per_second"], frames["over_budget"]) == (100, 10.0, 1)
    assert (frames["p50_us"], frames["p95_us"], frames["p99_us"], frames["max_us"]) == (100, 100, 100, 2000)
    assert frames["causes"] == [["input", 1]]
    assert [(stage["name"], stage["share"]) for stage in figures["stages"]] == [
        ("events", 25.0),
        ("compose", 75.0),
    ]
    (callback,) = figures["callbacks"]
    assert callback["calls"] == 4
    assert callback["us_per_call"] == 50.0
    assert callback["hit_rate"] == 95.0
    assert callback["unchanged"] == 75.0
    assert (callback["cause"], callback["old"], callback["new"]) == ("tab.title", "'a'", "'b'")
    assert figures["counters"]["pty.bytes"]["per_second"] == 50.0


def test_what_is_older_is_forgotten_but_why_it_ran_is_not():
    live = LiveFigures(seconds=10.0)
    live.frame(FrameRecord(1, 0.0, 100.0))
    live.run(run_at(0.0, 50.0))
    figures = live.snapshot(100.0)
    assert figures["frames"]["count"] == 0
    (callback,) = figures["callbacks"]
    assert (callback["calls"], callback["calls_since_start"], callback["cause"]) == (0, 1, "tab.title")


def test_rings_are_bounded():
    live = LiveFigures(seconds=1e9)
    for number in range(20_000):
        live.frame(FrameRecord(number, number / 1000, 10.0))
        live.run(run_at(number / 1000, 1.0))
    figures = live.snapshot(20.0)
    assert figures["frames"]["count"] < 20_000
    assert figures["callbacks"][0]["calls"] < 20_000
    assert figures["callbacks"][0]["calls_since_start"] == 20_000


# Samples.

ENTER = Frame("Runtime._enter", "python", "perilune/lua/runtime.py", 9)
MAIN = Frame("main", "python", "m.py", 1)


def test_lua_stacks_are_read_outermost_first():
    found = parse_lua_stacks("inner|/home/me/x/a.lua|3;[C]||0;handler|a.lua|9;12.5\n\n0.5\nbroken\x85|b|1;x")
    assert found == {
        (Frame("handler", "lua", "a.lua", 9), Frame("[C]", "lua"), Frame("inner", "lua", "x/a.lua", 3)): 12.5,
        (): 0.5,
    }


LUA_STACKS = st.dictionaries(
    st.lists(STACK_FRAME, min_size=1, max_size=3).map(tuple), st.integers(1, 1000).map(float), max_size=5
)
PYTHON_STACKS = st.dictionaries(
    st.tuples(st.sampled_from(["mux", "lua"]), st.sampled_from([(MAIN,), (MAIN, ENTER), ()])),
    st.integers(1, 50),
    max_size=5,
)


@given(python=PYTHON_STACKS, lua=LUA_STACKS)
def test_merging_changes_no_sum(python, lua):
    merged = merge(python, lua, 10_000.0, lambda frame: frame == ENTER)
    assert sum(one.samples for one in merged) == sum(python.values())
    assert math.isclose(math.fsum(one.weight for one in merged), 10_000.0 * sum(python.values()))
    assert all(one.samples >= 0 for one in merged)
    for one in merged:  # Lua's frames stand below the place where Lua was entered, and nowhere else
        if ENTER in one.stack:
            assert one.stack.index(ENTER) == 1
            assert len(one.stack) > 2


def test_lua_alone_keeps_its_own_event():
    (one,) = lua_samples({(MAIN,): 3.0})
    assert (one.event, one.weight) == (Event("lua", "us"), 3.0)
