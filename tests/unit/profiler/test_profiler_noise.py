"""Noise is not called a change, and a change is not called noise. Everything is seeded."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profile_samples import Sample, made, print_perf, read_perf, repeats, samples

from perilune.profiler.comparison import Comparison, Line, compare_captures
from perilune.profiler.measures import PER, Capture, Item
from perilune.profiler.model import Frame, Profile, Thread
from perilune.profiler.noise import adjust, t_quantile, t_tail
from perilune.profiler.rules import shipped

PROGRAM = {
    f"main;part{n};leaf{n}": share for n, share in enumerate((30, 20, 15, 10, 8, 6, 4, 3, 2, 1, 0.5, 0.5))
}


def captures(profiles: list[Profile]) -> list[Capture]:
    rules = shipped("generic")
    return [Capture.of(profile, profile.main_event(), rules, f"c{n}") for n, profile in enumerate(profiles)]


def changed(comparison: Comparison) -> list[str]:
    return [line.item.name for line in comparison.lines if line.changed]


@pytest.mark.parametrize(
    ("t", "degrees", "tail"),
    [
        (0.0, 5, 0.5),
        (2.0, 4, 0.058058),
        (12.706, 1, 0.025),
        (2.228, 10, 0.025),
        (1.96, 1e6, 0.025),
        (1.812, 10, 0.05),
    ],
)
def test_students_t_is_as_in_the_tables(t: float, degrees: float, tail: float) -> None:
    assert t_tail(t, degrees) == pytest.approx(tail, abs=5e-5)
    if t:
        assert t_quantile(1 - tail, degrees) == pytest.approx(t, rel=1e-3)


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_corrected_p_values_are_not_smaller_and_keep_their_order(values: list[float]) -> None:
    found = adjust(values)
    assert all(a >= b for a, b in zip(found, values, strict=True))
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [found[i] for i in order] == sorted(found)


@settings(max_examples=40, deadline=None)
@given(samples(), st.sampled_from(PER))
def test_a_capture_does_not_differ_from_itself(found: list[Sample], per: str) -> None:
    profile, _ = read_perf(print_perf(found))
    profile.meta.frames, profile.meta.bytes, profile.meta.duration = 60, 1000, 2.0
    for sides in ((1, 1), (2, 2), (3, 1)):
        comparison = compare_captures(captures([profile] * sides[0]), captures([profile] * sides[1]), per)
        assert not changed(comparison)
        assert all(line.verdict.change == 0 and line.status == "same" for line in comparison.lines)
        assert not comparison.over(0.0, 0.0)


@pytest.mark.parametrize(("before", "after"), [(1, 1), (3, 3), (2, 4), (4, 1)])
def test_noise_is_not_called_a_change(before: int, after: int) -> None:
    rounds, wrong = 40, 0
    for seed in range(rounds):
        found = repeats(PROGRAM, before + after, 1000, seed)
        wrong += bool(changed(compare_captures(captures(found[:before]), captures(found[before:]), "sample")))
    # One in twenty for each of four families (components and symbols, self and inclusive), which go together.
    assert wrong <= rounds * 0.15


def test_runs_that_differ_among_themselves_hide_a_small_change() -> None:
    # Each run's share of part0 is its own: 20 to 40 %. Single captures cannot know that; repeats do.
    rng = random.Random(5)
    wrong = 0
    for _ in range(20):
        sides = []
        for _ in range(2):
            side = []
            for _ in range(4):
                program = {**PROGRAM, "main;part0;leaf0": rng.uniform(20, 40)}
                side += repeats(program, 1, 1000, rng.randrange(10**6))
            sides.append(side)
        wrong += bool(changed(compare_captures(captures(sides[0]), captures(sides[1]), "sample")))
    assert wrong <= 4


@pytest.mark.parametrize("sides", [1, 3])
def test_a_change_is_found(sides: int) -> None:
    found = 0
    for seed in range(20):
        before = repeats(PROGRAM, sides, 3000, seed)
        after = repeats({**PROGRAM, "main;part1;leaf1": 8}, sides, 3000, seed + 1000)
        comparison = compare_captures(captures(before), captures(after), "sample")
        line = comparison.line(Item("symbol", "leaf1", "self"))
        assert line is not None
        found += line.status == "shrank"
        assert line.verdict.change < 0
    assert found >= 19


def test_intervals_hold_what_they_should() -> None:
    held = 0
    for seed in range(100):
        (before,), (after,) = repeats(PROGRAM, 1, 1000, seed), repeats(PROGRAM, 1, 1000, seed + 500)
        line = compare_captures(captures([before]), captures([after]), "sample").line(
            Item("symbol", "leaf2", "self")
        )
        assert line is not None
        held += abs(line.verdict.change) <= line.verdict.half
    assert 90 <= held <= 100


def test_new_and_vanished_items() -> None:
    before, after = made({"main;old": 200, "main;rest": 800}), made({"main;new": 200, "main;rest": 800})
    comparison = compare_captures(captures([before]), captures([after]), "sample")
    states = {line.item.name: line.status for line in comparison.of("symbol", "self")}
    assert {name: state for name, state in states.items() if name != "main"} == {
        "old": "vanished", "new": "new", "rest": "same"
    }  # fmt: skip
    few = compare_captures(captures([made({"m": 1000})]), captures([made({"m": 998, "m;x": 2})]), "sample")
    assert {line.item.name: line.status for line in few.of("symbol", "self")}["x"] == "noise"


def test_totals_alone_are_never_compared() -> None:
    # Twice as long, twice the samples: nothing changed per second, per frame or per sample.
    short = made({"main;a": 300, "main;b": 700}, event="cpu", seconds=10, frames=600)
    long = made({"main;a": 600, "main;b": 1400}, event="cpu", seconds=20, frames=1200)
    for per in ("second", "frame", "sample"):
        assert not changed(compare_captures(captures([short]), captures([long]), per))


def test_per_frame_shows_what_shares_hide() -> None:
    # Everything became twice as costly for each frame; the shares are the same.
    before = made({"main;a": 300, "main;b": 700}, frames=600)
    after = made({"main;a": 600, "main;b": 1400}, frames=600)
    assert not changed(compare_captures(captures([before]), captures([after]), "sample"))
    assert "all samples" in changed(compare_captures(captures([before]), captures([after]), "frame"))


def test_few_heavy_samples_tell_less_than_many_light_ones() -> None:
    def profile(work: list[float]) -> Profile:
        found = Profile()
        event, thread = found.event("cycles"), found.thread(Thread())
        for name, weights in (("work", work), ("rest", [10.0] * 900)):
            node = found.stack([Frame(name)])
            for weight in weights:
                found.add(event, thread, node, weight=weight)
        return found

    def line(before: Profile, after: Profile) -> Line:
        found = compare_captures(captures([before]), captures([after]), "sample").line(
            Item("symbol", "work", "self")
        )
        assert found is not None
        return found

    # The rows are aggregated: what is known of a stack's samples is their number and their weight.
    many = line(profile([10.0] * 100), profile([10.0] * 180))
    few = line(profile([500.0] * 2), profile([900.0] * 2))
    assert many.verdict.change == pytest.approx(few.verdict.change)
    assert many.changed
    assert few.status == "noise"
