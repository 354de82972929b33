"""Bars with the options that WezTerm does not have: they add up, and are hit where they are drawn."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.cells.buffer import CellBuffer
from perilune.cells.sgr_text import SgrText
from perilune.cells.tables import CellTables
from perilune.tabbar import BarInputs, BarOptions, BuiltinTitles, layout_bar, layout_column
from property.tabbar_bars import COLORS, Pane, Tab, bars


def tabs_of(count, active=0, title="a title"):
    return [Tab(index, index == active, Pane(title)) for index in range(count)]


def tab_widths(bar):
    """The width of each tab that is shown, with its close button."""
    widths = {}
    for item in bar.items:
        if item.tab_index is not None:
            widths[item.tab_index] = widths.get(item.tab_index, 0) + item.width
    return widths


@settings(deadline=None, max_examples=300)
@given(bars(with_beyond=True))
def test_a_line_adds_up(inputs):
    inputs = replace(inputs, options=replace(inputs.options, position=None))
    bar = layout_bar(inputs)
    line = bar.line
    assert line.width == len(line.cells()) == sum(part.width for part in bar.parts) >= inputs.cols
    column = 0
    for item in bar.items:
        assert item.x >= column
        assert line.slice(column, item.x).text.strip(" ") == "", "nothing is drawn where nothing is hit"
        column = item.x + item.width
    assert line.slice(column, line.width).text.strip(" ") == ""
    assert bar == layout_bar(inputs)
    shown = [item.tab_index for item in bar.items if item.kind == "tab"]
    assert shown == list(range(shown[0], shown[0] + len(shown))) if shown else True
    assert 0 <= bar.scroll <= bar.scroll_end < max(len(inputs.tabs), 1)
    if not inputs.options.scrolling and inputs.options.show_tabs_in_tab_bar:
        assert len(shown) == len(inputs.tabs)
    for link in bar.links:
        assert link.x >= 0
        assert link.x + link.width <= line.width


@settings(deadline=None, max_examples=300)
@given(bars(with_beyond=True))
def test_a_column_adds_up(inputs):
    inputs = replace(inputs, options=replace(inputs.options, position="Left"), rows=max(inputs.rows, 1))
    bar = layout_column(inputs)
    assert bar.rows == inputs.rows
    assert [line.width for line in bar.lines] == [inputs.cols] * inputs.rows
    hit = set()
    for item in bar.items:
        assert 0 <= item.y < inputs.rows
        assert item.x >= 0
        assert item.x + item.width <= inputs.cols
        cells = {(item.y, col) for col in range(item.x, item.x + item.width)}
        assert not cells & hit
        hit |= cells
    for row, line in enumerate(bar.lines):
        for col, cell in enumerate(line.cells()):
            assert (row, col) in hit or cell.text == " "
            item = bar.item_at(col, row)
            assert (item is not None) == ((row, col) in hit)
    shown = [item.tab_index for item in bar.items if item.kind == "tab"]
    assert shown == list(range(shown[0], shown[0] + len(shown))) if shown else True
    if inputs.tabs and inputs.options.show_tabs_in_tab_bar:
        assert shown, "whatever the rows, a tab is to be seen"
        active = next(tab.tab_index for tab in inputs.tabs if tab.is_active)
        assert not inputs.follows_active or active in shown
    buffer = CellBuffer(inputs.cols + 2, inputs.rows + 2, CellTables())
    bar.draw(buffer, 1, 1)
    assert [buffer.cell_text(1 + row, 1) for row in range(inputs.rows)] == [
        line.cells()[0].text for line in bar.lines
    ]


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 500), st.integers(0, 499), st.integers(1, 200), st.integers(0, 600), st.booleans())
def test_scrolling_shows_the_active_tab_and_reaches_every_other(count, active, cols, scroll, follows):
    active %= count
    options = BarOptions(scrolling=True)
    inputs = BarInputs(
        cols, tabs_of(count, active), BuiltinTitles(), options, COLORS, scroll=scroll, follows_active=follows
    )
    bar = layout_bar(inputs)
    widths = tab_widths(bar)
    if follows and cols > 3:
        assert active in widths
        if cols > 30:
            assert widths[active] == len(f" {active + 1}: a title "), "it is to be seen whole"
    if not follows:
        assert bar.scroll == min(scroll, bar.scroll_end)
    if bar.scroll_end and cols > 30:
        assert bar.line.width == cols
        kinds = {item.kind for item in bar.items}
        assert ("scroll_back" in kinds) == (bar.scroll > 0)
        assert ("scroll_forward" in kinds) == (bar.scroll < bar.scroll_end)
        end = layout_bar(replace(inputs, scroll=bar.scroll_end, follows_active=False))
        assert tab_widths(end)[count - 1] == len(f" {count}: a title "), (
            "the end of the way shows the last tab whole"
        )


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 60), st.integers(1, 300), st.text("ab", max_size=40), st.booleans())
def test_stretched_tabs_leave_no_gap_and_differ_by_a_cell_at_most(count, cols, status, scrolling):
    options = BarOptions(stretch=True, scrolling=scrolling)
    bar = layout_bar(
        BarInputs(cols, tabs_of(count), BuiltinTitles(), options, COLORS, right_status=SgrText(status))
    )
    if bar.scroll_end:
        return
    widths = tab_widths(bar)
    assert len(widths) == count
    assert max(widths.values()) - min(widths.values()) <= 1
    [status_item] = [item for item in bar.items if item.kind == "right_status"]
    assert status_item.width <= len(status)
    assert bar.line.width == max(cols, 3)


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 9), st.integers(20, 200), st.text("ab", max_size=9), st.text("ab", max_size=9))
def test_centred_tabs_are_in_the_middle_unless_a_status_is(count, cols, left, right):
    options = BarOptions(alignment="Center")
    inputs = BarInputs(
        cols, tabs_of(count, title=""), BuiltinTitles(), options, COLORS, SgrText(left), SgrText(right)
    )
    bar = layout_bar(inputs)
    group = [item for item in bar.items if item.kind in {"tab", "new_tab"}]
    start, end = group[0].x, group[-1].x + group[-1].width
    if end - start + 2 * max(len(left), len(right)) <= cols:
        assert abs(start - (cols - end)) <= 1
    assert start >= len(left)


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 9), st.integers(1, 200), st.integers(0, 30))
def test_tabs_have_their_least_width_while_there_is_room(count, cols, min_width):
    options = BarOptions(min_width=min_width, tab_max_width=40)
    bar = layout_bar(BarInputs(cols, tabs_of(count), BuiltinTitles(), options, COLORS))
    wanted = max(min_width, 12)
    if cols >= count * wanted + count - 1 + 3:
        assert set(tab_widths(bar).values()) == {wanted}


@settings(deadline=None, max_examples=300)
@given(bars(with_beyond=True))
def test_no_more_than_one_tab_has_a_close_button_under_the_pointer(inputs):
    options = replace(inputs.options, close_buttons="Hover")
    inputs = replace(inputs, options=options)
    bar = layout_column(inputs) if options.is_vertical else layout_bar(inputs)
    buttons = [item for item in bar.items if item.kind == "close_tab"]
    assert len(buttons) <= 1
    for button in buttons:
        if button.width == options.style.close_tab.width:
            row = inputs.hover_row if options.is_vertical else 0
            under = bar.item_at(inputs.hover_col, row) if inputs.hover_col < inputs.cols else button
            assert under.tab_index == button.tab_index
