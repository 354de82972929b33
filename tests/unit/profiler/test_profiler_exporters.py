"""What is exported is read back as it was, and is as the tools' formats are published."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from profile_samples import GOLDEN, Sample, made, print_perf, read_perf, recorded, rows_of, samples

from perilune.profiler.exporters import EXPORTERS, to_chrome, to_firefox, to_folded, to_speedscope
from perilune.profiler.importers import Reading, read_capture
from perilune.profiler.model import Frame, Profile


def back(text: str) -> Profile:
    return read_capture(Path("export"), Reading(), file=io.BytesIO(text.encode()))


def check(text: str, kind: str) -> Any:
    document = json.loads(text)
    schema = json.loads((GOLDEN / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(document)
    return document


def names(profile: Profile, *, event: str | None = None) -> dict[tuple[str, ...], float]:
    """Weights by stacks of symbols, which every format keeps; of what weighs something."""
    found: dict[tuple[str, ...], float] = {}
    for (kind, _, frames), (_, weight) in rows_of(profile).items():
        if event is None or kind == event:
            key = tuple(" ".join(f.symbol.replace(";", ":").split()) for f in frames)
            found[key] = found.get(key, 0.0) + weight
    return found


@settings(max_examples=30, deadline=None)
@given(samples())
def test_speedscope_and_back(found: list[Sample]) -> None:
    profile, _ = read_perf(print_perf(found))
    text = to_speedscope(profile, None)
    check(text, "speedscope")
    again = back(text)
    assert {event.name for event in again.events} == {event.name for event in profile.events}
    assert set(again.threads) == set(profile.threads)
    for event in profile.events:
        assert names(again, event=event.name) == pytest.approx(names(profile, event=event.name))
    marks = {(f.symbol, f.kernel, f.inlined and not f.kernel) for f in profile.frames}  # one mark fits
    assert {(f.symbol, f.kernel, f.inlined) for f in again.frames} == marks


@settings(max_examples=30, deadline=None)
@example([Sample("prog", 1, 1, 0, "cycles", 1, (Frame("a", "/usr/bin/prog"),))])  # one letter is a stack, too
@given(samples())
def test_folded_and_back(found: list[Sample]) -> None:
    profile, _ = read_perf(print_perf(found))
    event = profile.main_event()
    assert event is not None
    again = back(to_folded(profile, event))
    assert names(again) == names(profile, event=profile.events[event].name)


@settings(max_examples=30, deadline=None)
@given(samples())
def test_chrome_and_back(found: list[Sample]) -> None:
    profile, _ = read_perf(print_perf(found))
    text = to_chrome(profile, None)
    check(text, "chrome")
    again = back(text)
    for event in profile.events:
        scale = {"ns": 1e-3}.get(event.unit, 1.0)
        expected = {stack: weight * scale for stack, weight in names(profile, event=event.name).items()}
        read = {stack: weight for stack, weight in names(again, event=event.name).items() if weight}
        assert read == pytest.approx(expected)


@settings(max_examples=30, deadline=None)
@given(samples())
def test_firefox_is_whole(found: list[Sample]) -> None:
    profile, _ = read_perf(print_perf(found))
    document = check(to_firefox(profile, None), "firefox")
    weights: dict[tuple[str, ...], float] = {}
    for thread in document["threads"]:
        for table in ("samples", "markers", "stackTable", "frameTable", "funcTable", "resourceTable"):
            columns = [c for c in thread[table].values() if isinstance(c, list)]
            assert {len(column) for column in columns} == {thread[table]["length"]}
        stacks, frames, functions = thread["stackTable"], thread["frameTable"], thread["funcTable"]
        scale = 1e6 if thread["name"].endswith("(cpu-clock)") else 1.0
        for stack, weight in zip(thread["samples"]["stack"], thread["samples"]["weight"], strict=True):
            path: list[str] = []
            at = stack
            while at is not None:
                assert stacks["prefix"][at] is None or stacks["prefix"][at] < at
                path.insert(0, thread["stringArray"][functions["name"][frames["func"][stacks["frame"][at]]]])
                at = stacks["prefix"][at]
            key = tuple(" ".join(name.replace(";", ":").split()) for name in path)
            weights[key] = weights.get(key, 0.0) + weight * scale
    assert weights == pytest.approx(names(profile))


@pytest.mark.parametrize("kind", ["speedscope", "chrome", "firefox"])
def test_what_perilune_recorded_is_as_published(kind: str) -> None:
    document = check(EXPORTERS[kind](recorded(), None), kind)
    if kind == "chrome":
        shown = [event for event in document["traceEvents"] if event["ph"] == "X"]
        assert {event["name"] for event in shown} == {"frame", "snapshot", "compose", "format-tab-title"}
        assert any(event["args"].get("cause") == "hover" for event in shown)
    if kind == "firefox":
        assert document["threads"][-1]["markers"]["length"] == 660


def test_names_that_folded_stacks_cannot_hold_are_made_to_fit() -> None:
    profile = made({})
    node = profile.stack([Frame("a;b\n c", "", "dir/x.py", 3), Frame("")])
    profile.add(0, 0, node, weight=2.5)
    assert to_folded(profile, 0) == "a:b c (dir/x.py:3);[unknown] 2.5\n"


def test_one_event_can_be_chosen() -> None:
    profile = made({"main": 5})
    profile.add(profile.event("faults"), 0, profile.stack([Frame("other")]), weight=1.0)
    assert to_folded(profile, profile.find_event("faults")) == "other 1\n"
    assert len(json.loads(to_speedscope(profile, 0))["profiles"]) == 1
    assert len(json.loads(to_speedscope(profile, None))["profiles"]) == 2
