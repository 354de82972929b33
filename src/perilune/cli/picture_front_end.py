"""A front end without a display: its windows exist only as frames, and one of them can be had as a picture.

It reports no input but the focus. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from perilune.app.front_end import InputHandler, NativeWindow, WindowCommand, WindowRequest
from perilune.base.geometry import Size
from perilune.lua.host_api import ScreenInfo

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.config.palette import Palette
    from perilune.render.fonts.catalog import FontCatalog
    from perilune.render.fonts.font_set import FontSet
    from perilune.render.frame import Frame
    from perilune.render.scene import Scene

__all__ = ["PictureFrontEnd"]


class _Window:
    def __init__(self, config: Config, fonts: FontSet, request: WindowRequest) -> None:
        self.config = config
        self.fonts = fonts
        self.request = request
        self.frame: Frame | None = None
        self.is_visible = True


class PictureFrontEnd:
    """Implements `app.front_end.FrontEnd`.

    Args:
        scale: device pixels for each pixel of a screen of 96 dpi.
        cols: columns of windows, whatever they ask for; None: as they ask.
        rows: likewise.
    """

    has_windows = True
    draws_fancy_bar = True
    keyboard = "kitty"
    is_ready = True
    appearance: str | None = None

    def __init__(self, scale: float = 1.0, cols: int | None = None, rows: int | None = None) -> None:
        self._scale = scale
        self._asked = (cols, rows)
        self._handler: InputHandler | None = None
        self._catalog: FontCatalog | None = None
        self._windows: dict[int, _Window] = {}
        self._closed: _Window | None = None
        self.on_ready: Callable[[], None] | None = None
        self.frames = 0

    @property
    def window_ids(self) -> Sequence[int]:
        """Windows that are open and shown, oldest first."""
        return [number for number, window in self._windows.items() if window.is_visible]

    def scene(self, window_id: int | None) -> Scene | None:
        """What a window shows, as the real one would draw it; None before its first frame.

        Args:
            window_id: which; None: the one that was closed last.
        """
        from perilune.app.bar_options import is_at_bottom  # noqa: PLC0415
        from perilune.app.fancy_bar import FancyBar  # noqa: PLC0415 - with it fonts
        from perilune.render.geometry import lay_out, window_pixels  # noqa: PLC0415 - numpy, once at the end
        from perilune.render.scene_builder import SceneBuilder, SceneLive  # noqa: PLC0415

        window = self._closed if window_id is None else self._windows.get(window_id)
        if window is None or window.frame is None:
            return None
        config, frame, metrics = window.config, window.frame, window.fonts.metrics
        bar_rows, at_bottom = 0, False
        if frame.bar is not None and frame.bar.position in {"Top", "Bottom"}:
            bar_rows, at_bottom = frame.bar.rect.height, frame.bar.position == "Bottom"
        cols, rows = frame.buffer.cols, frame.buffer.rows
        bar = FancyBar(config, config.palette, window.fonts)
        bar_height = 0
        if frame.fancy is not None:
            bar_height, at_bottom = bar.height, is_at_bottom(config)
        width, height = window_pixels(
            cols, rows, metrics, config, dpi=metrics.dpi, fancy_bar_height=bar_height
        )
        geometry = lay_out(
            width, height, metrics, config, dpi=metrics.dpi, bar_rows=bar_rows, bar_at_bottom=at_bottom,
            fancy_bar_height=bar_height,
        )  # fmt: skip
        builder = SceneBuilder(config, config.palette, window.fonts)
        drawn = bar.draw(frame.fancy, geometry)
        return builder.update(frame, SceneLive(geometry, is_focused=frame.is_focused, bar=drawn))

    # What the program asks of a front end.

    def start(self, handler: InputHandler) -> Size:
        """Begin, without a window."""
        self._handler = handler
        return Size(80, 24)

    def stop(self) -> None:
        """Nothing was taken, nothing is given back."""

    def present(self, frame: Frame) -> None:
        """Keep the frame."""
        window = self._windows.get(frame.window_id)
        if window is not None:
            window.frame = frame
            self.frames += any(frame.buffer.touched)
        frame.buffer.touched[:] = bytes(frame.buffer.rows)

    def takes_frame(self, window_id: int) -> bool:
        """Always."""
        return window_id in self._windows

    def set_palette(self, palette: Palette) -> None:
        """Windows have theirs by their configurations."""

    def _fonts(self, config: Config) -> FontSet:
        from perilune.render.fonts.catalog import FontCatalog  # noqa: PLC0415 - with the first window
        from perilune.render.fonts.font_set import FontSet  # noqa: PLC0415

        if self._catalog is None:
            self._catalog = FontCatalog(config.font_dirs, config.font_locator)
        return FontSet(config, self._catalog, (config.dpi or 96.0) * self._scale)

    def open_window(self, window_id: int, config: Config, request: WindowRequest) -> Size:
        """Open one that nobody sees."""
        cols, rows = self._asked
        request = WindowRequest(cols or request.cols, rows or request.rows)
        window = self._windows[window_id] = _Window(config, self._fonts(config), request)
        if self._handler is not None:
            self._handler.on_focus(True, window_id)
        return self._size(window)

    def _size(self, window: _Window) -> Size:
        cols, rows, metrics = window.request.cols, window.request.rows, window.fonts.metrics
        return Size(cols, rows, cols * metrics.width, rows * metrics.height, round(metrics.dpi))

    def configure_window(self, window_id: int, config: Config) -> None:
        """Other fonts, colours or padding; the cells stay as many."""
        window = self._windows[window_id]
        window.config, window.fonts = config, self._fonts(config)
        if self._handler is not None:
            self._handler.on_resize(self._size(window), window_id)

    def show_window(self, window_id: int, visible: bool) -> None:
        """Remember it."""
        self._windows[window_id].is_visible = visible

    def close_window(self, window_id: int) -> None:
        """Keep it apart: it may be the last."""
        window = self._windows.pop(window_id, None)
        if window is not None and window.frame is not None:
            self._closed = window

    def control_window(self, window_id: int, command: WindowCommand, *arguments: object) -> bool:
        """There is nothing to move or raise."""
        del window_id, command, arguments
        return False

    def native_window(self, window_id: int) -> NativeWindow:
        """Cells and nothing around them."""
        size = self._size(self._windows[window_id])
        return NativeWindow(size.pixel_width, size.pixel_height, size.dpi)

    def set_pointer(self, window_id: int, shape: str) -> None:
        """There is none."""

    def flash(self, window_id: int, pane_id: int) -> None:
        """A picture does not flash."""

    def ring_bell(self) -> None:
        """A picture makes no sound."""

    def set_clipboard(self, text: str, selection: str) -> None:
        """The desktop's is left alone."""

    def request_clipboard(self, selection: str, on_text: Callable[[str], None]) -> None:
        """There is nothing in it."""
        del selection
        on_text("")

    def notify(self, title: str, body: str) -> None:
        """Nobody is there to be told."""

    def screens(self) -> Sequence[ScreenInfo]:
        """None."""
        return ()

    def frame_times(self) -> None:
        """Not counted."""

    def suspend(self) -> None:
        """There is no screen to give back."""
