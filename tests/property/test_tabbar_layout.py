"""Any tabs, any titles, any width: the bar adds up, and is hit where it is drawn."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.cells.buffer import CellBuffer
from perilune.cells.line import CellStyle, Line
from perilune.cells.sgr_text import SgrText, parse_sgr_text
from perilune.cells.tables import CellTables
from perilune.cells.width import text_width
from perilune.tabbar import BarColors, BarInputs, BarOptions, BuiltinTitles, layout_bar
from property.tabbar_bars import ACTIVE, COLORS, HOVER, INACTIVE, TEXTS, Callback, Pane, Tab, bars


def cell_styles(line: Line) -> list[tuple[int, int, int]]:
    return [(cell.fg, cell.bg, cell.attr) for cell in line.cells()]


@settings(deadline=None, max_examples=300)
@given(bars())
def test_the_bar_adds_up(inputs):
    bar = layout_bar(inputs)
    line = bar.line
    assert line.width == len(line.cells()) == sum(part.width for part in bar.parts)
    assert line.width >= inputs.cols
    # Items lie side by side from left to right; between them there is only background.
    column = 0
    for item in bar.items:
        assert item.x >= column
        gap = line.slice(column, item.x)
        assert gap.text.strip(" ") == ""
        column = item.x + item.width
    assert column <= line.width
    assert line.slice(column, line.width).text.strip(" ") == ""
    # What overruns is the left part or the buttons, and then the right status has no room.
    if line.width > inputs.cols:
        [right] = [item for item in bar.items if item.kind == "right_status"]
        buttons = sum(item.width for item in bar.items if item.kind.startswith("window_"))
        assert right.width == 0 or buttons
    for col in range(inputs.cols):
        item = bar.item_at(col)
        assert (item is not None) == any(each.x <= col < each.x + each.width for each in bar.items)
    assert bar.item_at(-1) is None
    assert bar.item_at(inputs.cols) is None


@settings(deadline=None, max_examples=300)
@given(bars())
def test_tabs_stay_within_their_width(inputs):
    bar = layout_bar(inputs)
    tabs = [item for item in bar.items if item.kind == "tab"]
    assert [item.tab_index for item in tabs] == list(
        range(len(inputs.tabs) if inputs.options.show_tabs_in_tab_bar else 0)
    )
    assert all(0 <= item.width <= inputs.options.tab_max_width for item in tabs)
    if isinstance(inputs.titles, Callback):
        assert all(0 <= max_width <= inputs.options.tab_max_width for _, _, max_width in inputs.titles.asked)
        if inputs.hover_col is None:
            assert len(inputs.titles.asked) == 2 * len(tabs)
        assert len(inputs.titles.asked) <= 3 * len(tabs)


class Widths:
    """Titles of given widths: plain, asked with less room, hovered."""

    def __init__(self, widths: list[tuple[int, int, int]]) -> None:
        self.widths = widths

    def title(self, tab, hover, max_width):
        plain, squeezed, hovered = self.widths[tab.tab_index]
        return SgrText("x" * (hovered if hover else squeezed if max_width < 14 else plain))


@settings(deadline=None, max_examples=500)
@given(
    st.lists(st.tuples(*[st.integers(0, 14)] * 3), min_size=1, max_size=5),
    st.integers(0, 40),
    st.integers(10, 90),
)
def test_a_tab_is_hovered_where_it_is_drawn_and_no_two_are(widths, hover_col, cols):
    tabs = [Tab(index, index == 0, Pane("")) for index in range(len(widths))]
    options = BarOptions(tab_max_width=14)
    bar = layout_bar(BarInputs(cols, tabs, Widths(widths), options, COLORS, hover_col=hover_col))
    styles = cell_styles(bar.line)
    hovered = []
    for item in bar.items:
        if item.kind != "tab" or not item.width:
            continue
        [found] = set(styles[item.x : item.x + item.width])
        assert found in ([ACTIVE[:3]] if item.tab_index == 0 else [INACTIVE[:3], HOVER[:3]])
        if found == HOVER[:3]:
            hovered.append(item)
    assert len(hovered) <= 1
    for item in hovered:
        assert item.x <= hover_col < item.x + item.width
    # The other way round: an inactive tab under the pointer is hovered, unless that makes it too narrow.
    for item in bar.items:
        if item.kind == "tab" and item.tab_index and item.x <= hover_col < item.x + item.width:
            assert item in hovered or hover_col >= item.x + widths[item.tab_index][2]


@settings(deadline=None, max_examples=200)
@given(bars(), st.integers(-3, 3), st.integers(1, 130))
def test_drawing_shows_the_line_clipped_to_the_window(inputs, col, buffer_cols):
    bar = layout_bar(inputs)
    tables = CellTables()
    buffer = CellBuffer(buffer_cols, 3, tables)
    for row in range(3):
        buffer.put_text(row, 0, "漢" * 70, fg=7)
    above = [buffer.cell_text(0, column) for column in range(buffer_cols)]
    bar.draw(buffer, 1, col)
    bar.draw(buffer, 3, col)
    bar.draw(buffer, -1, col)
    assert [buffer.cell_text(0, column) for column in range(buffer_cols)] == above
    assert [buffer.cell_text(2, column) for column in range(buffer_cols)] == above
    left, right = max(col, 0), min(col + inputs.cols, buffer_cols)
    shown = bar.line.slice(left - col, right - col).cells() if right > left else []
    drawn = [buffer.cell_text(1, column) for column in range(left, max(left, right))]
    assert drawn == [cell.text for cell in shown]
    # Whatever was cut, no half of a wide character is left over.
    column = 0
    while column < buffer_cols:
        width = text_width(buffer.cell_text(1, column)) or 1
        assert buffer.cell_text(1, column) != ""
        if width == 2:
            assert buffer.cell_text(1, column + 1) == ""
        column += width


@given(bars())
@settings(deadline=None, max_examples=50)
def test_the_same_inputs_make_an_equal_bar(inputs):
    one, other = layout_bar(inputs), layout_bar(inputs)
    assert one == other
    assert one.line == other.line
    assert hash(one.line) == hash(other.line)


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 500), st.integers(1, 400), TEXTS)
def test_from_one_to_five_hundred_tabs(count, cols, title):
    tabs = [Tab(index, index == 0, Pane(title)) for index in range(count)]
    bar = layout_bar(BarInputs(cols, tabs, BuiltinTitles(), BarOptions(), BarColors()))
    assert [item.tab_index for item in bar.items if item.kind == "tab"] == list(range(count))
    [button] = [item for item in bar.items if item.kind == "new_tab"]
    assert button.x + button.width <= max(cols, 3), "tabs leave room for the button"


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.integers(-2, 30), st.integers(-2, 30))
def test_slices_have_the_cells_of_the_whole_but_for_halves(text, start, stop):
    line = parse_sgr_text(text, CellStyle(3, 4))
    cells = line.cells()
    first, last = max(start, 0), min(stop, line.width)
    part = line.slice(start, stop).cells()
    assert len(part) == max(last - first, 0)
    for offset, cell in enumerate(part):
        whole = cells[first + offset]
        if cell != whole:
            assert cell.text == " "
            assert cell[2:] == whole[2:]
            assert offset in {0, len(part) - 1}
    assert line.left(start) == line.slice(0, start)
    assert line.slice(0, first) + line.slice(first, line.width) == line or any(
        cell.width == 0 for cell in cells[first : first + 1]
    )


@settings(deadline=None, max_examples=500)
@given(TEXTS, TEXTS)
def test_parsing_takes_any_text_and_no_escape_is_left_over(text, rest):
    line = parse_sgr_text(text, CellStyle())
    for cluster in line.clusters:
        assert cluster.width in {1, 2}
        assert cluster.text
        assert not any(char < " " or "\x7f" <= char <= "\x9f" for char in cluster.text)
    line.text.encode()
    after = parse_sgr_text(f"{text}\n{rest}", CellStyle())
    if not any(start in text for start in ("\x1b", "\x9b", "\x9d", "\x90", "\x98", "\x9e", "\x9f")):
        assert after == line
