"""Folded stacks, speedscope, Chrome traces, py-spy: told apart by content, read as they are meant."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profile_samples import recorded, refused, rows_of

from perilune.profiler.errors import CaptureError
from perilune.profiler.file_format import write_profile
from perilune.profiler.importers import Reading, read_capture
from perilune.profiler.model import Frame, Profile, Thread

PERF = (
    "prog 7 1.5: 100 cycles: \n\t    55d0 work+0x1 (/usr/bin/prog)\n\t    55e0 main+0x2 (/usr/bin/prog)\n\n"
)
FOLDED = "main;work 12\nmain;idle_[k] 3\n"
PY_SPY = 'process 12:"python app.py";thread (0x7F);<module> (app.py:3);run (app.py:1) 5\nmain (x.py:2) 1\n'
SPEEDSCOPE = {
    "$schema": "https://www.speedscope.app/file-format-schema.json",
    "shared": {"frames": [{"name": "main"}, {"name": "work", "file": "w.c", "line": 3}]},
    "profiles": [
        {"type": "evented", "name": "one", "unit": "milliseconds", "startValue": 0, "endValue": 10, "events": [
            {"type": "O", "frame": 0, "at": 0}, {"type": "O", "frame": 1, "at": 2},
            {"type": "C", "frame": 1, "at": 7}, {"type": "C", "frame": 0, "at": 10}]},
        {"type": "sampled", "name": "two", "unit": "none", "startValue": 0, "endValue": 3,
         "samples": [[0, 1], [0]], "weights": [2, 1]},
    ],
}  # fmt: skip
CHROME = [
    {"ph": "M", "name": "thread_name", "pid": 1, "tid": 2, "args": {"name": "render"}},
    {"ph": "B", "name": "frame", "cat": "c", "pid": 1, "tid": 2, "ts": 0},
    {"ph": "X", "name": "paint", "cat": "c", "pid": 1, "tid": 2, "ts": 10, "dur": 20},
    {"ph": "E", "name": "frame", "pid": 1, "tid": 2, "ts": 100},
    {"ph": "C", "name": "memory", "pid": 1, "tid": 2, "ts": 50, "args": {"value": 7}},
    {"ph": "i", "name": "instant", "pid": 1, "tid": 2, "ts": 50},
]


def read(
    content: str | bytes | dict[str, Any] | list[Any], tmp_path: Path, *, keep_going: bool = False
) -> Profile:
    path = tmp_path / "capture"
    if isinstance(content, (dict, list)):
        content = json.dumps(content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_capture(path, Reading(keep_going=keep_going))


def stacks(profile: Profile) -> dict[str, float]:
    return {";".join(f.symbol for f in row[2]): weight for row, (_, weight) in rows_of(profile).items()}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PERF, "perf"), ("# ========\n# arch : x\n#\n" + PERF, "perf"), (FOLDED, "folded"), (PY_SPY, "py-spy"),
        (SPEEDSCOPE, "speedscope"), (CHROME, "chrome"), ({"traceEvents": CHROME}, "chrome"),
        # Without a time: it is in the test's name, which all workers must agree on.
        (gzip.compress(PERF.encode(), mtime=0), "perf"),
        (gzip.compress(json.dumps(SPEEDSCOPE).encode(), mtime=0), "speedscope"),
        ("\ufeff" + json.dumps(CHROME), "chrome"),
    ],
)  # fmt: skip
def test_the_kind_is_found_out(content: Any, kind: str, tmp_path: Path) -> None:
    assert read(content, tmp_path).meta.kind == kind


def test_a_profile_of_perilune_is_one_too(tmp_path: Path) -> None:
    write_profile(recorded(), tmp_path / "x")
    assert read_capture(tmp_path / "x", Reading()).meta.kind == "perilune"


def test_the_standard_input_is_read(tmp_path: Path) -> None:
    del tmp_path
    assert stacks(read_capture(Path("stdin"), Reading(), file=io.BytesIO(PERF.encode()))) == {
        "main;work": 100.0
    }


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "is empty"),
        ("hello\nthere\n", "none of the known kinds"),
        (b"PERFILE2" + bytes(100), "perf script"),
        ({"a": 1}, "neither speedscope"),
        ("{}", "neither speedscope"),
        ("[]", "no sample"),
        (gzip.compress(PERF.encode() * 99)[:-20], "compressed file is damaged"),
    ],
)
def test_what_is_nothing_is_refused(content: Any, problem: str, tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=problem):
        read(content, tmp_path)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for keep_going in (False, True):
        refused(lambda keep_going=keep_going: read(content, folder, keep_going=keep_going))


def test_folded(tmp_path: Path) -> None:
    profile = read(
        "# a comment\nmain;work (x);f 12\n\nmain;sys_read_[k] 3\nmain;in_[i] 1.5\nmain;work (x);f 1\n",
        tmp_path,
    )
    assert stacks(profile) == {"main;work (x);f": 13.0, "main;sys_read": 3.0, "main;in": 1.5}
    frames = {frame.symbol: frame for frame in profile.frames}
    assert frames["sys_read"].kernel
    assert frames["in"].inlined


def test_added_up_periods_are_counted_as_the_samples_that_they_were(tmp_path: Path) -> None:
    profile = read("main;work 40404040\nmain;rest 10101010\n", tmp_path)
    assert sorted(rows_of(profile).values()) == [(1, 10101010.0), (4, 40404040.0)]
    profile = read("".join(f"main;f{n} {250001 + n}\n" for n in range(20)) + "main;hot 2500500\n", tmp_path)
    assert max(rows_of(profile).values()) == (10, 2500500.0)
    assert "a guess" in profile.meta.notes[0]
    profile = read("main;work 4000\nmain;rest 1000\n", tmp_path)
    assert sorted(rows_of(profile).values()) == [(1000, 1000.0), (4000, 4000.0)]


def test_py_spy(tmp_path: Path) -> None:
    rows = rows_of(read(PY_SPY, tmp_path))
    assert set(rows) == {
        (
            "samples",
            Thread("0x7F"),
            (Frame("<module>", "python", "app.py", 3), Frame("run", "python", "app.py", 1)),
        ),
        ("samples", Thread(), (Frame("main", "python", "x.py", 2),)),
    }


def test_a_folded_line_without_a_count_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="line 2: no count"):
        read("main;work 12\nmain;wo\n", tmp_path)
    profile = read("main;work 12\nmain;wo\nmain;rest 1\n", tmp_path, keep_going=True)
    assert stacks(profile) == {"main;work": 12.0, "main;rest": 1.0}
    assert "1 piece was left out: line 2" in profile.meta.notes[0]


def test_speedscope(tmp_path: Path) -> None:
    profile = read(SPEEDSCOPE, tmp_path)
    found = {
        (row[0], row[1].name, ";".join(f.symbol for f in row[2])): w
        for row, (_, w) in rows_of(profile).items()
    }
    assert found == {
        ("wall", "one", "main"): 5.0, ("wall", "one", "main;work"): 5.0,
        ("samples", "two", "main;work"): 2.0, ("samples", "two", "main"): 1.0,
    }  # fmt: skip
    assert [event.unit for event in profile.events] == ["ms", "samples"]
    assert profile.meta.duration == 0.01
    assert Frame("work", "", "w.c", 3) in profile.frames


@pytest.mark.parametrize(
    "profiles",
    [
        [{"type": "sampled", "name": "x", "unit": "none", "samples": [[9]], "weights": [1]}],
        [{"type": "sampled", "name": "x", "unit": "none", "samples": [[-1]], "weights": [1]}],
        [{"type": "sampled", "name": "x", "unit": "none", "samples": [[0], [0]], "weights": [1]}],
        [{"type": "evented", "name": "x", "unit": "none", "events": [{"type": "C", "frame": 0, "at": 1}]}],
        [{"type": "other"}],
        [5],
    ],
)
def test_a_speedscope_profile_that_cannot_be_is_named(profiles: list[Any], tmp_path: Path) -> None:
    broken = {"shared": {"frames": [{"name": "f"}]}, "profiles": profiles, "speedscope": 1}
    with pytest.raises(CaptureError, match="profile 0"):
        read(broken, tmp_path)


def test_chrome(tmp_path: Path) -> None:
    profile = read({"traceEvents": CHROME}, tmp_path)
    assert stacks(profile) == {"frame": 80.0, "frame;paint": 20.0}
    assert profile.threads[0] == Thread("render", 1, 2)
    assert list(profile.counters["memory"].values) == [7.0]
    assert profile.meta.duration == pytest.approx(1e-4)


def test_calls_of_a_chrome_trace_that_touch_or_start_together(tmp_path: Path) -> None:
    def x(name: str, ts: float, dur: float) -> dict[str, Any]:
        return {"ph": "X", "name": name, "pid": 1, "tid": 1, "ts": ts, "dur": dur}

    # Inner first, at the moment at which the outer one begins; then one that begins where the other ended.
    profile = read(
        [x("in", 0, 4), x("out", 0, 10), x("next", 4, 2), x("zero", 5, 0), x("after", 10, 1)], tmp_path
    )
    assert stacks(profile) == {"out;in": 4.0, "out;next": 2.0, "out": 4.0, "after": 1.0}


def test_calls_of_a_chrome_trace_that_are_not_whole(tmp_path: Path) -> None:
    profile = read(
        [{"ph": "E", "name": "x", "pid": 1, "tid": 1, "ts": 5}, {"ph": "B", "name": "y", "pid": 1, "tid": 1, "ts": 6},
         {"ph": "X", "name": "z", "pid": 1, "tid": 1, "ts": 7, "dur": 3}], tmp_path,
    )  # fmt: skip
    assert stacks(profile) == {"y": 1.0, "y;z": 3.0}
    assert "1 calls end that were not begun, 1 do not end" in profile.meta.notes[0]


def test_a_chrome_trace_may_lack_its_last_bracket(tmp_path: Path) -> None:
    text = json.dumps(CHROME)[:-1]
    assert stacks(read(text + ",\n", tmp_path)) == {"frame": 80.0, "frame;paint": 20.0}


def test_cut_json_is_named_and_kept(tmp_path: Path) -> None:
    text = json.dumps({"traceEvents": CHROME}, indent=1)
    cut = text[: text.index('"E"')]
    with pytest.raises(CaptureError, match=r"line \d+: no JSON"):
        read(cut, tmp_path)
    profile = read(cut, tmp_path, keep_going=True)
    assert stacks(profile) == {"frame": 10.0, "frame;paint": 20.0}
    assert "left out" in profile.meta.notes[-1]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 900), st.sampled_from(["chrome", "speedscope"]))
def test_json_cut_anywhere_never_breaks(
    tmp_path_factory: pytest.TempPathFactory, end: int, which: str
) -> None:
    text = json.dumps({"traceEvents": CHROME} if which == "chrome" else SPEEDSCOPE)
    place = refused(lambda: read(text[:end], tmp_path_factory.mktemp("cut"), keep_going=True))
    assert place in {None, "", "line 1"}


def test_v8_profiles_whole_and_in_chunks(tmp_path: Path) -> None:
    nodes = [
        {"id": 1, "callFrame": {"functionName": "(root)"}, "children": [2]},
        {"id": 2, "callFrame": {"functionName": "main", "url": "a.js", "lineNumber": 4}, "children": [3]},
        {"id": 3, "callFrame": {"functionName": "", "url": "a.js", "lineNumber": 9}},
    ]
    whole = {"nodes": nodes, "startTime": 0, "endTime": 40, "samples": [3, 2, 1], "timeDeltas": [0, 10, 20]}
    profile = read(whole, tmp_path)
    assert stacks(profile) == {"main;(anonymous)": 10.0, "main": 20.0, "": 10.0}
    assert Frame("main", "", "a.js", 5) in profile.frames

    def chunk(data: dict[str, Any], name: str = "ProfileChunk") -> dict[str, Any]:
        return {"ph": "P", "name": name, "pid": 1, "tid": 2, "id": "0x1", "ts": 0, "args": {"data": data}}

    first = [
        {"id": 1, "callFrame": {"functionName": "(root)"}},
        {"id": 2, "parent": 1, "callFrame": {"functionName": "f"}},
    ]
    later = [{"id": 3, "parent": 2, "callFrame": {"functionName": "g"}}]
    profile = read(
        [chunk({"startTime": 0}, "Profile"),
         chunk({"cpuProfile": {"nodes": first, "samples": [2]}, "timeDeltas": [5]}),
         chunk({"cpuProfile": {"nodes": later, "samples": [3, 2]}, "timeDeltas": [5, 7]})], tmp_path,
    )  # fmt: skip
    assert stacks(profile) == {"f": 12.0, "f;g": 7.0}
