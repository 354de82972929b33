# cython: language_level=3
# mypy: ignore-errors
"""Sixel graphics: the bytes of a DCS q string into RGBA pixels.

Colours have 1024 registers, of which the first 16 start as a VT340's. A pixel that is never set is
transparent, so the terminal's background shows, whatever the background parameter says; pixels are square.
Two passes: one for the size, one for the pixels. What would draw much more than it may hold, painting over
and over, is cut short. No state; compiled, runs uncompiled as well.
"""

from __future__ import annotations

import cython

__all__ = ["decode_sixel"]

_REGISTERS = cython.declare(cython.int, 1024)
_OVERDRAW = cython.declare(cython.longlong, 16)

# A VT340's colours, in percent.
_VT340 = (
    *((0, 0, 0), (20, 20, 80), (80, 13, 13), (20, 80, 20), (80, 20, 80), (20, 80, 80), (80, 80, 20)),
    *((53, 53, 53), (26, 26, 26), (33, 33, 60), (60, 26, 26), (33, 60, 33), (60, 33, 60), (33, 60, 60)),
    *((60, 60, 33), (80, 80, 80)),
)


def _rgb(red: float, green: float, blue: float) -> int:
    """Percents as a word of RGBA bytes."""
    parts = [min(100.0, max(0.0, part)) * 255 / 100 + 0.5 for part in (red, green, blue)]
    return int(parts[0]) | int(parts[1]) << 8 | int(parts[2]) << 16 | 0xFF000000


def _hls(hue: int, lightness: int, saturation: int) -> int:
    """DEC's hue, which starts at blue."""
    import colorsys  # noqa: PLC0415 - few images use it

    parts = colorsys.hls_to_rgb(
        (hue % 360 + 240) % 360 / 360, min(lightness, 100) / 100, min(saturation, 100) / 100
    )
    return _rgb(*(part * 100 for part in parts))


def decode_sixel(data: bytes, max_pixels: int) -> tuple[int, int, bytes] | None:
    """Width, height and RGBA; None: no picture, or one of more than `max_pixels`."""
    source: cython.const[cython.uchar][::1] = data + b"\0"
    size: list[int] = [0, 0]
    empty = memoryview(bytearray(4)).cast("I")
    _run(source, len(data), size, empty, 0, 0, max_pixels)
    width, height = size
    if width <= 0 or height <= 0 or width * height > max_pixels:
        return None
    pixels = memoryview(bytearray(width * height * 4)).cast("I")
    _run(source, len(data), size, pixels, width, height, max_pixels)
    return width, height, bytes(pixels)


def _run(
    source: cython.const[cython.uchar][::1],
    end: cython.int,
    size: list[int],
    pixels: cython.uint[::1],
    width: cython.int,
    height: cython.int,
    max_pixels: cython.longlong,
) -> None:
    """One pass; `width` 0: measure into `size`."""
    at: cython.int = 0
    byte: cython.int
    x: cython.int = 0
    top: cython.int = 0
    right: cython.int = 0
    bottom: cython.int = 0
    count: cython.int
    bits: cython.int
    bit: cython.int
    column: cython.int
    into: cython.int
    color: cython.uint = 0
    register: cython.int = 0
    drawn: cython.longlong = 0
    values: list[int]
    registers = [_rgb(*part) for part in _VT340] + [0xFF000000] * (_REGISTERS - 16)
    color = registers[0]
    while at < end:
        byte = source[at]
        at += 1
        count = 1
        if byte == 0x21:
            count = 0
            while at < end and 0x30 <= source[at] <= 0x39:
                count = min(count * 10 + source[at] - 0x30, 1 << 20)
                at += 1
            count = max(count, 1)
            if at >= end:
                break
            byte = source[at]
            at += 1
        if 0x3F <= byte <= 0x7E:
            bits = byte - 0x3F
            if width == 0:
                x = min(x + count, 1 << 20)
                right = max(right, x)
                bit = 6
                while bit > 0 and not bits & (1 << (bit - 1)):
                    bit -= 1
                bottom = max(bottom, top + bit)
                continue
            count = min(count, width - x)
            if bits and count > 0:
                drawn += 6 * count
                if drawn > max_pixels * _OVERDRAW:
                    return
                for bit in range(6):
                    if bits & (1 << bit) and top + bit < height:
                        into = (top + bit) * width + x
                        for column in range(count):
                            pixels[into + column] = color
            x = min(x + max(count, 0), width)
        elif byte == 0x24:
            x = 0
        elif byte == 0x2D:
            x = 0
            top = min(top + 6, 1 << 24)
        elif byte in (0x22, 0x23):
            values = []
            while at < end and (0x30 <= source[at] <= 0x39 or source[at] == 0x3B):
                if source[at] == 0x3B:
                    values += [0] * (2 if not values else 1)
                else:
                    if not values:
                        values.append(0)
                    values[-1] = min(values[-1] * 10 + source[at] - 0x30, 1 << 20)
                at += 1
            if byte == 0x22 and len(values) >= 4:
                right = max(right, values[2])
                bottom = max(bottom, values[3])
            elif byte == 0x23 and values:
                register = values[0] % _REGISTERS
                if len(values) >= 5 and values[1] == 1:
                    registers[register] = _hls(values[2], values[3], values[4])
                elif len(values) >= 5 and values[1] == 2:
                    registers[register] = _rgb(values[2], values[3], values[4])
                color = registers[register]
    if width == 0:
        size[0] = right
        size[1] = bottom
