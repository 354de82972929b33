"""The benchmark of loading: its config is what it says, and loads without a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from perilune.cli.bench_config import load_once, write_config


@pytest.mark.parametrize("seed", [1, 7])
def test_the_config_has_a_thousand_lines_in_modules_and_loads(tmp_path: Path, seed: int) -> None:
    path = write_config(tmp_path, seed)
    files = sorted(tmp_path.rglob("*.lua"))
    assert len(files) == 5
    assert sum(len(file.read_text().splitlines()) for file in files) == 1000
    assert load_once(path) > 0


def test_a_seed_makes_the_same_config(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    write_config(first, 3)
    write_config(second, 3)
    names = [file.relative_to(first) for file in sorted(first.rglob("*.lua"))]
    assert [(first / name).read_text() for name in names] == [(second / name).read_text() for name in names]
