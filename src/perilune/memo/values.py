"""When two values count as the same: what a memo compares. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from math import copysign

__all__ = ["GONE", "Failure", "Gone", "same_value"]


class Gone:
    """The value of a source or memo that no longer exists; the same as no other value."""

    def __repr__(self) -> str:
        return "gone"


GONE = Gone()


class Failure:
    """The outcome of a run that raised: kept and compared like any other outcome."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Failure):
            return NotImplemented
        return type(self.error) is type(other.error) and self.error.args == other.error.args

    def __hash__(self) -> int:
        return hash(type(self.error))

    def __repr__(self) -> str:
        return f"Failure({self.error!r})"


def same_value(one: object, other: object) -> bool:
    """Whether a script could not tell the two apart.

    Stricter than `==`, by which 1, 1.0 and True are one value; and `nan` is the same as itself, or what reads
    it would run for ever.

    >>> same_value((1, "a"), (1, "a")), same_value(1, True), same_value(0.0, -0.0)
    (True, False, False)
    """
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if isinstance(one, float) and isinstance(other, float):
        if one == other:
            return copysign(1.0, one) == copysign(1.0, other)
        return one != one and other != other  # noqa: PLR0124 - both are not a number
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(same_value, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if len(one) != len(other):
            return False
        theirs = {(type(key), key): value for key, value in other.items()}
        return all(
            (type(key), key) in theirs and same_value(value, theirs[type(key), key])
            for key, value in one.items()
        )
    return bool(one == other)
