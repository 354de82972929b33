"""What is wrong with a configuration, as sentences for the user.

Does not know where in a file the value stands: whoever ran the Lua code adds file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["ConfigError", "Place", "Problem", "describe", "is_function", "nearest", "suggestion"]


class ConfigError(ValueError):
    """A value that cannot be used; the message is one sentence for the user.

    Attributes:
        message: the sentence.
        suggestion: the nearest known name where a name was misspelt, else "".
    """

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about a configuration.

    Attributes:
        severity: an error leaves the default (or the rest of a list) in force; a warning changes nothing.
        message: one sentence that names the option.
        option: the option's name, without a path into it.
        suggestion: the nearest known name where one was misspelt, else "".
    """

    severity: Literal["error", "warning"]
    message: str
    option: str
    suggestion: str = ""


class Place:
    """Where a value stands inside an option (`keys[3].action`), and where its problems are collected."""

    __slots__ = ("option", "path", "problems")

    def __init__(self, path: str, problems: list[Problem] | None = None, option: str = "") -> None:
        self.path = path
        self.option = option or path
        self.problems: list[Problem] = [] if problems is None else problems

    def field(self, name: object) -> Place:
        """The place of a table's field."""
        return Place(f"{self.path}.{name}", self.problems, self.option)

    def item(self, number: int) -> Place:
        """The place of a list's item, counted from 1 as in Lua."""
        return Place(f"{self.path}[{number}]", self.problems, self.option)

    def wrong(self, expected: str, value: object) -> ConfigError:
        """The error for a value of the wrong kind."""
        return ConfigError(f"{self.path}: expected {expected}, got {describe(value)}")

    def report(self, error: ConfigError) -> None:
        """Collect an error that the rest of the value survives."""
        self.problems.append(Problem("error", error.message, self.option, error.suggestion))

    def warn(self, message: str, suggestion: str = "") -> None:
        """Collect a warning."""
        self.problems.append(Problem("warning", f"{self.path}: {message}", self.option, suggestion))

    def unknown(self, what: str, name: object, known: Iterable[str]) -> None:
        """Collect a warning about a name that nobody knows, with the nearest that somebody does."""
        near = nearest(str(name), known)
        self.warn(f"unknown {what} {_quoted(str(name))}{suggestion(near)}", near)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that a misspelt one most likely means, or "".

    >>> nearest("ActivateTabs", ["ActivateTab", "SpawnTab"]), nearest("zzz", ["ActivateTab"])
    ('ActivateTab', '')
    """
    by_folded: dict[str, str] = {}
    for candidate in known:
        by_folded.setdefault(candidate.casefold(), candidate)
    folded = name.casefold()[:100]
    if folded in by_folded:
        return by_folded[folded]
    import difflib  # noqa: PLC0415 - 3 ms, for misspelt names only

    found = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""


def suggestion(near: str) -> str:
    """The end of a sentence about a misspelt name."""
    return f", did you mean {near!r}?" if near else ""


def is_function(value: object) -> bool:
    """Whether a value was a Lua function: as a key's action it is an event that no one else emits.

    >>> is_function({"EmitEvent": "user-defined-3"}), is_function({"EmitEvent": "mine"})
    (True, False)
    """
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    event = value.get("EmitEvent")
    return isinstance(event, str) and event.startswith("user-defined-")


def describe(value: object) -> str:
    """A value as an error message names it.

    >>> describe(3), describe("x"), describe([1]), describe(None), describe({"a": 1}), describe(True)
    ('the number 3', "the string 'x'", 'a list', 'nil', 'a table', 'the boolean true')
    """
    match value:
        case None:
            return "nil"
        case bool():
            return f"the boolean {str(value).lower()}"
        case int() | float():
            return f"the number {_shortened(repr(value))}"
        case str():
            return f"the string {_quoted(value)}"
        case list() | tuple():
            return "a list"
        case dict():
            return "a function" if is_function(value) else "a table"
        case _:
            return f"a {type(value).__name__}"


def _quoted(text: str) -> str:
    return repr(_shortened(text))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
