# cython: language_level=3
# mypy: ignore-errors

"""The reading side of a terminal: text, cells, rows by stable number, and the copy that a frame takes.

Every public method takes the terminal's own lock, which is waited for without the GIL; the feeding thread
lets waiting readers go first, so a frame waits for one slice at most. Types are in view.pxd; the same file
runs uncompiled. Any thread.
"""

from __future__ import annotations

import cython

from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import Extra, unpack_color
from perilune.cells.tables import CellTables
from perilune.vt import images as _images
from perilune.vt.cell import Cell, Cursor
from perilune.vt.grid import MARK_PROMPT, WRAPPED, _array
from perilune.vt.images import ImageStrip
from perilune.vt.modes import TerminalModes
from perilune.vt.screen import KNOWN_MODES
from perilune.vt.settings import TerminalSettings

if cython.compiled:
    from cython.cimports.perilune.vt.host import Host
else:
    from perilune.vt.host import Host

__all__ = ["View"]

_CLUSTER = cython.declare(cython.uint, 0x00200000)
_WIDE = cython.declare(cython.uint, 0x00400000)
_SPACER = cython.declare(cython.uint, 0x00800000)
_TEXT_MASK = cython.declare(cython.uint, 0x001FFFFF)
_INDEXED = cython.declare(cython.uint, 0x01000000)
_RENDITION = cython.declare(cython.uint, 0x0FFF)
_REVERSE = cython.declare(cython.uint, 0x0100)
_ZONES = ("output", "prompt", "input", "output")

Rgb = tuple[int, int, int]


class View(Host):
    """A terminal that can be looked at."""

    def __init__(self, cols: int, rows: int, history_max: int, settings: TerminalSettings) -> None:
        if not cython.compiled:
            self.lock = cython.pymutex()
        self.waiters = 0
        self.cursor_seq = 0
        self.map_tables = None
        self.map_generation = -1
        self.map_clusters = _array("I", 1)
        self.map_extras = _array("I", 1)
        Host.__init__(self, cols, rows, history_max, settings)

    def _enter(self) -> cython.void:
        """Take the lock. Call with the GIL, which is not held while waiting."""
        # Written with the GIL held; the feeding thread reads it between slices.
        self.waiters += 1
        self.lock.acquire()
        self.waiters -= 1

    # -- reading --

    @property
    def seqno(self) -> int:
        """The number of the last change of anything that shows, the cursor included."""
        return self.seq

    @property
    def cursor_seqno(self) -> int:
        """The number of the last change of the cursor."""
        return self.cursor_seq

    def changed_rows(self, since: int) -> list[int]:
        """Visible rows that have changed after `since`."""
        self._enter()
        limit: cython.ulonglong = max(since, 0)
        rows = [row for row in range(self.rows) if since < 0 or self._row_number(row) > limit]
        self.lock.release()
        return rows

    @cython.wraparound(False)
    def _row_number(self, row: cython.int) -> cython.ulonglong:
        return max(self.all_seq, self.row_seq[row], self.line_seq[self.vis[row]])

    @property
    def cursor(self) -> Cursor:
        """The cursor."""
        self._enter()
        cursor = Cursor(
            self.row,
            self.col,
            bool(self.private_modes[25]),
            self.cursor_style,
            bool(self.pending),
            bool(self.private_modes[12]),
        )
        self.lock.release()
        return cursor

    @property
    def cursor_color(self) -> Rgb | None:
        """What OSC 12 set."""
        return self.dynamic_color(12)

    @property
    def foreground_override(self) -> Rgb | None:
        """What OSC 10 set."""
        return self.dynamic_color(10)

    @property
    def background_override(self) -> Rgb | None:
        """What OSC 11 set."""
        return self.dynamic_color(11)

    @property
    def modes(self) -> TerminalModes:
        """The modes as they are now."""
        self._enter()
        modes = TerminalModes(
            self.mouse_tracking,
            self.mouse_encoding,
            self.kitty_flags(),
            self.modify_other_keys,
            self.own_settings.enable_csi_u,
            frozenset([mode for mode in KNOWN_MODES if self.private_modes[mode]]),
            frozenset([mode for mode in (2, 4, 12, 20) if self.ansi_modes[mode]]),
            bool(self.vt52),
        )
        self.lock.release()
        return modes

    @property
    def is_synchronized(self) -> bool:
        """A synchronised update (mode 2026) is open: a frame keeps the old picture."""
        return bool(self.private_modes[2026])

    def end_synchronized(self) -> None:
        """Close a synchronised update that stays open for too long; what changed meanwhile is due."""
        self._enter()
        if self.private_modes[2026]:
            self.private_modes[2026] = 0
            self.seq += 1
        self.lock.release()

    def finished_update(self) -> int:
        """The number of the newest finished picture, while an update is open; 0: none that is not shown yet.

        Asking is wishing for it: should this update end and the next one start before the frame that follows,
        what it showed is kept, and `render_rows` and `frame_cursor` give that until the update has ended.
        """
        self._enter()
        try:
            if len(self.finished_cells) != self.rows * self.stride or len(self.finished_seq) != self.rows:
                self.has_finished = False
                self.finished_cells = _array("I", self.rows * self.stride)
                self.finished_seq = _array("Q", self.rows)
            self.frame_wanted = True
            return self.finished_number if self.has_finished and self.private_modes[2026] else 0
        finally:
            self.lock.release()

    @property
    def frame_cursor(self) -> Cursor:
        """The cursor that belongs to the cells `render_rows` gives for the screen."""
        self._enter()
        look: cython.int = self.finished_look
        finished: cython.bint = self.private_modes[2026] and self.has_finished
        row, col = self.finished_row, self.finished_col
        self.lock.release()
        if not finished:
            return self.cursor
        return Cursor(row, col, bool(look & 1), look >> 3, bool(look & 4), bool(look & 2))

    @property
    def is_alternate(self) -> bool:
        """The alternate screen is shown."""
        return bool(self.on_alternate)

    def _word_text(self, word: cython.uint) -> str:
        if word & _SPACER:
            return ""
        if word & _CLUSTER:
            return self.clusters.text(word & _TEXT_MASK)
        word &= _TEXT_MASK
        return chr(word) if word else " "

    @cython.wraparound(False)
    def _slot_text(self, slot: cython.int, start: cython.int, end: cython.int) -> str:
        parts = []
        col: cython.int
        word: cython.uint
        stop: cython.int = min(end, self.used[slot])
        for col in range(start, stop):
            word = self.cells[slot * self.stride + col * 4]
            if word < 0x200000:
                parts.append(chr(word) if word else " ")
            else:
                parts.append(self._word_text(word))
        return "".join(parts)

    def text(self) -> list[str]:
        """The visible rows, right-trimmed."""
        self._enter()
        rows = [self._slot_text(self.vis[row], 0, self.cols).rstrip(" ") for row in range(self.rows)]
        self.lock.release()
        return rows

    def scrollback_text(self) -> list[str]:
        """The physical rows above the screen, oldest first, right-trimmed."""
        self._enter()
        rows = [
            self._slot_text(self.slot_of_line(line), 0, self.cols).rstrip(" ")
            for line in range(self.history_count)
        ]
        self.lock.release()
        return rows

    def _extra(self, number: cython.int) -> object:
        """The extra with a number of this terminal's."""
        if number == 0:
            return Extra()
        link, color = self.extras.pair(number)
        if not link:
            return Extra(None, "", unpack_color(color))
        parameters, _, uri = self.links.raw(link).partition(b";")
        link_id = ""
        for part in parameters.split(b":"):
            if part.startswith(b"id="):
                link_id = part[3:].decode("utf-8", "replace")
        return Extra(uri.decode("utf-8", "replace"), link_id or f"#{link}", unpack_color(color))

    def _cell_of(self, slot: cython.int, col: cython.int) -> object:
        at: cython.int = slot * self.stride + col * 4
        attr: cython.uint = self.cells[at + 3]
        return Cell.from_words(
            self._word_text(self.cells[at]),
            self.cells[at],
            self.cells[at + 1],
            self.cells[at + 2],
            attr,
            self._extra(attr >> 16),
        )

    def cell(self, row: int, col: int) -> Cell:
        """One visible cell."""
        if not (0 <= row < self.rows and 0 <= col < self.cols):
            raise IndexError(f"no cell ({row}, {col}) in {self.cols} x {self.rows}")
        self._enter()
        try:
            return self._cell_of(self.vis[row], col)
        finally:
            self.lock.release()

    # -- stable rows --

    @property
    def scrollback_rows(self) -> int:
        """Physical rows kept above the screen."""
        return self.history_count

    @property
    def first_stable(self) -> int:
        """The stable number of the oldest row kept. Only a resize changes the number of a row."""
        return self.evicted

    @property
    def stable_top(self) -> int:
        """The stable number of visible row 0."""
        return self.evicted + self.history_count

    @property
    def resize_count(self) -> int:
        """How often a resize has given rows new stable numbers."""
        return self.reflows

    def _stable_slot(self, stable: object) -> cython.int:
        """The slot of a stable row, -1 if it is not kept."""
        line = stable - self.evicted
        if not 0 <= line < self.history_count + self.rows:
            return -1
        return self.slot_of_line(line)

    def row_text(self, stable: int) -> str:
        """A row's text, right-trimmed; "" for one that is not kept."""
        self._enter()
        slot: cython.int = self._stable_slot(stable)
        text = "" if slot < 0 else self._slot_text(slot, 0, self.cols).rstrip(" ")
        self.lock.release()
        return text

    def row_wrapped(self, stable: int) -> bool:
        """Whether the row continues on the next one."""
        self._enter()
        slot: cython.int = self._stable_slot(stable)
        wrapped = slot >= 0 and bool(self.flags[slot] & WRAPPED)
        self.lock.release()
        return wrapped

    def row_has_prompt(self, stable: int) -> bool:
        """Whether a prompt starts in the row (OSC 133 A)."""
        self._enter()
        slot: cython.int = self._stable_slot(stable)
        marked = slot >= 0 and bool(self.flags[slot] & MARK_PROMPT)
        self.lock.release()
        return marked

    def cells_of_row(self, stable: int) -> list[Cell]:
        """A row's cells, all `cols` of them; [] for one that is not kept."""
        self._enter()
        try:
            slot: cython.int = self._stable_slot(stable)
            return [] if slot < 0 else [self._cell_of(slot, col) for col in range(self.cols)]
        finally:
            self.lock.release()

    def row_clusters(self, stable: int) -> list[str]:
        """A row's cells as text, one entry a cell ("" for a right half); [] for one that is not kept."""
        self._enter()
        slot: cython.int = self._stable_slot(stable)
        row = (
            []
            if slot < 0
            else [self._word_text(self.cells[slot * self.stride + col * 4]) for col in range(self.cols)]
        )
        self.lock.release()
        return row

    def row_zones(self, stable: int) -> list[str] | None:
        """The semantic zone of each cell that was written in a row; None for one that is not kept."""
        self._enter()
        slot: cython.int = self._stable_slot(stable)
        row = None
        if slot >= 0:
            length: cython.int = self.content_length(slot)
            row = [_ZONES[self.cells[slot * self.stride + col * 4 + 3] >> 13 & 3] for col in range(length)]
        self.lock.release()
        return row

    def memory_used(self) -> int:
        """Bytes of the grid's rows and of the clusters: what grows with the scrollback and with the text."""
        self._enter()
        rows = self.slots * (self.stride * 4 + 4 + 1 + 8 + 4) + self.store.memory()
        used = rows + self.clusters.capacity * 17 + self.extras.capacity * 16
        self.lock.release()
        return used

    def prompt_rows(self) -> list[int]:
        """The stable rows in which prompts start, oldest first."""
        self._enter()
        rows = []
        line: cython.int
        for line in range(self.history_count + self.rows):
            if line < self.history_count:
                self.store.locate(line)
                if self.store.found_flags & MARK_PROMPT:
                    rows.append(self.evicted + line)
            elif self.flags[self.vis[line - self.history_count]] & MARK_PROMPT:
                rows.append(self.evicted + line)
        self.lock.release()
        return rows

    def images(self, first: int | None = None, end: int | None = None) -> list[ImageStrip]:
        """The images of stable rows `first` to `end` (not included; None: the screen), a strip for each row.

        Those that placeholder characters show are among them, a strip for each run of cells.
        """
        self._enter()
        try:
            low = self.evicted + self.history_count if first is None else first
            high = self.evicted + self.history_count + self.rows if end is None else end
            strips = list(self.image_store.strips(self, low, high))
            places: dict[int, tuple[int, int]] = {}
            if self.image_store.virtual:
                for row in range(
                    max(low, self.evicted), min(high, self.evicted + self.history_count + self.rows)
                ):
                    slot: cython.int = self._stable_slot(row)
                    cells = [self._cell_of(slot, col) for col in range(self.used[slot])]
                    strips += _images.from_placeholders(self.image_store.virtual, row, cells, places)
            if self.image_store.relative:
                strips += self.image_store.relative_strips(self, low, high, places)
            return strips
        finally:
            self.lock.release()

    def logical_lines(self, first: int | None = None, end: int | None = None) -> list[tuple[int, str]]:
        """Lines as they were written, for a search: (stable number of the first row, text).

        Rows that wrapped are joined, without the filler that a wide character leaves; blanks at the end go.
        `first` and `end` (not included) bound the rows that are read; a line that `first` cuts starts there.
        """
        self._enter()
        try:
            lines = []
            parts = []
            begin = 0
            line: cython.int
            slot: cython.int
            low: cython.int = 0 if first is None else max(0, min(first - self.evicted, 1 << 30))
            high: cython.int = self.history_count + self.rows
            if end is not None:
                high = max(0, min(high, end - self.evicted))
            for line in range(low, high):
                slot = self.slot_of_line(line)
                if not parts:
                    begin = self.evicted + line
                wrapped = bool(self.flags[slot] & WRAPPED)
                stop: cython.int = self.cols
                if wrapped and self.flags[slot] & 2:
                    stop -= 1
                text = self._slot_text(slot, 0, stop)
                parts.append(text + " " * (stop - self.used[slot]) if wrapped else text)
                if not wrapped:
                    lines.append((begin, "".join(parts).rstrip(" ")))
                    parts = []
            if parts:
                lines.append((begin, "".join(parts).rstrip(" ")))
            return lines
        finally:
            self.lock.release()

    # -- frames --

    @cython.wraparound(False)
    def render_rows(
        self,
        dest: CellBuffer,
        dest_row: int,
        dest_col: int,
        rows: int,
        cols: int,
        top: int | None = None,
        since: int = -1,
    ) -> int:
        """Copy what shows into a frame.

        Args:
            dest: the frame's cells; rows that are written are marked in `touched`.
            dest_row: where in it.
            dest_col: likewise.
            rows: size of the place; what the terminal does not fill is blank.
            cols: likewise; a wide character that the edge cuts is blank.
            top: the stable number of the first row to show; None: the screen.
            since: copy only rows changed after this number; -1: all. Pass -1 with another `top`, `dest` or
                tables than last time.

        Returns:
            The change number that this picture has.
        """
        rows = min(rows, dest.rows - dest_row)
        cols = min(cols, dest.cols - dest_col)
        if rows <= 0 or cols <= 0 or dest_row < 0 or dest_col < 0:
            return since
        out: cython.uint[::1] = dest.words
        touched: cython.uchar[::1] = dest.touched
        pitch: cython.int = dest.cols * 4
        height: cython.int = rows
        width: cython.int = cols
        target_row: cython.int = dest_row
        target_col: cython.int = dest_col
        everything: cython.bint = since < 0
        limit: cython.ulonglong = 0 if everything else since
        tables = dest.tables
        source: cython.uint[::1]
        finished: cython.bint
        row: cython.int
        _col: cython.int
        at: cython.int
        to: cython.int
        slot: cython.int
        end: cython.int
        word: cython.uint
        color: cython.uint
        attr: cython.uint
        number: cython.ulonglong
        reverse: cython.uint
        fg: cython.uint
        bg: cython.uint
        line: cython.longlong = 0
        result: cython.ulonglong
        self._enter()
        try:
            if self.map_tables is not tables or self.map_generation != tables.generation:
                self.map_tables = tables
                self.map_generation = tables.generation
                self.map_clusters = _array("I", self.clusters.capacity)
                self.map_extras = _array("I", self.extras.capacity)
                everything = True
            if len(self.map_clusters) < self.clusters.count:
                self.map_clusters = self._longer(self.map_clusters, self.clusters.capacity)
            if len(self.map_extras) < self.extras.count:
                self.map_extras = self._longer(self.map_extras, self.extras.capacity)
            reverse = _REVERSE if self.private_modes[5] else 0
            fg = self.dynamic[0]
            bg = self.dynamic[1]
            source = self.cells
            finished = top is None and self.has_finished and self.private_modes[2026]
            if finished:
                source = self.finished_cells
            elif top is None:
                # What is shown now is newer than what was kept.
                self.has_finished = self.frame_wanted = False
            for row in range(height):
                line = row if top is None else top - self.evicted + row - self.history_count
                if -self.history_count <= line < 0:
                    slot = self.slot_of_line(cython.cast(cython.int, line + self.history_count))
                    number = max(self.line_seq[slot], self.all_seq)
                elif 0 <= line < self.rows:
                    slot = row if finished else self.vis[line]
                    # Seen from a fixed viewport a row that scrolls away is still the same row.
                    number = (
                        self._row_number(cython.cast(cython.int, line))
                        if top is None
                        else max(self.line_seq[slot], self.all_seq)
                    )
                    if finished:
                        number = self.finished_seq[row]
                else:
                    slot = -1
                    number = self.all_seq
                if not everything and number <= limit:
                    continue
                touched[target_row + row] = 1
                to = (target_row + row) * pitch + target_col * 4
                end = 0 if slot < 0 else min(width, self.cols)
                at = slot * self.stride
                for _col in range(end):
                    word = source[at]
                    attr = source[at + 3]
                    if word & _CLUSTER:
                        word = self._mapped_cluster(word, tables)
                    out[to] = word
                    color = source[at + 1]
                    if color == 0:
                        color = fg
                    elif color & _INDEXED and self.has_palette and self.palette[color & 0xFF]:
                        color = self.palette[color & 0xFF]
                    out[to + 1] = color
                    color = source[at + 2]
                    if color == 0:
                        color = bg
                    elif color & _INDEXED and self.has_palette and self.palette[color & 0xFF]:
                        color = self.palette[color & 0xFF]
                    out[to + 2] = color
                    if attr:
                        if attr >> 16:
                            attr = (attr & _RENDITION) | (self._mapped_extra(attr >> 16, tables) << 16)
                        else:
                            attr &= _RENDITION
                    out[to + 3] = attr ^ reverse
                    at += 4
                    to += 4
                if 0 < end < self.cols and end == width and out[to - 4] & _WIDE:
                    out[to - 4] = 0
                for _col in range(end, width):
                    out[to] = 0
                    out[to + 1] = fg if slot >= 0 else 0
                    out[to + 2] = bg
                    out[to + 3] = reverse if slot >= 0 else 0
                    to += 4
            # What the slice of the kept picture changed before and after it has one number: all of it is due.
            result = self.finished_stamp - 1 if finished else self.seq
        finally:
            self.lock.release()
        return result

    def _longer(self, old: cython.uint[::1], length: cython.int) -> object:
        new = _array("I", length)
        new[: len(old)] = old
        return new

    def _mapped_cluster(self, word: cython.uint, tables: CellTables) -> cython.uint:
        """A cluster's text word with the number that the frame's tables give it."""
        number: cython.uint = word & _TEXT_MASK
        mapped: cython.uint = self.map_clusters[number]
        if mapped == 0:
            text = self.clusters.text(number)
            mapped = tables.cluster_id(text)
            if mapped == 0:
                # Full: the base alone, and another try in the next frame.
                return ord(text[0]) | (word & _WIDE)
            self.map_clusters[number] = mapped
        return mapped | _CLUSTER | (word & _WIDE)

    def _mapped_extra(self, number: cython.uint, tables: CellTables) -> cython.uint:
        """An extra's number in the frame's tables."""
        mapped: cython.uint = self.map_extras[number]
        if mapped == 0:
            mapped = tables.extra_id(self._extra(number))
            self.map_extras[number] = mapped
        return mapped
