"""`perilune ledger` and `perilune bench tabbar`: what they count, not how fast this machine is."""

from __future__ import annotations

import json

import pytest

from perilune.cli.main import main

CONFIG = """
local wezterm = require 'wezterm'
wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover)
  return (hover and '!' or ' ') .. tab.active_pane.title
end)
return {}
"""


@pytest.fixture(autouse=True)
def no_log(monkeypatch):
    monkeypatch.setattr("perilune.base.log.configure", lambda *_arguments: None)


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "perilune.lua"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def test_the_ledger_of_a_config(config, capsys):
    assert main(["--config-file", str(config), "ledger", "--json", "--verify", "--tabs", "2"]) == 0
    document = json.loads(capsys.readouterr().out)
    callback = document["callbacks"]["format-tab-title"]
    assert (callback["kind"], callback["uses_hover"], callback["uses_max_width"]) == ("pure", True, False)
    runs = {step["step"]: [run["cause"] for run in step["runs"]] for step in document["steps"]}
    assert runs["the first frame"] == ["first run"] * 2
    assert runs["the same again"] == runs["the window is made narrower"] == runs["a minute passes"] == []
    assert runs["tab 1 gets another title"] == ["tab.active_pane.title: 'zsh' -> 'less README'"]
    assert runs["and the old one again"] == []
    assert document["lua_calls"] == 4


def test_the_ledger_for_people(config, capsys):
    assert main(["--config-file", str(config), "ledger"]) == 0
    told = capsys.readouterr().out
    assert "format-tab-title: pure; uses hover" in told
    assert "the same again: no runs" in told


def test_the_ledger_without_a_callback_or_with_a_broken_config(tmp_path, capsys):
    assert main(["-n", "ledger"]) == 0
    assert "nothing ever runs" in capsys.readouterr().out
    broken = tmp_path / "broken.lua"
    broken.write_text("return {", encoding="utf-8")
    assert main(["--config-file", str(broken), "ledger"]) == 1
    assert "broken.lua" in capsys.readouterr().err
    assert main(["-n", "ledger", "--tabs", "0"]) == 2


@pytest.mark.slow
def test_the_benchmark_counts(capsys):
    main(["bench", "tabbar", "--json", "--no-growth", "--frames", "60"])
    document = json.loads(capsys.readouterr().out)
    rows = document["scenario"]
    assert {row["way"] for row in rows} == {"every-frame", "keyed", "tracked"}
    assert len(rows) == 5 * 2 * 3
    for row in rows:
        if row["way"] == "every-frame":
            assert row["calls"] == row["frames"] * 10
        if row["way"] == "tracked":
            assert row["calls"] <= row["expected"]
            assert row["steady"] == 0 or row["callback"] == "stateful"
    counted = [item for item in document["requirements"] if item["text"].startswith(("calls", "at most"))]
    assert len(counted) == 3
    assert all(item["is_met"] for item in counted), counted


def test_the_benchmark_refuses_nonsense():
    assert main(["bench", "tabbar", "--frames", "0"]) == 2
