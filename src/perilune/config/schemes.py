"""The built-in colour schemes by WezTerm's names, read one at a time from a data file.

`tools/generate_schemes.py` writes the file, a scheme a line, so that a config which names one scheme pays for
one: 0.7 ms (and 3 for importing the parser), where parsing the whole file takes 80.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from perilune.config.palette import Colors
from perilune.config.problems import Place, nearest

__all__ = ["all_scheme_tables", "load_scheme", "nearest_scheme", "scheme_names", "scheme_table"]

_FILE = Path(__file__).with_name("schemes.toml")


def _line(data: bytes, name: str) -> str | None:
    start = data.find(f"\n{json.dumps(name, ensure_ascii=False)}=".encode())
    if start < 0:
        return None
    return data[start + 1 : data.index(b"\n", start + 1)].decode()


def scheme_table(name: str) -> dict[str, object] | None:
    """The scheme as a `colors` table of plain values, if it is built in."""
    import tomllib  # noqa: PLC0415 - 5 ms, for configs that name a scheme

    data = _FILE.read_bytes()
    for _ in range(2):
        try:
            line = _line(data, name)
        except UnicodeEncodeError:
            return None
        if line is None:
            return None
        found = next(iter(tomllib.loads(line).values()))
        if isinstance(found, dict):
            return _with_numbers(found)
        name = found
    return None


def _with_numbers(scheme: dict[str, object]) -> dict[str, object]:
    # TOML has no numbers as keys.
    indexed = scheme.get("indexed")
    if isinstance(indexed, dict):
        scheme["indexed"] = {int(index): color for index, color in indexed.items()}
    return scheme


def all_scheme_tables() -> dict[str, dict[str, object]]:
    """Every built-in scheme as `scheme_table` has it: 80 ms, for scripts that go through them all."""
    import tomllib  # noqa: PLC0415 - see above

    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    schemes = {name: _with_numbers(value) for name, value in data.items() if isinstance(value, dict)}
    aliases = ((name, value) for name, value in data.items() if isinstance(value, str))
    return schemes | {alias: schemes[name] for alias, name in aliases if name in schemes}


def load_scheme(name: str) -> Colors | None:
    """The scheme of that name, if it is built in."""
    found = scheme_table(name)
    return None if found is None else Colors.read(found, Place(name))


@cache
def scheme_names() -> tuple[str, ...]:
    """All built-in names, sorted."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return tuple(sorted(json.JSONDecoder().raw_decode(line)[0] for line in lines if line.startswith('"')))


def nearest_scheme(name: str, others: Iterable[str] = ()) -> str:
    """The name that a misspelt one most likely means, or ""."""
    return nearest(name, [*others, *scheme_names()])
