"""Assignments about the selection, the clipboards and links."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.implicit_links import implicit_link
from perilune.app.pane_view import PaneView
from perilune.config.arguments import CopyTextTo
from perilune.vt.selection import Point, SelectionMode

__all__ = ["HANDLERS", "link_at"]


def _copy_to(context: ActionContext, destination: str) -> None:
    view = context.pane_view
    text = "" if view is None else view.selected_text()
    if text:
        context.services.clipboard.copy(text, destination)


def _copy_text_to(context: ActionContext, arguments: CopyTextTo) -> None:
    context.services.clipboard.copy(arguments.text, arguments.destination)


def _paste_from(context: ActionContext, source: str) -> None:
    view = context.pane_view
    if view is not None:
        if context.view.config.scroll_to_bottom_on_input:
            view.scroll_to(None)
        context.services.clipboard.paste_from(view.pane, source)


def _clear_selection(context: ActionContext, _: None) -> None:
    view = context.pane_view
    if view is not None and view.selection is not None:
        view.select(None)
        context.services.request_frame()


def _select_at_mouse(context: ActionContext, mode: str) -> None:
    view, pointed = context.pane_view, context.pointed
    if view is None or pointed is None:
        return
    boundary = context.view.config.selection_word_boundary
    point = Point(pointed.stable_row, pointed.col)
    view.select_at(SelectionMode(mode), point, boundary, is_press=True)
    context.services.request_frame()


def _extend_to_mouse(context: ActionContext, mode: str) -> None:
    view, pointed = context.pane_view, context.pointed
    if view is None or pointed is None:
        return
    boundary = context.view.config.selection_word_boundary
    view.extend_to(SelectionMode(mode), Point(pointed.stable_row, pointed.col), boundary)
    context.services.request_frame()


def _complete(context: ActionContext, destination: str) -> bool:
    """Copy what is selected; whether there was something."""
    view = context.pane_view
    text = "" if view is None else view.selected_text()
    if text:
        context.services.clipboard.copy(text, destination)
    return bool(text)


def _complete_selection(context: ActionContext, destination: str) -> None:
    _complete(context, destination)


def _complete_or_open(context: ActionContext, destination: str) -> None:
    if not _complete(context, destination):
        _open_link(context, None)


def link_at(view: PaneView, row: int, col: int) -> str | None:
    """The link that a cell belongs to (OSC 8)."""
    cells = view.pane.terminal.cells_of_row(row)
    return cells[col].hyperlink if 0 <= col < len(cells) else None


def _open_link(context: ActionContext, _: None) -> None:
    view, pointed = context.pane_view, context.pointed
    if view is None or pointed is None:
        return
    uri = link_at(view, pointed.stable_row, pointed.col)
    if uri is None:
        rules = context.view.config.hyperlink_rules
        uri = implicit_link(view.pane.terminal, pointed.stable_row, pointed.col, rules)
    if uri is not None:
        context.services.open_uri(uri)


def _open_uri(context: ActionContext, uri: str) -> None:
    context.services.open_uri(uri)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "CopyTo": _copy_to,
        "CopyTextTo": _copy_text_to,
        "PasteFrom": _paste_from,
        "ClearSelection": _clear_selection,
        "SelectTextAtMouseCursor": _select_at_mouse,
        "ExtendSelectionToMouseCursor": _extend_to_mouse,
        "CompleteSelection": _complete_selection,
        "CompleteSelectionOrOpenLinkAtMouseCursor": _complete_or_open,
        "OpenLinkAtMouseCursor": _open_link,
        "OpenUri": _open_uri,
    }
)
