"""The scene: what a window's picture is made of, ready for whoever draws it (GL or numpy).

Everything is in device pixels from the window's top left corner, on whole pixels: a picture of an atlas slot
is copied one to one, never scaled, so that both back ends make the same pixels. Colours are resolved here;
who draws needs the instance arrays, the atlas's pages, and the few numbers of `Scene`, nothing else.

Order of drawing, each over the last one (premultiplied "over" in the window's own colour space, no gamma):

 1. `clear`, the whole window
 2. `layers`: background images and gradients
 3. `under`: instances below all cells (visual bell, tint of inactive panes)
 4. `images` with `z < UNDER_BACKGROUNDS`
 5. `backgrounds` of every row
 6. `images` with `UNDER_BACKGROUNDS <= z < 0`
 7. `glyphs` of every row: text and its lines
 8. `images` with `z >= 0`
 9. `cursor`, then `over`: instances above all (preedit, scroll bar), then `bar`: a tab bar in pixels

A row's instances never leave its band (`row_top(row)`, `cell_height` pixels), so that a band is drawn anew
from its row, the images and the short lists alone. Window thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.render.atlas import Atlas

__all__ = [
    "BLINK_CURSOR",
    "BLINK_RAPID",
    "BLINK_SLOW",
    "COLOR",
    "INSTANCE",
    "KIND_MASK",
    "MASK",
    "SOLID",
    "UNDER_BACKGROUNDS",
    "PixelRect",
    "Scene",
    "SceneImage",
    "no_instances",
]

INSTANCE = np.dtype(
    [
        ("x", "<i2"),  # left edge, px
        ("y", "<i2"),  # top edge, px
        ("w", "<u2"),  # px; 0: draws nothing
        ("h", "<u2"),
        ("u", "<u2"),  # the slot's left edge in its page, texels; unused by SOLID
        ("v", "<u2"),
        ("page", "<u2"),  # number of the atlas page
        ("flags", "<u2"),  # SOLID, MASK or COLOR, and blink bits
        ("rgba", "u1", 4),  # straight (not premultiplied) red, green, blue, alpha
        ("col", "<u2"),  # the first cell that it belongs to; for the builder's use
        ("spare", "<u2"),
    ]
)
"""One quad: 24 bytes."""

SOLID = 0
"""Filled with `rgba`."""
MASK = 1
"""`rgba`, its alpha multiplied by the slot's alpha: one coverage for all channels."""
COLOR = 2
"""The slot's own premultiplied colours, all four multiplied by `rgba`'s alpha; the rest of `rgba` unused."""
KIND_MASK = 0x3
BLINK_SLOW = 0x4
"""Alpha is also multiplied by `Scene.alpha_slow`."""
BLINK_RAPID = 0x8
"""Likewise, `Scene.alpha_rapid`."""
BLINK_CURSOR = 0x10
"""Likewise, `Scene.alpha_cursor`."""

UNDER_BACKGROUNDS = -(1 << 30)
"""Images with a lower z lie below the cells' backgrounds, as kitty has it."""


class PixelRect(NamedTuple):
    """A rectangle in device pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SceneImage:
    """A picture, stretched.

    Attributes:
        key: equal keys have equal pixels for ever: cache the texture by it.
        pixels: height x width x 4 uint8, straight (not premultiplied) RGBA.
        source: x, y, width, height of what shows, in the picture's pixels.
        dest: x, y, width, height in the window, px.
        clip: nothing is drawn outside of it; None: the window.
        z: see `Scene`.
        alpha: multiplies the picture's.
        is_smooth: filtered linearly; else nearest.
    """

    key: tuple[object, ...]
    pixels: NDArray[np.uint8]
    source: tuple[float, float, float, float]
    dest: tuple[float, float, float, float]
    clip: PixelRect | None = None
    z: int = 0
    alpha: float = 1.0
    is_smooth: bool = True


def no_instances() -> NDArray[np.void]:
    """An empty list of instances."""
    return np.zeros(0, INSTANCE)


@dataclass(slots=True, eq=False)
class Scene:
    """One window's picture. Belongs to its builder, which changes it in place at the next update.

    Attributes:
        width: of the window, px; likewise `height`.
        clear: straight r, g, b, a (0-1) of the whole window; a < 1 where the window lets through.
        alpha_cursor: phase of the cursor's blinking, 0-1; likewise `alpha_slow`, `alpha_rapid` for text.
        rows: of cells; row r's band is `row_top(r)` to `row_top(r) + cell_height`, the window's whole width.
        backgrounds: rows x capacity of `INSTANCE`; the first `background_counts[r]` of row r count. The
            arrays are the same objects from update to update until `layout_serial` changes.
        glyphs: likewise, with `glyph_counts`.
        changed_rows: rows whose regions were rebuilt by the last update, ascending.
        is_all_changed: everything must be drawn anew (size, colours, background, images, fonts).
        damage: more that must be drawn anew: where the cursor, preedit or scroll bar is or was.
        layout_serial: changes when the arrays were replaced.
        is_unfinished: some characters are not drawn yet; the builder's next update draws more of them.
        atlas: where slots lie; ask it for what changed (`Atlas.changes_since`) before drawing.
    """

    atlas: Atlas
    width: int = 0
    height: int = 0
    clear: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)
    alpha_cursor: float = 1.0
    alpha_slow: float = 1.0
    alpha_rapid: float = 1.0
    rows: int = 0
    cell_height: int = 1
    tops: list[int] = field(default_factory=list)
    layers: tuple[SceneImage, ...] = ()
    images: tuple[SceneImage, ...] = ()
    under: NDArray[np.void] = field(default_factory=no_instances)
    backgrounds: NDArray[np.void] = field(default_factory=lambda: np.zeros((0, 0), INSTANCE))
    background_counts: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    glyphs: NDArray[np.void] = field(default_factory=lambda: np.zeros((0, 0), INSTANCE))
    glyph_counts: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    cursor: NDArray[np.void] = field(default_factory=no_instances)
    over: NDArray[np.void] = field(default_factory=no_instances)
    bar: NDArray[np.void] = field(default_factory=no_instances)
    changed_rows: list[int] = field(default_factory=list)
    is_all_changed: bool = True
    damage: list[PixelRect] = field(default_factory=list)
    layout_serial: int = 0
    has_blinking_text: bool = False
    is_unfinished: bool = False

    def row_top(self, row: int) -> int:
        """The first pixel row of a row of cells."""
        return self.tops[row]
