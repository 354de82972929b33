r"""Regular expressions as WezTerm's configs write them: Rust's syntax, with fancy-regex's look-around.

Translated to the syntax of the module `regex`, which has what Python's `re` lacks (`\p{..}`, set operations,
atomic groups, `\K`) and can be stopped: a search ends after `SECONDS`, because a config's pattern that
backtracks forever must not hold up the program. What has no counterpart is an error of one sentence. Pure.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from perilune.config.forms import STRING, Form, list_of

if TYPE_CHECKING:
    import regex

    from perilune.config.problems import Place

__all__ = ["PATTERN", "PATTERNS", "SECONDS", "PatternError", "check_pattern", "compile_pattern", "translate"]

SECONDS = 0.25
"""How long one search may take."""

_ESCAPES = {
    "z": r"\Z",
    "Z": r"(?=\n?\Z)",
    "h": "[0-9A-Fa-f]",
    "H": "[^0-9A-Fa-f]",
    "e": r"\x1b",
    "<": r"\m",
    ">": r"\M",
    "O": r"(?s:.)",
}
_BOUNDS = {"{start}": r"\m", "{end}": r"\M", "{start-half}": r"(?<!\w)", "{end-half}": r"(?!\w)"}
_CODE = re.compile(r"\\[xuU]\{([0-9A-Fa-f]{1,6})\}")
_REFERENCE = re.compile(r"\\k(?:<([^>]*)>|'([^']*)')")
_PROPERTY = re.compile(r"\\([pP])([A-Za-z])")
_FLAGS = re.compile(r"\(\?([A-Za-z]*)(-[A-Za-z]*)?([:)])")


class PatternError(ValueError):
    """A pattern cannot be read; the message says why."""


def translate(pattern: str) -> str:
    r"""A pattern of Rust's as one of the module `regex` (version 1).

    Raises:
        PatternError: it uses what cannot be said there.

    >>> translate(r"(?P<a>\x{41})\k<a>\z")
    '(?P<a>\\x41)(?P=a)\\Z'
    """
    out: list[str] = []
    at, depth = 0, 0  # of brackets
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            piece, at = _escape(pattern, at, in_class=depth > 0)
            out.append(piece)
        elif char == "[":
            posix = re.compile(r"\[:\^?[a-z]+:\]").match(pattern, at) if depth else None
            if posix:
                out.append(posix[0])
                at = posix.end()
                continue
            depth += 1
            at += 1
            out.append("[")
            if pattern.startswith("^", at):
                out.append("^")
                at += 1
            if pattern.startswith("]", at):
                out.append(r"\]")
                at += 1
        elif char == "]" and depth:
            depth -= 1
            at += 1
            out.append("]")
        elif depth and char == "|":
            out.append(r"\|")  # two of them would be an operator
            at += 1
        elif not depth and pattern.startswith("(?", at):
            piece, at = _group(pattern, at)
            out.append(piece)
        else:
            out.append(char)
            at += 1
    return "".join(out)


def _escape(pattern: str, at: int, *, in_class: bool) -> tuple[str, int]:
    code = _CODE.match(pattern, at)
    if code:
        number = int(code[1], 16)
        if number > 0x10FFFF:
            raise PatternError(f"\\x{{{code[1]}}} is no character")
        return _literal(number), code.end()
    found = _PROPERTY.match(pattern, at)
    if found:
        return f"\\{found[1]}{{{found[2]}}}", found.end()
    following = pattern[at + 1 : at + 2]
    if not following:
        raise PatternError("it ends with a single backslash")
    if in_class:
        inside = {"h": "0-9A-Fa-f", "e": r"\x1b"}.get(following)
        return inside if inside is not None else "\\" + following, at + 2
    named = _REFERENCE.match(pattern, at)
    if named:
        return f"(?P={named[1] or named[2]})", named.end()
    if following == "b":
        for bound, piece in _BOUNDS.items():
            if pattern.startswith(bound, at + 2):
                return piece, at + 2 + len(bound)
    return _ESCAPES.get(following, "\\" + following), at + 2


def _literal(number: int) -> str:
    return f"\\x{number:02x}" if number < 256 else f"\\U{number:08x}"


def _group(pattern: str, at: int) -> tuple[str, int]:
    flags = _FLAGS.match(pattern, at)
    if flags is None:
        return "(?", at + 2
    on, off, end = flags[1], flags[2] or "", flags[3]
    if "U" in on:
        raise PatternError("the flag U (lazy by default) has no counterpart; write *? for * instead")
    for flag in (*on, *off[1:]):
        if flag not in "imsxuRU":
            raise PatternError(f"there is no flag {flag!r}")
    # u is always on, and R only matters to lines that end in CR LF, which a screen has not.
    on = "".join(flag for flag in on if flag not in "uR")
    off = "".join(flag for flag in off[1:] if flag not in "uRU")
    if not on and not off:
        return ("(?:" if end == ":" else ""), flags.end()
    return f"(?{on}{'-' + off if off else ''}{end}", flags.end()


@functools.lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> regex.Pattern[str]:
    """The pattern, compiled. Searches are to be given `timeout=SECONDS`, and raise TimeoutError then.

    Raises:
        PatternError: it cannot be read.
    """
    import regex  # noqa: PLC0415 - 40 ms, for those who search

    try:
        return regex.compile(translate(pattern), regex.VERSION1)
    except regex.error as error:
        raise PatternError(str(error)) from None
    except RecursionError:
        raise PatternError("it is nested too deeply") from None


def check_pattern(pattern: str) -> None:
    """Look whether it can be read, without loading `regex` for what `re` can read as well.

    Raises:
        PatternError: it cannot.
    """
    translated = translate(pattern)
    if not re.search(r"\\[pPmMKXRGUN]|\[\[|\[\^\[|&&|--|~~|\(\?[a-z]*-?[a-z]*\)", translated):
        try:
            re.compile(translated)
        except (re.error, RecursionError, OverflowError):
            pass  # `regex` says whether it is wrong
        else:
            return
    compile_pattern(pattern)


def _read_pattern(value: object, at: Place, _expected: str) -> str:
    """A pattern, kept whether or not it can be used: what uses it passes over one that cannot."""
    text = STRING.read(value, at)
    try:
        check_pattern(text)
    except PatternError as error:
        at.warn(f"the regex {text[:200]!r} cannot be used: {error}")
    return text


PATTERN: Form[str] = Form("a string", _read_pattern)
"""A regular expression; a warning says where one cannot be used."""
PATTERNS: Form[tuple[str, ...]] = list_of(PATTERN)
"""A list of them."""
