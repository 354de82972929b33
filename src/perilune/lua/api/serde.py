"""JSON, TOML and YAML, both ways."""

from __future__ import annotations

import json
import math
import tomllib

from perilune.lua.functions import ApiError, lua_function

__all__ = ["SerdeApi"]


def _plain(value: object, depth: int = 0) -> object:
    """A value from Lua as JSON and TOML have it: keys are strings, in order; handles have no form."""
    if depth > 100:
        raise ApiError("nested deeper than 100 tables")
    if isinstance(value, dict):
        named = {str(key): item for key, item in value.items()}
        return {key: _plain(named[key], depth + 1) for key in sorted(named)}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise ApiError(f"a {type(value).__name__.removesuffix('Ref')} cannot be encoded")


class SerdeApi:
    """`wezterm.serde`, `wezterm.json_parse`, `wezterm.json_encode`."""

    @lua_function("wezterm.serde.json_decode")
    def json_decode(self, text: str) -> object:
        """Read JSON."""
        try:
            return json.loads(text)
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
        return _toml_table(_plain(value), ())

    @lua_function("wezterm.serde.toml_encode_pretty")
    def toml_encode_pretty(self, value: dict[str, object]) -> str:
        """Write TOML, which has line breaks anyway."""
        return _toml_table(_plain(value), ())

    @lua_function("wezterm.serde.yaml_decode")
    def yaml_decode(self, _text: str) -> object:
        """There is no YAML reader among the dependencies."""
        raise ApiError("wezterm.serde.yaml_decode is not there yet; JSON and TOML are")

    @lua_function("wezterm.serde.yaml_encode")
    def yaml_encode(self, value: object) -> str:
        """Write YAML: JSON is a form of it."""
        return self._json(value, 2) + "\n"


def _texts(value: object) -> object:
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _toml_key(key: str) -> str:
    bare = key and all(char.isascii() and (char.isalnum() or char in "-_") for char in key)
    return key if bare else json.dumps(key, ensure_ascii=False)


def _toml_value(value: object) -> str:
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
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list():
            return "[" + ", ".join(_toml_value(item) for item in value) + "]"
        case dict():
            return "{ " + ", ".join(f"{_toml_key(k)} = {_toml_value(v)}" for k, v in value.items()) + " }"
        case _:
            raise ApiError("toml: nil has no form")


def _toml_table(value: object, path: tuple[str, ...]) -> str:
    table = value if isinstance(value, dict) else {}
    nested = {key: item for key, item in table.items() if isinstance(item, dict) and item}
    lines = [f"{_toml_key(key)} = {_toml_value(item)}" for key, item in table.items() if key not in nested]
    parts = ["".join(f"{line}\n" for line in lines)]
    for key, item in nested.items():
        inner = (*path, key)
        parts.append(f"\n[{'.'.join(map(_toml_key, inner))}]\n" + _toml_table(item, inner))
    return "".join(parts)
