"""Where a mouse event goes: overlay, tab bar, split line, program, or a mouse assignment. Mux thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from perilune.app.actions import Actions
from perilune.app.assignments.context import PointedCell
from perilune.app.front_end import BarTarget
from perilune.app.keys.key_dispatch import InputMapSource
from perilune.app.layout_hits import BarHit, PaneHit, SplitHit, hit_test, pane_frame_rect
from perilune.app.link_hover import hovered_link
from perilune.app.mouse_bar import BarMouse
from perilune.app.pane_view import PaneView
from perilune.app.services import Services
from perilune.app.window_view import WindowView
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.base.loop import Timer
from perilune.config.mouse import MouseTrigger

if TYPE_CHECKING:
    from perilune.mux.pane import Pane

__all__ = ["MouseDispatch"]

_MULTI_CLICK_SECONDS = 0.5
_SCROLL_SECONDS = 0.05  # between the steps of a drag that rests past the edge
_WHEEL = {
    MouseButton.WHEEL_UP: "UpArrow",
    MouseButton.WHEEL_DOWN: "DownArrow",
    MouseButton.WHEEL_LEFT: "LeftArrow",
    MouseButton.WHEEL_RIGHT: "RightArrow",
}


@dataclass(slots=True)
class _Held:
    """A button that is down: its further events belong to where it went down."""

    window_id: int
    button: MouseButton
    streak: int
    pane: Pane | None = None
    reporting: bool = False
    bypass: Modifiers = Modifiers.NONE
    split: int = -1
    row: int = 0
    col: int = 0


@dataclass(slots=True)
class _Click:
    """The last press, for double and triple clicks."""

    time: float = float("-inf")
    row: int = -1
    col: int = -1
    button: MouseButton = MouseButton.NONE
    streak: int = 0


class MouseDispatch:
    """Decides over each mouse event.

    Args:
        services: mux, loop and the rest.
        actions: carries out mouse assignments.
        maps: the mouse assignments in force.
        bar_mouse: what happens on the tab bar.
        request_frame: something that is seen has changed.
    """

    def __init__(
        self,
        services: Services,
        actions: Actions,
        maps: InputMapSource,
        bar_mouse: BarMouse,
        request_frame: Callable[[int], None],
    ) -> None:
        self._services = services
        self._actions = actions
        self._maps = maps
        self._bar_mouse = bar_mouse
        self._request_frame = request_frame
        self._held: _Held | None = None
        self._scrolling: Timer | None = None
        self._hovered: PaneView | None = None
        self._pointed: object = None
        self._click = _Click()

    def on_mouse(self, view: WindowView, event: MouseEvent) -> None:
        """One mouse event of a window."""
        size = view.size
        overlay = view.overlay
        if overlay is not None and (overlay.on_mouse(event, view.pane_area(size)) or overlay.is_modal):
            self._set_hover(view, None)
            self._request_frame(view.window_id)
            return
        if self._bar_mouse.captures(view, event):
            self._set_hover(view, None)
            return
        self._stop_scrolling()
        held = self._held
        if held is not None and held.window_id != view.window_id:
            held = self._held = None  # its window is gone, or lost the release
        if held is not None and event.kind is not MouseKind.PRESS:
            self._on_held(view, held, event)
            return
        hit = hit_test(view, size, event.row, event.col)
        self._set_link(view, hit, event)
        self._set_pointer(view, hit)
        self._set_hover(view, hit if isinstance(hit, BarHit) else None)
        match hit:
            case BarHit(col, row):
                if event.kind is MouseKind.PRESS and event.button not in _WHEEL:
                    event = replace(event, clicks=self._streak(event))
                self._bar_mouse.on_mouse(view, event, col, row)
            case SplitHit(line):
                if event.kind is MouseKind.PRESS and event.button is MouseButton.LEFT:
                    self._held = _Held(
                        view.window_id, event.button, 1, split=line.index, row=event.row, col=event.col
                    )
            case PaneHit():
                self._on_pane(view, hit, event)
            case None:
                pass

    def on_bar(self, view: WindowView, event: MouseEvent, target: BarTarget | None) -> None:
        """One mouse event of a fancy bar; the front end knows which part it is on."""
        overlay = view.overlay
        part = None if target is None or (overlay is not None and overlay.is_modal) else target.part
        self._set_link(view, None, event)
        self._set_pointer(view, None)
        if view.bar_hover != part:
            view.bar_hover = part
            self._bar_mouse.pointed_at_fancy(view, part, target)
            self._request_frame(view.window_id)
        if target is None or (overlay is not None and overlay.is_modal):
            return
        if self._bar_mouse.captures(view, event, target):
            return
        self._stop_scrolling()
        if event.kind is MouseKind.PRESS and event.button not in _WHEEL:
            event = replace(event, clicks=self._streak(event))
        self._bar_mouse.on_fancy(view, event, target)

    def pointer_left(self, view: WindowView) -> None:
        """The pointer is nowhere any more."""
        if view.bar_hover is not None:
            view.bar_hover = None
            self._bar_mouse.pointed_at_fancy(view, None, None)
            self._request_frame(view.window_id)
        self._set_hover(view, None)
        if self._hovered is not None:
            self._hovered.hovered = None
            self._hovered = self._pointed = None
            self._request_frame(view.window_id)
        # What it comes back over is told anew: the desktop has put its own shape on.
        view.pointer = ""

    def forget_pane(self, pane_id: int) -> None:
        """The pane is gone; a button held in it belongs nowhere."""
        held = self._held
        if held is not None and held.pane is not None and held.pane.id == pane_id:
            self._held = None

    def _set_hover(self, view: WindowView, hit: BarHit | None) -> None:
        col, row = (None, None) if hit is None else (hit.col, hit.row)
        if (view.hover_col, view.hover_row) != (col, row):
            view.hover_col, view.hover_row = col, row
            self._bar_mouse.pointed_at(view, hit)
            self._request_frame(view.window_id)

    def _set_link(self, view: WindowView, hit: BarHit | PaneHit | SplitHit | None, event: MouseEvent) -> None:
        """Find the link under the pointer, unless a program has the mouse."""
        before = None if self._hovered is None else self._hovered.hovered
        pane_view, link = None, None
        if isinstance(hit, PaneHit):
            terminal = hit.pane.terminal
            pane_view = view.view_of(hit.pane)
            # With SHIFT (as configured) a click opens a link past the program.
            bypass = view.config.bypass_mouse_reporting_modifiers
            bypassed = bypass != Modifiers.NONE and event.mods & bypass == bypass
            row = pane_view.shown_top + hit.row
            looks = pane_view.overlay is None and (terminal.modes.mouse_tracking == 0 or bypassed)
            pointed = (hit.pane.id, row, hit.col, terminal.seqno, looks)
            if pointed == self._pointed:
                return  # pixels of the same cell
            self._pointed = pointed
            if looks:
                link = hovered_link(terminal, row, hit.col, view.config.hyperlink_rules)
        else:
            self._pointed = None
        if self._hovered is not None and self._hovered is not pane_view:
            self._hovered.hovered = None
        self._hovered = pane_view
        if pane_view is not None:
            pane_view.hovered = link
        if link != before:
            self._request_frame(view.window_id)

    def _set_pointer(self, view: WindowView, hit: BarHit | PaneHit | SplitHit | None) -> None:
        """Let the pointer's shape say what a press would do."""
        shape = "default"
        if isinstance(hit, SplitHit):
            shape = "col-resize" if hit.line.axis == "Horizontal" else "row-resize"
        elif isinstance(hit, PaneHit) and view.view_of(hit.pane).hovered is not None:
            shape = "pointer"
        elif isinstance(hit, PaneHit) and hit.pane.terminal.modes.mouse_tracking == 0:
            shape = "text"
        if shape != view.pointer:
            view.pointer = shape
            self._services.front_end.set_pointer(view.window_id, shape)

    def _streak(self, event: MouseEvent) -> int:
        if event.clicks:
            return event.clicks
        now = self._services.loop.clock.monotonic()
        last = self._click
        again = (
            event.button is last.button
            and (event.row, event.col) == (last.row, last.col)
            and now - last.time < _MULTI_CLICK_SECONDS
        )
        streak = last.streak + 1 if again else 1
        self._click = _Click(now, event.row, event.col, event.button, streak)
        return streak

    def _on_held(self, view: WindowView, held: _Held, event: MouseEvent) -> None:
        if event.kind is MouseKind.RELEASE and event.button in {held.button, MouseButton.NONE}:
            self._held = None
        if held.split >= 0:
            if event.kind is MouseKind.MOVE:
                self._drag_split(view, held, event)
            return
        pane = held.pane
        if pane is None:
            return
        rect = pane_frame_rect(view, view.size, pane)
        if rect is None:
            return
        if held.reporting:
            self._report(view, pane, rect, replace(event, button=held.button))
            return
        event = replace(event, mods=event.mods & ~held.bypass)
        if event.kind is MouseKind.MOVE:
            self._drag(view, held, pane, rect, event)
        else:
            trigger = MouseTrigger("Up", held.streak, held.button)
            self._assigned(view, pane, rect, event, trigger, reporting=False)

    def _drag(self, view: WindowView, held: _Held, pane: Pane, rect: Rect, event: MouseEvent) -> None:
        """Past the pane's edge a drag scrolls, and goes on scrolling while the pointer rests there."""
        rows = _past_edge(rect, view.size.rows, held.row, event.row)
        goes_on = rows != 0 and not pane.terminal.is_alternate and view.view_of(pane).scroll_by(rows)
        trigger = MouseTrigger("Drag", held.streak, held.button)
        self._assigned(view, pane, rect, event, trigger, reporting=False)
        if goes_on:
            self._request_frame(view.window_id)
            self._scrolling = self._services.loop.call_later(
                _SCROLL_SECONDS, lambda: self._drag_again(view, held, event)
            )

    def _drag_again(self, view: WindowView, held: _Held, event: MouseEvent) -> None:
        pane = held.pane
        rect = None if pane is None else pane_frame_rect(view, view.size, pane)
        if self._held is held and pane is not None and rect is not None:
            self._drag(view, held, pane, rect, event)

    def _stop_scrolling(self) -> None:
        if self._scrolling is not None:
            self._scrolling.cancel()
            self._scrolling = None

    def _drag_split(self, view: WindowView, held: _Held, event: MouseEvent) -> None:
        tab = view.tab
        if tab is None:
            return
        line = next((line for line in tab.splits() if line.index == held.split), None)
        if line is None:
            return
        across = line.axis == "Horizontal"
        area = view.pane_area(view.size)
        # Measured from the line itself, not from the last event: after the pointer was past a limit, the
        # line follows it again only when it is back at the line.
        delta = event.col - area.left - line.rect.left if across else event.row - area.top - line.rect.top
        if delta:
            tab.resize_split(held.split, delta)

    def _on_pane(self, view: WindowView, hit: PaneHit, event: MouseEvent) -> None:
        pane, rect = hit.pane, hit.rect
        config = view.config
        is_press = event.kind is MouseKind.PRESS
        is_wheel = event.button in _WHEEL
        if pane is not view.pane:
            if is_press and not is_wheel:
                self._services.mux.activate_pane(pane)
                if config.swallow_mouse_click_on_pane_focus:
                    return
            elif event.kind is MouseKind.MOVE and config.pane_focus_follows_mouse:
                self._services.mux.activate_pane(pane)
        pane_view = view.view_of(pane)
        if pane_view.overlay is not None and (
            pane_view.overlay.on_mouse(event, rect) or pane_view.overlay.is_modal
        ):
            self._request_frame(view.window_id)
            return
        bypass = config.bypass_mouse_reporting_modifiers
        bypassed = bypass != Modifiers.NONE and event.mods & bypass == bypass
        reporting = pane.terminal.modes.mouse_tracking != 0 and not pane.is_dead and not bypassed
        taken_off = bypass if bypassed and pane.terminal.modes.mouse_tracking != 0 else Modifiers.NONE
        event = replace(event, mods=event.mods & ~taken_off)
        streak = 1
        if is_press and not is_wheel:
            streak = self._streak(event)
            # A drag that began past the program stays past it, and its modifiers stay out of the look-up.
            self._held = _Held(
                view.window_id, event.button, streak, pane, reporting, taken_off, row=event.row
            )
        if event.kind is MouseKind.MOVE:
            if reporting:
                self._report(view, pane, rect, event)
            return
        kind = "Down" if is_press else "Up"
        trigger = MouseTrigger(kind, streak, event.button)  # type: ignore[arg-type]
        if self._assigned(view, pane, rect, event, trigger, reporting=reporting):
            if self._held is not None:
                self._held.reporting = False
            return
        if reporting:
            self._report(view, pane, rect, event)
        elif is_wheel and is_press and pane.terminal.is_alternate and not pane.is_dead:
            self._alternate_scroll(view, pane, event.button)

    def _assigned(
        self,
        view: WindowView,
        pane: Pane,
        rect: Rect,
        event: MouseEvent,
        trigger: MouseTrigger,
        *,
        reporting: bool,
    ) -> bool:
        view.current_event = trigger
        found = self._maps.input_map(view).lookup_mouse(
            trigger,
            event.mods | (Modifiers.LEADER if view.leader.is_active else Modifiers.NONE),
            mouse_reporting=reporting,
            alt_screen=pane.terminal.is_alternate,
        )
        if found is None:
            return False
        row = min(max(event.row - rect.top, 0), rect.height - 1)
        col = min(max(event.col - rect.left, 0), rect.width - 1)
        pointed = PointedCell(event, view.view_of(pane).shown_top + row, col)
        self._actions.perform(view, found, pane, pointed)
        return True

    def _report(self, view: WindowView, pane: Pane, rect: Rect, event: MouseEvent) -> None:
        row = min(max(event.row - rect.top, 0), rect.height - 1)
        col = min(max(event.col - rect.left, 0), rect.width - 1)
        inside = replace(event, row=row, col=col)
        if event.x_px >= 0:
            size = view.size
            cell_width = size.pixel_width // size.cols if size.cols else 0
            cell_height = size.pixel_height // size.rows if size.rows else 0
            inside = replace(
                inside,
                x_px=max(event.x_px - rect.left * cell_width, 0),
                y_px=max(event.y_px - rect.top * cell_height, 0),
            )
        self._services.pane_input.send_mouse(view.view_of(pane), inside)

    def _alternate_scroll(self, view: WindowView, pane: Pane, button: MouseButton) -> None:
        for _ in range(view.config.alternate_buffer_wheel_scroll_speed):
            self._services.pane_input.send_key(view.view_of(pane), KeyEvent(_WHEEL[button]))


def _past_edge(rect: Rect, screen_rows: int, begun: int, row: int) -> int:
    """How many rows a drag is past a pane's edge, negative above it.

    Where the pane ends with the screen, a host terminal can tell of nothing beyond; there the last row
    counts, unless the drag began in it.
    """
    if row < rect.top or (row == 0 == rect.top and begun != row):
        return min(row - rect.top, -1)
    last = rect.bottom - 1
    if row > last or (row == last == screen_rows - 1 and begun != row):
        return max(row - last, 1)
    return 0
