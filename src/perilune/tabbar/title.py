"""Titles of tabs: what a bar asks of whoever makes them, and the built-in ones.

Knows no scripts: `app` hands the bar a `TitleSource`, which answers from its memos.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from perilune.cells.sgr_text import SgrText
from perilune.tabbar.options import BarOptions

__all__ = [
    "SPINNER_FRAMES",
    "BuiltinTitles",
    "PaneView",
    "Progress",
    "TabView",
    "TitleSource",
    "builtin_title",
    "progress_glyph",
    "shows_spinner",
]

SPINNER_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
"""What indeterminate progress shows, one after the other, 100 ms each."""

Progress = tuple[str, int] | str | Mapping[str, int]
"""A state ("None", "Percentage", "Error", "Indeterminate") and a percentage, as `mux` has it; or the state
alone, or {state: percentage}, as scripts see it."""

_MIN_CELLS = 5  # so that a short title can still be hit with the mouse
_LINE_END = re.compile(r"[\r\n].*", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Up to which percentage a slice is shown: from an empty circle to a full one.
_SLICES = (
    (5, "\U000f0130"), (18, "\U000f0a9e"), (31, "\U000f0a9f"), (43, "\U000f0aa0"), (56, "\U000f0aa1"),
    (68, "\U000f0aa2"), (81, "\U000f0aa3"), (94, "\U000f0aa4"),
)  # fmt: skip
_FULL = "\U000f0aa5"


class PaneView(Protocol):
    """What the bar reads of a pane; `mux` snapshots are such."""

    @property
    def title(self) -> str:
        """As the program set it; taken as plain text."""
        ...

    @property
    def progress(self) -> Progress:
        """What it reports."""
        ...

    @property
    def is_zoomed(self) -> bool:
        """Whether it fills its tab."""
        ...

    @property
    def has_unseen_output(self) -> bool:
        """Whether it printed since it last had the focus."""
        ...


class TabView(Protocol):
    """What the bar reads of a tab."""

    @property
    def tab_index(self) -> int:
        """Its place in the window, from 0."""
        ...

    @property
    def is_active(self) -> bool:
        """Whether it is the window's active tab."""
        ...

    @property
    def tab_title(self) -> str:
        """The title that was given to the tab itself, or ""; SGR in it acts."""
        ...

    @property
    def active_pane(self) -> PaneView | None:
        """Its active pane, if it has panes."""
        ...

    @property
    def panes(self) -> Sequence[PaneView]:
        """All its panes."""
        ...


TabT_contra = TypeVar("TabT_contra", bound=TabView, contravariant=True)


class TitleSource(Protocol[TabT_contra]):
    """Who makes titles. Asked about twice a frame for each tab, so it answers from what it has."""

    def title(self, tab: TabT_contra, hover: bool, max_width: int) -> SgrText | None:
        """The title, or None for the built-in one."""
        ...


class BuiltinTitles:
    """A source that leaves every title to the built-in one."""

    def title(self, tab: TabView, hover: bool, max_width: int) -> SgrText | None:  # noqa: ARG002 - the protocol's
        """None."""
        return None


def progress_glyph(percent: int) -> str:
    """The slice of a circle that shows a percentage (a Nerd Font glyph).

    >>> [hex(ord(progress_glyph(percent))) for percent in (0, 6, 50, 100)]
    ['0xf0130', '0xf0a9e', '0xf0aa1', '0xf0aa5']
    """
    return next((glyph for limit, glyph in _SLICES if percent <= limit), _FULL)


def shows_spinner(tab: TabView) -> bool:
    """Whether the tab's built-in title moves by itself."""
    pane = tab.active_pane
    return pane is not None and _state_of(pane.progress)[0] == "Indeterminate"


def builtin_title(tab: TabView, options: BarOptions, spinner_frame: int = 0) -> SgrText:
    """The title of a tab that no script gives one.

    Number, progress, marks, then the tab's title or else its active pane's; at least five cells.
    """
    pane = tab.active_pane
    if pane is None:
        return _NO_PANE
    # A tab's title comes from its user and may be styled; a pane's comes from a program and may not.
    own = tab.tab_title
    title = _LINE_END.sub("", own) if own else _CONTROLS.sub("", _LINE_END.sub("", pane.title))
    number = -1
    if options.show_tab_index_in_tab_bar:
        number = tab.tab_index + (0 if options.tab_and_split_indices_are_zero_based else 1)
    marks = ""
    if options.zoom_mark and pane.is_zoomed:
        marks += options.zoom_mark
    if options.unseen_output_mark and not tab.is_active and any(each.has_unseen_output for each in tab.panes):
        marks += options.unseen_output_mark
    return _built(number, _progress(pane.progress, spinner_frame), marks, title)


def _state_of(progress: Progress) -> tuple[str, int]:
    if isinstance(progress, tuple):
        return progress
    if isinstance(progress, str):
        return progress, 0
    return next(iter(progress.items()), ("None", 0))


def _progress(progress: Progress, spinner_frame: int) -> str:
    state, percent = _state_of(progress)
    if state == "Percentage":
        return f"\x1b[32m{progress_glyph(percent)} \x1b[39m"
    if state == "Error":
        return f"\x1b[91m{progress_glyph(percent)} \x1b[39m"
    if state == "Indeterminate":
        return f"\x1b[32m{SPINNER_FRAMES[spinner_frame % len(SPINNER_FRAMES)]} \x1b[39m"
    return ""


# Titles are asked for at every layout and change seldom: the same text is not parsed twice.
@lru_cache(maxsize=2048)
def _built(number: int, progress: str, marks: str, title: str) -> SgrText:
    head = f"{progress}{marks}"
    if number >= 0:
        head = f" {number}: {head}"
        title += " "
    built = SgrText(head + title)
    missing = _MIN_CELLS - built.width
    return SgrText(head + title + " " * missing) if missing > 0 else built


_NO_PANE = SgrText(" no pane ")
