"""Files as configs list them."""

from __future__ import annotations

import glob as globbing
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.config.options.terminal import DEFAULT_HYPERLINK_RULES
from perilune.lua.api.program import Program
from perilune.lua.api.ssh import ssh_domains, ssh_hosts
from perilune.lua.functions import ApiError, lua_function

if TYPE_CHECKING:
    from perilune.lua.state import LuaState

__all__ = ["FileApi"]

_GLOB_SECONDS = 5.0
_MOST_PATHS = 100_000


class FileApi:
    """`wezterm.glob` and `wezterm.read_dir`, and what the machine's files tell."""

    def __init__(self, program: Program, state: LuaState) -> None:
        self._program = program
        self._state = state

    @lua_function("wezterm.glob")
    def glob(self, pattern: str, relative_to: str | None = None) -> list[object]:
        """Paths that match; relative ones below `relative_to`, and then without it."""
        end = time.monotonic() + _GLOB_SECONDS
        found: set[str] = set()
        for path in globbing.iglob(pattern, root_dir=relative_to, recursive=True):  # noqa: PTH207 - names as text
            found.add(path)
            if time.monotonic() > end or len(found) > _MOST_PATHS:
                raise ApiError(f"wezterm.glob: {pattern}: there are too many files to look at")
        return [*sorted(found)]

    @lua_function("wezterm.read_dir")
    def read_dir(self, path: str) -> list[object]:
        """Absolute paths of what a folder holds."""
        try:
            return [str(Path(path) / name) for name in sorted(os.listdir(path))]  # noqa: PTH208 - names as text
        except OSError as error:
            raise ApiError(f"wezterm.read_dir: {path}: {error.strerror}") from error

    @lua_function("wezterm.battery_info")
    def battery_info(self) -> list[object]:
        """Every battery; an empty list without one."""
        found: list[object] = []
        for supply in sorted(Path("/sys/class/power_supply").glob("*")):
            if _line(supply / "type") != "Battery":
                continue
            found.append(
                {
                    "state_of_charge": _number(supply / "capacity", 0.0) / 100,
                    "vendor": _line(supply / "manufacturer") or "unknown",
                    "model": _line(supply / "model_name") or "unknown",
                    "serial": _line(supply / "serial_number") or "unknown",
                    "state": _line(supply / "status") or "Unknown",
                    **_remaining(supply),
                }
            )
        return found

    @lua_function("wezterm.enumerate_ssh_hosts")
    def enumerate_ssh_hosts(self, *config_files: object) -> dict[str, object]:
        """Hosts with a name of their own in ssh's configuration, each with its options."""
        given = [Path(str(item)).expanduser() for item in config_files]
        hosts, read = ssh_hosts([*given, *self._ssh_files()], Path.home())
        for path in read:
            self._state.watch(str(path))
        return dict(hosts)

    @staticmethod
    def _ssh_files() -> list[Path]:
        return [Path.home() / ".ssh/config", Path("/etc/ssh/ssh_config")]

    @lua_function("wezterm.default_ssh_domains")
    def default_ssh_domains(self) -> list[object]:
        """Two domains for every ssh host."""
        return [*ssh_domains(list(ssh_hosts(self._ssh_files(), Path.home())[0]))]

    @lua_function("wezterm.default_wsl_domains")
    def default_wsl_domains(self) -> list[object]:
        """None outside Windows."""
        return []

    @lua_function("wezterm.default_hyperlink_rules")
    def default_hyperlink_rules(self) -> list[object]:
        """The rules in force without `hyperlink_rules`."""
        return [dict(rule.items()) for rule in DEFAULT_HYPERLINK_RULES]


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _number(path: Path, default: float) -> float:
    try:
        return float(_line(path))
    except ValueError:
        return default


def _remaining(supply: Path) -> dict[str, float]:
    rate = _number(supply / "power_now", 0.0) or _number(supply / "current_now", 0.0)
    now = _number(supply / "energy_now", 0.0) or _number(supply / "charge_now", 0.0)
    full = _number(supply / "energy_full", 0.0) or _number(supply / "charge_full", 0.0)
    if rate <= 0:
        return {}
    if _line(supply / "status") == "Discharging":
        return {"time_to_empty": now / rate * 3600}
    return {"time_to_full": max(full - now, 0.0) / rate * 3600}
