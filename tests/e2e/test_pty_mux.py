"""The mux with real programs and the real terminal core."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from perilune.base.geometry import Size
from perilune.base.ids import IdSource
from perilune.base.loop import EventLoop
from perilune.mux import LocalDomain, Mux, MuxSettings, Pane, SplitSize
from perilune.mux.notifications import Alert, Empty, LiveFieldsChanged, PaneExited, PaneOutput
from perilune.pty.exit_status import ExitStatus
from perilune.vt.events import TitleChanged


@dataclass
class Rig:
    loop: EventLoop
    mux: Mux
    told: list[Any] = field(default_factory=list)

    def run_until(self, condition, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, [pane.terminal.text() for pane in self.mux.panes()]
            self.loop.run_once(0.05)

    def of(self, kind: type) -> list[Any]:
        return [item for item in self.told if isinstance(item, kind)]

    def open(self, *command: str, size: Size = Size(80, 24), **options) -> Pane:  # noqa: B008 - frozen
        window = self.mux.create_window(size=size)
        pane = self.mux.spawn_tab(window, command or None, **options).active_pane
        assert pane is not None
        return pane

    def shows(self, pane: Pane, text: str) -> bool:
        return any(text in row for row in pane.terminal.text())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def make(home: Path) -> Iterator[Any]:
    rigs: list[Rig] = []

    def build(**settings) -> Rig:
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SHELL": "/bin/bash", "TMUX": "outer"}
        loop = EventLoop()
        mux = Mux(loop, IdSource(), [LocalDomain("9.9", environment=environment)], MuxSettings(**settings))
        rig = Rig(loop, mux)
        mux.subscribe(rig.told.append)
        rigs.append(rig)
        return rig

    yield build
    for rig in rigs:
        rig.mux.shutdown(5.0)
        rig.loop.close()


@pytest.fixture
def rig(make) -> Rig:
    return make(exit_behavior="Hold", exit_behavior_messaging="None")


def descriptors() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}


def children() -> list[str]:
    """Our child processes, zombies among them, as "pid state"."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit():
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if fields[1] == str(os.getpid()):
                    found.append(f"{entry.name} {fields[0]}")
    return found


def test_a_shell_sees_who_we_are(rig: Rig):
    pane = rig.open("bash", "-c", 'echo "$TERM $COLORTERM $TERM_PROGRAM $TERM_PROGRAM_VERSION"; '
                    'echo "$PERILUNE_PANE $WEZTERM_PANE [$TMUX]"; tput colors')  # fmt: skip
    rig.run_until(lambda: pane.is_dead)
    assert pane.terminal.text()[:3] == ["xterm-256color truecolor Perilune 9.9", "0 0 []", "256"]
    assert pane.exit_status == ExitStatus(0)


def test_the_last_output_is_on_the_screen_when_the_end_is_told(rig: Rig):
    seen: list[str] = []

    def note(item) -> None:
        if isinstance(item, PaneExited):
            seen.append(rig.mux.get_pane(item.pane_id).terminal.text()[22])

    rig.mux.subscribe(note)
    for _ in range(10):
        rig.open("sh", "-c", "seq 1 5000; exit 2")
    rig.run_until(lambda: len(seen) == 10)
    assert seen == ["5000"] * 10


def test_output_that_comes_just_before_a_background_job_takes_over_the_tty(rig: Rig):
    pane = rig.open("sh", "-c", "sleep 1000 & echo job $!; exit 3")
    rig.run_until(lambda: pane.is_dead)
    assert pane.exit_status == ExitStatus(3)
    job = int(pane.terminal.text()[0].split()[1])
    rig.mux.close_pane(pane)
    rig.run_until(lambda: rig.mux.leaving == 0)
    with suppress(ProcessLookupError):
        os.kill(job, signal.SIGKILL)


def test_resizing_reaches_the_program(rig: Rig):
    # Not a bash trap: bash clears a signal that comes while its trap runs, so a second size may go unseen.
    watch = (
        "import os, signal\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGWINCH})\n"
        "while True:\n"
        "    size = os.get_terminal_size()\n"
        "    print(size.lines, size.columns, flush=True)\n"
        "    signal.sigwait({signal.SIGWINCH})\n"
    )
    pane = rig.open(sys.executable, "-c", watch)
    rig.run_until(lambda: rig.shows(pane, "24 80"))
    window = rig.mux.window_of_pane(pane)
    rig.mux.resize_window(window, Size(61, 17))
    rig.run_until(lambda: rig.shows(pane, "17 61"))
    rig.mux.split_pane(pane, "Down", SplitSize(cells=5), command=["sleep", "1000"])
    rig.run_until(lambda: rig.shows(pane, "11 61"))


def test_new_panes_inherit_the_directory(rig: Rig, tmp_path: Path):
    (tmp_path / "deep").mkdir()
    pane = rig.open("bash", "--norc", cwd=str(tmp_path))
    rig.run_until(lambda: any(pane.terminal.text()))
    pane.write(b"cd deep; PS1=now\n")
    rig.run_until(lambda: rig.shows(pane, "now") and pane.local_cwd() == str(tmp_path / "deep"))
    other = rig.mux.split_pane(pane, command=["pwd"])
    rig.run_until(lambda: other.is_dead)
    assert "".join(other.terminal.text()) == str(tmp_path / "deep")
    (tmp_path / "deep").rmdir()
    third = rig.mux.split_pane(pane, "Down", command=["sh", "-c", "echo $PWD"])
    rig.run_until(lambda: third.is_dead)
    assert "".join(third.terminal.text()) == str(tmp_path / "home")


def test_what_the_shell_tells_of_its_directory_wins(rig: Rig):
    pane = rig.open("bash", "-c", r"printf '\e]7;file:///usr/share\e\\'; exec sleep 1000", cwd="/tmp")
    rig.run_until(lambda: rig.of(Alert))
    assert pane.current_working_dir() == "file:///usr/share"
    assert pane.local_cwd() == "/usr/share"


def test_the_login_shell_runs_the_users_profile(make, home: Path):
    (home / ".bash_profile").write_text("echo profile read $0\nPS1=\n")
    rig = make()
    pane = rig.open()
    rig.run_until(lambda: rig.shows(pane, "profile read -bash"))
    pane.write(b"exit\n")
    rig.run_until(lambda: rig.of(Empty))
    rig.run_until(lambda: rig.mux.leaving == 0)


def test_a_failing_exec_is_told_in_the_pane(make):
    rig = make()
    pane = rig.open("/no/such/program")
    assert rig.shows(pane, "Unable to spawn /no/such/program: No such file or directory")
    assert rig.mux.get_pane(pane.id) is pane


def test_titles_come_from_the_program_or_its_name(rig: Rig):
    pane = rig.open("bash", "--norc")
    rig.run_until(lambda: pane.title == "bash")
    pane.write(b"sleep 1000\n")
    rig.run_until(lambda: pane.title == "sleep")
    assert rig.of(LiveFieldsChanged)
    assert pane.foreground_process_name().endswith("/sleep")
    info = pane.foreground_process_info()
    assert info is not None
    assert info.argv == ("sleep", "1000")
    pane.write(b"\x03printf '\\e]0;mine\\a'\n")
    rig.run_until(lambda: pane.title == "mine")
    assert any(item.event == TitleChanged("mine") for item in rig.of(Alert))


def test_closing_asks_when_something_runs(rig: Rig):
    pane = rig.open("bash", "--norc")
    rig.run_until(lambda: any(pane.terminal.text()))
    rig.run_until(lambda: rig.mux.can_close_without_prompting(pane))
    pane.write(b"sleep 1000 & \n")  # in the background counts as well
    rig.run_until(lambda: not rig.mux.can_close_without_prompting(pane))
    window = rig.mux.window_of_pane(pane)
    assert not rig.mux.can_close_window_without_prompting(window)
    rig.mux.update_settings(MuxSettings(skip_close_confirmation_for_processes_named=("bash", "sleep")))
    assert rig.mux.can_close_without_prompting(pane)
    rig.mux.update_settings(MuxSettings(window_close_confirmation="NeverPrompt"))
    assert rig.mux.can_close_window_without_prompting(window)
    pane.write(b"kill %1; wait\n")
    rig.run_until(lambda: rig.mux.can_close_without_prompting(pane))


def test_replies_reach_the_program_that_asked(rig: Rig):
    script = r"stty raw -echo; printf '\e[6n'; IFS= read -r -d R answer; stty sane; printf '%q\n' \"$answer\""
    pane = rig.open("bash", "-c", script.replace('\\"', '"'))
    rig.run_until(lambda: pane.is_dead)
    assert rig.shows(pane, "[1\\;1") or rig.shows(pane, "[1;1")


def test_a_large_paste_never_blocks_the_loop(rig: Rig):
    pane = rig.open("bash", "-c", "stty raw -echo; echo ready; head -c 10000000 | sha1sum; sleep 1000")
    rig.run_until(lambda: rig.shows(pane, "ready"))
    data = bytes(range(32, 127)) * 105264
    assert pane.write(data[:10_000_000])
    turns = 0
    while not rig.shows(pane, " -"):
        rig.loop.run_once(1.0)
        turns += 1
        assert turns < 100_000
    import hashlib

    assert rig.shows(pane, hashlib.sha1(data[:10_000_000]).hexdigest())
    assert turns > 10  # it went out in pieces, with turns of the loop between


def test_a_program_that_never_reads_fills_the_queue_and_closes_well(rig: Rig):
    pane = rig.open("sh", "-c", "stty raw -echo; echo ready; sleep 1000")
    rig.run_until(lambda: rig.shows(pane, "ready"))
    assert pane.write(b"x" * 10_000_000)
    rig.loop.run_once(0.0)
    assert pane.unsent > 9_000_000
    rig.mux.close_pane(pane)
    rig.run_until(lambda: rig.mux.leaving == 0)


def test_a_flood_leaves_the_others_alive_and_stops_at_once(rig: Rig):
    flood = rig.open("bash", "--norc")
    rig.run_until(lambda: any(flood.terminal.text()))
    quiet = rig.mux.split_pane(flood, command=["cat"])
    flood.write(b"yes flooding\n")
    rig.run_until(lambda: flood.terminal.scrollback_rows > 1000)
    for number in range(20):
        quiet.write(b"line %d\n" % number)
        rig.run_until(lambda number=number: rig.shows(quiet, f"line {number}"))
    flood.write(b"\x03")
    flood.write(b"echo st''opped\n")
    rig.run_until(lambda: rig.shows(flood, "stopped"))
    outputs = [item for item in rig.of(PaneOutput) if item.pane_id == flood.id]
    assert outputs
    assert flood.terminal.scrollback_rows <= 3500


def test_a_flood_of_titles_and_queries_is_bounded(rig: Rig):
    pane = rig.open("bash", "-c", r"while :; do printf '\e]0;%s\a\e[c' $((i++)); done")
    rig.run_until(lambda: len(rig.of(Alert)) > 2000)
    before = len(rig.of(Alert))
    assert pane.unsent <= pane._writer.reply_limit
    rig.run_until(lambda: len(rig.of(Alert)) > before)
    rig.mux.close_pane(pane)
    rig.run_until(lambda: rig.mux.leaving == 0)


def test_a_program_that_closes_its_terminal_and_opens_it_again(rig: Rig):
    script = "exec </dev/null >/dev/null 2>&1; sleep 0.3; exec >/dev/tty; echo back again; sleep 1000"
    pane = rig.open("bash", "-c", script)
    rig.run_until(lambda: rig.shows(pane, "back again"))
    assert not pane.is_dead


def test_a_deaf_program_is_killed_with_its_pane(rig: Rig, monkeypatch):
    monkeypatch.setattr("perilune.mux.pane._KILL_AFTER", 0.05)
    pane = rig.open("sh", "-c", "trap '' HUP TERM INT; echo deaf; while :; do sleep 1; done")
    rig.run_until(lambda: rig.shows(pane, "deaf"))
    rig.mux.close_pane(pane)
    rig.run_until(lambda: rig.mux.leaving == 0)
    assert pane.exit_status == ExitStatus(None, signal.SIGKILL)


def test_shutdown_leaves_nothing(make):
    rig = make()
    rig.open("true")
    rig.run_until(lambda: rig.of(Empty))
    rig.run_until(lambda: rig.mux.leaving == 0)
    base_descriptors, base_threads, base_children = descriptors(), threading.active_count(), children()
    busy = make()
    for command in (["yes"], ["sleep", "1000"], ["bash", "--norc"], ["sh", "-c", "trap '' HUP; sleep 1000"]):
        busy.open(*command)
    deaf = busy.open("sh", "-c", "trap '' HUP; echo deaf; while :; do sleep 1; done")
    busy.run_until(lambda: busy.shows(deaf, "deaf"))
    busy.mux.shutdown(0.5)
    busy.loop.close()
    busy.loop = EventLoop()  # the fixture closes one
    own = {str(fd) for fd in (busy.loop.wake_fd, busy.loop.wake_fd - 1)}
    assert threading.active_count() == base_threads
    assert children() == base_children
    assert len(descriptors() - own) <= len(base_descriptors) + 1  # the new loop's selector


@pytest.mark.slow
def test_a_thousand_panes_leave_no_zombie(make):
    rig = make(scrollback_lines=10)
    rig.open("true", size=Size(20, 5))
    rig.run_until(lambda: rig.of(Empty) and rig.mux.leaving == 0)
    before, threads, family = descriptors(), threading.active_count(), children()
    started = 0
    while started < 1000:
        rig.told.clear()
        for _ in range(50):
            started += 1
            rig.open("true" if started % 2 else "cat", size=Size(20, 5))
        for pane in rig.mux.panes():
            if pane.command == ("cat",):
                rig.mux.close_pane(pane)
        rig.run_until(lambda: not rig.mux.windows and rig.mux.leaving == 0)
    assert children() == family
    # Fewer is no leak: what an earlier test of this process left behind may be collected meanwhile.
    rig.run_until(lambda: threading.active_count() <= threads)
    assert len(descriptors()) <= len(before)
