"""The mux: all windows, tabs and panes, who is where, and telling others what changed.

Written by the mux thread only; other threads call through the loop. It draws nothing, decides no keys, and
holds neither Lua nor a Config. Longer than most files because it is the whole surface that keys, mouse and
scripts act on; what windows, tabs, trees and panes do themselves is in their own files.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.base.geometry import Size
from perilune.base.ids import IdSource, PaneId, TabId, WindowId
from perilune.base.log import get_logger
from perilune.base.loop import EventLoop, Timer
from perilune.mux.domain import Domain, PaneProcess
from perilune.mux.errors import MuxError
from perilune.mux.exit_message import exit_message, spawn_failure_message, tidy_screen
from perilune.mux.notifications import (
    Empty,
    MuxNotification,
    PaneAdded,
    PaneExited,
    PaneFocused,
    PaneOutput,
    PaneRemoved,
    WindowCreated,
    WindowRemoved,
)
from perilune.mux.pane import Pane
from perilune.mux.settings import MuxSettings, SplitSize
from perilune.mux.tab import Direction, SplitDirection, Tab
from perilune.mux.window import Window
from perilune.pty.exit_status import ExitStatus

if TYPE_CHECKING:
    from perilune.vt import Terminal

__all__ = ["Mux", "TerminalFactory"]

_log = get_logger("mux")
DEFAULT_SIZE = Size(80, 24)
_HIDDEN_RESIZE_AFTER = 0.1

TerminalFactory = Callable[[Size, MuxSettings], "Terminal"]


def _make_terminal(size: Size, settings: MuxSettings) -> Terminal:
    from perilune.vt import Terminal  # noqa: PLC0415 - fakes do without the compiled core

    if settings.terminal is None:
        return Terminal(size.cols, size.rows, scrollback=settings.scrollback_lines)
    return Terminal(size.cols, size.rows, scrollback=settings.scrollback_lines, settings=settings.terminal)


class Mux:
    """Everything that runs in this process, as windows, tabs and panes.

    Args:
        loop: of the mux thread; its clock is used too.
        ids: gives out ids.
        domains: where programs may run; the first is the default.
        settings: what the configuration says.
        make_terminal: makes the grid of a new pane.
        hostname: of this machine, to tell whether a directory is here.

    Attributes:
        windows: all windows by id, in the order of their making; read only.
        generation: counts all changes but output, so that one comparison tells whether a snapshot is stale.
    """

    def __init__(
        self,
        loop: EventLoop,
        ids: IdSource,
        domains: Sequence[Domain],
        settings: MuxSettings | None = None,
        *,
        make_terminal: TerminalFactory = _make_terminal,
        hostname: str | None = None,
    ) -> None:
        self.windows: dict[WindowId, Window] = {}
        self.domains: dict[str, Domain] = {domain.name: domain for domain in domains}
        self.default_domain = domains[0].name
        self.settings = settings if settings is not None else MuxSettings()
        self.generation = 0
        self._loop = loop
        self._ids = ids
        self._make_terminal = make_terminal
        self._hostname = hostname if hostname is not None else os.uname().nodename
        self._panes: dict[PaneId, Pane] = {}
        self._leaving: dict[PaneId, Pane] = {}  # out of their tabs, not yet reaped
        self._subscribers: list[Callable[[MuxNotification], None]] = []
        self._focused_window: Window | None = None
        self._focused_pane: Pane | None = None
        self._hidden_resize: Timer | None = None
        self._shut_down = False
        self._next_on_wake = loop.on_wake
        loop.on_wake = self._on_wake

    # Telling.

    def subscribe(self, callback: Callable[[MuxNotification], None]) -> Callable[[], None]:
        """Call `callback` with every notification, on the mux thread; what is returned ends that."""
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    def _notify(self, notification: MuxNotification) -> None:
        if not isinstance(notification, PaneOutput):
            self.generation += 1
        for callback in tuple(self._subscribers):
            try:
                callback(notification)
            except Exception:  # noqa: BLE001 - logged whole; the others must hear it too
                _log.exception("a subscriber failed on %r", notification)

    def _on_wake(self) -> None:
        if self._next_on_wake is not None:
            self._next_on_wake()
        self.collect_output()

    def collect_output(self) -> None:
        """Tell of every pane whose reader has changed its grid since the last time."""
        for pane in tuple(self._panes.values()):
            if pane.terminal.take_notified():
                self._output(pane)

    def _output(self, pane: Pane) -> None:
        pane.on_output()
        self._notify(PaneOutput(pane.id))

    # Finding.

    def panes(self) -> Iterator[Pane]:
        """All panes of all windows."""
        return iter(tuple(self._panes.values()))

    def get_window(self, window_id: int) -> Window | None:
        """The window of that id, if it is still there."""
        return self.windows.get(WindowId(window_id))

    def get_tab(self, tab_id: int) -> Tab | None:
        """The tab of that id, if it is still there."""
        wanted = TabId(tab_id)
        return next(
            (tab for window in self.windows.values() for tab in window.tabs if tab.id == wanted), None
        )

    def get_pane(self, pane_id: int) -> Pane | None:
        """The pane of that id, if it is still there."""
        return self._panes.get(PaneId(pane_id))

    def window_of_tab(self, tab: Tab) -> Window | None:
        """The window that a tab is in."""
        return next((window for window in self.windows.values() if tab in window.tabs), None)

    def tab_of_pane(self, pane: Pane) -> Tab | None:
        """The tab that a pane is in."""
        return next((tab for window in self.windows.values() for tab in window.tabs if pane in tab), None)

    def window_of_pane(self, pane: Pane) -> Window | None:
        """The window that a pane is in."""
        return next((w for w in self.windows.values() if any(pane in tab for tab in w.tabs)), None)

    def workspace_names(self) -> list[str]:
        """The workspaces that have windows, sorted."""
        return sorted({window.workspace for window in self.windows.values()})

    def rename_workspace(self, old: str, new: str) -> None:
        """Give all windows of a workspace to another name."""
        for window in self.windows.values():
            if window.workspace == old:
                window.workspace = new

    def update_settings(self, settings: MuxSettings) -> None:
        """Take a new configuration: it counts for panes that are made, and ends that happen, from now on."""
        self.settings = settings

    # Windows.

    def create_window(self, workspace: str | None = None, size: Size = DEFAULT_SIZE) -> Window:
        """A window without tabs yet."""
        window = Window(
            self._ids.next_window(),
            workspace if workspace is not None else self.settings.default_workspace,
            size,
            self._notify,
            self._sync_focus,
        )
        self.windows[window.id] = window
        self._notify(WindowCreated(window.id))
        return window

    def resize_window(self, window: Window, size: Size) -> None:
        """Lay the window out in a new size.

        The shown tab at once; the others when they are shown, or a moment after the last step: a storm of
        steps would reflow every scrollback of every tab at each of them.
        """
        size = size._replace(cols=max(size.cols, 1), rows=max(size.rows, 1))
        if size == window.size:
            return
        window.size = size
        if window.active_tab is not None:
            window.active_tab.resize(size)
        if self._hidden_resize is not None:
            self._hidden_resize.cancel()
        self._hidden_resize = self._loop.call_later(_HIDDEN_RESIZE_AFTER, self.resize_hidden_tabs)

    def resize_hidden_tabs(self) -> None:
        """Bring tabs that are not shown to their window's size, without waiting for the last step."""
        if self._hidden_resize is not None:
            self._hidden_resize.cancel()
            self._hidden_resize = None
        for window in self.windows.values():
            for tab in window.tabs:
                tab.resize(window.size)

    def close_window(self, window: Window) -> None:
        """Close a window with all its tabs."""
        for tab in list(window.tabs):
            self.close_tab(tab)
        self._remove_window_if_empty(window)

    def set_focused_window(self, window: Window | None) -> None:
        """Which window the user's keys reach; None when the program has lost the focus."""
        self._focused_window = window
        self._sync_focus()

    @property
    def focused_pane(self) -> Pane | None:
        """The pane that the user's keys reach."""
        return self._focused_pane

    def _sync_focus(self) -> None:
        window = self._focused_window
        tab = window.active_tab if window is not None else None
        pane = tab.active_pane if tab is not None else None
        before = self._focused_pane
        if pane is before:
            return
        self._focused_pane = pane
        if before is not None:
            before.set_focused(False)
        if pane is not None:
            pane.set_focused(True)
            self._notify(PaneFocused(pane.id))

    # Tabs.

    def spawn_tab(
        self,
        window: Window,
        command: Sequence[str] | None = None,
        *,
        cwd: str | None = None,
        env: Mapping[str, str] | None = None,
        domain: str | None = None,
        size: Size | None = None,
        activate: bool = True,
    ) -> Tab:
        """A new tab at the end of a window, with one pane.

        Args:
            window: where.
            command: None is `default_prog`, or the login shell.
            cwd: None is the directory of the window's active pane, `default_cwd`, or home.
            env: in addition to `set_environment_variables`.
            domain: None is that of the window's active pane, or the default.
            size: None is the window's.
            activate: whether the tab is shown.

        Raises:
            MuxError: an unknown domain. A program that cannot be started is no error: its pane says why.
        """
        current = window.active_tab.active_pane if window.active_tab is not None else None
        area = size if size is not None else window.size
        pane, failure = self._spawn_pane(command, cwd, env, domain_name=domain, size=area, current=current)
        tab = Tab(self._ids.next_tab(), area, self._notify, self._sync_focus)
        tab.add_first(pane)
        window.add(tab, activate=activate)
        self._start(pane, failure)
        return tab

    def activate_tab(self, tab: Tab) -> None:
        """Show a tab in its window."""
        window = self.window_of_tab(tab)
        if window is not None:
            window.activate(tab)

    def move_tab(self, tab: Tab, index: int) -> None:
        """Move a tab within its window."""
        window = self.window_of_tab(tab)
        if window is not None:
            window.move(tab, index)

    def close_tab(self, tab: Tab) -> None:
        """Close a tab with all its panes."""
        panes = tab.panes()
        self._remove_tab(tab)
        tab.clear()
        for pane in panes:
            self._let_go(pane)

    def _remove_tab(self, tab: Tab) -> None:
        window = self.window_of_tab(tab)
        if window is None:
            return
        window.remove(tab, to_last_active=self.settings.switch_to_last_active_tab_when_closing_tab)
        shown = window.active_tab
        if shown is not None:
            shown.resize(window.size)
        self._remove_window_if_empty(window)
        self._sync_focus()

    def _remove_window_if_empty(self, window: Window) -> None:
        if window.tabs or self.windows.get(window.id) is not window:
            return
        del self.windows[window.id]
        if self._focused_window is window:
            self._focused_window = None
            self._sync_focus()
        self._notify(WindowRemoved(window.id))
        if not self.windows:
            self._notify(Empty())

    def set_tab_title(self, tab: Tab, title: str) -> None:
        """Name a tab; "" takes the name away."""
        tab.title = title

    # Panes.

    def split_pane(
        self,
        pane: Pane,
        direction: SplitDirection = "Right",
        size: SplitSize | None = None,
        *,
        top_level: bool = False,
        command: Sequence[str] | None = None,
        cwd: str | None = None,
        env: Mapping[str, str] | None = None,
        domain: str | None = None,
        move: Pane | None = None,
    ) -> Pane:
        """Split a pane, or with `top_level` the whole tab, and put a new pane there.

        Args:
            pane: what to split.
            direction: where the new pane goes.
            size: what it gets; half unless given.
            top_level: split the tab instead.
            command: as in `spawn_tab`.
            cwd: as in `spawn_tab`, inherited from `pane`.
            env: as in `spawn_tab`.
            domain: None is the pane's.
            move: an existing pane to put there instead of starting a program.

        Returns:
            The pane that was put there; it is active.

        Raises:
            MuxError: no room, an unknown domain, or a pane moved onto itself.
        """
        tab = self.tab_of_pane(pane)
        if tab is None:
            raise MuxError(f"pane {pane.id} is in no tab")
        if move is pane:
            raise MuxError(f"pane {pane.id} cannot be split with itself")
        beside = None if top_level else pane
        area, share = tab.plan_split(beside, direction, size if size is not None else SplitSize())
        if move is not None:
            self._detach(move)
            # The move may have given room back, so the places are worked out anew.
            _, share = tab.plan_split(beside, direction, size if size is not None else SplitSize())
            tab.split(beside, move, direction, share)
            return move
        new, failure = self._spawn_pane(command, cwd, env, domain_name=domain, size=area, current=pane)
        tab.split(beside, new, direction, share)
        self._start(new, failure)
        return new

    def close_pane(self, pane: Pane) -> None:
        """Close a pane; its program gets SIGHUP. Its tab and window go with it when it was the last."""
        if self._panes.get(pane.id) is pane:
            self._detach(pane)
            self._let_go(pane)

    def _detach(self, pane: Pane) -> None:
        """Take a pane out of its tab, alive; close the tab when it was the last."""
        tab = self.tab_of_pane(pane)
        if tab is None:
            return
        if len(tab.panes()) == 1:
            self._remove_tab(tab)
            tab.clear()
        else:
            tab.remove(pane)
        self._sync_focus()

    def move_pane_to_new_tab(self, pane: Pane, window: Window | None = None) -> Tab:
        """Move a pane into a tab of its own, in its own window or another."""
        target = window if window is not None else self.window_of_pane(pane)
        if target is None:
            raise MuxError(f"pane {pane.id} is in no window")
        tab = self.tab_of_pane(pane)
        if tab is not None and len(tab.panes()) == 1 and tab in target.tabs:
            target.activate(tab)
            return tab
        new = Tab(self._ids.next_tab(), target.size, self._notify, self._sync_focus)
        # Into its new home first: the old one may close with the pane, and its window must not.
        if tab is not None and len(tab.panes()) > 1:
            tab.remove(pane)
            tab = None
        new.add_first(pane)
        target.add(new)
        if tab is not None:
            self._remove_tab(tab)
            tab.clear()
        self._sync_focus()
        return new

    def move_pane_to_new_window(self, pane: Pane, workspace: str | None = None) -> tuple[Tab, Window]:
        """Move a pane into a window of its own."""
        source = self.window_of_pane(pane)
        name = workspace if workspace is not None or source is None else source.workspace
        window = self.create_window(name, source.size if source is not None else DEFAULT_SIZE)
        return self.move_pane_to_new_tab(pane, window), window

    def activate_pane(self, pane: Pane) -> bool:
        """Make a pane the active one of its tab; the tab itself is shown by `activate_tab`."""
        tab = self.tab_of_pane(pane)
        return tab is not None and tab.activate(pane, unzoom=self.settings.unzoom_on_switch_pane)

    def activate_pane_direction(self, tab: Tab, direction: Direction) -> bool:
        """Go to the neighbour of the active pane; whether there was one and a zoom let it happen."""
        target = tab.pane_in_direction(direction)
        return target is not None and self.activate_pane(target)

    def pane_in_direction(self, pane: Pane, direction: Direction) -> Pane | None:
        """The neighbour of a pane, or None."""
        tab = self.tab_of_pane(pane)
        return None if tab is None else tab.pane_in_direction(direction, pane)

    def adjust_pane_size(self, pane: Pane, direction: SplitDirection, amount: int) -> bool:
        """Move the nearest line around a pane."""
        tab = self.tab_of_pane(pane)
        return tab is not None and tab.adjust_pane_size(direction, amount, pane)

    def rotate_panes(self, tab: Tab, *, clockwise: bool) -> bool:
        """Move every pane of a tab one place on."""
        return tab.rotate(clockwise=clockwise)

    def swap_panes(self, one: Pane, other: Pane, *, keep_focus: bool = False) -> bool:
        """Exchange the places of two panes of a tab."""
        tab = self.tab_of_pane(one)
        return tab is not None and tab.swap(one, other, keep_focus=keep_focus)

    def set_zoomed(self, tab: Tab, zoomed: bool) -> bool:
        """Zoom a tab's active pane in or out; the state before."""
        return tab.set_zoomed(zoomed)

    def toggle_zoom(self, tab: Tab) -> bool:
        """Zoom in if out and out if in; the state now."""
        return not tab.set_zoomed(tab.zoomed_pane is None)

    # Closing with or without asking.

    def can_close_without_prompting(self, pane: Pane) -> bool:
        """Whether nothing but harmless programs (skip_close_confirmation_for_processes_named) runs in a pane.

        Reads the process table: for the moment when a user closes something.
        """
        return not pane.has_stateful_process(self.settings.skip_close_confirmation_for_processes_named)

    def can_close_tab_without_prompting(self, tab: Tab) -> bool:
        """Likewise for all panes of a tab."""
        return all(self.can_close_without_prompting(pane) for pane in tab.panes())

    def can_close_window_without_prompting(self, window: Window) -> bool:
        """Likewise for all tabs of a window; always where window_close_confirmation is "NeverPrompt"."""
        if self.settings.window_close_confirmation == "NeverPrompt":
            return True
        return all(self.can_close_tab_without_prompting(tab) for tab in window.tabs)

    # Programs.

    def _spawn_pane(
        self,
        command: Sequence[str] | None,
        cwd: str | None,
        env: Mapping[str, str] | None,
        *,
        domain_name: str | None,
        size: Size,
        current: Pane | None,
    ) -> tuple[Pane, str]:
        """A pane that is in no tab yet, and why it has no program, if so."""
        name = domain_name
        if name is None:
            name = current.domain_name if current is not None else self.default_domain
        domain = self.domains.get(name)
        if domain is None:
            raise MuxError(f"there is no domain {name!r}; there are {', '.join(sorted(self.domains))}")
        settings = self.settings
        wanted = tuple(command) if command else settings.default_prog
        directory = cwd
        if directory is None and current is not None and current.domain_name == name:
            directory = current.local_cwd()
        if directory is None:
            directory = settings.default_cwd
        if directory is not None:
            directory = str(Path(directory).expanduser())
        pane_id = self._ids.next_pane()
        process: PaneProcess | None = None
        failure = ""
        try:
            variables = {**settings.set_environment_variables, **(env or {})}
            process = domain.spawn(
                pane_id, command=wanted, cwd=directory, env=variables, term=settings.term, size=size
            )
        except OSError as error:
            failure = str(error)
            _log.warning("%s", failure)
        pane = Pane(
            pane_id,
            self._make_terminal(size, settings),
            process,
            loop=self._loop,
            domain_name=name,
            command=wanted,
            size=size,
            hostname=self._hostname,
            cwd=directory,
            notify=self._notify,
            on_finished=self._on_finished,
            on_released=self._on_released,
        )
        self._panes[pane.id] = pane
        return pane, failure

    def _start(self, pane: Pane, failure: str) -> None:
        """Tell of a pane that has found its place, and let it run."""
        self._notify(PaneAdded(pane.id))
        pane.start()
        if failure:
            pane.show(spawn_failure_message(failure))

    def _let_go(self, pane: Pane) -> None:
        """Close a pane that is in no tab any more."""
        if self._panes.pop(pane.id, None) is None:
            return
        self._leaving[pane.id] = pane
        self._notify(PaneRemoved(pane.id))
        pane.begin_close()

    def _on_released(self, pane: Pane) -> None:
        self._leaving.pop(pane.id, None)

    def _on_finished(self, pane: Pane) -> None:
        """A pane's program ended and all its output is on the screen."""
        if pane.terminal.take_notified():
            self._output(pane)
        settings = self.settings
        status = pane.exit_status or ExitStatus(None)
        clean = status.is_clean(settings.clean_exit_codes)
        self._notify(PaneExited(pane.id, status))
        if self._panes.get(pane.id) is not pane:
            return  # a subscriber closed it
        if settings.exit_behavior == "Close" or (settings.exit_behavior == "CloseOnCleanExit" and clean):
            self.close_pane(pane)
            return
        message = exit_message(
            status,
            command=pane.command_line() or "shell",
            domain=pane.domain_name,
            behavior=settings.exit_behavior,
            messaging=settings.exit_behavior_messaging,
            clean=clean,
        )
        if message:
            pane.show(tidy_screen(alt_screen=pane.terminal.modes.alt_screen) + message)

    # The end.

    @property
    def leaving(self) -> int:
        """Panes that are closed but whose programs are not reaped yet."""
        return len(self._leaving)

    def shutdown(self, timeout: float = 2.0) -> None:
        """Hang up every program and wait for all of them: at most `timeout` seconds politely, then SIGKILL.

        After the loop has ended, on its thread. Nothing is left behind: threads, descriptors, processes.
        """
        if self._shut_down:
            return
        self._shut_down = True
        self._subscribers.clear()
        if self._hidden_resize is not None:
            self._hidden_resize.cancel()
        panes = [*self._panes.values(), *self._leaving.values()]
        for pane in panes:
            pane.begin_close()
        deadline = time.monotonic() + timeout
        stuck = [pane for pane in panes if not pane.shut_down_reader(max(deadline - time.monotonic(), 0.0))]
        for pane in stuck:
            _log.error("the reader of pane %d does not end", pane.id)
        left = [
            pane for pane in panes if not pane.shut_down_process(deadline - time.monotonic(), force=False)
        ]
        # All are told before any is waited for: the kernel ends them beside each other.
        for pane in left:
            pane.kill()
        for pane in left:
            if not pane.shut_down_process(1.0, force=True):
                _log.error("the program of pane %d does not die", pane.id)
        self._panes.clear()
        self._leaving.clear()
        self.windows.clear()
        self._loop.on_wake = self._next_on_wake
