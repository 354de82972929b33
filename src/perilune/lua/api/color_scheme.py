"""Colour schemes, `wezterm.color`: files (TOML both ways, base16, terminal.sexy) and the built-in ones."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from perilune.base.color import default_palette
from perilune.config.options import Config
from perilune.config.resolved import DEFAULT_COLORS, color_text
from perilune.config.schemes import all_scheme_tables, scheme_table
from perilune.lua.api.serde import toml_text
from perilune.lua.functions import ApiError, lua_function

__all__ = ["ColorSchemeApi"]

_BASE16 = re.compile(r"#?([0-9a-fA-F]{6})")
_METADATA = ("name", "author", "origin_url", "wezterm_version", "aliases")


def _text_of(function: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ApiError(f"{function}: {path}: {error}") from error


def _checked(function: str, colors: dict[str, object]) -> dict[str, object]:
    """The colours, if they are ones."""
    _, problems = Config.from_mapping({"color_schemes": {"scheme": colors}})
    if problems:
        raise ApiError(f"{function}: {problems[0].message}")
    return colors


class ColorSchemeApi:
    """What `wezterm.color` has on schemes."""

    @lua_function("wezterm.color.get_builtin_schemes")
    def get_builtin_schemes(self) -> dict[str, object]:
        """Every scheme that is built in."""
        return dict(all_scheme_tables())

    @lua_function("sys.scheme")
    def scheme(self, name: str) -> object:
        """One scheme by name; nil if it is not built in."""
        return scheme_table(name)

    @lua_function("wezterm.color.get_default_colors")
    def get_default_colors(self) -> dict[str, object]:
        """The default palette."""
        colors = [color_text(color) for color in default_palette()]
        indexed = dict(enumerate(colors[16:], 16))
        return {**DEFAULT_COLORS, "ansi": colors[:8], "brights": colors[8:16], "indexed": indexed}

    @lua_function("wezterm.color.load_scheme")
    def load_scheme(self, path: str) -> tuple[object, object]:
        """Read a scheme from a TOML file: colors, metadata."""
        name = "wezterm.color.load_scheme"
        try:
            data = tomllib.loads(_text_of(name, path))
        except tomllib.TOMLDecodeError as error:
            raise ApiError(f"{name}: {path}: {error}") from error
        colors = data.get("colors")
        if not isinstance(colors, dict):
            raise ApiError(f"{name}: {path}: expected a table [colors]")
        indexed = colors.get("indexed")
        if isinstance(indexed, dict):  # TOML has no numbers as keys
            colors["indexed"] = {int(key) if key.isdecimal() else key: item for key, item in indexed.items()}
        return _checked(f"{name}: {path}", colors), data.get("metadata", {})

    @lua_function("wezterm.color.save_scheme")
    def save_scheme(self, colors: dict[str, object], metadata: dict[str, object], file_name: str) -> None:
        """Write a scheme as a TOML file."""
        name = "wezterm.color.save_scheme"
        for key, value in metadata.items():
            if key not in _METADATA:
                raise ApiError(f"{name}: the metadata cannot have {key!r}, only {', '.join(_METADATA)}")
            if key != "aliases" and not isinstance(value, str):
                raise ApiError(f"{name}: {key} in the metadata must be a string")
        text = toml_text({"colors": _checked(name, colors), "metadata": metadata}, pretty=True)
        try:
            Path(file_name).write_text(text, encoding="utf-8")
        except (OSError, ValueError) as error:
            raise ApiError(f"{name}: {file_name}: {error}") from error

    @lua_function("wezterm.color.load_base16_scheme")
    def load_base16_scheme(self, path: str) -> tuple[object, object]:
        """Read a base16 scheme, a YAML file: colors, metadata."""
        import yaml  # noqa: PLC0415 - 15 ms, for configs that ask

        name = "wezterm.color.load_base16_scheme"
        try:
            # Everything is text: 000000 is a colour, not a number.
            fields = yaml.load(_text_of(name, path), Loader=yaml.BaseLoader)  # noqa: S506 - makes text only
        except yaml.YAMLError as error:
            raise ApiError(f"{name}: {path}: {error}") from error
        if not isinstance(fields, dict):
            raise ApiError(f"{name}: {path}: not such a scheme")
        palette = fields.get("palette")
        written = palette if isinstance(palette, dict) else fields  # the newer form has a table
        base: list[str] = []
        for number in range(16):
            match = _BASE16.fullmatch(str(written.get(f"base{number:02X}", "")))
            if match is None:
                raise ApiError(f"{name}: {path}: base{number:02X} is missing or no colour")
            base.append(f"#{match[1].lower()}")
        colors = {
            "foreground": base[5],
            "background": base[0],
            "cursor_fg": base[0],
            "cursor_bg": base[5],
            "cursor_border": base[5],
            "selection_fg": base[0],
            "selection_bg": base[5],
            "ansi": [base[number] for number in (0, 8, 11, 10, 13, 14, 12, 5)],
            "brights": [base[number] for number in (3, 8, 11, 10, 13, 14, 12, 7)],
            "indexed": {16: base[9], 17: base[15], 18: base[1], 19: base[2], 20: base[4], 21: base[6]},
        }
        title = fields.get("scheme") or fields.get("name")
        return colors, {"name": title, "author": fields.get("author")}

    @lua_function("wezterm.color.load_terminal_sexy_scheme")
    def load_terminal_sexy_scheme(self, path: str) -> tuple[object, object]:
        """Read a scheme as terminal.sexy exports it in JSON: colors, metadata."""
        name = "wezterm.color.load_terminal_sexy_scheme"
        try:
            data = json.loads(_text_of(name, path))
            colors = [str(color) for color in data["color"]]
            table: dict[str, object] = {"foreground": data["foreground"], "background": data["background"]}
        except (ValueError, KeyError, TypeError) as error:
            raise ApiError(f"{name}: {path}: not such a scheme: {error!r}") from error
        if len(colors) != 16:
            raise ApiError(f"{name}: {path}: expected 16 colours, found {len(colors)}")
        metadata = {"name": data.get("name"), "author": data.get("author")}
        table |= {"ansi": colors[:8], "brights": colors[8:]}
        return _checked(f"{name}: {path}", table), metadata
