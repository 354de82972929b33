"""Easing and blinking: how strong something is at a moment, and when to look again. Pure functions.

Nothing here arms a timer: who draws asks for the next moment, and where nothing blinks there is none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.config.options.terminal import Easing, VisualBell

__all__ = ["Blink", "ease", "flash"]

_NAMED = {
    "Linear": (0.0, 0.0, 1.0, 1.0),
    "Ease": (0.25, 0.1, 0.25, 1.0),
    "EaseIn": (0.42, 0.0, 1.0, 1.0),
    "EaseInOut": (0.42, 0.0, 0.58, 1.0),
    "EaseOut": (0.0, 0.0, 0.58, 1.0),
}


def ease(function: Easing, at: float) -> float:
    """How far something is when `at` of its time is over, both 0-1, as CSS has it.

    >>> ease("Linear", 0.25), ease("Constant", 0.9), round(ease("EaseInOut", 0.5), 6)
    (0.25, 1.0, 0.5)
    """
    if function == "Constant":
        return 1.0
    if at <= 0.0:
        return 0.0
    if at >= 1.0:
        return 1.0
    x1, y1, x2, y2 = _NAMED[function] if isinstance(function, str) else function
    if x1 == y1 and x2 == y2:
        return at
    x1, x2 = min(max(x1, 0.0), 1.0), min(max(x2, 0.0), 1.0)
    low, high = 0.0, 1.0
    t = at
    for _ in range(30):  # bisection: the curve's x grows with t
        x = 3 * (1 - t) ** 2 * t * x1 + 3 * (1 - t) * t * t * x2 + t**3
        if abs(x - at) < 1e-6:
            break
        if x < at:
            low = t
        else:
            high = t
        t = (low + high) / 2
    return 3 * (1 - t) ** 2 * t * y1 + 3 * (1 - t) * t * t * y2 + t**3


@dataclass(frozen=True, slots=True)
class Blink:
    """Something that blinks.

    Attributes:
        rate_ms: of each half: going, then coming back; 0: it does not blink.
        ease_in: how it comes on; `ease_out` likewise.
        fps: steps a second while it comes and goes; 1: no steps.
    """

    rate_ms: int
    ease_in: Easing
    ease_out: Easing
    fps: int

    def at(self, seconds: float) -> tuple[float, float]:
        """How visible it is so long after it was fully on, 0-1, and in how many seconds to look again.

        >>> Blink(500, "Constant", "Constant", 10).at(0.75)
        (0.0, 0.25)
        >>> Blink(500, "Linear", "Linear", 10).at(0.125)
        (0.75, 0.1)
        """
        if self.rate_ms <= 0:
            return 1.0, math.inf
        half = self.rate_ms / 1000
        within = math.fmod(max(seconds, 0.0), 2 * half)
        is_coming = within >= half
        part = (within - half if is_coming else within) / half
        left = max(half * (1.0 - part), 0.001)
        function = self.ease_in if is_coming else self.ease_out
        if self.fps <= 1 or function == "Constant":
            # It begins visible, so that what is typed is seen at once.
            return (0.0 if is_coming else 1.0), left
        strength = ease(function, part) if is_coming else 1.0 - ease(function, part)
        return min(max(strength, 0.0), 1.0), min(1 / self.fps, left)


def flash(bell: VisualBell, seconds: float, fps: int) -> tuple[float, float]:
    """How strong a visual bell is so long after it rang, and when to look again (inf: it is over).

    >>> from perilune.config.options.terminal import VisualBell
    >>> flash(VisualBell(fade_out_duration_ms=100), 0.05, 60)[0]
    0.5
    """
    into, out = bell.fade_in_duration_ms / 1000, bell.fade_out_duration_ms / 1000
    step = 1 / max(fps, 1)
    if seconds < into:
        return ease(bell.fade_in_function, seconds / into), min(step, into - seconds) or step
    seconds -= into
    if seconds < out:
        return 1.0 - ease(bell.fade_out_function, seconds / out), min(step, out - seconds) or step
    return 0.0, math.inf
