"""Colour schemes that users keep as TOML files: in `color_scheme_dirs`, and in `colors` beside the config.

Looks for one scheme by name; a folder is listed, and its files read, only if no file has that name. The
built-in schemes are in `schemes`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.config.discovery import config_directories
from perilune.config.palette import Colors
from perilune.config.problems import ConfigError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["find_scheme_file", "scheme_directories"]


def scheme_directories(configured: Iterable[str]) -> tuple[Path, ...]:
    """Where schemes may lie: `color_scheme_dirs`, then the `colors` folders of the configuration."""
    beside = (folder / "colors" for folder in config_directories(os.environ, Path.home()))
    return (*(Path(folder).expanduser() for folder in configured), *beside)


def find_scheme_file(
    name: str, directories: Iterable[Path], at: Place | None = None, *, by_content: bool = False
) -> Colors | None:
    """The scheme of that name.

    Args:
        name: of the file without `.toml`.
        directories: searched in turn; those that do not exist are passed over.
        at: collects what is wrong with the file.
        by_content: look for a file that names its scheme so in `[metadata]`, whatever it is called.
    """
    for folder in directories:
        # A name is no path: it cannot leave the folder.
        paths = [folder / f"{name}.toml"] if not by_content and os.sep not in name else []
        if by_content:
            try:
                paths = sorted(folder.glob("*.toml"))
            except OSError:
                continue
        for path in paths:
            found = _read(path, None if by_content else at)
            if found is not None and _is_wanted(found, name, by_content):
                return _colors(found, path, at or Place(name))
    return None


def _is_wanted(found: Mapping[str, object], name: str, by_content: bool) -> bool:
    metadata = found.get("metadata")
    named = metadata.get("name") if isinstance(metadata, dict) else None
    return named == name if by_content else named in {None, name}


def _colors(found: Mapping[str, object], path: Path, at: Place) -> Colors | None:
    try:
        return Colors.read(found.get("colors", {}), at)
    except ConfigError as error:
        at.report(ConfigError(f"{at.path}: {path}: {error}"))
        return None


def _read(path: Path, at: Place | None) -> dict[str, object] | None:
    import tomllib  # noqa: PLC0415 - 5 ms, for configs that name a scheme

    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # not there; or a name that no file can have
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        if at is not None:
            at.report(ConfigError(f"{at.path}: {path}: {error}"))
        return None
