"""What the host terminal can do: a guess from the environment, made better by the host's own answers.

A guess errs on the side that still looks right. Answers arrive after the first frame or never.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from perilune.tui.color_depth import TRUE_COLOR

__all__ = ["TERMINFO_QUERIES", "HostCapabilities", "from_environment"]

TERMINFO_QUERIES = ("RGB", "Tc", "Smulx", "Setulc", "rep", "bce")
"""Names asked for with XTGETTCAP."""

# TERM (its start) or TERM_PROGRAM or what XTVERSION answers, lower case, of hosts known to have it all:
# 24-bit colour, underline styles and colours, links.
_MODERN = (
    "kitty", "xterm-kitty", "foot", "wezterm", "alacritty", "ghostty", "xterm-ghostty", "contour", "rio",
    "iterm", "perilune", "vte", "konsole", "mintty", "vscode", "tmux", "xterm.js",
)  # fmt: skip
_NOTIFIES_BY_9 = ("iterm", "wezterm", "ghostty", "kitty", "xterm-kitty", "xterm-ghostty", "perilune", "rio")
_NOTIFIES_BY_777 = ("foot", "vte", "rxvt", "contour")
_WITHOUT_STYLED_UNDERLINE = ("alacritty-old", "konsole")


@dataclass(frozen=True, slots=True)
class HostCapabilities:
    """What may be sent to the host.

    Attributes:
        name: who the host is, lower case; "" where unknown.
        colors: 0, 8, 16, 256 or 2 ** 24.
        unicode: the host reads UTF-8.
        narrow_ambiguous: East Asian ambiguous characters take one cell there, by its own answer.
        erase_chars: ECH.
        back_color_erase: erased cells get the current background.
        repeat: REP.
        styled_underline: SGR 4:n.
        underline_color: SGR 58.
        strikethrough: SGR 9.
        overline: SGR 53.
        hyperlinks: OSC 8.
        synchronized: mode 2026.
        kitty_flags: kitty keyboard flags in force.
        cursor_shapes: DECSCUSR.
        titles: OSC 2 and the title stack.
        clipboard: OSC 52.
        notification: the OSC that shows a notification, 9 or 777, or 0.
        control_strings: OSC, and CSI with private marks, may be asked without garbage on the screen.
        device_strings: the same for DCS.
    """

    name: str = ""
    colors: int = 256
    unicode: bool = True
    narrow_ambiguous: bool = False
    erase_chars: bool = True
    back_color_erase: bool = True
    repeat: bool = False
    styled_underline: bool = False
    underline_color: bool = False
    strikethrough: bool = True
    overline: bool = True
    hyperlinks: bool = True
    synchronized: bool = False
    kitty_flags: int = 0
    cursor_shapes: bool = True
    titles: bool = True
    clipboard: bool = True
    notification: int = 0
    control_strings: bool = True
    device_strings: bool = True

    def with_version(self, version: str) -> HostCapabilities:
        """Made better by the host's XTVERSION answer, such as "kitty(0.35.2)" or "tmux 3.4"."""
        name = version.lower()
        found = replace(self, name=name, notification=self.notification or _notification(name))
        if name.startswith(_MODERN):
            found = found.as_modern(name)
        elif name.startswith("xterm("):
            found = replace(found, repeat=True)
        return found

    def with_terminfo(self, name: str) -> HostCapabilities:
        """Made better by a capability that the host's XTGETTCAP answer says it has."""
        if name in {"RGB", "Tc"}:
            return replace(self, colors=TRUE_COLOR)
        if name == "Smulx":
            return replace(self, styled_underline=True)
        if name == "Setulc":
            return replace(self, underline_color=True)
        if name == "rep":
            return replace(self, repeat=True)
        if name == "bce":
            return replace(self, back_color_erase=True)
        return self

    def as_modern(self, name: str) -> HostCapabilities:
        """With what every host in the list of modern ones has."""
        styled = not name.startswith(_WITHOUT_STYLED_UNDERLINE)
        # tmux draws 24-bit colour, underline styles and colours as far as its own host goes.
        return replace(self, colors=TRUE_COLOR, styled_underline=styled, underline_color=styled)


def _notification(name: str) -> int:
    if name.startswith(_NOTIFIES_BY_9):
        return 9
    return 777 if name.startswith(_NOTIFIES_BY_777) else 0


def from_environment(env: Mapping[str, str]) -> HostCapabilities:
    """The guess that the first frame is drawn by."""
    term = env.get("TERM", "").lower()
    program = env.get("TERM_PROGRAM", "").lower()
    in_tmux = bool(env.get("TMUX")) or term.startswith("tmux")
    in_screen = term.startswith("screen") and not in_tmux
    inside = in_tmux or in_screen  # TERM_PROGRAM and COLORTERM may then tell of the terminal outside
    name = "tmux" if in_tmux else "screen" if in_screen else program or term
    found = HostCapabilities(
        name=name,
        colors=_colors(env, term, in_screen=in_screen),
        unicode=_is_utf8(env, term),
        notification=0 if inside else _notification(program) or _notification(term),
    )
    if not inside and (program.startswith(_MODERN) or term.startswith(_MODERN)):
        found = found.as_modern(program or term)
    if env.get("VTE_VERSION", "").isdigit() and not inside:
        found = replace(found.as_modern("vte"), name="vte", notification=777)
    if in_tmux:
        found = replace(found, colors=TRUE_COLOR, back_color_erase=True, styled_underline=True)
    if in_screen:
        # A DCS goes through screen to the terminal outside. Its erasing takes the default background.
        found = replace(
            found,
            back_color_erase=False,
            hyperlinks=False,
            device_strings=False,
            clipboard=False,
            overline=False,
        )
    if program == "apple_terminal":
        found = replace(
            found, colors=min(found.colors, 256), device_strings=False, hyperlinks=False, overline=False
        )
    if term == "linux":
        # The kernel's console prints what it does not know of control strings.
        found = replace(
            found, colors=min(found.colors, 16), hyperlinks=False, cursor_shapes=False, titles=False,
            clipboard=False, strikethrough=False, overline=False, control_strings=False, device_strings=False,
        )  # fmt: skip
    if term.startswith(("vt1", "vt2", "vt3", "vt4", "vt5", "ansi", "dumb", "cons")) or not term:
        found = replace(
            found, back_color_erase=False, hyperlinks=False, cursor_shapes=False, clipboard=False,
            strikethrough=False, overline=False, device_strings=False, control_strings=False,
            erase_chars=term.startswith(("vt2", "vt3", "vt4", "vt5")),
        )  # fmt: skip
    named = _named_colors(term)
    if named is not None and named < 256 and not (in_screen or _says_true_color(env)):
        # Whoever sets such a name wants no more, however able the terminal is known to be. 256 is what most
        # terminals that have more are called.
        found = replace(found, colors=min(found.colors, named))
    return found


def _says_true_color(env: Mapping[str, str]) -> bool:
    return env.get("COLORTERM", "").lower() in {"truecolor", "24bit"}


def _named_colors(term: str) -> int | None:
    """The depth that a TERM such as "xterm-16color" or "xterm-mono" names, None where it names none.

    >>> _named_colors("xterm-88color"), _named_colors("putty-vt100"), _named_colors("xterm")
    (16, 0, None)
    """
    if match := re.search(r"-(\d+)color", term):
        number = int(match[1])
        return next((depth for depth in (256, 16, 8) if number >= depth), 0)
    return 0 if re.search(r"-(m|mono|vt\d+)$", term) else None


def _colors(env: Mapping[str, str], term: str, *, in_screen: bool) -> int:
    named = _named_colors(term)
    if in_screen:  # screen strips or garbles 24-bit colour, whatever COLORTERM came in from outside
        return 8 if named is None else named
    if _says_true_color(env):
        return TRUE_COLOR
    if named is not None:
        return named
    if term.endswith(("-direct", "-truecolor")) or "direct" in term.split("-"):
        return TRUE_COLOR
    if (
        "256color" in term
        or term == "st"
        or term.startswith(("xterm", "rxvt-unicode", "putty", "st-", "eterm"))
    ):
        # Every xterm-like terminal in use has had the 256 colours for decades, though its terminfo may say 8.
        return 256
    if term == "linux":
        return 16
    if term.startswith(("vt", "dumb")) or not term:
        return 0
    if term.startswith(("rxvt", "ansi", "cygwin", "konsole", "gnome", "mlterm")):
        return 16
    return _terminfo_colors(term)


def _terminfo_colors(term: str) -> int:
    """The `colors` of a terminfo entry; 8 where it cannot be read."""
    try:
        import curses  # noqa: PLC0415 - only for terminals of which nothing is known by name

        curses.setupterm(term, 1)
        colors = curses.tigetnum("colors")
    except Exception:  # noqa: BLE001 - no curses, no entry: whatever it is, 8 colours are a safe guess
        return 8
    if colors > 256:
        return TRUE_COLOR
    for depth in (256, 16, 8):
        if colors >= depth:
            return depth
    return 0


def _is_utf8(env: Mapping[str, str], term: str) -> bool:
    """By the locale, as every program does; a host that sets none is taken for a modern one."""
    if term in {"dumb", "vt100", "vt220"}:
        return "utf" in _locale(env)
    locale = _locale(env)
    if not locale or locale in {"c", "posix"}:
        return term != "linux"
    return "utf" in locale


def _locale(env: Mapping[str, str]) -> str:
    return (env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or "").lower()
