from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.config import schemes
from perilune.config.palette import Colors, Palette
from perilune.config.problems import Place

# Background, foreground, red, blue: from the pages on which the schemes' authors publish them.
PUBLISHED = {
    "Catppuccin Mocha": ("#1e1e2e", "#cdd6f4", "#f38ba8", "#89b4fa"),
    "Catppuccin Latte": ("#eff1f5", "#4c4f69", "#d20f39", "#1e66f5"),
    "Catppuccin Macchiato": ("#24273a", "#cad3f5", "#ed8796", "#8aadf4"),
    "Catppuccin Frappe": ("#303446", "#c6d0f5", "#e78284", "#8caaee"),
    "catppuccin-mocha": ("#1e1e2e", "#cdd6f4", "#f38ba8", "#89b4fa"),
    "Tokyo Night": ("#1a1b26", "#c0caf5", "#f7768e", "#7aa2f7"),
    "tokyonight_storm": ("#24283b", "#c0caf5", "#f7768e", "#7aa2f7"),
    "Dracula (Official)": ("#282a36", "#f8f8f2", "#ff5555", "#bd93f9"),
    "nord": ("#2e3440", "#d8dee9", "#bf616a", "#81a1c1"),
    "Gruvbox dark, medium (base16)": ("#282828", "#d5c4a1", "#fb4934", "#83a598"),
    "GruvboxDark": ("#282828", "#ebdbb2", "#cc241d", "#458588"),
    "Builtin Solarized Dark": ("#002b36", "#839496", "#dc322f", "#268bd2"),
    "Builtin Solarized Light": ("#fdf6e3", "#657b83", "#dc322f", "#268bd2"),
    "rose-pine": ("#191724", "#e0def4", "#eb6f92", "#31748f"),
    "Kanagawa (Gogh)": ("#1f1f28", "#dcd7ba", "#c34043", "#7e9cd8"),
    "OneHalfDark": ("#282c34", "#dcdfe4", "#e06c75", "#61afef"),
    "nordfox": ("#2e3440", "#cdcecf", "#bf616a", "#81a1c1"),
}

NAMED_BY_CONFIGS = """
Catppuccin Mocha; Catppuccin Latte; Catppuccin Macchiato; Tokyo Night; Ubuntu; nord; Catppuccin Frappe;
Dracula; catppuccin-mocha; nordfox; rose-pine; OneHalfDark; Builtin Solarized Dark; Builtin Solarized Light;
Dracula (Official); Gruvbox Material (Gogh); Kanagawa (Gogh); Tokyo Night (Gogh); carbonfox; kanagawabones;
nightfox; tokyonight_night; Abernathy; Arthur; Atelier Sulphurpool Light (base16); Aura (Gogh); Bamboo;
Bamboo Light; Bamboo Multiplex; Batman; Belafonte Day; Brogrammer (base16); Builtin Pastel Dark;
Catppuccin Mocha (Gogh); City Streets (terminal.sexy); Cobalt2; Doom Peacock; Edge Dark (base16); Eldritch;
GitHub Dark; Gruvbox dark, hard (base16); Gruvbox dark, medium (base16); Gruvbox light, hard (base16);
GruvboxDark; MaterialOcean; Monokai Remastered; Novel; One Dark (Gogh); Poimandres; Poimandres Storm;
Popping and Locking; Red Planet; Rosé Pine (base16); Solarized Dark Higher Contrast; Sonokai (Gogh);
SpaceGray; Tokyo Night Moon; WildCherry; Zenburn;
 astromouse (terminal.sexy); catppuccin-frappe; catppuccin-latte;
catppuccin-macchiato; dawnfox; dayfox; duskfox; flexoki-dark; hardhacker; idea; matrix; rose-pine-dawn;
rose-pine-moon; terafox; tokyonight; tokyonight-day; tokyonight-storm; tokyonight_day; tokyonight_moon;
zenbones_dark
"""


def shown(rgb: object) -> str:
    assert isinstance(rgb, tuple)
    return "#{:02x}{:02x}{:02x}".format(*rgb)


@pytest.mark.parametrize("name", PUBLISHED)
def test_values_are_those_that_the_authors_publish(name):
    colors = schemes.load_scheme(name)
    assert colors is not None
    palette = Palette.of(colors)
    found = (palette.background, palette.foreground, palette.entry(1), palette.entry(4))
    assert tuple(map(shown, found)) == PUBLISHED[name]


@pytest.mark.parametrize("name", [name.strip() for name in NAMED_BY_CONFIGS.replace("\n", " ").split(";")])
def test_the_schemes_that_configs_name_are_there(name):
    colors = schemes.load_scheme(name)
    assert colors is not None
    assert colors.ansi is not None
    assert colors.brights is not None


@pytest.mark.slow
def test_every_line_is_a_whole_scheme():
    text = schemes._FILE.read_text(encoding="utf-8")
    table = tomllib.loads(text)
    assert len(table) == len(text.splitlines()) - 1 > 1500
    assert sorted(table) == list(schemes.scheme_names())
    for name, value in table.items():
        found = table[value] if isinstance(value, str) else value
        place = Place(name)
        Colors.read(found, place)
        assert not place.problems
    everything = schemes.all_scheme_tables()
    assert everything.keys() == table.keys()
    for name in list(table)[::40]:
        assert schemes.scheme_table(name) == everything[name]
        assert all(type(index) is int for index in everything[name].get("indexed", {}))


@given(st.text(max_size=12) | st.sampled_from(["", "\n", '"', "=", "Dracula\n", "\udc80", 'Dracula"=']))
def test_any_name_can_be_asked_for(name):
    found = schemes.load_scheme(name)
    assert found is None or name in schemes.scheme_names()


def test_other_names_lead_to_the_same_scheme():
    assert schemes.load_scheme("AyuDark (Gogh)") == schemes.load_scheme("Ayu Dark (Gogh)")


def test_a_scheme_brings_its_tab_bar():
    colors = schemes.load_scheme("Catppuccin Mocha")
    assert colors is not None
    assert Palette.of(colors).tab_bar.background == (0x11, 0x11, 0x1B)
    assert colors.indexed[16] == (0xFA, 0xB3, 0x87)


@pytest.mark.parametrize(
    ("name", "near"), [("dracula", "Dracula"), ("Catpuccin Mocha", "Catppuccin Mocha"), ("qqqqqqqq", "")]
)
def test_the_nearest_name(name, near):
    assert schemes.nearest_scheme(name) == near
    assert schemes.nearest_scheme(name, [name]) == name


def test_names_are_written_as_toml_and_json_alike():
    assert all(json.loads(json.dumps(name)) == name for name in schemes.scheme_names())
