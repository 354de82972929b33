"""The Lua host, not started before something is to be evaluated.

Without a configuration file no Lua is imported and no thread runs: 30 ms less before the first frame. Mux
thread, except what `LuaHost` itself allows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.base.clock import Clock
from perilune.lua.values import EmitResult, Title, TitleTraits

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.lua.crossings import CrossingObserver
    from perilune.lua.host import LuaHost
    from perilune.lua.host_api import HostApi
    from perilune.lua.values import LoadResult, ReadPath, TitleBatch

__all__ = ["LazyLuaHost"]

_NO_CALLBACK = TitleTraits(uses_hover=False, uses_max_width=False, kind="pure", reasons=())


class LazyLuaHost:
    """Hands everything on to a `LuaHost`, which the first load makes.

    Before that there are no handlers, so nothing else can be asked.
    """

    def __init__(self, api: HostApi, post: Callable[[Callable[[], None]], None], clock: Clock) -> None:
        self._api = api
        self._post = post
        self._clock = clock
        self._host: LuaHost | None = None
        self.on_wrote: Callable[[], None] | None = None
        """Called on the mux thread when Lua code ran that may have written what titles see."""
        self._observer: CrossingObserver | None = None

    @property
    def is_started(self) -> bool:
        """Whether Lua has been loaded."""
        return self._host is not None

    def load(
        self, path: Path | None, overrides: Sequence[tuple[str, str]], on_done: Callable[[LoadResult], None]
    ) -> None:
        """Load a configuration, starting Lua at the first call."""
        if self._host is None:
            from perilune.lua.host import LuaHost  # noqa: PLC0415 - what this class is for

            self._host = LuaHost(self._api, self._post, self._clock, fetch_plugins=True)
            self._host.on_wrote = self.on_wrote
            if self._observer is not None:
                self._host.observe(self._observer)
            self._host.start()
        self._host.load(path, overrides, on_done)

    def observe(self, observer: CrossingObserver | None) -> None:
        """Tell someone of every entry into Lua; None: nobody. See `LuaHost.observe`."""
        self._observer = observer
        if self._host is not None:
            self._host.observe(observer)

    def has_handler(self, event: str) -> bool:
        """Whether the configuration has a handler for the event."""
        return self._host is not None and self._host.has_handler(event)

    def emit(
        self, event: str, args: Sequence[object], on_done: Callable[[EmitResult], None] | None = None
    ) -> None:
        """Run an event's handlers."""
        if self._host is not None:
            self._host.emit(event, args, on_done)
        elif on_done is not None:
            on_done(EmitResult(True))

    def call_first(
        self, event: str, args: Sequence[object], on_done: Callable[[object, str | None], None]
    ) -> None:
        """What an event's first handler answers."""
        if self._host is not None:
            self._host.call_first(event, args, on_done)
        else:
            on_done(None, None)

    def repl(
        self, source: str, window_id: int, pane_id: int | None, on_done: Callable[[str, str], None]
    ) -> None:
        """Run what was typed at the debug overlay's prompt; without any configuration, in an empty one."""

        def run(_loaded: object = None) -> None:
            if self._host is not None:
                self._host.repl(source, window_id, pane_id, on_done)

        if self._host is None:
            self.load(None, (), run)
        else:
            run()

    @property
    def epoch(self) -> int:
        """Grows when Lua code ran that may have written state which titles can see."""
        return 0 if self._host is None else self._host.epoch

    def title_traits(self, event: str) -> TitleTraits:
        """What the callback of a title event may do."""
        return _NO_CALLBACK if self._host is None else self._host.title_traits(event)

    def host_value(self, path: ReadPath) -> object:
        """What a path that begins with "host" or "clock" reads now."""
        if self._host is None:
            raise KeyError(path)
        return self._host.host_value(path)

    def format_titles(self, batch: TitleBatch, on_done: Callable[[tuple[Title, ...]], None]) -> None:
        """Evaluate titles of tabs."""
        if self._host is not None:
            self._host.format_titles(batch, on_done)
        else:
            on_done(tuple(Title(None) for _ in batch.requests))

    def format_window_title(self, batch: TitleBatch, on_done: Callable[[Title], None]) -> None:
        """Evaluate the window's title."""
        if self._host is not None:
            self._host.format_window_title(batch, on_done)
        else:
            on_done(Title(None))

    def set_window_config(self, window_id: int, config: Config | None) -> None:
        """What title callbacks get as `config` in a window."""
        if self._host is not None:
            self._host.set_window_config(window_id, config)

    def close(self) -> None:
        """End the Lua thread."""
        if self._host is not None:
            self._host.close()
