"""Writes a report for a terminal: as wide as it is, in colours if it has them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from perilune.profiler.document import Bullets, Cell, Document, Heading, Paragraph, Table, Tone, cell

__all__ = ["to_text"]

_CODES: dict[Tone, str] = {
    "plain": "", "good": "32", "bad": "31", "warn": "33", "quiet": "2", "strong": "1",
}  # fmt: skip
_BAR = 12
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LEAST = 16


def to_text(document: Document, *, width: int = 100, colour: bool = False) -> str:
    """The report as text.

    Args:
        document: the report.
        width: columns to stay within.
        colour: whether to use SGR sequences.
    """
    width = max(width, 24)
    writer = _Writer(width, colour)
    title = textwrap.wrap(document.title, width) or [""]
    lines = [writer.style(line, "strong") for line in title]
    lines.append(writer.style("=" * max(map(len, title)), "quiet"))
    for block in document.blocks:
        lines += ["", *writer.block(block)] if not isinstance(block, Bullets) else writer.block(block)
    return "\n".join(line.rstrip() for line in lines) + "\n"


class _Writer:
    def __init__(self, width: int, colour: bool) -> None:
        self._width = width
        self._colour = colour

    def style(self, text: str, tone: Tone) -> str:
        code = _CODES[tone]
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code and text.strip() else text

    def block(self, block: object) -> list[str]:
        match block:
            case Heading(text, level):
                shown = textwrap.wrap(_plain(text) if level < 3 else f"{_plain(text)}:", self._width)
                return [self.style(line, "strong") for line in shown]
            case Paragraph(text, tone):
                return [self.style(line, tone) for line in textwrap.wrap(_plain(text), self._width)]
            case Bullets(items):
                return [
                    line
                    for item in items
                    for line in textwrap.wrap(
                        _plain(item), self._width, initial_indent="- ", subsequent_indent="  "
                    )
                ]
            case Table():
                return self._table(block)
        raise TypeError(block)

    def _table(self, table: Table) -> list[str]:
        rows = [[cell(value) for value in row] for row in table.rows]
        columns = list(range(len(table.headers)))
        if self._needed(table.headers, rows, columns, shortest=_LEAST) > self._width:
            columns = [c for c in columns if not any(row[c].bar is not None for row in rows)]
        if self._needed(table.headers, rows, columns, shortest=_LEAST) > self._width:
            return self._records(table.headers, rows, columns)
        widths = {c: _column(table.headers[c], [row[c] for row in rows]) for c in columns}
        while sum(widths.values()) + 2 * (len(columns) - 1) > self._width:
            # The widest gives way: its texts are shortened in the middle.
            widest = max((c for c in columns if not _right(table.headers[c])), key=widths.__getitem__)
            widths[widest] -= 1
        lines = [
            self.style(
                "  ".join(
                    _set(_label(table.headers[c]), widths[c], _right(table.headers[c])) for c in columns
                ),
                "quiet",
            )
        ]
        for row in rows:
            parts = []
            for c in columns:
                bar = row[c].bar
                text = row[c].text if bar is None else _bar(bar, widths[c])
                parts.append(self.style(_set(text, widths[c], _right(table.headers[c])), row[c].tone))
            lines.append("  ".join(parts))
        return lines

    def _needed(
        self, headers: Sequence[str], rows: Sequence[Sequence[Cell]], columns: Sequence[int], *, shortest: int
    ) -> int:
        widths = []
        for c in columns:
            full = _column(headers[c], [row[c] for row in rows])
            widths.append(full if _right(headers[c]) else min(full, shortest))
        return sum(widths) + 2 * (len(columns) - 1)

    def _records(
        self, headers: Sequence[str], rows: Sequence[Sequence[Cell]], columns: Sequence[int]
    ) -> list[str]:
        """Each row as lines of its own, where the terminal is too narrow for a table."""
        lines = []
        for row in rows:
            first, *others = columns
            lines.append(self.style(_shorten(row[first].text, self._width), "strong"))
            said = [f"{_label(headers[c])}: {row[c].text}" for c in others if row[c].text]
            lines += textwrap.wrap(
                ", ".join(said), self._width, initial_indent="  ", subsequent_indent="  ",
            )  # fmt: skip
        return lines


def _plain(text: str) -> str:
    return text.replace("**", "").replace("`", "")


def _right(header: str) -> bool:
    return header.startswith(">")


def _label(header: str) -> str:
    return header.removeprefix(">")


def _column(header: str, cells: Sequence[Cell]) -> int:
    return max(len(_label(header)), *(_BAR if one.bar is not None else len(one.text) for one in cells))


def _set(text: str, width: int, right: bool) -> str:
    text = _shorten(text, width)
    return text.rjust(width) if right else text.ljust(width)


def _shorten(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    head = (width - 1) // 3
    return f"{text[:head]}…{text[len(text) - (width - 1 - head) :]}"


def _bar(fraction: float, width: int) -> str:
    eighths = round(min(1.0, max(0.0, fraction)) * width * 8)
    if fraction > 0 and eighths == 0:
        eighths = 1
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
