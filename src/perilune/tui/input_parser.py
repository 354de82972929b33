"""Bytes from the host terminal to keys, mouse events, pastes and replies.

Any bytes are taken, in pieces of any size: nothing raises, and the pieces make no difference to the events.
What cannot be decided without more bytes (a lone Escape) is kept until `flush`, which the driver calls after
a short silence. Replies to the driver's questions come out as `Reply` values, never as keys.

Mux thread. Knows no file descriptor and no clock.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass

from perilune.base.input import KeyEvent, KeyKind, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.tui.host_keys import CSI_LETTER_KEYS, KITTY_KEYS, LINUX_CONSOLE_KEYS, SS3_KEYS, TILDE_KEYS

__all__ = ["Focus", "HostEvent", "InputParser", "Paste", "Reply"]

MAX_CSI = 256
MAX_STRING = 4 << 20  # an OSC 52 answer holds a whole clipboard
PASTE_CHUNK = 1 << 20

_ESC = 0x1B
_PASTE_END = b"\x1b[201~"
_CSI = re.compile(rb"([0-?]*)([ -/]*)([@-~])")
_CSI_PARTIAL = re.compile(rb"[0-?]*[ -/]*")
_KINDS = {1: KeyKind.PRESS, 2: KeyKind.REPEAT, 3: KeyKind.RELEASE}
_ALL_MODIFIERS = 0xFF
_TYPING = Modifiers.SHIFT | Modifiers.CAPS_LOCK | Modifiers.NUM_LOCK
# A control character does not tell which of its keys was pressed. CTRL+^ and CTRL+_ are the shifted variants
# of default bindings, and would never reach a program.
_UNSHIFTED_CONTROLS = {0x1E: "6", 0x1F: "/"}
_NUMPAD_TEXT = {
    **{f"Numpad{number}": str(number) for number in range(10)},
    "Decimal": ".", "Divide": "/", "Multiply": "*", "Subtract": "-", "Add": "+", "NumpadEquals": "=",
    "Separator": ",",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paste:
    """Pasted text, or a part of a long one; line ends are LF."""

    text: str


@dataclass(frozen=True, slots=True)
class Focus:
    """The host terminal got or lost the focus."""

    focused: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the host.

    `kind` is "csi" (`text` holds marks and final, such as "?c" or "?$y"), or "osc" or "dcs" (`text` is the
    string).
    """

    kind: str
    text: str
    numbers: tuple[int, ...] = ()


HostEvent = KeyEvent | MouseEvent | Paste | Focus | Reply


class InputParser:
    """Turns what the host sends into events.

    Attributes:
        kitty: the host reports keys by the kitty protocol, so a symbol with SHIFT is not the shifted one.
        erase: the byte of the Backspace key (the tty's VERASE); the other of BS and DEL is then Ctrl-h or
            Ctrl-Backspace.
        awaits_cursor_report: the host has been asked for the cursor's position: the next `CSI row ; column R`
            is its answer, though in row 1 it looks like F3 with modifiers.
    """

    def __init__(self, *, erase: int = 0x7F) -> None:
        self.kitty = False
        self.erase = erase
        self.awaits_cursor_report = False
        self._pending = b""
        self._scanned = 0  # how much of an unfinished control string has been searched for its end
        self._in_paste = False
        self._discarding = False
        self._paste_bytes = b""
        self._paste = self._new_paste_decoder()
        self._paste_text: list[str] = []
        self._paste_length = 0

    @property
    def is_pending(self) -> bool:
        """Whether bytes wait for more that a silence, and then `flush`, decides.

        The start of a UTF-8 character does not: it can be nothing else, however late the rest comes.
        """
        return self._pending[:1] == b"\x1b" and not self._in_paste

    @property
    def is_escape_pending(self) -> bool:
        """Whether what waits may be a key typed by hand, so that the silence should be short."""
        return self.is_pending and len(self._pending) <= 2

    def feed(self, data: bytes) -> list[HostEvent]:
        """The events that `data` completes."""
        events: list[HostEvent] = []
        if self._in_paste:
            data = self._feed_paste(data, events)
        if data:
            self._parse(self._pending + data, events)
        return events

    def flush(self) -> list[HostEvent]:
        """Decide what waits: nothing more is coming."""
        events: list[HostEvent] = []
        if not self.is_pending:
            return events
        pending, self._pending = self._pending, b""
        self._scanned = 0
        if self._discarding:
            self._discarding = False
        elif len(pending) == 1 or pending[1] >= 0x80:
            events.append(KeyEvent("Escape"))
            self._pending = pending[1:]  # the start of a character, which may still come
        elif len(pending) == 2:
            events.append(self._with_alt(self._plain_key(pending[1:])))
        elif pending[1] == _ESC:
            events.append(KeyEvent("Escape", Modifiers.ALT))
        # Longer ones are sequences that broke off.
        return events

    # The scanner.

    def _parse(self, data: bytes, events: list[HostEvent]) -> None:
        position = 0
        size = len(data)
        self._pending = b""
        while position < size:
            if self._discarding:
                position = self._discard(data, position)
                if position < 0:
                    return
                continue
            byte = data[position]
            if byte == _ESC:
                after = self._escape(data, position, events)
            elif byte < 0x80:
                events.append(self._plain_key(data[position : position + 1]))
                after = position + 1
            else:
                after = self._character(data, position, events)
            if after < 0:
                self._pending = data[position:]
                return
            self._scanned = 0
            position = after
            if self._in_paste:
                rest = self._feed_paste(data[position:], events)
                data, position, size = rest, 0, len(rest)

    def _escape(self, data: bytes, start: int, events: list[HostEvent]) -> int:
        """A sequence that begins with ESC at `start`: the position after it, or -1 where it is unfinished."""
        size = len(data)
        position = start + 1
        if position >= size:
            return -1
        byte = data[position]
        if byte == 0x5B:
            return self._csi(data, position + 1, events, Modifiers.NONE)
        if byte == 0x4F:
            return self._ss3(data, position + 1, events, Modifiers.NONE)
        if byte in {0x5D, 0x50}:
            # Answers begin with a digit or a mark. Anything else was Alt with a key.
            if position + 1 >= size:
                return -1
            if chr(data[position + 1]) in ("0123456789" if byte == 0x5D else "01>!$|"):
                return self._string(data, start, "osc" if byte == 0x5D else "dcs", events)
            events.append(self._with_alt(self._plain_key(b"]" if byte == 0x5D else b"P")))
            return position + 1
        if byte == _ESC:
            # Alt with a key that sends a sequence (rxvt), or with Escape.
            if position + 1 >= size:
                return -1
            if data[position + 1] == 0x5B:
                return self._csi(data, position + 2, events, Modifiers.ALT)
            if data[position + 1] == 0x4F:
                return self._ss3(data, position + 2, events, Modifiers.ALT)
            events.append(KeyEvent("Escape"))
            return position
        if byte < 0x80:
            events.append(self._with_alt(self._plain_key(data[position : position + 1])))
            return position + 1
        found: list[HostEvent] = []
        after = self._character(data, position, found)
        if after >= 0 and not found:
            events.append(KeyEvent("Escape"))  # followed by bytes that are no text
        events.extend(self._with_alt(event) for event in found if isinstance(event, KeyEvent))
        return after

    def _character(self, data: bytes, start: int, events: list[HostEvent]) -> int:
        """One UTF-8 character, or the bytes that are none, which are dropped."""
        first = data[start]
        length = (
            2 if 0xC2 <= first < 0xE0 else 3 if 0xE0 <= first < 0xF0 else 4 if 0xF0 <= first < 0xF5 else 0
        )
        if length == 0:
            return start + 1
        piece = data[start : start + length]
        for index in range(1, len(piece)):
            if piece[index] & 0xC0 != 0x80:
                return start + index
        if len(piece) < length:
            return -1
        try:
            char = piece.decode()
        except UnicodeDecodeError:
            return start + length
        if char >= "\xa0":
            events.append(KeyEvent(char, text=char))
        return start + length

    # Plain keys.

    def _plain_key(self, byte: bytes) -> KeyEvent:
        """The key of one byte below 0x80."""
        code = byte[0]
        if code == self.erase and code in {8, 127}:
            return KeyEvent("Backspace")
        if code == 127:
            return KeyEvent("Backspace", Modifiers.CTRL)
        if code >= 32:
            char = chr(code)
            if "A" <= char <= "Z":
                return KeyEvent(char.lower(), Modifiers.SHIFT, text=char, shifted_key=char)
            return KeyEvent(char, text=char)
        if code == 13:
            return KeyEvent("Enter")
        if code == 9:
            return KeyEvent("Tab")
        if code == 27:
            return KeyEvent("Escape")
        if code == 0:
            return KeyEvent(" ", Modifiers.CTRL)
        if code in _UNSHIFTED_CONTROLS:
            return KeyEvent(_UNSHIFTED_CONTROLS[code], Modifiers.CTRL)
        char = chr(code + 64)
        return KeyEvent(char.lower() if char.isalpha() else char, Modifiers.CTRL)

    @staticmethod
    def _with_alt(event: KeyEvent) -> KeyEvent:
        """The same key with ALT; a chord types nothing."""
        shifted = event.text if event.mods & Modifiers.SHIFT else ""
        return KeyEvent(event.key, event.mods | Modifiers.ALT, event.kind, "", shifted)

    # Control sequences.

    def _csi(self, data: bytes, start: int, events: list[HostEvent], mods: Modifiers) -> int:
        """A control sequence whose parameters begin at `start`."""
        if start >= len(data):
            return -1
        if data[start] == 0x5B:  # the Linux console's function keys
            if start + 1 >= len(data):
                return -1
            name = LINUX_CONSOLE_KEYS.get(chr(data[start + 1]))
            if name is not None:
                events.append(KeyEvent(name, mods))
                return start + 2
        if data[start] == 0x4D:
            return self._x10_mouse(data, start + 1, events)
        match = _CSI.match(data, start)
        if match is None or match.end() - start > MAX_CSI:
            partial = _CSI_PARTIAL.match(data, start)
            end = partial.end() if partial else start
            if end - start > MAX_CSI:
                return start + MAX_CSI
            # A byte that cannot stand in a sequence breaks it off; something new starts there.
            return end if end < len(data) else -1
        self._csi_event(match[1].decode(), match[2].decode(), match[3].decode(), events, mods)
        return match.end()

    def _csi_event(
        self, parameters: str, intermediates: str, final: str, events: list[HostEvent], mods: Modifiers
    ) -> None:
        mark = parameters[:1] if parameters[:1] in {"<", "=", ">", "?"} else ""
        fields = [_numbers(field) for field in parameters[len(mark) :].split(";")]
        if mark == "<" and final in {"M", "m"} and not intermediates:
            self._sgr_mouse(fields, final == "m", events)
            return
        if mark or intermediates or final in {"c", "n", "t", "y"}:
            numbers = tuple(field[0] for field in fields)
            events.append(Reply("csi", mark + intermediates + final, numbers))
            return
        first = fields[0][0]
        if final == "R" and (first > 1 or (self.awaits_cursor_report and len(fields) > 1)):
            self.awaits_cursor_report = False
            events.append(Reply("csi", "R", tuple(field[0] for field in fields)))  # CPR; F3 has a 1 there
        elif final in {"I", "O"} and parameters == "":
            events.append(Focus(final == "I"))
        elif final == "u":
            self._kitty_key(fields, events, mods)
        elif final == "~":
            self._tilde_key(fields, events, mods)
        elif final == "Z":
            events.append(KeyEvent("Tab", mods | Modifiers.SHIFT | _modifiers(fields)))
        elif final in CSI_LETTER_KEYS:
            self._named_key(CSI_LETTER_KEYS[final], fields, events, mods)
        elif final in {"a", "b", "c", "d"}:
            self._named_key(CSI_LETTER_KEYS[final.upper()], fields, events, mods | Modifiers.SHIFT)  # rxvt
        elif final in {"^", "@"} and first in TILDE_KEYS:
            extra = Modifiers.CTRL | (Modifiers.SHIFT if final == "@" else Modifiers.NONE)
            events.append(KeyEvent(TILDE_KEYS[first], mods | extra))  # rxvt

    @staticmethod
    def _named_key(name: str, fields: list[list[int]], events: list[HostEvent], mods: Modifiers) -> None:
        kind = _KINDS.get(fields[1][1] if len(fields) > 1 and len(fields[1]) > 1 else 1, KeyKind.PRESS)
        events.append(KeyEvent(name, mods | _modifiers(fields), kind))

    def _tilde_key(self, fields: list[list[int]], events: list[HostEvent], mods: Modifiers) -> None:
        first = fields[0][0]
        if first == 200:
            self._in_paste = True
            return
        if first == 27 and len(fields) >= 3:  # modifyOtherKeys
            self._character_key(fields[2][0], 0, 0, mods | _modifiers(fields), KeyKind.PRESS, None, events)
            return
        name = TILDE_KEYS.get(first)
        if name is not None:
            self._named_key(name, fields, events, mods)

    def _kitty_key(self, fields: list[list[int]], events: list[HostEvent], mods: Modifiers) -> None:
        """`CSI code:shifted:base ; modifiers:event ; text u`."""
        codes = fields[0] + [0, 0]
        kind = _KINDS.get(fields[1][1] if len(fields) > 1 and len(fields[1]) > 1 else 1, KeyKind.PRESS)
        text: str | None = None
        if len(fields) > 2:
            text = "".join([_char(code) for code in fields[2]])
        self._character_key(codes[0], codes[1], codes[2], mods | _modifiers(fields), kind, text, events)

    def _character_key(
        self,
        code: int,
        shifted: int,
        base: int,
        mods: Modifiers,
        kind: KeyKind,
        text: str | None,
        events: list[HostEvent],
    ) -> None:
        """A key by its code point; `text` is None where the host did not say what it types."""
        if code == 0 and text:
            events.extend(KeyEvent(char, kind=kind, text=char) for char in text)  # an input method's text
            return
        name = KITTY_KEYS.get(code)
        if name is not None:
            if text is None and not mods & ~_TYPING and kind is not KeyKind.RELEASE:
                text = _NUMPAD_TEXT.get(name)
            events.append(KeyEvent(name, mods, kind, text or ""))
            return
        if 0 < code < 32:  # modifyOtherKeys of some hosts
            plain = self._plain_key(bytes([code]))
            events.append(KeyEvent(plain.key, plain.mods | mods, kind))
            return
        char = _char(code)
        if not char:
            return
        shifted_char = _char(shifted)
        if "A" <= char <= "Z":
            shifted_char = char
            char = char.lower()
            mods |= Modifiers.SHIFT
        elif (
            mods & Modifiers.SHIFT
            and not self.kitty
            and not shifted_char
            and not char.isalpha()
            and char != " "
        ):
            mods &= ~Modifiers.SHIFT  # the host sent the shifted symbol itself
        if "a" <= char <= "z" and mods & Modifiers.SHIFT and not shifted_char:
            shifted_char = char.upper()
        if text is None:
            text = ""
            if not mods & ~_TYPING and kind is not KeyKind.RELEASE:
                upper = bool(mods & Modifiers.SHIFT) != bool(mods & Modifiers.CAPS_LOCK and char.isalpha())
                text = (shifted_char or _single(char.upper(), char)) if upper else char
        events.append(KeyEvent(char, mods, kind, text, shifted_char, _char(base)))

    def _ss3(self, data: bytes, start: int, events: list[HostEvent], mods: Modifiers) -> int:
        """`ESC O` and a letter, with the modifiers before it on some hosts."""
        position = start
        while position < len(data) and (0x30 <= data[position] <= 0x3B) and position - start < 8:
            position += 1
        if position >= len(data):
            return -1
        letter = chr(data[position])
        name = SS3_KEYS.get(letter)
        if name is None and letter in {"a", "b", "c", "d"}:
            name, mods = CSI_LETTER_KEYS[letter.upper()], mods | Modifiers.CTRL  # rxvt
        if name is None:
            # Alt with O, and then something else.
            events.append(self._with_alt(self._plain_key(b"O")))
            return start
        fields = [_numbers(field) for field in data[start:position].decode().split(";")]
        if len(fields) == 1 and fields[0][0]:
            fields.insert(0, [1])
        mods |= _modifiers(fields)
        text = "" if mods & ~_TYPING else _NUMPAD_TEXT.get(name, " " if name == " " else "")
        events.append(KeyEvent(name, mods, text=text))
        return position + 1

    # Mouse.

    def _sgr_mouse(self, fields: list[list[int]], released: bool, events: list[HostEvent]) -> None:
        if len(fields) >= 3:
            self._mouse(fields[0][0], fields[1][0], fields[2][0], released, events)

    def _x10_mouse(self, data: bytes, start: int, events: list[HostEvent]) -> int:
        piece = data[start : start + 3]
        for index, byte in enumerate(piece):
            if byte < 32:
                return start + index
        if len(piece) < 3:
            return -1
        code, col, row = (byte - 32 for byte in piece)
        self._mouse(code, col, row, released=code & 0x43 == 3 and not code & 32, events=events)
        return start + 3

    @staticmethod
    def _mouse(code: int, col: int, row: int, released: bool, events: list[HostEvent]) -> None:
        mods = Modifiers.NONE
        if code & 4:
            mods |= Modifiers.SHIFT
        if code & 8:
            mods |= Modifiers.ALT
        if code & 16:
            mods |= Modifiers.CTRL
        number = code & 3 | (code & 0xC0) >> 4
        button = _BUTTONS.get(number, MouseButton.NONE)
        if code & 32:
            kind = MouseKind.MOVE
        elif released:
            kind = MouseKind.RELEASE
        else:
            kind = MouseKind.PRESS
        if kind is not MouseKind.MOVE and button is MouseButton.NONE and number != 3:
            return
        if kind is MouseKind.RELEASE and number in {4, 5, 6, 7}:
            return  # a wheel is not released
        events.append(MouseEvent(max(row - 1, 0), max(col - 1, 0), button, kind, mods))

    # Control strings.

    def _string(self, data: bytes, start: int, kind: str, events: list[HostEvent]) -> int:
        """An OSC or DCS from `start` (its ESC) to BEL, ST, or what breaks it off."""
        position = max(start + 2, start + self._scanned)
        while True:
            ends = _STRING_END.search(data, position)
            if ends is None:
                if len(data) - start > MAX_STRING:
                    self._discarding = True
                    return len(data)
                self._scanned = len(data) - start
                return -1
            position = ends.start()
            byte = data[position]
            if byte == _ESC:
                if position + 1 >= len(data):
                    self._scanned = position - start
                    return -1
                if data[position + 1] != 0x5C:
                    return position  # broken off by another sequence
                after = position + 2
            elif byte == 7:
                if kind == "dcs":
                    position += 1
                    continue
                after = position + 1
            else:
                return position + 1  # CAN, SUB
            if position - start <= MAX_STRING:
                events.append(Reply(kind, data[start + 2 : position].decode("utf-8", "replace")))
            return after

    def _discard(self, data: bytes, position: int) -> int:
        """Skip the rest of an overlong string; -1 where it has not ended yet."""
        ends = _STRING_END.search(data, position)
        if ends is None:
            return -1
        self._discarding = False
        if data[ends.start()] != _ESC:
            return ends.end()
        if ends.end() >= len(data):
            self._discarding = True
            self._pending = b"\x1b"
            return -1
        return ends.end() + 1 if data[ends.end()] == 0x5C else ends.start()

    # Paste.

    @staticmethod
    def _new_paste_decoder() -> io.IncrementalNewlineDecoder:
        return io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), translate=True)

    def _feed_paste(self, data: bytes, events: list[HostEvent]) -> bytes:
        """Take pasted bytes; what follows the paste."""
        data = self._paste_bytes + data
        end = data.find(_PASTE_END)
        if end < 0:
            keep = _partial_suffix(data)
            self._paste_bytes = data[len(data) - keep :]
            self._add_paste(data[: len(data) - keep], events, final=False)
            return b""
        self._paste_bytes = b""
        self._in_paste = False
        self._add_paste(data[:end], events, final=True)
        return data[end + len(_PASTE_END) :]

    def _add_paste(self, data: bytes, events: list[HostEvent], *, final: bool) -> None:
        """Gather text and hand it out in pieces of a fixed size, so that reads make no difference."""
        text = self._paste.decode(data, final)
        if final:
            self._paste = self._new_paste_decoder()
        self._paste_text.append(text)
        self._paste_length += len(text)
        if self._paste_length > PASTE_CHUNK or final:
            text = "".join(self._paste_text)
            while len(text) > PASTE_CHUNK:
                events.append(Paste(text[:PASTE_CHUNK]))
                text = text[PASTE_CHUNK:]
            if final:
                if text:
                    events.append(Paste(text))
                text = ""
            self._paste_text = [text]
            self._paste_length = len(text)


_STRING_END = re.compile(rb"[\x07\x18\x1a\x1b]")
_BUTTONS = {
    0: MouseButton.LEFT, 1: MouseButton.MIDDLE, 2: MouseButton.RIGHT, 4: MouseButton.WHEEL_UP,
    5: MouseButton.WHEEL_DOWN, 6: MouseButton.WHEEL_LEFT, 7: MouseButton.WHEEL_RIGHT, 8: MouseButton.BACK,
    9: MouseButton.FORWARD,
}  # fmt: skip


def _partial_suffix(data: bytes) -> int:
    """How many of the last bytes may be the start of the end-of-paste marker."""
    for length in range(min(len(_PASTE_END) - 1, len(data)), 0, -1):
        if data.endswith(_PASTE_END[:length]):
            return length
    return 0


def _numbers(field: str) -> list[int]:
    """The colon-separated numbers of a parameter; 0 for one left out."""
    return [int(part) if part.isdecimal() and len(part) < 10 else 0 for part in field.split(":")]


def _modifiers(fields: list[list[int]]) -> Modifiers:
    """The modifiers of an xterm or kitty parameter: 1 plus the bits."""
    if len(fields) < 2 or fields[1][0] < 2:
        return Modifiers.NONE
    return Modifiers((fields[1][0] - 1) & _ALL_MODIFIERS)


def _char(code: int) -> str:
    """The character of a code point that a key can type; "" for controls and what is none."""
    if code < 32 or 127 <= code < 160 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return ""
    return chr(code)


def _single(text: str, fallback: str) -> str:
    return text if len(text) == 1 else fallback
