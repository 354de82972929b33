"""Makes the small settings values of terminals and mux from the configuration. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from perilune import __version__
from perilune.base.color import Rgb, default_palette
from perilune.mux.settings import MuxSettings
from perilune.vt.settings import ColorTable, TerminalSettings

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.config.palette import Palette

__all__ = ["CURSOR_STYLES", "color_table", "mux_settings", "terminal_settings"]

CURSOR_STYLES = {
    "SteadyBlock": ("block", False),
    "BlinkingBlock": ("block", True),
    "SteadyUnderline": ("underline", False),
    "BlinkingUnderline": ("underline", True),
    "SteadyBar": ("bar", False),
    "BlinkingBar": ("bar", True),
}
"""Shape and blinking by the names of `default_cursor_style`."""

# WezTerm's default colours, for what neither configuration nor host tells.
_FOREGROUND: Rgb = (0xB2, 0xB2, 0xB2)
_BACKGROUND: Rgb = (0, 0, 0)
_CURSOR: Rgb = (0x52, 0xAD, 0x70)


def color_table(palette: Palette, host_foreground: Rgb | None, host_background: Rgb | None) -> ColorTable:
    """What programs that ask for colours are told: what is configured, else the host's, else defaults."""
    standard = default_palette()
    entries = tuple(palette.entry(index) or standard[index] for index in range(256))
    foreground = palette.foreground or host_foreground or _FOREGROUND
    return ColorTable(
        entries,
        foreground,
        palette.background or host_background or _BACKGROUND,
        palette.cursor_bg or (foreground if host_foreground is not None else _CURSOR),
    )


def terminal_settings(config: Config, colors: ColorTable | None) -> TerminalSettings:
    """What a terminal is told."""
    return TerminalSettings(
        scrollback_lines=config.scrollback_lines,
        enq_answerback=config.enq_answerback,
        colors=colors,
        program_version=__version__,
        enable_kitty_keyboard=config.enable_kitty_keyboard,
        # The default, 9, counts only where the configuration says it: nobody asked for old widths.
        unicode_version=config.__dict__.get("unicode_version", 0),
        ambiguous_is_wide=config.treat_east_asian_ambiguous_width_as_wide,
        normalize_to_nfc=config.normalize_output_to_unicode_nfc,
        enable_csi_u=config.enable_csi_u_key_encoding,
        enable_kitty_graphics=config.enable_kitty_graphics,
    )


def mux_settings(config: Config, terminal: TerminalSettings, workspace: str | None = None) -> MuxSettings:
    """What the mux is told."""
    return MuxSettings(
        default_prog=config.default_prog or None,
        default_cwd=config.default_cwd,
        default_workspace=workspace or config.default_workspace or "default",
        scrollback_lines=config.scrollback_lines,
        term=config.term,
        set_environment_variables=config.set_environment_variables,
        exit_behavior=cast('Literal["Close", "CloseOnCleanExit", "Hold"]', config.exit_behavior),
        exit_behavior_messaging=cast(
            'Literal["Verbose", "Brief", "Terse", "None"]', config.exit_behavior_messaging
        ),
        clean_exit_codes=config.clean_exit_codes,
        window_close_confirmation=cast(
            'Literal["AlwaysPrompt", "NeverPrompt"]', config.window_close_confirmation
        ),
        skip_close_confirmation_for_processes_named=config.skip_close_confirmation_for_processes_named,
        switch_to_last_active_tab_when_closing_tab=config.switch_to_last_active_tab_when_closing_tab,
        unzoom_on_switch_pane=config.unzoom_on_switch_pane,
        terminal=terminal,
    )
