# ruff: noqa: RUF001 - these are the characters
"""Character sets that ESC designates into G0 to G3, as one table of what bytes 0x20 to 0x7F print.

DEC's special graphics, technical and supplemental sets, the national replacement sets (whether or not mode
42 is set, since nobody designates one to see ASCII) and the right halves of ISO 8859. Holds no state.
Any thread.
"""

from __future__ import annotations

from perilune.vt.grid import _array

__all__ = ["IS_MAPPED", "MAPS", "NINETY_SIX", "PORTUGUESE", "SIZE"]

SIZE = 96
"""Entries of one set in `MAPS`; 0 stands for the byte itself."""
NINETY_SIX = 0x80
"""Added to the final byte of a 96-character set, which tells those from 94-character sets."""
PORTUGUESE = 6
"""`% 6` has an intermediate byte of its own; no set has this final byte."""

_REPLACED = "#@[\\]^_`{|}~"
_NATIONAL = {
    "A": "£@[\\]^_`{|}~",
    "4": "£¾ĳ½|^_`¨ƒ¼´",
    "C5": "#@ÄÖÅÜ_éäöåü",
    "Rf": "£à°ç§^_`éùè¨",
    "Q9": "#àâçêî_ôéùèû",
    "K": "#§ÄÖÜ^_`äöüß",
    "Y": "£§°çé^_ùàòèì",
    "E6`": "#ÄÆØÅÜ_äæøåü",
    "Z": "£§¡Ñ¿^_`°ñç~",
    "H7": "#ÉÄÖÅÜ_éäöåü",
    "=": "ùàéçêîèôäöüû",
    chr(PORTUGUESE): "#@ÃÇÕ^_`ãçõ~",
}
# From 0x5F on.
_GRAPHICS = "\u00a0◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"
# From 0x21 on; a blank is a place without a character.
_TECHNICAL = "⎷┌─⌠⌡│⎡⎣⎤⎦⎧⎩⎫⎭⎨⎬           ≤≠≥∫∴∝∞÷Δ∇ΦΓ∼≃Θ×Λ⇔⇒≡ΠΨ Σ  √ΩΞΥ⊂⊃∩∪∧∨¬αβχδεφγηιθκλ ν∂πψρστ ƒωξυζ←↑→↓"
_SUPPLEMENTAL = {0xA8: "¤", 0xD7: "Œ", 0xDD: "Ÿ", 0xF7: "œ", 0xFD: "ÿ"}
_ISO_8859 = {"A": "1", "B": "2", "F": "7", "H": "8", "L": "5", "M": "9"}

MAPS = _array("I", 256 * SIZE)
IS_MAPPED = _array("B", 256)


def _define(number: int, pairs: dict[int, str]) -> None:
    IS_MAPPED[number] = 1
    for byte, char in pairs.items():
        MAPS[number * SIZE + byte - 0x20] = ord(char)


def _fill() -> None:
    for finals, chars in _NATIONAL.items():
        for final in finals:
            _define(ord(final), {ord(old): new for old, new in zip(_REPLACED, chars, strict=True)})
    graphics = dict(enumerate(_GRAPHICS, 0x5F))
    graphics[0x5F] = " "
    _define(ord("0"), graphics)
    technical = {byte: char for byte, char in enumerate(_TECHNICAL, 0x21) if char != " "}
    _define(ord(">"), technical)
    right = {byte: chr(byte | 0x80) for byte in range(0x20, 0x80)}
    # `<` is what the user prefers, `% 5` the same unless somebody set that preference.
    _define(ord("<"), right | {code & 0x7F: char for code, char in _SUPPLEMENTAL.items()})
    for final, part in _ISO_8859.items():
        chars = bytes(range(0xA0, 0x100)).decode(f"iso8859_{part}", "replace")
        _define(ord(final) | NINETY_SIX, dict(enumerate(chars, 0x20)))


_fill()
