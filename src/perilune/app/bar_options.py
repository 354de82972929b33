"""Makes the tab bar's options and colours from the configuration. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from perilune.cells.line import CellStyle
from perilune.cells.packing import BOLD, DIM, ITALIC, STRIKETHROUGH, UNDERLINE_SHIFT, pack_color
from perilune.cells.sgr_text import SgrText
from perilune.config.options.window import WindowFrame
from perilune.config.palette import TabBarColor, TabBarColors
from perilune.tabbar.options import BarColors, BarOptions, BarStyle

if TYPE_CHECKING:
    from perilune.base.color import Rgb
    from perilune.config.options import Config
    from perilune.tabbar.options import BarPosition, WindowButton

__all__ = ["bar_options", "colors_of_bar", "is_at_bottom", "is_fancy"]

_UNDERLINES = ("None", "Single", "Double", "Curly", "Dotted", "Dashed")
# How much of the ink is in the background of a window button.
_GNOME_SHARE, _GNOME_HOVER_SHARE, _HOVER_SHARE = 0.1, 0.2, 0.1
_CLOSE_HOVER = CellStyle(pack_color((255, 255, 255)), pack_color((255, 0, 0)))
_INTENSITIES = {"Normal": 0, "Bold": BOLD, "Half": DIM}


def _style(color: TabBarColor) -> CellStyle:
    attr = _INTENSITIES[color.intensity] | _UNDERLINES.index(color.underline) << UNDERLINE_SHIFT
    attr |= (ITALIC if color.italic else 0) | (STRIKETHROUGH if color.strikethrough else 0)
    return CellStyle(pack_color(color.fg_color), pack_color(color.bg_color), attr)


def _of_palette(colors: TabBarColors) -> BarColors:
    return BarColors(
        background=pack_color(colors.background),
        active_tab=_style(colors.active_tab),
        inactive_tab=_style(colors.inactive_tab),
        inactive_tab_hover=_style(colors.inactive_tab_hover),
        new_tab=_style(colors.new_tab),
        new_tab_hover=_style(colors.new_tab_hover),
        edge=pack_color(colors.inactive_tab_edge),
    )


def colors_of_bar(config: Config, *, is_focused: bool = True, fancy: bool = False) -> BarColors:
    """The bar's colours as configured: the scheme's and `colors.tab_bar`, or `window_frame`'s behind them.

    Args:
        config: the configuration in force.
        is_focused: whether the window has the focus, which `window_frame` tells apart.
        fancy: of a bar in pixels, which always has `window_frame`'s.
    """
    colors = _of_palette(config.palette.tab_bar)
    frame = config.window_frame
    color = config.integrated_title_button_color
    if config.tab_bar_uses_window_frame or fancy:
        background = frame.active_titlebar_bg if is_focused else frame.inactive_titlebar_bg
        colors = replace(
            colors,
            background=pack_color(background),
            foreground=pack_color(frame.active_titlebar_fg if is_focused else frame.inactive_titlebar_fg),
            window_button=CellStyle(pack_color(frame.button_fg), pack_color(frame.button_bg)),
            window_button_hover=CellStyle(
                pack_color(frame.button_hover_fg), pack_color(frame.button_hover_bg)
            ),
        )
        if fancy and _has_plain_buttons(frame):
            return _with_plain_buttons(colors, background, None if color == "Auto" else color, config)
    if color != "Auto":
        word = pack_color(color)
        colors = replace(
            colors,
            window_button=(colors.window_button or colors.new_tab)._replace(fg=word),
            window_button_hover=(colors.window_button_hover or colors.new_tab_hover)._replace(fg=word),
        )
    return colors


def _has_plain_buttons(frame: WindowFrame) -> bool:
    """Whether no colour of buttons was chosen."""
    plain = WindowFrame()
    names = ("button_fg", "button_bg", "button_hover_fg", "button_hover_bg")
    return all(getattr(frame, name) == getattr(plain, name) for name in names)


def _with_plain_buttons(colors: BarColors, background: Rgb, color: Rgb | None, config: Config) -> BarColors:
    """Window buttons in what is to be seen on the bar, as WezTerm has them in fancy bars."""
    is_light = max(background) + min(background) > 255
    ink = color or ((0, 0, 0) if is_light else (255, 255, 255))
    is_gnome = config.integrated_title_button_style == "Gnome"

    def mixed(share: float) -> int:
        red, green, blue = (
            round(one * (1 - share) + other * share) for one, other in zip(background, ink, strict=True)
        )
        return pack_color((red, green, blue))

    word = pack_color(ink)
    return replace(
        colors,
        window_button=CellStyle(word, mixed(_GNOME_SHARE) if is_gnome else pack_color(background)),
        window_button_hover=CellStyle(word, mixed(_GNOME_HOVER_SHARE if is_gnome else _HOVER_SHARE)),
        close_button_hover=None if is_gnome else _CLOSE_HOVER,
    )


def is_fancy(config: Config) -> bool:
    """Whether the bar is one that is drawn in pixels where that is possible: at a side it is of cells."""
    return config.use_fancy_tab_bar and config.tab_bar_position not in {"Left", "Right"}


def is_at_bottom(config: Config) -> bool:
    """Whether a bar that is a row is below the panes."""
    position = config.tab_bar_position
    return config.tab_bar_at_bottom if position == "Auto" else position == "Bottom"


def bar_options(config: Config, *, has_window: bool = False, fancy: bool = False) -> BarOptions:
    """The bar's options.

    Args:
        config: the configuration in force.
        has_window: whether the front end has a window of its own, which buttons in the bar can act on.
        fancy: whether the bar is drawn in pixels.
    """
    texts = {name: SgrText(cast("str", text)) for name, text in config.tab_bar_style.items()}
    closes = config.tab_close_buttons if config.show_close_tab_button_in_tabs else "Never"
    if fancy and config.show_close_tab_button_in_tabs and closes == "Never":
        closes = "Always"  # as WezTerm; the option is about cells
    return BarOptions(
        enable_tab_bar=config.enable_tab_bar,
        hide_tab_bar_if_only_one_tab=config.hide_tab_bar_if_only_one_tab,
        tab_bar_at_bottom=config.tab_bar_at_bottom,
        tab_max_width=config.tab_max_width,
        show_tabs_in_tab_bar=config.show_tabs_in_tab_bar,
        show_new_tab_button_in_tab_bar=config.show_new_tab_button_in_tab_bar,
        show_tab_index_in_tab_bar=config.show_tab_index_in_tab_bar,
        tab_and_split_indices_are_zero_based=config.tab_and_split_indices_are_zero_based,
        title_max_width=cast('Literal["measured", "available"]', config.title_max_width),
        integrated_buttons=has_window and "INTEGRATED_BUTTONS" in config.window_decorations,
        integrated_title_buttons=cast("tuple[WindowButton, ...]", config.integrated_title_buttons),
        integrated_title_button_alignment=cast(
            'Literal["Left", "Right"]', config.integrated_title_button_alignment
        ),
        integrated_title_button_style=cast(
            'Literal["Windows", "Gnome", "MacOsNative"]', config.integrated_title_button_style
        ),
        style=BarStyle(**texts),
        zoom_mark=config.tab_zoom_mark,
        unseen_output_mark=config.tab_unseen_output_mark,
        close_buttons=cast('Literal["Never", "Hover", "Always"]', closes),
        position=None if config.tab_bar_position == "Auto" else cast("BarPosition", config.tab_bar_position),
        width=config.tab_bar_width,
        min_width=config.tab_min_width,
        stretch=config.stretch_tabs,
        alignment=cast('Literal["Left", "Center", "Right"]', config.tab_alignment),
        title_alignment=cast('Literal["Left", "Center"]', config.tab_title_alignment),
        scrolling=config.scroll_tabs,
        fancy=fancy,
    )
