"""The forms that a configuration's values take: how each is checked, normalised and named in an error.

A form reads plain Python values (what Lua values become) into immutable typed ones. It never reads files or
other options. Errors are `ConfigError`; parts of a list or table that can be left out are reported at the
`Place` and left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

from perilune.base.color import Rgb, TranslucentRgb, parse_alpha, parse_color
from perilune.config.problems import ConfigError, Place, is_function, nearest, suggestion

__all__ = [
    "BOOLEAN",
    "COLOR",
    "NUMBER",
    "PATH",
    "PATHS",
    "STRING",
    "STRINGS",
    "STRING_MAP",
    "TABLE",
    "TABLES",
    "VALUE",
    "Form",
    "as_list",
    "as_table",
    "choice",
    "integer",
    "list_of",
    "map_of",
    "number",
    "one_of",
    "optional",
]

T = TypeVar("T")
U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)


class Form(Generic[T_co]):
    """How to read one kind of value.

    Attributes:
        expected: what it takes, as an error message says it.
        names: the names among which the value chooses, where it does; for completion.
    """

    __slots__ = ("_read", "expected", "names")

    def __init__(
        self, expected: str, read: Callable[[object, Place, str], T_co], names: tuple[str, ...] = ()
    ) -> None:
        self.expected = expected
        self._read = read
        self.names = names

    def read(self, value: object, at: Place) -> T_co:
        """The typed value.

        Raises:
            ConfigError: it has the wrong kind.
        """
        return self._read(value, at, self.expected)


def as_list(value: object) -> list[object] | None:
    """A value as a list, if it is one: an empty Lua table and a table of keys 1..n count as lists."""
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, Mapping):
        if not value:
            return []
        if all(type(key) in {int, float} for key in value) and set(value) == set(range(1, len(value) + 1)):
            return [value[number] for number in range(1, len(value) + 1)]
    return None


def as_table(value: object) -> Mapping[object, object] | None:
    """A value as a table, if it is one: an empty list is an empty Lua table."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, (list, tuple)) and not value:
        return {}
    return None


def _string(value: object, at: Place, expected: str) -> str:
    if isinstance(value, str):
        return value
    raise at.wrong(expected, value)


def _boolean(value: object, at: Place, expected: str) -> bool:
    if isinstance(value, bool):
        return value
    raise at.wrong(expected, value)


def _table(value: object, at: Place, expected: str) -> Mapping[str, object]:
    table = as_table(value)
    if table is None or is_function(value) or not all(isinstance(key, str) for key in table):
        raise at.wrong(expected, value)
    return MappingProxyType({str(key): item for key, item in table.items()})


def _color(value: object, at: Place, expected: str) -> Rgb:
    if not isinstance(value, str):
        raise at.wrong(expected, value)
    try:
        found = parse_color(value)
        # Few colours have an alpha; those that might are long, or begin like a function.
        alpha = 1.0 if len(value) in {4, 7} and value[0] == "#" else parse_alpha(value)
        return found if alpha == 1.0 else TranslucentRgb(found, alpha)
    except ValueError as error:
        raise ConfigError(f"{at.path}: {error}") from None


STRING: Form[str] = Form("a string", _string)
PATH: Form[str] = Form("a path", _string)
BOOLEAN: Form[bool] = Form("a boolean", _boolean)
TABLE: Form[Mapping[str, object]] = Form("a table", _table)
VALUE: Form[object] = Form("any value", lambda value, _at, _expected: value)
COLOR: Form[Rgb] = Form("a colour", _color)


def integer(low: int | None = None, high: int | None = None) -> Form[int]:
    """A whole number; Lua's 3.0 is one."""

    def read(value: object, at: Place, expected: str) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise at.wrong(expected, value)
        if (low is not None and value < low) or (high is not None and value > high):
            raise at.wrong(expected, value)
        return int(value)

    return Form(f"a whole number{_bounds(low, high)}", read)


def number(low: float | None = None, high: float | None = None) -> Form[float]:
    """A finite number."""

    def read(value: object, at: Place, expected: str) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise at.wrong(expected, value)
        try:
            found = float(value)
        except OverflowError:
            raise at.wrong(expected, value) from None
        if (
            not math.isfinite(found)
            or (low is not None and found < low)
            or (high is not None and found > high)
        ):
            raise at.wrong(expected, value)
        return found

    return Form(f"a number{_bounds(low, high)}", read)


def _bounds(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f" from {low} up"
    return f" up to {high}" if low is None else f" from {low} to {high}"


NUMBER = number()


def choice(*names: str, also: Mapping[object, str] | None = None) -> Form[str]:
    """One of some names; `also` maps further accepted values to a name."""
    others = also or {}

    def read(value: object, at: Place, expected: str) -> str:
        if isinstance(value, str):
            if value in names:
                return value
            if value in others:
                return others[value]
            near = nearest(value, names)
            raise ConfigError(f"{at.wrong(expected, value)}{suggestion(near)}", near)
        if isinstance(value, (bool, int)) and value in others:
            return others[value]
        raise at.wrong(expected, value)

    return Form("one of " + ", ".join(names), read, names)


def optional(form: Form[T]) -> Form[T | None]:
    """The form, or nil."""

    def read(value: object, at: Place, _expected: str) -> T | None:
        return None if value is None else form.read(value, at)

    return Form(form.expected, read, form.names)


def one_of(first: Form[T], second: Form[U]) -> Form[T | U]:
    """Either of two forms; the second's error is told in the words of both."""

    def read(value: object, at: Place, expected: str) -> T | U:
        before = len(at.problems)
        for form in (first, second):
            try:
                return form.read(value, at)
            except ConfigError:
                del at.problems[before:]
        raise at.wrong(expected, value)

    return Form(f"{first.expected} or {second.expected}", read, first.names + second.names)


def list_of(form: Form[T], *, strict: bool = False, count: int | None = None) -> Form[tuple[T, ...]]:
    """A list whose bad items are reported and left out; with `strict` one bad item spoils it."""

    def read(value: object, at: Place, expected: str) -> tuple[T, ...]:
        items = as_list(value)
        if items is None or (count is not None and len(items) != count):
            raise at.wrong(expected, value)
        found = []
        for index, item in enumerate(items, 1):
            place = at.item(index)
            try:
                found.append(form.read(item, place))
            except ConfigError as error:
                if strict or count is not None:
                    raise
                place.report(error)
        return tuple(found)

    size = f" of {count}" if count is not None else ""
    return Form(f"a list{size}, each {form.expected}", read)


def map_of(form: Form[T]) -> Form[Mapping[str, T]]:
    """A table from any names to values of one form; bad values are reported and left out."""

    def read(value: object, at: Place, expected: str) -> Mapping[str, T]:
        table = as_table(value)
        if table is None or is_function(value):
            raise at.wrong(expected, value)
        found = {}
        for key, item in table.items():
            if item is None:
                continue
            place = at.field(key)
            try:
                found[STRING.read(key, place)] = form.read(item, place)
            except ConfigError as error:
                place.report(error)
        return MappingProxyType(found)

    return Form(f"a table, each value {form.expected}", read)


STRINGS: Form[tuple[str, ...]] = list_of(STRING, strict=True)
PATHS: Form[tuple[str, ...]] = list_of(PATH, strict=True)
STRING_MAP: Form[Mapping[str, str]] = map_of(STRING)
TABLES: Form[tuple[Mapping[str, object], ...]] = list_of(TABLE)
