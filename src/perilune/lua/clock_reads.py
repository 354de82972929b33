"""What the clock functions read, and until when: the moment at which a format can give something else.

Values are compared then, so a moment that is too early costs a look, not a run. Pure, any thread.
"""

from __future__ import annotations

import math
import re
import time
from datetime import UTC, datetime

from perilune.lua.api.time import format_time

__all__ = ["clock_value", "next_change"]

# Flags, then a modifier (`%OS`, `%EX`), then a precision, then the code.
_CODE = re.compile(r"%[-_0^#]?[EO]?(?:[.:]*\d*)([A-Za-z%+])")
_SECONDS = frozenset("ScTXrs+")
_FRACTION = frozenset("fN")
_MINUTES = frozenset("MR")
_QUARTER = 900.0  # all zones of today differ from UTC by whole quarters of an hour


def next_change(pattern: object, now: float) -> float:
    """When the answer of a clock with this format (None: in seconds) can change, after `now`.

    >>> next_change("%H:%M", 90.0)
    120.0
    >>> next_change("%a", 90.0), next_change(None, 90.5)
    (900.0, 91.0)
    """
    unit = 1.0
    if isinstance(pattern, str) and pattern.lstrip("!")[:2] != "*t":
        codes = frozenset(_CODE.findall(pattern)) - {"%"}
        if not codes:
            return math.inf
        if codes & _FRACTION:
            unit = 0.1
        elif codes & _SECONDS:
            unit = 1.0
        elif codes & _MINUTES:
            unit = 60.0
        else:
            unit = _QUARTER
    return (math.floor(now / unit) + 1) * unit


def clock_value(name: str, pattern: object, now: float) -> object:
    """What the function answers at a moment, as titles report it.

    Raises:
        KeyError: there is no such clock.
    """
    match name:
        case "os.time":
            return int(now)
        case "os.date":
            text = str(pattern)
            if text.lstrip("!")[:2] == "*t":
                return int(now)
            parts = time.gmtime(int(now)) if text.startswith("!") else time.localtime(int(now))
            return time.strftime(text.removeprefix("!"), parts)
        case "wezterm.strftime" | "time.format":
            return format_time(str(pattern), datetime.fromtimestamp(now, UTC).astimezone())
        case "wezterm.strftime_utc" | "time.format_utc":
            return format_time(str(pattern), datetime.fromtimestamp(now, UTC))
        case _:
            raise KeyError(name)
