"""The collaborators that key assignments act through, as one record. Holds no logic; made by `assemble`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from perilune.app.clipboard import Clipboard
from perilune.app.closing import Closing
from perilune.app.front_end import THE_SHOWN, FrontEnd
from perilune.app.lua_events import LuaEvents
from perilune.app.overlay_control import OverlayControl
from perilune.app.overlay_memory import OverlayMemory
from perilune.app.pane_input import PaneInput
from perilune.app.profiling import Profiling
from perilune.app.status import StatusService
from perilune.app.window_control import WindowControl
from perilune.app.window_view import WindowViews
from perilune.base.loop import EventLoop

if TYPE_CHECKING:
    from perilune.mux.mux import Mux

__all__ = ["FrameRequest", "Services"]


class FrameRequest(Protocol):
    """Asks for a frame."""

    def __call__(self, window_id: int = THE_SHOWN, /) -> None:
        """Of a window, or of all that are to be seen."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What assignments may use.

    Attributes:
        loop: timers and calls.
        mux: windows, tabs, panes.
        front_end: bell, clipboard, suspension.
        views: what is known of windows.
        windows: which is shown.
        overlays: puts overlays up.
        closing: closes with questions.
        clipboard: copies and pastes.
        pane_input: sends keys, text and mouse events to programs.
        events: emits events to the config's handlers.
        status: status handlers.
        reload_config: reloads the configuration.
        request_frame: something that is seen has changed, in the window of that id or in any.
        open_uri: opens a link, as far as its scheme is allowed.
        ledger_text: the last runs of callbacks, as text; at most so many.
        memory: what overlays remember.
        profiling: records the program.
        repl: runs Lua that the user typed: (source, window, pane, on_done), see `LuaHost.repl`.
    """

    loop: EventLoop
    mux: Mux
    front_end: FrontEnd
    views: WindowViews
    windows: WindowControl
    overlays: OverlayControl
    closing: Closing
    clipboard: Clipboard
    pane_input: PaneInput
    events: LuaEvents
    status: StatusService
    reload_config: Callable[[], None]
    request_frame: FrameRequest
    open_uri: Callable[[str], None]
    ledger_text: Callable[[int], str]
    memory: OverlayMemory
    profiling: Profiling
    repl: Callable[[str, int, int | None, Callable[[str, str], None]], None]
