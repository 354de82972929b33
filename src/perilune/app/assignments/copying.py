"""Assignments of copy mode and search."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.overlays.copy_mode import CopyModeLook, CopyModeOverlay
from perilune.app.overlays.styled import packed_spec
from perilune.base.log import get_logger
from perilune.config.arguments import Pattern

if TYPE_CHECKING:
    from perilune.config.assignment import KeyAssignment

__all__ = ["HANDLERS"]

_log = get_logger("app.assignments")


def _begin(context: ActionContext, pattern: Pattern | None) -> None:
    view = context.pane_view
    if view is None:
        return
    overlays = context.services.overlays

    def close() -> None:
        overlays.remove_from_pane(context.view, view, overlay)

    palette, plain = context.view.config.palette, CopyModeLook()
    look = CopyModeLook(
        (
            packed_spec(palette.copy_mode_active_highlight_fg, plain.active[0]),
            packed_spec(palette.copy_mode_active_highlight_bg, plain.active[1]),
        ),
        (
            packed_spec(palette.copy_mode_inactive_highlight_fg, plain.inactive[0]),
            packed_spec(palette.copy_mode_inactive_highlight_bg, plain.inactive[1]),
        ),
    )
    boundary = context.view.config.selection_word_boundary
    overlay = CopyModeOverlay(view, boundary, close, pattern, look)
    overlays.show_on_pane(context.view, view, overlay)


def _activate(context: ActionContext, _: None) -> None:
    _begin(context, None)


def _copy_mode(context: ActionContext, assignment: KeyAssignment) -> None:
    view = context.pane_view
    overlay = None if view is None else view.overlay
    if isinstance(overlay, CopyModeOverlay):
        overlay.perform(assignment)
        context.services.request_frame()
    else:
        _log.debug("CopyMode %s outside copy mode", assignment.name)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {"ActivateCopyMode": _activate, "Search": _begin, "CopyMode": _copy_mode}
)
