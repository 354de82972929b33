"""Names of dropped files as a shell takes them, by `quote_dropped_files`. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

__all__ = ["quote_files"]

# What "SpacesOnly" protects: words as a shell splits them, nothing else.
_SPLITS = " \t\n"


def quote_files(paths: Sequence[str], style: str) -> str:
    """The names, with a blank after each, so that another can follow.

    >>> quote_files(["/tmp/a b", "/tmp/c"], "Posix")
    "'/tmp/a b' /tmp/c "
    """
    return "".join(_quoted(path, style) + " " for path in paths)


def _quoted(path: str, style: str) -> str:
    match style:
        case "SpacesOnly":
            return "".join("\\" + char if char in _SPLITS else char for char in path)
        case "Posix":
            return shlex.quote(path)
        case "Windows":
            # Neither " nor a line end can be in the name of a Windows file.
            return f'"{path}"' if any(char in path for char in " \t") else path
        case "WindowsAlwaysQuoted":
            return f'"{path}"'
        case _:
            return path
