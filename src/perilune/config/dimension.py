"""Lengths as configs write them: `12`, `"12px"`, `"1cell"`, `"50%"`, `"9pt"`."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from perilune.config.forms import Form
from perilune.config.problems import Place

__all__ = ["Dimension", "Unit", "dimension"]

Unit = Literal["points", "pixels", "percent", "cells"]
_SUFFIXES: tuple[tuple[str, Unit], ...] = (
    ("px", "pixels"),
    ("%", "percent"),
    ("pt", "points"),
    ("cell", "cells"),
)


class Dimension(NamedTuple):
    """A length; `percent` is 0-100."""

    value: float
    unit: Unit

    def pixels(self, *, cell: float, whole: float, dpi: float = 96.0) -> float:
        """The length in pixels, given a cell's size, what 100 % is, and the resolution.

        >>> Dimension(50, "percent").pixels(cell=10, whole=300)
        150.0
        """
        scale = {"points": dpi / 72, "pixels": 1.0, "percent": whole / 100, "cells": cell}[self.unit]
        return self.value * scale


def dimension(default_unit: Unit = "pixels") -> Form[Dimension]:
    """The form of a length whose bare numbers count in `default_unit`."""

    def read(value: object, at: Place, expected: str) -> Dimension:
        unit, text = default_unit, value
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise at.wrong(expected, value)
        if isinstance(value, str):
            text = value.strip()
            for suffix, named in _SUFFIXES:
                if text.endswith(suffix):
                    unit, text = named, text.removesuffix(suffix)
                    break
        try:
            found = float(text)  # type: ignore[arg-type] # a string or a number
        except (ValueError, OverflowError):
            raise at.wrong(expected, value) from None
        if not math.isfinite(found):
            raise at.wrong(expected, value)
        return Dimension(found, unit)

    return Form("a number or a string such as '12px', '1cell', '50%' or '9pt'", read)
