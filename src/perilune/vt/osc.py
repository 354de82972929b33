"""Operating system commands: titles, directory, notifications, progress, clipboard, user variables.

Runs under the terminal's lock, with the GIL.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.vt import events
from perilune.vt.color_requests import COLOR_REQUESTS
from perilune.vt.image_files import decode_file
from perilune.vt.images import Placement

if TYPE_CHECKING:
    from perilune.vt.terminal import Terminal

__all__ = ["carry_out"]

_SET_HEX = 0
_MAX_NOTIFICATIONS, _MAX_NOTIFICATION_NAME, _MAX_VERSIONS = 16, 128, 64
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


def _clean(data: bytes, limit: int) -> str:
    """Text for a title or a notification: no controls, bounded."""
    return _CONTROLS.sub("", data.decode("utf-8", "replace"))[:limit]


def carry_out(terminal: Terminal, data: bytes) -> None:
    """Carry out one complete OSC."""
    number, _, rest = data.partition(b";")
    handler = _OSC.get(number)
    if handler is not None:
        handler(terminal, rest)


def _title_text(terminal: Terminal, rest: bytes) -> str | None:
    """A title as sent, which XTSMTITLE may have made hexadecimal; None: it is not."""
    if _SET_HEX in terminal.title_modes:
        try:
            rest = binascii.unhexlify(rest)
        except binascii.Error:
            return None
    return _clean(rest, terminal.settings.title_limit)


def _title(terminal: Terminal, rest: bytes) -> None:
    title = _title_text(terminal, rest)
    if title is not None:
        terminal.set_title(title)


def _icon_title(terminal: Terminal, rest: bytes) -> None:
    title = _title_text(terminal, rest)
    if title is not None:
        terminal.set_icon_title(title)


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
        elif state in (b"1", b"4"):
            # 4 is progress that pauses, or warns.
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


def _notify_in_pieces(terminal: Terminal, rest: bytes) -> None:
    """OSC 99, kitty's: `key=value` pairs, then part of a title or a body; `d=0` says that more comes."""
    head, separator, payload = rest.partition(b";")
    given = dict(part.split(b"=", 1) for part in head.split(b":") if b"=" in part)
    kind = given.get(b"p", b"title")
    if not separator or kind not in (b"title", b"body"):
        return
    if given.get(b"e") == b"1":
        try:
            payload = base64.b64decode(payload + b"=" * (-len(payload) % 4), validate=True)
        except binascii.Error:
            return
    limit = terminal.settings.title_limit
    name = given.get(b"i", b"")[:_MAX_NOTIFICATION_NAME]
    begun = terminal.begun_notifications
    title, body = begun.pop(name, ("", ""))
    text = _clean(payload, limit)
    title, body = ((title + text)[:limit], body) if kind == b"title" else (title, (body + text)[:limit])
    if given.get(b"d") == b"0":
        if len(begun) >= _MAX_NOTIFICATIONS:
            begun.pop(next(iter(begun)))
            terminal.count_dropped()
        begun[name] = title, body
    elif title or body:
        terminal.emit(events.Notification(title, body))


_SELECTIONS = frozenset(b"%c" % letter for letter in b"cpqs01234567")


def _clipboard(terminal: Terminal, rest: bytes) -> None:
    """OSC 52. A query is refused: it is told of an empty clipboard, whatever there is."""
    selection, separator, payload = rest.partition(b";")
    if not separator:
        return
    name = _clean(selection, 16)
    if payload == b"?":
        terminal.emit(events.ClipboardQuery(name))
        # An empty clipboard: whoever asked need not wait for an answer that never comes.
        terminal.reply_string(b"\x1b]52;%s;" % (selection[:1] if selection[:1] in _SELECTIONS else b"c"))
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
    """OSC 1337: SetUserVar, CurrentDir, SetMark, inline files and what else does no harm."""
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
    elif key == b"SetMark":
        terminal.mark_row()
    elif key == b"ReportCellSize":
        settings = terminal.settings
        height = settings.cell_height_px or _FALLBACK_CELL[1]
        width = settings.cell_width_px or _FALLBACK_CELL[0]
        terminal.reply_string(b"\x1b]1337;ReportCellSize=%.1f;%.1f" % (height, width))
    elif key == b"ClearScrollback":
        terminal.forget_scrollback()
    elif key == b"UnicodeVersion":
        _unicode_version(terminal, value)
    elif key == b"File" and terminal.settings.image_memory:
        _file(terminal, value)


def _unicode_version(terminal: Terminal, value: bytes) -> None:
    """A version from now on, or `push`, `push name`, `pop`, `pop name`, back to what had that name."""
    verb, _, name = value.partition(b" ")
    stack = terminal.unicode_stack
    if value.isdigit() and len(value) <= 2 and int(value) > 0:
        terminal.set_unicode_version(int(value))
    elif verb == b"push":
        if len(stack) >= _MAX_VERSIONS:
            terminal.count_dropped()
        else:
            stack.append((name[:_MAX_NOTIFICATION_NAME], terminal.unicode_version))
    elif verb == b"pop":
        while stack:
            label, version = stack.pop()
            if not name or label == name[:_MAX_NOTIFICATION_NAME]:
                terminal.set_unicode_version(version)
                return


_FALLBACK_CELL = (8, 16)


def _file(terminal: Terminal, value: bytes) -> None:
    """An inline picture; a file that is to be downloaded is not."""
    head, _, payload = value.partition(b":")
    given = dict(part.split("=", 1) for part in head.decode("ascii", "replace").split(";") if "=" in part)
    if given.get("inline") != "1":
        return
    settings = terminal.settings
    try:
        data = base64.b64decode(payload + b"=" * (-len(payload) % 4), validate=True)
    except binascii.Error:
        terminal.count_dropped()
        return
    picture = decode_file(data, settings.image_pixels)
    image = None
    if picture is not None:
        image = terminal.image_store.add(picture[:2], picture[2], settings.image_memory)
    if picture is None or image is None:
        terminal.count_dropped()
        return
    width, height = picture[:2]
    cell_width = settings.cell_width_px or _FALLBACK_CELL[0]
    cell_height = settings.cell_height_px or _FALLBACK_CELL[1]
    wide = _extent(given.get("width", "auto"), cell_width, terminal.cols)
    high = _extent(given.get("height", "auto"), cell_height, terminal.rows)
    aspect = width * cell_height / (height * cell_width)
    if wide is None and high is None:
        wide = min(width / cell_width, float(terminal.cols))
        high = wide / aspect
    elif wide is None or high is None:
        wide, high = (wide, wide / aspect) if wide is not None else ((high or 1.0) * aspect, high or 1.0)
    elif given.get("preserveAspectRatio", "1") != "0":
        wide, high = min(wide, high * aspect), min(high, wide / aspect)
    placement = Placement(image, 0, (0, 0, width, height), max(wide, 0.1), min(max(high, 0.1), 10000.0))
    terminal.image_store.place(terminal, placement)
    if given.get("doNotMoveCursor") != "1":
        terminal.step_right(-int(-wide // 1))


def _extent(given: str, unit: int, whole: int) -> float | None:
    """A width or height in cells: `N`, `Npx`, `N%` or `auto`, which is None."""
    match = re.fullmatch(r"(\d{1,6})(px|%|)", given)
    if match is None or int(match[1]) == 0:
        return None
    number = int(match[1])
    if match[2] == "px":
        return number / unit
    return min(number, 100) * whole / 100 if match[2] else min(float(number), 10000.0)


def _semantic(terminal: Terminal, rest: bytes) -> None:
    """OSC 133 ; D: the parser has done the marks, this is the exit status."""
    status = rest.split(b";")
    if len(status) > 1 and status[1].lstrip(b"-").isdigit() and len(status[1]) < 10:
        terminal.last_exit_status = int(status[1])


_OSC: dict[bytes, Callable[[Terminal, bytes], None]] = {
    b"0": _both_titles,
    b"1": _icon_title,
    b"2": _title,
    b"7": _current_directory,
    b"9": _notify_or_progress,
    b"52": _clipboard,
    b"99": _notify_in_pieces,
    b"133": _semantic,
    b"777": _notify,
    b"1337": _iterm,
    **COLOR_REQUESTS,
}
