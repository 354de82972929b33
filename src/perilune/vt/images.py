"""The images of a terminal: their pixels, where they stand, and what of them shows.

An image that is placed becomes strips, one a row of cells, and each strip is tied to its row: on the screen
to the row's slot, which scrolls in any region and is marked with a flag that erasing clears; in the
scrollback to the line and the cell at which the row started, which a change of width moves along. So images
scroll and go with the text under them, and a row that is gone takes its strip with it.

Holds no protocol and decodes nothing. Bounded: the oldest images go when the pixels of all exceed the limit.
Runs under the terminal's lock, with the GIL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import ceil
from typing import TYPE_CHECKING

from perilune.vt.cell import Cell
from perilune.vt.placeholders import Placeholder, placeholders

if TYPE_CHECKING:
    from perilune.vt.terminal import Terminal

__all__ = ["MAX_DEPTH", "Image", "ImageFrame", "ImageStore", "ImageStrip", "Placement"]

_MAX_STRIPS = 20000
_MAX_IMAGES = 2000
MAX_DEPTH = 8
"""How many parents above one another a placement may have."""


@dataclass(frozen=True, slots=True)
class ImageFrame:
    """One frame of an animation after the first: RGBA rows of the whole image, and how long it shows."""

    data: bytes
    gap_ms: int


@dataclass(slots=True, eq=False)
class Image:
    """Pixels.

    Attributes:
        key: this terminal's own number for it; never used twice, so a front end may cache by it.
        width: in pixels.
        height: likewise.
        data: RGBA of the first frame, row by row; a bytes object that is replaced, never written to.
        version: grows whenever pixels, frames or what is known of the animation change: with `key` it names
            what a front end may keep.
        image_id: the kitty protocol's id; 0: nobody can name it.
        number: the kitty protocol's number, likewise.
        frames: an animation's further frames.
        is_running: the program lets the animation run.
        loops: how often; 0: for ever.
        current_frame: the frame that shows while it does not run, from 1.
    """

    key: int
    width: int
    height: int
    data: bytes
    image_id: int = 0
    number: int = 0
    frames: list[ImageFrame] = field(default_factory=list)
    first_gap_ms: int = 0
    is_running: bool = False
    loops: int = 0
    current_frame: int = 1
    version: int = 0

    @property
    def size(self) -> int:
        """Bytes of pixels."""
        return len(self.data) + sum(len(frame.data) for frame in self.frames)


@dataclass(slots=True, eq=False)
class Placement:
    """One showing of an image.

    Attributes:
        source: x, y, width, height of what shows, in the image's pixels.
        width: of the picture in cells, a fraction where it ends within one.
        height: likewise.
        offset: pixels between the first cell's corner and the picture's.
        shift: the same in cells.
        is_virtual: shows only where cells hold the placeholder character.
        parent: stands where that one stands, wherever it goes, and goes with it.
        parent_offset: columns and rows away from it.
    """

    image: Image
    placement_id: int
    source: tuple[int, int, int, int]
    width: float
    height: float
    z: int = 0
    offset: tuple[int, int] = (0, 0)
    shift: tuple[float, float] = (0.0, 0.0)
    is_virtual: bool = False
    parent: Placement | None = None
    parent_offset: tuple[int, int] = (0, 0)

    @property
    def cols(self) -> int:
        """Columns of cells that it reaches into."""
        return max(1, ceil(self.width + self.shift[0]))

    @property
    def rows(self) -> int:
        """Rows likewise."""
        return max(1, ceil(self.height + self.shift[1]))


@dataclass(slots=True, eq=False)
class _Strip:
    placement: Placement
    number: int
    col: int
    slot: int = -1
    line: int = -1
    cell: int = 0


@dataclass(frozen=True, slots=True)
class ImageStrip:
    """One row of a placed image, for a front end to draw.

    `Terminal.images(first, end)` gives those of stable rows; without arguments those of the screen. What they
    show has not changed as long as `Terminal.seqno` has not. Draw the `source` part of `image.data` (or of
    the frame that the animation is at: `image.frames[number - 2].data`) into the rectangle that starts
    `offset` pixels from the upper left corner of cell (`row`, `col`) and is `width` x `height` cells large.
    `image.key` and `image.version` name what may be kept of it, an uploaded texture, say.

    Attributes:
        row: the stable number of the row.
        col: its first cell.
        image: the pixels.
        source: x, y, width, height in the image's pixels.
        width: in cells.
        height: in cells, 1 at most.
        z: below the text when negative.
        offset: pixels to the right and down.
    """

    row: int
    col: int
    image: Image
    source: tuple[float, float, float, float]
    width: float
    height: float
    z: int
    offset: tuple[int, int]


class ImageStore:
    """See the module."""

    def __init__(self) -> None:
        self.images: dict[int, Image] = {}
        self.virtual: list[Placement] = []
        self.relative: list[Placement] = []
        self._strips: list[_Strip] = []
        self._last_key = 0
        # Slots of strips that went since the terminal was told.
        self._gone: list[int] = []

    # -- pixels --

    def add(
        self, size: tuple[int, int], data: bytes, limit: int, *, image_id: int = 0, number: int = 0
    ) -> Image | None:
        """Keep pixels; others go for them. None: they are more than the limit alone."""
        if len(data) > limit:
            return None
        if image_id:
            self.remove([image for image in self.images.values() if image.image_id == image_id])
        self._last_key += 1
        image = Image(self._last_key, *size, data, image_id, number)
        self.images[image.key] = image
        self.shrink(limit, keep=image)
        return image

    def shrink(self, limit: int, keep: Image) -> None:
        """Let the oldest images go until all fit."""
        total = sum(image.size for image in self.images.values())
        for image in list(self.images.values()):
            if (total <= limit and len(self.images) <= _MAX_IMAGES) or image is keep:
                break
            total -= image.size
            self.remove([image])

    def by_id(self, image_id: int) -> Image | None:
        """The image that a program gave an id."""
        return next((one for one in self.images.values() if image_id and one.image_id == image_id), None)

    def by_number(self, number: int) -> Image | None:
        """The newest image with a number."""
        found = [image for image in self.images.values() if number and image.number == number]
        return found[-1] if found else None

    def free_id(self) -> int:
        """An id that no image has."""
        taken = {image.image_id for image in self.images.values()}
        return next(number for number in range(1 << 24, 1 << 32) if number not in taken)

    def remove(self, images: list[Image]) -> None:
        """Forget images and wherever they stand."""
        keys = {image.key for image in images}
        self._gone += [strip.slot for strip in self._strips if strip.placement.image.key in keys]
        for key in keys:
            self.images.pop(key, None)
        self._strips = [strip for strip in self._strips if strip.placement.image.key not in keys]
        self.virtual = [placement for placement in self.virtual if placement.image.key not in keys]
        self.relative = [placement for placement in self.relative if placement.image.key not in keys]
        self._drop_orphans()

    # -- places --

    def place(self, terminal: Terminal, placement: Placement) -> None:
        """Show from the cursor on, downwards; the cursor ends in the last row, the screen scrolls for it."""
        self.prune(terminal)
        for number in range(placement.rows):
            if number:
                terminal.advance_row()
            row, col = terminal.cursor_place()
            slot = terminal.anchor_row(row)
            self._strips.append(_Strip(placement, number, col, slot))
        del self._strips[:-_MAX_STRIPS]
        self.changed(terminal)

    def stand(self, terminal: Terminal, placement: Placement, row: int, col: int) -> None:
        """Show from a visible cell on without scrolling; what is below the screen does not show."""
        self.prune(terminal)
        for number in range(min(placement.rows, terminal.rows - row)):
            slot = terminal.anchor_row(row + number)  # first: it may put another list in place of this one
            self._strips.append(_Strip(placement, number, col, slot))
        del self._strips[:-_MAX_STRIPS]
        self.changed(terminal)

    def unplace(
        self, terminal: Terminal, wanted: Callable[[Placement, int, int], bool], *, free: bool
    ) -> None:
        """Take away placements of which a strip satisfies `wanted(placement, visible row, col)`."""
        gone: list[Placement] = []
        for strip in self._strips:
            row = self._row(terminal, strip)
            if row >= 0 and wanted(strip.placement, row - terminal.stable_top, strip.col):
                gone.append(strip.placement)
        for placement in self.relative:
            place = self._place(terminal, placement, {})
            top, col = (-1, -1) if place is None else (place[0] - terminal.stable_top, place[1])
            if any(wanted(placement, top + number, col) for number in range(placement.rows)):
                gone.append(placement)
        gone += [placement for placement in self.virtual if wanted(placement, -1, -1)]
        self._gone += [strip.slot for strip in self._strips if any(strip.placement is one for one in gone)]
        self._strips = [strip for strip in self._strips if not any(strip.placement is one for one in gone)]
        self.virtual = [placement for placement in self.virtual if not any(placement is one for one in gone)]
        self.relative = [
            placement for placement in self.relative if not any(placement is one for one in gone)
        ]
        if free:
            shown = {strip.placement.image.key for strip in self._strips}
            shown |= {placement.image.key for placement in (*self.virtual, *self.relative)}
            self.remove([one.image for one in gone if one.image.key not in shown])

    def prune(self, terminal: Terminal) -> None:
        """Drop strips whose rows are gone, and images that nothing can show again."""
        self._strips = [
            strip for strip in self._strips if terminal.holds_anchor(strip.slot, strip.line, strip.cell)
        ]
        shown = {placement.image.key for placement in self.placements()}
        for key in [key for key, image in self.images.items() if key not in shown and not image.image_id]:
            del self.images[key]

    def clear(self) -> None:
        """A full reset."""
        self.images.clear()
        self.virtual.clear()
        self.relative.clear()
        self._strips.clear()

    def row_left(self, slot: int, line: int, cell: int) -> None:
        """A row went from its slot into the scrollback."""
        for strip in self._strips:
            if strip.slot == slot:
                strip.slot, strip.line, strip.cell = -1, line, cell

    def slot_cleared(self, slot: int) -> None:
        """A slot is about to be marked anew: what stood there before is gone."""
        self._strips = [strip for strip in self._strips if strip.slot != slot]

    def changed(self, terminal: Terminal, image: Image | None = None) -> None:
        """Tell the terminal of strips that went, and of an image that looks different now."""
        relative = len(self.relative)
        self._drop_orphans()
        if image is not None and any(one.image is image for one in self.relative):
            relative += 1
        slots, self._gone = self._gone, []
        if image is not None:
            image.version += 1
            slots += [strip.slot for strip in self._strips if strip.placement.image is image]
        if relative != len(self.relative):
            terminal.note_everything()
        terminal.note_images(slots)

    def changed_everywhere(self, terminal: Terminal) -> None:
        """Likewise, of what is tied to no row of its own."""
        terminal.note_everything()
        self.changed(terminal)

    def placements(self) -> list[Placement]:
        """All that there are, each once."""
        found: dict[int, Placement] = {id(strip.placement): strip.placement for strip in self._strips}
        return [*found.values(), *self.virtual, *self.relative]

    def _drop_orphans(self) -> None:
        """What is relative to something that is gone goes as well."""
        while self.relative:
            alive = {id(one) for one in self.placements()}
            kept = [one for one in self.relative if id(one.parent) in alive]
            if len(kept) == len(self.relative):
                return
            self.relative = kept

    def _place(
        self, terminal: Terminal, placement: Placement, virtual: dict[int, tuple[int, int]]
    ) -> tuple[int, int] | None:
        """The stable row and the column of a placement's upper left corner; None where it does not show."""
        down = right = 0
        for _ in range(MAX_DEPTH + 1):
            if placement.parent is None:
                break
            right += placement.parent_offset[0]
            down += placement.parent_offset[1]
            placement = placement.parent
        if placement.is_virtual:
            place = virtual.get(id(placement))
            return None if place is None else (place[0] + down, place[1] + right)
        for strip in self._strips:
            if strip.placement is placement:
                row = self._row(terminal, strip)
                if row >= 0:
                    return row - strip.number + down, strip.col + right
        return None

    def relative_strips(
        self, terminal: Terminal, first: int, end: int, virtual: dict[int, tuple[int, int]]
    ) -> Iterator[ImageStrip]:
        """What stands relative to others in rows `first` to `end`; `virtual`: where placeholders stand."""
        for placement in self.relative:
            place = self._place(terminal, placement, virtual)
            if place is None:
                continue
            row, col = place
            for number in range(max(0, first - row), min(placement.rows, end - row)):
                strip = _shown(placement, row + number, col, number)
                if col < 0:
                    cut = -col - placement.shift[0]
                    if cut >= strip.width:
                        break
                    x, y, width, height = strip.source
                    gone = cut * width / strip.width
                    strip = replace(
                        strip, col=0, source=(x + gone, y, width - gone, height), width=strip.width - cut,
                        offset=(0, strip.offset[1]),
                    )  # fmt: skip
                yield strip

    def anchors(self) -> list[_Strip]:
        """Every strip, for a resize to move."""
        return self._strips

    @staticmethod
    def _row(terminal: Terminal, strip: _Strip) -> int:
        return terminal.row_of_anchor(strip.slot, strip.line, strip.cell)

    def strips(self, terminal: Terminal, first: int, end: int) -> Iterator[ImageStrip]:
        """What shows in stable rows `first` to `end`, end not included, in the order of placement."""
        for strip in self._strips:
            row = self._row(terminal, strip)
            if first <= row < end:
                yield _shown(strip.placement, row, strip.col, strip.number)


def _shown(placement: Placement, row: int, col: int, number: int) -> ImageStrip:
    x, y, width, height = placement.source
    per_cell = height / placement.height
    # Only the first strip starts below its row's edge.
    down = placement.shift[1]
    start = max(number, down)
    part = max(0.0, min(number + 1, down + placement.height) - start)
    return ImageStrip(
        row=row,
        col=col,
        image=placement.image,
        source=(x, y + (start - down) * per_cell, width, part * per_cell),
        width=placement.width,
        height=part,
        z=placement.z,
        offset=(placement.offset[0], placement.offset[1] if number == 0 else 0),
    )


def from_placeholders(
    virtual: list[Placement], row: int, cells: list[Cell], places: dict[int, tuple[int, int]]
) -> list[ImageStrip]:
    """What the placeholder characters of a row show; `places` learns where each placement's corner is."""
    strips: list[ImageStrip] = []
    run: list[Placeholder] = []
    for one in [*placeholders(cells), None]:
        last = run[-1] if run else None
        if last is not None and (
            one is None
            or one.col != last.col + 1
            or (one.image_id, one.placement_id) != (last.image_id, last.placement_id)
            or (one.image_row, one.image_col) != (last.image_row, last.image_col + 1)
        ):
            strips += _run_shown(virtual, row, run, places)
            run = []
        if one is not None:
            run.append(one)
    return strips


def _run_shown(
    virtual: list[Placement], row: int, run: list[Placeholder], places: dict[int, tuple[int, int]]
) -> list[ImageStrip]:
    first = run[0]
    placement = next(
        (
            one
            for one in reversed(virtual)
            if one.image.image_id == first.image_id and first.placement_id in (0, one.placement_id)
        ),
        None,
    )
    if placement is None or first.image_row >= placement.height or first.image_col >= placement.width:
        return []
    places.setdefault(id(placement), (row - first.image_row, first.col - first.image_col))
    x, y, width, height = placement.source
    across, down = width / placement.width, height / placement.height
    cols = min(float(len(run)), placement.width - first.image_col)
    part = min(1.0, placement.height - first.image_row)
    source = (x + first.image_col * across, y + first.image_row * down, cols * across, part * down)
    return [ImageStrip(row, first.col, placement.image, source, cols, part, placement.z, (0, 0))]
