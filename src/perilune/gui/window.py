"""A mux window's native window: joins its events, fonts, scene, surface, blinking and input method.

It decides nothing about the program: what happens is told to the `InputHandler`, what is to be seen comes as
frames. Between frames it draws by itself only what blinks, flashes or is being composed, from the last
frame's cells. Mux thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perilune.app.bar_options import is_at_bottom
from perilune.app.fancy_bar import FancyBar
from perilune.app.front_end import NativeWindow, WindowRequest
from perilune.base.geometry import Size
from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.base.log import get_logger
from perilune.gui.blink import Blink, flash
from perilune.gui.keyboard import KeyTranslator, NativeKey, typed_events
from perilune.gui.mouse import WheelSteps, mouse_event
from perilune.gui.os_window import OsWindow
from perilune.gui.scroll_bar import ScrollBarDrag, smallest_thumb
from perilune.gui.surfaces import GlSurface, RasterSurface, Surface, SurfaceError
from perilune.render.geometry import Geometry, lay_out, window_pixels
from perilune.render.scene_builder import SceneBuilder, SceneLive

if TYPE_CHECKING:
    from collections.abc import Callable

    from perilune.app.front_end import InputHandler
    from perilune.base.loop import EventLoop, Timer
    from perilune.config.options import Config
    from perilune.gui.accounting import FrameAccounting
    from perilune.gui.keyboard import KeyboardLayout
    from perilune.render.fonts.font_set import FontSet
    from perilune.render.frame import Frame
    from perilune.render.scene import Scene

__all__ = ["Desk", "GuiWindow"]

_log = get_logger("gui.window")
_NEW_GLYPHS_SECONDS = 0.005  # a frame, for characters that were never drawn before
_FONT_STEP = 1.1
_SMALLEST_SCALE, _LARGEST_SCALE = 0.2, 10.0
_NOT_TYPING = frozenset(
    f"{side}{name}"
    for side in ("Left", "Right")
    for name in ("Shift", "Control", "Alt", "Super", "Hyper", "Meta")
) | {"CapsLock", "NumLock", "ScrollLock", "AltGr"}
_FOCUS_CLICK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Desk:
    """What all windows of the process share.

    Attributes:
        loop: of the mux thread.
        handler: told of input.
        accounting: of frames.
        fonts: makes the fonts of a configuration for a resolution and scale.
        layout: of the keyboard; None where it is learnt.
        ready: a window takes frames again.
        paces_frames: whether the window system says when it wants the next frame.
        set_up: given each new native window: its icon.
    """

    loop: EventLoop
    handler: InputHandler
    accounting: FrameAccounting
    fonts: Callable[[Config, float, float], FontSet]
    layout: KeyboardLayout | None
    ready: Callable[[], None]
    paces_frames: bool
    set_up: Callable[[OsWindow], None]


class GuiWindow:
    """See the module; a `WindowEvents` of its native window.

    Args:
        desk: what windows share.
        window_id: the mux window's.
        config: in force in it.
        request: size and place.
    """

    def __init__(self, desk: Desk, window_id: int, config: Config, request: WindowRequest) -> None:
        self.window_id = window_id
        self._desk = desk
        self._config = config
        self._font_scale = 1.0
        self._keys = KeyTranslator(desk.layout)
        self._keys.configure(config)
        self._wheel = WheelSteps()
        self._surface: Surface | None = None
        self._frame: Frame | None = None
        self._scene: Scene | None = None
        self._title = ""
        self._visible = False
        self._awaits_callback = False
        self._relayout_posted = False
        self._is_focused = False
        self._focus_time = -math.inf
        self._swallows: MouseButton | None = None
        self._preedit, self._preedit_cursor = "", -1
        self._composition: str | None = None
        self._cursor_place: tuple[int, int] | None = None
        self._blink_start = 0.0
        self._text_blink_start = desk.loop.clock.monotonic()
        self._bell_start: float | None = None
        self._bell_pane = -1
        self._animation: Timer | None = None
        self._scroll_bar = ScrollBarDrag()
        self._press_owner: str | None = None  # of a button that is held: "bar" or "cells"
        self._is_bar_pointed = False
        self._bar = (0, False)  # rows of a horizontal tab bar, and whether it is at the bottom
        self._asked_size = (request.cols, request.rows)
        self._native = self._make_native(raster=False)
        self._fonts = desk.fonts(config, self._dpi(), 1.0)
        self._builder = SceneBuilder(config, config.palette, self._fonts, seconds=_NEW_GLYPHS_SECONDS)
        self._fancy = FancyBar(config, config.palette, self._fonts)
        self._has_fancy = request.has_fancy_bar
        self._native.set_pixel_size(*self._pixels_for(request.cols, request.rows))
        self._limit()
        if request.place is not None:
            self._native.put(request.place)
        self._geometry = self._lay_out()
        self._reported: Size | None = self._geometry.size(round(self._dpi()))

    def _make_native(self, *, raster: bool) -> OsWindow:
        config = self._config
        has_alpha = config.window_background_opacity < 1.0 or bool(config.background)
        native = OsWindow(self, self._desk.loop.guard, has_alpha=has_alpha, raster=raster)
        native.set_decorations(config.window_decorations)
        native.set_input_method(self._uses_input_method())
        self._desk.set_up(native)
        return native

    def _uses_input_method(self) -> bool:
        # Qt's own composing of dead keys is an input method, too, and cannot be switched off alone.
        return self._config.use_ime and self._config.use_dead_keys

    # Size.

    @property
    def size(self) -> Size:
        """The drawable size, in cells."""
        return self._geometry.size(round(self._dpi()))

    def _dpi(self) -> float:
        config, screen = self._config, self._native.screen()
        named = config.dpi_by_screen.get(screen.name()) if screen is not None else None
        return named or config.dpi or 96.0 * self._native.devicePixelRatio()

    def _lay_out(self) -> Geometry:
        width, height = self._native.pixel_size
        bar_rows, at_bottom = self._bar
        if self._has_fancy:
            bar_rows, at_bottom = 0, is_at_bottom(self._config)
        return lay_out(
            width, height, self._fonts.metrics, self._config, dpi=self._dpi(), bar_rows=bar_rows,
            bar_at_bottom=at_bottom, fancy_bar_height=self._fancy_height,
        )  # fmt: skip

    @property
    def _fancy_height(self) -> int:
        return self._fancy.height if self._has_fancy else 0

    def _pixels_for(self, cols: int, rows: int) -> tuple[int, int]:
        return window_pixels(
            cols, rows, self._fonts.metrics, self._config, dpi=self._dpi(),
            fancy_bar_height=self._fancy_height,
        )  # fmt: skip

    def _take_bar(self, frame: Frame) -> None:
        """Place a horizontal tab bar where the frame has it: flush with the window's edge."""
        bar = frame.bar
        is_horizontal = bar is not None and bar.position in {"Top", "Bottom"}
        found = (
            (bar.rect.height, bar.position == "Bottom") if bar is not None and is_horizontal else (0, False)
        )
        has_fancy = frame.fancy is not None
        if found != self._bar or has_fancy != self._has_fancy:
            self._bar, self._has_fancy = found, has_fancy
            self._geometry = self._lay_out()
            if self.size != self._reported:
                # The other bar leaves more or fewer cells; this frame is still one of the old ones.
                self._geometry_changed()

    def _limit(self) -> None:
        """No smaller than a cell; in steps of cells where the configuration says so."""
        metrics = self._fonts.metrics
        smallest = self._pixels_for(1, 1)
        step = (metrics.width, metrics.height) if self._config.use_resize_increments else None
        self._native.limit(smallest, step)

    def _relayout(self) -> None:
        """The size may be another; at most once a turn."""
        self._relayout_posted = False
        if self._fonts is not self._desk.fonts(self._config, self._dpi(), self._font_scale):
            self._take_fonts()
        geometry = self._lay_out()
        if geometry != self._geometry:
            self._geometry = geometry
            self._tell_size()

    def _geometry_changed(self) -> None:
        self._desk.loop.call_soon(self._tell_size)

    def _tell_size(self) -> None:
        size = self.size
        if size != self._reported:
            self._reported = size
            self._desk.handler.on_resize(size, self.window_id)
        self._desk.handler.on_redraw(self.window_id)

    def _take_fonts(self) -> None:
        self._fonts = self._desk.fonts(self._config, self._dpi(), self._font_scale)
        self._builder.configure(self._config, self._config.palette, self._fonts)
        self._fancy = FancyBar(self._config, self._config.palette, self._fonts)
        self._limit()

    def _post_relayout(self) -> None:
        if not self._relayout_posted:
            self._relayout_posted = True
            self._desk.loop.call_soon(self._relayout)

    # Told by the program.

    def show(self, visible: bool) -> None:
        """Show or hide it."""
        if visible:
            self._native.show()
        else:
            self._native.hide()

    def configure(self, config: Config) -> None:
        """Another configuration is in force."""
        if config is self._config:
            return
        before, self._config = self._config, config
        self._keys.configure(config)
        if config.window_decorations != before.window_decorations:
            self._native.set_decorations(config.window_decorations)
        self._native.set_input_method(self._uses_input_method())
        needs_alpha = config.window_background_opacity < 1.0 or bool(config.background)
        if needs_alpha and not self._native.has_alpha:
            self._replace_native(raster=self._native.is_raster)
        self._take_fonts()
        self._geometry = self._lay_out()
        self._tell_size()

    def close(self) -> None:
        """Close the native window."""
        if self._animation is not None:
            self._animation.cancel()
        if self._surface is not None:
            self._surface.release()
            self._surface = None
        self._visible = False
        self._native.destroy()

    def control(self, command: str, arguments: tuple[object, ...]) -> bool:
        """Carry out a `WindowCommand`."""
        native = self._native
        match command:
            case "increase_font_size":
                self._scale_font(self._font_scale * _FONT_STEP)
            case "decrease_font_size":
                self._scale_font(self._font_scale / _FONT_STEP)
            case "reset_font_size":
                self._scale_font(1.0)
            case "reset_font_and_window_size":
                self._scale_font(1.0)
                self._ask_for(*self._asked_size)
            case "maximize" | "restore":
                native.set_state("maximized", command == "maximize")
            case "toggle_fullscreen":
                native.set_state("fullscreen", not native.has_state("fullscreen"))
            case "hide":
                native.showMinimized()
            case "show":
                native.show()
            case "focus":
                native.raise_()
                native.requestActivate()
            case "start_drag":
                return bool(native.startSystemMove())
            case "set_inner_size" if len(arguments) == 2:
                native.set_pixel_size(int(str(arguments[0])), int(str(arguments[1])))
            case "set_position" if len(arguments) == 2:
                scale = native.devicePixelRatio()
                x, y = (int(int(str(number)) / scale) for number in arguments)
                native.setFramePosition(native.framePosition().__class__(x, y))
            case "set_level" if arguments:
                native.set_level(str(arguments[0]))
            case "toggle_always_on_top" | "toggle_always_on_bottom":
                level = "AlwaysOnTop" if command.endswith("top") else "AlwaysOnBottom"
                native.set_level("Normal" if native.level == level else level)
            case _:
                return False
        return True

    def describe(self) -> NativeWindow:
        """What it is like now."""
        return self._native.describe()

    def set_pointer(self, shape: str) -> None:
        """The pointer's shape."""
        self._native.set_pointer(shape)

    def flash(self, pane_id: int) -> None:
        """Begin the visual bell of a pane."""
        self._bell_pane = pane_id
        self._bell_start = self._desk.loop.clock.monotonic()
        self._animate()

    @property
    def screen_name(self) -> str | None:
        """The screen that it is on."""
        screen = self._native.screen()
        return None if screen is None else screen.name()

    @property
    def device(self) -> str:
        """What draws it; "" until something has been drawn."""
        return "" if self._surface is None else self._surface.name

    @property
    def is_focused(self) -> bool:
        """Whether the keyboard is its own."""
        return self._is_focused

    def _scale_font(self, scale: float) -> None:
        scale = min(max(scale, _SMALLEST_SCALE), _LARGEST_SCALE)
        cols, rows = self._geometry.cols, self._geometry.rows
        self._font_scale = scale
        self._take_fonts()
        adjusts = self._config.adjust_window_size_when_changing_font_size
        fixed = self._native.has_state("fullscreen") or self._native.has_state("maximized")
        if adjusts is not False and not fixed:
            self._ask_for(cols, rows)
        self._post_relayout()

    def _ask_for(self, cols: int, rows: int) -> None:
        self._native.set_pixel_size(*self._pixels_for(cols, rows))

    # Drawing.

    @property
    def takes_frame(self) -> bool:
        """Whether a frame presented now would be shown now."""
        return self._visible and not self._awaits_callback

    def present(self, frame: Frame) -> None:
        """Draw what differs from the last frame."""
        accounting = self._desk.accounting
        accounting.begin_frame()
        self._frame = frame
        if frame.title != self._title:
            self._title = frame.title
            self._native.setTitle(frame.title)
        place = None if frame.cursor is None else (frame.cursor.row, frame.cursor.col)
        if place != self._cursor_place:
            self._cursor_place = place
            self._blink_start = self._desk.loop.clock.monotonic()
            if place is not None:
                self._native.place_input(self._geometry.cell_rect(*place))
        self._take_bar(frame)
        live, again = self._live()
        scene = self._builder.update(frame, live)
        if self._fancy.is_stale:
            self._desk.handler.on_redraw(self.window_id)  # its pictures went with the atlas
        accounting.stage("shaping")
        self._show(scene)
        accounting.end_frame()
        self._animate_in(0.0 if scene.is_unfinished else again)

    def _show(self, scene: Scene) -> None:
        self._scene = scene
        if not self._visible:
            return
        try:
            surface = self._surface or self._make_surface()
            surface.present(scene, self._desk.accounting)
        except SurfaceError as error:
            _log.warning("%s: drawing without it from here on", error)
            self._replace_native(raster=True)
            return
        if self._desk.paces_frames:
            self._awaits_callback = True
            self._native.requestUpdate()

    def _make_surface(self) -> Surface:
        made: Surface = RasterSurface(self._native) if self._native.is_raster else GlSurface(self._native)
        self._surface = made
        return made

    def _replace_native(self, *, raster: bool) -> None:
        """Go on in another native window of the same size and place: this one's surface cannot do it."""
        old = self._native
        if self._surface is not None:
            self._surface.release()
            self._surface = None
        geometry, states, was_visible = old.geometry(), old.windowStates(), old.isVisible()
        old.destroy()
        self._visible = self._awaits_callback = False
        self._native = self._make_native(raster=raster)
        self._native.setGeometry(geometry)
        self._native.setWindowStates(states)
        self._native.setTitle(self._title)
        self._limit()
        if was_visible:
            self._native.show()

    # What moves without a frame.

    def _live(self) -> tuple[SceneLive, float]:
        """What differs between frames besides cells, and in how many seconds it will be another."""
        config, frame, now = self._config, self._frame, self._desk.loop.clock.monotonic()
        again = math.inf
        cursor, slow, rapid, bell = 1.0, 1.0, 1.0, 0.0
        blinks = frame is not None and frame.cursor is not None and frame.cursor.blinking
        if blinks and self._is_focused and not self._preedit:
            blink = Blink(
                config.cursor_blink_rate, config.cursor_blink_ease_in, config.cursor_blink_ease_out,
                config.animation_fps,
            )  # fmt: skip
            cursor, wait = blink.at(now - self._blink_start)
            again = min(again, wait)
        if self._scene is not None and self._scene.has_blinking_text:
            since = now - self._text_blink_start
            slow, wait = Blink(
                config.text_blink_rate, config.text_blink_ease_in, config.text_blink_ease_out,
                config.animation_fps,
            ).at(since)  # fmt: skip
            again = min(again, wait)
            rapid, wait = Blink(
                config.text_blink_rate_rapid, config.text_blink_rapid_ease_in,
                config.text_blink_rapid_ease_out, config.animation_fps,
            ).at(since)  # fmt: skip
            again = min(again, wait)
        if self._bell_start is not None:
            bell, wait = flash(config.visual_bell, now - self._bell_start, config.max_fps)
            if wait == math.inf:
                self._bell_start = None
            again = min(again, wait)
        live = SceneLive(
            geometry=self._geometry,
            is_focused=self._is_focused,
            alpha_cursor=cursor,
            alpha_slow=slow,
            alpha_rapid=rapid,
            bell=bell,
            bell_pane=self._bell_pane,
            preedit=self._preedit or self._keys.pending,
            bar=self._fancy.draw(
                None if frame is None else frame.fancy,
                self._geometry,
                is_maximized=self._native.has_state("maximized"),
            ),
            preedit_cursor=self._preedit_cursor,
            is_leader_active=bool(self._keys.pending) or (frame is not None and frame.is_leader_active),
        )
        return live, again

    def _animate_in(self, seconds: float) -> None:
        if self._animation is not None:
            self._animation.cancel()
            self._animation = None
        if seconds != math.inf:
            self._animation = self._desk.loop.call_later(seconds, self._animate)

    def _animate(self) -> None:
        """Draw the next step of what blinks, flashes or is composed, with the cells as they are."""
        if self._frame is None or not self._visible:
            return  # it goes on with the next frame
        if self._awaits_callback:
            self._animate_in(1 / max(self._config.max_fps, 1))
            return
        accounting = self._desk.accounting
        accounting.begin_frame()
        live, again = self._live()
        scene = self._builder.live_only(live)
        accounting.stage("shaping")
        self._show(scene)
        accounting.end_frame()
        self._animate_in(0.0 if scene.is_unfinished else again)

    # Told by the native window.

    def on_expose(self, visible: bool) -> None:
        """Some of it can be seen, and must be drawn; or nothing can."""
        was_visible, self._visible = self._visible, visible
        if not visible:
            return
        if not was_visible:
            self._awaits_callback = False
            self._post_relayout()
        self._desk.handler.on_redraw(self.window_id)
        self._desk.ready()

    def on_resize(self) -> None:
        """Its size, state or the density of its pixels is another."""
        self._post_relayout()

    def on_frame_callback(self) -> None:
        """The window system is ready for the next picture."""
        if self._awaits_callback:
            self._awaits_callback = False
            self._desk.ready()

    def on_close_request(self) -> None:
        """The user wants it closed."""
        self._desk.handler.on_close("close", self.window_id)

    def on_focus(self, focused: bool) -> None:
        """The keyboard is its own, or no longer."""
        if focused == self._is_focused:
            return
        self._is_focused = focused
        now = self._desk.loop.clock.monotonic()
        self._blink_start = self._focus_time = now
        if not focused:
            self._keys.forget()
            self._compose("", -1)
        elif self._desk.layout is not None:
            self._desk.layout.invalidate()
        self._desk.handler.on_focus(focused, self.window_id)
        self._desk.handler.on_redraw(self.window_id)

    def on_key(self, key: NativeKey) -> None:
        """A key."""
        if self._config.debug_key_events:
            _log.info("key event: %s", key)
        events = self._keys.translate(key)
        self._tell_composition(self._preedit)
        self._type(events)

    def _type(self, events: list[KeyEvent]) -> None:
        for event in events:
            if event.kind is not KeyKind.RELEASE and event.key not in _NOT_TYPING:
                self._blink_start = self._desk.loop.clock.monotonic()
                if self._config.hide_mouse_cursor_when_typing:
                    self._native.hide_pointer(True)
            self._desk.handler.on_key(event, self.window_id)

    def on_mouse(self, x: float, y: float, button: MouseButton, kind: MouseKind, mods: Modifiers) -> None:
        """The mouse."""
        if self._swallowed(button, kind) or self._on_fancy_bar(x, y, button, kind, mods):
            return
        if self._on_scroll_bar(x, y, button, kind):
            return
        event = mouse_event(self._geometry, x, y, button, kind, mods)
        self._desk.handler.on_mouse(event, self.window_id)

    def _on_fancy_bar(
        self, x: float, y: float, button: MouseButton, kind: MouseKind, mods: Modifiers
    ) -> bool:
        """Report what happens on a fancy tab bar; True when the event is the bar's."""
        if kind is MouseKind.MOVE and button is MouseButton.NONE:
            self._press_owner = None  # whatever was held is no longer, perhaps untold
        inside = self._is_on_fancy_bar(x, y)
        owner = self._press_owner
        if kind is MouseKind.PRESS and owner is None:
            owner = self._press_owner = "bar" if inside else "cells"
        elif kind is MouseKind.RELEASE:
            self._press_owner = None
        if owner == "bar" or (owner is None and inside):
            self._is_bar_pointed = True
            self._tell_bar(x, button, kind, mods)
            return True
        if self._is_bar_pointed:
            self._is_bar_pointed = False
            event = MouseEvent(-1, 0, MouseButton.NONE, MouseKind.MOVE, mods)
            self._desk.handler.on_bar_mouse(event, None, self.window_id)
        return False

    def _is_on_fancy_bar(self, x: float, y: float) -> bool:
        rect = self._geometry.fancy_bar
        if rect is None or self._fancy.layout is None:
            return False
        return rect.x <= x < rect.x + rect.width and rect.y <= y < rect.y + rect.height

    def _tell_bar(self, x: float, button: MouseButton, kind: MouseKind, mods: Modifiers) -> None:
        geometry = self._geometry
        col = int(max(x - geometry.left, 0)) // geometry.cell_width
        event = MouseEvent(-1, col, button, kind, mods, int(x), -1)
        is_press = kind is MouseKind.PRESS and button is MouseButton.LEFT
        target = self._fancy.target(x, geometry, is_press=is_press)
        self._desk.handler.on_bar_mouse(event, target, self.window_id)

    def _swallowed(self, button: MouseButton, kind: MouseKind) -> bool:
        """Whether it is the click that gave the window the focus, and no more than that."""
        if kind is MouseKind.PRESS and self._config.swallow_mouse_click_on_window_focus:
            now = self._desk.loop.clock.monotonic()
            if not self._is_focused or now - self._focus_time < _FOCUS_CLICK_SECONDS:
                self._swallows = button
                return True
        if self._swallows is None:
            return False
        if kind is MouseKind.RELEASE and button is self._swallows:
            self._swallows = None
        return True

    def _on_scroll_bar(self, x: float, y: float, button: MouseButton, kind: MouseKind) -> bool:
        """Scroll by the bar; True when the event is the bar's."""
        track, frame = self._geometry.scroll_bar, self._frame
        pane = None if frame is None else next((pane for pane in frame.panes if pane.is_active), None)
        if track is None or pane is None:
            self._scroll_bar.release()
            return False
        if not self._scroll_bar.takes(track, x, y, button, kind):
            return False
        smallest = smallest_thumb(self._config, self._geometry, self._fonts.metrics.dpi)
        top = self._scroll_bar.move(track, pane, smallest, y, button, kind)
        if top is not None:
            self._desk.handler.on_scroll(pane.pane_id, top, self.window_id)
        return True

    def on_wheel(
        self,
        x: float,
        y: float,
        angle: tuple[int, int],
        pixels: tuple[int, int],
        mods: Modifiers,
        *,
        ended: bool,
    ) -> None:
        """A wheel or touch pad turned."""
        geometry = self._geometry
        for step in self._wheel.add(angle, pixels, (geometry.cell_width, geometry.cell_height)):
            if self._is_on_fancy_bar(x, y):
                self._tell_bar(x, step, MouseKind.PRESS, mods)
                continue
            event = mouse_event(geometry, x, y, step, MouseKind.PRESS, mods)
            self._desk.handler.on_mouse(event, self.window_id)
        if ended:
            self._wheel.reset()

    def on_leave(self) -> None:
        """The pointer is elsewhere."""
        self._is_bar_pointed = False
        self._desk.handler.on_mouse_leave(self.window_id)

    def on_preedit(self, text: str, cursor: int) -> None:
        """An input method composes; "" when it has ended."""
        self._compose(text, cursor)

    def _compose(self, text: str, cursor: int) -> None:
        if (text, cursor) == (self._preedit, self._preedit_cursor):
            return
        self._preedit, self._preedit_cursor = text, cursor if text else -1
        self._tell_composition(text)

    def _tell_composition(self, text: str) -> None:
        composition = text or self._keys.pending or None
        if composition != self._composition:
            self._composition = composition
            self._desk.handler.on_composition(composition, self.window_id)
            self._animate()

    def on_commit(self, text: str) -> None:
        """An input method has composed."""
        self._compose("", -1)
        self._type(typed_events(text))

    def on_drop(self, paths: list[str], text: str) -> None:
        """Files or text were dropped."""
        if paths:
            self._desk.handler.on_drop_files(paths, self.window_id)
        elif text:
            self._desk.handler.on_paste(text, self.window_id)
