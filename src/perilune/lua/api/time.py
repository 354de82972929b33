"""`wezterm.time`, `strftime` and the Time object's methods; formats as Rust's chrono has them."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from perilune.lua.api.program import Program
from perilune.lua.functions import ApiError, lua_function

__all__ = ["TimeApi", "format_time"]

_SPECIFIER = re.compile(r"%(\.\d?f|\d?f|:z|::z|[-_0]?[A-Za-z%+])")


def format_time(pattern: str, at: datetime) -> str:
    """Strftime with chrono's additions.

    >>> format_time("%-d.%-m. %H:%M %.3f %:z %%", datetime(2024, 3, 5, 7, 8, 9, 123456, UTC))
    '5.3. 07:08 .123 +00:00 %'
    """

    def expand(match: re.Match[str]) -> str:
        code = match[1]
        if code.endswith("f"):
            digits = code.strip(".f")
            if code == ".f":  # as many as it takes
                digits = "0" if not at.microsecond else "6" if at.microsecond % 1000 else "3"
            text = f"{at.microsecond:06d}000"[: int(digits) if digits else 9]
            if not text:
                return ""
            return ("." if code.startswith(".") else "") + text
        if code in {":z", "::z"}:
            text = at.strftime("%z")
            return f"{text[:3]}:{text[3:5]}" + (":00" if code == "::z" else "")
        if code == "+":
            return at.isoformat()
        if code == "s":
            return str(math.floor(at.timestamp()))
        if code == "v":
            return at.strftime("%e-%b-%Y")
        return at.strftime("%" + code)

    return _SPECIFIER.sub(expand, pattern)


_PARSED = {
    "T": "%H:%M:%S", "D": "%m/%d/%y", "F": "%Y-%m-%d", "R": "%H:%M", "e": "%d", "h": "%b", "k": "%H",
    "l": "%I", "P": "%p", "v": "%d-%b-%Y", ":z": "%z", "::z": "%z", "n": " ", "t": " ",
}  # fmt: skip
_FRACTION = re.compile(r"\.?\d?f$")


def parse_time(text: str, pattern: str) -> datetime:
    """Read a time by chrono's format; without a zone it is UTC.

    Raises:
        ValueError: it does not look so.

    >>> parse_time("1983 Apr 13 12:09:14.274 +0000", "%Y %b %d %H:%M:%S%.3f %z").isoformat()
    '1983-04-13T12:09:14.274000+00:00'
    """

    def translate(match: re.Match[str]) -> str:
        code = match[1]
        if _FRACTION.match(code):
            return ".%f" if code.startswith(".") else "%f"
        return _PARSED.get(code.lstrip("-_0") or code, f"%{code.lstrip('-_0') or code}")

    if pattern == "%s":
        return datetime.fromtimestamp(int(text), UTC)
    if pattern == "%+":
        moment = datetime.fromisoformat(text)
    else:
        moment = datetime.strptime(text, _SPECIFIER.sub(translate, pattern))  # noqa: DTZ007 - see below
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class TimeApi:
    """Time."""

    def __init__(self, program: Program) -> None:
        self._clock = program.clock

    def _at(self, seconds: float, zone: tzinfo | None) -> datetime:
        try:
            moment = datetime.fromtimestamp(seconds, UTC)
            return moment.astimezone(zone)
        except (ValueError, OverflowError, OSError) as error:
            raise ApiError(f"time: {seconds} is out of range") from error

    @lua_function("wezterm.strftime")
    def strftime(self, pattern: str) -> str:
        """The local time now."""
        return format_time(pattern, self._at(self._clock.time(), None))

    @lua_function("wezterm.strftime_utc")
    def strftime_utc(self, pattern: str) -> str:
        """The time now in UTC."""
        return format_time(pattern, self._at(self._clock.time(), UTC))

    @lua_function("sys.now")
    def now(self) -> float:
        """Seconds since the epoch."""
        return self._clock.time()

    @lua_function("sys.time_parse")
    def parse(self, text: str, pattern: str) -> float:
        """Read a time by a format; without a zone it is UTC."""
        try:
            return parse_time(text, pattern).timestamp()
        except (ValueError, OverflowError) as error:
            raise ApiError(f"wezterm.time.parse: {error}") from error

    @lua_function("sys.time_text")
    def text(self, seconds: float) -> str:
        """What a Time object is as text."""
        at = self._at(seconds, UTC)
        digits = 3 if at.microsecond % 1000 == 0 else 6
        fraction = f".{at.microsecond:06d}"[: digits + 1] if at.microsecond else ""
        return f"Time(utc: {at:%Y-%m-%dT%H:%M:%S}{fraction}+00:00)"

    @lua_function("sys.time_parse_rfc3339")
    def parse_rfc3339(self, text: str) -> float:
        """Read "2024-03-05T07:08:09Z"."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise ApiError(f"wezterm.time.parse_rfc3339: {error}") from error
        if moment.tzinfo is None:
            raise ApiError(f"wezterm.time.parse_rfc3339: {text!r} has no time zone")
        return moment.timestamp()

    @lua_function("time.format")
    def format(self, seconds: float, pattern: str) -> str:
        """In local time."""
        return format_time(pattern, self._at(seconds, None))

    @lua_function("time.format_utc")
    def format_utc(self, seconds: float, pattern: str) -> str:
        """In UTC."""
        return format_time(pattern, self._at(seconds, UTC))

    @lua_function("sys.sun_times")
    def sun_times(self, seconds: float, latitude: float, longitude: float) -> dict[str, object]:
        """Rise and set of the sun on that day, by the sunrise equation; good to a minute or two.

        `up` says whether the sun is up; rise and set are nil where it does neither that day.
        """
        day = self._at(seconds, timezone(timedelta(hours=max(-12.0, min(longitude / 15, 14.0)))))
        noon = day.replace(hour=12, minute=0, second=0, microsecond=0)
        days = round(noon.timestamp() / 86400 + 2440587.5 - 2451545.0 + 0.0008)
        mean = days - longitude / 360
        anomaly = math.radians((357.5291 + 0.98560028 * mean) % 360)
        centre = 1.9148 * math.sin(anomaly) + 0.02 * math.sin(2 * anomaly) + 0.0003 * math.sin(3 * anomaly)
        ecliptic = math.radians((math.degrees(anomaly) + centre + 180 + 102.9372) % 360)
        transit = 2451545.0 + mean + 0.0053 * math.sin(anomaly) - 0.0069 * math.sin(2 * ecliptic)
        tilt = math.sin(ecliptic) * math.sin(math.radians(23.4397))
        phi = math.radians(latitude)
        above = math.sin(math.radians(-0.833)) - math.sin(phi) * tilt
        ratio = above / (math.cos(phi) * math.cos(math.asin(tilt)) or 1e-12)
        if ratio >= 1:
            return {"up": False, "progression": 0.0}
        if ratio <= -1:
            return {"up": True, "progression": 0.5}
        half = math.degrees(math.acos(ratio)) / 360
        rise, fall = ((transit + sign * half - 2440587.5) * 86400 for sign in (-1, 1))
        up = rise <= seconds <= fall
        if up:
            progression = (seconds - rise) / (fall - rise)
        else:
            since = seconds - fall if seconds > fall else seconds - fall + 86400
            progression = since / (86400 - (fall - rise))
        return {"rise": rise, "set": fall, "up": up, "progression": progression}
