"""The front end inside a host terminal: joins driver, parser, diff writer and clipboard.

Implements `app.front_end.FrontEnd`. It decides nothing about the program. Mux thread.
"""

from __future__ import annotations

import binascii
import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from perilune.app.front_end import InputHandler, SingleScreen
from perilune.base.color import Rgb, parse_color
from perilune.base.geometry import Size
from perilune.base.input import KeyEvent, MouseEvent
from perilune.base.log import get_logger
from perilune.base.loop import EventLoop, Timer
from perilune.config.palette import Palette
from perilune.render.frame import Frame, FrameCursor
from perilune.tui import desktop
from perilune.tui.capabilities import HostCapabilities, from_environment
from perilune.tui.clipboard import HostClipboard
from perilune.tui.diff import DiffWriter
from perilune.tui.input_parser import Focus, HostEvent, InputParser, Paste, Reply
from perilune.tui.terminal import HostTerminal, NotATerminalError

__all__ = ["NotATerminalError", "TuiFrontEnd"]

_log = get_logger("tui")

# Long enough for the rest of a sequence over a local pty, short enough that Escape feels immediate.
_ESCAPE_DELAY = 0.03
# Of a sequence that has shown more than its first bytes, the rest will come; only a broken line lets it wait.
_SEQUENCE_DELAY = 0.5
_SHAPES = {("block", True): 1, ("block", False): 2, ("underline", True): 3, ("underline", False): 4,
           ("bar", True): 5, ("bar", False): 6}  # fmt: skip


class TuiFrontEnd(SingleScreen):
    """Draws in the terminal that the program was started in.

    Attributes:
        keyboard: "kitty" once the host has said that it reports every chord, else "legacy".
        on_ready: see `FrontEnd`.
    """

    def __init__(
        self,
        loop: EventLoop,
        input_fd: int = 0,
        output_fd: int = 1,
        env: Mapping[str, str] = os.environ,
    ) -> None:
        self.keyboard = "legacy"
        self.on_ready: Callable[[], None] | None = None
        self._loop = loop
        self._env = env
        self._capabilities = from_environment(env)
        self._terminal = HostTerminal(loop, input_fd, output_fd, env, self._capabilities)
        self._terminal.on_input = self._on_input
        self._terminal.on_close = self._on_close
        self._terminal.on_resize = self._on_resize
        self._terminal.on_resume = self._on_resume
        self._terminal.output.on_drained = self._on_drained
        self._parser = InputParser()
        self._escape_timer: Timer | None = None
        self._handler: InputHandler | None = None
        self._size = Size(80, 24)
        self._diff = DiffWriter(self._capabilities, 80, 24)
        self._clipboard = HostClipboard(
            loop, env, self._terminal_write, has_osc_52=self._capabilities.clipboard
        )
        self._frame: Frame | None = None
        self._waiting = False  # `_frame` has not been drawn, because the host is still taking the one before
        self._owed = bytearray()
        self._cursor_shown = False
        self._cursor_shape = 0
        self._title: str | None = None
        self._cursor_color: Rgb | None = None
        self._foreground: Rgb | None = None
        self._background: Rgb | None = None
        self._after_fence: HostCapabilities | None = None

    @property
    def capabilities(self) -> HostCapabilities:
        """What the host is known to do."""
        return self._capabilities

    # Life.

    def check(self) -> None:
        """Touch nothing, only look whether `start` can.

        Raises:
            NotATerminalError: input or output is no terminal, or one that cannot be drawn in.
        """
        self._terminal.check()

    def start(self, handler: InputHandler) -> Size:
        """Take the host's screen.

        Raises:
            NotATerminalError: as `check` does.
        """
        self._handler = handler
        self._after_fence = self._capabilities
        self._terminal.start()
        self._ready_parser()
        self._size = self._terminal.size()
        self._diff.resize(self._size.cols, self._size.rows)
        return self._size

    def stop(self) -> None:
        """Give the screen back exactly as it was."""
        if self._escape_timer is not None:
            self._escape_timer.cancel()
        self._terminal.stop()

    def suspend(self) -> None:
        """Give the screen back and stop the job; draws again when continued."""
        self._terminal.suspend()

    def _on_close(self, reason: str) -> None:
        if self._handler is not None:
            self._handler.on_close(reason)

    def _on_resize(self) -> None:
        size = self._terminal.size()
        if size == self._size:
            return
        self._size = size
        self._diff.resize(size.cols, size.rows)
        if self._handler is not None:
            self._handler.on_resize(size)

    def _ready_parser(self) -> None:
        """Tell it of the terminal that has just been taken."""
        self._parser.erase = self._terminal.erase
        self._parser.awaits_cursor_report = self._terminal.awaits_fence and self._capabilities.unicode

    def _on_resume(self) -> None:
        self._ready_parser()
        self._cursor_shown = False
        self._cursor_shape = 0
        self._title = None
        self._cursor_color, color = None, self._cursor_color
        self._set_cursor_color(color)
        self._after_fence = self._capabilities
        self._on_resize()
        self._redraw()

    # Drawing.

    @property
    def is_ready(self) -> bool:
        """Whether the host has taken all that was drawn."""
        return self._terminal.is_active and self._terminal.output.is_drained

    def present(self, frame: Frame) -> None:
        """Draw, or, while the host is busy, keep the newest frame until it is not."""
        self._frame = frame
        if not self.is_ready:
            self._waiting = True
            self._owe(frame)
            return
        self._draw(frame)

    def _owe(self, frame: Frame) -> None:
        """Remember the rows that a frame which is not drawn would have changed."""
        rows = frame.buffer.rows
        if len(self._owed) < rows:
            self._owed.extend(bytes(rows - len(self._owed)))
        for row, mark in enumerate(frame.buffer.touched):
            if mark:
                self._owed[row] = 1

    def _draw(self, frame: Frame) -> None:
        self._waiting = False
        out = bytearray()
        synchronized = self._capabilities.synchronized
        if synchronized:
            out += b"\x1b[?2026h"
        elif self._cursor_shown:
            out += b"\x1b[?25l"
        if self._diff.draw(frame.buffer, out, self._owed or None):
            if not synchronized:
                self._cursor_shown = False
        else:
            del out[:]
            synchronized = False
        buffer = frame.buffer
        buffer.touched[:] = bytes(len(buffer.touched))
        self._owed.clear()
        self._put_cursor(out, frame.cursor)
        if frame.title != self._title:
            self._put_title(out, frame.title)
        if synchronized:
            out += b"\x1b[?2026l"
        if out:
            self._terminal.output.write(out)

    def _put_cursor(self, out: bytearray, cursor: FrameCursor | None) -> None:
        if cursor is None:
            if self._cursor_shown:
                out += b"\x1b[?25l"
                self._cursor_shown = False
            return
        self._diff.place_cursor(out, cursor.row, cursor.col)
        shape = _SHAPES.get((cursor.shape, cursor.blinking), 0)
        if shape != self._cursor_shape and self._capabilities.cursor_shapes:
            out += b"\x1b[%d q" % shape
            self._cursor_shape = shape
            self._terminal.extra_restore["cursor shape"] = b"\x1b[0 q"
        if not self._cursor_shown:
            out += b"\x1b[?25h"
            self._cursor_shown = True

    def _put_title(self, out: bytearray, title: str) -> None:
        self._title = title
        if self._capabilities.titles:
            clean = "".join([char for char in title if char >= " " and not "\x7f" <= char < "\xa0"])
            out += b"\x1b]2;%s\x1b\\" % clean.encode("utf-8", "replace")

    def _redraw(self) -> None:
        """Draw the last frame again from scratch."""
        self._diff.invalidate()
        if self._frame is not None:
            self.present(self._frame)

    def _on_drained(self) -> None:
        if self._waiting and self._frame is not None and self._terminal.is_active:
            self._draw(self._frame)
        if self.is_ready and self.on_ready is not None:
            self.on_ready()

    def set_palette(self, palette: Palette) -> None:
        """Configured colours are sent as such; the others stay the host's own."""
        indexed = {index: rgb for index in range(256) if (rgb := palette.entry(index)) is not None}
        self._diff.set_colors(palette.foreground, palette.background, indexed)
        self._set_cursor_color(palette.cursor_bg)
        if self._terminal.is_active:
            self._redraw()

    def _set_cursor_color(self, color: Rgb | None) -> None:
        if color == self._cursor_color or not self._capabilities.control_strings:
            return
        self._cursor_color = color
        if not self._terminal.is_active:
            return
        if color is None:
            self._terminal_write(b"\x1b]112\x1b\\")
            self._terminal.extra_restore.pop("cursor color", None)
        else:
            self._terminal_write(b"\x1b]12;#%02x%02x%02x\x1b\\" % color)
            self._terminal.extra_restore["cursor color"] = b"\x1b]112\x1b\\"

    def _terminal_write(self, data: bytes) -> None:
        if self._terminal.is_active:
            self._terminal.output.write(data)

    # The host's services.

    def ring_bell(self) -> None:
        """BEL."""
        self._terminal_write(b"\a")

    def set_clipboard(self, text: str, selection: str) -> None:
        """Copy by OSC 52 and the desktop's tool."""
        self._clipboard.set(text, selection)

    def request_clipboard(self, selection: str, on_text: Callable[[str], None]) -> None:
        """Paste from the desktop's tool, else by OSC 52."""
        self._clipboard.request(selection, on_text)

    def notify(self, title: str, body: str) -> None:
        """By the host's own notifications, else by notify-send."""
        number = self._capabilities.notification
        if number == 9:
            self._terminal_write(b"\x1b]9;%s\x1b\\" % _plain(f"{title}: {body}" if title else body))
        elif number == 777:
            self._terminal_write(
                b"\x1b]777;notify;%s;%s\x1b\\" % (_plain(title.replace(";", ",")), _plain(body))
            )
        else:
            desktop.notify(self._env, title, body)

    # Input.

    def _on_input(self, data: bytes) -> None:
        if self._escape_timer is not None:
            self._escape_timer.cancel()
            self._escape_timer = None
        self._report(self._parser.feed(data))
        if self._parser.is_pending:
            delay = _ESCAPE_DELAY if self._parser.is_escape_pending else _SEQUENCE_DELAY
            self._escape_timer = self._loop.call_later(delay, self._on_silence)

    def _on_silence(self) -> None:
        self._escape_timer = None
        self._report(self._parser.flush())

    def _report(self, events: list[HostEvent]) -> None:
        handler = self._handler
        if handler is None:
            return
        for event in events:
            try:
                if isinstance(event, KeyEvent):
                    handler.on_key(event)
                elif isinstance(event, MouseEvent):
                    handler.on_mouse(event)
                elif isinstance(event, Paste):
                    handler.on_paste(event.text)
                elif isinstance(event, Focus):
                    handler.on_focus(event.focused)
                else:
                    self._on_reply(event)
            except Exception:  # noqa: BLE001
                # One event's failure must not swallow those behind it.
                _log.exception("handling %s failed", type(event).__name__)

    # Answers.

    def _on_reply(self, reply: Reply) -> None:
        if reply.kind == "osc":
            number, _, value = reply.text.partition(";")
            if number in {"10", "11"}:
                self._on_host_color(number, value)
            elif number == "52":
                self._clipboard.on_reply(reply.text)
        elif reply.kind == "dcs":
            self._on_device_string(reply.text)
        elif reply.text == "?c":
            self._on_fence()
        elif reply.text == "?u" and reply.numbers:
            self._learn(replace(self._known(), kitty_flags=reply.numbers[0]))
        elif reply.text == "?$y" and reply.numbers[:1] == (2026,):
            state = reply.numbers[1] if len(reply.numbers) > 1 else 0
            self._learn(replace(self._known(), synchronized=state in {1, 2}))
        elif reply.text == "R" and len(reply.numbers) > 1 and self._tells_width:
            self._learn(replace(self._known(), narrow_ambiguous=reply.numbers[1] == 2))

    @property
    def _tells_width(self) -> bool:
        """Whether a cursor position now tells how wide the character drawn at the start is."""
        return self._terminal.awaits_fence and self._size.cols > 2  # at the margin the cursor stays

    def _on_device_string(self, text: str) -> None:
        if text.startswith(">|"):
            self._learn(self._known().with_version(text[2:]))
        elif text.startswith("1+r"):
            for pair in text[3:].split(";"):
                name = pair.partition("=")[0]
                try:
                    decoded = binascii.unhexlify(name).decode("ascii")
                except (binascii.Error, ValueError):
                    continue
                self._learn(self._known().with_terminfo(decoded))

    def _on_host_color(self, number: str, value: str) -> None:
        try:
            color = parse_color(
                value if not value.startswith("rgba:") else "rgb:" + value[5:].rpartition("/")[0]
            )
        except ValueError:
            return
        if number == "10":
            self._foreground = color
        else:
            self._background = color
        if not self._terminal.awaits_fence:
            self._report_colors()

    def _report_colors(self) -> None:
        if self._handler is not None and (self._foreground is not None or self._background is not None):
            self._handler.on_host_colors(self._foreground, self._background)

    def _known(self) -> HostCapabilities:
        return self._after_fence if self._after_fence is not None else self._capabilities

    def _learn(self, capabilities: HostCapabilities) -> None:
        """Answers are gathered until the fence, so that what they change is drawn once."""
        if self._terminal.awaits_fence:
            self._after_fence = capabilities
            if capabilities.kitty_flags != self._capabilities.kitty_flags:
                self._use_keyboard(capabilities.kitty_flags)
        else:
            self._apply(capabilities)

    def _use_keyboard(self, flags: int) -> None:
        self.keyboard = "kitty" if flags & 1 else "legacy"
        self._parser.kitty = bool(flags & 1)

    def _on_fence(self) -> None:
        if not self._terminal.awaits_fence:
            return
        self._terminal.on_fence()
        self._parser.awaits_cursor_report = False
        known, self._after_fence = self._known(), None
        self._apply(known)
        if not known.kitty_flags:
            self._terminal_write(b"\x1b[>4;2m")  # modifyOtherKeys
            # The second restores the rendition of a host that takes the first for one.
            self._terminal.extra_restore["modify other keys"] = b"\x1b[>4m\x1b[m"
        self._report_colors()

    def _apply(self, capabilities: HostCapabilities) -> None:
        if capabilities == self._capabilities:
            return
        self._capabilities = self._terminal.capabilities = capabilities
        self._use_keyboard(capabilities.kitty_flags)
        _log.debug("the host is %r", capabilities)
        if self._diff.set_capabilities(capabilities) and self._frame is not None:
            self.present(self._frame)


def _plain(text: str) -> bytes:
    """Text that cannot end or break a control string."""
    return "".join([char if char >= " " and not "\x7f" <= char < "\xa0" else " " for char in text]).encode(
        "utf-8", "replace"
    )
