"""What follows from the mux's notifications: frames, views, handlers, bell, clipboard. Mux thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.app.frame_maker import FrameMaker
from perilune.app.lua_events import LuaEvents
from perilune.app.services import Services
from perilune.app.status import StatusService
from perilune.app.tab_bar import TabBar
from perilune.app.window_view import WindowView
from perilune.base.log import get_logger
from perilune.mux import notifications as n
from perilune.vt import events as vt_events

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.mux.notifications import MuxNotification
    from perilune.mux.pane import Pane

__all__ = ["MuxEvents"]

_log = get_logger("app")
_TITLE_EVENTS = ("format-tab-title", "format-window-title")
_SELECTIONS = {
    "": "Clipboard",
    "c": "Clipboard",
    "p": "PrimarySelection",
    "s": "ClipboardAndPrimarySelection",
}


class MuxEvents:
    """Subscriber of the mux.

    Args:
        services: mux, views, front end.
        make_view: makes the view of a new window.
        frames: forgets panes and windows that are gone.
        bar: forgets windows that are gone.
        events: user-var-changed and bell.
        status: status handlers.
        config: the global configuration in force.
        forget_pane: told of panes that are gone.
        output_came: told when a program wrote something.
        on_empty: the last window is gone.
    """

    def __init__(
        self,
        services: Services,
        make_view: Callable[[int], WindowView | None],
        frames: FrameMaker,
        bar: TabBar[WindowView],
        events: LuaEvents,
        status: StatusService,
        config: Callable[[], Config],
        forget_pane: Callable[[int], None],
        output_came: Callable[[], None],
        on_empty: Callable[[], None],
    ) -> None:
        self._services = services
        self._make_view = make_view
        self._frames = frames
        self._bar = bar
        self._events = events
        self._status = status
        self._config = config
        self._forget_pane = forget_pane
        self._output_came = output_came
        self._on_empty = on_empty

    def __call__(self, notification: MuxNotification) -> None:
        """One notification."""
        match notification:
            case n.PaneOutput(pane_id):
                self._output(pane_id)
            case n.Alert(pane_id, event):
                self._alert(pane_id, event)
            case n.PaneRemoved(pane_id):
                self._pane_removed(pane_id)
            case n.PaneExited(pane_id):
                self._invalidate_pane(pane_id)
            case n.PaneAdded(pane_id) | n.PaneFocused(pane_id):
                if isinstance(notification, n.PaneAdded):
                    self._pane_added(pane_id)
                self._invalidate_pane(pane_id)
                view = self._services.views.of_pane(pane_id)
                if view is not None:
                    self._status.trigger(view)
            case n.UnseenOutputChanged(pane_id) | n.LiveFieldsChanged(pane_id):
                self._bar_changed(self._services.views.of_pane(pane_id))
            case n.TabAdded(tab_id, window_id):
                self._tab_added(tab_id, window_id)
            case n.TabRemoved(window_id=window_id):
                self._tabs_changed(window_id)
            case n.TabActivated(window_id=window_id):
                self._window_changed(window_id)
                view = self._services.views.get(window_id)
                if view is not None:
                    self._status.trigger(view)
            case n.TabResized(tab_id) | n.TabTitleChanged(tab_id):
                tab = self._services.mux.get_tab(tab_id)
                window = None if tab is None else self._services.mux.window_of_tab(tab)
                if window is not None:
                    self._window_changed(window.id)
            case n.WindowCreated(window_id):
                view = self._make_view(window_id)
                if view is not None:
                    self._services.views.add(view)
                    self._services.windows.created(view)
                    self._status.trigger(view)
            case n.WindowRemoved(window_id):
                self._window_removed(window_id)
            case n.WindowInvalidated(window_id) | n.WindowTitleChanged(window_id):
                self._window_changed(window_id)
            case n.WorkspaceChanged(window_id):
                self._services.windows.workspace_changed()
                self._window_changed(window_id)
            case n.Empty():
                self._on_empty()

    def _output(self, pane_id: int) -> None:
        self._output_came()
        for view in self._services.views.visible():
            if any(place.pane.id == pane_id for place in view.placed()[0]):
                self._services.request_frame(view.window_id)

    def _window_changed(self, window_id: int) -> None:
        view = self._services.views.get(window_id)
        if view is not None:
            view.invalidate_layout()
            if self._services.views.is_visible(view):
                self._services.request_frame(view.window_id)

    def _tabs_changed(self, window_id: int) -> None:
        view = self._services.views.get(window_id)
        if view is not None:
            # The bar may have come or gone with the second tab.
            self._services.windows.fit(view)

    def _tab_added(self, tab_id: int, window_id: int) -> None:
        view, tab = self._services.views.get(window_id), self._services.mux.get_tab(tab_id)
        if view is not None and tab is not None:
            for pane in tab.panes():  # those that were in another window until now
                for other in self._services.views:
                    if other is not view:
                        view.adopt_view(pane.id, other)
        self._tabs_changed(window_id)

    def _window_removed(self, window_id: int) -> None:
        shown = self._services.views.shown
        view = self._services.views.remove(window_id)
        self._bar.forget_window(window_id)
        self._status.forget_window(window_id)
        self._frames.forget_window(window_id)
        if view is None:
            return
        self._services.windows.removed(view)
        if view is not shown:
            return
        following = self._services.views.shown
        if following is not None:
            self._services.windows.fit(following)
            self._services.windows.sync_focus()
            self._status.trigger(following)

    def _invalidate_pane(self, pane_id: int) -> None:
        view = self._services.views.of_pane(pane_id)
        if view is not None:
            self._window_changed(view.window_id)

    def _pane_added(self, pane_id: int) -> None:
        # Asked once before the first title: callbacks index the directory without looking whether there is
        # one, as in WezTerm, where the first read waits for the answer. Later ones are polled.
        pane = self._services.mux.get_pane(pane_id)
        if pane is not None and any(self._events.has_handler(event) for event in _TITLE_EVENTS):
            pane.live_fields(0.0)

    def _pane_removed(self, pane_id: int) -> None:
        self._frames.forget_pane(pane_id)
        self._forget_pane(pane_id)
        for view in self._services.views:
            if view.existing_view(pane_id) is not None:
                view.forget_pane(pane_id)
                self._window_changed(view.window_id)

    def _bar_changed(self, view: WindowView | None) -> None:
        if view is not None:
            view.bar_mark += 1
            if self._services.views.is_visible(view):
                self._services.request_frame(view.window_id)

    def _alert(self, pane_id: int, event: vt_events.TerminalEvent) -> None:
        view = self._services.views.of_pane(pane_id)
        pane = self._services.mux.get_pane(pane_id)
        if view is None or pane is None:
            return
        match event:
            case vt_events.Bell():
                self._bell(view, pane)
            case (
                vt_events.TitleChanged()
                | vt_events.IconTitleChanged()
                | vt_events.CurrentDirectory()
                | vt_events.ProgressChanged()
            ):
                self._bar_changed(view)
                self._status.trigger_storm(view)
            case vt_events.UserVarChanged(name, value):
                self._bar_changed(view)
                self._events.emit(
                    "user-var-changed",
                    view.window_id,
                    pane_id,
                    name,
                    value,
                    on_done=lambda _proceed: self._bar_changed(view),
                )
            case vt_events.ClipboardSet(selection, data):
                self._set_clipboard(selection, data)
            case vt_events.ClipboardQuery():
                _log.info("pane %d asked for the clipboard; it is never told", pane_id)
            case vt_events.Notification(title, body):
                if not self._is_suppressed(view, pane):
                    self._services.front_end.notify(title or pane.title, body)

    def _is_suppressed(self, view: WindowView, pane: Pane) -> bool:
        """Whether `notification_handling` keeps a message of this pane from the desktop."""
        handling = view.config.notification_handling
        if handling == "NeverShow":
            return True
        if not view.is_focused or handling == "AlwaysShow":
            return False
        tab = view.tab
        return (
            handling == "SuppressFromFocusedWindow"
            or (handling == "SuppressFromFocusedTab" and tab is not None and pane in tab)
            or (handling == "SuppressFromFocusedPane" and pane is view.pane)
        )

    def _bell(self, view: WindowView, pane: Pane) -> None:
        if self._services.views.is_visible(view):
            self._services.front_end.flash(view.window_id, pane.id)
        if self._config().audible_bell != "Disabled":
            self._services.front_end.ring_bell()
        self._events.emit("bell", view.window_id, pane.id)

    def _set_clipboard(self, selection: str, data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        wanted = {_SELECTIONS.get(name, "") for name in selection or "c"} - {""}
        if not wanted:
            _log.info("a program set the clipboard %r, which does not exist here", selection)
        for destination in sorted(wanted):
            self._services.clipboard.copy(text, destination)
