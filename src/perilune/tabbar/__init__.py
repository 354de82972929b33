"""The tab bar: titles in, one line of cells with hit regions out. Sees no scripts and holds no state."""

from __future__ import annotations

from perilune.tabbar.format_items import FormatItemError, render_format_items
from perilune.tabbar.layout import BarInputs, BarItem, BarLine, layout_bar
from perilune.tabbar.options import BarColors, BarOptions, BarStyle
from perilune.tabbar.title import BuiltinTitles, TitleSource, builtin_title

__all__ = [
    "BarColors",
    "BarInputs",
    "BarItem",
    "BarLine",
    "BarOptions",
    "BarStyle",
    "BuiltinTitles",
    "FormatItemError",
    "TitleSource",
    "builtin_title",
    "layout_bar",
    "render_format_items",
]
