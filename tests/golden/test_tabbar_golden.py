"""Bars as they were reviewed.

Each folder of `tabbar/` holds `case.toml` and `expected.txt`: the bar's text, styles and hit regions, written
by `--update-golden`.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from perilune.cells.packing import (
    BLINK_SLOW,
    BOLD,
    DIM,
    INVISIBLE,
    ITALIC,
    OVERLINE,
    REVERSE,
    STRIKETHROUGH,
    UNDERLINE_MASK,
    UNDERLINE_SHIFT,
    unpack_color,
)
from perilune.cells.sgr_text import SgrText
from perilune.tabbar import (
    BarColors,
    BarInputs,
    BarLine,
    BarOptions,
    BarStyle,
    BuiltinTitles,
    layout_bar,
    render_format_items,
)

CASES = Path(__file__).parent / "tabbar"
FLAGS = {
    BOLD: "bold",
    DIM: "dim",
    ITALIC: "italic",
    BLINK_SLOW: "blink",
    REVERSE: "reverse",
    INVISIBLE: "invisible",
    STRIKETHROUGH: "strikethrough",
    OVERLINE: "overline",
}


@dataclass(frozen=True)
class Pane:
    title: str = ""
    progress: tuple[str, int] = ("None", 0)
    is_zoomed: bool = False
    has_unseen_output: bool = False


@dataclass(frozen=True)
class Tab:
    tab_index: int
    is_active: bool
    active_pane: Pane | None
    tab_title: str = ""
    panes: tuple[Pane, ...] = ()


@dataclass
class Calls:
    """Answers for every tab with what it was asked, as a callback would that shows its arguments."""

    template: str
    hover_template: str
    items: list = field(default_factory=list)

    def title(self, tab, hover, max_width):
        if self.items:
            return SgrText(render_format_items(self.items))
        template = self.hover_template if hover and self.hover_template else self.template
        return SgrText(template.format(index=tab.tab_index, max=max_width, fill="=" * max_width, hover=hover))


def read_tab(index: int, table: dict) -> Tab:
    table = dict(table)
    is_active, tab_title = table.pop("active", index == 0), table.pop("tab_title", "")
    if "progress" in table:
        table["progress"] = tuple(table["progress"])
    pane = None if table.pop("no_pane", False) else Pane(**table)
    return Tab(index, is_active, pane, tab_title, (pane,) if pane else ())


def read_bar(case: dict) -> BarLine:
    options = dict(case.get("options", {}))
    if "integrated_title_buttons" in options:
        options["integrated_title_buttons"] = tuple(options["integrated_title_buttons"])
    style = BarStyle(**{name: SgrText(text) for name, text in case.get("style", {}).items()})
    titles = BuiltinTitles()
    if "titles" in case:
        given = case["titles"]
        titles = Calls(given.get("template", ""), given.get("hover", ""), given.get("items", []))
    return layout_bar(
        BarInputs(
            cols=case["cols"],
            tabs=[read_tab(index, table) for index, table in enumerate(case["tabs"])],
            titles=titles,
            options=BarOptions(style=style, **options),
            colors=BarColors(),
            left_status=SgrText(case.get("left_status", "")),
            right_status=SgrText(case.get("right_status", "")),
            hover_col=case.get("hover_col"),
            spinner_frame=case.get("spinner_frame", 0),
        )
    )


def color_name(word: int) -> str:
    color = unpack_color(word)
    if isinstance(color, tuple):
        return "#{:02x}{:02x}{:02x}".format(*color)
    return "default" if color is None else f"palette {color}"


def describe(bar: BarLine) -> str:
    """The bar in lines that a reviewer can read."""
    lines = [f"text {bar.line.text!r}"]
    column = start = 0
    previous = None
    cells = bar.line.cells()
    for column, cell in enumerate([*cells, None]):
        style = cell and (cell.fg, cell.bg, cell.attr, cell.extra)
        if style == previous:
            continue
        if previous is not None:
            fg, bg, attr, extra = previous
            words = [f"{start}-{column - 1}", f"{color_name(fg)} on {color_name(bg)}"]
            words += [name for bit, name in FLAGS.items() if attr & bit]
            if attr & UNDERLINE_MASK:
                words.append(f"underline {attr >> UNDERLINE_SHIFT & 7}")
            if extra.hyperlink:
                words.append(f"link {extra.hyperlink}")
            lines.append("style " + " ".join(words))
        start, previous = column, style
    lines += [
        f"item {item.kind} x={item.x} width={item.width}"
        + (f" tab={item.tab_index}" if item.tab_index is not None else "")
        for item in bar.items
    ]
    if bar.is_animated:
        lines.append("animated")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CASES.glob("*/case.toml")))
def test_bar_is_as_reviewed(name, request):
    case = CASES / name
    found = describe(read_bar(tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))))
    expected = case / "expected.txt"
    if request.config.getoption("--update-golden", default=False) or os.environ.get("PERILUNE_UPDATE_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_every_folder_holds_a_case():
    assert [
        path.name for path in CASES.iterdir() if path.is_dir() and not (path / "case.toml").exists()
    ] == []
