r"""Links in a pane's text that no program marked as such: what `hyperlink_rules` find. Mux thread.

Looked for where the pointer is and nowhere else. A rule whose pattern cannot
be read is logged and passed over, and so is one that takes too long.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from perilune.base.log import get_logger
from perilune.config.patterns import SECONDS, PatternError, compile_pattern

if TYPE_CHECKING:
    import regex

    from perilune.config.options.terminal import HyperlinkRule
    from perilune.vt import Terminal

__all__ = ["implicit_link", "implicit_link_cells", "link_in_text", "rows_of_line"]

_log = get_logger("app")
_GROUP = re.compile(r"\$([0-9])")
_MOST_ROWS = 12  # each way: a link is not longer, and a program chooses how long its lines are
_MOST_TEXT = 4096


@functools.lru_cache(maxsize=64)
def _compiled(pattern: str) -> regex.Pattern[str] | None:
    try:
        return compile_pattern(pattern)
    except PatternError as error:
        _log.warning("hyperlink_rules: the regex %r cannot be used: %s", pattern[:200], error)
        return None


def link_in_text(text: str, at: int, rules: Sequence[HyperlinkRule]) -> str | None:
    """The link whose marked part covers the character at `at`; of several the longest match, as in WezTerm.

    >>> from perilune.config.options.terminal import DEFAULT_HYPERLINK_RULES as rules
    >>> link_in_text("see (https://a.b/c) or me@x.org.", 8, rules)
    'https://a.b/c'
    >>> link_in_text("see (https://a.b/c) or me@x.org.", 25, rules)
    'mailto:me@x.org'
    """
    found = _find(text, at, rules)
    return None if found is None else found[0]


def _find(text: str, at: int, rules: Sequence[HyperlinkRule]) -> tuple[str, int, int] | None:
    """The link, and the characters that its rule marks."""
    found: regex.Match[str] | None = None
    link, marked = "", (0, 0)
    for rule in rules:
        pattern = _compiled(rule.regex)
        if pattern is None or rule.highlight > pattern.groups:
            continue
        try:
            for match in pattern.finditer(text, timeout=SECONDS):
                start, end = match.span(rule.highlight)
                if start <= at < end and (found is None or len(match[0]) > len(found[0])):
                    found, marked = match, (start, end)
                    link = _GROUP.sub(functools.partial(_group, match), rule.format)
        except TimeoutError:
            _log.warning("hyperlink_rules: the regex %r took too long", rule.regex[:200])
    return (link, *marked) if link else None


def _group(match: regex.Match[str], reference: re.Match[str]) -> str:
    number = int(reference[1])
    return (match[number] or "") if number <= match.re.groups else ""


def rows_of_line(terminal: Terminal, row: int) -> range:
    """The stable rows of the line that a row is part of, as far as a link is looked for."""
    first = last = row
    while first > max(terminal.first_stable, row - _MOST_ROWS) and terminal.row_wrapped(first - 1):
        first -= 1
    bottom = terminal.stable_top + terminal.rows - 1
    while last < min(bottom, row + _MOST_ROWS) and terminal.row_wrapped(last):
        last += 1
    return range(first, last + 1)


def implicit_link_cells(
    terminal: Terminal, row: int, col: int, rules: Sequence[HyperlinkRule]
) -> tuple[str, list[tuple[int, int]]] | None:
    """The link at a cell of a stable row, in the line that the row is part of, and the cells that show it."""
    if not rules:
        return None
    parts: list[str] = []
    places: list[tuple[int, int]] = []  # of each character
    size, at = 0, -1
    for number in rows_of_line(terminal, row):
        for column, cell in enumerate(terminal.cells_of_row(number)):
            if (number, column) == (row, col):
                # The right half of a wide character has no text of its own.
                at = size if cell.text else size - 1
            parts.append(cell.text)
            places.extend([(number, column)] * len(cell.text))
            size += len(cell.text)
    text = "".join(parts)
    if not 0 <= at < len(text) or text[at].isspace():
        return None
    begin = max(at - _MOST_TEXT // 2, 0)
    found = _find(text[begin : begin + _MOST_TEXT], at - begin, rules)
    if found is None:
        return None
    link, start, end = found
    cells: list[tuple[int, int]] = []
    for place in places[begin + start : begin + end]:
        if cells and cells[-1] == place:
            continue
        # Both halves of a wide character.
        if cells and cells[-1][0] == place[0] and cells[-1][1] == place[1] - 2:
            cells.append((place[0], place[1] - 1))
        cells.append(place)
    return link, cells


def implicit_link(terminal: Terminal, row: int, col: int, rules: Sequence[HyperlinkRule]) -> str | None:
    """The link at a cell of a stable row, in the line that the row is part of."""
    found = implicit_link_cells(terminal, row, col, rules)
    return None if found is None else found[0]
