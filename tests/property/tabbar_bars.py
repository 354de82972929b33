"""Tabs, titles and bars as unlike each other as can be: what the property tests of the bar draw from."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from perilune.cells.line import CellStyle
from perilune.cells.packing import ITALIC
from perilune.cells.sgr_text import SgrText
from perilune.tabbar import BarColors, BarInputs, BarOptions, BarStyle, BuiltinTitles

# Every tab style differs from every other, so that cells tell whose they are.
ACTIVE, INACTIVE, HOVER = CellStyle(1, 1), CellStyle(2, 2), CellStyle(3, 3, ITALIC)
BUTTON, BUTTON_HOVER = CellStyle(4, 4), CellStyle(5, 5)
BACKGROUND = CellStyle(0, 9)
COLORS = BarColors(9, ACTIVE, INACTIVE, HOVER, BUTTON, BUTTON_HOVER)

# Text as programs and scripts produce it at their worst.
NASTY = st.sampled_from(
    ["漢", "👩\u200d🚀", "e\u0301", "\u0301", "\u200b", "\x1b[3", "\x1b[31m", "\x1b]8;;http://a\x1b\\",
     "\x1b]0;", "\x1bP", "\x07", "\n", "\r", "\x9b1m", "\ud800", "\U0001f1e9", "\x1b[38;2;1", "\x1b[0m",
     "\t", "\x00"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.text(max_size=8), NASTY, st.characters()), max_size=6).map("".join)


@dataclass(frozen=True)
class Pane:
    title: str
    progress: tuple[str, int] = ("None", 0)
    is_zoomed: bool = False
    has_unseen_output: bool = False


@dataclass(frozen=True)
class Tab:
    tab_index: int
    is_active: bool
    active_pane: Pane | None
    tab_title: str = ""
    panes: tuple[Pane, ...] = ()


class Callback:
    """Titles that depend on everything they are told, widths included."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.asked: list[tuple[int, bool, int]] = []

    def title(self, tab, hover, max_width):
        self.asked.append((tab.tab_index, hover, max_width))
        if not self.texts:
            return None
        text = self.texts[(tab.tab_index + hover + max_width) % len(self.texts)]
        return SgrText(text) if text else None


PANES = st.builds(
    Pane,
    TEXTS,
    st.tuples(st.sampled_from(["None", "Percentage", "Error", "Indeterminate"]), st.integers(0, 100)),
)


BEYOND = st.fixed_dictionaries(
    {},
    optional={
        "close_buttons": st.sampled_from(["Hover", "Always"]),
        "position": st.sampled_from(["Top", "Bottom", "Left", "Right"]),
        "min_width": st.integers(0, 25),
        "stretch": st.just(True),
        "alignment": st.sampled_from(["Center", "Right"]),
        "title_alignment": st.just("Center"),
        "scrolling": st.just(True),
        "zoom_mark": st.just("z"),
    },
)


@st.composite
def bars(draw, *, with_beyond=False):
    """A bar's inputs; with options that WezTerm does not have, if asked for."""
    count = draw(st.integers(0, 6) | st.just(40))
    active = draw(st.integers(0, max(count - 1, 0)))
    shapes = draw(st.lists(st.tuples(st.none() | PANES, TEXTS), min_size=1, max_size=6))
    tabs = []
    for index in range(count):
        pane, title = shapes[index % len(shapes)]
        tabs.append(Tab(index, index == active, pane, title, (pane,) if pane else ()))
    names = ("new_tab", "new_tab_hover", "window_hide", "window_hide_hover", "window_close")
    beyond = draw(BEYOND) if with_beyond else {}
    style = BarStyle(**{name: SgrText(draw(TEXTS)) for name in draw(st.sets(st.sampled_from(names)))})
    flag = st.booleans()
    options = BarOptions(
        tab_max_width=draw(st.integers(0, 20)),
        show_tabs_in_tab_bar=draw(flag),
        show_new_tab_button_in_tab_bar=draw(flag),
        show_tab_index_in_tab_bar=draw(flag),
        title_max_width=draw(st.sampled_from(["measured", "available"])),
        integrated_buttons=draw(flag),
        integrated_title_button_alignment=draw(st.sampled_from(["Left", "Right"])),
        integrated_title_button_style=draw(st.sampled_from(["Windows", "MacOsNative"])),
        tab_bar_at_bottom=draw(flag),
        style=style,
        **beyond,
    )
    source = Callback(draw(st.lists(TEXTS, max_size=4))) if draw(flag) else BuiltinTitles()
    more = {}
    if with_beyond:
        more["rows"] = draw(st.integers(1, 30)) if options.is_vertical else 1
        more["hover_row"] = draw(st.none() | st.integers(0, 30)) if options.is_vertical else None
        more["scroll"] = draw(st.integers(0, 45))
        more["follows_active"] = draw(flag)
    return BarInputs(
        cols=draw(st.integers(1, 120)),
        tabs=tabs,
        titles=source,
        options=options,
        colors=COLORS,
        left_status=SgrText(draw(TEXTS)),
        right_status=SgrText(draw(TEXTS)),
        hover_col=draw(st.none() | st.integers(0, 120)),
        **more,
    )
