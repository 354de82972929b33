"""Reports as values: headings, paragraphs, lists, tables. The writers make text, Markdown, HTML of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Block", "Bullets", "Cell", "Document", "Heading", "Paragraph", "Table", "Tone", "cell"]

Tone = Literal["plain", "good", "bad", "warn", "quiet", "strong"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a table.

    Attributes:
        text: what it says.
        tone: how it is meant.
        bar: a fraction to be drawn, 0 to 1, instead of text; None for text.
        code: whether the text is a name out of a program.
    """

    text: str
    tone: Tone = "plain"
    bar: float | None = None
    code: bool = False


def cell(value: str | Cell) -> Cell:
    """A cell of a text, or the cell itself."""
    return value if isinstance(value, Cell) else Cell(value)


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; level 1 is the document's."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers.

    Attributes:
        headers: of the columns; those that begin with ">" hold numbers and are set to the right.
        rows: of cells or texts.
        name: what the HTML page calls it by.
    """

    headers: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    name: str = ""


Block = Heading | Paragraph | Bullets | Table


@dataclass(slots=True)
class Document:
    """A report."""

    title: str
    blocks: list[Block] = field(default_factory=list)

    def heading(self, text: str, level: int = 2) -> None:
        """Add a heading."""
        self.blocks.append(Heading(text, level))

    def text(self, text: str, tone: Tone = "plain") -> None:
        """Add a paragraph, unless it is empty."""
        if text:
            self.blocks.append(Paragraph(text, tone))

    def bullets(self, items: Sequence[str]) -> None:
        """Add a list, unless it is empty."""
        if items:
            self.blocks.append(Bullets(tuple(items)))

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str | Cell]], name: str = "") -> None:
        """Add a table, unless it has no rows."""
        if rows:
            self.blocks.append(Table(headers, rows, name))
