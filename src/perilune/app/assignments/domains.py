"""AttachDomain and DetachDomain, as far as domains can be attached: this machine's always is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.assignments.notices import tell
from perilune.app.assignments.spawn import domain_name
from perilune.base.log import get_logger
from perilune.config.arguments import Domain

if TYPE_CHECKING:
    from perilune.config.options import Config

__all__ = ["HANDLERS"]

_log = get_logger("app.assignments")


def _kind_of(config: Config, name: str) -> str | None:
    """What sort of domain the configuration means by a name that the mux does not know."""
    if any(domain.name == name for domain in config.unix_domains):
        return "unix"
    if any(domain.name == name for domain in config.ssh_domains or ()) or name.startswith(
        ("SSH:", "SSHMUX:")
    ):
        return "ssh"
    if any(domain.name == name for domain in config.tls_clients):
        return "TLS"
    wsl = {domain.name for domain in config.wsl_domains or ()}
    if name in wsl | {domain.name for domain in (*config.exec_domains,)} | {
        port.name for port in config.serial_ports
    }:
        return "foreign"
    return None


def _say(context: ActionContext, text: str) -> None:
    _log.warning("%s", text)
    tell(context, text)


def _attach(context: ActionContext, name: str) -> None:
    mux = context.services.mux
    if name in mux.domains:
        if not any(pane.domain_name == name for pane in mux.panes()):
            mux.spawn_tab(context.view.window, domain=name)
        else:
            _say(context, f"the domain {name} is attached already")
        return
    kind = _kind_of(context.view.config, name)
    if kind is None:
        _say(context, f"there is no domain {name}")
    else:
        _say(context, f"{name} is not attached: {kind} domains are not there yet")


def _detach(context: ActionContext, domain: Domain) -> None:
    name = domain_name(context.services.mux, domain, context.pane)
    if name is None:
        name = "" if context.pane is None else context.pane.domain_name
    if name in context.services.mux.domains:
        _say(context, f"the domain {name} cannot be detached: its programs run in this process")
    else:
        _say(context, f"there is no domain {name} to detach")


HANDLERS: Mapping[str, Handler] = MappingProxyType({"AttachDomain": _attach, "DetachDomain": _detach})
