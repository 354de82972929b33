"""The tab bar as one line of cells with hit regions, in WezTerm's retro layout.

From left to right: window buttons, left status, tabs, the new-tab button, a gap, right status, window
buttons; which of them there are is a matter of options. Tabs are measured first (without hover, at most
`tab_max_width`), then drawn with what room there is.

Differs from WezTerm where that is wrong: the pointer is compared with the columns that are drawn, at most one
tab is hovered, a wide character cut in half leaves a blank and shifts no hit region, and window buttons are
hit where they are drawn even if the left part overruns them.

Pure: the same inputs make the same line. Knows neither scripts nor pixels nor the mux.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Literal, NamedTuple, TypeVar

from perilune.cells.buffer import CellBuffer
from perilune.cells.line import CellStyle, Line
from perilune.cells.packing import WORDS_PER_CELL
from perilune.cells.sgr_text import EMPTY_TEXT, SgrText
from perilune.tabbar.options import BarColors, BarOptions
from perilune.tabbar.title import TabView, TitleSource, builtin_title, shows_spinner

__all__ = ["BarInputs", "BarItem", "BarLine", "ItemKind", "layout_bar"]

ItemKind = Literal[
    "tab", "new_tab", "left_status", "right_status", "window_hide", "window_maximize", "window_close"
]
_BUTTON_KINDS: dict[str, ItemKind] = {
    "Hide": "window_hide",
    "Maximize": "window_maximize",
    "Close": "window_close",
}
_MACOS_BUTTON_CELLS = 10  # room for the buttons that macOS draws itself

TabT = TypeVar("TabT", bound=TabView)


class BarItem(NamedTuple):
    """A hit region: the columns `x` to `x + width`. `tab_index` is None but for tabs."""

    kind: ItemKind
    x: int
    width: int
    tab_index: int | None = None


@dataclass(frozen=True, slots=True)
class BarInputs(Generic[TabT]):
    """All that a bar depends on.

    Attributes:
        cols: the window's columns.
        tabs: in their order.
        titles: who makes their titles.
        options: as configured.
        colors: as configured.
        left_status: set by a script.
        right_status: set by a script.
        hover_col: the column of the bar that the pointer is on, if it is on the bar.
        spinner_frame: counts tenths of a second, if `BarLine.is_animated` was true.
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


@dataclass(frozen=True)
class BarLine:
    """A bar, laid out. Equal bars need not be drawn again.

    Attributes:
        cols: the window's columns. The parts fill them, and may overrun them: what does is not to be seen.
        parts: lines of cells, from column 0 on without gaps.
        items: hit regions in the order of their columns.
        is_animated: whether a built-in title shows a spinner, so that the bar is due again in 100 ms.
    """

    cols: int
    parts: tuple[Line, ...]
    items: tuple[BarItem, ...]
    is_animated: bool = False

    @cached_property
    def line(self) -> Line:
        """All cells, with those past `cols`."""
        return Line.join(self.parts)

    @property
    def text(self) -> str:
        """What is to be seen, as text."""
        return self.line.left(self.cols).text

    def item_at(self, col: int) -> BarItem | None:
        """The hit region under a column."""
        if not 0 <= col < self.cols:
            return None
        return next((item for item in self.items if item.x <= col < item.x + item.width), None)

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


def layout_bar(inputs: BarInputs[TabT]) -> BarLine:
    """Lay the bar out."""
    return _Layout(inputs).bar(inputs)


class _Layout:
    """A bar in the making: the parts so far, the items so far, and the next free column."""

    def __init__(self, inputs: BarInputs[TabT]) -> None:
        self.options = inputs.options
        self.colors = inputs.colors
        self.mouse = inputs.hover_col
        self.blank = CellStyle(0, inputs.colors.background)
        self.parts: list[Line] = []
        self.items: list[BarItem] = []
        self.x = 0

    def bar(self, inputs: BarInputs[TabT]) -> BarLine:
        options = self.options
        native = options.integrated_title_button_style == "MacOsNative"
        buttons = options.integrated_title_buttons if options.integrated_buttons and not native else ()
        right_buttons = buttons if options.integrated_title_button_alignment == "Right" else ()

        if options.integrated_buttons and native and not options.tab_bar_at_bottom:
            self.gap(_MACOS_BUTTON_CELLS)
        if not right_buttons:
            self.window_buttons(buttons)
        if inputs.left_status.width:
            self.add("left_status", inputs.left_status.line(self.blank))
        is_animated = self.tabs(inputs) if options.show_tabs_in_tab_bar else False
        if options.show_new_tab_button_in_tab_bar:
            self.add("new_tab", self.button(options.style.new_tab, options.style.new_tab_hover))

        status_end = max(inputs.cols - self.reserved(right_buttons), 0)
        space = max(status_end - self.x, 0)
        status = inputs.right_status.line(self.blank).right(space)
        self.items.append(BarItem("right_status", self.x, space))
        self.gap(space - status.width)
        self.append(status)
        self.window_buttons(right_buttons)
        self.gap(inputs.cols - self.x)  # a button is narrower than its hovered form
        return BarLine(inputs.cols, tuple(self.parts), tuple(self.items), is_animated)

    def append(self, line: Line) -> None:
        if line.width:
            self.parts.append(line)
            self.x += line.width

    def gap(self, cells: int) -> None:
        if cells > 0:
            self.append(Line.blank(cells, self.blank))

    def add(self, kind: ItemKind, line: Line, tab_index: int | None = None) -> None:
        self.items.append(BarItem(kind, self.x, line.width, tab_index))
        self.append(line)

    def covers(self, line_width: int) -> bool:
        """Whether a part of this width, drawn next, lies under the pointer."""
        return self.mouse is not None and self.x <= self.mouse < self.x + line_width

    def button(self, plain: SgrText, hovered: SgrText) -> Line:
        if self.covers(hovered.width):
            return hovered.line(self.colors.new_tab_hover)
        return plain.line(self.colors.new_tab)

    def button_texts(self, button: str) -> tuple[SgrText, SgrText]:
        style = self.options.style
        if button == "Hide":
            return style.window_hide, style.window_hide_hover
        if button == "Maximize":
            return style.window_maximize, style.window_maximize_hover
        return style.window_close, style.window_close_hover

    def window_buttons(self, buttons: Sequence[str]) -> None:
        for button in buttons:
            self.add(_BUTTON_KINDS[button], self.button(*self.button_texts(button)))

    def reserved(self, buttons: Sequence[str]) -> int:
        return sum(max(text.width for text in self.button_texts(button)) for button in buttons)

    def tabs(self, inputs: BarInputs[TabT]) -> bool:
        """Add the tabs; whether one of them has a spinner."""
        options, colors, source, mouse = self.options, self.colors, inputs.titles, self.mouse
        is_animated = False
        measured: list[int] = []
        for tab in inputs.tabs:
            title = source.title(tab, False, options.tab_max_width)
            if title is None:
                title = builtin_title(tab, options, inputs.spinner_frame)
            measured.append(title.width)
        width_max = self.width_max(inputs.cols, measured)

        for index, tab in enumerate(inputs.tabs):
            room = min(measured[index], width_max)
            max_width = width_max if options.title_max_width == "available" else room

            def draw(hover: bool, tab: TabT = tab, max_width: int = max_width) -> Line:
                nonlocal is_animated
                title = source.title(tab, hover, max_width)
                if title is None:
                    title = builtin_title(tab, options, inputs.spinner_frame)
                    is_animated = is_animated or shows_spinner(tab)
                if tab.is_active:
                    style = colors.active_tab
                else:
                    style = colors.inactive_tab_hover if hover else colors.inactive_tab
                return title.line(style, width_max)

            if tab.is_active or mouse is None or mouse < self.x:
                line = draw(False)
            else:
                line = self.pointed_at(draw, room)
            self.add("tab", line, index)
        return is_animated

    def pointed_at(self, draw: Callable[[bool], Line], room: int) -> Line:
        """The cells of a tab that the pointer may be on.

        A title may be as wide as it likes, and differently so when it is hovered. A tab is hovered if, drawn
        as hovered, it lies under the pointer; so no more than one is. The expected answer is tried first, so
        that a title is asked for once unless its width is not what it measured.
        """
        if self.covers(room):
            hovered = draw(True)
            return hovered if self.covers(hovered.width) else draw(False)
        plain = draw(False)
        if not self.covers(plain.width):
            return plain
        hovered = draw(True)
        return hovered if self.covers(hovered.width) else plain

    def width_max(self, cols: int, measured: Sequence[int]) -> int:
        """Cells that each tab may take; 0 where there is no room for that many."""
        if not measured:
            return self.options.tab_max_width
        # The button's room is set aside even where it is not shown, and a cell between tabs although
        # nothing stands there: layouts of WezTerm users come out the same.
        available = max(cols - (len(measured) - 1 + self.options.style.new_tab.width), 0)
        if available >= sum(measured):
            return self.options.tab_max_width
        return min(available // len(measured), self.options.tab_max_width)
