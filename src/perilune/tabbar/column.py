"""The tab bar at a side of the window: a column with one row a tab.

From top to bottom: window buttons, left status, tabs, the new-tab button, right status at the foot. Tabs that
do not fit scroll, with the active one in sight; where there are few rows, the tabs get them. Titles are told
the column's width as `max_width`; `tab_max_width` counts for bars of one row.

Pure, as `layout`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from perilune.cells.line import Line
from perilune.cells.sgr_text import SgrText
from perilune.tabbar.bar_line import BarColumn, BarInputs, BarItem, BarLink, ItemKind, without_event_links
from perilune.tabbar.painter import MACOS_BUTTON_CELLS, WINDOW_BUTTON_KINDS, Painter
from perilune.tabbar.room import scroll_window
from perilune.tabbar.title import TabView

__all__ = ["layout_column"]

_MIN_TAB_ROWS = 2  # before there are statuses and window buttons
_MIN_SCROLLED_ROWS = 4  # before two of them are given to scroll buttons

TabT = TypeVar("TabT", bound=TabView)


def layout_column(inputs: BarInputs[TabT]) -> BarColumn:
    """Lay a bar of `inputs.rows` rows and `inputs.cols` columns out."""
    return _ColumnLayout(inputs).bar()


class _ColumnLayout(Painter[TabT]):
    """A column in the making: the lines and the items so far."""

    def __init__(self, inputs: BarInputs[TabT]) -> None:
        super().__init__(inputs)
        self.cols = inputs.cols
        self.lines: list[Line] = []
        self.items: list[BarItem] = []
        self.links: list[BarLink] = []
        self.scroll = self.scroll_end = 0

    def bar(self) -> BarColumn:
        inputs, options = self.inputs, self.options
        rows = inputs.rows
        buttons = self.window_buttons()
        is_native = options.integrated_buttons and options.integrated_title_button_style == "MacOsNative"
        has_buttons = bool(buttons or is_native) and rows > _MIN_TAB_ROWS
        rows -= has_buttons
        has_right = bool(inputs.right_status.width) and rows > _MIN_TAB_ROWS
        rows -= has_right
        has_left = bool(inputs.left_status.width) and rows > _MIN_TAB_ROWS
        rows -= has_left
        if has_buttons:
            self.window_row(buttons, is_native)
        if has_left:
            self.status("left_status", inputs.left_status)
        end = len(self.lines) + rows
        self.body(rows)
        self.fill(end)
        if has_right:
            self.status("right_status", inputs.right_status)
        return BarColumn(
            self.cols, tuple(self.lines), tuple(self.items), self.is_animated, tuple(self.links),
            self.scroll, self.scroll_end,
        )  # fmt: skip

    def body(self, rows: int) -> None:
        """Tabs and the new-tab button."""
        options = self.options
        count = len(self.inputs.tabs) if options.show_tabs_in_tab_bar else 0
        has_new_tab = options.show_new_tab_button_in_tab_bar and rows > (1 if count else 0)
        tab_rows = rows - has_new_tab
        if count > tab_rows:
            self.scrolled_tabs(count, tab_rows)
        else:
            free = tab_rows - count
            if options.alignment != "Left":
                self.fill(len(self.lines) + (free // 2 if options.alignment == "Center" else free))
            for index in range(count):
                self.tab_row(index)
        if has_new_tab:
            hover = self.is_pointed_at
            self.row("new_tab", self.new_tab(hover).left(self.cols))

    def scrolled_tabs(self, count: int, rows: int) -> None:
        inputs, style = self.inputs, self.options.style
        has_buttons = rows >= _MIN_SCROLLED_ROWS
        inner = rows - 2 if has_buttons else rows
        active = self.active_index() if inputs.follows_active else None
        window = scroll_window([1] * count, inner, inputs.scroll, active)
        self.scroll, self.scroll_end = window.first, window.end
        if has_buttons:
            self.scroll_row("scroll_back", style.scroll_back, window.first > 0)
        for index in range(window.first, window.stop):
            self.tab_row(index)
        if has_buttons:
            self.scroll_row("scroll_forward", style.scroll_forward, window.first < window.end)

    def scroll_row(self, kind: ItemKind, text: SgrText, can_scroll: bool) -> None:
        if can_scroll:
            self.row(kind, self.scroll_button(text, self.is_pointed_at).left(self.cols))
        else:
            self.fill(len(self.lines) + 1)

    @property
    def is_pointed_at(self) -> bool:
        """Whether the pointer is on the next row."""
        return self.inputs.hover_row == len(self.lines) and self.inputs.hover_col is not None

    def tab_row(self, index: int) -> None:
        tab = self.inputs.tabs[index]
        pointer = self.inputs.hover_col if self.is_pointed_at else None
        hover = pointer is not None and not tab.is_active
        drawn = self.tab(tab, self.cols, self.cols, hover=hover, fixed=True, pointer=pointer)
        y = len(self.lines)
        self.items.append(BarItem("tab", 0, drawn.width - drawn.close_width, index, y))
        if drawn.close_width:
            x = drawn.width - drawn.close_width
            self.items.append(BarItem("close_tab", x, drawn.close_width, index, y))
        self.lines.append(drawn.parts[0] if len(drawn.parts) == 1 else Line.join(drawn.parts))

    def row(self, kind: ItemKind, line: Line) -> None:
        """A row that is one hit region."""
        self.items.append(BarItem(kind, 0, self.cols, None, len(self.lines)))
        self.lines.append(line + Line.blank(self.cols - line.width, self.blank))

    def status(self, kind: ItemKind, text: SgrText) -> None:
        line, links = without_event_links(text.line(self.status_style, self.cols))
        y = len(self.lines)
        self.links += [link._replace(y=y) for link in links]
        self.row(kind, line)

    def window_row(self, buttons: Sequence[str], is_native: bool) -> None:
        options, y = self.options, len(self.lines)
        lines: list[Line] = []
        texts = [self.window_button_texts(button) for button in buttons]
        widths = [max(plain.width, hovered.width) for plain, hovered in texts]
        x = 0
        if is_native:
            x = min(MACOS_BUTTON_CELLS, self.cols)
        elif options.integrated_title_button_alignment == "Right":
            x = max(self.cols - sum(widths), 0)
        lines.append(Line.blank(x, self.blank))
        for button, width in zip(buttons, widths, strict=True):
            pointer = self.inputs.hover_col if self.is_pointed_at else None
            shown = min(width, self.cols - x)
            if shown <= 0:
                break
            line = self.window_button(button, pointer is not None and x <= pointer < x + shown).left(shown)
            self.items.append(BarItem(WINDOW_BUTTON_KINDS[button], x, shown, None, y))
            lines += [line, Line.blank(shown - line.width, self.blank)]
            x += shown
        lines.append(Line.blank(self.cols - x, self.blank))
        self.lines.append(Line.join(lines))

    def fill(self, end: int) -> None:
        """Background up to a row."""
        while len(self.lines) < end:
            self.lines.append(Line.blank(self.cols, self.blank))
