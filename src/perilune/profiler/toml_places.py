"""Finds the lines of entries in TOML files, because the standard reader keeps none. Pure functions."""

from __future__ import annotations

import re
import tomllib

__all__ = ["entry_line", "parse"]

_TABLE = re.compile(r"^\s*\[")
_KEY = re.compile(r"^\s*[\"']?([\w-]+)[\"']?\s*=")


def parse(data: bytes, source: str) -> tuple[dict[str, object], str]:
    """The document, and its text; a ValueError, with the place, if it is no TOML."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(f"{source}:{line}: no TOML: not UTF-8") from None
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = int(found[1]) if found is not None and found[1] else text.count("\n") + 1
        message = str(error)[: found.start()] if found is not None else str(error)
        raise ValueError(f"{source}:{line}: no TOML: {message}") from None


def entry_line(text: str, table: str, number: int, problem: str = "") -> int:
    """The line of a table's entry, or of the key within it that a problem begins with.

    >>> entry_line("[[b]]", "b", 1)
    1
    """
    lines = text.split("\n")
    header = re.compile(rf"^\s*\[\[\s*[\"']?{re.escape(table)}[\"']?\s*\]\]")
    starts = [index for index, line in enumerate(lines) if header.match(line)]
    if number > len(starts):
        return 1
    start = starts[number - 1]
    word = re.match(r"'?([\w-]+)", problem)
    for index in range(start + 1, len(lines)):
        if _TABLE.match(lines[index]):
            break
        key = _KEY.match(lines[index])
        if key is not None and word is not None and key[1] == word[1]:
            return index + 1
    return start + 1
