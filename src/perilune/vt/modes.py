"""A terminal's modes as one frozen value: what the key, mouse and paste encoders need to know. Any thread."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["TerminalModes"]


@dataclass(frozen=True, slots=True)
class TerminalModes:
    """`number in modes` answers for a DEC private mode.

    Attributes:
        mouse_tracking: 0, 9, 1000, 1002 or 1003.
        mouse_encoding: 0 (X10 bytes), 1005, 1006, 1015 or 1016.
        kitty_keyboard: the kitty keyboard protocol's flags in force, 0 when off.
        modify_other_keys: xterm's level, 0 to 2.
        csi_u: WezTerm's `enable_csi_u_key_encoding`: keys that would be mistaken for others come as CSI u.
        private: every DEC private mode that is set.
        ansi: every ANSI mode that is set.
        vt52: DECANM is reset: keys are those of a VT52.
    """

    mouse_tracking: int = 0
    mouse_encoding: int = 0
    kitty_keyboard: int = 0
    modify_other_keys: int = 0
    csi_u: bool = False
    private: frozenset[int] = field(default_factory=frozenset)
    ansi: frozenset[int] = field(default_factory=frozenset)
    vt52: bool = False

    def __contains__(self, mode: object) -> bool:
        return mode in self.private

    @property
    def alt_screen(self) -> bool:
        """The alternate screen is shown."""
        return 1049 in self.private

    @property
    def bracketed_paste(self) -> bool:
        """Mode 2004."""
        return 2004 in self.private

    @property
    def focus_events(self) -> bool:
        """Mode 1004."""
        return 1004 in self.private

    @property
    def application_cursor_keys(self) -> bool:
        """DECCKM."""
        return 1 in self.private

    @property
    def application_keypad(self) -> bool:
        """DECNKM, set by DECKPAM as well."""
        return 66 in self.private

    @property
    def origin(self) -> bool:
        """DECOM."""
        return 6 in self.private

    @property
    def autowrap(self) -> bool:
        """DECAWM."""
        return 7 in self.private

    @property
    def insert(self) -> bool:
        """IRM."""
        return 4 in self.ansi

    @property
    def newline(self) -> bool:
        """LNM: a line feed returns to the left as well, and Enter sends CR LF."""
        return 20 in self.ansi

    linefeed = newline

    @property
    def synchronized_output(self) -> bool:
        """Mode 2026."""
        return 2026 in self.private

    @property
    def reverse_video(self) -> bool:
        """DECSCNM."""
        return 5 in self.private

    @property
    def alternate_scroll(self) -> bool:
        """Mode 1007: on the alternate screen the wheel sends arrow keys."""
        return 1007 in self.private

    @property
    def cursor_visible(self) -> bool:
        """DECTCEM."""
        return 25 in self.private

    @property
    def backarrow_sends_backspace(self) -> bool:
        """DECBKM."""
        return 67 in self.private

    @property
    def color_scheme_reports(self) -> bool:
        """Mode 2031."""
        return 2031 in self.private

    @property
    def in_band_resize(self) -> bool:
        """Mode 2048."""
        return 2048 in self.private
