"""Interned clusters and extras of a composed frame: what the numbers in its cells mean."""

from __future__ import annotations

from perilune.cells.packing import Extra

__all__ = ["CellTables"]

MAX_CLUSTERS = 1 << 20
MAX_EXTRAS = (1 << 16) - 1


class CellTables:
    """Two append-only tables, shared by the buffers of one viewer so that their cells compare as integers.

    When a table is full, `reset` starts anew and raises `generation`: whoever holds cells or a translation
    of an older generation draws again from scratch. Number 0 means none in both tables.
    """

    def __init__(self) -> None:
        self.generation = 0
        self.clusters: list[str] = [""]
        self.extras: list[Extra] = [Extra()]
        self._cluster_ids: dict[str, int] = {}
        self._extra_ids: dict[Extra, int] = {Extra(): 0}

    def cluster_id(self, text: str) -> int:
        """The number of a cluster of several code points; 0 when the table is full."""
        found = self._cluster_ids.get(text)
        if found is None:
            if len(self.clusters) >= MAX_CLUSTERS:
                return 0
            found = len(self.clusters)
            self.clusters.append(text)
            self._cluster_ids[text] = found
        return found

    def extra_id(self, extra: Extra) -> int:
        """The number of an extra; 0 when the table is full."""
        found = self._extra_ids.get(extra)
        if found is None:
            if len(self.extras) > MAX_EXTRAS:
                return 0
            found = len(self.extras)
            self.extras.append(extra)
            self._extra_ids[extra] = found
        return found

    @property
    def is_full(self) -> bool:
        """Whether a table has no room left, so that the viewer should `reset` before its next frame."""
        return len(self.clusters) >= MAX_CLUSTERS or len(self.extras) > MAX_EXTRAS

    def reset(self) -> None:
        """Forget everything; every number given out before is void."""
        self.generation += 1
        del self.clusters[1:]
        del self.extras[1:]
        self._cluster_ids.clear()
        self._extra_ids = {Extra(): 0}
