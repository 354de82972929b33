"""A buffer of cells as an SVG picture: for documentation and for looking at a test that failed.

Every run of equally styled cells is one text element stretched to its cells, so the picture keeps the grid
whatever monospace face the viewer has. No pixels are made here; that is the window's work.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from perilune.base.color import Rgb, default_palette
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import (
    ATTR,
    BG,
    BOLD,
    DIM,
    FG,
    INVISIBLE,
    ITALIC,
    OVERLINE,
    REVERSE,
    SPACER,
    STRIKETHROUGH,
    TEXT,
    UNDERLINE_MASK,
    UNDERLINE_SHIFT,
    WORDS_PER_CELL,
    Color,
    unpack_color,
)
from perilune.render.frame import FrameCursor

__all__ = ["svg_of"]

CELL_WIDTH_PX = 8.4
CELL_HEIGHT_PX = 18
FONT_SIZE_PX = 14
BASELINE_PX = 13.5
MARGIN_PX = 12
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNDERLINES = {1: "solid", 2: "double", 3: "wavy", 4: "dotted", 5: "dashed"}


def svg_of(
    buffer: CellBuffer,
    cursor: FrameCursor | None = None,
    foreground: Rgb = (0xC8, 0xD0, 0xE0),
    background: Rgb = (0x12, 0x16, 0x22),
    label: str = "A terminal",
) -> str:
    """Draw the cells.

    Args:
        buffer: what to draw.
        cursor: drawn as a block, bar or line; None: hidden.
        foreground: what default colours mean.
        background: likewise.
        label: the picture's description for those who cannot see it.

    Returns:
        A whole SVG document.
    """
    colors = default_palette()

    def rgb(color: Color, default: Rgb) -> Rgb:
        if color is None:
            return default
        return colors[color] if isinstance(color, int) else color

    width = buffer.cols * CELL_WIDTH_PX + 2 * MARGIN_PX
    height = buffer.rows * CELL_HEIGHT_PX + 2 * MARGIN_PX
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img"'
            f' aria-label="{_xml(label)}" font-size="{FONT_SIZE_PX}"'
            ' font-family="JetBrains Mono, DejaVu Sans Mono, Menlo, Consolas, monospace">'
        ),
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{_hex(background)}"/>',
    ]
    for row in range(buffer.rows):
        for col, cells in _runs(buffer, row):
            index = (row * buffer.cols + col) * WORDS_PER_CELL
            attr = buffer.words[index + ATTR]
            ink = rgb(unpack_color(buffer.words[index + FG]), foreground)
            paper = rgb(unpack_color(buffer.words[index + BG]), background)
            if attr & REVERSE:
                ink, paper = paper, ink
            text = "".join(buffer.cell_text(row, col + offset) for offset in range(cells))
            parts += _run_parts(row, col, cells, text, attr, ink, paper, background)
    if cursor is not None and 0 <= cursor.row < buffer.rows and 0 <= cursor.col < buffer.cols:
        parts.append(_cursor_part(cursor, foreground))
    parts.append("</svg>\n")
    return "\n".join(parts)


def _runs(buffer: CellBuffer, row: int) -> list[tuple[int, int]]:
    """(first column, number of cells) of stretches with the same colours and attributes."""
    runs: list[tuple[int, int]] = []
    start = 0
    last: tuple[int, int, int] | None = None
    for col in range(buffer.cols):
        index = (row * buffer.cols + col) * WORDS_PER_CELL
        words = buffer.words
        style = (words[index + FG], words[index + BG], words[index + ATTR])
        if last is not None and style != last and not words[index + TEXT] & SPACER:
            runs.append((start, col - start))
            start = col
        last = style
    runs.append((start, buffer.cols - start))
    return runs


def _run_parts(
    row: int, col: int, cells: int, text: str, attr: int, ink: Rgb, paper: Rgb, background: Rgb
) -> list[str]:
    x = MARGIN_PX + col * CELL_WIDTH_PX
    y = MARGIN_PX + row * CELL_HEIGHT_PX
    width = cells * CELL_WIDTH_PX
    parts: list[str] = []
    if paper != background:
        parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{CELL_HEIGHT_PX}" fill="{_hex(paper)}"/>'
        )
    lines = [name for bit, name in ((STRIKETHROUGH, "line-through"), (OVERLINE, "overline")) if attr & bit]
    underline = (attr & UNDERLINE_MASK) >> UNDERLINE_SHIFT
    if underline:
        lines.append("underline")
    if attr & INVISIBLE or (not text.strip() and not lines):
        return parts
    if not lines:  # blanks at either end draw nothing; each is one cell
        lead = len(text) - len(text.lstrip(" "))
        tail = len(text) - len(text.rstrip(" "))
        text = text.strip(" ")
        x += lead * CELL_WIDTH_PX
        width -= (lead + tail) * CELL_WIDTH_PX
    style = f' fill="{_hex(ink)}"'
    if attr & BOLD:
        style += ' font-weight="bold"'
    if attr & ITALIC:
        style += ' font-style="italic"'
    if attr & DIM:
        style += ' opacity="0.6"'
    if lines:
        style += f' text-decoration="{" ".join(lines)}"'
        if underline > 1:
            style += f' style="text-decoration-style:{_UNDERLINES[underline]}"'
    parts.append(
        f'<text x="{x:g}" y="{y + BASELINE_PX:g}" textLength="{width:g}" xml:space="preserve"{style}>'
        f"{_xml(text)}</text>"
    )
    return parts


def _cursor_part(cursor: FrameCursor, ink: Rgb) -> str:
    x = MARGIN_PX + cursor.col * CELL_WIDTH_PX
    y: float = MARGIN_PX + cursor.row * CELL_HEIGHT_PX
    width: float = CELL_WIDTH_PX
    height: float = CELL_HEIGHT_PX
    if cursor.shape == "bar":
        width = 2
    elif cursor.shape == "underline":
        y, height = y + CELL_HEIGHT_PX - 2, 2
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{_hex(ink)}" opacity="0.7"/>'
    )


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text), {'"': "&quot;"})


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
