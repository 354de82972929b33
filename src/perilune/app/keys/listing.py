"""What `show-keys` lists: made from the map that is in force, so that it can show nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from perilune.base.input import Modifiers
from perilune.config.assignment import KeyAssignment
from perilune.config.default_bindings import FALLBACK_TABLE
from perilune.config.input_map import InputMap
from perilune.config.keys import KeyChord

if TYPE_CHECKING:
    from perilune.config.options import Config

__all__ = ["KeyListing", "list_keys"]

_DISABLED = "DisableDefaultAssignment"


class KeyListing(NamedTuple):
    """One assignment.

    Attributes:
        table: the key table that it is in; "" for the keys that always act.
        chord: the chord; with LEADER among its modifiers, pressed after the leader.
        action: what it does; the pseudo-assignment `Leader` for the leader itself.
        is_default: whether it is there without any configuration.
    """

    table: str
    chord: KeyChord
    action: KeyAssignment
    is_default: bool


def list_keys(config: Config, *, with_fallback_leader: bool = True) -> Iterator[KeyListing]:
    """All assignments in force: the leader, the keys that always act, then the key tables.

    Args:
        config: the configuration.
        with_fallback_leader: with what is offered where the host terminal swallows chords.
    """
    maps = InputMap(config, with_fallback_leader=with_fallback_leader)
    if maps.leader is not None:
        yield KeyListing("", maps.leader.chord, KeyAssignment("Leader"), is_default=False)
    listed = {
        chord: KeyListing("", chord, action, is_default=True) for chord, action in maps.defaults.items()
    }
    listed |= {chord: KeyListing("", chord, action, is_default=False) for chord, action in maps.own.items()}
    yield from sorted((item for item in listed.values() if item.action.name != _DISABLED), key=_order)
    for name in sorted(maps.tables, key=lambda table: (table == FALLBACK_TABLE, table)):
        is_default = name not in config.key_tables
        items = [KeyListing(name, chord, action, is_default) for chord, action in maps.tables[name].items()]
        yield from sorted((item for item in items if item.action.name != _DISABLED), key=_order)


def _order(item: KeyListing) -> tuple[int, int, str]:
    chord = item.chord
    return (int(chord.mods & ~Modifiers.LEADER), len(chord.key), chord.key)
