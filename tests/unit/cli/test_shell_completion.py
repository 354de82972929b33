"""Completion scripts: bash's is run, the others are read by their shells where these are there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perilune.cli.main import COMMANDS, main
from perilune.config.options import Config


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["shell-completion", "--shell", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_and_option_is_in_the_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, capsys)
    for name in (*COMMANDS, *Config.declared):
        assert name in text
    assert "CloseOnCleanExit" in text


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not there")
@pytest.mark.parametrize(
    ("words", "offered", "not_offered"),
    [
        (["perilune", ""], {"start", "check", "show-keys"}, {"vt"}),
        (["perilune", "ch"], {"check"}, {"start"}),
        (["perilune", "check", "--"], {"--json", "--allow-network"}, {"--cwd"}),
        (["perilune", "bench", ""], {"config", "vt"}, {"check"}),
        (["perilune", "--config", "scrollb"], {"scrollback_lines="}, {"font="}),
        (["perilune", "start", "--config", "exit_behavior", "=", ""], {"Hold", "Close"}, {"true"}),
        (["perilune", "start", "--config", "enable_tab_bar", "="], {"true", "false"}, {"Hold"}),
        (["perilune", "start", "--front-end", "t"], {"tui"}, {"window"}),
    ],
)
def test_bash_completes(
    words: list[str],
    offered: set[str],
    not_offered: set[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "completion"
    path.write_text(script("bash", capsys))
    code = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _perilune; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "-c", code, "bash", str(path), *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    found = set(done.stdout.split())
    assert offered <= found
    assert not not_offered & found


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_shell_reads_its_script(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not there")
    path = tmp_path / "completion"
    path.write_text(script(shell, capsys))
    subprocess.run([program, "-n", str(path)], check=True)


def test_a_shell_must_be_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "perilune", "shell-completion"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
