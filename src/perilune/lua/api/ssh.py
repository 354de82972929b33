"""The hosts of ssh's configuration files, each with its options as they would be in force.

Reads Host blocks, patterns included, and Include; Match blocks are passed over but for `Match all`, since
their conditions ask for more than a name. As in ssh, the first value found for an option counts. Pure but for
reading.
"""

from __future__ import annotations

import getpass
import glob
import shlex
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

__all__ = ["ssh_domains", "ssh_hosts"]

_DEEPEST = 16
_KEYS = ("id_dsa", "id_ecdsa", "id_ed25519", "id_rsa")
_ALL_VALUES = frozenset({"identityfile", "certificatefile", "localforward", "remoteforward", "sendenv"})


def _statements(path: Path, home: Path, seen: list[Path], depth: int = 0) -> Iterator[tuple[str, str]]:
    """Keyword in lower case and the rest of the line, includes put in place."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    seen.append(path)
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        keyword, _, value = line.replace("\t", " ").replace("=", " ", 1).partition(" ")
        keyword, value = keyword.lower(), value.strip()
        if keyword != "include":
            yield keyword, value
        elif depth < _DEEPEST:
            for pattern in value.split():
                base = Path(pattern).expanduser() if pattern.startswith("~") else home / ".ssh" / pattern
                for name in sorted(glob.glob(str(base))):  # noqa: PTH207 - a pattern, absolute or not
                    yield from _statements(Path(name), home, seen, depth + 1)


def _words(value: str) -> list[str]:
    try:
        return shlex.split(value)
    except ValueError:
        return value.split()


def _matches(name: str, patterns: Sequence[str]) -> bool:
    found = False
    for pattern in patterns:
        if pattern.startswith("!"):
            if fnmatchcase(name, pattern[1:]):
                return False
        else:
            found = found or fnmatchcase(name, pattern)
    return found


def ssh_hosts(files: Sequence[Path], home: Path) -> tuple[dict[str, dict[str, str]], list[Path]]:
    """Hosts with names of their own, with their options; and the files that were read."""
    seen: list[Path] = []
    blocks: list[tuple[list[str], list[tuple[str, str]]]] = []
    for path in files:
        blocks.append((["*"], []))
        for keyword, value in _statements(path, home, seen):
            if keyword == "host":
                blocks.append((_words(value), []))
            elif keyword == "match":
                blocks.append((["*"] if value.lower() == "all" else [], []))
            else:
                blocks[-1][1].append((keyword, value))
    names = [name for patterns, _ in blocks for name in patterns if not set(name) & set("*?!")]
    return {name: _options(name, blocks, home) for name in dict.fromkeys(names)}, seen


def _options(
    name: str, blocks: Sequence[tuple[list[str], list[tuple[str, str]]]], home: Path
) -> dict[str, str]:
    found: dict[str, str] = {}
    for patterns, statements in blocks:
        if not _matches(name, patterns):
            continue
        for keyword, value in statements:
            plain = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
            plain = plain.replace("~/", f"{home}/", 1) if plain.startswith("~/") else plain
            plain = plain.replace("%d", str(home)).replace("%h", name)
            if keyword in _ALL_VALUES and keyword in found:
                found[keyword] += f" {plain}"
            else:
                found.setdefault(keyword, plain)
    folder = home / ".ssh"
    found.setdefault("hostname", name)
    found.setdefault("port", "22")
    found.setdefault("user", _user())
    found.setdefault("identityfile", " ".join(str(folder / key) for key in _KEYS))
    found.setdefault("userknownhostsfile", f"{folder / 'known_hosts'} {folder / 'known_hosts2'}")
    return found


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def ssh_domains(hosts: Sequence[str]) -> list[dict[str, str]]:
    """Two domains for every host: plain ones first, then those with a multiplexer there."""
    kinds = (("SSH", "None"), ("SSHMUX", "WezTerm"))
    return [
        {"name": f"{prefix}:{name}", "remote_address": name, "multiplexing": kind}
        for prefix, kind in kinds
        for name in hosts
    ]
