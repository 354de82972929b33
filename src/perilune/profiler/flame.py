"""Stacks merged by symbol for a flame graph; what is too narrow to be seen is left out of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from perilune.profiler.measures import Capture
from perilune.profiler.model import ROOT
from perilune.profiler.rules import UNMATCHED
from perilune.profiler.shares import Shares

__all__ = ["differential_flame", "flame"]

_LEAST = 0.01  # percent of the whole


class _Merged:
    """A tree of names with weights of both sides, in percent."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.parents: list[int] = [-1]
        self.name: list[int] = [self._id("all")]
        self.components: list[str] = [UNMATCHED]
        self.own: list[list[float]] = [[0.0, 0.0]]
        self._children: dict[tuple[int, int], int] = {}

    def _id(self, text: str) -> int:
        return self.names.setdefault(text, len(self.names))

    def add(self, shares: Shares, side: int, part: float) -> None:
        """Add the samples of a capture, which is `part` of its side."""
        profile, tree = shares.profile, shares.profile.tree
        if not shares.all.weight:
            return
        ids = [self._id(frame.symbol) for frame in profile.frames]
        places: list[int] = []
        for parent, frame in zip(tree.parents, tree.frames, strict=True):
            key = (0 if parent == ROOT else places[parent], ids[frame])
            node = self._children.get(key)
            if node is None:
                node = self._children[key] = len(self.parents)
                self.parents.append(key[0])
                self.name.append(key[1])
                self.components.append(shares.component_of(frame))
                self.own.append([0.0, 0.0])
            places.append(node)
        for row in profile.rows(shares.event):
            node = 0 if row.stack == ROOT else places[row.stack]
            self.own[node][side] += 100 * part * row.weight / shares.all.weight

    def as_dict(self, *, differential: bool) -> dict[str, Any]:
        """The tree as the page takes it: columns, parents first, narrow nodes left out."""
        totals = [list(own) for own in self.own]
        for node in range(len(totals) - 1, 0, -1):
            for side in (0, 1):
                totals[self.parents[node]][side] += totals[node][side]
        kept: dict[int, int] = {}
        for node, (before, after) in enumerate(totals):
            if node == 0 or (max(before, after) >= _LEAST and self.parents[node] in kept):
                kept[node] = len(kept)
        names: dict[int, int] = {}
        components: dict[str, int] = {}
        texts = list(self.names)
        columns: dict[str, Any] = {"name": [], "parent": [], "total": [], "own": [], "component": []}
        before_column = []
        for node in kept:
            columns["name"].append(names.setdefault(self.name[node], len(names)))
            columns["parent"].append(kept.get(self.parents[node], -1))
            columns["total"].append(round(totals[node][1], 4))
            columns["own"].append(round(self.own[node][1], 4))
            before_column.append(round(totals[node][0], 4))
            component = self.components[node]
            columns["component"].append(
                -1 if component == UNMATCHED else components.setdefault(component, len(components))
            )
        columns["names"] = [texts[index] for index in names]
        columns["components"] = list(components)
        columns["before"] = before_column if differential else None
        return columns


def flame(shares: Shares) -> dict[str, Any]:
    """The flame graph of a capture, in percent."""
    merged = _Merged()
    merged.add(shares, 1, 1.0)
    return merged.as_dict(differential=False)


def differential_flame(before: Sequence[Capture], after: Sequence[Capture]) -> dict[str, Any]:
    """The flame graph of two sides; each is the mean of its captures, in percent."""
    merged = _Merged()
    for side, captures in enumerate((before, after)):
        for capture in captures:
            merged.add(capture.shares, side, 1 / len(captures))
    return merged.as_dict(differential=True)
