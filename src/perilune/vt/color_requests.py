"""Colour queries and sets: OSC 4, 5, 10 to 19, 21, their resets, and what colours may be written as.

Special colours (OSC 5) and those of the pointer and the selection (OSC 13 to 19) are kept and reported, and
change nothing that is drawn. Runs under the terminal's lock, with the GIL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.base.color import TRANSPARENT_NAMES, from_linear
from perilune.base.color import parse_color as named_color

if TYPE_CHECKING:
    from perilune.vt.terminal import Terminal

__all__ = ["COLOR_REQUESTS", "parse_color"]

Rgb = tuple[int, int, int]
_PALETTE_SIZE = 256
_X11_ONLY = {
    "green": (0, 255, 0),
    "gray": (190, 190, 190),
    "grey": (190, 190, 190),
    "maroon": (176, 48, 96),
    "purple": (160, 32, 240),
}
_SPECIAL_COLORS = 5
_LAST_DYNAMIC = 19


def parse_color(text: str) -> Rgb | None:
    """An X11 colour: `rgb:h/h/h` with 1-4 digits each, `#` with 3, 6, 9 or 12 digits, `rgbi:`, or a name.

    >>> parse_color("rgb:ff/80/00"), parse_color("#fff"), parse_color("#102030"), parse_color("moon")
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
    match = re.fullmatch(r"rgbi:([0-9.]{1,12})/([0-9.]{1,12})/([0-9.]{1,12})", text)
    if match and all(part.count(".") <= 1 and part != "." and float(part) <= 1 for part in match.groups()):
        red, green, blue = (round(255 * from_linear(float(part))) for part in match.groups())
        return red, green, blue
    if re.fullmatch(r"[A-Za-z][A-Za-z ]{1,31}", text):
        return _named(text.replace(" ", "").lower())
    return None


def _named(name: str) -> Rgb | None:
    """A colour by X11's names, which are CSS's but for a few."""
    if name in _X11_ONLY:
        return _X11_ONLY[name]
    try:
        return None if name in TRANSPARENT_NAMES else named_color(name)
    except ValueError:
        return None


def _color_reply(prefix: bytes, color: Rgb) -> bytes:
    red, green, blue = (part * 0x101 for part in color)
    return b"\x1b]%s;rgb:%04x/%04x/%04x" % (prefix, red, green, blue)


def _override(terminal: Terminal, index: int) -> Rgb | None:
    """What a palette entry shows, or a special colour (256 and up); None where nobody knows."""
    colors = terminal.settings.colors
    if index < _PALETTE_SIZE:
        return terminal.palette_override(index) or (colors.palette[index] if colors else None)
    return terminal.special_color(index - _PALETTE_SIZE) or (colors.foreground if colors else None)


def _set_override(terminal: Terminal, index: int, color: Rgb | None) -> None:
    if index < _PALETTE_SIZE:
        terminal.set_palette_override(index, color)
    else:
        terminal.set_special_color(index - _PALETTE_SIZE, color)


def _pairs(number: bytes, base: int, limit: int) -> Callable[[Terminal, bytes], None]:
    """OSC 4 and 5: pairs of index and colour or `?`."""

    def handle(terminal: Terminal, rest: bytes) -> None:
        parts = rest.split(b";")
        for at in range(0, len(parts) - 1, 2):
            if not parts[at].isdigit() or len(parts[at]) > 3 or int(parts[at]) >= limit:
                continue
            index = int(parts[at])
            if parts[at + 1] == b"?":
                current = _override(terminal, base + index)
                if current is not None:
                    terminal.reply_string(_color_reply(b"%s;%d" % (number, index), current))
            else:
                color = parse_color(parts[at + 1].decode("ascii", "replace"))
                if color is not None:
                    _set_override(terminal, base + index, color)

    return handle


def _reset_pairs(base: int, limit: int) -> Callable[[Terminal, bytes], None]:
    """OSC 104 and 105: the named entries, or all."""

    def handle(terminal: Terminal, rest: bytes) -> None:
        if not rest:
            if base == 0:
                terminal.clear_palette_overrides()
            else:
                for index in range(_SPECIAL_COLORS):
                    terminal.set_special_color(index, None)
            return
        for part in rest.split(b";"):
            if part.isdigit() and len(part) <= 3 and int(part) < limit:
                _set_override(terminal, base + int(part), None)

    return handle


def _own_dynamic(terminal: Terminal, number: int) -> Rgb | None:
    """What a dynamic colour is without a program's word: text for pointers, swapped for the selection."""
    colors = terminal.settings.colors
    if colors is None:
        return None
    if number in (11, 14, 16, 19):
        return colors.background
    return colors.cursor if number in (12, 18) else colors.foreground


def _dynamic_colors(first: int) -> Callable[[Terminal, bytes], None]:
    """OSC 10 to 19: foreground, background, cursor...; more values go to the next numbers."""

    def handle(terminal: Terminal, rest: bytes) -> None:
        for number, part in enumerate(rest.split(b";"), first):
            if number > _LAST_DYNAMIC:
                return
            if part == b"?":
                current = terminal.dynamic_color(number) or _own_dynamic(terminal, number)
                if current is not None:
                    terminal.reply_string(_color_reply(b"%d" % number, current))
            else:
                color = parse_color(part.decode("ascii", "replace"))
                if color is not None:
                    terminal.set_dynamic_color(number, color)

    return handle


def _reset_dynamic_color(number: int) -> Callable[[Terminal, bytes], None]:
    def handle(terminal: Terminal, _rest: bytes) -> None:
        terminal.set_dynamic_color(number, None)

    return handle


_NAMED = {
    b"foreground": 10,
    b"background": 11,
    b"cursor": 12,
    b"selection_background": 17,
    b"selection_foreground": 19,
}

# Known to the protocol, and never anything but what follows from the others.
_NEVER_SET = frozenset(
    [b"cursor_text", b"visual_bell", *(b"transparent_background_color%d" % number for number in range(1, 9))]
)


def _kitty_colors(terminal: Terminal, rest: bytes) -> None:
    """OSC 21: `key=value` pairs, where the value is a colour, `?`, or nothing for a reset."""
    answers = []
    for part in rest.split(b";")[:_PALETTE_SIZE]:
        key, separator, value = part.partition(b"=")
        number = _NAMED.get(key)
        index = int(key) if key.isdigit() and len(key) <= 3 and int(key) < _PALETTE_SIZE else None
        if value == b"?":
            if number is not None:
                current = terminal.dynamic_color(number) or _own_dynamic(terminal, number)
                name = key
            elif index is not None:
                current, name = _override(terminal, index), b"%d" % index
            elif key in _NEVER_SET:
                current, name = None, key
            else:
                # Without the name: a reply never repeats what the program wrote.
                continue
            shown = b"" if current is None else b"rgb:%02x/%02x/%02x" % current
            answers.append(name + b"=" + shown)
            continue
        color = parse_color(value.decode("ascii", "replace")) if value else None
        if value and color is None:
            continue
        if number is not None:
            terminal.set_dynamic_color(number, color)
        elif index is not None and (separator or not value):
            terminal.set_palette_override(index, color)
    if answers:
        terminal.reply_string(b"\x1b]21;" + b";".join(answers))


COLOR_REQUESTS: dict[bytes, Callable[[Terminal, bytes], None]] = {
    b"4": _pairs(b"4", 0, _PALETTE_SIZE + _SPECIAL_COLORS),
    b"5": _pairs(b"5", _PALETTE_SIZE, _SPECIAL_COLORS),
    b"21": _kitty_colors,
    b"104": _reset_pairs(0, _PALETTE_SIZE + _SPECIAL_COLORS),
    b"105": _reset_pairs(_PALETTE_SIZE, _SPECIAL_COLORS),
    **{b"%d" % number: _dynamic_colors(number) for number in range(10, _LAST_DYNAMIC + 1)},
    **{b"%d" % (100 + number): _reset_dynamic_color(number) for number in range(10, _LAST_DYNAMIC + 1)},
}
