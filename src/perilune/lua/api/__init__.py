"""The functions of the `wezterm` module and the methods of its objects, one file per topic.

Each class takes what it works with and marks its methods with `lua_function`; `boot/objects.lua` turns the
names into modules and methods. What is better written in Lua is in `boot/wezterm.lua`. Lua thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from perilune.lua.analysis import HOST_METHODS, HostKind, host_kind

if TYPE_CHECKING:
    from perilune.lua.api.program import Program
    from perilune.lua.functions import FunctionTable
    from perilune.lua.state import LuaState

__all__ = ["register_api"]


_KINDS = {
    HostKind.READ: "read",
    HostKind.CLOCK: "clock",
    HostKind.WRITE: "write",
    HostKind.PURE: "pure",
    HostKind.LOG: "pure",
}
_UNVERSIONED = frozenset(
    {
        "pane.get_lines_as_text",
        "pane.get_logical_lines_as_text",
        "pane.get_lines_as_escapes",
        "pane.get_text_from_region",
        "pane.get_semantic_zones",
        "pane.get_semantic_zone_at",
        "pane.get_text_from_semantic_zone",
        "pane.get_foreground_process_info",
        "window.get_selection_text_for_pane",
        "window.get_selection_escapes_for_pane",
    }
)
"""Methods that read what is too much to be compared again and again: a screen, a process tree."""


def function_kinds(names: Sequence[str]) -> dict[str, str]:
    """What calling each function amounts to, for `boot/observe.lua`."""
    found: dict[str, str] = {}
    for name in names:
        head, _, method = name.partition(".")
        if head == "sys":
            continue
        kind = host_kind(name) if head == "wezterm" else HOST_METHODS.get(method)
        if head in {"color", "time"}:
            kind = HostKind.PURE
        found[name] = "opaque" if kind is None or name in _UNVERSIONED else _KINDS.get(kind, "opaque")
    return found


def register_api(table: FunctionTable, program: Program, state: LuaState) -> None:
    """Register everything for one Lua state."""
    from perilune.lua.api.color import ColorApi  # noqa: PLC0415 - all of them when Lua is wanted, not before
    from perilune.lua.api.color_scheme import ColorSchemeApi  # noqa: PLC0415
    from perilune.lua.api.file import FileApi  # noqa: PLC0415
    from perilune.lua.api.gui import GuiApi, GuiWindowApi  # noqa: PLC0415
    from perilune.lua.api.keys import KeysApi  # noqa: PLC0415
    from perilune.lua.api.mux import MuxApi, MuxTabApi, MuxWindowApi  # noqa: PLC0415
    from perilune.lua.api.pane import PaneApi  # noqa: PLC0415
    from perilune.lua.api.plugin import PluginApi  # noqa: PLC0415
    from perilune.lua.api.process import ProcessApi  # noqa: PLC0415
    from perilune.lua.api.program import ProgramApi  # noqa: PLC0415
    from perilune.lua.api.serde import SerdeApi  # noqa: PLC0415
    from perilune.lua.api.text import TextApi  # noqa: PLC0415
    from perilune.lua.api.time import TimeApi  # noqa: PLC0415

    table.add("sys.functions", table.listing)
    table.add("sys.function_kinds", lambda: function_kinds(table.names))
    host = program.host
    for owner in (
        ProgramApi(program, state),
        PluginApi(program.plugins, state),
        program.stored,
        KeysApi(host),
        ColorApi(program.images),
        ColorSchemeApi(),
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
