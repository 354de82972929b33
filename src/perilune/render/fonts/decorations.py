"""Pictures of underlines that are no plain bars, and the box for a character that no font has."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.render.fonts.face import Face
    from perilune.render.fonts.metrics import CellMetrics

__all__ = ["CURLY", "DASHED", "DOTTED", "draw_underline", "missing_glyph_box"]

CURLY, DOTTED, DASHED = 3, 4, 5


def draw_underline(style: int, metrics: CellMetrics) -> tuple[NDArray[np.uint8], int]:
    """One cell of an underline that joins with the next cell's.

    Returns:
        height x width of coverage, and the pixel row of the cell where it begins.
    """
    width, thickness = metrics.width, metrics.underline_thickness
    top = metrics.underline_top
    if style == CURLY:
        return _curly(metrics)
    line = np.zeros((thickness, width), np.uint8)
    if style == DOTTED:
        # A whole number of dots a cell, so that the rhythm goes on in the next one.
        count = max(1, round(width / (2 * thickness)))
        for number in range(count):
            start = round(number * width / count)
            line[:, start : start + min(thickness, max(1, width // (2 * count)))] = 255
    else:
        # Dashes of half a cell, split between the cell's ends: one reaches into the next cell.
        quarter = max(1, round(width / 4))
        line[:, :quarter] = 255
        line[:, width - quarter :] = 255
    return line, top


def _curly(metrics: CellMetrics) -> tuple[NDArray[np.uint8], int]:
    width, thickness = metrics.width, metrics.underline_thickness
    room = metrics.height - metrics.baseline
    amplitude = max(1.0, min(width / 6, (room - thickness) / 2 - 0.5, thickness * 1.5))
    height = math.ceil(2 * amplitude + thickness) + 1
    samples = 8
    xs = (np.arange(width * samples) + 0.5) / samples
    ys = (np.arange(height * samples) + 0.5) / samples
    wave = height / 2 - amplitude * np.cos(xs * 2 * np.pi / width)
    # Measured across the line, not straight down, so that steep parts are no thicker.
    slope = amplitude * 2 * np.pi / width * np.sin(xs * 2 * np.pi / width)
    reach = thickness / 2 * np.sqrt(1 + slope**2)
    inside = np.abs(ys[:, np.newaxis] - wave[np.newaxis, :]) <= reach[np.newaxis, :]
    means = inside.reshape(height, samples, width, samples).mean(axis=(1, 3))
    middle = metrics.underline_top + thickness / 2
    top = round(min(middle - height / 2 + amplitude / 2, metrics.height - height))
    return np.rint(means * 255).astype(np.uint8), max(top, 0)


def missing_glyph_box(code: int, width: int, height: int, face: Face) -> NDArray[np.uint8]:
    """A frame with the code point in it, as large as the cells.

    Args:
        code: the code point.
        width: of the cells, px.
        height: likewise.
        face: a small one, for the digits.
    """
    cell = np.zeros((height, width), np.uint8)
    line = max(1, height // 24)
    top, bottom = height // 10, height - height // 10
    cell[top : top + line, 1 : width - 1] = 255
    cell[bottom - line : bottom, 1 : width - 1] = 255
    cell[top:bottom, 1 : 1 + line] = 255
    cell[top:bottom, width - 1 - line : width - 1] = 255
    digits = f"{code:04X}" if code <= 0xFFFF else f"{code:06X}"
    pictures = [face.picture(face.glyph_of(ord(digit))) for digit in digits]
    across = max(picture.pixels.shape[1] for picture in pictures) + 1
    down = max(picture.pixels.shape[0] for picture in pictures) + 1
    inner_width, inner_height = width - 2 - 2 * line, bottom - top - 2 * line
    columns = 2 if inner_width < across * 4 else len(digits) // 2 * 2
    rows = -(-len(digits) // columns)
    if inner_width < across * columns or inner_height < down * rows:
        return cell
    left = (width - across * columns + 1) // 2
    upper = (height - down * rows + 1) // 2
    for number, picture in enumerate(pictures):
        x, y = left + number % columns * across, upper + number // columns * down
        h, w = picture.pixels.shape[:2]
        target = cell[y : y + h, x : x + w]
        np.maximum(target, picture.pixels[: target.shape[0], : target.shape[1]], out=target)
    return cell
