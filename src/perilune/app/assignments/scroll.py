"""Assignments that move the viewport or clear what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.base.input import MouseButton

__all__ = ["HANDLERS", "WHEEL_ROWS"]

WHEEL_ROWS = 3
"""Rows of one wheel step: what the host's own scrolling is like in most terminals."""


def _by_page(context: ActionContext, pages: float) -> None:
    view = context.pane_view
    if view is None:
        return
    rows = view.pane.terminal.rows
    # A fraction of a page moves at least a row, or a small pane would not move at all.
    by = int(rows * pages)
    if view.scroll_by(by or (1 if pages > 0 else -1)):
        context.services.request_frame()


def _by_line(context: ActionContext, rows: int) -> None:
    view = context.pane_view
    if view is not None and view.scroll_by(rows):
        context.services.request_frame()


def _by_wheel(context: ActionContext, _: None) -> None:
    pointed = context.pointed
    if pointed is None:
        return
    step = {MouseButton.WHEEL_UP: -WHEEL_ROWS, MouseButton.WHEEL_DOWN: WHEEL_ROWS}.get(
        pointed.event.button, 0
    )
    _by_line(context, step)


def _to_top(context: ActionContext, _: None) -> None:
    view = context.pane_view
    if view is not None and view.scroll_to(view.pane.terminal.first_stable):
        context.services.request_frame()


def _to_bottom(context: ActionContext, _: None) -> None:
    view = context.pane_view
    if view is not None and view.scroll_to(None):
        context.services.request_frame()


def _to_prompt(context: ActionContext, delta: int) -> None:
    view = context.pane_view
    if view is None or delta == 0:
        return
    here = view.shown_top
    terminal = view.pane.terminal
    prompts = terminal.prompt_rows()
    if delta < 0:
        before = [row for row in prompts if row < here]
        target = before[max(len(before) + delta, 0)] if before else None
    else:
        after = [row for row in prompts if row > here]
        target = after[min(delta - 1, len(after) - 1)] if after else None
    if target is not None and view.scroll_to(target):
        context.services.request_frame()


def _clear(context: ActionContext, what: str) -> None:
    view = context.pane_view
    if view is None:
        return
    view.select(None)
    view.scroll_to(None)
    terminal = view.pane.terminal
    if what == "ScrollbackAndViewport" and not terminal.is_alternate and terminal.cursor.row:
        # The cursor's row, with the prompt on it, becomes the first: SU by its number, then CUU likewise.
        row = terminal.cursor.row
        view.pane.show(f"\x1b[{row}S\x1b[{row}A".encode())
    terminal.clear_scrollback()
    context.services.request_frame()


def _reset(context: ActionContext, _: None) -> None:
    view = context.pane_view
    if view is not None:
        view.select(None)
        view.scroll_to(None)
        view.pane.terminal.reset()
        context.services.request_frame()


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "ScrollByPage": _by_page,
        "ScrollByLine": _by_line,
        "ScrollByCurrentEventWheelDelta": _by_wheel,
        "ScrollToTop": _to_top,
        "ScrollToBottom": _to_bottom,
        "ScrollToPrompt": _to_prompt,
        "ClearScrollback": _clear,
        "ResetTerminal": _reset,
    }
)
