"""The reader thread's end: whoever stops it, whenever the stream ends, nothing hangs and nothing leaks."""

from __future__ import annotations

import os
import random
import socket
import threading
from contextlib import closing, suppress

import pytest

from perilune.base.loop import EventLoop
from perilune.mux.reader import PaneReader
from perilune.vt import Terminal

FLOOD = b"text\x1b[c\x1b]2;title\x07\a"


class Reading:
    """One reader over a socket."""

    def __init__(self, loop):
        self.loop = loop
        self.ours, self.peer = socket.socketpair()
        self.ours.setblocking(False)
        self.terminal = Terminal(20, 5)
        self.ends = []
        self.events = 0
        self.reader = PaneReader(
            loop,
            self.terminal,
            self.ours.fileno(),
            name="test",
            on_events=self.on_events,
            on_end=self.ends.append,
        )

    def on_events(self, events, _output):
        self.events += len(events)

    def finish(self, writer=None):
        while not self.ends:
            self.loop.run_once(1.0)
        assert self.reader.join(0)
        if writer is not None:
            writer.join()
        self.ours.close()
        self.peer.close()


@pytest.fixture
def loop():
    with closing(EventLoop()) as made:
        yield made


@pytest.fixture
def pipes(monkeypatch):
    """The ends of the pipes that readers open, each with its inode."""
    made = []
    make = os.pipe

    def pipe():
        ends = make()
        if threading.current_thread().name == "reader test":
            made.extend((fd, os.fstat(fd).st_ino) for fd in ends)
        return ends

    monkeypatch.setattr(os, "pipe", pipe)
    return made


def is_open(fd, inode):
    try:
        return os.fstat(fd).st_ino == inode
    except OSError:
        return False


@pytest.mark.parametrize("seed", range(3))
def test_a_stop_and_the_end_of_the_stream_may_meet_at_any_point(loop, pipes, seed):
    chance = random.Random(seed)
    for _ in range(60):
        reading = Reading(loop)
        data = FLOOD * chance.randrange(300)
        who = chance.choice(["stop", "end", "both"])
        barrier = threading.Barrier(2)

        def write(data=data, who=who, barrier=barrier, peer=reading.peer):
            peer.sendall(data[: len(data) // 2])
            barrier.wait()
            with suppress(BlockingIOError):
                peer.send(data[len(data) // 2 :], socket.MSG_DONTWAIT)
            if who != "stop":
                peer.shutdown(socket.SHUT_RDWR)

        writer = threading.Thread(target=write)
        reading.reader.start()
        writer.start()
        barrier.wait()
        if who != "end":
            for _ in range(chance.randrange(1, 3)):
                reading.reader.stop()
        reading.finish(writer)
        reading.reader.stop()  # after the end it says nothing, and touches no descriptor that others have now
        assert reading.ends[0] in ({"stop": [False], "end": [True]}.get(who, [True, False]))
        assert len(reading.ends) == 1
    assert pipes
    assert not any(is_open(*end) for end in pipes)


def test_a_reader_that_waits_for_the_mux_thread_can_be_stopped(loop):
    reading = Reading(loop)
    reading.reader.start()
    full = threading.Event()
    is_full = reading.reader._is_full

    def told():
        result = is_full()
        if result:
            full.set()
        return result

    reading.reader._is_full = told
    reading.peer.setblocking(False)
    while not full.is_set():  # the loop does not run: what the reader hands over piles up
        try:
            reading.peer.send(FLOOD * 50)
        except BlockingIOError:
            full.wait(0.01)
    reading.reader.stop()
    assert reading.reader.join(60)
    reading.finish()
    assert reading.ends == [False]
    assert reading.events > 512


def test_what_came_before_the_end_is_handed_over_before_the_end_is_told(loop):
    for count in (0, 1, 100):
        reading = Reading(loop)
        reading.reader.start()
        reading.peer.sendall(b"\x1b]2;title\x07" * count)
        reading.peer.shutdown(socket.SHUT_RDWR)
        reading.finish()
        assert reading.ends == [True]
        assert reading.events == count


def test_a_reader_that_was_stopped_before_it_began_ends(loop):
    reading = Reading(loop)
    reading.reader.stop()
    reading.reader.start()
    reading.finish()
    assert reading.ends == [False]
