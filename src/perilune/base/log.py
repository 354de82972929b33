"""One logger for the whole program, with a level per area, in every build.

`PERILUNE_LOG=info,tabbar=debug` sets the default level and that of areas (the subpackages of perilune).
Records go to a file or, before a front end draws, to standard error; never onto a screen being drawn. The
last records are kept in memory for the debug overlay.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from pathlib import Path

__all__ = ["LogRing", "configure", "get_logger", "parse_levels", "recent_lines", "stop_stderr"]

LEVELS = {
    "trace": 5,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "off": logging.CRITICAL + 10,
}
FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-5s %(name)s > %(message)s"
_ROOT = "perilune"


def get_logger(area: str) -> logging.Logger:
    """The logger of an area, such as "tabbar" or "lua.config".

    Hot paths ask `isEnabledFor` once and keep the answer out of their loops.
    """
    return logging.getLogger(f"{_ROOT}.{area}")


def parse_levels(spec: str) -> tuple[int, dict[str, int]]:
    """Read a level list.

    Args:
        spec: comma-separated levels, each `level` or `area=level`.

    Returns:
        The default level and the levels by area.

    Raises:
        ValueError: an unknown level, named together with those that exist.

    >>> parse_levels("info,tabbar=debug")
    (20, {'tabbar': 10})
    """
    default = logging.WARNING
    areas: dict[str, int] = {}
    for part in spec.split(","):
        area, equals, level = part.strip().rpartition("=")
        if not level and not equals:
            continue
        number = LEVELS.get(level.strip().lower())
        if number is None:
            raise ValueError(f"unknown log level {level!r}; expected one of {', '.join(LEVELS)}")
        if equals:
            areas[area.strip().replace("::", ".").removeprefix(f"{_ROOT}.")] = number
        else:
            default = number
    return default, areas


class LogRing(logging.Handler):
    """Keeps the last records as text, for the debug overlay."""

    def __init__(self, size: int = 1000) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=size)
        self.setFormatter(logging.Formatter(FORMAT, "%H:%M:%S"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.lines.append(self.format(record))


def configure(spec: str | None = None, log_file: Path | None = None) -> LogRing:
    """Set the program's logging up; may be called again.

    Args:
        spec: levels as in `parse_levels`; None reads PERILUNE_LOG.
        log_file: where records go besides memory; None: standard error until `stop_stderr`.

    Returns:
        The ring that keeps the last records.

    Raises:
        ValueError: a bad `spec`.
        OSError: `log_file` cannot be opened.
    """
    default, areas = parse_levels(spec if spec is not None else os.environ.get("PERILUNE_LOG", ""))
    root = logging.getLogger(_ROOT)
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    root.propagate = False
    root.setLevel(default)
    ring = LogRing()
    root.addHandler(ring)
    output: logging.Handler
    if log_file is not None:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        output = logging.FileHandler(log_file, encoding="utf-8", errors="backslashreplace")
    else:
        output = logging.StreamHandler(sys.stderr)
    output.setFormatter(logging.Formatter(FORMAT, "%H:%M:%S"))
    root.addHandler(output)
    for area, level in areas.items():
        get_logger(area).setLevel(level)
    return ring


def recent_lines(limit: int) -> list[str]:
    """The last records that `configure`'s ring has kept, oldest first; none before `configure`."""
    for handler in logging.getLogger(_ROOT).handlers:
        if isinstance(handler, LogRing):
            return list(handler.lines)[-limit:]
    return []


def stop_stderr() -> None:
    """From here on nothing is written to standard error: a front end owns the screen."""
    root = logging.getLogger(_ROOT)
    for handler in list(root.handlers):
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
            root.removeHandler(handler)
