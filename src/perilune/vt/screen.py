# cython: language_level=3
# mypy: ignore-errors
# ruff: noqa: PLR1714, SIM102 - chains of == become C switches
"""What a terminal does with its grid, printing apart: cursor, margins, editing, rendition, modes.

Method names say the control function's meaning; the parser maps mnemonics to them. Follows ECMA-48 and
xterm's control sequence list; deviations are named where they are. The cursor's deferred wrap is kept as
xterm keeps it.

Nothing here takes the GIL or makes a Python object, except tables that grow. Types are in screen.pxd; the
same file runs uncompiled. Over 500 lines, because all of these methods share one cursor. Runs under the
terminal's lock, in whichever thread feeds the terminal.
"""

from __future__ import annotations

import cython

from perilune.cells import width as _width
from perilune.vt import charsets as _charsets
from perilune.vt.grid import _array
from perilune.vt.tables import ClusterTable, ExtraTable, LinkTable

if cython.compiled:
    from cython.cimports.libc.string import memcpy
    from cython.cimports.perilune.vt.grid import Grid
else:
    from perilune.vt.grid import Grid

__all__ = ["KNOWN_MODES", "Screen"]

KNOWN_MODES = (
    *(1, 3, 4, 5, 6, 7, 8, 9, 12, 18, 19, 25, 35, 40, 41, 42, 45, 47, 66, 67, 69, 80, 95),
    *(1000, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 1035, 1036, 1039, 1045, 1047, 1048, 1049),
    *(2004, 2026, 2027, 2031, 2048, 8452),
)
"""DEC private modes that are kept; DECRQM answers 0 for others."""
_MODE_LIMIT = cython.declare(cython.int, 8704)
_IS_MAPPED = cython.declare(cython.uchar[::1], _charsets.IS_MAPPED)

_INDEXED = cython.declare(cython.uint, 0x01000000)
_RGB = cython.declare(cython.uint, 0x02000000)
_RENDITION = cython.declare(cython.uint, 0x0FFF)
_UNDERLINE = cython.declare(cython.uint, 0x0038)
_LOW_ATTR = cython.declare(cython.uint, 0xFFFF)
_WRAPPED = cython.declare(cython.uchar, 1)
_SAVED_WORDS = cython.declare(cython.int, 16)
_KITTY_DEPTH = cython.declare(cython.int, 16)


class Screen(Grid):
    """A grid with a cursor."""

    def __init__(self, cols: int, rows: int, history_max: int) -> None:
        Grid.__init__(self, cols, rows, history_max)
        self.clusters = ClusterTable()
        self.links = LinkTable()
        self.extras = ExtraTable()
        self.property_index = _width.PROPERTY_INDEX
        self.property_blocks = _width.PROPERTY_BLOCKS
        self.transitions = _width.TRANSITION_TABLE
        self.ascii_state = (
            self.transitions[self.property_blocks[(self.property_index[0] << 8) | 0x61] & 31] & 0x7F
        )
        self.private_modes = _array("B", 8704)
        self.saved_modes = _array("B", 8704)
        self.known_modes = _array("B", 8704)
        for mode in KNOWN_MODES:
            self.known_modes[mode] = 1
        self.ansi_modes = _array("B", 32)
        self.charsets = _array("B", 4)
        self.saved = _array("I", 32)
        self.kitty_stack = _array("B", 32)
        self.kitty_depth = _array("i", 2)
        self.dropped = 0
        self.variation_selectors = True
        self.ambiguous_is_wide = False
        self.composes = False
        self.bells = 0
        self.sync_closed = False
        self.frame_wanted = self.has_finished = False
        self.finished_cells = _array("I", 0)
        self.finished_seq = _array("Q", 0)
        self.finished_stamp = 0
        self.finished_number = self.finished_row = self.finished_col = self.finished_look = 0
        self.reset_screen()

    def reset_screen(self) -> None:
        """RIS, as far as cells, cursor and modes go; the scrollback stays."""
        if self.on_alternate:
            self.clear_screen(0)
            self.swap_screens()
        for slot in self.other:
            self.clear_slot(slot, 0)
        self.clear_screen(0)
        self.mark_rows(0, self.rows - 1)
        self.row = self.col = 0
        self.pending = False
        self.sync_closed = self.private_modes[2026] != 0
        for mode in KNOWN_MODES:
            self.private_modes[mode] = 0
            self.saved_modes[mode] = 0
        for mode in (7, 8, 25, 1007, 1036, 1039, 2027):
            self.private_modes[mode] = 1
        for mode in range(32):
            self.ansi_modes[mode] = 0
            self.saved[mode] = 0
            self.kitty_stack[mode] = 0
        self.ansi_modes[12] = 1
        self.kitty_depth[0] = self.kitty_depth[1] = 0
        self.newline_mode = False
        self.autowrap = True
        self.mouse_tracking = self.mouse_encoding = self.modify_other_keys = 0
        self.cursor_style = 0
        self.protected_by = 0
        self.level = 65
        self.vt52 = False
        self.eight_bit = False
        self.last_code = 0
        self.last_row = self.last_col = 0
        self.tabs = _array("B", self.cols)
        self.default_tabs(0)
        self.soft_reset_state()
        self.autowrap = True
        self.all_seq = self.stamp

    def soft_reset_state(self) -> cython.void:
        """DECSTR: rendition, margins, charsets, saved cursor; not the cells, nor the cursor's place."""
        self.fg = self.bg = self.attr = self.link = self.underline_color = 0
        self.top = self.left = 0
        self.bottom = self.rows - 1
        self.right = self.cols - 1
        self.insert_mode = self.origin = self.margins_mode = False
        self.rectangle_extent = False
        self.protected_by = 0
        self.modify_other_keys = self.cursor_style = 0
        self.ansi_modes[2] = self.ansi_modes[4] = 0
        self.private_modes[1] = self.private_modes[6] = self.private_modes[66] = self.private_modes[69] = 0
        self.private_modes[25] = 1
        self.private_modes[7] = 1
        self.private_modes[45] = self.private_modes[1045] = 0
        self.autowrap = True
        number: cython.int
        for number in range(4):
            self.charsets[number] = 66
        self.locking_shift = self.single_shift = 0
        self.plain_text = True
        self.cluster_state = self.last_properties = 0
        for number in range(32):
            self.saved[number] = 0
        self.kitty_depth[0] = self.kitty_depth[1] = 0
        self.kitty_stack[0] = self.kitty_stack[_KITTY_DEPTH] = 0

    def update_charset(self) -> cython.void:
        """Note whether bytes print as they are."""
        charset: cython.int = self.charsets[self.locking_shift]
        self.plain_text = not self.single_shift and not _IS_MAPPED[charset]

    # -- cursor movement --

    @cython.wraparound(False)
    def wrap(self) -> cython.void:
        """Carry out a deferred wrap."""
        slot: cython.int = self.vis[self.row]
        self.pending = False
        if self.right == self.cols - 1 or self.col > self.right:
            self.flags[slot] = self.flags[slot] | _WRAPPED
        self.col = self.left if self.left <= self.col <= self.right else 0
        self.index()

    @cython.wraparound(False)
    def index(self) -> cython.void:
        """IND: down one row, scrolling at the bottom margin."""
        self.pending = False
        if self.row == self.bottom:
            if self.left == 0 and self.right == self.cols - 1:
                self.scroll_up(self.top, self.bottom, 1, self.bg, True)
            elif self.left <= self.col <= self.right:
                self.scroll_box(self.top, self.bottom, 1, self.bg)
        elif self.row < self.rows - 1:
            self.row += 1

    def reverse_index(self) -> cython.void:
        """RI: up one row, scrolling at the top margin."""
        self.pending = False
        if self.row == self.top:
            if self.left == 0 and self.right == self.cols - 1:
                self.scroll_down(self.top, self.bottom, 1, self.bg)
            elif self.left <= self.col <= self.right:
                self.scroll_box(self.top, self.bottom, -1, self.bg)
        elif self.row > 0:
            self.row -= 1

    def carriage_return(self) -> cython.void:
        """CR: to the left margin, or to column 0 from left of it."""
        self.pending = False
        if self.col >= self.left or self.origin:
            self.col = self.left
        else:
            self.col = 0

    @cython.wraparound(False)
    def backspace(self, count: cython.int) -> cython.void:
        """BS and CUB: left, and around the margins where reverse wrap (45, 1045) is on."""
        rounds: cython.bint = self.autowrap and (self.private_modes[45] != 0 or self.private_modes[1045] != 0)
        stop: cython.int
        row: cython.int
        count = min(count, self.rows * self.cols)
        if self.pending and rounds:
            count -= 1
        self.pending = False
        while count > 0:
            stop = self.left if self.col >= self.left else 0
            if self.col > stop:
                if self.col - stop >= count:
                    self.col -= count
                    return
                count -= self.col - stop
                self.col = stop
                continue
            if not rounds:
                return
            row = self.row
            if self.private_modes[1045]:
                row = self.bottom if row == self.top else row - 1
            elif row == self.top or row == 0 or not self.flags[self.vis[row - 1]] & _WRAPPED:
                return
            else:
                row -= 1
            if row < 0:
                return
            self.row = row
            self.col = self.right
            count -= 1

    @cython.wraparound(False)
    def tab_forward(self, count: cython.int) -> cython.void:
        """HT and CHT; a deferred wrap stays, as in xterm."""
        limit: cython.int
        if self.pending and self.private_modes[41]:
            self.wrap()
        limit = self.right if self.col <= self.right else self.cols - 1
        while count > 0 and self.col < limit:
            self.col += 1
            while self.col < limit and not self.tabs[self.col]:
                self.col += 1
            count -= 1

    @cython.wraparound(False)
    def tab_back(self, count: cython.int) -> cython.void:
        """CBT."""
        limit: cython.int = self.left if self.origin else 0
        self.pending = False
        while count > 0 and self.col > limit:
            self.col -= 1
            while self.col > limit and not self.tabs[self.col]:
                self.col -= 1
            count -= 1

    @cython.wraparound(False)
    def clear_tabs(self, how: cython.int) -> cython.void:
        """TBC: 0 here, 3 all."""
        col: cython.int
        if how == 0:
            self.tabs[self.col] = 0
        elif how == 3:
            for col in range(self.cols):
                self.tabs[col] = 0

    @cython.wraparound(False)
    def default_tabs(self, start: cython.int) -> cython.void:
        """A stop every eight columns from `start` on (DECST8C from 0)."""
        col: cython.int
        for col in range(start, self.cols):
            self.tabs[col] = col % 8 == 0

    def in_margins(self) -> cython.bint:
        """Whether the cursor is within all four margins."""
        return self.top <= self.row <= self.bottom and self.left <= self.col <= self.right

    def move_to(self, row: cython.int, col: cython.int) -> cython.void:
        """CUP with numbers from 0, relative to the margins in origin mode."""
        self.pending = False
        if self.origin:
            self.row = max(self.top, min(self.bottom, row + self.top))
            self.col = max(self.left, min(self.right, col + self.left))
        else:
            self.row = max(0, min(self.rows - 1, row))
            self.col = max(0, min(self.cols - 1, col))

    def move_rows(self, count: cython.int) -> cython.void:
        """CUU and CUD: stop at a margin that was not yet passed."""
        self.pending = False
        if count < 0:
            self.row = max(self.row + count, self.top if self.row >= self.top else 0)
        else:
            self.row = min(self.row + count, self.bottom if self.row <= self.bottom else self.rows - 1)

    def move_cols(self, count: cython.int) -> cython.void:
        """CUF: stop at the right margin."""
        self.pending = False
        self.col = min(self.col + count, self.right if self.col <= self.right else self.cols - 1)

    def set_rows_margin(self, top: cython.int, bottom: cython.int) -> cython.void:
        """DECSTBM with numbers from 0; ignored unless the region has two rows."""
        bottom = min(bottom, self.rows - 1)
        if top < bottom:
            self.top = top
            self.bottom = bottom
            self.move_to(0, 0)

    def set_cols_margin(self, left: cython.int, right: cython.int) -> cython.void:
        """DECSLRM likewise."""
        right = min(right, self.cols - 1)
        if left < right:
            self.left = left
            self.right = right
            self.move_to(0, 0)

    # -- editing --

    def erase_span(
        self, row: cython.int, start: cython.int, end: cython.int, selective: cython.bint
    ) -> cython.void:
        """Part of a row, keeping protected cells if `selective`, or if SPA protected them."""
        if selective or self.protected_by == 2:
            self.erase_unprotected(row, start, end, self.bg)
        else:
            self.erase(row, start, end, self.bg)

    def erase_line(self, how: cython.int, selective: cython.bint) -> cython.void:
        """EL and DECSEL."""
        if how == 0:
            self.erase_span(self.row, self.col, self.cols, selective)
        elif how == 1:
            self.erase_span(self.row, 0, self.col + 1, selective)
        elif how == 2:
            self.erase_span(self.row, 0, self.cols, selective)
        if how <= 2:
            self.pending = False

    def erase_display(self, how: cython.int, selective: cython.bint) -> cython.void:
        """ED and DECSED. ED 2 leaves the scrollback alone; ED 3 is the scrollback."""
        row: cython.int
        first: cython.int = 0
        last: cython.int = self.rows - 1
        if how == 3:
            if not selective and not self.on_alternate:
                self.clear_history()
                self.all_seq = self.stamp
            return
        if how > 3:
            return
        if how == 0:
            self.erase_line(0, selective)
            first = self.row + 1
        elif how == 1:
            self.erase_line(1, selective)
            last = self.row - 1
        for row in range(first, last + 1):
            if selective or self.protected_by == 2:
                self.erase_unprotected(row, 0, self.cols, self.bg)
            else:
                self.clear_slot(self.vis[row], self.bg)
        self.pending = False

    def erase_chars(self, count: cython.int) -> cython.void:
        """ECH."""
        self.pending = False
        self.erase_span(self.row, self.col, min(self.cols, self.col + min(count, self.cols)), False)

    def insert_chars(self, count: cython.int) -> cython.void:
        """ICH; only between the left and right margins."""
        if self.left <= self.col <= self.right:
            self.insert_cells(self.row, self.col, count, self.bg)

    def delete_chars(self, count: cython.int) -> cython.void:
        """DCH likewise."""
        self.pending = False
        if self.left <= self.col <= self.right:
            self.delete_cells(self.row, self.col, count, self.bg)

    def insert_lines(self, count: cython.int) -> cython.void:
        """IL."""
        if self.in_margins():
            if self.left == 0 and self.right == self.cols - 1:
                self.scroll_down(self.row, self.bottom, count, self.bg)
            else:
                self.scroll_box(self.row, self.bottom, -min(count, self.rows), self.bg)
            self.pending = False
            self.col = self.left

    def delete_lines(self, count: cython.int) -> cython.void:
        """DL."""
        if self.in_margins():
            if self.left == 0 and self.right == self.cols - 1:
                self.scroll_up(self.row, self.bottom, count, self.bg, False)
            else:
                self.scroll_box(self.row, self.bottom, min(count, self.rows), self.bg)
            self.pending = False
            self.col = self.left

    def insert_cols(self, count: cython.int) -> cython.void:
        """DECIC: in every row of the region."""
        row: cython.int
        if self.in_margins():
            for row in range(self.top, self.bottom + 1):
                self.insert_cells(row, self.col, count, self.bg)

    def delete_cols(self, count: cython.int) -> cython.void:
        """DECDC."""
        row: cython.int
        if self.in_margins():
            for row in range(self.top, self.bottom + 1):
                self.delete_cells(row, self.col, count, self.bg)

    def pan(self, lines: cython.int) -> cython.void:
        """SU (positive) and SD: scroll the region, the cursor stays, a deferred wrap as well."""
        lines = max(-self.rows, min(self.rows, lines))
        if self.left == 0 and self.right == self.cols - 1:
            if lines >= 0:
                self.scroll_up(self.top, self.bottom, lines, self.bg, True)
            else:
                self.scroll_down(self.top, self.bottom, -lines, self.bg)
        else:
            self.scroll_box(self.top, self.bottom, lines, self.bg)

    @cython.wraparound(False)
    def alignment_test(self) -> cython.void:
        """DECALN: the screen full of E, margins and origin mode reset."""
        row: cython.int
        slot: cython.int
        self.top = self.left = 0
        self.bottom = self.rows - 1
        self.right = self.cols - 1
        self.origin = False
        self.private_modes[6] = 0
        for row in range(self.rows):
            slot = self.vis[row]
            self.clear_slot(slot, 0)
            self.fill(slot, 0, self.cols, 69, 0, 0, 0)
        self.move_to(0, 0)

    def protect(self, on: cython.bint, who: cython.int) -> cython.void:
        """DECSCA (1) and SPA, EPA (2): what is printed from now on is protected, or not."""
        if on:
            self.protected_by = who
            self.attr = self.attr | 0x1000
        else:
            self.attr = self.attr & ~0x1000

    # -- saved state and modes --

    def set_level(self, level: cython.int, seven_bit: cython.bint) -> cython.void:
        """DECSCL: what a level lacks is then ignored, and a soft reset is made, as in xterm."""
        if 61 <= level <= 65:
            self.soft_reset_state()
            self.level = level
            self.eight_bit = not seven_bit and level > 61

    @cython.wraparound(False)
    def save_cursor(self) -> cython.void:
        """DECSC, one slot a screen."""
        at: cython.int = _SAVED_WORDS if self.on_alternate else 0
        number: cython.int
        self.saved[at] = 1
        self.saved[at + 1] = self.row
        self.saved[at + 2] = self.col
        self.saved[at + 3] = self.pending
        self.saved[at + 4] = self.fg
        self.saved[at + 5] = self.bg
        self.saved[at + 6] = self.attr
        self.saved[at + 7] = self.link
        self.saved[at + 8] = self.underline_color
        self.saved[at + 9] = self.origin
        self.saved[at + 10] = self.locking_shift
        for number in range(4):
            self.saved[at + 11 + number] = self.charsets[number]

    @cython.wraparound(False)
    def restore_cursor(self) -> cython.void:
        """DECRC; without a DECSC before it, home and defaults."""
        at: cython.int = _SAVED_WORDS if self.on_alternate else 0
        number: cython.int
        self.single_shift = 0
        if not self.saved[at]:
            self.row = self.col = 0
            self.pending = self.origin = False
            self.fg = self.bg = self.link = self.underline_color = 0
            self.attr = self.attr & 0x6000
            self.locking_shift = 0
            for number in range(4):
                self.charsets[number] = 66
        else:
            self.row = min(cython.cast(cython.int, self.saved[at + 1]), self.rows - 1)
            self.col = min(cython.cast(cython.int, self.saved[at + 2]), self.cols - 1)
            self.pending = self.saved[at + 3] != 0 and self.autowrap
            self.fg = self.saved[at + 4]
            self.bg = self.saved[at + 5]
            self.attr = self.saved[at + 6]
            self.link = self.saved[at + 7]
            self.underline_color = self.saved[at + 8]
            self.origin = self.saved[at + 9] != 0
            self.locking_shift = self.saved[at + 10]
            for number in range(4):
                self.charsets[number] = self.saved[at + 11 + number] & 0xFF
            if self.origin:
                # The margins may have moved since.
                self.row = min(self.row, self.bottom)
                self.col = min(self.col, self.right)
        self.private_modes[6] = self.origin
        self.update_charset()

    @cython.wraparound(False)
    def set_ansi_mode(self, mode: cython.int, on: cython.bint) -> cython.void:
        """SM and RM: 4 (IRM), 20 (LNM); 2 and 12 are kept for DECRQM."""
        if mode not in (2, 4, 12, 20):
            return
        self.ansi_modes[mode] = on
        if mode == 4:
            self.insert_mode = on
        elif mode == 20:
            self.newline_mode = on

    @cython.wraparound(False)
    def set_private_mode(self, mode: cython.int, on: cython.bint) -> cython.void:
        """DECSET and DECRST."""
        if mode == 2:
            # DECANM.
            self.vt52 = not on
            return
        if not 0 < mode < _MODE_LIMIT or not self.known_modes[mode] or mode == 2027:
            return
        if mode == 1048:
            if on:
                self.save_cursor()
            else:
                self.restore_cursor()
            return
        if mode in (47, 1047, 1049):
            if on:
                if mode == 1049:
                    self.save_cursor()
                self.to_screen(True)
                if mode == 1049:
                    self.clear_screen(self.bg)
            else:
                if mode == 1047 and self.on_alternate:
                    self.clear_screen(self.bg)
                self.to_screen(False)
                if mode == 1049:
                    self.restore_cursor()
            self.private_modes[47] = self.private_modes[1047] = self.private_modes[1049] = self.on_alternate
            return
        if mode == 9 or 1000 <= mode <= 1003:
            self.private_modes[9] = self.private_modes[1000] = self.private_modes[1002] = 0
            self.private_modes[1003] = 0
            self.mouse_tracking = mode if on else 0
        elif mode in (1005, 1006, 1015, 1016):
            if not on and self.mouse_encoding != mode:
                # They exclude one another, and a reset is for the one that it names.
                return
            self.private_modes[1005] = self.private_modes[1006] = self.private_modes[1015] = 0
            self.private_modes[1016] = 0
            self.mouse_encoding = mode if on else 0
        was: cython.bint = self.private_modes[mode]
        self.private_modes[mode] = on
        if mode == 5:
            if was != on:
                self.all_seq = self.stamp
        elif mode == 6:
            self.origin = on
            self.move_to(0, 0)
        elif mode == 7:
            self.autowrap = on
            if not on:
                self.pending = False
        elif mode == 2026:
            if was and not on:
                self.sync_closed = True
            elif on and not was and self.frame_wanted:
                self.keep_finished()
        elif mode == 69:
            if self.level < 64:
                self.private_modes[69] = on = False
            self.margins_mode = on
            if not on:
                self.left = 0
                self.right = self.cols - 1
        elif mode == 3:
            # The width stays: it belongs to the split tree. The other effects of DECCOLM do take place.
            if self.private_modes[40]:
                self.top = self.left = 0
                self.bottom = self.rows - 1
                self.right = self.cols - 1
                self.margins_mode = False
                self.private_modes[69] = 0
                if not self.private_modes[95] or self.level < 65:
                    self.clear_screen(self.bg)
                self.move_to(0, 0)

    @cython.wraparound(False)
    def keep_finished(self) -> cython.void:
        """Copy the screen as the last synchronised update left it, for a frame that came in vain."""
        row: cython.int
        slot: cython.int
        at: cython.int
        if self.finished_cells.shape[0] != self.rows * self.stride or self.finished_seq.shape[0] != self.rows:
            return  # `finished_update` makes the room
        self.flush_marks()
        for row in range(self.rows):
            slot = self.vis[row]
            self.finished_seq[row] = max(self.all_seq, self.row_seq[row], self.line_seq[slot])
            if cython.compiled:
                memcpy(
                    cython.address(self.finished_cells[row * self.stride]),
                    cython.address(self.cells[slot * self.stride]),
                    self.stride * 4,
                )
            else:
                for at in range(self.stride):
                    self.finished_cells[row * self.stride + at] = self.cells[slot * self.stride + at]
        self.finished_row = self.row
        self.finished_col = self.col
        self.finished_look = self.private_modes[25] | (self.private_modes[12] << 1) | (self.pending << 2)
        self.finished_look |= self.cursor_style << 3
        self.finished_stamp = self.stamp
        self.finished_number += 1
        self.has_finished = True
        self.frame_wanted = False
        self.sync_closed = True

    def to_screen(self, alternate: cython.bint) -> cython.void:
        """Show the primary or the alternate screen."""
        if alternate != self.on_alternate:
            self.swap_screens()
            self.all_seq = self.stamp
            self.cluster_state = 0

    # -- rendition --

    def update_extra(self) -> cython.void:
        """Number the pair of link and underline colour for the cells to come."""
        number: cython.uint = self.extras.intern(self.link, self.underline_color)
        if number == 0 and (self.link or self.underline_color):
            self.dropped += 1
        self.attr = (self.attr & _LOW_ATTR) | (number << 16)

    def set_link(self, link: cython.int) -> cython.void:
        """OSC 8: 0 ends the link."""
        self.link = link
        self.update_extra()

    @cython.wraparound(False)
    def sgr(self, params: cython.int[::1], colons: cython.uchar[::1], count: cython.int) -> cython.void:
        """SGR, with sub-parameters where a colon stands before them."""
        at: cython.int = 0
        code: cython.int
        style: cython.int
        color: cython.uint = 0
        attr: cython.uint = self.attr
        while at < count:
            code = params[at]
            if code <= 0:
                attr = attr & ~_RENDITION & _LOW_ATTR
                self.fg = self.bg = 0
                if self.underline_color or self.link:
                    self.underline_color = 0
                    self.attr = attr
                    self.update_extra()
                    attr = self.attr
            elif 30 <= code <= 37:
                self.fg = _INDEXED | (code - 30)
            elif 40 <= code <= 47:
                self.bg = _INDEXED | (code - 40)
            elif code == 39:
                self.fg = 0
            elif code == 49:
                self.bg = 0
            elif code == 1:
                attr |= 0x0001
            elif code == 2:
                attr |= 0x0002
            elif code == 3:
                attr |= 0x0004
            elif code == 4:
                style = 1
                if at + 1 < count and colons[at + 1]:
                    style = params[at + 1]
                    if style < 0 or style > 5:
                        style = 1
                attr = (attr & ~_UNDERLINE) | (style << 3)
            elif code == 5:
                attr |= 0x0040
            elif code == 6:
                attr |= 0x0080
            elif code == 7:
                attr |= 0x0100
            elif code == 8:
                attr |= 0x0200
            elif code == 9:
                attr |= 0x0400
            elif code == 21:
                attr = (attr & ~_UNDERLINE) | 0x0010
            elif code == 22:
                attr &= ~0x0003
            elif code == 23:
                attr &= ~0x0004
            elif code == 24:
                attr = attr & ~_UNDERLINE
            elif code == 25:
                attr &= ~0x00C0
            elif code == 27:
                attr &= ~0x0100
            elif code == 28:
                attr &= ~0x0200
            elif code == 29:
                attr &= ~0x0400
            elif code == 53:
                attr |= 0x0800
            elif code == 55:
                attr &= ~0x0800
            elif 90 <= code <= 97:
                self.fg = _INDEXED | (code - 82)
            elif 100 <= code <= 107:
                self.bg = _INDEXED | (code - 92)
            elif code in (38, 48, 58):
                at = self.sgr_color(params, colons, count, at)
                color = self.parsed_color
                if color:
                    if code == 38:
                        self.fg = color
                    elif code == 48:
                        self.bg = color
                    else:
                        self.underline_color = color
                        self.attr = attr
                        self.update_extra()
                        attr = self.attr
                continue
            elif code == 59:
                self.underline_color = 0
                self.attr = attr
                self.update_extra()
                attr = self.attr
            at += 1
            while at < count and colons[at]:
                at += 1
        self.attr = attr

    @cython.wraparound(False)
    def sgr_color(
        self, params: cython.int[::1], colons: cython.uchar[::1], count: cython.int, at: cython.int
    ) -> cython.int:
        """Read 38, 48 or 58 at `at` into `parsed_color` (0: malformed); returns where the next parameter is.

        Forms: `38;5;n`, `38;2;r;g;b`, `38:5:n`, `38:2:r:g:b` and, with a colour space, `38:2::r:g:b`.
        """
        self.parsed_color = 0
        first: cython.int = at + 1
        end: cython.int = first
        kind: cython.int
        red: cython.int
        green: cython.int
        blue: cython.int
        while end < count and colons[end]:
            end += 1
        if end > first:
            kind = params[first]
            if kind == 2 or kind == 6:
                first += 2 if end - first >= 5 else 1
                if end - first < 3:
                    return end
            else:
                first += 1
        else:
            if first >= count:
                return count
            kind = params[first]
            first += 1
            end = first + (3 if kind == 2 else 1 if kind == 5 else 0)
            if end > count:
                return count
        if kind == 6 and end - first >= 4:
            # WezTerm's, with an alpha value, which cells have no room for.
            kind = 2
        if kind == 5 and first < end:
            red = max(params[first], 0)
            if red <= 255:
                self.parsed_color = _INDEXED | red
        elif kind == 2:
            red = max(params[first], 0)
            green = max(params[first + 1], 0)
            blue = max(params[first + 2], 0)
            if red <= 255 and green <= 255 and blue <= 255:
                self.parsed_color = _RGB | (red << 16) | (green << 8) | blue
        return end
