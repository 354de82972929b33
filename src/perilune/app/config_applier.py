"""Puts a configuration in force everywhere, and shows what is wrong with one. Mux thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from perilune.app.frame_scheduler import FrameScheduler
from perilune.app.lua_events import LuaEvents
from perilune.app.overlays.error_panel import ErrorPanel
from perilune.app.services import Services
from perilune.app.status import StatusService
from perilune.app.terminal_settings import color_table, mux_settings, terminal_settings
from perilune.app.titles import TitleService
from perilune.app.window_view import WindowView
from perilune.base.color import Rgb
from perilune.base.log import get_logger

if TYPE_CHECKING:
    from perilune.config.options import Config

__all__ = ["ConfigApplier", "WindowConfigHost"]

_ERROR_TITLE = "Configuration error"
_PROBLEMS_TITLE = "Configuration problems"
_LOADING_TITLE = "Configuration"
_LOADING = "The configuration is still loading; the defaults are in force until it has."
_HINTS = {
    _ERROR_TITLE: "Escape or Enter: dismiss.  The last good configuration is in force.",
    _PROBLEMS_TITLE: "Any key: dismiss.  These options have their defaults, all others are in force.",
    _LOADING_TITLE: "Any key: dismiss.",
}
_NONE_GOOD_HINT = "Escape or Enter: dismiss.  The defaults are in force."  # an error before any good load
_log = get_logger("app.config")


class WindowConfigHost(Protocol):
    """The part of `LuaHost` that shows configurations to title callbacks."""

    def set_window_config(self, window_id: int, config: Config | None) -> None:
        """The configuration of a window with overrides; None: the global one."""
        ...


class ConfigApplier:
    """Listener of the configuration service.

    Args:
        services: mux, views, front end, overlays.
        config: in force until another is.
        scheduler: its rate is configured.
        titles: its waiting time is configured.
        events: window-config-reloaded.
        status: status handlers run after a reload.
        host: shows overrides to title callbacks.
        workspace: of the command line, before `default_workspace`.
        on_first: called once, when the first configuration is in force (or has failed).
        on_handlers: called when the configuration may have other handlers now.
    """

    def __init__(
        self,
        services: Services,
        config: Config,
        scheduler: FrameScheduler,
        titles: TitleService,
        events: LuaEvents,
        status: StatusService,
        host: WindowConfigHost,
        workspace: str | None,
        on_first: Callable[[], None],
        on_handlers: Callable[[], None],
    ) -> None:
        self._services = services
        self._scheduler = scheduler
        self._titles = titles
        self._events = events
        self._status = status
        self._host = host
        self._workspace = workspace
        self._on_first: Callable[[], None] | None = on_first
        self._on_handlers = on_handlers
        self._config = config
        self._host_colors: tuple[Rgb | None, Rgb | None] = (None, None)
        self._error: tuple[str, str] | None = None
        self._told = ""
        self._had_config = False

    def on_config(self, config: Config, *, is_first: bool) -> None:
        """A configuration is in force from now on."""
        self._config = config
        self._had_config = True
        self._scheduler.set_max_fps(config.max_fps)
        self._titles.wait_seconds = config.title_wait_ms / 1000
        self._services.pane_input.pasted_newlines = config.canonicalize_pasted_newlines
        self._titles.reloaded()
        for view in self._services.views:
            self._set_config(view, config)
        self._apply_settings()
        self._apply_palette()
        self._services.windows.fit_all()
        self._on_handlers()
        if is_first and self._on_first is not None:
            self.begin()  # tells the windows that it opens
        else:
            for view in self._services.views:
                self.reloaded(view)

    def begin(self) -> None:
        """Let the program begin if it has not: with the first configuration, or without one."""
        callback, self._on_first = self._on_first, None
        if callback is not None:
            callback()

    def begin_without_config(self) -> None:
        """The first load takes long: let the program begin with the defaults, and say so."""
        if self._on_first is None:
            return
        _log.warning("%s", _LOADING)
        self._error = (_LOADING_TITLE, _LOADING)
        self.begin()  # shows it in the window that it opens

    def set_overrides(self, view: WindowView) -> None:
        """The overrides of a window changed."""
        self._set_config(view, self._config)
        self._apply_palette()
        self._services.windows.fit(view)
        self.reloaded(view)

    def _set_config(self, view: WindowView, config: Config) -> None:
        if view.overrides:
            view.config = config.with_overrides(view.overrides)[0]
            self._host.set_window_config(view.window_id, view.config)
        else:
            view.config = config
            self._host.set_window_config(view.window_id, None)
        if view.is_open:
            self._services.front_end.configure_window(view.window_id, view.config)

    def reloaded(self, view: WindowView) -> None:
        """Tell a window's handlers that its configuration is another one, or that it exists."""
        pane = view.pane
        self._events.emit("window-config-reloaded", view.window_id, None if pane is None else pane.id)
        self._status.trigger(view)

    def set_host_colors(self, foreground: Rgb | None, background: Rgb | None) -> None:
        """The host terminal has told its own colours."""
        self._host_colors = (foreground, background)
        self._apply_settings()

    def window_shown(self, view: WindowView) -> None:
        """Another window is shown: its palette may differ."""
        del view
        self._apply_palette()

    def _apply_settings(self) -> None:
        config = self._config
        terminal = terminal_settings(config, color_table(config.palette, *self._host_colors))
        self._services.mux.update_settings(mux_settings(config, terminal, self._workspace))
        for pane in self._services.mux.panes():
            pane.apply_settings(terminal)

    def _apply_palette(self) -> None:
        shown = self._services.views.shown
        config = shown.config if shown is not None else self._config
        self._services.front_end.set_palette(config.palette)
        self._services.request_frame()

    # Errors.

    def on_config_error(self, message: str) -> None:
        """Show why a load failed, as soon as there is a window to show it in."""
        self._error = (_ERROR_TITLE, message)
        self.begin()
        self.show_error()

    def on_config_problems(self, message: str) -> None:
        """Show what is wrong with some options: once, not at every reload that leaves it as it is."""
        if message == self._told:
            if self._error is not None and self._error[0] != _PROBLEMS_TITLE:
                self._remove_error()
            return
        self._told = message
        self._error = (_PROBLEMS_TITLE, message)
        self.begin()
        self.show_error()

    def on_config_good(self) -> None:
        """Nothing is wrong any more."""
        self._told = ""
        self._remove_error()

    def _remove_error(self) -> None:
        self._error = None
        for view in self._services.views:
            if isinstance(view.overlay, ErrorPanel):
                self._services.overlays.remove_from_window(view)

    def show_error(self) -> None:
        """Put the panel up in the window that is shown, if there is an error."""
        view = self._services.views.shown
        if self._error is None or view is None:
            return
        if view.overlay is not None and not isinstance(view.overlay, ErrorPanel):
            return  # a question is being asked; the log has the error
        title, message = self._error
        # Lua's trace is for the log; here it would push the message out of a small window.
        message = message.partition("\nstack traceback:")[0]

        def dismissed() -> None:
            self._error = None
            self._services.overlays.remove_from_window(view, panel)

        is_error = title == _ERROR_TITLE
        hint = _HINTS[title] if self._had_config or not is_error else _NONE_GOOD_HINT
        panel = ErrorPanel(title, message, hint, dismissed, uses_keys=is_error)
        self._services.overlays.show_on_window(view, panel)
