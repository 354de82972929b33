"""Child processes on pseudo terminals: environment, spawn, size, exit, and what the system says of them.

Knows no panes and no terminal core. `termios` and `ctypes` stay in here; the first spawn imports `ctypes`.
"""

from __future__ import annotations

from perilune.pty.environment import child_environment, login_shell, resolve_term
from perilune.pty.errors import SpawnError
from perilune.pty.exit_status import ExitStatus
from perilune.pty.process import PtyProcess
from perilune.pty.process_info import ProcessInfo, process_cwd, process_executable, process_tree
from perilune.pty.spawner import spawn

__all__ = [
    "ExitStatus",
    "ProcessInfo",
    "PtyProcess",
    "SpawnError",
    "child_environment",
    "login_shell",
    "process_cwd",
    "process_executable",
    "process_tree",
    "resolve_term",
    "spawn",
]
