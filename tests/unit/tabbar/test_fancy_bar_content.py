"""What a fancy bar shows: titles and how they are asked for, statuses with links, which parts there are."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from perilune.cells.line import CellStyle, Line
from perilune.cells.packing import COLOR_INDEXED, COLOR_RGB, ITALIC
from perilune.cells.sgr_text import SgrText
from perilune.tabbar import BarColors, BarInputs, BarOptions, BuiltinTitles, fancy_content
from perilune.tabbar.fancy_layout import FancyMetrics, layout_fancy

METRICS = FancyMetrics(12.0, 4.0, 8.0)
OPTIONS = BarOptions(fancy=True, close_buttons="Always")


def measure(line: Line) -> float:
    return 8.0 * line.width


def tab(index: int, title: str, *, active: bool = False, progress: object = "None"):
    pane = SimpleNamespace(title=title, progress=progress, is_zoomed=False, has_unseen_output=False)
    return SimpleNamespace(tab_index=index, is_active=active, tab_title="", active_pane=pane, panes=[pane])


def inputs(titles=("zsh", "vim"), *, active=0, source=None, options=OPTIONS, **more):
    tabs = [tab(index, title, active=index == active) for index, title in enumerate(titles)]
    return BarInputs(0, tabs, source or BuiltinTitles(), options, BarColors(), **more)


class Asked:
    """A source that notes questions and answers with padding, as many callbacks do."""

    def __init__(self) -> None:
        self.questions = []

    def title(self, tab, hover, max_width):
        self.questions.append((tab.tab_index, hover, max_width))
        return SgrText(f" {tab.active_pane.title} ")


def test_builtin_titles_have_numbers_and_no_padding_of_blanks():
    assert [one.line.text for one in fancy_content(inputs()).tabs] == ["1: zsh", "2: vim"]


def test_titles_are_asked_twice_as_in_bars_of_cells():
    source = Asked()
    found = fancy_content(inputs(source=source, hovered=("tab", 1)))
    assert source.questions == [(0, False, 16), (0, False, 5), (1, False, 16), (1, True, 5)]
    assert [one.line.text for one in found.tabs] == ["zsh", "vim"]
    available = replace(OPTIONS, title_max_width="available")
    source.questions.clear()
    fancy_content(inputs(source=source, options=available))
    assert [width for _, _, width in source.questions] == [16, 16, 16, 16]


def test_the_tab_pointed_at_has_its_own_style_but_not_the_active_one():
    found = fancy_content(inputs(hovered=("close_tab", 1)))
    assert found.tabs[1].style == BarColors().inactive_tab_hover
    assert found.tabs[1].style.attr & ITALIC
    assert found.tabs[1].is_hovered
    found = fancy_content(inputs(hovered=("tab", 0)))
    assert found.tabs[0].style == BarColors().active_tab


def test_blanks_of_another_colour_are_kept():
    class Colored:
        def title(self, _tab, _hover, _max_width):
            return SgrText(" a \x1b[44m \x1b[0m ")

    (first, _) = fancy_content(inputs(source=Colored())).tabs
    assert first.line.text == "a  "
    assert first.line.clusters[-1].style.bg == COLOR_INDEXED | 4


def test_equal_inputs_make_equal_contents():
    assert fancy_content(inputs(right_status=SgrText("x"))) == fancy_content(
        inputs(right_status=SgrText("x"))
    )
    assert fancy_content(inputs(right_status=SgrText("x"))) != fancy_content(
        inputs(right_status=SgrText("y"))
    )
    assert fancy_content(inputs(hovered=("new_tab", None))) != fancy_content(inputs())


def test_a_spinner_makes_the_bar_animated():
    busy = replace(inputs(), tabs=[tab(0, "make", active=True, progress="Indeterminate")])
    assert fancy_content(busy).is_animated
    assert not fancy_content(inputs()).is_animated


def test_hidden_tabs_leave_the_button_and_the_statuses():
    options = replace(OPTIONS, show_tabs_in_tab_bar=False)
    found = layout_fancy(fancy_content(inputs(options=options)), 300, METRICS, measure)
    assert [part.kind for part in found.parts] == ["new_tab", "right_status"]


def test_a_link_in_a_status_is_hit_where_it_is_drawn():
    status = SgrText("ab\x1b]8;;perilune:go\x1b\\cd\x1b]8;;\x1b\\")
    found = layout_fancy(
        fancy_content(inputs(left_status=status, right_status=status)), 600, METRICS, measure
    )
    left, right = found.parts[0], found.parts[-1]
    for part in (left, right):
        (link,) = part.links
        assert link.x == part.text_x + 16
        assert link.width == 16
        assert found.link_at(link.x) == link
        assert found.link_at(link.x - 1) is None
    assert right.text_x + 32 + round(16 * 0.55) == 600


def test_a_right_status_loses_its_left_and_its_links_follow():
    status = SgrText("dropped \x1b]8;;perilune:go\x1b\\link\x1b]8;;\x1b\\ end")
    found = layout_fancy(fancy_content(inputs(("x",), right_status=status)), 200, METRICS, measure)
    part = found.parts[-1]
    assert part.is_cut
    assert "dropped link end".endswith(part.line.text)
    (link,) = part.links
    assert link.x == round(part.text_x + measure(part.line) - 8 * 8)


def test_window_buttons_are_at_the_side_that_is_configured():
    def kinds(**fields):
        options = replace(OPTIONS, integrated_buttons=True, **fields)
        found = layout_fancy(fancy_content(inputs(("a",), options=options)), 900, METRICS, measure)
        return [part.kind for part in found.parts], found

    order = ["window_hide", "window_maximize", "window_close"]
    assert kinds()[0] == ["tab", "new_tab", "right_status", *order]
    assert kinds(integrated_title_button_alignment="Left")[0] == [*order, "tab", "new_tab", "right_status"]
    native, found = kinds(integrated_title_button_style="MacOsNative")
    assert native == ["tab", "new_tab", "right_status"]
    assert found.parts[0].x == 70


def test_narrow_tabs_give_up_their_close_buttons_the_active_one_last():
    titles = [f"a rather long title {index}" for index in range(6)]
    found = layout_fancy(fancy_content(inputs(titles, active=2)), 600, METRICS, measure)
    assert [part.close_width > 0 for part in found.parts if part.kind == "tab"] == [
        index == 2 for index in range(6)
    ]
    found = layout_fancy(fancy_content(inputs(titles, active=2)), 200, METRICS, measure)
    assert not any(part.close_width for part in found.parts)


def test_a_cut_title_ends_in_dots_of_its_own_colour():
    red = CellStyle(COLOR_RGB | 0xFF0000, BarColors().inactive_tab.bg)

    class Red:
        def title(self, _tab, _hover, _max_width):
            return SgrText("\x1b[38:2::255:0:0mthis one is too long for its tab")

    found = layout_fancy(fancy_content(inputs(("a", "b"), source=Red())), 300, METRICS, measure)
    part = next(part for part in found.parts if part.tab_index == 1)
    assert part.is_cut
    assert part.line.text.endswith("…")
    assert part.line.clusters[-1].style.fg == red.fg
