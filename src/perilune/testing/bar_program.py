"""The program that Lua sees behind a `TabBarHarness`: one window with synthetic tabs, and nothing that runs.

Implements `lua.host_api.HostApi` on plain values. Called on the Lua thread while the harness waits for it, so
nothing is locked. What only acts on a screen is recorded in `actions`; what cannot be, such as starting a
program, is an error that the script sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from perilune.base.geometry import Size
from perilune.config.assignment import to_value
from perilune.config.default_bindings import default_key_bindings, default_key_tables
from perilune.config.keys import KeyBinding, format_mods
from perilune.lua.host import effective_mapping
from perilune.lua.host_api import (
    CursorState,
    DomainState,
    HostCallError,
    PaneDimensions,
    PanePosition,
    PaneState,
    ProcessInfo,
    ScreenInfo,
    SemanticZone,
    Spawned,
    StaleHandleError,
    TabState,
    WindowState,
)
from perilune.lua.information import progress_value
from perilune.testing.bar_tabs import BarTabs

if TYPE_CHECKING:
    from perilune.app.ledger import LedgerRow
    from perilune.config.options import Config
    from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = ["BarProgram", "BarWindow"]

WORKSPACE = "default"


class BarWindow:
    """The window: what a `WindowView` is in the program, as far as the bar is concerned.

    Args:
        window_id: its id.
        tabs: its tabs.
        config: the configuration in force.
        cols: its columns.
        rows: its rows.
    """

    def __init__(self, window_id: int, tabs: BarTabs, config: Config, cols: int, rows: int = 24) -> None:
        self.window_id = window_id
        self.tabs = tabs
        self.base_config = config
        self.config = config
        self.overrides: Mapping[str, object] | None = None
        self.cols = cols
        self.rows = rows
        self.left_status = ""
        self.right_status = ""
        self.title = ""
        self.hover_col: int | None = None
        self.late = 0
        """Counts reasons to look again that come from titles themselves."""

    @property
    def bar_mark(self) -> int:
        """Counts changes of what the bar may show."""
        return self.tabs.mark + self.late

    @property
    def bar_is_visible(self) -> bool:
        """Whether the configuration shows the bar for the tabs there are."""
        config = self.config
        return config.enable_tab_bar and (len(self.tabs) > 1 or not config.hide_tab_bar_if_only_one_tab)

    def override(self, values: Mapping[str, object] | None) -> None:
        """Lay options over the configuration; None: take them away."""
        self.overrides = None if values is None else dict(values)
        self.config = self.base_config if not values else self.base_config.with_overrides(values)[0]


class BarProgram:
    """The program as scripts may ask it.

    Args:
        window: the only window.
        on_config: called when overrides changed.
        on_reload: called when a script asked for a reload.

    Attributes:
        actions: what scripts did that only a screen would show: a name, and the arguments.
    """

    def __init__(
        self, window: BarWindow, on_config: Callable[[], None], on_reload: Callable[[], None]
    ) -> None:
        self._window = window
        self._on_config = on_config
        self._on_reload = on_reload
        self.actions: list[tuple[object, ...]] = []
        self.read_ledger: Callable[[int], Sequence[LedgerRow]] = lambda _limit: ()

    # Finding.

    def _tab(self, tab_id: int) -> tuple[int, TabInformation]:
        for index, tab in enumerate(self._window.tabs.snapshot()):
            if tab.tab_id == tab_id:
                return index, tab
        raise StaleHandleError(f"tab {tab_id} no longer exists")

    def _find_pane(self, pane_id: int) -> tuple[TabInformation, PaneInformation]:
        for tab in self._window.tabs.snapshot():
            for pane in tab.panes if tab.active_pane is None else (tab.active_pane, *tab.panes):
                if pane.pane_id == pane_id:
                    return tab, pane
        raise StaleHandleError(f"pane {pane_id} no longer exists")

    def _own(self, window_id: int) -> BarWindow:
        if window_id != self._window.window_id:
            raise StaleHandleError(f"window {window_id} no longer exists")
        return self._window

    # Reading.

    def window_ids(self) -> Sequence[int]:
        """The one."""
        return (self._window.window_id,)

    def window(self, window_id: int) -> WindowState:
        """The window."""
        window = self._own(window_id)
        active = next((tab for tab in window.tabs.snapshot() if tab.is_active), None)
        pane = None if active is None else active.active_pane
        return WindowState(
            window_id=window_id,
            title=window.title,
            workspace=WORKSPACE,
            tab_ids=tuple(tab.tab_id for tab in window.tabs),
            active_tab_id=None if active is None else active.tab_id,
            active_pane_id=None if pane is None else pane.pane_id,
            is_focused=True,
            size=Size(window.cols, window.rows),
        )

    def tab(self, tab_id: int) -> TabState:
        """One tab."""
        _, tab = self._tab(tab_id)
        panes = tuple(
            PanePosition(
                pane.pane_id, pane.pane_index, pane.is_active, pane.is_zoomed, pane.left, pane.top,
                pane.width, pane.height, pane.pixel_width, pane.pixel_height,
            )
            for pane in tab.panes
        )  # fmt: skip
        active = None if tab.active_pane is None else int(tab.active_pane.pane_id)
        window = self._window
        size = Size(window.cols, window.rows)
        return TabState(tab_id, window.window_id, tab.tab_title, size, panes, active)

    def pane(self, pane_id: int) -> PaneState:
        """One pane."""
        tab, pane = self._find_pane(pane_id)
        progress = progress_value(pane.progress)
        live = pane.live
        return PaneState(
            pane_id=pane_id,
            tab_id=tab.tab_id,
            window_id=self._window.window_id,
            title=pane.title,
            user_vars=pane.user_vars,
            dimensions=PaneDimensions(pane.width, pane.height, pane.height, 0, 0),
            cursor=CursorState(0, 0),
            domain_name="" if live is None else live.domain_name,
            tty_name=None if live is None else live.tty_name,
            has_unseen_output=pane.has_unseen_output,
            progress=progress if isinstance(progress, str | Mapping) else "None",
        )

    def domains(self) -> Sequence[DomainState]:
        """This machine."""
        return (DomainState(0, "local", "local", "Attached", is_spawnable=False, has_any_panes=True),)

    def workspace_names(self) -> Sequence[str]:
        """One."""
        return (WORKSPACE,)

    def active_workspace(self) -> str:
        """The one."""
        return WORKSPACE

    def foreground_process_name(self, pane_id: int) -> str | None:
        """As the pane's field says."""
        _, pane = self._find_pane(pane_id)
        return None if pane.live is None else pane.live.foreground_process_name or None

    def foreground_process_info(self, pane_id: int) -> ProcessInfo | None:
        """Made up from the pane's fields."""
        _, pane = self._find_pane(pane_id)
        live = pane.live
        if live is None or not live.foreground_process_name:
            return None
        name = live.foreground_process_name
        return ProcessInfo(
            1000 + pane_id, 1, name.rpartition("/")[2], name, (name,), live.current_working_dir or "", "Run"
        )

    def current_working_dir(self, pane_id: int) -> str | None:
        """As the pane's field says."""
        _, pane = self._find_pane(pane_id)
        return None if pane.live is None else pane.live.current_working_dir

    def pane_text(self, pane_id: int, lines: int | None, *, logical: bool, escapes: bool) -> str:
        """Nothing was printed."""
        del lines, logical, escapes
        self._find_pane(pane_id)
        return ""

    def pane_text_from_region(self, pane_id: int, *region: int) -> str:
        """Nothing was printed."""
        del region
        self._find_pane(pane_id)
        return ""

    def semantic_zones(self, pane_id: int) -> Sequence[SemanticZone]:
        """None."""
        self._find_pane(pane_id)
        return ()

    def selection_text(self, window_id: int, pane_id: int, *, escapes: bool) -> str:
        """Nothing is selected."""
        del escapes
        self._own(window_id)
        self._find_pane(pane_id)
        return ""

    def effective_config(self, window_id: int) -> Mapping[str, object]:
        """The configuration in force."""
        return effective_mapping(self._own(window_id).config)

    def config_overrides(self, window_id: int) -> Mapping[str, object] | None:
        """What `set_config_overrides` set."""
        return self._own(window_id).overrides

    def ledger(self, limit: int) -> Sequence[Mapping[str, object]]:
        """The last runs of title callbacks."""
        return [row.as_dict() for row in self.read_ledger(limit)]

    def default_keys(self) -> Sequence[Mapping[str, object]]:
        """The default key assignments."""
        return [_binding(binding) for binding in default_key_bindings()]

    def default_key_tables(self) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """The default key tables."""
        return {name: [_binding(item) for item in table] for name, table in default_key_tables().items()}

    def screens(self) -> Sequence[ScreenInfo]:
        """None."""
        return ()

    def appearance(self) -> str:
        """What most terminals are."""
        return "Dark"

    # Acting.

    def set_status(self, window_id: int, side: str, text: str) -> None:
        """The left or right status."""
        window = self._own(window_id)
        if side == "left":
            window.left_status = text
        else:
            window.right_status = text

    def set_config_overrides(self, window_id: int, overrides: Mapping[str, object]) -> None:
        """Lay options over the configuration."""
        window = self._own(window_id)
        if dict(overrides) != (window.overrides or {}):
            window.override(overrides)
            self._on_config()

    def set_window_title(self, window_id: int, title: str) -> None:
        """The mux window's title."""
        self._own(window_id).title = title
        for index in range(len(self._window.tabs)):
            self._window.tabs.set(index, {"window_title": title})

    def set_tab_title(self, tab_id: int, title: str) -> None:
        """The tab's own title."""
        index, _ = self._tab(tab_id)
        self._window.tabs.set(index, {"tab_title": title})

    def activate_tab(self, tab_id: int) -> None:
        """Make it the active tab."""
        index, _ = self._tab(tab_id)
        self._window.tabs.activate(index)

    def activate_pane(self, pane_id: int) -> None:
        """Make its tab the active one."""
        tab, _ = self._find_pane(pane_id)
        self.activate_tab(tab.tab_id)

    def set_zoomed(self, tab_id: int, zoomed: bool) -> bool:
        """Zoom or unzoom the active pane; the state before."""
        index, tab = self._tab(tab_id)
        before = tab.active_pane is not None and tab.active_pane.is_zoomed
        if tab.active_pane is not None:
            self._window.tabs.set(index, {"is_zoomed": zoomed})
        return before

    def pane_in_direction(self, tab_id: int, direction: str) -> int | None:
        """None: panes have no places here."""
        del direction
        self._tab(tab_id)
        return None

    def perform_action(self, window_id: int, pane_id: int | None, assignment: object) -> None:
        """Recorded."""
        self.actions.append(("perform_action", window_id, pane_id, assignment))

    def set_window_workspace(self, window_id: int, workspace: str) -> None:
        """Recorded."""
        self.actions.append(("set_window_workspace", window_id, workspace))

    def window_command(self, window_id: int, command: str, args: Sequence[object]) -> None:
        """Recorded."""
        self.actions.append((command, window_id, *args))

    def toast_notification(
        self, window_id: int, title: str, body: str, url: str | None, timeout_ms: int
    ) -> None:
        """Recorded."""
        self.actions.append(("toast_notification", window_id, title, body, url, timeout_ms))

    def copy_to_clipboard(self, window_id: int, text: str, target: str) -> None:
        """Recorded."""
        self.actions.append(("copy_to_clipboard", window_id, text, target))

    def rotate_panes(self, tab_id: int, clockwise: bool) -> None:
        """Recorded."""
        self.actions.append(("rotate_panes", tab_id, clockwise))

    def send_text(self, pane_id: int, text: bytes, *, paste: bool) -> None:
        """Recorded."""
        self.actions.append(("send_text", pane_id, text, paste))

    def inject_output(self, pane_id: int, data: bytes) -> None:
        """Recorded."""
        self.actions.append(("inject_output", pane_id, data))

    def set_active_workspace(self, name: str) -> None:
        """Recorded."""
        self.actions.append(("set_active_workspace", name))

    def rename_workspace(self, old: str, new: str) -> None:
        """Recorded."""
        self.actions.append(("rename_workspace", old, new))

    def set_default_domain(self, name: str) -> None:
        """Recorded."""
        self.actions.append(("set_default_domain", name))

    def attach_domain(self, name: str, *, attach: bool) -> None:
        """Recorded."""
        self.actions.append(("attach_domain", name, attach))

    def watch_files(self, paths: Sequence[str]) -> None:
        """Recorded; the harness reloads when it is told to."""
        self.actions.append(("watch_files", *paths))

    def open_uri(self, uri: str, application: str | None) -> None:
        """Recorded."""
        self.actions.append(("open_uri", uri, application))

    def reload_configuration(self) -> None:
        """Ask for a reload."""
        self._on_reload()

    # What cannot be.

    @staticmethod
    def _refuse() -> Spawned:
        raise HostCallError("a test of a tab bar starts no programs and splits no panes")

    def spawn_window(self, request: object) -> Spawned:
        """Refused."""
        del request
        return self._refuse()

    def spawn_tab(self, window_id: int, request: object) -> Spawned:
        """Refused."""
        del window_id, request
        return self._refuse()

    def split_pane(self, pane_id: int, request: object) -> Spawned:
        """Refused."""
        del pane_id, request
        return self._refuse()

    def move_pane_to_new_tab(self, pane_id: int) -> Spawned:
        """Refused."""
        del pane_id
        return self._refuse()

    def move_pane_to_new_window(self, pane_id: int, workspace: str | None) -> Spawned:
        """Refused."""
        del pane_id, workspace
        return self._refuse()


def _binding(binding: KeyBinding) -> Mapping[str, object]:
    return {
        "key": binding.chord.written_key,
        "mods": format_mods(binding.chord.mods) or "NONE",
        "action": to_value(binding.action),
    }
