"""Programs on ptys: what they are given, and what is left when they are gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from perilune.base.geometry import Size
from perilune.base.loop import EventLoop
from perilune.pty import ExitStatus, PtyProcess, SpawnError, spawner
from unit.pty.conftest import Spawn, read_until

# Python 3.12 and newer warn of fork in a process with threads; that is why it is the second choice.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.fixture(params=["posix_spawn", "fork"])
def way(request, monkeypatch) -> str:
    """Both ways to start a program hold the same promises."""
    if request.param == "posix_spawn" and sys.platform != "linux":
        pytest.skip("posix_spawn with a controlling terminal is Linux's")
    if request.param == "fork":
        monkeypatch.setattr(spawner, "_spawner", lambda: spawner._spawn_with_fork)
    return request.param


def output(process: PtyProcess) -> str:
    text = read_until(process, lambda _: False).decode()
    assert process.wait(20.0) is not None
    return text.replace("\r\n", "\n")


@pytest.mark.usefixtures("way")
class TestChild:
    def test_exit_status(self, start: Spawn):
        process = start(["sh", "-c", "exit 3"])
        assert process.wait(20.0) == ExitStatus(3)
        assert process.poll() == process.exit_status == ExitStatus(3)

    def test_death_by_signal(self, start: Spawn):
        process = start(["sh", "-c", "kill -TERM $$"])
        assert process.wait(20.0) == ExitStatus(None, signal.SIGTERM)

    def test_it_leads_a_session_with_a_controlling_terminal(self, start: Spawn):
        process = start(
            ["sh", "-c", 'echo "$$ $(ps -o sid=,pgid=,tpgid= -p $$)"; tty; : </dev/tty && echo opened']
        )
        first, tty, opened = output(process).splitlines()
        assert len(set(first.split()) - {str(process.pid)}) <= 1  # ps itself may be in the foreground
        assert tty == process.tty_name
        assert opened == "opened"

    def test_the_size_is_there_from_the_start_and_follows(self, start: Spawn):
        script = "trap 'stty size; exit' WINCH; stty size; while :; do sleep 0.02; done"
        process = start(["bash", "-c", script], size=Size(101, 37, 808, 592))
        assert read_until(process, lambda data: b"37 101\r\n" in data)
        process.resize(Size(52, 13))
        assert read_until(process, lambda data: b"13 52\r\n" in data)

    def test_descriptors(self, start: Spawn):
        """Even those that this process left open for children."""
        read_fd, write_fd = os.pipe()
        os.set_inheritable(read_fd, True)
        os.set_inheritable(write_fd, True)
        try:
            process = start(["sh", "-c", "ls -l /proc/$$/fd"])
            names = [
                line.split(" -> ")[0].split()[-1] for line in output(process).splitlines() if "->" in line
            ]
        finally:
            os.close(read_fd)
            os.close(write_fd)
        assert sorted(names) == ["0", "1", "2"]

    def test_signals_are_as_a_new_program_expects_them(self, start: Spawn):
        """Python ignores SIGPIPE, and whoever started us may have ignored or blocked more."""
        before = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGQUIT)}
        try:
            for number in before:
                signal.signal(number, signal.SIG_IGN)
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGCHLD})
            try:
                process = start(["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"])
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        blocked, ignored = (int(line.split()[1], 16) for line in output(process).splitlines())
        assert blocked == 0
        # posix_spawn of glibc leaves 32 and 33 ignored, which its threads use among themselves.
        assert ignored & ~(1 << 31 | 1 << 32) == 0

    def test_the_directory(self, start: Spawn, tmp_path: Path):
        assert output(start(["pwd", "-P"], cwd=str(tmp_path))).strip() == str(tmp_path.resolve())

    def test_a_directory_that_is_gone_becomes_home(self, start: Spawn, tmp_path: Path):
        process = start(["pwd", "-P"], cwd=str(tmp_path / "gone"), env={"HOME": str(tmp_path)})
        assert output(process).strip() == str(tmp_path.resolve())

    def test_a_program_relative_to_its_directory(self, start: Spawn, tmp_path: Path):
        script = tmp_path / "tool"
        script.write_text("#!/bin/sh\necho here\n")
        script.chmod(0o755)
        assert output(start(["./tool"], cwd=str(tmp_path))) == "here\n"

    def test_the_path_is_the_childs(self, start: Spawn, tmp_path: Path):
        script = tmp_path / "only-there"
        script.write_text("#!/bin/sh\necho found $1\n")
        script.chmod(0o755)
        assert output(start(["only-there", "it"], env={"PATH": f"/nowhere:{tmp_path}:/bin"})) == "found it\n"

    def test_a_script_without_a_first_line_runs_in_sh(self, start: Spawn, tmp_path: Path):
        script = tmp_path / "bare"
        script.write_text("echo bare $1\n")
        script.chmod(0o755)
        assert output(start([str(script), "x"])) == "bare x\n"

    def test_the_login_shell_knows_that_it_is_one(self, start: Spawn, tmp_path: Path):
        shell = tmp_path / "bash"
        shell.symlink_to("/bin/bash")
        process = start(None, env={"SHELL": str(shell), "HOME": str(tmp_path)})
        os.write(process.fd, b"shopt -q login_shell && echo yes:$0; exit 5\n")
        assert b"yes:-bash\r\n" in read_until(process, lambda data: b"yes:-bash\r\n" in data)
        read_until(process, lambda _: False)
        assert process.wait(20.0) == ExitStatus(5)

    def test_bytes_that_are_no_utf8_pass(self, start: Spawn):
        process = start(["sh", "-c", 'printf %s "$1" | od -An -tx1', "sh", os.fsdecode(b"a\xffb")])
        assert output(process).split() == ["61", "ff", "62"]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["no-such-program-here"], "Unable to spawn no-such-program-here: No such file or directory"),
        (["/no/such/file"], "Unable to spawn /no/such/file: No such file or directory"),
        (["/etc/passwd"], "Unable to spawn /etc/passwd: Permission denied"),
        (["/tmp"], "Unable to spawn /tmp: Is a directory"),
        (["echo", "a\0b"], "Unable to spawn echo: Invalid argument"),
        ([""], "Unable to spawn an empty program name: No such file or directory"),
    ],
)
def test_a_failure_names_program_and_reason(start: Spawn, command: list[str], reason: str):
    before = open_descriptors()
    with pytest.raises(SpawnError) as caught:
        start(command)
    assert str(caught.value) == reason
    assert open_descriptors() == before


def open_descriptors() -> set[str]:
    """All descriptors but the one that lists them."""
    listing = {entry.name for entry in Path("/proc/self/fd").iterdir()}
    return {
        name
        for name in listing
        if Path(f"/proc/self/fd/{name}").exists() or Path(f"/proc/self/fd/{name}").is_symlink()
    }


@pytest.mark.usefixtures("way")
def test_nothing_stays_open(start: Spawn):
    start(["true"]).wait(20.0)  # imports and caches
    before = open_descriptors()
    processes = [start(["true"]) for _ in range(20)]
    for process in processes:
        assert process.wait(20.0) == ExitStatus(0)
        process.close()
    assert open_descriptors() == before


def test_two_spawned_at_once_do_not_hold_each_others_terminal(start: Spawn):
    """A leaked master in a sibling would keep the other's stream from ending."""
    results: list[str] = []

    def one() -> None:
        results.extend(output(start(["echo", "x"])) for _ in range(10))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["x\n"] * 40


@pytest.mark.parametrize("pidfd", [True, False])
def test_the_loop_hears_of_the_end(start: Spawn, pidfd: bool):
    loop = EventLoop()
    process = start(["sh", "-c", "read line; exit 4"])
    if not pidfd:
        process._unwatch()  # what other systems have: a thread in waitpid
    heard: list[ExitStatus | None] = []
    process.on_exit(loop, lambda: heard.append(process.poll()))
    loop.run_once(0.05)
    assert not heard
    assert process.poll() is None
    os.write(process.fd, b"\n")
    while not heard:
        loop.run_once(1.0)
    assert heard == [ExitStatus(4)]
    loop.close()


def test_a_status_lost_to_an_ignored_sigchld_is_an_end_all_the_same():
    code = """
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
from perilune.pty import spawn
from perilune.base.geometry import Size
process = spawn(["true"], None, dict(os.environ), Size(80, 24))
print(process.wait(20.0))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "ExitStatus(code=None, signal=None)"


def test_hanging_up_ends_the_foreground_program_too(start: Spawn):
    process = start(["bash", "--norc", "-i"], env={"PS1": "ready$ ", "HOME": "/nonexistent"})
    read_until(process, lambda data: b"ready$ " in data)
    os.write(process.fd, b"sleep 1000\n")
    pause = threading.Event()
    while (child := process.foreground_pid()) == process.pid or process_name(child) != "sleep":
        pause.wait(0.01)
    process.hang_up()
    process.close()
    assert process.wait(20.0) is not None
    while process_name(child) == "sleep":
        pause.wait(0.01)


def process_name(pid: int | None) -> str:
    """What runs there; "" for nothing, and for a zombie that its new parent has yet to reap."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if "State:\tZ" in status else status.splitlines()[0].split("\t")[1]
