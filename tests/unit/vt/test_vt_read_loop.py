"""The read loop on real pipes and ptys, and the lock between reading and looking."""

from __future__ import annotations

import os
import pty
import select
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from perilune.vt import Terminal
from perilune.vt.events import TitleChanged


class Pipes:
    """A data pipe into the loop, a wake pipe out of it, and the loop's thread."""

    def __init__(self) -> None:
        self.read_fd, self.write_fd = os.pipe()
        self.wake_read, self.wake_write = os.pipe()
        self.terminal = Terminal(20, 4, scrollback=100)
        self.results: list[str] = []
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        def run() -> None:
            self.results.append(self.terminal.read_loop(self.read_fd, self.wake_write))

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()

    def result(self) -> str:
        assert self.thread is not None
        self.thread.join(20)
        assert not self.thread.is_alive()
        return self.results[-1]

    def wait_woken(self) -> None:
        assert select.select([self.wake_read], [], [], 20)[0]
        os.read(self.wake_read, 100)

    def close_write(self) -> None:
        os.close(self.write_fd)
        self.write_fd = -1

    def close(self) -> None:
        self.terminal.stop_reading()
        if self.thread is not None:
            self.thread.join(20)
        for fd in (self.read_fd, self.write_fd, self.wake_read, self.wake_write):
            if fd >= 0:
                os.close(fd)


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    made = Pipes()
    yield made
    made.close()


def test_text_wakes_the_viewer_once_until_it_has_looked(pipes: Pipes) -> None:
    pipes.start()
    os.write(pipes.write_fd, b"hello")
    pipes.wait_woken()
    assert pipes.terminal.text()[0] == "hello"
    os.write(pipes.write_fd, b" again")
    while pipes.terminal.text()[0] != "hello again":
        pass
    assert select.select([pipes.wake_read], [], [], 0)[0] == []
    assert pipes.terminal.take_notified()
    assert not pipes.terminal.take_notified()
    os.write(pipes.write_fd, b"!")
    pipes.wait_woken()


def test_events_and_output_return_to_the_caller_in_order(pipes: Pipes) -> None:
    pipes.start()
    os.write(pipes.write_fd, b"a\x1b]2;t\x07b\x1b[5nc")
    assert pipes.result() == "events"
    assert pipes.terminal.take_events() == [TitleChanged("t")]
    pipes.start()
    assert pipes.result() == "events"
    assert pipes.terminal.take_output() == b"\x1b[0n"
    pipes.close_write()
    pipes.start()
    assert pipes.result() == "eof"
    assert pipes.terminal.text()[0] == "abc"


def test_events_left_untaken_are_reported_again(pipes: Pipes) -> None:
    pipes.start()
    os.write(pipes.write_fd, b"\a")
    assert pipes.result() == "events"
    pipes.start()
    assert pipes.result() == "events"
    pipes.terminal.take_events()


def test_the_end_of_the_stream(pipes: Pipes) -> None:
    pipes.close_write()
    pipes.start()
    assert pipes.result() == "eof"


def test_stopping_a_blocked_loop(pipes: Pipes) -> None:
    pipes.start()
    os.write(pipes.write_fd, b"x")
    pipes.wait_woken()
    pipes.terminal.stop_reading()
    assert pipes.result() == "stopped"
    pipes.start()
    assert pipes.result() == "stopped", "a stop is for good"


def test_a_non_blocking_descriptor(pipes: Pipes) -> None:
    os.set_blocking(pipes.read_fd, False)
    pipes.start()
    os.write(pipes.write_fd, b"x")
    pipes.wait_woken()
    pipes.close_write()
    assert pipes.result() == "eof"


def test_a_full_wake_pipe_does_not_block(pipes: Pipes) -> None:
    os.set_blocking(pipes.wake_write, False)
    try:
        while True:
            os.write(pipes.wake_write, bytes(4096))
    except BlockingIOError:
        os.set_blocking(pipes.wake_write, True)
    os.write(pipes.write_fd, b"x")
    pipes.close_write()
    pipes.start()
    assert pipes.result() == "eof"
    assert pipes.terminal.text()[0] == "x"


def test_the_other_side_of_a_pty_goes_away() -> None:
    master, slave = pty.openpty()
    wake_read, wake_write = os.pipe()
    terminal = Terminal(20, 4)
    try:
        os.write(slave, b"bye\n")
        os.close(slave)
        assert terminal.read_loop(master, wake_write) == "eof"
        assert terminal.text()[0] == "bye"
    finally:
        for fd in (master, wake_read, wake_write):
            os.close(fd)


def open_descriptors() -> int:
    listing = Path("/proc/self/fd")
    return len(list(listing.iterdir())) if listing.is_dir() else 0


def test_no_descriptor_is_left_behind() -> None:
    before = open_descriptors()
    for _ in range(20):
        pipes = Pipes()
        pipes.start()
        os.write(pipes.write_fd, b"x\x1b[c")
        assert pipes.result() == "events"
        pipes.close()
        del pipes
    assert open_descriptors() <= before


def test_readers_get_their_turn_beside_a_flood(pipes: Pipes) -> None:
    pipes.start()
    stop = threading.Event()

    def flood() -> None:
        block = b"0123456789\r\n" * 5000
        while not stop.is_set():
            try:
                os.write(pipes.write_fd, block)
            except OSError:
                return

    writer = threading.Thread(target=flood, daemon=True)
    writer.start()
    try:
        pipes.wait_woken()
        for _ in range(200):
            # Each of these takes the lock that the flooded loop takes for every slice.
            assert len(pipes.terminal.text()) == 4
            pipes.terminal.resize(20 + _ % 3, 4)
    finally:
        stop.set()
        pipes.terminal.stop_reading()
        assert pipes.result() == "stopped"
        while writer.is_alive():
            if select.select([pipes.read_fd], [], [], 0)[0]:
                os.read(pipes.read_fd, 1 << 20)


def test_many_threads_feed_and_look_without_deadlock() -> None:
    terminal = Terminal(40, 10, scrollback=100)
    errors: list[BaseException] = []

    def guard(action: object) -> None:
        try:
            for _ in range(300):
                action()  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001 - reported by the main thread
            errors.append(error)

    actions = [
        lambda: terminal.feed("text \x1b]2;t\x07漢e\u0301\r\n".encode() * 5),
        terminal.text,
        lambda: terminal.cell(0, 0),
        lambda: terminal.modes,
        terminal.take_events,
        lambda: terminal.resize(40, 10 + len(terminal.title)),
    ]
    threads = [threading.Thread(target=guard, args=(action,), daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert errors == []


def test_what_the_terminal_has_to_say_by_itself_wakes_the_loop(pipes: Pipes) -> None:
    os.write(pipes.write_fd, b"\x1b[?2048h")
    pipes.start()
    assert pipes.result() == "events"
    pipes.terminal.take_output()
    os.write(pipes.write_fd, b"ready")
    pipes.start()
    pipes.wait_woken()
    pipes.terminal.resize(30, 5)
    assert pipes.result() == "events"
    assert pipes.terminal.take_output() == b"\x1b[48;5;30;0;0t"
    # Nothing is left over that would end the next round.
    pipes.start()
    pipes.terminal.stop_reading()
    assert pipes.result() == "stopped"


def test_stopping_beside_an_ending_stream_never_touches_another_file() -> None:
    # The pipe's numbers are given away again at once; a late byte would land in the file that has one now.
    for _ in range(60):
        pipes = Pipes()
        pipes.start()
        stopper = threading.Thread(target=pipes.terminal.stop_reading)
        stopper.start()
        pipes.close_write()
        others = [os.pipe() for _ in range(4)]
        stopper.join(20)
        assert pipes.result() in {"eof", "stopped"}
        for read_end, write_end in others:
            assert select.select([read_end], [], [], 0)[0] == []
            os.close(read_end)
            os.close(write_end)
        pipes.close()
