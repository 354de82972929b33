"""Options of the tab bar."""

from __future__ import annotations

from typing import Literal

from perilune.base.color import Rgb
from perilune.config.forms import BOOLEAN, COLOR, STRING, Form, choice, integer, list_of
from perilune.config.options.own_tab_bar import OwnTabBarOptions
from perilune.config.problems import Place
from perilune.config.record import Record, form_of, option

__all__ = ["TabBarOptions", "TabBarStyle"]


def _button_color(value: object, at: Place, expected: str) -> Rgb | Literal["Auto"]:
    if not isinstance(value, str):
        raise at.wrong(expected, value)
    return "Auto" if value.lower() == "auto" else COLOR.read(value, at)


class TabBarStyle(Record):
    """Texts of the bar's buttons; they may hold escape sequences."""

    new_tab: str = option(STRING, default=" + ", doc="New-tab button.")
    new_tab_hover: str = option(STRING, default=" + ", doc="Likewise, pointed at.")
    window_hide: str = option(STRING, default=" . ", doc="Hide button.")
    window_hide_hover: str = option(STRING, default=" . ", doc="Likewise, pointed at.")
    window_maximize: str = option(STRING, default=" - ", doc="Maximize button.")
    window_maximize_hover: str = option(STRING, default=" - ", doc="Likewise, pointed at.")
    window_close: str = option(STRING, default=" X ", doc="Close button.")
    window_close_hover: str = option(STRING, default=" X ", doc="Likewise, pointed at.")
    close_tab: str = option(STRING, default="x ", own=True, doc="Close button of a tab in cells.")
    scroll_back: str = option(STRING, default=" < ", own=True, doc="Button to the tabs before.")
    scroll_forward: str = option(STRING, default=" > ", own=True, doc="Button to the tabs behind.")


class TabBarOptions(OwnTabBarOptions):
    """The tab bar."""

    enable_tab_bar: bool = option(BOOLEAN, default=True, used=True, doc="Show the tab bar.")
    use_fancy_tab_bar: bool = option(
        BOOLEAN,
        default=True,
        applies="window",
        used=True,
        doc="Draw the bar in pixels, with a proportional font; the tui always draws cells.",
    )
    tab_bar_at_bottom: bool = option(BOOLEAN, default=False, used=True, doc="The bar is below the panes.")
    hide_tab_bar_if_only_one_tab: bool = option(
        BOOLEAN, default=False, used=True, doc="No bar while there is one tab."
    )
    tab_max_width: int = option(integer(0), default=16, used=True, doc="A tab's greatest width in cells.")
    show_tabs_in_tab_bar: bool = option(BOOLEAN, default=True, used=True, doc="Show the tabs.")
    show_tab_index_in_tab_bar: bool = option(BOOLEAN, default=True, used=True, doc="Number the tabs.")
    show_new_tab_button_in_tab_bar: bool = option(BOOLEAN, default=True, used=True, doc="Show the + button.")
    show_close_tab_button_in_tabs: bool = option(
        BOOLEAN,
        default=True,
        used=True,
        doc="Allow a close button in each tab; cells show one only as tab_close_buttons says.",
    )
    tab_and_split_indices_are_zero_based: bool = option(
        BOOLEAN, default=False, used=True, doc="Count from 0."
    )
    switch_to_last_active_tab_when_closing_tab: bool = option(
        BOOLEAN, default=False, used=True, doc="Closing a tab goes back to the last active one."
    )
    mouse_wheel_scrolls_tabs: bool = option(
        BOOLEAN, default=True, used=True, doc="The wheel over the bar changes tabs."
    )
    tab_bar_style: TabBarStyle = option(
        form_of(TabBarStyle), default=TabBarStyle(), used=True, doc="The buttons' texts."
    )
    status_update_interval: int = option(
        integer(0), default=1000, used=True, doc="Milliseconds between update-status events."
    )
    integrated_title_buttons: tuple[str, ...] = option(
        list_of(choice("Hide", "Maximize", "Close")),
        default=("Hide", "Maximize", "Close"),
        applies="window",
        used=True,
        doc="Window buttons in the bar.",
    )
    integrated_title_button_alignment: str = option(
        choice("Left", "Right"), default="Right", applies="window", used=True, doc="Which end they are at."
    )
    integrated_title_button_style: str = option(
        choice("Windows", "Gnome", "MacOsNative"),
        default="Windows",
        applies="window",
        used=True,
        doc="Their look.",
    )
    integrated_title_button_color: Rgb | Literal["Auto"] = option(
        Form("'Auto' or a colour", _button_color),
        default="Auto",
        applies="window",
        used=True,
        doc="Their colour.",
    )
