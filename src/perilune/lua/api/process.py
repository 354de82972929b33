"""Child processes and what is known of processes. A child never has the terminal, for output or input."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from perilune.lua.api.pane import process_table
from perilune.lua.api.program import Program
from perilune.lua.functions import ApiError, lua_function
from perilune.lua.host_api import ProcessInfo
from perilune.lua.work import Work

__all__ = ["ProcessApi"]

_MAX_OUTPUT = 3 << 20  # two of them cross at once
_STATUS = {"R": "Run", "S": "Sleep", "D": "Disk", "T": "Stop", "t": "Tracing", "Z": "Zombie", "I": "Idle"}


def _arguments(who: str, args: list[object]) -> list[str]:
    if not args or not all(isinstance(item, str | int | float) for item in args):
        raise ApiError(f"{who}: expected a list of strings with the program first")
    return [str(item) for item in args]


class ProcessApi:
    """`wezterm.run_child_process`, `wezterm.procinfo` and their like."""

    def __init__(self, program: Program) -> None:
        self._program = program

    @lua_function("wezterm.run_child_process", suspends=True)
    def run_child_process(self, args: list[object]) -> Work:
        """Run a program and wait: success, stdout, stderr."""
        command = _arguments("wezterm.run_child_process", args)

        def run() -> tuple[object, ...]:
            try:
                done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
            except OSError as error:
                raise ApiError(f"wezterm.run_child_process: {command[0]}: {error.strerror}") from error
            return done.returncode == 0, done.stdout[:_MAX_OUTPUT], done.stderr[:_MAX_OUTPUT]

        return Work(run)

    @lua_function("wezterm.background_child_process")
    def background_child_process(self, args: list[object]) -> None:
        """Start a program and forget it."""
        command = _arguments("wezterm.background_child_process", args)
        screen = self._program.screen
        if screen is not None and screen("wezterm.background_child_process", [args]) is not None:
            return
        try:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise ApiError(f"wezterm.background_child_process: {command[0]}: {error.strerror}") from error
        _reap(child)

    @lua_function("sys.execute", suspends=True)
    def execute(self, command: str) -> Work:
        """os.execute: a shell's command line; Lua's three answers."""

        def run() -> tuple[object, ...]:
            done = subprocess.run(
                ["/bin/sh", "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
            return _exit(done.returncode)

        return Work(run)

    @lua_function("sys.popen", suspends=True)
    def popen(self, command: str, given: str | None = None) -> Work:
        """io.popen: the output, and Lua's three answers; `given` is what the child reads."""
        data = None if given is None else given.encode("utf-8", "surrogateescape")

        def run() -> tuple[object, ...]:
            with subprocess.Popen(
                ["/bin/sh", "-c", command],
                stdin=subprocess.DEVNULL if data is None else subprocess.PIPE,
                stdout=subprocess.PIPE if data is None else subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as child:
                output, _ = child.communicate(data)
            return (output or b"")[:_MAX_OUTPUT], *_exit(child.returncode)

        return Work(run)

    @lua_function("wezterm.procinfo.pid")
    def pid(self) -> int:
        """Of this program."""
        return os.getpid()

    @lua_function("wezterm.procinfo.current_working_dir_for_pid")
    def current_working_dir_for_pid(self, pid: int) -> str | None:
        """Its current directory; nil if unknown."""
        return _link(pid, "cwd")

    @lua_function("wezterm.procinfo.executable_path_for_pid")
    def executable_path_for_pid(self, pid: int) -> str | None:
        """Its program; nil if unknown."""
        return _link(pid, "exe")

    @lua_function("wezterm.procinfo.get_info_for_pid")
    def get_info_for_pid(self, pid: int) -> dict[str, object] | None:
        """The process and its descendants; nil if unknown."""
        return process_table(_process(pid, _children(), 0))


def _exit(code: int) -> tuple[object, str, int]:
    """What os.execute and a popen file's close answer."""
    if code < 0:
        return None, "signal", -code
    return (True if code == 0 else None), "exit", code


def _reap(child: subprocess.Popen[bytes]) -> None:
    import threading  # noqa: PLC0415 - here only

    threading.Thread(target=child.wait, name="lua-child", daemon=True).start()


def _link(pid: int, name: str) -> str | None:
    try:
        return str(Path(f"/proc/{pid}/{name}").readlink())
    except OSError:
        return None


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    start, stop = text.find("("), text.rfind(")")
    return [text[start + 1 : stop], *text[stop + 2 :].split()]


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(entry.name))
        if fields:
            found.setdefault(int(fields[2]), []).append(int(entry.name))
    return found


def _process(pid: int, children: dict[int, list[int]], depth: int) -> ProcessInfo | None:
    fields = _stat(pid)
    if not fields:
        return None
    try:
        argv = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except OSError:
        argv = []
    below = (_process(child, children, depth + 1) for child in children.get(pid, ())) if depth < 20 else ()
    return ProcessInfo(
        pid=pid,
        ppid=int(fields[2]),
        name=fields[0],
        executable=_link(pid, "exe") or "",
        argv=tuple(item.decode("utf-8", "surrogateescape") for item in argv),
        cwd=_link(pid, "cwd") or "",
        status=_STATUS.get(fields[1], "Unknown"),
        start_time=int(fields[20]) if len(fields) > 20 else 0,
        children=tuple(child for child in below if child is not None),
    )
