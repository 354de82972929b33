"""Control functions that need Python objects; CSI ones here, strings in `osc`, `dcs` and `color_requests`.

The parser stops at each and `Terminal` hands it here, in the order of the bytes. Nothing here writes to a
device: replies go to the terminal's output, everything else leaves as an event. A reply never holds text
that a program chose (title reports stay off, the clipboard is never read). Runs under the terminal's lock,
with the GIL.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.vt import dcs, osc
from perilune.vt.parser import APC, CSI, DCS, ENQ, ESC, OSC

if TYPE_CHECKING:
    from perilune.vt.terminal import Terminal

__all__ = ["answer"]

_MAX_TITLE_STACK = 16
_LARGEST = 1000
_FALLBACK_CELL = (8, 16)
_QUERY_HEX, _LAST_TITLE_MODE = 1, 3
_LEVEL_OF_MODE_REPORTS = 63
_IN_BAND_RESIZE = 2048
_COLOR_REGISTERS = 1024
_NARROW_COLUMNS, _WIDE_COLUMNS = 80, 132


def answer(terminal: Terminal, request: int) -> None:
    """Carry out the request that the parser stopped at."""
    if request == CSI:
        _csi(terminal)
    elif request == OSC:
        osc.carry_out(terminal, terminal.request_string())
    elif request == DCS:
        dcs.carry_out(terminal, terminal.request_string())
    elif request == ESC:
        if terminal.request_final() == "c":
            _full_reset(terminal)
        elif terminal.vt52:
            terminal.reply(b"\x1b/Z")
        else:
            _primary_attributes(terminal)
    elif request == ENQ:
        if terminal.settings.enq_answerback:
            terminal.reply(terminal.settings.enq_answerback.encode())
    elif request == APC:
        string = terminal.request_string()
        if string[:1] == b"G" and terminal.settings.image_memory and terminal.settings.enable_kitty_graphics:
            terminal.graphics.carry_out(terminal, string[1:])


# -- CSI --


def _csi(terminal: Terminal) -> None:
    prefix, intermediates, final = terminal.request_function()
    handler = _CSI.get(prefix + intermediates + final)
    if handler is not None:
        handler(terminal, terminal.request_params())


def _full_reset(terminal: Terminal) -> None:
    """RIS; a screen that DECCOLM made wide becomes narrow again."""
    wide = terminal.mode_state(3, private=True) == 1 and terminal.cols == _WIDE_COLUMNS
    terminal.reset_unlocked()
    if wide and terminal.settings.allow_size_changes:
        terminal.change_size(_NARROW_COLUMNS, terminal.rows)


def _value(params: list[int], number: int, default: int = 0) -> int:
    return params[number] if number < len(params) and params[number] >= 0 else default


def _primary_attributes(terminal: Terminal, params: list[int] | None = None) -> None:
    """DA1: a VT520.

    132 columns, sixel, selective erase, national and technical sets, user windows, horizontal scrolling,
    colour, rectangles, OSC 52.
    """
    if not params or _value(params, 0) == 0:
        terminal.reply(b"\x1b[?65;1;4;6;9;15;18;21;22;28;52c")


def _secondary_attributes(terminal: Terminal, params: list[int]) -> None:
    """DA2, as xterm's: a VT520; the number is the xterm patch whose control functions are followed."""
    if _value(params, 0) == 0:
        terminal.reply(b"\x1b[>64;388;0c")


def _tertiary_attributes(terminal: Terminal, params: list[int]) -> None:
    """DA3: a unit id that identifies nobody."""
    if _value(params, 0) == 0:
        terminal.reply(b"\x1bP!|00000000\x1b\\")


def _status(terminal: Terminal, params: list[int]) -> None:
    """DSR 5 and CPR 6."""
    if _value(params, 0) == 5:
        terminal.reply(b"\x1b[0n")
    elif _value(params, 0) == 6:
        terminal.reply(b"\x1b[%d;%dR" % terminal.reported_position())


def _private_status(terminal: Terminal, params: list[int]) -> None:
    """DECXCPR and the other DEC reports; 996 asks for the colour scheme."""
    kind = _value(params, 0)
    if kind == 6:
        terminal.reply(b"\x1b[?%d;%d;1R" % terminal.reported_position())
    elif kind == 996 and terminal.settings.colors is not None:
        terminal.reply(b"\x1b[?997;%dn" % (1 if terminal.settings.colors.is_dark else 2))
    else:
        fixed = {
            15: b"\x1b[?13n",
            25: b"\x1b[?20n",
            26: b"\x1b[?27;1;0;0n",
            53: b"\x1b[?50n",
            55: b"\x1b[?50n",
        }
        fixed |= {56: b"\x1b[?57;0n", 62: b"\x1b[0*{", 63: b"\x1bP%d!~0000\x1b\\" % _value(params, 1)}
        fixed |= {75: b"\x1b[?70n", 85: b"\x1b[?83n"}
        if kind in fixed:
            terminal.reply(fixed[kind])


def _mode_report(terminal: Terminal, params: list[int]) -> None:
    """DECRQM for ANSI modes."""
    if terminal.level < _LEVEL_OF_MODE_REPORTS:
        return
    mode = _value(params, 0)
    terminal.reply(b"\x1b[%d;%d$y" % (mode, terminal.mode_state(mode, private=False)))


def _private_mode_report(terminal: Terminal, params: list[int]) -> None:
    """DECRQM for DEC private modes."""
    if terminal.level < _LEVEL_OF_MODE_REPORTS:
        return
    mode = _value(params, 0)
    terminal.reply(b"\x1b[?%d;%d$y" % (mode, terminal.mode_state(mode, private=True)))


def _version(terminal: Terminal, params: list[int]) -> None:
    """XTVERSION."""
    if _value(params, 0) == 0:
        settings = terminal.settings
        terminal.reply(f"\x1bP>|{settings.program_name} {settings.program_version}\x1b\\".encode())


def _kitty_flags(terminal: Terminal, _params: list[int]) -> None:
    """`CSI ? u`: the kitty keyboard flags in force; silence means that there is no such protocol."""
    if terminal.settings.enable_kitty_keyboard:
        terminal.reply(b"\x1b[?%du" % terminal.kitty_flags())


def _key_modifier_report(terminal: Terminal, params: list[int]) -> None:
    """XTQMODKEYS."""
    if _value(params, 0) == 4:
        terminal.reply(b"\x1b[>4;%dm" % terminal.modify_other_keys)


def _terminal_parameters(terminal: Terminal, params: list[int]) -> None:
    """DECREQTPARM."""
    if _value(params, 0) <= 1:
        terminal.reply(b"\x1b[%d;1;1;128;128;1;0x" % (_value(params, 0) + 2))


def _window(terminal: Terminal, params: list[int]) -> None:
    """Window reports (XTWINOPS): sizes and the title stack. Nothing moves or hides a window.

    Sizes change and titles are reported only where the settings allow it.
    """
    kind = _value(params, 0)
    settings = terminal.settings
    # As for pictures, a front end without pixels has cells of 8 x 16.
    width = settings.cell_width_px or _FALLBACK_CELL[0]
    height = settings.cell_height_px or _FALLBACK_CELL[1]
    if kind == 18:
        terminal.reply(b"\x1b[8;%d;%dt" % (terminal.rows, terminal.cols))
    elif kind == 19:
        terminal.reply(b"\x1b[9;%d;%dt" % (terminal.rows, terminal.cols))
    elif kind == 14:
        terminal.reply(b"\x1b[4;%d;%dt" % (terminal.rows * height, terminal.cols * width))
    elif kind == 15:
        terminal.reply(b"\x1b[5;%d;%dt" % (terminal.rows * height, terminal.cols * width))
    elif kind == 16:
        terminal.reply(b"\x1b[6;%d;%dt" % (height, width))
    elif kind == 11:
        terminal.reply(b"\x1b[1t")
    elif kind == 13:
        terminal.reply(b"\x1b[3;0;0t")
    elif kind in (20, 21) and settings.enable_title_reporting:
        title = terminal.icon_title if kind == 20 else terminal.title
        text = title.encode()
        terminal.reply(b"\x1b]%s%s\x1b\\" % (b"L" if kind == 20 else b"l", _reported_title(terminal, text)))
    elif kind in (4, 8) and settings.allow_size_changes:
        unit_rows, unit_cols = (height, width) if kind == 4 else (1, 1)
        _change_size(terminal, params, unit_rows, unit_cols)
    elif kind >= 24 and settings.allow_size_changes:
        terminal.change_size(terminal.cols, min(kind, _LARGEST))
    elif kind in (22, 23) and _value(params, 1) in (0, 1, 2):
        icon, window = _value(params, 1) in (0, 1), _value(params, 1) in (0, 2)
        if kind == 22:
            terminal.title_stack.append((terminal.icon_title, terminal.title))
            del terminal.title_stack[:-_MAX_TITLE_STACK]
        elif terminal.title_stack:
            saved_icon, saved_window = terminal.title_stack.pop()
            if icon:
                terminal.set_icon_title(saved_icon)
            if window:
                terminal.set_title(saved_window)


def _reported_title(terminal: Terminal, text: bytes) -> bytes:
    return binascii.hexlify(text) if _QUERY_HEX in terminal.title_modes else text


def _change_size(terminal: Terminal, params: list[int], unit_rows: int, unit_cols: int) -> None:
    """CSI 4 or 8 t: 0 means as large as possible, which is unknown here; nothing leaves a side alone."""
    rows, cols = _value(params, 1, -1), _value(params, 2, -1)
    terminal.change_size(
        min(cols // unit_cols, _LARGEST) if cols > 0 else terminal.cols,
        min(rows // unit_rows, _LARGEST) if rows > 0 else terminal.rows,
    )


def _title_modes(*, on: bool) -> Callable[[Terminal, list[int]], None]:
    """XTSMTITLE and XTRMTITLE: titles in hexadecimal when set (0), when asked for (1)."""

    def handle(terminal: Terminal, params: list[int]) -> None:
        chosen = {mode for mode in params if 0 <= mode <= _LAST_TITLE_MODE}
        if not params:
            terminal.title_modes = set()
        elif on:
            terminal.title_modes |= chosen
        else:
            terminal.title_modes -= chosen

    return handle


def _mode_effects(*, wide: bool) -> Callable[[Terminal, list[int]], None]:
    """DECCOLM and in-band resize reports, after the parser has kept the modes and done what touches cells."""

    def handle(terminal: Terminal, params: list[int]) -> None:
        if wide and _IN_BAND_RESIZE in params:
            terminal.report_size()
        if terminal.settings.allow_size_changes and 3 in params:
            terminal.change_size(_WIDE_COLUMNS if wide else _NARROW_COLUMNS, terminal.rows)

    return handle


def _lines(terminal: Terminal, params: list[int]) -> None:
    """DECSNLS: lines per screen."""
    if terminal.settings.allow_size_changes and _value(params, 0) > 0:
        terminal.change_size(terminal.cols, min(params[0], _LARGEST))


def _columns(terminal: Terminal, params: list[int]) -> None:
    """DECSCPP: 80 or 132 columns."""
    if terminal.settings.allow_size_changes and _value(params, 0) in (0, _NARROW_COLUMNS, _WIDE_COLUMNS):
        terminal.change_size(_value(params, 0) or _NARROW_COLUMNS, terminal.rows)


def _checksum(terminal: Terminal, params: list[int]) -> None:
    """DECRQCRA."""
    terminal.reply(b"\x1bP%d!~%04X\x1b\\" % (_value(params, 0), terminal.area_checksum()))


def _presentation(terminal: Terminal, params: list[int]) -> None:
    """DECRQPSR: the cursor (1) or the tab stops (2)."""
    if _value(params, 0) == 1:
        terminal.reply(b"\x1bP1$u%s\x1b\\" % terminal.cursor_information())
    elif _value(params, 0) == 2:
        terminal.reply(b"\x1bP2$u%s\x1b\\" % b"/".join(b"%d" % col for col in terminal.tab_stops()))


def _graphics_attributes(terminal: Terminal, params: list[int]) -> None:
    """XTSMGRAPHICS: colour registers (1) and the size of sixel graphics (2), which no program changes."""
    item, action = _value(params, 0), _value(params, 1)
    settings = terminal.settings
    if item not in (1, 2) or action not in (1, 2, 3, 4) or not settings.image_memory:
        terminal.reply(b"\x1b[?%d;%d;0S" % (item, 2 if item in (1, 2) else 1))
    elif item == 1:
        terminal.reply(b"\x1b[?1;0;%dS" % _COLOR_REGISTERS)
    else:
        width = terminal.cols * (settings.cell_width_px or _FALLBACK_CELL[0])
        height = terminal.rows * (settings.cell_height_px or _FALLBACK_CELL[1])
        terminal.reply(b"\x1b[?2;0;%d;%dS" % (width, height))


def _push_colors(terminal: Terminal, params: list[int]) -> None:
    """XTPUSHCOLORS."""
    for number in params or [0]:
        terminal.push_colors(max(number, 0))


def _pop_colors(terminal: Terminal, params: list[int]) -> None:
    """XTPOPCOLORS."""
    for number in params or [0]:
        terminal.pop_colors(max(number, 0))


_CSI: dict[str, Callable[[Terminal, list[int]], None]] = {
    "c": _primary_attributes,
    ">c": _secondary_attributes,
    "=c": _tertiary_attributes,
    "n": _status,
    "?n": _private_status,
    "$p": _mode_report,
    "?$p": _private_mode_report,
    ">q": _version,
    "?u": _kitty_flags,
    "?m": _key_modifier_report,
    "x": _terminal_parameters,
    "t": _window,
    ">t": _title_modes(on=True),
    ">T": _title_modes(on=False),
    "?h": _mode_effects(wide=True),
    "?l": _mode_effects(wide=False),
    "*y": _checksum,
    "*|": _lines,
    "$w": _presentation,
    "?S": _graphics_attributes,
    "#{": lambda terminal, params: terminal.push_rendition([part for part in params if part > 0]),
    "#p": lambda terminal, params: terminal.push_rendition([part for part in params if part > 0]),
    "#}": lambda terminal, _params: terminal.pop_rendition(),
    "#q": lambda terminal, _params: terminal.pop_rendition(),
    "$|": _columns,
    '"v': lambda terminal, _params: terminal.reply(b'\x1b[%d;%d;1;1;1"w' % (terminal.rows, terminal.cols)),
    # The user-preferred supplemental set is DEC's; there is no locator.
    "&u": lambda terminal, _params: terminal.reply(b"\x1bP0!u%5\x1b\\"),
    "'|": lambda terminal, _params: terminal.reply(b"\x1b[0&w"),
    "#S": lambda terminal, _params: terminal.reply(
        b"\x1b[%d;%d#S" % (len(terminal.title_stack), _MAX_TITLE_STACK)
    ),
    "#P": _push_colors,
    "#Q": _pop_colors,
    "#R": lambda terminal, _params: terminal.reply(b"\x1b[?%d;%d#Q" % terminal.color_stack_report()),
}
