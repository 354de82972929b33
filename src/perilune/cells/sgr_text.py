"""Text with escapes in it, as scripts and options give it, parsed into a `Line`.

Only SGR (ECMA-48 8.3.117, with xterm's and kitty's extensions) and OSC 8 hyperlinks act; every other escape
and control is dropped, and a line ends at CR or LF. Deviates from WezTerm where hyperlinks are kept and where
a cluster without width takes no cell. This is no terminal: nothing moves a cursor. Pure, any thread.
"""

from __future__ import annotations

import re

from perilune.cells.line import EMPTY_LINE, CellStyle, Cluster, Line, styled_clusters
from perilune.cells.packing import (
    BLINK_RAPID,
    BLINK_SLOW,
    BOLD,
    COLOR_INDEXED,
    COLOR_RGB,
    DIM,
    INVISIBLE,
    ITALIC,
    OVERLINE,
    REVERSE,
    STRIKETHROUGH,
    UNDERLINE_MASK,
    UNDERLINE_SHIFT,
    Color,
    Extra,
    unpack_color,
)

__all__ = ["EMPTY_TEXT", "SgrText", "parse_sgr_text"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# In this order: a CSI sequence, whole or aborted by ESC, CAN, SUB or the end; a string sequence (OSC, DCS,
# SOS, PM, APC) up to its terminator or whatever aborts it; any other escape; a control by itself.
_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)(?P<csi>[^@-~\x18\x1a\x1b]*)(?P<final>[@-~]|[\x18\x1a]|(?=\x1b)|\Z)"
    r"|(?:\x1b\]|\x9d)(?P<osc>[^\x07\x18\x1a\x1b\x9c]*)(?P<osc_end>\x07|\x1b\\|\x9c|[\x18\x1a]|(?=\x1b)|\Z)"
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x18\x1a\x1b\x9c]*(?:\x1b\\|[\x9c\x18\x1a]|(?=\x1b)|\Z)"
    r"|\x1b[ -/]*[0-~]?"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f])"
)
_PARAMETERS = re.compile(r"[0-9:;]*\Z")
_MAX_PARAMETERS = 256  # nobody writes more; a megabyte of them is an attack

_SET = {5: BLINK_SLOW, 6: BLINK_RAPID, 7: REVERSE, 8: INVISIBLE, 9: STRIKETHROUGH, 3: ITALIC, 53: OVERLINE}
_CLEAR = {
    22: BOLD | DIM,
    23: ITALIC,
    24: UNDERLINE_MASK,
    25: BLINK_SLOW | BLINK_RAPID,
    27: REVERSE,
    28: INVISIBLE,
    29: STRIKETHROUGH,
    55: OVERLINE,
}


def parse_sgr_text(text: str, base: CellStyle) -> Line:
    r"""The cells that `text` makes on a pen that starts as `base`.

    SGR 0 returns to `base` whole, 39, 49 and 59 to its colours. Bold and dim exclude each other, as WezTerm's
    Intensity does. An attribute that `base` has can be taken off (23 undoes its italics).

    >>> parse_sgr_text("a\x1b[31mb\x1b]0;no\x07c\ngone", CellStyle()).text
    'abc'
    """
    if not _CONTROL.search(text):
        clusters = styled_clusters(text, base)
        return Line(clusters) if clusters else EMPTY_LINE
    found: list[Cluster] = []
    pen = base
    position = 0
    for match in _ESCAPE.finditer(text):
        if match.start() > position:
            found += styled_clusters(text[position : match.start()], pen)
        position = match.end()
        control, csi, osc = match["control"], match["csi"], match["osc"]
        if control is not None:
            if control in "\r\n":
                return Line(found)
        elif csi is not None:
            if "\r" in csi or "\n" in csi:
                return Line(found)  # a control inside a sequence acts as if it stood before it
            if match["final"] == "m" and _PARAMETERS.match(csi):
                pen = _sgr(csi, pen, base)
        elif osc is not None and osc.startswith("8;") and match["osc_end"] in {"\x07", "\x1b\\", "\x9c"}:
            pen = _hyperlink(osc, pen)
    if position < len(text):
        found += styled_clusters(text[position:], pen)
    return Line(found)


def _hyperlink(osc: str, pen: CellStyle) -> CellStyle:
    """OSC 8 ; params ; uri: an empty URI ends the link."""
    _, _, rest = osc.partition(";")
    parameters, _, uri = rest.partition(";")
    link_id = next((item[3:] for item in parameters.split(":") if item.startswith("id=")), "") if uri else ""
    return pen._replace(extra=Extra(uri or None, link_id, pen.extra.underline_color))


def _sgr(text: str, pen: CellStyle, base: CellStyle) -> CellStyle:
    """One SGR sequence applied to the pen."""
    fg, bg, attr, extra = pen
    groups = text.split(";", _MAX_PARAMETERS)[:_MAX_PARAMETERS]
    index = 0
    while index < len(groups):
        numbers = [_number(part) for part in groups[index].split(":")]
        index += 1
        code = numbers[0]
        if code in {38, 48, 58}:
            if len(numbers) > 1:
                color = _colon_color(numbers)
            else:
                color, used = _semicolon_color(groups[index : index + 4])
                index += used
            if color is None:
                continue
            if code == 38:
                fg = color
            elif code == 48:
                bg = color
            else:
                extra = extra._replace(underline_color=unpack_color(color))
        elif code == 4:
            kind = numbers[1] if len(numbers) > 1 else 1
            if kind <= 5:
                attr = attr & ~UNDERLINE_MASK | kind << UNDERLINE_SHIFT
        elif len(numbers) > 1:
            continue  # no other code takes subparameters
        elif code == 0:
            fg, bg, attr = base.fg, base.bg, base.attr
            # A link is no rendition: it ends by OSC 8 alone, as in a terminal.
            extra = extra._replace(underline_color=base.extra.underline_color)
        elif code in {1, 2}:
            attr = attr & ~(BOLD | DIM) | (BOLD if code == 1 else DIM)
        elif code == 21:
            attr = attr & ~UNDERLINE_MASK | 2 << UNDERLINE_SHIFT
        elif code in {5, 6}:
            attr = attr & ~(BLINK_SLOW | BLINK_RAPID) | _SET[code]
        elif code in _SET:
            attr |= _SET[code]
        elif code in _CLEAR:
            attr &= ~_CLEAR[code]
        elif 30 <= code <= 37:
            fg = COLOR_INDEXED | code - 30
        elif 90 <= code <= 97:
            fg = COLOR_INDEXED | code - 82
        elif 40 <= code <= 47:
            bg = COLOR_INDEXED | code - 40
        elif 100 <= code <= 107:
            bg = COLOR_INDEXED | code - 92
        elif code == 39:
            fg = base.fg
        elif code == 49:
            bg = base.bg
        elif code == 59:
            extra = extra._replace(underline_color=_underline_color(base))
    return CellStyle(fg, bg, attr, extra)


def _underline_color(style: CellStyle) -> Color:
    return style.extra.underline_color


def _number(text: str) -> int:
    # Five digits are more than any parameter has; int() of a million digits would raise.
    return int(text.lstrip("0")[:5] or 0)


def _rgb(red: int, green: int, blue: int) -> int | None:
    if red > 255 or green > 255 or blue > 255:
        return None
    return COLOR_RGB | red << 16 | green << 8 | blue


def _colon_color(numbers: list[int]) -> int | None:
    """`38:1`, `38:5:n`, `38:2:r:g:b`, or `38:2:space:r:g:b` with anything after it (ITU-T T.416).

    The first means transparent: what lies behind the bar, whatever the base style's colour is.
    """
    if numbers[1] == 1:
        return 0
    if numbers[1] == 5 and len(numbers) >= 3 and numbers[2] <= 255:
        return COLOR_INDEXED | numbers[2]
    if numbers[1] == 2 and len(numbers) == 5:
        return _rgb(*numbers[2:5])
    if numbers[1] == 2 and len(numbers) >= 6:
        return _rgb(*numbers[3:6])
    return None


def _semicolon_color(groups: list[str]) -> tuple[int | None, int]:
    """`38;5;n` or `38;2;r;g;b`: the colour, if it is one, and how many parameters it took."""
    if not groups or any(":" in group for group in groups[:4]):
        return None, len(groups)
    kind = _number(groups[0])
    if kind == 5 and len(groups) >= 2:
        value = _number(groups[1])
        return (COLOR_INDEXED | value if value <= 255 else None), 2
    if kind == 2 and len(groups) >= 4:
        return _rgb(_number(groups[1]), _number(groups[2]), _number(groups[3])), 4
    return None, len(groups)


class SgrText:
    r"""A text with SGR in it, parsed once for each style that it is shown in.

    The value that titles and statuses are passed around as: equal texts are equal, its width is known, and
    its cells, whole or cut, are made once and kept.

    >>> SgrText("\x1b[1mzsh").width
    3
    """

    __slots__ = ("_lines", "text", "width")

    _MAX_KEPT = 24  # a bar has six styles and few widths; more come and go only while it is being resized

    def __init__(self, text: str) -> None:
        self.text = text
        whole = parse_sgr_text(text, CellStyle())
        self.width = whole.width
        """Cells it takes uncut, whatever the style."""
        self._lines: dict[tuple[CellStyle, int], Line] = {(CellStyle(), whole.width): whole}

    def line(self, base: CellStyle, cells: int | None = None) -> Line:
        """Its cells in style `base`, the first `cells` of them (all: None)."""
        cut = self.width if cells is None or cells >= self.width else max(cells, 0)
        found = self._lines.get((base, cut))
        if found is not None:
            return found
        if len(self._lines) >= self._MAX_KEPT:
            self._lines.clear()
        found = parse_sgr_text(self.text, base) if cut == self.width else self.line(base).left(cut)
        self._lines[base, cut] = found
        return found

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, SgrText) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"SgrText({self.text!r})"


EMPTY_TEXT = SgrText("")
"""No text."""
