"""The front end on a pty whose other end the test holds: frames, back-pressure, answers, timers."""

from __future__ import annotations

import os
import pty
import select
import termios
import threading
import time

import pytest

from perilune.base.clock import ManualClock
from perilune.base.input import KeyEvent, Modifiers
from perilune.base.loop import EventLoop
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.config.palette import Palette
from perilune.render.frame import Frame, FrameCursor
from perilune.tui import terminal
from perilune.tui.front_end import NotATerminalError, TuiFrontEnd
from perilune.vt import Terminal

ENV = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "PATH": ""}


class Recorder:
    """An InputHandler that notes."""

    def __init__(self):
        self.events = []

    def on_key(self, event):
        self.events.append(event)

    def on_mouse(self, event):
        self.events.append(event)

    def on_paste(self, text):
        self.events.append(("paste", text))

    def on_focus(self, focused):
        self.events.append(("focus", focused))

    def on_resize(self, size):
        self.events.append(("resize", size.cols, size.rows))

    def on_host_colors(self, foreground, background):
        self.events.append(("colors", foreground, background))

    def on_close(self, reason):
        self.events.append(("close", reason))


class Stage:
    """A front end, its loop, and the master side of its terminal."""

    def __init__(self, cols=40, rows=10, **env):
        self.master, self.slave = pty.openpty()
        termios.tcsetwinsize(self.slave, (rows, cols))
        self.before = termios.tcgetattr(self.slave)
        self.clock = ManualClock()
        self.loop = EventLoop(self.clock)
        self.front_end = TuiFrontEnd(self.loop, self.slave, self.slave, {**ENV, **env})
        self.handler = Recorder()
        self.tables = CellTables()
        self.buffer = CellBuffer(cols, rows, self.tables)
        self.host = Terminal(cols, rows, scrollback=10)
        self.raw = b""
        self.number = 0

    def start(self):
        self.front_end.start(self.handler)
        return self

    def turn(self):
        self.loop.run_once(0)

    def read(self):
        """What the host has got by now."""
        while select.select([self.master], [], [], 0)[0]:
            data = os.read(self.master, 65536)
            self.raw += data
            self.host.feed(data)

    def settle(self, answers=True):
        """Let both sides talk until there is nothing more to say."""
        quiet = 0
        while quiet < 3:
            before = len(self.raw)
            self.read()
            answer = self.host.take_output()
            if answers and answer:
                os.write(self.master, answer)
            self.loop.run_once(0.005)
            quiet = quiet + 1 if len(self.raw) == before and not answer else 0

    def present(self, text, row=0, cursor=None, title="t"):
        self.buffer.fill(row, 0, self.buffer.cols, 1)
        self.buffer.put_text(row, 0, text)
        self.number += 1
        self.front_end.present(Frame(self.number, self.buffer, cursor, title))

    def close(self):
        self.front_end.stop()
        self.loop.close()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def stage(monkeypatch):
    monkeypatch.setattr(terminal, "_FENCE_PATIENCE_MOST", 0.05)  # most hosts here are silent
    made = []

    def make(**options):
        made.append(Stage(**options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_the_modes_come_back_exactly_even_odd_ones(stage):
    made = stage()
    odd = termios.tcgetattr(made.slave)
    odd[0] |= termios.IXANY
    odd[3] &= ~termios.ECHOE
    odd[6][termios.VERASE] = b"\x08"
    termios.tcsetattr(made.slave, termios.TCSANOW, odd)
    flags = os.get_blocking(made.slave)
    made.start()
    assert termios.tcgetattr(made.slave) != odd
    assert os.get_blocking(made.slave) == flags
    made.settle()
    made.front_end.stop()
    made.front_end.stop()
    assert termios.tcgetattr(made.slave) == odd


def test_backspace_is_the_ttys_erase(stage):
    made = stage()
    odd = termios.tcgetattr(made.slave)
    odd[6][termios.VERASE] = b"\x08"
    termios.tcsetattr(made.slave, termios.TCSANOW, odd)
    made.start()
    os.write(made.master, b"\x08")
    made.settle(answers=False)
    assert made.handler.events == [KeyEvent("Backspace")]


def test_no_terminal_is_refused():
    loop = EventLoop()
    read, write = os.pipe()
    with pytest.raises(NotATerminalError, match="standard input is not a terminal"):
        TuiFrontEnd(loop, read, write, ENV).start(Recorder())
    os.close(read)
    os.close(write)
    loop.close()


def test_a_frame_is_seen(stage):
    made = stage().start()
    made.present("hello 漢字", 3, FrameCursor(2, 7, "underline", True), "title ä\x1b\x07")
    made.settle()
    assert made.host.text()[3] == "hello 漢字"
    cursor = made.host.cursor
    assert (cursor.row, cursor.col, cursor.visible, cursor.shape, cursor.blinking) == (
        2,
        7,
        True,
        "underline",
        True,
    )
    assert made.host.title == "title ä"
    made.present("hello 漢字", 3, None, "title ä\x1b\x07")
    made.settle()
    assert not made.host.cursor.visible


def test_an_unchanged_frame_sends_nothing(stage):
    made = stage().start()
    made.present("a", cursor=FrameCursor(0, 1))
    made.settle()
    before = len(made.raw)
    made.present("a", cursor=FrameCursor(0, 1))
    made.settle()
    assert len(made.raw) == before


def test_updates_are_synchronised_once_the_host_says_it_can(stage):
    made = stage().start()
    made.present("first")
    assert b"\x1b[?2026h" not in made.raw
    made.settle()
    made.raw = b""
    made.present("second")
    made.settle()
    assert made.raw.startswith(b"\x1b[?2026h")
    assert made.raw.endswith(b"\x1b[?2026l")


def test_a_host_that_does_not_answer_is_drawn_in_at_once(stage):
    made = stage().start()
    made.present("first")
    made.settle(answers=False)
    assert made.host.text()[0] == "first"
    assert made.front_end.keyboard == "legacy"
    assert made.host.text()[1:] == [""] * 9


def test_keyboard_is_kitty_when_the_host_says_so(stage):
    made = stage().start()
    made.settle(answers=False)
    os.write(made.master, b"\x1b[?31u\x1b[?62c")
    made.settle(answers=False)
    assert made.front_end.keyboard == "kitty"
    assert b"\x1b[>4;2m" not in made.raw
    made.front_end.stop()
    made.read()
    assert b"\x1b[<u" in made.raw


def test_without_it_other_keys_are_asked_for_and_taken_back(stage):
    made = stage().start()
    os.write(made.master, b"\x1b[?62c")
    made.settle(answers=False)
    assert b"\x1b[>4;2m" in made.raw
    made.front_end.stop()
    made.read()
    assert b"\x1b[>4m\x1b[m" in made.raw
    assert made.handler.events == []


def test_host_colours_are_reported_once(stage):
    made = stage().start()
    os.write(made.master, b"\x1b]10;rgb:ffff/8080/0000\x1b\\\x1b]11;rgba:0000/0000/0000/ffff\x07\x1b[?62c")
    made.settle(answers=False)
    assert made.handler.events == [("colors", (255, 128, 0), (0, 0, 0))]


def test_answers_deepen_colours(stage):
    made = stage(COLORTERM="").start()
    assert made.front_end.capabilities.colors == 256
    os.write(made.master, b"\x1bP1+r524742=38\x1b\\\x1bP0+r536d756c78\x1b\\\x1b[2;2R\x1b[?62c")
    made.settle(answers=False)
    assert made.front_end.capabilities.colors == 1 << 24
    assert not made.front_end.capabilities.styled_underline
    assert made.front_end.capabilities.narrow_ambiguous


def test_escape_waits_for_a_short_silence(stage):
    made = stage().start()
    os.write(made.master, b"\x1b")
    made.settle(answers=False)
    assert made.handler.events == []
    made.clock.advance(0.06)
    made.turn()
    assert made.handler.events == [KeyEvent("Escape")]


def test_a_sequence_in_two_reads_is_no_escape(stage):
    made = stage().start()
    os.write(made.master, b"\x1b")
    made.settle(answers=False)
    made.clock.advance(0.01)
    os.write(made.master, b"[A")
    made.settle(answers=False)
    made.clock.advance(1)
    made.turn()
    assert made.handler.events == [KeyEvent("UpArrow")]


def test_a_failing_handler_does_not_lose_the_events_behind(stage):
    made = stage().start()
    seen = []

    def fail(event):
        seen.append(event.key)
        raise RuntimeError(event.key)

    made.handler.on_key = fail
    os.write(made.master, b"ab")
    made.settle(answers=False)
    assert seen == ["a", "b"]


def test_while_the_host_is_busy_frames_do_not_pile_up(stage):
    made = stage(cols=200, rows=60).start()
    ready = []
    made.front_end.on_ready = lambda: ready.append(made.front_end.is_ready)
    frames = 0
    while made.front_end.is_ready:
        frames += 1
        assert frames < 1000
        for row in range(60):
            made.buffer.put_text(row, 0, f"{frames}:{row} " * 20)
        made.present("top")
    for number in range(100):
        assert not made.front_end.is_ready
        made.present(f"skipped {number}", row=number % 50)
    made.present("last", row=59)
    assert ready == []
    size = len(made.raw)
    made.settle(answers=False)
    assert made.front_end.is_ready
    assert ready == [True]
    assert len(made.raw) - size < 120_000
    assert made.host.text()[49] == "skipped 99"
    assert made.host.text()[59] == "last"
    assert made.host.text()[30] == "skipped 80"


def test_rows_of_a_skipped_buffer_are_drawn_from_the_next(stage):
    made = stage(cols=200, rows=60).start()
    while made.front_end.is_ready:
        made.number += 1
        for row in range(60):
            made.buffer.put_text(row, 0, f"{made.number}:{row} " * 20)
        made.present("top")
    skipped = CellBuffer(200, 60, made.tables)
    made.front_end.present(Frame(1000, skipped, None, "t"))
    newest = CellBuffer(200, 60, made.tables)
    newest.put_text(5, 0, "newest")
    newest.touched[:] = bytes(60)
    made.front_end.present(Frame(1001, newest, None, "t"))
    made.settle(answers=False)
    assert [row for row in made.host.text() if row] == ["newest"]


def test_stop_cuts_a_frame_that_the_host_has_not_taken(stage):
    made = stage(cols=200, rows=60).start()
    while made.front_end.is_ready:
        made.number += 1
        for row in range(60):
            made.buffer.put_text(row, 0, f"{made.number}:{row} " * 20)
        made.present("top")
    made.front_end.stop()  # nobody reads: must return all the same
    assert termios.tcgetattr(made.slave) == made.before


def test_a_hang_up_is_reported(stage):
    made = stage().start()
    os.close(made.master)
    for _ in range(100):
        made.loop.run_once(0.01)
        if made.handler.events:
            break
    assert made.handler.events == [("close", "hangup")]
    made.present("nothing")
    made.front_end.ring_bell()
    made.front_end.stop()
    made.master = os.open("/dev/null", os.O_RDONLY)


def test_configured_colours_are_sent_and_the_cursors_taken_back(stage):
    made = stage().start()
    made.present("x")
    made.settle(answers=False)
    made.front_end.set_palette(Palette(foreground=(1, 2, 3), cursor_bg=(9, 9, 9)))
    made.settle(answers=False)
    assert made.host.cell(0, 0).fg == (1, 2, 3)
    assert b"\x1b]12;#090909\x1b\\" in made.raw
    made.front_end.set_palette(Palette())
    made.settle(answers=False)
    assert made.host.cell(0, 0).fg is None
    assert b"\x1b]112\x1b\\" in made.raw


def test_a_linux_console_is_asked_nothing_it_would_print(stage):
    made = stage(TERM="linux", COLORTERM="").start()
    made.present("x")
    made.settle(answers=False)
    made.front_end.stop()
    made.read()
    assert b"\x1b]" not in made.raw
    assert b"\x1bP" not in made.raw


def test_services(stage):
    made = stage(TERM_PROGRAM="WezTerm").start()
    made.settle(answers=False)
    made.raw = b""
    made.front_end.ring_bell()
    made.front_end.notify("title", "body\x1b\\x")
    made.front_end.set_clipboard("é", "ClipboardAndPrimarySelection")
    made.settle(answers=False)
    assert made.raw == b"\a\x1b]9;title: body \\x\x1b\\\x1b]52;c;w6k=\x1b\\\x1b]52;p;w6k=\x1b\\"


def test_the_clipboard_is_asked_of_the_host_for_a_second_at_most(stage):
    made = stage().start()
    got = []
    made.front_end.request_clipboard("Clipboard", got.append)
    made.settle(answers=False)
    assert made.raw.endswith(b"\x1b]52;c;?\x1b\\")
    os.write(made.master, b"\x1b]52;c;aGk=\x1b\\\x1b]52;c;aGk=\x1b\\")
    made.settle(answers=False)
    assert got == ["hi"]
    made.front_end.request_clipboard("PrimarySelection", got.append)
    made.clock.advance(1.01)
    made.turn()
    assert got == ["hi", ""]


class SlowHost(threading.Thread):
    """Answers each DA1 question, but late; types a key before each answer."""

    def __init__(self, stage, latency):
        super().__init__()
        self.stage = stage
        self.latency = latency
        self.asked = 0
        self.done = threading.Event()

    def run(self):
        while not self.done.is_set():
            if not select.select([self.stage.master], [], [], 0.02)[0]:
                continue
            for _ in range(os.read(self.stage.master, 65536).count(b"\x1b[c")):
                self.asked += 1
                time.sleep(self.latency)  # the line's, not a wait of the test
                os.write(self.stage.master, b"x\x1b[?62;22c")


@pytest.mark.parametrize("quits", ["after the first answer", "before it"])
def test_late_answers_are_no_input_of_the_shell(stage, monkeypatch, quits):
    monkeypatch.setattr(terminal, "_FENCE_PATIENCE_MOST", 10)
    made = stage()
    raw = termios.tcgetattr(made.slave)
    raw[3] &= ~(termios.ICANON | termios.ECHO)  # so that what is left can be seen
    termios.tcsetattr(made.slave, termios.TCSANOW, raw)
    host = SlowHost(made, 0.4)
    host.start()
    try:
        made.start()
        if quits == "after the first answer":
            deadline = time.monotonic() + 20
            while not made.front_end._terminal.answers:
                assert time.monotonic() < deadline
                made.loop.run_once(0.05)
        made.front_end.stop()
    finally:
        host.done.set()
        host.join()
    assert host.asked == 2
    assert select.select([made.slave], [], [], 0)[0] == []


def test_a_host_that_never_answers_is_not_asked_again(stage):
    made = stage().start()
    made.settle(answers=False)
    made.raw = b""
    made.front_end.stop()
    made.read()
    assert b"\x1b[?1049l" in made.raw
    assert b"\x1b[c" not in made.raw


def test_a_report_of_row_1_is_an_answer_while_one_is_awaited(stage):
    made = stage(cols=2, rows=1).start()
    os.write(made.master, b"\x1b[1;2R\x1b[1;2R\x1b[?62c\x1b[1;2R")
    made.settle(answers=False)
    assert made.handler.events == [KeyEvent("F3", Modifiers.SHIFT)] * 2
    assert not made.front_end.capabilities.narrow_ambiguous  # two columns cannot tell


def test_after_the_fence_no_report_is_awaited(stage):
    made = stage().start()
    os.write(made.master, b"\x1b[?62c\x1b[1;2R")
    made.settle(answers=False)
    os.write(made.master, b"\x1b[1;2R")
    made.settle(answers=False)
    assert made.handler.events[-1:] == [KeyEvent("F3", Modifiers.SHIFT)]


@pytest.mark.parametrize(
    ("given", "taken"), [((65535, 65535), (2000, 1000)), ((1500, 1001), (1500, 1000)), ((2001, 5), (2000, 5))]
)
def test_a_size_beyond_reason_is_clamped(stage, given, taken):
    made = stage()
    termios.tcsetwinsize(made.slave, (given[1], given[0]))
    size = made.front_end.start(made.handler)
    assert (size.cols, size.rows) == taken


@pytest.mark.parametrize("term", ["dumb", "unknown", "", "DUMB"])
def test_a_terminal_that_cannot_be_drawn_in_is_refused(stage, term):
    made = stage(TERM=term)
    with pytest.raises(NotATerminalError, match="TERM"):
        made.start()
    made.read()
    assert made.raw == b""
    assert termios.tcgetattr(made.slave) == made.before
