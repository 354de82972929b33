"""What bars of one row and bars at the side have in common: cells of tabs, buttons and statuses.

Says nothing about where they are. Pure; one painter lays out one bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from perilune.cells.line import CellStyle, Line
from perilune.cells.sgr_text import SgrText
from perilune.tabbar.bar_line import BarInputs, ItemKind
from perilune.tabbar.title import TabView, builtin_title, shows_spinner

__all__ = ["MACOS_BUTTON_CELLS", "WINDOW_BUTTON_KINDS", "Painter", "TabCells"]

WINDOW_BUTTON_KINDS: dict[str, ItemKind] = {
    "Hide": "window_hide",
    "Maximize": "window_maximize",
    "Close": "window_close",
}
MACOS_BUTTON_CELLS = 10  # room for the buttons that macOS draws itself
_MIN_CELLS_BESIDE_BUTTON = 3  # so that a tab with a close button can still be hit elsewhere

TabT = TypeVar("TabT", bound=TabView)


class TabCells(NamedTuple):
    """A tab as it is drawn: its cells, the last `close_width` of which are its close button."""

    parts: tuple[Line, ...]
    width: int
    close_width: int = 0


class Painter(Generic[TabT]):
    """Draws the parts of one bar."""

    def __init__(self, inputs: BarInputs[TabT]) -> None:
        self.inputs = inputs
        self.options = inputs.options
        self.colors = inputs.colors
        self.blank = CellStyle(0, inputs.colors.background)
        self.status_style = CellStyle(inputs.colors.foreground, inputs.colors.background)
        self.close_width = self.options.style.close_tab.width if self.options.close_buttons == "Always" else 0
        self.is_animated = False

    def active_index(self) -> int | None:
        """The place of the active tab in the bar."""
        return next((index for index, tab in enumerate(self.inputs.tabs) if tab.is_active), None)

    def title(self, tab: TabT, hover: bool, max_width: int) -> SgrText:
        """The title that is drawn."""
        title = self.inputs.titles.title(tab, hover, max_width)
        if title is None:
            title = builtin_title(tab, self.options, self.inputs.spinner_frame)
            self.is_animated = self.is_animated or shows_spinner(tab)
        return title

    def measure(self, max_width: int) -> list[int]:
        """The cells that each tab would take, with its close button and no less than the least width."""
        options, source = self.options, self.inputs.titles
        limit = max(max_width - self.close_width, 0)
        measured: list[int] = []
        for tab in self.inputs.tabs:
            title = source.title(tab, False, limit)
            if title is None:
                title = builtin_title(tab, options, self.inputs.spinner_frame)
            measured.append(title.width + self.close_width)
        if options.min_width > 0:
            return [max(width, options.min_width) for width in measured]
        return measured

    def tab_style(self, tab: TabT, hover: bool) -> CellStyle:
        """What its title is drawn on."""
        if tab.is_active:
            return self.colors.active_tab
        return self.colors.inactive_tab_hover if hover else self.colors.inactive_tab

    def tab(
        self,
        tab: TabT,
        limit: int,
        max_width: int,
        *,
        hover: bool = False,
        fixed: bool = False,
        pointer: int | None = None,
    ) -> TabCells:
        """The cells of a tab.

        Args:
            tab: which.
            limit: cells it may take.
            max_width: what its title is told.
            hover: whether it is shown as pointed at.
            fixed: whether it takes all cells it may.
            pointer: which of its cells the pointer is on.
        """
        options = self.options
        style = self.tab_style(tab, hover)
        close = self.close_width if limit >= self.close_width + _MIN_CELLS_BESIDE_BUTTON else 0
        title = self.title(tab, hover, max(max_width - self.close_width, 0))
        line = title.line(style, limit - close)
        wanted = limit if fixed else min(options.min_width, limit)
        pad = wanted - close - line.width
        if pad <= 0 and not close and (pointer is None or options.close_buttons == "Never"):
            return TabCells((line,) if line.width else (), line.width)
        parts = [line]
        if pad > 0:
            left = pad // 2 if options.title_alignment == "Center" else 0
            parts = [Line.blank(left, style), line, Line.blank(pad - left, style)]
        width = sum(part.width for part in parts) + close
        if not close and options.close_buttons == "Hover" and pointer is not None:
            # Over the end of the tab: a button that made room for itself would move the tabs about.
            button = options.style.close_tab.width
            if width >= button + _MIN_CELLS_BESIDE_BUTTON:
                close = button
                parts = [Line.join(parts).left(width - button)]
        if close:
            over_button = pointer is not None and width - close <= pointer < width
            parts.append(options.style.close_tab.line(self.colors.new_tab_hover if over_button else style))
        return TabCells(tuple([part for part in parts if part.width]), width, close)

    def new_tab(self, hover: bool) -> Line:
        """The new-tab button."""
        style = self.options.style
        if hover:
            return style.new_tab_hover.line(self.colors.new_tab_hover)
        return style.new_tab.line(self.colors.new_tab)

    def scroll_button(self, text: SgrText, hover: bool) -> Line:
        """A button that scrolls."""
        return text.line(self.colors.new_tab_hover if hover else self.colors.new_tab)

    def window_button(self, button: str, hover: bool) -> Line:
        """One of the window's buttons."""
        plain, hovered = self.window_button_texts(button)
        if hover:
            return hovered.line(self.colors.window_button_hover or self.colors.new_tab_hover)
        return plain.line(self.colors.window_button or self.colors.new_tab)

    def window_button_texts(self, button: str) -> tuple[SgrText, SgrText]:
        """A window button's text, and the one under the pointer."""
        style = self.options.style
        if button == "Hide":
            return style.window_hide, style.window_hide_hover
        if button == "Maximize":
            return style.window_maximize, style.window_maximize_hover
        return style.window_close, style.window_close_hover

    def window_buttons(self) -> Sequence[str]:
        """The window's buttons that are to be drawn."""
        options = self.options
        is_native = options.integrated_title_button_style == "MacOsNative"
        return options.integrated_title_buttons if options.integrated_buttons and not is_native else ()
