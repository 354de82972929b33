"""A program without a program: HostApi over plain tables, and a LuaHost driven to the end of each call."""

# ruff: noqa: ARG002
from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from perilune.base.clock import Clock, ManualClock
from perilune.base.geometry import Size
from perilune.lua.host import LuaHost
from perilune.lua.host_api import (
    CursorState,
    DomainState,
    HostCallError,
    PaneDimensions,
    PanePosition,
    PaneState,
    ProcessInfo,
    SemanticZone,
    Spawned,
    StaleHandleError,
    TabState,
    WindowState,
)
from perilune.lua.state import Budgets
from perilune.lua.values import EmitResult, LoadResult, PaneRef, Title, TitleBatch, TitleRequest, WindowRef
from perilune.mux.pane import LiveFields
from perilune.mux.snapshot import PaneInformation, TabInformation

TIMEOUT = 90.0


class FakeProgram:
    """Window 0 with tabs 0 and 1, panes 0, 1 and 2 (two in tab 1); `calls` records what was done."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.windows = {0: WindowState(0, "main", "default", (0, 1), 1, 1, is_focused=True)}
        positions = tuple(PanePosition(i, i - 1, i == 1, False, 40 * (i - 1), 0, 40, 24) for i in (1, 2))
        self.tabs = {
            0: TabState(0, 0, "", Size(80, 24), (PanePosition(0, 0, True, False, 0, 0, 80, 24),), 0),
            1: TabState(1, 0, "work", Size(80, 24), positions, 1),
        }
        dimensions = PaneDimensions(80, 24, 100, 76, 0)
        self.panes = {
            number: PaneState(number, tab, 0, f"pane {number}", {"role": "x"}, dimensions, CursorState(3, 80))
            for number, tab in ((0, 0), (1, 1), (2, 1))
        }
        self.overrides: dict[int, dict[str, object]] = {}
        self.urls: dict[int, str | None] = {0: "file://box/home/me/my%20dir", 1: None, 2: None}

    def window_ids(self) -> Sequence[int]:
        return list(self.windows)

    def window(self, window_id: int) -> WindowState:
        if window_id not in self.windows:
            raise StaleHandleError(f"window {window_id} no longer exists")
        return self.windows[window_id]

    def tab(self, tab_id: int) -> TabState:
        if tab_id not in self.tabs:
            raise StaleHandleError(f"tab {tab_id} no longer exists")
        return self.tabs[tab_id]

    def pane(self, pane_id: int) -> PaneState:
        if pane_id not in self.panes:
            raise StaleHandleError(f"pane {pane_id} no longer exists")
        return self.panes[pane_id]

    def domains(self) -> Sequence[DomainState]:
        return [DomainState(0, "local", "local", "Attached", True, True)]

    def workspace_names(self) -> Sequence[str]:
        return ["default"]

    def active_workspace(self) -> str:
        return "default"

    def foreground_process_name(self, pane_id: int) -> str | None:
        self.pane(pane_id)
        return "/usr/bin/zsh"

    def foreground_process_info(self, pane_id: int) -> ProcessInfo | None:
        child = ProcessInfo(11, 10, "vim", "/usr/bin/vim", ("vim", "x"), "/", "Run")
        return ProcessInfo(10, 1, "zsh", "/usr/bin/zsh", ("zsh",), "/", "Sleep", children=(child,))

    def current_working_dir(self, pane_id: int) -> str | None:
        self.pane(pane_id)
        return self.urls[pane_id]

    def pane_text(self, pane_id: int, lines: int | None, *, logical: bool, escapes: bool) -> str:
        return f"{lines} {logical} {escapes}"

    def pane_text_from_region(self, pane_id: int, *region: int) -> str:
        return ",".join(map(str, region))

    def semantic_zones(self, pane_id: int) -> Sequence[SemanticZone]:
        return [SemanticZone("Prompt", 0, 1, 4, 1), SemanticZone("Output", 0, 2, 9, 4)]

    def selection_text(self, window_id: int, pane_id: int, *, escapes: bool) -> str:
        return "selected"

    def effective_config(self, window_id: int) -> dict[str, object]:
        return {"font_size": 12.0}

    def config_overrides(self, window_id: int) -> dict[str, object] | None:
        return self.overrides.get(window_id)

    def default_keys(self) -> Sequence[dict[str, object]]:
        return [{"key": "t", "mods": "SUPER", "action": {"SpawnTab": "CurrentPaneDomain"}}]

    def default_key_tables(self) -> dict[str, Sequence[dict[str, object]]]:
        return {"copy_mode": []}

    def screens(self) -> Sequence[Any]:
        return []

    def appearance(self) -> str:
        return "Dark"

    def set_config_overrides(self, window_id: int, overrides: dict[str, object]) -> None:
        self.overrides[window_id] = overrides

    def set_tab_title(self, tab_id: int, title: str) -> None:
        self.tabs[tab_id] = replace(self.tab(tab_id), title=title)

    def set_zoomed(self, tab_id: int, zoomed: bool) -> bool:
        self.calls.append(("set_zoomed", tab_id, zoomed))
        return False

    def pane_in_direction(self, tab_id: int, direction: str) -> int | None:
        return 2 if direction == "Right" else None

    def spawn_window(self, request: object) -> Spawned:
        self.calls.append(("spawn_window", request))
        return Spawned(0, 0, 0)

    def spawn_tab(self, window_id: int, request: object) -> Spawned:
        self.calls.append(("spawn_tab", window_id, request))
        return Spawned(0, 1, 1)

    def split_pane(self, pane_id: int, request: object) -> Spawned:
        self.pane(pane_id)
        self.calls.append(("split_pane", pane_id, request))
        return Spawned(0, 1, 2)

    def move_pane_to_new_tab(self, pane_id: int) -> Spawned:
        return Spawned(0, 1, pane_id)

    def move_pane_to_new_window(self, pane_id: int, workspace: str | None) -> Spawned:
        raise HostCallError("no window for that")

    def __getattr__(self, name: str) -> Callable[..., None]:
        # The rest only acts: recorded.
        def record(*args: object, **keywords: object) -> None:
            self.calls.append((name, *args, *keywords.values()))

        return record


class LuaDriver:
    """A LuaHost whose calls are waited for."""

    def __init__(
        self,
        clock: Clock | None = None,
        budgets: Budgets | None = None,
        directories: Sequence[Path] = (),
        *,
        fetch_plugins: bool = False,
    ) -> None:
        self.program = FakeProgram()
        self.clock = clock or ManualClock()
        self.posted: queue.Queue[Callable[[], None]] = queue.Queue()
        self.host = LuaHost(
            self.program,
            self.posted.put,
            self.clock,
            budgets,
            config_directories=directories,
            fetch_plugins=fetch_plugins,
        )
        self.host.start()

    def close(self) -> None:
        self.host.close()

    def pump(self, until: Callable[[], object]) -> None:
        while not until():
            self.posted.get(timeout=TIMEOUT)()

    def wait(self, begin: Callable[[Callable[..., None]], None]) -> Any:
        box: list[Any] = []
        begin(lambda *values: box.append(values if len(values) > 1 else values[0]))
        self.pump(lambda: box)
        return box[0]

    def load(self, source: str, **keywords: Any) -> LoadResult:
        result: LoadResult = self.wait(lambda done: self.host.load_string(source, done, **keywords))
        return result

    def load_file(self, path: Path, overrides: Sequence[tuple[str, str]] = ()) -> LoadResult:
        result: LoadResult = self.wait(lambda done: self.host.load(path, overrides, done))
        return result

    def run(self, body: str) -> LoadResult:
        """Load `body` between the usual first and last lines of a config."""
        return self.load(
            "local wezterm = require 'wezterm'\nlocal act = wezterm.action\nlocal config = {}\n"
            f"{body}\nreturn config"
        )

    def value(self, expression: str, setup: str = "") -> Any:
        """What an expression is, as Python sees it; raises AssertionError with Lua's error."""
        result = self.run(setup)
        assert result.error is None, result.error
        value, error = self.wait(
            lambda done: self.host.evaluate(
                f"(function() local wezterm = require 'wezterm' return ({expression}) end)()", done
            )
        )
        assert error is None, error
        return value

    def error(self, expression: str, setup: str = "") -> str:
        """The error of an expression."""
        result = self.run(setup)
        assert result.error is None, result.error
        value, error = self.wait(
            lambda done: self.host.evaluate(
                f"(function() local wezterm = require 'wezterm' return ({expression}) end)()", done
            )
        )
        assert error is not None, f"no error but {value!r}"
        return str(error)

    def emit(self, event: str, *args: object) -> EmitResult:
        given = args or (WindowRef(0), PaneRef(1))
        result: EmitResult = self.wait(lambda done: self.host.emit(event, given, done))
        return result

    def titles(
        self,
        tabs: Sequence[TabInformation],
        hover: bool = False,
        max_width: int = 16,
        *,
        fresh: bool = False,
        config_generation: int = 0,
    ) -> tuple[Title, ...]:
        active = next((tab.panes for tab in tabs if tab.is_active), ())
        requests = [TitleRequest(number, hover, max_width) for number in range(len(tabs))]
        batch = TitleBatch(0, tabs, active, requests, config_generation, fresh)
        result: tuple[Title, ...] = self.wait(lambda done: self.host.format_titles(batch, done))
        return result

    def title(self, body: str, tabs: Sequence[TabInformation] | None = None, before: str = "") -> Title:
        """The title of the first tab by a callback with this body; `before` stands above it in the config."""
        result = self.run(
            f"{before}\nwezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)\n"
            f"{body}\nend)"
        )
        assert result.error is None, result.error
        return self.titles(tabs or [make_tab(0, active=True), make_tab(1, "vim")])[0]


def make_tab(index: int, title: str = "zsh", *, active: bool = False, **fields: Any) -> TabInformation:
    pane = PaneInformation(
        pane_id=index, pane_index=0, is_active=True, is_zoomed=False, has_unseen_output=False, left=0, top=0,
        width=80, height=24, pixel_width=0, pixel_height=0, title=title, user_vars={}, progress=("None", 0),
        live=LiveFields("/usr/bin/zsh", "file://box/tmp/x", "/dev/pts/1", "local"),
    )  # fmt: skip
    pane = replace(pane, **fields)
    return TabInformation(index, index, active, pane, (pane,), 0, "main", "")
