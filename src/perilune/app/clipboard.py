"""Copies and pastes: between panes, the front end's clipboard and what was copied here last. Mux thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.app.front_end import FrontEnd

if TYPE_CHECKING:
    from perilune.mux.pane import Pane

__all__ = ["Clipboard"]


class Clipboard:
    """Remembers what was copied, so that pasting works where the host's clipboard cannot be read.

    Args:
        front_end: has the real clipboards.
        encode_paste: wraps and cleans text for the program in a pane.
    """

    def __init__(self, front_end: FrontEnd, encode_paste: Callable[[Pane, str], bytes]) -> None:
        self._front_end = front_end
        self._encode_paste = encode_paste
        self._own = {"Clipboard": "", "PrimarySelection": ""}

    def copy(self, text: str, destination: str) -> None:
        """Copy to "Clipboard", "PrimarySelection" or "ClipboardAndPrimarySelection"."""
        if destination == "ClipboardAndPrimarySelection":
            self._own = {"Clipboard": text, "PrimarySelection": text}
        else:
            self._own[destination] = text
        self._front_end.set_clipboard(text, destination)

    def paste_from(self, pane: Pane, source: str) -> None:
        """Paste a clipboard into a pane, as soon as the front end has answered."""

        def arrived(text: str) -> None:
            # An empty answer means as a rule that the host lets nobody read its clipboard.
            self.paste(pane, text or self._own.get(source, ""))

        self._front_end.request_clipboard(source, arrived)

    def paste(self, pane: Pane, text: str) -> None:
        """Send text as a paste."""
        if text and not pane.is_dead:
            pane.write(self._encode_paste(pane, text))
