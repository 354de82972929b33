"""What configures the tab bar: its options, texts and colours, as small frozen values.

Names are those of the configuration options, which `app` converts; this package holds no config object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from perilune.cells.line import CellStyle
from perilune.cells.packing import COLOR_RGB, ITALIC
from perilune.cells.sgr_text import SgrText

__all__ = ["BarColors", "BarOptions", "BarPosition", "BarStyle", "WindowButton"]

_ACTIVE = CellStyle(COLOR_RGB | 0xC0C0C0, COLOR_RGB | 0x000000)
_INACTIVE = CellStyle(COLOR_RGB | 0x808080, COLOR_RGB | 0x333333)
_HOVER = CellStyle(COLOR_RGB | 0x909090, COLOR_RGB | 0x1F1F1F, ITALIC)

WindowButton = Literal["Hide", "Maximize", "Close"]
BarPosition = Literal["Top", "Bottom", "Left", "Right"]


@dataclass(frozen=True, slots=True)
class BarStyle:
    """`tab_bar_style`: the texts of the buttons, and of our own ones. SGR in them acts."""

    new_tab: SgrText = field(default_factory=lambda: SgrText(" + "))
    new_tab_hover: SgrText = field(default_factory=lambda: SgrText(" + "))
    window_hide: SgrText = field(default_factory=lambda: SgrText(" . "))
    window_hide_hover: SgrText = field(default_factory=lambda: SgrText(" . "))
    window_maximize: SgrText = field(default_factory=lambda: SgrText(" - "))
    window_maximize_hover: SgrText = field(default_factory=lambda: SgrText(" - "))
    window_close: SgrText = field(default_factory=lambda: SgrText(" X "))
    window_close_hover: SgrText = field(default_factory=lambda: SgrText(" X "))
    close_tab: SgrText = field(default_factory=lambda: SgrText("x "))
    scroll_back: SgrText = field(default_factory=lambda: SgrText(" < "))
    scroll_forward: SgrText = field(default_factory=lambda: SgrText(" > "))


@dataclass(frozen=True, slots=True)
class BarColors:
    """Colours of the bar's parts.

    Attributes:
        background: the colour word behind everything, and behind the statuses.
        active_tab: the active tab; the others likewise.
        window_button: the window's buttons; None: as `new_tab`.
        window_button_hover: likewise `new_tab_hover`.
        foreground: the colour word of the statuses.
        close_button_hover: the button that closes the window while pointed at; None: like the others.
        edge: the colour word of the line between tabs of a fancy bar.
    """

    background: int = COLOR_RGB | 0x333333
    active_tab: CellStyle = _ACTIVE
    inactive_tab: CellStyle = _INACTIVE
    inactive_tab_hover: CellStyle = _HOVER
    new_tab: CellStyle = _INACTIVE
    new_tab_hover: CellStyle = _HOVER
    window_button: CellStyle | None = None
    window_button_hover: CellStyle | None = None
    foreground: int = 0
    close_button_hover: CellStyle | None = None
    edge: int = COLOR_RGB | 0x575757


@dataclass(frozen=True, slots=True)
class BarOptions:
    """The options of the bar; what has no comment is the configuration option of that name.

    Attributes:
        enable_tab_bar: whether there is a bar at all.
        hide_tab_bar_if_only_one_tab: as it says.
        tab_bar_at_bottom: as it says.
        tab_max_width: cells a tab has at most.
        show_tabs_in_tab_bar: as it says.
        show_new_tab_button_in_tab_bar: as it says.
        show_tab_index_in_tab_bar: whether built-in titles begin with the tab's number.
        tab_and_split_indices_are_zero_based: whether that number counts from 0.
        title_max_width: what the pass that draws gives a title as `max_width`: "measured", the width of the
            tab as WezTerm does, or "available", the cells that the tab may take.
        integrated_buttons: whether `window_decorations` holds INTEGRATED_BUTTONS.
        integrated_title_buttons: in their order.
        integrated_title_button_alignment: the side that they are on.
        integrated_title_button_style: "MacOsNative" draws none, but leaves room for them in a bar at the top.
        style: the texts of the buttons.
        zoom_mark: what a built-in title shows after the number when its tab is zoomed ("": nothing).
        unseen_output_mark: likewise when a pane of a tab in the background has unseen output.
        close_buttons: which tabs have one: none, the one under the pointer, or all.
        position: where the bar is; None: as `tab_bar_at_bottom` says.
        width: columns of a bar at the side.
        min_width: cells a tab has at least, as long as there is room.
        stretch: whether the tabs share all the room there is.
        alignment: where the tabs are in a bar that has more room.
        title_alignment: where a title is in a tab that has more room.
        scrolling: whether tabs keep their width and scroll when they do not fit.
        fancy: whether the bar is drawn in pixels, without cells.
    """

    enable_tab_bar: bool = True
    hide_tab_bar_if_only_one_tab: bool = False
    tab_bar_at_bottom: bool = False
    tab_max_width: int = 16
    show_tabs_in_tab_bar: bool = True
    show_new_tab_button_in_tab_bar: bool = True
    show_tab_index_in_tab_bar: bool = True
    tab_and_split_indices_are_zero_based: bool = False
    title_max_width: Literal["measured", "available"] = "measured"
    integrated_buttons: bool = False
    integrated_title_buttons: tuple[WindowButton, ...] = ("Hide", "Maximize", "Close")
    integrated_title_button_alignment: Literal["Left", "Right"] = "Right"
    integrated_title_button_style: Literal["Windows", "Gnome", "MacOsNative"] = "Windows"
    style: BarStyle = field(default_factory=BarStyle)
    zoom_mark: str = ""
    unseen_output_mark: str = ""
    close_buttons: Literal["Never", "Hover", "Always"] = "Never"
    position: BarPosition | None = None
    width: int = 20
    min_width: int = 0
    stretch: bool = False
    alignment: Literal["Left", "Center", "Right"] = "Left"
    title_alignment: Literal["Left", "Center"] = "Left"
    scrolling: bool = False
    fancy: bool = False

    def shows_bar(self, tabs: int) -> bool:
        """Whether the bar is to be seen when the window has so many tabs."""
        return self.enable_tab_bar and (tabs > 1 or not self.hide_tab_bar_if_only_one_tab)

    @property
    def placed_at(self) -> BarPosition:
        """The side of the window that the bar is at."""
        return self.position or ("Bottom" if self.tab_bar_at_bottom else "Top")

    @property
    def is_vertical(self) -> bool:
        """Whether the bar is a column."""
        return self.position in {"Left", "Right"}
