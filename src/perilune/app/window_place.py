"""Where a new window goes, as scripts write it: `{x=10, y=20, origin="ActiveScreen"}`. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from perilune.app.front_end import WindowPlace
from perilune.base.log import get_logger

__all__ = ["window_place"]

_log = get_logger("app")
_DEFAULT_ORIGIN = "ScreenCoordinateSystem"


def window_place(written: Mapping[str, object] | None) -> WindowPlace | None:
    """The place, None where there is none or it makes no sense, which is logged.

    >>> window_place({"x": 10, "y": 20.0, "origin": {"Named": "HDMI-1"}})
    WindowPlace(x=10, y=20, origin='HDMI-1')
    """
    if written is None:
        return None
    x, y, origin = written.get("x", 0), written.get("y", 0), written.get("origin", _DEFAULT_ORIGIN)
    if isinstance(origin, Mapping):
        origin = origin.get("Named")
    if not isinstance(x, int | float) or not isinstance(y, int | float) or not isinstance(origin, str):
        _log.warning("the position of a window is a table such as {x=10, y=20, origin='ActiveScreen'}")
        return None
    return WindowPlace(int(x), int(y), origin)
