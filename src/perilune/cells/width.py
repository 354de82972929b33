# cython: language_level=3
# mypy: disable-error-code="import-untyped, untyped-decorator, no-any-return"
"""How many cells text takes: grapheme clusters by UAX #29, widths by the tables of `wcwidth`.

Everything is a table look-up, so that the terminal's core can do the same without the GIL on the same tables.
A cluster is as wide as its code points together but at most two cells; variation selectors 15 and 16 decide
where the base has both presentations. This differs from `wcwidth.wcswidth` in one case: an emoji modifier
or a joined pictograph after a narrow base makes the cluster wide, because it is then drawn as an emoji.

Compiled by Cython; runs the same as plain Python. Pure functions, any thread.
"""

from __future__ import annotations

import binascii
import zlib
from array import array

import cython

from perilune.cells._width_data import BLOCKS, INDEX, TRANSITIONS

__all__ = [
    "AMBIGUOUS",
    "BOUNDARY",
    "CLASS_MASK",
    "NARROWED_BY_VS15",
    "PROPERTY_BLOCKS",
    "PROPERTY_INDEX",
    "STATE_SHIFT",
    "TRANSITION_TABLE",
    "WIDENED_BY_VS16",
    "WIDENS_BASE",
    "WIDTH_SHIFT",
    "cluster_width",
    "code_point_width",
    "graphemes",
    "text_width",
]

CLASS_MASK = 0x1F
WIDTH_SHIFT = 5
WIDENED_BY_VS16 = 0x80
NARROWED_BY_VS15 = 0x100
AMBIGUOUS = 0x200
WIDENS_BASE = 0x400  # a spacing combining mark: zero width alone, but its base then takes two cells
STATE_SHIFT = 5
BOUNDARY = 0x80


def _words(data: str) -> array[int]:
    words = array("H")
    words.frombytes(zlib.decompress(binascii.a2b_base64(data)))
    if memoryview(b"\x01\x00").cast("H")[0] != 1:
        words.byteswap()
    return words


PROPERTY_INDEX: array[int] = _words(INDEX)
"""Number of the 256-entry block of `PROPERTY_BLOCKS` for each `code point >> 8`."""
PROPERTY_BLOCKS: array[int] = _words(BLOCKS)
"""Property words: break class, width, and the bits above."""
TRANSITION_TABLE = bytearray(zlib.decompress(binascii.a2b_base64(TRANSITIONS)))
"""`[state << STATE_SHIFT | class]`: the next state, with BOUNDARY where a new cluster starts. State 0 is
the start of text."""

_index = cython.declare(cython.ushort[::1], PROPERTY_INDEX)
_blocks = cython.declare(cython.ushort[::1], PROPERTY_BLOCKS)
_transitions = cython.declare(cython.uchar[::1], TRANSITION_TABLE)


@cython.cfunc
@cython.inline
@cython.wraparound(False)
def _properties(code: cython.uint) -> cython.uint:
    return _blocks[(_index[code >> 8] << 8) | (code & 0xFF)]


def code_point_width(code_point: int) -> int:
    r"""0, 1 or 2 cells; controls and combining marks are 0.

    >>> [code_point_width(ord(char)) for char in "a漢\n"]
    [1, 2, 0]
    """
    if not 0 <= code_point <= 0x10FFFF:
        raise ValueError(f"{code_point:#x} is no code point")
    return (_properties(code_point) >> WIDTH_SHIFT) & 3


def graphemes(text: str) -> list[str]:
    r"""The grapheme clusters of `text`.

    >>> [len(cluster) for cluster in graphemes("e\u0301🇩🇪👩\u200d🚀!")]
    [2, 2, 3, 1]
    """
    if text.isascii() and "\r" not in text:
        return list(text)
    clusters: list[str] = []
    start: cython.Py_ssize_t = 0
    position: cython.Py_ssize_t
    length: cython.Py_ssize_t = len(text)
    state: cython.uint = 0
    code: cython.uint
    for position in range(length):
        code = ord(text[position])
        state = _transitions[(state & 0x7F) << STATE_SHIFT | (_properties(code) & CLASS_MASK)]
        if state & BOUNDARY and position:
            clusters.append(text[start:position])
            start = position
    if length:
        clusters.append(text[start:])
    return clusters


def cluster_width(cluster: str) -> int:
    r"""0, 1 or 2 cells of one grapheme cluster.

    >>> [cluster_width(cluster) for cluster in ("e\u0301", "☺", "☺\ufe0f", "⌚\ufe0e", "🇩🇪")]
    [1, 1, 2, 1, 2]
    """
    width: cython.int = 0
    own: cython.int
    before: cython.uint = 0
    code: cython.uint
    properties: cython.uint
    position: cython.Py_ssize_t
    length: cython.Py_ssize_t = len(cluster)
    for position in range(length):
        code = ord(cluster[position])
        properties = _properties(code)
        own = (properties >> WIDTH_SHIFT) & 3
        if code == 0xFE0F and before & WIDENED_BY_VS16:
            width = 2
        elif code == 0xFE0E and before & NARROWED_BY_VS15:
            width = 1
        elif width == 0:
            width = own
        elif own or properties & WIDENS_BASE:
            width = 2
        before = properties
    return width


def text_width(text: str) -> int:
    r"""Cells that `text` takes on one line.

    >>> text_width("漢字 e\u0301")
    6
    """
    if text.isascii() and text.isprintable():
        return len(text)
    total: cython.int = 0
    for cluster in graphemes(text):
        total += cluster_width(cluster)
    return total
