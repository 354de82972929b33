"""The frame: one value that every front end draws.

Composed by `app` on the mux thread; read by the front end in the same turn. It holds cells, not objects of
the mux: what it shows cannot change under the one who draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perilune.base.color import Rgb
from perilune.base.geometry import Rect
from perilune.cells.buffer import CellBuffer

if TYPE_CHECKING:
    from perilune.vt.images import ImageStrip

__all__ = ["Frame", "FrameBar", "FrameBarItem", "FrameCursor", "FramePane"]


@dataclass(frozen=True, slots=True)
class FrameCursor:
    """Where the cursor is drawn, in cells of the frame. `shape` is "block", "underline" or "bar"."""

    row: int
    col: int
    shape: str = "block"
    blinking: bool = False


@dataclass(frozen=True, slots=True)
class FramePane:
    """A pane that is to be seen: what a front end draws beside its cells.

    Attributes:
        pane_id: whose.
        rect: its cells in the frame.
        is_active: whether keys reach it while its window has the focus.
        top: the stable row in its first row.
        first: the first stable row that there is: the oldest of the scrollback.
        end: the stable row after the last; a scroll bar shows `top - first` of `end - first` rows.
        is_alternate: on the alternate screen, which has no scrollback.
        images: of the rows that are shown, a strip for each row; see `vt.images`. The frame's row of a strip
            is `rect.top + strip.row - top`, its column `rect.left + strip.col`.
        background: the default background that its program chose (OSC 11), None: the palette's. Its cells
            have that colour in their words, like every other that a program chooses.
        cursor_color: likewise of the cursor (OSC 12).
    """

    pane_id: int
    rect: Rect
    is_active: bool = True
    top: int = 0
    first: int = 0
    end: int = 0
    is_alternate: bool = False
    images: tuple[ImageStrip, ...] = ()
    background: Rgb | None = None
    cursor_color: Rgb | None = None


@dataclass(frozen=True, slots=True)
class FrameBarItem:
    """A part of the tab bar, in cells of the frame.

    `kind` is "tab", "close_tab", "new_tab", "window_close" and so on, as `tabbar.ItemKind` has it.
    `tab_index` is None but for the parts of tabs.
    """

    kind: str
    row: int
    col: int
    width: int
    tab_index: int | None = None


@dataclass(frozen=True, slots=True)
class FrameBar:
    """The tab bar.

    Attributes:
        position: "Top", "Bottom", "Left" or "Right".
        rect: its cells in the frame.
        items: its parts; what lies in none of them is status or empty.
        active_tab: index of the active tab.
        hovered: the cell that the pointer is on, as row and column of the frame.
    """

    position: str
    rect: Rect
    items: tuple[FrameBarItem, ...] = ()
    active_tab: int = -1
    hovered: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What is to be seen now.

    Attributes:
        number: counts frames of this window from 1.
        buffer: all cells: panes, split lines, overlays, tab bar. Rows that may differ from the last frame are
            marked in `buffer.touched`; the front end clears the marks when it has drawn them. Another buffer
            than in the last frame means: everything is new.
        cursor: None when hidden.
        title: the native window's title.
        bar_row: the row of the tab bar, or -1.
        window_id: the mux window's id.
        panes: those that are to be seen, the zoomed one alone.
        bar: the tab bar, None where it is hidden.
        is_focused: whether keys reach the window.
        fancy: what a bar in pixels shows, a `tabbar.FancyContent`, equal as long as it looks the same; None
            where there is none. Such a bar has no cells in the frame: `bar` is None.
        is_leader_active: the leader was pressed, and the next key belongs to it.
        has_overlay: something lies above the panes of the whole window; none is dimmed below it.
    """

    number: int
    buffer: CellBuffer
    cursor: FrameCursor | None
    title: str
    bar_row: int = -1
    window_id: int = -1
    panes: tuple[FramePane, ...] = ()
    bar: FrameBar | None = None
    is_focused: bool = True
    has_overlay: bool = False
    is_leader_active: bool = False
    fancy: object = None
