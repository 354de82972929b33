"""Options of the keyboard and of key and mouse bindings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.base.input import Modifiers
from perilune.config.assignment import ACTION
from perilune.config.forms import BOOLEAN, STRING, Form, as_table, choice, list_of, map_of, optional
from perilune.config.keys import MODIFIERS, KeyBinding, LeaderKey, chord_of_table
from perilune.config.mouse import MouseBinding
from perilune.config.problems import ConfigError, Place
from perilune.config.record import Record, form_of, option

__all__ = ["KeyboardOptions"]


def _binding(value: object, at: Place, expected: str) -> KeyBinding:
    table = as_table(value)
    if table is None:
        raise at.wrong(expected, value)
    for name in table:
        if name not in {"key", "mods", "action"}:
            at.unknown("field", name, ("key", "mods", "action"))
    chord = chord_of_table(table, at)
    if table.get("action") is None:
        raise ConfigError(f"{at.path}: the field 'action' is missing")
    return KeyBinding(chord, ACTION.read(table["action"], at.field("action")))


_BINDINGS = list_of(Form("a table with key, mods and action", _binding))


class KeyboardOptions(Record):
    """Keyboard and bindings."""

    keys: tuple[KeyBinding, ...] = option(_BINDINGS, default=(), used=True, doc="Key assignments.")
    key_tables: Mapping[str, tuple[KeyBinding, ...]] = option(
        map_of(_BINDINGS), default=MappingProxyType({}), used=True, doc="Key tables by name."
    )
    leader: LeaderKey | None = option(
        optional(form_of(LeaderKey, "a table with key, mods and timeout_milliseconds")),
        default=None,
        used=True,
        doc="The leader key.",
    )
    disable_default_key_bindings: bool = option(
        BOOLEAN, default=False, used=True, doc="Only the config's own keys."
    )
    mouse_bindings: tuple[MouseBinding, ...] = option(
        list_of(form_of(MouseBinding, "a table with event, mods and action")),
        default=(),
        used=True,
        doc="Mouse assignments.",
    )
    disable_default_mouse_bindings: bool = option(
        BOOLEAN, default=False, used=True, doc="Only the config's own mouse assignments."
    )
    key_map_preference: str = option(
        choice("Mapped", "Physical"), default="Mapped", used=True, doc="What a key without a prefix means."
    )
    enable_kitty_keyboard: bool = option(
        BOOLEAN, default=False, used=True, doc="Programs may ask for kitty's keyboard protocol."
    )
    enable_csi_u_key_encoding: bool = option(BOOLEAN, default=False, used=True, doc="Send keys as CSI u.")
    allow_win32_input_mode: bool = option(BOOLEAN, default=True, doc="Programs may ask for Windows' keys.")
    debug_key_events: bool = option(
        BOOLEAN, default=False, applies="window", used=True, doc="Log key events."
    )
    swap_backspace_and_delete: bool = option(
        BOOLEAN, default=False, applies="window", used=True, doc="Swap the two."
    )
    send_composed_key_when_left_alt_is_pressed: bool = option(
        BOOLEAN, default=False, applies="window", used=True, doc="Left Alt composes (macOS)."
    )
    send_composed_key_when_right_alt_is_pressed: bool = option(
        BOOLEAN, default=True, applies="window", used=True, doc="Right Alt composes (macOS)."
    )
    treat_left_ctrlalt_as_altgr: bool = option(
        BOOLEAN, default=False, applies="window", used=True, doc="Left Ctrl-Alt is AltGr (Windows)."
    )
    macos_forward_to_ime_modifier_mask: Modifiers = option(
        MODIFIERS, default=Modifiers.SHIFT, applies="window", doc="With these, keys go to the IME (macOS)."
    )
    use_dead_keys: bool = option(BOOLEAN, default=True, applies="window", used=True, doc="Dead keys compose.")
    use_ime: bool = option(BOOLEAN, default=True, applies="window", used=True, doc="Use the input method.")
    xim_im_name: str | None = option(optional(STRING), default=None, applies="window", doc="X11's IM server.")
    ime_preedit_rendering: str = option(
        choice("Builtin", "System"), default="Builtin", applies="window", doc="Who draws what is composed."
    )
    ui_key_cap_rendering: str = option(
        choice("UnixLong", "Emacs", "AppleSymbols", "WindowsLong", "WindowsSymbols"),
        default="UnixLong",
        doc="How chords are shown.",
    )
