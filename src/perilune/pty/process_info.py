"""What the system says of a process: executable, working directory, children. From /proc where it exists.

On systems without /proc the answers are None or empty, and callers go by what the terminal itself told (OSC
7, titles, the foreground process group). Any thread; nothing is kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ProcessInfo", "process_cwd", "process_executable", "process_tree"]

_DELETED = " (deleted)"
_STAT = re.compile(rb"\d+ \((.*)\) (\S) (\d+) ", re.DOTALL)
_STATUS = {
    "R": "Run",
    "S": "Sleep",
    "D": "Sleep",
    "I": "Idle",
    "Z": "Zombie",
    "T": "Stop",
    "t": "Tracing",
    "X": "Dead",
}


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """A process and what it started. Names as in WezTerm's LocalProcessInfo."""

    pid: int
    ppid: int
    name: str
    executable: str
    cwd: str
    status: str
    argv: tuple[str, ...] = ()
    children: tuple[ProcessInfo, ...] = field(default=())

    def walk(self) -> Iterator[ProcessInfo]:
        """This one and all below it."""
        stack = [self]
        while stack:
            info = stack.pop()
            yield info
            stack.extend(reversed(info.children))


def process_executable(pid: int) -> str | None:
    """The path of what runs as `pid`; its bare name where the path is another user's secret."""
    try:
        return str(Path(f"/proc/{pid}/exe").readlink()).removesuffix(_DELETED)
    except OSError:
        pass
    try:
        return os.fsdecode(Path(f"/proc/{pid}/comm").read_bytes().rstrip(b"\n"))
    except OSError:
        return None


def process_cwd(pid: int) -> str | None:
    """The working directory of `pid`; None when it is gone, deleted, secret, or the system has no /proc."""
    try:
        path = str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return None
    return None if path.endswith(_DELETED) else path


def process_tree(pid: int) -> ProcessInfo | None:
    """`pid` and everything it started, or None where that cannot be known."""
    parents = _children_by_parent()
    if parents is None:
        return None
    return _describe(pid, parents, depth=0)


def _describe(pid: int, parents: dict[int, list[int]], depth: int) -> ProcessInfo | None:
    stat = _read_stat(pid)
    if stat is None:
        return None
    name, state, ppid = stat
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        raw = b""
    argv = tuple(os.fsdecode(part) for part in raw.removesuffix(b"\0").split(b"\0")) if raw else ()
    children = [] if depth > 64 else [_describe(child, parents, depth + 1) for child in parents.get(pid, ())]
    return ProcessInfo(
        pid=pid,
        ppid=ppid,
        name=name,
        executable=process_executable(pid) or name,
        cwd=process_cwd(pid) or "",
        status=_STATUS.get(state, "Unknown"),
        argv=argv,
        children=tuple(child for child in children if child is not None),
    )


def _children_by_parent() -> dict[int, list[int]] | None:
    # /proc/<pid>/task/<tid>/children would be cheaper but is missing from some kernels and incomplete by its
    # own documentation; this is asked only when a pane is about to close, or by a script that wants to know.
    try:
        names = [entry.name for entry in Path("/proc").iterdir()]
    except OSError:
        return None
    parents: dict[int, list[int]] = {}
    for name in names:
        if name.isdigit():
            stat = _read_stat(int(name))
            if stat is not None:
                parents.setdefault(stat[2], []).append(int(name))
    return parents or None


def _read_stat(pid: int) -> tuple[str, str, int] | None:
    try:
        match = _STAT.match(Path(f"/proc/{pid}/stat").read_bytes())
    except OSError:
        return None
    if match is None:
        return None
    return os.fsdecode(match[1]), match[2].decode("ascii", "replace"), int(match[3])
