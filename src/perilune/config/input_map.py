"""The key tables and mouse assignments in force: the config's own laid over the defaults.

Looks events up; what an assignment does, and which table is active, is `app`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping

from perilune.base.input import KeyEvent, Modifiers
from perilune.config.assignment import KeyAssignment
from perilune.config.default_bindings import (
    FALLBACK_TABLE,
    default_key_bindings,
    default_key_tables,
    default_mouse_bindings,
    fallback_leader_binding,
    fallback_leader_table,
)
from perilune.config.keys import KeyMap, LeaderKey, chords_of
from perilune.config.mouse import MouseBinding, MouseTrigger
from perilune.config.options import Config

__all__ = ["InputMap"]

_DISABLED = "DisableDefaultAssignment"


class InputMap:
    """All assignments of a configuration.

    Attributes:
        own: the config's `keys`.
        defaults: the default assignments, and the fallback leader.
        tables: the key tables by name.
        leader: the config's leader.
        fallback_leader: the tui's fallback leader, where it is offered.
        mouse: the mouse assignments, the config's first.
    """

    def __init__(self, config: Config, *, with_fallback_leader: bool = False) -> None:
        """Build the maps.

        Args:
            config: the configuration.
            with_fallback_leader: whether the front end receives too few chords, so that `tui_fallback_leader`
                is to be offered. It is there even with `disable_default_key_bindings`: nothing else may work.
        """
        preference = config.key_map_preference
        self.own = KeyMap(config.keys, preference)
        self.leader: LeaderKey | None = config.leader
        defaults = [] if config.disable_default_key_bindings else list(default_key_bindings())
        tables = default_key_tables() | dict(config.key_tables)
        self.fallback_leader = config.tui_fallback_leader if with_fallback_leader else None
        if self.fallback_leader is not None:
            defaults.append(fallback_leader_binding(self.fallback_leader))
            tables.setdefault(FALLBACK_TABLE, fallback_leader_table(self.fallback_leader))
        self.defaults = KeyMap(defaults, preference)
        self.tables: Mapping[str, KeyMap] = {
            name: KeyMap(bindings, preference) for name, bindings in tables.items()
        }
        standard = () if config.disable_default_mouse_bindings else default_mouse_bindings()
        self.mouse: tuple[MouseBinding, ...] = (*reversed(config.mouse_bindings), *standard)

    def lookup(self, event: KeyEvent) -> KeyAssignment | None:
        """The assignment of a key while no key table takes it; LEADER counts if it is among its modifiers."""
        found = self.own.lookup(event)
        if found is None:
            found = self.defaults.lookup(event)
        return None if found is None or found.name == _DISABLED else found

    def lookup_table(self, name: str, event: KeyEvent) -> KeyAssignment | None:
        """The assignment of a key in a key table."""
        table = self.tables.get(name)
        return None if table is None else table.lookup(event)

    def is_leader(self, event: KeyEvent) -> bool:
        """Whether the key is the config's leader."""
        if self.leader is None:
            return False
        chord = self.leader.chord
        return any(
            found[:2] == chord[:2] and chord.kind in {"either", found.kind} for found in chords_of(event)
        )

    def lookup_mouse(
        self, trigger: MouseTrigger, mods: Modifiers, *, mouse_reporting: bool, alt_screen: bool
    ) -> KeyAssignment | None:
        """The assignment of a mouse event.

        Args:
            trigger: press, release or drag, its streak and button.
            mods: modifiers held.
            mouse_reporting: whether the program in the pane gets the mouse.
            alt_screen: whether it shows the alternate screen.
        """
        held = mods & (Modifiers.SHIFT | Modifiers.ALT | Modifiers.CTRL | Modifiers.SUPER | Modifiers.LEADER)
        for binding in self.mouse:
            if (
                binding.event == trigger
                and binding.mods == held
                and binding.mouse_reporting == mouse_reporting
                and binding.alt_screen in {None, alt_screen}
            ):
                return None if binding.action.name == _DISABLED else binding.action
        return None
