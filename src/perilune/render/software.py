"""Draws a scene with numpy: for screenshots and tests, where there is neither display nor GPU.

The same pixels as the GL back end makes, but for rounding: "over" on premultiplied 8-bit colours, pictures
copied one to one, images stretched. Window thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perilune.render.scene import (
    BLINK_CURSOR,
    BLINK_RAPID,
    BLINK_SLOW,
    COLOR,
    KIND_MASK,
    SOLID,
    UNDER_BACKGROUNDS,
    Scene,
    SceneImage,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SoftwareRenderer", "draw_scene"]


class SoftwareRenderer:
    """Keeps a picture from scene to scene and draws anew only the bands that changed."""

    def __init__(self) -> None:
        self._canvas: NDArray[np.uint16] = np.zeros((0, 0, 4), np.uint16)
        self._atlas: object = None

    def draw(self, scene: Scene) -> NDArray[np.uint8]:
        """The scene's picture: height x width x 4, premultiplied RGBA."""
        size = (scene.height, scene.width, 4)
        if scene.is_all_changed or self._canvas.shape != size or self._atlas is not scene.atlas:
            self._canvas = np.empty(size, np.uint16)
            self._atlas = scene.atlas
            bands = [(0, scene.height)]
        else:
            bands = _bands(scene)
        for first, end in bands:
            _draw_band(self._canvas[first:end], scene, first)
        return self._canvas.astype(np.uint8)


def draw_scene(scene: Scene) -> NDArray[np.uint8]:
    """A scene's whole picture: height x width x 4, premultiplied RGBA."""
    canvas = np.empty((scene.height, scene.width, 4), np.uint16)
    _draw_band(canvas, scene, 0)
    return canvas.astype(np.uint8)


def _bands(scene: Scene) -> list[tuple[int, int]]:
    """The pixel rows that changed, as stretches that do not overlap."""
    wanted = [(scene.row_top(row), scene.row_top(row) + scene.cell_height) for row in scene.changed_rows]
    wanted += [(rect.y, rect.y + rect.height) for rect in scene.damage]
    found: list[tuple[int, int]] = []
    for first, end in sorted((max(first, 0), min(end, scene.height)) for first, end in wanted):
        if first >= end:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((first, end))
    return found


def _draw_band(canvas: NDArray[np.uint16], scene: Scene, top: int) -> None:
    """Draw what lies in a stretch of pixel rows; `canvas` begins at `top`."""
    bottom = top + canvas.shape[0]
    red, green, blue, alpha = scene.clear
    canvas[...] = [round(value * alpha * 255) for value in (red, green, blue)] + [round(alpha * 255)]
    rows = [row for row in range(scene.rows) if top - scene.cell_height < scene.row_top(row) < bottom]
    images = scene.images
    for layer in scene.layers:
        _draw_image(canvas, layer, top)
    _draw_instances(canvas, scene, scene.under, top)
    for image in images:
        if image.z < UNDER_BACKGROUNDS:
            _draw_image(canvas, image, top)
    for row in rows:
        _draw_instances(canvas, scene, scene.backgrounds[row, : int(scene.background_counts[row])], top)
    for image in images:
        if UNDER_BACKGROUNDS <= image.z < 0:
            _draw_image(canvas, image, top)
    for row in rows:
        _draw_instances(canvas, scene, scene.glyphs[row, : int(scene.glyph_counts[row])], top)
    for image in images:
        if image.z >= 0:
            _draw_image(canvas, image, top)
    _draw_instances(canvas, scene, scene.cursor, top)
    _draw_instances(canvas, scene, scene.over, top)
    _draw_instances(canvas, scene, scene.bar, top)


def _over(target: NDArray[np.uint16], source: NDArray[np.uint16]) -> None:
    """Premultiplied colours over what is there, in place."""
    rest = 255 - source[..., 3:4]
    target[...] = np.minimum(source + (target * rest + 127) // 255, 255)


def _draw_instances(canvas: NDArray[np.uint16], scene: Scene, instances: NDArray[np.void], top: int) -> None:
    pages = scene.atlas.pages
    height, width = canvas.shape[:2]
    for x, window_y, w, h, u, v, page, flags, rgba, _, _ in instances.tolist():
        y = window_y - top
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, width), min(y + h, height)
        if x0 >= x1 or y0 >= y1:
            continue
        phase = 1.0
        if flags & BLINK_SLOW:
            phase *= scene.alpha_slow
        if flags & BLINK_RAPID:
            phase *= scene.alpha_rapid
        if flags & BLINK_CURSOR:
            phase *= scene.alpha_cursor
        red, green, blue, alpha = rgba
        alpha = alpha * phase
        target = canvas[y0:y1, x0:x1]
        if flags & KIND_MASK == SOLID:
            ink = [round(value * alpha / 255) for value in (red, green, blue)]
            _over(target, np.array([*ink, round(alpha)], np.uint16))
            continue
        left, upper = u + x0 - x, v + y0 - y
        slot = pages[page][upper : upper + y1 - y0, left : left + x1 - x0]
        if flags & KIND_MASK == COLOR:
            _over(target, np.rint(slot * (alpha / 255)).astype(np.uint16))
            continue
        cover = slot[..., 3:4] * (alpha / (255 * 255))
        _over(target, np.rint(cover * np.array([red, green, blue, 255.0])).astype(np.uint16))


def _draw_image(canvas: NDArray[np.uint16], image: SceneImage, top: int) -> None:
    height, width = canvas.shape[:2]
    x, y, w, h = image.dest
    y -= top
    x0, y0, x1, y1 = max(round(x), 0), max(round(y), 0), min(round(x + w), width), min(round(y + h), height)
    if image.clip is not None:
        clip = image.clip
        x0, y0 = max(x0, clip.x), max(y0, clip.y - top)
        x1, y1 = min(x1, clip.x + clip.width), min(y1, clip.y - top + clip.height)
    if x0 >= x1 or y0 >= y1 or w <= 0 or h <= 0:
        return
    sx, sy, sw, sh = image.source
    across = sx + (np.arange(x0, x1) + 0.5 - x) * sw / w
    down = sy + (np.arange(y0, y1) + 0.5 - y) * sh / h
    pixels = image.pixels
    if image.is_smooth:
        found = _smooth(pixels, across - 0.5, down - 0.5)
    else:
        cols = np.clip(across.astype(int), 0, pixels.shape[1] - 1)
        rows = np.clip(down.astype(int), 0, pixels.shape[0] - 1)
        found = _premultiplied(pixels[np.ix_(rows, cols)])
    _over(canvas[y0:y1, x0:x1], np.rint(found * image.alpha).astype(np.uint16))


def _premultiplied(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    found = pixels.astype(np.float32)
    found[..., :3] *= found[..., 3:4] / 255
    return found


def _smooth(
    pixels: NDArray[np.uint8], across: NDArray[np.float64], down: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Samples between pixels, linearly; beyond the edges the edge goes on."""
    rows, cols = pixels.shape[:2]
    across, down = np.clip(across, 0, cols - 1), np.clip(down, 0, rows - 1)
    x0, y0 = np.floor(across).astype(int), np.floor(down).astype(int)
    x1, y1 = np.minimum(x0 + 1, cols - 1), np.minimum(y0 + 1, rows - 1)
    fx = (across - x0).astype(np.float32)[np.newaxis, :, np.newaxis]
    fy = (down - y0).astype(np.float32)[:, np.newaxis, np.newaxis]
    corners = [_premultiplied(pixels[np.ix_(ys, xs)]) for ys in (y0, y1) for xs in (x0, x1)]
    upper = corners[0] * (1 - fx) + corners[1] * fx
    lower = corners[2] * (1 - fx) + corners[3] * fx
    found: NDArray[np.float32] = upper * (1 - fy) + lower * fy
    return found
