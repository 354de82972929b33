"""The colours that an image is made of, for `wezterm.color.extract_colors_from_image`.

Distinct colours, the commonest first. The work is bounded: the image is made small, similar pixels are
counted as one, and of those the commonest few thousand are compared. Any thread; Pillow is imported at the
first use.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from threading import Lock

from perilune.lua.api.color_space import Rgba, delta_e, to_lab
from perilune.lua.convert import lua_kind

__all__ = ["ImageColors", "ImageColorsError"]

_MOST_PIXELS = 64_000_000
_MOST_CANDIDATES = 4000
_KEPT = 16


class ImageColorsError(Exception):
    """The image or a parameter is not to be used; the text says why."""


@dataclass(frozen=True, slots=True)
class _Parameters:
    threshold: float = 50.0
    min_brightness: float = 0.0
    max_brightness: float = 90.0
    num_colors: int = 16
    fuzziness: int = 5
    max_width: int = 640
    max_height: int = 480
    min_contrast: float = 0.0

    @classmethod
    def read(cls, given: Mapping[str, object]) -> _Parameters:
        known = {field.name for field in fields(cls)}
        values: dict[str, float] = {}
        for name, value in given.items():
            if name not in known:
                raise ImageColorsError(f"{name}: expected one of {', '.join(sorted(known))}")
            if not isinstance(value, int | float) or isinstance(value, bool):
                raise ImageColorsError(f"{name}: expected a number, got {lua_kind(value)}")
            values[name] = value if _has_fraction(name) else int(value)
        found = cls(**values)  # type: ignore[arg-type] # whole numbers where the fields are
        if min(found.fuzziness, found.max_width, found.max_height) < 1 or not 0 <= found.num_colors <= 256:
            raise ImageColorsError("fuzziness, max_width and max_height: at least 1; num_colors: at most 256")
        return found


def _has_fraction(name: str) -> bool:
    """Whether a parameter may have a fraction."""
    return name in {"threshold", "min_brightness", "max_brightness", "min_contrast"}


class ImageColors:
    """Analyses images, and remembers the last few as long as their files do not change."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, int, _Parameters], list[Rgba]] = OrderedDict()
        self._lock = Lock()

    def extract(self, path: str, given: Mapping[str, object]) -> list[Rgba]:
        """Distinct colours of an image, the commonest first.

        Raises:
            ImageColorsError: a wrong parameter, no such image, or too few colours in it.
        """
        parameters = _Parameters.read(given)
        try:
            key = path, Path(path).stat().st_mtime_ns, parameters
        except (OSError, ValueError) as error:
            raise ImageColorsError(f"{path}: {error}") from error
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = _distinct(_candidates(path, parameters), parameters)
        if len(found) < parameters.num_colors:
            raise ImageColorsError(
                f"{path}: only {len(found)} of the {parameters.num_colors} colours asked for are in it"
            )
        with self._lock:
            self._known[key] = found
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found


def _candidates(path: str, parameters: _Parameters) -> list[Rgba]:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - 30 ms, for configs that ask

    try:
        with Image.open(path) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ImageColorsError(f"{path}: more than {_MOST_PIXELS // 1_000_000} million pixels")
            image.draft("RGB", (parameters.max_width, parameters.max_height))
            small = image.convert("RGB")
            small.thumbnail((parameters.max_width, parameters.max_height), Image.Resampling.BILINEAR)
            data = small.tobytes()
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ImageColorsError(f"{path}: {error}") from error
    step = 3 * parameters.fuzziness
    pixels = Counter(zip(data[0::step], data[1::step], data[2::step], strict=False))
    groups: dict[tuple[int, int, int], tuple[tuple[int, int, int], int]] = {}
    for pixel, count in sorted(pixels.items(), key=lambda item: (-item[1], item[0])):
        group = pixel[0] >> 2, pixel[1] >> 2, pixel[2] >> 2
        best, total = groups.get(group, (pixel, 0))
        groups[group] = best, total + count
    ordered = sorted(groups.values(), key=lambda item: (-item[1], item[0]))
    return [[red / 255, green / 255, blue / 255, 1.0] for (red, green, blue), _ in ordered[:_MOST_CANDIDATES]]


def _distinct(candidates: list[Rgba], parameters: _Parameters) -> list[Rgba]:
    pool = [
        (color, lab)
        for color in candidates
        if parameters.min_brightness <= (lab := to_lab(color))[0] <= parameters.max_brightness
    ]
    distance = [float("inf")] * len(pool)
    contrast = [float("inf")] * len(pool)
    found: list[Rgba] = []
    threshold = parameters.threshold
    while len(found) < parameters.num_colors:
        for number, (color, lab) in enumerate(pool):
            if distance[number] < threshold or contrast[number] < parameters.min_contrast:
                continue
            found.append(color)
            if len(found) == parameters.num_colors:
                break
            for other, (_, other_lab) in enumerate(pool):
                distance[other] = min(distance[other], delta_e(lab, other_lab))
                dark, light = sorted((lab[0] + 5, other_lab[0] + 5))
                contrast[other] = min(contrast[other], light / dark)
        if threshold <= 2:  # nearer ones nobody can tell apart
            break
        threshold -= 1
    return found
