"""Control functions that need Python objects: reports, titles, colours, clipboard, notifications.

The parser stops at each and `Terminal` hands it here, in the order of the bytes. Nothing here writes to a
device: replies go to the terminal's output, everything else leaves as an event. A reply never holds text
that a program chose (title reports stay off, the clipboard is never read). Runs under the terminal's lock,
with the GIL.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.vt import events
from perilune.vt.parser import APC, CSI, DCS, ENQ, ESC, OSC

if TYPE_CHECKING:
    from perilune.vt.terminal import Terminal

__all__ = ["answer", "parse_color"]

Rgb = tuple[int, int, int]
_MAX_EVENTS = 4096
_MAX_TITLE_STACK = 16
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


def answer(terminal: Terminal, request: int) -> None:
    """Carry out the request that the parser stopped at."""
    if request == CSI:
        _csi(terminal)
    elif request == OSC:
        _osc(terminal, terminal.request_string())
    elif request == DCS:
        _dcs(terminal, terminal.request_string())
    elif request == ESC:
        if terminal.request_final() == "c":
            terminal.reset_unlocked()
        else:
            _primary_attributes(terminal)
    elif request == ENQ:
        if terminal.settings.enq_answerback:
            terminal.reply(terminal.settings.enq_answerback.encode())
    elif request == APC:
        pass  # Kitty graphics come with the images.


def _clean(data: bytes, limit: int) -> str:
    """Text for a title or a notification: no controls, bounded."""
    return _CONTROLS.sub("", data.decode("utf-8", "replace"))[:limit]


# -- CSI --


def _csi(terminal: Terminal) -> None:
    prefix, intermediates, final = terminal.request_function()
    handler = _CSI.get(prefix + intermediates + final)
    if handler is not None:
        handler(terminal, terminal.request_params())


def _value(params: list[int], number: int, default: int = 0) -> int:
    return params[number] if number < len(params) and params[number] >= 0 else default


def _primary_attributes(terminal: Terminal, params: list[int] | None = None) -> None:
    """DA1: a VT525 with 132 columns, selective erase, ANSI colour, rectangles, OSC 52."""
    if not params or _value(params, 0) == 0:
        terminal.reply(b"\x1b[?65;1;6;18;22;28;52c")


def _secondary_attributes(terminal: Terminal, params: list[int]) -> None:
    """DA2, as xterm's: VT525, version 277 (what WezTerm says, too)."""
    if _value(params, 0) == 0:
        terminal.reply(b"\x1b[>65;277;0c")


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
    mode = _value(params, 0)
    terminal.reply(b"\x1b[%d;%d$y" % (mode, terminal.mode_state(mode, private=False)))


def _private_mode_report(terminal: Terminal, params: list[int]) -> None:
    """DECRQM for DEC private modes."""
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
    """Window reports (XTWINOPS): sizes and the title stack; nothing moves, nothing reports a title."""
    kind = _value(params, 0)
    settings = terminal.settings
    width, height = settings.cell_width_px, settings.cell_height_px
    if kind == 18:
        terminal.reply(b"\x1b[8;%d;%dt" % (terminal.rows, terminal.cols))
    elif kind == 19:
        terminal.reply(b"\x1b[9;%d;%dt" % (terminal.rows, terminal.cols))
    elif kind == 14 and width and height:
        terminal.reply(b"\x1b[4;%d;%dt" % (terminal.rows * height, terminal.cols * width))
    elif kind == 15 and width and height:
        terminal.reply(b"\x1b[5;%d;%dt" % (terminal.rows * height, terminal.cols * width))
    elif kind == 16 and width and height:
        terminal.reply(b"\x1b[6;%d;%dt" % (height, width))
    elif kind == 11:
        terminal.reply(b"\x1b[1t")
    elif kind == 13:
        terminal.reply(b"\x1b[3;0;0t")
    elif kind in (22, 23) and _value(params, 1) in (0, 1, 2):
        icon, window = _value(params, 1) in (0, 1), _value(params, 1) in (0, 2)
        if kind == 22:
            terminal.title_stack.append(
                (terminal.icon_title if icon else None, terminal.title if window else None)
            )
            del terminal.title_stack[:-_MAX_TITLE_STACK]
        elif terminal.title_stack:
            saved_icon, saved_window = terminal.title_stack.pop()
            if icon and saved_icon is not None:
                terminal.set_icon_title(saved_icon)
            if window and saved_window is not None:
                terminal.set_title(saved_window)


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
}


# -- OSC --


def _osc(terminal: Terminal, data: bytes) -> None:
    number, _, rest = data.partition(b";")
    handler = _OSC.get(number)
    if handler is not None:
        handler(terminal, rest)


def _title(terminal: Terminal, rest: bytes) -> None:
    terminal.set_title(_clean(rest, terminal.settings.title_limit))


def _icon_title(terminal: Terminal, rest: bytes) -> None:
    terminal.set_icon_title(_clean(rest, terminal.settings.title_limit))


def _both_titles(terminal: Terminal, rest: bytes) -> None:
    _icon_title(terminal, rest)
    _title(terminal, rest)


def _current_directory(terminal: Terminal, rest: bytes) -> None:
    terminal.emit(events.CurrentDirectory(_clean(rest, 4096)))


def _notify_or_progress(terminal: Terminal, rest: bytes) -> None:
    """OSC 9: `4;state;percent` is progress, other numbers are ConEmu's, text is a notification."""
    parts = rest.split(b";")
    if parts[0] == b"4":
        state = parts[1] if len(parts) > 1 else b""
        percent = int(parts[2]) if len(parts) > 2 and parts[2].isdigit() and len(parts[2]) < 5 else 0
        percent = min(percent, 100)
        if state in (b"", b"0"):
            terminal.emit(events.ProgressChanged("None"))
        elif state == b"1":
            terminal.emit(events.ProgressChanged("Percentage", percent))
        elif state == b"2":
            terminal.emit(events.ProgressChanged("Error", percent))
        elif state == b"3":
            terminal.emit(events.ProgressChanged("Indeterminate"))
    elif len(parts) > 1 and parts[0].isdigit() and len(parts[0]) <= 2:
        if parts[0] == b"9":
            _current_directory(terminal, parts[1].strip(b'"'))
    elif rest:
        terminal.emit(events.Notification("", _clean(rest, terminal.settings.title_limit)))


def _notify(terminal: Terminal, rest: bytes) -> None:
    """OSC 777 ; notify ; title ; body."""
    parts = rest.split(b";", 2)
    if parts[0] == b"notify" and len(parts) > 1:
        limit = terminal.settings.title_limit
        body = _clean(parts[2], limit) if len(parts) > 2 else ""
        terminal.emit(events.Notification(_clean(parts[1], limit), body))


def _clipboard(terminal: Terminal, rest: bytes) -> None:
    """OSC 52. A query is refused by silence."""
    selection, separator, payload = rest.partition(b";")
    if not separator:
        return
    name = _clean(selection, 16)
    if payload == b"?":
        terminal.emit(events.ClipboardQuery(name))
        return
    try:
        data = base64.b64decode(payload + b"=" * (-len(payload) % 4), validate=True)
    except binascii.Error:
        data = b""
    if len(data) > terminal.settings.clipboard_limit:
        terminal.count_dropped()
        return
    terminal.emit(events.ClipboardSet(name, data))


def _iterm(terminal: Terminal, rest: bytes) -> None:
    """OSC 1337: SetUserVar and CurrentDir."""
    key, _, value = rest.partition(b"=")
    if key == b"SetUserVar":
        name, _, encoded = value.partition(b"=")
        try:
            decoded = base64.b64decode(encoded + b"=" * (-len(encoded) % 4), validate=True)
        except binascii.Error:
            return
        terminal.emit(events.UserVarChanged(_clean(name, 256), decoded.decode("utf-8", "replace")))
    elif key == b"CurrentDir":
        _current_directory(terminal, value)


def _semantic(terminal: Terminal, rest: bytes) -> None:
    """OSC 133 ; D: the parser has done the marks, this is the exit status."""
    status = rest.split(b";")
    if len(status) > 1 and status[1].lstrip(b"-").isdigit() and len(status[1]) < 10:
        terminal.last_exit_status = int(status[1])


def parse_color(text: str) -> Rgb | None:
    """An X11 colour specification: `rgb:h/h/h` with 1-4 digits each, or `#` with 3, 6, 9 or 12 digits.

    >>> parse_color("rgb:ff/80/00"), parse_color("#fff"), parse_color("#102030"), parse_color("red")
    ((255, 128, 0), (240, 240, 240), (16, 32, 48), None)
    """
    match = re.fullmatch(
        r"rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?", text
    )
    if match:
        red, green, blue = (int(part, 16) * 255 // (16 ** len(part) - 1) for part in match.groups())
        return red, green, blue
    if re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,4}", text):
        size = (len(text) - 1) // 3
        red, green, blue = (
            # XParseColor takes the digits as the most significant ones.
            int(text[at : at + size].ljust(4, "0"), 16) >> 8
            for at in range(1, len(text), size)
        )
        return red, green, blue
    return None


def _color_reply(prefix: bytes, color: Rgb) -> bytes:
    red, green, blue = (part * 0x101 for part in color)
    return b"\x1b]%s;rgb:%04x/%04x/%04x\x1b\\" % (prefix, red, green, blue)


def _palette(terminal: Terminal, rest: bytes) -> None:
    """OSC 4: pairs of index and colour or `?`."""
    parts = rest.split(b";")
    colors = terminal.settings.colors
    for at in range(0, len(parts) - 1, 2):
        if not parts[at].isdigit() or len(parts[at]) > 3 or int(parts[at]) > 255:
            continue
        index = int(parts[at])
        if parts[at + 1] == b"?":
            current = terminal.palette_override(index) or (colors.palette[index] if colors else None)
            if current is not None:
                terminal.reply(_color_reply(b"4;%d" % index, current))
        else:
            color = parse_color(parts[at + 1].decode("ascii", "replace"))
            if color is not None:
                terminal.set_palette_override(index, color)


def _reset_palette(terminal: Terminal, rest: bytes) -> None:
    """OSC 104: the named entries, or all."""
    if not rest:
        terminal.clear_palette_overrides()
        return
    for part in rest.split(b";"):
        if part.isdigit() and len(part) <= 3 and int(part) <= 255:
            terminal.set_palette_override(int(part), None)


def _dynamic_colors(first: int) -> Callable[[Terminal, bytes], None]:
    """OSC 10, 11, 12: foreground, background, cursor; more values go to the next numbers."""

    def handle(terminal: Terminal, rest: bytes) -> None:
        colors = terminal.settings.colors
        for number, part in enumerate(rest.split(b";"), first):
            if number > 12:
                return
            if part == b"?":
                own = (colors.foreground, colors.background, colors.cursor)[number - 10] if colors else None
                current = terminal.dynamic_color(number) or own
                if current is not None:
                    terminal.reply(_color_reply(b"%d" % number, current))
            else:
                color = parse_color(part.decode("ascii", "replace"))
                if color is not None:
                    terminal.set_dynamic_color(number, color)

    return handle


def _reset_dynamic_color(number: int) -> Callable[[Terminal, bytes], None]:
    def handle(terminal: Terminal, _rest: bytes) -> None:
        terminal.set_dynamic_color(number, None)

    return handle


_OSC: dict[bytes, Callable[[Terminal, bytes], None]] = {
    b"0": _both_titles,
    b"1": _icon_title,
    b"2": _title,
    b"4": _palette,
    b"7": _current_directory,
    b"9": _notify_or_progress,
    b"10": _dynamic_colors(10),
    b"11": _dynamic_colors(11),
    b"12": _dynamic_colors(12),
    b"52": _clipboard,
    b"104": _reset_palette,
    b"110": _reset_dynamic_color(10),
    b"111": _reset_dynamic_color(11),
    b"112": _reset_dynamic_color(12),
    b"133": _semantic,
    b"777": _notify,
    b"1337": _iterm,
}


# -- DCS --


def _dcs(terminal: Terminal, data: bytes) -> None:
    _, intermediates, final = terminal.request_function()
    if intermediates + final == "$q":
        _setting_report(terminal, data)
    elif intermediates + final == "+q":
        _capability_report(terminal, data)


def _setting_report(terminal: Terminal, data: bytes) -> None:
    """DECRQSS."""
    left, right, top, bottom = terminal.margins()
    values: dict[bytes, Callable[[], bytes]] = {
        b"m": lambda: terminal.rendition() + b"m",
        b"r": lambda: b"%d;%dr" % (top + 1, bottom + 1),
        b"s": lambda: b"%d;%ds" % (left + 1, right + 1),
        b" q": lambda: b"%d q" % terminal.cursor_style,
        b'"p': lambda: b'65;1"p',
        b'"q': lambda: b'%d"q' % terminal.is_protecting(),
        b"t": lambda: b"%dt" % max(terminal.rows, 24),
        b"*|": lambda: b"%d*|" % terminal.rows,
        b"$|": lambda: b"%d$|" % terminal.cols,
    }
    value = values.get(data)
    terminal.reply(b"\x1bP0$r\x1b\\" if value is None else b"\x1bP1$r" + value() + b"\x1b\\")


_CAPABILITIES = {
    b"TN": b"xterm-256color",
    b"name": b"xterm-256color",
    b"Co": b"256",
    b"colors": b"256",
    b"RGB": b"8/8/8",
    b"Tc": b"",
    b"Su": b"",
    b"Smulx": b"\x1b[4:%p1%dm",
    b"Setulc": b"\x1b[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%dm",
    b"Ms": b"\x1b]52;%p1%s;%p2%s\x1b\\",
    b"Ss": b"\x1b[%p1%d q",
    b"Se": b"\x1b[2 q",
}


def _capability_report(terminal: Terminal, data: bytes) -> None:
    """XTGETTCAP: hexadecimal names, answered one by one."""
    for part in data.split(b";")[:32]:
        try:
            value = _CAPABILITIES.get(binascii.unhexlify(part))
        except binascii.Error:
            continue
        if value is None:
            # Without the name: a reply never repeats what the program wrote.
            terminal.reply(b"\x1bP0+r\x1b\\")
        else:
            suffix = b"=" + binascii.hexlify(value).upper() if value else b""
            terminal.reply(b"\x1bP1+r" + part + suffix + b"\x1b\\")
