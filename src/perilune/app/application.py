"""The running program behind any front end: takes the front end's input, runs the loop, ends cleanly.

Thin on purpose: what input means is decided by the dispatchers, what is shown by the frame maker. Made by
`assemble.build_application`. Mux thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from perilune.app.config_applier import ConfigApplier
from perilune.app.config_service import ConfigService
from perilune.app.dropped_files import quote_files
from perilune.app.frame_maker import FrameMaker
from perilune.app.frame_scheduler import FrameScheduler
from perilune.app.frame_tracer import FrameTracer
from perilune.app.front_end import THE_SHOWN, BarTarget, FrontEnd
from perilune.app.keys.key_dispatch import KeyDispatch
from perilune.app.mouse import MouseDispatch
from perilune.app.overlay_control import OverlayControl
from perilune.app.services import Services
from perilune.app.start_options import StartOptions
from perilune.app.window_view import WindowView
from perilune.base.color import Rgb
from perilune.base.frame_trace import FrameRecorder
from perilune.base.geometry import Size
from perilune.base.input import KeyEvent, MouseEvent
from perilune.base.log import get_logger, stop_stderr
from perilune.base.loop import EventLoop
from perilune.base.probes import Probes
from perilune.lua.values import DomainRef

__all__ = ["Application", "Closable"]

_log = get_logger("app")
# Seconds until the screen says that the configuration is loading, and until the program begins without it.
# The first program is worth the wait, for the configuration may say which one that is.
_SAY_LOADING = 0.3
_CONFIG_PATIENCE = 5.0
_LOADING = "Loading the configuration. Keys are kept."

# As a shell tells of a program that a signal ended: 128 and the signal's number.
# The numbers of SIGTERM, SIGHUP, SIGINT and SIGQUIT, which are the same everywhere; Windows names only some.
_STATUS_OF_REASON = {"terminate": 128 + 15, "hangup": 128 + 1, "interrupt": 128 + 2, "abort": 128 + 3}


class Closable(Protocol):
    """Something with a thread or descriptors to give back."""

    def close(self) -> None:
        """Give them back."""
        ...


class Application:
    """The program.

    Args:
        loop: of the mux thread.
        services: the collaborators of assignments.
        config: loads the configuration.
        applier: puts it in force.
        scheduler: says when frames are made.
        frames: makes them.
        keys: decides over keys.
        mouse: decides over the mouse.
        options: of the command line.
        probes: counters.
        memo_counts: look-ups of titles that were answered without a run, and others.
        after_first_frame: called once when something is on the screen: imports that can wait.
        closables: ended last, in order.
    """

    def __init__(
        self,
        loop: EventLoop,
        services: Services,
        config: ConfigService,
        applier: ConfigApplier,
        scheduler: FrameScheduler,
        frames: FrameMaker,
        keys: KeyDispatch,
        mouse: MouseDispatch,
        options: StartOptions,
        probes: Probes,
        memo_counts: Callable[[], tuple[int, int]],
        after_first_frame: Callable[[], None],
        closables: Sequence[Closable],
    ) -> None:
        self.loop = loop
        self.services = services
        self.config = config
        self.probes = probes
        self._applier = applier
        self._scheduler = scheduler
        self._frames = frames
        self._keys = keys
        self._mouse = mouse
        self._options = options
        self._memo_counts = memo_counts
        self._after_first_frame: Callable[[], None] | None = after_first_frame
        self._closables = closables
        self._front_end: FrontEnd = services.front_end
        self._early: list[KeyEvent | str] = []
        self._began = False
        self._status = 0
        self._failure: BaseException | None = None
        self._stopped = False

    # The program's life.

    def run(self) -> int:
        """Run until the last window is closed or the front end goes away; the exit status.

        After an exception the host's screen is as it was, the log has the traceback, and standard error a
        sentence for the user.
        """
        try:
            self.start()
            self.loop.run()
        except Exception as error:  # noqa: BLE001 - whatever it is, the host's screen is given back first
            self._fail(error)
        finally:
            self.shutdown()
        if self._failure is not None:
            sys.stderr.write(f"{self.failure_message}\n")
        return self._status

    def start(self) -> None:
        """Take the screen and begin to load the configuration."""
        self.loop.on_error = self._fail
        self.loop.before_sleep = self._scheduler.on_before_sleep
        self._front_end.on_ready = self._scheduler.wake
        self.services.windows.resize(self._front_end.start(self))
        stop_stderr()  # the front end owns the screen from here on
        if self.config.needs_lua:
            self.config.load()  # starts Lua, here and now: the patience begins when that is done
            self.loop.call_later(_SAY_LOADING, self._say_loading)
            self.loop.call_later(_CONFIG_PATIENCE, self._config_is_slow)
        else:
            self._applier.on_config(self.config.config, is_first=True)

    def _say_loading(self) -> None:
        if not self.config.is_loaded and not self._began:
            self._frames.waiting_text = _LOADING
            self._scheduler.request()

    def _config_is_slow(self) -> None:
        if not self.config.is_loaded:
            self._applier.begin_without_config()

    def begin(self) -> None:
        """The configuration is in force: start the first program, unless `gui-startup` handlers do."""
        events = self.services.events
        command = list(self._options.command)
        events.emit_global("mux-startup")
        argument: object = None
        if command:
            argument = {"args": command} | (
                {} if self._options.cwd is None else {"cwd": str(self._options.cwd)}
            )
        if events.has_handler("gui-startup"):
            events.emit_global("gui-startup", argument, on_done=lambda _proceed: self._open_window_if_none())
        else:
            self._open_window_if_none()

    def _open_window_if_none(self) -> None:
        if not self.services.mux.windows:
            self._open_first_window()
        self._began = True
        self._frames.waiting_text = ""
        self.services.windows.fit_all()
        self.services.windows.sync_focus()
        self._applier.show_error()
        early, self._early = self._early, []
        for item in early:
            if isinstance(item, str):
                self.on_paste(item)
            else:
                self.on_key(item)
        self.services.events.emit_global("gui-attached", DomainRef(0))
        for view in self.services.views:
            self._applier.reloaded(view)
        self._scheduler.request()

    def _open_first_window(self) -> None:
        services = self.services
        options = self._options
        window = services.windows.create()
        cwd = None if options.cwd is None else str(options.cwd)
        services.mux.spawn_tab(window, options.command or None, cwd=cwd)

    def quit(self, status: int = 0) -> None:
        """End the program; open panes are hung up."""
        self._status = self._status or status
        self.loop.stop()

    def shutdown(self) -> None:
        """Give everything back: screen, threads, programs, descriptors. May be called twice."""
        if self._stopped:
            return
        self._stopped = True
        self.loop.before_sleep = None
        self.loop.on_error = None
        self._front_end.stop()
        for closable in self._closables:
            try:
                closable.close()
            except Exception:  # noqa: BLE001 - the others are to be given back too
                _log.exception("%s did not end well", type(closable).__name__)
        self.services.mux.shutdown()

    @property
    def failure_message(self) -> str:
        """What to tell the user after a failure; "" when there was none."""
        if self._failure is None:
            return ""
        return f"perilune ended because of an internal error: {type(self._failure).__name__}: {self._failure}"

    def _fail(self, error: BaseException) -> None:
        _log.error("internal error", exc_info=error)
        if self._failure is None:
            self._failure = error
        self._status = 1
        self.loop.stop()

    def frame_presented(self) -> None:
        """Something is on the screen."""
        callback, self._after_first_frame = self._after_first_frame, None
        if callback is not None:
            self.loop.call_soon(callback)

    # Being measured.

    def record_frames(self, recorder: FrameRecorder | None) -> None:
        """Tell a recorder of every frame from now on; None: nobody. While the program runs."""
        if recorder is None:
            self._frames.tracer = self.loop.on_awake = None
            self.loop.before_sleep = self._scheduler.on_before_sleep
            return
        tracer = self._frames.tracer = FrameTracer(recorder)
        self.loop.on_awake = tracer.awake

        def before_sleep() -> None:
            self._scheduler.on_before_sleep()
            tracer.end_turn()

        self.loop.before_sleep = before_sleep

    def counters(self) -> dict[str, int]:
        """What has been counted so far, by name: all probes, and what others keep.

        `pty.bytes`, `memo.hits` and `memo.misses` only grow while no pane and no window goes; `queue.*` are
        levels: bytes that programs have not taken, and calls that wait in the loop.
        """
        panes = tuple(self.services.mux.panes())
        hits, misses = self._memo_counts()
        return self.probes.snapshot() | {
            "pty.bytes": sum(pane.terminal.bytes_read for pane in panes),
            "queue.unsent": sum(pane.unsent for pane in panes),
            "queue.calls": self.loop.waiting_calls,
            "memo.hits": hits,
            "memo.misses": misses,
        }

    # Input.

    def _view(self, window_id: int) -> WindowView | None:
        """The window that input is for."""
        views = self.services.views
        return views.shown if window_id == THE_SHOWN else views.get(window_id)

    def _typed_into(self, window_id: int) -> WindowView | None:
        """The window that keys are for, which therefore has the focus, whatever was told of that."""
        view = self._view(window_id)
        if view is not None and window_id != THE_SHOWN and not view.is_focused:
            self.on_focus(True, window_id)
        return view

    def on_key(self, event: KeyEvent, window_id: int = THE_SHOWN) -> None:
        """A key."""
        if not self._began:
            self._early.append(event)
            return
        view = self._typed_into(window_id)
        if view is not None:
            self._keys.on_key(view, event)
            self._scheduler.request(view.window_id)

    def on_mouse(self, event: MouseEvent, window_id: int = THE_SHOWN) -> None:
        """The mouse."""
        view = self._view(window_id)
        if view is not None and self._began:
            self._mouse.on_mouse(view, event)

    def on_bar_mouse(self, event: MouseEvent, target: BarTarget | None, window_id: int = THE_SHOWN) -> None:
        """The mouse on a fancy tab bar."""
        view = self._view(window_id)
        if view is not None and self._began:
            self._mouse.on_bar(view, event, target)

    def on_mouse_leave(self, window_id: int = THE_SHOWN) -> None:
        """The pointer is no longer over the window."""
        view = self._view(window_id)
        if view is not None:
            self._mouse.pointer_left(view)

    def on_paste(self, text: str, window_id: int = THE_SHOWN) -> None:
        """Text that the user pasted into the front end."""
        if not self._began:
            self._early.append(text)
            return
        view = self._view(window_id)
        if view is None:
            return
        overlay = OverlayControl.active(view)
        if overlay is not None and (overlay.on_paste(text) or overlay.is_modal):
            self._scheduler.request(view.window_id)
        elif view.pane is not None:
            if view.config.scroll_to_bottom_on_input:
                view.view_of(view.pane).scroll_to(None)
            self.services.clipboard.paste(view.pane, text)

    def on_drop_files(self, paths: Sequence[str], window_id: int = THE_SHOWN) -> None:
        """Files that the user dropped onto the window."""
        view = self._view(window_id)
        if view is not None and paths:
            self.on_paste(quote_files(paths, view.config.quote_dropped_files), window_id)

    def on_composition(self, text: str | None, window_id: int = THE_SHOWN) -> None:
        """What an input method is composing."""
        view = self._view(window_id)
        if view is not None and view.composing != text:
            view.composing = text
            self.services.status.trigger(view)
            self._scheduler.request(view.window_id)

    def on_focus(self, focused: bool, window_id: int = THE_SHOWN) -> None:
        """The window or host terminal got or lost the focus."""
        windows = self.services.windows
        if window_id == THE_SHOWN:
            windows.set_focused(focused)
            shown = self.services.views.shown
            changed = [] if shown is None else [shown]
        else:
            view = self.services.views.get(window_id)
            changed = [] if view is None else windows.set_focused(focused, view)
        for view in changed:
            if not view.is_focused:
                self._mouse.pointer_left(view)
            pane_id = None if view.pane is None else view.pane.id
            self.services.events.emit("window-focus-changed", view.window_id, pane_id)
            self.services.status.trigger(view)

    def on_resize(self, size: Size, window_id: int = THE_SHOWN) -> None:
        """The drawable size."""
        if window_id == THE_SHOWN:
            self.services.windows.resize(size)
            return
        view = self.services.views.get(window_id)
        if view is not None:
            self.services.windows.resize(size, view)

    def on_redraw(self, window_id: int = THE_SHOWN) -> None:
        """The window needs a frame."""
        self._scheduler.request(window_id)

    def on_scroll(self, pane_id: int, top: int, window_id: int = THE_SHOWN) -> None:
        """The scroll bar was moved."""
        view = self._view(window_id)
        pane_view = None if view is None else view.existing_view(pane_id)
        if pane_view is not None and pane_view.scroll_to(top):
            self._scheduler.request(window_id)

    def on_host_colors(self, foreground: Rgb | None, background: Rgb | None) -> None:
        """What the host draws default colours with."""
        self._applier.set_host_colors(foreground, background)
        self._frames.set_host_colors(foreground, background)
        self._scheduler.request()

    def on_appearance(self) -> None:
        """The desktop is dark or light now: configurations that ask are loaded again, as in WezTerm."""
        if self.config.needs_lua:
            self.config.load()

    def on_close(self, reason: str, window_id: int = THE_SHOWN) -> None:
        """The front end is gone or told to go, or the user closes a window."""
        view = self._view(window_id)
        if reason == "close" and view is not None:
            self.services.closing.close_window(view)
        elif reason == "quit":
            self.services.closing.quit(view)
        else:
            _log.info("the front end closes: %s", reason)
            self.quit(_STATUS_OF_REASON.get(reason, 0))
