"""A laid-out bar as a value: cells to draw, and hit regions; one row of a window, or a column at its side.

Bars never change; equal ones need not be drawn again. Lays nothing out. Any thread.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Generic, Literal, NamedTuple, TypeVar

from perilune.cells.buffer import CellBuffer
from perilune.cells.line import Cluster, Line
from perilune.cells.packing import WORDS_PER_CELL
from perilune.cells.sgr_text import EMPTY_TEXT, SgrText
from perilune.tabbar.options import BarColors, BarOptions
from perilune.tabbar.title import TabView, TitleSource

__all__ = [
    "EVENT_SCHEMES",
    "BarColumn",
    "BarInputs",
    "BarItem",
    "BarLine",
    "BarLink",
    "ItemKind",
    "PointedPart",
    "event_of_link",
    "without_event_links",
]

ItemKind = Literal[
    "tab", "close_tab", "new_tab", "left_status", "right_status", "scroll_back", "scroll_forward",
    "window_hide", "window_maximize", "window_close",
]  # fmt: skip
PointedPart = tuple[ItemKind, int | None]
"""A part of a bar: its kind, and the tab's index where it is part of a tab."""
EVENT_SCHEMES = ("perilune:", "wezterm-event:")
"""Links of a status that emit an event: what follows the scheme is its name."""

TabT = TypeVar("TabT", bound=TabView)


class BarItem(NamedTuple):
    """A hit region: `width` columns from `x` on, in row `y` of the bar. `tab_index` is None but for tabs."""

    kind: ItemKind
    x: int
    width: int
    tab_index: int | None = None
    y: int = 0


class BarLink(NamedTuple):
    """A link in a status: `width` columns from `x` on, in row `y` of the bar."""

    uri: str
    x: int
    width: int
    y: int = 0


@dataclass(frozen=True, slots=True)
class BarInputs(Generic[TabT]):
    """All that a bar depends on.

    Attributes:
        cols: the bar's columns: the window's, or those of a bar at its side.
        tabs: in their order.
        titles: who makes their titles.
        options: as configured.
        colors: as configured.
        left_status: set by a script.
        right_status: set by a script.
        hover_col: the column of the bar that the pointer is on, if it is on the bar.
        spinner_frame: counts tenths of a second, if `is_animated` was true.
        hover_row: likewise the row, counted from the bar's first.
        rows: the bar's rows: 1, but for a bar at the side.
        scroll: the first tab to be shown where not all fit; the last bar's `scroll`, or another to scroll.
        follows_active: whether scrolling keeps the active tab in sight.
        hovered: the part of a fancy bar that the pointer is on.
    """

    cols: int
    tabs: Sequence[TabT]
    titles: TitleSource[TabT]
    options: BarOptions
    colors: BarColors
    left_status: SgrText = EMPTY_TEXT
    right_status: SgrText = EMPTY_TEXT
    hover_col: int | None = None
    spinner_frame: int = 0
    hover_row: int | None = None
    rows: int = 1
    scroll: int = 0
    follows_active: bool = True
    hovered: PointedPart | None = None


@dataclass(frozen=True)
class BarLine:
    """A bar of one row.

    Attributes:
        cols: the window's columns. The parts fill them, and may overrun them: what does is not to be seen.
        parts: lines of cells, from column 0 on without gaps.
        items: hit regions in the order of their columns.
        is_animated: whether a built-in title shows a spinner, so that the bar is due again in 100 ms.
        links: what links in the statuses lead to.
        scroll: the first tab shown; 0 where all fit.
        scroll_end: the greatest `scroll` that makes sense; 0 where all fit.
    """

    cols: int
    parts: tuple[Line, ...]
    items: tuple[BarItem, ...]
    is_animated: bool = False
    links: tuple[BarLink, ...] = ()
    scroll: int = 0
    scroll_end: int = 0

    @property
    def rows(self) -> int:
        """1."""
        return 1

    @cached_property
    def line(self) -> Line:
        """All cells, with those past `cols`."""
        return Line.join(self.parts)

    @property
    def text(self) -> str:
        """What is to be seen, as text."""
        return self.line.left(self.cols).text

    def item_at(self, col: int, row: int = 0) -> BarItem | None:
        """The hit region under a cell."""
        return _at(self.items, col, row) if 0 <= col < self.cols else None

    def link_at(self, col: int, row: int = 0) -> BarLink | None:
        """The link under a cell."""
        return _at(self.links, col, row) if 0 <= col < self.cols else None

    def draw(self, buffer: CellBuffer, row: int, col: int = 0) -> None:
        """Write the bar into a row of a frame, clipped to it."""
        width = sum(part.width for part in self.parts)
        if width > self.cols or col < 0 or col + width > buffer.cols or not 0 <= row < buffer.rows:
            self.line.draw(buffer, row, col, self.cols)
            return
        words = array("I")
        for part in self.parts:
            words.extend(part.packed(buffer.tables))
        # Filling first mends wide characters that the edges cut, and marks the row.
        buffer.fill(row, col, width, 1)
        start = (row * buffer.cols + col) * WORDS_PER_CELL
        buffer.words[start : start + len(words)] = words


@dataclass(frozen=True)
class BarColumn:
    """A bar at the side.

    Attributes:
        cols: its width.
        lines: one line of cells for each of its rows, each `cols` wide.
        items: hit regions from top to bottom; what follows is as in `BarLine`.
    """

    cols: int
    lines: tuple[Line, ...]
    items: tuple[BarItem, ...]
    is_animated: bool = False
    links: tuple[BarLink, ...] = field(default=())
    scroll: int = 0
    scroll_end: int = 0

    @property
    def rows(self) -> int:
        """How high it is."""
        return len(self.lines)

    @property
    def text(self) -> str:
        """What is to be seen, one line a row."""
        return "\n".join([line.text for line in self.lines])

    def item_at(self, col: int, row: int = 0) -> BarItem | None:
        """The hit region under a cell."""
        return _at(self.items, col, row)

    def link_at(self, col: int, row: int = 0) -> BarLink | None:
        """The link under a cell."""
        return _at(self.links, col, row)

    def draw(self, buffer: CellBuffer, row: int, col: int = 0) -> None:
        """Write the bar into a frame from (`row`, `col`) on, clipped to it."""
        for offset, line in enumerate(self.lines):
            line.draw(buffer, row + offset, col)


RegionT = TypeVar("RegionT", BarItem, BarLink)


def _at(regions: Sequence[RegionT], col: int, row: int) -> RegionT | None:
    for region in regions:
        if region.x <= col < region.x + region.width and region.y == row:
            return region
    return None


def event_of_link(uri: str) -> str:
    """The event that a link emits; "" for one that leads elsewhere.

    >>> event_of_link("perilune:toggle-clock"), event_of_link("https://example.org")
    ('toggle-clock', '')
    """
    return next((uri[len(scheme) :] for scheme in EVENT_SCHEMES if uri.startswith(scheme)), "")


@lru_cache(maxsize=128)
def without_event_links(line: Line) -> tuple[Line, tuple[BarLink, ...]]:
    """The line as it is drawn, and its links.

    Links that emit events are drawn as plain cells: to whoever draws the frame they would lead nowhere.
    """
    if not any(cluster.style.extra.hyperlink for cluster in line.clusters):
        return line, ()
    links: list[BarLink] = []
    drawn: list[Cluster] = []
    column = 0
    for cluster in line.clusters:
        extra = cluster.style.extra
        shown = cluster
        if extra.hyperlink:
            last = links[-1] if links else None
            if last is not None and last.uri == extra.hyperlink and last.x + last.width == column:
                links[-1] = last._replace(width=last.width + cluster.width)
            else:
                links.append(BarLink(extra.hyperlink, column, cluster.width))
            if event_of_link(extra.hyperlink):
                plain = cluster.style._replace(extra=extra._replace(hyperlink=None, link_id=""))
                shown = cluster._replace(style=plain)
        drawn.append(shown)
        column += cluster.width
    return Line(drawn), tuple(links)
