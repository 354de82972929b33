"""The command line: words in, options out, and refusals that say what to do."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from perilune import __version__
from perilune.cli import main as cli

DISPLAYS = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}  # with one, a window would open
PERILUNE = [sys.executable, "-m", "perilune"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    return subprocess.run(
        [*PERILUNE, *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False, env=env,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["start"]),
        (["-n"], ["-n", "start"]),
        (["--config", "a=1", "--cwd", "/"], ["--config", "a=1", "start", "--cwd", "/"]),
        (["--config=a=1"], ["--config=a=1", "start"]),
        (["--", "vim"], ["start", "--", "vim"]),
        (["show-keys"], ["show-keys"]),
        (["-n", "start", "--", "show-keys"], ["-n", "start", "--", "show-keys"]),
        (["--help"], ["--help"]),
        (["nonsense"], ["nonsense"]),
    ],
)
def test_start_is_the_default(words, expected):
    assert cli.with_default_command(words) == expected


@pytest.mark.parametrize(
    "words",
    [
        ["--config", "a=1", "start", "--config", "b=2", "-n"],
        ["-n", "--config", "a=1", "--config", "b=2"],
        ["start", "-n", "--config", "a=1", "--config", "b=2"],
    ],
)
def test_global_options_stand_on_either_side(words, monkeypatch):
    seen = []
    monkeypatch.setattr("perilune.cli.start.run", lambda arguments: seen.append(arguments) or 0)
    assert cli.main(words) == 0
    assert seen[0].config == ["a=1", "b=2"]
    assert seen[0].skip_config is True
    assert seen[0].config_file is None


def test_the_program_keeps_its_own_options(monkeypatch):
    seen = []
    monkeypatch.setattr("perilune.cli.start.run", lambda arguments: seen.append(arguments) or 0)
    cli.main(["start", "--cwd", "/", "--", "ls", "--config", "-n", "--", "x"])
    assert seen[0].program == ["ls", "--config", "-n", "--", "x"]
    assert seen[0].config == []
    cli.main(["--", "show-keys"])
    assert seen[1].program == ["show-keys"]


def test_version():
    done = run("--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"perilune {__version__}")


def test_help_names_every_command():
    done = run("--help")
    assert done.returncode == 0
    for command in cli.COMMANDS:
        assert command in done.stdout
        assert run(command, "--help").returncode == 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["start"], "not a terminal"),
        (["start", "--front-end", "window"], "there is no display"),
        (["--config-file", "/nowhere/x.lua", "show-keys"], "/nowhere/x.lua"),
        (["--config-file"], "--config-file: expected one argument"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["start", "--nonsense"], "--nonsense"),
        (["--config", "novalue"], "expected NAME=VALUE"),
        (["-n", "--config-file", "x"], "exclude each other"),
    ],
)
def test_refusals_say_why_and_exit_with_2(words, complaint):
    done = run(*words)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_show_keys_lists_the_defaults():
    done = run("-n", "show-keys")
    assert done.returncode == 0
    assert "SpawnTab" in done.stdout
    assert "ActivateTabRelative" in done.stdout


def test_a_reader_that_leaves_early_is_no_error():
    done = subprocess.run(
        ["/bin/sh", "-c", f"{' '.join(PERILUNE)} -n show-keys | head -1"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "\n" or done.stdout.startswith("Keys")
    assert done.stderr == ""
