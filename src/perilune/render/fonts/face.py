"""One face at one size: which characters it has, shaping, and pictures of its glyphs.

Everything is in device pixels. Bold and italic are made up where the file has neither. uharfbuzz shapes and
rasterises, COLR, CBDT and plain outlines alike. Window thread.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import uharfbuzz as hb

from perilune.render.fonts.gsub import substituted_glyphs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.render.fonts.catalog import FaceFile

__all__ = ["Face", "FaceMetrics", "Picture", "ShapedGlyph"]

_UNIT = 64  # fixed point: HarfBuzz units a pixel
_SYNTHETIC_SLANT = 0.2
_SYNTHETIC_BOLD = 1 / 36  # of an em, as much on each side


class FaceMetrics(NamedTuple):
    """In pixels; ascent and descent both positive, the underline's middle below the baseline."""

    ascent: float
    descent: float
    line_gap: float
    advance: float
    cap_height: float
    x_height: float
    underline_position: float
    underline_thickness: float
    strike_position: float
    strike_thickness: float


class ShapedGlyph(NamedTuple):
    """A glyph of a shaped run; `cluster` is the index of the first character that it stands for."""

    glyph: int
    cluster: int
    x_offset: float
    y_offset: float
    x_advance: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A rasterised glyph.

    Attributes:
        pixels: height x width coverage, or height x width x 4 premultiplied RGBA.
        left: of its first column, from the glyph's origin.
        top: of its first row, above the baseline (up is positive).
    """

    pixels: NDArray[np.uint8]
    left: int
    top: int


def _no_picture() -> Picture:
    return Picture(np.zeros((0, 0), np.uint8), 0, 0)


class Face:
    """See the module.

    Args:
        file: which.
        size: of an em, px.
        features: OpenType features by tag.
        y_stretch: factor on heights, with which x-heights end on whole pixels.
    """

    def __init__(
        self, file: FaceFile, size: float, features: Mapping[str, int], y_stretch: float = 1.0
    ) -> None:
        self.file = file
        self.size = size
        self.y_stretch = y_stretch
        self.features = dict(features)
        self._hb_face = hb.Face(hb.Blob.from_file_path(file.path), file.number)
        self._font = self._make_font(1.0)
        face = self._hb_face
        self.is_color = face.has_color_paint or face.has_color_layers or face.has_color_png
        self._draw = hb.RasterDraw()
        self._draw.scale_factor = (_UNIT, _UNIT)
        self._paint: hb.RasterPaint | None = None
        self._known: set[str] = set()
        self._substituted = self._find_substituted()

    def _make_font(self, scale: float) -> hb.Font:
        file = self.file
        font = hb.Font(self._hb_face)
        size = self.size * scale
        font.scale = (round(size * _UNIT), round(size * self.y_stretch * _UNIT))
        font.ppem = (round(size), round(size))
        axes = {axis.tag: axis for axis in self._hb_face.axis_infos}
        weight = file.weight
        if "wght" in axes:
            axis = axes["wght"]
            weight = int(min(max(file.wanted_weight, axis.min_value), axis.max_value))
            font.set_variations({"wght": weight})
        if file.wanted_weight >= 600 and weight < 550:
            font.synthetic_bold = (_SYNTHETIC_BOLD, _SYNTHETIC_BOLD, True)
        if file.wants_italic and not file.is_italic:
            font.synthetic_slant = _SYNTHETIC_SLANT
        return font

    def resized(self, size: float, y_stretch: float = 1.0) -> Face:
        """The same face at another size."""
        return Face(self.file, size, self.features, y_stretch)

    def metrics(self) -> FaceMetrics:
        """Of the whole face."""
        font = self._font
        extents = font.get_font_extents("ltr")

        def metric(tag: hb.OTMetricsTag, fallback: float) -> float:
            found = font.get_metric_position(tag)
            return found / _UNIT if found else fallback

        tags = hb.OTMetricsTag
        zero = font.get_nominal_glyph(ord("0")) or font.get_nominal_glyph(ord("x")) or 0
        em = self.size
        thickness = metric(tags.UNDERLINE_SIZE, em / 16)
        x_height = metric(tags.X_HEIGHT, 0.5 * em)
        return FaceMetrics(
            ascent=extents.ascender / _UNIT,
            descent=-extents.descender / _UNIT,
            line_gap=max(extents.line_gap / _UNIT, 0.0),
            advance=font.get_glyph_h_advance(zero) / _UNIT,
            cap_height=metric(tags.CAP_HEIGHT, 0.7 * em),
            x_height=x_height,
            underline_position=-metric(tags.UNDERLINE_OFFSET, -0.12 * em),
            underline_thickness=abs(thickness),
            strike_position=metric(tags.STRIKEOUT_OFFSET, x_height * 0.55),
            strike_thickness=abs(metric(tags.STRIKEOUT_SIZE, abs(thickness))),
        )

    def glyph_of(self, code: int, selector: int = 0) -> int:
        """The glyph of a character; 0: it has none."""
        if selector:
            found = self._font.get_variation_glyph(code, selector)
            if found:
                return int(found)
        return int(self._font.get_nominal_glyph(code) or 0)

    def _find_substituted(self) -> set[int] | None:
        table = bytes(self._hb_face.reference_table("GSUB").data or b"")
        asked = [tag for tag, value in self.features.items() if value]
        off = [tag for tag, value in self.features.items() if not value]
        return substituted_glyphs(table, asked, off)

    def is_plain(self, glyph: int) -> bool:
        """Whether no neighbour can change how this glyph looks."""
        return self._substituted is not None and glyph not in self._substituted

    def advance(self, glyph: int) -> float:
        """How far it moves the pen."""
        return float(self._font.get_glyph_h_advance(glyph)) / _UNIT

    def holds(self, text: str) -> bool:
        """Whether it has every character."""
        known = self._known
        for char in text:
            if char not in known:
                if not self.glyph_of(ord(char)):
                    return False
                known.add(char)
        return True

    def shaped(self, text: str) -> Iterator[tuple[int, int, float, float, float]]:
        """Shape a run, from left to right: the fields of `ShapedGlyph`, one glyph after the other."""
        buffer = hb.Buffer()
        buffer.add_codepoints(list(map(ord, text)))
        buffer.guess_segment_properties()
        buffer.direction = "ltr"
        hb.shape(self._font, buffer, self.features)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions or (), strict=True):
            x, y, advance, _ = place.position
            yield info.codepoint, info.cluster, x / _UNIT, y / _UNIT, advance / _UNIT

    def shape(self, text: str) -> list[ShapedGlyph]:
        """Shape a run, from left to right."""
        return [ShapedGlyph(*fields) for fields in self.shaped(text)]

    def extents(self, glyph: int) -> tuple[float, float, float, float] | None:
        """left, top (above the baseline), width, height of its ink, px; None for no ink."""
        found = self._font.get_glyph_extents(glyph)
        if found is None or not found.width or not found.height:
            return None
        return (
            found.x_bearing / _UNIT, found.y_bearing / _UNIT, found.width / _UNIT, -found.height / _UNIT
        )  # fmt: skip

    def picture(self, glyph: int, *, scale: float = 1.0, dx: float = 0.0, dy: float = 0.0) -> Picture:
        """Draw a glyph.

        Args:
            glyph: its number.
            scale: a factor on its size.
            dx: moves it to the right, px; the fraction counts.
            dy: likewise, up.
        """
        if self.is_color:
            found = self._color_picture(glyph, scale, dx, dy)
            if found is not None:
                return found
        draw = self._draw
        draw.transform = (scale, 0.0, 0.0, scale, dx * _UNIT, dy * _UNIT)
        if not draw.draw_glyph_or_fail(self._font, glyph):
            draw.clear()
            return _no_picture()
        image = draw.render()
        extents = image.extents if image is not None else None
        if image is None or extents is None or not extents.width or not extents.height:
            return _no_picture()
        pixels = np.frombuffer(image.buffer, np.uint8).reshape(extents.height, extents.stride)
        return Picture(
            np.ascontiguousarray(pixels[::-1, : extents.width]),
            extents.x_origin,
            extents.y_origin + extents.height,
        )

    def _color_picture(self, glyph: int, scale: float, dx: float, dy: float) -> Picture | None:
        if self._paint is None:
            self._paint = hb.RasterPaint()
            self._paint.scale_factor = (_UNIT, _UNIT)
        paint = self._paint
        paint.transform = (scale, 0.0, 0.0, scale, dx * _UNIT, dy * _UNIT)
        box = self.extents(glyph)
        if box is None:
            return None
        left, top, width, height = box
        x0, y0 = math.floor(left * scale + dx) - 1, math.floor((top - height) * scale + dy) - 1
        x1, y1 = math.ceil((left + width) * scale + dx) + 1, math.ceil(top * scale + dy) + 1
        paint.extents = hb.RasterExtents(x0, y0, x1 - x0, y1 - y0)
        if not paint.paint_glyph_or_fail(self._font, glyph):
            paint.clear()
            return None
        image = paint.render()
        extents = image.extents if image is not None else None
        if image is None or extents is None or not extents.width or not extents.height:
            return None
        pixels = np.frombuffer(image.buffer, np.uint8).reshape(extents.height, extents.stride // 4, 4)
        rgba = pixels[::-1, : extents.width, (2, 1, 0, 3)]
        return Picture(np.ascontiguousarray(rgba), extents.x_origin, extents.y_origin + extents.height)
