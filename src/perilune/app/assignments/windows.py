"""Assignments about windows, workspaces and the program as a whole.

Inside a terminal one window is shown at a time, so activating another one shows it in place of the present;
where windows are native ones, it raises that one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.assignments.spawn import resolve_spawn
from perilune.app.window_place import window_place
from perilune.base.log import get_logger
from perilune.config.arguments import SpawnCommand, SwitchToWorkspace

__all__ = ["HANDLERS", "open_window", "switch_workspace"]

_log = get_logger("app.assignments")


def open_window(context: ActionContext, command: SpawnCommand, workspace: str | None = None) -> None:
    """A new window with one tab, shown at once."""
    services = context.services
    mux = services.mux
    spawn = resolve_spawn(mux, command, context.pane)
    name = workspace if workspace is not None else context.view.window.workspace
    cwd = spawn.cwd
    if cwd is None and context.pane is not None:
        cwd = context.pane.local_cwd()
    window = services.windows.create(name, place=window_place(command.position))
    mux.spawn_tab(window, spawn.command, cwd=cwd, env=spawn.env, domain=spawn.domain)
    view = services.views.get(window.id)
    if view is not None:
        services.windows.show(view)


def _spawn_window(context: ActionContext, _: None) -> None:
    open_window(context, SpawnCommand())


def _activate_relative(context: ActionContext, delta: int, *, wrap: bool = True) -> None:
    windows = context.services.windows.windows_of(context.view.window.workspace)
    if context.view in windows:
        index = windows.index(context.view) + delta
        index = index % len(windows) if wrap else min(max(index, 0), len(windows) - 1)
        context.services.windows.show(windows[index])


def _activate(context: ActionContext, index: int) -> None:
    windows = context.services.windows.windows_of(context.view.window.workspace)
    if index < len(windows):
        context.services.windows.show(windows[index])


def switch_workspace(context: ActionContext, name: str, spawn: SpawnCommand | None = None) -> None:
    """Show a workspace, making it with one window where it does not exist."""
    windows = context.services.windows.windows_of(name)
    if windows:
        context.services.windows.show(windows[0])
    else:
        open_window(context, spawn or SpawnCommand(), name)


def _switch_to_workspace(context: ActionContext, arguments: SwitchToWorkspace) -> None:
    taken = set(context.services.mux.workspace_names())
    name = arguments.name or next(f"workspace-{n}" for n in count(1) if f"workspace-{n}" not in taken)
    switch_workspace(context, name, arguments.spawn)


def _switch_relative(context: ActionContext, delta: int) -> None:
    names = context.services.mux.workspace_names()
    here = context.view.window.workspace
    if here in names:
        switch_workspace(context, names[(names.index(here) + delta) % len(names)])


def _quit(context: ActionContext, _: None) -> None:
    context.services.closing.quit(context.view)


def _reload(context: ActionContext, _: None) -> None:
    context.services.reload_config()


def _hide(context: ActionContext, _: None) -> None:
    # What hiding a window is to a desktop, suspending is to a terminal.
    if not context.services.front_end.control_window(context.view.window_id, "hide"):
        context.services.front_end.suspend()


def _hide_application(context: ActionContext, _: None) -> None:
    if not context.services.front_end.control_window(context.view.window_id, "hide_application"):
        context.services.front_end.suspend()


def _show_window(context: ActionContext, _: None) -> None:
    # In a terminal the window is always to be seen.
    context.services.front_end.control_window(context.view.window_id, "show")


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "SpawnWindow": _spawn_window,
        "SpawnCommandInNewWindow": open_window,
        "ActivateWindow": _activate,
        "ActivateWindowRelative": _activate_relative,
        "ActivateWindowRelativeNoWrap": lambda context, delta: _activate_relative(context, delta, wrap=False),
        "SwitchToWorkspace": _switch_to_workspace,
        "SwitchWorkspaceRelative": _switch_relative,
        "QuitApplication": _quit,
        "ReloadConfiguration": _reload,
        "Hide": _hide,
        "HideApplication": _hide_application,
        "Show": _show_window,
    }
)
