"""The palette as scripts see it: `resolved_palette`, complete, colours as "#rrggbb" text.

Deciding what a colour is belongs to `palette`; here the gaps are filled with WezTerm's defaults, so that a
script may index any element whether or not it is configured.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.base.color import ANSI_COLOR_NAMES, Rgb, alpha_of, default_palette
from perilune.config.palette import ColorSpec, Palette, TabBarColor

__all__ = ["DEFAULT_COLORS", "RESOLVED_PALETTE", "TRANSPARENT", "color_text", "resolved_palette"]

RESOLVED_PALETTE = "resolved_palette"
"""Its name among the options: no option, but shown with them; one that is written back is ignored."""

TRANSPARENT = "rgba(0% 0% 0% 0%)"
"""How WezTerm writes a colour that lets through what lies behind."""

DEFAULT_COLORS: Mapping[str, str] = MappingProxyType(
    {
        "foreground": "#b2b2b2",
        "background": "#000000",
        "cursor_bg": "#52ad70",
        "cursor_fg": "#000000",
        "cursor_border": "#52ad70",
        "selection_fg": TRANSPARENT,
        "selection_bg": "rgba(50% 40% 60% 50%)",
        "scrollbar_thumb": "#222222",
        "split": "#444444",
    }
)
"""What WezTerm draws with where nothing is configured, beside the ANSI colours."""


def color_text(color: Rgb | None) -> str:
    """A colour as text; None is transparent."""
    if color is None:
        return TRANSPARENT
    alpha = alpha_of(color)
    if alpha < 1:
        return "rgba({:.4g}% {:.4g}% {:.4g}% {:.4g}%)".format(*(item / 2.55 for item in color), alpha * 100)
    return "#{:02x}{:02x}{:02x}".format(*color)


def resolved_palette(palette: Palette) -> dict[str, object]:
    """The palette as a table of text.

    >>> resolved_palette(Palette(foreground=(1, 2, 3)))["foreground"]
    '#010203'
    """
    ansi = default_palette()[:16]
    found: dict[str, object] = dict(DEFAULT_COLORS)
    for name in palette.declared:
        value = getattr(palette, name)
        if name not in {"ansi", "brights", "indexed", "tab_bar"} and value is not None:
            found[name] = _spec(value)
    found["ansi"] = [color_text(color) for color in palette.ansi or ansi[:8]]
    found["brights"] = [color_text(color) for color in palette.brights or ansi[8:]]
    found["indexed"] = {index: color_text(color) for index, color in palette.indexed.items()}
    found["tab_bar"] = {name: _bar_element(value) for name, value in palette.tab_bar.items()}
    return found


def _spec(value: ColorSpec) -> object:
    if isinstance(value, int):
        return {"AnsiColor": ANSI_COLOR_NAMES[value]}
    return value if isinstance(value, str) else color_text(value)


def _bar_element(value: object) -> object:
    if isinstance(value, TabBarColor):
        return {name: _attribute(name, item) for name, item in value.items()}
    return color_text(value)  # type: ignore[arg-type] # what is no element is a colour


def _attribute(name: str, value: object) -> object:
    if name in {"bg_color", "fg_color"}:
        return color_text(value)  # type: ignore[arg-type] # by its declaration
    return value
