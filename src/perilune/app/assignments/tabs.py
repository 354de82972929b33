"""Assignments about tabs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.assignments.spawn import domain_name, resolve_spawn
from perilune.config.arguments import CloseConfirm, Domain, SpawnCommand

__all__ = ["HANDLERS", "activate_relative"]


def _spawn_tab(context: ActionContext, domain: Domain) -> None:
    mux = context.services.mux
    mux.spawn_tab(context.view.window, domain=domain_name(mux, domain, context.pane))


def _spawn_command(context: ActionContext, command: SpawnCommand) -> None:
    mux = context.services.mux
    spawn = resolve_spawn(mux, command, context.pane)
    mux.spawn_tab(context.view.window, spawn.command, cwd=spawn.cwd, env=spawn.env, domain=spawn.domain)


def _close(context: ActionContext, arguments: CloseConfirm) -> None:
    tab = context.view.tab
    if tab is not None:
        context.services.closing.close_tab(context.view, tab, confirm=arguments.confirm)


def _activate(context: ActionContext, index: int) -> None:
    tabs = context.view.window.tabs
    if -len(tabs) <= index < len(tabs):
        context.services.mux.activate_tab(tabs[index])


def activate_relative(context: ActionContext, delta: int, *, wrap: bool = True) -> None:
    """Go some tabs on, from the last to the first if `wrap`."""
    window = context.view.window
    if not window.tabs:
        return
    index = window.active_index + delta
    index = index % len(window.tabs) if wrap else min(max(index, 0), len(window.tabs) - 1)
    context.services.mux.activate_tab(window.tabs[index])


def _activate_last(context: ActionContext, _: None) -> None:
    tab = context.view.window.last_active_tab
    if tab is not None:
        context.services.mux.activate_tab(tab)


def _move(context: ActionContext, index: int) -> None:
    tab = context.view.tab
    if tab is not None:
        context.services.mux.move_tab(tab, index)


def _move_relative(context: ActionContext, delta: int) -> None:
    window = context.view.window
    if context.view.tab is not None:
        context.services.mux.move_tab(context.view.tab, max(window.active_index + delta, 0))


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "SpawnTab": _spawn_tab,
        "SpawnCommandInNewTab": _spawn_command,
        "CloseCurrentTab": _close,
        "ActivateTab": _activate,
        "ActivateTabRelative": activate_relative,
        "ActivateTabRelativeNoWrap": lambda context, delta: activate_relative(context, delta, wrap=False),
        "ActivateLastTab": _activate_last,
        "MoveTab": _move,
        "MoveTabRelative": _move_relative,
    }
)
