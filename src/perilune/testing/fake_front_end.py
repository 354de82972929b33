"""A front end without a screen: records frames, takes input from code."""

from __future__ import annotations

from collections.abc import Callable

from perilune.app.front_end import InputHandler
from perilune.base.geometry import Size
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.config.keys import parse_chord
from perilune.config.palette import Palette
from perilune.render.frame import Frame, FrameCursor

__all__ = ["FakeFrontEnd"]


class FakeFrontEnd:
    """Implements `app.front_end.FrontEnd`.

    Attributes:
        keyboard: "kitty" or "legacy".
        rows: the text of the last frame, row by row.
        cursor: where the last frame has it.
        frames: how many frames were presented.
        clipboards: what was copied, by selection.
        host_clipboard: what `request_clipboard` answers.
        bells: how many.
        notifications: title and body.
        is_ready: set False to hold frames back, as a slow host does.
    """

    def __init__(self, cols: int = 80, rows: int = 24, keyboard: str = "kitty") -> None:
        self.keyboard = keyboard
        self.size = Size(cols, rows)
        self.on_ready: Callable[[], None] | None = None
        self.is_ready = True
        self.handler: InputHandler | None = None
        self.frames = 0
        self.frame: Frame | None = None
        self.rows: list[str] = []
        self.cursor: FrameCursor | None = None
        self.title = ""
        self.touched_rows: list[int] = []
        self.palette: Palette | None = None
        self.clipboards: dict[str, str] = {}
        self.host_clipboard = ""
        self.bells = 0
        self.notifications: list[tuple[str, str]] = []
        self.suspended = 0
        self.stopped = 0
        self.on_frame: Callable[[Frame], None] | None = None

    def start(self, handler: InputHandler) -> Size:
        """Begin."""
        self.handler = handler
        return self.size

    def stop(self) -> None:
        """Count the stop."""
        self.stopped += 1

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

    def set_palette(self, palette: Palette) -> None:
        """Record it."""
        self.palette = palette

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

    def suspend(self) -> None:
        """Count it."""
        self.suspended += 1

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
            self.handler.on_key(KeyEvent(chord.key, chord.mods, kind, text))

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
            self.handler.on_mouse(MouseEvent(row, col, button, kind, mods))

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
            self.handler.on_paste(text)

    def resize(self, cols: int, rows: int) -> None:
        """Change the drawable size."""
        self.size = Size(cols, rows)
        if self.handler is not None:
            self.handler.on_resize(self.size)

    def focus(self, focused: bool) -> None:
        """Give or take the focus."""
        if self.handler is not None:
            self.handler.on_focus(focused)
