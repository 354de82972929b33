"""Recordings of real programs: each folder of vt/ holds `input`, `case.toml` and `expected.txt`.

Discovered from disk, so a folder without any of them is an error, not a case less. `vt/record.py` makes new ones,
`--update-golden` writes `expected.txt`: the text, and under it the runs of cells with attributes.
"""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import pytest

from perilune.vt import Terminal
from perilune.vt.cell import Cell

CASES = sorted(
    path for path in (Path(__file__).parent / "vt").iterdir() if path.is_dir() and path.name[0] != "_"
)
PLAIN = Cell()


def described(cell: Cell) -> str:
    """A cell's attributes that are not the default, text and width apart."""
    parts = []
    for field in dataclasses.fields(cell):
        value = getattr(cell, field.name)
        if field.name not in ("text", "width", "link_id") and value != getattr(PLAIN, field.name):
            parts.append(field.name if value is True else f"{field.name}={value}")
    return " ".join(parts)


def rendered(terminal: Terminal) -> str:
    """Everything that shows, in lines that can be reviewed."""
    cursor = terminal.cursor
    lines = [
        f"cursor {cursor.row},{cursor.col} {'visible' if cursor.visible else 'hidden'} {cursor.shape}",
        f"title {terminal.title!r}",
        f"modes {' '.join(map(str, sorted(terminal.modes.private)))}",
        f"scrollback {terminal.scrollback_rows}",
    ]
    lines += [f"< {line}" for line in terminal.scrollback_text()]
    for row, line in enumerate(terminal.text()):
        lines.append(f"| {line}")
        runs: list[tuple[int, int, str]] = []
        for col, cell in enumerate(terminal.cells_of_row(terminal.stable_top + row)):
            look = described(cell)
            if runs and runs[-1][2] == look:
                runs[-1] = (runs[-1][0], col, look)
            else:
                runs.append((col, col, look))
        lines += [f"    {first}-{last} {look}" for first, last, look in runs if look]
    return "\n".join(lines) + "\n"


def test_there_are_cases() -> None:
    programs = {case.name.split("_")[0] for case in CASES}
    assert programs >= {"vim", "htop", "less", "git", "tmux", "mc", "nano", "emacs", "dialog", "bash"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_recording(case: Path, update_golden: bool) -> None:
    size = tomllib.loads((case / "case.toml").read_text())
    data = (case / "input").read_bytes()
    whole = Terminal(size["cols"], size["rows"], scrollback=size["scrollback"])
    whole.feed(data)
    seen = rendered(whole)
    if update_golden:
        (case / "expected.txt").write_text(seen)
    assert seen == (case / "expected.txt").read_text()
    split = Terminal(size["cols"], size["rows"], scrollback=size["scrollback"])
    for byte in data:
        split.feed(bytes([byte]))
    assert rendered(split) == seen
