"""Where faces come from: the embedded ones, those of configured folders, those that fontconfig knows.

fontconfig is imported when the first family is asked for that is not embedded, or when a character needs
another face than the configured ones; on a machine without system fonts it answers nothing and the embedded
faces do. Knows files and names, loads no glyph. Window thread.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from perilune.base import log

if TYPE_CHECKING:
    from perilune.config.options.fonts import FontFace

__all__ = ["WEIGHTS", "FaceFile", "FontCatalog"]

_log = log.get_logger("render")

WEIGHTS = {
    "Thin": 100, "ExtraLight": 200, "Light": 300, "DemiLight": 350, "Book": 380, "Regular": 400,
    "Medium": 500, "DemiBold": 600, "Bold": 700, "ExtraBold": 800, "Black": 900, "ExtraBlack": 950,
}  # fmt: skip
"""The numbers of OpenType for the names of configurations."""

# The same scale as fontconfig counts it.
_FC_WEIGHTS = (
    (100, 0), (200, 40), (300, 50), (350, 55), (380, 75), (400, 80), (500, 100), (600, 180), (700, 200),
    (800, 205), (900, 210), (950, 215),
)  # fmt: skip
_FC_WIDTHS = {
    "UltraCondensed": 50, "ExtraCondensed": 63, "Condensed": 75, "SemiCondensed": 87, "Normal": 100,
    "SemiExpanded": 113, "Expanded": 125, "ExtraExpanded": 150, "UltraExpanded": 200,
}  # fmt: skip
_FC_SLANTS = {"Normal": 0, "Italic": 100, "Oblique": 110}
_SELECT = ("family", "file", "index", "weight", "slant", "spacing", "color", "style", "fullname")
_GENERIC = frozenset({"monospace", "sans-serif", "sans", "serif", "mono", "system-ui", "emoji", "cursive"})
_EMOJI_FAMILIES = ("Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji", "Twemoji")


class FaceFile(NamedTuple):
    """A face in a file.

    Attributes:
        path: the file.
        number: of the face in a collection.
        weight: what the face is, or for a variable one should become, 1-1000.
        is_italic: whether its letters are slanted.
        is_variable: its weight can be set.
        wanted_weight: what was asked for; bold is made up where the face is much lighter.
        wants_italic: likewise; slanted where the face is upright.
        family: its name.
    """

    path: str
    number: int = 0
    weight: int = 400
    is_italic: bool = False
    is_variable: bool = False
    wanted_weight: int = 400
    wants_italic: bool = False
    family: str = ""


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def _fc_weight(weight: int) -> int:
    return min(_FC_WEIGHTS, key=lambda pair: abs(pair[0] - weight))[1]


def _css_weight(weight: float) -> int:
    return min(_FC_WEIGHTS, key=lambda pair: abs(pair[1] - weight))[0]


class FontCatalog:
    """Finds faces.

    Args:
        font_dirs: folders with more fonts, looked into before the system's.
        locator: "ConfigDirsOnly": the system's fonts are left alone.
    """

    def __init__(self, font_dirs: Sequence[str] = (), locator: str = "FontConfig") -> None:
        self._font_dirs = tuple(font_dirs)
        self._uses_system = locator != "ConfigDirsOnly"
        self._found: dict[tuple[object, ...], FaceFile | None] = {}
        self._by_char: dict[tuple[int, bool], FaceFile | None] = {}
        self._warned: set[str] = set()

    # -- by name --

    def find(self, face: FontFace, *, warn: bool = True) -> FaceFile | None:
        """The face that a configuration names; None, and one line in the log, where there is none."""
        weight = WEIGHTS[face.weight] if isinstance(face.weight, str) else face.weight
        italic = face.style != "Normal"
        key = (face.family, weight, face.stretch, face.style)
        if key not in self._found:
            self._found[key] = self._find(face.family, weight, face.stretch, face.style, italic=italic)
        found = self._found[key]
        if found is None and warn and face.family not in self._warned:
            self._warned.add(face.family)
            _log.warning("there is no font %r on this machine; the next one is used", face.family)
        return found

    def _find(self, family: str, weight: int, stretch: str, style: str, *, italic: bool) -> FaceFile | None:
        name = family.casefold()
        if name == "jetbrains mono":
            return self.embedded(weight, italic=italic)
        if name == "roboto" and (own := self._roboto(weight, italic=italic)) is not None:
            return own  # as WezTerm, which comes with it
        found = self._in_folders(name, weight, italic=italic)
        if found is not None or not self._uses_system:
            return found
        return self._in_system(family, weight, stretch, style, italic=italic)

    def embedded(self, weight: int = 400, *, italic: bool = False) -> FaceFile:
        """JetBrains Mono, which is always there."""
        folder = _package_folder("fontpkg_jetbrains_mono")
        if folder is None:  # a broken installation; the caller cannot go on
            raise RuntimeError("the package fontpkg-jetbrains-mono is not installed")
        name = "JetBrainsMono-Italic[wght].ttf" if italic else "JetBrainsMono[wght].ttf"
        path = str(folder / "files" / name)
        return FaceFile(path, 0, weight, italic, True, weight, italic, "JetBrains Mono")

    def _in_system(
        self, family: str, weight: int, stretch: str, style: str, *, italic: bool
    ) -> FaceFile | None:
        properties: dict[str, Any] = {
            "family": family,
            "weight": _fc_weight(weight),
            "slant": _FC_SLANTS[style],
            "width": _FC_WIDTHS.get(stretch, 100),
        }
        match = self._fontconfig("match", properties=properties, select=_SELECT)
        if not match:
            return None
        names = {str(match.get("family", "")).casefold(), str(match.get("fullname", "")).casefold()}
        if family.casefold() not in names and family.casefold() not in _GENERIC:
            # It answered with its favourite instead; perhaps the family is known by another of its names.
            listed = self._fontconfig("list", properties={"family": family}, select=("family", "file"))
            if not listed or not any(one.get("file") == match.get("file") for one in listed):
                return None
        return self._from_match(match, weight, italic=italic)

    def _from_match(self, match: dict[str, Any], weight: int, *, italic: bool) -> FaceFile | None:
        path = str(match.get("file", ""))
        if not path.lower().endswith((".ttf", ".otf", ".ttc", ".otc")):
            return None  # bitmap and Type 1 faces
        raw = match.get("weight", 80)
        own = _css_weight(float(raw)) if isinstance(raw, (int, float)) else weight
        is_variable = not isinstance(raw, (int, float))
        slanted = int(match.get("slant", 0) or 0) > 0
        index = int(match.get("index", 0) or 0) & 0xFFFF
        return FaceFile(path, index, own, slanted, is_variable, weight, italic, str(match.get("family", "")))

    # -- by character --

    def for_character(self, code: int, *, wants_color: bool = False) -> FaceFile | None:
        """A face of this machine that has a character; for an emoji a coloured one where there is."""
        key = (code, wants_color)
        if key not in self._by_char:
            self._by_char[key] = self._for_character(code, wants_color=wants_color)
        return self._by_char[key]

    def _for_character(self, code: int, *, wants_color: bool) -> FaceFile | None:
        if not self._uses_system:
            return None
        listed = self._fontconfig("list", pattern=f":charset={code:x}", select=_SELECT) or []
        best: tuple[tuple[int, ...], dict[str, Any]] | None = None
        for match in listed:
            if not str(match.get("file", "")).lower().endswith((".ttf", ".otf", ".ttc", ".otc")):
                continue
            family = str(match.get("family", ""))
            weight = match.get("weight", 80)
            distance = abs(weight - 80) if isinstance(weight, (int, float)) else 0
            is_color = bool(match.get("color"))
            rank = (
                int(is_color != wants_color),
                int(wants_color and family not in _EMOJI_FAMILIES),
                int((match.get("spacing") or 0) < 90),
                int(int(match.get("slant", 0) or 0) > 0),
                int(distance),
                int("serif" in family.lower() and "sans" not in family.lower()),
                int("condensed" in str(match.get("style", "")).lower()),
            )
            if best is None or (rank, str(match["file"])) < (best[0], str(best[1]["file"])):
                best = (rank, match)
        return self._from_match(best[1], 400, italic=False) if best is not None else None

    def emoji(self) -> FaceFile | None:
        """A face of coloured emoji."""
        return self.for_character(0x1F600, wants_color=True)

    # -- the ones that come with us --

    def bundled(self, code: int) -> FaceFile | None:
        """A face of our own dependencies that has a character: monochrome emoji, symbols, more scripts."""
        for path, codes in self._bundled_faces:
            if code in codes:
                return FaceFile(path, is_variable=True)
        return None

    def title_face(self, weight: int, *, italic: bool) -> FaceFile:
        """Roboto, which comes with us; the embedded face where it is missing."""
        return self._roboto(weight, italic=italic) or self.embedded(weight, italic=italic)

    def _roboto(self, weight: int, *, italic: bool) -> FaceFile | None:
        folder = _package_folder("fontpkg_roboto")
        path = (
            None
            if folder is None
            else folder / "files" / f"Roboto{'-Italic' if italic else ''}[wdth,wght].ttf"
        )
        if path is None or not path.exists():
            return None
        return FaceFile(str(path), 0, weight, italic, True, weight, italic, "Roboto")

    @functools.cached_property
    def _bundled_faces(self) -> list[tuple[str, frozenset[int]]]:
        folder = _package_folder("manimgx_fonts")
        if folder is None:
            return []
        import uharfbuzz as hb  # noqa: PLC0415 - only when nothing else has a character

        names = sorted(folder.glob("*.ttf"), key=lambda path: ("Emoji" not in path.name, path.name))
        return [
            (str(path), frozenset(hb.Face(hb.Blob.from_file_path(str(path))).unicodes))
            for path in names
            if "Italic" not in path.name
        ]

    # -- folders --

    def _in_folders(self, name: str, weight: int, *, italic: bool) -> FaceFile | None:
        best: tuple[int, FaceFile] | None = None
        for path, index, family, own, slanted, variable in self._folder_faces:
            if family != name:
                continue
            rank = (0 if variable else abs(own - weight)) + (2000 if slanted != italic else 0)
            if best is None or rank < best[0]:
                best = (rank, FaceFile(path, index, own, slanted, variable, weight, italic, name))
        return best[1] if best is not None else None

    @functools.cached_property
    def _folder_faces(self) -> list[tuple[str, int, str, int, bool, bool]]:
        if not self._font_dirs:
            return []
        import uharfbuzz as hb  # noqa: PLC0415 - only for configured folders

        ids = hb.OTNameIdPredefined
        faces: list[tuple[str, int, str, int, bool, bool]] = []
        paths = [
            path
            for folder in self._font_dirs
            for path in sorted(Path(folder).expanduser().rglob("*"))
            if path.suffix.lower() in {".ttf", ".otf", ".ttc", ".otc"}
        ]
        for path in paths:
            try:
                blob = hb.Blob.from_file_path(str(path))
                for index in range(max(1, hb.Face(blob).count)):
                    face = hb.Face(blob, index)
                    names = {
                        str(face.get_name(number) or "").casefold()
                        for number in (ids.FONT_FAMILY, ids.TYPOGRAPHIC_FAMILY)
                    }
                    font = hb.Font(face)
                    weight = round(font.get_style_value(hb.StyleTag.WEIGHT))
                    slanted = font.get_style_value(hb.StyleTag.ITALIC) > 0.5
                    variable = any(axis.tag == "wght" for axis in face.axis_infos)
                    faces += [(str(path), index, name, weight, slanted, variable) for name in names if name]
            except (OSError, hb.HarfBuzzError) as error:
                _log.warning("cannot read the font %s: %s", path, error)
        return faces

    # -- the system --

    def _fontconfig(self, question: str, **arguments: Any) -> Any:
        try:
            import fontconfig  # noqa: PLC0415 - 20-100 ms, and rarely needed
        except ImportError as error:  # no wheel for this platform
            if "" not in self._warned:
                self._warned.add("")
                _log.warning("system fonts cannot be searched: %s", error)
            return None
        ask = fontconfig.match if question == "match" else fontconfig.list
        return ask(**arguments)
