"""A short run of tools/fuzz_vt.py; the long one needs a build with bounds checks."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from perilune.vt import terminal

TOOL = Path(__file__).parents[2] / "tools" / "fuzz_vt.py"
SESSIONS = 40 if not terminal.__file__.endswith(".py") else 4


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_vt", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_vt"] = module
    spec.loader.exec_module(module)
    return module


def test_mutated_recordings_and_streams(fuzz: ModuleType) -> None:
    seeds = fuzz.recordings()
    assert len(seeds) >= 8
    assert sum(fuzz.session(seed, seeds, 20) for seed in range(SESSIONS)) > 1000 * SESSIONS


def test_the_checks_see_what_they_are_for(fuzz: ModuleType) -> None:
    broken = terminal.Terminal(4, 2)
    broken.feed(b"\x1b]133;D;1\x07")
    assert fuzz.check(broken) == ""
    with fuzz.Unraisable() as unraisable:

        class Loud:
            def __del__(self) -> None:
                raise IndexError("out of bounds")

        Loud()
    assert "out of bounds" in unraisable.seen[0]
