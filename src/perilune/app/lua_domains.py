"""The domains that scripts see: those of the mux, and those that the configuration names beside them.

A configured domain that the mux has none for is known by name and Detached. Pure but for reading ssh's files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.lua.host_api import DomainState

if TYPE_CHECKING:
    from perilune.config.options import Config

__all__ = ["domain_states"]


def _configured(config: Config) -> Iterator[tuple[str, str]]:
    """Names and labels, in the order in which WezTerm makes them."""
    for unix in config.unix_domains:
        yield unix.name, f"unix mux server {unix.name}"
    if config.ssh_domains is None:
        from perilune.lua.api.ssh import ssh_domains, ssh_hosts  # noqa: PLC0415 - for scripts that ask

        hosts, _ = ssh_hosts([Path.home() / ".ssh/config", Path("/etc/ssh/ssh_config")], Path.home())
        for made in ssh_domains(list(hosts)):
            yield made["name"], f"ssh {made['remote_address']}"
    else:
        for ssh in config.ssh_domains:
            yield ssh.name, f"ssh {ssh.remote_address}"
    for tls in config.tls_clients:
        yield tls.name, f"TLS {tls.remote_address}"
    for table in (*(config.wsl_domains or ()), *config.exec_domains):
        name = table.get("name") if isinstance(table, Mapping) else getattr(table, "name", None)
        if isinstance(name, str):
            yield name, name


def domain_states(
    config: Config, names: Sequence[str], default: str, used: frozenset[str]
) -> tuple[DomainState, ...]:
    """Every domain, the default one first; ids go by the order of the mux, then of the configuration.

    Args:
        config: what names domains.
        names: those that the mux has.
        default: the name of the mux's default domain.
        used: names of domains with panes.
    """
    found = {
        name: DomainState(number, name, name, "Attached", is_spawnable=True, has_any_panes=name in used)
        for number, name in enumerate(names)
    }
    for name, label in _configured(config):
        if name not in found:
            found[name] = DomainState(
                len(found), name, label, "Detached", is_spawnable=True, has_any_panes=False
            )
    return tuple(sorted(found.values(), key=lambda domain: domain.name != default))
