"""Sends the user's input to programs: keys, mouse events, pastes, as they asked for it. Mux thread."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from perilune.app.pane_view import PaneView
from perilune.base.input import KeyEvent, MouseEvent
from perilune.vt.key_encoder import encode_key
from perilune.vt.mouse_encoder import encode_mouse
from perilune.vt.paste import encode_paste

if TYPE_CHECKING:
    from perilune.mux.pane import Pane

__all__ = ["PaneInput"]

_LINE_ENDS = {"CarriageReturn": b"\r", "LineFeed": b"\n", "CarriageReturnAndLineFeed": b"\r\n"}


class PaneInput:
    """Encodes by the modes that a pane's program has set, at the time of the event.

    Attributes:
        pasted_newlines: `canonicalize_pasted_newlines`.
    """

    def __init__(self) -> None:
        self.pasted_newlines: str | None = "CarriageReturn"

    def send_key(self, view: PaneView, event: KeyEvent) -> bool:
        """Send a key; False when it means nothing to the program."""
        data = encode_key(event, view.pane.terminal.modes)
        return bool(data) and view.pane.write(data)

    def send_mouse(self, view: PaneView, event: MouseEvent) -> bool:
        """Send a mouse event in the pane's cells; False when the program did not ask for it."""
        data = encode_mouse(event, view.pane.terminal.modes)
        return bool(data) and view.pane.write(data)

    def encode_paste(self, pane: Pane, text: str) -> bytes:
        """A paste as the program expects it, its end marker taken out of the text."""
        modes = pane.terminal.modes
        ending = _LINE_ENDS.get(self.pasted_newlines or "None")
        if modes.bracketed_paste or ending == b"\r":
            return encode_paste(text, modes)
        # Cleaned as a bracketed paste, which leaves line ends alone; then without the brackets.
        inner = encode_paste(text, replace(modes, private=modes.private | {2004}))[6:-6]
        return inner if ending is None else re.sub(rb"\r\n|\n|\r", ending, inner)
