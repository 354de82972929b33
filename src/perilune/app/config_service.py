"""The configuration's life in the program: loaded, reloaded, applied, and shown to be wrong. Mux thread.

A load that fails changes nothing: the last good configuration (at first the defaults) stays in force, and the
error is told to whoever shows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from perilune.base.log import get_logger
from perilune.config.discovery import ConfigSource

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.config.problems import Problem
    from perilune.lua.values import LoadResult

__all__ = ["ConfigHost", "ConfigListener", "ConfigService"]

_log = get_logger("app.config")


class ConfigHost(Protocol):
    """The part of `LuaHost` that loading needs."""

    def load(
        self, path: Path | None, overrides: Sequence[tuple[str, str]], on_done: Callable[[LoadResult], None]
    ) -> None:
        """Load on the Lua thread; `on_done` on the mux thread."""
        ...


class ConfigListener(Protocol):
    """Who is told of configurations."""

    def on_config(self, config: Config, *, is_first: bool) -> None:
        """A configuration is in force from now on."""
        ...

    def on_config_error(self, message: str) -> None:
        """A load failed."""
        ...

    def on_config_problems(self, message: str) -> None:
        """A load was good but for the values of some options, which have their defaults."""
        ...

    def on_config_good(self) -> None:
        """A load had no errors: what was shown of earlier ones can go. Warnings are for the log."""
        ...


class ConfigService:
    """Loads the configuration.

    Args:
        host: evaluates it.
        source: the file; None: no file, the defaults (and `overrides`).
        overrides: `--config` values: names and Lua expressions.
        config: in force until the first load is done.
        listener: is told.
        find_again: looks for the file anew at a reload; a config may be written while the program runs.
    """

    def __init__(
        self,
        host: ConfigHost,
        source: ConfigSource | None,
        overrides: Sequence[tuple[str, str]],
        config: Config,
        listener: ConfigListener,
        find_again: Callable[[], ConfigSource | None],
    ) -> None:
        self._host = host
        self._source = source
        self._overrides = tuple(overrides)
        self._listener = listener
        self._find_again = find_again
        self._loading = False
        self._again = False
        self._loads = 0
        self._stamps: dict[Path, int] = {}
        self._began_at = 0
        self.config = config
        """The configuration in force."""
        self.watch_files: tuple[Path, ...] = ()
        """What the last load read; watched for changes."""
        self.on_watch_files: Callable[[tuple[Path, ...]], None] | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether the first load has ended, well or not."""
        return self._loads > 0

    @property
    def needs_lua(self) -> bool:
        """Whether there is anything to evaluate."""
        return self._source is not None or bool(self._overrides)

    def load(self) -> None:
        """Load or reload; a request during a load makes one more load follow."""
        if self._loading:
            self._again = True
            return
        if self._source is None:
            self._source = self._find_again()
        self._loading = True
        self._began_at = time.time_ns()
        self._stamps = {path: _stamp(path) for path in self._known_files()}
        path = None if self._source is None else self._source.path
        self._host.load(path, self._overrides, self._loaded)

    def _loaded(self, result: LoadResult) -> None:
        self._loading = False
        is_first = self._loads == 0
        self._loads += 1
        self._set_watch_files(result)
        if result.config is None:
            error = result.error or "the configuration could not be loaded"
            _log.error("%s", error)
            self._listener.on_config_error(error)
        else:
            self.config = result.config
            self._listener.on_config(result.config, is_first=is_first)
            self._tell_problems(result.problems)
        # The first load is not watched from its beginning on, and it may take long.
        missed = is_first and self.config.automatically_reload_config and self._saved_meanwhile()
        if self._again or missed:
            self._again = False
            self.load()

    def _saved_meanwhile(self) -> bool:
        """Whether a file that the load read was saved after the load began."""
        for path in self.watch_files:
            stamp, before = _stamp(path), self._stamps.get(path)
            if stamp != before if before is not None else stamp > self._began_at:
                return True
        return False

    def _tell_problems(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            (_log.error if problem.severity == "error" else _log.warning)("%s", problem.message)
        errors = [problem.message for problem in problems if problem.severity == "error"]
        if errors:
            self._listener.on_config_problems("\n".join(errors))
        else:
            self._listener.on_config_good()

    def _set_watch_files(self, result: LoadResult) -> None:
        # A failed load may have stopped before it read what the last one did; all of them stay watched.
        files = result.watch_files
        if result.config is None:
            files = (*files, *(path for path in self.watch_files if path not in files))
        self.add_watch_files(files, replace=True)

    def add_watch_files(self, files: Sequence[Path], *, replace: bool = False) -> None:
        """Watch further files (or these and no others), until the next load."""
        before = () if replace else self.watch_files
        self.watch_files = (*before, *(path for path in files if path not in before))
        if self.on_watch_files is not None:
            self.on_watch_files(self.watch_files)

    def _known_files(self) -> set[Path]:
        found = set(self.watch_files)
        if self._source is not None:
            found.add(self._source.path)
        return found

    def load_if_changed(self) -> None:
        """Load again if a file was saved between the beginnings of the last load and of the watch."""
        if not self._loading and any(_stamp(path) != stamp for path, stamp in self._stamps.items()):
            self.load()

    def with_overrides(self, values: Mapping[str, object]) -> Config:
        """The configuration with a window's overrides laid over it; what is wrong with them is logged."""
        config, problems = self.config.with_overrides(values)
        for problem in problems:
            _log.warning("set_config_overrides: %s", problem.message)
        return config


def _stamp(path: Path) -> int:
    """When a file was last written; 0 when it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
