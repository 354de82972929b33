"""Perilune's own options, which WezTerm does not know."""

from __future__ import annotations

from perilune.base.input import Modifiers
from perilune.config.forms import BOOLEAN, STRING, Form, choice, integer, optional
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
        doc="How many Lua instructions a title callback may take before it is stopped; 10 million: about 50 ms.",
    )

    # The tab bar beyond WezTerm's; docs/tab-bar.md shows each.
    tab_bar_position: str | None = option(
        optional(choice("Top", "Bottom", "Left", "Right")),
        default=None,
        used=True,
        own=True,
        doc="The side of the window that the tab bar is at; not set: as tab_bar_at_bottom says.",
    )
    tab_bar_width: int = option(
        integer(1, 1000),
        default=20,
        used=True,
        own=True,
        doc="Columns of a tab bar at the left or right; at most half of the window's.",
    )
    tab_min_width: int = option(
        integer(0), default=0, used=True, own=True, doc="A tab's least width in cells, while there is room."
    )
    stretch_tabs: bool = option(
        BOOLEAN, default=False, used=True, own=True, doc="Tabs share all the room that the bar has."
    )
    tab_alignment: str = option(
        choice("Left", "Center", "Right"),
        default="Left",
        used=True,
        own=True,
        doc="Where the tabs are in a bar that has room to spare.",
    )
    tab_title_alignment: str = option(
        choice("Left", "Center"),
        default="Left",
        used=True,
        own=True,
        doc="Where a title is in a tab that has room to spare.",
    )
    scroll_tabs: bool = option(
        BOOLEAN,
        default=False,
        used=True,
        own=True,
        doc="Tabs that do not fit keep their width and scroll, with the active one in sight.",
    )
    drag_tabs: bool = option(
        BOOLEAN,
        default=False,
        used=True,
        own=True,
        doc="Tabs can be dragged to another place with the mouse.",
    )
    tab_tooltips: bool = option(
        BOOLEAN, default=False, used=True, own=True, doc="A cut title is shown whole when it is pointed at."
    )
    tab_tooltip_delay_ms: int = option(
        integer(0, 60000), default=600, used=True, own=True, doc="Milliseconds before a tooltip is shown."
    )
    tab_close_buttons: str = option(
        choice("Never", "Hover", "Always"),
        default="Never",
        used=True,
        own=True,
        doc="Which tabs have a close button in cells, if show_close_tab_button_in_tabs allows it.",
    )
    title_max_width: str = option(
        choice("measured", "available"),
        default="measured",
        used=True,
        own=True,
        doc="The max_width that format-tab-title gets to draw: the tab's width, as in WezTerm, or its room.",
    )
    tab_zoom_mark: str = option(
        STRING, default="", used=True, own=True, doc="What a built-in title shows when its tab is zoomed."
    )
    tab_unseen_output_mark: str = option(
        STRING,
        default="",
        used=True,
        own=True,
        doc="What a built-in title shows when a background tab has output that was not seen.",
    )
    tab_bar_uses_window_frame: bool = option(
        BOOLEAN,
        default=False,
        used=True,
        own=True,
        doc="The bar's background, statuses and window buttons in cells have window_frame's colours.",
    )
