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
from perilune.render.scene import SceneImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.config.dimension import Dimension
    from perilune.config.options import Config
    from perilune.render.fonts.metrics import CellMetrics

__all__ = ["background_layers", "gradient_pixels"]

_log = log.get_logger("render")
_GRADIENT_SIDE = 256
_RAMP = 1024
_MAX_IMAGE_PIXELS = 50_000_000
_MAX_REPEATS = 200
_warned: set[str] = set()
_gradients: dict[tuple[object, ...], NDArray[np.uint8]] = {}


def _warn(message: str) -> None:
    if message not in _warned:
        _warned.add(message)
        _log.warning("%s", message)


def background_layers(
    config: Config, width: int, height: int, metrics: CellMetrics
) -> tuple[SceneImage, ...]:
    """The layers of a window, lowest first."""
    layers: list[SceneImage] = []
    if config.window_background_image:
        pixels = _image(config.window_background_image, _hsb(config.window_background_image_hsb))
        if pixels is not None:
            key = ("image", config.window_background_image, _hsb(config.window_background_image_hsb))
            layers.append(_stretched(key, pixels, width, height, config.window_background_opacity))
    elif config.window_background_gradient is not None:
        opacity = config.window_background_opacity
        layers += _gradient_layer(config.window_background_gradient, width, height, opacity)
    for number, layer in enumerate(config.background):
        layers += _layer(layer, number, width, height, metrics)
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
        # Measured in the window's shape: upwards is positive, as angles are drawn.
        dx, dy = math.cos(turn), -math.sin(turn)
        reach = abs(dx) * aspect + abs(dy)
        place = ((across - 0.5) * aspect * dx + (down - 0.5) * dy) / reach + 0.5
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


def _image(path: str, hsb: tuple[float, ...]) -> NDArray[np.uint8] | None:
    resolved = Path(path).expanduser()
    try:
        stamp = resolved.stat().st_mtime_ns
    except OSError as error:
        _warn(f"background image {path}: {os.strerror(error.errno or 0)}")
        return None
    return _loaded(str(resolved), stamp, hsb)


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


def _layer(layer: Any, number: int, width: int, height: int, metrics: CellMetrics) -> list[SceneImage]:
    source, alpha, hsb = layer.source.value, layer.opacity, _hsb(layer.hsb)
    if isinstance(source, tuple):
        red, green, blue = source
        pixels = _shifted(np.array([[[red, green, blue, 255]]], np.uint8), hsb)
        box = _box(layer, (width, height), (width, height), metrics)
        return [SceneImage(("color", source, hsb), pixels, (0, 0, 1, 1), box, alpha=alpha, is_smooth=False)]
    if hasattr(source, "orientation"):
        return _gradient_layer(source, width, height, alpha, hsb)
    found = _image(str(source.path), hsb)
    if found is None:
        return []
    box = _box(layer, (found.shape[1], found.shape[0]), (width, height), metrics)
    whole = (0.0, 0.0, float(found.shape[1]), float(found.shape[0]))
    key = ("layer", number, str(source.path), hsb)
    return [SceneImage(key, found, whole, dest, alpha=alpha) for dest in _repeated(layer, box, width, height)]


def _box(
    layer: Any, own: tuple[int, int], window: tuple[int, int], metrics: CellMetrics
) -> tuple[float, float, float, float]:
    """Where the first picture of a layer lies."""
    ratios = (window[0] / own[0], window[1] / own[1])
    scales = {"Cover": max(ratios), "Contain": min(ratios)}
    cell = (metrics.width, metrics.height)

    def length(option: Dimension | None, axis: int) -> float:
        if option is None:
            return 0.0
        return option.pixels(cell=cell[axis], whole=window[axis], dpi=metrics.dpi)

    def extent(option: str | Dimension, axis: int) -> float:
        found = own[axis] * scales[option] if isinstance(option, str) else length(option, axis)
        return max(found, 1.0)

    width, height = extent(layer.width, 0), extent(layer.height, 1)
    across = {"Left": 0.0, "Center": 0.5, "Right": 1.0}[layer.horizontal_align]
    down = {"Top": 0.0, "Middle": 0.5, "Bottom": 1.0}[layer.vertical_align]
    x = (window[0] - width) * across + length(layer.horizontal_offset, 0)
    y = (window[1] - height) * down + length(layer.vertical_offset, 1)
    return (x, y, width, height)


def _repeated(
    layer: Any, box: tuple[float, float, float, float], width: int, height: int
) -> list[tuple[float, float, float, float]]:
    x, y, wide, high = box

    def starts(first: float, step: float, whole: int, how: str) -> list[float]:
        if how == "NoRepeat":
            return [first]
        found: list[float] = []
        place = first - math.ceil(max(first, 0) / step) * step
        while place < whole and len(found) < _MAX_REPEATS:
            found.append(place)
            place += step
        return found

    return [
        (left, top, wide, high)
        for top in starts(y, high, height, layer.repeat_y)
        for left in starts(x, wide, width, layer.repeat_x)
    ]
