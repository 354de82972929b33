"""What a pane shows when its program ended and the pane stays (`exit_behavior_messaging`)."""

from __future__ import annotations

from perilune.mux.settings import ExitMessaging
from perilune.pty.exit_status import ExitStatus

__all__ = ["exit_message", "spawn_failure_message"]


def exit_message(
    status: ExitStatus, *, command: str, domain: str, behavior: str, messaging: ExitMessaging, clean: bool
) -> bytes:
    """The bytes to show, b"" for none.

    Args:
        status: how the program ended.
        command: as typed.
        domain: where it ran.
        behavior: the value of exit_behavior, which Verbose names as the reason.
        messaging: how much to say.
        clean: whether the end counts as a good one.
    """
    if messaging == "None":
        return b""
    if messaging == "Terse":
        return f"\r\n[{'done' if clean else status.describe()}]\r\n".encode()
    if clean:
        lines = [f"👍 Process {command!r} completed."]
    else:
        place = f" in domain {domain!r}" if messaging == "Verbose" else ""
        lines = [f"⚠️  Process {command!r}{place} failed.", f"{status.describe()}."]
    if messaging == "Verbose":
        lines.append(f'The pane stays because of exit_behavior = "{behavior}".')
    return _show(lines)


def spawn_failure_message(reason: str) -> bytes:
    """Why the pane has no program."""
    return _show([f"⚠️  {reason}", "The pane stays until you close it."])


def _show(lines: list[str]) -> bytes:
    # Whatever the program left behind: main screen, default colours, all rows scrolling, no mouse reports.
    printable = ["".join(char for char in line if char.isprintable()) for line in lines]
    return "".join(f"\r\n{line}" for line in printable).encode("utf-8", "replace") + b"\r\n"
