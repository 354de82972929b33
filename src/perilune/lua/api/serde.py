"""JSON, TOML and YAML, both ways."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from perilune.lua.functions import ApiError, lua_function

if TYPE_CHECKING:
    import yaml

__all__ = ["SerdeApi", "toml_text"]

_DEEPEST = 100
_MOST_NODES = 200_000
_PLAIN_TYPES: tuple[tuple[str, str, Sequence[str]], ...] = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", "-+0123456789."),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("merge", r"<<", "<"),
)
_LINE_ENDS = re.compile("[\x85\u2028\u2029\ufeff]")


def _plain(value: object, depth: int = 0) -> object:
    """A value from Lua as JSON and TOML have it: keys are strings, in order; handles have no form."""
    if depth > _DEEPEST:
        raise ApiError(f"nested deeper than {_DEEPEST} tables")
    if isinstance(value, dict):
        named = {str(key): item for key, item in value.items()}
        return {key: _plain(named[key], depth + 1) for key in sorted(named)}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, str):
        return str(value)  # a Url's text, too
    if value is None or isinstance(value, int | float | bool):
        return value
    raise ApiError(f"a {type(value).__name__.removesuffix('Ref')} cannot be encoded")


def _number(digits: str) -> int | float:
    """An integer as Lua has them, else a float: JSON knows no difference."""
    value = int(digits)
    return value if -(1 << 63) <= value < 1 << 63 else float(value)


def toml_text(value: object, *, pretty: bool = False) -> str:
    """A table as TOML; `pretty` writes a list on several lines.

    Raises:
        ApiError: something in it that TOML has no form for.
    """
    return _toml_table(_plain(value), (), pretty=pretty).lstrip("\n")


class SerdeApi:
    """`wezterm.serde`, `wezterm.json_parse`, `wezterm.json_encode`."""

    @lua_function("wezterm.serde.json_decode")
    def json_decode(self, text: str) -> object:
        """Read JSON."""
        try:
            return json.loads(text, parse_int=_number)
        except (ValueError, RecursionError) as error:
            raise ApiError(f"json: {error}") from error

    @lua_function("wezterm.json_parse")
    def json_parse(self, text: str) -> object:
        """The older name."""
        return self.json_decode(text)

    @lua_function("wezterm.serde.json_encode")
    def json_encode(self, value: object) -> str:
        """Write JSON; an empty table is an array."""
        return self._json(value, None)

    @lua_function("wezterm.json_encode")
    def json_encode_old(self, value: object) -> str:
        """The older name."""
        return self._json(value, None)

    @lua_function("wezterm.serde.json_encode_pretty")
    def json_encode_pretty(self, value: object) -> str:
        """Write JSON with line breaks."""
        return self._json(value, 2)

    def _json(self, value: object, indent: int | None) -> str:
        try:
            return json.dumps(
                _plain(value),
                ensure_ascii=False,
                indent=indent,
                allow_nan=False,
                separators=(",", ":") if indent is None else None,
            )
        except ValueError as error:
            raise ApiError(f"json: {error}") from error

    @lua_function("wezterm.serde.toml_decode")
    def toml_decode(self, text: str) -> object:
        """Read TOML; dates become text."""
        try:
            return _texts(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ApiError(f"toml: {error}") from error

    @lua_function("wezterm.serde.toml_encode")
    def toml_encode(self, value: dict[str, object]) -> str:
        """Write TOML."""
        return toml_text(value)

    @lua_function("wezterm.serde.toml_encode_pretty")
    def toml_encode_pretty(self, value: dict[str, object]) -> str:
        """Write TOML with an element of a list on each line."""
        return toml_text(value, pretty=True)

    @lua_function("wezterm.serde.yaml_decode")
    def yaml_decode(self, text: str) -> object:
        """Read YAML: plain values only, no tags that make objects, and no bombs of references."""
        import yaml  # noqa: PLC0415 - 15 ms, for configs that ask

        try:
            value = yaml.load(text, Loader=_yaml_loader())  # noqa: S506 - a safe one, with fewer types
            return _texts(value, [_MOST_NODES])
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise ApiError(f"yaml: {error}") from error

    @lua_function("wezterm.serde.yaml_encode")
    def yaml_encode(self, value: object) -> str:
        """Write YAML in block style."""
        import yaml  # noqa: PLC0415 - see above

        plain = _plain(value)

        def write(*, allow_unicode: bool) -> str:
            text: str = yaml.dump(
                plain,
                Dumper=_yaml_dumper(),
                allow_unicode=allow_unicode,
                default_flow_style=False,
                width=float("inf"),
            )
            return text

        written = write(allow_unicode=True)
        if _LINE_ENDS.search(written):  # it would not read them back as they are
            written = write(allow_unicode=False)
        return written.removesuffix("...\n")


@cache
def _yaml_loader() -> type[yaml.SafeLoader]:
    """YAML 1.2's plain types: `yes` and `12:30` are text, and so are dates."""
    import yaml  # noqa: PLC0415 - see above

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {}  # noqa: RUF012 - as the base class has it

    for tag, pattern, first in _PLAIN_TYPES:
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
    return Loader


@cache
def _yaml_dumper() -> type[yaml.SafeDumper]:
    """Text that either version of YAML takes for something else is quoted."""
    import yaml  # noqa: PLC0415 - see above

    class Dumper(yaml.SafeDumper):
        pass

    for tag, pattern, first in _PLAIN_TYPES:
        Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
    return Dumper


def _texts(value: object, left: list[int] | None = None) -> object:
    """Only what Lua has a form for: dates and the like become text, keys text or numbers."""
    if left is not None:
        left[0] -= 1
        if left[0] < 0:  # aliases inside aliases
            raise ValueError(f"more than {_MOST_NODES} values")
    if isinstance(value, dict):
        return {
            key if isinstance(key, str | int | float) else str(key): _texts(item, left)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set):
        return [_texts(item, left) for item in value]
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        return float(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)


def _toml_key(key: str) -> str:
    bare = key and all(char.isascii() and (char.isalnum() or char in "-_") for char in key)
    return key if bare else _toml_string(key)


def _toml_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_value(value: object, *, pretty: bool = False) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            if math.isnan(value):
                return "nan"
            return repr(value) if math.isfinite(value) else ("inf" if value > 0 else "-inf")
        case int():
            return str(value)
        case str():
            return _toml_string(value)
        case list():
            if pretty and value:
                return "[\n" + "".join(f"    {_toml_value(item)},\n" for item in value) + "]"
            return "[" + ", ".join(_toml_value(item) for item in value) + "]"
        case dict():
            if not value:
                return "{}"
            return "{ " + ", ".join(f"{_toml_key(k)} = {_toml_value(v)}" for k, v in value.items()) + " }"
        case _:
            raise ApiError("toml: nil has no form")


def _toml_table(value: object, path: tuple[str, ...], *, pretty: bool) -> str:
    table = value if isinstance(value, dict) else {}
    nested = {key: item for key, item in table.items() if isinstance(item, dict) and item}
    lists = {
        key: item
        for key, item in table.items()
        if isinstance(item, list) and item and all(isinstance(part, dict) for part in item)
    }
    parts = [
        f"{_toml_key(key)} = {_toml_value(item, pretty=pretty)}\n"
        for key, item in table.items()
        if key not in nested and key not in lists
    ]
    for key, item in nested.items():
        inner = (*path, key)
        text = _toml_table(item, inner, pretty=pretty)
        parts.append(text if text.startswith("\n[") else f"\n[{'.'.join(map(_toml_key, inner))}]\n{text}")
    for key, items in lists.items():
        inner = (*path, key)
        heading = f"\n[[{'.'.join(map(_toml_key, inner))}]]\n"
        parts += [heading + _toml_table(part, inner, pretty=pretty) for part in items]
    return "".join(parts)
