"""Colours, gradients and schemes: documented values, alpha kept, files both ways, wrong arguments."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from lua_fakes import LuaDriver

from perilune.base.gradient import GRADIENT_PRESETS, build_gradient, sample
from perilune.lua.api.color_space import delta_e, from_lab, parse_rgba, to_lab

C = "wezterm.color.parse"
VALUES: list[tuple[str, Any]] = [
    (f"tostring({C} 'rgba(100% 50% 0% 25%)')", "rgba(100% 50% 0% 25%)"),
    (f"tostring({C}('rgba(255,0,0,0.5)'):darken(0.5))", "rgba(50% 0% 0% 50%)"),
    (f"tostring({C}('rgba(255,0,0,0.5)'):complement_ryb())", "rgba(0% 100% 28.301887% 50%)"),
    (f"tostring({C}('#fff0'))", "rgba(100% 100% 100% 0%)"),
    (f"{{{C}('purple'):linear_rgba()}}", [0.21586050011389926, 0.0, 0.21586050011389926, 1.0]),
    (f"{{{C}('purple'):srgba_u8()}}", [128, 0, 128, 255]),
    (f"{C}('red'):contrast_ratio({C} 'yellow')", 1.0),
    (f"{C}('red'):contrast_ratio({C} 'navy')", 1.8273615635),
    (f"{C}('black'):contrast_ratio({C} 'white')", 21.0),
    (f"{C}('black'):delta_e({C} 'white')", 100.0),
    (f"{C}('red'):delta_e('red')", 0.0),
    (f"{{{C}('white'):laba()}}", [100.0, 0.0, 0.0, 1.0]),
    (f"tostring({C}('#336699'):lighten(0.2))", "#4785c2"),
    (f"tostring({C}('#336699'):lighten_fixed(0.2))", "#6699cc"),
    (f"tostring({C}('#336699'):darken_fixed(0.2))", "#19334d"),
    (f"tostring({C}('#336699'):saturate(1))", "#0066cc"),
    (f"tostring({C}('#336699'):saturate_fixed(0.5))", "#0066cc"),
    (f"tostring({C}('#336699'):desaturate(1))", "#666666"),
    (f"tostring({C}('#336699'):desaturate_fixed(1))", "#666666"),
    (f"tostring({C}('red'):adjust_hue_fixed(-120))", "#0000ff"),
    (f"tostring({C}('yellow'):adjust_hue_fixed_ryb(180))", "#7d00ff"),
    (f"tostring(select(2, {C}('red'):triad()))", "#0000ff"),
    (f"tostring(({C}('red'):square()))", "#80ff00"),
    (f"tostring(select(2, {C}('red'):square()))", "#7f00ff"),
    (f"tostring(select(3, {C}('red'):square()))", "#00ffff"),
    (f"{C}('red') .. '!'", "#ff0000!"),
    (f"tostring({C}('lime'):lighten(5))", "#ffffff"),
    ("tostring(wezterm.color.from_hsla(-120, 1, 0.5, 0.5))", "rgba(0% 0% 100% 50%)"),
    # The values that the documentation shows.
    ("wezterm.color.gradient({preset = 'Rainbow'}, 4)", ["#6e40aa", "#ff8c38", "#5dea8d", "#6e40aa"]),
    ("type(wezterm.gradient_colors({preset = 'Rainbow'}, 4)[1])", "userdata"),
    ("wezterm.color.gradient({preset = 'Viridis'}, 2)", ["#440154", "#fee825"]),
    ("wezterm.color.gradient({preset = 'Greys'}, 2)", ["#ffffff", "#000000"]),
    ("wezterm.color.gradient({preset = 'Turbo'}, 1)", ["#23171b"]),
    ("wezterm.color.gradient({colors = {'red'}}, 2)", ["#ff0000", "#ff0000"]),
    ("wezterm.color.gradient({colors = {'red', 'blue'}}, 0)", {}),
    ("wezterm.color.gradient({colors = {'#000', '#fff'}, blend = 'LinearRgb'}, 3)[2]", "#bcbcbc"),
    ("wezterm.color.gradient({colors = {'red', 'blue'}, blend = 'Hsv'}, 3)[2]", "#ff00ff"),
    ("wezterm.color.gradient({colors = {'#000', '#fff'}, blend = 'Oklab'}, 3)[2]", "#636363"),
    ("wezterm.color.gradient({colors = {'#000', '#888', '#fff'}, interpolation = 'CatmullRom'}, 3)[2]", "#888888"),
    ("#wezterm.color.gradient({colors = {'#000', '#888', '#fff'}, interpolation = 'Basis'}, 7)", 7),
    (
        "wezterm.color.gradient({colors = {'#000', '#fff'}, segment_size = 2, segment_smoothness = 0}, 4)",
        ["#000000", "#000000", "#ffffff", "#ffffff"],
    ),
    ("wezterm.color.gradient({colors = {'rgba(0,0,0,0)', 'rgba(0,0,0,1)'}}, 3)[2]", "rgba(0% 0% 0% 50%)"),
    ("#wezterm.color.get_default_colors().brights", 8),
    ("wezterm.color.get_default_colors().indexed[16]", "#000000"),
    ("wezterm.color.get_builtin_schemes()['Dracula (Official)'].background", "#282a36"),
    ("wezterm.color.get_builtin_schemes()['no such scheme']", None),
]  # fmt: skip


def _same(found: Any, expected: Any) -> bool:
    if isinstance(expected, float) or (isinstance(expected, list) and isinstance(expected[0], float)):
        return bool(found == pytest.approx(expected, abs=1e-4))
    return bool(found == expected)


@pytest.mark.parametrize(("expression", "expected"), VALUES, ids=[value[0][:60] for value in VALUES])
def test_values(lua: LuaDriver, expression: str, expected: Any) -> None:
    found = lua.value(expression)
    assert _same(found, expected), found


ERRORS = [
    (f"{C}('nope')", "'nope' is not a colour"),
    (f"{C}()", "expected a string, got nil"),
    (f"{C}('red'):darken()", "color:darken: argument 1 (factor): expected a number, got nil"),
    (f"{C}('red'):delta_e({{}})", "expected a colour"),
    (f"{C}('red').darken(0.5)", "must be called with a colon"),
    ("wezterm.color.gradient({}, 2)", "expected colors = {...} or a preset"),
    ("wezterm.color.gradient({colors = {'nope'}}, 2)", "'nope' is not a colour"),
    ("wezterm.color.gradient({preset = 'Rainbows'}, 2)", "preset: expected one of Blues, BrBg"),
    ("wezterm.color.gradient({colors = {'red'}, blend = 'X'}, 2)", "blend: expected one of"),
    ("wezterm.color.gradient({colors = {'red'}, segment_size = 2}, 2)", "segment_size and segment_smoothness"),
    ("wezterm.color.gradient({colors = {'red'}})", "argument 2 (num_colors): expected an integer, got nil"),
    ("wezterm.color.gradient({colors = {'red'}}, 1e9)", "cannot make 1000000000 colours"),
    ("wezterm.color.load_scheme('/nowhere.toml')", "/nowhere.toml"),
    ("wezterm.color.load_base16_scheme('/nowhere.yaml')", "/nowhere.yaml"),
    ("wezterm.color.load_terminal_sexy_scheme('/nowhere.json')", "/nowhere.json"),
    ("wezterm.color.save_scheme()", "argument 1 (colors): expected a table, got nil"),
    ("wezterm.color.save_scheme({foreground = 5}, {}, '/nowhere/x.toml')", "foreground"),
    ("wezterm.color.save_scheme({}, {nom = 'x'}, '/nowhere/x.toml')", "cannot have 'nom'"),
    ("wezterm.color.save_scheme({}, {}, '/nowhere/x.toml')", "/nowhere/x.toml"),
    ("wezterm.color.extract_colors_from_image('/nowhere.png')", "/nowhere.png"),
    ("wezterm.color.extract_colors_from_image('/', {colours = 1})", "colours: expected one of"),
    ("wezterm.color.extract_colors_from_image('/', {num_colors = 'x'})", "num_colors: expected a number"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "message"), ERRORS, ids=[error[0][:60] for error in ERRORS])
def test_errors(lua: LuaDriver, expression: str, message: str) -> None:
    assert message in lua.error(expression)


def test_every_documented_preset_gives_colours() -> None:
    assert len(GRADIENT_PRESETS) == 38
    for name in GRADIENT_PRESETS:
        colors = sample(build_gradient({"preset": name}, lambda _text: (0.0, 0.0, 0.0, 1.0)), 33)
        assert all(0 <= channel <= 1 for color in colors for channel in color)
        assert len(set(colors)) > 20, name


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # published pairs of CIEDE2000
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_of_colours(one: Any, other: Any, expected: float) -> None:
    assert delta_e(one, other) == pytest.approx(expected, abs=1e-4)
    assert delta_e(other, one) == pytest.approx(expected, abs=1e-4)


def test_lab_there_and_back() -> None:
    for text in ("#123456", "white", "black", "#ff8000"):
        assert from_lab(to_lab(parse_rgba(text))) == pytest.approx(parse_rgba(text), abs=1e-5)


def test_a_scheme_is_saved_and_loaded(lua: LuaDriver, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    lua.run("")
    found = lua.value(
        f"(function() local colors = wezterm.color.get_builtin_schemes()['Catppuccin Mocha']\n"
        f"colors.background = wezterm.color.parse 'red'\n"
        f"wezterm.color.save_scheme(colors, {{name = 'Mine', author = 'me'}}, [[{path}]])\n"
        f"local again, metadata = wezterm.color.load_scheme [[{path}]]\n"
        f"return {{again.background, again.ansi[2], again.indexed[16], metadata.name}} end)()"
    )
    assert found[0] == "#ff0000"
    assert found[3] == "Mine"
    written = tomllib.loads(path.read_text())
    assert written["colors"]["ansi"][1] == found[1]
    assert written["metadata"] == {"name": "Mine", "author": "me"}


def test_base16_schemes(lua: LuaDriver, tmp_path: Path) -> None:
    digits = [f"{number:02x}" * 3 for number in range(16)]
    flat = "".join(f"base{number:02X}: {text!r}\n" for number, text in enumerate(digits))
    (tmp_path / "old.yaml").write_text(f"# comment\nscheme: Mine\nauthor: me\n{flat}")
    nested = "".join(f"  base{number:02X}: '#{text}' # x\n" for number, text in enumerate(digits))
    (tmp_path / "new.yaml").write_text(f"system: base16\nname: Mine\nauthor: me\npalette:\n{nested}")
    for name in ("old", "new"):
        found = lua.value(
            f"(function() local c, m = wezterm.color.load_base16_scheme [[{tmp_path / name}.yaml]]\n"
            "return {c.ansi[1], c.ansi[2], c.brights[8], c.indexed[17], c.cursor_bg, m.name} end)()"
        )
        assert found == ["#000000", "#080808", "#070707", "#0f0f0f", "#050505", "Mine"]
    (tmp_path / "bad.yaml").write_text("scheme: x\nbase00: 'red'\n")
    assert "base00 is missing" in lua.error(f"wezterm.color.load_base16_scheme [[{tmp_path}/bad.yaml]]")


def test_terminal_sexy_schemes(lua: LuaDriver, tmp_path: Path) -> None:
    colors = ", ".join(f'"#{number:02x}0000"' for number in range(16))
    path = tmp_path / "x.json"
    path.write_text(
        f'{{"name": "n", "author": "", "color": [{colors}], "foreground": "#fff", "background": "#000"}}'
    )
    found = lua.value(
        f"(function() local c = wezterm.color.load_terminal_sexy_scheme [[{path}]]\n"
        "return {c.ansi[2], c.brights[1], c.foreground} end)()"
    )
    assert found == ["#010000", "#080000", "#fff"]


def test_the_colours_of_an_image(lua: LuaDriver, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    picture = image.new("RGB", (40, 40), (0, 0, 200))
    picture.paste((200, 0, 0), (0, 0, 40, 10))
    picture.paste((0, 200, 0), (0, 10, 40, 14))
    path = tmp_path / "picture.png"
    picture.save(path)
    call = f"wezterm.color.extract_colors_from_image([[{path}]], {{num_colors = 3, fuzziness = 1}})"
    assert lua.value(call) == ["#0000c8", "#00c800", "#c80000"]  # red is nearer to blue
    assert lua.value(f"#{call}") == 3
    too_many = f"wezterm.color.extract_colors_from_image([[{path}]], {{num_colors = 9}})"
    assert "only 3 of the 9 colours" in lua.error(too_many)
    path.write_bytes(b"no image")
    assert str(path) in lua.error(call)
