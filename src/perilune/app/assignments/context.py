"""What an assignment is carried out with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perilune.app.pane_view import PaneView
from perilune.app.services import Services
from perilune.app.window_view import WindowView
from perilune.base.input import MouseEvent

if TYPE_CHECKING:
    from perilune.config.assignment import KeyAssignment
    from perilune.mux.pane import Pane

__all__ = ["ActionContext", "Handler", "PointedCell"]


@dataclass(frozen=True, slots=True)
class PointedCell:
    """Where the mouse is in a pane: the event itself, and the cell as stable row and column."""

    event: MouseEvent
    stable_row: int
    col: int


@dataclass(frozen=True, slots=True)
class ActionContext:
    """One carrying-out.

    Attributes:
        services: what may be used.
        view: the window.
        pane: the pane that it is about; None while the window has none.
        pointed: where the mouse is, for assignments of the mouse.
        perform: carries out another assignment in the same context.
    """

    services: Services
    view: WindowView
    pane: Pane | None
    pointed: PointedCell | None
    perform: Callable[[KeyAssignment], None]

    @property
    def pane_view(self) -> PaneView | None:
        """How the pane is shown."""
        return None if self.pane is None else self.view.view_of(self.pane)


Handler = Callable[[ActionContext, Any], None]
"""Carries out one assignment; the second argument is of the type that `config.assignment` gives it."""
