"""Where in a config's source a problem stands, told from the text: for tables that do not note their lines.

A config may be any program, so this is a reading, not an evaluation: it follows `name = {...}` constructors
to the item that a problem names, and stops at the narrowest place that the text shows. Files are read only
when there is a problem. Any thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from perilune.config.problems import Problem

__all__ = ["full_path", "locate", "split_place"]

_TOKEN = re.compile(
    r"""
    (?P<skip>--\[(?P<c>=*)\[.*?\](?P=c)\]|--[^\n]*|\s+)
    |(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\[(?P<s>=*)\[.*?\](?P=s)\])
    |(?P<name>[A-Za-z_]\w*)
    |(?P<mark>==|~=|<=|>=|.)
    """,
    re.DOTALL | re.VERBOSE,
)
_PLACE = re.compile(r"(?P<file>[^\n]+?):(?P<line>\d+): ")
_STEP = re.compile(r"\.(?P<field>[A-Za-z_]\w*)|\[(?P<item>\d+)\]")
_QUOTED = re.compile(r"'([^'\n]+)'")
_OPEN, _CLOSE = frozenset("{(["), frozenset("})]")
_BEGINS = frozenset({"function", "do", "if", "repeat"})
_LARGEST = 1 << 20


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def _tokens(source: str) -> list[_Token]:
    found: list[_Token] = []
    line = 1
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup or "mark"
        if match["skip"] is None:
            if match["text"] is not None:
                kind = "text"
            text = match.group()
            found.append(_Token(kind, text[1:-1] if kind == "text" and text[0] in "\"'" else text, line))
        line += match.group().count("\n")
    return found


def _read(path: Path) -> list[_Token]:
    try:
        if path.stat().st_size > _LARGEST:
            return []
        return _tokens(path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return []


def split_place(text: str) -> tuple[str, int, str]:
    """A message's file, line and rest; "" and 0 where it has none.

    >>> split_place("a/b.lua:12: too bad"), split_place("too bad")
    (('a/b.lua', 12, 'too bad'), ('', 0, 'too bad'))
    """
    match = _PLACE.match(text)
    if match is None:
        return "", 0, text
    return match["file"], int(match["line"]), text[match.end() :]


def full_path(shown: str, files: Sequence[Path]) -> str:
    """The file that Lua names in its short form, "...the/end/of/a/path.lua"; else what was given."""
    if not shown:
        return ""
    tail = shown.removeprefix("...")
    return next((str(path) for path in files if str(path) == shown or str(path).endswith(tail)), shown)


def _is_key(tokens: Sequence[_Token], at: int, name: str) -> int | None:
    """Where the value begins, if `name =` or `["name"] =` stands here."""
    token = tokens[at]
    if token.text != name or at + 1 >= len(tokens):
        return None
    if token.kind == "name" and tokens[at + 1].text == "=":
        return at + 2
    is_index = token.kind == "text" and tokens[at - 1].text == "[" and tokens[at + 1].text == "]"
    if is_index and at + 2 < len(tokens) and tokens[at + 2].text == "=":
        return at + 3
    return None


def _entries(tokens: Sequence[_Token], brace: int) -> Iterator[tuple[int, int]]:
    """Start and end of each entry of the table constructor that opens at `brace`."""
    depth, blocks, start = 0, 0, brace + 1
    for at in range(brace + 1, len(tokens)):
        text = tokens[at].text if tokens[at].kind != "text" else ""
        if text in _OPEN:
            depth += 1
        elif text in _BEGINS:
            blocks += 1
        elif text in {"end", "until"}:
            blocks -= 1
        elif text in _CLOSE:
            if depth == 0:
                if at > start:
                    yield start, at
                return
            depth -= 1
        elif text in {",", ";"} and depth == 0 and blocks <= 0:
            if at > start:
                yield start, at
            start = at + 1


def _step(tokens: Sequence[_Token], at: int, field: str | None, number: int) -> int | None:
    """From a value to a field or item of its constructor."""
    while at < len(tokens) and tokens[at].text != "{":
        # wezterm.action.SplitPane {...}, act.X({...}): the constructor is the call's argument.
        if tokens[at].kind == "text" or (
            tokens[at].text not in {".", "(", ":"} and tokens[at].kind != "name"
        ):
            return None
        at += 1
    position = 0
    for start, stop in _entries(tokens, at):
        first = start + (tokens[start].text == "[" and start + 1 < stop)
        if field is not None:
            value = _is_key(tokens, first, field)
            if value is not None:
                return value
        elif not (first > start or (start + 1 < stop and tokens[start + 1].text == "=")):
            position += 1
            if position == number:
                return start
    return None


def _descend(tokens: Sequence[_Token], at: int, path: str) -> int:
    """The narrowest place that a path such as `[3].action` leads to."""
    for match in _STEP.finditer(path):
        field = match["field"]
        following = _step(tokens, at, field, int(match["item"] or 0))
        if following is None:
            if field is not None and any(token.text == field for token in tokens[at : at + 6]):
                continue  # act.SplitPane {...}: the name stands before the constructor
            break
        at = following
    return at


def locate(problem: Problem, place: str, files: Sequence[Path]) -> str:
    """Where a problem stands, as "file:line: ", or "".

    Args:
        problem: its message begins with the path of the value, `keys[3].action`.
        place: where the option was assigned, if that is known; the line may be that of a constructor's end.
        files: what the config read, its main file first.
    """
    known, line, _ = split_place(place)
    path = full_path(known, files) if known else ""
    sources = [(file, _read(file)) for file in files if not path or str(file) == path]
    steps = problem.message.partition(": ")[0].removeprefix(problem.option)
    best: tuple[Path, _Token, int] | None = None
    for file, tokens in sources:
        depth, least = 0, len(tokens)
        for at in range(len(tokens)):
            text = tokens[at].text if tokens[at].kind == "mark" else ""
            depth += (text in _OPEN) - (text in _CLOSE)
            if depth > least:  # another table's field of the same name
                continue
            value = _is_key(tokens, at, problem.option)
            if value is None or value >= len(tokens) or (line and tokens[at].line > line):
                continue
            found = tokens[_descend(tokens, value, steps)] if steps else tokens[at]
            best, least = (file, found, at), depth  # the last assignment holds
        if best is not None:
            break
    if best is None:
        return _named(problem, sources) or place
    file, token, start = best
    if line and token.line < line and _end_line(sources, file, start) < line:
        return place  # the assignment that was noted is not one that the text shows
    narrowed = _quoted_after(problem, sources, file, token.line) or token.line
    return f"{path or file}:{narrowed}: "


def _end_line(sources: Sequence[tuple[Path, list[_Token]]], file: Path, at: int) -> int:
    """The last line of the constructor that an assignment has, or the assignment's."""
    tokens = next(tokens for other, tokens in sources if other == file)
    depth, last = 0, tokens[at].line
    for token in tokens[at + 2 :]:
        if token.kind != "text" and token.text in _OPEN:
            depth += 1
        elif token.kind != "text" and token.text in _CLOSE:
            depth -= 1
        last = token.line
        if depth <= 0 and (token.text in _CLOSE or token.kind in {"text", "name"}):
            break
    return last


def _quoted_after(
    problem: Problem, sources: Sequence[tuple[Path, list[_Token]]], file: Path, line: int
) -> int | None:
    """The line of the name that the message quotes, if it stands once in the value's neighbourhood."""
    quoted = _QUOTED.search(problem.message)
    if quoted is None or quoted[1] == problem.option:
        return None
    tokens = next(tokens for other, tokens in sources if other == file)
    lines = {token.line for token in tokens if token.text == quoted[1] and token.line >= line}
    return min(lines) if lines and (len(lines) == 1 or min(lines) == line) else None


def _named(problem: Problem, sources: Sequence[tuple[Path, list[_Token]]]) -> str:
    """The only place where the option's name, or a name that the message quotes, stands in the sources."""
    quoted = _QUOTED.search(problem.message)
    for name in dict.fromkeys([problem.option, *([quoted[1]] if quoted else [])]):
        lines = {(file, token.line) for file, tokens in sources for token in tokens if token.text == name}
        if len(lines) == 1:
            ((file, line),) = lines
            return f"{file}:{line}: "
    return ""
