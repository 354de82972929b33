"""How assignments start programs: from a SpawnCommand to what the mux wants. No assignment of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from perilune.config.arguments import Domain, SpawnCommand
from perilune.mux.errors import MuxError

if TYPE_CHECKING:
    from perilune.mux.mux import Mux
    from perilune.mux.pane import Pane

__all__ = ["Spawn", "domain_name", "resolve_spawn"]


class Spawn(NamedTuple):
    """What the mux is asked for."""

    command: tuple[str, ...] | None
    cwd: str | None
    env: Mapping[str, str]
    domain: str | None


def domain_name(mux: Mux, domain: Domain, pane: Pane | None) -> str | None:
    """The name of a domain as assignments write it; None leaves it to the mux (the current pane's).

    Raises:
        MuxError: there is no such domain.
    """
    match domain.kind:
        case "CurrentPaneDomain":
            return None if pane is not None else mux.default_domain
        case "DefaultDomain":
            return mux.default_domain
        case "DomainName":
            return str(domain.value)
        case _:
            names = list(mux.domains)
            number = int(domain.value)
            if not 0 <= number < len(names):
                raise MuxError(f"there is no domain with id {number}")
            return names[number]


def resolve_spawn(mux: Mux, command: SpawnCommand, pane: Pane | None) -> Spawn:
    """What to start for a SpawnCommand, seen from a pane."""
    return Spawn(
        command.args or None,
        command.cwd,
        command.set_environment_variables,
        domain_name(mux, command.domain, pane),
    )
