"""Where the parts of a fancy bar are, in pixels: a pure function of content, width and a way to measure text.

Boxes never overlap and never leave the bar; what is hit is what is drawn, but that hit regions are as high
as the bar. Knows no fonts: widths come from a given function, heights from `FancyMetrics`. Draws nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from perilune.cells.line import CellStyle, Line
from perilune.tabbar.bar_line import BarLink, ItemKind
from perilune.tabbar.fancy import FancyContent, FancyTab
from perilune.tabbar.painter import WINDOW_BUTTON_KINDS

__all__ = ["FancyLayout", "FancyMetrics", "FancyPart", "Measure", "layout_fancy"]

Measure = Callable[[Line], float]
"""How wide a line is, in pixels."""

_BAR_HEIGHT = 1.75  # of a line of text
_PADDING = 0.55  # of a line, on either side of a title
_CLOSE = 0.8  # of a line: a close button's side
_GAP = 0.3  # of a line, between a title and its close button
_ROUND = 0.3  # of the bar's height: the radius of a tab's corners
_MARGIN = 0.12  # of the bar's height, above tabs
_WINDOW_BUTTON = 46.0  # logical pixels: a window button's width
_ROUND_BUTTON = 37.0
_MACOS_BUTTONS = 70.0  # logical pixels: room for the buttons that macOS draws itself
_LEAST_TITLE = 2.0  # of a line: what a tab with a close button keeps for its title
_LEAST_TITLE_BEHIND = 4.0  # likewise of a tab that is neither active nor pointed at
_LEGIBLE = 4  # digits of a title, which a status does not take from a tab
_ELLIPSIS = "…"
_LEAST_BEFORE_DOTS = 2


@dataclass(frozen=True, slots=True)
class FancyMetrics:
    """What the title font measures, px.

    Attributes:
        ascent: above the baseline; `descent` below it.
        advance: of a digit; widths in cells are multiples of it.
        scale: device pixels a logical pixel.
    """

    ascent: float
    descent: float
    advance: float
    scale: float = 1.0

    @property
    def line(self) -> float:
        """The height of a line of text."""
        return self.ascent + self.descent

    @property
    def height(self) -> int:
        """The height of the bar."""
        return max(math.ceil(self.line * _BAR_HEIGHT), 1)


class FancyPart(NamedTuple):
    """A box.

    Attributes:
        kind: what it is; a tab's close button is part of the tab's box.
        x: its left edge; the box is as high as the bar, drawn or not.
        width: of the box.
        tab_index: None but for tabs.
        line: its text, cut to the room there is.
        text_x: where the text begins.
        text_width: the room for it: nothing is drawn beyond.
        close_x: where the close button begins, if `close_width` is not 0.
        close_width: of the button's hit region, which ends where the box ends.
        is_cut: its text is not to be seen whole.
        is_active: of tabs.
        is_hovered: the pointer is on it; `is_close_hovered` on its close button.
        style: what text is drawn on.
        links: of statuses, x and width in pixels.
        has_edge: a line is drawn at its right edge, to tell it from the next tab.
    """

    kind: ItemKind
    x: int
    width: int
    tab_index: int | None = None
    line: Line = Line()
    text_x: float = 0.0
    text_width: float = 0.0
    close_x: int = 0
    close_width: int = 0
    is_cut: bool = False
    is_active: bool = False
    is_hovered: bool = False
    is_close_hovered: bool = False
    style: CellStyle = CellStyle()
    links: tuple[BarLink, ...] = ()
    has_edge: bool = False

    @property
    def right(self) -> int:
        """One past its last column of pixels."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class FancyLayout:
    """A bar laid out.

    Attributes:
        width: px; likewise `height`.
        parts: from left to right.
        radius: of tabs' corners.
        margin: above the tabs, or below them in a bar at the bottom.
        baseline: of all text, from the bar's top.
        close_side: of close buttons as they are drawn.
    """

    width: int
    height: int
    parts: tuple[FancyPart, ...]
    radius: int
    margin: int
    baseline: int
    close_side: int

    def part_at(self, x: float) -> FancyPart | None:
        """The part at a column of pixels."""
        return next((part for part in self.parts if part.x <= x < part.x + part.width), None)

    def hit(self, x: float) -> tuple[ItemKind, int | None] | None:
        """The kind and tab of what is at a column of pixels; None where the bar is empty."""
        part = self.part_at(x)
        if part is None:
            return None
        if part.close_width and x >= part.close_x:
            return "close_tab", part.tab_index
        return part.kind, part.tab_index

    def link_at(self, x: float) -> BarLink | None:
        """The link of a status at a column of pixels."""
        part = self.part_at(x)
        links = () if part is None else part.links
        return next((link for link in links if link.x <= x < link.x + link.width), None)

    def drop_place(self, x: float, dragged: int | None = None) -> int | None:
        """Where a tab (None: the active one) belongs when dragged to a column of pixels; None: where it was.

        It changes places with a wider tab only when the pointer is where it will be then: else the two would
        change back at the next move.
        """
        tabs = [part for part in self.parts if part.kind == "tab" and part.width]
        found = [part for part in tabs if part.is_active or dragged is not None]
        active = next((part for part in found if dragged in {None, part.tab_index}), None)
        if active is None or active.tab_index is None:
            return None
        for part in tabs:
            if part.tab_index is None or not part.x <= x < part.right:
                continue
            if part is active:
                return part.tab_index
            if part.tab_index > active.tab_index:
                return part.tab_index if x >= part.right - active.width else None
            return part.tab_index if x < part.x + max(active.width, 1) else None
        if tabs and x < tabs[0].x and tabs[0] is not active:
            return tabs[0].tab_index
        if tabs and x >= tabs[-1].right and tabs[-1] is not active:
            return tabs[-1].tab_index
        return None


def layout_fancy(content: FancyContent, width: int, metrics: FancyMetrics, measure: Measure) -> FancyLayout:
    """Lay a bar out.

    Window buttons come first, then the new-tab button and the left status; tabs share the rest with the right
    status, which keeps at most half of it from them, and leaves each a few letters. Tabs that do not fit
    become narrower, the widest first.

    Args:
        content: what it shows.
        width: of the bar, px.
        metrics: of the title font.
        measure: of lines in it.
    """
    return _Layout(content, max(width, 0), metrics, measure).bar()


class _Layout:
    def __init__(self, content: FancyContent, width: int, metrics: FancyMetrics, measure: Measure) -> None:
        self.content = content
        self.width = width
        self.metrics = metrics
        self.measure = measure
        self.height = metrics.height
        self.padding = round(metrics.line * _PADDING)
        self.gap = round(metrics.line * _GAP)
        self.close = round(metrics.line * _CLOSE)
        self.parts: list[FancyPart] = []

    def bar(self) -> FancyLayout:
        content, options, metrics = self.content, self.content.options, self.metrics
        left, right = 0, self.width
        buttons = self.window_buttons()
        is_native = options.integrated_title_button_style == "MacOsNative"
        if options.integrated_buttons and is_native and options.placed_at == "Top":
            left = min(round(_MACOS_BUTTONS * metrics.scale), right)
        elif buttons and options.integrated_title_button_alignment == "Left":
            left = self.place(buttons, 0, right)
        elif buttons:
            right = max(right - sum(width for _, width in buttons), 0)
            self.place(buttons, right, self.width)
        left = self.status("left_status", content.left, content.left_links, left, right)
        plus = round(self.height * 0.85) if options.show_new_tab_button_in_tab_bar else 0
        wanted = self.measure(content.right) if content.right.width else 0.0
        status = math.ceil(wanted) + 2 * self.padding if content.right.width else 0
        room = max(right - left - plus, 0)
        wanted_widths = self.wanted_widths()
        legible = 2 * self.padding + round(_LEGIBLE * metrics.advance)
        least = sum([min(width, legible) for width in wanted_widths])
        tabs_room = min(max(room - status, room // 2, least), room)
        widths = self.tab_widths(wanted_widths, tabs_room)
        spare = tabs_room - sum(widths)
        x = left
        if options.alignment == "Center" and spare > 0:
            middle = (self.width - sum(widths) - plus) // 2
            x = min(max(middle, left), left + spare)
        elif options.alignment == "Right":
            x = left + spare
        x = self.tabs(widths, x)
        if plus:
            x = self.place([("new_tab", plus)], x, right)
        self.right_status(wanted, x, right)
        self.parts.sort(key=lambda part: part.x)
        tall = self.height - (metrics.ascent + metrics.descent)
        margin = max(round(self.height * _MARGIN), 1)
        # Text stands in the middle of the tabs, which begin below the margin.
        shift = margin / 2 if options.placed_at != "Bottom" else -margin / 2
        return FancyLayout(
            self.width, self.height, tuple(self.parts), round(self.height * _ROUND), margin,
            round(tall / 2 + metrics.ascent + shift), self.close,
        )  # fmt: skip

    # Buttons and statuses.

    def window_buttons(self) -> list[tuple[ItemKind, int]]:
        options = self.content.options
        if not options.integrated_buttons or options.integrated_title_button_style == "MacOsNative":
            return []
        is_gnome = options.integrated_title_button_style == "Gnome"
        width = round(self.metrics.scale * (_ROUND_BUTTON if is_gnome else _WINDOW_BUTTON))
        return [(WINDOW_BUTTON_KINDS[name], width) for name in options.integrated_title_buttons]

    def place(self, buttons: Sequence[tuple[ItemKind, int]], x: int, limit: int) -> int:
        """Boxes one after the other, as far as there is room; where they end."""
        for kind, wanted in buttons:
            width = min(wanted, limit - x)
            if width > 0:
                is_hovered = self.content.hovered == (kind, None)
                style = self.button_style(kind, is_hovered=is_hovered)
                self.parts.append(FancyPart(kind, x, width, is_hovered=is_hovered, style=style))
                x += width
        return x

    def button_style(self, kind: ItemKind, *, is_hovered: bool) -> CellStyle:
        colors = self.content.colors
        if kind == "new_tab":
            return colors.new_tab_hover if is_hovered else colors.new_tab
        if is_hovered:
            own = colors.close_button_hover if kind == "window_close" else None
            return own or colors.window_button_hover or colors.new_tab_hover
        return colors.window_button or colors.new_tab

    def status(self, kind: ItemKind, line: Line, links: Sequence[BarLink], left: int, right: int) -> int:
        """The left status, whole as far as the bar goes; where it ends."""
        if not line.width or right <= left:
            return left
        wanted = math.ceil(self.measure(line)) + 2 * self.padding
        width = min(wanted, right - left)
        text_x = float(left + min(self.padding, width))
        self.parts.append(
            FancyPart(
                kind,
                left,
                width,
                line=line,
                text_x=text_x,
                text_width=max(left + width - text_x, 0.0),
                is_cut=width < wanted,
                links=self.links(line, links, text_x, left + width),
            )
        )
        return left + width

    def right_status(self, wanted: float, left: int, right: int) -> None:
        """All that is left; what has no room goes from the status's left."""
        if right <= left:
            return
        line, padding = self.content.right, self.padding
        room = max(right - left - padding, 0)
        is_cut = wanted > room
        dropped = 0
        if is_cut:
            kept = _most(line.width, lambda cells: self.measure(line.right(cells)) <= room)
            dropped = line.width - kept
            line = line.right(kept)
            wanted = self.measure(line) if line.width else 0.0
        text_x = max(right - min(padding, right - left) - wanted, float(left))
        moved = [link._replace(x=link.x - dropped) for link in self.content.right_links]
        self.parts.append(
            FancyPart(
                "right_status",
                left,
                right - left,
                line=line,
                text_x=text_x,
                text_width=max(right - text_x, 0.0),
                is_cut=is_cut,
                links=self.links(line, moved, text_x, right),
            )
        )

    def links(self, line: Line, links: Sequence[BarLink], text_x: float, limit: int) -> tuple[BarLink, ...]:
        """Links in pixels."""
        found: list[BarLink] = []
        for link in links:
            first, last = max(link.x, 0), min(link.x + link.width, line.width)
            if first < last:
                start = round(text_x + self.measure(line.left(first)))
                end = min(round(text_x + self.measure(line.left(last))), limit)
                if start < end:
                    found.append(BarLink(link.uri, start, end - start))
        return tuple(found)

    # Tabs.

    def wanted_widths(self) -> list[int]:
        """What each tab would take."""
        options = self.content.options
        button = self.gap + self.close if options.close_buttons == "Always" else 0
        least = round(options.min_width * self.metrics.advance)
        more = 2 * self.padding + button
        return [max(math.ceil(self.measure(tab.line)) + more, least) for tab in self.content.tabs]

    def tab_widths(self, wanted: list[int], room: int) -> list[int]:
        if not wanted:
            return []
        if self.content.options.stretch:
            each, more = divmod(room, len(wanted))
            return [each + (index < more) for index in range(len(wanted))]
        if sum(wanted) <= room:
            return wanted
        return _narrowed(wanted, room)

    def tabs(self, widths: Sequence[int], x: int) -> int:
        tabs = self.content.tabs
        for index, (tab, width) in enumerate(zip(tabs, widths, strict=True)):
            if width <= 0:
                continue
            beside = tabs[index + 1] if index + 1 < len(tabs) else None
            has_edge = not tab.is_active and not (beside is not None and beside.is_active)
            self.parts.append(self.tab(index, tab, x, width)._replace(has_edge=has_edge))
            x += width
        return x

    def tab(self, index: int, tab: FancyTab, x: int, width: int) -> FancyPart:
        content, options = self.content, self.content.options
        shows = options.close_buttons == "Always" or (options.close_buttons == "Hover" and tab.is_hovered)
        title = _LEAST_TITLE if tab.is_active or tab.is_hovered else _LEAST_TITLE_BEHIND
        wanted = min(self.measure(tab.line), self.metrics.line * title)
        least = self.close + self.gap + 2 * self.padding + math.floor(wanted)
        close = 0
        if shows and width >= least:
            # The region goes on to the tab's edge: there is nothing else to hit.
            close = self.close + self.padding
        padding = min(self.padding, width // 4)
        room = max(width - padding - (close + self.gap if close else padding), 0)
        wanted = self.measure(tab.line)
        line, is_cut = tab.line, wanted > room
        if is_cut:
            line = self.cut(line, room)
            wanted = self.measure(line)
        spare = max(room - wanted, 0.0)
        shift = spare / 2 if options.title_alignment == "Center" else 0.0
        text_x = x + padding + shift
        is_close_hovered = bool(close) and content.hovered == ("close_tab", index)
        return FancyPart(
            "tab", x, width, index, line, text_x, room - shift, x + width - close, close, is_cut,
            tab.is_active, tab.is_hovered, is_close_hovered, tab.style,
        )  # fmt: skip

    def cut(self, line: Line, room: int) -> Line:
        """As many cells as fit, with an ellipsis; where it would stand all but alone, without."""
        measure = self.measure
        if not line.clusters:
            return line
        dots = measure(Line.from_text(_ELLIPSIS, line.clusters[0].style))
        kept = line.left(_most(line.width - 1, lambda cells: measure(line.left(cells)) + dots <= room))
        if kept.width >= _LEAST_BEFORE_DOTS:
            return kept + Line.from_text(_ELLIPSIS, kept.clusters[-1].style)
        return line.left(_most(line.width, lambda cells: measure(line.left(cells)) <= room))


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The greatest number up to `limit` that fits; 0 if none does."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _narrowed(wanted: Sequence[int], room: int) -> list[int]:
    """Widths cut to one common most, so that they fill the room exactly.

    >>> _narrowed([10, 50, 40], 60)
    [10, 25, 25]
    """
    left, most = room, 0
    for number, width in enumerate(sorted(wanted)):
        rest = len(wanted) - number
        most = left // rest
        if width > most:
            break
        left -= width
    widths = [min(width, most) for width in wanted]
    spare = room - sum(widths)
    for index, width in enumerate(wanted):
        if spare <= 0:
            break
        if width > widths[index]:
            widths[index] += 1
            spare -= 1
    return widths
