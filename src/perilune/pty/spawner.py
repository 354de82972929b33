"""Starting a program on a new pseudo terminal.

How, and why so. The process has many threads, and at any moment one of them may hold any lock, so nothing of
Python may run between fork and exec. Measured with 200 MB resident and 20 threads:

* `subprocess` with a `preexec_fn` (the only way that it can be given a controlling terminal): 4.3 ms, nearly
  all of it the copying of page tables by fork, and Python runs in the child.
* `posix_spawn` of the C library: 0.28 ms. It shares the memory instead of copying it, sets session, signal
  mask and dispositions, working directory and descriptors in C, and reports why exec failed.

`os.posix_spawn` itself has neither the working directory nor "close from 3 on", so the C function is called
through `ctypes`, whose import (8 ms) the first spawn pays. On Linux a session leader that opens a terminal
acquires it, so opening the slave as descriptor 0 is all there is to a controlling terminal. Elsewhere, and
where the C library lacks a function, `subprocess` with a small `preexec_fn` does it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import os
import signal
import stat
import struct
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from perilune.base.geometry import Size
from perilune.base.log import get_logger
from perilune.pty.environment import login_shell
from perilune.pty.errors import SpawnError
from perilune.pty.process import PtyProcess, pack_size

__all__ = ["resolve_program", "spawn"]

_log = get_logger("pty")
_IUTF8 = 0x4000  # not in `termios`; the same number on Linux and macOS

# The C library's <spawn.h>, the same numbers in glibc and musl.
_SETSIGDEF = 0x04
_SETSIGMASK = 0x08
_SETSID = 0x80


def spawn(
    command: Sequence[str] | None,
    cwd: str | None,
    env: Mapping[str, str],
    size: Size,
) -> PtyProcess:
    """Start a program on a new pty, as leader of a session of its own.

    Args:
        command: program and arguments; None is the user's shell, started as a login shell ("-zsh").
        cwd: where it starts; a directory that is gone is replaced by the home directory, then "/".
        env: its whole environment.
        size: of the terminal, in force before the program runs.

    Returns:
        The running process.

    Raises:
        SpawnError: no such program, or it cannot be run.
        OSError: no pty is to be had.
    """
    if command:
        program, argv = command[0], list(command)
    else:
        program = login_shell(env)
        argv = [f"-{Path(program).name}"]
    if any("\0" in text for text in (*argv, *env, *env.values())):
        raise SpawnError(errno.EINVAL, program)  # C strings cannot say it
    directory = _existing_directory(cwd, env)
    path = resolve_program(program, env, directory)
    master, slave = os.openpty()
    try:
        fcntl.ioctl(master, termios.TIOCSWINSZ, pack_size(size))
        _set_utf8(slave)
        try:
            tty_name = os.ttyname(slave)
        except OSError:
            tty_name = ""  # another mount namespace: the device has no name here
        start = _spawner() if tty_name else _spawn_with_fork
        try:
            pid = start(path, argv, env, directory, slave, tty_name)
        except OSError as error:
            if error.errno != errno.ENOEXEC:
                raise SpawnError(error.errno or errno.EIO, program) from error
            # A script without "#!": execvp(3) and every shell hand it to sh.
            pid = start("/bin/sh", ["/bin/sh", path, *argv[1:]], env, directory, slave, tty_name)
        os.set_blocking(master, False)
    except BaseException:
        os.close(master)
        raise
    finally:
        os.close(slave)
    return PtyProcess(pid, master, tty_name, tuple(command) if command else (program,))


def resolve_program(program: str, env: Mapping[str, str], cwd: str) -> str:
    """The file that `program` names, looked up in the PATH of the child's environment.

    Raises:
        SpawnError: there is none that can be executed.
    """
    if not program or "\0" in program:
        raise SpawnError(errno.ENOENT, program or "an empty program name")
    if "/" in program:
        candidates = [program]
    else:
        candidates = [str(Path(part or ".", program)) for part in env.get("PATH", os.defpath).split(":")]
    reason = errno.ENOENT
    for candidate in candidates:
        full = str(Path(cwd, candidate))
        try:
            mode = Path(full).stat().st_mode
        except OSError as error:
            if error.errno == errno.EACCES:
                reason = errno.EACCES
            continue
        if stat.S_ISREG(mode) and os.access(full, os.X_OK):
            return full
        reason = errno.EISDIR if stat.S_ISDIR(mode) and "/" in program else errno.EACCES
    raise SpawnError(reason, program)


def _existing_directory(cwd: str | None, env: Mapping[str, str]) -> str:
    for directory in (cwd, env.get("HOME")):
        if directory and Path(directory).is_dir() and os.access(directory, os.X_OK):
            return str(Path(directory).absolute())
    return "/"


def _set_utf8(slave: int) -> None:
    """Let the kernel's line editing erase whole UTF-8 characters."""
    with contextlib.suppress(termios.error):
        attributes = termios.tcgetattr(slave)
        if sys.platform in {"linux", "darwin"} and not attributes[0] & _IUTF8:
            attributes[0] |= _IUTF8
            termios.tcsetattr(slave, termios.TCSANOW, attributes)


_Spawner = Callable[[str, list[str], Mapping[str, str], str, int, str], int]


@functools.cache
def _spawner() -> _Spawner:
    """The way to start a program on this machine."""
    if sys.platform == "linux":
        try:
            return _PosixSpawn()
        except (AttributeError, ImportError, OSError) as error:
            _log.info("posix_spawn is not usable (%s); programs are started with fork", error)
    return _spawn_with_fork


class _PosixSpawn:
    """posix_spawn(3) of the C library, with the extensions that Python's own wrapper lacks."""

    def __init__(self) -> None:
        import ctypes  # noqa: PLC0415 - 8 ms, paid by the first spawn

        self._ctypes = ctypes
        self._lib = lib = ctypes.CDLL(None)
        self._chdir = lib.posix_spawn_file_actions_addchdir_np  # glibc 2.29, musl 1.1.24
        # glibc 2.34; musl has none.
        self._close_from: Any = getattr(lib, "posix_spawn_file_actions_addclosefrom_np", None)
        self._spawn = lib.posix_spawn

    def __call__(
        self, path: str, argv: list[str], env: Mapping[str, str], cwd: str, _slave: int, tty_name: str
    ) -> int:
        """Start it; an OSError says why not."""
        ctypes = self._ctypes
        lib = self._lib
        # Opaque structures of 336 and 80 bytes; reserve more than any C library uses, aligned.
        attributes = (ctypes.c_uint64 * 128)()
        actions = (ctypes.c_uint64 * 128)()
        signals = (ctypes.c_uint64 * 16)()
        pid = ctypes.c_int()
        arguments = _strings(ctypes, [os.fsencode(argument) for argument in argv])
        environment = _strings(ctypes, [os.fsencode(f"{name}={value}") for name, value in env.items()])
        self._check(lib.posix_spawnattr_init(attributes))
        try:
            self._check(lib.posix_spawn_file_actions_init(actions))
            try:
                flags = ctypes.c_short(_SETSIGDEF | _SETSIGMASK | _SETSID)
                self._check(lib.posix_spawnattr_setflags(attributes, flags))
                lib.sigemptyset(signals)
                self._check(lib.posix_spawnattr_setsigmask(attributes, signals))
                lib.sigfillset(signals)
                self._check(lib.posix_spawnattr_setsigdefault(attributes, signals))
                # The session exists by now, so this open acquires the controlling terminal.
                self._check(
                    lib.posix_spawn_file_actions_addopen(actions, 0, os.fsencode(tty_name), os.O_RDWR, 0)
                )
                self._check(lib.posix_spawn_file_actions_adddup2(actions, 0, 1))
                self._check(lib.posix_spawn_file_actions_adddup2(actions, 0, 2))
                self._check(self._chdir(actions, os.fsencode(cwd)))
                if self._close_from is not None:
                    self._check(self._close_from(actions, 3))
                else:
                    _mark_close_on_exec()
                self._check(
                    self._spawn(
                        ctypes.byref(pid), os.fsencode(path), actions, attributes, arguments, environment
                    )
                )
            finally:
                lib.posix_spawn_file_actions_destroy(actions)
        finally:
            lib.posix_spawnattr_destroy(attributes)
        return int(pid.value)

    @staticmethod
    def _check(number: int) -> None:
        if number:
            raise OSError(number, os.strerror(number))


def _strings(ctypes: Any, values: list[bytes]) -> Any:
    return (ctypes.c_char_p * (len(values) + 1))(*values, None)


def _mark_close_on_exec() -> None:
    """Python's own descriptors close on exec already; those that our parent left open do from now on."""
    for name in [entry.name for entry in Path("/dev/fd").iterdir()]:
        if int(name) > 2:
            with contextlib.suppress(OSError):
                os.set_inheritable(int(name), False)


def _spawn_with_fork(
    path: str, argv: list[str], env: Mapping[str, str], cwd: str, slave: int, _tty_name: str
) -> int:
    """The portable way, where posix_spawn cannot do it all."""
    import subprocess  # noqa: PLC0415 - 19 ms, not needed on Linux

    # Preexec code runs in a forked copy of a threaded process: it takes no lock, imports nothing and calls
    # the kernel only. The mask is the calling thread's, so it is emptied here and put back.
    mask = signal.pthread_sigmask(signal.SIG_SETMASK, ())
    try:
        process = subprocess.Popen(
            argv,
            executable=path,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env=dict(env),
            close_fds=True,
            start_new_session=True,
            preexec_fn=_enter_terminal,  # noqa: PLW1509 - see above
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    # PtyProcess reaps; the Popen object must neither do so nor complain that nobody did.
    process.returncode = 0
    return process.pid


_RESET_SIGNALS = tuple(
    number for number in signal.valid_signals() if number not in {signal.SIGKILL, signal.SIGSTOP}
)


def _enter_terminal() -> None:
    for number in _RESET_SIGNALS:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, struct.pack("i", 0))
