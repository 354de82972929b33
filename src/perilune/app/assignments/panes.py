"""Assignments about panes: splits, focus, sizes, zoom."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.assignments.spawn import resolve_spawn
from perilune.config.arguments import AdjustPaneSize, CloseConfirm, SpawnCommand, SplitPane
from perilune.config.arguments import SplitSize as WrittenSize
from perilune.mux.settings import SplitSize

if TYPE_CHECKING:
    from perilune.mux.tab import Direction, SplitDirection

__all__ = ["HANDLERS"]


def _split(context: ActionContext, arguments: SplitPane) -> None:
    if context.pane is None:
        return
    mux = context.services.mux
    spawn = resolve_spawn(mux, arguments.command, context.pane)
    written: WrittenSize = arguments.size
    size = SplitSize(cells=written.amount) if written.unit == "Cells" else SplitSize(percent=written.amount)
    mux.split_pane(
        context.pane,
        cast("SplitDirection", arguments.direction),
        size,
        top_level=arguments.top_level,
        command=spawn.command,
        cwd=spawn.cwd,
        env=spawn.env,
        domain=spawn.domain,
    )


def _split_horizontal(context: ActionContext, command: SpawnCommand) -> None:
    _split(context, SplitPane(direction="Right", command=command))


def _split_vertical(context: ActionContext, command: SpawnCommand) -> None:
    _split(context, SplitPane(direction="Down", command=command))


def _close(context: ActionContext, arguments: CloseConfirm) -> None:
    if context.pane is not None:
        context.services.closing.close_pane(context.view, context.pane, confirm=arguments.confirm)


def _activate_direction(context: ActionContext, direction: str) -> None:
    if context.view.tab is not None:
        context.services.mux.activate_pane_direction(context.view.tab, cast("Direction", direction))


def _activate_by_index(context: ActionContext, index: int) -> None:
    tab = context.view.tab
    panes = [] if tab is None else tab.panes()
    if index < len(panes):
        context.services.mux.activate_pane(panes[index])


def _adjust_size(context: ActionContext, arguments: AdjustPaneSize) -> None:
    if context.pane is not None:
        direction = cast("SplitDirection", arguments.direction)
        context.services.mux.adjust_pane_size(context.pane, direction, arguments.amount)


def _toggle_zoom(context: ActionContext, _: None) -> None:
    if context.view.tab is not None:
        context.services.mux.toggle_zoom(context.view.tab)


def _set_zoom(context: ActionContext, zoomed: bool) -> None:
    if context.view.tab is not None:
        context.services.mux.set_zoomed(context.view.tab, zoomed)


def _rotate(context: ActionContext, direction: str) -> None:
    if context.view.tab is not None:
        context.services.mux.rotate_panes(context.view.tab, clockwise=direction == "Clockwise")


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "SplitHorizontal": _split_horizontal,
        "SplitVertical": _split_vertical,
        "SplitPane": _split,
        "CloseCurrentPane": _close,
        "ActivatePaneDirection": _activate_direction,
        "ActivatePaneByIndex": _activate_by_index,
        "AdjustPaneSize": _adjust_size,
        "TogglePaneZoomState": _toggle_zoom,
        "SetPaneZoomState": _set_zoom,
        "RotatePanes": _rotate,
    }
)
