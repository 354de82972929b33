"""The split tree of a tab: pure geometry over pane ids, no panes, no terminals, no notifications.

Trees are immutable values; every change makes a new one and shares what it did not touch. A node remembers
the *share* of its first side as a fraction, never a size in cells: cells are computed from shares and the
tab's size each time. So a layout depends on nothing but the tree and the size (and, where there is too little
room, the active pane), and a tab that shrinks and grows back looks as before.

What happens when there is too little room, in this order:

1. A side never gets less than the panes in it need to be one cell each, as long as both can have that.
2. When both cannot, each side of a split keeps at least one cell while there are three (one is the line).
3. With fewer than three cells, a split shows one side only, without a line: the one that holds `keep` (the
   active pane), else the first. The panes of the other side are not in the layout; they keep their last
   size.

So any size from 1 x 1 up has a layout, it tiles the rectangle exactly, and the active pane is always in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from perilune.base.geometry import Rect
from perilune.base.ids import PaneId

__all__ = ["Axis", "Layout", "Node", "PlacedPane", "Split", "SplitLine", "SplitTree"]

Axis = Literal["Horizontal", "Vertical"]
"""WezTerm's words: "Horizontal" puts the sides beside each other, "Vertical" above each other."""


class Split:
    """Two sides with a line of one cell between them.

    Attributes:
        axis: how the sides lie.
        first: left or upper side.
        second: right or lower side.
        share: what `first` has of the cells that the line leaves, as numerator and denominator.
        min_cols: columns needed for every pane in here to have one.
        min_rows: likewise.
        splits: how many splits there are in here, with this one.
        panes: how many panes.
    """

    __slots__ = ("axis", "first", "min_cols", "min_rows", "panes", "second", "share", "splits")

    def __init__(self, axis: Axis, first: Node, second: Node, share: tuple[int, int]) -> None:
        self.axis: Axis = axis
        self.first = first
        self.second = second
        self.share = share
        cols, rows = (_min_cols(first), _min_cols(second)), (_min_rows(first), _min_rows(second))
        across = axis == "Horizontal"
        self.min_cols: int = sum(cols) + 1 if across else max(cols)
        self.min_rows: int = max(rows) if across else sum(rows) + 1
        self.splits: int = 1 + _count_splits(first) + _count_splits(second)
        self.panes: int = _count_panes(first) + _count_panes(second)

    def bounds(self, length: int) -> tuple[int, int]:
        """The least and the most that the first side may have of `length` >= 3 cells."""
        usable = length - 1
        if self.axis == "Horizontal":
            low, high = _min_cols(self.first), _min_cols(self.second)
        else:
            low, high = _min_rows(self.first), _min_rows(self.second)
        if low + high > usable:
            return 1, usable - 1
        return low, usable - high

    def first_extent(self, length: int) -> int:
        """Cells of the first side out of `length` >= 3."""
        numerator, denominator = self.share
        wanted = ((length - 1) * numerator * 2 + denominator) // (2 * denominator)
        low, high = self.bounds(length)
        return min(max(wanted, low), high)


Node: TypeAlias = "Split | PaneId"


def _min_cols(node: Node) -> int:
    return node.min_cols if isinstance(node, Split) else 1


def _min_rows(node: Node) -> int:
    return node.min_rows if isinstance(node, Split) else 1


def _count_splits(node: Node) -> int:
    return node.splits if isinstance(node, Split) else 0


def _count_panes(node: Node) -> int:
    return node.panes if isinstance(node, Split) else 1


@dataclass(frozen=True, slots=True)
class PlacedPane:
    """A pane's place. `index` counts all panes of the tree in order, shown or not."""

    pane_id: PaneId
    rect: Rect
    index: int


@dataclass(frozen=True, slots=True)
class SplitLine:
    """A line between two sides. `index` counts all splits of the tree, parents before children."""

    axis: Axis
    rect: Rect
    index: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What is where. The rectangles of panes and lines cover the tab exactly, without overlap."""

    panes: tuple[PlacedPane, ...]
    splits: tuple[SplitLine, ...]


@dataclass(frozen=True, slots=True)
class SplitTree:
    """The tree; None as root when it has no pane."""

    root: Node | None = None

    def panes(self) -> list[PaneId]:
        """All panes, left to right and top to bottom as the tree has them."""
        return [] if self.root is None else list(_walk(self.root))

    def __contains__(self, pane: object) -> bool:
        return self.root is not None and any(leaf == pane for leaf in _walk(self.root))

    def __len__(self) -> int:
        return 0 if self.root is None else _count_panes(self.root)

    # Changes.

    def insert(
        self, new: PaneId, beside: PaneId | None, axis: Axis, *, before: bool, share: tuple[int, int]
    ) -> SplitTree:
        """Split a pane, or the whole tree, in two.

        Args:
            new: the pane to put in.
            beside: the pane to split; None splits the root.
            axis: how the two lie.
            before: whether the new one is the left or upper one.
            share: the *first* side's share.
        """

        def halve(node: Node) -> Node:
            return Split(axis, new, node, share) if before else Split(axis, node, new, share)

        if self.root is None:
            return SplitTree(new)
        if beside is None:
            return SplitTree(halve(self.root))
        return SplitTree(_replace_leaf(self.root, beside, lambda: halve(beside)))

    def remove(self, pane: PaneId) -> SplitTree:
        """Without `pane`; its sibling takes the room of both."""
        return SplitTree(None if self.root is None else _remove(self.root, pane))

    def swap(self, one: PaneId, other: PaneId) -> SplitTree:
        """Exchange the places of two panes."""
        return self._relabel({one: other, other: one})

    def rotate(self, *, clockwise: bool) -> SplitTree:
        """Move every pane to the next place in order, or counter-clockwise to the one before; shares stay."""
        panes = self.panes()
        moved = panes[-1:] + panes[:-1] if clockwise else panes[1:] + panes[:1]
        return self._relabel(dict(zip(panes, moved, strict=True)))

    def _relabel(self, names: dict[PaneId, PaneId]) -> SplitTree:
        def relabel(node: Node) -> Node:
            if isinstance(node, Split):
                return Split(node.axis, relabel(node.first), relabel(node.second), node.share)
            return names.get(node, node)

        return SplitTree(None if self.root is None else relabel(self.root))

    def move_line(
        self, index: int, delta: int, cols: int, rows: int, keep: PaneId | None = None
    ) -> SplitTree:
        """Move the line of split `index` by `delta` cells right or down, as far as the panes can give.

        Args:
            index: as in `SplitLine`.
            delta: negative is left or up.
            cols: the tab's size.
            rows: the tab's size.
            keep: as in `layout`.

        Returns:
            The same tree when the line is not shown or cannot move.
        """
        if self.root is None:
            return self
        builder = _Builder(keep, self.root)
        builder.place(self.root, Rect(0, 0, cols, rows))
        found = builder.placed_splits.get(index)
        if found is None:
            return self
        split, rect = found
        length = rect.width if split.axis == "Horizontal" else rect.height
        now = split.first_extent(length)
        low, high = split.bounds(length)
        new = min(max(now + delta, low), high)
        if new == now:
            return self
        share = (new, length - 1)
        return SplitTree(
            _replace_split(self.root, index, lambda node: Split(node.axis, node.first, node.second, share))
        )

    # Questions.

    def enclosing_split(self, pane: PaneId, axis: Axis) -> int | None:
        """The index of the innermost split of that axis which has `pane` in it."""
        found: int | None = None
        node, index = self.root, 0
        while isinstance(node, Split):
            if node.axis == axis:
                found = index
            index += 1
            if _holds(node.first, pane):
                node = node.first
            else:
                index += _count_splits(node.first)
                node = node.second
        return found if node == pane else None

    def minimum(self) -> tuple[int, int]:
        """Columns and rows needed for every pane to be shown."""
        return (1, 1) if self.root is None else (_min_cols(self.root), _min_rows(self.root))

    def layout(self, cols: int, rows: int, keep: PaneId | None = None) -> Layout:
        """Where everything is in a tab of `cols` x `rows` >= 1 x 1.

        Args:
            cols: the tab's size.
            rows: the tab's size.
            keep: the pane that is shown in any case.
        """
        if self.root is None:
            return Layout((), ())
        builder = _Builder(keep, self.root)
        builder.place(self.root, Rect(0, 0, max(cols, 1), max(rows, 1)))
        return Layout(tuple(builder.panes), tuple(builder.lines))


class _Builder:
    """Collects one layout."""

    def __init__(self, keep: PaneId | None, root: Node) -> None:
        self.panes: list[PlacedPane] = []
        self.lines: list[SplitLine] = []
        self.placed_splits: dict[int, tuple[Split, Rect]] = {}
        self._pane_index = 0
        self._split_index = 0
        # The splits whose second side leads to the pane to keep.
        self._second: set[int] = set()
        node: Node = root
        while keep is not None and isinstance(node, Split):
            if _holds(node.first, keep):
                node = node.first
            else:
                self._second.add(id(node))
                node = node.second  # also when it is nowhere, which shows at the end
        if node != keep:
            self._second.clear()

    def place(self, node: Node, rect: Rect) -> None:
        if not isinstance(node, Split):
            self.panes.append(PlacedPane(node, rect, self._pane_index))
            self._pane_index += 1
            return
        index = self._split_index
        self._split_index += 1
        across = node.axis == "Horizontal"
        length = rect.width if across else rect.height
        if length < 3:
            show_second = id(node) in self._second
            self._visit(node.first, None if show_second else rect)
            self._visit(node.second, rect if show_second else None)
            return
        first = node.first_extent(length)
        rest = length - first - 1
        left, top, width, height = rect
        if across:
            sides = Rect(left, top, first, height), Rect(left + first + 1, top, rest, height)
            line = Rect(left + first, top, 1, height)
        else:
            sides = Rect(left, top, width, first), Rect(left, top + first + 1, width, rest)
            line = Rect(left, top + first, width, 1)
        self.placed_splits[index] = (node, rect)
        self.lines.append(SplitLine(node.axis, line, index))
        self.place(node.first, sides[0])
        self.place(node.second, sides[1])

    def _visit(self, node: Node, rect: Rect | None) -> None:
        if rect is not None:
            self.place(node, rect)
        else:
            self._pane_index += _count_panes(node)
            self._split_index += _count_splits(node)


def _walk(node: Node) -> Iterator[PaneId]:
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Split):
            stack.append(top.second)
            stack.append(top.first)
        else:
            yield top


def _holds(node: Node, pane: PaneId) -> bool:
    return any(leaf == pane for leaf in _walk(node))


def _replace_leaf(node: Node, pane: PaneId, make: Callable[[], Node]) -> Node:
    if not isinstance(node, Split):
        return make() if node == pane else node
    first = _replace_leaf(node.first, pane, make)
    second = node.second if first is not node.first else _replace_leaf(node.second, pane, make)
    if first is node.first and second is node.second:
        return node
    return Split(node.axis, first, second, node.share)


def _replace_split(node: Node, index: int, make: Callable[[Split], Node]) -> Node:
    if not isinstance(node, Split):
        return node
    if index == 0:
        return make(node)
    below = _count_splits(node.first)
    if index <= below:
        return Split(node.axis, _replace_split(node.first, index - 1, make), node.second, node.share)
    return Split(node.axis, node.first, _replace_split(node.second, index - 1 - below, make), node.share)


def _remove(node: Node, pane: PaneId) -> Node | None:
    if not isinstance(node, Split):
        return None if node == pane else node
    first = _remove(node.first, pane)
    if first is None:
        return node.second
    second = node.second if first is not node.first else _remove(node.second, pane)
    if second is None:
        return node.first
    if first is node.first and second is node.second:
        return node
    return Split(node.axis, first, second, node.share)
