"""From a frame to the scene of its window: rebuilds what changed and tells which pixels that touches.

Rows come from the compiled `RowBuilder`; what is not rows (cursor, preedit, scroll bar, bell, images) is a
few quads, made anew each time and compared with the last ones so that only differences are damage. One
builder a window. Window thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import (
    BOLD,
    REVERSE,
    UNDERLINE_SHIFT,
    WIDE,
    WORDS_PER_CELL,
    pack_color,
)
from perilune.cells.tables import CellTables
from perilune.render.background import background_layers, scrolls
from perilune.render.colors import ColorTables, contrast, rgb_word, word_rgb
from perilune.render.image_quads import scene_images
from perilune.render.rows import INSTANCE_WORDS, RowBuilder, shift_hsb
from perilune.render.scene import (
    BLINK_CURSOR,
    BLINK_RAPID,
    BLINK_SLOW,
    INSTANCE,
    KIND_MASK,
    SOLID,
    PixelRect,
    Scene,
    SceneImage,
    no_instances,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from perilune.config.options import Config
    from perilune.config.palette import Palette
    from perilune.render.fonts.font_set import FontSet
    from perilune.render.frame import Frame, FramePane
    from perilune.render.geometry import Geometry

__all__ = ["SceneBuilder", "SceneLive"]

_GLYPHS_PER_CELL = 4
_GLYPHS_MORE = 64


@dataclass(frozen=True, slots=True)
class SceneLive:
    """What differs between frames besides the cells.

    Attributes:
        geometry: where things are in the window.
        is_focused: keys reach the window: else the cursor is an outline.
        alpha_cursor: phase of the cursor's blinking, 0-1; `alpha_slow` and `alpha_rapid` likewise for text.
        bell: how far the visual bell is, 0-1.
        bell_pane: the pane that rang; -1: the whole window flashes.
        preedit: what an input method is composing, shown at the cursor.
        preedit_cursor: a position in it, in characters; -1: none.
        bar: instances of a tab bar in pixels; the same object while it looks the same.
        is_leader_active: the cursor takes `compose_cursor`'s colour.
        hovered_link: uri and id of the link that the pointer is on: its cells are underlined.
    """

    geometry: Geometry
    is_focused: bool = True
    alpha_cursor: float = 1.0
    alpha_slow: float = 1.0
    alpha_rapid: float = 1.0
    bell: float = 0.0
    bell_pane: int = -1
    preedit: str = ""
    preedit_cursor: int = -1
    is_leader_active: bool = False
    bar: NDArray[np.void] = field(default_factory=no_instances, compare=False)
    hovered_link: tuple[str, str] | None = None


_Quad = tuple[int, int, int, int, int, int]


def _quads(quads: list[_Quad]) -> NDArray[np.void]:
    """Filled rectangles: x, y, width, height, colour word, flags."""
    found = np.zeros(len(quads), INSTANCE)
    words = found.view(np.uint32).reshape(len(quads), INSTANCE_WORDS)
    for number, (x, y, width, height, rgba, flags) in enumerate(quads):
        found[number]["x"], found[number]["y"] = x, y
        found[number]["w"], found[number]["h"] = max(width, 0), max(height, 0)
        found[number]["flags"] = flags
        words[number, 4] = rgba
    return found


def _joined(parts: list[NDArray[np.void]]) -> NDArray[np.void]:
    found: NDArray[np.void] = np.concatenate(parts)
    return found


def _bounds(instances: NDArray[np.void]) -> PixelRect | None:
    if not len(instances):
        return None
    left, top = int(instances["x"].min()), int(instances["y"].min())
    right = int((instances["x"].astype(int) + instances["w"]).max())
    bottom = int((instances["y"].astype(int) + instances["h"]).max())
    return PixelRect(left, top, right - left, bottom - top)


class SceneBuilder:
    """See the module.

    Args:
        config: how things look.
        palette: the colours in force.
        fonts: of the window's scale.
        seconds: after so much time in one update, characters that were never drawn before are left to the
            next one; see `Scene.is_unfinished`.
    """

    def __init__(
        self, config: Config, palette: Palette, fonts: FontSet, *, seconds: float = math.inf
    ) -> None:
        self._seconds = seconds
        self._config = config
        self._fonts = fonts
        self._colors = ColorTables(config, palette)
        self._rows = RowBuilder(fonts, self._colors)
        self._scene = Scene(fonts.atlas)
        self._frame: Frame | None = None
        self._live: SceneLive | None = None
        self._generation = fonts.generation
        self._is_stale = True
        self._zones = bytearray()
        self._zone_key: object = None
        self._tops: list[int] = []
        self._blink_rows = bytearray()
        self._cursor_place = (-1, -1)
        self._layers_top = 0
        self._reached: dict[int, bytes] = {}
        self._late: list[int] = []
        self._is_late = False

    def configure(self, config: Config, palette: Palette, fonts: FontSet) -> None:
        """Other options, colours or fonts: the next update builds everything."""
        self._config = config
        self._fonts = fonts
        self._colors = ColorTables(config, palette)
        self._rows.use_fonts(fonts)
        self._rows.use_colors(self._colors)
        self._generation = fonts.generation
        self._scene.atlas = fonts.atlas
        self._is_stale = True

    def update(self, frame: Frame, live: SceneLive) -> Scene:
        """The scene that shows a frame; clears the marks of the frame's buffer."""
        last = self._live
        buffer = frame.buffer
        geometry = live.geometry
        scene = self._scene
        everything = self._is_stale or last is None or last.geometry != geometry
        everything = everything or self._frame is None or self._frame.buffer is not buffer
        everything = everything or last is None or last.hovered_link != live.hovered_link
        if self._mark_zones(frame):
            everything = True
        if everything:
            self._begin_anew(frame, geometry)
        self._frame, self._live = frame, live
        for row in self._late:
            if row < buffer.rows:
                buffer.touched[row] = 1
        cursor = frame.cursor
        place = (-1, -1)
        if cursor is not None and cursor.row < buffer.rows and cursor.col < buffer.cols:
            place = (cursor.row, cursor.col)
        if everything:
            rows = list(range(buffer.rows))
        else:
            touched = buffer.touched
            if place != self._cursor_place:  # ligatures break under it
                for row in (place[0], self._cursor_place[0]):
                    if 0 <= row < buffer.rows:
                        touched[row] = 1
            rows = [row for row in range(buffer.rows) if touched[row]] if any(touched) else []
        self._cursor_place = place
        if rows:
            rows = self._build_rows(frame, live, rows, place)
        if self._fonts.generation != self._generation:
            # The atlas was full and begun anew on the way: what was built before refers to nothing.
            self._generation = self._fonts.generation
            self._rows.use_fonts(self._fonts)
            rows = list(range(buffer.rows))
            everything = True
            rows = self._build_rows(frame, live, rows, place)
        buffer.touched[:] = bytes(buffer.rows)
        self._late = rows if rows and self._is_late else []
        scene.is_unfinished = bool(self._late)
        scene.changed_rows = rows
        scene.is_all_changed = everything
        scene.damage = []
        self._is_stale = False
        if (top := self._scroll_top(frame)) != self._layers_top:
            self._layers_top = top
            scene.layers = self._make_layers(geometry)
            scene.is_all_changed = True
        self._finish(frame, live, last)
        return scene

    def live_only(self, live: SceneLive) -> Scene:
        """The scene of the last frame with another state of blinking, bell or preedit; no row is rebuilt.

        Raises:
            RuntimeError: there was no frame yet.
        """
        if self._frame is None or self._live is None:
            raise RuntimeError("there is no frame yet")
        last = self._live
        is_same = (last.geometry, last.hovered_link) == (live.geometry, live.hovered_link)
        if self._is_stale or self._late or not is_same:
            return self.update(self._frame, live)
        scene = self._scene
        self._live = live
        scene.changed_rows = []
        scene.is_all_changed = False
        scene.damage = []
        self._finish(self._frame, live, last)
        return scene

    # -- rows --

    def _begin_anew(self, frame: Frame, geometry: Geometry) -> None:
        scene, buffer = self._scene, frame.buffer
        scene.width, scene.height = geometry.width, geometry.height
        scene.cell_height = geometry.cell_height
        only = frame.panes[0].background if len(frame.panes) == 1 else None
        red, green, blue = only or self._colors.background
        scene.clear = (red / 255, green / 255, blue / 255, self._colors.opacity)
        self._layers_top = self._scroll_top(frame)
        scene.layers = self._make_layers(geometry)
        if scene.layers:
            scene.clear = (0.0, 0.0, 0.0, 0.0)  # layers stand in for the colour, as translucent as they are
        capacity = buffer.cols * _GLYPHS_PER_CELL + _GLYPHS_MORE
        if scene.glyphs.shape != (buffer.rows, capacity):
            scene.backgrounds = np.zeros((buffer.rows, buffer.cols), INSTANCE)
            scene.glyphs = np.zeros((buffer.rows, capacity), INSTANCE)
            scene.background_counts = np.zeros(buffer.rows, np.uint32)
            scene.glyph_counts = np.zeros(buffer.rows, np.uint32)
            scene.rows = buffer.rows
            scene.layout_serial += 1
            self._blink_rows = bytearray(buffer.rows)
        self._rows.reaching.clear()
        self._reached.clear()
        self._tops = [geometry.row_top(row) for row in range(max(buffer.rows, geometry.rows))]
        scene.tops = self._tops

    def _scroll_top(self, frame: Frame) -> int:
        """What layers that scroll depend on; 0 where none does."""
        if not scrolls(self._config):
            return 0
        return next((pane.top for pane in frame.panes if pane.is_active), 0)

    def _make_layers(self, geometry: Geometry) -> tuple[SceneImage, ...]:
        first = geometry.row_top(0)
        inside = PixelRect(
            geometry.left, first, geometry.cols * geometry.cell_width, geometry.rows * geometry.cell_height
        )
        return background_layers(
            self._config, geometry.width, geometry.height, self._fonts.metrics,
            inside=inside, top=self._layers_top,
        )  # fmt: skip

    def _build_rows(
        self, frame: Frame, live: SceneLive, rows: list[int], place: tuple[int, int]
    ) -> list[int]:
        """Write rows; returns those whose instances changed."""
        scene, buffer = self._scene, frame.buffer
        self._rows.read_tables(buffer.tables, live.hovered_link)
        is_block = frame.cursor is not None
        self._fonts.begin_limited(self._seconds)
        self._rows.build(
            buffer,
            rows,
            self._tops,
            live.geometry.left,
            self._zones,
            scene.backgrounds.view(np.uint32).reshape(buffer.rows, -1),
            scene.background_counts,
            scene.glyphs.view(np.uint32).reshape(buffer.rows, -1),
            scene.glyph_counts,
            place[0] if is_block else -1,
            place[1] if is_block else -1,
            frame.bar_row,
            live.geometry.width,
            self._blink_rows,
        )
        self._is_late = self._fonts.end_limited()
        return self._add_reaching(rows)

    def _add_reaching(self, rows: list[int]) -> list[int]:
        """Add what reaches into rows from their neighbours to those that were built and to the neighbours."""
        scene, reaching, reached = self._scene, self._rows.reaching, self._reached
        if not reaching and not reached:
            return rows
        built, changed = set(rows), set(rows)
        for row in sorted(
            {near for one in rows for near in (one - 1, one, one + 1) if 0 <= near < scene.rows}
        ):
            above, below = reaching.get(row - 1), reaching.get(row + 1)
            wanted = b""
            if above is not None and self._tops[row - 1] + scene.cell_height == self._tops[row]:
                wanted = above[1].tobytes()
            if below is not None and self._tops[row] + scene.cell_height == self._tops[row + 1]:
                wanted += below[0].tobytes()
            had = reached.pop(row, b"")
            own = int(scene.glyph_counts[row])
            if row not in built:
                if had == wanted:
                    if had:
                        reached[row] = had
                    continue
                own -= len(had) // INSTANCE.itemsize
                changed.add(row)
            parts = np.frombuffer(wanted, INSTANCE)[: scene.glyphs.shape[1] - own]
            scene.glyphs[row, own : own + len(parts)] = parts
            scene.glyph_counts[row] = own + len(parts)
            if len(parts):
                reached[row] = parts.tobytes()
                self._blink_rows[row] |= bool((parts["flags"] & (BLINK_SLOW | BLINK_RAPID)).any())
        return sorted(changed)

    def _mark_zones(self, frame: Frame) -> bool:
        """Say for each cell whether it is in an inactive pane; True where that changed."""
        buffer = frame.buffer
        # What lies above panes would be dimmed in part.
        dims = len(frame.panes) > 1 and self._colors.inactive_hsb != (1.0, 1.0, 1.0) and not frame.has_overlay
        backgrounds = sorted({pane.background for pane in frame.panes if pane.background is not None})
        matters = dims or bool(backgrounds)
        key = (
            buffer.cols,
            buffer.rows,
            tuple((pane.rect, pane.is_active, pane.background) for pane in frame.panes) if matters else (),
        )
        if key == self._zone_key:
            return False
        self._zone_key = key
        zones = np.zeros((buffer.rows, buffer.cols), np.uint8)
        for pane in frame.panes if matters else ():
            rect = pane.rect
            zone = int(dims and not pane.is_active)
            if pane.background is not None and (number := backgrounds.index(pane.background)) < 126:
                zone |= number + 1 << 1
            zones[rect.top : rect.bottom, rect.left : rect.right] = zone
        self._rows.use_backgrounds([pack_color(color) for color in backgrounds])
        self._zones = bytearray(zones.tobytes())
        return True

    # -- what lies above and below --

    def _finish(self, frame: Frame, live: SceneLive, last: SceneLive | None) -> None:
        scene = self._scene
        scene.has_blinking_text = any(self._blink_rows)
        self._set_images(frame, live.geometry)
        self._set_under(frame, live)
        self._replace("cursor", self._cursor(frame, live))
        self._replace("over", self._over(frame, live))
        if live.bar is not scene.bar:
            self._replace("bar", live.bar)
        if last is not None and not scene.is_all_changed:
            if last.alpha_cursor != live.alpha_cursor and (rect := _bounds(scene.cursor)) is not None:
                scene.damage.append(rect)
            if (last.alpha_slow, last.alpha_rapid) != (live.alpha_slow, live.alpha_rapid):
                for row, blinks in enumerate(self._blink_rows):
                    if blinks:
                        scene.damage.append(PixelRect(0, self._tops[row], scene.width, scene.cell_height))
        scene.alpha_cursor = live.alpha_cursor
        scene.alpha_slow, scene.alpha_rapid = live.alpha_slow, live.alpha_rapid

    def _replace(self, name: str, instances: NDArray[np.void]) -> None:
        scene = self._scene
        old: NDArray[np.void] = getattr(scene, name)
        if len(old) == len(instances) and old.tobytes() == instances.tobytes():
            return
        setattr(scene, name, instances)
        scene.damage += [rect for rect in (_bounds(old), _bounds(instances)) if rect is not None]

    def _set_images(self, frame: Frame, geometry: Geometry) -> None:
        scene = self._scene
        images = scene_images(frame, geometry, self._tops) if frame.panes else ()
        old = scene.images
        if not old and not images:
            return
        before, after = ([_identity(image) for image in some] for some in (old, images))
        for image, mark in zip((*old, *images), (*before, *after), strict=True):
            if mark not in before or mark not in after:
                x, y, width, height = image.dest
                scene.damage.append(PixelRect(int(x) - 1, int(y) - 1, int(width) + 3, int(height) + 3))
        scene.images = images

    def _set_under(self, frame: Frame, live: SceneLive) -> None:
        scene = self._scene
        quads = self._tints(frame, live.geometry)
        if live.bell > 0 and self._config.visual_bell.target == "BackgroundColor":
            rgba = rgb_word(self._colors.visual_bell, round(255 * min(live.bell, 1.0)))
            rang = [pane for pane in frame.panes if pane.pane_id == live.bell_pane]
            if live.bell_pane < 0 or not frame.panes:
                quads.append((0, 0, scene.width, scene.height, rgba, SOLID))
            elif rang:
                quads += self._pane_quads(
                    frame, live.geometry, lambda pane: rgba if pane is rang[0] else None
                )
        under = _quads(quads)
        if under.tobytes() != scene.under.tobytes():
            scene.under = under
            scene.is_all_changed = True

    def _tints(self, frame: Frame, geometry: Geometry) -> list[_Quad]:
        """The backgrounds that panes have of their own."""
        if len(frame.panes) < 2 or self._colors.has_layers:
            return []
        dims = not frame.has_overlay
        tints = dims and self._colors.tints
        if not tints and all(pane.background is None for pane in frame.panes):
            return []
        return self._pane_quads(frame, geometry, lambda pane: self._pane_tint(pane, dims=dims))

    def _pane_quads(
        self, frame: Frame, geometry: Geometry, color_of: Callable[[FramePane], int | None]
    ) -> list[_Quad]:
        """The places of panes, as far as the split lines and the window's edges, in colours; None: not it."""
        bar = frame.bar.rect if frame.bar is not None else None
        bars = [] if bar is None else [bar]
        rects = [pane.rect for pane in frame.panes]
        first, last = min(rect.top for rect in rects), max(rect.bottom for rect in rects)
        start, end = min(rect.left for rect in rects), max(rect.right for rect in rects)
        wide, high = geometry.cell_width, geometry.cell_height
        edge_top = max((self._tops[r.bottom - 1] + high for r in bars if r.bottom <= first), default=0)
        edge_bottom = min((self._tops[r.top] for r in bars if r.top >= last), default=geometry.height)
        edge_left = max(
            (geometry.left + r.right * wide for r in bars if r.right <= start and r.height > 1), default=0
        )
        edge_right = min(
            (geometry.left + r.left * wide for r in bars if r.left >= end and r.height > 1),
            default=geometry.width,
        )
        quads = []
        for pane in frame.panes:
            rect = pane.rect
            rgba = color_of(pane)
            if rgba is None or rect.bottom > len(self._tops):
                continue
            left = geometry.left + rect.left * wide - wide // 2
            right = geometry.left + rect.right * wide + wide // 2
            top, bottom = self._tops[rect.top] - high // 2, self._tops[rect.bottom - 1] + high + high // 2
            x0 = edge_left if rect.left == start else left
            x1 = edge_right if rect.right == end else right
            y0 = edge_top if rect.top == first else top
            y1 = edge_bottom if rect.bottom == last else bottom
            quads.append((x0, y0, x1 - x0, y1 - y0, rgba, SOLID))
        return quads

    def _pane_tint(self, pane: FramePane, *, dims: bool) -> int | None:
        """What is drawn over the window's background where a pane is."""
        colors = self._colors
        dims = dims and not pane.is_active
        if pane.background is None:
            return colors.words[-1] if colors.tints and dims else None
        rgba = rgb_word(pane.background, round(255 * colors.opacity))
        return rgba if not dims else shift_hsb(rgba, *colors.inactive_hsb)

    def _cursor(self, frame: Frame, live: SceneLive) -> NDArray[np.void]:
        cursor, geometry = frame.cursor, live.geometry
        row, col = self._cursor_place
        if cursor is None or row < 0 or live.preedit:
            return no_instances()
        buffer, colors = frame.buffer, self._colors
        word_at = (row * buffer.cols + col) * WORDS_PER_CELL
        cells = 2 if buffer.words[word_at] & WIDE and col + 1 < buffer.cols else 1
        x, y = geometry.left + col * geometry.cell_width, self._tops[row]
        width, height = cells * geometry.cell_width, geometry.cell_height
        back, ink, border = colors.cursor_bg, colors.cursor_fg, colors.cursor_border
        chosen = next((pane.cursor_color for pane in frame.panes if pane.is_active), None)
        if chosen is not None:
            back = border = chosen
        if self._config.force_reverse_video_cursor:
            own_ink, own_back = self._cell_colors(buffer, word_at)
            if contrast(own_ink, own_back) >= self._config.reverse_video_cursor_min_contrast:
                back, ink, border = own_ink, own_back, own_ink
        if live.is_leader_active and colors.compose_cursor is not None:
            back = border = colors.compose_cursor
        if live.bell > 0 and self._config.visual_bell.target == "CursorColor":
            share = min(live.bell, 1.0)
            bell = colors.visual_bell
            mixed = [round(b * (1 - share) + v * share) for b, v in zip(back, bell, strict=True)]
            back = (mixed[0], mixed[1], mixed[2])
        line = self._fonts.metrics.cursor_thickness
        flags = SOLID | BLINK_CURSOR
        if not live.is_focused:
            rgba = rgb_word(border)
            return _quads(
                [
                    (x, y, width, line, rgba, SOLID),
                    (x, y + height - line, width, line, rgba, SOLID),
                    (x, y + line, line, height - 2 * line, rgba, SOLID),
                    (x + width - line, y + line, line, height - 2 * line, rgba, SOLID),
                ]
            )
        rgba = rgb_word(back)
        if cursor.shape == "bar":
            return _quads([(x, y, line, height, rgba, flags)])
        if cursor.shape == "underline":
            return _quads([(x, y + height - line, width, line, rgba, flags)])
        block = _quads([(x, y, width, height, rgba, flags)])
        return _joined([block, self._inked(row, col, x, width, rgb_word(ink))])

    def _inked(self, row: int, col: int, x: int, width: int, rgba: int) -> NDArray[np.void]:
        """What stands in a cell, drawn again in another colour and cut to the cell."""
        scene = self._scene
        glyphs = scene.glyphs[row, : int(scene.glyph_counts[row])]
        found: NDArray[np.void] = glyphs[glyphs["col"] == col].copy()
        if not len(found):
            return found
        words = found.view(np.uint32).reshape(len(found), INSTANCE_WORDS)
        words[:, 4] = rgba
        found["flags"] |= BLINK_CURSOR
        left = found["x"].astype(int)
        right = left + found["w"]
        cut = np.maximum(x - left, 0)
        textured = found["flags"] & KIND_MASK != SOLID
        found["u"] = np.where(textured, found["u"] + cut, found["u"])
        found["x"] = left + cut
        found["w"] = np.maximum(np.minimum(right, x + width) - left - cut, 0)
        return found

    def _cell_colors(self, buffer: CellBuffer, at: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        words, attr = buffer.words, buffer.words[at + 3]
        ink = word_rgb(self._colors.resolve(words[at + 1], attr & BOLD != 0))
        back_word = words[at + 2]
        back = word_rgb(self._colors.resolve(back_word)) if back_word else self._colors.background
        return (back, ink) if attr & REVERSE else (ink, back)

    def _over(self, frame: Frame, live: SceneLive) -> NDArray[np.void]:
        parts = []
        if live.preedit and self._cursor_place[0] >= 0:
            parts.append(self._preedit(frame, live))
        thumb = self._scroll_thumb(frame, live.geometry)
        if thumb is not None:
            rgba = rgb_word(self._colors.scrollbar_thumb)
            parts.append(_quads([(*thumb, rgba, SOLID)]))
        return _joined(parts) if parts else no_instances()

    def _preedit(self, frame: Frame, live: SceneLive) -> NDArray[np.void]:
        geometry, metrics = live.geometry, self._fonts.metrics
        row, col = self._cursor_place
        line = CellBuffer(frame.buffer.cols, 1, CellTables())
        cells = line.put_text(0, 0, live.preedit, attr=1 << UNDERLINE_SHIFT)
        position = 0
        if live.preedit_cursor >= 0:
            before = CellBuffer(frame.buffer.cols, 1, CellTables())
            position = before.put_text(0, 0, live.preedit[: live.preedit_cursor])
        start = max(min(col, frame.buffer.cols - cells), 0)
        left, top = geometry.left + start * geometry.cell_width, self._tops[row]
        rows = RowBuilder(self._fonts, self._colors)
        rows.read_tables(line.tables, None)
        spans = np.zeros((1, line.cols), INSTANCE)
        glyphs = np.zeros((1, line.cols * _GLYPHS_PER_CELL + _GLYPHS_MORE), INSTANCE)
        counts = [np.zeros(1, np.uint32), np.zeros(1, np.uint32)]
        rows.build(
            line, [0], [top], left, bytearray(line.cols), spans.view(np.uint32).reshape(1, -1), counts[0],
            glyphs.view(np.uint32).reshape(1, -1), counts[1], -1, -1, -1, 0, bytearray(1),
        )  # fmt: skip
        own = next((pane.background for pane in frame.panes if pane.is_active), None)
        behind = self._colors.clear if own is None else rgb_word(own)
        parts = [
            _quads([(left, top, cells * metrics.width, metrics.height, behind, SOLID)]),
            glyphs[0, : int(counts[1][0])],
        ]
        if live.preedit_cursor >= 0:
            x = left + position * metrics.width
            rgba = rgb_word(self._colors.cursor_bg)
            parts.append(_quads([(x, top, metrics.cursor_thickness, metrics.height, rgba, SOLID)]))
        return _joined(parts)

    def _scroll_thumb(self, frame: Frame, geometry: Geometry) -> PixelRect | None:
        track = geometry.scroll_bar
        pane = next((one for one in frame.panes if one.is_active), None)
        if track is None or pane is None or pane.is_alternate:
            return None
        return scroll_thumb(track, pane, self._minimal_thumb(geometry))

    def _minimal_thumb(self, geometry: Geometry) -> int:
        option = self._config.min_scroll_bar_height
        dpi = self._fonts.metrics.dpi
        return max(1, round(option.pixels(cell=geometry.cell_height, whole=geometry.height, dpi=dpi)))


def scroll_thumb(track: PixelRect, pane: FramePane, minimum: int) -> PixelRect | None:
    """Where the scroll bar's thumb is; None where there is nothing to scroll."""
    total = pane.end - pane.first
    if total <= pane.rect.height or total <= 0:
        return None
    height = min(max(round(track.height * pane.rect.height / total), minimum), track.height)
    share = min(max((pane.top - pane.first) / (total - pane.rect.height), 0.0), 1.0)
    return PixelRect(track.x, track.y + round((track.height - height) * share), track.width, height)


def _identity(image: SceneImage) -> tuple[object, ...]:
    return (image.key, image.source, image.dest, image.clip, image.z, image.alpha)
