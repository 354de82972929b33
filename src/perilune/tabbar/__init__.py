"""The tab bar: titles in, cells with hit regions out. Sees no scripts and knows no windows."""

from __future__ import annotations

from perilune.tabbar.bar_line import (
    BarColumn,
    BarInputs,
    BarItem,
    BarLine,
    BarLink,
    ItemKind,
    PointedPart,
    event_of_link,
)
from perilune.tabbar.column import layout_column
from perilune.tabbar.fancy import AnyBar, FancyContent, fancy_content
from perilune.tabbar.format_items import FormatItemError, render_format_items
from perilune.tabbar.layout import layout_bar
from perilune.tabbar.options import BarColors, BarOptions, BarPosition, BarStyle
from perilune.tabbar.title import BuiltinTitles, TitleSource, builtin_title

__all__ = [
    "AnyBar",
    "BarColors",
    "BarColumn",
    "BarInputs",
    "BarItem",
    "BarLine",
    "BarLink",
    "BarOptions",
    "BarPosition",
    "BarStyle",
    "BuiltinTitles",
    "FancyContent",
    "FormatItemError",
    "ItemKind",
    "PointedPart",
    "TitleSource",
    "builtin_title",
    "event_of_link",
    "fancy_content",
    "layout_bar",
    "layout_column",
    "render_format_items",
]
