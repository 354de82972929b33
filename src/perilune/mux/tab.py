"""A tab: panes in a split tree, one of them active, perhaps one zoomed. Mux thread only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from perilune.base.geometry import Rect, Size
from perilune.base.ids import PaneId, TabId
from perilune.mux.errors import MuxError
from perilune.mux.notifications import MuxNotification, PaneFocused, TabResized, TabTitleChanged
from perilune.mux.pane import Pane
from perilune.mux.settings import SplitSize
from perilune.mux.tree import Axis, Layout, PlacedPane, SplitLine, SplitTree

__all__ = ["Direction", "PositionedPane", "SplitDirection", "Tab"]

SplitDirection = Literal["Left", "Right", "Up", "Down"]
Direction = Literal["Left", "Right", "Up", "Down", "Next", "Prev"]


@dataclass(frozen=True, slots=True)
class PositionedPane:
    """A pane where it is drawn.

    Attributes:
        pane: the pane.
        rect: its cells within the tab.
        index: its number among all panes of the tab; 0 when zoomed, as in WezTerm.
        is_active: whether it is the tab's active pane.
        is_zoomed: whether it fills the tab.
    """

    pane: Pane
    rect: Rect
    index: int
    is_active: bool
    is_zoomed: bool


class Tab:
    """A tab of a window.

    Attributes:
        id: never reused.
        size: of the area for panes.
        tree: the splits; changed by the methods here only.
    """

    def __init__(
        self,
        tab_id: TabId,
        size: Size,
        notify: Callable[[MuxNotification], None],
        on_active: Callable[[], None],
    ) -> None:
        self.id = tab_id
        self.size = size
        self.tree = SplitTree()
        self._title = ""
        self._panes: dict[PaneId, Pane] = {}
        self._active: PaneId | None = None
        self._zoomed: PaneId | None = None
        self._recency: list[PaneId] = []  # the most recently active last
        self._layout = Layout((), ())
        self._notify = notify
        self._on_active = on_active

    # What it is.

    @property
    def title(self) -> str:
        """The title that the user gave; "" for none."""
        return self._title

    @title.setter
    def title(self, title: str) -> None:
        if title != self._title:
            self._title = title
            self._notify(TabTitleChanged(self.id))

    @property
    def active_pane(self) -> Pane | None:
        """The pane that keys go to."""
        return None if self._active is None else self._panes[self._active]

    @property
    def zoomed_pane(self) -> Pane | None:
        """The pane that fills the tab, or None."""
        return None if self._zoomed is None else self._panes[self._zoomed]

    def panes(self) -> list[Pane]:
        """All panes in the tree's order, zoom or not."""
        return [self._panes[pane_id] for pane_id in self.tree.panes()]

    def __contains__(self, pane: object) -> bool:
        return isinstance(pane, Pane) and self._panes.get(pane.id) is pane

    @property
    def is_empty(self) -> bool:
        """Whether no pane is left."""
        return not self._panes

    def positioned_panes(self) -> list[PositionedPane]:
        """What is drawn where; only the zoomed pane if there is one. A pane without room is left out."""
        if self._zoomed is not None:
            rect = Rect(0, 0, self.size.cols, self.size.rows)
            return [PositionedPane(self._panes[self._zoomed], rect, 0, is_active=True, is_zoomed=True)]
        return [self._positioned(place) for place in self._layout.panes]

    def _positioned(self, place: PlacedPane) -> PositionedPane:
        pane = self._panes[place.pane_id]
        return PositionedPane(pane, place.rect, place.index, place.pane_id == self._active, is_zoomed=False)

    def panes_with_info(self) -> list[PositionedPane]:
        """All panes with their places, zoom ignored but told (`MuxTab:panes_with_info`).

        Where the tab is too small to show a pane, its last size stands at the tab's corner.
        """
        placed = {place.pane_id: place.rect for place in self._layout.panes}
        return [
            PositionedPane(
                pane,
                placed.get(pane.id, Rect(0, 0, pane.size.cols, pane.size.rows)),
                index,
                is_active=pane.id == self._active,
                is_zoomed=pane.id == self._zoomed,
            )
            for index, pane in enumerate(self.panes())
        ]

    def splits(self) -> list[SplitLine]:
        """The lines that are drawn; none while zoomed."""
        return [] if self._zoomed is not None else list(self._layout.splits)

    def pane_at(self, row: int, col: int) -> PositionedPane | None:
        """The pane that a cell of the tab belongs to."""
        return next((item for item in self.positioned_panes() if item.rect.holds(row, col)), None)

    def split_at(self, row: int, col: int) -> SplitLine | None:
        """The line that a cell of the tab belongs to."""
        return next((line for line in self.splits() if line.rect.holds(row, col)), None)

    # Panes come and go. `Mux` calls these and tells of added and removed panes.

    def add_first(self, pane: Pane) -> None:
        """Put the first pane in, before the tab joins a window; nobody is told of a tab that is nowhere."""
        if self._panes:
            raise MuxError("the tab has a pane already")
        self._panes[pane.id] = pane
        self.tree = self.tree.insert(pane.id, None, "Horizontal", before=False, share=(1, 2))
        self._active = pane.id
        self._recency.append(pane.id)
        self._lay_out()

    def clear(self) -> None:
        """Forget all panes, after the tab has left its window."""
        self.tree = SplitTree()
        self._layout = Layout((), ())
        self._active = self._zoomed = None
        self._recency.clear()
        self._panes.clear()

    def plan_split(
        self, pane: Pane | None, direction: SplitDirection, size: SplitSize
    ) -> tuple[Size, tuple[int, int]]:
        """The size of a new pane and the first side's share, before the pane is made; unzooms.

        Args:
            pane: what to split; None splits the whole tab.
            direction: where the new pane goes.
            size: what it gets.

        Raises:
            MuxError: there is no room for two panes and a line.
        """
        self.set_zoomed(False)
        if pane is None:
            area = Rect(0, 0, self.size.cols, self.size.rows)
        else:
            area = next((p.rect for p in self._layout.panes if p.pane_id == pane.id), Rect(0, 0, 0, 0))
        across = direction in {"Left", "Right"}
        length = area.width if across else area.height
        before = direction in {"Left", "Up"}
        new = size.of(length)
        if pane is None and self.tree.root is not None:
            # The panes that are there keep one cell each, as the layout will insist on it.
            new = min(new, length - 1 - self.tree.minimum()[0 if across else 1])
        if length < 3 or new < 1:
            raise MuxError(f"no room to split {length} {'columns' if across else 'rows'}")
        first = new if before else length - 1 - new
        cols, rows = (new, area.height) if across else (area.width, new)
        return self._pane_size(cols, rows), (first, length - 1)

    def split(
        self, beside: Pane | None, new: Pane, direction: SplitDirection, share: tuple[int, int]
    ) -> None:
        """Put `new` beside a pane or the whole tree, as `plan_split` has it, and make it active."""
        axis: Axis = "Horizontal" if direction in {"Left", "Right"} else "Vertical"
        self._panes[new.id] = new
        self.tree = self.tree.insert(
            new.id,
            None if beside is None else beside.id,
            axis,
            before=direction in {"Left", "Up"},
            share=share,
        )
        self._set_active(new.id)
        self._apply()

    def remove(self, pane: Pane) -> None:
        """Take a pane out; its sibling takes the room. The pane before it becomes active, as in WezTerm."""
        order = self.tree.panes()
        index = order.index(pane.id)
        was_active = self._active == pane.id
        if self._zoomed == pane.id:
            self._zoomed = None
        self.tree = self.tree.remove(pane.id)
        del self._panes[pane.id]
        self._recency.remove(pane.id)
        left = self.tree.panes()
        if was_active:
            self._active = None
            if left:
                self._set_active(left[max(index - 1, 0)])
        if left:
            self._apply()

    # Focus.

    def activate(self, pane: Pane, *, unzoom: bool = True) -> bool:
        """Make a pane the active one.

        Args:
            pane: of this tab.
            unzoom: whether a zoom gives way (`unzoom_on_switch_pane`); else a zoomed tab refuses.

        Returns:
            Whether `pane` is active now.
        """
        if pane.id not in self._panes:
            raise MuxError(f"pane {pane.id} is not in tab {self.id}")
        if pane.id == self._active:
            return True
        if self._zoomed is not None:
            if not unzoom:
                return False
            self._zoomed = None
        self._set_active(pane.id)
        self._apply()
        return True

    def _set_active(self, pane_id: PaneId) -> None:
        self._active = pane_id
        if pane_id in self._recency:
            self._recency.remove(pane_id)
        self._recency.append(pane_id)
        self._on_active()
        self._notify(PaneFocused(pane_id))

    def pane_in_direction(self, direction: Direction, pane: Pane | None = None) -> Pane | None:
        """The neighbour of `pane` (the active one unless given), by WezTerm's rules.

        Among the panes that share a stretch of the edge, the one that was active most recently. "Next" and
        "Prev" go by order and wrap. A zoom is looked through.
        """
        start = self._active if pane is None else pane.id
        order = self.tree.panes()
        if start is None or start not in order:
            return None
        if direction in {"Next", "Prev"}:
            step = 1 if direction == "Next" else -1
            return self._panes[order[(order.index(start) + step) % len(order)]]
        here = next((place.rect for place in self._layout.panes if place.pane_id == start), None)
        if here is None:
            return None
        best: PaneId | None = None
        for place in self._layout.panes:
            if _is_neighbour(here, place.rect, direction) and (
                best is None or self._recency_of(place.pane_id) >= self._recency_of(best)
            ):
                best = place.pane_id
        return None if best is None else self._panes[best]

    def _recency_of(self, pane_id: PaneId) -> int:
        return self._recency.index(pane_id) if pane_id in self._recency else -1

    # Sizes.

    def set_zoomed(self, zoomed: bool) -> bool:
        """Zoom the active pane in or out; the state before."""
        before = self._zoomed is not None
        if before != zoomed and self._active is not None:
            self._zoomed = self._active if zoomed else None
            self._apply()
        return before

    def resize(self, size: Size) -> None:
        """Lay the tab out in a new size. A size without cells is taken as one cell."""
        size = size._replace(cols=max(size.cols, 1), rows=max(size.rows, 1))
        if size != self.size:
            self.size = size
            self._apply()

    def resize_split(self, index: int, delta: int) -> bool:
        """Move a line of `splits` by `delta` cells right or down; whether it moved."""
        return self._zoomed is None and self._change_tree(
            self.tree.move_line(index, delta, self.size.cols, self.size.rows, self._active)
        )

    def adjust_pane_size(self, direction: SplitDirection, amount: int, pane: Pane | None = None) -> bool:
        """Move the nearest line around `pane` (the active one) that can move that way; whether it moved."""
        start = self._active if pane is None else pane.id
        if start is None:
            return False
        index = self.tree.enclosing_split(
            start, "Horizontal" if direction in {"Left", "Right"} else "Vertical"
        )
        if index is None:
            return False
        return self.resize_split(index, amount if direction in {"Right", "Down"} else -amount)

    def rotate(self, *, clockwise: bool) -> bool:
        """Move every pane to the next place (or the one before). The focus stays at its place."""
        order = self.tree.panes()
        if len(order) < 2 or self._active is None:
            return False
        index = order.index(self._active)
        tree = self.tree.rotate(clockwise=clockwise)
        self._zoomed = None
        self._set_active(tree.panes()[index])
        return self._change_tree(tree)

    def swap(self, one: Pane, other: Pane, *, keep_focus: bool = False) -> bool:
        """Exchange the places of two panes. The focus stays in place, or with `keep_focus` on its pane."""
        if one is other or one.id not in self._panes or other.id not in self._panes:
            return False
        self._zoomed = None
        if not keep_focus and self._active in {one.id, other.id}:
            self._set_active(other.id if self._active == one.id else one.id)
        return self._change_tree(self.tree.swap(one.id, other.id))

    def _change_tree(self, tree: SplitTree) -> bool:
        if tree is self.tree:
            return False
        self.tree = tree
        self._apply()
        return True

    def _apply(self) -> None:
        self._lay_out()
        self._notify(TabResized(self.id))

    def _lay_out(self) -> None:
        """Recompute the places and resize what got another size."""
        self._layout = self.tree.layout(self.size.cols, self.size.rows, self._active)
        if self._zoomed is not None:
            self._panes[self._zoomed].resize(self.size)
        else:
            for place in self._layout.panes:
                self._panes[place.pane_id].resize(self._pane_size(place.rect.width, place.rect.height))

    def _pane_size(self, cols: int, rows: int) -> Size:
        size = self.size
        return Size(
            cols, rows, size.pixel_width // size.cols * cols, size.pixel_height // size.rows * rows, size.dpi
        )


def _is_neighbour(here: Rect, there: Rect, direction: Direction) -> bool:
    beside = here.top < there.bottom and there.top < here.bottom
    above = here.left < there.right and there.left < here.right
    match direction:
        case "Left":
            return there.right + 1 == here.left and beside
        case "Right":
            return here.right + 1 == there.left and beside
        case "Up":
            return there.bottom + 1 == here.top and above
        case "Down":
            return here.bottom + 1 == there.top and above
        case _:
            return False
