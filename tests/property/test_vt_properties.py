"""What holds for any input: chunking changes nothing, nothing raises, the grid stays sound, text survives resizes."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.vt import Terminal
from property.vt_streams import TEXTS, check_grid, state, stream

SIZES = [(1, 1, 0), (2, 1, 3), (1, 3, 2), (5, 3, 4), (10, 4, 10), (20, 6, 0), (40, 10, 5)]
seeds = st.integers(0, 1 << 32)
sizes = st.sampled_from(SIZES)


@given(data=st.binary(max_size=300), size=sizes)
def test_any_bytes_are_taken(data: bytes, size: tuple[int, int, int]) -> None:
    terminal = Terminal(size[0], size[1], scrollback=size[2])
    terminal.feed(data)
    check_grid(terminal)


@given(seed=seeds, size=sizes, cuts=st.randoms(use_true_random=False))
def test_chunking_changes_nothing(seed: int, size: tuple[int, int, int], cuts: random.Random) -> None:
    data = stream(seed, 60)
    whole, parts = (Terminal(size[0], size[1], scrollback=size[2]) for _ in range(2))
    whole.feed(data)
    check_grid(whole)
    at = 0
    while at < len(data):
        count = cuts.randrange(1, 6)
        parts.feed(data[at : at + count])
        at += count
    assert state(parts) == state(whole)


@given(seed=seeds, size=sizes, steps=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 12)), max_size=6))
def test_resizes_keep_the_grid_sound(
    seed: int, size: tuple[int, int, int], steps: list[tuple[int, int]]
) -> None:
    terminal = Terminal(size[0], size[1], scrollback=size[2])
    for number, (cols, rows) in enumerate(steps):
        terminal.feed(stream(seed + number, 25))
        terminal.resize(cols, rows)
        check_grid(terminal)
        assert (terminal.cols, terminal.rows, len(terminal.text())) == (cols, rows, rows)


def logical_lines(terminal: Terminal) -> list[str]:
    """The text of lines, wrapped rows joined, blank lines at the end left out."""
    lines, line = [], ""
    for stable in range(terminal.first_stable, terminal.stable_top + terminal.rows):
        cells = terminal.row_clusters(stable)
        wrapped = terminal.row_wrapped(stable)
        # A wide character that went to the next row leaves a filler behind, which is no text.
        filler = wrapped and cells[-1] == " " and len(terminal.row_clusters(stable + 1)[1:2]) == 1
        filler = filler and terminal.row_clusters(stable + 1)[1] == ""
        line += "".join(cells[:-1] if filler else cells)
        if not wrapped:
            lines.append(line.rstrip(" "))
            line = ""
    while lines and not lines[-1]:
        lines.pop()
    return lines


words = st.text(alphabet=st.sampled_from("abcdefgh漢字é"), max_size=25)


@given(
    lines=st.lists(words, max_size=12),
    steps=st.lists(st.tuples(st.integers(2, 30), st.integers(1, 9)), max_size=8),
)
def test_a_resize_keeps_logical_lines(lines: list[str], steps: list[tuple[int, int]]) -> None:
    terminal = Terminal(12, 5, scrollback=1000)
    terminal.feed("\r\n".join(lines).encode())
    while lines and not lines[-1]:
        lines.pop()
    assert logical_lines(terminal) == lines
    for cols, rows in steps:
        terminal.resize(cols, rows)
        assert logical_lines(terminal) == lines


@given(text=st.lists(st.sampled_from(TEXTS), max_size=12), steps=st.lists(st.integers(2, 30), max_size=6))
def test_there_and_back_again_is_the_same_screen(text: list[str], steps: list[int]) -> None:
    terminal = Terminal(12, 30, scrollback=0)
    terminal.feed("\r\n".join(text).encode())
    before = terminal.text()
    for cols in steps:
        terminal.resize(cols, 30)
    terminal.resize(12, 30)
    if len(steps) == 0 or max(len(line) for line in before) <= min(steps):
        assert terminal.text() == before


@given(seed=seeds, size=sizes)
def test_rows_not_reported_as_changed_are_the_same(seed: int, size: tuple[int, int, int]) -> None:
    terminal = Terminal(size[0], size[1], scrollback=size[2])
    for number in range(6):
        seen, before = terminal.seqno, terminal.text()
        terminal.feed(stream(seed + number, 5))
        changed = terminal.changed_rows(seen)
        for row, (old, new) in enumerate(zip(before, terminal.text(), strict=True)):
            assert old == new or row in changed


PROGRAM = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from property.vt_streams import state, stream
from perilune.vt import Terminal, terminal
assert terminal.__file__.endswith(".py"), terminal.__file__
for seed in range(60):
    made = Terminal(5 + seed % 20, 1 + seed % 7, scrollback=seed % 9)
    made.feed(stream(seed, 80))
    made.resize(1 + seed % 13, 1 + seed % 5)
    print(hashlib.sha256(repr(state(made)).encode()).hexdigest())
"""


@pytest.mark.slow
def test_uncompiled_and_compiled_agree() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(Path(__file__).parents[1])],
        env={**os.environ, "PERILUNE_UNCOMPILED": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    mine = []
    for seed in range(60):
        terminal = Terminal(5 + seed % 20, 1 + seed % 7, scrollback=seed % 9)
        terminal.feed(stream(seed, 80))
        terminal.resize(1 + seed % 13, 1 + seed % 5)
        mine.append(hashlib.sha256(repr(state(terminal)).encode()).hexdigest())
    assert done.stdout.split() == mine


@settings(max_examples=30)
@given(seed=seeds)
def test_a_long_feed_in_one_piece(seed: int) -> None:
    data = stream(seed, 50)
    whole, parts = Terminal(20, 5, scrollback=50), Terminal(20, 5, scrollback=50)
    repeats = (1 << 17) // max(len(data), 1) + 1
    whole.feed(data * repeats)
    for _ in range(repeats):
        parts.feed(data)
    whole.take_output(), whole.take_events(), parts.take_output(), parts.take_events()
    assert [whole.text(), whole.scrollback_text(), whole.cursor] == [
        parts.text(), parts.scrollback_text(), parts.cursor,
    ]  # fmt: skip
