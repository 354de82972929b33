from __future__ import annotations

import pytest

from perilune.app.frame_scheduler import FrameScheduler
from perilune.base.clock import ManualClock
from perilune.base.loop import EventLoop


class Rig:
    def __init__(self, fps: int = 50) -> None:
        self.clock = ManualClock()
        self.loop = EventLoop(self.clock)
        self.frames = 0
        self.ready = True
        self.again = False
        self.scheduler = FrameScheduler(self.loop, self.make, lambda _window: self.ready, fps)
        self.loop.before_sleep = self.scheduler.on_before_sleep

    def make(self, _window: int) -> None:
        self.frames += 1
        if self.again:
            self.again = False
            self.scheduler.request()

    def turn(self, seconds: float = 0.0) -> int:
        self.clock.advance(seconds)
        self.loop.run_once(0)
        return self.frames


@pytest.fixture
def rig():
    rig = Rig()
    yield rig
    rig.loop.close()


def test_the_first_frame_comes_at_once_and_none_without_a_request(rig):
    assert rig.turn() == 0
    rig.scheduler.request()
    assert rig.turn() == 1
    assert rig.turn(10) == 1
    assert rig.loop._sleep_time(None) is None


def test_requests_in_between_become_one_frame_when_it_is_due(rig):
    rig.scheduler.request()
    rig.turn()
    for _ in range(5):
        rig.scheduler.request()
        assert rig.turn(0.003) == 1
    assert rig.loop._sleep_time(None) == pytest.approx(0.005)
    assert rig.turn(0.005) == 2
    assert rig.turn(1) == 2


def test_a_front_end_that_is_not_ready_is_waited_for_without_waking(rig):
    rig.ready = False
    rig.scheduler.request()
    assert rig.turn(1) == 0
    assert rig.loop._sleep_time(None) is None
    rig.ready = True
    assert rig.turn() == 1


def test_a_request_while_a_frame_is_made_is_not_lost(rig):
    rig.again = True
    rig.scheduler.request()
    assert rig.turn() == 1
    assert rig.loop._sleep_time(None) == pytest.approx(0.02)
    assert rig.turn(0.02) == 2


def test_the_rate_can_change(rig):
    rig.scheduler.set_max_fps(10)
    rig.scheduler.request()
    rig.turn()
    rig.scheduler.request()
    assert rig.turn(0.05) == 1
    assert rig.turn(0.05) == 2


class WindowsRig:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.loop = EventLoop(self.clock)
        self.made: list[int] = []
        self.visible = [1, 2, 3]
        self.busy: set[int] = set()
        self.scheduler = FrameScheduler(
            self.loop, self.made.append, lambda window: window not in self.busy, 50, lambda: self.visible
        )
        self.loop.before_sleep = self.scheduler.on_before_sleep

    def turn(self, seconds: float = 0.0) -> list[int]:
        self.made.clear()
        self.clock.advance(seconds)
        self.loop.run_once(0)
        return list(self.made)


@pytest.fixture
def windows():
    rig = WindowsRig()
    yield rig
    rig.loop.close()


class TestSeveralWindows:
    def test_only_those_that_asked_get_frames(self, windows):
        windows.scheduler.request(2)
        assert windows.turn() == [2]
        windows.scheduler.request()
        assert windows.turn(1) == [1, 2, 3]
        assert windows.turn(1) == []

    def test_each_has_its_own_rate(self, windows):
        windows.scheduler.request(1)
        assert windows.turn() == [1]
        windows.scheduler.request(1)
        windows.scheduler.request(2)
        assert windows.turn(0.005) == [2]
        assert windows.loop._sleep_time(None) == pytest.approx(0.015)
        assert windows.turn(0.015) == [1]
        assert windows.loop._sleep_time(None) is None

    def test_one_that_is_busy_holds_no_other_back_and_wakes_nobody(self, windows):
        windows.busy = {1}
        windows.scheduler.request()
        assert windows.turn() == [2, 3]
        assert windows.loop._sleep_time(None) is None
        assert windows.turn(1) == []
        windows.busy = set()
        windows.scheduler.wake()
        assert windows.turn() == [1]

    def test_one_that_nobody_can_see_gets_none_and_is_not_waited_for(self, windows):
        windows.visible = [1]
        windows.scheduler.request(2)
        assert windows.turn() == []
        assert not windows.scheduler.is_wanted
        assert windows.loop._sleep_time(None) is None

    def test_one_that_is_gone_is_forgotten(self, windows):
        windows.busy = {3}
        windows.scheduler.request(3)
        windows.turn()
        windows.visible = [1, 2]
        windows.scheduler.forget_window(3)
        assert not windows.scheduler.is_wanted
        assert windows.turn() == []
