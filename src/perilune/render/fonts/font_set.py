"""All glyphs of one configuration at one size: which picture each character or word of a style is made of.

Answers what the row builder finds nowhere in its `GlyphTable`; everything is drawn when first asked for. A
picture that reaches into the rows above and below is kept in pieces, one a row.

Shared by the windows of one size. Window thread.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from perilune.base import log
from perilune.cells.packing import pack_color
from perilune.cells.width import cluster_width
from perilune.render.atlas import PAGE_SIZE, Atlas
from perilune.render.custom_glyphs import draw_glyph, is_custom
from perilune.render.custom_glyphs.geometric import draw_geometric
from perilune.render.fonts.decorations import draw_underline, missing_glyph_box
from perilune.render.fonts.face import Face, Picture
from perilune.render.fonts.glyph_table import (
    DIRECT_CODES,
    FAR_STYLE_SHIFT,
    FAR_WIDE,
    NOT_PLAIN,
    GlyphTable,
)
from perilune.render.fonts.metrics import cell_metrics
from perilune.render.fonts.style_faces import StyleFaces, StyleTable, is_emoji, parse_features
from perilune.render.scene import COLOR, MASK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.config.options import Config
    from perilune.config.options.fonts import Font
    from perilune.render.fonts.catalog import FaceFile, FontCatalog
    from perilune.render.fonts.metrics import CellMetrics

__all__ = ["FontSet"]

_log = log.get_logger("render")

_SNAP = 0.045  # so much may heights be stretched for x-heights of whole pixels
_SNAP_MAX_X_HEIGHT = 20
_MAX_WARNINGS = 50
_ASCII = "".join(map(chr, range(32, 127)))
_INVISIBLE = frozenset({0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0xFE0E, 0xFE0F, 0xFFFC})


class FontSet:
    """See the module.

    Args:
        config: fonts, sizes and how they are drawn.
        catalog: finds faces.
        dpi: pixels an inch: 96 times the scale of the screen, as the system says it.
        font_scale: what the user made of the size with keys.

    Attributes:
        metrics: what a cell measures.
        atlas: holds the pictures.
        table: which pictures characters and words are made of, for the row builder.
        style_of: the style of each value of an attribute word's rendition bits.
        ink_of: for each style the colour word of text in the default colour; 0: the palette's.
        generation: rises when all entries were forgotten, because the atlas was full.
    """

    def __init__(self, config: Config, catalog: FontCatalog, dpi: float, font_scale: float = 1.0) -> None:
        self._config = config
        self._catalog = catalog
        self._em = max(config.font_size * font_scale * dpi / 72, 1.0)
        self._features = parse_features(config.harfbuzz_features)
        self._faces: dict[tuple[object, ...], Face] = {}
        table = StyleTable(config)
        self.style_of = table.style_of
        self.ink_of = array("I", [pack_color(font.foreground) for font, _, _ in table.fonts])
        self._descriptions = table.fonts
        self._styles: dict[int, StyleFaces] = {}
        self._y_stretch = 1.0
        self._is_measured = False
        plain = self._styled(self.style_of[0]).primary
        x_height = plain.metrics().x_height
        target = max(round(x_height), 1)
        if x_height < _SNAP_MAX_X_HEIGHT and abs(target / max(x_height, 0.1) - 1) <= _SNAP:
            # Without hinting this is what makes the tops of small letters sharp.
            self._y_stretch = target / x_height
            self._faces.clear()
            self._styles.clear()
        self._natural = plain.metrics()
        self.metrics: CellMetrics = cell_metrics(self._natural, config, self._em, dpi)
        self._is_measured = True
        self.atlas = Atlas()
        self.generation = 0
        self._warned: set[int] = set()
        self._deadline = math.inf
        self._has_begun = False
        self._has_postponed = False
        self.table = GlyphTable(len(self._descriptions))
        self._glyph_entries: dict[tuple[object, ...], int] = {}
        self._plain_entries: dict[int, dict[int, int]] = {}
        self._rough: dict[int, dict[str, int]] = {}
        self._decorations: dict[int, int] = {}
        self._atlas_generation = 0

    # -- what the row builder asks --

    def begin_limited(self, seconds: float) -> None:
        """Until `end_limited`, take up nothing new after so much time, but for one thing."""
        self._deadline = math.inf if seconds == math.inf else perf_counter() + seconds
        self._has_begun = self._has_postponed = False

    def end_limited(self) -> bool:
        """Whether something was left out since, which is there when asked for again."""
        self._deadline = math.inf
        return self._has_postponed

    def _postpones(self) -> bool:
        if self._deadline == math.inf:
            return False
        if self._has_begun and perf_counter() >= self._deadline:
            self._has_postponed = True
            return True
        self._has_begun = True
        return False

    def resolve(self, style: int, code: int, *, is_wide: bool) -> int:
        """The entry of a character, which is remembered; `NOT_PLAIN` where the word must be shaped."""
        if self._postpones():
            return 0
        found = self._resolve(style, code, is_wide=is_wide)
        self._check_atlas()
        if code < DIRECT_CODES and not is_wide:
            self.table.direct[style * DIRECT_CODES + code] = found
        else:
            self.table.far[code | style << FAR_STYLE_SHIFT | (FAR_WIDE if is_wide else 0)] = found
        return found

    def _resolve(self, style: int, code: int, *, is_wide: bool) -> int:
        if code <= 32 or code in _INVISIBLE or 0x7F <= code < 0xA1 or 0x2000 <= code <= 0x200F:
            return 0
        cells = 2 if is_wide else 1
        if self._config.custom_block_glyphs and is_custom(code):
            found = self._custom(code, cells)
            if found is not None:
                return found
        faces = self._styled(style)
        face = faces.for_text(chr(code), is_wide=is_wide)
        if face is None:
            return self._missing(code, cells)
        glyph = face.glyph_of(code)
        if not face.is_plain(glyph) and not face.is_color:
            return NOT_PLAIN
        return self._glyph(face, glyph, cells, is_primary=face is faces.primary, code=code)

    def shape(self, style: int, texts: Sequence[str], widths: list[int]) -> array[int] | None:
        """The pairs (cell, entry) of a run of cells; None where that is postponed.

        Args:
            style: of all of them.
            texts: each cell's cluster; "" for the right half of a wide one.
            widths: in cells, each.
        """
        if self._postpones():
            return None
        faces = self._styled(style)
        found = array("i")
        primary = faces.primary
        text = "".join(texts)
        has_custom = self._config.custom_block_glyphs and any(map(is_custom, map(ord, text)))
        if (
            not has_custom
            and len(text) == widths.count(1) == len(texts)
            and not primary.is_color
            and primary.holds(text)
        ):
            # One character a cell, all of the configured face: by far the most words.
            self._shape_plain(found, primary, text)
            self._check_atlas()
            return found
        run: list[int] = []
        current: Face | None = None
        for cell, text in enumerate(texts):
            if not text:
                continue
            if has_custom and len(text) == 1 and is_custom(ord(text)):
                drawn = self._custom(ord(text), widths[cell])
                if drawn is not None:
                    if run:
                        self._shape_run(found, current, faces, texts, widths, run)
                        run = []
                    found.extend((cell, drawn))
                    continue
            face = faces.for_text(text, is_wide=widths[cell] == 2)
            if run and face is not current:
                self._shape_run(found, current, faces, texts, widths, run)
                run = []
            current = face
            run.append(cell)
        if run:
            self._shape_run(found, current, faces, texts, widths, run)
        self._check_atlas()
        return found

    def rough(self, style: int, texts: Sequence[str]) -> array[int]:
        """Such pairs of what was drawn already, a character at a time: what is shown until there is time."""
        known = self._rough.setdefault(style, {})
        found = array("i")
        for cell, text in enumerate(texts):
            entry = known.get(text)
            if entry is None and len(text) == 1:
                code, face = ord(text), self._styled(style).primary
                entry = self.table.direct[style * DIRECT_CODES + code] if code < DIRECT_CODES else 0
                if entry <= 0:
                    entry = self._plain_entries.get(id(face), {}).get(face.glyph_of(code), 0)
                if entry:
                    known[text] = entry
            if entry:
                found.append(cell)
                found.append(entry)
        return found

    def _shape_plain(self, found: array[int], face: Face, text: str) -> None:
        entries = self._plain_entries.setdefault(id(face), {})
        pen, last = 0.0, -1
        for glyph, cell, x_offset, y_offset, advance in face.shaped(text):
            if cell != last:
                pen, last = 0.0, cell
            if pen or x_offset or y_offset:
                entry = self._glyph(
                    face, glyph, 1, is_primary=True, code=ord(text[cell]), dx=pen + x_offset, dy=y_offset
                )
            else:
                known = entries.get(glyph)
                if known is None:
                    known = entries[glyph] = self._glyph(
                        face, glyph, 1, is_primary=True, code=ord(text[cell])
                    )
                entry = known
            if entry:
                found.append(cell)
                found.append(entry)
            pen += advance

    def _shape_run(
        self,
        found: array[int],
        face: Face | None,
        faces: StyleFaces,
        texts: Sequence[str],
        widths: Sequence[int],
        run: list[int],
    ) -> None:
        if face is None:
            for cell in run:
                code = ord(texts[cell][0])
                entry = self._custom(code, widths[cell]) if is_custom(code) else None
                found.extend((cell, self._missing(code, widths[cell]) if entry is None else entry))
            return
        is_primary = face is faces.primary
        owner: list[int] = []
        text = ""
        for cell in run:
            cluster = texts[cell]
            if not face.is_color:
                cluster = cluster.replace("\ufe0f", "").replace("\ufe0e", "") or cluster
            text += cluster
            owner += [cell] * len(cluster)
        pen, last = 0.0, -1
        for glyph in face.shape(text):
            cell = owner[min(glyph.cluster, len(owner) - 1)]
            if cell != last:
                pen, last = 0.0, cell
            if pen and not glyph.x_advance and (box := face.extents(glyph.glyph)) is not None:
                # A mark that its face draws over the cell that it stands in, not over the one before.
                pen = 0.0 if box[0] + glyph.x_offset >= 0 else pen
            if glyph.glyph or len(texts[cell]) == 1:
                entry = self._glyph(
                    face, glyph.glyph, widths[cell], is_primary=is_primary,
                    dx=pen + glyph.x_offset, dy=glyph.y_offset, code=ord(texts[cell][0]),
                    is_cluster=len(texts[cell]) > 1 or not is_primary,
                )  # fmt: skip
                if entry:
                    found.extend((cell, entry))
            pen += glyph.x_advance

    def underline(self, style: int) -> int:
        """The entry of a curly (3), dotted (4) or dashed (5) underline of one cell."""
        found = self._decorations.get(style)
        if found is None:
            pixels, top = draw_underline(style, self.metrics)
            found = self._decorations[style] = self._keep(pixels, 0, top, MASK)
            self._check_atlas()
        return found

    def prefetch(self, text: str = _ASCII) -> int:
        """Draw characters ahead of their use, in the plain style.

        Returns:
            How many pictures are new.
        """
        before = self.table.count
        style = self.style_of[0]
        for char in text:
            if self.resolve(style, ord(char), is_wide=False) == NOT_PLAIN:
                self.shape(style, [char], [1])
        return self.table.count - before

    # -- for text that is not in cells --

    def title_face(self, font: Font | None, size: float, *, is_bold: bool, is_italic: bool) -> Face:
        """The face of titles in a fancy tab bar; None: a sans serif one that comes with us."""
        weight = 700 if is_bold else None
        if font is not None and any(self._catalog.find(entry) is not None for entry in font.font):
            faces = StyleFaces(
                font, weight, is_italic, self._catalog,
                lambda file, features, scale, _primary: Face(
                    file, size * scale, self._features if features is None else features
                ),
            )  # fmt: skip
            return faces.primary
        return Face(self._catalog.title_face(700, italic=is_italic), size, self._features)

    def helping_face(self, char: str, size: float) -> Face | None:
        """Another face that has a character, at a size; None: there is none."""
        found = self._styled(self.style_of[0]).for_text(char, is_wide=cluster_width(char) == 2)
        return found.resized(size) if found is not None else None

    # -- pictures --

    def _custom(self, code: int, cells: int) -> int | None:
        key = ("custom", code, cells)
        if key not in self._glyph_entries:
            metrics = self.metrics
            pixels = draw_glyph(
                code, metrics.width * cells, metrics.height, metrics.underline_thickness,
                smooth=self._config.anti_alias_custom_block_glyphs,
            )  # fmt: skip
            if pixels is None:
                return None
            self._glyph_entries[key] = self._keep(pixels, 0, 0, MASK)
        return self._glyph_entries[key]

    def _missing(self, code: int, cells: int) -> int:
        metrics = self.metrics
        shape = draw_geometric(code, metrics.width * cells, metrics.height, metrics.underline_thickness)
        if shape is not None:
            key: tuple[object, ...] = ("geometric", code, cells)
            if key not in self._glyph_entries:
                self._glyph_entries[key] = self._keep(shape, 0, 0, MASK)
            return self._glyph_entries[key]
        if code not in self._warned and self._config.warn_about_missing_glyphs:
            self._warned.add(code)
            if len(self._warned) <= _MAX_WARNINGS:
                _log.warning("no font has a glyph for U+%04X (%s)", code, chr(code))
            if len(self._warned) == _MAX_WARNINGS:
                _log.warning("no further missing glyphs are told of")
        key = ("missing", code, cells)
        if key not in self._glyph_entries:
            face = self._face(self._catalog.embedded(), {}, 0.0, is_primary=False)
            pixels = missing_glyph_box(code, metrics.width * cells, metrics.height, face)
            self._glyph_entries[key] = self._keep(pixels, 0, 0, MASK)
        return self._glyph_entries[key]

    def _glyph(
        self,
        face: Face,
        glyph: int,
        cells: int,
        *,
        is_primary: bool,
        code: int,
        dx: float = 0.0,
        dy: float = 0.0,
        is_cluster: bool = False,
    ) -> int:
        quarter_x, quarter_y = round(dx * 4), round(dy * 4)
        key = (id(face), glyph, cells, quarter_x, quarter_y)
        found = self._glyph_entries.get(key)
        if found is not None:
            return found
        metrics = self.metrics
        box = face.extents(glyph)
        if box is None:
            self._glyph_entries[key] = 0
            return 0
        left, _, width, height = box
        limit = cells * metrics.width
        overflow = self._config.allow_square_glyphs_to_overflow_width
        alternative = 0
        if is_primary or (is_cluster and not face.is_color):
            # A configured monospaced face knows its cells; ligatures reach back over several.
            entry = self._placed(face.picture(glyph, dx=quarter_x / 4, dy=quarter_y / 4), 0)
        else:
            is_square = width > 0.7 * height and cells == 1 and not is_emoji(chr(code), is_wide=False)
            natural = max(width, left + width)
            if is_square and natural > limit * 1.05 and overflow == "Always":
                entry = self._fitted(face, glyph, box, 2 * metrics.width)
            else:
                entry = self._fitted(face, glyph, box, limit)
                if is_square and natural > limit * 1.05 and overflow == "WhenFollowedBySpace":
                    alternative = self._fitted(face, glyph, box, 2 * metrics.width)
        if alternative:
            self.table.set_alternative(entry, alternative)
        self._glyph_entries[key] = entry
        return entry

    def _fitted(self, face: Face, glyph: int, box: tuple[float, float, float, float], room: int) -> int:
        """A glyph of another face: as it is where it fits, else made smaller; symbols and emoji centred."""
        left, top, width, height = box
        metrics = self.metrics
        above, below = top, height - top
        scale = min(1.0, room / width, metrics.height / height)
        is_icon = face.is_color or face.file.family == ""
        if face.is_color:
            scale = min(room / width, metrics.height / height)
        shift_x, shift_y = 0.0, 0.0
        if is_icon or scale < 1.0:
            shift_x = (room - width * scale) / 2 - left * scale
            middle = metrics.baseline - metrics.height / 2
            shift_y = middle - (above - below) / 2 * scale
            if is_icon:
                shift_x, shift_y = round(shift_x), round(shift_y)
        else:
            # Text keeps its baseline; a narrower advance is centred in the cells.
            shift_x = max((room - face.advance(glyph)) / 2, 0.0)
            if left + shift_x + width > room:
                shift_x = room - width - left
            shift_x = round(shift_x)
            shift_y = (
                -max(0.0, below - (metrics.height - metrics.baseline))
                + max(0.0, above - metrics.baseline) * -1
            )
        return self._placed(face.picture(glyph, scale=scale, dx=shift_x, dy=shift_y), 0)

    def _placed(self, picture: Picture, offset: int) -> int:
        kind = COLOR if picture.pixels.ndim == 3 else MASK
        return self._keep(picture.pixels, picture.left + offset, self.metrics.baseline - picture.top, kind)

    def _keep(self, pixels: NDArray[np.uint8], x: int, y: int, kind: int) -> int:
        """Add a picture, in pieces where it reaches into the rows above and below."""
        high = self.metrics.height
        found = self._keep_part(pixels, x, y, kind, (0, high))
        if y < 0 or y + pixels.shape[0] > high:
            above = self._keep_part(pixels, x, y, kind, (-high, 0))
            self.table.set_overhang(found, above, self._keep_part(pixels, x, y, kind, (high, 2 * high)))
        return found

    def _keep_part(self, pixels: NDArray[np.uint8], x: int, y: int, kind: int, band: tuple[int, int]) -> int:
        """Add what lies in a band of pixel rows; outside of the row's own, 0 for nothing."""
        first, last = max(0, band[0] - y), min(pixels.shape[0], band[1] - y)
        part = pixels[first:last, :PAGE_SIZE] if last > first else pixels[:0]
        if not part.any():
            return 0 if band[0] else self.table.add(0, 0, 0, 0, 0, 0, 0, kind)
        slot = self.atlas.add(part)
        return self.table.add(x, y + first, slot.width, slot.height, slot.u, slot.v, slot.page, kind)

    def _check_atlas(self) -> None:
        if self.table.is_full:
            self.atlas.clear()
        if self.atlas.generation != self._atlas_generation:
            self._atlas_generation = self.atlas.generation
            self.generation += 1
            self.table.clear()
            self._glyph_entries.clear()
            self._plain_entries.clear()
            self._rough.clear()
            self._decorations.clear()

    # -- faces --

    def _styled(self, style: int) -> StyleFaces:
        found = self._styles.get(style)
        if found is None:
            font, weight, italic = self._descriptions[style]
            found = self._styles[style] = StyleFaces(font, weight, italic, self._catalog, self._face_of_style)
        return found

    def _face_of_style(
        self, file: FaceFile, features: Mapping[str, int] | None, scale: float, is_primary: bool
    ) -> Face:
        return self._face(
            file, self._features if features is None else features, scale, is_primary=is_primary
        )

    def _face(self, file: FaceFile, features: Mapping[str, int], scale: float, *, is_primary: bool) -> Face:
        key = (file, tuple(sorted(features.items())), scale, is_primary)
        found = self._faces.get(key)
        if found is None:
            size = self._em * scale if scale else max(self._em * 0.4, 5.0)
            stretch = self._y_stretch if scale == 1.0 else 1.0
            found = Face(file, size, features, stretch)
            if (
                self._config.use_cap_height_to_scale_fallback_fonts
                and not is_primary
                and scale
                and not found.is_color
            ):
                factor = self._natural.cap_height / max(found.metrics().cap_height, 1.0)
                if math.isfinite(factor) and 0.5 < factor < 2.0:
                    found = found.resized(size * factor)
            if not is_primary and scale and not found.is_color and self._is_measured:
                found = self._within_cell(found)
            self._faces[key] = found
        return found

    def _within_cell(self, face: Face) -> Face:
        """A helping face so small that its tallest letters and marks stay in the row's band."""
        metrics, cell = face.metrics(), self.metrics
        room = cell.height - cell.baseline
        factor = min(1.0, cell.baseline / max(metrics.ascent, 1.0), room / max(metrics.descent, 1.0))
        return face.resized(face.size * max(factor, 0.7)) if factor < 0.98 else face
