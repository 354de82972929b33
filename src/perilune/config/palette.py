"""Colours: the `colors` table as users and schemes write it, and the palette that results.

Whatever is not configured stays None, so that a front end keeps its own. Loads no scheme by itself: the
built-in ones are asked for by name through `schemes`, and only when a config names one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from perilune.base.color import ANSI_COLOR_NAMES, TRANSPARENT_NAMES, Rgb
from perilune.config.forms import BOOLEAN, COLOR, Form, as_list, as_table, choice, list_of, optional
from perilune.config.problems import ConfigError, Place, Problem, suggestion
from perilune.config.record import Record, form_of, option

__all__ = [
    "BACKGROUND",
    "COLORS",
    "COLOR_SPEC",
    "ColorSpec",
    "Colors",
    "Palette",
    "TabBarColor",
    "TabBarColors",
    "TabBarTable",
    "resolve_palette",
]

ColorSpec = int | Rgb | Literal["Default"]
"""A palette index, a colour, or the default colour."""

_ALPHA = re.compile(r"(?:rgba|hsla)\s*[:(].*[\s,/]([0-9.]+)(%?)\s*\)?$", re.IGNORECASE)


def _is_transparent(text: str) -> bool:
    text = text.strip()
    if text.lower() in TRANSPARENT_NAMES:
        return True
    if text.startswith("#"):
        return (len(text) == 9 and text[7:] == "00") or (len(text) == 5 and text[4] == "0")
    found = _ALPHA.match(text)
    try:
        return found is not None and len(re.findall(r"[0-9.]+%?", text)) == 4 and float(found[1]) == 0
    except ValueError:
        return False


def _background(value: object, at: Place, _expected: str) -> Rgb | None:
    if isinstance(value, str) and _is_transparent(value):
        return None
    return COLOR.read(value, at)


def _color_spec(value: object, at: Place, expected: str) -> ColorSpec:
    if value == "Default":
        return "Default"
    if isinstance(value, str):
        return COLOR.read(value, at)
    table = as_table(value)
    if table is not None and len(table) == 1:
        ((name, inner),) = table.items()
        if name == "AnsiColor":
            return ANSI_COLOR_NAMES.index(choice(*ANSI_COLOR_NAMES).read(inner, at.field(name)))
        if name == "Color":
            return COLOR.read(inner, at.field(name))
    raise at.wrong(expected, value)


def _indexed(value: object, at: Place, expected: str) -> Mapping[int, Rgb]:
    items = as_list(value)
    table: Mapping[object, object] | None = (
        dict(enumerate(items, 1)) if items is not None else as_table(value)
    )
    if table is None:
        raise at.wrong(expected, value)
    found: dict[int, Rgb] = {}
    for key, item in table.items():
        place = at.item(key) if isinstance(key, int) else at.field(key)
        try:
            index = int(key) if isinstance(key, (int, float, str)) else -1
        except (ValueError, OverflowError):
            index = -1
        if not 16 <= index <= 255:
            place.report(ConfigError(f"{place.path}: expected an index from 16 to 255"))
            continue
        try:
            found[index] = COLOR.read(item, place)
        except ConfigError as error:
            place.report(error)
    return MappingProxyType(found)


BACKGROUND: Form[Rgb | None] = Form("a colour", _background)
"""A colour; a fully transparent one is None: whatever lies behind shows."""
COLOR_SPEC: Form[ColorSpec] = Form("{AnsiColor='Name'}, {Color='#rrggbb'} or 'Default'", _color_spec)
_EIGHT = optional(list_of(COLOR, count=8))
_ONE = optional(COLOR)
_SPEC = optional(COLOR_SPEC)


class TabBarColor(Record):
    """One element of the tab bar."""

    bg_color: Rgb | None = option(BACKGROUND, doc="Background; None where it is transparent.")
    fg_color: Rgb = option(COLOR, doc="Foreground.")
    intensity: str = option(choice("Normal", "Bold", "Half"), default="Normal", doc="Weight of the text.")
    underline: str = option(
        choice("None", "Single", "Double", "Curly", "Dotted", "Dashed", also={False: "None", True: "Single"}),
        default="None",
        doc="Underline.",
    )
    italic: bool = option(BOOLEAN, default=False, doc="Italic text.")
    strikethrough: bool = option(BOOLEAN, default=False, doc="Struck through.")


_ELEMENT = optional(form_of(TabBarColor, "a table with bg_color and fg_color"))
_INACTIVE = TabBarColor(bg_color=(0x33, 0x33, 0x33), fg_color=(0x80, 0x80, 0x80))
_HOVER = TabBarColor(bg_color=(0x1F, 0x1F, 0x1F), fg_color=(0x90, 0x90, 0x90), italic=True)


class TabBarTable(Record):
    """`colors.tab_bar` as it is written: an element given replaces the whole default element."""

    background: Rgb | Literal["unset"] | None = option(
        BACKGROUND, default="unset", doc="The bar's background; None where it is transparent."
    )
    active_tab: TabBarColor | None = option(_ELEMENT, default=None, doc="The active tab.")
    inactive_tab: TabBarColor | None = option(_ELEMENT, default=None, doc="The other tabs.")
    inactive_tab_hover: TabBarColor | None = option(_ELEMENT, default=None, doc="A tab being pointed at.")
    new_tab: TabBarColor | None = option(_ELEMENT, default=None, doc="The new-tab button.")
    new_tab_hover: TabBarColor | None = option(_ELEMENT, default=None, doc="The button, pointed at.")
    inactive_tab_edge: Rgb | None = option(_ONE, default=None, doc="Line between tabs (window).")
    inactive_tab_edge_hover: Rgb | None = option(_ONE, default=None, doc="Likewise, pointed at.")

    def over(self, other: TabBarTable) -> TabBarTable:
        """This table's elements, the other's where this has none."""
        return TabBarTable(**{**other.__dict__, **self.__dict__})


class TabBarColors(Record):
    """The tab bar's colours, complete."""

    background: Rgb | None = option(BACKGROUND, default=(0x33, 0x33, 0x33), doc="The bar's background.")
    active_tab: TabBarColor = option(
        form_of(TabBarColor),
        default=TabBarColor(bg_color=(0, 0, 0), fg_color=(0xC0, 0xC0, 0xC0)),
        doc="The active tab.",
    )
    inactive_tab: TabBarColor = option(form_of(TabBarColor), default=_INACTIVE, doc="The other tabs.")
    inactive_tab_hover: TabBarColor = option(
        form_of(TabBarColor), default=_HOVER, doc="A tab being pointed at."
    )
    new_tab: TabBarColor = option(form_of(TabBarColor), default=_INACTIVE, doc="The new-tab button.")
    new_tab_hover: TabBarColor = option(form_of(TabBarColor), default=_HOVER, doc="The button, pointed at.")
    inactive_tab_edge: Rgb = option(COLOR, default=(0x57, 0x57, 0x57), doc="Line between tabs (window).")
    inactive_tab_edge_hover: Rgb = option(COLOR, default=(0x36, 0x36, 0x36), doc="Likewise, pointed at.")


class _PaletteFields(Record):
    foreground: Rgb | None = option(_ONE, default=None, doc="Text.")
    background: Rgb | None = option(optional(BACKGROUND), default=None, doc="Background.")
    cursor_fg: Rgb | None = option(_ONE, default=None, doc="Text under the cursor.")
    cursor_bg: Rgb | None = option(_ONE, default=None, doc="The cursor.")
    cursor_border: Rgb | None = option(_ONE, default=None, doc="The cursor's outline without the focus.")
    selection_fg: Rgb | None = option(optional(BACKGROUND), default=None, doc="Selected text.")
    selection_bg: Rgb | None = option(optional(BACKGROUND), default=None, doc="Behind selected text.")
    ansi: tuple[Rgb, ...] | None = option(_EIGHT, default=None, doc="Entries 0-7.")
    brights: tuple[Rgb, ...] | None = option(_EIGHT, default=None, doc="Entries 8-15.")
    indexed: Mapping[int, Rgb] = option(
        Form("a table from index to colour", _indexed), default=MappingProxyType({}), doc="Entries 16-255."
    )
    scrollbar_thumb: Rgb | None = option(_ONE, default=None, doc="The scroll bar's thumb (window).")
    split: Rgb | None = option(_ONE, default=None, doc="Lines between panes.")
    visual_bell: Rgb | None = option(_ONE, default=None, doc="What the visual bell flashes.")
    compose_cursor: Rgb | None = option(_ONE, default=None, doc="The cursor while the leader is on.")
    copy_mode_active_highlight_fg: ColorSpec | None = option(_SPEC, default=None, doc="Current match, text.")
    copy_mode_active_highlight_bg: ColorSpec | None = option(_SPEC, default=None, doc="Current match.")
    copy_mode_inactive_highlight_fg: ColorSpec | None = option(_SPEC, default=None, doc="Others, text.")
    copy_mode_inactive_highlight_bg: ColorSpec | None = option(_SPEC, default=None, doc="Other matches.")
    quick_select_label_fg: ColorSpec | None = option(_SPEC, default=None, doc="Quick select's label, text.")
    quick_select_label_bg: ColorSpec | None = option(_SPEC, default=None, doc="Quick select's label.")
    quick_select_match_fg: ColorSpec | None = option(_SPEC, default=None, doc="Quick select's match, text.")
    quick_select_match_bg: ColorSpec | None = option(_SPEC, default=None, doc="Quick select's match.")
    input_selector_label_fg: ColorSpec | None = option(
        _SPEC, default=None, doc="Input selector's label, text."
    )
    input_selector_label_bg: ColorSpec | None = option(_SPEC, default=None, doc="Input selector's label.")
    launcher_label_fg: ColorSpec | None = option(_SPEC, default=None, doc="Launcher's label, text.")
    launcher_label_bg: ColorSpec | None = option(_SPEC, default=None, doc="Launcher's label.")


class Colors(_PaletteFields):
    """A `colors` table, or one of `color_schemes`: everything optional."""

    tab_bar: TabBarTable | None = option(optional(form_of(TabBarTable)), default=None, doc="The tab bar.")

    def over(self, other: Colors) -> Colors:
        """This table's colours, the other's where this has none."""
        found = {**other.__dict__, **self.__dict__}  # None in there was written: transparent
        found["indexed"] = MappingProxyType({**other.indexed, **self.indexed})
        if self.tab_bar is not None and other.tab_bar is not None:
            found["tab_bar"] = self.tab_bar.over(other.tab_bar)
        return Colors(**found)


class Palette(_PaletteFields):
    """The colours in force; None means not configured, so the front end's own."""

    tab_bar: TabBarColors = option(form_of(TabBarColors), default=TabBarColors(), doc="The tab bar.")

    @classmethod
    def of(cls, colors: Colors) -> Palette:
        """The palette that a colours table makes."""
        fields = dict(colors.__dict__)
        written = fields.pop("tab_bar", None) or TabBarTable()
        elements = {
            name: value for name, value in written.__dict__.items() if value is not None and value != "unset"
        }
        if "background" in written.__dict__ and written.background != "unset":
            elements["background"] = written.background
        return cls(**fields, tab_bar=TabBarColors(**elements))

    def entry(self, index: int) -> Rgb | None:
        """One of the 256 colours, if it is configured.

        >>> Palette(brights=((1, 2, 3),) * 8).entry(9), Palette().entry(9)
        ((1, 2, 3), None)
        """
        if index < 8:
            return self.ansi[index] if self.ansi else None
        if index < 16:
            return self.brights[index - 8] if self.brights else None
        return self.indexed.get(index)


COLORS: Form[Colors] = form_of(Colors)


def resolve_palette(
    colors: Colors | None,
    color_scheme: str | None,
    color_schemes: Mapping[str, Colors],
    at: Place | None = None,
    directories: Sequence[str] = (),
) -> Palette:
    """The palette from the options about colours.

    Args:
        colors: laid over the scheme, the tab bar element by element.
        color_scheme: looked up in `color_schemes`, then among files, then among the built-in ones.
        color_schemes: the config's own schemes.
        at: collects an unknown scheme's error.
        directories: `color_scheme_dirs`.
    """
    found = colors or Colors()
    if color_scheme is None:
        return Palette.of(found)
    scheme = color_schemes.get(color_scheme)
    if scheme is None:
        scheme = _find_scheme(color_scheme, color_schemes, at, directories)
    return Palette.of(found.over(scheme) if scheme is not None else found)


def _find_scheme(
    name: str, others: Mapping[str, Colors], at: Place | None, directories: Sequence[str]
) -> Colors | None:
    # Imported here: only configs that name a scheme pay for them.
    from perilune.config.scheme_files import find_scheme_file, scheme_directories  # noqa: PLC0415
    from perilune.config.schemes import load_scheme, nearest_scheme  # noqa: PLC0415

    places = scheme_directories(directories)
    scheme = find_scheme_file(name, places, at) or load_scheme(name)
    if scheme is None:
        scheme = find_scheme_file(name, places, at, by_content=True)
    if scheme is None and at is not None:
        near = nearest_scheme(name, others)
        message = f"{at.path}: there is no colour scheme {name!r}{suggestion(near)}"
        at.problems.append(Problem("warning", message, at.option, near))
    return scheme
