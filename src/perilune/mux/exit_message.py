"""What a pane shows when its program ended and the pane stays (`exit_behavior_messaging`)."""

from __future__ import annotations

from perilune.mux.settings import ExitMessaging
from perilune.pty.exit_status import ExitStatus

__all__ = ["exit_message", "spawn_failure_message", "tidy_screen"]


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


def tidy_screen(*, alt_screen: bool) -> bytes:
    """What makes a message readable on a screen that a program left in the middle of anything.

    Ends an unfinished sequence, shows the main screen, all rows scrolling, default rendition and characters,
    and asks for no reports of mouse, focus or pastes, which nobody reads any more.
    """
    leave = b"\x1b[?1049l" if alt_screen else b""
    modes = b"\x1b[?9;1000;1002;1003;1004;2004;2026l"
    # DECSTBM moves the cursor, so it is put back; after that the rendition that DECRC restored is cleared.
    return b"\x18" + leave + modes + b"\x1b7\x1b[r\x1b8\x1b[m\x1b(B\x0f\x1b[?7;25h"


def _show(lines: list[str]) -> bytes:
    printable = ["".join(char for char in line if char.isprintable()) for line in lines]
    return "".join(f"\r\n{line}" for line in printable).encode("utf-8", "replace") + b"\r\n"
