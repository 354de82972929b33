"""Nested options: their forms, defaults, and what is said of wrong ones."""

from __future__ import annotations

import pytest

from perilune.base.color import TranslucentRgb, alpha_of
from perilune.config.dimension import Dimension
from perilune.config.options import Config
from perilune.config.options.background import Gradient, ImageFile, Linear, Parallax, Radial
from perilune.lua.host import effective_mapping


def read(**values: object) -> Config:
    config, problems = Config.from_mapping(values)
    assert problems == []
    return config


def complaint(**values: object) -> str:
    _, problems = Config.from_mapping(values)
    return "; ".join(problem.message for problem in problems)


@pytest.mark.parametrize(
    ("text", "alpha"),
    [
        ("#11223380", 128 / 255), ("#1238", 0x88 / 255), ("rgba(17 34 51 / 50%)", 0.5), ("rgba:17 34 51 25%", 0.25),
        ("hsla(210, 50%, 13%, 0.5)", 0.5), ("#112233", 1.0), ("rgb(17, 34, 51)", 1.0), ("#112233ff", 1.0),
    ],
)  # fmt: skip
def test_the_alpha_of_a_colour_is_kept(text: str, alpha: float) -> None:
    config = read(colors={"selection_bg": text}, window_frame={"border_left_color": text})
    for color in (config.colors and config.colors.selection_bg, config.window_frame.border_left_color):
        assert color is not None
        assert alpha_of(color) == pytest.approx(alpha)
        assert tuple(color) == pytest.approx((17, 34, 51), abs=9)
    shown = effective_mapping(config)["resolved_palette"]
    assert isinstance(shown, dict)
    assert shown["selection_bg"].startswith("rgba(" if alpha < 1 else "#")


def test_colours_of_different_alpha_differ() -> None:
    half, whole = TranslucentRgb((1, 2, 3), 0.5), (1, 2, 3)
    assert half != whole
    assert whole != half
    assert half == TranslucentRgb((1, 2, 3), 0.5)
    assert len({half, TranslucentRgb((1, 2, 3), 0.5), TranslucentRgb((1, 2, 3), 0.25)}) == 2
    red, green, blue = half
    assert (red, green, blue) == whole


def test_background_layers_are_typed() -> None:
    first, second, third = read(
        background=[
            {"source": {"File": "a.png"}, "width": "100%", "hsb": {"brightness": 0.1}, "opacity": 0.5},
            {
                "source": {"File": {"path": "b.gif", "speed": 0.2}},
                "attachment": {"Parallax": 0.1},
                "height": "Contain",
            },
            {
                "source": {"Gradient": {"preset": "Warm", "orientation": {"Linear": {"angle": -45}}}},
                "width": 20,
            },
        ]
    ).background
    assert first.source.value == ImageFile(path="a.png")
    assert (first.width, first.height, first.hsb.brightness) == (Dimension(100, "percent"), "Cover", 0.1)
    assert second.source.value == ImageFile(path="b.gif", speed=0.2)
    assert (second.attachment, second.height) == (Parallax(0.1), "Contain")
    assert isinstance(third.source.value, Gradient)
    assert third.source.value.orientation == Linear(angle=-45.0)
    assert third.width == Dimension(20, "pixels")


def test_a_gradient_is_typed() -> None:
    found = read(
        window_background_gradient={
            "colors": ["red", "#00ff0080"], "orientation": {"Radial": {"cx": 0.7}}, "blend": "Oklab", "noise": 0,
        }
    ).window_background_gradient  # fmt: skip
    assert found is not None
    assert found.colors == ((255, 0, 0), TranslucentRgb((0, 255, 0), 128 / 255))
    assert found.orientation == Radial(cx=0.7)


@pytest.mark.parametrize(
    ("values", "path", "expected", "given"),
    [
        (
            {"background": [{"source": {"File": 3.5, "Color": "red"}}]},
            "background[1].source",
            "File",
            "table",
        ),
        ({"background": [{"opacity": 1}]}, "background[1]", "source", "missing"),
        ({"background": {"source": {}}}, "background", "a list", "a table"),
        (
            {"background": [{"source": {"Color": "red"}, "opacity": 2}]},
            "background[1].opacity",
            "0 to 1",
            "2",
        ),
        ({"window_background_gradient": {}}, "window_background_gradient", "colors", "preset"),
        ({"window_background_gradient": {"colors": ["red"], "blend": "Oklap"}}, ".blend", "Oklab", "Oklap"),
        ({"wsl_domains": [{"distribution": "x"}]}, "wsl_domains[1]", "name", "missing"),
        ({"serial_ports": [{"name": "x", "baud": "fast"}]}, "serial_ports[1].baud", "whole number", "fast"),
        ({"exec_domains": [{"name": "x", "fixup_command": 3}]}, "exec_domains[1]", "function", "3"),
    ],
)
def test_wrong_contents_are_named(values: dict[str, object], path: str, expected: str, given: str) -> None:
    said = complaint(**values)
    for part in (path, expected, given):
        assert part in said


def test_domains_are_typed() -> None:
    config = read(
        wsl_domains=[{"name": "WSL:x", "distribution": "x", "default_cwd": "~", "default_prog": ["fish"]}],
        serial_ports=[{"name": "tty", "port": "/dev/ttyS0", "baud": 115200.0}],
        exec_domains=[{"name": "jail", "fixup_command": {"EmitEvent": "user-defined-1"}, "label": "a jail"}],
    )
    assert config.wsl_domains is not None
    assert config.wsl_domains[0].default_prog == ("fish",)
    assert config.serial_ports[0].baud == 115200
    assert config.exec_domains[0].fixup_command == "user-defined-1"


def test_the_effective_config_is_whole_and_in_the_forms_of_configs() -> None:
    shown = effective_mapping(read(window_padding={"left": 2}))
    assert shown["window_padding"] == {"left": 2, "right": "1cell", "top": "0.5cell", "bottom": "0.5cell"}
    frame = shown["window_frame"]
    assert isinstance(frame, dict)
    assert frame["active_titlebar_bg"] == "#333333"
    assert shown["command_palette_bg_color"] == "#333333"
    again, problems = Config.from_mapping(shown)
    assert problems == []
    assert dict(again.items()).keys() == dict(read().items()).keys()
