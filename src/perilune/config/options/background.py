"""What lies behind the text of a window: layers of images, gradients and colours."""

from __future__ import annotations

from typing import Literal, NamedTuple

from perilune.base.color import Rgb
from perilune.config.dimension import Dimension, dimension
from perilune.config.forms import (
    COLOR,
    PATH,
    Form,
    as_table,
    choice,
    integer,
    list_of,
    number,
    one_of,
    optional,
)
from perilune.config.problems import ConfigError, Place
from perilune.config.record import Record, form_of, option

__all__ = [
    "GRADIENT",
    "LAYER",
    "BackgroundLayer",
    "BackgroundSource",
    "Gradient",
    "Hsb",
    "ImageFile",
    "Linear",
    "Parallax",
    "Radial",
]

_PRESETS = """
Blues BrBg BuGn BuPu Cividis Cool CubeHelixDefault GnBu Greens Greys Inferno Magma OrRd Oranges PiYg Plasma
PrGn PuBu PuBuGn PuOr PuRd Purples Rainbow RdBu RdGy RdPu RdYlBu RdYlGn Reds Sinebow Spectral Turbo Viridis
Warm YlGn YlGnBu YlOrBr YlOrRd
"""
_OPTIONAL_NUMBER = optional(number())


class Hsb(Record):
    """Factors on hue, saturation and brightness."""

    hue: float = option(number(), default=1.0, doc="Hue.")
    saturation: float = option(number(), default=1.0, doc="Saturation.")
    brightness: float = option(number(), default=1.0, doc="Brightness.")


class Linear(Record):
    """A gradient along a line."""

    angle: float | None = option(_OPTIONAL_NUMBER, default=None, doc="Degrees from horizontal.")


class Radial(Record):
    """A gradient around a point; lengths are shares of the window's."""

    radius: float | None = option(_OPTIONAL_NUMBER, default=None, doc="Radius; 0.5 where unset.")
    cx: float | None = option(_OPTIONAL_NUMBER, default=None, doc="Centre across; 0.5 where unset.")
    cy: float | None = option(_OPTIONAL_NUMBER, default=None, doc="Centre down; 0.5 where unset.")


Orientation = Literal["Horizontal", "Vertical"] | Linear | Radial


def _orientation(value: object, at: Place, expected: str) -> Orientation:
    if value == "Horizontal":
        return "Horizontal"
    if value == "Vertical":
        return "Vertical"
    table = as_table(value)
    if table is None or len(table) != 1:
        raise at.wrong(expected, value)
    ((name, inner),) = table.items()
    if name == "Linear":
        return Linear.read(inner, at.field(name))
    if name == "Radial":
        return Radial.read(inner, at.field(name))
    raise at.wrong(expected, value)


class Gradient(Record):
    """Colours that go over into each other."""

    orientation: Orientation = option(
        Form("'Horizontal', 'Vertical', {Linear={angle=45}} or {Radial={...}}", _orientation),
        default="Horizontal",
        doc="Which way it runs.",
    )
    colors: tuple[Rgb, ...] = option(list_of(COLOR), default=(), doc="The colours.")
    preset: str | None = option(optional(choice(*_PRESETS.split())), default=None, doc="Colours by name.")
    interpolation: str = option(
        choice("Linear", "Basis", "CatmullRom"), default="Linear", doc="Between the colours."
    )
    blend: str = option(
        choice("Rgb", "LinearRgb", "Hsv", "Oklab"), default="Rgb", doc="The space of colours."
    )
    segment_size: int | None = option(optional(integer(0)), default=None, doc="Steps instead of a slope.")
    segment_smoothness: float | None = option(_OPTIONAL_NUMBER, default=None, doc="Of the steps, 0 to 1.")
    noise: int | None = option(optional(integer(0)), default=None, doc="Noise against bands; 64 where unset.")

    @classmethod
    def read(cls, value: object, at: Place) -> Gradient:
        """Read a table; it needs colours, or a preset."""
        found = super().read(value, at)
        if not found.colors and found.preset is None:
            raise ConfigError(f"{at.path}: expected colors or a preset")
        return found


GRADIENT: Form[Gradient] = form_of(Gradient, "a table with colors or preset")


class ImageFile(Record):
    """An image."""

    path: str = option(PATH, doc="The file.")
    speed: float = option(number(0), default=1.0, doc="Of an animation.")


class BackgroundSource(NamedTuple):
    """What a layer shows: an image, a gradient or a colour."""

    value: ImageFile | Gradient | Rgb


def _source(value: object, at: Place, expected: str) -> BackgroundSource:
    table = as_table(value)
    if table is None or len(table) != 1:
        raise at.wrong(expected, value)
    ((name, inner),) = table.items()
    place = at.field(name)
    if name == "File":
        if isinstance(inner, str):
            return BackgroundSource(ImageFile(path=inner))
        return BackgroundSource(ImageFile.read(inner, place))
    if name == "Gradient":
        return BackgroundSource(Gradient.read(inner, place))
    if name == "Color":
        return BackgroundSource(COLOR.read(inner, place))
    raise at.wrong(expected, value)


class Parallax(NamedTuple):
    """Moves with the scrollback, by a factor."""

    factor: float


def _attachment(value: object, at: Place, expected: str) -> str | Parallax:
    if value in ("Fixed", "Scroll"):
        return str(value)
    table = as_table(value)
    if table is None or set(table) != {"Parallax"}:
        raise at.wrong(expected, value)
    return Parallax(number().read(table["Parallax"], at.field("Parallax")))


_SIZE = one_of(choice("Cover", "Contain"), dimension("pixels"))
_LENGTH = optional(dimension("pixels"))
_REPEAT = choice("Repeat", "Mirror", "NoRepeat")


class BackgroundLayer(Record):
    """One layer; later ones lie over earlier ones."""

    source: BackgroundSource = option(
        Form("{File='path'}, {Gradient={...}} or {Color='...'}", _source), doc="What it shows."
    )
    origin: str = option(choice("BorderBox", "PaddingBox"), default="BorderBox", doc="Where it begins.")
    attachment: str | Parallax = option(
        Form("'Fixed', 'Scroll' or {Parallax=0.5}", _attachment), default="Fixed", doc="How it scrolls."
    )
    repeat_x: str = option(_REPEAT, default="Repeat", doc="Repetition across.")
    repeat_x_size: Dimension | None = option(_LENGTH, default=None, doc="Distance across.")
    repeat_y: str = option(_REPEAT, default="Repeat", doc="Repetition down.")
    repeat_y_size: Dimension | None = option(_LENGTH, default=None, doc="Distance down.")
    vertical_align: str = option(choice("Top", "Middle", "Bottom"), default="Top", doc="Its place down.")
    vertical_offset: Dimension | None = option(_LENGTH, default=None, doc="Away from there.")
    horizontal_align: str = option(choice("Left", "Center", "Right"), default="Left", doc="Its place across.")
    horizontal_offset: Dimension | None = option(_LENGTH, default=None, doc="Away from there.")
    opacity: float = option(number(0, 1), default=1.0, doc="How opaque it is.")
    hsb: Hsb = option(form_of(Hsb), default=Hsb(), doc="Factors on its colours.")
    width: str | Dimension = option(_SIZE, default="Cover", doc="Its width.")
    height: str | Dimension = option(_SIZE, default="Cover", doc="Its height.")


LAYER: Form[BackgroundLayer] = form_of(BackgroundLayer, "a table with source")
