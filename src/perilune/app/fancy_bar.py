"""A window's fancy bar as it is drawn and hit: joins its content, its layout and the fonts of the window.

Kept from frame to frame: a frame with the same content costs one comparison. Draws the window's borders too,
for they are pixels beside the cells as well. No Qt and no
OpenGL: screenshots use it as windows do. Window thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perilune.app.front_end import BarTarget
from perilune.cells.line import CellStyle, Line
from perilune.cells.packing import (
    BOLD,
    DIM,
    INVISIBLE,
    ITALIC,
    REVERSE,
    STRIKETHROUGH,
    UNDERLINE_MASK,
)
from perilune.render.colors import ColorTables, word_rgb
from perilune.render.fancy_shapes import Icon, Rgba, ShapePen
from perilune.render.scene import PixelRect, no_instances
from perilune.render.title_text import TextRun, TitleText
from perilune.tabbar.fancy import FancyContent
from perilune.tabbar.fancy_layout import FancyLayout, FancyMetrics, FancyPart, layout_fancy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from perilune.config.dimension import Dimension
    from perilune.config.options import Config
    from perilune.config.palette import Palette
    from perilune.render.fonts.font_set import FontSet
    from perilune.render.geometry import Geometry

__all__ = ["FancyBar"]

_MAX_MEASURED = 2048
_ICON = 0.42  # of the height of what it stands in
_HALF = 0.5
_WINDOW_ICONS: dict[str, Icon] = {
    "window_hide": "minimize",
    "window_maximize": "maximize",
    "window_close": "close",
}


class FancyBar:
    """See the module.

    Args:
        config: `window_frame` and what the fonts need.
        palette: the colours in force.
        fonts: the window's.

    Attributes:
        layout: of the last bar drawn; None: there was none.
        layouts: how many bars have been laid out and drawn.
    """

    def __init__(self, config: Config, palette: Palette, fonts: FontSet) -> None:
        self._config = config
        self._fonts = fonts
        self._colors = ColorTables(config, palette)
        self._text = TitleText(config, fonts)
        self._pen = ShapePen(fonts.atlas, self._text)
        self._measured: dict[Line, float] = {}
        scale = fonts.metrics.dpi / 96
        self._unit = max(round(scale), 1)
        self.metrics = FancyMetrics(
            self._text.ascent, self._text.descent, self._text.width([TextRun("0", (0, 0, 0, 255))]), scale
        )
        self.layout: FancyLayout | None = None
        self.layouts = 0
        self._pressed: tuple[FancyLayout | None, int | None] = (None, None)
        self._content: object = None
        self._place: tuple[object, ...] = ()
        self._is_maximized = False
        self._drawn: NDArray[np.void] = no_instances()

    @property
    def height(self) -> int:
        """Of the bar, px."""
        return self.metrics.height

    # Drawing.

    def draw(self, content: object, geometry: Geometry, *, is_maximized: bool = False) -> NDArray[np.void]:
        """The instances of the bar, and of the window's borders; the same object while they are the same.

        Args:
            content: a frame's `fancy`.
            geometry: of the window.
            is_maximized: the window is, and its button undoes that.
        """
        place = (
            geometry.width, geometry.height, geometry.fancy_bar, is_maximized, self._fonts.atlas.generation
        )  # fmt: skip
        if place == self._place and (content is self._content or content == self._content):
            return self._drawn
        self._place, self._content, self._is_maximized = place, content, is_maximized
        self.layouts += 1
        self._draw(content, geometry)
        self._drawn = self._pen.take()
        if self._fonts.atlas.generation != place[-1]:
            # The atlas was full and begun anew on the way; `prefetch` has the fonts notice.
            self._fonts.prefetch(" ")
            self._draw(content, geometry)
            self._drawn = self._pen.take()
            self._place = (*place[:-1], self._fonts.atlas.generation)
        return self._drawn

    @property
    def is_stale(self) -> bool:
        """Whether the atlas was begun anew since the last drawing, which must be made again."""
        return bool(self._place) and self._place[-1] != self._fonts.atlas.generation

    def _draw(self, content: object, geometry: Geometry) -> None:
        self._borders(geometry)
        rect = geometry.fancy_bar
        if not isinstance(content, FancyContent) or rect is None:
            self.layout = None
            return
        layout = self.layout = layout_fancy(content, rect.width, self.metrics, self._measure)
        behind = self._rgba(content.colors.background)
        self._pen.fill(rect.x, rect.y, rect.width, rect.height, behind)
        for part in layout.parts:
            if part.kind == "tab":
                self._tab(content, layout, part, rect)
            elif part.kind in {"left_status", "right_status"}:
                clip = (round(part.text_x), part.right)
                self._line(part.line, part.text_x, layout, rect, clip, content.colors.background)
            elif part.kind == "new_tab":
                self._new_tab(content, layout, part, rect)
            else:
                self._window_button(content, layout, part, rect)

    def _borders(self, geometry: Geometry) -> None:
        frame, metrics = self._config.window_frame, self._fonts.metrics
        width, height = geometry.width, geometry.height

        def across(option: Dimension) -> int:
            return _pixels(option, metrics.width, width, metrics.dpi)

        def down(option: Dimension) -> int:
            return _pixels(option, metrics.height, height, metrics.dpi)

        top, bottom = down(frame.border_top_height), down(frame.border_bottom_height)
        left, right = across(frame.border_left_width), across(frame.border_right_width)
        for color, x, y, w, h in (
            (frame.border_top_color, 0, 0, width, top),
            (frame.border_bottom_color, 0, height - bottom, width, bottom),
            (frame.border_left_color, 0, top, left, height - top - bottom),
            (frame.border_right_color, width - right, top, right, height - top - bottom),
        ):
            if color is not None:
                self._pen.fill(x, y, w, h, (*color, 255))

    def _tab(self, content: FancyContent, layout: FancyLayout, part: FancyPart, rect: PixelRect) -> None:
        pen, unit = self._pen, self._unit
        first = part.line.clusters[0].style if part.line.clusters else part.style
        fill = first.fg if first.attr & REVERSE else first.bg
        fill = fill or part.style.bg
        at_bottom = content.options.placed_at == "Bottom"
        x, width = rect.x + part.x, part.width - unit
        y = rect.y if at_bottom else rect.y + layout.margin
        height = layout.height - layout.margin
        if fill != content.colors.background:
            pen.rounded(
                x, y, width, height, self._rgba(fill), layout.radius, "bottom" if at_bottom else "top"
            )
        if part.has_edge and width > 2 * unit:
            inset = round(height * 0.25)
            pen.fill(x + width, y + inset, unit, height - 2 * inset, self._rgba(content.colors.edge))
        clip = (rect.x + round(part.text_x), rect.x + round(part.text_x + part.text_width) + 1)
        self._line(part.line, part.text_x, layout, rect, clip, fill)
        if not part.close_width:
            return
        side = layout.close_side
        left, top = rect.x + part.close_x, y + (height - side) // 2
        ink = self._ink(part.style)
        if part.is_close_hovered:
            pen.rounded(left, top, side, side, _mixed(self._rgba(fill), ink, 0.25), side // 2)
        icon = _fitting(side * _ICON, side)
        thickness = max(1.25 * self.metrics.scale, 1.0)
        shown = ink if part.is_close_hovered or part.is_active else _mixed(self._rgba(fill), ink, 0.7)
        pen.icon("close", left + (side - icon) // 2, top + (side - icon) // 2, icon, thickness, shown)

    def _new_tab(self, content: FancyContent, layout: FancyLayout, part: FancyPart, rect: PixelRect) -> None:
        at_bottom = content.options.placed_at == "Bottom"
        middle = rect.y + (layout.height + (-layout.margin if at_bottom else layout.margin)) // 2
        side = min(part.width, layout.height - 2 * layout.margin)
        left, top = rect.x + part.x + (part.width - side) // 2, middle - side // 2
        if part.style.bg != content.colors.background:
            self._pen.rounded(left, top, side, side, self._rgba(part.style.bg), layout.radius)
        icon = _fitting(side * _ICON, side)
        thickness = max(round(1.25 * self.metrics.scale), 1)
        if (icon - thickness) % 2:
            icon -= 1  # so that the strokes lie on whole pixels
        shift = (side - icon) // 2
        self._pen.icon("plus", left + shift, top + shift, icon, thickness, self._ink(part.style))

    def _window_button(
        self, content: FancyContent, layout: FancyLayout, part: FancyPart, rect: PixelRect
    ) -> None:
        ink, behind = self._ink(part.style), self._rgba(part.style.bg)
        x, height = rect.x + part.x, layout.height
        if content.options.integrated_title_button_style == "Gnome":
            side = min(round(24 * self.metrics.scale), round(height * 0.85), part.width)
            left, top = x + (part.width - side) // 2, rect.y + (height - side) // 2
            self._pen.rounded(left, top, side, side, behind, side // 2)
        else:
            self._pen.fill(x, rect.y, part.width, height, behind)
        icon = _fitting(10 * self.metrics.scale, min(part.width, height))
        thickness = max(round(self.metrics.scale), 1)
        if (icon - thickness) % 2:
            icon -= 1
        left, top = x + (part.width - icon) // 2, rect.y + (height - icon) // 2
        shape = _WINDOW_ICONS[part.kind]
        if shape == "maximize" and self._is_maximized:
            shape = "restore"
        self._pen.icon(shape, left, top, icon, thickness, ink)

    # Text.

    def _line(
        self,
        line: Line,
        text_x: float,
        layout: FancyLayout,
        rect: PixelRect,
        clip: tuple[int, int],
        behind: int,
    ) -> None:
        """A line of text with what lies behind and across it."""
        pen, unit = self._pen, self._unit
        x = rect.x + text_x
        baseline = rect.y + layout.baseline
        top = round(baseline - self.metrics.ascent)
        height = round(self.metrics.line)
        for run, style in self._runs(line, behind):
            end = x + self._text.width([run])
            left, right = max(round(x), clip[0]), min(round(end), clip[1])
            back = _back(style)
            if back not in {0, behind} and left < right:
                pen.fill(left, top, right - left, height, self._rgba(back))
            if not style.attr & INVISIBLE:
                pen.text([run], x, baseline, clip)
                if style.attr & UNDERLINE_MASK:
                    pen.fill(left, baseline + 2 * unit, right - left, unit, run.rgba)
                if style.attr & STRIKETHROUGH:
                    pen.fill(left, baseline - round(self.metrics.ascent * 0.3), right - left, unit, run.rgba)
            x = end

    def _runs(self, line: Line, behind: int) -> list[tuple[TextRun, CellStyle]]:
        """Stretches of one style."""
        found: list[tuple[TextRun, CellStyle]] = []
        texts: list[str] = []
        style: CellStyle | None = None
        for cluster in (*line.clusters, None):
            if cluster is not None and cluster.style == style:
                texts.append(cluster.text)
                continue
            if style is not None and texts:
                ink = self._ink(style, behind)
                run = TextRun("".join(texts), ink, bool(style.attr & BOLD), bool(style.attr & ITALIC))
                found.append((run, style))
            if cluster is not None:
                style, texts = cluster.style, [cluster.text]
        return found

    def _measure(self, line: Line) -> float:
        found = self._measured.get(line)
        if found is None:
            if len(self._measured) >= _MAX_MEASURED:
                self._measured.clear()
            # Colours do not matter, but lines are compared with them; bold letters are wider.
            found = self._measured[line] = self._text.width([run for run, _ in self._runs(line, 0)])
        return found

    # Colours.

    def _rgba(self, word: int) -> Rgba:
        if not word:
            return (*self._colors.background, 255)
        return (*word_rgb(self._colors.resolve(word)), 255)

    def _ink(self, style: CellStyle, behind: int = 0) -> Rgba:
        word = style.bg if style.attr & REVERSE else style.fg
        if style.attr & REVERSE and not word:
            return self._rgba(0)
        ink: Rgba = (*word_rgb(self._colors.resolve(word, bool(style.attr & BOLD))), 255)
        if style.attr & DIM:
            return _mixed(self._rgba(_back(style) or behind), ink, _HALF)
        return ink

    # The mouse.

    def target(self, x: float, geometry: Geometry, *, is_press: bool = False) -> BarTarget:
        """What is at a column of pixels of the window.

        A press there begins what may become a drag of that tab: it is active in the next layout, but not yet
        in this one.
        """
        layout, rect = self.layout, geometry.fancy_bar
        if layout is None or rect is None:
            return BarTarget()
        inside = x - rect.x
        part = layout.part_at(inside)
        if is_press:
            self._pressed = (layout, None if part is None else part.tab_index)
        dragged = self._pressed[1] if self._pressed[0] is layout else None
        link = layout.link_at(inside)
        col = 0
        if part is not None:
            col = max((rect.x + part.x - geometry.left) // geometry.cell_width, 0)
        return BarTarget(
            layout.hit(inside),
            "" if link is None else link.uri,
            layout.drop_place(inside, dragged),
            part is not None and part.is_cut,
            col,
        )


def _back(style: CellStyle) -> int:
    return style.fg if style.attr & REVERSE else style.bg


def _mixed(one: Rgba, other: Rgba, share: float) -> Rgba:
    """`share` of the other colour over the one."""
    red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(one[:3], other[:3], strict=True))
    return (red, green, blue, 255)


def _fitting(wanted: float, most: int) -> int:
    return max(min(round(wanted), most), 1)


def _pixels(option: Dimension, cell: int, whole: int, dpi: float) -> int:
    return min(max(round(option.pixels(cell=cell, whole=whole, dpi=dpi)), 0), whole)
