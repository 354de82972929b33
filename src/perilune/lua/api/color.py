"""`wezterm.color`: what Color objects can do, and gradients. Schemes are in `color_scheme`.

A colour crosses as [red, green, blue, alpha], 0 to 1; a colour given as text is read.
"""

from __future__ import annotations

from perilune.base.color import to_linear
from perilune.base.gradient import GradientError, build_gradient, sample
from perilune.base.gradient import Rgba as Stop
from perilune.lua.api.color_image import ImageColors, ImageColorsError
from perilune.lua.api.color_space import (
    Rgba,
    color_text,
    contrast_ratio,
    delta_e,
    from_hsl,
    parse_rgba,
    to_hsl,
    to_lab,
    turn_ryb,
)
from perilune.lua.functions import ApiError, lua_function
from perilune.lua.work import Work

__all__ = ["ColorApi"]

_MOST_COLORS = 10_000


def _rgba(value: object) -> Rgba:
    if isinstance(value, str):
        try:
            return parse_rgba(value)
        except ValueError as error:
            raise ApiError(f"color: {error}") from error
    if isinstance(value, list) and len(value) == 4:
        return [float(item) for item in value]
    raise ApiError("color: expected a colour")


def _stop(text: str) -> Stop:
    red, green, blue, alpha = parse_rgba(text)
    return red, green, blue, alpha


def _scaled(value: float, factor: float, fixed: bool) -> float:
    """Towards 1 for positive factors, towards 0 for negative; by a share of what is left, or by an amount."""
    if fixed:
        return value + factor
    return value + (1 - value if factor >= 0 else value) * factor


class ColorApi:
    """Colours.

    Args:
        images: analyses images; it outlives Lua states, because that is expensive.
    """

    def __init__(self, images: ImageColors) -> None:
        self._images = images

    @lua_function("sys.color_parse")
    def parse(self, text: str) -> Rgba:
        """Read a colour."""
        try:
            return parse_rgba(text)
        except ValueError as error:
            raise ApiError(f"wezterm.color.parse: {error}") from error

    @lua_function("sys.color_from_hsla")
    def from_hsla(self, hue: float, saturation: float, lightness: float, alpha: float = 1.0) -> Rgba:
        """A colour from hue (degrees), saturation, lightness, alpha (0 to 1)."""
        return from_hsl(hue, saturation, lightness, alpha)

    @lua_function("color.to_string")
    def to_string(self, color: object) -> str:
        """#rrggbb, or rgba(...) with alpha."""
        return color_text(_rgba(color))

    def _lightness(self, color: object, factor: float, *, fixed: bool) -> Rgba:
        value = _rgba(color)
        hue, saturation, lightness = to_hsl(value)
        return from_hsl(hue, saturation, _scaled(lightness, factor, fixed), value[3])

    def _saturation(self, color: object, factor: float, *, fixed: bool) -> Rgba:
        value = _rgba(color)
        hue, saturation, lightness = to_hsl(value)
        return from_hsl(hue, _scaled(saturation, factor, fixed), lightness, value[3])

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
        hue, saturation, lightness = to_hsl(value)
        hue = turn_ryb(hue, degrees) if ryb else hue + degrees
        return from_hsl(hue, saturation, lightness, value[3])

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
        return self._turned(color, 90), self._turned(color, 270), self._turned(color, 180)

    @lua_function("color.hsla")
    def hsla(self, color: object) -> tuple[float, float, float, float]:
        """Hue, saturation, lightness, alpha."""
        value = _rgba(color)
        return (*to_hsl(value), value[3])

    @lua_function("color.laba")
    def laba(self, color: object) -> tuple[float, float, float, float]:
        """CIE L*a*b* and alpha."""
        value = _rgba(color)
        return (*to_lab(value), value[3])

    @lua_function("color.linear_rgba")
    def linear_rgba(self, color: object) -> tuple[float, float, float, float]:
        """Linear light."""
        value = _rgba(color)
        return to_linear(value[0]), to_linear(value[1]), to_linear(value[2]), value[3]

    @lua_function("color.srgba_u8")
    def srgba_u8(self, color: object) -> tuple[int, int, int, int]:
        """Bytes."""
        red, green, blue, alpha = (round(min(max(item, 0.0), 1.0) * 255) for item in _rgba(color))
        return red, green, blue, alpha

    @lua_function("color.srgb_u8")
    def srgb_u8(self, color: object) -> tuple[int, int, int, int]:
        """Bytes; the name that the documentation's page has."""
        return self.srgba_u8(color)

    @lua_function("color.contrast_ratio")
    def contrast_ratio(self, color: object, other: object) -> float:
        """1 for the same lightness, 21 for black and white."""
        return contrast_ratio(_rgba(color), _rgba(other))

    @lua_function("color.delta_e")
    def delta_e(self, color: object, other: object) -> float:
        """The distance as people see it (CIEDE2000)."""
        return delta_e(to_lab(_rgba(color)), to_lab(_rgba(other)))

    @lua_function("sys.color_gradient")
    def gradient(self, gradient: dict[str, object], num_colors: int) -> list[object]:
        """Colours at even distances along a gradient."""
        if not 0 <= num_colors <= _MOST_COLORS:
            raise ApiError(f"wezterm.color.gradient: cannot make {num_colors} colours")
        try:
            return [list(color) for color in sample(build_gradient(gradient, _stop), num_colors)]
        except GradientError as error:
            raise ApiError(f"wezterm.color.gradient: {error}") from error

    @lua_function("sys.color_extract", suspends=True)
    def extract(self, file_name: str, params: dict[str, object] | None = None) -> Work:
        """The colours of an image, the commonest first."""

        def run() -> tuple[object, ...]:
            try:
                return (self._images.extract(file_name, params or {}),)
            except ImageColorsError as error:
                raise ApiError(f"wezterm.color.extract_colors_from_image: {error}") from error

        return Work(run)
