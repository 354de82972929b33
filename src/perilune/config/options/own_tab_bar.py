"""Options of the tab bar that WezTerm does not have; docs/tab-bar.md shows each."""

from __future__ import annotations

from perilune.config.forms import BOOLEAN, STRING, choice, integer
from perilune.config.record import Record, option

__all__ = ["OwnTabBarOptions"]


class OwnTabBarOptions(Record):
    """The tab bar beyond WezTerm's. All are off by default."""

    tab_bar_position: str = option(
        choice("Auto", "Top", "Bottom", "Left", "Right"),
        default="Auto",
        used=True,
        own=True,
        doc="The side of the window that the tab bar is at; Auto: as tab_bar_at_bottom says.",
    )
    tab_bar_width: int = option(
        integer(1, 1000),
        default=20,
        used=True,
        own=True,
        doc="Columns of a tab bar at the left or right; at most half of the window's.",
    )
    tab_min_width: int = option(
        integer(0), default=0, used=True, own=True, doc="A tab's least width in cells, while there is room."
    )
    stretch_tabs: bool = option(
        BOOLEAN, default=False, used=True, own=True, doc="Tabs share all the room that the bar has."
    )
    tab_alignment: str = option(
        choice("Left", "Center", "Right"),
        default="Left",
        used=True,
        own=True,
        doc="Where the tabs are in a bar that has room to spare.",
    )
    tab_title_alignment: str = option(
        choice("Left", "Center"),
        default="Left",
        used=True,
        own=True,
        doc="Where a title is in a tab that has room to spare.",
    )
    scroll_tabs: bool = option(
        BOOLEAN,
        default=False,
        used=True,
        own=True,
        doc="Tabs that do not fit keep their width and scroll, with the active one in sight.",
    )
    drag_tabs: bool = option(
        BOOLEAN,
        default=False,
        used=True,
        own=True,
        doc="Tabs can be dragged to another place with the mouse.",
    )
    tab_tooltips: bool = option(
        BOOLEAN, default=False, used=True, own=True, doc="A cut title is shown whole when it is pointed at."
    )
    tab_tooltip_delay_ms: int = option(
        integer(0, 60000), default=600, used=True, own=True, doc="Milliseconds before a tooltip is shown."
    )
    tab_close_buttons: str = option(
        choice("Never", "Hover", "Always"),
        default="Never",
        used=True,
        own=True,
        doc="Which tabs have a close button in cells, if show_close_tab_button_in_tabs allows it.",
    )
    title_max_width: str = option(
        choice("measured", "available"),
        default="measured",
        used=True,
        own=True,
        doc="The max_width that format-tab-title gets to draw: the tab's width, as in WezTerm, or its room.",
    )
    tab_zoom_mark: str = option(
        STRING, default="", used=True, own=True, doc="What a built-in title shows when its tab is zoomed."
    )
    tab_unseen_output_mark: str = option(
        STRING,
        default="",
        used=True,
        own=True,
        doc="What a built-in title shows when a background tab has output that was not seen.",
    )
    tab_bar_uses_window_frame: bool = option(
        BOOLEAN,
        default=False,
        used=True,
        own=True,
        doc="The bar's background, statuses and window buttons in cells have window_frame's colours.",
    )
