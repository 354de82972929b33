"""One native window: Qt's events in, as plain calls of a `WindowEvents`; title, state, pointer and place out.

Knows pixels, keys and the window system; knows no cells, frames or panes. All pixels are device pixels; Qt's
own are converted here and nowhere else. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QInputMethodEvent,
    QInputMethodQueryEvent,
    QKeyEvent,
    QMouseEvent,
    QSurface,
    QWheelEvent,
    QWindow,
)

from perilune.base.input import Modifiers, MouseButton, MouseKind
from perilune.gui.keyboard import NativeKey, native_key
from perilune.gui.mouse import BUTTONS, held_button, modifiers_of
from perilune.gui.surfaces import surface_format

if TYPE_CHECKING:
    from perilune.app.front_end import NativeWindow, WindowPlace
    from perilune.render.scene import PixelRect

__all__ = ["OsWindow", "WindowEvents"]

_POINTERS = {
    "default": Qt.CursorShape.ArrowCursor,
    "text": Qt.CursorShape.IBeamCursor,
    "pointer": Qt.CursorShape.PointingHandCursor,
    "col-resize": Qt.CursorShape.SplitHCursor,
    "row-resize": Qt.CursorShape.SplitVCursor,
    "hidden": Qt.CursorShape.BlankCursor,
}
_EDGE = 6  # logical pixels at the border of a window without one of the system's, that resize it
_STATE_NAMES = {"fullscreen": Qt.WindowState.WindowFullScreen, "maximized": Qt.WindowState.WindowMaximized}


class WindowEvents(Protocol):
    """What a native window reports."""

    def on_expose(self, visible: bool) -> None:
        """Some of it can be seen, and must be drawn; or nothing can."""
        ...

    def on_resize(self) -> None:
        """Its size, state or the density of its pixels is another."""
        ...

    def on_frame_callback(self) -> None:
        """The window system is ready for the next picture."""
        ...

    def on_close_request(self) -> None:
        """The user wants it closed."""
        ...

    def on_focus(self, focused: bool) -> None:
        """The keyboard is its own, or no longer."""
        ...

    def on_key(self, key: NativeKey) -> None:
        """A key."""
        ...

    def on_mouse(self, x: float, y: float, button: MouseButton, kind: MouseKind, mods: Modifiers) -> None:
        """The mouse."""
        ...

    def on_wheel(
        self,
        x: float,
        y: float,
        angle: tuple[int, int],
        pixels: tuple[int, int],
        mods: Modifiers,
        *,
        ended: bool,
    ) -> None:
        """A wheel or touch pad turned."""
        ...

    def on_leave(self) -> None:
        """The pointer is elsewhere."""
        ...

    def on_preedit(self, text: str, cursor: int) -> None:
        """An input method composes; "" when it has ended."""
        ...

    def on_commit(self, text: str) -> None:
        """An input method has composed."""
        ...

    def on_drop(self, paths: list[str], text: str) -> None:
        """Files or text were dropped."""
        ...


class OsWindow(QWindow):
    """A native window.

    Args:
        events: told of everything.
        guard: calls, and treats a failure as the loop does; Qt would swallow it.
    """

    def __init__(
        self,
        events: WindowEvents,
        guard: Callable[[Callable[[], None]], None],
        *,
        has_alpha: bool,
        raster: bool,
    ) -> None:
        super().__init__()
        self._events = events
        self._guard = guard
        self._pointer = "default"
        self._is_hidden_pointer = False
        self._input_rect = QRectF()
        self.uses_input_method = True
        self.resizes_by_edges = False
        self.level = "Normal"
        self.has_alpha = has_alpha
        self.is_raster = raster
        self._handlers: dict[QEvent.Type, Callable[[QEvent], bool]] = {
            QEvent.Type.KeyPress: self._on_key,
            QEvent.Type.KeyRelease: self._on_key,
            QEvent.Type.MouseMove: self._on_mouse,
            QEvent.Type.MouseButtonPress: self._on_mouse,
            QEvent.Type.MouseButtonDblClick: self._on_mouse,
            QEvent.Type.MouseButtonRelease: self._on_mouse,
            QEvent.Type.Wheel: self._on_wheel,
            QEvent.Type.Leave: lambda _event: self._tell(events.on_leave),
            QEvent.Type.FocusIn: lambda _event: self._tell(lambda: events.on_focus(True)),
            QEvent.Type.FocusOut: lambda _event: self._tell(lambda: events.on_focus(False)),
            QEvent.Type.Expose: self._on_expose,
            QEvent.Type.Resize: lambda _event: self._tell(events.on_resize),
            QEvent.Type.WindowStateChange: lambda _event: self._tell(events.on_resize),
            QEvent.Type.DevicePixelRatioChange: lambda _event: self._tell(events.on_resize),
            QEvent.Type.UpdateRequest: lambda _event: self._tell(events.on_frame_callback),
            QEvent.Type.Close: self._on_close,
            QEvent.Type.InputMethod: self._on_input_method,
            QEvent.Type.InputMethodQuery: self._on_input_method_query,
            QEvent.Type.DragEnter: self._on_drag,
            QEvent.Type.DragMove: self._on_drag,
            QEvent.Type.Drop: self._on_drop,
        }
        kind = QSurface.SurfaceType.RasterSurface if raster else QSurface.SurfaceType.OpenGLSurface
        self.setSurfaceType(kind)
        self.setFormat(surface_format(has_alpha=has_alpha))

    # Qt's events.

    def event(self, event: QEvent) -> bool:
        """Qt's entry: everything that happens to the window."""
        handler = self._handlers.get(event.type())
        if handler is not None and handler(event):
            return True
        return super().event(event)

    def _tell(self, call: Callable[[], None]) -> bool:
        """Report; the event goes on to Qt."""
        self._guard(call)
        return False

    def _on_key(self, event: QEvent) -> bool:
        native = native_key(cast("QKeyEvent", event))
        if native is not None:
            self._guard(lambda: self._events.on_key(native))
        event.accept()
        return True

    def _on_mouse(self, event: QEvent) -> bool:
        mouse = cast("QMouseEvent", event)
        place = mouse.position()
        scale = self.devicePixelRatio()
        mods = modifiers_of(mouse.modifiers())
        event_type = event.type()
        if event_type == QEvent.Type.MouseMove:
            self.hide_pointer(False)
            button, kind = held_button(mouse.buttons()), MouseKind.MOVE
        else:
            found = BUTTONS.get(mouse.button())
            if found is None:
                return True
            button = found
            is_press = event_type != QEvent.Type.MouseButtonRelease
            kind = MouseKind.PRESS if is_press else MouseKind.RELEASE
            if is_press and button is MouseButton.LEFT and self._resize_by_edge(place.toPoint()):
                return True
        x, y = place.x() * scale, place.y() * scale
        self._guard(lambda: self._events.on_mouse(x, y, button, kind, mods))
        return True

    def _resize_by_edge(self, at: QPoint) -> bool:
        if not self.resizes_by_edges or self.windowState() != Qt.WindowState.WindowNoState:
            return False
        edges = Qt.Edge(0)
        if at.x() < _EDGE:
            edges |= Qt.Edge.LeftEdge
        elif at.x() >= self.width() - _EDGE:
            edges |= Qt.Edge.RightEdge
        if at.y() < _EDGE:
            edges |= Qt.Edge.TopEdge
        elif at.y() >= self.height() - _EDGE:
            edges |= Qt.Edge.BottomEdge
        return bool(edges) and self.startSystemResize(edges)

    def _on_wheel(self, event: QEvent) -> bool:
        wheel = cast("QWheelEvent", event)
        scale = self.devicePixelRatio()
        place, angle, pixels = wheel.position(), wheel.angleDelta(), wheel.pixelDelta()
        mods = modifiers_of(wheel.modifiers())
        # On X11 the pixels are made up from the angle.
        has_pixels = QGuiApplication.platformName() != "xcb"
        exact = (int(pixels.x() * scale), int(pixels.y() * scale)) if has_pixels else (0, 0)
        ended = wheel.phase() == Qt.ScrollPhase.ScrollEnd
        turned = (angle.x(), angle.y())
        if mods & Modifiers.ALT and turned[0] and not turned[1]:
            turned, exact = (0, turned[0]), (0, exact[0])  # Qt turns the wheel across while Alt is held
        x, y = place.x() * scale, place.y() * scale
        self._guard(lambda: self._events.on_wheel(x, y, turned, exact, mods, ended=ended))
        event.accept()
        return True

    def _on_expose(self, _event: QEvent) -> bool:
        visible = self.isExposed()
        self._guard(lambda: self._events.on_expose(visible))
        return True

    def _on_close(self, event: QEvent) -> bool:
        event.ignore()
        self._guard(self._events.on_close_request)
        return True

    # Input methods.

    def _on_input_method(self, event: QEvent) -> bool:
        method = cast("QInputMethodEvent", event)
        commit, preedit = method.commitString(), method.preeditString()
        cursor = len(preedit)
        for attribute in method.attributes():
            if attribute.type == QInputMethodEvent.AttributeType.Cursor:
                cursor = attribute.start if attribute.length else -1
        if commit:
            self._guard(lambda: self._events.on_commit(commit))
        self._guard(lambda: self._events.on_preedit(preedit, cursor))
        event.accept()
        return True

    def _on_input_method_query(self, event: QEvent) -> bool:
        query = cast("QInputMethodQueryEvent", event)
        asked = query.queries()
        kinds = Qt.InputMethodQuery
        if asked & kinds.ImEnabled:
            query.setValue(kinds.ImEnabled, self.uses_input_method)
        if asked & kinds.ImHints:
            hints = Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
            query.setValue(kinds.ImHints, hints.value)
        if asked & kinds.ImCursorRectangle:
            query.setValue(kinds.ImCursorRectangle, self._input_rect)
        query.accept()
        return True

    def place_input(self, rect: PixelRect) -> None:
        """Where the text cursor is: the input method's window opens beside it."""
        scale = self.devicePixelRatio()
        placed = QRectF(rect.x / scale, rect.y / scale, rect.width / scale, rect.height / scale)
        if placed != self._input_rect:
            self._input_rect = placed
            if self.uses_input_method and self.isActive():
                QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImCursorRectangle)

    def set_input_method(self, enabled: bool) -> None:
        """Whether keys go to the input method first."""
        if enabled != self.uses_input_method:
            self.uses_input_method = enabled
            if self.isActive():
                QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImEnabled)

    # Drag and drop.

    def _on_drag(self, event: QEvent) -> bool:
        drag = cast("QDragEnterEvent | QDragMoveEvent", event)
        data = drag.mimeData()
        if data.hasUrls() or data.hasText():
            drag.setDropAction(Qt.DropAction.CopyAction)
            drag.accept()
        else:
            drag.ignore()
        return True

    def _on_drop(self, event: QEvent) -> bool:
        drop = cast("QDropEvent", event)
        data = drop.mimeData()
        urls = data.urls() if data.hasUrls() else []
        paths = [url.toLocalFile() for url in urls if url.isLocalFile()]
        text = "" if paths else data.text()
        drop.setDropAction(Qt.DropAction.CopyAction)
        drop.accept()
        self._guard(lambda: self._events.on_drop(paths, text))
        return True

    # Sizes and places.

    @property
    def pixel_size(self) -> tuple[int, int]:
        """Width and height in device pixels."""
        scale = self.devicePixelRatio()
        return int(self.width() * scale + 0.5), int(self.height() * scale + 0.5)

    def set_pixel_size(self, width: int, height: int) -> None:
        """Ask for a size."""
        scale = self.devicePixelRatio()
        self.resize(QSize(-int(-width // scale), -int(-height // scale)))

    def limit(self, smallest: tuple[int, int], step: tuple[int, int] | None) -> None:
        """The smallest size, and the steps of a size if it has any."""
        scale = self.devicePixelRatio()
        self.setMinimumSize(QSize(-int(-smallest[0] // scale), -int(-smallest[1] // scale)))
        if step is not None and scale == int(scale):
            self.setBaseSize(QSize(smallest[0] - step[0], smallest[1] - step[1]) / int(scale))
            self.setSizeIncrement(QSize(*step) / int(scale))
        else:
            self.setSizeIncrement(QSize(0, 0))

    def put(self, place: WindowPlace) -> None:
        """Move it to where a request wants it."""
        screens = QGuiApplication.screens()
        origin = QPoint(0, 0)
        scale = self.devicePixelRatio()
        if place.origin != "ScreenCoordinateSystem":
            named = next((screen for screen in screens if screen.name() == place.origin), None)
            chosen = named or QGuiApplication.primaryScreen()
            origin = chosen.geometry().topLeft()
        self.setFramePosition(origin + QPoint(int(place.x / scale), int(place.y / scale)))

    def describe(self) -> NativeWindow:
        """What it is like now."""
        from perilune.app.front_end import NativeWindow  # noqa: PLC0415 - this file is imported before `app`

        scale = self.devicePixelRatio()
        width, height = self.pixel_size
        at: QRect = self.frameGeometry()
        return NativeWindow(
            pixel_width=width,
            pixel_height=height,
            dpi=round(96 * scale),
            is_full_screen=self.has_state("fullscreen"),
            is_maximized=self.has_state("maximized"),
            x=round(at.x() * scale),
            y=round(at.y() * scale),
        )

    def has_state(self, name: str) -> bool:
        """Whether it is "fullscreen" or "maximized"."""
        return bool(self.windowStates() & _STATE_NAMES[name])

    def set_state(self, name: str, on: bool) -> None:
        """Make it "fullscreen" or "maximized", or no longer."""
        states = self.windowStates() & ~Qt.WindowState.WindowMinimized
        state = _STATE_NAMES[name]
        self.setWindowStates(states | state if on else states & ~state)

    def set_level(self, level: str) -> None:
        """Keep it above or below others: "AlwaysOnTop", "Normal" or "AlwaysOnBottom"."""
        self.level = level
        self.setFlag(Qt.WindowType.WindowStaysOnTopHint, level == "AlwaysOnTop")
        self.setFlag(Qt.WindowType.WindowStaysOnBottomHint, level == "AlwaysOnBottom")

    def set_decorations(self, wanted: frozenset[str]) -> None:
        """Title bar and border, as `window_decorations` names them."""
        has_title = "TITLE" in wanted
        self.setFlag(Qt.WindowType.FramelessWindowHint, not has_title)
        self.setFlag(Qt.WindowType.MSWindowsFixedSizeDialogHint, has_title and "RESIZE" not in wanted)
        self.resizes_by_edges = not has_title and bool(wanted & {"RESIZE", "INTEGRATED_BUTTONS"})

    def set_pointer(self, shape: str) -> None:
        """The pointer's shape."""
        self._pointer = shape
        if not self._is_hidden_pointer:
            self.setCursor(_POINTERS.get(shape, Qt.CursorShape.ArrowCursor))

    def hide_pointer(self, hidden: bool) -> None:
        """Take the pointer away until it moves."""
        if hidden != self._is_hidden_pointer:
            self._is_hidden_pointer = hidden
            self.setCursor(
                _POINTERS["hidden"] if hidden else _POINTERS.get(self._pointer, _POINTERS["default"])
            )

    def set_icon(self, icon: QIcon) -> None:
        """The icon of task bars."""
        self.setIcon(icon)
