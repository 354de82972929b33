"""Reading a configuration without a program around it: for the command line's questions about it.

Scripts that ask for windows or panes while they load get a clear error. Runs a loop of its own until the
answer is there; nothing that the configuration would spawn at start-up is spawned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perilune.app.lua_bridge import LuaBridge
from perilune.base.loop import EventLoop
from perilune.config.discovery import ConfigSource
from perilune.config.options import Config
from perilune.lua.host_api import DomainState
from perilune.lua.values import LoadResult

__all__ = ["load_headless"]


class _NoWindows(LuaBridge):
    """A program that has opened nothing yet: what only a window or pane could answer is a clear error."""

    def window_ids(self) -> Sequence[int]:
        """None."""
        return ()

    def workspace_names(self) -> Sequence[str]:
        """None."""
        return ()

    def active_workspace(self) -> str:
        """The one that a start would make."""
        return "default"

    def domains(self) -> Sequence[DomainState]:
        """This machine."""
        return (DomainState(0, "local", "local", "Attached", is_spawnable=True, has_any_panes=False),)

    def ledger(self, limit: int) -> Sequence[Mapping[str, object]]:
        """Nothing has run."""
        del limit
        return ()

    def appearance(self) -> str:
        """What most terminals are."""
        return "Dark"


def load_headless(source: ConfigSource | None, overrides: Sequence[tuple[str, str]]) -> LoadResult:
    """Load a configuration.

    Args:
        source: the file; None: none, the defaults.
        overrides: names and Lua expressions laid over it.

    Returns:
        What the load came to; its `config` is None exactly if it failed.
    """
    if source is None and not overrides:  # the defaults need no Lua, whose import costs more than the answer
        return LoadResult(Config(), None, (), (), frozenset(), {})

    from perilune.lua.host import LuaHost  # noqa: PLC0415 - imports Lua

    loop = EventLoop()
    results: list[LoadResult] = []

    def loaded(result: LoadResult) -> None:
        results.append(result)
        loop.stop()

    host = LuaHost(_NoWindows(loop), loop.call_soon_threadsafe, loop.clock)
    host.start()
    try:
        host.load(source.path if source is not None else None, overrides, loaded)
        loop.run()
    finally:
        host.close()
        loop.close()
    return results[0]
