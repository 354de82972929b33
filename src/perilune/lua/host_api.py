"""What Lua's objects (window, pane, tab, mux window, domain) ask of the program: the border of the package.

`app` implements `HostApi`; tests implement it with a fake. Handles in Lua hold ids only, so every method
takes an id and looks it up anew: one that is gone raises `StaleHandleError`, whose text the script sees.
Values are plain and frozen. Every method is called on the Lua thread; the implementation carries the call
over to the mux thread and waits for the answer, so that thread must never be waiting for the Lua thread.

This file deliberately knows neither Lua nor lupa.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from perilune.base.geometry import Size

__all__ = [
    "CursorState",
    "DomainState",
    "HostApi",
    "HostCallError",
    "PaneDimensions",
    "PanePosition",
    "PaneState",
    "ProcessInfo",
    "ScreenInfo",
    "SemanticZone",
    "SpawnRequest",
    "Spawned",
    "SplitRequest",
    "StaleHandleError",
    "TabState",
    "WindowState",
]


_UNKNOWN_SIZE = Size(80, 24)


class HostCallError(Exception):
    """What was asked for cannot be done; the text is what the script sees as its error."""


class StaleHandleError(HostCallError):
    """The window, tab or pane that a handle names is gone, such as "pane 3 no longer exists"."""


@dataclass(frozen=True, slots=True)
class WindowState:
    """One window as `window` and mux window objects see it.

    Attributes:
        window_id: its id, the same for the gui window and the mux window.
        title: the mux window's title.
        workspace: the workspace that it belongs to.
        tab_ids: its tabs from left to right.
        active_tab_id: the active tab; None while there is no tab.
        active_pane_id: the active pane of the active tab, overlays counted in; None while there is none.
        is_focused: whether the front end has the focus.
        is_shown: whether a front end shows it (then it has a gui window).
        is_full_screen: as it says.
        leader_is_active: whether the leader was pressed and waits.
        active_key_table: name of the key table on top, None without.
        composition_status: text being composed by an input method, None without.
        keyboard_modifiers: modifiers held, as "SHIFT|CTRL"; "NONE" without.
        size: the drawable size; pixels and dpi 0 where unknown.
        current_event: what the mouse did last in a pane, as mouse bindings write it.
    """

    window_id: int
    title: str
    workspace: str
    tab_ids: tuple[int, ...]
    active_tab_id: int | None
    active_pane_id: int | None
    is_focused: bool = False
    is_shown: bool = True
    is_full_screen: bool = False
    leader_is_active: bool = False
    active_key_table: str | None = None
    composition_status: str | None = None
    keyboard_modifiers: str = "NONE"
    size: Size = _UNKNOWN_SIZE
    current_event: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class PanePosition:
    """Where a pane stands in its tab, in cells."""

    pane_id: int
    index: int
    is_active: bool
    is_zoomed: bool
    left: int
    top: int
    width: int
    height: int
    pixel_width: int = 0
    pixel_height: int = 0


@dataclass(frozen=True, slots=True)
class TabState:
    """One tab as MuxTab objects see it; `panes` in tree order, with a zoomed pane's neighbours included."""

    tab_id: int
    window_id: int
    title: str
    size: Size
    panes: tuple[PanePosition, ...]
    active_pane_id: int | None


@dataclass(frozen=True, slots=True)
class PaneDimensions:
    """What `pane:get_dimensions()` answers; row numbers are stable ones."""

    cols: int
    viewport_rows: int
    scrollback_rows: int
    physical_top: int
    scrollback_top: int
    pixel_width: int = 0
    pixel_height: int = 0
    dpi: int = 0
    reverse_video: bool = False


@dataclass(frozen=True, slots=True)
class CursorState:
    """What `pane:get_cursor_position()` answers: `x` a column from 0, `y` a stable row."""

    x: int
    y: int
    shape: str = "Default"
    visibility: str = "Visible"


@dataclass(frozen=True, slots=True)
class PaneState:
    """What is cheap to know of a pane.

    Attributes:
        pane_id: its id.
        tab_id: the tab it is in; None while it is in none (an overlay).
        window_id: likewise the window.
        title: as tab titles show it.
        user_vars: set by OSC 1337.
        dimensions: size and scrollback.
        cursor: the cursor.
        domain_name: the domain that spawned it.
        tty_name: path of its terminal device, where it has one.
        has_unseen_output: output since it last had the focus.
        progress: "None", "Indeterminate", {"Percentage": n} or {"Error": n}.
        is_alt_screen_active: as it says.
        metadata: what `get_metadata` answers (`password_input`, ...).
    """

    pane_id: int
    tab_id: int | None
    window_id: int | None
    title: str
    user_vars: Mapping[str, str]
    dimensions: PaneDimensions
    cursor: CursorState
    domain_name: str = "local"
    tty_name: str | None = None
    has_unseen_output: bool = False
    progress: str | Mapping[str, int] = "None"
    is_alt_screen_active: bool = False
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """A process and its descendants, as `LocalProcessInfo`."""

    pid: int
    ppid: int
    name: str
    executable: str
    argv: tuple[str, ...]
    cwd: str
    status: str
    start_time: int = 0
    children: tuple[ProcessInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class SpawnRequest:
    """How `spawn_window`, `spawn_tab` and `split` start a program; None means the default.

    `domain` is a domain's name; None is CurrentPaneDomain for a tab or split, and the default domain for a
    window. `position` is WezTerm's table of that name, uninterpreted.
    """

    args: tuple[str, ...] | None = None
    cwd: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    domain: str | None = None
    workspace: str | None = None
    width: int | None = None
    height: int | None = None
    position: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class SplitRequest:
    """`pane:split`: direction "Right", "Left", "Top" or "Bottom"; `size` < 1 is a share, else cells."""

    direction: str = "Right"
    size: float = 0.5
    top_level: bool = False
    spawn: SpawnRequest = field(default_factory=SpawnRequest)


@dataclass(frozen=True, slots=True)
class Spawned:
    """What was made."""

    window_id: int
    tab_id: int
    pane_id: int


@dataclass(frozen=True, slots=True)
class DomainState:
    """One domain; `state` is "Attached" or "Detached"."""

    domain_id: int
    name: str
    label: str
    state: str
    is_spawnable: bool
    has_any_panes: bool


@dataclass(frozen=True, slots=True)
class ScreenInfo:
    """One screen of `wezterm.gui.screens()`, in pixels."""

    name: str
    x: int
    y: int
    width: int
    height: int
    scale: float = 1.0
    max_fps: int | None = None
    effective_dpi: float | None = None


@dataclass(frozen=True, slots=True)
class SemanticZone:
    """A zone marked by OSC 133: "Prompt", "Input" or "Output", both ends included."""

    semantic_type: str
    start_x: int
    start_y: int
    end_x: int
    end_y: int


class HostApi(Protocol):
    """The program, as scripts may ask it. Raises HostCallError; StaleHandleError for an id that is gone."""

    # Reading.

    def window_ids(self) -> Sequence[int]:
        """All windows of the mux, oldest first."""
        ...

    def window(self, window_id: int) -> WindowState:
        """One window."""
        ...

    def tab(self, tab_id: int) -> TabState:
        """One tab."""
        ...

    def pane(self, pane_id: int) -> PaneState:
        """One pane, overlays included."""
        ...

    def domains(self) -> Sequence[DomainState]:
        """All domains."""
        ...

    def workspace_names(self) -> Sequence[str]:
        """All workspaces, sorted."""
        ...

    def active_workspace(self) -> str:
        """The workspace shown."""
        ...

    def foreground_process_name(self, pane_id: int) -> str | None:
        """Path of the foreground process's program, fetched now."""
        ...

    def foreground_process_info(self, pane_id: int) -> ProcessInfo | None:
        """The foreground process, fetched now."""
        ...

    def current_working_dir(self, pane_id: int) -> str | None:
        """The current directory as a URL (`file://host/path`), fetched now."""
        ...

    def pane_text(self, pane_id: int, lines: int | None, *, logical: bool, escapes: bool) -> str:
        """The last `lines` rows (None: the viewport), right-trimmed and joined by newlines.

        Args:
            pane_id: which pane.
            lines: how many, counted from the bottom of the viewport.
            logical: wrapped rows joined into one line.
            escapes: with SGR sequences for the styles.
        """
        ...

    def pane_text_from_region(self, pane_id: int, start_x: int, start_y: int, end_x: int, end_y: int) -> str:
        """Text from one cell to another in reading order, rows being stable ones."""
        ...

    def semantic_zones(self, pane_id: int) -> Sequence[SemanticZone]:
        """All zones, oldest first."""
        ...

    def selection_text(self, window_id: int, pane_id: int, *, escapes: bool) -> str:
        """What is selected in the pane; "" without a selection."""
        ...

    def effective_config(self, window_id: int) -> Mapping[str, object]:
        """The configuration in force in a window, by option name, in the form that configs write."""
        ...

    def config_overrides(self, window_id: int) -> Mapping[str, object] | None:
        """What `set_config_overrides` set; None when nothing was."""
        ...

    def default_keys(self) -> Sequence[Mapping[str, object]]:
        """The default key assignments: mappings with key, mods, action."""
        ...

    def default_key_tables(self) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """The default key tables by name."""
        ...

    def screens(self) -> Sequence[ScreenInfo]:
        """The screens; the active one first. Empty without a display."""
        ...

    def appearance(self) -> str:
        """Light, Dark, LightHighContrast or DarkHighContrast."""
        ...

    # Acting on windows.

    def perform_action(self, window_id: int, pane_id: int | None, assignment: object) -> None:
        """Carry out an assignment, given as "Name" or {"Name": argument}, as if a key had been pressed."""
        ...

    def set_status(self, window_id: int, side: str, text: str) -> None:
        """The left or right status (side "left" or "right"): text with SGR sequences."""
        ...

    def set_config_overrides(self, window_id: int, overrides: Mapping[str, object]) -> None:
        """Lay options over the configuration for one window, in place of earlier overrides."""
        ...

    def set_window_title(self, window_id: int, title: str) -> None:
        """The mux window's title."""
        ...

    def set_window_workspace(self, window_id: int, workspace: str) -> None:
        """Move the window to a workspace."""
        ...

    def window_command(self, window_id: int, command: str, args: Sequence[object]) -> None:
        """maximize, restore, toggle_fullscreen, focus, set_inner_size(w, h), set_position(x, y).

        Does nothing where the front end has no such window.
        """
        ...

    def toast_notification(
        self, window_id: int, title: str, body: str, url: str | None, timeout_ms: int
    ) -> None:
        """Show a notification."""
        ...

    def copy_to_clipboard(self, window_id: int, text: str, target: str) -> None:
        """Copy; target as in CopyTo."""
        ...

    # Acting on tabs and panes.

    def spawn_window(self, request: SpawnRequest) -> Spawned:
        """A new window with one tab."""
        ...

    def spawn_tab(self, window_id: int, request: SpawnRequest) -> Spawned:
        """A new tab at the end."""
        ...

    def split_pane(self, pane_id: int, request: SplitRequest) -> Spawned:
        """Split; `pane_id` of the answer is the new pane."""
        ...

    def activate_tab(self, tab_id: int) -> None:
        """Make it the active tab of its window."""
        ...

    def set_tab_title(self, tab_id: int, title: str) -> None:
        """The tab's own title; "" for none."""
        ...

    def set_zoomed(self, tab_id: int, zoomed: bool) -> bool:
        """Zoom or unzoom the active pane; the state before."""
        ...

    def pane_in_direction(self, tab_id: int, direction: str) -> int | None:
        """The neighbour: Left, Right, Up, Down, Next, Prev."""
        ...

    def rotate_panes(self, tab_id: int, clockwise: bool) -> None:
        """Rotate the tab's panes."""
        ...

    def activate_pane(self, pane_id: int) -> None:
        """Make it the active pane of its tab, and that the active tab."""
        ...

    def send_text(self, pane_id: int, text: bytes, *, paste: bool) -> None:
        """Input to the pane's program; `paste`: as a paste, bracketed where the program asked for that."""
        ...

    def inject_output(self, pane_id: int, data: bytes) -> None:
        """Feed bytes to the pane's terminal as if its program had written them."""
        ...

    def move_pane_to_new_tab(self, pane_id: int) -> Spawned:
        """Out of its tab into a new one of the same window."""
        ...

    def move_pane_to_new_window(self, pane_id: int, workspace: str | None) -> Spawned:
        """Out of its window into a new one."""
        ...

    # The program.

    def set_active_workspace(self, name: str) -> None:
        """Show a workspace that exists."""
        ...

    def rename_workspace(self, old: str, new: str) -> None:
        """Rename."""
        ...

    def set_default_domain(self, name: str) -> None:
        """Where new tabs go without an explicit domain."""
        ...

    def attach_domain(self, name: str, *, attach: bool) -> None:
        """Attach or detach a domain."""
        ...

    def reload_configuration(self) -> None:
        """Ask for a reload; returns at once."""
        ...

    def ledger(self, limit: int) -> Sequence[Mapping[str, object]]:
        """The last runs of title callbacks, oldest first: which, for what, why, and what came of it."""
        ...

    def watch_files(self, paths: Sequence[str]) -> None:
        """Reload when one of these changes, from now on until the next load."""
        ...

    def open_uri(self, uri: str, application: str | None) -> None:
        """Open with the desktop's opener, or with `application`."""
        ...
