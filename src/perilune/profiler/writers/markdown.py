"""Writes a report as Markdown, with the marks that the field report has."""

from __future__ import annotations

from perilune.profiler.document import Bullets, Cell, Document, Heading, Paragraph, Table, cell

__all__ = ["to_markdown"]

_MARKS = {"good": "✅ ", "bad": "❌ ", "warn": "⚠️ "}


def to_markdown(document: Document) -> str:
    """The report as Markdown."""
    parts = [f"# {document.title}"]
    for block in document.blocks:
        match block:
            case Heading(text, level):
                parts.append(f"{'#' * level} {text}")
            case Paragraph(text, tone):
                parts.append(f"**{text}**" if tone == "strong" and "**" not in text else text)
            case Bullets(items):
                parts.append("\n".join(f"- {item}" for item in items))
            case Table():
                parts.append(_table(block))
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    rows = [[cell(value) for value in row] for row in table.rows]
    columns = [c for c in range(len(table.headers)) if not any(row[c].bar is not None for row in rows)]
    lines = [
        "| " + " | ".join(table.headers[c].removeprefix(">") for c in columns) + " |",
        "|" + "|".join(" ---: " if table.headers[c].startswith(">") else " --- " for c in columns) + "|",
    ]
    lines += ["| " + " | ".join(_cell(row[c]) for c in columns) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Cell) -> str:
    text = value.text.replace("\n", " ").replace("|", "\\|")
    if value.code and text:
        # Backslashes do not escape within code; a bar still would end the cell.
        return f"`{text.replace('`', chr(39))}`"
    return f"{_MARKS.get(value.tone, '')}{text.replace('<', '&lt;')}"
