"""The border between the program and whoever draws it: `tui`, `gui`, and the fakes of tests.

A front end turns the user's input into calls of an `InputHandler` and draws frames. It decides nothing.
Everything here happens on the mux thread.

There are two kinds. One has a single screen (`has_windows` is False): it shows one mux window at a time, and
the program says which. The other has a native window for each mux window of the active workspace: the program
opens, hides and closes them, and each reports its own size and input. `SingleScreen` answers for the first
kind what is asked of native windows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from perilune.base.color import Rgb
from perilune.base.geometry import Size
from perilune.base.input import KeyEvent, MouseEvent
from perilune.config.palette import Palette
from perilune.lua.host_api import ScreenInfo
from perilune.render.frame import Frame
from perilune.tabbar.bar_line import PointedPart

if TYPE_CHECKING:
    from perilune.config.options import Config

__all__ = [
    "THE_SHOWN",
    "BarTarget",
    "FrontEnd",
    "InputHandler",
    "NativeWindow",
    "SingleScreen",
    "WindowCommand",
    "WindowPlace",
    "WindowRequest",
]

THE_SHOWN = -1
"""In place of a window's id: the window that is shown, or the one that has the focus."""

WindowCommand: TypeAlias = Literal[
    "decrease_font_size", "focus", "hide", "hide_application", "increase_font_size", "maximize",
    "reset_font_and_window_size", "reset_font_size", "restore", "set_inner_size", "set_level",
    "set_position", "show", "start_drag", "toggle_always_on_bottom", "toggle_always_on_top",
    "toggle_fullscreen",
]  # fmt: skip
"""What can be done to a native window.

Arguments: `set_inner_size` width and height, `set_position` x and y, in pixels; `set_level` one of
"AlwaysOnBottom", "Normal", "AlwaysOnTop". `hide` minimises, `restore` undoes maximize, `show` undoes hide,
`focus` raises and asks for the keyboard.
"""


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where a new window goes, in pixels from an origin.

    That is "ScreenCoordinateSystem", "MainScreen", "ActiveScreen", or the name of a screen.
    """

    x: int
    y: int
    origin: str = "ScreenCoordinateSystem"


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """What is asked of a new native window: its cells, the tab bar's among them, and perhaps its place.

    With `has_fancy_bar` there is a tab bar in pixels beside the cells.
    """

    cols: int = 80
    rows: int = 24
    place: WindowPlace | None = None
    has_fancy_bar: bool = False


@dataclass(frozen=True, slots=True)
class NativeWindow:
    """What a native window is like now, in pixels; zeros where unknown."""

    pixel_width: int = 0
    pixel_height: int = 0
    dpi: int = 0
    is_full_screen: bool = False
    is_maximized: bool = False
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class BarTarget:
    """What is under the pointer on a fancy tab bar.

    Attributes:
        part: its kind and the index of its tab; None where the bar is empty.
        uri: of the link in a status; "": none.
        place: where the active tab belongs if it is being dragged; None: where it was.
        is_cut: the part's text is not to be seen whole.
        col: the column of cells that the part begins at, for what is shown beside it.
    """

    part: PointedPart | None = None
    uri: str = ""
    place: int | None = None
    is_cut: bool = False
    col: int = 0


class InputHandler(Protocol):
    """What a front end reports. `window_id` says in which window; THE_SHOWN from those with one screen."""

    def on_key(self, event: KeyEvent, window_id: int = THE_SHOWN) -> None:
        """A key."""
        ...

    def on_mouse(self, event: MouseEvent, window_id: int = THE_SHOWN) -> None:
        """The mouse, in cells of the window's whole grid, the tab bar's included."""
        ...

    def on_bar_mouse(self, event: MouseEvent, target: BarTarget | None, window_id: int = THE_SHOWN) -> None:
        """The mouse on a fancy tab bar, or wherever it goes with a button that was pressed there.

        `target` is what is under the pointer; None: it has left the bar. Rows and columns do not matter.
        """
        ...

    def on_mouse_leave(self, window_id: int = THE_SHOWN) -> None:
        """The pointer is no longer over the window."""
        ...

    def on_paste(self, text: str, window_id: int = THE_SHOWN) -> None:
        """Text that the user pasted into the front end, or dropped onto it."""
        ...

    def on_drop_files(self, paths: Sequence[str], window_id: int = THE_SHOWN) -> None:
        """Files that the user dropped onto the window: their names are pasted, quoted as configured."""
        ...

    def on_composition(self, text: str | None, window_id: int = THE_SHOWN) -> None:
        """What an input method is composing; None: nothing. The front end draws it at the cursor."""
        ...

    def on_focus(self, focused: bool, window_id: int = THE_SHOWN) -> None:
        """The window or host terminal got or lost the focus.

        Where it goes from one window to another, the two come in either order.
        """
        ...

    def on_resize(self, size: Size, window_id: int = THE_SHOWN) -> None:
        """The drawable size: cells, and the pixels of all cells together.

        It may come in storms: the program drops what does not change it, and takes one size a frame.
        """
        ...

    def on_redraw(self, window_id: int = THE_SHOWN) -> None:
        """The window needs a frame although nothing changed in it, such as after it was uncovered."""
        ...

    def on_scroll(self, pane_id: int, top: int, window_id: int = THE_SHOWN) -> None:
        """The scroll bar was moved: the stable row that is to be the pane's first one shown."""
        ...

    def on_host_colors(self, foreground: Rgb | None, background: Rgb | None) -> None:
        """What the host terminal draws default colours with, once it has answered."""
        ...

    def on_appearance(self) -> None:
        """`appearance` is another one: the configuration is loaded again."""
        ...

    def on_close(self, reason: str, window_id: int = THE_SHOWN) -> None:
        """Something is to end.

        The front end is gone or told to go: "hangup", "terminate", "interrupt", "abort". Or the user closes
        a window: "close", with its id, or the program as a whole: "quit"; these ask as
        `window_close_confirmation` says, and `close_window` or `stop` follows if it comes to that.
        """
        ...


class FrontEnd(Protocol):
    """What the program asks of a front end."""

    keyboard: str
    """"kitty" where every chord arrives, "legacy" where the host terminal swallows some."""

    has_windows: bool
    """Whether each mux window has a native one."""

    draws_fancy_bar: bool
    """Whether it draws `Frame.fancy`; else every tab bar is made of cells."""

    on_ready: Callable[[], None] | None
    """Called when `is_ready` or `takes_frame` of some window turned True again."""

    def start(self, handler: InputHandler) -> Size:
        """Take the screen and begin reporting; the first size.

        With windows: open none yet. The answer is a guess at the size of one.
        """
        ...

    def stop(self) -> None:
        """Give the screen back exactly as it was; may be called twice, and from an exception handler."""
        ...

    def present(self, frame: Frame) -> None:
        """Draw what differs from the last frame of the window `frame.window_id`."""
        ...

    @property
    def is_ready(self) -> bool:
        """Whether a frame presented now would be drawn at once; False while the host still takes the last."""
        ...

    def takes_frame(self, window_id: int) -> bool:
        """Likewise of one native window: False while it awaits its vsync, and while nobody can see it."""
        ...

    def set_palette(self, palette: Palette) -> None:
        """Configured colours of the one screen; an entry that is None means the front end's own."""
        ...

    # Native windows.

    def open_window(self, window_id: int, config: Config, request: WindowRequest) -> Size:
        """Open the native window of a mux window.

        Returns:
            Its drawable size, tab bar included, as far as it is known: the windowing system may give it
            another, which `on_resize` reports.
        """
        ...

    def configure_window(self, window_id: int, config: Config) -> None:
        """Another configuration is in force in an open window: fonts, colours, padding...

        A size that changes with it is reported by `on_resize`.
        """
        ...

    def show_window(self, window_id: int, visible: bool) -> None:
        """Hide an open window, whose workspace is left, or show it again."""
        ...

    def close_window(self, window_id: int) -> None:
        """The mux window is gone; its native one closes."""
        ...

    def control_window(self, window_id: int, command: WindowCommand, *arguments: object) -> bool:
        """Do something to a window; False where it has no effect."""
        ...

    def native_window(self, window_id: int) -> NativeWindow:
        """What an open window is like now."""
        ...

    def set_pointer(self, window_id: int, shape: str) -> None:
        """Give the pointer another shape over a window.

        "text", "default", "pointer" (over a link), "col-resize" or "row-resize".
        """
        ...

    def flash(self, window_id: int, pane_id: int) -> None:
        """Visual bell of a pane, as the window's `visual_bell` configures it."""
        ...

    # The desktop.

    def ring_bell(self) -> None:
        """Audible bell."""
        ...

    def set_clipboard(self, text: str, selection: str) -> None:
        """Copy; `selection` is "Clipboard", "PrimarySelection" or "ClipboardAndPrimarySelection"."""
        ...

    def request_clipboard(self, selection: str, on_text: Callable[[str], None]) -> None:
        """Ask for the clipboard's text; `on_text` is called later, with "" where there is none to have."""
        ...

    def notify(self, title: str, body: str) -> None:
        """Show a notification of the desktop where possible."""
        ...

    def screens(self) -> Sequence[ScreenInfo]:
        """The screens, the active one first; none where that is unknown."""
        ...

    @property
    def appearance(self) -> str | None:
        """Light, Dark, LightHighContrast or DarkHighContrast; None where the desktop does not tell."""
        ...

    def frame_times(self) -> Sequence[str] | None:
        """How long the stages of the last frames took, as lines to show; None where it is not counted."""
        ...

    def suspend(self) -> None:
        """Give the screen back and stop the process, as SIGTSTP does; nothing where that makes no sense."""
        ...


class SingleScreen:
    """What a front end without native windows answers when it is asked for them. A base class."""

    has_windows = False
    draws_fancy_bar = False

    def takes_frame(self, window_id: int) -> bool:
        """The one screen's `is_ready` tells."""
        del window_id
        return True

    def open_window(self, window_id: int, config: Config, request: WindowRequest) -> Size:
        """There are none."""
        raise NotImplementedError

    def configure_window(self, window_id: int, config: Config) -> None:
        """There are none."""

    def show_window(self, window_id: int, visible: bool) -> None:
        """There are none."""

    def close_window(self, window_id: int) -> None:
        """There are none."""

    def control_window(self, window_id: int, command: WindowCommand, *arguments: object) -> bool:
        """No effect."""
        del window_id, command, arguments
        return False

    def native_window(self, window_id: int) -> NativeWindow:
        """Nothing is known."""
        del window_id
        return NativeWindow()

    def set_pointer(self, window_id: int, shape: str) -> None:
        """The pointer is the host's."""

    def flash(self, window_id: int, pane_id: int) -> None:
        """Nothing flashes."""

    def screens(self) -> Sequence[ScreenInfo]:
        """Unknown."""
        return ()

    def frame_times(self) -> Sequence[str] | None:
        """Not counted."""
        return None

    @property
    def appearance(self) -> str | None:
        """Unknown."""
        return None
