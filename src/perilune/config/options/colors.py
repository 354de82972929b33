"""Options of colours."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.config.forms import PATHS, STRING, map_of, optional
from perilune.config.palette import COLORS, Colors
from perilune.config.record import Record, option

__all__ = ["ColorOptions"]


class ColorOptions(Record):
    """Colours."""

    colors: Colors | None = option(
        optional(COLORS), default=None, used=True, doc="Colours, laid over the scheme."
    )
    color_scheme: str | None = option(optional(STRING), default=None, used=True, doc="A scheme's name.")
    color_schemes: Mapping[str, Colors] = option(
        map_of(COLORS), default=MappingProxyType({}), used=True, doc="Schemes by name."
    )
    color_scheme_dirs: tuple[str, ...] = option(PATHS, default=(), used=True, doc="Folders of scheme files.")
