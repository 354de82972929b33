"""What custom glyphs are made of: rectangles on whole pixels, supersampled areas and strokes. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["blank", "covered", "half_plane", "polygon", "rectangle", "stroke"]

_SAMPLES = 8  # across and down a pixel


def blank(width: int, height: int) -> NDArray[np.uint8]:
    """A cell without ink."""
    return np.zeros((height, width), np.uint8)


def rectangle(
    cell: NDArray[np.uint8], left: float, top: float, right: float, bottom: float, value: int = 255
) -> None:
    """Fill whole pixels; corners are rounded to them."""
    height, width = cell.shape
    x0, x1 = min(max(round(left), 0), width), min(max(round(right), 0), width)
    y0, y1 = min(max(round(top), 0), height), min(max(round(bottom), 0), height)
    cell[y0:y1, x0:x1] = np.maximum(cell[y0:y1, x0:x1], np.uint8(value))


def covered(
    width: int, height: int, inside: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]]
) -> NDArray[np.uint8]:
    """How much of each pixel lies in an area that is asked by points, px."""
    xs = (np.arange(width * _SAMPLES) + 0.5) / _SAMPLES
    ys = (np.arange(height * _SAMPLES) + 0.5) / _SAMPLES
    points = inside(xs[np.newaxis, :], ys[:, np.newaxis])
    points = np.broadcast_to(points, (height * _SAMPLES, width * _SAMPLES))
    means = points.reshape(height, _SAMPLES, width, _SAMPLES).mean(axis=(1, 3))
    found: NDArray[np.uint8] = np.rint(means * 255).astype(np.uint8)
    return found


def half_plane(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    start: tuple[float, float],
    end: tuple[float, float],
    corner: tuple[float, float],
) -> NDArray[np.bool_]:
    """Points on the same side of a line as `corner`."""
    (ax, ay), (bx, by) = start, end

    def side(px: NDArray[np.float64] | float, py: NDArray[np.float64] | float) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.asarray((bx - ax) * (py - ay) - (by - ay) * (px - ax))
        return found

    found: NDArray[np.bool_] = side(x, y) * side(*corner) >= 0
    return found


def polygon(width: int, height: int, corners: Sequence[tuple[float, float]]) -> NDArray[np.uint8]:
    """A filled polygon; corners in px."""

    def inside(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        found = np.zeros(np.broadcast_shapes(x.shape, y.shape), bool)
        for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if ay == by:
                continue
            crosses = (ay > y) != (by > y)
            found ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
        return found

    return covered(width, height, inside)


def stroke(
    width: int, height: int, points: Sequence[tuple[float, float]], thickness: float
) -> NDArray[np.uint8]:
    """A line through points, in px, without caps: it goes on beyond the cell where its ends lie outside."""

    def inside(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        found = np.zeros(np.broadcast_shapes(x.shape, y.shape), bool)
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            along = np.clip(((x - ax) * dx + (y - ay) * dy) / length, 0, 1)
            found |= (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2 <= thickness * thickness / 4
        return found

    return covered(width, height, inside)
