"""The tree is the architecture: imports only point down, and some are confined to one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "perilune"

# From the top down. Packages of one row never import each other.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("testing",),
    ("gui", "tui"),
    ("app",),
    ("lua", "tabbar", "render", "profiler"),
    ("mux",),
    ("vt", "pty", "config", "memo"),
    ("cells",),
    ("base",),
    ("__init__",),
    ("_uncompiled",),
)
RANK = {name: index for index, row in enumerate(LAYERS) for name in row}

# Third-party and platform modules, and the only places that may import them.
CONFINED = {
    "lupa": ("lua/runtime.py",),
    "moderngl": ("gui/",),
    "PySide6": ("gui/",),
    "termios": ("pty/", "tui/"),
    "tty": ("pty/", "tui/"),
    "asyncssh": ("mux/",),
    "watchdog": ("app/config_watch.py",),
    "nerdfont": ("lua/", "app/overlays/characters.py"),
    "rapidfuzz": ("app/overlays/matching.py",),
    "regex": ("config/patterns.py", "app/implicit_links.py", "app/text_search.py"),
    "wcwidth": (),
    "asyncio": (),
}

# Files over 800 lines, with the reason.
LARGE: dict[str, str] = {}
LINE_LIMIT = 800


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def package_of(path: Path) -> str:
    relative = path.relative_to(SRC)
    return relative.parts[0].removesuffix(".py")


def imported(path: Path) -> list[tuple[int, str]]:
    """Every module imported anywhere in a file, absolute, with its line."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            module = node.module or ""
            found.append((node.lineno, module))
            if module == "perilune":
                found += [(node.lineno, f"perilune.{alias.name}") for alias in node.names]
    return found


def violations(package: str, relative: str, names: list[tuple[int, str]]) -> list[str]:
    """What a file of `package` imports although it must not."""
    wrong: list[str] = []
    for line, name in names:
        parts = name.split(".")
        if parts[0] in CONFINED and not any(relative.startswith(place) for place in CONFINED[parts[0]]):
            wrong.append(
                f"{relative}:{line}: {parts[0]} belongs in {CONFINED[parts[0]] or 'tests and tools'}"
            )
        if parts[0] != "perilune" or len(parts) < 2:
            continue
        target = parts[1]
        if target in {"__version__", package}:
            continue
        assert target in RANK, f"{relative}:{line}: perilune.{target} has no layer"
        if RANK[target] <= RANK[package]:
            wrong.append(f"{relative}:{line}: {package} must not import {target}")
    return wrong


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SRC)))
def test_imports_point_down(path: Path) -> None:
    package = package_of(path)
    assert package in RANK, f"{package} has no layer; name it in LAYERS"
    assert violations(package, path.relative_to(SRC).as_posix(), imported(path)) == []


def test_the_check_itself_fails_on_a_wrong_import() -> None:
    assert violations("mux", "mux/pane.py", [(1, "perilune.app.keys")])
    assert violations("lua", "lua/api.py", [(1, "perilune.tabbar.layout")])
    assert violations("app", "app/keys.py", [(1, "lupa.lua54")])
    assert violations("mux", "mux/pane.py", [(1, "perilune.vt")]) == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SRC)))
def test_files_stay_small(path: Path) -> None:
    relative = path.relative_to(SRC).as_posix()
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if relative in LARGE:
        assert lines > LINE_LIMIT, f"{relative} is small again: take it out of LARGE"
    else:
        assert lines <= LINE_LIMIT, f"{relative} has {lines} lines: split it"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SRC)))
def test_names_and_headers(path: Path) -> None:
    assert not {"utils", "helpers", "manager"} & set(path.stem.split("_")), "name it after what it is about"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a module header says what it is for"
