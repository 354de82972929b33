"""Whether a window can be opened here, asked before Qt is: Qt itself ends the process where it cannot.

Imports nothing of Qt at the top. Main thread, before the program runs.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication

__all__ = ["WindowProblemError", "check_window", "has_display", "is_forwarded_display", "open_application"]

_X11 = {
    "libX11.so.6": "libx11-6", "libX11-xcb.so.1": "libx11-xcb1", "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0", "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0", "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0", "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0", "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0", "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0", "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}  # fmt: skip
_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}  # fmt: skip
_ALWAYS = {
    "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libOpenGL.so.0": "libopengl0",
    "libdbus-1.so.3": "libdbus-1-3", "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6", "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}  # fmt: skip
_PACKAGES = {"xcb": {**_ALWAYS, **_X11}, "wayland": {**_ALWAYS, **_WAYLAND}}


class WindowProblemError(Exception):
    """No window can be opened; the message is one sentence for the user."""


def has_display(env: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether there seems to be something to open a window on.

    >>> has_display({}, "linux"), has_display({"DISPLAY": ":0"}, "linux"), has_display({}, "darwin")
    (False, True, True)
    """
    if platform in {"darwin", "win32"}:
        return True
    return any(env.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def is_forwarded_display(env: Mapping[str, str]) -> bool:
    """Whether the display is that of the machine from which the user has logged in: too far for pictures.

    >>> is_forwarded_display({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "..."})
    True
    """
    host = env.get("DISPLAY", "").partition(":")[0]
    return bool(host and env.get("SSH_CONNECTION") and not env.get("WAYLAND_DISPLAY"))


def check_window(env: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Look whether Qt will be able to open windows.

    Returns:
        Qt's platform to ask for; None: Qt knows best.

    Raises:
        WindowProblemError: it will not.
    """
    if not has_display(env, platform):
        raise WindowProblemError("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)")
    kinds = _kinds(env)
    _check_import(kinds)
    if platform in {"darwin", "win32"}:
        return None
    problems = []
    for kind in kinds:
        problem = _check_plugin(kind) or _check_server(kind, env)
        if problem is None:
            return None if env.get("QT_QPA_PLATFORM") else kind
        problems.append(problem)
    raise WindowProblemError(problems[0])


def _kinds(env: Mapping[str, str]) -> list[str]:
    """The window systems that the environment names, the session's own first; or those that Qt is told.

    >>> _kinds({"QT_QPA_PLATFORM": "wayland-egl;xcb:opt=1", "DISPLAY": ":0"})
    ['wayland', 'xcb']
    """
    told = env.get("QT_QPA_PLATFORM")
    if told:
        return [part.partition(":")[0].partition("-")[0] for part in told.split(";") if part]
    found = [("xcb", env.get("DISPLAY")), ("wayland", env.get("WAYLAND_DISPLAY"))]
    if env.get("XDG_SESSION_TYPE") == "wayland":
        found.reverse()
    return [name for name, value in found if value]


def _check_import(kinds: list[str]) -> None:
    try:
        import PySide6.QtGui  # noqa: F401, PLC0415 - this is what is checked
    except ImportError as error:
        missing = _missing_packages(kinds[0] if kinds else "xcb")
        if missing:
            raise WindowProblemError(_install(missing)) from error
        raise WindowProblemError(f"Qt cannot be loaded: {error}") from error


def _check_plugin(kind: str) -> str | None:
    """Load the platform's plugin as Qt will: where a library of it is missing, Qt would end the process."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        return "Qt is not installed"
    place = Path(spec.submodule_search_locations[0], "Qt", "plugins", "platforms", f"libq{kind}.so")
    if not place.exists():
        # A Qt of the system's is laid out otherwise.
        return f"Qt knows no platform {kind!r} (QT_QPA_PLATFORM)" if place.parent.is_dir() else None
    try:
        ctypes.CDLL(str(place))
    except OSError as error:
        missing = _missing_packages(kind)
        return _install(missing) if missing else f"Qt cannot be loaded: {error}"
    return None


def _missing_packages(kind: str) -> list[str]:
    missing = []
    for library, package in _PACKAGES.get(kind, _ALWAYS).items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def _install(packages: list[str]) -> str:
    return f"the window needs libraries that are not installed (Debian: apt install {' '.join(packages)})"


def _check_server(kind: str, env: Mapping[str, str]) -> str | None:
    if kind == "xcb":
        return _check_x11()
    return _check_wayland(env) if kind == "wayland" else None


def _check_x11() -> str | None:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return None
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return f"the display {os.environ.get('DISPLAY')} does not answer" if failed else None


def _check_wayland(env: Mapping[str, str]) -> str | None:
    name = env.get("WAYLAND_DISPLAY") or "wayland-0"
    path = Path(env.get("XDG_RUNTIME_DIR", ""), name)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(str(path))
    except OSError as error:
        return f"the display {name} does not answer ({error.strerror})"
    return None


def open_application(kind: str | None) -> QGuiApplication:
    """Qt's application; call `check_window` before."""
    import locale  # noqa: PLC0415 - with Qt

    from PySide6.QtCore import QCoreApplication, Qt  # noqa: PLC0415
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_MacDontSwapCtrlAndMeta)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    QGuiApplication.setDesktopFileName("perilune")
    arguments = ["perilune"] if kind is None else ["perilune", "-platform", kind]
    application = QGuiApplication(arguments)
    QCoreApplication.setApplicationName("perilune")
    QGuiApplication.setApplicationDisplayName("")
    # Qt takes the user's locale for C, too, and numbers in Lua would be written with its comma.
    locale.setlocale(locale.LC_NUMERIC, "C")
    return application
