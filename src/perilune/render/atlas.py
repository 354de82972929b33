"""Where pictures of glyphs lie: square pages of RGBA pixels, filled shelf by shelf, and what changed when.

CPU side only; any number of back ends read the pages and ask what changed since they last looked. A slot
never moves. When all pages are full everything is forgotten and `generation` rises: whoever holds slots asks
for them anew. Window thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PAGE_SIZE", "Atlas", "AtlasChange", "Slot"]

PAGE_SIZE = 1024
MAX_PAGES = 16
_GAP = 1  # between slots, so that a back end that filters sees no neighbour
_MAX_LOG = 4096


class Slot(NamedTuple):
    """A picture's place: page, left and top in texels, size."""

    page: int
    u: int
    v: int
    width: int
    height: int


class AtlasChange(NamedTuple):
    """A rectangle of a page that was written, in texels."""

    page: int
    x: int
    y: int
    width: int
    height: int


class _Page:
    def __init__(self) -> None:
        self.pixels: NDArray[np.uint8] = np.zeros((PAGE_SIZE, PAGE_SIZE, 4), np.uint8)
        self.shelves: list[list[int]] = []  # top, height, next free x
        self.bottom = 0

    def place(self, width: int, height: int) -> tuple[int, int] | None:
        best: list[int] | None = None
        for shelf in self.shelves:
            fits = height <= shelf[1] <= height + max(height // 4, 2) and shelf[2] + width <= PAGE_SIZE
            if fits and (best is None or shelf[1] < best[1]):
                best = shelf
        if best is None:
            if self.bottom + height > PAGE_SIZE:
                return None
            best = [self.bottom, height, 0]
            self.shelves.append(best)
            self.bottom += height + _GAP
        left = best[2]
        best[2] += width + _GAP
        return left, best[0]


class Atlas:
    """See the module.

    Attributes:
        generation: rises when every slot was forgotten.
        serial: rises with every change; start asking `changes_since` from 0.
    """

    def __init__(self, max_pages: int = MAX_PAGES) -> None:
        self.generation = 0
        self.serial = 0
        self._max_pages = max_pages
        self._pages: list[_Page] = []
        self._log: list[tuple[int, AtlasChange]] = []
        self._log_start = 0

    @property
    def pages(self) -> list[NDArray[np.uint8]]:
        """PAGE_SIZE x PAGE_SIZE x 4 uint8 each, premultiplied; coverage masks are white with that alpha."""
        return [page.pixels for page in self._pages]

    def add(self, pixels: NDArray[np.uint8]) -> Slot:
        """Keep a picture.

        Args:
            pixels: height x width x 4, premultiplied RGBA, or height x width of coverage.

        Raises:
            ValueError: it is larger than a page.
        """
        height, width = pixels.shape[:2]
        if not width or not height:
            return Slot(0, 0, 0, 0, 0)
        if width > PAGE_SIZE or height > PAGE_SIZE:
            raise ValueError(f"a picture of {width} x {height} is larger than an atlas page")
        number, (left, top) = self._place(width, height)
        target = self._pages[number].pixels[top : top + height, left : left + width]
        target[...] = pixels if pixels.ndim == 3 else pixels[..., np.newaxis]
        self.serial += 1
        self._log.append((self.serial, AtlasChange(number, left, top, width, height)))
        if len(self._log) > _MAX_LOG:
            half = len(self._log) // 2
            self._log_start = self._log[half - 1][0]
            del self._log[:half]
        return Slot(number, left, top, width, height)

    def _place(self, width: int, height: int) -> tuple[int, tuple[int, int]]:
        # The last two pages are tried: older ones are full but for odd heights.
        for number in range(max(0, len(self._pages) - 2), len(self._pages)):
            found = self._pages[number].place(width, height)
            if found is not None:
                return number, found
        if len(self._pages) >= self._max_pages:
            self.clear()
        page = _Page()
        self._pages.append(page)
        found = page.place(width, height)
        assert found is not None  # noqa: S101 - an empty page holds whatever is no larger than it
        return len(self._pages) - 1, found

    def clear(self) -> None:
        """Forget every slot."""
        self.generation += 1
        self.serial += 1
        self._pages.clear()
        self._log.clear()
        self._log_start = self.serial

    def changes_since(self, serial: int) -> list[AtlasChange]:
        """What was written after `serial`, as rectangles to upload; remember `self.serial` afterwards."""
        if serial < self._log_start:
            return [AtlasChange(number, 0, 0, PAGE_SIZE, PAGE_SIZE) for number in range(len(self._pages))]
        return [change for number, change in self._log if number > serial]
