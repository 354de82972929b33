"""What the colours of cells are in a window: tables of the palette, with every factor already applied.

Colours are 32-bit words with red in the low byte and alpha in the high one. Pure but for what it is made of.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from perilune.base.color import Rgb, default_palette
from perilune.render.rows import TABLE_WORDS, shift_hsb

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.config.palette import Palette

__all__ = ["ColorTables", "contrast", "rgb_word", "word_rgb"]

_FOREGROUND: Rgb = (0xB2, 0xB2, 0xB2)
_BACKGROUND: Rgb = (0, 0, 0)
_CURSOR: Rgb = (0x52, 0xAD, 0x70)
_THUMB: Rgb = (0x22, 0x22, 0x22)


def rgb_word(color: Rgb, alpha: int = 255) -> int:
    """A colour as a word.

    >>> hex(rgb_word((1, 2, 3)))
    '0xff030201'
    """
    return color[0] | color[1] << 8 | color[2] << 16 | alpha << 24


def word_rgb(word: int) -> Rgb:
    """The colour of a word, without its alpha."""
    return (word & 0xFF, word >> 8 & 0xFF, word >> 16 & 0xFF)


def _luminance(color: Rgb) -> float:
    parts = [
        value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in color
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class ColorTables:
    """The colours in force.

    Args:
        config: the factors and opacities.
        palette: the colours; what is not configured is as in WezTerm.

    Attributes:
        words: text and cells, then both of inactive panes: four tables of 256 colours and the default.
        brightens: bold text in the first eight colours uses the next eight.
        thins_bright: and is drawn with the faces of text that is not bold.
        has_layers: something is drawn over the window's background.
        tints: an inactive pane's default background differs from the window's and may be drawn over it.
        clear: the window's background, opaque.
        opacity: of the window's background.
        cell_alpha: 0-255, of backgrounds that programs chose.
        text_hsb: factors on text.
        inactive_hsb: factors on inactive panes.
    """

    def __init__(self, config: Config, palette: Palette) -> None:
        text, inactive = config.foreground_text_hsb, config.inactive_pane_hsb
        self.text_hsb = (text.hue, text.saturation, text.brightness)
        self.inactive_hsb = (inactive.hue, inactive.saturation, inactive.brightness)
        self.foreground = palette.foreground or _FOREGROUND
        self.background = palette.background or _BACKGROUND
        builtin = default_palette()
        entries = [palette.entry(index) or builtin[index] for index in range(256)]
        cells = [rgb_word(color) for color in (*entries, self.background)]
        letters = [rgb_word(color) for color in (*entries, self.foreground)]
        if self.text_hsb != (1.0, 1.0, 1.0):
            letters = [shift_hsb(word, *self.text_hsb) for word in letters]
        faded = [[shift_hsb(word, *self.inactive_hsb) for word in table] for table in (letters, cells)]
        self.words = array("I", [*letters, *cells, *faded[0], *faded[1]])
        self.brightens = config.bold_brightens_ansi_colors != "No"
        self.thins_bright = config.bold_brightens_ansi_colors == "BrightOnly"
        self.clear = rgb_word(self.background)
        self.opacity = config.window_background_opacity
        if palette.background is None and "background" in palette.__dict__:
            self.opacity = 0.0  # written as transparent
        self.has_layers = bool(config.background or config.window_background_gradient)
        self.has_layers = self.has_layers or config.window_background_image is not None
        self.tints = self.opacity >= 1.0 and not self.has_layers and self.words[-1] != self.clear
        self.cell_alpha = round(255 * config.text_background_opacity)
        self.cursor_bg = palette.cursor_bg or _CURSOR
        self.cursor_fg = palette.cursor_fg or self.background
        self.cursor_border = palette.cursor_border or self.cursor_bg
        self.compose_cursor = palette.compose_cursor
        self.visual_bell = palette.visual_bell or self.foreground
        self.scrollbar_thumb = palette.scrollbar_thumb or _THUMB

    def resolve(self, word: int, attr_is_bold: bool = False) -> int:
        """The opaque word of a cell's colour word, as text."""
        if word >> 25 & 1:
            return rgb_word((word >> 16 & 0xFF, word >> 8 & 0xFF, word & 0xFF))
        at = TABLE_WORDS - 1 if word == 0 else word & 0xFF
        if attr_is_bold and self.brightens and at < 8:
            at += 8
        return int(self.words[at])
