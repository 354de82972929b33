"""The characters that CharSelect offers, by group, with their names. Read when a group is first asked for.

Names are Unicode's as Python knows them, short names of emoji, and Nerd Fonts' names. Pure but for the file.
"""

from __future__ import annotations

import functools
import unicodedata
from importlib.resources import files
from typing import NamedTuple

__all__ = ["GROUPS", "Character", "all_characters", "characters_of", "describe", "icon_glyph"]

GROUPS = {
    "RecentlyUsed": "Recently used",
    "SmileysAndEmotion": "Smileys and emotion",
    "PeopleAndBody": "People and body",
    "AnimalsAndNature": "Animals and nature",
    "FoodAndDrink": "Food and drink",
    "TravelAndPlaces": "Travel and places",
    "Activities": "Activities",
    "Objects": "Objects",
    "Symbols": "Symbols",
    "Flags": "Flags",
    "NerdFonts": "Nerd Fonts",
    "UnicodeNames": "Unicode names",
    "ShortCodes": "Short codes",
}
"""WezTerm's groups in the order of cycling, with what is shown."""
_EMOJI_GROUPS = tuple(GROUPS)[1:10]
_UNNAMED = ("CJK UNIFIED", "HANGUL SYLLABLE", "TANGUT IDEOGRAPH", "CJK COMPATIBILITY", "NUSHU", "KHITAN")
_LAST = 0x1FBFF  # the last code point that is not an ideograph, a tag or a variation selector


class Character(NamedTuple):
    """Something to insert: a character or a sequence, and what it is called."""

    text: str
    name: str


@functools.cache
def _emoji() -> tuple[tuple[Character, int, str], ...]:
    table = files("perilune.app.overlays").joinpath("emoji.tsv").read_text(encoding="utf-8")
    found = []
    for line in table.splitlines():
        text, group, short = line.split("\t")
        found.append((Character(text, _emoji_name(text, short)), int(group), short))
    return tuple(found)


def _emoji_name(text: str, short: str) -> str:
    plain = text.replace("\ufe0f", "")
    name = unicodedata.name(plain, "") if len(plain) == 1 else ""
    words = [word.replace("_", " ").replace("-", " ") for word in short.split()]
    return ", ".join([name.title(), *words] if name else words)


def describe(text: str) -> Character:
    """A character that somebody used before."""
    for character, _, _ in _emoji():
        if character.text == text:
            return character
    name = ", ".join(unicodedata.name(char, f"U+{ord(char):04X}").title() for char in text)
    icons = _nerd_fonts_by_text()
    return Character(text, icons.get(text, name))


@functools.cache
def _nerd_fonts() -> tuple[Character, ...]:
    from nerdfont import icons  # noqa: PLC0415 - 20 thousand names, for those who look

    return tuple(
        Character(glyph, name[3:].replace("-", "_", 1)) for name, glyph in icons.items() if name[:3] == "nf-"
    )


@functools.cache
def _nerd_fonts_by_text() -> dict[str, str]:
    return {character.text: character.name for character in _nerd_fonts()}


def icon_glyph(name: str) -> str:
    """A Nerd Font's glyph by WezTerm's name of it (`md_folder`), "" where there is none."""
    from nerdfont import icons  # noqa: PLC0415

    return str(icons.get("nf-" + name.replace("_", "-", 1), ""))


@functools.cache
def _unicode_names() -> tuple[Character, ...]:
    found = []
    for number in range(0x20, _LAST + 1):
        char = chr(number)
        name = unicodedata.name(char, "")
        if name and not name.startswith(_UNNAMED):
            found.append(Character(char, name.title()))
    return tuple(found)


@functools.cache
def characters_of(group: str) -> tuple[Character, ...]:
    """All of a group but "RecentlyUsed", which is the user's."""
    if group in _EMOJI_GROUPS:
        number = _EMOJI_GROUPS.index(group)
        return tuple(character for character, its, _ in _emoji() if its == number)
    if group == "NerdFonts":
        return _nerd_fonts()
    if group == "UnicodeNames":
        return _unicode_names()
    if group == "ShortCodes":
        return tuple(
            Character(item.text, f":{name}:") for item, _, names in _emoji() for name in names.split()
        )
    return ()


@functools.cache
def all_characters() -> tuple[Character, ...]:
    """What a search goes through: each character once, emoji first."""
    found: dict[str, Character] = {}
    for group in (*_EMOJI_GROUPS, "NerdFonts", "UnicodeNames"):
        for character in characters_of(group):
            found.setdefault(character.text, character)
    return tuple(found.values())
