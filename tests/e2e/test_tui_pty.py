"""The front end on a real pty, with our own terminal as its host, and in tmux: drawing, input, every way out."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from e2e.session import Session, plain_env

PROGRAM = [sys.executable, str(Path(__file__).with_name("tui_program.py"))]


@pytest.fixture
def run(home):
    sessions = []

    def begin(
        *, shell: bool = False, wait: str = "END", mute: bool = False, kitty: bool = True, **env: str
    ) -> Session:
        command = PROGRAM
        if shell:  # so that there is job control
            command = ["/bin/bash", "--norc", "--noprofile", "-i"]
        session = Session(command, env=plain_env(home, **env), cwd=home, mute=mute, kitty=kitty)
        sessions.append(session)
        session.wait_text(wait)
        return session

    yield begin
    for session in sessions:
        session.close()


def assert_given_back(session):
    """The host is as it was before."""
    assert session.tty_now() == session.tty_before
    modes = session.terminal.modes
    assert not modes.alt_screen
    assert not modes.bracketed_paste
    assert not modes.focus_events
    assert modes.autowrap
    assert session.terminal.cursor.visible
    assert session.terminal.title == ""
    assert modes.kitty_keyboard == 0


def test_it_draws_and_the_host_is_as_before(run):
    session = run()
    assert session.rows[0].startswith("size 80x24 keyboard")
    assert session.terminal.title == "the title"
    cursor = session.terminal.cursor
    session.wait_for(lambda: session.terminal.cursor.visible, "the cursor")
    assert (cursor.row, cursor.col, cursor.shape) == (1, 2, "bar")
    session.send("q")
    assert session.wait_exit() == 0
    assert_given_back(session)


def test_a_host_that_never_answers_sees_no_difference(run):
    session = run(mute=True)
    session.send("a")
    session.wait_text("key a NONE 'a'")
    session.send("q")
    assert session.wait_exit() == 0
    assert_given_back(session)


def test_an_exception_gives_the_terminal_back_before_the_traceback(run):
    session = run()
    session.send("e")
    assert session.wait_exit() == 1
    assert any("ZeroDivisionError" in row for row in session.rows), session.screen()
    assert_given_back(session)


def test_leaving_without_stop_gives_the_terminal_back(run):
    session = run()
    session.send("x")
    assert session.wait_exit() in {1, 7}
    assert_given_back(session)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_signals_that_end_give_the_terminal_back(run, number):
    session = run()
    session.signal(number)
    assert session.wait_exit() == 100
    assert_given_back(session)


def test_sigterm_twice_ends_a_program_that_does_not_listen(run):
    session = run(IGNORE_CLOSE="1")
    session.signal(signal.SIGTERM)
    session.wait_text("close terminate")
    session.signal(signal.SIGTERM)
    assert session.wait_exit() == -signal.SIGTERM
    assert_given_back(session)


def test_a_hang_up_of_the_host_ends_it(run):
    session = run()
    os.close(session.slave)
    session.slave = -1
    os.close(session.master)
    session.master = -1
    assert session.process.wait(20) == 100


def child_of(session):
    """The program's process in the shell."""
    children = Path(f"/proc/{session.process.pid}/task/{session.process.pid}/children").read_text().split()
    return int(children[0])


def is_stopped(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@pytest.mark.parametrize("way", ["from outside", "by itself"])
def test_suspend_and_resume(run, need, way):
    need("bash")
    session = run(shell=True, wait="$")
    shell_modes = session.tty_now()
    session.send(" ".join(PROGRAM) + "\r")
    session.wait_text("END")
    pid = child_of(session)
    raw_modes = session.tty_now()
    assert raw_modes != shell_modes
    if way == "from outside":
        os.kill(pid, signal.SIGTSTP)
    else:
        session.send("z")
    session.wait_text("Stopped")
    assert is_stopped(pid)
    session.wait_for(lambda: session.tty_now() == shell_modes, "the modes of the prompt")
    assert not session.terminal.modes.alt_screen
    session.resize(70, 20)
    session.send("fg\r")
    session.wait_text("size 70x20")
    session.wait_text("END")
    assert session.tty_now() == raw_modes
    session.send("q")
    session.wait_gone("END")
    session.wait_for(lambda: [row for row in session.rows if row][-1] == "$", "the prompt")
    session.send("echo still here\r")
    session.wait_text("still here")
    # bash changes the modes around each command line.
    session.wait_for(lambda: session.tty_now() == shell_modes, "the modes of the prompt")


def test_a_stop_that_cannot_be_caught_is_drawn_over_when_continued(run, need):
    need("bash")
    session = run(shell=True, wait="$")
    session.send(" ".join(PROGRAM) + "\r")
    session.wait_text("END")
    session.send("a")  # behind the host's answers, which the shell would get otherwise
    session.wait_text("key a")
    raw_modes = session.tty_now()
    os.kill(child_of(session), signal.SIGSTOP)
    session.wait_text("Stopped")
    session.send("fg\r")
    session.wait_for(lambda: session.tty_now() == raw_modes, "raw modes")
    session.wait_gone("Stopped")
    session.wait_text("END")


def test_resize(run):
    session = run()
    for cols, rows in ((100, 30), (40, 10), (81, 25)):
        session.resize(cols, rows)
    session.wait_text("size 81x25")
    session.wait_for(lambda: session.rows[24].endswith("END"))


def test_input_of_every_kind(run):
    session = run()
    session.send("\x1b[A")
    session.wait_text("key UpArrow")
    session.send("\x1b[<0;11;6M\x1b[<35;12;6M")
    session.wait_text("mouse PRESS LEFT 5,10")
    session.wait_text("mouse MOVE NONE 5,11")
    session.send("\x1b[200~" + "pasted " * 5000 + "\x1b[201~")
    session.wait_text("paste 35000 'pasted pasted pasted'")
    session.send("\x1b[I")
    session.wait_text("focus True")
    session.send("\x1b")
    session.wait_text("key Escape")
    session.send("\x1b[6;3")
    session.send("~")
    session.wait_text("key PageDown ALT")
    session.send("é漢")
    session.wait_text("key 漢")
    session.send("\x1a")
    session.wait_text("key z CTRL")


def test_answers_of_the_host_are_no_keys(run):
    session = run()
    session.send("\x1b]11;rgb:1234/0000/ffff\x07a")
    session.wait_text("colours None (18, 0, 255)")
    session.wait_text("key a")
    assert not any(row.startswith("key") and "key a" not in row for row in session.rows), session.screen()


def test_a_host_with_the_kitty_protocol_is_told_so(run):
    session = run()
    session.send("\x1b[98u")
    session.wait_text("key b")
    session.wait_text("keyboard kitty")


def test_a_host_without_it_too(run):
    session = run(kitty=False)
    session.wait_for(lambda: b"\x1b[>4;2m" in session.raw, "the fall-back after the answers")
    session.send("a")
    session.wait_text("key a")
    assert "keyboard legacy" in session.rows[0]


def test_copy_reaches_the_host(run):
    session = run()
    session.send("c")
    session.wait_for(lambda: b"\x1b]52;c;Y29waWVkIMOk" in session.raw, "OSC 52")


def test_the_clipboard_of_a_silent_host_is_what_was_copied_here(run):
    session = run(mute=True)
    session.send("p")
    session.wait_text("clipboard ''")
    session.send("c")
    session.wait_text("key c")
    session.send("p")
    session.wait_text("clipboard 'copied ä'")


def test_the_clipboard_answer_of_the_host_is_delivered(run):
    session = run(mute=True)
    session.send("p")
    session.wait_for(lambda: b"\x1b]52;c;?" in session.raw, "the question")
    session.send("\x1b]52;c;aG9zdA==\x1b\\")
    session.wait_text("clipboard 'host'")


def test_no_terminal_is_an_error(home):
    done = subprocess.run(
        PROGRAM, stdin=subprocess.DEVNULL, capture_output=True, env=plain_env(home), text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "not a terminal" in done.stderr


@contextmanager
def tmux(home, tmp_path):
    """tmux on a socket of its own, killed at the end; a function that runs its commands."""
    socket = tmp_path / "tmux.sock"

    def command(*arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(socket), "-f", "/dev/null", *arguments],
            env=plain_env(home), capture_output=True, text=True, timeout=100, check=True,
        )  # fmt: skip
        return done.stdout

    try:
        yield command
    finally:
        subprocess.run(["tmux", "-S", str(socket), "kill-server"], capture_output=True, check=False)


def wait_for(condition, what):
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_in_tmux(home, tmp_path):
    with tmux(home, tmp_path) as command:
        command("new-session", "-d", "-x", "80", "-y", "24", "/bin/sh")
        wait_for(lambda: "$" in command("capture-pane", "-p"), "the shell")
        before = command("capture-pane", "-p")
        command("send-keys", "clear; " + " ".join(PROGRAM), "Enter")
        wait_for(lambda: "END" in command("capture-pane", "-p"), "the frame")
        rows = command("capture-pane", "-p").split("\n")
        assert rows[0] == "size 80x24 keyboard legacy 漢字 ─│"
        assert rows[23] == " " * 77 + "END"
        command("send-keys", "a", "M-b", "C-Right")
        wait_for(lambda: "key RightArrow CTRL" in command("capture-pane", "-p"), "the keys")
        assert "key b ALT" in command("capture-pane", "-p")
        command("resize-window", "-x", "60", "-y", "15")
        wait_for(lambda: "size 60x15" in command("capture-pane", "-p"), "the new size")
        wait_for(lambda: command("capture-pane", "-p").split("\n")[14].endswith("END"), "the corner")
        command("send-keys", "q")
        wait_for(lambda: "END" not in command("capture-pane", "-p"), "the end")
        wait_for(
            lambda: command("capture-pane", "-p").split() == before.split(), "the prompt, and nothing else"
        )
