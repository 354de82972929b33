"""The front end with native windows: implements `app.front_end.FrontEnd` on Qt.

Owns the windows, and answers for the desktop they are on. Decides nothing about the program. Mux thread,
which is Qt's main thread.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QIcon

from perilune.app.front_end import NativeWindow, WindowCommand, WindowRequest
from perilune.base.geometry import Size
from perilune.base.log import get_logger
from perilune.gui import desktop
from perilune.gui.accounting import BUDGET, FrameAccounting, process_age, reader_cpu
from perilune.gui.icon import make_icon
from perilune.gui.window import Desk, GuiWindow
from perilune.gui.xkb import XkbLayout
from perilune.render.fonts.catalog import FontCatalog
from perilune.render.fonts.font_set import FontSet

if TYPE_CHECKING:
    from types import FrameType

    from perilune.app.front_end import InputHandler
    from perilune.config.options import Config
    from perilune.config.palette import Palette
    from perilune.gui.loop import QtEventLoop
    from perilune.gui.os_window import OsWindow
    from perilune.lua.host_api import ScreenInfo
    from perilune.render.frame import Frame

__all__ = ["GuiFrontEnd"]

_log = get_logger("gui")
_ENDING = {"SIGHUP": "hangup", "SIGTERM": "terminate", "SIGINT": "interrupt"}
_KEPT_FONTS = 8
_PACED_PLATFORMS = ("wayland", "cocoa")  # they say when they want a frame


class GuiFrontEnd:
    """Draws in native windows.

    Args:
        application: Qt's.
        loop: of the mux thread.
        accounting: where frames' times go; None: one of its own.

    Attributes:
        accounting: how long the stages of frames take.
    """

    def __init__(
        self, application: QGuiApplication, loop: QtEventLoop, accounting: FrameAccounting | None = None
    ) -> None:
        self.keyboard = "kitty"
        self.has_windows = True
        self.draws_fancy_bar = True
        self.on_ready: Callable[[], None] | None = None
        self.accounting = accounting or FrameAccounting(parse_clock=reader_cpu)
        loop.accounting = self.accounting
        self._application = application
        self._loop = loop
        self._handler: InputHandler | None = None
        self._windows: dict[int, GuiWindow] = {}
        self._clipboard = desktop.DesktopClipboard()
        self._catalogs: dict[tuple[object, ...], FontCatalog] = {}
        self._fonts: dict[tuple[int, float, float], tuple[Config, FontSet]] = {}
        self._icon: QIcon | None = None
        self._layout = XkbLayout() if application.platformName() == "xcb" else None
        self._desk: Desk | None = None
        self._previous_signals: dict[int, object] = {}
        self._previous_wake_fd = -1
        self._device = ""

    @property
    def windows(self) -> list[GuiWindow]:
        """The open windows, oldest first."""
        return list(self._windows.values())

    @property
    def device(self) -> str:
        """What draws, as its driver names it; "" until something has been drawn."""
        return next((window.device for window in self._windows.values() if window.device), self._device)

    # Life.

    def start(self, handler: InputHandler) -> Size:
        """Begin reporting; windows come with `open_window`."""
        self._handler = handler
        paced = self._application.platformName().startswith(_PACED_PLATFORMS)
        self._desk = Desk(
            self._loop,
            handler,
            self.accounting,
            self._fonts_of,
            self._layout,
            self._ready,
            paced,
            self._set_up,
        )
        self._application.setQuitOnLastWindowClosed(False)
        self._application.styleHints().colorSchemeChanged.connect(self._on_color_scheme)
        self._application.commitDataRequest.connect(self._on_session_end)
        self._install_signals()
        return Size(80, 24)

    def stop(self) -> None:
        """Close all windows; may be called twice."""
        self._restore_signals()
        self._device = self.device
        for window_id in list(self._windows):
            self.close_window(window_id)
        if self._layout is not None:
            self._layout.close()
        self._loop.accounting = None
        self._fonts.clear()

    def suspend(self) -> None:
        """A window has no job to stop."""

    def _install_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        # Qt sleeps in C: a signal has to come through a descriptor that it watches.
        self._previous_wake_fd = signal.set_wakeup_fd(self._loop.wake_fd, warn_on_full_buffer=False)
        for name in _ENDING:
            number = getattr(signal, name, None)
            if number is not None:
                self._previous_signals[number] = signal.signal(number, self._on_signal)

    def _restore_signals(self) -> None:
        if not self._previous_signals:
            return
        signal.set_wakeup_fd(self._previous_wake_fd)
        for number, handler in self._previous_signals.items():
            with contextlib.suppress(ValueError, OSError, TypeError):
                signal.signal(number, handler)  # type: ignore[arg-type] # as it was given by signal()
        self._previous_signals.clear()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        reason = _ENDING[signal.Signals(number).name]
        self._loop.call_soon_threadsafe(lambda: self._close_all(reason))

    def _close_all(self, reason: str) -> None:
        if self._handler is not None:
            self._handler.on_close(reason)

    def _on_session_end(self, _manager: object) -> None:
        self._loop.call_soon(lambda: self._close_all("terminate"))

    def _on_color_scheme(self, _scheme: object) -> None:
        if self._handler is not None:
            self._loop.guard(self._handler.on_appearance)

    def _set_up(self, native: OsWindow) -> None:
        if self._icon is None:
            self._icon = make_icon()
        native.set_icon(self._icon)

    def _ready(self) -> None:
        if self.on_ready is not None:
            self.on_ready()

    def _fonts_of(self, config: Config, dpi: float, scale: float) -> FontSet:
        """The fonts of a configuration; windows with the same ones share them, and their glyphs."""
        key = (id(config), dpi, scale)
        found = self._fonts.get(key)
        if found is not None and found[0] is config:
            return found[1]
        folders = (tuple(config.font_dirs), config.font_locator)
        catalog = self._catalogs.get(folders)
        if catalog is None:
            catalog = self._catalogs[folders] = FontCatalog(*folders)
        if len(self._fonts) >= _KEPT_FONTS:
            del self._fonts[next(iter(self._fonts))]  # the oldest: of a configuration or size past
        made = FontSet(config, catalog, dpi, scale)
        self._fonts[key] = (config, made)
        return made

    # Drawing.

    @property
    def is_ready(self) -> bool:
        """Each window answers for itself."""
        return True

    def takes_frame(self, window_id: int) -> bool:
        """Whether a frame presented now would be shown now."""
        window = self._windows.get(window_id)
        return window is not None and window.takes_frame

    def present(self, frame: Frame) -> None:
        """Draw what differs from the window's last frame."""
        window = self._windows.get(frame.window_id)
        if window is not None:
            window.present(frame)
            if self.accounting.frames == 1:
                _log.info(
                    "first frame %.0f ms after the process began, %.0f ms of them on a processor",
                    process_age() * 1000,
                    time.process_time() * 1000,
                )

    def set_palette(self, palette: Palette) -> None:
        """Windows have the palettes of their configurations."""

    # Windows.

    def open_window(self, window_id: int, config: Config, request: WindowRequest) -> Size:
        """Open a native window; its size, tab bar included."""
        assert self._desk is not None, "start() comes first"  # noqa: S101 - the protocol says so
        window = self._windows[window_id] = GuiWindow(self._desk, window_id, config, request)
        window.show(True)
        return window.size

    def configure_window(self, window_id: int, config: Config) -> None:
        """Another configuration is in force in a window."""
        window = self._windows.get(window_id)
        if window is not None:
            window.configure(config)

    def show_window(self, window_id: int, visible: bool) -> None:
        """Hide a window, or show it again."""
        window = self._windows.get(window_id)
        if window is not None:
            window.show(visible)

    def close_window(self, window_id: int) -> None:
        """The mux window is gone."""
        window = self._windows.pop(window_id, None)
        if window is not None:
            window.close()

    def control_window(self, window_id: int, command: WindowCommand, *arguments: object) -> bool:
        """Do something to a window."""
        window = self._windows.get(window_id)
        return window is not None and window.control(command, arguments)

    def native_window(self, window_id: int) -> NativeWindow:
        """What a window is like now."""
        window = self._windows.get(window_id)
        return NativeWindow() if window is None else window.describe()

    def set_pointer(self, window_id: int, shape: str) -> None:
        """The pointer's shape over a window."""
        window = self._windows.get(window_id)
        if window is not None:
            window.set_pointer(shape)

    def flash(self, window_id: int, pane_id: int) -> None:
        """Visual bell."""
        window = self._windows.get(window_id)
        if window is not None:
            window.flash(pane_id)

    # The desktop.

    def ring_bell(self) -> None:
        """The system's beep."""
        desktop.ring_bell()

    def set_clipboard(self, text: str, selection: str) -> None:
        """Copy."""
        self._clipboard.set(text, selection)

    def request_clipboard(self, selection: str, on_text: Callable[[str], None]) -> None:
        """Paste; `on_text` is called in the next turn."""
        self._loop.call_soon(lambda: on_text(self._clipboard.text(selection)))

    def notify(self, title: str, body: str) -> None:
        """Show a notification of the desktop."""
        desktop.notify(title, body)

    def screens(self) -> Sequence[ScreenInfo]:
        """The screens, the active one first."""
        focused = next((window for window in self._windows.values() if window.is_focused), None)
        primary = QGuiApplication.primaryScreen()
        fallback = None if primary is None else primary.name()
        return desktop.list_screens(fallback if focused is None else focused.screen_name)

    def frame_times(self) -> Sequence[str]:
        """How long the stages of the last frames took."""
        accounting = self.accounting
        lines = [
            f"{accounting.frames} frames, {accounting.over_budget} over {BUDGET * 1000:.1f} ms",
            f"{'ms':<10}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}{'late':>6}",
        ]
        for stage in accounting.report():
            numbers = "".join(f"{value:8.2f}" for value in (stage.p50, stage.p95, stage.p99, stage.max))
            lines.append(f"{stage.name:<10}{numbers}{stage.over:6d}")
        return [*lines, self.device]

    @property
    def appearance(self) -> str | None:
        """Light or Dark, None where the desktop does not tell."""
        return desktop.appearance()
