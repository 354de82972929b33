"""Pasted text to bytes: nothing in it ends the paste early or acts as a control. Pure, any thread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.vt.modes import TerminalModes

__all__ = ["encode_paste"]

_END_MARKER = re.compile("(?:\x1b\\[|\x9b)20[01]~")
# C0 but tab and line ends, DEL and C1: no text needs them, and a shell acts on them even within a paste.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_END = re.compile("\r\n|\n")


def encode_paste(text: str, modes: TerminalModes) -> bytes:
    r"""The bytes of a paste.

    Bracketed, the text goes between markers with its line ends as they are. Otherwise line ends become CR,
    which is what Enter sends.

    >>> from perilune.vt.modes import TerminalModes
    >>> encode_paste("a\r\nb", TerminalModes())
    b'a\rb'
    >>> encode_paste("rm\x1b[201~ -rf", TerminalModes(private=frozenset({2004})))
    b'\x1b[200~rm -rf\x1b[201~'
    """
    # Controls last: taking ESC out cannot put a marker together, since markers need it.
    clean = _CONTROLS.sub("", _END_MARKER.sub("", text))
    if modes.bracketed_paste:
        return b"\x1b[200~" + clean.encode("utf-8", "replace") + b"\x1b[201~"
    return _LINE_END.sub("\r", clean).encode("utf-8", "replace")
