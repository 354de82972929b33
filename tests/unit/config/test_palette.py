from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.config.options import Config
from perilune.config.palette import Colors, Palette, TabBarColor, TabBarColors, TabBarTable
from perilune.config.problems import Place

ELEMENT = {"bg_color": "#010203", "fg_color": "#040506"}


def palette(values: dict[str, object]) -> Palette:
    config, problems = Config.from_mapping(values)
    assert not problems
    return config.palette


def test_nothing_is_configured_by_default():
    found = palette({})
    assert found.tab_bar == TabBarColors()
    assert all(value is None for name, value in found.items() if name not in {"tab_bar", "indexed"})
    assert [found.entry(index) for index in range(256)] == [None] * 256


def test_default_bar_colours():
    bar = palette({}).tab_bar
    grey = (0x33, 0x33, 0x33)
    assert bar.background == grey
    assert bar.active_tab == TabBarColor(bg_color=(0, 0, 0), fg_color=(0xC0, 0xC0, 0xC0))
    assert bar.inactive_tab == bar.new_tab == TabBarColor(bg_color=grey, fg_color=(0x80, 0x80, 0x80))
    hover = TabBarColor(bg_color=(0x1F, 0x1F, 0x1F), fg_color=(0x90, 0x90, 0x90), italic=True)
    assert bar.inactive_tab_hover == bar.new_tab_hover == hover


def test_an_element_replaces_the_whole_default():
    bar = palette({"colors": {"tab_bar": {"inactive_tab_hover": ELEMENT}}}).tab_bar
    assert bar.inactive_tab_hover == TabBarColor(bg_color=(1, 2, 3), fg_color=(4, 5, 6))
    assert not bar.inactive_tab_hover.italic
    assert bar.new_tab_hover.italic


@pytest.mark.parametrize("missing", ["bg_color", "fg_color"])
def test_an_element_needs_both_colours(missing):
    element = {name: value for name, value in ELEMENT.items() if name != missing}
    config, (problem,) = Config.from_mapping(
        {"colors": {"tab_bar": {"active_tab": element, "background": "red"}}}
    )
    assert problem.message == f"colors.tab_bar.active_tab: the field {missing!r} is missing"
    assert config.palette.tab_bar.active_tab == TabBarColors().active_tab
    assert config.palette.tab_bar.background == (255, 0, 0)


def test_the_tab_bar_of_colors_lies_over_that_of_the_scheme_element_by_element():
    bar = palette(
        {
            "color_scheme": "mine",
            "color_schemes": {
                "mine": {
                    "background": "#111111",
                    "indexed": {20: "#202020", 21: "#212121"},
                    "tab_bar": {
                        "background": "#222222",
                        "active_tab": {**ELEMENT, "italic": True},
                        "new_tab": ELEMENT,
                    },
                }
            },
            "colors": {
                "foreground": "#eeeeee",
                "indexed": {21: "#ffffff"},
                "tab_bar": {"active_tab": {"bg_color": "red", "fg_color": "blue"}},
            },
        }
    )
    assert (bar.background, bar.foreground) == ((0x11,) * 3, (0xEE,) * 3)
    assert (bar.entry(20), bar.entry(21)) == ((0x20,) * 3, (255, 255, 255))
    assert bar.tab_bar.background == (0x22,) * 3
    assert bar.tab_bar.active_tab == TabBarColor(bg_color=(255, 0, 0), fg_color=(0, 0, 255))
    assert bar.tab_bar.new_tab == TabBarColor(bg_color=(1, 2, 3), fg_color=(4, 5, 6))


def test_an_own_scheme_hides_a_built_in_one():
    schemes = {"Dracula": {"background": "#010101"}}
    assert palette({"color_scheme": "Dracula (Official)"}).background == (0x28, 0x2A, 0x36)
    assert palette({"color_scheme": "Dracula", "color_schemes": schemes}).background == (1, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "rgba(0,0,0,0)",
        "rgba(10% 10% 10% 0%)",
        "#12345600",
        "#1230",
        "none",
        "transparent",
        "rgba(0, 0, 0, 0.0)",
    ],
)
def test_a_transparent_background_is_what_lies_behind(text):
    found = palette(
        {"colors": {"tab_bar": {"background": text, "active_tab": {**ELEMENT, "bg_color": text}}}}
    )
    assert found.tab_bar.background is None
    assert found.tab_bar.active_tab.bg_color is None


@pytest.mark.parametrize(("text", "rgb"), [("rgba(1,2,3,0.5)", (1, 2, 3)), ("rgb(1,2,0)", (1, 2, 0))])
def test_a_translucent_one_keeps_its_colour(text, rgb):
    found = palette({"colors": {"tab_bar": {"background": text}}}).tab_bar.background
    assert found is not None
    assert tuple(found) == rgb


def test_entries():
    ansi = [f"#{number:02x}0000" for number in range(8)]
    brights = [f"#00{number:02x}00" for number in range(8)]
    found = palette(
        {"colors": {"ansi": ansi, "brights": brights, "indexed": {"16": "#000010", 136.0: "#880088"}}}
    )
    assert [found.entry(index) for index in (0, 7, 8, 15)] == [(0, 0, 0), (7, 0, 0), (0, 0, 0), (0, 7, 0)]
    assert (found.entry(16), found.entry(17), found.entry(136)) == ((0, 0, 16), None, (136, 0, 136))


@pytest.mark.parametrize(
    ("colors", "message"),
    [
        ({"ansi": ["#000"] * 7}, "colors.ansi: expected a list of 8, each a colour, got a list"),
        ({"brights": "#000"}, "colors.brights: expected a list of 8, each a colour, got the string '#000'"),
        ({"ansi": ["#000"] * 7 + ["nope"]}, "colors.ansi[8]: 'nope' is not a colour"),
        ({"indexed": {3: "#000"}}, "colors.indexed[3]: expected an index from 16 to 255"),
        ({"indexed": {256: "#000"}}, "colors.indexed[256]: expected an index from 16 to 255"),
        ({"foreground": 3}, "colors.foreground: expected a colour, got the number 3"),
        ({"foregruond": "red"}, "colors: unknown field 'foregruond', did you mean 'foreground'?"),
        (
            {"tab_bar": {"new_tab": {**ELEMENT, "intensity": "bold"}}},
            (
                "colors.tab_bar.new_tab.intensity: expected one of Normal, Bold, Half, got the string "
                "'bold', did you mean 'Bold'?"
            ),
        ),
    ],
)
def test_problems_name_the_place(colors, message):
    _, (problem,) = Config.from_mapping({"colors": colors})
    assert problem.message.startswith(message)
    assert problem.option == "colors"


@pytest.mark.parametrize(
    ("value", "spec"),
    [
        ({"AnsiColor": "Red"}, 9),
        ({"Color": "#010203"}, (1, 2, 3)),
        ("Default", "Default"),
        ("#010203", (1, 2, 3)),
    ],
)
def test_colour_specs(value, spec):
    assert palette({"colors": {"quick_select_label_bg": value}}).quick_select_label_bg == spec


# A field that is there with None was written: transparent. One that was not written is absent.
tables = st.fixed_dictionaries({}, optional={"background": st.sampled_from([None, (2, 2, 2)])})
colors = st.fixed_dictionaries(
    {},
    optional={
        "foreground": st.just((1, 1, 1)),
        "background": st.sampled_from([None, (3, 3, 3)]),
        "tab_bar": tables,
    },
)


@given(colors, colors)
def test_overlaying_prefers_the_upper(upper, lower):
    def made(fields):
        bar = {"tab_bar": TabBarTable(**fields["tab_bar"])} if "tab_bar" in fields else {}
        return Colors(**{**fields, **bar})

    found = Palette.of(made(upper).over(made(lower)))
    both = {**lower, **upper}
    assert (found.foreground, found.background) == (both.get("foreground"), both.get("background"))
    bar = {**lower.get("tab_bar", {}), **upper.get("tab_bar", {})}
    assert found.tab_bar.background == bar.get("background", TabBarColors().background)
    assert found.tab_bar.new_tab == TabBarColors().new_tab


def test_a_scheme_reads_without_problems_from_its_own_table():
    place = Place("colors")
    assert Colors.read({"tab_bar": {"active_tab": ELEMENT}}, place).tab_bar is not None
    assert not place.problems
