"""Makes the tab bar's options and colours from the configuration. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from perilune.cells.line import CellStyle
from perilune.cells.packing import BOLD, DIM, ITALIC, STRIKETHROUGH, UNDERLINE_SHIFT, pack_color
from perilune.cells.sgr_text import SgrText
from perilune.config.palette import TabBarColor, TabBarColors
from perilune.tabbar.options import BarColors, BarOptions, BarStyle

if TYPE_CHECKING:
    from perilune.config.options import Config

__all__ = ["bar_colors", "bar_options"]

_UNDERLINES = ("None", "Single", "Double", "Curly", "Dotted", "Dashed")
_INTENSITIES = {"Normal": 0, "Bold": BOLD, "Half": DIM}


def _style(color: TabBarColor) -> CellStyle:
    attr = _INTENSITIES[color.intensity] | _UNDERLINES.index(color.underline) << UNDERLINE_SHIFT
    attr |= (ITALIC if color.italic else 0) | (STRIKETHROUGH if color.strikethrough else 0)
    return CellStyle(pack_color(color.fg_color), pack_color(color.bg_color), attr)


def bar_colors(colors: TabBarColors) -> BarColors:
    """The bar's colours as cells have them."""
    return BarColors(
        background=pack_color(colors.background),
        active_tab=_style(colors.active_tab),
        inactive_tab=_style(colors.inactive_tab),
        inactive_tab_hover=_style(colors.inactive_tab_hover),
        new_tab=_style(colors.new_tab),
        new_tab_hover=_style(colors.new_tab_hover),
    )


def bar_options(config: Config) -> BarOptions:
    """The bar's options. Cells have neither fancy boxes nor window buttons."""
    style = config.tab_bar_style
    texts = {name: SgrText(cast("str", text)) for name, text in style.items()}
    alignment = cast('Literal["Left", "Right"]', config.integrated_title_button_alignment)
    return BarOptions(
        enable_tab_bar=config.enable_tab_bar,
        hide_tab_bar_if_only_one_tab=config.hide_tab_bar_if_only_one_tab,
        tab_bar_at_bottom=config.tab_bar_at_bottom,
        tab_max_width=config.tab_max_width,
        show_tabs_in_tab_bar=config.show_tabs_in_tab_bar,
        show_new_tab_button_in_tab_bar=config.show_new_tab_button_in_tab_bar,
        show_tab_index_in_tab_bar=config.show_tab_index_in_tab_bar,
        tab_and_split_indices_are_zero_based=config.tab_and_split_indices_are_zero_based,
        integrated_title_button_alignment=alignment,
        style=BarStyle(**texts),
    )
