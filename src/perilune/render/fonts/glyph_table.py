"""The flat tables between fonts and the row builder: which pictures a character or a word is made of.

Arrays keep their size and place, so that compiled code may hold on to them while new pictures are added.
Window thread.
"""

from __future__ import annotations

from array import array

__all__ = [
    "DIRECT_CODES",
    "ENTRY_WORDS",
    "FAR_STYLE_SHIFT",
    "FAR_WIDE",
    "MAX_ENTRIES",
    "NOT_PLAIN",
    "UNKNOWN",
    "GlyphTable",
]

DIRECT_CODES = 0x3000
"""Characters below have their entry in a table, the others in a dictionary."""
ENTRY_WORDS = 11
"""x, y (from the cell's corner), width, height, u, v, page, kind; then entries: the one to use before a
blank, and what reaches into the row above and into the row below."""
MAX_ENTRIES = 60_000
UNKNOWN = -1
"""In `direct`: nobody asked yet."""
NOT_PLAIN = -2
"""Its neighbours may change it: the word is shaped."""
FAR_WIDE = 1 << 40
"""In a key of `far`: the character takes two cells."""
FAR_STYLE_SHIFT = 24
_MAX_WORDS = 20_000


class GlyphTable:
    """See the module.

    Args:
        styles: how many there are.

    Attributes:
        entries: `ENTRY_WORDS` a picture; entry 0 is nothing.
        count: entries in use.
        direct: for each style, entries by code point below `DIRECT_CODES`.
        far: entries of the others, by `style << FAR_STYLE_SHIFT | code`, and `FAR_WIDE`.
        words: shaped runs: style and characters to pairs of cell and entry.
    """

    def __init__(self, styles: int) -> None:
        self.entries = array("i", bytes(4 * ENTRY_WORDS * MAX_ENTRIES))
        self.direct = array("i", [UNKNOWN]) * (DIRECT_CODES * styles)
        self.far: dict[int, int] = {}
        self.words: dict[bytes, array[int]] = {}
        self.count = 1
        self._blank_direct = self.direct[:]

    @property
    def is_full(self) -> bool:
        """No picture has room; `clear` makes some."""
        return self.count >= MAX_ENTRIES

    def add(self, x: int, y: int, width: int, height: int, u: int, v: int, page: int, kind: int) -> int:
        """A new entry; 0, which draws nothing, where the table is full."""
        if self.count >= MAX_ENTRIES:
            return 0
        start = self.count * ENTRY_WORDS
        self.entries[start : start + 8] = array("i", (x, y, width, height, u, v, page, kind))
        self.entries[start + 8 : start + 11] = array("i", (0, 0, 0))
        self.count += 1
        return self.count - 1

    def set_alternative(self, entry: int, alternative: int) -> None:
        """The entry to use in place of `entry` where a blank follows; 0: the same."""
        self.entries[entry * ENTRY_WORDS + 8] = alternative

    def set_overhang(self, entry: int, above: int, below: int) -> None:
        """The entries of what reaches into the rows above and below; 0: nothing."""
        self.entries[entry * ENTRY_WORDS + 9] = above
        self.entries[entry * ENTRY_WORDS + 10] = below

    def remember(self, key: bytes, pairs: array[int]) -> None:
        """Keep a shaped run."""
        if len(self.words) >= _MAX_WORDS:
            self.words.clear()
        self.words[key] = pairs

    def clear(self) -> None:
        """Forget everything."""
        self.count = 1
        self.direct[:] = self._blank_direct
        self.far.clear()
        self.words.clear()
