"""The palette as scripts see it."""

from __future__ import annotations

from perilune.base.color import TranslucentRgb
from perilune.config.options import Config
from perilune.config.resolved import DEFAULT_COLORS, RESOLVED_PALETTE, TRANSPARENT, resolved_palette


def resolved(values):
    config, problems = Config.from_mapping(values)
    assert not problems
    return resolved_palette(config.palette)


def test_nothing_configured_is_still_complete():
    found = resolved({})
    assert {name: found[name] for name in DEFAULT_COLORS} == DEFAULT_COLORS
    assert len(found["ansi"]) == len(found["brights"]) == 8
    assert found["brights"][7] == "#ffffff"
    assert found["tab_bar"]["active_tab"]["fg_color"] == "#c0c0c0"
    assert found["tab_bar"]["inactive_tab_edge"] == "#575757"
    assert found["indexed"] == {}


def test_scheme_and_colors_show():
    found = resolved(
        {
            "color_scheme": "Dracula (Official)",
            "colors": {
                "cursor_bg": "rgb(1, 2, 3)",
                "indexed": {136: "navy"},
                "quick_select_label_bg": {"AnsiColor": "Lime"},
                "launcher_label_fg": {"Color": "#123"},
                "input_selector_label_bg": "Default",
                "tab_bar": {"background": "none", "active_tab": {"bg_color": "clear", "fg_color": "#fff"}},
            },
        }
    )
    assert found["background"] == "#282a36"
    assert found["cursor_bg"] == "#010203"
    assert found["indexed"][136] == "#000080"
    assert found["quick_select_label_bg"] == {"AnsiColor": "Lime"}
    assert found["launcher_label_fg"] == "#112233"
    assert found["input_selector_label_bg"] == "Default"
    assert found["tab_bar"]["background"] == TRANSPARENT
    assert found["tab_bar"]["active_tab"]["bg_color"] == TRANSPARENT
    assert found["tab_bar"]["active_tab"]["italic"] is False


def test_what_it_shows_can_be_configured_again():
    palette = Config.from_mapping({"color_scheme": "Dracula (Official)"})[0].palette
    table = resolved_palette(palette)
    again, problems = Config.from_mapping({"colors": table})
    assert not problems
    assert resolved_palette(again.palette)["tab_bar"] == table["tab_bar"]
    assert again.palette.ansi == palette.ansi


def test_writing_it_back_is_no_mistake():
    config, problems = Config.from_mapping({RESOLVED_PALETTE: {"foreground": "#fff"}, "font_size": 10})
    assert not problems
    assert config.palette.foreground is None


def test_transparent_wherever_a_colour_is():
    config, problems = Config.from_mapping(
        {
            "integrated_title_button_color": "auto",
            "window_frame": {"active_titlebar_bg": "none", "border_bottom_color": "transparent"},
            "colors": {"tab_bar": {"inactive_tab_edge": "clear"}, "cursor_fg": "none"},
        }
    )
    assert not problems
    assert config.window_frame.active_titlebar_bg == TranslucentRgb((0, 0, 0), 0.0)
    assert config.integrated_title_button_color == "Auto"


def test_a_transparent_background_hides_the_schemes():
    values = {"color_scheme": "Dracula (Official)", "colors": {"background": "none"}}
    assert Config.from_mapping(values)[0].palette.background is None
