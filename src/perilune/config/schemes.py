"""The built-in colour schemes by WezTerm's names, read one at a time from a data file.

`tools/generate_schemes.py` writes the file; the values are its sources' facts.
"""

from __future__ import annotations

from collections.abc import Iterable

from perilune.config.palette import Colors

__all__ = ["load_scheme", "nearest_scheme", "scheme_names"]


def scheme_names() -> tuple[str, ...]:
    """All built-in names, sorted."""
    return ()


def load_scheme(name: str) -> Colors | None:
    """The scheme of that name, if it is built in."""
    return None


def nearest_scheme(name: str, others: Iterable[str] = ()) -> str:
    """The name that a misspelt one most likely means, or ""."""
    return ""
