"""How a cell is packed: four 32-bit words, so that a row is one C array and a blank cell is all zero bits.

Word TEXT   bits 0-20 code point, or cluster number when CLUSTER is set; CLUSTER; WIDE or SPACER.
            0 is a cell that was never written or was erased; it reads as a blank of width 1.
Word FG/BG  0 default; COLOR_INDEXED | palette index; COLOR_RGB | 0xRRGGBB.
Word ATTR   rendition bits, semantic zone, and in the upper half the number of an `Extra`
            (hyperlink, underline colour); 0 means none.

Cluster and extra numbers belong to the table of whoever holds the cells: a terminal has its own tables, a
composed frame has a `CellTables`. Copying between them translates.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ATTR",
    "BG",
    "BLINK_RAPID",
    "BLINK_SLOW",
    "BOLD",
    "CLUSTER",
    "COLOR_INDEXED",
    "COLOR_RGB",
    "DIM",
    "EXTRA_SHIFT",
    "FG",
    "INVISIBLE",
    "ITALIC",
    "OVERLINE",
    "PROTECTED",
    "RENDITION_MASK",
    "REVERSE",
    "SPACER",
    "STRIKETHROUGH",
    "TEXT",
    "TEXT_MASK",
    "UNDERLINE_MASK",
    "UNDERLINE_SHIFT",
    "WIDE",
    "WORDS_PER_CELL",
    "ZONE_INPUT",
    "ZONE_MASK",
    "ZONE_PROMPT",
    "Color",
    "Extra",
    "pack_color",
    "unpack_color",
]

Color = int | tuple[int, int, int] | None
"""None: the default colour; int: palette index 0-255; tuple: (r, g, b), 0-255 each."""

WORDS_PER_CELL = 4
TEXT, FG, BG, ATTR = 0, 1, 2, 3

TEXT_MASK = 0x001FFFFF
CLUSTER = 0x00200000
WIDE = 0x00400000  # left half of a wide character
SPACER = 0x00800000  # right half of a wide character: width 0, no text

COLOR_INDEXED = 0x01000000
COLOR_RGB = 0x02000000

BOLD = 0x0001
DIM = 0x0002
ITALIC = 0x0004
UNDERLINE_SHIFT = 3
UNDERLINE_MASK = 0x0038  # 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed
BLINK_SLOW = 0x0040
BLINK_RAPID = 0x0080
REVERSE = 0x0100
INVISIBLE = 0x0200
STRIKETHROUGH = 0x0400
OVERLINE = 0x0800
PROTECTED = 0x1000  # DECSCA / SPA
ZONE_PROMPT = 0x2000  # OSC 133 A
ZONE_INPUT = 0x4000  # OSC 133 B
ZONE_MASK = ZONE_PROMPT | ZONE_INPUT
RENDITION_MASK = 0x0FFF  # what a viewer can see: neither protection nor zone
EXTRA_SHIFT = 16


class Extra(NamedTuple):
    """What few cells have, kept out of the cell."""

    hyperlink: str | None = None
    """URI of an OSC 8 link."""
    link_id: str = ""
    """The link's id parameter, or a made-up one, so that parts of one link are highlighted together."""
    underline_color: Color = None


def pack_color(color: Color) -> int:
    """The colour as a word.

    >>> hex(pack_color((255, 0, 16)))
    '0x2ff0010'
    """
    if color is None:
        return 0
    if isinstance(color, int):
        return COLOR_INDEXED | color
    red, green, blue = color
    return COLOR_RGB | red << 16 | green << 8 | blue


def unpack_color(word: int) -> Color:
    """The word as a colour.

    >>> unpack_color(0), unpack_color(COLOR_INDEXED | 7), unpack_color(COLOR_RGB | 0x010203)
    (None, 7, (1, 2, 3))
    """
    if word & COLOR_RGB:
        return (word >> 16 & 0xFF, word >> 8 & 0xFF, word & 0xFF)
    if word & COLOR_INDEXED:
        return word & 0xFF
    return None
