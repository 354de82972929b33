"""What the mux needs to know of the configuration: a small frozen value that `app` makes from a Config."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from perilune.vt import TerminalSettings

__all__ = ["ExitBehavior", "ExitMessaging", "MuxSettings", "SplitSize"]

ExitBehavior = Literal["Close", "CloseOnCleanExit", "Hold"]
ExitMessaging = Literal["Verbose", "Brief", "Terse", "None"]


@dataclass(frozen=True, slots=True)
class MuxSettings:
    """Options by WezTerm's names and defaults.

    `terminal` is handed to every new terminal; None: the terminal's own defaults.
    """

    default_prog: tuple[str, ...] | None = None
    default_cwd: str | None = None
    default_workspace: str = "default"
    scrollback_lines: int = 3500
    term: str = "xterm-256color"
    set_environment_variables: Mapping[str, str] = field(default_factory=dict)
    exit_behavior: ExitBehavior = "Close"
    exit_behavior_messaging: ExitMessaging = "Verbose"
    clean_exit_codes: tuple[int, ...] = ()
    window_close_confirmation: Literal["AlwaysPrompt", "NeverPrompt"] = "AlwaysPrompt"
    skip_close_confirmation_for_processes_named: tuple[str, ...] = (
        "bash",
        "sh",
        "zsh",
        "fish",
        "tmux",
        "nu",
        "cmd.exe",
        "pwsh.exe",
        "powershell.exe",
    )
    switch_to_last_active_tab_when_closing_tab: bool = False
    unzoom_on_switch_pane: bool = True
    terminal: TerminalSettings | None = None


@dataclass(frozen=True, slots=True)
class SplitSize:
    """How much a new pane gets: `cells`, or `percent` of what is split where `cells` is None."""

    percent: int = 50
    cells: int | None = None

    def of(self, length: int) -> int:
        """Cells for the new pane out of `length`, the line between counted with the old one.

        >>> SplitSize().of(81), SplitSize(percent=25).of(80), SplitSize(cells=200).of(80)
        (40, 20, 78)
        """
        wanted = self.cells if self.cells is not None else (length - 1) * self.percent // 100
        return min(max(wanted, 1), max(length - 2, 1))
