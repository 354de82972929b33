"""The scroll bar under the mouse: dragging its thumb, turning pages by its track.

Knows pixels and rows; says which row is to be the first shown, and draws nothing. Mux thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perilune.base.input import MouseButton, MouseKind
from perilune.render.scene_builder import scroll_thumb

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.render.frame import FramePane
    from perilune.render.geometry import Geometry
    from perilune.render.scene import PixelRect

__all__ = ["ScrollBarDrag", "smallest_thumb"]


def smallest_thumb(config: Config, geometry: Geometry, dpi: float) -> int:
    """Pixels that the thumb has at least (`min_scroll_bar_height`)."""
    option = config.min_scroll_bar_height
    return max(1, round(option.pixels(cell=geometry.cell_height, whole=geometry.height, dpi=dpi)))


class ScrollBarDrag:
    """One window's scroll bar: what the mouse does to it.

    Attributes:
        is_held: whether a button is down that went down on the bar; all events are the bar's until it is up.
    """

    def __init__(self) -> None:
        self.is_held = False
        self._grab: float | None = None  # pixels from the thumb's top to where it is held

    def release(self) -> None:
        """Forget what is held: the bar or its pane is gone."""
        self.is_held, self._grab = False, None

    def takes(self, track: PixelRect, x: float, y: float, button: MouseButton, kind: MouseKind) -> bool:
        """Whether an event is the bar's."""
        if self.is_held:
            if kind is MouseKind.MOVE and button is MouseButton.NONE:
                self.release()  # let go of elsewhere, and untold
                return False
            return True
        inside = track.x <= x < track.x + track.width and track.y <= y < track.y + track.height
        return inside and kind is MouseKind.PRESS and button is MouseButton.LEFT

    def move(
        self, track: PixelRect, pane: FramePane, smallest: int, y: float, button: MouseButton, kind: MouseKind
    ) -> int | None:
        """The row that is to be the first shown, after an event that is the bar's; None: as it is."""
        if kind is MouseKind.RELEASE:
            if button is MouseButton.LEFT:
                self.release()
            return None
        thumb = None if pane.is_alternate else scroll_thumb(track, pane, smallest)
        if kind is MouseKind.PRESS and button is MouseButton.LEFT:
            self.is_held, self._grab = True, None
            if thumb is None:
                return None
            if y < thumb.y:
                return max(pane.top - pane.rect.height, pane.first)
            if y >= thumb.y + thumb.height:
                return pane.top + pane.rect.height
            self._grab = y - thumb.y
            return None
        if thumb is None or self._grab is None:
            return None
        room = track.height - thumb.height
        share = (y - self._grab - track.y) / room if room > 0 else 0.0
        rows = pane.end - pane.first - pane.rect.height
        return pane.first + round(min(max(share, 0.0), 1.0) * rows)
