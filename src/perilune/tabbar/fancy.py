"""What a fancy bar shows, without a size: tabs, statuses, buttons and colours as one value.

A front end that draws in pixels lays it out with its own fonts (`fancy_layout`). Equal contents look the
same, so whoever has drawn one compares and is done. Titles come from the same source as those of bars in
cells. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple, TypeAlias, TypeVar

from perilune.cells.buffer import CellBuffer
from perilune.cells.line import CellStyle, Line
from perilune.cells.sgr_text import SgrText
from perilune.tabbar.bar_line import (
    BarColumn,
    BarInputs,
    BarItem,
    BarLine,
    BarLink,
    PointedPart,
    without_event_links,
)
from perilune.tabbar.options import BarColors, BarOptions
from perilune.tabbar.title import TabView, builtin_title, shows_spinner

__all__ = ["AnyBar", "FancyContent", "FancyTab", "fancy_content"]

TabT = TypeVar("TabT", bound=TabView)


class FancyTab(NamedTuple):
    """A tab.

    Attributes:
        line: its title; blanks at its ends are left out, the layout pads.
        style: what the title is drawn on.
    """

    line: Line
    style: CellStyle
    is_active: bool = False
    is_hovered: bool = False


@dataclass(frozen=True)
class FancyContent:
    """See the module.

    Attributes:
        tabs: in their order; none where tabs are not shown.
        left: the left status, without the links that emit events; `right` likewise.
        left_links: links of the left status, in cells of `left`; `right_links` likewise.
        options: as configured.
        colors: as configured.
        hovered: the part that the pointer is on.
        is_animated: whether a built-in title shows a spinner, so that the bar is due again in 100 ms.
    """

    tabs: tuple[FancyTab, ...]
    left: Line
    right: Line
    options: BarOptions
    colors: BarColors
    left_links: tuple[BarLink, ...] = ()
    right_links: tuple[BarLink, ...] = ()
    hovered: PointedPart | None = None
    is_animated: bool = False

    # What bars in cells are asked; a fancy one has no cells.

    cols: ClassVar[int] = 0
    rows: ClassVar[int] = 0
    scroll: ClassVar[int] = 0
    scroll_end: ClassVar[int] = 0
    items: ClassVar[tuple[BarItem, ...]] = ()
    links: ClassVar[tuple[BarLink, ...]] = ()

    @cached_property
    def text(self) -> str:
        """What it reads, a bar between parts: for tests and logs."""
        return " | ".join([self.left.text, *[tab.line.text for tab in self.tabs], self.right.text])

    def item_at(self, col: int, row: int = 0) -> BarItem | None:
        """None: there are no cells."""
        del col, row
        return None

    def link_at(self, col: int, row: int = 0) -> BarLink | None:
        """None: there are no cells."""
        del col, row
        return None

    def draw(self, buffer: CellBuffer, row: int, col: int = 0) -> None:
        """Nothing: there are no cells."""


AnyBar: TypeAlias = BarLine | BarColumn | FancyContent


def fancy_content(inputs: BarInputs[TabT]) -> FancyContent:
    """The content for these inputs; `cols`, `rows`, `scroll` and the pointer's cell do not matter."""
    options, colors = inputs.options, inputs.colors
    tabs: list[FancyTab] = []
    is_animated = False
    if options.show_tabs_in_tab_bar:
        for place, tab in enumerate(inputs.tabs):
            is_pointed = inputs.hovered in {("tab", place), ("close_tab", place)}
            hover = is_pointed and not tab.is_active
            title = _title(inputs, tab, hover)
            if title is None:
                title = builtin_title(tab, options, inputs.spinner_frame)
                is_animated = is_animated or shows_spinner(tab)
            style = (
                colors.active_tab
                if tab.is_active
                else colors.inactive_tab_hover
                if hover
                else colors.inactive_tab
            )
            tabs.append(FancyTab(_trimmed(title.line(style)), style, tab.is_active, is_pointed))
    status = CellStyle(colors.foreground, colors.background)
    left, left_links = without_event_links(inputs.left_status.line(status))
    right, right_links = without_event_links(inputs.right_status.line(status))
    return FancyContent(
        tuple(tabs), left, right, options, colors, left_links, right_links, inputs.hovered, is_animated
    )


def _title(inputs: BarInputs[TabT], tab: TabT, hover: bool) -> SgrText | None:
    """Ask twice, as bars in cells do: the first answer tells `max_width` of the second."""
    most = inputs.options.tab_max_width
    first = inputs.titles.title(tab, False, most)
    if first is None:
        return None
    measured = inputs.options.title_max_width == "measured"
    max_width = min(first.width, most) if measured else most
    return inputs.titles.title(tab, hover, max_width)


def _trimmed(line: Line) -> Line:
    """Without plain blanks at the ends: those are for bars that have no other padding."""
    clusters = line.clusters
    start, stop = 0, len(clusters)
    while start < stop and clusters[start].text == " " and _is_plain(line, start):
        start += 1
    while stop > start and clusters[stop - 1].text == " " and _is_plain(line, stop - 1):
        stop -= 1
    return line if stop - start == len(clusters) else Line(clusters[start:stop])


def _is_plain(line: Line, at: int) -> bool:
    """Whether a blank looks like the tab: of the colour of the title's first cell, without lines."""
    style = line.clusters[at].style
    return style.bg == line.clusters[0].style.bg and style.attr == line.clusters[0].style.attr
