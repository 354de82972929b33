"""Perilune's own options, which WezTerm does not know."""

from __future__ import annotations

from perilune.base.input import Modifiers
from perilune.config.forms import Form, integer
from perilune.config.keys import LeaderKey
from perilune.config.problems import Place
from perilune.config.record import Record, option

__all__ = ["FALLBACK_LEADER", "OwnOptions"]

FALLBACK_LEADER = LeaderKey(key="t", mods=Modifiers.CTRL, timeout_milliseconds=2000)
"""Ctrl-T, the control character that is missed least among those that every keyboard and host can send.

A E F B N P K U W Y D and L edit lines and turn pages, C Z S Q V and backslash belong to the tty, H I J and M
are Backspace, Tab and Enter, R searches the history, X leads in emacs and nano, G is emacs' way out, O saves
in nano and shows the shell in mc; B and A are the leaders of tmux and screen, which may run inside; those on
punctuation cannot be typed on many layouts. T transposes two characters in bash and zsh, indents in vim's
insert mode, and is one of fzf's optional widgets: pressed twice, it reaches them."""


def _leader_or_false(value: object, at: Place, expected: str) -> LeaderKey | None:
    if value is False:
        return None
    if isinstance(value, dict):
        return LeaderKey.read(value, at)
    raise at.wrong(expected, value)


class OwnOptions(Record):
    """What only this program has."""

    tui_fallback_leader: LeaderKey | None = option(
        Form("a table with key, mods and timeout_milliseconds, or false", _leader_or_false),
        default=FALLBACK_LEADER,
        applies="tui",
        used=True,
        own=True,
        doc="Leader of the everyday actions where the host lacks the kitty keyboard protocol; false: none.",
    )
    title_wait_ms: int = option(
        integer(0, 1000),
        default=2,
        used=True,
        own=True,
        doc="How long a frame waits for tab titles from Lua before it shows the last ones.",
    )
    title_instruction_limit: int = option(
        integer(10_000, 1_000_000_000),
        default=10_000_000,
        used=True,
        own=True,
        doc="How many Lua instructions a title callback may take; 10 million are about 50 ms.",
    )
