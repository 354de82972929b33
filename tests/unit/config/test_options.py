from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.base.input import Modifiers
from perilune.config.assignment import KeyAssignment, to_value
from perilune.config.dimension import Dimension
from perilune.config.options import Config
from perilune.config.palette import Colors
from perilune.config.record import Record

DEFAULTS = Config()
BY_NAME = sorted(Config.declared)

# A wrong value for each Python type of default; what is optional has samples below.
SAMPLES: dict[str, object] = {
    "char_select_font": {"family": "Iosevka"},
    "command_palette_font": {"family": "Iosevka"},
    "pane_select_font": {"family": "Iosevka"},
    "adjust_window_size_when_changing_font_size": False,
    "color_scheme": "Dracula",
    "colors": {"foreground": "#ffffff"},
    "command_palette_rows": 10,
    "cursor_thickness": "2pt",
    "default_cwd": "/tmp",
    "default_domain": "local",
    "default_mux_server_domain": "local",
    "default_prog": ["zsh", "-l"],
    "default_ssh_auth_sock": "/run/agent",
    "default_workspace": "main",
    "dpi": 96.0,
    "freetype_interpreter_version": 40,
    "freetype_load_flags": "NO_HINTING|MONOCHROME",
    "freetype_render_target": "HorizontalLcd",
    "leader": {"key": "a", "mods": "CTRL", "timeout_milliseconds": 500},
    "ssh_domains": [{"name": "box", "remote_address": "box:22", "ssh_option": {"identityfile": "x"}}],
    "strikethrough_position": 4,
    "underline_position": "-2px",
    "underline_thickness": "200%",
    "webgpu_preferred_adapter": {"name": "gpu", "device_type": "Cpu", "backend": "Vulkan"},
    "window_background_gradient": {"colors": ["#000", "#fff"]},
    "window_background_image": "/tmp/x.png",
    "window_background_image_hsb": {"brightness": 0.1},
    "wsl_domains": [{"name": "WSL:Ubuntu"}],
    "xcursor_size": 16,
    "xcursor_theme": "Adwaita",
    "xim_im_name": "ibus",
}


def written(value: object) -> object:
    """A default as a config would write it."""
    if isinstance(value, Dimension):
        suffix = {"pixels": "px", "cells": "cell", "percent": "%", "points": "pt"}[value.unit]
        return f"{value.value}{suffix}"
    if isinstance(value, tuple) and len(value) == 3 and all(isinstance(part, int) for part in value):
        return "#{:02x}{:02x}{:02x}".format(*value)
    if isinstance(value, Record):
        found = {name: written(item) for name, item in value.items()}
        return {name: item for name, item in found.items() if item is not None}
    if isinstance(value, Modifiers | frozenset | KeyAssignment):
        return to_value(value)
    if isinstance(value, tuple):
        return [written(item) for item in value]
    if isinstance(value, Mapping):
        return {name: written(item) for name, item in value.items()}
    return value


@pytest.mark.parametrize("name", BY_NAME)
def test_every_option_takes_its_default_back(name):
    default = getattr(DEFAULTS, name)
    if default is None:
        config, problems = Config.from_mapping({name: SAMPLES[name]})
        assert not problems
        assert config.is_set(name)
        return
    config, problems = Config.from_mapping({name: written(default)})
    assert not problems
    assert getattr(config, name) == default


class Other:
    """No form takes this."""


@pytest.mark.parametrize("name", BY_NAME)
def test_every_option_names_a_wrong_type_and_keeps_its_default(name):
    # A boolean is none of the types that options have but boolean itself, and the other way round.
    wrong: object = 7.25 if isinstance(getattr(DEFAULTS, name), bool) else Other()
    config, problems = Config.from_mapping({name: wrong})
    (problem,) = problems
    assert problem.severity == "error"
    assert problem.option == name
    assert name in problem.message
    assert Config.declared[name].form.expected in problem.message
    assert "got" in problem.message
    assert getattr(config, name) == getattr(DEFAULTS, name)
    assert not config.is_set(name)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_option_is_documented(name):
    declared = Config.declared[name]
    assert declared.doc.endswith(".")
    assert declared.form.expected
    assert declared.applies in {"tui", "window", "both"}


@pytest.mark.parametrize(
    ("values", "message", "suggestion"),
    [
        (
            {"tab_max_widht": 3},
            "unknown option 'tab_max_widht', did you mean 'tab_max_width'?",
            "tab_max_width",
        ),
        ({"Font_Size": 3}, "unknown option 'Font_Size', did you mean 'font_size'?", "font_size"),
        ({"zzzzzz": 3}, "unknown option 'zzzzzz'", ""),
        ({3: 3}, "unknown option '3'", ""),
    ],
)
def test_an_unknown_name_is_a_warning_with_the_nearest(values, message, suggestion):
    config, (problem,) = Config.from_mapping(values)
    assert (problem.severity, problem.message, problem.suggestion) == ("warning", message, suggestion)
    assert config == DEFAULTS


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("tab_max_width", "wide", "tab_max_width: expected a whole number from 0 up, got the string 'wide'"),
        ("tab_max_width", 2.5, "tab_max_width: expected a whole number from 0 up, got the number 2.5"),
        ("tab_max_width", -1, "tab_max_width: expected a whole number from 0 up, got the number -1"),
        ("enable_tab_bar", 1, "enable_tab_bar: expected a boolean, got the number 1"),
        ("enable_tab_bar", "true", "enable_tab_bar: expected a boolean, got the string 'true'"),
        ("font_size", True, "font_size: expected a number from 0.1 up, got the boolean true"),
        ("default_prog", "bash", "default_prog: expected a list, each a string, got the string 'bash'"),
        ("default_prog", ["a", {}], "default_prog[2]: expected a string, got a table"),
        ("default_prog", ["a", 1], "default_prog[2]: expected a string, got the number 1"),
        (
            "window_padding",
            {"EmitEvent": "user-defined-1"},
            "window_padding: expected a table, got a function",
        ),
        ("font", {"EmitEvent": "user-defined-1"}, "font: expected a table, got a function"),
        ("term", 3, "term: expected a string, got the number 3"),
        ("font", "Fira", "font: expected a font, as wezterm.font() makes it, got the string 'Fira'"),
        ("font", ["Fira"], "font: expected a font, as wezterm.font() makes it, got a list"),
        (
            "exit_behavior",
            "close",
            (
                "exit_behavior: expected one of Close, Hold, CloseOnCleanExit, got the string 'close', "
                "did you mean 'Close'?"
            ),
        ),
        ("command_palette_bg_color", "#12", "command_palette_bg_color: '#12' is not a colour"),
        ("leader", {"mods": "CTRL"}, "leader: the field 'key' is missing"),
        ("leader", {"key": "Ecape"}, "leader.key: unknown key 'Ecape', did you mean 'Escape'?"),
        ("window_padding", {"left": True}, "window_padding.left: expected a number or a string such as"),
        ("unix_domains", [{}], "unix_domains[1]: the field 'name' is missing"),
    ],
)
def test_errors_are_one_clear_sentence(name, value, message):
    _, (problem,) = Config.from_mapping({name: value})
    assert problem.message.startswith(message)
    assert problem.severity == "error"


def test_a_bad_part_leaves_the_rest_in_force():
    config, problems = Config.from_mapping(
        {
            "keys": [
                {"key": "a", "mods": "CTRL", "action": "Nop"},
                {"key": "b", "mods": "CTLR", "action": "Nop"},
                {"key": "c", "action": "Nop", "mdos": ""},
            ],
            "window_padding": {"left": "2cell", "right": {}},
        }
    )
    assert [binding.chord.key for binding in config.keys] == ["a", "c"]
    assert config.window_padding.left == Dimension(2, "cells")
    assert config.window_padding.right == Dimension(1, "cells")
    assert [problem.severity for problem in problems] == ["error", "warning", "error"]
    assert [problem.suggestion for problem in problems] == ["CTRL", "mods", ""]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, Dimension(12, "pixels")),
        ("12", Dimension(12, "pixels")),
        ("12px", Dimension(12, "pixels")),
        ("1cell", Dimension(1, "cells")),
        ("0.5 cell", Dimension(0.5, "cells")),
        ("50%", Dimension(50, "percent")),
        ("9pt", Dimension(9, "points")),
    ],
)
def test_dimensions_in_every_form(value, expected):
    config, problems = Config.from_mapping({"window_padding": {"left": value}})
    assert not problems
    assert config.window_padding.left == expected


@pytest.mark.parametrize("empty", [{}, []])
@pytest.mark.parametrize(
    "name", ["keys", "key_tables", "colors", "default_prog", "set_environment_variables"]
)
def test_an_empty_lua_table_is_an_empty_list_and_an_empty_table(name, empty):
    config, problems = Config.from_mapping({name: empty})
    assert not problems
    assert config.is_set(name)


def test_a_lua_sequence_with_number_keys_is_a_list():
    config, problems = Config.from_mapping({"default_prog": {2.0: "-l", 1: "zsh"}})
    assert not problems
    assert config.default_prog == ("zsh", "-l")
    _, problems = Config.from_mapping({"default_prog": {1: "zsh", 3: "-l"}})
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("value", "families"),
    [
        (
            {"font": [{"family": "Fira", "weight": "Bold"}, {"family": "Emoji", "is_fallback": True}]},
            ["Fira", "Emoji"],
        ),
        ({"family": "Fira", "weight": 450.0}, ["Fira"]),
    ],
)
def test_fonts_in_every_form(value, families):
    config, problems = Config.from_mapping({"font": value})
    assert not problems
    assert [face.family for face in config.font.font] == families


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("bold_brightens_ansi_colors", False, "No"),
        ("canonicalize_pasted_newlines", True, "CarriageReturnAndLineFeed"),
        ("window_decorations", "INTEGRATED_BUTTONS | RESIZE", frozenset({"INTEGRATED_BUTTONS", "RESIZE"})),
        ("window_decorations", "NONE", frozenset()),
        ("cursor_blink_ease_in", {"CubicBezier": [0, 0.5, 1, 1]}, (0.0, 0.5, 1.0, 1.0)),
        ("scrollback_lines", 5000.0, 5000),
        ("tui_fallback_leader", False, None),
        ("bypass_mouse_reporting_modifiers", "CTRL|ALT", Modifiers.CTRL | Modifiers.ALT),
        ("set_environment_variables", {"A": "1"}, {"A": "1"}),
    ],
)
def test_values_are_normalised(name, value, expected):
    config, problems = Config.from_mapping({name: value})
    assert not problems
    assert getattr(config, name) == expected


def test_overrides_lie_over_and_keep_the_rest():
    config, _ = Config.from_mapping({"tab_max_width": 9, "font_size": 10, "color_scheme": "Dracula"})
    merged, problems = config.with_overrides(
        {"tab_max_width": 4, "colors": {"background": "#010203"}, "nope": 1}
    )
    assert [problem.option for problem in problems] == ["nope"]
    assert (merged.tab_max_width, merged.font_size) == (4, 10.0)
    assert merged.palette.background == (1, 2, 3)
    assert merged.palette.foreground == (0xF8, 0xF8, 0xF2)
    assert config.tab_max_width == 9
    assert dict(merged.written)["tab_max_width"] == 4


def test_a_config_is_frozen_and_equal_by_value():
    config, _ = Config.from_mapping({"tab_max_width": 16})
    assert config == DEFAULTS
    assert hash(config) == hash(DEFAULTS)
    assert Config(tab_max_width=3) != DEFAULTS
    with pytest.raises(AttributeError):
        config.tab_max_width = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        Config(tab_max_widht=3)  # type: ignore[call-arg]


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
keys = st.text(max_size=6) | st.sampled_from(["key", "mods", "action", "font", "family"]) | st.integers(1, 3)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(BY_NAME) | keys, trees, max_size=6))
@settings(max_examples=300, deadline=None)
def test_nothing_that_lua_can_hold_makes_reading_raise(values):
    config, problems = Config.from_mapping(values)
    assert all(problem.message for problem in problems)
    for name in values:
        assert name not in config.__dict__ or name in Config.declared or name == "palette"


@given(st.sampled_from(BY_NAME), trees)
@settings(max_examples=500, deadline=None)
def test_an_option_is_set_or_there_is_a_problem(name, value):
    config, problems = Config.from_mapping({name: value})
    assert config.is_set(name) or problems or value is None
    if not config.is_set(name):
        assert getattr(config, name) == getattr(DEFAULTS, name)


def test_a_misspelt_scheme_names_the_nearest():
    _, (problem,) = Config.from_mapping({"color_scheme": "Catpuccin Mocha"})
    assert problem.message == (
        "color_scheme: there is no colour scheme 'Catpuccin Mocha', did you mean 'Catppuccin Mocha'?"
    )


def test_defaults_are_read_without_the_schemes():
    code = (
        "import sys, json; from perilune.config.options import Config; Config().palette; "
        "print(json.dumps([m for m in sys.modules if m in "
        "('perilune.config.schemes', 'tomllib', 'webcolors', 'difflib', 'lupa')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_colors_are_kept_as_a_table():
    config, _ = Config.from_mapping({"colors": {"foreground": "white"}})
    assert config.colors == Colors(foreground=(255, 255, 255))
