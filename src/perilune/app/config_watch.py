"""Watches the files that a configuration was read from, and says when one of them changed.

Editors replace files by renaming, so folders are watched, not files. `watchdog` is imported when the watch
begins, after the first frame: its import and its thread are not what a user waits for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perilune.base.log import get_logger
from perilune.base.loop import EventLoop, Timer

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

__all__ = ["ConfigWatch"]

_log = get_logger("app.config")
_DEBOUNCE = 0.2
_CHANGES = frozenset({"modified", "created", "moved", "deleted", "closed"})


class ConfigWatch:
    """Calls `on_change` on the mux thread, once for a burst of changes.

    Args:
        loop: of the mux thread.
        on_change: something was saved.
    """

    def __init__(self, loop: EventLoop, on_change: Callable[[], None]) -> None:
        self._loop = loop
        self._on_change = on_change
        self._files: frozenset[str] = frozenset()
        self._observer: Any = None
        self._watches: dict[str, object] = {}
        self._timer: Timer | None = None

    def watch(self, files: Iterable[Path]) -> None:
        """Watch these files and no others; none ends the watch."""
        # The folder is resolved, the file is not: a link may be made to point elsewhere.
        found = {
            str(Path(os.path.realpath(file.parent)) / file.name)
            for path in files
            for file in {path, Path(os.path.realpath(path))}
        }
        self._files = frozenset(found)
        if not found:
            self._unwatch(set(self._watches))
            return
        folders = {str(Path(file).parent) for file in found if Path(file).parent.is_dir()}
        if self._observer is None:
            self._observer = self._start()
            if self._observer is None:
                return
        self._unwatch(set(self._watches) - folders)
        handler = _Handler(self._changed)
        for folder in sorted(folders - set(self._watches)):
            try:
                self._watches[folder] = self._observer.schedule(handler, folder)
            except OSError as error:
                _log.warning("%s cannot be watched for changes: %s", folder, error)

    def close(self) -> None:
        """End the watch and its thread."""
        if self._timer is not None:
            self._timer.cancel()
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(2.0)
            self._observer = None

    @staticmethod
    def _start() -> object | None:
        try:
            from watchdog.observers import Observer  # noqa: PLC0415 - 40 ms, not before the first frame

            observer = Observer()
            observer.daemon = True
            observer.start()
        except (ImportError, OSError) as error:
            _log.warning("the configuration is not reloaded when it is saved: %s", error)
            return None
        return observer

    def _unwatch(self, folders: set[str]) -> None:
        for folder in folders:
            watch = self._watches.pop(folder)
            if self._observer is not None:
                try:
                    self._observer.unschedule(watch)
                except (KeyError, OSError):
                    _log.debug("%s was not watched any more", folder)

    def _changed(self, paths: Iterable[str]) -> None:
        """On the observer's thread."""
        for path in paths:
            file = Path(path)
            if str(Path(os.path.realpath(file.parent)) / file.name) in self._files:
                self._loop.call_soon_threadsafe(self._arm)
                return

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(_DEBOUNCE, self._on_change)


class _Handler:
    """What the observer calls; no subclass of watchdog's, so that nothing is imported before it is needed."""

    def __init__(self, changed: Callable[[Iterable[str]], None]) -> None:
        self._changed = changed

    def dispatch(self, event: FileSystemEvent) -> None:
        """One event of a watched folder."""
        if event.is_directory or event.event_type not in _CHANGES:
            return
        self._changed([os.fsdecode(path) for path in (event.src_path, event.dest_path) if path])
