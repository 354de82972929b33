"""Real programs inside `perilune start`, and what their user sees of them."""

from __future__ import annotations

import os
import subprocess

import pytest

from e2e.session import PERILUNE, plain_env
from perilune.base.input import Modifiers

pytestmark = pytest.mark.slow


def test_vim_edits_a_file(start, need, home):
    need("vim")
    session = start()
    session.send("vim -u NONE -N note.txt\r")
    session.wait_for(lambda: sum(row.startswith("~") for row in session.rows) > 10, "vim's empty lines")
    session.send("ihello from vim")
    session.wait_text("hello from vim")
    session.key("Escape")
    session.send(":wq\r")
    session.wait_for((home / "note.txt").exists, "the file")
    session.wait_text("$")
    assert (home / "note.txt").read_text() == "hello from vim\n"


def test_less_pages_and_leaves_the_screen_as_it_was(start, need, home):
    need("less")
    (home / "long.txt").write_text("".join(f"row {n}\n" for n in range(200)))
    session = start()
    session.send("echo bef''ore\r")
    session.wait_text("before")
    session.send("less long.txt\r")
    session.wait_text("row 10")
    session.send(" ")
    session.wait_text("row 40")
    session.send("G")
    session.wait_text("row 199")
    session.send("q")
    session.wait_text("before")


def test_bash_line_editing(start, need):
    need("bash")
    session = start("start", "--", "bash", "--norc", "--noprofile")
    session.send("echo abXc")
    session.key("LeftArrow")
    session.key("Backspace")
    session.key("Home")
    session.key("End")
    session.send(" end\r")
    session.wait_text("abc end")
    session.key("UpArrow")
    session.wait_for(lambda: sum("echo abc end" in row for row in session.rows) == 2, "the line from history")


def test_zsh_starts_and_completes(start, need, home):
    need("zsh")
    (home / ".zshrc").write_text("PS1='zsh%% '\nautoload -U compinit; compinit -u\n")
    (home / "completed-file").write_text("")
    session = start("start", "--", "zsh", wait="zsh%")
    session.send("ls compl\t")
    session.wait_text("ls completed-file")


def test_htop_draws_and_quits(start, need):
    need("htop")
    session = start()
    session.send("htop\r")
    session.wait_text("Load average")
    session.wait_text("PID")
    session.send("q")
    session.wait_gone("Load average")
    session.wait_text("$")


def test_git_log_in_a_pager(start, need, home):
    need("git")
    need("less")
    run = {
        "cwd": home,
        "check": True,
        "capture_output": True,
        "env": plain_env(home, GIT_CONFIG_NOSYSTEM="1"),
    }
    subprocess.run(["git", "init", "-q"], **run)
    subprocess.run(
        [
            "git",
            "-c",
            "user.name=Someone",
            "-c",
            "user.email=a@b.example",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "First words",
        ],
        **run,
    )
    session = start(PAGER="less", LESS="R")
    session.send("git log\r")
    session.wait_text("First words")
    session.send("q")
    session.wait_text("$")


def test_tmux_inside(start, need, home):
    need("tmux")
    session = start()
    session.send(f"tmux -S {home}/t.sock -f /dev/null\r")
    session.wait_text("[0]")
    session.send("echo in''side\r")
    session.wait_text("inside")
    session.send("\x02%")
    session.wait_text("│")
    session.send(f"tmux -S {home}/t.sock kill-server\r")
    session.wait_gone("[0]")


def test_perilune_inside_tmux_is_what_capture_pane_sees(need, home):
    need("tmux")
    socket = home / "outer.sock"
    tmux = ["tmux", "-S", str(socket), "-f", os.devnull]
    env = plain_env(home)
    run = {"check": True, "capture_output": True, "text": True, "env": env}
    subprocess.run([*tmux, "new-session", "-d", "-x", "90", "-y", "25", " ".join([*PERILUNE, "-n"])], **run)
    try:
        import time

        def wait(text: str) -> str:
            deadline = time.monotonic() + 20
            while True:
                shown = subprocess.run([*tmux, "capture-pane", "-p"], **run).stdout
                if text in shown:
                    return shown
                assert time.monotonic() < deadline, f"waited in vain for {text!r}:\n{shown}"
                time.sleep(0.02)

        wait("$")
        subprocess.run([*tmux, "send-keys", "echo captu''red", "Enter"], **run)
        shown = wait("captured")
        assert shown.splitlines()[0].startswith(" 1: ")
        subprocess.run([*tmux, "send-keys", "C-t", "c"], **run)
        wait(" 2: ")
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True, env=env)


def test_perilune_inside_perilune(start):
    session = start()
    session.send(" ".join(PERILUNE) + " -n\r")
    session.wait_for(lambda: session.rows[1].startswith(" 1: "), "a second bar under the first")
    session.send("echo ne''sted\r")
    session.wait_text("nested")
    session.send("exit\r")
    session.wait_for(lambda: not session.rows[1].startswith(" 1: "), "the inner one to end")
    session.key("t", Modifiers.CTRL | Modifiers.SHIFT)
    session.wait_text(" 2: ")
