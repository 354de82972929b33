"""Key assignments: their names and arguments checked, modifiers permuted."""

from __future__ import annotations

from itertools import product

from perilune.config.assignment import ASSIGNMENTS, parse_assignment
from perilune.config.problems import ConfigError, nearest, suggestion
from perilune.lua.functions import ApiError, lua_function
from perilune.lua.host_api import HostApi

__all__ = ["KeysApi"]


class KeysApi:
    """What `boot/action.lua` asks."""

    def __init__(self, host: HostApi) -> None:
        self._host = host

    @lua_function("sys.unknown_assignment")
    def unknown(self, name: str) -> tuple[str | None, bool | None]:
        """Nil for a name that exists, else the rest of the sentence; whether it takes an argument."""
        shape = ASSIGNMENTS.get(name)
        if shape is None:
            return suggestion(nearest(name, ASSIGNMENTS)) or "; see the documentation of KeyAssignment", None
        return None, shape.form is not None

    @lua_function("sys.check_assignment")
    def check(self, value: object) -> str | None:
        """What is wrong with an assignment's argument."""
        try:
            parse_assignment(value)
        except ConfigError as error:
            return error.message
        return None

    @lua_function("sys.has_action")
    def has_action(self, name: str) -> bool:
        """Whether the assignment exists."""
        return name in ASSIGNMENTS

    @lua_function("sys.permute")
    def permute(self, binding: dict[object, object], with_none: bool) -> list[object]:
        """A binding for every combination of modifiers."""
        if "key" not in binding and "event" not in binding:
            raise ApiError("wezterm.permute_any_mods: expected a key or mouse binding")
        found: list[object] = []
        for ctrl, shift, alt, super_ in product((False, True), repeat=4):  # in WezTerm's order
            held = (("SHIFT", shift), ("ALT", alt), ("CTRL", ctrl), ("SUPER", super_))
            mods = "|".join(name for name, is_held in held if is_held)
            if mods or with_none:
                found.append({**binding, "mods": mods or "NONE"})
        return found

    @lua_function("wezterm.gui.default_keys")
    def default_keys(self) -> list[object]:
        """The default key assignments."""
        return list(self._host.default_keys())

    @lua_function("wezterm.gui.default_key_tables")
    def default_key_tables(self) -> dict[str, object]:
        """The default key tables."""
        return dict(self._host.default_key_tables())
