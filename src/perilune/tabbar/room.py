"""Arithmetic of the bar: what width tabs may have, how they share room, which are shown when it is scrolled.

Knows numbers only. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

__all__ = ["ScrollWindow", "scroll_window", "shares", "width_max"]


def width_max(cols: int, measured: Sequence[int], tab_max_width: int, new_tab_width: int) -> int:
    """Cells that each tab may take; 0 where there is no room for that many.

    >>> width_max(20, [8, 8, 26], 16, 3), width_max(80, [8, 8, 26], 16, 3)
    (5, 16)
    """
    if not measured:
        return tab_max_width
    # The button's room is set aside even where it is not shown, and a cell between tabs although nothing
    # stands there: layouts of WezTerm users come out the same.
    available = max(cols - (len(measured) - 1 + new_tab_width), 0)
    if available >= sum(measured):
        return tab_max_width
    return min(available // len(measured), tab_max_width)


def shares(room: int, count: int) -> list[int]:
    """`room` cells for `count` tabs; the first ones get what does not divide.

    >>> shares(11, 3)
    [4, 4, 3]
    """
    if count <= 0:
        return []
    share, rest = divmod(max(room, 0), count)
    return [share + 1] * rest + [share] * (count - rest)


class ScrollWindow(NamedTuple):
    """The tabs `first` to `stop` are shown, the last of them with `last_width` cells.

    `end` is the greatest `first` that makes sense.
    """

    first: int
    stop: int
    last_width: int
    end: int


def scroll_window(
    widths: Sequence[int], room: int, first: int, active: int | None, *, cut_last: bool = True
) -> ScrollWindow:
    """Which tabs are shown in `room` cells.

    Args:
        widths: of all tabs.
        room: less than their sum.
        first: the first one wanted.
        active: the one to be kept in sight, None where none is.
        cut_last: whether the last one may be shown in part.

    >>> scroll_window([5, 5, 5, 5], 12, 0, 3)
    ScrollWindow(first=2, stop=4, last_width=5, end=2)
    >>> scroll_window([5, 5, 5, 5], 12, 0, 0)
    ScrollWindow(first=0, stop=3, last_width=2, end=2)
    """
    count = len(widths)
    if not count:
        return ScrollWindow(0, 0, 0, 0)
    ends = list(accumulate(widths))
    # The last window: from the first tab behind which everything fits.
    end = next((index for index in range(count) if ends[-1] - ends[index] + widths[index] <= room), count - 1)
    first = min(max(first, 0), end)
    if active is not None:
        if active < first:
            first = active
        else:
            while first < active and ends[active] - ends[first] + widths[first] > room:
                first += 1
    stop, left, last_width = first, room, 0
    while stop < count and left > 0:
        if widths[stop] > left and not cut_last and stop > first:
            break
        last_width = min(widths[stop], left)
        left -= last_width
        stop += 1
    return ScrollWindow(first, stop, last_width, end)
