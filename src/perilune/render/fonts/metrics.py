"""What a cell measures, in device pixels, from the primary face and the options. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.config.dimension import Dimension
    from perilune.config.options import Config
    from perilune.render.fonts.face import FaceMetrics

__all__ = ["CellMetrics", "cell_metrics"]

_EPSILON = 0.01  # what fixed point makes of a whole number must not cost a pixel


@dataclass(frozen=True, slots=True)
class CellMetrics:
    """All in device pixels, from a cell's top left corner.

    Attributes:
        width: of a cell.
        height: likewise.
        baseline: from the cell's top down to where letters stand.
        underline_top: where a single underline begins.
        underline_thickness: of underlines and overlines.
        strike_top: where a line through text begins.
        strike_thickness: its thickness.
        cursor_thickness: of bar and underline cursors.
        cap_height: of capitals.
        em: of the font.
        dpi: pixels an inch.
    """

    width: int
    height: int
    baseline: int
    underline_top: int
    underline_thickness: int
    strike_top: int
    strike_thickness: int
    cursor_thickness: int
    cap_height: float
    em: float
    dpi: float


def cell_metrics(face: FaceMetrics, config: Config, em: float, dpi: float) -> CellMetrics:
    """The cell of a face.

    Args:
        face: the primary face at this size.
        config: `line_height`, `cell_width` and the positions of lines.
        em: the font's size, px.
        dpi: for lengths in points.
    """
    natural = face.ascent + face.descent + face.line_gap
    height = max(1, math.ceil(natural * config.line_height - _EPSILON))
    width = max(1, math.ceil(face.advance * config.cell_width - _EPSILON))
    # Half of what is more or less than the face asks for goes above the letters.
    baseline = round((height - natural) / 2 + face.line_gap / 2 + face.ascent)
    baseline = min(max(baseline, 1), height)

    def length(option: Dimension | None, natural_px: float) -> float:
        if option is None:
            return natural_px
        # A percentage or a number of cells is one of the font's own value.
        value, unit = option
        if unit == "percent":
            return float(natural_px * value / 100)
        if unit == "cells":
            return float(natural_px * value)
        return float(value * dpi / 72 if unit == "points" else value)

    thickness = max(1, round(length(config.underline_thickness, face.underline_thickness)))
    # Positions of the options count upwards from the baseline, as fonts do: -2 lies below it.
    under = -length(config.underline_position, -face.underline_position)
    underline_top = round(baseline + under - thickness / 2)
    underline_top = min(max(underline_top, 0), height - thickness)
    strike = length(config.strikethrough_position, face.strike_position)
    strike_thickness = max(1, round(face.strike_thickness))
    strike_top = min(max(round(baseline - strike - strike_thickness / 2), 0), height - strike_thickness)
    cursor = max(1, round(length(config.cursor_thickness, max(face.underline_thickness, dpi / 96))))
    return CellMetrics(
        width=width,
        height=height,
        baseline=baseline,
        underline_top=max(underline_top, 0),
        underline_thickness=min(thickness, height),
        strike_top=max(strike_top, 0),
        strike_thickness=strike_thickness,
        cursor_thickness=min(cursor, width, height),
        cap_height=face.cap_height,
        em=em,
        dpi=dpi,
    )
