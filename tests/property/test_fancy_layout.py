"""Whatever a fancy bar shows, at any width down to nothing: boxes tile, text stays in them, hits are what is drawn."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.cells.line import CellStyle, Line
from perilune.tabbar.bar_line import BarLink
from perilune.tabbar.fancy import FancyContent, FancyTab
from perilune.tabbar.fancy_layout import FancyMetrics, layout_fancy
from perilune.tabbar.options import BarColors, BarOptions

METRICS = FancyMetrics(12.3, 3.4, 7.1)
STYLE = CellStyle()


def measure(line: Line) -> float:
    """A proportional font: each letter has a width of its own."""
    return sum((3 + ord(cluster.text[0]) % 9) * 1.13 for cluster in line.clusters)


texts = st.text(st.sampled_from("iWm 漢x1…é"), max_size=25)
lines = texts.map(lambda text: Line.from_text(text, STYLE))
options = st.builds(
    BarOptions,
    show_new_tab_button_in_tab_bar=st.booleans(),
    integrated_buttons=st.booleans(),
    integrated_title_buttons=st.lists(
        st.sampled_from(["Hide", "Maximize", "Close"]), unique=True, max_size=3
    ).map(tuple),
    integrated_title_button_alignment=st.sampled_from(["Left", "Right"]),
    integrated_title_button_style=st.sampled_from(["Windows", "Gnome", "MacOsNative"]),
    close_buttons=st.sampled_from(["Never", "Hover", "Always"]),
    tab_bar_at_bottom=st.booleans(),
    min_width=st.integers(0, 30),
    stretch=st.booleans(),
    alignment=st.sampled_from(["Left", "Center", "Right"]),
    title_alignment=st.sampled_from(["Left", "Center"]),
    fancy=st.just(True),
)


@st.composite
def contents(draw):
    titles = draw(st.lists(lines, max_size=8))
    active = draw(st.integers(0, max(len(titles) - 1, 0)))
    hovered = draw(st.none() | st.tuples(st.sampled_from(["tab", "close_tab"]), st.integers(0, 7)))
    tabs = tuple(
        FancyTab(title, STYLE, index == active, hovered is not None and hovered[1] == index)
        for index, title in enumerate(titles)
    )
    left, right = draw(lines), draw(lines)
    links = (BarLink("a:b", 1, 3),)
    return FancyContent(tabs, left, right, draw(options), BarColors(), links, links, hovered)


widths = st.integers(0, 60) | st.integers(0, 2500)


@settings(deadline=None)
@given(contents(), widths)
def test_boxes_lie_in_the_bar_side_by_side_and_hold_their_text(content, width):
    layout = layout_fancy(content, width, METRICS, measure)
    assert layout.height == METRICS.height
    for part, beside in pairwise(layout.parts):
        assert part.right <= beside.x
    for part in layout.parts:
        assert 0 <= part.x < part.right <= width
        assert part.close_width == 0 or part.x < part.close_x < part.right == part.close_x + part.close_width
        if part.line.width:
            assert part.x <= part.text_x
            assert measure(part.line) <= part.text_width + 1e-6 or part.kind == "left_status"
            end = part.close_x if part.close_width else part.right
            assert part.text_x + part.text_width <= end + 1e-6
        for link in part.links:
            assert part.x <= link.x < link.x + link.width <= part.right


@settings(deadline=None)
@given(contents(), widths)
def test_every_column_of_pixels_hits_what_is_drawn_there(content, width):
    layout = layout_fancy(content, width, METRICS, measure)
    for x in {
        *range(min(width, 80)),
        *(part.x for part in layout.parts),
        *(part.right - 1 for part in layout.parts),
    }:
        drawn = [part for part in layout.parts if part.x <= x < part.right]
        hit = layout.hit(x)
        if not drawn:
            assert hit is None
            continue
        (part,) = drawn
        is_close = part.close_width > 0 and x >= part.close_x
        assert hit == ("close_tab" if is_close else part.kind, part.tab_index)
    assert layout.hit(-1) is None
    assert layout.hit(width) is None


@settings(deadline=None)
@given(contents(), widths)
def test_tabs_that_fit_are_whole_and_others_are_cut_fairly(content, width):
    layout = layout_fancy(content, width, METRICS, measure)
    shown = [part for part in layout.parts if part.kind == "tab"]
    wide = layout_fancy(content, 20_000, METRICS, measure)
    natural = {part.tab_index: part for part in wide.parts if part.kind == "tab"}
    assert len(natural) == len(content.tabs)
    # A button that comes with the pointer lies over the end of the title, so that nothing moves.
    comes = content.options.close_buttons == "Hover"
    assert not any(part.is_cut for part in natural.values() if not (comes and part.is_hovered))
    if content.options.stretch:
        assert (
            max((part.width for part in shown), default=0)
            <= min((part.width for part in shown), default=0) + 1
        )
        return
    cut = [part for part in shown if part.width < natural[part.tab_index].width]
    for part in shown:
        assert part.width <= natural[part.tab_index].width
        # Nobody is narrowed for a tab that stays wider.
        assert not cut or part.width <= min(one.width for one in cut) + 1


@settings(deadline=None)
@given(contents(), widths, st.data())
def test_a_dragged_tab_stays_where_it_was_dropped(content, width, data):
    layout = layout_fancy(content, width, METRICS, measure)
    x = data.draw(st.integers(0, max(width, 1)))
    place = layout.drop_place(x)
    active = next((index for index, tab in enumerate(content.tabs) if tab.is_active), None)
    if place is None or active is None:
        return
    tabs = list(content.tabs)
    tabs.insert(place, tabs.pop(active))
    moved = FancyContent(tuple(tabs), content.left, content.right, content.options, content.colors)
    again = layout_fancy(moved, width, METRICS, measure)
    if {part.width for part in layout.parts if part.kind == "tab"} == {
        part.width for part in again.parts if part.kind == "tab"
    }:
        assert again.drop_place(x) in {None, place}
