"""The benchmark of the terminal core: what it feeds, and that peers cannot take it down."""

from __future__ import annotations

import pytest

from perilune.cli import bench_vt
from perilune.cli.bench_vt_workloads import COLS, ROWS, WORKLOADS, made
from perilune.vt import Terminal


def test_a_seed_makes_the_same_workloads_again() -> None:
    first, again = made(3), made(3)
    assert first == again
    assert set(first) == set(WORKLOADS)
    assert first["plain_text"] != made(4)["plain_text"]


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_core_takes_each_workload_without_dropping(name: str) -> None:
    terminal = Terminal(COLS, ROWS, scrollback=10)
    terminal.feed(made(1)[name][:3000])
    assert terminal.dropped == 0
    assert terminal.failure is None


def test_a_peer_that_dies_leaves_no_figures() -> None:
    assert bench_vt.peer_rates("no such peer", 1) == {}


def test_a_requirement_is_met_from_its_figure_on() -> None:
    verdict = bench_vt.Verdict("plain_text", "MB/s", 100.0, 99.0)
    assert not verdict.is_met
    assert bench_vt.Verdict("plain_text", "MB/s", 100.0, 100.0).is_met
