"""`perilune profile record`, `stop` and `top` with the real program on a pty."""

from __future__ import annotations

import itertools
import json
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from e2e.session import PERILUNE, Session, plain_env
from perilune.profiler.errors import CaptureError
from perilune.profiler.file_format import read_profile

TITLES = """
local wezterm = require 'wezterm'
local config = wezterm.config_builder()
wezterm.on('format-tab-title', function(tab) return ' <' .. tab.active_pane.title .. '> ' end)
return config
"""
HERE = ("profile", "record", "-o", "a.pprofile", "--", "--front-end", "tui", "--", "/bin/sh")

PATIENCE = 60.0


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A runtime folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="pl") as folder:
        yield Path(folder)


@pytest.fixture
def profile(home: Path, runtime: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `perilune profile ...` to its end."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PERILUNE, "profile", *arguments],
            env=plain_env(home, XDG_RUNTIME_DIR=str(runtime)), cwd=home,
            capture_output=True, text=True, check=False, timeout=2 * PATIENCE,
        )  # fmt: skip

    return run


def retitle(session: Session, title: str) -> None:
    session.send(f"printf '\\033]2;%s\\007' {title}\r")
    session.wait_text(f"<{title}>", PATIENCE)


def keep_drawing(watched: Session, top: Session, text: str) -> None:
    """Make frames until a text is shown: figures are of the last seconds only, and a machine may be slow."""
    titles = itertools.cycle(("a", "b", "c"))
    shown = ""

    def is_shown() -> bool:
        nonlocal shown
        watched.pump(0)
        if any(text in row for row in top.rows):
            return True
        if not shown or any(f"<{shown}>" in row for row in watched.rows):  # never more than it can read
            shown = next(titles)
            watched.send(f"printf '\\033]2;%s\\007' {shown}\r")
        return False

    top.wait_for(is_shown, f"{text!r} on the screen", PATIENCE)


def wait_for_socket(session: Session, runtime: Path) -> Path:
    path = runtime / "perilune" / f"{session.process.pid}.sock"
    session.wait_for(path.exists, "the control socket", PATIENCE)
    return path


def test_a_recording_from_the_start_and_its_report(start, profile, home, runtime):
    session = start(*HERE, lua=TITLES, XDG_RUNTIME_DIR=str(runtime))
    for title in ("one", "two", "three"):
        retitle(session, title)
    session.send("exit 3\r")
    session.wait_exit(PATIENCE)
    assert "callback runs in" in session.screen().replace("\n|", "")
    done = profile("report", "a.pprofile", "--json")
    assert done.returncode == 0, done.stderr
    assert "format-tab-title" in done.stdout
    text = profile("report", "a.pprofile").stdout
    assert "tab.active_pane.title" in text
    assert "compose" in text
    recorded = read_profile(home / "a.pprofile")
    assert recorded.meta.frames == len(recorded.frame_records) > 3
    assert {run.cause for run in recorded.runs if run.callback == "format-tab-title"} >= {
        "tab.active_pane.title"
    }
    assert not (runtime / "perilune" / f"{session.process.pid}.sock").exists()


def test_what_a_killed_program_recorded_can_be_read(start, profile, home, runtime):
    session = start(*HERE, lua=TITLES, XDG_RUNTIME_DIR=str(runtime))
    retitle(session, "one")

    def is_flushed() -> bool:
        try:
            return read_profile(home / "a.pprofile", keep_going=True).meta.frames > 1
        except CaptureError:
            return False

    session.wait_for(is_flushed, "a flush", PATIENCE)
    session.signal(signal.SIGKILL)
    session.process.wait()
    assert profile("report", "a.pprofile").returncode == 1
    done = profile("report", "a.pprofile", "--keep-going")
    assert done.returncode == 0
    assert "format-tab-title" in done.stdout


def test_a_running_instance_is_recorded_watched_and_left_as_it_was(start, profile, home, runtime):
    session = start(lua=TITLES, XDG_RUNTIME_DIR=str(runtime))
    wait_for_socket(session, runtime)
    done = profile("record", "--instance", "-o", "b.pprofile")
    assert done.returncode == 0, done.stderr
    assert f"--pid {session.process.pid}" in done.stdout
    retitle(session, "one")
    again = profile("record", "--pid", str(session.process.pid))
    assert again.returncode == 1
    assert "b.pprofile" in again.stderr
    done = profile("stop")
    assert done.returncode == 0, done.stderr
    assert "b.pprofile: " in done.stdout
    assert "format-tab-title" in read_profile(home / "b.pprofile").callbacks
    assert profile("stop").returncode == 1
    done = profile("record", "--instance", "-o", "c.pprofile", "--seconds", "0.1")
    assert done.returncode == 0, done.stderr
    assert read_profile(home / "c.pprofile").meta.duration >= 0.1
    done = profile("top", "--once", "--json", "--interval", "0.1")
    figures = json.loads(done.stdout)
    assert figures["pid"] == session.process.pid
    assert {"frames", "stages", "callbacks", "counters", "seconds"} <= figures.keys()
    done = profile("top", "--once", "--interval", "0.1")
    assert f"perilune {session.process.pid}" in done.stdout
    assert "\x1b" not in done.stdout


def test_instances_are_listed_and_stale_sockets_removed(start, profile, runtime):
    done = profile("top", "--once")
    assert done.returncode == 1
    assert "no instance" in done.stderr
    first = start(lua=TITLES, XDG_RUNTIME_DIR=str(runtime))
    second = start(lua=TITLES, XDG_RUNTIME_DIR=str(runtime))
    for session in (first, second):
        wait_for_socket(session, runtime)
    stale = runtime / "perilune" / "1.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(stale))
    done = profile("record", "--instance")
    assert done.returncode == 1
    assert "--pid" in done.stderr
    for session in (first, second):
        assert str(session.process.pid) in done.stderr
    assert not stale.exists()
    done = profile("top", "--once", "--json", "--interval", "0.1", "--pid", str(second.process.pid))
    assert json.loads(done.stdout)["pid"] == second.process.pid
    assert profile("stop", "--pid", "1").returncode == 1


@pytest.mark.parametrize("cols", [100, 34])
def test_top_on_a_terminal(start, home, runtime, cols):
    watched = start(lua=TITLES, XDG_RUNTIME_DIR=str(runtime))
    wait_for_socket(watched, runtime)
    command = [*PERILUNE, "profile", "top", "--interval", "0.05"]
    env = plain_env(home, XDG_RUNTIME_DIR=str(runtime))
    with Session(command, cols=cols, rows=20, env=env, cwd=home) as top:
        top.wait_text(f"perilune {watched.process.pid}", PATIENCE)
        keep_drawing(watched, top, "format-tab-title"[:16])
        keep_drawing(watched, top, "compose")
        top.send("c")
        top.wait_text("calls*" if cols > 34 else "c:calls", PATIENCE)
        top.resize(cols - 2, 10)
        top.wait_for(
            lambda: len(top.rows) == 10 and any("q:quit" in row for row in top.rows), timeout=PATIENCE
        )
        top.send("q")
        assert top.wait_exit(PATIENCE) == 0
        assert top.tty_now() == top.tty_before
        assert not top.terminal.modes.alt_screen
        assert top.terminal.cursor.visible


def test_top_gives_the_terminal_back_when_the_instance_or_itself_is_ended(start, home, runtime):
    watched = start(lua=TITLES, XDG_RUNTIME_DIR=str(runtime))
    wait_for_socket(watched, runtime)
    command = [*PERILUNE, "profile", "top", "--interval", "0.05"]
    env = plain_env(home, XDG_RUNTIME_DIR=str(runtime))
    with Session(command, env=env, cwd=home) as top:
        top.wait_text("frames", PATIENCE)
        top.signal(signal.SIGTERM)
        assert top.wait_exit(PATIENCE) == 128 + signal.SIGTERM
        assert top.tty_now() == top.tty_before
    with Session(command, env=env, cwd=home) as top:
        top.wait_text("frames", PATIENCE)
        watched.send("exit\r")
        watched.wait_exit(PATIENCE)
        assert top.wait_exit(PATIENCE) == 1
        assert "has ended" in top.screen()
        assert top.tty_now() == top.tty_before


def test_bad_usage(profile):
    assert profile("record", "-o", "/nowhere/x", "--", "--front-end", "tui").returncode == 2
    assert profile("record", "--sample", "ruby").returncode == 2
    assert profile("record", "--seconds", "0").returncode == 2
    assert profile("record", "--pid", "1", "--", "sh").returncode == 2
    done = profile("record", "-o", "x.pprofile", "--", "--front-end", "tui")
    assert done.returncode == 2  # no terminal
    assert "x.pprofile" not in done.stdout
    assert profile("top").returncode == 1
