"""Carries out key assignments: the one dispatch table over the groups of `assignments`. Mux thread."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from perilune.app.assignments import (
    clipboard,
    copying,
    debug,
    domains,
    keyboard,
    lists,
    panes,
    pickers,
    profiling,
    scroll,
    tabs,
    unavailable,
    windows,
)
from perilune.app.assignments.context import ActionContext, Handler, PointedCell
from perilune.app.services import Services
from perilune.app.window_view import WindowView
from perilune.base.log import get_logger
from perilune.mux.errors import MuxError

if TYPE_CHECKING:
    from perilune.config.assignment import KeyAssignment
    from perilune.mux.pane import Pane

__all__ = ["HANDLERS", "Actions"]

_log = get_logger("app.assignments")
_MAX_DEPTH = 64

_GROUPS = (
    tabs, panes, scroll, keyboard, windows, lists, pickers, clipboard, copying, domains, debug, profiling,
    unavailable,
)  # fmt: skip

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {name: handler for group in _GROUPS for name, handler in group.HANDLERS.items()}
)
"""Every assignment by name."""


class Actions:
    """Carries out assignments with the program's services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._depth = 0

    def perform(
        self,
        view: WindowView,
        assignment: KeyAssignment,
        pane: Pane | None = None,
        pointed: PointedCell | None = None,
    ) -> None:
        """Carry out an assignment.

        Args:
            view: in which window.
            assignment: what.
            pane: about which pane; None: the active one.
            pointed: where the mouse is, if it was the mouse.
        """
        handler = HANDLERS.get(assignment.name)
        if handler is None:
            _log.error("the assignment %s is unknown", assignment.name)
            return
        if self._depth >= _MAX_DEPTH:
            _log.error("the assignment %s is nested too deeply", assignment.name)
            return

        def perform_again(other: KeyAssignment) -> None:
            self.perform(view, other, pane, pointed)

        context = ActionContext(
            self._services, view, view.pane if pane is None else pane, pointed, perform_again
        )
        self._depth += 1
        try:
            handler(context, assignment.args)
        except (MuxError, OSError) as error:
            _log.warning("%s: %s", assignment.name, error)
        finally:
            self._depth -= 1
