"""Options of fonts and glyphs; all of them act in the window only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.base.color import Rgb
from perilune.config.dimension import Dimension, dimension
from perilune.config.forms import (
    BOOLEAN,
    COLOR,
    NUMBER,
    PATHS,
    STRING,
    STRINGS,
    Form,
    as_list,
    as_table,
    choice,
    integer,
    list_of,
    map_of,
    number,
    one_of,
    optional,
)
from perilune.config.problems import Place
from perilune.config.record import Record, form_of, option

__all__ = ["FONT", "Font", "FontFace", "FontOptions", "FontRule"]

_LOAD_TARGET = choice("Normal", "Light", "Mono", "HorizontalLcd", "VerticalLcd")
_WEIGHTS = (
    "Thin", "ExtraLight", "Light", "DemiLight", "Book", "Regular", "Medium", "DemiBold", "Bold", "ExtraBold",
    "Black", "ExtraBlack",
)  # fmt: skip
_STRETCHES = (
    "UltraCondensed", "ExtraCondensed", "Condensed", "SemiCondensed", "Normal", "SemiExpanded", "Expanded",
    "ExtraExpanded", "UltraExpanded",
)  # fmt: skip
_BOOLEAN_OR_NONE = optional(BOOLEAN)
_DIMENSION_OR_NONE = optional(dimension("pixels"))


class FontFace(Record):
    """One face to look for."""

    family: str = option(STRING, doc="Its family.")
    weight: str | int = option(one_of(choice(*_WEIGHTS), integer(1, 1000)), default="Regular", doc="Weight.")
    stretch: str = option(choice(*_STRETCHES), default="Normal", doc="Width.")
    style: str = option(choice("Normal", "Italic", "Oblique"), default="Normal", doc="Slant.")
    is_fallback: bool = option(BOOLEAN, default=False, doc="Asked for as a fallback.")
    is_synthetic: bool = option(BOOLEAN, default=False, doc="Attributes made up from another face.")
    harfbuzz_features: tuple[str, ...] | None = option(optional(STRINGS), default=None, doc="Features.")
    freetype_load_target: str | None = option(optional(_LOAD_TARGET), default=None, doc="Hinting.")
    freetype_render_target: str | None = option(optional(_LOAD_TARGET), default=None, doc="Rendering.")
    freetype_load_flags: str | None = option(optional(STRING), default=None, doc="Flags.")
    scale: float | None = option(optional(number(0)), default=None, doc="Relative size.")
    assume_emoji_presentation: bool | None = option(_BOOLEAN_OR_NONE, default=None, doc="Holds emoji.")


def _face(value: object, at: Place, _expected: str) -> FontFace:
    if isinstance(value, str):
        return FontFace(family=value)
    return FontFace.read(value, at)


_FACES = list_of(Form("a family or a table with family", _face))


class Font(Record):
    """A list of faces to try in turn: what `wezterm.font` and `font_with_fallback` make."""

    font: tuple[FontFace, ...] = option(_FACES, default=(), doc="The faces.")
    foreground: Rgb | None = option(optional(COLOR), default=None, doc="Colour of such text.")


def _font(value: object, at: Place, expected: str) -> Font:
    table = as_table(value)
    if table is None or (table and as_list(value) is not None):  # a bare name, or a list of them
        raise at.wrong(expected, value)
    if "family" in table:
        return Font(font=(FontFace.read(table, at),))
    return Font.read(table, at)


FONT: Form[Font] = Form("a font, as wezterm.font() makes it", _font)


class FontRule(Record):
    """Which font is used for text with some attributes."""

    font: Font = option(FONT, doc="The font.")
    intensity: str | None = option(optional(choice("Normal", "Bold", "Half")), default=None, doc="Weight.")
    underline: str | None = option(
        optional(choice("None", "Single", "Double", "Curly", "Dotted", "Dashed")),
        default=None,
        doc="Underline.",
    )
    italic: bool | None = option(_BOOLEAN_OR_NONE, default=None, doc="Italic.")
    blink: str | None = option(optional(choice("None", "Slow", "Rapid")), default=None, doc="Blinking.")
    reverse: bool | None = option(_BOOLEAN_OR_NONE, default=None, doc="Reversed.")
    strikethrough: bool | None = option(_BOOLEAN_OR_NONE, default=None, doc="Struck through.")
    invisible: bool | None = option(_BOOLEAN_OR_NONE, default=None, doc="Invisible.")


class FontOptions(Record):
    """Fonts."""

    font: Font = option(
        FONT,
        default=Font(font=(FontFace(family="JetBrains Mono"),)),
        applies="window",
        used=True,
        doc="The font.",
    )
    font_size: float = option(number(0.1), default=12.0, applies="window", used=True, doc="Points.")
    font_rules: tuple[FontRule, ...] = option(
        list_of(form_of(FontRule)), default=(), applies="window", used=True, doc="Fonts by attribute."
    )
    line_height: float = option(
        number(0.01), default=1.0, applies="window", used=True, doc="Factor on a cell's height."
    )
    cell_width: float = option(
        number(0.01), default=1.0, applies="window", used=True, doc="Factor on a cell's width."
    )
    dpi: float | None = option(
        optional(number(1)), default=None, applies="window", used=True, doc="Resolution."
    )
    dpi_by_screen: Mapping[str, float] = option(
        map_of(NUMBER), default=MappingProxyType({}), applies="window", used=True, doc="Likewise, by screen."
    )
    harfbuzz_features: tuple[str, ...] = option(
        STRINGS, default=("kern", "liga", "clig"), applies="window", used=True, doc="OpenType features."
    )
    bold_brightens_ansi_colors: str = option(
        choice("No", "BrightAndBold", "BrightOnly", also={True: "BrightAndBold", False: "No"}),
        default="BrightAndBold",
        applies="window",
        used=True,
        doc="Bold text in colours 0-7 uses 8-15.",
    )
    underline_thickness: Dimension | None = option(
        _DIMENSION_OR_NONE, default=None, applies="window", used=True, doc="Of underlines."
    )
    underline_position: Dimension | None = option(
        _DIMENSION_OR_NONE, default=None, applies="window", used=True, doc="Of underlines."
    )
    strikethrough_position: Dimension | None = option(
        _DIMENSION_OR_NONE, default=None, applies="window", used=True, doc="Of lines through text."
    )
    cursor_thickness: Dimension | None = option(
        _DIMENSION_OR_NONE, default=None, applies="window", used=True, doc="Of bar and underline cursors."
    )
    custom_block_glyphs: bool = option(
        BOOLEAN, default=True, applies="window", used=True, doc="Draw box glyphs."
    )
    anti_alias_custom_block_glyphs: bool = option(
        BOOLEAN, default=True, applies="window", used=True, doc="Smoothly."
    )
    allow_square_glyphs_to_overflow_width: str = option(
        choice("Never", "Always", "WhenFollowedBySpace", also={True: "Always", False: "Never"}),
        default="WhenFollowedBySpace",
        applies="window",
        used=True,
        doc="Square glyphs take two cells.",
    )
    warn_about_missing_glyphs: bool = option(
        BOOLEAN, default=True, applies="window", used=True, doc="Say so."
    )
    use_cap_height_to_scale_fallback_fonts: bool = option(
        BOOLEAN, default=False, applies="window", used=True, doc="Match capitals of fallback fonts."
    )
    sort_fallback_fonts_by_coverage: bool = option(BOOLEAN, default=False, applies="window", doc="Sort them.")
    search_font_dirs_for_fallback: bool = option(BOOLEAN, default=False, applies="window", doc="There too.")
    ignore_svg_fonts: bool = option(BOOLEAN, default=False, applies="window", doc="Skip SVG fonts.")
    font_dirs: tuple[str, ...] = option(
        PATHS, default=(), applies="window", used=True, doc="More folders of fonts."
    )
    font_locator: str = option(
        choice("FontConfig", "Gdi", "CoreText", "ConfigDirsOnly"),
        default="FontConfig",
        applies="window",
        used=True,
        doc="How fonts are found.",
    )
    font_rasterizer: str = option(
        choice("FreeType", "Harfbuzz"), default="FreeType", applies="window", doc="What draws glyphs."
    )
    font_colr_rasterizer: str = option(
        choice("FreeType", "Harfbuzz"), default="Harfbuzz", applies="window", doc="What draws colour glyphs."
    )
    font_shaper: str = option(
        choice("Allsorts", "Harfbuzz"), default="Harfbuzz", applies="window", doc="What shapes text."
    )
    font_antialias: str = option(
        choice("None", "Greyscale", "Subpixel"), default="Greyscale", applies="window", doc="Does nothing."
    )
    font_hinting: str = option(
        choice("None", "Vertical", "VerticalSubpixel", "Full"),
        default="Full",
        applies="window",
        doc="Does nothing.",
    )
    freetype_load_target: str = option(_LOAD_TARGET, default="Normal", applies="window", doc="Hinting.")
    freetype_render_target: str | None = option(
        optional(_LOAD_TARGET), default=None, applies="window", doc="Rendering."
    )
    freetype_load_flags: str | None = option(
        optional(STRING), default=None, applies="window", doc="Flags such as 'NO_HINTING|MONOCHROME'."
    )
    freetype_interpreter_version: int | None = option(
        optional(integer(0)), default=None, applies="window", doc="Of the hinting interpreter."
    )
    freetype_pcf_long_family_names: bool = option(
        BOOLEAN, default=False, applies="window", doc="PCF families with foundry."
    )
    display_pixel_geometry: str = option(
        choice("RGB", "BGR"), default="RGB", applies="window", doc="Order of subpixels."
    )
    experimental_pixel_positioning: bool = option(BOOLEAN, default=False, applies="window", doc="By pixels.")
    shape_cache_size: int = option(integer(0), default=1024, applies="window", doc="Shaped runs kept.")
    line_state_cache_size: int = option(integer(0), default=1024, applies="window", doc="Lines kept.")
    line_quad_cache_size: int = option(integer(0), default=1024, applies="window", doc="Quads kept.")
    line_to_ele_shape_cache_size: int = option(integer(0), default=1024, applies="window", doc="Shapes kept.")
    glyph_cache_image_cache_size: int = option(integer(0), default=256, applies="window", doc="Images kept.")
