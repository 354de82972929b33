"""Unicode placeholders: cells that say which part of a kitty image shows in them.

A cell holds U+10EEEE with up to three combining marks: the row, the column, and the top byte of the image's
id, the rest of which is the foreground colour; the underline colour is the placement's id. Marks that are
left out go on from the cell to the left. No state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perilune.vt.cell import Cell

__all__ = ["PLACEHOLDER", "Placeholder", "placeholders"]

PLACEHOLDER = "\U0010eeee"

# The marks that stand for 0, 1, 2...: those of combining class 230 in Unicode 6.0 that never compose.
_MARKS = (
    "305 30D-30E 310 312 33D-33F 346 34A-34C 350-352 357 35B 363-36F 483-487 592-595 597-599 59C-5A1 "
    "5A8-5A9 5AB-5AC 5AF 5C4 610-617 657-65B 65D-65E 6D6-6DC 6DF-6E2 6E4 6E7-6E8 6EB-6EC 730 732-733 "
    "735-736 73A 73D 73F-741 743 745 747 749-74A 7EB-7F1 7F3 816-819 81B-823 825-827 829-82D 951 953-954 "
    "F82-F83 F86-F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B 1B6D-1B73 1CD0-1CD2 1CDA-1CDB 1CE0 1DC0-1DC1 "
    "1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC 20E1 20E7 20E9 20F0 2CEF-2CF1 "
    "2DE0-2DFF A66F A67C-A67D A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3 AAB7-AAB8 AABE-AABF AAC1 FE20-FE26 10A0F "
    "10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244 "
)


def _numbers() -> dict[str, int]:
    points: list[int] = []
    for part in _MARKS.split():
        first, _, last = part.partition("-")
        points += range(int(first, 16), int(last or first, 16) + 1)
    return {chr(point): number for number, point in enumerate(points)}


_NUMBERS = _numbers()


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What one cell shows: a cell of the grid into which an image is divided."""

    col: int
    image_id: int
    placement_id: int
    image_row: int
    image_col: int


def _number(color: int | tuple[int, int, int] | None) -> int:
    """A colour as the number that a program meant by it."""
    if color is None:
        return 0
    return color if isinstance(color, int) else color[0] << 16 | color[1] << 8 | color[2]


def placeholders(cells: list[Cell]) -> Iterator[Placeholder]:
    """The placeholders of a row, from left to right."""
    before: Placeholder | None = None
    high_before = 0
    for col, cell in enumerate(cells):
        if not cell.text.startswith(PLACEHOLDER):
            before = None
            continue
        marks = [_NUMBERS[mark] for mark in cell.text[1:] if mark in _NUMBERS][:3]
        low, placement_id = _number(cell.fg), _number(cell.underline_color)
        goes_on = (
            before is not None
            and before.image_id & 0xFFFFFF == low
            and before.placement_id == placement_id
            and (not marks or marks[0] == before.image_row)
            and (len(marks) < 2 or marks[1] == before.image_col + 1)
        )
        if goes_on and before is not None:
            row = before.image_row
            column = before.image_col + 1
            high = high_before
        else:
            row = column = high = 0
        row = marks[0] if marks else row
        column = marks[1] if len(marks) > 1 else column
        high = marks[2] if len(marks) > 2 else high
        before = Placeholder(col, low | high << 24, placement_id, row, column)
        high_before = high
        yield before
