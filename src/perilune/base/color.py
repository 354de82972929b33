"""Colours by name and notation, and the 256-colour palette that xterm made common."""

from __future__ import annotations

import colorsys
import re
from typing import Self

__all__ = [
    "ANSI_COLOR_NAMES",
    "TRANSPARENT_NAMES",
    "Rgb",
    "TranslucentRgb",
    "alpha_of",
    "default_palette",
    "from_linear",
    "parse_alpha",
    "parse_color",
    "to_linear",
]

Rgb = tuple[int, int, int]

ANSI_COLOR_NAMES = (
    "Black", "Maroon", "Green", "Olive", "Navy", "Purple", "Teal", "Silver",
    "Grey", "Red", "Lime", "Yellow", "Blue", "Fuchsia", "Aqua", "White",
)  # fmt: skip
"""WezTerm's names of palette entries 0-15 (AnsiColor)."""

TRANSPARENT_NAMES = frozenset({"none", "clear", "transparent"})
"""Names of black with an alpha of 0."""

# WezTerm's default ANSI colours.
_ANSI: tuple[Rgb, ...] = (
    (0x00, 0x00, 0x00), (0xCC, 0x55, 0x55), (0x55, 0xCC, 0x55), (0xCD, 0xCD, 0x55),
    (0x54, 0x55, 0xCB), (0xCC, 0x55, 0xCC), (0x7A, 0xCA, 0xCA), (0xCC, 0xCC, 0xCC),
    (0x55, 0x55, 0x55), (0xFF, 0x55, 0x55), (0x55, 0xFF, 0x55), (0xFF, 0xFF, 0x55),
    (0x55, 0x55, 0xFF), (0xFF, 0x55, 0xFF), (0x55, 0xFF, 0xFF), (0xFF, 0xFF, 0xFF),
)  # fmt: skip
_CUBE = (0, 95, 135, 175, 215, 255)
_HEX = re.compile(r"#([0-9a-fA-F]+)$")
_X11 = re.compile(r"rgb:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})$")
_FUNCTION = re.compile(r"(rgba?|hsla?|hsl)\s*[:(]\s*([^)]*)\)?$", re.IGNORECASE)


def default_palette() -> tuple[Rgb, ...]:
    """All 256 colours: 16 ANSI, the 6x6x6 cube, 24 greys."""
    cube = tuple((r, g, b) for r in _CUBE for g in _CUBE for b in _CUBE)
    greys = tuple((level, level, level) for level in range(8, 248, 10))
    return _ANSI + cube + greys


def parse_color(text: str) -> Rgb:
    """Read a colour as WezTerm configs write them; alpha is accepted and dropped.

    Args:
        text: `#rgb`, `#rrggbb` (and 3 or 4 digits a channel, and 4- and 8-digit forms with alpha),
            `rgb:r/g/b` (X11), `rgb(...)`, `rgba(...)`, `hsl(...)`, `hsl:h s l`, a CSS or X11 name, or one
            of `TRANSPARENT_NAMES`.

    Returns:
        (r, g, b), each 0-255.

    Raises:
        ValueError: not a colour.

    >>> parse_color("#0af"), parse_color("rgb:ff/80/00"), parse_color("navy"), parse_color("hsl:240 100 50")
    ((0, 170, 255), (255, 128, 0), (0, 0, 128), (0, 0, 255))
    """
    text = text.strip()
    if match := _HEX.match(text):
        return _from_hex(match[1], text)
    if match := _X11.match(text):
        return (_channel(match[1]), _channel(match[2]), _channel(match[3]))
    if match := _FUNCTION.match(text):
        return _from_function(match[1].lower(), match[2], text)
    return _from_name(text)


class TranslucentRgb(tuple[int, int, int]):  # noqa: SLOT001 - a tuple takes no slots with values
    """A colour that lets through what lies behind: an `Rgb` with an `alpha`, which its equality counts.

    Attributes:
        alpha: how opaque it is, 0 to 1.
    """

    alpha: float

    def __new__(cls, color: Rgb, alpha: float) -> Self:
        """Make one of a colour."""
        made = super().__new__(cls, color)
        made.alpha = alpha
        return made

    def __eq__(self, other: object) -> bool:
        return tuple.__eq__(self, other) is True and alpha_of(other) == self.alpha

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((tuple(self), self.alpha))

    def __repr__(self) -> str:
        return f"TranslucentRgb({tuple(self)!r}, {self.alpha!r})"


def alpha_of(color: object) -> float:
    """How opaque a colour is, 0 to 1.

    >>> alpha_of((1, 2, 3)), alpha_of(TranslucentRgb((1, 2, 3), 0.5))
    (1.0, 0.5)
    """
    return color.alpha if isinstance(color, TranslucentRgb) else 1.0


def parse_alpha(text: str) -> float:
    """The alpha of a colour that `parse_color` reads; 1 where it says none.

    >>> parse_alpha("#00000080"), parse_alpha("rgba(1 2 3 / 50%)"), parse_alpha("none"), parse_alpha("red")
    (0.5019607843137255, 0.5, 0.0, 1.0)
    """
    text = text.strip()
    if match := _HEX.match(text):
        digits = match[1]
        width = {4: 1, 8: 2}.get(len(digits))
        return 1.0 if width is None else _channel(digits[-width:]) / 255
    if match := _FUNCTION.match(text):
        parts = [part for part in re.split(r"[\s,/]+", match[2].strip()) if part]
        try:
            return min(max(_number(parts[3], 1), 0.0), 1.0) if len(parts) > 3 else 1.0
        except ValueError:
            return 1.0
    return 0.0 if text.lower() in TRANSPARENT_NAMES else 1.0


def _channel(digits: str) -> int:
    return round(int(digits, 16) * 255 / ((1 << 4 * len(digits)) - 1))


def _from_hex(digits: str, text: str) -> Rgb:
    width = {3: 1, 4: 1, 6: 2, 8: 2, 9: 3, 12: 4}.get(len(digits))
    if width is None:
        raise ValueError(f"{text!r} is not a colour: expected 3, 4, 6, 8, 9 or 12 hexadecimal digits")
    return (
        _channel(digits[:width]),
        _channel(digits[width : 2 * width]),
        _channel(digits[2 * width : 3 * width]),
    )


def _number(text: str, scale: float) -> float:
    if text.endswith("%"):
        return float(text[:-1]) / 100 * scale
    return float(text.removesuffix("deg"))


def _from_function(name: str, inside: str, text: str) -> Rgb:
    parts = [part for part in re.split(r"[\s,/]+", inside.strip()) if part]
    try:
        parts[2]
        if name.startswith("rgb"):
            red, green, blue = (min(max(round(_number(parts[at], 255)), 0), 255) for at in range(3))
            return (red, green, blue)
        hue = _number(parts[0], 360) % 360 / 360
        saturation, lightness = (min(max(float(parts[at].rstrip("%")) / 100, 0.0), 1.0) for at in (1, 2))
    except (ValueError, IndexError):
        raise ValueError(f"{text!r} is not a colour: bad arguments of {name}") from None
    red_f, green_f, blue_f = colorsys.hls_to_rgb(hue, lightness, saturation)
    return (round(red_f * 255), round(green_f * 255), round(blue_f * 255))


def _from_name(text: str) -> Rgb:
    if text.lower() in TRANSPARENT_NAMES:
        return (0, 0, 0)
    import webcolors  # noqa: PLC0415 - few configs name colours; 8 ms

    try:
        found = webcolors.name_to_rgb(text.replace(" ", "").lower())
    except ValueError:
        raise ValueError(
            f"{text!r} is not a colour: neither #hex, rgb:, rgb(), hsl() nor a known name"
        ) from None
    return (found.red, found.green, found.blue)


def to_linear(channel: float) -> float:
    """A channel of sRGB, 0 to 1, as linear light."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def from_linear(light: float) -> float:
    """Linear light as a channel of sRGB, 0 to 1."""
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
