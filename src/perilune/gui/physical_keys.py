"""Keys by their place: native scan codes of the systems, and what a US keyboard has there.

Tables only.
"""

from __future__ import annotations

__all__ = ["US_SHIFTED", "evdev_code", "us_character"]

_ROWS = ((2, "1234567890-="), (16, "qwertyuiop[]"), (30, "asdfghjkl;'`"), (43, "\\zxcvbnm,./"), (57, " "))
_US = {first + index: char for first, row in _ROWS for index, char in enumerate(row)}

US_SHIFTED = {
    **dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True)),
    **{chr(code): chr(code - 32) for code in range(ord("a"), ord("z") + 1)},
}
"""What SHIFT makes of a key on a US keyboard."""

# macOS virtual key codes (kVK_...) by evdev's codes, the other way round.
_MAC = {
    0: 30, 1: 31, 2: 32, 3: 33, 4: 35, 5: 34, 6: 44, 7: 45, 8: 46, 9: 47, 11: 48, 12: 16, 13: 17, 14: 18,
    15: 19, 16: 21, 17: 20, 18: 2, 19: 3, 20: 4, 21: 5, 22: 7, 23: 6, 24: 13, 25: 10, 26: 8, 27: 12, 28: 9,
    29: 11, 30: 27, 31: 24, 32: 22, 33: 26, 34: 23, 35: 25, 36: 28, 37: 38, 38: 36, 39: 40, 40: 37, 41: 39,
    42: 43, 43: 51, 44: 53, 45: 49, 46: 50, 47: 52, 48: 15, 49: 57, 50: 41, 54: 126, 55: 125, 56: 42, 57: 58,
    58: 56, 59: 29, 60: 54, 61: 100, 62: 97,
}  # fmt: skip
# Windows has the codes of the first keyboard for those keys, as evdev has; extended ones are sent with 0xE0.
_WINDOWS_EXTENDED = {0x1D: 97, 0x38: 100, 0x5B: 125, 0x5C: 126}


def evdev_code(scan_code: int, virtual_key: int, platform: str) -> int:
    """Linux's code of a key, 0 where it is not known.

    >>> evdev_code(38, 0x61, "linux"), evdev_code(0x1E, 0, "win32"), evdev_code(0, 0, "darwin")
    (30, 30, 30)
    """
    if platform == "darwin":
        return _MAC.get(virtual_key, 0)
    if platform == "win32":
        if scan_code & 0x100 or scan_code & 0xFF00 == 0xE000:
            return _WINDOWS_EXTENDED.get(scan_code & 0xFF, 0)
        return scan_code & 0xFF
    return max(scan_code - 8, 0)


def us_character(code: int) -> str:
    """The character at a place of a US keyboard, "" for other keys.

    >>> us_character(30), us_character(41), us_character(1)
    ('a', '`', '')
    """
    return _US.get(code, "")
