"""`inactive_pane_hsb` where cells are all there is to draw with: other colours for the cells of a pane.

A colour that is known is changed as configured. What the host terminal draws in colours of its own, which it
has not told, gets the faint rendition instead. Front ends with windows draw it themselves. Mux thread.
"""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING

from perilune.base.color import Rgb, default_palette
from perilune.cells.packing import DIM, pack_color, unpack_color

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.config.options.background import Hsb

__all__ = ["InactiveLook"]

_OWN_COLORS = 16  # palette entries that hosts draw as they like; the others are the same everywhere


class InactiveLook:
    """The look of cells in panes that are not active.

    Args:
        config: factors and palette.
        foreground: the host's own, None while unknown.
        background: likewise.
    """

    def __init__(self, config: Config, foreground: Rgb | None, background: Rgb | None) -> None:
        self._hsb: Hsb = config.inactive_pane_hsb
        palette, standard = config.palette, default_palette()
        self._entries = [
            palette.entry(index) or (standard[index] if index >= _OWN_COLORS else None)
            for index in range(256)
        ]
        self._foreground = palette.foreground or foreground
        self._background = palette.background or background
        self._known: dict[tuple[int, int], tuple[int, int, int]] = {}
        self._faint = DIM if self._hsb.brightness < 1 else 0
        factors = (self._hsb.hue, self._hsb.saturation, self._hsb.brightness)
        self.changes_nothing = all(factor == 1 for factor in factors)
        """The factors leave every colour as it is."""

    def __call__(self, fg: int, bg: int) -> tuple[int, int, int]:
        """Colours, as words of cells, in their place, and the rendition bits to set."""
        found = self._known.get((fg, bg))
        if found is None:
            new_fg, new_bg = self._changed(fg, self._foreground), self._changed(bg, self._background)
            faint = self._faint if new_fg is None else 0
            found = (fg if new_fg is None else new_fg, bg if new_bg is None else new_bg, faint)
            self._known[fg, bg] = found
        return found

    def _changed(self, word: int, default: Rgb | None) -> int | None:
        """The word for a changed colour; None where nobody knows what it looks like."""
        color = unpack_color(word)
        if color is None:
            color = default
        elif isinstance(color, int):
            color = self._entries[color]
        if color is None:
            return None
        changed = self._apply(color)
        return word if changed == color else pack_color(changed)

    def _apply(self, color: Rgb) -> Rgb:
        hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in color))
        channels = colorsys.hsv_to_rgb(
            hue * self._hsb.hue % 1.0,
            min(max(saturation * self._hsb.saturation, 0.0), 1.0),
            min(max(value * self._hsb.brightness, 0.0), 1.0),
        )
        red, green, blue = (round(channel * 255) for channel in channels)
        return red, green, blue
