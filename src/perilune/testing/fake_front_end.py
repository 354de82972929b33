"""Front ends without a screen: they record frames, and take input from code.

`FakeFrontEnd` has one screen, as a host terminal has; `FakeWindows` has native windows, and plays the
desktop: the window that was opened or asked for the focus last has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from perilune.app.front_end import (
    THE_SHOWN,
    InputHandler,
    NativeWindow,
    SingleScreen,
    WindowCommand,
    WindowRequest,
)
from perilune.base.geometry import Size
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.config.keys import parse_chord
from perilune.config.palette import Palette
from perilune.lua.host_api import ScreenInfo
from perilune.render.frame import Frame, FrameCursor

if TYPE_CHECKING:
    from perilune.config.options import Config

__all__ = ["FakeDesktop", "FakeFrontEnd", "FakeScreen", "FakeWindow", "FakeWindows"]


class FakeScreen:
    """What a user sees of one window, and does to it.

    Attributes:
        window_id: of the mux window, or THE_SHOWN.
        size: the drawable size.
        rows: the text of the last frame, row by row.
        cursor: where the last frame has it.
        frames: how many frames were presented.
    """

    def __init__(self, cols: int, rows: int, window_id: int = THE_SHOWN) -> None:
        self.window_id = window_id
        self.size = Size(cols, rows)
        self.handler: InputHandler | None = None
        self.frames = 0
        self.frame: Frame | None = None
        self.rows: list[str] = []
        self.cursor: FrameCursor | None = None
        self.title = ""
        self.touched_rows: list[int] = []
        self.on_frame: Callable[[Frame], None] | None = None

    def present(self, frame: Frame) -> None:
        """Record the frame."""
        self.frames += 1
        self.frame = frame
        self.rows = frame.buffer.text()
        self.cursor = frame.cursor
        self.title = frame.title
        self.touched_rows = [row for row, mark in enumerate(frame.buffer.touched) if mark]
        for row in self.touched_rows:
            frame.buffer.touched[row] = 0
        if self.on_frame is not None:
            self.on_frame(frame)

    # What a user does.

    @property
    def text(self) -> str:
        """The last frame's text."""
        return "\n".join(self.rows)

    def key(self, key: str, mods: str = "", kind: KeyKind = KeyKind.PRESS) -> None:
        """Press a key, written as configs write chords: `key("T", "CTRL")`."""
        chord = parse_chord(key, mods)
        plain = not chord.mods & ~Modifiers.SHIFT
        text = ""
        if plain and len(chord.key) == 1:
            text = chord.key.upper() if chord.mods & Modifiers.SHIFT else chord.key
        if self.handler is not None:
            self.handler.on_key(KeyEvent(chord.key, chord.mods, kind, text), self.window_id)

    def type(self, text: str) -> None:
        r"""Type characters; "\n" is Enter."""
        for char in text:
            if char == "\n":
                self.key("Enter")
            elif char.isupper():
                self.key(char.lower(), "SHIFT")
            else:
                self.key(char)

    def mouse(
        self,
        row: int,
        col: int,
        button: MouseButton = MouseButton.NONE,
        kind: MouseKind = MouseKind.MOVE,
        mods: Modifiers = Modifiers.NONE,
    ) -> None:
        """One mouse event."""
        if self.handler is not None:
            self.handler.on_mouse(MouseEvent(row, col, button, kind, mods), self.window_id)

    def click(
        self, row: int, col: int, button: MouseButton = MouseButton.LEFT, mods: Modifiers = Modifiers.NONE
    ) -> None:
        """Press and release."""
        self.mouse(row, col, button, MouseKind.PRESS, mods)
        self.mouse(row, col, button, MouseKind.RELEASE, mods)

    def drag(
        self,
        start: tuple[int, int],
        end: tuple[int, int],
        button: MouseButton = MouseButton.LEFT,
        mods: Modifiers = Modifiers.NONE,
    ) -> None:
        """Press at one cell, move to another, release there."""
        self.mouse(*start, button, MouseKind.PRESS, mods)
        self.mouse(*end, button, MouseKind.MOVE, mods)
        self.mouse(*end, button, MouseKind.RELEASE, mods)

    def wheel(self, row: int, col: int, up: bool = True) -> None:
        """One wheel step."""
        self.mouse(row, col, MouseButton.WHEEL_UP if up else MouseButton.WHEEL_DOWN, MouseKind.PRESS)

    def paste(self, text: str) -> None:
        """Paste."""
        if self.handler is not None:
            self.handler.on_paste(text, self.window_id)

    def resize(self, cols: int, rows: int, pixel_width: int = 0, pixel_height: int = 0) -> None:
        """Change the drawable size."""
        self.size = Size(cols, rows, pixel_width, pixel_height)
        if self.handler is not None:
            self.handler.on_resize(self.size, self.window_id)

    def focus(self, focused: bool) -> None:
        """Give or take the focus."""
        if self.handler is not None:
            self.handler.on_focus(focused, self.window_id)


class FakeDesktop:
    """The services of the desktop, recorded.

    Attributes:
        clipboards: what was copied, by selection.
        host_clipboard: what `request_clipboard` answers.
        bells: how many.
        notifications: title and body.
        suspended: how often the program was to stop.
    """

    def __init__(self) -> None:
        self.clipboards: dict[str, str] = {}
        self.host_clipboard = ""
        self.bells = 0
        self.notifications: list[tuple[str, str]] = []
        self.suspended = 0

    def ring_bell(self) -> None:
        """Count it."""
        self.bells += 1

    def set_clipboard(self, text: str, selection: str) -> None:
        """Record it."""
        self.clipboards[selection] = text

    def request_clipboard(self, selection: str, on_text: Callable[[str], None]) -> None:
        """Answer with `host_clipboard`."""
        del selection
        on_text(self.host_clipboard)

    def notify(self, title: str, body: str) -> None:
        """Record it."""
        self.notifications.append((title, body))

    def frame_times(self) -> Sequence[str] | None:
        """None are counted."""
        return None

    def suspend(self) -> None:
        """Count it."""
        self.suspended += 1


class FakeFrontEnd(FakeScreen, FakeDesktop, SingleScreen):
    """Implements `app.front_end.FrontEnd` with one screen.

    Attributes:
        keyboard: "kitty" or "legacy".
        is_ready: set False to hold frames back, as a slow host does.
        stopped: how often the screen was given back.
    """

    def __init__(self, cols: int = 80, rows: int = 24, keyboard: str = "kitty") -> None:
        FakeScreen.__init__(self, cols, rows)
        FakeDesktop.__init__(self)
        self.keyboard = keyboard
        self.on_ready: Callable[[], None] | None = None
        self.is_ready = True
        self.palette: Palette | None = None
        self.stopped = 0

    def start(self, handler: InputHandler) -> Size:
        """Begin."""
        self.handler = handler
        return self.size

    def stop(self) -> None:
        """Count the stop."""
        self.stopped += 1

    def set_palette(self, palette: Palette) -> None:
        """Record it."""
        self.palette = palette


class FakeWindow(FakeScreen):
    """A native window that is none.

    Attributes:
        config: in force in it.
        request: what was asked for as it opened.
        is_visible: not hidden.
        takes_frames: set False to hold frames back.
        commands: what was done to it, with arguments.
        pointer: the pointer's shape.
        flashes: the panes that flashed.
    """

    def __init__(self, size: Size, window_id: int, config: Config, request: WindowRequest) -> None:
        super().__init__(size.cols, size.rows, window_id)
        self.size = size
        self.config = config
        self.request = request
        self.is_visible = True
        self.takes_frames = True
        self.commands: list[tuple[object, ...]] = []
        self.pointer = ""
        self.flashes: list[int] = []


class FakeWindows(FakeDesktop):
    """Implements `app.front_end.FrontEnd` with native windows, of cells of `cell` pixels.

    Attributes:
        windows: those that are open, by id, oldest first.
        closed: ids of those that were closed.
        focused: the id of the one with the focus.
        screen_list: what `screens` answers.
        log: the names of windows opened, shown, hidden and closed, in order.
    """

    has_windows = True
    draws_fancy_bar = False
    keyboard = "kitty"
    is_ready = True

    def __init__(
        self, cols: int | None = None, rows: int | None = None, cell: tuple[int, int] = (8, 16)
    ) -> None:
        super().__init__()
        self.cell = cell
        self._size = (cols, rows)
        self.handler: InputHandler | None = None
        self.on_ready: Callable[[], None] | None = None
        self.windows: dict[int, FakeWindow] = {}
        self.closed: list[int] = []
        self.focused: int | None = None
        self.screen_list: tuple[ScreenInfo, ...] = ()
        self.appearance: str | None = None
        self.stopped = 0
        self.log: list[str] = []
        self._posted: list[tuple[int | None, int]] = []

    def start(self, handler: InputHandler) -> Size:
        """Begin, without a window."""
        self.handler = handler
        return Size(80, 24)

    def stop(self) -> None:
        """Count the stop; all windows close."""
        self.stopped += 1
        self.windows.clear()

    def present(self, frame: Frame) -> None:
        """Hand it to its window."""
        self.windows[frame.window_id].present(frame)

    def takes_frame(self, window_id: int) -> bool:
        """As the window says."""
        window = self.windows[window_id]
        return window.takes_frames and window.is_visible

    def set_palette(self, palette: Palette) -> None:
        """Windows have theirs by their configurations."""

    def open_window(self, window_id: int, config: Config, request: WindowRequest) -> Size:
        """Open it as asked, unless all have a size given at the start."""
        cols, rows = self._size
        cols, rows = cols or request.cols, rows or request.rows
        size = Size(cols, rows, cols * self.cell[0], rows * self.cell[1], 96)
        window = self.windows[window_id] = FakeWindow(size, window_id, config, request)
        window.handler = self.handler
        self.log.append(f"open {window_id}")
        self._give_focus(window_id)
        return size

    def configure_window(self, window_id: int, config: Config) -> None:
        """Record it."""
        self.windows[window_id].config = config

    def show_window(self, window_id: int, visible: bool) -> None:
        """Record it."""
        self.windows[window_id].is_visible = visible
        self.log.append(f"{'show' if visible else 'hide'} {window_id}")

    def close_window(self, window_id: int) -> None:
        """Close it; another that is visible gets the focus."""
        del self.windows[window_id]
        self.closed.append(window_id)
        self.log.append(f"close {window_id}")
        if self.focused == window_id:
            self.focused = None
            visible = [window.window_id for window in self.windows.values() if window.is_visible]
            if visible:
                self._give_focus(visible[-1])

    def control_window(self, window_id: int, command: WindowCommand, *arguments: object) -> bool:
        """Record it; "focus" gives the focus."""
        self.windows[window_id].commands.append((command, *arguments))
        if command == "focus":
            self._give_focus(window_id)
        return True

    def native_window(self, window_id: int) -> NativeWindow:
        """Cells and nothing around them."""
        size = self.windows[window_id].size
        return NativeWindow(size.cols * self.cell[0], size.rows * self.cell[1], 96)

    def set_pointer(self, window_id: int, shape: str) -> None:
        """Record it."""
        self.windows[window_id].pointer = shape

    def flash(self, window_id: int, pane_id: int) -> None:
        """Record it."""
        self.windows[window_id].flashes.append(pane_id)

    def screens(self) -> Sequence[ScreenInfo]:
        """As set."""
        return self.screen_list

    def _give_focus(self, window_id: int) -> None:
        """As a desktop does: a while later."""
        before, self.focused = self.focused, window_id
        self._posted.append((before, window_id))

    def deliver(self) -> None:
        """Tell the program of the focus, as the desktop's events would."""
        posted, self._posted = self._posted, []
        for before, after in posted:
            if before in self.windows and before != after:
                self.windows[before].focus(False)
            if after in self.windows:
                self.windows[after].focus(True)
