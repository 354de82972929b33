"""Whole configurations in the style of what people write, each in a folder of `configs` with what it should do."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from perilune.app.keys.listing import list_keys
from perilune.config.discovery import ConfigSource
from perilune.lua.host import effective_mapping
from perilune.testing import TabBarHarness
from perilune.testing.config_check import check_config

CONFIGS = sorted(path.parent for path in (Path(__file__).parent / "configs").glob("*/expect.toml"))
TABS: list[dict[str, Any]] = [
    {"title": "zsh", "active": True, "current_working_dir": "/home/me/src"},
    {"title": "vim", "tab_title": "notes"},
]
KNOWN = {"events", "bar", "right_status", "warnings", "options", "palette", "keys"}


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy: its path is short of what Lua cuts, and nothing that runs writes into the tests."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    target = tmp_path / "config"
    shutil.copytree(request.param, target)
    return target


def expected(folder: Path) -> dict[str, Any]:
    found = tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))
    assert set(found) <= KNOWN
    return found


@pytest.mark.parametrize("folder", CONFIGS, ids=lambda path: path.name, indirect=True)
def test_it_loads_and_acts(folder: Path) -> None:
    want = expected(folder)
    with TabBarHarness(config=folder / "wezterm.lua", cols=80, tabs=TABS, config_directories=()) as bar:
        assert [re.sub(r"^.*/", "", problem.message) for problem in bar.problems] == want.get("warnings", [])
        shown = effective_mapping(bar.config)
        for name, value in want.get("options", {}).items():
            assert shown[name] == value, name
        palette = shown["resolved_palette"]
        assert isinstance(palette, dict)
        for name, value in want.get("palette", {}).items():
            assert palette[name] == value, name
        keys = {
            str(item.chord): str(item.action)
            for item in list_keys(bar.config)
            if not item.is_default and not item.table
        }
        for chord, action in want.get("keys", {}).items():
            assert keys.get(chord) == action, (chord, sorted(keys))
        if "bar" in want:
            assert bar.frame().text.rstrip() == want["bar"].rstrip()
        if "right_status" in want:
            for event in ("update-right-status", "update-status"):
                bar.emit(event)
            assert bar.window.right_status == want["right_status"]


@pytest.mark.parametrize("folder", CONFIGS, ids=lambda path: path.name, indirect=True)
def test_check_finds_no_error_in_it(folder: Path) -> None:
    want = expected(folder)
    report = check_config(ConfigSource(folder / "wezterm.lua"))
    assert report.errors == []
    assert sorted({callback.event for callback in report.callbacks}) == want["events"]
    assert [callback.error for callback in report.callbacks if callback.error] == []


def test_there_are_configs() -> None:
    assert len(CONFIGS) >= 10
