"""Heavy modules load when something needs them, not before."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "lupa", "numpy", "PIL", "PySide6", "moderngl", "uharfbuzz", "fontconfig", "asyncssh", "asyncio",
    "watchdog", "nerdfont", "webcolors", "wcwidth", "curses", "json", "sqlite3", "multiprocessing",
    "concurrent", "email", "http", "xml", "unittest", "difflib", "typing_extensions",
}  # fmt: skip


def loaded_after(statement: str) -> set[str]:
    """Top-level modules in sys.modules of a fresh interpreter after a statement."""
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys; print(*{{m.partition('.')[0] for m in sys.modules}})"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("perilune", set()),
        ("perilune.vt", set()),
        ("perilune.memo", set()),
        ("perilune.cells.buffer", set()),
        ("perilune.base.loop", set()),
        ("perilune.tabbar", set()),
        ("perilune.mux", set()),
        ("perilune.cli.main", set()),
        ("perilune.tui", set()),
    ],
)
def test_importing_loads_nothing_heavy(module: str, allowed: set[str]) -> None:
    before = loaded_after("pass")
    assert (loaded_after(f"import {module}") - before) & (HEAVY - allowed) == set()


def test_the_package_itself_is_empty() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; a=set(sys.modules); import perilune; print(*set(sys.modules)-a)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(done.stdout.split()) <= {"perilune", "__future__", "os"}
