"""What lies behind all cells: images and gradients, as pictures of a scene.

A picture is made once for each configuration (gradients in few pixels, as they are stretched smoothly), not
for each size of the window, so that a resize costs nothing here. What cannot be read is left out, and one
line in the log says so. Window thread.
"""

from __future__ import annotations

import functools
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from perilune.base import log
from perilune.base.color import parse_color
from perilune.base.gradient import build_gradient, sample
from perilune.render.scene import PixelRect, SceneImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.config.dimension import Dimension
    from perilune.config.options import Config
    from perilune.render.fonts.metrics import CellMetrics

__all__ = ["background_layers", "gradient_pixels", "scrolls"]

_log = log.get_logger("render")
_GRADIENT_SIDE = 256
_RAMP = 1024
_MAX_IMAGE_PIXELS = 50_000_000
_MAX_REPEATS = 200
_MAX_LAYERS = 10_000
_JOINED = 256  # px; smaller pictures are joined
_MAX_JOINED_PIXELS = 1 << 20
_warned: set[str] = set()
_gradients: dict[tuple[object, ...], NDArray[np.uint8]] = {}


def _warn(message: str) -> None:
    if message not in _warned:
        _warned.add(message)
        _log.warning("%s", message)


def scrolls(config: Config) -> bool:
    """Whether a layer moves with the text."""
    return any(layer.attachment != "Fixed" for layer in config.background)


def background_layers(
    config: Config,
    width: int,
    height: int,
    metrics: CellMetrics,
    *,
    inside: PixelRect | None = None,
    top: int = 0,
) -> tuple[SceneImage, ...]:
    """The layers of a window, lowest first.

    Args:
        config: has them.
        width: of the window, px.
        height: likewise.
        metrics: what a cell measures.
        inside: the window without its padding; None: there is none.
        top: the stable row at the top of the active pane, for layers that scroll.
    """
    layers: list[SceneImage] = []
    if config.window_background_image:
        image = _image(config.window_background_image, _hsb(config.window_background_image_hsb))
        if image is not None:
            layers.append(_stretched(*image, width, height, config.window_background_opacity))
    elif config.window_background_gradient is not None:
        opacity = config.window_background_opacity
        layers += _gradient_layer(config.window_background_gradient, width, height, opacity)
    for layer in config.background:
        area = PixelRect(0, 0, width, height)
        if layer.origin == "PaddingBox" and inside is not None:
            area = inside
        window = (width, height)
        for part in _layer(layer, area, window, metrics, top):
            layers.append(part)
            if len(layers) >= _MAX_LAYERS:
                return tuple(layers)
    return tuple(layers)


def _hsb(option: Any) -> tuple[float, float, float]:
    return (1.0, 1.0, 1.0) if option is None else (option.hue, option.saturation, option.brightness)


def _stretched(
    key: tuple[object, ...], pixels: NDArray[np.uint8], width: int, height: int, alpha: float = 1.0
) -> SceneImage:
    source = (0.0, 0.0, float(pixels.shape[1]), float(pixels.shape[0]))
    return SceneImage(key, pixels, source, (0.0, 0.0, float(width), float(height)), alpha=alpha)


def _gradient_layer(
    gradient: Any, width: int, height: int, alpha: float, hsb: tuple[float, ...] = (1.0, 1.0, 1.0)
) -> list[SceneImage]:
    # An angle's gradient depends on the window's shape, in steps that nobody sees.
    shape = round(math.log2(max(width, 1) / max(height, 1)) * 8)
    key = (repr(sorted(gradient.__dict__.items())), shape, hsb)
    pixels = _gradients.get(key)
    if pixels is None:
        pixels = gradient_pixels(gradient, 2 ** (shape / 8))
        if hsb != (1.0, 1.0, 1.0):
            pixels = _shifted(pixels, hsb)
        if len(_gradients) > 16:
            _gradients.clear()
        _gradients[key] = pixels
    return [_stretched(("gradient", key), pixels, width, height, alpha)]


def gradient_pixels(gradient: Any, aspect: float = 1.0) -> NDArray[np.uint8]:
    """A gradient as a square picture that is to be stretched over a window.

    Args:
        gradient: `config.options.background.Gradient`.
        aspect: the window's width through its height.
    """
    side = _GRADIENT_SIDE
    across, down = np.meshgrid((np.arange(side) + 0.5) / side, (np.arange(side) + 0.5) / side)
    orientation = gradient.orientation
    if hasattr(orientation, "radius"):
        radius = max(0.5 if orientation.radius is None else orientation.radius, 0.001)
        cx = 0.5 if orientation.cx is None else orientation.cx
        cy = 0.5 if orientation.cy is None else orientation.cy
        place = np.hypot(across - cx, down - cy) / radius
    elif hasattr(orientation, "angle"):
        turn = math.radians(orientation.angle or 0.0)
        # Upwards is positive, as angles are drawn; as long as the window is wide, whatever the angle.
        place = (across - 0.5) * math.cos(turn) - (down - 0.5) / aspect * math.sin(turn) + 0.5
    else:
        place = down if orientation == "Vertical" else across
    noise = 64 if gradient.noise is None else gradient.noise
    if noise:
        # Seeded: the same picture each time. A step of noise is a small part of the slope.
        spread = np.random.default_rng(1).uniform(-1, 1, place.shape)
        place = place + spread * noise / 64 / 128
    where = np.rint(np.clip(place, 0, 1) * (_RAMP - 1)).astype(int)
    pixels: NDArray[np.uint8] = _ramp(gradient)[where]
    return pixels


def _ramp(gradient: Any) -> NDArray[np.uint8]:
    """The gradient's colours at even distances."""
    description: dict[str, object] = {
        "colors": ["#{:02x}{:02x}{:02x}".format(*color) for color in gradient.colors] or None,
        "preset": gradient.preset,
        "interpolation": gradient.interpolation,
        "blend": gradient.blend,
        "segment_size": gradient.segment_size,
        "segment_smoothness": gradient.segment_smoothness or (0.0 if gradient.segment_size else None),
    }

    def parse(text: str) -> tuple[float, float, float, float]:
        red, green, blue = parse_color(text)
        return (red / 255, green / 255, blue / 255, 1.0)

    given = {name: value for name, value in description.items() if value is not None}
    colors = sample(build_gradient(given, parse), _RAMP)
    found: NDArray[np.uint8] = np.rint(np.clip(np.asarray(colors), 0, 1) * 255).astype(np.uint8)
    return found


def _image(path: str, hsb: tuple[float, ...]) -> tuple[tuple[object, ...], NDArray[np.uint8]] | None:
    """The pixels of a file as it is now, and a key for them; None where it cannot be read."""
    resolved = Path(path).expanduser()
    try:
        stamp = resolved.stat().st_mtime_ns
    except OSError as error:
        _warn(f"background image {path}: {os.strerror(error.errno or 0)}")
        return None
    pixels = _loaded(str(resolved), stamp, hsb)
    return None if pixels is None else (("image", str(resolved), stamp, hsb), pixels)


@functools.lru_cache(maxsize=4)
def _loaded(path: str, stamp: int, hsb: tuple[float, ...]) -> NDArray[np.uint8] | None:
    del stamp
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only where a config names an image

    try:
        with Image.open(path) as image:
            if image.width * image.height > _MAX_IMAGE_PIXELS:
                _warn(f"background image {path}: it is too large")
                return None
            pixels = np.asarray(image.convert("RGBA"), np.uint8)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        _warn(f"background image {path}: {error}")
        return None
    return _shifted(pixels, hsb) if hsb != (1.0, 1.0, 1.0) else pixels


def _shifted(pixels: NDArray[np.uint8], hsb: tuple[float, ...]) -> NDArray[np.uint8]:
    """Hue, saturation and brightness multiplied."""
    hue, saturation, brightness = hsb
    rgb: NDArray[np.float32] = pixels[..., :3].astype(np.float32) / np.float32(255)
    high, low = rgb.max(axis=-1), rgb.min(axis=-1)
    # Saturation moves every channel towards or from the brightest one; brightness scales all.
    if hue != 1.0:
        rgb = _hue_shifted(rgb, hue)
    top = high[..., np.newaxis]
    span = (high - low)[..., np.newaxis]
    most = np.where(span > 0, top / np.maximum(span, 1e-6), 1.0)
    factor = np.minimum(np.float32(saturation), most)
    shifted = (top - (top - rgb) * factor) * brightness
    found = pixels.copy()
    found[..., :3] = np.rint(np.clip(shifted, 0, 1) * 255)
    return found


def _hue_shifted(rgb: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    high, low = rgb.max(axis=-1), rgb.min(axis=-1)
    span = np.maximum(high - low, 1e-6)
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    angle = np.where(
        high == red, (green - blue) / span % 6,
        np.where(high == green, (blue - red) / span + 2, (red - green) / span + 4),
    )  # fmt: skip
    angle = (angle * factor) % 6
    parts = []
    for offset in (5, 3, 1):
        k = (offset + angle) % 6
        parts.append(high - (high - low) * np.clip(np.minimum(k, 4 - k), 0, 1))
    found: NDArray[np.float32] = np.stack(parts, axis=-1).astype(np.float32)
    return found


def _layer(
    layer: Any, area: PixelRect, window: tuple[int, int], metrics: CellMetrics, top: int
) -> list[SceneImage]:
    source, hsb = layer.source.value, _hsb(layer.hsb)
    own: tuple[int, int] | None = None
    pixels: NDArray[np.uint8] | None
    if isinstance(source, tuple):
        key: tuple[object, ...] = ("color", source, hsb)
        pixels = _shifted(np.array([[[*source, 255]]], np.uint8), hsb)
        box = _box(layer, own, area, metrics)
    elif hasattr(source, "orientation"):
        box = _box(layer, own, area, metrics)
        (image,) = _gradient_layer(source, max(round(box[2]), 1), max(round(box[3]), 1), 1.0, hsb)
        key, pixels = image.key, image.pixels
    else:
        found = _image(str(source.path), hsb)
        if found is None:
            return []
        key, pixels = found
        own = (pixels.shape[1], pixels.shape[0])
        box = _box(layer, own, area, metrics)
    return _tiles(layer, key, pixels, box, (area, window), metrics, top)


def _length(option: Dimension | None, axis: int, whole: int, metrics: CellMetrics) -> float:
    if option is None:
        return 0.0
    return option.pixels(cell=(metrics.width, metrics.height)[axis], whole=whole, dpi=metrics.dpi)


def _box(
    layer: Any, own: tuple[int, int] | None, area: PixelRect, metrics: CellMetrics
) -> tuple[float, float, float, float]:
    """Where the first picture of a layer lies; what has no size of its own is as large as the area."""
    wide, high = own or (max(area.width, 1), max(area.height, 1))
    ratios = (area.width / wide, area.height / high)
    scales = {"Cover": max(ratios), "Contain": min(ratios)}

    def extent(option: str | Dimension, axis: int) -> float:
        if isinstance(option, str):
            return max((wide, high)[axis] * scales[option], 1.0)
        return max(_length(option, axis, area[2 + axis], metrics), 1.0)

    width, height = extent(layer.width, 0), extent(layer.height, 1)
    across = {"Left": 0.0, "Center": 0.5, "Right": 1.0}[layer.horizontal_align]
    down = {"Top": 0.0, "Middle": 0.5, "Bottom": 1.0}[layer.vertical_align]
    x = area.x + (area.width - width) * across + _length(layer.horizontal_offset, 0, area.width, metrics)
    y = area.y + (area.height - height) * down + _length(layer.vertical_offset, 1, area.height, metrics)
    return (x, y, width, height)


def _starts(
    first: float, step: float, size: float, whole: int, how: str, number: int
) -> list[tuple[float, bool]]:
    """Where the pictures of an axis begin, so that all is covered, and which of them are mirrored.

    Args:
        first: where the picture with this number begins.
        step: from one to the next.
        size: of each.
        whole: what is to be covered, from 0.
        how: `repeat_x` or `repeat_y`.
        number: every second one is mirrored, the odd ones.
    """
    if how == "NoRepeat":
        return [(first, False)]
    back = math.ceil(max(first + size - step, 0) / step)
    found: list[tuple[float, bool]] = []
    place, number = first - back * step, number - back
    while place < whole and len(found) < _MAX_REPEATS:
        found.append((place, how == "Mirror" and number % 2 == 1))
        place += step
        number += 1
    return found


def _tiles(
    layer: Any,
    key: tuple[object, ...],
    pixels: NDArray[np.uint8],
    box: tuple[float, float, float, float],
    places: tuple[PixelRect, tuple[int, int]],
    metrics: CellMetrics,
    top: int,
) -> list[SceneImage]:
    """A layer's picture as often as it is repeated."""
    area, (width, height) = places
    x, y, wide, high = box
    step_x = max(_length(layer.repeat_x_size, 0, area.width, metrics), 1.0) if layer.repeat_x_size else wide
    step_y = max(_length(layer.repeat_y_size, 1, area.height, metrics), 1.0) if layer.repeat_y_size else high
    number = 0
    if layer.attachment != "Fixed":
        factor = 1.0 if layer.attachment == "Scroll" else layer.attachment.factor
        count = top * metrics.height * factor / step_y
        number = math.floor(count)
        y -= math.floor((count - number) * step_y)
    rows, cols = pixels.shape[:2]
    joins = layer.repeat_x == layer.repeat_y == "Repeat" and (step_x, step_y) == (wide, high)
    times = (math.ceil(_JOINED / wide), math.ceil(_JOINED / high)) if joins else (1, 1)
    if times != (1, 1) and rows * cols * times[0] * times[1] <= _MAX_JOINED_PIXELS:
        # Small pictures as fewer larger ones: each is a draw call.
        key, pixels = (*key, times), np.tile(pixels, (times[1], times[0], 1))
        rows, cols = pixels.shape[:2]
        wide, high, step_x, step_y = wide * times[0], high * times[1], step_x * times[0], step_y * times[1]
        y -= number % times[1] * high / times[1]
    return [
        SceneImage(
            key,
            pixels,
            (
                cols if turned_x else 0,
                rows if turned_y else 0,
                -cols if turned_x else cols,
                -rows if turned_y else rows,
            ),
            (left, upper, wide, high),
            alpha=layer.opacity,
            is_smooth=rows * cols > 1,
        )
        for upper, turned_y in _starts(y, step_y, high, height, layer.repeat_y, number)
        for left, turned_x in _starts(x, step_x, wide, width, layer.repeat_x, 0)
        if left < width and upper < height and left + wide > 0 and upper + high > 0
    ]
