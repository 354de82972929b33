"""docs/compat.md and docs/options.md are what the program says of itself."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_compat", ROOT / "tools/generate_compat.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages(generator: ModuleType) -> dict[Path, str]:
    found = generator.pages()
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", ["compat.md", "options.md"])
def test_the_committed_page_is_what_the_generator_writes(pages: dict[Path, str], name: str) -> None:
    path = ROOT / "docs" / name
    assert path.read_text(encoding="utf-8") == pages[path], "run tools/generate_compat.py"


def test_every_name_of_the_surface_is_on_the_page(pages: dict[Path, str]) -> None:
    text = pages[ROOT / "docs/compat.md"]
    rows = set(re.findall(r"^\| `(.+)` \| ", text, re.MULTILINE))
    surface = tomllib.loads((ROOT / "tools/surface.toml").read_text(encoding="utf-8"))
    tables = [surface]
    names: set[str] = set()
    while tables:
        for key, value in tables.pop().items():
            if isinstance(value, dict):
                tables.append(value)
            else:
                names.add(key)
    assert len(names) > 700
    assert names <= rows


def test_every_registered_name_is_on_the_page(pages: dict[Path, str], generator: ModuleType) -> None:
    from perilune.app.actions import HANDLERS
    from perilune.config.assignment import ASSIGNMENTS
    from perilune.config.options import Config

    text = pages[ROOT / "docs/compat.md"]
    rows = set(re.findall(r"^\| `(.+)` \| ", text, re.MULTILINE))
    assert set(Config.declared) | set(ASSIGNMENTS) | set(HANDLERS) <= rows
    lua = generator.Lua()
    try:
        functions, _ = lua.functions()
    finally:
        lua.close()
    inner = {"color.to_string"}  # what tostring() of a colour calls
    for name in set(functions) - inner:
        head, _, rest = name.partition(".")
        if head != "sys":
            assert (name if head == "wezterm" else rest) in rows, name


def test_nothing_of_the_documented_surface_but_commands_is_missing(pages: dict[Path, str]) -> None:
    text = pages[ROOT / "docs/compat.md"].partition("## Commands")[0]
    missing = set(re.findall(r"^\| `(.+)` \| \S+ \| missing \|$", text, re.MULTILINE))
    assert missing <= {"mux-is-process-stateful"}


def test_no_option_is_called_honoured_that_nothing_reads() -> None:
    import ast

    from perilune.config.options import Config

    source = ROOT / "src/perilune"
    read: set[str] = set()
    for path in source.rglob("*.py"):
        if path.relative_to(source).parts[:2] != ("config", "options"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                    read.add(node.attr)
    through_palette = {"color_scheme", "color_schemes", "color_scheme_dirs"}
    used = {name for name, declared in Config.declared.items() if declared.used}
    assert used - through_palette - read == set()
