"""Device control strings: DECRQSS, XTGETTCAP, sixel. Runs under the terminal's lock, with the GIL."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.vt.capabilities import CAPABILITIES
from perilune.vt.images import Placement
from perilune.vt.sixel import decode_sixel

if TYPE_CHECKING:
    from perilune.vt.terminal import Terminal

__all__ = ["carry_out"]


def carry_out(terminal: Terminal, data: bytes) -> None:
    """Carry out one complete DCS."""
    _, intermediates, final = terminal.request_function()
    if intermediates + final == "$q":
        _setting_report(terminal, data)
    elif intermediates + final == "+q":
        _capability_report(terminal, data)
    elif intermediates + final == "$t":
        _restore_presentation(terminal, data)
    elif intermediates + final == "q":
        _sixel(terminal, data)


_FALLBACK_CELL = (8, 16)
_DISPLAY_MODE, _CURSOR_RIGHT = 80, 8452


def _sixel(terminal: Terminal, data: bytes) -> None:
    """A picture at the cursor, which ends in its last row, where it began, or behind the picture (mode 8452).

    In sixel display mode (80) it stands in the upper left corner, nothing scrolls and the cursor stays.
    """
    settings = terminal.settings
    picture = decode_sixel(data, settings.image_pixels) if settings.image_memory else None
    if picture is None:
        terminal.count_dropped()
        return
    width, height, pixels = picture
    image = terminal.image_store.add((width, height), pixels, settings.image_memory)
    if image is None:
        terminal.count_dropped()
        return
    cell_width = settings.cell_width_px or _FALLBACK_CELL[0]
    cell_height = settings.cell_height_px or _FALLBACK_CELL[1]
    placement = Placement(image, 0, (0, 0, width, height), width / cell_width, height / cell_height)
    if terminal.mode_state(_DISPLAY_MODE, private=True) == 1:
        terminal.image_store.stand(terminal, placement, 0, 0)
        return
    terminal.image_store.place(terminal, placement)
    if terminal.mode_state(_CURSOR_RIGHT, private=True) == 1:
        terminal.step_right(placement.cols)


def _setting_report(terminal: Terminal, data: bytes) -> None:
    """DECRQSS."""
    left, right, top, bottom = terminal.margins()
    values: dict[bytes, Callable[[], bytes]] = {
        b"m": lambda: terminal.rendition() + b"m",
        b"r": lambda: b"%d;%dr" % (top + 1, bottom + 1),
        b"s": lambda: b"%d;%ds" % (left + 1, right + 1),
        b" q": lambda: b"%d q" % terminal.cursor_style,
        b'"p': lambda: b'%d;%d"p' % (terminal.level, 0 if terminal.eight_bit else 1),
        b'"q': lambda: b'%d"q' % terminal.is_protecting(),
        b"t": lambda: b"%dt" % max(terminal.rows, 24),
        b"*x": lambda: b"%d*x" % (2 if terminal.rectangle_extent else 0),
        # There is no status line.
        b"$}": lambda: b"0$}",
        b"$~": lambda: b"0$~",
        b"*|": lambda: b"%d*|" % terminal.rows,
        b"$|": lambda: b"%d$|" % terminal.cols,
        b">4m": lambda: b">4;%dm" % terminal.modify_other_keys,
    }
    value = values.get(data)
    terminal.reply(b"\x1bP0$r\x1b\\" if value is None else b"\x1bP1$r" + value() + b"\x1b\\")


def _restore_presentation(terminal: Terminal, data: bytes) -> None:
    """DECRSPS: what DECRQPSR reported, back again."""
    kind = terminal.request_params()[:1]
    if kind == [1]:
        terminal.restore_cursor_information(data)
    elif kind == [2]:
        stops = [int(part) for part in data.split(b"/") if part.isdigit() and len(part) < 6]
        terminal.set_tab_stops(stops)


def _capability_report(terminal: Terminal, data: bytes) -> None:
    """XTGETTCAP: hexadecimal names, answered one by one."""
    for part in data.split(b";")[:32]:
        try:
            value = CAPABILITIES.get(binascii.unhexlify(part))
        except binascii.Error:
            continue
        if value is None:
            # Without the name: a reply never repeats what the program wrote.
            terminal.reply(b"\x1bP0+r\x1b\\")
        else:
            suffix = b"=" + binascii.hexlify(value).upper() if value else b""
            terminal.reply(b"\x1bP1+r" + part + suffix + b"\x1b\\")
