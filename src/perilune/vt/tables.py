# cython: language_level=3
# mypy: ignore-errors
"""What a terminal's cells refer to by number: clusters, hyperlinks, and extras (link, underline colour).

All three are append-only arrays with a hash index, so that the parser interns without a Python object and
without the GIL, which they take only to grow. They are bounded: what finds no room gets no number, and the
caller counts it. Cleared by a full reset only. Types are in tables.pxd. Written under the terminal's lock.
"""

from __future__ import annotations

import cython

__all__ = ["ClusterTable", "ExtraTable", "LinkTable"]

_CLUSTER = cython.declare(cython.uint, 0x00200000)
_TEXT_MASK = cython.declare(cython.uint, 0x001FFFFF)
_MAX_CLUSTERS = cython.declare(cython.int, 1 << 17)
_MAX_CLUSTER_LENGTH = cython.declare(cython.int, 32)
_MAX_LINKS = cython.declare(cython.int, 1 << 15)
_MAX_LINK_BYTES = cython.declare(cython.int, 1 << 23)
_MAX_EXTRAS = cython.declare(cython.int, 0xFFFF)
_WORD = cython.declare(cython.uint, 0xFFFFFFFF)
_HASH_FACTOR = cython.declare(cython.uint, 2654435761)


def _array(code: str, length: int) -> memoryview[int]:
    return memoryview(bytearray(length * (1 if code == "B" else 4))).cast(code)


def _grown(code: str, old: memoryview[int], more: int) -> memoryview[int]:
    size = 1 if code == "B" else 4
    return memoryview(bytearray(bytes(memoryview(old).cast("B")) + bytes(more * size))).cast(code)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _hash(first: cython.uint, second: cython.uint) -> cython.uint:
    mixed: cython.uint = ((first * _HASH_FACTOR) ^ (second * 40503 + (first >> 7))) & _WORD
    mixed = (mixed ^ (mixed >> 15)) * _HASH_FACTOR & _WORD
    return mixed ^ (mixed >> 13)


class ClusterTable:
    """Clusters as chains: number -> (text word of all but the last code point, last code point)."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget every cluster."""
        self.count = 1
        self.capacity = 64
        self.parents = _array("I", 64)
        self.points = _array("I", 64)
        self.lengths = _array("B", 64)
        self.buckets = _array("i", 128)

    def grow(self) -> cython.int:
        """Double the room; 0 when there is no more."""
        if self.capacity >= _MAX_CLUSTERS:
            return 0
        with cython.gil:
            old = self.capacity
            self.parents = _grown("I", self.parents, old)
            self.points = _grown("I", self.points, old)
            self.lengths = _grown("B", self.lengths, old)
            self.capacity = old * 2
            self.buckets = _array("i", 4 * old)
            for number in range(1, self.count):
                slot: cython.uint = _hash(self.parents[number], self.points[number]) & (2 * self.capacity - 1)
                while self.buckets[slot]:
                    slot = (slot + 1) & (self.capacity * 2 - 1)
                self.buckets[slot] = number
        return 1

    @cython.wraparound(False)
    def append(self, parent: cython.uint, code: cython.uint) -> cython.uint:
        """The text word of `parent` (a code point or CLUSTER | number) with `code` after it; 0: no room."""
        length: cython.int = 1
        number: cython.int
        if parent & _CLUSTER:
            length = self.lengths[parent & _TEXT_MASK]
        if length >= _MAX_CLUSTER_LENGTH:
            return 0
        mask: cython.uint = self.capacity * 2 - 1
        slot: cython.uint = _hash(parent, code) & mask
        while True:
            number = self.buckets[slot]
            if number == 0:
                break
            if self.parents[number] == parent and self.points[number] == code:
                return _CLUSTER | cython.cast(cython.uint, number)
            slot = (slot + 1) & mask
        if self.count >= self.capacity:
            if not self.grow():
                return 0
            mask = self.capacity * 2 - 1
            slot = _hash(parent, code) & mask
            while self.buckets[slot]:
                slot = (slot + 1) & mask
        number = self.count
        self.count += 1
        self.parents[number] = parent
        self.points[number] = code
        self.lengths[number] = length + 1
        self.buckets[slot] = number
        return _CLUSTER | cython.cast(cython.uint, number)

    def text(self, number: cython.int) -> str:
        """The cluster's text."""
        points = []
        word: cython.uint = _CLUSTER | cython.cast(cython.uint, number)
        while word & _CLUSTER:
            number = word & _TEXT_MASK
            points.append(chr(self.points[number]))
            word = self.parents[number]
        points.append(chr(word & _TEXT_MASK))
        return "".join(reversed(points))


class LinkTable:
    """OSC 8 targets as sent: `params ; uri`, one number for equal bytes."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget every link."""
        self.count = 1
        self.used = 0
        self.starts = _array("i", 64)
        self.buckets = _array("i", 128)
        self.arena = _array("B", 1024)

    def grow(self, need: cython.int) -> cython.int:
        """Make room for one more link of `need` bytes; 0 when there is none."""
        if self.count + 1 >= _MAX_LINKS or self.used + need > _MAX_LINK_BYTES:
            return 0
        with cython.gil:
            size: cython.int = len(self.arena)
            while size < self.used + need:
                size *= 2
            if size != len(self.arena):
                self.arena = _grown("B", self.arena, size - len(self.arena))
            if self.count + 1 >= len(self.starts):
                self.starts = _grown("i", self.starts, len(self.starts))
                self.buckets = _array("i", 2 * len(self.starts))
                for number in range(1, self.count):
                    slot = self._slot(bytes(self.arena[self.starts[number - 1] : self.starts[number]]))
                    self.buckets[slot] = number
        return 1

    def _slot(self, data: bytes) -> int:
        """A free bucket for bytes that the table does not hold."""
        mixed: cython.uint = 17
        for byte in data:
            mixed = _hash(mixed, byte)
        mask: cython.uint = len(self.buckets) - 1
        slot: cython.uint = mixed & mask
        while self.buckets[slot]:
            slot = (slot + 1) & mask
        return slot

    @cython.wraparound(False)
    def intern(self, data: cython.const[cython.uchar][::1], start: cython.int, end: cython.int) -> cython.int:
        """The number of `data[start:end]`; 0: no room."""
        mixed: cython.uint = 17
        position: cython.int
        number: cython.int
        at: cython.int
        for position in range(start, end):
            mixed = _hash(mixed, data[position])
        mask: cython.uint = cython.cast(cython.uint, self.buckets.shape[0] - 1)
        slot: cython.uint = mixed & mask
        while True:
            number = self.buckets[slot]
            if number == 0:
                break
            at = self.starts[number - 1]
            if self.starts[number] - at == end - start:
                position = start
                while position < end and self.arena[at] == data[position]:
                    at += 1
                    position += 1
                if position == end:
                    return number
            slot = (slot + 1) & mask
        if self.count + 1 >= self.starts.shape[0] or self.used + (end - start) > self.arena.shape[0]:
            if not self.grow(end - start):
                return 0
            mask = cython.cast(cython.uint, self.buckets.shape[0] - 1)
            slot = mixed & mask
            while self.buckets[slot]:
                slot = (slot + 1) & mask
        number = self.count
        self.count += 1
        for position in range(start, end):
            self.arena[self.used] = data[position]
            self.used += 1
        self.starts[number] = self.used
        self.buckets[slot] = number
        return number

    def raw(self, number: cython.int) -> bytes:
        """The bytes of a link."""
        return bytes(self.arena[self.starts[number - 1] : self.starts[number]])


class ExtraTable:
    """Pairs (link number, underline colour word); cells carry its number in their upper attribute half."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget every extra."""
        self.count = 1
        self.capacity = 64
        self.links = _array("I", 64)
        self.colors = _array("I", 64)
        self.buckets = _array("i", 128)

    def grow(self) -> cython.int:
        """Double the room; 0 when there is no more."""
        if self.capacity > _MAX_EXTRAS:
            return 0
        with cython.gil:
            old = self.capacity
            self.links = _grown("I", self.links, old)
            self.colors = _grown("I", self.colors, old)
            self.capacity = old * 2
            self.buckets = _array("i", 4 * old)
            for number in range(1, self.count):
                slot: cython.uint = _hash(self.links[number], self.colors[number]) & (self.capacity * 2 - 1)
                while self.buckets[slot]:
                    slot = (slot + 1) & (self.capacity * 2 - 1)
                self.buckets[slot] = number
        return 1

    @cython.wraparound(False)
    def intern(self, link: cython.uint, color: cython.uint) -> cython.int:
        """The number of the pair; 0 for (0, 0), and when there is no room."""
        if link == 0 and color == 0:
            return 0
        number: cython.int
        mask: cython.uint = self.capacity * 2 - 1
        slot: cython.uint = _hash(link, color) & mask
        while True:
            number = self.buckets[slot]
            if number == 0:
                break
            if self.links[number] == link and self.colors[number] == color:
                return number
            slot = (slot + 1) & mask
        if self.count >= self.capacity:
            if not self.grow():
                return 0
            mask = self.capacity * 2 - 1
            slot = _hash(link, color) & mask
            while self.buckets[slot]:
                slot = (slot + 1) & mask
        number = self.count
        self.count += 1
        self.links[number] = link
        self.colors[number] = color
        self.buckets[slot] = number
        return number

    def pair(self, number: cython.int) -> tuple[int, int]:
        """(link number, underline colour word)."""
        return self.links[number], self.colors[number]
