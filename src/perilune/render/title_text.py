"""Lines of proportional text for the fancy tab bar: shaped, rasterised and measured in pixels.

Pictures lie in the atlas of the window's fonts. Window thread.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perilune.render.fonts.face import Face, ShapedGlyph
from perilune.render.scene import COLOR, INSTANCE, MASK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.config.options import Config
    from perilune.render.atlas import Slot
    from perilune.render.fonts.font_set import FontSet

__all__ = ["TextRun", "TitleText"]

_MAX_SHAPES = 1024
_DEFAULT_POINTS = 10.0 if sys.platform == "win32" else 12.0


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text of one look; `rgba` is four numbers of 0-255."""

    text: str
    rgba: tuple[int, int, int, int]
    is_bold: bool = False
    is_italic: bool = False


class TitleText:
    """Draws runs.

    Args:
        config: `window_frame.font` and its size.
        fonts: the window's, for the atlas and for characters that the title's font lacks.
    """

    def __init__(self, config: Config, fonts: FontSet) -> None:
        self._fonts = fonts
        points = config.window_frame.font_size or _DEFAULT_POINTS
        self._size = max(points * fonts.metrics.dpi / 72, 1.0)
        self._config = config
        self._faces: dict[tuple[bool, bool], Face] = {}
        self._helpers: dict[str, Face | None] = {}
        self._shapes: dict[tuple[str, bool, bool], list[tuple[Face, list[ShapedGlyph]]]] = {}
        self._slots: dict[tuple[object, ...], tuple[Slot, int, int, int]] = {}
        self._generation = fonts.atlas.generation
        metrics = self._face(is_bold=False, is_italic=False).metrics()
        self.ascent, self.descent = metrics.ascent, metrics.descent

    def _face(self, *, is_bold: bool, is_italic: bool) -> Face:
        key = (is_bold, is_italic)
        if key not in self._faces:
            self._faces[key] = self._fonts.title_face(
                self._config.window_frame.font, self._size, is_bold=is_bold, is_italic=is_italic
            )
        return self._faces[key]

    def _pieces(self, run: TextRun) -> list[tuple[Face, str]]:
        """The run's text by who has its characters."""
        own = self._face(is_bold=run.is_bold, is_italic=run.is_italic)
        if own.holds(run.text):
            return [(own, run.text)]
        found: list[tuple[Face, str]] = []
        for char in run.text:
            face: Face | None = own
            if not own.holds(char) and char not in "\u200d\ufe0e\ufe0f":
                if char not in self._helpers:
                    self._helpers[char] = self._fonts.helping_face(char, self._size)
                face = self._helpers[char] or own
            elif char in "\u200d\ufe0e\ufe0f" and found:
                face = found[-1][0]
            assert face is not None  # noqa: S101 - one of the two
            if found and found[-1][0] is face:
                found[-1] = (face, found[-1][1] + char)
            else:
                found.append((face, char))
        return found

    def width(self, runs: list[TextRun]) -> float:
        """How wide runs are one after the other, px."""
        return sum(glyph.x_advance for run in runs for _, glyphs in self._shaped(run) for glyph in glyphs)

    def _shaped(self, run: TextRun) -> list[tuple[Face, list[ShapedGlyph]]]:
        """The run's glyphs; kept, for titles are drawn at every step of a resize."""
        key = (run.text, run.is_bold, run.is_italic)
        found = self._shapes.get(key)
        if found is None:
            if len(self._shapes) >= _MAX_SHAPES:
                self._shapes.clear()
            found = self._shapes[key] = [(face, face.shape(text)) for face, text in self._pieces(run)]
        return found

    def draw(self, runs: list[TextRun], x: float, baseline: int, clip: tuple[int, int]) -> NDArray[np.void]:
        """Instances of runs from `x` on; nothing is drawn left of `clip[0]` or from `clip[1]` on."""
        if self._generation != self._fonts.atlas.generation:
            self._generation = self._fonts.atlas.generation
            self._slots.clear()
        found: list[tuple[object, ...]] = []
        pen = x
        for run in runs:
            for face, glyphs in self._shaped(run):
                for glyph in glyphs:
                    place = pen + glyph.x_offset
                    whole = math.floor(place)
                    slot, left, top, kind = self._slot(face, glyph.glyph, round((place - whole) * 4))
                    start, end = whole + left, whole + left + slot.width
                    first, last = max(start, clip[0]), min(end, clip[1])
                    if first < last:
                        y = baseline - top - round(glyph.y_offset)
                        found.append(
                            (first, y, last - first, slot.height, slot.u + first - start, slot.v,
                             slot.page, kind, run.rgba, 0, 0)
                        )  # fmt: skip
                    pen += glyph.x_advance
        return np.array(found, INSTANCE) if found else np.zeros(0, INSTANCE)

    def _slot(self, face: Face, glyph: int, quarter: int) -> tuple[Slot, int, int, int]:
        key = (id(face), glyph, quarter)
        found = self._slots.get(key)
        if found is None:
            picture = face.picture(glyph, dx=quarter / 4)
            kind = COLOR if picture.pixels.ndim == 3 else MASK
            slot = self._fonts.atlas.add(picture.pixels)
            found = self._slots[key] = (slot, picture.left, picture.top, kind)
        return found
