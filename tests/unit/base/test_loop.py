"""The event loops: order, timers, threads, descriptors, and that they sleep when there is nothing to do.

The same suite for the loop of the standard library and for the one on top of Qt's.
"""

from __future__ import annotations

import os
import threading

import pytest

from perilune.base.clock import Clock, ManualClock, SystemClock
from perilune.base.loop import CallTimeoutError, EventLoop
from qt_application import qt_application


def make_loop(kind: str, clock: Clock) -> EventLoop:
    if kind == "selectors":
        return EventLoop(clock)
    qt_application()
    from perilune.gui.loop import QtEventLoop

    return QtEventLoop(clock)


@pytest.fixture(params=["selectors", "qt"])
def loop(request):
    made = make_loop(request.param, ManualClock())
    yield made
    made.close()


@pytest.fixture(params=["selectors", "qt"])
def real_loop(request):
    """With real time."""
    made = make_loop(request.param, SystemClock())
    yield made
    made.close()


def test_calls_run_once_and_in_order(loop):
    seen = []
    for number in range(3):
        loop.call_soon(lambda number=number: seen.append(number))
    loop.run_once(0)
    loop.run_once(0)
    assert seen == [0, 1, 2]


def test_a_call_made_by_a_call_waits_for_the_next_turn(loop):
    seen = []
    loop.call_soon(lambda: loop.call_soon(lambda: seen.append("later")))
    loop.run_once(0)
    assert seen == []
    loop.run_once(0)
    assert seen == ["later"]


def test_timers_fire_by_due_time_and_can_be_cancelled(loop):
    seen = []
    loop.call_later(2, lambda: seen.append("second"))
    loop.call_later(1, lambda: seen.append("first"))
    cancelled = loop.call_later(1.5, lambda: seen.append("never"))
    cancelled.cancel()
    loop.clock.advance(1)
    loop.run_once(0)
    assert seen == ["first"]
    loop.clock.advance(5)
    loop.run_once(0)
    assert seen == ["first", "second"]
    assert not cancelled.is_armed


def test_no_timer_means_an_endless_sleep(loop):
    assert loop._sleep_time(None) is None
    timer = loop.call_later(3, lambda: None)
    assert loop._sleep_time(None) == 3
    timer.cancel()
    assert loop._sleep_time(None) is None


def test_a_failing_callback_does_not_end_the_loop(loop):
    errors = []
    seen = []
    loop.on_error = errors.append
    loop.call_soon(lambda: 1 // 0)
    loop.call_soon(lambda: seen.append("after"))
    loop.run_once(0)
    assert seen == ["after"]
    assert isinstance(errors[0], ZeroDivisionError)


def test_another_thread_gets_the_answer_or_the_error(loop):
    answers = []

    def ask():
        answers.append(loop.call_sync(lambda: threading.current_thread().name))
        with pytest.raises(KeyError):
            loop.call_sync(lambda: {}["missing"])
        loop.stop()

    thread = threading.Thread(target=ask)
    thread.start()
    loop.run()
    thread.join()
    assert answers == [threading.current_thread().name]


def test_a_call_that_nobody_carries_out_times_out(loop):
    with pytest.raises(CallTimeoutError, match="did not answer within"):
        loop.call_sync(lambda: None, timeout=0.01)


def test_foreign_bytes_wake_and_own_calls_do_not_count_as_foreign(loop):
    woken = []
    loop.on_wake = lambda: woken.append(1)
    loop.call_soon_threadsafe(lambda: None)
    loop.run_once(0)
    assert woken == []
    os.write(loop.wake_fd, b"\x01\x01")
    loop.run_once(0)
    assert woken == [1]


def test_a_full_wake_pipe_loses_no_call(loop):
    seen = []
    for number in range(70_000):
        loop.call_soon_threadsafe(lambda number=number: seen.append(number))
    loop.run_once(0)
    assert len(seen) == 70_000


def test_readers_and_removal(loop):
    read_fd, write_fd = os.pipe()
    seen = []
    loop.add_reader(read_fd, lambda: seen.append(os.read(read_fd, 10)))
    os.write(write_fd, b"x")
    loop.run_once(1)
    loop.remove(read_fd)
    loop.remove(read_fd)
    os.write(write_fd, b"y")
    loop.run_once(0)
    os.close(read_fd)
    os.close(write_fd)
    assert seen == [b"x"]


def test_before_sleep_comes_last_in_a_turn(loop):
    seen = []
    loop.before_sleep = lambda: seen.append("frame")
    loop.call_soon(lambda: seen.append("input"))
    loop.run_once(0)
    assert seen == ["input", "frame"]


def test_stop_before_run_ends_it_at_once(real_loop):
    real_loop.stop()
    real_loop.run()
    seen = []
    real_loop.call_soon(lambda: seen.append(1))
    real_loop.call_soon(real_loop.stop)
    real_loop.run()  # and it can be run again
    assert seen == [1]


def test_running_wakes_for_timers_calls_and_descriptors(real_loop):
    seen = []
    read_fd, write_fd = os.pipe()

    def readable():
        seen.append(os.read(read_fd, 10))
        real_loop.remove(read_fd)
        real_loop.call_soon(lambda: seen.append("soon"))
        real_loop.call_later(0.001, stop)

    def stop():
        seen.append("timer")
        real_loop.stop()

    real_loop.add_reader(read_fd, readable)
    real_loop.call_later(0.001, lambda: os.write(write_fd, b"x"))
    real_loop.run()
    os.close(read_fd)
    os.close(write_fd)
    assert seen == [b"x", "soon", "timer"]


def test_a_timer_armed_while_running_wakes_a_sleeping_loop(real_loop):
    """From a descriptor's callback, when the loop slept without any timer."""
    seen = []
    real_loop.on_wake = lambda: real_loop.call_later(0.002, lambda: (seen.append(1), real_loop.stop()))
    os.write(real_loop.wake_fd, b"\x01")
    real_loop.run()
    assert seen == [1]


def test_a_writer_is_called_while_there_is_room(real_loop):
    read_fd, write_fd = os.pipe()
    os.set_blocking(write_fd, False)
    seen = []

    def writable():
        seen.append(os.write(write_fd, b"x"))
        real_loop.remove(write_fd)
        real_loop.stop()

    real_loop.add_writer(write_fd, writable)
    real_loop.run()
    os.close(read_fd)
    os.close(write_fd)
    assert seen == [1]


def test_every_turn_ends_in_before_sleep_and_an_idle_loop_makes_no_turn(real_loop):
    turns = []
    marks = []
    real_loop.before_sleep = lambda: turns.append(1)

    def idle():
        # Everything from before is done; from here on only the next timer may wake the loop.
        marks.append(len(turns))
        real_loop.call_later(0.2, done)

    def done():
        marks.append(len(turns))
        real_loop.stop()

    real_loop.call_later(0.05, idle)
    real_loop.run()
    before, after = marks
    # The turn that `idle` ran in ends after it has counted; one more may come of arming the timer.
    assert after - before <= 3


def test_a_callback_that_always_asks_for_another_starves_nobody(real_loop):
    seen = []

    def again():
        if "timer" in seen:
            real_loop.stop()
        else:
            real_loop.call_soon(again)

    real_loop.call_soon(again)
    real_loop.call_later(0.01, lambda: seen.append("timer"))
    real_loop.run()
    assert seen == ["timer"]
