"""Writes reports as one page: text and tables as HTML, pictures drawn by the page's script. No network."""

from __future__ import annotations

import json
import re
from html import escape
from importlib import resources
from typing import Any

from perilune.profiler.assessment import Assessment
from perilune.profiler.comparison import Comparison
from perilune.profiler.document import Bullets, Cell, Document, Heading, Paragraph, Table, cell
from perilune.profiler.flame import differential_flame, flame
from perilune.profiler.measures import Capture
from perilune.profiler.model import Profile

__all__ = ["assessment_page", "diff_page", "report_page"]


def report_page(capture: Capture, document: Document) -> str:
    """The page of a report."""
    pictures = []
    data: dict[str, Any] = {"flames": [], "frames": _frames(capture.profile)}
    if capture.shares.all.samples:
        data["flames"].append(flame(capture.shares))
        pictures.append(_flame_box("Flame graph", 0, "colours are components"))
    if data["frames"] is not None:
        pictures.append(_TIMELINE)
    return _page(document, pictures, data)


def diff_page(comparison: Comparison, document: Document) -> str:
    """The page of a comparison."""
    data = {"flames": [differential_flame(comparison.before, comparison.after)], "frames": None}
    title = "Differential flame graph"
    return _page(document, [_flame_box(title, 0, "red is more, blue is less, as shares of the whole")], data)


def assessment_page(assessment: Assessment, document: Document) -> str:
    """The page of an assessment: what changed in each phase, and where the time is now."""
    flames: list[dict[str, Any]] = []
    pictures = []
    for phase in assessment.phases:
        if phase.comparison is not None:
            pictures.append(
                _flame_box(f"What changed in {phase.title}", len(flames), "red is more, blue is less")
            )
            flames.append(differential_flame(phase.comparison.before, phase.comparison.after))
    last = assessment.phases[-1].captures[0]
    pictures.append(_flame_box(f"Now: {last.name}", len(flames), "colours are components"))
    flames.append(flame(last.shares))
    return _page(document, pictures, {"flames": flames, "frames": None})


_TIMELINE = """<section id="timeline"><h2>Frame timeline</h2>
<p class="quiet">Each bar is a frame, or the slowest of several; over budget ones are coloured by cause.</p>
<svg class="frames" role="img" aria-label="Frame times"></svg><div class="legend"></div></section>"""


def _flame_box(title: str, number: int, legend: str) -> str:
    return (
        f'<section class="flamebox"><h2>{escape(title)}</h2><div class="tools">'
        '<input type="search" placeholder="find a symbol" aria-label="find a symbol">'
        '<button type="button">whole</button>'
        f'<span class="quiet">click to zoom; {escape(legend)}</span></div>'
        f'<div class="tall"><div class="flame" data-flame="{number}"></div></div>'
        '<p class="said"></p></section>'
    )


def _frames(profile: Profile) -> dict[str, Any] | None:
    records = profile.frame_records
    if not records:
        return None
    causes: dict[str, int] = {}
    for record in records:
        if record.over_budget:
            causes.setdefault(record.causes[0] if record.causes else "", len(causes))
    return {
        "number": [record.number for record in records],
        "start": [round(record.start, 4) for record in records],
        "us": [round(record.us, 1) for record in records],
        "over": [int(record.over_budget) for record in records],
        "cause": [
            causes.get(record.causes[0] if record.causes else "", 0) if record.over_budget else 0
            for record in records
        ],
        "stages": [[[name, round(us, 1)] for name, _, us in record.stages] for record in records],
        "causes": list(causes),
        "budget": profile.meta.frame_budget_us,
    }


def _page(document: Document, pictures: list[str], data: dict[str, Any]) -> str:
    files = resources.files("perilune.profiler.writers")
    style = files.joinpath("page.css").read_text(encoding="utf-8")
    script = files.joinpath("page.js").read_text(encoding="utf-8")
    # Within a script element only "<" could end it.
    embedded = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    blocks = [_block(block) for block in document.blocks]
    # Pictures come after what the report says first: its status and its key finding.
    place = next((i for i, b in enumerate(document.blocks) if isinstance(b, Heading) and i > 2), len(blocks))
    body = "\n".join([*blocks[:place], *pictures, *blocks[place:]])
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{escape(document.title)}</title>
<style>
{style}</style>
</head>
<body>
<h1>{escape(document.title)}</h1>
{body}
<script type="application/json" id="data">{embedded}</script>
<script>
{script}</script>
</body>
</html>
"""  # noqa: E501 - the policy is one attribute


def _block(block: object) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{_inline(text)}</h{level}>"
        case Paragraph(text, tone):
            return f'<p class="{tone}">{_inline(text)}</p>'
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"
        case Table():
            return _table(block)
    raise TypeError(block)


def _table(table: Table) -> str:
    right = [header.startswith(">") for header in table.headers]
    head = "".join(
        f"<th{' class=number' if number else ''}>{escape(header.removeprefix('>'))}</th>"
        for header, number in zip(table.headers, right, strict=True)
    )
    rows = [
        "<tr>"
        + "".join(_cell(cell(value), number) for value, number in zip(row, right, strict=True))
        + "</tr>"
        for row in table.rows
    ]
    name = f' id="{escape(table.name)}"' if table.name else ""
    return (
        f'<div class="scroll"><table{name} data-name="{escape(table.name)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(value: Cell, number: bool) -> str:
    if value.bar is not None:
        return f'<td><div class="bar"><i style="width:{100 * min(1.0, value.bar):.1f}%"></i></div></td>'
    text = f"<code>{escape(value.text)}</code>" if value.code and value.text else escape(value.text)
    classes = " ".join(name for name in ("number" if number else "", value.tone) if name not in {"", "plain"})
    return f'<td class="{classes}">{text}</td>' if classes else f"<td>{text}</td>"


def _inline(text: str) -> str:
    """Text with its `names` and **weight** as elements."""
    parts = re.split(r"`([^`]*)`", text)
    for index, part in enumerate(parts):
        plain = escape(part)
        parts[index] = (
            f"<code>{plain}</code>" if index % 2 else re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", plain)
        )
    return "".join(parts)
