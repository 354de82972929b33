"""Glyphs that we draw ourselves, at pixel accuracy: lines meet their neighbours at every cell size.

`draw_glyph` is the way in. Pure; nothing here knows fonts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perilune.render.custom_glyphs.blocks import draw_block
from perilune.render.custom_glyphs.box_drawing import draw_box
from perilune.render.custom_glyphs.legacy import draw_legacy
from perilune.render.custom_glyphs.powerline import draw_powerline

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["draw_glyph", "is_custom"]


def is_custom(code: int) -> bool:
    """Whether `draw_glyph` may draw a character.

    >>> is_custom(0x2500), is_custom(0x41)
    (True, False)
    """
    return (
        0x2500 <= code <= 0x259F
        or 0x2800 <= code <= 0x28FF
        or 0xE0B0 <= code <= 0xE0BF
        or code in {0xE0D2, 0xE0D4}
        or 0x1FB00 <= code <= 0x1FB99
        or 0x1FBA0 <= code <= 0x1FBAE
        or 0x1CD00 <= code <= 0x1CDE5
        or code in {0x1FB9A, 0x1FB9B, 0x1FBE6, 0x1FBE7, 0x1CEA0, 0x1CEA3, 0x1CEA8, 0x1CEAB}
    )


def draw_glyph(
    code: int, width: int, height: int, thickness: int, *, smooth: bool = True
) -> NDArray[np.uint8] | None:
    """Draw a character into a cell.

    Args:
        code: its code point.
        width: of the cell, px.
        height: likewise.
        thickness: of a light line, px.
        smooth: slanted edges get grey pixels.

    Returns:
        height x width of coverage; None for what is not drawn here.
    """
    if not is_custom(code):
        return None
    thickness = max(1, min(thickness, width // 3 or 1, height // 3 or 1))
    pixels: NDArray[np.uint8] | None
    if code < 0x2580:
        pixels = draw_box(code, width, height, thickness)
    elif code < 0x2900:
        pixels = draw_block(code, width, height)
    elif code < 0xF000:
        pixels = draw_powerline(code, width, height, thickness)
    else:
        pixels = draw_legacy(code, width, height, thickness)
    if pixels is not None and not smooth and not _is_shade(code):
        pixels = np.where(pixels >= 128, np.uint8(255), np.uint8(0)).astype(np.uint8)
    return pixels


def _is_shade(code: int) -> bool:
    return 0x2591 <= code <= 0x2593 or 0x1FB8C <= code <= 0x1FB94
