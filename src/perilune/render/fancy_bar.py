"""The fancy tab bar: the tabs of the frame's bar in pixels, with a proportional font and rounded tabs.

A look for the same bar: each part keeps the columns that it has in cells, so that the mouse finds it where
it is drawn; only the row is higher. Colours and styles are those of the cells. Window thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perilune.cells.packing import BOLD, INVISIBLE, ITALIC, REVERSE, SPACER, WORDS_PER_CELL
from perilune.render.colors import rgb_word
from perilune.render.scene import INSTANCE, MASK, SOLID
from perilune.render.title_text import TextRun, TitleText

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.config.options import Config
    from perilune.render.atlas import Slot
    from perilune.render.colors import ColorTables
    from perilune.render.fonts.font_set import FontSet
    from perilune.render.frame import Frame, FrameBarItem
    from perilune.render.geometry import Geometry

__all__ = ["FancyBar"]

_Quad = tuple[int, int, int, int, int]  # x, y, width, height, colour word


class FancyBar:
    """Draws the bar of one window.

    Args:
        config: `window_frame` and the tab bar's colours.
        colors: what cells' colours are.
        fonts: the window's.
    """

    def __init__(self, config: Config, colors: ColorTables, fonts: FontSet) -> None:
        self._config = config
        self._colors = colors
        self._fonts = fonts
        self._text = TitleText(config, fonts)
        self._corner: Slot | None = None
        self._corner_key: tuple[int, int] = (-1, -1)

    def draw(self, frame: Frame, geometry: Geometry, *, is_focused: bool) -> NDArray[np.void]:
        """The bar's instances, for `Scene.over`."""
        bar = frame.bar
        if bar is None:
            return np.zeros(0, INSTANCE)
        top, height = geometry.row_top(bar.rect.top), geometry.bar_height
        window = self._config.window_frame
        behind = window.active_titlebar_bg if is_focused else window.inactive_titlebar_bg
        parts = [_solid([(0, top, geometry.width, height, rgb_word(behind))])]
        taken = bytearray(frame.buffer.cols)
        closes = [item for item in bar.items if item.kind == "close_tab"]
        for item in bar.items:
            if item.kind == "close_tab":
                continue
            end = item.col + item.width
            taken[item.col : end] = b"\x01" * (min(end, len(taken)) - item.col)
            if item.kind in {"tab", "new_tab"}:
                parts += self._tab(frame, geometry, item, closes, top, height, rgb_word(behind))
            elif item.kind in {"left_status", "right_status"}:
                parts += self._loose(frame, geometry, item.col, end, top, height, item.kind == "right_status")
            else:
                parts += self._tab(frame, geometry, item, [], top, height, rgb_word(behind), is_flat=True)
        # What belongs to no part: gaps, and statuses where the layout does not name them.
        col = 0
        while col < len(taken):
            end = col
            while end < len(taken) and not taken[end]:
                end += 1
            if end > col:
                parts += self._loose(frame, geometry, col, end, top, height, end == len(taken))
            col = end + 1
        found: NDArray[np.void] = np.concatenate(parts)
        return found

    # -- cells --

    def _colors_at(self, frame: Frame, col: int) -> tuple[int, int, int]:
        """Ink, background (0: the bar's) and attributes of a cell of the bar's row."""
        assert frame.bar is not None  # noqa: S101 - the caller looked
        words = frame.buffer.words
        at = (frame.bar.rect.top * frame.buffer.cols + col) * WORDS_PER_CELL
        attr = words[at + 3]
        ink = self._colors.resolve(words[at + 1], bool(attr & BOLD))
        behind = self._colors.resolve(words[at + 2]) if words[at + 2] else 0
        if attr & REVERSE:
            ink, behind = behind or self._colors.clear, ink
        return ink, behind, attr

    def _runs(self, frame: Frame, first: int, end: int) -> list[tuple[TextRun, int]]:
        """Stretches of one look with their backgrounds; blanks at both ends are left out."""
        assert frame.bar is not None  # noqa: S101 - the caller looked
        row, buffer = frame.bar.rect.top, frame.buffer
        end = min(end, buffer.cols)
        while first < end and not buffer.cell_text(row, first).strip():
            first += 1
        while end > first and not buffer.cell_text(row, end - 1).strip():
            if buffer.words[(row * buffer.cols + end - 1) * WORDS_PER_CELL] & SPACER:
                break
            end -= 1
        found: list[tuple[TextRun, int]] = []
        for col in range(first, end):
            text = buffer.cell_text(row, col)
            ink, behind, attr = self._colors_at(frame, col)
            if attr & INVISIBLE:
                text = " "
            rgba = (ink & 0xFF, ink >> 8 & 0xFF, ink >> 16 & 0xFF, 255)
            run = TextRun(text, rgba, bool(attr & BOLD), bool(attr & ITALIC))
            if found:
                last, last_behind = found[-1]
                if (last.rgba, last.is_bold, last.is_italic, last_behind) == (
                    rgba, run.is_bold, run.is_italic, behind,
                ):  # fmt: skip
                    found[-1] = (TextRun(last.text + text, rgba, run.is_bold, run.is_italic), behind)
                    continue
            found.append((run, behind))
        return found

    # -- parts --

    def _tab(
        self,
        frame: Frame,
        geometry: Geometry,
        item: FrameBarItem,
        closes: list[FrameBarItem],
        top: int,
        height: int,
        behind: int,
        *,
        is_flat: bool = False,
    ) -> list[NDArray[np.void]]:
        cell = geometry.cell_width
        left, right = geometry.left + item.col * cell, geometry.left + (item.col + item.width) * cell
        close = next((one for one in closes if one.tab_index == item.tab_index), None)
        close = close if item.kind == "tab" else None
        end = item.col + item.width if close is None else close.col
        gap = 0 if is_flat else max(1, cell // 5)
        upper = top if is_flat else top + max(1, height // 8)
        lower = top + height
        _, fill, _ = self._colors_at(frame, min(item.col, frame.buffer.cols - 1))
        fill = fill or behind
        parts: list[NDArray[np.void]] = []
        if fill != behind:
            parts += self._rounded(left, upper, right - gap, lower, fill, is_flat=is_flat)
        elif item.kind == "tab":
            edge = rgb_word(self._config.palette.tab_bar.inactive_tab_edge)
            inset = max(2, height // 5)
            line = max(1, round(self._fonts.metrics.dpi / 96))
            parts.append(_solid([(right - gap - line, upper + inset, line, lower - upper - 2 * inset, edge)]))
        room = geometry.left + end * cell - (gap if close is None else 0)
        parts += self._line(self._runs(frame, item.col, end), left, room, upper, lower, fill, "Center")
        if close is not None:
            runs = self._runs(frame, close.col, close.col + close.width)
            parts += self._line(runs, room, right - gap, upper, lower, fill, "Center")
        return parts

    def _loose(
        self, frame: Frame, geometry: Geometry, first: int, end: int, top: int, height: int, is_right: bool
    ) -> list[NDArray[np.void]]:
        runs = self._runs(frame, first, end)
        if not runs:
            return []
        cell = geometry.cell_width
        left, right = geometry.left + first * cell, geometry.left + min(end, frame.buffer.cols) * cell
        return self._line(runs, left, right, top, top + height, None, "Right" if is_right else "Left")

    def _line(
        self,
        runs: list[tuple[TextRun, int]],
        left: int,
        right: int,
        upper: int,
        lower: int,
        fill: int | None,
        alignment: str,
    ) -> list[NDArray[np.void]]:
        """Text between two edges, in the middle of the height; what does not fit is cut off at the end."""
        text = self._text
        widths = [text.width([run]) for run, _ in runs]
        spare = right - left - sum(widths)
        x = float(left) + {"Left": 0.0, "Center": max(spare, 0) / 2, "Right": max(spare, 0)}[alignment]
        baseline = round((upper + lower + text.ascent - text.descent) / 2)
        parts: list[NDArray[np.void]] = []
        for (run, behind), width in zip(runs, widths, strict=True):
            if behind and fill is not None and behind != fill:
                start, end = max(round(x), left), min(round(x + width), right)
                if start < end:
                    parts.append(_solid([(start, upper, end - start, lower - upper, behind)]))
            parts.append(text.draw([run], x, baseline, (left, right)))
            x += width
        return parts

    def _rounded(
        self, left: int, upper: int, right: int, lower: int, fill: int, *, is_flat: bool
    ) -> list[NDArray[np.void]]:
        """A rectangle with round upper corners."""
        radius = 0 if is_flat else min((lower - upper) // 4, (right - left) // 2)
        if radius < 2:
            return [_solid([(left, upper, right - left, lower - upper, fill)])]
        body = _solid(
            [
                (left + radius, upper, right - left - 2 * radius, radius, fill),
                (left, upper + radius, right - left, lower - upper - radius, fill),
            ]
        )
        slot = self._corner_slot(radius)
        corners = np.zeros(2, INSTANCE)
        corners["x"], corners["y"] = (left, right - radius), upper
        corners["w"] = corners["h"] = radius
        corners["u"], corners["v"], corners["page"] = (slot.u, slot.u + radius), slot.v, slot.page
        corners["flags"] = MASK
        corners["rgba"] = [fill & 0xFF, fill >> 8 & 0xFF, fill >> 16 & 0xFF, 255]
        return [body, corners]

    def _corner_slot(self, radius: int) -> Slot:
        """The upper half of a disc: both corners."""
        key = (radius, self._fonts.generation)
        if self._corner is None or self._corner_key != key:
            samples = 8
            across = (np.arange(2 * radius * samples) + 0.5) / samples - radius
            down = (np.arange(radius * samples) + 0.5) / samples - radius
            inside = across[np.newaxis, :] ** 2 + down[:, np.newaxis] ** 2 <= radius * radius
            means = inside.reshape(radius, samples, 2 * radius, samples).mean(axis=(1, 3))
            self._corner = self._fonts.atlas.add(np.rint(means * 255).astype(np.uint8))
            self._corner_key = key
        return self._corner


def _solid(quads: list[_Quad]) -> NDArray[np.void]:
    found = np.zeros(len(quads), INSTANCE)
    for number, (x, y, width, height, rgba) in enumerate(quads):
        color = (rgba & 0xFF, rgba >> 8 & 0xFF, rgba >> 16 & 0xFF, 255)
        found[number] = (x, y, max(width, 0), max(height, 0), 0, 0, 0, SOLID, color, 0, 0)
    return found
