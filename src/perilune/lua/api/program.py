"""What the boot files ask of Python, and what of `wezterm` concerns the program itself."""

from __future__ import annotations

import os
import platform
import re
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

import perilune
from perilune.base.clock import Clock
from perilune.base.color import TRANSPARENT_NAMES, parse_color
from perilune.base.log import LEVELS, get_logger
from perilune.config.options import Config
from perilune.config.problems import nearest, suggestion
from perilune.lua.api.color_image import ImageColors
from perilune.lua.api.plugin import PluginCache
from perilune.lua.api.stored import Stored
from perilune.lua.functions import ApiError, lua_function
from perilune.lua.host_api import HostApi
from perilune.lua.work import BLOCKED_SECONDS, Sleep, block_on

if TYPE_CHECKING:
    from perilune.lua.state import LuaState

__all__ = ["Program", "ProgramApi"]

_log = get_logger("lua")
_LONGEST_LOG = 64 << 10
_SHOWN = {"sys.popen": "io.popen", "sys.execute": "os.execute", "sys.plugin_fetch": "wezterm.plugin.require"}


class Program:
    """What API functions of every Lua state work with.

    Attributes:
        host: the program behind windows, tabs and panes.
        clock: the time.
        stored: `wezterm.GLOBAL`, which outlives Lua states.
        images: what was found in images.
        plugins: those in the local cache.
        screen: asked before something is waited for or started (a child, a sleep), with the function's name
            and arguments: an answer to be given instead, or None to go on. For who only looks at a config.
    """

    screen: Callable[[str, Sequence[object]], tuple[object, ...] | None] | None = None

    def __init__(self, host: HostApi, clock: Clock, call_after: Callable[[object, float, int], None]) -> None:
        self.host = host
        self.clock = clock
        self.stored = Stored()
        self.images = ImageColors()
        self.plugins = PluginCache(os.environ, Path.home())
        self.call_after = call_after

    def config_directories(self) -> list[Path]:
        """The configuration folders, Perilune's first."""
        home = os.environ.get("XDG_CONFIG_HOME", "")
        base = Path(home) if os.path.isabs(home) else Path.home() / ".config"  # noqa: PTH117 - a string
        return [base / "perilune", base / "wezterm", Path.home() / ".wezterm"]


def _target_triple() -> str:
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine())
    system = "apple-darwin" if sys.platform == "darwin" else "unknown-linux-gnu"
    if sys.platform.startswith("freebsd"):
        system = "unknown-freebsd"
    return f"{machine}-{system}"


def _is_wsl() -> bool:
    try:
        return "microsoft" in Path("/proc/sys/kernel/osrelease").read_text(encoding="utf-8").lower()
    except OSError:
        return False


_VERSION = f"20250209-000000-perilune-{perilune.__version__}"
"""Configs compare it with the dates of WezTerm's releases: it names the day whose features are here."""


class ProgramApi:
    """The functions for the boot files, for one Lua state."""

    def __init__(self, program: Program, state: LuaState) -> None:
        self._program = program
        self._state = state
        self._blocking: set[str] = set()

    @lua_function("sys.constants")
    def constants(self) -> dict[str, object]:
        """The fields of `wezterm` that are values."""
        path = self._state.path
        default = self._program.config_directories()[0]
        return {
            "target_triple": _target_triple(),
            "home_dir": str(Path.home()),
            "config_dir": str(path.parent if path is not None else default),
            "config_file": str(path) if path is not None else str(default / "perilune.lua"),
            "executable_dir": str(Path(sys.executable).parent),
            "version": _VERSION,
        }

    @lua_function("sys.watch")
    def watch(self, path: str) -> None:
        """A file was read as Lua source."""
        self._state.watch(path)

    @lua_function("wezterm.add_to_config_reload_watch_list")
    def add_to_watch_list(self, path: str, *more: object) -> None:
        """Reload when one of the files changes."""
        paths = [path, *(str(item) for item in more)]
        for item in paths:
            self._state.watch(item)
        if self._state.is_loaded:
            self._program.host.watch_files(paths)

    @lua_function("sys.log")
    def log(self, level: str, text: str) -> None:
        """A line for the log."""
        _log.log(
            LEVELS.get(level, 20), "%s", text if len(text) <= _LONGEST_LOG else text[:_LONGEST_LOG] + "..."
        )

    @lua_function("sys.warn")
    def warn(self, text: str) -> None:
        """Something is wrong with the config, though not so wrong that it does not load."""
        self._state.warn(text)

    @lua_function("sys.event_registered")
    def event_registered(self, name: str) -> None:
        """The first handler of an event."""
        self._state.note_event(name)

    @lua_function("sys.call_after")
    def call_after(self, seconds: float, number: int) -> None:
        """Run timer `number` later."""
        self._program.call_after(self._state, seconds, number)

    @lua_function("sys.block")
    def block(self, name: str, *values: object) -> tuple[object, ...]:
        """A suspending function where nothing can be suspended: (true, answers...) or (false, message)."""
        shown = _SHOWN.get(name, name)
        if self._state.is_loaded and name not in self._blocking:
            self._blocking.add(name)
            _log.warning("%s is called where Lua cannot wait: it holds up all other handlers", shown)
        try:
            answer = block_on(self._state.request(name, values))
        except ApiError as error:
            return False, str(error)
        if answer is None:
            return False, f"{shown}: not done after {BLOCKED_SECONDS:.0f} seconds where Lua cannot wait"
        return (True, *answer)

    @lua_function("wezterm.sleep_ms", suspends=True)
    def sleep_ms(self, milliseconds: float) -> Sleep:
        """Let this handler wait."""
        return Sleep(max(milliseconds, 0.0) / 1000)

    @lua_function("sys.check_option")
    def check_option(self, name: str, value: object) -> str | None:
        """What is wrong with an assignment to a config_builder's table in strict mode."""
        if name not in Config.accepted:
            return f"unknown option '{name}'{suggestion(nearest(name, Config.accepted))}"
        if value is not None:
            problems = Config.from_mapping({name: value})[1]
            if problems:
                return problems[0].message
        return None

    @lua_function("sys.rgb")
    def rgb(self, text: str) -> str:
        """A colour for SGR, or "none"; one that cannot be read is white, as in WezTerm."""
        if text.strip().lower() in TRANSPARENT_NAMES:
            return "none"
        try:
            red, green, blue = parse_color(text)
        except ValueError as error:
            _log.warning("%s; white is used", error)
            return "255;255;255"
        return f"{red};{green};{blue}"

    @lua_function("sys.check_url")
    def check_url(self, text: str) -> str:
        """The text, if it is a URL, in the form that WHATWG's standard gives it."""
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
            raise ApiError(f"wezterm.url.parse: {text!r} is not an absolute URL")
        try:
            return _normal_url(text)
        except ValueError as error:
            raise ApiError(f"wezterm.url.parse: {text!r}: {error}") from error

    @lua_function("sys.url_fields")
    def url_fields(self, text: str) -> dict[str, object]:
        """The fields of a Url object; absent ones are nil."""
        try:
            parts = urlsplit(text)
        except ValueError:
            return {"scheme": "", "path": text, "file_path": text, "username": ""}
        fields: dict[str, object] = {
            "scheme": parts.scheme,
            "path": parts.path,
            "username": parts.username or "",
            "password": parts.password,
            "host": parts.hostname or None,
            "port": parts.port,
            "fragment": parts.fragment or None,
            "query": parts.query or None,
        }
        if parts.path.startswith("/") or parts.scheme in {"file", ""}:
            fields["file_path"] = unquote(parts.path, errors="surrogateescape")
        return fields

    @lua_function("sys.nerdfont")
    def nerdfont(self, name: str) -> str | None:
        """A glyph by WezTerm's name of it, md_folder."""
        icons = _nerdfont_icons()
        family, underscore, rest = name.partition("_")
        if not underscore:
            return None
        found = icons.get(f"nf-{family}-{rest}")
        if found is None and family == "mdi":  # the names of Nerd Fonts 2
            found = icons.get(f"nf-md-{rest}")
        return found

    @lua_function("sys.nerdfonts")
    def nerdfonts(self) -> dict[str, str]:
        """All glyphs."""
        return {
            name[3:].replace("-", "_", 1): glyph
            for name, glyph in _nerdfont_icons().items()
            if name.startswith("nf-")
        }

    @lua_function("wezterm.hostname")
    def hostname(self) -> str:
        """The machine's name."""
        return socket.gethostname()

    @lua_function("wezterm.running_under_wsl")
    def running_under_wsl(self) -> bool:
        """Whether Linux runs inside Windows."""
        return _is_wsl()

    @lua_function("wezterm.reload_configuration")
    def reload_configuration(self) -> None:
        """Ask for a reload."""
        if self._state.is_loaded:  # while loading it would never end
            self._program.host.reload_configuration()

    @lua_function("wezterm.perilune.ledger")
    def ledger(self, limit: int = 100) -> list[object]:
        """Why title callbacks ran: the last runs, oldest first."""
        return [dict(row) for row in self._program.host.ledger(limit)]

    @lua_function("wezterm.open_with")
    def open_with(self, target: str, application: str | None = None) -> None:
        """Open a file or URL with the desktop's application, or with the one named."""
        self._program.host.open_uri(target, application)


_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_KEPT = "!$%&'()*+,-./:;=?@[]\\^_|~"
"""What a path, query or fragment may hold beside letters and digits."""


def _normal_url(text: str) -> str:
    parts = urlsplit(text.strip())
    port = parts.port  # raises ValueError for what is none
    if parts.scheme not in _PORTS and parts.scheme != "file":
        return text
    login, at, _ = parts.netloc.rpartition("@")
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    if parts.scheme == "file" and host == "localhost":
        host = ""
    elif not host and parts.scheme != "file":
        raise ValueError("there is no host")
    path, query, fragment = (
        quote(part, safe=_KEPT, errors="surrogateescape")
        for part in (parts.path, parts.query, parts.fragment)
    )
    tail = (f"?{query}" if parts.query else "") + (f"#{fragment}" if parts.fragment else "")
    return f"{parts.scheme}://{login}{at}{host}{path or '/'}{tail}"


def _nerdfont_icons() -> dict[str, str]:
    from nerdfont import icons  # noqa: PLC0415 - 20 thousand entries, for configs that ask

    found: dict[str, str] = icons
    return found
