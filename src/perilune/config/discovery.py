"""Which file is the configuration: an explicit one, Perilune's own places, then WezTerm's.

Reads no file and knows no Lua.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perilune.config.problems import ConfigError

__all__ = ["ConfigSource", "candidates", "config_directories", "find_config"]


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """A configuration file that was found.

    Attributes:
        path: the file.
        origin: why it was chosen: "--config-file", an environment variable's name, or "default".
    """

    path: Path
    origin: str = "default"

    @property
    def directory(self) -> Path:
        """Its folder, `wezterm.config_dir`."""
        return self.path.parent


def _config_home(env: Mapping[str, str], home: Path) -> Path:
    named = Path(env.get("XDG_CONFIG_HOME", ""))
    # A relative path is invalid by the XDG specification and is to be ignored.
    return named if named.is_absolute() else home / ".config"


def config_directories(env: Mapping[str, str], home: Path) -> list[Path]:
    """The folders of configuration, Perilune's first; they need not exist."""
    base = _config_home(env, home)
    return [base / "perilune", base / "wezterm", home / ".wezterm"]


def candidates(env: Mapping[str, str], home: Path) -> list[tuple[Path, str]]:
    """Every place in the order of look-up, with its origin; those of variables must exist."""
    config_home = _config_home(env, home)
    found: list[tuple[Path, str]] = []
    for variable, places in (
        ("PERILUNE_CONFIG_FILE", (config_home / "perilune/perilune.lua", home / ".perilune.lua")),
        ("WEZTERM_CONFIG_FILE", (home / ".wezterm.lua", config_home / "wezterm/wezterm.lua")),
    ):
        if env.get(variable):
            found.append((Path(env[variable]), variable))
        found += [(place, "default") for place in places]
    return found


def find_config(
    cli_file: str | os.PathLike[str] | None = None,
    *,
    skip: bool = False,
    env: Mapping[str, str],
    home: Path,
) -> ConfigSource | None:
    """The configuration file in force, or None: run with the defaults.

    Args:
        cli_file: the argument of `--config-file`.
        skip: `-n`, no file at all.
        env: the environment.
        home: the user's home folder.

    Raises:
        ConfigError: a file that was named explicitly is not there.
    """
    if skip:
        return None
    places = [(Path(cli_file), "--config-file")] if cli_file is not None else candidates(env, home)
    for path, origin in places:
        # Not is_file(): a shell's process substitution is a pipe.
        if path.exists() and not path.is_dir():
            return ConfigSource(path.absolute(), origin)
        if origin != "default":
            what = "is a directory" if path.is_dir() else "does not exist"
            raise ConfigError(f"the configuration file {str(path)!r}, named by {origin}, {what}")
    return None
