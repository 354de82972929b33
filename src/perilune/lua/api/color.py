"""`wezterm.color`: the arithmetic of colours, and schemes.

A colour crosses as [red, green, blue, alpha], 0 to 1.
"""

from __future__ import annotations

import colorsys
import json
import math
import re
import tomllib
from itertools import pairwise
from pathlib import Path

from perilune.base.color import TRANSPARENT_NAMES, default_palette, parse_color
from perilune.config.resolved import DEFAULT_COLORS, color_text
from perilune.config.schemes import all_scheme_tables, scheme_table
from perilune.lua.functions import ApiError, lua_function
from perilune.lua.host_api import HostApi

__all__ = ["ColorApi"]

Rgba = list[float]
_ALPHA = re.compile(r"^(?:rgba|hsla)\s*\(.*[\s,/]([\d.]+)(%?)\s*\)$", re.IGNORECASE)


_YAML_FIELD = re.compile(r"""^[ ]*(\w+):[ ]*["']?#?([^"'#\n]*?)["']?[ ]*(?:#.*)?$""", re.MULTILINE)


def _text_of(function: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ApiError(f"{function}: {path}: {error}") from error


def _parse(text: str) -> Rgba:
    try:
        red, green, blue = parse_color(text)
    except ValueError as error:
        raise ApiError(f"wezterm.color.parse: {error}") from error
    alpha = 0.0 if text.strip().lower() in TRANSPARENT_NAMES else 1.0
    if match := _ALPHA.match(text.strip()):
        alpha = min(float(match[1]) / (100 if match[2] else 1), 1.0)
    elif text.startswith("#") and len(text) in {5, 9}:
        digits = text[4:] * 2 if len(text) == 5 else text[7:]
        alpha = int(digits, 16) / 255
    return [red / 255, green / 255, blue / 255, alpha]


def _rgba(value: object) -> Rgba:
    if isinstance(value, str):
        return _parse(value)
    if isinstance(value, list) and len(value) == 4:
        return [float(item) for item in value]
    raise ApiError("color: expected a colour")


def _hex(value: Rgba) -> str:
    red, green, blue = (round(min(max(item, 0.0), 1.0) * 255) for item in value[:3])
    if value[3] < 1:
        return f"rgba({red},{green},{blue},{value[3]:g})"
    return f"#{red:02x}{green:02x}{blue:02x}"


def _hsl(value: Rgba) -> tuple[float, float, float]:
    hue, lightness, saturation = colorsys.rgb_to_hls(*value[:3])
    return hue * 360, saturation, lightness


def _from_hsl(hue: float, saturation: float, lightness: float, alpha: float) -> Rgba:
    clamp = (min(max(item, 0.0), 1.0) for item in (lightness, saturation))
    return [*colorsys.hls_to_rgb(hue % 360 / 360, *clamp), alpha]


def _scaled(value: float, factor: float, fixed: bool) -> float:
    """Towards 1 for positive factors, towards 0 for negative; by a share of what is left, or by an amount."""
    if fixed:
        return min(max(value + factor, 0.0), 1.0)
    return value + (1 - value if factor >= 0 else value) * factor


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _cie_lab(value: Rgba) -> tuple[float, float, float]:
    red, green, blue = (_linear(item) for item in value[:3])
    xyz = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883,
    )
    fx, fy, fz = (item ** (1 / 3) if item > 216 / 24389 else (24389 / 27 * item + 16) / 116 for item in xyz)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


# Red, yellow and blue at thirds of the wheel, as painters have it: RYB hue -> RGB hue.
_RYB = ((0, 0), (60, 35), (120, 60), (180, 120), (240, 240), (300, 275), (360, 360))


def _on_wheel(hue: float, *, to_ryb: bool) -> float:
    hue %= 360
    steps = [(b, a) if to_ryb else (a, b) for a, b in _RYB]
    for (low, low_out), (high, high_out) in pairwise(steps):
        if low <= hue <= high and high > low:
            return low_out + (hue - low) / (high - low) * (high_out - low_out)
    return hue


class ColorApi:
    """Colours."""

    def __init__(self, host: HostApi) -> None:
        self._host = host

    @lua_function("sys.color_parse")
    def parse(self, text: str) -> Rgba:
        """Read a colour."""
        return _parse(text)

    @lua_function("sys.color_from_hsla")
    def from_hsla(self, hue: float, saturation: float, lightness: float, alpha: float = 1.0) -> Rgba:
        """A colour from hue (degrees), saturation, lightness, alpha (0 to 1)."""
        return _from_hsl(hue, saturation, lightness, alpha)

    @lua_function("color.to_string")
    def to_string(self, color: object) -> str:
        """#rrggbb, or rgba(...) with alpha."""
        return _hex(_rgba(color))

    def _lightness(self, color: object, factor: float, *, fixed: bool) -> Rgba:
        value = _rgba(color)
        hue, saturation, lightness = _hsl(value)
        return _from_hsl(hue, saturation, _scaled(lightness, factor, fixed), value[3])

    def _saturation(self, color: object, factor: float, *, fixed: bool) -> Rgba:
        value = _rgba(color)
        hue, saturation, lightness = _hsl(value)
        return _from_hsl(hue, _scaled(saturation, factor, fixed), lightness, value[3])

    @lua_function("color.lighten")
    def lighten(self, color: object, factor: float) -> Rgba:
        """By a share of what is left to white."""
        return self._lightness(color, factor, fixed=False)

    @lua_function("color.lighten_fixed")
    def lighten_fixed(self, color: object, amount: float) -> Rgba:
        """By an amount."""
        return self._lightness(color, amount, fixed=True)

    @lua_function("color.darken")
    def darken(self, color: object, factor: float) -> Rgba:
        """By a share of the lightness."""
        return self._lightness(color, -factor, fixed=False)

    @lua_function("color.darken_fixed")
    def darken_fixed(self, color: object, amount: float) -> Rgba:
        """By an amount."""
        return self._lightness(color, -amount, fixed=True)

    @lua_function("color.saturate")
    def saturate(self, color: object, factor: float) -> Rgba:
        """By a share."""
        return self._saturation(color, factor, fixed=False)

    @lua_function("color.saturate_fixed")
    def saturate_fixed(self, color: object, amount: float) -> Rgba:
        """By an amount."""
        return self._saturation(color, amount, fixed=True)

    @lua_function("color.desaturate")
    def desaturate(self, color: object, factor: float) -> Rgba:
        """By a share."""
        return self._saturation(color, -factor, fixed=False)

    @lua_function("color.desaturate_fixed")
    def desaturate_fixed(self, color: object, amount: float) -> Rgba:
        """By an amount."""
        return self._saturation(color, -amount, fixed=True)

    def _turned(self, color: object, degrees: float, *, ryb: bool = False) -> Rgba:
        value = _rgba(color)
        hue, saturation, lightness = _hsl(value)
        if ryb:
            hue = _on_wheel(_on_wheel(hue, to_ryb=True) + degrees, to_ryb=False)
        else:
            hue += degrees
        return _from_hsl(hue, saturation, lightness, value[3])

    @lua_function("color.adjust_hue_fixed")
    def adjust_hue_fixed(self, color: object, degrees: float) -> Rgba:
        """Turn the hue."""
        return self._turned(color, degrees)

    @lua_function("color.adjust_hue_fixed_ryb")
    def adjust_hue_fixed_ryb(self, color: object, degrees: float) -> Rgba:
        """Turn the hue on the painters' wheel."""
        return self._turned(color, degrees, ryb=True)

    @lua_function("color.complement")
    def complement(self, color: object) -> Rgba:
        """Opposite."""
        return self._turned(color, 180)

    @lua_function("color.complement_ryb")
    def complement_ryb(self, color: object) -> Rgba:
        """Opposite on the painters' wheel."""
        return self._turned(color, 180, ryb=True)

    @lua_function("color.triad")
    def triad(self, color: object) -> tuple[Rgba, Rgba]:
        """The two others of three at equal distances."""
        return self._turned(color, 120), self._turned(color, -120)

    @lua_function("color.square")
    def square(self, color: object) -> tuple[Rgba, Rgba, Rgba]:
        """The three others of four at equal distances."""
        return self._turned(color, 90), self._turned(color, 180), self._turned(color, 270)

    @lua_function("color.hsla")
    def hsla(self, color: object) -> tuple[float, float, float, float]:
        """Hue, saturation, lightness, alpha."""
        value = _rgba(color)
        return (*_hsl(value), value[3])

    @lua_function("color.laba")
    def laba(self, color: object) -> tuple[float, float, float, float]:
        """CIE L*a*b* and alpha."""
        value = _rgba(color)
        return (*_cie_lab(value), value[3])

    @lua_function("color.linear_rgba")
    def linear_rgba(self, color: object) -> tuple[float, float, float, float]:
        """Linear light."""
        value = _rgba(color)
        return _linear(value[0]), _linear(value[1]), _linear(value[2]), value[3]

    @lua_function("color.srgb_u8")
    def srgb_u8(self, color: object) -> tuple[int, int, int, int]:
        """Bytes."""
        red, green, blue, alpha = (round(min(max(item, 0.0), 1.0) * 255) for item in _rgba(color))
        return red, green, blue, alpha

    @lua_function("color.contrast_ratio")
    def contrast_ratio(self, color: object, other: object) -> float:
        """WCAG's ratio, 1 to 21."""
        lights = []
        for item in (_rgba(color), _rgba(other)):
            red, green, blue = (_linear(channel) for channel in item[:3])
            lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
        return (max(lights) + 0.05) / (min(lights) + 0.05)

    @lua_function("color.delta_e")
    def delta_e(self, color: object, other: object) -> float:
        """The distance as people see it (CIE76)."""
        return math.dist(_cie_lab(_rgba(color)), _cie_lab(_rgba(other)))

    @lua_function("sys.color_gradient")
    def gradient(self, gradient: dict[str, object], count: int) -> list[object]:
        """`count` colours along a gradient's colours."""
        colors = gradient.get("colors")
        if not isinstance(colors, list) or not colors:
            raise ApiError("wezterm.color.gradient: expected colors = {...} in the gradient")
        if not 0 <= count <= 10_000:
            raise ApiError(f"wezterm.color.gradient: cannot make {count} colours")
        stops = [_rgba(item) for item in colors]
        if len(stops) == 1:
            stops *= 2
        found: list[object] = []
        for number in range(count):
            at = number / max(count - 1, 1) * (len(stops) - 1)
            index = min(int(at), len(stops) - 2)
            share = at - index
            found.append([a + (b - a) * share for a, b in zip(stops[index], stops[index + 1], strict=True)])
        return found

    @lua_function("wezterm.color.get_builtin_schemes")
    def get_builtin_schemes(self) -> dict[str, object]:
        """Every scheme that is built in."""
        return dict(all_scheme_tables())

    @lua_function("wezterm.color.get_default_colors")
    def get_default_colors(self) -> dict[str, object]:
        """The default palette."""
        colors = [color_text(color) for color in default_palette()]
        indexed = dict(enumerate(colors[16:], 16))
        return {**DEFAULT_COLORS, "ansi": colors[:8], "brights": colors[8:16], "indexed": indexed}

    @lua_function("wezterm.color.load_scheme")
    def load_scheme(self, path: str) -> tuple[object, object]:
        """Read a scheme from a TOML file: colors, metadata."""
        try:
            data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ApiError(f"wezterm.color.load_scheme: {path}: {error}") from error
        return data.get("colors", {}), data.get("metadata", {})

    @lua_function("sys.scheme")
    def scheme(self, name: str) -> object:
        """One scheme by name; nil if it is not built in."""
        return scheme_table(name)

    def _missing(self, name: str) -> ApiError:
        return ApiError(f"{name} is not there yet")

    @lua_function("wezterm.color.save_scheme")
    def save_scheme(self) -> None:
        """Not there yet."""
        raise self._missing("wezterm.color.save_scheme")

    @lua_function("wezterm.color.load_base16_scheme")
    def load_base16_scheme(self, path: str) -> tuple[object, object]:
        """Read a base16 scheme, a flat YAML file: colors, metadata."""
        name = "wezterm.color.load_base16_scheme"
        fields = dict(_YAML_FIELD.findall(_text_of(name, path)))
        base = [f"#{fields.get(f'base{number:02X}', '')}" for number in range(16)]
        for number, color in enumerate(base):
            if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
                raise ApiError(f"{name}: {path}: base{number:02X} is missing or no colour")
        colors = {
            "foreground": base[5],
            "background": base[0],
            "cursor_fg": base[0],
            "cursor_bg": base[5],
            "cursor_border": base[5],
            "selection_fg": base[0],
            "selection_bg": base[5],
            "ansi": [base[number] for number in (0, 8, 11, 10, 13, 14, 12, 5)],
            "brights": [base[number] for number in (3, 8, 11, 10, 13, 14, 12, 7)],
            "indexed": {16: base[9], 17: base[15], 18: base[1], 19: base[2], 20: base[4], 21: base[6]},
        }
        return colors, {"name": fields.get("scheme"), "author": fields.get("author")}

    @lua_function("wezterm.color.load_terminal_sexy_scheme")
    def load_terminal_sexy_scheme(self, path: str) -> tuple[object, object]:
        """Read a scheme as terminal.sexy exports it in JSON: colors, metadata."""
        name = "wezterm.color.load_terminal_sexy_scheme"
        try:
            data = json.loads(_text_of(name, path))
            colors = [str(color) for color in data["color"]]
            table = {"foreground": data["foreground"], "background": data["background"]}
        except (ValueError, KeyError, TypeError) as error:
            raise ApiError(f"{name}: {path}: not such a scheme: {error!r}") from error
        if len(colors) != 16:
            raise ApiError(f"{name}: {path}: expected 16 colours, found {len(colors)}")
        metadata = {"name": data.get("name"), "author": data.get("author")}
        return {**table, "ansi": colors[:8], "brights": colors[8:]}, metadata

    @lua_function("wezterm.color.extract_colors_from_image")
    def extract_colors_from_image(self) -> None:
        """Not there yet."""
        raise self._missing("wezterm.color.extract_colors_from_image")
