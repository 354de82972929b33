"""The environment of a program in a pane: who we say we are, and whom we no longer mention.

What outer terminals and multiplexers left in our own environment would mislead the program (a shell prompt
that believes in $TMUX, a pager that trusts $COLUMNS, an image viewer that speaks to $KITTY_WINDOW_ID).
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Mapping
from pathlib import Path

__all__ = ["child_environment", "login_shell", "resolve_term"]

_OUTER = frozenset(
    {
        # The size and nature of the outer terminal; tmux and screen.
        "COLUMNS", "LINES", "TERMCAP", "TMUX", "TMUX_PANE", "STY", "WINDOW",
        # Terminals that programs look for by name.
        "VTE_VERSION", "TERM_SESSION_ID", "TERM_FEATURES", "LC_TERMINAL", "LC_TERMINAL_VERSION", "TILIX_ID",
        "TERMINATOR_UUID", "TERMINATOR_DBUS_NAME", "TERMINATOR_DBUS_PATH", "WT_SESSION", "WT_PROFILE_ID",
        "XTERM_VERSION", "XTERM_SHELL", "XTERM_LOCALE", "MLTERM", "COLORFGBG", "INSIDE_EMACS",
        # WEZTERM_CONFIG_FILE stays: the user may have set it, and we read it ourselves.
        "WEZTERM_PANE", "WEZTERM_UNIX_SOCKET", "WEZTERM_EXECUTABLE", "WEZTERM_EXECUTABLE_DIR",
        "WEZTERM_CONFIG_DIR", "PERILUNE_PANE",
    }
)  # fmt: skip
_OUTER_PREFIXES = (
    "KITTY_",
    "KONSOLE_",
    "ALACRITTY_",
    "GHOSTTY_",
    "ITERM_",
    "ZELLIJ",
    "GNOME_TERMINAL_",
    "WARP_",
)
_TERM_FALLBACKS = ("xterm-256color", "xterm", "screen-256color", "screen", "linux", "vt100")
_TERMINFO_DIRS = (
    "/etc/terminfo",
    "/lib/terminfo",
    "/usr/share/terminfo",
    "/usr/lib/terminfo",
    "/usr/share/lib/terminfo",
    "/usr/share/misc/terminfo",
    "/usr/local/share/terminfo",
    "/opt/homebrew/opt/ncurses/share/terminfo",
)


def child_environment(
    inherited: Mapping[str, str],
    *,
    pane_id: int,
    version: str,
    term: str = "xterm-256color",
    extra: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The environment for the program of a pane.

    Args:
        inherited: our own environment.
        pane_id: becomes PERILUNE_PANE and WEZTERM_PANE.
        version: becomes TERM_PROGRAM_VERSION.
        term: the configured terminal name; one that has an entry on this machine stands in where it has none.
        extra: what the user configured; wins over everything but the pane's number.

    Returns:
        A new dictionary.
    """
    env = {
        name: value
        for name, value in inherited.items()
        if name not in _OUTER and not name.startswith(_OUTER_PREFIXES) and name != "TERM"
    }
    env.setdefault("SHELL", login_shell(env))
    env.setdefault("PATH", os.defpath)
    env.setdefault("HOME", str(Path.home()))
    env["COLORTERM"] = "truecolor"
    env["TERM_PROGRAM"] = "Perilune"
    env["TERM_PROGRAM_VERSION"] = version
    if extra:
        env.update(extra)
    if "TERM" not in env:
        env["TERM"] = resolve_term(term, env)
    env["PERILUNE_PANE"] = env["WEZTERM_PANE"] = str(pane_id)
    return env


def login_shell(env: Mapping[str, str]) -> str:
    """The user's shell: $SHELL where it can be run, else the password database's, else /bin/sh."""
    shell = env.get("SHELL", "")
    if shell and os.access(shell, os.X_OK):
        return shell
    try:
        shell = pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        shell = ""
    return shell if shell and os.access(shell, os.X_OK) else "/bin/sh"


def resolve_term(wanted: str, env: Mapping[str, str]) -> str:
    """`wanted` if this machine has a terminfo entry of that name, else one that it has and that fits us.

    A machine without any database keeps `wanted`: programs then fall back on what is built into them.
    """
    directories = list(_terminfo_directories(env))
    for name in (wanted, *_TERM_FALLBACKS):
        if any(_has_entry(directory, name) for directory in directories):
            return name
    return wanted


def _terminfo_directories(env: Mapping[str, str]) -> Iterable[str]:
    """Where ncurses looks, in its order."""
    if env.get("TERMINFO"):
        yield env["TERMINFO"]
    if env.get("HOME"):
        yield str(Path(env["HOME"], ".terminfo"))
    for directory in env.get("TERMINFO_DIRS", "").split(":"):
        if directory:
            yield directory
    yield from _TERMINFO_DIRS


def _has_entry(directory: str, name: str) -> bool:
    if not name or "/" in name:
        return False
    # Linux files entries under the first letter, macOS and some BSDs under its hexadecimal code.
    return any(Path(directory, folder, name).is_file() for folder in (name[0], f"{ord(name[0]):x}"))
