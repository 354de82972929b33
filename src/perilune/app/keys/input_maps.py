"""The assignments in force per window, built once per configuration. Mux thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perilune.app.front_end import FrontEnd
from perilune.app.window_view import WindowView
from perilune.config.input_map import InputMap

if TYPE_CHECKING:
    from perilune.config.options import Config

__all__ = ["InputMaps"]


class InputMaps:
    """Answers for the assignments of a window; windows without overrides share one map."""

    def __init__(self, front_end: FrontEnd) -> None:
        self._front_end = front_end
        self._kept: dict[tuple[int, str], tuple[Config, InputMap]] = {}

    def input_map(self, view: WindowView) -> InputMap:
        """The assignments in force in a window."""
        config = view.config
        keyboard = self._front_end.keyboard
        key = (id(config), keyboard)
        found = self._kept.get(key)
        if found is None or found[0] is not config:
            found = (config, InputMap(config, with_fallback_leader=keyboard == "legacy"))
            if len(self._kept) > 16:
                self._kept.clear()  # configurations of reloads past
            self._kept[key] = found
        return found[1]
