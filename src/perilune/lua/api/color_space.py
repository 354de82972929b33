"""The arithmetic behind Color objects: hue, lightness, perceived distance. Pure functions, any thread.

A colour is [red, green, blue, alpha], sRGB and alpha from 0 to 1.
"""

from __future__ import annotations

import colorsys
import math
import re
from collections.abc import Sequence
from itertools import pairwise

from perilune.base.color import TRANSPARENT_NAMES, from_linear, parse_color, to_linear

__all__ = [
    "Rgba",
    "color_text",
    "contrast_ratio",
    "delta_e",
    "from_hsl",
    "from_lab",
    "parse_rgba",
    "to_hsl",
    "to_lab",
    "turn_ryb",
]

Rgba = list[float]
Lab = tuple[float, float, float]

_FUNCTION = re.compile(r"^(rgba|hsla)\s*[:(]\s*(.*?)\s*\)?$", re.IGNORECASE)
_WHITE = (0.95047, 1.0, 1.08883)
_KNEE = 216 / 24389
_SLOPE = 24389 / 27

_WHEEL = ((0, 0), (35, 60), (60, 122), (120, 165), (180, 218), (240, 275), (300, 330), (360, 360))
"""Where hues of light stand on the painters' wheel of red, yellow and blue."""


def parse_rgba(text: str) -> Rgba:
    """Read a colour with its alpha.

    Raises:
        ValueError: not a colour.

    >>> parse_rgba("rgba(255, 0, 0, 50%)"), parse_rgba("#0f08")[3]
    ([1.0, 0.0, 0.0, 0.5], 0.5333333333333333)
    """
    text = text.strip()
    red, green, blue = parse_color(text)
    channels = [red / 255, green / 255, blue / 255]
    alpha = 0.0 if text.lower() in TRANSPARENT_NAMES else 1.0
    if match := _FUNCTION.match(text):
        parts = [part for part in re.split(r"[\s,/]+", match[2]) if part]
        if len(parts) == 4:
            alpha = _share(parts[3])
            if match[1].lower() == "rgba" and all(part.endswith("%") for part in parts[:3]):
                channels = [_share(part) for part in parts[:3]]  # more exact than bytes
    elif text.startswith("#") and len(text) in {5, 9}:
        digits = text[4:] * 2 if len(text) == 5 else text[7:]
        alpha = int(digits, 16) / 255
    return [*channels, alpha]


def _share(text: str) -> float:
    value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    return min(max(value, 0.0), 1.0)


def color_text(color: Sequence[float]) -> str:
    """`#rrggbb`, or with an alpha `rgba(r% g% b% a%)`, which `parse_rgba` reads.

    >>> color_text([1, 0.5, 0, 1]), color_text([1, 0.5, 0, 0.25])
    ('#ff8000', 'rgba(100% 50% 0% 25%)')
    """
    if color[3] < 1:
        return "rgba({}% {}% {}% {}%)".format(*(f"{min(max(item, 0.0), 1.0) * 100:.8g}" for item in color))
    red, green, blue = (round(min(max(item, 0.0), 1.0) * 255) for item in color[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


def to_hsl(color: Sequence[float]) -> tuple[float, float, float]:
    """Hue in degrees, saturation and lightness."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*color[:3])
    return hue * 360, saturation, lightness


def from_hsl(hue: float, saturation: float, lightness: float, alpha: float) -> Rgba:
    """The reverse; what is out of range is brought back into it."""
    light, strength = (min(max(item, 0.0), 1.0) for item in (lightness, saturation))
    return [*colorsys.hls_to_rgb(hue % 360 / 360, light, strength), min(max(alpha, 0.0), 1.0)]


def _between(value: float, steps: Sequence[tuple[float, float]]) -> float:
    for (low, low_out), (high, high_out) in pairwise(steps):
        if value <= high:
            return low_out + (value - low) / (high - low) * (high_out - low_out)
    return steps[-1][1]


def turn_ryb(hue: float, degrees: float) -> float:
    """A hue of light turned on the painters' wheel."""
    painted = (_between(hue % 360, _WHEEL) + degrees) % 360
    return _between(painted, [(out, into) for into, out in _WHEEL])


def contrast_ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """The ratio of their lightness in HSL, 1 to 21, as WezTerm documents it."""
    dark, light = sorted((to_hsl(one)[2] + 0.05, to_hsl(other)[2] + 0.05))
    return light / dark


def to_lab(color: Sequence[float]) -> Lab:
    """CIE L*a*b*, white D65."""
    red, green, blue = (to_linear(item) for item in color[:3])
    xyz = (
        0.4124564 * red + 0.3575761 * green + 0.1804375 * blue,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        0.0193339 * red + 0.1191920 * green + 0.9503041 * blue,
    )
    shares = (item / white for item, white in zip(xyz, _WHITE, strict=True))
    fx, fy, fz = (math.cbrt(item) if item > _KNEE else (_SLOPE * item + 16) / 116 for item in shares)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def from_lab(lab: Lab) -> Rgba:
    """The reverse, opaque; what no screen shows is brought to the nearest channel values."""
    fy = (lab[0] + 16) / 116
    shares = (fy + lab[1] / 500, fy, fy - lab[2] / 200)
    x, y, z = (
        (item**3 if item**3 > _KNEE else (116 * item - 16) / _SLOPE) * white
        for item, white in zip(shares, _WHITE, strict=True)
    )
    linear = (
        3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
        0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
    )
    return [*(from_linear(min(max(item, 0.0), 1.0)) for item in linear), 1.0]


def delta_e(one: Lab, other: Lab) -> float:
    """The distance as people see it, CIEDE2000, by the published formulas (Sharma, Wu and Dalal 2005)."""
    chroma = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    stretch = 1 + 0.5 * (1 - math.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    a1, a2 = one[1] * stretch, other[1] * stretch
    c1, c2 = math.hypot(a1, one[2]), math.hypot(a2, other[2])
    h1, h2 = (
        math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0 for a, b in ((a1, one[2]), (a2, other[2]))
    )
    lightness, colourfulness = other[0] - one[0], c2 - c1
    turn = h2 - h1
    if c1 * c2 == 0:
        turn, hue = 0.0, h1 + h2
    elif abs(turn) <= 180:
        hue = (h1 + h2) / 2
    else:
        hue = (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
        turn += 360 if turn < 0 else -360
    difference = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    mean_light, mean = (one[0] + other[0]) / 2, (c1 + c2) / 2
    weight = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    scale_l = 1 + 0.015 * (mean_light - 50) ** 2 / math.sqrt(20 + (mean_light - 50) ** 2)
    scale_c, scale_h = 1 + 0.045 * mean, 1 + 0.015 * mean * weight
    turned = 60 * math.exp(-(((hue - 275) / 25) ** 2))
    rotation = -2 * math.sqrt(mean**7 / (mean**7 + 25.0**7)) * math.sin(math.radians(turned))
    light, strength, angle = lightness / scale_l, colourfulness / scale_c, difference / scale_h
    return math.sqrt(light**2 + strength**2 + angle**2 + rotation * strength * angle)
