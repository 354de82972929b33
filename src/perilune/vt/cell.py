"""One cell, and the cursor, as values: for tests, accessibility and whoever does not draw. Any thread."""

from __future__ import annotations

from dataclasses import dataclass

from perilune.cells import packing
from perilune.cells.packing import Color, Extra

__all__ = ["Cell", "Cursor"]

_SHAPES = ("block", "block", "block", "underline", "underline", "bar", "bar")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows.

    Attributes:
        text: the grapheme cluster; " " for a blank, "" for the right half of a wide one.
        width: 1 or 2; 0 for the right half of a wide one.
        fg: None for the default, a palette index, or (r, g, b).
        bg: likewise.
        underline: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed.
        zone: "output", "prompt" or "input", as OSC 133 marked it.
    """

    text: str = " "
    width: int = 1
    fg: Color = None
    bg: Color = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: int = 0
    blink: bool = False
    reverse: bool = False
    invisible: bool = False
    strikethrough: bool = False
    overline: bool = False
    protected: bool = False
    hyperlink: str | None = None
    link_id: str = ""
    underline_color: Color = None
    zone: str = "output"

    @classmethod
    def from_words(cls, text: str, word: int, fg: int, bg: int, attr: int, extra: Extra) -> Cell:
        """The cell that four words and what they refer to stand for."""
        return cls(
            text=text,
            width=0 if word & packing.SPACER else 2 if word & packing.WIDE else 1,
            fg=packing.unpack_color(fg),
            bg=packing.unpack_color(bg),
            bold=bool(attr & packing.BOLD),
            dim=bool(attr & packing.DIM),
            italic=bool(attr & packing.ITALIC),
            underline=(attr & packing.UNDERLINE_MASK) >> packing.UNDERLINE_SHIFT,
            blink=bool(attr & (packing.BLINK_SLOW | packing.BLINK_RAPID)),
            reverse=bool(attr & packing.REVERSE),
            invisible=bool(attr & packing.INVISIBLE),
            strikethrough=bool(attr & packing.STRIKETHROUGH),
            overline=bool(attr & packing.OVERLINE),
            protected=bool(attr & packing.PROTECTED),
            hyperlink=extra.hyperlink,
            link_id=extra.link_id,
            underline_color=extra.underline_color,
            zone="prompt"
            if attr & packing.ZONE_PROMPT
            else "input"
            if attr & packing.ZONE_INPUT
            else "output",
        )


@dataclass(frozen=True, slots=True)
class Cursor:
    """The cursor. `col` stays within the last column while a wrap is pending.

    Attributes:
        style: DECSCUSR's number; 0: the program left it to the configuration.
    """

    row: int
    col: int
    visible: bool = True
    style: int = 0
    pending_wrap: bool = False
    blink_mode: bool = False

    @property
    def shape(self) -> str:
        """`block`, `underline` or `bar`."""
        return _SHAPES[self.style]

    @property
    def blinking(self) -> bool:
        """Whether the program asked for a blinking cursor."""
        return self.style in (1, 3, 5) or (self.style == 0 and self.blink_mode)
