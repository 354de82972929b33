"""Colours and characters for hosts that have few of them. Pure functions; callers cache."""

# ruff: noqa: RUF001 - characters that look like ASCII are what is replaced here

from __future__ import annotations

from perilune.base.color import Rgb, default_palette
from perilune.cells.packing import COLOR_INDEXED, COLOR_RGB

__all__ = ["TRUE_COLOR", "ascii_fallback", "contrasting", "nearest"]

TRUE_COLOR = 1 << 24

# The 16 colours as xterm and most hosts have them; the host's own can only be guessed.
_BASE: tuple[Rgb, ...] = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0),
    (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
    (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
)  # fmt: skip
_LEVELS = (0, 95, 135, 175, 215, 255)

_ASCII = {
    **dict.fromkeys("─━┄┅┈┉╌╍═╴╶╸╺╼╾╭╮╯╰‐‑‒–—―", "-"),
    **dict.fromkeys("│┃┆┇┊┋╎╏║╵╷╹╻╽╿▏▎▍▕", "|"),
    **dict.fromkeys("■█▓▉▊▋▌▐", "#"),
    **dict.fromkeys("▒░▄▀", ":"),
    **dict.fromkeys("•·●∙", "*"),
    **dict.fromkeys("◀◄‹", "<"),
    **dict.fromkeys("▶►›❯", ">"),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("“”", '"'),
    **dict.fromkeys("…", "."),
    **dict.fromkeys("×✕✖✗✘", "x"),
    **dict.fromkeys("▲↑", "^"),
    **dict.fromkeys("▼↓", "v"),
    **dict.fromkeys("←", "<"),
    **dict.fromkeys("→", ">"),
}


def _rgb(word: int) -> Rgb:
    return (word >> 16 & 0xFF, word >> 8 & 0xFF, word & 0xFF)


def _distance(left: Rgb, right: Rgb) -> int:
    """Squared distance, weighted as the eye does ("redmean"), times 256."""
    mean = (left[0] + right[0]) // 2
    red, green, blue = left[0] - right[0], left[1] - right[1], left[2] - right[2]
    return (512 + mean) * red * red + 1024 * green * green + (767 - mean) * blue * blue


def nearest(word: int, colors: int) -> int:
    """The colour word nearest to `word` among those of a host with `colors` colours.

    >>> hex(nearest(COLOR_RGB | 0xFF0000, 256)), hex(nearest(COLOR_RGB | 0xFA0404, 16))
    ('0x10000c4', '0x1000009')
    >>> nearest(COLOR_RGB | 0x123456, 0), hex(nearest(COLOR_INDEXED | 9, 8))
    (0, '0x1000001')
    """
    if word == 0 or colors >= TRUE_COLOR:
        return word
    if colors < 8:
        return 0
    if word & COLOR_RGB:
        return COLOR_INDEXED | (
            _nearest_256(_rgb(word)) if colors >= 256 else _nearest_base(_rgb(word), colors)
        )
    number = word & 0xFF
    if number < colors or colors >= 256:
        return word
    if number < 16:
        return COLOR_INDEXED | number & 7
    return COLOR_INDEXED | _nearest_base(default_palette()[number], colors)


def contrasting(word: int, colors: int) -> int:
    """Black or white, whichever is readable on `word`, where degrading has made text and ground the same."""
    rgb = default_palette()[word & 0xFF] if word & COLOR_INDEXED else _rgb(word)
    light = 299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] > 110_000
    if light:
        return COLOR_INDEXED | 0
    return COLOR_INDEXED | (15 if colors >= 16 else 7)


def ascii_fallback(text: str, width: int) -> bytes:
    """What stands for a cluster on a host that takes only ASCII: exactly `width` bytes.

    >>> ascii_fallback("─", 1), ascii_fallback("é", 1), ascii_fallback("漢", 2)
    (b'-', b'e', b'??')
    """
    found = _ASCII.get(text[0])
    if found is None and 0x2500 <= ord(text[0]) < 0x2580:
        found = "+"  # corners and crossings
    if found is None:
        import unicodedata  # noqa: PLC0415 - only for hosts without UTF-8

        base = unicodedata.normalize("NFKD", text)[:1]
        found = base if base.isascii() and base.isprintable() else "?"
    return (found * width)[:width].encode("ascii")


def _nearest_256(rgb: Rgb) -> int:
    """The 6x6x6 cube or the 24 greys; never the 16 base colours, which users redefine."""
    steps = [min(range(6), key=lambda step: abs(_LEVELS[step] - channel)) for channel in rgb]
    cube = (_LEVELS[steps[0]], _LEVELS[steps[1]], _LEVELS[steps[2]])
    step = min(max((sum(rgb) // 3 - 8 + 5) // 10, 0), 23)
    grey = (8 + 10 * step,) * 3
    if _distance(rgb, grey) < _distance(rgb, cube):
        return 232 + step
    return 16 + 36 * steps[0] + 6 * steps[1] + steps[2]


def _nearest_base(rgb: Rgb, colors: int) -> int:
    return min(range(min(colors, 16)), key=lambda number: _distance(rgb, _BASE[number]))
