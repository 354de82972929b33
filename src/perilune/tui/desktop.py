"""Programs of the desktop that do things for the front end: detached, and waited for off the mux thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from perilune.base.log import get_logger

__all__ = ["find_tool", "is_local", "notify", "run_tool"]

_log = get_logger("tui")


def is_local(env: Mapping[str, str]) -> bool:
    """Whether the desktop whose tools would run is the one that the user sits at."""
    return not (env.get("SSH_CONNECTION") or env.get("SSH_TTY"))


def find_tool(env: Mapping[str, str], name: str) -> str | None:
    """The path of a tool, by the environment's own PATH."""
    import shutil  # noqa: PLC0415 - 6 ms that the first frame does not wait for

    return shutil.which(name, path=env.get("PATH"))


def run_tool(command: Sequence[str], data: bytes | None, env: Mapping[str, str], timeout: float) -> bytes:
    """Run a tool to its end; blocks, so never on the mux thread.

    Args:
        command: program and arguments.
        data: its standard input; None where its output is wanted instead.
        env: its environment.
        timeout: seconds after which it is killed.

    Returns:
        What it printed; b"" where it failed.
    """
    import subprocess  # noqa: PLC0415 - 4 ms that the first frame does not wait for

    try:
        process = subprocess.Popen(
            command,
            env=dict(env),
            stdin=subprocess.DEVNULL if data is None else subprocess.PIPE,
            # Tools that copy stay behind to serve the selection: they must not hold a pipe that is read
            # to its end.
            stdout=subprocess.PIPE if data is None else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        _log.warning("%s could not be started: %s", command[0], error)
        return b""
    with process:
        try:
            out, _ = process.communicate(data, timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            _log.warning("%s did not finish within %g s", command[0], timeout)
            return b""
    if process.returncode != 0:
        _log.debug("%s ended with %d", command[0], process.returncode)
        return b""
    return out or b""


def notify(env: Mapping[str, str], title: str, body: str) -> None:
    """Show a notification by notify-send, where there is a desktop of the user's."""
    if not is_local(env) or not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
        return
    tool = find_tool(env, "notify-send")
    if tool is None:
        return
    command = [tool, "--", title or "Perilune", body]
    threading.Thread(target=run_tool, args=(command, b"", env, 5.0), name="notify", daemon=True).start()
