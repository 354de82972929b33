"""Draws a scene with numpy: for screenshots and tests, where there is neither display nor GPU.

The same pixels as the GL back end makes, but for rounding: "over" on premultiplied 8-bit colours, pictures
copied one to one, images stretched. Keeps nothing between pictures. Window thread.
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

__all__ = ["draw_scene"]


def draw_scene(scene: Scene) -> NDArray[np.uint8]:
    """A scene's picture: height x width x 4, premultiplied RGBA."""
    canvas = np.empty((scene.height, scene.width, 4), np.uint16)
    red, green, blue, alpha = scene.clear
    canvas[...] = [round(value * alpha * 255) for value in (red, green, blue)] + [round(alpha * 255)]
    for layer in scene.layers:
        _draw_image(canvas, layer)
    _draw_instances(canvas, scene, scene.under)
    images = scene.images
    for image in images:
        if image.z < UNDER_BACKGROUNDS:
            _draw_image(canvas, image)
    for row in range(scene.rows):
        _draw_instances(canvas, scene, scene.backgrounds[row, : int(scene.background_counts[row])])
    for image in images:
        if UNDER_BACKGROUNDS <= image.z < 0:
            _draw_image(canvas, image)
    for row in range(scene.rows):
        _draw_instances(canvas, scene, scene.glyphs[row, : int(scene.glyph_counts[row])])
    for image in images:
        if image.z >= 0:
            _draw_image(canvas, image)
    _draw_instances(canvas, scene, scene.cursor)
    _draw_instances(canvas, scene, scene.over)
    return canvas.astype(np.uint8)


def _over(target: NDArray[np.uint16], source: NDArray[np.uint16]) -> None:
    """Premultiplied colours over what is there, in place."""
    rest = 255 - source[..., 3:4]
    target[...] = np.minimum(source + (target * rest + 127) // 255, 255)


def _draw_instances(canvas: NDArray[np.uint16], scene: Scene, instances: NDArray[np.void]) -> None:
    pages = scene.atlas.pages
    height, width = canvas.shape[:2]
    for x, y, w, h, u, v, page, flags, rgba, _, _ in instances.tolist():
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
        left, top = u + x0 - x, v + y0 - y
        slot = pages[page][top : top + y1 - y0, left : left + x1 - x0]
        if flags & KIND_MASK == COLOR:
            _over(target, np.rint(slot * (alpha / 255)).astype(np.uint16))
            continue
        cover = slot[..., 3:4] * (alpha / (255 * 255))
        _over(target, np.rint(cover * np.array([red, green, blue, 255.0])).astype(np.uint16))


def _draw_image(canvas: NDArray[np.uint16], image: SceneImage) -> None:
    height, width = canvas.shape[:2]
    x, y, w, h = image.dest
    x0, y0, x1, y1 = max(round(x), 0), max(round(y), 0), min(round(x + w), width), min(round(y + h), height)
    if image.clip is not None:
        clip = image.clip
        x0, y0 = max(x0, clip.x), max(y0, clip.y)
        x1, y1 = min(x1, clip.x + clip.width), min(y1, clip.y + clip.height)
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
