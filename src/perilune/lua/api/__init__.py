"""The functions of the `wezterm` module and the methods of its objects, one file per topic.

Each class takes what it works with and marks its methods with `lua_function`; `boot/objects.lua` turns the
names into modules and methods. What is better written in Lua is in `boot/wezterm.lua`. Lua thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.lua.api.program import Program
    from perilune.lua.functions import FunctionTable
    from perilune.lua.state import LuaState

__all__ = ["register_api"]


def register_api(table: FunctionTable, program: Program, state: LuaState) -> None:
    """Register everything for one Lua state."""
    from perilune.lua.api.color import ColorApi  # noqa: PLC0415 - all of them when Lua is wanted, not before
    from perilune.lua.api.file import FileApi  # noqa: PLC0415
    from perilune.lua.api.gui import GuiApi, GuiWindowApi  # noqa: PLC0415
    from perilune.lua.api.keys import KeysApi  # noqa: PLC0415
    from perilune.lua.api.mux import MuxApi, MuxTabApi, MuxWindowApi  # noqa: PLC0415
    from perilune.lua.api.pane import PaneApi  # noqa: PLC0415
    from perilune.lua.api.process import ProcessApi  # noqa: PLC0415
    from perilune.lua.api.program import ProgramApi  # noqa: PLC0415
    from perilune.lua.api.serde import SerdeApi  # noqa: PLC0415
    from perilune.lua.api.text import TextApi  # noqa: PLC0415
    from perilune.lua.api.time import TimeApi  # noqa: PLC0415

    table.add("sys.functions", table.listing)
    host = program.host
    for owner in (
        ProgramApi(program, state),
        program.stored,
        KeysApi(host),
        ColorApi(host),
        FileApi(program, state),
        TextApi(),
        SerdeApi(),
        TimeApi(program),
        ProcessApi(program),
        GuiApi(host),
        GuiWindowApi(host),
        MuxApi(host),
        MuxWindowApi(host),
        MuxTabApi(host),
        PaneApi(host),
    ):
        table.add_all(owner)
