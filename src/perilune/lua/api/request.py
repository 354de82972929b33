"""SpawnCommand tables, as spawn_window, spawn_tab and split take them."""

from __future__ import annotations

from collections.abc import Mapping

from perilune.lua.convert import lua_kind
from perilune.lua.functions import ApiError
from perilune.lua.host_api import SpawnRequest

__all__ = ["spawn_request"]


def spawn_request(who: str, options: Mapping[str, object]) -> SpawnRequest:
    """Read the common fields; unknown ones are left to the caller.

    Raises:
        ApiError: a field of the wrong type.
    """

    def wrong(name: str, expected: str) -> ApiError:
        return ApiError(f"{who}: {name}: expected {expected}, got {lua_kind(options.get(name))}")

    def text(name: str) -> str | None:
        value = options.get(name)
        if value is None:
            return None
        if isinstance(value, str):
            return str(value)
        raise wrong(name, "a string")

    def number(name: str) -> int | None:
        value = options.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return int(value)
        raise wrong(name, "a number")

    args = options.get("args")
    if args == {}:
        args = None
    if args is not None and not (isinstance(args, list) and all(isinstance(item, str) for item in args)):
        raise wrong("args", "a list of strings")
    environment = options.get("set_environment_variables") or {}
    if not isinstance(environment, dict):
        raise wrong("set_environment_variables", "a table")
    position = options.get("position")
    if position is not None and not isinstance(position, dict):
        raise wrong("position", "a table")
    return SpawnRequest(
        args=tuple(args) if args else None,
        cwd=text("cwd"),
        environment={str(name): str(value) for name, value in environment.items()},
        domain=_domain(who, options.get("domain")),
        workspace=text("workspace"),
        width=number("width"),
        height=number("height"),
        position=position,
    )


def _domain(who: str, value: object) -> str | None:
    if value is None or value == "CurrentPaneDomain":
        return None
    if value == "DefaultDomain":
        return "DefaultDomain"
    if isinstance(value, dict) and isinstance(value.get("DomainName"), str):
        return str(value["DomainName"])
    raise ApiError(f"{who}: domain: expected 'CurrentPaneDomain', 'DefaultDomain' or {{DomainName='...'}}")
