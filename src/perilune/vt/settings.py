"""What a terminal is told about its surroundings: one small frozen value, which `app` makes.

The terminal holds no configuration object and never changes this; a new value is handed over when something
in it changes. Any thread.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ColorTable", "TerminalSettings"]

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ColorTable:
    """The colours that colour queries are answered with."""

    palette: tuple[Rgb, ...]
    """256 entries."""
    foreground: Rgb
    background: Rgb
    cursor: Rgb

    @property
    def is_dark(self) -> bool:
        """Whether the background is darker than the text, for colour-scheme reports."""
        return sum(self.background) < sum(self.foreground)


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """See each field; every default is what a bare `Terminal(cols, rows)` does.

    Attributes:
        scrollback_lines: physical rows kept; the constructor's `scrollback` wins over it.
        enq_answerback: what ENQ is answered with.
        colors: None: colour queries stay unanswered.
        cell_width_px: for size reports in pixels; 0: those stay unanswered.
        cell_height_px: likewise.
        program_name: for XTVERSION.
        program_version: likewise.
        enable_kitty_keyboard: whether programs may switch the kitty keyboard protocol on.
        enable_kitty_graphics: as WezTerm's option; off, the protocol's sequences stay unanswered.
        enable_csi_u: WezTerm's `enable_csi_u_key_encoding`.
        unicode_version: as WezTerm's option; below 14 variation selectors change no width. 0: the newest.
        normalize_to_nfc: a base and a mark that compose become one code point.
        ambiguous_is_wide: East Asian ambiguous characters take two cells.
        string_limit: bytes of one OSC, DCS or APC string; a longer one is dropped and counted.
        title_limit: characters of a title; what exceeds is cut off.
        clipboard_limit: bytes of one OSC 52 transfer.
        image_pixels: of one image; a larger one is dropped before its pixels are made.
        image_memory: bytes of pixels that a terminal keeps; the oldest images go first. 0: no images.
        allow_size_changes: programs may change the size (DECCOLM, CSI 8 t); no pane of a split allows it.
        enable_title_reporting: as WezTerm's option; off, because a title may hold what looks like typing.
    """

    scrollback_lines: int = 3500
    enq_answerback: str = ""
    colors: ColorTable | None = None
    cell_width_px: int = 0
    cell_height_px: int = 0
    program_name: str = "Perilune"
    program_version: str = "0.1.0"
    enable_kitty_keyboard: bool = True
    enable_kitty_graphics: bool = True
    enable_csi_u: bool = False
    unicode_version: int = 0
    ambiguous_is_wide: bool = False
    normalize_to_nfc: bool = False
    string_limit: int = 1 << 20
    title_limit: int = 1024
    clipboard_limit: int = 1 << 20
    allow_size_changes: bool = False
    image_pixels: int = 1 << 24
    image_memory: int = 1 << 27
    enable_title_reporting: bool = False
