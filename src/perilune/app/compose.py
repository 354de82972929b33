"""Composes a frame: panes, split lines, tab bar, overlays, selection, cursor, into one buffer of cells.

Draws only what may differ: each pane hands over the rows that changed since the number of its last drawing.
Rows that are decorated (selected, under an overlay) are drawn anew whenever their pane or the decoration
changed, because the decoration was painted over their cells. Never calls Lua, never waits; a pane's lock is
held only while its rows are copied. Mux thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from perilune.app.image_placeholders import draw_image_placeholders
from perilune.app.inactive_panes import InactiveLook
from perilune.app.link_hover import HoveredLink
from perilune.app.pane_view import PaneView
from perilune.app.split_lines import draw_split_lines
from perilune.app.terminal_settings import CURSOR_STYLES
from perilune.app.window_view import BarGeometry, WindowView
from perilune.base.color import Rgb
from perilune.base.geometry import Rect, Size
from perilune.base.probes import Probes
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import REVERSE, UNDERLINE_MASK, UNDERLINE_SHIFT, pack_color
from perilune.cells.tables import CellTables
from perilune.config.palette import Palette
from perilune.render.frame import Frame, FrameBar, FrameBarItem, FrameCursor, FramePane

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.mux.tab import PositionedPane
    from perilune.tabbar import AnyBar
    from perilune.vt.images import ImageStrip

__all__ = ["BarPainter", "Composer"]

_SINGLE_UNDERLINE = 1 << UNDERLINE_SHIFT
_OSC_BACKGROUND, _OSC_CURSOR, _OSC_SELECTION, _OSC_SELECTED = 11, 12, 17, 19


class BarPainter(Protocol):
    """Draws a window's tab bar."""

    def version(self, view: WindowView, cols: int) -> object:
        """A value that differs whenever the bar would look different."""
        ...

    def draw(self, view: WindowView, buffer: CellBuffer, row: int, col: int) -> None:
        """Draw the bar as of the last `version` from this cell on."""
        ...

    def line(self, view: WindowView) -> AnyBar | None:
        """The bar as of the last `version`."""
        ...


@dataclass(slots=True)
class _Drawn:
    """What a pane looked like when it was last drawn."""

    seqno: int
    decoration: object
    overlay_cursor: FrameCursor | None = None
    images: tuple[ImageStrip, ...] = ()
    finished: int = 0
    """The finished synchronised update that it shows while the next one is open."""


class Composer:
    """Keeps the buffer from frame to frame.

    Args:
        bar: draws the tab bar.
        probes: counts frames and panes drawn.
        on_synchronized: called with the view of a visible pane that holds its picture back (mode 2026), so
            that the wait for it ends sometime.
        on_released: called with the id of a visible pane that does not.
        with_places: whether frames tell where panes and the parts of the bar are, for a native window.
    """

    def __init__(
        self,
        bar: BarPainter,
        probes: Probes,
        on_synchronized: Callable[[PaneView], None],
        on_released: Callable[[int], None],
        *,
        with_places: bool = False,
    ) -> None:
        self._with_places = with_places
        self._bar = bar
        self._probes = probes
        self._on_synchronized = on_synchronized
        self._on_released = on_released
        self._tables = CellTables()
        self._buffer = CellBuffer(1, 1, self._tables)
        self._drawn: dict[int, _Drawn] = {}
        self._layout: object = None
        self._bar_version: object = None
        self._overlay_version: object = None
        self._number = 0
        self._config: Config | None = None
        self._colors = Palette()
        self._colors_mark = 0
        self._cursor: FrameCursor | None = None
        self._cursor_style = ("block", False)
        self._host_colors: tuple[Rgb | None, Rgb | None] = (None, None)
        self._inactive_look: InactiveLook | None = None
        self.is_full = False
        """Whether the last frame was drawn anew as a whole."""
        self._frame_bar: FrameBar | None = None
        self._frame_bar_of: object = None

    def set_host_colors(self, foreground: Rgb | None, background: Rgb | None) -> None:
        """What the host terminal draws default colours with."""
        self._host_colors = foreground, background
        self._config = None

    def _configure(self, config: Config) -> None:
        """Take what this file draws with: colours, and the cursor's look where programs leave it open."""
        self._config = config
        self._colors = config.palette
        self._colors_mark += 1
        self._cursor_style = CURSOR_STYLES[config.default_cursor_style]
        look = None if self._with_places else InactiveLook(config, *self._host_colors)
        self._inactive_look = None if look is None or look.changes_nothing else look

    def compose(self, view: WindowView, size: Size, title: str) -> Frame:
        """The frame that shows `view` now."""
        self._number += 1
        self.is_full = False
        self._probes.add("frames")
        if view.config is not self._config:
            self._configure(view.config)
        if self._tables.is_full:
            self._tables.reset()
        buffer = self._buffer
        if (buffer.cols, buffer.rows) != (size.cols, size.rows):
            buffer = self._buffer = CellBuffer(size.cols, size.rows, self._tables)
            self._layout = None
        bar = view.bar_geometry(size)
        overlay = view.overlay
        overlay_version = None if overlay is None else (id(overlay), overlay.version)
        layout = (
            view.window_id, view.layout_mark, size, bar, self._colors_mark, self._tables.generation,
            # A box of another place or size uncovers what it hid: everything is drawn anew.
            overlay_version, view.tooltip,
        )  # fmt: skip
        area = view.pane_area(size)
        # What is shown beside the work, frame times, must not make frames longer.
        everything = layout != self._layout or (overlay is not None and overlay.is_modal)
        if everything:
            self._layout = layout
            self._begin_anew(view, area)
        self._draw_bar(view, buffer, None if bar is None else bar.rect)
        cursor = None
        shown: list[FramePane] = []
        panes, _ = view.placed()
        for place in panes:
            rect = _within(place.rect, area)
            if rect is None:
                continue
            pane_view = view.view_of(place.pane)
            found = self._draw_pane(pane_view, rect, everything=everything, is_active=place.is_active)
            if place.is_active:
                cursor = found
            if self._with_places:
                shown.append(self._frame_pane(pane_view, rect, is_active=place.is_active))
        if view.tooltip is not None:
            # In every frame: what lies below may have been drawn over it.
            view.tooltip.line.draw(buffer, view.tooltip.row, view.tooltip.col)
        if overlay is not None:
            cursor = overlay.draw(buffer, area)
        if cursor is not None and not (0 <= cursor.row < size.rows and 0 <= cursor.col < size.cols):
            cursor = None
        self._cursor = cursor
        return Frame(
            self._number,
            buffer,
            cursor,
            title,
            view.bar_row(size),
            view.window_id,
            tuple(shown),
            self._place_bar(view, bar) if self._with_places else None,
            view.is_focused,
            overlay is not None,
            view.leader.is_active,
            self._bar.line(view) if view.has_fancy_bar else None,
        )

    @property
    def buffer(self) -> CellBuffer:
        """The cells of the last frame."""
        return self._buffer

    def forget_pane(self, pane_id: int) -> None:
        """The pane is gone."""
        self._drawn.pop(pane_id, None)

    def invalidate(self) -> None:
        """Draw all anew in the next frame."""
        self._layout = None

    def _begin_anew(self, view: WindowView, area: Rect) -> None:
        self._probes.add("frames_full")
        self.is_full = True
        buffer = self._buffer
        buffer.fill(0, 0, buffer.cols, buffer.rows)
        self._bar_version = None
        self._drawn.clear()
        _, splits = view.placed()
        lines = [
            (line.axis == "Horizontal", line.rect._replace(left=line.rect.left + area.left))
            for line in splits
        ]
        draw_split_lines(buffer, lines, area.top, area, pack_color(self._colors.split))

    def _draw_bar(self, view: WindowView, buffer: CellBuffer, rect: Rect | None) -> None:
        if rect is None:
            self._bar_version = None
            return
        version = self._bar.version(view, rect.width)
        if version != self._bar_version:
            self._bar_version = version
            self._bar.draw(view, buffer, rect.top, rect.left)
            self._probes.add("bars_drawn")

    def _place_bar(self, view: WindowView, bar: BarGeometry | None) -> FrameBar | None:
        """Where the parts of the bar are; made anew only for another bar."""
        line = None if bar is None else self._bar.line(view)
        if bar is None or line is None:
            return None
        state = (bar, view.window.active_index, view.hover_row, view.hover_col)
        if self._frame_bar_of is None or self._frame_bar_of != (line, state):
            top, left = bar.rect.top, bar.rect.left
            items = tuple(
                FrameBarItem(item.kind, top + item.y, left + item.x, item.width, item.tab_index)
                for item in line.items
            )
            hovered = None if view.hover_col is None else (top + (view.hover_row or 0), left + view.hover_col)
            self._frame_bar = FrameBar(bar.position, bar.rect, items, view.window.active_index, hovered)
            self._frame_bar_of = (line, state)
        return self._frame_bar

    def _frame_pane(self, pane_view: PaneView, rect: Rect, *, is_active: bool) -> FramePane:
        terminal = pane_view.pane.terminal
        drawn = self._drawn.get(pane_view.pane.id)
        return FramePane(
            pane_view.pane.id,
            rect,
            is_active,
            pane_view.shown_top,
            terminal.first_stable,
            terminal.stable_top + terminal.rows,
            terminal.is_alternate,
            () if drawn is None else drawn.images,
            terminal.dynamic_color(_OSC_BACKGROUND),
            terminal.dynamic_color(_OSC_CURSOR),
        )

    def _draw_pane(
        self, pane_view: PaneView, rect: Rect, *, everything: bool, is_active: bool
    ) -> FrameCursor | None:
        pane_view.drop_stale()
        terminal = pane_view.pane.terminal
        overlay = pane_view.overlay
        top = pane_view.top
        finished = 0
        if terminal.is_synchronized:
            # A program that ends an update and starts the next at once: what it had finished shows meanwhile.
            finished = terminal.finished_update()
            drawn = self._drawn.get(pane_view.pane.id)
            has_news = drawn is not None and finished not in (0, drawn.finished)
            if has_news:
                self._on_released(pane_view.pane.id)
            self._on_synchronized(pane_view)
            if not everything and drawn is not None and not has_news:
                return self._cursor
        else:
            self._on_released(pane_view.pane.id)
        decoration: object = (
            top,
            pane_view.selection_mark if pane_view.selection is not None else None,
            None if overlay is None else (id(overlay), overlay.version),
            is_active,
            pane_view.hovered,
        )
        decorated = pane_view.selection is not None or overlay is not None
        drawn = self._drawn.get(pane_view.pane.id)
        since = -1
        if not everything and drawn is not None and drawn.decoration == decoration:
            since = drawn.seqno
            if decorated and terminal.seqno != since:
                since = -1
        if since != -1 and terminal.seqno == since and drawn is not None:
            return drawn.overlay_cursor if overlay is not None else self._place_cursor(pane_view, rect, top)
        self._probes.add("panes_drawn")
        look = None if is_active else self._inactive_look
        buffer, rows = self._buffer, slice(rect.top, rect.bottom)
        marks = buffer.touched[rows] if look is not None else b""
        if look is not None:
            buffer.touched[rows] = bytes(rect.height)
        seqno = terminal.render_rows(
            buffer, rect.top, rect.left, rect.height, rect.width, top=top, since=since
        )
        if look is not None:
            for row, mark in enumerate(marks, rect.top):
                if buffer.touched[row]:
                    buffer.recolor(row, rect.left, rect.width, look)
                elif mark:
                    buffer.touched[row] = 1
        drawn = self._drawn[pane_view.pane.id] = _Drawn(seqno, decoration, finished=finished)
        first = pane_view.shown_top
        images = tuple(terminal.images(first, first + rect.height))
        if self._with_places:
            drawn.images = images
        else:
            draw_image_placeholders(self._buffer, images, rect, first, pack_color(self._colors.split))
        if pane_view.hovered is not None:
            self._underline(pane_view.hovered, pane_view.shown_top, rect)
        if pane_view.selection is not None:
            self._draw_selection(pane_view, rect)
        if overlay is not None:
            drawn.overlay_cursor = overlay.draw(self._buffer, rect)
            return drawn.overlay_cursor
        return self._place_cursor(pane_view, rect, top)

    def _underline(self, link: HoveredLink, first: int, rect: Rect) -> None:
        """Mark the link under the pointer; where windows are native, those of programs are marked there."""
        if link.is_explicit and self._with_places:
            return
        for row, start, stop in link.spans:
            left, right = max(start, 0), min(stop, rect.width)
            if 0 <= row - first < rect.height and left < right:
                self._buffer.restyle(
                    rect.top + row - first, rect.left + left, right - left,
                    set_attr=_SINGLE_UNDERLINE, clear_attr=UNDERLINE_MASK & ~_SINGLE_UNDERLINE,
                )  # fmt: skip

    def _draw_selection(self, pane_view: PaneView, rect: Rect) -> None:
        selection = pane_view.selection
        if selection is None:
            return
        first = pane_view.shown_top
        colors = self._colors
        terminal = pane_view.pane.terminal
        ink = terminal.dynamic_color(_OSC_SELECTED) or colors.selection_fg
        fill = terminal.dynamic_color(_OSC_SELECTION) or colors.selection_bg
        fg = -1 if ink is None else pack_color(ink)
        bg = -1 if fill is None else pack_color(fill)
        flip = REVERSE if bg < 0 else 0
        for row, start, stop in selection.ranges(first, first + rect.height, rect.width):
            left, right = max(start, 0), min(stop, rect.width)
            if left < right:
                self._buffer.restyle(
                    rect.top + row - first, rect.left + left, right - left, fg, bg,
                    clear_attr=0 if flip else REVERSE, flip_attr=flip,
                )  # fmt: skip

    def _place_cursor(self, pane_view: PaneView, rect: Rect, top: int | None) -> FrameCursor | None:
        terminal = pane_view.pane.terminal
        if pane_view.pane.is_dead:
            return None
        cursor = terminal.frame_cursor if top is None else terminal.cursor
        row = cursor.row + (0 if top is None else terminal.stable_top - top)
        if not cursor.visible or not 0 <= row < rect.height or not 0 <= cursor.col < rect.width:
            return None
        shape, blinking = self._cursor_style if cursor.style == 0 else (cursor.shape, cursor.blinking)
        return FrameCursor(rect.top + row, rect.left + cursor.col, shape, blinking)


def _within(rect: Rect, area: Rect) -> Rect | None:
    """A pane's rectangle in cells of the frame, clipped to where panes are; None where nothing is left."""
    left, top = rect.left + area.left, rect.top + area.top
    right, bottom = min(left + rect.width, area.right), min(top + rect.height, area.bottom)
    return Rect(left, top, right - left, bottom - top) if left < right and top < bottom else None


def pane_rect(place: PositionedPane, area: Rect) -> Rect | None:
    """Where a placed pane is in the frame."""
    return _within(place.rect, area)
