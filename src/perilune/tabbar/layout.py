"""The tab bar as one line of cells with hit regions, in WezTerm's retro layout.

From left to right: window buttons, left status, tabs, the new-tab button, a gap, right status, window
buttons; which of them there are is a matter of options. Tabs are measured first (without hover, at most
`tab_max_width`), then drawn with what room there is.

Differs from WezTerm where that is wrong: the pointer is compared with the columns that are drawn, at most one
tab is hovered, a wide character cut in half leaves a blank and shifts no hit region, and window buttons are
hit where they are drawn even if the left part overruns them.

Goes beyond it where options ask for it: tabs that stretch, stand in the middle, have a least width, a close
button, or scroll. Where tabs must be of a known width for that, they are cut and filled to it.

Pure: the same inputs make the same line. Knows neither scripts nor pixels nor the mux.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from perilune.cells.line import Line
from perilune.tabbar.bar_line import BarInputs, BarItem, BarLine, BarLink, ItemKind, without_event_links
from perilune.tabbar.painter import MACOS_BUTTON_CELLS, WINDOW_BUTTON_KINDS, Painter, TabCells
from perilune.tabbar.room import scroll_window, shares, width_max
from perilune.tabbar.title import TabView

__all__ = ["LineLayout", "layout_bar"]

TabT = TypeVar("TabT", bound=TabView)


def layout_bar(inputs: BarInputs[TabT]) -> BarLine:
    """Lay a bar of one row out."""
    return LineLayout(inputs).bar()


class LineLayout(Painter[TabT]):
    """A bar in the making: the parts so far, the items so far, and the next free column.

    Attributes:
        drawn: each tab as it was drawn, where all of them keep the width that they take by themselves; what
            `BarLayout` needs so as to change a bar instead of laying it out again. None: it cannot.
        hovered: the tab among them that is drawn as pointed at, -1 for none.
    """

    def __init__(self, inputs: BarInputs[TabT]) -> None:
        super().__init__(inputs)
        self.mouse = inputs.hover_col
        self.parts: list[Line] = []
        self.items: list[BarItem] = []
        self.links: list[BarLink] = []
        self.x = 0
        self.scroll = self.scroll_end = 0
        self.measured: list[int] = []
        self.width_max = 0
        self.drawn: list[TabCells] | None = None
        self.hovered = -1

    def bar(self) -> BarLine:
        """Lay it out."""
        options, inputs = self.options, self.inputs
        buttons = self.window_buttons()
        right_buttons = buttons if options.integrated_title_button_alignment == "Right" else ()

        if options.integrated_buttons and options.integrated_title_button_style == "MacOsNative":
            self.gap(MACOS_BUTTON_CELLS if options.placed_at == "Top" else 0)
        if not right_buttons:
            self.add_window_buttons(buttons)
        if inputs.left_status.width:
            self.add_status("left_status", inputs.left_status.line(self.status_style))
        status_end = max(inputs.cols - self.reserved(right_buttons), 0)
        if options.show_tabs_in_tab_bar:
            self.tabs(status_end)
        if options.show_new_tab_button_in_tab_bar:
            self.add("new_tab", self.new_tab(self.covers(options.style.new_tab_hover.width)))

        space = max(status_end - self.x, 0)
        status = inputs.right_status.line(self.status_style).right(space)
        self.add_status("right_status", status, space)
        self.add_window_buttons(right_buttons)
        self.gap(inputs.cols - self.x)  # a button is narrower than its hovered form
        return BarLine(
            inputs.cols, tuple(self.parts), tuple(self.items), self.is_animated, tuple(self.links),
            self.scroll, self.scroll_end,
        )  # fmt: skip

    def append(self, line: Line) -> None:
        """The next cells."""
        if line.width:
            self.parts.append(line)
            self.x += line.width

    def gap(self, cells: int) -> None:
        """Background next."""
        if cells > 0:
            self.append(Line.blank(cells, self.blank))

    def add(self, kind: ItemKind, line: Line) -> None:
        """The next cells, which are a hit region."""
        self.items.append(BarItem(kind, self.x, line.width))
        self.append(line)

    def add_status(self, kind: ItemKind, line: Line, width: int | None = None) -> None:
        """A status; at the right end of `width` cells if so many are given."""
        line, links = without_event_links(line)
        self.items.append(BarItem(kind, self.x, line.width if width is None else width))
        if width is not None:
            self.gap(width - line.width)
        self.links += [link._replace(x=link.x + self.x) for link in links]
        self.append(line)

    def covers(self, line_width: int) -> bool:
        """Whether a part of this width, drawn next, lies under the pointer."""
        return self.mouse is not None and self.x <= self.mouse < self.x + line_width

    def add_window_buttons(self, buttons: Sequence[str]) -> None:
        """The window's buttons."""
        for button in buttons:
            hover = self.covers(self.window_button_texts(button)[1].width)
            self.add(WINDOW_BUTTON_KINDS[button], self.window_button(button, hover))

    def reserved(self, buttons: Sequence[str]) -> int:
        """Cells that the window's buttons may take."""
        return sum(max(text.width for text in self.window_button_texts(button)) for button in buttons)

    def tabs(self, status_end: int) -> None:
        """The tabs."""
        options = self.options
        measured = self.measured = self.measure(options.tab_max_width)
        if options.stretch or options.scrolling or options.alignment != "Left":
            self.placed_tabs(measured, status_end)
            return
        most = self.width_max = width_max(
            self.inputs.cols, measured, options.tab_max_width, options.style.new_tab.width
        )
        self.drawn = []
        mouse = self.mouse
        for index, tab in enumerate(self.inputs.tabs):
            room = min(measured[index], most)
            max_width = most if options.title_max_width == "available" else room

            def plain(tab: TabT = tab, max_width: int = max_width) -> TabCells:
                return self.tab(tab, most, max_width)

            def pointed(hover: bool, tab: TabT = tab, max_width: int = max_width) -> TabCells:
                pointer = 0 if mouse is None else mouse - self.x
                return self.tab(tab, most, max_width, hover=hover, pointer=pointer)

            if mouse is None or mouse < self.x or (tab.is_active and options.close_buttons == "Never"):
                drawn = plain()
            elif tab.is_active:
                drawn = pointed(False)
                if not self.covers(drawn.width):
                    drawn = plain()
            else:
                is_hovered, drawn = self.pointed_at(pointed, plain, room)
                if is_hovered:
                    self.hovered = index
            self.drawn.append(drawn)
            self.add_tab(index, drawn)

    def pointed_at(
        self, pointed: Callable[[bool], TabCells], plain: Callable[[], TabCells], room: int
    ) -> tuple[bool, TabCells]:
        """The cells of a tab that the pointer may be on, and whether it is.

        A title may be as wide as it likes, and differently so when it is hovered. A tab is hovered if, drawn
        as hovered, it lies under the pointer; so no more than one is. The expected answer is tried first, so
        that a title is asked for once unless its width is not what it measured.
        """
        if self.covers(room):
            hovered = pointed(True)
            return (True, hovered) if self.covers(hovered.width) else (False, plain())
        drawn = plain()
        if not self.covers(drawn.width):
            return False, drawn
        hovered = pointed(True)
        return (True, hovered) if self.covers(hovered.width) else (False, drawn)

    def add_tab(self, index: int, drawn: TabCells) -> None:
        """A tab's cells and hit regions."""
        self.items.append(BarItem("tab", self.x, drawn.width - drawn.close_width, index))
        if drawn.close_width:
            x = self.x + drawn.width - drawn.close_width
            self.items.append(BarItem("close_tab", x, drawn.close_width, index))
        for part in drawn.parts:
            self.append(part)

    # Tabs whose widths are settled before they are drawn.

    def placed_tabs(self, measured: list[int], status_end: int) -> None:
        """Tabs that stretch, scroll, or stand elsewhere than at the left."""
        options = self.options
        button = 0
        if options.show_new_tab_button_in_tab_bar:
            button = max(options.style.new_tab.width, options.style.new_tab_hover.width)
        available = max(status_end - self.x - button, 0)
        # A long status leaves the tabs half of what they share.
        room = max(available - self.inputs.right_status.width, available - available // 2)
        if options.scrolling:
            most = min(options.tab_max_width, room)
        else:
            most = width_max(self.inputs.cols, measured, options.tab_max_width, options.style.new_tab.width)
        widths = [min(width, most) for width in measured]
        if options.scrolling and sum(widths) > room:
            self.scrolled_tabs(widths, most, room)
            return
        if options.stretch:
            widths = shares(room, len(widths))
        total = sum(widths)
        end = self.x + room
        if options.alignment == "Center":
            self.gap(min((self.inputs.cols - total - button) // 2, end - total) - self.x)
        elif options.alignment == "Right":
            self.gap(end - total - self.x)
        for index, width in enumerate(widths):
            self.placed_tab(index, width, width if options.stretch else most, width)

    def placed_tab(self, index: int, width: int, most: int, shown: int) -> None:
        """A tab of `width` cells, of which the first `shown` are to be seen."""
        tab = self.inputs.tabs[index]
        pointer = self.mouse - self.x if self.mouse is not None and self.covers(shown) else None
        max_width = most if self.options.title_max_width == "available" else width
        hover = pointer is not None and not tab.is_active
        drawn = self.tab(tab, width, max_width, hover=hover, fixed=True, pointer=pointer)
        if shown < drawn.width:
            cut = Line.join(drawn.parts).left(shown)
            drawn = TabCells((cut,), shown, max(drawn.close_width - (drawn.width - shown), 0))
        self.add_tab(index, drawn)

    def scrolled_tabs(self, widths: list[int], most: int, room: int) -> None:
        """Some of the tabs, between the buttons that scroll."""
        inputs, style = self.inputs, self.options.style
        back, forward = style.scroll_back, style.scroll_forward
        inner = room - back.width - forward.width
        has_buttons = inner > 0
        inner = inner if has_buttons else room
        widths = [min(width, inner) for width in widths]
        active = self.active_index() if inputs.follows_active else None
        window = scroll_window(widths, inner, inputs.scroll, active)
        self.scroll, self.scroll_end = window.first, window.end
        if has_buttons:
            # A button that cannot scroll leaves its room empty, so that scrolling moves nothing else.
            if window.first > 0:
                self.add("scroll_back", self.scroll_button(back, self.covers(back.width)))
            else:
                self.gap(back.width)
        end = self.x + inner
        for index in range(window.first, window.stop):
            shown = window.last_width if index == window.stop - 1 else widths[index]
            self.placed_tab(index, widths[index], min(most, inner), shown)
        self.gap(end - self.x)
        if has_buttons:
            if window.first < window.end:
                self.add("scroll_forward", self.scroll_button(forward, self.covers(forward.width)))
            else:
                self.gap(forward.width)
