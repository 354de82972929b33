"""A box with a frame and lines of text, which the simple overlays draw themselves with. Pure drawing."""

from __future__ import annotations

from collections.abc import Sequence

from perilune.base.geometry import Rect
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import BOLD, REVERSE
from perilune.cells.width import cluster_width, graphemes, text_width

__all__ = ["clip_text", "draw_panel", "panel_rect", "wrap_text"]


def wrap_text(text: str, width: int) -> list[str]:
    """Break `text` into lines of at most `width` cells: at blanks where there are any, else anywhere.

    >>> wrap_text("one two three", 8)
    ['one two', 'three']
    >>> wrap_text("漢字漢字", 5)
    ['漢字', '漢字']
    """
    width = max(width, 2)
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line, line_width = "", 0
        for word in paragraph.expandtabs(4).split(" "):
            size = text_width(word)
            if line and line_width + 1 + size <= width:
                line, line_width = f"{line} {word}", line_width + 1 + size
                continue
            if line:
                lines.append(line)
            line, line_width = "", 0
            for cluster in graphemes(word):
                cells = cluster_width(cluster)
                if line_width + cells > width:
                    lines.append(line)
                    line, line_width = "", 0
                line, line_width = line + cluster, line_width + cells
        lines.append(line)
    return lines


def clip_text(text: str, width: int) -> str:
    """`text` cut to `width` cells, its end marked with an ellipsis where something was cut.

    >>> clip_text("abcdef", 4), clip_text("abc", 4), clip_text("abc", 0)
    ('abc…', 'abc', '')
    """
    if text_width(text) <= width:
        return text
    kept, used = "", 0
    for cluster in graphemes(text):
        cells = cluster_width(cluster)
        if used + cells > width - 1:
            break
        kept, used = kept + cluster, used + cells
    return kept + "…" if width > 0 else ""


def panel_rect(area: Rect, width: int, height: int) -> Rect:
    """A rectangle of at most `width` x `height`, centred in `area` and inside it."""
    width, height = max(min(width, area.width), 1), max(min(height, area.height), 1)
    return Rect(area.left + (area.width - width) // 2, area.top + (area.height - height) // 2, width, height)


def draw_panel(
    buffer: CellBuffer,
    rect: Rect,
    lines: Sequence[str],
    *,
    title: str = "",
    selected: int = -1,
    fg: int = 0,
    bg: int = 0,
) -> None:
    """Draw a box with `lines` inside; too small for a frame, it shows the lines alone."""
    buffer.fill(rect.top, rect.left, rect.width, rect.height, 0, fg, bg)
    has_frame = rect.width >= 4 and rect.height >= 3
    inner = Rect(rect.left + 2, rect.top + 1, rect.width - 4, rect.height - 2) if has_frame else rect
    if has_frame:
        flat = "─" * (rect.width - 2)
        buffer.put_text(rect.top, rect.left, f"┌{flat}┐", fg, bg, 0, rect.width)
        buffer.put_text(rect.bottom - 1, rect.left, f"└{flat}┘", fg, bg, 0, rect.width)
        for row in range(rect.top + 1, rect.bottom - 1):
            buffer.put_text(row, rect.left, "│", fg, bg, 0, 1)
            buffer.put_text(row, rect.right - 1, "│", fg, bg, 0, 1)
        if title:
            label = clip_text(f" {title} ", inner.width)
            buffer.put_text(rect.top, inner.left, label, fg, bg, BOLD, inner.width)
    for number, line in enumerate(lines[: inner.height]):
        attr = REVERSE if number == selected else 0
        text = clip_text(line, inner.width)
        if attr:
            text += " " * (inner.width - text_width(text))
        buffer.put_text(inner.top + number, inner.left, text, fg, bg, attr, inner.width)
