"""What the repository promises about itself."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout: nothing is tracked")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ci = [
        line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")
    ]
    assert "./run-tests" in readme
    assert ci[-1] == "PERILUNE_TEST_SYSTEM_PACKAGES=1 exec ./run-tests"


def test_every_compiled_module_exists() -> None:
    source = (ROOT / "setup.py").read_text(encoding="utf-8")
    listed = re.findall(r'"(perilune/[\w/]+\.py)"', source)
    assert listed
    for path in listed:
        assert (ROOT / "src" / path).is_file(), path


def test_no_registry_host_and_no_machine_path_is_named() -> None:
    # Spelt in pieces, so that this file does not name them either.
    forbidden = re.compile(
        "|".join(
            ("pypi" + r"\.org", "python" + r"hosted\.org", "npmjs" + r"\.", "/ro" + "ot/", "/wo" + "rk/")
        )
    )
    for path in tracked():
        if path.suffix in {".png", ".bin", ".zip", ".gz", ".sqlite", ".raw"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not forbidden.search(text), f"{path.relative_to(ROOT)}: {forbidden.search(text)}"


def test_lock_files_hold_every_dependency() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", [*project["dependencies"], *project["optional-dependencies"]["dev"]]),
    ):
        pinned = {
            line.split("==")[0].lower() for line in (ROOT / lock).read_text().splitlines() if "==" in line
        }
        for requirement in wanted:
            name = re.split(r"[<>=!~\[; ]", requirement)[0].lower()
            assert name in pinned, f"{name} is missing from {lock}: run tools/lock"


def test_the_module_map_of_hacking_is_the_tree() -> None:
    text = (ROOT / "HACKING.md").read_text(encoding="utf-8")
    mapped = set(re.findall(r"^- `(\w+)/` ", text, re.MULTILINE))
    packages = {path.parent.name for path in (ROOT / "src" / "perilune").glob("*/__init__.py")}
    assert mapped == packages


@pytest.mark.parametrize("script", ["perilune", "run-tests", ".ci/run", "tools/lock"])
def test_scripts_are_executable_and_parse(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    shell = "bash" if "bash" in path.read_text().splitlines()[0] else "sh"
    subprocess.run([shell, "-n", str(path)], check=True)


def test_the_version_is_said_once() -> None:
    import tomllib

    import perilune

    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == perilune.__version__


def test_setup_lists_no_extension_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERILUNE_NO_COMPILE", "1")
    monkeypatch.setattr(sys, "argv", ["setup.py", "--version"])
    monkeypatch.chdir(ROOT)
    setup = runpy.run_path(str(ROOT / "setup.py"), run_name="__main__")
    assert setup["extensions"]() == []
