# cython: language_level=3
# mypy: ignore-errors
"""The cells of a terminal: rows, scrollback, scrolling, erasing, and reflow when the width changes.

A row of cells is a slot in one array and is addressed through a table of slot numbers, so scrolling moves
numbers and never cells. `used` bounds what a row holds: the cells from there on are all zero, so a short
line is cheap to recycle. Every slot has the change number of its last write, every visible row that of the
last time another slot came to stand in it.

The grid knows no cursor and no protocol; `screen` adds those. Types are in grid.pxd; the same file runs
uncompiled. Written under the terminal's lock, by whoever holds it.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.libc.string import memmove, memset
    from cython.cimports.perilune.vt.history import History
else:
    from perilune.vt.history import History

__all__ = ["GAP", "HAS_IMAGE", "MARK_PROMPT", "WRAPPED", "Grid"]

# Row flags, for Python readers; the compiled code has its own names below.
WRAPPED = 1
"""The line continues in the next row."""
GAP = 2
"""The last cell is a filler: a wide character did not fit there and went to the next row."""
MARK_PROMPT = 4
"""A prompt starts in this row (OSC 133 A)."""
HAS_IMAGE = 8
"""Part of an image is tied to this row."""

_WRAPPED = cython.declare(cython.uchar, 1)
_GAP = cython.declare(cython.uchar, 2)
_CONTINUES = cython.declare(cython.uchar, 3)
_IMAGE = cython.declare(cython.uchar, 8)

_WIDE = cython.declare(cython.uint, 0x00400000)
_SPACER = cython.declare(cython.uint, 0x00800000)
_TEXT_MASK = cython.declare(cython.uint, 0x001FFFFF)
_VISIBLE_BLANK = cython.declare(
    cython.uint, 0xFFFF0FF8
)  # attributes that show on a blank: lines, reverse, links
_PROTECTED = cython.declare(cython.uint, 0x1000)


def _array(code: str, length: int) -> memoryview[int]:
    size = {"B": 1, "i": 4, "I": 4, "Q": 8}[code]
    return memoryview(bytearray(length * size)).cast(code)  # type: ignore[call-overload]


def _grown(code: str, old: memoryview[int], length: int) -> memoryview[int]:
    new = _array(code, length)
    source = memoryview(old).cast("B")
    new.cast("B")[: len(source)] = source
    return new


class Grid:
    """Two screens of `rows` x `cols` cells and the primary one's scrollback."""

    def __init__(self, cols: int, rows: int, history_max: int) -> None:
        self.cols = max(cols, 1)
        self.rows = max(rows, 1)
        self.history_max = max(history_max, 0)
        self.seq = 0
        self.stamp = 1
        self.all_seq = 0
        self.evicted = 0
        self.reflows = 0
        self.on_alternate = False
        self.history_count = 0
        self.image_store = None
        self.store = History(self.history_max)
        self.store.relayout(self.cols)
        self._allocate()

    def _allocate(self) -> None:
        """Fresh blank screens of the current size."""
        self.stride = self.cols * 4
        self.slots = self.rows * 2 + 1
        self.cells = _array("I", self.slots * self.stride)
        self.used = _array("i", self.slots)
        self.flags = _array("B", self.slots)
        self.line_seq = _array("Q", self.slots)
        self.vis = _array("i", self.rows)
        self.other = _array("i", self.rows)
        self.row_seq = _array("Q", self.rows)
        for row in range(self.rows):
            self.vis[row] = row
            self.other[row] = self.rows + row
        self.dirty_low = self.rows
        self.dirty_high = -1
        self.top = 0
        self.left = 0
        self.bottom = self.rows - 1
        self.right = self.cols - 1

    # -- raw cells --

    def zero(self, start: cython.int, count: cython.int) -> cython.void:
        """Clear `count` words from word `start` on."""
        if count <= 0:
            return
        if cython.compiled:
            memset(cython.address(self.cells[start]), 0, count * 4)
        else:
            self.cells[start : start + count] = memoryview(bytes(4 * count)).cast("I")

    def move(self, target: cython.int, source: cython.int, count: cython.int) -> cython.void:
        """Copy `count` words; the ranges may overlap."""
        if count <= 0:
            return
        if cython.compiled:
            memmove(cython.address(self.cells[target]), cython.address(self.cells[source]), count * 4)
        else:
            self.cells[target : target + count] = memoryview(bytes(self.cells[source : source + count])).cast(
                "I"
            )

    def move_slots(self, target: cython.int, source: cython.int, count: cython.int) -> cython.void:
        """Move `count` visible rows, as numbers."""
        if count <= 0:
            return
        if cython.compiled:
            memmove(cython.address(self.vis[target]), cython.address(self.vis[source]), count * 4)
        else:
            self.vis[target : target + count] = memoryview(bytes(self.vis[source : source + count])).cast("i")

    @cython.wraparound(False)
    def fill(
        self,
        slot: cython.int,
        start: cython.int,
        end: cython.int,
        word: cython.uint,
        fg: cython.uint,
        bg: cython.uint,
        attr: cython.uint,
    ) -> cython.void:
        """Set cells `start` to `end` of a slot, not looking at wide neighbours."""
        if start >= end:
            return
        base: cython.int = slot * self.stride
        if word == 0 and fg == 0 and bg == 0 and attr == 0:
            if end >= self.used[slot]:
                if start < self.used[slot]:
                    self.zero(base + start * 4, (self.used[slot] - start) * 4)
                    self.used[slot] = start
            else:
                self.zero(base + start * 4, (end - start) * 4)
            return
        at: cython.int
        for at in range(base + start * 4, base + end * 4, 4):
            self.cells[at] = word
            self.cells[at + 1] = fg
            self.cells[at + 2] = bg
            self.cells[at + 3] = attr
        self.used[slot] = max(self.used[slot], end)

    @cython.wraparound(False)
    def split_wide(self, slot: cython.int, col: cython.int) -> cython.void:
        """Blank both halves of a wide character that the border left of `col` cuts."""
        if 0 < col < self.used[slot]:
            at: cython.int = slot * self.stride + col * 4
            if self.cells[at] & _SPACER:
                self.cells[at] = 0
                self.cells[at - 4] = 0

    # -- erasing --

    @cython.wraparound(False)
    def erase(self, row: cython.int, start: cython.int, end: cython.int, bg: cython.uint) -> cython.void:
        """Blank cells `start` to `end` of a visible row; what reaches the last column ends the line there."""
        slot: cython.int = self.vis[row]
        self.split_wide(slot, start)
        self.split_wide(slot, end)
        self.fill(slot, start, end, 0, 0, bg, 0)
        if end >= self.cols:
            self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
            if start == 0:
                self.flags[slot] = self.flags[slot] & ~_IMAGE & 0xFF
        self.line_seq[slot] = self.stamp

    @cython.wraparound(False)
    def erase_unprotected(
        self, row: cython.int, start: cython.int, end: cython.int, bg: cython.uint
    ) -> cython.void:
        """Blank what DECSCA has not protected."""
        slot: cython.int = self.vis[row]
        col: cython.int = start
        last: cython.int
        while col < end:
            last = col
            while last < end and not self.cells[slot * self.stride + last * 4 + 3] & _PROTECTED:
                last += 1
            if last > col:
                self.split_wide(slot, col)
                self.split_wide(slot, last)
                self.fill(slot, col, last, 0, 0, bg, 0)
            col = last + 1
        self.line_seq[slot] = self.stamp

    @cython.wraparound(False)
    def clear_slot(self, slot: cython.int, bg: cython.uint) -> cython.void:
        """Make a whole row blank and fresh."""
        self.zero(slot * self.stride, self.used[slot] * 4)
        self.used[slot] = 0
        self.flags[slot] = 0
        self.line_seq[slot] = self.stamp
        if bg:
            self.fill(slot, 0, self.cols, 0, 0, bg, 0)

    @cython.wraparound(False)
    def clear_screen(self, bg: cython.uint) -> cython.void:
        """Blank every row of the active screen."""
        row: cython.int
        for row in range(self.rows):
            self.clear_slot(self.vis[row], bg)

    # -- scrollback --

    @cython.wraparound(False)
    def push_history(self, slot: cython.int) -> cython.void:
        """Take a copy of a row into the scrollback."""
        length: cython.int
        if self.flags[slot] & _WRAPPED:
            length = self.cols - (1 if self.flags[slot] & _GAP else 0)
        else:
            length = self.content_length(slot)
        self.store.push(self.cells, slot * self.stride, length, self.flags[slot], self.line_seq[slot])
        self.history_count = self.store.count()
        self.evicted = self.store.row_first
        if self.flags[slot] & _IMAGE and self.history_count > 0:
            self.image_row_left(slot)

    def image_row_left(self, slot: cython.int) -> cython.void:
        """Tell the images where a row went. A method of its own, since it takes the GIL."""
        with cython.gil:
            self.image_store.row_left(slot, *self.store.place_of(self.history_count - 1))

    def clear_history(self) -> cython.void:
        """ED 3: forget the scrollback; stable numbers of what is left stay."""
        self.store.forget()
        self.history_count = 0
        self.evicted = self.store.row_first

    @cython.wraparound(False)
    def slot_of_line(self, line: cython.int) -> cython.int:
        """The slot of a kept line counted from the oldest of the scrollback; the screen's rows follow.

        A line of the scrollback is unpacked, always into the same slot: use it before asking for another.
        While the alternate screen is shown it stands in place of the primary one.
        """
        slot: cython.int = self.slots - 1
        if line >= self.history_count:
            return self.vis[line - self.history_count]
        self.zero(slot * self.stride, self.used[slot] * 4)
        self.used[slot] = self.store.decode(line, self.cells, slot * self.stride)
        self.flags[slot] = self.store.found_flags
        self.line_seq[slot] = self.store.seqs[self.store.found_line]
        if self.cols == 1 and self.cells[slot * self.stride] & (_WIDE | _SPACER):
            # No room for a wide character at all.
            self.cells[slot * self.stride] = 0
        return slot

    # -- scrolling --

    def mark_rows(self, first: cython.int, last: cython.int) -> cython.void:
        """Note that other slots stand in these rows now; stamped once a slice, not once a scroll."""
        self.dirty_low = min(self.dirty_low, first)
        self.dirty_high = max(self.dirty_high, last)

    @cython.wraparound(False)
    def flush_marks(self) -> cython.void:
        """Give noted rows the running change number."""
        row: cython.int
        for row in range(self.dirty_low, self.dirty_high + 1):
            self.row_seq[row] = self.stamp
        self.dirty_low = self.rows
        self.dirty_high = -1

    @cython.wraparound(False)
    def scroll_up(
        self, first: cython.int, last: cython.int, count: cython.int, bg: cython.uint, keep: cython.bint
    ) -> cython.void:
        """Move rows `first` to `last` up; with `keep`, what leaves row 0 goes to the scrollback."""
        count = min(count, last - first + 1)
        slot: cython.int
        keep = keep and first == 0 and not self.on_alternate
        if first > 0:
            slot = self.vis[first - 1]
            self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
        while count > 0:
            count -= 1
            slot = self.vis[first]
            self.move_slots(first, first + 1, last - first)
            if keep:
                self.push_history(slot)
            self.vis[last] = slot
            self.clear_slot(slot, bg)
        self.mark_rows(first, last)

    @cython.wraparound(False)
    def scroll_down(
        self, first: cython.int, last: cython.int, count: cython.int, bg: cython.uint
    ) -> cython.void:
        """Move rows `first` to `last` down; what leaves below is lost."""
        count = min(count, last - first + 1)
        slot: cython.int
        if first > 0:
            slot = self.vis[first - 1]
            self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
        while count > 0:
            count -= 1
            slot = self.vis[last]
            self.move_slots(first + 1, first, last - first)
            self.vis[first] = slot
            self.clear_slot(slot, bg)
        slot = self.vis[last]
        self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
        self.mark_rows(first, last)

    @cython.wraparound(False)
    def scroll_box(
        self, first: cython.int, last: cython.int, lines: cython.int, bg: cython.uint
    ) -> cython.void:
        """Scroll the columns between the left and right margins by `lines`, up when positive."""
        width: cython.int = self.right - self.left + 1
        row: cython.int
        slot: cython.int
        for row in range(first, last + 1):
            slot = self.vis[row]
            self.split_wide(slot, self.left)
            self.split_wide(slot, self.right + 1)
            self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
        if lines >= 0:
            for row in range(first, last + 1):
                if row + lines <= last:
                    self.copy_span(row, self.left, row + lines, self.left, width)
                else:
                    self.erase(row, self.left, self.right + 1, bg)
        else:
            for row in range(last, first - 1, -1):
                if row + lines >= first:
                    self.copy_span(row, self.left, row + lines, self.left, width)
                else:
                    self.erase(row, self.left, self.right + 1, bg)

    @cython.wraparound(False)
    def copy_span(
        self,
        target_row: cython.int,
        target_col: cython.int,
        source_row: cython.int,
        source_col: cython.int,
        count: cython.int,
    ) -> cython.void:
        """Copy `count` cells between visible rows, not looking at wide neighbours."""
        target: cython.int = self.vis[target_row]
        source: cython.int = self.vis[source_row]
        self.move(target * self.stride + target_col * 4, source * self.stride + source_col * 4, count * 4)
        self.used[target] = max(self.used[target], target_col + count)
        self.line_seq[target] = self.stamp

    @cython.wraparound(False)
    def insert_cells(
        self, row: cython.int, col: cython.int, count: cython.int, bg: cython.uint
    ) -> cython.void:
        """ICH: shift the cells from `col` to the right margin right."""
        slot: cython.int = self.vis[row]
        end: cython.int = self.right + 1
        count = min(count, end - col)
        self.split_wide(slot, col)
        self.split_wide(slot, end)
        self.split_wide(slot, end - count)
        base: cython.int = slot * self.stride
        self.move(base + (col + count) * 4, base + col * 4, (end - col - count) * 4)
        self.used[slot] = max(self.used[slot], end)
        self.fill(slot, col, col + count, 0, 0, bg, 0)
        self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
        self.line_seq[slot] = self.stamp

    @cython.wraparound(False)
    def delete_cells(
        self, row: cython.int, col: cython.int, count: cython.int, bg: cython.uint
    ) -> cython.void:
        """DCH: shift the cells from `col` to the right margin left."""
        slot: cython.int = self.vis[row]
        end: cython.int = self.right + 1
        count = min(count, end - col)
        self.split_wide(slot, col)
        self.split_wide(slot, col + count)
        self.split_wide(slot, end)
        base: cython.int = slot * self.stride
        self.move(base + col * 4, base + (col + count) * 4, (end - col - count) * 4)
        if end - count < self.used[slot] or bg:
            self.used[slot] = max(self.used[slot], end - count)
            self.fill(slot, end - count, end, 0, 0, bg, 0)
        self.flags[slot] = self.flags[slot] & ~_CONTINUES & 0xFF
        self.line_seq[slot] = self.stamp

    @cython.wraparound(False)
    def swap_screens(self) -> cython.void:
        """Show the other screen; its cells stay as they were."""
        row: cython.int
        slot: cython.int
        for row in range(self.rows):
            slot = self.vis[row]
            self.vis[row] = self.other[row]
            self.other[row] = slot
        self.on_alternate = not self.on_alternate
        self.mark_rows(0, self.rows - 1)

    # -- size --

    @cython.wraparound(False)
    def content_length(self, slot: cython.int) -> cython.int:
        """Cells up to the last one that shows something."""
        length: cython.int = self.used[slot]
        at: cython.int
        while length > 0:
            at = slot * self.stride + (length - 1) * 4
            if (
                (self.cells[at] & _TEXT_MASK) not in (0, 32)
                or self.cells[at] & (_WIDE | _SPACER)
                or self.cells[at + 2]
                or self.cells[at + 3] & _VISIBLE_BLANK
            ):
                break
            length -= 1
        return length

    def resize_grid(self, cols: int, rows: int, tracked: list[list[int]], alternate: list[list[int]]) -> None:
        """Change the size: rewrap the primary screen, lay the scrollback out anew, crop the alternate screen.

        Of the scrollback only what may come down to the screen, or continues there, is touched; the rest
        stays as it is packed.

        Args:
            cols: new width, at least 1.
            rows: new height, at least 1.
            tracked: positions [row, col] on the primary screen that move with the text, rewritten in place;
                the first one is the cursor and stays visible. A column equal to the new width means: behind
                the last.
            alternate: positions on the alternate screen, likewise.
        """
        primary = self.other if self.on_alternate else self.vis
        secondary = self.vis if self.on_alternate else self.other
        pulled = self.store.tail_rows(rows, cols)
        source = _Rows(self, list(primary), pulled)
        images, other_images = self._image_positions(primary, secondary, pulled)
        rewrapped = source.rewrap(cols, tracked + images)
        old_rows = self.rows
        filled = source.content_rows == old_rows
        cursor_line = tracked[0][0]
        total = rewrapped.count
        start = max(0, total - rows) if filled else max(rewrapped.anchor, total - rows)
        start = min(start, cursor_line)
        start = max(start, cursor_line - rows + 1)
        shift = min(max(0, alternate[0][0] - rows + 1), max(0, old_rows - rows))
        old_cells, old_used, old_stride = self.cells, self.used, self.stride
        old_cols, old_flags = self.cols, self.flags
        on_alternate = self.on_alternate

        self.store.truncate(pulled)
        self.store.relayout(cols)
        self.cols, self.rows = cols, rows
        self._allocate()
        self.on_alternate = False
        rewrapped.copy_to(self, start, min(total, start + rows))
        self.history_count = self.store.count()
        self.evicted = self.store.row_first
        for row in range(min(rows, old_rows - shift)):
            source_slot: cython.int = secondary[row + shift]
            slot: cython.int = self.other[row]
            count = min(old_used[source_slot], cols)
            self.cells[slot * self.stride : slot * self.stride + count * 4] = old_cells[
                source_slot * old_stride : source_slot * old_stride + count * 4
            ]
            self.used[slot] = count
            if cols == old_cols:
                self.flags[slot] = old_flags[source_slot]
            if count and self.cells[slot * self.stride + count * 4 - 4] & _WIDE:
                self.cells[slot * self.stride + count * 4 - 4] = 0
        for row, _col, strip in images:
            self._tie_image(strip, row - start)
        for row, strip in other_images:
            if 0 <= row - shift < rows:
                slot = self.other[row - shift]
                self.flags[slot] = self.flags[slot] | _IMAGE
                strip.slot = slot
            else:
                strip.slot = -1
        for position in tracked:
            position[0] = min(max(position[0] - start, 0), rows - 1)
        for position in alternate:
            position[0] = min(max(position[0] - shift, 0), rows - 1)
            position[1] = min(position[1], cols - 1)
        if on_alternate:
            self.swap_screens()
        for slot in range(self.slots):
            self.line_seq[slot] = self.stamp
        self.mark_rows(0, rows - 1)
        self.flush_marks()
        self.reflows += 1

    def _image_positions(
        self, primary: memoryview[int], secondary: memoryview[int], pulled: int
    ) -> tuple[list[list[object]], list[tuple[int, object]]]:
        """Where images stand on both screens, and in the rows of the scrollback that come down."""
        first: list[list[object]] = []
        second: list[tuple[int, object]] = []
        strips = [] if self.image_store is None else self.image_store.anchors()
        if not strips:
            return first, second
        rows = {slot: row for row, slot in enumerate(primary)}
        others = {slot: row for row, slot in enumerate(secondary)}
        for strip in strips:
            if strip.slot < 0:
                row = self.store.row_of(strip.line, strip.cell) - self.history_count
                if strip.line >= 0 and -pulled <= row < 0:
                    first.append([row, 0, strip])
            elif not self.flags[strip.slot] & _IMAGE:
                strip.slot = -1
            elif strip.slot in rows:
                first.append([rows[strip.slot], 0, strip])
            else:
                second.append((others[strip.slot], strip))
        return first, second

    def _tie_image(self, strip: object, row: int) -> None:
        """Tie a strip to a row of the primary screen, which is shown now, or of the scrollback above it."""
        strip.slot = strip.line = -1
        if 0 <= row < self.rows:
            slot: cython.int = self.vis[row]
            self.flags[slot] = self.flags[slot] | _IMAGE
            strip.slot = slot
        elif row < 0 and self.store.count() + row >= 0:
            strip.line, strip.cell = self.store.place_of(self.store.count() + row)


class _Rows:
    """The rows of the primary screen and the newest of its scrollback, as `resize_grid` reads them."""

    def __init__(self, grid: Grid, primary: list[int], pulled: int) -> None:
        source: Grid = grid
        kept: cython.int = source.store.count() - pulled
        at: cython.int
        self.cols: int = source.cols
        self.stride: int = source.stride
        self.history_count = pulled
        self.slots = [source.slots + number for number in range(pulled)] + primary
        cells: cython.uint[::1] = _grown("I", source.cells, (source.slots + pulled) * source.stride)
        self.cells = cells
        self.lengths = []
        self.flags = []
        for number in range(pulled):
            at = (source.slots + number) * source.stride
            self.lengths.append(source.store.decode(kept + number, cells, at))
            if source.cols == 1 and cells[at] & (_WIDE | _SPACER):
                # Halves of a wide character in rows of their own.
                cells[at] = 0
            self.flags.append(source.store.found_flags)
        self.used = self.lengths + [source.used[slot] for slot in primary]
        self.lengths += [source.content_length(slot) for slot in primary]
        self.flags += [source.flags[slot] for slot in primary]
        self.content_rows = 0

    def rewrap(self, cols: int, tracked: list[list[int]]) -> _Rewrapped:
        """Lay the logical lines out anew; `tracked` positions become (new line, new column)."""
        content = len(self.slots) - self.history_count
        while content > 0 and not self.lengths[self.history_count + content - 1]:
            content -= 1
        content = max(content, tracked[0][0] + 1)
        self.content_rows = content
        cursor_line = self.history_count + tracked[0][0]
        result = _Rewrapped(self, cols)
        watched: dict[int, list[list[int]]] = {}
        for position in tracked:
            watched.setdefault(min(self.history_count + position[0], len(self.slots) - 1), []).append(
                position
            )
        total = self.history_count + content
        for line in range(total):
            if line == self.history_count:
                result.anchor = result.next_line()
            flags = self.flags[line]
            wrapped = flags & WRAPPED and line + 1 < total
            length = self.cols - (1 if flags & GAP else 0) if wrapped else self.lengths[line]
            if line == cursor_line and not wrapped:
                length = max(length, min(tracked[0][1], self.used[line]))
            result.add_row(line, length, bool(wrapped), flags & ~(WRAPPED | GAP), watched.get(line, []))
        for line, positions in watched.items():
            if line >= total:
                for position in positions:
                    position[0] = result.count + line - total
                    position[1] = min(position[1], cols - 1)
        return result


class _Rewrapped:
    """New rows as lists of pieces (source line, first cell, cells), copied only when they are kept."""

    def __init__(self, source: _Rows, cols: int) -> None:
        self.source = source
        self.cols = cols
        self.pieces: list[list[tuple[int, int, int]]] = []
        self.flags: list[int] = []
        self.count = 0
        self.anchor = 0
        self._open = False  # the last row is being continued
        self._col = 0

    def next_line(self) -> int:
        """Where the next row's first cell will stand."""
        return self.count - 1 if self._open else self.count

    def _new_row(self) -> None:
        self.pieces.append([])
        self.flags.append(0)
        self.count += 1
        self._col = 0

    def add_row(self, line: int, length: int, wrapped: bool, flags: int, positions: list[list[int]]) -> None:
        """Append one old row's cells behind what stands before it in the same logical line."""
        if not self._open:
            self._new_row()
        elif self._col >= self.cols and length:
            self.flags[-1] |= WRAPPED
            self._new_row()
        self.flags[-1] |= flags
        done = 0
        cells = self.source.cells
        base: cython.int = self.source.slots[line] * self.source.stride
        waiting = sorted(positions, key=lambda position: position[1])
        while done < length:
            if self._col >= self.cols:
                self.flags[-1] |= WRAPPED
                self._new_row()
            count = min(self.cols - self._col, length - done)
            gap = False
            if cells[base + (done + count - 1) * 4] & _WIDE and done + count < self.source.cols:
                if self.cols == 1:
                    # No room for a wide character at all: its left half becomes a blank when it is copied.
                    gap = False
                elif self._col + count >= self.cols:
                    count -= 1
                    gap = True
            while waiting and waiting[0][1] < done + count:
                position = waiting.pop(0)
                position[0], position[1] = self.count - 1, self._col + position[1] - done
            if count:
                self.pieces[-1].append((line, done, count))
            self._col += count
            done += count
            if gap:
                self.flags[-1] |= WRAPPED | GAP
                self._new_row()
        for position in waiting:
            position[0] = self.count - 1
            position[1] = min(
                self._col + position[1] - length, self.cols if position[1] == length else self.cols - 1
            )
        self._open = wrapped

    def copy_to(self, grid: Grid, start: int, end: int) -> None:
        """Write rows into a freshly allocated grid: to the scrollback before `start`, then to the screen."""
        target: Grid = grid
        source: cython.uint[::1] = self.source.cells
        into: cython.uint[::1] = target.cells
        stride: cython.int = target.stride
        scratch: cython.int = target.slots - 1
        for line in range(end):
            slot: cython.int = target.vis[line - start] if line >= start else scratch
            col: cython.int = 0
            at: cython.int
            for old_line, first, count in self.pieces[line]:
                at = self.source.slots[old_line] * self.source.stride + first * 4
                into[slot * stride + col * 4 : slot * stride + (col + count) * 4] = source[
                    at : at + count * 4
                ]
                col += count
            target.used[slot] = col
            target.flags[slot] = self.flags[line]
            if self.cols == 1 and col and into[slot * stride] & (_WIDE | _SPACER):
                into[slot * stride] = 0
            if slot == scratch:
                target.push_history(slot)
                target.clear_slot(slot, 0)
