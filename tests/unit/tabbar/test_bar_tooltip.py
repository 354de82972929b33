from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.tabbar import BarColors, BarInputs, BarOptions, BuiltinTitles, layout_bar, layout_column
from perilune.tabbar.tooltip import lay_out_tooltip


@dataclass(frozen=True)
class Pane:
    title: str = ""
    progress: tuple[str, int] = ("None", 0)
    is_zoomed: bool = False
    has_unseen_output: bool = False


@dataclass(frozen=True)
class Tab:
    tab_index: int
    is_active: bool
    active_pane: Pane
    tab_title: str = ""
    panes: tuple[Pane, ...] = ()


LONG = "a title that does not fit in a tab"


def tooltip(title=LONG, position="Top", cols=60, rows=10, index=1, width=16, **options):
    tabs = [Tab(0, True, Pane("zsh")), Tab(1, False, Pane(title))]
    settings = BarOptions(position=position, **options)
    if settings.is_vertical:
        bar = layout_column(BarInputs(width, tabs, BuiltinTitles(), settings, BarColors(), rows=rows))
        place = (0, 0 if position == "Left" else cols - width)
    else:
        bar = layout_bar(BarInputs(cols, tabs, BuiltinTitles(), settings, BarColors()))
        place = (0 if position == "Top" else rows - 1, 0)
    item = next(item for item in bar.items if item.tab_index == index)
    return lay_out_tooltip(bar, item, title, BarColors(), position, place, (cols, rows))


@pytest.mark.parametrize(
    ("position", "row", "col"), [("Top", 1, 8), ("Bottom", 8, 8), ("Left", 1, 16), ("Right", 1, 60 - 16 - 36)]
)
def test_it_is_beside_the_bar(position, row, col):
    found = tooltip(position=position)
    assert (found.row, found.col) == (row, col)
    assert found.line.text == f" {LONG} "


def test_it_is_pushed_into_the_window_and_cut_there():
    assert tooltip(cols=40).col == 4
    found = tooltip(cols=20)
    assert found.col == 0
    assert found.line.text == f" {LONG[:18]}…"


def test_there_is_none_for_what_can_be_read():
    assert tooltip("short") is None
    assert tooltip("  short ") is None
    assert tooltip("") is None
    assert tooltip("\x1b[31mshort\x1b[0m", index=1) is None


def test_escapes_do_not_reach_it():
    assert tooltip(f"\x1b[31m{LONG}\x1b]0;x\x07\n").line.text == f" {LONG} "


def test_there_is_none_without_a_row_for_it():
    assert tooltip(rows=1) is None


def test_a_close_button_is_no_part_of_the_title():
    assert tooltip("short", close_buttons="Always") is None


@given(
    st.text(max_size=60),
    st.sampled_from(["Top", "Bottom", "Left", "Right"]),
    st.integers(2, 80),
    st.integers(3, 8),
)
def test_it_is_always_within_the_window(title, position, cols, rows):
    found = tooltip(title, position, cols, rows, width=min(16, cols // 2))
    if found is not None:
        assert 0 <= found.row < rows
        assert found.col >= 0
        assert found.col + found.line.width <= cols
