"""Tells the user something for a while, where an assignment can do nothing. No assignment of its own."""

from __future__ import annotations

from perilune.app.assignments.context import ActionContext
from perilune.app.overlays.notice import NoticeOverlay

__all__ = ["tell"]

_NOTICE_SECONDS = 2.0


def tell(context: ActionContext, text: str) -> None:
    """Show it for a while, unless the mouse asked (each step of a drag would) or another overlay is there."""
    view, overlays = context.view, context.services.overlays
    if context.pointed is not None or not (view.overlay is None or isinstance(view.overlay, NoticeOverlay)):
        return

    def remove() -> None:
        overlays.remove_from_window(view, notice)

    timer = context.services.loop.call_later(_NOTICE_SECONDS, remove)
    notice = NoticeOverlay(text, remove, timer.cancel)
    overlays.show_on_window(view, notice)
