"""Reads JSON that may have been cut off: what is complete of it is kept when that is asked for."""

from __future__ import annotations

import json
import re
from typing import Any, BinaryIO

from perilune.profiler.importers.reading import Reading

__all__ = ["read_json"]

_CHUNK = 1 << 22
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)


def read_json(source: BinaryIO, reading: Reading) -> Any:
    """The document.

    Raises:
        CaptureError: it is damaged; when going on, only if nothing of it can be read.
    """
    parts = []
    while chunk := source.read(_CHUNK):
        reading.progress(len(chunk))
        parts.append(chunk)
    text = b"".join(parts).decode("utf-8-sig", "replace")
    try:
        return json.loads(text)
    except RecursionError:
        reading.problem("line 1", "nested too deeply")
        return None
    except json.JSONDecodeError as error:
        if text[:1] == "[" and text.rstrip()[-1:] in {"]", "}", ","}:
            # A trace may end without the bracket: programs that crashed wrote it, and its readers allow it.
            try:
                return json.loads(text.rstrip().rstrip(",") + "]")
            except json.JSONDecodeError:
                pass
        where = "the file ends too early" if error.pos >= len(text.rstrip()) else error.msg
        reading.problem(f"line {error.lineno}", f"no JSON at column {error.colno}: {where}")
        return _closed(text)


def _closed(text: str) -> Any:
    """What a cut text holds up to its last complete element, with the brackets closed that are open there."""
    brackets: list[str] = []
    good, closing = 0, ""
    after_value = False
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in "[{":
            brackets.append("]" if word == "[" else "}")
            good, closing, after_value = token.end(), "".join(reversed(brackets)), False
        elif word in "]}":
            if not brackets or brackets.pop() != word:
                break
            good, closing, after_value = token.end(), "".join(reversed(brackets)), True
        elif word == ",":
            if after_value:
                good, closing = token.start(), "".join(reversed(brackets))
            after_value = False
        else:
            after_value = word != ":"
    try:
        return json.loads(text[:good] + closing)
    except (json.JSONDecodeError, RecursionError):
        return None
