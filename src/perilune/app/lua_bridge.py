"""What Lua's objects ask of the program, answered from mux and views. Implements `lua.host_api.HostApi`.

Every method is called on the Lua thread and carried over to the mux thread, whose answer is waited for; the
mux thread never waits for Lua longer than a frame's 2 ms, so neither can lock the other out. Handles are ids,
looked up anew each time. Over 500 lines because the protocol has 50 methods; each is a few lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from perilune.app.actions import Actions
from perilune.app.config_applier import ConfigApplier
from perilune.app.config_service import ConfigService
from perilune.app.front_end import NativeWindow, WindowCommand
from perilune.app.lua_domains import domain_states
from perilune.app.pane_text import pane_lines, region_text, selected_escapes, semantic_zones
from perilune.app.services import Services
from perilune.app.terminal_settings import CURSOR_STYLES
from perilune.app.titles import TitleService
from perilune.app.window_place import window_place
from perilune.app.window_view import WindowView
from perilune.base.log import get_logger
from perilune.base.loop import CallTimeoutError, EventLoop
from perilune.config.assignment import parse_assignment, to_value
from perilune.config.default_bindings import default_key_bindings, default_key_tables
from perilune.config.keys import KeyBinding, format_mods
from perilune.config.options import Config
from perilune.config.problems import ConfigError
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
    SpawnRequest,
    SplitRequest,
    StaleHandleError,
    TabState,
    WindowState,
)
from perilune.mux.errors import MuxError
from perilune.mux.settings import SplitSize
from perilune.pty.password import waits_for_password

if TYPE_CHECKING:
    from perilune.config.mouse import MouseTrigger
    from perilune.mux.mux import Mux
    from perilune.mux.pane import Pane
    from perilune.mux.tab import Direction, SplitDirection, Tab
    from perilune.mux.window import Window
    from perilune.pty.process_info import ProcessInfo as SystemProcess

__all__ = ["LuaBridge", "process_info"]

T = TypeVar("T")
_log = get_logger("app.lua")
_DIRECTIONS = {"Top": "Up", "Bottom": "Down"}
_SHAPES = {style: name for name, style in CURSOR_STYLES.items()}


def _binding(binding: KeyBinding) -> Mapping[str, object]:
    return {
        "key": binding.chord.written_key,
        "mods": format_mods(binding.chord.mods) or "NONE",
        "action": to_value(binding.action),
    }


def _event_table(event: MouseTrigger | None) -> Mapping[str, object] | None:
    if event is None:
        return None
    name = event.button.name.title().replace("_", "")
    button = {name: 1} if name.startswith("Wheel") else name
    return {event.kind: {"streak": event.streak, "button": button}}


def process_info(info: SystemProcess) -> ProcessInfo:
    """A process of the system, with what it started, as scripts see it."""
    return ProcessInfo(
        pid=info.pid,
        ppid=info.ppid,
        name=info.name,
        executable=info.executable,
        argv=tuple(info.argv),
        cwd=info.cwd or "",
        status=info.status,
        children=tuple(process_info(child) for child in info.children),
    )


class LuaBridge:
    """The program as scripts may ask it.

    Made before the services that it asks, because the Lua host needs it first; `connect` completes it.
    """

    def __init__(self, loop: EventLoop) -> None:
        self._loop = loop
        self._services: Services | None = None
        self._actions: Actions | None = None
        self._config: ConfigService | None = None
        self._applier: ConfigApplier | None = None
        self._titles: TitleService | None = None
        self._effective: tuple[Config, Mapping[str, object]] | None = None

    def connect(
        self,
        services: Services,
        actions: Actions,
        config: ConfigService,
        applier: ConfigApplier,
        titles: TitleService,
    ) -> None:
        """Give it what it asks. Before the Lua thread starts."""
        self._titles = titles
        self._services = services
        self._actions = actions
        self._config = config
        self._applier = applier

    def close(self) -> None:
        """The program ends: whatever Lua still asks fails at once, what it is waiting for too. Mux thread."""
        self._services = None
        self._loop.run_once(0.0)

    def _call(self, function: Callable[[Services], T]) -> T:
        """Ask on the mux thread and wait."""

        def carry_out() -> T:
            services = self._services
            if services is None:
                raise HostCallError("the program is not running")
            return function(services)

        if self._services is None:
            raise HostCallError("the program is not running")
        try:
            return self._loop.call_sync(carry_out)
        except (MuxError, CallTimeoutError, OSError) as error:
            raise HostCallError(str(error)) from error

    # Finding, on the mux thread.

    @staticmethod
    def _view(services: Services, window_id: int) -> WindowView:
        view = services.views.get(window_id)
        if view is None:
            raise StaleHandleError(f"window {window_id} no longer exists")
        return view

    @staticmethod
    def _tab(services: Services, tab_id: int) -> Tab:
        tab = services.mux.get_tab(tab_id)
        if tab is None:
            raise StaleHandleError(f"tab {tab_id} no longer exists")
        return tab

    @staticmethod
    def _pane(services: Services, pane_id: int) -> Pane:
        pane = services.mux.get_pane(pane_id)
        if pane is None:
            raise StaleHandleError(f"pane {pane_id} no longer exists")
        return pane

    # Reading.

    def window_ids(self) -> Sequence[int]:
        """All windows of the mux, oldest first."""
        return self._call(lambda services: tuple(services.mux.windows))

    def window(self, window_id: int) -> WindowState:
        """One window."""

        def read(services: Services) -> WindowState:
            view = self._view(services, window_id)
            native = services.front_end.native_window(window_id) if view.is_open else NativeWindow()
            size = view.size
            if native.pixel_width:
                size = size._replace(
                    pixel_width=native.pixel_width, pixel_height=native.pixel_height, dpi=native.dpi
                )
            tab, pane = view.tab, view.pane
            return WindowState(
                window_id=window_id,
                title=view.window.title,
                workspace=view.window.workspace,
                tab_ids=tuple(tab.id for tab in view.window.tabs),
                active_tab_id=None if tab is None else tab.id,
                active_pane_id=None if pane is None else pane.id,
                is_focused=view is services.views.shown and services.windows.is_focused,
                # A terminal shows one at a time, but any can come next.
                is_shown=services.views.is_visible(view) or not services.front_end.has_windows,
                is_full_screen=native.is_full_screen,
                composition_status=view.composing,
                leader_is_active=view.leader.is_active,
                active_key_table=view.key_tables.active_name,
                keyboard_modifiers=view.held_modifiers,
                current_event=_event_table(view.current_event),
                size=size,
            )

        return self._call(read)

    def tab(self, tab_id: int) -> TabState:
        """One tab."""

        def read(services: Services) -> TabState:
            tab = self._tab(services, tab_id)
            window = services.mux.window_of_tab(tab)
            active = tab.active_pane
            rects = {place.pane.id: place.rect for place in tab.positioned_panes()}
            panes = []
            for index, pane in enumerate(tab.panes()):
                rect = rects.get(pane.id)
                panes.append(
                    PanePosition(
                        pane_id=pane.id,
                        index=index,
                        is_active=pane is active,
                        is_zoomed=pane is tab.zoomed_pane,
                        left=0 if rect is None else rect.left,
                        top=0 if rect is None else rect.top,
                        width=pane.size.cols,
                        height=pane.size.rows,
                        pixel_width=pane.size.pixel_width,
                        pixel_height=pane.size.pixel_height,
                    )
                )
            return TabState(
                tab_id=tab_id,
                window_id=-1 if window is None else window.id,
                title=tab.title,
                size=tab.size,
                panes=tuple(panes),
                active_pane_id=None if active is None else active.id,
            )

        return self._call(read)

    def pane(self, pane_id: int) -> PaneState:
        """One pane."""

        def read(services: Services) -> PaneState:
            pane = self._pane(services, pane_id)
            tab = services.mux.tab_of_pane(pane)
            window = services.mux.window_of_pane(pane)
            terminal = pane.terminal
            cursor = terminal.cursor
            progress: str | Mapping[str, int] = pane.progress.state
            if progress in {"Percentage", "Error"}:
                progress = {pane.progress.state: pane.progress.percent}
            return PaneState(
                pane_id=pane_id,
                tab_id=None if tab is None else tab.id,
                window_id=None if window is None else window.id,
                title=pane.title,
                user_vars=dict(pane.user_vars),
                dimensions=PaneDimensions(
                    cols=terminal.cols,
                    viewport_rows=terminal.rows,
                    scrollback_rows=terminal.scrollback_rows + terminal.rows,
                    physical_top=terminal.stable_top,
                    scrollback_top=terminal.first_stable,
                    pixel_width=pane.size.pixel_width,
                    pixel_height=pane.size.pixel_height,
                    dpi=pane.size.dpi,
                    reverse_video=terminal.modes.reverse_video,
                ),
                cursor=CursorState(
                    x=cursor.col,
                    y=terminal.stable_top + cursor.row,
                    shape="Default" if cursor.style == 0 else _SHAPES[cursor.shape, cursor.blinking],
                    visibility="Visible" if cursor.visible else "Hidden",
                ),
                domain_name=pane.domain_name,
                tty_name=pane.tty_name,
                has_unseen_output=pane.has_unseen_output,
                progress=progress,
                is_alt_screen_active=terminal.is_alternate,
                metadata={"password_input": pane.tty_name is not None and waits_for_password(pane.tty_name)},
            )

        return self._call(read)

    def domains(self) -> Sequence[DomainState]:
        """All domains."""

        def read(services: Services) -> tuple[tuple[str, ...], str, frozenset[str]]:
            mux = services.mux
            used = frozenset(pane.domain_name for pane in mux.panes())
            return tuple(mux.domains), mux.default_domain, used

        names, default, used = self._call(read)
        config = Config() if self._config is None else self._config.config
        return domain_states(config, names, default, used)

    def workspace_names(self) -> Sequence[str]:
        """All workspaces, sorted."""
        return self._call(lambda services: services.mux.workspace_names())

    def active_workspace(self) -> str:
        """The workspace shown."""
        return self._call(lambda services: services.windows.workspace)

    def foreground_process_name(self, pane_id: int) -> str | None:
        """Path of the foreground process's program, fetched now."""
        return self._call(lambda services: self._pane(services, pane_id).foreground_process_name() or None)

    def foreground_process_info(self, pane_id: int) -> ProcessInfo | None:
        """The foreground process, fetched now."""

        def read(services: Services) -> ProcessInfo | None:
            info = self._pane(services, pane_id).foreground_process_info()
            return None if info is None else process_info(info)

        return self._call(read)

    def current_working_dir(self, pane_id: int) -> str | None:
        """The current directory as a URL, fetched now."""
        return self._call(lambda services: self._pane(services, pane_id).current_working_dir())

    def pane_text(self, pane_id: int, lines: int | None, *, logical: bool, escapes: bool) -> str:
        """The last rows of the viewport, or of it and what is above."""
        return self._call(
            lambda services: pane_lines(
                self._pane(services, pane_id).terminal, lines, logical=logical, escapes=escapes
            )
        )

    def pane_text_from_region(self, pane_id: int, start_x: int, start_y: int, end_x: int, end_y: int) -> str:
        """Text from one cell to another in reading order."""
        return self._call(
            lambda services: region_text(
                self._pane(services, pane_id).terminal, start_x, start_y, end_x, end_y
            )
        )

    def semantic_zones(self, pane_id: int) -> Sequence[SemanticZone]:
        """All zones, oldest first."""
        return self._call(lambda services: semantic_zones(self._pane(services, pane_id).terminal))

    def selection_text(self, window_id: int, pane_id: int, *, escapes: bool) -> str:
        """What is selected in the pane."""

        def read(services: Services) -> str:
            pane = self._pane(services, pane_id)
            view = self._view(services, window_id).existing_view(pane.id)
            if view is None or view.selection is None:
                return ""
            return selected_escapes(pane.terminal, view.selection) if escapes else view.selected_text()

        return self._call(read)

    def effective_config(self, window_id: int) -> Mapping[str, object]:
        """The configuration in force in a window, by option name."""
        from perilune.lua.host import effective_mapping  # noqa: PLC0415 - loaded already: Lua is asking

        config = self._call(lambda services: self._view(services, window_id).config)
        if self._effective is None or self._effective[0] is not config:
            self._effective = (config, effective_mapping(config))
        return self._effective[1]

    def config_overrides(self, window_id: int) -> Mapping[str, object] | None:
        """What `set_config_overrides` set."""
        return self._call(lambda services: self._view(services, window_id).overrides)

    def default_keys(self) -> Sequence[Mapping[str, object]]:
        """The default key assignments."""
        return [_binding(binding) for binding in default_key_bindings()]

    def default_key_tables(self) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """The default key tables by name."""
        return {name: [_binding(item) for item in table] for name, table in default_key_tables().items()}

    def screens(self) -> Sequence[ScreenInfo]:
        """The screens that the front end knows of."""
        if self._services is None:
            return ()  # a configuration that is only read may ask
        return self._call(lambda services: tuple(services.front_end.screens()))

    def appearance(self) -> str:
        """Dark or light, by the desktop, else by the background that programs are told."""

        def read(services: Services) -> str:
            told = services.front_end.appearance
            if told is not None:
                return told
            terminal = services.mux.settings.terminal
            colors = None if terminal is None else terminal.colors
            return "Dark" if colors is None or colors.is_dark else "Light"

        return self._call(read)

    # Acting on windows.

    def perform_action(self, window_id: int, pane_id: int | None, assignment: object) -> None:
        """Carry out an assignment."""
        try:
            parsed = parse_assignment(assignment)
        except ConfigError as error:
            raise HostCallError(str(error)) from error

        def act(services: Services) -> None:
            view = self._view(services, window_id)
            pane = None if pane_id is None else self._pane(services, pane_id)
            if self._actions is not None:
                self._actions.perform(view, parsed, pane)
            services.request_frame()

        self._call(act)

    def set_status(self, window_id: int, side: str, text: str) -> None:
        """The left or right status."""

        def act(services: Services) -> None:
            view = self._view(services, window_id)
            name = "left_status" if side == "left" else "right_status"
            if getattr(view, name) != text:
                setattr(view, name, text)
                view.bar_mark += 1
                services.request_frame()

        self._call(act)

    def set_config_overrides(self, window_id: int, overrides: Mapping[str, object]) -> None:
        """Lay options over the configuration for one window."""

        def act(services: Services) -> None:
            view = self._view(services, window_id)
            if dict(overrides) == (view.overrides or {}):
                return  # handlers set the same at every status event
            view.overrides = dict(overrides)
            if self._applier is not None:
                self._applier.set_overrides(view)

        self._call(act)

    def set_window_title(self, window_id: int, title: str) -> None:
        """The mux window's title."""

        def act(services: Services) -> None:
            self._view(services, window_id).window.title = title

        self._call(act)

    def set_window_workspace(self, window_id: int, workspace: str) -> None:
        """Move the window to a workspace."""

        def act(services: Services) -> None:
            self._view(services, window_id).window.workspace = workspace

        self._call(act)

    def window_command(self, window_id: int, command: str, args: Sequence[object]) -> None:
        """`focus` shows the window; the rest needs a native one."""

        def act(services: Services) -> None:
            view = self._view(services, window_id)
            if command == "focus":
                services.windows.show(view)
            elif not services.front_end.control_window(window_id, cast("WindowCommand", command), *args):
                _log.debug("window:%s%r has no effect here", command, tuple(args))

        self._call(act)

    def toast_notification(
        self, window_id: int, title: str, body: str, url: str | None, timeout_ms: int
    ) -> None:
        """Show a notification."""
        del url, timeout_ms

        def act(services: Services) -> None:
            self._view(services, window_id)
            services.front_end.notify(title, body)

        self._call(act)

    def copy_to_clipboard(self, window_id: int, text: str, target: str) -> None:
        """Copy."""

        def act(services: Services) -> None:
            self._view(services, window_id)
            services.clipboard.copy(text, target)

        self._call(act)

    # Acting on tabs and panes.

    def spawn_window(self, request: SpawnRequest) -> Spawned:
        """A new window with one tab."""

        def act(services: Services) -> Spawned:
            workspace = request.workspace
            if workspace is None:
                workspace = services.windows.workspace
            window = services.windows.create(
                workspace, cols=request.width, rows=request.height, place=window_place(request.position)
            )
            tab = self._spawn_tab(services.mux, window, request)
            return self._spawned(services, tab)

        return self._call(act)

    def spawn_tab(self, window_id: int, request: SpawnRequest) -> Spawned:
        """A new tab at the end."""

        def act(services: Services) -> Spawned:
            window = self._view(services, window_id).window
            return self._spawned(services, self._spawn_tab(services.mux, window, request))

        return self._call(act)

    @staticmethod
    def _spawn_tab(mux: Mux, window: Window, request: SpawnRequest) -> Tab:
        return mux.spawn_tab(
            window,
            request.args or None,
            cwd=request.cwd,
            env=request.environment,
            domain=_domain(mux, request.domain),
        )

    @staticmethod
    def _spawned(services: Services, tab: Tab, pane: Pane | None = None) -> Spawned:
        window = services.mux.window_of_tab(tab)
        shown = pane if pane is not None else tab.active_pane
        if window is None or shown is None:
            raise HostCallError("what was spawned is gone already")
        services.request_frame()
        return Spawned(window.id, tab.id, shown.id)

    def split_pane(self, pane_id: int, request: SplitRequest) -> Spawned:
        """Split."""

        def act(services: Services) -> Spawned:
            mux = services.mux
            size = (
                SplitSize(percent=max(round(request.size * 100), 1))
                if request.size < 1
                else SplitSize(cells=int(request.size))
            )
            new = mux.split_pane(
                self._pane(services, pane_id),
                cast("SplitDirection", _DIRECTIONS.get(request.direction, request.direction)),
                size,
                top_level=request.top_level,
                command=request.spawn.args or None,
                cwd=request.spawn.cwd,
                env=request.spawn.environment,
                domain=_domain(mux, request.spawn.domain),
            )
            tab = mux.tab_of_pane(new)
            if tab is None:
                raise HostCallError("the new pane is gone already")
            return self._spawned(services, tab, new)

        return self._call(act)

    def activate_tab(self, tab_id: int) -> None:
        """Make it the active tab of its window."""
        self._call(lambda services: services.mux.activate_tab(self._tab(services, tab_id)))

    def set_tab_title(self, tab_id: int, title: str) -> None:
        """The tab's own title."""
        self._call(lambda services: services.mux.set_tab_title(self._tab(services, tab_id), title))

    def set_zoomed(self, tab_id: int, zoomed: bool) -> bool:
        """Zoom or unzoom the active pane; the state before."""
        return self._call(lambda services: services.mux.set_zoomed(self._tab(services, tab_id), zoomed))

    def pane_in_direction(self, tab_id: int, direction: str) -> int | None:
        """The neighbour of the active pane."""

        def read(services: Services) -> int | None:
            pane = self._tab(services, tab_id).pane_in_direction(cast("Direction", direction))
            return None if pane is None else pane.id

        return self._call(read)

    def rotate_panes(self, tab_id: int, clockwise: bool) -> None:
        """Rotate the tab's panes."""
        self._call(
            lambda services: services.mux.rotate_panes(self._tab(services, tab_id), clockwise=clockwise)
        )

    def activate_pane(self, pane_id: int) -> None:
        """Make it the active pane of its tab, and that the active tab."""

        def act(services: Services) -> None:
            pane = self._pane(services, pane_id)
            tab = services.mux.tab_of_pane(pane)
            if tab is not None:
                services.mux.activate_tab(tab)
            services.mux.activate_pane(pane)

        self._call(act)

    def send_text(self, pane_id: int, text: bytes, *, paste: bool) -> None:
        """Input to the pane's program."""

        def act(services: Services) -> None:
            pane = self._pane(services, pane_id)
            if paste:
                services.clipboard.paste(pane, text.decode("utf-8", "replace"))
            else:
                pane.write(text)

        self._call(act)

    def inject_output(self, pane_id: int, data: bytes) -> None:
        """Feed bytes to the pane's terminal."""

        def act(services: Services) -> None:
            self._pane(services, pane_id).show(data)
            services.mux.collect_output()
            services.request_frame()

        self._call(act)

    def move_pane_to_new_tab(self, pane_id: int) -> Spawned:
        """Out of its tab into a new one of the same window."""

        def act(services: Services) -> Spawned:
            pane = self._pane(services, pane_id)
            return self._spawned(services, services.mux.move_pane_to_new_tab(pane), pane)

        return self._call(act)

    def move_pane_to_new_window(self, pane_id: int, workspace: str | None) -> Spawned:
        """Out of its window into a new one."""

        def act(services: Services) -> Spawned:
            pane = self._pane(services, pane_id)
            tab, _ = services.mux.move_pane_to_new_window(pane, workspace)
            return self._spawned(services, tab, pane)

        return self._call(act)

    # The program.

    def set_active_workspace(self, name: str) -> None:
        """Show a workspace that exists."""

        def act(services: Services) -> None:
            windows = services.windows.windows_of(name)
            if not windows:
                raise HostCallError(f"there is no workspace {name!r}")
            services.windows.show(windows[0])

        self._call(act)

    def rename_workspace(self, old: str, new: str) -> None:
        """Rename."""
        self._call(lambda services: services.mux.rename_workspace(old, new))

    def set_default_domain(self, name: str) -> None:
        """Where new tabs go without an explicit domain."""

        def act(services: Services) -> None:
            if name not in services.mux.domains:
                raise HostCallError(f"there is no domain {name!r}")
            services.mux.default_domain = name

        self._call(act)

    def attach_domain(self, name: str, *, attach: bool) -> None:
        """What runs in this process is attached always; the others are known by name only."""

        def act(services: Services) -> None:
            if name not in services.mux.domains:
                word = "attach" if attach else "detach"
                raise HostCallError(
                    f"failed to {word} domain {name}: domains of its kind are not supported yet"
                )
            if not attach:
                raise HostCallError(f"failed to detach domain {name}: its panes run inside this program")

        self._call(act)

    def reload_configuration(self) -> None:
        """Ask for a reload; returns at once."""
        services = self._services
        if services is not None:
            self._loop.call_soon_threadsafe(services.reload_config)

    def ledger(self, limit: int) -> Sequence[Mapping[str, object]]:
        """The last runs of title callbacks."""
        titles = self._titles
        if titles is None:
            return ()
        return self._call(lambda _services: [row.as_dict() for row in titles.ledger(limit)])

    def watch_files(self, paths: Sequence[str]) -> None:
        """Reload when one of these changes, from now on until the next load."""
        config = self._config
        if config is not None:
            files = [Path(path).expanduser() for path in paths]
            self._loop.call_soon_threadsafe(lambda: config.add_watch_files(files))

    def open_uri(self, uri: str, application: str | None) -> None:
        """Open with the desktop's opener."""
        if application is not None:
            _log.info("open_with: the application %r is left to the desktop's opener", application)
        self._call(lambda services: services.open_uri(uri))


def _domain(mux: Mux, name: str | None) -> str | None:
    return mux.default_domain if name == "DefaultDomain" else name
