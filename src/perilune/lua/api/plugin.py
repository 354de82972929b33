"""`wezterm.plugin`: plugins in a local cache, fetched by git into it, on another thread and within bounds.

A fetch that fails is no error of the config's: the cached copy is used, and without one a placeholder stands
for the plugin, with a warning that says why. Folders written as file:// are used where they are, without git.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from perilune.base.log import get_logger
from perilune.lua.functions import ApiError, lua_function
from perilune.lua.work import Work

if TYPE_CHECKING:
    from perilune.lua.state import LuaState

__all__ = ["PluginApi", "PluginCache", "decode_plugin_url", "encode_plugin_url"]

_log = get_logger("lua")
_SECONDS = 60.0
_ENCODED = {"/": "sZs", "\\": "sZs", ":": "sCs", ".": "sDs"}
_DECODED = {"sZs": "/", "sCs": ":", "sDs": "."}
_REMOTE = re.compile(r"^\s*url\s*=\s*(\S+)\s*$", re.MULTILINE)
_MAIN = "plugin/init.lua"


class PluginCache:
    """The folders where plugins lie, and git.

    Attributes:
        may_fetch: whether git may be asked for what is not there; only the running program sets it.
    """

    def __init__(self, environment: Mapping[str, str], home: Path, *, may_fetch: bool = False) -> None:
        self._environment = environment
        self._home = home
        self.may_fetch = may_fetch

    @property
    def directories(self) -> tuple[Path, ...]:
        """Ours, which git writes to, then WezTerm's."""
        data = self._environment.get("XDG_DATA_HOME", "")
        base = Path(data) if os.path.isabs(data) else self._home / ".local/share"  # noqa: PTH117 - a string
        return base / "perilune/plugins", base / "wezterm/plugins"

    def find(self, url: str) -> Path | None:
        """The folder of a plugin that is there."""
        folders = [place / encode_plugin_url(url) for place in self.directories]
        if url.startswith("file://"):
            folders.insert(0, Path(unquote(urlsplit(url).path)))
        return next((folder for folder in folders if (folder / _MAIN).is_file()), None)

    def listing(self) -> list[tuple[str, Path]]:
        """URL and folder of every plugin in the cache."""
        found: dict[str, tuple[str, Path]] = {}
        for place in self.directories:
            if place.is_dir():
                for item in sorted(place.iterdir()):
                    if item.is_dir() and not item.name.startswith("."):
                        found.setdefault(item.name, (_remote(item) or decode_plugin_url(item.name), item))
        return list(found.values())

    def fetch(self, url: str) -> Path:
        """Clone a plugin into the cache.

        Raises:
            ApiError: no URL that plugins may have, or git failed; says what it said.
        """
        if urlsplit(url).scheme not in {"https", "http", "file"}:
            raise ApiError("the URL must begin with https://, http:// or file://")
        place = self.directories[0]
        target = place / encode_plugin_url(url)
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=place, prefix=".new-") as folder:
                made = Path(folder) / "plugin"
                self._git("clone", "--quiet", "--depth=1", "--recurse-submodules", "--", url, str(made))
                if not (made / _MAIN).is_file():
                    raise ApiError(f"the repository has no {_MAIN}")
                if target.exists():  # another load was faster, or it was broken
                    shutil.rmtree(target) if not (target / _MAIN).is_file() else None
                if not target.exists():
                    made.rename(target)
        except OSError as error:
            raise ApiError(str(error)) from error
        _log.info("fetched the plugin %s", url)
        return target

    def update(self) -> list[str]:
        """Bring every plugin of ours up to date; what went wrong, a line each."""
        failures: list[str] = []
        for url, folder in self.listing():
            if folder.parent == self.directories[0] and (folder / ".git").exists():
                try:
                    self._git("-C", str(folder), "pull", "--quiet", "--rebase", "--recurse-submodules")
                except (ApiError, OSError) as error:
                    failures.append(f"{url}: {error}")
        return failures

    def _git(self, *arguments: str) -> None:
        """Run git without anyone to ask, for a bounded time."""
        environment = {
            **self._environment,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "GIT_ALLOW_PROTOCOL": "https:http:file",
            "LC_ALL": "C",
        }
        command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "credential.helper=", *arguments]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
                env=environment,
            )
        except FileNotFoundError as error:
            raise ApiError("git is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise ApiError(f"git took more than {_SECONDS:.0f} seconds") from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            fatal = next((line for line in said if line.startswith(("fatal:", "error:"))), "")
            raise ApiError(fatal or (said[-1] if said else f"git ended with status {done.returncode}"))


class PluginApi:
    """`wezterm.plugin`."""

    def __init__(self, cache: PluginCache, state: LuaState) -> None:
        self._cache = cache
        self._state = state

    @lua_function("sys.plugin_path")
    def plugin_path(self, url: str) -> tuple[object, ...]:
        """The plugin's main file and folder, local or cached; (nil, nil) if there is none."""
        folder = self._cache.find(url)
        return (None, None) if folder is None else (str(folder / _MAIN), str(folder))

    @lua_function("sys.plugin_fetch", suspends=True)
    def plugin_fetch(self, url: str, where: str = "") -> Work:
        """Fetch it: main file and folder; (nil, nil) and a warning if that cannot be."""

        def run() -> tuple[object, ...]:
            reason = "is not in the local cache"
            if self._cache.may_fetch:
                try:
                    folder = self._cache.fetch(url)
                except ApiError as error:
                    reason = f"cannot be fetched ({error})"
                else:
                    return str(folder / _MAIN), str(folder)
            self._state.warn(f"{where}the plugin {url} {reason}; a placeholder stands for it")
            return None, None

        return Work(run)

    @lua_function("wezterm.plugin.list")
    def plugin_list(self) -> list[object]:
        """The plugins in the cache."""
        return [
            {"url": url, "component": folder.name, "plugin_dir": str(folder)}
            for url, folder in self._cache.listing()
        ]

    @lua_function("wezterm.plugin.update_all", suspends=True)
    def update_all(self) -> Work:
        """Bring plugins up to date; what fails is named in the log."""

        def run() -> tuple[object, ...]:
            if not self._cache.may_fetch:
                _log.warning("wezterm.plugin.update_all: plugins are not fetched here")
                return ()
            for failure in self._cache.update():
                _log.error("wezterm.plugin.update_all: %s", failure)
            return ()

        return Work(run)


def _remote(folder: Path) -> str | None:
    try:
        match = _REMOTE.search((folder / ".git/config").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return match[1] if match else None


def encode_plugin_url(url: str) -> str:
    """The folder of a plugin in the cache, by WezTerm's rule.

    >>> encode_plugin_url("https://github.com/a/b~c/")
    'httpssCssZssZsgithubsDscomsZsasZsbu126c'
    """
    name = "".join(
        _ENCODED.get(char) or (char if char.isalnum() or char in "-_" else f"u{ord(char)}") for char in url
    )
    return name.removesuffix("sZs")


def decode_plugin_url(name: str) -> str:
    """The URL of a folder in the cache, where it has no other way to tell.

    >>> decode_plugin_url("httpssCssZssZsgithubsDscomsZsasZsb")
    'https://github.com/a/b'
    """
    return re.sub("sZs|sCs|sDs", lambda match: _DECODED[match[0]], name)
