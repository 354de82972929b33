"""`wezterm.mux` and the methods of mux windows, tabs and domains."""

from __future__ import annotations

from perilune.lua.api.request import spawn_request
from perilune.lua.functions import ApiError, lua_function
from perilune.lua.host_api import DomainState, HostApi, PanePosition, StaleHandleError
from perilune.lua.values import DomainRef, MuxWindowRef, PaneRef, TabRef, WindowRef

__all__ = ["MuxApi", "MuxTabApi", "MuxWindowApi"]


class MuxApi:
    """`wezterm.mux...` and `domain:...`."""

    def __init__(self, host: HostApi) -> None:
        self._host = host

    @lua_function("wezterm.mux.all_windows")
    def all_windows(self) -> list[object]:
        """Every mux window."""
        return [MuxWindowRef(window_id) for window_id in self._host.window_ids()]

    @lua_function("wezterm.mux.get_window")
    def get_window(self, window_id: int) -> MuxWindowRef:
        """A window by id; an error if there is none."""
        if window_id not in self._host.window_ids():
            raise ApiError(f"wezterm.mux.get_window: window id {window_id} not found in mux")
        return MuxWindowRef(window_id)

    @lua_function("wezterm.mux.get_tab")
    def get_tab(self, tab_id: int) -> TabRef:
        """A tab by id; an error if there is none."""
        try:
            self._host.tab(tab_id)
        except StaleHandleError as error:
            raise ApiError(f"wezterm.mux.get_tab: tab id {tab_id} not found in mux") from error
        return TabRef(tab_id)

    @lua_function("wezterm.mux.get_pane")
    def get_pane(self, pane_id: int) -> PaneRef:
        """A pane by id; an error if there is none."""
        try:
            self._host.pane(pane_id)
        except StaleHandleError as error:
            raise ApiError(f"wezterm.mux.get_pane: pane id {pane_id} not found in mux") from error
        return PaneRef(pane_id)

    @lua_function("wezterm.mux.spawn_window")
    def spawn_window(self, options: dict[str, object] | None = None) -> tuple[TabRef, PaneRef, MuxWindowRef]:
        """A new window: tab, pane, window."""
        made = self._host.spawn_window(spawn_request("wezterm.mux.spawn_window", options or {}))
        return TabRef(made.tab_id), PaneRef(made.pane_id), MuxWindowRef(made.window_id)

    @lua_function("wezterm.mux.get_active_workspace")
    def get_active_workspace(self) -> str:
        """The workspace shown."""
        return self._host.active_workspace()

    @lua_function("wezterm.mux.get_workspace_names")
    def get_workspace_names(self) -> list[object]:
        """All workspaces."""
        return list(self._host.workspace_names())

    @lua_function("wezterm.mux.set_active_workspace")
    def set_active_workspace(self, name: str) -> None:
        """Show a workspace."""
        if name not in self._host.workspace_names():
            raise ApiError(f"wezterm.mux.set_active_workspace: there is no workspace {name!r}")
        self._host.set_active_workspace(name)

    @lua_function("wezterm.mux.rename_workspace")
    def rename_workspace(self, old: str, new: str) -> None:
        """Rename."""
        self._host.rename_workspace(old, new)

    @lua_function("wezterm.mux.all_domains")
    def all_domains(self) -> list[object]:
        """Every domain."""
        return [DomainRef(domain.domain_id) for domain in self._host.domains()]

    @lua_function("wezterm.mux.get_domain")
    def get_domain(self, name_or_id: int | str | None = None) -> DomainRef | None:
        """A domain by name or id; without either the default one."""
        domains = self._host.domains()
        if name_or_id is None:
            return DomainRef(domains[0].domain_id) if domains else None
        for domain in domains:
            if name_or_id in {domain.name, domain.domain_id, str(domain.domain_id)}:
                return DomainRef(domain.domain_id)
        return None

    @lua_function("wezterm.mux.set_default_domain")
    def set_default_domain(self, domain: DomainRef) -> None:
        """Where new tabs go."""
        self._host.set_default_domain(self._domain(domain).name)

    def _domain(self, ref: DomainRef) -> DomainState:
        for domain in self._host.domains():
            if domain.domain_id == ref.id:
                return domain
        raise StaleHandleError(f"domain {ref.id} no longer exists")

    @lua_function("domain.domain_id")
    def domain_id(self, domain: DomainRef) -> int:
        """Its id."""
        return domain.id

    @lua_function("domain.name")
    def domain_name(self, domain: DomainRef) -> str:
        """Its name."""
        return self._domain(domain).name

    @lua_function("domain.label")
    def domain_label(self, domain: DomainRef) -> str:
        """What the launcher shows."""
        return self._domain(domain).label

    @lua_function("domain.state")
    def domain_state(self, domain: DomainRef) -> str:
        """Attached or Detached."""
        return self._domain(domain).state

    @lua_function("domain.is_spawnable")
    def domain_is_spawnable(self, domain: DomainRef) -> bool:
        """Whether panes can be made in it."""
        return self._domain(domain).is_spawnable

    @lua_function("domain.has_any_panes")
    def domain_has_any_panes(self, domain: DomainRef) -> bool:
        """Whether it has panes."""
        return self._domain(domain).has_any_panes

    @lua_function("domain.attach")
    def domain_attach(self, domain: DomainRef) -> None:
        """Attach."""
        self._host.attach_domain(self._domain(domain).name, attach=True)

    @lua_function("domain.detach")
    def domain_detach(self, domain: DomainRef) -> None:
        """Detach."""
        self._host.attach_domain(self._domain(domain).name, attach=False)


class MuxWindowApi:
    """`mux_window:...`."""

    def __init__(self, host: HostApi) -> None:
        self._host = host

    @lua_function("mux_window.window_id")
    def window_id(self, window: MuxWindowRef) -> int:
        """Its id."""
        return window.id

    @lua_function("mux_window.gui_window")
    def gui_window(self, window: MuxWindowRef) -> WindowRef | None:
        """The window that shows it; nil without one."""
        return WindowRef(window.id) if self._host.window(window.id).is_shown else None

    @lua_function("mux_window.tabs")
    def tabs(self, window: MuxWindowRef) -> list[object]:
        """Its tabs."""
        return [TabRef(tab_id) for tab_id in self._host.window(window.id).tab_ids]

    @lua_function("mux_window.tabs_with_info")
    def tabs_with_info(self, window: MuxWindowRef) -> list[object]:
        """Its tabs, each with index and is_active."""
        state = self._host.window(window.id)
        return [
            {"index": index, "is_active": tab_id == state.active_tab_id, "tab": TabRef(tab_id)}
            for index, tab_id in enumerate(state.tab_ids)
        ]

    @lua_function("mux_window.active_tab")
    def active_tab(self, window: MuxWindowRef) -> TabRef | None:
        """The active tab."""
        tab_id = self._host.window(window.id).active_tab_id
        return None if tab_id is None else TabRef(tab_id)

    @lua_function("mux_window.active_pane")
    def active_pane(self, window: MuxWindowRef) -> PaneRef | None:
        """The active pane."""
        pane_id = self._host.window(window.id).active_pane_id
        return None if pane_id is None else PaneRef(pane_id)

    @lua_function("mux_window.spawn_tab")
    def spawn_tab(
        self, window: MuxWindowRef, options: dict[str, object] | None = None
    ) -> tuple[TabRef, PaneRef, MuxWindowRef]:
        """A new tab: tab, pane, window."""
        made = self._host.spawn_tab(window.id, spawn_request("mux_window:spawn_tab", options or {}))
        return TabRef(made.tab_id), PaneRef(made.pane_id), MuxWindowRef(made.window_id)

    @lua_function("mux_window.get_title")
    def get_title(self, window: MuxWindowRef) -> str:
        """Its title."""
        return self._host.window(window.id).title

    @lua_function("mux_window.set_title")
    def set_title(self, window: MuxWindowRef, title: str) -> None:
        """Set the title."""
        self._host.set_window_title(window.id, title)

    @lua_function("mux_window.get_workspace")
    def get_workspace(self, window: MuxWindowRef) -> str:
        """Its workspace."""
        return self._host.window(window.id).workspace

    @lua_function("mux_window.set_workspace")
    def set_workspace(self, window: MuxWindowRef, workspace: str) -> None:
        """Move it to a workspace."""
        self._host.set_window_workspace(window.id, workspace)


def _position(pane: PanePosition) -> dict[str, object]:
    return {
        "index": pane.index,
        "is_active": pane.is_active,
        "is_zoomed": pane.is_zoomed,
        "left": pane.left,
        "top": pane.top,
        "width": pane.width,
        "height": pane.height,
        "pixel_width": pane.pixel_width,
        "pixel_height": pane.pixel_height,
        "pane": PaneRef(pane.pane_id),
    }


class MuxTabApi:
    """`tab:...`."""

    def __init__(self, host: HostApi) -> None:
        self._host = host

    @lua_function("tab.tab_id")
    def tab_id(self, tab: TabRef) -> int:
        """Its id."""
        return tab.id

    @lua_function("tab.window")
    def window(self, tab: TabRef) -> MuxWindowRef:
        """Its window."""
        return MuxWindowRef(self._host.tab(tab.id).window_id)

    @lua_function("tab.get_title")
    def get_title(self, tab: TabRef) -> str:
        """The title that set_title set, else ""."""
        return self._host.tab(tab.id).title

    @lua_function("tab.set_title")
    def set_title(self, tab: TabRef, title: str) -> None:
        """Set the title."""
        self._host.set_tab_title(tab.id, title)

    @lua_function("tab.panes")
    def panes(self, tab: TabRef) -> list[object]:
        """Its panes."""
        return [PaneRef(pane.pane_id) for pane in self._host.tab(tab.id).panes]

    @lua_function("tab.panes_with_info")
    def panes_with_info(self, tab: TabRef) -> list[object]:
        """Its panes with their places."""
        return [_position(pane) for pane in self._host.tab(tab.id).panes]

    @lua_function("tab.active_pane")
    def active_pane(self, tab: TabRef) -> PaneRef | None:
        """The active pane."""
        pane_id = self._host.tab(tab.id).active_pane_id
        return None if pane_id is None else PaneRef(pane_id)

    @lua_function("tab.get_pane_direction")
    def get_pane_direction(self, tab: TabRef, direction: str) -> PaneRef | None:
        """The neighbour of the active pane."""
        if direction not in {"Left", "Right", "Up", "Down", "Next", "Prev"}:
            raise ApiError(f"tab:get_pane_direction: there is no direction {direction!r}")
        pane_id = self._host.pane_in_direction(tab.id, direction)
        return None if pane_id is None else PaneRef(pane_id)

    @lua_function("tab.activate")
    def activate(self, tab: TabRef) -> None:
        """Make it the active tab."""
        self._host.activate_tab(tab.id)

    @lua_function("tab.set_zoomed")
    def set_zoomed(self, tab: TabRef, zoomed: bool) -> bool:
        """Zoom the active pane or not; the state before."""
        return self._host.set_zoomed(tab.id, zoomed)

    @lua_function("tab.get_size")
    def get_size(self, tab: TabRef) -> dict[str, object]:
        """TerminalSize."""
        size = self._host.tab(tab.id).size
        return {
            "rows": size.rows,
            "cols": size.cols,
            "pixel_width": size.pixel_width,
            "pixel_height": size.pixel_height,
            "dpi": size.dpi,
        }

    @lua_function("tab.rotate_clockwise")
    def rotate_clockwise(self, tab: TabRef) -> None:
        """Rotate the panes."""
        self._host.rotate_panes(tab.id, clockwise=True)

    @lua_function("tab.rotate_counter_clockwise")
    def rotate_counter_clockwise(self, tab: TabRef) -> None:
        """Rotate the panes the other way."""
        self._host.rotate_panes(tab.id, clockwise=False)
