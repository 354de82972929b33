# cython: language_level=3
# mypy: ignore-errors
"""The scrollback: logical lines, packed, which make as many rows as the width asks for.

A line that was wrapped is one line here, so a change of width changes only how many rows each line makes:
one pass over a table, no cell is touched, and a row is unpacked when somebody looks at it. Blanks at the end
are not kept; text that is ASCII takes a byte a cell, and renditions are kept as runs.

A chunk is what one pushed row left: cells | kind << 24, its size in words, the number of runs and the runs
(first cell, foreground, background, attributes), then the text, four cells or one cell a word. A line of more
than `_MAX_CELLS` is cut: the pieces read as wrapped, but are laid out each for itself.

Does not know screens, cursors or renditions' meaning. Types are in history.pxd; it runs uncompiled, too.
Runs under the terminal's lock, and takes the GIL only to grow.
"""

from __future__ import annotations

import cython

if cython.compiled:
    from cython.cimports.libc.string import memmove

__all__ = ["History"]

_WRAPPED = cython.declare(cython.uchar, 1)
_GAP = cython.declare(cython.uchar, 2)
_MARK = cython.declare(cython.uchar, 4)

_WIDE = cython.declare(cython.uint, 0x00400000)
_SPACER = cython.declare(cython.uint, 0x00800000)
_HAS_WIDE = cython.declare(cython.uchar, 1)
_CONTINUES = cython.declare(cython.uchar, 2)
_MAX_CELLS = cython.declare(cython.int, 8192)

# Kinds of chunks: how text is kept, and whether renditions are.
_WORDS = cython.declare(cython.uint, 1)
_RUNS = cython.declare(cython.uint, 2)


def _array(code: str, length: int) -> memoryview[int]:
    size = {"B": 1, "i": 4, "I": 4, "q": 8, "Q": 8}[code]
    return memoryview(bytearray(length * size)).cast(code)  # type: ignore[call-overload]


def _spread(code: str, old: memoryview[int], order: list[int], size: int, first: int) -> memoryview[int]:
    """The entries of a ring, in `order`, in a larger ring from absolute number `first` on."""
    new = _array(code, size)
    for number, source in enumerate(order, first):
        new[number & (size - 1)] = old[source]
    return new


class History:
    """Rows above the screen, at most `limit` of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.cols = 1
        self.row_first = self.row_end = 0
        self.shift = 0
        self.arena = _array("I", 256)
        self.arena_first = self.arena_end = 0
        self.packed_wide = False
        self._allocate_lines(64)
        self.line_first = self.line_end = 0
        self.head_cell = 0
        self.open_line = self.gap = False
        self.found_line = self.found_start = self.found_stop = 0
        self.found_flags = 0
        self.found_number = 0

    def _allocate_lines(self, size: int) -> None:
        self.offsets = _array("q", size)
        self.starts = _array("Q", size)
        self.seqs = _array("Q", size)
        self.lengths = _array("i", size)
        self.marks = _array("i", size)
        self.kinds = _array("B", size)
        self.mask = size - 1

    def _grow_lines(self) -> None:
        """Twice the room for lines, each at its new place in the ring."""
        order = [line & self.mask for line in range(self.line_first, self.line_end)]
        size: cython.int = 2 * (self.mask + 1)
        first: cython.longlong = self.line_first
        offsets = _spread("q", self.offsets, order, size, first)
        starts = _spread("Q", self.starts, order, size, first)
        seqs = _spread("Q", self.seqs, order, size, first)
        lengths = _spread("i", self.lengths, order, size, first)
        marks = _spread("i", self.marks, order, size, first)
        kinds = _spread("B", self.kinds, order, size, first)
        self.offsets = offsets
        self.starts = starts
        self.seqs = seqs
        self.lengths = lengths
        self.marks = marks
        self.kinds = kinds
        self.mask = size - 1

    def grow_lines(self) -> cython.int:
        """Room for more lines; 0 when memory does not allow it."""
        with cython.gil:
            try:
                self._grow_lines()
            except MemoryError:
                return 0
        return 1

    def memory(self) -> int:
        """Bytes held."""
        return len(self.arena) * 4 + (self.mask + 1) * 33

    def count(self) -> cython.int:
        """Rows kept."""
        return cython.cast(cython.int, self.row_end - self.row_first)

    def grow_arena(self, used: cython.int, words: cython.int) -> cython.int:
        """An arena with room for more words, its contents at its start; 0 when memory does not allow it."""
        with cython.gil:
            try:
                if used + words > 1 << 28:
                    return 0
                larger = _array("I", used + used // 2 + words)
            except MemoryError:
                return 0
            larger.cast("B")[: used * 4] = memoryview(self.arena[self.arena_first : self.arena_end]).cast("B")
            self.arena = larger
        return 1

    def make_room(self, words: cython.int) -> cython.int:
        """Room for more words at the end of the arena; 0 when memory does not allow it."""
        size: cython.int = cython.cast(cython.int, self.arena.shape[0])
        used: cython.int = self.arena_end - self.arena_first
        if self.arena_end + words <= size:
            return 1
        if used == 0 and words <= size:
            pass
        elif self.arena_first > used // 4 and used + words <= size:
            # Once the scrollback is full this happens again and again, so it must do without the GIL.
            if cython.compiled:
                memmove(cython.address(self.arena[0]), cython.address(self.arena[self.arena_first]), used * 4)
            else:
                self.arena[:used] = memoryview(bytes(self.arena[self.arena_first : self.arena_end])).cast("I")
        elif not self.grow_arena(used, words):
            return 0
        self.shift += self.arena_first
        self.arena_first = 0
        self.arena_end = used
        return 1

    def make_line(self) -> cython.int:
        """A new line at the end of the table; 0 when memory does not allow it."""
        at: cython.int
        if self.line_end - self.line_first > self.mask and not self.grow_lines():
            return 0
        at = cython.cast(cython.int, self.line_end & self.mask)
        self.line_end += 1
        self.starts[at] = self.row_end
        self.seqs[at] = 0
        self.lengths[at] = 0
        self.marks[at] = -1
        self.kinds[at] = 0
        return 1

    def forget(self) -> cython.void:
        """Keep nothing; numbers go on."""
        self.row_first = self.row_end
        self.line_first = self.line_end
        self.arena_first = self.arena_end
        self.head_cell = 0
        self.open_line = self.gap = False

    # -- in --

    @cython.wraparound(False)
    def pack(
        self,
        arena: cython.uint[::1],
        header: cython.int,
        cells: cython.uint[::1],
        at: cython.int,
        count: cython.int,
    ) -> cython.int:
        """Write a chunk at word `header`; returns where it ends. Arrays are arguments for speed's sake."""
        source: cython.int = at
        end: cython.int = at + count * 4
        into: cython.int = header + 2
        kind: cython.uint = 0
        text: cython.uint = 0
        last: cython.int = end - 12
        rest: cython.uint
        cell: cython.p_uint
        word: cython.p_uint
        # The common case: ASCII without any rendition, taken as long as it lasts.
        if cython.compiled:
            if count > 3:
                # By pointers: for all the compiler knows, what is written could be a field of `arena`.
                cell = cython.address(cells[source])
                word = cython.address(arena[into])
                while source < last:
                    text = cell[0] | cell[4] | cell[8] | cell[12]
                    rest = cell[1] | cell[2] | cell[3] | cell[5] | cell[6] | cell[7]
                    rest |= cell[9] | cell[10] | cell[11] | cell[13] | cell[14] | cell[15]
                    if text >= 0x100 or rest:
                        break
                    word[0] = cell[0] | (cell[4] << 8) | (cell[8] << 16) | (cell[12] << 24)
                    word += 1
                    cell += 16
                    into += 1
                    source += 16
        else:
            while source < last:
                text = cells[source] | cells[source + 4] | cells[source + 8] | cells[source + 12]
                if text >= 0x100 or any(cells[source + number] for number in range(16) if number % 4):
                    break
                arena[into] = (
                    cells[source]
                    | (cells[source + 4] << 8)
                    | (cells[source + 8] << 16)
                    | (cells[source + 12] << 24)
                )
                into += 1
                source += 16
        if source >= last:
            text = 0
            arena[into] = 0
            last = 0
            while source < end and not (
                cells[source] >= 0x100 or cells[source + 1] | cells[source + 2] | cells[source + 3]
            ):
                text |= cells[source] << last
                last += 8
                source += 4
            if source >= end:
                if last:
                    arena[into] = text
                    into += 1
                arena[header] = cython.cast(cython.uint, count)
                arena[header + 1] = cython.cast(cython.uint, into - header)
                return into
        return self.pack_runs(arena, header, cells, at, count, kind)

    @cython.wraparound(False)
    def pack_runs(
        self,
        arena: cython.uint[::1],
        header: cython.int,
        cells: cython.uint[::1],
        at: cython.int,
        count: cython.int,
        kind: cython.uint,
    ) -> cython.int:
        """Likewise, for whatever is not plain."""
        source: cython.int = at
        end: cython.int = at + count * 4
        into: cython.int = header + 3
        seen: cython.uint = 0
        runs: cython.uint = 0
        fg: cython.uint = 0
        bg: cython.uint = 0
        attr: cython.uint = 0
        size: cython.int
        text: cython.uint
        while source < end:
            seen |= cells[source]
            if cells[source + 1] != fg or cells[source + 2] != bg or cells[source + 3] != attr or runs == 0:
                fg = cells[source + 1]
                bg = cells[source + 2]
                attr = cells[source + 3]
                runs += 1
                arena[into] = cython.cast(cython.uint, (source - at) >> 2)
                arena[into + 1] = fg
                arena[into + 2] = bg
                arena[into + 3] = attr
                into += 4
            source += 4
        if runs == 1 and fg == 0 and bg == 0 and attr == 0:
            into = header + 2
        else:
            kind |= _RUNS
            arena[header + 2] = runs
        source = at
        if seen >= 0x100:
            kind |= _WORDS
            while source < end:
                arena[into] = cells[source]
                into += 1
                source += 4
            if seen & _WIDE:
                self.packed_wide = True
        else:
            while source < end:
                text = 0
                size = 0
                while size < 32 and source < end:
                    text |= cells[source] << size
                    size += 8
                    source += 4
                arena[into] = text
                into += 1
        arena[header] = cython.cast(cython.uint, count) | (kind << 24)
        arena[header + 1] = cython.cast(cython.uint, into - header)
        return into

    @cython.wraparound(False)
    def push(
        self,
        cells: cython.uint[::1],
        at: cython.int,
        count: cython.int,
        flags: cython.uchar,
        seq: cython.ulonglong,
    ) -> cython.void:
        """Take a row of `count` cells from word `at` on; `flags` as the grid's."""
        offset: cython.longlong
        line: cython.int
        chunk: cython.int = self.arena_end
        if self.limit == 0:
            self.row_end += 1
            self.row_first = self.row_end
            return
        if count:
            # The largest that this can become: a run and a word for each cell.
            if self.arena_end + 3 + count * 5 > self.arena.shape[0] and not self.make_room(3 + count * 5):
                self.row_end += 1
                self.forget()
                return
            chunk = self.arena_end
            self.packed_wide = False
            self.arena_end = self.pack(self.arena, chunk, cells, at, count)
        line = cython.cast(cython.int, (self.line_end - 1) & self.mask)
        if (
            not self.open_line
            or self.line_end == self.line_first
            or self.lengths[line] + count > _MAX_CELLS
            # A wide character left a filler behind; what has come in its place would not.
            or (self.gap and (count == 0 or not cells[at] & _WIDE))
        ):
            if self.open_line and self.line_end > self.line_first:
                self.kinds[line] = self.kinds[line] | _CONTINUES
            offset = chunk + self.shift
            if not self.make_line():
                self.row_end += 1
                self.forget()
                return
            line = cython.cast(cython.int, (self.line_end - 1) & self.mask)
            self.offsets[line] = offset
        if flags & _MARK and self.marks[line] < 0:
            self.marks[line] = self.lengths[line]
        self.lengths[line] += count
        if count and self.packed_wide:
            self.kinds[line] = self.kinds[line] | _HAS_WIDE
        self.seqs[line] = max(self.seqs[line], seq)
        self.row_end += 1
        self.open_line = flags & _WRAPPED
        self.gap = flags & _GAP
        if self.count() > self.limit:
            self.evict()

    @cython.wraparound(False)
    def evict(self) -> cython.void:
        """Let the oldest row go."""
        line: cython.int = cython.cast(cython.int, self.line_first & self.mask)
        following: cython.int = cython.cast(cython.int, (self.line_first + 1) & self.mask)
        alone: cython.bint = self.line_first + 1 >= self.line_end
        self.row_first += 1
        if self.row_first >= (self.row_end if alone else self.starts[following]):
            self.line_first += 1
            self.head_cell = 0
            if alone:
                self.arena_first = self.arena_end
            else:
                self.arena_first = cython.cast(cython.int, self.offsets[following] - self.shift)
        else:
            self.head_cell = self.row_break(line, self.head_cell)

    # -- out --

    @cython.wraparound(False)
    def word_at(self, line: cython.int, cell: cython.int) -> cython.uint:
        """The text word of a line's cell."""
        at: cython.int = cython.cast(cython.int, self.offsets[line] - self.shift)
        count: cython.int = self.arena[at] & 0xFFFFFF
        kind: cython.uint
        while cell >= count:
            cell -= count
            at += cython.cast(cython.int, self.arena[at + 1])
            count = self.arena[at] & 0xFFFFFF
        kind = self.arena[at] >> 24
        at += 2
        if kind & _RUNS:
            at += 1 + cython.cast(cython.int, self.arena[at]) * 4
        if kind & _WORDS:
            return self.arena[at + cell]
        return (self.arena[at + cell // 4] >> (cell % 4 * 8)) & 0xFF

    def row_break(self, line: cython.int, start: cython.int) -> cython.int:
        """Where the row that starts at a cell of a line ends."""
        stop: cython.int = start + self.cols
        if stop >= self.lengths[line]:
            return self.lengths[line]
        if self.kinds[line] & _HAS_WIDE and self.cols > 1 and self.word_at(line, stop - 1) & _WIDE:
            stop -= 1
        return stop

    def rows_of(self, line: cython.int, start: cython.int) -> cython.int:
        """Rows that a line makes from a cell on; an empty one makes one."""
        rows: cython.int = 1
        if not self.kinds[line] & _HAS_WIDE:
            return max(1, (self.lengths[line] - start + self.cols - 1) // self.cols)
        start = self.row_break(line, start)
        while start < self.lengths[line]:
            start = self.row_break(line, start)
            rows += 1
        return rows

    @cython.wraparound(False)
    def locate(self, row: cython.int) -> cython.void:
        """Find a row, counted from the oldest: line, cells and flags go to the `found_` fields."""
        number: cython.ulonglong = self.row_first + row
        low: cython.longlong = self.line_first
        high: cython.longlong = self.line_end - 1
        middle: cython.longlong
        line: cython.int
        start: cython.int = 0
        skip: cython.int
        while low < high:
            middle = (low + high + 1) >> 1
            if self.starts[middle & self.mask] <= number:
                low = middle
            else:
                high = middle - 1
        line = cython.cast(cython.int, low & self.mask)
        if low == self.line_first:
            start = self.head_cell
            skip = row
        else:
            skip = cython.cast(cython.int, number - self.starts[line])
        if self.kinds[line] & _HAS_WIDE:
            while skip > 0:
                start = self.row_break(line, start)
                skip -= 1
        else:
            start += skip * self.cols
        self.found_line = line
        self.found_number = low
        self.found_start = start
        self.found_stop = self.row_break(line, start)
        self.found_flags = 0
        if (
            number + 1 < (self.starts[(low + 1) & self.mask] if low + 1 < self.line_end else self.row_end)
            or self.kinds[line] & _CONTINUES
            or (low == self.line_end - 1 and self.open_line)
        ):
            self.found_flags = _WRAPPED
            if self.found_stop - start < self.cols:
                self.found_flags |= _GAP
        if self.marks[line] >= start and (self.marks[line] < self.found_stop or self.marks[line] == start):
            self.found_flags |= _MARK

    @cython.wraparound(False)
    def decode(self, row: cython.int, target: cython.uint[::1], at: cython.int) -> cython.int:
        """Unpack a row to word `at` of other cells; returns its number of cells, the rest is left alone."""
        self.locate(row)
        line: cython.int = self.found_line
        skip: cython.int = self.found_start
        left: cython.int = self.found_stop - self.found_start
        source: cython.int = cython.cast(cython.int, self.offsets[line] - self.shift)
        count: cython.int
        kind: cython.uint
        text: cython.int
        run: cython.int
        runs: cython.int
        cell: cython.int
        stop: cython.int
        while left > 0:
            count = self.arena[source] & 0xFFFFFF
            if skip >= count:
                skip -= count
                source += cython.cast(cython.int, self.arena[source + 1])
                continue
            kind = self.arena[source] >> 24
            text = source + 2
            run = runs = 0
            if kind & _RUNS:
                runs = self.arena[text]
                run = text + 1
                text = run + runs * 4
                # The last run that starts at or before the first cell wanted.
                while runs > 1 and cython.cast(cython.int, self.arena[run + 4]) <= skip:
                    run += 4
                    runs -= 1
            cell = skip
            stop = min(count, skip + left)
            while cell < stop:
                if runs > 1 and cython.cast(cython.int, self.arena[run + 4]) <= cell:
                    run += 4
                    runs -= 1
                if kind & _WORDS:
                    target[at] = self.arena[text + cell]
                else:
                    target[at] = (self.arena[text + (cell >> 2)] >> ((cell & 3) * 8)) & 0xFF
                if runs:
                    target[at + 1] = self.arena[run + 1]
                    target[at + 2] = self.arena[run + 2]
                    target[at + 3] = self.arena[run + 3]
                else:
                    target[at + 1] = target[at + 2] = target[at + 3] = 0
                at += 4
                cell += 1
            left -= stop - skip
            skip = 0
            source += cython.cast(cython.int, self.arena[source + 1])
        return self.found_stop - self.found_start

    def place_of(self, row: int) -> tuple[int, int]:
        """Line and cell at which a row starts: what a change of width does not change."""
        self.locate(row)
        return self.found_number, self.found_start

    def row_of(self, number: int, cell: int) -> int:
        """The row, counted from the oldest, in which a line's cell stands; -1: it is not kept."""
        if not self.line_first <= number < self.line_end:
            return -1
        line: cython.int = number & self.mask
        start: cython.int = self.head_cell if number == self.line_first else 0
        row: cython.int = 0 if number == self.line_first else self.starts[line] - self.row_first
        wanted: cython.int = cell
        stop: cython.int
        if wanted < start:
            return -1
        while True:
            stop = self.row_break(line, start)
            if wanted < stop or stop >= self.lengths[line]:
                return row
            start = stop
            row += 1

    # -- size --

    @cython.wraparound(False)
    def relayout(self, cols: cython.int) -> cython.void:
        """Another width: count rows anew. No cell is read but around wide characters."""
        number: cython.ulonglong = self.row_first
        position: cython.longlong
        line: cython.int
        self.cols = cols
        if self.head_cell > 0:
            # One column wide, a row was half a wide character; its other half cannot stand alone.
            line = cython.cast(cython.int, self.line_first & self.mask)
            if self.head_cell < self.lengths[line] and self.word_at(line, self.head_cell) & _SPACER:
                self.head_cell += 1
        for position in range(self.line_first, self.line_end):
            line = cython.cast(cython.int, position & self.mask)
            self.starts[line] = number
            number += cython.cast(
                cython.ulonglong, self.rows_of(line, self.head_cell if position == self.line_first else 0)
            )
        self.row_end = number
        while self.count() > self.limit:
            self.evict()

    @cython.wraparound(False)
    def tail_rows(self, rows: cython.int, cols: cython.int) -> cython.int:
        """Rows, at today's width, of the newest lines that make `rows` rows at the width `cols`.

        A line that continues on the screen is always among them.
        """
        made: cython.int = 0
        position: cython.longlong = self.line_end
        line: cython.int
        while position > self.line_first and (made < rows or (position == self.line_end and self.open_line)):
            position -= 1
            line = cython.cast(cython.int, position & self.mask)
            made += max(1, (self.lengths[line] + cols - 1) // cols)
        if position == self.line_first:
            return self.count()
        if position == self.line_end:
            return 0
        return cython.cast(cython.int, self.row_end - self.starts[position & self.mask])

    @cython.wraparound(False)
    def truncate(self, rows: cython.int) -> cython.void:
        """Give up the newest rows, as many as `tail_rows` said."""
        self.row_end -= cython.cast(cython.ulonglong, rows)
        while self.line_end > self.line_first and (
            self.starts[(self.line_end - 1) & self.mask] >= self.row_end or self.row_end == self.row_first
        ):
            self.line_end -= 1
            self.arena_end = cython.cast(cython.int, self.offsets[self.line_end & self.mask] - self.shift)
        if self.line_end == self.line_first:
            self.head_cell = 0
        self.open_line = self.gap = False
