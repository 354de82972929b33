"""Bars as they were reviewed.

Each folder of `tabbar/` holds `case.toml` and `expected.txt`: the bar's text, styles and hit regions, written
by `--update-golden`. A case gives the bar's `options`, or `config`: options as a configuration has them, which
become the bar's on the way that they take in the program.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from perilune.app.bar_options import bar_options, colors_of_bar
from perilune.cells.line import Line
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
from perilune.config.options import Config
from perilune.tabbar import (
    BarColors,
    BarColumn,
    BarInputs,
    BarLine,
    BarOptions,
    BarStyle,
    BuiltinTitles,
    layout_bar,
    layout_column,
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


def read_config(case: dict) -> tuple[BarOptions, BarColors]:
    config, problems = Config.from_mapping(case["config"])
    assert problems == []
    has_window, is_focused = case.get("has_window", False), case.get("is_focused", True)
    return bar_options(config, has_window=has_window), colors_of_bar(config, is_focused=is_focused)


def read_options(case: dict) -> tuple[BarOptions, BarColors]:
    if "config" in case:
        return read_config(case)
    options = dict(case.get("options", {}))
    if "integrated_title_buttons" in options:
        options["integrated_title_buttons"] = tuple(options["integrated_title_buttons"])
    style = BarStyle(**{name: SgrText(text) for name, text in case.get("style", {}).items()})
    return BarOptions(style=style, **options), BarColors()


def read_bar(case: dict) -> BarLine | BarColumn:
    options, colors = read_options(case)
    titles = BuiltinTitles()
    if "titles" in case:
        given = case["titles"]
        titles = Calls(given.get("template", ""), given.get("hover", ""), given.get("items", []))
    inputs = BarInputs(
        cols=case["cols"],
        tabs=[
            replace(read_tab(index, table), is_active=index == case["active"])
            if "active" in case
            else read_tab(index, table)
            for index, table in enumerate(case["tabs"] * case.get("repeat", 1))
        ],
        titles=titles,
        options=options,
        colors=colors,
        left_status=SgrText(case.get("left_status", "")),
        right_status=SgrText(case.get("right_status", "")),
        hover_col=case.get("hover_col"),
        spinner_frame=case.get("spinner_frame", 0),
        hover_row=case.get("hover_row"),
        rows=case.get("rows", 1),
        scroll=case.get("scroll", 0),
        follows_active=case.get("follows_active", True),
    )
    return layout_column(inputs) if options.is_vertical else layout_bar(inputs)


def color_name(word: int) -> str:
    color = unpack_color(word)
    if isinstance(color, tuple):
        return "#{:02x}{:02x}{:02x}".format(*color)
    return "default" if color is None else f"palette {color}"


def describe_line(line: Line, prefix: str = "") -> list[str]:
    lines = [f"{prefix}text {line.text!r}"]
    start = 0
    previous = None
    for column, cell in enumerate([*line.cells(), None]):
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
            lines.append(f"{prefix}style " + " ".join(words))
        start, previous = column, style
    return lines


def describe(bar: BarLine | BarColumn) -> str:
    """The bar in lines that a reviewer can read."""
    lines = describe_line(bar.line) if isinstance(bar, BarLine) else []
    if isinstance(bar, BarColumn):
        for row, line in enumerate(bar.lines):
            lines += describe_line(line, f"{row} ")
    for item in bar.items:
        row = f" y={item.y}" if isinstance(bar, BarColumn) else ""
        tab = f" tab={item.tab_index}" if item.tab_index is not None else ""
        lines.append(f"item {item.kind} x={item.x} width={item.width}{row}{tab}")
    lines += [f"opens {link.uri} x={link.x} width={link.width} y={link.y}" for link in bar.links]
    if bar.scroll_end:
        lines.append(f"scrolled {bar.scroll} of {bar.scroll_end}")
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


def test_every_picture_in_the_manual_is_a_bar_as_reviewed():
    manual = Path(__file__).parents[2] / "docs" / "tab-bar.md"
    pictures = re.findall(r"```text\n(.*?)```", manual.read_text(encoding="utf-8"), re.DOTALL)
    drawn = set()
    for expected in CASES.glob("*/expected.txt"):
        for line in expected.read_text(encoding="utf-8").splitlines():
            if found := re.fullmatch(r"(?:\d+ )?text '(.*)'", line):
                drawn.add(found[1].rstrip())
    assert len(pictures) > 8
    assert [row for picture in pictures for row in picture.splitlines() if row not in drawn] == []
