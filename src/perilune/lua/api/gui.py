"""`wezterm.gui` and the methods of gui windows."""

from __future__ import annotations

from collections.abc import Mapping

from perilune.lua.convert import encode
from perilune.lua.functions import ApiError, lua_function
from perilune.lua.host_api import HostApi, ScreenInfo
from perilune.lua.values import MuxWindowRef, PaneRef, TabRef, WindowRef

__all__ = ["GuiApi", "GuiWindowApi"]


def _screen(screen: ScreenInfo) -> dict[str, object]:
    return {
        "name": screen.name,
        "x": screen.x,
        "y": screen.y,
        "width": screen.width,
        "height": screen.height,
        "scale": screen.scale,
        "max_fps": screen.max_fps,
        "effective_dpi": screen.effective_dpi,
    }


_UNKNOWN_SCREEN = ScreenInfo("unknown", 0, 0, 1920, 1080, max_fps=60, effective_dpi=96.0)


class GuiApi:
    """`wezterm.gui...`."""

    def __init__(self, host: HostApi) -> None:
        self._host = host

    @lua_function("wezterm.gui.get_appearance")
    def get_appearance(self) -> str:
        """Light or Dark, with or without HighContrast."""
        return self._host.appearance()

    @lua_function("wezterm.gui.gui_windows")
    def gui_windows(self) -> list[object]:
        """The windows that a front end shows."""
        return [WindowRef(number) for number in self._host.window_ids() if self._host.window(number).is_shown]

    @lua_function("wezterm.gui.gui_window_for_mux_window")
    def gui_window_for_mux_window(self, window_id: int) -> WindowRef | None:
        """The gui window of a mux window's id; nil without one."""
        shown = window_id in self._host.window_ids() and self._host.window(window_id).is_shown
        return WindowRef(window_id) if shown else None

    @lua_function("wezterm.gui.enumerate_gpus")
    def enumerate_gpus(self) -> list[object]:
        """None that a config could choose."""
        return []

    @lua_function("wezterm.gui.screens")
    def screens(self) -> dict[str, object]:
        """The screens; where none is known, one of a common size, for configs do arithmetic on it."""
        screens = list(self._host.screens()) or [_UNKNOWN_SCREEN]
        left, top = min(screen.x for screen in screens), min(screen.y for screen in screens)
        right = max(screen.x + screen.width for screen in screens)
        bottom = max(screen.y + screen.height for screen in screens)
        return {
            "main": _screen(screens[0]),
            "active": _screen(screens[0]),
            "by_name": {screen.name: _screen(screen) for screen in screens},
            "origin_x": left,
            "origin_y": top,
            "virtual_width": right - left,
            "virtual_height": bottom - top,
        }


class GuiWindowApi:
    """`window:...`."""

    def __init__(self, host: HostApi) -> None:
        self._host = host
        self._encoded: tuple[int, Mapping[str, object]] | None = None

    @lua_function("window.window_id")
    def window_id(self, window: WindowRef) -> int:
        """Its id."""
        return window.id

    @lua_function("window.mux_window")
    def mux_window(self, window: WindowRef) -> MuxWindowRef:
        """The mux window that it shows."""
        return MuxWindowRef(window.id)

    @lua_function("window.active_tab")
    def active_tab(self, window: WindowRef) -> TabRef | None:
        """The active tab."""
        tab_id = self._host.window(window.id).active_tab_id
        return None if tab_id is None else TabRef(tab_id)

    @lua_function("window.active_pane")
    def active_pane(self, window: WindowRef) -> PaneRef | None:
        """The active pane."""
        pane_id = self._host.window(window.id).active_pane_id
        return None if pane_id is None else PaneRef(pane_id)

    @lua_function("window.active_workspace")
    def active_workspace(self, _window: WindowRef) -> str:
        """The workspace shown."""
        return self._host.active_workspace()

    @lua_function("window.active_key_table")
    def active_key_table(self, window: WindowRef) -> str | None:
        """The key table on top."""
        return self._host.window(window.id).active_key_table

    @lua_function("window.leader_is_active")
    def leader_is_active(self, window: WindowRef) -> bool:
        """Whether the leader waits."""
        return self._host.window(window.id).leader_is_active

    @lua_function("window.composition_status")
    def composition_status(self, window: WindowRef) -> str | None:
        """Text being composed."""
        return self._host.window(window.id).composition_status

    @lua_function("window.keyboard_modifiers")
    def keyboard_modifiers(self, window: WindowRef) -> tuple[str, str]:
        """Modifiers held, and the LEDs that are on."""
        return self._host.window(window.id).keyboard_modifiers, ""

    @lua_function("window.is_focused")
    def is_focused(self, window: WindowRef) -> bool:
        """Whether it has the focus."""
        return self._host.window(window.id).is_focused

    @lua_function("window.get_appearance")
    def get_appearance(self, _window: WindowRef) -> str:
        """As wezterm.gui.get_appearance."""
        return self._host.appearance()

    @lua_function("window.get_dimensions")
    def get_dimensions(self, window: WindowRef) -> dict[str, object]:
        """Pixels and dpi."""
        state = self._host.window(window.id)
        return {
            "pixel_width": state.size.pixel_width,
            "pixel_height": state.size.pixel_height,
            "dpi": state.size.dpi,
            "is_full_screen": state.is_full_screen,
        }

    @lua_function("window.effective_config")
    def effective_config(self, window: WindowRef) -> dict[str, object]:
        """The configuration in force."""
        return dict(self._host.effective_config(window.id))

    @lua_function("sys.effective_config")
    def encoded_config(self, window: WindowRef, known: int) -> tuple[int, dict[str, bytes] | None]:
        """The same, each option as bytes, and a number for it; no bytes where Lua has the number."""
        config = self._host.effective_config(window.id)
        if self._encoded is None or self._encoded[1] is not config:
            self._encoded = (self._encoded[0] + 1 if self._encoded else 1, config)
        number = self._encoded[0]
        return number, None if number == known else {name: encode(value) for name, value in config.items()}

    @lua_function("window.get_config_overrides")
    def get_config_overrides(self, window: WindowRef) -> dict[str, object] | None:
        """What set_config_overrides set; nil when nothing was."""
        overrides = self._host.config_overrides(window.id)
        return None if overrides is None else dict(overrides)

    @lua_function("window.set_config_overrides")
    def set_config_overrides(self, window: WindowRef, overrides: dict[str, object] | None = None) -> None:
        """Lay options over the configuration of this window."""
        self._host.set_config_overrides(window.id, overrides or {})

    @lua_function("window.set_left_status")
    def set_left_status(self, window: WindowRef, text: str) -> None:
        """The status left of the tabs."""
        self._host.set_status(window.id, "left", text)

    @lua_function("window.set_right_status")
    def set_right_status(self, window: WindowRef, text: str) -> None:
        """The status right of the tabs."""
        self._host.set_status(window.id, "right", text)

    @lua_function("window.perform_action")
    def perform_action(self, window: WindowRef, action: object, pane: PaneRef | None = None) -> None:
        """Carry an assignment out."""
        if not isinstance(action, str | dict):
            raise ApiError("window:perform_action: argument 1 (action): expected a key assignment")
        self._host.perform_action(window.id, None if pane is None else pane.id, action)

    @lua_function("window.toast_notification")
    def toast_notification(
        self,
        window: WindowRef,
        title: str,
        message: str | None = None,
        url: str | None = None,
        timeout_milliseconds: int = 0,
    ) -> None:
        """Show a notification."""
        self._host.toast_notification(window.id, title, message or "", url, timeout_milliseconds)

    @lua_function("window.copy_to_clipboard")
    def copy_to_clipboard(
        self, window: WindowRef, text: str, target: str = "ClipboardAndPrimarySelection"
    ) -> None:
        """Copy text."""
        if target not in {"Clipboard", "PrimarySelection", "ClipboardAndPrimarySelection"}:
            raise ApiError(f"window:copy_to_clipboard: there is no clipboard {target!r}")
        self._host.copy_to_clipboard(window.id, text, target)

    @lua_function("window.get_selection_text_for_pane")
    def get_selection_text_for_pane(self, window: WindowRef, pane: PaneRef) -> str:
        """What is selected."""
        return self._host.selection_text(window.id, pane.id, escapes=False)

    @lua_function("window.get_selection_escapes_for_pane")
    def get_selection_escapes_for_pane(self, window: WindowRef, pane: PaneRef) -> str:
        """What is selected, with styles."""
        return self._host.selection_text(window.id, pane.id, escapes=True)

    @lua_function("window.current_event")
    def current_event(self, window: WindowRef) -> dict[str, object] | None:
        """What the mouse did last in a pane; nil when it has done nothing."""
        event = self._host.window(window.id).current_event
        return None if event is None else dict(event)

    @lua_function("window.maximize", applies="window")
    def maximize(self, window: WindowRef) -> None:
        """Maximize, where there is a window."""
        self._host.window_command(window.id, "maximize", ())

    @lua_function("window.restore", applies="window")
    def restore(self, window: WindowRef) -> None:
        """Undo maximize."""
        self._host.window_command(window.id, "restore", ())

    @lua_function("window.toggle_fullscreen", applies="window")
    def toggle_fullscreen(self, window: WindowRef) -> None:
        """Full screen or not."""
        self._host.window_command(window.id, "toggle_fullscreen", ())

    @lua_function("window.focus", applies="window")
    def focus(self, window: WindowRef) -> None:
        """Raise it."""
        self._host.window_command(window.id, "focus", ())

    @lua_function("window.set_inner_size", applies="window")
    def set_inner_size(self, window: WindowRef, width: float, height: float) -> None:
        """Set the size in pixels."""
        self._host.window_command(window.id, "set_inner_size", (int(width), int(height)))

    @lua_function("window.set_position", applies="window")
    def set_position(self, window: WindowRef, x: float, y: float) -> None:
        """Set the position in pixels."""
        self._host.window_command(window.id, "set_position", (int(x), int(y)))
