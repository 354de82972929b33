"""What the desktop does for the program besides windows: clipboards, notifications, bell, screens, dark mode.

Mux thread; programs that are run are waited for on threads of their own.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication

from perilune.base.log import get_logger
from perilune.lua.host_api import ScreenInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DesktopClipboard", "appearance", "list_screens", "notify", "ring_bell"]

_log = get_logger("gui.desktop")
_PATIENCE = 5.0


class DesktopClipboard:
    """The clipboard and the primary selection; where a system has no primary selection, one of our own."""

    def __init__(self) -> None:
        self._own_primary = ""

    def set(self, text: str, selection: str) -> None:
        """Copy; `selection` as `FrontEnd.set_clipboard` has it."""
        clipboard = QGuiApplication.clipboard()
        if selection != "PrimarySelection":
            clipboard.setText(text, QClipboard.Mode.Clipboard)
        if selection != "Clipboard":
            self._own_primary = text
            if clipboard.supportsSelection():
                clipboard.setText(text, QClipboard.Mode.Selection)

    def text(self, selection: str) -> str:
        """What is to be pasted, "" for nothing."""
        clipboard = QGuiApplication.clipboard()
        if selection == "Clipboard":
            return clipboard.text(QClipboard.Mode.Clipboard)
        if clipboard.supportsSelection():
            return clipboard.text(QClipboard.Mode.Selection)
        return self._own_primary


def _quoted(text: str) -> str:
    """A GVariant or AppleScript string."""
    clean = "".join(char if char.isprintable() else " " for char in text)
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def notification_command(
    title: str, body: str, find: Callable[[str], str | None], platform: str
) -> list[str] | None:
    """The program that shows a notification, None where there is none."""
    title = title or "Perilune"
    if platform == "darwin":
        osascript = find("osascript")
        script = f"display notification {_quoted(body)} with title {_quoted(title)}"
        return None if osascript is None else [osascript, "-e", script]
    tool = find("notify-send")
    if tool is not None:
        return [tool, "--app-name=Perilune", "--", title, body]
    tool = find("gdbus")
    if tool is not None:
        return [
            tool, "call", "--session", "--dest", "org.freedesktop.Notifications",
            "--object-path", "/org/freedesktop/Notifications",
            "--method", "org.freedesktop.Notifications.Notify",
            _quoted("Perilune"), "0", _quoted(""), _quoted(title), _quoted(body), "[]", "{}", "-1",
        ]  # fmt: skip
    return None


def notify(title: str, body: str, env: Mapping[str, str] = os.environ) -> None:
    """Show a notification; a line in the log where nothing can."""
    command = notification_command(
        title, body, lambda name: shutil.which(name, path=env.get("PATH")), sys.platform
    )
    if command is None:
        _log.info("no notify-send or gdbus to show a notification with: %s", title or body)
        return

    def run() -> None:
        try:
            subprocess.run(
                command, env=dict(env), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=_PATIENCE, check=False,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            _log.warning("the notification could not be shown: %s", error)

    threading.Thread(target=run, name="notify", daemon=True).start()


def ring_bell() -> None:
    """The system's beep."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - only Qt's widgets can beep; loaded when it rings

    QApplication.beep()


def appearance() -> str | None:
    """Light or Dark, None where the desktop does not tell."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return {Qt.ColorScheme.Dark: "Dark", Qt.ColorScheme.Light: "Light"}.get(scheme)


def list_screens(active: str | None) -> Sequence[ScreenInfo]:
    """All screens, in device pixels: the one named `active` first."""
    found = []
    for screen in QGuiApplication.screens():
        scale = screen.devicePixelRatio()
        area = screen.geometry()
        rate = screen.refreshRate()
        found.append(
            ScreenInfo(
                name=screen.name(),
                x=area.x(),
                y=area.y(),
                width=round(area.width() * scale),
                height=round(area.height() * scale),
                scale=scale,
                max_fps=round(rate) if rate > 0 and math.isfinite(rate) else None,
                effective_dpi=96.0 * scale,
            )
        )
    return sorted(found, key=lambda info: info.name != active)
