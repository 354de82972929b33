"""Mouse events of a native window as `base.input.MouseEvent`: buttons, cells, and wheels of any resolution.

Pure; the window's geometry is given with each event. Mux thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from perilune.base.input import Modifiers, MouseButton, MouseEvent, MouseKind

if TYPE_CHECKING:
    from perilune.render.geometry import Geometry

__all__ = ["BUTTONS", "WheelSteps", "held_button", "modifiers_of", "mouse_event"]

BUTTONS = {
    Qt.MouseButton.LeftButton: MouseButton.LEFT,
    Qt.MouseButton.MiddleButton: MouseButton.MIDDLE,
    Qt.MouseButton.RightButton: MouseButton.RIGHT,
    Qt.MouseButton.BackButton: MouseButton.BACK,
    Qt.MouseButton.ForwardButton: MouseButton.FORWARD,
}
_NOTCH = 120  # Qt's angle of a wheel's click, in eighths of a degree


def modifiers_of(modifiers: Qt.KeyboardModifier) -> Modifiers:
    """The modifiers held."""
    mods = Modifiers.NONE
    for theirs, ours in (
        (Qt.KeyboardModifier.ShiftModifier, Modifiers.SHIFT),
        (Qt.KeyboardModifier.AltModifier, Modifiers.ALT),
        (Qt.KeyboardModifier.ControlModifier, Modifiers.CTRL),
        (Qt.KeyboardModifier.MetaModifier, Modifiers.SUPER),
    ):
        if modifiers & theirs:
            mods |= ours
    return mods


def held_button(buttons: Qt.MouseButton) -> MouseButton:
    """The button that a move is a drag of."""
    return next((ours for theirs, ours in BUTTONS.items() if buttons & theirs), MouseButton.NONE)


def mouse_event(
    geometry: Geometry, x: float, y: float, button: MouseButton, kind: MouseKind, mods: Modifiers
) -> MouseEvent:
    """An event at a place of the window, in device pixels; places outside belong to the nearest cell."""
    row, col, _, _ = geometry.cell_at(int(x), int(y))
    # Pixels count from the first cell, as terminals report them.
    width, height = geometry.cols * geometry.cell_width, geometry.rows * geometry.cell_height
    x_px = min(max(int(x) - geometry.left, 0), max(width - 1, 0))
    y_px = min(max(int(y) - geometry.top, 0), max(height - 1, 0))
    return MouseEvent(row, col, button, kind, mods, x_px, y_px)


class WheelSteps:
    """Gathers what a wheel or touch pad turns until it is a step; a rest does not change direction."""

    def __init__(self) -> None:
        self._vertical = 0.0
        self._horizontal = 0.0

    def add(
        self, angle: tuple[int, int], pixels: tuple[int, int], cell: tuple[int, int]
    ) -> list[MouseButton]:
        """The steps that are complete.

        Args:
            angle: horizontal and vertical turn, 120 for a wheel's click.
            pixels: likewise in pixels, for devices that know; (0, 0) otherwise.
            cell: width and height of a cell, pixels.
        """
        if pixels != (0, 0):
            across, down = pixels[0] / max(cell[0], 1), pixels[1] / max(cell[1], 1)
        else:
            across, down = angle[0] / _NOTCH, angle[1] / _NOTCH
        return [
            *self._steps("_vertical", down, MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN),
            *self._steps("_horizontal", across, MouseButton.WHEEL_LEFT, MouseButton.WHEEL_RIGHT),
        ]

    def reset(self) -> None:
        """The fingers have left."""
        self._vertical = self._horizontal = 0.0

    def _steps(self, axis: str, turn: float, more: MouseButton, less: MouseButton) -> list[MouseButton]:
        if not turn:
            return []
        gathered: float = getattr(self, axis)
        if gathered * turn < 0:
            gathered = 0.0
        gathered += turn
        whole = int(gathered)
        setattr(self, axis, gathered - whole)
        return [more if whole > 0 else less] * abs(whole)
