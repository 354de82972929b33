"""The border between the program and whoever draws it: `tui`, `gui`, and the fakes of tests.

A front end turns the user's input into calls of an `InputHandler` and draws frames. It decides nothing.
Everything here happens on the mux thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from perilune.base.color import Rgb
from perilune.base.geometry import Size
from perilune.base.input import KeyEvent, MouseEvent
from perilune.config.palette import Palette
from perilune.render.frame import Frame

__all__ = ["FrontEnd", "InputHandler"]


class InputHandler(Protocol):
    """What a front end reports."""

    def on_key(self, event: KeyEvent) -> None:
        """A key."""
        ...

    def on_mouse(self, event: MouseEvent) -> None:
        """The mouse."""
        ...

    def on_paste(self, text: str) -> None:
        """Text that the user pasted into the front end."""
        ...

    def on_focus(self, focused: bool) -> None:
        """The window or host terminal got or lost the focus."""
        ...

    def on_resize(self, size: Size) -> None:
        """The drawable size, in cells; the front end has coalesced steps where it can."""
        ...

    def on_host_colors(self, foreground: Rgb | None, background: Rgb | None) -> None:
        """What the host terminal draws default colours with, once it has answered."""
        ...

    def on_close(self, reason: str) -> None:
        """The front end is gone or told to go: "hangup", "terminate", "close"."""
        ...


class FrontEnd(Protocol):
    """What the program asks of a front end."""

    keyboard: str
    """"kitty" where every chord arrives, "legacy" where the host terminal swallows some."""

    def start(self, handler: InputHandler) -> Size:
        """Take the screen and begin reporting; the first size."""
        ...

    def stop(self) -> None:
        """Give the screen back exactly as it was; may be called twice, and from an exception handler."""
        ...

    def present(self, frame: Frame) -> None:
        """Draw what differs from the last frame."""
        ...

    @property
    def is_ready(self) -> bool:
        """Whether a frame presented now would be drawn at once; False while the host still takes the last."""
        ...

    on_ready: Callable[[], None] | None
    """Called when `is_ready` turned True again."""

    def set_palette(self, palette: Palette) -> None:
        """Configured colours; an entry that is None means the front end's own."""
        ...

    def ring_bell(self) -> None:
        """Audible or visible bell of the host."""
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

    def suspend(self) -> None:
        """Give the screen back and stop the process, as SIGTSTP does; nothing where that makes no sense."""
        ...
