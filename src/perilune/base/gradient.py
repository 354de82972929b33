"""Colour gradients, as `window_background_gradient` and `wezterm.color.gradient` describe them.

Turns a description into a function from 0..1 to a colour; it draws nothing and knows no Lua. Pure functions,
any thread. The presets are published colour maps: ColorBrewer's schemes, matplotlib's perceptual maps sampled
at even distances, and the formulas of cubehelix, sinebow, turbo and cividis; between samples a uniform
B-spline runs.
"""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable, Mapping, Sequence

from perilune.base.color import from_linear, to_linear

__all__ = ["GRADIENT_PRESETS", "Gradient", "GradientError", "Rgba", "build_gradient", "sample"]

Rgba = tuple[float, float, float, float]
"""Red, green, blue (sRGB) and alpha, 0 to 1."""

Gradient = Callable[[float], Rgba]


class GradientError(ValueError):
    """The description is no gradient; the text says why."""


def _clamp(value: float) -> float:
    return min(max(value, 0.0), 1.0)


# Blending: into the space where it happens, and back.


def _to_oklab(color: Rgba) -> Rgba:
    red, green, blue = (to_linear(item) for item in color[:3])
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
        color[3],
    )


def _from_oklab(value: Rgba) -> Rgba:
    light, a, b, alpha = value
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return from_linear(_clamp(red)), from_linear(_clamp(green)), from_linear(_clamp(blue)), alpha


def _to_linear_rgb(color: Rgba) -> Rgba:
    return to_linear(color[0]), to_linear(color[1]), to_linear(color[2]), color[3]


def _from_linear_rgb(value: Rgba) -> Rgba:
    red, green, blue = (from_linear(_clamp(item)) for item in value[:3])
    return red, green, blue, value[3]


def _to_hsv(color: Rgba) -> Rgba:
    return (*colorsys.rgb_to_hsv(*color[:3]), color[3])


def _from_hsv(value: Rgba) -> Rgba:
    return (*colorsys.hsv_to_rgb(value[0] % 1.0, _clamp(value[1]), _clamp(value[2])), value[3])


def _same(value: Rgba) -> Rgba:
    return value


_BLENDS: Mapping[str, tuple[Callable[[Rgba], Rgba], Callable[[Rgba], Rgba]]] = {
    "Rgb": (_same, _same),
    "LinearRgb": (_to_linear_rgb, _from_linear_rgb),
    "Hsv": (_to_hsv, _from_hsv),
    "Oklab": (_to_oklab, _from_oklab),
}


# Interpolation of one channel between evenly spaced values.


def _basis(values: Sequence[float], index: int, share: float) -> float:
    second, third = values[index], values[index + 1]
    first = values[index - 1] if index > 0 else 2 * second - third
    fourth = values[index + 2] if index + 2 < len(values) else 2 * third - second
    square, cube = share**2, share**3
    return (
        (1 - 3 * share + 3 * square - cube) * first
        + (4 - 6 * square + 3 * cube) * second
        + (1 + 3 * share + 3 * square - 3 * cube) * third
        + cube * fourth
    ) / 6


def _catmull_rom(values: Sequence[float], index: int, share: float) -> float:
    """Centripetal, each channel by itself; equal neighbours have no tangent."""
    second, third = values[index], values[index + 1]
    first = values[index - 1] if index > 0 else 2 * second - third
    fourth = values[index + 2] if index + 2 < len(values) else 2 * third - second
    before, between, after = (
        math.sqrt(abs(b - a)) for a, b in ((first, second), (second, third), (third, fourth))
    )
    start = end = 0.0
    if before and between:
        start = between * (
            (second - first) / before - (third - first) / (before + between) + (third - second) / between
        )
    if between and after:
        end = between * (
            (third - second) / between - (fourth - second) / (between + after) + (fourth - third) / after
        )
    square, cube = share**2, share**3
    return (
        (2 * second - 2 * third + start + end) * cube
        + (-3 * second + 3 * third - 2 * start - end) * square
        + start * share
        + second
    )


def _linear(values: Sequence[float], index: int, share: float) -> float:
    return values[index] + (values[index + 1] - values[index]) * share


_INTERPOLATIONS: Mapping[str, Callable[[Sequence[float], int, float], float]] = {
    "Linear": _linear,
    "Basis": _basis,
    "CatmullRom": _catmull_rom,
}


def _unwound(hues: Sequence[float]) -> list[float]:
    """Hues so that going from one to the next takes the short way round."""
    found = list(hues[:1])
    for hue in hues[1:]:
        step = (hue - found[-1] + 0.5) % 1.0 - 0.5
        found.append(found[-1] + step)
    return found


def _through(colors: Sequence[Rgba], blend: str = "Rgb", interpolation: str = "Linear") -> Gradient:
    """The gradient through colours at even distances."""
    into, back = _BLENDS[blend]
    between = _INTERPOLATIONS[interpolation]
    stops = [into(color) for color in (colors if len(colors) > 1 else [*colors, *colors])]
    channels: list[Sequence[float]] = [[stop[channel] for stop in stops] for channel in range(4)]
    if blend == "Hsv" and interpolation == "Linear":
        channels[0] = _unwound(channels[0])
    last = len(stops) - 1

    def at(where: float) -> Rgba:
        position = _clamp(where) * last
        index = min(int(position), last - 1)
        first, second, third, alpha = (between(values, index, position - index) for values in channels)
        red, green, blue, alpha = back((first, second, third, alpha))
        return _clamp(red), _clamp(green), _clamp(blue), _clamp(alpha)

    return at


def _sharp(gradient: Gradient, segments: int, smoothness: float) -> Gradient:
    """Steps of one colour each, with a soft edge between two of up to half a step."""
    colors = sample(gradient, max(segments, 1))
    edge = _clamp(smoothness) / 4

    def at(where: float) -> Rgba:
        position = _clamp(where) * len(colors)
        index = min(int(position), len(colors) - 1)
        inside = position - index
        if inside < edge and index > 0:
            other, share = index - 1, 0.5 - inside / (2 * edge)
        elif inside > 1 - edge and index + 1 < len(colors):
            other, share = index + 1, 0.5 - (1 - inside) / (2 * edge)
        else:
            return colors[index]
        red, green, blue, alpha = (
            a + (b - a) * share for a, b in zip(colors[index], colors[other], strict=True)
        )
        return red, green, blue, alpha

    return at


# Presets.


def _cubehelix(hue: float, saturation: float, lightness: float) -> Rgba:
    """Red's share is held to 1, as in the values that WezTerm documents for Rainbow."""
    angle = math.radians(hue + 120)
    amplitude = saturation * lightness * (1 - lightness)
    cosine, sine = math.cos(angle), math.sin(angle)
    return (
        _clamp(lightness - amplitude * min(0.14861 * cosine - 1.78277 * sine, 1.0)),
        _clamp(lightness - amplitude * (0.29227 * cosine + 0.90649 * sine)),
        _clamp(lightness + amplitude * (1.97294 * cosine)),
        1.0,
    )


def _helix(start: tuple[float, float, float], end: tuple[float, float, float]) -> Gradient:
    def at(where: float) -> Rgba:
        hue, saturation, lightness = (a + (b - a) * _clamp(where) for a, b in zip(start, end, strict=True))
        return _cubehelix(hue, saturation, lightness)

    return at


def _rainbow(where: float) -> Rgba:
    where = _clamp(where)
    off = abs(where - 0.5)
    return _cubehelix(360 * where - 100, 1.5 - 1.5 * off, 0.8 - 0.9 * off)


def _sinebow(where: float) -> Rgba:
    angle = (0.5 - _clamp(where)) * math.pi
    red, green, blue = (math.sin(angle + third * math.pi / 3) ** 2 for third in range(3))
    return red, green, blue, 1.0


def _polynomials(*channels: Sequence[float]) -> Gradient:
    """Coefficients from the constant up; the outcome in 255ths."""

    def at(where: float) -> Rgba:
        where = _clamp(where)
        red, green, blue = (
            _clamp(round(sum(factor * where**power for power, factor in enumerate(factors))) / 255)
            for factors in channels
        )
        return red, green, blue, 1.0

    return at


def _brewed(text: str) -> Gradient:
    colors: list[Rgba] = []
    for digits in text.split():
        red, green, blue = bytes.fromhex(digits)
        colors.append((red / 255, green / 255, blue / 255, 1.0))
    return _through(colors, interpolation="Basis")


_FORMULAS: Mapping[str, Gradient] = {
    "Rainbow": _rainbow,
    "Sinebow": _sinebow,
    "CubeHelixDefault": _helix((300, 0.5, 0), (-240, 0.5, 1)),
    "Warm": _helix((-100, 0.75, 0.35), (80, 1.5, 0.8)),
    "Cool": _helix((260, 0.75, 0.35), (80, 1.5, 0.8)),
    "Turbo": _polynomials(
        (34.61, 1172.33, -10793.56, 33300.12, -38394.49, 14825.05),
        (23.31, 557.33, 1225.33, -3574.96, 1073.77, 707.56),
        (27.2, 3211.1, -15327.97, 27814.0, -22569.18, 6838.66),
    ),
    "Cividis": _polynomials(
        (-4.54, -35.34, 2381.73, -6402.7, 7024.72, -2710.57),
        (32.49, 170.73, 52.82, -131.46, 176.58, -67.37),
        (81.24, 442.36, -2482.43, 6167.24, -6614.94, 2475.67),
    ),
}
_SAMPLES: Mapping[str, str] = {
    "BrBg": "543005 8c510a bf812d dfc27d f6e8c3 f5f5f5 c7eae5 80cdc1 35978f 01665e 003c30",
    "PrGn": "40004b 762a83 9970ab c2a5cf e7d4e8 f7f7f7 d9f0d3 a6dba0 5aae61 1b7837 00441b",
    "PiYg": "8e0152 c51b7d de77ae f1b6da fde0ef f7f7f7 e6f5d0 b8e186 7fbc41 4d9221 276419",
    "PuOr": "2d004b 542788 8073ac b2abd2 d8daeb f7f7f7 fee0b6 fdb863 e08214 b35806 7f3b08",
    "RdBu": "67001f b2182b d6604d f4a582 fddbc7 f7f7f7 d1e5f0 92c5de 4393c3 2166ac 053061",
    "RdGy": "67001f b2182b d6604d f4a582 fddbc7 ffffff e0e0e0 bababa 878787 4d4d4d 1a1a1a",
    "RdYlBu": "a50026 d73027 f46d43 fdae61 fee090 ffffbf e0f3f8 abd9e9 74add1 4575b4 313695",
    "RdYlGn": "a50026 d73027 f46d43 fdae61 fee08b ffffbf d9ef8b a6d96a 66bd63 1a9850 006837",
    "Spectral": "9e0142 d53e4f f46d43 fdae61 fee08b ffffbf e6f598 abdda4 66c2a5 3288bd 5e4fa2",
    "Blues": "f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b",
    "Greens": "f7fcf5 e5f5e0 c7e9c0 a1d99b 74c476 41ab5d 238b45 006d2c 00441b",
    "Greys": "ffffff f0f0f0 d9d9d9 bdbdbd 969696 737373 525252 252525 000000",
    "Oranges": "fff5eb fee6ce fdd0a2 fdae6b fd8d3c f16913 d94801 a63603 7f2704",
    "Purples": "fcfbfd efedf5 dadaeb bcbddc 9e9ac8 807dba 6a51a3 54278f 3f007d",
    "Reds": "fff5f0 fee0d2 fcbba1 fc9272 fb6a4a ef3b2c cb181d a50f15 67000d",
    "Viridis": "440154 482777 3f4a8a 31678e 26838f 1f9d8a 6cce5a b6de2b fee825",
    "Inferno": "000004 170b3a 420a68 6b176e 932667 bb3654 dd513a f3771a fca50a f6d644 fcffa4",
    "Magma": "000004 140e37 3b0f70 641a80 8c2981 b63679 de4968 f66f5c fe9f6d fece91 fcfdbf",
    "Plasma": "0d0887 42039d 6a00a8 900da3 b12a90 cb4678 e16462 f1834b fca636 fccd25 f0f921",
    "BuGn": "f7fcfd e5f5f9 ccece6 99d8c9 66c2a4 41ae76 238b45 006d2c 00441b",
    "BuPu": "f7fcfd e0ecf4 bfd3e6 9ebcda 8c96c6 8c6bb1 88419d 810f7c 4d004b",
    "GnBu": "f7fcf0 e0f3db ccebc5 a8ddb5 7bccc4 4eb3d3 2b8cbe 0868ac 084081",
    "OrRd": "fff7ec fee8c8 fdd49e fdbb84 fc8d59 ef6548 d7301f b30000 7f0000",
    "PuBuGn": "fff7fb ece2f0 d0d1e6 a6bddb 67a9cf 3690c0 02818a 016c59 014636",
    "PuBu": "fff7fb ece7f2 d0d1e6 a6bddb 74a9cf 3690c0 0570b0 045a8d 023858",
    "PuRd": "f7f4f9 e7e1ef d4b9da c994c7 df65b0 e7298a ce1256 980043 67001f",
    "RdPu": "fff7f3 fde0dd fcc5c0 fa9fb5 f768a1 dd3497 ae017e 7a0177 49006a",
    "YlGnBu": "ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 253494 081d58",
    "YlGn": "ffffe5 f7fcb9 d9f0a3 addd8e 78c679 41ab5d 238443 006837 004529",
    "YlOrBr": "ffffe5 fff7bc fee391 fec44f fe9929 ec7014 cc4c02 993404 662506",
    "YlOrRd": "ffffcc ffeda0 fed976 feb24c fd8d3c fc4e2a e31a1c bd0026 800026",
}
GRADIENT_PRESETS = tuple(sorted({*_FORMULAS, *_SAMPLES}))
"""The names that `preset` takes."""


def sample(gradient: Gradient, count: int) -> list[Rgba]:
    """So many colours at even distances, both ends included."""
    return [gradient(number / max(count - 1, 1)) for number in range(count)]


def _choice(name: str, value: object, known: Sequence[str], default: str) -> str:
    if value is None:
        return default
    if value in known:
        return str(value)
    raise GradientError(f"{name}: expected one of {', '.join(known)}, got {value!r}")


def build_gradient(description: Mapping[str, object], parse: Callable[[str], Rgba]) -> Gradient:
    """The gradient of a table with `colors` or `preset`, `blend`, `interpolation`, `segment_size`, ...

    Args:
        description: as `window_background_gradient` is written; what concerns drawing is passed over.
        parse: reads a colour; it raises ValueError.

    Raises:
        GradientError: a field that is missing, unknown or of the wrong type.
    """
    preset = description.get("preset")
    if preset is not None:
        name = _choice("preset", preset, GRADIENT_PRESETS, "")
        gradient = _FORMULAS[name] if name in _FORMULAS else _brewed(_SAMPLES[name])
    else:
        colors = description.get("colors")
        if not isinstance(colors, Sequence) or isinstance(colors, str) or not colors:
            raise GradientError("expected colors = {...} or a preset in the gradient")
        if not all(isinstance(color, str) for color in colors):
            raise GradientError("colors: expected a list of colours")
        try:
            stops = [parse(str(color)) for color in colors]
        except ValueError as error:
            raise GradientError(f"colors: {error}") from error
        blend = _choice("blend", description.get("blend"), tuple(_BLENDS), "Rgb")
        interpolation = _choice(
            "interpolation", description.get("interpolation"), tuple(_INTERPOLATIONS), "Linear"
        )
        gradient = _through(stops, blend, interpolation)
    size, smoothness = description.get("segment_size"), description.get("segment_smoothness")
    if size is None and smoothness is None:
        return gradient
    if not isinstance(size, int | float) or not isinstance(smoothness, int | float):
        raise GradientError("segment_size and segment_smoothness go together, both numbers")
    return _sharp(gradient, min(int(size), 10_000), float(smoothness))
