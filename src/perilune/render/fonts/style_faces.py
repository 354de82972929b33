"""Which faces draw which rendition: the configured list, `font_rules`, and who helps out for a character.

Order for a character: the configured faces, the embedded one, the symbol faces that come with us, then
whatever this machine has. Characters that are shown as emoji look for a coloured face first. Window thread.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.cells.packing import (
    BLINK_RAPID,
    BLINK_SLOW,
    BOLD,
    DIM,
    INVISIBLE,
    ITALIC,
    RENDITION_MASK,
    REVERSE,
    STRIKETHROUGH,
    UNDERLINE_MASK,
    UNDERLINE_SHIFT,
)
from perilune.config.options.fonts import FontFace
from perilune.render.fonts.catalog import WEIGHTS, FaceFile, FontCatalog
from perilune.render.fonts.face import Face

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.config.options.fonts import Font, FontRule

__all__ = ["StyleFaces", "StyleTable", "is_emoji", "parse_features"]

_BOLD_WEIGHT = 700
_UNDERLINES = ("None", "Single", "Double", "Curly", "Dotted", "Dashed")
# Faces of icons on the code points of Nerd Fonts: file in the package, and the ranges that agree.
_ICONS = (
    ("codicon-0.0.36.ttf", ((0xEA60, 0xEC1E),)),
    ("materialdesignicons6-webfont-6.9.96.ttf", ((0xF0001, 0xF1AF0),)),
    ("fontawesome6-solid-webfont-6.7.2.ttf", ((0xF000, 0xF2FF),)),
    ("fontawesome6-brands-webfont-6.7.2.ttf", ((0xF000, 0xF2FF),)),
    ("fontawesome6-regular-webfont-6.7.2.ttf", ((0xF000, 0xF2FF),)),
    ("fontawesome5-solid-webfont-5.15.4.ttf", ((0xF000, 0xF2FF),)),
    ("fontawesome5-brands-webfont-5.15.4.ttf", ((0xF000, 0xF2FF),)),
)


def is_emoji(text: str, *, is_wide: bool) -> bool:
    """Whether a cluster is shown as an emoji: by its selector, else by its width and block."""
    if "\ufe0f" in text:
        return True
    if "\ufe0e" in text:
        return False
    code = ord(text[0])
    return is_wide and (0x1F000 <= code <= 0x1FAFF or 0x2300 <= code <= 0x2BFF)


def parse_features(written: tuple[str, ...]) -> dict[str, int]:
    """OpenType features as configurations write them.

    >>> parse_features(("calt=0", "ss01", "-liga", "+zero", "cv05=2"))
    {'calt': 0, 'ss01': 1, 'liga': 0, 'zero': 1, 'cv05': 2}
    """
    found: dict[str, int] = {}
    for text in written:
        name, _, value = text.strip().partition("=")
        number = 1
        if name[:1] in {"-", "+"}:
            number, name = int(name[0] == "+"), name[1:]
        if value.strip():
            number = {"on": 1, "off": 0}.get(value.strip(), -1)
            if number < 0:
                number = int(value) if value.strip().isdigit() else 1
        name = name.partition("[")[0].strip()
        if 1 <= len(name) <= 4:
            found[name] = number
    return found


class StyleTable:
    """Numbers the renditions that need fonts of their own.

    Attributes:
        style_of: for each value of the attribute word's `RENDITION_MASK` bits, the style's number.
        fonts: for each style the font's description, its weight (None: as described) and slant.
    """

    def __init__(self, config: Config) -> None:
        self.style_of = bytearray(RENDITION_MASK + 1)
        self.fonts: list[tuple[Font, int | None, bool]] = []
        bits = BOLD | ITALIC
        for rule in config.font_rules:
            bits |= _bits(rule)
        numbers: dict[tuple[int, int | None, bool], int] = {}
        seen: dict[int, int] = {}
        for attr in range(RENDITION_MASK + 1):
            relevant = attr & bits
            if relevant not in seen:
                font, weight, italic = _pick(config, relevant)
                key = (id(font), weight, italic)
                if key not in numbers:
                    numbers[key] = len(self.fonts)
                    self.fonts.append((font, weight, italic))
                seen[relevant] = numbers[key]
            self.style_of[attr] = seen[relevant]


def _bits(rule: FontRule) -> int:
    return (
        (BOLD | DIM if rule.intensity is not None else 0)
        | (UNDERLINE_MASK if rule.underline is not None else 0)
        | (BLINK_SLOW | BLINK_RAPID if rule.blink is not None else 0)
        | (REVERSE if rule.reverse is not None else 0)
        | (STRIKETHROUGH if rule.strikethrough is not None else 0)
        | (INVISIBLE if rule.invisible is not None else 0)
    )


def _matches(rule: FontRule, attr: int) -> bool:
    intensity = "Bold" if attr & BOLD else "Half" if attr & DIM else "Normal"
    blink = "Slow" if attr & BLINK_SLOW else "Rapid" if attr & BLINK_RAPID else "None"
    style = (attr & UNDERLINE_MASK) >> UNDERLINE_SHIFT
    return (
        rule.intensity in {None, intensity}
        and rule.italic in {None, bool(attr & ITALIC)}
        and rule.blink in {None, blink}
        and rule.underline in {None, _UNDERLINES[style] if style < len(_UNDERLINES) else "Single"}
        and rule.reverse in {None, bool(attr & REVERSE)}
        and rule.strikethrough in {None, bool(attr & STRIKETHROUGH)}
        and rule.invisible in {None, bool(attr & INVISIBLE)}
    )


def _pick(config: Config, attr: int) -> tuple[Font, int | None, bool]:
    for rule in config.font_rules:
        if _matches(rule, attr):
            return rule.font, None, False
    return config.font, _BOLD_WEIGHT if attr & BOLD else None, bool(attr & ITALIC)


class StyleFaces:
    """The faces of one style, loaded as they are needed.

    Args:
        font: the configured list.
        weight: in place of the list's weights, None: as configured. A face that is bolder stays so.
        italic: slanted, whatever the list says.
        catalog: finds them.
        load: makes a face of a file at this style's size, with its features.
    """

    def __init__(
        self,
        font: Font,
        weight: int | None,
        italic: bool,
        catalog: FontCatalog,
        load: Callable[[FaceFile, Mapping[str, int] | None, float, bool], Face],
    ) -> None:
        self._catalog = catalog
        self._load = load
        self._weight = weight or 400
        self._italic = italic
        self._listed: list[Face] = []
        self._color_first: list[Face] = []
        for entry in font.font:
            wanted = entry
            own = WEIGHTS[entry.weight] if isinstance(entry.weight, str) else entry.weight
            if weight is not None and own < weight:
                wanted = _changed(wanted, weight=weight)
            if italic and entry.style == "Normal":
                wanted = _changed(wanted, style="Italic")
            file = catalog.find(wanted)
            if file is None:
                continue
            features = (
                parse_features(entry.harfbuzz_features) if entry.harfbuzz_features is not None else None
            )
            face = load(file, features, entry.scale or 1.0, not self._listed)
            self._listed.append(face)
            if entry.assume_emoji_presentation or face.is_color:
                self._color_first.append(face)
        if not self._listed:
            self._listed.append(load(catalog.embedded(self._weight, italic=italic), None, 1.0, True))
        self._found: dict[tuple[str, bool], Face | None] = {}

    @property
    def primary(self) -> Face:
        """The face that sets the cell's size."""
        return self._listed[0]

    def for_text(self, text: str, *, is_wide: bool) -> Face | None:
        """The first face that has a cluster; None: none has."""
        if len(text) == 1:
            glyph = self._listed[0].glyph_of(ord(text))
            if glyph and not (is_wide and is_emoji(text, is_wide=True)):
                return self._listed[0]
        key = (text, is_wide)
        if key not in self._found:
            self._found[key] = self._search(text, is_wide=is_wide)
        return self._found[key]

    def _search(self, text: str, *, is_wide: bool) -> Face | None:
        codes = [ord(char) for char in text if char not in "\ufe0e\ufe0f\u200d"] or [ord(text[0])]
        emoji = is_emoji(text, is_wide=is_wide)
        for face in self._candidates(codes[0], emoji=emoji):
            if all(face.glyph_of(code) for code in codes):
                return face
        if len(codes) > 1:  # no face has all of it: at least the base
            return self._search(chr(codes[0]), is_wide=is_wide)
        return None

    def _candidates(self, code: int, *, emoji: bool) -> Iterator[Face]:
        if emoji:
            yield from self._color_first
            if (face := self._from_system(code, wants_color=True)) is not None and face.is_color:
                yield face
            if (face := self._bundled(code)) is not None:  # outlines, but emoji's
                yield face
        yield from self._listed
        yield self._embedded
        for number, (_, ranges) in enumerate(_ICONS):
            if any(first <= code <= last for first, last in ranges):
                face = self._icons(number)
                if face is not None:
                    yield face
        if (face := self._from_system(code, wants_color=emoji)) is not None:
            yield face
        if (face := self._bundled(code)) is not None:
            yield face

    @functools.cached_property
    def _embedded(self) -> Face:
        return self._load(self._catalog.embedded(self._weight, italic=self._italic), None, 1.0, False)

    @functools.cache  # noqa: B019 - lives as long as its style
    def _icons(self, number: int) -> Face | None:
        spec = importlib.util.find_spec("qtawesome")
        if spec is None or spec.origin is None:
            return None
        path = Path(spec.origin).parent / "fonts" / _ICONS[number][0]
        return self._load(FaceFile(str(path)), None, 1.0, False) if path.exists() else None

    def _from_system(self, code: int, *, wants_color: bool) -> Face | None:
        file = self._catalog.for_character(code, wants_color=wants_color)
        if file is None:
            return None
        file = file._replace(wanted_weight=self._weight, wants_italic=self._italic and not wants_color)
        return self._load(file, None, 1.0, False)

    def _bundled(self, code: int) -> Face | None:
        file = self._catalog.bundled(code)
        return self._load(file, None, 1.0, False) if file is not None else None


def _changed(face: FontFace, **fields: object) -> FontFace:
    return FontFace(**{**face.__dict__, **fields})
