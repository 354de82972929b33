"""The methods of pane objects."""

from __future__ import annotations

import math

from perilune.lua.api.request import spawn_request
from perilune.lua.functions import ApiError, lua_function
from perilune.lua.host_api import HostApi, ProcessInfo, SemanticZone, SplitRequest
from perilune.lua.information import progress_value
from perilune.lua.values import MuxWindowRef, PaneRef, TabRef, UrlText

__all__ = ["PaneApi", "process_table"]

_DIRECTIONS = ("Right", "Left", "Top", "Bottom")


def process_table(info: ProcessInfo | None) -> dict[str, object] | None:
    """A LocalProcessInfo; children by pid."""
    if info is None:
        return None
    return {
        "pid": info.pid,
        "ppid": info.ppid,
        "name": info.name,
        "executable": info.executable,
        "argv": list(info.argv),
        "cwd": info.cwd,
        "status": info.status,
        "start_time": info.start_time,
        "children": {child.pid: process_table(child) for child in info.children},
    }


def _zone_table(zone: SemanticZone) -> dict[str, object]:
    return {
        "semantic_type": zone.semantic_type,
        "start_x": zone.start_x,
        "start_y": zone.start_y,
        "end_x": zone.end_x,
        "end_y": zone.end_y,
    }


class PaneApi:
    """`pane:...`."""

    def __init__(self, host: HostApi) -> None:
        self._host = host

    @lua_function("pane.pane_id")
    def pane_id(self, pane: PaneRef) -> int:
        """Its id, also of a pane that is gone."""
        return pane.id

    @lua_function("pane.mux_pane")
    def mux_pane(self, pane: PaneRef) -> PaneRef:
        """Itself: there is one kind of pane here."""
        return pane

    @lua_function("pane.get_title")
    def get_title(self, pane: PaneRef) -> str:
        """The title as tab titles show it."""
        return self._host.pane(pane.id).title

    @lua_function("pane.get_user_vars")
    def get_user_vars(self, pane: PaneRef) -> dict[str, str]:
        """User variables."""
        return dict(self._host.pane(pane.id).user_vars)

    @lua_function("pane.get_dimensions")
    def get_dimensions(self, pane: PaneRef) -> dict[str, object]:
        """RenderableDimensions."""
        size = self._host.pane(pane.id).dimensions
        return {
            "cols": size.cols,
            "viewport_rows": size.viewport_rows,
            "scrollback_rows": size.scrollback_rows,
            "physical_top": size.physical_top,
            "scrollback_top": size.scrollback_top,
            "pixel_width": size.pixel_width,
            "pixel_height": size.pixel_height,
            "dpi": size.dpi,
            "reverse_video": size.reverse_video,
        }

    @lua_function("pane.get_cursor_position")
    def get_cursor_position(self, pane: PaneRef) -> dict[str, object]:
        """StableCursorPosition."""
        cursor = self._host.pane(pane.id).cursor
        return {"x": cursor.x, "y": cursor.y, "shape": cursor.shape, "visibility": cursor.visibility}

    @lua_function("pane.get_domain_name")
    def get_domain_name(self, pane: PaneRef) -> str:
        """The domain that spawned it."""
        return self._host.pane(pane.id).domain_name

    @lua_function("pane.get_tty_name")
    def get_tty_name(self, pane: PaneRef) -> str | None:
        """The terminal device."""
        return self._host.pane(pane.id).tty_name

    @lua_function("pane.has_unseen_output")
    def has_unseen_output(self, pane: PaneRef) -> bool:
        """Output since it last had the focus."""
        return self._host.pane(pane.id).has_unseen_output

    @lua_function("pane.get_progress")
    def get_progress(self, pane: PaneRef) -> object:
        """Progress as in PaneInformation."""
        return progress_value(self._host.pane(pane.id).progress)

    @lua_function("pane.is_alt_screen_active")
    def is_alt_screen_active(self, pane: PaneRef) -> bool:
        """Whether a full-screen program has the screen."""
        return self._host.pane(pane.id).is_alt_screen_active

    @lua_function("pane.get_metadata")
    def get_metadata(self, pane: PaneRef) -> dict[str, object]:
        """What else is known."""
        return dict(self._host.pane(pane.id).metadata)

    @lua_function("pane.get_current_working_dir")
    def get_current_working_dir(self, pane: PaneRef) -> UrlText | None:
        """A Url object."""
        url = self._host.current_working_dir(pane.id)
        return None if url is None else UrlText(url)

    @lua_function("pane.get_foreground_process_name")
    def get_foreground_process_name(self, pane: PaneRef) -> str | None:
        """The program's path."""
        return self._host.foreground_process_name(pane.id)

    @lua_function("pane.get_foreground_process_info")
    def get_foreground_process_info(self, pane: PaneRef) -> dict[str, object] | None:
        """The process with its children."""
        return process_table(self._host.foreground_process_info(pane.id))

    def _text(self, pane: PaneRef, lines: int | None, *, logical: bool, escapes: bool) -> str:
        if lines is not None and lines < 0:
            raise ApiError(f"pane: cannot return {lines} lines")
        return self._host.pane_text(pane.id, lines, logical=logical, escapes=escapes)

    @lua_function("pane.get_lines_as_text")
    def get_lines_as_text(self, pane: PaneRef, lines: int | None = None) -> str:
        """Rows of the screen as text."""
        return self._text(pane, lines, logical=False, escapes=False)

    @lua_function("pane.get_logical_lines_as_text")
    def get_logical_lines_as_text(self, pane: PaneRef, lines: int | None = None) -> str:
        """Rows as text, wrapped ones joined."""
        return self._text(pane, lines, logical=True, escapes=False)

    @lua_function("pane.get_lines_as_escapes")
    def get_lines_as_escapes(self, pane: PaneRef, lines: int | None = None) -> str:
        """Rows as text with their styles."""
        return self._text(pane, lines, logical=False, escapes=True)

    @lua_function("pane.get_text_from_region")
    def get_text_from_region(self, pane: PaneRef, start_x: int, start_y: int, end_x: int, end_y: int) -> str:
        """Text between two cells."""
        return self._host.pane_text_from_region(pane.id, start_x, start_y, end_x, end_y)

    @lua_function("pane.get_semantic_zones")
    def get_semantic_zones(self, pane: PaneRef, of_type: str | None = None) -> list[object]:
        """Zones, all or of one type."""
        zones = self._host.semantic_zones(pane.id)
        return [_zone_table(zone) for zone in zones if of_type is None or zone.semantic_type == of_type]

    @lua_function("pane.get_semantic_zone_at")
    def get_semantic_zone_at(self, pane: PaneRef, x: int, y: int) -> dict[str, object] | None:
        """The zone that holds a cell."""
        for zone in self._host.semantic_zones(pane.id):
            if (zone.start_y, zone.start_x) <= (y, x) <= (zone.end_y, zone.end_x):
                return _zone_table(zone)
        return None

    @lua_function("pane.get_text_from_semantic_zone")
    def get_text_from_semantic_zone(self, pane: PaneRef, zone: dict[str, object]) -> str:
        """The text of a zone."""
        try:
            ends = [int(str(zone[name])) for name in ("start_x", "start_y", "end_x", "end_y")]
        except (KeyError, ValueError) as error:
            raise ApiError(
                "pane:get_text_from_semantic_zone: expected a zone from get_semantic_zones"
            ) from error
        return self._host.pane_text_from_region(pane.id, *ends)

    @lua_function("pane.send_text")
    def send_text(self, pane: PaneRef, text: str) -> None:
        """Input as if typed."""
        self._host.send_text(pane.id, text.encode("utf-8", "surrogateescape"), paste=False)

    @lua_function("pane.send_paste")
    def send_paste(self, pane: PaneRef, text: str) -> None:
        """Input as if pasted."""
        self._host.send_text(pane.id, text.encode("utf-8", "surrogateescape"), paste=True)

    @lua_function("pane.paste")
    def paste(self, pane: PaneRef, text: str) -> None:
        """The old name of send_paste."""
        self.send_paste(pane, text)

    @lua_function("pane.inject_output")
    def inject_output(self, pane: PaneRef, text: str) -> None:
        """Output as if the program had written it."""
        self._host.inject_output(pane.id, text.encode("utf-8", "surrogateescape"))

    @lua_function("pane.activate")
    def activate(self, pane: PaneRef) -> None:
        """Give it the focus within its window."""
        self._host.activate_pane(pane.id)

    @lua_function("pane.tab")
    def tab(self, pane: PaneRef) -> TabRef | None:
        """Its tab; nil for an overlay."""
        tab_id = self._host.pane(pane.id).tab_id
        return None if tab_id is None else TabRef(tab_id)

    @lua_function("pane.window")
    def window(self, pane: PaneRef) -> MuxWindowRef | None:
        """Its mux window."""
        window_id = self._host.pane(pane.id).window_id
        return None if window_id is None else MuxWindowRef(window_id)

    @lua_function("pane.split")
    def split(self, pane: PaneRef, options: dict[str, object] | None = None) -> PaneRef:
        """Split it; the new pane."""
        options = options or {}
        direction = options.get("direction", "Right")
        if direction not in _DIRECTIONS:
            raise ApiError(
                f"pane:split: direction must be one of {', '.join(_DIRECTIONS)}, got {direction!r}"
            )
        size = options.get("size", 0.5)
        if not isinstance(size, int | float) or isinstance(size, bool) or not math.isfinite(size) or size < 0:
            raise ApiError("pane:split: size must be a share below 1 or a number of cells")
        request = SplitRequest(
            direction=str(direction),
            size=float(size) or 0.5,
            top_level=options.get("top_level") is True,
            spawn=spawn_request("pane:split", options),
        )
        return PaneRef(self._host.split_pane(pane.id, request).pane_id)

    @lua_function("pane.move_to_new_tab")
    def move_to_new_tab(self, pane: PaneRef) -> tuple[TabRef, MuxWindowRef]:
        """Into a tab of its own: the tab and its window."""
        made = self._host.move_pane_to_new_tab(pane.id)
        return TabRef(made.tab_id), MuxWindowRef(made.window_id)

    @lua_function("pane.move_to_new_window")
    def move_to_new_window(self, pane: PaneRef, workspace: str | None = None) -> tuple[TabRef, MuxWindowRef]:
        """Into a window of its own: the tab and its window."""
        made = self._host.move_pane_to_new_window(pane.id, workspace)
        return TabRef(made.tab_id), MuxWindowRef(made.window_id)
