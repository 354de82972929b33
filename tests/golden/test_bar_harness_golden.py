"""Whole configurations and what their bars look like: `config.lua` and `case.toml` in, reviewed frames out.

`case.toml` has `tabs` (fields of the harness), and `steps`: tables with one of `frame` (hover_col, cols), `set`,
`activate`, `move`, `close`, `emit`, `tick`, `status`. Each frame is one entry of `expected.txt`, with the calls
of Lua that it took; the naive way of calling every time must show the same.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from perilune.testing.tab_bar_harness import TabBarHarness

CASES = Path(__file__).parent / "bar_harness"


def describe(bar, frame, calls):
    lines = [f"text {frame.text!r}", f"calls {bar.stats.lua_calls - calls}"]
    start = 0
    for col in range(1, len(frame.cells) + 1):
        if col == len(frame.cells) or frame.cells[col][1:] != frame.cells[start][1:]:
            _, fg, bg, attributes = frame.cells[start]
            extra = [
                name
                for name in ("italic", "reverse", "strikethrough", "invisible")
                if getattr(attributes, name)
            ]
            extra += [attributes.intensity.lower()] if attributes.intensity != "Normal" else []
            extra += [f"underline {attributes.underline.lower()}"] if attributes.underline != "None" else []
            lines.append(" ".join([f"cells {start}-{col - 1} {fg} on {bg}", *extra]))
            start = col
    lines += [f"item {kind} x={x} width={width} tab={tab}" for kind, x, width, tab in frame.items]
    return "\n".join(lines)


def play(folder, mode):
    case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    told, frames = [], []
    with TabBarHarness(
        config=folder / "config.lua",
        cols=case.get("cols", 60),
        tabs=case["tabs"],
        mode=mode,
        config_directories=[],
    ) as bar:
        bar.verify = mode == "tracked"
        for step in case["steps"]:
            ((action, value),) = step.items()
            match action:
                case "frame":
                    calls = bar.stats.lua_calls
                    frame = bar.frame(**value)
                    frames.append(frame)
                    told.append(f"frame {value}\n{describe(bar, frame, calls)}")
                case "set":
                    bar.set(value.pop("tab"), **value)
                case "move":
                    bar.move(*value)
                case "activate":
                    bar.activate(value)
                case "close":
                    bar.close_tab(value)
                case "add":
                    bar.add_tab(value)
                case "emit":
                    bar.emit(value)
                case "tick":
                    bar.tick(value)
                case _:
                    raise AssertionError(step)
        told.append("\n".join(f"run {run.subject} {run.cause}; {run.outcome}" for run in bar.stats.runs))
    return "\n\n".join(told) + "\n", frames


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir() if path.is_dir()))
def test_bar(name, update_golden, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    folder = CASES / name
    found, frames = play(folder, "tracked")
    expected = folder / "expected.txt"
    if update_golden:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
    assert frames == play(folder, "every-frame")[1]
