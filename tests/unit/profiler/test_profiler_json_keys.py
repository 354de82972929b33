"""The objects of `--json` have the keys that docs/profiling.md names, and no others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from perilune.cli.main import main

DOCUMENT = Path(__file__).parents[3] / "docs" / "profiling.md"


def documented(of: str) -> set[str]:
    text = DOCUMENT.read_text(encoding="utf-8")
    row = next(line for line in text.split("\n") if line.startswith((f"| {of} ", f"| {of}|")))
    keys = re.sub(r"\([^)]*\)", "", row.split("|")[2])
    return set(re.findall(r"`(\w+)`", keys))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, count in (("a.folded", 100), ("b.folded", 300)):
        (tmp_path / name).write_text(f"main;mine {count}\nmain;malloc 900\n")
    (tmp_path / "EXPECT.toml").write_text('[[expect]]\nsymbol = "mine"\nto = "1%"\n')
    for phase, name in (("01-old", "a.folded"), ("02-new", "b.folded")):
        (tmp_path / "phases" / phase).mkdir(parents=True)
        (tmp_path / "phases" / phase / name).write_text((tmp_path / name).read_text())
    return tmp_path


def found(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["profile", *words, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert isinstance(value, dict)
    return value


@pytest.mark.usefixtures("folder")
def test_report(capsys: pytest.CaptureFixture[str]) -> None:
    report = found(capsys, "report", "a.folded")
    assert set(report) == documented(f"`report` (`{report['schema']}`)")
    assert set(report["components"][0]) == documented("a component or group")
    assert set(report["symbols"][0]) == documented("a symbol")


@pytest.mark.usefixtures("folder")
def test_diff(capsys: pytest.CaptureFixture[str]) -> None:
    diff = found(capsys, "diff", "a.folded", "b.folded", "--expect", "EXPECT.toml")
    assert set(diff) == documented(f"`diff` (`{diff['schema']}`)")
    assert set(diff["lines"][0]) == documented("a line")
    assert set(diff["expectations"][0]) == documented("an expectation")


@pytest.mark.usefixtures("folder")
def test_assessment(capsys: pytest.CaptureFixture[str]) -> None:
    assessment = found(capsys, "assess", "phases")
    assert set(assessment) == documented(f"`assess` (`{assessment['schema']}`)")
    assert set(assessment["phases"][1]) == documented("a phase")
