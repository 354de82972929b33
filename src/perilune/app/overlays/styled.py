"""Texts of overlays that may hold escapes (`wezterm.format`), and the marks of what matched. Pure."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import TYPE_CHECKING

from perilune.cells.line import CellStyle, Cluster, Line
from perilune.cells.packing import BOLD, UNDERLINE_SHIFT, pack_color
from perilune.cells.sgr_text import parse_sgr_text

if TYPE_CHECKING:
    from perilune.config.palette import ColorSpec

__all__ = ["highlighted", "packed_pair", "packed_spec", "styled_line", "styled_lines"]

_MARK = BOLD | 1 << UNDERLINE_SHIFT


@functools.lru_cache(maxsize=2048)
def styled_line(text: str, style: CellStyle) -> Line:
    """One line, the first of the text."""
    return parse_sgr_text(text.lstrip("\r\n"), style)


def styled_lines(text: str, style: CellStyle) -> list[Line]:
    """All lines of a text."""
    return [parse_sgr_text(line, style) for line in text.splitlines()] or [Line()]


def highlighted(line: Line, positions: Collection[int], flip: int = 0) -> Line:
    """The line with the characters at `positions` marked, and attributes in `flip` turned over everywhere."""
    if not positions and not flip:
        return line
    wanted = set(positions)
    clusters: list[Cluster] = []
    at = 0
    for cluster in line.clusters:
        stop = at + len(cluster.text)
        marks = _MARK if any(number in wanted for number in range(at, stop)) else 0
        style = cluster.style
        clusters.append(cluster._replace(style=style._replace(attr=(style.attr | marks) ^ flip)))
        at = stop
    return Line(clusters)


def packed_spec(spec: ColorSpec | None, otherwise: int) -> int:
    """A configured colour as a word, another one where none is configured."""
    if spec is None:
        return otherwise
    return 0 if spec == "Default" else pack_color(spec)


def packed_pair(fg: ColorSpec | None, bg: ColorSpec | None) -> tuple[int, int] | None:
    """Two colours as words, None where neither is configured."""
    return None if fg is None and bg is None else (packed_spec(fg, 0), packed_spec(bg, 0))
