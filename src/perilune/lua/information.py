"""TabInformation and PaneInformation as the tables that title callbacks get."""

from __future__ import annotations

from collections.abc import Mapping

from perilune.lua.values import UrlText
from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = ["pane_table", "progress_value", "tab_table"]


def progress_value(progress: tuple[str, int] | str | Mapping[str, int]) -> object:
    """Progress as Lua sees it: "None", "Indeterminate", {Percentage=n} or {Error=n}."""
    if not isinstance(progress, tuple):
        return progress
    state, percent = progress
    return {state: percent} if state in {"Percentage", "Error"} else state


def pane_table(pane: PaneInformation) -> dict[str, object]:
    """One pane."""
    table: dict[str, object] = {
        "pane_id": pane.pane_id,
        "pane_index": pane.pane_index,
        "is_active": pane.is_active,
        "is_zoomed": pane.is_zoomed,
        "has_unseen_output": pane.has_unseen_output,
        "left": pane.left,
        "top": pane.top,
        "width": pane.width,
        "height": pane.height,
        "pixel_width": pane.pixel_width,
        "pixel_height": pane.pixel_height,
        "title": pane.title,
        "user_vars": dict(pane.user_vars),
        "progress": progress_value(pane.progress),
        "foreground_process_name": "",
        "domain_name": "",
    }
    live = pane.live
    if live is not None:
        table["foreground_process_name"] = live.foreground_process_name
        table["domain_name"] = live.domain_name
        table["tty_name"] = live.tty_name
        if live.current_working_dir is not None:
            table["current_working_dir"] = UrlText(live.current_working_dir)
    return table


def tab_table(tab: TabInformation) -> dict[str, object]:
    """One tab."""
    return {
        "tab_id": tab.tab_id,
        "tab_index": tab.tab_index,
        "is_active": tab.is_active,
        "active_pane": pane_table(tab.active_pane) if tab.active_pane is not None else None,
        "panes": [pane_table(pane) for pane in tab.panes],
        "window_id": tab.window_id,
        "window_title": tab.window_title,
        "tab_title": tab.tab_title,
    }
