"""Key chords and bindings: how configs write them, and which binding a key event means.

Key names are WezTerm's, folded onto those of `perilune.base.input.KeyEvent`: `Return` is `Enter`, a letter is
lower-case and SHIFT says the rest, so that `CTRL|SHIFT`+`c`, `CTRL|SHIFT`+`C` and `CTRL`+`C` are one chord.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from perilune.base.input import KeyEvent, Modifiers
from perilune.config.forms import STRING, Form, as_table, integer
from perilune.config.problems import ConfigError, Place, nearest, suggestion
from perilune.config.record import Record, option

if TYPE_CHECKING:
    from perilune.config.assignment import KeyAssignment

__all__ = [
    "CHORD",
    "MODIFIERS",
    "KeyBinding",
    "KeyChord",
    "KeyMap",
    "LeaderKey",
    "chords_of",
    "format_mods",
    "parse_chord",
    "parse_key",
    "parse_mods",
]

KeyKind = Literal["either", "mapped", "physical", "raw"]

_MODS: dict[str, Modifiers] = {
    "SHIFT": Modifiers.SHIFT,
    "ALT": Modifiers.ALT,
    "OPT": Modifiers.ALT,
    "META": Modifiers.ALT,
    "CTRL": Modifiers.CTRL,
    "SUPER": Modifiers.SUPER,
    "CMD": Modifiers.SUPER,
    "WIN": Modifiers.SUPER,
    "LEADER": Modifiers.LEADER,
    "NONE": Modifiers.NONE,
    "": Modifiers.NONE,
}
_MATCHED = (
    Modifiers.SHIFT | Modifiers.ALT | Modifiers.CTRL | Modifiers.SUPER | Modifiers.HYPER | Modifiers.LEADER
)

# WezTerm's names that KeyEvent calls otherwise, and the control characters that some configs write.
_SYNONYMS = {
    "Return": "Enter", "\r": "Enter", "\n": "Enter", "\t": "Tab", "\x1b": "Escape",
    "\x08": "Backspace", "\x7f": "Delete", "Applications": "Menu", "Control": "LeftControl",
    "Shift": "LeftShift", "Alt": "LeftAlt", "LeftWindows": "LeftSuper", "RightWindows": "RightSuper",
    "Super": "LeftSuper", "Hyper": "LeftHyper", "Meta": "LeftMeta", "Print": "PrintScreen",
}  # fmt: skip
_NAMED_KEYS = """
Enter Escape Tab Backspace Delete Insert Home End PageUp PageDown UpArrow DownArrow LeftArrow RightArrow
Decimal Divide Multiply Subtract Add Separator NumpadEnter CapsLock ScrollLock NumLock PrintScreen Pause
Menu Copy Cut Paste Cancel Clear VoidSymbol Select Execute Help Sleep LeftShift RightShift LeftControl
RightControl LeftAlt RightAlt LeftSuper RightSuper LeftHyper LeftMeta BrowserBack BrowserForward
BrowserRefresh BrowserStop BrowserSearch BrowserFavorites BrowserHome VolumeMute VolumeDown VolumeUp
MediaNextTrack MediaPrevTrack MediaStop MediaPlayPause ApplicationLeftArrow ApplicationRightArrow
ApplicationUpArrow ApplicationDownArrow
"""
_NUMBERED = [f"F{number}" for number in range(1, 36)] + [f"Numpad{number}" for number in range(10)]
_NAMED = frozenset([*_NAMED_KEYS.split(), *_NUMBERED])

# Physical keys that have a name of their own; the rest are called like the mapped ones.
_PHYSICAL = {
    "Backslash": "\\", "Comma": ",", "Equal": "=", "Grave": "`", "LeftBracket": "[", "Minus": "-",
    "Period": ".", "Quote": "'", "RightBracket": "]", "Semicolon": ";", "Slash": "/", "Space": " ",
    "Return": "Enter", "KeypadClear": "Clear", "KeypadDecimal": "Decimal", "KeypadDelete": "Delete",
    "KeypadDivide": "Divide", "KeypadEnter": "NumpadEnter", "KeypadEquals": "=",
    "KeypadSubtract": "Subtract", "KeypadMultiply": "Multiply", "KeypadAdd": "Add",
    "LeftWindows": "LeftSuper", "RightWindows": "RightSuper",
    **{f"K{number}": str(number) for number in range(10)},
    **{f"Keypad{number}": f"Numpad{number}" for number in range(10)},
}  # fmt: skip
_ON_US_LAYOUT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789\\,=`[-.'];/ ")
_PHYSICAL_NAMES = {value: name for name, value in _PHYSICAL.items() if not name.startswith("Keypad")}


class KeyChord(NamedTuple):
    """A key with modifiers.

    Attributes:
        key: as `KeyEvent.key` has it; the number's digits for a raw code.
        mods: SHIFT, ALT, CTRL, SUPER, LEADER.
        kind: whether the layout's key is meant, the physical one by its place on a US keyboard, or a raw
            code; "either" is left to `key_map_preference`.
    """

    key: str
    mods: Modifiers = Modifiers.NONE
    kind: KeyKind = "either"

    def resolved(self, preference: str) -> KeyChord:
        """The chord under `key_map_preference`: mapped, physical or raw."""
        if self.kind != "either":
            return self
        physical = preference == "Physical" and (len(self.key) > 1 or self.key in _ON_US_LAYOUT)
        return self._replace(kind="physical" if physical else "mapped")

    @property
    def written_key(self) -> str:
        """The key as a config would write it."""
        name = _PHYSICAL_NAMES.get(self.key, self.key)
        if self.kind == "raw":
            return f"raw:{self.key}"
        if self.kind == "physical":
            return f"phys:{name.upper() if len(name) == 1 else name}"
        return "Space" if self.key == " " else self.key

    def __str__(self) -> str:
        mods = format_mods(self.mods)
        return f"{mods}+{self.written_key}" if mods else self.written_key


@lru_cache(256)
def parse_mods(text: str) -> Modifiers:
    """Read modifiers: `CTRL|SHIFT`, spaces around the bar, an empty string or NONE, and the synonyms.

    Raises:
        ConfigError: a name that is no modifier.

    >>> parse_mods("CMD | OPT") == Modifiers.SUPER | Modifiers.ALT
    True
    """
    found = Modifiers.NONE
    for part in text.split("|"):
        name = part.strip()
        if name not in _MODS:
            near = nearest(name, [known for known in _MODS if known])
            raise ConfigError(f"unknown modifier {name!r}{suggestion(near)}", near)
        found |= _MODS[name]
    return found


def format_mods(mods: Modifiers) -> str:
    """Modifiers as configs write them, "" for none.

    >>> format_mods(Modifiers.CTRL | Modifiers.SHIFT)
    'CTRL|SHIFT'
    """
    named = ("LEADER", "SUPER", "CTRL", "ALT", "SHIFT")
    return "|".join(name for name in named if mods & _MODS[name])


def parse_key(text: str) -> KeyChord:
    """Read a key's name, without modifiers but for the SHIFT that an upper-case letter implies.

    Raises:
        ConfigError: no such key.

    >>> parse_key("A").mods is Modifiers.SHIFT, parse_key("Return").key, parse_key("phys:Grave").key
    (True, 'Enter', '`')
    """
    prefix, colon, rest = text.partition(":")
    if colon and rest and prefix == "raw":
        if not (rest.isascii() and rest.isdigit()):
            raise ConfigError(f"{text!r}: expected a number after 'raw:'")
        return KeyChord(str(int(rest[:18])), kind="raw")
    if colon and rest and prefix == "phys":
        found = _physical(rest)
        if found is None:
            near = nearest(rest, [*_PHYSICAL, *_NAMED])
            raise ConfigError(f"unknown physical key {rest!r}{suggestion(near)}", near)
        return KeyChord(found, kind="physical")
    explicit = bool(colon and rest and prefix == "mapped")
    name = rest if explicit else text
    kind: KeyKind = "mapped" if explicit else "either"
    name = _SYNONYMS.get(name, name)
    if name in _NAMED:
        return KeyChord(name, kind=kind)
    if len(name) == 1:
        lower = name.lower()
        if lower != name and len(lower) == 1:
            return KeyChord(lower, Modifiers.SHIFT, kind)
        return KeyChord(name, kind=kind)
    found = _physical(name)
    if found is not None:
        # Names that exist only as places on the keyboard; space is space wherever it lies.
        return KeyChord(found, kind="either" if found == " " else "physical")
    near = nearest(name, [*_NAMED, *_PHYSICAL, *_SYNONYMS])
    raise ConfigError(f"unknown key {text!r}{suggestion(near)}", near)


def _physical(name: str) -> str | None:
    if name in _PHYSICAL:
        return _PHYSICAL[name]
    if len(name) == 1:
        lower = name.lower()
        return lower if lower in _ON_US_LAYOUT else None
    name = _SYNONYMS.get(name, name)
    return name if name in _NAMED else None


def parse_chord(key: str, mods: str = "") -> KeyChord:
    """Read a key and its modifiers, normalised.

    Raises:
        ConfigError: no such key or modifier.

    >>> parse_chord("C", "CTRL") == parse_chord("c", "CTRL|SHIFT") == parse_chord("C", "CTRL | SHIFT")
    True
    """
    found = parse_key(key)
    return found._replace(mods=found.mods | parse_mods(mods))


def _read_mods(value: object, at: Place, expected: str) -> Modifiers:
    if not isinstance(value, str):
        raise at.wrong(expected, value)
    try:
        return parse_mods(value)
    except ConfigError as error:
        raise ConfigError(f"{at.path}: {error.message}", error.suggestion) from None


def _read_chord(value: object, at: Place, expected: str) -> KeyChord:
    table = as_table(value)
    if table is None:
        raise at.wrong(expected, value)
    for name in table:
        if name not in {"key", "mods"}:
            at.unknown("field", name, ("key", "mods"))
    return chord_of_table(table, at)


def chord_of_table(table: Mapping[object, object], at: Place) -> KeyChord:
    """The chord that a table's `key` and `mods` name.

    Raises:
        ConfigError: they name none.
    """
    if table.get("key") is None:
        raise ConfigError(f"{at.path}: the field 'key' is missing")
    mods = table.get("mods")
    held = Modifiers.NONE if mods is None else MODIFIERS.read(mods, at.field("mods"))
    place = at.field("key")
    try:
        found = parse_key(STRING.read(table["key"], place))
    except ConfigError as error:
        message = error.message if error.message.startswith(place.path) else f"{place.path}: {error.message}"
        raise ConfigError(message, error.suggestion) from None
    return found._replace(mods=found.mods | held)


MODIFIERS: Form[Modifiers] = Form("modifiers such as 'CTRL|SHIFT'", _read_mods)
CHORD: Form[KeyChord] = Form("a table with key and mods", _read_chord)


class KeyBinding(NamedTuple):
    """A key assignment: the chord and what it does."""

    chord: KeyChord
    action: KeyAssignment


class LeaderKey(Record):
    """The leader: after it, for a while, LEADER counts as held."""

    key: str = option(STRING, doc="The key.")
    mods: Modifiers = option(MODIFIERS, default=Modifiers.NONE, doc="Its modifiers.")
    timeout_milliseconds: int = option(integer(0), default=1000, doc="How long it stays active.")

    @property
    def chord(self) -> KeyChord:
        """The leader's chord."""
        found = parse_key(self.key)
        return found._replace(mods=found.mods | self.mods)

    @classmethod
    def read(cls, value: object, at: Place) -> LeaderKey:
        """Read a table, the key's name checked."""
        found = super().read(value, at)
        try:
            parse_key(found.key)
        except ConfigError as error:
            raise ConfigError(f"{at.field('key').path}: {error.message}", error.suggestion) from None
        return found


def chords_of(event: KeyEvent) -> Iterator[KeyChord]:
    """The chords that an event may be bound as, the likeliest first.

    A shifted symbol matches by the key (`5` with SHIFT), by the symbol with SHIFT (`%` with SHIFT, as WezTerm
    on most systems sees it) and by the symbol alone, which is how many configs write it.
    """
    mods = event.mods & _MATCHED
    if event.mods & Modifiers.META:
        mods |= Modifiers.ALT
    key = event.key
    lower = key.lower()
    if len(key) == 1 and lower != key and len(lower) == 1:
        key, mods = lower, mods | Modifiers.SHIFT
    yield KeyChord(event.base_layout_key or key, mods, "physical")
    yield KeyChord(key, mods, "mapped")
    if not mods & Modifiers.SHIFT:
        # A host without the kitty keyboard protocol sends the symbol and cannot tell that SHIFT was held.
        if len(key) == 1 and not key.isalnum() and key != " ":
            yield KeyChord(key, mods | Modifiers.SHIFT, "mapped")
        return
    symbol = event.shifted_key or (event.text if len(event.text) == 1 else "")
    if symbol and symbol.isprintable() and symbol.lower() != key:
        yield KeyChord(symbol, mods, "mapped")
        yield KeyChord(symbol, mods & ~Modifiers.SHIFT, "mapped")
    elif len(key) == 1 and not key.isalnum() and key != " ":
        yield KeyChord(key, mods & ~Modifiers.SHIFT, "mapped")


class KeyMap:
    """A key table: bindings by chord. Of two bindings of one chord the later holds."""

    def __init__(self, bindings: Iterable[KeyBinding] = (), preference: str = "Mapped") -> None:
        self._by_chord: dict[KeyChord, KeyAssignment] = {}
        for binding in bindings:
            self._by_chord[binding.chord.resolved(preference)] = binding.action

    def lookup(self, event: KeyEvent) -> KeyAssignment | None:
        """What the event's chord is assigned to; LEADER counts if it is among the event's modifiers."""
        for chord in chords_of(event):
            found = self._by_chord.get(chord)
            if found is not None:
                return found
        return None

    def __contains__(self, chord: object) -> bool:
        return chord in self._by_chord

    def __len__(self) -> int:
        return len(self._by_chord)

    def items(self) -> Iterator[tuple[KeyChord, KeyAssignment]]:
        """All assignments."""
        return iter(self._by_chord.items())
