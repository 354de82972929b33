# cython: language_level=3
# mypy: ignore-errors
# ruff: noqa: PLR1714, SIM102 - chains of == become C switches
"""Bytes to control functions: a DEC state machine after Paul Williams, with UTF-8 in front of it.

What changes the screen is carried out here. What needs a Python object (reports, titles, clipboard,
palette) is left as a `request`: `parse` returns early, the terminal answers it with the GIL held, and
parsing goes on. So the order of effects and replies is the order of the bytes.

Deviations: 8-bit C1 controls are recognised in their UTF-8 form only, since a raw byte 0x80-0x9F is malformed
UTF-8; a string (OSC, DCS, APC) ends with ST or, for OSC, BEL, and is dropped when another escape sequence
interrupts it. Types are in parser.pxd; the same file runs uncompiled. Runs under the terminal's lock.
"""

from __future__ import annotations

import cython

from perilune.vt import charsets as _charsets
from perilune.vt.grid import _array

if cython.compiled:
    from cython.cimports.libc.string import memcpy
    from cython.cimports.perilune.vt.printer import Printer
else:
    from perilune.vt.printer import Printer

__all__ = ["APC", "CSI", "DCS", "ENQ", "ESC", "OSC", "Parser"]

# Requests, as Python sees them.
CSI, ESC, OSC, DCS, APC, ENQ = 1, 2, 3, 4, 5, 6

_GROUND = cython.declare(cython.int, 0)
_ESCAPE = cython.declare(cython.int, 1)
_CSI = cython.declare(cython.int, 2)
_CSI_IGNORE = cython.declare(cython.int, 3)
_DCS = cython.declare(cython.int, 4)
_DCS_IGNORE = cython.declare(cython.int, 5)
_STRING = cython.declare(cython.int, 6)
_STRING_ESCAPE = cython.declare(cython.int, 7)
_VT52_ROW = cython.declare(cython.int, 8)
_VT52_COL = cython.declare(cython.int, 9)

_REQUEST_CSI = cython.declare(cython.int, 1)
_REQUEST_ESC = cython.declare(cython.int, 2)
_REQUEST_OSC = cython.declare(cython.int, 3)
_REQUEST_DCS = cython.declare(cython.int, 4)
_REQUEST_APC = cython.declare(cython.int, 5)
_REQUEST_ENQ = cython.declare(cython.int, 6)

# A byte eight times over.
_ALL_0X01 = cython.declare(cython.ulonglong, 0x0101010101010101)
_ALL_0X20 = cython.declare(cython.ulonglong, 0x2020202020202020)
_ALL_0X7F = cython.declare(cython.ulonglong, 0x7F7F7F7F7F7F7F7F)
_ALL_0X80 = cython.declare(cython.ulonglong, 0x8080808080808080)

_MAX_PARAMS = cython.declare(cython.int, 32)
_MAX_VALUE = cython.declare(cython.int, 65535)
_MAX_LINK = cython.declare(cython.int, 4096)
_REPLACEMENT = cython.declare(cython.uint, 0xFFFD)
_NINETY_SIX = cython.declare(cython.int, _charsets.NINETY_SIX)
_PORTUGUESE = cython.declare(cython.int, _charsets.PORTUGUESE)


class Parser(Printer):
    """A screen that eats bytes."""

    def __init__(self, cols: int, rows: int, history_max: int, string_limit: int) -> None:
        Printer.__init__(self, cols, rows, history_max)
        self.params = _array("i", 33)
        self.colons = _array("B", 33)
        self.string = _array("B", 256)
        self.string_limit = self.image_limit = string_limit
        self.string_kind = self.request = 0
        self.checksum_flags = 0
        self.reset_parser()

    def reset_parser(self) -> None:
        """Back to the ground state; an unfinished sequence is forgotten."""
        self.state = self.param_count = self.prefix = self.intermediate = self.final = 0
        self.overflow = False
        self.utf_need = 0
        self.utf_code = self.utf_low = self.utf_high = 0
        self.string_length = 0
        self.ended_by_bell = False

    @cython.wraparound(False)
    def parse(self, data: cython.const[cython.uchar][::1], start: cython.int, end: cython.int) -> cython.int:
        """Carry out `data[start:end]` up to its end or the first request; returns how far it came."""
        at: cython.int = start
        byte: cython.int
        while at < end:
            if self.state == _GROUND:
                at = self.ground(data, at, end)
            elif self.state == _CSI:
                at = self.csi(data, at, end)
            elif self.state == _STRING:
                at = self.collect(data, at, end)
            else:
                byte = data[at]
                at += 1
                if self.state == _STRING_ESCAPE:
                    if byte == 0x5C:
                        self.end_string()
                    else:
                        self.begin(_ESCAPE)
                        at -= 1
                elif byte == 0x1B:
                    self.begin(_ESCAPE)
                elif byte == 0x18 or byte == 0x1A:
                    self.state = _GROUND
                elif byte >= 0x80:
                    self.state = _GROUND
                    at -= 1
                elif self.state == _ESCAPE:
                    if byte < 0x20:
                        self.execute(byte)
                    elif byte != 0x7F:
                        self.escape(byte)
                elif self.state == _CSI_IGNORE:
                    if byte < 0x20:
                        self.execute(byte)
                    elif 0x40 <= byte < 0x7F:
                        self.state = _GROUND
                elif self.state == _DCS:
                    if 0x40 <= byte < 0x7F:
                        self.final = byte
                        self.begin_string(_REQUEST_DCS, _STRING)
                    elif 0x20 <= byte < 0x7F:
                        self.push_param(byte)
                        if self.state == _CSI_IGNORE:
                            self.state = _DCS_IGNORE
                elif self.state >= _VT52_ROW:
                    if byte < 0x20:
                        self.execute(byte)
                    elif self.state == _VT52_ROW:
                        self.params[0] = byte - 0x20
                        self.state = _VT52_COL
                    else:
                        self.state = _GROUND
                        self.move_to(self.params[0], byte - 0x20)
                elif self.state == _DCS_IGNORE:
                    if 0x40 <= byte < 0x7F:
                        self.begin_string(0, _STRING)
            if self.request:
                break
        return at

    @cython.wraparound(False)
    def ground(self, data: cython.const[cython.uchar][::1], at: cython.int, end: cython.int) -> cython.int:
        """Text and C0 controls, until an escape sequence or a request."""
        byte: cython.int
        stop: cython.int
        eight: cython.ulonglong = 0
        while at < end:
            byte = data[at]
            if self.utf_need or byte >= 0x80:
                at = self.utf8(data, at, end)
                if self.state != _GROUND or self.request:
                    return at
            elif 0x20 <= byte < 0x7F:
                stop = at + 1
                if cython.compiled:
                    # Eight bytes at once, as long as each is 0x20 to 0x7E.
                    while stop + 8 <= end:
                        memcpy(cython.address(eight), cython.address(data[stop]), 8)
                        if (eight | (eight - _ALL_0X20) | ((eight ^ _ALL_0X7F) - _ALL_0X01)) & _ALL_0X80:
                            break
                        stop += 8
                while stop < end and 0x20 <= data[stop] < 0x7F:
                    stop += 1
                if self.plain_text:
                    self.print_ascii(data, at, stop)
                else:
                    self.print_mapped(data, at, stop)
                at = stop
            elif byte == 0x1B:
                self.begin(_ESCAPE)
                return at + 1
            else:
                at += 1
                self.execute(byte)
                if self.request:
                    return at
        return at

    @cython.wraparound(False)
    def utf8(self, data: cython.const[cython.uchar][::1], at: cython.int, end: cython.int) -> cython.int:
        """One or more bytes of UTF-8; each maximal malformed part becomes one U+FFFD."""
        byte: cython.uint
        while at < end:
            byte = data[at]
            if self.utf_need:
                if self.utf_low <= byte <= self.utf_high:
                    self.utf_code = (self.utf_code << 6) | (byte & 0x3F)
                    self.utf_low = 0x80
                    self.utf_high = 0xBF
                    self.utf_need -= 1
                    at += 1
                    if self.utf_need == 0:
                        self.print_decoded(self.utf_code)
                        if self.state != _GROUND or self.request:
                            return at
                else:
                    self.utf_need = 0
                    self.print_decoded(_REPLACEMENT)
                continue
            if byte < 0x80:
                return at
            at += 1
            self.utf_low = 0x80
            self.utf_high = 0xBF
            if 0xE1 <= byte <= 0xEF:
                if at + 1 < end and byte != 0xED and data[at] & 0xC0 == 0x80 and data[at + 1] & 0xC0 == 0x80:
                    self.print_decoded(
                        ((byte & 0x0F) << 12)
                        | (cython.cast(cython.uint, data[at] & 0x3F) << 6)
                        | cython.cast(cython.uint, data[at + 1] & 0x3F)
                    )
                    at += 2
                    continue
                self.utf_need = 2
                self.utf_code = byte & 0x0F
                if byte == 0xED:
                    self.utf_high = 0x9F
            elif 0xC2 <= byte <= 0xDF:
                if at < end and data[at] & 0xC0 == 0x80:
                    self.print_decoded(((byte & 0x1F) << 6) | cython.cast(cython.uint, data[at] & 0x3F))
                    at += 1
                    # It may have been a C1 control.
                    if self.state != _GROUND or self.request:
                        return at
                    continue
                self.utf_need = 1
                self.utf_code = byte & 0x1F
            elif byte == 0xE0:
                self.utf_need = 2
                self.utf_code = 0
                self.utf_low = 0xA0
            elif 0xF0 <= byte <= 0xF4:
                self.utf_need = 3
                self.utf_code = byte & 0x07
                if byte == 0xF0:
                    self.utf_low = 0x90
                elif byte == 0xF4:
                    self.utf_high = 0x8F
            elif self.eight_bit and byte < 0xA0:
                self.begin(_ESCAPE)
                self.escape(byte - 0x40)
                return at
            else:
                self.print_decoded(_REPLACEMENT)
        return at

    def print_decoded(self, code: cython.uint) -> cython.void:
        """A decoded code point: a C1 control or text."""
        if code < 0xA0:
            self.begin(_ESCAPE)
            self.escape(code - 0x40)
        else:
            if self.single_shift:
                self.single_shift = 0
                self.update_charset()
            if self.composes and code >= 0x340:
                self.print_normalized(code)
            else:
                self.print_code(code)

    @cython.wraparound(False)
    def print_mapped(
        self, data: cython.const[cython.uchar][::1], start: cython.int, end: cython.int
    ) -> cython.void:
        """Bytes 0x20-0x7E while a charset other than ASCII is in use."""
        at: cython.int
        for at in range(start, end):
            self.print_code(self.translate(data[at]))

    def execute(self, byte: cython.int) -> cython.void:
        """C0 controls."""
        if byte == 0 or byte == 0x7F:
            return
        self.cluster_state = 0
        if byte == 0x0A or byte == 0x0B or byte == 0x0C:
            self.index()
            if self.newline_mode:
                self.carriage_return()
        elif byte == 0x0D:
            self.carriage_return()
        elif byte == 0x08:
            self.backspace(1)
        elif byte == 0x09:
            self.tab_forward(1)
        elif byte == 0x07:
            self.bells += 1
        elif byte == 0x0E:
            self.locking_shift = 1
            self.update_charset()
        elif byte == 0x0F:
            self.locking_shift = 0
            self.update_charset()
        elif byte == 0x05:
            self.request = _REQUEST_ENQ

    # -- sequences --

    @cython.wraparound(False)
    def begin(self, state: cython.int) -> cython.void:
        """Enter a sequence: no parameters, no intermediates."""
        self.state = state
        self.cluster_state = 0
        self.param_count = 0
        self.prefix = 0
        self.intermediate = 0
        self.overflow = False
        self.params[0] = -1
        self.colons[0] = 0

    def begin_string(self, kind: cython.int, state: cython.int) -> cython.void:
        """Enter a string of the given request kind; 0: thrown away."""
        self.state = state
        self.string_kind = kind
        self.string_length = 0
        self.utf_code = 0
        self.ended_by_bell = False
        self.overflow = False

    @cython.wraparound(False)
    def push_param(self, byte: cython.int) -> cython.void:
        """One byte 0x20-0x3F of a parameter string."""
        if byte < 0x30:
            # More than two intermediates mean nothing to anybody.
            if self.intermediate > 0xFF:
                self.state = _CSI_IGNORE
            else:
                self.intermediate = (self.intermediate << 8) | byte
        elif byte >= 0x3C:
            if self.prefix or self.param_count or self.intermediate:
                self.state = _CSI_IGNORE
            else:
                self.prefix = byte
        elif self.intermediate:
            self.state = _CSI_IGNORE
        else:
            if self.param_count == 0:
                self.param_count = 1
            if byte >= 0x3A:
                if self.param_count >= _MAX_PARAMS:
                    if not self.overflow:
                        self.dropped += 1
                    self.overflow = True
                else:
                    self.params[self.param_count] = -1
                    self.colons[self.param_count] = byte == 0x3A
                    self.param_count += 1
            elif not self.overflow:
                self.params[self.param_count - 1] = min(
                    max(self.params[self.param_count - 1], 0) * 10 + byte - 0x30, _MAX_VALUE
                )

    @cython.wraparound(False)
    def csi(self, data: cython.const[cython.uchar][::1], at: cython.int, end: cython.int) -> cython.int:
        """Inside a CSI sequence."""
        byte: cython.int
        value: cython.int
        while at < end:
            byte = data[at]
            if 0x30 <= byte <= 0x39 and not self.overflow and not self.intermediate:
                if self.param_count == 0:
                    self.param_count = 1
                value = max(self.params[self.param_count - 1], 0) * 10 + byte - 0x30
                at += 1
                while at < end and 0x30 <= data[at] <= 0x39:
                    if value < _MAX_VALUE:
                        value = value * 10 + data[at] - 0x30
                    at += 1
                self.params[self.param_count - 1] = min(value, _MAX_VALUE)
                continue
            if byte >= 0x80:
                self.state = _GROUND
                return at
            at += 1
            if 0x40 <= byte < 0x7F:
                self.state = _GROUND
                self.final = byte
                self.csi_final()
                return at
            if byte >= 0x20:
                if byte != 0x7F:
                    self.push_param(byte)
                    if self.state != _CSI:
                        return at
            elif byte == 0x1B:
                self.begin(_ESCAPE)
                return at
            elif byte == 0x18 or byte == 0x1A:
                self.state = _GROUND
                return at
            else:
                self.execute(byte)
                if self.request:
                    return at
        return at

    @cython.wraparound(False)
    def collect(self, data: cython.const[cython.uchar][::1], at: cython.int, end: cython.int) -> cython.int:
        """Inside a string."""
        byte: cython.int
        while at < end:
            byte = data[at]
            at += 1
            if byte == 0x9C and (self.eight_bit or self.utf_code == 0xC2):
                # C2 9C is ST in UTF-8; no character has these bytes among its own.
                if self.utf_code == 0xC2 and self.string_length and not self.overflow and self.string_kind:
                    self.string_length -= 1
                self.utf_code = 0
                self.end_string()
                return at
            self.utf_code = byte
            if byte >= 0x20 or (self.string_kind == _REQUEST_DCS and byte not in (0x18, 0x1A, 0x1B)):
                if self.string_kind == 0 or self.overflow:
                    continue
                if self.string_length >= self.string.shape[0] and not self.room():
                    self.overflow = True
                    continue
                self.string[self.string_length] = byte
                self.string_length += 1
            elif byte == 0x1B:
                self.state = _STRING_ESCAPE
                return at
            elif byte == 0x18 or byte == 0x1A:
                self.state = _GROUND
                return at
            elif byte == 0x07 and self.string_kind == _REQUEST_OSC:
                self.ended_by_bell = True
                self.end_string()
                return at
        return at

    def room(self) -> cython.int:
        """Double the string buffer up to the limit; 0: no more."""
        limit: cython.int = self.string_limit
        # What may be a picture: kitty's APC G, sixel, OSC 1337 ; File.
        if (
            (self.string_kind == _REQUEST_APC and self.string[0] == 0x47)
            or (self.string_kind == _REQUEST_DCS and self.final == 0x71 and self.intermediate == 0)
            or (
                self.string_kind == _REQUEST_OSC
                and self.string[0] == 0x31
                and self.string[2] == 0x33
                and self.string[3] == 0x37
                and self.string[5] == 0x46
            )
        ):
            limit = max(limit, self.image_limit)
        if self.string_length >= limit:
            return 0
        with cython.gil:
            string = _array("B", min(limit, self.string_length * 2))
            string[: self.string_length] = self.string
            self.string = string
        return 1

    @cython.wraparound(False)
    def end_string(self) -> cython.void:
        """ST or BEL: carry a complete string out, or ask Python to."""
        at: cython.int
        self.state = _GROUND
        if self.overflow:
            self.dropped += 1
            return
        if self.string_kind == _REQUEST_OSC and self.string_length >= 2:
            if self.string[0] == 0x38 and self.string[1] == 0x3B:
                at = 2
                while at < self.string_length and self.string[at] != 0x3B:
                    at += 1
                if at + 1 >= self.string_length:
                    self.set_link(0)
                elif self.string_length > _MAX_LINK:
                    self.dropped += 1
                    self.set_link(0)
                else:
                    at = self.links.intern(self.string, 2, self.string_length)
                    if at == 0:
                        self.dropped += 1
                    self.set_link(at)
                return
            if (
                self.string_length >= 5
                and self.string[0] == 0x31
                and self.string[1] == 0x33
                and self.string[2] == 0x33
                and self.string[3] == 0x3B
            ):
                self.semantic_prompt()
                return
        self.request = self.string_kind

    @cython.wraparound(False)
    def semantic_prompt(self) -> cython.void:
        """OSC 133: A, L, N, P (prompt), B and I (input), C and D (output)."""
        kind: cython.int = self.string[4]
        slot: cython.int
        if kind in (0x41, 0x4C, 0x4E) and self.col != self.left:
            self.carriage_return()
            self.index()
        if kind in (0x41, 0x4E, 0x50):
            self.attr = (self.attr & ~0x6000) | 0x2000
            slot = self.vis[self.row]
            self.flags[slot] = self.flags[slot] | 4
            self.line_seq[slot] = self.stamp
        elif kind in (0x42, 0x49):
            self.attr = (self.attr & ~0x6000) | 0x4000
        elif kind in (0x43, 0x44):
            self.attr = self.attr & ~0x6000
            if kind == 0x44:
                self.request = _REQUEST_OSC

    @cython.wraparound(False)
    def escape(self, byte: cython.int) -> cython.void:
        """One byte after ESC that is no control."""
        if self.vt52:
            self.state = _VT52_ROW if byte == 0x59 else _GROUND
            if byte == 0x5A:
                self.final = byte
                self.request = _REQUEST_ESC
            else:
                self.vt52_control(byte)
            return
        if byte < 0x30:
            self.intermediate = (self.intermediate << 8 | byte) & 0xFFFF
            return
        self.state = _GROUND
        if self.intermediate == 0:
            self.escape_final(byte)
        elif 0x28 <= self.intermediate <= 0x2B:
            self.charsets[self.intermediate - 0x28] = byte
            self.update_charset()
        elif 0x2D <= self.intermediate <= 0x2F:
            self.charsets[self.intermediate - 0x2C] = byte | _NINETY_SIX
            self.update_charset()
        elif 0x2825 <= self.intermediate <= 0x2B25 and self.intermediate & 0xFF == 0x25:
            # `% 5` is DEC's supplemental set, `% 6` the Portuguese one.
            self.charsets[(self.intermediate >> 8) - 0x28] = (
                60 if byte == 0x35 else _PORTUGUESE if byte == 0x36 else 66
            )
            self.update_charset()
        elif self.intermediate == 0x23 and byte == 0x38:
            self.alignment_test()
        elif self.intermediate == 0x20 and (byte == 0x46 or byte == 0x47):
            self.eight_bit = byte == 0x47

    def escape_final(self, byte: cython.int) -> cython.void:
        """ESC and one byte: C1 controls and DEC's own."""
        if byte == 0x5B:
            self.state = _CSI
        elif byte == 0x5D:
            self.begin_string(_REQUEST_OSC, _STRING)
        elif byte == 0x50:
            self.state = _DCS
        elif byte == 0x5F:
            self.begin_string(_REQUEST_APC, _STRING)
        elif byte == 0x58 or byte == 0x5E:
            self.begin_string(0, _STRING)
        elif byte == 0x37:
            self.save_cursor()
        elif byte == 0x38:
            self.restore_cursor()
        elif byte == 0x44:
            self.index()
        elif byte == 0x45:
            self.index()
            self.carriage_return()
        elif byte == 0x4D:
            self.reverse_index()
        elif byte == 0x48:
            self.tabs[self.col] = 1
        elif byte == 0x3D or byte == 0x3E:
            self.private_modes[66] = byte == 0x3D
        elif byte == 0x4E or byte == 0x4F:
            self.single_shift = byte - 0x4C
            self.update_charset()
        elif byte == 0x6E or byte == 0x6F:
            self.locking_shift = byte - 0x6C
            self.update_charset()
        elif byte == 0x36:
            if self.col == self.left and self.in_margins():
                self.insert_cols(1)
            elif self.col > 0:
                self.col -= 1
        elif byte == 0x39:
            if self.col == self.right and self.in_margins():
                self.col = self.left
                self.delete_cols(1)
                self.col = self.right
            elif self.col < self.cols - 1:
                self.col += 1
        elif byte == 0x56 or byte == 0x57:
            self.protect(byte == 0x56, 2)
        elif byte == 0x5A or byte == 0x63:
            self.final = byte
            self.request = _REQUEST_ESC

    @cython.wraparound(False)
    def param(self, number: cython.int, default: cython.int) -> cython.int:
        """A parameter, where 0 and nothing mean `default`."""
        if number >= self.param_count or self.params[number] <= 0:
            return default
        return self.params[number]

    @cython.wraparound(False)
    def csi_final(self) -> cython.void:
        """A complete CSI sequence."""
        number: cython.int
        final: cython.int = self.final
        count: cython.int = self.param(0, 1)
        if self.intermediate:
            self.csi_intermediate()
            return
        if self.prefix:
            self.csi_private()
            return
        if final == 0x6D:
            self.sgr(self.params, self.colons, max(self.param_count, 1))
        elif final == 0x48 or final == 0x66:
            self.move_to(count - 1, self.param(1, 1) - 1)
        elif final == 0x41 or final == 0x6B:
            self.move_rows(-count)
        elif final == 0x42:
            self.move_rows(count)
        elif final == 0x43:
            self.move_cols(count)
        elif final == 0x65 or final == 0x61:
            # VPR and HPR are positions: margins count in origin mode only.
            self.move_to(
                self.row - (self.top if self.origin else 0) + (count if final == 0x65 else 0),
                self.col - (self.left if self.origin else 0) + (count if final == 0x61 else 0),
            )
        elif final == 0x44 or final == 0x6A:
            self.backspace(count)
        elif final == 0x45:
            self.move_rows(count)
            self.carriage_return()
        elif final == 0x46:
            self.move_rows(-count)
            self.carriage_return()
        elif final == 0x47 or final == 0x60:
            self.move_to(self.row - (self.top if self.origin else 0), count - 1)
        elif final == 0x64:
            self.move_to(count - 1, self.col - (self.left if self.origin else 0))
        elif final == 0x49:
            self.tab_forward(count)
        elif final == 0x5A:
            self.tab_back(count)
        elif final == 0x4A:
            self.erase_display(self.param(0, 0), False)
        elif final == 0x4B:
            self.erase_line(self.param(0, 0), False)
        elif final == 0x58:
            self.erase_chars(count)
        elif final == 0x40:
            self.pending = False
            self.insert_chars(count)
        elif final == 0x50:
            self.delete_chars(count)
        elif final == 0x4C:
            self.insert_lines(count)
        elif final == 0x4D:
            self.delete_lines(count)
        elif final == 0x53:
            self.pan(count)
        elif final == 0x54 or final == 0x5E:
            if self.param_count <= 1:
                self.pan(-count)
        elif final == 0x62:
            self.repeat(count)
        elif final == 0x67:
            self.clear_tabs(self.param(0, 0))
        elif final == 0x68 or final == 0x6C:
            for number in range(self.param_count):
                self.set_ansi_mode(self.params[number], final == 0x68)
        elif final == 0x72:
            self.set_rows_margin(count - 1, self.param(1, self.rows) - 1)
        elif final == 0x73:
            if self.margins_mode:
                self.set_cols_margin(count - 1, self.param(1, self.cols) - 1)
            elif self.param_count == 0:
                self.save_cursor()
        elif final == 0x75:
            self.restore_cursor()
        elif final in (0x63, 0x6E, 0x74, 0x78):
            self.request = _REQUEST_CSI

    @cython.wraparound(False)
    def csi_private(self) -> cython.void:
        """CSI with one of `< = > ?` in front."""
        number: cython.int
        mode: cython.int
        final: cython.int = self.final
        if final == 0x75 and self.prefix != 0x3F:
            self.kitty_keys(self.prefix, self.param(0, 0), self.param(1, 1))
        elif self.prefix == 0x3F:
            if final == 0x68 or final == 0x6C:
                for number in range(self.param_count):
                    self.set_private_mode(self.params[number], final == 0x68)
                    if (self.params[number] == 3 and self.private_modes[40]) or self.params[number] == 2048:
                        self.request = _REQUEST_CSI
            elif final == 0x4A:
                self.erase_display(self.param(0, 0), True)
            elif final == 0x4B:
                self.erase_line(self.param(0, 0), True)
            elif final == 0x73 or final == 0x72:
                for number in range(self.param_count):
                    mode = self.params[number]
                    if 0 < mode < 2560 and self.known_modes[mode]:
                        if final == 0x73:
                            self.saved_modes[mode] = self.private_modes[mode]
                        else:
                            self.set_private_mode(mode, self.saved_modes[mode] != 0)
            elif final == 0x57 and self.param(0, 0) == 5:
                self.default_tabs(0)
            elif final in (0x6E, 0x75, 0x6D, 0x53):
                self.request = _REQUEST_CSI
        elif self.prefix == 0x3E:
            if final == 0x6D:
                if self.param_count == 0 or self.param(0, 0) == 4:
                    self.modify_other_keys = min(self.param(1, 0), 2)
            elif final == 0x6E:
                if self.param(0, 0) == 4:
                    self.modify_other_keys = 0
            elif final in (0x63, 0x71, 0x74, 0x54):
                self.request = _REQUEST_CSI
        elif final == 0x63:
            self.request = _REQUEST_CSI

    def csi_intermediate(self) -> cython.void:
        """CSI with an intermediate byte."""
        row: cython.int
        value: cython.int = self.param(0, 0)
        final: cython.int = self.final
        if self.intermediate == 0x20:
            if final == 0x71:
                if self.prefix == 0 and value <= 6:
                    self.cursor_style = value
            elif (final == 0x40 or final == 0x41) and self.prefix == 0 and self.in_margins():
                for row in range(self.top, self.bottom + 1):
                    if final == 0x40:
                        self.delete_cells(row, self.left, max(value, 1), self.bg)
                    else:
                        self.insert_cells(row, self.left, max(value, 1), self.bg)
        elif self.intermediate == 0x21:
            if final == 0x70 and self.prefix == 0:
                self.soft_reset_state()
                self.update_charset()
        elif self.intermediate == 0x22:
            if final == 0x71 and self.prefix == 0 and value <= 2:
                self.protect(value == 1, 1)
            elif final == 0x70 and self.prefix == 0:
                self.set_level(value, self.param(1, 0) == 1)
                self.update_charset()
            elif final == 0x76 and self.prefix == 0:
                self.request = _REQUEST_CSI
        elif self.intermediate == 0x24 and self.prefix == 0 and final != 0x70:
            if final == 0x76:
                self.copy_rectangle(self.params, self.param_count)
            elif final == 0x78:
                self.fill_rectangle(self.params, self.param_count)
            elif final == 0x7A or final == 0x7B:
                self.erase_rectangle(self.params, self.param_count, final == 0x7B)
            elif final == 0x72 or final == 0x74:
                self.change_attributes(self.params, self.param_count, final == 0x74)
            elif final == 0x7C or final == 0x77:
                self.request = _REQUEST_CSI
        elif self.intermediate == 0x2A and self.prefix == 0:
            if final == 0x78:
                if value <= 2:
                    self.rectangle_extent = value == 2
            elif final == 0x79 or final == 0x7C:
                self.request = _REQUEST_CSI
        elif self.intermediate == 0x23 and self.prefix == 0 and final == 0x79:
            self.checksum_flags = value & 63
        elif self.intermediate == 0x27:
            if final == 0x7D:
                self.insert_cols(max(value, 1))
            elif final == 0x7E:
                self.delete_cols(max(value, 1))
            elif final == 0x7C:
                self.request = _REQUEST_CSI
        else:
            self.request = _REQUEST_CSI
