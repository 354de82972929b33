from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from perilune.cells.sgr_text import SgrText
from perilune.tabbar import (
    BarColors,
    BarInputs,
    BarOptions,
    BarStyle,
    BuiltinTitles,
    builtin_title,
    layout_bar,
)
from perilune.tabbar.title import Progress, progress_glyph


@dataclass(frozen=True)
class Pane:
    title: str = ""
    progress: Progress = ("None", 0)
    is_zoomed: bool = False
    has_unseen_output: bool = False


@dataclass(frozen=True)
class Tab:
    tab_index: int
    is_active: bool
    active_pane: Pane | None
    tab_title: str = ""

    @property
    def panes(self) -> list[Pane]:
        return [self.active_pane] if self.active_pane else []


def make_bar(cols: int, titles: list[str], right_status: str = "", source=None, **more):
    options = BarOptions(**more.pop("options", {}))
    tabs = [Tab(index, index == 0, Pane(title)) for index, title in enumerate(titles)]
    return layout_bar(
        BarInputs(
            cols,
            tabs,
            source or BuiltinTitles(),
            options,
            BarColors(),
            right_status=SgrText(right_status),
            **more,
        )
    )


# The examples that the description of WezTerm's layout works out.
@pytest.mark.parametrize(
    ("cols", "titles", "text"),
    [
        (40, ["zsh", "vim"], " 1: zsh  2: vim  +                R12:34"),
        (20, ["zsh", "vim", "a-very-long-title-here"], " 1: z 2: v 3: a + 34"),
        (30, ["a-very-long-title-here"], " 1: a-very-long- +      R12:34"),
        (12, ["zsh"] * 4, "     + 12:34"),
    ],
)
def test_worked_examples(cols, titles, text):
    assert make_bar(cols, titles, "R12:34").text == text


def test_a_short_title_is_padded_so_that_it_can_be_hit():
    bar = make_bar(20, ["x"], options={"show_tab_index_in_tab_bar": False})
    assert bar.text == "x     + " + " " * 12


class Recorder:
    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def title(self, tab, hover, max_width):
        self.asked.append((tab.tab_index, hover, max_width))
        return self.answer(tab, hover, max_width)


class TestTitleSource:
    def test_it_is_asked_to_measure_and_then_to_draw_with_what_was_measured(self):
        source = Recorder(
            lambda tab, _hover, _max: SgrText("abc" if tab.tab_index else "a title of many cells")
        )
        make_bar(80, ["", ""], source=source, hover_col=17)
        assert source.asked == [(0, False, 16), (1, False, 16), (0, False, 16), (1, True, 3)]

    def test_or_with_what_is_available(self):
        source = Recorder(lambda *_: SgrText("0123456789"))
        make_bar(17, ["", ""], source=source, options={"title_max_width": "available"})
        assert source.asked[2:] == [(0, False, 6), (1, False, 6)]

    def test_none_means_the_builtin_title(self):
        source = Recorder(lambda tab, *_: SgrText("mine") if tab.tab_index else None)
        assert make_bar(30, ["zsh", "vim"], source=source).text.startswith(" 1: zsh mine + ")

    def test_it_is_not_asked_while_tabs_are_not_shown(self):
        source = Recorder(lambda *_: None)
        make_bar(30, ["zsh"], source=source, options={"show_tabs_in_tab_bar": False})
        assert source.asked == []

    def test_a_title_that_is_kept_is_not_parsed_again(self, monkeypatch):
        title = SgrText("\x1b[31mred title")
        tabs = [Tab(index, index == 0, Pane()) for index in range(4)]
        inputs = BarInputs(40, tabs, Recorder(lambda *_: title), BarOptions(), BarColors(), hover_col=9)
        first = layout_bar(inputs)
        monkeypatch.setattr("perilune.cells.sgr_text.parse_sgr_text", None)
        assert layout_bar(inputs) == first


class TestItems:
    def test_a_column_belongs_to_what_is_drawn_there(self):
        bar = make_bar(40, ["zsh", "vim"], "R12:34")
        assert [bar.item_at(col).kind for col in (0, 7, 8, 15, 16, 18, 19, 39)] == [
            "tab", "tab", "tab", "tab", "new_tab", "new_tab", "right_status", "right_status",
        ]  # fmt: skip
        assert [bar.item_at(col).tab_index for col in (0, 7, 8, 16)] == [0, 0, 1, None]
        assert bar.item_at(40) is None

    def test_a_wide_character_that_is_cut_shifts_nothing(self):
        bar = make_bar(40, ["漢字漢字漢字漢字", "zsh"], options={"tab_max_width": 7})
        tabs = [item for item in bar.items if item.kind == "tab"]
        assert [(item.x, item.width) for item in tabs] == [(0, 7), (7, 7)]
        assert bar.line.slice(7, 14).text == " 2: zsh"

    def test_what_overruns_the_window_is_hit_nowhere(self):
        bar = make_bar(5, ["a-very-long-title-here"], left_status=SgrText("status"))
        assert bar.text == "statu"
        assert [bar.item_at(col).kind for col in range(5)] == ["left_status"] * 5
        assert bar.item_at(6) is None


class TestBuiltinTitle:
    def test_a_spinner_shows_that_the_bar_is_due_again(self):
        tab = Tab(0, True, Pane("zsh", ("Indeterminate", 0)))
        inputs = BarInputs(30, [tab], BuiltinTitles(), BarOptions(), BarColors())
        bars = [layout_bar(replace(inputs, spinner_frame=frame)) for frame in (0, 1, 10)]
        assert all(bar.is_animated for bar in bars)
        assert bars[0] != bars[1]
        assert bars[0] == bars[2]
        assert not make_bar(30, ["zsh"]).is_animated
        assert not layout_bar(replace(inputs, titles=Recorder(lambda *_: SgrText("mine")))).is_animated

    @pytest.mark.parametrize(
        ("percent", "glyph"),
        [(0, 0xF0130), (5, 0xF0130), (6, 0xF0A9E), (18, 0xF0A9E), (19, 0xF0A9F), (31, 0xF0A9F), (43, 0xF0AA0),
         (56, 0xF0AA1), (68, 0xF0AA2), (81, 0xF0AA3), (94, 0xF0AA4), (95, 0xF0AA5), (100, 0xF0AA5)],
    )  # fmt: skip
    def test_progress_glyphs(self, percent, glyph):
        assert ord(progress_glyph(percent)) == glyph

    @pytest.mark.parametrize("progress", [("Error", 30), {"Error": 30}])
    def test_progress_as_the_mux_or_as_scripts_have_it(self, progress):
        assert builtin_title(Tab(0, True, Pane("t", progress)), BarOptions()).width == 8
        assert builtin_title(Tab(0, True, Pane("t", "None")), BarOptions()).width == 6
        assert builtin_title(Tab(0, True, Pane("t", {})), BarOptions()).width == 6

    def test_a_programs_title_is_plain_text_and_ends_at_a_line_end(self):
        tab = Tab(0, True, Pane("\x1b]8;;http://evil/\x07click\nmore"))
        line = builtin_title(tab, BarOptions()).line(BarColors().active_tab)
        assert line.text == " 1: ]8;;http://evil/click "
        assert {cell.extra.hyperlink for cell in line.cells()} == {None}

    def test_marks_only_where_they_say_something(self):
        options = BarOptions(zoom_mark="Z ", unseen_output_mark="*")
        pane = Pane("vim", is_zoomed=True, has_unseen_output=True)
        assert builtin_title(Tab(1, False, pane), options).text == " 2: Z *vim "
        assert builtin_title(Tab(1, True, pane), options).text == " 2: Z vim "
        assert builtin_title(Tab(1, False, pane), BarOptions()).text == " 2: vim "


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (BarOptions(), [True, True, True]),
        (BarOptions(hide_tab_bar_if_only_one_tab=True), [False, False, True]),
        (BarOptions(enable_tab_bar=False), [False, False, False]),
    ],
)
def test_whether_there_is_a_bar(options, shown):
    assert [options.shows_bar(tabs) for tabs in (0, 1, 2)] == shown


def test_options_are_values():
    assert BarOptions() == BarOptions()
    assert BarStyle(new_tab=SgrText("+")) != BarStyle()
    assert hash(BarOptions()) == hash(BarOptions())
