# cython: language_level=3
# mypy: ignore-errors
"""What a terminal keeps outside its grid, as `requests` reads and writes it: titles, colours, replies.

The parser below it stops at control functions that need these; `requests` carries them out by the methods
here. Everything here runs under the terminal's lock, with the GIL. Types are in host.pxd; runs uncompiled
as well.
"""

from __future__ import annotations

import re

import cython

from perilune.cells.packing import unpack_color
from perilune.vt import charsets as _charsets
from perilune.vt import events as _events
from perilune.vt.grid import _array
from perilune.vt.images import ImageStore as _ImageStore
from perilune.vt.kitty_graphics import KittyGraphics as _KittyGraphics
from perilune.vt.screen import KNOWN_MODES
from perilune.vt.settings import TerminalSettings

if cython.compiled:
    from cython.cimports.perilune.vt.parser import Parser
else:
    from perilune.vt.parser import Parser

__all__ = ["Host"]

# What XTPUSHSGR names each part of the rendition by.
_SGR_PARTS = {1: 0x1, 2: 0x2, 3: 0x4, 4: 0x38, 21: 0x38, 5: 0xC0, 7: 0x100, 8: 0x200, 9: 0x400}
_SGR_FOREGROUND, _SGR_BACKGROUND = 30, 31
_MAX_SGR_STACK = _MAX_COLOR_STACK = 10

_MAX_EVENTS = 4096
_MAX_OUTPUT = 1 << 20

# Final bytes of character sets, some with an intermediate.
_DESIGNATIONS = re.compile(rb"%?[0-~]")

Rgb = tuple[int, int, int]


def _words(kept: bytes) -> memoryview[int]:
    """Colour words out of bytes."""
    return memoryview(bytearray(kept)).cast("I")


class Host(Parser):
    """A parser with somewhere to put what is no cell."""

    def __init__(self, cols: int, rows: int, history_max: int, settings: TerminalSettings) -> None:
        self.own_settings = settings
        self.title = self.icon_title = ""
        self.title_stack = []
        self.last_exit_status = None
        self.failure = None
        self.event_list = []
        self.output = bytearray()
        self.palette = _array("I", 256)
        self.has_palette = False
        self.dynamic = _array("I", 10)
        self.special = _array("I", 5)
        self.title_modes = {2, 3}
        self.sgr_stack = []
        self.color_stack = []
        self.color_at = 0
        self.begun_notifications = {}
        self.unicode_stack = []
        Parser.__init__(self, cols, rows, history_max, settings.string_limit)
        self.image_store = _ImageStore()
        self.graphics = _KittyGraphics()
        self.set_unicode_version(settings.unicode_version)
        self.apply_settings(settings)

    def apply_settings(self, settings: TerminalSettings) -> None:
        """Take settings, with the lock held."""
        if self.own_settings.unicode_version != settings.unicode_version:
            # Otherwise a program's own choice stays.
            self.set_unicode_version(settings.unicode_version)
        self.own_settings = settings
        self.string_limit = settings.string_limit
        # A picture comes as base64, or as sixels, which are longer than what they say.
        self.image_limit = min(2 * settings.image_memory, 1 << 26)
        self.ambiguous_is_wide = settings.ambiguous_is_wide
        self.composes = settings.normalize_to_nfc

    def set_unicode_version(self, version: int) -> None:
        """The version of Unicode that decides about variation selectors; 0: the newest."""
        self.unicode_version = version
        self.variation_selectors = not 0 < version < 14

    def forget_scrollback(self) -> None:
        """What ED 3 does, on whatever screen."""
        self.clear_history()
        self.all_seq = self.stamp

    def emit(self, event: _events.TerminalEvent) -> None:
        """Queue an event; a queue that nobody drains is bounded."""
        if len(self.event_list) >= _MAX_EVENTS:
            self.dropped += 1
        elif not (isinstance(event, _events.Bell) and self.event_list and self.event_list[-1] == event):
            self.event_list.append(event)

    def reply(self, data: bytes) -> None:
        """Queue bytes for the program; bounded likewise."""
        if self.eight_bit:
            for seven, eight in (
                (b"\x1b[", b"\x9b"),
                (b"\x1bP", b"\x90"),
                (b"\x1b]", b"\x9d"),
                (b"\x1b\\", b"\x9c"),
            ):
                data = data.replace(seven, eight)
        if len(self.output) + len(data) > _MAX_OUTPUT:
            self.dropped += 1
        else:
            self.output += data

    def reply_string(self, data: bytes) -> None:
        """Reply with an OSC, given without its end, which is that of the query: BEL or ST."""
        self.reply(data + (b"\x07" if self.ended_by_bell else b"\x1b\\"))

    def count_dropped(self) -> None:
        """Note that something was over a limit."""
        self.dropped += 1

    def request_string(self) -> bytes:
        """The OSC, DCS or APC string; room that only a picture needed is given back."""
        string = bytes(self.string[: self.string_length])
        if len(self.string) > self.string_limit:
            self.string = _array("B", 256)
        return string

    def request_final(self) -> str:
        """The final byte."""
        return chr(self.final)

    def request_function(self) -> tuple[str, str, str]:
        """Prefix, intermediates and final byte of a CSI or DCS."""
        prefix = chr(self.prefix) if self.prefix else ""
        intermediates = ""
        value = self.intermediate
        while value:
            intermediates = chr(value & 0xFF) + intermediates
            value >>= 8
        return prefix, intermediates, chr(self.final)

    def request_params(self) -> list[int]:
        """Parameters; -1 for one left out."""
        return [self.params[number] for number in range(self.param_count)]

    def reported_position(self) -> tuple[int, int]:
        """The cursor as CPR reports it: from 1, relative in origin mode."""
        if self.origin:
            return self.row - self.top + 1, self.col - self.left + 1
        return self.row + 1, self.col + 1

    def mode_state(self, mode: int, *, private: bool) -> int:
        """DECRQM's answer: 0 unknown, 1 set, 2 reset, 3 permanently set, 4 permanently reset."""
        if not private:
            if mode in (1, 5, 7, 10, 11, 13, 14, 15, 16, 17, 18, 19):
                return 4
            return (1 if self.ansi_modes[mode] else 2) if mode in (2, 4, 12, 20) else 0
        if mode == 2:
            # The question is understood, so this is no VT52.
            return 1
        if mode in (1070, 2027):
            return 3
        if mode == 60:
            return 4
        return (1 if self.private_modes[mode] else 2) if mode in KNOWN_MODES else 0

    def kitty_flags(self) -> int:
        """The kitty keyboard flags in force."""
        if not self.own_settings.enable_kitty_keyboard:
            return 0
        screen = 1 if self.on_alternate else 0
        return self.kitty_stack[screen * 16 + self.kitty_depth[screen]]

    def margins(self) -> tuple[int, int, int, int]:
        """Left, right, top, bottom, inclusive."""
        return self.left, self.right, self.top, self.bottom

    def is_protecting(self) -> bool:
        """Whether DECSCA protects what is printed."""
        return bool(self.attr & 0x1000)

    def rendition(self) -> bytes:
        """The rendition in force as SGR parameters, for DECRQSS."""
        parts = ["0"]
        attr = self.attr
        for bit, code in ((1, "1"), (2, "2"), (4, "3")):
            if attr & bit:
                parts.append(code)
        underline = attr >> 3 & 7
        if underline:
            parts.append("4" if underline == 1 else f"4:{underline}")
        for bit, code in ((0x40, "5"), (0x80, "6"), (0x100, "7"), (0x200, "8"), (0x400, "9"), (0x800, "53")):
            if attr & bit:
                parts.append(code)
        for base, word in ((30, self.fg), (40, self.bg), (50, self.underline_color)):
            color = unpack_color(word)
            if isinstance(color, tuple):
                parts.append(f"{base + 8}:2::{color[0]}:{color[1]}:{color[2]}")
            elif color is not None and base < 50 and color < 8:
                parts.append(str(base + color))
            elif color is not None and base < 50 and color < 16:
                parts.append(str(base + 52 + color))
            elif color is not None:
                parts.append(f"{base + 8}:5:{color}")
        return ";".join(parts).encode()

    def push_rendition(self, parts: list[int]) -> None:
        """XTPUSHSGR: all of the rendition, or the parts named."""
        if len(self.sgr_stack) >= _MAX_SGR_STACK:
            self.dropped += 1
            return
        mask, has_fg, has_bg = 0, _SGR_FOREGROUND in parts, _SGR_BACKGROUND in parts
        for part in parts:
            mask |= _SGR_PARTS.get(part, 0)
        if not parts:
            mask, has_fg, has_bg = 0xFFF, True, True
        self.sgr_stack.append(
            (mask, has_fg, has_bg, self.attr & mask, self.fg, self.bg, self.underline_color)
        )

    def pop_rendition(self) -> None:
        """XTPOPSGR."""
        if not self.sgr_stack:
            return
        mask, has_fg, has_bg, attr, fg, bg, underline_color = self.sgr_stack.pop()
        self.attr = (self.attr & ~mask) | attr
        if has_fg:
            self.fg = fg
        if has_bg:
            self.bg = bg
        if mask & 0x38:
            self.underline_color = underline_color
            self.update_extra()

    def cursor_information(self) -> bytes:
        """DECCIR's report of the cursor, its rendition and its character sets."""
        attr = self.attr
        look = (
            64
            | (attr & 1)
            | (2 if attr & 0x38 else 0)
            | (4 if attr & 0xC0 else 0)
            | (8 if attr & 0x100 else 0)
        )
        flags = 64 | (1 if self.origin else 0) | (8 if self.pending else 0)
        flags |= {2: 2, 3: 4}.get(self.single_shift, 0)
        sets = bytearray()
        sizes = 64
        for number in range(4):
            charset = self.charsets[number]
            sizes |= (1 << number) if charset & _charsets.NINETY_SIX else 0
            sets += b"%6" if charset == _charsets.PORTUGUESE else bytes([charset & 0x7F])
        row, col = self.reported_position()
        return b"%d;%d;1;%c;%c;%c;%d;2;%c;%s" % (
            row, col, look, 64 | (1 if attr & 0x1000 else 0), flags, self.locking_shift, sizes, sets,
        )  # fmt: skip

    def restore_cursor_information(self, report: bytes) -> None:
        """DECRSPS of a DECCIR; one that is malformed changes nothing."""
        parts = report.split(b";", 9)
        if len(parts) != 10 or not all(part.isdigit() and len(part) < 6 for part in (*parts[:3], parts[6])):
            return
        if any(len(part) != 1 for part in (*parts[3:6], parts[8])):
            return
        designated = _DESIGNATIONS.findall(parts[9])
        if len(designated) != 4 or b"".join(designated) != parts[9]:
            return
        look, protected, flags = parts[3][0], parts[4][0], parts[5][0]
        attr = self.attr & ~(0x1 | 0x38 | 0xC0 | 0x100 | 0x1000)
        attr |= (look & 1) | (0x8 if look & 2 else 0) | (0x40 if look & 4 else 0) | (0x100 if look & 8 else 0)
        self.attr = attr | (0x1000 if protected & 1 else 0)
        for number, name in enumerate(designated):
            charset = {b"%5": 60, b"%6": _charsets.PORTUGUESE}.get(name, name[-1])
            self.charsets[number] = charset | (_charsets.NINETY_SIX if parts[8][0] >> number & 1 else 0)
        self.locking_shift = min(int(parts[6]), 3)
        self.update_charset()
        self.origin = bool(flags & 1)
        self.private_modes[6] = self.origin
        self.move_to(int(parts[0]) - 1, int(parts[1]) - 1)
        self.pending = bool(flags & 8) and self.autowrap

    def tab_stops(self) -> list[int]:
        """The columns of the tab stops, from 1."""
        return [col + 1 for col in range(self.cols) if self.tabs[col]]

    def set_tab_stops(self, columns: list[int]) -> None:
        """Likewise."""
        self.clear_tabs(3)
        for col in columns:
            if 1 <= col <= self.cols:
                self.tabs[col - 1] = 1

    def set_title(self, title: str) -> None:
        """OSC 2."""
        self.title = title
        self.emit(_events.TitleChanged(title))

    def set_icon_title(self, title: str) -> None:
        """OSC 1."""
        self.icon_title = title
        self.emit(_events.IconTitleChanged(title))

    def palette_override(self, index: int) -> Rgb | None:
        """What OSC 4 set."""
        color = unpack_color(self.palette[index])
        return color if isinstance(color, tuple) else None

    def set_palette_override(self, index: int, color: Rgb | None) -> None:
        """OSC 4 and 104."""
        self.palette[index] = 0 if color is None else 0x02000000 | color[0] << 16 | color[1] << 8 | color[2]
        self.has_palette = any(self.palette)
        self.all_seq = self.stamp

    def clear_palette_overrides(self) -> None:
        """OSC 104 without parameters."""
        self.palette = _array("I", 256)
        self.has_palette = False
        self.all_seq = self.stamp

    def dynamic_color(self, number: int) -> Rgb | None:
        """What OSC 10 to 19 set."""
        color = unpack_color(self.dynamic[number - 10])
        return color if isinstance(color, tuple) else None

    def set_dynamic_color(self, number: int, color: Rgb | None) -> None:
        """OSC 10 to 19 and 110 to 119."""
        self.dynamic[number - 10] = (
            0 if color is None else 0x02000000 | color[0] << 16 | color[1] << 8 | color[2]
        )
        self.all_seq = self.stamp

    def special_color(self, index: int) -> Rgb | None:
        """What OSC 5 set."""
        color = unpack_color(self.special[index])
        return color if isinstance(color, tuple) else None

    def set_special_color(self, index: int, color: Rgb | None) -> None:
        """OSC 5 and 105."""
        self.special[index] = 0 if color is None else 0x02000000 | color[0] << 16 | color[1] << 8 | color[2]

    def push_colors(self, number: int) -> None:
        """XTPUSHCOLORS: keep the colours that programs set, at a place from 1 on; 0: the next one."""
        if number == 0:
            number = self.color_at + 1
        if number > _MAX_COLOR_STACK:
            self.dropped += 1
            return
        while len(self.color_stack) < number:
            self.color_stack.append((bytes(1024), bytes(40), bytes(20)))
        kept = (bytes(self.palette), bytes(self.dynamic), bytes(self.special))
        self.color_stack[number - 1] = kept
        self.color_at = number

    def pop_colors(self, number: int) -> None:
        """XTPOPCOLORS: back to what was kept at a place; 0: the last one, which is then free again."""
        chosen = number or self.color_at
        if not 1 <= chosen <= len(self.color_stack):
            return
        palette, dynamic, special = self.color_stack[chosen - 1]
        self.palette = _words(palette)
        self.dynamic = _words(dynamic)
        self.special = _words(special)
        self.has_palette = any(self.palette)
        self.all_seq = self.stamp
        self.color_at = chosen - 1

    def color_stack_report(self) -> tuple[int, int]:
        """XTREPORTCOLORS: the place in use and how many are kept."""
        return self.color_at, len(self.color_stack)

    def area_checksum(self) -> int:
        """DECRQCRA's sum over the area that the request names."""
        if not self.find_rectangle(self.params, self.param_count, 2):
            return 0
        return self.checksum()

    def mark_row(self) -> None:
        """OSC 1337 SetMark: as though a prompt started here."""
        slot = self.vis[self.row]
        self.flags[slot] = self.flags[slot] | 4
        self.line_seq[slot] = self.stamp

    # -- images --

    def cursor_place(self) -> tuple[int, int]:
        """The cursor's row and column, from 0."""
        return self.row, self.col

    def advance_row(self) -> None:
        """Down one row, scrolling at the bottom margin."""
        self.index()

    def step_right(self, count: int) -> None:
        """The cursor behind a picture, in the same row."""
        self.move_cols(max(0, min(count, self.cols)))

    def anchor_row(self, row: int) -> int:
        """Tie something to a visible row; returns the slot that stands for it."""
        slot = self.vis[row]
        if not self.flags[slot] & 8:
            self.image_store.slot_cleared(slot)
        self.flags[slot] = self.flags[slot] | 8
        self.line_seq[slot] = self.stamp
        return slot

    def note_images(self, slots: list[int]) -> None:
        """Pictures came, went or changed: rows in these slots look different; -1: one of the scrollback."""
        for slot in slots:
            if slot >= 0:
                self.line_seq[slot] = self.stamp
        self.sync_closed = True

    def note_everything(self) -> None:
        """Every row looks different."""
        self.all_seq = self.stamp

    def holds_anchor(self, slot: int, line: int, cell: int) -> bool:
        """Whether the row is still there, on any screen or in the scrollback."""
        if slot >= 0:
            return bool(self.flags[slot] & 8)
        return self.store.row_of(line, cell) >= 0

    def row_of_anchor(self, slot: int, line: int, cell: int) -> int:
        """The stable number of the row now, -1 where it does not show."""
        if slot < 0:
            row = self.store.row_of(line, cell)
            return -1 if row < 0 else self.evicted + row
        if self.flags[slot] & 8:
            for row in range(self.rows):
                if self.vis[row] == slot:
                    return self.evicted + self.history_count + row
        return -1

    def reset_unlocked(self) -> None:
        """RIS: everything but the scrollback, the title and what was counted."""
        self.reset_screen()
        self.reset_parser()
        self.clear_palette_overrides()
        self.dynamic = _array("I", 10)
        self.special = _array("I", 5)
        self.title_modes = {2, 3}
        self.title_stack.clear()
        self.sgr_stack.clear()
        self.color_stack.clear()
        self.color_at = 0
        self.begun_notifications.clear()
        self.unicode_stack.clear()
        self.set_unicode_version(self.own_settings.unicode_version)
        self.image_store.clear()
        self.graphics = _KittyGraphics()
